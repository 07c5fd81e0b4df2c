/* Contracts from tables: our own, Salesforce's, Dynamics', ServiceNow's; on both databases. */
#include "app/contract.h"
#include "app/export.h"
#include "app/tables.h"

static struct ent_import_file take(enum ent_import_from from, const char *name, const char *text)
{
	struct ent_import_options options = tables_options(from);
	struct ent_import_file file = { .name = name, .text = ent_str_of(text) };
	options.currency = ENT_STR("EUR");
	OK(tables_import(&options, &file, 1));
	return file;
}

/* In, and in again, which changes nothing. */
static struct ent_import_file take_twice(enum ent_import_from from, const char *name,
                                         const char *text)
{
	struct ent_import_file first = take(from, name, text);
	char told[sizeof(tables_told.all)];
	memcpy(told, tables_told.all, sizeof(told));
	int64_t sum = tables_sum();
	struct ent_import_file again = take(from, name, text);
	tables_check(&again, 0, 0, first.counts[ENT_IMPORT_CREATED],
	             first.counts[ENT_IMPORT_FAILED]);
	CHECK_TEXT(tables_told.all, told);
	CHECK_INT(tables_sum(), sum);
	return first;
}

static struct ent_contract contract_of(const char *external_id)
{
	struct ent_contract contract;
	world_get(&ent_contract_type, tables_id("contract", external_id), &contract);
	return contract;
}

static struct ent_contract_line line_of(const char *external_id)
{
	struct ent_contract_line line;
	world_get(&ent_contract_line_type, tables_id("contract_line", external_id), &line);
	return line;
}

static const char *state_of(enum ent_contract_state state)
{
	return ent_contract_state_names.text[state];
}

static const char *money_of(ent_money money)
{
	static char text[4][64];
	static size_t at;
	char *out = text[at++ % ENT_COUNT(text)];
	char amount[ENT_DECIMAL_ROOM];
	ent_decimal_format((ent_decimal){ money.micro }, amount);
	snprintf(out, sizeof(text[0]), "%s %s", amount, money.currency);
	return out;
}

/* ---- Salesforce -------------------------------------------------------------------------- */

#define SF_BASE                                                                \
	take(ENT_FROM_SALESFORCE, "Account.csv",                               \
	     "Id,Name\n001A00000000001,Acme\n001A00000000002,Other\n");        \
	take(ENT_FROM_SALESFORCE, "Contact.csv",                               \
	     "Id,LastName,AccountId\n003A00000000001,Reed,001A00000000001\n"); \
	take(ENT_FROM_SALESFORCE, "Product2.csv", "Id,Name\n01tA00000000001,Gold \"24\"\n");

APP_TEST(import_service_contracts)
{
	world_open("2025-06-10T08:00:00Z");
	SF_BASE
	struct ent_import_file file = take_twice(
		ENT_FROM_SALESFORCE, "ServiceContract.csv",
		"Id,Name,ContractNumber,AccountId,ContactId,Status,StartDate,EndDate,Term,"
		"SpecialTerms,AdditionalDiscount,CurrencyIsoCode,Region__c,IsDeleted\n"
		"810A00000000001,Care 2025,00000101,001A00000000001,003A00000000001,Active,"
		"2025-01-01,2025-12-31,12,\"Spare parts, too\",5,USD,North,false\n"
		"810A00000000002,Old,00000102,001A00000000001,,Expired,1/1/2023,12/31/2023,,,,,,\n"
		"810A00000000003,Next,00000103,001A00000000002,,Inactive,2026-01-01,,24,,,,,\n"
		"810A00000000004,Odd,00000104,001A00000000002,,Active,2024-01-01,2024-12-31,,,,,,\n"
		"810A00000000005,Gone,00000105,001A00000000002,,Active,2025-01-01,,,,,,,true\n"
		"810A00000000006,,00000106,001A00000000009,,Dormant,,2024-12-31,,,120,XXX,,\n");
	tables_check(&file, 4, 0, 0, 2);
	CHECK_TEXT(tables_told.all,
	           "ServiceContract.csv:5|||state_dates_mismatch: it is said to be active; by its "
	           "dates it is expired\n"
	           "ServiceContract.csv:6|IsDeleted|true|it was deleted where it comes from: leave "
	           "it out\n"
	           "ServiceContract.csv:7|AccountId|001A00000000009|there is no such account; "
	           "import it first\n");
	struct ent_contract c = contract_of("810A00000000001IAA");
	CHECK_TEXT(state_of(c.state), "active");
	CHECK_TEXT(c.currency.ptr, "USD");
	CHECK_INT(c.discount_percent.micro, 5 * ENT_MICRO);
	CHECK_INT((int64_t)c.clauses.count, 1);
	CHECK_INT((int64_t)c.contacts.count, 1);
	CHECK_INT((int64_t)c.metadata.count, 1);
	CHECK_TEXT(state_of(contract_of("810A00000000002IAA").state), "expired");
	c = contract_of("810A00000000003IAA");
	CHECK_TEXT(state_of(c.state), "draft"); /* it begins by itself */
	CHECK_INT(c.stage, ENT_STAGE_LIVE);
	CHECK_INT(c.ends_on.day, world_date("2027-12-31").day);
	CHECK_TEXT(c.currency.ptr, "EUR");
	tables_books();
	world_close();
}

