/* Store entitlement processes: a policy, its version, and whether that is in force. */
#include "app/action.h"
#include "app/import_inner.h"
#include "app/import_process.h"
#include "app/inner.h"
#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POLICY (&ent_sla_policy_type)
#define VERSION (&ent_sla_policy_version_type)

enum { FILES_MAX = 512, PASSED_OVER_MAX = 32 };

struct document {
	struct ent_import_file *file;
	ent_str name;               /* of the file, without what says its kind */
	const struct ent_xml *root; /* NULL: it could not be read */
	bool is_type;
	struct ent_process process;
	struct ent_error error;
	enum ent_code code;
};

struct importing {
	const struct ent_import_options *options;
	ent_str system;
	struct ent_import_file *files;
	size_t count;
	struct document *documents;
	struct ent_call *call;
	bool was_tried;
	bool is_dry_end; /* a dry run came to its end */
};

/* ---- documents ------------------------------------------------------------------------------ */

static int hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	                              : -1;
}

/* "in/First%20Response.milestoneType-meta.xml" as First Response. */
static ent_str name_of(const char *path, struct ent_arena *arena)
{
	const char *slash = strrchr(path, '/');
	const char *from = slash == NULL ? path : slash + 1;
	const char *end = strchr(from, '.');
	size_t len = end == NULL ? strlen(from) : (size_t)(end - from);
	char *out = ent_arena_bytes(arena, len + 1);
	size_t used = 0;
	for (size_t i = 0; i < len; i++) {
		bool coded = from[i] == '%' && i + 2 < len && hex(from[i + 1]) >= 2 &&
		             hex(from[i + 2]) >= 0;
		out[used++] = coded ? (char)(16 * hex(from[i + 1]) + hex(from[i + 2])) : from[i];
		i += coded ? 2 : 0;
	}
	return (ent_str){ out, used };
}

static void read_document(struct ent_import_file *file, struct ent_arena *arena,
                          struct document *out)
{
	struct ent_xml *root;
	*out = (struct document){ .file = file, .name = name_of(file->name, arena) };
	ent_error_clear(&out->error);
	out->code = ent_xml_read(file->text, arena, &root, &out->error);
	if (out->code != ENT_OK) {
		return;
	}
	out->root = root;
	out->is_type = ent_str_is(root->name, "MilestoneType");
	file->recognised = out->is_type ? "MilestoneType" : "EntitlementProcess";
	if (!out->is_type && !ent_str_is(root->name, "EntitlementProcess")) {
		file->recognised = "?";
		out->code = ent_refuse(&out->error, ENT_E_UNKNOWN_VALUE, "", root->name,
		                       "give an EntitlementProcess or a MilestoneType");
	}
}

/* ---- what processes name -------------------------------------------------------------------- */

