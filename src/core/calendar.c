#include "core/calendar_inner.h"

/* ---- compile ---- */

static bool week_opens(const struct ent_week *week)
{
	bool opens = false;
	for (size_t i = 0; i < 7; i++) {
		opens = opens || week->days[i].count > 0;
	}
	return opens;
}

/* Some days around a date, since hours may begin elsewhere than their date says. */
static int64_t around(int32_t day, int32_t days)
{
	return (day + days) * ENT_DAY_US;
}

static void open_within(struct ent_hours *hours, int64_t from, int64_t until)
{
	hours->opens_from = from < hours->opens_from ? from : hours->opens_from;
	hours->opens_until = until > hours->opens_until ? until : hours->opens_until;
}

static void bound(struct ent_hours *hours)
{
	const struct ent_timetable *c = hours->calendar;
	hours->opens_from = INT64_MAX;
	hours->opens_until = INT64_MIN;
	hours->explicit_until = INT64_MIN;
	for (size_t v = 0; v < c->version_count; v++) {
		const struct ent_calendar_version *version = &c->versions[v];
		bool opens = week_opens(&version->week);
		bool is_last = v + 1 == c->version_count;
		int64_t from = v == 0 ? INT64_MIN : around(version->effective_from.day, -3);
		int64_t until =
			is_last ? INT64_MAX : around(c->versions[v + 1].effective_from.day, 3);
		for (size_t i = 0; i < version->exceptions.count && !opens; i++) {
			const struct ent_dated *dated = &version->exceptions.items[i];
			if (dated->hours.count > 0) {
				open_within(hours, around(dated->date.day, -3),
				            around(dated->date.day, 4));
			}
		}
		if (opens) {
			open_within(hours, from, until);
		}
		int64_t named = v == 0 ? INT64_MIN : around(version->effective_from.day, 3);
		if (version->exceptions.count > 0) {
			const struct ent_dates *dates = &version->exceptions;
			named = around(dates->items[dates->count - 1].date.day, 3);
		}
		for (size_t i = 0; i < version->holiday_count; i++) {
			const struct ent_day_rule *rule = &version->holidays[i].last;
			if (rule->form == ENT_DAY_ONCE && around(rule->date.day, 3) > named) {
				named = around(rule->date.day, 3);
			}
		}
		hours->explicit_until =
			named > hours->explicit_until ? named : hours->explicit_until;
	}
}

const struct ent_hours *ent_hours_compile(const struct ent_timetable *calendar, int32_t first,
                                          int32_t last, struct ent_arena *arena)
{
	assert(first >= ENT_YEAR_MIN && first <= last && last <= ENT_YEAR_MAX);
	assert(calendar->version_count > 0);
	struct ent_hours *hours = ENT_NEW(arena, struct ent_hours, 1);
	hours->calendar = calendar;
	bound(hours);
	ent_hours_build(calendar, first, last, arena, &hours->table);
	return hours;
}

/* ---- a table for any time ---- */

static bool covers(const struct ent_hours_table *t, int64_t at)
{
	return at >= t->begin && at < t->end;
}

/* NULL outside the years that can be written. */
static const struct ent_hours_table *build_year(const struct ent_hours *hours, int32_t year,
                                                struct ent_arena *arena,
                                                struct ent_hours_table *room)
{
	if (year < ENT_YEAR_MIN || year > ENT_YEAR_MAX) {
		return NULL;
	}
	ent_hours_build(hours->calendar, year, year, arena, room);
	return room;
}

/* The table that answers for `at`: the compiled one, or that of its year, made in *room. */
static const struct ent_hours_table *table_at(const struct ent_hours *hours, int64_t at,
                                              struct ent_arena *arena,
                                              struct ent_hours_table *room)
{
	if (covers(&hours->table, at)) {
		return &hours->table;
	}
	if (at < around(ent_date_make(ENT_YEAR_MIN, 1, 1).day, -2) ||
	    at > around(ent_date_make(ENT_YEAR_MAX, 12, 31).day, 2)) {
		return NULL; /* ENT_INSTANT_END and the like */
	}
	const struct ent_zone *zone = hours->calendar->zone;
	int32_t year = ent_date_civil(ent_zone_date(zone, (ent_instant){ at })).year;
	/* A date lasts until the next one begins, whatever the clock shows then. */
	if (at >= ent_zone_day_begins(zone, ent_date_make(year + 1, 1, 1)).us) {
		year++;
	}
	return build_year(hours, year, arena, room);
}

