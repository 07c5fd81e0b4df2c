/* plan_end.c - lines that are to end on one day: servicenow 3.16. */
#include "core/plan_contract.h"
#include "core/plan_inner.h"

static bool is_later(ent_date a, ent_date b)
{
	return ent_date_is_none(a) ? !ent_date_is_none(b) : !ent_date_is_none(b) && a.day > b.day;
}

/* All that is not over or cancelled ends with the others. */
static void choose_all(const struct ent_plan *plan, const struct ent_holding *from, ent_date last,
                       struct ent_plan_ends *ends)
{
	ends->moves_contract = from->contract->ends_on.day != last.day;
	ends->contract = last;
	for (size_t i = 0; i < from->line_count; i++) {
		const struct ent_contract_line *line = &from->lines[i];
		bool over = !ent_date_is_none(line->ends_on) && line->ends_on.day < plan->today.day;
		bool gone = over || !ent_instant_is_none(line->cancelled_at);
		ends->moves[i] = ent_id_is_none(line->parent_id) && !gone;
		ends->to[i] = last;
	}
}

static void choose_some(const struct ent_plan_scope *scope, const struct ent_holding *from,
                        ent_date last, struct ent_plan *plan, struct ent_plan_ends *ends)
{
	for (size_t i = 0; i < scope->count; i++) {
		ends->moves[scope->places[i]] = true;
		ends->to[scope->places[i]] = last;
	}
	if (is_later(last, from->contract->ends_on)) {
		ends->moves_contract = true;
		ends->keeps_rest = true;
		ends->contract = last;
		ent_plan_warn(plan, "contract_extended", ENT_STR("/ends_on"),
		              ENT_STR("the contract is extended to the last day of the lines"));
	}
}

/* To end together is not to end early: what ends with its contract is renewed with it. */
static void mark(struct ent_plan *plan, const struct ent_holding *from)
{
	const struct ent_contract *contract = ent_plan_after(plan, from->contract);
	for (size_t i = 0; i < plan->count; i++) {
		struct ent_plan_row *row = &plan->rows[i];
		const struct ent_contract_line *before = row->before;
		struct ent_contract_line *line = row->after;
		if (row->type == &ent_contract_type) {
			((struct ent_contract *)row->after)->ends_early =
				from->contract->ends_early;
		}
		if (row->type != &ent_contract_line_type) {
			continue;
		}
		bool sooner = is_later(before->ends_on, line->ends_on);
		line->ends_early = sooner && is_later(contract->ends_on, line->ends_on);
		row->line_type = sooner ? ENT_LINE_TYPE_CANCEL : ENT_LINE_TYPE_AMEND;
		row->line_action = ENT_LINE_ACTION_CHANGE;
	}
}

enum ent_code ent_plan_co_terminate(struct ent_plan *plan, const struct ent_holding *from,
                                    const struct ent_input_contract_co_terminate *input,
                                    struct ent_error *error)
{
	struct ent_plan_scope scope;
	struct ent_plan_ends ends = ent_plan_ends_begin(plan, from, "/ends_on");
	ent_plan_scope(plan, from, input->lines, ENT_PLAN_ROOTS, ENT_CONTRACT_DO_CO_TERMINATE,
	               &scope, error);
	if (input->ends_on.day <= plan->today.day) {
		ent_note(error, ENT_E_END_NOT_FUTURE, "/ends_on", (ent_str){ NULL, 0 },
		         "give a day after today, or cancel it");
	}
	plan->effective_on = plan->today;
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	if (scope.whole) {
		choose_all(plan, from, input->ends_on, &ends);
	} else {
		choose_some(&scope, from, input->ends_on, plan, &ends);
	}
	ent_plan_ends_move(plan, from, &ends, error);
	mark(plan, from);
	return ent_noted(error);
}
