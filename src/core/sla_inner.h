/* sla_inner.h - one call of the engine. Only sla*.c use it.
 *
 * A pass is a call; a count is one milestone in it, with its clock and pauses at
 * hand. Whatever changes a milestone loads a count, changes it, and settles it:
 * ent_sla_settle() makes target_at, warn_at and due_at anew from what is stored.
 */
#ifndef ENT_CORE_SLA_INNER_H
#define ENT_CORE_SLA_INNER_H

#include "core/sla.h"

/* What milestone.fired holds beside a bit for each action. */
#define ENT_FIRED_WARNED (INT64_C(1) << 62)
#define ENT_FIRED_VIOLATED (INT64_C(1) << 61)
#define ENT_FIRED_STARTED (INT64_C(1) << 60) /* started_at was set by hand or by reopening */

/* milestone.cause, beside those that callers give. */
#define ENT_CAUSE_CRITERIA "criteria"
#define ENT_CAUSE_START "start" /* the field it starts at is empty */
#define ENT_CAUSE_CLOSED "case_closed"
#define ENT_CAUSE_CANCELLED "case_cancelled"
#define ENT_CAUSE_MERGED "case_merged"
#define ENT_CAUSE_EXIT "exit_criteria"
#define ENT_CAUSE_POLICY "policy_changed" /* also of completed ones: another policy rules now */
#define ENT_CAUSE_RULE "superseded"       /* the version that holds has no such rule */

/* ---- amounts of a clock (sla_clock.c) ---- */

/* `us` later (earlier) on the clock; 0 is `at` itself. */
ent_instant ent_sla_later(const struct ent_sla_clock *clock, enum ent_target_unit unit,
                          ent_instant at, int64_t us, struct ent_arena scratch);
ent_instant ent_sla_earlier(const struct ent_sla_clock *clock, enum ent_target_unit unit,
                            ent_instant at, int64_t us, struct ent_arena scratch);

/* The offset of an action: months and days on the wall clock, seconds on the clock. */
ent_instant ent_sla_offset(const struct ent_sla_clock *clock, enum ent_target_unit unit,
                           ent_instant at, ent_duration offset, bool is_before,
                           struct ent_arena scratch);

/* When the time allowed and `paused_us` have passed since `start`. */
ent_instant ent_sla_deadline(const struct ent_sla_clock *clock, enum ent_target_unit unit,
                             enum ent_day_mode mode, ent_instant start, ent_duration allowed,
                             int64_t paused_us, struct ent_arena scratch);

/* ---- pauses (sla_pause.c) ---- */

struct ent_sla_span {
	int64_t from, to; /* INT64_MAX: still */
};

struct ent_sla_spans { /* ascending, apart from each other; there is room for two more */
	struct ent_sla_span *items;
	size_t count;
};

struct ent_sla_spans ent_sla_spans_read(ent_str text, struct ent_arena *arena);
ent_str ent_sla_spans_print(const struct ent_sla_spans *spans, struct ent_arena *arena);
void ent_sla_spans_open(struct ent_sla_spans *spans, ent_instant at);
void ent_sla_spans_close(struct ent_sla_spans *spans, ent_instant at);
void ent_sla_spans_cut(struct ent_sla_spans *spans, ent_instant from, ent_instant to);
/* Time of [from, to) that they cover, on the clock. */
int64_t ent_sla_spans_sum(const struct ent_sla_spans *spans, const struct ent_sla_clock *clock,
                          enum ent_target_unit unit, ent_instant from, ent_instant to,
                          struct ent_arena scratch);

/* ---- a pass ---- */

struct ent_sla_pass {
	struct ent_sla_run *run;
	const struct ent_case *c;
	ent_instant now;
	struct ent_error *error;
	bool is_quiet; /* actions that lie in the past are marked as done and do not run */
	bool changed;
	const char *exit; /* why nothing is open any more; NULL: the case goes on */
	bool pauses;      /* the case as a whole, whatever rules say of their own */
};

struct ent_sla_pass ent_sla_begin(struct ent_sla_run *run, ent_instant now,
                                  struct ent_error *error);

const struct ent_milestone_rule *ent_sla_rule_of(const struct ent_sla_version *version,
                                                 const struct ent_milestone *milestone);

/* It differs from what the caller has stored. */
void ent_sla_touch(struct ent_sla_run *run, size_t at);

static inline bool ent_milestone_is_open(const struct ent_milestone *milestone)
{
	return milestone->stage == ENT_MILESTONE_OPEN || milestone->stage == ENT_MILESTONE_PAUSED;
}

/* ---- one milestone (sla_target.c) ---- */

