/* What went wrong elsewhere in contracts, each as a test of its name: servicenow 6 row 28 and peers
 * 4 rows 18 to 30. Where another test holds it, or more of it, its name:
 *
 * sn 28  regression_upsell_leaves_the_end_of_the_line, regression_upsell_and_cross_sell_are_typed,
 *        regression_ramp_quantities_are_those_given, regression_renewal_counts_from_the_last_value;
 *        amend_matrix_of_line_types_and_actions
 * 18     regression_notice_and_renewal_across_the_year; reminder_is_sent_once_each
 * 19     regression_stop_of_a_line_leaves_the_others, regression_successor_knows_its_next_day
 * 20     regression_quarters_from_the_end_of_february; calendar_data_bc_period_end
 * 21     regression_days_and_weeks_are_not_stretched; price_months_beside_walking
 * 22     regression_a_month_from_the_31st_costs_a_month; plan_random_renewals_never_drift,
 *        renewal_runs_by_itself_once_a_term, terms_periods_begin_on_the_anniversary
 * 23     regression_backdated_change_keeps_the_denominator
 * 24     regression_upgrade_day_is_paid_once; operation_dates_coverage_in_the_zone_of_its_contract
 * 25     price_credit_is_price_less_charge, plan_property_parts_cost_what_the_whole_did
 * 26     regression_suspended_again_and_again; life_suspensions_do_not_overlap
 * 27     regression_refill_comes_once; terms_open_grants_once
 * 28     regression_balance_is_that_of_now; books_random_walks_keep_the_books_right
 * 29     regression_balance_is_never_below_zero; case_fault_fifty_terms_cover_fifty_cases,
 *        coverage_reports_each_reason (entitlements of others)
 * 30     regression_units_of_the_old_term_do_not_count
 */
#include "app/agenda.h"
#include "app/operate.h"

static ent_id account, product;

#define EUR(amount) "{\"amount\":\"" amount "\",\"currency\":\"EUR\"}"
#define UNIT(amount) "\"unit_price\":" EUR(amount)
#define DAYS(first, last) "\"starts_on\":\"" first "\",\"ends_on\":\"" last "\""
#define YEAR_2025 DAYS("2025-01-01", "2025-12-31")

static void open_at(const char *now)
{
	world_open(now);
	account = world_account("Acme");
	product = world_create(&ent_product_type, "{\"name\":\"Y\"}", NULL);
}

static ent_id make(const char *fields)
{
	char json[2000];
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"C\",\"currency\":\"EUR\",%s}",
	         fields);
	return world_create(&ent_contract_type, json,
	                    REFS({ &ent_account_type, account }, { &ent_product_type, product }));
}

/* $1 is the n-th line, $2 a product. */
static struct ent_contract_plan on_line(const char *name, ent_id id, int n, const char *json)
{
	return operate(name, id, json,
	               REFS({ &ent_contract_line_type, operate_line(id, n).id },
	                    { &ent_product_type, product }));
}

static ent_id successor(ent_id contract)
{
	return (ent_id){ world_number("SELECT id FROM contract WHERE renewed_from_id = $1",
		                      contract) };
}

static void check_day(ent_date got, const char *want, int line)
{
	char text[11] = "none";
	if (!ent_date_is_none(got)) {
		ent_date_format(got, text);
	}
	test_check_text(text, want, __FILE__, line, "day");
}
#define CHECK_DAY(got, want) check_day((got), (want), __LINE__)
#define CHECK_AT(got, want) CHECK_DAY(ent_zone_date(&ent_zone_utc, (got)), want)

static double cents(ent_money money)
{
	return (double)money.micro / 10000;
}

static void until(const char *now)
{
	struct ent_agenda_report report = { .handled = 0 };
	world_at(now);
	OK(ent_agenda_run(world.app, world_instant(now), &report, &world.error));
	CHECK_INT(report.failed, 0);
}

/* ---- servicenow 6, row 28 ---------------------------------------------------------------- */

APP_TEST(regression_upsell_leaves_the_end_of_the_line)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id =
		make(YEAR_2025 ",\"lines\":[{\"name\":\"L\",\"quantity\":\"10\"," UNIT("3") "}]");
	struct ent_contract_line before = operate_line(id, 0);
	on_line("upsell", id, 0,
	        "{\"effective_on\":\"2025-07-10\",\"lines\":[{\"line_id\":$1,\"quantity\":\"15\"}]"
	        "}");
	struct ent_contract_line after = operate_line(id, 0);
	CHECK_INT(after.ends_on.day, before.ends_on.day);
	CHECK_INT(after.starts_on.day, before.starts_on.day);
	CHECK_INT(after.quantity.micro, before.quantity.micro);
	CHECK(!after.ends_early);
	CHECK_DAY(operate_line(id, 1).starts_on, "2025-07-10");
	CHECK_DAY(operate_line(id, 1).ends_on, "2025-12-31");
	CHECK_INT(operate_line(id, 1).quantity.micro, 5 * ENT_MICRO);
	world_close();
}

