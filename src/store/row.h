/* row.h - the SQL texts and arguments that rows of a type need. What is asked for often is
 * made once in a process. */
#ifndef ENT_STORE_ROW_H
#define ENT_STORE_ROW_H

#include "base/arena.h"
#include "core/field.h"

ent_str ent_row_insert_sql(const struct ent_type *type, struct ent_arena *arena);
ent_str ent_row_update_sql(const struct ent_type *type, const struct ent_set *set,
                           struct ent_arena *arena);
ent_str ent_row_select_sql(const struct ent_type *type, ent_str tail, struct ent_arena *arena);

/* Append the values of the columns in `set` (NULL: all), or what finds a row that is updated: the
 * key and, of records, the version before. Both return how many there are then, at most
 * ent_row_args_max(). */
size_t ent_row_add_columns(struct ent_value *args, size_t n, const struct ent_type *type,
                           const struct ent_set *set, const void *object, struct ent_arena *arena);
size_t ent_row_add_key(struct ent_value *args, size_t n, const struct ent_type *type,
                       const void *object, struct ent_arena *arena);
size_t ent_row_args_max(const struct ent_type *type);

/* `set` and what every update writes besides. */
struct ent_set ent_row_updated(const struct ent_type *type, const struct ent_set *set);

#endif
