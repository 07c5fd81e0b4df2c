/* terms_inner.h - what the files of the ledger share. For terms*.c only. */
#ifndef ENT_CORE_TERMS_INNER_H
#define ENT_CORE_TERMS_INNER_H

#include "core/terms.h"

/* ---- terms_period.c: when periods begin ------------------------------------------ */

ent_date ent_period_anchor(const struct ent_entitlement *e, const struct ent_zone *zone);
/* The first instant of a period; 0 is the first. ENT_INSTANT_END: never. */
ent_instant ent_period_begins(const struct ent_entitlement *e, const struct ent_zone *zone,
                              int64_t period);
int64_t ent_period_at(const struct ent_entitlement *e, const struct ent_zone *zone,
                      ent_instant at);
/* `at`, or the last instant at which terms still move. */
ent_instant ent_period_clamp(const struct ent_entitlement *e, ent_instant at);

/* ---- terms_forward.c: what time does ----------------------------------------------- */

struct ent_figures {
	int64_t granted, consumed, reserved, period;
	bool renewed;
	int64_t lots_left; /* unused units of lots, the due ones too */
	int64_t due;       /* unused units of lots that have lapsed */
};

/* Take figures forward to `at`. With `terms` its postings are made and its entitlement is
 * changed, too; with NULL it is only looked at. */
void ent_terms_forward(struct ent_figures *figures, const struct ent_entitlement *e,
                       const struct ent_zone *zone, ent_instant at, struct ent_terms *terms);

/* ---- terms.c ------------------------------------------------------------------------ */

static inline bool ent_terms_is_open(const struct ent_entitlement *e)
{
	return !ent_instant_is_none(e->ledger_ends_at);
}

static inline bool ent_terms_is_bounded(const struct ent_entitlement *e)
{
	return e->unit != ENT_UNIT_NONE && !e->unlimited;
}

/* What each period grants. */
static inline int64_t ent_terms_total(const struct ent_entitlement *e)
{
	return !ent_terms_is_bounded(e) || ent_count_is_none(e->total) ? 0 : e->total.n;
}

static inline int64_t ent_lot_left(const struct ent_term_lot *lot)
{
	return lot->units - lot->consumed - lot->expired;
}

static inline int64_t ent_lot_end_us(const struct ent_term_lot *lot)
{
	return ent_instant_is_none(lot->ends_at) ? INT64_MAX : lot->ends_at.us;
}

int64_t ent_lots_left(const struct ent_entitlement *e);

/* What a posting does to the figures of `e`, its channel and its lot. The only place
 * that changes them. */
void ent_posting_apply(struct ent_entitlement *e, const struct ent_term_posting *posting);

/* Add a posting (kind, units, period, channel, case, lot, reverses, reason are given) and
 * apply it. */
void ent_terms_post(struct ent_terms *terms, struct ent_term_posting posting);
/* Post an adjustment. One below zero takes from the allowance what that has, then from lots. */
void ent_terms_correct(struct ent_terms *terms, int64_t units, ent_str channel, ent_str reason);
void ent_terms_settle(struct ent_terms *terms);
void ent_terms_set_end(struct ent_entitlement *e, const struct ent_zone *zone);

#endif
