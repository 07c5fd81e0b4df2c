#include "core/terms_inner.h"

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The lots that lapse first after `after`: when, and how many units they have left. */
static int64_t next_lapse(const struct ent_entitlement *e, int64_t after, int64_t *units)
{
	const struct ent_term_lot *lots = e->lots.items;
	int64_t when = INT64_MAX;
	*units = 0;
	for (size_t i = 0; i < e->lots.count; i++) {
		int64_t end = ent_lot_end_us(lots + i);
		if (end <= after || end > when || end == INT64_MAX || ent_lot_left(lots + i) == 0) {
			continue;
		}
		*units = (end < when ? 0 : *units) + ent_lot_left(lots + i);
		when = end;
	}
	return when;
}

static int64_t lapsed_until(const struct ent_entitlement *e, int64_t until)
{
	const struct ent_term_lot *lots = e->lots.items;
	int64_t units = 0;
	for (size_t i = 0; i < e->lots.count; i++) {
		units += ent_lot_end_us(lots + i) <= until ? ent_lot_left(lots + i) : 0;
	}
	return units;
}

/* Take `units` from lots that lapsed until `until`, earliest first. */
static void post_lapse(struct ent_terms *terms, int64_t until, int64_t units)
{
	struct ent_entitlement *e = terms->entitlement;
	const struct ent_term_lot *lots = e->lots.items;
	while (units > 0) {
		const struct ent_term_lot *first = NULL;
		for (size_t i = 0; i < e->lots.count; i++) {
			if (ent_lot_left(lots + i) > 0 && ent_lot_end_us(lots + i) <= until &&
			    (first == NULL || lots[i].ends_at.us < first->ends_at.us)) {
				first = lots + i;
			}
		}
		assert(first != NULL);
		int64_t some = least(units, ent_lot_left(first));
		units -= some;
		ent_terms_post(terms, (struct ent_term_posting){
			.kind = ENT_POST_EXPIRE, .units = some, .lot_id = first->id,
			.period = e->ledger_period });
	}
}

/* Let lapse what is due, but for what reservations need beyond the allowance. */
static void lapse(struct ent_figures *f, int64_t until, struct ent_terms *terms)
{
	int64_t base = f->granted - f->consumed - f->lots_left;
	int64_t needed = most(0, f->reserved - most(0, base));
	int64_t units = least(f->due, most(0, f->lots_left - needed));
	if (units == 0) {
		return;
	}
	f->due -= units;
	f->lots_left -= units;
	f->granted -= units;
	if (terms != NULL) {
		post_lapse(terms, until, units);
	}
}

/* Begin the period that is `periods` later; nothing happened in those between. */
static void renew(struct ent_figures *f, const struct ent_entitlement *e, int64_t periods,
                  struct ent_terms *terms)
{
	int64_t total = ent_terms_total(e);
	int64_t unused = most(0, f->granted - f->consumed - f->lots_left);
	int64_t cap = ent_count_is_none(e->roll_over) ? 0 : e->roll_over.n;
	cap = most(cap, f->reserved - total - f->lots_left);
	int64_t kept = least(unused, cap);
	int64_t rolled = least(kept + (periods - 1) * total, cap);
	if (periods == 1) {
		rolled = kept;
	}
	f->period += periods;
	f->granted = f->lots_left + rolled + total;
	f->consumed = 0;
	f->renewed = true;
	if (terms == NULL) {
		return;
	}
	if (unused > kept) {
		ent_terms_post(terms, (struct ent_term_posting){
			.kind = ENT_POST_EXPIRE, .units = unused - kept,
			.period = terms->entitlement->ledger_period });
	}
	if (rolled > 0) {
		ent_terms_post(terms, (struct ent_term_posting){
			.kind = ENT_POST_ROLL_OVER, .units = rolled, .period = f->period });
	}
	/* also of 0 units: it is what begins the period */
	ent_terms_post(terms, (struct ent_term_posting){
		.kind = ENT_POST_GRANT, .units = total, .period = f->period });
}

void ent_terms_forward(struct ent_figures *f, const struct ent_entitlement *e,
                       const struct ent_zone *zone, ent_instant at, struct ent_terms *terms)
{
	int64_t now = ent_period_clamp(e, at).us;
	int64_t t = ent_period_begins(e, zone, f->period).us;
	int64_t begins = ent_period_begins(e, zone, f->period + 1).us;
	f->due = lapsed_until(e, least(t, now));
	lapse(f, t, terms);
	for (;;) {
		int64_t units;
		int64_t lapses = next_lapse(e, t, &units);
		if (least(lapses, begins) > now) {
			return;
		}
		if (lapses <= begins) {
			t = lapses;
			f->due += units;
		} else {
			ent_instant until = { least(now, lapses - 1) };
			int64_t periods = 1;
			if (f->due == 0) {
				periods = ent_period_at(e, zone, until) - f->period;
			}
			assert(periods >= 1);
			renew(f, e, periods, terms);
			t = ent_period_begins(e, zone, f->period).us;
			begins = ent_period_begins(e, zone, f->period + 1).us;
		}
		lapse(f, t, terms);
	}
}
