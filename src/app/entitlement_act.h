/* entitlement_act.h - the frame of the actions of entitlements. */
#ifndef ENT_APP_ENTITLEMENT_ACT_H
#define ENT_APP_ENTITLEMENT_ACT_H

#include "app/ledger.h"

/* Permission, lock, load (with what is due), reason. */
ENT_CHECK enum ent_code ent_act_enter(struct ent_call *call, const char *permission, ent_id id,
                                      int64_t version, ent_str reason, struct ent_held *out,
                                      struct ent_error *error);

/* Save under `verb`; what is shown goes to *out. */
ENT_CHECK enum ent_code ent_act_leave(struct ent_call *call, struct ent_held *held,
                                      const char *verb, void *out, struct ent_error *error);

/* Put a draft into force, in memory. */
ENT_CHECK enum ent_code ent_act_activate(struct ent_call *call, struct ent_held *held,
                                         struct ent_error *error);
/* The word for the state that this led to: "activated", "scheduled", "expired". */
const char *ent_act_activated(const struct ent_call *call, const struct ent_held *held);

/* Hold one that was inserted in this call. */
ENT_CHECK enum ent_code ent_act_adopt(struct ent_call *call, struct ent_entitlement *fresh,
                                      struct ent_held *out, struct ent_error *error);

/* Put one that was inserted in this call into force, and save it. */
ENT_CHECK enum ent_code ent_act_begin(struct ent_call *call, struct ent_entitlement *fresh,
                                      struct ent_error *error);

#endif
