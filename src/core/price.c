#include "core/price_inner.h"

#include "base/text.h"

struct ent_price_line ent_price_line_empty(void)
{
	struct ent_price_line line;
	ent_type_clear(&ent_price_line_type, &line);
	return line;
}

struct ent_price_rules ent_price_rules_empty(void)
{
	struct ent_price_rules rules;
	ent_type_clear(&ent_price_rules_type, &rules);
	return rules;
}

int ent_price_digits(const struct ent_price_rules *rules)
{
	return rules->currency.ptr == NULL ? 2 : ent_currency_digits(rules->currency);
}

ent_date ent_price_line_until(const struct ent_price_line *line)
{
	ent_date until = ENT_DATE_NONE;
	if (!ent_date_is_none(line->ends_on)) {
		return (ent_date){ line->ends_on.day + 1 };
	}
	if (ent_date_is_none(line->starts_on) || ent_decimal_or(line->term, 0).micro <= 0 ||
	    !ent_price_term_end(line->starts_on, line->term, &until) ||
	    until.day <= line->starts_on.day) {
		return ENT_DATE_NONE;
	}
	return until;
}

struct ent_price_rate ent_price_line_rate(const struct ent_price_line *line)
{
	bool months = line->period == ENT_PERIOD_MONTHS;
	return (struct ent_price_rate){ line->period, months ? (int32_t)line->period_months.n : 0 };
}

ent_date ent_price_line_anchor(const struct ent_price_line *line)
{
	return ent_date_is_none(line->anchor) ? line->starts_on : line->anchor;
}

/* ---- what is given -------------------------------------------------------- */

void ent_price_check_rules(const struct ent_price_rules *rules, struct ent_error *error)
{
	ent_price_in_range(rules->discount_percent, ENT_PERCENT, "/discount_percent", error);
	if (ent_price_digits(rules) < 0) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/currency", rules->currency,
		         "give a currency of ISO 4217 like EUR");
	}
}

void ent_price_check(const struct ent_price_line *line, struct ent_error *error)
{
	ent_price_in_range(line->quantity, ENT_AMOUNT_MAX, "/quantity", error);
	ent_price_in_range(line->term, ENT_PRICE_MONTHS_MAX * ENT_MICRO, "/term", error);
	ent_price_in_range(line->ramp_percent, ENT_PRICE_MONTHS_MAX * ENT_MICRO, "/ramp_percent",
	                   error);
	ent_price_check_rate(line->period, line->period_months, error);
	bool dated = !ent_date_is_none(line->starts_on) && !ent_date_is_none(line->ends_on);
	if (dated && line->ends_on.day < line->starts_on.day) {
		ent_note(error, ENT_E_START_AFTER_END, "/ends_on", (ent_str){ NULL, 0 },
		         "end on the first day or later");
	}
	if (dated && line->ramp != ENT_RAMP_NONE &&
	    ent_date_add_months(line->starts_on, ENT_PRICE_MONTHS_MAX).day <= line->ends_on.day) {
		ent_note(error, ENT_E_RANGE, "/ends_on", (ent_str){ NULL, 0 },
		         "the steps of a ramp are within %d months", ENT_PRICE_MONTHS_MAX);
	}
	if (!ent_date_is_none(line->anchor) &&
	    (ent_date_is_none(line->starts_on) || line->anchor.day > line->starts_on.day)) {
		ent_note(error, ENT_E_RANGE, "/anchor", (ent_str){ NULL, 0 },
		         "count from the first day or an earlier one");
	}
	if (line->pricing_method == ENT_PRICING_ONE_TIME && line->ramp != ENT_RAMP_NONE) {
		ent_note(error, ENT_E_INVALID, "/ramp", (ent_str){ NULL, 0 },
		         "what is paid once has no steps");
	}
}

/* ---- a line ---------------------------------------------------------------- */

static bool times(ent_decimal unit, ent_decimal quantity, struct ent_fraction periods,
                  const struct ent_pricing *pricing, ent_decimal *out)
{
	ent_fraction_times(&periods, unit.micro, 1);
	ent_fraction_times(&periods, quantity.micro, ENT_MICRO);
	return ent_fraction_round(&periods, ENT_AMOUNT_DIGITS, pricing->rules->rounding, out);
}

enum ent_code ent_price_sum(const struct ent_price_line *line, ent_decimal unit,
                            ent_decimal quantity, struct ent_fraction periods,
                            const struct ent_pricing *pricing, struct ent_price_sums *out,
                            struct ent_error *error)
{
	struct ent_price_steps *steps = pricing->steps;
	struct ent_price_rate rate = ent_price_line_rate(line);
	ent_decimal all = { 0 };
	if ((steps != NULL && !times(unit, quantity, ent_fraction_of(1, 1), pricing, &all)) ||
	    !times(unit, quantity, ent_price_monthly(rate), pricing, &out->mrr) ||
	    !times(unit, quantity, ent_price_yearly(rate), pricing, &out->arr) ||
	    !times(unit, quantity, periods, pricing, &out->net)) {
		return ent_price_overflow(error, "/quantity");
	}
	ent_price_explain(steps, (struct ent_price_step){
					 ENT_STR("quantity"),
					 line->name,
					 unit,
					 all,
					 ent_price_factor(steps, "× ", quantity, ""),
				 });
	ent_price_explain(steps, (struct ent_price_step){
					 ENT_STR("term"),
					 line->name,
					 all,
					 out->net,
					 ent_price_factor_of(steps, "× ", periods),
				 });
	return ENT_OK;
}

