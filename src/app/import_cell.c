#include "app/import_inner.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

/* ---- words ------------------------------------------------------------------------------- */

bool ent_import_slot_named(const char *name, enum ent_import_slot *out)
{
	static const char *const names[] = {
#define ENT_IMPORT_SLOT(name) #name,
#include "app/import_slot.def"
	};
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum ent_import_slot)i;
			return true;
		}
	}
	return false;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_gap(char c)
{
	return c == ' ' || c == '_' || c == '-';
}

bool ent_import_same_word(ent_str a, ent_str b)
{
	size_t i = 0;
	size_t k = 0;
	for (;;) {
		while (i < a.len && is_gap(a.ptr[i])) {
			i++;
		}
		while (k < b.len && is_gap(b.ptr[k])) {
			k++;
		}
		if (i == a.len || k == b.len) {
			return i == a.len && k == b.len;
		}
		if (lower(a.ptr[i++]) != lower(b.ptr[k++])) {
			return false;
		}
	}
}

ent_str ent_import_word(struct ent_arena *arena, ent_str text)
{
	struct ent_text out = ent_text_begin(arena);
	bool gap = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = lower(text.ptr[i]);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
			if (gap && arena->next > out.begin) {
				ent_text_char(&out, '_');
			}
			ent_text_char(&out, c);
			gap = false;
		} else {
			gap = true;
		}
	}
	ent_str word = ent_text_end(&out);
	return word.len > 40 ? (ent_str){ word.ptr, 40 } : word;
}

/* ---- scalars ----------------------------------------------------------------------------- */

void ent_import_note(const struct ent_field *field, enum ent_code code, ent_str value,
                     const char *remedy, struct ent_error *error)
{
	char pointer[96];
	snprintf(pointer, sizeof(pointer), "/%s", field->name);
	ent_note(error, code, pointer, value, "%s", remedy);
}

/* A whole number, also as spreadsheets write it: "3.0", "1,200" is none. */
static bool read_int(ent_str text, int64_t *out)
{
	struct ent_cut cut = ent_str_cut(text, '.');
	for (size_t i = 0; i < cut.tail.len; i++) {
		if (cut.tail.ptr[i] != '0') {
			return false;
		}
	}
	return ent_str_int(cut.head, out);
}

static void set_money(struct ent_import_work *work, const struct ent_field *field, ent_str text,
                      struct ent_error *error)
{
	struct ent_cut cut = ent_str_cut(text, ' ');
	ent_str code = ent_str_trim(cut.tail);
	ent_decimal amount;
	ent_money *money = ent_field_at(field, work->object);
	if (!ent_decimal_parse(cut.head, &amount) || ent_currency_digits(code) < 0) {
		ent_import_note(field, ENT_E_FORMAT, text,
		                "give an amount and a currency: 12.50 EUR", error);
		return;
	}
	money->micro = amount.micro;
	memcpy(money->currency, code.ptr, 3);
	money->currency[3] = '\0';
}

/* A day; where systems write it as an instant, that of the import's time zone. */
static bool read_day(const struct ent_import_work *work, ent_str text, ent_date *out)
{
	enum ent_date_order order = work->reader->options->date_order;
	const struct ent_zone *zone = work->reader->zone;
	ent_instant at;
	if (zone != NULL && text.len > 10 && ent_import_instant(text, order, &at)) {
		*out = ent_zone_date(zone, at);
		return true;
	}
	return ent_import_date(text, order, out);
}

/* The value as the border of the API would get it. */
static bool read_value(struct ent_import_work *work, const struct ent_field *field, ent_str text,
                       struct ent_value *out, struct ent_error *error)
{
	enum ent_date_order order = work->reader->options->date_order;
	bool truth = false;
	ent_date date = ENT_DATE_NONE;
	ent_instant instant = ENT_INSTANT_NONE;
	char *room = ent_arena_bytes(work->call->arena, ENT_INSTANT_ROOM);
	*out = (struct ent_value){ .kind = ENT_K_TEXT, .text = text };
	switch (field->kind) {
	case ENT_K_BOOL:
		if (!ent_import_bool(text, &truth)) {
			ent_import_note(field, ENT_E_FORMAT, text, "give true or false", error);
			return false;
		}
		*out = ent_value_bool(truth);
		return true;
	case ENT_K_INT:
	case ENT_K_COUNT:
		out->kind = ENT_K_INT;
		if (!read_int(text, &out->number)) {
			ent_import_note(field, ENT_E_FORMAT, text, "give a whole number", error);
			return false;
		}
		return true;
	case ENT_K_DATE:
		if (!read_day(work, text, &date)) {
			ent_import_note(field, ENT_E_FORMAT, text,
			                "give a date like 2026-02-28, or tell --date-order", error);
			return false;
		}
		ent_date_format(date, room);
		out->text = ent_str_of(room);
		return true;
	case ENT_K_INSTANT:
		if (!ent_import_instant(text, order, &instant)) {
			ent_import_note(field, ENT_E_FORMAT, text,
			                "give a time like 2026-02-28T09:30:00Z", error);
			return false;
		}
		out->text = (ent_str){ room, ent_instant_format(instant, room) };
		return true;
	case ENT_K_ENUM:
		out->text = ent_import_word(work->call->arena, text);
		return true;
	default:
		return true;
	}
}

