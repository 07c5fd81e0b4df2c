/* Simulations of service levels, and checks of their criteria. Policies, versions and calendars
 * that are stored may be named by their identifiers. */
#include "api/inner.h"

#include "app/hours.h"
#include "app/sla_version.h"
#include "json/expression.h"
#include "json/sla_simulate.h"

static enum ent_code find_zone(void *arg, ent_str name, const struct ent_zone **out,
                               struct ent_error *error)
{
	return ent_call_zone(arg, name, ENT_ID_NONE, out, error);
}

static enum ent_code find_clock(void *arg, ent_id calendar, int64_t revision,
                                struct ent_sla_clock *out, struct ent_error *error)
{
	struct ent_call_hours hours;
	enum ent_code code = ent_call_hours(arg, calendar, revision, &hours, error);
	if (code == ENT_OK) {
		*out = (struct ent_sla_clock){ .calendar_id = calendar,
			                       .revision = hours.revision,
			                       .hours = hours.hours,
			                       .zone = hours.zone,
			                       .name = hours.name };
	}
	return code;
}

static enum ent_code find_version(void *arg, ent_id policy, ent_id version, struct ent_arena *arena,
                                  struct ent_sla_version *out, struct ent_error *error)
{
	(void)arena;
	const struct ent_sla_version *found = NULL;
	struct ent_sla_candidate candidate = { policy, version };
	enum ent_code code = ENT_OK;
	if (ent_id_is_none(version)) {
		code = ent_call_sla_policy(arg, policy, &candidate, error);
	}
	if (code == ENT_OK && ent_id_is_none(candidate.version_id)) {
		code = ent_fail(error, ENT_E_NO_SUCH_RECORD, "the policy has no active version");
	}
	if (code == ENT_OK) {
		code = ent_call_sla_version(arg, candidate.version_id, &found, error);
	}
	if (code == ENT_OK) {
		*out = *found;
	}
	return code;
}

enum ent_code ent_handle_simulate_sla(struct ent_request *request, struct ent_call *call,
                                      struct ent_error *error)
{
	const struct ent_sla_world world = { .arg = call,
		                             .find_zone = find_zone,
		                             .find_version = find_version,
		                             .find_clock = find_clock };
	ent_str result;
	enum ent_code code = ent_request_query(request, call, error);
	if (code == ENT_OK && (request->body == NULL || request->body->kind != ENT_JSON_OBJECT)) {
		code = ent_refuse(error, ENT_E_TYPE, "", (ent_str){ NULL, 0 },
		                  "send a JSON object");
	}
	if (code == ENT_OK) {
		code = ent_sla_simulate(request->body, &world, call->arena, &result, error);
	}
	if (code == ENT_OK) {
		ent_reply_json(request, 200, result);
	}
	return code;
}

/* ---- criteria ---- */

/* Notes what is wrong with the body; NULL: there is none. */
static const struct ent_node *expression_of(const struct ent_node *body, struct ent_arena *arena,
                                            struct ent_error *error)
{
	const struct ent_node *found = NULL;
	for (const struct ent_node *n = body->first; n != NULL; n = n->next) {
		if (ent_str_is(n->name, "expression")) {
			found = n;
		} else {
			ent_note(error, ENT_E_UNKNOWN_FIELD,
			         ent_text_format(arena, "/%.*s", (int)n->name.len, n->name.ptr).ptr,
			         (ent_str){ NULL, 0 }, "remove it");
		}
	}
	if (found == NULL || found->kind != ENT_JSON_STRING) {
		ent_note(error, found == NULL ? ENT_E_REQUIRED : ENT_E_TYPE, "/expression",
		         (ent_str){ NULL, 0 }, "give an expression such as priority = \"high\"");
	}
	return found;
}

enum ent_code ent_handle_check_expression(struct ent_request *request, struct ent_call *call,
                                          struct ent_error *error)
{
	enum ent_code code = ent_request_query(request, call, error);
	if (code == ENT_OK && (request->body == NULL || request->body->kind != ENT_JSON_OBJECT)) {
		code = ent_refuse(error, ENT_E_TYPE, "", (ent_str){ NULL, 0 },
		                  "send a JSON object");
	}
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_node *text = expression_of(request->body, call->arena, error);
	code = ent_noted(error);
	if (code == ENT_OK) {
		ent_reply_json(request, 200,
		               ent_expression_check_json(text->text, &ent_case_scope, call->arena));
	}
	return code;
}
