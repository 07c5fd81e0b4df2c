/* delivery_inner.h - the transactions of taking and settling, for the tests to fail each call. */
#ifndef ENT_APP_DELIVERY_INNER_H
#define ENT_APP_DELIVERY_INNER_H

#include "app/delivery.h"

struct ent_claiming {
	struct ent_claim *claim;
	struct ent_arena empty; /* the arena as it was given */
};
ent_use ent_delivery_claim_work; /* arg: struct ent_claiming */

struct ent_settling {
	const struct ent_retries *retries;
	const struct ent_outcome *outcomes;
	size_t count;
	bool ends[ENT_CLAIM_MAX]; /* dead: needs the account's lock, so each in its own transaction
	                           */
};
ent_use ent_delivery_settle_work; /* arg: struct ent_settling */

struct ent_ending {
	const struct ent_outcome *outcome;
	bool is_dead; /* it was this that ended it */
};
ent_use ent_delivery_end_work; /* arg: struct ent_ending */

#endif
