#include "core/life.h"

#include <string.h>

enum { SUSPENSION_MAX = 100 };

static int64_t end_us(ent_instant ends_at)
{
	return ent_instant_is_none(ends_at) ? INT64_MAX : ends_at.us;
}

enum ent_code ent_life_activate(struct ent_entitlement *e, ent_instant at,
                                struct ent_error *error)
{
	enum ent_code code = ent_life_check(e, ENT_ACTION_ACTIVATE, at, error);
	if (code == ENT_OK) {
		e->stage = ENT_STAGE_LIVE;
		e->activated_at = at;
	}
	return code;
}

enum ent_code ent_life_deactivate(struct ent_entitlement *e, ent_instant at,
                                  struct ent_error *error)
{
	enum ent_code code = ent_life_check(e, ENT_ACTION_DEACTIVATE, at, error);
	if (code == ENT_OK) {
		e->stage = ENT_STAGE_DRAFT;
	}
	return code;
}

/* Whole days on the calendar; 0 if there is no end. */
static int32_t days_between(const struct ent_zone *zone, ent_instant from, ent_instant until)
{
	if (ent_instant_is_none(until)) {
		return 0;
	}
	return ent_zone_date(zone, until).day - ent_zone_date(zone, from).day;
}

static void move_end(struct ent_entitlement *e, const struct ent_zone *zone, int32_t days)
{
	if (!ent_date_is_none(e->ends_on) && days != 0) {
		e->ends_on.day += days;
		ent_life_dates(e, zone);
	}
}

static enum ent_code check_suspension(const struct ent_entitlement *e, ent_instant from,
                                      ent_instant until, struct ent_error *error)
{
	const struct ent_entitlement_suspension *rows = e->suspensions.items;
	if (end_us(until) <= from.us) {
		return ent_fail(error, ENT_E_SUSPEND_RANGE, "the suspension ends before it starts");
	}
	if (from.us < e->starts_at.us) {
		return ent_fail(error, ENT_E_SUSPEND_RANGE,
		                "the suspension starts before the entitlement does");
	}
	if (from.us >= end_us(e->ends_at) || from.us >= end_us(e->cancelled_at)) {
		return ent_fail(error, ENT_E_SUSPEND_AFTER_END,
		                "the suspension starts after the entitlement ends");
	}
	for (size_t i = 0; i < e->suspensions.count; i++) {
		int64_t end = end_us(rows[i].ends_at);
		if (rows[i].starts_at.us < end && from.us < end &&
		    rows[i].starts_at.us < end_us(until)) {
			return ent_fail(error, ENT_E_SUSPEND_OVERLAP,
			                "there is a suspension at that time already");
		}
	}
	if (e->suspensions.count >= SUSPENSION_MAX) {
		return ent_fail(error, ENT_E_LIMIT, "at most %d suspensions", SUSPENSION_MAX);
	}
	return ENT_OK;
}

enum ent_code ent_life_suspend(struct ent_entitlement *e, const struct ent_zone *zone,
                               ent_instant at, const struct ent_suspend *suspend,
                               struct ent_arena *arena, struct ent_error *error)
{
	ent_instant from = ent_instant_is_none(suspend->from) ? at : suspend->from;
	enum ent_code code = ent_life_check(e, ENT_ACTION_SUSPEND, at, error);
	if (code == ENT_OK) {
		code = check_suspension(e, from, suspend->until, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	size_t count = e->suspensions.count;
	struct ent_entitlement_suspension *rows =
		ENT_NEW(arena, struct ent_entitlement_suspension, count + 1);
	if (count > 0) {
		memcpy(rows, e->suspensions.items, count * sizeof(*rows));
	}
	rows[count] = (struct ent_entitlement_suspension){
		.id = suspend->id, .account_id = e->account_id, .entitlement_id = e->id,
		.starts_at = from, .ends_at = suspend->until, .reason = suspend->reason,
	};
	e->suspensions = (struct ent_children){ rows, count + 1 };
	e->extra_rows |= ENT_EXTRA_SUSPENSIONS;
	if (suspend->extend_term) {
		move_end(e, zone, days_between(zone, from, suspend->until));
	}
	return ENT_OK;
}

static struct ent_entitlement_suspension *suspension_at(const struct ent_entitlement *e,
                                                        ent_instant at)
{
	struct ent_entitlement_suspension *rows = e->suspensions.items;
	size_t i = 0;
	while (rows[i].starts_at.us > at.us || at.us >= end_us(rows[i].ends_at)) {
		i++;
		assert(i < e->suspensions.count);
	}
	return rows + i;
}

enum ent_code ent_life_resume(struct ent_entitlement *e, const struct ent_zone *zone,
                              ent_instant at, ent_instant when, bool extend_term,
                              struct ent_error *error)
{
	enum ent_code code = ent_life_check(e, ENT_ACTION_RESUME, at, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_entitlement_suspension *row = suspension_at(e, at);
	ent_instant end = ent_instant_is_none(when) ? at : when;
	/* one that began this very instant is undone */
	if (end.us < row->starts_at.us) {
		return ent_fail(error, ENT_E_SUSPEND_RANGE, "the suspension began later");
	}
	if (end.us > end_us(row->ends_at)) {
		return ent_fail(error, ENT_E_SUSPEND_RANGE, "the suspension ends before that");
	}
	if (extend_term) {
		move_end(e, zone, days_between(zone, row->starts_at, end) -
		                          days_between(zone, row->starts_at, row->ends_at));
	}
	row->ends_at = end;
	return ENT_OK;
}

enum ent_code ent_life_cancel(struct ent_entitlement *e, ent_instant at, ent_instant when,
                              struct ent_error *error)
{
	enum ent_code code = ent_life_check(e, ENT_ACTION_CANCEL, at, error);
	ent_instant cancelled_at = ent_instant_is_none(when) ? at : when;
	if (code == ENT_OK && cancelled_at.us >= end_us(e->ends_at)) {
		code = ent_fail(error, ENT_E_RANGE, "the entitlement ends before that");
	}
	if (code == ENT_OK) {
		e->cancelled_at = cancelled_at;
		if (cancelled_at.us <= at.us) {
			e->stage = ENT_STAGE_CANCELLED;
		}
	}
	return code;
}

enum ent_code ent_life_withdraw(struct ent_entitlement *e, const struct ent_zone *zone,
                                ent_instant at, ent_id id, struct ent_error *error)
{
	enum ent_code code = ent_life_check(e, ENT_ACTION_WITHDRAW, at, error);
	if (code != ENT_OK) {
		return code;
	}
	if (ent_id_is_none(id)) {
		if (ent_instant_is_none(e->cancelled_at)) {
			return ent_fail(error, ENT_E_STATE, "no cancellation is scheduled");
		}
		e->cancelled_at = ENT_INSTANT_NONE;
		return ENT_OK;
	}
	struct ent_entitlement_suspension *rows = e->suspensions.items;
	size_t i = 0;
	while (i < e->suspensions.count && !ent_id_eq(rows[i].id, id)) {
		i++;
	}
	if (i == e->suspensions.count) {
		return ent_fail(error, ENT_E_NOT_FOUND, "the entitlement has no such suspension");
	}
	if (rows[i].starts_at.us <= at.us) {
		return ent_fail(error, ENT_E_STATE, "the suspension has begun: resume it instead");
	}
	if (rows[i].extend_term) {
		move_end(e, zone, -days_between(zone, rows[i].starts_at, rows[i].ends_at));
	}
	e->suspensions.count--;
	memmove(rows + i, rows + i + 1, (e->suspensions.count - i) * sizeof(*rows));
	return ENT_OK;
}
