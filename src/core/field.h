/* field.h - describes the fields of a struct once, for every format.
 *
 * One line of a .def file makes a struct member, a column, a JSON member, a
 * property in OpenAPI, a CSV column and the metadata of a form. A field can be
 * read as an ent_value and set from one. JSON, SQL, CSV and the command line
 * each convert between ent_value and their own notation and never look inside
 * a struct. So a format costs two functions, an entity costs one .def file, and
 * their product costs nothing.
 *
 * Kinds that one value cannot hold (MAP, CHILDREN) are left to the formats.
 */
#ifndef ENT_CORE_FIELD_H
#define ENT_CORE_FIELD_H

#include "base/error.h"
#include "core/value.h"

enum ent_kind {
	ENT_K_NULL, /* of a value only */
	ENT_K_BOOL,
	ENT_K_INT,
	ENT_K_TEXT,
	ENT_K_ID,       /* column BIGINT; at the border text with a prefix */
	ENT_K_DATE,     /* column BIGINT, days */
	ENT_K_INSTANT,  /* column BIGINT, microseconds */
	ENT_K_DURATION, /* column TEXT, ISO 8601 */
	ENT_K_DECIMAL,  /* column BIGINT, 10^-6; at the border text */
	ENT_K_MONEY,    /* columns BIGINT and TEXT (<name>_currency); {"amount","currency"} */
	ENT_K_ENUM,     /* column TEXT with CHECK */
	ENT_K_IDS,      /* column TEXT: decimal numbers parted by blanks */
	ENT_K_WORDS,    /* column TEXT: words parted by blanks */
	ENT_K_COUNT,    /* an INT that may be null; column BIGINT */
	ENT_K_JSON,     /* column TEXT: JSON of a shape of its own, which its entity judges */
	ENT_K_MAP,      /* column TEXT: a JSON object */
	ENT_K_CHILDREN  /* no column: rows of the child's table */
};

/* What a value is: NULL, BOOL, INT or TEXT for the database; at the border also as above. */
struct ent_value {
	enum ent_kind kind;
	int64_t number;
	ent_str text;
};

static inline struct ent_value ent_value_null(void)
{
	return (struct ent_value){ .kind = ENT_K_NULL };
}

static inline struct ent_value ent_value_bool(bool yes)
{
	return (struct ent_value){ .kind = ENT_K_BOOL, .number = yes };
}

static inline struct ent_value ent_value_int(int64_t number)
{
	return (struct ent_value){ .kind = ENT_K_INT, .number = number };
}

/* No text is NULL. */
static inline struct ent_value ent_value_text(ent_str text)
{
	enum ent_kind kind = text.ptr == NULL ? ENT_K_NULL : ENT_K_TEXT;
	return (struct ent_value){ .kind = kind, .text = text };
}

/* Who may give a value, and when. */
enum ent_rule {
	ENT_R_KEY,      /* made by the server; names the record */
	ENT_R_SERVER,   /* set by the server only; giving it is an error, except unchanged */
	ENT_R_HIDDEN,   /* a column only: never shown or read at the border */
	ENT_R_FIXED,    /* required when created, never changed */
	ENT_R_ONCE,     /* optional when created, never changed */
	ENT_R_REQUIRED, /* required when created, may be changed, never null */
	ENT_R_OPTIONAL, /* null or its default when left out */
	ENT_R_DERIVED,  /* no column: computed when read */
	ENT_R_WRITE     /* no column: read at the border, never shown, e.g. a password */
};

/* Where a user interface shows it. */
enum ent_show { ENT_SHOW_LIST, ENT_SHOW_FORM, ENT_SHOW_SIDE, ENT_SHOW_NONE };

struct ent_names {
	const char *const *text;
	size_t count;
};

