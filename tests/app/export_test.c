/* What is exported can be imported. */
#include "app/export.h"

#include "app/tables.h"

static struct dataloader loader;

/* ---- round trip -------------------------------------------------------------------------- */

static char pages[1 << 20];
static size_t written;

static bool keep(void *arg, ent_str text)
{
	(void)arg;
	if (written + text.len >= sizeof(pages)) {
		return false;
	}
	memcpy(pages + written, text.ptr, text.len);
	written += text.len;
	return true;
}

static ent_str export(const char *entity, enum ent_export_format format)
{
	struct ent_call model = { .now = ent_app_now(world.app), .who = &ent_principal_system };
	struct ent_export_options options = { .entity = entity, .format = format, .write = keep };
	int64_t rows;
	size_t begin = written;
	ent_error_clear(&world.error);
	OK(ent_export_run(world.app, &model, &options, &rows, &world.error));
	return (ent_str){ pages + begin, written - begin };
}

static const char *const tables[] = {
	"accounts",     "contacts", "products", "assets", "entitlement_templates",
	"entitlements", "cases"
};

static void export_all(ent_str out[ENT_COUNT(tables)], enum ent_export_format format)
{
	for (size_t i = 0; i < ENT_COUNT(tables); i++) {
		out[i] = export(tables[i], format);
	}
}

static void make_organisation(void)
{
	ent_id acme = world_create(&ent_account_type,
	                           "{\"name\":\"Acme, \\\"Inc\\\"\",\"tier\":\"gold\",\"metadata\":"
	                           "{\"a\":\"1\",\"b\":\"x;y\"},\"address\":\"Main St 1\\nTown\"}",
	                           NULL);
	ent_id part =
		world_create(&ent_account_type,
	                     "{\"name\":\" Part \",\"parent_id\":$1,\"external_system\":\"erp\","
	                     "\"external_id\":\"4:7\"}",
	                     REFS({ &ent_account_type, acme }));
	ent_id marcie = world_create(&ent_contact_type, "{\"account_id\":$1,\"name\":\"Marcie\"}",
	                             REFS({ &ent_account_type, acme }));
	ent_id family =
		world_create(&ent_product_type, "{\"name\":\"Printers\",\"code\":\"P\"}", NULL);
	ent_id printer = world_create(&ent_product_type, "{\"name\":\"3D\",\"parent_id\":$1}",
	                              REFS({ &ent_product_type, family }));
	ent_id asset =
		world_create(&ent_asset_type,
	                     "{\"account_id\":$1,\"name\":\"Lab\",\"product_id\":$2,"
	                     "\"installed_on\":\"2024-02-29\",\"quantity\":3}",
	                     REFS({ &ent_account_type, acme }, { &ent_product_type, printer }));
	world_create(&ent_entitlement_template_type,
	             "{\"name\":\"Hours\",\"unit\":\"minutes\",\"total\":600,\"term\":\"P1Y\","
	             "\"channels\":[{\"channel\":\"phone\",\"total\":100}]}",
	             NULL);
	ent_id rows =
		world_create(&ent_entitlement_type,
	                     "{\"account_id\":$1,\"name\":\"Rows\",\"unit\":\"cases\",\"total\":9,"
	                     "\"starts_on\":\"2025-01-01\",\"covers_descendants\":true,"
	                     "\"overage_price\":{\"amount\":\"12.5\",\"currency\":\"EUR\"},"
	                     "\"grants\":[{\"contact_id\":$2,\"product_id\":$3},{\"channel\":"
	                     "\"web\"}],\"channels\":[{\"channel\":\"phone\",\"total\":5},"
	                     "{\"channel\":\"web\"}]}",
	                     REFS({ &ent_account_type, acme }, { &ent_contact_type, marcie },
	                          { &ent_product_type, family }));
	world_do(&ent_entitlement_type, "activate", rows, "{}");
	world_do(&ent_entitlement_type, "set_default", rows, "{}");
	world_do(&ent_entitlement_type, "top_up", rows, "{\"units\":4}");
	ent_id draft =
		world_create(&ent_entitlement_type,
	                     "{\"account_id\":$1,\"name\":\"Draft\",\"asset_id\":$2,\"contacts\":"
	                     "[$3],\"products\":[$4]}",
	                     REFS({ &ent_account_type, acme }, { &ent_asset_type, asset },
	                          { &ent_contact_type, marcie }, { &ent_product_type, printer }));
	(void)draft;
	ent_id ended =
		world_create(&ent_entitlement_type,
	                     "{\"account_id\":$1,\"name\":\"Ended\",\"ends_on\":\"2024-12-31\"}",
	                     REFS({ &ent_account_type, part }));
	world_do(&ent_entitlement_type, "activate", ended, "{}");
	for (int i = 0; i < 3; i++) {
		ent_id id = world_create(
			&ent_case_type,
			"{\"account_id\":$1,\"title\":\"Help\",\"channel\":\"web\","
			"\"contact_id\":$2,\"priority\":\"high\"}",
			REFS({ &ent_account_type, acme }, { &ent_contact_type, marcie }));
		if (i > 0) {
			world_do(&ent_case_type, i == 1 ? "resolve" : "cancel", id, "{}");
		}
	}
	world_create(&ent_case_type,
	             "{\"account_id\":$1,\"title\":\"From below\",\"channel\":\"web\"}",
	             REFS({ &ent_account_type, part }));
}

