/* Working on imports in the background: one part, or some rows that waited, in a transaction. */
#include "app/import_job_inner.h"

#include "app/people.h"
#include "store/many.h"

#include <stdlib.h>

enum { TRIES = 5, ROW_COLUMNS = 10 };

/* ---- importing them ---------------------------------------------------------------------- */

static struct ent_import_row_place place_of(const struct ent_import_job_batch *b, int64_t line)
{
	for (size_t i = 0; i < b->count; i++) {
		if (b->places[i].line == line) {
			return b->places[i];
		}
	}
	return (struct ent_import_row_place){ .line = line,
		                              .part = b->part.number,
		                              .is_wanted = true };
}

static ent_str or_none(const char *text)
{
	return text[0] == '\0' ? (ent_str){ NULL, 0 } : ent_str_of(text);
}

static void set_row(struct ent_value *args, const struct ent_import_job_batch *b,
                    const struct ent_importing *run, const struct ent_import_result *result,
                    int64_t part)
{
	const struct ent_import_reader *reader = run->reader;
	bool keeps_key = result->waits || b->options.dry_run;
	bool is_there = !ent_id_is_none(result->id) && !result->waits &&
	                !(b->options.dry_run && result->status == ENT_IMPORT_CREATED);
	char *id = ENT_NEW(b->call->arena, char, ENT_ID_ROOM);
	if (is_there) {
		ent_id_format(result->id, reader->object->type->prefix, id);
	}
	args[0] = ent_arg_id(b->job->id);
	args[1] = ent_arg_int(result->place.line);
	args[2] = ent_arg_int(part);
	args[3] = ent_arg_text(
		ent_str_of(result->waits ? "waiting" : ent_import_status_text(result->status)));
	args[4] = ent_arg_text(or_none(is_there ? id : ""));
	args[5] = ent_arg_text(result->column == 0 ? (ent_str){ NULL, 0 }
	                                           : reader->header.fields[result->column - 1]);
	args[6] = ent_arg_text(or_none(result->value));
	args[7] = ent_arg_text(or_none(result->message));
	args[8] = ent_arg_text(or_none(keeps_key ? result->key : ""));
	args[9] = ent_arg_text(or_none(keeps_key ? result->waits_for : ""));
}

/* What became of the rows, and how far the job has come with it. */
static enum ent_code keep_results(struct ent_import_job_batch *b, const struct ent_importing *run,
                                  struct ent_error *error)
{
	static const struct ent_many insert = {
		.before = "INSERT INTO import_row (import_job_id, line, part, status, record_id, "
			  "cell, value, message, own_key, waits_for) VALUES ",
		.row = "($, $, $, $, $, $, $, $, $, $)",
		.between = ", ",
		.after = " ON CONFLICT (import_job_id, line) DO UPDATE SET status = "
			 "excluded.status, record_id = excluded.record_id, cell = excluded.cell, "
			 "value = excluded.value, message = excluded.message",
	};
	struct ent_import_job *job = b->job;
	int64_t *const counts[] = { &job->created, &job->updated, &job->unchanged, &job->failed,
		                    &job->blank };
	struct ent_value *args =
		ENT_NEW(b->call->arena, struct ent_value, run->result_count * ROW_COLUMNS);
	size_t count = 0;
	for (size_t i = 0; i < run->result_count; i++) {
		const struct ent_import_result *result = &run->results[i];
		struct ent_import_row_place place = place_of(b, result->place.line);
		if (place.is_wanted && !result->waits) {
			++*counts[result->status];
			job->done++;
		}
		if (place.is_wanted && (result->waits || result->status != ENT_IMPORT_BLANK)) {
			set_row(args + count++ * ROW_COLUMNS, b, run, result, place.part);
		}
	}
	return ent_db_exec_many(b->call->db, &insert, args, count, b->call->arena, error);
}

static void set_places(struct ent_importing *run, const struct ent_import_job_batch *b)
{
	struct ent_csv *csv = &run->reader->csv;
	run->first_pass = !b->job->second_pass;
	run->last_chance = b->job->second_pass;
	if (run->first_pass) {
		ent_csv_seek(csv, b->job->header.len, b->part.line);
		return;
	}
	run->now.items = calloc(b->count, sizeof(*run->now.items)); /* freed by the run */
	for (size_t i = 0; run->now.items != NULL && i < b->count; i++) {
		run->now.items[i] = (struct ent_import_place){ b->places[i].at, b->places[i].line };
		run->now.count++;
	}
}

