/* helper.h - fresh databases for the tests of the store, the same ones on both engines.
 *
 * STORE_TEST(id) makes two tests, id_sqlite and id_postgres. SQLite is a file in a
 * temporary folder. PostgreSQL is a database of this process's own in the server that
 * ENT_TEST_POSTGRES (a conninfo) names; without it those tests are skipped.
 */
#ifndef ENT_TESTS_STORE_HELPER_H
#define ENT_TESTS_STORE_HELPER_H

#include "store/inner.h"
#include "store/store.h"
#include "test.h"

bool helper_use(enum ent_dialect dialect); /* an empty database; false: cannot be had */
bool helper_use_migrated(enum ent_dialect dialect); /* one with all tables, quicker */

#define STORE_TEST(id) HELPER_TEST(id, helper_use)
#define HELPER_TEST(id, use)                                  \
	static void both_##id(void);                          \
	TEST(id##_sqlite)                                     \
	{                                                     \
		CHECK(use(ENT_SQLITE));                       \
		both_##id();                                  \
	}                                                     \
	TEST(id##_postgres)                                   \
	{                                                     \
		if (!use(ENT_POSTGRES)) {                     \
			SKIP("ENT_TEST_POSTGRES is not set"); \
		}                                             \
		both_##id();                                  \
	}                                                     \
	static void both_##id(void)

extern enum ent_dialect helper_dialect;
const char *helper_url(void);
struct ent_store_config helper_config(void);

struct ent_store *helper_open(void); /* migrated */
struct ent_store *helper_open_with(const struct ent_store_config *config);

/* A connection that may write, outside of any store's threads. */
struct ent_db *helper_connect(struct ent_store *store);

/* ---- short ways, each in a transaction of its own; they CHECK that it works -------- */

void helper_sql(struct ent_store *store, const char *sql);
int64_t helper_number(struct ent_store *store, const char *sql); /* its first cell */

/* A table `t (k BIGINT PRIMARY KEY, v TEXT)`. */
void helper_make_table(struct ent_store *store);
enum ent_code helper_insert(struct ent_db *db, int64_t key, struct ent_arena *arena,
                            struct ent_error *error);
#define HELPER_COUNT "SELECT COUNT(*) FROM t"

/* Up to `ms` until the condition holds. */
bool helper_wait(bool (*is_so)(void *), void *arg, int ms);

/* ---- tasks ------------------------------------------------------------------------------ */

/* A task that tests wait for. */
struct helper_task {
	struct ent_task task;
	enum ent_code (*work)(struct helper_task *task, struct ent_db *db, struct ent_arena *arena,
	                      struct ent_error *error);
	void *arg;
	int64_t key;
	_Atomic int ran;  /* how often */
	_Atomic int done; /* 1 when it is */
	enum ent_code code;
	struct ent_error error;
};
void helper_submit(struct ent_store *store, struct helper_task *task, enum ent_access access);
void helper_await(struct helper_task *tasks, size_t count);

/* A task that holds its thread until it is let go: so that others wait behind it. */
struct helper_gate {
	struct helper_task task;
	_Atomic bool is_open;
};
void helper_gate_close(struct ent_store *store, struct helper_gate *gate, enum ent_access access);
void helper_gate_open(struct helper_gate *gate);

#endif
