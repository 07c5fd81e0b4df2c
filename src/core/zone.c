#include "core/zone.h"

#include "core/zone_rule.h"

enum { DAY_S = 86400 };

/* Seconds that still make an instant when multiplied. */
#define LOCAL_MAX (INT64_MAX / ENT_SECOND_US - 2 * DAY_S)

static const int32_t utc_offset[1] = { 0 };

const struct ent_zone ent_zone_utc = {
	.name = { "UTC", 3 },
	.offset = utc_offset,
	.repeat = INT64_MAX,
};

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* How many of the ascending times are not after `time`. Without branches that
 * depend on the data: they would be mispredicted half of the time. */
static size_t rank(const int64_t *times, size_t count, int64_t time)
{
	size_t low = 0;
	size_t n = count;
	while (n > 1) {
		size_t half = n / 2;
		low += times[low + half - 1] <= time ? half : 0;
		n -= half;
	}
	return low + (n == 1 && times[low] <= time);
}

/* What to take off `seconds` so that the table answers for it. */
static int64_t cycles(const struct ent_zone *zone, int64_t seconds)
{
	if (seconds < zone->repeat) {
		return 0;
	}
	return ((seconds - zone->repeat) / ENT_ZONE_CYCLE + 1) * ENT_ZONE_CYCLE;
}

static int32_t offset_at(const struct ent_zone *zone, int64_t seconds)
{
	return zone->offset[rank(zone->at, zone->count, seconds - cycles(zone, seconds))];
}

int32_t ent_zone_offset(const struct ent_zone *zone, ent_instant instant)
{
	return offset_at(zone, floor_div(instant.us, ENT_SECOND_US));
}

int64_t ent_zone_local(const struct ent_zone *zone, ent_instant instant)
{
	int64_t seconds = floor_div(instant.us, ENT_SECOND_US);
	return seconds + offset_at(zone, seconds);
}

ent_date ent_zone_date(const struct ent_zone *zone, ent_instant instant)
{
	return (ent_date){ (int32_t)floor_div(ent_zone_local(zone, instant), DAY_S) };
}

/* The stretch of constant offset in whose local time, or in the gap behind it,
 * `local` lies. ent_zone_parse() saw to it that at most two overlap. */
static size_t stretch(const struct ent_zone *zone, int64_t local, enum ent_wall *wall)
{
	size_t i = rank(zone->wall, zone->count, local);
	if (i < zone->count && local >= zone->at[i] + zone->offset[i]) {
		*wall = ENT_WALL_SKIPPED;
	} else if (i > 0 && local < zone->at[i - 1] + zone->offset[i - 1]) {
		*wall = ENT_WALL_TWICE;
	} else {
		*wall = ENT_WALL_ONCE;
	}
	return i;
}

ent_instant ent_zone_instant(const struct ent_zone *zone, int64_t local, enum ent_pick pick,
                             enum ent_wall *wall)
{
	assert(local >= -LOCAL_MAX && local <= LOCAL_MAX);
	enum ent_wall kind;
	size_t i = stretch(zone, local - cycles(zone, local), &kind);
	if (kind == ENT_WALL_TWICE && pick == ENT_PICK_FIRST) {
		i--;
	}
	if (wall != NULL) {
		*wall = kind;
	}
	return (ent_instant){ (local - zone->offset[i]) * ENT_SECOND_US };
}

ent_instant ent_zone_day_begins(const struct ent_zone *zone, ent_date date)
{
	int64_t local = date.day * (int64_t)DAY_S;
	assert(local >= -LOCAL_MAX && local <= LOCAL_MAX);
	enum ent_wall kind;
	int64_t off = cycles(zone, local);
	size_t i = stretch(zone, local - off, &kind);
	if (kind == ENT_WALL_SKIPPED) {
		return (ent_instant){ (zone->at[i] + off) * ENT_SECOND_US };
	}
	i -= kind == ENT_WALL_TWICE;
	return (ent_instant){ (local - zone->offset[i]) * ENT_SECOND_US };
}

ent_instant ent_zone_next_change(const struct ent_zone *zone, ent_instant instant)
{
	int64_t seconds = floor_div(instant.us, ENT_SECOND_US);
	int64_t off = cycles(zone, seconds);
	size_t i = rank(zone->at, zone->count, seconds - off);
	int64_t us;
	if (i == zone->count || __builtin_mul_overflow(zone->at[i] + off, ENT_SECOND_US, &us)) {
		return ENT_INSTANT_END;
	}
	return (ent_instant){ us };
}
