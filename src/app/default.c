#include "app/entitlement.h"

#include "app/due.h"
#include "app/record.h"

static enum ent_code load_account(struct ent_call *call, ent_id id, struct ent_account *out,
                                  struct ent_error *error)
{
	return ent_row_get(call->db, &ent_account_type, ENT_ID_NONE, id, call->arena, out, error);
}

enum ent_code ent_default_drop(struct ent_call *call, const struct ent_entitlement *e,
                               struct ent_error *error)
{
	struct ent_account account;
	enum ent_code code = load_account(call, e->account_id, &account, error);
	if (code != ENT_OK || !ent_id_eq(account.default_entitlement_id, e->id)) {
		return code;
	}
	struct ent_account before = account;
	account.default_entitlement_id = ENT_ID_NONE;
	return ent_record_save(call, &ent_account_type, &before, &account, "default_cleared",
	                       error);
}

enum ent_code ent_default_set(struct ent_call *call, const struct ent_entitlement *e,
                              struct ent_error *error)
{
	struct ent_account account;
	enum ent_code code = load_account(call, e->account_id, &account, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_account before = account;
	account.default_entitlement_id = e->id;
	return ent_record_save(call, &ent_account_type, &before, &account, "default_set", error);
}

enum ent_code ent_amend_withdraw(struct ent_call *call, struct ent_entitlement *e,
                                 struct ent_error *error)
{
	if (ent_instant_is_none(e->amends_at)) {
		return ENT_OK;
	}
	e->amends_at = ENT_INSTANT_NONE;
	enum ent_code code = ent_db_exec(
		call->db,
		ENT_STR("UPDATE entitlement_revision SET state = 'withdrawn' "
	                "WHERE account_id = $1 AND entitlement_id = $2 AND state = 'scheduled'"),
		ENT_ARGS(ent_arg_id(e->account_id), ent_arg_id(e->id)), ENT_ANY_ROWS, call->arena,
		error);
	if (code == ENT_OK) {
		code = ent_event_append(call, e->account_id, &ent_entitlement_type, e->id,
		                        "amendments_withdrawn", (ent_str){ NULL, 0 },
		                        (ent_str){ NULL, 0 }, error);
	}
	return code;
}
