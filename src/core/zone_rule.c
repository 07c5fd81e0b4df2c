#include "core/zone_rule.h"

enum { HOUR_S = 3600, DAY_S = 86400 };

static bool take(ent_str *text, char c)
{
	if (text->len == 0 || text->ptr[0] != c) {
		return false;
	}
	text->ptr++;
	text->len--;
	return true;
}

/* One to three digits. */
static bool take_number(ent_str *text, int32_t least, int32_t most, int32_t *out)
{
	size_t digits = 0;
	while (digits < text->len && text->ptr[digits] >= '0' && text->ptr[digits] <= '9') {
		digits++;
	}
	if (digits < 1 || digits > 3 ||
	    !ent_str_digits((ent_str){ text->ptr, digits }, digits, out)) {
		return false;
	}
	text->ptr += digits;
	text->len -= digits;
	return *out >= least && *out <= most;
}

/* "CET" or "<+0330>"; which one it is does not matter to us. */
static bool take_name(ent_str *text)
{
	bool quoted = take(text, '<');
	size_t len = 0;
	for (; len < text->len; len++) {
		char c = text->ptr[len];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		bool other = (c >= '0' && c <= '9') || c == '+' || c == '-';
		if (!letter && !(quoted && other)) {
			break;
		}
	}
	text->ptr += len;
	text->len -= len;
	return len >= 3 && (!quoted || take(text, '>'));
}

/* "[+-]hh[:mm[:ss]]" in seconds. */
static bool take_clock(ent_str *text, int32_t hours, int32_t *out)
{
	bool negative = take(text, '-');
	if (!negative) {
		(void)take(text, '+');
	}
	int32_t h, m = 0, s = 0;
	if (!take_number(text, 0, hours, &h)) {
		return false;
	}
	if (take(text, ':')) {
		if (!take_number(text, 0, 59, &m) ||
		    (take(text, ':') && !take_number(text, 0, 59, &s))) {
			return false;
		}
	}
	*out = (h * HOUR_S + m * 60 + s) * (negative ? -1 : 1);
	return true;
}

static bool take_date(ent_str *text, struct ent_zone_day *out)
{
	if (take(text, 'J')) {
		out->form = ENT_ZONE_JULIAN;
		return take_number(text, 1, 365, &out->day);
	}
	if (!take(text, 'M')) {
		out->form = ENT_ZONE_DAY;
		return take_number(text, 0, 365, &out->day);
	}
	out->form = ENT_ZONE_WEEKDAY;
	return take_number(text, 1, 12, &out->month) && take(text, '.') &&
	       take_number(text, 1, 5, &out->week) && take(text, '.') &&
	       take_number(text, 0, 6, &out->day);
}

static bool take_day(ent_str *text, bool extended, struct ent_zone_day *out)
{
	*out = (struct ent_zone_day){ .time = 2 * HOUR_S };
	if (!take(text, ',') || !take_date(text, out)) {
		return false;
	}
	if (!take(text, '/')) {
		return true;
	}
	bool signed_ = text->len > 0 && (text->ptr[0] == '-' || text->ptr[0] == '+');
	return (extended || !signed_) && take_clock(text, extended ? 167 : 24, &out->time);
}

bool ent_zone_rule_parse(ent_str text, bool extended, struct ent_zone_rule *out)
{
	struct ent_zone_rule rule = { 0 };
	int32_t west;
	if (!take_name(&text) || !take_clock(&text, 24, &west)) {
		return false;
	}
	rule.standard = -west;
	if (text.len == 0) {
		*out = rule;
		return true;
	}
	rule.changes = true;
	rule.summer = rule.standard + HOUR_S;
	if (!take_name(&text) || text.len == 0) {
		return false;
	}
	if (text.ptr[0] != ',') {
		if (!take_clock(&text, 24, &west)) {
			return false;
		}
		rule.summer = -west;
	}
	if (!take_day(&text, extended, &rule.begins) || !take_day(&text, extended, &rule.ends) ||
	    text.len != 0) {
		return false;
	}
	*out = rule;
	return true;
}

static int32_t day_of(const struct ent_zone_day *day, int32_t year)
{
	if (day->form != ENT_ZONE_WEEKDAY) {
		int32_t first = ent_date_make(year, 1, 1).day;
		if (day->form == ENT_ZONE_DAY) {
			return first + day->day;
		}
		return first + day->day - 1 + (day->day >= 60 && ent_month_days(year, 2) == 29);
	}
	ent_date first = ent_date_make(year, day->month, 1);
	int32_t weekday = (ent_date_weekday(first) + 1) % 7; /* 0 is Sunday */
	int32_t behind = (day->day - weekday + 7) % 7 + (day->week - 1) * 7;
	return first.day + (behind < ent_month_days(year, day->month) ? behind : behind - 7);
}

void ent_zone_rule_steps(const struct ent_zone_rule *rule, int32_t year,
                         struct ent_zone_step out[static 2])
{
	struct ent_zone_step begins = {
		day_of(&rule->begins, year) * (int64_t)DAY_S + rule->begins.time - rule->standard,
		rule->summer,
	};
	struct ent_zone_step ends = {
		day_of(&rule->ends, year) * (int64_t)DAY_S + rule->ends.time - rule->summer,
		rule->standard,
	};
	bool north = begins.at <= ends.at;
	out[0] = north ? begins : ends;
	out[1] = north ? ends : begins;
}
