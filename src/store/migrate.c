/* migrate.c - brings a database up to date.
 *
 * The files are part of the program. Each is applied in one transaction of its own, with
 * its line in table `migration`; one process at a time: SQLite by its write lock,
 * PostgreSQL by an advisory lock.
 */
#include "store/migrate.h"

#include "base/hash.h"
#include "base/text.h"
#include "store/inner.h"
#include "store/many.h"

#include <string.h>
#include <time.h>

#define ENT_MIGRATION(number, name, file)               \
	extern const char ent_migration_##name[];       \
	extern const char ent_migration_##name##_end[]; \
	ENT_EMBED(ent_migration_##name, ENT_SOURCE_DIR "/db/migrations/" file)
#include "store/migration.def"

struct migration {
	int number;
	const char *name;
	const char *begin;
	const char *end;
};

static const struct migration migrations[] = {
#define ENT_MIGRATION(number, name, file) \
	{ number, #name, ent_migration_##name, ent_migration_##name##_end },
#include "store/migration.def"
};

static ent_str text_of(const struct migration *migration)
{
	return (ent_str){ migration->begin, (size_t)(migration->end - migration->begin) };
}

/* ---- statements --------------------------------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Without blanks and lines of comment at its beginning. */
static ent_str skip_comments(ent_str text)
{
	while (text.len > 0 && (is_space(*text.ptr) || ent_str_begins(text, ENT_STR("--")))) {
		text = is_space(*text.ptr) ? (ent_str){ text.ptr + 1, text.len - 1 }
		                           : ent_str_cut(text, '\n').tail;
	}
	return text;
}

ent_str ent_sql_next(ent_str *rest)
{
	ent_str text = skip_comments(*rest);
	for (size_t i = 0; i < text.len; i++) {
		bool at_line_end = i + 1 == text.len || text.ptr[i + 1] == '\n';
		if (text.ptr[i] == ';' && at_line_end) {
			*rest = (ent_str){ text.ptr + i + 1, text.len - i - 1 };
			return (ent_str){ text.ptr, i };
		}
	}
	*rest = (ent_str){ text.ptr + text.len, 0 };
	return text;
}

/* SQLite compares texts by their bytes, and with a collation of ours no other program could write
 * to the table. */
static ent_str without_collation(ent_str sql, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	while (sql.len > 0) {
		size_t skipped = ent_str_begins(sql, ent_str_of(ENT_BYTEWISE))
		                         ? sizeof(ENT_BYTEWISE) - 1
		                         : 0;
		if (skipped == 0) {
			ent_text_char(&out, *sql.ptr);
			skipped = 1;
		}
		sql = (ent_str){ sql.ptr + skipped, sql.len - skipped };
	}
	return ent_text_end(&out);
}

static enum ent_code run_text(struct ent_db *db, ent_str text, struct ent_arena arena,
                              struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	ent_str sql = ent_sql_next(&text);
	while (code == ENT_OK && sql.len > 0) {
		struct ent_arena scratch = arena;
		struct ent_rows rows;
		if (db->dialect == ENT_SQLITE) {
			sql = without_collation(sql, &scratch);
		}
		code = ent_db_run(db, sql, NULL, 0, &scratch, &rows, error);
		sql = ent_sql_next(&text);
	}
	return code;
}

/* ---- what is there ------------------------------------------------------------------------- */

static enum ent_code compare(const struct ent_row *row, const struct migration *migration,
                             struct ent_error *error)
{
	char checksum[ENT_CHECKSUM_ROOM];
	ent_checksum(text_of(migration), checksum);
	if (!ent_str_is(row->cell[1].text, checksum)) {
		return ent_fail(error, ENT_E_STATE, "migration %d (%s) is not the one applied here",
		                migration->number, migration->name);
	}
	return ENT_OK;
}

/* Hold the applied ones against ours. present: how many of ours are there. */
static enum ent_code look(struct ent_db *db, struct ent_arena arena, size_t *present,
                          struct ent_error *error)
{
	struct ent_rows rows;
	*present = 0;
	enum ent_code code =
		ent_db_run(db, ENT_STR("SELECT number, checksum FROM migration ORDER BY number"),
	                   NULL, 0, &arena, &rows, error);
	for (const struct ent_row *row = rows.first; code == ENT_OK && row != NULL;
	     row = row->next) {
		if (*present == ENT_COUNT(migrations) ||
		    row->cell[0].number != migrations[*present].number) {
			return ent_fail(
				error, ENT_E_STATE,
				"the database is of another or newer version: migration %lld "
				"is not known here",
				(long long)row->cell[0].number);
		}
		code = compare(row, &migrations[(*present)++], error);
	}
	return code;
}

static void report(size_t present, struct ent_migration_report *out)
{
	out->present = present > 0 ? migrations[present - 1].number : 0;
	out->newest = migrations[ENT_COUNT(migrations) - 1].number;
}

static enum ent_code check_work(void *arg, struct ent_db *db, struct ent_arena *arena,
                                struct ent_error *error)
{
	return look(db, *arena, arg, error);
}

enum ent_code ent_store_migrate_check(struct ent_store *store, struct ent_migration_report *out,
                                      struct ent_error *error)
{
	size_t present = 0;
	enum ent_code code = ent_store_run(store, ENT_READ, check_work, &present, error);
	report(code == ENT_E_UNAVAILABLE ? 0 : present, out);
	if (code == ENT_E_UNAVAILABLE || (code == ENT_OK && present < ENT_COUNT(migrations))) {
		return ent_fail(error, ENT_E_UNAVAILABLE,
		                "the database is at migration %d of %d: run entitled migrate",
		                out->present, out->newest);
	}
	return code;
}

/* ---- applying ------------------------------------------------------------------------------ */

#define MIGRATION_TABLE                          \
	"CREATE TABLE IF NOT EXISTS migration (" \
	"number BIGINT NOT NULL PRIMARY KEY, "   \
	"name TEXT NOT NULL, "                   \
	"checksum TEXT NOT NULL, "               \
	"applied_at BIGINT NOT NULL)"

static enum ent_code lock(struct ent_db *db, struct ent_arena arena, struct ent_error *error)
{
	struct ent_rows rows;
	if (db->dialect == ENT_SQLITE) {
		return ENT_OK; /* it is the only writer */
	}
	return ent_db_run(db, ENT_STR("SELECT pg_advisory_xact_lock(7163385215)::TEXT"), NULL, 0,
	                  &arena, &rows, error);
}

static enum ent_code record(struct ent_db *db, const struct migration *migration,
                            struct ent_arena arena, struct ent_error *error)
{
	char checksum[ENT_CHECKSUM_ROOM];
	ent_checksum(text_of(migration), checksum);
	return ent_db_exec(db,
	                   ENT_STR("INSERT INTO migration (number, name, checksum, applied_at) "
	                           "VALUES ($1, $2, $3, $4)"),
	                   ENT_ARGS(ent_arg_int(migration->number),
	                            ent_arg_text(ent_str_of(migration->name)),
	                            ent_arg_text(ent_str_of(checksum)),
	                            ent_arg_int((int64_t)time(NULL) * 1000000)),
	                   ENT_ANY_ROWS, &arena, error);
}

/* Rows of these change again and again, mostly in columns without an index. With room for the new
 * row in its page, PostgreSQL adds to none of their indexes. Not where somebody set it already. */
static enum ent_code leave_room(struct ent_db *db, struct ent_arena arena, struct ent_error *error)
{
	struct ent_rows rows;
	if (db->dialect == ENT_SQLITE) {
		return ENT_OK;
	}
	enum ent_code code =
		ent_db_run(db,
	                   ENT_STR("SELECT w.name, w.percent FROM (VALUES ('account_head', 50), "
	                           "('case', 80), ('milestone', 80)) AS w (name, percent) "
	                           "JOIN pg_class c ON c.oid = to_regclass(quote_ident(w.name)) "
	                           "WHERE c.reloptions IS NULL"),
	                   NULL, 0, &arena, &rows, error);
	for (const struct ent_row *row = rows.first; row != NULL && code == ENT_OK;
	     row = row->next) {
		struct ent_rows none;
		ent_str sql = ent_text_format(&arena, "ALTER TABLE \"%.*s\" SET (fillfactor = %d)",
		                              (int)row->cell[0].text.len, row->cell[0].text.ptr,
		                              (int)row->cell[1].number);
		code = ent_db_run(db, sql, NULL, 0, &arena, &none, error);
	}
	return code;
}

/* Apply the first that is missing. */
static enum ent_code apply_work(void *arg, struct ent_db *db, struct ent_arena *arena,
                                struct ent_error *error)
{
	size_t *present = arg;
	struct ent_rows rows;
	enum ent_code code = lock(db, *arena, error);
	if (code == ENT_OK) {
		code = ent_db_run(db, ENT_STR(MIGRATION_TABLE), NULL, 0, arena, &rows, error);
	}
	if (code == ENT_OK) {
		code = look(db, *arena, present, error);
	}
	if (code != ENT_OK || *present == ENT_COUNT(migrations)) {
		return code;
	}
	const struct migration *next = &migrations[*present];
	code = run_text(db, text_of(next), *arena, error);
	if (code == ENT_OK) {
		code = record(db, next, *arena, error);
	}
	if (code == ENT_OK && ++*present == ENT_COUNT(migrations)) {
		code = leave_room(db, *arena, error);
	}
	return code;
}

enum ent_code ent_store_migrate(struct ent_store *store, struct ent_migration_report *out,
                                struct ent_error *error)
{
	size_t present = 0;
	enum ent_code code = ENT_OK;
	while (code == ENT_OK && present < ENT_COUNT(migrations)) {
		code = ent_store_run(store, ENT_WRITE, apply_work, &present, error);
	}
	if (code == ENT_OK) {
		code = ent_node_claim(store, error);
	}
	if (code == ENT_OK) {
		report(present, out);
	}
	return code;
}
