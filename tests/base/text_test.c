#include "base/text.h"

#include "test.h"

TEST(text_grows)
{
	struct ent_arena arena = test_arena();
	struct ent_text text = ent_text_begin(&arena);
	ent_text_add(&text, ENT_STR("a"));
	ent_text_add(&text, (ent_str){ NULL, 0 });
	ent_text_char(&text, '=');
	ent_text_int(&text, -12);
	ent_text_addf(&text, ";%s%05d", "b", 7);
	ent_text_addf(&text, "%s", "");
	ent_text_int(&text, 0);
	ent_str whole = ent_text_end(&text);
	CHECK_TEXT(whole.ptr, "a=-12;b000070");
	CHECK_INT(whole.len, strlen(whole.ptr));
	CHECK(arena.next == whole.ptr + whole.len + 1);
}

TEST(text_writes_numbers)
{
	static const struct {
		int64_t number;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 7, "7" },
		{ -7, "-7" },
		{ 1000, "1000" },
		{ INT64_MAX, "9223372036854775807" },
		{ INT64_MIN, "-9223372036854775808" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].text);
		struct ent_arena arena = test_arena();
		struct ent_text text = ent_text_begin(&arena);
		ent_text_int(&text, rows[i].number);
		CHECK_TEXT(ent_text_end(&text).ptr, rows[i].text);
	}
}

TEST(text_copies)
{
	struct ent_arena arena = test_arena();
	char from[] = "abc";
	ent_str copy = ent_text_copy(&arena, (ent_str){ from, 2 });
	from[0] = 'x';
	CHECK_TEXT(copy.ptr, "ab");
	CHECK_INT(copy.len, 2);
	CHECK(ent_text_copy(&arena, (ent_str){ NULL, 0 }).ptr == NULL);
	ent_str empty = ent_text_copy(&arena, ENT_STR(""));
	CHECK(empty.ptr != NULL && empty.len == 0);
	CHECK_TEXT(ent_text_format(&arena, "%d-%s", 4, "x").ptr, "4-x");
	CHECK_INT(ent_text_format(&arena, "%s", "").len, 0);
}

TEST(text_formats_any_length)
{
	char long_one[1001];
	struct ent_arena arena = test_arena();
	memset(long_one, 'x', sizeof(long_one) - 1);
	for (size_t len = 0; len < sizeof(long_one); len++) {
		long_one[1000 - len] = '\0';
		ent_str text = ent_text_format(&arena, "%s", long_one);
		CHECK_INT(text.len, 1000 - len);
		CHECK_TEXT(text.ptr, long_one);
	}
}

static void build(void *arg)
{
	struct ent_arena arena = test_arena();
	ent_str *out = arg;
	*out = (ent_str){ NULL, 0 };
	struct ent_text text = ent_text_begin(&arena);
	ent_text_add(&text, ENT_STR("one "));
	ent_text_addf(&text, "%d", 2);
	ent_text_char(&text, '!');
	*out = ent_text_end(&text);
}

static void check_built(void *arg, bool ok)
{
	const ent_str *out = arg;
	CHECK((out->ptr != NULL) == ok);
	CHECK(!ok || ent_str_is(*out, "one 2!"));
}

TEST(text_survives_failing_allocations)
{
	ent_str out;
	CHECK_INT(test_each_allocation_fails(build, check_built, &out), 4);
}
