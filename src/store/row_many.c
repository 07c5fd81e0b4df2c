/* Many rows of a type with one statement for up to 64 of them. */
#include "base/text.h"
#include "core/record.h"
#include "core/type.h"
#include "store/describe.h"
#include "store/many.h"
#include "store/row.h"

enum { SLICE = 512 }; /* rows whose columns are in memory at once */

static size_t slice_of(size_t left)
{
	return left < SLICE ? left : SLICE;
}

/* ---- inserting ------------------------------------------------------------------------------ */

/* `arena` is scratch: rows go out slice by slice, so that a thousand take no more memory. */
static enum ent_code insert_slice(struct ent_db *db, const struct ent_type *type,
                                  const void *const *objects, size_t count, struct ent_arena arena,
                                  struct ent_error *error)
{
	size_t n = 0;
	struct ent_value *args = ENT_NEW(&arena, struct ent_value, count * ent_row_args_max(type));
	for (size_t i = 0; i < count; i++) {
		n = ent_row_add_columns(args, n, type, NULL, objects[i], &arena);
	}
	struct ent_text head = ent_text_begin(&arena);
	ent_text_addf(&head, "INSERT INTO \"%s\" (", type->name);
	ent_row_columns(type, "", &head);
	ent_text_add(&head, ENT_STR(") VALUES "));
	struct ent_many many = { .before = ent_text_end(&head).ptr, .between = ", ", .after = "" };
	struct ent_text row = ent_text_begin(&arena);
	for (size_t k = 0; k < n / count; k++) {
		ent_text_add(&row, k > 0 ? ENT_STR(", $") : ENT_STR("($"));
	}
	ent_text_char(&row, ')');
	many.row = ent_text_end(&row).ptr;
	return ent_db_exec_many(db, &many, args, count, &arena, error);
}

enum ent_code ent_row_insert_many(struct ent_db *db, const struct ent_type *type,
                                  const void *const *objects, size_t count, struct ent_arena *arena,
                                  struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < count && code == ENT_OK; i += SLICE) {
		code = insert_slice(db, type, objects + i, slice_of(count - i), *arena, error);
	}
	return code;
}

/* ---- updating ------------------------------------------------------------------------------- */

/* One column of VALUES. */
struct place {
	const char *name, *suffix; /* of the column that it is for */
	const char *sql_type;      /* PostgreSQL takes it for a text, unless it is told otherwise */
};

static size_t places_of(const struct ent_type *type, const struct ent_set *set,
                        struct place *places)
{
	size_t n = 0;
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (!ent_set_has(set, i) || !ent_field_is_column(field)) {
			continue;
		}
		places[n++] = (struct place){ field->name, "", ent_sql_type(field->kind) };
		if (field->kind == ENT_K_MONEY) {
			places[n++] = (struct place){ field->name, "_currency", "TEXT" };
		}
	}
	return n;
}

static size_t keys_of(const struct ent_type *type, struct place *places, size_t n)
{
	if (type->owned) {
		places[n++] = (struct place){ "account_id", "", "BIGINT" };
	}
	places[n++] = (struct place){ "id", "", "BIGINT" };
	if (ent_type_is_record(type)) {
		places[n++] = (struct place){ "version", "", "BIGINT" };
	}
	return n;
}

/* "SET a = v.column1, …" or "WHERE t.a = v.column1 AND …": both databases call the columns of
 * VALUES so. */
static void add_pairs(struct ent_text *sql, const struct place *places, size_t from, size_t end,
                      const char *between)
{
	const char *table = from > 0 ? "t." : "";
	for (size_t i = from; i < end; i++) {
		ent_text_addf(sql, "%s%s%s%s = v.column%zu", i > from ? between : "", table,
		              places[i].name, places[i].suffix, i + 1);
	}
}

static struct ent_many update_of(const struct ent_type *type, const struct ent_set *set,
                                 struct ent_arena *arena)
{
	struct ent_many many = { .between = ", ", .is_exact = true };
	struct place *places = ENT_NEW(arena, struct place, ent_row_args_max(type));
	size_t columns = places_of(type, set, places);
	size_t all = keys_of(type, places, columns);
	struct ent_text text = ent_text_begin(arena);
	ent_text_addf(&text, "UPDATE \"%s\" AS t SET ", type->name);
	add_pairs(&text, places, 0, columns, ", ");
	ent_text_add(&text, ENT_STR(" FROM (VALUES "));
	many.before = ent_text_end(&text).ptr;
	text = ent_text_begin(arena);
	for (size_t i = 0; i < all; i++) {
		ent_text_addf(&text, "%sCAST($ AS %s)", i > 0 ? ", " : "(", places[i].sql_type);
	}
	ent_text_char(&text, ')');
	many.row = ent_text_end(&text).ptr;
	text = ent_text_begin(arena);
	ent_text_add(&text, ENT_STR(") AS v WHERE "));
	add_pairs(&text, places, columns, all, " AND ");
	many.after = ent_text_end(&text).ptr;
	return many;
}

static enum ent_code update_slice(struct ent_db *db, const struct ent_type *type,
                                  const void *const *objects, size_t count,
                                  const struct ent_set *columns, struct ent_arena arena,
                                  struct ent_error *error)
{
	struct ent_value *args = ENT_NEW(&arena, struct ent_value, count * ent_row_args_max(type));
	for (size_t i = 0, n = 0; i < count; i++) {
		n = ent_row_add_columns(args, n, type, columns, objects[i], &arena);
		n = ent_row_add_key(args, n, type, objects[i], &arena);
	}
	struct ent_many many = update_of(type, columns, &arena);
	return ent_db_exec_many(db, &many, args, count, &arena, error);
}

enum ent_code ent_row_update_many(struct ent_db *db, const struct ent_type *type,
                                  const void *const *objects, size_t count,
                                  const struct ent_set *set, struct ent_arena *arena,
                                  struct ent_error *error)
{
	struct ent_set columns = ent_row_updated(type, set);
	enum ent_code code = ENT_OK;
	if (count == 1) {
		return ent_row_update(db, type, objects[0], set, arena, error);
	}
	for (size_t i = 0; i < count && code == ENT_OK; i += SLICE) {
		code = update_slice(db, type, objects + i, slice_of(count - i), &columns, *arena,
		                    error);
	}
	return code;
}
