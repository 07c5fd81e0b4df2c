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

/* Is the discount of the contract for its price, or does it spare what was agreed on by hand? */
static bool is_discounted(const struct ent_contract *contract, const struct ent_contract_line *line)
{
	bool by_hand = line->unit_price.currency[0] != '\0' || has_manual(line);
	return ent_decimal_or(contract->discount_percent, 0).micro != 0 &&
	       (contract->discount_mode == ENT_DISCOUNT_OVERRIDE ||
	        (!by_hand && line->list_price.currency[0] != '\0'));
}

enum ent_code ent_plan_contracted(const struct ent_plan_tree *tree, size_t at,
                                  struct ent_plan_contracted *out, struct ent_error *error)
{
	const struct ent_contract_line *line = &tree->from->lines[at];
	struct ent_arena *arena = tree->plan->arena;
	struct ent_price_rules rules = ent_price_rules_of(tree->from->contract, ENT_DATE_NONE);
	struct ent_pricing pricing = { &rules, arena, NULL };
	struct ent_price_line priced = ent_plan_given(tree->from, line, arena);
	struct ent_days days = ent_plan_line_days(tree, at);
	struct ent_price_result own;
	*out = (struct ent_plan_contracted){ .unit_price = ENT_DECIMAL_NONE };
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

/* The price that the discount leads to this one from: rounded, but the way back is exact. False:
 * none does. */
static bool before_discount(const struct ent_contract *contract, ent_decimal *price)
{
	int64_t left = ENT_PERCENT - contract->discount_percent.micro;
	return left > 0 && ent_amount_scale(*price, ENT_PERCENT, left, ENT_ROUND_HALF_AWAY, price);
}

/* The discount spares a price that is given. What it is for is said by an adjustment instead, from
 * which it leads to the price. */
void ent_plan_set_price(struct ent_plan *plan, const struct ent_contract *contract,
                        struct ent_contract_line *made, ent_decimal price)
{
	bool discounted = is_discounted(contract, made) && before_discount(contract, &price);
	bool by_rule = discounted && made->list_price.currency[0] != '\0';
	ent_money money = { .micro = price.micro };
	memcpy(money.currency, contract->currency.ptr,
	       contract->currency.len < 3 ? contract->currency.len : 3);
	made->unit_price = money;
	made->adjustments = (struct ent_children){ NULL, 0 };
	made->ramp = ENT_RAMP_NONE;
	made->ramp_percent = ENT_DECIMAL_NONE;
	made->ramp_segments = (struct ent_children){ NULL, 0 };
	if (by_rule) {
		struct ent_price_adjustment *row =
			ENT_NEW(plan->arena, struct ent_price_adjustment, 1);
		ent_type_clear(&ent_price_adjustment_type, row);
		row->sequence = (ent_count){ 1 };
		row->name = ENT_STR("contracted");
		row->type = ENT_ADJUST_OVERRIDE;
		row->value = price;
		row->source = ENT_ADJUSTED_AUTOMATIC;
		made->adjustments = (struct ent_children){ row, 1 };
		made->unit_price = ENT_MONEY_NONE;
	}
}

ent_decimal ent_plan_discounted(const struct ent_contract *contract, ent_money list_price)
{
	ent_decimal price = { list_price.micro };
	int64_t left = ENT_PERCENT - ent_decimal_or(contract->discount_percent, 0).micro;
	bool fits = ent_amount_scale(price, left, ENT_PERCENT, ENT_ROUND_HALF_AWAY, &price);
	return fits ? price : (ent_decimal){ list_price.micro }; /* which is refused for itself */
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
