#include "store/row.h"

#include "base/text.h"
#include "core/record.h"
#include "core/type.h"
#include "store/store.h"
#include "json/json.h"

#include <string.h>

/* account_id of what an account owns: 0 stands for the organisation (event), so that
 * the column can be part of the key. */
static bool is_owner(const struct ent_type *type, const struct ent_field *field)
{
	return type->owned && field->kind == ENT_K_ID && strcmp(field->name, "account_id") == 0;
}

static struct ent_value column(const struct ent_type *type, const struct ent_field *field,
                               const void *object, struct ent_arena *arena)
{
	if (field->kind == ENT_K_MAP) {
		struct ent_map *map = ent_field_at(field, object);
		return ent_arg_text(map->count > 0 ? ent_json_from_map(*map, arena)
		                                   : ENT_STR("{}"));
	}
	struct ent_value value = ent_field_to_column(field, object, arena);
	if (value.kind == ENT_K_NULL && is_owner(type, field)) {
		return ent_arg_int(0);
	}
	return value;
}

static struct ent_value currency(const struct ent_field *field, const void *object)
{
	const struct ent_money *money = ent_field_at(field, object);
	return ent_arg_text(money->currency[0] != '\0' ? ent_str_of(money->currency)
	                                               : (ent_str){ NULL, 0 });
}

/* Append the value or values of a field's columns. */
static size_t add(struct ent_value *args, size_t n, const struct ent_type *type,
                  const struct ent_field *field, const void *object, struct ent_arena *arena)
{
	args[n++] = column(type, field, object, arena);
	if (field->kind == ENT_K_MONEY) {
		args[n++] = currency(field, object);
	}
	return n;
}

size_t ent_row_add_columns(struct ent_value *args, size_t n, const struct ent_type *type,
                           const struct ent_set *set, const void *object, struct ent_arena *arena)
{
	for (size_t i = 0; i < type->count; i++) {
		bool wanted = set == NULL || ent_set_has(set, i);
		if (wanted && ent_field_is_column(&type->fields[i])) {
			n = add(args, n, type, &type->fields[i], object, arena);
		}
	}
	return n;
}

/* The key: [account_id,] id. */
static size_t add_key(struct ent_value *args, size_t n, const struct ent_type *type,
                      const void *object, struct ent_arena *arena)
{
	if (type->owned) {
		args[n++] =
			column(type, ent_type_field(type, ENT_STR("account_id")), object, arena);
	}
	args[n++] = column(type, &type->fields[ENT_AT_ID], object, arena);
	return n;
}

size_t ent_row_add_key(struct ent_value *args, size_t n, const struct ent_type *type,
                       const void *object, struct ent_arena *arena)
{
	n = add_key(args, n, type, object, arena);
	if (ent_type_is_record(type)) {
		args[n] = column(type, &type->fields[ENT_AT_VERSION], object, arena);
		args[n++].number--;
	}
	return n;
}

struct ent_set ent_row_updated(const struct ent_type *type, const struct ent_set *set)
{
	struct ent_set columns = *set;
	if (ent_type_is_record(type)) {
		ent_set_add(&columns, ENT_AT_VERSION);
	}
	return columns;
}

size_t ent_row_args_max(const struct ent_type *type)
{
	return 2 * type->count + 3; /* MONEY has two; the key */
}

enum ent_code ent_row_insert(struct ent_db *db, const struct ent_type *type, const void *object,
                             struct ent_arena *arena, struct ent_error *error)
{
	struct ent_arena scratch = *arena;
	struct ent_value *args = ENT_NEW(&scratch, struct ent_value, ent_row_args_max(type));
	size_t n = ent_row_add_columns(args, 0, type, NULL, object, &scratch);
	return ent_db_exec(db, ent_row_insert_sql(type, &scratch), args, n, ENT_ANY_ROWS, &scratch,
	                   error);
}

