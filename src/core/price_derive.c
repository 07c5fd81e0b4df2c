/* Prices that are a share of others, span by span: servicenow 4.9. */
#include "core/price_inner.h"

#include "base/text.h"

struct deriving {
	const struct ent_price_derived *derived;
	const struct ent_pricing *pricing;
	const struct ent_price_source *sources;
	size_t count;
	ent_date anchor; /* months are counted from it */
	ent_date until;
	struct ent_error *error;
};

/* ---- what is given ---------------------------------------------------------- */

static void check_source(const struct deriving *d, size_t at)
{
	const struct ent_price_source *s = &d->sources[at];
	struct ent_arena scratch = *d->pricing->arena;
	size_t first = d->error->issue_count;
	ent_price_in_range(s->quantity, ENT_AMOUNT_MAX, "/quantity", d->error);
	ent_price_in_range(s->discount_percent, ENT_PERCENT, "/discount_percent", d->error);
	ent_price_check_rate(s->period, s->period_months, d->error);
	if (ent_date_is_none(s->starts_on) || ent_date_is_none(s->ends_on) ||
	    s->ends_on.day < s->starts_on.day) {
		ent_note(d->error, ENT_E_START_AFTER_END, "/ends_on", (ent_str){ NULL, 0 },
		         "end on the first day or later");
	}
	ent_error_nest(d->error, first, ent_text_format(&scratch, "/sources/%zu", at).ptr);
}

static enum ent_code begin(struct deriving *d)
{
	const struct ent_price_derived *derived = d->derived;
	if (d->count == 0) {
		return ent_refuse(d->error, ENT_E_REQUIRED, "/sources", (ent_str){ NULL, 0 },
		                  "give the lines that it is a share of");
	}
	ent_price_in_range(derived->percent, ENT_AMOUNT_MAX, "/percent", d->error);
	ent_price_in_range(derived->own_discount_percent, ENT_PERCENT, "/own_discount_percent",
	                   d->error);
	d->anchor = d->sources[0].starts_on;
	d->until = ENT_DATE_NONE;
	for (size_t i = 0; i < d->count; i++) {
		const struct ent_price_source *s = &d->sources[i];
		check_source(d, i);
		d->anchor.day = s->starts_on.day < d->anchor.day ? s->starts_on.day : d->anchor.day;
		d->until.day = s->ends_on.day >= d->until.day ? s->ends_on.day + 1 : d->until.day;
	}
	enum ent_code code = ent_noted(d->error);
	d->anchor = ent_date_is_none(derived->starts_on) ? d->anchor : derived->starts_on;
	if (!ent_date_is_none(derived->ends_on)) {
		d->until.day = derived->ends_on.day + 1;
	}
	if (code == ENT_OK && d->until.day <= d->anchor.day) {
		code = ent_refuse(d->error, ENT_E_START_AFTER_END, "/ends_on", (ent_str){ NULL, 0 },
		                  "end on the first day or later");
	}
	return code;
}

/* ---- a span ----------------------------------------------------------------- */

/* The next day on which a source begins or ends. */
static ent_date next_change(const struct deriving *d, ent_date from)
{
	ent_date next = d->until;
	for (size_t i = 0; i < d->count; i++) {
		const struct ent_price_source *s = &d->sources[i];
		if (s->starts_on.day > from.day && s->starts_on.day < next.day) {
			next = s->starts_on;
		}
		if (s->ends_on.day >= from.day && s->ends_on.day + 1 < next.day) {
			next.day = s->ends_on.day + 1;
		}
	}
	return next;
}

static bool amount_of(const struct deriving *d, const struct ent_price_source *s,
                      struct ent_fraction months, ent_decimal *out)
{
	struct ent_price_rate rate = { s->period, (int32_t)s->period_months.n };
	struct ent_fraction amount = ent_price_monthly(rate);
	int64_t off = ent_decimal_or(s->discount_percent, 0).micro;
	amount.lost = amount.lost || months.lost;
	ent_fraction_times(&amount, (int64_t)months.num, (int64_t)months.den);
	ent_fraction_times(&amount, ent_decimal_or(s->quantity, ENT_MICRO).micro, ENT_MICRO);
	ent_fraction_reduce(&amount);
	ent_fraction_times(&amount, ENT_PERCENT - off, ENT_PERCENT);
	ent_fraction_reduce(&amount);
	ent_fraction_times(&amount, s->unit_price.micro, 1);
	return ent_fraction_round(&amount, ENT_AMOUNT_DIGITS, d->pricing->rules->rounding, out);
}

