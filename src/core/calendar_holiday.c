#include "core/calendar_inner.h"

/* ---- dates of rules ---- */

/* "Anonymous Gregorian computus", after Meeus, Astronomical Algorithms. */
ent_date ent_easter(int32_t year)
{
	int32_t a = year % 19;
	int32_t b = year / 100;
	int32_t c = year % 100;
	int32_t d = b / 4;
	int32_t g = (8 * b + 13) / 25;
	int32_t h = (19 * a + b - d - g + 15) % 30;
	int32_t l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int32_t m = (a + 11 * h + 19 * l) / 433;
	int32_t month = (h + l - 7 * m + 90) / 25;
	return ent_date_make(year, month, (h + l - 7 * m + 33 * month + 19) % 32);
}

static ent_date nth_weekday(const struct ent_day_rule *rule, int32_t year)
{
	int32_t length = ent_month_days(year, rule->month);
	int32_t first = ent_date_make(year, rule->month, 1).day;
	int32_t to_first = (rule->weekday - ent_date_weekday((ent_date){ first }) + 7) % 7;
	int32_t in_month = (length - to_first + 6) / 7;
	int32_t n = rule->nth > 0 ? rule->nth - 1 : in_month + rule->nth;
	if (n < 0 || n >= in_month) {
		return ENT_DATE_NONE;
	}
	return (ent_date){ first + to_first + 7 * n + rule->offset };
}

ent_date ent_day_rule_date(const struct ent_day_rule *rule, int32_t year)
{
	switch (rule->form) {
	case ENT_DAY_ONCE:
		return rule->date;
	case ENT_DAY_YEARLY:
		if (rule->day > ent_month_days(year, rule->month)) {
			return ENT_DATE_NONE;
		}
		return ent_date_make(year, rule->month, rule->day);
	case ENT_DAY_WEEKDAY:
		return nth_weekday(rule, year);
	case ENT_DAY_EASTER:
		return (ent_date){ ent_easter(year).day + rule->offset };
	}
	return ENT_DATE_NONE;
}

bool ent_day_rule_later(const struct ent_day_rule *rule, int32_t days, struct ent_day_rule *out)
{
	*out = *rule;
	switch (rule->form) {
	case ENT_DAY_ONCE:
		out->date.day += days;
		return ent_date_civil(out->date).year <= ENT_YEAR_MAX;
	case ENT_DAY_YEARLY: {
		ent_date date = ent_date_make(2000, rule->month, rule->day);
		struct ent_civil civil = ent_date_civil((ent_date){ date.day + days });
		out->month = civil.month;
		out->day = civil.day;
		return true;
	}
	case ENT_DAY_WEEKDAY:
	case ENT_DAY_EASTER:
		out->offset += days;
		return true;
	}
	return false;
}

/* ---- what is closed ---- */

static bool is_one_day(const struct ent_holiday *holiday)
{
	const struct ent_day_rule *a = &holiday->first;
	const struct ent_day_rule *b = &holiday->last;
	return a->form == b->form && a->date.day == b->date.day && a->month == b->month &&
	       a->day == b->day && a->weekday == b->weekday && a->nth == b->nth &&
	       a->offset == b->offset;
}

/* A date of a range that the year lacks is the nearest inside the range. */
static ent_date border(const struct ent_day_rule *rule, int32_t year, bool is_last)
{
	ent_date date = ent_day_rule_date(rule, year);
	if (!ent_date_is_none(date) || rule->form != ENT_DAY_YEARLY) {
		return date;
	}
	return (ent_date){ ent_date_make(year, rule->month + 1, 1).day - is_last };
}

static void close_in(const struct ent_timetable *calendar, const struct ent_holiday *holiday,
                     int32_t year, struct ent_arena *arena, struct ent_spans *out)
{
	ent_date first = ent_day_rule_date(&holiday->first, year);
	ent_date last = first;
	if (!is_one_day(holiday)) {
		first = border(&holiday->first, year, false);
		last = border(&holiday->last, year, true);
		if (last.day < first.day && !ent_date_is_none(last)) {
			last = border(&holiday->last, year + 1, true);
		}
	}
	if (ent_date_is_none(first) || ent_date_is_none(last)) {
		return;
	}
	ent_spans_put(out,
	              ent_calendar_instant(calendar->zone, first.day, holiday->from,
	                                   ENT_PICK_FIRST),
	              ent_calendar_instant(calendar->zone, last.day, holiday->to,
	                                   ENT_PICK_SECOND),
	              arena);
}

void ent_calendar_holidays(const struct ent_timetable *calendar,
                           const struct ent_calendar_version *version, int32_t first,
                           int32_t last, struct ent_arena *arena, struct ent_spans *out)
{
	int32_t begin = ent_date_make(first, 1, 1).day - 1;
	int32_t end = ent_date_make(last + 1, 1, 1).day + 1;
	/* All of a year's before those of the next, so that most belong at the end. */
	for (size_t i = 0; i < version->holiday_count; i++) {
		const struct ent_holiday *holiday = &version->holidays[i];
		if (holiday->first.form == ENT_DAY_ONCE && holiday->last.date.day >= begin &&
		    holiday->first.date.day <= end) {
			close_in(calendar, holiday, first, arena, out);
		}
	}
	for (int32_t year = first > 1 ? first - 1 : 1; year <= last + 1; year++) {
		for (size_t i = 0; i < version->holiday_count; i++) {
			if (version->holidays[i].first.form != ENT_DAY_ONCE) {
				close_in(calendar, &version->holidays[i], year, arena, out);
			}
		}
	}
}

void ent_calendar_breaks(const struct ent_timetable *calendar,
                         const struct ent_calendar_version *version, int32_t first, int32_t end,
                         struct ent_arena *arena, struct ent_spans *out)
{
	const struct ent_dates *breaks = &version->breaks;
	for (size_t i = ent_dates_find(breaks, first);
	     i < breaks->count && breaks->items[i].date.day < end; i++) {
		const struct ent_dated *dated = &breaks->items[i];
		for (size_t k = 0; k < dated->hours.count; k++) {
			const struct ent_opening *span = &dated->hours.items[k];
			ent_spans_put(out,
			              ent_calendar_instant(calendar->zone, dated->date.day,
			                                   span->from, ENT_PICK_FIRST),
			              ent_calendar_instant(calendar->zone, dated->date.day,
			                                   span->to, ENT_PICK_SECOND),
			              arena);
		}
	}
}

/* ---- why it is closed ---- */

static bool has(const struct ent_spans *spans, int64_t at)
{
	for (size_t i = 0; i < spans->count; i++) {
		if (spans->items[i].open <= at && at < spans->items[i].close) {
			return true;
		}
	}
	return false;
}

bool ent_calendar_is_holiday(const struct ent_timetable *calendar, ent_instant at,
                             struct ent_arena scratch)
{
	ent_date date = ent_zone_date(calendar->zone, at);
	int32_t year = ent_date_civil(date).year;
	struct ent_spans closed = { 0 };
	ent_calendar_holidays(calendar,
	                      &calendar->versions[ent_calendar_version_at(calendar, date.day)],
	                      year, year, &scratch, &closed);
	return has(&closed, at.us);
}

bool ent_calendar_is_break(const struct ent_timetable *calendar, ent_instant at,
                           struct ent_arena scratch)
{
	ent_date date = ent_zone_date(calendar->zone, at);
	struct ent_spans closed = { 0 };
	ent_calendar_breaks(calendar,
	                    &calendar->versions[ent_calendar_version_at(calendar, date.day)],
	                    date.day - 2, date.day + 2, &scratch, &closed);
	return has(&closed, at.us);
}
