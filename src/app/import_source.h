/* import_source.h - the systems that tables come from besides our own: their objects, columns and
 * what follows from cells that are no field. A system is a table of objects, a .def of columns
 * and the functions that finish a row.
 */
#ifndef ENT_APP_IMPORT_SOURCE_H
#define ENT_APP_IMPORT_SOURCE_H

#include "app/import_inner.h"

/* A column: a row of the system's .def. */
struct ent_import_mapping {
	const struct ent_import_object *object;
	const char *api, *label; /* label NULL: the same */
	enum ent_import_how how;
	const char *name; /* of the field or slot; of META: what it is kept as */
};

/* A column that only this object has; `without`: and not that one, or NULL. */
struct ent_import_sign {
	const char *object, *column, *without;
};

struct ent_import_source {
	const char *system;
	const struct ent_import_object *objects;
	size_t object_count;
	const struct ent_import_mapping *columns;
	size_t column_count;
	const struct ent_import_sign *signs; /* the most telling first */
	size_t sign_count;
	/* Has an organisation added it? It is kept in the metadata. */
	bool (*is_added)(ent_str header);
	/* Another way to write a header; may be NULL. */
	ent_str (*plain)(ent_str header, const struct ent_csv_row *all);
	bool has_names; /* references may be names that people read */
};

/* Its tables, where they are called so. */
#define ENT_IMPORT_TABLES                                                           \
	.objects = objects, .object_count = ENT_COUNT(objects), .columns = columns, \
	.column_count = ENT_COUNT(columns), .signs = signs, .sign_count = ENT_COUNT(signs)

extern const struct ent_import_source ent_salesforce_source;
extern const struct ent_import_source ent_dynamics_source;
extern const struct ent_import_source ent_servicenow_source;

/* NULL: our own columns. */
const struct ent_import_source *ent_import_source_of(enum ent_import_from from);

const struct ent_import_object *ent_import_source_object(const struct ent_import_source *source,
                                                         ent_str name);
/* What the names of its columns say; NULL. */
const struct ent_import_object *ent_import_source_guess(const struct ent_import_source *source,
                                                        const struct ent_csv_row *header);
/* Fills in *column by its header. false: it is not known. */
bool ent_import_source_column(const struct ent_import_source *source,
                              const struct ent_import_object *object,
                              const struct ent_csv_row *header, struct ent_import_column *column);

/* The name of the object in `signs` whose column is there; "". */
const char *ent_import_sign(const struct ent_import_sign *signs, size_t count,
                            const struct ent_csv_row *header);

/* ---- for what follows from the cells: import_source.c ------------------------------------ */

/* Set a field that no column is for from a text; nothing if it is empty. */
void ent_import_give_text(struct ent_import_work *work, const struct ent_field *field, ent_str text,
                          struct ent_error *error);
/* true, yes, 1 …; empty: false. Notes. */
bool ent_import_truth(struct ent_import_work *work, enum ent_import_slot slot,
                      struct ent_error *error);
/* A number with decimals; none where it is empty. Notes. */
ent_decimal ent_import_decimal(struct ent_import_work *work, enum ent_import_slot slot,
                               struct ent_error *error);
/* "/#STATE" */
const char *ent_import_slot_pointer(enum ent_import_slot slot);

/* A value of a list of options, by its number or its label. */
struct ent_import_option {
	const char *code, *label;
	const char *word; /* what it is here */
};
/* NULL: the slot is empty, or it is none of them, which is noted. */
const char *ent_import_choose(struct ent_import_work *work, enum ent_import_slot slot,
                              const struct ent_import_option *options, size_t count,
                              struct ent_error *error);

#endif
