#include "app/entity.h"

static const struct ent_entity entities[] = {
	{ .type = &ent_account_type, .creatable = true, .updatable = true, .deletable = true,
	  .check = ent_account_judge },
	{ .type = &ent_contact_type, .creatable = true, .updatable = true, .deletable = true,
	  .check = ent_contact_judge },
	{ .type = &ent_product_type, .creatable = true, .updatable = true, .deletable = true,
	  .check = ent_product_judge },
	{ .type = &ent_asset_type, .creatable = true, .updatable = true, .deletable = true,
	  .check = ent_asset_judge, .create = ent_asset_create },
	{ .type = &ent_entitlement_type, .creatable = true, .updatable = true, .deletable = true,
	  .derived = ent_entitlement_derived, .check = ent_entitlement_judge,
	  .create = ent_entitlement_create, .update = ent_entitlement_update,
	  .remove = ent_entitlement_remove, .decorate = ent_entitlement_decorate },
	{ .type = &ent_entitlement_template_type, .creatable = true, .updatable = true,
	  .deletable = true, .check = ent_template_judge },
	{ .type = &ent_entitlement_revision_type },
	{ .type = &ent_term_posting_type },
	{ .type = &ent_term_lot_type },
	{ .type = &ent_sla_policy_type, .creatable = true, .updatable = true, .deletable = true,
	  .check = ent_sla_policy_judge, .remove = ent_sla_policy_remove },
	{ .type = &ent_sla_policy_version_type, .creatable = true, .updatable = true,
	  .deletable = true, .derived = ent_sla_policy_version_derived,
	  .check = ent_sla_policy_version_judge, .create = ent_sla_policy_version_create,
	  .remove = ent_sla_policy_version_remove, .decorate = ent_sla_policy_version_decorate },
	{ .type = &ent_case_type, .creatable = true, .updatable = true, .deletable = true,
	  .derived = ent_case_derived, .check = ent_case_judge, .create = ent_case_create,
	  .update = ent_case_update, .remove = ent_case_remove, .decorate = ent_case_decorate },
	{ .type = &ent_case_comment_type, .creatable = true, .updatable = true, .deletable = true,
	  .prepare = ent_comment_prepare, .check = ent_comment_judge },
	{ .type = &ent_case_activity_type, .creatable = true, .updatable = true, .deletable = true,
	  .prepare = ent_activity_prepare, .check = ent_activity_judge },
	{ .type = &ent_milestone_type, .derived = ent_milestone_derived,
	  .decorate = ent_milestone_decorate },
	{ .type = &ent_team_type, .creatable = true, .updatable = true, .deletable = true,
	  .check = ent_team_judge },
	{ .type = &ent_user_type, .creatable = true, .updatable = true, .deletable = true,
	  .check = ent_user_judge, .update = ent_user_update },
	{ .type = &ent_api_key_type, .creatable = true, .updatable = true, .deletable = true,
	  .check = ent_key_judge, .create = ent_key_create },
	{ .type = &ent_holiday_set_type, .creatable = true, .updatable = true, .deletable = true,
	  .prepare = ent_calendar_prepare, .check = ent_holiday_set_judge,
	  .update = ent_holiday_set_update, .remove = ent_holiday_set_remove },
	{ .type = &ent_calendar_type, .creatable = true, .updatable = true, .deletable = true,
	  .prepare = ent_calendar_prepare, .check = ent_calendar_judge,
	  .create = ent_calendar_create, .update = ent_calendar_update,
	  .remove = ent_calendar_remove, .decorate = ent_calendar_decorate },
	{ .type = &ent_calendar_revision_type },
	{ .type = &ent_contract_type },
	{ .type = &ent_contract_line_type },
	{ .type = &ent_contract_coverage_type },
	{ .type = &ent_contract_template_type },
	{ .type = &ent_contract_link_type },
	{ .type = &ent_contract_operation_type },
	{ .type = &ent_settings_type, .updatable = true, .check = ent_settings_judge },
	{ .type = &ent_webhook_endpoint_type, .creatable = true, .updatable = true,
	  .deletable = true, .check = ent_endpoint_judge, .create = ent_endpoint_create,
	  .update = ent_endpoint_update, .remove = ent_endpoint_remove,
	  .decorate = ent_endpoint_decorate },
	{ .type = &ent_delivery_type },
	{ .type = &ent_event_type },
};

const struct ent_entity *ent_entity_of(const struct ent_type *type)
{
	for (size_t i = 0; i < ENT_COUNT(entities); i++) {
		if (entities[i].type == type) {
			return &entities[i];
		}
	}
	return NULL;
}
