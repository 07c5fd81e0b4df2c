/* entity.h - the functions that are an entity's own; entity.c has the table. */
#ifndef ENT_APP_ENTITY_H
#define ENT_APP_ENTITY_H

#include "app/record.h"

#define ENT_HOOK_CHECK(name)                                                        \
	enum ent_code name(struct ent_call *call, const void *before, void *object, \
	                   const struct ent_set *given, struct ent_error *error)
#define ENT_HOOK_CREATE(name) \
	enum ent_code name(struct ent_call *call, void *object, struct ent_error *error)
#define ENT_HOOK_UPDATE(name)                                                       \
	enum ent_code name(struct ent_call *call, const void *before, void *object, \
	                   struct ent_error *error)
#define ENT_HOOK_REMOVE(name) \
	enum ent_code name(struct ent_call *call, const void *object, struct ent_error *error)
#define ENT_HOOK_DECORATE(name)                                                     \
	enum ent_code name(struct ent_call *call, const struct ent_list *objects,   \
	                   struct ent_error *error)

ENT_HOOK_CHECK(ent_account_judge);
ENT_HOOK_CHECK(ent_contact_judge);
ENT_HOOK_CHECK(ent_product_judge);
ENT_HOOK_CHECK(ent_asset_judge);
ENT_HOOK_CREATE(ent_asset_create);
ENT_HOOK_CHECK(ent_entitlement_judge);
ENT_HOOK_CREATE(ent_entitlement_create);
ENT_HOOK_UPDATE(ent_entitlement_update);
ENT_HOOK_REMOVE(ent_entitlement_remove);
ENT_HOOK_DECORATE(ent_entitlement_decorate);
ENT_HOOK_CHECK(ent_template_judge);
ENT_HOOK_CHECK(ent_case_judge);
ENT_HOOK_CREATE(ent_case_create);
ENT_HOOK_UPDATE(ent_case_update);
ENT_HOOK_REMOVE(ent_case_remove);
ENT_HOOK_DECORATE(ent_case_decorate);
ENT_HOOK_DECORATE(ent_milestone_decorate);
ENT_HOOK_CHECK(ent_sla_policy_judge);
ENT_HOOK_REMOVE(ent_sla_policy_remove);
ENT_HOOK_CHECK(ent_sla_policy_version_judge);
ENT_HOOK_CREATE(ent_sla_policy_version_create);
ENT_HOOK_REMOVE(ent_sla_policy_version_remove);
ENT_HOOK_DECORATE(ent_sla_policy_version_decorate);
ENT_HOOK_CREATE(ent_comment_prepare);
ENT_HOOK_CHECK(ent_comment_judge);
ENT_HOOK_CREATE(ent_comment_create);
ENT_HOOK_CREATE(ent_activity_prepare);
ENT_HOOK_CHECK(ent_activity_judge);
ENT_HOOK_CREATE(ent_activity_create);
ENT_HOOK_UPDATE(ent_activity_update);
ENT_HOOK_CREATE(ent_view_prepare);
ENT_HOOK_CHECK(ent_view_judge);
ENT_HOOK_REMOVE(ent_view_remove);
ENT_HOOK_CHECK(ent_user_judge);
ENT_HOOK_UPDATE(ent_user_update);
ENT_HOOK_CHECK(ent_key_judge);
ENT_HOOK_CREATE(ent_key_create);
ENT_HOOK_CHECK(ent_team_judge);
ENT_HOOK_CHECK(ent_settings_judge);
ENT_HOOK_CHECK(ent_contract_judge);
ENT_HOOK_CREATE(ent_contract_create);
ENT_HOOK_UPDATE(ent_contract_update);
ENT_HOOK_REMOVE(ent_contract_remove);
ENT_HOOK_DECORATE(ent_contract_decorate);
ENT_HOOK_CREATE(ent_contract_line_prepare);
ENT_HOOK_CHECK(ent_contract_line_judge);
ENT_HOOK_CREATE(ent_contract_line_create);
ENT_HOOK_UPDATE(ent_contract_line_update);
ENT_HOOK_REMOVE(ent_contract_line_remove);
ENT_HOOK_DECORATE(ent_contract_line_decorate);
ENT_HOOK_CREATE(ent_contract_coverage_prepare);
ENT_HOOK_CHECK(ent_contract_coverage_judge);
ENT_HOOK_CREATE(ent_contract_coverage_create);
ENT_HOOK_UPDATE(ent_contract_coverage_update);
ENT_HOOK_REMOVE(ent_contract_coverage_remove);
ENT_HOOK_CHECK(ent_contract_template_judge);
ENT_HOOK_CREATE(ent_calendar_prepare);
ENT_HOOK_CHECK(ent_calendar_judge);
ENT_HOOK_CREATE(ent_calendar_create);
ENT_HOOK_UPDATE(ent_calendar_update);
ENT_HOOK_REMOVE(ent_calendar_remove);
ENT_HOOK_DECORATE(ent_calendar_decorate);
ENT_HOOK_CHECK(ent_holiday_set_judge);
ENT_HOOK_UPDATE(ent_holiday_set_update);

/* Is it no zone? Notes. Empty is left to others. */
void ent_check_zone(ent_str name, const char *pointer, struct ent_error *error);
/* The zone of this name, or the account's where it is empty; *name becomes its full name. Notes
 * an unknown one; *out is NULL then. */
ENT_CHECK enum ent_code ent_settle_zone(struct ent_call *call, ent_str *name, ent_id account,
                                        const struct ent_zone **out, struct ent_error *error);
/* Does another record have this text in this column? Notes. Empty ones may repeat. */
ENT_CHECK enum ent_code ent_check_unique(struct ent_call *call, const struct ent_type *type,
                                         ent_id id, const char *column, ent_str value,
                                         struct ent_error *error);
ENT_HOOK_CHECK(ent_endpoint_judge);
ENT_HOOK_CREATE(ent_endpoint_create);
ENT_HOOK_UPDATE(ent_endpoint_update);
ENT_HOOK_REMOVE(ent_endpoint_remove);
ENT_HOOK_DECORATE(ent_endpoint_decorate);

extern const struct ent_derived ent_entitlement_derived[];
extern const struct ent_kept ent_entitlement_kept;
extern const struct ent_derived ent_case_derived[];
extern const struct ent_kept ent_case_kept;
extern const struct ent_derived ent_contract_derived[];
extern const struct ent_kept ent_contract_kept;
extern const struct ent_derived ent_contract_line_derived[];
extern const struct ent_derived ent_milestone_derived[];
extern const struct ent_implied ent_milestone_implied[];
extern const struct ent_derived ent_sla_policy_version_derived[];

/* A new asset makes the entitlements that templates of its product (or its families) say,
 * exactly once (source_key). */
ENT_CHECK enum ent_code ent_template_convert(struct ent_call *call, const struct ent_asset *asset,
                                             struct ent_error *error);

#endif
