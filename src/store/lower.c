/* LOWER() as PostgreSQL has it: of every letter, not only of those of ASCII. */
#include "store/inner.h"

#include <locale.h>
#include <pthread.h>
#include <sqlite3.h>
#include <wctype.h>

static locale_t letters; /* none: ASCII only */

static void find_letters(void)
{
	letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

/* The length of a character by its first byte; `text` is valid UTF-8. */
static size_t length_of(unsigned char first)
{
	return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static wint_t decode(const unsigned char *p, size_t len)
{
	wint_t c = len == 1 ? p[0] : p[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		c = c << 6 | (p[i] & 0x3fu);
	}
	return c;
}

static size_t encode(wint_t c, unsigned char *out)
{
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char marks[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	for (size_t i = len; i > 1; i--) {
		out[i - 1] = (unsigned char)(0x80u | (c & 0x3fu));
		c >>= 6;
	}
	out[0] = (unsigned char)(marks[len] | c);
	return len;
}

static void lower(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	(void)argc;
	const unsigned char *text = sqlite3_value_text(argv[0]);
	size_t len = (size_t)sqlite3_value_bytes(argv[0]);
	if (text == NULL) {
		return; /* null */
	}
	unsigned char *out = sqlite3_malloc64(2 * len + 1); /* a character may become longer */
	if (out == NULL) {
		sqlite3_result_error_nomem(context);
		return;
	}
	size_t used = 0;
	for (size_t i = 0; i < len;) {
		size_t size = length_of(text[i]);
		size = size > len - i ? len - i : size;
		wint_t c = decode(text + i, size);
		if (c < 0x80) {
			c = c >= 'A' && c <= 'Z' ? c + 32 : c;
		} else if (letters != (locale_t)0) {
			c = towlower_l(c, letters);
		}
		used += encode(c, out + used);
		i += size;
	}
	sqlite3_result_text64(context, (const char *)out, used, sqlite3_free, SQLITE_UTF8);
}

int ent_sqlite_add_lower(sqlite3 *handle)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, find_letters);
	return sqlite3_create_function_v2(handle, "lower", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
	                                  NULL, lower, NULL, NULL, NULL);
}
