/* sqlite.c - a connection to SQLite.
 *
 * A statement is prepared once and found again by its text. The one that runs is kept
 * in the connection, where rollback() finds it if an arena ran out amid its rows.
 */
#include "base/hash.h"
#include "base/text.h"
#include "store/inner.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	SLOTS = 512, /* of the table of statements, a power of two */
	STATEMENT_MAX = 256,
	RECENT_BITS = 9, /* found by where the text lies, before it is hashed */
	BUSY_MS = 5000,
	BUSY_PAUSE_MS = 5,
	MMAP_BYTES = 0x7fff0000, /* as much as SQLite permits; address space only */
	CACHE_KIB = 64 << 10,
	CHECKPOINT_PAGES = 4000
};

struct statement {
	sqlite3_stmt *handle;
	const char *text; /* sqlite3_sql(): its own copy */
	size_t len;
	uint64_t hash;
	int parameters;
	bool is_read_only;
};

struct sqlite_db {
	struct ent_db db;
	sqlite3 *handle;
	sqlite3_stmt *running; /* must be reset before another starts */
	bool is_lazy;          /* a reading transaction that nothing was read in yet */
	int64_t until_us;      /* see patience.c */
	size_t count;
	struct statement slot[SLOTS];
	struct statement *recent[1 << RECENT_BITS];
};

static enum ent_code code_of(int rc, const char *message)
{
	switch (rc) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
		return ENT_E_DUPLICATE;
	default:
		break;
	}
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ENT_E_BUSY;
	case SQLITE_CONSTRAINT:
		return ENT_E_CONFLICT;
	case SQLITE_INTERRUPT:
		return ENT_E_TOO_SLOW;
	case SQLITE_ERROR:
		return strncmp(message, "no such table", 13) == 0 ? ENT_E_UNAVAILABLE
		                                                  : ENT_E_STORAGE;
	default:
		return ENT_E_STORAGE;
	}
}

static enum ent_code failed(struct sqlite_db *s, struct ent_error *error)
{
	const char *message = sqlite3_errmsg(s->handle);
	return ent_fail(error, code_of(sqlite3_extended_errcode(s->handle), message), "%s",
	                message);
}

/* ---- statements ----------------------------------------------------------------- */

/* SQLite numbers $1, $2, ... by first appearance: it must be the same order. */
static bool in_order(sqlite3_stmt *handle)
{
	int count = sqlite3_bind_parameter_count(handle);
	for (int i = 1; i <= count; i++) {
		char want[16];
		snprintf(want, sizeof(want), "$%d", i);
		const char *name = sqlite3_bind_parameter_name(handle, i);
		if (name == NULL || strcmp(name, want) != 0) {
			return false;
		}
	}
	return true;
}

static bool is_of(const struct statement *statement, ent_str sql)
{
	return statement->len == sql.len && memcmp(statement->text, sql.ptr, sql.len) == 0;
}

static void forget_all(struct sqlite_db *s)
{
	for (size_t i = 0; i < SLOTS; i++) {
		sqlite3_finalize(s->slot[i].handle);
	}
	memset(s->slot, 0, sizeof(s->slot));
	memset(s->recent, 0, sizeof(s->recent));
	s->count = 0;
}

static struct statement *find(struct sqlite_db *s, ent_str sql, uint64_t hash)
{
	size_t at = hash % SLOTS;
	while (s->slot[at].handle != NULL &&
	       (s->slot[at].hash != hash || !is_of(&s->slot[at], sql))) {
		at = (at + 1) % SLOTS;
	}
	return &s->slot[at];
}

static enum ent_code prepare(struct sqlite_db *s, ent_str sql, uint64_t hash,
                             struct statement **out, struct ent_error *error)
{
	if (s->count == STATEMENT_MAX) {
		forget_all(s);
	}
	sqlite3_stmt *handle;
	int rc = sqlite3_prepare_v3(s->handle, sql.ptr, (int)sql.len, SQLITE_PREPARE_PERSISTENT,
	                            &handle, NULL);
	if (rc != SQLITE_OK) {
		return failed(s, error);
	}
	assert(handle != NULL);
	assert(in_order(handle));
	struct statement *statement = find(s, sql, hash);
	*statement = (struct statement){ handle,
		                         sqlite3_sql(handle),
		                         sql.len,
		                         hash,
		                         sqlite3_bind_parameter_count(handle),
		                         sqlite3_stmt_readonly(handle) != 0 };
	s->count++;
	*out = statement;
	return ENT_OK;
}

