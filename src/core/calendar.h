/* calendar.h - business time: when somebody is at work, and arithmetic on it.
 *
 * A calendar says which hours of which dates are open, on the wall clock of its
 * zone. ent_hours_compile() turns it into tables in which a question about ten
 * years costs what one about a day costs. Both are immutable values: any thread.
 *
 * Opening hours are half-open, [opening, closing). A time of day in a gap of the
 * clock moves forward by the gap; of one that occurs twice, an opening is the
 * first and a closing the second. 00:00 and 24:00 are where the date begins and
 * ends, whatever the clock does there. A date that is skipped has no hours.
 *
 * Amounts of business time are in microseconds, like instants.
 */
#ifndef ENT_CORE_CALENDAR_H
#define ENT_CORE_CALENDAR_H

#include "base/text.h"
#include "core/zone.h"

enum {
	ENT_OPENINGS_MAX = 48,       /* a date */
	ENT_HOLIDAYS_MAX = 2000,     /* a version */
	ENT_EXCEPTIONS_MAX = 5000,   /* a version; also breaks */
	ENT_CALENDAR_VERSIONS_MAX = 100,
	ENT_DAY_S = 86400,
	ENT_HOLIDAY_DAYS_MAX = 366,
	ENT_SEARCH_YEARS = 400, /* without an hour: it never opens again */
};

/* ---- the value ---------------------------------------------------------- */

/* Seconds since 00:00 on the wall clock; 0 <= from < 24 h, from < to <= from + 24 h. */
struct ent_opening {
	int32_t from, to;
};

struct ent_openings {
	const struct ent_opening *items;
	size_t count;
};

struct ent_week {
	struct ent_openings days[7]; /* 0 = Monday */
};

struct ent_dated { /* the hours of one date */
	ent_date date;
	struct ent_openings hours;
};

struct ent_dates { /* ascending, each date once */
	const struct ent_dated *items;
	size_t count;
};

enum ent_day_form {
	ENT_DAY_ONCE,    /* "2026-12-25" */
	ENT_DAY_YEARLY,  /* "*-12-25"; 29 February only in leap years */
	ENT_DAY_WEEKDAY, /* "*-11-thu4", "*-05-mon-1" (the last), "*-11-thu4+1" (the day after) */
	ENT_DAY_EASTER   /* "easter", "easter-2", "easter+39" */
};

struct ent_day_rule {
	enum ent_day_form form;
	ent_date date;       /* ONCE */
	int32_t month, day;  /* YEARLY; WEEKDAY has a month */
	int32_t weekday;     /* WEEKDAY: 0 = Monday */
	int32_t nth;         /* WEEKDAY: 1..5, or -1..-5 from the end of the month */
	int32_t offset;      /* WEEKDAY, EASTER: days behind it, -366..366 */
};

/* Closed from `from` on the first date until `to` on the last. Both dates ONCE or neither;
 * a last date before the first is that of the next year. */
struct ent_holiday {
	struct ent_day_rule first, last;
	int32_t from, to; /* seconds of the day, 0..86400 */
	ent_str name;     /* for people; may be no text */
	ent_str external_id; /* of the system it came from; may be no text */
};

/* What holds from a date on. Hours belong to the date on which they begin, also over midnight.
 * An exception replaces the hours of the week on its date, and no holiday closes them. */
struct ent_calendar_version {
	ent_date effective_from; /* that of the first version is ignored: it holds since ever */
	struct ent_week week;
	struct ent_dates exceptions;
	struct ent_dates breaks; /* closed, whatever else is said */
	const struct ent_holiday *holidays;
	size_t holiday_count;
	ent_str name; /* for people; may be no text */
};

struct ent_timetable {
	ent_str time_zone;
	const struct ent_zone *zone;
	const struct ent_calendar_version *versions; /* ascending, at least one */
	size_t version_count;
};

/* ---- as text ------------------------------------------------------------ */

/* "09:00", "17:30:15", "24:00". */
ENT_CHECK bool ent_clock_parse(ent_str text, int32_t *seconds);
void ent_clock_print(struct ent_text *out, int32_t seconds);

/* From two times of day; a closing not behind the opening is on the next date. */
ENT_CHECK bool ent_opening_make(int32_t from, int32_t to, struct ent_opening *out);

int ent_weekday_parse(ent_str text); /* "mon" is 0; -1 if it is none */
const char *ent_weekday_name(int weekday);

ENT_CHECK bool ent_day_rule_parse(ent_str text, struct ent_day_rule *out);
enum { ENT_DAY_RULE_ROOM = 32 };
size_t ent_day_rule_format(const struct ent_day_rule *rule, char out[static ENT_DAY_RULE_ROOM]);

/* "mon-thu 09:00-12:00,13:00-17:30; fri 22:00-06:00"; "closed" if it never opens. What is
 * printed reads back the same; reading also takes lists of days ("mon,wed-fri 09:00-17:00"),
 * sorts the hours of a day, and gives what is wrong. */
