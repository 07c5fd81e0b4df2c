/* Service levels and their versions. */
#include "app/entity.h"
#include "base/text.h"

/* ---- the policy ---------------------------------------------------------------------------- */

ENT_HOOK_CHECK(ent_sla_policy_judge)
{
	(void)given;
	(void)before;
	const struct ent_sla_policy *policy = object;
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db, ENT_STR("SELECT id FROM sla_policy WHERE name = $1 AND id <> $2"),
		ENT_ARGS(ent_arg_text(policy->name), ent_arg_id(policy->id)), call->arena, &rows,
		error);
	if (code == ENT_OK && rows.count > 0) {
		ent_note(error, ENT_E_DUPLICATE, "/name", policy->name,
		         "another service level has this name; give another");
	}
	return code;
}

/* ---- its versions -------------------------------------------------------------------------- */

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