APP_TEST(regression_upsell_and_cross_sell_are_typed)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id = make(YEAR_2025 ",\"lines\":[{\"name\":\"L\",\"quantity\":\"10\"," UNIT(
		"3") "},{\"name\":\"R\"," UNIT("3") ",\"ramp\":\"quarterly\",\"ramp_percent\":"
	                                            "\"5\"}]");
	on_line("upsell", id, 0, "{\"lines\":[{\"line_id\":$1,\"quantity\":\"15\"}]}");
	CHECK_INT(operate_line(id, 2).line_type, ENT_LINE_TYPE_AMEND);
	CHECK_INT(operate_line(id, 2).line_action, ENT_LINE_ACTION_ADD);
	on_line("add_lines", id, 0, "{\"lines\":[{\"name\":\"Other\"," UNIT("1") "}]}");
	CHECK_INT(operate_line(id, 3).line_type, ENT_LINE_TYPE_UPSELL);
	CHECK_INT(operate_line(id, 3).line_action, ENT_LINE_ACTION_ADD);
	CHECK_CODE(operate_refused("upsell", id,
	                           "{\"lines\":[{\"line_id\":$1,\"quantity\":\"15\"}]}",
	                           REFS({ &ent_contract_line_type, operate_line(id, 1).id })),
	           ENT_E_RAMP_QTY_LOCKED);
	world_close();
}

#define STEP(first, last, quantity) \
	"{" DAYS(first, last) ",\"quantity\":\"" quantity "\"," UNIT("10") "}"

static const char ramped[] = YEAR_2025 ",\"lines\":[{\"name\":\"R\",\"quantity\":\"1\"," UNIT(
	"10") ",\"ramp\":\"custom\",\"ramp_segments\":[" STEP("2025-01-01", "2025-04-30",
                                                              "1") "," STEP("2025-05-01",
                                                                            "2025-08-31",
                                                                            "2") "," STEP("2025-09-"
                                                                                          "01",
                                                                                          "2025-12-"
                                                                                          "31",
                                                                                          "4") "]}"
                                                                                               "]";

APP_TEST(regression_ramp_quantities_are_those_given)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id = make(ramped);
	ent_id whole = make(ramped);
	CHECK_INT(operate_contract(id).tcv.micro, (1 + 2 + 4) * 4 * 10 * ENT_MICRO);
	world_at("2025-06-01");
	CHECK_INT(operate_line(id, 0).mrr.micro, 20 * ENT_MICRO);
	operate("shorten", id, "{\"ends_on\":\"2025-10-31\"}", NULL);
	CHECK_INT(operate_contract(id).tcv.micro, (4 + 8 + 8) * 10 * ENT_MICRO);
	world_at("2025-09-01");
	CHECK_INT(operate_line(id, 0).mrr.micro, 40 * ENT_MICRO);
	operate("renew", whole, "{}", NULL);
	CHECK_INT(operate_line(successor(whole), 0).quantity.micro, 4 * ENT_MICRO);
	world_close();
}

/* What was sold more in the old term is in the base, and in what is renewed. */
APP_TEST(regression_renewal_counts_from_the_last_value)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id =
		make(YEAR_2025 ",\"renewal_basis\":\"contracted_price\",\"uplift_percent\":\"10\","
	                       "\"lines\":[{\"name\":\"L\",\"quantity\":\"100\"," UNIT("10") "}]");
	on_line("upsell", id, 0,
	        "{\"effective_on\":\"2025-07-01\",\"lines\":[{\"line_id\":$1,\"quantity\":\"150\"}]"
	        "}");
	world_at("2025-11-01");
	struct ent_contract_plan plan = operate("renew", id, "{\"consolidate\":true}", NULL);
	CHECK_INT(plan.price_before.micro, 15000 * ENT_MICRO);
	CHECK_INT(plan.price_delta.micro, 150 * 11 * 12 * ENT_MICRO);
	CHECK_INT(operate_line(successor(id), 0).quantity.micro, 150 * ENT_MICRO);
	world_close();
}

/* ---- peers 4, rows 18 to 22: days --------------------------------------------------------- */

