/* coverage_set.h - what an account's entitlements are, as the store has them. For
 * coverage.c. */
#ifndef ENT_APP_COVERAGE_SET_H
#define ENT_APP_COVERAGE_SET_H

#include "app/app.h"
#include "core/coverage.h"

enum ent_set_use {
	ENT_SET_FEW, /* as of the last change, and of the columns what a decision reads */
	ENT_SET_FULL /* whole entitlements, with amendments that are due at `at` laid over them
	              * and, if that is past, with the balances of then */
};

/* Load the set from call->db, into call->arena. NO_SUCH_RECORD: there is no such account. */
ENT_CHECK enum ent_code ent_coverage_load(struct ent_call *call, ent_id account,
                                          enum ent_set_use use, ent_instant at,
                                          struct ent_coverage_set *out, struct ent_error *error);

enum ent_code ent_coverage_no_account(ent_id account, struct ent_error *error);

#endif
