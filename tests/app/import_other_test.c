/* Contracts and entitlements of Dynamics and ServiceNow; on both databases. */
#include "app/contract.h"
#include "app/import_support_week.h"
#include "app/tables.h"

static struct ent_import_file take(enum ent_import_from from, const char *name, const char *text)
{
	struct ent_import_options options = tables_options(from);
	struct ent_import_file file = { .name = name, .text = ent_str_of(text) };
	options.currency = ENT_STR("EUR");
	options.time_zone = ENT_STR("Europe/Berlin");
	OK(tables_import(&options, &file, 1));
	return file;
}

static void again(enum ent_import_from from, const struct ent_import_file *first)
{
	char told[sizeof(tables_told.all)];
	memcpy(told, tables_told.all, sizeof(told));
	int64_t sum = tables_sum();
	struct ent_import_file file = take(from, first->name, first->text.ptr);
	tables_check(&file, 0, 0, first->counts[ENT_IMPORT_CREATED],
	             first->counts[ENT_IMPORT_FAILED]);
	CHECK_TEXT(tables_told.all, told);
	CHECK_INT(tables_sum(), sum);
}

static const char *state_of_contract(const char *external_id)
{
	struct ent_contract contract;
	world_get(&ent_contract_type, tables_id("contract", external_id), &contract);
	return ent_contract_state_names.text[contract.state];
}

/* ---- the week ---------------------------------------------------------------------------- */

#define NIGHT "--------"
#define DAY "+++++++++-------"
#define FULL "++++++++++++++++++++++++"
#define NONE "------------------------"
#define FIVE NIGHT DAY NIGHT DAY NIGHT DAY NIGHT DAY NIGHT DAY
#define WORKDAYS FIVE NONE NONE
#define ALWAYS FULL FULL FULL FULL FULL FULL FULL
#define NEVER NONE NONE NONE NONE NONE NONE NONE

TEST(import_support_week)
{
	static const struct {
		const char *text, *hours; /* NULL: it is none */
	} rows[] = {
		{ FIVE NONE NONE, "mon-fri 08:00-17:00" },
		{ FULL FULL FULL FULL FULL FULL FULL, "mon-sun 00:00-24:00" },
		{ NONE NONE NONE NONE NONE NONE NONE, "closed" },
		{ NONE NONE NONE NONE NONE NONE "++--------++----------++",
		  "sun 00:00-02:00,10:00-12:00,22:00-24:00" },
		{ FIVE NONE, NULL },
		{ FIVE NONE NONE "-", NULL },
		{ FIVE NONE "-----------------------x", NULL },
		{ "", NULL },
	};
	static char memory[1 << 16];
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_budget budget = { .fail_at = -1 };
		struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
		struct ent_week week;
		ROW(rows[i].text);
		bool good = ent_support_week(ent_str_of(rows[i].text), &arena, &week);
		CHECK(good == (rows[i].hours != NULL));
		if (good) {
			struct ent_text text = ent_text_begin(&arena);
			ent_week_print(&week, &text);
			CHECK_TEXT(ent_text_end(&text).ptr, rows[i].hours);
		}
	}
}

/* ---- Dynamics ---------------------------------------------------------------------------- */

static void make_customers(const char *system)
{
	struct ent_import_options options = tables_options(ENT_FROM_CSV);
	struct ent_import_file files[] = {
		{ .name = "accounts.csv",
		  .text = ENT_STR(
			  "external_id,name,number\n1,Contoso,A-1\n2,Twin,A-2\n3,Twin,A-3\n") },
		{ .name = "contacts.csv",
		  .text = ENT_STR("external_id,name,account_external_id\n4,Maria Ruiz,1\n") },
		{ .name = "products.csv",
		  .text = ENT_STR("external_id,name,code\n5,Printer,P5\n") },
		{ .name = "assets.csv",
		  .text = ENT_STR("external_id,name,account_external_id,serial_number\n"
		                  "6,Lab,1,SN6\n") },
	};
	options.system = ent_str_of(system);
	OK(tables_import(&options, files, ENT_COUNT(files)));
}

