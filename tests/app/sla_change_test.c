/* Clocks and changes around them: what fell due before a change, actions that change the case,
 * service levels that are switched off, versions that are given to no more cases. */
#include "app/clocks.h"
#include "app/settings.h"

static const char plain[] = "[{\"name\":\"Reply\",\"kind\":\"first_response\",\"target\":\"PT1H\"},"
			    "{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT8H\"}]";

static ent_id begin(const char *rules, const char *more)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	world_do(&ent_sla_policy_type, "set_default", clock_policy_of("Gold", rules, more), "{}");
	return account;
}

static void set_enabled(bool on)
{
	OK(world_try_update(&ent_settings_type, ent_settings_id,
	                    on ? "{\"sla_enabled\":true}" : "{\"sla_enabled\":false}", NULL));
}

static int64_t due_of(ent_id c)
{
	return world_number("SELECT COUNT(*) FROM due WHERE subject_id = $1", c);
}

/* ---- actions ----------------------------------------------------------------------------------
 */

/* Also of steps that choosing the service level, or a person, brings about. */
APP_TEST(sla_actions_on_occasions_change_the_case)
{
	ent_id account = begin(
		"[{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT8H\",\"actions\":["
		"{\"on\":\"started\",\"do\":\"set\",\"field\":\"priority\",\"value\":\"high\"},"
		"{\"on\":\"met\",\"do\":\"set\",\"field\":\"status\",\"value\":\"checked\"}]}]",
		"");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	CHECK_INT(world_case(c).priority, ENT_PRIORITY_HIGH);
	world_do(&ent_milestone_type, "complete", clock_id(c, "Solve"), "{}");
	CHECK(ent_str_is(world_case(c).status, "checked"));
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* The scheduler may be late: what fell due came before what people did. */
APP_TEST(sla_what_was_due_comes_before_the_change)
{
	ent_id account = begin(
		"[{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT4H\",\"actions\":["
		"{\"at\":\"-PT1H\",\"do\":\"set\",\"field\":\"priority\",\"value\":\"high\"},"
		"{\"at\":\"-PT1H\",\"condition\":\"status = \\\"new\\\"\",\"do\":\"task\","
		"\"subject\":\"Look\"}]}]",
		"");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	ent_id other = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	OK(world_try_update(&ent_case_type, c, "{\"status\":\"new\"}", NULL));
	OK(world_try_update(&ent_case_type, other, "{\"status\":\"new\"}", NULL));
	world_at("2025-06-10T11:30:00Z");
	OK(world_try_update(&ent_case_type, c, "{\"priority\":\"low\",\"status\":\"old\"}", NULL));
	CHECK_INT(world_case(c).priority, ENT_PRIORITY_LOW);
	CHECK_INT(world_number("SELECT COUNT(*) FROM case_activity WHERE case_id = $1", c), 1);
	OK(world_try_update(&ent_case_type, other, "{\"status\":\"old\"}", NULL));
	CHECK_INT(world_case(other).priority, ENT_PRIORITY_HIGH);
	CHECK(ent_str_is(world_case(other).status, "old"));
	CHECK_TEXT(world_events(&ent_milestone_type, clock_id(c, "Solve")),
	           "started warned action action");
	world_close();
}

/* A pause that a rule brings is from when it was due, however late anybody looked. */
APP_TEST(sla_rules_follow_as_of_when_it_was_due)
{
	ent_id account = begin(
		"[{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT4H\",\"actions\":["
		"{\"at\":\"50%\",\"do\":\"set\",\"field\":\"status\",\"value\":\"on_hold\"}]}]",
		"\"pause_statuses\":[\"on_hold\"],");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	world_at("2025-06-10T13:00:00Z");
	clock_run("2025-06-10T13:00:01Z");
	CHECK_TEXT(clock_state(c, "Solve"), "paused");
	CHECK(clock_milestone(c, "Solve").paused_at.us == world_instant("2025-06-10T10:00:00Z").us);
	CHECK_INT(clock_milestone(c, "Solve").remaining_seconds.n, 2 * 3600);
	world_close();
}

APP_TEST(sla_actions_may_change_calendar_and_policy)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	ent_id night = world_create(&ent_calendar_type,
	                            "{\"name\":\"Night\",\"time_zone\":\"UTC\","
	                            "\"week\":\"mon-sun 20:00-24:00\"}",
	                            NULL);
	ent_id fast = clock_policy("Fast", "[{\"name\":\"Quick\",\"kind\":\"resolution\","
	                                   "\"target\":\"PT2H\"}]");
	char calendar[ENT_ID_ROOM], policy[ENT_ID_ROOM], rules[900];
	ent_id_format(night, ent_calendar_type.prefix, calendar);
	ent_id_format(fast, ent_sla_policy_type.prefix, policy);
	snprintf(
		rules, sizeof(rules),
		"[{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT4H\",\"actions\":["
		"{\"at\":\"-PT3H\",\"do\":\"set\",\"field\":\"calendar_id\",\"value\":\"%s\"},"
		"{\"at\":\"-PT2H\",\"do\":\"set\",\"field\":\"sla_policy_id\",\"value\":\"%s\"}]}]",
		calendar, policy);
	world_do(&ent_sla_policy_type, "set_default", clock_policy("Gold", rules), "{}");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	clock_run("2025-06-10T09:00:00Z");
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-11T00:00:00Z");
	clock_run("2025-06-10T22:00:00Z");
	CHECK_TEXT(clock_state(c, "Solve"), "cancelled");
	CHECK_TEXT(clock_target(c, "Quick"), "2025-06-10T22:00:00Z");
	CHECK_INT(world_case(c).sla_source, ENT_SLA_FROM_MANUAL);
	world_close();
}

