/* Every described type, filled with every sort of value, out and in again. */
#include "sample.h"

#include "../pattern.h"

static const char *written(const struct ent_type *type, const void *object,
                           struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	ent_json_write(type, object, NULL, &out);
	return ent_text_end(&out).ptr;
}

static const struct ent_node *parsed(const char *text, struct ent_arena *arena)
{
	struct ent_error error = { 0 };
	const struct ent_node *node = NULL;
	CHECK_INT(ent_json_parse(ent_str_of(text), arena, &node, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
	return node;
}

static void *blank(const struct ent_type *type, struct ent_arena *arena)
{
	void *object = ent_arena_alloc(arena, 1, type->size, _Alignof(max_align_t));
	ent_type_clear(type, object);
	return object;
}

static void check_round_trip(const struct ent_type *type, uint64_t seed)
{
	struct ent_arena arena = test_arena();
	struct ent_error error = { 0 };
	struct ent_set given;
	void *object = blank(type, &arena);
	ROW(type->name);
	pattern_fill(type, object, &seed, &arena);
	const char *text = written(type, object, &arena);
	const struct ent_node *node = parsed(text, &arena);
	void *other = blank(type, &arena);
	CHECK_INT(ent_json_read(type, node, ENT_JSON_ANY, &arena, other, &given, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
	CHECK_TEXT(written(type, other, &arena), text);
	/* What was read can be sent back to where it came from. */
	CHECK_INT(ent_json_read(type, node, ENT_JSON_UPDATE, &arena, object, &given, &error),
	          ENT_OK);
	CHECK_TEXT(error.detail, "");
	CHECK_TEXT(written(type, object, &arena), text);
}

TEST(describe_round_trip_of_every_type)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (uint64_t seed = 1; seed <= 30; seed++) {
		for (size_t i = 0; i < count; i++) {
			check_round_trip(types[i], seed);
		}
		check_round_trip(&sample_type, seed);
	}
}

TEST(describe_every_shown_field_once_in_order)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		struct ent_arena arena = test_arena();
		uint64_t seed = 5;
		void *object = blank(types[i], &arena);
		pattern_fill(types[i], object, &seed, &arena);
		ROW(types[i]->name);
		const struct ent_node *member =
			parsed(written(types[i], object, &arena), &arena)->first;
		for (size_t k = 0; k < types[i]->count; k++) {
			const struct ent_field *field = &types[i]->fields[k];
			if (!ent_field_is_shown(field)) {
				continue;
			}
			CHECK(member != NULL && ent_str_is(member->name, field->name));
			member = member == NULL ? NULL : member->next;
		}
		CHECK(member == NULL);
	}
}

TEST(describe_an_empty_object)
{
	struct ent_arena arena = test_arena();
	CHECK_TEXT(written(&sample_type, blank(&sample_type, &arena), &arena),
	           "{\"id\":null,\"version\":0,\"account_id\":null,\"origin\":null,\"title\":null,"
	           "\"flag\":false,\"size\":0,\"balance\":0,\"quantity\":null,\"starts_on\":null,"
	           "\"due_at\":null,\"term\":null,\"rate\":null,\"price\":null,\"unit\":\"none\","
	           "\"product_id\":null,\"products\":[],\"scopes\":[],\"metadata\":{},\"parts\":[],"
	           "\"changes\":null,\"remaining\":null}");
}

static void add_field(struct ent_set *set, const char *name)
{
	const struct ent_field *field = ent_type_field(&sample_type, ent_str_of(name));
	ent_set_add(set, ent_type_at(&sample_type, field));
}

TEST(describe_members_among_others)
{
	struct ent_arena arena = test_arena();
	struct sample *object = blank(&sample_type, &arena);
	object->title = ENT_STR("a \"b\"");
	struct ent_set only = { { 0 } };
	add_field(&only, "title");
	add_field(&only, "size");
	add_field(&only, "secret");
	struct ent_text out = ent_text_begin(&arena);
	ent_text_char(&out, '{');
	ent_json_name(&out, "object");
	ent_json_string(&out, ENT_STR("sample"));
	ent_json_comma(&out);
	CHECK_INT((long long)ent_json_members(&sample_type, object, &only, &out), 2);
	ent_json_comma(&out);
	ent_json_name(&out, "links");
	ent_text_add(&out, ENT_STR("[]}"));
	CHECK_TEXT(ent_text_end(&out).ptr,
	           "{\"object\":\"sample\",\"title\":\"a \\\"b\\\"\",\"size\":0,\"links\":[]}");
	only = (struct ent_set){ { 0 } };
	out = ent_text_begin(&arena);
	CHECK_INT((long long)ent_json_members(&sample_type, object, &only, &out), 0);
	CHECK_TEXT(ent_text_end(&out).ptr, "");
}

TEST(describe_money_has_the_digits_of_its_currency)
{
	static const struct {
		int64_t micro;
		const char *currency;
		const char *want;
	} rows[] = {
		{ 12500000, "EUR", "12.50" },
		{ 0, "EUR", "0.00" },
		{ 1, "EUR", "0.000001" },
		{ -500000, "EUR", "-0.50" },
		{ 12000000, "EUR", "12.00" },
		{ 7000000, "JPY", "7" },
		{ 7500000, "JPY", "7.5" },
		{ 1500000, "KWD", "1.500" },
		{ 1234567, "KWD", "1.234567" },
		{ 1500000, "QQQ", "1.5" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct sample *object = blank(&sample_type, &arena);
		object->price.micro = rows[i].micro;
		memcpy(object->price.currency, rows[i].currency, 4);
		struct ent_text out = ent_text_begin(&arena);
		ent_json_value(ent_type_field(&sample_type, ENT_STR("price")), object, &out);
		const char *got = ent_text_end(&out).ptr;
		ent_str want = ent_text_format(&arena,
		                               "{\"amount\":\"%s\",\"currency\":\"%s\"}",
		                               rows[i].want, rows[i].currency);
		CHECK_TEXT(got, want.ptr);
	}
}

TEST(describe_never_is_null)
{
	struct ent_arena arena = test_arena();
	struct sample *object = blank(&sample_type, &arena);
	object->due_at = ENT_INSTANT_END;
	struct ent_text out = ent_text_begin(&arena);
	ent_json_value(ent_type_field(&sample_type, ENT_STR("due_at")), object, &out);
	CHECK_TEXT(ent_text_end(&out).ptr, "null");
}

TEST(map_columns)
{
	static const struct {
		const char *text;
		const char *again; /* NULL: refused */
	} rows[] = {
		{ "{}", "{}" },
		{ " { } ", "{}" },
		{ "{\"a\":\"b\",\"c\":\"\"}", "{\"a\":\"b\",\"c\":\"\"}" },
		{ "{\"\\u0061\":\"\\n\"}", "{\"a\":\"\\n\"}" },
		{ "", NULL },
		{ "[]", NULL },
		{ "null", NULL },
		{ "{\"a\":1}", NULL },
		{ "{\"a\":null}", NULL },
		{ "{\"a\":\"b\",\"a\":\"c\"}", NULL },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_map map = { NULL, 77 };
		ROW(rows[i].text);
		bool good = ent_json_to_map(ent_str_of(rows[i].text), &arena, &map);
		CHECK_INT(good, rows[i].again != NULL);
		if (good) {
			CHECK_TEXT(ent_json_from_map(map, &arena).ptr, rows[i].again);
		} else {
			CHECK_INT((long long)map.count, 77);
		}
	}
}