APP_TEST(import_dynamics_contracts)
{
	world_open("2025-06-10T08:00:00Z");
	make_customers("dynamics");
	struct ent_import_file file = take(
		ENT_FROM_DYNAMICS, "contract.csv",
		"(Do Not Modify) Contract,(Do Not Modify) Row Checksum,Contract ID,Contract Name,"
		"Customer,Contract Start Date,Contract End Date,Allotment Type,Support Calendar,"
		"Currency,Status,Cancellation Date,Service Level,Colour\n"
		"g1,x,CNR-1,\"Care, \"\"2025\"\"\",Contoso,2024-12-31T23:00:00Z,"
		"12/31/2025,Number of Cases," WORKDAYS ",Euro,Active,,Gold,red\n"
		"g2,x,CNR-2,Hours,Maria Ruiz,1/1/2025,12/31/2025,Time," WORKDAYS
		",EUR,On Hold,,Silver,\n"
		"g3,x,CNR-3,Off,A-2,1/1/2025,12/31/2025,Coverage Dates," NEVER
		",Euro,Canceled,2025-03-01,,\n"
		"g4,x,CNR-4,Accepted,1,1/1/2025,12/31/2025,3,,Euro,Invoiced,,,\n"
		"g5,x,CNR-5,Draft,1,1/1/2025,12/31/2025,1,,Euro,Draft,,,\n"
		"g6,x,CNR-6,Whose,Twin,1/1/2025,12/31/2025,9,+-,Euro,Active,,,\n"
		",x,CNR-7,No id,1,1/1/2025,12/31/2025,1,,Euro,Active,,,\n");
	tables_check(&file, 5, 0, 0, 2);
	CHECK_TEXT(tables_told.all,
	           "contract.csv:4|||its support calendar never opens, so it has none\n"
	           "contract.csv:5|||state_dates_mismatch: it is said to be draft; by its dates it "
	           "is active\n"
	           "contract.csv:7|Allotment Type|9|give a value such as Number of Cases\n"
	           "contract.csv:8|(Do Not Modify) Contract||the Id must be given\n");
	CHECK_TEXT(state_of_contract("g1"), "active");
	CHECK_TEXT(state_of_contract("g2"), "suspended");
	CHECK_TEXT(state_of_contract("g3"), "cancelled");
	CHECK_TEXT(state_of_contract("g5"), "draft");
	CHECK_INT(world_number("SELECT COUNT(*) FROM calendar WHERE name = "
	                       "'Support mon-fri 08:00-17:00 (Europe/Berlin)'",
	                       ENT_ID_NONE),
	          1);
	CHECK_INT(world_number("SELECT COUNT(*) FROM calendar", ENT_ID_NONE), 1);
	struct ent_contract c;
	world_get(&ent_contract_type, tables_id("contract", "g1"), &c);
	CHECK_INT(c.starts_on.day, world_date("2025-01-01").day);
	CHECK_TEXT(c.currency.ptr, "EUR");
	CHECK_TEXT(c.reference.ptr, "CNR-1");
	again(ENT_FROM_DYNAMICS, &file);

	file = take(ENT_FROM_DYNAMICS, "contractdetail.csv",
	            "contractdetailid,title,_contractid_value,_productid_value,productserialnumber,"
	            "initialquantity,price,discount,discountpercentage,net,activeon,expireson,"
	            "totalallotments,allotmentsremaining,effectivitycalendar,statecode,new_shelf\n"
	            "g1,Printers,g1,5,SN6,10,1200,200,,1000,,,20,5,,0,A\n"
	            "g2,Night,g1,,SN9,1,90,,10,81,,,4,4," ALWAYS ",2,\n"
	            "g3,By hours,g2,,,1,100,,,100,,,600,90,,0,\n"
	            "g4,Dates,g4,,,,,,,,,,7,,,0,\n"
	            "g5,Later,g5,,,2,50,,,50,,,8,8,,0,\n"
	            "g6,Bad,g1,,,2,50,,,50,,,-1,,,0,\n"
	            "g7,Bad,g9,,,2,50,,,50,,,1,,,7,\n");
	tables_check(&file, 5, 0, 0, 2);
	CHECK_TEXT(tables_told.all, "contractdetail.csv:7|totalallotments|-1|cannot be negative\n"
	                            "contractdetail.csv:8|_contractid_value|"
	                            "g9"
	                            "|there is no such contract; import it first\n");
	struct ent_entitlement e = world_entitlement(tables_id("entitlement", "g1"));
	CHECK_INT(e.total.n, 20);
	CHECK_INT(e.remaining.n, 5);
	CHECK(e.restricted && e.charge_on == ENT_CHARGE_RESOLUTION && e.unit == ENT_UNIT_CASES);
	CHECK_INT(e.calendar_id.value,
	          world_number("SELECT id FROM calendar WHERE name LIKE 'Support mon-fri%'",
	                       ENT_ID_NONE));
	CHECK_TEXT(world_state(e.id), "active");
	e = world_entitlement(tables_id("entitlement", "g3"));
	CHECK(e.unit == ENT_UNIT_MINUTES && e.total.n == 600 && e.remaining.n == 90);
	CHECK_INT(world_entitlement(tables_id("entitlement", "g4")).unit, ENT_UNIT_NONE);
	CHECK_TEXT(world_state(tables_id("entitlement", "g5")), "draft");
	CHECK_TEXT(world_state(tables_id("entitlement", "g2")), "cancelled");
	CHECK_INT(world_number("SELECT COUNT(*) FROM calendar", ENT_ID_NONE), 2);
	again(ENT_FROM_DYNAMICS, &file);
	tables_books();
	world_close();
}

