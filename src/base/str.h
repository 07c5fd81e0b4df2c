/* str.h - text as (pointer, length).  A view: it never owns its bytes. */
#ifndef ENT_BASE_STR_H
#define ENT_BASE_STR_H

#include "base/base.h"

#include <string.h>

/* {NULL, 0} is "no text"; a non-NULL ptr with len 0 is the empty text. */
typedef struct ent_str {
	const char *ptr;
	size_t len;
} ent_str;

/* A view of a string literal; anything but a literal is a syntax error. */
#define ENT_STR(lit) ((ent_str){ "" lit, sizeof(lit) - 1 })

/* A view of a NUL-terminated text; NULL becomes "no text". */
static inline ent_str ent_str_of(const char *text)
{
	return (ent_str){ text, text == NULL ? 0 : strlen(text) };
}

static inline bool ent_str_eq(ent_str a, ent_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Equal to a C string. Inline, as all above, so that a literal's length is a constant. */
static inline bool ent_str_is(ent_str a, const char *b)
{
	return ent_str_eq(a, ent_str_of(b));
}

int ent_str_order(ent_str a, ent_str b); /* by bytes: <0, 0, >0 */
bool ent_str_begins(ent_str s, ent_str prefix);
bool ent_str_contains(ent_str s, ent_str part); /* "" is in every text */
ent_str ent_str_trim(ent_str s); /* without blanks at either end */

/* Split at the first `separator`. Without one: head is all of s, tail empty. */
struct ent_cut {
	ent_str head;
	ent_str tail;
	bool found;
};
struct ent_cut ent_str_cut(ent_str s, char separator);

/* Read all of `s` as a decimal number of exactly `digits` (1..9) digits. */
ENT_CHECK bool ent_str_digits(ent_str s, size_t digits, int32_t *out);

/* Read all of `s` as a signed decimal number; false if it is not one or does
 * not fit. No blanks, no plus sign, no leading zeros. */
ENT_CHECK bool ent_str_int(ent_str s, int64_t *out);

/* Is it valid UTF-8 without U+0000 (which PostgreSQL cannot store)? */
bool ent_str_is_text(ent_str s);

/* How many bytes to insert, delete or replace to make `a` of `b` (Levenshtein);
 * ENT_EDITS_FAR if one is longer than 40 bytes. For "did you mean". */
size_t ent_str_edits(ent_str a, ent_str b);
enum { ENT_EDITS_NEAR = 2, ENT_EDITS_FAR = 1000 };

/* Characters (code points), which is what limits count. `s` must be UTF-8. */
size_t ent_str_characters(ent_str s);

#endif
