/* Simulations of service levels. Policies, versions and calendars that are stored may be named by
 * their identifiers. */
#include "api/inner.h"

#include "app/hours.h"
#include "app/sla_version.h"
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
