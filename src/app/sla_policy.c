/* Service levels. Their rules are in versions: sla_policy_version.c. */
#include "app/sla_policy.h"

#include "app/action.h"
#include "app/entity.h"

ENT_HOOK_CHECK(ent_sla_policy_judge)
{
	(void)given;
	(void)before;
	const struct ent_sla_policy *policy = object;
	return ent_check_unique(call, &ent_sla_policy_type, policy->id, "name", policy->name,
	                        error);
}

enum ent_code ent_sla_policy_hold(struct ent_call *call, ent_id id, struct ent_sla_held_policy *out,
                                  struct ent_error *error)
{
	enum ent_code code = ent_record_hold(call, &ent_sla_policy_type, id, 0, &out->now, error);
	if (code == ENT_OK) {
		out->before = ent_record_copy(call->arena, &ent_sla_policy_type, &out->now);
	}
	return code;
}

enum ent_code ent_sla_policy_save(struct ent_call *call, struct ent_sla_held_policy *policy,
                                  const char *verb, struct ent_error *error)
{
	return ent_record_save(call, &ent_sla_policy_type, policy->before, &policy->now, verb,
	                       error);
}

/* ---- delete ---- */

static enum ent_code versions_of(struct ent_call *call, ent_id policy, struct ent_list *out,
                                 struct ent_error *error)
{
	return ent_row_select(call->db, &ent_sla_policy_version_type,
	                      ENT_STR("WHERE sla_policy_id = $1 ORDER BY number"),
	                      ENT_ARGS(ent_arg_id(policy)), call->arena, out, error);
}

/* With its versions, if no case has used any of them. */
ENT_HOOK_REMOVE(ent_sla_policy_remove)
{
	const struct ent_sla_policy *policy = object;
	struct ent_list versions;
	enum ent_code code = versions_of(call, policy->id, &versions, error);
	for (size_t i = 0; code == ENT_OK && i < versions.count; i++) {
		const struct ent_sla_policy_version *items = versions.items;
		if (!ent_instant_is_none(items[i].used_at)) {
			return ent_fail(error, ENT_E_SLA_VERSION_IN_USE,
			                "cases have used version %lld: it is kept, deactivate it",
			                (long long)items[i].number);
		}
		code = ent_record_remove(call, &ent_sla_policy_version_type, &items[i], error);
	}
	return code == ENT_OK ? ent_record_remove(call, &ent_sla_policy_type, policy, error) : code;
}

/* ---- the organisation's default ---- */

#define ACT(name)                                                                              \
	enum ent_code ent_sla_policy_##name(struct ent_call *call, ent_id id, int64_t version, \
	                                    const void *input, void *out, struct ent_error *error)

/* Load it into *out to change it. */
static enum ent_code enter(struct ent_call *call, const char *permission, ent_id id,
                           int64_t version, ent_str reason, struct ent_sla_policy *out,
                           struct ent_error *error)
{
	enum ent_code code = ent_call_may(call, permission, error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, &ent_sla_policy_type, id, version, out, error);
	}
	if (code == ENT_OK && reason.len > 0) {
		call->reason = reason;
	}
	return code;
}

static enum ent_code mark(struct ent_call *call, struct ent_sla_policy *policy, bool is_default,
                          struct ent_error *error)
{
	if (policy->is_default == is_default) {
		return ENT_OK;
	}
	struct ent_sla_policy before = *policy;
	policy->is_default = is_default;
	return ent_record_save(call, &ent_sla_policy_type, &before, policy,
	                       is_default ? "default_set" : "default_cleared", error);
}

static enum ent_code clear_others(struct ent_call *call, ent_id but, struct ent_error *error)
{
	struct ent_list others;
	enum ent_code code = ent_row_select(call->db, &ent_sla_policy_type,
	                                    ENT_STR("WHERE is_default AND id <> $1 ORDER BY id"),
	                                    ENT_ARGS(ent_arg_id(but)), call->arena, &others, error);
	for (size_t i = 0; code == ENT_OK && i < others.count; i++) {
		code = mark(call, &((struct ent_sla_policy *)others.items)[i], false, error);
	}
	return code;
}

ACT(set_default)
{
	const struct ent_input_reason *given = input;
	struct ent_sla_policy *policy = out;
	enum ent_code code =
		enter(call, "sla_policy.update", id, version, given->reason, policy, error);
	if (code == ENT_OK && ent_id_is_none(policy->default_version_id)) {
		return ent_fail(error, ENT_E_STATE,
		                "none of its versions is in force: activate one first");
	}
	if (code == ENT_OK) {
		code = clear_others(call, id, error);
	}
	return code == ENT_OK ? mark(call, policy, true, error) : code;
}

ACT(clear_default)
{
	const struct ent_input_reason *given = input;
	struct ent_sla_policy *policy = out;
	enum ent_code code =
		enter(call, "sla_policy.update", id, version, given->reason, policy, error);
	return code == ENT_OK ? mark(call, policy, false, error) : code;
}

/* ---- a new version ---- */

/* The named one, the default one, or the newest. */
static enum ent_code find_source(struct ent_call *call, const struct ent_sla_policy *policy,
                                 ent_id named, struct ent_sla_policy_version *out,
                                 struct ent_error *error)
{
	struct ent_list versions;
	enum ent_code code = versions_of(call, policy->id, &versions, error);
	ent_id wanted = ent_id_is_none(named) ? policy->default_version_id : named;
	const struct ent_sla_policy_version *items = versions.items;
	if (code != ENT_OK) {
		return code;
	}
	for (size_t i = 0; i < versions.count; i++) {
		if (ent_id_eq(items[i].id, wanted) ||
		    (ent_id_is_none(wanted) && i + 1 == versions.count)) {
			*out = items[i];
			return ENT_OK;
		}
	}
	if (!ent_id_is_none(named)) {
		char text[ENT_ID_ROOM];
		ent_str id = { text, ent_id_format(named, "slv", text) };
		return ent_refuse(error, ENT_E_NO_SUCH_RECORD, "/from_version_id", id,
		                  "name a version of this service level");
	}
	return ent_fail(error, ENT_E_STATE,
	                "there is no version to copy: create the first one with its rules");
}

ACT(new_version)
{
	const struct ent_input_new_version *given = input;
	struct ent_sla_policy policy;
	struct ent_sla_policy_version *copy = out;
	enum ent_code code = enter(call, "sla_policy_version.create", id, version, given->reason,
	                           &policy, error);
	if (code == ENT_OK) {
		code = find_source(call, &policy, given->from_version_id, copy, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	copy->external_system = copy->external_id = (ent_str){ NULL, 0 };
	copy->used_at = ENT_INSTANT_NONE;
	copy->state = ENT_SLA_DRAFT;
	copy->notes = given->notes;
	return ent_record_create(call, &ent_sla_policy_version_type, copy, &(struct ent_set){ 0 },
	                         error);
}
