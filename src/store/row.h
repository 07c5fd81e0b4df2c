/* row.h - the SQL texts that rows of a type need. What is asked for often is made
 * once in a process. */
#ifndef ENT_STORE_ROW_H
#define ENT_STORE_ROW_H

#include "base/arena.h"
#include "core/field.h"

ent_str ent_row_insert_sql(const struct ent_type *type, struct ent_arena *arena);
ent_str ent_row_update_sql(const struct ent_type *type, const struct ent_set *set,
                           struct ent_arena *arena);
ent_str ent_row_select_sql(const struct ent_type *type, ent_str tail, struct ent_arena *arena);

#endif
