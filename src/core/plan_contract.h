/* plan_contract.h - plans of what makes or changes more than one contract: renew, merge, split,
 * co-terminate, transfer, clone.
 *
 * servicenow 3.13 to 3.16, 8.3, 8.4; docs/contracts.md. Pure. Each notes all that is wrong, with
 * pointers into its input, and fails at its end if there was something: then the plan is not to
 * be used.
 */
#ifndef ENT_CORE_PLAN_CONTRACT_H
#define ENT_CORE_PLAN_CONTRACT_H

#include "core/contract_check.h"
#include "core/input_across.h"
#include "core/plan.h"

struct ent_plan_renewal {
	const struct ent_holding *from;
	const struct ent_input_contract_renew *input;
	const struct ent_product *products; /* of its lines, by id */
	size_t product_count;
	ent_str key; /* contract.renewal_key of what is made, or no text */
	/* A draft that renews it already: what is missing in it is added, what takes no part any
	 * more is cancelled, all else becomes what a new one would be; NULL: a new one is made. */
	const struct ent_holding *into;
	/* What somebody changed in the draft, which stays: of its header, of each of its lines and
	 * entitlements, and the coverage rows that somebody added. NULL: nothing. */
	const struct ent_set *kept_header, *kept_lines, *kept_rights;
	const bool *kept_coverage;
	bool *dropped; /* out: coverage rows of the draft that are to be removed */
	ent_id successor; /* the contract that renews it already; none: there is none */
};

/* The whole contract as a new one, or some of its lines in place. It begins on the day after the
 * old end (standard), before it (early: what is renewed ends on the day before) or after it
 * (late, with a gap that is warned of). It is as long as it was, counted from the day that the
 * first of its chain began, so that no number of renewals drifts from it.
 *
 * What takes part: lines that are renewable, not cancelled or ended early, not renewed already
 * and not over by today or their contract's end; with the entitlements and the coverage that are
 * not over either. Entitlements begin with fresh terms. Prices follow ent_price_renew(); a ramp
 * becomes a price.
 * CANNOT_RENEW, RENEW_NO_END, RENEW_ALREADY, RENEW_EARLY_DATE, RENEW_NOTHING, RENEW_RETIRED;
 * DATE_ORDER, REQUIRED (a list price); NO_SUCH_RECORD, NOT_ROOT, DUPLICATE (/lines/i) */
ENT_CHECK enum ent_code ent_plan_renew(struct ent_plan *plan,
                                       const struct ent_plan_renewal *renewal,
                                       struct ent_error *error);

/* The last day of a term from `first`, as long as `term` (none: as the old one was), counted from
 * *anchor where `first` is one of its anniversaries; else that is the new anchor. */
ent_date ent_plan_renewed_end(struct ent_days old, ent_date first, ent_duration term,
                              ent_date *anchor);

/* The contracts sources[0..] become part of the first holding's. Lines that are alike and end on
 * the same day become one where that is asked for. The sources end on the day before, or are
 * cancelled if they had not begun.
 * MERGE_UNLIKE (currency, discount), WRONG_ACCOUNT, STATE at /contracts/i; DATE_OUTSIDE_PARENT,
 * RANGE, BALANCE_LATER at /effective_on */
ENT_CHECK enum ent_code ent_plan_merge(struct ent_plan *plan, const struct ent_holding *target,
                                       const struct ent_holding *sources, size_t count,
                                       const struct ent_input_contract_merge *input,
                                       struct ent_error *error);

/* Some lines become a contract of their own. */
ENT_CHECK enum ent_code ent_plan_split(struct ent_plan *plan, const struct ent_holding *from,
                                       const struct ent_input_contract_split *input,
                                       struct ent_error *error);

/* All lines, or some, end on one day; steps of ramps, entitlements and coverage follow.
 * DATE_ORDER, END_NOT_FUTURE at /ends_on */
ENT_CHECK enum ent_code ent_plan_co_terminate(struct ent_plan *plan, const struct ent_holding *from,
                                              const struct ent_input_contract_co_terminate *input,
                                              struct ent_error *error);

/* The contract as one of another account from a day on. `foreign` are the assets that it may not
 * have covered, by id: WRONG_ACCOUNT, unless they are dropped. */
ENT_CHECK enum ent_code ent_plan_transfer(struct ent_plan *plan, const struct ent_holding *from,
                                          const struct ent_input_contract_transfer *input,
                                          struct ent_ids foreign, struct ent_error *error);

/* A draft like it, maybe from another day on and for another account. */
ENT_CHECK enum ent_code ent_plan_clone(struct ent_plan *plan, const struct ent_holding *from,
                                       const struct ent_input_contract_clone *input,
                                       struct ent_ids foreign, struct ent_error *error);

#endif
