#include "core/terms_inner.h"

/* What a restricted balance would still give; INT64_MAX without bound. */
static int64_t whole_left(const struct ent_entitlement *e)
{
	if (!ent_terms_is_bounded(e)) {
		return INT64_MAX;
	}
	return e->ledger_granted - e->ledger_consumed - e->ledger_reserved;
}

static int64_t channel_left(const struct ent_entitlement *e, ent_str channel)
{
	const struct ent_entitlement_channel *row = ent_terms_channel(e, channel);
	if (row == NULL || ent_count_is_none(row->total)) {
		return INT64_MAX;
	}
	return row->total.n - row->consumed - row->reserved;
}

/* Refuse, or cut *units to what there is, as the want says. */
static enum ent_code bound(const struct ent_entitlement *e, const struct ent_terms_want *want,
                           int64_t *units, struct ent_error *error)
{
	int64_t whole = whole_left(e);
	int64_t channel = channel_left(e, want->channel);
	*units = want->units;
	if (!e->restricted || want->force == ENT_TERMS_FORCE) {
		return ENT_OK;
	}
	if (want->force == ENT_TERMS_FIT) {
		int64_t left = whole < channel ? whole : channel;
		if (*units > left) {
			*units = left > 0 ? left : 0;
		}
		return ENT_OK;
	}
	if (want->units > whole) {
		return ent_fail(error, ENT_E_TERMS_EXHAUSTED, "%lld needed, %lld left",
		                (long long)want->units, (long long)whole);
	}
	if (want->units > channel) {
		return ent_fail(error, ENT_E_CHANNEL_TERMS_EXHAUSTED,
		                "%lld needed, %lld left on %.*s", (long long)want->units,
		                (long long)channel, (int)want->channel.len, want->channel.ptr);
	}
	return ENT_OK;
}

static enum ent_code check_open(const struct ent_terms *terms, struct ent_error *error)
{
	if (!ent_terms_is_open(terms->entitlement)) {
		return ent_fail(error, ENT_E_STATE, "the entitlement was never activated");
	}
	return ENT_OK;
}

/* The lot that is used next: the earliest to lapse, of those the oldest. */
static const struct ent_term_lot *next_lot(const struct ent_entitlement *e)
{
	const struct ent_term_lot *lots = e->lots.items;
	const struct ent_term_lot *first = NULL;
	for (size_t i = 0; !e->unlimited && i < e->lots.count; i++) {
		int64_t end = ent_lot_end_us(lots + i);
		if (ent_lot_left(lots + i) > 0 &&
		    (first == NULL || end < ent_lot_end_us(first) ||
		     (end == ent_lot_end_us(first) && lots[i].id.value < first->id.value))) {
			first = lots + i;
		}
	}
	return first;
}

static void post_use(struct ent_terms *terms, const struct ent_terms_want *want, int64_t units)
{
	struct ent_term_posting posting = {
		.kind = ENT_POST_CONSUME, .period = terms->entitlement->ledger_period,
		.channel = want->channel, .case_id = want->case_id, .reason = want->reason,
	};
	while (units > 0) {
		const struct ent_term_lot *lot = next_lot(terms->entitlement);
		int64_t left = lot == NULL ? units : ent_lot_left(lot);
		posting.lot_id = lot == NULL ? ENT_ID_NONE : lot->id;
		posting.units = left < units ? left : units;
		units -= posting.units;
		ent_terms_post(terms, posting);
	}
	if (terms->entitlement->lots.count > 0) {
		ent_terms_set_end(terms->entitlement, terms->zone);
	}
}

enum ent_code ent_terms_consume(struct ent_terms *terms, const struct ent_terms_want *want,
                                struct ent_error *error)
{
	assert(want->units >= 0);
	int64_t units;
	if (terms->entitlement->unit == ENT_UNIT_NONE || want->units == 0) {
		return ENT_OK;
	}
	enum ent_code code = check_open(terms, error);
	if (code == ENT_OK) {
		code = bound(terms->entitlement, want, &units, error);
	}
	if (code == ENT_OK) {
		post_use(terms, want, units);
	}
	return code;
}

enum ent_code ent_terms_reserve(struct ent_terms *terms, const struct ent_terms_want *want,
                                struct ent_error *error)
{
	assert(want->units >= 0);
	int64_t units;
	if (terms->entitlement->unit == ENT_UNIT_NONE || want->units == 0) {
		return ENT_OK;
	}
	enum ent_code code = check_open(terms, error);
	if (code == ENT_OK) {
		code = bound(terms->entitlement, want, &units, error);
	}
	if (code == ENT_OK && units > 0) {
		ent_terms_post(terms, (struct ent_term_posting){
			.kind = ENT_POST_RESERVE, .units = units, .channel = want->channel,
			.period = terms->entitlement->ledger_period, .case_id = want->case_id,
			.reason = want->reason });
	}
	return code;
}

