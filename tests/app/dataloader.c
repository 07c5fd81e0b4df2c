#include "app/dataloader.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum table { CASES, NAMED, ENTITLEMENTS, TEMPLATES, ASSETS, PRODUCTS, CONTACTS, ACCOUNTS };

enum {
	ACCOUNT_ROWS = 180,
	CONTACT_ROWS = 540,
	PRODUCT_ROWS = 25,
	ASSET_ROWS = 200,
	TEMPLATE_ROWS = 6,
	ENTITLEMENT_ROWS = 260,
	NAMED_ROWS = 140,
	CASE_ROWS = 400
};

struct making {
	struct dataloader *out;
	struct ent_text text;
	enum table table;
	bool crlf;
	uint64_t random;
};

static size_t chance(struct making *m, size_t below)
{
	m->random = m->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)((m->random >> 33) % below);
}

/* Data Loader quotes everything. */
static void quoted(struct making *m, bool first, const char *value)
{
	ent_text_addf(&m->text, "%s\"", first ? "" : ",");
	for (const char *p = value; *p != '\0'; p++) {
		if (*p == '"') {
			ent_text_char(&m->text, '"');
		}
		ent_text_char(&m->text, *p);
	}
	ent_text_char(&m->text, '"');
}

static void end(struct making *m)
{
	ent_text_addf(&m->text, "%s", m->crlf ? "\r\n" : "\n");
}

static void row(struct making *m, const char *const *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		quoted(m, i == 0, cells[i]);
	}
	end(m);
}

