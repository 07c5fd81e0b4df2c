/* wanted.h - which webhook endpoints want what, kept in memory under the epoch rule (cache.h):
 * every event asks. Forgotten together with people and settings. And who sends what they get.
 * Any thread. */
#ifndef ENT_APP_WANTED_H
#define ENT_APP_WANTED_H

#include "core/type.h"

#include <stdatomic.h>

/* What an endpoint that is not disabled wants. */
struct ent_endpoint {
	ent_id id;
	ent_id account_id; /* of this account only; none: of all */
	struct ent_words event_types;
};

struct ent_endpoints {
	const struct ent_endpoint *items;
	size_t count;
};

struct ent_wanted;

struct ent_wanted *ent_wanted_open(void); /* NULL: no memory */
void ent_wanted_close(struct ent_wanted *wanted);

/* A copy in `arena`; false: not there. None that is empty costs no memory. */
bool ent_wanted_get(struct ent_wanted *wanted, struct ent_arena *arena, struct ent_endpoints *out);

/* `epoch` as it was before they were read: kept only if nothing was forgotten since. */
void ent_wanted_put(struct ent_wanted *wanted, uint64_t epoch,
                    const struct ent_endpoints *endpoints);

/* Who sends: told after each commit that put something into the outbox; NULL: nobody. */
void ent_wanted_on_commit(struct ent_wanted *wanted, void (*wake)(void *arg), void *arg);
void ent_wanted_tell(struct ent_wanted *wanted);

/* What became of deliveries since the process started. */
struct ent_delivery_counters {
	_Atomic uint64_t delivered, failed, dead;
};
struct ent_delivery_counters *ent_wanted_counters(struct ent_wanted *wanted);

/* `epoch` of the caches, raised since the change. */
void ent_wanted_forget(struct ent_wanted *wanted, uint64_t epoch);

#endif
