/* The part of the cache that is small: people, the settings, and how what is kept gets
 * its memory. */
#include "app/cache_inner.h"

#include "base/text.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct ent_kept_settings {
	struct ent_settings settings; /* first */
	atomic_int users;             /* one of them is the cache itself */
};

/* ---- memory outside of arenas ---- */

static void make(void *arg)
{
	struct ent_making *making = arg;
	making->copy(making);
}

/* A block of `size` bytes; NULL with *bytes 0 if it does not fit. */
static void *block_in(struct ent_making *making, size_t head, size_t size, size_t *bytes)
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
void *ent_cache_block(struct ent_making *making, size_t head, size_t *bytes)
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

/* ---- forgetting ---- */

void ent_cache_people_init(struct ent_cache_people *people)
{
	_Static_assert(ENT_CACHE_KEY == crypto_shorthash_siphashx24_KEYBYTES, "the key's size");
	pthread_mutex_init(&people->lock, NULL);
	randombytes_buf(people->token_key, sizeof(people->token_key));
}

void ent_cache_people_finish(struct ent_cache_people *people)
{
	ent_cache_people_forget(people, 0);
	pthread_mutex_destroy(&people->lock);
}

void ent_cache_release_settings(const struct ent_settings *settings)
{
	struct ent_kept_settings *kept = (struct ent_kept_settings *)(uintptr_t)settings;
	if (atomic_fetch_sub(&kept->users, 1) == 1) {
		free(kept);
	}
}

/* Under the lock. */
static void drop_settings(struct ent_cache_people *people)
{
	if (people->settings != NULL) {
		ent_cache_release_settings(&people->settings->settings);
		people->settings = NULL;
	}
}

void ent_cache_people_forget(struct ent_cache_people *people, uint64_t epoch)
{
	pthread_mutex_lock(&people->lock);
	people->forgotten = epoch;
	for (size_t i = 0; i < ENT_CACHE_PERSONS; i++) {
		free(people->persons[i].block);
		people->persons[i] = (struct ent_kept_person){ .block = NULL };
	}
	drop_settings(people);
	pthread_mutex_unlock(&people->lock);
}

/* ---- people ---- */

void ent_cache_token_hash(struct ent_cache *cache, ent_str token,
                          uint8_t out[static ENT_TOKEN_HASH])
{
	_Static_assert(ENT_TOKEN_HASH == crypto_shorthash_siphashx24_BYTES, "the hash's size");
	crypto_shorthash_siphashx24(out, (const unsigned char *)token.ptr, token.len,
	                            ent_cache_people(cache)->token_key);
}

static struct ent_kept_person *place_of(struct ent_cache_people *people,
                                        const uint8_t hash[static ENT_TOKEN_HASH])
{
	uint64_t at;
	memcpy(&at, hash, sizeof(at));
	return &people->persons[at % ENT_CACHE_PERSONS];
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
	struct ent_cache_people *people = ent_cache_people(cache);
	struct ent_kept_person *person = place_of(people, hash);
	pthread_mutex_lock(&people->lock);
	bool found = person->block != NULL && memcmp(person->hash, hash, ENT_TOKEN_HASH) == 0 &&
	             now.us < person->until.us;
	if (found) {
		*out = copy_principal(&person->who, &room);
	}
	pthread_mutex_unlock(&people->lock);
	return found;
}

struct copied_principal {
	struct ent_principal who;
};

static void copy_person(struct ent_making *making)
{
	struct copied_principal *to = making->to;
	to->who = copy_principal(making->from, &making->arena);
}

void ent_cache_put_person(struct ent_cache *cache, uint64_t epoch,
                          const uint8_t hash[static ENT_TOKEN_HASH], ent_instant until,
                          const struct ent_principal *person)
{
	struct ent_making making = { .copy = copy_person, .from = person };
	size_t bytes;
	struct copied_principal *block = ent_cache_block(&making, sizeof(*block), &bytes);
	if (block == NULL || bytes > 4096) {
		free(block); /* does not fit the room that ent_cache_get_person() has */
		return;
	}
	struct ent_cache_people *people = ent_cache_people(cache);
	struct ent_kept_person *place = place_of(people, hash);
	pthread_mutex_lock(&people->lock);
	if (people->forgotten <= epoch) {
		free(place->block);
		*place = (struct ent_kept_person){ .until = until, .who = block->who };
		place->block = block;
		memcpy(place->hash, hash, ENT_TOKEN_HASH);
		block = NULL;
	}
	pthread_mutex_unlock(&people->lock);
	free(block);
}

/* ---- settings ---- */

const struct ent_settings *ent_cache_get_settings(struct ent_cache *cache)
{
	struct ent_cache_people *people = ent_cache_people(cache);
	pthread_mutex_lock(&people->lock);
	struct ent_kept_settings *kept = people->settings;
	if (kept != NULL) {
		atomic_fetch_add(&kept->users, 1);
	}
	pthread_mutex_unlock(&people->lock);
	return kept == NULL ? NULL : &kept->settings;
}

static void copy_settings(struct ent_making *making)
{
	struct ent_kept_settings *kept = making->to;
	ent_type_copy(&ent_settings_type, making->from, &kept->settings, &making->arena);
}

void ent_cache_put_settings(struct ent_cache *cache, uint64_t epoch,
                            const struct ent_settings *settings)
{
	struct ent_making making = { .copy = copy_settings, .from = settings };
	size_t bytes;
	struct ent_kept_settings *kept = ent_cache_block(&making, sizeof(*kept), &bytes);
	if (kept == NULL) {
		return;
	}
	struct ent_cache_people *people = ent_cache_people(cache);
	atomic_init(&kept->users, 1);
	pthread_mutex_lock(&people->lock);
	if (people->forgotten <= epoch) {
		drop_settings(people);
		people->settings = kept;
		kept = NULL;
	}
	pthread_mutex_unlock(&people->lock);
	free(kept);
}

