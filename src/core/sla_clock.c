#include "core/date_term.h"
#include "core/sla_inner.h"

static bool counts_all(const struct ent_sla_clock *clock, enum ent_target_unit unit)
{
	return unit == ENT_TARGET_CALENDAR || clock->hours == NULL;
}

static bool is_never(ent_instant at)
{
	return at.us == INT64_MAX || at.us == INT64_MIN;
}

/* Saturates at "never". */
static ent_instant plus(ent_instant at, int64_t us)
{
	ent_instant sum;
	if (is_never(at)) {
		return at;
	}
	if (__builtin_add_overflow(at.us, us, &sum.us)) {
		return us > 0 ? ENT_INSTANT_END : ENT_INSTANT_NONE;
	}
	return sum;
}

static int64_t micros(int64_t seconds)
{
	return seconds > INT64_MAX / ENT_SECOND_US ? INT64_MAX : seconds * ENT_SECOND_US;
}

static int64_t bounded(int64_t us)
{
	return us > ENT_BUSINESS_MAX ? ENT_BUSINESS_MAX : us;
}

int64_t ent_sla_between(const struct ent_sla_clock *clock, enum ent_target_unit unit,
                        ent_instant from, ent_instant to, struct ent_arena scratch)
{
	if (from.us >= to.us) {
		return 0;
	}
	if (counts_all(clock, unit) || is_never(from) || is_never(to)) {
		int64_t us;
		return __builtin_sub_overflow(to.us, from.us, &us) ? INT64_MAX : us;
	}
	return ent_hours_between(clock->hours, from, to, scratch);
}

ent_instant ent_sla_later(const struct ent_sla_clock *clock, enum ent_target_unit unit,
                          ent_instant at, int64_t us, struct ent_arena scratch)
{
	if (us == 0 || is_never(at)) {
		return at;
	}
	return counts_all(clock, unit) ? plus(at, us)
	                               : ent_hours_add(clock->hours, at, bounded(us), scratch);
}

ent_instant ent_sla_earlier(const struct ent_sla_clock *clock, enum ent_target_unit unit,
                            ent_instant at, int64_t us, struct ent_arena scratch)
{
	if (us == 0 || is_never(at)) {
		return at;
	}
	return counts_all(clock, unit) ? plus(at, -us)
	                               : ent_hours_subtract(clock->hours, at, bounded(us), scratch);
}

/* Months and days on the wall clock of a zone. */
static ent_instant add_dates(const struct ent_zone *zone, ent_instant at, ent_duration dates,
                             bool is_before)
{
	struct ent_term term = { is_before, { dates.months, dates.days, 0 } };
	if (is_never(at) || (dates.months == 0 && dates.days == 0)) {
		return at;
	}
	int64_t fraction = at.us % ENT_SECOND_US + (at.us % ENT_SECOND_US < 0) * ENT_SECOND_US;
	int64_t local = ent_zone_local(zone, at) * ENT_SECOND_US;
	if (!ent_term_add(local, term, 1, &local)) {
		return is_before ? ENT_INSTANT_NONE : ENT_INSTANT_END;
	}
	return plus(ent_zone_instant(zone, local / ENT_SECOND_US, ENT_PICK_FIRST, NULL), fraction);
}

ent_instant ent_sla_offset(const struct ent_sla_clock *clock, enum ent_target_unit unit,
                           ent_instant at, ent_duration offset, bool is_before,
                           struct ent_arena scratch)
{
	at = add_dates(clock->zone, at, offset, is_before);
	return is_before ? ent_sla_earlier(clock, unit, at, micros(offset.seconds), scratch)
	                 : ent_sla_later(clock, unit, at, micros(offset.seconds), scratch);
}

/* Without hours every date is a business day, and lasts until the next begins. */
static ent_instant add_business_days(const struct ent_sla_clock *clock, enum ent_day_mode mode,
                                     ent_instant start, int32_t days, struct ent_arena scratch)
{
	if (clock->hours != NULL) {
		return ent_hours_add_days(clock->hours, start, days, mode, scratch);
	}
	ent_instant at = add_dates(clock->zone, start, (ent_duration){ 0, days, 0 }, false);
	if (mode != ENT_DAY_END_OF_DAY || is_never(at)) {
		return at;
	}
	ent_date date = ent_zone_date(clock->zone, at);
	return ent_zone_day_begins(clock->zone, (ent_date){ date.day + 1 });
}

ent_instant ent_sla_deadline(const struct ent_sla_clock *clock, enum ent_target_unit unit,
                             enum ent_day_mode mode, ent_instant start, ent_duration allowed,
                             int64_t paused_us, struct ent_arena scratch)
{
	int64_t us = micros(allowed.seconds);
	us = us > INT64_MAX - paused_us ? INT64_MAX : us + paused_us;
	switch (unit) {
	case ENT_TARGET_BUSINESS:
		return clock->hours == NULL
		               ? plus(start, us)
		               : ent_hours_add(clock->hours, start, bounded(us), scratch);
	case ENT_TARGET_CALENDAR:
		return plus(add_dates(clock->zone, start, allowed, false), us);
	case ENT_TARGET_BUSINESS_DAYS:
		break;
	}
	ent_instant at = add_business_days(clock, mode, start, allowed.days, scratch);
	return ent_sla_later(clock, unit, at, us, scratch);
}
