#include "core/value.h"

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* ---- dates --------------------------------------------------------------- */

/* Proleptic Gregorian, by 400-year eras that begin on 1 March. Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms". */
ent_date ent_date_make(int32_t year, int32_t month, int32_t day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = floor_div(y, 400);
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return (ent_date){ (int32_t)(era * 146097 + doe - 719468) };
}

struct ent_civil ent_date_civil(ent_date date)
{
	int64_t z = (int64_t)date.day + 719468;
	int64_t era = floor_div(z, 146097);
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	struct ent_civil civil;
	civil.day = (int32_t)(doy - (153 * mp + 2) / 5 + 1);
	civil.month = (int32_t)(mp + (mp < 10 ? 3 : -9));
	civil.year = (int32_t)(yoe + era * 400 + (civil.month <= 2));
	return civil;
}

int32_t ent_month_days(int32_t year, int32_t month)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

bool ent_date_parse(ent_str text, ent_date *out)
{
	if (text.len != 10 || text.ptr[4] != '-' || text.ptr[7] != '-') {
		return false;
	}
	int32_t year, month, day;
	if (!ent_str_digits((ent_str){ text.ptr, 4 }, 4, &year) ||
	    !ent_str_digits((ent_str){ text.ptr + 5, 2 }, 2, &month) ||
	    !ent_str_digits((ent_str){ text.ptr + 8, 2 }, 2, &day)) {
		return false;
	}
	if (year < ENT_YEAR_MIN || month < 1 || month > 12 || day < 1 ||
	    day > ent_month_days(year, month)) {
		return false;
	}
	*out = ent_date_make(year, month, day);
	return true;
}

static void put(char *out, int64_t value, int digits)
{
	for (int i = digits - 1; i >= 0; i--) {
		out[i] = (char)('0' + value % 10);
		value /= 10;
	}
}

void ent_date_format(ent_date date, char out[static 11])
{
	struct ent_civil civil = ent_date_civil(date);
	assert(civil.year >= 0 && civil.year <= ENT_YEAR_MAX);
	put(out, civil.year, 4);
	out[4] = '-';
	put(out + 5, civil.month, 2);
	out[7] = '-';
	put(out + 8, civil.day, 2);
	out[10] = '\0';
}

int ent_date_weekday(ent_date date)
{
	int w = (int)((date.day + INT64_C(3)) % 7); /* 1970-01-01 was a Thursday */
	return w < 0 ? w + 7 : w;
}

ent_date ent_date_add_months(ent_date date, int32_t months)
{
	struct ent_civil civil = ent_date_civil(date);
	int64_t month = (int64_t)civil.year * 12 + (civil.month - 1) + months;
	int32_t year = (int32_t)floor_div(month, 12);
	int32_t of_year = (int32_t)(month - (int64_t)year * 12) + 1;
	int32_t last = ent_month_days(year, of_year);
	return ent_date_make(year, of_year, civil.day < last ? civil.day : last);
}

/* ---- instants ------------------------------------------------------------ */

/* "T09:30:00" at text.ptr: microseconds of the day. */
static bool parse_clock(ent_str text, int64_t *us)
{
	int32_t h, m, s;
	if (text.len < 9 || (text.ptr[0] != 'T' && text.ptr[0] != 't') || text.ptr[3] != ':' ||
	    text.ptr[6] != ':' || !ent_str_digits((ent_str){ text.ptr + 1, 2 }, 2, &h) ||
	    !ent_str_digits((ent_str){ text.ptr + 4, 2 }, 2, &m) ||
	    !ent_str_digits((ent_str){ text.ptr + 7, 2 }, 2, &s) || h > 23 || m > 59 || s > 59) {
		return false;
	}
	*us = h * ENT_HOUR_US + m * ENT_MINUTE_US + s * ENT_SECOND_US;
	return true;
}

