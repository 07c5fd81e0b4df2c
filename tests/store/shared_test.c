/* What several stores of one database must agree on: numbers, nodes, changes. */
#include "store/helper.h"

#include <unistd.h>

/* ---- numbers ---------------------------------------------------------------------------- */

struct draw {
	struct helper_task task;
	struct ent_store *store;
	int64_t drawn[8];
	int count;
};

/* Draws, and fails or uses up its memory sometimes. */
static enum ent_code draw_work(struct helper_task *task, struct ent_db *db, struct ent_arena *arena,
                               struct ent_error *error)
{
	struct draw *draw = (struct draw *)task;
	enum ent_code code = ENT_OK;
	(void)db;
	draw->count = 0;
	for (int i = 0; i < 1 + task->key % 7 && code == ENT_OK; i++) {
		code = ent_store_number(draw->store, "case", &draw->drawn[draw->count++], error);
	}
	if (code == ENT_OK && task->key % 3 == 0) {
		code = ent_fail(error, ENT_E_STATE, "not today");
	}
	if (code == ENT_OK && task->key % 5 == 0) {
		ent_arena_bytes(arena, (size_t)1 << 30);
	}
	return code;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

enum { STORES = 2, DRAWS = 600 };
static struct draw draws[STORES][DRAWS];
static int64_t all[STORES * DRAWS * 8];

static void check_unique(void)
{
	size_t n = 0;
	for (size_t s = 0; s < STORES; s++) {
		for (size_t i = 0; i < DRAWS; i++) {
			enum ent_code code = draws[s][i].task.code;
			CHECK(code == ENT_OK || code == ENT_E_STATE || code == ENT_E_OUT_OF_MEMORY);
			for (int k = 0; k < draws[s][i].count; k++) {
				all[n++] = draws[s][i].drawn[k];
			}
		}
	}
	qsort(all, n, sizeof(all[0]), compare);
	CHECK(all[0] == 1);
	for (size_t i = 1; i < n; i++) {
		CHECK(all[i - 1] < all[i]);
	}
}

STORE_TEST(number_is_given_once)
{
	struct ent_store *stores[STORES];
	for (size_t s = 0; s < STORES; s++) {
		stores[s] = helper_open();
	}
	for (size_t i = 0; i < DRAWS; i++) {
		for (size_t s = 0; s < STORES; s++) {
			draws[s][i].task.work = draw_work;
			draws[s][i].task.key = (int64_t)i;
			draws[s][i].store = stores[s];
			helper_submit(stores[s], &draws[s][i].task, ENT_WRITE);
		}
	}
	for (size_t s = 0; s < STORES; s++) {
		for (size_t i = 0; i < DRAWS; i++) {
			helper_await(&draws[s][i].task, 1);
		}
		ent_store_close(stores[s]);
	}
	check_unique();
}

/* ---- nodes ---------------------------------------------------------------------------------- */

STORE_TEST(node_is_leased)
{
	struct ent_store *a = helper_open();
	struct ent_store *b = helper_open();
	struct ent_store *c = helper_open();
	CHECK_INT(ent_store_node(a), 0);
	CHECK_INT(ent_store_node(b), 1);
	CHECK_INT(ent_store_node(c), 2);
	ent_store_close(b);
	b = helper_open();
	CHECK_INT(ent_store_node(b), 1);
	CHECK_INT(helper_number(a, "SELECT COUNT(*) FROM node"), 3);
	usleep(2500000); /* longer than a lease: they have been renewed */
	struct ent_store *d = helper_open();
	CHECK_INT(ent_store_node(d), 3);
	ent_store_close(a);
	ent_store_close(b);
	ent_store_close(c);
	CHECK_INT(helper_number(d, "SELECT COUNT(*) FROM node"), 1);
	ent_store_close(d);
}

static bool has_node_again(void *arg)
{
	struct ent_store *store = arg;
	return helper_number(store, "SELECT COUNT(*) FROM node WHERE token <> 'thief'") == 1;
}

STORE_TEST(node_that_was_lost_is_taken_anew)
{
	struct ent_store *store = helper_open();
	CHECK_INT(ent_store_node(store), 0);
	helper_sql(store, "UPDATE node SET token = 'thief', leased_until = 9000000000000000000");
	CHECK(helper_wait(has_node_again, store, 5000));
	for (int i = 0; i < 100 && ent_store_node(store) != 1; i++) {
		usleep(10000);
	}
	CHECK_INT(ent_store_node(store), 1);
	ent_store_close(store);
}

/* ---- changes ---- */

struct heard {
	struct ent_store *store;
	_Atomic int calls;
	_Atomic int everything;
	_Atomic int64_t last;
	int want;
};

static void hear(void *arg, int64_t id)
{
	struct heard *heard = arg;
	heard->last = id;
	heard->everything += id == 0;
	heard->calls++;
}

static bool is_listening(void *arg)
{
	struct heard *heard = arg;
	return ent_store_listening(heard->store);
}

static bool has_heard(void *arg)
{
	struct heard *heard = arg;
	return heard->calls >= heard->want;
}

static enum ent_code change_work(void *arg, struct ent_db *db, struct ent_arena *arena,
                                 struct ent_error *error)
{
	const int64_t *id = arg;
	enum ent_code code =
		ent_db_exec(db, ENT_STR("UPDATE account_head SET version = version + 1"), NULL, 0,
	                    1, arena, error);
	return code == ENT_OK ? ent_db_notify(db, *id, arena, error) : code;
}

static void change(struct ent_store *store, int64_t id)
{
	struct ent_error error = { 0 };
	CHECK_INT(ent_store_run(store, ENT_WRITE, change_work, &id, &error), ENT_OK);
	CHECK_TEXT(error.detail, "");
}

STORE_TEST(listen_hears_of_others_only)
{
	struct heard of_a = { .store = helper_open() };
	struct heard of_b = { .store = helper_open() };
	ent_store_listen(of_a.store, hear, &of_a);
	ent_store_listen(of_b.store, hear, &of_b);
	if (helper_dialect == ENT_POSTGRES) {
		CHECK(!ent_store_listening(of_b.store)); /* it has only just come */
	}
	CHECK(helper_wait(is_listening, &of_a, 3000));
	CHECK(helper_wait(is_listening, &of_b, 3000));
	usleep(300000);
	int before_a = of_a.calls;
	of_b.want = of_b.calls + 1;
	change(of_a.store, 4711);
	CHECK(helper_wait(has_heard, &of_b, 3000));
	CHECK_INT(of_b.last, helper_dialect == ENT_SQLITE ? 0 : 4711);
	if (helper_dialect == ENT_POSTGRES) {
		CHECK_INT(of_a.calls, before_a); /* not of its own */
	}
	of_a.want = of_a.calls + 1;
	change(of_b.store, 4712);
	CHECK(helper_wait(has_heard, &of_a, 3000));
	CHECK_INT(of_a.last, helper_dialect == ENT_SQLITE ? 0 : 4712);
	ent_store_close(of_a.store);
	ent_store_close(of_b.store);
}

TEST(listen_sqlite_hears_nothing_of_itself)
{
	CHECK(helper_use(ENT_SQLITE));
	struct heard heard = { .store = helper_open() };
	ent_store_listen(heard.store, hear, &heard);
	for (int64_t i = 0; i < 20; i++) {
		change(heard.store, i);
		usleep(10000);
	}
	CHECK_INT(heard.calls, 0);
	CHECK(ent_store_listening(heard.store));
	ent_store_close(heard.store);
}

/* Alone nobody is told, so a newcomer must not trust what it reads too early. */
TEST(listen_newcomer_waits_until_it_was_noticed)
{
	if (!helper_use(ENT_POSTGRES)) {
		SKIP("ENT_TEST_POSTGRES is not set");
	}
	struct ent_store *a = helper_open();
	usleep(500000);
	struct ent_error error = { 0 };
	CHECK(!ent_node_has_others(a));
	int64_t begin = ent_now_us();
	struct heard of_b = { .store = helper_open() };
	ent_store_listen(of_b.store, hear, &of_b);
	CHECK(helper_wait(is_listening, &of_b, 3000));
	CHECK(ent_now_us() - begin >= 200000); /* two refreshes */
	CHECK(of_b.everything >= 1);
	CHECK(ent_node_has_others(a));
	CHECK_TEXT(error.detail, "");
	ent_store_close(of_b.store);
	ent_store_close(a);
}
