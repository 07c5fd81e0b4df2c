#include "ical/ical.h"
#include "test.h"

#include <string.h>

static bool no_zone(ent_str name, const struct ent_zone **out)
{
	*out = &ent_zone_utc;
	return ent_str_is(name, "UTC") || ent_str_is(name, "Europe/Utopia");
}

static struct ent_ical read_text(ent_str text, struct ent_arena *arena)
{
	struct ent_ical_question question = { .text = text,
		                              .zone = &ent_zone_utc,
		                              .from = ent_date_make(2026, 1, 1),
		                              .until = ent_date_make(2030, 1, 1),
		                              .find_zone = no_zone };
	struct ent_ical out = { .event_count = 0 };
	struct ent_error error = { 0 };
	CHECK_INT(ent_ical_read(&question, arena, &out, &error), ENT_OK);
	return out;
}

static void add_rule(struct ent_text *out, const struct ent_day_rule *rule, int32_t seconds)
{
	char room[ENT_DAY_RULE_ROOM];
	ent_text_add(out, (ent_str){ room, ent_day_rule_format(rule, room) });
	ent_text_char(out, 'T');
	ent_clock_print(out, seconds);
}

/* "2026-12-24T12:00/2026-12-24T24:00 name; … | reason" */
static const char *shown(const struct ent_ical *ical, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	for (size_t i = 0; i < ical->holiday_count; i++) {
		const struct ent_holiday *h = &ical->holidays[i];
		ent_text_addf(&out, "%s", i > 0 ? "; " : "");
		add_rule(&out, &h->first, h->from);
		ent_text_char(&out, '/');
		add_rule(&out, &h->last, h->to);
		ent_text_addf(&out, " %.*s", (int)h->name.len,
		              h->name.ptr == NULL ? "" : h->name.ptr);
	}
	for (size_t i = 0; i < ical->skipped_count; i++) {
		ent_text_addf(&out, " | %s", ical->skipped[i].reason);
	}
	return ent_text_end(&out).ptr;
}

/* Lines of one event, or more than one. */
static const char *read_events(const char *events, struct ent_arena *arena)
{
	ent_str text = ent_text_format(arena,
	                               "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n%s\r\n"
	                               "END:VCALENDAR\r\n",
	                               events);
	struct ent_ical ical = read_text(text, arena);
	return shown(&ical, arena);
}

#define EVENT(lines) "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:x\r\n" lines "\r\nEND:VEVENT"
#define ZONE                                                                              \
	"BEGIN:VTIMEZONE\r\nTZID:Office\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n" \
	"TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
#define WILD                                                                                \
	"BEGIN:VTIMEZONE\r\nTZID:Wild\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"     \
	"RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\n" \
	"END:VTIMEZONE\r\n"

