// Durable transactions (an UPDATE … RETURNING and an INSERT) and reads a second, by the
// number of tasks in flight.
//
//     cc -O2 -std=c17 -D_GNU_SOURCE -DENT_SOURCE_DIR='"'$PWD'"' -Isrc
//         -I/usr/include/postgresql bench/store_bench.c src/store/*.c src/json/*.c
//         src/core/*.c src/base/*.c -lsqlite3 -lpq -o build/store_bench
//     build/store_bench new.db
//     ENT_PG_FSYNC=on tools/with_postgres.sh sh -c 'build/store_bench "$ENT_TEST_POSTGRES"'
#include "store/inner.h"

#include <stdio.h>
#include <unistd.h>

enum { WRITES = 20000, READS = 100000, FLIGHT_MAX = 64 };

struct op {
	struct ent_task task;
	struct ent_store *store;
	int64_t key;
	int64_t head;
};

static _Atomic int64_t next_key;
static _Atomic int64_t left;
static _Atomic int live;

static enum ent_code write_work(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                                struct ent_error *error)
{
	struct op *op = (struct op *)task;
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(db,
	                   ENT_STR("UPDATE account_head SET version = version + 1, seq = seq + 1 "
	                           "WHERE account_id = $1 RETURNING version, seq, hash"),
	                   ENT_ARGS(ent_arg_int(op->head)), arena, &rows, error);
	if (code == ENT_OK) {
		code = ent_db_exec(db, ENT_STR("INSERT INTO bench (k, v) VALUES ($1, $2)"),
		                   ENT_ARGS(ent_arg_int(op->key),
		                            ent_arg_text(ENT_STR("some text of fifty characters"))),
		                   1, arena, error);
	}
	return code;
}

static enum ent_code read_work(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                               struct ent_error *error)
{
	struct op *op = (struct op *)task;
	struct ent_rows rows;
	return ent_db_run(db,
	                  ENT_STR("SELECT version, seq FROM account_head WHERE account_id = $1"),
	                  ENT_ARGS(ent_arg_int(op->head)), arena, &rows, error);
}

static void done(struct ent_task *task, enum ent_code code, struct ent_arena *arena,
                 struct ent_error *error)
{
	(void)arena;
	struct op *op = (struct op *)task;
	if (code != ENT_OK) {
		printf("%s\n", error->detail);
	}
	if (left-- > 0) {
		op->key = next_key++;
		ent_store_submit(op->store, task);
	} else {
		live--;
	}
}

static void measure(struct ent_store *store, enum ent_access access, int flight)
{
	static struct op ops[FLIGHT_MAX];
	struct ent_store_stats before, after;
	ent_store_stats(store, &before);
	int64_t total = access == ENT_READ ? READS : flight == 1 ? WRITES / 5 : WRITES;
	left = total - flight;
	live = flight;
	int64_t start = ent_now_us();
	for (int i = 0; i < flight; i++) {
		ops[i] = (struct op){ .store = store, .key = next_key++, .head = i + 1 };
		ops[i].task.access = access;
		ops[i].task.work = access == ENT_READ ? read_work : write_work;
		ops[i].task.done = done;
		ent_store_submit(store, &ops[i].task);
	}
	while (live > 0) {
		usleep(200);
	}
	int64_t took = ent_now_us() - start;
	ent_store_stats(store, &after);
	printf("%-6s %3d in flight: %7lld /s, %llu commits\n",
	       access == ENT_READ ? "reads" : "writes", flight, (long long)(total * 1000000 / took),
	       (unsigned long long)(after.commits - before.commits));
}

static enum ent_code set_up(void *arg, struct ent_db *db, struct ent_arena *arena,
                            struct ent_error *error)
{
	(void)arg;
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		db, ENT_STR("CREATE TABLE bench (k BIGINT NOT NULL PRIMARY KEY, v TEXT)"), NULL, 0,
		arena, &rows, error);
	for (int64_t i = 1; i <= FLIGHT_MAX && code == ENT_OK; i++) {
		code = ent_db_exec(db,
		                   ENT_STR("INSERT INTO account_head (account_id, version, seq) "
		                           "VALUES ($1, 0, 0)"),
		                   ENT_ARGS(ent_arg_int(i)), 1, arena, error);
	}
	return code;
}

int main(int argc, char **argv)
{
	static const int flights[] = { 1, 8, 16, 64 };
	struct ent_store_config config = { .url = argc > 1 ? argv[1] : "bench.db", .create = true };
	struct ent_store *store;
	struct ent_migration_report report;
	struct ent_error error = { 0 };
	if (ent_store_open(&config, &store, &error) != ENT_OK ||
	    ent_store_migrate(store, &report, &error) != ENT_OK ||
	    ent_store_run(store, ENT_WRITE, set_up, NULL, &error) != ENT_OK) {
		printf("%s\n", error.detail);
		return 1;
	}
	for (size_t i = 0; i < ENT_COUNT(flights); i++) {
		measure(store, ENT_WRITE, flights[i]);
	}
	measure(store, ENT_READ, FLIGHT_MAX);
	ent_store_close(store);
	return 0;
}
