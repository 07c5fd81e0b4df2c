#include "app/import_batch.h"

#include "app/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows that wait ---------------------------------------------------------------------- */

static bool wait_for(struct ent_import_waiting *list, struct ent_import_place place)
{
	if (list->count == list->room) {
		size_t room = list->room == 0 ? 1024 : 2 * list->room;
		struct ent_import_place *items = realloc(list->items, room * sizeof(*items));
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

/* What an import in the background keeps to find the rows that others wait for. */
static void keep_keys(const struct ent_import_work *work, struct ent_import_result *result)
{
	const struct ent_record *head = work->object;
	ent_str waits_for = work->waits_for;
	result->waits = work->waits;
	if (head->external_id.len > 0) {
		snprintf(result->key, sizeof(result->key), "%.*s:%.*s",
		         (int)head->external_system.len, head->external_system.ptr,
		         (int)head->external_id.len, head->external_id.ptr);
	}
	if (waits_for.len > 0) {
		snprintf(result->waits_for, sizeof(result->waits_for), "%.*s", (int)waits_for.len,
		         waits_for.ptr);
	}
}

static void keep_failure(const struct ent_importing *run, struct ent_import_result *result,
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

/* Read what the row says: this writes nothing. */
static enum ent_code read_row(struct ent_import_work *work, const struct ent_csv_row *row,
                              struct ent_error *error)
{
	const struct ent_type *type = work->reader->object->type;
	work->object = ent_arena_alloc(work->call->arena, 1, type->size, 16);
	ent_type_clear(type, work->object);
	enum ent_code code = ent_import_cells(work, row, error);
	return code == ENT_OK && !work->waits ? ent_noted(error) : code;
}

/* As a call of its own: what it locks and chains is written before the next row. */
static enum ent_code store_row(struct ent_import_work *work, struct ent_import_result *result,
                               struct ent_error *error)
{
	enum ent_code (*store)(struct ent_import_work *, enum ent_import_status *, ent_id *,
	                       struct ent_error *) = work->reader->object->store;
	enum ent_code code = (store == NULL ? ent_import_store : store)(work, &result->status,
	                                                                &result->id, error);
	snprintf(result->message, sizeof(result->message), "%.*s", (int)work->notice.len,
	         work->notice.len > 0 ? work->notice.ptr : "");
	ent_call_end(work->call);
	return code == ENT_OK ? ent_call_finish(work->call, error) : code;
}

static enum ent_code store_in_savepoint(struct ent_import_work *work,
                                        struct ent_import_result *result, struct ent_error *error)
{
	struct ent_db *db = work->call->db;
	int depth = db->depth;
	enum ent_code code = db->ops->begin(db, ENT_WRITE, error);
	if (code == ENT_OK) {
		code = store_row(work, result, error);
	}
	if (code == ENT_OK) {
		code = db->ops->commit(db, error);
	}
	if (db->depth > depth) {
		ent_db_unwind(db, depth);
	}
	return code;
}

static enum ent_code import_row(struct ent_importing *run, struct ent_call *own,
                                const struct ent_csv_row *row, struct ent_import_result *result,
                                bool *waits, struct ent_error *error)
{
	struct ent_import_work work = {
		.reader = run->reader,
		.call = own,
		.system = run->options->system,
		.last_chance = run->last_chance,
	};
	if (work.system.len == 0) {
		work.system = ent_str_of(ent_import_from_text(run->options->from));
	}
	enum ent_code code = read_row(&work, row, error);
	*waits = code == ENT_OK && work.waits;
	if (code == ENT_OK && run->is_job && ent_type_is_record(run->reader->object->type)) {
		keep_keys(&work, result);
	}
	if (code != ENT_OK || work.waits) {
		return code;
	}
	if (!run->is_hopeful) {
		return store_in_savepoint(&work, result, error);
	}
	code = store_row(&work, result, error);
	run->is_spoiled = run->is_spoiled || code != ENT_OK;
	return code;
}

/* What the row touched, for the caches. The list lies in memory that is given back. */
static void pass_on_touched(const struct ent_importing *run, struct ent_call *call,
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

static enum ent_code take_row(struct ent_importing *run, struct ent_call *call,
                              struct ent_error *fatal)
{
	struct ent_import_reader *reader = run->reader;
	struct ent_arena scratch = *call->arena;
	struct ent_import_result result = { .place = { reader->csv.at, reader->csv.line } };
	struct ent_call own = ent_call_within(call, &scratch);
	struct ent_csv_row row;
	struct ent_error error;
	bool waits = false;
	own.is_history = true;
	own.heads = NULL;
	own.touched = NULL;
	own.agenda = NULL;
	ent_error_clear(&error);
	enum ent_code code = ent_csv_next(&reader->csv, &scratch, &row, &error);
	if (code == ENT_OK && row.is_blank) {
		result.status = ENT_IMPORT_BLANK;
	} else if (code == ENT_OK) {
		code = import_row(run, &own, &row, &result, &waits, &error);
	}
	ent_call_end(&own);
	if (is_luck(code)) {
		*fatal = error;
		return code;
	}
	if (waits && !run->is_job) {
		run->out_of_memory = run->out_of_memory || !wait_for(&run->next, result.place);
		return ENT_OK;
	}
	if (code != ENT_OK) {
		result.waits = false;
		keep_failure(run, &result, &error);
	} else {
		pass_on_touched(run, call, &own);
	}
	run->results[run->result_count++] = result;
	return ENT_OK;
}

/* ---- some rows --------------------------------------------------------------------------- */

bool ent_import_has_more(const struct ent_importing *run)
{
	const struct ent_csv *csv = &run->reader->csv;
	return run->first_pass ? csv->at < csv->text.len : run->taken < run->now.count;
}

static enum ent_code take_rows(struct ent_importing *run, struct ent_call *call,
                               struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	run->result_count = 0;
	run->is_spoiled = false;
	for (int i = 0;
	     i < ENT_IMPORT_ROWS && ent_import_has_more(run) && code == ENT_OK && !run->is_spoiled;
	     i++) {
		if (!run->first_pass) {
			struct ent_import_place place = run->now.items[run->taken++];
			ent_csv_seek(&run->reader->csv, place.at, place.line);
		}
		code = take_row(run, call, error);
	}
	return code;
}

struct ent_import_start ent_import_start_of(const struct ent_importing *run)
{
	return (struct ent_import_start){ { run->reader->csv.at, run->reader->csv.line },
		                          run->taken,
		                          run->next.count };
}

void ent_import_start_again(struct ent_importing *run, const struct ent_import_start *start)
{
	ent_csv_seek(&run->reader->csv, start->place.at, start->place.line);
	run->taken = start->taken;
	run->next.count = start->waiting;
	ent_import_cache_clear(run->cache); /* what was found is not there any more */
}

/* First all of them in one savepoint, as nearly all rows are good and savepoints cost; if one
 * has failed, again with one for each. */
enum ent_code ent_import_take_some(struct ent_importing *run, struct ent_call *call,
                                   struct ent_error *error)
{
	struct ent_db *db = call->db;
	struct ent_import_start start = ent_import_start_of(run);
	int depth = db->depth;
	run->is_hopeful = true;
	/* each row is a call of its own, and inherits what this one knows */
	enum ent_code code = ent_outbox_warm(call, error);
	if (code == ENT_OK) {
		code = db->ops->begin(db, ENT_WRITE, error);
	}
	if (code == ENT_OK) {
		code = take_rows(run, call, error);
	}
	if (code == ENT_OK && !run->is_spoiled) {
		return db->ops->commit(db, error);
	}
	if (db->depth > depth) {
		ent_db_unwind(db, depth);
	}
	if (code == ENT_OK) {
		ent_import_start_again(run, &start);
		run->is_hopeful = false;
		code = take_rows(run, call, error);
	}
	return code;
}
