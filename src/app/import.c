#include "app/import.h"

#include "app/import_inner.h"

#include <stdlib.h>
#include <string.h>

enum {
	ROWS_AT_ONCE = 200,
	HEADER_BYTES = 64 << 20 /* of address space: for a header and one row */
};

const char *ent_import_status_text(enum ent_import_status status)
{
	static const char *const texts[] = { "created", "updated", "unchanged", "failed", "blank" };
	return texts[status];
}

/* ---- state ------------------------------------------------------------------------------- */

struct place {
	size_t at;
	int64_t line;
};

/* What became of a row, until its transaction is committed. */
struct result {
	struct place place;
	enum ent_import_status status;
	ent_id id;
	size_t column; /* one more than its number; 0: none */
	char value[48];
	char message[256];
};

/* Rows that wait for a later one of their table. */
struct waiting {
	struct place *items;
	size_t count, room;
};

struct run {
	struct ent_app *app;
	const struct ent_call *model;
	const struct ent_import_options *options;
	struct ent_import_reader *readers; /* in the order of dependence */
	struct ent_budget *budgets;        /* of their arenas */
	struct ent_arena *wholes;
	size_t count;
	struct ent_import_cache *cache;
	int64_t bytes_all, bytes_before;
	bool started; /* a dry run has begun once */
	bool rehearsed;
	/* A pass over the table: the first one over its rows, then over those that wait. */
	struct ent_import_reader *reader;
	struct waiting now, next;
	size_t taken; /* of `now` */
	bool first_pass, last_chance;
	bool out_of_memory;
	struct result results[ROWS_AT_ONCE];
	size_t result_count;
};

static bool wait_for(struct waiting *list, struct place place)
{
	if (list->count == list->room) {
		size_t room = list->room == 0 ? 1024 : 2 * list->room;
		struct place *items = realloc(list->items, room * sizeof(*items));
		if (items == NULL) {
			return false;
		}
		list->items = items;
		list->room = room;
	}
	list->items[list->count++] = place;
	return true;
}

/* ---- a row ------------------------------------------------------------------------------- */

static bool is_luck(enum ent_code code)
{
	return code == ENT_E_STORAGE || code == ENT_E_BUSY || code == ENT_E_SYSTEM ||
	       code == ENT_E_OUT_OF_MEMORY || code == ENT_E_UNAVAILABLE || code == ENT_E_OVERLOADED;
}

static void copy_text(char *out, size_t size, const char *text)
{
	size_t len = strlen(text);
	len = len < size ? len : size - 1;
	memcpy(out, text, len);
	out[len] = '\0';
}

static void keep_failure(const struct run *run, struct result *result,
                         const struct ent_error *error)
{
	result->status = ENT_IMPORT_FAILED;
	copy_text(result->message, sizeof(result->message), error->detail);
	if (error->issue_count > 0) {
		const struct ent_issue *issue = &error->issues[0];
		const struct ent_import_column *column =
			ent_import_column_of(run->reader, issue->pointer);
		result->column = column == NULL ? 0 : (size_t)(column - run->reader->columns) + 1;
		copy_text(result->value, sizeof(result->value), issue->value);
		copy_text(result->message, sizeof(result->message), issue->remedy);
	}
}

static enum ent_code import_cells(struct ent_import_work *work, const struct ent_csv_row *row,
                                  struct result *result, struct ent_error *error)
{
	const struct ent_type *type = work->reader->object->type;
	work->object = ent_arena_alloc(work->call->arena, 1, type->size, 16);
	ent_type_clear(type, work->object);
	enum ent_code code = ent_import_cells(work, row, error);
	if (code == ENT_OK) {
		code = work->waits ? ENT_OK : ent_noted(error);
	}
	if (code != ENT_OK || work->waits) {
		return code;
	}
	return work->reader->object->adds_contact
	               ? ent_import_add_contact(work, &result->status, &result->id, error)
	               : ent_import_store(work, &result->status, &result->id, error);
}

/* In a savepoint, as a call of its own: what it locks and chains is written before the next
 * row, and undone with it. */
static enum ent_code import_row(struct run *run, struct ent_call *call, struct ent_call *own,
                                const struct ent_csv_row *row, struct result *result, bool *waits,
                                struct ent_error *error)
{
	struct ent_import_work work = {
		.reader = run->reader,
		.call = own,
		.system = run->options->system,
		.last_chance = run->last_chance,
	};
	if (work.system.len == 0) {
		work.system = run->options->from == ENT_FROM_SALESFORCE ? ENT_STR("salesforce")
		                                                        : ENT_STR("csv");
	}
	enum ent_code code = call->db->ops->begin(call->db, ENT_WRITE, error);
	if (code != ENT_OK) {
		return code;
	}
	int depth = call->db->depth;
	code = import_cells(&work, row, result, error);
	ent_call_end(own);
	*waits = code == ENT_OK && work.waits;
	if (code == ENT_OK && !work.waits) {
		code = ent_call_finish(own, error);
		if (code == ENT_OK) {
			code = call->db->ops->commit(call->db, error);
		}
	}
	if (call->db->depth >= depth) {
		ent_db_unwind(call->db, depth - 1);
	}
	return code;
}

/* What the row touched, for the caches. The list lies in memory that is given back. */
static void pass_on_touched(const struct run *run, struct ent_call *call,
                            const struct ent_call *own)
{
	enum { MOST = 64 };
	int64_t ids[MOST];
	size_t count = 0;
	for (const struct ent_touched *t = own->touched; t != NULL && count < MOST; t = t->next) {
		ids[count++] = t->id;
	}
	bool all = count == MOST;
	for (size_t i = 0; i < (all ? 1 : count) && !run->options->dry_run; i++) {
		ent_call_touch(call, (ent_id){ all ? 0 : ids[i] });
	}
}

