/* sla_desk.h - one case with its milestones, at hand for tests of the engine. */
#ifndef ENT_TESTS_CORE_SLA_DESK_H
#define ENT_TESTS_CORE_SLA_DESK_H

#include "core/sla.h"

enum { DESK_RULES = 6, DESK_CLOCKS = 3 };

struct desk {
	struct ent_arena arena;
	struct ent_sla_clock clocks[DESK_CLOCKS]; /* of calendars 1, 2, 3; revision as set */
	struct ent_case c;
	struct ent_account account;
	struct ent_milestone_rule rules[DESK_RULES];
	struct ent_sla_version version;
	struct ent_sla_run run;
	struct ent_error error;
	int64_t last_id;
	int64_t fail_clock_at; /* the n-th next search for a clock fails; 0: none does */
};

/* A case opened at `opened`, normal, nothing said about service levels. */
void desk_open(struct desk *desk, const char *opened);

/* Calendar `number` (1..) gets these hours, in its next revision. */
void desk_hours(struct desk *desk, int number, const char *zone, const char *week);

/* A rule with that much time, in business time, pausable, that starts with the case. */
struct ent_milestone_rule *desk_rule(struct desk *desk, const char *name,
                                     enum ent_milestone_kind kind, int64_t minutes);
const struct ent_expression *desk_criteria(struct desk *desk, const char *text);

/* What time brings until then, one instant before it; then the rules. */
void desk_at(struct desk *desk, const char *when);
void desk_status(struct desk *desk, const char *when, const char *status);

struct ent_milestone *desk_newest(struct desk *desk, const char *name); /* NULL: none */
/* "running target 2025-06-03T13:00:00Z", on the clock of its zone: "13:00 Tue". */
const char *desk_target(struct desk *desk, const char *name);

/* The steps since the last call: "started warned violated". */
const char *desk_steps(struct desk *desk);

#endif
