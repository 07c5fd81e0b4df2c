/* Prices that go in steps: which steps there are, and what each costs. */
#include "core/price_inner.h"

#include "base/text.h"

enum { QUARTER = 3, YEAR = 12 };

static int32_t whole_months(ent_date from, ent_date until)
{
	struct ent_fraction months = ent_price_months(from, until, ENT_PRORATION_ACTUAL_DAYS);
	return (int32_t)(months.num / months.den);
}

static struct ent_price_segment segment_of(ent_date from, ent_date until)
{
	return (struct ent_price_segment){
		.starts_on = from,
		.ends_on = { until.day - 1 },
		.quantity = ENT_DECIMAL_NONE,
		.unit_price = ENT_DECIMAL_NONE,
		.percent = ENT_DECIMAL_NONE,
	};
}

/* ---- which steps there are ------------------------------------------------ */

/* Where step k of n begins, 0 < k < n. Of a term in whole months it is counted from the start,
 * so that it stays on its day; else from the end, so that only the first one is a part. */
static ent_date boundary(ent_date start, ent_date until, int32_t step, int32_t n, int32_t k)
{
	int32_t months = whole_months(start, until);
	if (ent_date_add_months(start, months).day == until.day) {
		return ent_date_add_months(start, months - step * (n - k));
	}
	ent_date date = ent_date_add_months(until, -step * (n - k));
	return date.day > start.day ? date : (ent_date){ start.day + 1 };
}

static struct ent_children make_steps(ent_date start, ent_date until, int32_t step,
                                      struct ent_arena *arena)
{
	int32_t months = whole_months(start, until);
	bool whole = ent_date_add_months(start, months).day == until.day;
	int32_t n = whole ? (months + step - 1) / step : months / step + 1;
	struct ent_price_segment *items = ENT_NEW(arena, struct ent_price_segment, (size_t)n);
	ent_date from = start;
	for (int32_t k = 0; k < n; k++) {
		bool last = k + 1 == n;
		ent_date next = last ? until : boundary(start, until, step, n, k + 1);
		items[k] = segment_of(from, next);
		from = next;
	}
	return (struct ent_children){ items, (size_t)n };
}

/* ---- steps that are given ------------------------------------------------- */

static enum ent_code refuse(const struct ent_pricing *pricing, size_t at, const char *member,
                            const char *remedy, ent_date date, struct ent_error *error)
{
	struct ent_arena scratch = *pricing->arena;
	char shown[11];
	ent_date_format(date, shown);
	ent_str pointer = ent_text_format(&scratch, "/ramp_segments/%zu/%s", at, member);
	return ent_refuse(error, ENT_E_INVALID, pointer.ptr, (ent_str){ NULL, 0 }, "%s %s", remedy,
	                  shown);
}

/* Quantities and prices in place of what follows from the line. */
static void lay_over(struct ent_price_segment *segment, const struct ent_price_segment *given)
{
	segment->quantity = given->quantity;
	segment->unit_price = given->unit_price;
	segment->percent = given->percent;
}

/* Each given one is one of those that there are, both in order. */
static enum ent_code match(const struct ent_price_line *line, const struct ent_pricing *pricing,
                           struct ent_children segments, struct ent_error *error)
{
	const struct ent_price_segment *given = line->ramp_segments.items;
	struct ent_price_segment *items = segments.items;
	size_t k = 0;
	for (size_t i = 0; i < line->ramp_segments.count; i++) {
		while (k < segments.count && items[k].starts_on.day < given[i].starts_on.day) {
			k++;
		}
		if (k == segments.count || items[k].starts_on.day != given[i].starts_on.day) {
			return refuse(pricing, i, "starts_on", "in order; no step begins on",
			              given[i].starts_on, error);
		}
		if (!ent_date_is_none(given[i].ends_on) &&
		    given[i].ends_on.day != items[k].ends_on.day) {
			return refuse(pricing, i, "ends_on", "the step ends on", items[k].ends_on,
			              error);
		}
		lay_over(&items[k++], &given[i]);
	}
	return ENT_OK;
}

/* The given ones tile the term. */
static enum ent_code copy_steps(const struct ent_price_line *line,
                                const struct ent_pricing *pricing, ent_date until,
                                struct ent_children *segments, struct ent_error *error)
{
	size_t count = line->ramp_segments.count;
	const struct ent_price_segment *given = line->ramp_segments.items;
	struct ent_price_segment *items = ENT_NEW(pricing->arena, struct ent_price_segment, count);
	ent_date next = line->starts_on;
	for (size_t i = 0; i < count; i++) {
		ent_date behind = i + 1 < count ? given[i + 1].starts_on : until;
		ent_date last = { behind.day - 1 };
		ent_date ends_on = ent_date_is_none(given[i].ends_on) ? last : given[i].ends_on;
		if (given[i].starts_on.day != next.day) {
			return refuse(pricing, i, "starts_on", "steps leave no gap: begin on", next,
			              error);
		}
		if (ends_on.day < next.day || behind.day <= next.day) {
			return refuse(pricing, i, "starts_on", "steps and the term end after", next,
			              error);
		}
		if (i + 1 == count && ends_on.day != last.day) {
			return refuse(pricing, i, "ends_on", "the last step ends on", last, error);
		}
		next = (ent_date){ ends_on.day + 1 };
		items[i] = segment_of(given[i].starts_on, next);
		lay_over(&items[i], &given[i]);
	}
	*segments = (struct ent_children){ items, count };
	return ENT_OK;
}