APP_TEST(import_contract_line_items)
{
	world_open("2025-06-10T08:00:00Z");
	SF_BASE
	take(ENT_FROM_SALESFORCE, "ServiceContract.csv",
	     "Id,Name,AccountId,StartDate,EndDate\n"
	     "810A00000000001,Care,001A00000000001,2025-01-01,2025-12-31\n"
	     "810A00000000002,Old,001A00000000001,2023-01-01,2023-12-31\n");
	/* the first one waits for the one above it */
	struct ent_import_file file = take_twice(
		ENT_FROM_SALESFORCE, "ContractLineItem.csv",
		"Id,LineItemNumber,ServiceContractId,ParentContractLineItemId,Product2Id,Quantity,"
		"ListPrice,UnitPrice,Discount,TotalPrice,StartDate,EndDate,Status\n"
		"811A00000000002,00000002,810A00000000001,811A00000000001,,2.5,,10.10,,25.25,"
		"2025-02-01,2025-07-31,Active\n"
		"811A00000000001,00000001,810A00000000001,,01tA00000000001,10,120,100,5,950,,,"
		"Active\n"
		"811A00000000003,00000003,810A00000000002,,,1,,99.99,,,,,Expired\n"
		"811A00000000004,00000004,810A00000000001,,,4,,,,1000,2025-01-15,2025-03-03,"
		"Expired\n"
		"811A00000000005,00000005,810A00000000001,,,3,,10,,31,2025-01-01,2026-06-30,\n"
		"811A00000000006,00000006,810A00000000001,,,3,,10,,31,,,\n"
		"811A00000000007,00000007,810A00000000001,,,x,,ten,101,,,,\n");
	tables_check(&file, 5, 0, 0, 2);
	CHECK_TEXT(tables_told.all,
	           "ContractLineItem.csv:6|EndDate|2026-06-30|the contract ends on "
	           "2025-12-31: give that day or an earlier one\n"
	           "ContractLineItem.csv:7|||its prices come to 30 and not to its total\n"
	           "ContractLineItem.csv:8|Quantity|x|give a decimal number in "
	           "quotes like \"12.5\"\n");
	struct ent_contract_line l = line_of("811A00000000001IAA");
	CHECK_TEXT(l.name.ptr, "Gold \"24\"");
	CHECK_TEXT(money_of(l.list_price), "120 EUR");
	CHECK_INT((int64_t)l.adjustments.count, 2);
	CHECK_INT(l.period_months.n, 12);
	l = line_of("811A00000000002IAA");
	CHECK_INT(l.parent_id.value, line_of("811A00000000001IAA").id.value);
	CHECK_TEXT(money_of(l.unit_price), "10.1 EUR");
	CHECK_INT(l.period_months.n, 6);
	CHECK_TEXT(l.name.ptr, "Line 00000002");
	CHECK_TEXT(state_of(line_of("811A00000000003IAA").state), "expired");
	l = line_of("811A00000000004IAA");
	CHECK_INT(l.pricing_method, ENT_PRICING_ONE_TIME);
	CHECK_TEXT(money_of(l.unit_price), "250 EUR");
	CHECK_INT(l.starts_on.day, world_date("2025-01-15").day);

	/* entitlements under what is over, too */
	file = take(ENT_FROM_SALESFORCE, "Entitlement.csv",
	            "Id,Name,AccountId,StartDate,EndDate,ServiceContractId,ContractLineItemId\n"
	            "550A00000000001,E,001A00000000001,2023-02-01,2023-12-31,810A00000000002,"
	            "811A00000000003\n"
	            "550A00000000002,F,001A00000000001,2025-02-01,2025-12-31,810A00000000001,\n");
	tables_check(&file, 2, 0, 0, 0);
	tables_books();
	world_close();
}

