/* The clocks of cases: chosen, started, paused, met, violated, and what rules then do. */
#include "app/agenda.h"
#include "app/clocks.h"

/* ---- which service level --------------------------------------------------------------------- */

static const char plain[] = "[{\"name\":\"Reply\",\"kind\":\"first_response\",\"target\":\"PT1H\"},"
			    "{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT8H\"}]";

static const char *source_of(ent_id id)
{
	return ent_sla_source_names.text[world_case(id).sla_source];
}

APP_TEST(sla_none_without_policy)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	ent_id c = world_create(&ent_case_type, "{\"account_id\":$1,\"title\":\"x\"}",
	                        REFS({ &ent_account_type, account }));
	CHECK_TEXT(source_of(c), "none");
	CHECK_TEXT(clock_status(c), "none");
	CHECK_INT(clock_count(c), 0);
	world_close();
}

/* dynamics 4.3, with the account between entitlement and default. */
APP_TEST(sla_choice_is_explained)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	ent_id of_all = clock_policy("Default", plain);
	ent_id of_account = clock_policy("Account", plain);
	ent_id of_entitlement = clock_policy("Entitlement", plain);
	ent_id by_hand = clock_policy("By hand", plain);
	ent_id draft = world_create(&ent_sla_policy_type, "{\"name\":\"Draft\"}", NULL);
	world_do(&ent_sla_policy_type, "set_default", of_all, "{}");
	CHECK_TEXT(source_of(clock_case(account, ENT_ID_NONE, ENT_ID_NONE)), "default");

	OK(world_try_update(&ent_account_type, account, "{\"sla_policy_id\":$1}",
	                    REFS({ &ent_sla_policy_type, of_account })));
	CHECK_TEXT(source_of(clock_case(account, ENT_ID_NONE, ENT_ID_NONE)), "account");

	ent_id entitlement = clock_entitlement(account, of_entitlement);
	CHECK_TEXT(source_of(clock_case(account, entitlement, ENT_ID_NONE)), "entitlement");
	CHECK_TEXT(source_of(clock_case(account, entitlement, by_hand)), "manual");
	ent_id other = clock_entitlement(account, draft);
	CHECK_TEXT(source_of(clock_case(account, other, ENT_ID_NONE)), "account");

	world_do(&ent_sla_policy_type, "clear_default", of_all, "{}");
	world_sql("UPDATE settings SET sla_enabled = FALSE WHERE id <> $1", account);
	world_close();
}

/* ---- life ---- */

APP_TEST(sla_clocks_start_and_are_met)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", plain), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	CHECK_INT(clock_count(c), 2);
	CHECK_TEXT(clock_state(c, "Reply"), "running");
	CHECK_TEXT(clock_target(c, "Reply"), "2025-06-10T09:00:00Z");
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T16:00:00Z");
	CHECK_TEXT(clock_status(c), "on_track");
	CHECK(world_case(c).next_due_at.us == world_instant("2025-06-10T09:00:00Z").us);

	world_at("2025-06-10T08:50:00Z");
	CHECK_TEXT(clock_status(c), "warning"); /* nothing has run: it follows from the clock */
	clock_comment(c, "{\"case_id\":$1,\"body\":\"On it\"}");
	CHECK_TEXT(clock_state(c, "Reply"), "met");
	CHECK_TEXT(clock_status(c), "on_track");
	CHECK(world_case(c).next_due_at.us == world_instant("2025-06-10T16:00:00Z").us);

	world_at("2025-06-10T16:00:00Z");
	world_do(&ent_case_type, "resolve", c, "{}");
	CHECK_TEXT(clock_state(c, "Solve"), "met"); /* exactly at its target is in time */
	CHECK_TEXT(clock_status(c), "met");
	CHECK(ent_instant_is_none(world_case(c).next_due_at));
	CHECK_TEXT(world_events(&ent_milestone_type, clock_id(c, "Reply")),
	           "started warned completed");
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(sla_late_is_the_first_instant_after)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", plain), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	world_at("2025-06-10T09:00:00Z");
	CHECK_TEXT(clock_state(c, "Reply"), "running");
	world_at("2025-06-10T09:00:00.000001Z");
	CHECK_TEXT(clock_state(c, "Reply"), "violated");
	CHECK_TEXT(clock_status(c), "violated");
	clock_comment(c, "{\"case_id\":$1,\"body\":\"Sorry\"}");
	CHECK_TEXT(clock_state(c, "Reply"), "met_late");
	world_close();
}

