/* What became of the rows of an import in the background. */
#include "app/import_job.h"

#include "api/inner.h"
#include "base/text.h"

static bool read_statuses(ent_str list, unsigned *out)
{
	while (list.len > 0) {
		struct ent_cut cut = ent_str_cut(list, ',');
		unsigned i = 0;
		while (i < ENT_IMPORT_BLANK &&
		       !ent_str_is(cut.head, ent_import_status_text((enum ent_import_status)i))) {
			i++;
		}
		if (i == ENT_IMPORT_BLANK) {
			return false;
		}
		*out |= 1U << i;
		list = cut.tail;
	}
	return true;
}

static bool read_form(ent_str text, enum ent_import_form *out)
{
	for (unsigned i = 0; i < ENT_IMPORT_FORM_COUNT; i++) {
		if (ent_str_is(text, ent_import_form_text((enum ent_import_form)i))) {
			*out = (enum ent_import_form)i;
			return true;
		}
	}
	return false;
}

static void read_parameter(void *arg, ent_str name, ent_str value, struct ent_arena *arena,
                           struct ent_error *error)
{
	struct ent_import_rows *rows = arg;
	const char *remedy = "there is no such parameter here";
	bool good = false;
	if (ent_str_is(name, "status")) {
		remedy = "give created, updated, unchanged, failed";
		good = read_statuses(value, &rows->statuses);
	} else if (ent_str_is(name, "noted")) {
		remedy = "give true or false";
		rows->noted = ent_str_is(value, "true");
		good = rows->noted || ent_str_is(value, "false");
	} else if (ent_str_is(name, "cursor")) {
		remedy = "give the next_cursor of the page before";
		good = ent_str_int(value, &rows->behind) && rows->behind >= 0;
	} else if (ent_str_is(name, "limit")) {
		remedy = "give 1 to 200 for JSON, to 50000 else";
		good = ent_str_int(value, &rows->limit) && rows->limit >= 1;
	} else if (ent_str_is(name, "format")) {
		remedy = "give json, csv, or file";
		good = read_form(value, &rows->form);
	}
	if (!good) {
		ent_note(error, ENT_E_BAD_PARAMETER,
		         ent_text_format(arena, "/%.*s", (int)name.len, name.ptr).ptr, value, "%s",
		         remedy);
	}
}

static void reply(struct ent_request *request, const struct ent_import_rows *rows,
                  struct ent_arena *arena)
{
	if (rows->form == ENT_IMPORT_AS_JSON) {
		ent_reply_json(request, 200, rows->text);
		return;
	}
	request->reply.status = 200;
	request->reply.type = "text/csv; charset=utf-8";
	request->reply.body = rows->text;
	if (rows->has_more) {
		ent_str path = request->exchange->path;
		ent_reply_header(
			request, "link",
			ent_text_format(arena, "<%.*s?format=%s&cursor=%lld>; rel=\"next\"",
		                        (int)path.len, path.ptr, ent_import_form_text(rows->form),
		                        (long long)rows->last));
	}
}

enum ent_code ent_handle_list_import_rows(struct ent_request *request, struct ent_call *call,
                                          struct ent_error *error)
{
	struct ent_import_rows rows = { .limit = 0 };
	ent_id id;
	enum ent_code code =
		ent_request_each_parameter(request, call->arena, read_parameter, &rows, error);
	if (code != ENT_OK) {
		return error->code = ENT_E_BAD_PARAMETER;
	}
	bool json = rows.form == ENT_IMPORT_AS_JSON;
	int64_t most = json ? ENT_IMPORT_JSON_MAX : ENT_IMPORT_CSV_MAX;
	if (rows.limit > most) {
		return ent_refuse(error, ENT_E_BAD_PARAMETER, "/limit", (ent_str){ NULL, 0 },
		                  "give at most %lld", (long long)most);
	}
	rows.limit = rows.limit > 0 ? rows.limit : json ? ENT_LIMIT_DEFAULT : most;
	code = ent_request_id(request, &id, error);
	if (code == ENT_OK) {
		code = ent_import_job_rows(call, id, &rows, error);
	}
	if (code == ENT_OK) {
		reply(request, &rows, call->arena);
	}
	return code;
}
