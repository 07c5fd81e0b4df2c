/* What the rules say of a case as it is. Nothing here changes anything. */
#include "core/sla_inner.h"

static bool holds(const struct ent_sla_pass *pass, const struct ent_expression *e)
{
	return e != NULL && ent_expression_eval(e, pass->run->objects);
}

/* Why milestones are not open any more; NULL: they may be. */
static const char *exit_of(const struct ent_sla_pass *pass)
{
	const struct ent_sla_version *version = pass->run->version;
	if (pass->c->state == ENT_CASE_CANCELLED) {
		return ent_id_is_none(pass->c->merged_into_id) ? ENT_CAUSE_CANCELLED
		                                               : ENT_CAUSE_MERGED;
	}
	if (version == NULL || version->exit == NULL) {
		return pass->c->state == ENT_CASE_OPEN ? NULL : ENT_CAUSE_CLOSED;
	}
	return holds(pass, version->exit) ? ENT_CAUSE_EXIT : NULL;
}

/* The first list that says anything counts. */
static bool status_pauses(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule)
{
	const struct ent_sla_version *version = pass->run->version;
	struct ent_words words = pass->run->pause_statuses;
	if (version != NULL && version->pause_statuses.count > 0) {
		words = version->pause_statuses;
	}
	if (rule != NULL && rule->pause_statuses.count > 0) {
		words = rule->pause_statuses;
	}
	return pass->c->status.len > 0 && ent_words_has(words, pass->c->status);
}

static bool version_pauses(const struct ent_sla_pass *pass)
{
	return pass->run->version != NULL && holds(pass, pass->run->version->pause);
}

struct ent_sla_pass ent_sla_begin(struct ent_sla_run *run, ent_instant now, struct ent_error *error)
{
	struct ent_sla_pass pass = { .run = run, .now = now, .error = error };
	pass.c = run->objects[ENT_SLA_CASE];
	assert(pass.c != NULL);
	pass.exit = exit_of(&pass);
	pass.pauses = pass.exit != NULL || version_pauses(&pass) || status_pauses(&pass, NULL);
	return pass;
}

const struct ent_milestone_rule *ent_sla_rule_of(const struct ent_sla_version *version,
                                                 const struct ent_milestone *milestone)
{
	for (size_t i = 0; version != NULL && i < version->rule_count; i++) {
		if (ent_str_eq(version->rules[i].name, milestone->name)) {
			return &version->rules[i];
		}
	}
	return NULL;
}

/* ---- done ---- */

/* When the kind says that it was done; none: it was not, or not when anybody knows. */
static bool kind_done(const struct ent_case *c, enum ent_milestone_kind kind, ent_instant *when)
{
	bool resolved = c->state == ENT_CASE_RESOLVED;
	*when = ENT_INSTANT_NONE;
	switch (kind) {
	case ENT_MILESTONE_FIRST_RESPONSE:
		*when = c->first_responded_at;
		if (ent_instant_is_none(*when) && resolved) {
			*when = c->resolved_at;
		}
		return resolved || !ent_instant_is_none(*when);
	case ENT_MILESTONE_NEXT_RESPONSE:
		*when = c->last_response_at;
		return !c->awaiting_response;
	case ENT_MILESTONE_RESOLUTION:
		*when = c->resolved_at;
		return resolved;
	case ENT_MILESTONE_CUSTOM:
		break;
	}
	return false;
}

bool ent_sla_is_done(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule,
                     ent_instant started, ent_instant *when)
{
	ent_instant least = started.us < pass->now.us ? started : pass->now;
	bool done = kind_done(pass->c, rule->kind, when);
	if (!done && holds(pass, rule->completion)) {
		done = true;
		*when = pass->now;
	}
	if (done && ent_instant_is_none(*when)) {
		*when = pass->now;
	}
	if (done && !ent_instant_is_none(least) && when->us < least.us) {
		*when = least;
	}
	return done;
}

/* ---- applies ---- */

static bool has_first_response(const struct ent_sla_version *version)
{
	for (size_t i = 0; i < version->rule_count; i++) {
		if (version->rules[i].kind == ENT_MILESTONE_FIRST_RESPONSE) {
			return true;
		}
	}
	return false;
}

/* The first answer is the business of the rule for it, if there is one. */
static bool is_answered_first(const struct ent_sla_pass *pass,
                              const struct ent_milestone_rule *rule)
{
	return rule->kind != ENT_MILESTONE_NEXT_RESPONSE ||
	       !ent_instant_is_none(pass->c->first_responded_at) ||
	       !has_first_response(pass->run->version);
}

bool ent_sla_applies(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule)
{
	return (rule->criteria == NULL || holds(pass, rule->criteria)) &&
	       is_answered_first(pass, rule) && !ent_duration_is_none(ent_sla_allowed(pass, rule));
}

bool ent_sla_wants_pause(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule,
                         bool held)
{
	return rule->is_pausable && (held || holds(pass, rule->pause) || version_pauses(pass) ||
	                             status_pauses(pass, rule));
}

static bool fits(const struct ent_sla_pass *pass, const struct ent_sla_target *target)
{
	const struct ent_account *account = pass->run->objects[ENT_SLA_ACCOUNT];
	if (target->priorities != 0 && (target->priorities >> pass->c->priority & 1) == 0) {
		return false;
	}
	return target->tiers.count == 0 ||
	       (account != NULL && ent_words_has(target->tiers, account->tier));
}

ent_duration ent_sla_allowed(const struct ent_sla_pass *pass, const struct ent_milestone_rule *rule)
{
	for (size_t i = 0; i < rule->target_count; i++) {
		if (fits(pass, &rule->targets[i])) {
			return rule->targets[i].allowed;
		}
	}
	return rule->allowed;
}

ent_id ent_sla_calendar_id(const struct ent_sla_run *run, const struct ent_milestone_rule *rule)
{
	if (!ent_id_is_none(rule->calendar_id)) {
		return rule->calendar_id;
	}
	return ent_id_is_none(run->version->calendar_id) ? run->calendar_id
	                                                 : run->version->calendar_id;
}

ent_instant ent_sla_fixed_start(const struct ent_sla_pass *pass,
                                const struct ent_milestone_rule *rule)
{
	const struct ent_case *c = pass->c;
	switch (rule->start) {
	case ENT_START_CASE_OPENED:
		return ent_instant_is_none(c->sla_start_at) ? c->created_at : c->sla_start_at;
	case ENT_START_FIELD:
		return *(const ent_instant *)ent_field_at(rule->start_field, c);
	case ENT_START_CRITERIA:
		break;
	}
	return ENT_INSTANT_NONE;
}