const struct ent_hours_table *ent_hours_table_of_day(const struct ent_hours *hours, int32_t day,
                                                     struct ent_arena *arena,
                                                     struct ent_hours_table *room)
{
	const struct ent_hours_table *t = &hours->table;
	if (day >= t->day && day < t->day + t->days) {
		return t;
	}
	return build_year(hours, ent_date_civil((ent_date){ day }).year, arena, room);
}

/* ---- in one table ---- */

/* The first span that closes behind `at`, begin <= at <= end. */
static size_t span_at(const struct ent_hours_table *t, int64_t at)
{
	size_t i = t->by_day[(at - t->begin) / ENT_DAY_US];
	while (i < t->count && t->spans[i].close <= at) {
		i++;
	}
	return i;
}

/* Open time of the table before `at`. */
static int64_t passed(const struct ent_hours_table *t, int64_t at)
{
	size_t i = span_at(t, at);
	if (i == t->count) {
		return t->total;
	}
	const struct ent_span *span = &t->spans[i];
	return span->before + (at > span->open ? at - span->open : 0);
}

/* The first span until whose end `time` has passed, 0 <= time <= total. */
static size_t span_of(const struct ent_hours_table *t, int64_t time)
{
	size_t low = t->by_time[time >> t->shift];
	size_t high = t->by_time[(time >> t->shift) + 1];
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ent_span *span = &t->spans[middle];
		if (span->before + span->close - span->open < time) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

/* ---- from table to table ---- */

static int64_t just_before(int64_t at)
{
	return at > INT64_MIN ? at - 1 : at;
}

/* Is it worth going on from `at`, where a table ends? *empty counts tables without an hour. */
static bool may_open(const struct ent_hours *hours, int64_t at, bool found, int32_t *empty)
{
	*empty = found ? 0 : *empty + 1;
	return at < hours->opens_until &&
	       (*empty <= ENT_SEARCH_YEARS || at < hours->explicit_until);
}

bool ent_hours_is_open(const struct ent_hours *hours, ent_instant at, struct ent_arena scratch)
{
	struct ent_hours_table room;
	struct ent_arena year = scratch;
	const struct ent_hours_table *t = table_at(hours, at.us, &year, &room);
	if (t == NULL) {
		return false;
	}
	size_t i = span_at(t, at.us);
	return i < t->count && t->spans[i].open <= at.us;
}

ent_instant ent_hours_next_open(const struct ent_hours *hours, ent_instant at,
                                struct ent_arena scratch)
{
	int32_t empty = 0;
	int64_t us = at.us;
	do {
		struct ent_hours_table room;
		struct ent_arena year = scratch;
		const struct ent_hours_table *t = table_at(hours, us, &year, &room);
		if (t == NULL) {
			return ENT_INSTANT_END;
		}
		size_t i = span_at(t, us);
		if (i < t->count) {
			int64_t open = t->spans[i].open;
			return (ent_instant){ open > us ? open : us };
		}
		us = t->end;
	} while (may_open(hours, us, false, &empty));
	return ENT_INSTANT_END;
}

ent_instant ent_hours_next_close(const struct ent_hours *hours, ent_instant at,
                                 struct ent_arena scratch)
{
	int64_t us = ent_hours_next_open(hours, at, scratch).us;
	for (int32_t years = 0; us != INT64_MAX && years <= ENT_SEARCH_YEARS; years++) {
		struct ent_hours_table room;
		struct ent_arena year = scratch;
		const struct ent_hours_table *t = table_at(hours, us, &year, &room);
		size_t i = t == NULL ? 0 : span_at(t, us);
		if (t == NULL || i == t->count || t->spans[i].open > us) {
			return (ent_instant){ us }; /* it closed where the table before ended */
		}
		us = t->spans[i].close;
		if (us < t->end) {
			return (ent_instant){ us };
		}
	}
	return ENT_INSTANT_END;
}

ent_instant ent_hours_last_open(const struct ent_hours *hours, ent_instant at,
                                struct ent_arena scratch)
{
	int64_t us = at.us;
	int64_t open = INT64_MIN;
	int32_t years = 0; /* open without end */
	do {
		struct ent_hours_table room;
		struct ent_arena year = scratch;
		const struct ent_hours_table *t = table_at(hours, just_before(us), &year, &room);
		size_t i = t == NULL ? 0 : span_at(t, us - 1);
		if (t == NULL || years++ > ENT_SEARCH_YEARS) {
			return ENT_INSTANT_NONE;
		}
		i += i < t->count && t->spans[i].open < us;
		if (open != INT64_MIN && (i == 0 || t->spans[i - 1].close < us)) {
			return (ent_instant){ open }; /* where the table behind begins */
		}
		if (i > 0 && t->spans[i - 1].open > t->begin) {
			return (ent_instant){ t->spans[i - 1].open };
		}
		if (i > 0) {
			open = t->begin;
		} else {
			years = 0;
		}
		us = t->begin;
	} while (us > hours->opens_from);
	return (ent_instant){ open };
}

/* ---- add, subtract, between ---- */

static bool is_open_or_closing(const struct ent_hours *hours, ent_instant at,
                               struct ent_arena scratch)
{
	return ent_hours_is_open(hours, at, scratch) ||
	       ent_hours_is_open(hours, (ent_instant){ just_before(at.us) }, scratch);
}

ent_instant ent_hours_add(const struct ent_hours *hours, ent_instant start, int64_t us,
                          struct ent_arena scratch)
{
	assert(us >= -ENT_BUSINESS_MAX && us <= ENT_BUSINESS_MAX);
	if (us < 0) {
		return ent_hours_subtract(hours, start, -us, scratch);
	}
	if (us == 0) {
		return is_open_or_closing(hours, start, scratch)
		               ? start
		               : ent_hours_next_open(hours, start, scratch);
	}
	int32_t empty = 0;
	int64_t at = start.us;
	int64_t left = us;
	bool found;
	do {
		struct ent_hours_table room;
		struct ent_arena year = scratch;
		const struct ent_hours_table *t = table_at(hours, at, &year, &room);
		if (t == NULL) {
			return ENT_INSTANT_END;
		}
		int64_t before = passed(t, at);
		if (left <= t->total - before) {
			const struct ent_span *span = &t->spans[span_of(t, before + left)];
			return (ent_instant){ span->open + before + left - span->before };
		}
		left -= t->total - before;
		found = before < t->total;
		at = t->end;
	} while (may_open(hours, at, found, &empty));
	return ENT_INSTANT_END;
}

ent_instant ent_hours_subtract(const struct ent_hours *hours, ent_instant end, int64_t us,
                               struct ent_arena scratch)
{
	assert(us >= -ENT_BUSINESS_MAX && us <= ENT_BUSINESS_MAX);
	if (us < 0) {
		return ent_hours_add(hours, end, -us, scratch);
	}
	if (us == 0 && is_open_or_closing(hours, end, scratch)) {
		return end;
	}
	int64_t at = end.us;
	int64_t left = us;
	do {
		struct ent_hours_table room;
		struct ent_arena year = scratch;
		const struct ent_hours_table *t = table_at(hours, just_before(at), &year, &room);
		if (t == NULL) {
			return ENT_INSTANT_NONE;
		}
		int64_t before = passed(t, at);
		if (us == 0 && before > 0) {
			return (ent_instant){ t->spans[span_of(t, before)].close };
		}
		if (left <= before && us > 0) {
			size_t i = span_of(t, before - left);
			const struct ent_span *span = &t->spans[i];
			i += span->before + span->close - span->open == before - left;
			span = &t->spans[i];
			return (ent_instant){ span->open + before - left - span->before };
		}
		left -= before;
		at = t->begin;
	} while (at > hours->opens_from);
	return ENT_INSTANT_NONE;
}

int64_t ent_hours_between(const struct ent_hours *hours, ent_instant from, ent_instant to,
                          struct ent_arena scratch)
{
	int64_t sum = 0;
	int64_t at = from.us;
	while (at < to.us) {
		struct ent_hours_table room;
		struct ent_arena year = scratch;
		const struct ent_hours_table *t = table_at(hours, at, &year, &room);
		if (t == NULL) {
			break;
		}
		int64_t until = to.us < t->end ? to.us : t->end;
		sum += passed(t, until) - passed(t, at);
		at = until;
	}
	return sum;
}
