/* Versions of service levels: rules that are frozen once a case has used them. */
#include "app/action.h"
#include "app/entity.h"
#include "app/sla_policy.h"
#include "base/text.h"
#include "json/sla.h"

static const struct ent_type *const type = &ent_sla_policy_version_type;

/* ---- shown ---- */

const struct ent_derived ent_sla_policy_version_derived[] = {
	{ "is_default", "(EXISTS (SELECT 1 FROM sla_policy p"
	                " WHERE p.id = t.sla_policy_id AND p.default_version_id = t.id))" },
	{ NULL, NULL },
};

/* Which of these are what cases of their policies get? One query. */
static enum ent_code find_defaults(struct ent_call *call, const struct ent_list *objects,
                                   struct ent_rows *out, struct ent_error *error)
{
	const struct ent_sla_policy_version *items = objects->items;
	struct ent_value *args = ENT_NEW(call->arena, struct ent_value, ENT_IDS_ROOM);
	ent_id *ids = ENT_NEW(call->arena, ent_id, objects->count);
	for (size_t i = 0; i < objects->count; i++) {
		ids[i] = items[i].id;
	}
	struct ent_text sql = ent_text_begin(call->arena);
	ent_text_add(&sql, ENT_STR("SELECT default_version_id FROM sla_policy "
	                           "WHERE default_version_id IN ("));
	size_t n = ent_args_ids(&sql, args, 0, (struct ent_ids){ ids, objects->count });
	ent_text_char(&sql, ')');
	return ent_db_run(call->db, ent_text_end(&sql), args, n, call->arena, out, error);
}

ENT_HOOK_DECORATE(ent_sla_policy_version_decorate)
{
	struct ent_sla_policy_version *items = objects->items;
	struct ent_rows rows;
	if (objects->count == 0) {
		return ENT_OK;
	}
	enum ent_code code = find_defaults(call, objects, &rows, error);
	for (size_t i = 0; i < objects->count && code == ENT_OK; i++) {
		const struct ent_row *row = rows.first;
		while (row != NULL && row->cell[0].number != items[i].id.value) {
			row = row->next;
		}
		items[i].is_default = row != NULL;
	}
	return code;
}

/* ---- judged ---- */

/* Of a version that cases have used, only notes and what others keep in it may change. */
static void check_frozen(const struct ent_sla_policy_version *before,
                         const struct ent_sla_policy_version *version, struct ent_arena *arena,
                         struct ent_error *error)
{
	if (before == NULL || ent_instant_is_none(before->used_at)) {
		return;
	}
	struct ent_set changed = ent_row_diff(type, before, version, *arena);
	for (size_t i = ENT_AT_METADATA + 1; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (ent_set_has(&changed, i) && field != ENT_FIELD_OF(sla_policy_version, notes)) {
			ent_note(error, ENT_E_SLA_VERSION_IN_USE,
			         ent_text_format(arena, "/%s", field->name).ptr,
			         (ent_str){ NULL, 0 },
			         "cases use this version: make a new one and change that");
		}
	}
}

static enum ent_code check_rules(struct ent_call *call, const struct ent_sla_policy_version *row,
                                 struct ent_error *error)
{
	struct ent_sla_version version;
	struct ent_error own;
	ent_error_clear(&own);
	enum ent_code code = ent_sla_version_check(row, call->arena, &version, &own);
	size_t kept = own.issue_count < ENT_ISSUE_MAX ? own.issue_count : ENT_ISSUE_MAX;
	for (size_t i = 0; i < kept; i++) {
		const struct ent_issue *issue = &own.issues[i];
		ent_note(error, issue->code, issue->pointer, ent_str_of(issue->value), "%s",
		         issue->remedy);
	}
	if (code != ENT_OK && own.issue_count == 0) {
		*error = own;
		return code;
	}
	return ent_sla_rules_check(call, &version, error);
}

ENT_HOOK_CHECK(ent_sla_policy_version_judge)
{
	(void)given;
	const struct ent_sla_policy_version *version = object;
	check_frozen(before, version, call->arena, error);
	return check_rules(call, version, error);
}

/* ---- written ---- */

ENT_HOOK_CREATE(ent_sla_policy_version_create)
{
	struct ent_sla_policy_version *version = object;
	struct ent_sla_held_policy policy;
	enum ent_code code = ent_sla_policy_hold(call, version->sla_policy_id, &policy, error);
	if (code != ENT_OK) {
		return code;
	}
	version->number = ++policy.now.version_count;
	code = ent_record_insert(call, type, version, "created", error);
	return code == ENT_OK ? ent_sla_policy_save(call, &policy, "version_added", error) : code;
}

/* Make `id` (or none) what cases of the policy get. */
static enum ent_code set_default_version(struct ent_call *call, ent_id policy_id, ent_id id,
                                         struct ent_error *error)
{
	struct ent_sla_held_policy policy;
	enum ent_code code = ent_sla_policy_hold(call, policy_id, &policy, error);
	if (code == ENT_OK && !ent_id_eq(policy.now.default_version_id, id)) {
		policy.now.default_version_id = id;
		code = ent_sla_policy_save(call, &policy, "default_version_set", error);
	}
	return code;
}

