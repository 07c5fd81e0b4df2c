#include "core/zone.h"

#include "test.h"
#include "zone_file.h"

struct made {
	char version;
	size_t count;
	int64_t times[4];
	uint8_t indices[4];
	size_t types;
	int32_t offsets[2];
	const char *footer;
};

static char *put(char *p, int64_t value, int octets)
{
	for (int i = octets - 1; i >= 0; i--) {
		*p++ = (char)((uint64_t)value >> (8 * i) & 0xff);
	}
	return p;
}

static char *put_head(char *p, char version, size_t times, size_t types)
{
	memcpy(p, "TZif", 4);
	memset(p + 4, 0, 28);
	p[4] = version;
	p = put(p + 32, (int64_t)times, 4);
	p = put(p, (int64_t)types, 4);
	return put(p, 4, 4); /* characters */
}

static ent_str make_file(const struct made *made, char buffer[static ZONE_FILE_ROOM])
{
	char *p = put_head(buffer, made->version, 0, 1);
	p = put(p, 0, 6);
	p = put(p, 0, 4);
	p = put_head(p, made->version, made->count, made->types);
	for (size_t i = 0; i < made->count; i++) {
		p = put(p, made->times[i], 8);
	}
	for (size_t i = 0; i < made->count; i++) {
		p = put(p, made->indices[i], 1);
	}
	for (size_t i = 0; i < made->types; i++) {
		p = put(p, made->offsets[i], 4);
		p = put(p, 0, 2);
	}
	memcpy(p, "XYZ", 4);
	int len = snprintf(p + 4, 200, "\n%s\n", made->footer);
	return (ent_str){ buffer, (size_t)(p + 4 - buffer) + (size_t)len };
}

static enum ent_code parse(ent_str bytes, const struct ent_zone **out)
{
	static struct ent_arena arena;
	arena = test_arena();
	struct ent_error error = { 0 };
	char *copy = malloc(bytes.len); /* so that ASan notices one octet too far */
	memcpy(copy, bytes.ptr, bytes.len);
	enum ent_code code = ent_zone_parse((ent_str){ copy, bytes.len }, ENT_STR("Made/Up"),
	                                    &arena, out, &error);
	free(copy);
	CHECK_INT(error.code, code);
	return code;
}

static enum ent_code parse_footer(char version, const char *footer, const struct ent_zone **out)
{
	char buffer[ZONE_FILE_ROOM];
	struct made made = { .version = version, .types = 1, .footer = footer };
	return parse(make_file(&made, buffer), out);
}

/* ---- rules --------------------------------------------------------------- */

static const struct {
	const char *footer;
	const char *at;
	int32_t offset;
} rules[] = {
	{ "UTC0", "2026-01-01T00:00:00Z", 0 },
	{ "<+0545>-5:45", "2026-01-01T00:00:00Z", 20700 },
	{ "<-00>+0:00:01", "2026-01-01T00:00:00Z", -1 },
	{ "AAA-24", "2026-01-01T00:00:00Z", 86400 },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z", 3600 },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 7200 },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T00:59:59Z", 7200 },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:00Z", 3600 },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", "9999-07-01T00:00:00Z", 7200 },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", "0001-07-01T00:00:00Z", 7200 },
	{ "<+0330>-3:30<+0430>,J79/24,J263/24", "2028-03-20T20:29:59Z", 12600 },
	{ "<+0330>-3:30<+0430>,J79/24,J263/24", "2028-03-20T20:30:00Z", 16200 },
	{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", 0 },
	{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3600 },
	{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200 },
	{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600 },
	{ "EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z", 7200 },
	{ "EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", 10800 },
	{ "<-04>4<-03>,M9.1.6/24,M4.1.6/24", "2026-09-06T03:59:59Z", -14400 },
	{ "<-04>4<-03>,M9.1.6/24,M4.1.6/24", "2026-09-06T04:00:00Z", -10800 },
	{ "<-04>4<-03>,M9.1.6/24,M4.1.6/24", "2026-01-01T00:00:00Z", -10800 },
	{ "AAA0BBB,59/2,300", "2027-03-01T01:59:59Z", 0 },
	{ "AAA0BBB,59/2,300", "2027-03-01T02:00:00Z", 3600 },
	{ "AAA0BBB,59/2,300", "2028-02-29T02:00:00Z", 3600 },
	{ "AAA0BBB,J60/2,300", "2028-02-29T02:00:00Z", 0 },
	{ "AAA0BBB,J60/2,300", "2028-03-01T02:00:00Z", 3600 },
	{ "AAA0BBB,J59/2,300", "2028-02-28T02:00:00Z", 3600 },
	{ "AAA0BBB-2:30:01,M1.1.1/0,M2.1.1/0", "2026-01-20T00:00:00Z", 9001 },
	{ "EST5EDT,0/0,J365/25", "2026-01-01T05:00:00Z", -14400 }, /* always summer */
	{ "XXX3EDT4,0/0,J365/23", "2026-07-01T00:00:00Z", -14400 },
};

