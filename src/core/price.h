/* price.h - what lines of a contract cost: own prices, ramps, totals, and why.
 *
 * servicenow 4.1 to 4.6; docs/prices.md. Pure: a caller fills struct ent_price_line from
 * whatever it has. Every named amount (a running price of one, a month's price, a net price) is
 * one exact fraction of amounts, rounded once to 10^-6; only struct ent_price_totals is in the
 * digits of the currency. Amounts beyond 9·10^12 are RANGE, wherever they come up.
 *
 * The order, from list price to price (servicenow 4.4): list price, attributes, ramp, the tier
 * of the quantity, adjustments, the contract's discount. A unit_price that is given takes the
 * place of list price, attributes, tier and adjustments.
 */
#ifndef ENT_CORE_PRICE_H
#define ENT_CORE_PRICE_H

#include "core/price_term.h"

struct ent_price_tier {
#include "core/entity/as_member.h"
#include "core/price/tier.def"
};

struct ent_price_segment {
#include "core/entity/as_member.h"
#include "core/price/segment.def"
};

struct ent_price_line { /* adjustments and attributes: struct ent_price_adjustment */
#include "core/entity/as_member.h"
#include "core/price/line.def"
};

struct ent_price_tree {
#include "core/entity/as_member.h"
#include "core/price/tree.def"
};

struct ent_price_result {
#include "core/entity/as_member.h"
#include "core/price/result.def"
};

struct ent_price_totals {
#include "core/entity/as_member.h"
#include "core/price/totals.def"
};

struct ent_price_rules {
#include "core/entity/as_member.h"
#include "core/price/rules.def"
};

struct ent_price_step {
#include "core/entity/as_member.h"
#include "core/price/step.def"
};

extern const struct ent_type ent_price_tier_type;
extern const struct ent_type ent_price_segment_type;
extern const struct ent_type ent_price_line_type;
extern const struct ent_type ent_price_tree_type;
extern const struct ent_type ent_price_result_type;
extern const struct ent_type ent_price_totals_type;
extern const struct ent_type ent_price_rules_type;
extern const struct ent_type ent_price_step_type;

/* Where an explanation is collected; its arena may be the pricing's, by the same pointer. */
struct ent_price_steps {
	struct ent_arena *arena;
	struct ent_price_step *items;
	size_t count, room;
};

struct ent_pricing {
	const struct ent_price_rules *rules;
	struct ent_arena *arena;       /* for the steps of ramps */
	struct ent_price_steps *steps; /* NULL: not explained */
};

/* Of one, monthly, at no price; no discount. As ent_type_clear() leaves them. */
struct ent_price_line ent_price_line_empty(void);
struct ent_price_rules ent_price_rules_empty(void);

/* The first day that is not charged: behind the last one, or from start and term; none without. */
ent_date ent_price_line_until(const struct ent_price_line *line);

/* The steps that a ramp has, which tile its term: yearly and quarterly ones, the short one first,
 * or those given of a custom one; with quantity, price and what is paid in each. A line without
 * ramp has one. To find them alone, or to store them.
 * REQUIRED (starts_on, ends_on), START_AFTER_END, INVALID, RANGE; pointers from "/" of the line. */
ENT_CHECK enum ent_code ent_price_ramp(const struct ent_price_line *line,
                                       const struct ent_pricing *pricing,
                                       struct ent_children *segments, struct ent_error *error);

/* A line by itself: its own prices, and its totals as if nothing was below it. `quantity` is
 * ent_price_line.quantity, multiplied by that of the line above where per_parent says so. */
ENT_CHECK enum ent_code ent_price_own(const struct ent_price_line *line, ent_decimal quantity,
                                      const struct ent_pricing *pricing,
                                      struct ent_price_result *out, struct ent_error *error);

/* A tree of lines, each behind its parent: each line's prices into results[], the sum of the
 * roots into *totals. One pass down, one up. CYCLE where a parent does not stand before;
 * pointers "/lines/7/quantity". */
ENT_CHECK enum ent_code ent_price_tree(const struct ent_price_line *lines, size_t count,
                                       const struct ent_pricing *pricing,
                                       struct ent_price_result *results,
                                       struct ent_price_totals *totals, struct ent_error *error);

/* Are the rules in their ranges, is the currency known? Notes what is wrong; those below do. */
void ent_price_check_rules(const struct ent_price_rules *rules, struct ent_error *error);

/* Digits of the rules' currency; 2 without. -1: no such currency. */
int ent_price_digits(const struct ent_price_rules *rules);

#endif
