#include "core/life.h"

#include <string.h>

/* Months from `first` to `next` by anniversary, or 0 if they are not whole ones. */
static int32_t whole_months(ent_date first, ent_date next)
{
	struct ent_civil a = ent_date_civil(first);
	struct ent_civil b = ent_date_civil(next);
	int32_t months = (b.year - a.year) * 12 + b.month - a.month;
	return months > 0 && ent_date_add_months(first, months).day == next.day ? months : 0;
}

/* The last day of a term that begins on `first` and is as long as the old one. */
static ent_date same_length(const struct ent_entitlement *old, ent_date first)
{
	if (ent_date_is_none(old->starts_on) || ent_date_is_none(old->ends_on)) {
		return ENT_DATE_NONE;
	}
	ent_date next = { old->ends_on.day + 1 };
	int32_t months = whole_months(old->starts_on, next);
	if (months > 0) {
		return (ent_date){ ent_date_add_months(first, months).day - 1 };
	}
	return (ent_date){ first.day + (next.day - old->starts_on.day) - 1 };
}

/* The first day that the old one does not cover; none if there is no such day. */
static ent_date day_after(const struct ent_entitlement *old, const struct ent_zone *zone)
{
	bool ends = !ent_instant_is_none(old->ends_at);
	if (!ent_instant_is_none(old->cancelled_at) &&
	    (!ends || old->cancelled_at.us < old->ends_at.us)) {
		return ent_zone_date(zone, old->cancelled_at);
	}
	return ends ? (ent_date){ old->ends_on.day + 1 } : ENT_DATE_NONE;
}

static struct ent_children copy_grants(struct ent_children old, ent_id id, struct ent_arena *arena)
{
	struct ent_entitlement_grant *rows =
		ENT_NEW(arena, struct ent_entitlement_grant, old.count + 1);
	for (size_t i = 0; i < old.count; i++) {
		rows[i] = ((const struct ent_entitlement_grant *)old.items)[i];
		rows[i].id = ENT_ID_NONE;
		rows[i].entitlement_id = id;
	}
	return (struct ent_children){ rows, old.count };
}

static struct ent_children copy_channels(struct ent_children old, ent_id id,
                                         struct ent_arena *arena)
{
	struct ent_entitlement_channel *rows =
		ENT_NEW(arena, struct ent_entitlement_channel, old.count + 1);
	for (size_t i = 0; i < old.count; i++) {
		rows[i] = ((const struct ent_entitlement_channel *)old.items)[i];
		rows[i].id = ENT_ID_NONE;
		rows[i].entitlement_id = id;
		rows[i].consumed = 0;
		rows[i].reserved = 0;
	}
	return (struct ent_children){ rows, old.count };
}

/* Everything that the new one does not inherit. */
static void forget(struct ent_entitlement *e)
{
	e->version = 0;
	e->created_at = ENT_INSTANT_NONE;
	e->updated_at = ENT_INSTANT_NONE;
	e->external_system = (ent_str){ NULL, 0 };
	e->external_id = (ent_str){ NULL, 0 };
	e->source_key = (ent_str){ NULL, 0 };
	e->number = (ent_str){ NULL, 0 };
	e->stage = ENT_STAGE_DRAFT;
	e->state = ENT_ENTITLEMENT_DRAFT;
	e->is_default = false;
	e->ledger_granted = 0;
	e->ledger_consumed = 0;
	e->ledger_reserved = 0;
	e->ledger_period = 0;
	e->ledger_ends_at = ENT_INSTANT_NONE;
	e->revision = 0;
	e->amends_at = ENT_INSTANT_NONE;
	e->activated_at = ENT_INSTANT_NONE;
	e->cancelled_at = ENT_INSTANT_NONE;
	e->suspensions = (struct ent_children){ NULL, 0 };
	e->lots = (struct ent_children){ NULL, 0 };
	e->extra_rows &= ENT_EXTRA_GRANTS | ENT_EXTRA_CHANNELS;
}

enum ent_code ent_life_renew(const struct ent_entitlement *old, const struct ent_zone *zone,
                             ent_instant at, const struct ent_renew *renew,
                             struct ent_arena *arena, struct ent_entitlement *fresh,
                             struct ent_error *error)
{
	enum ent_action action = renew->early ? ENT_ACTION_RENEW_EARLY : ENT_ACTION_RENEW;
	enum ent_code code = ent_life_check(old, action, at, error);
	if (code != ENT_OK) {
		return code;
	}
	ent_date first = renew->start == ENT_RENEW_TODAY ? ent_zone_date(zone, at)
	                                                 : day_after(old, zone);
	if (ent_date_is_none(first)) {
		return ent_fail(error, ENT_E_CANNOT_RENEW,
		                "cannot renew after the end: the entitlement has none");
	}
	ent_date last = same_length(old, first);
	int32_t most = ent_date_make(ENT_YEAR_MAX, 12, 31).day;
	if (first.day > most || last.day > most) {
		return ent_fail(error, ENT_E_RANGE, "the new term ends after the year %d",
		                ENT_YEAR_MAX);
	}
	*fresh = *old;
	forget(fresh);
	fresh->id = renew->id;
	fresh->grants = copy_grants(old->grants, renew->id, arena);
	fresh->channels = copy_channels(old->channels, renew->id, arena);
	fresh->renewed_from_id = old->id;
	if (ent_id_is_none(old->renewal_root_id)) {
		fresh->renewal_root_id = old->id;
	}
	fresh->starts_on = first;
	fresh->ends_on = last;
	ent_life_dates(fresh, zone);
	return ENT_OK;
}