static struct statement **recent_of(struct sqlite_db *s, ent_str sql)
{
	uint64_t place = (uintptr_t)sql.ptr * UINT64_C(0x9e3779b97f4a7c15);
	return &s->recent[(place ^ sql.len * UINT64_C(0xff51afd7ed558ccd)) >> (64 - RECENT_BITS)];
}

static enum ent_code statement_of(struct sqlite_db *s, ent_str sql, struct statement **out,
                                  struct ent_error *error)
{
	struct statement **recent = recent_of(s, sql);
	if (*recent != NULL && is_of(*recent, sql)) {
		*out = *recent;
		return ENT_OK;
	}
	uint64_t hash = ent_hash(sql, 0);
	struct statement *statement = find(s, sql, hash);
	enum ent_code code = ENT_OK;
	if (statement->handle == NULL) {
		code = prepare(s, sql, hash, &statement, error);
	}
	if (code == ENT_OK) {
		*recent = statement;
		*out = statement;
	}
	return code;
}

static int bind(sqlite3_stmt *handle, int at, const struct ent_value *value)
{
	switch (value->kind) {
	case ENT_K_NULL:
		return sqlite3_bind_null(handle, at);
	case ENT_K_TEXT:
		return sqlite3_bind_text64(handle, at, value->text.ptr, value->text.len,
		                           SQLITE_STATIC, SQLITE_UTF8);
	case ENT_K_BOOL:
	case ENT_K_INT:
		return sqlite3_bind_int64(handle, at, value->number);
	default:
		assert(false);
		return SQLITE_MISUSE;
	}
}

/* Through the value, as each sqlite3_column_*() finds it anew and takes the connection's
 * mutex: a connection has one thread at a time, so it needs none. */
static void read_cell(sqlite3_stmt *handle, int at, struct ent_arena *arena, struct ent_value *out)
{
	sqlite3_value *value = sqlite3_column_value(handle, at);
	switch (sqlite3_value_type(value)) {
	case SQLITE_NULL:
		out->kind = ENT_K_NULL;
		break;
	case SQLITE_INTEGER:
		out->kind = ENT_K_INT;
		out->number = sqlite3_value_int64(value);
		break;
	default: {
		/* as bytes: a text would be copied to end with NUL; one without any is NULL */
		const char *text = sqlite3_value_blob(value);
		size_t len = (size_t)sqlite3_value_bytes(value);
		out->kind = ENT_K_TEXT;
		out->text = ent_text_copy(arena, (ent_str){ len > 0 ? text : "", len });
	}
	}
}

static int read_rows(sqlite3_stmt *handle, struct ent_arena *arena, struct ent_rows *rows)
{
	int rc;
	rows->columns = (size_t)sqlite3_column_count(handle);
	while ((rc = sqlite3_step(handle)) == SQLITE_ROW) {
		struct ent_row *row = ent_rows_add(rows, arena);
		for (size_t i = 0; i < rows->columns; i++) {
			read_cell(handle, (int)i, arena, &row->cell[i]);
		}
	}
	return rc;
}

static void stop(struct sqlite_db *s)
{
	if (s->running != NULL) {
		sqlite3_reset(s->running);
		s->running = NULL;
	}
}

static int command(struct sqlite_db *s, ent_str sql)
{
	struct statement *statement;
	struct ent_error error;
	if (statement_of(s, sql, &statement, &error) != ENT_OK) {
		return SQLITE_ERROR;
	}
	int rc = sqlite3_step(statement->handle);
	sqlite3_reset(statement->handle);
	return rc;
}

static enum ent_code begin_if_lazy(struct sqlite_db *s, struct ent_error *error)
{
	if (!s->is_lazy) {
		return ENT_OK;
	}
	if (command(s, ENT_STR("BEGIN")) != SQLITE_DONE) {
		return failed(s, error);
	}
	s->is_lazy = false;
	return ENT_OK;
}

