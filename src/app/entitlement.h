/* entitlement.h - what the use cases of entitlements share. */
#ifndef ENT_APP_ENTITLEMENT_H
#define ENT_APP_ENTITLEMENT_H

#include "app/app.h"

/* After fields of *e were given: zone by default, dates in it, rows of channels and grants
 * that are the same as before keep their id and counters, bits of extra rows. Notes an
 * unknown zone and unknown channels. */
ENT_CHECK enum ent_code ent_entitlement_tidy(struct ent_call *call,
                                             const struct ent_entitlement *before,
                                             struct ent_entitlement *e, struct ent_error *error);

/* The next number. */
ENT_CHECK enum ent_code ent_entitlement_number(struct ent_call *call, ent_str *out,
                                               struct ent_error *error);

/* Is it the account's default? Then no longer, with an event of the account. */
ENT_CHECK enum ent_code ent_default_drop(struct ent_call *call, const struct ent_entitlement *e,
                                         struct ent_error *error);

/* Make it the account's default; there is at most one. */
ENT_CHECK enum ent_code ent_default_set(struct ent_call *call, const struct ent_entitlement *e,
                                        struct ent_error *error);

/* Withdraw its scheduled amendments: it has ended or is a draft again. */
ENT_CHECK enum ent_code ent_amend_withdraw(struct ent_call *call, struct ent_entitlement *e,
                                           struct ent_error *error);

/* A channel that gets a row when units were used on it before: those count. */
ENT_CHECK enum ent_code ent_channels_recount(struct ent_call *call,
                                             const struct ent_entitlement *before,
                                             struct ent_entitlement *e,
                                             const struct ent_zone *zone,
                                             struct ent_error *error);

/* Figures of the whole, its channels and lots anew from all its postings. */
ENT_CHECK enum ent_code ent_ledger_replay(struct ent_call *call, struct ent_entitlement *e,
                                          const struct ent_zone *zone, struct ent_error *error);


/* Copy the template's fields that were not given. */
void ent_template_fill(const struct ent_entitlement_template *t, const struct ent_set *given,
                       struct ent_entitlement *e, struct ent_arena *arena);

#endif
