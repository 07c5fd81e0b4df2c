#include "app/action.h"
#include "app/due.h"
#include "app/entitlement.h"
#include "app/renewal.h"
#include "core/life.h"

#include "app/entitlement_act.h"

#include <string.h>

/* ---- the frame of every action ------------------------------------------------------------- */

/* servicenow 2.3: what is under a line is suspended, cancelled, changed and renewed with it. An
 * import tells what has happened, so the system may. */
static enum ent_code check_own(const struct ent_call *call, const struct ent_entitlement *e,
                               const char *permission, struct ent_error *error)
{
	static const char *const acts[] = { "entitlement.suspend", "entitlement.resume",
		                            "entitlement.cancel", "entitlement.amend",
		                            "entitlement.renew" };
	bool follows = !ent_id_is_none(e->contract_line_id) && call->who->who != ENT_WHO_SYSTEM;
	for (size_t i = 0; follows && i < ENT_COUNT(acts); i++) {
		if (strcmp(permission, acts[i]) == 0) {
			return ent_fail(error, ENT_E_ENTITLEMENT_UNDER_LINE,
			                "it follows its contract line: do it to that");
		}
	}
	return ENT_OK;
}

enum ent_code ent_act_enter(struct ent_call *call, const char *permission, ent_id id,
                            int64_t version, ent_str reason, struct ent_held *out,
                            struct ent_error *error)
{
	struct ent_entitlement *e = ENT_NEW(call->arena, struct ent_entitlement, 1);
	struct ent_list revisions = { NULL, 0 };
	struct ent_list one = { e, 1 };
	enum ent_code code = ent_call_may(call, permission, error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, &ent_entitlement_type, id, version, e, error);
	}
	if (code == ENT_OK) {
		code = check_own(call, e, permission, error);
	}
	if (code == ENT_OK) {
		code = ent_ledger_revisions(call, &one, &revisions, error);
	}
	if (code == ENT_OK) {
		code = ent_ledger_begin(call, e, &revisions, out, error);
	}
	if (code == ENT_OK && reason.len > 0) {
		call->reason = reason;
	}
	return code;
}

enum ent_code ent_act_leave(struct ent_call *call, struct ent_held *held, const char *verb,
                            void *out, struct ent_error *error)
{
	struct ent_entitlement *shown = out;
	enum ent_code code = ent_ledger_save(call, held, verb, error);
	if (code == ENT_OK && verb != NULL && verb[0] != '\0') { /* else only its balance changed */
		code = ent_renewal_expect_of(call, held->now->contract_id, error);
	}
	if (code == ENT_OK) {
		*shown = *held->now;
		code = ent_record_decorate(call, &ent_entitlement_type, shown, error);
	}
	return code;
}

#define ACT(name)                                                                            \
	enum ent_code ent_entitlement_##name(struct ent_call *call, ent_id id, int64_t version, \
	                                     const void *input, void *out,                   \
	                                     struct ent_error *error)

/* ---- life ------------------------------------------------------------------------------------ */

enum ent_code ent_act_activate(struct ent_call *call, struct ent_held *held,
                               struct ent_error *error)
{
	enum ent_code code = ent_life_activate(held->now, call->now, error);
	if (code == ENT_OK) {
		code = ent_terms_open(&held->terms, ENT_COUNT_NONE, error);
	}
	return code;
}

/* The word for the state that activation led to. */
const char *ent_act_activated(const struct ent_call *call, const struct ent_held *held)
{
	return ent_due_verb(ENT_ENTITLEMENT_DRAFT, ent_life_state(held->now, call->now));
}

ACT(activate)
{
	const struct ent_input_reason *given = input;
	struct ent_held held;
	enum ent_code code = ent_act_enter(call, "entitlement.activate", id, version,
	                                   given->reason, &held, error);
	if (code == ENT_OK) {
		code = ent_act_activate(call, &held, error);
	}
	if (code == ENT_OK) {
		code = ent_act_leave(call, &held, ent_act_activated(call, &held), out, error);
	}
	return code;
}

ACT(deactivate)
{
	const struct ent_input_reason *given = input;
	struct ent_held held;
	enum ent_code code = ent_act_enter(call, "entitlement.deactivate", id, version,
	                                   given->reason, &held, error);
	if (code == ENT_OK) {
		code = ent_life_deactivate(held.now, call->now, error);
	}
	if (code == ENT_OK) {
		code = ent_act_leave(call, &held, "deactivated", out, error);
	}
	return code;
}

