#include "store/helper.h"

#include "base/text.h"

#include <unistd.h>

static enum ent_code insert_key(struct helper_task *task, struct ent_db *db,
                                struct ent_arena *arena, struct ent_error *error)
{
	return helper_insert(db, task->key, arena, error);
}

static enum ent_code count_rows(struct helper_task *task, struct ent_db *db,
                                struct ent_arena *arena, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(db, ENT_STR(HELPER_COUNT), NULL, 0, arena, &rows, error);
	if (code == ENT_OK) {
		task->key = rows.first->cell[0].number;
	}
	return code;
}

/* ---- group commit ------------------------------------------------------------------------- */

TEST(task_writes_that_wait_share_a_commit)
{
	CHECK(helper_use(ENT_SQLITE));
	struct ent_store *store = helper_open();
	helper_make_table(store);
	static struct helper_task tasks[ENT_BATCH_MAX];
	struct helper_gate gate;
	struct ent_store_stats before, after;
	helper_gate_close(store, &gate, ENT_WRITE);
	ent_store_stats(store, &before);
	for (size_t i = 0; i < ENT_COUNT(tasks); i++) {
		tasks[i].work = insert_key;
		tasks[i].key = (int64_t)i;
		helper_submit(store, &tasks[i], ENT_WRITE);
	}
	helper_gate_open(&gate);
	helper_await(tasks, ENT_COUNT(tasks));
	ent_store_stats(store, &after);
	CHECK_INT(after.commits - before.commits, 2); /* the gate's and theirs */
	CHECK_INT(after.writes - before.writes, ENT_COUNT(tasks) + 1);
	CHECK_INT(helper_number(store, HELPER_COUNT), ENT_COUNT(tasks));
	ent_store_close(store);
}

/* Every third fails behind its insert, every seventh uses up its memory. */
static enum ent_code insert_or_fail(struct helper_task *task, struct ent_db *db,
                                    struct ent_arena *arena, struct ent_error *error)
{
	enum ent_code code = insert_key(task, db, arena, error);
	if (code == ENT_OK && task->key % 3 == 0) {
		code = ent_fail(error, ENT_E_STATE, "not today");
	}
	if (code == ENT_OK && task->key % 7 == 0) {
		ent_arena_bytes(arena, (size_t)1 << 30);
	}
	return code;
}

STORE_TEST(task_failing_ones_leave_the_others_alone)
{
	struct ent_store *store = helper_open();
	helper_make_table(store);
	static struct helper_task tasks[200];
	for (size_t i = 0; i < ENT_COUNT(tasks); i++) {
		tasks[i].work = insert_or_fail;
		tasks[i].key = (int64_t)i;
		helper_submit(store, &tasks[i], ENT_WRITE);
	}
	helper_await(tasks, ENT_COUNT(tasks));
	int64_t good = 0;
	for (int64_t i = 0; i < (int64_t)ENT_COUNT(tasks); i++) {
		enum ent_code want = i % 3 == 0   ? ENT_E_STATE
		                     : i % 7 == 0 ? ENT_E_OUT_OF_MEMORY
		                                  : ENT_OK;
		CHECK_INT(tasks[i].code, want);
		good += want == ENT_OK;
	}
	CHECK_INT(helper_number(store, HELPER_COUNT), good);
	CHECK_INT(helper_number(store, "SELECT COUNT(*) FROM t WHERE k % 3 = 0 OR k % 7 = 0"), 0);
	ent_store_close(store);
}

/* ---- losing a race --------------------------------------------------------------------------- */

static enum ent_code busy_at_first(struct helper_task *task, struct ent_db *db,
                                   struct ent_arena *arena, struct ent_error *error)
{
	enum ent_code code = insert_key(task, db, arena, error);
	return code == ENT_OK && task->ran <= (intptr_t)task->arg
	               ? ent_fail(error, ENT_E_BUSY, "lost a race")
	               : code;
}

STORE_TEST(task_is_run_again_when_busy)
{
	struct ent_store *store = helper_open();
	helper_make_table(store);
	struct helper_task twice = { .work = busy_at_first, .arg = (void *)2, .key = 1 };
	struct helper_task never = { .work = busy_at_first, .arg = (void *)9, .key = 2 };
	helper_submit(store, &twice, ENT_WRITE);
	helper_submit(store, &never, ENT_WRITE);
	helper_await(&twice, 1);
	helper_await(&never, 1);
	CHECK_INT(twice.code, ENT_OK);
	CHECK_INT(twice.ran, 3);
	CHECK_INT(never.code, ENT_E_BUSY);
	CHECK_INT(never.ran, 3);
	CHECK_INT(helper_number(store, HELPER_COUNT), 1);
	ent_store_close(store);
}

/* ---- savepoints ---- */

