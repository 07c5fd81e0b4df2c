/* contract_operate.c - the operations inside one contract. */
#include "app/action.h"
#include "app/operation.h"
#include "core/plan_amend.h"

/* Begin, plan, end: what each of them does. Their inputs have lines and a reason. */
#define OPERATION(name, KIND)                                                                    \
	enum ent_code ent_contract_##name(struct ent_call *call, ent_id id, int64_t version,      \
	                                  const void *input, void *out, struct ent_error *error)  \
	{                                                                                         \
		const struct ent_input_contract_##name *given = input;                            \
		const struct ent_operation_asked asked = {                                        \
			.kind = ENT_OPERATION_##KIND,                                             \
			.action = ENT_CONTRACT_DO_##KIND,                                         \
			.input_type = &ent_input_contract_##name##_type,                          \
			.input = input,                                                           \
			.reason = given->reason,                                                  \
			.lines = given->lines,                                                    \
		};                                                                                \
		struct ent_operating *op = ENT_NEW(call->arena, struct ent_operating, 1);         \
		enum ent_code code = ent_operation_begin(call, &asked, id, version, op, error);   \
		if (code == ENT_OK) {                                                             \
			ent_error_clear(error);                                                   \
			ent_plan_##name(&op->plan, &op->holdings[0], given, error);               \
			code = ent_operation_end(op, out, error);                                 \
		}                                                                                 \
		return code;                                                                      \
	}

OPERATION(suspend, SUSPEND)
OPERATION(resume, RESUME)
OPERATION(cancel, CANCEL)
OPERATION(extend, EXTEND)
OPERATION(shorten, SHORTEN)