static enum ent_code import_batch(struct ent_importing *run, struct ent_call *call,
                                  struct ent_import_file *files, struct ent_error *error)
{
	struct ent_import_job_batch *b = run->arg;
	struct ent_db *db = call->db;
	int depth = db->depth;
	enum ent_code code = ent_import_ready(run, files, error);
	if (code != ENT_OK) {
		return code;
	}
	run->reader = &run->readers[0];
	set_places(run, b);
	if (run->now.count < b->count) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for rows that waited");
	}
	if (b->options.dry_run) {
		code = db->ops->begin(db, ENT_WRITE, error);
	}
	if (code == ENT_OK) {
		code = ent_import_take_some(run, call, error);
	}
	if (db->depth > depth) {
		ent_db_unwind(db, depth); /* a dry run leaves nothing */
	}
	return code == ENT_OK ? keep_results(b, run, error) : code;
}

static enum ent_code import_rows(struct ent_import_job_batch *b, struct ent_error *error)
{
	ent_import_batch_text(b);
	ent_str name = b->job->name;
	ent_str kind = b->job->kind;
	struct ent_import_file file = {
		.name = ent_text_format(b->call->arena, "%.*s", (int)name.len, name.ptr).ptr,
		.object = ent_text_format(b->call->arena, "%.*s", (int)kind.len, kind.ptr).ptr,
		.text = b->text,
	};
	struct ent_importing *run = calloc(1, sizeof(*run));
	if (run == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the import");
	}
	run->app = b->call->app;
	run->model = b->call;
	run->options = &b->options;
	run->count = 1;
	run->is_job = true;
	run->arg = b;
	enum ent_code code = ent_import_with(run, b->call, &file, import_batch, error);
	free(run);
	return code;
}

/* ---- a step of a job --------------------------------------------------------------------- */

/* Without an event: what was imported has its own. */
static enum ent_code note(struct ent_call *call, struct ent_import_job *job,
                          struct ent_error *error)
{
	struct ent_set set = { { 0 } };
	for (size_t i = 0; i < ent_import_job_type.count; i++) {
		if (ent_field_is_column(&ent_import_job_type.fields[i])) {
			ent_set_add(&set, i);
		}
	}
	job->version++;
	job->updated_at = call->now;
	return ent_row_update(call->db, &ent_import_job_type, job, &set, call->arena, error);
}

static enum ent_code change_state(struct ent_call *call, struct ent_import_job before,
                                  struct ent_import_job *job, enum ent_import_job_state state,
                                  const char *verb, struct ent_error *error)
{
	enum ent_code code = ent_call_lock(call, ENT_ID_NONE, error);
	if (code != ENT_OK) {
		return code;
	}
	job->state = state;
	if (state == ENT_IMPORT_RUNNING && ent_instant_is_none(job->started_at)) {
		job->started_at = call->now;
	} else if (state != ENT_IMPORT_RUNNING) {
		job->finished_at = call->now;
	}
	return ent_record_save(call, &ent_import_job_type, &before, job, verb, error);
}

static enum ent_code end_pass(struct ent_call *call, struct ent_import_job *job,
                              struct ent_error *error)
{
	if (!job->second_pass) {
		job->second_pass = true;
		job->reach = 0;
		return note(call, job, error);
	}
	enum ent_code code = ent_import_parts_drop(call, job->id, error);
	return code == ENT_OK ? change_state(call, *job, job, ENT_IMPORT_DONE, "done", error)
	                      : code;
}

/* The rows are imported by who sent them; the job is moved on by the system. */
static enum ent_code import_as(struct ent_import_job_batch *b, struct ent_error *error)
{
	const struct ent_principal *system = b->call->who;
	struct ent_principal who = *system;
	enum ent_code code = ENT_OK;
	if (!ent_id_is_none(b->job->user_id) || !ent_id_is_none(b->job->api_key_id)) {
		code = ent_people_again(b->call, b->job->user_id, b->job->api_key_id, &who, error);
	}
	b->call->who = &who;
	if (code == ENT_OK) {
		code = ent_call_may(b->call, "import.run", error);
	}
	if (code == ENT_OK) {
		code = import_rows(b, error);
	}
	b->call->who = system;
	return code;
}

static enum ent_code go_on(struct ent_call *call, struct ent_import_job *job,
                           struct ent_error *error)
{
	struct ent_import_job_batch *b = ENT_NEW(call->arena, struct ent_import_job_batch, 1);
	*b = (struct ent_import_job_batch){ .call = call,
		                            .job = job,
		                            .options = ent_import_job_options(job) };
	enum ent_code code = job->second_pass ? ent_import_batch_waiting(b, error)
	                                      : ent_import_batch_part(b, error);
	if (code == ENT_OK && b->is_end) {
		return end_pass(call, job, error);
	}
	if (code == ENT_OK) {
		code = import_as(b, error);
	}
	job->reach = job->second_pass ? b->waited : b->part.number;
	job->attempts = 0;
	job->last_error = (ent_str){ NULL, 0 };
	return code == ENT_OK ? note(call, job, error) : code;
}

