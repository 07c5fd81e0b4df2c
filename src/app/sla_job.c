#include "app/sla_job.h"

#include "app/action.h"
#include "app/case.h"
#include "app/sla.h"
#include "app/sla_version.h"
#include "base/text.h"
#include "json/json.h"

#include <stdio.h>
#include <time.h>

enum { REPORT_MAX = 500, BATCH = 50, TRIES = 5, REST_FIRST_MS = 10 };

/* ---- beginning ---- */

/* What is to be done, beyond the last case that was looked at. */
static const char switch_from[] =
	"FROM \"case\" WHERE state = 'open' AND id > $1 AND sla_policy_version_id IN "
	"(SELECT v.id FROM sla_policy_version v JOIN sla_policy_version n ON "
	"n.sla_policy_id = v.sla_policy_id WHERE n.id = $2 AND v.id <> $2)";
static const char recalculate_from[] =
	"FROM milestone WHERE stage IN ('open', 'paused') AND case_id > $1 AND calendar_id = $2";

static enum ent_code count(struct ent_call *call, struct ent_sla_job *job, struct ent_error *error)
{
	bool is_switch = job->kind == ENT_JOB_SWITCH;
	struct ent_rows rows;
	ent_str sql = ent_text_format(call->arena, "SELECT COUNT(DISTINCT %s) %s",
	                              is_switch ? "id" : "case_id",
	                              is_switch ? switch_from : recalculate_from);
	ent_id about = is_switch ? job->sla_policy_version_id : job->calendar_id;
	enum ent_code code = ent_db_run(call->db, sql, ENT_ARGS(ent_arg_int(0), ent_arg_id(about)),
	                                call->arena, &rows, error);
	if (code == ENT_OK) {
		job->total = rows.first->cell[0].number;
	}
	return code;
}

static enum ent_code begin(struct ent_call *call, struct ent_sla_job *job, ent_str reason,
                           struct ent_error *error)
{
	if (reason.len > 0) {
		call->reason = reason;
	}
	job->report.text = ENT_STR("[]");
	enum ent_code code = ent_call_lock(call, ENT_ID_NONE, error);
	if (code == ENT_OK) {
		code = count(call, job, error);
	}
	return code == ENT_OK ? ent_record_insert(call, &ent_sla_job_type, job, "started", error)
	                      : code;
}

enum ent_code ent_sla_policy_version_switch(struct ent_call *call, ent_id id, int64_t version,
                                            const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_switch *asked = input;
	struct ent_sla_policy_version target;
	struct ent_sla_job *job = out;
	enum ent_code code = ent_call_may(call, "sla_policy_version.switch", error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, &ent_sla_policy_version_type, id, version, &target,
		                       error);
	}
	if (code == ENT_OK && target.state != ENT_SLA_ACTIVE) {
		code = ent_fail(error, ENT_E_STATE,
		                "version %lld is %s; activate it before cases are switched to it",
		                (long long)target.number,
		                ent_sla_version_state_names.text[target.state]);
	}
	if (code != ENT_OK) {
		return code;
	}
	ent_type_clear(&ent_sla_job_type, job);
	job->kind = ENT_JOB_SWITCH;
	job->dry_run = asked->dry_run;
	job->fire = asked->fire;
	job->sla_policy_version_id = id;
	return begin(call, job, asked->reason, error);
}

