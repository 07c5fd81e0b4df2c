#include "app/allowed.h"

#include "app/contract.h"
#include "base/text.h"
#include "core/life.h"

#include <string.h>

/* ---- entitlements ---- */

static enum ent_code check_entitlement(const struct ent_call *call, const void *record,
                                       const char *name, struct ent_error *error)
{
	const struct ent_entitlement *e = record;
	/* `renew` does both: whether it is early is told by the dates that it is given */
	const char *asked = strcmp(name, "renew") == 0 ? "renew_early" : name;
	for (unsigned i = 0; i < ENT_ACTION_COUNT; i++) {
		if (strcmp(ent_action_text((enum ent_action)i), asked) == 0) {
			return ent_life_check(e, (enum ent_action)i, call->now, error);
		}
	}
	return ENT_OK;
}

/* ---- contracts ---- */

/* The states of approval in which something is done with a draft; 0: in any. */
static unsigned approvals_for(const char *name)
{
	static const struct {
		const char *name;
		unsigned states;
	} table[] = {
		{ "submit", 1U << ENT_APPROVAL_NOT_REQUIRED | 1U << ENT_APPROVAL_DRAFT |
		                    1U << ENT_APPROVAL_REJECTED },
		{ "recall", 1U << ENT_APPROVAL_IN_REVIEW },
		{ "approve", 1U << ENT_APPROVAL_IN_REVIEW },
		{ "reject", 1U << ENT_APPROVAL_IN_REVIEW },
	};
	for (size_t i = 0; i < ENT_COUNT(table); i++) {
		if (strcmp(table[i].name, name) == 0) {
			return table[i].states;
		}
	}
	return 0;
}

static enum ent_code check_approval(const struct ent_contract *contract, const char *name,
                                    struct ent_error *error)
{
	unsigned states = approvals_for(name);
	const char *approval = ent_approval_state_names.text[contract->approval];
	bool is_draft = contract->stage == ENT_STAGE_DRAFT;
	if (states != 0 && !(is_draft && (states >> contract->approval & 1) != 0)) {
		return ent_fail(error, ENT_E_STATE, "cannot %s: its approval is %s", name,
		                approval);
	}
	bool activates = strcmp(name, "activate") == 0;
	if (activates && !is_draft) {
		return ent_fail(error, ENT_E_ALREADY_ACTIVE,
		                "it begins by itself on its first day");
	}
	if (activates && contract->approval_required &&
	    contract->approval != ENT_APPROVAL_APPROVED) {
		return ent_fail(error, ENT_E_NOT_APPROVED, "cannot activate: its approval is %s",
		                approval);
	}
	return ENT_OK;
}

static enum ent_code check_contract(const struct ent_call *call, const void *record,
                                    const char *name, struct ent_error *error)
{
	const struct ent_contract *contract = record;
	const char *asked = strcmp(name, "lines") == 0 ? "add_lines" : name;
	const struct ent_action_row *row = ent_action_of(&ent_contract_type, ent_str_of(name));
	bool operates = row != NULL && row->result != &ent_contract_type;
	enum ent_code code = ENT_OK;
	(void)call;
	if (contract->approval == ENT_APPROVAL_IN_REVIEW &&
	    (operates || strcmp(name, "lines") == 0)) {
		return ent_fail(error, ENT_E_EDIT_LOCKED, "it is in review: recall it first");
	}
	for (unsigned i = 0; i < ENT_CONTRACT_ACTIONS && code == ENT_OK; i++) {
		enum ent_contract_action action = (enum ent_contract_action)i;
		if (strcmp(asked, "update") != 0 &&
		    strcmp(ent_contract_action_text(action), asked) == 0) {
			code = ent_contract_allow(contract->state, action, error);
		}
	}
	return code == ENT_OK ? check_approval(contract, name, error) : code;
}

/* ---- cases, milestones ---- */

