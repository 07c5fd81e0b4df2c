/* renewal.h - contracts that are renewed by themselves, exactly once a term.
 *
 * A contract with auto_renew has the instant renews_at, also in `due`: so many days before its
 * end, or when it begins. What then becomes of it follows from what is stored: no contract has
 * its renewal_key (itself and its last day) yet, so one is made; one that is still a draft is
 * brought up to date with its lines; else nothing is to be done.
 */
#ifndef ENT_APP_RENEWAL_H
#define ENT_APP_RENEWAL_H

#include "app/agenda.h"
#include "app/contract.h"

/* The contract or lines of it were saved. ent_contract_expect() calls it. */
ENT_CHECK enum ent_code ent_renewal_expect(struct ent_call *call, struct ent_contract *contract,
                                           struct ent_error *error);

/* The same of what is under the contract with that id; none: nothing is to be done. */
ENT_CHECK enum ent_code ent_renewal_expect_of(struct ent_call *call, ent_id contract,
                                              struct ent_error *error);

/* Renew it, with `key` as the renewal_key of what is made. What it refuses is told by the event
 * contract.renewal_failed, and is no failure. */
ENT_CHECK enum ent_code ent_renewal_make(struct ent_call *call,
                                         const struct ent_contract *contract, ent_str key,
                                         struct ent_error *error);
/* A draft of its renewal becomes what a new one would be, but for what somebody changed in it. What
 * is in review is recalled first, if it would change. */
ENT_CHECK enum ent_code ent_renewal_update(struct ent_call *call,
                                           const struct ent_contract *contract, ent_str key,
                                           ent_id draft, struct ent_error *error);

/* What it renews was cancelled, ended sooner or merged away: it is cancelled. Should the contract
 * go on after all, another one is made. */
ENT_CHECK enum ent_code ent_renewal_withdraw(struct ent_call *call,
                                             const struct ent_contract *contract, ent_id draft,
                                             struct ent_error *error);

/* A contract for which something was due at `was`. */
typedef enum ent_code ent_contract_visit(struct ent_call *call, struct ent_contract *contract,
                                         ent_instant was, struct ent_error *error);
/* Load each with its rows and visit it; those that are gone are passed over. */
ENT_CHECK enum ent_code ent_contract_visit_all(struct ent_call *call,
                                               const struct ent_agenda_item *items, size_t count,
                                               ent_contract_visit *visit, struct ent_error *error);

#endif
