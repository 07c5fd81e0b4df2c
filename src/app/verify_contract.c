#include "app/contract.h"
#include "app/verify_inner.h"

enum ent_code ent_verify_contracts(struct ent_call *call, struct ent_verifying *v,
                                   struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(call->db, ent_str_of(ent_contract_kept_wrong),
	                   ENT_ARGS(ent_arg_instant(call->now), ent_arg_id(v->account)),
	                   call->arena, &rows, error);
	for (const struct ent_row *row = code == ENT_OK ? rows.first : NULL; row != NULL;
	     row = row->next) {
		ent_verify_note(v, "state", ent_contract_type.prefix,
		                (ent_id){ row->cell[0].number },
		                "lists find it by another state than it is in");
	}
	return code;
}
