/* zone.h - time zones: instants to local time and back.
 *
 * A zone is an immutable value, made from the bytes of a TZif file (RFC 8536);
 * store/zoneinfo.h finds them by name. Local time is counted in seconds since
 * 1970-01-01 00:00 on the zone's wall clock. All functions are pure, constant
 * in time and safe from any thread; only ent_zone_parse() allocates.
 */
#ifndef ENT_CORE_ZONE_H
#define ENT_CORE_ZONE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "core/value.h"

struct ent_zone {
	ent_str name;          /* "Europe/Berlin"; NUL-terminated */
	const int64_t *at;     /* when the clock is changed, in seconds UTC, ascending */
	const int64_t *wall;   /* what it shows right after each change; also ascending */
	const int32_t *offset; /* seconds east of UTC: [i] until at[i], [count] from the last */
	size_t count;
	int64_t repeat; /* from here on all is as 400 years earlier; INT64_MAX: no changes */
};

extern const struct ent_zone ent_zone_utc; /* "UTC" */

/* Read a TZif file of version 2, 3 or 4 without leap seconds. The zone and a
 * copy of `name` are allocated in `arena` (up to about 25 kB).
 *
 * FORMAT    not such a file, damaged, or its clock changes are too close to each
 *           other to say what a local time means
 * On failure *out is unchanged. */
ENT_CHECK enum ent_code ent_zone_parse(ent_str bytes, ent_str name, struct ent_arena *arena,
                                       const struct ent_zone **out, struct ent_error *error);

/* Seconds east of UTC at that instant. */
int32_t ent_zone_offset(const struct ent_zone *zone, ent_instant instant);

/* Local seconds, rounded down. */
int64_t ent_zone_local(const struct ent_zone *zone, ent_instant instant);

ent_date ent_zone_date(const struct ent_zone *zone, ent_instant instant);

enum ent_pick { ENT_PICK_FIRST, ENT_PICK_SECOND }; /* of a local time that occurs twice */

enum ent_wall {
	ENT_WALL_ONCE,
	ENT_WALL_SKIPPED, /* in a gap: moved forward by its length */
	ENT_WALL_TWICE
};

/* The instant at which the wall clock shows `local`. Openings pick the first,
 * closings the second. `wall` may be NULL. Within 290,000 years of 1970. */
ent_instant ent_zone_instant(const struct ent_zone *zone, int64_t local, enum ent_pick pick,
                             enum ent_wall *wall);

/* The first instant of that local date, also when its midnight is skipped or
 * occurs twice; if the whole date is skipped, the first instant behind it. A
 * date lasts until the next one begins. */
ent_instant ent_zone_day_begins(const struct ent_zone *zone, ent_date date);

/* The first change of the clock after `instant`; ENT_INSTANT_END if there is none. */
ent_instant ent_zone_next_change(const struct ent_zone *zone, ent_instant instant);

#endif
