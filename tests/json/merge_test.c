#include "json/json.h"
#include "test.h"

static const struct ent_node *parsed(const char *text, struct ent_arena *arena)
{
	const struct ent_node *node = NULL;
	struct ent_error error = { 0 };
	CHECK_INT(ent_json_parse(ent_str_of(text), arena, &node, &error), ENT_OK);
	return node;
}

static const char *merged(const char *target, const char *patch, struct ent_arena *arena)
{
	const struct ent_node *node = target == NULL ? NULL : parsed(target, arena);
	node = ent_json_merge(node, parsed(patch, arena), arena);
	struct ent_text out = ent_text_begin(arena);
	ent_json_node(&out, node);
	return ent_text_end(&out).ptr;
}

#define MERGE(target, patch, result) { target, patch, result }

/* RFC 7396, appendix A, and what it leaves out. */
TEST(merge_patches_as_the_rfc_says)
{
	static const char *const rows[][3] = {
		MERGE("{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"),
		MERGE("{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"),
		MERGE("{\"a\":\"b\"}", "{\"a\":null}", "{}"),
		MERGE("{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"),
		MERGE("{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"),
		MERGE("{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"),
		MERGE("{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}",
		  "{\"a\":{\"b\":\"d\"}}"),
		MERGE("{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"),
		MERGE("[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"),
		MERGE("{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"),
		MERGE("{\"a\":\"foo\"}", "null", "null"),
		MERGE("{\"a\":\"foo\"}", "\"bar\"", "\"bar\""),
		MERGE("{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"),
		MERGE("[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"),
		MERGE("{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"),
		MERGE(NULL, "{\"a\":null,\"b\":[null]}", "{\"b\":[null]}"),
		MERGE("{\"c\":1,\"b\":2,\"a\":3}", "{\"b\":{\"z\":1},\"d\":4,\"a\":null}",
		  "{\"c\":1,\"b\":{\"z\":1},\"d\":4}"),
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		ROW(rows[i][1]);
		CHECK_TEXT(merged(rows[i][0], rows[i][1], &arena), rows[i][2]);
	}
	ROW(NULL);
}

/* {"k0":{"x":0},"k1":…} */
static const char *many(size_t first, size_t count, const char *value, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	ent_text_char(&out, '{');
	for (size_t i = first; i < first + count; i++) {
		ent_text_addf(&out, "%s\"k%zu\":%s", i == first ? "" : ",", i, value);
	}
	ent_text_char(&out, '}');
	return ent_text_end(&out).ptr;
}

TEST(merge_is_quick_with_many_members)
{
	struct ent_arena arena = test_arena();
	const char *target = many(0, 2000, "1", &arena);
	const char *patch = many(1000, 2000, "null", &arena);
	CHECK_TEXT(merged(target, patch, &arena), many(0, 1000, "1", &arena));
}
