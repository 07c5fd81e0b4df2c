/* Which table is it, and what are its columns? */
#include "app/import_source.h"

#include <string.h>

/* ---- our own ----------------------------------------------------------------------------- */

static const struct ent_import_object natives[] = {
	{ .name = "account", .type = &ent_account_type },
	{ .name = "contact", .type = &ent_contact_type },
	{ .name = "product", .type = &ent_product_type },
	{ .name = "team", .type = &ent_team_type },
	{ .name = "holiday_set", .type = &ent_holiday_set_type },
	{ .name = "calendar", .type = &ent_calendar_type },
	{ .name = "asset", .type = &ent_asset_type },
	{ .name = "contract_template", .type = &ent_contract_template_type },
	{ .name = "contract", .type = &ent_contract_type },
	{ .name = "contract_line", .type = &ent_contract_line_type },
	{ .name = "entitlement_template", .type = &ent_entitlement_template_type },
	{ .name = "entitlement", .type = &ent_entitlement_type },
	{ .name = "entitlement_contact", .type = &ent_entitlement_type,
	  .adds_contact = true,
	  .store = ent_import_add_contact },
	{ .name = "contract_coverage", .type = &ent_contract_coverage_type },
	{ .name = "case", .type = &ent_case_type },
};

const struct ent_import_object *ent_native_object(ent_str name)
{
	for (size_t i = 0; i < ENT_COUNT(natives); i++) {
		const struct ent_type *type = natives[i].type;
		const char *many = natives[i].adds_contact ? "entitlement_contacts" : type->plural;
		bool plural = ent_import_same_word(name, ent_str_of(many));
		if (plural || ent_import_same_word(name, ent_str_of(natives[i].name))) {
			return &natives[i];
		}
	}
	return NULL;
}

const struct ent_import_object *ent_native_guess(const struct ent_csv_row *header)
{
	static const struct ent_import_sign signs[] = {
		{ "contract_line", "unit_price", NULL },
		{ "contract", "reference", NULL },
		{ "contract_template", "renewal_basis", NULL },
		{ "entitlement_template", "conversion", NULL },
		{ "entitlement", "starts_on", NULL },
		{ "entitlement", "charge_on", NULL },
		{ "case", "priority", NULL },
		{ "entitlement_contact", "entitlement_external_id", "title" },
		{ "entitlement_contact", "entitlement_id", "title" },
		{ "asset", "serial_number", NULL },
		{ "product", "code", NULL },
		{ "account", "tier", NULL },
		{ "account", "country", NULL },
		{ "contact", "email", NULL },
	};
	return ent_native_object(ent_str_of(ent_import_sign(signs, ENT_COUNT(signs), header)));
}

/* ---- native columns ---------------------------------------------------------------------- */

/* What is no field that can be given: read for what it says, or passed over. */
static const struct {
	const char *object, *header;
	const char *slot; /* NULL: passed over */
} specials[] = {
	{ NULL, "id", "ID" },
	{ "entitlement", "state", "STATE" },
	{ "entitlement", "remaining", "REMAINING" },
	{ "entitlement", "is_default", "IS_DEFAULT" },
	{ "entitlement_contact", "entitlement_id", "ENTITLEMENT" },
	{ "entitlement_contact", "entitlement_external_id", "ENTITLEMENT" },
	{ "entitlement_contact", "contact_id", "CONTACT" },
	{ "entitlement_contact", "contact_external_id", "CONTACT" },
	{ "contract", "stage", "STAGE" },
	{ "contract", "state", "STATE" },
	{ "contract", "approval", "APPROVAL" },
	{ "contract", "cancelled_at", "CANCELLED_AT" },
	{ "contract_line", "state", "STATE" },
	{ "contract_line", "cancelled_at", "CANCELLED_AT" },
	{ "case", "state", "STATE" },
	{ "case", "entitlement_id", "ENTITLEMENT" },
	{ "case", "entitlement_external_id", "ENTITLEMENT" },
	{ "case", "resolved_at", "RESOLVED_AT" },
	{ "case", "cancelled_at", "CANCELLED_AT" },
	{ "case", "resolution", "RESOLUTION" },
	{ "case", "billable_minutes", "BILLABLE_MINUTES" },
	{ "case", "override_terms", "OVERRIDE_TERMS" },
	{ "case", "reopen_count", "REOPEN_COUNT" },
};

