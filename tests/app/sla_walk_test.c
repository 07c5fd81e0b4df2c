/* Random lives of cases with clocks: a scheduler that is always late tells the same story as one
 * that is in time; what fails leaves no trace; a year of a support desk. */
#include "app/agenda.h"
#include "app/clocks.h"
#include "app/sla.h"
#include "base/text.h"

/* ---- late or in time --------------------------------------------------------------------------
 */

enum { CASES = 3, STEPS = 90 };

static const char rules[] =
	"[{\"name\":\"Reply\",\"kind\":\"first_response\",\"target\":\"PT2H\",\"actions\":["
	"{\"at\":\"-PT30M\",\"do\":\"set\",\"field\":\"priority\",\"value\":\"high\"},"
	"{\"at\":\"PT0S\",\"do\":\"task\",\"subject\":\"Reply\"}]},"
	"{\"name\":\"Next\",\"kind\":\"next_response\",\"recurrence\":\"independent\","
	"\"target\":\"PT1H\"},"
	"{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT9H\",\"targets\":["
	"{\"priority\":[\"high\",\"critical\"],\"target\":\"PT5H\"}],\"actions\":["
	"{\"at\":\"50%\",\"condition\":\"title != \\\"x3\\\"\",\"do\":\"set\","
	"\"field\":\"priority\",\"value\":\"low\"},"
	"{\"name\":\"park\",\"at\":\"PT1H\",\"do\":\"set\",\"field\":\"status\","
	"\"value\":\"on_hold\"}]}]";

static void format_patch(char patch[static 80], uint64_t which, int n)
{
	if (which == 0) {
		snprintf(patch, 80, "{\"status\":\"on_hold\"}");
	} else {
		snprintf(patch, 80, "{\"%s\":\"x%d\"}", which == 1 ? "status" : "title", n);
	}
}

/* What people set differs from what is stored each time: who gives a field the value that it
 * shows changes nothing, also when an action is due that would have. */
static void act(ent_id c, int n, uint64_t *random)
{
	char patch[80];
	uint64_t which = test_random(random, 20);
	uint64_t choice = test_random(random, 6);
	ent_id unused;
	if (which < 8) {
		format_patch(patch, choice % 3, n);
		(void)world_try_update(&ent_case_type, c, patch, NULL);
	} else if (which < 14) {
		(void)world_try_create(&ent_case_comment_type,
		                       choice < 3 ? "{\"case_id\":$1,\"body\":\"a\"}"
		                                  : "{\"case_id\":$1,\"body\":\"a\","
		                                    "\"from_customer\":true}",
		                       REFS({ &ent_case_type, c }), &unused);
	} else if (which < 16) {
		(void)world_try(&ent_case_type, choice == 0 ? "resolve" : "reopen", c, "{}", NULL);
	} else {
		static const char *const verbs[] = { "pause",  "resume", "complete",
			                             "reopen", "pause",  "resume" };
		(void)world_try(&ent_milestone_type, verbs[choice], clock_id(c, "Solve"), "{}",
		                NULL);
	}
}

struct story {
	ent_str text;
};

static enum ent_code tell(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct story *story = arg;
	struct ent_list list;
	enum ent_code code = ent_row_select(call->db, &ent_milestone_type,
	                                    ENT_STR("ORDER BY t.case_id, t.name, t.occurrence"),
	                                    NULL, 0, call->arena, &list, error);
	struct ent_text text = ent_text_begin(&world.arena);
	const struct ent_milestone *items = list.items;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		const struct ent_milestone *m = &items[i];
		ent_text_addf(&text, "%.*s %d: %d %lld-%lld done %lld fired %llx pauses %.*s\n",
		              (int)m->name.len, m->name.ptr, (int)m->occurrence, (int)m->stage,
		              (long long)m->started_at.us, (long long)m->target_at.us,
		              (long long)m->completed_at.us, (unsigned long long)m->fired,
		              (int)m->pause_spans.len,
		              m->pause_spans.len > 0 ? m->pause_spans.ptr : "");
	}
	story->text = ent_text_end(&text);
	return code;
}

