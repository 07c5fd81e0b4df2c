/* A field as the text of a cell, as import_cell.c reads it. */
#include "app/export_inner.h"
#include "json/json.h"

#include <string.h>

/* ---- names ------------------------------------------------------------------------------- */

static void keep(char *out, size_t size, ent_str text)
{
	size_t len = text.len < size ? text.len : size - 1;
	if (len > 0) {
		memcpy(out, text.ptr, len);
	}
	out[len] = '\0';
}

static enum ent_code find_name(struct ent_export_row *row, const struct ent_type *type, ent_id id,
                               const struct ent_export_name **found, struct ent_error *error)
{
	struct ent_call *call = row->call;
	uint64_t hash = (uint64_t)id.value * UINT64_C(0x9E3779B97F4A7C15);
	struct ent_export_name *name = &row->names[hash >> 52];
	*found = name;
	if (name->type == type && ent_id_eq(name->id, id)) {
		return ENT_OK;
	}
	struct ent_rows rows;
	const char *columns =
		type == &ent_user_type ? "NULL, email" : "external_system, external_id";
	ent_str sql = ent_text_format(call->arena, "SELECT %s FROM \"%s\" WHERE id = $1", columns,
	                              type->name);
	enum ent_code code =
		ent_db_run(call->db, sql, ENT_ARGS(ent_arg_id(id)), call->arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_value nothing = ent_value_null();
	const struct ent_value *cell = rows.count > 0 ? rows.first->cell : NULL;
	name->type = type;
	name->id = id;
	keep(name->system, sizeof(name->system), cell == NULL ? nothing.text : cell[0].text);
	keep(name->external, sizeof(name->external), cell == NULL ? nothing.text : cell[1].text);
	return ENT_OK;
}

enum ent_code ent_export_refer(struct ent_export_row *row, const struct ent_type *type, ent_id id,
                               ent_str *out, struct ent_error *error)
{
	const struct ent_export_name *name;
	char own[ENT_ID_ROOM];
	*out = (ent_str){ NULL, 0 };
	if (ent_id_is_none(id)) {
		return ENT_OK;
	}
	enum ent_code code = find_name(row, type, id, &name, error);
	if (code != ENT_OK) {
		return code;
	}
	if (name->external[0] == '\0') {
		ent_id_format(id, type->prefix, own);
		*out = ent_text_format(row->call->arena, "%s", own);
	} else if (name->system[0] == '\0' || strcmp(name->system, "entitled") == 0 ||
	           ent_str_is(row->system, name->system)) {
		*out = ent_text_format(row->call->arena, "%s", name->external);
	} else {
		*out = ent_text_format(row->call->arena, "%s:%s", name->system, name->external);
	}
	return ENT_OK;
}

/* ---- lists ------------------------------------------------------------------------------- */

static ent_str join(struct ent_arena *arena, const ent_str *parts, size_t count)
{
	struct ent_text text = ent_text_begin(arena);
	for (size_t i = 0; i < count; i++) {
		if (i > 0) {
			ent_text_char(&text, ';');
		}
		ent_text_add(&text, parts[i]);
	}
	return ent_text_end(&text);
}

static enum ent_code ids_cell(struct ent_export_row *row, const struct ent_field *field,
                              ent_str *out, struct ent_error *error)
{
	const struct ent_ids *ids = ent_field_at(field, row->record);
	ent_str *parts = ENT_NEW(row->call->arena, ent_str, ids->count);
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < ids->count && code == ENT_OK; i++) {
		code = ent_export_refer(row, field->target, ids->items[i], &parts[i], error);
	}
	*out = join(row->call->arena, parts, ids->count);
	return code;
}

/* phone:10:7;chat - see import_list.c. */
static ent_str channels_cell(struct ent_export_row *row, const struct ent_field *field)
{
	const struct ent_children *rows = ent_field_at(field, row->record);
	const struct ent_type *child = field->child;
	const struct ent_field *name = ent_type_field(child, ENT_STR("channel"));
	const struct ent_field *total = ent_type_field(child, ENT_STR("total"));
	const struct ent_field *remaining = ent_type_field(child, ENT_STR("remaining"));
	struct ent_text text = ent_text_begin(row->call->arena);
	for (size_t i = 0; i < rows->count; i++) {
		const char *item = (const char *)rows->items + i * child->size;
		const ent_count *units = ent_field_at(total, item);
		const ent_count *left = remaining == NULL ? NULL : ent_field_at(remaining, item);
		ent_text_addf(&text, "%s", i > 0 ? ";" : "");
		ent_text_add(&text, *(const ent_str *)ent_field_at(name, item));
		if (!ent_count_is_none(*units)) {
			ent_text_addf(&text, ":%lld", (long long)units->n);
		}
		if (left != NULL && !ent_count_is_none(*left)) {
			ent_text_addf(&text, ":%lld", (long long)left->n);
		}
	}
	return ent_text_end(&text);
}

