/* contract_price.h - the prices of a whole contract, from what is stored of it: docs/prices.md.
 *
 * Own prices, ramps (a line below a ramp goes with it), shares of other lines, ends by
 * cancellation, sums up the tree, and what of it is new, renewed, sold more and less. Reports of
 * the past and the future read the runs: what a line brings a month and a year, from day to day.
 * Pure; amounts as in price.h.
 */
#ifndef ENT_CORE_CONTRACT_PRICE_H
#define ENT_CORE_CONTRACT_PRICE_H

#include "core/price_contract.h"
#include "core/zone.h"

/* A time in which nothing of a line's recurring price changes: [from, until). */
struct ent_price_run {
	ent_date from, until; /* none: without end */
	ent_decimal quantity, unit_price, mrr, arr;
};

enum { ENT_NO_PARENT = -1 };

struct ent_line_price {
	const struct ent_contract_line *line;
	int64_t parent, root;           /* their indexes; a root's own parent: ENT_NO_PARENT */
	struct ent_price_line given;    /* what its price follows from */
	struct ent_price_result result; /* mrr and arr as on the day asked for */
	ent_date until;                 /* the first day it is not in force, cancellation counted */
	struct ent_price_run *runs;     /* in order; of a one-time price none */
	size_t run_count;
	struct ent_price_steps steps; /* where it is explained */
};

struct ent_contract_price {
	struct ent_line_price *lines; /* as many as there are, in their order */
	size_t count;
	ent_date until; /* the first day the contract is not in force; none: without end */
	struct ent_price_totals totals;
	/* Net prices of root lines by what they are, in the digits of the currency: servicenow 4.2.
	 * Of a change (split_from_id): what its lines cost, less what the line before would have
	 * cost in their days. */
	ent_decimal net_new, renewal, upsell, downsell;
};

struct ent_contract_pricing {
	const struct ent_contract *contract;
	const struct ent_contract_line *lines; /* all of it, by id: parents before children */
	size_t count;
	const struct ent_zone *zone; /* of its days */
	ent_date on;                 /* the day of mrr and arr */
	struct ent_arena *arena;
	bool explain;
};

/* A line without end is looked at, and steps are made for it, up to the day before. */
ent_date ent_price_horizon(ent_date from);

/* The day whose mrr and arr are shown on `today`: itself, or the contract's nearest. */
ent_date ent_contract_price_day(const struct ent_contract *contract, ent_date today);

/* Codes and pointers of ent_price_own(); "/lines/3". RANGE where a sum is no amount. */
ENT_CHECK enum ent_code ent_contract_price(const struct ent_contract_pricing *pricing,
                                           struct ent_contract_price *out, struct ent_error *error);

/* The index of the line with this id; ENT_NO_PARENT: there is none. */
int64_t ent_contract_line_index(const struct ent_contract_pricing *in, ent_id id);

/* The run on that day; NULL: it is not in force, or paid once. */
const struct ent_price_run *ent_line_price_on(const struct ent_line_price *price, ent_date on);

#endif
