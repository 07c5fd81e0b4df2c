/* calendar.h - calendars as JSON, the way people edit them (docs/calendars.md). */
#ifndef ENT_JSON_CALENDAR_H
#define ENT_JSON_CALENDAR_H

#include "core/calendar.h"
#include "json/json.h"

/* ---- in ---- */

/* Read a calendar. What is wrong is noted under `prefix` ("" at the root), as
 * ent_json_read_into() does. The zone is left to the caller: out->time_zone is its name. Texts
 * point where the node's do, all else is in `arena`. *out is complete only if nothing was noted. */
void ent_calendar_read(const struct ent_node *node, const char *prefix, struct ent_arena *arena,
                       struct ent_timetable *out, struct ent_error *error);

/* The same of a list of holidays alone; into the version's. */
void ent_holidays_read(const struct ent_node *list, const char *prefix, struct ent_arena *arena,
                       struct ent_calendar_version *out, struct ent_error *error);

/* ---- out: what is written reads back the same ---- */

/* Names and the order of holidays are kept; members that are empty are left out. */
void ent_calendar_write(const struct ent_timetable *calendar, struct ent_text *out);

/* Its parts: {"mon":[["09:00","17:00"]]}, {"2026-12-31":[]}, the list of holidays, and the list of
 * versions behind the first. */
void ent_calendar_write_week(const struct ent_week *week, struct ent_text *out);
void ent_calendar_write_dates(const struct ent_dates *dates, struct ent_text *out);
void ent_holidays_write(const struct ent_holiday *items, size_t count, struct ent_text *out);
void ent_calendar_write_later(const struct ent_timetable *calendar, struct ent_text *out);

/* < 0, 0, > 0: an order of what holidays close, whatever their names. */
int ent_holiday_order(const struct ent_holiday *a, const struct ent_holiday *b);

/* The hours alone, without names, holidays in one order and once: calendars with the same hours
 * written the same way have the same text. */
ent_str ent_calendar_canonical(const struct ent_timetable *calendar, struct ent_arena *arena);

#endif
