#include "app/ledger.h"

#include "app/boundary.h"
#include "app/verify.h"
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

static void count_finding(void *arg, const struct ent_finding *finding)
{
	printf("#   %s %s: %s\n", finding->kind, finding->subject, finding->detail);
	++*(int *)arg;
}

static int findings(void)
{
	int count = 0;
	struct ent_verify_result result;
	ent_error_clear(&world.error);
	OK(ent_verify(world.app, count_finding, &count, &result, &world.error));
	return count;
}

/* ---- figures ------------------------------------------------------------------------------ */

APP_TEST(ledger_uses_lots_first_and_never_more_than_there_is)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"visits\",\"total\":3,\"restricted\":true");
	world_do(ENTITLEMENT, "top_up", id, "{\"units\":2,\"ends_on\":\"2025-06-30\"}");
	world_do(ENTITLEMENT, "top_up", id, "{\"units\":1}");
	CHECK_INT(world_available(id), 6);
	world_do(ENTITLEMENT, "consume", id, "{\"units\":1}");
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":6}", NULL),
	           ENT_E_TERMS_EXHAUSTED);
	CHECK_CODE(world_try(ENTITLEMENT, "adjust", id, "{\"units\":-6,\"reason\":\"x\"}", NULL),
	           ENT_E_TERMS_EXHAUSTED);
	world_do(ENTITLEMENT, "adjust", id, "{\"units\":-1,\"reason\":\"x\"}");
	world_at("2025-06-30T23:59:59Z");
	CHECK_INT(world_available(id), 4);
	world_at("2025-07-01T00:00:00Z"); /* the earlier lot had one left */
	CHECK_INT(world_available(id), 3);
	world_do(ENTITLEMENT, "consume", id, "{\"units\":3}");
	CHECK_INT(world_available(id), 0);
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created activated topped_up topped_up consumed "
	                                          "adjusted consumed exhausted");
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":1}", NULL),
	           ENT_E_TERMS_EXHAUSTED);
	CHECK_CODE(world_try(ENTITLEMENT, "top_up", id,
	                     "{\"units\":1,\"ends_on\":\"2025-06-30\"}", NULL), ENT_E_RANGE);
	CHECK_INT(findings(), 0);
	world_close();
}

APP_TEST(ledger_notes_who_posted_and_why)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"cases\",\"total\":3");
	world.idempotency_key = "key-1";
	world_do(ENTITLEMENT, "consume", id, "{\"units\":1,\"reason\":\"visit\"}");
	CHECK_INT(world_number("SELECT COUNT(*) FROM term_posting WHERE entitlement_id = $1 AND "
	                       "actor = 'system' AND reason = 'visit' AND idempotency_key = 'key-1'",
	                       id), 1);
	CHECK_INT(world_number("SELECT COUNT(*) FROM event WHERE type = 'entitlement.consumed' AND "
	                       "reason = 'visit' AND after LIKE '{\"units\":1,%\"available\":2}'",
	                       id), 1);
	CHECK_INT(world_number("SELECT version FROM entitlement WHERE id = $1", id), 3);
	world_close();
}

APP_TEST(ledger_use_without_case_is_bound_by_state_and_channel)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"cases\",\"total\":9,\"other_channels\":\"deny\",\"channels\":"
	                 "[{\"channel\":\"phone\",\"total\":2},{\"channel\":\"web\",\"total\":0}]");
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":1,\"channel\":\"web\"}", NULL),
	           ENT_E_NOT_COVERED);
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":1,\"channel\":\"fax\"}", NULL),
	           ENT_E_NOT_COVERED);
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":0}", NULL), ENT_E_RANGE);
	world_do(ENTITLEMENT, "consume", id, "{\"units\":1,\"channel\":\"phone\"}");
	world_do(ENTITLEMENT, "suspend", id, "{}");
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":1}", NULL), ENT_E_STATE);
	world_close();
}

