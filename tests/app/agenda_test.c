/* What falls due has its effect exactly once and in its order, whatever fails and whoever
 * looks. The records are rows of a table of the test's own: plan (account_id, id, at), of which
 * each is to be moved to table done once `at` is there. */
#include "app/agenda.h"
#include "app/background.h"
#include "app/world.h"
#include "base/text.h"
#include "fault.h"

#include <pthread.h>
#include <stdatomic.h>

enum { ACCOUNTS = 8 };

static ent_id accounts[ACCOUNTS];
static int64_t failing_id;      /* the record that cannot be handled; 0: none */
static struct fault_db fault;   /* for what follows the claim */
static int64_t fault_at;        /* the call to fail, once; -1: none */
static bool is_faulty;
static enum ent_code fault_code;

/* ---- the handler -------------------------------------------------------------------------- */

static enum ent_code move_one(struct ent_call *call, const struct ent_agenda_item *item,
                              struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db, ENT_STR("SELECT at FROM plan WHERE id = $1 AND at <= $2 ORDER BY at"),
		ENT_ARGS(ent_arg_id(item->id), ent_arg_instant(call->now)), call->arena, &rows,
		error);
	for (const struct ent_row *row = rows.first; code == ENT_OK && row != NULL;
	     row = row->next) {
		code = ent_db_exec(call->db,
		                   ENT_STR("INSERT INTO done (n, id, at, done_at) VALUES ((SELECT "
		                           "COALESCE(MAX(n), 0) + 1 FROM done WHERE id = $1), $2, "
		                           "$3, $4)"),
		                   ENT_ARGS(ent_arg_id(item->id), ent_arg_id(item->id),
		                            row->cell[0], ent_arg_instant(call->now)),
		                   1, call->arena, error);
	}
	if (code == ENT_OK) {
		code = ent_db_exec(call->db, ENT_STR("DELETE FROM plan WHERE id = $1 AND at <= $2"),
		                   ENT_ARGS(ent_arg_id(item->id), ent_arg_instant(call->now)),
		                   ENT_ANY_ROWS, call->arena, error);
	}
	if (code == ENT_OK) {
		code = ent_db_run(call->db, ENT_STR("SELECT MIN(at) FROM plan WHERE id = $1"),
		                  ENT_ARGS(ent_arg_id(item->id)), call->arena, &rows, error);
	}
	if (code == ENT_OK && rows.first->cell[0].kind != ENT_K_NULL) {
		ent_agenda_set(call, item->subject, item->account, item->id, item->at,
		               (ent_instant){ rows.first->cell[0].number });
	}
	return code;
}

static enum ent_code move(struct ent_call *call, const struct ent_agenda_item *items, size_t count,
                          struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	if (is_faulty) {
		int64_t left = fault.fail_at;
		fault = fault_around(call->db);
		fault.code = fault_code;
		fault.fail_at = fault_at >= 0 ? fault_at : left;
		fault_at = -1;
		call->db = &fault.db;
	}
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		CHECK(items[i].at.us <= call->now.us);
		CHECK(i == 0 || items[i - 1].account.value <= items[i].account.value);
		code = items[i].id.value == failing_id
		               ? ent_fail(error, ENT_E_STATE, "cannot be handled")
		               : move_one(call, &items[i], error);
	}
	return code;
}

/* ---- the world ---------------------------------------------------------------------------- */

static void open(void)
{
	world_open("2025-06-10T00:00:00Z");
	world_sql("CREATE TABLE plan (account_id BIGINT, id BIGINT, at BIGINT)", ENT_ID_NONE);
	world_sql("CREATE TABLE done (n BIGINT, id BIGINT, at BIGINT, done_at BIGINT, "
	          "PRIMARY KEY (id, n), UNIQUE (id, at))", ENT_ID_NONE);
	for (int i = 0; i < ACCOUNTS; i++) {
		accounts[i] = world_account("A");
	}
	failing_id = 0;
	is_faulty = false;
	ent_agenda_replace(world.app, ENT_AGENDA_ENTITLEMENT, move);
}

struct occasion {
	int64_t id, at;
};

struct plan {
	const struct occasion *items;
	size_t count;
};

static ent_id account_of(int64_t id)
{
	return accounts[id % ACCOUNTS];
}