static enum ent_code one_time(const struct ent_price_line *line, ent_decimal quantity,
                              const struct ent_pricing *pricing, struct ent_price_result *out,
                              struct ent_error *error)
{
	enum ent_code code = ent_price_unit(line, quantity, 0, pricing, &out->unit_price, error);
	if (code != ENT_OK) {
		return code;
	}
	if (!times(out->unit_price, quantity, ent_fraction_of(1, 1), pricing, &out->one_time)) {
		return ent_price_overflow(error, "/quantity");
	}
	out->net = out->one_time;
	ent_price_explain(pricing->steps,
	                  (struct ent_price_step){
				  ENT_STR("quantity"),
				  line->name,
				  out->unit_price,
				  out->net,
				  ent_price_factor(pricing->steps, "× ", quantity, ""),
			  });
	return ENT_OK;
}

static struct ent_fraction periods_of(const struct ent_price_line *line)
{
	ent_date until = ent_price_line_until(line);
	struct ent_price_rate rate = ent_price_line_rate(line);
	if (!ent_date_is_none(line->starts_on) && !ent_date_is_none(until)) {
		return ent_price_periods(rate, ent_price_line_anchor(line), line->starts_on, until,
		                         line->proration);
	}
	bool counts = ent_date_is_none(line->ends_on);
	ent_decimal term = counts ? ent_decimal_or(line->term, 0) : (ent_decimal){ 0 };
	return ent_price_periods_of(rate, term);
}

static enum ent_code level(const struct ent_price_line *line, ent_decimal quantity,
                           const struct ent_pricing *pricing, struct ent_price_result *out,
                           struct ent_error *error)
{
	struct ent_price_sums sums;
	enum ent_code code = ent_price_unit(line, quantity, 0, pricing, &out->unit_price, error);
	if (code == ENT_OK) {
		code = ent_price_sum(line, out->unit_price, quantity, periods_of(line), pricing,
		                     &sums, error);
	}
	if (code == ENT_OK) {
		out->mrr = sums.mrr;
		out->arr = sums.arr;
		out->net = sums.net;
	}
	return code;
}

/* The step in force on the day asked for; before the first one, the first. */
static const struct ent_price_segment *in_force(struct ent_children segments, ent_date on)
{
	const struct ent_price_segment *items = segments.items;
	size_t at = 0;
	while (!ent_date_is_none(on) && at + 1 < segments.count && items[at].ends_on.day < on.day) {
		at++;
	}
	return &items[at];
}

static enum ent_code ramped(const struct ent_price_line *line, ent_decimal quantity,
                            const struct ent_pricing *pricing, struct ent_price_result *out,
                            struct ent_error *error)
{
	struct ent_children segments;
	enum ent_code code = ent_price_steps_of(line, quantity, pricing, &segments, error);
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_price_segment *items = segments.items;
	const struct ent_price_segment *now = in_force(segments, pricing->rules->on);
	for (size_t i = 0; i < segments.count; i++) {
		if (!ent_amount_add(out->net, items[i].net, &out->net)) {
			return ent_price_overflow(error, "/quantity");
		}
	}
	out->quantity = now->quantity;
	out->unit_price = now->unit_price;
	out->mrr = now->mrr;
	if (!times(now->unit_price, now->quantity, ent_price_yearly(ent_price_line_rate(line)),
	           pricing, &out->arr)) {
		return ent_price_overflow(error, "/quantity");
	}
	return ENT_OK;
}

static bool is_in_force(const struct ent_price_line *line, ent_date on)
{
	if (ent_date_is_none(on)) {
		return true;
	}
	ent_date until = ent_price_line_until(line);
	bool begun = ent_date_is_none(line->starts_on) || line->starts_on.day <= on.day;
	return begun && (ent_date_is_none(until) || on.day < until.day);
}

enum ent_code ent_price_own_line(const struct ent_price_line *line, ent_decimal quantity,
                                 const struct ent_pricing *pricing, struct ent_price_result *out,
                                 struct ent_error *error)
{
	struct ent_price_result result = { .quantity = quantity };
	ent_price_check(line, error);
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	if (line->pricing_method == ENT_PRICING_ONE_TIME) {
		code = one_time(line, quantity, pricing, &result, error);
	} else if (line->ramp == ENT_RAMP_NONE) {
		code = level(line, quantity, pricing, &result, error);
	} else {
		code = ramped(line, quantity, pricing, &result, error);
	}
	bool counts = is_in_force(line, pricing->rules->on);
	result.total_one_time = result.one_time;
	result.total_mrr = counts ? result.mrr : (ent_decimal){ 0 };
	result.total_arr = counts ? result.arr : (ent_decimal){ 0 };
	result.total_net = result.net;
	*out = result;
	return code;
}

enum ent_code ent_price_own(const struct ent_price_line *line, ent_decimal quantity,
                            const struct ent_pricing *pricing, struct ent_price_result *out,
                            struct ent_error *error)
{
	ent_price_check_rules(pricing->rules, error);
	enum ent_code code = ent_noted(error);
	return code != ENT_OK ? code : ent_price_own_line(line, quantity, pricing, out, error);
}