/* One row as a JSON object of what can be given, references by name. */
static enum ent_code row_object(struct ent_export_row *row, const struct ent_type *child,
                                const void *item, ent_str *out, struct ent_error *error)
{
	ent_str *names = ENT_NEW(row->call->arena, ent_str, child->count);
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < child->count && code == ENT_OK; i++) {
		const struct ent_field *field = &child->fields[i];
		if (field->kind == ENT_K_ID && ent_field_is_read(field)) {
			code = ent_export_refer(row, field->target,
			                        *(const ent_id *)ent_field_at(field, item),
			                        &names[i], error);
		}
	}
	struct ent_text text = ent_text_begin(row->call->arena);
	ent_text_char(&text, '{');
	for (size_t i = 0; i < child->count; i++) {
		const struct ent_field *field = &child->fields[i];
		bool refers = field->kind == ENT_K_ID;
		int len = (int)strlen(field->name) - (refers ? 3 : 0);
		if (!ent_field_is_read(field) ||
		    (refers ? names[i].len == 0 : ent_field_is_none(field, item))) {
			continue;
		}
		ent_json_comma(&text);
		ent_text_addf(&text, "\"%.*s%s\":", len, field->name, refers ? "_external_id" : "");
		if (refers) {
			ent_json_string(&text, names[i]);
		} else {
			ent_json_value(field, item, &text);
		}
	}
	ent_text_char(&text, '}');
	*out = ent_text_end(&text);
	return code;
}

static enum ent_code rows_cell(struct ent_export_row *row, const struct ent_field *field,
                                 ent_str *out, struct ent_error *error)
{
	const struct ent_children *rows = ent_field_at(field, row->record);
	ent_str *objects = ENT_NEW(row->call->arena, ent_str, rows->count);
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < rows->count && code == ENT_OK; i++) {
		code = row_object(row, field->child,
		                  (const char *)rows->items + i * field->child->size, &objects[i],
		                  error);
	}
	struct ent_text text = ent_text_begin(row->call->arena);
	for (size_t i = 0; i < rows->count; i++) {
		ent_text_addf(&text, "%s", i == 0 ? "[" : ",");
		ent_text_add(&text, objects[i]);
	}
	ent_text_addf(&text, "%s", rows->count > 0 ? "]" : "");
	*out = ent_text_end(&text);
	return code;
}

/* ---- any field --------------------------------------------------------------------------- */

static ent_str money_cell(struct ent_arena *arena, const ent_money *money)
{
	char amount[ENT_DECIMAL_ROOM];
	if (money->currency[0] == '\0') {
		return (ent_str){ NULL, 0 };
	}
	ent_decimal_format((ent_decimal){ money->micro }, amount);
	return ent_text_format(arena, "%s %s", amount, money->currency);
}

static ent_str scalar_cell(struct ent_arena *arena, const struct ent_field *field,
                           const void *record)
{
	char room[64];
	struct ent_value value = ent_field_get(field, record, room);
	switch (value.kind) {
	case ENT_K_NULL:
		return (ent_str){ NULL, 0 };
	case ENT_K_BOOL:
		return value.number != 0 ? ENT_STR("true") : ENT_STR("false");
	case ENT_K_INT:
		return ent_text_format(arena, "%lld", (long long)value.number);
	default:
		return ent_text_copy(arena, value.text);
	}
}

enum ent_code ent_export_cell(struct ent_export_row *row, const struct ent_field *field,
                              ent_str *out, struct ent_error *error)
{
	struct ent_arena *arena = row->call->arena;
	const void *at = ent_field_at(field, row->record);
	switch (field->kind) {
	case ENT_K_ID:
		return ent_export_refer(row, field->target, *(const ent_id *)at, out, error);
	case ENT_K_IDS:
		return ids_cell(row, field, out, error);
	case ENT_K_WORDS: {
		const struct ent_words *words = at;
		*out = join(arena, words->items, words->count);
		return ENT_OK;
	}
	case ENT_K_MONEY:
		*out = money_cell(arena, at);
		return ENT_OK;
	case ENT_K_MAP: {
		const struct ent_map *map = at;
		*out = map->count > 0 ? ent_json_from_map(*map, arena) : (ent_str){ NULL, 0 };
		return ENT_OK;
	}
	case ENT_K_JSON:
		*out = ((const struct ent_json *)at)->text;
		return ENT_OK;
	case ENT_K_CHILDREN:
		if (ent_type_field(field->child, ENT_STR("total")) == NULL) {
			return rows_cell(row, field, out, error);
		}
		*out = channels_cell(row, field);
		return ENT_OK;
	default:
		*out = scalar_cell(arena, field, row->record);
		return ENT_OK;
	}
}
