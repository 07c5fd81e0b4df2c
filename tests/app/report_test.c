/* Reports on a few contracts whose story is known, as tables. */
#include "app/operate.h"
#include "app/report.h"

static const struct ent_type *const CONTRACT = &ent_contract_type;

struct asking {
	const char *name;
	const char *parameters; /* "from=2025-01-01 by=quarter" */
	const struct ent_principal *who;
	char text[6000];
};

static enum ent_code ask(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct asking *asking = arg;
	const struct ent_report *report = ent_report_named(ent_str_of(asking->name));
	struct ent_input_report input = ent_report_input(report);
	struct ent_report_answer answer;
	ent_str rest = ent_str_of(asking->parameters);
	while (rest.len > 0) {
		struct ent_cut cut = ent_str_cut(rest, ' ');
		struct ent_cut pair = ent_str_cut(cut.head, '=');
		rest = cut.tail;
		ent_report_set(report, pair.head, pair.tail, &input, call->arena, error);
	}
	enum ent_code code = ent_noted(error);
	if (code == ENT_OK) {
		code = ent_report_run(call, report, &input, &answer, error);
	}
	if (code == ENT_OK) {
		ent_str text = ent_report_csv(&answer, call->arena);
		snprintf(asking->text, sizeof(asking->text), "%.*s", (int)text.len, text.ptr);
	}
	return code;
}

/* The columns of a report's rows, blanks between columns and bars between rows. */
static const char *table(const char *name, const char *parameters, const char *columns)
{
	static struct asking asking;
	static char out[6000];
	int wanted[20];
	int count = 0;
	asking.name = name;
	asking.parameters = parameters;
	asking.text[0] = '\0';
	OK(world_run(ENT_READ, ask, &asking));
	size_t len = 0;
	ent_str text = ent_str_of(asking.text);
	for (int row = 0; text.len > 0; row++) {
		struct ent_cut line = ent_str_cut(text, '\n');
		ent_str cells = line.head;
		text = line.tail;
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s", row > 1 ? " | " : "");
		for (int at = 0; cells.len > 0; at++) {
			struct ent_cut cell = ent_str_cut(cells, ',');
			cells = cell.tail;
			char padded[90];
			char all[200];
			snprintf(padded, sizeof(padded), " %.*s ", (int)cell.head.len,
			         cell.head.ptr);
			snprintf(all, sizeof(all), " %s ", columns);
			if (row == 0 && strstr(all, padded) != NULL) {
				wanted[count++] = at;
			}
			for (int k = 0; row > 0 && k < count; k++) {
				len += wanted[k] != at
				               ? 0
				               : (size_t)snprintf(out + len, sizeof(out) - len,
				                                  "%s%.*s", k > 0 ? " " : "",
				                                  (int)cell.head.len,
				                                  cell.head.ptr);
			}
		}
	}
	out[len] = '\0';
	return out;
}

static ent_id make(ent_id account, const char *name, const char *days, const char *quantity,
                   const char *price)
{
	char json[600];
	snprintf(json, sizeof(json),
	         "{\"account_id\":$1,\"name\":\"%s\",\"currency\":\"EUR\",%s,\"lines\":[{\"name\":"
	         "\"L\",\"quantity\":\"%s\",\"unit_price\":{\"amount\":\"%s\",\"currency\":"
	         "\"EUR\"}}]}",
	         name, days, quantity, price);
	return world_create(CONTRACT, json, REFS({ &ent_account_type, account }));
}

/* As a renewal leaves it: contract and line name the one before. */
static void renew(ent_id from, ent_id to)
{
	char sql[500];
	snprintf(sql, sizeof(sql), "UPDATE contract SET renewed_from_id = %lld WHERE id = $1",
	         (long long)from.value);
	world_sql(sql, to);
	snprintf(
		sql, sizeof(sql),
		"UPDATE contract_line SET line_type = 'renew', renewed_from_id = (SELECT l.id FROM "
		"contract_line l WHERE l.contract_id = %lld) WHERE contract_id = $1",
		(long long)from.value);
	world_sql(sql, to);
}

#define DAYS(first, last) "\"starts_on\":\"" first "\",\"ends_on\":\"" last "\""

static ent_id accounts[2];

