#include "core/zone.h"

#include "test.h"
#include "zone_file.h"

static void check_instant(ent_instant got, const char *want)
{
	char text[ENT_INSTANT_ROOM];
	ent_instant_format(got, text);
	CHECK_TEXT(text, want);
}

/* ---- local time to instants --------------------------------------------- */

static const struct {
	const char *zone;
	const char *local;
	enum ent_wall wall;
	const char *first;
	const char *second; /* NULL: as the first */
} walls[] = {
	{ "Europe/Berlin", "2026-03-29T01:59:59Z", ENT_WALL_ONCE, "2026-03-29T00:59:59Z", NULL },
	{ "Europe/Berlin", "2026-03-29T02:00:00Z", ENT_WALL_SKIPPED, "2026-03-29T01:00:00Z", NULL },
	{ "Europe/Berlin", "2026-03-29T02:59:59Z", ENT_WALL_SKIPPED, "2026-03-29T01:59:59Z", NULL },
	{ "Europe/Berlin", "2026-03-29T03:00:00Z", ENT_WALL_ONCE, "2026-03-29T01:00:00Z", NULL },
	{ "Europe/Berlin", "2026-10-25T01:59:59Z", ENT_WALL_ONCE, "2026-10-24T23:59:59Z", NULL },
	{ "Europe/Berlin", "2026-10-25T02:00:00Z", ENT_WALL_TWICE, "2026-10-25T00:00:00Z",
	  "2026-10-25T01:00:00Z" },
	{ "Europe/Berlin", "2026-10-25T02:59:59Z", ENT_WALL_TWICE, "2026-10-25T00:59:59Z",
	  "2026-10-25T01:59:59Z" },
	{ "Europe/Berlin", "2026-10-25T03:00:00Z", ENT_WALL_ONCE, "2026-10-25T02:00:00Z", NULL },
	{ "Europe/Berlin", "2126-03-31T02:30:00Z", ENT_WALL_SKIPPED, "2126-03-31T01:30:00Z", NULL },
	{ "Europe/Berlin", "9926-03-30T12:00:00Z", ENT_WALL_ONCE, "9926-03-30T10:00:00Z", NULL },
	{ "America/New_York", "2026-03-08T02:30:00Z", ENT_WALL_SKIPPED, "2026-03-08T07:30:00Z",
	  NULL },
	{ "America/New_York", "2026-11-01T01:30:00Z", ENT_WALL_TWICE, "2026-11-01T05:30:00Z",
	  "2026-11-01T06:30:00Z" },
	{ "America/Sao_Paulo", "2018-11-04T00:00:00Z", ENT_WALL_SKIPPED, "2018-11-04T03:00:00Z",
	  NULL },
	{ "America/Sao_Paulo", "2018-02-17T23:30:00Z", ENT_WALL_TWICE, "2018-02-18T01:30:00Z",
	  "2018-02-18T02:30:00Z" },
	{ "America/Sao_Paulo", "2018-02-18T00:00:00Z", ENT_WALL_ONCE, "2018-02-18T03:00:00Z",
	  NULL },
	{ "Australia/Lord_Howe", "2026-10-04T02:15:00Z", ENT_WALL_SKIPPED, "2026-10-03T15:45:00Z",
	  NULL },
	{ "Australia/Lord_Howe", "2026-10-04T02:30:00Z", ENT_WALL_ONCE, "2026-10-03T15:30:00Z",
	  NULL },
	{ "Australia/Lord_Howe", "2026-04-05T01:45:00Z", ENT_WALL_TWICE, "2026-04-04T14:45:00Z",
	  "2026-04-04T15:15:00Z" },
	{ "Pacific/Apia", "2011-12-30T12:00:00Z", ENT_WALL_SKIPPED, "2011-12-30T22:00:00Z", NULL },
	{ "Pacific/Kwajalein", "1993-08-21T12:00:00Z", ENT_WALL_SKIPPED, "1993-08-22T00:00:00Z",
	  NULL },
	{ "Africa/Casablanca", "2026-03-22T02:30:00Z", ENT_WALL_SKIPPED, "2026-03-22T02:30:00Z",
	  NULL },
	{ "Africa/Casablanca", "2026-02-15T02:30:00Z", ENT_WALL_TWICE, "2026-02-15T01:30:00Z",
	  "2026-02-15T02:30:00Z" },
	{ "Asia/Tehran", "2022-03-22T00:30:00Z", ENT_WALL_SKIPPED, "2022-03-21T21:00:00Z", NULL },
	{ "Asia/Tehran", "2022-09-21T23:30:00Z", ENT_WALL_TWICE, "2022-09-21T19:00:00Z",
	  "2022-09-21T20:00:00Z" },
	{ "Asia/Tehran", "2026-03-22T00:30:00Z", ENT_WALL_ONCE, "2026-03-21T21:00:00Z", NULL },
	{ "Antarctica/Troll", "2026-03-29T02:00:00Z", ENT_WALL_SKIPPED, "2026-03-29T02:00:00Z",
	  NULL },
	{ "Antarctica/Troll", "2026-10-25T02:00:00Z", ENT_WALL_TWICE, "2026-10-25T00:00:00Z",
	  "2026-10-25T02:00:00Z" },
	{ "Europe/Dublin", "2026-03-29T01:30:00Z", ENT_WALL_SKIPPED, "2026-03-29T01:30:00Z", NULL },
	{ "Europe/Dublin", "2026-10-25T01:30:00Z", ENT_WALL_TWICE, "2026-10-25T00:30:00Z",
	  "2026-10-25T01:30:00Z" },
	{ "Etc/GMT+12", "2026-10-25T01:30:00Z", ENT_WALL_ONCE, "2026-10-25T13:30:00Z", NULL },
};

