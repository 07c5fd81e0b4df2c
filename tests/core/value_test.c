#include "core/value.h"

#include "test.h"

#include <time.h>

static ent_date date_of(const char *text)
{
	ent_date date = ENT_DATE_NONE;
	CHECK(ent_date_parse(ent_str_of(text), &date));
	return date;
}

static void check_date(ent_date got, const char *want)
{
	char text[11];
	ent_date_format(got, text);
	CHECK_TEXT(text, want);
}

/* ---- dates --------------------------------------------------------------- */

TEST(date_agrees_with_counting_days)
{
	int32_t day = -719162; /* 0001-01-01 */
	int weekday = 0;       /* a Monday */
	for (int32_t year = 1; year <= 9999; year++) {
		for (int32_t month = 1; month <= 12; month++) {
			int32_t last = ent_month_days(year, month);
			CHECK_INT(ent_date_make(year, month, 1).day, day);
			CHECK_INT(ent_date_weekday((ent_date){ day }), weekday);
			for (int32_t d = 1; d <= last; d += last - 1) {
				struct ent_civil civil = ent_date_civil((ent_date){ day + d - 1 });
				CHECK_INT(civil.year, year);
				CHECK_INT(civil.month, month);
				CHECK_INT(civil.day, d);
			}
			day += last;
			weekday = (weekday + last) % 7;
		}
	}
	CHECK_INT(day, 2932897); /* 10000-01-01 */
}

TEST(date_reads_and_writes)
{
	static const struct {
		const char *text;
		int32_t day;
	} rows[] = {
		{ "1970-01-01", 0 },       { "1969-12-31", -1 },     { "2000-02-29", 11016 },
		{ "2026-02-28", 20512 },   { "2400-02-29", 157113 }, { "0001-01-01", -719162 },
		{ "9999-12-31", 2932896 },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].text);
		CHECK_INT(date_of(rows[i].text).day, rows[i].day);
		check_date((ent_date){ rows[i].day }, rows[i].text);
	}
}

TEST(date_refuses)
{
	static const char rows[] =
		"2026-02-29|1900-02-29|2100-02-29|2026-04-31|2026-00-01|2026-13-01|2026-01-00|"
		"2026-01-32|0000-01-01|2026-1-01|2026-01-1|26-01-01|20260101|2026/01/01|"
		"2026-01-01 | 2026-01-01|2026-01-01T|-026-01-01|+026-01-01|10000-01-01|"
		"2026-01--1|2026-01-0x|2026-W01-1|";
	for (ent_str rest = ent_str_of(rows); rest.len > 0;) {
		struct ent_cut cut = ent_str_cut(rest, '|');
		ROW(cut.head.ptr);
		ent_date date = ENT_DATE_NONE;
		CHECK(!ent_date_parse(cut.head, &date));
		CHECK(ent_date_is_none(date));
		rest = cut.tail;
	}
	ent_date date;
	CHECK(!ent_date_parse((ent_str){ NULL, 0 }, &date));
}

/* The fourth to the fourteenth: Business Central's billing periods, start_of_month, with
 * the first day not covered; then Kill Bill's. */
static const struct {
	const char *from;
	int32_t months;
	const char *want;
} months[] = {
	{ "2026-01-31", 1, "2026-02-28" },   { "2026-01-31", 2, "2026-03-31" },
	{ "2026-03-31", -1, "2026-02-28" },  { "2024-01-28", 1, "2024-02-28" },
	{ "2024-01-29", 1, "2024-02-29" },   { "2024-01-30", 1, "2024-02-29" },
	{ "2024-01-31", 1, "2024-02-29" },   { "2024-02-29", 1, "2024-03-29" },
	{ "2024-01-31", 2, "2024-03-31" },   { "2024-02-29", 2, "2024-04-29" },
	{ "2024-01-31", 3, "2024-04-30" },   { "2024-02-29", 3, "2024-05-29" },
	{ "2024-01-31", 12, "2025-01-31" },  { "2024-02-29", 12, "2025-02-28" },
	{ "2016-04-08", 0, "2016-04-08" },   { "2016-04-08", 7, "2016-11-08" },
	{ "2016-11-08", -7, "2016-04-08" },  { "2016-11-08", -1, "2016-10-08" },
	{ "2012-04-30", 1, "2012-05-30" },   { "2000-02-29", 13, "2001-03-29" },
	{ "2000-02-29", -13, "1999-01-29" }, { "1996-02-29", 48, "2000-02-29" },
	{ "2096-02-29", 48, "2100-02-28" },  { "2000-01-30", 13, "2001-02-28" },
	{ "2026-12-31", 1, "2027-01-31" },   { "2026-01-01", -1, "2025-12-01" },
	{ "2026-06-15", -12, "2025-06-15" }, { "2024-02-29", -12, "2023-02-28" },
	{ "0001-01-31", 1, "0001-02-28" },   { "0001-01-31", 119976, "9999-01-31" },
};

