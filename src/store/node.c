/* node.c - which processes use this database, and their numbers.
 *
 * A row of `node` is a lease: whoever holds it renews it, and may be taken for gone when
 * it has not. Times are the database's on PostgreSQL, so that clocks of machines do not
 * matter. PostgreSQL: each look also counts the other processes. A process that sees none
 * does not announce its changes, because NOTIFY makes all commits wait for each other.
 * That is safe because a new process trusts what it has read only after two refreshes,
 * and because a look counts as fresh for one and a half.
 */
#include "store/inner.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static enum ent_code database_now(struct ent_db *db, struct ent_arena *arena, int64_t *out,
                                  struct ent_error *error)
{
	if (db->dialect == ENT_SQLITE) {
		struct timespec now;
		clock_gettime(CLOCK_REALTIME, &now);
		*out = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
		return ENT_OK;
	}
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		db, ENT_STR("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::BIGINT"),
		NULL, 0, arena, &rows, error);
	if (code == ENT_OK) {
		*out = rows.first->cell[0].number;
	}
	return code;
}

static int lowest_free(const struct ent_rows *rows)
{
	int64_t node = 0;
	for (const struct ent_row *row = rows->first; row != NULL; row = row->next) {
		if (row->cell[0].number != node) {
			break;
		}
		node++;
	}
	return (int)node;
}

/* Take the lowest number that is free; another process may be quicker, then the next. */
static enum ent_code take_lowest(struct ent_renewal *claim, struct ent_db *db, int64_t now,
                                 struct ent_arena *arena, struct ent_error *error)
{
	struct ent_rows live;
	struct ent_rows taken = { .changed = 0 };
	int64_t until = now + (int64_t)claim->store->lease_ms * 1000;
	enum ent_code code = ENT_OK;
	while (code == ENT_OK && taken.changed == 0) {
		code = ent_db_run(db,
		                  ENT_STR("SELECT node FROM node WHERE leased_until > $1 "
		                          "ORDER BY node"),
		                  ENT_ARGS(ent_arg_int(now)), arena, &live, error);
		if (code != ENT_OK) {
			break;
		}
		claim->node = lowest_free(&live);
		claim->others = (int)live.count;
		if (claim->node >= ENT_NODE_MAX) {
			return ent_fail(error, ENT_E_LIMIT, "more than %d processes", ENT_NODE_MAX);
		}
		code = ent_db_run(db,
		                  ENT_STR("INSERT INTO node (node, token, leased_until) "
		                          "VALUES ($1, $2, $3) ON CONFLICT (node) DO UPDATE "
		                          "SET token = excluded.token, "
		                          "leased_until = excluded.leased_until "
		                          "WHERE node.leased_until <= $4"),
		                  ENT_ARGS(ent_arg_int(claim->node),
		                           ent_arg_text(ent_str_of(claim->store->token)),
		                           ent_arg_int(until), ent_arg_int(now)),
		                  arena, &taken, error);
	}
	return code;
}

static enum ent_code claim_work(void *arg, struct ent_db *db, struct ent_arena *arena,
                                struct ent_error *error)
{
	struct ent_renewal *claim = arg;
	int64_t now;
	claim->asked_at = ent_now_us();
	claim->is_new = true;
	enum ent_code code = database_now(db, arena, &now, error);
	return code == ENT_OK ? take_lowest(claim, db, now, arena, error) : code;
}

static int period_ms(const struct ent_store *store)
{
	return store->dialect == ENT_POSTGRES ? store->refresh_ms : store->lease_ms / 3;
}

static void hold(struct ent_store *store, const struct ent_renewal *claim)
{
	if (claim->is_new) {
		store->lease_began = ent_now_us(); /* after the commit: others can see it now */
	}
	store->others = claim->others;
	store->looked_at = claim->asked_at;
	store->lease_ends = claim->asked_at + (int64_t)store->lease_ms * 1000;
	store->renew_at = claim->asked_at + (int64_t)period_ms(store) * 1000;
	store->node = claim->node;
}