TEST(zone_finds_instants_of_local_times)
{
	for (size_t i = 0; i < ENT_COUNT(walls); i++) {
		ROW(walls[i].local);
		struct ent_zone zone = zone_of(walls[i].zone);
		int64_t local = instant_of(walls[i].local).us / ENT_SECOND_US;
		const char *second = walls[i].second != NULL ? walls[i].second : walls[i].first;
		enum ent_wall wall;
		check_instant(ent_zone_instant(&zone, local, ENT_PICK_FIRST, &wall),
		              walls[i].first);
		CHECK_INT(wall, walls[i].wall);
		check_instant(ent_zone_instant(&zone, local, ENT_PICK_SECOND, NULL), second);
	}
}

static const struct {
	const char *zone;
	const char *date;
	const char *want;
} days[] = {
	{ "Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z" },
	{ "Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z" },
	{ "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z" }, /* begins at 01:00 */
	{ "America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z" }, /* after 23:00 twice */
	{ "Africa/Cairo", "2025-04-25", "2025-04-24T22:00:00Z" },
	{ "America/Havana", "2026-03-08", "2026-03-08T05:00:00Z" },
	{ "America/Havana", "2026-11-01", "2026-11-01T04:00:00Z" },   /* midnight twice */
	{ "America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z" },  /* 23:30 to 00:30 */
	{ "America/St_Johns", "2000-10-29", "2000-10-29T02:30:00Z" }, /* 00:01 to 23:01 */
	{ "America/St_Johns", "2000-10-30", "2000-10-30T03:30:00Z" },
	{ "Asia/Tehran", "2022-03-22", "2022-03-21T20:30:00Z" },
	{ "Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z" },
	{ "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z" }, /* there was none */
	{ "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z" },
	{ "Pacific/Kwajalein", "1993-08-21", "1993-08-21T12:00:00Z" },
	{ "America/New_York", "9999-07-05", "9999-07-05T04:00:00Z" },
	{ "America/New_York", "0001-01-02", "0001-01-02T04:56:02Z" },
};

TEST(zone_finds_where_days_begin)
{
	for (size_t i = 0; i < ENT_COUNT(days); i++) {
		ROW(days[i].date);
		struct ent_zone zone = zone_of(days[i].zone);
		ent_date date;
		CHECK(ent_date_parse(ent_str_of(days[i].date), &date));
		check_instant(ent_zone_day_begins(&zone, date), days[i].want);
	}
}

TEST(zone_utc_is_utc)
{
	ent_instant instant = instant_of("2026-07-01T12:00:00.999999Z");
	CHECK_INT(ent_zone_offset(&ent_zone_utc, instant), 0);
	CHECK_INT(ent_zone_local(&ent_zone_utc, instant), instant.us / ENT_SECOND_US);
	check_instant(ent_zone_day_begins(&ent_zone_utc, ent_zone_date(&ent_zone_utc, instant)),
	              "2026-07-01T00:00:00Z");
	CHECK_INT(ent_zone_next_change(&ent_zone_utc, instant).us, INT64_MAX);
}

