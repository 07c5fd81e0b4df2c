#include "core/terms_inner.h"

#include <string.h>

int64_t ent_lots_left(const struct ent_entitlement *e)
{
	const struct ent_term_lot *lots = e->lots.items;
	int64_t left = 0;
	for (size_t i = 0; i < e->lots.count; i++) {
		left += ent_lot_left(lots + i);
	}
	return left;
}

struct ent_entitlement_channel *ent_terms_channel_in(struct ent_children channels,
                                                     ent_str channel)
{
	struct ent_entitlement_channel *rows = channels.items;
	for (size_t i = 0; channel.len > 0 && i < channels.count; i++) {
		if (ent_str_eq(rows[i].channel, channel)) {
			return rows + i;
		}
	}
	return NULL;
}

struct ent_entitlement_channel *ent_terms_channel(const struct ent_entitlement *e,
                                                  ent_str channel)
{
	return ent_terms_channel_in(e->channels, channel);
}

static struct ent_term_lot *lot_of(const struct ent_entitlement *e, ent_id id)
{
	struct ent_term_lot *lots = e->lots.items;
	for (size_t i = 0; !ent_id_is_none(id) && i < e->lots.count; i++) {
		if (ent_id_eq(lots[i].id, id)) {
			return lots + i;
		}
	}
	return NULL;
}

/* ---- what a posting does --------------------------------------------------------- */

/* A posting of 1 unit: how it moves the figures when it counts in the current period,
 * and in an earlier one, where only lots still matter. */
static const struct effect {
	int8_t granted, consumed, reserved;
	int8_t earlier_granted; /* with a lot, in an earlier period */
	int8_t channel_consumed;
	int8_t lot_units, lot_consumed, lot_expired;
} effects[] = {
	[ENT_POST_GRANT] = { .granted = 1 },
	[ENT_POST_ROLL_OVER] = { .granted = 1 },
	[ENT_POST_TOP_UP] = { .granted = 1, .lot_units = 1 },
	[ENT_POST_ADJUST] = { .granted = 1, .channel_consumed = -1, .lot_units = 1 },
	[ENT_POST_CONSUME] = { .consumed = 1, .channel_consumed = 1, .lot_consumed = 1 },
	[ENT_POST_REFUND] = { .consumed = -1, .channel_consumed = -1, .lot_consumed = -1,
	                      .earlier_granted = 1 },
	[ENT_POST_EXPIRE] = { .granted = -1, .lot_expired = 1, .earlier_granted = -1 },
	[ENT_POST_RESERVE] = { .reserved = 1 },
	[ENT_POST_RELEASE] = { .reserved = -1 },
};

/* Only these two begin a period; all else with another number belongs to an earlier one. */
static bool begins_period(const struct ent_entitlement *e, const struct ent_term_posting *posting)
{
	return posting->period != e->ledger_period &&
	       (posting->kind == ENT_POST_GRANT || posting->kind == ENT_POST_ROLL_OVER);
}

static void begin_period(struct ent_entitlement *e, int64_t period)
{
	struct ent_entitlement_channel *rows = e->channels.items;
	e->ledger_period = period;
	e->ledger_granted = ent_lots_left(e);
	e->ledger_consumed = 0;
	for (size_t i = 0; i < e->channels.count; i++) {
		rows[i].consumed = 0;
	}
}

void ent_posting_apply(struct ent_entitlement *e, const struct ent_term_posting *posting)
{
	const struct effect *effect = &effects[posting->kind];
	struct ent_term_lot *lot = lot_of(e, posting->lot_id);
	struct ent_entitlement_channel *row = ent_terms_channel(e, posting->channel);
	int64_t units = posting->units;
	if (begins_period(e, posting)) {
		begin_period(e, posting->period);
	}
	bool current = posting->period == e->ledger_period;
	if (current) {
		e->ledger_granted += effect->granted * units;
		e->ledger_consumed += effect->consumed * units;
	} else if (lot != NULL) {
		e->ledger_granted += effect->earlier_granted * units;
	}
	e->ledger_reserved += effect->reserved * units;
	if (row != NULL) {
		row->consumed += current ? effect->channel_consumed * units : 0;
		row->reserved += effect->reserved * units;
	}
	if (lot != NULL) {
		lot->units += effect->lot_units * units;
		lot->consumed += effect->lot_consumed * units;
		lot->expired += effect->lot_expired * units;
	}
}

void ent_terms_post(struct ent_terms *terms, struct ent_term_posting posting)
{
	struct ent_entitlement *e = terms->entitlement;
	if (terms->count == terms->room) {
		size_t room = terms->room * 2 + 4;
		struct ent_term_posting *more =
			ENT_NEW(terms->arena, struct ent_term_posting, room);
		if (terms->count > 0) {
			memcpy(more, terms->postings, terms->count * sizeof(*more));
		}
		terms->postings = more;
		terms->room = room;
	}
	posting.account_id = e->account_id;
	posting.entitlement_id = e->id;
	posting.created_at = terms->at;
	if (ent_terms_channel(e, posting.channel) == NULL) {
		posting.channel = (ent_str){ NULL, 0 };
	} else {
		terms->touched |= ENT_EXTRA_CHANNELS;
	}
	if (begins_period(e, &posting) && e->channels.count > 0) {
		terms->touched |= ENT_EXTRA_CHANNELS;
	}
	if (!ent_id_is_none(posting.lot_id)) {
		terms->touched |= ENT_EXTRA_LOTS;
	}
	ent_posting_apply(e, &posting);
	terms->postings[terms->count++] = posting;
}