/* The policy's default, if it is this one, becomes none. */
static enum ent_code drop_default(struct ent_call *call,
                                  const struct ent_sla_policy_version *version,
                                  struct ent_error *error)
{
	struct ent_sla_held_policy policy;
	enum ent_code code = ent_sla_policy_hold(call, version->sla_policy_id, &policy, error);
	if (code == ENT_OK && ent_id_eq(policy.now.default_version_id, version->id)) {
		policy.now.default_version_id = ENT_ID_NONE;
		code = ent_sla_policy_save(call, &policy, "default_version_cleared", error);
	}
	return code;
}

ENT_HOOK_REMOVE(ent_sla_policy_version_remove)
{
	const struct ent_sla_policy_version *version = object;
	if (!ent_instant_is_none(version->used_at)) {
		return ent_fail(error, ENT_E_SLA_VERSION_IN_USE,
		                "cases have used this version: it is kept, deactivate it");
	}
	enum ent_code code = drop_default(call, version, error);
	return code == ENT_OK ? ent_record_remove(call, type, version, error) : code;
}

/* ---- actions ---- */

#define ACT(name)                                                                                  \
	enum ent_code ent_sla_policy_version_##name(struct ent_call *call, ent_id id,              \
	                                            int64_t version, const void *input, void *out, \
	                                            struct ent_error *error)

static enum ent_code enter(struct ent_call *call, ent_id id, int64_t version, const void *input,
                           struct ent_sla_policy_version *out, struct ent_error *error)
{
	const struct ent_input_reason *given = input;
	enum ent_code code = ent_call_may(call, "sla_policy_version.update", error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, type, id, version, out, error);
	}
	if (code == ENT_OK && given->reason.len > 0) {
		call->reason = given->reason;
	}
	return code;
}

static enum ent_code move(struct ent_call *call, struct ent_sla_policy_version *version,
                          enum ent_sla_version_state state, const char *verb,
                          struct ent_error *error)
{
	struct ent_sla_policy_version before = *version;
	version->state = state;
	return ent_record_save(call, type, &before, version, verb, error);
}

/* A policy without default gets this one. */
static enum ent_code fill_default(struct ent_call *call,
                                  const struct ent_sla_policy_version *version,
                                  struct ent_error *error)
{
	struct ent_sla_held_policy policy;
	enum ent_code code = ent_sla_policy_hold(call, version->sla_policy_id, &policy, error);
	if (code == ENT_OK && ent_id_is_none(policy.now.default_version_id)) {
		code = set_default_version(call, version->sla_policy_id, version->id, error);
	}
	return code;
}

ACT(activate)
{
	struct ent_sla_policy_version *row = out;
	enum ent_code code = enter(call, id, version, input, row, error);
	if (code == ENT_OK && row->state == ENT_SLA_ACTIVE) {
		return ent_fail(error, ENT_E_STATE, "it is active already");
	}
	if (code == ENT_OK && ent_str_is(row->rules.text, "[]")) {
		return ent_refuse(error, ENT_E_REQUIRED, "/rules", (ent_str){ NULL, 0 },
		                  "a version without rules promises nothing: give one");
	}
	if (code == ENT_OK) {
		code = check_rules(call, row, error);
	}
	if (code == ENT_OK) {
		code = ent_noted(error);
	}
	if (code == ENT_OK) {
		code = move(call, row, ENT_SLA_ACTIVE, "activated", error);
	}
	if (code == ENT_OK) {
		code = fill_default(call, row, error);
	}
	return code == ENT_OK ? ent_record_decorate(call, type, row, error) : code;
}

ACT(deactivate)
{
	struct ent_sla_policy_version *row = out;
	enum ent_code code = enter(call, id, version, input, row, error);
	if (code == ENT_OK && row->state != ENT_SLA_ACTIVE) {
		return ent_fail(error, ENT_E_STATE, "it is not active");
	}
	if (code == ENT_OK) {
		code = move(call, row, ENT_SLA_INACTIVE, "deactivated", error);
	}
	if (code == ENT_OK) {
		code = drop_default(call, row, error);
	}
	return code == ENT_OK ? ent_record_decorate(call, type, row, error) : code;
}

ACT(set_default)
{
	struct ent_sla_policy_version *row = out;
	enum ent_code code = enter(call, id, version, input, row, error);
	if (code == ENT_OK && row->state != ENT_SLA_ACTIVE) {
		return ent_fail(error, ENT_E_STATE, "only an active version can be the default");
	}
	if (code == ENT_OK) {
		code = set_default_version(call, row->sla_policy_id, id, error);
	}
	return code == ENT_OK ? ent_record_decorate(call, type, row, error) : code;
}

ACT(validate)
{
	struct ent_sla_policy_version *row = out;
	(void)input;
	enum ent_code code = ent_call_may(call, "sla_policy_version.read", error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, type, id, version, row, error);
	}
	if (code == ENT_OK) {
		code = check_rules(call, row, error);
	}
	if (code == ENT_OK) {
		code = ent_noted(error);
	}
	return code == ENT_OK ? ent_record_decorate(call, type, row, error) : code;
}
