/* Cases when things go wrong: no trace of what failed, and nobody gets more than there is. */
#include "app/desk.h"
#include "fault.h"

#include <pthread.h>

/* ---- what must leave no trace --------------------------------------------------------- */

struct scene {
	struct desk *desk;
	ent_id e;
	struct ent_case c, child, other;
	struct ent_case now; /* what the attempt works on */
	enum ent_code (*attempt)(struct scene *scene);
	enum ent_code code;
	int64_t trace;
	int depth;
};

static enum ent_code open_one(struct scene *s)
{
	s->now = desk_case(s->desk, s->e);
	s->now.channel = ENT_STR("phone");
	return desk_open_case(s->desk, &s->now);
}

static enum ent_code resolve_one(struct scene *s)
{
	s->now = s->c;
	return desk_resolve(s->desk, &s->now, 30);
}

static enum ent_code merge_one(struct scene *s)
{
	s->now = s->other;
	return desk_merge(s->desk, &s->now, &s->c.id, 1);
}

static enum ent_code move_one(struct scene *s)
{
	s->now = s->c;
	s->now.channel = ENT_STR("email");
	return desk_patch(s->desk, &s->now);
}

/* A number that changes with every row that is written. */
static int64_t trace(struct desk *desk)
{
	return desk_number(
		desk, "SELECT (SELECT COUNT(*) FROM event) + "
		      "1000 * (SELECT COUNT(*) FROM term_posting) + "
		      "1000000 * (SELECT SUM(version) FROM \"case\") + "
		      "7 * (SELECT SUM(ledger_reserved + 3 * ledger_consumed + 100 * version) "
		      "FROM entitlement) + 11 * (SELECT SUM(reserved) FROM entitlement_channel) + "
		      "13 * (SELECT SUM(version) FROM case_activity) + "
		      "17 * (SELECT SUM(version + seq) FROM account_head)");
}

static void fail_calls(struct desk *desk, void *arg)
{
	struct scene *s = arg;
	struct ent_db *inner = desk->db;
	int64_t before = trace(desk);
	struct fault_db fault = fault_around(inner);
	int n = 0;
	for (s->code = ENT_E_STORAGE; s->code == ENT_E_STORAGE; n++) {
		fault.fail_at = n;
		desk->db = &fault.db;
		s->code = s->attempt(s);
		desk->db = inner;
		fault.db.depth = inner->depth;
		if (s->code != ENT_OK) {
			CHECK_INT(trace(desk), before);
		}
	}
	CHECK_INT(s->code, ENT_OK);
	CHECK(n > 8);
	CHECK(trace(desk) != before);
}

static void attempt(void *arg)
{
	struct scene *s = arg;
	struct ent_arena arena = test_arena();
	s->desk->arena = &arena;
	s->code = s->attempt(s);
}

static void look(void *arg, bool ok)
{
	struct scene *s = arg;
	struct ent_arena arena = test_arena();
	s->desk->arena = &arena;
	if (!ok && s->desk->db->depth > s->depth) {
		ent_db_unwind(s->desk->db, s->depth);
	}
	CHECK_INT(ok ? s->code : ENT_OK, ENT_OK);
	CHECK_INT(trace(s->desk) == s->trace, !ok);
}

static void fail_allocations(struct desk *desk, void *arg)
{
	struct scene *s = arg;
	s->trace = trace(desk);
	s->depth = desk->db->depth;
	/* All of them take too long there. */
	int step = helper_dialect == ENT_POSTGRES ? 5 : 1;
	CHECK(test_some_allocations_fail(step, attempt, look, s) > 50);
}

static void run_faults(struct desk *desk, void (*body)(struct desk *desk, void *arg))
{
	static const struct {
		const char *name;
		enum ent_code (*attempt)(struct scene *scene);
	} attempts[] = {
		{ "open", open_one }, { "move", move_one }, { "resolve", resolve_one },
		{ "merge", merge_one },
	};
	desk_settings(desk, "close_children = TRUE");
	for (size_t i = 0; i < ENT_COUNT(attempts); i++) {
		struct scene s = { .desk = desk, .attempt = attempts[i].attempt };
		s.e = desk_entitlement(desk, &(struct desk_terms){
			.unit = ENT_UNIT_MINUTES, .total = 1000, .restricted = true,
			.charge_on = ENT_CHARGE_RESOLUTION, .phone = 901, .email = 101 });
		s.c = desk_case(desk, s.e);
		s.c.channel = ENT_STR("phone");
		CHECK_INT(desk_open_case(desk, &s.c), ENT_OK);
		s.other = desk_case(desk, s.e);
		CHECK_INT(desk_open_case(desk, &s.other), ENT_OK);
		s.child = desk_case(desk, s.e);
		s.child.parent_id = s.c.id;
		CHECK_INT(desk_open_case(desk, &s.child), ENT_OK);
		desk_activity(desk, &s.c, ENT_ACTIVITY_DONE, 10, -1);
		desk_activity(desk, &s.child, ENT_ACTIVITY_DONE, 10, -1);
		ROW(attempts[i].name);
		desk_batch(desk, body, &s);
		ROW("");
	}
}

DESK_TEST(case_fault_no_trace_of_failed_calls)
{
	run_faults(desk, fail_calls);
}

DESK_TEST(case_fault_no_trace_of_failed_allocations)
{
	run_faults(desk, fail_allocations);
}

/* ---- nobody gets more than there is ------------------------------------------------------ */

enum { TASKS = 64, TERMS = 50 };

struct opening {
	struct desk desk; /* of its own, for its error */
	struct ent_case c;
	enum ent_code code;
	pthread_t thread;
};

static void *open_in_thread(void *arg)
{
	struct opening *opening = arg;
	opening->code = desk_open_case(&opening->desk, &opening->c);
	return NULL;
}

static void race(struct desk *desk, ent_id account, ent_id e)
{
	static struct opening openings[TASKS];
	int opened = 0;
	for (int i = 0; i < TASKS; i++) {
		openings[i] = (struct opening){ .c = desk_case(desk, e) };
		openings[i].desk.app = desk->app;
		openings[i].desk.who = desk->who;
		openings[i].c.account_id = account;
		CHECK_INT(pthread_create(&openings[i].thread, NULL, open_in_thread, &openings[i]),
		          0);
	}
	for (int i = 0; i < TASKS; i++) {
		pthread_join(openings[i].thread, NULL);
		opened += openings[i].code == ENT_OK;
		CHECK(openings[i].code == ENT_OK || openings[i].code == ENT_E_TERMS_EXHAUSTED);
	}
	CHECK_INT(opened, TERMS);
	CHECK_INT(desk_balance(desk, e).available, 0);
}

DESK_TEST(case_fault_fifty_terms_cover_fifty_cases)
{
	struct desk_terms terms = { .total = TERMS, .restricted = true };
	race(desk, desk->account, desk_entitlement(desk, &terms));
	terms.charge_on = ENT_CHARGE_RESOLUTION;
	race(desk, desk->account, desk_entitlement(desk, &terms));
}

/* The same from an account below, whose lock is another one. */
DESK_TEST(case_fault_fifty_terms_from_above)
{
	struct desk_terms terms = { .total = TERMS, .restricted = true,
		                    .covers_descendants = true };
	ent_id e = desk_entitlement(desk, &terms);
	race(desk, desk_account(desk, desk->account), e);
}
