/* plan_across.h - what planners of more than one contract share: what another account cannot take
 * over, and prices as they are contracted.
 */
#ifndef ENT_CORE_PLAN_ACROSS_H
#define ENT_CORE_PLAN_ACROSS_H

#include "core/plan_tree.h"

struct ent_plan_dropped {
	size_t contacts, assets;
};

/* Contacts are of the old account. */
void ent_plan_drop_contacts(struct ent_contract *made, struct ent_plan_dropped *dropped);
void ent_plan_drop_people(struct ent_entitlement *made, struct ent_plan_dropped *dropped);

/* The asset, or none if it is a foreign one. */
ent_id ent_plan_kept_asset(ent_id asset, struct ent_ids foreign, struct ent_plan_dropped *dropped);

/* Note each foreign asset: WRONG_ACCOUNT at "/account_id". */
void ent_plan_refuse_foreign(const struct ent_holding *from, struct ent_ids foreign,
                             struct ent_error *error);
void ent_plan_warn_dropped(struct ent_plan *plan, const struct ent_plan_dropped *dropped);

/* What one costs after everything, the contract's discount too, or the steps of a ramp. */
struct ent_plan_contracted {
	ent_decimal unit_price;    /* none: of a ramp */
	struct ent_children steps; /* struct ent_price_segment */
};
ENT_CHECK enum ent_code ent_plan_contracted(const struct ent_plan_tree *tree, size_t line,
                                            struct ent_plan_contracted *out,
                                            struct ent_error *error);

/* A line that the plan makes costs this after everything, and has no ramp then. The discount of
 * `contract` is still for it, or still spares it. */
void ent_plan_set_price(struct ent_plan *plan, const struct ent_contract *contract,
                        struct ent_contract_line *made, ent_decimal price);

/* A list price, less the discount of the contract. */
ent_decimal ent_plan_discounted(const struct ent_contract *contract, ent_money list_price);

/* How many of a line there are, those of the lines above counted in. */
ent_decimal ent_plan_counted(const struct ent_plan_tree *tree, size_t line);

/* Has it any price of its own? */
bool ent_plan_is_priced(const struct ent_contract_line *line);

#endif