#define CELLS(...)                                   \
	row(m, (const char *const[]){ __VA_ARGS__ }, \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

static void good(struct making *m)
{
	m->out->good[m->table]++;
}

static void wrong(struct making *m)
{
	m->out->wrong[m->table]++;
}

/* Every now and then an empty line, or one of separators only. */
static void blanks(struct making *m, size_t n)
{
	if (n % 97 == 13) {
		end(m);
		m->out->blank[m->table]++;
	}
	if (n % 131 == 40) {
		ent_text_addf(&m->text, ", ,  ");
		end(m);
		m->out->blank[m->table]++;
	}
}

/* ---- identifiers and dates --------------------------------------------------------------- */

/* "0015g00000AbcNNNNN" with its last three characters or without. */
static const char *id_of(struct making *m, const char *prefix, size_t n, char out[static 19])
{
	static const char digits[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	char text[16];
	snprintf(text, sizeof(text), "%s5g0000Qw%c%c%c%c", prefix, digits[n / 3844 % 62],
	         digits[n / 62 % 62], digits[n % 62], 'A');
	bool is_id = ent_salesforce_id((ent_str){ text, 15 }, out);
	assert(is_id);
	if (chance(m, 2) == 0) {
		out[15] = '\0';
	}
	return out;
}

static const char *date_of(struct making *m, int32_t year, char out[static 48])
{
	unsigned month = 1 + (unsigned)chance(m, 12);
	unsigned day = 1 + (unsigned)chance(m, 28);
	switch (chance(m, 4)) {
	case 0:
		snprintf(out, 48, "%04d-%02u-%02uT00:00:00.000Z", year, month, day);
		break;
	case 1:
		snprintf(out, 48, "%04d-%02u-%02uT00:00:00.000+0000", year, month, day);
		break;
	case 2:
		snprintf(out, 48, "%u/%u/%04d", month, day, year);
		break;
	default:
		snprintf(out, 48, "%04d-%02u-%02u", year, month, day);
	}
	return out;
}

static const char *time_of(struct making *m, char out[static 48])
{
	unsigned month = 1 + (unsigned)chance(m, 12);
	unsigned day = 1 + (unsigned)chance(m, 28);
	unsigned hour = (unsigned)chance(m, 24);
	switch (chance(m, 4)) {
	case 0:
		snprintf(out, 48, "2024-%02u-%02uT%02u:15:30.000Z", month, day, hour);
		break;
	case 1:
		snprintf(out, 48, "2024-%02u-%02uT%02u:15:30.000-0700", month, day, hour);
		break;
	case 2:
		snprintf(out, 48, "2024-%02u-%02uT%02u:15:30+05:30", month, day, hour);
		break;
	default:
		snprintf(out, 48, "%u/%u/2024 %u:15 %s", month, day,
		         hour % 12 == 0 ? 12 : hour % 12, hour < 12 ? "AM" : "PM");
	}
	return out;
}

static const char *truth(struct making *m, bool yes)
{
	static const char *const words[2][4] = { { "false", "0", "No", "FALSE" },
		                                 { "true", "1", "Yes", "TRUE" } };
	return words[yes][chance(m, 4)];
}

/* ---- tables ------------------------------------------------------------------------------ */

static bool is_child(size_t account)
{
	return account % 7 == 3 && account + 50 < ACCOUNT_ROWS;
}

/* Children come before their parents. */
static void accounts(struct making *m)
{
	char id[19], parent[19], name[64], street[64];
	CELLS("ID", "ISDELETED", "NAME", "TYPE", "PARENTID", "BILLINGSTREET", "BILLINGCITY",
	      "BILLINGPOSTALCODE", "BILLINGCOUNTRY", "PHONE", "ACCOUNTNUMBER", "SLA__C", "OWNERID");
	for (size_t i = 0; i < ACCOUNT_ROWS; i++) {
		static const char *const tiers[] = { "Gold", "Silver", "Bronze", "" };
		static const char *const places[] = { "Zürich", "São Paulo", "Kraków", "Reno" };
		bool nameless = i % 101 == 60;
		blanks(m, i);
		snprintf(name, sizeof(name), "%s %zu", i % 9 == 0 ? "\"Acme\", Inc.;" : "Company",
		         i);
		snprintf(street, sizeof(street), "%zu Main Street\nBuilding %zu", i, i % 5);
		CELLS(id_of(m, "001", i, id), "false", nameless ? "" : name, "Customer - Direct",
		      is_child(i) ? id_of(m, "001", i + 50, parent) : "", street, places[i % 4],
		      "01234", "United States", "(555) 010-0000", i % 3 == 0 ? "CD-77" : "",
		      tiers[chance(m, 4)], "0055g000001AAAAAAA");
		nameless || (is_child(i) && (i + 50) % 101 == 60) ? wrong(m) : good(m);
	}
}

/* It has no name, or its parent has none. */
static bool lacks_account(size_t account)
{
	return account % 101 == 60 || (is_child(account) && (account + 50) % 101 == 60);
}

static void contacts(struct making *m)
{
	char id[19], account[19], email[64];
	CELLS("ID", "ACCOUNTID", "LASTNAME", "FIRSTNAME", "SALUTATION", "EMAIL", "PHONE",
	      "MOBILEPHONE", "TITLE", "LASTMODIFIEDDATE");
	for (size_t i = 0; i < CONTACT_ROWS; i++) {
		size_t of = i % ACCOUNT_ROWS;
		bool private = i % 211 == 5;
		bool bad = i % 173 == 9;
		blanks(m, i);
		snprintf(email, sizeof(email), bad ? "nobody at home %zu" : "p%zu@example.com", i);
		CELLS(id_of(m, "003", i, id), private ? "" : id_of(m, "001", of, account),
		      i % 2 == 0 ? "O'Neil" : "Müller-Lüdenscheidt", "Pat", "Dr.", email, "",
		      "+49 30 1234", i % 4 == 0 ? "Head of \"Everything\"" : "",
		      "2024-05-01T10:00:00.000+0000");
		private || bad || lacks_account(of) ? wrong(m) : good(m);
	}
}

static bool lacks_contact(size_t contact)
{
	return contact % 211 == 5 || contact % 173 == 9 || lacks_account(contact % ACCOUNT_ROWS);
}

static void products(struct making *m)
{
	char id[19], name[32], code[32];
	CELLS("Id", "Product Name", "Product Code", "Product Description", "Active",
	      "Product Family");
	for (size_t i = 0; i < PRODUCT_ROWS; i++) {
		bool repeated = i == 20;
		snprintf(name, sizeof(name), "Device %zu", i);
		snprintf(code, sizeof(code), "DEV-%zu", repeated ? 1 : i);
		CELLS(id_of(m, "01t", i, id), name, code, "", truth(m, i % 5 != 0), "Hardware");
		repeated ? wrong(m) : good(m);
	}
}

static void assets(struct making *m)
{
	char id[19], account[19], product[19], parent[19], day[48];
	CELLS("ID", "NAME", "ACCOUNTID", "PRODUCT2ID", "SERIALNUMBER", "INSTALLDATE", "QUANTITY",
	      "STATUS", "PARENTID", "PRICE");
	for (size_t i = 0; i < ASSET_ROWS; i++) {
		static const char *const statuses[] = { "Installed", "Shipped", "Obsolete", "",
			                                "On loan" };
		size_t of = i % 50;
		bool bad_day = i % 149 == 77;
		bool part = i >= 250 && i < 300 && !lacks_account(of); /* of one that comes later */
		blanks(m, i);
		CELLS(id_of(m, "02i", i, id), "Device in room 12", id_of(m, "001", of, account),
		      id_of(m, "01t", i % 20, product), "SN,0001",
		      bad_day ? "31.02.2023" : date_of(m, 2023, day), i % 2 == 0 ? "1.00" : "",
		      statuses[i % 5], part ? id_of(m, "02i", i + 50, parent) : "", "199.99");
		bad_day || lacks_account(of) ? wrong(m) : good(m);
	}
}

static bool lacks_asset(size_t asset)
{
	return asset % 149 == 77;
}

static void templates(struct making *m)
{
	char id[19], name[32];
	CELLS("ID", "NAME", "TERM", "TYPE", "ISPERINCIDENT", "CASESPERENTITLEMENT");
	for (size_t i = 0; i < TEMPLATE_ROWS; i++) {
		snprintf(name, sizeof(name), "Template %zu", i);
		CELLS(id_of(m, "551", i, id), name, i % 2 == 0 ? "365" : "", "Phone",
		      truth(m, i % 3 == 0), i % 3 == 0 ? "10" : "");
		good(m);
	}
}

/* 0: no counting, 1: counting, 2: without bound, 3: used up */
static void entitlements(struct making *m)
{
	char id[19], account[19], asset[19], name[48], from[48], to[48], total[16], left[16];
	CELLS("ID", "NAME", "ACCOUNTID", "ASSETID", "TYPE", "STATUS", "STARTDATE", "ENDDATE",
	      "ISPERINCIDENT", "CASESPERENTITLEMENT", "REMAININGCASES", "SLAPROCESSID",
	      "Legacy_No__c");
	for (size_t i = 0; i < ENTITLEMENT_ROWS; i++) {
		size_t of = i % ACCOUNT_ROWS;
		size_t kind = i % 4;
		bool above = i % 199 == 21;     /* more remains than was granted: a correction */
		bool backwards = i % 157 == 30; /* ends before it starts */
		bool nothing = i % 233 == 50;   /* no such account */
		bool has_asset = of < 50 && i < 50;
		blanks(m, i);
		snprintf(name, sizeof(name), "Support %zu", i);
		snprintf(total, sizeof(total), "%d", kind == 1 ? 20 : kind == 3 ? 5 : 0);
		snprintf(left, sizeof(left), "%d", above ? 25 : kind == 1 ? (int)(i % 20) : 0);
		CELLS(id_of(m, "550", i, id), name, id_of(m, "001", nothing ? 9000 : of, account),
		      has_asset ? id_of(m, "02i", i, asset) : "",
		      kind == 0 ? "Web Support" : "Phone", "Active", date_of(m, 2024, from),
		      date_of(m, backwards ? 2023 : 2026, to), truth(m, kind != 0),
		      kind == 1 || kind == 3 ? total : "", kind == 1 || kind == 3 ? left : "", "",
		      i % 3 == 0 ? "A-17" : "");
		bool lost =
			nothing || backwards || lacks_account(of) || (has_asset && lacks_asset(i));
		lost ? wrong(m) : good(m);
	}
}

static bool lacks_entitlement(size_t i)
{
	return i % 233 == 50 || i % 157 == 30 || lacks_account(i % ACCOUNT_ROWS) ||
	       (i < 50 && lacks_asset(i));
}

static void named(struct making *m)
{
	char id[19], entitlement[19], contact[19];
	CELLS("ID", "ENTITLEMENTID", "CONTACTID", "NAME");
	for (size_t i = 0; i < NAMED_ROWS; i++) {
		size_t who = i % 31 == 7 ? i + 1 : i; /* of another account */
		CELLS(id_of(m, "552", i, id), id_of(m, "550", i, entitlement),
		      id_of(m, "003", who, contact), "EC-000");
		lacks_entitlement(i) || lacks_contact(who) || who != i ? wrong(m) : good(m);
	}
}

static void cases(struct making *m)
{
	char id[19], account[19], contact[19], entitlement[19], number[16], at[48], closed_at[48];
	CELLS("ID", "CASENUMBER", "ACCOUNTID", "CONTACTID", "ENTITLEMENTID", "SUBJECT",
	      "DESCRIPTION", "STATUS", "ISCLOSED", "CLOSEDDATE", "ORIGIN", "PRIORITY",
	      "CREATEDDATE", "OWNER.EMAIL");
	for (size_t i = 0; i < CASE_ROWS; i++) {
		static const char *const origins[] = { "Phone", "Email", "Web Form", "" };
		static const char *const priorities[] = { "High", "Medium", "Low", "" };
		size_t of = i % 150; /* account, contact and entitlement of the same number */
		bool closed = i % 3 != 0;
		bool odd = i % 181 == 100; /* a priority that nobody knows */
		bool orphan = i % 11 == 4; /* account by way of its contact */
		bool covered = i % 2 == 0;
		blanks(m, i);
		snprintf(number, sizeof(number), "%08zu", 1000 + i);
		CELLS(id_of(m, "500", i, id), number, orphan ? "" : id_of(m, "001", of, account),
		      id_of(m, "003", of, contact), covered ? id_of(m, "550", of, entitlement) : "",
		      i % 50 == 1 ? "" : "Printer says \"PC LOAD LETTER\"",
		      "It said:\n  \"error, 17\"\nand stopped.", closed ? "Closed" : "On Hold",
		      truth(m, closed), closed ? time_of(m, closed_at) : "", origins[i % 4],
		      odd ? "Whenever" : priorities[i / 4 % 4], time_of(m, at), "me@example.com");
		bool lost = odd || lacks_account(of) || lacks_contact(of) ||
		            (covered && lacks_entitlement(of));
		lost ? wrong(m) : good(m);
	}
}

void dataloader_make(struct dataloader *out, struct ent_arena *arena)
{
	static const struct {
		const char *name;
		void (*make)(struct making *m);
		bool crlf;
	} tables[DATALOADER_TABLES] = {
		[CASES] = { "exports/Case_2024-06.csv", cases, true },
		[NAMED] = { "exports/EntitlementContact.csv", named, false },
		[ENTITLEMENTS] = { "exports/entitlement-export.csv", entitlements, true },
		[TEMPLATES] = { "exports/EntitlementTemplate.csv", templates, false },
		[ASSETS] = { "exports/ASSET.CSV", assets, true },
		[PRODUCTS] = { "exports/report1717.csv", products, false },
		[CONTACTS] = { "exports/contact (1).csv", contacts, true },
		[ACCOUNTS] = { "exports/account.csv", accounts, true },
	};
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < DATALOADER_TABLES; i++) {
		struct making m = {
			.out = out, .table = (enum table)i, .crlf = tables[i].crlf, .random = 7 + i
		};
		m.text = ent_text_begin(arena);
		if (i == ENTITLEMENTS) {
			ent_text_addf(&m.text, "\xEF\xBB\xBF");
		}
		tables[i].make(&m);
		out->files[i] = (struct ent_import_file){ .name = tables[i].name,
			                                  .text = ent_text_end(&m.text) };
		out->rows += out->good[i] + out->wrong[i] + out->blank[i];
	}
}
