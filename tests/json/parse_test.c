#include "json/json.h"
#include "test.h"

static const struct ent_node *parse(const char *text, struct ent_arena *arena)
{
	struct ent_error error = { 0 };
	const struct ent_node *node = NULL;
	CHECK_INT(ent_json_parse(ent_str_of(text), arena, &node, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
	return node;
}

static const char *again(const struct ent_node *node, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	ent_json_node(&out, node);
	return ent_text_end(&out).ptr;
}

#define BYTE(offset) "byte " #offset ": "

TEST(json_syntax_says_where_and_what)
{
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ "", BYTE(0) "expected a value" },
		{ "{\"a\" 1}", BYTE(5) "expected ':'" },
		{ "{\"a\":1 \"b\"", BYTE(7) "expected ',' or '}'" },
		{ "[1 2]", BYTE(3) "expected ',' or ']'" },
		{ "[1,]", BYTE(3) "expected a value" },
		{ "{a:1}", BYTE(1) "expected a name in quotes" },
		{ "{\"a\":1,}", BYTE(7) "expected a name in quotes" },
		{ "{}  x", BYTE(4) "expected the end" },
		{ "[-]", BYTE(2) "expected a digit" },
		{ "[1.]", BYTE(3) "expected a digit" },
		{ "[tru]", BYTE(1) "expected a value" },
		{ "  \"abc", BYTE(2) "the string does not end" },
		{ "\"ab\ncd\"", BYTE(3) "control characters must be escaped" },
		{ "[\"\xff\"]", BYTE(1) "the string is not UTF-8" },
		{ "\"ab\\x\"", BYTE(3) "no such escape" },
		{ "\"ab\\u12\"", BYTE(3) "expected four hexadecimal digits" },
		{ "\"\\u0000\"", BYTE(1) "U+0000 is not permitted" },
		{ "\"x\\ud800\"", BYTE(2) "lone surrogate" },
		{ "\xef\xbb\xbf{}", BYTE(0) "a byte order mark is not permitted" },
		{ "[{\"a\":1,\"a\":2}]", BYTE(1) "the object has \"a\" twice" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_error error = { 0 };
		const struct ent_node *node;
		ROW(rows[i].text);
		CHECK_INT(ent_json_parse(ent_str_of(rows[i].text), &arena, &node, &error),
		          ENT_E_SYNTAX);
		CHECK_INT(error.code, ENT_E_SYNTAX);
		CHECK_TEXT(error.detail, rows[i].want);
	}
}

TEST(json_no_text_is_no_value)
{
	struct ent_arena arena = test_arena();
	struct ent_error error = { 0 };
	const struct ent_node *node;
	CHECK_INT(ent_json_parse((ent_str){ NULL, 0 }, &arena, &node, &error), ENT_E_SYNTAX);
}

TEST(json_depth_is_bounded)
{
	for (size_t depth = 31; depth <= 34; depth++) {
		for (int object = 0; object < 2; object++) {
			struct ent_arena arena = test_arena();
			struct ent_text text = ent_text_begin(&arena);
			for (size_t i = 0; i < depth; i++) {
				ent_text_add(&text, object ? ENT_STR("{\"a\":") : ENT_STR("["));
			}
			ent_text_add(&text, object ? ENT_STR("0") : ENT_STR(""));
			for (size_t i = 0; i < depth; i++) {
				ent_text_char(&text, object ? '}' : ']');
			}
			ent_str whole = ent_text_end(&text);
			struct ent_error error = { 0 };
			const struct ent_node *node;
			enum ent_code code = ent_json_parse(whole, &arena, &node, &error);
			CHECK_INT(code, depth <= 32 ? ENT_OK : ENT_E_SYNTAX);
		}
	}
}

/* {"name0":0,...}; the member at `twice`, if there is one, has the name of the first. */
static ent_str large(size_t count, size_t twice, struct ent_arena *arena)
{
	struct ent_text text = ent_text_begin(arena);
	ent_text_char(&text, '{');
	for (size_t i = 0; i < count; i++) {
		ent_text_addf(&text, "%s\"name%zu\":%zu", i > 0 ? "," : "", i == twice ? 0 : i, i);
	}
	ent_text_char(&text, '}');
	return ent_text_end(&text);
}

TEST(json_names_are_unique_in_large_objects)
{
	static const size_t counts[] = { 2, 16, 17, 63, 64, 65, 66, 100, 127, 1000, 5000 };
	for (size_t i = 0; i < ENT_COUNT(counts); i++) {
		size_t twice[] = { 1, counts[i] / 2, counts[i] - 1 };
		struct ent_arena arena = test_arena();
		const struct ent_node *node;
		struct ent_error error = { 0 };
		ent_str text = large(counts[i], 0, &arena);
		CHECK_INT(ent_json_parse(text, &arena, &node, &error), ENT_OK);
		CHECK_INT((long long)node->count, (long long)counts[i]);
		for (size_t k = 0; k < ENT_COUNT(twice); k++) {
			arena = test_arena();
			text = large(counts[i], twice[k], &arena);
			CHECK_INT(ent_json_parse(text, &arena, &node, &error), ENT_E_SYNTAX);
			CHECK_TEXT(error.detail, "byte 0: the object has \"name0\" twice");
		}
	}
}

TEST(json_long_name_is_cut_between_characters)
{
	struct ent_arena arena = test_arena();
	struct ent_text text = ent_text_begin(&arena);
	ent_text_char(&text, '{');
	for (int i = 0; i < 2; i++) {
		ent_text_add(&text, i == 0 ? ENT_STR("\"x") : ENT_STR(",\"x"));
		for (int k = 0; k < 100; k++) {
			ent_text_add(&text, ENT_STR("\xe2\x82\xac"));
		}
		ent_text_add(&text, ENT_STR("\":0"));
	}
	ent_text_char(&text, '}');
	ent_str whole = ent_text_end(&text);
	struct ent_error error = { 0 };
	const struct ent_node *node;
	CHECK_INT(ent_json_parse(whole, &arena, &node, &error), ENT_E_SYNTAX);
	CHECK(ent_str_is_text(ent_str_of(error.detail)));
}

TEST(json_nodes)
{
	struct ent_arena arena = test_arena();
	const struct ent_node *root =
		parse(" {\"a\" : [1, 2.50 ,\"x\"], \"b\\n\":{}, \"c\":null, \"d\":\"\"} ", &arena);
	CHECK_INT((long long)root->count, 4);
	const struct ent_node *a = ent_json_member(root, "a");
	CHECK_INT(a->kind, ENT_JSON_ARRAY);
	CHECK_INT((long long)a->count, 3);
	CHECK(ent_str_is(a->first->next->text, "2.50"));
	CHECK(ent_json_member(root, "b\n")->kind == ENT_JSON_OBJECT);
	CHECK(ent_json_member(root, "c")->kind == ENT_JSON_NULL);
	CHECK(ent_json_member(root, "d")->text.ptr != NULL);
	CHECK(ent_json_member(root, "e") == NULL);
	CHECK(ent_json_member(a, "e") == NULL);
	CHECK(ent_json_member(NULL, "e") == NULL);
	CHECK_TEXT(again(root, &arena), "{\"a\":[1,2.50,\"x\"],\"b\\n\":{},\"c\":null,\"d\":\"\"}");
}

TEST(json_strings_are_unescaped_and_escaped)
{
	static const struct {
		const char *in;
		const char *text;
		const char *out;
	} rows[] = {
		{ "\"\"", "", "\"\"" },
		{ "\"plain\"", "plain", "\"plain\"" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		  "\"\\/\b\f\n\r\t", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
		{ "\"\\u0001\\u001F\\u007f\"", "\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\"" },
		{ "\"\\u0041\\u00e9\\u20ac\"",
		  "A\xc3\xa9\xe2\x82\xac", "\"A\xc3\xa9\xe2\x82\xac\"" },
		{ "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"" },
		{ "\"\\ud800\\udc00\"", "\xf0\x90\x80\x80", "\"\xf0\x90\x80\x80\"" },
		{ "\"\\u07ff\\u0800\\uffff\"", "\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf",
		  "\"\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\"" },
		{ "\"before\\nbehind\\n\"", "before\nbehind\n", "\"before\\nbehind\\n\"" },
		{ "\"0123456789abcdef\\t0123456789\"", "0123456789abcdef\t0123456789",
		  "\"0123456789abcdef\\t0123456789\"" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		ROW(rows[i].in);
		const struct ent_node *node = parse(rows[i].in, &arena);
		CHECK(ent_str_is(node->text, rows[i].text));
		CHECK_TEXT(again(node, &arena), rows[i].out);
	}
}

TEST(json_whole_numbers)
{
	static const struct {
		const char *text;
		bool good;
		int64_t want;
	} rows[] = {
		{ "0", true, 0 },
		{ "-0", true, 0 },
		{ "42", true, 42 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "1.0", false, 0 },
		{ "1e3", false, 0 },
		{ "\"1\"", false, 0 },
		{ "true", false, 0 },
		{ "null", false, 0 },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		int64_t got = 0;
		ROW(rows[i].text);
		CHECK_INT(ent_json_int(parse(rows[i].text, &arena), &got), rows[i].good);
		CHECK_INT(got, rows[i].want);
	}
	int64_t none;
	CHECK(!ent_json_int(NULL, &none));
}

TEST(json_comma_where_one_is_needed)
{
	struct ent_arena arena = test_arena();
	struct ent_text out = ent_text_begin(&arena);
	ent_json_comma(&out);
	ent_text_char(&out, '{');
	ent_json_comma(&out);
	ent_json_name(&out, "a");
	ent_text_char(&out, '[');
	ent_json_comma(&out);
	ent_json_string(&out, ENT_STR("["));
	ent_json_comma(&out);
	ent_json_string(&out, (ent_str){ NULL, 0 });
	CHECK_TEXT(ent_text_end(&out).ptr, "{\"a\":[\"[\",null");
}

/* A random document is written as it was read, and each byte of it changed does no harm. */
static void random_value(struct ent_text *out, uint64_t *state, int depth)
{
	static const char *const leaves[] = { "null", "true", "false", "0", "-1.5e-3", "\"\"",
		                              "\"a b\"", "\"\\n\\\"\"", "\"\xc3\xa9\"" };
	uint64_t choice = test_random(state, depth > 4 ? 1 : 3);
	if (choice == 0) {
		ent_text_add(out, ent_str_of(leaves[test_random(state, ENT_COUNT(leaves))]));
		return;
	}
	uint64_t count = test_random(state, 5);
	ent_text_char(out, choice == 1 ? '[' : '{');
	for (uint64_t i = 0; i < count; i++) {
		if (i > 0) {
			ent_text_char(out, ',');
		}
		if (choice == 2) {
			ent_text_addf(out, "\"n%d\":", (int)i);
		}
		random_value(out, state, depth + 1);
	}
	ent_text_char(out, choice == 1 ? ']' : '}');
}

TEST(json_random_documents)
{
	uint64_t state = 7;
	for (int i = 0; i < 500; i++) {
		struct ent_arena arena = test_arena();
		struct ent_text text = ent_text_begin(&arena);
		random_value(&text, &state, 0);
		ent_str whole = ent_text_end(&text);
		CHECK_TEXT(again(parse(whole.ptr, &arena), &arena), whole.ptr);
		char *bytes = ent_arena_bytes(&arena, whole.len);
		memcpy(bytes, whole.ptr, whole.len);
		bytes[test_random(&state, whole.len)] = (char)test_random(&state, 256);
		struct ent_error error = { 0 };
		const struct ent_node *node;
		ent_str changed = { bytes, whole.len };
		enum ent_code code = ent_json_parse(changed, &arena, &node, &error);
		CHECK(code == ENT_OK || code == ENT_E_SYNTAX);
	}
}
