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

/* Lines of these contracts with what their prices follow from, by contract and id; of the trees of
 * `roots` alone, if there are. */
ENT_CHECK enum ent_code ent_contract_price_lines(struct ent_call *call, struct ent_ids contracts,
                                                 struct ent_ids roots, struct ent_list *out,
                                                 struct ent_error *error);
/* Those of one contract among them. */
struct ent_list ent_contract_price_lines_of(const struct ent_list *all, ent_id contract);

/* Prices, or *known false where they cannot be written or the contract has no currency. */
ENT_CHECK enum ent_code ent_contract_price_known(struct ent_call *call,
                                                 const struct ent_contract *contract,
                                                 const struct ent_list *lines, ent_date on,
                                                 struct ent_contract_price *out, bool *known,
                                                 struct ent_error *error);

#endif
