/* hours_cache.h - compiled hours by (calendar, revision): shared, unchanging, bounded.
 *
 * Any thread. What a revision says never changes once it is committed, so nothing here is ever
 * stale. One that is not committed yet is not shared: whoever makes it says so with await(),
 * and after the commit settle() lets it in.
 */
#ifndef ENT_APP_HOURS_CACHE_H
#define ENT_APP_HOURS_CACHE_H

#include "app/hours.h"

struct ent_hours_cache;
struct ent_kept_hours; /* one of them, in a block of its own */

struct ent_hours_cache *
ent_hours_cache_open(size_t bytes); /* 0: nothing is kept; NULL: no memory */
void ent_hours_cache_close(struct ent_hours_cache *cache);

struct ent_hours_key {
	ent_id calendar;
	int64_t revision;
	int32_t year;                /* that the tables are about */
	const struct ent_zone *zone; /* of what is always open; else NULL */
};

/* What to make hours of. The texts are copied. */
struct ent_hours_source {
	const struct ent_node *definition; /* NULL: always open */
	const struct ent_zone *zone;
	ent_str time_zone;
	ent_str name;
};

/* NULL: not there. Release what you get. */
struct ent_kept_hours *ent_hours_cache_get(struct ent_hours_cache *cache,
                                           const struct ent_hours_key *key);
/* Compile; NULL: no memory, or the definition is none. Not kept yet; release it. */
struct ent_kept_hours *ent_hours_make(const struct ent_hours_key *key,
                                      const struct ent_hours_source *source);
/* Let others have it, unless the row it came from is awaited. */
void ent_hours_cache_put(struct ent_hours_cache *cache, struct ent_kept_hours *kept, ent_id row);
void ent_hours_release(struct ent_kept_hours *kept);

const struct ent_call_hours *ent_kept_hours_of(const struct ent_kept_hours *kept);
bool ent_kept_hours_fit(const struct ent_kept_hours *kept, const struct ent_hours_key *key);

/* Rows of calendar_revision that are written but not committed. */
void ent_hours_cache_await(struct ent_hours_cache *cache, ent_id row);
void ent_hours_cache_settle(struct ent_hours_cache *cache, int64_t id);

#endif