TEST(zone_follows_the_rule_of_a_file)
{
	for (size_t i = 0; i < ENT_COUNT(rules); i++) {
		ROW(rules[i].footer);
		const struct ent_zone *zone = NULL;
		CHECK_INT(parse_footer('3', rules[i].footer, &zone), ENT_OK);
		if (zone != NULL) {
			CHECK_INT(ent_zone_offset(zone, instant_of(rules[i].at)), rules[i].offset);
			CHECK_TEXT(zone->name.ptr, "Made/Up");
		}
	}
}

TEST(zone_knows_permanent_summer_time)
{
	const struct ent_zone *zone = NULL;
	CHECK_INT(parse_footer('3', "EST5EDT,0/0,J365/25", &zone), ENT_OK);
	CHECK_INT(ent_zone_next_change(zone, instant_of("1900-01-01T00:00:00Z")).us, INT64_MAX);
	CHECK_INT(ent_zone_next_change(zone, instant_of("5000-01-01T00:00:00Z")).us, INT64_MAX);
}

/* The last three: an hour of winter; summer that ends after it has begun again;
 * half an hour of summer. */
static const char bad_rules[] =
	"A0|AB0|ABC|ABC25|ABC0:60|ABC0:|ABC0:00:60|ABC+|ABC--1|ABC1000|ABC0DEF|ABC0DEF,|"
	"ABC0DE,M3.5.0,M10.5.0|ABC0DEF,M3.5.0|ABC0DEF,M3.5.0,|ABC0DEF25,M3.5.0,M10.5.0|"
	"ABC0DEF,M3.5.0,M13.1.0|ABC0DEF,M0.5.0,M10.5.0|ABC0DEF,M3.0.0,M10.5.0|"
	"ABC0DEF,M3.6.0,M10.5.0|ABC0DEF,M3.5.7,M10.5.0|ABC0DEF,M3.5,M10.5.0|"
	"ABC0DEF,M3-5.0,M10.5.0|ABC0DEF,J0,J300|ABC0DEF,J366,J3|ABC0DEF,366,3|"
	"ABC0DEF,M3.5.0/168,M10.5.0|ABC0DEF,M3.5.0/,M10.5.0|ABC0DEF,M3.5.0,M10.5.0x|"
	"ABC0DEF,M3.5.0,M10.5.0,|<AB>0|<ABC0|<>0|<A_C>0|A1C0|ABC0 | ABC0|:Europe/Berlin|"
	"ABC0\n|ABC0DEF,M3.5.0,M3.5.0|ABC0DEF,0/0,J365/167|ABC0DEF,J10/0,J10/1:30";

TEST(zone_refuses_broken_rules)
{
	for (ent_str rest = ent_str_of(bad_rules); rest.len > 0;) {
		struct ent_cut cut = ent_str_cut(rest, '|');
		char footer[40] = "";
		memcpy(footer, cut.head.ptr, cut.head.len);
		ROW(footer);
		const struct ent_zone *zone = NULL;
		CHECK_INT(parse_footer('3', footer, &zone), ENT_E_FORMAT);
		CHECK(zone == NULL);
		rest = cut.tail;
	}
	ROW("");
	const struct ent_zone *zone = NULL;
	CHECK_INT(parse_footer('2', "ABC0DEF,M3.5.0/24,M10.5.0", &zone), ENT_OK);
	CHECK_INT(parse_footer('2', "ABC0DEF,M3.5.0/25,M10.5.0", &zone), ENT_E_FORMAT);
	CHECK_INT(parse_footer('2', "ABC0DEF,M3.5.0/-1,M10.5.0", &zone), ENT_E_FORMAT);
	CHECK_INT(parse_footer('4', "ABC0DEF,M3.5.0/-167,M10.5.0", &zone), ENT_OK);
}

/* ---- files --------------------------------------------------------------- */

/* Two changes: head at 0 and 54, times at 98, indices 114, types 116, names 128. */
static const struct made good = {
	'2', 2, { 1000000000, 1010000000 }, { 1, 0 }, 2, { 3600, 7200 }, "AAA-1",
};

