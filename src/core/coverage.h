/* coverage.h - is this customer entitled to this, why, and what is left?
 *
 * One pure function decides for the API, the workspace, the CLI, `entitled eval`
 * and when a case is opened or changed: design/domain.md 3. It looks at an
 * account's coverage set and those of its ancestors, and gives every candidate
 * its verdict with all reasons, the chosen one, and the rule that decided.
 *
 * What an entitlement covers: products[] and contacts[] on it are two lists that
 * both must allow the ask (any product of the one with any contact of the other);
 * its asset_id covers that asset and its parts; its grants are rows, of which one
 * must match in all its filled columns. All of these must hold; what is empty allows
 * everything. Coverage rows of its own add to products[] and asset_id, so that one of all must
 * match; where it has none, those of the nearest line above it that has some, else of its
 * contract, must match besides. A row counts on its days only. A product, asset or channel that
 * the ask leaves out is not held against it, nor is a missing contact by an entitlement whose
 * contact_policy is lenient: the candidate is then marked contact_not_verified.
 *
 * If no grant matches, the reasons are the columns in which the nearest rows differ,
 * those that differ in the fewest columns: with the rows (3D, Marcie) and (4K, Jackson),
 * Marcie's 4K is refused with product_not_covered and contact_not_named, as another product
 * or another contact would do, and Dana's 3D with contact_not_named alone.
 */
#ifndef ENT_CORE_COVERAGE_H
#define ENT_CORE_COVERAGE_H

#include "core/right.h"

/* Why a candidate is not eligible: ENT_REASON(constant, text, meaning). */
enum ent_reason {
#define ENT_REASON(constant, text, meaning) ENT_REASON_##constant,
#include "core/reason.def"
	ENT_REASON_COUNT
};
const char *ent_reason_text(enum ent_reason reason);    /* "not_active" */
const char *ent_reason_meaning(enum ent_reason reason); /* one line for a person */

/* What decides between eligible ones: ENT_CHOICE(constant, text, meaning), in the
 * order of domain.md 3; settings may give another order. */
enum ent_choice {
#define ENT_CHOICE(constant, text, meaning) ENT_CHOICE_##constant,
#include "core/choice.def"
	ENT_CHOICE_COUNT
};
const char *ent_choice_text(enum ent_choice choice);
const char *ent_choice_meaning(enum ent_choice choice);
/* False also for "only", which is an outcome and no rule. */
bool ent_choice_parse(ent_str text, enum ent_choice *out);

/* All entitlements of one account that may ever be looked at, drafts too. */
struct ent_coverage_set {
	ent_id account_id;
	ent_id parent_id; /* the account above; none at the root */
	ent_id default_entitlement_id;
	const struct ent_right *rights;
	size_t count;
	ent_instant amends_at; /* when the first scheduled amendment takes effect; ENT_INSTANT_END:
	                        * there is none */
};

struct ent_coverage_ask {
	ent_instant at;         /* if before now, today's balance is looked at all the same */
	int64_t units;          /* what would be charged or set aside: 1 for a case, also where
	                         * minutes are counted; 0: coverage only, never exhausted */
	ent_id entitlement_id;  /* named by the caller: only it is chosen, all have a verdict */
	ent_id contact_id;
	ent_id contract_id;     /* entitlements without a contract remain eligible */
	ent_str channel;
	struct ent_ids products; /* the product asked about, or the asset's, then its families */
	struct ent_ids assets;   /* the asset asked about, then the ones it is part of */
	/* A case that is linked to this one already holds units of it: they count as available. */
	ent_id held_id;
	int64_t held_units;
	ent_str held_channel;    /* the channel that they were taken from */
};

struct ent_coverage_candidate {
	const struct ent_right *right;
	enum ent_entitlement_state state;
	uint32_t reasons;      /* bits 1 << enum ent_reason; 0: eligible */
	bool inherited;        /* of an ancestor account */
	bool contact_not_verified;
	bool bounded;          /* has a balance at all */
	int64_t remaining, available;                 /* at `at`; 0 unless bounded; what the */
	bool channel_bounded;                         /* case holds is not added */
	int64_t channel_remaining, channel_available;
	uint32_t matches;      /* bits 1 << enum ent_choice that it matches */
};

struct ent_coverage_answer {
	ent_id account_id; /* whom it is about: that of sets[0] */
	struct ent_coverage_candidate *candidates; /* the caller's room; eligible ones first, best
	                                            * first; the others as they are in the sets */
	size_t count;
	const struct ent_coverage_candidate *chosen; /* NULL: not covered */
	/* What decided between the chosen and the next best; ENT_CHOICE_NAMED if one was
	 * named, ENT_CHOICE_ONLY if there was no other, or none at all. */
	enum ent_choice rule;
};

/* The number of candidates that ent_coverage_check() would fill in: those of the account,
 * and of its ancestors those that cover descendants. */
size_t ent_coverage_room(const struct ent_coverage_set *const *sets, size_t count);

/* sets[0] is the account's own, then its ancestors', nearest first. `order` has
 * `order_count` choices; NULL for the built-in order. What a given order leaves out
 * does not decide, but the oldest always is the last resort. */
void ent_coverage_check(const struct ent_coverage_set *const *sets, size_t count,
                        const struct ent_coverage_ask *ask, const enum ent_choice *order,
                        size_t order_count, struct ent_coverage_answer *answer);

#endif
