#include "app/import.h"

#include "app/import_batch.h"
#include "store/zoneinfo.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 64 << 20 }; /* of address space: for a header and one row */

const char *ent_import_status_text(enum ent_import_status status)
{
	static const char *const texts[] = { "created", "updated", "unchanged", "failed", "blank" };
	return texts[status];
}

/* ---- a transaction ----------------------------------------------------------------------- */

/* A transaction; it may be run again. */
struct some {
	struct ent_importing *run;
	struct ent_import_start start;
	bool tried;
};

static enum ent_code import_some(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct some *some = arg;
	if (some->tried) {
		ent_import_start_again(some->run, &some->start);
	}
	some->tried = true;
	return ent_import_take_some(some->run, call, error);
}

/* ---- telling what became of them --------------------------------------------------------- */

static void tell(struct ent_importing *run, const struct ent_import_result *result)
{
	const struct ent_import_options *o = run->options;
	struct ent_import_reader *reader = run->reader;
	struct ent_arena scratch = reader->arena;
	struct ent_csv csv = reader->csv;
	struct ent_csv_row cells;
	struct ent_error error;
	char id[ENT_ID_ROOM] = "";
	reader->file->counts[result->status]++;
	ent_csv_seek(&csv, result->place.at, result->place.line);
	bool readable = ent_csv_next(&csv, &scratch, &cells, &error) == ENT_OK;
	if (!ent_id_is_none(result->id)) {
		ent_id_format(result->id, reader->object->type->prefix, id);
	}
	struct ent_import_row row = {
		.file = reader->file,
		.line = result->place.line,
		.status = result->status,
		.id = ent_str_of(id),
		.column = { NULL, 0 },
		.value = ent_str_of(result->value),
		.message = ent_str_of(result->message),
		.header = &reader->header,
		.row = readable ? &cells : NULL,
		.separator = reader->csv.separator,
	};
	if (result->column > 0) {
		row.column = reader->header.fields[result->column - 1];
	}
	if (o->row != NULL) {
		o->row(o->arg, &row);
	}
}

static void tell_all(struct ent_importing *run)
{
	const struct ent_import_options *o = run->options;
	for (size_t i = 0; i < run->result_count; i++) {
		tell(run, &run->results[i]);
	}
	if (o->progress != NULL && run->first_pass) {
		o->progress(o->arg, run->bytes_before + (int64_t)run->reader->csv.at,
		            run->bytes_all);
	}
}

/* ---- a table ----------------------------------------------------------------------------- */

static enum ent_code transact(struct ent_importing *run, struct ent_call *call,
                              struct ent_error *error)
{
	struct some some = { .run = run, .start = ent_import_start_of(run) };
	enum ent_code code = call != NULL ? ent_import_take_some(run, call, error)
	                                  : ent_app_run(run->app, ENT_WRITE, run->model,
	                                                import_some, &some, error);
	if (code == ENT_OK && run->out_of_memory) {
		code = ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for rows that wait");
	}
	if (code == ENT_OK) {
		tell_all(run);
	}
	return code;
}

/* Passes until none of the rows that wait has found what it waits for. */
static enum ent_code import_table(struct ent_importing *run, struct ent_call *call,
                                  struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	run->first_pass = true;
	run->last_chance = false;
	run->now.count = 0;
	do {
		size_t before = run->now.count;
		run->taken = 0;
		run->next.count = 0;
		while (ent_import_has_more(run) && code == ENT_OK) {
			code = transact(run, call, error);
		}
		run->last_chance = !run->first_pass && run->next.count == before;
		run->first_pass = false;
		struct ent_import_waiting swap = run->now;
		run->now = run->next;
		run->next = swap;
	} while (run->now.count > 0 && code == ENT_OK);
	return code;
}

static enum ent_code import_tables(struct ent_importing *run, struct ent_call *call,
                                   struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	run->bytes_before = 0;
	for (size_t i = 0; i < run->count && code == ENT_OK; i++) {
		run->reader = &run->readers[i];
		code = import_table(run, call, error);
		run->bytes_before += (int64_t)run->reader->file->text.len;
	}
	return code;
}