struct ent_sla_count {
	struct ent_milestone *m;
	size_t at;                             /* in run->milestones */
	const struct ent_milestone_rule *rule; /* NULL: the version has none for it */
	struct ent_sla_clock clock;
	struct ent_sla_spans spans;
	ent_instant target_before;
};

/* Whoever loads one is about to change it: marks it as touched. */
ENT_CHECK enum ent_code ent_sla_load(struct ent_sla_pass *pass, size_t at,
                                     struct ent_sla_count *out);

/* After started_at, allowed, unit, moved_*, stage, the clock or the pauses changed. */
void ent_sla_settle(struct ent_sla_pass *pass, struct ent_sla_count *count);

/* The clock of calendar_id as it is now. */
ENT_CHECK enum ent_code ent_sla_renew_clock(struct ent_sla_pass *pass, struct ent_sla_count *count);

/* Its target with the pauses until then. */
ent_instant ent_sla_target_at(const struct ent_sla_run *run, const struct ent_sla_count *count,
                              ent_instant until);

/* Time until its target, negative when overdue; frozen while paused. INT64_MAX: it has none. */
int64_t ent_sla_left(const struct ent_milestone *m, const struct ent_sla_clock *clock,
                     ent_instant now, struct ent_arena scratch);

struct ent_sla_sum ent_sla_sum_of(const struct ent_sla_run *run, const struct ent_sla_count *count);

/* ---- time (sla_time.c) ---- */

/* When it comes near its target: once that share of the time allowed has passed unpaused. */
ent_instant ent_sla_warn_at(const struct ent_sla_run *run, const struct ent_sla_count *count);
/* When time brings the next thing. */
ent_instant ent_sla_due_at(const struct ent_sla_run *run, const struct ent_sla_count *count);
/* Mark what falls due before now as done: warnings and actions before the target, or all
 * actions. */
void ent_sla_skip(const struct ent_sla_pass *pass, struct ent_sla_count *count, bool all);

/* ---- steps (sla_step.c) ---- */

/* Append a step, and the actions of the rule that it sets off. */
struct ent_sla_step *ent_sla_step_add(struct ent_sla_pass *pass, struct ent_sla_count *count,
                                      enum ent_sla_step_kind kind, const char *cause);

/* ---- the rules (sla_rule.c) ---- */

/* Has what the rule asks for been done, and when? `started` bounds it; none: it has not. */
bool ent_sla_is_done(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule,
                     ent_instant started, ent_instant *when);
/* Does the rule apply to the case as it is? */
bool ent_sla_applies(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule);
bool ent_sla_wants_pause(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule,
                         bool held);
/* None: no row of the matrix fits. */
ent_duration ent_sla_allowed(const struct ent_sla_pass *pass,
                             const struct ent_milestone_rule *rule);
ent_id ent_sla_calendar_id(const struct ent_sla_run *run, const struct ent_milestone_rule *rule);
/* Where its clock begins by case or field; none: by its criteria, or the field is empty. */
ent_instant ent_sla_fixed_start(const struct ent_sla_pass *pass,
                                const struct ent_milestone_rule *rule);

/* ---- changes (sla_change.c) ---- */

/* Completed, cancelled or withdrawn at `when`: pauses end there, the target is final. */
ENT_CHECK enum ent_code ent_sla_end_at(struct ent_sla_pass *pass, size_t at,
                                       enum ent_milestone_stage stage, ent_instant when,
                                       const char *cause);
/* Open again; the time since it ended counts as paused. */
void ent_sla_continue(struct ent_sla_pass *pass, struct ent_sla_count *count);
/* A new start; pauses before it are cut, and those of the case taken over if it is earlier. */
void ent_sla_set_start(struct ent_sla_pass *pass, struct ent_sla_count *count, ent_instant start);

/* ---- beginnings (sla_start.c) ---- */

/* The newest milestone of a rule under this policy; NULL: none yet. */
struct ent_milestone *ent_sla_newest(const struct ent_sla_run *run,
                                     const struct ent_milestone_rule *rule);
/* Its next occurrence. `by_hand`: the start is not where the rule says. */
ENT_CHECK enum ent_code ent_sla_start(struct ent_sla_pass *pass,
                                      const struct ent_milestone_rule *rule, ent_instant start,
                                      bool by_hand);
/* Where the rule may and should begin one now, if anywhere. */
bool ent_sla_wants_start(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule,
                         ent_instant *start);

/* Evaluate within a pass, until nothing changes (sla_evaluate.c). */
ENT_CHECK enum ent_code ent_sla_follow(struct ent_sla_pass *pass);

#endif
