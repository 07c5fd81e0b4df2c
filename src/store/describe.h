/* describe.h - the tables that the descriptors ask for, as SQL.
 *
 * For whoever adds a field or an entity: what to put into the next migration.
 */
#ifndef ENT_STORE_DESCRIBE_H
#define ENT_STORE_DESCRIBE_H

#include "base/text.h"
#include "core/field.h"

/* May the column be null? As the field, but a key never is. */
bool ent_column_nullable(const struct ent_type *type, const struct ent_field *field);

/* "BIGINT"; of MONEY its amount's. */
const char *ent_sql_type(enum ent_kind kind);

/* The lines of one field's column or columns, without a comma at the end. */
void ent_describe_column(const struct ent_type *type, const struct ent_field *field,
                         struct ent_text *out);

/* CREATE TABLE with its columns and primary key; references and indexes are yours. */
void ent_describe_table(const struct ent_type *type, struct ent_text *out);

#endif
