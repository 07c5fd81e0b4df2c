#include "ical/ical.h"

#include <string.h>

static const char *const days[7] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };

/* A line folded at 75 bytes, never within a character. */
static void add_line(struct ent_text *out, const char *name, ent_str value)
{
	size_t used = strlen(name);
	ent_text_add(out, ent_str_of(name));
	for (size_t i = 0; i < value.len; i++) {
		bool begins = ((unsigned char)value.ptr[i] & 0xC0) != 0x80;
		if (begins && used >= 70) {
			ent_text_add(out, ENT_STR("\r\n "));
			used = 1;
		}
		ent_text_char(out, value.ptr[i]);
		used++;
	}
	ent_text_add(out, ENT_STR("\r\n"));
}

/* TEXT of RFC 5545: 3.3.11. Control characters have no place in it. */
static ent_str escaped(ent_str text, char *room)
{
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c == '\\' || c == ';' || c == ',') {
			room[len++] = '\\';
		}
		if (c >= ' ' && c != 0x7f) {
			room[len++] = (char)c;
		} else if (c == '\n') {
			room[len++] = '\\';
			room[len++] = 'n';
		}
	}
	return (ent_str){ room, len };
}

static void add_text(struct ent_text *out, const char *name, ent_str text)
{
	char room[2 * 1024];
	ent_str cut = { text.ptr, text.len < sizeof(room) / 2 ? text.len : sizeof(room) / 2 };
	add_line(out, name, escaped(cut, room));
}

static void add_date(struct ent_text *out, const char *name, ent_date date)
{
	struct ent_civil civil = ent_date_civil(date);
	ent_text_addf(out, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, civil.year, civil.month,
	              civil.day);
}

static void add_time(struct ent_text *out, const char *name, ent_date date, int32_t seconds)
{
	if (seconds == ENT_DAY_S) {
		date.day++;
		seconds = 0;
	}
	struct ent_civil civil = ent_date_civil(date);
	ent_text_addf(out, "%s:%04d%02d%02dT%02d%02d%02d\r\n", name, civil.year, civil.month,
	              civil.day, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* The last date of a holiday that begins on this one; none if there is no such year. */
static ent_date last_of(const struct ent_holiday *holiday, ent_date first, int32_t year)
{
	ent_date last = ent_day_rule_date(&holiday->last, year);
	if (holiday->last.form != ENT_DAY_ONCE &&
	    (ent_date_is_none(last) || last.day < first.day)) {
		last = ent_day_rule_date(&holiday->last, year + 1);
	}
	return last;
}

static void add_span(struct ent_text *out, const struct ent_holiday *holiday, ent_date first,
                     ent_date last)
{
	if (holiday->from == 0 && holiday->to == ENT_DAY_S) {
		add_date(out, "DTSTART", first);
		add_date(out, "DTEND", (ent_date){ last.day + 1 });
	} else {
		add_time(out, "DTSTART", first, holiday->from);
		add_time(out, "DTEND", last, holiday->to);
	}
}

static void begin(struct ent_text *out, const struct ent_holiday *holiday, size_t at, int part,
                  ent_instant stamp)
{
	ent_date today = ent_zone_date(&ent_zone_utc, stamp);
	struct ent_civil civil = ent_date_civil(today);
	int32_t seconds =
		(int32_t)(ent_zone_local(&ent_zone_utc, stamp) - (int64_t)today.day * ENT_DAY_S);
	ent_text_addf(out, "BEGIN:VEVENT\r\nUID:%zu-%d@entitled\r\n", at, part);
	ent_text_addf(out, "DTSTAMP:%04d%02d%02dT%02d%02d%02dZ\r\n", civil.year, civil.month,
	              civil.day, seconds / 3600, seconds / 60 % 60, seconds % 60);
	add_text(out, "SUMMARY:", holiday->name.len > 0 ? holiday->name : ENT_STR("Closed"));
	if (holiday->name.len == 0) {
		ent_text_add(out, ENT_STR("X-ENTITLED-UNNAMED:1\r\n"));
	}
}

/* Can RRULE say when it begins, and is it as long each year? */
static bool is_regular(const struct ent_holiday *holiday)
{
	const struct ent_day_rule *first = &holiday->first;
	const struct ent_day_rule *last = &holiday->last;
	bool same = memcmp(first, last, sizeof(*first)) == 0;
	return same && (first->form == ENT_DAY_YEARLY ||
	                (first->form == ENT_DAY_WEEKDAY && first->offset == 0));
}

static void add_regular(struct ent_text *out, const struct ent_holiday *holiday)
{
	const struct ent_day_rule *rule = &holiday->first;
	int32_t year = 2000; /* a leap year; its n-th weekday may be missing */
	ent_date first = ent_day_rule_date(rule, year);
	while (ent_date_is_none(first)) {
		first = ent_day_rule_date(rule, ++year);
	}
	add_span(out, holiday, first, first);
	if (rule->form == ENT_DAY_YEARLY) {
		ent_text_addf(out, "RRULE:FREQ=YEARLY;BYMONTH=%d;BYMONTHDAY=%d\r\n", rule->month,
		              rule->day);
	} else {
		ent_text_addf(out, "RRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s\r\n", rule->month,
		              rule->nth, days[rule->weekday]);
	}
}

static void add_rule(struct ent_text *out, const char *name, const struct ent_day_rule *rule)
{
	char room[ENT_DAY_RULE_ROOM];
	size_t len = ent_day_rule_format(rule, room);
	ent_text_addf(out, "%s:%.*s\r\n", name, (int)len, room);
}

/* Each year by itself, the first with the rule for those who know it. */
static void add_listed(struct ent_text *out, const struct ent_holiday *holiday, size_t at,
                       ent_instant stamp, int32_t from, int32_t until)
{
	int part = 0;
	for (int32_t year = from; year <= until; year++) {
		ent_date first = ent_day_rule_date(&holiday->first, year);
		ent_date last = ent_date_is_none(first) ? first : last_of(holiday, first, year);
		if (ent_date_is_none(last)) {
			continue;
		}
		begin(out, holiday, at, part, stamp);
		add_span(out, holiday, first, last);
		add_rule(out, "X-ENTITLED-RULE", &holiday->first);
		add_rule(out, "X-ENTITLED-LAST", &holiday->last);
		ent_text_addf(out, "X-ENTITLED-PART:%d\r\nEND:VEVENT\r\n", part++);
	}
}

void ent_ical_write(ent_str name, const struct ent_holiday *holidays, size_t count,
                    ent_instant stamp, int32_t first, int32_t last, struct ent_text *out)
{
	ent_text_add(out, ENT_STR("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
	                          "PRODID:-//entitled//holidays//EN\r\nCALSCALE:GREGORIAN\r\n"));
	add_text(out, "X-WR-CALNAME:", name);
	for (size_t i = 0; i < count; i++) {
		const struct ent_holiday *holiday = &holidays[i];
		bool once = holiday->first.form == ENT_DAY_ONCE;
		if (!once && !is_regular(holiday)) {
			add_listed(out, holiday, i, stamp, first, last);
			continue;
		}
		begin(out, holiday, i, 0, stamp);
		if (once) {
			add_span(out, holiday, holiday->first.date, holiday->last.date);
		} else {
			add_regular(out, holiday);
		}
		ent_text_add(out, ENT_STR("END:VEVENT\r\n"));
	}
	ent_text_add(out, ENT_STR("END:VCALENDAR\r\n"));
}
