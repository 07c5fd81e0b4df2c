/* json.h - strict JSON in, JSON out, and any described struct to and from it.
 *
 * Reading: RFC 8259 and no more. UTF-8 is checked, U+0000 and lone surrogates
 * are refused, names in an object are unique, depth is bounded, nothing may
 * follow the value. Numbers stay text, so that none loses a digit.
 */
#ifndef ENT_JSON_JSON_H
#define ENT_JSON_JSON_H

#include "base/error.h"
#include "base/text.h"
#include "core/field.h"

/* ---- any JSON ------------------------------------------------------------ */

enum ent_json_kind {
	ENT_JSON_NULL,
	ENT_JSON_FALSE,
	ENT_JSON_TRUE,
	ENT_JSON_NUMBER,
	ENT_JSON_STRING,
	ENT_JSON_ARRAY,
	ENT_JSON_OBJECT
};

enum { ENT_JSON_DEPTH_MAX = 32, ENT_JSON_NUMBER_MAX = 100 };

struct ent_node {
	enum ent_json_kind kind;
	size_t count;                /* ARRAY, OBJECT: members */
	ent_str text;                /* STRING: unescaped; NUMBER: as written */
	ent_str name;                /* as a member of an object */
	const struct ent_node *first; /* ARRAY, OBJECT */
	const struct ent_node *next;  /* the next member of what it is in */
};

/* Parse all of `text`. Strings without escapes point into `text`, others into
 * `arena`: keep both. SYNTAX with the byte offset and what was expected. */
ENT_CHECK enum ent_code ent_json_parse(ent_str text, struct ent_arena *arena,
                                       const struct ent_node **out, struct ent_error *error);

/* The member of this name, or NULL (also if `object` is no object or NULL). */
const struct ent_node *ent_json_member(const struct ent_node *object, const char *name);

/* A NUMBER that is a whole number written without fraction or exponent. */
ENT_CHECK bool ent_json_int(const struct ent_node *node, int64_t *out);

void ent_json_string(struct ent_text *out, ent_str s); /* quoted and escaped; no text: null */
/* The same through a pointer to that much room; returns the end. */
#define ENT_JSON_STRING_ROOM(s) (6 * (s).len + 4)
char *ent_json_put_string(char *p, ent_str s);
void ent_json_name(struct ent_text *out, const char *name); /* "name": - no comma */

/* {"amount": "12.50", "currency": "EUR"} with the digits of the currency; without one: null */
void ent_json_money(struct ent_text *out, ent_money money);

/* A comma, unless nothing or a bracket is before it. */
static inline void ent_json_comma(struct ent_text *out)
{
	const char *end = out->arena->next;
	if (end > out->begin && end[-1] != '{' && end[-1] != '[') {
		ent_text_char(out, ',');
	}
}

/* Write a node as it was read, members in their order, without blanks. */
void ent_json_node(struct ent_text *out, const struct ent_node *node);

/* Notes each member of `object` that is neither in `members` nor in `others`: names parted by
 * blanks, of which the first are told. Without `others` whatever it is may stand there but one of
 * `members` that is misspelt. */
void ent_json_only(const struct ent_node *object, const char *members, const char *others,
                   struct ent_error *error);

/* What was noted, as an array of {pointer, code, value, detail}; `root` stands before each
 * pointer: "#" in a problem document. */
void ent_json_issues(const struct ent_error *error, const char *root, struct ent_text *out);

/* RFC 7396: `patch` laid over `target` (NULL: nothing); members in the target's order, new ones
 * behind. Shares nodes and texts with both. */
const struct ent_node *ent_json_merge(const struct ent_node *target, const struct ent_node *patch,
                                      struct ent_arena *arena);

/* ---- described structs ---------------------------------------------------- */

enum ent_json_use {
	ENT_JSON_CREATE, /* FIXED and REQUIRED must be there */
	ENT_JSON_UPDATE, /* merge patch: what is absent stays, null removes */
	ENT_JSON_ANY     /* eval and import: server-set, derived and hidden fields may be given
	                  * too (by their names), nothing is required */
};

/* Read members of `node` into *object, which holds defaults (ent_type_clear) or
 * the present state. *given becomes the set of fields that were there and not ignored. KEY,
 * SERVER and DERIVED fields that are given are ignored when their value is what
 * *object holds (so that what was read can be sent back), else READ_ONLY; on
 * CREATE they are READ_ONLY unless null. Every bad value is noted with its
 * pointer, nested ones too ("/grants/2/product_id"); unknown members are
 * UNKNOWN_FIELD, with the nearest known name as the remedy.
 * FIXED and ONCE fields are treated likewise on UPDATE (FIXED). WRITE fields are READ_ONLY
 * under ANY. A member "object" that is the type's name is ignored.
 * Lists replace; children replace: items of *object's array are made in `arena`. On UPDATE a
 * child with the `id` of a present one is a patch of that one. Maps, money and JSON are merged.
 * Returns ent_noted(error). Texts point where `node`'s do. */
ENT_CHECK enum ent_code ent_json_read(const struct ent_type *type, const struct ent_node *node,
                                      enum ent_json_use use, struct ent_arena *arena,
                                      void *object, struct ent_set *given,
                                      struct ent_error *error);

/* Notes instead of failing, under `prefix` ("" at the root): for use inside other input. */
void ent_json_read_into(const struct ent_type *type, const struct ent_node *node,
                        enum ent_json_use use, const char *prefix, struct ent_arena *arena,
                        void *object, struct ent_set *given, struct ent_error *error);

/* One value for one field, as ent_json_read() would; notes what is wrong. */
bool ent_json_set(const struct ent_field *field, void *object, const struct ent_node *node,
                  enum ent_json_use use, struct ent_arena *arena, struct ent_error *error);

/* Write the shown fields as an object; with `only` just those in it. */
void ent_json_write(const struct ent_type *type, const void *object, const struct ent_set *only,
                    struct ent_text *out);
/* The members without braces, each but the first after a comma; returns how many. */
size_t ent_json_members(const struct ent_type *type, const void *object,
                        const struct ent_set *only, struct ent_text *out);
/* One field's value. */
void ent_json_value(const struct ent_field *field, const void *object, struct ent_text *out);

/* ---- maps as columns ------------------------------------------------------ */

ent_str ent_json_from_map(struct ent_map map, struct ent_arena *arena); /* {"a":"b"} */
ENT_CHECK bool ent_json_to_map(ent_str text, struct ent_arena *arena, struct ent_map *out);

#endif
