/* renewal_make.c - renewals that are made by themselves, and drafts of them that are kept in step
 * with the contract that they renew. */
#include "app/action.h"
#include "app/operation_inner.h"
#include "app/renewal.h"
#include "base/text.h"
#include "core/input_contract.h"
#include "core/plan_contract.h"
#include "core/plan_tree.h"
#include "json/json.h"

/* ---- renewing ---- */

static struct ent_input_contract_renew input_of(const struct ent_contract *contract)
{
	struct ent_input_contract_renew input;
	ent_type_clear(&ent_input_contract_renew_type, &input);
	input.back_date = true;
	input.keep_draft = contract->renewal_proposal != ENT_PROPOSAL_DIRECT;
	return input;
}

static struct ent_operation_asked asked_of(const struct ent_input_contract_renew *input,
                                           const char *reason)
{
	return (struct ent_operation_asked){
		.kind = ENT_OPERATION_RENEW,
		.action = ENT_CONTRACT_DO_RENEW,
		.input_type = &ent_input_contract_renew_type,
		.input = input,
		.reason = ent_str_of(reason),
	};
}

/* What cannot be renewed is told once; somebody has to look at it. */
static enum ent_code tell_fault(struct ent_call *call, const struct ent_contract *contract,
                                const struct ent_error *fault, struct ent_error *error)
{
	struct ent_text text = ent_text_begin(call->arena);
	ent_text_addf(&text, "{\"code\":\"%s\",\"detail\":", ent_code_name(fault->code));
	ent_json_string(&text, ent_str_of(fault->detail));
	ent_text_char(&text, '}');
	return ent_event_append(call, contract->account_id, &ent_contract_type, contract->id,
	                        "renewal_failed", (ent_str){ NULL, 0 }, ent_text_end(&text), error);
}

enum ent_code ent_renewal_make(struct ent_call *call, const struct ent_contract *contract,
                               ent_str key, struct ent_error *error)
{
	struct ent_input_contract_renew *input =
		ENT_NEW(call->arena, struct ent_input_contract_renew, 1);
	*input = input_of(contract);
	const struct ent_operation_asked asked = asked_of(input, "renewed by itself");
	struct ent_operating *op = ENT_NEW(call->arena, struct ent_operating, 1);
	struct ent_contract_plan out;
	struct ent_error fault;
	ent_error_clear(&fault);
	enum ent_code code = ent_operation_begin(call, &asked, contract->id, 0, op, error);
	if (code != ENT_OK) {
		return code;
	}
	code = ent_operation_renew(op, input, key, &fault);
	if (code != ENT_OK && ent_code_http(code) < 500) {
		return tell_fault(call, contract, &fault, error);
	}
	if (code != ENT_OK) {
		*error = fault;
		return code;
	}
	return ent_operation_end(op, &out, error);
}

/* ---- what somebody changed in a draft ---- */

/* Fields of the draft's records and rows added to it that somebody has touched. */
struct by_hand {
	const struct ent_holding *draft;
	struct ent_set header, *lines, *rights;
	bool *coverage;
};

static void add_fields(const struct ent_type *type, const struct ent_node *changed,
                       struct ent_set *out)
{
	for (const struct ent_node *m = changed->first; m != NULL; m = m->next) {
		const struct ent_field *field = ent_type_field(type, m->name);
		if (field != NULL) {
			ent_set_add(out, ent_type_at(type, field));
		}
	}
}

static void add_event(struct by_hand *by, const struct ent_event *event, struct ent_arena *arena)
{
	const struct ent_holding *draft = by->draft;
	const struct ent_node *changed;
	struct ent_error ignored;
	ent_id id;
	ent_error_clear(&ignored);
	if (ent_str_is(event->type, "contract_coverage.created") &&
	    ent_id_parse(event->subject_id, ent_contract_coverage_type.prefix, &id)) {
		for (size_t i = 0; i < draft->coverage_count; i++) {
			by->coverage[i] = by->coverage[i] || ent_id_eq(draft->coverage[i].id, id);
		}
		return;
	}
	if (event->after.text.len == 0 ||
	    ent_json_parse(event->after.text, arena, &changed, &ignored) != ENT_OK) {
		return;
	}
	if (ent_id_parse(event->subject_id, ent_contract_line_type.prefix, &id)) {
		size_t at = ent_holding_at(draft, id);
		if (at < draft->line_count) {
			add_fields(&ent_contract_line_type, changed, &by->lines[at]);
		}
	} else if (ent_id_parse(event->subject_id, ent_entitlement_type.prefix, &id)) {
		size_t at = ent_plan_right_at(draft, id);
		if (at != ENT_TREE_NONE) {
			add_fields(&ent_entitlement_type, changed, &by->rights[at]);
		}
	} else if (ent_id_parse(event->subject_id, ent_contract_type.prefix, &id) &&
	           ent_id_eq(id, draft->contract->id)) {
		add_fields(&ent_contract_type, changed, &by->header);
	}
}

/* Whatever the scheduler did not change, somebody did. */
static enum ent_code find_by_hand(struct ent_call *call, const struct ent_holding *draft,
                                  struct by_hand *out, struct ent_error *error)
{
	struct ent_list events;
	*out = (struct by_hand){ .draft = draft,
		                 .lines = ENT_NEW(call->arena, struct ent_set, draft->line_count),
		                 .rights = ENT_NEW(call->arena, struct ent_set,
		                                   draft->entitlement_count),
		                 .coverage = ENT_NEW(call->arena, bool, draft->coverage_count) };
	enum ent_code code = ent_row_select(
		call->db, &ent_event_type,
		ENT_STR("WHERE t.account_id = $1 AND t.created_at >= $2 AND t.origin <> $3 AND "
	                "t.type IN ('contract.updated', 'contract_line.updated', "
	                "'entitlement.updated', 'entitlement.cancelled', "
	                "'contract_coverage.created') ORDER BY t.seq"),
		ENT_ARGS(ent_arg_id(draft->contract->account_id),
	                 ent_arg_instant(draft->contract->created_at), ent_arg_text(call->origin)),
		call->arena, &events, error);
	const struct ent_event *items = events.items;
	for (size_t i = 0; code == ENT_OK && i < events.count; i++) {
		add_event(out, &items[i], call->arena);
	}
	return code;
}