/* ".25" at the front of *text, which is cut off it; nothing there is 0. */
static bool parse_fraction(ent_str *text, int64_t *us)
{
	*us = 0;
	if (text->len == 0 || text->ptr[0] != '.') {
		return true;
	}
	size_t digits = 0;
	while (digits + 1 < text->len && text->ptr[digits + 1] >= '0' &&
	       text->ptr[digits + 1] <= '9') {
		digits++;
	}
	int32_t value;
	if (digits < 1 || digits > 6 ||
	    !ent_str_digits((ent_str){ text->ptr + 1, digits }, digits, &value)) {
		return false;
	}
	*us = value;
	for (size_t i = digits; i < 6; i++) {
		*us *= 10;
	}
	text->ptr += digits + 1;
	text->len -= digits + 1;
	return true;
}

static bool parse_offset(ent_str text, int64_t *us)
{
	if (text.len == 1 && (text.ptr[0] == 'Z' || text.ptr[0] == 'z')) {
		*us = 0;
		return true;
	}
	int32_t h, m;
	if (text.len != 6 || (text.ptr[0] != '+' && text.ptr[0] != '-') || text.ptr[3] != ':' ||
	    !ent_str_digits((ent_str){ text.ptr + 1, 2 }, 2, &h) ||
	    !ent_str_digits((ent_str){ text.ptr + 4, 2 }, 2, &m) || h > 23 || m > 59) {
		return false;
	}
	*us = (h * ENT_HOUR_US + m * ENT_MINUTE_US) * (text.ptr[0] == '-' ? -1 : 1);
	return true;
}

bool ent_instant_parse(ent_str text, ent_instant *out)
{
	ent_date date;
	int64_t clock, fraction, offset;
	if (text.len < 20 || !ent_date_parse((ent_str){ text.ptr, 10 }, &date)) {
		return false;
	}
	ent_str rest = { text.ptr + 10, text.len - 10 };
	if (!parse_clock(rest, &clock)) {
		return false;
	}
	rest = (ent_str){ rest.ptr + 9, rest.len - 9 };
	if (!parse_fraction(&rest, &fraction) || !parse_offset(rest, &offset)) {
		return false;
	}
	int64_t us = date.day * ENT_DAY_US + clock + fraction - offset;
	if (us < ent_date_make(ENT_YEAR_MIN, 1, 1).day * ENT_DAY_US ||
	    us >= ent_date_make(ENT_YEAR_MAX + 1, 1, 1).day * ENT_DAY_US) {
		return false; /* the offset led out of the years that can be written */
	}
	out->us = us;
	return true;
}

size_t ent_instant_format(ent_instant instant, char out[static ENT_INSTANT_ROOM])
{
	int64_t day = floor_div(instant.us, ENT_DAY_US);
	int64_t us = instant.us - day * ENT_DAY_US;
	ent_date_format((ent_date){ (int32_t)day }, out);
	out[10] = 'T';
	put(out + 11, us / ENT_HOUR_US, 2);
	out[13] = ':';
	put(out + 14, us / ENT_MINUTE_US % 60, 2);
	out[16] = ':';
	put(out + 17, us / ENT_SECOND_US % 60, 2);
	size_t len = 19;
	int64_t fraction = us % ENT_SECOND_US;
	if (fraction != 0) {
		int digits = fraction % 1000 == 0 ? 3 : 6;
		out[len] = '.';
		put(out + len + 1, digits == 3 ? fraction / 1000 : fraction, digits);
		len += 1 + (size_t)digits;
	}
	out[len] = 'Z';
	out[len + 1] = '\0';
	return len + 1;
}

/* ---- decimals ------------------------------------------------------------ */

bool ent_decimal_parse(ent_str text, ent_decimal *out)
{
	bool negative = text.len > 0 && text.ptr[0] == '-';
	if (negative) {
		text = (ent_str){ text.ptr + 1, text.len - 1 };
	}
	struct ent_cut parts = ent_str_cut(text, '.');
	int64_t whole, fraction = 0;
	int32_t digits;
	if (parts.head.len == 0 || parts.head.ptr[0] == '-' || !ent_str_int(parts.head, &whole) ||
	    whole > 9 * INT64_C(1000000000000)) {
		return false;
	}
	if (parts.found) {
		if (parts.tail.len < 1 || parts.tail.len > 6 ||
		    !ent_str_digits(parts.tail, parts.tail.len, &digits)) {
			return false;
		}
		fraction = digits;
		for (size_t i = parts.tail.len; i < 6; i++) {
			fraction *= 10;
		}
	}
	int64_t micro = whole * ENT_MICRO + fraction;
	if (micro > 9 * INT64_C(1000000000000) * ENT_MICRO) {
		return false;
	}
	out->micro = negative ? -micro : micro;
	return true;
}

