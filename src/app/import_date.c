/* Dates, instants and booleans in the spellings of spreadsheets and of Salesforce. */
#include "app/import.h"

#include <stdio.h>
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Up to `most` digits at the front of *text; -1: none. */
static int32_t number(ent_str *text, size_t most)
{
	int32_t value = 0;
	size_t len = 0;
	while (len < most && len < text->len && is_digit(text->ptr[len])) {
		value = value * 10 + (text->ptr[len++] - '0');
	}
	*text = (ent_str){ text->ptr + len, text->len - len };
	return len > 0 ? value : -1;
}

static bool take(ent_str *text, char c)
{
	if (text->len == 0 || lower(text->ptr[0]) != c) {
		return false;
	}
	*text = (ent_str){ text->ptr + 1, text->len - 1 };
	return true;
}

static bool make_date(int32_t year, int32_t month, int32_t day, ent_date *out)
{
	if (year < 1000 || year > ENT_YEAR_MAX || month < 1 || month > 12 || day < 1 ||
	    day > ent_month_days(year, month)) {
		return false;
	}
	*out = ent_date_make(year, month, day);
	return true;
}

/* The date at the front of *text. */
static bool take_date(ent_str *text, enum ent_date_order order, ent_date *out)
{
	int32_t part[3];
	part[0] = number(text, 4);
	char separator = text->len > 0 ? text->ptr[0] : '\0';
	bool known = separator == '-' || separator == '/' || separator == '.';
	if (!known || !take(text, separator)) {
		return false;
	}
	part[1] = number(text, 2);
	if (!take(text, separator)) {
		return false;
	}
	part[2] = number(text, 4);
	if (part[0] >= 1000) {
		return (separator == '-' || order == ENT_ORDER_YMD) &&
		       make_date(part[0], part[1], part[2], out);
	}
	bool day_first = order == ENT_ORDER_DMY;
	return (day_first || order == ENT_ORDER_MDY) &&
	       make_date(part[2], part[day_first ? 1 : 0], part[day_first ? 0 : 1], out);
}

bool ent_import_date(ent_str text, enum ent_date_order order, ent_date *out)
{
	ent_str rest = ent_str_trim(text);
	ent_date date;
	if (!take_date(&rest, order, &date) ||
	    (rest.len > 0 && rest.ptr[0] != 'T' && rest.ptr[0] != ' ')) {
		return false;
	}
	ent_instant ignored;
	if (rest.len > 0 && !ent_import_instant(text, order, &ignored)) {
		return false;
	}
	*out = date;
	return true;
}

struct clock {
	int32_t hour, minute, second, micro;
	int32_t offset; /* minutes east */
};

static bool take_fraction(ent_str *text, int32_t *micro)
{
	*micro = 0;
	if (!take(text, '.')) {
		return true;
	}
	size_t before = text->len;
	int32_t digits = number(text, 6);
	for (size_t taken = before - text->len; taken < 6; taken++) {
		digits *= 10;
	}
	*micro = digits;
	return digits >= 0 && (text->len == 0 || !is_digit(text->ptr[0]));
}

/* "PM", "am": hours of twelve. */
static bool take_half(ent_str *text, int32_t *hour)
{
	ent_str rest = ent_str_trim(*text);
	bool pm = rest.len >= 2 && lower(rest.ptr[0]) == 'p' && lower(rest.ptr[1]) == 'm';
	bool am = rest.len >= 2 && lower(rest.ptr[0]) == 'a' && lower(rest.ptr[1]) == 'm';
	if (!am && !pm) {
		return true;
	}
	*text = (ent_str){ rest.ptr + 2, rest.len - 2 };
	bool good = *hour >= 1 && *hour <= 12;
	*hour = *hour % 12 + (pm ? 12 : 0);
	return good;
}

static bool take_offset(ent_str *text, int32_t *offset)
{
	*text = ent_str_trim(*text);
	*offset = 0;
	if (text->len == 0 || take(text, 'z')) {
		return text->len == 0;
	}
	int32_t sign = text->ptr[0] == '-' ? -1 : 1;
	if (!take(text, '+') && !take(text, '-')) {
		return false;
	}
	int32_t hours = number(text, 2);
	take(text, ':');
	int32_t minutes = text->len > 0 ? number(text, 2) : 0;
	*offset = sign * (hours * 60 + minutes);
	return text->len == 0 && hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
}

static bool take_clock(ent_str *text, struct clock *out)
{
	out->hour = number(text, 2);
	if (out->hour < 0 || !take(text, ':')) {
		return false;
	}
	out->minute = number(text, 2);
	out->second = take(text, ':') ? number(text, 2) : 0;
	return take_fraction(text, &out->micro) && take_half(text, &out->hour) &&
	       take_offset(text, &out->offset) && out->hour < 24 && out->minute >= 0 &&
	       out->minute < 60 && out->second >= 0 && out->second < 60;
}

bool ent_import_instant(ent_str text, enum ent_date_order order, ent_instant *out)
{
	ent_str rest = ent_str_trim(text);
	struct clock clock = { 0 };
	ent_date date;
	if (!take_date(&rest, order, &date)) {
		return false;
	}
	if (rest.len > 0 &&
	    ((!take(&rest, 't') && !take(&rest, ' ')) || !take_clock(&rest, &clock))) {
		return false;
	}
	int64_t seconds = date.day * INT64_C(86400) + clock.hour * 3600 +
	                  (clock.minute - clock.offset) * 60 + clock.second;
	out->us = seconds * ENT_SECOND_US + clock.micro;
	return true;
}

bool ent_import_bool(ent_str text, bool *out)
{
	static const struct {
		const char *word;
		bool is_true;
	} words[] = {
		{ "true", true },   { "yes", true }, { "1", true },  { "y", true },
		{ "false", false }, { "no", false }, { "0", false }, { "n", false },
	};
	text = ent_str_trim(text);
	for (size_t i = 0; i < ENT_COUNT(words); i++) {
		size_t k = 0;
		while (k < text.len && lower(text.ptr[k]) == words[i].word[k]) {
			k++;
		}
		if (k == text.len && k == strlen(words[i].word)) {
			*out = words[i].is_true;
			return true;
		}
	}
	return false;
}
