#include "core/sla_inner.h"

static const ent_instant never = { INT64_MAX };

void ent_sla_touch(struct ent_sla_run *run, size_t at)
{
	if (run->touched == NULL) {
		run->touched = ENT_NEW(run->arena, bool, run->count);
	}
	run->touched[at] = true;
}

enum ent_code ent_sla_load(struct ent_sla_pass *pass, size_t at, struct ent_sla_count *out)
{
	struct ent_sla_run *run = pass->run;
	struct ent_milestone *m = run->milestones[at];
	ent_sla_touch(run, at);
	*out = (struct ent_sla_count){ .m = m, .at = at, .target_before = m->target_at };
	out->rule = ent_sla_rule_of(run->version, m);
	out->spans = ent_sla_spans_read(m->pause_spans, run->arena);
	return run->find_clock(run->clock_arg, m->calendar_id, m->calendar_revision, &out->clock,
	                       pass->error);
}

enum ent_code ent_sla_renew_clock(struct ent_sla_pass *pass, struct ent_sla_count *count)
{
	struct ent_sla_run *run = pass->run;
	enum ent_code code = run->find_clock(run->clock_arg, count->m->calendar_id, 0,
	                                     &count->clock, pass->error);
	if (code == ENT_OK) {
		count->m->calendar_revision = count->clock.revision;
	}
	return code;
}

static bool is_moved(const struct ent_sla_count *count)
{
	return !ent_instant_is_none(count->m->moved_target_at);
}

/* Pauses since the start, or since the target was set by hand. */
static int64_t paused(const struct ent_sla_run *run, const struct ent_sla_count *count,
                      ent_instant until)
{
	const struct ent_milestone *m = count->m;
	ent_instant from = m->started_at;
	if (is_moved(count) && m->moved_at.us > from.us) {
		from = m->moved_at;
	}
	return ent_sla_spans_sum(&count->spans, &count->clock, m->unit, from, until, *run->arena);
}

static ent_instant target(const struct ent_sla_run *run, const struct ent_sla_count *count,
                          int64_t paused_us)
{
	const struct ent_milestone *m = count->m;
	if (is_moved(count)) {
		return ent_sla_later(&count->clock, m->unit, m->moved_target_at, paused_us,
		                     *run->arena);
	}
	enum ent_day_mode mode = count->rule == NULL ? ENT_DAY_KEEP_CLOCK : count->rule->day_mode;
	return ent_sla_deadline(&count->clock, m->unit, mode, m->started_at, m->allowed, paused_us,
	                        *run->arena);
}

ent_instant ent_sla_target_at(const struct ent_sla_run *run, const struct ent_sla_count *count,
                              ent_instant until)
{
	return target(run, count, paused(run, count, until));
}

/* A target that was missed and lies ahead again may be missed again. */
static void forgive(const struct ent_sla_pass *pass, struct ent_milestone *m)
{
	if (m->target_at.us >= pass->now.us) {
		m->fired &= ~ENT_FIRED_VIOLATED;
	}
}

void ent_sla_settle(struct ent_sla_pass *pass, struct ent_sla_count *count)
{
	struct ent_milestone *m = count->m;
	struct ent_sla_run *run = pass->run;
	m->pause_spans = ent_sla_spans_print(&count->spans, run->arena);
	m->held_target_at = ENT_INSTANT_NONE;
	m->warn_at = ENT_INSTANT_NONE;
	m->due_at = ENT_INSTANT_NONE;
	if (m->stage == ENT_MILESTONE_PAUSED) {
		m->held_target_at = ent_sla_target_at(run, count, m->paused_at);
		m->target_at = ENT_INSTANT_NONE;
		return;
	}
	m->target_at = ent_sla_target_at(run, count, never);
	m->warn_at = ent_sla_warn_at(run, count);
	if (m->stage == ENT_MILESTONE_OPEN) {
		forgive(pass, m);
		m->due_at = ent_sla_due_at(run, count);
	}
}

struct ent_sla_sum ent_sla_sum_of(const struct ent_sla_run *run, const struct ent_sla_count *count)
{
	const struct ent_milestone *m = count->m;
	bool is_paused = m->stage == ENT_MILESTONE_PAUSED;
	struct ent_sla_sum sum = {
		.start = m->started_at,
		.allowed = m->allowed,
		.unit = m->unit,
		.moved = m->moved_target_at,
		.clock = count->clock,
		.target = m->target_at,
	};
	sum.paused_us = paused(run, count, is_paused ? m->paused_at : never);
	if (is_paused) {
		sum.remaining_us = ent_sla_left(m, &count->clock, m->paused_at, *run->arena);
	}
	return sum;
}