/* What is closed gets no parts: a parent cannot be closed while it has open ones. */
APP_TEST(sla_case_opened_at_the_end_stands_alone)
{
	ent_id account = begin(
		"[{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT1H\",\"actions\":["
		"{\"on\":\"met_late\",\"do\":\"open_case\",\"subject\":\"Why late?\"}]}]",
		"");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	clock_run("2025-06-10T10:00:00Z");
	world_do(&ent_case_type, "resolve", c, "{}");
	CHECK_INT(world_number("SELECT COUNT(*) FROM \"case\" WHERE parent_id = $1", c), 0);
	CHECK_INT(world_number("SELECT COUNT(*) FROM \"case\" WHERE opened_by_id = $1",
	                       clock_id(c, "Solve")),
	          1);
	world_close();
}

/* ---- which service level ----------------------------------------------------------------------
 */

APP_TEST(sla_version_stays_with_those_that_have_it)
{
	ent_id account = begin(plain, "");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	ent_id version = world_case(c).sla_policy_version_id;
	world_do(&ent_sla_policy_version_type, "deactivate", version, "{}");
	OK(world_try_update(&ent_case_type, c, "{\"priority\":\"high\"}", NULL));
	CHECK_TEXT(clock_state(c, "Solve"), "running");
	CHECK(ent_id_eq(world_case(c).sla_policy_version_id, version));
	CHECK_INT(clock_count(clock_case(account, ENT_ID_NONE, ENT_ID_NONE)), 0);
	world_close();
}

APP_TEST(sla_policy_by_hand_and_away_again)
{
	ent_id account = begin(plain, "");
	ent_id special = clock_policy("Special", "[{\"name\":\"Solve\",\"kind\":\"resolution\","
	                                         "\"target\":\"PT2H\"}]");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	OK(world_try_update(&ent_case_type, c, "{\"sla_policy_id\":$1}",
	                    REFS({ &ent_sla_policy_type, special })));
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T10:00:00Z");
	CHECK_TEXT(clock_state(c, "Reply"), "cancelled");
	CHECK_INT(world_case(c).sla_source, ENT_SLA_FROM_MANUAL);
	OK(world_try_update(&ent_case_type, c, "{\"sla_policy_id\":null}", NULL));
	CHECK_INT(world_case(c).sla_source, ENT_SLA_FROM_DEFAULT);
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T16:00:00Z");
	CHECK_TEXT(clock_state(c, "Reply"), "running");
	CHECK_INT(clock_count(c), 5);
	world_close();
}

