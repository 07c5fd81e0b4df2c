#include "core/type.h"

#define ENT_NAME(constant, text) text,
#define ENT_ENUMERATION(name, values)                                              \
	static const char *const name##_texts[] = { values };                      \
	const struct ent_names ent_##name##_names = { name##_texts, ENT_COUNT(name##_texts) };
#include "core/entity/enum.def"

#define ENT_STRUCT struct ent_entitlement_grant
#define ENT_SELF   ent_entitlement_grant_type
static const struct ent_field entitlement_grant_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/grant.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_entitlement_channel
#define ENT_SELF   ent_entitlement_channel_type
static const struct ent_field entitlement_channel_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/channel.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_entitlement_suspension
#define ENT_SELF   ent_entitlement_suspension_type
static const struct ent_field entitlement_suspension_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/suspension.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_template_channel
#define ENT_SELF   ent_template_channel_type
static const struct ent_field template_channel_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/template_channel.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_account
#define ENT_SELF   ent_account_type
static const struct ent_field account_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/account.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contact
#define ENT_SELF   ent_contact_type
static const struct ent_field contact_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contact.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_product
#define ENT_SELF   ent_product_type
static const struct ent_field product_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/product.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_asset
#define ENT_SELF   ent_asset_type
static const struct ent_field asset_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/asset.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_entitlement
#define ENT_SELF   ent_entitlement_type
static const struct ent_field entitlement_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/entitlement.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_entitlement_template
#define ENT_SELF   ent_entitlement_template_type
static const struct ent_field entitlement_template_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/template.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_entitlement_revision
#define ENT_SELF   ent_entitlement_revision_type
static const struct ent_field entitlement_revision_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/revision.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_term_posting
#define ENT_SELF   ent_term_posting_type
static const struct ent_field term_posting_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/posting.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_term_lot
#define ENT_SELF   ent_term_lot_type
static const struct ent_field term_lot_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/lot.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_case
#define ENT_SELF   ent_case_type
static const struct ent_field case_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/case.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_case_comment
#define ENT_SELF   ent_case_comment_type
static const struct ent_field case_comment_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/comment.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_case_activity
#define ENT_SELF   ent_case_activity_type
static const struct ent_field case_activity_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/activity.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_sla_policy
#define ENT_SELF   ent_sla_policy_type
static const struct ent_field sla_policy_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/sla_policy.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_sla_policy_version
#define ENT_SELF   ent_sla_policy_version_type
static const struct ent_field sla_policy_version_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/sla_policy_version.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_milestone
#define ENT_SELF   ent_milestone_type
static const struct ent_field milestone_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/milestone.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_sla_job
#define ENT_SELF   ent_sla_job_type
static const struct ent_field sla_job_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/sla_job.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_import_job
#define ENT_SELF   ent_import_job_type
static const struct ent_field import_job_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/import_job.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_team
#define ENT_SELF   ent_team_type
static const struct ent_field team_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/team.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_view
#define ENT_SELF   ent_view_type
static const struct ent_field view_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/view.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_user
#define ENT_SELF   ent_user_type
static const struct ent_field user_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/user.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_api_key
#define ENT_SELF   ent_api_key_type
static const struct ent_field api_key_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/key.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_holiday_set
#define ENT_SELF   ent_holiday_set_type
static const struct ent_field holiday_set_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/holiday_set.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_calendar
#define ENT_SELF   ent_calendar_type
static const struct ent_field calendar_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/calendar.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_calendar_revision
#define ENT_SELF   ent_calendar_revision_type
static const struct ent_field calendar_revision_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/calendar_revision.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contract_contact
#define ENT_SELF   ent_contract_contact_type
static const struct ent_field contract_contact_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contract_contact.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contract_clause
#define ENT_SELF   ent_contract_clause_type
static const struct ent_field contract_clause_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contract_clause.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contract_suspension
#define ENT_SELF   ent_contract_suspension_type
static const struct ent_field contract_suspension_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contract_suspension.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_line_suspension
#define ENT_SELF   ent_line_suspension_type
static const struct ent_field line_suspension_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/line_suspension.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_price_adjustment
#define ENT_SELF   ent_price_adjustment_type
static const struct ent_field price_adjustment_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/price_adjustment.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_ramp_segment
#define ENT_SELF   ent_ramp_segment_type
static const struct ent_field ramp_segment_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/ramp_segment.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contract_characteristic
#define ENT_SELF   ent_contract_characteristic_type
static const struct ent_field contract_characteristic_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contract_characteristic.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_template_clause
#define ENT_SELF   ent_template_clause_type
static const struct ent_field template_clause_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/template_clause.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contract_reminder
#define ENT_SELF   ent_contract_reminder_type
static const struct ent_field contract_reminder_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contract_reminder.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_settings_reminder
#define ENT_SELF   ent_settings_reminder_type
static const struct ent_field settings_reminder_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/settings_reminder.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contract
#define ENT_SELF   ent_contract_type
static const struct ent_field contract_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contract.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contract_line
#define ENT_SELF   ent_contract_line_type
static const struct ent_field contract_line_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contract_line.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contract_coverage
#define ENT_SELF   ent_contract_coverage_type
static const struct ent_field contract_coverage_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contract_coverage.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contract_template
#define ENT_SELF   ent_contract_template_type
static const struct ent_field contract_template_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contract_template.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contract_link
#define ENT_SELF   ent_contract_link_type
static const struct ent_field contract_link_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contract_link.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_contract_operation
#define ENT_SELF   ent_contract_operation_type
static const struct ent_field contract_operation_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/contract_operation.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_settings
#define ENT_SELF   ent_settings_type
static const struct ent_field settings_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/settings.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_webhook_endpoint
#define ENT_SELF   ent_webhook_endpoint_type
static const struct ent_field webhook_endpoint_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/endpoint.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_delivery
#define ENT_SELF   ent_delivery_type
static const struct ent_field delivery_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/delivery.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_STRUCT struct ent_event
#define ENT_SELF   ent_event_type
static const struct ent_field event_fields[] = {
#include "core/entity/as_row.h"
#include "core/entity/event.def"
};
#undef ENT_STRUCT
#undef ENT_SELF

