/* Jobs over many cases: another version for open ones, calendars counted anew. */
#include "app/clocks.h"
#include "app/sla_job.h"

#include <pthread.h>
#include <string.h>

static const char old_rules[] =
	"[{\"name\":\"Reply\",\"kind\":\"first_response\",\"target\":\"PT1H\"},"
	"{\"name\":\"Check\",\"target\":\"PT5H\"},"
	"{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT8H\"}]";
static const char new_rules[] =
	"[{\"name\":\"Reply\",\"kind\":\"first_response\",\"target\":\"PT2H\"},"
	"{\"name\":\"Report\",\"target\":\"P3D\",\"unit\":\"calendar\"},"
	"{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT4H\"}]";

enum { ACCOUNTS = 3, CASES = 9 };

static ent_id cases[CASES];
static ent_id version; /* the one that they are switched to */

static void make(void)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id policy = clock_policy("Gold", old_rules);
	ent_id accounts[ACCOUNTS];
	for (int i = 0; i < ACCOUNTS; i++) {
		accounts[i] = world_account((const char *[]){ "A", "B", "C" }[i]);
	}
	for (int i = 0; i < CASES; i++) {
		cases[i] = clock_case(accounts[i % ACCOUNTS], ENT_ID_NONE, policy);
	}
	version = clock_version(policy, new_rules);
	world_at("2025-06-10T08:30:00Z");
	clock_comment(cases[0], "{\"case_id\":$1,\"body\":\"On it\"}");
	world_do(&ent_case_type, "cancel", cases[1], "{}");
}

static void start(const struct ent_type *type, const char *action, ent_id id, bool dry)
{
	OK(world_try(type, action, id, dry ? "{\"dry_run\":true}" : "{}", NULL));
}

static struct ent_sla_job newest(void)
{
	struct ent_sla_job job;
	world_get(&ent_sla_job_type,
	          (ent_id){ world_number("SELECT MAX(id) FROM sla_job", version) }, &job);
	return job;
}

static size_t run(size_t limit)
{
	size_t worked = 0;
	ent_error_clear(&world.error);
	OK(ent_sla_job_run(world.app, limit, &worked, &world.error));
	return worked;
}

static struct ent_sla_job run_all(void)
{
	while (run(100) > 0) {
	}
	return newest();
}

/* A number that changes with everything but the job itself. */
static int64_t trace(void)
{
	return world_number(
		"SELECT (SELECT SUM(version) FROM \"case\") + "
		"1000 * (SELECT SUM(version) FROM milestone) + "
		"1000000 * (SELECT COUNT(*) FROM event WHERE type NOT LIKE 'sla_job.%') + "
		"7 * (SELECT SUM(version) FROM sla_policy_version) + "
		"11 * (SELECT SUM(at / 1000000) FROM due) + CAST($1 AS BIGINT) * 0",
		version);
}

