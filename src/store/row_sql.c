#include "store/row.h"

#include "base/text.h"
#include "core/record.h"
#include "core/type.h"
#include "store/store.h"

#include <pthread.h>
#include <string.h>

static void add_argument(struct ent_text *sql, size_t number)
{
	ent_text_char(sql, '$');
	ent_text_int(sql, (int64_t)number);
}

static void add_column(struct ent_text *sql, const char *prefix, const struct ent_field *field,
                       bool is_currency)
{
	ent_text_add(sql, ent_str_of(prefix));
	ent_text_add(sql, ent_str_of(field->name));
	if (is_currency) {
		ent_text_add(sql, ENT_STR("_currency"));
	}
}

static size_t columns_of(const struct ent_field *field)
{
	return !ent_field_is_column(field) ? 0 : field->kind == ENT_K_MONEY ? 2 : 1;
}

void ent_row_columns(const struct ent_type *type, const char *prefix, struct ent_text *out)
{
	const char *comma = "";
	for (size_t i = 0; i < type->count; i++) {
		for (size_t k = 0; k < columns_of(&type->fields[i]); k++) {
			ent_text_add(out, ent_str_of(comma));
			add_column(out, prefix, &type->fields[i], k == 1);
			comma = ", ";
		}
	}
}

/* ---- made once: INSERT, and SELECT without its tail --------------------------- */

enum { TYPE_MAX = 64, TEXTS_MAX = 256 * 1024 };

static struct {
	pthread_once_t once;
	ent_str insert[TYPE_MAX];
	ent_str select[TYPE_MAX];
	struct ent_budget budget;
	struct ent_arena arena;
} made = { .once = PTHREAD_ONCE_INIT };

static void add_table(struct ent_text *sql, const char *before, const struct ent_type *type,
                      const char *after)
{
	ent_text_add(sql, ent_str_of(before));
	ent_text_char(sql, '"');
	ent_text_add(sql, ent_str_of(type->name));
	ent_text_char(sql, '"');
	ent_text_add(sql, ent_str_of(after));
}

static ent_str make_insert(const struct ent_type *type, struct ent_arena *arena)
{
	size_t count = 0;
	for (size_t i = 0; i < type->count; i++) {
		count += columns_of(&type->fields[i]);
	}
	struct ent_text sql = ent_text_begin(arena);
	add_table(&sql, "INSERT INTO ", type, " (");
	ent_row_columns(type, "", &sql);
	ent_text_add(&sql, ENT_STR(") VALUES ("));
	for (size_t i = 1; i <= count; i++) {
		ent_text_add(&sql, i > 1 ? ENT_STR(", ") : ENT_STR(""));
		add_argument(&sql, i);
	}
	ent_text_char(&sql, ')');
	return ent_text_end(&sql);
}

static ent_str make_select(const struct ent_type *type, struct ent_arena *arena)
{
	struct ent_text sql = ent_text_begin(arena);
	ent_text_add(&sql, ENT_STR("SELECT "));
	ent_row_columns(type, "t.", &sql);
	add_table(&sql, " FROM ", type, " t ");
	return ent_text_end(&sql);
}

static void make(void)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	if (count > TYPE_MAX || !ent_arena_reserve(TEXTS_MAX, &made.budget, &made.arena)) {
		return; /* texts are then made anew each time */
	}
	for (size_t i = 0; i < count; i++) {
		made.insert[i] = make_insert(types[i], &made.arena);
		made.select[i] = make_select(types[i], &made.arena);
	}
}

/* The place of the type's texts, or TYPE_MAX: a type of a test's own. */
static size_t place_of(const struct ent_type *type)
{
	pthread_once(&made.once, make);
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count && i < TYPE_MAX; i++) {
		if (types[i] == type) {
			return made.insert[i].ptr != NULL ? i : TYPE_MAX;
		}
	}
	return TYPE_MAX;
}

ent_str ent_row_insert_sql(const struct ent_type *type, struct ent_arena *arena)
{
	size_t at = place_of(type);
	return at < TYPE_MAX ? made.insert[at] : make_insert(type, arena);
}

ent_str ent_row_select_sql(const struct ent_type *type, ent_str tail, struct ent_arena *arena)
{
	size_t at = place_of(type);
	ent_str head = at < TYPE_MAX ? made.select[at] : make_select(type, arena);
	struct ent_text sql = ent_text_begin(arena);
	ent_text_add(&sql, head);
	ent_text_add(&sql, tail);
	return ent_text_end(&sql);
}

ent_str ent_row_update_sql(const struct ent_type *type, const struct ent_set *set,
                           struct ent_arena *arena)
{
	size_t n = 0;
	struct ent_text sql = ent_text_begin(arena);
	add_table(&sql, "UPDATE ", type, " SET ");
	for (size_t i = 0; i < type->count; i++) {
		size_t columns = ent_set_has(set, i) ? columns_of(&type->fields[i]) : 0;
		for (size_t k = 0; k < columns; k++) {
			ent_text_add(&sql, n > 0 ? ENT_STR(", ") : ENT_STR(""));
			add_column(&sql, "", &type->fields[i], k == 1);
			ent_text_add(&sql, ENT_STR(" = "));
			add_argument(&sql, ++n);
		}
	}
	ent_text_add(&sql, ENT_STR(" WHERE "));
	if (type->owned) {
		ent_text_add(&sql, ENT_STR("account_id = "));
		add_argument(&sql, ++n);
		ent_text_add(&sql, ENT_STR(" AND "));
	}
	ent_text_add(&sql, ENT_STR("id = "));
	add_argument(&sql, ++n);
	if (ent_type_is_record(type)) {
		ent_text_add(&sql, ENT_STR(" AND version = "));
		add_argument(&sql, ++n);
	}
	return ent_text_end(&sql);
}
