#include "store/postgres.h"

#include "base/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(struct ent_pg *pg, enum ent_code code, const char *detail)
{
	if (pg->failed == ENT_OK) {
		pg->failed = code;
		snprintf(pg->detail, sizeof(pg->detail), "%s", detail);
	}
}

/* ---- errors ------------------------------------------------------------------------- */

static bool is_state(const char *state, const char *begin)
{
	return strncmp(state, begin, strlen(begin)) == 0;
}

static bool is_shutdown(const char *state)
{
	return is_state(state, "57P") || is_state(state, "08");
}

static enum ent_code code_of(const char *state, bool is_expected)
{
	static const struct {
		const char *begin;
		enum ent_code code;
	} codes[] = {
		{ "40001", ENT_E_BUSY },      /* could not serialize */
		{ "40P01", ENT_E_BUSY },      /* deadlock */
		{ "55P03", ENT_E_BUSY },      /* lock not available */
		{ "57014", ENT_E_TOO_SLOW },  /* statement_timeout */
		{ "57P", ENT_E_BUSY },        /* shutting down: run it again elsewhere */
		{ "08", ENT_E_BUSY },         /* connection */
		{ "23505", ENT_E_DUPLICATE }, /* unique */
		{ "23", ENT_E_CONFLICT },
		{ "42P01", ENT_E_UNAVAILABLE }, /* no such table: not migrated */
	};
	if (is_expected && is_state(state, "22012")) {
		return ENT_E_PRECONDITION_FAILED;
	}
	for (size_t i = 0; i < ENT_COUNT(codes); i++) {
		if (is_state(state, codes[i].begin)) {
			return codes[i].code;
		}
	}
	return ENT_E_STORAGE;
}

static void lose(struct ent_pg *pg)
{
	pg->is_lost = true;
	pg->count = 0;
	pg->unsynced = 0;
	pg->queued = 0;
	fail(pg, ENT_E_BUSY, "the connection to the database was lost");
}

static void note_error(struct ent_pg *pg, const struct ent_pg_pending *entry,
                       const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (state == NULL || PQstatus(pg->conn) != CONNECTION_OK) {
		lose(pg);
		return;
	}
	if (!entry->is_ignored) {
		enum ent_code code = code_of(state, entry->is_expected);
		if (pg->failed == ENT_OK) {
			pg->is_outcome_known = entry->kind != ENT_PG_COMMIT || !is_shutdown(state);
		}
		fail(pg, code,
		     code == ENT_E_PRECONDITION_FAILED ? "changed by someone else"
		     : message != NULL                 ? message
		                                       : "unknown failure");
	}
	if (is_shutdown(state)) {
		lose(pg);
	}
}

/* ---- reading ------------------------------------------------------------------------ */

static struct ent_pg_pending pop(struct ent_pg *pg)
{
	struct ent_pg_pending entry = pg->pending[pg->first];
	pg->first = (pg->first + 1) % ENT_PG_PENDING;
	pg->count--;
	return entry;
}

static void end_prepare(struct ent_pg *pg, const struct ent_pg_pending *entry, bool good)
{
	struct ent_pg_statement *statement = &pg->slot[entry->slot];
	if (statement->text != NULL && statement->name == entry->name) {
		statement->state = good ? ENT_PG_READY : ENT_PG_NONE;
	}
}

static void end_commit(struct ent_pg *pg, const struct ent_pg_pending *entry, PGresult *result)
{
	if (entry->kind == ENT_PG_COMMIT && strcmp(PQcmdStatus(result), "COMMIT") != 0) {
		pg->is_outcome_known = true;
		fail(pg, ENT_E_STORAGE, "the transaction had failed before");
	}
}

