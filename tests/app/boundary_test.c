#include "app/agenda.h"
#include "app/world.h"

#include <pthread.h>

static const struct ent_type *const ENTITLEMENT = &ent_entitlement_type;

static size_t run(const char *now)
{
	struct ent_agenda_report report = { .handled = 0 };
	if (now != NULL) {
		world_at(now);
	}
	ent_error_clear(&world.error);
	OK(ent_agenda_run(world.app, ENT_INSTANT_NONE, &report, &world.error));
	CHECK_INT((long long)report.failed, 0);
	return report.handled;
}

static ent_instant next(void)
{
	ent_instant at = ENT_INSTANT_NONE;
	OK(ent_agenda_next(world.app, &at, &world.error));
	return at;
}

static ent_id live(ent_id account, const char *fields)
{
	char json[600];
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"E\",%s}", fields);
	ent_id id = world_create(ENTITLEMENT, json, REFS({ &ent_account_type, account }));
	world_do(ENTITLEMENT, "activate", id, "{}");
	return id;
}

APP_TEST(boundary_writes_each_event_once)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id id = live(account, "\"starts_on\":\"2025-07-01\",\"ends_on\":\"2025-07-31\"");
	CHECK(next().us == world_instant("2025-07-01").us);
	CHECK_INT((long long)run("2025-06-30T23:59:59Z"), 0);
	CHECK_INT((long long)run("2025-07-01T00:00:00Z"), 1);
	CHECK_INT((long long)run(NULL), 0);
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created scheduled activated");
	world_do(ENTITLEMENT, "set_default", id, "{}");
	CHECK(next().us == world_instant("2025-08-01").us);
	CHECK_INT((long long)run("2025-08-01T00:00:00Z"), 1);
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created scheduled activated expired");
	CHECK_TEXT(world_events(&ent_account_type, account), "created default_set default_cleared");
	CHECK(next().us == ENT_INSTANT_END.us);
	CHECK_INT((long long)run("2026-08-01T00:00:00Z"), 0);
	world_close();
}

APP_TEST(boundary_catches_up_in_order_after_downtime)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id id = live(account, "\"starts_on\":\"2025-07-01\",\"ends_on\":\"2025-12-31\"");
	world_do(ENTITLEMENT, "suspend", id,
	         "{\"starts_at\":\"2025-08-01T00:00:00Z\",\"ends_at\":\"2025-09-01T00:00:00Z\"}");
	world_do(ENTITLEMENT, "cancel", id, "{\"at\":\"2025-10-01T00:00:00Z\"}");
	run("2026-01-01T00:00:00Z");
	CHECK_TEXT(world_events(ENTITLEMENT, id),
	           "created scheduled suspension_scheduled cancellation_scheduled activated "
	           "suspended resumed cancelled");
	CHECK_INT((long long)run(NULL), 0);
	world_close();
}

/* The job is late: a write that comes first brings the events before its own. */
APP_TEST(boundary_events_come_before_a_later_write)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id id = live(account, "\"starts_on\":\"2025-07-01\",\"unit\":\"cases\",\"total\":3");
	world_at("2025-07-02");
	world_do(ENTITLEMENT, "consume", id, "{\"units\":1}");
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created scheduled activated consumed");
	CHECK_INT((long long)run(NULL), 0);
	world_do(ENTITLEMENT, "suspend", id, "{}");
	world_at("2025-07-03");
	world_do(ENTITLEMENT, "resume", id, "{}");
	CHECK_INT((long long)run("2025-07-04T00:00:00Z"), 0);
	CHECK_TEXT(world_events(ENTITLEMENT, id),
	           "created scheduled activated consumed suspended resumed");
	world_close();
}

APP_TEST(boundary_settles_periods_and_lots)
{
	world_open("2025-01-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id id = live(account, "\"starts_on\":\"2025-01-01\",\"unit\":\"cases\",\"total\":5,"
	                          "\"reset\":\"monthly\",\"roll_over\":2");
	world_do(ENTITLEMENT, "top_up", id, "{\"units\":3,\"ends_on\":\"2025-01-31\"}");
	world_do(ENTITLEMENT, "consume", id, "{\"units\":1}");
	CHECK_INT(world_available(id), 7);
	world_at("2025-02-01");
	CHECK_INT(world_available(id), 7); /* 5 + 2; the lot has lapsed */
	CHECK_INT((long long)run(NULL), 1);
	CHECK_INT(world_available(id), 7);
	CHECK_INT(world_number("SELECT COUNT(*) FROM term_posting WHERE entitlement_id = $1 "
	                       "AND kind IN ('expire', 'roll_over')", id), 3);
	CHECK(next().us == world_instant("2025-03-01").us);
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created activated topped_up consumed settled");
	world_close();
}

