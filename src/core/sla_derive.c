#include "core/sla_inner.h"

static ent_instant later_of(ent_instant a, ent_instant b)
{
	return a.us > b.us ? a : b;
}

int64_t ent_sla_left(const struct ent_milestone *m, const struct ent_sla_clock *clock,
                     ent_instant now, struct ent_arena scratch)
{
	ent_instant from = now;
	ent_instant target = m->target_at;
	if (m->stage == ENT_MILESTONE_PAUSED) {
		from = later_of(m->paused_at, later_of(m->started_at, m->moved_at));
		target = m->held_target_at;
	}
	if (ent_instant_is_none(target) || target.us == INT64_MAX) {
		return INT64_MAX;
	}
	return from.us <= target.us ? ent_sla_between(clock, m->unit, from, target, scratch)
	                            : -ent_sla_between(clock, m->unit, target, from, scratch);
}

/* Whole seconds, towards zero: one microsecond late is late, but not by a second. */
static ent_count seconds(int64_t us)
{
	return (ent_count){ us / ENT_SECOND_US };
}

static ent_instant end_of(const struct ent_milestone *m, ent_instant now)
{
	if (m->stage == ENT_MILESTONE_COMPLETED) {
		return m->completed_at;
	}
	return ent_milestone_is_open(m) ? now : m->ended_at;
}

static bool is_late(const struct ent_milestone *m, ent_instant now)
{
	bool paused = m->stage == ENT_MILESTONE_PAUSED;
	ent_instant target = paused ? m->held_target_at : m->target_at;
	ent_instant until = paused ? m->paused_at : end_of(m, now);
	return !ent_instant_is_none(target) && until.us > target.us;
}

static int64_t spent(const struct ent_milestone *m, const struct ent_sla_spans *spans,
                     const struct ent_sla_clock *clock, ent_instant end, struct ent_arena scratch)
{
	return ent_sla_spans_sum(spans, clock, m->unit, m->started_at, end, scratch);
}

static void derive_left(struct ent_milestone *m, const struct ent_sla_clock *clock, ent_instant now,
                        struct ent_arena scratch)
{
	m->remaining_seconds = ENT_COUNT_NONE;
	m->remaining_wall_seconds = ENT_COUNT_NONE;
	if (!ent_milestone_is_open(m)) {
		return;
	}
	int64_t left = ent_sla_left(m, clock, now, scratch);
	if (left != INT64_MAX) {
		m->remaining_seconds = seconds(left);
	}
	if (m->stage == ENT_MILESTONE_OPEN && left != INT64_MAX) {
		m->remaining_wall_seconds = seconds(m->target_at.us - now.us);
	}
}

void ent_milestone_derive(struct ent_milestone *milestone, const struct ent_sla_clock *clock,
                          ent_instant now, struct ent_arena scratch)
{
	struct ent_milestone *m = milestone;
	struct ent_sla_clock wall = { .zone = clock->zone };
	ent_instant end = end_of(m, now);
	m->state = ent_milestone_state_at(m, now);
	m->late = is_late(m, now);
	struct ent_sla_spans spans = ent_sla_spans_read(m->pause_spans, &scratch);
	int64_t elapsed = ent_sla_between(clock, m->unit, m->started_at, end, scratch);
	int64_t paused = spent(m, &spans, clock, end, scratch);
	m->elapsed_seconds = seconds(elapsed);
	m->paused_seconds = seconds(paused);
	m->actual_seconds = seconds(elapsed - paused);
	m->elapsed_wall_seconds =
		seconds(ent_sla_between(&wall, m->unit, m->started_at, end, scratch));
	m->paused_wall_seconds = seconds(spent(m, &spans, &wall, end, scratch));
	derive_left(m, clock, now, scratch);
}

/* ---- the case ---- */

static ent_instant earlier_of(ent_instant a, ent_instant b)
{
	if (ent_instant_is_none(a) || ent_instant_is_none(b)) {
		return ent_instant_is_none(a) ? b : a;
	}
	return a.us < b.us ? a : b;
}

/* The more telling of two: any that runs, else any that waits, else the worst end. */
static enum ent_sla_stage worse_of(enum ent_sla_stage a, enum ent_sla_stage b)
{
	static const int rank[] = {
		[ENT_SLA_STAGE_NONE] = 0,   [ENT_SLA_STAGE_MET] = 1,  [ENT_SLA_STAGE_MET_LATE] = 2,
		[ENT_SLA_STAGE_PAUSED] = 3, [ENT_SLA_STAGE_OPEN] = 4,
	};
	return rank[a] >= rank[b] ? a : b;
}

static enum ent_sla_stage stage_of(const struct ent_milestone *m)
{
	if (ent_milestone_is_open(m)) {
		return m->stage == ENT_MILESTONE_OPEN ? ENT_SLA_STAGE_OPEN : ENT_SLA_STAGE_PAUSED;
	}
	if (m->stage != ENT_MILESTONE_COMPLETED || ent_str_is(m->cause, ENT_CAUSE_POLICY)) {
		return ENT_SLA_STAGE_NONE;
	}
	bool late = !ent_instant_is_none(m->target_at) && m->completed_at.us > m->target_at.us;
	return late ? ENT_SLA_STAGE_MET_LATE : ENT_SLA_STAGE_MET;
}

void ent_sla_summarise(const struct ent_sla_run *run, struct ent_case *c)
{
	c->sla_stage = ENT_SLA_STAGE_NONE;
	c->next_due_at = ENT_INSTANT_NONE;
	c->next_warn_at = ENT_INSTANT_NONE;
	for (size_t i = 0; i < run->count; i++) {
		const struct ent_milestone *m = run->milestones[i];
		c->sla_stage = worse_of(c->sla_stage, stage_of(m));
		if (m->stage == ENT_MILESTONE_OPEN) {
			c->next_due_at = earlier_of(c->next_due_at, m->target_at);
			c->next_warn_at = earlier_of(c->next_warn_at, m->warn_at);
		}
	}
	c->sla_pauses = run->pauses;
}