static void take_result(struct ent_pg *pg, const struct ent_pg_pending *entry, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
	if (entry->kind == ENT_PG_PREPARE) {
		end_prepare(pg, entry, good);
	}
	if (good) {
		end_commit(pg, entry, result);
	} else if (status != PGRES_PIPELINE_ABORTED) { /* the one before it says why */
		note_error(pg, entry, result);
	}
	if (entry->kind == ENT_PG_RUN && good && !entry->is_ignored) {
		assert(pg->result == NULL);
		pg->result = result;
		return;
	}
	PQclear(result);
}

static void read_one(struct ent_pg *pg)
{
	struct ent_pg_pending entry = pop(pg);
	PGresult *result = PQgetResult(pg->conn);
	if (result == NULL) {
		result = PQgetResult(pg->conn);
	}
	if (result == NULL) {
		lose(pg);
		return;
	}
	if (entry.kind == ENT_PG_SYNC) {
		bool good = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
		PQclear(result);
		if (!good) {
			lose(pg);
		}
		return;
	}
	take_result(pg, &entry, result);
	while (!pg->is_lost && (result = PQgetResult(pg->conn)) != NULL) {
		PQclear(result); /* there is none in one statement; the NULL ends it */
	}
}

void ent_pg_drain(struct ent_pg *pg)
{
	if (pg->unsynced > 0) {
		ent_pg_sync(pg);
	}
	while (pg->count > 0) {
		read_one(pg);
	}
}

/* ---- sending -------------------------------------------------------------------------- */

static void push(struct ent_pg *pg, struct ent_pg_pending entry)
{
	assert(pg->count < ENT_PG_PENDING);
	pg->pending[(pg->first + pg->count) % ENT_PG_PENDING] = entry;
	pg->count++;
	pg->unsynced++;
}

void ent_pg_sync(struct ent_pg *pg)
{
	if (pg->is_lost) {
		return;
	}
	if (PQpipelineSync(pg->conn) != 1) { /* it flushes, too */
		lose(pg);
		return;
	}
	push(pg, (struct ent_pg_pending){ .kind = ENT_PG_SYNC });
	pg->unsynced = 0;
	pg->queued = 0;
	pg->segment++;
}

void ent_pg_ignore_pending(struct ent_pg *pg)
{
	for (size_t i = 0; i < pg->count; i++) {
		pg->pending[(pg->first + i) % ENT_PG_PENDING].is_ignored = true;
	}
	pg->failed = ENT_OK;
}

/* ---- statements ------------------------------------------------------------------------ */

static void forget_statements(struct ent_pg *pg)
{
	for (size_t i = 0; i < ENT_PG_SLOTS; i++) {
		free(pg->slot[i].text);
	}
	memset(pg->slot, 0, sizeof(pg->slot));
	pg->statement_count = 0;
}

void ent_pg_forget(struct ent_pg *pg)
{
	forget_statements(pg);
	pg->first = 0;
	pg->count = 0;
	pg->unsynced = 0;
	pg->queued = 0;
	pg->failed = ENT_OK;
	pg->is_lost = false;
}

static struct ent_pg_statement *find(struct ent_pg *pg, ent_str sql, int64_t expect, uint64_t hash)
{
	size_t at = hash % ENT_PG_SLOTS;
	struct ent_pg_statement *s = &pg->slot[at];
	while (s->text != NULL && (s->hash != hash || s->expect != expect || s->len != sql.len ||
	                           memcmp(s->text, sql.ptr, sql.len) != 0)) {
		at = (at + 1) % ENT_PG_SLOTS;
		s = &pg->slot[at];
	}
	return s;
}

static bool send(struct ent_pg *pg, int sent, struct ent_pg_pending entry)
{
	if (sent != 1) {
		lose(pg);
		return false;
	}
	push(pg, entry);
	return true;
}

static bool forget_if_full(struct ent_pg *pg)
{
	if (pg->statement_count < ENT_PG_STATEMENTS) {
		return true;
	}
	forget_statements(pg);
	int sent = PQsendQueryParams(pg->conn, "DEALLOCATE ALL", 0, NULL, NULL, NULL, NULL, 0);
	return send(pg, sent, (struct ent_pg_pending){ .kind = ENT_PG_EXEC });
}

