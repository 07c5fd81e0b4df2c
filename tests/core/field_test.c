/* Columns and the border's single values of every described type. */
#include "core/field.h"
#include "core/type.h"

#include "../pattern.h"

static void *blank(const struct ent_type *type, struct ent_arena *arena)
{
	void *object = ent_arena_alloc(arena, 1, type->size, _Alignof(max_align_t));
	ent_type_clear(type, object);
	return object;
}

static bool is_same(struct ent_value a, struct ent_value b)
{
	return a.kind == b.kind && a.number == b.number && ent_str_eq(a.text, b.text) &&
	       (a.text.ptr == NULL) == (b.text.ptr == NULL);
}

static void check_columns(const struct ent_type *type, uint64_t seed)
{
	struct ent_arena arena = test_arena();
	void *object = blank(type, &arena);
	void *other = blank(type, &arena);
	pattern_fill(type, object, &seed, &arena);
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (!ent_field_is_column(field) || field->kind == ENT_K_MAP) {
			continue;
		}
		ROW(field->name);
		if (field->kind == ENT_K_MONEY) { /* the currency is a column of its own */
			memcpy(ent_field_at(field, other), ent_field_at(field, object),
			       sizeof(ent_money));
		}
		struct ent_error error = { 0 };
		struct ent_value value = ent_field_to_column(field, object, &arena);
		CHECK(value.kind == ENT_K_NULL || value.kind == ENT_K_BOOL ||
		      value.kind == ENT_K_INT || value.kind == ENT_K_TEXT);
		CHECK_INT(ent_field_from_column(field, other, value, &arena, &error), ENT_OK);
		CHECK(is_same(ent_field_to_column(field, other, &arena), value));
		CHECK_INT(ent_field_is_none(field, other), ent_field_is_none(field, object));
		if (value.kind == ENT_K_BOOL) { /* SQLite has no booleans */
			value.kind = ENT_K_INT;
			CHECK_INT(ent_field_from_column(field, other, value, &arena, &error),
			          ENT_OK);
		}
		CHECK_INT(ent_field_from_column(field, other, ent_value_null(), &arena, &error),
		          ENT_OK);
		CHECK(!ent_field_nullable(field) || ent_field_is_none(field, other));
	}
}

static bool is_single(const struct ent_field *field)
{
	return field->kind != ENT_K_MONEY && field->kind != ENT_K_IDS &&
	       field->kind != ENT_K_WORDS && field->kind != ENT_K_MAP &&
	       field->kind != ENT_K_JSON && field->kind != ENT_K_CHILDREN;
}

static void check_border(const struct ent_type *type, uint64_t seed)
{
	struct ent_arena arena = test_arena();
	void *object = blank(type, &arena);
	void *other = blank(type, &arena);
	pattern_fill(type, object, &seed, &arena);
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		char room[64];
		char other_room[64];
		struct ent_error error = { 0 };
		if (!is_single(field)) {
			continue;
		}
		ROW(field->name);
		struct ent_value value = ent_field_get(field, object, room);
		if (value.kind == ENT_K_NULL) {
			continue;
		}
		CHECK(ent_field_set(field, other, value, &error));
		CHECK_INT((long long)error.issue_count, 0);
		CHECK(is_same(ent_field_get(field, other, other_room), value));
	}
}

TEST(field_columns_and_border_of_every_type)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (uint64_t seed = 1; seed <= 20; seed++) {
		for (size_t i = 0; i < count; i++) {
			check_columns(types[i], seed);
			check_border(types[i], seed);
		}
	}
}

TEST(field_default_is_none_or_empty)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		struct ent_arena arena = test_arena();
		const void *object = blank(types[i], &arena);
		for (size_t k = 0; k < types[i]->count; k++) {
			const struct ent_field *field = &types[i]->fields[k];
			ROW(field->name);
			CHECK(!ent_field_nullable(field) || ent_field_is_none(field, object));
			if (is_single(field) && ent_field_nullable(field)) {
				char room[64];
				CHECK_INT(ent_field_get(field, object, room).kind, ENT_K_NULL);
			}
		}
	}
}

TEST(field_from_column_refuses_what_cannot_be)
{
	static const struct {
		const char *type;
		const char *field;
		struct ent_value value;
	} rows[] = {
		{ "case", "id", { ENT_K_INT, 0, { NULL, 0 } } },
		{ "case", "id", { ENT_K_INT, -5, { NULL, 0 } } },
		{ "case", "id", { ENT_K_TEXT, 0, { "5", 1 } } },
		{ "case", "state", { ENT_K_TEXT, 0, { "gone", 4 } } },
		{ "case", "state", { ENT_K_INT, 1, { NULL, 0 } } },
		{ "case", "title", { ENT_K_INT, 1, { NULL, 0 } } },
		{ "case", "created_at", { ENT_K_TEXT, 0, { "2026", 4 } } },
		{ "asset", "ends_on", { ENT_K_INT, INT64_C(1) << 40, { NULL, 0 } } },
		{ "product", "inactive", { ENT_K_INT, 2, { NULL, 0 } } },
		{ "entitlement", "products", { ENT_K_TEXT, 0, { "5 x", 3 } } },
		{ "entitlement", "products", { ENT_K_TEXT, 0, { "5  6", 4 } } },
		{ "entitlement_template", "term", { ENT_K_TEXT, 0, { "P", 1 } } },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_error error = { 0 };
		const struct ent_type *type = ent_type_named(ent_str_of(rows[i].type));
		const struct ent_field *field = ent_type_field(type, ent_str_of(rows[i].field));
		ROW(rows[i].field);
		CHECK_INT(ent_field_from_column(field, blank(type, &arena), rows[i].value, &arena,
		                                &error),
		          ENT_E_STORAGE);
		CHECK(strstr(error.detail, rows[i].field) != NULL);
	}
}

TEST(field_secrets_are_not_shown)
{
	struct ent_arena arena = test_arena();
	struct ent_error error = { 0 };
	struct ent_user *user = blank(&ent_user_type, &arena);
	char long_password[300];
	memset(long_password, 'x', sizeof(long_password));
	const struct ent_field *password = ENT_FIELD_OF(user, password);
	ent_str text = { long_password, sizeof(long_password) };
	CHECK(!ent_field_set(password, user, ent_value_text(text), &error));
	CHECK(!ent_field_set(password, user, ent_value_int(12345), &error));
	CHECK_INT((long long)error.issue_count, 2);
	CHECK_INT(error.issues[0].code, ENT_E_LIMIT);
	CHECK_INT(error.issues[1].code, ENT_E_TYPE);
	CHECK_TEXT(error.issues[0].value, "");
	CHECK_TEXT(error.issues[1].value, "");
}

TEST(field_bounds)
{
	int64_t least, most;
	ent_field_bounds(ENT_FIELD_OF(settings, session_hours), &least, &most);
	CHECK_INT(least, 0);
	CHECK_INT(most, 720);
	ent_field_bounds(ENT_FIELD_OF(term_posting, units), &least, &most);
	CHECK_INT(least, -most);
}
