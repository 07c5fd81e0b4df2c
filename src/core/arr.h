/* arr.h - how what a year brings moves from one day to another: servicenow 5.2, docs/reports.md.
 *
 * Lines that follow from each other, by renewal, change, merge or split, are a chain. A chain is
 * looked at on the last day of each period and the one before it. Pure.
 */
#ifndef ENT_CORE_ARR_H
#define ENT_CORE_ARR_H

#include "core/report.h"

/* ---- chains ---- */

struct ent_chain_edge {
	int64_t from, to;
};

struct ent_chains {
	const int64_t *ids; /* of lines that follow or are followed, rising */
	uint32_t *tops;     /* the index of each one's chain, that of one of its lines */
	size_t count;
};

/* Join chains by edges between `ids` (rising, once each); an edge that names another is left
 * out. tops[] is in `arena`. */
void ent_chains_join(const int64_t *ids, size_t count, const struct ent_chain_edge *edges,
                     size_t edge_count, struct ent_arena *arena, struct ent_chains *out);
/* The chain of a line; -1: it is alone. */
int64_t ent_chain_of(const struct ent_chains *chains, ent_id line);

/* ---- periods ---- */

struct ent_period {
	ent_date first, last;
};
enum { ENT_PERIODS_MAX = 400 };

/* Whole weeks (from Monday), months, quarters, years, the first from `from` and the last to `to`;
 * `out` has room for ENT_PERIODS_MAX. 0: they would be more. */
size_t ent_periods(ent_date from, ent_date to, enum ent_report_period by, struct ent_period *out);

/* The period that a day is in; -1: none. They follow each other. */
int64_t ent_period_of(const struct ent_period *periods, size_t count, ent_date day);

/* ---- movements ---- */

/* A chain on one day, in 10^-6. */
struct ent_arr_point {
	int64_t arr, quantity;
	bool is_changed; /* a line is in force by a change that was not on the day before */
};

struct ent_arr_moved {
	int64_t opening, new, won_back, upsell, uplift, downsell, churn, closing;
};

/* How a chain moved; `has_been`: it brought something before the first of the two days.
 * What remains splits into price at the quantity before (uplift; less is downsell) and quantity
 * at the price after (upsell, downsell); by a change all of it is upsell or downsell.
 * Adds to *out. False: beyond 2^63. */
ENT_CHECK bool ent_arr_move(const struct ent_arr_point *before, const struct ent_arr_point *after,
                            bool has_been, struct ent_arr_moved *out);

/* part of whole in percent, to two decimals; none of nothing. */
ent_decimal ent_percent_of(int64_t part, int64_t whole);

#endif
