#include "core/terms_inner.h"

#include <string.h>

enum { LOT_MAX = 1000 };

static ent_str words(const char *text)
{
	return ent_str_of(text);
}

/* ---- the first activation ---------------------------------------------------------- */

enum ent_code ent_terms_open(struct ent_terms *terms, ent_count opening, struct ent_error *error)
{
	struct ent_entitlement *e = terms->entitlement;
	if (ent_terms_is_open(e)) {
		ent_terms_settle(terms);
		return ENT_OK;
	}
	int64_t total = ent_terms_total(e);
	if (!ent_count_is_none(opening) && ent_terms_is_bounded(e)) {
		if (opening.n > total) {
			return ent_fail(error, ENT_E_REMAINING_ABOVE_TOTAL,
			                "remaining %lld is above the total of %lld",
			                (long long)opening.n, (long long)total);
		}
		if (opening.n < 0) {
			return ent_fail(error, ENT_E_RANGE, "remaining cannot be below 0");
		}
	}
	ent_instant at = ent_period_clamp(e, terms->at);
	e->ledger_period = ent_period_at(e, terms->zone, at);
	if (e->unit != ENT_UNIT_NONE) {
		ent_terms_post(terms, (struct ent_term_posting){
			.kind = ENT_POST_GRANT, .units = total, .period = e->ledger_period });
	}
	if (!ent_count_is_none(opening) && ent_terms_is_bounded(e) && opening.n < total) {
		ent_terms_post(terms, (struct ent_term_posting){
			.kind = ENT_POST_CONSUME, .units = total - opening.n,
			.period = e->ledger_period, .reason = words("used before") });
	}
	ent_terms_set_end(e, terms->zone);
	return ENT_OK;
}

/* ---- changes of the allowance -------------------------------------------------------- */

static bool same_periods(const struct ent_entitlement *a, const struct ent_entitlement *b,
                         const struct ent_zone *zone)
{
	return a->reset == b->reset &&
	       ent_period_anchor(a, zone).day == ent_period_anchor(b, zone).day;
}

/* The balance goes over into the period that has another number from now on. */
static void renumber(struct ent_terms *terms)
{
	struct ent_entitlement *e = terms->entitlement;
	int64_t period = ent_period_at(e, terms->zone, ent_period_clamp(e, terms->at));
	int64_t base = e->ledger_granted - e->ledger_consumed - ent_lots_left(e);
	if (period == e->ledger_period) {
		return;
	}
	struct ent_term_posting posting = {
		.kind = base > 0 ? ENT_POST_ROLL_OVER : ENT_POST_GRANT, .period = period,
		.units = base > 0 ? base : 0, .reason = words("periods changed"),
	};
	ent_terms_post(terms, posting);
	if (base < 0) {
		posting.kind = ENT_POST_ADJUST;
		posting.units = base;
		ent_terms_post(terms, posting);
	}
}

static enum ent_code check_amended(const struct ent_entitlement *e,
                                   const struct ent_entitlement *before, int64_t more,
                                   struct ent_error *error)
{
	bool used = e->ledger_consumed != 0 || e->ledger_reserved != 0 || e->lots.count > 0;
	if (e->unit != before->unit && used) {
		return ent_refuse(error, ENT_E_INVALID, "/unit", (ent_str){ NULL, 0 },
		                  "the unit cannot be changed after units were used");
	}
	bool lowered = more < 0 || !ent_terms_is_bounded(before);
	int64_t left = e->ledger_granted + more - e->ledger_consumed;
	if (e->restricted) {
		left -= e->ledger_reserved;
	}
	if (ent_terms_is_bounded(e) && lowered && left < 0) {
		return ent_refuse(error, ENT_E_TOTAL_BELOW_USED, "/total", (ent_str){ NULL, 0 },
		                  "raise it by at least %lld", (long long)-left);
	}
	return ENT_OK;
}

enum ent_code ent_terms_amended(struct ent_terms *terms, const struct ent_entitlement *before,
                                struct ent_error *error)
{
	struct ent_entitlement *e = terms->entitlement;
	int64_t more = ent_terms_total(e) - ent_terms_total(before);
	if (!ent_terms_is_open(e)) {
		return ENT_OK;
	}
	enum ent_code code = check_amended(e, before, more, error);
	if (code != ENT_OK) {
		return code;
	}
	if (!same_periods(e, before, terms->zone)) {
		renumber(terms);
	}
	if (more > 0) {
		ent_terms_post(terms, (struct ent_term_posting){
			.kind = ENT_POST_GRANT, .units = more, .period = e->ledger_period,
			.reason = words("total changed") });
	} else if (more < 0) {
		ent_terms_correct(terms, more, (ent_str){ NULL, 0 }, words("total changed"));
	}
	ent_terms_set_end(e, terms->zone);
	ent_terms_settle(terms);
	return ENT_OK;
}

/* ---- lots ------------------------------------------------------------------------------ */

