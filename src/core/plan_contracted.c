/* plan_contracted.c - prices as they are contracted, and what another account cannot take over. */
#include "base/text.h"
#include "core/plan_across.h"
#include "core/plan_ramp.h"

/* ---- prices ---- */

bool ent_plan_is_priced(const struct ent_contract_line *line)
{
	return line->unit_price.currency[0] != '\0' || line->list_price.currency[0] != '\0';
}

static bool has_manual(const struct ent_contract_line *line)
{
	const struct ent_price_adjustment *rows = line->adjustments.items;
	for (size_t i = 0; i < line->adjustments.count; i++) {
		if (rows[i].source == ENT_ADJUSTED_MANUAL) {
			return true;
		}
	}
	return false;
}

static struct ent_children automatic_ones(struct ent_children all, struct ent_arena *arena)
{
	const struct ent_price_adjustment *rows = all.items;
	struct ent_price_adjustment *kept = ENT_NEW(arena, struct ent_price_adjustment, all.count);
	size_t count = 0;
	for (size_t i = 0; i < all.count; i++) {
		if (rows[i].source != ENT_ADJUSTED_MANUAL) {
			kept[count++] = rows[i];
		}
	}
	return (struct ent_children){ kept, count };
}

enum ent_code ent_plan_contracted(const struct ent_plan_tree *tree, size_t at,
                                  struct ent_plan_contracted *out, struct ent_error *error)
{
	const struct ent_contract_line *line = &tree->from->lines[at];
	const struct ent_contract *contract = tree->from->contract;
	struct ent_arena *arena = tree->plan->arena;
	struct ent_price_rules rules = ent_price_rules_of(contract, ENT_DATE_NONE);
	struct ent_pricing pricing = { &rules, arena, NULL };
	struct ent_price_line priced = ent_plan_given(tree->from, line, arena);
	struct ent_days days = ent_plan_line_days(tree, at);
	struct ent_price_result own;
	bool discounted = ent_decimal_or(contract->discount_percent, 0).micro != 0;
	bool replaces = discounted && contract->discount_mode == ENT_DISCOUNT_OVERRIDE;
	*out = (struct ent_plan_contracted){ .unit_price = ENT_DECIMAL_NONE };
	out->spared = discounted && !replaces && has_manual(line);
	out->replaced = replaces && line->list_price.currency[0] != '\0';
	if (out->replaced) {
		priced.unit_price = ENT_DECIMAL_NONE;
		priced.adjustments = automatic_ones(line->adjustments, arena);
	}
	rules.discount_percent = (ent_decimal){ 0 };
	priced.starts_on = days.first;
	priced.ends_on = days.last;
	if (priced.ramp != ENT_RAMP_NONE) {
		return ent_price_ramp(&priced, &pricing, &out->steps, error);
	}
	enum ent_code code = ent_price_own(&priced, ent_decimal_or(line->quantity, ENT_MICRO),
	                                   &pricing, &own, error);
	out->unit_price = code == ENT_OK ? own.unit_price : ENT_DECIMAL_NONE;
	return code;
}

/* As an adjustment where the contract's discount would else spare it, or not. */
void ent_plan_set_price(struct ent_plan *plan, const struct ent_contract *contract,
                        struct ent_contract_line *made, ent_decimal price,
                        const struct ent_plan_contracted *how)
{
	ent_money money = { .micro = price.micro };
	memcpy(money.currency, contract->currency.ptr,
	       contract->currency.len < 3 ? contract->currency.len : 3);
	made->unit_price = money;
	made->adjustments = (struct ent_children){ NULL, 0 };
	made->ramp = ENT_RAMP_NONE;
	made->ramp_percent = ENT_DECIMAL_NONE;
	made->ramp_segments = (struct ent_children){ NULL, 0 };
	if (how->spared || how->replaced) {
		struct ent_price_adjustment *row =
			ENT_NEW(plan->arena, struct ent_price_adjustment, 1);
		ent_type_clear(&ent_price_adjustment_type, row);
		row->sequence = (ent_count){ 1 };
		row->name = ENT_STR("contracted");
		row->type = ENT_ADJUST_OVERRIDE;
		row->value = price;
		row->source = how->spared ? ENT_ADJUSTED_MANUAL : ENT_ADJUSTED_AUTOMATIC;
		made->adjustments = (struct ent_children){ row, 1 };
		made->unit_price = ENT_MONEY_NONE;
	}
}

