/* Imports in the background: their beginning, what people do with them, and their end. */
#include "app/import_job_inner.h"

#include "app/action.h"
#include "app/inner.h"
#include "json/json.h"

#include <stdlib.h>

enum { PRUNE_ROWS = 5000, PRUNE_PARTS = 500 };

/* ---- who sees them ----------------------------------------------------------------------- */

static bool is_own(const struct ent_principal *who, const struct ent_import_job *job)
{
	return (who->who == ENT_WHO_USER && ent_id_eq(job->user_id, who->id)) ||
	       (who->who == ENT_WHO_KEY && ent_id_eq(job->api_key_id, who->id));
}

bool ent_import_job_is_seen(const struct ent_call *call, const struct ent_import_job *job)
{
	return call->who->accounts.count == 0 || is_own(call->who, job);
}

void ent_import_job_scope(const struct ent_principal *who, struct ent_text *sql)
{
	if (who->accounts.count > 0) {
		ent_text_addf(sql, " AND t.%s = %lld",
		              who->who == ENT_WHO_KEY ? "api_key_id" : "user_id",
		              (long long)who->id.value);
	}
}

/* ---- the beginning ----------------------------------------------------------------------- */

struct ent_import_options ent_import_job_options(const struct ent_import_job *job)
{
	return (struct ent_import_options){
		.from = (enum ent_import_from)job->source,
		.system = job->source_system,
		.currency = job->currency,
		.time_zone = job->time_zone,
		.date_order = (enum ent_date_order)job->date_order,
		.separator = job->delimiter.len > 0 ? job->delimiter.ptr[0] : '\0',
		.columns = job->columns,
		.dry_run = job->dry_run,
		.nulls = job->nulls,
	};
}

struct taking {
	struct ent_call *call;
	struct ent_import_job *job;
	struct ent_csv csv; /* behind the header */
	ent_str ignored[ENT_CSV_COLUMNS_MAX];
	size_t ignored_count;
};

static void take_ignored(void *arg, const struct ent_import_file *file, ent_str column)
{
	struct taking *taking = arg;
	(void)file;
	taking->ignored[taking->ignored_count++] = ent_text_copy(taking->call->arena, column);
}

static ent_str write_ignored(const struct taking *taking)
{
	struct ent_text out = ent_text_begin(taking->call->arena);
	ent_text_char(&out, '[');
	for (size_t i = 0; i < taking->ignored_count; i++) {
		ent_text_add(&out, i > 0 ? ENT_STR(",") : ENT_STR(""));
		ent_json_string(&out, taking->ignored[i]);
	}
	ent_text_char(&out, ']');
	return ent_text_end(&out);
}

/* What it holds and what its columns mean is found out at once. */
static enum ent_code look_at_header(struct ent_importing *run, struct ent_call *call,
                                    struct ent_import_file *files, struct ent_error *error)
{
	struct taking *taking = run->arg;
	enum ent_code code = ent_import_ready(run, files, error);
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_csv *csv = &run->readers[0].csv;
	ent_str header = { files[0].text.ptr, csv->at };
	taking->csv = *csv;
	taking->job->header = header;
	taking->job->kind = ent_str_of(files[0].recognised);
	taking->job->delimiter = ent_text_format(call->arena, "%c", csv->separator);
	return ENT_OK;
}

static enum ent_code read_header(struct taking *taking, const struct ent_import_options *asked,
                                 const struct ent_import_file *given, struct ent_error *error)
{
	struct ent_import_options options = *asked;
	struct ent_import_file file = *given;
	struct ent_importing *run = calloc(1, sizeof(*run));
	if (run == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the import");
	}
	options.ignored = take_ignored;
	options.arg = taking;
	run->options = &options;
	run->count = 1;
	run->arg = taking;
	enum ent_code code = ent_import_with(run, taking->call, &file, look_at_header, error);
	taking->job->ignored.text = write_ignored(taking);
	free(run);
	return code;
}

