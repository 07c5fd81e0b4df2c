#include "app/agenda.h"
#include "app/world.h"
#include "fault.h"
#include "json/json.h"

#include <pthread.h>

static const struct ent_type *const ENTITLEMENT = &ent_entitlement_type;

static ent_id account;

static ent_id live(const char *fields)
{
	char json[700];
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"E\",%s}", fields);
	ent_id id = world_create(ENTITLEMENT, json, REFS({ &ent_account_type, account }));
	world_do(ENTITLEMENT, "activate", id, "{}");
	return id;
}

/* ---- many at once ---------------------------------------------------------------------------- */

struct racer {
	ent_id id;
	int used, refused, failed;
};

static enum ent_code use_one(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct racer *racer = arg;
	struct ent_entitlement out;
	struct ent_input_consume input = { .units = { 1 } };
	return ent_entitlement_consume(call, racer->id, 0, &input, &out, error);
}

static void *race(void *arg)
{
	struct racer *racer = arg;
	for (int i = 0; i < 15; i++) {
		struct ent_error error;
		struct ent_call model = { .now = ent_app_now(world.app),
			                  .who = &ent_principal_system };
		ent_error_clear(&error);
		enum ent_code code =
			ent_app_run(world.app, ENT_WRITE, &model, use_one, racer, &error);
		racer->used += code == ENT_OK;
		racer->refused += code == ENT_E_TERMS_EXHAUSTED;
		racer->failed += code != ENT_OK && code != ENT_E_TERMS_EXHAUSTED;
	}
	return NULL;
}

