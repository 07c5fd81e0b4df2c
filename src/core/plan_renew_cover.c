/* plan_renew_cover.c - what a renewal covers; which of what is there goes on in it. */
#include "core/plan_cover.h"
#include "core/plan_renew_inner.h"

/* It was not there yet when the draft was made. */
static bool is_later(const struct renewing *r, ent_id id)
{
	const struct ent_holding *draft = r->asked->into;
	return draft != NULL && id.value > draft->contract->id.value;
}

const struct renewed_days *ent_renewing_days_of(const struct renewing *r,
                                                const struct renewed_owner *owner,
                                                ent_date *old_last)
{
	const struct ent_holding *draft = r->asked->into;
	bool later = is_later(r, owner->id);
	size_t at = ent_plan_tree_find(&r->tree, owner->line);
	*old_last = r->old->ends_on;
	if (at != ENT_TREE_NONE) {
		*old_last = ent_plan_line_days(&r->tree, at).last;
		bool fresh = r->tree.chosen[at] && (r->there[at] == NULL || later);
		return fresh ? &r->days[r->first[at]] : NULL;
	}
	bool whole = !r->in_place && (draft == NULL || later) && ent_id_is_none(owner->line) &&
	             ent_id_eq(owner->contract, r->old->id);
	return whole ? &r->whole : NULL;
}

bool ent_renewing_is_over(const struct renewing *r, ent_date last, ent_date owner_last)
{
	return !ent_date_is_none(last) && last.day < ent_renewing_bound(r, owner_last).day;
}

ent_id ent_renewing_made_for(const struct renewing *r, ent_id line)
{
	size_t at = ent_plan_tree_find(&r->tree, line);
	return at == ENT_TREE_NONE || r->tree.made[at] == NULL ? ENT_ID_NONE : r->tree.made[at]->id;
}

/* ---- a draft that is there already ---- */

/* Is it of something that goes on, and not of what somebody added to the draft? */
static bool is_copied(const struct renewing *r, const struct ent_contract_coverage *row,
                      const ent_id *rights)
{
	const struct ent_holding *draft = r->asked->into;
	size_t line = ent_holding_at(draft, row->contract_line_id);
	size_t right = ent_plan_right_at(draft, row->entitlement_id);
	if (line < draft->line_count) {
		size_t at = ent_plan_tree_find(&r->tree, draft->lines[line].renewed_from_id);
		return at != ENT_TREE_NONE && r->there[at] == &draft->lines[line];
	}
	if (right != ENT_TREE_NONE) {
		size_t at =
			ent_plan_right_at(r->tree.from, draft->entitlements[right].renewed_from_id);
		return at != ENT_TREE_NONE && ent_id_eq(rights[at], row->entitlement_id);
	}
	return ent_id_eq(row->contract_id, draft->contract->id);
}

/* What was copied from a row that is no more goes, if its owner goes on. */
static void drop_others(struct renewing *r, const struct ent_plan_covers *wanted,
                        const ent_id *rights)
{
	const struct ent_holding *draft = r->asked->into;
	for (size_t i = 0; i < draft->coverage_count; i++) {
		const struct ent_contract_coverage *row = &draft->coverage[i];
		bool by_hand = r->asked->kept_coverage != NULL && r->asked->kept_coverage[i];
		r->asked->dropped[i] = !by_hand && ent_plan_covers_find(wanted, row) == NULL &&
		                       is_copied(r, row, rights);
	}
}

static struct ent_plan_covers present(const struct renewing *r)
{
	const struct ent_holding *draft = r->asked->into;
	size_t count = draft == NULL ? 0 : draft->coverage_count;
	struct ent_plan_covers covers = ent_plan_covers_of(r->plan->arena, count);
	for (size_t i = 0; i < count; i++) {
		ent_plan_covers_add(&covers, &draft->coverage[i]);
	}
	return covers;
}

/* ---- all rows ---- */

/* What becomes of a row. */
static struct ent_contract_coverage renewed(const struct renewing *r,
                                            const struct ent_contract_coverage *old,
                                            const struct ent_contract *contract, ent_id right)
{
	struct ent_contract_coverage row = *old;
	row.contract_id = ent_id_is_none(old->contract_id) ? ENT_ID_NONE : contract->id;
	row.contract_line_id = ent_renewing_made_for(r, old->contract_line_id);
	row.entitlement_id = right;
	row.starts_on = ENT_DATE_NONE;
	row.ends_on = ENT_DATE_NONE;
	return row;
}

/* Is it made, if it is not there? */
static bool is_made(const struct renewing *r, const struct ent_contract_coverage *old, ent_id right,
                    ent_date *owner_last)
{
	struct renewed_owner owner = { old->contract_id, old->contract_line_id, old->id };
	*owner_last = r->old->ends_on;
	if (ent_id_is_none(old->entitlement_id)) {
		return ent_renewing_days_of(r, &owner, owner_last) != NULL;
	}
	return ent_plan_is_new(right) || (!ent_id_is_none(right) && is_later(r, old->id));
}

void ent_renewing_cover(struct renewing *r, const struct ent_contract *contract,
                        const ent_id *rights)
{
	const struct ent_holding *from = r->tree.from;
	struct ent_arena *arena = r->plan->arena;
	struct ent_plan_covers there = present(r);
	struct ent_plan_covers wanted = ent_plan_covers_of(arena, from->coverage_count);
	struct ent_contract_coverage *rows =
		ENT_NEW(arena, struct ent_contract_coverage, from->coverage_count);
	for (size_t i = 0; i < from->coverage_count; i++) {
		const struct ent_contract_coverage *old = &from->coverage[i];
		size_t at = ent_plan_right_at(from, old->entitlement_id);
		ent_id right = at == ENT_TREE_NONE ? ENT_ID_NONE : rights[at];
		ent_date owner_last;
		bool made = is_made(r, old, right, &owner_last);
		rows[i] = renewed(r, old, contract, right);
		if (ent_renewing_is_over(r, old->ends_on, owner_last)) {
			continue;
		}
		/* one for an asset or product in each owner: two times, lines that are one now */
		bool twice = ent_plan_covers_find(&wanted, &rows[i]) != NULL;
		ent_plan_covers_add(&wanted, &rows[i]);
		if (made && !twice && ent_plan_covers_find(&there, &rows[i]) == NULL) {
			(void)ent_plan_make(r->plan, &ent_contract_coverage_type, &rows[i]);
		}
	}
	if (r->asked->into != NULL) {
		drop_others(r, &wanted, rights);
	}
}
