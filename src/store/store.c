#include "store/inner.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_postgres(const char *url)
{
	static const char *const begins[] = { "postgresql://", "postgres://", "host=", "hostaddr=",
		                              "dbname=",       "user=",       "port=", "service=" };
	for (size_t i = 0; i < ENT_COUNT(begins); i++) {
		if (strncmp(url, begins[i], strlen(begins[i])) == 0) {
			return true;
		}
	}
	return false;
}

static size_t default_workers(enum ent_dialect dialect)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	if (dialect == ENT_POSTGRES) {
		return 8;
	}
	return cores < 2 ? 2 : cores > 8 ? 8 : (size_t)cores;
}

static int pick(int given, int otherwise)
{
	return given > 0 ? given : otherwise;
}

static char *copy_of(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = malloc(size);
	return copy != NULL ? memcpy(copy, text, size) : NULL;
}

static struct ent_store *make(const struct ent_store_config *config)
{
	struct ent_store *store = calloc(1, sizeof(*store));
	if (store == NULL) {
		return NULL;
	}
	store->dialect = is_postgres(config->url) ? ENT_POSTGRES : ENT_SQLITE;
	store->worker_count =
		config->workers > 0 ? (size_t)config->workers : default_workers(store->dialect);
	store->url = copy_of(config->url);
	store->workers = calloc(store->worker_count, sizeof(*store->workers));
	if (store->url == NULL || store->workers == NULL) {
		free(store->url);
		free(store->workers);
		free(store);
		return NULL;
	}
	store->task_bytes = config->task_bytes > 0 ? config->task_bytes : (size_t)512 << 20;
	store->arena_bytes = config->arena_bytes > 0 ? config->arena_bytes : (size_t)1 << 30;
	if (store->arena_bytes < 2 * (size_t)ENT_DONE_ROOM) {
		store->arena_bytes = 2 * (size_t)ENT_DONE_ROOM;
	}
	store->refresh_ms = pick(config->refresh_ms, 2000);
	store->lease_ms = pick(config->lease_ms, 60000);
	if (store->lease_ms < 5 * store->refresh_ms) {
		store->lease_ms = 5 * store->refresh_ms;
	}
	store->node = -1;
	size_t queue_max = config->queue_max > 0 ? config->queue_max : 20000;
	ent_queue_init(&store->tasks, queue_max);
	ent_queue_init(&store->writes, queue_max);
	pthread_mutex_init(&store->series_lock, NULL);
	pthread_mutex_init(&store->listener_lock, NULL);
	return store;
}

static void destroy(struct ent_store *store)
{
	ent_queue_finish(&store->tasks);
	ent_queue_finish(&store->writes);
	pthread_mutex_destroy(&store->series_lock);
	pthread_mutex_destroy(&store->listener_lock);
	free(store->workers);
	free(store->url);
	free(store);
}

/* ---- starting ------------------------------------------------------------------------ */

static enum ent_code open_lane(struct ent_store *store, struct ent_lane *lane,
                               enum ent_sqlite_use use, struct ent_error *error)
{
	if (!ent_lane_init(lane, store)) {
		return ent_fail(error, ENT_E_SYSTEM, "could not reserve %zu MiB",
		                store->arena_bytes >> 20);
	}
	return store->dialect == ENT_SQLITE
	               ? ent_sqlite_open(store->url, use, &lane->db, error)
	               : ent_postgres_open(store->url, store, &lane->db, error);
}

static enum ent_code start(struct ent_lane *lane, void *(*loop)(void *), struct ent_error *error)
{
	if (pthread_create(&lane->thread, NULL, loop, lane) != 0) {
		return ent_fail(error, ENT_E_SYSTEM, "could not start a thread");
	}
	lane->is_running = true;
	return ENT_OK;
}

static enum ent_code open_lanes(struct ent_store *store, bool create, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	if (store->dialect == ENT_SQLITE) {
		code = open_lane(store, &store->writer,
		                 create ? ENT_SQLITE_CREATOR : ENT_SQLITE_WRITER, error);
	} else if (!ent_lane_init(&store->numbers, store)) {
		code = ent_fail(error, ENT_E_SYSTEM, "could not reserve memory");
	}
	for (size_t i = 0; i < store->worker_count && code == ENT_OK; i++) {
		code = open_lane(store, &store->workers[i], ENT_SQLITE_READER, error);
	}
	return code;
}

static enum ent_code start_lanes(struct ent_store *store, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	if (store->dialect == ENT_SQLITE) {
		code = start(&store->writer, ent_writer_loop, error);
	}
	for (size_t i = 0; i < store->worker_count && code == ENT_OK; i++) {
		code = start(&store->workers[i], ent_task_loop, error);
	}
	return code;
}

