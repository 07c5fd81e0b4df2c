/* case.h - what the files of the cases' use cases share.
 *
 * case.c opens, changes and deletes; case_cover.c finds what covers a case;
 * case_charge.c moves terms; case_close.c resolves, cancels and opens again;
 * case_link.c links by hand; case_merge.c merges.
 */
#ifndef ENT_APP_CASE_H
#define ENT_APP_CASE_H

#include "app/record.h"
#include "core/charge.h"
#include "core/coverage.h"

/* ---- terms: case_charge.c ------------------------------------------------------ */

/* The entitlements whose terms a use case moves: each is loaded once and saved once, how
 * many cases it may be about. Zeroed but for `call`. */
struct ent_charging {
	struct ent_call *call;
	struct ent_charging_entitlement *first;
};

/* Use what was loaded under its account's lock already, instead of reading it again. */
void ent_charging_take(struct ent_charging *charging, const struct ent_coverage_item *item);

/* Do to the terms of the case's entitlement what charge.def says. The case is as before the
 * event, but has its new channel and, when it is resolved, its billable_minutes; its
 * units_charged and units_reserved become what it holds then. Nothing covers it: nothing.
 * TERMS_EXHAUSTED, CHANNEL_TERMS_EXHAUSTED, MINUTES_REQUIRED */
ENT_CHECK enum ent_code ent_charging_apply(struct ent_charging *charging, struct ent_case *c,
                                           enum ent_charge_event event, struct ent_error *error);

ENT_CHECK enum ent_code ent_charging_save(struct ent_charging *charging, struct ent_error *error);

/* ---- coverage: case_cover.c ------------------------------------------------------ */

/* What would cover the case as it is now. `before` is how it is stored (NULL: new): what it
 * holds counts as available. Named: that one or a refusal with its reasons under `pointer`;
 * nothing named: the rules' choice, which may be nothing. The chosen one's account is
 * locked. */
ENT_CHECK enum ent_code ent_case_cover(struct ent_charging *charging, const struct ent_case *before,
                                       const struct ent_case *c, const char *pointer,
                                       struct ent_coverage_answer *out, struct ent_error *error);

/* Write into the case what covers it; nothing chosen: nothing does. */
void ent_case_set_cover(struct ent_case *c, const struct ent_coverage_answer *answer);

/* The case, which is stored as *before, gets what the answer says (NULL: nothing): gives
 * back what it held on the old entitlement and is charged on the new one. */
ENT_CHECK enum ent_code ent_case_relink(struct ent_charging *charging,
                                        const struct ent_case *before, struct ent_case *c,
                                        const struct ent_coverage_answer *answer,
                                        struct ent_error *error);

/* ---- all of them -------------------------------------------------------------------- */

/* The beginning of every action: permission, lock, load; the reason goes into events. */
ENT_CHECK enum ent_code ent_case_hold(struct ent_call *call, const char *permission, ent_id id,
                                      int64_t version, ent_str reason, struct ent_case *out,
                                      struct ent_error *error);

/* The end of every action: what was charged, then the case with an event. */
ENT_CHECK enum ent_code ent_case_store(struct ent_charging *charging,
                                       const struct ent_case *before, struct ent_case *c,
                                       const char *verb, struct ent_error *error);

/* Number and store a new case, with its clocks; what covers it is known by now. */
ENT_CHECK enum ent_code ent_case_open(struct ent_call *call, struct ent_case *c,
                                      struct ent_error *error);

/* Store a case that has changed, and what its clocks make of that. */
ENT_CHECK enum ent_code ent_case_save(struct ent_call *call, const struct ent_case *before,
                                      struct ent_case *c, const char *verb,
                                      struct ent_error *error);

/* STATE unless it is open; `what` completes "CAS-000001 is resolved and ...". */
ENT_CHECK enum ent_code ent_case_must_be_open(const struct ent_case *c, const char *what,
                                              struct ent_error *error);

/* Cases of the account by a tail such as "AND t.parent_id IN (1, 2)", oldest first. */
ENT_CHECK enum ent_code ent_case_select(struct ent_call *call, ent_id account, ent_str condition,
                                        struct ent_list *out, struct ent_error *error);

#endif