enum ent_code ent_row_update(struct ent_db *db, const struct ent_type *type, const void *object,
                             const struct ent_set *set, struct ent_arena *arena,
                             struct ent_error *error)
{
	struct ent_arena scratch = *arena;
	struct ent_set columns = ent_row_updated(type, set);
	struct ent_value *args = ENT_NEW(&scratch, struct ent_value, ent_row_args_max(type));
	size_t n = ent_row_add_columns(args, 0, type, &columns, object, &scratch);
	if (n == 0) {
		return ENT_OK;
	}
	n = ent_row_add_key(args, n, type, object, &scratch);
	return ent_db_exec(db, ent_row_update_sql(type, &columns, &scratch), args, n, 1, &scratch,
	                   error);
}

enum ent_code ent_row_delete(struct ent_db *db, const struct ent_type *type, const void *object,
                             struct ent_arena *arena, struct ent_error *error)
{
	struct ent_value args[2];
	size_t n = add_key(args, 0, type, object, arena);
	struct ent_text sql = ent_text_begin(arena);
	ent_text_addf(&sql, "DELETE FROM \"%s\" WHERE %s", type->name,
	              type->owned ? "account_id = $1 AND id = $2" : "id = $1");
	return ent_db_exec(db, ent_text_end(&sql), args, n, 1, arena, error);
}

/* ---- reading --------------------------------------------------------------- */

static enum ent_code read_currency(const struct ent_field *field, const struct ent_value *cell,
                                   void *object, struct ent_error *error)
{
	struct ent_money *money = ent_field_at(field, object);
	if (cell->kind == ENT_K_NULL) {
		*money = ENT_MONEY_NONE;
		return ENT_OK;
	}
	if (cell->kind != ENT_K_TEXT || cell->text.len != 3) {
		return ent_fail(error, ENT_E_STORAGE, "column %s_currency holds what cannot be",
		                field->name);
	}
	memcpy(money->currency, cell->text.ptr, 3);
	money->currency[3] = '\0';
	return ENT_OK;
}

static enum ent_code read_map(const struct ent_field *field, const struct ent_value *cell,
                              void *object, struct ent_arena *arena, struct ent_error *error)
{
	if (cell->kind != ENT_K_TEXT) {
		return ent_fail(error, ENT_E_STORAGE, "column %s holds what cannot be",
		                field->name);
	}
	struct ent_map *map = ent_field_at(field, object);
	if (ent_str_is(cell->text, "{}")) {
		*map = (struct ent_map){ NULL, 0 };
		return ENT_OK;
	}
	return ent_json_to_map(cell->text, arena, map)
	               ? ENT_OK
	               : ent_fail(error, ENT_E_STORAGE, "column %s holds what cannot be",
	                          field->name);
}

static enum ent_code read_cell(const struct ent_type *type, const struct ent_field *field,
                               struct ent_value value, struct ent_arena *arena, void *object,
                               struct ent_error *error)
{
	if (field->kind == ENT_K_MAP) {
		return read_map(field, &value, object, arena, error);
	}
	if (value.kind == ENT_K_INT && value.number == 0 && is_owner(type, field)) {
		value.kind = ENT_K_NULL;
	}
	return ent_field_from_column(field, object, value, arena, error);
}

enum ent_code ent_row_read(const struct ent_type *type, const struct ent_row *row, size_t first,
                           struct ent_arena *arena, void *object, struct ent_error *error)
{
	const struct ent_value *cell = &row->cell[first];
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (!ent_field_is_column(field)) {
			continue;
		}
		enum ent_code code = read_cell(type, field, *cell++, arena, object, error);
		if (code == ENT_OK && field->kind == ENT_K_MONEY) {
			code = read_currency(field, cell++, object, error);
		}
		if (code != ENT_OK) {
			return code;
		}
	}
	return ENT_OK;
}