TEST(date_adds_months)
{
	for (size_t i = 0; i < ENT_COUNT(months); i++) {
		ROW(months[i].from);
		check_date(ent_date_add_months(date_of(months[i].from), months[i].months),
		           months[i].want);
	}
}

TEST(date_adds_months_from_the_anchor)
{
	static const char *const want[] = { "2023-01-31", "2023-02-28", "2023-03-31",
		                            "2023-04-30", "2023-05-31", "2023-06-30" };
	for (int32_t i = 0; i < 6; i++) {
		check_date(ent_date_add_months(date_of("2023-01-31"), i), want[i]);
	}
	uint64_t state = 31;
	for (int n = 0; n < 2000; n++) { /* never past the month, never a later day in it */
		ent_date from = { (int32_t)test_random(&state, 60000) };
		int32_t k = (int32_t)test_random(&state, 2400) - 600;
		struct ent_civil a = ent_date_civil(from);
		struct ent_civil b = ent_date_civil(ent_date_add_months(from, k));
		CHECK_INT(b.year * 12 + b.month, a.year * 12 + a.month + k);
		int32_t last = ent_month_days(b.year, b.month);
		CHECK_INT(b.day, a.day < last ? a.day : last);
	}
}

/* ---- instants ------------------------------------------------------------ */

TEST(instant_reads_and_writes)
{
	static const struct {
		const char *text;
		int64_t us;
		const char *canonical; /* NULL: the same */
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0, NULL },
		{ "1969-12-31T23:59:59.999999Z", -1, NULL },
		{ "2026-02-28T09:30:00Z", 1772271000000000, NULL },
		{ "2026-02-28T09:30:00.25+01:00", 1772267400250000, "2026-02-28T08:30:00.250Z" },
		{ "2026-02-28T09:30:00.1Z", 1772271000100000, "2026-02-28T09:30:00.100Z" },
		{ "2026-02-28T09:30:00.000001Z", 1772271000000001, NULL },
		{ "2026-02-28T09:30:00.0Z", 1772271000000000, "2026-02-28T09:30:00Z" },
		{ "2026-02-28T00:00:00+14:00", 1772186400000000, "2026-02-27T10:00:00Z" },
		{ "2026-02-28T23:59:59-12:00", 1772366399000000, "2026-03-01T11:59:59Z" },
		{ "2026-02-28T09:30:00-00:00", 1772271000000000, "2026-02-28T09:30:00Z" },
		{ "0001-01-01T00:00:00Z", -62135596800000000, NULL },
		{ "9999-12-31T23:59:59.999999Z", 253402300799999999, NULL },
		{ "1969-07-20T20:17:40Z", -14182940000000, NULL },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].text);
		ent_instant instant = ENT_INSTANT_NONE;
		CHECK(ent_instant_parse(ent_str_of(rows[i].text), &instant));
		CHECK_INT(instant.us, rows[i].us);
		const char *want = rows[i].canonical != NULL ? rows[i].canonical : rows[i].text;
		char text[ENT_INSTANT_ROOM];
		CHECK_INT(ent_instant_format(instant, text), strlen(want));
		CHECK_TEXT(text, want);
	}
}

