#include "core/sla_inner.h"

const char *ent_sla_step_verb(enum ent_sla_step_kind kind)
{
	static const char *const verbs[ENT_STEP_KINDS] = {
		[ENT_STEP_STARTED] = "started",
		[ENT_STEP_RETARGETED] = "retargeted",
		[ENT_STEP_PAUSED] = "paused",
		[ENT_STEP_RESUMED] = "resumed",
		[ENT_STEP_WARNED] = "warned",
		[ENT_STEP_VIOLATED] = "violated",
		[ENT_STEP_ACTION] = "action",
		[ENT_STEP_COMPLETED] = "completed",
		[ENT_STEP_REOPENED] = "reopened",
		[ENT_STEP_WITHDRAWN] = "withdrawn",
		[ENT_STEP_CANCELLED] = "cancelled",
		[ENT_STEP_TARGET_MOVED] = "target_moved",
		[ENT_STEP_START_MOVED] = "start_moved",
		[ENT_STEP_SWITCHED] = "switched",
		[ENT_STEP_RECALCULATED] = "recalculated",
		[ENT_STEP_HELD] = "held",
		[ENT_STEP_RELEASED] = "released",
	};
	return verbs[kind];
}

static struct ent_sla_step *append(struct ent_sla_pass *pass, const struct ent_sla_count *count,
                                   enum ent_sla_step_kind kind, const char *cause)
{
	struct ent_sla_run *run = pass->run;
	const struct ent_milestone *m = count->m;
	struct ent_sla_step *step = ENT_NEW(run->arena, struct ent_sla_step, 1);
	*step = (struct ent_sla_step){
		.kind = kind,
		.milestone = count->at,
		.at = pass->now,
		.target_before = count->target_before,
		.sum = ent_sla_sum_of(run, count),
		.cause = cause,
	};
	if (kind == ENT_STEP_COMPLETED) {
		step->at = m->completed_at;
		step->is_late = m->completed_at.us > m->target_at.us;
	}
	if (run->last_step == NULL) {
		run->last_step = &run->first_step;
	}
	*run->last_step = step;
	run->last_step = &step->next;
	return step;
}

static bool sets_off(const struct ent_sla_step *step, enum ent_sla_when when)
{
	switch (when) {
	case ENT_SLA_ON_TIME:
		return false;
	case ENT_SLA_ON_STARTED:
		return step->kind == ENT_STEP_STARTED;
	case ENT_SLA_ON_PAUSED:
		return step->kind == ENT_STEP_PAUSED;
	case ENT_SLA_ON_RESUMED:
		return step->kind == ENT_STEP_RESUMED;
	case ENT_SLA_ON_COMPLETED:
		return step->kind == ENT_STEP_COMPLETED;
	case ENT_SLA_ON_MET:
		return step->kind == ENT_STEP_COMPLETED && !step->is_late;
	case ENT_SLA_ON_MET_LATE:
		return step->kind == ENT_STEP_COMPLETED && step->is_late;
	case ENT_SLA_ON_CANCELLED:
		return step->kind == ENT_STEP_CANCELLED || step->kind == ENT_STEP_WITHDRAWN;
	case ENT_SLA_ON_REOPENED:
		break;
	}
	return step->kind == ENT_STEP_REOPENED;
}

/* A milestone pauses, resumes and opens again as often as it does; all else is once. */
static bool is_repeated(enum ent_sla_when when)
{
	return when == ENT_SLA_ON_PAUSED || when == ENT_SLA_ON_RESUMED ||
	       when == ENT_SLA_ON_REOPENED;
}

static bool runs_now(const struct ent_sla_pass *pass, struct ent_milestone *m, size_t i,
                     const struct ent_sla_action *action)
{
	int64_t bit = INT64_C(1) << i;
	if (!is_repeated(action->when)) {
		if ((m->fired & bit) != 0) {
			return false;
		}
		m->fired |= bit;
	}
	if (pass->is_quiet && action->when == ENT_SLA_ON_STARTED &&
	    m->started_at.us < pass->now.us) {
		return false;
	}
	return action->condition == NULL ||
	       ent_expression_eval(action->condition, pass->run->objects);
}

struct ent_sla_step *ent_sla_step_add(struct ent_sla_pass *pass, struct ent_sla_count *count,
                                      enum ent_sla_step_kind kind, const char *cause)
{
	struct ent_sla_step *step = append(pass, count, kind, cause);
	const struct ent_milestone_rule *rule = count->rule;
	for (size_t i = 0; rule != NULL && i < rule->action_count; i++) {
		const struct ent_sla_action *action = &rule->actions[i];
		if (sets_off(step, action->when) && runs_now(pass, count->m, i, action)) {
			append(pass, count, ENT_STEP_ACTION, NULL)->action = action;
		}
	}
	count->target_before = count->m->target_at;
	pass->changed = true;
	return step;
}