static void set_scalar(struct ent_import_work *work, const struct ent_field *field, ent_str text,
                       struct ent_error *error)
{
	struct ent_value value;
	if (read_value(work, field, text, &value, error)) {
		(void)ent_field_set(field, work->object, value, error);
	}
}

/* JSON as it is; what is none is taken as a text, which some shapes are too. */
static void set_json(struct ent_import_work *work, const struct ent_field *field, ent_str text,
                     struct ent_error *error)
{
	struct ent_error ignored;
	ent_error_clear(&ignored);
	const struct ent_node plain = { .kind = ENT_JSON_STRING, .text = text };
	const struct ent_node *node = &plain;
	if (ent_json_parse(text, work->call->arena, &node, &ignored) != ENT_OK) {
		node = &plain;
	}
	(void)ent_json_set(field, work->object, node, ENT_JSON_CREATE, work->call->arena, error);
}

/* ---- a cell ------------------------------------------------------------------------------ */

void ent_import_give(struct ent_import_work *work, const struct ent_field *field)
{
	ent_set_add(&work->given, ent_type_at(work->reader->object->type, field));
}

static enum ent_code set_field(struct ent_import_work *work, const struct ent_field *field,
                               ent_str text, struct ent_error *error)
{
	char pointer[96];
	ent_import_give(work, field);
	snprintf(pointer, sizeof(pointer), "/%s", field->name);
	switch (field->kind) {
	case ENT_K_ID:
		return ent_import_refer(work, field->target, text, pointer,
		                        ent_field_at(field, work->object), error);
	case ENT_K_IDS:
	case ENT_K_WORDS:
	case ENT_K_MAP:
	case ENT_K_CHILDREN:
		return ent_import_list(work, field, text, error);
	case ENT_K_MONEY:
		set_money(work, field, text, error);
		return ENT_OK;
	case ENT_K_JSON:
		set_json(work, field, text, error);
		return ENT_OK;
	default:
		set_scalar(work, field, text, error);
		return ENT_OK;
	}
}

/* A name that comes twice keeps its last value. */
void ent_import_keep(struct ent_import_work *work, ent_str name, ent_str value)
{
	size_t at = 0;
	while (at < work->metadata_count && !ent_str_eq(work->metadata[at].name, name)) {
		at++;
	}
	work->metadata[at] = (struct ent_pair){ name, value };
	work->metadata_count += at == work->metadata_count;
}

/* As if it were sent to the API, with its limits. */
static enum ent_code set_metadata(struct ent_import_work *work, struct ent_error *error)
{
	const struct ent_type *type = work->reader->object->type;
	const struct ent_node *node;
	struct ent_map map = { work->metadata, work->metadata_count };
	if (map.count == 0) {
		return ENT_OK;
	}
	enum ent_code code = ent_json_parse(ent_json_from_map(map, work->call->arena),
	                                    work->call->arena, &node, error);
	if (code == ENT_OK) {
		(void)ent_json_set(&type->fields[ENT_AT_METADATA], work->object, node,
		                   ENT_JSON_CREATE, work->call->arena, error);
		ent_set_add(&work->given, ENT_AT_METADATA);
	}
	return code;
}

static enum ent_code set_key(struct ent_import_work *work, ent_str text, struct ent_error *error)
{
	struct ent_record *head = work->object;
	const struct ent_field *field = &work->reader->object->type->fields[ENT_AT_EXTERNAL_ID];
	(void)ent_field_set(field, head, ent_value_text(text), error);
	if (work->reader->options->from == ENT_FROM_SALESFORCE) {
		char *id = ent_arena_bytes(work->call->arena, 19);
		ent_id own;
		if (ent_salesforce_id(text, id)) {
			head->external_id = (ent_str){ id, 18 };
		} else if (ent_id_parse(text, work->reader->object->type->prefix, &own)) {
			head->external_system = ENT_STR("entitled"); /* we have written it */
		} else {
			ent_note(error, ENT_E_FORMAT, "/external_id", text,
			         "give the 15 or 18 characters of Salesforce");
		}
	}
	return ENT_OK;
}

/* An empty cell leaves things as they are, or clears what may be empty. */
static void set_empty(struct ent_import_work *work, const struct ent_import_column *column)
{
	bool clears = work->reader->options->nulls && column->field != NULL &&
	              column->how == ENT_HOW_FIELD && column->field->rule == ENT_R_OPTIONAL;
	if (clears) {
		ent_field_clear(column->field, work->object);
		ent_import_give(work, column->field);
	}
}