static enum ent_code use_savepoints(struct helper_task *task, struct ent_db *db,
                                    struct ent_arena *arena, struct ent_error *error)
{
	struct ent_error ignored;
	struct ent_rows rows;
	enum ent_code code = helper_insert(db, 1, arena, error);
	if (code == ENT_OK) {
		code = db->ops->begin(db, ENT_WRITE, error);
	}
	if (code == ENT_OK) {
		CHECK_INT(helper_insert(db, 2, arena, error), ENT_OK);
		CHECK_INT(ent_db_run(db, ENT_STR("INSERT INTO t (k) VALUES (1)"), NULL, 0, arena,
		                     &rows, &ignored),
		          ENT_E_DUPLICATE);
		db->ops->rollback(db);
		code = db->ops->begin(db, ENT_WRITE, error);
	}
	if (code == ENT_OK) {
		code = helper_insert(db, 3, arena, error);
	}
	if (code == ENT_OK) {
		code = db->ops->commit(db, error);
	}
	if (code == ENT_OK && task->key == 1) {
		code = db->ops->begin(db, ENT_WRITE, error); /* left open by an exhausted arena */
		ent_arena_bytes(arena, (size_t)1 << 30);
	}
	return code;
}

STORE_TEST(task_may_use_savepoints)
{
	struct ent_store *store = helper_open();
	helper_make_table(store);
	struct helper_task exhausted = { .work = use_savepoints, .key = 1 };
	helper_submit(store, &exhausted, ENT_WRITE);
	helper_await(&exhausted, 1);
	CHECK_INT(exhausted.code, ENT_E_OUT_OF_MEMORY);
	CHECK_INT(helper_number(store, HELPER_COUNT), 0);
	struct helper_task task = { .work = use_savepoints };
	helper_submit(store, &task, ENT_WRITE);
	helper_await(&task, 1);
	CHECK_INT(task.code, ENT_OK);
	CHECK_TEXT(task.error.detail, "");
	CHECK_INT(helper_number(store, HELPER_COUNT), 2);
	CHECK_INT(helper_number(store, "SELECT COUNT(*) FROM t WHERE k = 2"), 0);
	ent_store_close(store);
}

/* ---- a statement that fails late ---- */

static enum ent_code expect_two(struct helper_task *task, struct ent_db *db,
                                struct ent_arena *arena, struct ent_error *error)
{
	enum ent_code code = helper_insert(db, task->key, arena, error);
	if (code == ENT_OK) {
		code = ent_db_exec(db, ENT_STR("UPDATE t SET v = 'w' WHERE k = $1"),
		                   ENT_ARGS(ent_arg_int(task->key)), (intptr_t)task->arg, arena,
		                   error);
	}
	for (int64_t i = 0; code == ENT_OK && i < 300; i++) { /* more than are kept in flight */
		code = helper_insert(db, 1000 + i, arena, error);
	}
	return code;
}

STORE_TEST(task_wrong_number_of_rows_undoes_all)
{
	struct ent_store *store = helper_open();
	helper_make_table(store);
	struct helper_task task = { .work = expect_two, .key = 1, .arg = (void *)2 };
	helper_submit(store, &task, ENT_WRITE);
	helper_await(&task, 1);
	CHECK_INT(task.code, ENT_E_PRECONDITION_FAILED);
	CHECK_INT(helper_number(store, HELPER_COUNT), 0);
	task.arg = (void *)1;
	helper_submit(store, &task, ENT_WRITE);
	helper_await(&task, 1);
	CHECK_INT(task.code, ENT_OK);
	CHECK_INT(helper_number(store, HELPER_COUNT), 301);
	ent_store_close(store);
}

/* ---- queues ---- */

STORE_TEST(task_queue_is_bounded)
{
	struct ent_store_config config = helper_config();
	config.workers = 1;
	struct ent_store *setup = helper_open();
	helper_make_table(setup);
	ent_store_close(setup);
	config.queue_max = 10;
	config.refresh_ms = 10000; /* no renewal that stands in the queue */
	struct ent_store *store = helper_open_with(&config);
	static struct helper_task tasks[15];
	struct helper_gate gate;
	helper_gate_close(store, &gate, ENT_WRITE);
	for (size_t i = 0; i < ENT_COUNT(tasks); i++) {
		tasks[i].work = insert_key;
		tasks[i].key = (int64_t)i;
		helper_submit(store, &tasks[i], ENT_WRITE);
		CHECK_INT(tasks[i].done, i >= 10);
	}
	struct ent_store_stats stats;
	ent_store_stats(store, &stats);
	CHECK_INT(stats.queued, 10);
	CHECK_INT(stats.overloads, 5);
	helper_gate_open(&gate);
	helper_await(tasks, ENT_COUNT(tasks));
	for (size_t i = 0; i < ENT_COUNT(tasks); i++) {
		CHECK_INT(tasks[i].code, i < 10 ? ENT_OK : ENT_E_OVERLOADED);
	}
	CHECK_INT(helper_number(store, HELPER_COUNT), 10);
	ent_store_close(store);
}