/* ---- the draft as the contract is now ---- */

static bool has_changes(const struct ent_plan *plan)
{
	const struct ent_set *diffs = ent_operation_diffs(plan);
	for (size_t i = 0; i < plan->count; i++) {
		if (!ent_set_is_empty(&diffs[i])) {
			return true;
		}
	}
	return false;
}

static enum ent_code drop_coverage(struct ent_call *call, const struct ent_holding *draft,
                                   const bool *dropped, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < draft->coverage_count && code == ENT_OK; i++) {
		if (dropped[i]) {
			code = ent_record_remove(call, &ent_contract_coverage_type,
			                         &draft->coverage[i], error);
		}
	}
	return code;
}

/* The draft with the plan that brings it up to date. */
struct updating {
	struct ent_operating op;
	struct ent_input_contract_renew input;
	struct ent_operation_asked asked;
	bool *dropped; /* coverage of the draft that goes */
	bool refused;  /* it cannot be renewed by now, which was told */
};

static bool changes(const struct updating *u)
{
	bool drops = false;
	for (size_t i = 0; i < u->op.holdings[0].coverage_count; i++) {
		drops = drops || u->dropped[i];
	}
	return !u->refused && (drops || has_changes(&u->op.plan));
}

static enum ent_code plan_update(struct ent_call *call, const struct ent_contract *contract,
                                 ent_str key, ent_id draft, struct updating *u,
                                 struct ent_error *error)
{
	struct ent_operating *op = &u->op;
	struct by_hand by;
	u->input = input_of(contract);
	u->asked = asked_of(&u->input, "the contract that it renews has changed");
	u->asked.reviewed = true;
	enum ent_code code = ent_operation_begin(call, &u->asked, draft, 0, op, error);
	if (code == ENT_OK) {
		code = ent_operation_hold(op, contract->id, error);
	}
	if (code == ENT_OK) {
		code = find_by_hand(call, &op->holdings[0], &by, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	u->dropped = ENT_NEW(call->arena, bool, op->holdings[0].coverage_count);
	struct ent_plan_renewal renewal = {
		.from = &op->holdings[1],
		.input = &u->input,
		.key = key,
		.into = &op->holdings[0],
		.kept_header = &by.header,
		.kept_lines = by.lines,
		.kept_rights = by.rights,
		.kept_coverage = by.coverage,
		.dropped = u->dropped,
	};
	struct ent_error fault;
	ent_error_clear(&fault);
	code = ent_plan_renew(&op->plan, &renewal, &fault);
	u->refused = code != ENT_OK;
	return u->refused ? tell_fault(call, contract, &fault, error) : ENT_OK;
}

/* Nobody approves what has changed since it was submitted. */
static enum ent_code recall(struct ent_call *call, ent_id draft, struct ent_error *error)
{
	struct ent_contract before;
	enum ent_code code = ent_record_hold(call, &ent_contract_type, draft, 0, &before, error);
	if (code != ENT_OK || before.approval != ENT_APPROVAL_IN_REVIEW) {
		return code;
	}
	struct ent_contract *after = ent_record_copy(call->arena, &ent_contract_type, &before);
	after->approval = ENT_APPROVAL_DRAFT;
	return ent_record_save(call, &ent_contract_type, &before, after, "recalled", error);
}

enum ent_code ent_renewal_update(struct ent_call *call, const struct ent_contract *contract,
                                 ent_str key, ent_id draft, struct ent_error *error)
{
	struct updating *u = ENT_NEW(call->arena, struct updating, 1);
	struct ent_contract_plan out;
	enum ent_code code = plan_update(call, contract, key, draft, u, error);
	if (code != ENT_OK || !changes(u)) {
		return code;
	}
	if (u->op.holdings[0].contract->approval == ENT_APPROVAL_IN_REVIEW) {
		code = recall(call, draft, error);
		code = code == ENT_OK ? plan_update(call, contract, key, draft, u, error) : code;
	}
	if (code == ENT_OK) {
		code = drop_coverage(call, &u->op.holdings[0], u->dropped, error);
	}
	bool ends = code == ENT_OK && has_changes(&u->op.plan);
	return ends ? ent_operation_end(&u->op, &out, error) : code;
}

/* ---- a draft of what does not go on ---- */

enum ent_code ent_renewal_withdraw(struct ent_call *call, const struct ent_contract *contract,
                                   ent_id draft, struct ent_error *error)
{
	struct ent_input_contract_cancel input;
	struct ent_contract_plan out;
	const struct ent_action_row *cancel = ent_action_of(&ent_contract_type, ENT_STR("cancel"));
	ent_type_clear(&ent_input_contract_cancel_type, &input);
	input.reason = ENT_STR("what it renews does not go on");
	call->reason = input.reason;
	enum ent_code code = recall(call, draft, error);
	if (code == ENT_OK) {
		code = cancel->act(call, draft, 0, &input, &out, error);
	}
	return code == ENT_OK
	               ? ent_db_exec(call->db,
	                             ENT_STR("UPDATE contract SET renewal_key = NULL WHERE "
	                                     "account_id = $1 AND id = $2"),
	                             ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(draft)),
	                             1, call->arena, error)
	               : code;
}
