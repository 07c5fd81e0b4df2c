#include "app/hours_cache.h"

#include "base/text.h"
#include "json/calendar.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { BUCKETS = 1024, AWAITED = 1024, YEARS_BEFORE = 1, YEARS_BEHIND = 3 };

struct ent_kept_hours {
	struct ent_call_hours hours;
	struct ent_hours_key key;
	atomic_int users; /* one of them is the cache itself */
	size_t bytes;
	struct ent_kept_hours *next;          /* in its bucket */
	struct ent_kept_hours *newer, *older; /* in the order of use */
};

struct ent_hours_cache {
	pthread_mutex_t lock;
	size_t room, bytes;
	struct ent_kept_hours *buckets[BUCKETS];
	struct ent_kept_hours *newest, *oldest;
	int64_t awaited[AWAITED]; /* a ring: what was never settled is overwritten in the end */
	size_t awaited_at;
	_Atomic size_t awaited_count;
};

/* ---- life ---- */

struct ent_hours_cache *ent_hours_cache_open(size_t bytes)
{
	struct ent_hours_cache *cache = calloc(1, sizeof(*cache));
	if (cache != NULL) {
		cache->room = bytes;
		pthread_mutex_init(&cache->lock, NULL);
	}
	return cache;
}

void ent_hours_release(struct ent_kept_hours *kept)
{
	if (atomic_fetch_sub(&kept->users, 1) == 1) {
		free(kept);
	}
}

