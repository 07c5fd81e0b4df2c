/* calendar.h - stored calendars as the hours that they mean.
 *
 * A calendar's fields are what people edit. Its timetable is all of them together with the
 * holidays of its sets. Each time that changes, the calendar's revision is raised and the
 * timetable is kept (calendar_revision), in the same transaction: whoever reckons with a
 * revision gets the same answer for ever.
 */
#ifndef ENT_APP_CALENDAR_H
#define ENT_APP_CALENDAR_H

#include "app/app.h"
#include "core/calendar.h"

/* What a calendar's own fields say, without its sets; notes what is wrong under "". */
ENT_CHECK enum ent_code ent_calendar_compose(struct ent_call *call, const struct ent_calendar *c,
                                             struct ent_timetable *out, struct ent_error *error);

/* The same of a calendar as it is kept, in its zone and with its sets. */
ENT_CHECK enum ent_code ent_calendar_expand(struct ent_call *call, const struct ent_calendar *c,
                                            struct ent_timetable *out, struct ent_error *error);

/* Calendars that use this set follow its change: new revisions, with events. NEVER_OPENS,
 * LIMIT if one of them could not. */
ENT_CHECK enum ent_code ent_calendar_follow(struct ent_call *call, ent_id holiday_set,
                                            struct ent_error *error);

#endif
