/* Suspend, resume, cancel, extend, shorten and undo, previewed and applied. */
#include "app/agenda.h"
#include "app/operate.h"

static const char care[] =
	"{\"account_id\":$1,\"name\":\"Care\",\"starts_on\":\"2025-01-01\","
	"\"ends_on\":\"2025-12-31\",\"currency\":\"EUR\",\"coverage\":[{\"product_id\":$2,"
	"\"ends_on\":\"2025-12-31\"}],\"lines\":["
	"{\"name\":\"A\",\"quantity\":\"100\","
	"\"unit_price\":{\"amount\":\"10\",\"currency\":\"EUR\"},"
	"\"lines\":[{\"name\":\"A1\",\"unit_price\":{\"amount\":\"50\",\"currency\":\"EUR\"}}],"
	"\"entitlements\":[{\"name\":\"Phone\",\"unit\":\"cases\",\"total\":10}]},"
	"{\"name\":\"B\",\"ends_on\":\"2025-09-30\","
	"\"unit_price\":{\"amount\":\"20\",\"currency\":\"EUR\"}}]}";

static ent_id make_care(void)
{
	ent_id account = world_account("Acme");
	ent_id product = world_create(&ent_product_type, "{\"name\":\"Printer\"}", NULL);
	return world_create(&ent_contract_type, care,
	                    REFS({ &ent_account_type, account }, { &ent_product_type, product }));
}

static const char *header(ent_id contract)
{
	return ent_contract_state_names.text[operate_contract(contract).state];
}

static const char *line_state(ent_id contract, int n)
{
	return ent_contract_state_names.text[operate_line(contract, n).state];
}

static const char *last_day(ent_date date)
{
	static char text[11];
	if (ent_date_is_none(date)) {
		return "";
	}
	ent_date_format(date, text);
	return text;
}

#define LINE(contract, n) REFS({ &ent_contract_line_type, operate_line(contract, n).id })

static void undo(ent_id operation)
{
	world_do(&ent_contract_operation_type, "undo", operation, "{}");
}

APP_TEST(operation_suspends_and_resumes)
{
	world_open("2025-03-01T12:00:00Z");
	ent_id id = make_care();
	struct ent_contract_plan plan = operate("suspend", id, "{\"lines\":[$1]}", LINE(id, 0));
	CHECK_INT(plan.price_delta.micro, 0);
	CHECK_TEXT(header(id), "partly_suspended");
	CHECK_TEXT(line_state(id, 0), "suspended");
	CHECK_TEXT(line_state(id, 1), "suspended");
	CHECK_TEXT(line_state(id, 2), "active");
	world_at("2025-03-11T12:00:00Z");
	operate("resume", id, "{}", NULL);
	CHECK_TEXT(header(id), "active");
	operate("suspend", id,
	        "{\"starts_at\":\"2025-04-01T00:00:00Z\",\"ends_at\":\"2025-04-11T00:00:00Z\","
	        "\"extend_term\":true}",
	        NULL);
	CHECK_TEXT(header(id), "active");
	CHECK_TEXT(last_day(operate_contract(id).ends_on), "2026-01-10");
	CHECK_TEXT(last_day(operate_line(id, 1).ends_on), "2026-01-10");
	CHECK_TEXT(last_day(operate_line(id, 2).ends_on), "2025-09-30");
	world_at("2025-04-05T12:00:00Z");
	CHECK_TEXT(header(id), "suspended");
	operate("resume", id, "{}", NULL); /* four days were needed, not ten */
	CHECK_TEXT(header(id), "active");
	CHECK_TEXT(last_day(operate_contract(id).ends_on), "2026-01-04");
	CHECK_CODE(operate_refused("resume", id, "{}", NULL), ENT_E_CANNOT_RESUME);
	world_close();
}

APP_TEST(operation_cancels_now_and_later)
{
	world_open("2025-03-01T12:00:00Z");
	ent_id id = make_care();
	struct ent_contract_plan plan = operate(
		"cancel", id, "{\"lines\":[$1],\"effective_on\":\"2025-07-01\"}", LINE(id, 2));
	CHECK_INT(plan.price_delta.micro, -60 * ENT_MICRO); /* three months of 20 */
	CHECK_TEXT(line_state(id, 2), "active");
	world_at("2025-07-01T00:00:00Z");
	CHECK_TEXT(line_state(id, 2), "cancelled");
	plan = operate("cancel", id, "{\"reason\":\"moved\"}", NULL);
	CHECK_INT(plan.price_delta.micro, -6 * 1050 * ENT_MICRO);
	CHECK_TEXT(header(id), "cancelled");
	CHECK_INT(world_number("SELECT COUNT(*) FROM entitlement WHERE stage = 'cancelled' AND "
	                       "contract_id = $1",
	                       id),
	          1);
	CHECK_CODE(operate_refused("cancel", id, "{}", NULL), ENT_E_ALREADY_CANCELLED);
	world_close();
}

