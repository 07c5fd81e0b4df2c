/* Upsell, downsell, swap, amend and added lines: the matrix of servicenow 3.7, Example L of 4.10.
 */
#include "app/operate.h"

#include "json/json.h"

static ent_id account, product, other;

static void open_at(const char *now)
{
	world_open(now);
	account = world_account("Acme");
	product = world_create(&ent_product_type, "{\"name\":\"X\"}", NULL);
	other = world_create(&ent_product_type, "{\"name\":\"Y\",\"ends_on\":\"2025-10-31\"}",
	                     NULL);
}

#define CARE(lines)                                                          \
	"{\"account_id\":$1,\"name\":\"Care\",\"starts_on\":\"2025-01-01\"," \
	"\"ends_on\":\"2025-12-31\",\"currency\":\"EUR\",\"lines\":[" lines "]}"
#define PRICE(amount) "\"unit_price\":{\"amount\":\"" amount "\",\"currency\":\"EUR\"}"
#define HUNDRED "{\"name\":\"X\",\"product_id\":$2,\"quantity\":\"100\"," PRICE("10") "}"

static ent_id make(const char *json)
{
	return world_create(&ent_contract_type, json,
	                    REFS({ &ent_account_type, account }, { &ent_product_type, product }));
}

/* $1 is the n-th line, $2 the other product. */
static struct ent_contract_plan on_line(const char *name, ent_id id, int n, const char *json)
{
	return operate(name, id, json,
	               REFS({ &ent_contract_line_type, operate_line(id, n).id },
	                    { &ent_product_type, other }));
}

static enum ent_code refused(const char *name, ent_id id, int n, const char *json)
{
	return operate_refused(name, id, json,
	                       REFS({ &ent_contract_line_type, operate_line(id, n).id },
	                            { &ent_product_type, other }));
}

APP_TEST(amend_example_l_of_the_reference)
{
	static const struct {
		const char *name, *json;
		int64_t delta, after;
	} rows[] = {
		{ "upsell",
		  "{\"effective_on\":\"2025-07-01\",\"lines\":[{\"line_id\":$1,"
		  "\"quantity\":\"150\"}]}",
		  3000, 15000 },
		{ "downsell",
		  "{\"effective_on\":\"2025-10-01\",\"lines\":[{\"line_id\":$1,"
		  "\"quantity\":\"60\"}]}",
		  -1200, 10800 },
		{ "downsell",
		  "{\"effective_on\":\"2025-10-01\",\"lines\":[{\"line_id\":$1,"
		  "\"quantity\":\"0\"}]}",
		  -3000, 9000 },
		{ "swap",
		  "{\"effective_on\":\"2025-10-01\",\"lines\":[{\"line_id\":$1,"
		  "\"quantity\":\"40\",\"product_id\":$2," PRICE("15") "}]}",
		  600, 12600 },
	};
	open_at("2025-03-01T12:00:00Z");
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ent_id id = make(CARE(HUNDRED));
		struct ent_contract_plan plan = on_line(rows[i].name, id, 0, rows[i].json);
		CHECK_INT(plan.price_before.micro, 12000 * ENT_MICRO);
		CHECK_INT(plan.price_after.micro, rows[i].after * ENT_MICRO);
		CHECK_INT(plan.price_delta.micro, rows[i].delta * ENT_MICRO);
		CHECK_INT(operate_contract(id).tcv.micro, rows[i].after * ENT_MICRO);
	}
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* "2025-01-01..2025-09-30 x100 cancel/change" of each line, in order. */
static const char *lines_of(ent_id id)
{
	static char out[1000];
	int64_t count =
		world_number("SELECT COUNT(*) FROM contract_line WHERE contract_id = $1", id);
	size_t n = 0;
	out[0] = '\0';
	for (int i = 0; i < count; i++) {
		struct ent_contract_line line = operate_line(id, i);
		char first[11], last[11], quantity[ENT_DECIMAL_ROOM];
		ent_date_format(line.starts_on, first);
		ent_date_format(line.ends_on, last);
		ent_decimal_format(line.quantity, quantity);
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%.*s %s..%s x%s %s/%s %s",
		                      i > 0 ? "; " : "", (int)line.name.len, line.name.ptr,
		                      first + 5, last + 5, quantity,
		                      ent_line_type_names.text[line.line_type],
		                      ent_line_action_names.text[line.line_action],
		                      ent_contract_state_names.text[line.state]);
	}
	return out;
}

