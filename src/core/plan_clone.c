/* plan_clone.c - a draft like a contract: salesforce 3.12, servicenow 3.13. */
#include "base/text.h"
#include "core/plan_across.h"
#include "core/plan_contract.h"

static const ent_str no_text = { NULL, 0 };

struct cloning {
	struct ent_plan *plan;
	struct ent_plan_tree tree;
	const struct ent_input_contract_clone *input;
	struct ent_contract *made;
	bool elsewhere; /* for another account */
	int32_t months; /* by which days move; -1: by `days` */
	int32_t days;
	struct ent_ids foreign;
	struct ent_plan_dropped dropped;
};

/* ---- days ---- */

static ent_date first_of(const struct cloning *c, ent_date date)
{
	if (ent_date_is_none(date) || c->months < 0) {
		return ent_date_is_none(date) ? date : (ent_date){ date.day + c->days };
	}
	return ent_date_add_months(date, c->months);
}

static ent_date last_of(const struct cloning *c, ent_date date)
{
	if (ent_date_is_none(date)) {
		return date;
	}
	return (ent_date){ first_of(c, (ent_date){ date.day + 1 }).day - 1 };
}

static struct ent_days days_of(const struct cloning *c, ent_date first, ent_date last)
{
	struct ent_days days = { first_of(c, first), last_of(c, last) };
	bool none = ent_date_is_none(days.last) || ent_date_is_none(days.first);
	if (!none && days.last.day < days.first.day) {
		days.last = days.first;
	}
	return days;
}

/* ---- records ---- */

static void clone_contract(struct cloning *c)
{
	const struct ent_contract *old = c->tree.from->contract;
	struct ent_contract *made = ent_plan_copy_contract(c->plan, old);
	struct ent_days days = days_of(c, old->starts_on, old->ends_on);
	made->account_id = c->elsewhere ? c->input->account_id : old->account_id;
	made->name = c->input->name.len > 0 ? c->input->name : old->name;
	made->keep_draft = true;
	made->starts_on = days.first;
	made->ends_on = days.last;
	made->term = ent_contract_term(days.first, days.last);
	if (c->elsewhere) {
		ent_plan_drop_contacts(made, &c->dropped);
	}
	c->made = made;
	ent_plan_link(c->plan, &(struct ent_plan_link){ .kind = ENT_LINK_CLONED,
	                                                .from_contract = old->id,
	                                                .to_contract = made->id,
	                                                .quantity = ENT_DECIMAL_NONE });
}

static void clone_lines(struct cloning *c)
{
	const struct ent_holding *from = c->tree.from;
	for (size_t i = 0; i < from->line_count; i++) {
		const struct ent_contract_line *old = &from->lines[i];
		size_t above = c->tree.above[i];
		bool orphan = above != ENT_TREE_NONE && c->tree.made[above] == NULL;
		if (orphan || old->ends_early || !ent_instant_is_none(old->cancelled_at)) {
			continue;
		}
		struct ent_contract_line *made =
			ent_plan_copy_line(&c->tree, i, c->made, ENT_LINE_TYPE_NEW);
		struct ent_ramp_segment *steps = made->ramp_segments.items;
		struct ent_days days = days_of(c, old->starts_on, old->ends_on);
		made->starts_on = days.first;
		made->ends_on = days.last;
		made->asset_id = ent_plan_kept_asset(old->asset_id, c->foreign, &c->dropped);
		for (size_t k = 0; k < made->ramp_segments.count; k++) {
			steps[k].starts_on = first_of(c, steps[k].starts_on);
			steps[k].ends_on = last_of(c, steps[k].ends_on);
		}
		ent_plan_link(c->plan, &(struct ent_plan_link){ .kind = ENT_LINK_CLONED,
		                                                .from_contract = old->contract_id,
		                                                .from_line = old->id,
		                                                .to_contract = c->made->id,
		                                                .to_line = made->id,
		                                                .quantity = old->quantity });
	}
	ent_plan_derive_from_made(&c->tree);
}

