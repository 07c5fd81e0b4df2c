#include "core/terms_inner.h"

static int32_t period_months(enum ent_term_reset reset)
{
	switch (reset) {
	case ENT_RESET_MONTHLY:
		return 1;
	case ENT_RESET_QUARTERLY:
		return 3;
	case ENT_RESET_YEARLY:
		return 12;
	case ENT_RESET_NONE:
		break;
	}
	return 0;
}

ent_date ent_period_anchor(const struct ent_entitlement *e, const struct ent_zone *zone)
{
	if (!ent_date_is_none(e->starts_on)) {
		return e->starts_on;
	}
	if (!ent_instant_is_none(e->created_at)) {
		return ent_zone_date(zone, e->created_at);
	}
	return (ent_date){ 0 };
}

ent_instant ent_period_begins(const struct ent_entitlement *e, const struct ent_zone *zone,
                              int64_t period)
{
	ent_date anchor = ent_period_anchor(e, zone);
	int32_t months = period_months(e->reset);
	int64_t left = (ENT_YEAR_MAX - ent_date_civil(anchor).year) * INT64_C(12);
	if ((months == 0 && period > 0) || period * months > left) {
		return ENT_INSTANT_END;
	}
	return ent_zone_day_begins(zone, ent_date_add_months(anchor, (int32_t)period * months));
}

int64_t ent_period_at(const struct ent_entitlement *e, const struct ent_zone *zone,
                      ent_instant at)
{
	int32_t months = period_months(e->reset);
	ent_date anchor = ent_period_anchor(e, zone);
	ent_date today = ent_zone_date(zone, at);
	if (months == 0 || today.day <= anchor.day) {
		return 0;
	}
	struct ent_civil a = ent_date_civil(anchor);
	struct ent_civil b = ent_date_civil(today);
	int32_t period = ((b.year - a.year) * 12 + b.month - a.month) / months;
	if (ent_date_add_months(anchor, period * months).day > today.day) {
		period--;
	}
	return period;
}

ent_instant ent_period_clamp(const struct ent_entitlement *e, ent_instant at)
{
	if (!ent_instant_is_none(e->ends_at) && e->ends_at.us <= at.us) {
		at.us = e->ends_at.us - 1;
	}
	if (!ent_instant_is_none(e->cancelled_at) && e->cancelled_at.us <= at.us) {
		at.us = e->cancelled_at.us - 1;
	}
	return at;
}

ent_date ent_terms_resets_on(const struct ent_entitlement *e, const struct ent_zone *zone,
                             ent_instant at)
{
	int32_t months = period_months(e->reset);
	if (e->unit == ENT_UNIT_NONE || months == 0) {
		return ENT_DATE_NONE;
	}
	int64_t next = ent_period_at(e, zone, ent_period_clamp(e, at)) + 1;
	ent_instant begins = ent_period_begins(e, zone, next);
	if (begins.us == INT64_MAX || ent_period_clamp(e, begins).us != begins.us) {
		return ENT_DATE_NONE;
	}
	return ent_date_add_months(ent_period_anchor(e, zone), (int32_t)next * months);
}
