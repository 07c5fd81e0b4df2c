/* right.h - what of an entitlement a coverage decision reads.
 *
 * A decision looks at every entitlement of an account and reads a fifth of each. A right
 * is that fifth, with what follows from the rest worked out before: it is what the
 * coverage cache holds, three to four cache lines instead of eleven, and what is read
 * from the store for a question alone.
 */
#ifndef ENT_CORE_RIGHT_H
#define ENT_CORE_RIGHT_H

#include "core/contract_life.h"
#include "core/life.h"
#include "core/terms.h"

/* The contract that an entitlement hangs on; all none without one. */
struct ent_coverage_contract {
	ent_id contract_id;
	ent_id line_id;
	ent_instant from, until; /* in force in [from, until), none: no bound, ... */
	struct ent_spans gaps;   /* ... but for these, in which it is suspended */
};

/* What coverage rows name: an asset or a product, in [from, until). */
struct ent_cover {
	ent_id asset_id, product_id;
	ent_instant from, until; /* none: no bound */
};

/* The rows that speak for an entitlement: its own, which add to what its fields name, or those
 * of the nearest line above it or of its contract, which narrow that. */
struct ent_covers {
	const struct ent_cover *items;
	size_t count;
	bool are_own;
};

/* One entitlement in full, with what the decision needs beside it. It has its grants,
 * channels, suspensions and lots read in. */
struct ent_coverage_item {
	struct ent_entitlement entitlement;
	struct ent_coverage_contract contract;
	struct ent_covers covers;
	const struct ent_zone *zone; /* of its days */
	bool is_amended;             /* a scheduled amendment was laid over what is stored */
};

/* The child rows, which most entitlements do not have. */
struct ent_right_rows {
	struct ent_children grants, channels, suspensions, lots;
	struct ent_covers covers;
};

/* What its balance follows from once time has moved it. */
struct ent_right_moving {
	const struct ent_zone *zone;
	ent_instant created_at;
	ent_date starts_on;
	enum ent_term_reset reset;
	ent_count roll_over;
	int64_t period;
};

/* Ordered by what is read most. */
struct ent_right {
	ent_id id;
	ent_id account_id;
	struct ent_life life;
	int64_t priority;
	uint8_t unit, contact_policy, other_channels; /* of their enumerations */
	bool restricted, unlimited, covers_descendants;
	ent_id asset_id;
	struct ent_ids products;
	struct ent_ids contacts;
	const struct ent_right_rows *rows;            /* NULL: none */
	const struct ent_coverage_contract *contract; /* NULL: none */
	int64_t granted, consumed, reserved;          /* before moves_at */
	ent_instant moves_at;                         /* ENT_INSTANT_END: time never moves them */
	const struct ent_right_moving *moving;        /* if it does */
	ent_count total;
	ent_str name;
	ent_str number;
	const struct ent_coverage_item *full; /* what it was made of; NULL: not kept */
};

/* Made of `item`, whose lists and texts it goes on using. */
void ent_right_of(const struct ent_coverage_item *item, struct ent_arena *arena,
                  struct ent_right *out);

/* A copy with everything it points to, in `arena`, but for `full`. */
void ent_right_copy(const struct ent_right *from, struct ent_right *to, struct ent_arena *arena);

/* As ent_terms_view(): the figures at `at`. */
void ent_right_view(const struct ent_right *right, ent_instant at, struct ent_terms_view *out);

#endif
