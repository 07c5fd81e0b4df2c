#include "app/export.h"

#include "app/export_inner.h"
#include "app/import_source.h"
#include "json/json.h"

#include <stdlib.h>
#include <string.h>

struct export
{
	const struct ent_export_options *options;
	const struct ent_import_object *object; /* NULL for JSON lines */
	const struct ent_type *type;
	char cursor[4096]; /* where the next page begins; empty: at the start */
	bool is_done;
	int64_t rows;
	char *page; /* its text, until it is written */
	size_t len, room;
	int64_t page_rows;
	char next_cursor[4096];
	bool page_is_last;
	struct ent_export_name names[ENT_EXPORT_NAMES];
};

/* ---- a page of text ---------------------------------------------------------------------- */

static enum ent_code add_text(struct export *e, ent_str text, struct ent_error *error)
{
	if (e->len + text.len > e->room) {
		size_t room = 2 * (e->len + text.len);
		char *page = realloc(e->page, room);
		if (page == NULL) {
			return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for a page");
		}
		e->page = page;
		e->room = room;
	}
	memcpy(e->page + e->len, text.ptr, text.len);
	e->len += text.len;
	return ENT_OK;
}

static enum ent_code add_cells(struct export *e, struct ent_arena arena, const ent_str *cells,
                               size_t count, struct ent_error *error)
{
	struct ent_text text = ent_text_begin(&arena);
	for (size_t i = 0; i < count; i++) {
		ent_csv_field(&text, i == 0, cells[i], e->options->guard);
	}
	ent_csv_end(&text);
	e->page_rows++;
	return add_text(e, ent_text_end(&text), error);
}

static enum ent_code add_header(struct export *e, struct ent_arena arena, struct ent_error *error)
{
	ent_str cells[ENT_CSV_COLUMNS_MAX];
	enum ent_code code = e->options->bom ? add_text(e, ENT_STR("\xEF\xBB\xBF"), error) : ENT_OK;
	size_t count = e->options->format == ENT_EXPORT_SALESFORCE
	                       ? ent_export_salesforce_header(e->object, cells)
	                       : ent_export_header(e->object, &arena, cells);
	if (code == ENT_OK) {
		code = add_cells(e, arena, cells, count, error);
	}
	e->page_rows = 0;
	return code;
}

/* ---- records ----------------------------------------------------------------------------- */

static enum ent_code add_json(struct export *e, struct ent_arena arena, const void *record,
                              struct ent_error *error)
{
	struct ent_text text = ent_text_begin(&arena);
	ent_json_write(e->type, record, NULL, &text);
	ent_text_char(&text, '\n');
	e->page_rows++;
	return add_text(e, ent_text_end(&text), error);
}

/* A row for each contact that it names. */
static enum ent_code add_named(struct export *e, struct ent_export_row *row,
                               struct ent_error *error)
{
	const struct ent_entitlement *entitlement = row->record;
	ent_str cells[2];
	enum ent_code code =
		ent_export_refer(row, &ent_entitlement_type, entitlement->id, &cells[0], error);
	for (size_t i = 0; i < entitlement->contacts.count && code == ENT_OK; i++) {
		code = ent_export_refer(row, &ent_contact_type, entitlement->contacts.items[i],
		                        &cells[1], error);
		if (code == ENT_OK) {
			code = add_cells(e, *row->call->arena, cells, 2, error);
		}
	}
	return code;
}

static enum ent_code add_record(struct export *e, struct ent_call *call, const void *record,
                                struct ent_error *error)
{
	const struct ent_record *head = record;
	struct ent_arena scratch = *call->arena;
	struct ent_call own = ent_call_within(call, &scratch);
	struct ent_export_row row;
	enum ent_code code;
	if (e->options->format == ENT_EXPORT_JSONL) {
		return add_json(e, scratch, record, error);
	}
	row.call = &own;
	row.names = e->names;
	row.object = e->object;
	row.record = record;
	row.system = e->options->format == ENT_EXPORT_SALESFORCE ? ENT_STR("salesforce")
	             : head->external_id.len > 0                 ? head->external_system
	                                                         : ENT_STR("entitled");
	if (e->object->adds_contact) {
		code = add_named(e, &row, error);
	} else {
		code = e->options->format == ENT_EXPORT_SALESFORCE
		               ? ent_export_salesforce_cells(&row, error)
		               : ent_export_cells(&row, error);
		code = code == ENT_OK ? add_cells(e, scratch, row.cells, row.count, error) : code;
	}
	ent_call_end(&own);
	return code;
}

/* ---- pages ------------------------------------------------------------------------------- */

