#include "core/plan_split.h"

#include "core/plan_ramp.h"
#include "core/price_amount.h"

static int32_t last_of(ent_date date)
{
	return ent_date_is_none(date) ? INT32_MAX : date.day;
}

/* ---- what is where ---------------------------------------------------------------------- */

static size_t *nowhere(struct ent_arena *arena, size_t count)
{
	size_t *places = ENT_NEW(arena, size_t, count);
	for (size_t i = 0; i < count; i++) {
		places[i] = SIZE_MAX;
	}
	return places;
}

/* Put `item` at the head of the list of the line; lists are filled from the end. */
static void hang(const struct ent_holding *holding, ent_id line, size_t *first, size_t *next,
                 size_t item)
{
	size_t at = ent_id_is_none(line) ? holding->line_count : ent_holding_at(holding, line);
	if (at < holding->line_count) {
		next[item] = first[at];
		first[at] = item;
	}
}

static struct ent_plan_index index_of(struct ent_arena *arena, const struct ent_holding *holding)
{
	struct ent_plan_index index = {
		.child = nowhere(arena, holding->line_count),
		.sibling = nowhere(arena, holding->line_count),
		.cover = nowhere(arena, holding->line_count),
		.next_cover = nowhere(arena, holding->coverage_count),
		.right = nowhere(arena, holding->line_count),
		.next_right = nowhere(arena, holding->entitlement_count),
	};
	for (size_t i = holding->line_count; i > 0; i--) {
		hang(holding, holding->lines[i - 1].parent_id, index.child, index.sibling, i - 1);
	}
	for (size_t i = holding->coverage_count; i > 0; i--) {
		hang(holding, holding->coverage[i - 1].contract_line_id, index.cover,
		     index.next_cover, i - 1);
	}
	for (size_t i = holding->entitlement_count; i > 0; i--) {
		hang(holding, holding->entitlements[i - 1].contract_line_id, index.right,
		     index.next_right, i - 1);
	}
	return index;
}

struct ent_plan_split ent_plan_split_begin(struct ent_plan *plan, const struct ent_holding *holding,
                                           struct ent_error *error)
{
	return (struct ent_plan_split){
		.plan = plan,
		.holding = holding,
		.index = index_of(plan->arena, holding),
		.ends = ent_plan_ends_begin(plan, holding, "/effective_on"),
		.named = ENT_NEW(plan->arena, bool, holding->line_count),
		.holds = ENT_NEW(plan->arena, bool, holding->line_count),
		.error = error,
	};
}

void ent_plan_say(struct ent_plan *plan, const struct ent_contract_line *line,
                  enum ent_line_type type, enum ent_line_action action)
{
	struct ent_plan_row *row = ent_plan_change(plan, &ent_contract_line_type, line);
	row->line_type = type;
	row->line_action = action;
}

/* In force it is cancelled, before its first day only amended: servicenow 3.7. */
static void say_ended(struct ent_plan_split *s, const struct ent_contract_line *line)
{
	const struct ent_contract_line *after = ent_plan_after(s->plan, line);
	ent_plan_say(s->plan, line, after->ends_early ? ENT_LINE_TYPE_CANCEL : ENT_LINE_TYPE_AMEND,
	             ENT_LINE_ACTION_CHANGE);
}

void ent_plan_split_end(struct ent_plan_split *s)
{
	size_t count = s->plan->count;
	ent_plan_ends_move(s->plan, s->holding, &s->ends, s->error);
	for (size_t i = 0; i < s->holding->line_count; i++) {
		size_t row = ent_plan_row_of(s->plan, &s->holding->lines[i]);
		if (s->ends.moves[i] || (row != SIZE_MAX && row >= count)) {
			const struct ent_contract_line *line = &s->holding->lines[i];
			const struct ent_contract_line *after = ent_plan_after(s->plan, line);
			if (last_of(after->ends_on) < last_of(line->ends_on)) {
				say_ended(s, line);
			} else {
				ent_plan_say(s->plan, line, ENT_LINE_TYPE_AMEND,
				             ENT_LINE_ACTION_CHANGE);
			}
		}
	}
}

void ent_plan_cut(struct ent_plan_split *s, size_t at, ent_date from)
{
	const struct ent_contract_line *line = &s->holding->lines[at];
	ent_plan_end_line(s->plan, s->holding, line, (ent_date){ from.day - 1 });
	say_ended(s, line);
}

void ent_plan_spare_what_was_paid(struct ent_contract_line *made)
{
	if (made->pricing_method == ENT_PRICING_ONE_TIME) {
		made->unit_price = ENT_MONEY_NONE;
		made->list_price = ENT_MONEY_NONE;
		made->adjustments = (struct ent_children){ NULL, 0 };
	}
}

/* ---- one more line ---------------------------------------------------------------------- */

