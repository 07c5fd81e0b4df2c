/* Imports: whole tables through the use cases, on both databases. */
#include "app/tables.h"

/* ---- Salesforce -------------------------------------------------------------------------- */

static struct dataloader loader;

APP_TEST(import_data_loader)
{
	struct ent_import_options options = tables_options(ENT_FROM_SALESFORCE);
	world_open("2025-06-10T08:00:00Z");
	dataloader_make(&loader, &world.arena);
	CHECK(loader.rows > 1600);

	int64_t before = tables_sum();
	options.dry_run = true;
	OK(tables_import(&options, loader.files, DATALOADER_TABLES));
	CHECK_INT(tables_told.rows, loader.rows);
	CHECK_INT(tables_sum(), before);
	for (size_t i = 0; i < DATALOADER_TABLES; i++) {
		tables_check(&loader.files[i], i == 1 ? 0 : loader.good[i],
		             i == 1 ? loader.good[i] : 0, 0, loader.wrong[i]);
		CHECK_INT(loader.files[i].counts[ENT_IMPORT_BLANK], loader.blank[i]);
	}

	options.dry_run = false;
	OK(tables_import(&options, loader.files, DATALOADER_TABLES));
	for (size_t i = 0; i < DATALOADER_TABLES; i++) {
		tables_check(&loader.files[i], i == 1 ? 0 : loader.good[i],
		             i == 1 ? loader.good[i] : 0, 0, loader.wrong[i]);
	}
	tables_books();

	int64_t after = tables_sum();
	OK(tables_import(&options, loader.files, DATALOADER_TABLES));
	for (size_t i = 0; i < DATALOADER_TABLES; i++) {
		tables_check(&loader.files[i], 0, 0, loader.good[i], loader.wrong[i]);
	}
	CHECK_INT(tables_sum(), after);
	world_close();
}

#define SF_ACCOUNT "Id,Name\n001A00000000001,Acme\n001A00000000002,Other\n"

static struct ent_import_file salesforce(const char *name, const char *text)
{
	struct ent_import_options options = tables_options(ENT_FROM_SALESFORCE);
	struct ent_import_file file = { .name = name, .text = ent_str_of(text) };
	OK(tables_import(&options, &file, 1));
	return file;
}

APP_TEST(import_salesforce_balance)
{
	world_open("2025-06-10T08:00:00Z");
	salesforce("Account.csv", SF_ACCOUNT);
	struct ent_import_file file = salesforce(
		"Entitlement.csv",
		"Entitlement ID,Entitlement Name,Account ID,Start Date,End Date,Per Incident,"
		"Cases Per Entitlement,Remaining Cases,Status,Type\n"
		"550A00000000001,Counted,001A00000000001,1/15/"
		"2025,2026-01-14,Yes,10,3,Active,Phone\n"
		"550A00000000002,Full,001A00000000001,2025-01-15,,1,10,,Active,\n"
		"550A00000000003,Endless,001A00000000001,2025-01-15,,true,,,Active,\n"
		"550A00000000004,Corrected,001A00000000001,2025-01-15,,true,10,14,Active,\n"
		"550A00000000005,Dates,001A00000000001,2024-01-15,2024-12-31,false,0,0,Expired,\n"
		"550A00000000006,Later,001A00000000001,2025-09-01,,true,4,4,Inactive,\n");
	tables_check(&file, 6, 0, 0, 0);
	struct ent_entitlement e =
		world_entitlement(tables_id("entitlement", "550A00000000001IAA"));
	CHECK_INT(e.remaining.n, 3);
	CHECK_INT(e.consumed.n, 7);
	CHECK_INT(e.total.n, 10);
	CHECK_INT(e.state, ENT_ENTITLEMENT_ACTIVE);
	CHECK_INT(e.starts_on.day, world_date("2025-01-15").day);
	e = world_entitlement(tables_id("entitlement", "550A00000000002IAA"));
	CHECK_INT(e.remaining.n, 10);
	e = world_entitlement(tables_id("entitlement", "550A00000000003IAA"));
	CHECK(e.unlimited && ent_count_is_none(e.remaining));
	e = world_entitlement(tables_id("entitlement", "550A00000000004IAA"));
	CHECK_INT(e.remaining.n, 14);
	CHECK_TEXT(world_state(tables_id("entitlement", "550A00000000005IAA")), "expired");
	CHECK_TEXT(world_state(tables_id("entitlement", "550A00000000006IAA")), "waiting");
	tables_books();
	world_close();
}