static const char *suspended_verb(const struct ent_call *call, const struct ent_held *held)
{
	const struct ent_entitlement_suspension *rows = held->now->suspensions.items;
	const struct ent_entitlement_suspension *row = &rows[held->now->suspensions.count - 1];
	if (row->starts_at.us > call->now.us) {
		return "suspension_scheduled";
	}
	bool over = !ent_instant_is_none(row->ends_at) && row->ends_at.us <= call->now.us;
	return over ? "suspension_recorded" : "suspended";
}

ACT(suspend)
{
	const struct ent_input_suspend *given = input;
	struct ent_held held;
	enum ent_code code = ent_act_enter(call, "entitlement.suspend", id, version,
	                                   given->reason, &held, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_suspend suspend = {
		.id = ent_app_id(call->app), .from = given->starts_at, .until = given->ends_at,
		.reason = given->reason, .extend_term = given->extend_term,
	};
	code = ent_life_suspend(held.now, held.zone, call->now, &suspend, call->arena, error);
	if (code == ENT_OK) {
		struct ent_entitlement_suspension *rows = held.now->suspensions.items;
		rows[held.now->suspensions.count - 1].extend_term = given->extend_term;
		code = ent_act_leave(call, &held, suspended_verb(call, &held), out, error);
	}
	return code;
}

/* Was the suspension of now to extend the term? */
static bool extends_term(const struct ent_entitlement *e, ent_instant now)
{
	const struct ent_entitlement_suspension *rows = e->suspensions.items;
	for (size_t i = 0; i < e->suspensions.count; i++) {
		bool over = !ent_instant_is_none(rows[i].ends_at) && rows[i].ends_at.us <= now.us;
		if (rows[i].starts_at.us <= now.us && !over) {
			return rows[i].extend_term;
		}
	}
	return false;
}

ACT(resume)
{
	const struct ent_input_resume *given = input;
	struct ent_held held;
	enum ent_code code = ent_act_enter(call, "entitlement.resume", id, version,
	                                   given->reason, &held, error);
	if (code == ENT_OK) {
		code = ent_life_resume(held.now, held.zone, call->now, given->at,
		                       extends_term(held.now, call->now), error);
	}
	if (code == ENT_OK) {
		bool later = ent_life_state(held.now, call->now) == ENT_ENTITLEMENT_SUSPENDED;
		code = ent_act_leave(call, &held, later ? "resumption_scheduled" : "resumed", out,
		                     error);
	}
	return code;
}

ACT(cancel)
{
	const struct ent_input_cancel *given = input;
	struct ent_held held;
	enum ent_code code = ent_act_enter(call, "entitlement.cancel", id, version,
	                                   given->reason, &held, error);
	if (code == ENT_OK) {
		code = ent_life_cancel(held.now, call->now, given->at, error);
	}
	if (code == ENT_OK) {
		bool now = held.now->stage == ENT_STAGE_CANCELLED;
		code = ent_act_leave(call, &held, now ? "cancelled" : "cancellation_scheduled", out,
		                     error);
	}
	return code;
}

/* ---- the account's default ------------------------------------------------------------------- */

ACT(set_default)
{
	const struct ent_input_reason *given = input;
	struct ent_held held;
	enum ent_code code = ent_act_enter(call, "entitlement.set_default", id, version,
	                                   given->reason, &held, error);
	if (code == ENT_OK) {
		code = ent_life_check(held.now, ENT_ACTION_SET_DEFAULT, call->now, error);
	}
	if (code == ENT_OK) {
		code = ent_default_set(call, held.now, error);
	}
	if (code == ENT_OK) {
		ent_record_touch(call, &ent_entitlement_type, held.now);
		code = ent_act_leave(call, &held, NULL, out, error);
	}
	return code;
}

ACT(clear_default)
{
	const struct ent_input_reason *given = input;
	struct ent_held held;
	enum ent_code code = ent_act_enter(call, "entitlement.set_default", id, version,
	                                   given->reason, &held, error);
	if (code == ENT_OK) {
		code = ent_default_drop(call, held.now, error);
	}
	if (code == ENT_OK) {
		ent_record_touch(call, &ent_entitlement_type, held.now);
		code = ent_act_leave(call, &held, NULL, out, error);
	}
	return code;
}