/* The statement, perhaps not prepared. NULL: no memory. */
static struct ent_pg_statement *statement_of(struct ent_pg *pg, ent_str sql, int64_t expect)
{
	uint64_t hash = ent_hash(sql, (uint64_t)(expect + 1));
	struct ent_pg_statement *statement = find(pg, sql, expect, hash);
	if (statement->text != NULL) {
		return statement;
	}
	if (!forget_if_full(pg)) {
		return NULL;
	}
	statement = find(pg, sql, expect, hash);
	char *text = malloc(sql.len + 1);
	if (text == NULL) {
		fail(pg, ENT_E_SYSTEM, "no memory for a statement");
		return NULL;
	}
	memcpy(text, sql.ptr, sql.len);
	text[sql.len] = '\0';
	*statement = (struct ent_pg_statement){
		.text = text, .len = sql.len, .hash = hash, .expect = expect
	};
	pg->statement_count++;
	return statement;
}

/* COMMIT travels in the same packet, so a wrong number of rows must fail over there. */
static char *with_check(const struct ent_pg_statement *statement)
{
	static const char format[] = "WITH changed AS (%s RETURNING 1) SELECT 1 / "
				     "(CASE WHEN count(*) = %lld THEN 1 ELSE 0 END) FROM changed";
	size_t size = statement->len + sizeof(format) + 24;
	char *text = malloc(size);
	if (text != NULL) {
		snprintf(text, size, format, statement->text, (long long)statement->expect);
	}
	return text;
}

static bool prepare(struct ent_pg *pg, struct ent_pg_statement *statement)
{
	char name[16];
	char *checked = NULL;
	if (statement->expect != ENT_ANY_ROWS) {
		checked = with_check(statement);
		if (checked == NULL) {
			fail(pg, ENT_E_SYSTEM, "no memory for a statement");
			return false;
		}
	}
	statement->name = pg->next_name++;
	statement->state = ENT_PG_SENT;
	statement->segment = pg->segment;
	snprintf(name, sizeof(name), "e%u", (unsigned)statement->name);
	int sent =
		PQsendPrepare(pg->conn, name, checked != NULL ? checked : statement->text, 0, NULL);
	free(checked);
	return send(pg, sent,
	            (struct ent_pg_pending){ .kind = ENT_PG_PREPARE,
	                                     .slot = (uint32_t)(statement - pg->slot),
	                                     .name = statement->name });
}

void ent_pg_queue(struct ent_pg *pg, ent_str sql, int64_t expect, int count,
                  const char *const *params, const int *lengths, enum ent_pg_kind kind)
{
	if (pg->is_lost) {
		pg->is_outcome_known = true; /* nothing was sent */
		fail(pg, ENT_E_BUSY, "the connection to the database was lost");
		return;
	}
	if (pg->queued >= ENT_PG_QUEUED) {
		ent_pg_drain(pg); /* else both sides could wait for the other to read */
	}
	struct ent_pg_statement *statement = statement_of(pg, sql, expect);
	if (statement != NULL && statement->state == ENT_PG_SENT &&
	    statement->segment != pg->segment) {
		ent_pg_drain(pg); /* did PREPARE work, or was it skipped? */
	}
	if (statement == NULL || pg->is_lost ||
	    (statement->state == ENT_PG_NONE && !prepare(pg, statement))) {
		return;
	}
	char name[16];
	snprintf(name, sizeof(name), "e%u", (unsigned)statement->name);
	int sent = PQsendQueryPrepared(pg->conn, name, count, params, lengths, NULL, 0);
	if (send(pg, sent,
	         (struct ent_pg_pending){ .kind = kind, .is_expected = expect != ENT_ANY_ROWS })) {
		pg->queued++;
	}
}
