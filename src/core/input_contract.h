/* input_contract.h - what operations on contracts take, and what they answer. */
#ifndef ENT_CORE_INPUT_CONTRACT_H
#define ENT_CORE_INPUT_CONTRACT_H

#include "core/type.h"

struct ent_contract_plan {
#include "core/entity/as_member.h"
#include "core/input/contract_plan.def"
};
extern const struct ent_type ent_contract_plan_type;

struct ent_input_contract_suspend {
#include "core/entity/as_member.h"
#include "core/input/contract_suspend.def"
};
extern const struct ent_type ent_input_contract_suspend_type;

struct ent_input_contract_resume {
#include "core/entity/as_member.h"
#include "core/input/contract_resume.def"
};
extern const struct ent_type ent_input_contract_resume_type;

struct ent_input_contract_cancel {
#include "core/entity/as_member.h"
#include "core/input/contract_cancel.def"
};
extern const struct ent_type ent_input_contract_cancel_type;

struct ent_input_contract_extend {
#include "core/entity/as_member.h"
#include "core/input/contract_extend.def"
};
extern const struct ent_type ent_input_contract_extend_type;

struct ent_input_contract_shorten {
#include "core/entity/as_member.h"
#include "core/input/contract_shorten.def"
};
extern const struct ent_type ent_input_contract_shorten_type;

struct ent_input_line_quantity {
#include "core/entity/as_member.h"
#include "core/input/line_quantity.def"
};
extern const struct ent_type ent_input_line_quantity_type;

struct ent_input_line_swap {
#include "core/entity/as_member.h"
#include "core/input/line_swap.def"
};
extern const struct ent_type ent_input_line_swap_type;

struct ent_input_line_amend {
#include "core/entity/as_member.h"
#include "core/input/line_amend.def"
};
extern const struct ent_type ent_input_line_amend_type;

struct ent_input_contract_upsell {
#include "core/entity/as_member.h"
#include "core/input/contract_upsell.def"
};
extern const struct ent_type ent_input_contract_upsell_type;

struct ent_input_contract_downsell {
#include "core/entity/as_member.h"
#include "core/input/contract_downsell.def"
};
extern const struct ent_type ent_input_contract_downsell_type;

struct ent_input_contract_swap {
#include "core/entity/as_member.h"
#include "core/input/contract_swap.def"
};
extern const struct ent_type ent_input_contract_swap_type;

struct ent_input_contract_amend {
#include "core/entity/as_member.h"
#include "core/input/contract_amend.def"
};
extern const struct ent_type ent_input_contract_amend_type;

struct ent_input_contract_add_lines {
#include "core/entity/as_member.h"
#include "core/input/contract_add_lines.def"
};
extern const struct ent_type ent_input_contract_add_lines_type;

#endif