/* ---- our own ----------------------------------------------------------------------------- */

static char pages[1 << 18];
static size_t written;

static bool keep(void *arg, ent_str text)
{
	(void)arg;
	memcpy(pages + written, text.ptr, text.len);
	written += text.len;
	return written < sizeof(pages) - (1 << 16);
}

static const char *const tables[] = { "accounts",           "products",          "assets",
	                              "contract_templates", "contracts",         "contract_lines",
	                              "entitlements",       "contract_coverages" };

static void export_all(ent_str out[ENT_COUNT(tables)])
{
	for (size_t i = 0; i < ENT_COUNT(tables); i++) {
		struct ent_call model = { .now = ent_app_now(world.app),
			                  .who = &ent_principal_system };
		struct ent_export_options options = { .entity = tables[i],
			                              .format = ENT_EXPORT_CSV,
			                              .write = keep };
		size_t begin = written;
		int64_t rows;
		ent_error_clear(&world.error);
		OK(ent_export_run(world.app, &model, &options, &rows, &world.error));
		out[i] = (ent_str){ pages + begin, written - begin };
	}
}

/* A contract in each state, a tree, each kind of price. */
static void make_contracts(void)
{
	tables_native("accounts", "external_id,name\na,Acme\n");
	tables_native("products", "external_id,name\np,Printer\n");
	tables_native("assets", "external_id,name,account_external_id\ns,Lab,a\n");
	tables_native("contract_templates", "external_id,name,term\nt,Usual,P1Y\n");
	struct ent_import_file file = tables_native(
		"contracts",
		"external_id,account_external_id,name,starts_on,ends_on,stage,state,cancelled_at,"
		"approval,approval_required,keep_draft,clauses,template_external_id,currency\n"
		"draft,a,Draft,2025-01-01,2025-12-31,draft,draft,,,,yes,,,\n"
		"review,a,Review,2025-08-01,2026-07-31,draft,draft,,in_review,true,,,,\n"
		"rejected,a,Rejected,2025-08-01,2026-07-31,draft,draft,,rejected,true,,,,\n"
		"approved,a,Approved,2025-01-01,2026-07-31,live,active,,approved,true,,,,\n"
		"next,a,Next,2026-01-01,2026-12-31,live,draft,,,,,,,\n"
		"active,a,Active,2025-01-01,,live,active,,,,,\"[{\"\"title\"\":\"\"T\"\","
		"\"\"body\"\":\"\"a;b\"\"}]\",,EUR\n"
		"partly,a,Partly,2025-01-01,2025-12-31,live,partly_suspended,,,,,,t,\n"
		"suspended,a,Suspended,2025-01-01,2025-12-31,,suspended,,,,,,,\n"
		"expired,a,Expired,2024-01-01,2024-12-31,live,expired,,,,,,,EUR\n"
		"cancelled,a,Cancelled,2025-01-01,2025-12-31,live,cancelled,2025-03-01T10:00:00Z,"
		",,,,,\n"
		"ended,a,Ended,2024-01-01,2024-12-31,,cancelled,,,,,,,\n");
	tables_check(&file, 11, 0, 0, 0);
	CHECK_TEXT(tables_told.all, "");
	file = tables_native(
		"contract_lines",
		"external_id,contract_external_id,parent_external_id,name,quantity,unit_price,"
		"list_price,adjustments,ramp,ramp_percent,derived_percent,state,asset_external_id\n"
		"1,active,,Seats,10,,24 EUR,\"[{\"\"type\"\":\"\"markdown_percent\"\","
		"\"\"value\"\":\"\"5\"\"}]\",,,,active,s\n"
		"2,active,1,Care,,,,,,,15,active,\n"
		"3,active,,Rooms,80,3.2 EUR,,,yearly,10,,active,\n"
		"4,expired,,Old,1,10 EUR,,,,,,expired,\n"
		"5,partly,,One,,,,,,,,suspended,\n"
		"6,partly,,Two,,,,,,,,active,\n"
		"7,partly,6,Three,,,,,,,,cancelled,\n"
		"8,suspended,,Four,,,,,,,,suspended,\n"
		"9,draft,,Five,,,,,,,,draft,\n");
	tables_check(&file, 9, 0, 0, 0);
	tables_native("entitlements",
	              "external_id,account_external_id,name,contract_line_external_id,starts_on,"
	              "ends_on,state,unit,total,remaining\n"
	              "e,a,Calls,1,2025-01-01,,active,cases,10,4\n"
	              "f,a,Old calls,4,2024-01-01,2024-12-31,expired,cases,10,4\n");
	file = tables_native("contract_coverage",
	                     "external_id,contract_external_id,contract_line_external_id,"
	                     "asset_external_id,product_external_id\n"
	                     "c1,active,,s,\nc2,,4,,p\n");
	tables_check(&file, 2, 0, 0, 0);
}

