#include "app/sla_cache.h"

#include "app/cache_inner.h"
#include "json/sla.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { VERSIONS = 512, BYTES = 64 << 20 };

struct kept_version {
	struct ent_sla_version version; /* first */
	atomic_int users;               /* one of them is the cache itself */
	bool was_used;                  /* since it was last looked at for making room */
	size_t bytes;
};

struct kept_policies {
	struct ent_sla_policies policies; /* first */
	atomic_int users;
};

struct ent_sla_cache {
	pthread_mutex_t lock; /* guards the rest; taken alone */
	uint64_t forgotten;   /* the epoch of the last forgetting of policies */
	struct kept_policies *policies;
	struct kept_version *versions[VERSIONS]; /* in no order */
	size_t count, bytes;
	size_t hand; /* whose turn it is to make room */
};

struct ent_sla_cache *ent_sla_cache_open(void)
{
	struct ent_sla_cache *cache = calloc(1, sizeof(*cache));
	if (cache != NULL) {
		pthread_mutex_init(&cache->lock, NULL);
	}
	return cache;
}

/* ---- versions ---- */

void ent_sla_cache_release(const struct ent_sla_version *version)
{
	struct kept_version *kept = (struct kept_version *)(uintptr_t)version;
	if (atomic_fetch_sub(&kept->users, 1) == 1) {
		free(kept);
	}
}

static void take_out(struct ent_sla_cache *cache, size_t at)
{
	struct kept_version *kept = cache->versions[at];
	cache->bytes -= kept->bytes;
	cache->versions[at] = cache->versions[--cache->count];
	ent_sla_cache_release(&kept->version);
}

static size_t find(const struct ent_sla_cache *cache, int64_t id)
{
	size_t at = 0;
	while (at < cache->count && cache->versions[at]->version.id.value != id) {
		at++;
	}
	return at;
}

const struct ent_sla_version *ent_sla_cache_get(struct ent_sla_cache *cache, ent_id id)
{
	const struct ent_sla_version *version = NULL;
	pthread_mutex_lock(&cache->lock);
	size_t at = find(cache, id.value);
	if (at < cache->count) {
		struct kept_version *kept = cache->versions[at];
		atomic_fetch_add(&kept->users, 1);
		kept->was_used = true;
		version = &kept->version;
	}
	pthread_mutex_unlock(&cache->lock);
	return version;
}

/* Who was not used since the hand came by goes. */
static void make_room(struct ent_sla_cache *cache, size_t bytes)
{
	while (cache->count > 0 && (cache->count == VERSIONS || cache->bytes + bytes > BYTES)) {
		cache->hand %= cache->count;
		struct kept_version *kept = cache->versions[cache->hand];
		if (kept->was_used) {
			kept->was_used = false;
			cache->hand++;
		} else {
			take_out(cache, cache->hand);
		}
	}
}

struct compiling {
	struct ent_making making; /* first */
	struct ent_error *error;
	enum ent_code code;
};

static void compile(struct ent_making *making)
{
	struct compiling *compiling = (struct compiling *)making;
	struct kept_version *kept = making->to;
	compiling->code = ent_sla_version_load(making->from, &making->arena, &kept->version,
	                                       compiling->error);
}

enum ent_code ent_sla_cache_put(struct ent_sla_cache *cache,
                                const struct ent_sla_policy_version *row,
                                const struct ent_sla_version **out, struct ent_error *error)
{
	struct compiling compiling = { .making = { .copy = compile, .from = row }, .error = error };
	size_t bytes;
	*out = NULL;
	struct kept_version *kept =
		ent_cache_block(&compiling.making, (sizeof(*kept) + 15) & ~(size_t)15, &bytes);
	if (kept == NULL || compiling.code != ENT_OK) {
		free(kept);
		return compiling.code;
	}
	atomic_init(&kept->users, 1); /* the caller */
	kept->was_used = true;
	kept->bytes = bytes;
	*out = &kept->version;
	pthread_mutex_lock(&cache->lock);
	if (find(cache, row->id.value) == cache->count && bytes <= BYTES) {
		make_room(cache, bytes);
		atomic_fetch_add(&kept->users, 1);
		cache->versions[cache->count++] = kept;
		cache->bytes += bytes;
	}
	pthread_mutex_unlock(&cache->lock);
	return ENT_OK;
}

/* ---- policies ---- */

void ent_sla_cache_release_policies(const struct ent_sla_policies *policies)
{
	struct kept_policies *kept = (struct kept_policies *)(uintptr_t)policies;
	if (atomic_fetch_sub(&kept->users, 1) == 1) {
		free(kept);
	}
}

const struct ent_sla_policies *ent_sla_cache_get_policies(struct ent_sla_cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	struct kept_policies *kept = cache->policies;
	if (kept != NULL) {
		atomic_fetch_add(&kept->users, 1);
	}
	pthread_mutex_unlock(&cache->lock);
	return kept == NULL ? NULL : &kept->policies;
}

static void drop_policies(struct ent_sla_cache *cache)
{
	if (cache->policies != NULL) {
		ent_sla_cache_release_policies(&cache->policies->policies);
		cache->policies = NULL;
	}
}

static void copy_policies(struct ent_making *making)
{
	const struct ent_sla_policies *from = making->from;
	struct kept_policies *kept = making->to;
	struct ent_sla_candidate *items =
		ENT_NEW(&making->arena, struct ent_sla_candidate, from->count);
	if (from->count > 0) {
		memcpy(items, from->items, from->count * sizeof(*items));
	}
	kept->policies = *from;
	kept->policies.items = items;
}

void ent_sla_cache_put_policies(struct ent_sla_cache *cache, uint64_t epoch,
                                const struct ent_sla_policies *policies)
{
	struct ent_making making = { .copy = copy_policies, .from = policies };
	size_t bytes;
	struct kept_policies *kept =
		ent_cache_block(&making, (sizeof(*kept) + 15) & ~(size_t)15, &bytes);
	if (kept == NULL) {
		return; /* not kept: the next one loads them again */
	}
	atomic_init(&kept->users, 1);
	pthread_mutex_lock(&cache->lock);
	bool is_right = cache->forgotten <= epoch;
	if (is_right) {
		drop_policies(cache);
		cache->policies = kept;
	}
	pthread_mutex_unlock(&cache->lock);
	if (!is_right) {
		free(kept);
	}
}

/* ---- forgetting ---- */

void ent_sla_cache_forget(struct ent_sla_cache *cache, int64_t id, uint64_t epoch)
{
	pthread_mutex_lock(&cache->lock);
	if (id == 0 || id == ENT_CACHE_SLA) {
		cache->forgotten = epoch;
		drop_policies(cache);
	}
	while (id == 0 && cache->count > 0) {
		take_out(cache, cache->count - 1);
	}
	size_t at = find(cache, id);
	if (at < cache->count) {
		take_out(cache, at);
	}
	pthread_mutex_unlock(&cache->lock);
}

void ent_sla_cache_close(struct ent_sla_cache *cache)
{
	if (cache != NULL) {
		ent_sla_cache_forget(cache, 0, 0);
		pthread_mutex_destroy(&cache->lock);
		free(cache);
	}
}
