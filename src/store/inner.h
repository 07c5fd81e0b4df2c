/* inner.h - what the files of store/ share and nobody else sees.
 *
 * Threads. SQLite: a writer (writer.c) that takes from `writes`, and workers that
 * serve READ tasks from `tasks`. PostgreSQL: workers that serve everything from
 * `tasks`, and a watcher (watch.c) that listens for what other processes announce.
 */
#ifndef ENT_STORE_INNER_H
#define ENT_STORE_INNER_H

#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
	ENT_TRIES = 3,       /* a task that meets BUSY */
	ENT_BATCH_MAX = 64,  /* tasks that share a commit */
	ENT_SERIES_MAX = 16, /* number series a process uses */
	ENT_NUMBER_BLOCK = 100,
	ENT_NODE_MAX = 1024,
	ENT_DONE_ROOM = 16 << 20 /* what done() may use beyond the task's own */
};

/* ---- queues (queue.c) -------------------------------------------------------- */

struct ent_queue {
	pthread_mutex_t lock;
	pthread_cond_t ready;
	struct ent_task *first;
	struct ent_task **last;
	size_t count;
	size_t max;
	bool closed; /* takes no more; what is in it is still served */
};

void ent_queue_init(struct ent_queue *queue, size_t max);
void ent_queue_finish(struct ent_queue *queue);
/* UNAVAILABLE when closed, OVERLOADED when full. */
ENT_CHECK enum ent_code ent_queue_put(struct ent_queue *queue, struct ent_task *task);
void ent_queue_put_first(struct ent_queue *queue, struct ent_task *task); /* always works */
/* Up to `max` tasks at once, waiting for the first; 0 after wait_ms (-1: no limit) or
 * when the queue is closed and empty, which *closed tells. */
size_t ent_queue_take(struct ent_queue *queue, struct ent_task **tasks, size_t max, int wait_ms,
                      bool *closed);
void ent_queue_close(struct ent_queue *queue);

/* ---- threads ------------------------------------------------------------------ */

/* A thread with its memory and its connection. */
struct ent_lane {
	struct ent_store *store;
	struct ent_db *db;
	struct ent_budget budget;
	struct ent_arena whole;
	pthread_t thread;
	bool is_running;
	bool has_arena;
};

/* A number series; all under store->series_lock. */
struct ent_series {
	char name[32];
	int64_t next;  /* the next number to give */
	int64_t end;   /* behind the last one reserved */
	int64_t floor; /* behind the last one ever given here */
	bool in_task;  /* SQLite: reserved inside the running savepoint */
	bool in_batch; /* SQLite: reserved since the last commit */
};

struct ent_counters {
	_Atomic uint64_t reads, writes, commits, rollbacks, retries, overloads, commit_us;
};

struct ent_watch; /* watch.c */

/* Looking after this process's row of `node` (node.c). */
struct ent_renewal {
	struct ent_task task;
	struct ent_store *store;
	int64_t asked_at; /* monotonic us */
	int node;
	int others; /* live processes but this one */
	bool is_new;
};

struct ent_store {
	enum ent_dialect dialect;
	char *url;
	size_t arena_bytes, task_bytes;
	int refresh_ms, lease_ms;

	struct ent_queue tasks, writes;
	struct ent_lane *workers;
	size_t worker_count;
	struct ent_lane writer;
	struct ent_counters counters;

	pthread_mutex_t series_lock;
	struct ent_series series[ENT_SERIES_MAX];
	size_t series_count;
	struct ent_lane numbers; /* PostgreSQL: its connection for series; no thread */

	pthread_mutex_t listener_lock;
	void (*changed)(void *arg, int64_t id);
	void *changed_arg;

	char token[33];              /* tells this process from all others */
	_Atomic int node;            /* -1: none yet */
	_Atomic int64_t lease_ends;  /* monotonic us; 0: none */
	_Atomic int64_t lease_began; /* monotonic us: when the node was claimed */
	_Atomic int64_t looked_at;   /* monotonic us: when the last look for others began */
	_Atomic int others;          /* processes seen then */
	_Atomic int64_t renew_at;    /* monotonic us */
	_Atomic bool is_renewing;
	_Atomic bool is_closing;
	struct ent_renewal renewal;

