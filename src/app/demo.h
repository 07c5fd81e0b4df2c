/* demo.h - a believable organisation, the same for the same seed and day.
 *
 * The past year is lived through: use cases are called with the clock of their moment, so
 * that ledgers, events and states are what they would have become. Everything ends before
 * `today` begins (UTC).
 */
#ifndef ENT_APP_DEMO_H
#define ENT_APP_DEMO_H

#include "app/app.h"

/* What everybody in the demo signs in with. */
#define ENT_DEMO_PASSWORD "entitled demo"

struct ent_demo_options {
	uint64_t seed;
	ent_date today;
	int64_t accounts; /* 0: the organisation; else that many accounts in bulk, with about 3
	                   * entitlements and 5 contacts each, and no users */
	bool add;         /* though there are accounts already; users and settings stay */
	void (*progress)(void *arg, int64_t done, int64_t all); /* may be NULL */
	void *arg;
};

struct ent_demo_report {
	int64_t accounts, contacts, products, assets, entitlements, cases; /* made */
	int64_t users;
};

/* Someone who can sign in. */
struct ent_demo_user {
	const char *email;
	const char *name;
	enum ent_role role;
};
const struct ent_demo_user *ent_demo_users(size_t *count);

/* The first moment of the story: where a virtual clock should stand. */
ent_instant ent_demo_begins(ent_date today);

/* STATE if there are accounts and `add` is not set. Moves a virtual clock on. From a thread
 * that can wait. */
ENT_CHECK enum ent_code ent_demo_fill(struct ent_app *app, const struct ent_call *model,
                                      const struct ent_demo_options *options,
                                      struct ent_demo_report *out, struct ent_error *error);

#endif