TEST(instant_refuses)
{
	static const char rows[] =
		"2026-02-28|2026-02-28T09:30Z|2026-02-28T09:30:00|2026-02-28 09:30:00Z|"
		"2026-02-28T24:00:00Z|2026-02-28T23:60:00Z|2026-02-28T23:59:60Z|"
		"2026-02-29T00:00:00Z|2026-02-28T09:30:00.Z|2026-02-28T09:30:00.1234567Z|"
		"2026-02-28T09:30:00,5Z|2026-02-28T09:30:00+1:00|2026-02-28T09:30:00+0100|"
		"2026-02-28T09:30:00+01|2026-02-28T09:30:00+24:00|2026-02-28T09:30:00+01:60|"
		"2026-02-28T09:30:00Z |2026-02-28T09:30:00ZZ|2026-02-28T9:30:00Z|"
		"2026-02-28T09:30:00 01:00|2026-02-28T09:30:00+01:00[Europe/Berlin]|"
		"0001-01-01T00:00:00+00:01|9999-12-31T23:59:59-00:01|2026-02-28T09:30:-1Z|"
		"20260228T093000Z|2026-02-28T09:30:00.|2026-02-28T09-30-00Z|";
	for (ent_str rest = ent_str_of(rows); rest.len > 0;) {
		struct ent_cut cut = ent_str_cut(rest, '|');
		ROW(cut.head.ptr);
		ent_instant instant = ENT_INSTANT_NONE;
		CHECK(!ent_instant_parse(cut.head, &instant));
		CHECK(ent_instant_is_none(instant));
		rest = cut.tail;
	}
}

TEST(instant_agrees_with_glibc)
{
	uint64_t state = 9;
	for (int n = 0; n < 5000; n++) {
		int64_t s = (int64_t)(test_random(&state, 1u << 30) * 294967 % 315537897600) -
		            62135596800;
		struct tm tm;
		time_t t = s;
		char want[40];
		char got[ENT_INSTANT_ROOM];
		gmtime_r(&t, &tm);
		snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		         tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
		ent_instant_format((ent_instant){ s * ENT_SECOND_US }, got);
		CHECK_TEXT(got, want);
		CHECK_INT(ent_date_weekday((ent_date){
				  (int32_t)((s - (s % 86400 + 86400) % 86400) / 86400) }),
		          (tm.tm_wday + 6) % 7);
	}
}

/* ---- decimals ------------------------------------------------------------ */

TEST(decimal_reads_and_writes)
{
	static const struct {
		const char *text;
		int64_t micro;
		const char *canonical; /* NULL: the same */
	} rows[] = {
		{ "0", 0, NULL },
		{ "12", 12000000, NULL },
		{ "-0.5", -500000, NULL },
		{ "1234.567891", 1234567891, NULL },
		{ "0.000001", 1, NULL },
		{ "-0.000001", -1, NULL },
		{ "1.50", 1500000, "1.5" },
		{ "1.000000", 1000000, "1" },
		{ "-0", 0, "0" },
		{ "100", 100000000, NULL },
		{ "9000000000000", 9000000000000000000, NULL },
		{ "-9000000000000", -9000000000000000000, NULL },
		{ "9000000000000.000000", 9000000000000000000, "9000000000000" },
		{ "8999999999999.999999", 8999999999999999999, NULL },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].text);
		ent_decimal decimal = ENT_DECIMAL_NONE;
		CHECK(ent_decimal_parse(ent_str_of(rows[i].text), &decimal));
		CHECK_INT(decimal.micro, rows[i].micro);
		const char *want = rows[i].canonical != NULL ? rows[i].canonical : rows[i].text;
		char text[ENT_DECIMAL_ROOM];
		CHECK_INT(ent_decimal_format(decimal, text), strlen(want));
		CHECK_TEXT(text, want);
	}
	char text[ENT_DECIMAL_ROOM];
	ent_decimal_format((ent_decimal){ INT64_MIN }, text);
	CHECK_TEXT(text, "-9223372036854.775808");
}

TEST(decimal_refuses)
{
	static const char rows[] =
		"-|.|.5|5.|-.5|+1|--1|1e3|0x10|01|00|-01|1,5|1 000| 1|1 |1.2.3|1.2345678|"
		"1.-5|1.+5|9000000000001|9000000000000.000001|-9000000000000.000001|"
		"99999999999999999999|inf|nan|1.5a|";
	for (ent_str rest = ent_str_of(rows); rest.len > 0;) {
		struct ent_cut cut = ent_str_cut(rest, '|');
		ROW(cut.head.ptr);
		ent_decimal decimal = ENT_DECIMAL_NONE;
		CHECK(!ent_decimal_parse(cut.head, &decimal));
		CHECK_INT(decimal.micro, INT64_MIN);
		rest = cut.tail;
	}
	ent_decimal decimal;
	CHECK(!ent_decimal_parse(ENT_STR(""), &decimal));
}