static void join(struct ent_lane *lane)
{
	if (lane->is_running) {
		pthread_join(lane->thread, NULL);
		lane->is_running = false;
	}
}

static void stop_lanes(struct ent_store *store)
{
	ent_queue_close(&store->tasks);
	ent_queue_close(&store->writes);
	for (size_t i = 0; i < store->worker_count; i++) {
		join(&store->workers[i]);
	}
	join(&store->writer);
	for (size_t i = 0; i < store->worker_count; i++) {
		ent_lane_finish(&store->workers[i]);
	}
	ent_lane_finish(&store->numbers);
	ent_lane_finish(&store->writer); /* last: it removes the write-ahead log */
}

enum ent_code ent_store_open(const struct ent_store_config *config, struct ent_store **out,
                             struct ent_error *error)
{
	struct ent_store *store = make(config);
	if (store == NULL) {
		return ent_fail(error, ENT_E_SYSTEM, "no memory for a store");
	}
	enum ent_code code = open_lanes(store, config->create, error);
	if (code == ENT_OK) {
		code = start_lanes(store, error);
	}
	if (code == ENT_OK) {
		code = ent_node_claim(store, error);
	}
	if (code == ENT_OK && store->dialect == ENT_POSTGRES) {
		code = ent_watch_start(store, error);
	}
	if (code != ENT_OK) {
		stop_lanes(store);
		destroy(store);
		return code;
	}
	*out = store;
	return ENT_OK;
}

void ent_store_close(struct ent_store *store)
{
	if (store->dialect == ENT_POSTGRES) {
		ent_watch_stop(store);
	}
	ent_node_release(store);
	stop_lanes(store);
	destroy(store);
}

enum ent_dialect ent_store_dialect(const struct ent_store *store)
{
	return store->dialect;
}

enum ent_code ent_store_reader(struct ent_store *store, struct ent_arena *arena,
                               struct ent_db **out, struct ent_error *error)
{
	(void)arena;
	return store->dialect == ENT_SQLITE
	               ? ent_sqlite_open(store->url, ENT_SQLITE_READER, out, error)
	               : ent_postgres_open(store->url, store, out, error);
}

/* ---- tasks ---------------------------------------------------------------------------- */

static struct ent_queue *queue_of(struct ent_store *store, const struct ent_task *task)
{
	bool is_for_writer = store->dialect == ENT_SQLITE && task->access == ENT_WRITE;
	return is_for_writer ? &store->writes : &store->tasks;
}

void ent_store_submit(struct ent_store *store, struct ent_task *task)
{
	enum ent_code code = ent_queue_put(queue_of(store, task), task);
	if (code != ENT_OK) {
		store->counters.overloads += code == ENT_E_OVERLOADED;
		ent_task_refuse(task, code);
	}
}

void ent_store_submit_first(struct ent_store *store, struct ent_task *task)
{
	ent_queue_put_first(queue_of(store, task), task);
}

static uint64_t waiting(const struct ent_queue *queue)
{
	pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&queue->lock;
	pthread_mutex_lock(lock);
	uint64_t count = queue->count;
	pthread_mutex_unlock(lock);
	return count;
}

void ent_store_stats(const struct ent_store *store, struct ent_store_stats *out)
{
	const struct ent_counters *counters = &store->counters;
	*out = (struct ent_store_stats){
		.reads = counters->reads,
		.writes = counters->writes,
		.commits = counters->commits,
		.rollbacks = counters->rollbacks,
		.retries = counters->retries,
		.overloads = counters->overloads,
		.commit_us_total = counters->commit_us,
		.queued = waiting(&store->tasks) + waiting(&store->writes),
	};
}

/* ---- changes by others ------------------------------------------------------------------ */

void ent_store_listen(struct ent_store *store, void (*changed)(void *arg, int64_t id), void *arg)
{
	pthread_mutex_lock(&store->listener_lock);
	store->changed = changed;
	store->changed_arg = arg;
	pthread_mutex_unlock(&store->listener_lock);
}

void ent_store_tell(struct ent_store *store, int64_t id)
{
	pthread_mutex_lock(&store->listener_lock);
	if (store->changed != NULL) {
		store->changed(store->changed_arg, id);
	}
	pthread_mutex_unlock(&store->listener_lock);
}

bool ent_store_listening(const struct ent_store *store)
{
	return store->dialect == ENT_SQLITE || ent_watch_listening(store);
}
