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
	return out;
}
