/* Calendars out, in the notation that calendar.c reads. */
#include "json/calendar_inner.h"

#include <stdlib.h>
#include <string.h>

/* ---- hours ---- */

static void add_clock(struct ent_text *out, int32_t seconds)
{
	ent_text_char(out, '"');
	ent_clock_print(out, seconds);
	ent_text_char(out, '"');
}

static void add_openings(struct ent_text *out, struct ent_openings hours)
{
	ent_text_char(out, '[');
	for (size_t i = 0; i < hours.count; i++) {
		int32_t to = hours.items[i].to;
		ent_text_add(out, i == 0 ? ENT_STR("[") : ENT_STR(",["));
		add_clock(out, hours.items[i].from);
		ent_text_char(out, ',');
		add_clock(out, to > ENT_DAY_S ? to - ENT_DAY_S : to);
		ent_text_char(out, ']');
	}
	ent_text_char(out, ']');
}

void ent_calendar_write_week(const struct ent_week *week, struct ent_text *out)
{
	ent_text_char(out, '{');
	for (int day = 0; day < 7; day++) {
		if (week->days[day].count > 0) {
			ent_json_comma(out);
			ent_json_name(out, ent_weekday_name(day));
			add_openings(out, week->days[day]);
		}
	}
	ent_text_char(out, '}');
}

void ent_calendar_write_dates(const struct ent_dates *dates, struct ent_text *out)
{
	ent_text_char(out, '{');
	for (size_t i = 0; i < dates->count; i++) {
		char date[11];
		ent_date_format(dates->items[i].date, date);
		ent_json_comma(out);
		ent_json_name(out, date);
		add_openings(out, dates->items[i].hours);
	}
	ent_text_char(out, '}');
}

/* ---- holidays ---- */

static bool same_rule(const struct ent_day_rule *a, const struct ent_day_rule *b)
{
	return a->form == b->form && a->date.day == b->date.day && a->month == b->month &&
	       a->day == b->day && a->weekday == b->weekday && a->nth == b->nth &&
	       a->offset == b->offset;
}

int32_t ent_holiday_days(const struct ent_holiday *holiday)
{
	const struct ent_day_rule *first = &holiday->first;
	int64_t days = 0;
	switch (first->form) {
	case ENT_DAY_ONCE:
		days = (int64_t)holiday->last.date.day - first->date.day + 1;
		break;
	case ENT_DAY_YEARLY: {
		ent_date from = ent_date_make(2000, first->month, first->day);
		bool wraps = holiday->last.month * 31 + holiday->last.day <
		             first->month * 31 + first->day;
		if (wraps && holiday->last.month == 2 && holiday->last.day == 29) {
			return 0; /* 2001 has none */
		}
		ent_date to =
			ent_date_make(wraps ? 2001 : 2000, holiday->last.month, holiday->last.day);
		days = (int64_t)to.day - from.day + 1;
		break;
	}
	case ENT_DAY_WEEKDAY:
	case ENT_DAY_EASTER:
		days = (int64_t)holiday->last.offset - first->offset + 1;
		break;
	}
	struct ent_day_rule last;
	if (days < 1 || days > ENT_HOLIDAY_DAYS_MAX ||
	    !ent_day_rule_later(first, (int32_t)days - 1, &last)) {
		return 0;
	}
	return same_rule(&last, &holiday->last) ? (int32_t)days : 0;
}

static void add_rule(struct ent_text *out, const struct ent_day_rule *rule)
{
	char room[ENT_DAY_RULE_ROOM];
	size_t len = ent_day_rule_format(rule, room);
	ent_text_add(out, (ent_str){ room, len });
}

static void add_border(struct ent_text *out, const char *name, const struct ent_day_rule *rule,
                       int32_t seconds, int32_t usual)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_text_char(out, '"');
	add_rule(out, rule);
	if (seconds != usual) {
		ent_text_char(out, 'T');
		ent_clock_print(out, seconds);
	}
	ent_text_char(out, '"');
}

/* {"date":…,"days":…,"from":…,"to":…} */
static void add_dated(struct ent_text *out, const struct ent_holiday *holiday, int32_t days)
{
	ent_text_add(out, ENT_STR("\"date\":\""));
	add_rule(out, &holiday->first);
	ent_text_char(out, '"');
	if (days > 1) {
		ent_text_addf(out, ",\"days\":%d", days);
	}
	if (holiday->from != 0) {
		ent_text_add(out, ENT_STR(",\"from\":"));
		add_clock(out, holiday->from);
	}
	if (holiday->to != ENT_DAY_S) {
		ent_text_add(out, ENT_STR(",\"to\":"));
		add_clock(out, holiday->to);
	}
}

static void add_holiday(struct ent_text *out, const struct ent_holiday *holiday)
{
	int32_t days = ent_holiday_days(holiday);
	bool whole = holiday->from == 0 && holiday->to == ENT_DAY_S;
	if (days == 1 && whole && holiday->name.len == 0 && holiday->external_id.len == 0) {
		ent_text_char(out, '"');
		add_rule(out, &holiday->first);
		ent_text_char(out, '"');
		return;
	}
	ent_text_char(out, '{');
	if (days > 0) {
		add_dated(out, holiday, days);
	} else {
		add_border(out, "from", &holiday->first, holiday->from, 0);
		add_border(out, "to", &holiday->last, holiday->to, ENT_DAY_S);
	}
	if (holiday->name.len > 0) {
		ent_text_add(out, ENT_STR(",\"name\":"));
		ent_json_string(out, holiday->name);
	}
	if (holiday->external_id.len > 0) {
		ent_text_add(out, ENT_STR(",\"external_id\":"));
		ent_json_string(out, holiday->external_id);
	}
	ent_text_char(out, '}');
}

