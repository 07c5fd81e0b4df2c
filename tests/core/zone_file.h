/* zone_file.h - the zones of the system, for tests. */
#ifndef ENT_TESTS_CORE_ZONE_FILE_H
#define ENT_TESTS_CORE_ZONE_FILE_H

#include "core/zone.h"
#include "test.h"

enum { ZONE_FILE_ROOM = 8192 };

/* "No text" if there is none. */
static inline ent_str read_zone_file(const char *name, char buffer[static ZONE_FILE_ROOM])
{
	char path[200];
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		return (ent_str){ NULL, 0 };
	}
	size_t len = fread(buffer, 1, ZONE_FILE_ROOM, file);
	fclose(file);
	return (ent_str){ buffer, len };
}

/* It lives until the next one is asked for. */
static inline struct ent_zone zone_of(const char *name)
{
	char buffer[ZONE_FILE_ROOM];
	struct ent_arena arena = test_arena();
	struct ent_error error = { 0 };
	const struct ent_zone *zone = &ent_zone_utc;
	ent_str bytes = read_zone_file(name, buffer);
	CHECK_INT(ent_zone_parse(bytes, ent_str_of(name), &arena, &zone, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
	return *zone;
}

static inline ent_instant instant_of(const char *text)
{
	ent_instant instant = ENT_INSTANT_NONE;
	CHECK(ent_instant_parse(ent_str_of(text), &instant));
	return instant;
}

/* Zones with something odd about each. */
static const char *const samples[] = {
	"Europe/Berlin",     "America/New_York",     "America/Sao_Paulo", "Australia/Lord_Howe",
	"Pacific/Apia",      "Africa/Casablanca",    "Asia/Tehran",       "Antarctica/Troll",
	"Europe/Dublin",     "America/Nuuk",         "Asia/Gaza",         "Asia/Jerusalem",
	"America/Santiago",  "Pacific/Chatham",      "America/St_Johns",  "Africa/Monrovia",
	"Pacific/Kwajalein", "America/Scoresbysund", "EST5EDT",           "Etc/GMT-14",
};

/* A second of the years [from, to). */
static inline int64_t seconds_between(uint64_t *state, int32_t from, int32_t to)
{
	int64_t begin = ent_date_make(from, 1, 1).day * INT64_C(86400);
	int64_t end = ent_date_make(to, 1, 1).day * INT64_C(86400);
	uint64_t wide = test_random(state, UINT64_C(1) << 31) << 31;
	wide |= test_random(state, UINT64_C(1) << 31);
	return begin + (int64_t)(wide % (uint64_t)(end - begin));
}

#endif