static enum ent_code set_one(struct ent_call *call, const struct occasion *o,
                             struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_call_lock(call, account_of(o->id), error);
	if (code == ENT_OK) {
		code = ent_db_exec(call->db,
		                   ENT_STR("INSERT INTO plan (account_id, id, at) "
		                           "VALUES ($1, $2, $3)"),
		                   ENT_ARGS(ent_arg_id(account_of(o->id)), ent_arg_int(o->id),
		                            ent_arg_int(o->at)),
		                   1, call->arena, error);
	}
	if (code == ENT_OK) {
		code = ent_db_run(call->db, ENT_STR("SELECT MIN(at) FROM plan WHERE id = $1"),
		                  ENT_ARGS(ent_arg_int(o->id)), call->arena, &rows, error);
	}
	if (code == ENT_OK) {
		ent_agenda_set(call, ENT_AGENDA_ENTITLEMENT, account_of(o->id), (ent_id){ o->id },
		               ENT_INSTANT_NONE, (ent_instant){ rows.first->cell[0].number });
	}
	return code;
}

static enum ent_code set_all(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct plan *plan = arg;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < plan->count && code == ENT_OK; i++) {
		code = set_one(call, &plan->items[i], error);
	}
	return code;
}

static void set(const struct occasion *items, size_t count)
{
	struct plan plan = { items, count };
	OK(world_run(ENT_WRITE, set_all, &plan));
}

static int64_t number(const char *sql)
{
	return world_number(sql, (ent_id){ 1 });
}

#define DONE      "SELECT COUNT(*) FROM done WHERE $1 = 1"
#define PLANNED   "SELECT COUNT(*) FROM plan WHERE $1 = 1"
#define ROWS      "SELECT COUNT(*) FROM due WHERE $1 = 1"
#define NOT_SORTED "SELECT COUNT(*) FROM done a JOIN done b ON a.id = b.id AND a.n < b.n AND " \
		   "a.at >= b.at WHERE $1 = 1"
#define NOT_EXACT "SELECT COUNT(*) FROM done WHERE done_at <> at AND $1 = 1"

static struct ent_agenda_report run(void)
{
	struct ent_agenda_report report = { .handled = 0 };
	OK(ent_agenda_run(world.app, ENT_INSTANT_NONE, &report, &world.error));
	return report;
}

/* ---- tests -------------------------------------------------------------------------------- */

APP_TEST(agenda_handles_each_at_exactly_its_instant)
{
	enum { COUNT = 400 };
	struct occasion items[COUNT];
	struct ent_agenda_report report = { .handled = 0 };
	open();
	int64_t now = ent_app_now(world.app).us;
	for (int i = 0; i < COUNT; i++) {
		items[i] = (struct occasion){ 1 + i % 100, now + (1 + i / 2) * ENT_HOUR_US };
		items[i].id = i % 2 == 0 ? items[i].id : items[i].id + 100;
	}
	set(items, COUNT);
	ent_instant until = { now + 1000 * ENT_HOUR_US };
	OK(ent_agenda_run_until(world.app, until, &report, &world.error));
	CHECK_INT(number(DONE), COUNT);
	CHECK_INT(number(NOT_EXACT), 0);
	CHECK_INT((long long)report.handled, COUNT);
	CHECK_INT((long long)report.instants, COUNT / 2);
	CHECK_INT(number(ROWS), 0);
	CHECK(ent_app_now(world.app).us == until.us);
	world_close();
}

APP_TEST(agenda_catches_up_in_order_after_downtime)
{
	open();
	int64_t now = ent_app_now(world.app).us;
	const struct occasion items[] = { { 1, now + 9 }, { 1, now + 3 }, { 2, now + 5 },
		                          { 1, now + 7 }, { 2, now + 1 }, { 3, now + 900 } };
	set(items, ENT_COUNT(items));
	ent_app_advance(world.app, (ent_instant){ now + 100 });
	CHECK_INT((long long)run().handled, 2);
	CHECK_INT(number(DONE), 5);
	CHECK_INT(number(NOT_SORTED), 0);
	CHECK_INT((long long)run().handled, 0);
	CHECK_INT(number(ROWS), 1);
	world_close();
}

static void *race(void *arg)
{
	struct ent_agenda_report *report = arg;
	struct ent_error error;
	ent_instant next = { 0 };
	ent_error_clear(&error);
	while (next.us <= ent_app_now(world.app).us) {
		if (ent_agenda_run(world.app, ENT_INSTANT_NONE, report, &error) != ENT_OK ||
		    ent_agenda_next(world.app, &next, &error) != ENT_OK) {
			report->failed++;
			return NULL;
		}
	}
	return NULL;
}