enum ent_code ent_row_select(struct ent_db *db, const struct ent_type *type, ent_str tail,
                             const struct ent_value *args, size_t count, struct ent_arena *arena,
                             struct ent_list *out, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(db, ent_row_select_sql(type, tail, arena), args, count,
	                                arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	char *items = ent_arena_alloc(arena, rows.count, type->size, _Alignof(max_align_t));
	char *object = items;
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next) {
		ent_type_clear(type, object);
		code = ent_row_read(type, row, 0, arena, object, error);
		if (code != ENT_OK) {
			return code;
		}
		object += type->size;
	}
	*out = (struct ent_list){ items, rows.count };
	return ENT_OK;
}

enum ent_code ent_row_get(struct ent_db *db, const struct ent_type *type, ent_id account, ent_id id,
                          struct ent_arena *arena, void *object, struct ent_error *error)
{
	struct ent_list list;
	enum ent_code code;
	if (type->owned && !ent_id_is_none(account)) {
		code = ent_row_select(db, type, ENT_STR("WHERE account_id = $1 AND id = $2"),
		                      ENT_ARGS(ent_arg_id(account), ent_arg_id(id)), arena, &list,
		                      error);
	} else {
		code = ent_row_select(db, type, ENT_STR("WHERE id = $1"), ENT_ARGS(ent_arg_id(id)),
		                      arena, &list, error);
	}
	if (code == ENT_OK && list.count == 0) {
		code = ent_fail(error, ENT_E_NOT_FOUND, "no such %s", type->name);
	}
	if (code == ENT_OK) {
		memcpy(object, list.items, type->size);
	}
	return code;
}

/* ---- differences ------------------------------------------------------------ */

static bool same(struct ent_value a, struct ent_value b)
{
	if (a.kind != b.kind) {
		return false;
	}
	return a.kind == ENT_K_TEXT ? ent_str_eq(a.text, b.text) : a.number == b.number;
}

static bool same_ids(const struct ent_ids *a, const struct ent_ids *b)
{
	return a->count == b->count &&
	       (a->count == 0 || memcmp(a->items, b->items, a->count * sizeof(*a->items)) == 0);
}

/* Surely the same, by what can be told without making columns of them. */
static bool is_untouched(const struct ent_field *field, const void *a, const void *b)
{
	const void *p = ent_field_at(field, a);
	const void *q = ent_field_at(field, b);
	switch (field->kind) {
	case ENT_K_BOOL:
		return *(const bool *)p == *(const bool *)q;
	case ENT_K_INT:
	case ENT_K_COUNT:
	case ENT_K_ID:
	case ENT_K_INSTANT:
	case ENT_K_DECIMAL:
		return memcmp(p, q, sizeof(int64_t)) == 0;
	case ENT_K_DATE:
		return ((const ent_date *)p)->day == ((const ent_date *)q)->day;
	case ENT_K_ENUM:
		return *(const unsigned *)p == *(const unsigned *)q;
	case ENT_K_TEXT: {
		const ent_str *x = p;
		const ent_str *y = q;
		return (x->ptr == NULL) == (y->ptr == NULL) && ent_str_eq(*x, *y);
	}
	case ENT_K_IDS:
		return same_ids(p, q);
	default:
		return false;
	}
}

static bool differs(const struct ent_type *type, const struct ent_field *field, const void *a,
                    const void *b, struct ent_arena scratch)
{
	struct ent_value of_a[2];
	struct ent_value of_b[2];
	if (is_untouched(field, a, b)) {
		return false;
	}
	size_t n = add(of_a, 0, type, field, a, &scratch);
	add(of_b, 0, type, field, b, &scratch);
	return !same(of_a[0], of_b[0]) || (n == 2 && !same(of_a[1], of_b[1]));
}

struct ent_set ent_row_diff(const struct ent_type *type, const void *a, const void *b,
                            struct ent_arena scratch)
{
	struct ent_set set = { { 0, 0 } };
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (ent_field_is_column(field) && differs(type, field, a, b, scratch)) {
			ent_set_add(&set, i);
		}
	}
	return set;
}