/* A is renewed in time and dearer, C late and with more, E not at all, F is new without end and
 * sold down in May, G belongs to another account and is new, with a ramp. */
static void tell_story(void)
{
	world_open("2023-12-01T08:00:00Z");
	accounts[0] = world_account("One");
	accounts[1] = world_account("Two");
	ent_id a = make(accounts[0], "A", DAYS("2024-01-01", "2024-12-31"), "1", "100");
	ent_id c = make(accounts[0], "C", DAYS("2024-01-01", "2024-12-31"), "2", "50");
	make(accounts[0], "E", DAYS("2024-01-01", "2024-12-31"), "1", "10");
	renew(a, make(accounts[0], "B", DAYS("2025-01-01", "2025-12-31"), "1", "110"));
	renew(c, make(accounts[0], "D", DAYS("2025-02-15", "2025-12-31"), "3", "50"));
	ent_id f = make(accounts[0], "F", "\"starts_on\":\"2025-03-01\"", "5", "20");
	char sql[300];
	world_do(CONTRACT, "lines", f,
	         "{\"lines\":[{\"name\":\"M\",\"quantity\":\"2\",\"starts_on\":\"2025-05-10\","
	         "\"unit_price\":{\"amount\":\"20\",\"currency\":\"EUR\"}}]}");
	world_sql("UPDATE contract_line SET split_from_id = (SELECT MIN(l.id) FROM contract_line l "
	          "WHERE l.contract_id = $1) WHERE contract_id = $1 AND name = 'M'",
	          f);
	snprintf(sql, sizeof(sql),
	         "UPDATE contract_line SET line_type = 'cancel', ends_on = %d WHERE contract_id = "
	         "$1 AND name = 'L'",
	         world_date("2025-05-09").day);
	world_sql(sql, f);
	world_create(
		CONTRACT,
		"{\"account_id\":$1,\"name\":\"G\",\"currency\":\"EUR\",\"auto_renew\":true,"
		"\"notice_days\":30," DAYS(
			"2025-04-01",
			"2027-03-31") ",\"lines\":[{\"name\":\"L\",\"ramp\":\"yearly\",\"ramp_"
				      "percent\":\"10\","
				      "\"list_price\":{\"amount\":\"30\",\"currency\":\"EUR\"}}]}",
		REFS({ &ent_account_type, accounts[1] }));
	world_at("2025-06-15");
}

#define MOVED "opening new won_back upsell uplift downsell churn closing"

APP_TEST(report_of_arr_follows_chains_of_lines)
{
	tell_story();
	/* January: A renewed (+120), C and E ended. February: C comes back. March: F. April: G.
	 * May: F sold down from 5 to 2. */
	CHECK_TEXT(table("arr_movement", "from=2025-01-01 to=2025-05-31 by=month", MOVED),
	           "2520 0 0 0 120 0 -1320 1320 | 1320 0 1800 0 0 0 0 3120 | "
	           "3120 1200 0 0 0 0 0 4320 | 4320 360 0 0 0 0 0 4680 | "
	           "4680 0 0 0 0 -720 0 3960");
	/* By quarter C was there before and after: its third unit is an upsell. */
	CHECK_TEXT(table("arr_movement", "from=2025-01-01 to=2025-06-30 by=quarter", MOVED),
	           "2520 1200 0 600 120 0 -120 4320 | 4320 360 0 0 0 -720 0 3960");
	/* The ramp's second step is an uplift, the end of B and D churn as long as it stands. */
	CHECK_TEXT(table("arr_movement", "from=2026-01-01 to=2026-12-31 by=year", MOVED),
	           "3960 0 0 0 36 0 -3120 876");
	world_close();
}

APP_TEST(report_of_renewals_counts_and_weighs)
{
	tell_story();
	CHECK_TEXT(table("renewal_rate", "from=2024-12-01 to=2024-12-31",
	                 "due renewed late rate due_arr renewed_arr kept_arr gross_retention "
	                 "net_retention"),
	           "3 2 1 66.67 2520 3120 2400 95.24 123.81");
	CHECK_TEXT(table("renewal_rate", "from=2024-12-01 to=2024-12-31 as_of=2025-02-01",
	                 "due renewed rate net_retention"),
	           "3 1 33.33 52.38");
	CHECK_TEXT(table("gap_days", "from=2024-01-01", "name ended_on renewed_on gap_days arr"),
	           "C 2024-12-31 2025-02-15 45 1200 | E 2024-12-31  166 120");
	world_close();
}