APP_TEST(agenda_is_shared_by_several_schedulers)
{
	enum { COUNT = 1500, THREADS = 4 };
	static struct occasion items[COUNT];
	pthread_t threads[THREADS];
	struct ent_agenda_report reports[THREADS] = { { .handled = 0 } };
	open();
	int64_t now = ent_app_now(world.app).us;
	for (int i = 0; i < COUNT; i++) {
		items[i] = (struct occasion){ 1 + i % 700, now + 1 + i };
	}
	set(items, COUNT);
	ent_app_advance(world.app, (ent_instant){ now + COUNT + 1 });
	for (int i = 0; i < THREADS; i++) {
		pthread_create(&threads[i], NULL, race, &reports[i]);
	}
	size_t handled = 0;
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		handled += reports[i].handled;
		CHECK_INT((long long)reports[i].failed, 0);
	}
	CHECK_INT((long long)handled, 700);
	CHECK_INT(number(DONE), COUNT);
	CHECK_INT(number(NOT_SORTED), 0);
	CHECK_INT(number(ROWS), 0);
	world_close();
}

static enum ent_code look(struct ent_call *call, void *arg, struct ent_error *error)
{
	return ent_agenda_backlog(call, arg, error);
}

APP_TEST(agenda_goes_on_past_what_fails)
{
	open();
	int64_t now = ent_app_now(world.app).us;
	struct occasion items[300];
	struct ent_agenda_backlog backlog;
	struct ent_agenda_stats stats;
	for (int i = 0; i < 300; i++) {
		items[i] = (struct occasion){ 1 + i, now };
	}
	set(items, 300);
	failing_id = 17;
	struct ent_agenda_report report = run();
	CHECK_INT((long long)report.handled, 299);
	CHECK_INT((long long)report.failed, 1);
	CHECK_TEXT(report.error.detail, "cannot be handled");
	CHECK_INT(number("SELECT retry_at - at FROM due WHERE $1 = 1"), ENT_SECOND_US);
	CHECK_INT(number("SELECT COUNT(*) FROM due WHERE subject_id = 17 AND attempts = 1 AND "
	                 "last_error = 'state: cannot be handled' AND $1 = 1"), 1);
	OK(world_run(ENT_READ, look, &backlog));
	CHECK_INT(backlog.overdue, 1);
	CHECK_INT(backlog.failing, 1);
	CHECK(backlog.oldest.us == now);
	ent_agenda_stats(world.app, &stats);
	CHECK_INT((long long)stats.handled[ENT_AGENDA_ENTITLEMENT], 299);
	CHECK_INT((long long)stats.failed[ENT_AGENDA_ENTITLEMENT], 1);
	CHECK_INT((long long)run().failed, 0); /* not before its time */
	ent_app_advance(world.app, (ent_instant){ now + ENT_SECOND_US });
	CHECK_INT((long long)run().failed, 1);
	CHECK_INT(number("SELECT retry_at - at FROM due WHERE $1 = 1"), 3 * ENT_SECOND_US);
	world_sql("UPDATE due SET attempts = 40, retry_at = at WHERE $1 = 1", (ent_id){ 1 });
	CHECK_INT((long long)run().failed, 1);
	CHECK_INT(number("SELECT retry_at - at FROM due WHERE $1 = 1"), 3601 * ENT_SECOND_US);
	failing_id = 0;
	ent_app_advance(world.app, (ent_instant){ now + 2 * ENT_HOUR_US });
	CHECK_INT((long long)run().handled, 1);
	CHECK_INT(number(DONE), 300);
	CHECK_INT(number(ROWS), 0);
	world_close();
}

/* Whichever call fails between the claim and the commit: nothing is lost, nothing is twice. */
APP_TEST(agenda_survives_each_call_failing)
{
	static const enum ent_code codes[] = { ENT_E_STORAGE, ENT_E_BUSY, ENT_E_OUT_OF_MEMORY };
	open();
	int64_t at = ent_app_now(world.app).us;
	int64_t made = 0;
	for (size_t k = 0; k < ENT_COUNT(codes); k++) {
		ROW(ent_code_name(codes[k]));
		fault_code = codes[k];
		fault.fail_at = 0;
		for (int n = 0; fault.fail_at < 0 || n == 0; n++) {
			at++;
			struct occasion items[] = {
				{ 1, at },    { 2, at }, { 2, at + 1 },
				{ 11, at }, { 3, at + 50000000000 },
			};
			set(items, k == 0 && n == 0 ? 5 : 4);
			made += 4;
			ent_app_advance(world.app, (ent_instant){ ++at });
			is_faulty = true;
			fault_at = n;
			run();
			bool has_failed = fault.fail_at < 0;
			is_faulty = false;
			ent_app_advance(world.app, (ent_instant){ at += 2 * ENT_SECOND_US });
			run();
			CHECK_INT(number(DONE), made);
			CHECK_INT(number(PLANNED), 1);
			CHECK_INT(number(ROWS), 1);
			CHECK_INT(number(NOT_SORTED), 0);
			fault.fail_at = has_failed ? -1 : 0;
			CHECK(has_failed || n > 12);
		}
		ROW("");
	}
	world_close();
}

