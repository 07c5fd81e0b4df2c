#include "app/renewal.h"

#include "app/agenda.h"
#include "app/operation.h"
#include "base/text.h"
#include "core/plan_contract.h"
#include "json/json.h"

/* ---- when ---- */

static bool renews(const struct ent_contract *contract)
{
	return contract->auto_renew && contract->stage == ENT_STAGE_LIVE && !contract->ends_early &&
	       ent_instant_is_none(contract->cancelled_at) && !ent_date_is_none(contract->ends_on);
}

static enum ent_code find_instant(struct ent_call *call, const struct ent_contract *contract,
                                  ent_instant *out, struct ent_error *error)
{
	const struct ent_zone *zone;
	*out = ENT_INSTANT_NONE;
	if (!renews(contract)) {
		return ENT_OK;
	}
	*out = contract->starts_at;
	if (ent_count_is_none(contract->renew_days_before)) {
		return ENT_OK;
	}
	enum ent_code code = ent_contract_zone(call, contract, &zone, error);
	if (code == ENT_OK) {
		int64_t day = contract->ends_on.day - contract->renew_days_before.n;
		bool early = day < contract->starts_on.day;
		*out = early ? contract->starts_at
		             : ent_zone_day_begins(zone, (ent_date){ (int32_t)day });
	}
	return code;
}

static enum ent_code set(struct ent_call *call, struct ent_contract *contract, ent_instant at,
                         struct ent_error *error)
{
	ent_agenda_set(call, ENT_AGENDA_RENEWAL, contract->account_id, contract->id,
	               contract->renews_at, at);
	contract->renews_at = at;
	return ent_db_exec(
		call->db,
		ENT_STR("UPDATE contract SET renews_at = $1 WHERE account_id = $2 AND id = $3"),
		ENT_ARGS(ent_instant_is_none(at) ? ent_value_null() : ent_arg_int(at.us),
	                 ent_arg_id(contract->account_id), ent_arg_id(contract->id)),
		ENT_ANY_ROWS, call->arena, error);
}

enum ent_code ent_renewal_expect(struct ent_call *call, struct ent_contract *contract,
                                 struct ent_error *error)
{
	ent_instant at;
	enum ent_code code = find_instant(call, contract, &at, error);
	bool none = ent_instant_is_none(at);
	if (code != ENT_OK || (none && ent_instant_is_none(contract->renews_at))) {
		return code;
	}
	if (!none && at.us < call->now.us) {
		at = call->now;
	}
	return set(call, contract, at, error);
}

/* ---- what was made of it ---- */

struct successor {
	ent_id made;      /* for this term, by this; none: not yet */
	bool is_draft;    /* of it: nobody has confirmed it, or cancelled it */
	bool is_replaced; /* somebody has renewed it otherwise */
};

static ent_str key_of(struct ent_call *call, const struct ent_contract *contract)
{
	return ent_text_format(call->arena, "%lld:%d", (long long)contract->id.value,
	                       (int)contract->ends_on.day);
}

static enum ent_code find_successor(struct ent_call *call, const struct ent_contract *contract,
                                    struct successor *out, struct ent_error *error)
{
	ent_str key = key_of(call, contract);
	struct ent_rows rows;
	*out = (struct successor){ .made = ENT_ID_NONE };
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT id, stage, cancelled_at IS NOT NULL, renewal_key, approval FROM "
	                "contract WHERE account_id = $1 AND renewed_from_id = $2"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id)), call->arena,
		&rows, error);
	for (const struct ent_row *row = code == ENT_OK ? rows.first : NULL; row != NULL;
	     row = row->next) {
		bool cancelled =
			row->cell[2].number != 0 || ent_str_is(row->cell[1].text, "cancelled");
		if (ent_str_eq(row->cell[3].text, key)) {
			out->made = (ent_id){ row->cell[0].number };
			out->is_draft = !cancelled && ent_str_is(row->cell[1].text, "draft") &&
			                !ent_str_is(row->cell[4].text, "in_review");
		} else {
			out->is_replaced = out->is_replaced || !cancelled;
		}
	}
	return code;
}

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

static enum ent_code renew(struct ent_call *call, const struct ent_contract *contract,
                           struct ent_error *error)
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
	code = ent_operation_renew(op, input, key_of(call, contract), &fault);
	if (code != ENT_OK && ent_code_http(code) < 500) {
		return tell_fault(call, contract, &fault, error);
	}
	if (code != ENT_OK) {
		*error = fault;
		return code;
	}
	return ent_operation_end(op, &out, error);
}

/* The draft's lines as the contract's are now. */
static enum ent_code update_draft(struct ent_call *call, const struct ent_contract *contract,
                                  ent_id draft, struct ent_error *error)
{
	struct ent_input_contract_renew *input =
		ENT_NEW(call->arena, struct ent_input_contract_renew, 1);
	*input = input_of(contract);
	const struct ent_operation_asked asked =
		asked_of(input, "the lines of the contract that it renews have changed");
	struct ent_operating *op = ENT_NEW(call->arena, struct ent_operating, 1);
	struct ent_contract_plan out;
	struct ent_error fault;
	ent_error_clear(&fault);
	enum ent_code code = ent_operation_begin(call, &asked, draft, 0, op, error);
	if (code == ENT_OK) {
		code = ent_operation_hold(op, contract->id, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_plan_renewal renewal = { .from = &op->holdings[1],
		                            .input = input,
		                            .into = &op->holdings[0] };
	code = ent_plan_renew(&op->plan, &renewal, &fault);
	if (code != ENT_OK) {
		return tell_fault(call, contract, &fault, error);
	}
	return op->plan.count == 0 ? ENT_OK : ent_operation_end(op, &out, error);
}

static enum ent_code handle(struct ent_call *call, struct ent_contract *contract, ent_instant was,
                            struct ent_error *error)
{
	struct successor successor;
	ent_instant at;
	contract->renews_at = was;
	enum ent_code code = find_instant(call, contract, &at, error);
	if (code != ENT_OK || (!ent_instant_is_none(at) && at.us > call->now.us)) {
		return code == ENT_OK ? set(call, contract, at, error) : code;
	}
	if (!ent_instant_is_none(at)) {
		code = find_successor(call, contract, &successor, error);
	}
	if (code == ENT_OK && !ent_instant_is_none(at) && !successor.is_replaced) {
		code = ent_id_is_none(successor.made) ? renew(call, contract, error)
		       : successor.is_draft ? update_draft(call, contract, successor.made, error)
		                            : ENT_OK;
	}
	return code == ENT_OK ? set(call, contract, ENT_INSTANT_NONE, error) : code;
}

enum ent_code ent_contract_visit_all(struct ent_call *call, const struct ent_agenda_item *items,
                                     size_t count, ent_contract_visit *visit,
                                     struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		struct ent_contract contract;
		struct ent_error missing;
		ent_error_clear(&missing);
		code = ent_record_load(call, &ent_contract_type, items[i].id, &contract, &missing);
		if (code == ENT_E_NOT_FOUND) {
			code = ENT_OK; /* deleted */
		} else if (code == ENT_OK) {
			code = visit(call, &contract, items[i].at, error);
		} else {
			*error = missing;
		}
	}
	return code;
}

enum ent_code ent_renewal_handle(struct ent_call *call, const struct ent_agenda_item *items,
                                 size_t count, struct ent_error *error)
{
	return ent_contract_visit_all(call, items, count, handle, error);
}