enum ent_code ent_calendar_recalculate(struct ent_call *call, ent_id id, int64_t version,
                                       const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_recalculate *asked = input;
	struct ent_calendar calendar;
	struct ent_sla_job *job = out;
	enum ent_code code = ent_call_may(call, "calendar.recalculate", error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, &ent_calendar_type, id, version, &calendar, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	ent_type_clear(&ent_sla_job_type, job);
	job->kind = ENT_JOB_RECALCULATE;
	job->dry_run = asked->dry_run;
	job->calendar_id = id;
	return begin(call, job, asked->reason, error);
}

enum ent_code ent_sla_job_cancel(struct ent_call *call, ent_id id, int64_t version,
                                 const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_reason *asked = input;
	struct ent_sla_job *job = out;
	enum ent_code code = ent_call_may(call, "sla_job.cancel", error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, &ent_sla_job_type, id, version, job, error);
	}
	if (code == ENT_OK && job->state != ENT_JOB_RUNNING) {
		code = ent_fail(error, ENT_E_STATE, "the job is %s, so it cannot be cancelled",
		                ent_sla_job_state_names.text[job->state]);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_sla_job before = *job;
	call->reason = asked->reason;
	job->state = ENT_JOB_CANCELLED;
	job->finished_at = call->now;
	return ent_record_save(call, &ent_sla_job_type, &before, job, "cancelled", error);
}

/* ---- one case ---- */

/* The report so far, without the bracket that closes it. */
static struct ent_text open_report(struct ent_call *call, const struct ent_sla_job *job)
{
	struct ent_text text = ent_text_begin(call->arena);
	ent_str so_far = job->report.text;
	so_far.len--;
	ent_text_add(&text, so_far);
	return text;
}

/* A case that could not be changed. */
static void report_failure(struct ent_call *call, struct ent_sla_job *job, ent_id case_id,
                           ent_str why)
{
	char id[ENT_ID_ROOM];
	struct ent_text text = open_report(call, job);
	job->failed++;
	job->last_error = why;
	if (job->report_rows >= REPORT_MAX) {
		return;
	}
	ent_id_format(case_id, ent_case_type.prefix, id);
	ent_text_addf(&text, "%s{\"case_id\":\"%s\",\"error\":",
	              job->report_rows++ > 0 ? "," : "", id);
	ent_json_string(&text, why);
	ent_text_addf(&text, "}]");
	job->report.text = ent_text_end(&text);
}

/* Milestones that move, as rows of the report. */
static bool report(const struct ent_sla_work *work, struct ent_sla_job *job)
{
	bool moved = false;
	struct ent_text text = open_report(work->call, job);
	for (size_t i = 0; i < work->run.count; i++) {
		const struct ent_milestone *m = work->run.milestones[i];
		const struct ent_milestone *was = i < work->stored_count ? &work->stored[i] : NULL;
		char id[ENT_ID_ROOM];
		char target[2][ENT_INSTANT_ROOM + 2] = { "null", "null" };
		if (was != NULL && was->target_at.us == m->target_at.us && was->stage == m->stage) {
			continue;
		}
		moved = true;
		if (job->report_rows >= REPORT_MAX) {
			continue;
		}
		ent_instant at[2] = { was == NULL ? ENT_INSTANT_NONE : was->target_at,
			              m->target_at };
		for (size_t k = 0; k < 2; k++) {
			if (!ent_instant_is_none(at[k])) {
				target[k][0] = '"';
				size_t len = ent_instant_format(at[k], target[k] + 1);
				target[k][len + 1] = '"';
				target[k][len + 2] = '\0';
			}
		}
		ent_id_format(work->c->id, ent_case_type.prefix, id);
		ent_text_addf(&text,
		              "%s{\"case_id\":\"%s\",\"name\":", job->report_rows++ > 0 ? "," : "",
		              id);
		ent_json_string(&text, m->name);
		ent_text_addf(&text, ",\"stage\":\"%s\",\"target_before\":%s,\"target_at\":%s}",
		              ent_milestone_stage_names.text[m->stage], target[0], target[1]);
	}
	ent_text_char(&text, ']');
	job->report.text = ent_text_end(&text);
	return moved;
}

/* Has it got another policy since the job looked? */
static bool is_elsewhere(const struct ent_sla_work *work, const struct ent_sla_version *version)
{
	const struct ent_sla_version *own = work->run.version;
	return own == NULL || !ent_id_eq(own->sla_policy_id, version->sla_policy_id);
}

static enum ent_code turn(struct ent_sla_work *work, const struct ent_sla_job *job,
                          struct ent_error *error)
{
	const struct ent_sla_version *version;
	if (job->kind == ENT_JOB_RECALCULATE) {
		return ent_sla_recalculate(&work->run, work->call->now, error);
	}
	enum ent_code code = ENT_OK;
	if (!job->dry_run) {
		code = ent_sla_version_use(work->call, job->sla_policy_version_id, error);
	}
	if (code == ENT_OK) {
		code = ent_call_sla_version(work->call, job->sla_policy_version_id, &version,
		                            error);
	}
	if (code == ENT_OK && is_elsewhere(work, version)) {
		return ENT_OK;
	}
	if (code == ENT_OK) {
		code = ent_sla_switch(&work->run, version, job->fire, work->call->now, error);
		work->c->sla_policy_version_id = job->sla_policy_version_id;
	}
	return code;
}

static enum ent_code work_on(struct ent_call *call, struct ent_sla_job *job, struct ent_case *c,
                             struct ent_error *error)
{
	struct ent_case before = *c;
	struct ent_sla_work work = { .call = call, .before = &before, .c = c };
	enum ent_code code = ent_sla_work_load(&work, error);
	if (code == ENT_OK) {
		code = ent_sla_work_pass(&work, error);
	}
	if (code == ENT_OK) {
		code = turn(&work, job, error);
	}
	if (code == ENT_OK) {
		code = ent_sla_work_judge(&work, error);
	}
	if (code == ENT_OK && report(&work, job)) {
		job->moved++;
	}
	if (code != ENT_OK || job->dry_run) {
		return code;
	}
	ent_sla_summarise(&work.run, c);
	code = ent_record_save(call, &ent_case_type, &before, c,
	                       job->kind == ENT_JOB_SWITCH ? "sla_switched" : "updated", error);
	return code == ENT_OK ? ent_sla_work_end(&work, error) : code;
}

/* ---- a step ---- */

struct place {
	ent_id account, id;
};

struct stride {
	struct ent_sla_job job;
	bool found;
	struct place cases[BATCH];
	size_t count, at;
	ent_str why; /* the case at hand could not be changed: only note that */
	char room[200];
	bool lost; /* somebody else was faster */
};

static enum ent_code look(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct stride *stride = arg;
	struct ent_list list;
	enum ent_code code =
		ent_row_select(call->db, &ent_sla_job_type,
	                       ENT_STR("WHERE t.state = 'running' ORDER BY t.id LIMIT 1"), NULL, 0,
	                       call->arena, &list, error);
	stride->found = code == ENT_OK && list.count > 0;
	if (!stride->found) {
		return code;
	}
	const struct ent_sla_job *job = list.items;
	bool is_switch = job->kind == ENT_JOB_SWITCH;
	struct ent_rows rows;
	ent_str sql = ent_text_format(
		call->arena, "SELECT DISTINCT account_id, %s %s ORDER BY 2 LIMIT %d",
		is_switch ? "id" : "case_id", is_switch ? switch_from : recalculate_from, BATCH);
	ent_id about = is_switch ? job->sla_policy_version_id : job->calendar_id;
	code = ent_db_run(call->db, sql, ENT_ARGS(ent_arg_int(job->reach), ent_arg_id(about)),
	                  call->arena, &rows, error);
	stride->job.id = job->id;
	stride->count = 0;
	for (const struct ent_row *row = code == ENT_OK ? rows.first : NULL; row != NULL;
	     row = row->next) {
		stride->cases[stride->count++] =
			(struct place){ { row->cell[0].number }, { row->cell[1].number } };
	}
	return code;
}

/* The job as it is now, if it still runs and nobody has come further than this case. */
static enum ent_code take_job(struct ent_call *call, struct stride *stride, struct ent_sla_job *job,
                              struct ent_error *error)
{
	enum ent_code code = ent_row_get(call->db, &ent_sla_job_type, ENT_ID_NONE, stride->job.id,
	                                 call->arena, job, error);
	if (code == ENT_E_NOT_FOUND) {
		ent_error_clear(error);
		stride->lost = true;
		return ENT_OK;
	}
	if (code == ENT_OK) {
		bool last = stride->at == stride->count;
		stride->lost = job->state != ENT_JOB_RUNNING ||
		               (!last && job->reach >= stride->cases[stride->at].id.value);
	}
	return code;
}

static enum ent_code note(struct ent_call *call, struct ent_sla_job *job, struct ent_error *error)
{
	struct ent_set set = { { 0 } };
	for (size_t i = 0; i < ent_sla_job_type.count; i++) {
		if (ent_field_is_column(&ent_sla_job_type.fields[i])) {
			ent_set_add(&set, i);
		}
	}
	job->version++;
	job->updated_at = call->now;
	return ent_row_update(call->db, &ent_sla_job_type, job, &set, call->arena, error);
}

static enum ent_code step(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct stride *stride = arg;
	const struct place *place = &stride->cases[stride->at];
	struct ent_sla_job job;
	struct ent_case c;
	enum ent_code code = ent_call_lock(call, place->account, error);
	if (code == ENT_OK) {
		code = take_job(call, stride, &job, error);
	}
	if (code != ENT_OK || stride->lost) {
		return code;
	}
	if (stride->why.len > 0) {
		report_failure(call, &job, place->id, stride->why);
	} else {
		code = ent_row_get(call->db, &ent_case_type, place->account, place->id, call->arena,
		                   &c, error);
		if (code == ENT_OK && c.state == ENT_CASE_OPEN) {
			code = work_on(call, &job, &c, error);
		} else if (code == ENT_E_NOT_FOUND) {
			ent_error_clear(error);
			code = ENT_OK;
		}
	}
	job.reach = place->id.value;
	job.done++;
	return code == ENT_OK ? note(call, &job, error) : code;
}

static enum ent_code finish(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct stride *stride = arg;
	struct ent_sla_job job;
	enum ent_code code = ent_call_lock(call, ENT_ID_NONE, error);
	if (code == ENT_OK) {
		code = take_job(call, stride, &job, error);
	}
	if (code != ENT_OK || stride->lost) {
		return code;
	}
	struct ent_sla_job before = job;
	job.state = ENT_JOB_DONE;
	job.finished_at = call->now;
	return ent_record_save(call, &ent_sla_job_type, &before, &job, "done", error);
}

/* Another time it may work: then the job waits. */
static bool is_luck(enum ent_code code)
{
	return code == ENT_E_BUSY || code == ENT_E_UNAVAILABLE || code == ENT_E_OVERLOADED ||
	       code == ENT_E_PRECONDITION_FAILED;
}

/* The database's fault, or that of what is stored of this case. */
static bool is_trouble(enum ent_code code)
{
	return code == ENT_E_STORAGE || code == ENT_E_SYSTEM;
}

/* Trouble that goes on is the case's: that the database works shows when it is noted. */
static enum ent_code try_case(struct ent_app *app, const struct ent_call *model,
                              struct stride *stride, struct ent_error *error)
{
	struct timespec rest = { .tv_nsec = REST_FIRST_MS * 1000000L };
	enum ent_code code = ent_app_run(app, ENT_WRITE, model, step, stride, error);
	for (int i = 1; i < TRIES && is_trouble(code); i++) {
		nanosleep(&rest, NULL);
		rest.tv_nsec *= 2;
		ent_error_clear(error);
		code = ent_app_run(app, ENT_WRITE, model, step, stride, error);
	}
	return code;
}

static enum ent_code run_case(struct ent_app *app, const struct ent_call *model,
                              struct stride *stride, struct ent_error *error)
{
	stride->why = (ent_str){ NULL, 0 };
	enum ent_code code = try_case(app, model, stride, error);
	if (code == ENT_OK || is_luck(code)) {
		return code;
	}
	int len = snprintf(stride->room, sizeof(stride->room), "%s: %s", ent_code_name(code),
	                   error->detail);
	stride->why = (ent_str){ stride->room, len < (int)sizeof(stride->room)
		                                       ? (size_t)len
		                                       : sizeof(stride->room) - 1 };
	ent_error_clear(error);
	return ent_app_run(app, ENT_WRITE, model, step, stride, error);
}

enum ent_code ent_sla_job_run(struct ent_app *app, size_t limit, size_t *worked,
                              struct ent_error *error)
{
	struct ent_call model = { .app = app,
		                  .now = ent_app_now(app),
		                  .who = &ent_principal_system,
		                  .origin = ENT_STR("job") };
	struct stride stride = { .found = false };
	enum ent_code code = ent_app_run(app, ENT_READ, &model, look, &stride, error);
	*worked = 0;
	if (code != ENT_OK || !stride.found) {
		return code;
	}
	for (stride.at = 0; stride.at < stride.count && *worked < limit && !stride.lost;
	     stride.at++) {
		code = run_case(app, &model, &stride, error);
		if (code != ENT_OK) {
			return code;
		}
		++*worked;
	}
	if (stride.count == 0) {
		*worked = 1; /* it was the end of the job */
		stride.at = 0;
		code = ent_app_run(app, ENT_WRITE, &model, finish, &stride, error);
	}
	return code;
}