static struct ent_contract_line *make_line(struct ent_plan_split *s, size_t at, ent_date from,
                                           ent_decimal quantity,
                                           const struct ent_contract_line *above)
{
	const struct ent_contract_line *line = &s->holding->lines[at];
	struct ent_plan_row *row = ent_plan_make(s->plan, &ent_contract_line_type, line);
	struct ent_contract_line *made = row->after;
	row->line_type = ENT_LINE_TYPE_AMEND;
	row->line_action = ENT_LINE_ACTION_ADD;
	made->parent_id = above == NULL ? ENT_ID_NONE : above->id;
	made->root_id = above == NULL ? made->id : above->root_id;
	made->quantity = quantity;
	made->split_from_id = line->id;
	made->anchor_on = ent_date_is_none(line->anchor_on) ? line->starts_on : line->anchor_on;
	made->cancelled_at = line->cancelled_at;
	if (made->starts_on.day < from.day) {
		made->starts_on = from;
	}
	ent_plan_go_on_in_steps(s->holding, line, from, made, s->plan->arena);
	ent_plan_link(s->plan, &(struct ent_plan_link){ .kind = ENT_LINK_SPLIT,
	                                                .from_contract = line->contract_id,
	                                                .from_line = line->id,
	                                                .to_contract = line->contract_id,
	                                                .to_line = made->id,
	                                                .quantity = quantity });
	return made;
}

/* It is in the place of the line that it is split from. */
static struct ent_contract_line *make_beside(struct ent_plan_split *s, size_t at, ent_date from,
                                             ent_decimal quantity)
{
	ent_id parent = s->holding->lines[at].parent_id;
	bool is_root = ent_id_is_none(parent);
	return make_line(s, at, from, quantity,
	                 is_root ? NULL : &s->holding->lines[ent_holding_at(s->holding, parent)]);
}

static bool is_over(const struct ent_plan_split *s, const struct ent_contract_line *line,
                    ent_date from)
{
	return last_of(line->ends_on) < from.day ||
	       ent_plan_is_cancelled(s->plan, line->cancelled_at, from);
}

/* Those below that are for each one of it; others are there once already. */
static void copy_per_parent(struct ent_plan_split *s, size_t at, ent_date from,
                            const struct ent_contract_line *above)
{
	for (size_t i = s->index.child[at]; i != SIZE_MAX; i = s->index.sibling[i]) {
		const struct ent_contract_line *line = &s->holding->lines[i];
		if (line->per_parent && !is_over(s, line, from)) {
			copy_per_parent(s, i, from, make_line(s, i, from, line->quantity, above));
		}
	}
}

struct ent_contract_line *ent_plan_add_beside(struct ent_plan_split *s, size_t at, ent_date from,
                                              ent_decimal quantity, bool below)
{
	struct ent_contract_line *made = make_beside(s, at, from, quantity);
	if (below) {
		copy_per_parent(s, at, from, made);
	}
	return made;
}

/* ---- one instead ------------------------------------------------------------------------ */

/* Coverage stays with the old line for its days, and is with the new one for all: before its
 * first day the line itself is not in force. */
static void copy_coverage(struct ent_plan_split *s, size_t at, ent_date from, ent_id to)
{
	for (size_t i = s->index.cover[at]; i != SIZE_MAX; i = s->index.next_cover[i]) {
		const struct ent_contract_coverage *row = &s->holding->coverage[i];
		bool begins_later =
			!ent_date_is_none(row->starts_on) && row->starts_on.day >= from.day;
		if (begins_later) {
			struct ent_plan_row *moved =
				ent_plan_change(s->plan, &ent_contract_coverage_type, row);
			((struct ent_contract_coverage *)moved->after)->contract_line_id = to;
			continue;
		}
		if (last_of(row->ends_on) < from.day) {
			continue;
		}
		struct ent_contract_coverage *made =
			ent_plan_make(s->plan, &ent_contract_coverage_type, row)->after;
		made->contract_line_id = to;
		made->starts_on = ENT_DATE_NONE;
		if (!ent_date_is_none(row->ends_on)) {
			struct ent_plan_row *cut =
				ent_plan_change(s->plan, &ent_contract_coverage_type, row);
			((struct ent_contract_coverage *)cut->after)->ends_on =
				(ent_date){ from.day - 1 };
		}
	}
}

/* An entitlement goes on under the new line, with its balance: there is one of it, always. */
static void move_rights(struct ent_plan_split *s, size_t at, ent_date from, ent_id to)
{
	for (size_t i = s->index.right[at]; i != SIZE_MAX; i = s->index.next_right[i]) {
		const struct ent_entitlement *e = &s->holding->entitlements[i];
		if (last_of(e->ends_on) >= from.day) {
			struct ent_plan_row *row =
				ent_plan_change(s->plan, &ent_entitlement_type, e);
			((struct ent_entitlement *)row->after)->contract_line_id = to;
		}
	}
}