static struct story live(uint64_t random, bool in_time)
{
	ent_id cases[CASES];
	struct story story;
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default",
	         clock_policy_of("Gold", rules, "\"pause_statuses\":[\"on_hold\"],"), "{}");
	for (int i = 0; i < CASES; i++) {
		cases[i] = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	}
	ent_instant now = world_instant("2025-06-10T08:00:00Z");
	for (int i = 0; i < STEPS; i++) {
		char at[ENT_INSTANT_ROOM];
		now.us += (1 + (int64_t)test_random(&random, 90)) * ENT_MINUTE_US;
		ent_instant_format(now, at);
		if (in_time) {
			clock_run(at);
		} else {
			world_at(at);
		}
		act(cases[test_random(&random, CASES)], i, &random);
	}
	CHECK_INT(world_findings(), 0);
	clock_run("2025-09-01T00:00:00Z");
	CHECK_INT(world_findings(), 0);
	/* each action of a milestone once: none has more than two that time brings */
	CHECK(world_number("SELECT MAX(x.n) FROM (SELECT COUNT(*) AS n FROM event WHERE type = "
	                   "'milestone.action' AND account_id = $1 GROUP BY subject_id) x",
	                   account) <= 2);
	OK(world_run(ENT_READ, tell, &story));
	static char kept[2][60000];
	snprintf(kept[in_time], sizeof(kept[in_time]), "%.*s", (int)story.text.len, story.text.ptr);
	story.text = ent_str_of(kept[in_time]);
	world_close();
	return story;
}

APP_TEST(sla_walk_late_schedulers_tell_the_same_story)
{
	for (uint64_t seed = 1; seed <= 3; seed++) {
		if (seed > 1) {
			CHECK(helper_use_migrated(helper_dialect));
		}
		struct story late = live(seed, false);
		CHECK(helper_use_migrated(helper_dialect));
		struct story in_time = live(seed, true);
		CHECK_TEXT(late.text.ptr, in_time.text.ptr);
	}
}

/* ---- faults ------------------------------------------------------------------------------------
 */

static ent_id the_case;
static ent_id the_account;

static enum ent_code open_one(void)
{
	ent_id unused;
	return world_try_create(&ent_case_type, "{\"account_id\":$1,\"title\":\"x\"}",
	                        REFS({ &ent_account_type, the_account }), &unused);
}

static enum ent_code update_one(void)
{
	return world_try_update(&ent_case_type, the_case, "{\"status\":\"on_hold\"}", NULL);
}

static enum ent_code answer_one(void)
{
	ent_id unused;
	return world_try_create(&ent_case_comment_type, "{\"case_id\":$1,\"body\":\"a\"}",
	                        REFS({ &ent_case_type, the_case }), &unused);
}

static enum ent_code complete_one(void)
{
	ent_id id = { world_number("SELECT MAX(id) FROM milestone WHERE case_id = $1 AND name = "
		                   "'Solve'",
		                   the_case) };
	world.is_faulty = world.fail_at >= 0;
	return world_try(&ent_milestone_type, "complete", id, "{}", NULL);
}

static enum ent_code handle(struct ent_call *call, void *arg, struct ent_error *error)
{
	(void)arg;
	struct ent_agenda_item item = { .account = the_account,
		                        .subject = ENT_AGENDA_CASE,
		                        .id = the_case,
		                        .at = world_instant("2025-06-10T09:30:00Z") };
	enum ent_code code = ent_call_lock(call, the_account, error);
	return code == ENT_OK ? ent_sla_agenda(call, &item, 1, error) : code;
}

static enum ent_code handle_one(void)
{
	return world_run(ENT_WRITE, handle, NULL);
}

static int64_t trace(void)
{
	return world_number("SELECT (SELECT SUM(version) FROM \"case\") + 1000 * (SELECT "
	                    "SUM(version) FROM milestone) + 1000000 * (SELECT COUNT(*) FROM event) "
	                    "+ 7 * (SELECT COUNT(*) FROM case_activity) + 11 * (SELECT COUNT(*) "
	                    "FROM case_comment) + 13 * (SELECT SUM(at / 1000000) FROM due) + 17 * "
	                    "(SELECT SUM(seq) FROM account_head WHERE account_id = $1)",
	                    the_account);
}

APP_TEST(sla_fault_no_trace_of_failed_calls)
{
	static const struct {
		const char *name;
		enum ent_code (*attempt)(void);
	} rows[] = {
		{ "open", open_one },         { "update", update_one }, { "answer", answer_one },
		{ "complete", complete_one }, { "agenda", handle_one },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].name);
		CHECK(helper_use_migrated(helper_dialect));
		world_open("2025-06-10T08:00:00Z");
		the_account = world_account("Acme");
		world_do(&ent_sla_policy_type, "set_default",
		         clock_policy_of("Gold", rules, "\"pause_statuses\":[\"on_hold\"],"), "{}");
		the_case = clock_case(the_account, ENT_ID_NONE, ENT_ID_NONE);
		world_at("2025-06-10T10:30:00Z"); /* something is due */
		int64_t before = trace();
		enum ent_code code = ENT_E_STORAGE;
		int n = 0;
		for (; code == ENT_E_STORAGE; n++) {
			world.is_faulty = rows[i].attempt != complete_one;
			world.fail_at = n;
			code = rows[i].attempt();
			world.is_faulty = false;
			if (code != ENT_OK) {
				CHECK_INT(trace(), before);
			}
		}
		OK(code);
		CHECK(n > 5);
		CHECK(trace() != before);
		CHECK_INT(world_findings(), 0);
		world_close();
	}
}

