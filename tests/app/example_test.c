/* The worked examples E, F, I, J of servicenow 4 (4.5, 4.7, 4.8) and 4.13 of dynamics on stored
 * contracts. A to D, G, H, K and 4.6, 4.9 are in contract_price_test.c, L and 4.10 in amend_test.c;
 * all of them as questions in tests/data/price_*.txt, where what is left out of vectors/ has its
 * reason, as in tests/data/calendar_bc_period_end.txt and calendar_isodate.txt.
 *
 * Left out here: of E 10 % down, which no contract may agree on (renewal_value_negative of
 * servicenow 3.25), as a question it is 90; of dynamics 4.13 that a renewed contract keeps its
 * number (each has its own, and renewed_from_id), and a rate for each case (a price is of a
 * line). The calendar of it is in import_hours_test.c.
 */
#include "app/operate.h"

static ent_id account;

#define EUR(amount) "{\"amount\":\"" amount "\",\"currency\":\"EUR\"}"
#define LINE(name, quantity, amount, rest) \
	"{\"name\":\"" name "\",\"quantity\":\"" quantity "\",\"unit_price\":" EUR(amount) rest "}"
#define DAYS(first, last) "\"starts_on\":\"" first "\",\"ends_on\":\"" last "\""
#define YEAR_2025 DAYS("2025-01-01", "2025-12-31")
#define CONTRACTED ",\"renewal_basis\":\"contracted_price\",\"uplift_percent\":"
#define STEP(first, last, quantity, amount) \
	"{" DAYS(first, last) ",\"quantity\":\"" quantity "\",\"unit_price\":" EUR(amount) "}"
#define RAMP(steps) ",\"ramp\":\"custom\",\"ramp_segments\":[" steps "]"

/* clang-format off */
#define THREE_YEARS                                                                            \
	DAYS("2023-01-01", "2025-12-31") CONTRACTED "\"10\",\"lines\":["                       \
	LINE("L", "1", "240", RAMP(STEP("2023-01-01", "2023-12-31", "1", "240") ","            \
				   STEP("2024-01-01", "2024-12-31", "2", "230") ","            \
				   STEP("2025-01-01", "2025-12-31", "3", "220"))) "]"
#define EIGHTEEN_MONTHS                                                                        \
	DAYS("2024-07-01", "2025-12-31") CONTRACTED "\"10\",\"lines\":["                       \
	LINE("L", "1", "220", RAMP(STEP("2024-07-01", "2025-12-31", "1", "220"))) "]"
/* clang-format on */

#define ONE(rest) "\"lines\":[" LINE("L", "1", "100", rest) "]"

/* clang-format off */
static const struct {
	const char *name, *contract, *renew;
	const char *quantity, *unit_price, *tcv; /* of the first line of the renewal; its value */
} renewals[] = {
	{ "E: contracted, 10 % up", YEAR_2025 CONTRACTED "\"10\"," ONE(""),
	  "{}", "1", "110", "1320" },
	{ "E: the list price of today",
	  YEAR_2025 ",\"renewal_basis\":\"list_price\",\"uplift_percent\":\"10\","
	  ONE(",\"list_price\":" EUR("125")),
	  "{}", "1", "125", "1500" },
	{ "E: what the line says goes before",
	  YEAR_2025 CONTRACTED "\"10\"," ONE(",\"uplift_percent\":\"3\""),
	  "{}", "1", "103", "1236" },
	{ "F: per term", YEAR_2025 CONTRACTED "\"5\"," ONE(""),
	  "{\"term\":\"P3Y\"}", "1", "105", "3780" },
	{ "F: per year, not compound",
	  YEAR_2025 CONTRACTED "\"5\",\"uplift_per\":\"year\"," ONE(""),
	  "{\"term\":\"P3Y\"}", "1", "115", "4140" },
	{ "I: the last step", THREE_YEARS,
	  "{\"term\":\"P1Y\",\"ramp_renewal\":\"last\"}", "3", "242", "8712" },
	{ "I: the first step", THREE_YEARS,
	  "{\"term\":\"P1Y\",\"ramp_renewal\":\"first\"}", "3", "312", "11232" },
	{ "I: the greater one", THREE_YEARS,
	  "{\"term\":\"P1Y\",\"ramp_renewal\":\"greater\"}", "3", "312", "11232" },
	{ "I: eighteen months are two years", EIGHTEEN_MONTHS,
	  "{\"term\":\"P1Y\"}", "1", "264", "3168" },
	{ "J: blended",
	  YEAR_2025 ",\"renewal_basis\":\"contracted_price\",\"lines\":["
	  LINE("seat", "100", "10", ",\"uplift_percent\":\"5\"") ","
	  LINE("seat", "50", "12", ",\"uplift_percent\":\"10\"") ","
	  LINE("seat", "50", "8", ",\"uplift_percent\":\"0\"") "]",
	  "{\"consolidate\":true}", "200", "10.55", "25320" },
};
/* clang-format on */