/* All in one transaction that is rolled back in the end. */
static enum ent_code rehearse(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct ent_importing *run = arg;
	const struct ent_import_options *o = run->options;
	ent_import_cache_clear(run->cache);
	if (run->started && o->again != NULL) {
		o->again(o->arg);
	}
	run->started = true;
	for (size_t i = 0; i < run->count; i++) {
		struct ent_import_reader *reader = &run->readers[i];
		struct ent_import_file *file = reader->file;
		memset(file->counts, 0, sizeof(file->counts));
		size_t behind = (size_t)(reader->first_row.at);
		ent_csv_seek(&reader->csv, behind, reader->first_row.line);
	}
	enum ent_code code = import_tables(run, call, error);
	run->rehearsed = code == ENT_OK;
	return code == ENT_OK ? ent_fail(error, ENT_E_STATE, "a dry run writes nothing") : code;
}

/* ---- all of them ------------------------------------------------------------------------- */

static int by_order(const void *a, const void *b)
{
	const struct ent_import_reader *x = a;
	const struct ent_import_reader *y = b;
	int order = ent_import_order(x) - ent_import_order(y);
	return order != 0 ? order : x->file < y->file ? -1 : x->file > y->file;
}

struct opening {
	struct ent_import_reader *reader;
	struct ent_error *error;
	enum ent_code code;
};

static void open_reader(void *arg)
{
	struct opening *opening = arg;
	opening->code = ent_import_open(opening->reader, opening->error);
}

static enum ent_code open_all(struct ent_importing *run, struct ent_import_file *files,
                              struct ent_error *error)
{
	for (size_t i = 0; i < run->count; i++) {
		struct ent_import_reader *reader = &run->readers[i];
		reader->options = run->options;
		reader->cache = run->cache;
		reader->file = &files[i];
		run->bytes_all += (int64_t)files[i].text.len;
		memset(files[i].counts, 0, sizeof(files[i].counts));
		if (!ent_arena_reserve(HEADER_BYTES, &run->budgets[i], &run->wholes[i])) {
			return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for headers");
		}
		reader->arena = run->wholes[i];
		struct opening opening = { reader, error, ENT_OK };
		if (!ent_guard(&run->budgets[i], open_reader, &opening)) {
			return ent_fail(error, ENT_E_LIMIT, "%s: the header is too long",
			                files[i].name);
		}
		if (opening.code != ENT_OK) {
			return opening.code;
		}
		reader->first_row =
			(struct ent_csv_row){ .at = reader->csv.at, .line = reader->csv.line };
	}
	qsort(run->readers, run->count, sizeof(run->readers[0]), by_order);
	return ENT_OK;
}

static enum ent_code find_zone(struct ent_importing *run, struct ent_error *error)
{
	const struct ent_zone *zone = NULL;
	ent_str name = run->options->time_zone;
	enum ent_code code = name.len > 0 ? ent_zoneinfo_find(name, &zone, error) : ENT_OK;
	for (size_t i = 0; i < run->count; i++) {
		run->readers[i].zone = zone;
	}
	return code;
}

enum ent_code ent_import_ready(struct ent_importing *run, struct ent_import_file *files,
                               struct ent_error *error)
{
	enum ent_code code = find_zone(run, error);
	return code == ENT_OK ? open_all(run, files, error) : code;
}

static enum ent_code run_all(struct ent_importing *run, struct ent_call *call,
                             struct ent_import_file *files, struct ent_error *error)
{
	(void)call;
	enum ent_code code = ent_import_ready(run, files, error);
	if (code == ENT_OK && !run->options->dry_run) {
		code = import_tables(run, NULL, error);
	} else if (code == ENT_OK) {
		code = ent_app_run(run->app, ENT_WRITE, run->model, rehearse, run, error);
		code = run->rehearsed ? ENT_OK : code;
	}
	return code;
}