struct stride {
	ent_id id; /* the job that was taken; none: there is none */
	struct ent_error why;
};

static enum ent_code look(struct ent_call *call, void *arg, struct ent_error *error)
{
	bool *found = arg;
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db,
	                                ENT_STR("SELECT id FROM import_job WHERE state IN "
	                                        "('queued', 'running') LIMIT 1"),
	                                NULL, 0, call->arena, &rows, error);
	*found = code == ENT_OK && rows.count > 0;
	return code;
}

enum ent_code ent_import_job_step(struct ent_call *call, void *arg, struct ent_error *error)
{
	static const char *const tables[] = { "t" };
	ent_id *taken = arg;
	struct ent_list list;
	struct ent_text tail = ent_text_begin(call->arena);
	ent_text_add(&tail,
	             ENT_STR("WHERE t.state IN ('queued', 'running') ORDER BY t.id LIMIT 1"));
	ent_sql_claim(&tail, call->db, tables, ENT_COUNT(tables));
	*taken = ENT_ID_NONE;
	enum ent_code code = ent_row_select(call->db, &ent_import_job_type, ent_text_end(&tail),
	                                    NULL, 0, call->arena, &list, error);
	if (code != ENT_OK || list.count == 0) {
		return code;
	}
	struct ent_import_job *job = list.items;
	char *id = ENT_NEW(call->arena, char, ENT_ID_ROOM);
	ent_id_format(job->id, ent_import_job_type.prefix, id);
	call->request_id = ent_str_of(id);
	*taken = job->id;
	return job->state == ENT_IMPORT_QUEUED
	               ? change_state(call, *job, job, ENT_IMPORT_RUNNING, "started", error)
	               : go_on(call, job, error);
}

/* ---- when it fails ----------------------------------------------------------------------- */

/* Another time it may work: then the job waits. */
static bool is_luck(enum ent_code code)
{
	return code == ENT_E_BUSY || code == ENT_E_UNAVAILABLE || code == ENT_E_OVERLOADED ||
	       code == ENT_E_PRECONDITION_FAILED;
}

/* Nothing that a later try would change. */
static bool is_final(enum ent_code code)
{
	return code != ENT_E_STORAGE && code != ENT_E_SYSTEM && code != ENT_E_OUT_OF_MEMORY;
}

/* That the database works shows when the failure is noted: so it is the job's. */
static enum ent_code note_failure(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct stride *stride = arg;
	struct ent_import_job job;
	enum ent_code code = ent_import_job_hold(call, stride->id, error);
	if (code == ENT_OK) {
		code = ent_row_get(call->db, &ent_import_job_type, ENT_ID_NONE, stride->id,
		                   call->arena, &job, error);
	}
	if (code != ENT_OK || job.state != ENT_IMPORT_RUNNING) {
		return code;
	}
	struct ent_import_job before = job;
	job.attempts++;
	job.last_error = ent_text_format(call->arena, "%s: %s", ent_code_name(stride->why.code),
	                                 stride->why.detail);
	if (job.attempts < TRIES && !is_final(stride->why.code)) {
		return note(call, &job, error);
	}
	return change_state(call, before, &job, ENT_IMPORT_GIVEN_UP, "failed", error);
}

enum ent_code ent_import_job_run(struct ent_app *app, bool *worked, struct ent_error *error)
{
	struct ent_call model = { .app = app,
		                  .now = ent_app_now(app),
		                  .who = &ent_principal_system,
		                  .origin = ENT_STR("import") };
	struct stride stride = { .id = ENT_ID_NONE };
	enum ent_code code = ent_app_run(app, ENT_READ, &model, look, worked, error);
	if (code != ENT_OK || !*worked) {
		return code;
	}
	code = ent_app_run(app, ENT_WRITE, &model, ent_import_job_step, &stride.id, error);
	*worked = code == ENT_OK && !ent_id_is_none(stride.id);
	if (code == ENT_OK || is_luck(code) || ent_id_is_none(stride.id)) {
		return code;
	}
	struct ent_error ignored;
	ent_error_clear(&ignored);
	stride.why = *error;
	enum ent_code noted = ent_app_run(app, ENT_WRITE, &model, note_failure, &stride, &ignored);
	return noted == ENT_OK ? code : noted;
}
