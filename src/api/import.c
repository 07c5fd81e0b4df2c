/* Tables by HTTP, through the same code as `entitled import`: some rows at once, or in the
 * background. */
#include "app/import_job.h"

#include "api/inner.h"
#include "json/json.h"

#include <string.h>

/* ---- the question ------------------------------------------------------------------------ */

struct table {
	struct ent_import_options options;
	struct ent_import_file file;
	ent_str object, name;
	bool in_background;
};

static const char *pointer_of(const struct ent_node *node, struct ent_arena *arena)
{
	return ent_text_format(arena, "/%.*s", (int)node->name.len, node->name.ptr).ptr;
}

/* One of these words. */
static unsigned read_word(const struct ent_node *node, const char *const *words, size_t count,
                          struct ent_arena *arena, struct ent_error *error)
{
	for (unsigned i = 0; i < count; i++) {
		if (ent_str_is(node->text, words[i])) {
			return i;
		}
	}
	ent_note(error, ENT_E_UNKNOWN_VALUE, pointer_of(node, arena), node->text,
	         "give one such as %s", words[0]);
	return 0;
}

static void read_from(const struct ent_node *node, struct table *out, struct ent_arena *arena,
                      struct ent_error *error)
{
	const char *words[ENT_FROM_COUNT];
	for (unsigned i = 0; i < ENT_FROM_COUNT; i++) {
		words[i] = ent_import_from_text((enum ent_import_from)i);
	}
	out->options.from =
		(enum ent_import_from)read_word(node, words, ENT_COUNT(words), arena, error);
}

/* {"Header":"field"} */
static void read_columns(const struct ent_node *node, struct table *out, struct ent_arena *arena,
                         struct ent_error *error)
{
	struct ent_pair *pairs = ENT_NEW(arena, struct ent_pair, node->count);
	size_t count = 0;
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		if (n->kind != ENT_JSON_STRING) {
			ent_note(error, ENT_E_TYPE, "/columns", n->name, "give a text for each");
			continue;
		}
		pairs[count++] = (struct ent_pair){ n->name, n->text };
	}
	out->options.columns = (struct ent_map){ pairs, count };
}

static bool read_text(const struct ent_node *node, struct table *out, struct ent_arena *arena,
                      struct ent_error *error)
{
	static const char *const orders[] = { "iso", "mdy", "dmy", "ymd" };
	static const char *const delimiters[] = { ",", ";", "\t", "|" };
	const struct {
		const char *name;
		ent_str *to;
	} texts[] = {
		{ "text", &out->file.text },
		{ "name", &out->name },
		{ "object", &out->object },
		{ "system", &out->options.system },
		{ "currency", &out->options.currency },
		{ "time_zone", &out->options.time_zone },
	};
	for (size_t i = 0; i < ENT_COUNT(texts); i++) {
		if (ent_str_is(node->name, texts[i].name)) {
			*texts[i].to = node->text;
			return true;
		}
	}
	if (ent_str_is(node->name, "from")) {
		read_from(node, out, arena, error);
	} else if (ent_str_is(node->name, "date_order")) {
		out->options.date_order = (enum ent_date_order)read_word(
			node, orders, ENT_COUNT(orders), arena, error);
	} else if (ent_str_is(node->name, "delimiter")) {
		out->options.separator =
			delimiters[read_word(node, delimiters, ENT_COUNT(delimiters), arena, error)]
				  [0];
	} else {
		return false;
	}
	return true;
}

static void read_member(const struct ent_node *node, struct table *out, struct ent_arena *arena,
                        struct ent_error *error)
{
	bool truth = node->kind == ENT_JSON_TRUE;
	bool flag = truth || node->kind == ENT_JSON_FALSE;
	if (flag && ent_str_is(node->name, "dry_run")) {
		out->options.dry_run = truth;
	} else if (flag && ent_str_is(node->name, "background")) {
		out->in_background = truth;
	} else if (flag && ent_str_is(node->name, "nulls")) {
		out->options.nulls = truth;
	} else if (node->kind == ENT_JSON_OBJECT && ent_str_is(node->name, "columns")) {
		read_columns(node, out, arena, error);
	} else if (node->kind != ENT_JSON_STRING || !read_text(node, out, arena, error)) {
		ent_note(error, ENT_E_UNKNOWN_FIELD, pointer_of(node, arena), (ent_str){ NULL, 0 },
		         "remove it, or give it the type that the reference says");
	}
}

