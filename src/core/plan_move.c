#include "core/plan_move.h"

#include "core/plan_inner.h"
#include "core/plan_ramp.h"

static bool has_ended(ent_date last, ent_date by)
{
	return !ent_date_is_none(last) && last.day < by.day;
}

ent_date ent_plan_from(const struct ent_plan *plan, ent_date given, struct ent_error *error)
{
	if (ent_date_is_none(given)) {
		return plan->today;
	}
	ent_plan_check_day(plan, given, "/effective_on", error);
	return given;
}

void ent_plan_end_contract(const struct ent_plan *plan, const struct ent_contract *old,
                           struct ent_contract *after, ent_date from)
{
	if (old->stage == ENT_STAGE_LIVE && old->starts_on.day < from.day) {
		after->ends_on = (ent_date){ from.day - 1 };
		after->term = ent_contract_term(after->starts_on, after->ends_on);
		after->ends_early = true;
	} else {
		after->stage = ENT_STAGE_CANCELLED;
		after->cancelled_at = plan->now;
	}
}

/* ---- lines ---- */

/* Did any of its tree begin before, in a contract that is in force? */
static bool has_begun(const struct ent_plan_move *move, size_t line)
{
	size_t root = move->tree.root[line];
	return move->tree.from->contract->stage == ENT_STAGE_LIVE &&
	       ent_plan_line_days(&move->tree, root).first.day < move->from.day;
}

bool ent_plan_moves(const struct ent_plan_move *move, size_t line)
{
	const struct ent_contract_line *l = &move->tree.from->lines[line];
	size_t above = move->tree.above[line];
	bool is_below = above != ENT_TREE_NONE;
	bool gone = ent_plan_is_cancelled(move->tree.plan, l->cancelled_at, move->from);
	if (!move->tree.chosen[line] || (is_below && !ent_plan_moves(move, above)) ||
	    has_ended(ent_plan_line_days(&move->tree, line).last, move->from)) {
		return false;
	}
	/* What is below a line that goes over as it is goes with it. */
	return !gone || (is_below && !move->anew && !has_begun(move, line));
}

static enum ent_line_proration named(enum ent_proration method)
{
	switch (method) {
	case ENT_PRORATION_ACTUAL_DAYS:
		break;
	case ENT_PRORATION_DAILY_ANNUAL:
		return ENT_LINE_PRORATION_DAILY_ANNUAL;
	case ENT_PRORATION_THIRTY_360:
		return ENT_LINE_PRORATION_THIRTY_360;
	}
	return ENT_LINE_PRORATION_ACTUAL_DAYS;
}

/* What it had from its contract stays what it was. */
static void keep_terms(const struct ent_plan_move *move, struct ent_contract_line *line)
{
	const struct ent_contract *from = move->tree.from->contract;
	if (line->proration == ENT_LINE_PRORATION_CONTRACT &&
	    from->proration != move->target->proration) {
		line->proration = named(from->proration);
	}
}

static struct ent_contract_line *go_over(struct ent_plan_move *move, size_t line)
{
	const struct ent_contract_line *old = &move->tree.from->lines[line];
	struct ent_plan_row *row = ent_plan_change(move->tree.plan, &ent_contract_line_type, old);
	struct ent_contract_line *after = row->after;
	struct ent_days days = ent_plan_line_days(&move->tree, line);
	bool late = days.first.day < move->from.day; /* of a draft */
	row->line_action = ENT_LINE_ACTION_CHANGE;
	after->contract_id = move->target->id;
	if (late) {
		after->starts_on = move->from;
	}
	keep_terms(move, after);
	move->tree.made[line] = after;
	return after;
}

/* Rows of its own for the times in which the line before is suspended. */
static struct ent_children suspend_alike(struct ent_children times, struct ent_arena *arena)
{
	const struct ent_line_suspension *from = times.items;
	struct ent_line_suspension *to = ENT_NEW(arena, struct ent_line_suspension, times.count);
	for (size_t i = 0; i < times.count; i++) {
		to[i] = from[i];
		to[i].id = ENT_ID_NONE;
		to[i].contract_line_id = ENT_ID_NONE;
	}
	return (struct ent_children){ to, times.count };
}