/* What time brings to a milestone makes nobody's version of the case an old one. */
APP_TEST(sla_time_leaves_the_case_as_it_is)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", plain), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	struct ent_case before = world_case(c);
	clock_run("2025-06-11T08:00:00Z");
	CHECK_TEXT(clock_state(c, "Reply"), "violated");
	CHECK_TEXT(clock_state(c, "Solve"), "violated");
	CHECK_TEXT(world_events(&ent_milestone_type, clock_id(c, "Solve")),
	           "started warned violated");
	CHECK_INT(world_case(c).version, before.version);
	CHECK(world_case(c).updated_at.us == before.updated_at.us);
	CHECK_TEXT(clock_status(c), "violated");
	CHECK_INT(world_findings(), 0);

	/* and whoever changes it then sets what is due anew */
	world_do(&ent_case_type, "resolve", c, "{}");
	CHECK_INT(world_findings(), 0);
	world_do(&ent_case_type, "reopen", c, "{}");
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* Internal words and the customer's own do not answer. */
APP_TEST(sla_what_counts_as_an_answer)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", plain), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	clock_comment(c, "{\"case_id\":$1,\"body\":\"Hm\",\"internal\":true}");
	clock_comment(c, "{\"case_id\":$1,\"body\":\"Well?\",\"from_customer\":true}");
	CHECK_TEXT(clock_state(c, "Reply"), "running");
	world_create(&ent_case_activity_type,
	             "{\"case_id\":$1,\"subject\":\"Call\",\"kind\":\"call\",\"state\":\"done\"}",
	             REFS({ &ent_case_type, c }));
	CHECK_TEXT(clock_state(c, "Reply"), "running");
	ent_id call = world_create(&ent_case_activity_type,
	                           "{\"case_id\":$1,\"subject\":\"Call\",\"kind\":\"call\","
	                           "\"answers_customer\":true}",
	                           REFS({ &ent_case_type, c }));
	CHECK_TEXT(clock_state(c, "Reply"), "running");
	OK(world_try_update(&ent_case_activity_type, call, "{\"state\":\"done\"}", NULL));
	CHECK_TEXT(clock_state(c, "Reply"), "met");
	world_close();
}

APP_TEST(sla_next_response_each_time)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default",
	         clock_policy("Chat", "[{\"name\":\"Reply\",\"kind\":\"first_response\","
	                              "\"target\":\"PT1H\"},"
	                              "{\"name\":\"Next\",\"kind\":\"next_response\","
	                              "\"recurrence\":\"independent\","
	                              "\"target\":\"PT2H\"}]"),
	         "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	CHECK_INT(clock_count(c), 1); /* the first answer is not a next one */
	clock_comment(c, "{\"case_id\":$1,\"body\":\"a\"}");
	CHECK_INT(clock_count(c), 1);
	world_at("2025-06-10T10:00:00Z");
	clock_comment(c, "{\"case_id\":$1,\"body\":\"b\",\"from_customer\":true}");
	CHECK_TEXT(clock_target(c, "Next"), "2025-06-10T12:00:00Z");
	world_at("2025-06-10T11:00:00Z");
	clock_comment(c, "{\"case_id\":$1,\"body\":\"c\",\"from_customer\":true}");
	CHECK_TEXT(clock_target(c, "Next"), "2025-06-10T12:00:00Z"); /* since the first word */
	clock_comment(c, "{\"case_id\":$1,\"body\":\"d\"}");
	CHECK_TEXT(clock_state(c, "Next"), "met");
	world_at("2025-06-10T13:00:00Z");
	clock_comment(c, "{\"case_id\":$1,\"body\":\"e\",\"from_customer\":true}");
	CHECK_INT(clock_count(c), 3);
	world_close();
}

/* ---- pauses, priorities ---- */

APP_TEST(sla_pauses_by_status)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	ent_id policy = clock_policy_of("Gold", plain, "\"pause_statuses\":[\"on_hold\"],");
	world_do(&ent_sla_policy_type, "set_default", policy, "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	world_at("2025-06-10T08:30:00Z");
	OK(world_try_update(&ent_case_type, c, "{\"status\":\"on_hold\"}", NULL));
	CHECK_TEXT(clock_state(c, "Reply"), "paused");
	CHECK_TEXT(clock_target(c, "Reply"), "");
	CHECK_TEXT(clock_status(c), "paused");
	world_at("2025-06-10T12:30:00Z");
	CHECK_INT(clock_milestone(c, "Reply").remaining_seconds.n, 1800); /* frozen */
	OK(world_try_update(&ent_case_type, c, "{\"status\":\"open\"}", NULL));
	CHECK_TEXT(clock_target(c, "Reply"), "2025-06-10T13:00:00Z");
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T20:00:00Z");
	CHECK_INT(clock_milestone(c, "Reply").paused_seconds.n, 4 * 3600);
	world_close();
}

