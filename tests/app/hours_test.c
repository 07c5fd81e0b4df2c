/* Hours of stored calendars: which revision, out of whose memory, from how many servers. */
#include "app/hours.h"

#include "app/world.h"
#include "json/json.h"

#include <time.h>

static const struct ent_type *const CALENDAR = &ent_calendar_type;

/* What a call asks, and is told. */
struct asking {
	ent_id calendar;
	int64_t revision;
	ent_instant start;
	const char *then; /* a change within the same call, before it asks */
	bool alone;       /* asks without a database */
	bool fails;       /* and is rolled back */
	enum ent_code code;
	int64_t got_revision;
	ent_instant due; /* an hour of work later */
	char zone[40];
};

static enum ent_code patch_with(void *arg, struct ent_arena *arena, void *object,
                                struct ent_set *given, struct ent_error *error)
{
	const struct ent_node *node = NULL;
	const struct asking *asking = arg;
	enum ent_code code = ent_json_parse(ent_str_of(asking->then), arena, &node, error);
	return code == ENT_OK
	               ? ent_json_read(CALENDAR, node, ENT_JSON_UPDATE, arena, object, given, error)
	               : code;
}

static enum ent_code ask_hours(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct asking *asking = arg;
	struct ent_call_hours hours;
	struct ent_calendar c;
	struct ent_db *db = call->db;
	ent_type_clear(CALENDAR, &c);
	if (asking->then != NULL) {
		OK(ent_record_update(call, CALENDAR, asking->calendar, 0, patch_with, asking, &c,
		                     error));
	}
	call->db = asking->alone ? NULL : db;
	enum ent_code code =
		ent_call_hours(call, asking->calendar, asking->revision, &hours, error);
	call->db = db;
	asking->code = code;
	asking->got_revision = -1;
	if (code == ENT_OK) {
		asking->got_revision = hours.revision;
		asking->due = ent_hours_add(hours.hours, asking->start, ENT_HOUR_US, *call->arena);
		snprintf(asking->zone, sizeof(asking->zone), "%.*s",
		         (int)hours.calendar->time_zone.len, hours.calendar->time_zone.ptr);
	}
	if (code == ENT_OK && asking->fails) {
		return ent_fail(error, ENT_E_STATE, "as it was told");
	}
	return asking->alone ? ENT_OK : code;
}

static struct asking ask(ent_id calendar, int64_t revision, const char *start)
{
	struct asking asking = { .calendar = calendar,
		                 .revision = revision,
		                 .start = world_instant(start) };
	(void)world_run(ENT_READ, ask_hours, &asking);
	return asking;
}

static void check_due(const struct asking *asking, int64_t revision, const char *due)
{
	CHECK_INT(asking->got_revision, revision);
	CHECK_INT(asking->due.us, world_instant(due).us);
}

static ent_id make(const char *name)
{
	char json[200];
	snprintf(json, sizeof(json),
	         "{\"name\":\"%s\",\"time_zone\":\"Europe/Berlin\","
	         "\"week\":\"mon-fri 09:00-17:00\"}",
	         name);
	return world_create(CALENDAR, json, NULL);
}

APP_TEST(hours_of_each_revision_stay_what_they_were)
{
	world_open("2026-06-10T08:00:00Z");
	ent_id id = make("Berlin");
	struct asking asking = ask(id, 0, "2026-06-10T14:30:00Z");
	check_due(&asking, 1, "2026-06-11T07:30:00Z");
	CHECK_TEXT(asking.zone, "Europe/Berlin");
	OK(world_try_update(CALENDAR, id, "{\"week\":{\"thu\":null}}", NULL));
	asking = ask(id, 0, "2026-06-10T14:30:00Z");
	check_due(&asking, 2, "2026-06-12T07:30:00Z");
	asking = ask(id, 1, "2026-06-10T14:30:00Z");
	check_due(&asking, 1, "2026-06-11T07:30:00Z");
	CHECK_CODE(ask(id, 3, "2026-06-10").code, ENT_E_NOT_FOUND);
	CHECK_CODE(ask((ent_id){ 4711 }, 0, "2026-06-10").code, ENT_E_NOT_FOUND);
	world_at("2030-01-07T08:00:00Z"); /* the tables are of other years then */
	asking = ask(id, 1, "2026-06-10T14:30:00Z");
	check_due(&asking, 1, "2026-06-11T07:30:00Z");
	world_close();
}