/* ---- time -------------------------------------------------------------------------- */

/* The earliest instant at which time may change the figures. */
void ent_terms_set_end(struct ent_entitlement *e, const struct ent_zone *zone)
{
	const struct ent_term_lot *lots = e->lots.items;
	e->ledger_ends_at = ENT_INSTANT_END;
	if (e->unit != ENT_UNIT_NONE) {
		e->ledger_ends_at = ent_period_begins(e, zone, e->ledger_period + 1);
	}
	for (size_t i = 0; i < e->lots.count; i++) {
		if (ent_lot_left(lots + i) > 0 &&
		    ent_lot_end_us(lots + i) < e->ledger_ends_at.us) {
			e->ledger_ends_at = lots[i].ends_at;
		}
	}
}

static struct ent_figures figures_of(const struct ent_entitlement *e)
{
	return (struct ent_figures){
		.granted = e->ledger_granted, .consumed = e->ledger_consumed,
		.reserved = e->ledger_reserved, .period = e->ledger_period,
	};
}

ent_instant ent_terms_moves_at(const struct ent_entitlement *e)
{
	bool moves = e->stage != ENT_STAGE_DRAFT && ent_terms_is_open(e) &&
	             e->unit != ENT_UNIT_NONE;
	return moves ? e->ledger_ends_at : ENT_INSTANT_END;
}

static bool moves(const struct ent_entitlement *e, ent_instant at)
{
	return at.us >= ent_terms_moves_at(e).us;
}

void ent_terms_settle(struct ent_terms *terms)
{
	struct ent_entitlement *e = terms->entitlement;
	if (!moves(e, terms->at)) {
		return;
	}
	struct ent_figures f = figures_of(e);
	f.lots_left = ent_lots_left(e);
	ent_terms_forward(&f, e, terms->zone, terms->at, terms);
	assert(f.granted == e->ledger_granted && f.consumed == e->ledger_consumed);
	assert(f.period == e->ledger_period && f.lots_left == ent_lots_left(e));
	ent_terms_set_end(e, terms->zone);
}

void ent_terms_begin(struct ent_terms *terms, struct ent_entitlement *e,
                     const struct ent_zone *zone, ent_instant at, struct ent_arena *arena)
{
	*terms = (struct ent_terms){ .entitlement = e, .zone = zone, .at = at, .arena = arena };
	ent_terms_settle(terms);
}

/* ---- reading ------------------------------------------------------------------------ */

static struct ent_terms_view view_of(const struct ent_entitlement *e, const struct ent_figures *f)
{
	return (struct ent_terms_view){
		.bounded = ent_terms_is_bounded(e),
		.renewed = f->renewed,
		.granted = f->granted,
		.consumed = f->consumed,
		.reserved = f->reserved,
		.remaining = f->granted - f->consumed,
		.available = f->granted - f->consumed - f->reserved,
	};
}

void ent_terms_still(const struct ent_entitlement *e, struct ent_terms_view *out)
{
	struct ent_figures f = figures_of(e);
	if (!ent_terms_is_open(e)) {
		f.granted = ent_terms_total(e);
	}
	*out = view_of(e, &f);
}

void ent_terms_view(const struct ent_entitlement *e, const struct ent_zone *zone, ent_instant at,
                    struct ent_terms_view *out)
{
	if (!moves(e, at)) {
		ent_terms_still(e, out);
		return;
	}
	struct ent_figures f = figures_of(e);
	f.lots_left = ent_lots_left(e);
	ent_terms_forward(&f, e, zone, at, NULL);
	*out = view_of(e, &f);
}

void ent_terms_view_channel(enum ent_term_unit unit, const struct ent_entitlement_channel *row,
                            const struct ent_terms_view *view, struct ent_terms_channel *out)
{
	int64_t consumed = view->renewed ? 0 : row->consumed;
	int64_t total = ent_count_is_none(row->total) ? 0 : row->total.n;
	*out = (struct ent_terms_channel){
		.bounded = unit != ENT_UNIT_NONE && !ent_count_is_none(row->total),
		.consumed = consumed,
		.reserved = row->reserved,
		.remaining = total - consumed,
		.available = total - consumed - row->reserved,
	};
}

void ent_terms_derive(struct ent_entitlement *e, const struct ent_zone *zone, ent_instant at)
{
	struct ent_entitlement_channel *rows = e->channels.items;
	struct ent_terms_view view;
	struct ent_terms_channel channel;
	ent_terms_view(e, zone, at, &view);
	bool counts = e->unit != ENT_UNIT_NONE;
	e->granted = view.bounded ? (ent_count){ view.granted } : ENT_COUNT_NONE;
	e->consumed = counts ? (ent_count){ view.consumed } : ENT_COUNT_NONE;
	e->reserved = counts ? (ent_count){ view.reserved } : ENT_COUNT_NONE;
	e->remaining = view.bounded ? (ent_count){ view.remaining } : ENT_COUNT_NONE;
	e->available = view.bounded ? (ent_count){ view.available } : ENT_COUNT_NONE;
	e->resets_on = ent_terms_resets_on(e, zone, at);
	for (size_t i = 0; i < e->channels.count; i++) {
		ent_terms_view_channel(e->unit, rows + i, &view, &channel);
		bool bounded = channel.bounded;
		rows[i].remaining = bounded ? (ent_count){ channel.remaining } : ENT_COUNT_NONE;
		rows[i].available = bounded ? (ent_count){ channel.available } : ENT_COUNT_NONE;
	}
}
