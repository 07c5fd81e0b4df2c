/* boundary.h - what time alone brings: written once each, also after downtime.
 *
 * Nothing depends on it being in time: states and balances are computed when they are read.
 * It writes the events (activated, expired, suspended, resumed, cancelled), applies
 * scheduled amendments, settles ended periods, and takes the default flag from what has
 * ended. Everything follows from what is stored: each entitlement has the instant until
 * which it was looked at (seen_at) and that of the next change (due_at). The lock of the
 * account decides between several servers; whoever comes second finds nothing to do.
 */
#ifndef ENT_APP_BOUNDARY_H
#define ENT_APP_BOUNDARY_H

#include "app/app.h"

struct ent_boundary_report {
	size_t handled;
	size_t failed;          /* stay due; tried again next time */
	struct ent_error error; /* why the first of them did */
};

/* Handle at most `limit` entitlements (0: all) that are due at `now`. Fails only if the
 * store cannot be read. From a thread that can wait. */
ENT_CHECK enum ent_code ent_boundary_run(struct ent_app *app, ent_instant now, size_t limit,
                                         struct ent_boundary_report *out,
                                         struct ent_error *error);

/* When there will be something to do; ENT_INSTANT_END: never, as things are. */
ENT_CHECK enum ent_code ent_boundary_next(struct ent_app *app, ent_instant *out,
                                          struct ent_error *error);

#endif
