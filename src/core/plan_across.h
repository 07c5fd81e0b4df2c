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

/* The price of one before the contract's discount, or the steps of a ramp. */
struct ent_plan_contracted {
	ent_decimal unit_price;    /* none: of a ramp */
	struct ent_children steps; /* struct ent_price_segment */
	bool spared;               /* by the contract's discount, for adjustments by hand */
	bool replaced;             /* it is reckoned from the list price, for that discount */
};
ENT_CHECK enum ent_code ent_plan_contracted(const struct ent_plan_tree *tree, size_t line,
                                            struct ent_plan_contracted *out,
                                            struct ent_error *error);

/* Store a price of one in a line of `contract` that the plan makes; it has no ramp then. */
void ent_plan_set_price(struct ent_plan *plan, const struct ent_contract *contract,
                        struct ent_contract_line *made, ent_decimal price,
                        const struct ent_plan_contracted *how);

/* How many of a line there are, those of the lines above counted in. */
ent_decimal ent_plan_counted(const struct ent_plan_tree *tree, size_t line);

/* Has it any price of its own? */
bool ent_plan_is_priced(const struct ent_contract_line *line);

#endif
