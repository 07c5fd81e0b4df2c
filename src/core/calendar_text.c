#include "core/calendar.h"

#include <string.h>

static const char *const weekdays[7] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

int ent_weekday_parse(ent_str text)
{
	for (int i = 0; i < 7; i++) {
		if (ent_str_is(text, weekdays[i])) {
			return i;
		}
	}
	return -1;
}

const char *ent_weekday_name(int weekday)
{
	return weekdays[weekday];
}

/* ---- times of day ---- */

bool ent_clock_parse(ent_str text, int32_t *seconds)
{
	int32_t h, m, s = 0;
	if ((text.len != 5 && text.len != 8) || text.ptr[2] != ':' ||
	    !ent_str_digits((ent_str){ text.ptr, 2 }, 2, &h) ||
	    !ent_str_digits((ent_str){ text.ptr + 3, 2 }, 2, &m)) {
		return false;
	}
	if (text.len == 8 &&
	    (text.ptr[5] != ':' || !ent_str_digits((ent_str){ text.ptr + 6, 2 }, 2, &s))) {
		return false;
	}
	if (m > 59 || s > 59 || h * 3600 + m * 60 + s > ENT_DAY_S) {
		return false;
	}
	*seconds = h * 3600 + m * 60 + s;
	return true;
}

void ent_clock_print(struct ent_text *out, int32_t seconds)
{
	ent_text_addf(out, "%02d:%02d", seconds / 3600, seconds / 60 % 60);
	if (seconds % 60 != 0) {
		ent_text_addf(out, ":%02d", seconds % 60);
	}
}

bool ent_opening_make(int32_t from, int32_t to, struct ent_opening *out)
{
	if (from >= ENT_DAY_S) {
		return false;
	}
	*out = (struct ent_opening){ from, to <= from ? to + ENT_DAY_S : to };
	return true;
}

/* ---- rules for dates ---- */

/* "-2" or "+39" at the front of *text, which is cut off it. */
static bool take_number(ent_str *text, int32_t most, int32_t *out)
{
	bool negative = text->len > 0 && text->ptr[0] == '-';
	size_t at = text->len > 0 && (text->ptr[0] == '+' || negative);
	size_t digits = 0;
	int32_t value = 0;
	while (digits < 3 && at + digits < text->len && text->ptr[at + digits] >= '0' &&
	       text->ptr[at + digits] <= '9') {
		value = value * 10 + text->ptr[at + digits++] - '0';
	}
	if (digits == 0 || text->ptr[at] == '0' || value > most) {
		return false;
	}
	*text = (ent_str){ text->ptr + at + digits, text->len - at - digits };
	*out = negative ? -value : value;
	return true;
}

/* "" or "+39" to the end. */
static bool offset_rest(ent_str text, int32_t *out)
{
	*out = 0;
	return text.len == 0 ||
	       ((text.ptr[0] == '+' || text.ptr[0] == '-') && take_number(&text, 366, out) &&
	        text.len == 0);
}

/* "thu4", "mon-1+2" behind the month. */
static bool parse_weekday(ent_str text, struct ent_day_rule *rule)
{
	if (text.len < 4 || text.ptr[3] == '+') {
		return false;
	}
	ent_str rest = { text.ptr + 3, text.len - 3 };
	rule->form = ENT_DAY_WEEKDAY;
	rule->weekday = ent_weekday_parse((ent_str){ text.ptr, 3 });
	return rule->weekday >= 0 && take_number(&rest, 5, &rule->nth) &&
	       offset_rest(rest, &rule->offset);
}

bool ent_day_rule_parse(ent_str text, struct ent_day_rule *out)
{
	struct ent_day_rule rule = { .form = ENT_DAY_ONCE, .date = ENT_DATE_NONE };
	if (ent_date_parse(text, &rule.date)) {
		*out = rule;
		return true;
	}
	rule.date = ENT_DATE_NONE;
	if (ent_str_begins(text, ENT_STR("easter"))) {
		rule.form = ENT_DAY_EASTER;
		if (!offset_rest((ent_str){ text.ptr + 6, text.len - 6 }, &rule.offset)) {
			return false;
		}
		*out = rule;
		return true;
	}
	if (text.len < 7 || text.ptr[0] != '*' || text.ptr[1] != '-' || text.ptr[4] != '-' ||
	    !ent_str_digits((ent_str){ text.ptr + 2, 2 }, 2, &rule.month) || rule.month < 1 ||
	    rule.month > 12) {
		return false;
	}
	ent_str day = { text.ptr + 5, text.len - 5 };
	if (ent_str_digits(day, 2, &rule.day)) {
		rule.form = ENT_DAY_YEARLY;
		if (rule.day < 1 || rule.day > ent_month_days(2000, rule.month)) {
			return false;
		}
	} else if (!parse_weekday(day, &rule)) {
		return false;
	}
	*out = rule;
	return true;
}

