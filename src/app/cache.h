/* cache.h - what is kept in memory of the store, and how it stays right.
 *
 * Coverage sets by account, links by id (whose contact, part of what), people by
 * the hash of their token, the settings. Bounded; any thread. Everything is
 * forgotten by id when this process commits a change of it or another one
 * announces one. A load that began before a change cannot be put in after it: every
 * forgetting raises the epoch and marks its shard with it, and ent_cache_put_*() takes
 * the epoch from before the load's snapshot.
 */
#ifndef ENT_APP_CACHE_H
#define ENT_APP_CACHE_H

#include "core/access.h"
#include "core/coverage.h"

struct ent_cache;

struct ent_cache *
ent_cache_open(int64_t bytes); /* 0: default, -1: keeps nothing; NULL: no memory */
void ent_cache_close(struct ent_cache *cache);

/* Stands for everybody who signed in and for the settings: both are few and change
 * seldom, so they are forgotten together. */
#define ENT_CACHE_PEOPLE INT64_C(1)

/* Forget what hangs on this id; 0: everything. */
void ent_cache_forget(struct ent_cache *cache, int64_t id);

/* The epoch to put with, taken before the load; never 0. */
uint64_t ent_cache_epoch(struct ent_cache *cache);

/* ---- coverage sets ---------------------------------------------------------- */

/* It will soon be asked for: have it brought near the processor meanwhile. */
void ent_cache_expect_set(struct ent_cache *cache, ent_id account);

/* A shared, unchanging set: release it when done. NULL: not there. */
const struct ent_coverage_set *ent_cache_get_set(struct ent_cache *cache, ent_id account);
void ent_cache_release_set(struct ent_cache *cache, const struct ent_coverage_set *set);
void ent_cache_put_set(struct ent_cache *cache, uint64_t epoch, const struct ent_coverage_set *set);

/* ---- links ------------------------------------------------------------------- */

enum ent_link_kind {
	ENT_LINK_NONE,
	ENT_LINK_CONTACT,
	ENT_LINK_PRODUCT,
	ENT_LINK_ASSET,
	ENT_LINK_CALENDAR
};

struct ent_link {
	ent_id id;
	enum ent_link_kind kind;
	ent_id account_id; /* whose; none for products */
	ent_id parent_id;  /* the family, or the asset it is part of */
	union {
		ent_id product_id; /* of an asset */
		int64_t revision;  /* of a calendar: the present one */
	};
};

void ent_cache_expect_link(struct ent_cache *cache, ent_id id); /* as with sets */
bool ent_cache_get_link(struct ent_cache *cache, ent_id id, struct ent_link *out);
void ent_cache_put_link(struct ent_cache *cache, uint64_t epoch, const struct ent_link *link);

/* ---- people --------------------------------------------------------------------- */

enum { ENT_TOKEN_HASH = 16 };

/* The hash of a token that people are kept by, under a key that this process made up: who
 * does not know the key finds no two tokens alike. Not for what is stored. */
void ent_cache_token_hash(struct ent_cache *cache, ent_str token,
                          uint8_t out[static ENT_TOKEN_HASH]);

/* Somebody who showed a token; a copy in `arena`. `until`: when it must be looked up
 * again, e.g. because the key expires. */
bool ent_cache_get_person(struct ent_cache *cache, const uint8_t hash[static ENT_TOKEN_HASH],
                          ent_instant now, struct ent_arena *arena, struct ent_principal *out);
void ent_cache_put_person(struct ent_cache *cache, uint64_t epoch,
                          const uint8_t hash[static ENT_TOKEN_HASH], ent_instant until,
                          const struct ent_principal *person);

/* ---- settings --------------------------------------------------------------------- */

/* Shared and unchanging: release them when done. NULL: not there. */
const struct ent_settings *ent_cache_get_settings(struct ent_cache *cache);
void ent_cache_release_settings(const struct ent_settings *settings);
void ent_cache_put_settings(struct ent_cache *cache, uint64_t epoch,
                            const struct ent_settings *settings);

struct ent_cache_stats {
	uint64_t hits, misses, sets, bytes, evictions;
};
void ent_cache_stats(struct ent_cache *cache, struct ent_cache_stats *out);

#endif