APP_TEST(operation_moves_last_days)
{
	world_open("2025-03-01T12:00:00Z");
	ent_id id = make_care();
	struct ent_contract_plan plan =
		operate("shorten", id, "{\"ends_on\":\"2025-08-31\"}", NULL);
	CHECK_INT(plan.price_delta.micro, -(4 * 1050 + 20) * ENT_MICRO);
	CHECK_TEXT(last_day(operate_line(id, 2).ends_on), "2025-08-31");
	CHECK_INT(world_number("SELECT COUNT(*) FROM contract_coverage WHERE ends_on = 20331 AND "
	                       "contract_id = $1",
	                       id),
	          1);
	plan = operate("extend", id, "{\"term\":\"P1M\"}", NULL);
	CHECK_INT(plan.price_delta.micro, 1070 * ENT_MICRO);
	CHECK_TEXT(last_day(operate_line(id, 1).ends_on), "2025-09-30");
	CHECK_CODE(operate_refused("extend", id, "{\"lines\":[$1],\"ends_on\":\"2025-12-31\"}",
	                           LINE(id, 0)),
	           ENT_E_DATE_OUTSIDE_PARENT);
	operate("extend", id,
	        "{\"lines\":[$1],\"ends_on\":\"2025-12-31\",\"extend_contract\":true}",
	        LINE(id, 0));
	CHECK_TEXT(last_day(operate_contract(id).ends_on), "2025-12-31");
	CHECK_TEXT(last_day(operate_line(id, 2).ends_on), "2025-09-30");
	world_close();
}

APP_TEST(operation_undo_is_the_identity)
{
	static const struct {
		const char *name, *json;
	} rows[] = {
		{ "suspend", "{\"lines\":[$1],\"starts_at\":\"2025-05-01T00:00:00Z\"}" },
		{ "suspend", "{\"starts_at\":\"2025-05-01T00:00:00Z\",\"ends_at\":"
		             "\"2025-05-09T00:00:00Z\",\"extend_term\":true}" },
		{ "cancel", "{\"effective_on\":\"2025-05-01\"}" },
		{ "cancel", "{\"lines\":[$1],\"effective_on\":\"2025-05-01\"}" },
		{ "shorten", "{\"ends_on\":\"2025-06-15\"}" },
		{ "shorten", "{\"lines\":[$1],\"ends_on\":\"2025-06-15\"}" },
	};
	world_open("2025-03-01T12:00:00Z");
	ent_id id = make_care();
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		const char *before = operate_dump();
		struct ent_contract_plan plan =
			operate(rows[i].name, id, rows[i].json, LINE(id, 0));
		CHECK(strcmp(operate_dump(), before) != 0);
		undo(plan.operation_id);
		SAME_TABLES(operate_dump(), before);
		CHECK_CODE(world_try(&ent_contract_operation_type, "undo", plan.operation_id, "{}",
		                     NULL),
		           ENT_E_STATE);
	}
	struct ent_contract_plan plan =
		operate("cancel", id, "{\"effective_on\":\"2025-05-01\"}", NULL);
	operate("shorten", id, "{\"ends_on\":\"2025-04-30\"}", NULL);
	CHECK_CODE(world_try(&ent_contract_operation_type, "undo", plan.operation_id, "{}", NULL),
	           ENT_E_CHANGED_SINCE);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(operation_takes_effect_on_its_day)
{
	struct ent_contract_operation kept;
	world_open("2025-03-01T12:00:00Z");
	ent_id id = make_care();
	struct ent_contract_plan plan =
		operate("cancel", id, "{\"effective_on\":\"2025-05-01\"}", NULL);
	world_get(&ent_contract_operation_type, plan.operation_id, &kept);
	CHECK_INT(kept.state, ENT_OPERATION_SCHEDULED);
	world_at("2025-05-01T00:00:01Z");
	struct ent_agenda_report report = { .handled = 0 };
	OK(ent_agenda_run(world.app, world_instant("2025-05-01T00:00:01Z"), &report, &world.error));
	CHECK_INT(report.failed, 0);
	world_get(&ent_contract_operation_type, plan.operation_id, &kept);
	CHECK_INT(kept.state, ENT_OPERATION_APPLIED);
	CHECK(strstr(world_events(&ent_contract_type, id), "cancelled") != NULL);
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* Lines below a ramp are raised with it, before its cut and behind it. */
APP_TEST(operation_cuts_a_ramp_with_the_lines_below)
{
	static const char ramped[] =
		"{\"account_id\":$1,\"name\":\"R\",\"starts_on\":\"2025-01-01\",\"ends_on\":"
		"\"2027-12-31\",\"currency\":\"EUR\",\"discount_percent\":\"10\",\"lines\":[{"
		"\"name\":\"R\",\"list_price\":{\"amount\":\"100\",\"currency\":\"EUR\"},"
		"\"ramp\":\"yearly\",\"ramp_percent\":\"10\",\"lines\":[{\"name\":\"S\","
		"\"list_price\":{\"amount\":\"10\",\"currency\":\"EUR\"}}]},{\"name\":\"T\"}]}";
	world_open("2026-07-01T12:00:00Z");
	ent_id account = world_account("Acme");
	ent_id cut = world_create(&ent_contract_type, ramped, REFS({ &ent_account_type, account }));
	ent_id parted =
		world_create(&ent_contract_type, ramped, REFS({ &ent_account_type, account }));
	/* 99 a month, 108.90, 119.79 */
	CHECK_INT(operate_contract(cut).tcv.micro, INT64_C(393228) * ENT_MICRO / 100);
	operate("shorten", cut, "{\"ends_on\":\"2027-06-30\"}", NULL);
	CHECK_INT(operate_contract(cut).tcv.micro, INT64_C(321354) * ENT_MICRO / 100);
	struct ent_contract_plan plan =
		operate("split", parted, "{\"lines\":[$1]}", LINE(parted, 0));
	CHECK_INT(plan.price_delta.micro, 0);
	CHECK_INT(operate_contract(parted).tcv.micro, INT64_C(184140) * ENT_MICRO / 100);
	world_close();
}