static void make_token(char token[static 33])
{
	unsigned char bytes[16];
	ssize_t got = getrandom(bytes, sizeof(bytes), 0);
	assert(got == (ssize_t)sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		token[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		token[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	token[32] = '\0';
}

enum ent_code ent_node_claim(struct ent_store *store, struct ent_error *error)
{
	if (store->node >= 0) {
		return ENT_OK;
	}
	make_token(store->token);
	struct ent_error missing;
	struct ent_renewal claim = { .store = store };
	enum ent_code code = ent_store_run(store, ENT_WRITE, claim_work, &claim, &missing);
	if (code == ENT_E_UNAVAILABLE) {
		return ENT_OK; /* not migrated yet: later */
	}
	if (code != ENT_OK) {
		return ent_fail(error, code, "%s", missing.detail);
	}
	hold(store, &claim);
	return ENT_OK;
}

static enum ent_code release_work(void *arg, struct ent_db *db, struct ent_arena *arena,
                                  struct ent_error *error)
{
	struct ent_store *store = arg;
	return ent_db_exec(db, ENT_STR("DELETE FROM node WHERE token = $1"),
	                   ENT_ARGS(ent_arg_text(ent_str_of(store->token))), ENT_ANY_ROWS, arena,
	                   error);
}

void ent_node_release(struct ent_store *store)
{
	struct ent_error error;
	store->is_closing = true;
	while (store->is_renewing) {
		usleep(1000); /* or it would take a lease anew */
	}
	if (store->node >= 0 &&
	    ent_store_run(store, ENT_WRITE, release_work, store, &error) != ENT_OK) {
		return; /* it ends by itself */
	}
}

/* ---- renewing ------------------------------------------------------------------------ */

static enum ent_code count_others(struct ent_renewal *renewal, struct ent_db *db, int64_t now,
                                  struct ent_arena *arena, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		db,
		ENT_STR("SELECT COUNT(*) FROM node WHERE leased_until > $1 "
	                "AND token <> $2"),
		ENT_ARGS(ent_arg_int(now), ent_arg_text(ent_str_of(renewal->store->token))), arena,
		&rows, error);
	if (code == ENT_OK) {
		renewal->others = (int)rows.first->cell[0].number;
	}
	return code;
}

static enum ent_code renew_work(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                                struct ent_error *error)
{
	struct ent_renewal *renewal = (struct ent_renewal *)task;
	struct ent_store *store = renewal->store;
	struct ent_rows kept;
	int64_t now;
	renewal->asked_at = ent_now_us();
	renewal->is_new = false;
	renewal->node = store->node;
	enum ent_code code = database_now(db, arena, &now, error);
	if (code == ENT_OK) {
		code = ent_db_run(db,
		                  ENT_STR("UPDATE node SET leased_until = $1 "
		                          "WHERE node = $2 AND token = $3"),
		                  ENT_ARGS(ent_arg_int(now + (int64_t)store->lease_ms * 1000),
		                           ent_arg_int(renewal->node),
		                           ent_arg_text(ent_str_of(store->token))),
		                  arena, &kept, error);
	}
	if (code == ENT_OK && kept.changed == 0) { /* stopped for too long: another has it */
		renewal->is_new = true;
		return take_lowest(renewal, db, now, arena, error);
	}
	return code == ENT_OK ? count_others(renewal, db, now, arena, error) : code;
}

static void renew_done(struct ent_task *task, enum ent_code code, struct ent_arena *arena,
                       struct ent_error *error)
{
	(void)arena;
	(void)error;
	struct ent_renewal *renewal = (struct ent_renewal *)task;
	struct ent_store *store = renewal->store;
	if (code == ENT_OK) {
		hold(store, renewal);
	}
	store->is_renewing = false;
}

int ent_node_wait_ms(const struct ent_store *store)
{
	if (store->node < 0) {
		return -1;
	}
	int64_t left = (store->renew_at - ent_now_us()) / 1000;
	return left > 0 ? (int)left : store->is_renewing ? 10 : 0;
}

void ent_node_renew(struct ent_store *store)
{
	if (store->node < 0 || store->is_renewing || ent_now_us() < store->renew_at) {
		return;
	}
	store->is_renewing = true;
	if (store->is_closing) {
		store->is_renewing = false;
		return;
	}
	store->renew_at = ent_now_us() + (int64_t)period_ms(store) * 1000;
	store->renewal = (struct ent_renewal){
		.task = { .access = ENT_WRITE, .work = renew_work, .done = renew_done },
		.store = store,
	};
	ent_store_submit_first(store, &store->renewal.task);
}

bool ent_node_has_others(const struct ent_store *store)
{
	int64_t fresh_us = (int64_t)store->refresh_ms * 1500;
	return store->others > 0 || store->node < 0 || ent_now_us() - store->looked_at > fresh_us;
}

int ent_store_node(const struct ent_store *store)
{
	return store->node;
}
