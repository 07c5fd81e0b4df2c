#include "core/expression.h"
#include "core/type.h"

static const struct ent_expression_root case_roots[ENT_CASE_ROOTS] = {
	[ENT_ROOT_CASE] = { "case", &ent_case_type, NULL },
	[ENT_ROOT_ACCOUNT] = { "account", &ent_account_type, NULL },
	[ENT_ROOT_CONTACT] = { "contact", &ent_contact_type, NULL },
	[ENT_ROOT_PRODUCT] = { "product", &ent_product_type, NULL },
	[ENT_ROOT_ASSET] = { "asset", &ent_asset_type, NULL },
	[ENT_ROOT_ENTITLEMENT] = { "entitlement", &ent_entitlement_type, NULL },
};

const struct ent_expression_scope ent_case_scope = { case_roots, ENT_CASE_ROOTS };