static enum ent_code check_size(struct ent_call *call, const struct ent_import_file *file,
                                int64_t *most_rows, struct ent_error *error)
{
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code != ENT_OK) {
		return code;
	}
	*most_rows = settings->import_rows;
	if ((int64_t)file->text.len > settings->import_megabytes << 20) {
		return ent_refuse(error, ENT_E_LIMIT, "/text", (ent_str){ NULL, 0 },
		                  "give at most %lld MiB, or raise the setting import_megabytes",
		                  (long long)settings->import_megabytes);
	}
	return ENT_OK;
}

enum ent_code ent_import_job_start(struct ent_call *call, const struct ent_import_options *options,
                                   const struct ent_import_file *file, struct ent_import_job *out,
                                   struct ent_error *error)
{
	struct taking *taking = ENT_NEW(call->arena, struct taking, 1);
	struct ent_import_parts parts;
	int64_t most = 0;
	ent_type_clear(&ent_import_job_type, out);
	*taking = (struct taking){ .call = call, .job = out };
	enum ent_code code = ent_call_may(call, "import.run", error);
	if (code == ENT_OK) {
		code = check_size(call, file, &most, error);
	}
	if (code == ENT_OK) {
		code = read_header(taking, options, file, error);
	}
	if (code == ENT_OK) {
		code = ent_import_parts_cut(taking->csv, most, call->arena, &parts, error);
	}
	if (code == ENT_OK) {
		code = ent_call_lock(call, ENT_ID_NONE, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	bool by_user = call->who->who == ENT_WHO_USER;
	out->state = ENT_IMPORT_QUEUED;
	out->dry_run = options->dry_run;
	out->source = (enum ent_import_origin)options->from;
	out->name = ent_str_of(file->name);
	out->user_id = by_user ? call->who->id : ENT_ID_NONE;
	out->api_key_id = call->who->who == ENT_WHO_KEY ? call->who->id : ENT_ID_NONE;
	out->columns = options->columns;
	out->source_system = options->system;
	out->currency = options->currency;
	out->time_zone = options->time_zone;
	out->date_order = (enum ent_import_date_order)options->date_order;
	out->nulls = options->nulls;
	out->total = parts.rows;
	code = ent_record_insert(call, &ent_import_job_type, out, "queued", error);
	return code == ENT_OK ? ent_import_parts_store(call, out->id, &parts, error) : code;
}

/* ---- what people do with them ------------------------------------------------------------ */

enum ent_code ent_import_job_hold(struct ent_call *call, ent_id id, struct ent_error *error)
{
	return ent_db_exec(call->db,
	                   ENT_STR("UPDATE import_job SET attempts = attempts WHERE id = $1"),
	                   ENT_ARGS(ent_arg_id(id)), ENT_ANY_ROWS, call->arena, error);
}

static enum ent_code hold(struct ent_call *call, const char *permission, ent_id id, int64_t version,
                          struct ent_import_job *out, struct ent_error *error)
{
	enum ent_code code = ent_call_may(call, permission, error);
	if (code == ENT_OK) {
		code = ent_import_job_hold(call, id, error);
	}
	return code == ENT_OK ? ent_record_hold(call, &ent_import_job_type, id, version, out, error)
	                      : code;
}

static enum ent_code wrong_state(const struct ent_import_job *job, const char *what,
                                 struct ent_error *error)
{
	return ent_fail(error, ENT_E_STATE, "the import is %s, so it cannot be %s",
	                ent_import_job_state_names.text[job->state], what);
}

enum ent_code ent_import_job_stop(struct ent_call *call, ent_id id, int64_t version,
                                  const void *input, void *out, struct ent_error *error)
{
	struct ent_import_job *job = out;
	(void)input; /* the reason is in the call */
	enum ent_code code = hold(call, "import_job.stop", id, version, job, error);
	if (code == ENT_OK && job->state != ENT_IMPORT_QUEUED && job->state != ENT_IMPORT_RUNNING) {
		code = wrong_state(job, "stopped", error);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_import_job before = *job;
	job->state = ENT_IMPORT_STOPPED;
	job->finished_at = call->now;
	return ent_record_save(call, &ent_import_job_type, &before, job, "stopped", error);
}

/* Is it due to be deleted? Then some of it may be gone. */
static enum ent_code is_past(struct ent_call *call, const struct ent_import_job *job, bool *out,
                             struct ent_error *error)
{
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(call, &settings, error);
	*out = code == ENT_OK && settings->import_days > 0 &&
	       job->finished_at.us < call->now.us - settings->import_days * ENT_DAY_US;
	return code;
}

enum ent_code ent_import_job_resume(struct ent_call *call, ent_id id, int64_t version,
                                    const void *input, void *out, struct ent_error *error)
{
	struct ent_import_job *job = out;
	bool past = false;
	(void)input;
	enum ent_code code = hold(call, "import_job.resume", id, version, job, error);
	if (code == ENT_OK) {
		code = is_past(call, job, &past, error);
	}
	bool ended = job->state == ENT_IMPORT_STOPPED || job->state == ENT_IMPORT_GIVEN_UP;
	if (code == ENT_OK && (!ended || past)) {
		code = wrong_state(job, past ? "resumed: it is too old" : "resumed", error);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_import_job before = *job;
	job->state = ENT_IMPORT_QUEUED;
	job->finished_at = ENT_INSTANT_NONE;
	job->last_error = (ent_str){ NULL, 0 };
	job->attempts = 0;
	return ent_record_save(call, &ent_import_job_type, &before, job, "resumed", error);
}

/* ---- the end ----------------------------------------------------------------------------- */

struct pruning {
	ent_id id;
	ent_instant before;
	bool worked;
};

static enum ent_code find_past(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct pruning *pruning = arg;
	const struct ent_settings *settings;
	struct ent_rows rows;
	pruning->id = ENT_ID_NONE;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code != ENT_OK || settings->import_days == 0) {
		return code;
	}
	pruning->before.us = call->now.us - settings->import_days * ENT_DAY_US;
	code = ent_db_run(call->db,
	                  ENT_STR("SELECT id FROM import_job WHERE state IN ('done', 'stopped', "
	                          "'failed') AND finished_at < $1 ORDER BY id LIMIT 1"),
	                  ENT_ARGS(ent_arg_instant(pruning->before)), call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		pruning->id.value = rows.first->cell[0].number;
	}
	return code;
}

/* Rows, then parts, then the job: each transaction a piece. */
static enum ent_code prune_some(struct ent_call *call, void *arg, struct ent_error *error)
{
	static const char *const pieces[] = {
		"DELETE FROM import_row WHERE import_job_id = $1 AND line IN (SELECT line FROM "
		"import_row WHERE import_job_id = $1 ORDER BY line LIMIT $2)",
		"DELETE FROM import_part WHERE import_job_id = $1 AND number IN (SELECT number "
		"FROM import_part WHERE import_job_id = $1 ORDER BY number LIMIT $2)",
	};
	static const int64_t sizes[] = { PRUNE_ROWS, PRUNE_PARTS };
	struct pruning *pruning = arg;
	struct ent_rows rows = { .changed = 0 };
	enum ent_code code = ent_import_job_hold(call, pruning->id, error);
	for (size_t i = 0; i < ENT_COUNT(pieces) && code == ENT_OK && rows.changed == 0; i++) {
		code = ent_db_run(call->db, ent_str_of(pieces[i]),
		                  ENT_ARGS(ent_arg_id(pruning->id), ent_arg_int(sizes[i])),
		                  call->arena, &rows, error);
	}
	if (code == ENT_OK && rows.changed == 0) {
		code = ent_db_exec(call->db, ENT_STR("DELETE FROM import_job WHERE id = $1"),
		                   ENT_ARGS(ent_arg_id(pruning->id)), ENT_ANY_ROWS, call->arena,
		                   error);
	}
	return code;
}

enum ent_code ent_import_job_prune(struct ent_app *app, bool *worked, struct ent_error *error)
{
	struct ent_call model = { .app = app,
		                  .now = ent_app_now(app),
		                  .who = &ent_principal_system,
		                  .origin = ENT_STR("scheduler") };
	struct pruning pruning = { .worked = false };
	enum ent_code code = ent_app_run(app, ENT_READ, &model, find_past, &pruning, error);
	*worked = code == ENT_OK && !ent_id_is_none(pruning.id);
	return *worked ? ent_app_run(app, ENT_WRITE, &model, prune_some, &pruning, error) : code;
}
