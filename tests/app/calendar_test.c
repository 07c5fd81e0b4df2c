/* Calendars and holiday sets as records: what is refused, patched, kept. */
#include "app/world.h"

static const struct ent_type *const CALENDAR = &ent_calendar_type;
static const struct ent_type *const HOLIDAYS = &ent_holiday_set_type;

static struct ent_calendar calendar_of(ent_id id)
{
	struct ent_calendar c;
	world_get(CALENDAR, id, &c);
	return c;
}

static int64_t revisions(ent_id id)
{
	return world_number("SELECT COUNT(*) FROM calendar_revision WHERE calendar_id = $1", id);
}

/* "code pointer; …" of the last failure */
static const char *issues(void)
{
	struct ent_text out = ent_text_begin(&world.arena);
	for (size_t i = 0; i < world.error.issue_count; i++) {
		ent_text_addf(&out, "%s%s %s", i > 0 ? "; " : "",
		              ent_code_name(world.error.issues[i].code),
		              world.error.issues[i].pointer);
	}
	return ent_text_end(&out).ptr;
}

APP_TEST(calendar_is_kept_in_one_notation_and_patched)
{
	world_open("2026-06-10T08:00:00Z");
	ent_id id = world_create(
		CALENDAR,
		"{\"name\":\"Berlin\",\"time_zone\":\"Europe/Berlin\",\"week\":\"mon-fri "
		"09:00-17:30\",\"holidays\":[{\"date\":\"*-12-24\",\"from\":\"12:00\",\"name\":"
		"\"Christmas Eve\"},\"easter-2\"],\"exceptions\":{\"2026-12-31\":[[\"09:00\","
		"\"12:00\"]]},\"versions\":[{\"effective_from\":\"2027-01-01\",\"week\":"
		"\"mon 08:00-12:00\",\"name\":\"Less\"}]}",
		NULL);
	struct ent_calendar c = calendar_of(id);
	CHECK_TEXT(c.week_text.ptr, "mon-fri 09:00-17:30");
	CHECK_TEXT(c.holidays.text.ptr, "[{\"date\":\"*-12-24\",\"from\":\"12:00\","
	                                "\"name\":\"Christmas Eve\"},\"easter-2\"]");
	CHECK_TEXT(c.breaks.text.ptr, "{}");
	CHECK_TEXT(c.versions.text.ptr, "[{\"effective_from\":\"2027-01-01\",\"name\":\"Less\","
	                                "\"week\":{\"mon\":[[\"08:00\",\"12:00\"]]}}]");
	CHECK_INT(c.revision, 1);
	OK(world_try_update(CALENDAR, id,
	                    "{\"week\":{\"fri\":[[\"09:00\",\"15:00\"]],\"wed\":null},"
	                    "\"exceptions\":{\"2026-12-31\":null,\"2026-07-01\":[]}}",
	                    NULL));
	c = calendar_of(id);
	CHECK_TEXT(c.week_text.ptr, "mon-tue 09:00-17:30; thu 09:00-17:30; fri 09:00-15:00");
	CHECK_TEXT(c.exceptions.text.ptr, "{\"2026-07-01\":[]}");
	CHECK_INT(c.revision, 2);
	OK(world_try_update(CALENDAR, id, "{\"name\":\"Mitte\",\"versions\":null}", NULL));
	CHECK_INT(calendar_of(id).revision, 3);
	OK(world_try_update(CALENDAR, id,
	                    "{\"name\":\"Berlin\",\"holidays\":[\"easter-2\","
	                    "{\"date\":\"*-12-24\",\"from\":\"12:00\"}]}",
	                    NULL));
	CHECK_INT(calendar_of(id).revision, 3); /* the same hours */
	CHECK_INT(calendar_of(id).version, 4);
	CHECK_INT(revisions(id), 3);
	CHECK_TEXT(world_events(CALENDAR, id), "created updated updated updated");
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(calendar_is_refused_with_every_fault)
{
	static const struct {
		const char *json, *issues;
	} rows[] = {
		{ "{\"name\":\"A\",\"time_zone\":\"Mars/"
		  "Olympus\",\"week\":{\"mon\":[[\"9\",\"17\"]],"
		  "\"monday\":[]},\"holidays\":[\"2026-02-30\"],\"exceptions\":{\"x\":[]},"
		  "\"versions\":[{\"week\":{}}],\"holiday_sets\":[\"hol_0123456789abc\"]}",
		  "no_such_record /holiday_sets/0; unknown_value /time_zone; format /week/mon/0; "
		  "unknown_field /week/monday; format /exceptions/x; format /holidays/0; "
		  "required /versions/0/effective_from" },
		{ "{\"week\":5}", "required /name; required /time_zone" },
		{ "{\"name\":\"A\",\"time_zone\":\"UTC\",\"week\":[]}", "type /week" },
		{ "{\"name\":\"A\",\"time_zone\":\"floating\",\"week\":\"mon 09:00-10:00\"}",
		  "unknown_value /time_zone" },
		{ "{\"name\":\"A\",\"time_zone\":\"UTC\",\"week\":{}}", "never_opens /week" },
		{ "{\"name\":\"A\",\"time_zone\":\"UTC\",\"week\":\"closed\",\"exceptions\":"
		  "{\"2020-01-01\":[[\"09:00\",\"10:00\"]]}}",
		  "never_opens /week" },
		{ "{\"name\":\"A\",\"time_zone\":\"UTC\",\"week\":\"mon 09:00-10:00\",\"hours\":1}",
		  "unknown_field /hours" },
	};
	world_open("2026-06-10T08:00:00Z");
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ent_id id;
		ROW(rows[i].json);
		CHECK(world_try_create(CALENDAR, rows[i].json, NULL, &id) != ENT_OK);
		CHECK_TEXT(issues(), rows[i].issues);
	}
	ROW(NULL);
	world_close();
}

