#include "json/calendar.h"
#include "test.h"

#include <string.h>

static const struct ent_timetable *read_back(ent_str text, struct ent_arena *arena)
{
	const struct ent_node *node = NULL;
	struct ent_error error = { 0 };
	struct ent_timetable *out = ENT_NEW(arena, struct ent_timetable, 1);
	CHECK_INT(ent_json_parse(text, arena, &node, &error), ENT_OK);
	ent_calendar_read(node, "", arena, out, &error);
	CHECK_INT((long long)error.issue_count, 0);
	if (error.issue_count > 0) {
		printf("# %s %s\n", error.issues[0].pointer, error.issues[0].remedy);
	}
	return out;
}

static ent_str written(const struct ent_timetable *calendar, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	ent_calendar_write(calendar, &out);
	return ent_text_end(&out);
}

#define HOLIDAYS(read, written) { read, written }

TEST(calendar_is_written_in_one_notation)
{
	static const char *const rows[][2] = { /* read, and what is written of holidays */
		HOLIDAYS("[\"2026-12-25\",\"*-12-26\"]", "[\"2026-12-25\",\"*-12-26\"]"),
		HOLIDAYS("[{\"date\":\"easter-2\"}]", "[\"easter-2\"]"),
		HOLIDAYS("[{\"date\":\"*-11-thu4\",\"days\":2,\"name\":\"Thanks\"}]",
		  "[{\"date\":\"*-11-thu4\",\"days\":2,\"name\":\"Thanks\"}]"),
		HOLIDAYS("[{\"date\":\"*-12-24\",\"from\":\"12:00\",\"to\":\"24:00\",\"days\":1}]",
		  "[{\"date\":\"*-12-24\",\"from\":\"12:00\"}]"),
		HOLIDAYS("[{\"date\":\"*-12-30\",\"days\":5}]",
		         "[{\"date\":\"*-12-30\",\"days\":5}]"),
		HOLIDAYS("[{\"from\":\"2026-12-24T12:00\",\"to\":\"2027-01-01\"}]",
		  "[{\"date\":\"2026-12-24\",\"days\":9,\"from\":\"12:00\"}]"),
		HOLIDAYS("[{\"from\":\"2026-12-24\",\"to\":\"2027-01-01T08:00\",\"yearly\":true}]",
		  "[{\"date\":\"*-12-24\",\"days\":9,\"to\":\"08:00\"}]"),
		HOLIDAYS("[{\"from\":\"2026-01-01T08:00\",\"to\":\"2028-01-01\","
		         "\"name\":\"Long\"}]",
		  "[{\"from\":\"2026-01-01T08:00\",\"to\":\"2028-01-01\",\"name\":\"Long\"}]"),
		HOLIDAYS("[{\"from\":\"easter-2\",\"to\":\"*-05-01T12:00\"}]",
		  "[{\"from\":\"easter-2\",\"to\":\"*-05-01T12:00\"}]"),
		HOLIDAYS("[{\"from\":\"*-03-01\",\"to\":\"*-02-29\"}]",
		  "[{\"from\":\"*-03-01\",\"to\":\"*-02-29\"}]"),
		HOLIDAYS("[{\"from\":\"*-02-28\",\"to\":\"*-03-01\"}]",
		  "[{\"date\":\"*-02-28\",\"days\":3}]"),
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		ROW(rows[i][0]);
		const struct ent_timetable *calendar = read_back(
			ent_text_format(&arena, "{\"holidays\":%s}", rows[i][0]), &arena);
		struct ent_text out = ent_text_begin(&arena);
		ent_holidays_write(calendar->versions[0].holidays,
		                   calendar->versions[0].holiday_count, &out);
		CHECK_TEXT(ent_text_end(&out).ptr, rows[i][1]);
	}
	ROW(NULL);
}

/* ---- random calendars ---- */

static struct ent_openings random_hours(uint64_t *seed, struct ent_arena *arena)
{
	size_t count = test_random(seed, 4);
	struct ent_opening *items = ENT_NEW(arena, struct ent_opening, count);
	int32_t from = 0;
	for (size_t i = 0; i < count; i++) {
		from += (int32_t)test_random(seed, 6 * 3600);
		items[i].from = from;
		items[i].to = from + 1 + (int32_t)test_random(seed, ENT_DAY_S);
	}
	return (struct ent_openings){ items, count };
}

static struct ent_dates random_dates(uint64_t *seed, struct ent_arena *arena)
{
	size_t count = test_random(seed, 5);
	struct ent_dated *items = ENT_NEW(arena, struct ent_dated, count);
	int32_t day = 20000;
	for (size_t i = 0; i < count; i++) {
		day += 1 + (int32_t)test_random(seed, 400);
		items[i] = (struct ent_dated){ { day }, random_hours(seed, arena) };
	}
	return (struct ent_dates){ items, count };
}

static struct ent_day_rule random_rule(uint64_t *seed, bool once)
{
	struct ent_day_rule rule = { .form = ENT_DAY_ONCE, .date = ENT_DATE_NONE };
	if (once) {
		rule.date.day = 20000 + (int32_t)test_random(seed, 3000);
		return rule;
	}
	rule.form = (enum ent_day_form)(1 + test_random(seed, 3));
	rule.month = rule.form == ENT_DAY_EASTER ? 0 : 1 + (int32_t)test_random(seed, 12);
	if (rule.form == ENT_DAY_YEARLY) {
		int32_t days = ent_month_days(2000, rule.month);
		rule.day = 1 + (int32_t)test_random(seed, (uint64_t)days);
		return rule;
	}
	rule.offset = (int32_t)test_random(seed, 100) - 50;
	if (rule.form == ENT_DAY_WEEKDAY) {
		rule.weekday = (int32_t)test_random(seed, 7);
		rule.nth = (int32_t)test_random(seed, 5) - 5;
		rule.nth += test_random(seed, 2) == 0 ? 6 : 0;
	}
	return rule;
}

