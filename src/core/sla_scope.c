#include "core/sla_rule.h"

static const struct ent_expression_root roots[ENT_SLA_ROOTS] = {
	[ENT_SLA_CASE] = { "case", &ent_case_type, NULL },
	[ENT_SLA_ACCOUNT] = { "account", &ent_account_type, NULL },
	[ENT_SLA_CONTACT] = { "contact", &ent_contact_type, NULL },
	[ENT_SLA_PRODUCT] = { "product", &ent_product_type, NULL },
	[ENT_SLA_ASSET] = { "asset", &ent_asset_type, NULL },
	[ENT_SLA_ENTITLEMENT] = { "entitlement", &ent_entitlement_type, NULL },
};

/* Nothing DERIVED: what changes with time alone would not be evaluated again when it does. */
const struct ent_expression_scope ent_sla_scope = { roots, ENT_SLA_ROOTS };
