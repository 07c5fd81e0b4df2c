/* terms.h - the ledger of an entitlement's terms: domain.md 4, dynamics 3.5, 3.14.
 *
 * remaining = granted - consumed, available = remaining - reserved, all kept in the
 * entitlement's ledger_ fields, in `consumed` and `reserved` of its channel rows and in
 * its lots. Every change is a posting, and applying all postings in order
 * (ent_terms_replay()) gives the same figures.
 *
 * Periods (reset) begin on starts_on and every 1, 3 or 12 months after it, on the same
 * day of the month or the month's last, at the beginning of that day in the zone; with
 * no starts_on the day of created_at takes its place. In a new period `granted` is the
 * total, what is rolled over, and what is left in lots; `consumed` is 0, also of
 * the channels. An overdraft stays in its period. Nothing moves in a draft, or after the
 * end or the cancellation. Periods in which nothing happened leave no postings.
 *
 * Lots are used before the allowance, earliest expiry first. What is reserved does not
 * lapse: neither a lot's end nor a period's takes units away that open cases need.
 *
 * unit none counts nothing. unlimited counts usage, but has no balance. A channel row has
 * no lots: a top-up raises the whole, never a channel's total.
 *
 * Pure; allocates only postings and longer lists, in the caller's arena.
 */
#ifndef ENT_CORE_TERMS_H
#define ENT_CORE_TERMS_H

#include "core/type.h"
#include "core/zone.h"

/* ---- reading ------------------------------------------------------------------ */

struct ent_terms_view {
	bool bounded; /* else remaining and available mean nothing */
	bool renewed; /* a period has begun that is not settled: channels have consumed 0 */
	int64_t granted, consumed, reserved;
	int64_t remaining, available;
};

struct ent_terms_channel {
	bool bounded;
	int64_t consumed, reserved;
	int64_t remaining, available;
};

/* The figures at `at`, which is not before the last posting. Changes nothing. One that
 * was never activated shows its total. */
void ent_terms_view(const struct ent_entitlement *e, const struct ent_zone *zone, ent_instant at,
                    struct ent_terms_view *out);
/* The same as long as time has not moved them: before ent_terms_moves_at(). */
void ent_terms_still(const struct ent_entitlement *e, struct ent_terms_view *out);
/* From when on time may have moved them; ENT_INSTANT_END: it never does. */
ent_instant ent_terms_moves_at(const struct ent_entitlement *e);

void ent_terms_view_channel(enum ent_term_unit unit, const struct ent_entitlement_channel *row,
                            const struct ent_terms_view *view, struct ent_terms_channel *out);

/* The channel's row, or NULL; no text has none. */
struct ent_entitlement_channel *ent_terms_channel(const struct ent_entitlement *e,
                                                  ent_str channel);
struct ent_entitlement_channel *ent_terms_channel_in(struct ent_children channels,
                                                     ent_str channel);

/* First day of the next period; none without reset, or if it would begin after the end. */
ent_date ent_terms_resets_on(const struct ent_entitlement *e, const struct ent_zone *zone,
                             ent_instant at);

/* Fill in the DERIVED fields granted … resets_on, and the channels' remaining, available. */
void ent_terms_derive(struct ent_entitlement *e, const struct ent_zone *zone, ent_instant at);

/* ---- changing ------------------------------------------------------------------- */

/* One entitlement while its ledger is changed, and the postings that this makes. They
 * have account, entitlement, created_at (= at), kind, units, period, channel, case, lot,
 * reverses and reason; id, actor and idempotency_key are left to the caller. */
struct ent_terms {
	struct ent_entitlement *entitlement; /* changed in place, its channels and lots too */
	const struct ent_zone *zone;
	ent_instant at;
	struct ent_arena *arena;
	struct ent_term_posting *postings;
	size_t count, room;
	uint32_t touched; /* bits of enum ent_extra: rows of CHANNELS, LOTS that have changed */
};

/* Begin to work on `e` at `at` (now): settles it first, that is brings its figures to the
 * period of `at`. Doing it again changes nothing. The work does not grow with the
 * time since the last posting. */
void ent_terms_begin(struct ent_terms *terms, struct ent_entitlement *e,
                     const struct ent_zone *zone, ent_instant at, struct ent_arena *arena);

