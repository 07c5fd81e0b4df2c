#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name; /* upper case, as in error.def */
	const char *title;
	int http;
} codes[ENT_CODE_COUNT] = {
	[ENT_OK] = { "ok", "ok", 200 },
#define ENT_ERROR(name, http, title) [ENT_E_##name] = { #name, title, http },
#include "base/error.def"
};

/* The names in lower case, made once per name; all are short. */
static char lower[ENT_CODE_COUNT][40];

__attribute__((constructor)) static void make_lower(void)
{
	for (size_t i = 0; i < ENT_CODE_COUNT; i++) {
		size_t len = strlen(codes[i].name);
		assert(len < sizeof(lower[i]));
		for (size_t k = 0; k < len; k++) {
			char c = codes[i].name[k];
			lower[i][k] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
		}
	}
}

/* Copy what fits, never cutting inside a UTF-8 sequence. */
static void copy_cut(char *to, size_t size, ent_str from)
{
	size_t len = from.len < size - 1 ? from.len : size - 1;
	while (len > 0 && len < from.len && ((unsigned char)from.ptr[len] & 0xc0) == 0x80) {
		len--;
	}
	if (len > 0) {
		memcpy(to, from.ptr, len);
	}
	to[len] = '\0';
}

static void format_cut(char *to, size_t size, const char *format, va_list args) ENT_PRINTF(3, 0);

/* vsnprintf() into what may be too small, again never cutting inside a sequence. */
static void format_cut(char *to, size_t size, const char *format, va_list args)
{
	int len = vsnprintf(to, size, format, args);
	size_t end = size - 1;
	if (len < 0 || (size_t)len < size) {
		return;
	}
	while (end > 0 && ((unsigned char)to[end - 1] & 0xc0) == 0x80) {
		end--;
	}
	if (end > 0 && (unsigned char)to[end - 1] >= 0xc0) {
		end--;
	}
	to[end] = '\0';
}

enum ent_code ent_fail(struct ent_error *error, enum ent_code code, const char *format, ...)
{
	assert(code != ENT_OK);
	error->code = code;
	error->issue_count = 0;
	va_list args;
	va_start(args, format);
	format_cut(error->detail, sizeof(error->detail), format, args);
	va_end(args);
	return code;
}

static void note(struct ent_error *error, enum ent_code code, const char *pointer, ent_str value,
                 const char *format, va_list args) ENT_PRINTF(5, 0);

static void note(struct ent_error *error, enum ent_code code, const char *pointer, ent_str value,
                 const char *format, va_list args)
{
	assert(code != ENT_OK);
	if (error->issue_count < ENT_ISSUE_MAX) {
		struct ent_issue *issue = &error->issues[error->issue_count];
		issue->code = code;
		copy_cut(issue->pointer, sizeof(issue->pointer), ent_str_of(pointer));
		copy_cut(issue->value, sizeof(issue->value), value);
		format_cut(issue->remedy, sizeof(issue->remedy), format, args);
	}
	error->issue_count++;
}

void ent_note(struct ent_error *error, enum ent_code code, const char *pointer, ent_str value,
              const char *format, ...)
{
	va_list args;
	va_start(args, format);
	note(error, code, pointer, value, format, args);
	va_end(args);
}

enum ent_code ent_refuse(struct ent_error *error, enum ent_code code, const char *pointer,
                         ent_str value, const char *format, ...)
{
	ent_error_clear(error);
	va_list args;
	va_start(args, format);
	note(error, code, pointer, value, format, args);
	va_end(args);
	return ent_noted(error);
}

enum ent_code ent_noted(struct ent_error *error)
{
	if (error->issue_count == 0) {
		return ENT_OK;
	}
	const struct ent_issue *first = &error->issues[0];
	if (error->issue_count == 1) {
		error->code = first->code;
		snprintf(error->detail, sizeof(error->detail), "%s%s%s",
		         first->pointer[0] == '/' ? first->pointer + 1 : "",
		         first->pointer[0] == '/' ? ": " : "", first->remedy);
	} else {
		error->code = ENT_E_INVALID;
		snprintf(error->detail, sizeof(error->detail), "%zu values are not valid",
		         error->issue_count);
	}
	return error->code;
}

ent_str ent_issue_member(const struct ent_issue *issue)
{
	ent_str pointer = ent_str_of(issue->pointer);
	return pointer.len == 0
	               ? pointer
	               : ent_str_cut((ent_str){ pointer.ptr + 1, pointer.len - 1 }, '/').head;
}

bool ent_error_is_in(const struct ent_error *error, const char *member)
{
	for (size_t i = 0; i < error->issue_count && i < ENT_ISSUE_MAX; i++) {
		if (ent_str_is(ent_issue_member(&error->issues[i]), member)) {
			return true;
		}
	}
	return false;
}

void ent_error_nest(struct ent_error *error, size_t first, const char *prefix)
{
	for (size_t i = first; i < error->issue_count && i < ENT_ISSUE_MAX; i++) {
		char *pointer = error->issues[i].pointer;
		char joined[2 * sizeof(error->issues[i].pointer)];
		int len = snprintf(joined, sizeof(joined), "%s%s", prefix, pointer);
		assert(len >= 0);
		copy_cut(pointer, sizeof(error->issues[i].pointer), ent_str_of(joined));
	}
}

void ent_error_clear(struct ent_error *error)
{
	error->code = ENT_OK;
	error->detail[0] = '\0';
	error->issue_count = 0;
}

const char *ent_code_name(enum ent_code code)
{
	return lower[code];
}

const char *ent_code_title(enum ent_code code)
{
	return codes[code].title;
}

int ent_code_http(enum ent_code code)
{
	return codes[code].http;
}
