/* plan_transfer.c - lines that become a contract of their own, a contract that goes to another
 * account.
 */
#include "core/plan_contract.h"
#include "core/plan_inner.h"
#include "core/plan_move.h"

static const ent_str no_text = { NULL, 0 };

static bool has_begun(const struct ent_contract *contract, ent_date from)
{
	return contract->stage == ENT_STAGE_LIVE && contract->starts_on.day < from.day;
}

static void check_day(const struct ent_plan *plan, const struct ent_contract *contract,
                      ent_date from, struct ent_error *error)
{
	bool over = !ent_date_is_none(contract->ends_on) && from.day > contract->ends_on.day;
	if (over || ent_plan_is_cancelled(plan, contract->cancelled_at, from)) {
		ent_note(error, ENT_E_DATE_OUTSIDE_PARENT, "/effective_on", no_text,
		         "give a day on which the contract is in force");
	}
}

/* One like it from a day on, as far as it has come. */
static struct ent_contract *rest_of(struct ent_plan *plan, const struct ent_contract *old,
                                    ent_str name, ent_date from, enum ent_contract_link_kind kind)
{
	struct ent_contract *made = ent_plan_copy_contract(plan, old);
	made->name = name.len > 0 ? name : old->name;
	made->stage = old->stage;
	made->approval = old->approval;
	made->cancelled_at = old->cancelled_at;
	made->starts_on = has_begun(old, from) ? from : old->starts_on;
	made->term = ent_contract_term(made->starts_on, made->ends_on);
	made->anchor_on = ent_date_is_none(old->anchor_on) ? old->starts_on : old->anchor_on;
	ent_plan_link(plan, &(struct ent_plan_link){ .kind = kind,
	                                             .from_contract = old->id,
	                                             .to_contract = made->id,
	                                             .quantity = ENT_DECIMAL_NONE });
	return made;
}

enum ent_code ent_plan_split(struct ent_plan *plan, const struct ent_holding *from,
                             const struct ent_input_contract_split *input, struct ent_error *error)
{
	ent_date first = ent_plan_from(plan, input->effective_on, error);
	struct ent_plan_move move = {
		.tree = ent_plan_tree_of(plan, from),
		.from = first,
		.kind = ENT_LINK_SPLIT,
	};
	(void)ent_plan_allow(plan, from, NULL, ENT_CONTRACT_DO_SPLIT, "", error);
	check_day(plan, from->contract, first, error);
	ent_plan_tree_choose(&move.tree, input->lines, error);
	for (size_t i = 0; i < input->lines.count; i++) {
		const char *pointer = ent_plan_pointer(plan->arena, "lines", i).ptr;
		size_t at = ent_plan_tree_find(&move.tree, input->lines.items[i]);
		if (at == ENT_TREE_NONE || move.tree.above[at] != ENT_TREE_NONE) {
			continue; /* noted */
		}
		if (ent_plan_allow(plan, from, &from->lines[at], ENT_CONTRACT_DO_SPLIT, pointer,
		                   error) &&
		    !ent_plan_moves(&move, at)) {
			ent_note(error, ENT_E_DATE_OUTSIDE_PARENT, pointer, from->lines[at].number,
			         "it has ended by then");
		}
	}
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	plan->effective_on = first;
	move.target = rest_of(plan, from->contract, input->name, first, ENT_LINK_SPLIT);
	ent_plan_move(&move, error);
	return ent_noted(error);
}

enum ent_code ent_plan_transfer(struct ent_plan *plan, const struct ent_holding *from,
                                const struct ent_input_contract_transfer *input,
                                struct ent_ids foreign, struct ent_error *error)
{
	const struct ent_contract *old = from->contract;
	ent_date first = ent_plan_from(plan, input->effective_on, error);
	struct ent_plan_move move = {
		.tree = ent_plan_tree_of(plan, from),
		.from = first,
		.kind = ENT_LINK_TRANSFERRED,
		.wholly = true,
		.anew = true,
		.foreign = foreign,
	};
	(void)ent_plan_allow(plan, from, NULL, ENT_CONTRACT_DO_TRANSFER, "", error);
	check_day(plan, old, first, error);
	if (ent_id_eq(input->account_id, old->account_id)) {
		ent_note(error, ENT_E_INVALID, "/account_id", no_text, "it is that account's");
	}
	if (!input->drop_assets) {
		ent_plan_refuse_foreign(from, foreign, error);
	}
	ent_plan_tree_choose(&move.tree, (struct ent_ids){ NULL, 0 }, error);
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	plan->effective_on = first;
	struct ent_contract *made = rest_of(plan, old, input->name, first, ENT_LINK_TRANSFERRED);
	made->account_id = input->account_id;
	ent_plan_drop_contacts(made, &move.dropped);
	move.target = made;
	ent_plan_move(&move, error);
	ent_plan_end_contract(plan, old, ent_plan_change(plan, &ent_contract_type, old)->after,
	                      first);
	ent_plan_warn_dropped(plan, &move.dropped);
	return ent_noted(error);
}