TEST(ical_reads_events_as_holidays)
{
	static const char *const rows[] = {
		EVENT("DTSTART;VALUE=DATE:20261225"),
		"2026-12-25T00:00/2026-12-25T24:00 x",
		EVENT("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227"),
		"2026-12-24T00:00/2026-12-26T24:00 x",
		EVENT("DTSTART:20261224T120000\r\nDURATION:PT6H"),
		"2026-12-24T12:00/2026-12-24T18:00 x",
		EVENT("DTSTART:20261224T120000Z\r\nDTEND:20261225T000000Z"),
		"2026-12-24T12:00/2026-12-24T24:00 x",
		EVENT("DTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY"),
		"*-12-25T00:00/*-12-25T24:00 x",
		EVENT("DTSTART;VALUE=DATE:20201126\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
		"*-11-thu4T00:00/*-11-thu4T24:00 x",
		EVENT("DTSTART:20200525T120000\r\nDTEND:20200525T150000\r\n"
		      "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO"),
		"*-05-mon-1T12:00/*-05-mon-1T15:00 x",
		EVENT("DTSTART;VALUE=DATE:20251225\r\nRRULE:FREQ=YEARLY;UNTIL=20281231"),
		"2026-12-25T00:00/2026-12-25T24:00 x; 2027-12-25T00:00/2027-12-25T24:00 x; "
		"2028-12-25T00:00/2028-12-25T24:00 x",
		EVENT("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY;COUNT=3\r\n"
		      "EXDATE;VALUE=DATE:20271225"),
		"2026-12-25T00:00/2026-12-25T24:00 x; 2028-12-25T00:00/2028-12-25T24:00 x",
		EVENT("DTSTART;VALUE=DATE:20260101\r\nRDATE;VALUE=DATE:20260601,20270601"),
		"2026-01-01T00:00/2026-01-01T24:00 x; 2026-06-01T00:00/2026-06-01T24:00 x; "
		"2027-06-01T00:00/2027-06-01T24:00 x",
		ZONE EVENT("DTSTART;TZID=Office:20261224T120000\r\nDURATION:PT1H"),
		"2026-12-24T10:00/2026-12-24T11:00 x",
		EVENT("DTSTART;TZID=Europe/Utopia:20261224T120000\r\nDURATION:PT1H"),
		"2026-12-24T12:00/2026-12-24T13:00 x",
		EVENT("DTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=WEEKLY;COUNT=3") "\r\n" EVENT(
			"RECURRENCE-ID;VALUE=DATE:20260112\r\nDTSTART;VALUE=DATE:20260113"),
		"2026-01-05T00:00/2026-01-05T24:00 x; 2026-01-19T00:00/2026-01-19T24:00 x; "
		"2026-01-13T00:00/2026-01-13T24:00 x",
		EVENT("DTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=WEEKLY;COUNT=2") "\r\n" EVENT(
			"RECURRENCE-ID;VALUE=DATE:20260112\r\nDTSTART;VALUE=DATE:20260112\r\n"
			"STATUS:CANCELLED"),
		"2026-01-05T00:00/2026-01-05T24:00 x | it was cancelled",
		EVENT("DTSTART:20260105T120000\r\nRRULE:FREQ=SECONDLY\r\nDURATION:PT1S"),
		" | it recurs within a day",
		WILD EVENT("DTSTART;TZID=Wild:20260105T120000\r\nDURATION:PT1S"),
		" | its DTSTART is none, or of an unknown zone",
		EVENT("DTSTART:20260105T120000"),
		" | it does not last",
		EVENT("SUMMARY:no date"),
		" | it has no DTSTART",
		EVENT("DTSTART;VALUE=DATE:00010101\r\nRRULE:FREQ=DAILY"),
		" | its DTSTART is none, or of an unknown zone",
		EVENT("DTSTART;VALUE=DATE:20010101\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
		"",
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i += 2) {
		struct ent_arena arena = test_arena();
		ROW(rows[i]);
		CHECK_TEXT(read_events(rows[i], &arena), rows[i + 1]);
	}
	ROW(NULL);
}

TEST(ical_refuses_what_is_none)
{
	struct ent_arena arena = test_arena();
	struct ent_text deep = ent_text_begin(&arena);
	for (int i = 0; i < 5000; i++) {
		ent_text_add(&deep, ENT_STR("BEG\r\n IN:VEVENT\r\n"));
	}
	const char *texts[] = { "", "hello", "BEGIN:VEVENT\r\nEND:VEVENT",
		                ent_text_end(&deep).ptr };
	for (size_t i = 0; i < ENT_COUNT(texts); i++) {
		struct ent_ical_question question = { .text = ent_str_of(texts[i]),
			                              .zone = &ent_zone_utc,
			                              .find_zone = no_zone };
		struct ent_ical out;
		struct ent_error error = { 0 };
		CHECK_INT(ent_ical_read(&question, &arena, &out, &error), ENT_E_SYNTAX);
	}
}

TEST(ical_reads_back_what_it_writes)
{
	static const struct {
		const char *first, *last;
		int32_t from, to;
		const char *name;
	} rows[] = {
		{ "2026-12-25", "2026-12-25", 0, ENT_DAY_S, "Christmas; a, \\ day" },
		{ "2026-12-24", "2026-12-26", 43200, 64800, NULL },
		{ "*-12-25", "*-12-25", 0, ENT_DAY_S, "\xc3\x89t\xc3\xa9" },
		{ "*-02-29", "*-02-29", 0, ENT_DAY_S, NULL },
		{ "*-11-thu4", "*-11-thu4", 0, 43200, "Thanks" },
		{ "*-05-mon-1", "*-05-mon-1", 0, ENT_DAY_S, NULL },
		{ "*-11-thu4+1", "*-11-thu4+1", 0, ENT_DAY_S, "Black Friday" },
		{ "easter-2", "easter+1", 0, ENT_DAY_S, "Easter" },
		{ "*-12-24", "*-01-02", 43200, ENT_DAY_S, "Between the years" },
	};
	struct ent_arena arena = test_arena();
	struct ent_holiday *items = ENT_NEW(&arena, struct ent_holiday, ENT_COUNT(rows));
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		items[i] = (struct ent_holiday){ .from = rows[i].from, .to = rows[i].to };
		CHECK(ent_day_rule_parse(ent_str_of(rows[i].first), &items[i].first));
		CHECK(ent_day_rule_parse(ent_str_of(rows[i].last), &items[i].last));
		items[i].name =
			rows[i].name == NULL ? (ent_str){ NULL, 0 } : ent_str_of(rows[i].name);
	}
	struct ent_text out = ent_text_begin(&arena);
	ent_ical_write(ENT_STR("Holidays"), items, ENT_COUNT(rows), (ent_instant){ 0 }, 2026, 2028,
	               &out);
	struct ent_ical back = read_text(ent_text_end(&out), &arena);
	struct ent_ical want = { .holidays = items, .holiday_count = ENT_COUNT(rows) };
	CHECK_TEXT(shown(&back, &arena), shown(&want, &arena));
}
