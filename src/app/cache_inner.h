/* cache_inner.h - what the files of the cache share. For cache*.c only. */
#ifndef ENT_APP_CACHE_INNER_H
#define ENT_APP_CACHE_INNER_H

#include "app/cache.h"

#include <pthread.h>

/* ---- cache_people.c: memory outside of arenas ------------------------------------- */

/* A block that holds what `copy` makes of `from`, grown until it fits. */
struct ent_making {
	struct ent_arena arena;
	void (*copy)(struct ent_making *making);
	const void *from;
	void *to;
};

/* NULL: no memory. free() it. */
void *ent_cache_block(struct ent_making *making, size_t head, size_t *bytes);

/* ---- cache_people.c: people and settings ------------------------------------------ */

enum { ENT_CACHE_PERSONS = 1024, ENT_CACHE_KEY = 16 };

struct ent_kept_person {
	uint8_t hash[ENT_TOKEN_HASH];
	ent_instant until;
	struct ent_principal who; /* texts and lists in `block` */
	void *block;
};

struct ent_kept_settings;

struct ent_cache_people {
	pthread_mutex_t lock; /* guards the rest; taken alone */
	uint64_t forgotten;   /* the epoch of the last forgetting */
	struct ent_kept_person persons[ENT_CACHE_PERSONS];
	struct ent_kept_settings *settings; /* NULL: none */
	uint8_t token_key[ENT_CACHE_KEY];   /* made up; never changes */
};

void ent_cache_people_init(struct ent_cache_people *people);
void ent_cache_people_finish(struct ent_cache_people *people);
void ent_cache_people_forget(struct ent_cache_people *people, uint64_t epoch);
struct ent_cache_people *ent_cache_people(struct ent_cache *cache);

#endif