static void go_over(struct ent_plan_split *s, size_t at, ent_date from,
                    const struct ent_contract_line *above);

static void replace_below(struct ent_plan_split *s, size_t at, ent_date from,
                          const struct ent_contract_line *above)
{
	const struct ent_contract_line *line = &s->holding->lines[at];
	if (is_over(s, line, from)) {
		return;
	}
	if (line->starts_on.day >= from.day) {
		ent_note(s->error, ENT_E_CHILD_DATES_ORPHANED, s->ends.pointer, line->number,
		         "it begins after the line above is changed: cancel it first");
		return;
	}
	if (line->ramp != ENT_RAMP_NONE) {
		ent_note(s->error, ENT_E_RAMP_QTY_LOCKED, s->ends.pointer, line->number,
		         "a line below has a ramp, which cannot be divided");
		return;
	}
	ent_plan_cut(s, at, from);
	struct ent_contract_line *made = make_line(s, at, from, line->quantity, above);
	ent_plan_spare_what_was_paid(made);
	copy_coverage(s, at, from, made->id);
	move_rights(s, at, from, made->id);
	go_over(s, at, from, made);
}

/* All below the line at `at` go on below `above`. */
static void go_over(struct ent_plan_split *s, size_t at, ent_date from,
                    const struct ent_contract_line *above)
{
	for (size_t i = s->index.child[at]; i != SIZE_MAX; i = s->index.sibling[i]) {
		replace_below(s, i, from, above);
	}
}

struct ent_contract_line *ent_plan_replace(struct ent_plan_split *s, size_t at, ent_date from,
                                           ent_decimal quantity)
{
	ent_plan_cut(s, at, from);
	struct ent_contract_line *made = make_beside(s, at, from, quantity);
	copy_coverage(s, at, from, made->id);
	move_rights(s, at, from, made->id);
	go_over(s, at, from, made);
	return made;
}

/* How many of a line there are, those of the lines above counted in. */
static ent_decimal counted(const struct ent_holding *holding, size_t at)
{
	const struct ent_contract_line *line = &holding->lines[at];
	ent_decimal all = ent_decimal_or(line->quantity, ENT_MICRO);
	if (line->per_parent && !ent_id_is_none(line->parent_id)) {
		size_t above = ent_holding_at(holding, line->parent_id);
		bool fits = ent_amount_scale(all, counted(holding, above).micro, ENT_MICRO,
		                             ENT_ROUND_HALF_AWAY, &all);
		assert(fits); /* it had a price */
		(void)fits;
	}
	return all;
}

void ent_plan_keep_counted(struct ent_plan_split *s, size_t at, ent_date from)
{
	for (size_t i = s->index.child[at]; i != SIZE_MAX; i = s->index.sibling[i]) {
		const struct ent_contract_line *line = &s->holding->lines[i];
		if (!line->per_parent || line->starts_on.day >= from.day) {
			continue;
		}
		if (line->pricing_method == ENT_PRICING_ONE_TIME) {
			ent_plan_keep_counted(s, i, from);
			continue;
		}
		if (is_over(s, line, from)) {
			ent_plan_say(s->plan, line, ENT_LINE_TYPE_AMEND, ENT_LINE_ACTION_CHANGE);
		} else {
			replace_below(s, i, from, &s->holding->lines[at]);
		}
		struct ent_contract_line *after =
			ent_plan_change(s->plan, &ent_contract_line_type, line)->after;
		after->quantity = counted(s->holding, i);
		after->per_parent = false;
	}
}

/* ---- none instead ----------------------------------------------------------------------- */

static void cancel_rights(struct ent_plan_split *s, size_t at, ent_instant when)
{
	for (size_t i = s->index.right[at]; i != SIZE_MAX; i = s->index.next_right[i]) {
		ent_plan_cancel_right(s->plan, &s->holding->entitlements[i], when);
	}
	for (size_t i = s->index.child[at]; i != SIZE_MAX; i = s->index.sibling[i]) {
		cancel_rights(s, i, when);
	}
}

void ent_plan_end_tree(struct ent_plan_split *s, size_t at, ent_date from)
{
	const struct ent_contract_line *line = &s->holding->lines[at];
	if (line->starts_on.day < from.day) {
		s->ends.moves[at] = true;
		s->ends.to[at] = (ent_date){ from.day - 1 };
		return;
	}
	ent_instant when = from.day <= s->plan->today.day
	                           ? s->plan->now
	                           : ent_zone_day_begins(s->plan->zone, from);
	struct ent_plan_row *row = ent_plan_change(s->plan, &ent_contract_line_type, line);
	((struct ent_contract_line *)row->after)->cancelled_at = when;
	row->line_type = ENT_LINE_TYPE_CANCEL;
	row->line_action = ENT_LINE_ACTION_CHANGE;
	cancel_rights(s, at, when);
}