APP_TEST(import_dynamics_entitlements)
{
	world_open("2025-06-10T08:00:00Z");
	make_customers("dynamics");
	struct ent_import_file file =
		take(ENT_FROM_DYNAMICS, "entitlement.csv",
	             "(Do Not Modify) Entitlement,Entitlement Name,Customer,Start Date,End Date,"
	             "Allocation Type,Decrease Remaining On,Total Terms,Remaining Terms,"
	             "Restrict based on entitlement terms,Is Default,KB Access Level,Status,SLA\n"
	             "g1,Cases,Contoso,1/1/2025,12/31/2025,Number of cases,Case Creation,10,-2,No,"
	             "Yes,Premium,Active,Gold\n"
	             "g2,Hours,Maria Ruiz,1/1/2025,12/31/2025,1,0,12.5,3.25,Yes,No,0,1,\n"
	             "g3,Waits,1,1/1/2026,12/31/2026,0,0,5,5,No,No,,Waiting,\n"
	             "g4,Over,1,1/1/2024,12/31/2024,0,0,5,1,No,No,,Active,\n"
	             "g5,Off,1,1/1/2025,12/31/2025,0,0,5,1,No,No,,Cancelled,\n"
	             "g6,Draft,1,1/1/2025,12/31/2025,0,0,5,5,No,No,,Draft,\n"
	             "g7,Half,1,1/1/2025,12/31/2025,0,0,5.5,5,No,No,,Draft,\n"
	             "g8,Who,Twin,1/1/2025,12/31/2025,0,0,5,5,No,No,,Draft,\n");
	tables_check(&file, 6, 0, 0, 2);
	CHECK_TEXT(
		tables_told.all,
		"entitlement.csv:5|||state_dates_mismatch: it is said to be active; by its dates "
		"it is expired\n"
		"entitlement.csv:8|Total Terms|5.5|give a whole number\n"
		"entitlement.csv:9|Customer|Twin|more than one is called so: give its "
		"identifier\n");
	struct ent_entitlement e = world_entitlement(tables_id("entitlement", "g1"));
	CHECK_INT(e.remaining.n, -2);
	CHECK(e.is_default && e.kb_access == ENT_KB_PREMIUM);
	CHECK_INT(e.charge_on, ENT_CHARGE_CREATION);
	e = world_entitlement(tables_id("entitlement", "g2"));
	CHECK(e.total.n == 750 && e.remaining.n == 195 && e.restricted);
	CHECK(!ent_id_is_none(e.contact_id));
	CHECK_TEXT(world_state(tables_id("entitlement", "g3")), "waiting");
	CHECK_TEXT(world_state(tables_id("entitlement", "g5")), "cancelled");
	again(ENT_FROM_DYNAMICS, &file);
	tables_books();
	world_close();
}

