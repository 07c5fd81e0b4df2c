#include "store/inner.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KEEP_BYTES = 8 << 20 }; /* of a thread's memory, between tasks */

int64_t ent_now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

bool ent_lane_init(struct ent_lane *lane, struct ent_store *store)
{
	lane->store = store;
	lane->has_arena = ent_arena_reserve(store->arena_bytes, &lane->budget, &lane->whole);
	return lane->has_arena;
}

void ent_lane_finish(struct ent_lane *lane)
{
	if (lane->db != NULL) {
		lane->db->ops->close(lane->db);
		lane->db = NULL;
	}
	if (lane->has_arena) {
		ent_arena_release(&lane->whole);
		lane->has_arena = false;
	}
}

/* ---- work and done, each inside a guard --------------------------------------- */

struct attempt {
	struct ent_db *db;
	struct ent_task *task;
	struct ent_arena *arena;
	struct ent_error *error;
	enum ent_code code;
};

static void call_work(void *arg)
{
	struct attempt *a = arg;
	a->code = a->task->work(a->task, a->db, a->arena, a->error);
}

enum ent_code ent_task_work(struct ent_lane *lane, struct ent_task *task, struct ent_arena *arena,
                            struct ent_error *error)
{
	struct ent_arena room = *arena;
	size_t limit = lane->store->task_bytes;
	if ((size_t)(room.end - room.next) > limit) {
		room.end = room.next + limit;
	}
	struct attempt a = { lane->db, task, &room, error, ENT_OK };
	ent_error_clear(error);
	if (!ent_guard(&lane->budget, call_work, &a)) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "more than %zu MiB", limit >> 20);
	}
	arena->next = room.next; /* stays until done() has returned */
	return a.code;
}

static void call_done(void *arg)
{
	struct attempt *a = arg;
	a->task->done(a->task, a->code, a->arena, a->error);
}

void ent_task_done(struct ent_lane *lane, struct ent_task *task, enum ent_code code,
                   struct ent_arena arena, struct ent_error *error)
{
	struct attempt a = { NULL, task, &arena, error, code };
	int64_t fail_at = lane->budget.fail_at; /* a test's faults are for work() only */
	lane->budget.fail_at = -1;
	bool returned = ent_guard(&lane->budget, call_done, &a);
	lane->budget.fail_at = fail_at;
	assert(returned); /* else nobody would ever hear of the task's end */
}

void ent_task_refuse(struct ent_task *task, enum ent_code code)
{
	struct ent_error error;
	struct ent_lane lane = { .store = NULL };
	ent_error_clear(&error);
	ent_fail(&error, code, "%s",
	         code == ENT_E_OVERLOADED ? "too many requests are waiting" : "shutting down");
	enum { ROOM = 1 << 20 };
	bool has_room = ent_arena_reserve(ROOM, &lane.budget, &lane.whole);
	assert(has_room);
	ent_task_done(&lane, task, code, lane.whole, &error);
	ent_arena_release(&lane.whole);
}

/* ---- one transaction ------------------------------------------------------------ */

static enum ent_code commit(struct ent_lane *lane, struct ent_error *error)
{
	struct ent_counters *counters = &lane->store->counters;
	int64_t start = ent_now_us();
	enum ent_code code = lane->db->ops->commit(lane->db, error);
	counters->commit_us += (uint64_t)(ent_now_us() - start);
	if (code == ENT_OK) {
		counters->commits++;
	}
	return code;
}

static enum ent_code transact_once(struct ent_lane *lane, struct ent_task *task,
                                   struct ent_arena *arena, struct ent_error *error)
{
	struct ent_db *db = lane->db;
	enum ent_code code = db->ops->begin(db, task->access, error);
	if (code == ENT_OK) {
		code = ent_task_work(lane, task, arena, error);
	}
	if (code == ENT_OK && task->access == ENT_WRITE) {
		assert(db->depth == 1); /* work() ended every savepoint that it began */
		code = commit(lane, error);
	}
	if (code != ENT_OK && task->access == ENT_WRITE) {
		lane->store->counters.rollbacks++;
	}
	if (code != ENT_OK || task->access == ENT_READ) {
		ent_db_unwind(db, 0);
	}
	return code;
}

