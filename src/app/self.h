/* self.h - what people change of themselves. */
#ifndef ENT_APP_SELF_H
#define ENT_APP_SELF_H

#include "app/app.h"
#include "core/input.h"

/* Change the record of the user who asks. A new password is in call->password_hash, too, and
 * ends all their sessions; whether they know the old one is found out before. INVALID with
 * notes, PRECONDITION_FAILED, STORAGE, BUSY. */
ENT_CHECK enum ent_code ent_self_update(struct ent_call *call, int64_t version,
                                        const struct ent_input_self *input,
                                        const struct ent_set *given, struct ent_user *out,
                                        struct ent_error *error);

#endif
