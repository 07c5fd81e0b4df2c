#include "api/inner.h"

#include <pthread.h>
#include <stdlib.h>

enum { BUCKETS = 4096, RUNNING = 1024 };

/* ---- requests a minute ---- */

/* A token bucket that fills up over a minute. Principals that share a place share it:
 * with 4,096 places and the newest winning, that only ever favours them. */
struct bucket {
	int64_t who;
	int64_t per_minute;
	int64_t millis; /* thousandths of a token */
	int64_t at_us;
};

struct ent_limiter {
	pthread_mutex_t lock;
	struct bucket buckets[BUCKETS];
};

struct ent_limiter *ent_limiter_open(void)
{
	struct ent_limiter *limiter = calloc(1, sizeof(*limiter));
	if (limiter != NULL) {
		pthread_mutex_init(&limiter->lock, NULL);
	}
	return limiter;
}

void ent_limiter_close(struct ent_limiter *limiter)
{
	if (limiter != NULL) {
		pthread_mutex_destroy(&limiter->lock);
		free(limiter);
	}
}

bool ent_limiter_take(struct ent_limiter *limiter, int64_t who, int64_t per_minute, int64_t now_us,
                      int64_t *remaining, int64_t *reset_s)
{
	pthread_mutex_lock(&limiter->lock);
	uint64_t hash = (uint64_t)who * UINT64_C(0x9e3779b97f4a7c15);
	struct bucket *b = &limiter->buckets[hash >> 52];
	int64_t full = per_minute * 1000;
	if (b->who != who || b->per_minute != per_minute) {
		*b = (struct bucket){ who, per_minute, full, now_us };
	}
	int64_t passed_us = now_us - b->at_us;
	int64_t gained = passed_us >= ENT_MINUTE_US ? full : passed_us * per_minute / 60000;
	if (gained > 0) {
		b->millis = b->millis + gained < full ? b->millis + gained : full;
		b->at_us = now_us;
	}
	bool taken = b->millis >= 1000;
	b->millis -= taken ? 1000 : 0;
	*remaining = b->millis / 1000;
	int64_t missing = taken ? full - b->millis : 1000 - b->millis;
	*reset_s = (missing * 60 + full - 1) / full;
	pthread_mutex_unlock(&limiter->lock);
	return taken;
}

/* ---- keys in progress ---- */

struct ent_running {
	pthread_mutex_t lock;
	uint64_t hashes[RUNNING];
	size_t count;
};

struct ent_running *ent_running_open(void)
{
	struct ent_running *running = calloc(1, sizeof(*running));
	if (running != NULL) {
		pthread_mutex_init(&running->lock, NULL);
	}
	return running;
}

void ent_running_close(struct ent_running *running)
{
	if (running != NULL) {
		pthread_mutex_destroy(&running->lock);
		free(running);
	}
}

bool ent_running_enter(struct ent_running *running, uint64_t hash)
{
	pthread_mutex_lock(&running->lock);
	bool free_place = running->count < RUNNING;
	for (size_t i = 0; i < running->count && free_place; i++) {
		free_place = running->hashes[i] != hash;
	}
	if (free_place) {
		running->hashes[running->count++] = hash;
	}
	pthread_mutex_unlock(&running->lock);
	return free_place;
}

void ent_running_leave(struct ent_running *running, uint64_t hash)
{
	pthread_mutex_lock(&running->lock);
	for (size_t i = 0; i < running->count; i++) {
		if (running->hashes[i] == hash) {
			running->hashes[i] = running->hashes[--running->count];
			break;
		}
	}
	pthread_mutex_unlock(&running->lock);
}
