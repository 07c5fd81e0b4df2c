#include "core/input.h"

#define ENT_INPUT(name_)                                                         \
	const struct ent_type ent_input_##name_##_type = {                       \
		.name = "input_" #name_, .fields = name_##_fields,               \
		.count = ENT_COUNT(name_##_fields),                              \
		.size = sizeof(struct ent_input_##name_), .label = "reason",     \
		.search = "", .meaning = "What the action takes",                \
	};

#define ENT_STRUCT struct ent_input_reason
#define ENT_SELF   ent_input_reason_type
static const struct ent_field reason_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/reason.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(reason)

#define ENT_STRUCT struct ent_input_self
#define ENT_SELF   ent_input_self_type
static const struct ent_field self_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/self.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(self)

#define ENT_STRUCT struct ent_input_suspend
#define ENT_SELF   ent_input_suspend_type
static const struct ent_field suspend_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/suspend.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(suspend)

#define ENT_STRUCT struct ent_input_resume
#define ENT_SELF   ent_input_resume_type
static const struct ent_field resume_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/resume.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(resume)

#define ENT_STRUCT struct ent_input_cancel
#define ENT_SELF   ent_input_cancel_type
static const struct ent_field cancel_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/cancel.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(cancel)

#define ENT_STRUCT struct ent_input_renew
#define ENT_SELF   ent_input_renew_type
static const struct ent_field renew_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/renew.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(renew)

#define ENT_STRUCT struct ent_input_amend
#define ENT_SELF   ent_input_amend_type
static const struct ent_field amend_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/amend.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(amend)

#define ENT_STRUCT struct ent_input_top_up
#define ENT_SELF   ent_input_top_up_type
static const struct ent_field top_up_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/top_up.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(top_up)

#define ENT_STRUCT struct ent_input_adjust
#define ENT_SELF   ent_input_adjust_type
static const struct ent_field adjust_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/adjust.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(adjust)

#define ENT_STRUCT struct ent_input_consume
#define ENT_SELF   ent_input_consume_type
static const struct ent_field consume_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/consume.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(consume)

#define ENT_STRUCT struct ent_input_resolve
#define ENT_SELF   ent_input_resolve_type
static const struct ent_field resolve_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/resolve.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(resolve)

#define ENT_STRUCT struct ent_input_link
#define ENT_SELF   ent_input_link_type
static const struct ent_field link_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/link.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(link)

#define ENT_STRUCT struct ent_input_override
#define ENT_SELF   ent_input_override_type
static const struct ent_field override_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/override.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(override)

#define ENT_STRUCT struct ent_input_merge
#define ENT_SELF   ent_input_merge_type
static const struct ent_field merge_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/merge.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(merge)

#define ENT_STRUCT struct ent_input_withdraw
#define ENT_SELF   ent_input_withdraw_type
static const struct ent_field withdraw_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/withdraw.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(withdraw)

#define ENT_STRUCT struct ent_input_rotate
#define ENT_SELF   ent_input_rotate_type
static const struct ent_field rotate_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/rotate.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(rotate)

#define ENT_STRUCT struct ent_input_new_version
#define ENT_SELF   ent_input_new_version_type
static const struct ent_field new_version_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/new_version.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(new_version)
#define ENT_STRUCT struct ent_input_complete
#define ENT_SELF   ent_input_complete_type
static const struct ent_field complete_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/complete.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(complete)

#define ENT_STRUCT struct ent_input_move_target
#define ENT_SELF   ent_input_move_target_type
static const struct ent_field move_target_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/move_target.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(move_target)

#define ENT_STRUCT struct ent_input_move_start
#define ENT_SELF   ent_input_move_start_type
static const struct ent_field move_start_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/move_start.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(move_start)

#define ENT_STRUCT struct ent_input_switch
#define ENT_SELF   ent_input_switch_type
static const struct ent_field switch_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/switch.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(switch)

#define ENT_STRUCT struct ent_input_recalculate
#define ENT_SELF   ent_input_recalculate_type
static const struct ent_field recalculate_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/recalculate.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(recalculate)

#define ENT_STRUCT struct ent_input_contract_lines
#define ENT_SELF   ent_input_contract_lines_type
static const struct ent_field contract_lines_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/contract_lines.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(contract_lines)

#define ENT_STRUCT struct ent_input_reject
#define ENT_SELF   ent_input_reject_type
static const struct ent_field reject_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/reject.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_INPUT(reject)
