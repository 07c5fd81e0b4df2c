/* coverage.h - the coverage decision with what the store knows.
 *
 * Loads the sets of an account and those above it (from the cache where it may), looks up
 * what was asked about, and lets core/coverage.h decide.
 */
#ifndef ENT_APP_COVERAGE_H
#define ENT_APP_COVERAGE_H

#include "app/app.h"
#include "core/coverage.h"

/* A question as it comes from outside. Account may be left out if a contact or an asset is
 * given. */
struct ent_coverage_question {
	ent_id account_id, contact_id, product_id, asset_id, entitlement_id, contract_id;
	ent_str channel;
	ent_instant at; /* none: now */
	int64_t units;  /* what it would cost; 0: only whether it is covered */
	ent_id held_id; /* a case that is linked to it already holds units of it */
	int64_t held_units;
	ent_str held_channel;
};

/* Where the sets come from. */
enum ent_coverage_source {
	ENT_COVERAGE_CACHED, /* memory first; call->db may be NULL: then BUSY for what is not there
	                      */
	ENT_COVERAGE_STORED  /* the transaction's own view; for use cases that hold the lock */
};

/* Answer in call->arena. Notes NO_SUCH_RECORD, WRONG_ACCOUNT, REQUIRED for what was asked
 * about. An `at` in the past gives the balances as of then. Does not ask for a permission. */
ENT_CHECK enum ent_code ent_coverage_decide(struct ent_call *call,
                                            const struct ent_coverage_question *question,
                                            enum ent_coverage_source source,
                                            struct ent_coverage_answer *out,
                                            struct ent_error *error);

/* The reasons of one candidate as a text for a person and a refusal: NOT_COVERED,
 * TERMS_EXHAUSTED or CHANNEL_TERMS_EXHAUSTED, with an issue for every reason. */
enum ent_code ent_coverage_refuse(const struct ent_coverage_candidate *candidate,
                                  const char *pointer, struct ent_error *error);

#endif
