/* record.h - the head that all records share, and how an entity is declared.
 *
 * An entity is a .def file (its fields), a line in type.def (its names), and a
 * migration. type.h and type.c expand the rest; CONTRIBUTING.md has the recipe.
 */
#ifndef ENT_CORE_RECORD_H
#define ENT_CORE_RECORD_H

#include "core/field.h"

/* Every entity's struct begins like this. */
struct ent_record {
	ent_id id;
	int64_t version;
	ent_instant created_at;
	ent_instant updated_at;
	ent_str external_system;
	ent_str external_id;
	struct ent_map metadata;
	ent_id account_id; /* only where type->owned */
};

enum {
	ENT_AT_ID,
	ENT_AT_VERSION,
	ENT_AT_CREATED_AT,
	ENT_AT_UPDATED_AT,
	ENT_AT_EXTERNAL_SYSTEM,
	ENT_AT_EXTERNAL_ID,
	ENT_AT_METADATA,
	ENT_AT_ACCOUNT_ID
};

/* A copy of an object with everything it points to, in `arena`. */
void ent_type_copy(const struct ent_type *type, const void *from, void *to,
                   struct ent_arena *arena);

/* The value of one object to another of the same type; texts and lists are shared. */
void ent_field_copy(const struct ent_field *field, const void *from, void *to);

/* Copy to *to what it has in common with *from, by name and kind: values behind the head that
 * were not given. Single references, maps and rows are not copied; texts and lists are shared. */
void ent_type_fill(const struct ent_type *from_type, const void *from,
                   const struct ent_type *to_type, void *to, const struct ent_set *given);

#endif
