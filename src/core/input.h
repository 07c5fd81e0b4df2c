/* input.h - what actions take, described like entities: struct ent_input_suspend … */
#ifndef ENT_CORE_INPUT_H
#define ENT_CORE_INPUT_H

#include "core/input_across.h"
#include "core/input_contract.h"

struct ent_input_reason {
#include "core/entity/as_member.h"
#include "core/input/reason.def"
};
extern const struct ent_type ent_input_reason_type;

struct ent_input_self {
#include "core/entity/as_member.h"
#include "core/input/self.def"
};
extern const struct ent_type ent_input_self_type;

struct ent_input_suspend {
#include "core/entity/as_member.h"
#include "core/input/suspend.def"
};
extern const struct ent_type ent_input_suspend_type;

struct ent_input_resume {
#include "core/entity/as_member.h"
#include "core/input/resume.def"
};
extern const struct ent_type ent_input_resume_type;

struct ent_input_cancel {
#include "core/entity/as_member.h"
#include "core/input/cancel.def"
};
extern const struct ent_type ent_input_cancel_type;

struct ent_input_renew {
#include "core/entity/as_member.h"
#include "core/input/renew.def"
};
extern const struct ent_type ent_input_renew_type;

struct ent_input_amend {
#include "core/entity/as_member.h"
#include "core/input/amend.def"
};
extern const struct ent_type ent_input_amend_type;

struct ent_input_top_up {
#include "core/entity/as_member.h"
#include "core/input/top_up.def"
};
extern const struct ent_type ent_input_top_up_type;

struct ent_input_adjust {
#include "core/entity/as_member.h"
#include "core/input/adjust.def"
};
extern const struct ent_type ent_input_adjust_type;

struct ent_input_consume {
#include "core/entity/as_member.h"
#include "core/input/consume.def"
};
extern const struct ent_type ent_input_consume_type;

struct ent_input_resolve {
#include "core/entity/as_member.h"
#include "core/input/resolve.def"
};
extern const struct ent_type ent_input_resolve_type;

struct ent_input_link {
#include "core/entity/as_member.h"
#include "core/input/link.def"
};
extern const struct ent_type ent_input_link_type;

struct ent_input_override {
#include "core/entity/as_member.h"
#include "core/input/override.def"
};
extern const struct ent_type ent_input_override_type;

struct ent_input_merge {
#include "core/entity/as_member.h"
#include "core/input/merge.def"
};
extern const struct ent_type ent_input_merge_type;

struct ent_input_contract_lines {
#include "core/entity/as_member.h"
#include "core/input/contract_lines.def"
};
extern const struct ent_type ent_input_contract_lines_type;

struct ent_input_reject {
#include "core/entity/as_member.h"
#include "core/input/reject.def"
};
extern const struct ent_type ent_input_reject_type;

struct ent_input_withdraw {
#include "core/entity/as_member.h"
#include "core/input/withdraw.def"
};
extern const struct ent_type ent_input_withdraw_type;

struct ent_input_rotate {
#include "core/entity/as_member.h"
#include "core/input/rotate.def"
};
extern const struct ent_type ent_input_rotate_type;

struct ent_input_complete {
#include "core/entity/as_member.h"
#include "core/input/complete.def"
};
extern const struct ent_type ent_input_complete_type;

struct ent_input_move_target {
#include "core/entity/as_member.h"
#include "core/input/move_target.def"
};
extern const struct ent_type ent_input_move_target_type;

struct ent_input_move_start {
#include "core/entity/as_member.h"
#include "core/input/move_start.def"
};
extern const struct ent_type ent_input_move_start_type;

struct ent_input_new_version {
#include "core/entity/as_member.h"
#include "core/input/new_version.def"
};
extern const struct ent_type ent_input_new_version_type;
struct ent_input_switch {
#include "core/entity/as_member.h"
#include "core/input/switch.def"
};
extern const struct ent_type ent_input_switch_type;

struct ent_input_recalculate {
#include "core/entity/as_member.h"
#include "core/input/recalculate.def"
};
extern const struct ent_type ent_input_recalculate_type;

#endif