static enum ent_code run(struct ent_db *db, ent_str sql, const struct ent_value *args, size_t count,
                         struct ent_arena *arena, struct ent_rows *rows, struct ent_error *error)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	struct statement *statement;
	ent_rows_begin(rows);
	enum ent_code code = begin_if_lazy(s, error);
	if (code == ENT_OK) {
		code = statement_of(s, sql, &statement, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	assert((int)count == statement->parameters);
	assert(s->running == NULL);
	s->running = statement->handle;
	int rc = SQLITE_OK;
	for (size_t i = 0; i < count && rc == SQLITE_OK; i++) {
		rc = bind(statement->handle, (int)i + 1, &args[i]);
	}
	if (rc == SQLITE_OK) {
		rc = read_rows(statement->handle, arena, rows);
	}
	if (rc != SQLITE_DONE) {
		code = failed(s, error);
	} else if (!statement->is_read_only) {
		rows->changed = (size_t)sqlite3_changes64(s->handle);
	}
	stop(s);
	return code;
}

static enum ent_code exec(struct ent_db *db, ent_str sql, const struct ent_value *args,
                          size_t count, int64_t expect, struct ent_arena *arena,
                          struct ent_error *error)
{
	struct ent_rows rows;
	struct ent_arena scratch = *arena;
	enum ent_code code = run(db, sql, args, count, &scratch, &rows, error);
	if (code == ENT_OK && expect != ENT_ANY_ROWS && (int64_t)rows.changed != expect) {
		code = ent_fail(error, ENT_E_PRECONDITION_FAILED, "changed by someone else");
	}
	return code;
}

/* ---- transactions ---------------------------------------------------------------- */

/* "<verb>s<depth>": the savepoint that lies `depth` deep. */
static int savepoint(struct sqlite_db *s, const char *verb, int depth)
{
	char sql[64];
	int len = snprintf(sql, sizeof(sql), "%s s%d", verb, depth);
	return command(s, (ent_str){ sql, (size_t)len });
}

static enum ent_code begin(struct ent_db *db, enum ent_access access, struct ent_error *error)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	s->until_us = db->depth == 0 ? 0 : s->until_us;
	enum ent_code code = begin_if_lazy(s, error);
	if (code != ENT_OK) {
		return code;
	}
	if (db->depth == 0 && access == ENT_READ) {
		s->is_lazy = true; /* its snapshot is that of the first read anyway */
	} else if ((db->depth > 0 ? savepoint(s, "SAVEPOINT", db->depth)
	                          : command(s, ENT_STR("BEGIN IMMEDIATE"))) != SQLITE_DONE) {
		return failed(s, error);
	}
	db->depth++;
	return ENT_OK;
}

static enum ent_code commit(struct ent_db *db, struct ent_error *error)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	assert(db->depth > 0);
	if (s->is_lazy) {
		s->is_lazy = false;
	} else if ((db->depth > 1 ? savepoint(s, "RELEASE", db->depth - 1)
	                          : command(s, ENT_STR("COMMIT"))) != SQLITE_DONE) {
		return failed(s, error);
	}
	db->depth--;
	return ENT_OK;
}

static void rollback(struct ent_db *db)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	stop(s);
	if (db->depth == 0) {
		return;
	}
	db->depth--;
	s->is_lazy = false;
	if (sqlite3_get_autocommit(s->handle)) {
		return; /* not begun, or the engine has rolled back everything by itself */
	}
	if (db->depth == 0) {
		command(s, ENT_STR("ROLLBACK"));
	} else {
		savepoint(s, "ROLLBACK TO", db->depth);
		savepoint(s, "RELEASE", db->depth);
	}
}

static enum ent_code notify(struct ent_db *db, int64_t id, struct ent_error *error)
{
	(void)db;
	(void)id;
	(void)error;
	return ENT_OK; /* others look at data_version */
}

static void close_db(struct ent_db *db)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	ent_db_unwind(db, 0);
	forget_all(s);
	sqlite3_close(s->handle);
	free(s);
}

static const struct ent_db_ops ops = { run, exec, begin, commit, rollback, notify, close_db };

