/* inner.h - what the files of app/ share and nobody else needs. */
#ifndef ENT_APP_INNER_H
#define ENT_APP_INNER_H

#include "app/app.h"
#include "app/cache.h"
#include "app/wanted.h"

struct ent_cache *ent_app_cache(struct ent_app *app);
struct ent_wanted *ent_app_wanted(struct ent_app *app);

struct ent_hours_cache *ent_app_hours(struct ent_app *app);

/* Let this process's caches forget what hangs on the id; 0: everything. */
void ent_app_forget(struct ent_app *app, int64_t id);
/* Events were committed; see feed.h. */
void ent_app_ring(struct ent_app *app);

/* Of ent_call_end(): the hours that the call holds. */
void ent_call_release_hours(struct ent_call *call);
struct ent_sla_cache *ent_app_sla(struct ent_app *app);

/* The service levels that a call holds: give them back; or look again, after its own change. */
void ent_sla_call_end(struct ent_call *call);
void ent_sla_call_forget(struct ent_call *call);

/* Are changes by other processes heard of, so that what the caches hold is right? */
bool ent_app_may_cache(struct ent_app *app);

/* May what this call reads be put into the caches? Not once it has changed what they hold:
 * it would see that before others may. */
bool ent_call_may_keep(const struct ent_call *call);

/* Lay scheduled amendments that are due at `at` over a loaded entitlement. */
ENT_CHECK enum ent_code ent_amendment_overlay(struct ent_call *call, struct ent_entitlement *e,
                                              ent_instant at, struct ent_error *error);

/* The head that ent_call_lock() took. */
struct ent_head *ent_call_head(const struct ent_call *call, ent_id account);

/* The lock was taken in another way than by ent_call_lock(), by claiming: here is the row.
 * Its version is raised with what is written. */
void ent_call_adopt(struct ent_call *call, const struct ent_head *row);

/* The account and those above it, nearest first; at most ENT_PATH_MAX. NOT_FOUND. */
ENT_CHECK enum ent_code ent_account_path(struct ent_call *call, ent_id account,
                                         struct ent_ids *out, struct ent_error *error);

/* ---- crud.c ---- */

/* NO_SUCH_RECORD if the account that a new record is for is none that the caller sees. */
ENT_CHECK enum ent_code ent_record_enter(struct ent_call *call, const struct ent_type *type,
                                         const void *object, struct ent_error *error);

#endif