static enum ent_code set_cell(struct ent_import_work *work, const struct ent_import_column *column,
                              ent_str text, struct ent_error *error)
{
	bool truth, native_text;
	int64_t days;
	ent_str trimmed = ent_str_trim(text);
	if (trimmed.len == 0) {
		set_empty(work, column);
		return ENT_OK;
	}
	switch (column->how) {
	case ENT_HOW_SKIP:
		break;
	case ENT_HOW_FIELD:
		native_text = column->field->kind == ENT_K_TEXT &&
		              work->reader->options->from == ENT_FROM_CSV;
		return set_field(work, column->field, native_text ? text : trimmed, error);
	case ENT_HOW_NOT:
		if (ent_import_bool(trimmed, &truth)) {
			return set_field(work, column->field,
			                 truth ? ENT_STR("false") : ENT_STR("true"), error);
		}
		ent_import_note(column->field, ENT_E_FORMAT, trimmed, "give true or false", error);
		break;
	case ENT_HOW_WORD:
		return set_field(work, column->field, ent_import_word(work->call->arena, trimmed),
		                 error);
	case ENT_HOW_DAYS:
		if (!read_int(trimmed, &days)) {
			ent_import_note(column->field, ENT_E_FORMAT, trimmed,
			                "give a number of days", error);
			break;
		}
		return set_field(work, column->field,
		                 ent_text_format(work->call->arena, "P%lldD", (long long)days),
		                 error);
	case ENT_HOW_KEY:
		return set_key(work, trimmed, error);
	case ENT_HOW_META:
		ent_import_keep(work, column->header, trimmed);
		break;
	case ENT_HOW_SLOT:
		work->slots[column->slot] = trimmed;
		break;
	}
	return ENT_OK;
}

ent_count ent_import_count(struct ent_import_work *work, enum ent_import_slot slot,
                           struct ent_error *error)
{
	static const char *const names[] = {
#define ENT_IMPORT_SLOT(name) "/#" #name,
#include "app/import_slot.def"
	};
	ent_count out = ENT_COUNT_NONE;
	if (work->slots[slot].len > 0 && !read_int(work->slots[slot], &out.n)) {
		ent_note(error, ENT_E_FORMAT, names[slot], work->slots[slot],
		         "give a whole number");
		return ENT_COUNT_NONE;
	}
	return out;
}

static bool is_about(const struct ent_import_column *column, const char *pointer)
{
	enum ent_import_slot slot;
	ent_str name = { pointer + 1, strcspn(pointer + 1, "/") };
	if (pointer[1] == '#') {
		return column->how == ENT_HOW_SLOT && ent_import_slot_named(pointer + 2, &slot) &&
		       slot == column->slot;
	}
	return column->field != NULL
	               ? ent_str_is(name, column->field->name)
	               : column->how == ENT_HOW_SLOT && ent_import_same_word(column->header, name);
}

const struct ent_import_column *ent_import_column_of(const struct ent_import_reader *reader,
                                                     const char *pointer)
{
	static const char metadata[] = "/metadata/";
	bool kept = strncmp(pointer, metadata, sizeof(metadata) - 1) == 0;
	for (size_t i = 0; i < reader->header.count && kept; i++) {
		const struct ent_import_column *column = &reader->columns[i];
		if (column->how == ENT_HOW_META &&
		    ent_str_is(column->header, pointer + sizeof(metadata) - 1)) {
			return column;
		}
	}
	for (size_t i = 0; i < reader->header.count && pointer[0] == '/'; i++) {
		if (is_about(&reader->columns[i], pointer)) {
			return &reader->columns[i];
		}
	}
	return NULL;
}

/* ---- a row ------------------------------------------------------------------------------- */

enum ent_code ent_import_cells(struct ent_import_work *work, const struct ent_csv_row *row,
                               struct ent_error *error)
{
	const struct ent_import_reader *reader = work->reader;
	struct ent_record *head = work->object;
	enum ent_code code = ENT_OK;
	work->metadata = ENT_NEW(work->call->arena, struct ent_pair, row->count + 4);
	if (row->count > reader->header.count) {
		return ent_fail(error, ENT_E_SYNTAX, "%zu cells in a table of %zu columns",
		                row->count, reader->header.count);
	}
	/* First whose identifiers they are. */
	for (size_t i = 0; i < row->count; i++) {
		bool told = reader->columns[i].field != NULL && row->fields[i].len > 0 &&
		            strcmp(reader->columns[i].field->name, "external_system") == 0;
		work->system = told ? ent_str_trim(row->fields[i]) : work->system;
	}
	for (size_t i = 0; i < row->count && code == ENT_OK; i++) {
		code = set_cell(work, &reader->columns[i], row->fields[i], error);
	}
	if (head->external_id.len > 0 && head->external_system.len == 0) {
		(void)ent_field_set(&reader->object->type->fields[ENT_AT_EXTERNAL_SYSTEM], head,
		                    ent_value_text(work->system), error);
	}
	if (code == ENT_OK && reader->object->finish != NULL) {
		code = reader->object->finish(work, error);
	}
	if (code == ENT_OK) {
		code = set_metadata(work, error);
	}
	return code;
}