static enum ent_code check_case(const struct ent_call *call, const void *record, const char *name,
                                struct ent_error *error)
{
	static const struct {
		const char *name;
		enum ent_case_state state;
		const char *done;
	} table[] = {
		{ "resolve", ENT_CASE_OPEN, "resolved" },
		{ "cancel", ENT_CASE_OPEN, "cancelled" },
		{ "reopen", ENT_CASE_RESOLVED, "reopened" },
		{ "reactivate", ENT_CASE_CANCELLED, "reactivated" },
	};
	const struct ent_case *c = record;
	(void)call;
	for (size_t i = 0; i < ENT_COUNT(table); i++) {
		if (strcmp(table[i].name, name) == 0 && c->state != table[i].state) {
			return ent_fail(error, ENT_E_STATE, "%.*s is %s, so it cannot be %s",
			                (int)c->number.len, c->number.ptr,
			                ent_case_state_names.text[c->state], table[i].done);
		}
		if (strcmp(table[i].name, name) == 0 && !ent_id_is_none(c->merged_into_id)) {
			return ent_fail(error, ENT_E_STATE,
			                "%.*s was merged into another one and cannot be %s",
			                (int)c->number.len, c->number.ptr, table[i].done);
		}
	}
	return ENT_OK;
}

static enum ent_code check_milestone(const struct ent_call *call, const void *record,
                                     const char *name, struct ent_error *error)
{
	const struct ent_milestone *m = record;
	bool is_open = m->stage == ENT_MILESTONE_OPEN || m->stage == ENT_MILESTONE_PAUSED;
	bool holds = strcmp(name, "pause") == 0;
	(void)call;
	if (strcmp(name, "reopen") == 0) {
		is_open = m->stage != ENT_MILESTONE_COMPLETED;
	} else if (strcmp(name, "complete") != 0 && strcmp(name, "cancel") != 0 && !holds &&
	           strcmp(name, "resume") != 0) {
		return ENT_OK;
	} else {
		is_open = !is_open;
	}
	if (is_open) {
		return ent_fail(error, ENT_E_STATE, "cannot %s: the milestone is %s", name,
		                ent_milestone_stage_names.text[m->stage]);
	}
	if ((holds && m->held) || (strcmp(name, "resume") == 0 && !m->held)) {
		return ent_fail(error, ENT_E_STATE, "cannot %s: it is %s already", name,
		                m->held ? "held" : "released");
	}
	return ENT_OK;
}

/* ---- all of them ---- */

static const struct {
	const struct ent_type *type;
	enum ent_code (*check)(const struct ent_call *call, const void *record, const char *name,
	                       struct ent_error *error);
} checks[] = {
	{ &ent_entitlement_type, check_entitlement },
	{ &ent_contract_type, check_contract },
	{ &ent_case_type, check_case },
	{ &ent_milestone_type, check_milestone },
};

/* Who is named to approve it, and nobody else, but for who may do everything. */
static enum ent_code check_person(const struct ent_call *call, const struct ent_type *type,
                                  const void *record, const char *name, struct ent_error *error)
{
	bool decides = strcmp(name, "approve") == 0 || strcmp(name, "reject") == 0;
	if (type != &ent_contract_type || !decides) {
		return ENT_OK;
	}
	return ent_contract_check_approver(call, record, error);
}

enum ent_code ent_action_allowed(struct ent_call *call, const struct ent_type *type,
                                 const void *record, const char *name, struct ent_error *error)
{
	const struct ent_action_row *action = ent_action_of(type, ent_str_of(name));
	const char *permission =
		action != NULL ? action->permission
			       : ent_text_format(call->arena, "%s.%s", type->name, name).ptr;
	enum ent_code code = ent_call_may(call, permission, error);
	for (size_t i = 0; i < ENT_COUNT(checks) && code == ENT_OK; i++) {
		if (checks[i].type == type) {
			code = checks[i].check(call, record, name, error);
		}
	}
	return code == ENT_OK ? check_person(call, type, record, name, error) : code;
}
