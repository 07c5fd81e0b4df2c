/* plan_renew_follow.c - a draft that renews a contract already follows what the contract is now.
 *
 * Each field that a renewal copies or reckons becomes what a new renewal would make it, unless
 * somebody changed it in the draft: what was agreed on there stays.
 */
#include "core/plan_renew_inner.h"

#include <string.h>

/* Copied by a renewal, and no part of where the record is. */
static bool follows(const struct ent_field *field)
{
	static const char *const own[] = { "account_id",    "contract_id",      "contract_line_id",
		                           "parent_id",     "template_id",      "keep_draft",
		                           "renewal_stage", "approval_required" };
	for (size_t i = 0; i < ENT_COUNT(own); i++) {
		if (strcmp(field->name, own[i]) == 0) {
			return false;
		}
	}
	return strncmp(field->name, "external_", strlen("external_")) != 0 &&
	       (field->rule == ENT_R_ONCE || field->rule == ENT_R_REQUIRED ||
	        field->rule == ENT_R_OPTIONAL);
}

static bool same_row(const struct ent_type *type, const void *a, const void *b,
                     struct ent_arena scratch)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (follows(field)) {
			struct ent_value x = ent_field_to_column(field, a, &scratch);
			struct ent_value y = ent_field_to_column(field, b, &scratch);
			if (x.kind != y.kind || x.number != y.number ||
			    !ent_str_eq(x.text, y.text)) {
				return false;
			}
		}
	}
	return true;
}

/* Rows that say the same stay the rows that they are. */
static bool same_rows(const struct ent_field *field, const void *a, const void *b,
                      struct ent_arena *arena)
{
	const struct ent_children *x = ent_field_at(field, a);
	const struct ent_children *y = ent_field_at(field, b);
	bool same = x->count == y->count;
	for (size_t i = 0; same && i < x->count; i++) {
		same = same_row(field->child, (const char *)x->items + i * field->child->size,
		                (const char *)y->items + i * field->child->size, *arena);
	}
	return same;
}

static void lay_over(const struct ent_type *type, const void *fresh, const struct ent_set *kept,
                     void *after, struct ent_arena *arena)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		bool is_kept = !follows(field) || (kept != NULL && ent_set_has(kept, i));
		if (!is_kept &&
		    (field->kind != ENT_K_CHILDREN || !same_rows(field, fresh, after, arena))) {
			ent_field_copy(field, fresh, after);
		}
	}
}

static bool keeps(const struct ent_set *kept, const struct ent_type *type,
                  const struct ent_field *field)
{
	return kept != NULL && ent_set_has(kept, ent_type_at(type, field));
}

/* A plan of its own, for copies that nobody sees. */
static struct ent_plan aside(const struct renewing *r)
{
	struct ent_plan plan;
	ent_plan_begin(&plan, r->plan->arena, r->plan->kind, r->plan->now, r->plan->zone);
	return plan;
}

bool ent_renewing_keeps_days(const struct renewing *r)
{
	const struct ent_type *type = &ent_contract_type;
	const struct ent_set *kept = r->asked->kept_header;
	return keeps(kept, type, ENT_FIELD_OF(contract, starts_on)) ||
	       keeps(kept, type, ENT_FIELD_OF(contract, ends_on)) ||
	       keeps(kept, type, ENT_FIELD_OF(contract, term));
}

const struct ent_contract *ent_renewing_follow_header(struct renewing *r)
{
	struct ent_plan plan = aside(r);
	struct ent_contract *fresh = ent_plan_make(&plan, &ent_contract_type, r->old)->after;
	struct ent_contract *after =
		ent_plan_change(r->plan, &ent_contract_type, r->asked->into->contract)->after;
	fresh->starts_on = r->whole.days.first;
	fresh->ends_on = r->whole.days.last;
	fresh->term = ent_contract_term(fresh->starts_on, fresh->ends_on);
	lay_over(&ent_contract_type, fresh, r->asked->kept_header, after, r->plan->arena);
	after->anchor_on = r->whole.anchor;
	after->reminder_count = (int64_t)after->reminders.count;
	after->renewal_key = r->asked->key;
	return after;
}

static const struct ent_set *kept_of(const struct renewing *r, const struct ent_contract_line *line)
{
	return r->asked->kept_lines == NULL ? NULL
	                                    : &r->asked->kept_lines[line - r->asked->into->lines];
}