APP_TEST(hours_without_a_calendar_are_always_open)
{
	world_open("2026-06-10T08:00:00Z");
	struct asking asking = ask(ENT_ID_NONE, 7, "2026-06-13T23:30:00Z");
	check_due(&asking, 0, "2026-06-14T00:30:00Z");
	world_close();
}

APP_TEST(hours_in_memory_need_no_database)
{
	world_open("2026-06-10T08:00:00Z");
	ent_id id = make("Berlin");
	struct asking alone = { .calendar = id,
		                .start = world_instant("2026-06-10"),
		                .alone = true };
	OK(world_run(ENT_READ, ask_hours, &alone));
	CHECK_CODE(alone.code, ENT_E_BUSY);
	for (int i = 0; i < 3000 && ask(id, 0, "2026-06-10").code == ENT_OK; i++) {
		OK(world_run(ENT_READ, ask_hours, &alone)); /* on PostgreSQL once it listens */
		if (alone.code == ENT_OK) {
			break;
		}
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	}
	CHECK_CODE(alone.code, ENT_OK);
	CHECK_INT(alone.got_revision, 1);
	OK(world_try_update(CALENDAR, id, "{\"week\":\"mon 09:00-10:00\"}", NULL));
	OK(world_run(ENT_READ, ask_hours, &alone)); /* forgotten with the commit */
	CHECK_CODE(alone.code, ENT_E_BUSY);
	world_close();
}

/* A revision that was rolled back leaves nothing that the next of its number would meet. */
APP_TEST(hours_of_a_change_that_fails_are_not_kept)
{
	world_open("2026-06-10T08:00:00Z");
	ent_id id = make("Berlin");
	struct asking asking = { .calendar = id,
		                 .start = world_instant("2026-06-08T00:00:00Z"),
		                 .then = "{\"week\":\"fri 09:00-17:00\"}",
		                 .fails = true };
	CHECK_CODE(world_run(ENT_WRITE, ask_hours, &asking), ENT_E_STATE);
	check_due(&asking, 2, "2026-06-12T08:00:00Z"); /* it saw its own change */
	CHECK_INT(ask(id, 0, "2026-06-08").got_revision, 1);
	asking.fails = false;
	asking.then = "{\"week\":\"sat 09:00-17:00\"}";
	OK(world_run(ENT_WRITE, ask_hours, &asking));
	check_due(&asking, 2, "2026-06-13T08:00:00Z");
	asking = ask(id, 2, "2026-06-08");
	check_due(&asking, 2, "2026-06-13T08:00:00Z");
	world_close();
}

/* Two servers on one database. */
APP_TEST(hours_follow_what_another_server_changes)
{
	world_open("2026-06-10T08:00:00Z");
	ent_id id = make("Berlin");
	struct ent_app *first = world.app;
	struct ent_app *second = NULL;
	struct ent_app_config config = { .database = helper_url(),
		                         .workers = 1,
		                         .clock = world_instant("2026-06-10T08:00:00Z") };
	CHECK_INT(ent_app_open(&config, &second, &world.error), ENT_OK);
	CHECK_INT(ask(id, 0, "2026-06-10").got_revision, 1);
	world.app = second;
	CHECK_INT(ask(id, 0, "2026-06-10").got_revision, 1);
	OK(world_try_update(CALENDAR, id, "{\"week\":\"mon 09:00-10:00\"}", NULL));
	CHECK_INT(ask(id, 0, "2026-06-10").got_revision, 2);
	world.app = first;
	int64_t seen = 0;
	for (int i = 0; i < 500 && seen != 2; i++) {
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
		seen = ask(id, 0, "2026-06-10").got_revision;
	}
	CHECK_INT(seen, 2);
	ent_app_close(second);
	world_close();
}