static ent_id make(const char *fields)
{
	char json[2000];
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"C\",\"currency\":\"EUR\",%s}",
	         fields);
	return world_create(&ent_contract_type, json, REFS({ &ent_account_type, account }));
}

static ent_id successor(ent_id contract)
{
	return (ent_id){ world_number("SELECT id FROM contract WHERE renewed_from_id = $1",
		                      contract) };
}

static void check_amount(int64_t micro, const char *want, int line)
{
	char text[ENT_DECIMAL_ROOM];
	ent_decimal_format((ent_decimal){ micro }, text);
	test_check_text(text, want, __FILE__, line, "amount");
}
#define CHECK_AMOUNT(got, want) check_amount((got).micro, want, __LINE__)

APP_TEST(example_renewals_of_stored_contracts)
{
	world_open("2025-11-01T12:00:00Z");
	account = world_account("Acme");
	for (size_t i = 0; i < ENT_COUNT(renewals); i++) {
		ROW(renewals[i].name);
		ent_id id = make(renewals[i].contract);
		struct ent_contract_plan plan = operate("renew", id, renewals[i].renew, NULL);
		ent_id next = successor(id);
		CHECK_AMOUNT(operate_line(next, 0).quantity, renewals[i].quantity);
		CHECK_AMOUNT(operate_line(next, 0).unit_price, renewals[i].unit_price);
		CHECK_AMOUNT(operate_contract(next).tcv, renewals[i].tcv);
		CHECK_AMOUNT(plan.price_delta, renewals[i].tcv);
	}
	world_close();
}

/* ---- dynamics 4.13 -------------------------------------------------------------------------- */

static ent_id right_of(ent_id contract, const char *name)
{
	char sql[120];
	snprintf(sql, sizeof(sql),
	         "SELECT id FROM entitlement WHERE contract_id = $1 AND name = '%s'", name);
	return (ent_id){ world_number(sql, contract) };
}

APP_TEST(example_legacy_contract_of_dynamics)
{
	world_open("2025-02-01T12:00:00Z");
	account = world_account("Acme");
	ent_id id = make(DAYS(
		"2025-01-01",
		"2025-06-30") ",\"discount_percent\":\"10\",\"lines\":["
	                      "{\"name\":\"L\",\"pricing_method\":\"one_time\",\"list_price\":" EUR(
				      "1200") ",\"entitlements\":["
	                                      "{\"name\":\"cases\",\"unit\":\"cases\",\"total\":10,"
	                                      "\"restricted\":true},"
	                                      "{\"name\":\"time\",\"unit\":\"minutes\",\"total\":"
	                                      "600,\"restricted\":true},"
	                                      "{\"name\":\"dates\",\"unit\":\"none\"}]}]");
	CHECK_AMOUNT(operate_contract(id).tcv, "1080");
	CHECK_AMOUNT(operate_line(id, 0).list_price, "1200");
	for (int i = 0; i < 10; i++) {
		world_do(&ent_entitlement_type, "consume", right_of(id, "cases"), "{\"units\":1}");
	}
	CHECK_INT(world_available(right_of(id, "cases")), 0);
	CHECK_CODE(world_try(&ent_entitlement_type, "consume", right_of(id, "cases"),
	                     "{\"units\":1}", NULL),
	           ENT_E_TERMS_EXHAUSTED);
	world_do(&ent_entitlement_type, "consume", right_of(id, "time"), "{\"units\":45}");
	world_do(&ent_entitlement_type, "consume", right_of(id, "time"), "{\"units\":30}");
	CHECK_INT(world_entitlement(right_of(id, "time")).ledger_consumed, 75);
	CHECK_INT(world_available(right_of(id, "time")), 525);
	operate("renew", id, "{\"keep_draft\":true}", NULL);
	CHECK_INT(operate_contract(successor(id)).state, ENT_CONTRACT_DRAFT);
	CHECK_INT(operate_contract(successor(id)).starts_on.day, world_date("2025-07-01").day);
	CHECK_TEXT(world_state(right_of(id, "dates")), "active");
	world_at("2025-07-01");
	CHECK_TEXT(world_state(right_of(id, "dates")), "expired");
	world_close();
}
