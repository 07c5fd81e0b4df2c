#include "app/cache_inner.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SHARDS = 64, BUCKETS = 4096 };

#define DEFAULT_BYTES (INT64_C(256) << 20)

/* A set and everything it points to, in one block behind this head. */
struct entry {
	struct ent_coverage_set set; /* first: a set's address is its entry's */
	atomic_int users;            /* one of them is the cache itself */
	bool was_used;               /* since it was last looked at for making room */
	size_t bytes;
	struct entry *next;          /* in its bucket */
	struct entry *newer, *older; /* in the order of coming, or of a second chance */
};

struct shard {
	pthread_mutex_t lock;
	uint64_t forgotten; /* the epoch of the last forgetting */
	struct entry *buckets[BUCKETS];
	struct entry *newest, *oldest;
	size_t bytes;
	struct ent_link *links; /* by hash, one place each */
	uint64_t hits, misses, evictions, sets;
};

struct ent_cache {
	size_t shard_bytes; /* for sets; 0: nothing is kept */
	size_t links;       /* a shard */
	struct shard shards[SHARDS];
	_Atomic uint64_t epoch;
	struct ent_cache_people people;
};

/* ---- life ---- */

struct ent_cache *ent_cache_open(int64_t bytes)
{
	struct ent_cache *cache = calloc(1, sizeof(*cache));
	if (cache == NULL) {
		return NULL;
	}
	int64_t total = bytes == 0 ? DEFAULT_BYTES : bytes;
	if (total > 0) {
		cache->shard_bytes = (size_t)(total / SHARDS);
		cache->links = cache->shard_bytes / 4 / sizeof(struct ent_link) + 1;
	}
	atomic_init(&cache->epoch, 1);
	ent_cache_people_init(&cache->people);
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&cache->shards[i].lock, NULL);
		if (cache->links > 0) {
			/* calloc of this size is address space until it is touched */
			cache->shards[i].links = calloc(cache->links, sizeof(struct ent_link));
		}
		if (cache->links > 0 && cache->shards[i].links == NULL) {
			ent_cache_close(cache);
			return NULL;
		}
	}
	return cache;
}

static uint64_t mix(int64_t id)
{
	uint64_t x = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);
	return x ^ x >> 29;
}

static struct shard *shard_of(struct ent_cache *cache, int64_t id)
{
	return &cache->shards[mix(id) % SHARDS];
}

static struct ent_link *place_of_link(struct ent_cache *cache, struct shard *shard, ent_id id)
{
	return &shard->links[mix(id.value) / SHARDS % cache->links];
}

static struct entry **bucket_of(struct shard *shard, int64_t account)
{
	return &shard->buckets[mix(account) / SHARDS % BUCKETS];
}

static void drop(struct entry *entry)
{
	if (atomic_fetch_sub(&entry->users, 1) == 1) {
		free(entry);
	}
}

static void unlink_use(struct shard *shard, struct entry *entry)
{
	*(entry->newer != NULL ? &entry->newer->older : &shard->newest) = entry->older;
	*(entry->older != NULL ? &entry->older->newer : &shard->oldest) = entry->newer;
}

static void link_use(struct shard *shard, struct entry *entry)
{
	entry->newer = NULL;
	entry->older = shard->newest;
	*(shard->newest != NULL ? &shard->newest->newer : &shard->oldest) = entry;
	shard->newest = entry;
}

static void take_out(struct shard *shard, int64_t account)
{
	for (struct entry **at = bucket_of(shard, account); *at != NULL; at = &(*at)->next) {
		struct entry *entry = *at;
		if (entry->set.account_id.value == account) {
			*at = entry->next;
			unlink_use(shard, entry);
			shard->bytes -= entry->bytes;
			shard->sets--;
			drop(entry);
			return;
		}
	}
}

static void empty_shard(struct ent_cache *cache, struct shard *shard)
{
	while (shard->oldest != NULL) {
		take_out(shard, shard->oldest->set.account_id.value);
	}
	if (shard->links != NULL) {
		memset(shard->links, 0, cache->links * sizeof(struct ent_link));
	}
}

void ent_cache_close(struct ent_cache *cache)
{
	if (cache == NULL) {
		return;
	}
	for (size_t i = 0; i < SHARDS; i++) {
		empty_shard(cache, &cache->shards[i]);
		free(cache->shards[i].links);
		pthread_mutex_destroy(&cache->shards[i].lock);
	}
	ent_cache_people_finish(&cache->people);
	free(cache);
}

/* ---- forgetting ---- */

void ent_cache_forget(struct ent_cache *cache, int64_t id)
{
	uint64_t epoch = atomic_fetch_add(&cache->epoch, 1) + 1;
	for (size_t i = 0; i < SHARDS; i++) {
		struct shard *shard = &cache->shards[i];
		if (id != 0 && shard != shard_of(cache, id)) {
			continue;
		}
		pthread_mutex_lock(&shard->lock);
		shard->forgotten = epoch;
		if (id == 0) {
			empty_shard(cache, shard);
		} else {
			take_out(shard, id);
			if (shard->links != NULL) {
				place_of_link(cache, shard, (ent_id){ id })->id = ENT_ID_NONE;
			}
		}
		pthread_mutex_unlock(&shard->lock);
	}
	if (id == 0 || id == ENT_CACHE_PEOPLE) {
		ent_cache_people_forget(&cache->people, epoch);
	}
}

uint64_t ent_cache_epoch(struct ent_cache *cache)
{
	return atomic_load(&cache->epoch);
}