static struct ent_contract_line *begin_anew(struct ent_plan_move *move, size_t line)
{
	const struct ent_contract_line *old = &move->tree.from->lines[line];
	struct ent_days days = ent_plan_line_days(&move->tree, line);
	ent_date first = days.first.day < move->from.day ? move->from : days.first;
	struct ent_contract_line *made =
		ent_plan_copy_line(&move->tree, line, move->target, ENT_LINE_TYPE_AMEND);
	made->starts_on = first;
	made->ends_on = days.last;
	made->anchor_on = ent_date_is_none(old->anchor_on) ? days.first : old->anchor_on;
	made->split_from_id = old->id;
	made->cancelled_at = old->cancelled_at;
	made->suspensions = suspend_alike(old->suspensions, move->tree.plan->arena);
	made->asset_id = ent_plan_kept_asset(old->asset_id, move->foreign, &move->dropped);
	ent_plan_go_on_in_steps(move->tree.from, old, move->from, made, move->tree.plan->arena);
	keep_terms(move, made);
	if (days.first.day < move->from.day) {
		ent_plan_spare_what_was_paid(made);
	}
	return made;
}

static void move_line(struct ent_plan_move *move, size_t line)
{
	const struct ent_contract_line *old = &move->tree.from->lines[line];
	bool begun = has_begun(move, line);
	bool joined = move->instead != NULL && move->instead[line] != NULL &&
	              *move->instead[line] != NULL;
	if (joined) {
		move->tree.made[line] = *move->instead[line];
	} else if (begun || move->anew) {
		(void)begin_anew(move, line);
	} else {
		(void)go_over(move, line);
	}
	if (begun || move->anew) {
		ent_plan_cut_line(&move->tree, line, (ent_date){ move->from.day - 1 });
		struct ent_plan_row *row =
			ent_plan_change(move->tree.plan, &ent_contract_line_type, old);
		((struct ent_contract_line *)row->after)->ends_early = true;
	}
	ent_plan_link(move->tree.plan, &(struct ent_plan_link){
					       .kind = move->kind,
					       .from_contract = old->contract_id,
					       .from_line = old->id,
					       .to_contract = move->target->id,
					       .to_line = move->tree.made[line]->id,
					       .quantity = old->quantity,
				       });
}

/* ---- entitlements ---- */

/* Where it goes: *line is the line made, or none. False: it stays. */
static bool place_for(const struct ent_plan_move *move, ent_id line, ent_id *out)
{
	size_t at = ent_plan_tree_find(&move->tree, line);
	*out = ENT_ID_NONE;
	if (at == ENT_TREE_NONE) {
		return move->wholly && ent_id_is_none(line);
	}
	if (move->tree.made[at] != NULL) {
		*out = move->tree.made[at]->id;
	}
	return move->tree.made[at] != NULL;
}

static bool has_balance(const struct ent_entitlement *e)
{
	return e->unit != ENT_UNIT_NONE && !e->unlimited;
}

/* What is left of it, where units are granted once. */
static void keep_rest(const struct ent_entitlement *old, struct ent_entitlement *made)
{
	int64_t rest = old->ledger_granted - old->ledger_consumed;
	if (has_balance(old) && old->reset == ENT_RESET_NONE && old->stage == ENT_STAGE_LIVE) {
		made->total.n = rest > 0 ? rest : 0;
	}
}

static ent_id move_right(struct ent_plan_move *move, const struct ent_entitlement *old,
                         struct ent_error *error)
{
	struct ent_plan *plan = move->tree.plan;
	ent_id line;
	bool gone = old->stage == ENT_STAGE_CANCELLED || has_ended(old->ends_on, move->from) ||
	            ent_plan_is_cancelled(plan, old->cancelled_at, move->from);
	if (gone || !place_for(move, old->contract_line_id, &line)) {
		return ENT_ID_NONE;
	}
	bool later = move->from.day > plan->today.day;
	if (!move->anew && !later) {
		struct ent_entitlement *after =
			ent_plan_change(plan, &ent_entitlement_type, old)->after;
		after->contract_id = move->target->id;
		after->contract_line_id = line;
		return old->id;
	}
	if (later && has_balance(old)) {
		ent_note(error, ENT_E_BALANCE_LATER, "/effective_on", old->number,
		         "it has a balance: do it on the day itself");
		return ENT_ID_NONE;
	}
	struct ent_entitlement *made = ent_plan_copy_right(plan, old, move->target->id, line);
	made->account_id = move->target->account_id;
	bool begun = ent_date_is_none(old->starts_on) || old->starts_on.day < move->from.day;
	made->starts_on = begun ? move->from : old->starts_on;
	made->cancelled_at = old->cancelled_at;
	keep_rest(old, made);
	if (move->anew) {
		ent_plan_drop_people(made, &move->dropped);
		made->asset_id = ent_plan_kept_asset(old->asset_id, move->foreign, &move->dropped);
	}
	ent_plan_cut_right(plan, old, (ent_date){ move->from.day - 1 });
	return made->id;
}

