/* store.h - the storage port: connections, statements, transactions, threads.
 *
 * SQL is the common subset of SQLite and PostgreSQL, with $1, $2, ... in order
 * of first appearance. A statement is run to its end before ent_db_run()
 * returns, so no cursor outlives a call. Rows and their texts are in `arena`.
 */
#ifndef ENT_STORE_STORE_H
#define ENT_STORE_STORE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "core/field.h"

enum ent_access { ENT_READ, ENT_WRITE };

/* ---- a connection --------------------------------------------------------- */

struct ent_row {
	struct ent_row *next;
	struct ent_value cell[]; /* NULL, BOOL, INT or TEXT */
};

struct ent_rows {
	struct ent_row *first;
	struct ent_row **last; /* where the next row is hooked on */
	size_t columns;
	size_t count;
	size_t changed; /* rows inserted, updated or deleted */
};

enum ent_dialect { ENT_SQLITE, ENT_POSTGRES };

struct ent_db {
	const struct ent_db_ops *ops;
	enum ent_dialect dialect; /* for claiming queues only; one SQL text everywhere else */
	int depth;                /* 0: no transaction; 1: in one; 2...: savepoints inside it */
};

enum { ENT_ANY_ROWS = -1 };

/* What an adapter provides: sqlite.c, postgres.c, and fault.c in the tests. */
struct ent_db_ops {
	enum ent_code (*run)(struct ent_db *db, ent_str sql, const struct ent_value *args,
	                     size_t count, struct ent_arena *arena, struct ent_rows *rows,
	                     struct ent_error *error);
	enum ent_code (*exec)(struct ent_db *db, ent_str sql, const struct ent_value *args,
	                      size_t count, int64_t expect, struct ent_arena *arena,
	                      struct ent_error *error);
	/* A transaction, or a savepoint inside one: raises depth, and is undone by exactly one
	 * commit() that is OK or one rollback(). */
	enum ent_code (*begin)(struct ent_db *db, enum ent_access access, struct ent_error *error);
	enum ent_code (*commit)(struct ent_db *db, struct ent_error *error);
	void (*rollback)(struct ent_db *db); /* also releases what an abandoned run() held */
	enum ent_code (*notify)(struct ent_db *db, int64_t id, struct ent_error *error);
	void (*close)(struct ent_db *db);
};

/* Roll back until `depth` transactions are left. */
void ent_db_unwind(struct ent_db *db, int depth);

/* For adapters: start with no rows; append one with its cells still empty. */
void ent_rows_begin(struct ent_rows *rows);
struct ent_row *ent_rows_add(struct ent_rows *rows, struct ent_arena *arena);

/* Run one statement and read its rows. Statements are prepared once a
 * connection and found again by their text.
 * CONFLICT (a constraint; detail names it), DUPLICATE (a unique one), BUSY, STORAGE. */
ENT_CHECK enum ent_code ent_db_run(struct ent_db *db, ent_str sql, const struct ent_value *args,
                                   size_t count, struct ent_arena *arena, struct ent_rows *rows,
                                   struct ent_error *error);

/* Run a statement whose rows nobody needs. An adapter may send it later, together
 * with others: its failure then shows at the next ent_db_run() or at the commit.
 * Unless `expect` is ENT_ANY_ROWS, it is PRECONDITION_FAILED to change another
 * number of rows. */
ENT_CHECK enum ent_code ent_db_exec(struct ent_db *db, ent_str sql, const struct ent_value *args,
                                    size_t count, int64_t expect, struct ent_arena *arena,
                                    struct ent_error *error);

/* Arguments: ENT_ARGS(ent_arg_id(id), ent_arg_int(3)), expands to "array, count". */
#define ENT_ARGS(...) \
	((const struct ent_value[]){ __VA_ARGS__ }), \
	(sizeof((const struct ent_value[]){ __VA_ARGS__ }) / sizeof(struct ent_value))
struct ent_value ent_arg_int(int64_t number);
struct ent_value ent_arg_bool(bool truth);
struct ent_value ent_arg_text(ent_str text);        /* no text: NULL */
struct ent_value ent_arg_id(ent_id id);             /* none: NULL */
struct ent_value ent_arg_instant(ent_instant instant); /* none: NULL */