APP_TEST(sla_entitlement_that_comes_and_goes)
{
	ent_id account = begin(plain, "");
	ent_id better = clock_policy("Better", "[{\"name\":\"Solve\",\"kind\":\"resolution\","
	                                       "\"target\":\"PT2H\"}]");
	ent_id entitlement = clock_entitlement(account, better);
	ent_id c = clock_case(account, entitlement, ENT_ID_NONE);
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T10:00:00Z");
	world_do(&ent_case_type, "unlink", c, "{}");
	CHECK_INT(world_case(c).sla_source, ENT_SLA_FROM_DEFAULT);
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T16:00:00Z");

	ent_id by_hand = clock_case(account, ENT_ID_NONE, better);
	OK(world_try_update(&ent_case_type, by_hand, "{\"entitlement_id\":$1}",
	                    REFS({ &ent_entitlement_type, entitlement })));
	CHECK_INT(world_case(by_hand).sla_source, ENT_SLA_FROM_MANUAL);
	OK(world_try_update(&ent_settings_type, ent_settings_id, "{\"sla_after_manual\":true}",
	                    NULL));
	world_do(&ent_case_type, "unlink", by_hand, "{}");
	CHECK_INT(world_case(by_hand).sla_source, ENT_SLA_FROM_DEFAULT);
	world_close();
}

/* ---- switched off ------------------------------------------------------------------------------
 */

APP_TEST(sla_switched_off_and_on_again)
{
	ent_id account = begin(plain, "");
	ent_id open = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	ent_id closed = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	set_enabled(false);
	ent_id new = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	CHECK_INT(world_case(new).sla_source, ENT_SLA_FROM_DISABLED);
	CHECK_INT(clock_count(new), 0);
	world_at("2025-06-10T08:30:00Z");
	world_do(&ent_case_type, "resolve", closed, "{}");
	clock_run("2025-06-10T12:00:00Z");
	CHECK_TEXT(world_events(&ent_milestone_type, clock_id(open, "Reply")), "started");
	CHECK_INT(world_findings(), 0);
	set_enabled(true);
	clock_run("2025-06-10T12:00:01Z");
	CHECK_TEXT(world_events(&ent_milestone_type, clock_id(open, "Reply")),
	           "started warned violated");
	CHECK_INT(due_of(open), 1);
	CHECK_TEXT(clock_state(closed, "Solve"), "met");
	CHECK_INT(due_of(closed), 0);
	CHECK_TEXT(clock_state(new, "Solve"), "running");
	CHECK_TEXT(clock_target(new, "Solve"), "2025-06-10T16:00:00Z");
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* The organisation's calendar and statuses hold for cases that name none. */
APP_TEST(sla_settings_reach_open_cases)
{
	ent_id account = begin(plain, "");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	OK(world_try_update(&ent_case_type, c, "{\"status\":\"parked\"}", NULL));
	OK(world_try_update(&ent_settings_type, ent_settings_id,
	                    "{\"pause_statuses\":[\"parked\"]}", NULL));
	clock_run("2025-06-10T08:00:01Z");
	CHECK_TEXT(clock_state(c, "Solve"), "paused");
	world_close();
}

/* ---- gone ---------------------------------------------------------------------------------------
 */

APP_TEST(sla_deleted_case_leaves_nothing)
{
	ent_id account = begin(plain, "");
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	CHECK_INT(due_of(c), 1);
	OK(world_try_delete(&ent_case_type, c));
	CHECK_INT(due_of(c), 0);
	CHECK_INT(world_number("SELECT COUNT(*) FROM milestone WHERE case_id = $1", c), 0);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(sla_merged_case_has_no_running_clock)
{
	ent_id account = begin(plain, "");
	ent_id target = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	OK(world_try(&ent_case_type, "merge", target, "{\"cases\":[$1]}",
	             REFS({ &ent_case_type, c })));
	CHECK_TEXT(clock_state(c, "Solve"), "cancelled");
	CHECK_INT(due_of(c), 0);
	CHECK_TEXT(clock_state(target, "Solve"), "running");
	CHECK_INT(world_findings(), 0);
	world_close();
}
