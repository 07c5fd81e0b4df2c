/* The table of an import in the background, cut into parts of some rows. */
#include "app/import_job_inner.h"
#include "store/many.h"

enum { PART_ROWS = 100, PART_BYTES = 256 << 10, PART_COLUMNS = 4 };

/* There are as many arguments as parts, and nobody knows how many before they are cut. */
static void add_part(struct ent_import_parts *parts, int64_t line, ent_str body,
                     struct ent_arena *arena)
{
	if (parts->count == parts->room) {
		size_t room = parts->room == 0 ? 256 : 2 * parts->room;
		struct ent_value *args = ENT_NEW(arena, struct ent_value, room * PART_COLUMNS);
		for (size_t i = 0; i < parts->count * PART_COLUMNS; i++) {
			args[i] = parts->args[i];
		}
		parts->args = args;
		parts->room = room;
	}
	struct ent_value *at = parts->args + parts->count++ * PART_COLUMNS;
	at[1] = ent_arg_int((int64_t)parts->count);
	at[2] = ent_arg_int(line);
	at[3] = ent_arg_text(body);
}

/* The next rows, up to a part's size. */
static void take_part(struct ent_import_parts *parts, struct ent_csv *csv, struct ent_arena *arena)
{
	size_t begin = csv->at;
	int64_t line = csv->line;
	for (int n = 0; csv->at < csv->text.len && n < PART_ROWS && csv->at - begin < PART_BYTES;
	     n++) {
		struct ent_arena scratch = *arena;
		struct ent_csv_row row;
		struct ent_error ignored; /* it is that of the row, and told when it is imported */
		ent_error_clear(&ignored);
		(void)!ent_csv_next(csv, &scratch, &row, &ignored);
		parts->rows++;
	}
	add_part(parts, line, (ent_str){ csv->text.ptr + begin, csv->at - begin }, arena);
}

enum ent_code ent_import_parts_cut(struct ent_csv csv, int64_t most, struct ent_arena *arena,
                                   struct ent_import_parts *out, struct ent_error *error)
{
	*out = (struct ent_import_parts){ .count = 0 };
	while (csv.at < csv.text.len && out->rows <= most) {
		take_part(out, &csv, arena);
	}
	return out->rows <= most
	               ? ENT_OK
	               : ent_refuse(error, ENT_E_LIMIT, "/text", (ent_str){ NULL, 0 },
	                            "give at most %lld rows, or raise the setting import_rows",
	                            (long long)most);
}

enum ent_code ent_import_parts_store(struct ent_call *call, ent_id job,
                                     const struct ent_import_parts *parts, struct ent_error *error)
{
	static const struct ent_many insert = {
		.before = "INSERT INTO import_part (import_job_id, number, line, body) VALUES ",
		.row = "($, $, $, $)",
		.between = ", ",
		.after = "",
	};
	for (size_t i = 0; i < parts->count; i++) {
		parts->args[i * PART_COLUMNS] = ent_arg_id(job);
	}
	return ent_db_exec_many(call->db, &insert, parts->args, parts->count, call->arena, error);
}

enum ent_code ent_import_part_load(struct ent_call *call, ent_id job, int64_t number,
                                   struct ent_import_part *out, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db,
	                                ENT_STR("SELECT line, body FROM import_part WHERE "
	                                        "import_job_id = $1 AND number = $2"),
	                                ENT_ARGS(ent_arg_id(job), ent_arg_int(number)), call->arena,
	                                &rows, error);
	*out = (struct ent_import_part){ .number = 0 };
	if (code == ENT_OK && rows.count > 0) {
		out->number = number;
		out->line = rows.first->cell[0].number;
		out->body = rows.first->cell[1].text;
	}
	return code;
}

ent_str ent_import_part_row(const struct ent_import_part *part, char separator, int64_t line,
                            struct ent_arena scratch)
{
	struct ent_csv csv;
	ent_csv_begin(&csv, part->body, separator);
	ent_csv_seek(&csv, 0, part->line);
	while (csv.at < csv.text.len && csv.line <= line) {
		struct ent_arena row_scratch = scratch;
		size_t begin = csv.at;
		int64_t at_line = csv.line;
		struct ent_csv_row row;
		struct ent_error ignored;
		ent_error_clear(&ignored);
		(void)!ent_csv_next(&csv, &row_scratch, &row, &ignored);
		if (at_line == line) {
			return (ent_str){ part->body.ptr + begin, csv.at - begin };
		}
	}
	return (ent_str){ NULL, 0 };
}

enum ent_code ent_import_parts_drop(struct ent_call *call, ent_id job, struct ent_error *error)
{
	return ent_db_exec(call->db,
	                   ENT_STR("DELETE FROM import_part WHERE import_job_id = $1 AND number "
	                           "NOT IN (SELECT part FROM import_row WHERE import_job_id = $1 "
	                           "AND status = 'failed')"),
	                   ENT_ARGS(ent_arg_id(job)), ENT_ANY_ROWS, call->arena, error);
}