APP_TEST(report_of_contracts_by_end_and_state)
{
	tell_story();
	CHECK_TEXT(table("expiring", "as_of=2025-12-01 windows=30,90",
	                 "name account ends_on days_left window arr tcv"),
	           "B One 2025-12-31 30 30 1320 1320 | D One 2025-12-31 30 30 1800 1582.26");
	CHECK_TEXT(table("expiring_windows", "as_of=2024-12-31 windows=1", "contracts renewed"),
	           "3 2");
	CHECK_TEXT(table("expiring_windows", "as_of=2025-11-30 windows=30,60",
	                 "window from to contracts auto_renewed renewed arr"),
	           "30 2025-11-30 2025-12-30 0 0 0 0 | 60 2025-12-31 2026-01-29 2 0 0 3120");
	CHECK_TEXT(table("states", "as_of=2024-06-01", "state contracts arr tcv"),
	           "draft 4 0 3887.29 | active 3 2520 2520");
	CHECK_TEXT(table("states", "as_of=2026-06-01", "state contracts arr"),
	           "active 2 876 | expired 5 0");
	CHECK_TEXT(table("ramp_forecast", "as_of=2026-03-10 months=2",
	                 "from mrr steps change ending lost"),
	           "2026-03-01 70 0 0 0 0 | 2026-04-01 73 1 3 0 0");
	world_close();
}

/* Who sees one account is told of it alone; an account that is asked for brings those below. */
APP_TEST(report_shows_what_its_caller_may_read)
{
	tell_story();
	struct ent_principal who = { .who = ENT_WHO_USER,
		                     .role = ENT_ROLE_VIEWER,
		                     .permissions = ent_role_permissions(ENT_ROLE_VIEWER),
		                     .accounts = { &accounts[1], 1 },
		                     .account_trees = true };
	world.who = &who;
	CHECK_TEXT(table("arr_movement", "from=2025-04-01 to=2025-04-30", MOVED),
	           "0 360 0 0 0 0 0 360");
	CHECK_TEXT(table("states", "", "state contracts"), "active 1");
	struct asking asking = { .name = "states",
		                 .parameters = "as_of=2025-06-31 limit=0 by=week" };
	CHECK_CODE(world_run(ENT_READ, ask, &asking), ENT_E_INVALID);
	CHECK_INT(world.error.issue_count, 2);
	char parameters[60] = "account_id=";
	ent_id_format(accounts[0], "acc", parameters + 11);
	asking.parameters = parameters;
	CHECK_CODE(world_run(ENT_READ, ask, &asking), ENT_E_BAD_PARAMETER);
	who.permissions = ent_role_permissions(ENT_ROLE_AGENT);
	asking = (struct asking){ .name = "arr_movement", .parameters = "" };
	CHECK_CODE(world_run(ENT_READ, ask, &asking), ENT_E_FORBIDDEN);
	world.who = &ent_principal_system;
	asking = (struct asking){ .name = "states", .parameters = parameters };
	OK(world_run(ENT_READ, ask, &asking));
	CHECK(strstr(asking.text, "active,3,") != NULL);
	world_close();
}

