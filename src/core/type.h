/* type.h - every entity as a struct, an enumeration of its words, a descriptor.
 *
 * The fields are in entity/<name>.def, the words in entity/enum.def, the list of
 * types in entity/type.def. Texts and lists belong to the arena they were read
 * into. A struct starts with struct ent_record where its .def includes record.def.
 */
#ifndef ENT_CORE_TYPE_H
#define ENT_CORE_TYPE_H

#include "core/record.h"

/* enum ent_role { ENT_ROLE_VIEWER, ... } and its texts ent_role_names. */
#define ENT_NAME(constant, text)            ENT_##constant,
#define ENT_ENUMERATION(name, values)       enum ent_##name { values };
#include "core/entity/enum.def"

#define ENT_ENUMERATION(name, values)       extern const struct ent_names ent_##name##_names;
#include "core/entity/enum.def"

#include "core/type_contract.h"

struct ent_entitlement_grant {
#include "core/entity/as_member.h"
#include "core/entity/grant.def"
};

struct ent_entitlement_channel {
#include "core/entity/as_member.h"
#include "core/entity/channel.def"
};

struct ent_entitlement_suspension {
#include "core/entity/as_member.h"
#include "core/entity/suspension.def"
};

struct ent_template_channel {
#include "core/entity/as_member.h"
#include "core/entity/template_channel.def"
};

struct ent_account {
#include "core/entity/as_member.h"
#include "core/entity/account.def"
};

struct ent_contact {
#include "core/entity/as_member.h"
#include "core/entity/contact.def"
};

struct ent_product {
#include "core/entity/as_member.h"
#include "core/entity/product.def"
};

struct ent_asset {
#include "core/entity/as_member.h"
#include "core/entity/asset.def"
};

struct ent_entitlement {
#include "core/entity/as_member.h"
#include "core/entity/entitlement.def"
};

struct ent_entitlement_template {
#include "core/entity/as_member.h"
#include "core/entity/template.def"
};

struct ent_entitlement_revision {
#include "core/entity/as_member.h"
#include "core/entity/revision.def"
};

struct ent_term_posting {
#include "core/entity/as_member.h"
#include "core/entity/posting.def"
};

struct ent_term_lot {
#include "core/entity/as_member.h"
#include "core/entity/lot.def"
};

struct ent_case {
#include "core/entity/as_member.h"
#include "core/entity/case.def"
};

struct ent_case_comment {
#include "core/entity/as_member.h"
#include "core/entity/comment.def"
};

struct ent_case_activity {
#include "core/entity/as_member.h"
#include "core/entity/activity.def"
};

struct ent_sla_policy {
#include "core/entity/as_member.h"
#include "core/entity/sla_policy.def"
};

struct ent_sla_policy_version {
#include "core/entity/as_member.h"
#include "core/entity/sla_policy_version.def"
};

struct ent_milestone {
#include "core/entity/as_member.h"
#include "core/entity/milestone.def"
};

struct ent_sla_job {
#include "core/entity/as_member.h"
#include "core/entity/sla_job.def"
};

struct ent_import_job {
#include "core/entity/as_member.h"
#include "core/entity/import_job.def"
};

struct ent_team {
#include "core/entity/as_member.h"
#include "core/entity/team.def"
};

struct ent_view {
#include "core/entity/as_member.h"
#include "core/entity/view.def"
};

struct ent_user {
#include "core/entity/as_member.h"
#include "core/entity/user.def"
};

struct ent_api_key {
#include "core/entity/as_member.h"
#include "core/entity/key.def"
};

struct ent_holiday_set {
#include "core/entity/as_member.h"
#include "core/entity/holiday_set.def"
};

struct ent_calendar {
#include "core/entity/as_member.h"
#include "core/entity/calendar.def"
};

struct ent_calendar_revision {
#include "core/entity/as_member.h"
#include "core/entity/calendar_revision.def"
};

struct ent_settings {
#include "core/entity/as_member.h"
#include "core/entity/settings.def"
};

struct ent_webhook_endpoint {
#include "core/entity/as_member.h"
#include "core/entity/endpoint.def"
};

struct ent_delivery {
#include "core/entity/as_member.h"
#include "core/entity/delivery.def"
};

struct ent_event {
#include "core/entity/as_member.h"
#include "core/entity/event.def"
};

#define ENT_TYPE(name, plural, prefix, owned, label, search, meaning) \
	extern const struct ent_type ent_##name##_type;
#include "core/entity/type.def"

/* All of them, in the order of type.def; *count receives their number. */
const struct ent_type *const *ent_types(size_t *count);

/* By name ("case") or by plural ("cases"); NULL if there is none. */
const struct ent_type *ent_type_named(ent_str name);
const struct ent_type *ent_type_plural(ent_str plural);

/* Does it begin with the common head of record.def? */
bool ent_type_is_record(const struct ent_type *type);

/* Child rows that an entitlement has, so that most are never looked for. */
enum ent_extra {
	ENT_EXTRA_GRANTS = 1,
	ENT_EXTRA_CHANNELS = 2,
	ENT_EXTRA_SUSPENSIONS = 4,
	ENT_EXTRA_LOTS = 8,
	ENT_EXTRA_COVERAGE = 16
};

/* The same of a contract or a line of one. */
enum ent_contract_extra {
	ENT_CONTRACT_SUSPENSIONS = 1,
	ENT_CONTRACT_COVERAGE = 2,
	ENT_CONTRACT_LINE_SUSPENSIONS = 4 /* of a contract: its root lines have some */
};

#endif
