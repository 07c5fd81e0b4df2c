#include "core/calendar.h"
#include "core/date_term.h"
#include "test.h"
#include "zone_file.h"

/* Tables of cases, the clock's changes and what others wrote are in tests/data/calendar_*.txt. */

static const char *week_text(const char *text, struct ent_arena *arena)
{
	struct ent_week week;
	struct ent_error error = { 0 };
	if (ent_week_parse(ent_str_of(text), arena, &week, &error) != ENT_OK) {
		return error.issues[0].remedy[0] == '\0' ? "?" : "refused";
	}
	struct ent_text out = ent_text_begin(arena);
	ent_week_print(&week, &out);
	return ent_text_end(&out).ptr;
}

TEST(calendar_week_as_text)
{
	static const struct {
		const char *text, *printed;
	} rows[] = {
		{ "mon-fri 09:00-17:30", "mon-fri 09:00-17:30" },
		{ " mon,wed-fri  09:00-17:00 ", "mon 09:00-17:00; wed-fri 09:00-17:00" },
		{ "mon-thu 13:00-17:00, 09:00-12:00; fri 22:00-06:00",
		  "mon-thu 09:00-12:00,13:00-17:00; fri 22:00-06:00" },
		{ "mon-sun 00:00-24:00", "mon-sun 00:00-24:00" },
		{ "mon-sun 00:00-00:00", "mon-sun 00:00-24:00" },
		{ "sat-mon 09:00-09:00", "mon 09:00-09:00; sat-sun 09:00-09:00" },
		{ "mon 09:00:30-17:00; mon 17:00-18:00", "mon 09:00:30-17:00,17:00-18:00" },
		{ "closed", "closed" },
		{ "", "refused" }, { "mon", "refused" },
		{ "mon 9:00-17:00", "refused" }, { "mon 09:00-24:01", "refused" },
		{ "mon 24:00-24:00", "refused" }, { "mon 09:00-17:00;", "refused" },
		{ "mon-funday 09:00-17:00", "refused" }, { "mon 09:00", "refused" },
		{ "mon 09:00-17:60", "refused" }, { "Mon 09:00-17:00", "refused" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		ROW(rows[i].text);
		const char *printed = week_text(rows[i].text, &arena);
		CHECK_TEXT(printed, rows[i].printed);
		if (strcmp(printed, "refused") != 0) {
			CHECK_TEXT(week_text(printed, &arena), printed);
		}
	}
	ROW(NULL);
}

TEST(calendar_week_has_a_limit_of_spans)
{
	struct ent_arena arena = test_arena();
	struct ent_text out = ent_text_begin(&arena);
	for (int i = 0; i < 49; i++) {
		ent_text_addf(&out, "%smon 09:00-10:00", i == 0 ? "" : ";");
	}
	struct ent_week week;
	struct ent_error error = { 0 };
	ent_str text = ent_text_end(&out);
	CHECK_INT(ent_week_parse(text, &arena, &week, &error), ENT_E_LIMIT);
	text.len = 48 * 16 - 1;
	CHECK_INT(ent_week_parse(text, &arena, &week, &error), ENT_OK);
}

TEST(calendar_rules_of_dates)
{
	static const struct {
		const char *rule;
		int year;
		const char *date; /* "": none in that year; NULL: no rule */
	} rows[] = {
		{ "2026-12-25", 1999, "2026-12-25" }, { "*-12-25", 2026, "2026-12-25" },
		{ "*-02-29", 2024, "2024-02-29" },    { "*-02-29", 2026, "" },
		{ "*-11-thu4", 2025, "2025-11-27" },  { "*-11-thu4+1", 2025, "2025-11-28" },
		{ "*-05-mon-1", 2026, "2026-05-25" }, { "*-05-mon-1-3", 2026, "2026-05-22" },
		{ "*-02-sun5", 2026, "" },            { "*-03-sun5", 2026, "2026-03-29" },
		{ "*-02-sun-5", 2026, "" },           { "*-02-mon1", 2027, "2027-02-01" },
		{ "easter", 2025, "2025-04-20" },     { "easter", 2038, "2038-04-25" },
		{ "easter-2", 2026, "2026-04-03" },   { "easter+39", 2027, "2027-05-06" },
		{ "easter", 1818, "1818-03-22" },     { "easter", 2285, "2285-03-22" },
		{ "easter+0", 2025, NULL },           { "easter+367", 2025, NULL },
		{ "easterx", 2025, NULL },            { "*-11-thu0", 2025, NULL },
		{ "*-11-thu6", 2025, NULL },          { "*-11-thu", 2025, NULL },
		{ "*-11-thu+4", 2025, NULL },         { "*-13-25", 2025, NULL },
		{ "*-02-30", 2025, NULL },            { "2025-02-29", 2025, NULL },
		{ "*-12-5", 2025, NULL },             { "", 2025, NULL },
		{ "*-11-thu4+1x", 2025, NULL },       { "*-00-10", 2025, NULL },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_day_rule rule;
		char date[11] = "";
		char again[ENT_DAY_RULE_ROOM];
		ROW(rows[i].rule);
		bool good = ent_day_rule_parse(ent_str_of(rows[i].rule), &rule);
		CHECK_INT(good, rows[i].date != NULL);
		if (good && rows[i].date != NULL) {
			ent_date got = ent_day_rule_date(&rule, rows[i].year);
			if (!ent_date_is_none(got)) {
				ent_date_format(got, date);
			}
			CHECK_TEXT(date, rows[i].date);
			CHECK_INT(ent_day_rule_format(&rule, again), strlen(rows[i].rule));
			CHECK_TEXT(again, rows[i].rule);
		}
	}
	ROW(NULL);
}

TEST(calendar_easter_is_a_sunday_in_spring)
{
	for (int32_t year = ENT_YEAR_MIN; year <= ENT_YEAR_MAX; year++) {
		ent_date easter = ent_easter(year);
		struct ent_civil civil = ent_date_civil(easter);
		int32_t in_march = (civil.month - 3) * 31 + civil.day;
		CHECK(civil.year == year && ent_date_weekday(easter) == 6);
		CHECK(in_march >= 22 && in_march <= 31 + 25);
	}
}

/* ---- what only a struct can say ---- */

static struct ent_week week_of(const char *text, struct ent_arena *arena)
{
	struct ent_week week = { 0 };
	struct ent_error error = { 0 };
	CHECK_INT(ent_week_parse(ent_str_of(text), arena, &week, &error), ENT_OK);
	return week;
}

TEST(calendar_versions_hold_from_their_date)
{
	struct ent_arena arena = test_arena();
	struct ent_calendar_version versions[3] = {
		{ .effective_from = ENT_DATE_NONE, .week = week_of("mon-fri 09:00-17:00", &arena) },
		{ .effective_from = ent_date_make(2026, 7, 1),
		  .week = week_of("mon-fri 08:00-12:00; tue 22:00-02:00", &arena) },
		{ .effective_from = ent_date_make(2027, 1, 1) }, /* closed for good */
	};
	struct ent_timetable calendar = { ENT_STR("UTC"), &ent_zone_utc, versions, 3 };
	static const struct {
		const char *start, *due;
		int hours;
	} rows[] = {
		{ "2026-06-30T16:00:00Z", "2026-07-01T09:00:00Z", 2 }, /* Tuesday */
		{ "2026-06-30T21:00:00Z", "2026-07-01T08:30:00Z", 0 },
		{ "2026-07-07T21:00:00Z", "2026-07-08T02:00:00Z", 4 },
		{ "2026-12-31T11:00:00Z", "2026-12-31T12:00:00Z", 1 },
		{ "2026-12-31T11:00:00Z", NULL, 2 },
		{ "2027-05-31T11:00:00Z", NULL, 1 },
	};
	const struct ent_hours *near = ent_hours_compile(&calendar, 2026, 2026, &arena);
	const struct ent_hours *far = ent_hours_compile(&calendar, 1950, 1950, &arena);
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		int64_t us = rows[i].hours == 0 ? 30 * ENT_MINUTE_US : rows[i].hours * ENT_HOUR_US;
		ent_instant want = rows[i].due == NULL ? ENT_INSTANT_END : instant_of(rows[i].due);
		ent_instant start = instant_of(rows[i].start);
		CHECK_INT(ent_hours_add(near, start, us, arena).us, want.us);
		CHECK_INT(ent_hours_add(far, start, us, arena).us, want.us);
	}
	ent_instant later = instant_of("2030-01-01T00:00:00Z");
	CHECK_INT(ent_hours_subtract(near, later, ENT_HOUR_US, arena).us,
	          instant_of("2026-12-31T11:00:00Z").us);
	CHECK_INT(ent_hours_days_between(near, ent_date_make(2026, 6, 29),
	                                 ent_date_make(2036, 1, 1), arena),
	          134);
}

