#include "core/plan_ramp.h"

#include "core/contract_check.h"
#include "core/contract_price.h"

#include <string.h>

static const struct ent_contract_line *above(const struct ent_holding *holding,
                                             const struct ent_contract_line *line)
{
	bool is_root = ent_id_is_none(line->parent_id);
	size_t at = is_root ? holding->line_count : ent_holding_at(holding, line->parent_id);
	return at < holding->line_count ? &holding->lines[at] : NULL;
}

const struct ent_contract_line *ent_plan_ramp_of(const struct ent_holding *holding,
                                                 const struct ent_contract_line *line)
{
	while (line != NULL && line->pricing_method == ENT_PRICING_RECURRING &&
	       line->ramp == ENT_RAMP_NONE) {
		line = above(holding, line);
	}
	return line != NULL && line->ramp != ENT_RAMP_NONE ? line : NULL;
}

/* `line` is in the place of `stored`, maybe with another price. */
static struct ent_price_line given(const struct ent_holding *holding,
                                   const struct ent_contract_line *stored,
                                   const struct ent_contract_line *line, struct ent_arena *arena)
{
	const struct ent_contract_line *outer =
		stored->ramp == ENT_RAMP_NONE ? above(holding, stored) : NULL;
	if (outer == NULL) {
		return ent_price_line_of(holding->contract, NULL, line, arena);
	}
	struct ent_price_line parent = given(holding, outer, outer, arena);
	return ent_price_line_of(holding->contract, &parent, line, arena);
}

struct ent_price_line ent_plan_given(const struct ent_holding *holding,
                                     const struct ent_contract_line *line, struct ent_arena *arena)
{
	return given(holding, line, line, arena);
}

/* By how much a step raises the price upon the one before, for lines that go by it. */
static ent_decimal raise_at(const struct ent_price_line *line,
                            const struct ent_price_segment *steps, size_t at, int64_t *raises)
{
	ent_decimal raise = line->ramp_percent;
	bool is_raised = at > 0 && steps[at].unit_price.micro != steps[at - 1].unit_price.micro;
	if (line->ramp == ENT_RAMP_CUSTOM || ent_decimal_is_none(raise)) {
		return line->ramp == ENT_RAMP_CUSTOM ? steps[at].percent : raise;
	}
	if (!is_raised) {
		return (ent_decimal){ 0 };
	}
	int64_t gone = (*raises)++;
	bool fits = line->ramp_increase == ENT_RAMP_COMPOUND ||
	            ent_amount_scale(raise, ENT_PERCENT, ENT_PERCENT + gone * raise.micro,
	                             ENT_ROUND_HALF_AWAY, &raise);
	return fits ? raise : ENT_DECIMAL_NONE;
}

/* The quantity of the step that was given; none: as many as the line says. */
static ent_decimal quantity_at(const struct ent_price_line *line, ent_date starts_on)
{
	const struct ent_price_segment *rows = line->ramp_segments.items;
	for (size_t i = 0; i < line->ramp_segments.count; i++) {
		if (rows[i].starts_on.day == starts_on.day) {
			return rows[i].quantity;
		}
	}
	return ENT_DECIMAL_NONE;
}

static struct ent_children fit(const struct ent_holding *holding, const struct ent_price_line *line,
                               struct ent_children steps, struct ent_days days,
                               struct ent_arena *arena)
{
	const struct ent_price_segment *old = steps.items;
	struct ent_ramp_segment *rows = ENT_NEW(arena, struct ent_ramp_segment, steps.count);
	ent_str currency = holding->contract->currency;
	int64_t raises = 0;
	size_t count = 0;
	for (size_t i = 0; i < steps.count; i++) {
		ent_decimal raise = raise_at(line, old, i, &raises);
		bool is_late = !ent_date_is_none(days.last) && old[i].starts_on.day > days.last.day;
		if (is_late || old[i].ends_on.day < days.first.day) {
			continue;
		}
		struct ent_ramp_segment *row = &rows[count++];
		ent_type_clear(&ent_ramp_segment_type, row);
		row->starts_on = count == 1 ? days.first : old[i].starts_on;
		row->ends_on = old[i].ends_on;
		row->quantity = quantity_at(line, old[i].starts_on);
		row->percent = count == 1 ? ENT_DECIMAL_NONE : raise;
		row->unit_price.micro = old[i].unit_price.micro;
		memcpy(row->unit_price.currency, currency.ptr, currency.len < 3 ? currency.len : 3);
	}
	if (count > 0) {
		rows[count - 1].ends_on = days.last;
	}
	return (struct ent_children){ rows, count };
}

