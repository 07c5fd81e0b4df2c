#include "core/sla_inner.h"

struct ent_milestone *ent_sla_newest(const struct ent_sla_run *run,
                                     const struct ent_milestone_rule *rule)
{
	struct ent_milestone *newest = NULL;
	for (size_t i = 0; i < run->count; i++) {
		struct ent_milestone *m = run->milestones[i];
		if (ent_str_eq(m->name, rule->name) && !ent_str_is(m->cause, ENT_CAUSE_POLICY) &&
		    (newest == NULL || m->occurrence >= newest->occurrence)) {
			newest = m;
		}
	}
	return newest;
}

/* Of another policy, too, so that the numbers of one name do not repeat. */
static int64_t occurrences(const struct ent_sla_run *run, ent_str name)
{
	int64_t most = 0;
	for (size_t i = 0; i < run->count; i++) {
		const struct ent_milestone *m = run->milestones[i];
		if (ent_str_eq(m->name, name) && m->occurrence > most) {
			most = m->occurrence;
		}
	}
	return most;
}

/* ---- whether ---- */

/* Did the case or the rules end it, so that it may come again? Else a person did. */
static bool ended_by_case(const struct ent_milestone *m)
{
	static const char *const causes[] = { ENT_CAUSE_CLOSED, ENT_CAUSE_CANCELLED,
		                              ENT_CAUSE_MERGED, ENT_CAUSE_EXIT, ENT_CAUSE_RULE };
	for (size_t i = 0; i < ENT_COUNT(causes); i++) {
		if (ent_str_is(m->cause, causes[i])) {
			return true;
		}
	}
	return false;
}

static bool blocks_once(const struct ent_milestone_rule *rule, const struct ent_milestone *newest)
{
	if (newest->stage == ENT_MILESTONE_CANCELLED) {
		return !ended_by_case(newest) || rule->reopen == ENT_REOPEN_KEEP;
	}
	return newest->stage != ENT_MILESTONE_WITHDRAWN;
}

/* One message of the customer asks for one answer. */
static bool was_answered(const struct ent_case *c, const struct ent_milestone *newest)
{
	return newest->stage == ENT_MILESTONE_COMPLETED &&
	       newest->completed_at.us >= c->last_customer_at.us;
}

static bool blocks(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule,
                   const struct ent_milestone *newest)
{
	if (newest == NULL || ent_milestone_is_open(newest)) {
		return newest != NULL;
	}
	if (rule->recurrence == ENT_RECURRENCE_NONE) {
		return blocks_once(rule, newest);
	}
	return rule->kind == ENT_MILESTONE_NEXT_RESPONSE && rule->start == ENT_START_CRITERIA &&
	       was_answered(pass->c, newest);
}

static ent_instant start_of(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule,
                            const struct ent_milestone *newest)
{
	if (rule->start != ENT_START_CRITERIA) {
		return ent_sla_fixed_start(pass, rule);
	}
	ent_instant start = pass->now;
	if (rule->kind == ENT_MILESTONE_NEXT_RESPONSE &&
	    !ent_instant_is_none(pass->c->last_customer_at)) {
		start = pass->c->last_customer_at;
	}
	bool follows = rule->recurrence == ENT_RECURRENCE_SEQUENTIAL && newest != NULL &&
	               newest->stage == ENT_MILESTONE_COMPLETED &&
	               newest->target_at.us != INT64_MAX;
	return follows && newest->target_at.us > start.us ? newest->target_at : start;
}

bool ent_sla_wants_start(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule,
                         ent_instant *start)
{
	const struct ent_milestone *newest = ent_sla_newest(pass->run, rule);
	ent_instant when;
	if (blocks(pass, rule, newest) || !ent_sla_applies(pass, rule) ||
	    ent_sla_is_done(pass, rule, ENT_INSTANT_NONE, &when)) {
		return false;
	}
	*start = start_of(pass, rule, newest);
	return !ent_instant_is_none(*start);
}

/* ---- how ---- */

static void append(struct ent_sla_run *run, struct ent_milestone *m)
{
	struct ent_milestone **all = ENT_NEW(run->arena, struct ent_milestone *, run->count + 1);
	bool *touched = ENT_NEW(run->arena, bool, run->count + 1);
	for (size_t i = 0; i < run->count; i++) {
		all[i] = run->milestones[i];
		touched[i] = run->touched != NULL && run->touched[i];
	}
	all[run->count++] = m;
	run->milestones = all;
	run->touched = touched;
}

static struct ent_milestone *make(struct ent_sla_pass *pass, const struct ent_milestone_rule *rule,
                                  ent_instant start)
{
	struct ent_sla_run *run = pass->run;
	struct ent_milestone *m = ENT_NEW(run->arena, struct ent_milestone, 1);
	ent_type_clear(&ent_milestone_type, m);
	m->id = run->make_id(run->id_arg);
	m->account_id = pass->c->account_id;
	m->case_id = pass->c->id;
	m->name = rule->name;
	m->kind = rule->kind;
	m->stage = ENT_MILESTONE_OPEN;
	m->occurrence = occurrences(run, rule->name) + 1;
	m->sla_policy_version_id = run->version->id;
	m->started_at = pass->now;
	m->allowed = ent_sla_allowed(pass, rule);
	m->unit = rule->unit;
	m->calendar_id = ent_sla_calendar_id(run, rule);
	if (start.us > pass->now.us) {
		m->started_at = start;
	}
	append(run, m);
	return m;
}

static size_t count_open(const struct ent_sla_run *run)
{
	size_t open = 0;
	for (size_t i = 0; i < run->count; i++) {
		open += ent_milestone_is_open(run->milestones[i]);
	}
	return open;
}

/* Paused from the outset: since when the case has been, or as of now. */
static void begin_paused(struct ent_sla_pass *pass, struct ent_sla_count *count)
{
	struct ent_milestone *m = count->m;
	ent_sla_spans_open(&count->spans, pass->now);
	m->stage = ENT_MILESTONE_PAUSED;
	m->paused_at.us = count->spans.items[count->spans.count - 1].from;
}

enum ent_code ent_sla_start(struct ent_sla_pass *pass, const struct ent_milestone_rule *rule,
                            ent_instant start, bool by_hand)
{
	struct ent_sla_count count;
	if (count_open(pass->run) >= ENT_SLA_OPEN_MAX) {
		return ent_fail(pass->error, ENT_E_TOO_LARGE,
		                "a case has at most %d open milestones", ENT_SLA_OPEN_MAX);
	}
	struct ent_milestone *m = make(pass, rule, start);
	m->fired = by_hand ? ENT_FIRED_STARTED : 0;
	enum ent_code code = ent_sla_load(pass, pass->run->count - 1, &count);
	if (code != ENT_OK) {
		return code;
	}
	m->calendar_revision = count.clock.revision;
	ent_sla_set_start(pass, &count, start);
	ent_sla_spans_close(&count.spans, pass->now);
	bool paused = ent_sla_wants_pause(pass, rule, false);
	ent_sla_settle(pass, &count);
	ent_sla_skip(pass, &count, pass->is_quiet);
	ent_sla_step_add(pass, &count, ENT_STEP_STARTED, NULL);
	if (paused) {
		begin_paused(pass, &count);
		ent_sla_settle(pass, &count);
		ent_sla_step_add(pass, &count, ENT_STEP_PAUSED, NULL);
	}
	return ENT_OK;
}