/* dynamics 4.6, and what becomes of a row that goes and comes back */
APP_TEST(ledger_keeps_channel_rows_through_amendments)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"cases\",\"total\":100,\"restricted\":true,\"channels\":"
	                 "[{\"channel\":\"phone\",\"total\":80},{\"channel\":\"email\",\"total\":80}]");
	world_do(ENTITLEMENT, "consume", id, "{\"units\":25,\"channel\":\"email\"}");
	CHECK_CODE(world_try(ENTITLEMENT, "amend", id, "{\"changes\":{\"total\":70}}", NULL),
	           ENT_E_INVALID); /* one issue for each channel */
	CHECK_CODE(world.error.issues[0].code, ENT_E_TOTAL_BELOW_CHANNEL);
	CHECK_TEXT(world.error.issues[0].pointer, "/changes/total");
	CHECK_CODE(world_try(ENTITLEMENT, "amend", id,
	                     "{\"changes\":{\"channels\":[{\"channel\":\"phone\",\"total\":120}]}}", NULL),
	           ENT_E_CHANNEL_ABOVE_TOTAL);
	world_do(ENTITLEMENT, "amend", id,
	         "{\"changes\":{\"channels\":[{\"channel\":\"email\",\"total\":30}]}}");
	struct ent_entitlement e = world_entitlement(id);
	CHECK_INT((long long)e.channels.count, 1);
	CHECK_INT(((struct ent_entitlement_channel *)e.channels.items)->available.n, 5);
	CHECK_INT(findings(), 0);
	world_do(ENTITLEMENT, "amend", id, "{\"changes\":{\"channels\":[]}}");
	world_do(ENTITLEMENT, "amend", id,
	         "{\"changes\":{\"channels\":[{\"channel\":\"email\",\"total\":40}]}}");
	e = world_entitlement(id);
	CHECK_INT(((struct ent_entitlement_channel *)e.channels.items)->available.n, 15);
	CHECK_INT(e.revision, 3);
	CHECK_INT(findings(), 0);
	world_close();
}

APP_TEST(ledger_channel_with_reservations_keeps_its_row)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"cases\",\"total\":10,\"charge_on\":\"resolution\",\"channels\":"
	                 "[{\"channel\":\"phone\",\"total\":8}]");
	world_create(&ent_case_type, "{\"account_id\":$1,\"title\":\"C\",\"channel\":\"phone\","
	                             "\"entitlement_id\":$2}",
	             REFS({ &ent_account_type, account }, { ENTITLEMENT, id }));
	CHECK_INT(world_entitlement(id).reserved.n, 1);
	CHECK_CODE(world_try(ENTITLEMENT, "amend", id, "{\"changes\":{\"channels\":[]}}", NULL),
	           ENT_E_IN_USE);
	world_close();
}

APP_TEST(ledger_amendments_are_judged)
{
	static const struct {
		const char *input;
		enum ent_code code;
	} rows[] = {
		{ "{\"changes\":{}}", ENT_E_TYPE },
		{ "{\"changes\":[1]}", ENT_E_TYPE },
		{ "{\"changes\":{\"nam\":\"x\"}}", ENT_E_UNKNOWN_FIELD },
		{ "{\"changes\":{\"total\":1}}", ENT_E_TOTAL_BELOW_USED },
		{ "{\"changes\":{\"unit\":\"visits\"}}", ENT_E_INVALID },
		{ "{\"changes\":{\"account_id\":null}}", ENT_E_FIXED },
		{ "{\"changes\":{\"stage\":\"draft\"}}", ENT_E_UNKNOWN_FIELD },
		{ "{\"changes\":{\"time_zone\":\"No/Where\"}}", ENT_E_UNKNOWN_VALUE },
		{ "{\"changes\":{\"total\":4},\"effective_on\":\"2025-06-09\"}", ENT_E_RANGE },
		{ "{\"changes\":{\"total\":1},\"effective_on\":\"2025-07-09\"}", ENT_E_TOTAL_BELOW_USED },
		{ "{\"changes\":{\"total\":4},\"effective_on\":\"2026-01-01\"}", ENT_E_CANNOT_AMEND },
	};
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"cases\",\"total\":5,\"ends_on\":\"2025-12-31\"");
	world_do(ENTITLEMENT, "consume", id, "{\"units\":3}");
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].input);
		CHECK_CODE(world_try(ENTITLEMENT, "amend", id, rows[i].input, NULL), rows[i].code);
	}
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created activated consumed");
	for (int i = 0; i < 20; i++) {
		world_do(ENTITLEMENT, "amend", id,
		         "{\"changes\":{\"total\":9},\"effective_on\":\"2025-08-01\"}");
	}
	CHECK_CODE(world_try(ENTITLEMENT, "amend", id,
	                     "{\"changes\":{\"total\":9},\"effective_on\":\"2025-08-01\"}", NULL),
	           ENT_E_LIMIT);
	world_close();
}