size_t ent_decimal_format(ent_decimal decimal, char out[static ENT_DECIMAL_ROOM])
{
	uint64_t micro = decimal.micro < 0 ? 0 - (uint64_t)decimal.micro : (uint64_t)decimal.micro;
	char digits[24];
	size_t n = 0;
	for (uint64_t whole = micro / ENT_MICRO; whole > 0 || n == 0; whole /= 10) {
		digits[n++] = (char)('0' + whole % 10);
	}
	size_t len = 0;
	if (decimal.micro < 0) {
		out[len++] = '-';
	}
	while (n > 0) {
		out[len++] = digits[--n];
	}
	if (micro % ENT_MICRO != 0) {
		out[len] = '.';
		put(out + len + 1, (int64_t)(micro % ENT_MICRO), 6);
		len += 7;
		while (out[len - 1] == '0') {
			len--;
		}
	}
	out[len] = '\0';
	return len;
}

/* ---- identifiers --------------------------------------------------------- */

static const char base32[] = "0123456789abcdefghjkmnpqrstvwxyz";

size_t ent_id_format(ent_id id, const char *prefix, char out[static ENT_ID_ROOM])
{
	size_t len = 0;
	for (; prefix[len] != '\0'; len++) {
		assert(len < ENT_PREFIX_MAX);
		out[len] = prefix[len];
	}
	out[len++] = '_';
	uint64_t rest = (uint64_t)id.value;
	for (int i = ENT_ID_DIGITS - 1; i >= 0; i--) {
		out[len + (size_t)i] = base32[rest & 31];
		rest >>= 5;
	}
	out[len + ENT_ID_DIGITS] = '\0';
	return len + ENT_ID_DIGITS;
}

/* The value of each digit plus one; 0: not a digit. */
static const uint8_t digit_values[128] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,
	['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14,
	['e'] = 15, ['f'] = 16, ['g'] = 17, ['h'] = 18, ['j'] = 19, ['k'] = 20, ['m'] = 21,
	['n'] = 22, ['p'] = 23, ['q'] = 24, ['r'] = 25, ['s'] = 26, ['t'] = 27, ['v'] = 28,
	['w'] = 29, ['x'] = 30, ['y'] = 31, ['z'] = 32,
};

bool ent_id_parse(ent_str text, const char *prefix, ent_id *out)
{
	ent_str head = ent_str_of(prefix);
	if (text.len != head.len + 1 + ENT_ID_DIGITS || !ent_str_begins(text, head) ||
	    text.ptr[head.len] != '_') {
		return false;
	}
	const char *digits = text.ptr + head.len + 1;
	uint64_t value = 0;
	for (size_t i = 0; i < ENT_ID_DIGITS; i++) {
		unsigned char c = (unsigned char)digits[i];
		uint8_t digit = c < 128 ? digit_values[c] : 0;
		if (digit == 0 || (i == 0 && digit > 8)) { /* 13 * 5 bits are two too many */
			return false;
		}
		value = value << 5 | (uint64_t)(digit - 1);
	}
	if (value == 0) {
		return false;
	}
	out->value = (int64_t)value;
	return true;
}

ent_instant ent_id_instant(ent_id id)
{
	return (ent_instant){ ((id.value >> 22) + ENT_ID_EPOCH_MS) * 1000 };
}

/* ---- lists --------------------------------------------------------------- */

bool ent_ids_has(struct ent_ids ids, ent_id id)
{
	for (size_t i = 0; i < ids.count; i++) {
		if (ids.items[i].value == id.value) {
			return true;
		}
	}
	return false;
}

bool ent_words_has(struct ent_words words, ent_str word)
{
	for (size_t i = 0; i < words.count; i++) {
		if (ent_str_eq(words.items[i], word)) {
			return true;
		}
	}
	return false;
}
