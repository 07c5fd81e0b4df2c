#include "app/cache.h"

#include "base/text.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SHARDS = 64, PEOPLE = 1024, BUCKETS = 4096 };

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

struct person {
	uint8_t hash[ENT_TOKEN_HASH];
	ent_instant until;
	struct ent_principal who; /* texts and lists in `block` */
	void *block;
};

struct ent_cache {
	size_t shard_bytes; /* for sets; 0: nothing is kept */
	size_t links;       /* a shard */
	struct shard shards[SHARDS];
	_Atomic uint64_t epoch;
	pthread_mutex_t people_lock; /* guards the rest; taken alone */
	uint64_t people_forgotten;
	struct person people[PEOPLE];
	void *settings_block;
	struct ent_settings settings;
};

/* ---- memory outside of arenas ---- */

/* A block that holds what `copy` makes of `from`, grown until it fits. */
struct making {
	struct ent_arena arena;
	void (*copy)(struct making *making);
	const void *from;
	void *to;
};

static void make(void *arg)
{
	struct making *making = arg;
	making->copy(making);
}

/* A block of `size` bytes; NULL with *bytes 0 if it does not fit. */
static void *block_in(struct making *making, size_t head, size_t size, size_t *bytes)
{
	char *block = malloc(size);
	*bytes = 0;
	if (block == NULL) {
		return NULL;
	}
	struct ent_budget budget = { .high = block, .fail_at = -1 };
	making->arena = (struct ent_arena){ block + head, block + size, &budget };
	making->to = block;
	if (!ent_guard(&budget, make, making)) {
		free(block);
		return NULL;
	}
	*bytes = (size_t)(making->arena.next - block);
	return block;
}

/* Made twice, the second time in a block of just its size: what is kept is many, and as
 * malloc() aligns all blocks alike, it needs no more room in another one. */
static void *block_of(struct making *making, size_t head, size_t *bytes)
{
	for (size_t size = 4096; size <= (size_t)64 << 20; size *= 2) {
		void *large = block_in(making, head, size, bytes);
		if (large != NULL) {
			free(large);
			return block_in(making, head, *bytes, bytes);
		}
	}
	return NULL;
}

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
	pthread_mutex_init(&cache->people_lock, NULL);
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

static void forget_people(struct ent_cache *cache, uint64_t epoch)
{
	pthread_mutex_lock(&cache->people_lock);
	cache->people_forgotten = epoch;
	for (size_t i = 0; i < PEOPLE; i++) {
		free(cache->people[i].block);
		cache->people[i] = (struct person){ .block = NULL };
	}
	free(cache->settings_block);
	cache->settings_block = NULL;
	pthread_mutex_unlock(&cache->people_lock);
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
	forget_people(cache, 0);
	pthread_mutex_destroy(&cache->people_lock);
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
				shard->links[mix(id) / SHARDS % cache->links].id = ENT_ID_NONE;
			}
		}
		pthread_mutex_unlock(&shard->lock);
	}
	if (id == 0 || id == ENT_CACHE_PEOPLE) {
		forget_people(cache, epoch);
	}
}

uint64_t ent_cache_epoch(struct ent_cache *cache)
{
	return atomic_load(&cache->epoch);
}

/* ---- coverage sets ---- */

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
		shard->hits++;
	} else {
		shard->misses++;
	}
	pthread_mutex_unlock(&shard->lock);
	return entry == NULL ? NULL : &entry->set;
}

void ent_cache_release_set(struct ent_cache *cache, const struct ent_coverage_set *set)
{
	(void)cache;
	drop((struct entry *)(uintptr_t)set);
}

static void copy_set(struct making *making)
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
	struct making making = { .copy = copy_set, .from = set };
	size_t bytes;
	struct entry *entry = block_of(&making, (sizeof(*entry) + 15) & ~(size_t)15, &bytes);
	if (entry == NULL) {
		return; /* not kept: the next one loads it again */
	}
	atomic_init(&entry->users, 1);
	entry->was_used = false;
	entry->bytes = bytes;
	struct shard *shard = shard_of(cache, set->account_id.value);
	pthread_mutex_lock(&shard->lock);
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

