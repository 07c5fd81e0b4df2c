#include "core/input_contract.h"

#define ENT_INPUT(name_)                                                         \
	const struct ent_type ent_input_##name_##_type = {                       \
		.name = "input_" #name_, .fields = name_##_fields,               \
		.count = ENT_COUNT(name_##_fields),                              \
		.size = sizeof(struct ent_input_##name_), .label = "reason",     \
		.search = "", .meaning = "What the operation takes",             \
	};

#define ENT_STRUCT struct ent_contract_plan
#define ENT_SELF   ent_contract_plan_type
static const struct ent_field contract_plan_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_plan.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
const struct ent_type ent_contract_plan_type = {
	.name = "contract_plan", .fields = contract_plan_fields,
	.count = ENT_COUNT(contract_plan_fields), .size = sizeof(struct ent_contract_plan),
	.meaning = "What an operation on a contract does, or in a preview would do",
};

#define ENT_STRUCT struct ent_input_contract_suspend
#define ENT_SELF   ent_input_contract_suspend_type
static const struct ent_field contract_suspend_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_suspend.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_suspend)

#define ENT_STRUCT struct ent_input_contract_resume
#define ENT_SELF   ent_input_contract_resume_type
static const struct ent_field contract_resume_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_resume.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_resume)

#define ENT_STRUCT struct ent_input_contract_cancel
#define ENT_SELF   ent_input_contract_cancel_type
static const struct ent_field contract_cancel_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_cancel.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_cancel)

#define ENT_STRUCT struct ent_input_contract_extend
#define ENT_SELF   ent_input_contract_extend_type
static const struct ent_field contract_extend_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_extend.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_extend)

#define ENT_STRUCT struct ent_input_contract_shorten
#define ENT_SELF   ent_input_contract_shorten_type
static const struct ent_field contract_shorten_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_shorten.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_shorten)
