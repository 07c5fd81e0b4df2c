/* Lists that people keep: their own, and those that somebody shares. */
#include "app/view.h"
#include "app/entity.h"

bool ent_view_is_seen(const struct ent_call *call, const struct ent_view *view)
{
	return view->shared || call->who->who == ENT_WHO_SYSTEM ||
	       (call->who->who == ENT_WHO_USER && ent_id_eq(view->user_id, call->who->id));
}

/* One's own, or, for who runs the place, what everybody sees. */
static enum ent_code may_change(const struct ent_call *call, const struct ent_view *view,
                                struct ent_error *error)
{
	bool is_own = call->who->who == ENT_WHO_USER && ent_id_eq(view->user_id, call->who->id);
	bool is_ours = call->who->role == ENT_ROLE_ADMIN || ent_id_is_none(view->user_id);
	return is_own || is_ours ? ENT_OK
	                         : ent_fail(error, ENT_E_FORBIDDEN,
	                                    "it is somebody else's: make one like it");
}

ENT_HOOK_CREATE(ent_view_prepare)
{
	struct ent_view *view = object;
	(void)error;
	view->user_id = call->who->who == ENT_WHO_USER ? call->who->id : ENT_ID_NONE;
	return ENT_OK;
}

static enum ent_code check_name(struct ent_call *call, const struct ent_view *view,
                                struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT id FROM \"view\" WHERE COALESCE(user_id, 0) = $1 AND list = $2 AND "
	                "name = $3 AND id <> $4"),
		ENT_ARGS(ent_arg_int(view->user_id.value), ent_arg_text(view->list),
	                 ent_arg_text(view->name), ent_arg_id(view->id)),
		call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		ent_note(error, ENT_E_DUPLICATE, "/name", view->name,
		         "another view of this list has it");
	}
	return code;
}

ENT_HOOK_CHECK(ent_view_judge)
{
	(void)given;
	const struct ent_view *view = object;
	enum ent_code code = before == NULL ? ENT_OK : may_change(call, before, error);
	const struct ent_type *type = ent_type_named(view->list);
	if (type == NULL || type->plural == NULL) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/list", view->list,
		         "give a type of record such as case");
		type = NULL;
	}
	for (size_t i = 0; type != NULL && i < view->columns.count; i++) {
		const struct ent_field *field = ent_type_field(type, view->columns.items[i]);
		if (field == NULL || !ent_field_is_shown(field)) {
			ent_note(error, ENT_E_UNKNOWN_VALUE, "/columns", view->columns.items[i],
			         "name fields of %s", type->name);
		}
	}
	if (ent_id_is_none(view->user_id) && !view->shared) {
		ent_note(error, ENT_E_INVALID, "/shared", ENT_STR("false"),
		         "a program has no views of its own: share it");
	}
	return code == ENT_OK ? check_name(call, view, error) : code;
}

ENT_HOOK_REMOVE(ent_view_remove)
{
	enum ent_code code = may_change(call, object, error);
	return code == ENT_OK ? ent_record_remove(call, &ent_view_type, object, error) : code;
}