/* ---- identifiers and lists ------------------------------------------------ */

TEST(id_reads_and_writes)
{
	static const struct {
		int64_t value;
		const char *prefix;
		const char *text;
	} rows[] = {
		{ 1, "ent", "ent_0000000000001" },
		{ 31, "a", "a_000000000000z" },
		{ 32, "abcdef", "abcdef_0000000000010" },
		{ INT64_MAX, "ent", "ent_7zzzzzzzzzzzz" },
		{ 1234567890123456789, "usr", "usr_128ggyhyyk08n" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].text);
		char text[ENT_ID_ROOM];
		ent_id id = ENT_ID_NONE;
		CHECK_INT(ent_id_format((ent_id){ rows[i].value }, rows[i].prefix, text),
		          strlen(rows[i].text));
		CHECK(ent_id_parse(ent_str_of(text), rows[i].prefix, &id));
		CHECK_INT(id.value, rows[i].value);
		CHECK_TEXT(text, rows[i].text);
	}
}

TEST(id_refuses)
{
	static const char rows[] =
		"ent_0000000000000|ent_8000000000000|ent_zzzzzzzzzzzzz|ent_000000000000i|"
		"ent_000000000000l|ent_000000000000o|ent_000000000000u|ent_000000000000A|"
		"ENT_0000000000001|ent-0000000000001|ent_000000000001|ent_00000000000001|"
		"usr_0000000000001|ent_000000000000 |ent_|ent|0000000000001|ent_000000000000\xc3|";
	for (ent_str rest = ent_str_of(rows); rest.len > 0;) {
		struct ent_cut cut = ent_str_cut(rest, '|');
		ROW(cut.head.ptr);
		ent_id id = ENT_ID_NONE;
		CHECK(!ent_id_parse(cut.head, "ent", &id));
		CHECK(ent_id_is_none(id));
		rest = cut.tail;
	}
	ent_id id;
	CHECK(!ent_id_parse((ent_str){ NULL, 0 }, "ent", &id));
}

TEST(id_tells_when_it_was_made)
{
	int64_t ms = 200000000123; /* after the beginning of 2020 */
	ent_id id = { ms << 22 | 5 << 12 | 4095 };
	CHECK_INT(ent_id_instant(id).us, (ENT_ID_EPOCH_MS + ms) * 1000);
	CHECK(ent_id_eq(id, id) && !ent_id_eq(id, ENT_ID_NONE));
}

TEST(lists_know_what_they_have)
{
	ent_id ids[] = { { 3 }, { 1 } };
	ent_str words[] = { ENT_STR("read"), ENT_STR("write") };
	CHECK(ent_ids_has((struct ent_ids){ ids, 2 }, (ent_id){ 1 }));
	CHECK(!ent_ids_has((struct ent_ids){ ids, 2 }, (ent_id){ 2 }));
	CHECK(!ent_ids_has((struct ent_ids){ NULL, 0 }, (ent_id){ 2 }));
	CHECK(ent_words_has((struct ent_words){ words, 2 }, ENT_STR("write")));
	CHECK(!ent_words_has((struct ent_words){ words, 2 }, ENT_STR("writ")));
	CHECK(!ent_words_has((struct ent_words){ NULL, 0 }, ENT_STR("")));
}

TEST(none_is_none)
{
	CHECK(ent_date_is_none(ENT_DATE_NONE) && !ent_date_is_none((ent_date){ 0 }));
	CHECK(ent_instant_is_none(ENT_INSTANT_NONE) && !ent_instant_is_none(ENT_INSTANT_END));
	CHECK(ent_duration_is_none(ENT_DURATION_NONE) &&
	      !ent_duration_is_none((ent_duration){ 0, 0, 0 }));
	CHECK(ent_id_is_none(ENT_ID_NONE));
	CHECK(ent_count_is_none(ENT_COUNT_NONE) && !ent_count_is_none((ent_count){ 0 }));
}