APP_TEST(calendar_follows_its_holiday_sets)
{
	world_open("2026-06-10T08:00:00Z");
	ent_id set =
		world_create(HOLIDAYS, "{\"name\":\"Germany\",\"holidays\":[\"*-10-03\"]}", NULL);
	ent_id id = world_create(CALENDAR,
	                         "{\"name\":\"Berlin\",\"time_zone\":\"Europe/Berlin\",\"week\":"
	                         "\"sat 09:00-10:00\",\"holiday_sets\":[$1]}",
	                         REFS({ HOLIDAYS, set }));
	ent_id other = world_create(CALENDAR,
	                            "{\"name\":\"Tokyo\",\"time_zone\":\"Asia/Tokyo\","
	                            "\"week\":\"sat 09:00-10:00\"}",
	                            NULL);
	CHECK_CODE(world_try_delete(HOLIDAYS, set), ENT_E_IN_USE);
	OK(world_try_update(HOLIDAYS, set, "{\"holidays\":[\"*-10-03\",\"easter-2\"]}", NULL));
	CHECK_INT(calendar_of(id).revision, 2);
	CHECK_INT(calendar_of(other).revision, 1);
	CHECK_TEXT(world_events(CALENDAR, id), "created revised");
	OK(world_try_update(HOLIDAYS, set,
	                    "{\"holidays\":[{\"date\":\"*-10-03\",\"name\":\"Unity\"},"
	                    "\"easter-2\"]}",
	                    NULL));
	CHECK_INT(calendar_of(id).revision, 2);
	CHECK_CODE(world_try_update(HOLIDAYS, set,
	                            "{\"holidays\":[{\"from\":\"2026-01-01\","
	                            "\"to\":\"2040-01-01\"}]}",
	                            NULL),
	           ENT_E_NEVER_OPENS);
	CHECK_INT(calendar_of(id).version, 2);
	OK(world_try_update(CALENDAR, id, "{\"holiday_sets\":[]}", NULL));
	CHECK_INT(calendar_of(id).revision, 3);
	OK(world_try_delete(HOLIDAYS, set));
	OK(world_try_delete(CALENDAR, id));
	CHECK_INT(revisions(id), 0);
	ent_id again;
	CHECK_CODE(world_try_create(CALENDAR,
	                            "{\"name\":\"Tokyo\",\"time_zone\":\"UTC\","
	                            "\"week\":\"sat 09:00-10:00\"}",
	                            NULL, &again),
	           ENT_E_DUPLICATE);
	CHECK_INT(world_findings(), 0);
	world_close();
}
