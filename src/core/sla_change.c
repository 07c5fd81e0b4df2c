#include "core/sla_inner.h"

static void add_case_pauses(const struct ent_sla_pass *pass, struct ent_sla_spans *own,
                            ent_instant from, ent_instant to)
{
	struct ent_sla_run *run = pass->run;
	struct ent_sla_spans both = ent_sla_spans_read(run->pauses, run->arena);
	ent_sla_spans_cut(&both, from, to);
	struct ent_sla_span *items =
		ENT_NEW(run->arena, struct ent_sla_span, both.count + own->count + 2);
	size_t count = 0;
	for (size_t i = 0; i < both.count + own->count; i++) {
		struct ent_sla_span span =
			i < both.count ? both.items[i] : own->items[i - both.count];
		if (count > 0 && span.from <= items[count - 1].to) {
			items[count - 1].to = span.to;
		} else {
			items[count++] = span;
		}
	}
	*own = (struct ent_sla_spans){ items, count };
}

static void end(struct ent_sla_pass *pass, struct ent_sla_count *count,
                enum ent_milestone_stage stage, ent_instant when, const char *cause)
{
	static const enum ent_sla_step_kind kinds[] = {
		[ENT_MILESTONE_COMPLETED] = ENT_STEP_COMPLETED,
		[ENT_MILESTONE_CANCELLED] = ENT_STEP_CANCELLED,
		[ENT_MILESTONE_WITHDRAWN] = ENT_STEP_WITHDRAWN,
	};
	struct ent_milestone *m = count->m;
	ent_sla_spans_close(&count->spans, when);
	m->stage = stage;
	m->paused_at = ENT_INSTANT_NONE;
	m->held = false;
	m->cause = ent_str_of(cause);
	if (stage == ENT_MILESTONE_COMPLETED) {
		m->completed_at = when;
	} else {
		m->ended_at = when;
	}
	ent_sla_settle(pass, count);
	ent_sla_step_add(pass, count, kinds[stage], cause);
}

enum ent_code ent_sla_end_at(struct ent_sla_pass *pass, size_t at, enum ent_milestone_stage stage,
                             ent_instant when, const char *cause)
{
	struct ent_sla_count count;
	enum ent_code code = ent_sla_load(pass, at, &count);
	if (code == ENT_OK) {
		end(pass, &count, stage, when, cause);
	}
	return code;
}

void ent_sla_continue(struct ent_sla_pass *pass, struct ent_sla_count *count)
{
	struct ent_milestone *m = count->m;
	ent_instant ended = m->stage == ENT_MILESTONE_COMPLETED ? m->completed_at : m->ended_at;
	if (ended.us < pass->now.us) {
		ent_sla_spans_open(&count->spans, ended);
		ent_sla_spans_close(&count->spans, pass->now);
	}
	m->stage = ENT_MILESTONE_OPEN;
	m->completed_at = ENT_INSTANT_NONE;
	m->ended_at = ENT_INSTANT_NONE;
	m->cause = (ent_str){ NULL, 0 };
	ent_sla_settle(pass, count);
	ent_sla_step_add(pass, count, ENT_STEP_REOPENED, NULL);
}

void ent_sla_set_start(struct ent_sla_pass *pass, struct ent_sla_count *count, ent_instant start)
{
	struct ent_milestone *m = count->m;
	bool pausable = count->rule != NULL && count->rule->is_pausable;
	if (start.us < m->started_at.us && pausable) {
		add_case_pauses(pass, &count->spans, start, m->started_at);
	}
	m->started_at = start;
}