/* ---- a year ------------------------------------------------------------------------------------
 */

enum { YEAR_CASES = 100 };

APP_TEST(sla_year_of_a_support_desk)
{
	world_open("2025-01-01T08:00:00Z");
	ent_id account = world_account("Acme");
	ent_id berlin = world_create(&ent_calendar_type,
	                             "{\"name\":\"Berlin\",\"time_zone\":\"Europe/Berlin\","
	                             "\"week\":\"mon-fri 09:00-17:00\"}",
	                             NULL);
	OK(world_try_update(&ent_account_type, account, "{\"calendar_id\":$1}",
	                    REFS({ &ent_calendar_type, berlin })));
	world_do(&ent_sla_policy_type, "set_default",
	         clock_policy("Gold", "[{\"name\":\"Solve\",\"kind\":\"resolution\","
	                              "\"target\":\"PT8H\",\"actions\":[{\"at\":\"PT8H\","
	                              "\"do\":\"set\",\"field\":\"priority\","
	                              "\"value\":\"high\"}]},"
	                              "{\"name\":\"Day\",\"unit\":\"calendar\",\"target\":\"P1D\"},"
	                              "{\"name\":\"Hours\",\"unit\":\"calendar\","
	                              "\"target\":\"PT24H\"}]"),
	         "{}");
	ent_instant now = world_instant("2025-01-01T08:00:00Z");
	int64_t late = 0;
	for (int i = 0; i < YEAR_CASES; i++) {
		char at[ENT_INSTANT_ROOM];
		ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
		now.us += 3 * ENT_DAY_US + 13 * ENT_HOUR_US;
		ent_instant_format(now, at);
		clock_run(at);
		if (i % 2 == 0) {
			late += ent_str_is(ent_str_of(clock_state(c, "Solve")), "violated");
			OK(world_try(&ent_case_type, "cancel", c, "{}", NULL));
		}
	}
	clock_run("2026-01-15T00:00:00Z");
	CHECK(late > YEAR_CASES / 4);
	CHECK_INT(world_number("SELECT COUNT(*) FROM event WHERE type = 'milestone.violated' AND "
	                       "account_id = $1",
	                       account),
	          world_number("SELECT COUNT(DISTINCT subject_id) FROM event WHERE type = "
	                       "'milestone.violated' AND account_id = $1",
	                       account));
	CHECK_INT(world_number("SELECT COUNT(*) FROM due WHERE at < 1768435200000000 AND "
	                       "account_id = $1",
	                       account),
	          0);
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* Both nights on which the clocks of Berlin change. */
APP_TEST(sla_clock_changes)
{
	static const struct {
		const char *opened, *day, *hours, *solve;
	} rows[] = {
		{ "2025-03-29T11:00:00Z", "2025-03-30T10:00:00Z", "2025-03-30T11:00:00Z",
		  "2025-03-31T15:00:00Z" },
		{ "2025-10-25T10:00:00Z", "2025-10-26T11:00:00Z", "2025-10-26T10:00:00Z",
		  "2025-10-27T16:00:00Z" },
	};
	world_open("2025-01-01T08:00:00Z");
	ent_id account = world_account("Acme");
	ent_id berlin = world_create(&ent_calendar_type,
	                             "{\"name\":\"Berlin\",\"time_zone\":\"Europe/Berlin\","
	                             "\"week\":\"mon-fri 09:00-17:00\"}",
	                             NULL);
	OK(world_try_update(&ent_account_type, account, "{\"calendar_id\":$1}",
	                    REFS({ &ent_calendar_type, berlin })));
	world_do(&ent_sla_policy_type, "set_default",
	         clock_policy("Gold", "[{\"name\":\"Solve\",\"kind\":\"resolution\","
	                              "\"target\":\"PT8H\"},"
	                              "{\"name\":\"Day\",\"unit\":\"calendar\",\"target\":\"P1D\"},"
	                              "{\"name\":\"Hours\",\"unit\":\"calendar\","
	                              "\"target\":\"PT24H\"}]"),
	         "{}");
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		world_at(rows[i].opened);
		ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
		CHECK_TEXT(clock_target(c, "Day"), rows[i].day);
		CHECK_TEXT(clock_target(c, "Hours"), rows[i].hours);
		CHECK_TEXT(clock_target(c, "Solve"), rows[i].solve);
	}
	world_close();
}