static bool add_source(enum ent_price_aggregate aggregate, ent_decimal amount, bool first,
                       ent_decimal *base)
{
	switch (aggregate) {
	case ENT_AGGREGATE_SUM:
	case ENT_AGGREGATE_AVERAGE:
		return ent_amount_add(*base, amount, base);
	case ENT_AGGREGATE_GREATEST:
		*base = first || amount.micro > base->micro ? amount : *base;
		break;
	case ENT_AGGREGATE_LEAST:
		*base = first || amount.micro < base->micro ? amount : *base;
		break;
	}
	return true;
}

/* The amounts of those in force, aggregated; how many there are. */
static bool aggregate(const struct deriving *d, struct ent_fraction months,
                      struct ent_price_span *span)
{
	enum ent_price_aggregate how = d->derived->aggregate;
	struct ent_price_steps *steps = d->pricing->steps;
	for (size_t i = 0; i < d->count; i++) {
		const struct ent_price_source *s = &d->sources[i];
		ent_decimal amount;
		if (s->starts_on.day > span->starts_on.day ||
		    s->ends_on.day < span->starts_on.day) {
			continue;
		}
		if (!amount_of(d, s, months, &amount) ||
		    !add_source(how, amount, span->sources == 0, &span->base)) {
			return false;
		}
		span->sources++;
		ent_price_explain(steps, (struct ent_price_step){
						 ENT_STR("source"),
						 s->name,
						 s->unit_price,
						 amount,
						 ent_price_factor_of(steps, "× months: ", months),
					 });
	}
	if (how == ENT_AGGREGATE_AVERAGE && span->sources > 0) {
		return ent_amount_scale(span->base, 1, span->sources, d->pricing->rules->rounding,
		                        &span->base);
	}
	return true;
}

/* `a` a month, for these months. */
static bool for_months(const struct deriving *d, ent_decimal a, struct ent_fraction months,
                       ent_decimal *out)
{
	ent_fraction_times(&months, a.micro, 1);
	return ent_fraction_round(&months, ENT_AMOUNT_DIGITS, d->pricing->rules->rounding, out);
}

static bool share_of(const struct deriving *d, struct ent_fraction months,
                     struct ent_price_span *span)
{
	const struct ent_price_derived *derived = d->derived;
	struct ent_price_steps *steps = d->pricing->steps;
	int64_t off = ent_decimal_or(derived->own_discount_percent, 0).micro;
	struct ent_fraction price = ent_fraction_of(derived->percent.micro, ENT_PERCENT);
	ent_decimal least, most;
	ent_fraction_times(&price, ENT_PERCENT - off, ENT_PERCENT);
	ent_fraction_reduce(&price);
	ent_fraction_times(&price, span->base.micro, 1);
	if (!ent_fraction_round(&price, ENT_AMOUNT_DIGITS, d->pricing->rules->rounding,
	                        &span->price)) {
		return false;
	}
	ent_price_explain(steps, (struct ent_price_step){
					 ENT_STR("share"),
					 (ent_str){ NULL, 0 },
					 span->base,
					 span->price,
					 ent_price_factor(steps, "× ", derived->percent, " %"),
				 });
	if (!ent_decimal_is_none(derived->floor)) {
		if (!for_months(d, derived->floor, months, &least)) {
			return false;
		}
		span->price = span->price.micro < least.micro ? least : span->price;
	}
	if (!ent_decimal_is_none(derived->ceiling)) {
		if (!for_months(d, derived->ceiling, months, &most)) {
			return false;
		}
		span->price = span->price.micro > most.micro ? most : span->price;
	}
	return true;
}

static bool price_span(const struct deriving *d, ent_date until, struct ent_price_span *span)
{
	struct ent_fraction months =
		ent_price_months_of(d->anchor, span->starts_on, until, d->derived->proration);
	span->ends_on.day = until.day - 1;
	span->months = ent_price_term_shown(months);
	if (d->derived->round_months) {
		months = ent_fraction_of(span->months.micro, ENT_MICRO);
		ent_fraction_reduce(&months);
	}
	return aggregate(d, months, span) && share_of(d, months, span);
}

enum ent_code ent_price_derive(const struct ent_price_derived *derived,
                               const struct ent_pricing *pricing, struct ent_children *spans,
                               struct ent_error *error)
{
	struct deriving d = { derived,
		              pricing,
		              derived->sources.items,
		              derived->sources.count,
		              ENT_DATE_NONE,
		              ENT_DATE_NONE,
		              error };
	enum ent_code code = begin(&d);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_price_span *items =
		ENT_NEW(pricing->arena, struct ent_price_span, 2 * d.count + 1);
	size_t count = 0;
	for (ent_date from = d.anchor; from.day < d.until.day;) {
		ent_date until = next_change(&d, from);
		items[count] = (struct ent_price_span){ .starts_on = from };
		if (!price_span(&d, until, &items[count])) {
			return ent_price_overflow(error, "/sources");
		}
		count += items[count].sources > 0;
		from = until;
	}
	*spans = (struct ent_children){ items, count };
	return ENT_OK;
}
