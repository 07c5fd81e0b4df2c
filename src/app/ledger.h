/* ledger.h - hold one entitlement, change it and its terms, write all of it back.
 *
 *     struct ent_held held;
 *     code = ent_ledger_hold(call, id, &held, error);
 *     … change *held.now; ent_terms_consume(&held.terms, …), ent_charge_apply(&held.terms, …)
 *     code = ent_ledger_save(call, &held, NULL, error);
 *
 * Holding takes the account's lock and brings the entitlement to call->now: scheduled
 * amendments that are due are applied, the ledger is settled. All of that is written by
 * ent_ledger_save(), with the events that time alone brought since the last write, in
 * their order, exactly once; what is not saved is not written.
 */
#ifndef ENT_APP_LEDGER_H
#define ENT_APP_LEDGER_H

#include "app/app.h"
#include "core/terms.h"

struct ent_due; /* something that time brought: due.h */

struct ent_held {
	struct ent_entitlement *now;          /* change this one */
	const struct ent_entitlement *before; /* as it is stored */
	const struct ent_entitlement *base;   /* as it was before you changed it */
	const struct ent_zone *zone;
	struct ent_terms terms; /* begun on *now at call->now */
	/* For ent_ledger_save(): */
	struct ent_term_posting *early; /* postings of amendments that were due */
	size_t early_count;
	struct ent_due *due;
	struct ent_due **last_due;
};

/* Load it under its account's lock, without asking who sees it: the case that it covers may
 * be of an account below. Grants are read in only where they matter. NOT_FOUND. */
ENT_CHECK enum ent_code ent_ledger_hold(struct ent_call *call, ent_id entitlement,
                                        struct ent_held *out, struct ent_error *error);

/* All postings of this case on this entitlement, oldest first. */
ENT_CHECK enum ent_code ent_ledger_case_postings(struct ent_call *call,
                                                 const struct ent_entitlement *e, ent_id case_id,
                                                 struct ent_list *out, struct ent_error *error);

/* Write what has changed: postings, rows, figures, one event "entitlement.<verb>" and where
 * the balance came to nothing "entitlement.exhausted". `verb` NULL, for pure moves of the
 * ledger: consumed, refunded, reserved, released, as the postings say, with a small `after`;
 * "" if the caller has written the event.
 * One that has ended is the account's default no longer. Nothing changed: nothing is
 * written. The entitlement's version is raised once. */
ENT_CHECK enum ent_code ent_ledger_save(struct ent_call *call, struct ent_held *held,
                                        const char *verb, struct ent_error *error);

/* ---- for the entitlement's own use cases -------------------------------------------- */

/* As ent_ledger_hold() for an entitlement that is loaded (with all its children) and
 * locked. `revisions` from ent_ledger_revisions(). */
ENT_CHECK enum ent_code ent_ledger_begin(struct ent_call *call, struct ent_entitlement *e,
                                         const struct ent_list *revisions, struct ent_held *out,
                                         struct ent_error *error);

/* All scheduled amendments of those of these entitlements that have one due at call->now, in
 * order of time. */
ENT_CHECK enum ent_code ent_ledger_revisions(struct ent_call *call, const struct ent_list *list,
                                             struct ent_list *out, struct ent_error *error);

/* A copy that does not change with the original's figures and rows. */
struct ent_entitlement *ent_ledger_snapshot(const struct ent_entitlement *e,
                                            struct ent_arena *arena);

/* Its figures and rows, in memory, as they were at a past instant: the ledger is replayed. */
ENT_CHECK enum ent_code ent_ledger_rewind(struct ent_call *call, struct ent_entitlement *e,
                                          const struct ent_zone *zone, ent_instant at,
                                          struct ent_error *error);

/* Its zone. */
ENT_CHECK enum ent_code ent_ledger_zone(struct ent_call *call, const struct ent_entitlement *e,
                                        const struct ent_zone **out, struct ent_error *error);

/* When time next changes it after `now`: its state, an amendment, its balance; none: never. */
ent_instant ent_ledger_due(const struct ent_entitlement *e, ent_instant now);

#endif