/* ---- a storm ------------------------------------------------------------------------------ */

enum { STORM_IDS = 60, STORM_STEPS = 120, STORM_MOST = 4096 };

static uint64_t random_state;

static int64_t chance(int64_t below)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)(random_state >> 33) % below;
}

/* The oracle: what is to be done, and nothing else. */
static struct occasion wanted[STORM_MOST];

static bool is_wanted(const struct occasion *o, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (wanted[i].id == o->id && wanted[i].at == o->at) {
			return true;
		}
	}
	return false;
}

static int64_t due_by(size_t count, int64_t now)
{
	int64_t n = 0;
	for (size_t i = 0; i < count; i++) {
		n += wanted[i].at <= now;
	}
	return n;
}

APP_TEST(agenda_does_what_a_naive_list_says_in_a_storm)
{
	size_t count = 0;
	random_state = 20250610;
	open();
	int64_t now = ent_app_now(world.app).us;
	for (int step = 0; step < STORM_STEPS; step++) {
		for (int64_t n = chance(20); n > 0; n--) {
			struct occasion o = { 1 + chance(STORM_IDS),
				              now - 5 + chance(4 * ENT_HOUR_US) / ENT_MINUTE_US *
				                                ENT_MINUTE_US };
			if (count < STORM_MOST && !is_wanted(&o, count)) {
				wanted[count++] = o;
				set(&o, 1);
			}
		}
		failing_id = chance(3) == 0 ? 1 + chance(STORM_IDS) : 0;
		is_faulty = chance(4) == 0;
		fault_code = chance(2) == 0 ? ENT_E_STORAGE : ENT_E_BUSY;
		fault_at = chance(40);
		now += chance(2 * ENT_HOUR_US);
		struct ent_agenda_report report = { .handled = 0 };
		if (chance(2) == 0) {
			ent_app_advance(world.app, (ent_instant){ now });
			run();
		} else {
			OK(ent_agenda_run_until(world.app, (ent_instant){ now }, &report,
			                        &world.error));
		}
		CHECK(number(DONE) <= due_by(count, now));
		if (failing_id == 0 && !is_faulty) {
			CHECK(due_by(count, now) - number(DONE) <= 20);
		}
	}
	failing_id = 0;
	is_faulty = false;
	now += 12 * ENT_HOUR_US;
	struct ent_agenda_report report = { .handled = 0 };
	OK(ent_agenda_run_until(world.app, (ent_instant){ now }, &report, &world.error));
	CHECK(count > 500);
	CHECK_INT(number(DONE), (long long)count); /* (id, at) is unique: each once */
	CHECK_INT(number(PLANNED), 0);
	CHECK_INT(number(ROWS), 0);
	world_close();
}

/* ---- the thread --------------------------------------------------------------------------- */

static bool is_done(void *arg)
{
	return number(DONE) == *(const int64_t *)arg;
}

APP_TEST(agenda_wakes_the_scheduler)
{
	struct ent_background *background;
	int64_t want = 1;
	open();
	OK(ent_background_start(world.app, &background, &world.error));
	int64_t now = ent_app_now(world.app).us;
	set(&(struct occasion){ 1, now }, 1);
	CHECK(helper_wait(is_done, &want, 5000));
	set(&(struct occasion){ 2, now + ENT_DAY_US }, 1);
	CHECK(!helper_wait(is_done, &(int64_t){ 2 }, 50));
	ent_app_advance(world.app, (ent_instant){ now + ENT_DAY_US });
	want = 2;
	CHECK(helper_wait(is_done, &want, 5000));
	ent_background_stop(background);
	set(&(struct occasion){ 3, now }, 1);
	CHECK(!helper_wait(is_done, &(int64_t){ 3 }, 50));
	world_close();
}
