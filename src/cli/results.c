#include "cli/results.h"

#include <string.h>

enum { ROW_BYTES = 64 << 20 }; /* of address space: a row with all its quotes doubled */

static void add_cells(struct ent_text *text, const struct ent_csv_row *row, size_t columns,
                      bool first)
{
	for (size_t i = 0; i < columns; i++) {
		ent_csv_field(text, first && i == 0,
		              row != NULL && i < row->count ? row->fields[i] : ENT_STR(""), false);
	}
}

static void write_row(FILE *out, struct ent_text *text)
{
	ent_csv_end(text);
	ent_str line = ent_text_end(text);
	fwrite(line.ptr, 1, line.len, out);
}

static void write_success(struct ent_results *results, ent_str id, ent_str status,
                          const struct ent_csv_row *row, size_t columns)
{
	struct ent_arena arena = results->whole;
	struct ent_text text = ent_text_begin(&arena);
	ent_csv_field(&text, true, id, false);
	ent_csv_field(&text, false, status, false);
	add_cells(&text, row, columns, false);
	write_row(results->success, &text);
}

static void write_error(struct ent_results *results, const struct ent_csv_row *row, size_t columns,
                        ent_str message)
{
	struct ent_arena arena = results->whole;
	struct ent_text text = ent_text_begin(&arena);
	add_cells(&text, row, columns, true);
	ent_csv_field(&text, false, message, false);
	write_row(results->error, &text);
}

/* ---- files ------------------------------------------------------------------------------- */

/* "/tmp/x/Account.csv" as "DIR/Account.success.csv". */
static FILE *open_file(const struct ent_results *results, const char *suffix)
{
	char path[4096];
	const char *slash = strrchr(results->file->name, '/');
	const char *name = slash == NULL ? results->file->name : slash + 1;
	const char *dot = strrchr(name, '.');
	size_t len = dot == NULL ? strlen(name) : (size_t)(dot - name);
	int needed = snprintf(path, sizeof(path), "%s/%.*s.%s.csv", results->folder, (int)len, name,
	                      suffix);
	return needed > 0 && (size_t)needed < sizeof(path) ? fopen(path, "we") : NULL;
}

static void close_file(struct ent_results *results, FILE **file)
{
	if (*file != NULL) {
		results->failed = ferror(*file) != 0 || results->failed;
		results->failed = fclose(*file) != 0 || results->failed;
		*file = NULL;
	}
}

static bool open_files(struct ent_results *results, const struct ent_import_row *row)
{
	if (results->file == row->file) {
		return true;
	}
	close_file(results, &results->success);
	close_file(results, &results->error);
	results->file = row->file;
	results->success = open_file(results, "success");
	results->error = open_file(results, "error");
	bool has_room = results->whole.next != NULL ||
	                ent_arena_reserve(ROW_BYTES, &results->budget, &results->whole);
	if (results->success == NULL || results->error == NULL || !has_room) {
		return false;
	}
	write_success(results, ENT_STR("ID"), ENT_STR("STATUS"), row->header, row->header->count);
	write_error(results, row->header, row->header->count, ENT_STR("ERROR"));
	return true;
}

bool ent_results_add(struct ent_results *results, const struct ent_import_row *row)
{
	if (!open_files(results, row)) {
		return false;
	}
	if (row->status != ENT_IMPORT_FAILED) {
		write_success(results, row->id, ent_str_of(ent_import_status_text(row->status)),
		              row->row, row->header->count);
		return true;
	}
	char message[512];
	snprintf(message, sizeof(message), "%.*s%s%.*s (line %lld)", (int)row->column.len,
	         row->column.len > 0 ? row->column.ptr : "", row->column.len > 0 ? ": " : "",
	         (int)row->message.len, row->message.ptr, (long long)row->line);
	write_error(results, row->row, row->header->count, ent_str_of(message));
	return true;
}

void ent_results_rewind(struct ent_results *results)
{
	close_file(results, &results->success);
	close_file(results, &results->error);
	results->file = NULL;
}

bool ent_results_close(struct ent_results *results)
{
	ent_results_rewind(results);
	if (results->whole.next != NULL) {
		ent_arena_release(&results->whole);
		results->whole.next = NULL;
	}
	return !results->failed;
}
