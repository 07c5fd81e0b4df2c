/* Let the engine judge the clocks of a case. */
#include "app/sla.h"

#include "app/sla_version.h"

/* ---- which service level ---- */

/* Was it said by hand, now or before? */
static bool is_manual(const struct ent_sla_work *work, const struct ent_settings *settings)
{
	const struct ent_case *before = work->before;
	const struct ent_case *c = work->c;
	if (ent_id_is_none(c->sla_policy_id)) {
		return false;
	}
	if (before == NULL || !ent_id_eq(before->sla_policy_id, c->sla_policy_id)) {
		return true;
	}
	bool moved = !ent_id_eq(before->entitlement_id, c->entitlement_id);
	return before->sla_source == ENT_SLA_FROM_MANUAL && !(moved && settings->sla_after_manual);
}

/* A version that is given to no more cases stays with those that have it. */
static void keep_version(const struct ent_sla_work *work, struct ent_sla_candidate *candidate)
{
	const struct ent_sla_version *version = work->run.version;
	if (version != NULL && ent_id_is_none(candidate->version_id) &&
	    ent_id_eq(version->sla_policy_id, candidate->policy_id)) {
		candidate->version_id = version->id;
	}
}

static enum ent_code choose(struct ent_sla_work *work, const struct ent_settings *settings,
                            struct ent_sla_choice *out, struct ent_error *error)
{
	struct ent_call *call = work->call;
	struct ent_sla_candidate none = { ENT_ID_NONE, ENT_ID_NONE };
	struct ent_sla_candidate manual = none;
	struct ent_sla_candidate entitlement = none;
	struct ent_sla_candidate account = none;
	struct ent_sla_candidate organisation = none;
	enum ent_code code = ENT_OK;
	if (is_manual(work, settings)) {
		code = ent_call_sla_policy(call, work->c->sla_policy_id, &manual, error);
	}
	if (code == ENT_OK) {
		code = ent_call_sla_policy(call, work->links.entitlement_policy, &entitlement,
		                           error);
	}
	if (code == ENT_OK) {
		code = ent_call_sla_policy(call, work->links.account_policy, &account, error);
	}
	if (code == ENT_OK) {
		code = ent_call_sla_default(call, &organisation, error);
	}
	keep_version(work, &manual);
	keep_version(work, &entitlement);
	keep_version(work, &account);
	keep_version(work, &organisation);
	*out = ent_sla_choose(settings->sla_enabled, manual, entitlement, account, organisation);
	return code;
}

/* A policy that the case follows already keeps its version, whichever is the default by now. */
static enum ent_code follow(struct ent_sla_work *work, const struct ent_sla_choice *choice,
                            ent_instant at, struct ent_error *error)
{
	struct ent_case *c = work->c;
	const struct ent_sla_version *version = NULL;
	bool same = work->run.version != NULL &&
	            ent_id_eq(work->run.version->sla_policy_id, choice->policy_id);
	enum ent_code code = ENT_OK;
	c->sla_source = choice->source;
	c->sla_policy_id = choice->policy_id;
	if (same) {
		return ENT_OK;
	}
	if (!ent_id_is_none(choice->version_id)) {
		code = ent_sla_version_use(work->call, choice->version_id, error);
	}
	if (code == ENT_OK && !ent_id_is_none(choice->version_id)) {
		code = ent_call_sla_version(work->call, choice->version_id, &version, error);
	}
	if (code == ENT_OK) {
		code = ent_sla_work_load_for(work, version, error);
	}
	if (code == ENT_OK && (version != NULL || work->run.version != NULL)) {
		code = ent_sla_switch(&work->run, version, true, at, error);
	}
	c->sla_policy_version_id = choice->version_id;
	return code;
}

static enum ent_code choose_again(struct ent_sla_work *work, ent_instant at,
                                  struct ent_error *error)
{
	const struct ent_settings *settings;
	struct ent_sla_choice choice;
	enum ent_code code = ent_call_settings(work->call, &settings, error);
	if (code != ENT_OK || !settings->sla_enabled || work->c->state != ENT_CASE_OPEN) {
		return code;
	}
	code = choose(work, settings, &choice, error);
	return code == ENT_OK ? follow(work, &choice, at, error) : code;
}

/* ---- judging ---- */

/* An action may have set what the rules look at, or which rules there are. */
static enum ent_code adapt(struct ent_sla_work *work, ent_instant at, struct ent_error *error)
{
	const struct ent_case *c = work->c;
	const struct ent_sla_version *version = work->run.version;
	ent_id policy = version == NULL ? ENT_ID_NONE : version->sla_policy_id;
	enum ent_code code = ENT_OK;
	if (!ent_id_eq(c->product_id, work->product) ||
	    !ent_id_eq(c->calendar_id, work->calendar)) {
		code = ent_sla_work_look_around(work, error);
	}
	if (code == ENT_OK && !ent_id_eq(c->sla_policy_id, policy)) {
		code = choose_again(work, at, error);
	}
	return code;
}

/* Actions that change the case, among the steps nobody has looked at. */
static enum ent_code change(struct ent_sla_work *work, bool *changed, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	while (*work->unseen != NULL && code == ENT_OK) {
		const struct ent_sla_step *step = *work->unseen;
		bool did = false;
		work->unseen = &(*work->unseen)->next;
		if (step->kind == ENT_STEP_ACTION) {
			code = ent_sla_change(work, step, &did, error);
		}
		*changed = *changed || did;
	}
	return code;
}