static enum ent_code find_steps(const struct ent_price_line *line,
                                const struct ent_pricing *pricing, ent_date until,
                                struct ent_children *out, struct ent_error *error)
{
	switch (line->ramp) {
	case ENT_RAMP_NONE:
		*out = make_steps(line->starts_on, until, 2 * ENT_PRICE_MONTHS_MAX, pricing->arena);
		return ENT_OK;
	case ENT_RAMP_YEARLY:
		*out = make_steps(line->starts_on, until, YEAR, pricing->arena);
		break;
	case ENT_RAMP_QUARTERLY:
		*out = make_steps(line->starts_on, until, QUARTER, pricing->arena);
		break;
	case ENT_RAMP_CUSTOM:
		return copy_steps(line, pricing, until, out, error);
	}
	return match(line, pricing, *out, error);
}

/* ---- what they cost ------------------------------------------------------- */

/* How often the price was raised when a step begins: by each year gone, or by each begun. */
static int32_t raises_before(const struct ent_price_line *line, ent_date from)
{
	int32_t years = whole_months(line->starts_on, from) / YEAR;
	bool gone = ent_date_add_months(line->starts_on, years * YEAR).day == from.day;
	return years + (line->ramp_first == ENT_RAMP_AT_BOUNDARY && !gone);
}

static enum ent_code price_of(const struct ent_price_line *line, ent_decimal quantity,
                              const struct ent_price_segment *before,
                              const struct ent_pricing *pricing, struct ent_price_segment *s,
                              struct ent_error *error)
{
	struct ent_price_steps *steps = pricing->steps;
	if (!ent_decimal_is_none(s->unit_price)) {
		ent_price_explain(steps, (struct ent_price_step){
						 ENT_STR("segment_price"),
						 line->name,
						 ENT_DECIMAL_NONE,
						 s->unit_price,
						 (ent_str){ NULL, 0 },
					 });
		return ENT_OK;
	}
	if (before == NULL || ent_decimal_is_none(s->percent)) {
		return ent_price_unit(line, quantity, raises_before(line, s->starts_on), pricing,
		                      &s->unit_price, error);
	}
	if (!ent_amount_scale(before->unit_price, ENT_PERCENT + s->percent.micro, ENT_PERCENT,
	                      pricing->rules->rounding, &s->unit_price)) {
		return ent_price_overflow(error, "/percent");
	}
	ent_price_explain(steps, (struct ent_price_step){
					 ENT_STR("ramp"),
					 line->name,
					 before->unit_price,
					 s->unit_price,
					 ent_price_factor(steps, "+ ", s->percent, " %"),
				 });
	return ENT_OK;
}

static enum ent_code price_step(const struct ent_price_line *line, ent_decimal quantity,
                                const struct ent_price_segment *before,
                                const struct ent_pricing *pricing, struct ent_price_segment *s,
                                struct ent_error *error)
{
	ent_date until = { s->ends_on.day + 1 };
	struct ent_price_sums sums;
	s->quantity = ent_decimal_or(s->quantity, quantity.micro);
	if (!ent_price_in_range(s->quantity, ENT_AMOUNT_MAX, "/quantity", error) ||
	    !ent_price_in_range(s->unit_price, ENT_AMOUNT_MAX, "/unit_price", error) ||
	    !ent_price_in_range(s->percent, ENT_AMOUNT_MAX, "/percent", error)) {
		return ent_noted(error);
	}
	enum ent_code code = price_of(line, s->quantity, before, pricing, s, error);
	if (code != ENT_OK) {
		return code;
	}
	ent_date anchor = ent_price_line_anchor(line);
	struct ent_fraction periods = ent_price_periods(ent_price_line_rate(line), anchor,
	                                                s->starts_on, until, line->proration);
	code = ent_price_sum(line, s->unit_price, s->quantity, periods, pricing, &sums, error);
	s->mrr = sums.mrr;
	s->net = sums.net;
	s->months = ent_price_term_shown(
		ent_price_months_of(anchor, s->starts_on, until, line->proration));
	return code;
}

enum ent_code ent_price_steps_of(const struct ent_price_line *line, ent_decimal quantity,
                                 const struct ent_pricing *pricing, struct ent_children *segments,
                                 struct ent_error *error)
{
	ent_date until = ent_price_line_until(line);
	if (ent_date_is_none(line->starts_on) || ent_date_is_none(until)) {
		bool start = ent_date_is_none(line->starts_on);
		return ent_refuse(error, ENT_E_REQUIRED, start ? "/starts_on" : "/ends_on",
		                  (ent_str){ NULL, 0 }, "a ramp has a first and a last day");
	}
	if (line->ramp == ENT_RAMP_CUSTOM && line->ramp_segments.count == 0) {
		return ent_refuse(error, ENT_E_REQUIRED, "/ramp_segments", (ent_str){ NULL, 0 },
		                  "give the steps of a custom ramp");
	}
	enum ent_code code = find_steps(line, pricing, until, segments, error);
	struct ent_price_segment *items = segments->items;
	for (size_t k = 0; code == ENT_OK && k < segments->count; k++) {
		code = price_step(line, quantity, k > 0 ? &items[k - 1] : NULL, pricing, &items[k],
		                  error);
		if (code != ENT_OK && line->ramp == ENT_RAMP_CUSTOM) {
			struct ent_arena scratch = *pricing->arena;
			ent_error_nest(error, 0,
			               ent_text_format(&scratch, "/ramp_segments/%zu", k).ptr);
		}
	}
	return code;
}

enum ent_code ent_price_ramp(const struct ent_price_line *line, const struct ent_pricing *pricing,
                             struct ent_children *segments, struct ent_error *error)
{
	ent_price_check_rules(pricing->rules, error);
	ent_price_check(line, error);
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	ent_decimal quantity = ent_decimal_or(line->quantity, ENT_MICRO);
	return ent_price_steps_of(line, quantity, pricing, segments, error);
}