APP_TEST(amend_matrix_of_line_types_and_actions)
{
#define FROM(day) "{\"effective_on\":\"2025-" day "\",\"lines\":[{\"line_id\":$1,"
#define LATER "{\"name\":\"X\",\"quantity\":\"100\",\"starts_on\":\"2025-06-01\"," PRICE("10") "}"
	static const struct {
		const char *contract, *name, *json, *want;
	} rows[] = {
		{ CARE(HUNDRED), "upsell", FROM("07-01") "\"quantity\":\"150\"}]}",
		  "X 01-01..12-31 x100 no_change/no_change active; "
		  "X 07-01..12-31 x50 amend/add draft" },
		{ CARE(HUNDRED), "downsell", FROM("07-01") "\"quantity\":\"1\"}]}",
		  "X 01-01..06-30 x100 cancel/change active; X 07-01..12-31 x1 amend/add draft" },
		{ CARE(HUNDRED), "downsell", FROM("03-01") "\"quantity\":\"60\"}]}",
		  "X 01-01..02-28 x100 cancel/change cancelled; "
		  "X 03-01..12-31 x60 amend/add active" },
		{ CARE(LATER), "downsell", FROM("06-01") "\"quantity\":\"60\"}]}",
		  "X 06-01..12-31 x60 amend/change draft" },
		{ CARE(LATER), "downsell", FROM("08-01") "\"quantity\":\"60\"}]}",
		  "X 06-01..07-31 x100 amend/change draft; X 08-01..12-31 x60 amend/add draft" },
		{ CARE(HUNDRED), "downsell", FROM("07-01") "\"quantity\":\"0\"}]}",
		  "X 01-01..06-30 x100 cancel/change active" },
		{ CARE(LATER), "downsell", FROM("08-01") "\"quantity\":\"0\"}]}",
		  "X 06-01..07-31 x100 amend/change draft" },
		{ CARE(HUNDRED), "swap", FROM("07-01") "\"product_id\":$2," PRICE("12") "}]}",
		  "X 01-01..06-30 x100 cancel/change active; Y 07-01..12-31 x100 amend/add draft" },
		{ CARE(HUNDRED), "swap",
		  FROM("07-01") "\"product_id\":$2,\"quantity\":\"20\",\"new_quantity\":"
		                "\"5\"," PRICE("12") "}]}",
		  "X 01-01..06-30 x100 cancel/change active; X 07-01..12-31 x80 amend/add draft; "
		  "Y 07-01..12-31 x5 amend/add draft" },
		{ CARE(HUNDRED), "amend",
		  FROM("07-01") "\"characteristics\":[{\"name\":\"size\",\"value\":\"L\"}]}]}",
		  "X 01-01..06-30 x100 cancel/change active; X 07-01..12-31 x100 amend/add draft" },
		{ CARE(HUNDRED), "amend",
		  "{\"lines\":[{\"line_id\":$1,\"ends_on\":\"2025-08-31\"}]}",
		  "X 01-01..08-31 x100 cancel/change active" },
		{ CARE(HUNDRED), "amend", FROM("07-01") "\"quantity\":\"130\"}]}",
		  "X 01-01..12-31 x100 no_change/no_change active; "
		  "X 07-01..12-31 x30 amend/add draft" },
	};
	open_at("2025-03-01T12:00:00Z");
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ent_id id = make(rows[i].contract);
		const char *before = operate_dump();
		struct ent_contract_plan plan = on_line(rows[i].name, id, 0, rows[i].json);
		CHECK_TEXT(lines_of(id), rows[i].want);
		CHECK_INT(operate_contract(id).tcv.micro, plan.price_after.micro);
		if (plan.effective_on.day > world_date("2025-03-01").day) {
			world_do(&ent_contract_operation_type, "undo", plan.operation_id, "{}");
			SAME_TABLES(operate_dump(), before);
		}
	}
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(amend_carries_over_what_is_below_and_under)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id = make(CARE("{\"name\":\"X\",\"quantity\":\"10\"," PRICE(
		"10") ",\"coverage\":[{\"product_id\":$2,\"ends_on\":\"2025-11-30\"}],"
	              "\"entitlements\":[{\"name\":\"E\",\"unit\":\"cases\",\"total\":9}],"
	              "\"lines\":[{\"name\":\"A\"," PRICE(
			      "1") "},"
	                           "{\"name\":\"P\",\"per_parent\":true," PRICE(
					   "2") "},"
	                                        "{\"name\":\"S\",\"pricing_method\":\"one_"
	                                        "time\"," PRICE("99") "}]}"));
	struct ent_contract_plan plan =
		on_line("upsell", id, 0, FROM("07-01") "\"quantity\":\"15\"}]}");
	CHECK_INT(plan.price_delta.micro, 6 * (5 * 10 + 5 * 2) * ENT_MICRO);
	world_do(&ent_contract_operation_type, "undo", plan.operation_id, "{}");
	plan = on_line("downsell", id, 0, FROM("07-01") "\"quantity\":\"6\"}]}");
	CHECK_INT(plan.price_delta.micro, -6 * (4 * 10 + 4 * 2) * ENT_MICRO);
	CHECK_TEXT(
		lines_of(id),
		"X 01-01..06-30 x10 cancel/change active; A 01-01..06-30 x1 cancel/change active; "
		"P 01-01..06-30 x1 cancel/change active; S 01-01..06-30 x1 cancel/change active; "
		"X 07-01..12-31 x6 amend/add draft; A 07-01..12-31 x1 amend/add draft; "
		"P 07-01..12-31 x1 amend/add draft; S 07-01..12-31 x1 amend/add draft");
	ent_id entitlement = { world_number("SELECT id FROM entitlement WHERE contract_id = $1",
		                            id) };
	ent_id line = world_entitlement(entitlement).contract_line_id;
	CHECK(ent_id_eq(line, operate_line(id, 4).id));
	CHECK_INT(world_available(entitlement), 9);
	CHECK_INT(world_number("SELECT COUNT(*) FROM contract_coverage WHERE contract_line_id = $1 "
	                       "AND starts_on IS NULL",
	                       line),
	          1);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(amend_guardrails_say_why)
{
	static const struct {
		int line;
		const char *name, *json;
		enum ent_code want;
	} rows[] = {
		{ 0, "upsell", FROM("07-01") "\"quantity\":\"100\"}]}", ENT_E_RANGE },
		{ 0, "downsell", FROM("07-01") "\"quantity\":\"100\"}]}", ENT_E_RANGE },
		{ 0, "downsell", FROM("07-01") "\"quantity\":\"-1\"}]}", ENT_E_RANGE },
		{ 0, "upsell",
		  FROM("12-31") "\"quantity\":\"200\",\"unit_price\":{\"amount\":\"1\","
		                "\"currency\":\"USD\"}}]}",
		  ENT_E_CURRENCY_MISMATCH },
		{ 0, "swap", FROM("07-01") "\"product_id\":$2}]}", ENT_E_REQUIRED },
		{ 0, "swap",
		  FROM("07-01") "\"product_id\":$2,\"quantity\":\"101\"," PRICE("1") "}]}",
		  ENT_E_RANGE },
		{ 1, "upsell", FROM("07-01") "\"quantity\":\"9\"}]}", ENT_E_NOT_ROOT },
		{ 2, "upsell", FROM("07-01") "\"quantity\":\"9\"}]}", ENT_E_RAMP_QTY_LOCKED },
		{ 2, "extend", "{\"lines\":[$1],\"ends_on\":\"2025-12-31\"}",
		  ENT_E_RAMP_EXTEND_FORBIDDEN },
		{ 0, "amend", FROM("07-01") "\"quantity\":\"100\"}]}", ENT_E_REQUIRED },
		{ 0, "amend", "{\"lines\":[{\"line_id\":$1,\"ends_on\":\"2026-12-31\"}]}",
		  ENT_E_DATE_OUTSIDE_PARENT },
		{ 0, "upsell",
		  "{\"effective_on\":\"2026-07-01\",\"lines\":[{\"line_id\":$1,"
		  "\"quantity\":\"200\"}]}",
		  ENT_E_DATE_OUTSIDE_PARENT },
		{ 0, "cancel", "{\"lines\":[$2]}", ENT_E_FORMAT },
		{ 1, "suspend", "{\"lines\":[$1]}", ENT_E_NOT_ROOT },
	};
	open_at("2025-03-01T12:00:00Z");
	ent_id id = make(CARE("{\"name\":\"X\",\"quantity\":\"100\"," PRICE(
		"10") ",\"lines\":[{\"name\":\"A\"}]},"
	              "{\"name\":\"R\",\"ends_on\":\"2025-11-30\",\"ramp\":\"quarterly\","
	              "\"ramp_percent\":\"5\"," PRICE("10") "}"));
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		CHECK_CODE(refused(rows[i].name, id, rows[i].line, rows[i].json), rows[i].want);
	}
	struct ent_contract_plan plan =
		on_line("swap", id, 0, FROM("07-01") "\"product_id\":$2," PRICE("1") "}]}");
	CHECK(strstr(plan.warnings.text.ptr, "end_of_life") != NULL);
	world_close();
}