/* In the caller's transaction; a dry run is a savepoint of it that is rolled back. */
static enum ent_code run_within(struct ent_importing *run, struct ent_call *call,
                                struct ent_import_file *files, struct ent_error *error)
{
	struct ent_db *db = call->db;
	int depth = db->depth;
	enum ent_code code = ent_import_ready(run, files, error);
	if (code == ENT_OK && run->options->dry_run) {
		code = db->ops->begin(db, ENT_WRITE, error);
	}
	if (code == ENT_OK) {
		code = import_tables(run, call, error);
	}
	if (db->depth > depth) {
		ent_db_unwind(db, depth);
	}
	return code;
}

enum ent_code ent_import_with(struct ent_importing *run, struct ent_call *call,
                              struct ent_import_file *files, ent_import_body *body,
                              struct ent_error *error)
{
	size_t count = run->count;
	struct ent_import_reader *readers = calloc(count + 1, sizeof(*readers));
	struct ent_budget *budgets = calloc(count + 1, sizeof(*budgets));
	struct ent_arena *wholes = calloc(count + 1, sizeof(*wholes));
	struct ent_import_cache *cache = ent_import_cache_open();
	enum ent_code code = ENT_OK;
	if (readers == NULL || budgets == NULL || wholes == NULL || cache == NULL) {
		code = ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the import");
	} else {
		run->readers = readers;
		run->budgets = budgets;
		run->wholes = wholes;
		run->cache = cache;
		code = body(run, call, files, error);
		free(run->now.items);
		free(run->next.items);
	}
	for (size_t i = 0; wholes != NULL && i < count; i++) {
		if (wholes[i].next != NULL) {
			ent_arena_release(&wholes[i]);
		}
	}
	ent_import_cache_close(cache);
	free(wholes);
	free(budgets);
	free(readers);
	return code;
}

enum ent_code ent_import_run(struct ent_app *app, const struct ent_call *model,
                             const struct ent_import_options *options,
                             struct ent_import_file *files, size_t count, struct ent_error *error)
{
	struct ent_importing *run = calloc(1, sizeof(*run));
	if (run == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the import");
	}
	run->app = app;
	run->model = model;
	run->options = options;
	run->count = count;
	enum ent_code code = ent_import_with(run, NULL, files, run_all, error);
	free(run);
	return code;
}

/* Rows but for the header; more than that are not counted. */
static enum ent_code check_rows(const struct ent_import_file *file, char separator,
                                struct ent_call *call, struct ent_error *error)
{
	struct ent_csv csv;
	int64_t rows = -1;
	ent_csv_begin(&csv, file->text, separator);
	while (csv.at < csv.text.len && rows <= ENT_IMPORT_WITHIN) {
		struct ent_arena scratch = *call->arena;
		struct ent_csv_row row;
		struct ent_error ignored;
		ent_error_clear(&ignored);
		(void)!ent_csv_next(&csv, &scratch, &row, &ignored);
		rows++;
	}
	return rows <= ENT_IMPORT_WITHIN
	               ? ENT_OK
	               : ent_refuse(error, ENT_E_LIMIT, "/text", (ent_str){ NULL, 0 },
	                            "give at most %d rows at a time", ENT_IMPORT_WITHIN);
}

enum ent_code ent_import_within(struct ent_call *call, const struct ent_import_options *options,
                                struct ent_import_file *file, struct ent_error *error)
{
	enum ent_code code = ent_call_may(call, "import.run", error);
	if (code == ENT_OK) {
		code = check_rows(file, options->separator, call, error);
	}
	struct ent_importing *run = code == ENT_OK ? calloc(1, sizeof(*run)) : NULL;
	if (run == NULL) {
		return code != ENT_OK
		               ? code
		               : ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the import");
	}
	run->app = call->app;
	run->model = call;
	run->options = options;
	run->count = 1;
	code = ent_import_with(run, call, file, run_within, error);
	free(run);
	return code;
}