static enum ent_code take_row(struct run *run, struct ent_call *call, struct ent_error *fatal)
{
	struct ent_import_reader *reader = run->reader;
	struct ent_arena scratch = *call->arena;
	struct result result = { .place = { reader->csv.at, reader->csv.line } };
	struct ent_call own = *call;
	struct ent_csv_row row;
	struct ent_error error;
	bool waits = false;
	own.arena = &scratch;
	own.heads = NULL;
	own.touched = NULL;
	own.set_count = 0;
	ent_error_clear(&error);
	enum ent_code code = ent_csv_next(&reader->csv, &scratch, &row, &error);
	if (code == ENT_OK && row.is_blank) {
		result.status = ENT_IMPORT_BLANK;
	} else if (code == ENT_OK) {
		code = import_row(run, call, &own, &row, &result, &waits, &error);
	}
	if (is_luck(code)) {
		*fatal = error;
		return code;
	}
	if (waits) {
		run->out_of_memory = run->out_of_memory || !wait_for(&run->next, result.place);
		return ENT_OK;
	}
	if (code != ENT_OK) {
		keep_failure(run, &result, &error);
	} else {
		pass_on_touched(run, call, &own);
	}
	run->results[run->result_count++] = result;
	return ENT_OK;
}

/* ---- some rows --------------------------------------------------------------------------- */

static bool has_more(const struct run *run)
{
	const struct ent_csv *csv = &run->reader->csv;
	return run->first_pass ? csv->at < csv->text.len : run->taken < run->now.count;
}

static enum ent_code take_some(struct run *run, struct ent_call *call, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	run->result_count = 0;
	for (int i = 0; i < ROWS_AT_ONCE && has_more(run) && code == ENT_OK; i++) {
		if (!run->first_pass) {
			struct place place = run->now.items[run->taken++];
			ent_csv_seek(&run->reader->csv, place.at, place.line);
		}
		code = take_row(run, call, error);
	}
	return code;
}

/* A transaction; it may be run again. */
struct some {
	struct run *run;
	struct place place;
	size_t taken, waiting;
	bool tried;
};

static enum ent_code import_some(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct some *some = arg;
	struct run *run = some->run;
	ent_csv_seek(&run->reader->csv, some->place.at, some->place.line);
	run->taken = some->taken;
	run->next.count = some->waiting;
	if (some->tried) {
		ent_import_cache_clear(run->cache); /* what was found is not there any more */
	}
	some->tried = true;
	return take_some(run, call, error);
}

/* ---- telling what became of them --------------------------------------------------------- */

static void tell(struct run *run, const struct result *result)
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

static void tell_all(struct run *run)
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

static enum ent_code transact(struct run *run, struct ent_call *call, struct ent_error *error)
{
	struct some some = {
		.run = run,
		.place = { run->reader->csv.at, run->reader->csv.line },
		.taken = run->taken,
		.waiting = run->next.count,
	};
	enum ent_code code = call != NULL ? take_some(run, call, error)
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
static enum ent_code import_table(struct run *run, struct ent_call *call, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	run->first_pass = true;
	run->last_chance = false;
	run->now.count = 0;
	do {
		size_t before = run->now.count;
		run->taken = 0;
		run->next.count = 0;
		while (has_more(run) && code == ENT_OK) {
			code = transact(run, call, error);
		}
		run->last_chance = !run->first_pass && run->next.count == before;
		run->first_pass = false;
		struct waiting swap = run->now;
		run->now = run->next;
		run->next = swap;
	} while (run->now.count > 0 && code == ENT_OK);
	return code;
}

static enum ent_code import_tables(struct run *run, struct ent_call *call, struct ent_error *error)
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
	struct run *run = arg;
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

static enum ent_code open_all(struct run *run, struct ent_import_file *files,
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

static enum ent_code run_all(struct run *run, struct ent_import_file *files,
                             struct ent_error *error)
{
	enum ent_code code = open_all(run, files, error);
	if (code == ENT_OK && !run->options->dry_run) {
		code = import_tables(run, NULL, error);
	} else if (code == ENT_OK) {
		code = ent_app_run(run->app, ENT_WRITE, run->model, rehearse, run, error);
		code = run->rehearsed ? ENT_OK : code;
	}
	return code;
}

enum ent_code ent_import_run(struct ent_app *app, const struct ent_call *model,
                             const struct ent_import_options *options,
                             struct ent_import_file *files, size_t count, struct ent_error *error)
{
	struct run *run = calloc(1, sizeof(*run));
	struct ent_import_reader *readers = calloc(count + 1, sizeof(*readers));
	struct ent_budget *budgets = calloc(count + 1, sizeof(*budgets));
	struct ent_arena *wholes = calloc(count + 1, sizeof(*wholes));
	struct ent_import_cache *cache = ent_import_cache_open();
	enum ent_code code = ENT_OK;
	if (run == NULL || readers == NULL || budgets == NULL || wholes == NULL || cache == NULL) {
		code = ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the import");
	} else {
		*run = (struct run){ .app = app,
			             .model = model,
			             .options = options,
			             .readers = readers,
			             .budgets = budgets,
			             .wholes = wholes,
			             .count = count,
			             .cache = cache };
		code = run_all(run, files, error);
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
	free(run);
	return code;
}