APP_TEST(amend_adds_lines_with_all_inside)
{
	open_at("2025-03-01T12:00:00Z");
	ent_id id = make(CARE(HUNDRED));
	const char *before = operate_dump();
	struct ent_contract_plan plan = on_line(
		"add_lines", id, 0,
		"{\"effective_on\":\"2025-07-01\",\"lines\":[{\"name\":\"N\",\"product_id\":$2,"
		"\"quantity\":\"2\"," PRICE("5") ",\"lines\":[{\"name\":\"M\"," PRICE(
			"1") "}],\"entitlements\":[{\"name\":\"E\",\"unit\":\"cases\",\"total\":4,"
			     "\"coverage\":[{\"product_id\":$2}]}]}]}");
	CHECK_INT(plan.price_delta.micro, 66 * ENT_MICRO);
	CHECK_TEXT(lines_of(id), "X 01-01..12-31 x100 new/add active; "
	                         "N 07-01..12-31 x2 upsell/add draft; "
	                         "M 07-01..12-31 x1 upsell/add draft");
	CHECK(strstr(plan.warnings.text.ptr, "end_of_life") != NULL);
	world_do(&ent_contract_operation_type, "undo", plan.operation_id, "{}");
	SAME_TABLES(operate_dump(), before);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(amend_says_which_days_lines_can_be_added_on)
{
	static const struct {
		const char *json, *pointer, *value, *remedy;
	} rows[] = {
		{ "{\"name\":\"N\",\"starts_on\":\"2024-11-30\"}", "/lines/0/starts_on",
		  "2024-11-30", "the contract begins on 2025-01-01: give that day or a later one" },
		{ "{\"name\":\"N\",\"starts_on\":\"2025-02-01\"}", "/lines/0/starts_on",
		  "2025-02-01",
		  "lines are added from 2025-03-01 on: begin then or later, or give an earlier "
		  "effective_on" },
		{ "{\"name\":\"N\",\"starts_on\":\"2026-01-01\",\"ends_on\":\"2026-01-01\"}",
		  "/lines/0/starts_on", "2026-01-01",
		  "the contract ends on 2025-12-31: give that day or an earlier one" },
		{ "{\"name\":\"N\",\"starts_on\":\"2025-04-01\",\"lines\":[{\"name\":\"M\","
		  "\"starts_on\":\"2025-03-31\"}]}",
		  "/lines/0/lines/0/starts_on", "2025-03-31",
		  "the line above begins on 2025-04-01: give that day or a later one" },
		{ "{\"name\":\"N\",\"lines\":[{\"name\":\"M\",\"starts_on\":\"2025-02-28\"}]}",
		  "/lines/0/lines/0/starts_on", "2025-02-28",
		  "the line above begins on 2025-03-01: give that day or a later one" },
	};
	open_at("2025-03-01T12:00:00Z");
	ent_id id = make(CARE(HUNDRED));
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char json[300];
		snprintf(json, sizeof(json), "{\"lines\":[%s]}", rows[i].json);
		ROW(json);
		struct ent_contract_plan plan;
		(void)operate_refused("add_lines", id, json, NULL);
		CHECK_CODE(operate_try("add_lines", id, json, NULL, true, &plan),
		           i == 2 ? ENT_E_INVALID : ENT_E_DATE_OUTSIDE_PARENT);
		const struct ent_issue *issue = &world.error.issues[0];
		CHECK_TEXT(issue->pointer, rows[i].pointer);
		CHECK_TEXT(issue->value, rows[i].value);
		CHECK_TEXT(issue->remedy, rows[i].remedy);
		CHECK_CODE(issue->code, ENT_E_DATE_OUTSIDE_PARENT);
		CHECK_INT(world.error.issue_count, i == 2 ? 2 : 1); /* its last day is, too */
	}
	CHECK_INT(world_findings(), 0);
	world_close();
}
