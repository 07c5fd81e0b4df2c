/* sign.h - the signature of Standard Webhooks: HMAC-SHA256 over "id.timestamp.body". */
#ifndef ENT_DELIVER_SIGN_H
#define ENT_DELIVER_SIGN_H

#include "base/text.h"

/* "v1,<base64>" with the key that `secret` ("whsec_<base64>") holds. False if it is none. */
ENT_CHECK bool ent_webhook_sign(ent_str secret, ent_str id, int64_t timestamp, ent_str body,
                                struct ent_arena *arena, ent_str *out);

#endif