APP_TEST(regression_notice_and_renewal_across_the_year)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id = make(DAYS(
		"2025-01-11",
		"2026-01-10") ",\"auto_renew\":true,\"renew_days_before\":20,\"notice_days\":30,"
	                      "\"reminders\":[{\"kind\":\"notice\",\"days\":10,\"recipients\":["
	                      "\"a@example.com\"]}],\"lines\":[{\"name\":\"L\"," UNIT("1") "}]");
	CHECK_AT(operate_contract(id).renews_at, "2025-12-21");
	until("2025-11-30T12:00:00Z");
	CHECK(strstr(world_events(&ent_contract_type, id), "reminded") == NULL);
	until("2025-12-01T12:00:00Z"); /* ten days before 11 December, 30 before the end */
	CHECK(strstr(world_events(&ent_contract_type, id), "reminded") != NULL);
	until("2025-12-21T12:00:00Z");
	CHECK_DAY(operate_contract(successor(id)).starts_on, "2026-01-11");
	CHECK_DAY(operate_contract(successor(id)).ends_on, "2027-01-10");
	world_close();
}

APP_TEST(regression_stop_of_a_line_leaves_the_others)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id =
		make(YEAR_2025 ",\"lines\":[{\"name\":\"A\"," UNIT("1") "},{\"name\":\"B\"," UNIT(
			"2") ",\"lines\":[{\"name\":\"B1\"," UNIT("3") "}]}]");
	struct ent_contract_line others[] = { operate_line(id, 1), operate_line(id, 2) };
	on_line("cancel", id, 0, "{\"lines\":[$1],\"effective_on\":\"2025-05-01\"}");
	world_at("2025-06-01");
	CHECK_INT(operate_line(id, 0).state, ENT_CONTRACT_CANCELLED);
	for (int i = 0; i < 2; i++) {
		CHECK_INT(operate_line(id, i + 1).version, others[i].version);
		CHECK_INT(operate_line(id, i + 1).state, ENT_CONTRACT_ACTIVE);
	}
	CHECK_INT(operate_contract(id).state, ENT_CONTRACT_ACTIVE);
	world_close();
}

APP_TEST(regression_successor_knows_its_next_day)
{
	open_at("2025-11-01T12:00:00Z");
	ent_id id =
		make(YEAR_2025 ",\"auto_renew\":true,\"renew_days_before\":30,\"lines\":[{\"name\":"
	                       "\"A\"," UNIT("1") "},{\"name\":\"B\"," UNIT("2") "}]");
	on_line("cancel", id, 0, "{\"lines\":[$1]}");
	CHECK_AT(operate_contract(id).renews_at, "2025-12-01");
	until("2025-12-01T12:00:00Z");
	ent_id next = successor(id);
	CHECK_AT(operate_contract(next).renews_at, "2026-12-01");
	CHECK_INT(operate_contract(next).line_count, 1);
	until("2026-12-01T12:00:00Z");
	CHECK_AT(operate_contract(successor(next)).renews_at, "2027-12-01");
	world_close();
}

/* On its first day, or later. */
static void renew_in_term(ent_id id)
{
	char day[11];
	ent_date_format(operate_contract(id).starts_on, day);
	if (ent_app_now(world.app).us < world_instant(day).us) {
		world_at(day);
	}
	operate("renew", id, "{}", NULL);
}

static const struct {
	const char *first, *last, *term;
	const char *days[4]; /* first days of the renewals */
} chains[] = {
	{ "2024-02-27",
	  "2024-05-26",
	  NULL,
	  { "2024-05-27", "2024-08-27", "2024-11-27", "2025-02-27" } },
	{ "2024-02-28",
	  "2024-05-27",
	  NULL,
	  { "2024-05-28", "2024-08-28", "2024-11-28", "2025-02-28" } },
	{ "2024-02-29",
	  "2024-05-28",
	  NULL,
	  { "2024-05-29", "2024-08-29", "2024-11-29", "2025-02-28" } },
	{ "2023-11-30",
	  "2024-02-28",
	  NULL,
	  { "2024-02-29", "2024-05-30", "2024-08-30", "2024-11-30" } },
	{ "2025-02-19",
	  "2025-02-28",
	  "P10D",
	  { "2025-03-01", "2025-03-11", "2025-03-21", "2025-03-31" } },
	{ "2025-02-15",
	  "2025-02-28",
	  "P2W",
	  { "2025-03-01", "2025-03-15", "2025-03-29", "2025-04-12" } },
};