ENT_CHECK enum ent_code ent_week_parse(ent_str text, struct ent_arena *arena,
                                       struct ent_week *out, struct ent_error *error);
void ent_week_print(const struct ent_week *week, struct ent_text *out);

/* An instant as people write one: RFC 3339, or the wall clock of a zone ("2026-02-28T09:30:00",
 * "2026-02-28 09:30", "2026-02-28"), of which a time that occurs twice is the first. It is
 * answered as it was asked: in UTC, with the offset of the zone, or without. */
enum ent_when_form { ENT_WHEN_UTC, ENT_WHEN_OFFSET, ENT_WHEN_WALL };
enum { ENT_WHEN_ROOM = 40 };
ENT_CHECK bool ent_when_parse(ent_str text, const struct ent_zone *zone, ent_instant *out,
                              enum ent_when_form *form);
size_t ent_when_format(ent_instant instant, const struct ent_zone *zone, enum ent_when_form form,
                       char out[static ENT_WHEN_ROOM]);

/* ---- dates of rules ----------------------------------------------------- */

/* No date if the year has none. For ONCE the year is ignored. */
ent_date ent_day_rule_date(const struct ent_day_rule *rule, int32_t year);
/* The rule for the date `days` behind this one, in a leap year where it is of every year: so
 * "*-02-28" and one day is "*-02-29". False if the calendar of years ends before. */
ENT_CHECK bool ent_day_rule_later(const struct ent_day_rule *rule, int32_t days,
                                  struct ent_day_rule *out);
ent_date ent_easter(int32_t year); /* Gregorian, Sunday */

/* ---- compiled ------------------------------------------------------------ */

struct ent_hours;

/* Tables for the years first..last (1..9999) of *calendar, which must outlive them. Everything
 * outside those years is answered as well, at the price of a year's table for each year. */
const struct ent_hours *ent_hours_compile(const struct ent_timetable *calendar, int32_t first,
                                          int32_t last, struct ent_arena *arena);

/* `scratch` is used for years without a table; about 30 kB for usual calendars.
 * ENT_INSTANT_END is "never", ENT_INSTANT_NONE is "never before". */

#define ENT_BUSINESS_MAX (INT64_C(1000000000000) * ENT_SECOND_US)

/* The earliest instant until which `us` of business time have passed since `start`: it may be
 * a closing time. 0: `start` if it is open or a closing time, else the next opening. A
 * negative amount is subtracted. |us| <= ENT_BUSINESS_MAX. */
ent_instant ent_hours_add(const struct ent_hours *hours, ent_instant start, int64_t us,
                          struct ent_arena scratch);

/* The latest instant from which `us` pass until `end`: it may be an opening time. 0: `end` if it
 * is open or a closing time, else the last closing before. */
ent_instant ent_hours_subtract(const struct ent_hours *hours, ent_instant end, int64_t us,
                               struct ent_arena scratch);

int64_t ent_hours_between(const struct ent_hours *hours, ent_instant from, ent_instant to,
                          struct ent_arena scratch); /* 0 if from >= to */

bool ent_hours_is_open(const struct ent_hours *hours, ent_instant at, struct ent_arena scratch);

/* `at` itself if it is open. */
ent_instant ent_hours_next_open(const struct ent_hours *hours, ent_instant at,
                                struct ent_arena scratch);
/* The first closing behind `at`. */
ent_instant ent_hours_next_close(const struct ent_hours *hours, ent_instant at,
                                 struct ent_arena scratch);
/* The last opening before `at`. */
ent_instant ent_hours_last_open(const struct ent_hours *hours, ent_instant at,
                                struct ent_arena scratch);

/* ---- business days -------------------------------------------------------- */

enum ent_day_mode {
	ENT_DAY_KEEP_CLOCK, /* the time of day of the start, open or not */
	ENT_DAY_INTO_HOURS, /* the same, then on to the next opening (back to the last closing) */
	ENT_DAY_END_OF_DAY  /* when the hours that begin on that date end */
};

/* The n-th business day behind the start's date (before it if negative). 0 is the date itself,
 * or the next business day if it is none. A business day is a date on which hours begin. */
ent_instant ent_hours_add_days(const struct ent_hours *hours, ent_instant start, int32_t days,
                               enum ent_day_mode mode, struct ent_arena scratch);

/* How many business days are in [from, until). */
int64_t ent_hours_days_between(const struct ent_hours *hours, ent_date from, ent_date until,
                               struct ent_arena scratch);

/* ---- why it is closed ------------------------------------------------------ */

bool ent_calendar_is_holiday(const struct ent_timetable *calendar, ent_instant at,
                             struct ent_arena scratch);
bool ent_calendar_is_break(const struct ent_timetable *calendar, ent_instant at,
                           struct ent_arena scratch);

#endif
