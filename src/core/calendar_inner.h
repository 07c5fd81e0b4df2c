/* calendar_inner.h - tables of open time. Only calendar*.c use it.
 *
 * Times are microseconds, and all of them local to a table: [begin, end) is what
 * it answers for, and spans are clipped to it.
 */
#ifndef ENT_CORE_CALENDAR_INNER_H
#define ENT_CORE_CALENDAR_INNER_H

#include "core/calendar.h"

struct ent_span {
	int64_t open, close;
	int64_t before; /* open time of the table before `open` */
};

struct ent_spans { /* ascending, neither overlapping nor adjoining */
	struct ent_span *items;
	size_t count;
	size_t room;
};

struct ent_hours_table {
	int64_t begin, end;
	const struct ent_span *spans;
	size_t count;
	int64_t total;
	const uint32_t *by_day;  /* [k]: the first span that closes behind begin + k days */
	const uint32_t *by_time; /* [k]: the first whose end, in open time, is >= k << shift */
	unsigned shift;
	int32_t day;              /* the first date */
	int32_t days;             /* how many */
	const int32_t *dates;     /* the business days */
	const uint32_t *dates_before; /* [k]: how many of them are before day + k */
	size_t date_count;
};

struct ent_hours {
	const struct ent_timetable *calendar;
	struct ent_hours_table table;
	int64_t opens_from;     /* nothing opens before */
	int64_t opens_until;    /* nothing opens from here on */
	int64_t explicit_until; /* no date is named behind this */
};

void ent_hours_build(const struct ent_timetable *calendar, int32_t first, int32_t last,
                     struct ent_arena *arena, struct ent_hours_table *out);

/* The table that has this date: the compiled one, or that of its year, made in *room. NULL
 * outside the years that can be written. */
const struct ent_hours_table *ent_hours_table_of_day(const struct ent_hours *hours, int32_t day,
                                                     struct ent_arena *arena,
                                                     struct ent_hours_table *room);

/* The version that holds on a date. */
size_t ent_calendar_version_at(const struct ent_timetable *calendar, int32_t day);

/* The instant of a time of day, which may be behind that day's end. */
int64_t ent_calendar_instant(const struct ent_zone *zone, int32_t day, int32_t seconds,
                             enum ent_pick pick);

/* Put [open, close) where it belongs, joined with what it touches. Empty ones are left out. */
void ent_spans_put(struct ent_spans *spans, int64_t open, int64_t close, struct ent_arena *arena);

/* What holidays close in those years, and breaks from `first` on, before `end` (days). */
void ent_calendar_holidays(const struct ent_timetable *calendar,
                           const struct ent_calendar_version *version, int32_t first,
                           int32_t last, struct ent_arena *arena, struct ent_spans *out);
void ent_calendar_breaks(const struct ent_timetable *calendar,
                         const struct ent_calendar_version *version, int32_t first, int32_t end,
                         struct ent_arena *arena, struct ent_spans *out);

/* The first with a date >= day. */
size_t ent_dates_find(const struct ent_dates *dates, int32_t day);

/* When the hours that begin on this date end; INT64_MIN if none do. */
int64_t ent_calendar_day_close(const struct ent_timetable *calendar, int32_t day,
                               struct ent_arena scratch);

static inline int64_t ent_floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

#endif