void ent_hours_cache_close(struct ent_hours_cache *cache)
{
	if (cache == NULL) {
		return;
	}
	while (cache->newest != NULL) {
		struct ent_kept_hours *kept = cache->newest;
		cache->newest = kept->older;
		ent_hours_release(kept);
	}
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

/* ---- finding ---- */

static bool same_key(const struct ent_hours_key *a, const struct ent_hours_key *b)
{
	return ent_id_eq(a->calendar, b->calendar) && a->revision == b->revision &&
	       a->year == b->year && a->zone == b->zone;
}

static struct ent_kept_hours **bucket_of(struct ent_hours_cache *cache,
                                         const struct ent_hours_key *key)
{
	uint64_t mix = (uint64_t)key->calendar.value * UINT64_C(0x9E3779B97F4A7C15);
	mix += (uint64_t)key->revision * UINT64_C(0xC2B2AE3D27D4EB4F);
	return &cache->buckets[mix >> 54];
}

static struct ent_kept_hours *find(struct ent_hours_cache *cache, const struct ent_hours_key *key)
{
	struct ent_kept_hours *kept = *bucket_of(cache, key);
	while (kept != NULL && !same_key(&kept->key, key)) {
		kept = kept->next;
	}
	return kept;
}

/* ---- the order of use ---- */

static void unlink_use(struct ent_hours_cache *cache, struct ent_kept_hours *kept)
{
	*(kept->newer != NULL ? &kept->newer->older : &cache->newest) = kept->older;
	*(kept->older != NULL ? &kept->older->newer : &cache->oldest) = kept->newer;
}

static void link_use(struct ent_hours_cache *cache, struct ent_kept_hours *kept)
{
	kept->newer = NULL;
	kept->older = cache->newest;
	*(cache->newest != NULL ? &cache->newest->newer : &cache->oldest) = kept;
	cache->newest = kept;
}

static void take_out(struct ent_hours_cache *cache, struct ent_kept_hours *kept)
{
	struct ent_kept_hours **place = bucket_of(cache, &kept->key);
	while (*place != kept) {
		place = &(*place)->next;
	}
	*place = kept->next;
	unlink_use(cache, kept);
	cache->bytes -= kept->bytes;
	ent_hours_release(kept);
}

struct ent_kept_hours *ent_hours_cache_get(struct ent_hours_cache *cache,
                                           const struct ent_hours_key *key)
{
	pthread_mutex_lock(&cache->lock);
	struct ent_kept_hours *kept = find(cache, key);
	if (kept != NULL) {
		atomic_fetch_add(&kept->users, 1);
		unlink_use(cache, kept);
		link_use(cache, kept);
	}
	pthread_mutex_unlock(&cache->lock);
	return kept;
}

static bool is_awaited(const struct ent_hours_cache *cache, ent_id row)
{
	for (size_t i = 0; i < AWAITED && cache->awaited_count > 0; i++) {
		if (cache->awaited[i] != 0 && cache->awaited[i] == row.value) {
			return true;
		}
	}
	return false;
}

void ent_hours_cache_put(struct ent_hours_cache *cache, struct ent_kept_hours *kept, ent_id row)
{
	pthread_mutex_lock(&cache->lock);
	bool keep = kept->bytes <= cache->room && !is_awaited(cache, row) &&
	            find(cache, &kept->key) == NULL;
	if (keep) {
		struct ent_kept_hours **bucket = bucket_of(cache, &kept->key);
		atomic_fetch_add(&kept->users, 1);
		kept->next = *bucket;
		*bucket = kept;
		link_use(cache, kept);
		cache->bytes += kept->bytes;
	}
	while (cache->bytes > cache->room) {
		take_out(cache, cache->oldest);
	}
	pthread_mutex_unlock(&cache->lock);
}

const struct ent_call_hours *ent_kept_hours_of(const struct ent_kept_hours *kept)
{
	return &kept->hours;
}

bool ent_kept_hours_fit(const struct ent_kept_hours *kept, const struct ent_hours_key *key)
{
	return same_key(&kept->key, key);
}

/* ---- not committed yet ---- */

void ent_hours_cache_await(struct ent_hours_cache *cache, ent_id row)
{
	pthread_mutex_lock(&cache->lock);
	int64_t *place = &cache->awaited[cache->awaited_at++ % AWAITED];
	cache->awaited_count += *place == 0;
	*place = row.value;
	pthread_mutex_unlock(&cache->lock);
}

void ent_hours_cache_settle(struct ent_hours_cache *cache, int64_t id)
{
	if (atomic_load(&cache->awaited_count) == 0 || id == 0) {
		return;
	}
	pthread_mutex_lock(&cache->lock);
	for (size_t i = 0; i < AWAITED; i++) {
		if (cache->awaited[i] == id) {
			cache->awaited[i] = 0;
			cache->awaited_count--;
		}
	}
	pthread_mutex_unlock(&cache->lock);
}

/* ---- making ---- */

struct making {
	struct ent_arena arena;
	const struct ent_hours_key *key;
	const struct ent_hours_source *source;
	struct ent_kept_hours *to;
	bool is_good;
};

static void open_always(struct ent_timetable *calendar, struct ent_arena *arena)
{
	static const struct ent_opening day = { 0, ENT_DAY_S };
	struct ent_calendar_version *version = ENT_NEW(arena, struct ent_calendar_version, 1);
	for (size_t i = 0; i < 7; i++) {
		version->week.days[i] = (struct ent_openings){ &day, 1 };
	}
	*calendar = (struct ent_timetable){ .versions = version, .version_count = 1 };
}

/* Allocates in the making's own arena only. */
static void make(void *arg)
{
	struct making *making = arg;
	const struct ent_hours_source *source = making->source;
	struct ent_timetable *calendar = ENT_NEW(&making->arena, struct ent_timetable, 1);
	struct ent_error error;
	ent_error_clear(&error);
	if (source->definition == NULL) {
		open_always(calendar, &making->arena);
	} else {
		ent_calendar_read(source->definition, "", &making->arena, calendar, &error);
	}
	calendar->zone = source->zone;
	calendar->time_zone = ent_text_copy(&making->arena, source->time_zone);
	making->is_good = error.issue_count == 0;
	if (!making->is_good) {
		return;
	}
	int32_t first = making->key->year - YEARS_BEFORE;
	int32_t last = making->key->year + YEARS_BEHIND;
	making->to->hours = (struct ent_call_hours){
		.hours = ent_hours_compile(calendar, first < ENT_YEAR_MIN ? ENT_YEAR_MIN : first,
		                           last > ENT_YEAR_MAX ? ENT_YEAR_MAX : last,
		                           &making->arena),
		.calendar = calendar,
		.zone = source->zone,
		.calendar_id = making->key->calendar,
		.revision = making->key->revision,
		.name = ent_text_copy(&making->arena, source->name),
	};
}

/* In a block of `size` bytes; NULL if it does not fit or cannot be. */
static struct ent_kept_hours *make_in(const struct ent_hours_key *key,
                                      const struct ent_hours_source *source, size_t size,
                                      bool *again)
{
	char *block = malloc(size);
	*again = false;
	if (block == NULL) {
		return NULL;
	}
	size_t head = (sizeof(struct ent_kept_hours) + 15) & ~(size_t)15;
	struct ent_budget budget = { .high = block, .fail_at = -1 };
	struct making making = { .arena = { block + head, block + size, &budget },
		                 .key = key,
		                 .source = source,
		                 .to = (struct ent_kept_hours *)(void *)block };
	*making.to = (struct ent_kept_hours){ .key = *key };
	*again = !ent_guard(&budget, make, &making);
	if (*again || !making.is_good) {
		free(block);
		return NULL;
	}
	making.to->bytes = (size_t)(making.arena.next - block);
	atomic_init(&making.to->users, 1);
	return making.to;
}

struct ent_kept_hours *ent_hours_make(const struct ent_hours_key *key,
                                      const struct ent_hours_source *source)
{
	bool again = true;
	struct ent_kept_hours *kept = NULL;
	/* What of a large block is not touched costs nothing. */
	for (size_t size = (size_t)512 << 10; again && size <= (size_t)128 << 20; size *= 4) {
		kept = make_in(key, source, size, &again);
	}
	return kept;
}
