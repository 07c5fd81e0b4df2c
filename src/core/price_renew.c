/* Prices of renewals, of lines that become one, of changes. */
#include "core/price_inner.h"

#include "base/text.h"

enum { YEAR = 12 };

/* ---- renewals -------------------------------------------------------------- */

/* Years of so many months, one that has begun counted. */
static int64_t years_of(struct ent_fraction months)
{
	ent_wide year = months.den * YEAR;
	return (int64_t)((months.num + year - 1) / year);
}

static int64_t years_between(ent_date from, ent_date last)
{
	ent_date until = { last.day + 1 };
	return years_of(ent_price_months(from, until, ENT_PRORATION_ACTUAL_DAYS));
}

/* base × (1 + times × percent). */
static enum ent_code uplift(ent_decimal base, ent_decimal percent, int64_t times,
                            const struct ent_pricing *pricing, struct ent_price_renewed *out,
                            struct ent_error *error)
{
	struct ent_price_steps *steps = pricing->steps;
	ent_decimal all;
	out->base = base;
	out->years = times;
	if (!ent_amount_scale(percent, times, 1, ENT_ROUND_HALF_AWAY, &all) ||
	    !ent_amount_scale(base, ENT_PERCENT + all.micro, ENT_PERCENT, pricing->rules->rounding,
	                      &out->unit_price)) {
		return ent_price_overflow(error, "/uplift_percent");
	}
	ent_price_explain(steps,
	                  (struct ent_price_step){
				  ENT_STR("uplift"),
				  (ent_str){ NULL, 0 },
				  base,
				  out->unit_price,
				  ent_price_factor(steps, all.micro < 0 ? "" : "+ ", all, " %"),
			  });
	return ENT_OK;
}

static enum ent_code needs_price(const char *pointer, struct ent_error *error)
{
	return ent_refuse(error, ENT_E_REQUIRED, pointer, (ent_str){ NULL, 0 },
	                  "give the price that the renewal starts from");
}

/* The steps of a ramp as ent_price_ramp() finds them. */
static enum ent_code check_ramp(struct ent_children ramp, const struct ent_pricing *pricing,
                                struct ent_error *error)
{
	const struct ent_price_segment *items = ramp.items;
	for (size_t i = 0; i < ramp.count; i++) {
		struct ent_arena scratch = *pricing->arena;
		const struct ent_price_segment *s = &items[i];
		const char *missing = ent_decimal_is_none(s->unit_price) ? "unit_price" : NULL;
		missing = ent_date_is_none(s->starts_on) ? "starts_on" : missing;
		bool ordered = i == 0 || items[i - 1].ends_on.day < s->starts_on.day;
		bool ended = !ent_date_is_none(s->ends_on) && s->starts_on.day <= s->ends_on.day;
		missing = missing == NULL && !(ordered && ended) ? "ends_on" : missing;
		if (missing != NULL) {
			ent_str at = ent_text_format(&scratch, "/ramp_segments/%zu/%s", i, missing);
			return ent_refuse(error, ENT_E_REQUIRED, at.ptr, (ent_str){ NULL, 0 },
			                  "steps have prices and dates, in order");
		}
	}
	return ENT_OK;
}

static enum ent_code renew_ramp(const struct ent_price_renewal *r,
                                const struct ent_pricing *pricing, struct ent_price_renewed *out,
                                struct ent_error *error)
{
	const struct ent_price_segment *items = r->ramp_segments.items;
	const struct ent_price_segment *first = &items[0];
	ent_decimal percent = ent_decimal_or(r->uplift_percent, 0);
	struct ent_price_renewed of_first;
	enum ent_code code = check_ramp(r->ramp_segments, pricing, error);
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_price_segment *last = &items[r->ramp_segments.count - 1];
	out->quantity = last->quantity;
	if (r->ramp_renewal != ENT_RAMP_RENEWAL_FIRST) {
		code = uplift(last->unit_price, percent,
		              years_between(last->starts_on, last->ends_on), pricing, out, error);
	}
	if (code != ENT_OK || r->ramp_renewal == ENT_RAMP_RENEWAL_LAST) {
		return code;
	}
	of_first.quantity = last->quantity;
	code = uplift(first->unit_price, percent, years_between(first->starts_on, last->ends_on),
	              pricing, &of_first, error);
	if (r->ramp_renewal == ENT_RAMP_RENEWAL_FIRST ||
	    of_first.unit_price.micro > out->unit_price.micro) {
		*out = of_first;
	}
	return code;
}

