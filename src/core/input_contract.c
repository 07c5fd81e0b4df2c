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

#define ENT_STRUCT struct ent_input_line_quantity
#define ENT_SELF   ent_input_line_quantity_type
static const struct ent_field line_quantity_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/line_quantity.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(line_quantity)

#define ENT_STRUCT struct ent_input_line_swap
#define ENT_SELF   ent_input_line_swap_type
static const struct ent_field line_swap_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/line_swap.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(line_swap)

#define ENT_STRUCT struct ent_input_line_amend
#define ENT_SELF   ent_input_line_amend_type
static const struct ent_field line_amend_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/line_amend.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(line_amend)

#define ENT_STRUCT struct ent_input_contract_upsell
#define ENT_SELF   ent_input_contract_upsell_type
static const struct ent_field contract_upsell_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_upsell.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_upsell)

#define ENT_STRUCT struct ent_input_contract_downsell
#define ENT_SELF   ent_input_contract_downsell_type
static const struct ent_field contract_downsell_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_downsell.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_downsell)

#define ENT_STRUCT struct ent_input_contract_swap
#define ENT_SELF   ent_input_contract_swap_type
static const struct ent_field contract_swap_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_swap.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_swap)

#define ENT_STRUCT struct ent_input_contract_amend
#define ENT_SELF   ent_input_contract_amend_type
static const struct ent_field contract_amend_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_amend.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_amend)

#define ENT_STRUCT struct ent_input_contract_add_lines
#define ENT_SELF   ent_input_contract_add_lines_type
static const struct ent_field contract_add_lines_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_add_lines.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_add_lines)
