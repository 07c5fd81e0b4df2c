#include "app/world.h"

static const struct ent_type *const ENTITLEMENT = &ent_entitlement_type;
static const struct ent_type *const TEMPLATE = &ent_entitlement_template_type;

static ent_id family, product;

static void make_products(void)
{
	family = world_create(&ent_product_type, "{\"name\":\"TVs\"}", NULL);
	product = world_create(&ent_product_type, "{\"name\":\"TV-55\",\"parent_id\":$1}",
	                       REFS({ &ent_product_type, family }));
}

APP_TEST(template_is_copied_but_for_what_was_given)
{
	world_open("2025-06-10T08:00:00Z");
	make_products();
	ent_id account = world_account("A");
	ent_id template = world_create(
		TEMPLATE, "{\"name\":\"Gold\",\"term\":\"P1Y\",\"unit\":\"cases\",\"total\":10,"
	                  "\"restricted\":true,\"products\":[$1],\"priority\":7,"
	                  "\"channels\":[{\"channel\":\"phone\",\"total\":4}]}",
		REFS({ &ent_product_type, product }));
	ent_id id =
		world_create(ENTITLEMENT,
	                     "{\"account_id\":$1,\"name\":\"E\",\"template_id\":$2,\"total\":20,"
	                     "\"starts_on\":\"2025-07-01\"}",
	                     REFS({ &ent_account_type, account }, { TEMPLATE, template }));
	struct ent_entitlement e = world_entitlement(id);
	CHECK_INT(e.total.n, 20);
	CHECK(e.restricted && e.unit == ENT_UNIT_CASES);
	CHECK_INT(e.priority, 7);
	CHECK(ent_ids_has(e.products, product));
	CHECK_INT((long long)e.channels.count, 1);
	CHECK(e.ends_on.day == world_date("2026-06-30").day);
	/* a copy, not a link */
	OK(world_try_update(TEMPLATE, template, "{\"total\":1,\"channels\":[]}", NULL));
	CHECK_INT(world_entitlement(id).total.n, 20);
	CHECK_INT((long long)world_entitlement(id).channels.count, 1);
	CHECK_CODE(world_try_create(TEMPLATE, "{\"name\":\"Gold\"}", NULL, &id), ENT_E_DUPLICATE);
	world_close();
}

/* dynamics 4.1: the warranty comes with the television */
APP_TEST(template_converts_a_new_asset_exactly_once)
{
	world_open("2025-06-10T08:00:00Z");
	make_products();
	ent_id account = world_account("A");
	world_create(TEMPLATE, "{\"name\":\"Warranty\",\"term\":\"P1Y\",\"unlimited\":true,"
	                       "\"unit\":\"cases\",\"products\":[$1],\"activate\":true,"
	                       "\"conversion\":\"one_per_line\"}",
	             REFS({ &ent_product_type, family }));
	world_create(TEMPLATE, "{\"name\":\"Visits\",\"unit\":\"visits\",\"total\":2,"
	                       "\"products\":[$1],\"conversion\":\"one_per_unit\"}",
	             REFS({ &ent_product_type, product }));
	world_create(TEMPLATE, "{\"name\":\"Other\",\"products\":[$1],\"inactive\":true,"
	                       "\"conversion\":\"one_per_line\"}",
	             REFS({ &ent_product_type, product }));
	ent_id asset = world_create(&ent_asset_type,
	                            "{\"account_id\":$1,\"name\":\"TV\",\"product_id\":$2,"
	                            "\"quantity\":3,\"purchased_on\":\"2025-06-01\"}",
	                            REFS({ &ent_account_type, account },
	                                 { &ent_product_type, product }));
	CHECK_INT(world_number("SELECT COUNT(*) FROM entitlement WHERE asset_id = $1", asset), 4);
	CHECK_INT(world_number("SELECT COUNT(*) FROM entitlement WHERE asset_id = $1 "
	                       "AND stage = 'live' AND name = 'Warranty'", asset), 1);
	ent_id id = { world_number("SELECT id FROM entitlement WHERE asset_id = $1 "
	                           "AND name = 'Warranty'", asset) };
	struct ent_entitlement e = world_entitlement(id);
	CHECK_TEXT(world_state(id), "active");
	CHECK(e.starts_on.day == world_date("2025-06-01").day);
	CHECK(e.ends_on.day == world_date("2026-05-31").day);
	OK(world_try_update(&ent_asset_type, asset, "{\"name\":\"TV set\"}", NULL));
	CHECK_INT(world_number("SELECT COUNT(*) FROM entitlement WHERE asset_id = $1", asset), 4);
	world_close();
}