static void check_chains(size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++) {
		char json[300];
		CHECK(helper_use_migrated(helper_dialect));
		open_at(chains[i].first);
		ROW(chains[i].first);
		snprintf(json, sizeof(json),
		         "\"starts_on\":\"%s\",\"ends_on\":\"%s\"%s%s%s,\"lines\":[{\"name\":"
		         "\"L\"," UNIT("7") "}]",
		         chains[i].first, chains[i].last,
		         chains[i].term == NULL ? "" : ",\"renewal_term\":\"",
		         chains[i].term == NULL ? "" : chains[i].term,
		         chains[i].term == NULL ? "" : "\"");
		ent_id id = make(json);
		for (size_t k = 0; k < 4; k++) {
			struct ent_contract old = operate_contract(id);
			renew_in_term(id);
			id = successor(id);
			CHECK_DAY(operate_contract(id).starts_on, chains[i].days[k]);
			CHECK_INT(operate_contract(id).starts_on.day, old.ends_on.day + 1);
		}
		world_close();
	}
}

APP_TEST(regression_quarters_from_the_end_of_february)
{
	check_chains(0, 4);
}

APP_TEST(regression_days_and_weeks_are_not_stretched)
{
	check_chains(4, 2);
}

APP_TEST(regression_a_month_from_the_31st_costs_a_month)
{
	open_at("2025-02-01T12:00:00Z");
	ent_id id = make(
		DAYS("2025-01-31", "2025-02-27") ",\"lines\":[{\"name\":\"L\"," UNIT("28") "}]");
	for (int i = 0; i < 5; i++) {
		CHECK_INT(operate_contract(id).tcv.micro, 28 * ENT_MICRO);
		renew_in_term(id);
		id = successor(id);
	}
	CHECK_DAY(operate_contract(id).ends_on, "2025-07-30");
	world_close();
}

/* ---- rows 23 to 26: parts of a term ------------------------------------------------------- */

APP_TEST(regression_backdated_change_keeps_the_denominator)
{
	open_at("2026-06-25T12:00:00Z");
	ent_id id = make(
		DAYS("2026-04-10", "2026-07-09") ",\"lines\":[{\"name\":\"L\",\"quantity\":\"2\","
						 "\"period\":\"quarterly\"," UNIT("91") "}]");
	CHECK_INT(operate_contract(id).tcv.micro, 182 * ENT_MICRO);
	/* half of it from a day in the past on, and all of it again: what is left is the same part
	 */
	struct ent_contract_plan plan = on_line("downsell", id, 0,
	                                        "{\"effective_on\":\"2026-05-29\",\"lines\":[{"
	                                        "\"line_id\":$1,\"quantity\":\"1\"}]}");
	double credit = -cents(plan.price_delta);
	plan = on_line("upsell", id, 1,
	               "{\"effective_on\":\"2026-05-29\",\"lines\":[{\"line_id\":$1,\"quantity\":"
	               "\"2\"}]}");
	CHECK_INT(plan.price_after.micro, 182 * ENT_MICRO);
	CHECK_INT((long long)cents(plan.price_delta), (long long)credit);
	/* of three months one, and twelve days of 31 */
	CHECK_INT((long long)credit, 4208);
	world_close();
}

APP_TEST(regression_upgrade_day_is_paid_once)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id = make(YEAR_2025 ",\"time_zone\":\"Asia/Tokyo\",\"lines\":[{\"name\":\"L\"," UNIT(
		"31") "}]");
	struct ent_contract_plan plan =
		on_line("swap", id, 0,
	                "{\"effective_on\":\"2025-10-11\",\"lines\":[{\"line_id\":$1,\"product_"
	                "id\":$2," UNIT("31") "}]}");
	CHECK_INT(plan.price_delta.micro, 0);
	CHECK_DAY(operate_line(id, 0).ends_on, "2025-10-10");
	CHECK_DAY(operate_line(id, 1).starts_on, "2025-10-11");
	world_at("2025-10-10T14:59:59Z"); /* the last second of the 10th in Tokyo */
	CHECK_INT(operate_line(id, 0).state, ENT_CONTRACT_ACTIVE);
	CHECK_INT(operate_line(id, 1).state, ENT_CONTRACT_DRAFT);
	CHECK_INT(operate_contract(id).mrr.micro, 31 * ENT_MICRO);
	world_at("2025-10-10T15:00:00Z");
	CHECK_INT(operate_line(id, 0).state, ENT_CONTRACT_CANCELLED);
	CHECK_INT(operate_line(id, 1).state, ENT_CONTRACT_ACTIVE);
	CHECK_INT(operate_contract(id).mrr.micro, 31 * ENT_MICRO);
	world_close();
}

