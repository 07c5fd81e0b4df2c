/* What became of the rows of an import in the background. */
#include "app/import_job_inner.h"

#include "base/text.h"
#include "json/json.h"

static const char *const forms[ENT_IMPORT_FORM_COUNT] = { "json", "csv", "file" };

const char *ent_import_form_text(enum ent_import_form form)
{
	return forms[form];
}

/* The columns of the statement below, as they are called in what is told. */
static const char *const cells[] = { "line", "status", "id", "column", "value", "message" };

static enum ent_code select_rows(struct ent_call *call, ent_id id,
                                 const struct ent_import_rows *asked, struct ent_rows *out,
                                 struct ent_error *error)
{
	struct ent_text sql = ent_text_begin(call->arena);
	unsigned statuses = asked->form == ENT_IMPORT_AS_FILE ? 1U << ENT_IMPORT_FAILED
	                    : asked->statuses == 0            ? ~0U
	                                                      : asked->statuses;
	const char *comma = "";
	ent_text_add(&sql,
	             ENT_STR("SELECT line, status, record_id, cell, value, message, part FROM "
	                     "import_row WHERE import_job_id = $1 AND line > $2 AND status "
	                     "IN ("));
	for (unsigned i = 0; i < ENT_IMPORT_STATUS_COUNT; i++) {
		if ((statuses & 1U << i) != 0) {
			ent_text_addf(&sql, "%s'%s'", comma,
			              ent_import_status_text((enum ent_import_status)i));
			comma = ", ";
		}
	}
	ent_text_add(&sql, asked->noted
	                           ? ENT_STR(") AND message IS NOT NULL AND status <> 'failed'")
	                           : ENT_STR(")"));
	ent_text_add(&sql, ENT_STR(" ORDER BY line LIMIT $3"));
	return ent_db_run(
		call->db, ent_text_end(&sql),
		ENT_ARGS(ent_arg_id(id), ent_arg_int(asked->behind), ent_arg_int(asked->limit + 1)),
		call->arena, out, error);
}

static void add_json(struct ent_text *out, const struct ent_row *row)
{
	ent_text_addf(out, "{\"line\":%lld", (long long)row->cell[0].number);
	for (size_t i = 1; i < ENT_COUNT(cells); i++) {
		ent_text_char(out, ',');
		ent_json_name(out, cells[i]);
		ent_json_string(out, row->cell[i].kind == ENT_K_TEXT ? row->cell[i].text
		                                                     : (ent_str){ NULL, 0 });
	}
	ent_text_char(out, '}');
}

static void add_csv(struct ent_text *out, const struct ent_row *row)
{
	ent_text_addf(out, "%lld", (long long)row->cell[0].number);
	for (size_t i = 1; i < ENT_COUNT(cells); i++) {
		bool given = row->cell[i].kind == ENT_K_TEXT;
		ent_csv_field(out, false, given ? row->cell[i].text : ENT_STR(""), true);
	}
	ent_csv_end(out);
}

static void begin(struct ent_text *out, enum ent_import_form form)
{
	if (form == ENT_IMPORT_AS_JSON) {
		ent_text_add(out, ENT_STR("{\"object\":\"list\",\"data\":["));
		return;
	}
	for (size_t i = 0; i < ENT_COUNT(cells); i++) {
		ent_csv_field(out, i == 0, ent_str_of(cells[i]), false);
	}
	ent_csv_end(out);
}

static void end(struct ent_text *out, const struct ent_import_rows *rows)
{
	if (rows->form != ENT_IMPORT_AS_JSON) {
		return;
	}
	ent_text_addf(out, "],\"has_more\":%s,\"next_cursor\":", rows->has_more ? "true" : "false");
	if (rows->has_more) {
		ent_text_addf(out, "\"%lld\"}", (long long)rows->last);
	} else {
		ent_text_add(out, ENT_STR("null}"));
	}
}

