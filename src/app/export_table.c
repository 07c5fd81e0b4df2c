/* The columns of our own tables. */
#include "app/export_inner.h"

#include <string.h>

/* What import reads besides the fields that can be given. */
static const struct {
	const struct ent_type *type;
	const char *field;
} past[] = {
	{ &ent_entitlement_type, "state" },      { &ent_entitlement_type, "remaining" },
	{ &ent_entitlement_type, "is_default" }, { &ent_case_type, "state" },
	{ &ent_case_type, "resolution" },        { &ent_case_type, "resolved_at" },
	{ &ent_case_type, "cancelled_at" },      { &ent_case_type, "billable_minutes" },
	{ &ent_case_type, "override_terms" },    { &ent_case_type, "reopen_count" },
	{ &ent_contract_type, "stage" },         { &ent_contract_type, "state" },
	{ &ent_contract_type, "approval" },      { &ent_contract_type, "cancelled_at" },
	{ &ent_contract_line_type, "state" },    { &ent_contract_line_type, "cancelled_at" },
};

static bool is_column(const struct ent_type *type, size_t at)
{
	const struct ent_field *field = &type->fields[at];
	for (size_t i = 0; i < ENT_COUNT(past); i++) {
		if (past[i].type == type && strcmp(past[i].field, field->name) == 0) {
			return true;
		}
	}
	return ent_field_is_read(field) && field->rule != ENT_R_WRITE && at != ENT_AT_ID;
}

static ent_str name_of(const struct ent_field *field, struct ent_arena *arena)
{
	if (field->kind != ENT_K_ID) {
		return ent_str_of(field->name);
	}
	return ent_text_format(arena, "%.*s%s", (int)strlen(field->name) - 3, field->name,
	                       field->target == &ent_user_type ? "_email" : "_external_id");
}

size_t ent_export_header(const struct ent_import_object *object, struct ent_arena *arena,
                         ent_str *out)
{
	size_t count = 0;
	if (object->adds_contact) {
		out[0] = ENT_STR("entitlement_external_id");
		out[1] = ENT_STR("contact_external_id");
		return 2;
	}
	for (size_t i = 0; i < object->type->count; i++) {
		if (is_column(object->type, i)) {
			out[count++] = name_of(&object->type->fields[i], arena);
		}
	}
	return count;
}

/* The external identifier that the record has, or that it goes by. */
static ent_str own_key(const struct ent_export_row *row, size_t at)
{
	const struct ent_record *head = row->record;
	char id[ENT_ID_ROOM];
	if (at == ENT_AT_EXTERNAL_SYSTEM) {
		return row->system;
	}
	if (head->external_id.len > 0) {
		return head->external_id;
	}
	ent_id_format(head->id, row->object->type->prefix, id);
	return ent_text_format(row->call->arena, "%s", id);
}

enum ent_code ent_export_cells(struct ent_export_row *row, struct ent_error *error)
{
	const struct ent_type *type = row->object->type;
	enum ent_code code = ENT_OK;
	row->count = 0;
	for (size_t i = 0; i < type->count && code == ENT_OK; i++) {
		if (!is_column(type, i)) {
			continue;
		}
		ent_str *cell = &row->cells[row->count++];
		if (i == ENT_AT_EXTERNAL_SYSTEM || i == ENT_AT_EXTERNAL_ID) {
			*cell = own_key(row, i);
		} else {
			code = ent_export_cell(row, &type->fields[i], cell, error);
		}
	}
	return code;
}
