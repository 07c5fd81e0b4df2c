#include "core/right.h"

#include "base/text.h"
#include "core/terms_inner.h"

#include <string.h>

/* ---- making ---- */

static const struct ent_right_rows *rows_of(const struct ent_coverage_item *item,
                                            struct ent_arena *arena)
{
	const struct ent_entitlement *e = &item->entitlement;
	if (e->grants.count + e->channels.count + e->suspensions.count + e->lots.count +
	            item->covers.count ==
	    0) {
		return NULL;
	}
	struct ent_right_rows *rows = ENT_NEW(arena, struct ent_right_rows, 1);
	*rows = (struct ent_right_rows){ e->grants, e->channels, e->suspensions, e->lots,
		                         item->covers };
	return rows;
}

static const struct ent_right_moving *moving_of(const struct ent_coverage_item *item,
                                                struct ent_arena *arena)
{
	const struct ent_entitlement *e = &item->entitlement;
	struct ent_right_moving *moving = ENT_NEW(arena, struct ent_right_moving, 1);
	*moving = (struct ent_right_moving){
		.zone = item->zone,
		.created_at = e->created_at,
		.starts_on = e->starts_on,
		.reset = e->reset,
		.roll_over = e->roll_over,
		.period = e->ledger_period,
	};
	return moving;
}

void ent_right_of(const struct ent_coverage_item *item, struct ent_arena *arena,
                  struct ent_right *out)
{
	const struct ent_entitlement *e = &item->entitlement;
	bool has_contract = !ent_id_is_none(item->contract.contract_id);
	struct ent_terms_view view = { 0 };
	*out = (struct ent_right){
		.id = e->id,
		.account_id = e->account_id,
		.life = ent_life_of(e),
		.priority = e->priority,
		.unit = (uint8_t)e->unit,
		.contact_policy = (uint8_t)e->contact_policy,
		.other_channels = (uint8_t)e->other_channels,
		.restricted = e->restricted,
		.unlimited = e->unlimited,
		.covers_descendants = e->covers_descendants,
		.asset_id = e->asset_id,
		.products = e->products,
		.contacts = e->contacts,
		.rows = rows_of(item, arena),
		.contract = has_contract ? &item->contract : NULL,
		.moves_at = ent_terms_moves_at(e),
		.total = e->total,
		.name = e->name,
		.number = e->number,
		.full = item,
	};
	ent_terms_still(e, &view);
	out->granted = view.granted;
	out->consumed = view.consumed;
	out->reserved = view.reserved;
	if (out->moves_at.us != INT64_MAX) {
		out->moving = moving_of(item, arena);
	}
}

/* ---- copying ---- */

static struct ent_ids copy_ids(struct ent_ids from, struct ent_arena *arena)
{
	ent_id *items = ENT_NEW(arena, ent_id, from.count);
	if (from.count > 0) {
		memcpy(items, from.items, from.count * sizeof(*items));
	}
	return (struct ent_ids){ items, from.count };
}

static struct ent_children copy_children(const struct ent_type *type, struct ent_children from,
                                         struct ent_arena *arena)
{
	char *items = ent_arena_alloc(arena, from.count, type->size, _Alignof(max_align_t));
	for (size_t i = 0; i < from.count; i++) {
		ent_type_copy(type, (char *)from.items + i * type->size, items + i * type->size,
		              arena);
	}
	return (struct ent_children){ items, from.count };
}

static struct ent_covers copy_covers(struct ent_covers from, struct ent_arena *arena)
{
	struct ent_cover *items = ENT_NEW(arena, struct ent_cover, from.count);
	if (from.count > 0) {
		memcpy(items, from.items, from.count * sizeof(*items));
	}
	return (struct ent_covers){ items, from.count, from.are_own };
}

static const struct ent_coverage_contract *copy_contract(const struct ent_coverage_contract *from,
                                                         struct ent_arena *arena)
{
	struct ent_coverage_contract *to = ENT_NEW(arena, struct ent_coverage_contract, 1);
	struct ent_span *gaps = ENT_NEW(arena, struct ent_span, from->gaps.count);
	if (from->gaps.count > 0) {
		memcpy(gaps, from->gaps.items, from->gaps.count * sizeof(*gaps));
	}
	*to = *from;
	to->gaps.items = gaps;
	return to;
}

static const struct ent_right_rows *copy_rows(const struct ent_right_rows *from,
                                              struct ent_arena *arena)
{
	struct ent_right_rows *to = ENT_NEW(arena, struct ent_right_rows, 1);
	to->grants = copy_children(&ent_entitlement_grant_type, from->grants, arena);
	to->channels = copy_children(&ent_entitlement_channel_type, from->channels, arena);
	to->suspensions = copy_children(&ent_entitlement_suspension_type, from->suspensions, arena);
	to->lots = copy_children(&ent_term_lot_type, from->lots, arena);
	to->covers = copy_covers(from->covers, arena);
	return to;
}

void ent_right_copy(const struct ent_right *from, struct ent_right *to, struct ent_arena *arena)
{
	*to = *from;
	to->full = NULL;
	to->products = copy_ids(from->products, arena);
	to->contacts = copy_ids(from->contacts, arena);
	to->name = ent_text_copy(arena, from->name);
	to->number = ent_text_copy(arena, from->number);
	if (from->rows != NULL) {
		to->rows = copy_rows(from->rows, arena);
	}
	if (from->contract != NULL) {
		to->contract = copy_contract(from->contract, arena);
	}
	if (from->moving != NULL) {
		struct ent_right_moving *moving = ENT_NEW(arena, struct ent_right_moving, 1);
		*moving = *from->moving;
		to->moving = moving;
	}
}

/* ---- reading ---- */

/* Time has moved its balance: what the ledger reads, as an entitlement again. */
static void view_moved(const struct ent_right *right, ent_instant at, struct ent_terms_view *out)
{
	const struct ent_right_moving *moving = right->moving;
	struct ent_entitlement e = {
		.id = right->id,
		.account_id = right->account_id,
		.created_at = moving->created_at,
		.stage = right->life.stage,
		.starts_on = moving->starts_on,
		.starts_at = right->life.starts_at,
		.ends_at = right->life.ends_at,
		.cancelled_at = right->life.cancelled_at,
		.unit = (enum ent_term_unit)right->unit,
		.unlimited = right->unlimited,
		.total = right->total,
		.reset = moving->reset,
		.roll_over = moving->roll_over,
		.ledger_granted = right->granted,
		.ledger_consumed = right->consumed,
		.ledger_reserved = right->reserved,
		.ledger_period = moving->period,
		.ledger_ends_at = right->moves_at,
	};
	if (right->rows != NULL) {
		e.lots = right->rows->lots;
	}
	ent_terms_view(&e, moving->zone, at, out);
}

void ent_right_view(const struct ent_right *right, ent_instant at, struct ent_terms_view *out)
{
	if (right->moving != NULL && at.us >= right->moves_at.us) {
		view_moved(right, at, out);
		return;
	}
	*out = (struct ent_terms_view){
		.bounded = right->unit != ENT_UNIT_NONE && !right->unlimited,
		.granted = right->granted,
		.consumed = right->consumed,
		.reserved = right->reserved,
		.remaining = right->granted - right->consumed,
		.available = right->granted - right->consumed - right->reserved,
	};
}
