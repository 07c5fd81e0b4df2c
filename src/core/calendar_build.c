#include "core/calendar_inner.h"

#include <string.h>

/* ---- spans ---- */

static void grow(struct ent_spans *spans, struct ent_arena *arena)
{
	size_t room = spans->room == 0 ? 32 : spans->room * 2;
	struct ent_span *items = ENT_NEW(arena, struct ent_span, room);
	if (spans->count > 0) {
		memcpy(items, spans->items, spans->count * sizeof(*items));
	}
	spans->items = items;
	spans->room = room;
}

void ent_spans_put(struct ent_spans *spans, int64_t open, int64_t close, struct ent_arena *arena)
{
	if (open >= close) {
		return;
	}
	size_t begin = spans->count; /* [begin, end) are joined with it */
	while (begin > 0 && spans->items[begin - 1].close >= open) {
		begin--;
	}
	size_t end = begin;
	while (end < spans->count && spans->items[end].open <= close) {
		end++;
	}
	if (begin < end) {
		int64_t last = spans->items[end - 1].close;
		open = spans->items[begin].open < open ? spans->items[begin].open : open;
		close = last > close ? last : close;
	} else if (spans->count == spans->room) {
		grow(spans, arena);
	}
	memmove(&spans->items[begin + 1], &spans->items[end],
	        (spans->count - end) * sizeof(*spans->items));
	spans->count = spans->count + 1 - (end - begin);
	spans->items[begin] = (struct ent_span){ open, close, 0 };
}

/* ---- the wall clock ---- */

int64_t ent_calendar_instant(const struct ent_zone *zone, int32_t day, int32_t seconds,
                             enum ent_pick pick)
{
	if (seconds % ENT_DAY_S == 0) {
		return ent_zone_day_begins(zone, (ent_date){ day + seconds / ENT_DAY_S }).us;
	}
	enum ent_wall wall;
	int64_t us = ent_zone_instant(zone, day * (int64_t)ENT_DAY_S + seconds, pick, &wall).us;
	if (wall == ENT_WALL_SKIPPED) {
		ent_date date = { day + seconds / ENT_DAY_S };
		ent_date next = { date.day + 1 };
		int64_t begins = ent_zone_day_begins(zone, date).us;
		if (begins == ent_zone_day_begins(zone, next).us) {
			return begins; /* all of that date is skipped */
		}
	}
	return us;
}

/* ---- what holds on a date ---- */

size_t ent_calendar_version_at(const struct ent_timetable *calendar, int32_t day)
{
	size_t at = calendar->version_count - 1;
	while (at > 0 && calendar->versions[at].effective_from.day > day) {
		at--;
	}
	return at;
}

