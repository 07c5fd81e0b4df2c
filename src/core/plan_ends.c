/* plan_ends.c - last days that move, and what moves with them. */
#include "core/plan_inner.h"
#include "core/plan_ramp.h"

#include "core/contract_check.h"

struct ent_plan_ends ent_plan_ends_begin(const struct ent_plan *plan,
                                         const struct ent_holding *holding, const char *pointer)
{
	return (struct ent_plan_ends){
		.moves = ENT_NEW(plan->arena, bool, holding->line_count),
		.to = ENT_NEW(plan->arena, ent_date, holding->line_count),
		.pointer = pointer,
	};
}

static int32_t last_of(ent_date date)
{
	return ent_date_is_none(date) ? INT32_MAX : date.day;
}

/* ---- lines ------------------------------------------------------------------------------ */

void ent_plan_end_line(struct ent_plan *plan, const struct ent_holding *holding,
                       const struct ent_contract_line *line, ent_date last)
{
	if (last_of(last) == last_of(line->ends_on)) {
		return;
	}
	struct ent_plan_row *row = ent_plan_change(plan, &ent_contract_line_type, line);
	struct ent_contract_line *after = row->after;
	enum ent_contract_state state = ent_holding_state(holding, line, plan->now, *plan->arena);
	bool sooner = last_of(last) < last_of(line->ends_on);
	after->ends_on = last;
	after->ends_early = sooner && (ent_contract_is_live(state) || line->ends_early);
}

/* What happens to something that ends on `end`, in what ends on `was` and will on `to`? */
static bool follows(ent_date end, ent_date was, ent_date to)
{
	bool longer = last_of(to) > last_of(was);
	return longer ? last_of(end) == last_of(was) : last_of(end) > last_of(to);
}

static void note_orphan(ent_str name, ent_date starts_on, const char *pointer,
                        struct ent_error *error)
{
	char room[11];
	ent_date_format(starts_on, room);
	ent_note(error, ENT_E_CHILD_DATES_ORPHANED, pointer, name,
	         "it begins on %s, after the new end: cancel it first", room);
}

struct mover {
	struct ent_plan *plan;
	const struct ent_holding *holding;
	struct ent_plan_ends ends; /* of the lines: with those that follow */
	struct ent_error *error;
};

static void check_named(const struct mover *m, const struct ent_contract_line *line, ent_date outer,
                        ent_date to)
{
	if (last_of(to) > last_of(outer)) {
		ent_note(m->error, ENT_E_DATE_OUTSIDE_PARENT, m->ends.pointer, line->number,
		         "what the line is in ends before that");
	} else if (last_of(to) > last_of(line->ends_on) &&
	           ent_plan_ramp_of(m->holding, line) != NULL) {
		ent_note(m->error, ENT_E_RAMP_EXTEND_FORBIDDEN, m->ends.pointer, line->number,
		         "a ramp cannot be made longer: renew the line");
	}
}

static void move_line(struct mover *m, size_t at)
{
	const struct ent_contract_line *line = &m->holding->lines[at];
	const struct ent_contract *contract = m->holding->contract;
	bool has_parent = !ent_id_is_none(line->parent_id);
	size_t parent = has_parent ? ent_holding_at(m->holding, line->parent_id) : 0;
	bool outer_moves = has_parent ? m->ends.moves[parent] : m->ends.moves_contract;
	ent_date was = has_parent ? m->holding->lines[parent].ends_on : contract->ends_on;
	ent_date outer = !outer_moves ? was : has_parent ? m->ends.to[parent] : m->ends.contract;
	if (m->ends.moves[at]) {
		check_named(m, line, outer, m->ends.to[at]);
	} else if (outer_moves && (has_parent || !m->ends.keeps_rest) &&
	           follows(line->ends_on, was, outer)) {
		bool longer = last_of(outer) > last_of(was);
		if (longer && line->ramp != ENT_RAMP_NONE) {
			ent_plan_warn(m->plan, "ramp_kept", ent_str_of(m->ends.pointer),
			              ent_text_format(m->plan->arena,
			                              "line %.*s has a ramp and keeps its end",
			                              (int)line->number.len, line->number.ptr));
			return;
		}
		m->ends.moves[at] = true;
		m->ends.to[at] = outer;
	}
	if (m->ends.moves[at] && line->starts_on.day > last_of(m->ends.to[at])) {
		note_orphan(line->number, line->starts_on, m->ends.pointer, m->error);
	} else if (m->ends.moves[at]) {
		ent_plan_end_line(m->plan, m->holding, line, m->ends.to[at]);
	}
}

