/* ical.h - holidays from and to iCalendar (RFC 5545). The only folder that knows libical.
 *
 * Reading: all-day and timed events, RRULE, RDATE, EXDATE, single changed or cancelled
 * instances, the file's own VTIMEZONEs. What recurs each year by a date or an n-th weekday stays
 * a rule of ours; all else is listed date by date within a horizon. A stranger's file is bounded:
 * its size, nesting, events, steps of recurrences; rules that recur within a day are refused.
 */
#ifndef ENT_ICAL_ICAL_H
#define ENT_ICAL_ICAL_H

#include "base/error.h"
#include "base/text.h"
#include "core/calendar.h"

enum {
	ENT_ICAL_BYTES_MAX = 1 << 20,
	ENT_ICAL_EVENTS_MAX = 5000,
	ENT_ICAL_STEPS_MAX = 100000, /* of all recurrences together */
	ENT_ICAL_SKIPPED_MAX = 50    /* that are told one by one */
};

struct ent_ical_question {
	ent_str text;
	const struct ent_zone *zone; /* on whose wall clock the holidays are wanted */
	ent_date from, until;        /* recurrences are listed in [from, until) */
	/* A zone that the file names and does not define; false if there is none. */
	bool (*find_zone)(ent_str name, const struct ent_zone **out);
};

struct ent_ical_skipped {
	ent_str name;       /* of the event; may be no text */
	const char *reason; /* "it was cancelled" */
};

struct ent_ical {
	struct ent_holiday *holidays; /* at most ENT_HOLIDAYS_MAX */
	size_t holiday_count;
	size_t event_count;
	struct ent_ical_skipped *skipped; /* the first of them */
	size_t skipped_count;             /* of all */
};

/* SYNTAX: no iCalendar. TOO_LARGE, LIMIT: beyond what is above. OUT_OF_MEMORY. */
ENT_CHECK enum ent_code ent_ical_read(const struct ent_ical_question *question,
                                      struct ent_arena *arena, struct ent_ical *out,
                                      struct ent_error *error);

/* What ent_ical_read() reads back the same. Times are floating: on whose wall clock is the
 * reader's affair. Rules that RRULE cannot say (Easter) are listed from year `first` to `last`,
 * and carry the rule in X-ENTITLED-RULE. `stamp`: when it is written. */
void ent_ical_write(ent_str name, const struct ent_holiday *holidays, size_t count,
                    ent_instant stamp, int32_t first, int32_t last, struct ent_text *out);

#endif