enum ent_code ent_renewing_follow_line(struct renewing *r, size_t i)
{
	const struct ent_contract_line *there = r->there[i];
	const struct ent_set *kept = kept_of(r, there);
	struct ent_plan plan = aside(r);
	struct ent_contract_line *fresh =
		ent_plan_make(&plan, &ent_contract_line_type, &r->tree.from->lines[i])->after;
	fresh->starts_on = r->days[i].days.first;
	fresh->ends_on = r->days[i].days.last;
	enum ent_code code = ent_renewing_price(r, i, fresh);
	struct ent_contract_line *after =
		ent_plan_change(r->plan, &ent_contract_line_type, there)->after;
	lay_over(&ent_contract_line_type, fresh, kept, after, r->plan->arena);
	after->anchor_on = r->days[i].anchor;
	if (!keeps(kept, &ent_contract_line_type, ENT_FIELD_OF(contract_line, cancelled_at))) {
		after->cancelled_at = ENT_INSTANT_NONE; /* it takes part again */
	}
	r->tree.made[i] = after;
	return code;
}

void ent_renewing_follow_derived(struct renewing *r)
{
	const struct ent_field *field = ENT_FIELD_OF(contract_line, derived_from);
	for (size_t i = 0; i < r->tree.from->line_count; i++) {
		if (r->there[i] != NULL &&
		    keeps(kept_of(r, r->there[i]), &ent_contract_line_type, field)) {
			r->tree.made[i]->derived_from = r->there[i]->derived_from;
		}
	}
}

/* ---- entitlements ---- */

static struct ent_entitlement *right_there(const struct renewing *r, ent_id old)
{
	const struct ent_holding *draft = r->asked->into;
	for (size_t i = 0; draft != NULL && i < draft->entitlement_count; i++) {
		if (ent_id_eq(draft->entitlements[i].renewed_from_id, old)) {
			return &draft->entitlements[i];
		}
	}
	return NULL;
}

/* It was cancelled with its line, which is in the draft once more or is another one by now; or when
 * what it renews was no more, which is again. What somebody cancelled stays so. */
static bool is_again(const struct renewing *r, const struct ent_entitlement *there, size_t line,
                     const struct ent_set *kept)
{
	bool by_hand = keeps(kept, &ent_entitlement_type, ENT_FIELD_OF(entitlement, cancelled_at));
	bool is_open =
		line == ENT_TREE_NONE || ent_instant_is_none(r->tree.made[line]->cancelled_at);
	bool other_line = line != ENT_TREE_NONE &&
	                  (r->there[line] == NULL ||
	                   (is_open && !ent_instant_is_none(r->there[line]->cancelled_at)));
	return there->stage == ENT_STAGE_CANCELLED && (other_line || (is_open && !by_hand));
}

static void drop_right(struct renewing *r, const struct ent_entitlement *there)
{
	if (there->stage == ENT_STAGE_DRAFT) {
		struct ent_entitlement *after =
			ent_plan_change(r->plan, &ent_entitlement_type, there)->after;
		after->stage = ENT_STAGE_CANCELLED;
		after->cancelled_at = r->plan->now;
	}
}

ent_id ent_renewing_follow_right(struct renewing *r, const struct ent_entitlement *old,
                                 const struct ent_contract *contract, bool gone)
{
	struct ent_entitlement *there = right_there(r, old->id);
	size_t line = ent_plan_tree_find(&r->tree, old->contract_line_id);
	if (there == NULL) {
		return ENT_ID_NONE;
	}
	if (gone || (line != ENT_TREE_NONE && r->tree.made[line] == NULL)) {
		drop_right(r, there);
		return ENT_ID_NONE;
	}
	const struct ent_set *kept = r->asked->kept_rights;
	kept = kept == NULL ? NULL : &kept[there - r->asked->into->entitlements];
	if (there->stage != ENT_STAGE_DRAFT && !is_again(r, there, line, kept)) {
		return there->id;
	}
	const struct ent_contract_line *owner = line == ENT_TREE_NONE ? NULL : r->tree.made[line];
	struct ent_days days = { contract->starts_on, contract->ends_on };
	struct ent_plan plan = aside(r);
	struct ent_entitlement *fresh = ent_plan_make(&plan, &ent_entitlement_type, old)->after;
	struct ent_entitlement *after =
		ent_plan_change(r->plan, &ent_entitlement_type, there)->after;
	if (owner != NULL) {
		days = (struct ent_days){ owner->starts_on, owner->ends_on };
		after->contract_line_id = owner->id;
	}
	fresh->starts_on = ent_date_is_none(old->starts_on) ? old->starts_on : days.first;
	fresh->ends_on = ent_date_is_none(old->ends_on) ? old->ends_on : days.last;
	lay_over(&ent_entitlement_type, fresh, kept, after, r->plan->arena);
	after->stage = ENT_STAGE_DRAFT;
	after->cancelled_at = ENT_INSTANT_NONE;
	return there->id;
}