/* ---- what is under contract and lines --------------------------------------------------- */

/* Does the last day of what it is in move? */
static bool outer_of(const struct mover *m, ent_id line, ent_date *was, ent_date *to)
{
	if (ent_id_is_none(line)) {
		*was = m->holding->contract->ends_on;
		*to = m->ends.contract;
		return m->ends.moves_contract && !m->ends.keeps_rest;
	}
	size_t at = ent_holding_at(m->holding, line);
	if (at == m->holding->line_count || !m->ends.moves[at]) {
		return false;
	}
	*was = m->holding->lines[at].ends_on;
	*to = m->ends.to[at];
	return true;
}

static void move_entitlement(struct mover *m, const struct ent_entitlement *e)
{
	ent_date was, to;
	bool moves = outer_of(m, e->contract_line_id, &was, &to) && follows(e->ends_on, was, to);
	if (!moves || e->stage == ENT_STAGE_CANCELLED) {
		return;
	}
	if (!ent_date_is_none(e->starts_on) && e->starts_on.day > last_of(to)) {
		note_orphan(e->number, e->starts_on, m->ends.pointer, m->error);
		return;
	}
	struct ent_plan_row *row = ent_plan_change(m->plan, &ent_entitlement_type, e);
	((struct ent_entitlement *)row->after)->ends_on = to;
}

static const struct ent_entitlement *entitlement_of(const struct ent_holding *holding, ent_id id)
{
	size_t low = 0;
	size_t high = holding->entitlement_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (holding->entitlements[middle].id.value < id.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	assert(low < holding->entitlement_count);
	return &holding->entitlements[low];
}

static void move_coverage(struct mover *m, const struct ent_contract_coverage *row)
{
	ent_date was, to;
	bool moves;
	if (!ent_id_is_none(row->entitlement_id)) {
		const struct ent_entitlement *e = entitlement_of(m->holding, row->entitlement_id);
		const struct ent_entitlement *after = ent_plan_after(m->plan, e);
		moves = after != e;
		was = e->ends_on;
		to = after->ends_on;
	} else {
		moves = outer_of(m, row->contract_line_id, &was, &to);
	}
	if (!moves || ent_date_is_none(row->ends_on) || !follows(row->ends_on, was, to)) {
		return;
	}
	if (!ent_date_is_none(row->starts_on) && row->starts_on.day > last_of(to)) {
		note_orphan(ENT_STR("coverage"), row->starts_on, m->ends.pointer, m->error);
		return;
	}
	struct ent_plan_row *change = ent_plan_change(m->plan, &ent_contract_coverage_type, row);
	((struct ent_contract_coverage *)change->after)->ends_on = to;
}

/* ---- the contract ----------------------------------------------------------------------- */

static void move_contract(struct mover *m)
{
	const struct ent_contract *before = m->holding->contract;
	struct ent_plan_row *row = ent_plan_change(m->plan, &ent_contract_type, before);
	struct ent_contract *after = row->after;
	enum ent_contract_state state =
		ent_holding_state(m->holding, NULL, m->plan->now, *m->plan->arena);
	bool sooner = last_of(m->ends.contract) < last_of(before->ends_on);
	if (last_of(m->ends.contract) < before->starts_on.day) {
		ent_note(m->error, ENT_E_DATE_ORDER, m->ends.pointer, before->number,
		         "the contract begins after that: cancel it");
	}
	after->ends_on = m->ends.contract;
	after->term = ent_contract_term(after->starts_on, after->ends_on);
	after->ends_early = sooner && (ent_contract_is_live(state) || before->ends_early);
}

void ent_plan_ends_move(struct ent_plan *plan, const struct ent_holding *holding,
                        const struct ent_plan_ends *ends, struct ent_error *error)
{
	struct mover m = { .plan = plan, .holding = holding, .ends = *ends, .error = error };
	if (ends->moves_contract) {
		move_contract(&m);
	}
	for (size_t i = 0; i < holding->line_count; i++) {
		move_line(&m, i);
	}
	ent_plan_keep_steps(plan, holding, error);
	for (size_t i = 0; i < holding->entitlement_count; i++) {
		move_entitlement(&m, &holding->entitlements[i]);
	}
	for (size_t i = 0; i < holding->coverage_count; i++) {
		move_coverage(&m, &holding->coverage[i]);
	}
}
