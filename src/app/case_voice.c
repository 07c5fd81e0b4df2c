/* Who spoke last on a case: what response clocks go by. */
#include "app/case.h"
#include "app/sla.h"

/* The customer waits from the first word that was not answered. */
static void customer_spoke(struct ent_case *c, ent_instant now)
{
	if (!c->awaiting_response) {
		c->awaiting_response = true;
		c->last_customer_at = now;
	}
}

static void desk_spoke(struct ent_case *c, ent_instant now)
{
	c->awaiting_response = false;
	c->last_response_at = now;
	if (ent_instant_is_none(c->first_responded_at)) {
		c->first_responded_at = now;
	}
}

enum ent_code ent_case_spoken(struct ent_call *call, ent_id account, ent_id case_id,
                              bool by_customer, struct ent_error *error)
{
	struct ent_case c;
	enum ent_code code = ent_call_lock(call, account, error);
	if (code == ENT_OK) {
		code = ent_row_get(call->db, &ent_case_type, account, case_id, call->arena, &c,
		                   error);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_case before = c;
	if (by_customer) {
		customer_spoke(&c, call->now);
	} else {
		desk_spoke(&c, call->now);
	}
	return ent_case_save(call, &before, &c, by_customer ? "customer_spoke" : "answered", error);
}