APP_TEST(regression_suspended_again_and_again)
{
	open_at("2025-01-01T12:00:00Z");
	ent_id id = make(YEAR_2025
	                 ",\"lines\":[{\"name\":\"L\",\"period\":\"yearly\"," UNIT("1200") "}]");
	for (int i = 0; i < 20; i++) {
		char now[32];
		snprintf(now, sizeof(now), "2025-%02d-%02dT12:00:00Z", 1 + i / 2,
		         i % 2 == 0 ? 3 : 20);
		until(now);
		operate("suspend", id, i % 3 == 0 ? "{\"reason\":\"unpaid\"}" : "{}", NULL);
		CHECK_INT(operate_contract(id).state, ENT_CONTRACT_SUSPENDED);
		snprintf(now, sizeof(now), "2025-%02d-%02dT12:00:00Z", 1 + i / 2,
		         i % 2 == 0 ? 5 : 21);
		until(now);
		operate("resume", id, "{}", NULL);
		CHECK_INT(operate_contract(id).state, ENT_CONTRACT_ACTIVE);
		CHECK_INT(operate_contract(id).tcv.micro, 1200 * ENT_MICRO);
	}
	CHECK_INT(operate_contract(id).suspensions.count, 20);
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* ---- rows 27 to 30: balances --------------------------------------------------------------- */

static ent_id make_right(const char *fields)
{
	char json[400];
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"E\",\"unit\":\"cases\",%s}",
	         fields);
	ent_id id = world_create(&ent_entitlement_type, json, REFS({ &ent_account_type, account }));
	world_do(&ent_entitlement_type, "activate", id, "{}");
	return id;
}

APP_TEST(regression_refill_comes_once)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id = make_right("\"total\":10,\"reset\":\"monthly\",\"starts_on\":\"2025-03-01\"");
	CHECK_INT(world_available(id), 10);
	world_do(&ent_entitlement_type, "consume", id, "{\"units\":4}");
	for (int i = 0; i < 3; i++) {
		until("2025-04-01T00:00:00Z");
		CHECK_INT(world_available(id), 10);
	}
	world_do(&ent_entitlement_type, "consume", id, "{\"units\":1}");
	CHECK_INT(world_available(id), 9);
	CHECK_INT(world_number("SELECT COUNT(*) FROM term_posting WHERE entitlement_id = $1 AND "
	                       "kind = 'grant'",
	                       id),
	          2);
	world_close();
}

APP_TEST(regression_balance_is_that_of_now)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id = make_right("\"total\":10,\"restricted\":true");
	CHECK_INT(world_available(id), 10);
	world_do(&ent_entitlement_type, "consume", id, "{\"units\":3}");
	world_do(&ent_entitlement_type, "adjust", id,
	         "{\"units\":-2,\"reason\":\"counted again\"}");
	CHECK_INT(world_available(id), 5);
	world_do(&ent_entitlement_type, "amend", id, "{\"changes\":{\"total\":8}}");
	CHECK_INT(world_available(id), 3);
	world_close();
}

APP_TEST(regression_balance_is_never_below_zero)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id = make_right("\"total\":3,\"restricted\":true");
	world_do(&ent_entitlement_type, "consume", id, "{\"units\":2}");
	CHECK_CODE(world_try(&ent_entitlement_type, "consume", id, "{\"units\":2}", NULL),
	           ENT_E_TERMS_EXHAUSTED);
	CHECK_INT(world_available(id), 1);
	world_do(&ent_entitlement_type, "consume", id, "{\"units\":1}");
	CHECK_INT(world_available(id), 0);
	world_close();
}

APP_TEST(regression_units_of_the_old_term_do_not_count)
{
	open_at("2025-11-01T12:00:00Z");
	ent_id id = make(YEAR_2025 ",\"lines\":[{\"name\":\"L\",\"entitlements\":[{\"name\":\"E\","
	                           "\"unit\":\"cases\",\"total\":10}]}]");
	ent_id old = { world_number("SELECT id FROM entitlement WHERE contract_id = $1", id) };
	world_do(&ent_entitlement_type, "consume", old, "{\"units\":4}");
	operate("renew", id, "{}", NULL);
	ent_id fresh = { world_number("SELECT id FROM entitlement WHERE contract_id = $1",
		                      successor(id)) };
	until("2026-01-01T12:00:00Z");
	CHECK_TEXT(world_state(old), "expired");
	CHECK_TEXT(world_state(fresh), "active");
	CHECK_INT(world_available(fresh), 10);
	CHECK_CODE(world_try(&ent_entitlement_type, "consume", old, "{\"units\":1}", NULL),
	           ENT_E_STATE);
	world_close();
}