static const struct {
	const char *name;
	size_t at;
	char bytes[9];
	size_t len;
} damages[] = {
	{ "magic", 0, "X", 1 },
	{ "version 1", 4, "", 1 },
	{ "version 5", 4, "5", 1 },
	{ "old block too long", 32, "\xff\xff\xff\xff", 4 },
	{ "second magic", 54, "X", 1 },
	{ "second version", 58, "3", 1 },
	{ "an indicator of UTC for one type", 77, "\1", 1 },
	{ "an indicator of standard time for one type", 81, "\1", 1 },
	{ "leap seconds", 85, "\1", 1 },
	{ "too many leap seconds", 82, "\xff\xff\xff\xff", 4 },
	{ "too many changes", 86, "\xff\xff\xff\xff", 4 },
	{ "one change more", 89, "\3", 1 },
	{ "no types", 93, "", 1 },
	{ "too many types", 90, "\x7f", 1 },
	{ "no names", 97, "", 1 },
	{ "the same time twice", 106, "\0\0\0\0\x3b\x9a\xca\0", 8 },
	{ "times descend", 98, "\x3b", 1 },
	{ "before the Big Bang", 98, "\x80", 1 },
	{ "changes an hour apart", 106, "\0\0\0\0\x3b\x9a\xd8\x10", 8 },
	{ "unknown type", 114, "\2", 1 },
	{ "the last change is not as the rule says", 115, "\1", 1 },
	{ "an offset of a day more", 116, "\0\1\x6d\xa0", 4 },
	{ "an offset of a day less", 116, "\xff\xfe\xa0\x70", 4 },
	{ "neither summer nor winter", 120, "\2", 1 },
	{ "a name from nowhere", 121, "\4", 1 },
	{ "a name without end", 131, "A", 1 },
	{ "no line before the rule", 132, "A", 1 },
	{ "no line behind the rule", 138, "A", 1 },
};

TEST(zone_refuses_damaged_files)
{
	char buffer[ZONE_FILE_ROOM];
	const struct ent_zone *zone = NULL;
	ROW("undamaged");
	CHECK_INT(parse(make_file(&good, buffer), &zone), ENT_OK);
	CHECK_INT(zone->count, 2);
	CHECK_INT(ent_zone_offset(zone, (ent_instant){ 1005000000 * ENT_SECOND_US }), 7200);
	for (size_t i = 0; i < ENT_COUNT(damages); i++) {
		ROW(damages[i].name);
		ent_str bytes = make_file(&good, buffer);
		memcpy(buffer + damages[i].at, damages[i].bytes, damages[i].len);
		zone = NULL;
		CHECK_INT(parse(bytes, &zone), ENT_E_FORMAT);
		CHECK(zone == NULL);
	}
}

TEST(zone_without_rule_keeps_its_last_offset)
{
	char buffer[ZONE_FILE_ROOM];
	struct made made = good;
	made.footer = "";
	made.count = 1;
	const struct ent_zone *zone = NULL;
	CHECK_INT(parse(make_file(&made, buffer), &zone), ENT_OK);
	CHECK_INT(ent_zone_offset(zone, (ent_instant){ 0 }), 3600);
	CHECK_INT(ent_zone_offset(zone, ENT_INSTANT_END), 7200);
}

TEST(zone_refuses_a_file_without_types)
{
	char buffer[ZONE_FILE_ROOM];
	struct made made = { .version = '2', .footer = "AAA0" };
	const struct ent_zone *zone;
	CHECK_INT(parse(make_file(&made, buffer), &zone), ENT_E_FORMAT);
}

TEST(zone_refuses_broken_indicators)
{
	char buffer[ZONE_FILE_ROOM];
	ent_str whole = read_zone_file("Europe/Berlin", buffer);
	size_t at = whole.len - 2;
	while (at > 0 && buffer[at] != '\n') {
		at--;
	}
	const struct ent_zone *zone;
	CHECK_INT(parse(whole, &zone), ENT_OK);
	buffer[at - 1] = 2; /* just before the rule */
	CHECK_INT(parse(whole, &zone), ENT_E_FORMAT);
}

TEST(zone_refuses_every_part_of_a_file)
{
	char buffer[ZONE_FILE_ROOM];
	ent_str whole = read_zone_file("Europe/Berlin", buffer);
	CHECK(whole.len > 200);
	for (size_t len = 0; len < whole.len; len++) {
		const struct ent_zone *zone;
		CHECK_INT(parse((ent_str){ whole.ptr, len }, &zone), ENT_E_FORMAT);
	}
}

TEST(zone_refuses_leap_seconds)
{
	char buffer[ZONE_FILE_ROOM];
	ent_str bytes = read_zone_file("right/Europe/Berlin", buffer);
	const struct ent_zone *zone;
	if (bytes.ptr == NULL) {
		SKIP("no right/ zones on this system");
	}
	CHECK_INT(parse(bytes, &zone), ENT_E_FORMAT);
}

struct failing {
	ent_str bytes;
	const struct ent_zone *zone;
	struct ent_error error;
};

static void parse_failing(void *arg)
{
	struct failing *failing = arg;
	struct ent_arena arena = test_arena();
	failing->zone = NULL;
	CHECK_INT(ent_zone_parse(failing->bytes, ENT_STR("A/B"), &arena, &failing->zone,
	                         &failing->error),
	          ENT_OK);
}

static void check_failed(void *arg, bool ok)
{
	const struct failing *failing = arg;
	CHECK((failing->zone != NULL) == ok);
}

TEST(zone_survives_failing_allocations)
{
	char buffer[ZONE_FILE_ROOM];
	struct failing failing = { .bytes = read_zone_file("Europe/Berlin", buffer) };
	CHECK(test_each_allocation_fails(parse_failing, check_failed, &failing) >= 4);
}