APP_TEST(export_round_trip)
{
	ent_str first[ENT_COUNT(tables)], second[ENT_COUNT(tables)];
	written = 0;
	world_open("2025-06-10T08:00:00Z");
	make_organisation();
	export_all(first, ENT_EXPORT_CSV);
	int64_t before = tables_sum();
	tables_all(ENT_FROM_CSV, tables, first, ENT_COUNT(tables),
	           ENT_IMPORT_UNCHANGED); /* into itself */
	CHECK_INT(tables_sum(), before);
	world_close();

	CHECK(helper_use_migrated(helper_dialect));
	world_open("2025-06-10T09:00:00Z");
	tables_all(ENT_FROM_CSV, tables, first, ENT_COUNT(tables), ENT_IMPORT_CREATED);
	export_all(second, ENT_EXPORT_CSV);
	for (size_t i = 0; i < ENT_COUNT(tables); i++) {
		ROW(tables[i]);
		CHECK(ent_str_eq(first[i], second[i]));
		if (!ent_str_eq(first[i], second[i])) {
			printf("# %.*s\n# %.*s\n", (int)first[i].len, first[i].ptr,
			       (int)second[i].len, second[i].ptr);
		}
	}
	tables_all(ENT_FROM_CSV, tables, second, ENT_COUNT(tables), ENT_IMPORT_UNCHANGED);
	tables_books();
	world_close();
}

APP_TEST(export_as_salesforce)
{
	ent_str first[ENT_COUNT(tables)], second[ENT_COUNT(tables)];
	written = 0;
	world_open("2025-06-10T08:00:00Z");
	struct ent_import_options options = tables_options(ENT_FROM_SALESFORCE);
	dataloader_make(&loader, &world.arena);
	OK(tables_import(&options, loader.files, DATALOADER_TABLES));
	export_all(first, ENT_EXPORT_SALESFORCE);
	world_close();

	CHECK(helper_use_migrated(helper_dialect));
	world_open("2025-06-10T09:00:00Z");
	tables_all(ENT_FROM_SALESFORCE, tables, first, ENT_COUNT(tables), ENT_IMPORT_CREATED);
	export_all(second, ENT_EXPORT_SALESFORCE);
	for (size_t i = 0; i < ENT_COUNT(tables); i++) {
		ROW(tables[i]);
		CHECK(ent_str_eq(first[i], second[i]));
	}
	world_close();
}

APP_TEST(export_filters_and_lines)
{
	struct ent_call model = { .who = &ent_principal_system };
	const char *filters[] = { "state=resolved", "priority[in]=high,low" };
	struct ent_export_options options = { .entity = "cases",
		                              .format = ENT_EXPORT_JSONL,
		                              .filters = filters,
		                              .filter_count = 2,
		                              .write = keep };
	int64_t rows;
	written = 0;
	world_open("2025-06-10T08:00:00Z");
	make_organisation();
	model.now = ent_app_now(world.app);
	OK(ent_export_run(world.app, &model, &options, &rows, &world.error));
	CHECK_INT(rows, 1);
	CHECK(written > 0 && pages[0] == '{' && pages[written - 1] == '\n');
	filters[0] = "shoe_size=3";
	CHECK_CODE(ent_export_run(world.app, &model, &options, &rows, &world.error),
	           ENT_E_BAD_FILTER);
	options.entity = "settings";
	CHECK_CODE(ent_export_run(world.app, &model, &options, &rows, &world.error),
	           ENT_E_UNKNOWN_VALUE);
	world_close();
}
