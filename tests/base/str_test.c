#include "base/str.h"

#include "test.h"

static const ent_str none = { NULL, 0 };

TEST(str_compares)
{
	static const struct {
		const char *a;
		const char *b;
		int order;
	} rows[] = {
		{ "", "", 0 },    { "a", "", 1 },    { "", "a", -1 }, { "a", "b", -1 },
		{ "ab", "a", 1 }, { "ab", "b", -1 }, { "a", "a", 0 }, { "\xff", "a", 1 },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].a);
		ent_str a = ent_str_of(rows[i].a);
		ent_str b = ent_str_of(rows[i].b);
		int order = ent_str_order(a, b);
		CHECK_INT((order > 0) - (order < 0), rows[i].order);
		CHECK_INT(ent_str_eq(a, b), rows[i].order == 0);
		CHECK_INT(ent_str_is(a, rows[i].b), rows[i].order == 0);
	}
	CHECK(ent_str_eq(none, ENT_STR("")) && ent_str_order(none, ENT_STR("")) == 0);
	CHECK(ent_str_of(NULL).ptr == NULL && ent_str_of("").ptr != NULL);
	CHECK(!ent_str_eq((ent_str){ "a\0b", 3 }, (ent_str){ "a\0c", 3 }));
}

TEST(str_finds)
{
	static const struct {
		const char *s;
		const char *part;
		bool begins, contains;
	} rows[] = {
		{ "entitled", "ent", true, true },
		{ "entitled", "title", false, true },
		{ "entitled", "led", false, true },
		{ "entitled", "entitled", true, true },
		{ "entitled", "", true, true },
		{ "entitled", "entitlement", false, false },
		{ "", "", true, true },
		{ "", "a", false, false },
		{ "aab", "ab", false, true },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].part);
		ent_str s = ent_str_of(rows[i].s);
		CHECK_INT(ent_str_begins(s, ent_str_of(rows[i].part)), rows[i].begins);
		CHECK_INT(ent_str_contains(s, ent_str_of(rows[i].part)), rows[i].contains);
	}
}

TEST(str_cuts_and_trims)
{
	static const struct {
		const char *s;
		const char *head;
		const char *tail;
		bool found;
	} rows[] = {
		{ "a,b", "a", "b", true }, { "a,b,c", "a", "b,c", true }, { "a", "a", "", false },
		{ ",", "", "", true },     { "", "", "", false },         { "a,", "a", "", true },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].s);
		struct ent_cut cut = ent_str_cut(ent_str_of(rows[i].s), ',');
		CHECK(ent_str_is(cut.head, rows[i].head));
		CHECK(ent_str_is(cut.tail, rows[i].tail));
		CHECK_INT(cut.found, rows[i].found);
	}
	CHECK(ent_str_is(ent_str_trim(ENT_STR("  a b ")), "a b"));
	CHECK(ent_str_is(ent_str_trim(ENT_STR("   ")), ""));
	CHECK(ent_str_is(ent_str_trim(ENT_STR("\ta\n")), "\ta\n"));
	CHECK(ent_str_trim(none).ptr == NULL);
}

TEST(str_reads_numbers)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} rows[] = {
		{ "0", true, 0 },
		{ "-1", true, -1 },
		{ "120", true, 120 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "99999999999999999999", false, 0 },
		{ "", false, 0 },
		{ "--1", false, 0 },
		{ "+1", false, 0 },
		{ "-0", false, 0 },
		{ "00", false, 0 },
		{ "007", false, 0 },
		{ "-07", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "1a", false, 0 },
		{ "0x1", false, 0 },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].text);
		int64_t value = 0;
		CHECK_INT(ent_str_int(ent_str_of(rows[i].text), &value), rows[i].ok);
		CHECK_INT(value, rows[i].value);
	}
	int64_t value;
	CHECK(!ent_str_int(none, &value));
}

TEST(str_reads_digits)
{
	int32_t value = -5;
	CHECK(ent_str_digits(ENT_STR("007"), 3, &value) && value == 7);
	CHECK(ent_str_digits(ENT_STR("999999999"), 9, &value) && value == 999999999);
	value = -5;
	CHECK(!ent_str_digits(ENT_STR("07"), 3, &value));
	CHECK(!ent_str_digits(ENT_STR("0007"), 3, &value));
	CHECK(!ent_str_digits(ENT_STR("-07"), 3, &value));
	CHECK(!ent_str_digits(ENT_STR("0/:"), 3, &value));
	CHECK(!ent_str_digits(none, 1, &value));
	CHECK_INT(value, -5);
}

TEST(str_knows_utf8)
{
	static const struct {
		const char *name;
		ent_str bytes;
		bool ok;
		size_t characters;
	} rows[] = {
		{ "empty", { "", 0 }, true, 0 },
		{ "ASCII", { "abc\x7f", 4 }, true, 4 },
		{ "U+0000", { "a\0b", 3 }, false, 0 },
		{ "U+0080", { "\xc2\x80", 2 }, true, 1 },
		{ "U+07FF", { "\xdf\xbf", 2 }, true, 1 },
		{ "U+0800", { "\xe0\xa0\x80", 3 }, true, 1 },
		{ "U+D7FF", { "\xed\x9f\xbf", 3 }, true, 1 },
		{ "U+FFFF", { "\xef\xbf\xbf", 3 }, true, 1 },
		{ "U+10000", { "\xf0\x90\x80\x80", 4 }, true, 1 },
		{ "U+10FFFF", { "\xf4\x8f\xbf\xbf", 4 }, true, 1 },
		{ "four", { "\xc3\xa9t\xc3\xa9 ", 6 }, true, 4 },
		{ "overlong 2", { "\xc1\xbf", 2 }, false, 0 },
		{ "overlong 3", { "\xe0\x9f\xbf", 3 }, false, 0 },
		{ "overlong 4", { "\xf0\x8f\xbf\xbf", 4 }, false, 0 },
		{ "overlong U+0000", { "\xc0\x80", 2 }, false, 0 },
		{ "surrogate", { "\xed\xa0\x80", 3 }, false, 0 },
		{ "last surrogate", { "\xed\xbf\xbf", 3 }, false, 0 },
		{ "U+110000", { "\xf4\x90\x80\x80", 4 }, false, 0 },
		{ "F5", { "\xf5\x80\x80\x80", 4 }, false, 0 },
		{ "FF", { "\xff", 1 }, false, 0 },
		{ "alone", { "\x80", 1 }, false, 0 },
		{ "cut 2", { "\xc3", 1 }, false, 0 },
		{ "cut 3", { "\xe2\x82", 2 }, false, 0 },
		{ "cut 4", { "\xf0\x9f\x98", 3 }, false, 0 },
		{ "broken", { "\xe2\x28\xa1", 3 }, false, 0 },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].name);
		CHECK_INT(ent_str_is_text(rows[i].bytes), rows[i].ok);
		if (rows[i].ok) {
			CHECK_INT(ent_str_characters(rows[i].bytes), rows[i].characters);
		}
	}
	CHECK(ent_str_is_text(none));
}
