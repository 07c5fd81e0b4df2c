/* contract_total.h - prices of contracts as they are read: nothing of them is stored.
 *
 * A page costs three statements, whatever number of contracts is on it: lines, adjustments,
 * steps of ramps. They are left out where the caller shows no field that follows from prices.
 */
#ifndef ENT_APP_CONTRACT_TOTAL_H
#define ENT_APP_CONTRACT_TOTAL_H

#include "app/contract.h"
#include "core/contract_price.h"

/* Fill in what follows from prices. Where the arithmetic refuses (an amount that cannot be
 * written), those of the contract are left none. */
ENT_CHECK enum ent_code ent_contract_fill(struct ent_call *call, const struct ent_list *contracts,
                                          struct ent_error *error);
/* `contracts`: those of the lines, by id. */
ENT_CHECK enum ent_code ent_contract_line_fill(struct ent_call *call,
                                               const struct ent_list *contracts,
                                               const struct ent_list *lines,
                                               struct ent_error *error);

/* The prices of a loaded tree with all its rows; mrr and arr on `on` (none: today, or the
 * contract's nearest day). Codes of ent_contract_price(). */
ENT_CHECK enum ent_code ent_contract_price_tree(struct ent_call *call,
                                                const struct ent_contract_tree *tree, ent_date on,
                                                bool explain, struct ent_contract_price *out,
                                                struct ent_error *error);

/* Adjustments and ramp segments of the lines that `where` selects (a condition on
 * contract_line l), handed out to `lines`, which are sorted by contract and id. */
ENT_CHECK enum ent_code ent_contract_price_rows(struct ent_call *call, ent_str where,
                                                const struct ent_value *args, size_t arg_count,
                                                const struct ent_list *lines,
                                                struct ent_error *error);

#endif