TEST(calendar_years_outside_the_tables_are_answered_alike)
{
	static char zone_bytes[ZONE_FILE_ROOM];
	struct ent_arena arena = test_arena();
	struct ent_error error = { 0 };
	const struct ent_zone *zone = &ent_zone_utc;
	ent_str bytes = read_zone_file("Europe/Berlin", zone_bytes);
	CHECK_INT(ent_zone_parse(bytes, ENT_STR("Europe/Berlin"), &arena, &zone, &error), ENT_OK);
	struct ent_calendar_version version = {
		.week = week_of("mon-thu 08:00-12:00,13:00-17:00; fri 22:00-06:00", &arena),
	};
	struct ent_timetable calendar = { zone->name, zone, &version, 1 };
	const struct ent_hours *wide = ent_hours_compile(&calendar, 2018, 2032, &arena);
	const struct ent_hours *thin = ent_hours_compile(&calendar, 2025, 2025, &arena);
	uint64_t state = 7;
	for (int i = 0; i < 300; i++) {
		ent_instant at = { seconds_between(&state, 2019, 2031) * ENT_SECOND_US };
		ent_instant to = { seconds_between(&state, 2019, 2031) * ENT_SECOND_US };
		int64_t us = (int64_t)test_random(&state, 8000) * ENT_HOUR_US / 4;
		int32_t days = (int32_t)test_random(&state, 1200) - 600;
		CHECK_INT(ent_hours_add(thin, at, us, arena).us,
		          ent_hours_add(wide, at, us, arena).us);
		CHECK_INT(ent_hours_subtract(thin, at, us, arena).us,
		          ent_hours_subtract(wide, at, us, arena).us);
		CHECK_INT(ent_hours_between(thin, at, to, arena),
		          ent_hours_between(wide, at, to, arena));
		CHECK_INT(ent_hours_next_open(thin, at, arena).us,
		          ent_hours_next_open(wide, at, arena).us);
		CHECK_INT(ent_hours_next_close(thin, at, arena).us,
		          ent_hours_next_close(wide, at, arena).us);
		CHECK_INT(ent_hours_last_open(thin, at, arena).us,
		          ent_hours_last_open(wide, at, arena).us);
		for (int mode = 0; mode < 3; mode++) {
			CHECK_INT(ent_hours_add_days(thin, at, days, (enum ent_day_mode)mode,
			                             arena)
			                  .us,
			          ent_hours_add_days(wide, at, days, (enum ent_day_mode)mode,
			                             arena)
			                  .us);
		}
	}
}