struct ent_field {
	const char *name; /* C member, SQL column, JSON member: the same word */
	enum ent_kind kind;
	enum ent_rule rule;
	enum ent_show show;
	size_t offset;
	int64_t limit; /* TEXT: characters; INT: greatest value, least 0; lists: length; JSON:
	                * bytes; 0: the kind's own limit; INT with -1: any sign */
	const struct ent_names *names;  /* ENUM */
	const struct ent_type *target;  /* ID, IDS: what it refers to; of KEY the type itself */
	const struct ent_type *child;   /* CHILDREN */
	const char *shape;              /* JSON: its schema in OpenAPI; NULL: an object */
	const char *meaning;
};

/* The position of this word; false if it is none of them. */
ENT_CHECK bool ent_names_find(const struct ent_names *names, ent_str text, unsigned *out);

/* A set of fields of one type, by position. */
enum { ENT_FIELD_MAX = 128 };
struct ent_set {
	uint64_t bits[ENT_FIELD_MAX / 64];
};

static inline bool ent_set_has(const struct ent_set *set, size_t at)
{
	return (set->bits[at / 64] >> at % 64 & 1) != 0;
}

static inline void ent_set_add(struct ent_set *set, size_t at)
{
	set->bits[at / 64] |= UINT64_C(1) << at % 64;
}

static inline bool ent_set_is_empty(const struct ent_set *set)
{
	return (set->bits[0] | set->bits[1]) == 0;
}

struct ent_type {
	const char *name;   /* "entitlement": table, and the word in texts */
	const char *plural; /* "entitlements": path and JSON lists; NULL: not a resource */
	const char *prefix; /* of identifiers: "ent"; NULL: has none */
	const struct ent_field *fields;
	size_t count;
	size_t size;       /* of the struct */
	bool owned;        /* has account_id; its key is (account_id, id) */
	const char *label; /* the field that names a record for people: "name", "number" */
	const char *search; /* the fields that ?q= looks into, parted by blanks */
	const char *meaning;
};

/* The kind follows from the C type, so the two cannot disagree. */
#define ENT_KIND_OF(member)                    \
	_Generic((member),                     \
		bool: ENT_K_BOOL,              \
		int64_t: ENT_K_INT,            \
		ent_str: ENT_K_TEXT,           \
		ent_id: ENT_K_ID,              \
		ent_date: ENT_K_DATE,          \
		ent_instant: ENT_K_INSTANT,    \
		ent_duration: ENT_K_DURATION,  \
		ent_decimal: ENT_K_DECIMAL,    \
		ent_money: ENT_K_MONEY,        \
		struct ent_ids: ENT_K_IDS,     \
		struct ent_words: ENT_K_WORDS, \
		ent_count: ENT_K_COUNT,        \
		struct ent_json: ENT_K_JSON,   \
		struct ent_map: ENT_K_MAP,     \
		struct ent_children: ENT_K_CHILDREN)

#define ENT_FIELD_ROW(struct_, type_, name_, rule_, limit_, show_, meaning_)     \
	{ .name = #name_, .kind = ENT_KIND_OF(((struct_ *)0)->name_),            \
	  .rule = ENT_R_##rule_, .show = ENT_SHOW_##show_,                       \
	  .offset = offsetof(struct_, name_), .limit = (limit_),                 \
	  .target = ENT_KIND_OF(((struct_ *)0)->name_) == ENT_K_ID ? &ENT_SELF : NULL, \
	  .meaning = (meaning_) },

