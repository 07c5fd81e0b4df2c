/* allowed.h - what the caller may do with a record as it is now, and why not the rest.
 *
 * Told from permissions, states and who is to decide: what can be known without trying. An action
 * that is allowed here may still be refused for what it is given, or for what else there is
 * (a case with open activities); one that is not allowed here is refused.
 */
#ifndef ENT_APP_ALLOWED_H
#define ENT_APP_ALLOWED_H

#include "app/action.h"

/* "update", "delete" or an action of the type. ENT_OK, or the code and detail of the refusal. */
ENT_CHECK enum ent_code ent_action_allowed(struct ent_call *call, const struct ent_type *type,
                                           const void *record, const char *name,
                                           struct ent_error *error);

#endif
