/* What happens to all milestones of a case at once: reopening, another version, another
 * calendar. */
#include "core/sla_inner.h"

/* ---- the case was opened again ---- */

static bool ended_with_case(const struct ent_milestone *m)
{
	return m->stage == ENT_MILESTONE_COMPLETED ||
	       (m->stage == ENT_MILESTONE_CANCELLED && (ent_str_is(m->cause, ENT_CAUSE_CLOSED) ||
	                                                ent_str_is(m->cause, ENT_CAUSE_CANCELLED) ||
	                                                ent_str_is(m->cause, ENT_CAUSE_EXIT)));
}

/* Begin anew in the same milestone. */
static enum ent_code restart(struct ent_sla_pass *pass, struct ent_sla_count *count)
{
	struct ent_milestone *m = count->m;
	enum ent_code code = ent_sla_renew_clock(pass, count);
	if (code != ENT_OK) {
		return code;
	}
	count->spans.count = 0;
	m->started_at = pass->now;
	m->moved_target_at = ENT_INSTANT_NONE;
	m->moved_at = ENT_INSTANT_NONE;
	m->fired = ENT_FIRED_STARTED;
	m->completed_at = pass->now; /* so that no time counts as paused */
	m->ended_at = pass->now;
	ent_sla_continue(pass, count);
	return ENT_OK;
}

static enum ent_code reopen_rule(struct ent_sla_pass *pass, const struct ent_milestone_rule *rule)
{
	struct ent_milestone *m = ent_sla_newest(pass->run, rule);
	struct ent_sla_count count;
	ent_instant when;
	if (m == NULL || !ended_with_case(m) || rule->reopen == ENT_REOPEN_KEEP ||
	    rule->recurrence != ENT_RECURRENCE_NONE || !ent_sla_applies(pass, rule) ||
	    ent_sla_is_done(pass, rule, m->started_at, &when)) {
		return ENT_OK;
	}
	if (rule->reopen == ENT_REOPEN_NEW) {
		return ent_sla_start(pass, rule, pass->now, true);
	}
	size_t at = 0;
	while (pass->run->milestones[at] != m) {
		at++;
	}
	enum ent_code code = ent_sla_load(pass, at, &count);
	if (code != ENT_OK) {
		return code;
	}
	if (rule->reopen == ENT_REOPEN_RESTART) {
		return restart(pass, &count);
	}
	ent_sla_continue(pass, &count);
	return ENT_OK;
}

enum ent_code ent_sla_case_reopened(struct ent_sla_run *run, ent_instant now,
                                    struct ent_error *error)
{
	struct ent_sla_pass pass = ent_sla_begin(run, now, error);
	size_t rules = run->version == NULL || pass.exit != NULL ? 0 : run->version->rule_count;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < rules && code == ENT_OK; i++) {
		code = reopen_rule(&pass, &run->version->rules[i]);
	}
	return code == ENT_OK ? ent_sla_follow(&pass) : code;
}

/* ---- another version ---- */

static bool is_same_policy(const struct ent_sla_version *a, const struct ent_sla_version *b)
{
	return a != NULL && b != NULL && ent_id_eq(a->sla_policy_id, b->sla_policy_id);
}

/* Under another policy what was done counts no more: its rules have the same names by chance. */
static enum ent_code leave_policy(struct ent_sla_pass *pass)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < pass->run->count && code == ENT_OK; i++) {
		struct ent_milestone *m = pass->run->milestones[i];
		if (ent_milestone_is_open(m)) {
			code = ent_sla_end_at(pass, i, ENT_MILESTONE_CANCELLED, pass->now,
			                      ENT_CAUSE_POLICY);
		} else {
			m->cause = ENT_STR(ENT_CAUSE_POLICY);
			ent_sla_touch(pass->run, i);
		}
	}
	return code;
}

