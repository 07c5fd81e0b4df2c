/* A process that is killed amid its writes has lost nothing that it had acknowledged. */
#include "store/helper.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 10, IN_FLIGHT = 40, PER_ROUND = 1000000 };

struct write {
	struct ent_task task;
	struct ent_store *store;
	int64_t key;
	int pipe;
};

static _Atomic int64_t next_key;

/* Two rows that belong together. */
static enum ent_code work(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                          struct ent_error *error)
{
	struct write *w = (struct write *)task;
	enum ent_code code = helper_insert(db, w->key, arena, error);
	return code == ENT_OK ? helper_insert(db, -w->key, arena, error) : code;
}

static void done(struct ent_task *task, enum ent_code code, struct ent_arena *arena,
                 struct ent_error *error)
{
	(void)arena;
	(void)error;
	struct write *w = (struct write *)task;
	if (code == ENT_OK && write(w->pipe, &w->key, sizeof(w->key)) != (ssize_t)sizeof(w->key)) {
		_exit(1);
	}
	w->key = next_key++;
	ent_store_submit(w->store, task);
}

static void write_until_killed(int pipe, int64_t first)
{
	static struct write writes[IN_FLIGHT];
	struct ent_store *store = helper_open();
	next_key = first;
	for (size_t i = 0; i < IN_FLIGHT; i++) {
		writes[i] = (struct write){
			{ .access = ENT_WRITE, .work = work, .done = done }, store, next_key++, pipe
		};
	}
	for (size_t i = 0; i < IN_FLIGHT; i++) {
		ent_store_submit(store, &writes[i].task);
	}
	for (;;) {
		pause();
	}
}

static int64_t acknowledged[ROUNDS * PER_ROUND / 100];
static size_t acknowledged_count;

static void one_round(int round)
{
	int ends[2];
	CHECK_INT(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		write_until_killed(ends[1], 1 + (int64_t)round * PER_ROUND);
	}
	close(ends[1]);
	size_t want = acknowledged_count + 20 + 37 * (size_t)round;
	int64_t key;
	while (acknowledged_count < ENT_COUNT(acknowledged) &&
	       read(ends[0], &key, sizeof(key)) == (ssize_t)sizeof(key)) {
		acknowledged[acknowledged_count++] = key;
		if (acknowledged_count == want) {
			kill(child, SIGKILL);
		}
	}
	close(ends[0]);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	CHECK(acknowledged_count >= want);
}

struct look {
	int64_t missing;
};

static enum ent_code look_work(void *arg, struct ent_db *db, struct ent_arena *arena,
                               struct ent_error *error)
{
	struct look *look = arg;
	look->missing = 0;
	for (size_t i = 0; i < acknowledged_count; i++) {
		struct ent_arena scratch = *arena;
		struct ent_rows rows;
		enum ent_code code =
			ent_db_run(db, ENT_STR("SELECT k FROM t WHERE k = $1"),
		                   ENT_ARGS(ent_arg_int(acknowledged[i])), &scratch, &rows, error);
		if (code != ENT_OK) {
			return code;
		}
		look->missing += rows.count == 0;
	}
	return ENT_OK;
}

STORE_TEST(crash_loses_nothing_acknowledged)
{
	struct ent_store *store = helper_open();
	helper_make_table(store);
	ent_store_close(store);
	acknowledged_count = 0;
	for (int round = 0; round < ROUNDS; round++) {
		one_round(round);
	}
	store = helper_open();
	struct look look = { -1 };
	struct ent_error error = { 0 };
	CHECK_INT(ent_store_run(store, ENT_READ, look_work, &look, &error), ENT_OK);
	CHECK_INT(look.missing, 0);
	CHECK_INT(helper_number(store, "SELECT COUNT(*) FROM t a WHERE NOT EXISTS "
	                               "(SELECT 1 FROM t b WHERE b.k = -a.k)"),
	          0);
	CHECK(acknowledged_count > 0);
	ent_store_close(store);
}
