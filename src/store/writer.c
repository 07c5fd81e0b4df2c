/* writer.c - SQLite's one writer: tasks that wait together share a commit.
 *
 * BEGIN IMMEDIATE; each task in a savepoint of its own; one COMMIT, which is the one
 * fsync; only then done() of all. A task that waits alone is committed at once.
 */
#include "store/inner.h"

#include <stdlib.h>

enum {
	POLL_US = 50000, /* how often to look for commits of other processes */
	KEEP_BYTES = 8 << 20
};

struct batch {
	struct ent_task *tasks[ENT_BATCH_MAX];
	enum ent_code codes[ENT_BATCH_MAX];
	struct ent_error errors[ENT_BATCH_MAX];
	size_t count;
	struct ent_arena arena; /* behind what the tasks so far have left */
};

static void spoil(struct batch *batch, enum ent_code code, const struct ent_error *error)
{
	for (size_t i = 0; i < batch->count; i++) {
		batch->codes[i] = code;
		ent_fail(&batch->errors[i], code, "%s", error->detail);
	}
}

static enum ent_code run_once(struct ent_lane *lane, struct batch *batch, size_t at)
{
	struct ent_db *db = lane->db;
	struct ent_error *error = &batch->errors[at];
	struct ent_arena arena = batch->arena;
	enum ent_code code = db->ops->begin(db, ENT_WRITE, error);
	if (code == ENT_OK) {
		code = ent_task_work(lane, batch->tasks[at], &arena, error);
	}
	if (code == ENT_OK) {
		assert(db->depth == 2); /* work() ended every savepoint that it began */
		code = db->ops->commit(db, error);
	}
	if (code != ENT_E_BUSY) {
		batch->arena = arena; /* what work() left is there for done() */
	}
	if (code != ENT_OK) {
		ent_db_unwind(db, 1);
		lane->store->counters.rollbacks++;
	}
	ent_number_task_ended(lane->store, db, code == ENT_OK, arena);
	return code;
}

/* Each task in turn. False if the engine gave up the transaction. */
static bool run_all(struct ent_lane *lane, struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		batch->codes[i] = run_once(lane, batch, i);
		for (int tried = 1; tried < ENT_TRIES && batch->codes[i] == ENT_E_BUSY; tried++) {
			lane->store->counters.retries++;
			batch->codes[i] = run_once(lane, batch, i);
		}
		if (!ent_sqlite_in_transaction(lane->db)) {
			struct ent_error error = batch->errors[i];
			spoil(batch, batch->codes[i] == ENT_OK ? ENT_E_STORAGE : batch->codes[i],
			      &error);
			return false;
		}
	}
	return true;
}

static void commit(struct ent_lane *lane, struct batch *batch)
{
	struct ent_counters *counters = &lane->store->counters;
	struct ent_error error;
	int64_t start = ent_now_us();
	enum ent_code code = lane->db->ops->commit(lane->db, &error);
	counters->commit_us += (uint64_t)(ent_now_us() - start);
	counters->writes += batch->count;
	if (code == ENT_OK) {
		counters->commits++;
	} else {
		spoil(batch, code, &error);
	}
}

static void transact(struct ent_lane *lane, struct batch *batch)
{
	struct ent_store *store = lane->store;
	struct ent_error error;
	enum ent_code code = lane->db->ops->begin(lane->db, ENT_WRITE, &error);
	if (code != ENT_OK) {
		spoil(batch, code, &error);
		ent_db_unwind(lane->db, 0);
		return;
	}
	ent_number_batch_begins(store, lane->db, batch->arena);
	if (run_all(lane, batch)) {
		commit(lane, batch);
	}
	bool kept = lane->db->depth == 0;
	ent_db_unwind(lane->db, 0);
	ent_number_batch_ended(store, kept);
}

static void serve(struct ent_lane *lane, struct batch *batch)
{
	batch->arena = lane->whole;
	batch->arena.end -= ENT_DONE_ROOM;
	transact(lane, batch);
	batch->arena.end = lane->whole.end;
	bool is_large = batch->arena.next - lane->whole.next > KEEP_BYTES;
	for (size_t i = 0; i < batch->count; i++) {
		is_large |= batch->codes[i] == ENT_E_OUT_OF_MEMORY;
		ent_task_done(lane, batch->tasks[i], batch->codes[i], batch->arena,
		              &batch->errors[i]);
	}
	if (is_large) {
		ent_arena_trim(&lane->whole, KEEP_BYTES);
	}
}

struct poll {
	int64_t at; /* monotonic us */
	int64_t version;
};

static void look_for_others(struct ent_lane *lane, struct poll *poll)
{
	int64_t now = ent_now_us();
	if (now - poll->at < POLL_US) {
		return;
	}
	int64_t version = ent_sqlite_data_version(lane->db);
	bool differs = version != poll->version;
	*poll = (struct poll){ now, version };
	if (differs) {
		ent_store_tell(lane->store, 0);
	}
}

void *ent_writer_loop(void *arg)
{
	struct ent_lane *lane = arg;
	struct batch *batch = calloc(1, sizeof(*batch));
	assert(batch != NULL); /* at start, before anything is served */
	struct poll poll = { ent_now_us(), ent_sqlite_data_version(lane->db) };
	bool closed = false;
	while (!closed) {
		int wait_ms = ent_node_wait_ms(lane->store);
		if (wait_ms < 0 || wait_ms > POLL_US / 1000) {
			wait_ms = POLL_US / 1000;
		}
		batch->count = ent_queue_take(&lane->store->writes, batch->tasks, ENT_BATCH_MAX,
		                              wait_ms, &closed);
		look_for_others(lane, &poll);
		if (batch->count > 0) {
			serve(lane, batch);
		}
		if (!closed) {
			ent_node_renew(lane->store);
		}
	}
	ent_sqlite_checkpoint(lane->db);
	free(batch);
	return NULL;
}
