#include "core/value.h"

#include "test.h"

/* The first are those of isodate's tests that are whole and not negative. */
static const struct {
	const char *text;
	ent_duration parts;
	const char *canonical; /* NULL: the same */
} rows[] = {
	{ "P18Y9M4DT11H9M8S", { 225, 4, 40148 }, NULL },
	{ "P2W", { 0, 14, 0 }, "P14D" },
	{ "P3Y6M4DT12H30M5S", { 42, 4, 45005 }, NULL },
	{ "P23DT23H", { 0, 23, 82800 }, NULL },
	{ "P4Y", { 48, 0, 0 }, NULL },
	{ "P1M", { 1, 0, 0 }, NULL },
	{ "PT1M", { 0, 0, 60 }, NULL },
	{ "PT36H", { 0, 0, 129600 }, NULL },
	{ "P1DT12H", { 0, 1, 43200 }, NULL },
	{ "P1DT2H3M4S", { 0, 1, 7384 }, NULL },
	{ "PT22S", { 0, 0, 22 }, NULL },
	{ "P1Y1M5W", { 13, 35, 0 }, "P1Y1M35D" },
	{ "P1Y1MT3H", { 13, 0, 10800 }, NULL },
	{ "P1Y2M10DT2H30M", { 14, 10, 9000 }, NULL },
	{ "P1W2D", { 0, 9, 0 }, "P9D" },
	{ "P13M", { 13, 0, 0 }, "P1Y1M" },
	{ "PT90M", { 0, 0, 5400 }, "PT1H30M" },
	{ "PT3600S", { 0, 0, 3600 }, "PT1H" },
	{ "P0D", { 0, 0, 0 }, "PT0S" },
	{ "PT0S", { 0, 0, 0 }, NULL },
	{ "P0Y0M0W0DT0H0M0S", { 0, 0, 0 }, "PT0S" },
	{ "PT08H", { 0, 0, 28800 }, "PT8H" },
	{ "P1000000000M", { 1000000000, 0, 0 }, "P83333333Y4M" },
	{ "P1000000000DT1000000000H", { 0, 1000000000, 3600000000000 }, NULL },
	{ "PT999999999H59M59S", { 0, 0, 3599999999999 }, NULL },
};

TEST(duration_reads_and_writes)
{
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].text);
		ent_duration got = ENT_DURATION_NONE;
		CHECK(ent_duration_parse(ent_str_of(rows[i].text), &got));
		CHECK_INT(got.months, rows[i].parts.months);
		CHECK_INT(got.days, rows[i].parts.days);
		CHECK_INT(got.seconds, rows[i].parts.seconds);
		const char *want = rows[i].canonical != NULL ? rows[i].canonical : rows[i].text;
		char text[ENT_DURATION_ROOM];
		CHECK_INT(ent_duration_format(got, text), strlen(want));
		CHECK_TEXT(text, want);
	}
}

TEST(duration_refuses)
{
	static const char bad[] =
		"P|PT|P1|1D|P1Y2|PT5|P1YT|P1H|PT1D|PT1Y|P1D1D|P1D1W|P1M1Y|P1D1M|P2D1Y|PT1M1H|"
		"PT1S1M|PT1HT1M|PTT1H|P0.5Y|PT2.3H|PT22.22S|P0,5Y|+P11D|-P2W|P-2W|P+2W|-P2.2W|"
		"p1d|P1d|Pt1H|PT1h| P1D|P1D |P 1D|P1 D|P0018-09-04T11:09:08|P1D/P2D|PD|PY|"
		"P1000000001D|P999999999Y|P83333334Y|P142857143W|PT1000000001S|PT1000000000H1S|"
		"P18446744073709551617D|P9999999999999999999999Y|P1X|P1Y2X|";
	for (ent_str rest = ent_str_of(bad); rest.len > 0;) {
		struct ent_cut cut = ent_str_cut(rest, '|');
		ROW(cut.head.ptr);
		ent_duration got = ENT_DURATION_NONE;
		CHECK(!ent_duration_parse(cut.head, &got));
		CHECK(ent_duration_is_none(got));
		rest = cut.tail;
	}
	ent_duration got;
	CHECK(!ent_duration_parse((ent_str){ NULL, 0 }, &got));
}

TEST(duration_writes_what_it_reads)
{
	uint64_t state = 8601;
	for (int n = 0; n < 5000; n++) {
		ent_duration want = { (int32_t)test_random(&state, 1 + test_random(&state, 500)),
			              (int32_t)test_random(&state, 1 + test_random(&state, 500)),
			              (int64_t)test_random(&state, 1u << 30) >>
			                      test_random(&state, 30) };
		char text[ENT_DURATION_ROOM];
		size_t len = ent_duration_format(want, text);
		ent_duration got = ENT_DURATION_NONE;
		ROW(text);
		CHECK(ent_duration_parse((ent_str){ text, len }, &got));
		CHECK_INT(got.months, want.months);
		CHECK_INT(got.days, want.days);
		CHECK_INT(got.seconds, want.seconds);
	}
}
