/* value.h - the small values that entities are made of, as distinct types.
 *
 * Passed by copy. No clock, no time zone: zone.h turns instants into local
 * time and back. Parsers accept exactly one notation and refuse all else.
 */
#ifndef ENT_CORE_VALUE_H
#define ENT_CORE_VALUE_H

#include "base/arena.h"
#include "base/str.h"

/* ---- dates and instants ------------------------------------------------- */

typedef struct ent_date { int32_t day; } ent_date;      /* days since 1970-01-01 */
typedef struct ent_instant { int64_t us; } ent_instant; /* microseconds UTC since then */

#define ENT_DATE_NONE    ((ent_date){ INT32_MIN })
#define ENT_INSTANT_NONE ((ent_instant){ INT64_MIN })
#define ENT_INSTANT_END  ((ent_instant){ INT64_MAX }) /* after every instant: "never" */

#define ENT_SECOND_US INT64_C(1000000)
#define ENT_MINUTE_US (60 * ENT_SECOND_US)
#define ENT_HOUR_US   (60 * ENT_MINUTE_US)
#define ENT_DAY_US    (24 * ENT_HOUR_US)

enum { ENT_YEAR_MIN = 1, ENT_YEAR_MAX = 9999 };

struct ent_civil {
	int32_t year, month, day; /* month 1..12, day 1..31 */
};

static inline bool ent_date_is_none(ent_date date)
{
	return date.day == INT32_MIN;
}

static inline bool ent_instant_is_none(ent_instant instant)
{
	return instant.us == INT64_MIN;
}

ent_date ent_date_make(int32_t year, int32_t month, int32_t day);
struct ent_civil ent_date_civil(ent_date date);
int32_t ent_month_days(int32_t year, int32_t month);
ENT_CHECK bool ent_date_parse(ent_str text, ent_date *out); /* "2026-02-28", years 0001..9999 */
void ent_date_format(ent_date date, char out[static 11]);   /* NUL-terminated */
int ent_date_weekday(ent_date date);                        /* 0 = Monday */

/* `months` later, on the same day of the month or, where that is missing, on
 * the month's last: 31 January + 1 month = 28 February. Anchor a series on its
 * first day: add n months to the original, never one month n times. */
ent_date ent_date_add_months(ent_date date, int32_t months);

/* RFC 3339 with an offset: "2026-02-28T09:30:00Z", "…T09:30:00.25+01:00".
 * Up to six digits of a second; a leap second and "24:00" are refused. */
ENT_CHECK bool ent_instant_parse(ent_str text, ent_instant *out);
enum { ENT_INSTANT_ROOM = 32 };
/* In UTC with 'Z'; no fraction when it is zero, else three or six digits.
 * Returns the length; NUL-terminated. Years 0001..9999. */
size_t ent_instant_format(ent_instant instant, char out[static ENT_INSTANT_ROOM]);

/* ---- durations ---------------------------------------------------------- */

/* ISO 8601 duration: calendar months and days, then exact seconds. They do not
 * convert into each other. "P1Y2M10DT2H30M" = {14, 10, 9000}; a week is 7 days. */
typedef struct ent_duration {
	int32_t months;
	int32_t days;
	int64_t seconds;
} ent_duration;

#define ENT_DURATION_NONE ((ent_duration){ INT32_MIN, 0, 0 })

static inline bool ent_duration_is_none(ent_duration duration)
{
	return duration.months == INT32_MIN;
}

/* Not negative, whole seconds, at least one component, each at most 10^9 of its unit. */
ENT_CHECK bool ent_duration_parse(ent_str text, ent_duration *out);
enum { ENT_DURATION_ROOM = 64 };
/* Canonical: "P1Y2M10DT2H30M"; zero is "PT0S". Returns the length. */
size_t ent_duration_format(ent_duration duration, char out[static ENT_DURATION_ROOM]);

/* ---- decimals and money ------------------------------------------------- */

#define ENT_MICRO INT64_C(1000000)

/* An exact number in units of 10^-6. */
typedef struct ent_decimal { int64_t micro; } ent_decimal;
#define ENT_DECIMAL_NONE ((ent_decimal){ INT64_MIN })

/* "12", "-0.5", "1234.567891": no exponent, no plus, at most six digits behind
 * the point, at least one before and behind it; |x| <= 9·10^12. */
ENT_CHECK bool ent_decimal_parse(ent_str text, ent_decimal *out);
enum { ENT_DECIMAL_ROOM = 32 };
/* Shortest exact form: "12.5", "-3". Returns the length. */
size_t ent_decimal_format(ent_decimal decimal, char out[static ENT_DECIMAL_ROOM]);

/* An amount in 10^-6 of its currency's unit; currency[0] == 0: no amount. */
typedef struct ent_money {
	int64_t micro;
	char currency[4]; /* ISO 4217, NUL-terminated */
} ent_money;
#define ENT_MONEY_NONE ((ent_money){ 0, "" })

/* Three capital letters of the ISO 4217 list of today; else -1. Else the number of
 * digits behind the point (JPY 0, EUR 2, KWD 3). */
int ent_currency_digits(ent_str code);

/* ---- identifiers -------------------------------------------------------- */

/* 63 bits: 41 of milliseconds since 2020-01-01, 10 of the node, 12 of a
 * sequence. Orders by time of making. 0 is none. */
typedef struct ent_id { int64_t value; } ent_id;
#define ENT_ID_NONE ((ent_id){ 0 })

static inline bool ent_id_is_none(ent_id id)
{
	return id.value == 0;
}

static inline bool ent_id_eq(ent_id a, ent_id b)
{
	return a.value == b.value;
}

enum { ENT_ID_DIGITS = 13, ENT_ID_ROOM = 24, ENT_PREFIX_MAX = 6 };
/* "ent_" + 13 digits of Crockford's base 32 in lower case. Returns the length. */
size_t ent_id_format(ent_id id, const char *prefix, char out[static ENT_ID_ROOM]);
/* False unless it is `prefix`, '_' and 13 digits of a positive number. */
ENT_CHECK bool ent_id_parse(ent_str text, const char *prefix, ent_id *out);
/* The instant at which it was made, to the millisecond. */
ent_instant ent_id_instant(ent_id id);
#define ENT_ID_EPOCH_MS INT64_C(1577836800000) /* 2020-01-01T00:00:00Z */

/* ---- whole numbers that may be missing ---------------------------------- */

typedef struct ent_count { int64_t n; } ent_count;
#define ENT_COUNT_NONE ((ent_count){ INT64_MIN })

static inline bool ent_count_is_none(ent_count count)
{
	return count.n == INT64_MIN;
}

/* ---- lists and maps ----------------------------------------------------- */

struct ent_ids {
	const ent_id *items;
	size_t count;
};

struct ent_words { /* texts without blanks, such as scopes */
	const ent_str *items;
	size_t count;
};

struct ent_pair {
	ent_str name;
	ent_str value;
};

struct ent_json { /* JSON made by us, kept as text */
	ent_str text;
};

struct ent_map { /* text to text, in the order given */
	const struct ent_pair *pairs;
	size_t count;
};

struct ent_children { /* records nested in a record: grants of an entitlement */
	void *items;  /* an array of the child's struct */
	size_t count;
};

bool ent_ids_has(struct ent_ids ids, ent_id id);
bool ent_words_has(struct ent_words words, ent_str word);

#endif
