#include "json/calendar.h"
#include "test.h"

/* "code pointer; code pointer" of what was noted, or "" */
static const char *notes(const char *text, struct ent_arena *arena, struct ent_timetable *out)
{
	const struct ent_node *node = NULL;
	struct ent_error error = { 0 };
	CHECK_INT(ent_json_parse(ent_str_of(text), arena, &node, &error), ENT_OK);
	ent_calendar_read(node, "/calendar", arena, out, &error);
	struct ent_text all = ent_text_begin(arena);
	for (size_t i = 0; i < error.issue_count; i++) {
		ent_text_addf(&all, "%s%s %s", i == 0 ? "" : "; ",
		              ent_code_name(error.issues[i].code), error.issues[i].pointer + 9);
	}
	return ent_text_end(&all).ptr;
}

TEST(calendar_json_is_refused_with_the_place)
{
	static const char *const rows[] = { /* a text, what is noted */
		"{}", "",
		"{\"week\":null,\"holidays\":null,\"exceptions\":null,\"versions\":null}", "",
		"[]", "type ",
		"{\"hours\":{}}", "unknown_field /hours",
		"{\"timezone\":5}", "type /timezone",
		"{\"effective_from\":\"2026-01-01\"}", "unknown_field /effective_from",
		"{\"week\":[]}", "type /week",
		"{\"week\":\"mon 9-17\"}", "format /week",
		"{\"week\":{\"monday\":[]}}", "unknown_field /week/monday",
		"{\"week\":{\"mon\":[[\"09:00\"]]}}", "type /week/mon/0",
		"{\"week\":{\"mon\":[[\"09:00\",\"17:00\"],[\"24:00\",\"01:00\"]]}}",
		"format /week/mon/1",
		"{\"week\":{\"mon\":[[\"9:00\",\"17:00\"]]}}", "format /week/mon/0",
		"{\"week\":{\"mon\":\"09:00-17:00\"}}", "type /week/mon",
		"{\"exceptions\":{\"*-12-25\":[]}}", "format /exceptions/*-12-25",
		"{\"exceptions\":[]}", "type /exceptions",
		"{\"exceptions\":{\"2026-12-24\":[]},\"overrides\":{\"2026-12-24\":[]}}",
		"duplicate /overrides/2026-12-24",
		"{\"breaks\":{\"2026-12-24\":[[]]}}", "type /breaks/2026-12-24/0",
		"{\"holidays\":{}}", "type /holidays",
		"{\"holidays\":[\"2026-02-30\",5,\"easter\"]}",
		"format /holidays/0; type /holidays/1",
		"{\"holidays\":[{\"date\":\"2026-12-24\",\"from\":\"12\"}]}",
		"format /holidays/0",
		"{\"holidays\":[{\"date\":\"2026-12-24\",\"days\":0}]}", "range /holidays/0",
		"{\"holidays\":[{\"date\":\"easter\",\"from\":\"12:00\",\"to\":\"12:00\"}]}",
		"range /holidays/0",
		"{\"holidays\":[{\"name\":\"none\"}]}", "format /holidays/0",
		"{\"holiday_ranges\":[{\"from\":\"2026-12-24\"}]}", "format /holiday_ranges/0",
		"{\"holiday_ranges\":[[\"2026-12-24\",\"2026-12-23\"]]}",
		"range /holiday_ranges/0",
		"{\"holiday_ranges\":[[\"2026-12-24\",\"*-12-26\"]]}",
		"invalid /holiday_ranges/0",
		"{\"closed_periods_local\":[[\"2026-12-24T12:00\",\"2026-12-24T12:00\"]]}",
		"range /closed_periods_local/0",
		"{\"versions\":[{}]}", "required /versions/0/effective_from",
		("{\"versions\":[{\"effective_from\":\"2026-02-01\"},"
		 "{\"effective_from\":\"2026-02-01\"}]}"),
		"invalid /versions/1",
		"{\"versions\":[{\"effective_from\":\"2026-02-01\",\"timezone\":\"UTC\"}]}",
		"unknown_field /versions/0/timezone",
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i += 2) {
		struct ent_arena arena = test_arena();
		struct ent_timetable calendar;
		ROW(rows[i]);
		CHECK_TEXT(notes(rows[i], &arena, &calendar), rows[i + 1]);
	}
	ROW(NULL);
}

/* The calendar of an ordinary shop, each member once. */
static const char shop[] =
	"{\"timezone\":\"UTC\",\"name\":\"shop\","
	"\"week\":{\"fri\":[[\"13:00\",\"17:00\"],[\"09:00\",\"12:00\"]]},"
	"\"holidays\":[{\"date\":\"*-12-24\",\"from\":\"12:00\",\"days\":3},\"easter-2\"],"
	"\"holiday_ranges\":[{\"from\":\"2019-12-30\",\"to\":\"2020-01-02\",\"yearly\":true}],"
	"\"closed_periods_local\":[{\"from\":\"2026-05-01T10:00\",\"to\":\"2026-05-01T11:00\"}],"
	"\"overrides\":{\"2026-05-02\":[[\"10:00\",\"12:00\"]]},"
	"\"exceptions\":{\"2026-04-03\":[[\"10:00\",\"11:00\"]],\"2026-01-09\":[]},"
	"\"breaks\":{\"2026-05-08\":[[\"16:00\",\"17:00\"]]},"
	"\"versions\":[{\"effective_from\":\"2027-01-01\",\"week\":\"mon 09:00-10:00\"}]}";

TEST(calendar_json_is_read_whole)
{
	struct ent_arena arena = test_arena();
	struct ent_timetable calendar;
	CHECK_TEXT(notes(shop, &arena, &calendar), "");
	CHECK_INT(calendar.version_count, 2);
	const struct ent_hours *hours = ent_hours_compile(&calendar, 2026, 2027, &arena);
	static const struct {
		const char *day;
		int hours; /* open on it */
	} rows[] = {
		{ "2026-01-02", 0 },  { "2026-01-09", 0 }, { "2026-01-16", 7 },
		{ "2026-04-03", 1 },  { "2026-05-01", 6 }, { "2026-05-02", 2 },
		{ "2026-05-08", 6 },  { "2026-12-18", 7 }, { "2026-12-25", 0 },
		{ "2027-01-01", 0 },  { "2027-01-04", 1 }, { "2027-12-24", 0 },
		{ "2027-12-27", 1 },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ent_date date;
		ROW(rows[i].day);
		CHECK(ent_date_parse(ent_str_of(rows[i].day), &date));
		ent_instant from = { date.day * ENT_DAY_US };
		ent_instant to = { from.us + ENT_DAY_US };
		CHECK_INT(ent_hours_between(hours, from, to, arena), rows[i].hours * ENT_HOUR_US);
	}
	ROW(NULL);
}

static void read_shop(void *arg)
{
	struct ent_arena arena = test_arena();
	struct ent_timetable calendar;
	const char *text = notes(shop, &arena, &calendar);
	*(bool *)arg = text[0] == '\0';
	const struct ent_hours *hours = ent_hours_compile(&calendar, 2026, 2026, &arena);
	(void)ent_hours_add(hours, (ent_instant){ 0 }, ENT_HOUR_US, arena);
}

static void after_reading(void *arg, bool ok)
{
	CHECK(!ok || *(bool *)arg);
}

TEST(calendar_json_survives_each_allocation_failing)
{
	bool read = false;
	CHECK(test_each_allocation_fails(read_shop, after_reading, &read) > 30);
	CHECK(read);
}
