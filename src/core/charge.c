#include "core/charge.h"

static const struct {
	enum ent_charge_event event;
	enum ent_case_state was;
	enum ent_charge_effect creation, resolution;
} table[] = {
#define ENT_CHARGE(event, was, creation, resolution)                      \
	{ ENT_CHARGE_##event, ENT_CASE_##was, ENT_EFFECT_##creation,      \
	  ENT_EFFECT_##resolution },
#include "core/charge.def"
};

enum ent_charge_effect ent_charge_effect(enum ent_charge_event event, enum ent_case_state was,
                                         enum ent_charge_on charge_on)
{
	for (size_t i = 0; i < ENT_COUNT(table); i++) {
		if (table[i].event == event && table[i].was == was) {
			return charge_on == ENT_CHARGE_CREATION ? table[i].creation
			                                        : table[i].resolution;
		}
	}
	return ENT_EFFECT_NOTHING;
}

int64_t ent_charge_units(const struct ent_entitlement *e, enum ent_charge_effect effect,
                         ent_count billable_minutes)
{
	bool billed = effect == ENT_EFFECT_CONVERT || effect == ENT_EFFECT_CONSUME;
	if (e->unit == ENT_UNIT_NONE) {
		return 0;
	}
	if (e->unit == ENT_UNIT_MINUTES && billed) {
		return ent_count_is_none(billable_minutes) ? 0 : billable_minutes.n;
	}
	return 1;
}

/* What the case holds: postings that nothing has reversed. */
struct held {
	struct ent_term_posting *used, *reserved;
	size_t used_count, reserved_count;
};

static int64_t units_of(const struct ent_term_posting *postings, size_t count)
{
	int64_t units = 0;
	for (size_t i = 0; i < count; i++) {
		units += postings[i].units;
	}
	return units;
}

static struct held find_held(const struct ent_charge *charge, struct ent_arena *arena)
{
	struct held held = {
		.used = ENT_NEW(arena, struct ent_term_posting, charge->count + 1),
		.reserved = ENT_NEW(arena, struct ent_term_posting, charge->count + 1),
	};
	held.used_count = ent_terms_standing(charge->postings, charge->count, ENT_POST_CONSUME,
	                                     charge->case_id, held.used);
	held.reserved_count = ent_terms_standing(charge->postings, charge->count,
	                                         ENT_POST_RESERVE, charge->case_id,
	                                         held.reserved);
	return held;
}

/* The table's effect, given what the case really holds: charge_on may have been amended
 * since it was linked, and a case is never charged twice. */
static enum ent_charge_effect effect_of(const struct ent_entitlement *e,
                                        const struct ent_charge *charge, const struct held *held)
{
	enum ent_charge_effect effect =
		ent_charge_effect(charge->event, charge->was, e->charge_on);
	bool overriding = charge->event == ENT_CHARGE_OVERRIDE_ON ||
	                  charge->event == ENT_CHARGE_OVERRIDE_OFF;
	if (overriding ? charge->overridden == (charge->event == ENT_CHARGE_OVERRIDE_ON)
	               : charge->overridden) {
		return ENT_EFFECT_NOTHING;
	}
	if (charge->event == ENT_CHARGE_RESOLVED && held->reserved_count > 0) {
		return held->used_count > 0 ? ENT_EFFECT_RELEASE : ENT_EFFECT_CONVERT;
	}
	bool takes = effect == ENT_EFFECT_CONSUME || effect == ENT_EFFECT_RESERVE ||
	             effect == ENT_EFFECT_CONVERT;
	if (takes && held->used_count + held->reserved_count > 0) {
		return ENT_EFFECT_NOTHING;
	}
	return effect;
}

/* Refund and release everything it holds. */
static void let_go(struct ent_terms *terms, const struct ent_charge *charge, struct held *held)
{
	ent_terms_reverse(terms, held->used, held->used_count, charge->reason);
	ent_terms_reverse(terms, held->reserved, held->reserved_count, charge->reason);
	held->used_count = 0;
	held->reserved_count = 0;
}

static enum ent_code apply(struct ent_terms *terms, const struct ent_charge *charge,
                           enum ent_charge_effect effect, struct held *held,
                           struct ent_error *error)
{
	struct ent_terms_want want = {
		.units = ent_charge_units(terms->entitlement, effect, charge->billable_minutes),
		.channel = charge->channel, .case_id = charge->case_id, .reason = charge->reason,
	};
	switch (effect) {
	case ENT_EFFECT_NOTHING:
		break;
	case ENT_EFFECT_CONSUME:
		return ent_terms_consume(terms, &want, error);
	case ENT_EFFECT_RESERVE:
		return ent_terms_reserve(terms, &want, error);
	case ENT_EFFECT_RELEASE:
		if (charge->event == ENT_CHARGE_RESOLVED) {
			ent_terms_reverse(terms, held->reserved, held->reserved_count,
			                  charge->reason);
			held->reserved_count = 0;
			break;
		}
		let_go(terms, charge, held);
		break;
	case ENT_EFFECT_REFUND:
		let_go(terms, charge, held);
		break;
	case ENT_EFFECT_CONVERT:
		ent_terms_convert(terms, held->reserved, held->reserved_count, &want);
		held->reserved_count = 0;
		break;
	case ENT_EFFECT_RETURN:
		let_go(terms, charge, held);
		want.force = ENT_TERMS_FIT;
		return ent_terms_reserve(terms, &want, error);
	}
	return ENT_OK;
}

enum ent_code ent_charge_apply(struct ent_terms *terms, const struct ent_charge *charge,
                               struct ent_charged *out, struct ent_error *error)
{
	struct held held = find_held(charge, terms->arena);
	enum ent_charge_effect effect = effect_of(terms->entitlement, charge, &held);
	bool billed = effect == ENT_EFFECT_CONVERT || effect == ENT_EFFECT_CONSUME;
	size_t first = terms->count;
	if (billed && terms->entitlement->unit == ENT_UNIT_MINUTES &&
	    ent_count_is_none(charge->billable_minutes)) {
		return ent_refuse(error, ENT_E_MINUTES_REQUIRED, "/billable_minutes",
		                  (ent_str){ NULL, 0 }, "say how many minutes it took");
	}
	enum ent_code code = apply(terms, charge, effect, &held, error);
	if (code != ENT_OK) {
		return code;
	}
	out->charged = units_of(held.used, held.used_count);
	out->reserved = units_of(held.reserved, held.reserved_count);
	for (size_t i = first; i < terms->count; i++) {
		const struct ent_term_posting *posting = terms->postings + i;
		if (ent_id_eq(posting->case_id, charge->case_id)) {
			out->charged += posting->kind == ENT_POST_CONSUME ? posting->units : 0;
			out->reserved += posting->kind == ENT_POST_RESERVE ? posting->units : 0;
		}
	}
	return ENT_OK;
}