APP_TEST(ledger_amended_end_in_the_past_of_today_expires)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"ends_on\":\"2025-12-31\"");
	world_do(ENTITLEMENT, "set_default", id, "{}");
	world_do(ENTITLEMENT, "amend", id, "{\"changes\":{\"ends_on\":\"2025-06-09\"}}");
	CHECK_TEXT(world_state(id), "expired");
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created activated amended expired");
	CHECK_TEXT(world_events(&ent_account_type, account), "created default_set default_cleared");
	world_close();
}

/* ---- cases on an entitlement ------------------------------------------------------------------ */

static enum ent_code open_case(ent_id contact, ent_id product, ent_id entitlement)
{
	ent_id id;
	char json[300];
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"title\":\"C\"%s%s%s}",
	         ent_id_is_none(entitlement) ? "" : ",\"entitlement_id\":$2",
	         ent_id_is_none(contact) ? "" : ",\"contact_id\":$3",
	         ent_id_is_none(product) ? "" : ",\"product_id\":$4");
	return world_try_create(&ent_case_type, json,
	                        REFS({ &ent_account_type, account }, { ENTITLEMENT, entitlement },
	                             { &ent_contact_type, contact }, { &ent_product_type, product }),
	                        &id);
}

/* dynamics 4.1 */
APP_TEST(ledger_tv_warranty)
{
	world_open("2025-07-01T08:00:00Z");
	account = world_account("A");
	ent_id tv = world_create(&ent_product_type, "{\"name\":\"TV-55\"}", NULL);
	ent_id bar = world_create(&ent_product_type, "{\"name\":\"SOUNDBAR\"}", NULL);
	ent_id id = world_create(ENTITLEMENT,
	                         "{\"account_id\":$1,\"name\":\"Warranty\",\"starts_on\":\"2025-07-01\","
	                         "\"ends_on\":\"2026-06-30\",\"unit\":\"cases\",\"total\":9999,"
	                         "\"products\":[$2]}",
	                         REFS({ &ent_account_type, account }, { &ent_product_type, tv }));
	world_do(ENTITLEMENT, "activate", id, "{}");
	for (int i = 0; i < 3; i++) {
		OK(open_case(ENT_ID_NONE, tv, id));
	}
	CHECK_INT(world_available(id), 9996);
	CHECK_CODE(open_case(ENT_ID_NONE, bar, id), ENT_E_NOT_COVERED);
	OK(open_case(ENT_ID_NONE, ENT_ID_NONE, id));
	world_at("2026-07-01T08:00:00Z");
	CHECK_CODE(open_case(ENT_ID_NONE, tv, id), ENT_E_NOT_COVERED);
	CHECK_INT(world_available(id), 9995);
	CHECK_INT(findings(), 0);
	world_close();
}

/* dynamics 4.2 as grants: one entitlement, two rows */
APP_TEST(ledger_marcie_and_jackson)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id people[3], products[3];
	static const char *const names[] = { "Marcie", "Jackson", "Dana" };
	for (size_t i = 0; i < 3; i++) {
		char json[100];
		snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"%s\"}", names[i]);
		people[i] = world_create(&ent_contact_type, json, REFS({ &ent_account_type, account }));
		snprintf(json, sizeof(json), "{\"name\":\"product %zu\"}", i);
		products[i] = world_create(&ent_product_type, json, NULL);
	}
	ent_id id = world_create(ENTITLEMENT,
	                         "{\"account_id\":$1,\"name\":\"E\",\"unit\":\"cases\",\"total\":50,"
	                         "\"grants\":[{\"contact_id\":$2,\"product_id\":$3},"
	                         "{\"contact_id\":$4,\"product_id\":$5}]}",
	                         REFS({ &ent_account_type, account },
	                              { &ent_contact_type, people[0] },
	                              { &ent_product_type, products[0] },
	                              { &ent_contact_type, people[1] },
	                              { &ent_product_type, products[1] }));
	world_do(ENTITLEMENT, "activate", id, "{}");
	for (size_t p = 0; p < 3; p++) {
		for (size_t q = 0; q < 3; q++) {
			ROW(names[p]);
			bool fits = p == q && p < 2;
			CHECK_INT(open_case(people[p], products[q], id) == ENT_OK, fits);
		}
	}
	CHECK_INT(world_available(id), 48);
	world_close();
}

/* ---- many at once -------------------------------------------------------------------------------- */

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

APP_TEST(ledger_yields_exactly_what_there_is_under_contention)
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
	CHECK_INT(findings(), 0);
	world_close();
}

