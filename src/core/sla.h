/* sla.h - service levels: who must have done what by when.
 *
 * A policy version is a list of rules. The engine keeps the milestones of one case
 * right: ent_sla_evaluate() after anything about the case has changed,
 * ent_sla_next() when time has passed. It reads no clock and stores nothing: it
 * changes the milestones it was given and says what happened (steps), from which
 * the caller writes events, runs actions and shows the arithmetic. Production and
 * `sla.simulate` call the same functions. design/domain.md 5.
 *
 *     target = add(calendar, start, allowed + paused)
 *
 * `paused` is time of the rule's clock spent paused; the start never moves by it.
 * Exactly at the target is in time; late is the first microsecond after it. While
 * paused there is no target, and what would fall due waits.
 */
#ifndef ENT_CORE_SLA_H
#define ENT_CORE_SLA_H

#include "core/sla_rule.h"

enum {
	ENT_SLA_OPEN_MAX = 200,    /* milestones of one case that are open at once */
	ENT_SLA_PAUSES_MAX = 400   /* of one milestone; of more, the nearest two become one */
};

/* ---- what happens ---------------------------------------------------------------------- */

enum ent_sla_step_kind {
	ENT_STEP_STARTED,
	ENT_STEP_RETARGETED,    /* another row of the matrix, calendar or start */
	ENT_STEP_PAUSED,
	ENT_STEP_RESUMED,
	ENT_STEP_WARNED,        /* near its target */
	ENT_STEP_VIOLATED,
	ENT_STEP_ACTION,        /* an action of the rule falls due: .action */
	ENT_STEP_COMPLETED,
	ENT_STEP_REOPENED,
	ENT_STEP_WITHDRAWN,     /* criteria stopped matching */
	ENT_STEP_CANCELLED,     /* the case was closed, the policy changed, or by hand */
	ENT_STEP_TARGET_MOVED,
	ENT_STEP_START_MOVED,
	ENT_STEP_SWITCHED,      /* to another version of the policy */
	ENT_STEP_RECALCULATED,  /* with the calendar as it is now */
	ENT_STEP_HELD,          /* by hand, while a rule had paused it already */
	ENT_STEP_RELEASED,      /* by hand, but a rule pauses it still */
	ENT_STEP_KINDS
};
const char *ent_sla_step_verb(enum ent_sla_step_kind kind); /* "started": milestone.started */

/* How a target comes about; what the time line shows. */
struct ent_sla_sum {
	ent_instant start;
	ent_duration allowed;
	enum ent_target_unit unit;
	ent_instant moved; /* set by hand: counts instead of start and allowed; else none */
	int64_t paused_us; /* on the clock; of a moved one, since it was moved */
	struct ent_sla_clock clock;
	ent_instant target; /* none while paused */
	int64_t remaining_us; /* while paused */
};

/* One thing that happened to one milestone, in the order in which it did. */
struct ent_sla_step {
	enum ent_sla_step_kind kind;
	size_t milestone; /* its place in run->milestones */
	ent_instant at;   /* when it was due, or happened */
	const struct ent_sla_action *action; /* ACTION */
	ent_instant target_before;
	struct ent_sla_sum sum; /* as it is after it */
	const char *cause;      /* WITHDRAWN, CANCELLED, RETARGETED: a word; else NULL */
	bool is_late;           /* COMPLETED: behind its target */
	struct ent_sla_step *next;
};

/* ---- the engine ------------------------------------------------------------------------- */

/* One case and its milestones. Fill in the first part; .count and the milestones change,
 * .first_step ... receive what happened since the caller emptied them. */
struct ent_sla_run {
	const struct ent_sla_version *version; /* NULL: the case has no service level */
	const void *objects[ENT_SLA_ROOTS];    /* as they are now; [ENT_SLA_CASE] is a struct
	                                        * ent_case; NULL: there is none */
	struct ent_words pause_statuses;       /* the organisation's */
	ent_id calendar_id; /* what case, entitlement, account and organisation say, the first
	                     * that does; rule and version come before it */
	ent_sla_find_clock *find_clock;
	void *clock_arg;
	ent_id (*make_id)(void *arg);
	void *id_arg;
	struct ent_arena *arena;
	struct ent_milestone **milestones; /* of the case, oldest first, from the arena */
	size_t count;
	ent_str pauses; /* of the case as a whole, like pause_spans; for those that start late */
	/* made by the engine: */
	bool *touched; /* by place: differs from what was given; NULL: none does */
	struct ent_sla_step *first_step, **last_step; /* last_step NULL: none yet */
	bool pauses_changed;
};

