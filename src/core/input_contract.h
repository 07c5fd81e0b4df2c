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

#endif