/* ---- coverage sets ---- */

void ent_cache_expect_set(struct ent_cache *cache, ent_id account)
{
	__builtin_prefetch(bucket_of(shard_of(cache, account.value), account.value));
}

/* The block of an entry is read next, from its begin. */
static void expect_entry(const struct entry *entry)
{
	enum { LINE = 64, LINES = 24 };
	const char *at = (const char *)entry;
	const char *end = at + (entry->bytes < LINE * LINES ? entry->bytes : LINE * LINES);
	for (at += LINE; at < end; at += LINE) {
		__builtin_prefetch(at);
	}
}

const struct ent_coverage_set *ent_cache_get_set(struct ent_cache *cache, ent_id account)
{
	struct shard *shard = shard_of(cache, account.value);
	pthread_mutex_lock(&shard->lock);
	struct entry *entry = *bucket_of(shard, account.value);
	while (entry != NULL && entry->set.account_id.value != account.value) {
		entry = entry->next;
	}
	if (entry != NULL) {
		atomic_fetch_add(&entry->users, 1);
		entry->was_used = true; /* rather than move it: its neighbours are far away */
		expect_entry(entry);
		shard->hits++;
	}
	pthread_mutex_unlock(&shard->lock);
	return entry == NULL ? NULL : &entry->set;
}

void ent_cache_release_set(struct ent_cache *cache, const struct ent_coverage_set *set)
{
	(void)cache;
	drop((struct entry *)(uintptr_t)set);
}

static void copy_set(struct ent_making *making)
{
	const struct ent_coverage_set *from = making->from;
	struct entry *entry = making->to;
	struct ent_right *rights = ENT_NEW(&making->arena, struct ent_right, from->count);
	for (size_t i = 0; i < from->count; i++) {
		ent_right_copy(&from->rights[i], &rights[i], &making->arena);
	}
	entry->set = *from;
	entry->set.rights = rights;
}

/* The oldest goes, unless it was used since it came or was last spared. */
static void make_room(struct shard *shard, size_t bytes)
{
	while (shard->bytes > bytes) {
		struct entry *oldest = shard->oldest;
		if (oldest->was_used) {
			oldest->was_used = false;
			unlink_use(shard, oldest);
			link_use(shard, oldest);
		} else {
			take_out(shard, oldest->set.account_id.value);
			shard->evictions++;
		}
	}
}

void ent_cache_put_set(struct ent_cache *cache, uint64_t epoch, const struct ent_coverage_set *set)
{
	if (cache->shard_bytes == 0) {
		return;
	}
	struct ent_making making = { .copy = copy_set, .from = set };
	size_t bytes;
	struct entry *entry = ent_cache_block(&making, (sizeof(*entry) + 15) & ~(size_t)15, &bytes);
	if (entry == NULL) {
		return; /* not kept: the next one loads it again */
	}
	atomic_init(&entry->users, 1);
	entry->was_used = false;
	entry->bytes = bytes;
	struct shard *shard = shard_of(cache, set->account_id.value);
	pthread_mutex_lock(&shard->lock);
	shard->misses++;
	if (shard->forgotten > epoch || bytes > cache->shard_bytes) {
		pthread_mutex_unlock(&shard->lock);
		drop(entry);
		return;
	}
	take_out(shard, set->account_id.value);
	struct entry **bucket = bucket_of(shard, set->account_id.value);
	entry->next = *bucket;
	*bucket = entry;
	link_use(shard, entry);
	shard->bytes += bytes;
	shard->sets++;
	make_room(shard, cache->shard_bytes);
	pthread_mutex_unlock(&shard->lock);
}

/* ---- links ---- */

void ent_cache_expect_link(struct ent_cache *cache, ent_id id)
{
	struct shard *shard = shard_of(cache, id.value);
	if (shard->links != NULL) {
		const struct ent_link *link = place_of_link(cache, shard, id);
		__builtin_prefetch(link);
		__builtin_prefetch(link + 1); /* it may end in the next line */
	}
}

bool ent_cache_get_link(struct ent_cache *cache, ent_id id, struct ent_link *out)
{
	struct shard *shard = shard_of(cache, id.value);
	if (shard->links == NULL) {
		return false;
	}
	pthread_mutex_lock(&shard->lock);
	*out = *place_of_link(cache, shard, id);
	pthread_mutex_unlock(&shard->lock);
	return ent_id_eq(out->id, id);
}

void ent_cache_put_link(struct ent_cache *cache, uint64_t epoch, const struct ent_link *link)
{
	struct shard *shard = shard_of(cache, link->id.value);
	if (shard->links == NULL) {
		return;
	}
	pthread_mutex_lock(&shard->lock);
	if (shard->forgotten <= epoch) {
		*place_of_link(cache, shard, link->id) = *link;
	}
	pthread_mutex_unlock(&shard->lock);
}

/* ---- the rest ---- */

struct ent_cache_people *ent_cache_people(struct ent_cache *cache)
{
	return &cache->people;
}

void ent_cache_stats(struct ent_cache *cache, struct ent_cache_stats *out)
{
	*out = (struct ent_cache_stats){ 0 };
	for (size_t i = 0; i < SHARDS; i++) {
		struct shard *shard = &cache->shards[i];
		pthread_mutex_lock(&shard->lock);
		out->hits += shard->hits;
		out->misses += shard->misses;
		out->evictions += shard->evictions;
		out->sets += shard->sets;
		out->bytes += shard->bytes;
		pthread_mutex_unlock(&shard->lock);
	}
}
