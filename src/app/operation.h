/* operation.h - operations on contracts: load, plan, show; and unless it is a preview, write.
 *
 *     struct ent_operating op;
 *     code = ent_operation_begin(call, &asked, id, version, &op, error);
 *     … ent_plan_suspend(&op.plan, &op.holdings[0], input, error);    a pure planner
 *     code = ent_operation_end(&op, out, error);
 *
 * A preview (call->preview) runs the same way in a reading transaction and stops before the
 * writing. Faults that planners note fail ent_operation_end(), all at once.
 */
#ifndef ENT_APP_OPERATION_H
#define ENT_APP_OPERATION_H

#include "app/contract.h"
#include "core/input.h"
#include "core/plan.h"

enum { ENT_OPERATION_CONTRACTS_MAX = 50 };

struct ent_operation_asked {
	enum ent_contract_operation_kind kind;
	enum ent_contract_action action; /* whose permission is "contract.<text>" */
	const struct ent_type *input_type;
	const void *input;
	ent_str reason;
	struct ent_ids lines; /* that it is about; none: the contract */
	bool reviewed;        /* it may be in review: nothing is written before it is recalled */
};

struct ent_operating {
	struct ent_call *call;
	struct ent_operation_asked asked;
	struct ent_plan plan;
	struct ent_holding holdings[ENT_OPERATION_CONTRACTS_MAX]; /* the first one is operated on */
	size_t count;
};

/* Permission, the account's lock (but for a preview), version, contract with all that is in it; a
 * plan for today. FORBIDDEN, NOT_FOUND, PRECONDITION_FAILED, EDIT_LOCKED (in review). */
ENT_CHECK enum ent_code ent_operation_begin(struct ent_call *call,
                                            const struct ent_operation_asked *asked, ent_id id,
                                            int64_t version, struct ent_operating *op,
                                            struct ent_error *error);

/* One more contract, locked likewise, at op->holdings[op->count]. NOT_FOUND, LIMIT. */
ENT_CHECK enum ent_code ent_operation_hold(struct ent_operating *op, ent_id id,
                                           struct ent_error *error);

/* Fails if anything was noted. Prices the plan, shows it in *out, and writes it. */
ENT_CHECK enum ent_code ent_operation_end(struct ent_operating *op,
                                          struct ent_contract_plan *out, struct ent_error *error);

/* Plan a renewal with all that the planner has to know; ent_operation_end() comes next. `key`:
 * contract.renewal_key of the new one, or no text. */
ENT_CHECK enum ent_code ent_operation_renew(struct ent_operating *op,
                                            const struct ent_input_contract_renew *input,
                                            ent_str key, struct ent_error *error);

#endif
