/* export_inner.h - what the files of the export share. */
#ifndef ENT_APP_EXPORT_INNER_H
#define ENT_APP_EXPORT_INNER_H

#include "app/export.h"
#include "app/import_inner.h"

enum { ENT_EXPORT_NAMES = 4096 };

/* How a record is called in a table: its external id or its own. */
struct ent_export_name {
	const struct ent_type *type;
	ent_id id;
	char system[164], external[484];
};

/* A row that is made: its cells, not yet quoted, in call->arena. */
struct ent_export_row {
	struct ent_call *call;
	struct ent_export_name *names; /* ENT_EXPORT_NAMES of them, by a hash of the id */
	const struct ent_import_object *object;
	const void *record;
	ent_str system; /* of its external id; "entitled" where it has none */
	ent_str cells[ENT_CSV_COLUMNS_MAX];
	size_t count;
};

/* How the record is called in this row; no text for none. */
ENT_CHECK enum ent_code ent_export_refer(struct ent_export_row *row, const struct ent_type *type,
                                         ent_id id, ent_str *out, struct ent_error *error);
/* Any field as text. */
ENT_CHECK enum ent_code ent_export_cell(struct ent_export_row *row, const struct ent_field *field,
                                        ent_str *out, struct ent_error *error);

/* The names of all columns into `out`, which has room for ENT_CSV_COLUMNS_MAX; their number. */
size_t ent_export_header(const struct ent_import_object *object, struct ent_arena *arena,
                         ent_str *out);
size_t ent_export_salesforce_header(const struct ent_import_object *object, ent_str *out);

/* All cells of a record. */
ENT_CHECK enum ent_code ent_export_cells(struct ent_export_row *row, struct ent_error *error);
ENT_CHECK enum ent_code ent_export_salesforce_cells(struct ent_export_row *row,
                                                    struct ent_error *error);

#endif