size_t ent_dates_find(const struct ent_dates *dates, int32_t day)
{
	size_t low = 0;
	size_t high = dates->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (dates->items[middle].date.day < day) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

/* ---- building ---- */

struct builder {
	const struct ent_timetable *calendar;
	struct ent_arena *arena;
	int64_t begin, end; /* what is kept */
	struct ent_spans spans;
	/* of the version that holds */
	size_t version;
	struct ent_spans breaks;   /* what closes exceptions */
	struct ent_spans closures; /* what closes the hours of the week: these and holidays */
	size_t exception;          /* the next one */
	/* of the date */
	bool is_open;
	int64_t last_close;
};

/* Put [open, close) without what `cuts` close. */
static void put_hours(struct builder *b, int64_t open, int64_t close, const struct ent_spans *cuts)
{
	size_t low = 0; /* the first that closes behind `open` */
	size_t high = cuts->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (cuts->items[middle].close <= open) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	while (open < close) {
		const struct ent_span *cut = low < cuts->count ? &cuts->items[low++] : NULL;
		int64_t until = cut != NULL && cut->open < close ? cut->open : close;
		if (open < until) {
			b->is_open = true;
			b->last_close = until > b->last_close ? until : b->last_close;
			ent_spans_put(&b->spans, open < b->begin ? b->begin : open,
			              until > b->end ? b->end : until, b->arena);
		}
		open = until == close ? close : cut->close;
	}
}

static void enter_version(struct builder *b, size_t version, int32_t day, int32_t end_day)
{
	const struct ent_calendar_version *v = &b->calendar->versions[version];
	int32_t first = ent_date_civil((ent_date){ day }).year;
	int32_t last = ent_date_civil((ent_date){ end_day }).year;
	b->version = version;
	b->exception = ent_dates_find(&v->exceptions, day);
	b->breaks = (struct ent_spans){ 0 };
	b->closures = (struct ent_spans){ 0 };
	ent_calendar_breaks(b->calendar, v, day - 2, end_day + 2, b->arena, &b->breaks);
	ent_calendar_holidays(b->calendar, v, first, last, b->arena, &b->closures);
	for (size_t i = 0; i < b->breaks.count; i++) {
		ent_spans_put(&b->closures, b->breaks.items[i].open, b->breaks.items[i].close,
		              b->arena);
	}
}

static void put_date(struct builder *b, int32_t day)
{
	const struct ent_calendar_version *v = &b->calendar->versions[b->version];
	const struct ent_openings *hours = &v->week.days[ent_date_weekday((ent_date){ day })];
	const struct ent_spans *cuts = &b->closures;
	if (b->exception < v->exceptions.count &&
	    v->exceptions.items[b->exception].date.day == day) {
		hours = &v->exceptions.items[b->exception++].hours;
		cuts = &b->breaks;
	}
	b->is_open = false;
	b->last_close = INT64_MIN;
	for (size_t i = 0; i < hours->count; i++) {
		put_hours(b,
		          ent_calendar_instant(b->calendar->zone, day, hours->items[i].from,
		                               ENT_PICK_FIRST),
		          ent_calendar_instant(b->calendar->zone, day, hours->items[i].to,
		                               ENT_PICK_SECOND),
		          cuts);
	}
}

int64_t ent_calendar_day_close(const struct ent_timetable *calendar, int32_t day,
                               struct ent_arena scratch)
{
	struct builder b = { .calendar = calendar, .arena = &scratch };
	b.begin = INT64_MIN;
	b.end = INT64_MAX;
	enter_version(&b, ent_calendar_version_at(calendar, day), day, day);
	put_date(&b, day);
	return b.last_close;
}

/* ---- how to find a span ---- */

static void index_by_day(struct ent_hours_table *t, struct ent_arena *arena)
{
	size_t count = (size_t)((t->end - t->begin) / ENT_DAY_US) + 2;
	uint32_t *by_day = ENT_NEW(arena, uint32_t, count);
	uint32_t span = 0;
	for (size_t k = 0; k < count; k++) {
		int64_t at = t->begin + (int64_t)k * ENT_DAY_US;
		while (span < t->count && t->spans[span].close <= at) {
			span++;
		}
		by_day[k] = span;
	}
	t->by_day = by_day;
}

static void index_by_time(struct ent_hours_table *t, struct ent_arena *arena)
{
	t->shift = 0;
	while ((uint64_t)t->total >> t->shift > 2 * t->count) {
		t->shift++;
	}
	size_t count = ((size_t)t->total >> t->shift) + 2;
	uint32_t *by_time = ENT_NEW(arena, uint32_t, count);
	uint32_t span = 0;
	for (size_t k = 0; k < count; k++) {
		int64_t at = (int64_t)k << t->shift;
		while (span < t->count &&
		       t->spans[span].before + t->spans[span].close - t->spans[span].open < at) {
			span++;
		}
		by_time[k] = span;
	}
	t->by_time = by_time;
}

static void put_dates(struct builder *b, struct ent_hours_table *t)
{
	int32_t *dates = ENT_NEW(b->arena, int32_t, t->days);
	uint32_t *before = ENT_NEW(b->arena, uint32_t, t->days + 1);
	int32_t end = t->day + t->days;
	size_t version = ent_calendar_version_at(b->calendar, t->day - 1);
	b->spans.room = (size_t)t->days + (size_t)t->days / 4; /* enough for most weeks */
	b->spans.items = ENT_NEW(b->arena, struct ent_span, b->spans.room);
	enter_version(b, version, t->day - 1, end);
	/* Hours that began the evening before the first date reach into it. */
	for (int32_t day = t->day - 1; day < end; day++) {
		while (version + 1 < b->calendar->version_count &&
		       b->calendar->versions[version + 1].effective_from.day <= day) {
			enter_version(b, ++version, day, end);
		}
		put_date(b, day);
		if (day >= t->day) {
			before[day - t->day] = (uint32_t)t->date_count;
			if (b->is_open) {
				dates[t->date_count++] = day;
			}
		}
	}
	before[t->days] = (uint32_t)t->date_count;
	t->dates = dates;
	t->dates_before = before;
}

void ent_hours_build(const struct ent_timetable *calendar, int32_t first, int32_t last,
                     struct ent_arena *arena, struct ent_hours_table *out)
{
	struct ent_hours_table t = { 0 };
	struct builder b = { .calendar = calendar, .arena = arena };
	t.day = ent_date_make(first, 1, 1).day;
	t.days = ent_date_make(last + 1, 1, 1).day - t.day;
	t.begin = ent_zone_day_begins(calendar->zone, (ent_date){ t.day }).us;
	t.end = ent_zone_day_begins(calendar->zone, (ent_date){ t.day + t.days }).us;
	b.begin = t.begin;
	b.end = t.end;
	put_dates(&b, &t);
	for (size_t i = 0; i < b.spans.count; i++) {
		b.spans.items[i].before = t.total;
		t.total += b.spans.items[i].close - b.spans.items[i].open;
	}
	t.spans = b.spans.items;
	t.count = b.spans.count;
	index_by_day(&t, arena);
	index_by_time(&t, arena);
	*out = t;
}
