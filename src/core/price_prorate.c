/* A price of some days, and what of it is charged. */
#include "core/price_inner.h"

static void check(const struct ent_price_proration *p, ent_date anchor, struct ent_error *error)
{
	ent_price_check_rate(p->period, p->period_months, error);
	if (p->to.day < p->from.day) {
		ent_note(error, ENT_E_START_AFTER_END, "/to", (ent_str){ NULL, 0 },
		         "end on the first day or later");
	}
	if (anchor.day > p->from.day) {
		ent_note(error, ENT_E_RANGE, "/anchor", (ent_str){ NULL, 0 },
		         "a line begins no later than its days");
	}
	if (!ent_date_is_none(p->used_to) &&
	    (p->used_to.day < p->from.day - 1 || p->used_to.day > p->to.day)) {
		ent_note(error, ENT_E_RANGE, "/used_to", (ent_str){ NULL, 0 },
		         "give one of the days, or the one before them");
	}
}

enum ent_code ent_price_prorate(const struct ent_price_proration *p, int digits,
                                enum ent_price_rounding rounding, struct ent_arena *arena,
                                struct ent_price_prorated *out, struct ent_error *error)
{
	ent_date anchor = ent_date_is_none(p->anchor) ? p->from : p->anchor;
	ent_date until = { p->to.day + 1 };
	ent_date cut = ent_date_is_none(p->used_to) ? until : (ent_date){ p->used_to.day + 1 };
	struct ent_price_rate rate = { p->period, (int32_t)p->period_months.n };
	check(p, anchor, error);
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_fraction all = ent_price_periods(rate, anchor, p->from, until, p->method);
	struct ent_fraction used = ent_price_periods(rate, anchor, p->from, cut, p->method);
	out->periods = ent_price_mixed(all, "", arena);
	out->months = ent_price_term_shown(ent_price_months_of(anchor, p->from, until, p->method));
	ent_fraction_times(&all, p->amount.micro, 1);
	ent_fraction_times(&used, p->amount.micro, 1);
	if (!ent_fraction_round(&all, digits, rounding, &out->price) ||
	    !ent_fraction_round(&used, digits, rounding, &out->charge)) {
		return ent_price_overflow(error, "/amount");
	}
	out->credit.micro = out->price.micro - out->charge.micro;
	return ENT_OK;
}
