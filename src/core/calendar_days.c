#include "core/calendar_inner.h"

/* The n-th business day behind `day` (n > 0) or before it (n < 0); none if there never is one. */
static ent_date nth_day(const struct ent_hours *hours, int32_t day, int64_t n,
                        struct ent_arena scratch)
{
	int32_t empty = 0;
	day += n > 0; /* [day, …) or (…, day) are still to be counted */
	for (;;) {
		struct ent_hours_table room;
		struct ent_arena year = scratch;
		const struct ent_hours_table *t =
			ent_hours_table_of_day(hours, n > 0 ? day : day - 1, &year, &room);
		if (t == NULL) {
			return ENT_DATE_NONE;
		}
		int64_t at = t->dates_before[day - t->day];
		int64_t index = n > 0 ? at + n - 1 : at + n;
		if (index >= 0 && index < (int64_t)t->date_count) {
			return (ent_date){ t->dates[index] };
		}
		n = n > 0 ? index + 1 - (int64_t)t->date_count : index;
		empty = t->date_count > 0 ? 0 : empty + 1;
		day = n > 0 ? t->day + t->days : t->day;
		int64_t border = day * ENT_DAY_US;
		bool too_long = empty > ENT_SEARCH_YEARS && border > hours->explicit_until;
		if (n > 0 ? border > hours->opens_until || too_long : border < hours->opens_from) {
			return ENT_DATE_NONE;
		}
	}
}

ent_instant ent_hours_add_days(const struct ent_hours *hours, ent_instant start, int32_t days,
                               enum ent_day_mode mode, struct ent_arena scratch)
{
	const struct ent_timetable *calendar = hours->calendar;
	ent_instant never = days < 0 ? ENT_INSTANT_NONE : ENT_INSTANT_END;
	int64_t local = ent_zone_local(calendar->zone, start);
	int32_t today = (int32_t)ent_floor_div(local, ENT_DAY_S);
	ent_date date = days == 0 ? nth_day(hours, today - 1, 1, scratch)
	                          : nth_day(hours, today, days, scratch);
	if (ent_date_is_none(date)) {
		return never;
	}
	if (mode == ENT_DAY_END_OF_DAY) {
		return (ent_instant){ ent_calendar_day_close(calendar, date.day, scratch) };
	}
	int64_t fraction = start.us - ent_floor_div(start.us, ENT_SECOND_US) * ENT_SECOND_US;
	int64_t clock = local - today * (int64_t)ENT_DAY_S;
	ent_instant at = start;
	if (date.day != today) {
		at.us = ent_zone_instant(calendar->zone, date.day * (int64_t)ENT_DAY_S + clock,
		                         ENT_PICK_FIRST, NULL)
		                .us +
		        fraction;
	}
	if (mode == ENT_DAY_KEEP_CLOCK) {
		return at;
	}
	return days < 0 ? ent_hours_subtract(hours, at, 0, scratch)
	                : ent_hours_add(hours, at, 0, scratch);
}

int64_t ent_hours_days_between(const struct ent_hours *hours, ent_date from, ent_date until,
                               struct ent_arena scratch)
{
	int64_t sum = 0;
	int32_t day = from.day;
	while (day < until.day) {
		struct ent_hours_table room;
		struct ent_arena year = scratch;
		const struct ent_hours_table *t =
			ent_hours_table_of_day(hours, day, &year, &room);
		if (t == NULL) {
			break;
		}
		int32_t end = t->day + t->days < until.day ? t->day + t->days : until.day;
		sum += (int64_t)t->dates_before[end - t->day] - t->dates_before[day - t->day];
		day = end;
	}
	return sum;
}