#define ENT_TYPE(name_, plural_, prefix_, owned_, label_, search_, meaning_)          \
	_Static_assert(ENT_COUNT(name_##_fields) <= ENT_FIELD_MAX, "too many fields"); \
	const struct ent_type ent_##name_##_type = {                                  \
		.name = #name_, .plural = (plural_), .prefix = (prefix_),             \
		.fields = name_##_fields, .count = ENT_COUNT(name_##_fields),         \
		.size = sizeof(struct ent_##name_), .owned = (owned_),                \
		.label = (label_), .search = (search_), .meaning = (meaning_),        \
	};
#include "core/entity/type.def"

static const struct ent_type *const types[] = {
#define ENT_TYPE(name, plural, prefix, owned, label, search, meaning) &ent_##name##_type,
#include "core/entity/type.def"
};

const struct ent_type *const *ent_types(size_t *count)
{
	*count = ENT_COUNT(types);
	return types;
}

const struct ent_type *ent_type_named(ent_str name)
{
	for (size_t i = 0; i < ENT_COUNT(types); i++) {
		if (ent_str_is(name, types[i]->name)) {
			return types[i];
		}
	}
	return NULL;
}

const struct ent_type *ent_type_plural(ent_str plural)
{
	for (size_t i = 0; i < ENT_COUNT(types); i++) {
		if (types[i]->plural != NULL && ent_str_is(plural, types[i]->plural)) {
			return types[i];
		}
	}
	return NULL;
}

bool ent_type_is_record(const struct ent_type *type)
{
	return type->count > ENT_AT_METADATA &&
	       ent_str_is(ENT_STR("metadata"), type->fields[ENT_AT_METADATA].name);
}