/* Rounds of actions and rules, as of `at`, until neither changes anything. Where actions chase
 * each other, what they did by then stays. */
static enum ent_code react(struct ent_sla_work *work, ent_instant at, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	bool changed = true;
	for (unsigned round = 0; changed && code == ENT_OK; round++) {
		changed = false;
		code = change(work, &changed, error);
		if (round == ENT_SLA_ROUNDS_MAX || work->rounds == ENT_SLA_CHANGES_MAX) {
			break;
		}
		work->rounds += changed;
		if (code == ENT_OK && changed) {
			code = adapt(work, at, error);
		}
		if (code == ENT_OK && changed) {
			code = ent_sla_evaluate(&work->run, at, error);
		}
	}
	return code;
}

enum ent_code ent_sla_work_judge(struct ent_sla_work *work, struct ent_error *error)
{
	ent_instant now = work->call->now;
	enum ent_code code = ent_sla_evaluate(&work->run, now, error);
	work->judged_at = now;
	return code == ENT_OK ? react(work, now, error) : code;
}

enum ent_code ent_sla_work_pass(struct ent_sla_work *work, struct ent_error *error)
{
	const struct ent_sla_step *step = NULL;
	enum ent_code code = ENT_OK;
	do {
		code = ent_sla_next(&work->run, work->call->now, &step, error);
		if (code == ENT_OK && step != NULL) {
			if (step->at.us > work->judged_at.us) {
				work->judged_at = step->at;
			}
			code = react(work, work->judged_at, error);
		}
	} while (code == ENT_OK && step != NULL);
	return code;
}

/* ---- a change of the case ---- */

/* What actions did to the case before it was changed, unless the change says otherwise. */
static enum ent_code take_over(const struct ent_sla_work *work, const struct ent_case *past,
                               struct ent_case *wanted, struct ent_error *error)
{
	const struct ent_type *type = &ent_case_type;
	struct ent_arena *arena = work->call->arena;
	struct ent_set done = ent_row_diff(type, work->before, past, *arena);
	struct ent_set asked = ent_row_diff(type, work->before, wanted, *arena);
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < type->count && code == ENT_OK; i++) {
		if (ent_set_has(&done, i) && !ent_set_has(&asked, i)) {
			const struct ent_field *field = &type->fields[i];
			struct ent_value value = ent_field_to_column(field, past, arena);
			code = ent_field_from_column(field, wanted, value, arena, error);
		}
	}
	return code;
}

/* What fell due before the change happens to the case as it was then. */
static enum ent_code catch_up(struct ent_sla_work *work, struct ent_error *error)
{
	struct ent_case *wanted = work->c;
	ent_instant due = ent_sla_due(&work->run);
	if (work->before == NULL || ent_instant_is_none(due) || due.us > work->call->now.us) {
		return ENT_OK;
	}
	struct ent_case *past = ENT_NEW(work->call->arena, struct ent_case, 1);
	*past = *work->before;
	work->c = past;
	enum ent_code code = ent_sla_work_look_around(work, error);
	if (code == ENT_OK) {
		code = ent_sla_work_pass(work, error);
	}
	if (code == ENT_OK) {
		code = take_over(work, past, wanted, error);
	}
	work->c = wanted;
	return code == ENT_OK ? ent_sla_work_look_around(work, error) : code;
}

static bool was_reopened(const struct ent_sla_work *work)
{
	return work->before != NULL && work->before->state != ENT_CASE_OPEN &&
	       work->c->state == ENT_CASE_OPEN;
}

static enum ent_code judge_change(struct ent_sla_work *work, struct ent_error *error)
{
	ent_instant now = work->call->now;
	enum ent_code code = catch_up(work, error);
	if (code == ENT_OK) {
		code = choose_again(work, now, error);
	}
	if (code == ENT_OK && was_reopened(work) && work->run.version != NULL) {
		code = ent_sla_case_reopened(&work->run, now, error);
	}
	if (code == ENT_OK && work->run.version != NULL) {
		code = ent_sla_work_judge(work, error);
	}
	return code;
}

enum ent_code ent_sla_work_begin(struct ent_sla_work *work, struct ent_error *error)
{
	const struct ent_settings *settings;
	bool in_use = false;
	bool is_clocked = !ent_id_is_none(work->c->sla_policy_version_id);
	enum ent_code code = ent_call_settings(work->call, &settings, error);
	if (code == ENT_OK && !settings->sla_enabled) {
		work->is_idle = true;
		if (work->before == NULL) {
			work->c->sla_source = ENT_SLA_FROM_DISABLED;
		}
		return ENT_OK;
	}
	if (code == ENT_OK && !is_clocked) {
		code = ent_call_sla_in_use(work->call, &in_use, error);
		work->is_idle = !in_use;
	}
	if (code != ENT_OK || work->is_idle) {
		return code;
	}
	code = ent_sla_work_load(work, error);
	if (code == ENT_OK) {
		code = judge_change(work, error);
	}
	if (code == ENT_OK) {
		ent_sla_summarise(&work->run, work->c);
	}
	return code;
}
