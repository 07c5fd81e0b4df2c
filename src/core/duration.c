#include "core/value.h"

#define PART_MAX INT64_C(1000000000)

enum member { MONTHS, DAYS, SECONDS, MEMBERS };

/* In the order in which they must appear. */
static const struct {
	char letter;
	enum member member;
	int32_t size;
} units[] = {
	{ 'Y', MONTHS, 12 },    { 'M', MONTHS, 1 },   { 'W', DAYS, 7 },    { 'D', DAYS, 1 },
	{ 'H', SECONDS, 3600 }, { 'M', SECONDS, 60 }, { 'S', SECONDS, 1 },
};

/* What format() can write as parts of at most PART_MAX again. */
static const int64_t limits[MEMBERS] = { PART_MAX, PART_MAX, PART_MAX * 3600 };

/* "12H" at the front of *text, which is cut off it; *unit is the least unit
 * that may come and becomes that of the part. */
static bool take_part(ent_str *text, bool clock, size_t *unit, int64_t *number)
{
	size_t digits = 0;
	int64_t value = 0;
	for (; digits < text->len && text->ptr[digits] >= '0' && text->ptr[digits] <= '9';
	     digits++) {
		value = value * 10 + (text->ptr[digits] - '0');
		if (value > PART_MAX) {
			return false;
		}
	}
	if (digits == 0 || digits == text->len) {
		return false;
	}
	size_t i = *unit;
	while (i < ENT_COUNT(units) &&
	       (units[i].letter != text->ptr[digits] || clock != (units[i].member == SECONDS))) {
		i++;
	}
	if (i == ENT_COUNT(units)) {
		return false;
	}
	*unit = i;
	*number = value;
	*text = (ent_str){ text->ptr + digits + 1, text->len - digits - 1 };
	return true;
}

bool ent_duration_parse(ent_str text, ent_duration *out)
{
	int64_t sums[MEMBERS] = { 0 };
	if (text.len < 3 || text.ptr[0] != 'P') { /* the shortest is "P1D" */
		return false;
	}
	bool clock = false;
	ent_str rest = { text.ptr + 1, text.len - 1 };
	for (size_t unit = 0; rest.len > 0; unit++) {
		if (!clock && rest.ptr[0] == 'T') {
			clock = true;
			rest = (ent_str){ rest.ptr + 1, rest.len - 1 };
		}
		int64_t number;
		if (!take_part(&rest, clock, &unit, &number)) {
			return false;
		}
		enum member member = units[unit].member;
		sums[member] += number * units[unit].size;
		if (sums[member] > limits[member]) {
			return false;
		}
	}
	*out = (ent_duration){ (int32_t)sums[MONTHS], (int32_t)sums[DAYS], sums[SECONDS] };
	return true;
}

/* Nothing for zero, else "12H". */
static size_t put_part(char *out, int64_t number, char letter)
{
	char digits[20];
	size_t n = 0;
	size_t len = 0;
	for (; number > 0; number /= 10) {
		digits[n++] = (char)('0' + number % 10);
	}
	if (n > 0) {
		while (n > 0) {
			out[len++] = digits[--n];
		}
		out[len++] = letter;
	}
	return len;
}

size_t ent_duration_format(ent_duration duration, char out[static ENT_DURATION_ROOM])
{
	assert(duration.months >= 0 && duration.days >= 0 && duration.seconds >= 0);
	size_t len = 0;
	out[len++] = 'P';
	len += put_part(out + len, duration.months / 12, 'Y');
	len += put_part(out + len, duration.months % 12, 'M');
	len += put_part(out + len, duration.days, 'D');
	if (duration.seconds > 0 || len == 1) {
		out[len++] = 'T';
	}
	len += put_part(out + len, duration.seconds / 3600, 'H');
	len += put_part(out + len, duration.seconds / 60 % 60, 'M');
	len += put_part(out + len, duration.seconds % 60, 'S');
	if (out[len - 1] == 'T') {
		out[len++] = '0';
		out[len++] = 'S';
	}
	out[len] = '\0';
	return len;
}