/* After ent_life_activate(): grants the total, the first time only. `opening` is what is
 * left of it, for imports; none: all. REMAINING_ABOVE_TOTAL, RANGE (below 0). */
ENT_CHECK enum ent_code ent_terms_open(struct ent_terms *terms, ent_count opening,
                                       struct ent_error *error);

/* After fields of the entitlement have been changed, by amend or in a draft: `before` is
 * how it was. The balance moves by the difference of the totals; a new first day or
 * reset renumbers the periods and carries the balance (channels begin anew then).
 * TOTAL_BELOW_USED (a lowered total leaves less than 0 available), INVALID (another unit
 * after use). On failure nothing has changed. */
ENT_CHECK enum ent_code ent_terms_amended(struct ent_terms *terms,
                                          const struct ent_entitlement *before,
                                          struct ent_error *error);

/* What is done when a restricted balance does not hold the units. */
enum ent_terms_force {
	ENT_TERMS_REFUSE, /* TERMS_EXHAUSTED, CHANNEL_TERMS_EXHAUSTED */
	ENT_TERMS_FIT,    /* as much as there is */
	ENT_TERMS_FORCE   /* below zero */
};

struct ent_terms_want {
	int64_t units;   /* >= 0; 0 does nothing */
	ent_str channel; /* its row moves too, if it has one */
	ent_id case_id;
	ent_str reason;
	enum ent_terms_force force;
};

/* Use units: one posting for each source. */
ENT_CHECK enum ent_code ent_terms_consume(struct ent_terms *terms,
                                          const struct ent_terms_want *want,
                                          struct ent_error *error);
/* Set units aside. */
ENT_CHECK enum ent_code ent_terms_reserve(struct ent_terms *terms,
                                          const struct ent_terms_want *want,
                                          struct ent_error *error);

/* Take back consume and reserve postings, each exactly, by a refund or release that
 * points to it (others are passed over). What was used in an earlier period of the
 * allowance is refunded there and lapses there: today's balance does not grow; a lot's
 * units go back to the lot, and lapse if it has lapsed. */
void ent_terms_reverse(struct ent_terms *terms, const struct ent_term_posting *postings,
                       size_t count, ent_str reason);

/* A case's reservation becomes usage: `reserved` are its open reserve postings. Never
 * refused (dynamics 3.6): minutes may go below zero, other units take what there is.
 * want->force is not looked at. */
void ent_terms_convert(struct ent_terms *terms, const struct ent_term_posting *reserved,
                       size_t count, const struct ent_terms_want *want);

/* Correct the balance by `units`, of any sign. With a channel its row moves too, in this
 * period. What is taken comes from the allowance first, then from lots.
 * TERMS_EXHAUSTED, CHANNEL_TERMS_EXHAUSTED (restricted, and less than 0 would be
 * available), STATE (never activated), INVALID (has no balance) */
ENT_CHECK enum ent_code ent_terms_adjust(struct ent_terms *terms, int64_t units, ent_str channel,
                                         ent_str reason, struct ent_error *error);

/* Add a lot of `units` that lapses at `ends_at` (none: never). An overdraft of the
 * allowance is paid from it at once. The longer list is in the arena.
 * CANNOT_TOP_UP (never activated, unit none, unlimited), RANGE (units < 1, ends in the
 * past), LIMIT (1000 lots) */
ENT_CHECK enum ent_code ent_terms_top_up(struct ent_terms *terms, ent_id lot_id, int64_t units,
                                         ent_instant ends_at, ent_str reason,
                                         struct ent_error *error);

/* ---- postings --------------------------------------------------------------------- */

/* Those of `kind` (consume, reserve) and case that nothing reverses yet, into `out`, which
 * has room for `count`. `postings` are all of that case on one entitlement. */
size_t ent_terms_standing(const struct ent_term_posting *postings, size_t count,
                          enum ent_posting_kind kind, ent_id case_id,
                          struct ent_term_posting *out);

/* Recompute the figures of `e`, its channels and its lots from all its postings, oldest
 * first: what `verify` compares, and with the postings up to an instant followed by
 * ent_terms_view() the balance as of then. ledger_ends_at is computed, too. */
void ent_terms_replay(struct ent_entitlement *e, const struct ent_zone *zone,
                      const struct ent_term_posting *postings, size_t count);

#endif
