/* price_term.h - how much of a price falls on some days, by three named methods.
 *
 * Days are half-open here: `until` is the first day that is not charged. Everything is counted
 * from an anchor, the first day of the line, so that parts of a term add up to it and a price
 * that begins on the 31st comes back to it.
 *
 * actual_days   whole months from the anchor (its day of the month, or that month's last), then
 *               days, each of as many as the month begun has: 31 January to 28 February is one
 *               month and 1/31.
 * daily_annual  whole years from the anchor, then days, each of as many as the year begun has.
 * thirty_360    30E/360: a month has 30 days, the 31st is the 30th; a whole month from the
 *               anchor is never less than one.
 */
#ifndef ENT_CORE_PRICE_TERM_H
#define ENT_CORE_PRICE_TERM_H

#include "core/price_amount.h"

enum { ENT_PRICE_MONTHS_MAX = 1200 }; /* the longest term and the longest period */

/* Months from the anchor to `until` (not before it), in lowest terms. */
struct ent_fraction ent_price_months(ent_date anchor, ent_date until, enum ent_proration method);
/* Months of [from, until), both not before the anchor. */
struct ent_fraction ent_price_months_of(ent_date anchor, ent_date from, ent_date until,
                                        enum ent_proration method);

/* A period for which a price is given. A week is 7 days by every method, and where there are
 * no dates 1/52 of a year. */
struct ent_price_rate {
	enum ent_price_period period;
	int32_t months; /* of ENT_PERIOD_MONTHS: 1 to ENT_PRICE_MONTHS_MAX */
};

int64_t ent_price_rate_months(struct ent_price_rate rate); /* 0: weeks */
/* How many periods [from, until) is, and how many a term without dates is. */
struct ent_fraction ent_price_periods(struct ent_price_rate rate, ent_date anchor, ent_date from,
                                      ent_date until, enum ent_proration method);
struct ent_fraction ent_price_periods_of(struct ent_price_rate rate, ent_decimal months);
/* Of a price for a period: what it is a month, and a year. */
struct ent_fraction ent_price_monthly(struct ent_price_rate rate);
struct ent_fraction ent_price_yearly(struct ent_price_rate rate);

/* The first day behind a term of months, e.g. 36.25: whole months from `start`, then the days
 * of that part of the next, rounded. The inverse of ent_price_months() to two decimals.
 * False outside the years 1..9999. */
ENT_CHECK bool ent_price_term_end(ent_date start, ent_decimal months, ent_date *until);
/* ent_price_months() to two decimals, as people are shown it: 36.25. */
ent_decimal ent_price_term_shown(struct ent_fraction months);

/* The n-th term (0: the first) of `months` each, counted from the first one's start, so that no
 * number of renewals drifts from its day: 31 January and P1M gives 28 February, 31 March. */
ENT_CHECK bool ent_price_term_nth(ent_date anchor, int32_t months, int32_t n, ent_date *from,
                                  ent_date *until);

struct ent_price_proration {
#include "core/entity/as_member.h"
#include "core/price/proration.def"
};
extern const struct ent_type ent_price_proration_type;

struct ent_price_prorated {
#include "core/entity/as_member.h"
#include "core/price/prorated.def"
};
extern const struct ent_type ent_price_prorated_type;

/* A price of some days, and of it what falls on those up to `used_to` (left out: all of it), each
 * rounded once to the digits of a currency; credit = price - charge, always.
 * START_AFTER_END, REQUIRED (period_months), RANGE. */
ENT_CHECK enum ent_code ent_price_prorate(const struct ent_price_proration *p, int digits,
                                          enum ent_price_rounding rounding, struct ent_arena *arena,
                                          struct ent_price_prorated *out, struct ent_error *error);

#endif
