/* plan_dates.c - extend and shorten. */
#include "core/plan_amend.h"
#include "core/plan_inner.h"

#include "core/contract_check.h"

static int32_t last_of(ent_date date)
{
	return ent_date_is_none(date) ? INT32_MAX : date.day;
}

/* ---- extend ----------------------------------------------------------------------------- */

static ent_date later(ent_date ends_on, const struct ent_input_contract_extend *input)
{
	if (!ent_date_is_none(input->ends_on) || ent_date_is_none(ends_on)) {
		return input->ends_on;
	}
	/* counted from the day behind the last, so that terms follow upon each other */
	return ent_contract_last_day((ent_date){ ends_on.day + 1 }, input->term);
}

static bool check_extension(const struct ent_input_contract_extend *input, const char **pointer,
                            struct ent_error *error)
{
	bool has_day = !ent_date_is_none(input->ends_on);
	bool has_term = !ent_duration_is_none(input->term);
	*pointer = has_term ? "/term" : "/ends_on";
	if (has_day == has_term) {
		ent_note(error, has_day ? ENT_E_INVALID : ENT_E_REQUIRED, "/ends_on",
		         (ent_str){ NULL, 0 }, "give either ends_on or term");
		return false;
	}
	bool in_days = input->term.seconds == 0 && input->term.months >= 0 && input->term.days >= 0;
	if (has_term && !in_days) {
		ent_note(error, ENT_E_FORMAT, "/term", (ent_str){ NULL, 0 },
		         "give years, months and days");
		return false;
	}
	return true;
}

static bool note_not_later(ent_date was, ent_date to, ent_str number, const char *pointer,
                           struct ent_error *error)
{
	bool is_later = !ent_date_is_none(was) && last_of(to) > was.day;
	if (!is_later) {
		ent_note(error, ENT_E_RANGE, pointer, number, "%s",
		         ent_date_is_none(was) ? "it has no end" : "it ends no sooner now");
	}
	return is_later;
}

static void extend_lines(struct ent_plan *plan, const struct ent_holding *holding,
                         const struct ent_input_contract_extend *input,
                         const struct ent_plan_scope *scope, struct ent_plan_ends *ends,
                         struct ent_error *error)
{
	int32_t most = last_of(holding->contract->ends_on);
	plan->effective_on = plan->today;
	for (size_t i = 0; i < scope->count; i++) {
		const struct ent_contract_line *line = &holding->lines[scope->places[i]];
		ent_date to = later(line->ends_on, input);
		if (note_not_later(line->ends_on, to, line->number, ends->pointer, error)) {
			ends->moves[scope->places[i]] = true;
			ends->to[scope->places[i]] = to;
			most = last_of(to) > most ? last_of(to) : most;
		}
	}
	if (input->extend_contract && most > last_of(holding->contract->ends_on)) {
		ends->moves_contract = true;
		ends->keeps_rest = true;
		ends->contract = (ent_date){ most };
	}
}

void ent_plan_extend(struct ent_plan *plan, const struct ent_holding *holding,
                     const struct ent_input_contract_extend *input, struct ent_error *error)
{
	struct ent_plan_scope scope;
	const char *pointer;
	const struct ent_contract *contract = holding->contract;
	ent_plan_scope(plan, holding, input->lines, ENT_PLAN_ANY_LINE, ENT_CONTRACT_DO_EXTEND,
	               &scope, error);
	if (!check_extension(input, &pointer, error)) {
		return;
	}
	struct ent_plan_ends ends = ent_plan_ends_begin(plan, holding, pointer);
	plan->effective_on = plan->today;
	if (!scope.whole) {
		extend_lines(plan, holding, input, &scope, &ends, error);
	} else if (note_not_later(contract->ends_on, later(contract->ends_on, input),
	                          contract->number, pointer, error)) {
		ends.moves_contract = true;
		ends.contract = later(contract->ends_on, input);
	}
	ent_plan_ends_move(plan, holding, &ends, error);
	for (size_t i = 0; i < scope.count; i++) {
		struct ent_plan_row *row = ent_plan_change(plan, &ent_contract_line_type,
		                                           &holding->lines[scope.places[i]]);
		row->line_type = ENT_LINE_TYPE_AMEND;
		row->line_action = ENT_LINE_ACTION_CHANGE;
	}
}

/* ---- shorten ---------------------------------------------------------------------------- */

static bool note_not_sooner(ent_date was, ent_date to, ent_str number, struct ent_error *error)
{
	bool is_sooner = to.day < last_of(was);
	if (!is_sooner) {
		ent_note(error, ENT_E_RANGE, "/ends_on", number, "it ends no later now");
	}
	return is_sooner;
}

void ent_plan_shorten(struct ent_plan *plan, const struct ent_holding *holding,
                      const struct ent_input_contract_shorten *input, struct ent_error *error)
{
	struct ent_plan_scope scope;
	struct ent_plan_ends ends = ent_plan_ends_begin(plan, holding, "/ends_on");
	ent_plan_scope(plan, holding, input->lines, ENT_PLAN_ANY_LINE, ENT_CONTRACT_DO_SHORTEN,
	               &scope, error);
	plan->effective_on = (ent_date){ input->ends_on.day + 1 };
	ent_plan_check_day(plan, plan->effective_on, "/ends_on", error);
	if (scope.whole) {
		ends.moves_contract = note_not_sooner(holding->contract->ends_on, input->ends_on,
		                                      holding->contract->number, error);
		ends.contract = input->ends_on;
	}
	for (size_t i = 0; i < scope.count; i++) {
		const struct ent_contract_line *line = &holding->lines[scope.places[i]];
		ends.moves[scope.places[i]] =
			note_not_sooner(line->ends_on, input->ends_on, line->number, error);
		ends.to[scope.places[i]] = input->ends_on;
	}
	ent_plan_ends_move(plan, holding, &ends, error);
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->rows[i].type == &ent_contract_line_type) {
			const struct ent_contract_line *line = plan->rows[i].after;
			plan->rows[i].line_type =
				line->ends_early ? ENT_LINE_TYPE_CANCEL : ENT_LINE_TYPE_AMEND;
			plan->rows[i].line_action = ENT_LINE_ACTION_CHANGE;
		}
	}
}
