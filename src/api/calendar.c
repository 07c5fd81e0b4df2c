/* What can be asked of a calendar. */
#include "api/inner.h"

#include "app/holiday_import.h"
#include "app/hours.h"
#include "json/calculate.h"

static void read_revision(const struct ent_node *body, int64_t *out, struct ent_error *error)
{
	const struct ent_node *node = ent_json_member(body, "revision");
	*out = 0;
	if (node != NULL && node->kind != ENT_JSON_NULL &&
	    (!ent_json_int(node, out) || *out < 1 || *out > INT32_MAX)) {
		ent_note(error, ENT_E_RANGE, "/revision", node->text,
		         "give the number of a revision, or nothing for the present one");
		*out = 0;
	}
}

enum ent_code ent_handle_calculate_calendar(struct ent_request *request, struct ent_call *call,
                                            struct ent_error *error)
{
	const struct ent_node *body = request->body;
	const struct ent_node *op = ent_json_member(body, "op");
	struct ent_call_hours hours;
	int64_t revision;
	ent_str result;
	ent_id id;
	enum ent_code code = ent_request_query(request, call, error);
	if (code == ENT_OK) {
		code = ent_request_id(request, &id, error);
	}
	if (code == ENT_OK && (body == NULL || body->kind != ENT_JSON_OBJECT)) {
		code = ent_refuse(error, ENT_E_TYPE, "", (ent_str){ NULL, 0 },
		                  "send a JSON object");
	}
	if (code != ENT_OK) {
		return code;
	}
	read_revision(body, &revision, error);
	code = ent_call_hours(call, id, revision, &hours, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_calculation calculation = { .input = body,
		                               .calendar = hours.calendar,
		                               .hours = hours.hours,
		                               .others = "op revision" };
	ent_str name = op != NULL && op->kind == ENT_JSON_STRING ? op->text : ENT_STR("");
	code = ent_calculate(&calculation, name, call->arena, &result, error);
	if (code == ENT_OK) {
		ent_reply_json(request, 200, result);
	}
	return code;
}

/* ---- iCalendar ---- */

static void read_flag(const struct ent_node *node, bool *out, struct ent_error *error)
{
	bool is_flag = node->kind == ENT_JSON_TRUE || node->kind == ENT_JSON_FALSE;
	if (!is_flag && node->kind != ENT_JSON_NULL) {
		ent_note(error, ENT_E_TYPE,
		         ent_str_is(node->name, "replace") ? "/replace" : "/dry_run",
		         (ent_str){ NULL, 0 }, "give true or false");
	}
	*out = node->kind == ENT_JSON_TRUE;
}

static enum ent_code read_import(const struct ent_node *body, struct ent_arena *arena,
                                 struct ent_holiday_import *out, struct ent_error *error)
{
	*out = (struct ent_holiday_import){ .dry_run = false };
	if (body == NULL || body->kind != ENT_JSON_OBJECT) {
		return ent_refuse(error, ENT_E_TYPE, "", (ent_str){ NULL, 0 },
		                  "send a JSON object");
	}
	for (const struct ent_node *n = body->first; n != NULL; n = n->next) {
		bool is_text = n->kind == ENT_JSON_STRING || n->kind == ENT_JSON_NULL;
		if (ent_str_is(n->name, "replace")) {
			read_flag(n, &out->replace, error);
		} else if (ent_str_is(n->name, "dry_run")) {
			read_flag(n, &out->dry_run, error);
		} else if (ent_str_is(n->name, "ics") && is_text) {
			out->ics = n->text;
		} else if (ent_str_is(n->name, "time_zone") && is_text) {
			out->time_zone = n->text;
		} else {
			bool known = ent_str_is(n->name, "ics") || ent_str_is(n->name, "time_zone");
			ent_note(error, known ? ENT_E_TYPE : ENT_E_UNKNOWN_FIELD,
			         ent_text_format(arena, "/%.*s", (int)n->name.len, n->name.ptr).ptr,
			         (ent_str){ NULL, 0 }, known ? "give a text" : "remove it");
		}
	}
	if (out->ics.len == 0) {
		ent_note(error, ENT_E_REQUIRED, "/ics", (ent_str){ NULL, 0 },
		         "give the text of an iCalendar file");
	}
	return ent_noted(error);
}

static ent_str report_text(const struct ent_holiday_report *report, bool dry_run,
                           struct ent_arena *arena)
{
	const struct ent_ical *ical = &report->ical;
	struct ent_text out = ent_text_begin(arena);
	ent_text_addf(&out,
	              "{\"event_count\":%zu,\"added_count\":%zu,\"skipped_count\":%zu,"
	              "\"dry_run\":%s,\"skipped\":[",
	              ical->event_count, report->added, ical->skipped_count,
	              dry_run ? "true" : "false");
	for (size_t i = 0; i < ical->skipped_count && i < ENT_ICAL_SKIPPED_MAX; i++) {
		ent_text_add(&out, i == 0 ? ENT_STR("{\"name\":") : ENT_STR(",{\"name\":"));
		ent_json_string(&out, ical->skipped[i].name);
		ent_text_addf(&out, ",\"reason\":\"%s\"}", ical->skipped[i].reason);
	}
	ent_text_add(&out, ENT_STR("],\"holidays\":"));
	ent_text_add(&out, report->list);
	ent_text_char(&out, '}');
	return ent_text_end(&out);
}

enum ent_code ent_handle_import_holiday_set(struct ent_request *request, struct ent_call *call,
                                            struct ent_error *error)
{
	struct ent_holiday_import import;
	struct ent_holiday_report report;
	int64_t version = 0;
	ent_id id;
	enum ent_code code = ent_request_query(request, call, error);
	if (code == ENT_OK) {
		code = ent_request_id(request, &id, error);
	}
	if (code == ENT_OK) {
		code = ent_request_version(request, call, &version, error);
	}
	if (code == ENT_OK) {
		code = read_import(request->body, call->arena, &import, error);
	}
	if (code == ENT_OK) {
		code = ent_holiday_set_import(call, id, version, &import, &report, error);
	}
	if (code == ENT_OK) {
		ent_reply_json(request, 200, report_text(&report, import.dry_run, call->arena));
		request->reply.version = report.version;
	}
	return code;
}

typedef enum ent_code ics_of(struct ent_call *call, ent_id id, ent_str *out,
                             struct ent_error *error);

static enum ent_code reply_ics(struct ent_request *request, struct ent_call *call, ics_of *write,
                               struct ent_error *error)
{
	ent_id id;
	ent_str text;
	enum ent_code code = ent_request_query(request, call, error);
	if (code == ENT_OK) {
		code = ent_request_id(request, &id, error);
	}
	if (code == ENT_OK) {
		code = write(call, id, &text, error);
	}
	if (code == ENT_OK) {
		request->reply.status = 200;
		request->reply.type = "text/calendar; charset=utf-8";
		request->reply.body = text;
	}
	return code;
}

enum ent_code ent_handle_get_holiday_set_ics(struct ent_request *request, struct ent_call *call,
                                             struct ent_error *error)
{
	return reply_ics(request, call, ent_holiday_set_ics, error);
}

enum ent_code ent_handle_get_calendar_ics(struct ent_request *request, struct ent_call *call,
                                          struct ent_error *error)
{
	return reply_ics(request, call, ent_calendar_ics, error);
}
