/* plan_renew_price.c - prices of renewed lines: servicenow 4.5, 4.7, 4.8. */
#include "core/plan_across.h"
#include "core/plan_renew_inner.h"
#include "core/price_renew.h"

struct pricing_one {
	bool kept; /* nothing changes the price: all that leads to it stays */
	struct ent_price_renewed renewed;
	ent_decimal percent; /* of all uplifts together */
};

static enum ent_renewal_basis basis_of(const struct renewing *r,
                                       const struct ent_contract_line *line)
{
	switch (line->renewal_basis) {
	case ENT_LINE_BASIS_CONTRACT:
		break;
	case ENT_LINE_BASIS_LIST_PRICE:
		return ENT_BASIS_LIST_PRICE;
	case ENT_LINE_BASIS_CONTRACTED_PRICE:
		return ENT_BASIS_CONTRACTED_PRICE;
	}
	return r->old->renewal_basis;
}

static void fill_renewal(struct renewing *r, size_t at, struct ent_price_renewal *out)
{
	const struct ent_contract_line *line = &r->tree.from->lines[at];
	struct ent_days days = r->days[r->first[at]].days;
	ent_date until = { days.last.day + 1 };
	bool has_list = line->list_price.currency[0] != '\0';
	ent_type_clear(&ent_price_renewal_type, out);
	out->renewal_basis = basis_of(r, line);
	out->list_price =
		has_list ? ent_plan_discounted(r->old, line->list_price) : ENT_DECIMAL_NONE;
	out->uplift_percent = ent_decimal_is_none(line->uplift_percent) ? r->old->uplift_percent
	                                                                : line->uplift_percent;
	out->uplift_per = r->old->uplift_per;
	out->term = ent_price_term_shown(
		ent_price_months(days.first, until, ENT_PRORATION_ACTUAL_DAYS));
	out->ramp_renewal = r->asked->input->ramp_renewal;
	if (out->renewal_basis == ENT_BASIS_LIST_PRICE && !has_list) {
		out->renewal_basis = ENT_BASIS_CONTRACTED_PRICE;
		out->uplift_percent = ENT_DECIMAL_NONE;
	}
}

static enum ent_code price_one(struct renewing *r, size_t at, struct pricing_one *out,
                               struct ent_error *error)
{
	struct ent_price_rules rules = ent_price_rules_empty();
	struct ent_pricing pricing = { &rules, r->plan->arena, NULL };
	struct ent_price_renewal renewal;
	struct ent_plan_contracted contracted;
	enum ent_code code = ENT_OK;
	*out = (struct pricing_one){ .percent = { 0 } };
	fill_renewal(r, at, &renewal);
	ent_decimal percent = ent_decimal_or(renewal.uplift_percent, 0);
	bool by_list = renewal.renewal_basis == ENT_BASIS_LIST_PRICE;
	if (!by_list) {
		code = ent_plan_contracted(&r->tree, at, &contracted, error);
		out->kept = percent.micro == 0 && contracted.steps.count == 0;
		renewal.unit_price = contracted.unit_price;
		renewal.ramp_segments = contracted.steps;
	}
	if (code == ENT_OK) {
		code = ent_price_renew(&renewal, &pricing, &out->renewed, error);
	}
	if (code == ENT_OK && !by_list) {
		out->percent.micro = percent.micro * out->renewed.years;
	}
	return code;
}

/* Faults of prices are told with the line that they are of. */
static enum ent_code tell(struct renewing *r, size_t at, enum ent_code code,
                          const struct ent_error *fault)
{
	if (code != ENT_OK) {
		ent_note(r->error, code, "", r->tree.from->lines[at].number, "its price: %s",
		         fault->detail);
	}
	return ENT_OK;
}

/* ---- lines that become one ---- */

static enum ent_code blend(struct renewing *r, size_t first, struct ent_contract_line *made,
                           struct ent_error *error)
{
	size_t count = r->tree.from->line_count;
	struct ent_price_rules rules = ent_price_rules_empty();
	struct ent_pricing pricing = { &rules, r->plan->arena, NULL };
	struct ent_price_item *items = ENT_NEW(r->plan->arena, struct ent_price_item, r->members);
	struct ent_price_blend blended;
	ent_decimal quantity = { 0 };
	size_t n = 0;
	bool priced = false;
	enum ent_code code = ENT_OK;
	for (size_t i = first; i < count && code == ENT_OK; i = r->next[i]) {
		const struct ent_contract_line *line = &r->tree.from->lines[i];
		struct pricing_one one;
		code = price_one(r, i, &one, error);
		bool ramped = code == ENT_OK && !ent_decimal_is_none(one.renewed.quantity);
		ent_decimal own = ramped ? one.renewed.quantity : line->quantity;
		priced = priced || ent_plan_is_priced(line);
		if (code == ENT_OK && line->count_quantity &&
		    ent_amount_add(quantity, own, &quantity)) {
			ent_type_clear(&ent_price_item_type, &items[n]);
			items[n].quantity = ramped ? own : ent_plan_counted(&r->tree, i);
			items[n].unit_price = one.renewed.base;
			items[n++].uplift_percent = one.percent;
		}
	}
	made->quantity = made->per_parent || n == 0 ? made->quantity : quantity;
	if (code != ENT_OK || n == 0 || quantity.micro == 0 || !priced) {
		return code;
	}
	code = ent_price_blend(items, n, &pricing, &blended, error);
	if (code == ENT_OK) {
		ent_plan_set_price(r->plan, r->old, made, blended.list);
	}
	return code;
}

enum ent_code ent_renewing_price(struct renewing *r, size_t at, struct ent_contract_line *made)
{
	const struct ent_contract_line *line = &r->tree.from->lines[at];
	struct ent_error fault;
	struct pricing_one one;
	ent_error_clear(&fault);
	if (r->next[at] < r->tree.from->line_count) {
		return tell(r, at, blend(r, at, made, &fault), &fault);
	}
	if (line->pricing_method == ENT_PRICING_ONE_TIME && ent_plan_is_priced(line)) {
		r->one_time++;
	}
	if (!ent_decimal_is_none(line->derived_percent) ||
	    (!ent_plan_is_priced(line) && line->ramp == ENT_RAMP_NONE)) {
		return ENT_OK;
	}
	enum ent_code code = price_one(r, at, &one, &fault);
	if (code != ENT_OK) {
		return tell(r, at, code, &fault);
	}
	if (!one.kept) {
		bool ramped = !ent_decimal_is_none(one.renewed.quantity) && !line->per_parent;
		made->quantity = ramped ? one.renewed.quantity : made->quantity;
		ent_plan_set_price(r->plan, r->old, made, one.renewed.unit_price);
	}
	return ENT_OK;
}
