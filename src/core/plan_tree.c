#include "core/plan_tree.h"

#include "core/plan_inner.h"

/* ---- trees ---- */

size_t ent_plan_tree_find(const struct ent_plan_tree *tree, ent_id line)
{
	size_t at =
		ent_id_is_none(line) ? tree->from->line_count : ent_holding_at(tree->from, line);
	return at < tree->from->line_count ? at : ENT_TREE_NONE;
}

size_t ent_plan_right_at(const struct ent_holding *from, ent_id right)
{
	size_t low = 0;
	size_t high = from->entitlement_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (from->entitlements[middle].id.value < right.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	bool found = low < from->entitlement_count && ent_id_eq(from->entitlements[low].id, right);
	return found ? low : ENT_TREE_NONE;
}

struct ent_plan_tree ent_plan_tree_of(struct ent_plan *plan, const struct ent_holding *from)
{
	struct ent_arena *arena = plan->arena;
	size_t count = from->line_count;
	struct ent_plan_tree tree = {
		.plan = plan,
		.from = from,
		.above = ENT_NEW(arena, size_t, count),
		.root = ENT_NEW(arena, size_t, count),
		.chosen = ENT_NEW(arena, bool, count),
		.made = ENT_NEW(arena, struct ent_contract_line *, count),
	};
	for (size_t i = 0; i < count; i++) {
		size_t above = ent_plan_tree_find(&tree, from->lines[i].parent_id);
		tree.above[i] = above;
		tree.root[i] = above == ENT_TREE_NONE ? i : tree.root[above];
	}
	return tree;
}

ent_str ent_plan_pointer(struct ent_arena *arena, const char *list, size_t at)
{
	return ent_text_format(arena, "/%s/%zu", list, at);
}

static void choose(struct ent_plan_tree *tree, ent_id id, size_t n, struct ent_error *error)
{
	struct ent_arena scratch = *tree->plan->arena;
	char text[ENT_ID_ROOM];
	ent_str value = { text, ent_id_format(id, ent_contract_line_type.prefix, text) };
	const char *pointer = ent_plan_pointer(&scratch, "lines", n).ptr;
	size_t at = ent_plan_tree_find(tree, id);
	if (at == ENT_TREE_NONE) {
		ent_note(error, ENT_E_NO_SUCH_RECORD, pointer, value,
		         "name a line of this contract");
	} else if (tree->above[at] != ENT_TREE_NONE) {
		ent_note(error, ENT_E_NOT_ROOT, pointer, value,
		         "name the line at the top of its tree");
	} else if (tree->chosen[at]) {
		ent_note(error, ENT_E_DUPLICATE, pointer, value, "name it once");
	} else {
		tree->chosen[at] = true;
	}
}

void ent_plan_tree_choose(struct ent_plan_tree *tree, struct ent_ids lines, struct ent_error *error)
{
	for (size_t i = 0; i < lines.count; i++) {
		choose(tree, lines.items[i], i, error);
	}
	for (size_t i = 0; i < tree->from->line_count; i++) {
		tree->chosen[i] = lines.count == 0 || tree->chosen[tree->root[i]];
	}
}

/* ---- days ---- */

static struct ent_days days_or(struct ent_days days, struct ent_days outer)
{
	return (struct ent_days){
		ent_date_is_none(days.first) ? outer.first : days.first,
		ent_date_is_none(days.last) ? outer.last : days.last,
	};
}

struct ent_days ent_plan_line_days(const struct ent_plan_tree *tree, size_t line)
{
	const struct ent_contract *contract = tree->from->contract;
	const struct ent_contract_line *l = &tree->from->lines[line];
	return days_or((struct ent_days){ l->starts_on, l->ends_on },
	               (struct ent_days){ contract->starts_on, contract->ends_on });
}

struct ent_days ent_plan_coverage_days(const struct ent_plan_tree *tree,
                                       const struct ent_contract_coverage *row)
{
	const struct ent_contract *contract = tree->from->contract;
	size_t line = ent_plan_tree_find(tree, row->contract_line_id);
	struct ent_days outer = { contract->starts_on, contract->ends_on };
	if (line != ENT_TREE_NONE) {
		outer = ent_plan_line_days(tree, line);
	}
	return days_or((struct ent_days){ row->starts_on, row->ends_on }, outer);
}

/* ---- copies ---- */

struct ent_contract *ent_plan_copy_contract(struct ent_plan *plan, const struct ent_contract *like)
{
	struct ent_contract *made = ent_plan_make(plan, &ent_contract_type, like)->after;
	made->approval = like->approval_required ? ENT_APPROVAL_DRAFT : ENT_APPROVAL_NOT_REQUIRED;
	made->reminder_count = (int64_t)made->reminders.count;
	return made;
}

struct ent_contract_line *ent_plan_copy_line(struct ent_plan_tree *tree, size_t line,
                                             const struct ent_contract *contract,
                                             enum ent_line_type type)
{
	struct ent_plan_row *row =
		ent_plan_make(tree->plan, &ent_contract_line_type, &tree->from->lines[line]);
	struct ent_contract_line *made = row->after;
	row->line_type = type;
	row->line_action = ENT_LINE_ACTION_ADD;
	size_t above = tree->above[line];
	const struct ent_contract_line *parent = above == ENT_TREE_NONE ? NULL : tree->made[above];
	made->account_id = contract->account_id;
	made->contract_id = contract->id;
	made->parent_id = parent == NULL ? ENT_ID_NONE : parent->id;
	made->root_id = parent == NULL ? made->id : parent->root_id;
	tree->made[line] = made;
	return made;
}

void ent_plan_derive_from_made(struct ent_plan_tree *tree)
{
	for (size_t i = 0; i < tree->from->line_count; i++) {
		struct ent_contract_line *made = tree->made[i];
		if (made == NULL || made->derived_from.count == 0) {
			continue;
		}
		ent_id *ids = ENT_NEW(tree->plan->arena, ent_id, made->derived_from.count);
		size_t count = 0;
		for (size_t k = 0; k < made->derived_from.count; k++) {
			size_t at = ent_plan_tree_find(tree, made->derived_from.items[k]);
			bool kept = at != ENT_TREE_NONE && tree->made[at] != NULL;
			ids[count] = kept ? tree->made[at]->id : ENT_ID_NONE;
			count += kept;
		}
		made->derived_from = (struct ent_ids){ ids, count };
	}
}

struct ent_entitlement *ent_plan_copy_right(struct ent_plan *plan,
                                            const struct ent_entitlement *like, ent_id contract,
                                            ent_id line)
{
	struct ent_entitlement *made = ent_plan_make(plan, &ent_entitlement_type, like)->after;
	made->contract_id = contract;
	made->contract_line_id = line;
	return made;
}

/* ---- ends ---- */

static bool outlasts(ent_date last, ent_date than)
{
	return ent_date_is_none(last) || last.day > than.day;
}

void ent_plan_cut_line(struct ent_plan_tree *tree, size_t line, ent_date last)
{
	struct ent_days days = ent_plan_line_days(tree, line);
	const struct ent_contract_line *old = &tree->from->lines[line];
	ent_date next = { last.day + 1 };
	if (!outlasts(days.last, last) ||
	    ent_plan_is_cancelled(tree->plan, old->cancelled_at, next)) {
		return;
	}
	struct ent_plan_row *row = ent_plan_change(tree->plan, &ent_contract_line_type, old);
	struct ent_contract_line *after = row->after;
	row->line_type = ENT_LINE_TYPE_CANCEL;
	row->line_action = ENT_LINE_ACTION_CHANGE;
	if (days.first.day > last.day) {
		after->cancelled_at = tree->plan->now;
		return;
	}
	after->ends_on = last;
}

void ent_plan_cut_right(struct ent_plan *plan, const struct ent_entitlement *right, ent_date last)
{
	if (!outlasts(right->ends_on, last) || right->stage == ENT_STAGE_CANCELLED) {
		return;
	}
	struct ent_entitlement *after = ent_plan_change(plan, &ent_entitlement_type, right)->after;
	if (!ent_date_is_none(right->starts_on) && right->starts_on.day > last.day) {
		after->stage = ENT_STAGE_CANCELLED;
		after->cancelled_at = plan->now;
	} else {
		after->ends_on = last;
	}
}

void ent_plan_cut_coverage(struct ent_plan *plan, const struct ent_contract_coverage *row,
                           ent_date last)
{
	if (!ent_date_is_none(row->ends_on) && row->ends_on.day > last.day) {
		struct ent_plan_row *change =
			ent_plan_change(plan, &ent_contract_coverage_type, row);
		((struct ent_contract_coverage *)change->after)->ends_on = last;
	}
}