APP_TEST(import_salesforce_cases)
{
	world_open("2025-06-10T08:00:00Z");
	salesforce("Account.csv", SF_ACCOUNT);
	salesforce("Contact.csv", "Id,LastName,FirstName,AccountId\n"
	                          "003A00000000001,Reed,Jackson,001A00000000001\n");
	salesforce("Entitlement.csv", "Id,Name,AccountId,StartDate,EndDate,IsPerIncident,"
	                              "CasesPerEntitlement,RemainingCases\n"
	                              "550A00000000001,Old,001A00000000001,2023-01-01,2023-12-31,"
	                              "true,5,2\n");
	struct ent_import_file file = salesforce(
		"Case.csv", "Id,AccountId,ContactId,EntitlementId,Subject,Status,Origin,Priority,"
			    "ClosedDate\n"
			    "500A00000000001,001A00000000001,003A00000000001,550A00000000001,Help,"
			    "Closed,Web Form,High,2023-06-01T10:00:00.000-0700\n"
			    "500A00000000002,,003A00000000001,,More help,Working,,,\n"
			    "500A00000000003,001A00000000002,,550A00000000001,Wrong,New,,,\n"
			    "500A00000000004,001A00000000001,003A00000000009,,Nobody,New,,,\n");
	tables_check(&file, 2, 0, 0, 2);
	CHECK_TEXT(tables_told.all,
	           "Case.csv:4|EntitlementId|550A00000000001|name one of the same account\n"
	           "Case.csv:5|ContactId|003A00000000009|there is no such contact; "
	           "import it first\n");
	struct ent_case c = world_case(tables_id("\"case\"", "500A00000000001IAA"));
	CHECK_INT(c.state, ENT_CASE_RESOLVED);
	CHECK_INT(c.resolved_at.us, world_instant("2023-06-01T17:00:00Z").us);
	CHECK(ent_str_is(c.channel, "web_form") && c.priority == ENT_PRIORITY_HIGH);
	CHECK_INT(c.units_charged, 0);
	CHECK_INT(world_entitlement(c.entitlement_id).remaining.n, 2); /* as it was */
	c = world_case(tables_id("\"case\"", "500A00000000002IAA"));
	CHECK_INT(c.account_id.value, tables_id("account", "001A00000000001IAA").value);
	CHECK(ent_str_is(c.status, "working") && c.state == ENT_CASE_OPEN);

	/* Closed there since then: closed here, too. */
	file = salesforce("Case.csv", "Id,ContactId,Subject,Status,Resolution__c\n"
	                              "500A00000000002,003A00000000001,More help,Closed,done\n");
	tables_check(&file, 0, 1, 0, 0);
	CHECK_INT(world_case(tables_id("\"case\"", "500A00000000002IAA")).state, ENT_CASE_RESOLVED);
	tables_books();
	world_close();
}

APP_TEST(import_entitlement_contacts)
{
	world_open("2025-06-10T08:00:00Z");
	salesforce("Account.csv", SF_ACCOUNT);
	salesforce("Contact.csv", "Id,LastName,AccountId\n003A00000000001,Reed,001A00000000001\n"
	                          "003A00000000002,Else,001A00000000002\n");
	salesforce("Entitlement.csv",
	           "Id,Name,AccountId,StartDate,EndDate\n"
	           "550A00000000001,Old,001A00000000001,2023-01-01,2023-12-31\n");
	struct ent_import_file file =
		salesforce("EntitlementContact.csv", "Id,EntitlementId,ContactId\n"
	                                             "x,550A00000000001,003A00000000001\n"
	                                             "y,550A00000000001,003A00000000001\n"
	                                             "z,550A00000000001,003A00000000002\n");
	tables_check(&file, 0, 1, 1, 1);
	CHECK_INT(world_entitlement(tables_id("entitlement", "550A00000000001IAA")).contacts.count,
	          1);
	world_close();
}

/* ---- our own tables ---------------------------------------------------------------------- */

APP_TEST(import_upserts)
{
	world_open("2025-06-10T08:00:00Z");
	struct ent_import_file file = tables_native(
		"account", " External ID ;NAME;Tier;metadata.crm;country\na;Acme;gold;77;DE\n"
			   "b;\"Beta; Ltd\";;;\n\n;;;;\n");
	tables_check(&file, 2, 0, 0, 0);
	CHECK_INT(file.counts[ENT_IMPORT_BLANK], 2);
	file = tables_native("account",
	                     "external_id,name,tier\na,Acme AG,gold\nb,\"Beta; Ltd\",\n");
	tables_check(&file, 0, 1, 1, 0);
	struct ent_account account;
	world_get(&ent_account_type, tables_id("account", "a"), &account);
	CHECK(ent_str_is(account.name, "Acme AG") && ent_str_is(account.country, "DE"));
	CHECK_INT(account.metadata.count, 1);
	CHECK_INT(account.version, 2);
	world_close();
}