/* 2 to 10 ms, then twice and four times as much, so that rivals come apart. */
static void back_off(int tried)
{
	uint64_t now = (uint64_t)ent_now_us();
	usleep((useconds_t)((2000 + now * 2654435761 % 8000) << tried));
}

/* A row that is there twice, and of which the use case knew nothing, was made by a rival since
 * it looked: looking again it finds that one, or tells which field it is. */
static bool is_worth_a_try(enum ent_code code, const struct ent_error *error)
{
	return code == ENT_E_BUSY || (code == ENT_E_DUPLICATE && error->issue_count == 0);
}

enum ent_code ent_task_transact(struct ent_lane *lane, struct ent_task *task,
                                struct ent_arena *arena, struct ent_error *error)
{
	struct ent_arena start = *arena;
	enum ent_code code = transact_once(lane, task, arena, error);
	for (int tried = 1; tried < ENT_TRIES && is_worth_a_try(code, error); tried++) {
		lane->store->counters.retries++;
		back_off(tried - 1);
		*arena = start;
		code = transact_once(lane, task, arena, error);
	}
	return code;
}

static void serve(struct ent_lane *lane, struct ent_task *task, struct ent_error *error)
{
	struct ent_counters *counters = &lane->store->counters;
	struct ent_arena arena = lane->whole;
	arena.end -= ENT_DONE_ROOM; /* kept back for done() */
	enum ent_code code = ent_task_transact(lane, task, &arena, error);
	(task->access == ENT_READ ? &counters->reads : &counters->writes)[0]++;
	arena.end = lane->whole.end;
	bool is_large = arena.next - lane->whole.next > KEEP_BYTES || code == ENT_E_OUT_OF_MEMORY;
	ent_task_done(lane, task, code, arena, error);
	if (is_large) {
		ent_arena_trim(&lane->whole, KEEP_BYTES);
	}
}

void *ent_task_loop(void *arg)
{
	struct ent_lane *lane = arg;
	struct ent_error error;
	bool closed = false;
	ent_error_clear(&error);
	while (!closed) {
		struct ent_task *task;
		if (ent_queue_take(&lane->store->tasks, &task, 1, -1, &closed) == 1) {
			serve(lane, task, &error);
		}
	}
	return NULL;
}

/* ---- waiting for a task ----------------------------------------------------------- */

struct waiter {
	struct ent_task task;
	ent_store_work *work;
	void *arg;
	struct ent_error *error;
	enum ent_code code;
	bool is_done;
	pthread_mutex_t lock;
	pthread_cond_t ready;
};

static enum ent_code wait_work(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                               struct ent_error *error)
{
	struct waiter *w = (struct waiter *)task;
	return w->work(w->arg, db, arena, error);
}

static void wait_done(struct ent_task *task, enum ent_code code, struct ent_arena *arena,
                      struct ent_error *error)
{
	(void)arena;
	struct waiter *w = (struct waiter *)task;
	pthread_mutex_lock(&w->lock);
	if (code != ENT_OK) {
		*w->error = *error;
	}
	w->code = code;
	w->is_done = true;
	pthread_cond_signal(&w->ready);
	pthread_mutex_unlock(&w->lock);
}

enum ent_code ent_store_run(struct ent_store *store, enum ent_access access, ent_store_work *work,
                            void *arg, struct ent_error *error)
{
	struct waiter w = { .task = { .access = access, .work = wait_work, .done = wait_done },
		            .work = work,
		            .arg = arg,
		            .error = error };
	pthread_mutex_init(&w.lock, NULL);
	pthread_cond_init(&w.ready, NULL);
	ent_store_submit(store, &w.task);
	pthread_mutex_lock(&w.lock);
	while (!w.is_done) {
		pthread_cond_wait(&w.ready, &w.lock);
	}
	pthread_mutex_unlock(&w.lock);
	pthread_cond_destroy(&w.ready);
	pthread_mutex_destroy(&w.lock);
	return w.code;
}
