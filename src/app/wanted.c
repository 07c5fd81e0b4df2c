#include "app/wanted.h"

#include "base/text.h"

#include <pthread.h>
#include <stdlib.h>

struct ent_wanted {
	pthread_mutex_t lock;
	uint64_t forgotten;         /* the epoch of the last forgetting */
	struct ent_endpoints *kept; /* a block with everything it points to; NULL: nothing */
	size_t bytes;
	void (*wake)(void *arg);
	void *sender;
	struct ent_delivery_counters counters;
};

struct ent_wanted *ent_wanted_open(void)
{
	struct ent_wanted *wanted = calloc(1, sizeof(*wanted));
	if (wanted != NULL) {
		pthread_mutex_init(&wanted->lock, NULL);
	}
	return wanted;
}

void ent_wanted_close(struct ent_wanted *wanted)
{
	if (wanted != NULL) {
		free(wanted->kept);
		pthread_mutex_destroy(&wanted->lock);
		free(wanted);
	}
}

/* ---- copies ---- */

static size_t bytes_of(const struct ent_endpoints *endpoints)
{
	enum { ALIGNED = 16 };
	size_t bytes =
		sizeof(*endpoints) + ALIGNED + endpoints->count * sizeof(struct ent_endpoint);
	for (size_t i = 0; i < endpoints->count; i++) {
		struct ent_words words = endpoints->items[i].event_types;
		bytes += ALIGNED + words.count * sizeof(ent_str);
		for (size_t k = 0; k < words.count; k++) {
			bytes += words.items[k].len + 1;
		}
	}
	return bytes + endpoints->count * ALIGNED;
}

static void copy(const struct ent_endpoints *from, struct ent_endpoints *to,
                 struct ent_arena *arena)
{
	struct ent_endpoint *items = ENT_NEW(arena, struct ent_endpoint, from->count);
	for (size_t i = 0; i < from->count; i++) {
		struct ent_words words = from->items[i].event_types;
		ent_str *texts = ENT_NEW(arena, ent_str, words.count);
		for (size_t k = 0; k < words.count; k++) {
			texts[k] = ent_text_copy(arena, words.items[k]);
		}
		items[i] = from->items[i];
		items[i].event_types.items = texts;
	}
	*to = (struct ent_endpoints){ items, from->count };
}

/* ---- get, put, forget ---- */

bool ent_wanted_get(struct ent_wanted *wanted, struct ent_arena *arena, struct ent_endpoints *out)
{
	*out = (struct ent_endpoints){ NULL, 0 };
	pthread_mutex_lock(&wanted->lock);
	bool found = wanted->kept != NULL;
	bool is_empty = found && wanted->kept->count == 0;
	size_t bytes = wanted->bytes;
	pthread_mutex_unlock(&wanted->lock);
	if (!found || is_empty) {
		return found;
	}
	/* Room first: with the lock held nothing may use up the arena. */
	struct ent_arena room = { ent_arena_alloc(arena, 1, bytes, 16), NULL, arena->budget };
	room.end = room.next + bytes;
	pthread_mutex_lock(&wanted->lock);
	found = wanted->kept != NULL && wanted->bytes <= bytes;
	if (found) {
		copy(wanted->kept, out, &room);
	}
	pthread_mutex_unlock(&wanted->lock);
	return found;
}

void ent_wanted_put(struct ent_wanted *wanted, uint64_t epoch,
                    const struct ent_endpoints *endpoints)
{
	size_t bytes = bytes_of(endpoints);
	char *block = malloc(bytes);
	if (block == NULL) {
		return; /* the next one reads them again */
	}
	struct ent_endpoints *kept = (struct ent_endpoints *)block;
	struct ent_budget budget = { .high = block, .fail_at = -1 };
	struct ent_arena room = { block + sizeof(*kept), block + bytes, &budget };
	copy(endpoints, kept, &room);
	pthread_mutex_lock(&wanted->lock);
	if (wanted->forgotten <= epoch) {
		struct ent_endpoints *old = wanted->kept;
		wanted->kept = kept;
		wanted->bytes = bytes;
		kept = old;
	}
	pthread_mutex_unlock(&wanted->lock);
	free(kept);
}

void ent_wanted_forget(struct ent_wanted *wanted, uint64_t epoch)
{
	pthread_mutex_lock(&wanted->lock);
	wanted->forgotten = epoch;
	free(wanted->kept);
	wanted->kept = NULL;
	pthread_mutex_unlock(&wanted->lock);
}

/* ---- who sends ---- */

void ent_wanted_on_commit(struct ent_wanted *wanted, void (*wake)(void *arg), void *arg)
{
	pthread_mutex_lock(&wanted->lock);
	wanted->wake = wake;
	wanted->sender = arg;
	pthread_mutex_unlock(&wanted->lock);
}

void ent_wanted_tell(struct ent_wanted *wanted)
{
	pthread_mutex_lock(&wanted->lock);
	if (wanted->wake != NULL) {
		wanted->wake(wanted->sender);
	}
	pthread_mutex_unlock(&wanted->lock);
}

struct ent_delivery_counters *ent_wanted_counters(struct ent_wanted *wanted)
{
	return &wanted->counters;
}