APP_TEST(sla_pauses_by_hand)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", plain), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	ent_id reply = clock_id(c, "Reply");
	world_do(&ent_milestone_type, "pause", reply, "{}");
	CHECK_TEXT(clock_state(c, "Reply"), "paused");
	CHECK_TEXT(clock_state(c, "Solve"), "running");
	world_at("2025-06-10T08:30:00Z");
	world_do(&ent_milestone_type, "resume", reply, "{}");
	CHECK_TEXT(clock_target(c, "Reply"), "2025-06-10T09:30:00Z");
	world_close();
}

/* While a rule pauses it, a hold by hand makes no difference; who, why and when are told still. */
APP_TEST(sla_hold_of_what_is_paused_is_told)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default",
	         clock_policy_of("Gold", plain, "\"pause_statuses\":[\"on_hold\"],"), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	OK(world_try_update(&ent_case_type, c, "{\"status\":\"on_hold\"}", NULL));
	ent_id reply = clock_id(c, "Reply");
	world_do(&ent_milestone_type, "pause", reply, "{\"reason\":\"parts are ordered\"}");
	CHECK_INT(world_number("SELECT COUNT(*) FROM event WHERE type = 'milestone.held' AND "
	                       "reason = 'parts are ordered' AND account_id = $1",
	                       account),
	          1);
	world_do(&ent_milestone_type, "resume", reply, "{}");
	world_do(&ent_milestone_type, "pause", reply, "{}");
	OK(world_try_update(&ent_case_type, c, "{\"status\":\"new\"}", NULL));
	CHECK_TEXT(clock_state(c, "Reply"), "paused");
	world_do(&ent_milestone_type, "resume", reply, "{}");
	CHECK_TEXT(world_events(&ent_milestone_type, reply),
	           "started paused held released held resumed");
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(sla_target_follows_priority_and_tier)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default",
	         clock_policy("Matrix",
	                      "[{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT8H\","
	                      "\"targets\":[{\"priority\":\"critical\",\"target\":\"PT1H\"},"
	                      "{\"tier\":[\"gold\"],\"target\":\"PT4H\"}]}]"),
	         "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T16:00:00Z");
	world_at("2025-06-10T08:10:00Z");
	OK(world_try_update(&ent_case_type, c, "{\"priority\":\"critical\"}", NULL));
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T09:00:00Z");
	OK(world_try_update(&ent_case_type, c, "{\"priority\":\"normal\"}", NULL));
	OK(world_try_update(&ent_account_type, account, "{\"tier\":\"gold\"}", NULL));
	clock_run("2025-06-10T08:10:01Z"); /* the scheduler looks at the account's cases again */
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T12:00:00Z");
	world_close();
}

/* ---- by hand ---- */

APP_TEST(sla_moved_and_back_dated_by_hand)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", plain), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	ent_id solve = clock_id(c, "Solve");
	world_do(&ent_milestone_type, "move_target", solve,
	         "{\"target_at\":\"2025-06-11T08:00:00Z\",\"reason\":\"Agreed by telephone\"}");
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-11T08:00:00Z");
	world_do(&ent_milestone_type, "move_start", clock_id(c, "Reply"),
	         "{\"started_at\":\"2025-06-10T07:30:00Z\",\"reason\":\"Mail came in then\"}");
	CHECK_TEXT(clock_target(c, "Reply"), "2025-06-10T08:30:00Z");
	world_at("2025-06-10T08:40:00Z");
	CHECK_TEXT(clock_state(c, "Reply"), "violated");
	CHECK_CODE(world_try(&ent_milestone_type, "complete", clock_id(c, "Reply"),
	                     "{\"completed_at\":\"2025-06-10T09:00:00Z\"}", NULL),
	           ENT_E_RANGE); /* that has not happened yet */
	world_do(&ent_milestone_type, "complete", clock_id(c, "Reply"),
	         "{\"completed_at\":\"2025-06-10T08:20:00Z\",\"reason\":\"Telephone\"}");
	CHECK_TEXT(clock_state(c, "Reply"), "met");
	CHECK_CODE(world_try(&ent_milestone_type, "complete", clock_id(c, "Reply"), "{}", NULL),
	           ENT_E_STATE);
	world_do(&ent_milestone_type, "reopen", clock_id(c, "Reply"), "{}");
	CHECK_TEXT(clock_state(c, "Reply"), "running");
	world_do(&ent_milestone_type, "cancel", clock_id(c, "Reply"), "{}");
	CHECK_TEXT(clock_state(c, "Reply"), "cancelled");
	world_close();
}