TEST(calendar_ends_with_the_years_that_can_be_written)
{
	struct ent_arena arena = test_arena();
	struct ent_calendar_version version = { .week = week_of("mon-sun 09:00-10:00", &arena) };
	struct ent_timetable calendar = { ENT_STR("UTC"), &ent_zone_utc, &version, 1 };
	const struct ent_hours *last = ent_hours_compile(&calendar, 9998, 9999, &arena);
	const struct ent_hours *first = ent_hours_compile(&calendar, 1, 2, &arena);
	ent_instant late = instant_of("9999-12-30T12:00:00Z");
	ent_instant early = instant_of("0001-01-02T08:00:00Z");
	CHECK_INT(ent_hours_add(last, late, ENT_HOUR_US, arena).us,
	          instant_of("9999-12-31T10:00:00Z").us);
	CHECK(ent_hours_add(last, late, ENT_HOUR_US + 1, arena).us == ENT_INSTANT_END.us);
	CHECK(ent_hours_add(last, late, ENT_BUSINESS_MAX, arena).us == ENT_INSTANT_END.us);
	CHECK(ent_hours_add_days(last, late, 2, ENT_DAY_KEEP_CLOCK, arena).us ==
	      ENT_INSTANT_END.us);
	CHECK(ent_hours_subtract(first, early, ENT_HOUR_US, arena).us ==
	      instant_of("0001-01-01T09:00:00Z").us);
	CHECK(ent_instant_is_none(ent_hours_subtract(first, early, ENT_HOUR_US + 1, arena)));
	CHECK(ent_instant_is_none(ent_hours_add(first, early, -ENT_BUSINESS_MAX, arena)));
	CHECK(ent_hours_add(last, ENT_INSTANT_END, ENT_HOUR_US, arena).us == ENT_INSTANT_END.us);
	CHECK(ent_instant_is_none(ent_hours_subtract(last, ENT_INSTANT_NONE, 0, arena)));
	CHECK_INT(ent_hours_between(last, ENT_INSTANT_END, ENT_INSTANT_END, arena), 0);
	CHECK(!ent_hours_is_open(last, ENT_INSTANT_NONE, arena));
	CHECK(!ent_hours_is_open(first, (ent_instant){ early.us - 3 * ENT_DAY_US }, arena));
}

/* ---- terms ---- */

TEST(date_term_between_leads_there)
{
	uint64_t state = 11;
	for (int i = 0; i < 20000; i++) {
		int64_t from = seconds_between(&state, 1900, 2100) * ENT_SECOND_US;
		int64_t to = from + ((int64_t)test_random(&state, 400000000) - 200000000) *
		                            ENT_SECOND_US;
		int64_t back = 0;
		struct ent_term term = ent_term_between(from, to);
		CHECK(ent_term_add(from, term, 1, &back));
		CHECK_INT(back, to);
		CHECK(term.duration.days <= 30 && term.duration.seconds < 86400);
	}
}

TEST(date_term_stays_within_the_years)
{
	struct ent_term term;
	int64_t out = 0;
	CHECK(ent_term_parse(ENT_STR("P1000000000M"), &term));
	CHECK(!ent_term_add(0, term, 100000, &out));
	CHECK(ent_term_parse(ENT_STR("P1000000000D"), &term));
	CHECK(!ent_term_add(0, term, -100000, &out));
	CHECK(ent_term_parse(ENT_STR("PT1000000000H"), &term));
	CHECK(!ent_term_add(0, term, 100000, &out));
	CHECK(ent_term_parse(ENT_STR("P8029Y"), &term));
	CHECK(ent_term_add(0, term, 1, &out));
	CHECK(!ent_term_parse(ENT_STR("--P1M"), &term));
	CHECK(!ent_term_parse(ENT_STR(""), &term));
	CHECK(!ent_term_parse(ENT_STR("-"), &term));
}