static bool special_column(const struct ent_import_object *object, struct ent_import_column *column)
{
	for (size_t i = 0; i < ENT_COUNT(specials); i++) {
		bool of_this =
			specials[i].object == NULL || strcmp(specials[i].object, object->name) == 0;
		if (of_this &&
		    ent_import_same_word(column->header, ent_str_of(specials[i].header))) {
			column->how = ENT_HOW_SLOT;
			return ent_import_slot_named(specials[i].slot, &column->slot);
		}
	}
	return false;
}

/* account_external_id, assignee_email: other spellings of a reference. */
static const struct ent_field *reference(const struct ent_type *type, ent_str header)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		char name[80];
		size_t len = strlen(field->name);
		if (field->kind != ENT_K_ID || i == ENT_AT_ID || len < 3 || len > 60) {
			continue;
		}
		memcpy(name, field->name, len - 3);
		const char *suffix = field->target == &ent_user_type ? "_email" : "_external_id";
		memcpy(name + len - 3, suffix, strlen(suffix) + 1);
		if (ent_import_same_word(header, ent_str_of(name))) {
			return field;
		}
	}
	return NULL;
}

bool ent_native_column(const struct ent_import_object *object, struct ent_import_column *column,
                       struct ent_arena *arena)
{
	const struct ent_type *type = object->type;
	static const ent_str metadata = { "metadata.", 9 };
	if (special_column(object, column)) {
		return true;
	}
	if (ent_str_begins(column->header, metadata) && column->header.len > metadata.len) {
		column->how = ENT_HOW_META;
		column->header =
			ent_text_copy(arena, (ent_str){ column->header.ptr + metadata.len,
		                                        column->header.len - metadata.len });
		return true;
	}
	for (size_t i = 0; i < type->count && column->field == NULL; i++) {
		if (ent_import_same_word(column->header, ent_str_of(type->fields[i].name))) {
			column->field = &type->fields[i];
		}
	}
	if (column->field == NULL) {
		column->field = reference(type, column->header);
	}
	if (column->field == NULL || object->adds_contact) {
		return false;
	}
	bool readable = ent_field_is_read(column->field);
	column->how = readable ? ENT_HOW_FIELD : ENT_HOW_SKIP;
	if (strcmp(column->field->name, "external_id") == 0) {
		column->how = ENT_HOW_KEY;
	}
	return ent_field_is_shown(column->field) || readable;
}

/* ---- opening ----------------------------------------------------------------------------- */

enum { FILE_NAME_MAX = 255, WORD_MAX = 64 /* of an object's name, with gaps */ };

/* "Entitlement_export-2024.csv" says Entitlement: the longest name that it contains. */
static const struct ent_import_object *by_file_name(const struct ent_import_reader *reader)
{
	const char *slash = strrchr(reader->file->name, '/');
	ent_str name = ent_str_of(slash == NULL ? reader->file->name : slash + 1);
	const struct ent_import_source *source = ent_import_source_of(reader->options->from);
	if (name.len > FILE_NAME_MAX) { /* by HTTP it may be any text */
		name.len = FILE_NAME_MAX;
	}
	for (size_t len = name.len < WORD_MAX ? name.len : WORD_MAX; len > 3; len--) {
		for (size_t at = 0; at + len <= name.len; at++) {
			ent_str part = { name.ptr + at, len };
			const struct ent_import_object *object =
				source == NULL ? ent_native_object(part)
					       : ent_import_source_object(source, part);
			if (object != NULL) {
				return object;
			}
		}
	}
	return NULL;
}