/* ---- what time brings ---- */

static const char escalating[] =
	"[{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT4H\",\"actions\":["
	"{\"name\":\"raise\",\"at\":\"-PT1H\",\"do\":\"set\",\"field\":\"priority\","
	"\"value\":\"high\"},"
	"{\"name\":\"look\",\"at\":\"PT0S\",\"do\":\"task\",\"subject\":\"Look at "
	"{{case.number}}\"},"
	"{\"name\":\"again\",\"at\":\"PT1H\",\"do\":\"open_case\",\"subject\":\"Late: "
	"{{case.title}}\"}]}]";

APP_TEST(sla_actions_run_once_each)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", escalating), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	ent_id solve = clock_id(c, "Solve");
	clock_run("2025-06-10T10:59:59Z");
	CHECK_INT(world_case(c).priority, ENT_PRIORITY_NORMAL);
	clock_run("2025-06-10T11:00:00Z");
	CHECK_INT(world_case(c).priority, ENT_PRIORITY_HIGH);
	clock_run("2025-06-10T14:00:00Z");
	CHECK_INT(world_number("SELECT COUNT(*) FROM case_activity WHERE case_id = $1", c), 1);
	CHECK_INT(world_number("SELECT COUNT(*) FROM \"case\" WHERE parent_id = $1", c), 1);
	clock_run("2025-06-12T08:00:00Z");
	CHECK_INT(world_number("SELECT COUNT(*) FROM case_activity WHERE case_id = $1", c), 1);
	CHECK_INT(world_number("SELECT COUNT(*) FROM \"case\" WHERE parent_id = $1", c), 1);
	CHECK_TEXT(world_events(&ent_milestone_type, solve),
	           "started warned action violated action action");
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* All that fell due while nobody looked comes in its order. */
APP_TEST(sla_catches_up_in_order)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", escalating), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	world_at("2025-06-12T08:00:00Z"); /* without the scheduler */
	CHECK_TEXT(clock_state(c, "Solve"), "violated");
	clock_run("2025-06-12T08:00:01Z");
	CHECK_TEXT(world_events(&ent_milestone_type, clock_id(c, "Solve")),
	           "started warned action violated action action");
	world_close();
}

APP_TEST(sla_done_in_time_fires_nothing)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", escalating), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	clock_run("2025-06-10T09:00:00Z");
	world_do(&ent_case_type, "resolve", c, "{}");
	clock_run("2025-06-12T08:00:00Z");
	CHECK_TEXT(world_events(&ent_milestone_type, clock_id(c, "Solve")), "started completed");
	CHECK_INT(world_number("SELECT COUNT(*) FROM due WHERE subject_id = $1", c), 0);
	world_close();
}

/* ---- opened again ---- */

APP_TEST(sla_reopened_goes_on)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", plain), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	clock_comment(c, "{\"case_id\":$1,\"body\":\"a\"}");
	world_at("2025-06-10T10:00:00Z");
	world_do(&ent_case_type, "resolve", c, "{}");
	world_at("2025-06-11T10:00:00Z");
	world_do(&ent_case_type, "reopen", c, "{}");
	CHECK_TEXT(clock_state(c, "Solve"), "running");
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-11T16:00:00Z"); /* six hours were left */
	CHECK_TEXT(clock_state(c, "Reply"), "met");
	world_close();
}

APP_TEST(sla_closed_case_has_no_running_clock)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", plain), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	world_do(&ent_case_type, "cancel", c, "{}");
	CHECK_TEXT(clock_state(c, "Solve"), "cancelled");
	CHECK_TEXT(clock_state(c, "Reply"), "cancelled");
	CHECK_INT(world_number("SELECT COUNT(*) FROM due WHERE subject_id = $1", c), 0);
	world_close();
}
