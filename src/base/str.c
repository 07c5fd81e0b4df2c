#include "base/str.h"

int ent_str_order(ent_str a, ent_str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len == 0 ? 0 : memcmp(a.ptr, b.ptr, len);
	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool ent_str_begins(ent_str s, ent_str prefix)
{
	return s.len >= prefix.len && ent_str_eq((ent_str){ s.ptr, prefix.len }, prefix);
}

bool ent_str_contains(ent_str s, ent_str part)
{
	for (size_t i = 0; i + part.len <= s.len; i++) {
		if (part.len == 0 || ent_str_eq((ent_str){ s.ptr + i, part.len }, part)) {
			return true;
		}
	}
	return false;
}

ent_str ent_str_trim(ent_str s)
{
	while (s.len > 0 && s.ptr[0] == ' ') {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && s.ptr[s.len - 1] == ' ') {
		s.len--;
	}
	return s;
}

struct ent_cut ent_str_cut(ent_str s, char separator)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == separator) {
			ent_str head = { s.ptr, i };
			ent_str tail = { s.ptr + i + 1, s.len - i - 1 };
			return (struct ent_cut){ head, tail, true };
		}
	}
	return (struct ent_cut){ s, { s.len > 0 ? s.ptr + s.len : s.ptr, 0 }, false };
}

bool ent_str_digits(ent_str s, size_t digits, int32_t *out)
{
	assert(digits >= 1 && digits <= 9);
	if (s.len != digits) {
		return false;
	}
	int32_t value = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9') {
			return false;
		}
		value = value * 10 + (s.ptr[i] - '0');
	}
	*out = value;
	return true;
}

bool ent_str_int(ent_str s, int64_t *out)
{
	bool negative = s.len > 0 && s.ptr[0] == '-';
	size_t i = negative ? 1 : 0;
	if (i == s.len || (s.ptr[i] == '0' && s.len > 1)) {
		return false; /* "", "-", "-0", "007" */
	}
	int64_t value = 0; /* kept negative, so that the least number fits */
	for (; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, s.ptr[i] - '0', &value)) {
			return false;
		}
	}
	if (!negative && value == INT64_MIN) {
		return false;
	}
	*out = negative ? value : -value;
	return true;
}

/* Length of the UTF-8 sequence that begins at s[i], 0 if it is not one. */
static size_t sequence(const unsigned char *s, size_t left)
{
	if (s[0] < 0x80) {
		return s[0] != 0;
	}
	size_t len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || len > left) {
		return 0;
	}
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80) {
			return 0;
		}
	}
	bool bad = (s[0] == 0xe0 && s[1] < 0xa0) || /* overlong */
	           (s[0] == 0xed && s[1] > 0x9f) || /* surrogate */
	           (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f);
	return bad ? 0 : len;
}

bool ent_str_is_text(ent_str s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	for (size_t i = 0; i < s.len;) {
		size_t len = sequence(p + i, s.len - i);
		if (len == 0) {
			return false;
		}
		i += len;
	}
	return true;
}

size_t ent_str_characters(ent_str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
	}
	return n;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t ent_str_edits(ent_str a, ent_str b)
{
	enum { LONGEST = 40 };
	size_t row[LONGEST + 1];
	if (a.len > LONGEST || b.len > LONGEST) {
		return ENT_EDITS_FAR;
	}
	for (size_t k = 0; k <= b.len; k++) {
		row[k] = k;
	}
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t k = 1; k <= b.len; k++) {
			size_t above = row[k];
			row[k] = least(least(above, row[k - 1]) + 1,
			               diagonal + (a.ptr[i - 1] != b.ptr[k - 1]));
			diagonal = above;
		}
	}
	return row[b.len];
}
