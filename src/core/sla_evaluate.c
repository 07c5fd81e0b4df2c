#include "core/sla_inner.h"

enum { ROUNDS_MAX = 8 }; /* what one starts another may end; two are enough, see below */

/* ---- keep what is open right ---- */

static enum ent_code set_paused(struct ent_sla_pass *pass, size_t at, bool paused)
{
	struct ent_sla_count count;
	enum ent_code code = ent_sla_load(pass, at, &count);
	if (code != ENT_OK) {
		return code;
	}
	if (paused) {
		ent_sla_spans_open(&count.spans, pass->now);
		count.m->stage = ENT_MILESTONE_PAUSED;
		count.m->paused_at = pass->now;
	} else {
		ent_sla_spans_close(&count.spans, pass->now);
		count.m->stage = ENT_MILESTONE_OPEN;
		count.m->paused_at = ENT_INSTANT_NONE;
	}
	ent_sla_settle(pass, &count);
	ent_sla_step_add(pass, &count, paused ? ENT_STEP_PAUSED : ENT_STEP_RESUMED, NULL);
	return ENT_OK;
}

static bool same_duration(ent_duration a, ent_duration b)
{
	return a.months == b.months && a.days == b.days && a.seconds == b.seconds;
}

/* What is stored of it beside what the rule says now; NULL: the same. */
static const char *differs(const struct ent_sla_pass *pass, const struct ent_milestone *m,
                           const struct ent_milestone_rule *rule, ent_instant start)
{
	if (!same_duration(m->allowed, ent_sla_allowed(pass, rule)) || m->unit != rule->unit) {
		return "target";
	}
	if (!ent_id_eq(m->calendar_id, ent_sla_calendar_id(pass->run, rule))) {
		return "calendar";
	}
	bool moves = !ent_instant_is_none(start) && (m->fired & ENT_FIRED_STARTED) == 0;
	return moves && start.us != m->started_at.us ? "start" : NULL;
}

static enum ent_code retarget(struct ent_sla_pass *pass, size_t at, ent_instant start,
                              const char *cause)
{
	struct ent_sla_count count;
	enum ent_code code = ent_sla_load(pass, at, &count);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_milestone *m = count.m;
	ent_id calendar = ent_sla_calendar_id(pass->run, count.rule);
	m->allowed = ent_sla_allowed(pass, count.rule);
	m->unit = count.rule->unit;
	if (!ent_id_eq(m->calendar_id, calendar)) {
		m->calendar_id = calendar;
		code = ent_sla_renew_clock(pass, &count);
		if (code != ENT_OK) {
			return code;
		}
	}
	if (!ent_instant_is_none(start) && (m->fired & ENT_FIRED_STARTED) == 0) {
		ent_sla_set_start(pass, &count, start);
	}
	ent_sla_settle(pass, &count);
	if (m->stage == ENT_MILESTONE_OPEN && m->target_at.us < pass->now.us) {
		ent_sla_skip(pass, &count, false); /* late already: no use in warning */
	}
	ent_sla_step_add(pass, &count, ENT_STEP_RETARGETED, cause);
	return ENT_OK;
}

/* Why it ends, if it does. */
static const char *end_cause(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule,
                             ent_instant start, enum ent_milestone_stage *stage)
{
	*stage = ENT_MILESTONE_CANCELLED;
	if (pass->exit != NULL) {
		return pass->exit;
	}
	*stage = ENT_MILESTONE_WITHDRAWN;
	if (!ent_sla_applies(pass, rule)) {
		return ENT_CAUSE_CRITERIA;
	}
	bool no_start = rule->start != ENT_START_CRITERIA && ent_instant_is_none(start);
	return no_start ? ENT_CAUSE_START : NULL;
}

static enum ent_code keep(struct ent_sla_pass *pass, size_t at)
{
	struct ent_milestone *m = pass->run->milestones[at];
	const struct ent_milestone_rule *rule = ent_sla_rule_of(pass->run->version, m);
	enum ent_milestone_stage stage;
	ent_instant when;
	if (rule == NULL) {
		return ent_sla_end_at(pass, at, ENT_MILESTONE_CANCELLED, pass->now,
		                      pass->run->version == NULL ? ENT_CAUSE_POLICY
		                                                 : ENT_CAUSE_RULE);
	}
	if (ent_sla_is_done(pass, rule, m->started_at, &when)) {
		return ent_sla_end_at(pass, at, ENT_MILESTONE_COMPLETED, when, NULL);
	}
	ent_instant start = ent_sla_fixed_start(pass, rule);
	const char *cause = end_cause(pass, rule, start, &stage);
	if (cause != NULL) {
		return ent_sla_end_at(pass, at, stage, pass->now, cause);
	}
	enum ent_code code = ENT_OK;
	cause = differs(pass, m, rule, start);
	if (cause != NULL) {
		code = retarget(pass, at, start, cause);
	}
	bool paused = ent_sla_wants_pause(pass, rule, m->held);
	if (code == ENT_OK && paused != (m->stage == ENT_MILESTONE_PAUSED)) {
		code = set_paused(pass, at, paused);
	}
	return code;
}

/* ---- the case as a whole ---- */

static void keep_case_pauses(struct ent_sla_pass *pass)
{
	struct ent_sla_run *run = pass->run;
	struct ent_sla_spans spans = ent_sla_spans_read(run->pauses, run->arena);
	bool paused = spans.count > 0 && spans.items[spans.count - 1].to == INT64_MAX;
	if (paused == pass->pauses) {
		return;
	}
	if (pass->pauses) {
		ent_sla_spans_open(&spans, pass->now);
	} else {
		ent_sla_spans_close(&spans, pass->now);
	}
	run->pauses = ent_sla_spans_print(&spans, run->arena);
	run->pauses_changed = true;
}

/* ---- until nothing changes ---- */

static enum ent_code start_rules(struct ent_sla_pass *pass)
{
	const struct ent_sla_version *version = pass->run->version;
	enum ent_code code = ENT_OK;
	if (version == NULL || pass->exit != NULL) {
		return ENT_OK;
	}
	for (size_t i = 0; i < version->rule_count && code == ENT_OK; i++) {
		ent_instant start;
		if (ent_sla_wants_start(pass, &version->rules[i], &start)) {
			code = ent_sla_start(pass, &version->rules[i], start, false);
		}
	}
	return code;
}

/* Nothing in a pass changes what expressions read, so a second round finds nothing to do; the
 * guard is for rules that contradict each other in a way nobody thought of. */
enum ent_code ent_sla_follow(struct ent_sla_pass *pass)
{
	enum ent_code code = ENT_OK;
	keep_case_pauses(pass);
	pass->changed = true;
	for (int round = 0; round < ROUNDS_MAX && pass->changed && code == ENT_OK; round++) {
		pass->changed = false;
		for (size_t i = 0; i < pass->run->count && code == ENT_OK; i++) {
			if (ent_milestone_is_open(pass->run->milestones[i])) {
				code = keep(pass, i);
			}
		}
		if (code == ENT_OK) {
			code = start_rules(pass);
		}
	}
	return code;
}

enum ent_code ent_sla_evaluate(struct ent_sla_run *run, ent_instant now, struct ent_error *error)
{
	struct ent_sla_pass pass = ent_sla_begin(run, now, error);
	return ent_sla_follow(&pass);
}
