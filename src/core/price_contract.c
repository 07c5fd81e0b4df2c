#include "core/price_contract.h"

struct ent_price_rules ent_price_rules_of(const struct ent_contract *contract, ent_date on)
{
	struct ent_price_rules rules = ent_price_rules_empty();
	if (contract->currency.len > 0) {
		rules.currency = contract->currency;
	}
	rules.discount_percent = contract->discount_percent;
	rules.discount_mode = contract->discount_mode;
	rules.on = on;
	return rules;
}

static ent_decimal amount_of(ent_money money)
{
	return money.currency[0] == '\0' ? ENT_DECIMAL_NONE : (ent_decimal){ money.micro };
}

static enum ent_proration proration_of(const struct ent_contract *contract,
                                       const struct ent_contract_line *line)
{
	switch (line->proration) {
	case ENT_LINE_PRORATION_CONTRACT:
		break;
	case ENT_LINE_PRORATION_ACTUAL_DAYS:
		return ENT_PRORATION_ACTUAL_DAYS;
	case ENT_LINE_PRORATION_DAILY_ANNUAL:
		return ENT_PRORATION_DAILY_ANNUAL;
	case ENT_LINE_PRORATION_THIRTY_360:
		return ENT_PRORATION_THIRTY_360;
	}
	return contract->proration;
}

static struct ent_children segments_of(struct ent_children stored, struct ent_arena *arena)
{
	const struct ent_ramp_segment *from = stored.items;
	struct ent_price_segment *to = ENT_NEW(arena, struct ent_price_segment, stored.count);
	for (size_t i = 0; i < stored.count; i++) {
		ent_type_clear(&ent_price_segment_type, &to[i]);
		to[i].starts_on = from[i].starts_on;
		to[i].ends_on = from[i].ends_on;
		to[i].quantity = from[i].quantity;
		to[i].unit_price = amount_of(from[i].unit_price);
		to[i].percent = from[i].percent;
	}
	return (struct ent_children){ to, stored.count };
}

/* A line below a ramp goes with it: the same raises, of a custom one on the same days. */
static void inherit_ramp(const struct ent_price_line *above, struct ent_price_line *line,
                         struct ent_arena *arena)
{
	const struct ent_price_segment *from = above->ramp_segments.items;
	size_t room = above->ramp == ENT_RAMP_CUSTOM ? above->ramp_segments.count : 0;
	struct ent_price_segment *to = ENT_NEW(arena, struct ent_price_segment, room);
	size_t count = 0;
	for (size_t i = 0; i < room; i++) {
		bool is_over = i + 1 < room && from[i + 1].starts_on.day <= line->starts_on.day;
		bool is_late = !ent_date_is_none(line->ends_on) &&
		               from[i].starts_on.day > line->ends_on.day;
		if (is_over || is_late) {
			continue;
		}
		ent_type_clear(&ent_price_segment_type, &to[count]);
		to[count].starts_on = count == 0 ? line->starts_on : from[i].starts_on;
		to[count].percent = from[i].percent;
		if (line->per_parent && !ent_decimal_is_none(from[i].quantity) &&
		    !ent_amount_scale(from[i].quantity,
		                      ent_decimal_or(line->quantity, ENT_MICRO).micro, ENT_MICRO,
		                      ENT_ROUND_HALF_AWAY, &to[count].quantity)) {
			to[count].quantity = ENT_DECIMAL_NONE;
		}
		count++;
	}
	line->ramp = above->ramp;
	line->ramp_percent = above->ramp_percent;
	line->ramp_increase = above->ramp_increase;
	line->ramp_segments = (struct ent_children){ to, count };
}

struct ent_price_line ent_price_line_of(const struct ent_contract *contract,
                                        const struct ent_price_line *above,
                                        const struct ent_contract_line *line,
                                        struct ent_arena *arena)
{
	struct ent_price_line out = ent_price_line_empty();
	ent_date starts_on = above == NULL ? contract->starts_on : above->starts_on;
	ent_date ends_on = above == NULL ? contract->ends_on : above->ends_on;
	out.name = line->name;
	out.quantity = line->quantity;
	out.per_parent = line->per_parent;
	out.pricing_method = line->pricing_method;
	out.period = line->period;
	out.period_months = line->period_months;
	out.list_price = amount_of(line->list_price);
	out.unit_price = amount_of(line->unit_price);
	out.proration = proration_of(contract, line);
	out.starts_on = ent_date_is_none(line->starts_on) ? starts_on : line->starts_on;
	out.ends_on = ent_date_is_none(line->ends_on) ? ends_on : line->ends_on;
	if (line->anchor_on.day <= out.starts_on.day) {
		out.anchor = line->anchor_on;
	}
	out.adjustments = line->adjustments;
	out.ramp = line->ramp;
	out.ramp_percent = line->ramp_percent;
	out.ramp_increase = line->ramp_increase;
	if (line->ramp_segments.count > 0) {
		out.ramp_segments = segments_of(line->ramp_segments, arena);
	}
	bool recurs = out.pricing_method == ENT_PRICING_RECURRING;
	if (above != NULL && recurs && out.ramp == ENT_RAMP_NONE && above->ramp != ENT_RAMP_NONE) {
		inherit_ramp(above, &out, arena);
	}
	return out;
}
