/* inner.h - what the files of app/ share and nobody else needs. */
#ifndef ENT_APP_INNER_H
#define ENT_APP_INNER_H

#include "app/app.h"
#include "app/cache.h"

struct ent_cache *ent_app_cache(struct ent_app *app);

/* The head that ent_call_lock() took. */
struct ent_head *ent_call_head(const struct ent_call *call, ent_id account);

/* The account and those above it, nearest first; at most ENT_PATH_MAX. NOT_FOUND. */
enum { ENT_PATH_MAX = 32 };
ENT_CHECK enum ent_code ent_account_path(struct ent_call *call, ent_id account,
                                         struct ent_ids *out, struct ent_error *error);

#endif
