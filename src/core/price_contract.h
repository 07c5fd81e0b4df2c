/* price_contract.h - what is stored of a contract and its lines, as the arithmetic of prices takes
 * it. A derived price (derived_percent) is for ent_price_derive(): here it is left out.
 */
#ifndef ENT_CORE_PRICE_CONTRACT_H
#define ENT_CORE_PRICE_CONTRACT_H

#include "core/price.h"

/* Texts point where the contract's do. `on`: none, or the day of mrr and arr. */
struct ent_price_rules ent_price_rules_of(const struct ent_contract *contract, ent_date on);

/* A line of it. Days that are left out are those of the line above (NULL: none), else the
 * contract's; without a ramp it has the raises of that above. `parent` is none: the caller knows
 * the order of its lines. Adjustments are the line's own; steps of a ramp are made in `arena`. */
struct ent_price_line ent_price_line_of(const struct ent_contract *contract,
                                        const struct ent_price_line *above,
                                        const struct ent_contract_line *line,
                                        struct ent_arena *arena);

#endif
