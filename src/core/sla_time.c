/* What time brings. Every thing has an instant that follows from the milestone as it is, and a
 * bit in `fired` that keeps it from happening twice. */
#include "core/sla_inner.h"

static ent_instant just_behind(ent_instant target)
{
	return target.us == INT64_MAX ? target : (ent_instant){ target.us + 1 };
}

static bool is_never(ent_instant at)
{
	return at.us == INT64_MAX || at.us == INT64_MIN;
}

/* ---- instants ---- */

/* The time that percentages are of: from the start to the target, without pauses. */
static int64_t total_us(const struct ent_sla_run *run, const struct ent_sla_count *count)
{
	const struct ent_milestone *m = count->m;
	const struct ent_sla_clock *clock = &count->clock;
	int64_t paused = 0;
	ent_instant target = m->moved_target_at;
	if (ent_instant_is_none(target)) {
		target = ent_sla_target_at(run, count, m->started_at);
	} else {
		paused = ent_sla_spans_sum(&count->spans, clock, m->unit, m->started_at,
		                           m->moved_at, *run->arena);
	}
	int64_t us = ent_sla_between(clock, m->unit, m->started_at, target, *run->arena);
	return us > paused ? us - paused : 0;
}

static int64_t share(int64_t total, int32_t percent)
{
	int64_t us;
	bool beyond = __builtin_mul_overflow(total / 100, percent, &us) ||
	              __builtin_add_overflow(us, total % 100 * percent / 100, &us);
	return beyond ? INT64_MAX : us;
}

/* When that much time has passed unpaused. A pause that begins later does not move it. */
static ent_instant passed(const struct ent_sla_run *run, const struct ent_sla_count *count,
                          int64_t us)
{
	const struct ent_milestone *m = count->m;
	const struct ent_sla_clock *clock = &count->clock;
	ent_instant at = ent_sla_later(clock, m->unit, m->started_at, us, *run->arena);
	for (size_t i = 0; i < count->spans.count; i++) {
		struct ent_sla_span span = count->spans.items[i];
		if (span.from >= at.us) {
			break;
		}
		ent_instant from = { span.from > m->started_at.us ? span.from : m->started_at.us };
		us += ent_sla_between(clock, m->unit, from, (ent_instant){ span.to }, *run->arena);
		at = ent_sla_later(clock, m->unit, m->started_at, us, *run->arena);
	}
	return at;
}

static ent_instant percent_at(const struct ent_sla_run *run, const struct ent_sla_count *count,
                              int32_t percent)
{
	const struct ent_milestone *m = count->m;
	if (percent == 100) {
		return just_behind(m->target_at);
	}
	if (percent < 100) {
		return passed(run, count, share(total_us(run, count), percent));
	}
	return ent_sla_later(&count->clock, m->unit, m->target_at,
	                     share(total_us(run, count), percent - 100), *run->arena);
}

static bool is_warning(const struct ent_sla_action *action)
{
	return action->percent > 0 ? action->percent < 100 : action->is_before;
}

static ent_instant action_at(const struct ent_sla_run *run, const struct ent_sla_count *count,
                             const struct ent_sla_action *action)
{
	const struct ent_milestone *m = count->m;
	ent_instant at;
	if (action->percent > 0) {
		at = percent_at(run, count, action->percent);
	} else {
		at = ent_sla_offset(&count->clock, m->unit, m->target_at, action->offset,
		                    action->is_before, *run->arena);
		if (!action->is_before && at.us <= m->target_at.us) {
			at = just_behind(m->target_at);
		}
	}
	return at.us < m->started_at.us ? m->started_at : at;
}

ent_instant ent_sla_warn_at(const struct ent_sla_run *run, const struct ent_sla_count *count)
{
	int32_t percent = count->rule == NULL ? 0 : count->rule->warn_percent;
	if (percent <= 0 || percent >= 100 || is_never(count->m->target_at)) {
		return ENT_INSTANT_NONE;
	}
	return percent_at(run, count, percent);
}

/* ---- the next thing ---- */

struct thing {
	enum ent_sla_step_kind kind;
	ent_instant at; /* INT64_MAX: nothing */
	int64_t bit;
	const struct ent_sla_action *action;
};

/* In the order of ties: warning, violation, actions as the rule has them. */
static void prefer(struct thing *best, struct thing thing, int64_t fired)
{
	if ((fired & thing.bit) == 0 && !is_never(thing.at) && thing.at.us < best->at.us) {
		*best = thing;
	}
}

