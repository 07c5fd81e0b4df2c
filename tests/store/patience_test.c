/* What takes too long is given up, and nothing else is. */
#include "store/helper.h"
#include "store/many.h"

static enum ent_code count_to(struct ent_db *db, int64_t most, struct ent_arena *arena,
                              struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(db,
	                   ENT_STR("WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT "
	                           "k + 1 FROM n WHERE k < $1) SELECT COUNT(*) FROM n"),
	                   ENT_ARGS(ent_arg_int(most)), arena, &rows, error);
	if (code == ENT_OK) {
		CHECK_INT(rows.first->cell[0].number, most);
	}
	return code;
}

enum { FEW = 50000, MANY = 1000000000 };

static enum ent_code too_much(struct helper_task *task, struct ent_db *db, struct ent_arena *arena,
                              struct ent_error *error)
{
	(void)task;
	enum ent_code code = ent_db_patience(db, 30, arena, error);
	return code == ENT_OK ? count_to(db, MANY, arena, error) : code;
}

/* With patience that lasts, and for as long as it takes once it is lifted. */
static enum ent_code enough(struct helper_task *task, struct ent_db *db, struct ent_arena *arena,
                            struct ent_error *error)
{
	(void)task;
	enum ent_code code = ent_db_patience(db, 60000, arena, error);
	if (code == ENT_OK) {
		code = count_to(db, 10, arena, error);
	}
	if (code == ENT_OK) {
		code = ent_db_patience(db, 1, arena, error);
	}
	if (code == ENT_OK) {
		code = ent_db_patience(db, 0, arena, error);
	}
	return code == ENT_OK ? count_to(db, FEW, arena, error) : code;
}

static enum ent_code without(struct helper_task *task, struct ent_db *db, struct ent_arena *arena,
                             struct ent_error *error)
{
	(void)task;
	return count_to(db, FEW, arena, error);
}

STORE_TEST(patience_ends_for_what_takes_too_long)
{
	static const struct {
		enum ent_code (*work)(struct helper_task *task, struct ent_db *db,
		                      struct ent_arena *arena, struct ent_error *error);
		enum ent_code code;
	} rows[] = {
		{ too_much, ENT_E_TOO_SLOW }, { without, ENT_OK }, /* the connection forgets it with
		                                                      the transaction */
		{ enough, ENT_OK },           { too_much, ENT_E_TOO_SLOW }, { enough, ENT_OK },
	};
	struct ent_store *store = helper_open();
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct helper_task task = { .work = rows[i].work };
		helper_submit(store, &task, ENT_READ);
		helper_await(&task, 1);
		CHECK_INT(task.code, rows[i].code);
	}
	ent_store_close(store);
}
