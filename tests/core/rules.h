/* rules.h - what the tests of the rules share: short ways to say an entitlement. */
#ifndef ENT_TESTS_CORE_RULES_H
#define ENT_TESTS_CORE_RULES_H

#include "core/life.h"
#include "core/terms.h"

#include "test.h"

static inline ent_date day(const char *text)
{
	ent_date date = ENT_DATE_NONE;
	if (text != NULL && !ent_date_parse(ent_str_of(text), &date)) {
		fprintf(stderr, "no date: %s\n", text);
		abort();
	}
	return date;
}

/* "2026-01-31" (midnight UTC), "2026-01-31T12:00:00Z", or NULL: none. */
static inline ent_instant instant(const char *text)
{
	ent_instant at = ENT_INSTANT_NONE;
	char room[32];
	if (text == NULL) {
		return at;
	}
	snprintf(room, sizeof(room), "%s%s", text, strlen(text) == 10 ? "T00:00:00Z" : "");
	if (!ent_instant_parse(ent_str_of(room), &at)) {
		fprintf(stderr, "no instant: %s\n", text);
		abort();
	}
	return at;
}

/* A live one, cases without bound, not yet opened; dates in UTC. */
static inline struct ent_entitlement live(const char *starts_on, const char *ends_on)
{
	struct ent_entitlement e;
	ent_type_clear(&ent_entitlement_type, &e);
	e.id = (ent_id){ 100 };
	e.account_id = (ent_id){ 1 };
	e.stage = ENT_STAGE_LIVE;
	e.unit = ENT_UNIT_CASES;
	e.starts_on = day(starts_on);
	e.ends_on = day(ends_on);
	ent_life_dates(&e, &ent_zone_utc);
	return e;
}

static inline struct ent_entitlement_channel channel_row(const char *channel, int64_t total)
{
	struct ent_entitlement_channel row;
	ent_type_clear(&ent_entitlement_channel_type, &row);
	row.channel = ent_str_of(channel);
	row.total.n = total;
	return row;
}

static inline const char *date_text(ent_date date)
{
	static char room[4][11];
	static int next;
	if (ent_date_is_none(date)) {
		return "-";
	}
	next = (next + 1) % 4;
	ent_date_format(date, room[next]);
	return room[next];
}

static inline const char *instant_text(ent_instant at)
{
	static char room[4][ENT_INSTANT_ROOM];
	static int next;
	if (ent_instant_is_none(at)) {
		return "-";
	}
	next = (next + 1) % 4;
	ent_instant_format(at, room[next]);
	return room[next];
}

#endif
