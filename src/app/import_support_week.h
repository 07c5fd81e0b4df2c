/* import_support_week.h - the support calendar of Dynamics: 168 characters, one for each hour of
 * the week from Monday 00:00 on, + where somebody is there and - where nobody is. */
#ifndef ENT_APP_IMPORT_SUPPORT_WEEK_H
#define ENT_APP_IMPORT_SUPPORT_WEEK_H

#include "app/import_source.h"
#include "core/calendar.h"

enum { ENT_SUPPORT_HOURS = 168 };

/* The hours as spans, which over midnight go on as one where they fill neither day. Items are in
 * `arena`. False if it is not 168 of + and -. */
ENT_CHECK bool ent_support_week(ent_str text, struct ent_arena *arena, struct ent_week *out);

/* The calendar with these hours in the import's time zone; made if there is none, with a name that
 * says them, so that the same hours are one calendar however often they come. None for no text
 * and for hours that never open, of which there is a remark. Notes under slot WEEK. */
ENT_CHECK enum ent_code ent_import_support_calendar(struct ent_import_work *work, ent_str text,
                                                    ent_id *out, struct ent_error *error);

#endif
