/* What can be asked of a calendar. */
#include "api/inner.h"

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
