/* holiday_import.h - holidays of sets and calendars from and to iCalendar. */
#ifndef ENT_APP_HOLIDAY_IMPORT_H
#define ENT_APP_HOLIDAY_IMPORT_H

#include "app/app.h"
#include "ical/ical.h"

struct ent_holiday_import {
	ent_str ics;
	ent_str time_zone; /* on whose wall clock; empty: the organisation's */
	bool replace;      /* what the set has; else it is added to */
	bool dry_run;      /* change nothing */
};

struct ent_holiday_report {
	struct ent_ical ical;
	size_t added;    /* that the set did not have */
	ent_str list;    /* all of the set, as JSON */
	int64_t version; /* of the set */
};

/* `version` as in ent_record_update(). SYNTAX, TOO_LARGE: the text. */
ENT_CHECK enum ent_code ent_holiday_set_import(struct ent_call *call, ent_id set, int64_t version,
                                               const struct ent_holiday_import *import,
                                               struct ent_holiday_report *out,
                                               struct ent_error *error);

/* For who may read it: the holidays of a set, or of a calendar today with those of its sets. */
ENT_CHECK enum ent_code ent_holiday_set_ics(struct ent_call *call, ent_id set, ent_str *out,
                                            struct ent_error *error);
ENT_CHECK enum ent_code ent_calendar_ics(struct ent_call *call, ent_id calendar, ent_str *out,
                                         struct ent_error *error);

#endif