/* A parent may come later; what is no parent is tables_told. */
APP_TEST(import_waits_for_parents)
{
	world_open("2025-06-10T08:00:00Z");
	struct ent_import_file file = tables_native(
		"account", "external_id,name,parent_external_id\nc,Third,b\nb,Second,a\na,First,\n"
			   "x,Lost,nobody\ny,Round,z\nz,And round,y\n");
	tables_check(&file, 3, 0, 0, 3);
	CHECK(strstr(tables_told.all,
	             "account:5|parent_external_id|nobody|there is no such account") != NULL);
	CHECK_INT(
		world_number("SELECT COUNT(*) FROM account c JOIN account b ON b.id = c.parent_id "
	                     "JOIN account a ON a.id = b.parent_id WHERE a.external_id = 'a'",
	                     ENT_ID_NONE),
		1);
	world_close();
}

/* The reasons name the column, and what was half done is undone. */
APP_TEST(import_tells_what_is_wrong)
{
	world_open("2025-06-10T08:00:00Z");
	tables_native("account", "external_id,name\na,Acme\n");
	struct ent_import_file file = tables_native(
		"entitlement",
		"external_id,account_external_id,name,unit,total,starts_on,state,remaining\n"
		"1,a,Good,cases,10,2025-01-01,active,4\n"
		"2,a,Bad day,cases,10,2025-02-30,active,4\n"
		"3,a,Bad unit,tons,10,2025-01-01,active,4\n"
		"4,,Nobody's,cases,10,2025-01-01,active,4\n"
		"5,a,Half,cases,ten,2025-01-01,active,4\n"
		"6,a,No such state,cases,10,2025-01-01,asleep,4\n"
		"7,a,Too,many,cells,in,this,row,here\n"
		"8,a,\"open\n");
	tables_check(&file, 1, 0, 0, 7);
	CHECK_TEXT(tables_told.all,
	           "entitlement:3|starts_on|2025-02-30|give a date like 2026-02-28, or tell "
	           "--date-order\n"
	           "entitlement:4|unit|tons|give one of none cases minutes visits custom\n"
	           "entitlement:5|account_external_id||account_id must be given\n"
	           "entitlement:6|total|ten|give a whole number\n"
	           "entitlement:7|state|asleep|give a state such as draft\n"
	           "entitlement:8|||9 cells in a table of 8 columns\n"
	           "entitlement:9|||line 9: a quote is opened and not closed\n");
	CHECK_INT(world_number("SELECT COUNT(*) FROM entitlement", ENT_ID_NONE), 1);
	tables_books();
	world_close();
}

/* The same limits as at the border of the API. */
APP_TEST(import_knows_limits)
{
	char long_text[600], rows[2048];
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	world_open("2025-06-10T08:00:00Z");
	snprintf(rows, sizeof(rows),
	         "external_id,name,metadata,metadata.crm,email\n1,A,,%s,\n%s,B,,,\n"
	         "3,C,[1],,\n4,D,\"{\"\"crm\"\":\"\"1\"\"}\",2,\n5,,,,\n6,E,,,no address\n",
	         long_text, long_text);
	struct ent_import_file file = tables_native("account", rows);
	tables_check(&file, 1, 0, 0, 5);
	CHECK(strstr(tables_told.all, "account:2|metadata.crm|xxx") != NULL);
	CHECK(strstr(tables_told.all, "|give at most 500 characters") != NULL);
	CHECK(strstr(tables_told.all, "account:3|external_id|xxx") != NULL);
	CHECK(strstr(tables_told.all, "account:4|metadata|[1]|give a JSON object") != NULL);
	CHECK(strstr(tables_told.all, "account:6|name||name must be given") != NULL);
	CHECK(strstr(tables_told.all, "account:7|email|no address|") != NULL);
	struct ent_account account;
	world_get(&ent_account_type, tables_id("account", "4"), &account);
	CHECK(account.metadata.count == 1 && ent_str_is(account.metadata.pairs[0].value, "2"));
	file = tables_native("entitlement",
	                     "external_id,account_external_id,name,unit,total,channels,grants\n"
	                     "1,4,A,cases,5,phone:2000000000,\n2,4,B,cases,5,phone:x,\n"
	                     "3,4,C,cases,5,phone:9,\n4,4,D,cases,5,,[{}\n"
	                     "5,4,E,cases,5,,\"[{\"\"shoe\"\":1}]\"\n"
	                     "6,4,F,cases,5,,\"[{\"\"contact_external_id\"\":\"\"c\"\"}]\"\n");
	tables_check(&file, 0, 0, 0, 6);
	CHECK(strstr(tables_told.all, "entitlement:2|channels|phone:2000000000|") != NULL);
	CHECK(strstr(tables_told.all, "entitlement:7|grants|c|there is no such contact") != NULL);
	world_close();
}