static enum ent_code recognise(struct ent_import_reader *reader, struct ent_error *error)
{
	const struct ent_import_source *source = ent_import_source_of(reader->options->from);
	const char *told = reader->file->object;
	if (told != NULL) {
		reader->object = source == NULL
		                         ? ent_native_object(ent_str_of(told))
		                         : ent_import_source_object(source, ent_str_of(told));
	} else {
		reader->object = by_file_name(reader);
		if (reader->object == NULL) {
			reader->object =
				source == NULL ? ent_native_guess(&reader->header)
					       : ent_import_source_guess(source, &reader->header);
		}
	}
	if (reader->object == NULL) {
		return ent_fail(error, ENT_E_UNKNOWN_VALUE, "%s: %s%s", reader->file->name,
		                told != NULL ? "there is no object called "
		                             : "cannot tell what it holds; say --object",
		                told != NULL ? told : "");
	}
	reader->file->recognised = reader->object->name;
	return ENT_OK;
}

static bool is_repeated(const struct ent_import_reader *reader, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (ent_str_eq(reader->columns[i].header, reader->columns[at].header)) {
			return true;
		}
	}
	return false;
}

/* What a person has said that a header means; NULL. */
static const ent_str *told_column(const struct ent_import_options *options, ent_str header)
{
	for (size_t i = 0; i < options->columns.count; i++) {
		if (ent_str_eq(options->columns.pairs[i].name, header)) {
			return &options->columns.pairs[i].value;
		}
	}
	return NULL;
}

static enum ent_code read_column(struct ent_import_reader *reader, size_t at,
                                 struct ent_error *error)
{
	const struct ent_import_options *o = reader->options;
	struct ent_import_column *column = &reader->columns[at];
	*column = (struct ent_import_column){ .header = ent_str_trim(reader->header.fields[at]) };
	if (column->header.len > 0 && is_repeated(reader, at)) {
		return ent_fail(error, ENT_E_DUPLICATE, "%s: the column %.*s is there twice",
		                reader->file->name, (int)column->header.len, column->header.ptr);
	}
	const struct ent_import_source *source = ent_import_source_of(o->from);
	const ent_str *told = told_column(o, column->header);
	bool native = source == NULL;
	if (told != NULL && told->len == 0) {
		column->how = ENT_HOW_SKIP;
		return ENT_OK;
	}
	column->header = told != NULL ? *told : column->header;
	bool known = native ? ent_native_column(reader->object, column, &reader->arena)
	                    : ent_import_source_column(source, reader->object, &reader->header,
	                                               column);
	if (known) {
		return ENT_OK;
	}
	if (native && column->header.len > 0) {
		return ent_fail(error, ENT_E_UNKNOWN_FIELD,
		                "%s: %s has no field %.*s; your own go into metadata.NAME",
		                reader->file->name, reader->object->name, (int)column->header.len,
		                column->header.ptr);
	}
	column->how = ENT_HOW_SKIP;
	if (o->ignored != NULL && column->header.len > 0) {
		o->ignored(o->arg, reader->file, column->header);
	}
	return ENT_OK;
}

enum ent_code ent_import_open(struct ent_import_reader *reader, struct ent_error *error)
{
	ent_csv_begin(&reader->csv, reader->file->text, reader->options->separator);
	enum ent_code code = ent_csv_next(&reader->csv, &reader->arena, &reader->header, error);
	if (code != ENT_OK) {
		struct ent_error why = *error;
		return ent_fail(error, code, "%s: %s", reader->file->name, why.detail);
	}
	if (reader->header.is_blank) {
		return ent_fail(error, ENT_E_REQUIRED, "%s: the first row must name the columns",
		                reader->file->name);
	}
	code = recognise(reader, error);
	for (size_t i = 0; i < reader->header.count && code == ENT_OK; i++) {
		code = read_column(reader, i, error);
	}
	return code;
}

int ent_import_order(const struct ent_import_reader *reader)
{
	const struct ent_import_object *object = reader->object;
	for (size_t i = 0; i < ENT_COUNT(natives); i++) {
		if (natives[i].type == object->type &&
		    natives[i].adds_contact == object->adds_contact) {
			return (int)i;
		}
	}
	return object->is_one_way ? (int)ENT_COUNT(natives) : 0; /* milestones: behind cases */
}