APP_TEST(boundary_applies_scheduled_amendments)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id id = live(account, "\"starts_on\":\"2025-01-01\",\"unit\":\"cases\",\"total\":5,"
	                          "\"ends_on\":\"2025-07-31\"");
	world_do(ENTITLEMENT, "set_default", id, "{}");
	world_do(ENTITLEMENT, "amend", id,
	         "{\"changes\":{\"total\":9,\"ends_on\":\"2025-08-31\"},\"effective_on\":\"2025-07-"
	         "01\"}");
	CHECK_INT(world_available(id), 5);
	world_at("2025-07-01");
	/* read before it is applied: right all the same */
	CHECK_INT(world_available(id), 9);
	CHECK(world_entitlement(id).ends_on.day == world_date("2025-08-31").day);
	CHECK_INT((long long)run("2025-08-15"), 1);
	CHECK_TEXT(world_state(id), "active");
	CHECK(world_entitlement(id).is_default);
	CHECK_INT(world_entitlement(id).revision, 1);
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created activated amendment_scheduled amended");
	CHECK_INT(
		world_number("SELECT COUNT(*) FROM entitlement_revision WHERE entitlement_id = $1 "
	                     "AND state = 'applied' AND revision = 1",
	                     id),
		1);
	run("2025-09-01");
	CHECK_TEXT(world_state(id), "expired");
	world_close();
}

APP_TEST(boundary_withdraws_an_amendment_that_no_longer_fits)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id id = live(account, "\"starts_on\":\"2025-01-01\",\"unit\":\"cases\",\"total\":5");
	world_do(ENTITLEMENT, "amend", id,
	         "{\"changes\":{\"total\":2},\"effective_on\":\"2025-07-01\"}");
	world_do(ENTITLEMENT, "amend", id,
	         "{\"changes\":{\"name\":\"F\"},\"effective_on\":\"2025-08-01\"}");
	world_do(ENTITLEMENT, "consume", id, "{\"units\":4}");
	run("2025-07-01");
	CHECK_INT(world_available(id), 1);
	CHECK(next().us == world_instant("2025-08-01").us);
	CHECK_TEXT(world_events(ENTITLEMENT, id),
	           "created activated amendment_scheduled "
	           "amendment_scheduled consumed amendment_withdrawn");
	world_do(ENTITLEMENT, "deactivate", id, "{}");
	CHECK_INT(
		world_number("SELECT COUNT(*) FROM entitlement_revision WHERE entitlement_id = $1 "
	                     "AND state = 'withdrawn'",
	                     id),
		2);
	CHECK(next().us == ENT_INSTANT_END.us);
	world_close();
}

static void *race(void *arg)
{
	struct ent_agenda_report *report = arg;
	struct ent_error error;
	ent_error_clear(&error);
	if (ent_agenda_run(world.app, ENT_INSTANT_NONE, report, &error) != ENT_OK) {
		report->failed++;
	}
	return NULL;
}

APP_TEST(boundary_is_shared_by_several_schedulers)
{
	enum { COUNT = 80, THREADS = 4 };
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id other = world_account("B");
	for (int i = 0; i < COUNT; i++) {
		live(i % 2 == 0 ? account : other, "\"ends_on\":\"2025-06-30\"");
	}
	world_at("2025-07-01");
	pthread_t threads[THREADS];
	struct ent_agenda_report reports[THREADS] = { { .handled = 0 } };
	for (int i = 0; i < THREADS; i++) {
		pthread_create(&threads[i], NULL, race, &reports[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		CHECK_INT((long long)reports[i].failed, 0);
	}
	CHECK_INT(world_number("SELECT COUNT(*) FROM event WHERE type = 'entitlement.expired'",
	                       account), COUNT);
	world_close();
}

APP_TEST(boundary_goes_on_past_a_damaged_one)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id bad = live(account, "\"ends_on\":\"2025-06-29\"");
	ent_id good = live(account, "\"ends_on\":\"2025-06-30\"");
	world_sql("UPDATE entitlement SET time_zone = 'No/Where' WHERE id = $1", bad);
	world_at("2025-07-01");
	struct ent_agenda_report report = { .handled = 0 };
	OK(ent_agenda_run(world.app, ENT_INSTANT_NONE, &report, &world.error));
	CHECK_INT((long long)report.failed, 1);
	CHECK_INT((long long)report.handled, 1);
	CHECK_TEXT(world_events(ENTITLEMENT, good), "created activated expired");
	world_close();
}