/* A restricted balance cannot be below nothing: created, put into force, refused, undone. */
APP_TEST(import_row_is_whole_or_nothing)
{
	world_open("2025-06-10T08:00:00Z");
	tables_native("account", "external_id,name\na,Acme\n");
	struct ent_import_file file = tables_native(
		"entitlement", "external_id,account_external_id,name,unit,total,restricted,state,"
			       "remaining\n"
			       "1,a,First,cases,5,true,active,2\n"
			       "2,a,Overdrawn,cases,5,true,active,-3\n"
			       "3,a,Last,cases,5,true,active,5\n");
	tables_check(&file, 2, 0, 0, 1);
	CHECK_INT(world_number("SELECT COUNT(*) FROM entitlement", ENT_ID_NONE), 2);
	CHECK_INT(world_number("SELECT COUNT(*) FROM term_posting", ENT_ID_NONE), 3);
	tables_books();
	world_close();
}

APP_TEST(import_refuses_tables)
{
	static const struct {
		const char *name, *text;
		enum ent_code code;
	} rows[] = {
		{ "what.csv", "a,b\n1,2\n", ENT_E_UNKNOWN_VALUE },
		{ "account.csv", "external_id,name,shoe_size\n", ENT_E_UNKNOWN_FIELD },
		{ "account.csv", "external_id,name,name\n", ENT_E_DUPLICATE },
		{ "account.csv", "\n\n", ENT_E_REQUIRED },
		{ "account.csv", "", ENT_E_REQUIRED },
		{ "account.csv", "\"external_id\n", ENT_E_SYNTAX },
	};
	struct ent_import_options options = tables_options(ENT_FROM_CSV);
	world_open("2025-06-10T08:00:00Z");
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_import_file file = { .name = rows[i].name,
			                        .text = ent_str_of(rows[i].text) };
		ROW(rows[i].text);
		CHECK_CODE(tables_import(&options, &file, 1), rows[i].code);
	}
	world_close();
}

/* What is in force is amended, and its state follows. */
APP_TEST(import_changes_what_is_live)
{
#define LIVE "external_id,account_external_id,name,unit,total,channels,state,remaining,is_default\n"
	world_open("2025-06-10T08:00:00Z");
	tables_native("account", "external_id,name\na,Acme\n");
	struct ent_import_file file =
		tables_native("entitlement", LIVE "1,a,One,cases,10,phone:5:3;web,active,6,true\n");
	tables_check(&file, 1, 0, 0, 0);
	ent_id id = tables_id("entitlement", "1");
	struct ent_entitlement e = world_entitlement(id);
	const struct ent_entitlement_channel *phone = e.channels.items;
	CHECK_INT(e.remaining.n, 6);
	CHECK_INT(phone->remaining.n, 3);
	CHECK(e.is_default);
	file = tables_native("entitlement", LIVE "1,a,One,cases,10,phone:5:3;web,active,6,true\n");
	tables_check(&file, 0, 0, 1, 0);
	file = tables_native("entitlement",
	                     LIVE "1,a,One more,cases,20,phone:8;web;email:0,suspended,6,\n");
	tables_check(&file, 0, 1, 0, 0);
	e = world_entitlement(id);
	CHECK(ent_str_is(e.name, "One more"));
	CHECK_INT(e.total.n, 20);
	CHECK_INT(e.remaining.n, 16);
	CHECK_INT(e.channels.count, 3);
	CHECK_INT(e.state, ENT_ENTITLEMENT_SUSPENDED);
	file = tables_native("entitlement",
	                     LIVE "1,a,One more,cases,20,phone:8;web;email:0,cancelled,,\n");
	tables_check(&file, 0, 1, 0, 0);
	CHECK_TEXT(world_state(id), "cancelled");
	file = tables_native("entitlement", "external_id,account_external_id,name\n1,b,x\n");
	tables_check(&file, 0, 0, 0, 1);
	tables_books();
	world_close();
}

APP_TEST(import_nulls)
{
	struct ent_import_options options = tables_options(ENT_FROM_CSV);
	struct ent_import_file file = { .name = "account",
		                        .object = "account",
		                        .text = ENT_STR("external_id,name,tier\na,Acme,\n") };
	struct ent_account account;
	world_open("2025-06-10T08:00:00Z");
	tables_native("account", "external_id,name,tier\na,Acme,gold\n");
	options.nulls = true;
	OK(tables_import(&options, &file, 1));
	tables_check(&file, 0, 1, 0, 0);
	world_get(&ent_account_type, tables_id("account", "a"), &account);
	CHECK_INT(account.tier.len, 0);
	world_close();
}
