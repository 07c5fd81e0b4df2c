/* entitlement_check.h - the checks of dynamics 3.1 on a whole entitlement or template.
 *
 * What one value can tell is checked by its type (a total is whole because it is a
 * count), what another record must tell (a contact's account) by the use case, what the
 * state forbids by life.h. Here is what the fields together must satisfy.
 */
#ifndef ENT_CORE_ENTITLEMENT_CHECK_H
#define ENT_CORE_ENTITLEMENT_CHECK_H

#include "core/type.h"

/* Defaults that depend on other fields: minutes are charged at resolution unless
 * charge_on was given. Call it when something is created, before the check. */
void ent_entitlement_default(struct ent_entitlement *e, bool charge_on_given);
void ent_template_default(struct ent_entitlement_template *t, bool charge_on_given);

/* Note what is wrong, with pointers, in *error; the caller asks ent_noted(). `before` is how
 * it was, NULL for a new one; its ledger must be settled if it has one.
 * START_AFTER_END, TOTAL_REQUIRED, TOTAL_BELOW_USED, CHANNEL_ABOVE_TOTAL (/channels/i/total,
 * if the channel's total is new), TOTAL_BELOW_CHANNEL (/total, if only that changed),
 * DUPLICATE (a channel twice), HOURS_ON_CREATION, FORMAT (a channel's name), RANGE (negative
 * price), INVALID (fields that exclude each other) */
void ent_entitlement_check(const struct ent_entitlement *e, const struct ent_entitlement *before,
                           struct ent_error *error);
void ent_template_check(const struct ent_entitlement_template *t,
                        const struct ent_entitlement_template *before, struct ent_error *error);

/* A channel's name: [a-z0-9_]{1,40}. */
bool ent_channel_is_valid(ent_str channel);

#endif