/* After a change of the case, its account, entitlement ...: start, complete, withdraw, cancel,
 * pause, resume and re-target what the rules say, until nothing changes any more. Actions of
 * the steps (started, met ...) become steps themselves, right behind them. `now` is when.
 * Call ent_sla_next() until `now` first: what was due before the change comes before it.
 * TOO_LARGE (more than ENT_SLA_OPEN_MAX), errors of find_clock. */
ENT_CHECK enum ent_code ent_sla_evaluate(struct ent_sla_run *run, ent_instant now,
                                         struct ent_error *error);

/* The next thing that time brings at or before `until`: one step (WARNED, VIOLATED or ACTION)
 * is appended and marked as done; *out is it, or NULL if there is nothing. After an action that
 * changed something, evaluate before the next one. */
ENT_CHECK enum ent_code ent_sla_next(struct ent_sla_run *run, ent_instant until,
                                     const struct ent_sla_step **out, struct ent_error *error);

/* When ent_sla_next() has something to do again; ENT_INSTANT_NONE: never. */
ent_instant ent_sla_due(const struct ent_sla_run *run);

/* By hand; each evaluates afterwards. The milestone must be open (reopen: completed): STATE
 * otherwise. RANGE under /completed_at, /target_at, /started_at for times that cannot be. */
ENT_CHECK enum ent_code ent_sla_complete(struct ent_sla_run *run, size_t at, ent_instant when,
                                         ent_instant now, struct ent_error *error);
ENT_CHECK enum ent_code ent_sla_reopen(struct ent_sla_run *run, size_t at, ent_instant now,
                                       struct ent_error *error);
ENT_CHECK enum ent_code ent_sla_hold(struct ent_sla_run *run, size_t at, bool hold,
                                     ent_instant now, struct ent_error *error);
ENT_CHECK enum ent_code ent_sla_move_target(struct ent_sla_run *run, size_t at, ent_instant target,
                                            ent_instant now, struct ent_error *error);
ENT_CHECK enum ent_code ent_sla_move_start(struct ent_sla_run *run, size_t at, ent_instant start,
                                           ent_instant now, struct ent_error *error);
ENT_CHECK enum ent_code ent_sla_cancel(struct ent_sla_run *run, size_t at, const char *cause,
                                       ent_instant now, struct ent_error *error);

/* The case was opened again: each completed milestone as its rule's reopen policy says. Then
 * evaluates. */
ENT_CHECK enum ent_code ent_sla_case_reopened(struct ent_sla_run *run, ent_instant now,
                                              struct ent_error *error);

/* From run->version to `version`: of another policy, open milestones are cancelled
 * (policy_changed) and its rules evaluated; of the same policy they are matched by rule name and
 * keep their start (salesforce 3.10, BUILD): completed ones stay, those without a rule are
 * cancelled (superseded), new rules are evaluated; without `fire`, actions of the new version
 * that lie in the past are marked as done and do not run. */
ENT_CHECK enum ent_code ent_sla_switch(struct ent_sla_run *run,
                                       const struct ent_sla_version *version, bool fire,
                                       ent_instant now, struct ent_error *error);

/* Count open milestones anew with their calendars as they are now (or by now should be). */
ENT_CHECK enum ent_code ent_sla_recalculate(struct ent_sla_run *run, ent_instant now,
                                            struct ent_error *error);

/* ---- what is shown ------------------------------------------------------------------------ */

enum ent_milestone_state ent_milestone_state_at(const struct ent_milestone *milestone,
                                                ent_instant now);

/* Fills in the DERIVED fields; `clock` is that of its calendar_id and revision. */
void ent_milestone_derive(struct ent_milestone *milestone, const struct ent_sla_clock *clock,
                          ent_instant now, struct ent_arena scratch);

/* The case's own: next_due_at, next_warn_at, sla_stage, sla_pauses from the run. */
void ent_sla_summarise(const struct ent_sla_run *run, struct ent_case *c);
enum ent_sla_status ent_sla_status_at(const struct ent_case *c, ent_instant now);

/* Which policy a case gets: by hand, the entitlement's, the account's, the organisation's
 * default, the first that has an active version (dynamics 3.8, 4.3). */
struct ent_sla_candidate {
	ent_id policy_id; /* none: names none */
	ent_id version_id; /* its default version, if that is active; else none */
};
struct ent_sla_choice {
	enum ent_sla_source source;
	ent_id policy_id, version_id;
};
struct ent_sla_choice ent_sla_choose(bool enabled, struct ent_sla_candidate manual,
                                     struct ent_sla_candidate entitlement,
                                     struct ent_sla_candidate account,
                                     struct ent_sla_candidate organisation);

#endif