/* For "IN (…)": "$3, $4", the places of these ids, behind the `n` arguments that there are;
 * returns how many there are then. A statement is prepared for each text, so there are few:
 * the places are 1, 2, 4 … 256, the last id filling the rest, and more ids are written out.
 * `args` has room for ENT_IDS_ROOM more. */
enum { ENT_IDS_ROOM = 256 };
size_t ent_args_ids(struct ent_text *sql, struct ent_value *args, size_t n, struct ent_ids ids);

/* ---- any described struct to and from its table ---------------------------- */

struct ent_list {
	void *items; /* an array of type->size */
	size_t count;
};

/* Children are their own type's rows: these write and read no CHILDREN field. */
ENT_CHECK enum ent_code ent_row_insert(struct ent_db *db, const struct ent_type *type,
                                       const void *object, struct ent_arena *arena,
                                       struct ent_error *error);
/* Write the columns in `set` where the key (and, for records, the version) match.
 * Records must have raised `version` in *object by one: the row is found by
 * version - 1. PRECONDITION_FAILED if none matched (at the latest at commit). */
ENT_CHECK enum ent_code ent_row_update(struct ent_db *db, const struct ent_type *type,
                                       const void *object, const struct ent_set *set,
                                       struct ent_arena *arena, struct ent_error *error);
ENT_CHECK enum ent_code ent_row_delete(struct ent_db *db, const struct ent_type *type,
                                       const void *object, struct ent_arena *arena,
                                       struct ent_error *error);
/* By id; `account` narrows it to the account's rows where it is given. NOT_FOUND. */
ENT_CHECK enum ent_code ent_row_get(struct ent_db *db, const struct ent_type *type,
                                    ent_id account, ent_id id, struct ent_arena *arena,
                                    void *object, struct ent_error *error);
/* SELECT <all columns> FROM <table> t <tail>; the tail has WHERE, ORDER BY, LIMIT
 * with its arguments. Objects are cleared first, so what is no column is none. */
ENT_CHECK enum ent_code ent_row_select(struct ent_db *db, const struct ent_type *type,
                                       ent_str tail, const struct ent_value *args, size_t count,
                                       struct ent_arena *arena, struct ent_list *out,
                                       struct ent_error *error);
/* The columns of a type as "a, b, c" with an optional table prefix ("t."), in the
 * order in which ent_row_read() expects the cells from `first` on. */
void ent_row_columns(const struct ent_type *type, const char *prefix, struct ent_text *out);
ENT_CHECK enum ent_code ent_row_read(const struct ent_type *type, const struct ent_row *row,
                                     size_t first, struct ent_arena *arena, void *object,
                                     struct ent_error *error);
/* The fields whose columns differ between two objects of a type. */
struct ent_set ent_row_diff(const struct ent_type *type, const void *a, const void *b,
                            struct ent_arena scratch);

/* ---- the store: threads, transactions, durability --------------------------- */

struct ent_store; /* opaque */

struct ent_store_config {
	const char *url;      /* "postgresql://…" (or "postgres://…", "host=…"), else a file name */
	int workers;          /* threads for reads (SQLite) or for everything (PostgreSQL);
	                       * 0: a good number */
	size_t arena_bytes;   /* address space a thread; 0: 1 GiB */
	size_t task_bytes;    /* what one task may use of it; 0: 512 MiB */
	size_t queue_max;     /* tasks waiting; more are refused with OVERLOADED; 0: 20,000 */
	int refresh_ms;       /* PostgreSQL: how often to look for other processes; 0: 2,000.
	                       * All processes of a database need the same. */
	int lease_ms;         /* how long a node number is kept without a sign of life;
	                       * 0: 60,000; at least 5 refreshes */
	bool create;          /* SQLite: make the file if there is none */
};

/* A piece of work in a transaction of its own. Embed it in your own struct. */
struct ent_task {
	enum ent_access access;
	/* Runs on a thread of the store, in a transaction. ENT_OK commits, all else rolls
	 * back. Run again (at most three times) when it lost a race (BUSY), so it may have no
	 * effect but through `db` and what it resets itself at its start. */
	enum ent_code (*work)(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
	                      struct ent_error *error);
	/* Then, on the same thread, when the outcome is durable (WRITE) or known; what `work`
	 * left in its arena is still there (also if it failed, but not if it ran out), and
	 * `arena` has room for more.
	 * OUT_OF_MEMORY: the task's arena was used up. */
	void (*done)(struct ent_task *task, enum ent_code code, struct ent_arena *arena,
	             struct ent_error *error);
	struct ent_task *next; /* the store's */
};

