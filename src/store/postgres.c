#include "store/postgres.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- connecting ------------------------------------------------------------------------ */

static void no_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

PGconn *ent_pg_connect(const char *url, struct ent_error *error)
{
	const char *const names[] = { "dbname",
		                      "client_encoding",
		                      "fallback_application_name",
		                      "connect_timeout",
		                      "keepalives_idle",
		                      "keepalives_interval",
		                      "keepalives_count",
		                      NULL };
	const char *const values[] = { url, "UTF8", "entitled", "10", "5", "2", "3", NULL };
	PGconn *conn = PQconnectdbParams(names, values, 1);
	if (PQstatus(conn) != CONNECTION_OK) {
		const char *message = PQerrorMessage(conn);
		ent_fail(error, ENT_E_STORAGE, "%.*s", (int)strcspn(message, "\n"), message);
		PQfinish(conn);
		return NULL;
	}
	PQsetNoticeProcessor(conn, no_notice, NULL);
	return conn;
}

static enum ent_code connect(struct ent_pg *pg, struct ent_error *error)
{
	PQfinish(pg->conn);
	pg->conn = ent_pg_connect(pg->url, error);
	ent_pg_forget(pg);
	pg->is_lost = pg->conn == NULL;
	if (pg->is_lost) {
		return ENT_E_STORAGE;
	}
	int entered = PQenterPipelineMode(pg->conn);
	assert(entered == 1);
	return ENT_OK;
}

/* A connection that the server has closed meanwhile is noticed before it is used. */
static enum ent_code ensure_connected(struct ent_pg *pg, struct ent_error *error)
{
	if (!pg->is_lost && PQconsumeInput(pg->conn) == 1 && PQstatus(pg->conn) == CONNECTION_OK) {
		return ENT_OK;
	}
	return connect(pg, error);
}

/* ---- values ------------------------------------------------------------------------------ */

static const char *param(const struct ent_value *value, struct ent_arena *arena)
{
	switch (value->kind) {
	case ENT_K_NULL:
		return NULL;
	case ENT_K_BOOL:
		return value->number ? "t" : "f";
	case ENT_K_TEXT:
		return ent_text_copy(arena, value->text).ptr;
	case ENT_K_INT: {
		struct ent_text digits = ent_text_begin(arena);
		ent_text_int(&digits, value->number);
		return ent_text_end(&digits).ptr;
	}
	default:
		assert(false);
		return NULL;
	}
}

static const char **params_of(const struct ent_value *args, size_t count, struct ent_arena *arena)
{
	const char **params = ENT_NEW(arena, const char *, count + 1);
	for (size_t i = 0; i < count; i++) {
		params[i] = param(&args[i], arena);
	}
	return params;
}

static struct ent_value cell(const PGresult *result, int row, int column, struct ent_arena *arena)
{
	enum { OID_BOOL = 16, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_NUMERIC = 1700 };
	if (PQgetisnull(result, row, column)) {
		return (struct ent_value){ .kind = ENT_K_NULL };
	}
	struct ent_value value = { .kind = ENT_K_INT };
	ent_str text = { PQgetvalue(result, row, column),
		         (size_t)PQgetlength(result, row, column) };
	switch (PQftype(result, column)) {
	case OID_BOOL:
		value.kind = ENT_K_BOOL;
		value.number = text.ptr[0] == 't';
		return value;
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_NUMERIC: /* SUM of BIGINT */
		if (ent_str_int(text, &value.number)) {
			return value;
		}
		break;
	default:
		break;
	}
	return (struct ent_value){ .kind = ENT_K_TEXT, .text = ent_text_copy(arena, text) };
}

static void read_rows(const PGresult *result, struct ent_arena *arena, struct ent_rows *rows)
{
	rows->columns = (size_t)PQnfields(result);
	for (int r = 0; r < PQntuples(result); r++) {
		struct ent_row *row = ent_rows_add(rows, arena);
		for (size_t i = 0; i < rows->columns; i++) {
			row->cell[i] = cell(result, r, (int)i, arena);
		}
	}
}

static size_t changed(PGresult *result)
{
	if (strncmp(PQcmdStatus(result), "SELECT", 6) == 0) {
		return 0;
	}
	return (size_t)strtoull(PQcmdTuples(result), NULL, 10);
}

/* ---- statements ---------------------------------------------------------------------------- */

static enum ent_code failure(const struct ent_pg *pg, struct ent_error *error)
{
	return ent_fail(error, pg->failed, "%s", pg->detail);
}