static void reverse_one(struct ent_terms *terms, const struct ent_term_posting *original,
                        ent_str reason)
{
	struct ent_entitlement *e = terms->entitlement;
	bool release = original->kind == ENT_POST_RESERVE;
	struct ent_term_posting posting = {
		.kind = release ? ENT_POST_RELEASE : ENT_POST_REFUND, .units = original->units,
		.period = release ? e->ledger_period : original->period,
		.channel = original->channel, .case_id = original->case_id,
		.lot_id = original->lot_id, .reverses_id = original->id, .reason = reason,
	};
	ent_terms_post(terms, posting);
	if (!release && posting.period != e->ledger_period && ent_id_is_none(posting.lot_id)) {
		posting.kind = ENT_POST_EXPIRE;
		posting.reverses_id = ENT_ID_NONE;
		ent_terms_post(terms, posting);
	}
}

static void reverse(struct ent_terms *terms, const struct ent_term_posting *postings,
                    size_t count, ent_str reason)
{
	for (size_t i = 0; i < count; i++) {
		if (postings[i].kind == ENT_POST_RESERVE || postings[i].kind == ENT_POST_CONSUME) {
			reverse_one(terms, postings + i, reason);
		}
	}
}

void ent_terms_reverse(struct ent_terms *terms, const struct ent_term_posting *postings,
                       size_t count, ent_str reason)
{
	if (!ent_terms_is_open(terms->entitlement)) {
		return;
	}
	reverse(terms, postings, count, reason);
	/* what was held for it, or came back to a lot, may lapse now */
	ent_terms_set_end(terms->entitlement, terms->zone);
	ent_terms_settle(terms);
}

void ent_terms_convert(struct ent_terms *terms, const struct ent_term_posting *reserved,
                       size_t count, const struct ent_terms_want *want)
{
	struct ent_entitlement *e = terms->entitlement;
	struct ent_terms_want all = *want;
	struct ent_error unused;
	int64_t units;
	if (e->unit == ENT_UNIT_NONE || !ent_terms_is_open(e)) {
		return;
	}
	/* not settled between: what is released must not lapse before it is used */
	reverse(terms, reserved, count, want->reason);
	all.force = e->unit == ENT_UNIT_MINUTES ? ENT_TERMS_FORCE : ENT_TERMS_FIT;
	if (bound(e, &all, &units, &unused) == ENT_OK) {
		post_use(terms, &all, units);
	}
	ent_terms_set_end(e, terms->zone);
	ent_terms_settle(terms);
}

void ent_terms_correct(struct ent_terms *terms, int64_t units, ent_str channel, ent_str reason)
{
	struct ent_entitlement *e = terms->entitlement;
	int64_t base = e->ledger_granted - e->ledger_consumed - ent_lots_left(e);
	struct ent_term_posting posting = {
		.kind = ENT_POST_ADJUST, .period = e->ledger_period, .channel = channel,
		.reason = reason,
	};
	int64_t of_lots = -units - (base > 0 ? base : 0);
	while (of_lots > 0) {
		const struct ent_term_lot *lot = next_lot(e);
		if (lot == NULL) {
			break;
		}
		int64_t left = ent_lot_left(lot);
		posting.units = left < of_lots ? -left : -of_lots;
		posting.lot_id = lot->id;
		of_lots += posting.units;
		units -= posting.units;
		ent_terms_post(terms, posting);
	}
	posting.units = units;
	posting.lot_id = ENT_ID_NONE;
	if (units != 0) {
		ent_terms_post(terms, posting);
	}
	ent_terms_set_end(e, terms->zone);
}

enum ent_code ent_terms_adjust(struct ent_terms *terms, int64_t units, ent_str channel,
                               ent_str reason, struct ent_error *error)
{
	struct ent_entitlement *e = terms->entitlement;
	struct ent_terms_want want = { .channel = channel };
	int64_t bounded;
	if (!ent_terms_is_bounded(e)) {
		return ent_fail(error, ENT_E_INVALID, "the entitlement has no balance");
	}
	enum ent_code code = check_open(terms, error);
	if (code == ENT_OK && units < 0) {
		want.units = -units;
		code = bound(e, &want, &bounded, error);
	}
	if (code == ENT_OK && units != 0) {
		ent_terms_correct(terms, units, channel, reason);
	}
	return code;
}