/* ---- coverage ---- */

static void move_row(struct ent_plan_move *move, const struct ent_contract_coverage *old,
                     ent_id line, ent_id right)
{
	struct ent_days days = ent_plan_coverage_days(&move->tree, old);
	struct ent_contract_coverage row = *old;
	bool of_contract = !ent_id_is_none(old->contract_id);
	bool own = of_contract || !ent_date_is_none(old->ends_on);
	bool begun = ent_date_is_none(days.first) || days.first.day < move->from.day;
	row.contract_id = of_contract ? move->target->id : ENT_ID_NONE;
	row.contract_line_id = line;
	row.entitlement_id = right;
	row.account_id = move->target->account_id;
	row.starts_on = of_contract ? move->from : ENT_DATE_NONE;
	row.starts_on = begun ? row.starts_on : days.first;
	row.ends_on = own ? days.last : ENT_DATE_NONE;
	ent_plan_times_add(move->times, &row);
	ent_plan_cut_coverage(move->tree.plan, old, (ent_date){ move->from.day - 1 });
}

static void move_coverage(struct ent_plan_move *move, const ent_id *rights)
{
	const struct ent_holding *from = move->tree.from;
	for (size_t i = 0; i < from->coverage_count; i++) {
		const struct ent_contract_coverage *row = &from->coverage[i];
		size_t right = ent_plan_right_at(from, row->entitlement_id);
		size_t at = ent_plan_tree_find(&move->tree, row->contract_line_id);
		ent_id line;
		bool goes = right == ENT_TREE_NONE ? place_for(move, row->contract_line_id, &line)
		                                   : ent_plan_is_new(rights[right]);
		bool stays_with_line =
			at != ENT_TREE_NONE && goes && ent_id_eq(line, row->contract_line_id);
		if (!goes || stays_with_line ||
		    has_ended(ent_plan_coverage_days(&move->tree, row).last, move->from)) {
			continue;
		}
		if (!ent_id_is_none(row->asset_id) &&
		    ent_id_is_none(
			    ent_plan_kept_asset(row->asset_id, move->foreign, &move->dropped))) {
			continue;
		}
		line = right == ENT_TREE_NONE ? line : ENT_ID_NONE;
		move_row(move, row, line, right == ENT_TREE_NONE ? ENT_ID_NONE : rights[right]);
	}
}

void ent_plan_move(struct ent_plan_move *move, struct ent_error *error)
{
	const struct ent_holding *from = move->tree.from;
	struct ent_plan *plan = move->tree.plan;
	for (size_t i = 0; i < from->line_count; i++) {
		if (ent_plan_moves(move, i)) {
			move_line(move, i);
		}
	}
	ent_plan_keep_steps(plan, from, error);
	ent_plan_derive_from_made(&move->tree);
	ent_id *rights = ENT_NEW(plan->arena, ent_id, from->entitlement_count);
	for (size_t i = 0; i < from->entitlement_count; i++) {
		rights[i] = move_right(move, &from->entitlements[i], error);
	}
	bool is_alone = move->times == NULL;
	if (is_alone) {
		move->times = ENT_NEW(plan->arena, struct ent_plan_times, 1);
		*move->times = ent_plan_times_of(plan->arena, from->coverage_count);
	}
	move_coverage(move, rights);
	if (is_alone) {
		ent_plan_times_make(move->times, plan);
		move->times = NULL;
	}
}
