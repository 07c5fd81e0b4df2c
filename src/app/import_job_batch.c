/* Which rows of an import in the background come next: a part, or some that waited, behind those
 * that they need. */
#include "app/import_job_inner.h"

enum {
	WAITING_ROWS = 100,     /* of the second pass, at most in one transaction */
	DEEPEST = ENT_PATH_MAX, /* rows that wait for rows that wait */
	TEXT_BYTES = 8 << 20    /* of rows put together; one at least */
};

enum ent_code ent_import_batch_part(struct ent_import_job_batch *b, struct ent_error *error)
{
	enum ent_code code =
		ent_import_part_load(b->call, b->job->id, b->job->reach + 1, &b->part, error);
	b->is_end = b->part.number == 0;
	return code;
}

/* ---- rows that waited -------------------------------------------------------------------- */

static bool has_line(const struct ent_import_job_batch *b, int64_t line)
{
	for (size_t i = 0; i < b->count; i++) {
		if (b->places[i].line == line) {
			return true;
		}
	}
	return false;
}

static enum ent_code add_row(struct ent_import_job_batch *b, int64_t part, int64_t line,
                             bool is_wanted, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	if (b->loaded.number != part) {
		code = ent_import_part_load(b->call, b->job->id, part, &b->loaded, error);
	}
	if (code != ENT_OK || b->count == ENT_IMPORT_ROWS) {
		return code;
	}
	ent_str row = ent_import_part_row(&b->loaded, b->options.separator, line, *b->call->arena);
	b->places[b->count++] = (struct ent_import_row_place){
		.line = line, .part = part, .row = row, .is_wanted = is_wanted
	};
	b->bytes += row.len;
	return ENT_OK;
}

/* The row of the table that another one calls so: the first, if it is not there yet but for this
 * import. What is in the database already is found there. */
static enum ent_code find_needed(const struct ent_import_job_batch *b, ent_str key,
                                 struct ent_rows *out, struct ent_error *error)
{
	struct ent_cut cut = ent_str_cut(key, ':'); /* "csv:other:17" may be other's 17 */
	ent_str sql = ent_text_format(
		b->call->arena,
		"SELECT line, part, waits_for, status FROM import_row WHERE import_job_id = $1 AND "
		"own_key IN ($2, $3) AND status IN (%s) ORDER BY line LIMIT 1",
		b->job->dry_run ? "'waiting', 'created', 'updated', 'unchanged'" : "'waiting'");
	return ent_db_run(b->call->db, sql,
	                  ENT_ARGS(ent_arg_id(b->job->id), ent_arg_text(key),
	                           ent_arg_text(cut.found ? cut.tail : key)),
	                  b->call->arena, out, error);
}

/* A row on its way into the text: first the rows that it needs, a stack of them. */
struct chain {
	struct {
		int64_t line, part;
		ent_str needs; /* keys that are still to be looked for */
		bool is_wanted;
	} links[DEEPEST];
	size_t depth;
};

static bool is_on(const struct chain *chain, int64_t line)
{
	for (size_t i = 0; i < chain->depth; i++) {
		if (chain->links[i].line == line) {
			return true;
		}
	}
	return false;
}

/* cells: line, part, waits_for, status */
static void push(struct chain *chain, const struct ent_row *row)
{
	bool needs = row->cell[2].kind == ENT_K_TEXT;
	if (chain->depth == DEEPEST || is_on(chain, row->cell[0].number)) {
		return; /* it goes in circles, or too deep: it will be said of the row */
	}
	chain->links[chain->depth].line = row->cell[0].number;
	chain->links[chain->depth].part = row->cell[1].number;
	chain->links[chain->depth].needs = needs ? row->cell[2].text : (ent_str){ NULL, 0 };
	chain->links[chain->depth].is_wanted = ent_str_is(row->cell[3].text, "waiting");
	chain->depth++;
}

static enum ent_code add_with_needs(struct ent_import_job_batch *b, const struct ent_row *row,
                                    struct ent_error *error)
{
	struct chain chain = { .depth = 0 };
	enum ent_code code = ENT_OK;
	push(&chain, row);
	while (chain.depth > 0 && code == ENT_OK) {
		size_t top = chain.depth - 1;
		struct ent_cut key = ent_str_cut(chain.links[top].needs, '\n');
		chain.links[top].needs = key.found ? key.tail : (ent_str){ NULL, 0 };
		if (key.head.len > 0) {
			struct ent_rows found;
			code = find_needed(b, key.head, &found, error);
			if (code == ENT_OK && found.count > 0) {
				push(&chain, found.first);
			}
			continue;
		}
		chain.depth--;
		if (!has_line(b, chain.links[top].line)) {
			code = add_row(b, chain.links[top].part, chain.links[top].line,
			               chain.links[top].is_wanted, error);
		}
	}
	return code;
}

enum ent_code ent_import_batch_waiting(struct ent_import_job_batch *b, struct ent_error *error)
{
	struct ent_rows rows;
	ent_str sql = ent_text_format(b->call->arena,
	                              "SELECT line, part, waits_for, status FROM import_row WHERE "
	                              "import_job_id = $1 AND status = 'waiting' AND line > $2 "
	                              "ORDER BY line LIMIT %d",
	                              WAITING_ROWS);
	enum ent_code code = ent_db_run(
		b->call->db, sql, ENT_ARGS(ent_arg_id(b->job->id), ent_arg_int(b->job->reach)),
		b->call->arena, &rows, error);
	b->is_end = code == ENT_OK && rows.count == 0;
	b->waited = b->job->reach;
	for (const struct ent_row *row = code == ENT_OK ? rows.first : NULL;
	     row != NULL && code == ENT_OK; row = row->next) {
		bool fits = b->count + DEEPEST <= ENT_IMPORT_ROWS && b->bytes < TEXT_BYTES;
		if (b->count > 0 && !fits) {
			break;
		}
		code = add_with_needs(b, row, error);
		b->waited = row->cell[0].number;
	}
	return code;
}

/* ---- as a table -------------------------------------------------------------------------- */

void ent_import_batch_text(struct ent_import_job_batch *b)
{
	struct ent_text text = ent_text_begin(b->call->arena);
	ent_text_add(&text, b->job->header);
	ent_text_add(&text, b->part.body);
	size_t len = b->job->header.len;
	for (size_t i = 0; i < b->count; i++) {
		b->places[i].at = len;
		ent_text_add(&text, b->places[i].row);
		ent_text_char(&text, '\n'); /* the last row of a file may have none */
		len += b->places[i].row.len + 1;
	}
	b->text = ent_text_end(&text);
}
