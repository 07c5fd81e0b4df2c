#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct ent_text ent_text_begin(struct ent_arena *arena)
{
	return (struct ent_text){ arena, arena->next };
}

void ent_text_int(struct ent_text *text, int64_t number)
{
	char digits[20];
	size_t i = sizeof(digits);
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	do {
		digits[--i] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0) {
		ent_text_char(text, '-');
	}
	ent_text_add(text, (ent_str){ digits + i, sizeof(digits) - i });
}

static void add_list(struct ent_text *text, const char *format, va_list args)
{
	char room[256]; /* most are short: formatted once */
	va_list again;
	va_copy(again, args);
	int len = vsnprintf(room, sizeof(room), format, args);
	assert(len >= 0);
	char *p = ent_arena_bytes(text->arena, (size_t)len + 1);
	if ((size_t)len < sizeof(room)) {
		memcpy(p, room, (size_t)len);
	} else {
		vsnprintf(p, (size_t)len + 1, format, again);
	}
	va_end(again);
	text->arena->next--; /* the NUL is overwritten by what follows */
}

void ent_text_addf(struct ent_text *text, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_list(text, format, args);
	va_end(args);
}

ent_str ent_text_end(struct ent_text *text)
{
	size_t len = (size_t)(text->arena->next - text->begin);
	*ent_arena_bytes(text->arena, 1) = '\0';
	return (ent_str){ text->begin, len };
}

ent_str ent_text_copy(struct ent_arena *arena, ent_str s)
{
	if (s.ptr == NULL) {
		return s;
	}
	struct ent_text text = ent_text_begin(arena);
	ent_text_add(&text, s);
	return ent_text_end(&text);
}

ent_str ent_text_format(struct ent_arena *arena, const char *format, ...)
{
	struct ent_text text = ent_text_begin(arena);
	va_list args;
	va_start(args, format);
	add_list(&text, format, args);
	va_end(args);
	return ent_text_end(&text);
}
