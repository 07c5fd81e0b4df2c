#include "core/plan_cover.h"

#include "base/hash.h"

struct ent_plan_covers ent_plan_covers_of(struct ent_arena *arena, size_t most)
{
	struct ent_plan_covers covers = { .room = 16 };
	while (covers.room < 2 * most) {
		covers.room *= 2;
	}
	covers.slots = ENT_NEW(arena, struct ent_contract_coverage *, covers.room);
	return covers;
}

static bool is_like(const struct ent_contract_coverage *a, const struct ent_contract_coverage *b)
{
	return ent_id_eq(a->contract_id, b->contract_id) &&
	       ent_id_eq(a->contract_line_id, b->contract_line_id) &&
	       ent_id_eq(a->entitlement_id, b->entitlement_id) &&
	       ent_id_eq(a->asset_id, b->asset_id) && ent_id_eq(a->product_id, b->product_id);
}

/* The place of one like it, or of where it would stand. */
static struct ent_contract_coverage **slot_of(const struct ent_plan_covers *covers,
                                              const struct ent_contract_coverage *row)
{
	const ent_id key[] = { row->contract_id, row->contract_line_id, row->entitlement_id,
		               row->asset_id, row->product_id };
	uint64_t hash = ent_hash((ent_str){ (const char *)key, sizeof(key) }, 0);
	size_t at = (size_t)hash & (covers->room - 1);
	while (covers->slots[at] != NULL && !is_like(covers->slots[at], row)) {
		at = (at + 1) & (covers->room - 1);
	}
	return &covers->slots[at];
}

struct ent_contract_coverage *ent_plan_covers_find(const struct ent_plan_covers *covers,
                                                   const struct ent_contract_coverage *row)
{
	return *slot_of(covers, row);
}

void ent_plan_covers_add(struct ent_plan_covers *covers, struct ent_contract_coverage *row)
{
	struct ent_contract_coverage **slot = slot_of(covers, row);
	if (*slot == NULL) {
		*slot = row; /* else the first one stands for all */
	}
}