/* "total[gte]=5" */
static void add_filter(struct export *e, struct ent_query *query, const char *filter,
                       struct ent_arena *arena, struct ent_error *error)
{
	struct ent_cut cut = ent_str_cut(ent_str_of(filter), '=');
	struct ent_cut name = ent_str_cut(cut.head, '[');
	ent_str op = name.tail;
	if (op.len > 0 && op.ptr[op.len - 1] == ']') {
		op.len--;
	}
	ent_query_filter(query, e->type, ent_str_trim(name.head), op, ent_str_trim(cut.tail), arena,
	                 error);
}

static enum ent_code read_page(struct export *e, struct ent_call *call, struct ent_page *page,
                               struct ent_error *error)
{
	struct ent_query query = { .limit = ENT_LIMIT_MAX, .sort_count = 1 };
	query.sort[0].field = &e->type->fields[ENT_AT_ID];
	query.cursor = ent_str_of(e->cursor);
	for (size_t i = 0; i < e->options->filter_count; i++) {
		add_filter(e, &query, e->options->filters[i], call->arena, error);
	}
	enum ent_code code = ent_noted(error);
	return code == ENT_OK ? ent_record_list(call, e->type, &query, page, error) : code;
}

static enum ent_code make_page(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct export *e = arg;
	struct ent_page page;
	e->len = 0;
	e->page_rows = 0;
	bool first = e->cursor[0] == '\0' && e->object != NULL;
	enum ent_code code = first ? add_header(e, *call->arena, error) : ENT_OK;
	if (code == ENT_OK) {
		code = read_page(e, call, &page, error);
	}
	for (size_t i = 0; code == ENT_OK && i < page.list.count; i++) {
		code = add_record(e, call, (const char *)page.list.items + i * e->type->size,
		                  error);
	}
	if (code != ENT_OK) {
		return code;
	}
	e->page_is_last = !page.has_more;
	assert(page.next_cursor.len < sizeof(e->next_cursor));
	if (page.has_more) {
		memcpy(e->next_cursor, page.next_cursor.ptr, page.next_cursor.len);
		e->next_cursor[page.next_cursor.len] = '\0';
	}
	return ENT_OK;
}

static enum ent_code write_all(struct export *e, struct ent_app *app, const struct ent_call *model,
                               struct ent_error *error)
{
	const struct ent_export_options *o = e->options;
	enum ent_code code = ENT_OK;
	bool written = true;
	while (!e->is_done && code == ENT_OK) {
		ent_error_clear(error);
		code = ent_app_run(app, ENT_READ, model, make_page, e, error);
		if (code == ENT_OK) {
			written = e->len == 0 || o->write(o->arg, (ent_str){ e->page, e->len });
			e->is_done = e->page_is_last || !written;
			e->rows += e->page_rows;
			memcpy(e->cursor, e->next_cursor, sizeof(e->cursor));
		}
	}
	return written ? code : ent_fail(error, ENT_E_SYSTEM, "the output could not be written");
}

static enum ent_code find_type(struct export *e, struct ent_error *error)
{
	ent_str name = ent_str_of(e->options->entity);
	if (e->options->format == ENT_EXPORT_JSONL) {
		e->type = ent_type_plural(name) != NULL ? ent_type_plural(name)
		                                        : ent_type_named(name);
		if (e->type != NULL && e->type->plural == NULL) {
			e->type = NULL;
		}
	} else {
		e->object = e->options->format == ENT_EXPORT_SALESFORCE
		                    ? ent_import_source_object(&ent_salesforce_source, name)
		                    : ent_native_object(name);
		if (e->object == NULL && e->options->format == ENT_EXPORT_SALESFORCE &&
		    ent_native_object(name) != NULL) {
			e->object = ent_salesforce_of(ent_native_object(name));
		}
		if (e->object != NULL && e->object->is_one_way) {
			e->object = NULL;
		}
		e->type = e->object == NULL ? NULL : e->object->type;
	}
	if (e->type != NULL) {
		return ENT_OK;
	}
	return ent_fail(error, ENT_E_UNKNOWN_VALUE,
	                e->options->format == ENT_EXPORT_CSV
	                        ? "there is no table %.40s; give one of " ENT_EXPORT_TABLES
	                        : "there are no %s to export",
	                e->options->entity);
}

enum ent_code ent_export_run(struct ent_app *app, const struct ent_call *model,
                             const struct ent_export_options *options, int64_t *rows,
                             struct ent_error *error)
{
	struct export *e = calloc(1, sizeof(*e));
	if (e == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the export");
	}
	e->options = options;
	enum ent_code code = find_type(e, error);
	if (code == ENT_OK) {
		code = write_all(e, app, model, error);
	}
	*rows = e->rows;
	free(e->page);
	free(e);
	return code;
}
