#include "core/input_across.h"

#define ENT_INPUT(name_)                                                         \
	const struct ent_type ent_input_##name_##_type = {                       \
		.name = "input_" #name_, .fields = name_##_fields,               \
		.count = ENT_COUNT(name_##_fields),                              \
		.size = sizeof(struct ent_input_##name_), .label = "reason",     \
		.search = "", .meaning = "What the operation takes",             \
	};

#define ENT_STRUCT struct ent_input_contract_renew
#define ENT_SELF   ent_input_contract_renew_type
static const struct ent_field contract_renew_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_renew.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_renew)

#define ENT_STRUCT struct ent_input_contract_version
#define ENT_SELF   ent_input_contract_version_type
static const struct ent_field contract_version_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_version.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_version)

#define ENT_STRUCT struct ent_input_contract_merge
#define ENT_SELF   ent_input_contract_merge_type
static const struct ent_field contract_merge_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_merge.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_merge)

#define ENT_STRUCT struct ent_input_contract_split
#define ENT_SELF   ent_input_contract_split_type
static const struct ent_field contract_split_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_split.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_split)

#define ENT_STRUCT struct ent_input_contract_co_terminate
#define ENT_SELF   ent_input_contract_co_terminate_type
static const struct ent_field contract_co_terminate_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_co_terminate.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_co_terminate)

#define ENT_STRUCT struct ent_input_contract_transfer
#define ENT_SELF   ent_input_contract_transfer_type
static const struct ent_field contract_transfer_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_transfer.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_transfer)

#define ENT_STRUCT struct ent_input_contract_clone
#define ENT_SELF   ent_input_contract_clone_type
static const struct ent_field contract_clone_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_clone.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_clone)
