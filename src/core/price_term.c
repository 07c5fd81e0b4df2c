#include "core/price_term.h"

enum { YEAR_WEEKS = 52, WEEK_DAYS = 7, YEAR_MONTHS = 12, BANK_MONTH = 30 };

/* ---- months between dates ------------------------------------------------ */

/* Whole steps of `months` from the anchor that end no later than `until`. */
static int32_t whole_steps(ent_date anchor, ent_date until, int32_t months)
{
	struct ent_civil a = ent_date_civil(anchor);
	struct ent_civil b = ent_date_civil(until);
	int32_t steps = ((b.year - a.year) * YEAR_MONTHS + b.month - a.month) / months;
	return steps - (ent_date_add_months(anchor, steps * months).day > until.day);
}

/* Steps of `months` from the anchor, the last one in days of the step begun. */
static struct ent_fraction steps_and_days(ent_date anchor, ent_date until, int32_t months)
{
	int32_t steps = whole_steps(anchor, until, months);
	ent_date begun = ent_date_add_months(anchor, steps * months);
	ent_date next = ent_date_add_months(anchor, (steps + 1) * months);
	int64_t days = next.day - begun.day;
	int64_t rest = until.day - begun.day;
	return ent_fraction_of((steps * days + rest) * months, days);
}

static int64_t bank_day(ent_date date)
{
	struct ent_civil c = ent_date_civil(date);
	int32_t day = c.day < BANK_MONTH ? c.day : BANK_MONTH;
	return (c.year * INT64_C(12) + c.month) * BANK_MONTH + day;
}

struct ent_fraction ent_price_months(ent_date anchor, ent_date until, enum ent_proration method)
{
	assert(until.day >= anchor.day);
	struct ent_fraction months;
	if (method == ENT_PRORATION_THIRTY_360) {
		int64_t whole = (int64_t)whole_steps(anchor, until, 1) * BANK_MONTH;
		int64_t days = bank_day(until) - bank_day(anchor);
		months = ent_fraction_of(days < whole ? whole : days, BANK_MONTH);
	} else {
		bool yearly = method == ENT_PRORATION_DAILY_ANNUAL;
		months = steps_and_days(anchor, until, yearly ? YEAR_MONTHS : 1);
	}
	ent_fraction_reduce(&months);
	return months;
}

struct ent_fraction ent_price_months_of(ent_date anchor, ent_date from, ent_date until,
                                        enum ent_proration method)
{
	struct ent_fraction months = ent_price_months(anchor, until, method);
	if (from.day != anchor.day) {
		struct ent_fraction before = ent_price_months(anchor, from, method);
		before.num = -before.num;
		ent_fraction_add(&months, before);
		ent_fraction_reduce(&months);
	}
	return months;
}

/* ---- periods ------------------------------------------------------------- */

int64_t ent_price_rate_months(struct ent_price_rate rate)
{
	switch (rate.period) {
	case ENT_PERIOD_WEEKLY:
		return 0;
	case ENT_PERIOD_MONTHLY:
		return 1;
	case ENT_PERIOD_QUARTERLY:
		return 3;
	case ENT_PERIOD_HALF_YEARLY:
		return 6;
	case ENT_PERIOD_YEARLY:
		return YEAR_MONTHS;
	case ENT_PERIOD_MONTHS:
		break;
	}
	assert(rate.months >= 1 && rate.months <= ENT_PRICE_MONTHS_MAX);
	return rate.months;
}

struct ent_fraction ent_price_periods(struct ent_price_rate rate, ent_date anchor, ent_date from,
                                      ent_date until, enum ent_proration method)
{
	int64_t months = ent_price_rate_months(rate);
	if (months == 0) {
		return ent_fraction_of(until.day - from.day, WEEK_DAYS);
	}
	struct ent_fraction periods = ent_price_months_of(anchor, from, until, method);
	ent_fraction_times(&periods, 1, months);
	return periods;
}

/* Of a price a period, what it is for `months`. */
static struct ent_fraction in_months(struct ent_price_rate rate, int64_t months)
{
	int64_t own = ent_price_rate_months(rate);
	if (own == 0) {
		return ent_fraction_of(YEAR_WEEKS * months, YEAR_MONTHS);
	}
	return ent_fraction_of(months, own);
}

struct ent_fraction ent_price_periods_of(struct ent_price_rate rate, ent_decimal months)
{
	struct ent_fraction periods = in_months(rate, 1);
	ent_fraction_times(&periods, months.micro, ENT_MICRO);
	return periods;
}

struct ent_fraction ent_price_monthly(struct ent_price_rate rate)
{
	return in_months(rate, 1);
}

struct ent_fraction ent_price_yearly(struct ent_price_rate rate)
{
	return in_months(rate, YEAR_MONTHS);
}

/* ---- terms --------------------------------------------------------------- */

static bool in_years(ent_date date)
{
	return date.day >= ent_date_make(ENT_YEAR_MIN, 1, 1).day &&
	       date.day < ent_date_make(ENT_YEAR_MAX, 12, 31).day;
}

bool ent_price_term_end(ent_date start, ent_decimal months, ent_date *until)
{
	int64_t whole = months.micro / ENT_MICRO;
	if (months.micro < 0 || whole > ENT_PRICE_MONTHS_MAX) {
		return false;
	}
	ent_date begun = ent_date_add_months(start, (int32_t)whole);
	ent_date next = ent_date_add_months(start, (int32_t)whole + 1);
	ent_decimal days;
	struct ent_fraction part = ent_fraction_of(months.micro % ENT_MICRO, ENT_MICRO);
	ent_fraction_times(&part, next.day - begun.day, 1);
	if (!ent_fraction_round(&part, ENT_AMOUNT_DIGITS, ENT_ROUND_HALF_AWAY, &days)) {
		return false;
	}
	*until = (ent_date){ begun.day + (int32_t)days.micro };
	return in_years(*until);
}

ent_decimal ent_price_term_shown(struct ent_fraction months)
{
	ent_decimal shown = ENT_DECIMAL_NONE;
	ent_fraction_times(&months, ENT_MICRO, 1);
	bool fits = ent_fraction_round(&months, 2, ENT_ROUND_HALF_AWAY, &shown);
	return fits ? shown : ENT_DECIMAL_NONE;
}

bool ent_price_term_nth(ent_date anchor, int32_t months, int32_t n, ent_date *from, ent_date *until)
{
	int64_t last = (n + INT64_C(1)) * months;
	if (n < 0 || months < 1 || last > ENT_YEAR_MAX * INT64_C(12)) {
		return false;
	}
	*from = ent_date_add_months(anchor, n * months);
	*until = ent_date_add_months(anchor, (int32_t)last);
	return in_years(*from) && in_years(*until);
}
