/* plan_renew_make.c - the records of a renewal. */
#include "core/plan_group.h"
#include "core/plan_ramp.h"
#include "core/plan_renew_inner.h"

/* ---- the contract ---- */

static struct ent_contract *make_contract(struct renewing *r)
{
	const struct ent_input_contract_renew *input = r->asked->input;
	struct ent_contract *made = ent_plan_copy_contract(r->plan, r->old);
	made->renewal_key = r->asked->key;
	made->renewal_stage = ENT_RENEWAL_NONE; /* those talks are over */
	made->name = input->name.len > 0 ? input->name : made->name;
	made->keep_draft = input->keep_draft;
	made->stage =
		input->keep_draft || made->approval_required ? ENT_STAGE_DRAFT : ENT_STAGE_LIVE;
	made->starts_on = r->whole.days.first;
	made->ends_on = r->whole.days.last;
	made->anchor_on = r->whole.anchor;
	made->term = ent_contract_term(made->starts_on, made->ends_on);
	made->renewed_from_id = r->old->id;
	made->renewal_root_id =
		ent_id_is_none(r->old->renewal_root_id) ? r->old->id : r->old->renewal_root_id;
	ent_plan_link(r->plan, &(struct ent_plan_link){ .kind = ENT_LINK_RENEWED,
	                                                .from_contract = r->old->id,
	                                                .to_contract = made->id,
	                                                .quantity = ENT_DECIMAL_NONE });
	return made;
}

/* Lines in place may last longer than their contract. */
static const struct ent_contract *reach(struct renewing *r)
{
	ent_date last = r->old->ends_on;
	for (size_t i = 0; i < r->tree.from->line_count; i++) {
		bool later = r->tree.chosen[i] && r->days[i].days.last.day > last.day;
		last = later ? r->days[i].days.last : last;
	}
	if (ent_date_is_none(r->old->ends_on) || last.day == r->old->ends_on.day) {
		return r->old;
	}
	struct ent_contract *after = ent_plan_change(r->plan, &ent_contract_type, r->old)->after;
	after->ends_on = last;
	after->term = ent_contract_term(after->starts_on, last);
	ent_plan_warn(r->plan, "contract_extended", ENT_STR("/ends_on"),
	              ENT_STR("the contract is extended to the last day of the lines"));
	return after;
}

/* ---- a draft that is there already ---- */

static void cancel_rights(struct renewing *r, ent_id line)
{
	const struct ent_holding *draft = r->asked->into;
	for (size_t i = 0; i < draft->entitlement_count; i++) {
		const struct ent_entitlement *e = &draft->entitlements[i];
		if (ent_id_eq(e->contract_line_id, line) && e->stage != ENT_STAGE_CANCELLED) {
			struct ent_entitlement *after =
				ent_plan_change(r->plan, &ent_entitlement_type, e)->after;
			after->stage = ENT_STAGE_CANCELLED;
			after->cancelled_at = r->plan->now;
		}
	}
}

void ent_renewing_find_there(struct renewing *r)
{
	const struct ent_holding *draft = r->asked->into;
	for (size_t i = 0; draft != NULL && i < draft->line_count; i++) {
		struct ent_contract_line *line = &draft->lines[i];
		size_t at = ent_plan_tree_find(&r->tree, line->renewed_from_id);
		bool stays = at != ENT_TREE_NONE && r->tree.chosen[at];
		if (stays) {
			r->there[at] = line;
		} else if (at != ENT_TREE_NONE && ent_instant_is_none(line->cancelled_at)) {
			struct ent_plan_row *row =
				ent_plan_change(r->plan, &ent_contract_line_type, line);
			row->line_type = ENT_LINE_TYPE_CANCEL;
			row->line_action = ENT_LINE_ACTION_DISCONNECT;
			((struct ent_contract_line *)row->after)->cancelled_at = r->plan->now;
			cancel_rights(r, line->id);
		}
	}
}

/* ---- lines ---- */

