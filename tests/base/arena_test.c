#include "base/arena.h"

#include "test.h"

struct wish {
	struct ent_arena *arena;
	size_t count;
	size_t size;
	char *got;
};

static void allocate(void *arg)
{
	struct wish *wish = arg;
	wish->got = ent_arena_alloc(wish->arena, wish->count, wish->size, 8);
}

static void take_bytes(void *arg)
{
	struct wish *wish = arg;
	wish->got = ent_arena_bytes(wish->arena, wish->size);
}

TEST(arena_gives_zeroed_and_aligned_memory)
{
	struct ent_arena arena = test_arena();
	memset(ent_arena_bytes(&arena, 1000), 0xaa, 1000);
	arena = test_arena(); /* the same memory once more */
	char *one = ent_arena_bytes(&arena, 1);
	int64_t *many = ENT_NEW(&arena, int64_t, 100);
	CHECK((uintptr_t)many % _Alignof(int64_t) == 0);
	CHECK((char *)many > one && (char *)many <= one + 8);
	for (int i = 0; i < 100; i++) {
		CHECK_INT(many[i], 0);
	}
	CHECK(ENT_NEW(&arena, int64_t, 0) != NULL);
}

TEST(arena_by_value_lends_scratch)
{
	struct ent_arena arena = test_arena();
	struct ent_arena scratch = arena;
	char *lent = ent_arena_bytes(&scratch, 64);
	char *kept = ent_arena_bytes(&arena, 64);
	CHECK(lent == kept);
}

TEST(arena_jumps_when_used_up)
{
	static const struct {
		const char *name;
		size_t count, size;
		bool ok;
	} rows[] = {
		{ "all", 8, 128, true },
		{ "none", 0, 1, true },
		{ "one too many", 1025, 1, false },
		{ "product overflows", SIZE_MAX / 2, 16, false },
		{ "all of the address space", SIZE_MAX, 1, false },
		{ "half of it", SIZE_MAX / 2, 1, false },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].name);
		struct ent_arena arena = test_arena();
		arena.end = arena.next + 1024; /* the memory is aligned more than to 8 */
		arena.next += (size_t)(-(uintptr_t)arena.next & 7);
		arena.end = arena.next + 1024;
		struct wish wish = { &arena, rows[i].count, rows[i].size, NULL };
		CHECK_INT(ent_guard(&test_budget, allocate, &wish), rows[i].ok);
		CHECK((wish.got != NULL) == rows[i].ok);
	}
	struct ent_arena arena = test_arena();
	struct wish wish = { &arena, 0, SIZE_MAX, NULL };
	CHECK(!ent_guard(&test_budget, take_bytes, &wish));
}

TEST(arena_counts_its_padding)
{
	struct ent_arena arena = test_arena();
	arena.next += (size_t)(-(uintptr_t)arena.next & 7) + 1;
	arena.end = arena.next + 10; /* room for 3 bytes behind 7 of padding */
	struct wish wish = { &arena, 1, 4, NULL };
	CHECK(!ent_guard(&test_budget, allocate, &wish));
	wish.size = 3;
	CHECK(ent_guard(&test_budget, allocate, &wish));
	arena.end = arena.next += 1;
	CHECK(!ent_guard(&test_budget, allocate, &wish));
}

static void nest(void *arg)
{
	struct wish *wish = arg;
	CHECK(!ent_guard(&test_budget, allocate, wish)); /* the inner one catches */
	wish->count = 1;
	wish->size = 1;
	CHECK(ent_guard(&test_budget, allocate, wish));
	CHECK(wish->got != NULL);
	wish->size = SIZE_MAX / 4;
	wish->got = NULL;
	allocate(wish); /* the outer one catches */
	CHECK(false);
}

TEST(arena_jumps_to_the_innermost_guard)
{
	struct ent_arena arena = test_arena();
	struct wish wish = { &arena, 1, SIZE_MAX / 4, NULL };
	void *before = test_budget.escape;
	CHECK(!ent_guard(&test_budget, nest, &wish));
	CHECK(test_budget.escape == before);
	CHECK(wish.got == NULL);
}

static void three(void *arg)
{
	struct ent_arena arena = test_arena();
	int *done = arg;
	*done = 0;
	for (int i = 0; i < 3; i++) {
		ENT_NEW(&arena, int, 1);
		*done += 1;
	}
}

static void check_three(void *arg, bool ok)
{
	CHECK((*(const int *)arg == 3) == ok);
}

TEST(arena_fails_on_demand)
{
	int done;
	CHECK_INT(test_each_allocation_fails(three, check_three, &done), 3);
}

TEST(arena_reserves_and_releases)
{
	struct ent_budget budget;
	struct ent_arena arena;
	CHECK(ent_arena_reserve(1 << 20, &budget, &arena));
	struct ent_arena whole = arena;
	CHECK_INT(arena.end - arena.next, 1 << 20);
	CHECK_INT(budget.fail_at, -1);
	memset(ent_arena_bytes(&arena, 300000), 0x55, 300000);
	ent_arena_trim(&whole, 4096);
	CHECK(whole.next[4095] == 0x55);
	arena = whole;
	CHECK(ent_arena_bytes(&arena, 300000)[4096] == 0); /* given back, so zero again */
	ent_arena_trim(&whole, 1 << 21);
	ent_arena_release(&whole);
	CHECK(!ent_arena_reserve(SIZE_MAX / 2, &budget, &arena));
}