/* Example L of servicenow 4.10 as operations make it: what the header and the year's value say. */
APP_TEST(report_follows_operations)
{
	static const struct {
		const char *name, *json;
		const char *moved; /* third and fourth quarter */
		int64_t upsell, downsell, tcv;
	} rows[] = {
		{ "upsell",
		  "{\"effective_on\":\"2025-07-01\",\"lines\":[{\"line_id\":$1,"
		  "\"quantity\":\"150\"}]}",
		  "12000 0 0 6000 0 0 0 18000 | 18000 0 0 0 0 0 0 18000", 3000, 0, 15000 },
		{ "downsell",
		  "{\"effective_on\":\"2025-10-01\",\"lines\":[{\"line_id\":$1,"
		  "\"quantity\":\"60\"}]}",
		  "12000 0 0 0 0 0 0 12000 | 12000 0 0 0 0 -4800 0 7200", 0, 1200, 10800 },
		{ "downsell",
		  "{\"effective_on\":\"2025-10-01\",\"lines\":[{\"line_id\":$1,"
		  "\"quantity\":\"0\"}]}",
		  "12000 0 0 0 0 0 0 12000 | 12000 0 0 0 0 0 -12000 0", 0, 3000, 9000 },
		{ "swap",
		  "{\"effective_on\":\"2025-10-01\",\"lines\":[{\"line_id\":$1,\"quantity\":"
		  "\"40\",\"product_id\":$2,\"unit_price\":{\"amount\":\"15\","
		  "\"currency\":\"EUR\"}}]}",
		  "12000 0 0 0 0 0 0 12000 | 12000 0 0 2400 0 0 0 14400", 600, 0, 12600 },
	};
	world_open("2025-03-01T12:00:00Z");
	ent_id product = world_create(&ent_product_type, "{\"name\":\"Y\"}", NULL);
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char parameters[120] = "from=2025-07-01 to=2025-12-31 by=quarter account_id=";
		ent_id account = world_account("Acme");
		ent_id id = make(account, "L", DAYS("2025-01-01", "2025-12-31"), "100", "10");
		ent_id_format(account, "acc", parameters + strlen(parameters));
		ROW(rows[i].json);
		operate(rows[i].name, id, rows[i].json,
		        REFS({ &ent_contract_line_type, operate_line(id, 0).id },
		             { &ent_product_type, product }));
		CHECK_TEXT(table("arr_movement", parameters, MOVED), rows[i].moved);
		struct ent_contract contract = operate_contract(id);
		CHECK_INT(contract.new_amount.micro, 12000 * ENT_MICRO);
		CHECK_INT(contract.upsell_amount.micro, rows[i].upsell * ENT_MICRO);
		CHECK_INT(contract.downsell_amount.micro, rows[i].downsell * ENT_MICRO);
		CHECK_INT(contract.tcv.micro, rows[i].tcv * ENT_MICRO);
	}
	world_close();
}

/* A past day as its end left it, also where a period has begun since. */
APP_TEST(report_of_usage_knows_past_days)
{
	world_open("2025-01-01T08:00:00Z");
	ent_id account = world_account("One");
	ent_id once = world_create(&ent_entitlement_type,
	                           "{\"account_id\":$1,\"name\":\"Phone\",\"unit\":\"cases\","
	                           "\"total\":10,\"starts_on\":\"2025-01-01\",\"ends_on\":"
	                           "\"2025-12-31\"}",
	                           REFS({ &ent_account_type, account }));
	ent_id monthly = world_create(&ent_entitlement_type,
	                              "{\"account_id\":$1,\"name\":\"Visits\",\"unit\":\"visits\","
	                              "\"total\":4,\"reset\":\"monthly\",\"starts_on\":"
	                              "\"2025-01-01\",\"ends_on\":\"2025-12-31\"}",
	                              REFS({ &ent_account_type, account }));
	world_do(&ent_entitlement_type, "activate", once, "{}");
	world_do(&ent_entitlement_type, "activate", monthly, "{}");
	world_at("2025-02-10T08:00:00Z");
	world_do(&ent_entitlement_type, "consume", once, "{\"units\":3}");
	world_do(&ent_entitlement_type, "consume", monthly, "{\"units\":1}");
	world_at("2025-03-10T08:00:00Z");
	world_do(&ent_entitlement_type, "consume", once, "{\"units\":4}");
	CHECK_TEXT(table("usage", "", "unit granted used"), "cases 10 7 | visits 4 0");
	CHECK_TEXT(table("usage", "as_of=2025-03-09", "unit granted used"),
	           "cases 10 3 | visits 4 0");
	CHECK_TEXT(table("usage", "as_of=2025-02-10", "unit granted used used_percent"),
	           "cases 10 3 30 | visits 4 1 25");
	CHECK_TEXT(table("usage", "as_of=2025-02-09", "unit granted used"),
	           "cases 10 0 | visits 4 0");
	CHECK_TEXT(table("usage_accounts", "as_of=2025-02-28", "unit used used_percent"),
	           "cases 3 30 | visits 1 25");
	CHECK_TEXT(table("usage", "as_of=2024-12-31", "unit granted used"), "");
	world_close();
}