/* Those that are alike are put together, where that is asked for. */
static void find_alike(struct renewing *r)
{
	struct ent_arena *arena = r->plan->arena;
	size_t count = r->tree.from->line_count;
	struct ent_group_node *nodes = ENT_NEW(arena, struct ent_group_node, count);
	size_t *node_of = ENT_NEW(arena, size_t, count);
	size_t *line_of = ENT_NEW(arena, size_t, count);
	size_t n = 0;
	r->first = ENT_NEW(arena, size_t, count);
	for (size_t i = 0; i < count; i++) {
		size_t above = r->tree.above[i];
		r->first[i] = i;
		if (!r->tree.chosen[i]) {
			continue;
		}
		nodes[n] = (struct ent_group_node){
			.line = &r->tree.from->lines[i],
			.above = above == ENT_TREE_NONE ? SIZE_MAX : node_of[above],
			.joins = r->asked->input->consolidate,
			.last = ENT_DATE_NONE,
		};
		line_of[n] = i;
		node_of[i] = n++;
	}
	const size_t *first = ent_plan_group(nodes, n, arena);
	for (size_t i = 0; i < n; i++) {
		r->first[line_of[i]] = line_of[first[i]];
	}
}

/* Chain those that one line stands for, and count them. */
static void chain_alike(struct renewing *r)
{
	size_t count = r->tree.from->line_count;
	size_t *last = ENT_NEW(r->plan->arena, size_t, count);
	size_t *members = ENT_NEW(r->plan->arena, size_t, count);
	r->next = ENT_NEW(r->plan->arena, size_t, count);
	for (size_t i = 0; i < count; i++) {
		r->next[i] = count;
		last[i] = i;
	}
	for (size_t i = 0; i < count; i++) {
		size_t first = r->first[i];
		r->members = ++members[first] > r->members ? members[first] : r->members;
		if (first != i) {
			r->next[last[first]] = i;
			last[first] = i;
		}
	}
}

/* From the earliest first day to the latest last one of those that it stands for. */
static void spread(struct renewing *r)
{
	for (size_t i = 0; i < r->tree.from->line_count; i++) {
		struct ent_days days = r->days[i].days;
		struct renewed_days *first = &r->days[r->first[i]];
		if (days.first.day < first->days.first.day) {
			first->days.first = days.first;
		}
		if (days.last.day > first->days.last.day) {
			first->days.last = days.last;
		}
	}
}

static enum ent_code make_line(struct renewing *r, size_t i, const struct ent_contract *contract)
{
	const struct ent_contract_line *old = &r->tree.from->lines[i];
	size_t first = r->first[i];
	enum ent_code code = ENT_OK;
	if (r->there[i] != NULL) {
		return ent_renewing_follow_line(r, i);
	}
	if (first == i) {
		struct ent_contract_line *made =
			ent_plan_copy_line(&r->tree, i, contract, ENT_LINE_TYPE_RENEW);
		made->starts_on = r->days[i].days.first;
		made->ends_on = r->days[i].days.last;
		made->anchor_on = r->days[i].anchor;
		made->renewed_from_id = old->id;
		made->renewal_root_id =
			ent_id_is_none(old->renewal_root_id) ? old->id : old->renewal_root_id;
		code = ent_renewing_price(r, i, made);
	} else {
		r->tree.made[i] = r->tree.made[first];
	}
	ent_plan_link(r->plan,
	              &(struct ent_plan_link){
			      .kind = first == i ? ENT_LINK_RENEWED : ENT_LINK_CONSOLIDATED,
			      .from_contract = r->old->id,
			      .from_line = old->id,
			      .to_contract = contract->id,
			      .to_line = r->tree.made[i]->id,
			      .quantity = old->quantity,
		      });
	return code;
}

/* ---- entitlements and coverage ---- */

