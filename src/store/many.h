/* many.h - statements about many rows at once, the claiming of rows by several servers, and what
 * lists need of a database. */
#ifndef ENT_STORE_MANY_H
#define ENT_STORE_MANY_H

#include "store/store.h"

/* INSERT INTO t (a, b) VALUES | ($, $) | , | ($, $) | ON CONFLICT …: each '$' of `row` is the
 * place of the next argument. No other part may have one. */
struct ent_many {
	const char *before;
	const char *row;
	const char *between;
	const char *after;
	bool is_exact; /* each row changes exactly one: else PRECONDITION_FAILED */
};

/* Run it for `rows` rows of `args`, in pieces of 64, 32, … 1 rows (of less than 64 where rows are
 * long), so that few statements are ever prepared. Fails as ent_db_exec() does. */
ENT_CHECK enum ent_code ent_db_exec_many(struct ent_db *db, const struct ent_many *many,
                                         const struct ent_value *args, size_t rows,
                                         struct ent_arena *arena, struct ent_error *error);

/* Insert, or update, `count` objects of a type with few statements: what ent_row_insert() and
 * ent_row_update() do with each of them. The same columns of all are updated. */
ENT_CHECK enum ent_code ent_row_insert_many(struct ent_db *db, const struct ent_type *type,
                                            const void *const *objects, size_t count,
                                            struct ent_arena *arena, struct ent_error *error);
ENT_CHECK enum ent_code ent_row_update_many(struct ent_db *db, const struct ent_type *type,
                                            const void *const *objects, size_t count,
                                            const struct ent_set *set, struct ent_arena *arena,
                                            struct ent_error *error);

/* From now on a statement of this transaction fails after `ms` milliseconds: TOO_SLOW. 0: none does
 * any more. */
ENT_CHECK enum ent_code ent_db_patience(struct ent_db *db, int64_t ms, struct ent_arena *arena,
                                        struct ent_error *error);

/* Behind a text that is compared or sorted by its bytes. SQLite does so anyway, and finds an index
 * only where nothing else is said: ent_sql_bytewise(). */
#define ENT_BYTEWISE " COLLATE \"C\""
const char *ent_sql_bytewise(const struct ent_db *db);

/* Before a column whose index SQLite is not to use, as it does not know that many rows have each of
 * its few values. PostgreSQL counts them. */
const char *ent_sql_unindexed(const struct ent_db *db);

/* End a SELECT that claims rows of these tables ("h", "d") until the end of the transaction:
 * rows that somebody else holds are passed over, never waited for. A row is locked in the
 * first table before it is in the next. Nothing on SQLite, where the writer is alone. */
void ent_sql_claim(struct ent_text *sql, const struct ent_db *db, const char *const *tables,
                   size_t count);

#endif
