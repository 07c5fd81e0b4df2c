#include "base/arena.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if ENT_ASAN
#include <sanitizer/asan_interface.h>
static void fence(struct ent_budget *budget, char *p, size_t size)
{
	char *end = p + size;
	if (budget->high > end) {
		ASAN_POISON_MEMORY_REGION(end, (size_t)(budget->high - end));
	}
	budget->high = end;
	budget->most = end > budget->most ? end : budget->most;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
}
#else
static void fence(struct ent_budget *budget, char *p, size_t size)
{
	(void)budget;
	(void)p;
	(void)size;
}
#endif

static void exhausted(struct ent_budget *budget)
{
	if (budget->escape == NULL) {
		abort(); /* allocation outside ent_guard() */
	}
	longjmp(*(jmp_buf *)budget->escape, 1);
}

char *ent_arena_take(struct ent_arena *arena, size_t pad, size_t size)
{
	struct ent_budget *budget = arena->budget;
	if (budget->fail_at >= 0 && budget->fail_at-- == 0) {
		exhausted(budget);
	}
	size_t left = (size_t)(arena->end - arena->next);
	if (pad > left || size > left - pad) {
		exhausted(budget);
	}
	char *p = arena->next + pad;
	arena->next = p + size;
	fence(budget, p, size);
	return p;
}

void *ent_arena_alloc(struct ent_arena *arena, size_t count, size_t size, size_t align)
{
	assert(size > 0);
	assert((align & (align - 1)) == 0);
	size_t pad = (size_t)(-(uintptr_t)arena->next & (align - 1));
	if (count > SIZE_MAX / 2 / size) {
		exhausted(arena->budget);
	}
	char *p = ent_arena_take(arena, pad, count * size);
	return memset(p, 0, count * size);
}

bool ent_arena_reserve(size_t size, struct ent_budget *budget, struct ent_arena *out)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED) {
		return false;
	}
	*budget = (struct ent_budget){ .high = p, .most = p, .fail_at = -1 };
	*out = (struct ent_arena){ p, p + size, budget };
	return true;
}

void ent_arena_trim(const struct ent_arena *whole, size_t keep)
{
	size_t size = (size_t)(whole->end - whole->next);
	if (size > keep) {
		madvise(whole->next + keep, size - keep, MADV_DONTNEED);
	}
}

void ent_arena_release(const struct ent_arena *whole)
{
#if ENT_ASAN
	ASAN_UNPOISON_MEMORY_REGION(whole->next, (size_t)(whole->budget->most - whole->next));
#endif
	munmap(whole->next, (size_t)(whole->end - whole->next));
}

bool ent_guard(struct ent_budget *budget, void (*run)(void *), void *arg)
{
	void *outer = budget->escape; /* not modified after setjmp */
	jmp_buf here;
	if (setjmp(here) != 0) {
		budget->escape = outer;
		return false;
	}
	budget->escape = &here;
	run(arg);
	budget->escape = outer;
	return true;
}
