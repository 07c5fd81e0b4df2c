/* postgres.h - a connection to PostgreSQL in pipeline mode, shared by postgres.c (the
 * port), pipeline.c (what is under way) and watch.c (connecting).
 *
 * Statements are queued and travel together: a transaction costs one round trip for each
 * ent_db_run() and one for its commit; the end of a read transaction costs none, because
 * nobody waits for it. All protocol work of a call is over before its rows go into the
 * arena, so that an arena that runs out leaves nothing half read.
 */
#ifndef ENT_STORE_POSTGRES_H
#define ENT_STORE_POSTGRES_H

#include "store/inner.h"

#include <libpq-fe.h>

enum {
	ENT_PG_SLOTS = 1024, /* of the table of statements, a power of two */
	ENT_PG_STATEMENTS = 512,
	ENT_PG_PENDING = 512,
	ENT_PG_QUEUED = 64, /* statements sent without looking at their results */
	ENT_PG_NOTIFY = 16
};

enum ent_pg_kind { ENT_PG_PREPARE, ENT_PG_EXEC, ENT_PG_RUN, ENT_PG_COMMIT, ENT_PG_SYNC };

/* Something sent whose result has not been read. */
struct ent_pg_pending {
	enum ent_pg_kind kind;
	bool is_ignored;  /* of a transaction that was given up */
	bool is_expected; /* a division by zero means: another number of rows */
	uint32_t slot;    /* PREPARE: the statement */
	uint32_t name;
};

enum ent_pg_state { ENT_PG_NONE, ENT_PG_SENT, ENT_PG_READY };

struct ent_pg_statement {
	char *text; /* NULL: a free slot */
	size_t len;
	uint64_t hash;
	int64_t expect;
	uint32_t name;    /* "e<name>" on the server */
	uint32_t segment; /* SENT: between which syncs */
	enum ent_pg_state state;
};

struct ent_pg {
	struct ent_db db;
	struct ent_store *store;
	const char *url; /* the store's */
	PGconn *conn;
	PGresult *result; /* of the run in progress; rollback() frees it */

	enum ent_access access;
	bool is_lazy; /* BEGIN is not sent before there is something to send with it */
	bool is_lost;
	bool is_outcome_known; /* of a commit that failed: it did not happen */

	enum ent_code failed; /* the first failure of the transaction, until rollback() */
	char detail[256];

	struct ent_pg_pending pending[ENT_PG_PENDING]; /* a ring */
	size_t first, count;
	size_t unsynced; /* entries behind the last sync */
	size_t queued;   /* statements among them */
	uint32_t segment;

	struct ent_pg_statement slot[ENT_PG_SLOTS];
	size_t statement_count;
	uint32_t next_name;

	int64_t notify[ENT_PG_NOTIFY];
	size_t notify_count;
};

/* postgres.c: NULL, with *error written, if there is no connection to be had. */
PGconn *ent_pg_connect(const char *url, struct ent_error *error);

/* ---- pipeline.c ---------------------------------------------------------------------- */

/* Queue a statement. Failures show in pg->failed. `expect` as ent_db_exec(). */
void ent_pg_queue(struct ent_pg *pg, ent_str sql, int64_t expect, int count,
                  const char *const *params, const int *lengths, enum ent_pg_kind kind);
/* End the segment and send all of it. */
void ent_pg_sync(struct ent_pg *pg);
/* Read all results that are under way; that of a RUN is put into pg->result. */
void ent_pg_drain(struct ent_pg *pg);
void ent_pg_ignore_pending(struct ent_pg *pg);
/* After a new connection: nothing is under way, no statement is prepared. */
void ent_pg_forget(struct ent_pg *pg);

#endif
