/* text.h - builds text at the front of an arena. */
#ifndef ENT_BASE_TEXT_H
#define ENT_BASE_TEXT_H

#include "base/arena.h"
#include "base/str.h"

/* While a text grows, nothing else may be allocated from its arena. */
struct ent_text {
	struct ent_arena *arena;
	char *begin;
};

struct ent_text ent_text_begin(struct ent_arena *arena);
static inline void ent_text_add(struct ent_text *text, ent_str s)
{
	if (s.len > 0) {
		memcpy(ent_arena_bytes(text->arena, s.len), s.ptr, s.len);
	}
}

static inline void ent_text_char(struct ent_text *text, char c)
{
	*ent_arena_bytes(text->arena, 1) = c;
}

/* Room for `size` bytes, to be written through the pointer; ent_text_used() tells how far
 * it was, and nothing else is added before. For what is written so often that asking for
 * each word's room would be felt. */
static inline char *ent_text_room(struct ent_text *text, size_t size)
{
	return ent_arena_bytes(text->arena, size);
}

static inline void ent_text_used(struct ent_text *text, char *end)
{
	assert(end >= text->begin && end <= text->arena->next);
	text->arena->next = end;
}

void ent_text_int(struct ent_text *text, int64_t number);
void ent_text_addf(struct ent_text *text, const char *format, ...) ENT_PRINTF(2, 3);
ent_str ent_text_end(struct ent_text *text); /* also NUL-terminated; never NULL */

/* A NUL-terminated copy in the arena. "No text" stays no text. */
ent_str ent_text_copy(struct ent_arena *arena, ent_str s);

ent_str ent_text_format(struct ent_arena *arena, const char *format, ...) ENT_PRINTF(2, 3);

#endif
