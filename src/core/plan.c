#include "core/plan.h"

#include <string.h>

/* Open addressing; at most half full. */
struct ent_plan_slot {
	const void *record;
	size_t row;
};

void ent_plan_begin(struct ent_plan *plan, struct ent_arena *arena,
                    enum ent_contract_operation_kind kind, ent_instant now,
                    const struct ent_zone *zone)
{
	*plan = (struct ent_plan){
		.arena = arena,
		.kind = kind,
		.now = now,
		.zone = zone,
		.today = ent_zone_date(zone, now),
		.effective_on = ENT_DATE_NONE,
		.effective_at = ENT_INSTANT_NONE,
	};
}

/* Room for one more; what was there moves. */
static void *grow(struct ent_arena *arena, void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room) {
		return items;
	}
	*room = *room == 0 ? 16 : 2 * *room;
	void *grown = ent_arena_alloc(arena, *room, size, 16);
	if (count > 0) {
		memcpy(grown, items, count * size);
	}
	return grown;
}

/* ---- finding ---------------------------------------------------------------------------- */

static struct ent_plan_slot *slot_of(const struct ent_plan *plan, const void *record)
{
	uint64_t hash = (uint64_t)(uintptr_t)record * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 32) & (plan->slot_room - 1);
	while (plan->slots[at].record != NULL && plan->slots[at].record != record) {
		at = (at + 1) & (plan->slot_room - 1);
	}
	return &plan->slots[at];
}

static void remember(struct ent_plan *plan, size_t row)
{
	*slot_of(plan, plan->rows[row].before) =
		(struct ent_plan_slot){ plan->rows[row].before, row };
}

static void make_slots(struct ent_plan *plan)
{
	if (2 * (plan->count + 1) <= plan->slot_room) {
		return;
	}
	plan->slot_room = plan->slot_room == 0 ? 64 : 4 * plan->slot_room;
	plan->slots = ENT_NEW(plan->arena, struct ent_plan_slot, plan->slot_room);
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->rows[i].before != NULL) {
			remember(plan, i);
		}
	}
}

/* ---- rows ------------------------------------------------------------------------------- */

static struct ent_plan_row *add_row(struct ent_plan *plan, struct ent_plan_row row)
{
	plan->rows = grow(plan->arena, plan->rows, plan->count, &plan->room, sizeof(*plan->rows));
	plan->rows[plan->count] = row;
	return &plan->rows[plan->count++];
}

static void *copy_of(struct ent_plan *plan, const struct ent_type *type, const void *record)
{
	return memcpy(ent_arena_alloc(plan->arena, 1, type->size, 16), record, type->size);
}

struct ent_plan_row *ent_plan_change(struct ent_plan *plan, const struct ent_type *type,
                                     const void *record)
{
	make_slots(plan);
	const struct ent_plan_slot *slot = slot_of(plan, record);
	if (slot->record != NULL) {
		return &plan->rows[slot->row];
	}
	struct ent_plan_row row = { .type = type,
		                    .before = record,
		                    .after = copy_of(plan, type, record) };
	if (type == &ent_contract_line_type) {
		const struct ent_contract_line *line = record;
		row.line_type = line->line_type;
		row.line_action = line->line_action;
	}
	add_row(plan, row);
	remember(plan, plan->count - 1);
	return &plan->rows[plan->count - 1];
}

static bool is_kept(const struct ent_field *field)
{
	static const char *const kept[] = { "account_id", "root_id" };
	bool servers = field->rule == ENT_R_SERVER || field->rule == ENT_R_HIDDEN ||
	               field->rule == ENT_R_KEY || field->rule == ENT_R_DERIVED ||
	               field->rule == ENT_R_WRITE;
	for (size_t i = 0; i < ENT_COUNT(kept); i++) {
		servers = servers && strcmp(field->name, kept[i]) != 0;
	}
	return !servers && strncmp(field->name, "external_", 9) != 0;
}

/* Rows of their own: without ids and without what the server counts. */
static void copy_rows(struct ent_plan *plan, const struct ent_field *field,
                      struct ent_children *children)
{
	const struct ent_type *type = field->child;
	char *items = ent_arena_alloc(plan->arena, children->count, type->size, 16);
	if (children->count > 0) {
		memcpy(items, children->items, children->count * type->size);
	}
	for (size_t i = 0; i < children->count; i++) {
		for (size_t k = 0; k < type->count; k++) {
			if (!is_kept(&type->fields[k])) {
				ent_field_clear(&type->fields[k], items + i * type->size);
			}
		}
	}
	children->items = items;
}

struct ent_plan_row *ent_plan_make(struct ent_plan *plan, const struct ent_type *type,
                                   const void *like)
{
	struct ent_plan_row row = { .type = type, .source = ENT_ID_NONE };
	if (like == NULL) {
		row.after = ent_arena_alloc(plan->arena, 1, type->size, 16);
		ent_type_clear(type, row.after);
	} else {
		row.after = copy_of(plan, type, like);
		row.source = ((const struct ent_record *)like)->id;
	}
	for (size_t i = 0; like != NULL && i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (!is_kept(field)) {
			ent_field_clear(field, row.after);
		} else if (field->kind == ENT_K_CHILDREN) {
			copy_rows(plan, field, ent_field_at(field, row.after));
		}
	}
	((struct ent_record *)row.after)->id = (ent_id){ -++plan->made };
	make_slots(plan);
	return add_row(plan, row);
}

void ent_plan_link(struct ent_plan *plan, const struct ent_plan_link *link)
{
	plan->links = grow(plan->arena, plan->links, plan->link_count, &plan->link_room,
	                   sizeof(*plan->links));
	plan->links[plan->link_count++] = *link;
}

void ent_plan_warn(struct ent_plan *plan, const char *code, ent_str pointer, ent_str text)
{
	plan->warnings = grow(plan->arena, plan->warnings, plan->warning_count, &plan->warning_room,
	                      sizeof(*plan->warnings));
	plan->warnings[plan->warning_count++] = (struct ent_plan_warning){ code, pointer, text };
}

size_t ent_plan_row_of(const struct ent_plan *plan, const void *record)
{
	const struct ent_plan_slot *slot = plan->slot_room == 0 ? NULL : slot_of(plan, record);
	return slot == NULL || slot->record == NULL ? SIZE_MAX : slot->row;
}

const void *ent_plan_after(const struct ent_plan *plan, const void *record)
{
	size_t row = ent_plan_row_of(plan, record);
	return row == SIZE_MAX ? record : plan->rows[row].after;
}