static struct ent_holiday random_holiday(uint64_t *seed)
{
	static const char *const names[] = { NULL, "Day \"of\" rest", "\xc3\x89t\xc3\xa9" };
	bool once = test_random(seed, 2) == 0;
	struct ent_holiday out = { .first = random_rule(seed, once), .to = ENT_DAY_S };
	out.last = out.first;
	uint64_t kind = test_random(seed, 4);
	if (kind == 0) {
		out.from = (int32_t)test_random(seed, 40000);
		out.to = 1 + out.from + (int32_t)test_random(seed, 40000);
	} else if (kind == 1) {
		CHECK(ent_day_rule_later(&out.first, (int32_t)test_random(seed, 366), &out.last));
	} else if (kind == 2) {
		out.last = random_rule(seed, once);
	}
	if (once && out.last.date.day < out.first.date.day) {
		out.last = out.first;
	}
	const char *name = names[test_random(seed, ENT_COUNT(names))];
	out.name = name == NULL ? (ent_str){ NULL, 0 } : ent_str_of(name);
	return out;
}

static void random_version(uint64_t *seed, struct ent_arena *arena,
                           struct ent_calendar_version *out)
{
	for (size_t day = 0; day < 7; day++) {
		out->week.days[day] = random_hours(seed, arena);
	}
	out->exceptions = random_dates(seed, arena);
	out->breaks = random_dates(seed, arena);
	out->holiday_count = test_random(seed, 8);
	struct ent_holiday *items = ENT_NEW(arena, struct ent_holiday, out->holiday_count);
	for (size_t i = 0; i < out->holiday_count; i++) {
		items[i] = random_holiday(seed);
	}
	out->holidays = items;
}

static struct ent_timetable random_calendar(uint64_t *seed, struct ent_arena *arena)
{
	size_t count = 1 + test_random(seed, 3);
	struct ent_calendar_version *versions = ENT_NEW(arena, struct ent_calendar_version, count);
	for (size_t i = 0; i < count; i++) {
		random_version(seed, arena, &versions[i]);
		versions[i].effective_from.day = 20000 + (int32_t)i * 500;
	}
	versions[0].effective_from = ENT_DATE_NONE;
	return (struct ent_timetable){ ENT_STR("UTC"), &ent_zone_utc, versions, count };
}

/* Are the hours the same in some years, and is the text? */
static void check_round_trip(uint64_t seed)
{
	struct ent_arena arena = test_arena();
	struct ent_timetable calendar = random_calendar(&seed, &arena);
	ent_str text = written(&calendar, &arena);
	const struct ent_timetable *back = read_back(text, &arena);
	CHECK_TEXT(written(back, &arena).ptr, text.ptr);
	const struct ent_hours *hours = ent_hours_compile(&calendar, 2024, 2026, &arena);
	const struct ent_hours *again = ent_hours_compile(back, 2024, 2026, &arena);
	for (int i = 0; i < 20; i++) {
		ent_instant from = { (int64_t)(19800 + test_random(&seed, 600)) * ENT_DAY_US +
			             (int64_t)test_random(&seed, 86400) * ENT_SECOND_US };
		ent_instant to = { from.us + (int64_t)test_random(&seed, 300) * ENT_DAY_US };
		CHECK_INT(ent_hours_between(again, from, to, arena),
		          ent_hours_between(hours, from, to, arena));
	}
	ent_str canonical = ent_calendar_canonical(&calendar, &arena);
	CHECK_TEXT(ent_calendar_canonical(back, &arena).ptr, canonical.ptr);
	CHECK_TEXT(ent_calendar_canonical(read_back(canonical, &arena), &arena).ptr,
	           canonical.ptr);
}

TEST(calendar_json_round_trip_of_random_calendars)
{
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		char row[32];
		snprintf(row, sizeof(row), "seed %d", (int)seed);
		ROW(row);
		check_round_trip(seed);
	}
	ROW(NULL);
}

TEST(calendar_canonical_form_is_of_the_hours_alone)
{
	struct ent_arena arena = test_arena();
	const char *one = "{\"timezone\":\"UTC\",\"name\":\"a\",\"week\":\"mon 09:00-10:00\","
	                  "\"holidays\":[\"easter\",{\"date\":\"*-12-25\",\"name\":\"x\"}]}";
	const char *other = "{\"time_zone\":\"UTC\",\"week\":{\"mon\":[[\"09:00\",\"10:00\"]],"
	                    "\"tue\":[]},\"holidays\":[\"*-12-25\",\"*-12-25\",\"easter\"]}";
	ent_str a = ent_calendar_canonical(read_back(ent_str_of(one), &arena), &arena);
	ent_str b = ent_calendar_canonical(read_back(ent_str_of(other), &arena), &arena);
	CHECK_TEXT(a.ptr, b.ptr);
	CHECK_TEXT(a.ptr, "{\"time_zone\":\"UTC\",\"week\":{\"mon\":[[\"09:00\",\"10:00\"]]},"
	                  "\"holidays\":[\"*-12-25\",\"easter\"]}");
}