static struct thing next_thing(const struct ent_sla_run *run, const struct ent_sla_count *count)
{
	const struct ent_milestone *m = count->m;
	struct thing best = { .at = ENT_INSTANT_END };
	if (is_never(m->target_at)) {
		return best;
	}
	prefer(&best, (struct thing){ ENT_STEP_WARNED, m->warn_at, ENT_FIRED_WARNED, NULL },
	       m->fired);
	prefer(&best,
	       (struct thing){ ENT_STEP_VIOLATED, just_behind(m->target_at), ENT_FIRED_VIOLATED,
	                       NULL },
	       m->fired);
	for (size_t i = 0; count->rule != NULL && i < count->rule->action_count; i++) {
		const struct ent_sla_action *action = &count->rule->actions[i];
		int64_t bit = INT64_C(1) << i;
		if (action->when == ENT_SLA_ON_TIME && (m->fired & bit) == 0) {
			struct thing thing = { ENT_STEP_ACTION, action_at(run, count, action), bit,
				               action };
			prefer(&best, thing, m->fired);
		}
	}
	return best;
}

ent_instant ent_sla_due_at(const struct ent_sla_run *run, const struct ent_sla_count *count)
{
	ent_instant at = next_thing(run, count).at;
	return at.us == INT64_MAX ? ENT_INSTANT_NONE : at;
}

static bool is_done_with(const struct thing *thing, bool all)
{
	bool warning = thing->kind == ENT_STEP_WARNED ||
	               (thing->kind == ENT_STEP_ACTION && is_warning(thing->action));
	return warning || (all && thing->kind == ENT_STEP_ACTION);
}

void ent_sla_skip(const struct ent_sla_pass *pass, struct ent_sla_count *count, bool all)
{
	struct ent_milestone *m = count->m;
	int64_t kept = 0; /* what stays due although it lies in the past */
	if (m->stage != ENT_MILESTONE_OPEN) {
		return;
	}
	for (;;) {
		struct thing thing = next_thing(pass->run, count);
		if (thing.at.us >= pass->now.us) {
			break;
		}
		kept |= is_done_with(&thing, all) ? 0 : thing.bit;
		m->fired |= thing.bit;
	}
	m->fired &= ~kept;
	m->due_at = ent_sla_due_at(pass->run, count);
}

ent_instant ent_sla_due(const struct ent_sla_run *run)
{
	ent_instant due = ENT_INSTANT_END;
	for (size_t i = 0; i < run->count; i++) {
		const struct ent_milestone *m = run->milestones[i];
		bool has = m->stage == ENT_MILESTONE_OPEN && !ent_instant_is_none(m->due_at);
		due = has && m->due_at.us < due.us ? m->due_at : due;
	}
	return due.us == INT64_MAX ? ENT_INSTANT_NONE : due;
}

/* The place of the milestone with something to do at `due`; the oldest of several. */
static size_t milestone_due(const struct ent_sla_run *run, ent_instant due)
{
	size_t at = 0;
	while (run->milestones[at]->stage != ENT_MILESTONE_OPEN ||
	       run->milestones[at]->due_at.us != due.us) {
		at++;
	}
	return at;
}

/* Do the next thing of one milestone; no step if its condition does not hold. */
static enum ent_code do_next(struct ent_sla_pass *pass, size_t at, ent_instant until,
                             const struct ent_sla_step **out)
{
	struct ent_sla_count count;
	enum ent_code code = ent_sla_load(pass, at, &count);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_milestone *m = count.m;
	struct thing thing = next_thing(pass->run, &count);
	if (thing.at.us > until.us) { /* it was stored otherwise: believe what follows now */
		m->due_at = ent_sla_due_at(pass->run, &count);
		return ENT_OK;
	}
	m->fired |= thing.bit;
	m->due_at = ent_sla_due_at(pass->run, &count);
	const struct ent_expression *condition =
		thing.action == NULL ? NULL : thing.action->condition;
	if (condition == NULL || ent_expression_eval(condition, pass->run->objects)) {
		pass->now = thing.at;
		struct ent_sla_step *step = ent_sla_step_add(pass, &count, thing.kind, NULL);
		step->action = thing.action;
		*out = step;
	}
	return ENT_OK;
}

enum ent_code ent_sla_next(struct ent_sla_run *run, ent_instant until,
                           const struct ent_sla_step **out, struct ent_error *error)
{
	struct ent_sla_pass pass = { .run = run, .now = until, .error = error };
	*out = NULL;
	for (ent_instant due = ent_sla_due(run);
	     *out == NULL && !ent_instant_is_none(due) && due.us <= until.us;
	     due = ent_sla_due(run)) {
		enum ent_code code = do_next(&pass, milestone_due(run, due), until, out);
		if (code != ENT_OK) {
			return code;
		}
	}
	return ENT_OK;
}
