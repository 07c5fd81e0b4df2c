/* arena.h - memory that is released all at once.
 *
 * An arena is a span of reserved address space. Allocation never returns NULL:
 * when the span is used up, control returns to the innermost ent_guard().
 *
 * Pass an arena by pointer to let the callee return objects in it; pass it by
 * value to lend scratch space that is free again when the callee returns.
 */
#ifndef ENT_BASE_ARENA_H
#define ENT_BASE_ARENA_H

#include "base/base.h"

/* Under AddressSanitizer everything beyond the newest object is off limits,
 * which also catches pointers into scratch space that has been given back. */
#if defined(__SANITIZE_ADDRESS__)
#define ENT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ENT_ASAN 1
#endif
#endif
#ifndef ENT_ASAN
#define ENT_ASAN 0
#endif

struct ent_arena {
	char *next;
	char *end;
	struct ent_budget *budget;
};

/* Who pays when an arena is used up. One budget belongs to one span of memory. */
struct ent_budget {
	void *escape;    /* set by ent_guard() */
	char *high;      /* AddressSanitizer builds: the end of what is in use */
	char *most;      /* and of what ever was */
	int64_t fail_at; /* tests: the n-th next allocation fails; -1: none does */
};

/* Zeroed memory for `count` objects. */
#define ENT_NEW(arena, type, count) \
	((type *)ent_arena_alloc((arena), (count), sizeof(type), _Alignof(type)))

void *ent_arena_alloc(struct ent_arena *arena, size_t count, size_t size, size_t align);

/* The next `size` bytes behind `pad` bytes of padding, or no return. */
char *ent_arena_take(struct ent_arena *arena, size_t pad, size_t size);

/* `size` bytes as they are, for text that is written at once. Inline what mostly
 * happens: texts grow by a few bytes at a time. */
static inline char *ent_arena_bytes(struct ent_arena *arena, size_t size)
{
	if (ENT_ASAN || arena->budget->fail_at >= 0 || size > (size_t)(arena->end - arena->next)) {
		return ent_arena_take(arena, 0, size);
	}
	char *p = arena->next;
	arena->next += size;
	return p;
}

/* Reserve `size` bytes of address space; pages cost nothing until touched.
 * False when the system refuses. *budget must outlive the arena. */
ENT_CHECK bool ent_arena_reserve(size_t size, struct ent_budget *budget, struct ent_arena *out);

/* Give back what `whole` (as ent_arena_reserve() returned it) has touched above
 * `keep` bytes. Called between requests, so that one large one is not kept. */
void ent_arena_trim(const struct ent_arena *whole, size_t keep);

void ent_arena_release(const struct ent_arena *whole);

/* Run run(arg). True if it returned, false if it used up an arena of `budget`.
 * This is the only setjmp in the program: between here and an allocation
 * nobody may hold a lock, a file or a statement that only they can release. */
ENT_CHECK bool ent_guard(struct ent_budget *budget, void (*run)(void *), void *arg);

#endif
