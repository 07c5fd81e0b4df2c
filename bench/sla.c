/* sla.c - what the clocks of a case with five open milestones cost: a look that changes nothing, a
 * pause and resumption of all, and the next thing that time brings; beside counting each target
 * anew, the work that a look without memory would do.
 *
 *     cc -O2 -std=c17 -D_GNU_SOURCE -Isrc bench/sla.c src/core/?*.c src/base/?*.c
 */
#include "core/sla.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RULES = 5, ROUNDS = 200000 };

static char memory[1 << 24];
static struct ent_budget budget = { .fail_at = -1 };
static struct ent_sla_clock clock_9_to_5;
static struct ent_milestone_rule rules[RULES];
static struct ent_sla_version version = { .rules = rules, .rule_count = RULES };
static struct ent_case kase;
static int64_t last_id;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#define must(ok) must_((ok), __LINE__)
static void must_(bool ok, int line)
{
	if (!ok) {
		fprintf(stderr, "sla: line %d is wrong\n", line);
		exit(1);
	}
}

static enum ent_code find_clock(void *arg, ent_id calendar, int64_t revision,
                                struct ent_sla_clock *out, struct ent_error *error)
{
	(void)arg;
	(void)calendar;
	(void)revision;
	(void)error;
	*out = clock_9_to_5;
	return ENT_OK;
}

static ent_id make_id(void *arg)
{
	(void)arg;
	return (ent_id){ ++last_id };
}

static void set_up(struct ent_arena *arena)
{
	static const char *const names[RULES] = { "First answer", "Update", "Workaround", "Fix",
		                                  "Report" };
	static struct ent_timetable table;
	struct ent_error error = { 0 };
	const struct ent_expression *criteria = NULL;
	struct ent_calendar_version *hours = ENT_NEW(arena, struct ent_calendar_version, 1);
	must(ent_week_parse(ENT_STR("mon-fri 09:00-17:00"), arena, &hours->week, &error) == ENT_OK);
	table = (struct ent_timetable){ ENT_STR("UTC"), &ent_zone_utc, hours, 1 };
	clock_9_to_5 =
		(struct ent_sla_clock){ .calendar_id = { 1 },
		                        .revision = 1,
		                        .hours = ent_hours_compile(&table, 2026, 2028, arena),
		                        .zone = &ent_zone_utc };
	must(ent_expression_compile(
		     ENT_STR("priority in ('high', 'critical') and channel != 'chat'"),
		     &ent_sla_scope, arena, &criteria, &error) == ENT_OK);
	for (size_t i = 0; i < RULES; i++) {
		rules[i] =
			(struct ent_milestone_rule){ .name = ent_str_of(names[i]),
			                             .criteria = criteria,
			                             .is_pausable = true,
			                             .warn_percent = 75,
			                             .allowed = { 0, 0,
			                                          3600 * (int64_t)(4 + 8 * i) } };
	}
	version.calendar_id = (ent_id){ 1 };
	ent_type_clear(&ent_case_type, &kase);
	kase.id = kase.account_id = (ent_id){ 1 };
	kase.priority = ENT_PRIORITY_HIGH;
	must(ent_instant_parse(ENT_STR("2026-11-23T10:00:00Z"), &kase.created_at));
}

static struct ent_sla_run begin(struct ent_arena *arena)
{
	static const ent_str hold[] = { { "hold", 4 } };
	struct ent_error error = { 0 };
	struct ent_sla_run run = { .version = &version,
		                   .find_clock = find_clock,
		                   .make_id = make_id,
		                   .arena = arena,
		                   .pause_statuses = { hold, 1 } };
	run.objects[ENT_SLA_CASE] = &kase;
	kase.status = (ent_str){ NULL, 0 };
	must(ent_sla_evaluate(&run, kase.created_at, &error) == ENT_OK && run.count == RULES);
	run.first_step = NULL;
	run.last_step = NULL;
	return run;
}

static void report(const char *what, double seconds, double times)
{
	printf("%-40s %8.0f ns\n", what, seconds / times * 1e9);
}

int main(void)
{
	struct ent_arena whole = { memory, memory + sizeof(memory), &budget };
	struct ent_error error = { 0 };
	set_up(&whole);
	struct ent_arena arena = whole;
	struct ent_sla_run run = begin(&arena);
	ent_instant at = { kase.created_at.us + ENT_HOUR_US };
	double begun = now();
	for (int i = 0; i < ROUNDS; i++) {
		arena.next = whole.next + (1 << 20);
		must(ent_sla_evaluate(&run, at, &error) == ENT_OK && run.first_step == NULL);
	}
	report("evaluate, nothing changes", now() - begun, ROUNDS);

	begun = now();
	for (int i = 0; i < ROUNDS / 20; i++) {
		arena = whole;
		run = begin(&arena);
		kase.status = ENT_STR("hold");
		must(ent_sla_evaluate(&run, at, &error) == ENT_OK);
		kase.status = (ent_str){ NULL, 0 };
		must(ent_sla_evaluate(&run, (ent_instant){ at.us + ENT_HOUR_US }, &error) ==
		     ENT_OK);
	}
	report("start five, pause and resume them", now() - begun, ROUNDS / 20);

	size_t steps = 0;
	begun = now();
	for (int i = 0; i < ROUNDS / 20; i++) {
		const struct ent_sla_step *step;
		arena = whole;
		run = begin(&arena);
		do {
			must(ent_sla_next(&run, (ent_instant){ at.us + 30 * ENT_DAY_US }, &step,
			                  &error) == ENT_OK);
			steps += step != NULL;
		} while (step != NULL);
	}
	double all = now() - begun;
	begun = now();
	for (int i = 0; i < ROUNDS / 20; i++) {
		arena = whole;
		run = begin(&arena);
	}
	report("start five", now() - begun, ROUNDS / 20);
	report("next: a warning or violation", all - (now() - begun), (double)steps);

	int64_t sum = 0;
	begun = now();
	for (int i = 0; i < ROUNDS; i++) {
		for (size_t k = 0; k < RULES; k++) {
			sum += ent_hours_add(clock_9_to_5.hours, kase.created_at,
			                     rules[k].allowed.seconds * ENT_SECOND_US, whole)
			               .us &
			       1;
		}
	}
	report("five targets counted anew", now() - begun, ROUNDS);
	return sum < 0;
}
