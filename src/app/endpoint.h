/* endpoint.h - webhook endpoints: their secrets, and what happens when one is switched off. */
#ifndef ENT_APP_ENDPOINT_H
#define ENT_APP_ENDPOINT_H

#include "app/app.h"

/* Switch an endpoint off because of what it answers: an event webhook_endpoint.disabled, and
 * what waits for it is dead. Nothing if it is off or gone already. */
ENT_CHECK enum ent_code ent_endpoint_disable(struct ent_call *call, ent_id id, ent_str reason,
                                             struct ent_error *error);

#endif
