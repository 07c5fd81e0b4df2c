/* What texts of actions may name: the records that criteria may, and the milestone. */
#include "core/sla_rule.h"

const struct ent_template_thing ent_sla_things[ENT_SLA_THINGS] = {
	[ENT_ROOT_CASE] = { "case", &ent_case_type, NULL },
	[ENT_ROOT_ACCOUNT] = { "account", &ent_account_type, NULL },
	[ENT_ROOT_CONTACT] = { "contact", &ent_contact_type, NULL },
	[ENT_ROOT_PRODUCT] = { "product", &ent_product_type, NULL },
	[ENT_ROOT_ASSET] = { "asset", &ent_asset_type, NULL },
	[ENT_ROOT_ENTITLEMENT] = { "entitlement", &ent_entitlement_type, NULL },
	[ENT_CASE_ROOTS] = { "milestone", &ent_milestone_type, NULL },
};

static const char *const do_texts[] = {
	[ENT_SLA_EMAIL] = "email", [ENT_SLA_WEBHOOK] = "webhook",
	[ENT_SLA_SET] = "set",     [ENT_SLA_ASSIGN] = "assign",
	[ENT_SLA_TASK] = "task",   [ENT_SLA_OPEN_CASE] = "open_case",
};
const struct ent_names ent_sla_do_names = { do_texts, ENT_COUNT(do_texts) };