void ent_holidays_write(const struct ent_holiday *items, size_t count, struct ent_text *out)
{
	ent_text_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		ent_json_comma(out);
		add_holiday(out, &items[i]);
	}
	ent_text_char(out, ']');
}

/* ---- the whole ---- */

/* The members of a version, but for when it begins. */
static void add_version(struct ent_text *out, const struct ent_calendar_version *version)
{
	ent_json_comma(out);
	ent_json_name(out, "week");
	ent_calendar_write_week(&version->week, out);
	if (version->holiday_count > 0) {
		ent_text_add(out, ENT_STR(",\"holidays\":"));
		ent_holidays_write(version->holidays, version->holiday_count, out);
	}
	if (version->exceptions.count > 0) {
		ent_text_add(out, ENT_STR(",\"exceptions\":"));
		ent_calendar_write_dates(&version->exceptions, out);
	}
	if (version->breaks.count > 0) {
		ent_text_add(out, ENT_STR(",\"breaks\":"));
		ent_calendar_write_dates(&version->breaks, out);
	}
}

void ent_calendar_write_later(const struct ent_timetable *calendar, struct ent_text *out)
{
	ent_text_char(out, '[');
	for (size_t i = 1; i < calendar->version_count; i++) {
		const struct ent_calendar_version *version = &calendar->versions[i];
		char from[11];
		ent_date_format(version->effective_from, from);
		ent_text_addf(out, "%s{\"effective_from\":\"%s\"", i == 1 ? "" : ",", from);
		if (version->name.len > 0) {
			ent_text_add(out, ENT_STR(",\"name\":"));
			ent_json_string(out, version->name);
		}
		add_version(out, version);
		ent_text_char(out, '}');
	}
	ent_text_char(out, ']');
}

void ent_calendar_write(const struct ent_timetable *calendar, struct ent_text *out)
{
	ent_text_add(out, ENT_STR("{\"time_zone\":"));
	ent_json_string(out, calendar->time_zone);
	add_version(out, &calendar->versions[0]);
	if (calendar->version_count > 1) {
		ent_text_add(out, ENT_STR(",\"versions\":"));
		ent_calendar_write_later(calendar, out);
	}
	ent_text_char(out, '}');
}

/* ---- the canonical form ---- */

static int by_rule(const struct ent_day_rule *a, const struct ent_day_rule *b)
{
	const int32_t of_a[] = { (int32_t)a->form, a->date.day, a->month, a->day,
		                 a->weekday,       a->nth,      a->offset };
	const int32_t of_b[] = { (int32_t)b->form, b->date.day, b->month, b->day,
		                 b->weekday,       b->nth,      b->offset };
	for (size_t i = 0; i < ENT_COUNT(of_a); i++) {
		if (of_a[i] != of_b[i]) {
			return of_a[i] < of_b[i] ? -1 : 1;
		}
	}
	return 0;
}

int ent_holiday_order(const struct ent_holiday *a, const struct ent_holiday *b)
{
	int order = by_rule(&a->first, &b->first);
	order = order != 0 ? order : by_rule(&a->last, &b->last);
	order = order != 0 ? order : (a->from > b->from) - (a->from < b->from);
	return order != 0 ? order : (a->to > b->to) - (a->to < b->to);
}

static int by_time(const void *one, const void *other)
{
	return ent_holiday_order(one, other);
}

static void sort_holidays(struct ent_calendar_version *version, struct ent_arena *arena)
{
	struct ent_holiday *items = ENT_NEW(arena, struct ent_holiday, version->holiday_count);
	size_t count = 0;
	for (size_t i = 0; i < version->holiday_count; i++) {
		items[i] = version->holidays[i];
		items[i].name = NO_TEXT;
		items[i].external_id = NO_TEXT;
	}
	if (version->holiday_count > 0) {
		qsort(items, version->holiday_count, sizeof(*items), by_time);
	}
	for (size_t i = 0; i < version->holiday_count; i++) {
		if (count == 0 || by_time(&items[count - 1], &items[i]) != 0) {
			items[count++] = items[i];
		}
	}
	version->holidays = items;
	version->holiday_count = count;
}

ent_str ent_calendar_canonical(const struct ent_timetable *calendar, struct ent_arena *arena)
{
	struct ent_calendar_version *versions =
		ENT_NEW(arena, struct ent_calendar_version, calendar->version_count);
	struct ent_timetable copy = *calendar;
	copy.versions = versions;
	for (size_t i = 0; i < calendar->version_count; i++) {
		versions[i] = calendar->versions[i];
		versions[i].name = NO_TEXT;
		sort_holidays(&versions[i], arena);
	}
	struct ent_text out = ent_text_begin(arena);
	ent_calendar_write(&copy, &out);
	return ent_text_end(&out);
}