static enum ent_code read_table(const struct ent_node *body, struct table *out,
                                struct ent_arena *arena, struct ent_error *error)
{
	out->file.name = "table";
	if (body == NULL || body->kind != ENT_JSON_OBJECT) {
		return ent_refuse(error, ENT_E_TYPE, "", (ent_str){ NULL, 0 },
		                  "send a JSON object");
	}
	for (const struct ent_node *n = body->first; n != NULL; n = n->next) {
		read_member(n, out, arena, error);
	}
	if (out->file.text.len == 0) {
		ent_note(error, ENT_E_REQUIRED, "/text", (ent_str){ NULL, 0 },
		         "give the table as text, its columns named in the first row");
	}
	if (out->name.len > 0) {
		out->file.name =
			ent_text_format(arena, "%.*s", (int)out->name.len, out->name.ptr).ptr;
	}
	if (out->object.len > 0) {
		out->file.object =
			ent_text_format(arena, "%.*s", (int)out->object.len, out->object.ptr).ptr;
	}
	return ent_noted(error);
}

/* ---- the answer -------------------------------------------------------------------------- */

struct told_row {
	int64_t line;
	enum ent_import_status status;
	ent_str id, column, value, message;
	struct told_row *next;
};

struct told_column {
	ent_str name;
	struct told_column *next;
};

struct report {
	struct ent_arena *arena;
	struct told_row *rows, **last_row;
	struct told_column *ignored, **last_ignored;
};

static void take_row(void *arg, const struct ent_import_row *row)
{
	struct report *report = arg;
	struct told_row *told = ENT_NEW(report->arena, struct told_row, 1);
	*told = (struct told_row){ .line = row->line,
		                   .status = row->status,
		                   .id = ent_text_copy(report->arena, row->id),
		                   .column = ent_text_copy(report->arena, row->column),
		                   .value = ent_text_copy(report->arena, row->value),
		                   .message = ent_text_copy(report->arena, row->message) };
	*report->last_row = told;
	report->last_row = &told->next;
}

static void take_ignored(void *arg, const struct ent_import_file *file, ent_str column)
{
	struct report *report = arg;
	struct told_column *told = ENT_NEW(report->arena, struct told_column, 1);
	(void)file;
	told->name = ent_text_copy(report->arena, column);
	told->next = NULL;
	*report->last_ignored = told;
	report->last_ignored = &told->next;
}

static void add_text(struct ent_text *out, const char *name, ent_str value)
{
	ent_text_addf(out, ",\"%s\":", name);
	if (value.len > 0) {
		ent_json_string(out, value);
	} else {
		ent_text_addf(out, "null");
	}
}

static void add_row(struct ent_text *out, const struct told_row *row)
{
	ent_text_addf(out, "{\"line\":%lld,\"status\":\"%s\"", (long long)row->line,
	              ent_import_status_text(row->status));
	add_text(out, "id", row->id);
	add_text(out, "column", row->column);
	add_text(out, "value", row->value);
	add_text(out, "message", row->message);
	ent_text_char(out, '}');
}

static ent_str report_text(const struct report *report, const struct table *table)
{
	struct ent_text out = ent_text_begin(report->arena);
	const char *comma = "";
	ent_text_addf(&out, "{\"object\":");
	ent_json_string(&out, ent_str_of(table->file.recognised));
	ent_text_addf(&out, ",\"dry_run\":%s,\"counts\":{",
	              table->options.dry_run ? "true" : "false");
	for (int i = 0; i < ENT_IMPORT_STATUS_COUNT; i++) {
		ent_text_addf(&out, "%s\"%s\":%lld", i > 0 ? "," : "",
		              ent_import_status_text((enum ent_import_status)i),
		              (long long)table->file.counts[i]);
	}
	ent_text_addf(&out, "},\"ignored\":[");
	for (const struct told_column *c = report->ignored; c != NULL; c = c->next) {
		ent_text_addf(&out, "%s", comma);
		ent_json_string(&out, c->name);
		comma = ",";
	}
	ent_text_addf(&out, "],\"rows\":[");
	comma = "";
	for (const struct told_row *row = report->rows; row != NULL; row = row->next) {
		ent_text_addf(&out, "%s", comma);
		add_row(&out, row);
		comma = ",";
	}
	ent_text_addf(&out, "]}");
	return ent_text_end(&out);
}