	struct ent_watch *watch; /* PostgreSQL */
};

int64_t ent_now_us(void); /* monotonic */

bool ent_lane_init(struct ent_lane *lane, struct ent_store *store);
void ent_lane_finish(struct ent_lane *lane); /* after its thread has ended */

/* ---- tasks (task.c) ------------------------------------------------------------ */

/* task->work() inside a guard, with what it may use clipped from *arena. */
enum ent_code ent_task_work(struct ent_lane *lane, struct ent_task *task, struct ent_arena *arena,
                            struct ent_error *error);
/* task->done() inside a guard; `arena` lends what it may use. */
void ent_task_done(struct ent_lane *lane, struct ent_task *task, enum ent_code code,
                   struct ent_arena arena, struct ent_error *error);
/* Refuse a task that no thread will serve. */
void ent_task_refuse(struct ent_task *task, enum ent_code code);
/* One task in its own transaction, with retries; not done() yet. */
enum ent_code ent_task_transact(struct ent_lane *lane, struct ent_task *task,
                                struct ent_arena *arena, struct ent_error *error);
void *ent_task_loop(void *lane); /* a worker's thread */

/* ---- SQLite --------------------------------------------------------------------- */

struct sqlite3;
enum ent_sqlite_use { ENT_SQLITE_WRITER, ENT_SQLITE_READER, ENT_SQLITE_CREATOR };
ENT_CHECK enum ent_code ent_sqlite_open(const char *path, enum ent_sqlite_use use,
                                        struct ent_db **out, struct ent_error *error);
/* Fails with the reason why sqlite3_open_v2(), or what followed it, came to `rc`. */
enum ent_code ent_sqlite_not_opened(struct sqlite3 *handle, const char *path,
                                    enum ent_sqlite_use use, int rc, struct ent_error *error);
/* Changes when another connection has committed something. */
int64_t ent_sqlite_data_version(struct ent_db *db);
/* False when the engine has given up the transaction by itself (disk full). */
bool ent_sqlite_in_transaction(struct ent_db *db);
void ent_sqlite_checkpoint(struct ent_db *db);
/* LOWER() of every letter (lower.c); a result code of SQLite's. */
int ent_sqlite_add_lower(struct sqlite3 *handle);
/* That, and: what runs when *until_us has passed (monotonic; 0: never) is interrupted; set_config()
 * sets it (patience.c). */
int ent_sqlite_add_functions(struct sqlite3 *handle, int64_t *until_us);
void *ent_writer_loop(void *lane); /* the writer's thread */

/* ---- PostgreSQL ------------------------------------------------------------------ */

/* `url` and `store` outlive the connection. */
ENT_CHECK enum ent_code ent_postgres_open(const char *url, struct ent_store *store,
                                          struct ent_db **out, struct ent_error *error);
ENT_CHECK enum ent_code ent_watch_start(struct ent_store *store, struct ent_error *error);
void ent_watch_stop(struct ent_store *store);
bool ent_watch_listening(const struct ent_store *store);

/* ---- numbers and nodes ------------------------------------------------------------ */

void ent_number_batch_begins(struct ent_store *store, struct ent_db *db, struct ent_arena scratch);
void ent_number_task_ended(struct ent_store *store, struct ent_db *db, bool kept,
                           struct ent_arena scratch);
void ent_number_batch_ended(struct ent_store *store, bool kept);

/* Lease a node if the database has its tables; STORAGE and others if it cannot. */
ENT_CHECK enum ent_code ent_node_claim(struct ent_store *store, struct ent_error *error);
void ent_node_release(struct ent_store *store);
/* Milliseconds until the lease wants to be renewed. */
int ent_node_wait_ms(const struct ent_store *store);
void ent_node_renew(struct ent_store *store); /* queues it if it is time */
/* May another process be waiting to hear of changes? */
bool ent_node_has_others(const struct ent_store *store);

/* Tell the listener. */
void ent_store_tell(struct ent_store *store, int64_t id);
/* As ent_store_submit(), before all others and also when the queue is full. */
void ent_store_submit_first(struct ent_store *store, struct ent_task *task);

#endif
