#include "store/helper.h"

#include "fault.h"

/* Two inserts, a look and an update: all or nothing. */
static enum ent_code work(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                          struct ent_error *error)
{
	(void)task;
	struct ent_rows rows;
	enum ent_code code = helper_insert(db, 1, arena, error);
	if (code == ENT_OK) {
		code = ent_db_run(db, ENT_STR("SELECT k, v FROM t"), NULL, 0, arena, &rows, error);
	}
	if (code == ENT_OK) {
		code = helper_insert(db, 2, arena, error);
	}
	if (code == ENT_OK) {
		code = ent_db_exec(db, ENT_STR("UPDATE t SET v = $1"),
		                   ENT_ARGS(ent_arg_text(ENT_STR("w"))), 2, arena, error);
	}
	return code;
}

/* A lane without a thread, around a connection that fails when it is told to. */
struct bench {
	struct ent_store *store;
	struct ent_lane lane;
	struct fault_db fault;
	struct ent_db *inner;
};

static void bench_open(struct bench *bench)
{
	memset(bench, 0, sizeof(*bench));
	bench->store = helper_open();
	helper_make_table(bench->store);
	CHECK(ent_lane_init(&bench->lane, bench->store));
	bench->inner = helper_connect(bench->store);
	bench->fault = fault_around(bench->inner);
	bench->lane.db = &bench->fault.db;
}

static void bench_close(struct bench *bench)
{
	ent_lane_finish(&bench->lane);
	bench->inner->ops->close(bench->inner);
	ent_store_close(bench->store);
}

static enum ent_code bench_run(struct bench *bench)
{
	struct ent_task task = { .access = ENT_WRITE, .work = work };
	struct ent_error error = { 0 };
	struct ent_arena arena = bench->lane.whole;
	enum ent_code code = ent_task_transact(&bench->lane, &task, &arena, &error);
	CHECK_INT(bench->fault.db.depth, 0);
	CHECK_INT(bench->inner->depth, 0);
	CHECK_INT(error.detail[0] == '\0', code == ENT_OK);
	return code;
}

STORE_TEST(fault_each_call_fails)
{
	static const enum ent_code codes[] = { ENT_E_STORAGE, ENT_E_CONFLICT };
	struct bench bench;
	bench_open(&bench);
	int failed = 0;
	for (size_t i = 0; i < ENT_COUNT(codes); i++) {
		enum ent_code code = codes[i];
		for (int n = 0; code == codes[i]; n++) {
			bench.fault.fail_at = n;
			bench.fault.code = codes[i];
			code = bench_run(&bench);
			failed += code != ENT_OK;
			CHECK_INT(helper_number(bench.store, HELPER_COUNT), code == ENT_OK ? 2 : 0);
		}
		CHECK_INT(code, ENT_OK);
		bench.fault.fail_at = -1;
		helper_sql(bench.store, "DELETE FROM t");
	}
	CHECK_INT(failed, 2 * 6); /* begin, four statements, commit */
	bench_close(&bench);
}

STORE_TEST(fault_busy_is_tried_again)
{
	struct bench bench;
	bench_open(&bench);
	for (int n = 0; n < 6; n++) {
		bench.fault.fail_at = n;
		bench.fault.code = ENT_E_BUSY;
		CHECK_INT(bench_run(&bench), ENT_OK);
		CHECK_INT(bench.fault.fail_at, -1);
		CHECK_INT(helper_number(bench.store, HELPER_COUNT), 2);
		helper_sql(bench.store, "DELETE FROM t");
	}
	bench_close(&bench);
}

STORE_TEST(fault_each_allocation_fails)
{
	struct bench bench;
	bench_open(&bench);
	enum ent_code code = ENT_E_OUT_OF_MEMORY;
	int failed = 0;
	for (int n = 0; code == ENT_E_OUT_OF_MEMORY; n++) {
		bench.lane.budget.fail_at = n;
		code = bench_run(&bench);
		bench.lane.budget.fail_at = -1;
		CHECK_INT(helper_number(bench.store, HELPER_COUNT), code == ENT_OK ? 2 : 0);
		failed += code != ENT_OK;
	}
	CHECK_INT(code, ENT_OK);
	CHECK(failed >= 3);
	bench_close(&bench);
}

/* ---- the same through the store's own threads -------------------------------------------- */

static enum ent_code armed_work(struct helper_task *task, struct ent_db *db,
                                struct ent_arena *arena, struct ent_error *error)
{
	arena->budget->fail_at = task->key;
	enum ent_code code = work(&task->task, db, arena, error);
	arena->budget->fail_at = -1;
	return code;
}

static enum ent_code faulty_work(struct helper_task *task, struct ent_db *db,
                                 struct ent_arena *arena, struct ent_error *error)
{
	struct fault_db fault = fault_around(db);
	fault.fail_at = task->key;
	return work(&task->task, &fault.db, arena, error);
}

static enum ent_code disarm(struct helper_task *task, struct ent_db *db, struct ent_arena *arena,
                            struct ent_error *error)
{
	(void)task;
	(void)db;
	(void)error;
	arena->budget->fail_at = -1;
	return ENT_OK;
}

/* A failing one among good ones, for every way to fail. Each time one worker only. */
static void fail_among_others(struct helper_task *middle, enum ent_code expected, int least)
{
	struct ent_store *setup = helper_open();
	helper_make_table(setup);
	ent_store_close(setup);
	struct ent_store_config config = helper_config();
	config.workers = 1;
	config.refresh_ms = 100000;
	struct ent_store *store = helper_open_with(&config);
	int failed = 0;
	middle->code = expected;
	for (int64_t n = 0; middle->code == expected; n++) {
		struct helper_task after = { .work = disarm };
		middle->key = n;
		helper_submit(store, middle, ENT_WRITE);
		helper_submit(store, &after, ENT_WRITE);
		helper_await(middle, 1);
		helper_await(&after, 1);
		CHECK_INT(after.code, ENT_OK);
		CHECK_INT(helper_number(store, HELPER_COUNT), middle->code == ENT_OK ? 2 : 0);
		failed += middle->code != ENT_OK;
	}
	CHECK_INT(middle->code, ENT_OK);
	CHECK(failed >= least);
	ent_store_close(store);
}

STORE_TEST(fault_allocations_on_the_stores_threads)
{
	struct helper_task task = { .work = armed_work };
	fail_among_others(&task, ENT_E_OUT_OF_MEMORY, 3);
}

STORE_TEST(fault_calls_on_the_stores_threads)
{
	struct helper_task task = { .work = faulty_work };
	fail_among_others(&task, ENT_E_STORAGE, 4);
}
