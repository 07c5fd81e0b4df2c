/* inner.h - what the files of json/ share. */
#ifndef ENT_JSON_INNER_H
#define ENT_JSON_INNER_H

#include "json/json.h"

/* Bytes at `at` that are neither quote nor backslash nor control. *seen collects their bits. */
const char *ent_json_run(const char *at, const char *end, uint64_t *seen);

/* A member whose name an earlier one has too, or NULL. */
const struct ent_node *ent_json_twice(const struct ent_node *object, struct ent_arena scratch);

/* The members of an object by name. */
typedef const struct ent_node *ent_node_ptr;
const ent_node_ptr *ent_json_sorted(const struct ent_node *object, struct ent_arena *arena);

#define ENT_JSON_ONES UINT64_C(0x0101010101010101)
#define ENT_JSON_HIGH UINT64_C(0x8080808080808080)

/* A pointer of RFC 6901 under construction; what does not fit is cut. */
struct ent_pointer {
	char text[128];
	size_t len;
};

struct ent_pointer ent_pointer_of(const char *name);
void ent_pointer_add(struct ent_pointer *pointer, ent_str name);
void ent_pointer_add_index(struct ent_pointer *pointer, size_t index);

/* What a node looks like to a person, for an issue. */
ent_str ent_json_shown(const struct ent_node *node);

/* What a described value is read with. */
struct ent_reading {
	enum ent_json_use use;
	struct ent_arena *arena;
	struct ent_error *error;
};

/* Kinds that are more than one value. What is wrong is noted, then *out stays as it was. */
bool ent_json_set_money(const struct ent_field *field, ent_money *money,
                        const struct ent_node *node, const struct ent_reading *reading);
bool ent_json_set_ids(const struct ent_field *field, struct ent_ids *ids,
                      const struct ent_node *node, const struct ent_reading *reading);
bool ent_json_set_words(const struct ent_field *field, struct ent_words *words,
                        const struct ent_node *node, const struct ent_reading *reading);
bool ent_json_set_map(const struct ent_field *field, struct ent_map *map,
                      const struct ent_node *node, const struct ent_reading *reading);
bool ent_json_set_children(const struct ent_field *field, struct ent_children *children,
                           const struct ent_node *node, const struct ent_reading *reading);

void ent_json_map(struct ent_text *out, struct ent_map map);

/* Is it an array of no more items than the field may have? Notes what is wrong. */
bool ent_json_is_list(const struct ent_field *field, const struct ent_node *node,
                      const struct ent_reading *reading);

#endif
