/* What only PostgreSQL can do to us: lost connections and lost races. */
#include "store/helper.h"

#include <unistd.h>

#define TERMINATE                                                        \
	"SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity " \
	"WHERE datname = current_database() AND pid <> pg_backend_pid()"

#define NEEDS_POSTGRES()                              \
	if (!helper_use(ENT_POSTGRES)) {              \
		SKIP("ENT_TEST_POSTGRES is not set"); \
	}

static enum ent_code insert_key(struct helper_task *task, struct ent_db *db,
                                struct ent_arena *arena, struct ent_error *error)
{
	return helper_insert(db, task->key, arena, error);
}

TEST(postgres_idle_connections_come_back)
{
	NEEDS_POSTGRES();
	struct ent_store *store = helper_open();
	helper_make_table(store);
	for (int64_t round = 0; round < 3; round++) {
		static struct helper_task tasks[20];
		helper_number(store, TERMINATE);
		for (size_t i = 0; i < ENT_COUNT(tasks); i++) {
			tasks[i].work = insert_key;
			tasks[i].key = 100 * round + (int64_t)i;
			helper_submit(store, &tasks[i], ENT_WRITE);
		}
		helper_await(tasks, ENT_COUNT(tasks));
		for (size_t i = 0; i < ENT_COUNT(tasks); i++) {
			CHECK_INT(tasks[i].code, ENT_OK);
			CHECK_TEXT(tasks[i].error.detail, "");
		}
	}
	CHECK_INT(helper_number(store, HELPER_COUNT), 60);
	ent_store_close(store);
}

/* Ends its own connection amid a transaction, the first time. */
static enum ent_code insert_and_end(struct helper_task *task, struct ent_db *db,
                                    struct ent_arena *arena, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = helper_insert(db, task->key, arena, error);
	if (code == ENT_OK && task->ran == 1) {
		code = ent_db_run(db, ENT_STR("SELECT pg_terminate_backend(pg_backend_pid())"),
		                  NULL, 0, arena, &rows, error);
	}
	return code;
}

TEST(postgres_lost_transaction_is_run_again)
{
	NEEDS_POSTGRES();
	struct ent_store *store = helper_open();
	helper_make_table(store);
	struct helper_task task = { .work = insert_and_end, .key = 1 };
	helper_submit(store, &task, ENT_WRITE);
	helper_await(&task, 1);
	CHECK_INT(task.code, ENT_OK);
	CHECK_INT(task.ran, 2);
	CHECK_INT(helper_number(store, HELPER_COUNT), 1);
	ent_store_close(store);
}

/* The connection ends in the packet that carries the COMMIT. */
static enum ent_code end_with_commit(struct helper_task *task, struct ent_db *db,
                                     struct ent_arena *arena, struct ent_error *error)
{
	enum ent_code code = helper_insert(db, task->key, arena, error);
	if (code == ENT_OK && task->ran == 1) {
		code = ent_db_exec(db, ENT_STR("SELECT pg_terminate_backend(pg_backend_pid())"),
		                   NULL, 0, ENT_ANY_ROWS, arena, error);
	}
	return code;
}

TEST(postgres_unknown_commit_is_not_run_again)
{
	NEEDS_POSTGRES();
	struct ent_store *store = helper_open();
	helper_make_table(store);
	struct helper_task task = { .work = end_with_commit, .key = 1 };
	helper_submit(store, &task, ENT_WRITE);
	helper_await(&task, 1);
	/* Ended before the COMMIT and told so: run again. Else the outcome is not known. */
	CHECK((task.code == ENT_OK && task.ran == 2) ||
	      (task.code == ENT_E_STORAGE && task.ran == 1));
	CHECK(helper_number(store, HELPER_COUNT) == (task.code == ENT_OK));
	printf("# %s %s\n", ent_code_name(task.code), task.error.detail);
	ent_store_close(store);
}

/* The connection ends within the COMMIT itself: in a trigger that was put off to it. */
TEST(postgres_connection_lost_by_the_commit)
{
	NEEDS_POSTGRES();
	struct ent_store *store = helper_open();
	helper_make_table(store);
	helper_sql(store, "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS "
	                  "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); "
	                  "RETURN NULL; END $$");
	helper_sql(store, "CREATE CONSTRAINT TRIGGER stop AFTER INSERT ON t "
	                  "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stop()");
	struct helper_task task = { .work = insert_key, .key = 1 };
	helper_submit(store, &task, ENT_WRITE);
	helper_await(&task, 1);
	CHECK_INT(task.code, ENT_E_STORAGE);
	CHECK_INT(task.ran, 1); /* not again: it might have happened */
	CHECK(strstr(task.error.detail, "not known") != NULL);
	CHECK_INT(helper_number(store, HELPER_COUNT), 0);
	ent_store_close(store);
}

/* ---- races ---------------------------------------------------------------------------------- */

static _Atomic int met;

/* Two tasks lock two rows in opposite orders. */
static enum ent_code lock_both(struct helper_task *task, struct ent_db *db, struct ent_arena *arena,
                               struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ENT_OK;
	for (int64_t i = 0; i < 2 && code == ENT_OK; i++) {
		code = ent_db_run(db, ENT_STR("UPDATE t SET v = 'x' WHERE k = $1"),
		                  ENT_ARGS(ent_arg_int(i ^ task->key)), arena, &rows, error);
		if (i == 0) {
			met++;
			for (int wait = 0; wait < 300 && met < 2; wait++) {
				usleep(1000);
			}
		}
	}
	return code;
}

TEST(postgres_deadlock_is_run_again)
{
	NEEDS_POSTGRES();
	struct ent_store *store = helper_open();
	helper_make_table(store);
	helper_sql(store, "INSERT INTO t (k) VALUES (0), (1)");
	met = 0;
	struct helper_task tasks[2] = { { .work = lock_both, .key = 0 },
		                        { .work = lock_both, .key = 1 } };
	helper_submit(store, &tasks[0], ENT_WRITE);
	helper_submit(store, &tasks[1], ENT_WRITE);
	helper_await(tasks, 2);
	CHECK_INT(tasks[0].code, ENT_OK);
	CHECK_INT(tasks[1].code, ENT_OK);
	CHECK_INT(tasks[0].ran + tasks[1].ran, 3);
	struct ent_store_stats stats;
	ent_store_stats(store, &stats);
	CHECK_INT(stats.retries, 1);
	ent_store_close(store);
}

/* ---- listening ---- */

struct heard {
	struct ent_store *store;
	_Atomic int everything;
	int want;
};

static void hear(void *arg, int64_t id)
{
	struct heard *heard = arg;
	heard->everything += id == 0;
}

static bool is_listening(void *arg)
{
	return ent_store_listening(((struct heard *)arg)->store);
}

static bool has_heard(void *arg)
{
	struct heard *heard = arg;
	return heard->everything >= heard->want;
}

TEST(postgres_lost_listener_is_told_of)
{
	NEEDS_POSTGRES();
	struct heard heard = { .store = helper_open() };
	ent_store_listen(heard.store, hear, &heard);
	CHECK(helper_wait(is_listening, &heard, 3000));
	heard.want = heard.everything + 2; /* at the loss, and when it is back */
	helper_number(heard.store, TERMINATE);
	CHECK(helper_wait(has_heard, &heard, 5000));
	CHECK(helper_wait(is_listening, &heard, 5000));
	ent_store_close(heard.store);
}