static enum ent_code check_top_up(const struct ent_terms *terms, int64_t units,
                                  ent_instant ends_at, struct ent_error *error)
{
	const struct ent_entitlement *e = terms->entitlement;
	if (!ent_terms_is_open(e)) {
		return ent_fail(error, ENT_E_CANNOT_TOP_UP, "the entitlement was never activated");
	}
	if (!ent_terms_is_bounded(e)) {
		return ent_fail(error, ENT_E_CANNOT_TOP_UP, "the entitlement has no bound");
	}
	if (units < 1) {
		return ent_refuse(error, ENT_E_RANGE, "/units", (ent_str){ NULL, 0 },
		                  "must be at least 1");
	}
	if (!ent_instant_is_none(ends_at) && ends_at.us <= terms->at.us) {
		return ent_refuse(error, ENT_E_RANGE, "/ends_at", (ent_str){ NULL, 0 },
		                  "must lie in the future");
	}
	if (e->lots.count >= LOT_MAX) {
		return ent_fail(error, ENT_E_LIMIT, "at most %d lots", LOT_MAX);
	}
	return ENT_OK;
}

/* What was used beyond the allowance is taken from the lot instead. */
static void pay_overdraft(struct ent_terms *terms, ent_id lot_id, int64_t overdraft)
{
	struct ent_term_posting posting = {
		.kind = ENT_POST_CONSUME, .units = overdraft, .lot_id = lot_id,
		.period = terms->entitlement->ledger_period, .reason = words("overdraft paid"),
	};
	ent_terms_post(terms, posting);
	posting.kind = ENT_POST_REFUND;
	posting.lot_id = ENT_ID_NONE;
	ent_terms_post(terms, posting);
}

enum ent_code ent_terms_top_up(struct ent_terms *terms, ent_id lot_id, int64_t units,
                               ent_instant ends_at, ent_str reason, struct ent_error *error)
{
	struct ent_entitlement *e = terms->entitlement;
	enum ent_code code = check_top_up(terms, units, ends_at, error);
	if (code != ENT_OK) {
		return code;
	}
	int64_t overdraft = ent_lots_left(e) - (e->ledger_granted - e->ledger_consumed);
	size_t count = e->lots.count;
	struct ent_term_lot *lots = ENT_NEW(terms->arena, struct ent_term_lot, count + 1);
	if (count > 0) {
		memcpy(lots, e->lots.items, count * sizeof(*lots));
	}
	lots[count] = (struct ent_term_lot){
		.id = lot_id, .account_id = e->account_id, .entitlement_id = e->id,
		.created_at = terms->at, .ends_at = ends_at, .reason = reason,
	};
	e->lots = (struct ent_children){ lots, count + 1 };
	e->extra_rows |= ENT_EXTRA_LOTS;
	ent_terms_post(terms, (struct ent_term_posting){
		.kind = ENT_POST_TOP_UP, .units = units, .lot_id = lot_id,
		.period = e->ledger_period, .reason = reason });
	if (overdraft > 0) {
		pay_overdraft(terms, lot_id, overdraft < units ? overdraft : units);
	}
	ent_terms_set_end(e, terms->zone);
	return ENT_OK;
}

/* ---- postings ---------------------------------------------------------------------------- */

static bool is_reversed(const struct ent_term_posting *postings, size_t count, ent_id id)
{
	for (size_t i = 0; i < count; i++) {
		if (ent_id_eq(postings[i].reverses_id, id)) {
			return true;
		}
	}
	return false;
}

size_t ent_terms_standing(const struct ent_term_posting *postings, size_t count,
                          enum ent_posting_kind kind, ent_id case_id,
                          struct ent_term_posting *out)
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		if (postings[i].kind == kind && ent_id_eq(postings[i].case_id, case_id) &&
		    !is_reversed(postings + i, count - i, postings[i].id)) {
			out[found++] = postings[i];
		}
	}
	return found;
}

void ent_terms_replay(struct ent_entitlement *e, const struct ent_zone *zone,
                      const struct ent_term_posting *postings, size_t count)
{
	struct ent_term_lot *lots = e->lots.items;
	struct ent_entitlement_channel *rows = e->channels.items;
	bool open = count > 0 || (e->unit == ENT_UNIT_NONE && ent_terms_is_open(e));
	e->ledger_granted = 0;
	e->ledger_consumed = 0;
	e->ledger_reserved = 0;
	e->ledger_period = count > 0 ? postings[0].period : 0;
	for (size_t i = 0; i < e->lots.count; i++) {
		lots[i].units = 0;
		lots[i].consumed = 0;
		lots[i].expired = 0;
	}
	for (size_t i = 0; i < e->channels.count; i++) {
		rows[i].consumed = 0;
		rows[i].reserved = 0;
	}
	for (size_t i = 0; i < count; i++) {
		ent_posting_apply(e, postings + i);
	}
	e->ledger_ends_at = ENT_INSTANT_NONE;
	if (open) {
		ent_terms_set_end(e, zone);
	}
}
