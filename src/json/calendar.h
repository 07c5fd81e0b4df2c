/* calendar.h - calendars as JSON, the way people edit them (docs/calendars.md). */
#ifndef ENT_JSON_CALENDAR_H
#define ENT_JSON_CALENDAR_H

#include "core/calendar.h"
#include "json/json.h"

/* Read a calendar. What is wrong is noted under `prefix` ("" at the root), as
 * ent_json_read_into() does. The zone is left to the caller: out->time_zone is its name. Texts
 * point where the node's do, all else is in `arena`. *out is complete only if nothing was noted. */
void ent_calendar_read(const struct ent_node *node, const char *prefix, struct ent_arena *arena,
                       struct ent_calendar *out, struct ent_error *error);

#endif