/* What is a share of others, or has no price, has no steps of its own. */
static bool has_steps(const struct ent_contract_line *line)
{
	bool priced = line->unit_price.currency[0] != '\0' || line->list_price.currency[0] != '\0';
	return line->ramp != ENT_RAMP_NONE ||
	       (priced && ent_decimal_is_none(line->derived_percent));
}

/* Give `after` those steps of the line that are in its days. False: they cannot be told. */
static bool keep(const struct ent_holding *holding, const struct ent_contract_line *line,
                 struct ent_contract_line *after, struct ent_arena *arena)
{
	struct ent_price_rules rules = ent_price_rules_of(holding->contract, ENT_DATE_NONE);
	struct ent_pricing pricing = { &rules, arena, NULL };
	struct ent_contract_line whole = *after;
	struct ent_children steps;
	struct ent_error error;
	ent_error_clear(&error);
	whole.starts_on = line->starts_on;
	whole.ends_on = line->ends_on;
	whole.anchor_on = line->anchor_on;
	whole.ramp = line->ramp;
	whole.ramp_percent = line->ramp_percent;
	whole.ramp_segments = line->ramp_segments;
	if (!has_steps(&whole)) {
		return true;
	}
	struct ent_price_line priced = given(holding, line, &whole, arena);
	struct ent_days days = { after->starts_on, after->ends_on };
	days.first = ent_date_is_none(days.first) ? priced.starts_on : days.first;
	days.last = ent_date_is_none(days.last) ? priced.ends_on : days.last;
	if (ent_date_is_none(priced.ends_on)) {
		priced.ends_on.day = ent_price_horizon(priced.starts_on).day - 1;
	}
	if (ent_price_ramp(&priced, &pricing, &steps, &error) != ENT_OK) {
		return false;
	}
	after->ramp = ENT_RAMP_CUSTOM;
	after->ramp_percent = ENT_DECIMAL_NONE;
	after->ramp_segments = fit(holding, &priced, steps, days, arena);
	return true;
}

void ent_plan_go_on_in_steps(const struct ent_holding *holding,
                             const struct ent_contract_line *line, ent_date from,
                             struct ent_contract_line *after, struct ent_arena *arena)
{
	const struct ent_contract_line *ramp = ent_plan_ramp_of(holding, line);
	ent_date first = ramp == NULL ? from : ramp->starts_on;
	first = ent_date_is_none(first) ? holding->contract->starts_on : first;
	if (first.day < from.day) {
		(void)keep(holding, line, after, arena);
	}
}

static bool has_other_days(const struct ent_plan *plan, const struct ent_contract_line *line)
{
	const struct ent_contract_line *after = ent_plan_after(plan, line);
	return after->starts_on.day != line->starts_on.day ||
	       after->ends_on.day != line->ends_on.day;
}

void ent_plan_keep_steps(struct ent_plan *plan, const struct ent_holding *holding,
                         struct ent_error *error)
{
	for (size_t i = 0; i < holding->line_count; i++) {
		const struct ent_contract_line *line = &holding->lines[i];
		const struct ent_contract_line *ramp = ent_plan_ramp_of(holding, line);
		const struct ent_contract_line *after = ent_plan_after(plan, line);
		if (ramp == NULL || after->cancelled_at.us != line->cancelled_at.us ||
		    (!has_other_days(plan, line) && !has_other_days(plan, ramp))) {
			continue;
		}
		struct ent_plan_row *row = ent_plan_change(plan, &ent_contract_line_type, line);
		if (!keep(holding, line, row->after, plan->arena)) {
			ent_note(error, ENT_E_RAMP_SEGMENTS, "", line->number,
			         "the steps of its ramp cannot be told");
		}
	}
}