/* ---- now, or in the background ----------------------------------------------------------- */

static enum ent_code run_now(struct ent_request *request, struct ent_call *call,
                             struct table *table, struct ent_error *error)
{
	struct report report = { .arena = call->arena };
	report.last_row = &report.rows;
	report.last_ignored = &report.ignored;
	table->options.row = take_row;
	table->options.ignored = take_ignored;
	table->options.arg = &report;
	enum ent_code code = ent_import_within(call, &table->options, &table->file, error);
	if (code == ENT_OK) {
		ent_reply_json(request, 200, report_text(&report, table));
	}
	return code;
}

static enum ent_code take_in(struct ent_request *request, struct ent_call *call,
                             const struct table *table, struct ent_error *error)
{
	struct ent_import_job job;
	struct ent_list one = { &job, 1 };
	char id[ENT_ID_ROOM];
	ent_str text;
	enum ent_code code =
		ent_import_job_start(call, &table->options, &table->file, &job, error);
	if (code == ENT_OK) {
		code = ent_request_write(request, call, &ent_import_job_type, &one, &text, error);
	}
	if (code == ENT_OK) {
		ent_reply_json(request, 202, text);
		ent_id_format(job.id, ent_import_job_type.prefix, id);
		ent_reply_header(request, "location",
		                 ent_text_format(call->arena, "/v1/imports/%s", id));
	}
	return code;
}

/* columns[HEADER]=COLUMN, and what the members of the JSON object are called. */
static void read_parameter(void *arg, ent_str name, ent_str value, struct ent_arena *arena,
                           struct ent_error *error)
{
	static const ent_str columns = { "columns[", 8 };
	struct table *table = arg;
	struct ent_node node = { .kind = ENT_JSON_STRING, .text = value, .name = name };
	bool flag = ent_str_is(name, "dry_run") || ent_str_is(name, "nulls");
	if (ent_str_begins(name, columns) && name.ptr[name.len - 1] == ']') {
		struct ent_map *map = &table->options.columns;
		struct ent_pair *pairs = ENT_NEW(arena, struct ent_pair, map->count + 1);
		for (size_t i = 0; i < map->count; i++) {
			pairs[i] = map->pairs[i];
		}
		pairs[map->count].name =
			(ent_str){ name.ptr + columns.len, name.len - columns.len - 1 };
		pairs[map->count].value = value;
		*map = (struct ent_map){ pairs, map->count + 1 };
		return;
	}
	if (flag && (ent_str_is(value, "true") || ent_str_is(value, "false"))) {
		node.kind = ent_str_is(value, "true") ? ENT_JSON_TRUE : ENT_JSON_FALSE;
	}
	if (ent_str_is(name, "text") || ent_str_is(name, "background")) {
		ent_note(error, ENT_E_BAD_PARAMETER, pointer_of(&node, arena), value,
		         "the body is the table, and imported in the background");
		return;
	}
	read_member(&node, table, arena, error);
}

enum ent_code ent_handle_run_import(struct ent_request *request, struct ent_call *call,
                                    struct ent_error *error)
{
	struct table table = { .in_background = ent_request_is_text(request) };
	enum ent_code code =
		table.in_background
			? ent_request_each_parameter(request, call->arena, read_parameter, &table,
	                                             error)
			: ent_request_query(request, call, error);
	if (code != ENT_OK) {
		return table.in_background ? (error->code = ENT_E_BAD_PARAMETER) : code;
	}
	code = read_table(request->body, &table, call->arena, error);
	if (code != ENT_OK) {
		return code;
	}
	return table.in_background ? take_in(request, call, &table, error)
	                           : run_now(request, call, &table, error);
}