/* ---- opening ---------------------------------------------------------------------- */

static void configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* a global lock at each allocation */
}

static const char setup[] = "PRAGMA journal_mode = WAL;"
			    "PRAGMA synchronous = FULL;"
			    "PRAGMA foreign_keys = ON;"
			    "PRAGMA temp_store = MEMORY";

static int set_up(struct sqlite_db *s, enum ent_sqlite_use use)
{
	char sql[256];
	snprintf(sql, sizeof(sql),
	         "PRAGMA mmap_size = %d; PRAGMA cache_size = -%d; PRAGMA wal_autocheckpoint = %d;"
	         "PRAGMA query_only = %d",
	         MMAP_BYTES, CACHE_KIB, CHECKPOINT_PAGES, use == ENT_SQLITE_READER);
	sqlite3_extended_result_codes(s->handle, 1);
	sqlite3_busy_timeout(s->handle, BUSY_MS);
	sqlite3_db_config(s->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(s->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	int rc = sqlite3_exec(s->handle, setup, NULL, NULL, NULL);
	return rc == SQLITE_OK ? sqlite3_exec(s->handle, sql, NULL, NULL, NULL) : rc;
}

/* Turning a new file into WAL asks for more than it holds, and SQLite then does not wait for others
 * that do the same (sqlite.org/c3ref/busy_handler.html): so we do. */
static int set_up_in_turn(struct sqlite_db *s, enum ent_sqlite_use use)
{
	const struct timespec pause = { .tv_nsec = BUSY_PAUSE_MS * 1000000L };
	int rc = set_up(s, use);
	for (int waited = 0; (rc & 0xff) == SQLITE_BUSY && waited < BUSY_MS;
	     waited += BUSY_PAUSE_MS) {
		nanosleep(&pause, NULL);
		rc = set_up(s, use);
	}
	return rc;
}

/* PostgreSQL's collation "C": by bytes, so that both sort alike. */
static int compare_bytes(void *unused, int a_len, const void *a, int b_len, const void *b)
{
	(void)unused;
	return ent_str_order((ent_str){ a, (size_t)a_len }, (ent_str){ b, (size_t)b_len });
}

enum ent_code ent_sqlite_open(const char *path, enum ent_sqlite_use use, struct ent_db **out,
                              struct ent_error *error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, configure);
	struct sqlite_db *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return ent_fail(error, ENT_E_SYSTEM, "no memory for a connection");
	}
	s->db.ops = &ops;
	s->db.dialect = ENT_SQLITE;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	if (use == ENT_SQLITE_CREATOR) {
		flags |= SQLITE_OPEN_CREATE;
	}
	int rc = sqlite3_open_v2(path, &s->handle, flags, NULL);
	if (rc == SQLITE_OK) {
		rc = sqlite3_create_collation(s->handle, "C", SQLITE_UTF8, NULL, compare_bytes);
	}
	if (rc == SQLITE_OK) {
		rc = ent_sqlite_add_functions(s->handle, &s->until_us);
	}
	if (rc == SQLITE_OK) {
		rc = set_up_in_turn(s, use);
	}
	if (rc != SQLITE_OK) {
		enum ent_code code = ent_sqlite_not_opened(s->handle, path, use, rc, error);
		sqlite3_close(s->handle);
		free(s);
		return code;
	}
	*out = &s->db;
	return ENT_OK;
}

/* ---- for the writer ----------------------------------------------------------------- */

int64_t ent_sqlite_data_version(struct ent_db *db)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	struct statement *statement;
	struct ent_error error;
	if (statement_of(s, ENT_STR("PRAGMA data_version"), &statement, &error) != ENT_OK) {
		return -1;
	}
	int64_t version = -1;
	if (sqlite3_step(statement->handle) == SQLITE_ROW) {
		version = sqlite3_column_int64(statement->handle, 0);
	}
	sqlite3_reset(statement->handle);
	return version;
}

bool ent_sqlite_in_transaction(struct ent_db *db)
{
	return !sqlite3_get_autocommit(((struct sqlite_db *)db)->handle);
}

void ent_sqlite_checkpoint(struct ent_db *db)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	sqlite3_wal_checkpoint_v2(s->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}