enum ent_code ent_price_renew(const struct ent_price_renewal *r, const struct ent_pricing *pricing,
                              struct ent_price_renewed *out, struct ent_error *error)
{
	ent_decimal none = { 0 };
	*out = (struct ent_price_renewed){ .quantity = ENT_DECIMAL_NONE };
	ent_price_in_range(r->term, ENT_PRICE_MONTHS_MAX * ENT_MICRO, "/term", error);
	if (!ent_decimal_is_none(r->uplift_percent) && r->uplift_percent.micro < -ENT_PERCENT) {
		ent_note(error, ENT_E_RANGE, "/uplift_percent", (ent_str){ NULL, 0 },
		         "give -100 or more");
	}
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	if (r->renewal_basis == ENT_BASIS_LIST_PRICE) {
		return ent_decimal_is_none(r->list_price)
		               ? needs_price("/list_price", error)
		               : uplift(r->list_price, none, 0, pricing, out, error);
	}
	if (r->ramp_segments.count > 0) {
		return renew_ramp(r, pricing, out, error);
	}
	if (ent_decimal_is_none(r->unit_price)) {
		return needs_price("/unit_price", error);
	}
	struct ent_fraction months =
		ent_fraction_of(ent_decimal_or(r->term, YEAR * ENT_MICRO).micro, ENT_MICRO);
	int64_t times = r->uplift_per == ENT_UPLIFT_PER_YEAR ? years_of(months) : 1;
	return uplift(r->unit_price, ent_decimal_or(r->uplift_percent, 0), times, pricing, out,
	              error);
}

/* ---- blended prices --------------------------------------------------------- */

static enum ent_code blend_fault(size_t at, enum ent_code code, const struct ent_pricing *pricing,
                                 struct ent_error *error)
{
	struct ent_arena scratch = *pricing->arena;
	ent_str pointer = ent_text_format(&scratch, "/items/%zu/quantity", at);
	return ent_refuse(error, code, pointer.ptr, (ent_str){ NULL, 0 },
	                  "give 0 or more, and no more than sums of it can hold");
}

enum ent_code ent_price_blend(const struct ent_price_item *items, size_t count,
                              const struct ent_pricing *pricing, struct ent_price_blend *out,
                              struct ent_error *error)
{
	struct ent_fraction base = ent_fraction_of(0, 1);
	struct ent_fraction list = ent_fraction_of(0, 1);
	enum ent_price_rounding rounding = pricing->rules->rounding;
	ent_decimal quantity = { 0 };
	for (size_t i = 0; i < count; i++) {
		struct ent_fraction part = ent_fraction_of(items[i].quantity.micro, 1);
		ent_decimal percent = ent_decimal_or(items[i].uplift_percent, 0);
		bool good = items[i].quantity.micro >= 0 && percent.micro >= -ENT_PERCENT &&
		            ent_amount_add(quantity, items[i].quantity, &quantity);
		ent_fraction_times(&part, items[i].unit_price.micro, 1);
		ent_fraction_add(&base, part);
		ent_fraction_times(&part, ENT_PERCENT + percent.micro, 1);
		ent_fraction_add(&list, part);
		if (!good || list.lost) {
			return blend_fault(i, ENT_E_RANGE, pricing, error);
		}
		ent_price_explain(pricing->steps, (struct ent_price_step){
							  ENT_STR("item"),
							  items[i].name,
							  ENT_DECIMAL_NONE,
							  items[i].unit_price,
							  ent_price_factor(pricing->steps, "× ",
		                                                           items[i].quantity, ""),
						  });
	}
	if (count == 0) {
		return ent_refuse(error, ENT_E_REQUIRED, "/items", (ent_str){ NULL, 0 },
		                  "give at least one line");
	}
	if (quantity.micro == 0) {
		return blend_fault(0, ENT_E_REQUIRED, pricing, error);
	}
	ent_fraction_times(&base, 1, quantity.micro);
	ent_fraction_times(&list, 1, quantity.micro);
	ent_fraction_times(&list, 1, ENT_PERCENT);
	out->quantity = quantity;
	if (!ent_fraction_round(&base, ENT_AMOUNT_DIGITS, rounding, &out->base) ||
	    !ent_fraction_round(&list, ENT_AMOUNT_DIGITS, rounding, &out->list)) {
		return blend_fault(0, ENT_E_RANGE, pricing, error);
	}
	ent_price_explain(pricing->steps,
	                  (struct ent_price_step){
				  ENT_STR("blend"),
				  (ent_str){ NULL, 0 },
				  out->base,
				  out->list,
				  ent_price_factor(pricing->steps, "÷ ", quantity, ""),
			  });
	return ENT_OK;
}

/* ---- deltas ----------------------------------------------------------------- */

static bool less(ent_decimal after, ent_decimal before, ent_decimal *out)
{
	return ent_amount_add(after, (ent_decimal){ -before.micro }, out);
}

bool ent_price_compare(const struct ent_price_totals *before, const struct ent_price_totals *after,
                       struct ent_price_delta *out)
{
	struct ent_price_delta d = { .unit_price = ENT_DECIMAL_NONE };
	if (!less(after->one_time, before->one_time, &d.one_time) ||
	    !less(after->mrr, before->mrr, &d.mrr) || !less(after->arr, before->arr, &d.arr) ||
	    !less(after->tcv, before->tcv, &d.net)) {
		return false;
	}
	d.upsell.micro = d.net.micro > 0 ? d.net.micro : 0;
	d.downsell.micro = d.net.micro < 0 ? -d.net.micro : 0;
	*out = d;
	return true;
}
