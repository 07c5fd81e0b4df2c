/* input_across.h - what the operations take that make or change more than one contract. */
#ifndef ENT_CORE_INPUT_ACROSS_H
#define ENT_CORE_INPUT_ACROSS_H

#include "core/type.h"

struct ent_input_contract_renew {
#include "core/entity/as_member.h"
#include "core/input/contract_renew.def"
};
extern const struct ent_type ent_input_contract_renew_type;

struct ent_input_contract_version {
#include "core/entity/as_member.h"
#include "core/input/contract_version.def"
};
extern const struct ent_type ent_input_contract_version_type;

struct ent_input_contract_merge {
#include "core/entity/as_member.h"
#include "core/input/contract_merge.def"
};
extern const struct ent_type ent_input_contract_merge_type;

struct ent_input_contract_split {
#include "core/entity/as_member.h"
#include "core/input/contract_split.def"
};
extern const struct ent_type ent_input_contract_split_type;

struct ent_input_contract_co_terminate {
#include "core/entity/as_member.h"
#include "core/input/contract_co_terminate.def"
};
extern const struct ent_type ent_input_contract_co_terminate_type;

struct ent_input_contract_transfer {
#include "core/entity/as_member.h"
#include "core/input/contract_transfer.def"
};
extern const struct ent_type ent_input_contract_transfer_type;

struct ent_input_contract_clone {
#include "core/entity/as_member.h"
#include "core/input/contract_clone.def"
};
extern const struct ent_type ent_input_contract_clone_type;

#endif