static void check_states(void)
{
	static const struct {
		const char *id;
		enum ent_contract_state state;
	} rows[] = {
		{ "draft", ENT_CONTRACT_DRAFT },
		{ "review", ENT_CONTRACT_DRAFT },
		{ "rejected", ENT_CONTRACT_DRAFT },
		{ "approved", ENT_CONTRACT_ACTIVE },
		{ "next", ENT_CONTRACT_DRAFT },
		{ "active", ENT_CONTRACT_ACTIVE },
		{ "partly", ENT_CONTRACT_PARTLY_SUSPENDED },
		{ "suspended", ENT_CONTRACT_SUSPENDED },
		{ "expired", ENT_CONTRACT_EXPIRED },
		{ "cancelled", ENT_CONTRACT_CANCELLED },
		{ "ended", ENT_CONTRACT_CANCELLED },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].id);
		CHECK_INT(contract_of(rows[i].id).state, rows[i].state);
	}
	ROW("");
	CHECK_INT(contract_of("next").stage, ENT_STAGE_LIVE);
	CHECK_INT(contract_of("review").approval, ENT_APPROVAL_IN_REVIEW);
	CHECK_TEXT(state_of(line_of("5").state), "suspended");
	CHECK_TEXT(state_of(line_of("7").state), "cancelled");
	CHECK_INT(contract_of("cancelled").cancelled_at.us,
	          world_instant("2025-03-01T10:00:00Z").us);
}

APP_TEST(import_contracts_round_trip)
{
	ent_str first[ENT_COUNT(tables)], second[ENT_COUNT(tables)];
	written = 0;
	world_open("2025-06-10T08:00:00Z");
	make_contracts();
	check_states();
	export_all(first);
	int64_t before = tables_sum();
	tables_all(ENT_FROM_CSV, tables, first, ENT_COUNT(tables),
	           ENT_IMPORT_UNCHANGED); /* into itself */
	CHECK_INT(tables_sum(), before);
	tables_books();
	world_close();

	CHECK(helper_use_migrated(helper_dialect));
	world_open("2025-06-10T09:00:00Z");
	tables_all(ENT_FROM_CSV, tables, first, ENT_COUNT(tables), ENT_IMPORT_CREATED);
	check_states();
	export_all(second);
	for (size_t i = 0; i < ENT_COUNT(tables); i++) {
		ROW(tables[i]);
		CHECK(ent_str_eq(first[i], second[i]));
		if (!ent_str_eq(first[i], second[i])) {
			printf("# %.*s\n# %.*s\n", (int)first[i].len, first[i].ptr,
			       (int)second[i].len, second[i].ptr);
		}
	}
	tables_books();
	world_close();
}