ent_decimal ent_plan_counted(const struct ent_plan_tree *tree, size_t at)
{
	const struct ent_contract_line *line = &tree->from->lines[at];
	ent_decimal own = ent_decimal_or(line->quantity, ENT_MICRO);
	size_t above = tree->above[at];
	if (!line->per_parent || above == ENT_TREE_NONE) {
		return own;
	}
	ent_decimal parent = ent_plan_counted(tree, above);
	return ent_amount_scale(own, parent.micro, ENT_MICRO, ENT_ROUND_HALF_AWAY, &own)
	               ? own
	               : (ent_decimal){ 0 };
}

/* ---- another account ---- */

void ent_plan_drop_contacts(struct ent_contract *made, struct ent_plan_dropped *dropped)
{
	dropped->contacts += made->contacts.count;
	made->contacts = (struct ent_children){ NULL, 0 };
}

void ent_plan_drop_people(struct ent_entitlement *made, struct ent_plan_dropped *dropped)
{
	struct ent_entitlement_grant *grants = made->grants.items;
	size_t kept = 0;
	dropped->contacts += !ent_id_is_none(made->contact_id);
	dropped->contacts += made->contacts.count;
	made->contact_id = ENT_ID_NONE;
	made->contacts = (struct ent_ids){ NULL, 0 };
	for (size_t i = 0; i < made->grants.count; i++) {
		bool names_one = !ent_id_is_none(grants[i].contact_id);
		dropped->contacts += names_one;
		if (!names_one) {
			grants[kept++] = grants[i];
		}
	}
	made->grants.count = kept;
}

ent_id ent_plan_kept_asset(ent_id asset, struct ent_ids foreign, struct ent_plan_dropped *dropped)
{
	bool is_foreign = !ent_id_is_none(asset) && ent_ids_has(foreign, asset);
	dropped->assets += is_foreign;
	return is_foreign ? ENT_ID_NONE : asset;
}

static void refuse_asset(ent_id asset, struct ent_ids foreign, struct ent_error *error)
{
	char text[ENT_ID_ROOM];
	if (ent_id_is_none(asset) || !ent_ids_has(foreign, asset)) {
		return;
	}
	ent_str value = { text, ent_id_format(asset, ent_asset_type.prefix, text) };
	ent_note(error, ENT_E_WRONG_ACCOUNT, "/account_id", value,
	         "move the asset to that account first, or drop_assets");
}

void ent_plan_refuse_foreign(const struct ent_holding *from, struct ent_ids foreign,
                             struct ent_error *error)
{
	for (size_t i = 0; i < from->line_count; i++) {
		refuse_asset(from->lines[i].asset_id, foreign, error);
	}
	for (size_t i = 0; i < from->coverage_count; i++) {
		refuse_asset(from->coverage[i].asset_id, foreign, error);
	}
	for (size_t i = 0; i < from->entitlement_count; i++) {
		refuse_asset(from->entitlements[i].asset_id, foreign, error);
	}
}

void ent_plan_warn_dropped(struct ent_plan *plan, const struct ent_plan_dropped *dropped)
{
	if (dropped->contacts > 0) {
		ent_plan_warn(plan, "contacts_dropped", ENT_STR("/account_id"),
		              ent_text_format(plan->arena,
		                              "%zu contacts are of the old account and left out",
		                              dropped->contacts));
	}
	if (dropped->assets > 0) {
		ent_plan_warn(plan, "assets_dropped", ENT_STR("/drop_assets"),
		              ent_text_format(plan->arena,
		                              "%zu times an asset of the old account is left out",
		                              dropped->assets));
	}
}
