/* Taking back what has not happened yet. */
#include "app/action.h"
#include "app/entitlement_act.h"
#include "core/life.h"

static enum ent_code no_such(const char *pointer, const char *what, struct ent_error *error)
{
	return ent_refuse(error, ENT_E_NO_SUCH_RECORD, pointer, (ent_str){ NULL, 0 },
	                  "name a scheduled %s of this entitlement", what);
}

/* The revision is marked, and the entitlement is due at the next one that is left. */
static enum ent_code withdraw_amendment(struct ent_call *call, struct ent_entitlement *e,
                                        ent_id revision, struct ent_error *error)
{
	struct ent_list scheduled;
	enum ent_code code = ent_row_select(
		call->db, &ent_entitlement_revision_type,
		ENT_STR("WHERE account_id = $1 AND entitlement_id = $2 AND state = 'scheduled' "
	                "ORDER BY effective_at, id"),
		ENT_ARGS(ent_arg_id(e->account_id), ent_arg_id(e->id)), call->arena, &scheduled,
		error);
	struct ent_entitlement_revision *rows = scheduled.items;
	struct ent_entitlement_revision *found = NULL;
	e->amends_at = ENT_INSTANT_NONE;
	for (size_t i = 0; i < scheduled.count && code == ENT_OK; i++) {
		if (ent_id_eq(rows[i].id, revision)) {
			found = &rows[i];
		} else if (ent_instant_is_none(e->amends_at)) {
			e->amends_at = rows[i].effective_at;
		}
	}
	if (code != ENT_OK || found == NULL) {
		return code != ENT_OK ? code : no_such("/revision_id", "amendment", error);
	}
	struct ent_entitlement_revision withdrawn = *found;
	withdrawn.state = ENT_REVISION_WITHDRAWN;
	struct ent_set set =
		ent_row_diff(&ent_entitlement_revision_type, found, &withdrawn, *call->arena);
	return ent_row_update(call->db, &ent_entitlement_revision_type, &withdrawn, &set,
	                      call->arena, error);
}

enum ent_code ent_entitlement_withdraw(struct ent_call *call, ent_id id, int64_t version,
                                       const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_withdraw *given = input;
	struct ent_held held;
	const char *verb = ent_id_is_none(given->suspension_id) ? "cancellation_withdrawn"
	                                                        : "suspension_withdrawn";
	enum ent_code code =
		ent_act_enter(call, "entitlement.amend", id, version, given->reason, &held, error);
	if (code == ENT_OK && !ent_id_is_none(given->revision_id)) {
		verb = "amendment_withdrawn";
		code = withdraw_amendment(call, held.now, given->revision_id, error);
	} else if (code == ENT_OK) {
		code = ent_life_withdraw(held.now, held.zone, call->now, given->suspension_id,
		                         error);
		if (code == ENT_E_NOT_FOUND) {
			code = no_such("/suspension_id", "suspension", error);
		}
	}
	return code == ENT_OK ? ent_act_leave(call, &held, verb, out, error) : code;
}