static void begin_if_lazy(struct ent_pg *pg)
{
	if (!pg->is_lazy) {
		return;
	}
	pg->is_lazy = false;
	ent_str sql = pg->access == ENT_WRITE
	                      ? ENT_STR("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
	                      : ENT_STR("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
	ent_pg_queue(pg, sql, ENT_ANY_ROWS, 0, NULL, NULL, ENT_PG_EXEC);
}

static enum ent_code send(struct ent_pg *pg, ent_str sql, const struct ent_value *args,
                          size_t count, int64_t expect, struct ent_arena *arena,
                          enum ent_pg_kind kind, struct ent_error *error)
{
	struct ent_arena scratch = *arena;
	const char **params = params_of(args, count, &scratch);
	enum ent_code code = pg->db.depth == 0 ? ensure_connected(pg, error) : ENT_OK;
	if (code != ENT_OK) {
		return code;
	}
	begin_if_lazy(pg);
	if (pg->failed == ENT_OK) {
		ent_pg_queue(pg, sql, expect, (int)count, params, NULL, kind);
	}
	return pg->failed == ENT_OK ? ENT_OK : failure(pg, error);
}

static enum ent_code run(struct ent_db *db, ent_str sql, const struct ent_value *args, size_t count,
                         struct ent_arena *arena, struct ent_rows *rows, struct ent_error *error)
{
	struct ent_pg *pg = (struct ent_pg *)db;
	ent_rows_begin(rows);
	enum ent_code code = send(pg, sql, args, count, ENT_ANY_ROWS, arena, ENT_PG_RUN, error);
	if (code != ENT_OK) {
		return code;
	}
	ent_pg_drain(pg);
	if (pg->failed != ENT_OK) {
		code = failure(pg, error);
		if (db->depth == 0) {
			pg->failed = ENT_OK;
		}
	} else {
		read_rows(pg->result, arena, rows);
		rows->changed = changed(pg->result);
	}
	PQclear(pg->result);
	pg->result = NULL;
	return code;
}

static enum ent_code exec(struct ent_db *db, ent_str sql, const struct ent_value *args,
                          size_t count, int64_t expect, struct ent_arena *arena,
                          struct ent_error *error)
{
	struct ent_pg *pg = (struct ent_pg *)db;
	assert(db->depth > 0);
	return send(pg, sql, args, count, expect, arena, ENT_PG_EXEC, error);
}

/* ---- transactions ---- */

static void command(struct ent_pg *pg, ent_str sql)
{
	ent_pg_queue(pg, sql, ENT_ANY_ROWS, 0, NULL, NULL, ENT_PG_EXEC);
}

static void savepoint(struct ent_pg *pg, const char *verb, int depth)
{
	char sql[64];
	int len = snprintf(sql, sizeof(sql), "%s s%d", verb, depth);
	command(pg, (ent_str){ sql, (size_t)len });
}

static enum ent_code begin(struct ent_db *db, enum ent_access access, struct ent_error *error)
{
	struct ent_pg *pg = (struct ent_pg *)db;
	if (db->depth == 0) {
		enum ent_code code = ensure_connected(pg, error);
		if (code != ENT_OK) {
			return code;
		}
		if (pg->count > ENT_PG_PENDING / 4) {
			ent_pg_drain(pg); /* of transactions that were given up */
		}
		pg->is_lazy = true;
		pg->access = access;
		pg->failed = ENT_OK;
		pg->notify_count = 0;
		pg->is_outcome_known = false;
	} else {
		begin_if_lazy(pg);
		ent_pg_drain(pg); /* what failed so far failed outside of the savepoint */
		if (pg->failed == ENT_OK) {
			savepoint(pg, "SAVEPOINT", db->depth);
		}
		if (pg->failed != ENT_OK) {
			return failure(pg, error);
		}
	}
	db->depth++;
	return ENT_OK;
}

static void queue_notify(struct ent_pg *pg)
{
	if (pg->notify_count == 0 || !ent_node_has_others(pg->store)) {
		return;
	}
	for (size_t i = 0; i < pg->notify_count; i++) {
		char payload[64];
		const char *const params[] = { payload };
		snprintf(payload, sizeof(payload), "%lld %s", (long long)pg->notify[i],
		         pg->store->token);
		ent_pg_queue(pg, ENT_STR("SELECT pg_notify('entitled', $1)"), ENT_ANY_ROWS, 1,
		             params, NULL, ENT_PG_EXEC);
	}
}

static enum ent_code commit_all(struct ent_pg *pg, struct ent_error *error)
{
	if (pg->failed == ENT_OK && pg->is_lazy) {
		pg->is_lazy = false;
		pg->db.depth = 0;
		return ENT_OK;
	}
	if (pg->failed == ENT_OK) {
		queue_notify(pg);
	}
	if (pg->failed == ENT_OK) {
		pg->is_outcome_known = false;
		ent_pg_queue(pg, ENT_STR("COMMIT"), ENT_ANY_ROWS, 0, NULL, NULL, ENT_PG_COMMIT);
		ent_pg_drain(pg);
		if (pg->is_lost && pg->failed == ENT_E_BUSY && !pg->is_outcome_known &&
		    pg->access == ENT_WRITE) {
			return ent_fail(error, ENT_E_STORAGE,
			                "the connection was lost during the commit: whether it "
			                "happened is not known");
		}
	}
	if (pg->failed != ENT_OK) {
		return failure(pg, error);
	}
	pg->db.depth = 0;
	return ENT_OK;
}

static enum ent_code commit(struct ent_db *db, struct ent_error *error)
{
	struct ent_pg *pg = (struct ent_pg *)db;
	assert(db->depth > 0);
	if (db->depth == 1) {
		return commit_all(pg, error);
	}
	if (pg->failed == ENT_OK) {
		savepoint(pg, "RELEASE", db->depth - 1);
		ent_pg_drain(pg);
	}
	if (pg->failed != ENT_OK) {
		return failure(pg, error);
	}
	db->depth--;
	return ENT_OK;
}

/* Sent, but waited for only where it frees locks: whoever asks next may want those rows. */
static void rollback(struct ent_db *db)
{
	struct ent_pg *pg = (struct ent_pg *)db;
	PQclear(pg->result);
	pg->result = NULL;
	if (db->depth == 0) {
		return;
	}
	db->depth--;
	bool was_begun = !pg->is_lazy;
	if (db->depth == 0) {
		pg->is_lazy = false;
	}
	if (pg->is_lost || !was_begun) {
		if (db->depth == 0) {
			pg->failed = ENT_OK;
		}
		return;
	}
	if (pg->unsynced > 0) {
		ent_pg_sync(pg); /* a failure makes the server skip all up to here */
	}
	ent_pg_ignore_pending(pg);
	if (db->depth == 0) {
		command(pg, ENT_STR("ROLLBACK"));
	} else {
		savepoint(pg, "ROLLBACK TO", db->depth);
		savepoint(pg, "RELEASE", db->depth);
	}
	ent_pg_sync(pg);
	ent_pg_ignore_pending(pg);
	if (db->depth == 0 && pg->access == ENT_WRITE) {
		ent_pg_drain(pg);
	}
}

static enum ent_code notify(struct ent_db *db, int64_t id, struct ent_error *error)
{
	(void)error;
	struct ent_pg *pg = (struct ent_pg *)db;
	for (size_t i = 0; i < pg->notify_count; i++) {
		if (pg->notify[i] == id) {
			return ENT_OK;
		}
	}
	if (pg->notify_count == ENT_PG_NOTIFY) {
		pg->notify_count = 0;
		id = 0; /* too many to name: everything */
	}
	if (pg->notify_count == 0 || pg->notify[0] != 0) {
		pg->notify[pg->notify_count++] = id;
	}
	return ENT_OK;
}

static void close_db(struct ent_db *db)
{
	struct ent_pg *pg = (struct ent_pg *)db;
	PQclear(pg->result);
	PQfinish(pg->conn); /* the server rolls back */
	ent_pg_forget(pg);
	free(pg);
}

static const struct ent_db_ops ops = { run, exec, begin, commit, rollback, notify, close_db };

enum ent_code ent_postgres_open(const char *url, struct ent_store *store, struct ent_db **out,
                                struct ent_error *error)
{
	struct ent_pg *pg = calloc(1, sizeof(*pg));
	if (pg == NULL) {
		return ent_fail(error, ENT_E_SYSTEM, "no memory for a connection");
	}
	pg->db.ops = &ops;
	pg->db.dialect = ENT_POSTGRES;
	pg->store = store;
	pg->url = url;
	enum ent_code code = connect(pg, error);
	if (code != ENT_OK) {
		free(pg);
		return code;
	}
	*out = &pg->db;
	return ENT_OK;
}