static enum ent_code find_hours(void *arg, ent_str name, ent_str *out, struct ent_error *error)
{
	struct importing *run = arg;
	struct ent_rows rows;
	char id[ENT_ID_ROOM];
	enum ent_code code =
		ent_db_run(run->call->db,
	                   ENT_STR("SELECT id FROM calendar WHERE name = $1 OR external_id = $1 "
	                           "ORDER BY CASE WHEN name = $1 THEN 0 ELSE 1 END, id LIMIT 1"),
	                   ENT_ARGS(ent_arg_text(name)), run->call->arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	if (rows.count == 0) {
		return ent_refuse(
			error, ENT_E_NO_SUCH_RECORD, "/businessHours", name,
			"import the BusinessHours first, or make a calendar of this name");
	}
	ent_id_format((ent_id){ rows.first->cell[0].number }, ent_calendar_type.prefix, id);
	*out = ent_text_copy(run->call->arena, ent_str_of(id));
	return ENT_OK;
}

static ent_str find_recurrence(void *arg, ent_str name)
{
	const struct importing *run = arg;
	for (size_t i = 0; i < run->count; i++) {
		const struct document *d = &run->documents[i];
		if (d->is_type && ent_str_eq(d->name, name)) {
			ent_str word = ent_xml_text(d->root, "recurrenceType");
			word = word.len > 0 ? word : ent_xml_text(d->root, "RecurrenceType");
			return word.len > 0 ? word : ENT_STR("none");
		}
	}
	return (ent_str){ NULL, 0 };
}

/* ---- records -------------------------------------------------------------------------------- */

struct patch {
	const struct ent_type *type;
	const struct ent_node *node;
};

static enum ent_code lay_over(void *arg, struct ent_arena *arena, void *object,
                              struct ent_set *given, struct ent_error *error)
{
	const struct patch *patch = arg;
	return ent_json_read(patch->type, patch->node, ENT_JSON_UPDATE, arena, object, given,
	                     error);
}

static enum ent_code create(struct importing *run, const struct ent_type *type,
                            const struct ent_node *node, ent_str key, ent_id policy, void *out,
                            struct ent_error *error)
{
	struct ent_call *call = run->call;
	struct ent_set given = { { 0 } };
	struct ent_record *head = out;
	ent_type_clear(type, out);
	/* by ANY, as what is required is given here */
	enum ent_code code =
		ent_json_read(type, node, ENT_JSON_ANY, call->arena, out, &given, error);
	head->external_system = run->system;
	head->external_id = key;
	if (type == VERSION) {
		((struct ent_sla_policy_version *)out)->sla_policy_id = policy;
	}
	return code == ENT_OK ? ent_record_create(call, type, out, &given, error) : code;
}

/* The record `id`, or a new one: as the JSON says. */
static enum ent_code bring(struct importing *run, const struct ent_type *type, ent_id id,
                           ent_str json, ent_str key, ent_id policy, enum ent_import_status *status,
                           void *out, struct ent_error *error)
{
	struct ent_call *call = run->call;
	struct patch patch = { .type = type };
	enum ent_code code = ent_json_parse(json, call->arena, &patch.node, error);
	if (code != ENT_OK) {
		return code;
	}
	if (ent_id_is_none(id)) {
		*status = ENT_IMPORT_CREATED;
		return create(run, type, patch.node, key, policy, out, error);
	}
	code = ent_record_load(call, type, id, out, error);
	int64_t before = ((const struct ent_record *)out)->version;
	if (code == ENT_OK) {
		code = ent_record_update(call, type, id, 0, lay_over, &patch, out, error);
	}
	if (code == ENT_OK && *status != ENT_IMPORT_CREATED) {
		bool same = ((const struct ent_record *)out)->version == before;
		*status = same ? *status : ENT_IMPORT_UPDATED;
	}
	return code;
}

/* By what it was imported as, else by its name. */
static enum ent_code find_policy(struct importing *run, const struct ent_process *process,
                                 ent_id *out, struct ent_error *error)
{
	struct ent_call *call = run->call;
	struct ent_rows rows;
	enum ent_code code =
		ent_record_external(call, POLICY, run->system, process->key, out, error);
	if (code != ENT_OK || !ent_id_is_none(*out)) {
		return code;
	}
	code = ent_db_run(call->db, ENT_STR("SELECT id FROM sla_policy WHERE name = $1"),
	                  ENT_ARGS(ent_arg_text(process->name)), call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		out->value = rows.first->cell[0].number;
	}
	return code;
}

static enum ent_code act(struct importing *run, const char *name, ent_id version,
                         struct ent_error *error)
{
	struct ent_call *call = run->call;
	const struct ent_action_row *action = ent_action_of(VERSION, ent_str_of(name));
	void *input = ent_arena_alloc(call->arena, 1, action->input->size, 16);
	void *out = ent_arena_alloc(call->arena, 1, action->result->size, 16);
	ent_type_clear(action->input, input);
	return action->act(call, version, 0, input, out, error);
}

/* What is in force here and not there stays so: cases may follow it. */
static enum ent_code put_in_force(struct importing *run, const struct ent_process *process,
                                  const struct ent_sla_policy_version *version,
                                  enum ent_import_status *status, struct ent_error *error)
{
	struct ent_sla_policy policy;
	enum ent_code code = ENT_OK;
	bool changed = false;
	if (process->is_active && version->state != ENT_SLA_ACTIVE) {
		code = act(run, "activate", version->id, error);
		changed = true;
	}
	if (code == ENT_OK) {
		code = ent_record_load(run->call, POLICY, version->sla_policy_id, &policy, error);
	}
	if (code == ENT_OK && process->is_active && process->is_default &&
	    !ent_id_eq(policy.default_version_id, version->id)) {
		code = act(run, "set_default", version->id, error);
		changed = true;
	}
	if (changed && *status == ENT_IMPORT_UNCHANGED) {
		*status = ENT_IMPORT_UPDATED;
	}
	return code;
}

static enum ent_code store(struct importing *run, const struct ent_process *process,
                           enum ent_import_status *status, ent_id *out, struct ent_error *error)
{
	struct ent_call *call = run->call;
	struct ent_sla_policy policy;
	struct ent_sla_policy_version version;
	enum ent_import_status of_policy = ENT_IMPORT_UNCHANGED;
	ent_id id;
	ent_str key = ent_text_format(call->arena, "%.*s/%lld", (int)process->key.len,
	                              process->key.ptr, (long long)process->number);
	enum ent_code code = find_policy(run, process, &id, error);
	if (code == ENT_OK) {
		code = bring(run, POLICY, id, process->policy, process->key, ENT_ID_NONE,
		             &of_policy, &policy, error);
	}
	if (code == ENT_OK) {
		code = ent_record_external(call, VERSION, run->system, key, &id, error);
	}
	*status = ENT_IMPORT_UNCHANGED;
	if (code == ENT_OK) {
		code = bring(run, VERSION, id, process->version, key, policy.id, status, &version,
		             error);
	}
	if (code == ENT_OK && of_policy == ENT_IMPORT_UPDATED && *status == ENT_IMPORT_UNCHANGED) {
		*status = ENT_IMPORT_UPDATED;
	}
	if (code == ENT_OK) {
		code = put_in_force(run, process, &version, status, error);
	}
	*out = code == ENT_OK ? version.id : ENT_ID_NONE;
	return code;
}

/* ---- one after the other -------------------------------------------------------------------- */

static bool is_luck(enum ent_code code)
{
	return code == ENT_E_STORAGE || code == ENT_E_BUSY || code == ENT_E_SYSTEM ||
	       code == ENT_E_OUT_OF_MEMORY || code == ENT_E_UNAVAILABLE || code == ENT_E_OVERLOADED;
}

static void tell(struct importing *run, const struct document *d, enum ent_import_status status,
                 ent_id id)
{
	char text[ENT_ID_ROOM] = "";
	struct ent_import_row row = { .file = d->file, .line = 1, .status = status };
	d->file->counts[status]++;
	if (!ent_id_is_none(id)) {
		ent_id_format(id, VERSION->prefix, text);
	}
	row.id = ent_str_of(text);
	bool failed = status == ENT_IMPORT_FAILED;
	row.message = failed ? ent_str_of(d->error.detail) : d->process.notice;
	size_t issues = failed ? d->error.issue_count : 0;
	size_t i = 0;
	do {
		if (i < issues) {
			const struct ent_issue *issue = &d->error.issues[i];
			row.column = ent_str_of(issue->pointer);
			row.value = ent_str_of(issue->value);
			row.message = ent_str_of(issue->remedy);
		}
		if (run->options->row != NULL) {
			run->options->row(run->options->arg, &row);
		}
	} while (++i < issues && i < ENT_ISSUE_MAX);
}

struct passing_over {
	const struct importing *run;
	const struct document *document;
	ent_str told[PASSED_OVER_MAX]; /* several milestones may have the same */
	size_t count;
};

static void pass_over(void *arg, const char *path, ent_str name)
{
	struct passing_over *over = arg;
	const struct ent_import_options *options = over->run->options;
	ent_str element =
		ent_text_format(over->run->call->arena, "%s%.*s", path, (int)name.len, name.ptr);
	for (size_t i = 0; i < over->count; i++) {
		if (ent_str_eq(over->told[i], element)) {
			return;
		}
	}
	if (over->count < PASSED_OVER_MAX && options->ignored != NULL) {
		over->told[over->count++] = element;
		options->ignored(options->arg, over->document->file, element);
	}
}

/* As a call of its own in a savepoint: what it locks and chains is written before the next. */
static enum ent_code take(struct importing *run, struct ent_call *call, struct document *d,
                          enum ent_import_status *status, ent_id *id)
{
	struct ent_call own = ent_call_within(call, call->arena);
	struct ent_db *db = call->db;
	int depth = db->depth;
	own.heads = NULL;
	own.touched = NULL;
	own.agenda = NULL;
	run->call = &own;
	enum ent_code code = db->ops->begin(db, ENT_WRITE, &d->error);
	if (code == ENT_OK) {
		code = store(run, &d->process, status, id, &d->error);
	}
	ent_call_end(&own);
	if (code == ENT_OK) {
		code = ent_call_finish(&own, &d->error);
	}
	if (code == ENT_OK) {
		code = db->ops->commit(db, &d->error);
	}
	if (db->depth > depth) {
		ent_db_unwind(db, depth);
	}
	for (const struct ent_touched *t = own.touched; code == ENT_OK && t != NULL; t = t->next) {
		ent_call_touch(call, (ent_id){ t->id });
	}
	call->is_woken |= own.is_woken;
	return code;
}

static enum ent_code import_one(struct importing *run, struct ent_call *call, struct document *d,
                                struct ent_error *error)
{
	enum ent_import_status status = ENT_IMPORT_UNCHANGED;
	ent_id id = ENT_ID_NONE;
	if (d->code == ENT_OK && !d->is_type) {
		d->code = take(run, call, d, &status, &id);
	}
	if (is_luck(d->code)) {
		*error = d->error;
		return d->code;
	}
	tell(run, d, d->code == ENT_OK ? status : ENT_IMPORT_FAILED, id);
	return ENT_OK;
}

/* Versions of a process in their order; files that could not be read as they came. */
static int by_number(const void *a, const void *b)
{
	const struct document *x = a;
	const struct document *y = b;
	int64_t difference = x->process.number - y->process.number;
	if (difference == 0) {
		return x->file < y->file ? -1 : x->file > y->file;
	}
	return difference < 0 ? -1 : 1;
}

static void read_all(struct importing *run)
{
	struct ent_arena *arena = run->call->arena;
	const struct ent_process_names names = { find_hours, find_recurrence, run };
	for (size_t i = 0; i < run->count; i++) {
		read_document(&run->files[i], arena, &run->documents[i]);
	}
	for (size_t i = 0; i < run->count; i++) {
		struct document *d = &run->documents[i];
		if (d->code == ENT_OK && !d->is_type) {
			struct passing_over over = { .run = run, .document = d };
			if (!run->was_tried) {
				ent_process_passed_over(d->root, pass_over, &over);
			}
			d->code = ent_process_read(d->root, d->name, &names, arena, &d->process,
			                           &d->error);
		}
	}
	qsort(run->documents, run->count, sizeof(run->documents[0]), by_number);
}

static enum ent_code import_all(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct importing *run = arg;
	enum ent_code code = ENT_OK;
	if (run->was_tried && run->options->again != NULL) {
		run->options->again(run->options->arg);
	}
	run->call = call;
	run->documents = ENT_NEW(call->arena, struct document, run->count);
	for (size_t i = 0; i < run->count; i++) {
		memset(run->files[i].counts, 0, sizeof(run->files[i].counts));
	}
	read_all(run);
	run->was_tried = true;
	for (size_t i = 0; i < run->count && code == ENT_OK; i++) {
		code = import_one(run, call, &run->documents[i], error);
	}
	run->is_dry_end = code == ENT_OK && run->options->dry_run;
	return run->is_dry_end ? ent_fail(error, ENT_E_STATE, "a dry run writes nothing") : code;
}

enum ent_code ent_process_import(struct ent_app *app, const struct ent_call *model,
                                 const struct ent_import_options *options,
                                 struct ent_import_file *files, size_t count,
                                 struct ent_error *error)
{
	struct importing run = {
		.options = options, .system = options->system, .files = files, .count = count
	};
	if (run.system.len == 0) {
		run.system = ENT_STR("salesforce");
	}
	if (count > FILES_MAX) {
		return ent_fail(error, ENT_E_LIMIT, "give at most %d files", FILES_MAX);
	}
	enum ent_code code = ent_app_run(app, ENT_WRITE, model, import_all, &run, error);
	if (run.is_dry_end) {
		ent_error_clear(error);
		return ENT_OK;
	}
	return code;
}