/* The line made for one, or none; false: it was left out. */
static bool line_for(const struct cloning *c, ent_id line, ent_id *out)
{
	size_t at = ent_plan_tree_find(&c->tree, line);
	*out = ENT_ID_NONE;
	if (at == ENT_TREE_NONE) {
		return true;
	}
	if (c->tree.made[at] != NULL) {
		*out = c->tree.made[at]->id;
	}
	return c->tree.made[at] != NULL;
}

static ent_id clone_right(struct cloning *c, const struct ent_entitlement *old)
{
	ent_id line;
	if (old->stage == ENT_STAGE_CANCELLED || !line_for(c, old->contract_line_id, &line)) {
		return ENT_ID_NONE;
	}
	struct ent_entitlement *made = ent_plan_copy_right(c->plan, old, c->made->id, line);
	struct ent_days days = days_of(c, old->starts_on, old->ends_on);
	made->account_id = c->made->account_id;
	made->starts_on = days.first;
	made->ends_on = days.last;
	made->asset_id = ent_plan_kept_asset(old->asset_id, c->foreign, &c->dropped);
	if (c->elsewhere) {
		ent_plan_drop_people(made, &c->dropped);
	}
	return made->id;
}

static void clone_coverage(struct cloning *c, const ent_id *rights)
{
	const struct ent_holding *from = c->tree.from;
	for (size_t i = 0; i < from->coverage_count; i++) {
		const struct ent_contract_coverage *old = &from->coverage[i];
		size_t right = ent_plan_right_at(from, old->entitlement_id);
		bool of_right = right != ENT_TREE_NONE;
		ent_id line;
		bool kept = line_for(c, old->contract_line_id, &line) &&
		            !(of_right && ent_id_is_none(rights[right]));
		if (!kept ||
		    (!ent_id_is_none(old->asset_id) &&
		     ent_id_is_none(ent_plan_kept_asset(old->asset_id, c->foreign, &c->dropped)))) {
			continue;
		}
		struct ent_contract_coverage *made =
			ent_plan_make(c->plan, &ent_contract_coverage_type, old)->after;
		struct ent_days days = days_of(c, old->starts_on, old->ends_on);
		made->account_id = c->made->account_id;
		made->contract_id = ent_id_is_none(old->contract_id) ? ENT_ID_NONE : c->made->id;
		made->contract_line_id = line;
		made->entitlement_id = of_right ? rights[right] : ENT_ID_NONE;
		made->starts_on = days.first;
		made->ends_on = days.last;
	}
}

/* By how much its days move: by months where its first day comes to lie on the same of a month. */
static void find_shift(struct cloning *c, const struct ent_contract *old)
{
	ent_date to = ent_date_is_none(c->input->starts_on) ? old->starts_on : c->input->starts_on;
	struct ent_civil a = ent_date_civil(old->starts_on);
	struct ent_civil b = ent_date_civil(to);
	int32_t months = (b.year - a.year) * 12 + b.month - a.month;
	bool whole = months >= 0 && ent_date_add_months(old->starts_on, months).day == to.day;
	c->months = whole ? months : -1;
	c->days = to.day - old->starts_on.day;
}

enum ent_code ent_plan_clone(struct ent_plan *plan, const struct ent_holding *from,
                             const struct ent_input_contract_clone *input, struct ent_ids foreign,
                             struct ent_error *error)
{
	struct cloning c = {
		.plan = plan,
		.tree = ent_plan_tree_of(plan, from),
		.input = input,
		.elsewhere = !ent_id_is_none(input->account_id) &&
		             !ent_id_eq(input->account_id, from->contract->account_id),
		.foreign = foreign,
	};
	if (!input->drop_assets) {
		ent_plan_refuse_foreign(from, foreign, error);
	}
	if (!ent_date_is_none(input->starts_on) && ent_date_civil(input->starts_on).year > 9000) {
		ent_note(error, ENT_E_RANGE, "/starts_on", no_text, "give a year before 9000");
	}
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	find_shift(&c, from->contract);
	clone_contract(&c);
	clone_lines(&c);
	ent_id *rights = ENT_NEW(plan->arena, ent_id, from->entitlement_count);
	for (size_t i = 0; i < from->entitlement_count; i++) {
		rights[i] = clone_right(&c, &from->entitlements[i]);
	}
	clone_coverage(&c, rights);
	ent_plan_warn_dropped(plan, &c.dropped);
	return ENT_OK;
}