bool ent_cache_get_link(struct ent_cache *cache, ent_id id, struct ent_link *out)
{
	struct shard *shard = shard_of(cache, id.value);
	if (shard->links == NULL) {
		return false;
	}
	pthread_mutex_lock(&shard->lock);
	*out = shard->links[mix(id.value) / SHARDS % cache->links];
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
		shard->links[mix(link->id.value) / SHARDS % cache->links] = *link;
	}
	pthread_mutex_unlock(&shard->lock);
}

/* ---- people ---- */

static struct person *place_of(struct ent_cache *cache, const uint8_t hash[static ENT_TOKEN_HASH])
{
	uint64_t at;
	memcpy(&at, hash, sizeof(at));
	return &cache->people[at % PEOPLE];
}

static struct ent_principal copy_principal(const struct ent_principal *from,
                                           struct ent_arena *arena)
{
	struct ent_principal to = *from;
	ent_id *accounts = ENT_NEW(arena, ent_id, from->accounts.count);
	for (size_t i = 0; i < from->accounts.count; i++) {
		accounts[i] = from->accounts.items[i];
	}
	to.accounts.items = accounts;
	to.name = ent_text_copy(arena, from->name);
	to.actor = ent_text_copy(arena, from->actor);
	return to;
}

bool ent_cache_get_person(struct ent_cache *cache, const uint8_t hash[static ENT_TOKEN_HASH],
                          ent_instant now, struct ent_arena *arena, struct ent_principal *out)
{
	/* Room first: with the lock held nothing may use up the arena. */
	struct ent_arena room = { ent_arena_bytes(arena, 8192), NULL, arena->budget };
	room.end = room.next + 8192;
	struct person *person = place_of(cache, hash);
	pthread_mutex_lock(&cache->people_lock);
	bool found = person->block != NULL && memcmp(person->hash, hash, ENT_TOKEN_HASH) == 0 &&
	             now.us < person->until.us;
	if (found) {
		*out = copy_principal(&person->who, &room);
	}
	pthread_mutex_unlock(&cache->people_lock);
	return found;
}

struct copied_principal {
	struct ent_principal who;
};

static void copy_person(struct making *making)
{
	struct copied_principal *to = making->to;
	to->who = copy_principal(making->from, &making->arena);
}

void ent_cache_put_person(struct ent_cache *cache, uint64_t epoch,
                          const uint8_t hash[static ENT_TOKEN_HASH], ent_instant until,
                          const struct ent_principal *person)
{
	struct making making = { .copy = copy_person, .from = person };
	size_t bytes;
	struct copied_principal *block = block_of(&making, sizeof(*block), &bytes);
	if (block == NULL || bytes > 4096) {
		free(block); /* does not fit the room that ent_cache_get_person() has */
		return;
	}
	struct person *place = place_of(cache, hash);
	pthread_mutex_lock(&cache->people_lock);
	if (cache->people_forgotten <= epoch) {
		free(place->block);
		*place = (struct person){ .until = until, .who = block->who, .block = block };
		memcpy(place->hash, hash, ENT_TOKEN_HASH);
		block = NULL;
	}
	pthread_mutex_unlock(&cache->people_lock);
	free(block);
}

/* ---- settings ---- */

bool ent_cache_get_settings(struct ent_cache *cache, struct ent_arena *arena,
                            struct ent_settings *out)
{
	struct ent_arena room = { ent_arena_bytes(arena, 16384), NULL, arena->budget };
	room.end = room.next + 16384;
	pthread_mutex_lock(&cache->people_lock);
	bool found = cache->settings_block != NULL;
	if (found) {
		ent_type_copy(&ent_settings_type, &cache->settings, out, &room);
	}
	pthread_mutex_unlock(&cache->people_lock);
	return found;
}

static void copy_settings(struct making *making)
{
	ent_type_copy(&ent_settings_type, making->from, making->to, &making->arena);
}

void ent_cache_put_settings(struct ent_cache *cache, uint64_t epoch,
                            const struct ent_settings *settings)
{
	struct making making = { .copy = copy_settings, .from = settings };
	size_t bytes;
	struct ent_settings *block = block_of(&making, sizeof(*block), &bytes);
	if (block == NULL || bytes > 8192) {
		free(block);
		return;
	}
	pthread_mutex_lock(&cache->people_lock);
	if (cache->people_forgotten <= epoch) {
		free(cache->settings_block);
		cache->settings = *block;
		cache->settings_block = block;
		block = NULL;
	}
	pthread_mutex_unlock(&cache->people_lock);
	free(block);
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