static size_t put_number(char *out, int32_t number, const char *plus)
{
	size_t len = 0;
	char digits[8];
	size_t n = 0;
	if (number < 0) {
		out[len++] = '-';
		number = -number;
	} else if (plus[0] != '\0') {
		out[len++] = plus[0];
	}
	for (; number > 0; number /= 10) {
		digits[n++] = (char)('0' + number % 10);
	}
	while (n > 0) {
		out[len++] = digits[--n];
	}
	return len;
}

size_t ent_day_rule_format(const struct ent_day_rule *rule, char out[static ENT_DAY_RULE_ROOM])
{
	size_t len;
	if (rule->form == ENT_DAY_ONCE) {
		ent_date_format(rule->date, out);
		return 10;
	}
	if (rule->form == ENT_DAY_EASTER) {
		memcpy(out, "easter", 6);
		len = 6;
	} else {
		memcpy(out, "*-00-00", 7);
		out[2] = (char)('0' + rule->month / 10);
		out[3] = (char)('0' + rule->month % 10);
		out[5] = (char)('0' + rule->day / 10);
		out[6] = (char)('0' + rule->day % 10);
		len = 7;
	}
	if (rule->form == ENT_DAY_WEEKDAY) {
		memcpy(out + 5, weekdays[rule->weekday], 3);
		len = 8 + put_number(out + 8, rule->nth, "");
	}
	if (rule->form != ENT_DAY_YEARLY && rule->offset != 0) {
		len += put_number(out + len, rule->offset, "+");
	}
	out[len] = '\0';
	return len;
}

/* ---- instants ---- */

/* "2026-02-28T09:30:00.25" without what says where. Seconds and the clock may be left out. */
static bool parse_wall(ent_str text, const struct ent_zone *zone, ent_instant *out)
{
	char room[40] = "";
	if (text.len < 10 || text.len == 11 || text.len > 26) {
		return false;
	}
	memcpy(room, text.ptr, text.len);
	if (text.len == 10) {
		memcpy(room + 10, "T00:00:00", 9);
	} else if (text.len == 16) {
		memcpy(room + 16, ":00", 3);
	}
	if (room[10] == ' ') {
		room[10] = 'T';
	}
	size_t len = strlen(room);
	room[len++] = 'Z';
	ent_instant wall;
	if (!ent_instant_parse((ent_str){ room, len }, &wall)) {
		return false;
	}
	int64_t seconds = wall.us / ENT_SECOND_US - (wall.us % ENT_SECOND_US < 0);
	out->us = ent_zone_instant(zone, seconds, ENT_PICK_FIRST, NULL).us +
	          (wall.us - seconds * ENT_SECOND_US);
	return true;
}

bool ent_when_parse(ent_str text, const struct ent_zone *zone, ent_instant *out,
                    enum ent_when_form *form)
{
	if (ent_instant_parse(text, out)) {
		char last = text.ptr[text.len - 1];
		*form = last == 'Z' || last == 'z' ? ENT_WHEN_UTC : ENT_WHEN_OFFSET;
		return true;
	}
	*form = ENT_WHEN_WALL;
	return parse_wall(text, zone, out);
}

size_t ent_when_format(ent_instant instant, const struct ent_zone *zone, enum ent_when_form form,
                       char out[static ENT_WHEN_ROOM])
{
	int32_t offset = form == ENT_WHEN_UTC ? 0 : ent_zone_offset(zone, instant);
	instant.us += offset * ENT_SECOND_US;
	size_t len = ent_instant_format(instant, out) - 1; /* without the Z */
	if (form == ENT_WHEN_UTC) {
		len++;
	} else if (form == ENT_WHEN_OFFSET) {
		int32_t minutes = (offset < 0 ? -offset : offset) / 60;
		out[len++] = offset < 0 ? '-' : '+';
		out[len++] = (char)('0' + minutes / 600);
		out[len++] = (char)('0' + minutes / 60 % 10);
		out[len++] = ':';
		out[len++] = (char)('0' + minutes % 60 / 10);
		out[len++] = (char)('0' + minutes % 10);
	}
	out[len] = '\0';
	return len;
}
