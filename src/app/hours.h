/* hours.h - the hours of stored calendars, ready to reckon with.
 *
 * A revision of a calendar never changes, so its tables are made once and shared by
 * everybody. Which revision is the present one is remembered by the rule of cache.h.
 */
#ifndef ENT_APP_HOURS_H
#define ENT_APP_HOURS_H

#include "app/app.h"
#include "core/calendar.h"

/* Unchanging; valid until ent_call_end(). */
struct ent_call_hours {
	const struct ent_hours *hours;
	const struct ent_timetable *calendar; /* what they were made of, holiday sets included */
	const struct ent_zone *zone;
	ent_id calendar_id; /* none: always open */
	int64_t revision;   /* 0: always open */
	ent_str name;       /* of the calendar when the revision was made */
};

/* The hours of a calendar as of `revision`, 0: the present one. No calendar is always open, in
 * the organisation's zone. No query if they are in memory.
 *
 * NOT_FOUND      there is no such calendar, or it has no such revision
 * BUSY           not in memory, and the call has no database
 * OUT_OF_MEMORY  no room for the tables */
ENT_CHECK enum ent_code ent_call_hours(struct ent_call *call, ent_id calendar, int64_t revision,
                                       struct ent_call_hours *out, struct ent_error *error);

#endif
