/* price_amount.h - exact products and quotients of amounts, rounded once.
 *
 * An amount is a whole number of 10^-6 (ent_decimal). What is computed from amounts is one
 * fraction in 128 bits until it is rounded to an amount again. As long as the denominators
 * multiply to no more than 10^19, everything whose result is an amount fits on the way.
 */
#ifndef ENT_CORE_PRICE_AMOUNT_H
#define ENT_CORE_PRICE_AMOUNT_H

#include "core/type.h"

__extension__ typedef __int128 ent_wide;
__extension__ typedef unsigned __int128 ent_uwide;

#define ENT_AMOUNT_MAX (INT64_C(9000000000000) * ENT_MICRO) /* as ent_decimal_parse() */
#define ENT_PERCENT (100 * ENT_MICRO)                       /* of ent_decimal: the whole */

/* num / den, den > 0. Once something did not fit, `lost` stays. */
struct ent_fraction {
	ent_wide num;
	ent_wide den;
	bool lost;
};

struct ent_fraction ent_fraction_of(int64_t num, int64_t den);
void ent_fraction_times(struct ent_fraction *f, int64_t num, int64_t den);
void ent_fraction_add(struct ent_fraction *f, struct ent_fraction g);
void ent_fraction_reduce(struct ent_fraction *f); /* to lowest terms */

/* The amount of 0..6 digits behind the point (of a currency: ent_currency_digits()) next to it;
 * halves away from zero or to the even one. False if it is none. */
enum { ENT_AMOUNT_DIGITS = 6 };
ENT_CHECK bool ent_fraction_round(const struct ent_fraction *f, int digits,
                                  enum ent_price_rounding rounding, ent_decimal *out);

static inline bool ent_decimal_is_none(ent_decimal decimal)
{
	return decimal.micro == INT64_MIN;
}

static inline ent_decimal ent_decimal_or(ent_decimal decimal, int64_t micro)
{
	return ent_decimal_is_none(decimal) ? (ent_decimal){ micro } : decimal;
}

/* a × num ÷ den; a + b; a to fewer digits. False if the result is no amount. */
ENT_CHECK bool ent_amount_scale(ent_decimal a, int64_t num, int64_t den,
                                enum ent_price_rounding rounding, ent_decimal *out);
ENT_CHECK bool ent_amount_add(ent_decimal a, ent_decimal b, ent_decimal *out);
ENT_CHECK bool ent_amount_round(ent_decimal a, int digits, enum ent_price_rounding rounding,
                                ent_decimal *out);

/* Divide `whole` (of `digits`) in proportion to weights (>= 0) into parts of as many digits
 * that add up to it: each is rounded towards zero, then those that lost most get a unit more,
 * of equals the first. All weights 0: as if they were equal. `count` > 0.
 * False if a weight is negative or their sum no amount. */
ENT_CHECK bool ent_amount_split(ent_decimal whole, int digits, const ent_decimal *weights,
                                size_t count, struct ent_arena scratch, ent_decimal *parts);

#endif