#define ENT_REF_ROW(struct_, target_, name_, rule_, show_, meaning_)             \
	{ .name = #name_, .kind = ENT_K_ID, .rule = ENT_R_##rule_,               \
	  .show = ENT_SHOW_##show_, .offset = offsetof(struct_, name_),          \
	  .target = &ent_##target_##_type, .meaning = (meaning_) },

#define ENT_REFS_ROW(struct_, target_, name_, rule_, limit_, show_, meaning_)    \
	{ .name = #name_, .kind = ENT_K_IDS, .rule = ENT_R_##rule_,              \
	  .show = ENT_SHOW_##show_, .offset = offsetof(struct_, name_),          \
	  .limit = (limit_), .target = &ent_##target_##_type, .meaning = (meaning_) },

#define ENT_ENUM_ROW(struct_, type_, name_, rule_, show_, meaning_)              \
	{ .name = #name_, .kind = ENT_K_ENUM, .rule = ENT_R_##rule_,             \
	  .show = ENT_SHOW_##show_, .offset = offsetof(struct_, name_),          \
	  .names = &ent_##type_##_names, .meaning = (meaning_) },

#define ENT_MANY_ROW(struct_, child_, name_, rule_, limit_, show_, meaning_)     \
	{ .name = #name_, .kind = ENT_K_CHILDREN, .rule = ENT_R_##rule_,         \
	  .show = ENT_SHOW_##show_, .offset = offsetof(struct_, name_),          \
	  .limit = (limit_), .child = &ent_##child_##_type, .meaning = (meaning_) },

#define ENT_JSON_ROW(struct_, shape_, name_, rule_, limit_, show_, meaning_)     \
	{ .name = #name_, .kind = ENT_K_JSON, .rule = ENT_R_##rule_,             \
	  .show = ENT_SHOW_##show_, .offset = offsetof(struct_, name_),          \
	  .limit = (limit_), .shape = #shape_, .meaning = (meaning_) },

/* The descriptor of a member: ENT_FIELD_OF(case, title). */
#define ENT_FIELD_OF(type_, member_) \
	ent_type_member(&ent_##type_##_type, offsetof(struct ent_##type_, member_))

/* May the field be null? Only optional (or server-set) ones can, and not BOOL, INT or ENUM,
 * which have a default instead; lists are empty, not null. */
bool ent_field_nullable(const struct ent_field *field);

bool ent_field_is_column(const struct ent_field *field); /* has a column of its own name */
bool ent_field_is_shown(const struct ent_field *field);  /* appears in JSON */
bool ent_field_is_read(const struct ent_field *field);   /* may be given at the border */

/* The field of this name, or NULL. */
const struct ent_field *ent_type_field(const struct ent_type *type, ent_str name);
const struct ent_field *ent_type_member(const struct ent_type *type, size_t offset);
size_t ent_type_at(const struct ent_type *type, const struct ent_field *field);

/* Defaults: NONE for what has one (dates, instants, ids …), empty, 0, false,
 * the first name of an enum. */
void ent_type_clear(const struct ent_type *type, void *object);

/* The same for one field, and whether it holds none. Lists and what has a default never do. */
void ent_field_clear(const struct ent_field *field, void *object);
bool ent_field_is_none(const struct ent_field *field, const void *object);

static inline void *ent_field_at(const struct ent_field *field, const void *object)
{
	return (char *)(uintptr_t)object + field->offset;
}

/* ---- the database's form: NULL, BOOL, INT or TEXT ----------------------- */

/* `arena` receives texts that have to be made. Not for MAP, CHILDREN; MONEY
 * gives its micro, NULL without amount. */
struct ent_value ent_field_to_column(const struct ent_field *field, const void *object,
                                     struct ent_arena *arena);
/* The reverse; what a correct program has stored fits, so it fails with STORAGE only. */
ENT_CHECK enum ent_code ent_field_from_column(const struct ent_field *field, void *object,
                                              struct ent_value value, struct ent_arena *arena,
                                              struct ent_error *error);

/* ---- the border's form -------------------------------------------------- */

/* NULL (also of ENT_INSTANT_END), BOOL, INT, or TEXT (of ID, DATE, INSTANT, DURATION,
 * DECIMAL, ENUM). Not for MONEY, IDS, WORDS, MAP, CHILDREN. Texts that have to be
 * made go to `room`. */
struct ent_value ent_field_get(const struct ent_field *field, const void *object,
                               char room[static 64]);

/* The least and greatest number of an INT or COUNT. */
void ent_field_bounds(const struct ent_field *field, int64_t *least, int64_t *most);

/* Check a border value and store it; text is not copied: object points where value
 * points. A bad value is noted in *error under "/<name>" and *object stays as it
 * was. Kinds as ent_field_get(), and NULL for all; what is none of them (a list, a fraction)
 * comes as JSON with a text to show. Returns whether it was good. */
bool ent_field_set(const struct ent_field *field, void *object, struct ent_value value,
                   struct ent_error *error);

#endif