/* Open and start the threads. Does not migrate. */
ENT_CHECK enum ent_code ent_store_open(const struct ent_store_config *config,
                                       struct ent_store **out, struct ent_error *error);
/* Finish what is queued, checkpoint, close. */
void ent_store_close(struct ent_store *store);
enum ent_dialect ent_store_dialect(const struct ent_store *store);

/* Queue a task; done() is called exactly once, with OVERLOADED at once if the
 * queue is full. On SQLite, WRITE tasks that wait together share one commit (each in a
 * savepoint), and none is done before it is on the disk. */
void ent_store_submit(struct ent_store *store, struct ent_task *task);

/* The same from a thread that can wait: CLI commands, tests, workers. Output of
 * `work` must be copied out by it: the arena is gone when this returns. */
typedef enum ent_code ent_store_work(void *arg, struct ent_db *db, struct ent_arena *arena,
                                     struct ent_error *error);
ENT_CHECK enum ent_code ent_store_run(struct ent_store *store, enum ent_access access,
                                      ent_store_work *work, void *arg, struct ent_error *error);

/* A connection of the caller's own for reading, e.g. one an HTTP loop. Not shared
 * between threads. Between begin(READ) and rollback() it sees one snapshot.
 * Close it with db->ops->close() before the store. */
ENT_CHECK enum ent_code ent_store_reader(struct ent_store *store, struct ent_arena *arena,
                                         struct ent_db **out, struct ent_error *error);

/* A human number's next value for `series` ("case"): unique, rising, with gaps after
 * a restart. Reserved in blocks outside of the caller's transaction; never blocks
 * behind another transaction. Call it inside work() only. */
ENT_CHECK enum ent_code ent_store_number(struct ent_store *store, const char *series, int64_t *out,
                                         struct ent_error *error);

/* This process's node number for identifiers (0..1023), leased in the store and
 * renewed while it is open, so that no two live processes share one. -1 until the
 * database is migrated. It changes after a stop of longer than the lease. */
int ent_store_node(const struct ent_store *store);

/* Changes by others: called on a thread of the store with an account's id when
 * another process has committed a change that ent_db_notify() announced there, with 0
 * when everything may have changed (connection lost, another process wrote to the
 * SQLite file). On SQLite other processes are noticed within 50 ms. */
void ent_store_listen(struct ent_store *store, void (*changed)(void *arg, int64_t id), void *arg);
/* Will changes by others be heard of? While false, what was read before may be stale:
 * do without a cache. changed(0) is called each time before it becomes true, and after it
 * became false. Always true on SQLite. On PostgreSQL it is false while the connection
 * that listens is lost and in the first moments (two refreshes), until every other
 * process must have seen that this one is there: one that is alone announces nothing. */
bool ent_store_listening(const struct ent_store *store);
/* Announce, in the running transaction, that the account (or other id) changed. Costs
 * nothing on SQLite and when no other process is known. */
ENT_CHECK enum ent_code ent_db_notify(struct ent_db *db, int64_t id, struct ent_arena *arena,
                                      struct ent_error *error);

struct ent_store_stats {
	uint64_t reads, writes, commits, rollbacks, retries, overloads;
	uint64_t commit_us_total; /* time spent in COMMIT */
	uint64_t queued;          /* now */
};
void ent_store_stats(const struct ent_store *store, struct ent_store_stats *out);

/* ---- migrations -------------------------------------------------------------- */

struct ent_migration_report {
	int present; /* number of the newest one applied */
	int newest;  /* number of the newest one known */
};
/* Apply what is missing, one transaction each; refuses (STATE) a database whose applied
 * migrations differ from ours by checksum or are newer. */
ENT_CHECK enum ent_code ent_store_migrate(struct ent_store *store,
                                          struct ent_migration_report *out,
                                          struct ent_error *error);
/* Only look: OK if nothing is missing, UNAVAILABLE if something is, STATE as above. */
ENT_CHECK enum ent_code ent_store_migrate_check(struct ent_store *store,
                                                struct ent_migration_report *out,
                                                struct ent_error *error);

#endif
