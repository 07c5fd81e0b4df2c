/* eval_contract.h - contracts, lines and coverage rows that are given inline. */
#ifndef ENT_CLI_EVAL_CONTRACT_H
#define ENT_CLI_EVAL_CONTRACT_H

#include "core/coverage_place.h"
#include "json/json.h"

/* Lists of records as the API shows them, with typed identifiers; NULL: none. */
struct ent_eval_contracts {
	const struct ent_node *contracts, *lines, *coverages;
};

/* What they say about the entitlements of these items, whose contract follows from their line where
 * it is left out. Days are those of the contract's time_zone, else UTC. Notes. */
void ent_eval_place(const struct ent_eval_contracts *given, struct ent_coverage_item *items,
                    size_t count, struct ent_arena *arena, struct ent_error *error);

#endif