/* ---- ServiceNow -------------------------------------------------------------------------- */

APP_TEST(import_servicenow)
{
	world_open("2025-06-10T08:00:00Z");
	make_customers("servicenow");
	struct ent_import_file file = take(
		ENT_FROM_SERVICENOW, "ast_contract.csv",
		"sys_id,number,short_description,account,dv_account,state,substate,starts,ends,"
		"po_number,terms_and_conditions,monthly_cost,u_region,sys_mod_count,odd\n"
		"g1,CNTR0001,Care,1,Contoso,active,,2025-01-01,2025-12-31,PO-7,"
		"\"Line one\nline two\",100,north,3,\n"
		"g2,CNTR0002,Old,1,Contoso,expired,Renewed,2024-01-01,2024-12-31,,,,,,\n"
		"g3,CNTR0003,Odd,1,Contoso,Draft,,2025-01-01,,,,,,,\n"
		"g4,CNTR0004,Off,1,Contoso,Canceled,,2025-01-01,2025-12-31,,,,,,\n"
		"g5,CNTR0005,Still,1,Contoso,expired,,2025-01-01,2025-12-31,,,,,,\n"
		"g6,CNTR0006,,1,Contoso,lost,,31.12.2025,,,,,,,\n");
	tables_check(&file, 5, 0, 0, 1);
	CHECK_TEXT(tables_told.all,
	           "ast_contract.csv:7|||state_dates_mismatch: it is said to be expired; by its "
	           "dates it is active\n"
	           "ast_contract.csv:8|starts|31.12.2025|give a date like 2026-02-28, or tell "
	           "--date-order\n");
	CHECK_TEXT(state_of_contract("g1"), "active");
	CHECK_TEXT(state_of_contract("g2"), "expired");
	CHECK_TEXT(state_of_contract("g3"), "draft");
	CHECK_TEXT(state_of_contract("g4"), "cancelled");
	again(ENT_FROM_SERVICENOW, &file);

	file = take(ENT_FROM_SERVICENOW, "service_entitlement.csv",
	            "sys_id,name,dv_account,contract,Product,Asset,Active,Channel,Start date,"
	            "End date,Per unit,Unit,Total Units,Remaining Units\n"
	            "g1,Calls,Contoso,CNTR0001,Printer,SN6,true,\"Phone, Web\",2025-01-01,"
	            "2025-12-31,true,Cases,10,4\n"
	            "g2,Hours,Contoso,Care,,,true,,2025-01-01,2025-12-31,true,Hours,2.5,1\n"
	            "g3,Dates,Contoso,,,,false,,2025-01-01,2025-12-31,false,,,\n"
	            "g4,Late,Contoso,Care,,,true,,2025-01-01,2026-12-31,,,,\n");
	tables_check(&file, 3, 0, 0, 1);
	CHECK_TEXT(tables_told.all, "service_entitlement.csv:5|End date|2026-12-31|what it is "
	                            "under ends on 2025-12-31: give that day or an earlier one\n");
	struct ent_entitlement e = world_entitlement(tables_id("entitlement", "g1"));
	CHECK(e.remaining.n == 4 && e.channels.count == 2 && e.products.count == 1);
	CHECK_INT(e.other_channels, ENT_CHANNELS_DENY);
	e = world_entitlement(tables_id("entitlement", "g2"));
	CHECK(e.unit == ENT_UNIT_MINUTES && e.total.n == 150 && e.remaining.n == 60);
	CHECK_INT(e.contract_id.value, tables_id("contract", "g1").value);
	CHECK_TEXT(world_state(tables_id("entitlement", "g3")), "cancelled");
	again(ENT_FROM_SERVICENOW, &file);
	tables_books();
	world_close();
}