APP_TEST(books_yields_exactly_what_there_is_under_contention)
{
	enum { THREADS = 4, UNITS = 37 };
	struct racer racers[THREADS];
	pthread_t threads[THREADS];
	int used = 0, failed = 0;
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"cases\",\"total\":37,\"restricted\":true");
	for (int i = 0; i < THREADS; i++) {
		racers[i] = (struct racer){ .id = id };
		pthread_create(&threads[i], NULL, race, &racers[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		used += racers[i].used;
		failed += racers[i].failed;
	}
	CHECK_INT(used, UNITS);
	CHECK_INT(failed, 0);
	CHECK_INT(world_available(id), 0);
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* ---- a random walk: whatever is done, the books are right ------------------------------------ */

static const struct {
	const char *action, *input;
} steps[] = {
	{ "consume", "{\"units\":1}" }, { "consume", "{\"units\":2,\"channel\":\"phone\"}" },
	{ "consume", "{\"units\":1,\"channel\":\"web\"}" }, { "top_up", "{\"units\":3}" },
	{ "top_up", "{\"units\":2,\"ends_on\":\"2025-02-10\"}" },
	{ "top_up", "{\"units\":4,\"ends_on\":\"2025-04-20\"}" },
	{ "adjust", "{\"units\":-1,\"reason\":\"r\"}" },
	{ "adjust", "{\"units\":2,\"channel\":\"phone\",\"reason\":\"r\"}" },
	{ "amend", "{\"changes\":{\"total\":12}}" }, { "amend", "{\"changes\":{\"total\":7}}" },
	{ "amend", "{\"changes\":{\"reset\":\"quarterly\"}}" },
	{ "amend", "{\"changes\":{\"reset\":\"monthly\",\"roll_over\":3}}" },
	{ "amend", "{\"changes\":{\"reset\":\"none\"}}" },
	{ "amend", "{\"changes\":{\"starts_on\":\"2024-12-15\"}}" },
	{ "amend", "{\"changes\":{\"channels\":[{\"channel\":\"phone\",\"total\":5}]}}" },
	{ "amend", "{\"changes\":{\"channels\":[{\"channel\":\"web\",\"total\":6},"
	           "{\"channel\":\"phone\"}]}}" },
	{ "amend", "{\"changes\":{\"restricted\":true}}" },
	{ "amend", "{\"changes\":{\"restricted\":false,\"charge_on\":\"resolution\"}}" },
	{ "amend", "{\"changes\":{\"total\":9},\"effective_on\":\"2025-03-03\"}" },
	{ "amend", "{\"changes\":{\"time_zone\":\"Asia/Tokyo\"},\"effective_on\":\"2025-04-01\"}" },
	{ "amend", "{\"changes\":{\"unlimited\":true,\"total\":null}}" },
	{ "amend", "{\"changes\":{\"unlimited\":false,\"total\":30}}" },
	{ "suspend", "{}" }, { "resume", "{}" }, { "deactivate", "{}" }, { "activate", "{}" },
	{ "activate", "{}" }, { "set_default", "{}" },
};

static const char *const edits[] = {
	"{\"total\":14}", "{\"starts_on\":\"2025-01-20\"}", "{\"reset\":\"yearly\"}",
	"{\"channels\":[{\"channel\":\"web\",\"total\":3}]}", "{\"priority\":4}",
	"{\"ends_on\":\"2025-09-30\",\"time_zone\":\"America/New_York\"}",
	"{\"channels\":[{\"channel\":\"phone\",\"total\":6}],\"total\":11}",
};

static void random_step(uint64_t *state, ent_id id, ent_id *cases, size_t *count)
{
	size_t at = (size_t)test_random(state, ENT_COUNT(steps) + 8);
	if (test_random(state, 6) == 0) {
		const char *edit = edits[test_random(state, ENT_COUNT(edits))];
		CHECK(ent_code_http(world_try_update(ENTITLEMENT, id, edit, NULL)) < 500);
		return;
	}
	if (at < ENT_COUNT(steps)) {
		enum ent_code code =
			world_try(ENTITLEMENT, steps[at].action, id, steps[at].input, NULL);
		CHECK(ent_code_http(code) < 500);
		return;
	}
	if (at - ENT_COUNT(steps) < 3 && *count < 100) {
		ent_id made;
		if (world_try_create(&ent_case_type,
		                     test_random(state, 2) == 0
		                             ? "{\"account_id\":$1,\"title\":\"C\","
		                               "\"entitlement_id\":$2,\"channel\":\"phone\"}"
		                             : "{\"account_id\":$1,\"title\":\"C\","
		                               "\"entitlement_id\":$2}",
		                     REFS({ &ent_account_type, account }, { ENTITLEMENT, id }),
		                     &made) == ENT_OK) {
			cases[(*count)++] = made;
		}
		return;
	}
	static const char *const acts[] = { "resolve", "reopen", "cancel", "reactivate" };
	if (*count > 0) {
		enum ent_code code = world_try(&ent_case_type, acts[test_random(state, 4)],
		                               cases[test_random(state, *count)], "{}", NULL);
		CHECK(ent_code_http(code) < 500);
	}
}

static void random_walk(uint64_t seed)
{
	uint64_t state = seed;
	ent_id cases[100];
	size_t count = 0;
	world_open("2025-01-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"cases\",\"total\":10,\"starts_on\":\"2025-01-01\","
	                 "\"reset\":\"monthly\",\"time_zone\":\"Europe/Berlin\","
	                 "\"channels\":[{\"channel\":\"phone\",\"total\":8}]");
	ent_instant now = ent_app_now(world.app);
	for (int i = 0; i < 60; i++) {
		random_step(&state, id, cases, &count);
		if (test_random(&state, 3) == 0) {
			now.us += (int64_t)test_random(&state, 8 * 24) * ENT_HOUR_US;
			ent_app_advance(world.app, now);
		}
		if (test_random(&state, 8) == 0) {
			/* what is read is what will be written */
			struct ent_entitlement was = world_entitlement(id);
			struct ent_agenda_report report = { .handled = 0 };
			OK(ent_agenda_run(world.app, now, &report, &world.error));
			CHECK_INT((long long)report.failed, 0);
			struct ent_entitlement is = world_entitlement(id);
			CHECK_INT(is.available.n, was.available.n);
			CHECK_INT(is.granted.n, was.granted.n);
			CHECK_INT(is.state, was.state);
			CHECK(is.resets_on.day == was.resets_on.day);
		}
	}
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(books_random_walks_keep_the_books_right)
{
	int walks = helper_dialect == ENT_SQLITE ? 8 : 3;
	for (int seed = 1; seed <= walks; seed++) {
		char row[32];
		snprintf(row, sizeof(row), "seed %d", seed);
		ROW(row);
		CHECK(helper_use_migrated(helper_dialect));
		random_walk((uint64_t)seed * 7919);
	}
}

/* ---- faults ---------------------------------------------------------------------------------- */

struct attempt {
	struct ent_db *inner;
	struct fault_db fault;
	struct ent_arena arena;
	const char *action, *input;
	ent_id id;
	enum ent_code code;
	int64_t mark; /* of all that there is, before */
};

static int64_t mark(void)
{
	return world_number("SELECT (SELECT COUNT(*) FROM term_posting) * 1000000000 + "
	                    "(SELECT COUNT(*) FROM event) * 1000000 + "
	                    "(SELECT SUM(version) FROM account_head) * 1000 + "
	                    "(SELECT SUM(version) FROM entitlement) + "
	                    "(SELECT COUNT(*) FROM term_lot) * 100 + "
	                    "(SELECT COUNT(*) FROM entitlement_revision) * 100", ENT_ID_NONE);
}

static enum ent_code act(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct attempt *attempt = arg;
	const struct ent_action_row *row = ent_action_of(ENTITLEMENT, ent_str_of(attempt->action));
	const struct ent_node *node;
	struct ent_set given = { { 0 } };
	void *input = ent_arena_alloc(call->arena, 1, row->input->size, 16);
	struct ent_entitlement *out = ENT_NEW(call->arena, struct ent_entitlement, 1);
	ent_type_clear(row->input, input);
	enum ent_code code = ent_json_parse(ent_str_of(attempt->input), call->arena, &node, error);
	if (code == ENT_OK) {
		code = ent_json_read(row->input, node, ENT_JSON_CREATE, call->arena, input, &given,
		                     error);
	}
	if (code == ENT_OK) {
		code = row->act(call, attempt->id, 0, input, out, error);
	}
	return code == ENT_OK ? ent_call_finish(call, error) : code;
}

static void body(void *arg)
{
	struct attempt *attempt = arg;
	world_run_on(&attempt->fault.db, attempt->arena, act, attempt, &attempt->code);
}

static void after(void *arg, bool ok)
{
	struct attempt *attempt = arg;
	ent_db_unwind(&attempt->fault.db, 0);
	if (!ok || attempt->code != ENT_OK) {
		CHECK(mark() == attempt->mark);
	} else {
		CHECK(mark() != attempt->mark);
	}
}

static struct attempt attempt_of(const char *action, const char *input, ent_id id)
{
	struct attempt attempt = { .action = action, .input = input, .id = id };
	attempt.inner = helper_connect(ent_app_store(world.app));
	attempt.fault = fault_around(attempt.inner);
	attempt.mark = mark();
	ROW(action);
	return attempt;
}

/* The first store call fails, then the second, until none does and it is done. */
static void fail_every_call(const char *action, const char *input, ent_id id)
{
	struct attempt attempt = attempt_of(action, input, id);
	int64_t calls = 0;
	for (;; calls++) {
		attempt.arena = test_arena();
		attempt.fault.fail_at = calls;
		bool ran = ent_guard(&test_budget, body, &attempt);
		after(&attempt, ran);
		if (attempt.code == ENT_OK) {
			break;
		}
		CHECK_CODE(attempt.code, ENT_E_STORAGE);
	}
	CHECK(calls > 5);
	attempt.inner->ops->close(attempt.inner);
}

static void fail_every_allocation(const char *action, const char *input, ent_id id)
{
	struct attempt attempt = attempt_of(action, input, id);
	attempt.fault.fail_at = -1;
	attempt.arena = test_arena();
	CHECK(test_each_allocation_fails(body, after, &attempt) > 5);
	attempt.inner->ops->close(attempt.inner);
}

/* Both; in between `undo` makes it possible again, if it is not as it stands. */
static void fail_everything_between(const char *action, const char *input, const char *undo,
                                    const char *undo_input, ent_id id)
{
	fail_every_call(action, input, id);
	if (undo != NULL) {
		world_do(ENTITLEMENT, undo, id, undo_input);
	}
	fail_every_allocation(action, input, id);
}

static void fail_everything(const char *action, const char *input, ent_id id)
{
	fail_everything_between(action, input, NULL, NULL, id);
}

APP_TEST(books_faults_leave_no_trace)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id =
		world_create(ENTITLEMENT,
	                     "{\"account_id\":$1,\"name\":\"E\",\"unit\":\"cases\",\"total\":50,"
	                     "\"channels\":[{\"channel\":\"phone\",\"total\":40}]}",
	                     REFS({ &ent_account_type, account }));
	fail_everything_between("activate", "{}", "deactivate", "{}", id);
	fail_everything("top_up", "{\"units\":4,\"ends_on\":\"2025-07-31\"}", id);
	fail_everything("consume", "{\"units\":1,\"channel\":\"phone\"}", id);
	fail_everything("amend", "{\"changes\":{\"total\":60}}", id);
	fail_everything("amend", "{\"changes\":{\"name\":\"N\"},\"effective_on\":\"2025-08-01\"}",
	                id);
	CHECK_INT(world_available(id), 60 + 8 - 2);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(books_faults_of_life_leave_no_trace)
{
	static const char later[] = "{\"at\":\"2025-07-01T00:00:00Z\"}";
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = world_create(ENTITLEMENT,
	                         "{\"account_id\":$1,\"name\":\"E\",\"unit\":\"cases\","
	                         "\"total\":50,\"starts_on\":\"2025-01-01\","
	                         "\"ends_on\":\"2025-12-31\"}",
	                         REFS({ &ent_account_type, account }));
	world_do(ENTITLEMENT, "activate", id, "{}");
	fail_everything_between("suspend", "{}", "resume", "{}", id);
	fail_everything_between("resume", "{}", "suspend", "{}", id);
	fail_everything_between("cancel", later, "withdraw", "{}", id);
	fail_everything_between("withdraw", "{}", "cancel", later, id);
	/* each try takes a number, and a block of them can be had on the writer's thread only */
	fail_every_call("renew", "{\"early\":true,\"activate\":true}", id);
	CHECK_TEXT(world_state(id), "active");
	CHECK_INT(world_findings(), 0);
	world_close();
}
