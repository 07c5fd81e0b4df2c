/* sla_rule.h - the rules of a service level, and the clocks they count with.
 *
 * json/sla.h reads them; sla.h has the engine that follows them. Immutable once made.
 */
#ifndef ENT_CORE_SLA_RULE_H
#define ENT_CORE_SLA_RULE_H

#include "core/calendar.h"
#include "core/expression.h"
#include "core/template_text.h"
#include "core/type.h"

enum {
	ENT_SLA_RULES_MAX = 100,   /* a version */
	ENT_SLA_TARGETS_MAX = 100, /* rows of a rule's matrix */
	ENT_SLA_ACTIONS_MAX = 60,  /* a rule; see ent_milestone.fired */
};

/* ---- the rules ----------------------------------------------------------------------- */

/* What expressions may name; the case's fields also without its name. */
enum ent_sla_root {
	ENT_SLA_CASE = ENT_ROOT_CASE,
	ENT_SLA_ACCOUNT = ENT_ROOT_ACCOUNT,
	ENT_SLA_CONTACT = ENT_ROOT_CONTACT,
	ENT_SLA_PRODUCT = ENT_ROOT_PRODUCT,
	ENT_SLA_ASSET = ENT_ROOT_ASSET,
	ENT_SLA_ENTITLEMENT = ENT_ROOT_ENTITLEMENT,
	ENT_SLA_ROOTS = ENT_CASE_ROOTS
};
#define ent_sla_scope ent_case_scope
/* What texts of actions may name: these, and "milestone" behind them. Without objects. */
enum { ENT_SLA_THINGS = ENT_CASE_ROOTS + 1 };
extern const struct ent_template_thing ent_sla_things[ENT_SLA_THINGS];

/* A row of the target matrix; the first that fits counts. Empty: any. */
struct ent_sla_target {
	unsigned priorities; /* bits of enum ent_case_priority */
	struct ent_words tiers;
	ent_duration allowed;
};

enum ent_sla_when {
	ENT_SLA_ON_TIME,        /* at an offset or a percentage of the target */
	ENT_SLA_ON_STARTED,
	ENT_SLA_ON_PAUSED,
	ENT_SLA_ON_RESUMED,
	ENT_SLA_ON_COMPLETED, /* in time or late */
	ENT_SLA_ON_MET,
	ENT_SLA_ON_MET_LATE,
	ENT_SLA_ON_CANCELLED, /* or withdrawn */
	ENT_SLA_ON_REOPENED
};

enum ent_sla_do {
	ENT_SLA_EMAIL,     /* to, subject, body (templates) */
	ENT_SLA_WEBHOOK,   /* endpoint_id */
	ENT_SLA_SET,       /* field and value of the case */
	ENT_SLA_ASSIGN,    /* team_id, assignee_id */
	ENT_SLA_TASK,      /* subject, body, due in: a case_activity */
	ENT_SLA_OPEN_CASE  /* subject (title), body, priority: a case of its own beside it */
};

extern const struct ent_names ent_sla_do_names; /* "email" ... */

struct ent_sla_action {
	ent_str name; /* unique in the rule; made if none was given */
	enum ent_sla_when when;
	int32_t percent;     /* AT: of the time allowed, 1..1000; 0: by offset */
	bool is_before;      /* AT by offset: before the target, else behind it */
	ent_duration offset; /* on the rule's clock; days only on CALENDAR */
	const struct ent_expression *condition; /* NULL: always */
	enum ent_sla_do what;
	struct ent_words to; /* EMAIL: addresses, or assignee, team, contact, account */
	ent_str subject, body;
	ent_id endpoint_id, team_id, assignee_id;
	const struct ent_field *field; /* SET: of the case */
	struct ent_value value;        /* SET: at the border's form */
	ent_duration due_in;           /* TASK: calendar time; none: no due date */
	ent_str priority;              /* OPEN_CASE; empty: the case's */
};

struct ent_milestone_rule {
	ent_str name; /* unique in the version; what versions are matched by */
	enum ent_milestone_kind kind;
	enum ent_recurrence recurrence;
	enum ent_milestone_start start;
	const struct ent_field *start_field; /* an instant of the case */
	/* NULL: always; never, beside what the kind says; never, beside the version's. */
	const struct ent_expression *criteria, *completion, *pause;
	struct ent_words pause_statuses;
	bool is_pausable;
	enum ent_target_unit unit;
	enum ent_day_mode day_mode; /* BUSINESS_DAYS */
	ent_duration allowed;       /* where no row of the matrix fits; none: it does not apply */
	const struct ent_sla_target *targets;
	size_t target_count;
	ent_id calendar_id;
	int32_t warn_percent;  /* from when on it shows as near its target; 75 unless told */
	enum ent_reopen_policy reopen;
	const struct ent_sla_action *actions;
	size_t action_count;
};

struct ent_sla_version {
	ent_id id, sla_policy_id; /* none in a simulation */
	ent_id calendar_id;
	struct ent_words pause_statuses;
	const struct ent_expression *pause, *exit; /* NULL: never; when the case is closed */
	const struct ent_milestone_rule *rules;
	size_t rule_count;
};

/* ---- clocks --------------------------------------------------------------------------- */

/* The hours that count: of a calendar in one of its revisions. hours NULL: every hour. */
struct ent_sla_clock {
	ent_id calendar_id;
	int64_t revision;
	const struct ent_hours *hours;
	const struct ent_zone *zone; /* never NULL */
	ent_str name;                /* of the calendar */
};

/* Finds a clock; revision 0: as the calendar is now; calendar none: every hour in the
 * organisation's zone. Its errors end the call of the engine. */
typedef enum ent_code ent_sla_find_clock(void *arg, ent_id calendar, int64_t revision,
                                         struct ent_sla_clock *out, struct ent_error *error);

/* The business time between two instants on a clock, in microseconds. */
int64_t ent_sla_between(const struct ent_sla_clock *clock, enum ent_target_unit unit,
                        ent_instant from, ent_instant to, struct ent_arena scratch);

#endif
