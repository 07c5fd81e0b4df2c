/* import_allowance.h - entitlements as other systems have them: whose, of how many of what, in
 * which state. */
#ifndef ENT_APP_IMPORT_ALLOWANCE_H
#define ENT_APP_IMPORT_ALLOWANCE_H

#include "app/import_source.h"

/* Slot CUSTOMER: an account, or a contact, whose account it is then. *contact: that one or none.
 * Notes. */
ENT_CHECK enum ent_code ent_import_customer(struct ent_import_work *work, ent_id *account,
                                            ent_id *contact, struct ent_error *error);

/* Set unit, total and what remains of the entitlement work->object: `unit` is cases, hours,
 * minutes, none or empty; slots ALLOTMENTS and REMAINING have the units. Notes. */
void ent_import_allowance(struct ent_import_work *work, ent_str unit, struct ent_error *error);

/* Put it into force with its past as STATE says, one of the words of its states; what the source
 * says of it is held against its dates. */
void ent_import_claim(struct ent_import_work *work, const char *word);

#endif
