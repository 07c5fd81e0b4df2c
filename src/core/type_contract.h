/* type_contract.h - the structs of contracts. Included by type.h, behind its enumerations. */
#ifndef ENT_CORE_TYPE_CONTRACT_H
#define ENT_CORE_TYPE_CONTRACT_H

#include "core/type.h" /* its enumerations, where this is included first */

struct ent_contract_contact {
#include "core/entity/as_member.h"
#include "core/entity/contract_contact.def"
};

struct ent_contract_clause {
#include "core/entity/as_member.h"
#include "core/entity/contract_clause.def"
};

struct ent_contract_suspension {
#include "core/entity/as_member.h"
#include "core/entity/contract_suspension.def"
};

struct ent_line_suspension {
#include "core/entity/as_member.h"
#include "core/entity/line_suspension.def"
};

struct ent_price_adjustment {
#include "core/entity/as_member.h"
#include "core/entity/price_adjustment.def"
};

struct ent_ramp_segment {
#include "core/entity/as_member.h"
#include "core/entity/ramp_segment.def"
};

struct ent_contract_characteristic {
#include "core/entity/as_member.h"
#include "core/entity/contract_characteristic.def"
};

struct ent_contract_reminder {
#include "core/entity/as_member.h"
#include "core/entity/contract_reminder.def"
};

struct ent_settings_reminder {
#include "core/entity/as_member.h"
#include "core/entity/settings_reminder.def"
};

struct ent_template_clause {
#include "core/entity/as_member.h"
#include "core/entity/template_clause.def"
};

struct ent_contract {
#include "core/entity/as_member.h"
#include "core/entity/contract.def"
};

struct ent_contract_line {
#include "core/entity/as_member.h"
#include "core/entity/contract_line.def"
};

struct ent_contract_coverage {
#include "core/entity/as_member.h"
#include "core/entity/contract_coverage.def"
};

struct ent_contract_template {
#include "core/entity/as_member.h"
#include "core/entity/contract_template.def"
};

struct ent_contract_link {
#include "core/entity/as_member.h"
#include "core/entity/contract_link.def"
};

struct ent_contract_operation {
#include "core/entity/as_member.h"
#include "core/entity/contract_operation.def"
};

#endif
