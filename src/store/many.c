#include "store/many.h"

#include "base/text.h"

enum {
	PIECE = 64,
	PLACES = 1024, /* SQLite's parser takes time that grows with the square of their number */
};

static size_t places_of(const char *row)
{
	size_t count = 0;
	for (; *row != '\0'; row++) {
		count += *row == '$';
	}
	return count;
}

static ent_str text_of(const struct ent_many *many, size_t rows, struct ent_arena *arena)
{
	struct ent_text sql = ent_text_begin(arena);
	int64_t place = 0;
	ent_text_add(&sql, ent_str_of(many->before));
	for (size_t i = 0; i < rows; i++) {
		ent_text_add(&sql, ent_str_of(i > 0 ? many->between : ""));
		for (const char *c = many->row; *c != '\0'; c++) {
			ent_text_char(&sql, *c);
			if (*c == '$') {
				ent_text_int(&sql, ++place);
			}
		}
	}
	ent_text_add(&sql, ent_str_of(many->after));
	return ent_text_end(&sql);
}

enum ent_code ent_db_exec_many(struct ent_db *db, const struct ent_many *many,
                               const struct ent_value *args, size_t rows, struct ent_arena *arena,
                               struct ent_error *error)
{
	size_t columns = places_of(many->row);
	size_t done = 0;
	enum ent_code code = ENT_OK;
	size_t piece = PIECE;
	while (piece > 1 && piece * columns > PLACES) {
		piece /= 2;
	}
	for (; piece > 0 && code == ENT_OK; piece /= 2) {
		if (rows - done < piece) {
			continue;
		}
		ent_str sql = text_of(many, piece, arena);
		for (; rows - done >= piece && code == ENT_OK; done += piece) {
			code = ent_db_exec(db, sql, args + done * columns, piece * columns,
			                   many->is_exact ? (int64_t)piece : ENT_ANY_ROWS, arena,
			                   error);
		}
	}
	return code;
}

const char *ent_sql_bytewise(const struct ent_db *db)
{
	return db->dialect == ENT_POSTGRES ? ENT_BYTEWISE : "";
}

const char *ent_sql_unindexed(const struct ent_db *db)
{
	return db->dialect == ENT_SQLITE ? "+" : "";
}

void ent_sql_claim(struct ent_text *sql, const struct ent_db *db, const char *const *tables,
                   size_t count)
{
	for (size_t i = 0; db->dialect == ENT_POSTGRES && i < count; i++) {
		ent_text_addf(sql, " FOR UPDATE OF %s SKIP LOCKED", tables[i]);
	}
}

enum ent_code ent_db_patience(struct ent_db *db, int64_t ms, struct ent_arena *arena,
                              struct ent_error *error)
{
	struct ent_arena scratch = *arena;
	ent_str text = ent_text_format(&scratch, "%lld", (long long)ms);
	return ent_db_exec(db, ENT_STR("SELECT set_config('statement_timeout', $1, TRUE)"),
	                   ENT_ARGS(ent_arg_text(text)), ENT_ANY_ROWS, &scratch, error);
}