/* What has run stays so for the actions of the same name. */
static int64_t carry_fired(int64_t fired, const struct ent_milestone_rule *from,
                           const struct ent_milestone_rule *to)
{
	int64_t kept = fired & (ENT_FIRED_WARNED | ENT_FIRED_VIOLATED | ENT_FIRED_STARTED);
	for (size_t i = 0; from != NULL && i < from->action_count; i++) {
		for (size_t k = 0; k < to->action_count; k++) {
			if ((fired >> i & 1) != 0 &&
			    ent_str_eq(from->actions[i].name, to->actions[k].name)) {
				kept |= INT64_C(1) << k;
			}
		}
	}
	return kept;
}

/* One open milestone, to the rule of its name in the version that holds now. */
static enum ent_code switch_one(struct ent_sla_pass *pass, size_t at,
                                const struct ent_milestone_rule *from)
{
	struct ent_sla_count count;
	enum ent_code code = ent_sla_load(pass, at, &count);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_milestone *m = count.m;
	const struct ent_milestone_rule *rule = count.rule;
	ent_duration allowed = ent_sla_allowed(pass, rule);
	m->sla_policy_version_id = pass->run->version->id;
	m->kind = rule->kind;
	m->unit = rule->unit;
	m->fired = carry_fired(m->fired, from, rule);
	m->allowed = ent_duration_is_none(allowed) ? m->allowed : allowed;
	m->calendar_id = ent_sla_calendar_id(pass->run, rule);
	code = ent_sla_renew_clock(pass, &count);
	if (code == ENT_OK) {
		ent_sla_settle(pass, &count);
		if (pass->is_quiet || m->target_at.us < pass->now.us) {
			ent_sla_skip(pass, &count, pass->is_quiet);
		}
		ent_sla_step_add(pass, &count, ENT_STEP_SWITCHED, NULL);
	}
	return code;
}

static enum ent_code switch_open(struct ent_sla_pass *pass, const struct ent_sla_version *from)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < pass->run->count && code == ENT_OK; i++) {
		struct ent_milestone *m = pass->run->milestones[i];
		if (!ent_milestone_is_open(m)) {
			continue;
		}
		code = ent_sla_rule_of(pass->run->version, m) == NULL
		               ? ent_sla_end_at(pass, i, ENT_MILESTONE_CANCELLED, pass->now,
		                                ENT_CAUSE_RULE)
		               : switch_one(pass, i, ent_sla_rule_of(from, m));
	}
	return code;
}

enum ent_code ent_sla_switch(struct ent_sla_run *run, const struct ent_sla_version *version,
                             bool fire, ent_instant now, struct ent_error *error)
{
	const struct ent_sla_version *from = run->version;
	struct ent_sla_pass leaving = ent_sla_begin(run, now, error);
	bool same = is_same_policy(from, version);
	enum ent_code code = same ? ENT_OK : leave_policy(&leaving);
	run->version = version;
	struct ent_sla_pass pass = ent_sla_begin(run, now, error);
	pass.is_quiet = !fire;
	if (code == ENT_OK && same) {
		code = switch_open(&pass, from);
	}
	return code == ENT_OK ? ent_sla_follow(&pass) : code;
}

/* ---- another state of the calendar ---- */

static enum ent_code recalculate_one(struct ent_sla_pass *pass, size_t at)
{
	struct ent_sla_count count;
	enum ent_code code = ent_sla_load(pass, at, &count);
	if (code == ENT_OK) {
		code = ent_sla_renew_clock(pass, &count);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_milestone *m = count.m;
	ent_instant held = m->held_target_at;
	ent_sla_settle(pass, &count);
	if (m->target_at.us != count.target_before.us || m->held_target_at.us != held.us) {
		if (m->stage == ENT_MILESTONE_OPEN && m->target_at.us < pass->now.us) {
			ent_sla_skip(pass, &count, false);
		}
		ent_sla_step_add(pass, &count, ENT_STEP_RECALCULATED, NULL);
	}
	return ENT_OK;
}

enum ent_code ent_sla_recalculate(struct ent_sla_run *run, ent_instant now, struct ent_error *error)
{
	struct ent_sla_pass pass = ent_sla_begin(run, now, error);
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < run->count && code == ENT_OK; i++) {
		if (ent_milestone_is_open(run->milestones[i])) {
			code = recalculate_one(&pass, i);
		}
	}
	return code == ENT_OK ? ent_sla_follow(&pass) : code;
}
