/* contract_act.c - approval of contracts, activation, lines added to what is there. */
#include "app/action.h"
#include "app/contract.h"
#include "app/contract_nest.h"
#include "base/text.h"

#define ACT(name)                                                                            \
	enum ent_code ent_contract_##name(struct ent_call *call, ent_id id, int64_t version, \
	                                  const void *input, void *out, struct ent_error *error)

struct acting {
	struct ent_contract *now, *before;
	enum ent_contract_state state;
};

/* Permission, lock, state, reason. */
static enum ent_code enter(struct ent_call *call, enum ent_contract_action action,
                           const char *permission, ent_id id, int64_t version, ent_str reason,
                           struct acting *out, struct ent_error *error)
{
	struct ent_contract *contract = ENT_NEW(call->arena, struct ent_contract, 1);
	enum ent_code code = ent_call_may(call, permission, error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, &ent_contract_type, id, version, contract, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	out->now = contract;
	out->before = ent_record_copy(call->arena, &ent_contract_type, contract);
	out->state = ent_contract_own_state(call, contract);
	if (reason.len > 0) {
		call->reason = reason;
	}
	return ent_contract_allow(out->state, action, error);
}

static enum ent_code leave(struct ent_call *call, const struct acting *acting, const char *verb,
                           void *out, struct ent_error *error)
{
	struct ent_contract *shown = out;
	enum ent_code code =
		ent_record_save(call, &ent_contract_type, acting->before, acting->now, verb, error);
	*shown = *acting->now;
	return code == ENT_OK ? ent_record_decorate(call, &ent_contract_type, shown, error) : code;
}

/* ---- approval --------------------------------------------------------------------------- */

/* From these states of approval only. */
static enum ent_code require(const struct acting *acting, unsigned states, const char *verb,
                             struct ent_error *error)
{
	enum ent_approval_state approval = acting->now->approval;
	if (acting->now->stage == ENT_STAGE_DRAFT && (states >> approval & 1) != 0) {
		return ENT_OK;
	}
	return ent_fail(error, ENT_E_STATE, "cannot %s: its approval is %s", verb,
	                ent_approval_state_names.text[approval]);
}

#define IN(state) (1U << ENT_APPROVAL_##state)

ACT(submit)
{
	const struct ent_input_reason *given = input;
	struct acting acting;
	enum ent_code code = enter(call, ENT_CONTRACT_DO_SUBMIT, "contract.submit", id, version,
	                           given->reason, &acting, error);
	if (code == ENT_OK) {
		code = require(&acting, IN(NOT_REQUIRED) | IN(DRAFT) | IN(REJECTED), "submit",
		               error);
	}
	if (code != ENT_OK) {
		return code;
	}
	acting.now->approval = ENT_APPROVAL_IN_REVIEW;
	acting.now->approval_required = true;
	return leave(call, &acting, "submitted", out, error);
}

ACT(recall)
{
	const struct ent_input_reason *given = input;
	struct acting acting;
	enum ent_code code = enter(call, ENT_CONTRACT_DO_RECALL, "contract.submit", id, version,
	                           given->reason, &acting, error);
	if (code == ENT_OK) {
		code = require(&acting, IN(IN_REVIEW), "recall", error);
	}
	if (code != ENT_OK) {
		return code;
	}
	acting.now->approval = ENT_APPROVAL_DRAFT;
	return leave(call, &acting, "recalled", out, error);
}

/* Where somebody is named, nobody else decides, but for who may do everything. */
enum ent_code ent_contract_check_approver(const struct ent_call *call,
                                          const struct ent_contract *contract,
                                          struct ent_error *error)
{
	const struct ent_principal *who = call->who;
	bool may = ent_id_is_none(contract->approver_id) || who->who == ENT_WHO_SYSTEM ||
	           who->role == ENT_ROLE_ADMIN || ent_id_eq(contract->approver_id, who->id);
	return may ? ENT_OK : ent_fail(error, ENT_E_FORBIDDEN, "another person is to approve it");
}

static enum ent_code begin(struct ent_call *call, struct acting *acting, struct ent_error *error)
{
	enum ent_code code = ent_contract_begin(call, acting->now, error);
	return code == ENT_OK ? ent_contract_begin_entitlements(call, acting->now, error) : code;
}

ACT(approve)
{
	const struct ent_input_reason *given = input;
	struct acting acting;
	enum ent_code code = enter(call, ENT_CONTRACT_DO_APPROVE, "contract.approve", id, version,
	                           given->reason, &acting, error);
	if (code == ENT_OK) {
		code = require(&acting, IN(IN_REVIEW), "approve", error);
	}
	if (code == ENT_OK) {
		code = ent_contract_check_approver(call, acting.now, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	acting.now->approval = ENT_APPROVAL_APPROVED;
	if (!acting.now->keep_draft) {
		code = begin(call, &acting, error);
	}
	return code == ENT_OK ? leave(call, &acting, "approved", out, error) : code;
}

ACT(reject)
{
	const struct ent_input_reject *given = input;
	struct acting acting;
	enum ent_code code = enter(call, ENT_CONTRACT_DO_REJECT, "contract.approve", id, version,
	                           given->reason, &acting, error);
	if (code == ENT_OK) {
		code = require(&acting, IN(IN_REVIEW), "reject", error);
	}
	if (code == ENT_OK) {
		code = ent_contract_check_approver(call, acting.now, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	acting.now->approval = ENT_APPROVAL_REJECTED;
	return leave(call, &acting, "rejected", out, error);
}

/* ---- activation ------------------------------------------------------------------------- */

ACT(activate)
{
	const struct ent_input_reason *given = input;
	struct acting acting;
	enum ent_code code = enter(call, ENT_CONTRACT_DO_ACTIVATE, "contract.activate", id, version,
	                           given->reason, &acting, error);
	if (code != ENT_OK) {
		return code;
	}
	if (acting.now->stage == ENT_STAGE_LIVE) {
		return ent_fail(error, ENT_E_ALREADY_ACTIVE,
		                "it begins by itself on its first day");
	}
	if (acting.now->approval_required && acting.now->approval != ENT_APPROVAL_APPROVED) {
		return ent_fail(error, ENT_E_NOT_APPROVED, "cannot activate: its approval is %s",
		                ent_approval_state_names.text[acting.now->approval]);
	}
	code = begin(call, &acting, error);
	return code == ENT_OK
	               ? leave(call, &acting, ent_contract_begun(call, acting.now), out, error)
	               : code;
}

/* ---- lines ------------------------------------------------------------------------------ */

ACT(lines)
{
	const struct ent_input_contract_lines *given = input;
	struct acting acting;
	struct ent_contract *shown = out;
	const struct ent_zone *zone;
	enum ent_code code = enter(call, ENT_CONTRACT_DO_ADD_LINES, "contract_line.create", id,
	                           version, given->reason, &acting, error);
	if (code == ENT_OK && acting.now->approval == ENT_APPROVAL_IN_REVIEW) {
		return ent_fail(error, ENT_E_EDIT_LOCKED, "it is in review: recall it first");
	}
	if (code == ENT_OK) {
		code = ent_contract_zone(call, acting.now, &zone, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	acting.now->lines = given->lines;
	code = ent_nest_read(call, acting.now, NULL, NULL, ENT_DATE_NONE, zone, error);
	if (code == ENT_OK) {
		code = ent_noted(error);
	}
	if (code == ENT_OK) {
		acting.now->line_count += (int64_t)ent_nest_lines(call);
		code = ent_contract_count_lines(call, acting.now, error);
	}
	if (code == ENT_OK) {
		code = ent_nest_insert(call, acting.now, error);
	}
	if (code == ENT_OK) {
		*shown = *acting.now;
		code = ent_record_decorate(call, &ent_contract_type, shown, error);
	}
	return code;
}