STORE_TEST(task_close_serves_what_waits)
{
	struct ent_store *store = helper_open();
	helper_make_table(store);
	static struct helper_task tasks[500];
	for (size_t i = 0; i < ENT_COUNT(tasks); i++) {
		tasks[i].work = insert_key;
		tasks[i].key = (int64_t)i;
		helper_submit(store, &tasks[i], ENT_WRITE);
	}
	ent_store_close(store);
	for (size_t i = 0; i < ENT_COUNT(tasks); i++) {
		CHECK_INT(tasks[i].done, 1);
		CHECK_INT(tasks[i].code, ENT_OK);
	}
	store = helper_open();
	CHECK_INT(helper_number(store, HELPER_COUNT), ENT_COUNT(tasks));
	ent_store_close(store);
}

/* ---- reading ---- */

static int64_t read_count(struct ent_db *db)
{
	struct ent_arena arena = test_arena();
	struct ent_rows rows;
	struct ent_error error = { 0 };
	CHECK_INT(ent_db_run(db, ENT_STR(HELPER_COUNT), NULL, 0, &arena, &rows, &error), ENT_OK);
	return rows.first->cell[0].number;
}

STORE_TEST(task_reader_sees_one_snapshot)
{
	struct ent_store *store = helper_open();
	helper_make_table(store);
	struct ent_arena arena = test_arena();
	struct ent_db *db = NULL;
	struct ent_error error = { 0 };
	CHECK_INT(ent_store_reader(store, &arena, &db, &error), ENT_OK);
	for (int64_t round = 0; round < 3; round++) {
		struct helper_task task = { .work = insert_key, .key = round };
		CHECK_INT(db->ops->begin(db, ENT_READ, &error), ENT_OK);
		CHECK_INT(read_count(db), round);
		helper_submit(store, &task, ENT_WRITE);
		helper_await(&task, 1);
		CHECK_INT(task.code, ENT_OK);
		CHECK_INT(read_count(db), round);
		db->ops->rollback(db);
	}
	CHECK_INT(db->ops->begin(db, ENT_READ, &error), ENT_OK);
	CHECK_INT(read_count(db), 3);
	struct ent_rows rows;
	CHECK(ent_db_run(db, ENT_STR("DELETE FROM t"), NULL, 0, &arena, &rows, &error) != ENT_OK);
	ent_db_unwind(db, 0);
	CHECK_INT(read_count(db), 3);
	db->ops->close(db);
	ent_store_close(store);
}

/* ---- many threads ---- */

STORE_TEST(task_reads_and_writes_mix)
{
	struct ent_store *store = helper_open();
	helper_make_table(store);
	static struct helper_task writes[300];
	static struct helper_task reads[300];
	for (size_t i = 0; i < ENT_COUNT(writes); i++) {
		writes[i].work = insert_key;
		writes[i].key = (int64_t)i;
		helper_submit(store, &writes[i], ENT_WRITE);
		reads[i].work = count_rows;
		helper_submit(store, &reads[i], ENT_READ);
	}
	helper_await(writes, ENT_COUNT(writes));
	helper_await(reads, ENT_COUNT(reads));
	for (size_t i = 0; i < ENT_COUNT(writes); i++) {
		CHECK_INT(writes[i].code, ENT_OK);
		CHECK_INT(reads[i].code, ENT_OK);
		CHECK(reads[i].key >= 0 && reads[i].key <= (int64_t)ENT_COUNT(writes));
	}
	CHECK_INT(helper_number(store, HELPER_COUNT), ENT_COUNT(writes));
	ent_store_close(store);
}

/* ---- many texts ---- */

static enum ent_code many_texts(struct helper_task *task, struct ent_db *db,
                                struct ent_arena *arena, struct ent_error *error)
{
	(void)task;
	enum ent_code code = ENT_OK;
	for (int i = 0; i < 1200 && code == ENT_OK; i++) {
		struct ent_rows rows;
		ent_str sql = ent_text_format(arena, "SELECT %d + CAST($1 AS BIGINT)", i);
		code = ent_db_run(db, sql, ENT_ARGS(ent_arg_int(i)), arena, &rows, error);
		CHECK_INT(code == ENT_OK ? rows.first->cell[0].number : -1, 2 * i);
	}
	return code;
}

STORE_TEST(task_more_texts_than_are_kept)
{
	struct ent_store *store = helper_open();
	struct helper_task task = { .work = many_texts };
	for (int i = 0; i < 2; i++) {
		helper_submit(store, &task, ENT_WRITE);
		helper_await(&task, 1);
		CHECK_INT(task.code, ENT_OK);
		CHECK_TEXT(task.error.detail, "");
	}
	ent_store_close(store);
}