/* Rows are few more than asked for: that tells whether there are others. */
static void write_rows(const struct ent_rows *found, struct ent_import_rows *rows,
                       struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	int64_t n = 0;
	begin(&out, rows->form);
	for (const struct ent_row *row = found->first; row != NULL && n < rows->limit;
	     row = row->next, n++) {
		if (rows->form == ENT_IMPORT_AS_CSV) {
			add_csv(&out, row);
			continue;
		}
		ent_text_add(&out, n > 0 ? ENT_STR(",") : ENT_STR(""));
		add_json(&out, row);
	}
	end(&out, rows);
	rows->text = ent_text_end(&out);
}

/* ---- as they stand in the file ----------------------------------------------------------- */

/* What cannot be taken apart is one cell. */
static struct ent_csv_row take_apart(ent_str text, char separator, struct ent_arena *arena)
{
	struct ent_csv csv;
	struct ent_csv_row row;
	struct ent_error ignored;
	ent_csv_begin(&csv, text, separator);
	ent_error_clear(&ignored);
	if (ent_csv_next(&csv, arena, &row, &ignored) != ENT_OK) {
		row = (struct ent_csv_row){ .fields = ENT_NEW(arena, ent_str, 1), .count = 1 };
		row.fields[0] = text;
	}
	return row;
}

/* All of them first: while a text grows, nothing else may be made. */
static enum ent_code collect(struct ent_call *call, const struct ent_import_job *job,
                             const struct ent_rows *found, int64_t limit, struct ent_csv_row *out,
                             struct ent_error *error)
{
	struct ent_import_part part = { .number = 0 };
	char separator = job->delimiter.ptr[0];
	enum ent_code code = ENT_OK;
	int64_t n = 0;
	for (const struct ent_row *row = found->first; row != NULL && n < limit && code == ENT_OK;
	     row = row->next) {
		if (row->cell[6].number != part.number) {
			code = ent_import_part_load(call, job->id, row->cell[6].number, &part,
			                            error);
		}
		ent_str text =
			ent_import_part_row(&part, separator, row->cell[0].number, *call->arena);
		out[n++] = take_apart(text, separator, call->arena);
	}
	return code;
}

static void add_source(struct ent_text *out, const struct ent_csv_row *row, ent_str more)
{
	for (size_t i = 0; i < row->count; i++) {
		ent_csv_field(out, i == 0, row->fields[i], false);
	}
	ent_csv_field(out, row->count == 0, more, false);
	ent_csv_end(out);
}

static enum ent_code write_source(struct ent_call *call, const struct ent_import_job *job,
                                  const struct ent_rows *found, struct ent_import_rows *rows,
                                  struct ent_error *error)
{
	struct ent_csv_row *sources = ENT_NEW(call->arena, struct ent_csv_row, found->count + 1);
	struct ent_csv_row header = take_apart(job->header, job->delimiter.ptr[0], call->arena);
	enum ent_code code = collect(call, job, found, rows->limit, sources, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_text out = ent_text_begin(call->arena);
	int64_t n = 0;
	add_source(&out, &header, ENT_STR("ERROR"));
	for (const struct ent_row *row = found->first; row != NULL && n < rows->limit;
	     row = row->next, n++) {
		add_source(&out, &sources[n], row->cell[5].text);
	}
	rows->text = ent_text_end(&out);
	return ENT_OK;
}

enum ent_code ent_import_job_rows(struct ent_call *call, ent_id id, struct ent_import_rows *rows,
                                  struct ent_error *error)
{
	struct ent_import_job job;
	struct ent_rows found;
	enum ent_code code = ent_call_may(call, "import_job.read", error);
	if (code == ENT_OK) {
		code = ent_record_load(call, &ent_import_job_type, id, &job, error);
	}
	if (code == ENT_OK) {
		code = select_rows(call, id, rows, &found, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	int64_t n = 0;
	for (const struct ent_row *row = found.first; row != NULL && n < rows->limit;
	     row = row->next, n++) {
		rows->last = row->cell[0].number;
	}
	rows->has_more = (int64_t)found.count > rows->limit;
	if (rows->form == ENT_IMPORT_AS_FILE) {
		return write_source(call, &job, &found, rows, error);
	}
	write_rows(&found, rows, call->arena);
	return ENT_OK;
}
