/* contract_nest.h - whole contracts in one call: lines, coverage and entitlements inside of what
 * is created. Read and judged with what they are in, so that all faults are told at once, then
 * inserted behind it. */
#ifndef ENT_APP_CONTRACT_NEST_H
#define ENT_APP_CONTRACT_NEST_H

#include "app/contract.h"

enum {
	ENT_NEST_MAX = 20000,   /* lines, coverage rows and entitlements in one request, each */
	ENT_NEST_DEPTH_MAX = 14 /* lines in lines: what JSON may be deep */
};

/* Read what is nested in the contract or, if there is one, in `line`, whose tree begins with
 * `root`, into call->nest, and judge it. The ids of the things around it are there already, and
 * bits of line->extra_rows are set. Lines at the top begin on `from` (none: with the contract) or
 * later. Notes, with pointers from the root of the input. `zone` NULL (it is not known): instants
 * are not made. */
ENT_CHECK enum ent_code ent_nest_read(struct ent_call *call, const struct ent_contract *contract,
                                      struct ent_contract_line *line,
                                      const struct ent_contract_line *root, ent_date from,
                                      const struct ent_zone *zone, struct ent_error *error);

/* Is it being read? What is nested is judged there. */
bool ent_nest_is_reading(const struct ent_call *call);

/* How many lines were read. */
size_t ent_nest_lines(const struct ent_call *call);

/* Insert what was read. *contract is stored, its stage told; its line_count is already with
 * them. */
ENT_CHECK enum ent_code ent_nest_insert(struct ent_call *call, struct ent_contract *contract,
                                        struct ent_error *error);

#endif