static ent_id make_right(struct renewing *r, const struct ent_entitlement *old,
                         const struct ent_contract *contract)
{
	ent_date owner_last;
	struct renewed_owner owner = { old->contract_id, old->contract_line_id, old->id };
	const struct renewed_days *days = ent_renewing_days_of(r, &owner, &owner_last);
	bool gone = old->stage != ENT_STAGE_LIVE || !ent_instant_is_none(old->cancelled_at) ||
	            ent_renewing_is_over(r, old->ends_on, owner_last);
	ent_id there = ent_renewing_follow_right(r, old, contract, gone);
	if (!ent_id_is_none(there) || days == NULL || gone) {
		return there;
	}
	ent_id line = ent_renewing_made_for(r, old->contract_line_id);
	struct ent_entitlement *made = ent_plan_copy_right(r->plan, old, contract->id, line);
	made->starts_on = ent_date_is_none(old->starts_on) ? old->starts_on : days->days.first;
	made->ends_on = ent_date_is_none(old->ends_on) ? old->ends_on : days->days.last;
	made->renewed_from_id = old->id;
	made->renewal_root_id =
		ent_id_is_none(old->renewal_root_id) ? old->id : old->renewal_root_id;
	return made->id;
}

/* ---- early: what is renewed ends on the day before ---- */

static void cut_old(struct renewing *r)
{
	const struct ent_holding *from = r->tree.from;
	ent_date owner_last;
	for (size_t i = 0; i < from->line_count; i++) {
		bool concerned = !r->in_place || r->tree.chosen[r->tree.root[i]];
		if (concerned && r->days[i].is_early) {
			ent_plan_cut_line(&r->tree, i, (ent_date){ r->days[i].days.first.day - 1 });
		}
	}
	ent_plan_keep_steps(r->plan, from, r->error);
	for (size_t i = 0; i < from->entitlement_count; i++) {
		const struct ent_entitlement *e = &from->entitlements[i];
		struct renewed_owner owner = { e->contract_id, e->contract_line_id,
			                       e->id };
		const struct renewed_days *days = ent_renewing_days_of(r, &owner, &owner_last);
		days = r->in_place ? days : &r->whole;
		if (days != NULL && days->is_early) {
			ent_plan_cut_right(r->plan, e, (ent_date){ days->days.first.day - 1 });
		}
	}
	for (size_t i = 0; i < from->coverage_count; i++) {
		const struct ent_contract_coverage *row = &from->coverage[i];
		struct renewed_owner owner = { row->contract_id, row->contract_line_id,
			                       row->id };
		const struct renewed_days *days = ent_renewing_days_of(r, &owner, &owner_last);
		days = r->in_place ? days : &r->whole;
		if (days != NULL && days->is_early) {
			ent_plan_cut_coverage(r->plan, row, (ent_date){ days->days.first.day - 1 });
		}
	}
	if (!r->in_place && r->whole.is_early) {
		struct ent_contract *after =
			ent_plan_change(r->plan, &ent_contract_type, r->old)->after;
		after->ends_on = (ent_date){ r->whole.days.first.day - 1 };
		after->term = ent_contract_term(after->starts_on, after->ends_on);
	}
}

enum ent_code ent_renewing_make(struct renewing *r)
{
	const struct ent_holding *from = r->tree.from;
	bool is_there = r->asked->into != NULL;
	const struct ent_contract *contract = r->in_place ? reach(r)
	                                      : is_there  ? ent_renewing_follow_header(r)
	                                                  : make_contract(r);
	if (!r->in_place && !is_there) {
		r->plan->effective_on = contract->starts_on;
	}
	find_alike(r);
	chain_alike(r);
	cut_old(r);
	spread(r);
	for (size_t i = 0; i < from->line_count; i++) {
		enum ent_code code = r->tree.chosen[i] ? make_line(r, i, contract) : ENT_OK;
		if (code != ENT_OK) {
			return code;
		}
	}
	ent_plan_derive_from_made(&r->tree);
	ent_renewing_follow_derived(r);
	ent_id *rights = ENT_NEW(r->plan->arena, ent_id, from->entitlement_count);
	for (size_t i = 0; i < from->entitlement_count; i++) {
		rights[i] = make_right(r, &from->entitlements[i], contract);
	}
	ent_renewing_cover(r, contract, rights);
	if (r->one_time > 0) {
		ent_plan_warn(r->plan, "one_time", ENT_STR(""),
		              ENT_STR("what is paid once is paid again: mark such lines as not "
		                      "renewable"));
	}
	return ent_noted(r->error);
}
