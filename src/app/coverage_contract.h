/* coverage_contract.h - what contracts say about an account's entitlements. For coverage_set.c. */
#ifndef ENT_APP_COVERAGE_CONTRACT_H
#define ENT_APP_COVERAGE_CONTRACT_H

#include "app/app.h"
#include "core/coverage.h"

/* Fill in contract and covers of each item. No query where nothing is under a contract and
 * nothing has coverage rows of its own. */
ENT_CHECK enum ent_code ent_coverage_contracts(struct ent_call *call, ent_id account,
                                               struct ent_coverage_item *items, size_t count,
                                               struct ent_error *error);

#endif