/* ---- a random walk: whatever is done, the books are right --------------------------------------- */

static const struct {
	const char *action, *input;
} steps[] = {
	{ "consume", "{\"units\":1}" },
	{ "consume", "{\"units\":2,\"channel\":\"phone\"}" },
	{ "consume", "{\"units\":1,\"channel\":\"web\"}" },
	{ "top_up", "{\"units\":3}" },
	{ "top_up", "{\"units\":2,\"ends_on\":\"2025-02-10\"}" },
	{ "top_up", "{\"units\":4,\"ends_on\":\"2025-04-20\"}" },
	{ "adjust", "{\"units\":-1,\"reason\":\"r\"}" },
	{ "adjust", "{\"units\":2,\"channel\":\"phone\",\"reason\":\"r\"}" },
	{ "amend", "{\"changes\":{\"total\":12}}" },
	{ "amend", "{\"changes\":{\"total\":7}}" },
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
		enum ent_code code = world_try(ENTITLEMENT, steps[at].action, id, steps[at].input, NULL);
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
			struct ent_boundary_report report;
			OK(ent_boundary_run(world.app, now, 0, &report, &world.error));
			CHECK_INT((long long)report.failed, 0);
			struct ent_entitlement is = world_entitlement(id);
			CHECK_INT(is.available.n, was.available.n);
			CHECK_INT(is.granted.n, was.granted.n);
			CHECK_INT(is.state, was.state);
			CHECK(is.resets_on.day == was.resets_on.day);
		}
	}
	CHECK_INT(findings(), 0);
	world_close();
}

APP_TEST(ledger_random_walks_keep_the_books_right)
{
	int walks = helper_dialect == ENT_SQLITE ? 8 : 3;
	for (int seed = 1; seed <= walks; seed++) {
		char row[32];
		snprintf(row, sizeof(row), "seed %d", seed);
		ROW(row);
		CHECK(helper_use(helper_dialect));
		random_walk((uint64_t)seed * 7919);
	}
}

/* ---- faults --------------------------------------------------------------------------------------- */

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

static enum ent_code act(struct attempt *attempt, struct ent_call *call, struct ent_error *error)
{
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
	struct ent_db *db = &attempt->fault.db;
	struct ent_arena arena = attempt->arena;
	struct ent_call call = { .app = world.app, .db = db, .arena = &arena,
		                 .now = ent_app_now(world.app), .who = &ent_principal_system };
	ent_error_clear(&world.error);
	attempt->code = ENT_E_OUT_OF_MEMORY;
	enum ent_code code = db->ops->begin(db, ENT_WRITE, &world.error);
	if (code == ENT_OK) {
		code = act(attempt, &call, &world.error);
	}
	if (code == ENT_OK) {
		code = db->ops->commit(db, &world.error);
	}
	attempt->code = code;
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

static void fail_everything(const char *action, const char *input, ent_id id)
{
	struct attempt attempt = { .action = action, .input = input, .id = id };
	attempt.inner = helper_connect(ent_app_store(world.app));
	attempt.fault = fault_around(attempt.inner);
	attempt.mark = mark();
	ROW(action);
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
	if (strcmp(action, "activate") == 0) {
		world_do(ENTITLEMENT, "deactivate", id, "{}");
	}
	attempt.fault.fail_at = -1;
	attempt.mark = mark();
	attempt.arena = test_arena();
	CHECK(test_each_allocation_fails(body, after, &attempt) > 5);
	attempt.inner->ops->close(attempt.inner);
}

APP_TEST(ledger_faults_leave_no_trace)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = world_create(ENTITLEMENT,
	                         "{\"account_id\":$1,\"name\":\"E\",\"unit\":\"cases\",\"total\":50,"
	                         "\"channels\":[{\"channel\":\"phone\",\"total\":40}]}",
	                         REFS({ &ent_account_type, account }));
	fail_everything("activate", "{}", id);
	fail_everything("top_up", "{\"units\":4,\"ends_on\":\"2025-07-31\"}", id);
	fail_everything("consume", "{\"units\":1,\"channel\":\"phone\"}", id);
	fail_everything("amend", "{\"changes\":{\"total\":60}}", id);
	fail_everything("amend", "{\"changes\":{\"name\":\"N\"},\"effective_on\":\"2025-08-01\"}", id);
	CHECK_INT(world_available(id), 60 + 8 - 2);
	CHECK_INT(findings(), 0);
	world_close();
}