TEST(zone_rounds_down_before_1970)
{
	struct ent_zone zone = zone_of("Europe/London"); /* +01:00 all through 1969 */
	CHECK_INT(ent_zone_local(&zone, (ent_instant){ -1 }), 3599);
	CHECK_INT(ent_zone_local(&zone, (ent_instant){ -1 - ENT_HOUR_US }), -1);
	CHECK_INT(ent_zone_date(&zone, (ent_instant){ -1 - ENT_HOUR_US }).day, -1);
}

TEST(zone_bears_the_ends_of_time)
{
	struct ent_zone zone = zone_of("America/New_York");
	CHECK_INT(ent_zone_offset(&zone, ENT_INSTANT_NONE), -17762); /* local mean time */
	int32_t offset = ent_zone_offset(&zone, ENT_INSTANT_END);
	CHECK(offset == -18000 || offset == -14400);
	CHECK_INT(ent_zone_next_change(&zone, ENT_INSTANT_END).us, INT64_MAX);
	CHECK(ent_zone_next_change(&zone, ENT_INSTANT_NONE).us < 0);
}

/* ---- properties ---------------------------------------------------------- */

/* Half of them within two days of a change of the clock. */
static int64_t interesting(const struct ent_zone *zone, uint64_t *state)
{
	int64_t s = seconds_between(state, 1880, 2600);
	ent_instant next = ent_zone_next_change(zone, (ent_instant){ s * ENT_SECOND_US });
	if (test_random(state, 2) == 0 || next.us == INT64_MAX) {
		return s;
	}
	return next.us / ENT_SECOND_US + (int64_t)test_random(state, 4 * 86400) - 2 * 86400;
}

/* Every offset the zone ever has is tried; that is slow and cannot be wrong. */
static void check_wall(const struct ent_zone *zone, int64_t local)
{
	int64_t first = INT64_MAX;
	int64_t last = INT64_MIN;
	for (size_t i = 0; i <= zone->count; i++) {
		int64_t s = local - zone->offset[i];
		if (ent_zone_local(zone, (ent_instant){ s * ENT_SECOND_US }) == local) {
			first = s < first ? s : first;
			last = s > last ? s : last;
		}
	}
	enum ent_wall wall;
	ent_instant one = ent_zone_instant(zone, local, ENT_PICK_FIRST, &wall);
	ent_instant two = ent_zone_instant(zone, local, ENT_PICK_SECOND, &wall);
	if (first <= last) {
		CHECK_INT(wall, first < last ? ENT_WALL_TWICE : ENT_WALL_ONCE);
		CHECK_INT(one.us, first * ENT_SECOND_US);
		CHECK_INT(two.us, last * ENT_SECOND_US);
		return;
	}
	CHECK_INT(wall, ENT_WALL_SKIPPED);
	CHECK_INT(one.us, two.us);
	ent_instant before = { one.us -
		               (one.us / ENT_SECOND_US + ent_zone_offset(zone, one) - local) *
		                       ENT_SECOND_US -
		               ENT_SECOND_US };
	ent_instant change = ent_zone_next_change(zone, before);
	int64_t gap = ent_zone_offset(zone, change) - ent_zone_offset(zone, before);
	CHECK(change.us <= one.us);
	CHECK_INT(ent_zone_local(zone, one), local + gap);
}

static void check_day(const struct ent_zone *zone, ent_date date)
{
	ent_instant begin = ent_zone_day_begins(zone, date);
	CHECK(ent_zone_date(zone, begin).day >= date.day);
	CHECK(ent_zone_date(zone, (ent_instant){ begin.us - 1 }).day < date.day);
	for (size_t i = 0; i <= zone->count; i++) { /* no instant earlier */
		int64_t s = date.day * INT64_C(86400) - zone->offset[i];
		if (s * ENT_SECOND_US < begin.us) {
			ent_instant other = { s * ENT_SECOND_US };
			CHECK(ent_zone_date(zone, other).day != date.day);
		}
	}
}

TEST(zone_agrees_with_trying_all_offsets)
{
	uint64_t state = 20261025;
	for (size_t i = 0; i < ENT_COUNT(samples); i++) {
		ROW(samples[i]);
		struct ent_zone zone = zone_of(samples[i]);
		for (int n = 0; n < 150; n++) {
			check_wall(&zone, interesting(&zone, &state));
			check_day(&zone,
			          (ent_date){ (int32_t)(interesting(&zone, &state) / 86400) });
		}
	}
}