APP_TEST(sla_job_dry_run_changes_nothing)
{
	make();
	int64_t before = trace();
	start(&ent_sla_policy_version_type, "switch", version, true);
	struct ent_sla_job dry = run_all();
	CHECK_INT(trace(), before);
	CHECK_INT(dry.state, ENT_JOB_DONE);
	CHECK_INT(dry.total, CASES - 1);
	CHECK_INT(dry.done, CASES - 1);
	CHECK_INT(dry.moved, CASES - 1);
	CHECK_INT(dry.report_rows, 4 * (CASES - 1) - 1); /* the answered one has no Reply to move */

	start(&ent_sla_policy_version_type, "switch", version, false);
	struct ent_sla_job done = run_all();
	CHECK_INT(done.moved, dry.moved);
	CHECK(ent_str_eq(done.report.text, dry.report.text));
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(sla_job_switch_keeps_starts_and_what_is_done)
{
	make();
	start(&ent_sla_policy_version_type, "switch", version, false);
	CHECK_INT(run_all().failed, 0);
	CHECK_TEXT(clock_state(cases[0], "Reply"), "met");
	CHECK_TEXT(clock_target(cases[0], "Reply"), "2025-06-10T09:00:00Z");
	CHECK_TEXT(clock_target(cases[2], "Reply"), "2025-06-10T10:00:00Z");
	CHECK_TEXT(clock_target(cases[2], "Solve"), "2025-06-10T12:00:00Z");
	CHECK_TEXT(clock_state(cases[2], "Check"), "cancelled");
	CHECK(ent_str_is(clock_milestone(cases[2], "Check").cause, "superseded"));
	CHECK_TEXT(clock_target(cases[2], "Report"), "2025-06-13T08:00:00Z");
	CHECK_TEXT(clock_target(cases[1], "Solve"), "2025-06-10T16:00:00Z"); /* closed before */
	CHECK(ent_id_eq(world_case(cases[2]).sla_policy_version_id, version));
	CHECK_TEXT(world_events(&ent_milestone_type, clock_id(cases[2], "Solve")),
	           "started switched");
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* One case at a time, as if the server ended after each. */
APP_TEST(sla_job_goes_on_where_it_was)
{
	make();
	start(&ent_sla_policy_version_type, "switch", version, false);
	for (int done = 1; done < CASES; done++) {
		CHECK_INT((int64_t)run(1), 1);
		CHECK_INT(newest().done, done);
		CHECK_INT(world_number("SELECT COUNT(*) FROM \"case\" WHERE "
		                       "sla_policy_version_id = $1",
		                       version),
		          done);
	}
	CHECK_INT(newest().state, ENT_JOB_RUNNING);
	CHECK_INT((int64_t)run(1), 1);
	CHECK_INT(newest().state, ENT_JOB_DONE);
	CHECK_INT((int64_t)run(1), 0);
	world_close();
}

/* What is stored of one case cannot be read: the others are done. */
APP_TEST(sla_job_passes_over_a_damaged_case)
{
	make();
	world_sql("UPDATE milestone SET allowed = 'PX' WHERE case_id = $1", cases[4]);
	start(&ent_sla_policy_version_type, "switch", version, false);
	struct ent_sla_job job = run_all();
	CHECK_INT(job.state, ENT_JOB_DONE);
	CHECK_INT(job.done, CASES - 1);
	CHECK_INT(job.moved, CASES - 2);
	CHECK_INT(job.failed, 1);
	CHECK(strstr(job.last_error.ptr, "allowed") != NULL);
	CHECK(strstr(job.report.text.ptr, "\"error\":\"storage") != NULL);
	CHECK(ent_id_eq(world_case(cases[5]).sla_policy_version_id, version));
	CHECK(!ent_id_eq(world_case(cases[4]).sla_policy_version_id, version));
	world_close();
}

APP_TEST(sla_job_cancelled_stops)
{
	make();
	start(&ent_sla_policy_version_type, "switch", version, false);
	run(2);
	world_do(&ent_sla_job_type, "cancel", newest().id, "{}");
	CHECK_INT((int64_t)run(10), 0);
	CHECK_INT(newest().done, 2);
	CHECK_CODE(world_try(&ent_sla_job_type, "cancel", newest().id, "{}", NULL), ENT_E_STATE);
	world_close();
}

/* A case that got another policy meanwhile is not brought back. */
APP_TEST(sla_job_leaves_cases_of_other_policies)
{
	make();
	ent_id other = clock_policy("Other", old_rules);
	start(&ent_sla_policy_version_type, "switch", version, false);
	OK(world_try_update(&ent_case_type, cases[2], "{\"sla_policy_id\":$1}",
	                    REFS({ &ent_sla_policy_type, other })));
	run_all();
	CHECK(ent_id_eq(world_case(cases[2]).sla_policy_id, other));
	CHECK_TEXT(clock_target(cases[2], "Solve"), "2025-06-10T16:00:00Z");
	world_close();
}

APP_TEST(sla_job_counts_what_fails_and_passes_on)
{
	make();
	int64_t before = world_number("SELECT SUM(version) + CAST($1 AS BIGINT) * 0 FROM milestone",
	                              version);
	start(&ent_sla_policy_version_type, "switch", version, false);
	world_do(&ent_sla_policy_version_type, "deactivate", version, "{}");
	struct ent_sla_job job = run_all();
	CHECK_INT(job.state, ENT_JOB_DONE);
	CHECK_INT(job.failed, CASES - 1);
	CHECK_INT(job.done, CASES - 1);
	CHECK(job.last_error.len > 0);
	CHECK_INT(world_number("SELECT SUM(version) + CAST($1 AS BIGINT) * 0 FROM milestone",
	                       version),
	          before);
	world_close();
}

static void *run_in_thread(void *arg)
{
	struct ent_error error;
	size_t worked = 1;
	(void)arg;
	for (int i = 0; i < 200 && worked > 0; i++) {
		ent_error_clear(&error);
		if (ent_sla_job_run(world.app, 2, &worked, &error) != ENT_OK) {
			worked = 1; /* the other one was faster: again */
		}
	}
	return NULL;
}

APP_TEST(sla_job_two_runners_do_each_case_once)
{
	pthread_t threads[2];
	make();
	start(&ent_sla_policy_version_type, "switch", version, false);
	for (size_t i = 0; i < ENT_COUNT(threads); i++) {
		CHECK_INT(pthread_create(&threads[i], NULL, run_in_thread, NULL), 0);
	}
	for (size_t i = 0; i < ENT_COUNT(threads); i++) {
		pthread_join(threads[i], NULL);
	}
	struct ent_sla_job job = run_all();
	CHECK_INT(job.done, CASES - 1);
	CHECK_INT(job.failed, 0);
	CHECK_INT(job.state, ENT_JOB_DONE);
	CHECK_INT(world_number("SELECT COUNT(*) + CAST($1 AS BIGINT) * 0 FROM event WHERE type = "
	                       "'milestone.switched'",
	                       version),
	          2 * (CASES - 1) - 1);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(sla_job_calendar_moves_what_the_dry_run_said)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	ent_id calendar = world_create(&ent_calendar_type,
	                               "{\"name\":\"Day\",\"time_zone\":\"UTC\","
	                               "\"week\":\"mon-fri 08:00-16:00\"}",
	                               NULL);
	OK(world_try_update(&ent_account_type, account, "{\"calendar_id\":$1}",
	                    REFS({ &ent_calendar_type, calendar })));
	version = calendar;
	ent_id policy = clock_policy("Gold", old_rules);
	ent_id c = clock_case(account, ENT_ID_NONE, policy);
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T16:00:00Z");
	OK(world_try_update(&ent_calendar_type, calendar, "{\"week\":\"mon-fri 08:00-12:00\"}",
	                    NULL));
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T16:00:00Z"); /* until somebody says so */
	int64_t before = trace();
	start(&ent_calendar_type, "recalculate", calendar, true);
	struct ent_sla_job dry = run_all();
	CHECK_INT(trace(), before);
	CHECK_INT(dry.report_rows, 2); /* Reply stays where it is */
	start(&ent_calendar_type, "recalculate", calendar, false);
	struct ent_sla_job done = run_all();
	CHECK(ent_str_eq(done.report.text, dry.report.text));
	CHECK_TEXT(clock_target(c, "Reply"), "2025-06-10T09:00:00Z");
	CHECK_TEXT(clock_target(c, "Check"), "2025-06-11T09:00:00Z");
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-11T12:00:00Z");
	CHECK_INT(world_findings(), 0);
	world_close();
}
