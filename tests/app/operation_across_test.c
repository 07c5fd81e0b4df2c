/* Renew, merge, split, co-terminate, transfer and clone, previewed and applied. */
#include "app/agenda.h"
#include "app/operate.h"
#include "base/text.h"
#include "core/input_across.h"

#include <string.h>

static const char care[] =
	"{\"account_id\":$1,\"name\":\"Care\",\"starts_on\":\"2025-01-01\","
	"\"ends_on\":\"2025-12-31\",\"currency\":\"EUR\",\"uplift_percent\":\"10\","
	"\"renewal_basis\":\"contracted_price\",\"coverage\":[{\"product_id\":$2}],\"lines\":["
	"{\"name\":\"A\",\"quantity\":\"100\","
	"\"unit_price\":{\"amount\":\"10\",\"currency\":\"EUR\"},\"coverage\":[{\"product_id\":$2}]"
	","
	"\"lines\":[{\"name\":\"A1\",\"unit_price\":{\"amount\":\"50\",\"currency\":\"EUR\"}}],"
	"\"entitlements\":[{\"name\":\"Phone\",\"unit\":\"cases\",\"total\":10,\"restricted\":true}"
	"]},"
	"{\"name\":\"B\",\"unit_price\":{\"amount\":\"20\",\"currency\":\"EUR\"}}]}";

static ent_id make_in(ent_id account)
{
	ent_id product = world_create(&ent_product_type, "{\"name\":\"Printer\"}", NULL);
	return world_create(&ent_contract_type, care,
	                    REFS({ &ent_account_type, account }, { &ent_product_type, product }));
}

static ent_id make_care(void)
{
	return make_in(world_account("Acme"));
}

static const char *last_day(ent_date date)
{
	static char text[11];
	ent_date_format(date, text);
	return text;
}

/* The only number that a query gives. */
static int64_t count(const char *sql, ent_id id)
{
	return world_number(sql, id);
}

static ent_id successor(ent_id contract)
{
	return (ent_id){ count("SELECT id FROM contract WHERE renewed_from_id = $1", contract) };
}

static const char *state(ent_id contract)
{
	return ent_contract_state_names.text[operate_contract(contract).state];
}

#define LINE(contract, n) REFS({ &ent_contract_line_type, operate_line(contract, n).id })

APP_TEST(operation_renews_a_contract)
{
	world_open("2025-11-01T12:00:00Z");
	ent_id id = make_care();
	struct ent_contract_plan plan = operate("renew", id, "{}", NULL);
	ent_id next = successor(id);
	struct ent_contract fresh = operate_contract(next);
	CHECK_INT(plan.price_delta.micro, INT64_C(14124) * ENT_MICRO);
	CHECK_TEXT(last_day(fresh.starts_on), "2026-01-01");
	CHECK_TEXT(last_day(fresh.ends_on), "2026-12-31");
	CHECK_TEXT(state(next), "draft");
	CHECK_INT(fresh.line_count, 3);
	CHECK_INT(operate_line(next, 0).unit_price.micro, 11 * ENT_MICRO);
	CHECK_INT(count("SELECT count(*) FROM contract_link WHERE to_contract_id = $1", next), 4);
	CHECK_INT(count("SELECT count(*) FROM entitlement WHERE contract_id = $1 AND "
	                "stage = 'live'",
	                next),
	          1);
	CHECK_INT(count("SELECT count(*) FROM contract_coverage WHERE contract_line_id = $1",
	                operate_line(next, 0).id),
	          1);
	CHECK_CODE(operate_refused("renew", id, "{}", NULL), ENT_E_RENEW_ALREADY);
	world_at("2026-01-01T12:00:00Z");
	CHECK_TEXT(state(id), "expired");
	CHECK_TEXT(state(next), "active");
	operate("renew", next, "{\"starts_on\":\"2026-07-01\",\"keep_draft\":true}", NULL);
	CHECK_TEXT(last_day(operate_contract(next).ends_on), "2026-06-30");
	CHECK(ent_id_eq(operate_contract(successor(next)).renewal_root_id, id));
	world_at("2026-07-01T12:00:00Z");
	CHECK_TEXT(state(next), "expired");
	CHECK_TEXT(state(successor(next)), "draft");
	world_close();
}

APP_TEST(operation_renews_lines_in_place)
{
	world_open("2025-11-01T12:00:00Z");
	ent_id id = make_care();
	operate("renew", id, "{\"lines\":[$1],\"term\":\"P6M\"}", LINE(id, 0));
	CHECK_TEXT(last_day(operate_contract(id).ends_on), "2026-06-30");
	CHECK_INT(operate_contract(id).line_count, 5);
	CHECK_TEXT(last_day(operate_line(id, 3).starts_on), "2026-01-01");
	CHECK_TEXT(last_day(operate_line(id, 3).ends_on), "2026-06-30");
	CHECK(ent_id_eq(operate_line(id, 4).parent_id, operate_line(id, 3).id));
	CHECK_CODE(operate_refused("renew", id, "{\"lines\":[$1]}", LINE(id, 0)),
	           ENT_E_RENEW_ALREADY);
	world_close();
}

static ent_id one_contract(ent_id account)
{
	return world_create(&ent_contract_type,
	                    "{\"account_id\":$1,\"name\":\"C\",\"starts_on\":\"2025-01-01\","
	                    "\"ends_on\":\"2025-12-31\",\"currency\":\"EUR\"}",
	                    REFS({ &ent_account_type, account }));
}

/* Both, as they were seen: the first one at that version, the second one at `version`. */
static const char *both_seen(ent_id first, int64_t version)
{
	return ent_text_format(&world.arena,
	                       "{\"contracts\":[$1,$2],\"versions\":[{\"contract_id\":$1,"
	                       "\"version\":%lld},{\"contract_id\":$2,\"version\":%lld}]}",
	                       (long long)operate_contract(first).version, (long long)version)
	        .ptr;
}

/* Nothing is merged but what was seen; what has changed is named. */
APP_TEST(operation_merges_only_what_was_seen)
{
	struct ent_contract_plan plan;
	world_open("2025-07-01T12:00:00Z");
	ent_id account = world_account("Acme");
	ent_id target = one_contract(account);
	ent_id a = one_contract(account);
	ent_id b = one_contract(account);
	const struct world_ref *refs = REFS({ &ent_contract_type, a }, { &ent_contract_type, b });
	int64_t seen = operate_contract(b).version;
	CHECK_CODE(operate_try("merge", target, both_seen(a, seen), refs, true, &plan), ENT_OK);
	const char *told = ent_text_format(&world.arena,
	                                   "[{\"contract_id\":$1,\"version\":%lld},{"
	                                   "\"contract_id\":$2,\"version\":%lld}]",
	                                   (long long)operate_contract(a).version, (long long)seen)
	                           .ptr;
	CHECK(ent_str_eq(plan.versions.text, operate_fill(told, refs)));
	CHECK_CODE(world_try_update(&ent_contract_type, b, "{\"name\":\"D\"}", NULL), ENT_OK);
	CHECK_CODE(operate_refused("merge", target, both_seen(a, seen), refs),
	           ENT_E_PRECONDITION_FAILED);
	const char *changed = both_seen(a, seen);
	CHECK_CODE(operate_try("merge", target, changed, refs, true, &plan),
	           ENT_E_PRECONDITION_FAILED);
	const char *detail = ent_text_format(&world.arena, "%s", world.error.detail).ptr;
	ent_str number = operate_contract(b).number;
	CHECK_TEXT(detail, ent_text_format(&world.arena,
	                                   "versions/1/version: %.*s is at version %lld, not %lld",
	                                   (int)number.len, number.ptr, (long long)seen + 1,
	                                   (long long)seen)
	                           .ptr);
	CHECK_CODE(operate_refused("merge", target,
	                           "{\"contracts\":[$1],\"versions\":[{\"contract_id\":$2,"
	                           "\"version\":2}]}",
	                           refs),
	           ENT_E_INVALID);
	operate("merge", target, both_seen(a, operate_contract(b).version), refs);
	CHECK(operate_contract(a).ends_early && operate_contract(b).ends_early);
	world_close();
}

APP_TEST(operation_merges_contracts)
{
	world_open("2025-07-01T12:00:00Z");
	ent_id account = world_account("Acme");
	ent_id a = make_in(account);
	ent_id b = make_in(account);
	ent_id right = { count("SELECT id FROM entitlement WHERE contract_id = $1", b) };
	world_do(&ent_entitlement_type, "consume", right, "{\"units\":4}");
	struct ent_contract_plan plan =
		operate("merge", a, "{\"contracts\":[$1],\"group_lines\":true}",
	                REFS({ &ent_contract_type, b }));
	CHECK_INT(plan.price_delta.micro, 0);
	CHECK_TEXT(last_day(operate_contract(b).ends_on), "2025-06-30");
	CHECK_TEXT(state(b), "cancelled");
	CHECK_INT(count("SELECT contract_id FROM entitlement WHERE id = $1", right), a.value);
	CHECK_INT(count("SELECT ledger_consumed FROM entitlement WHERE id = $1", right), 4);
	CHECK_INT(operate_line(a, 3).quantity.micro, 200 * ENT_MICRO);
	CHECK_INT(count("SELECT count(*) FROM contract_link WHERE to_contract_id = $1", a), 7);
	CHECK_CODE(operate_refused("merge", a, "{\"contracts\":[$1]}",
	                           REFS({ &ent_contract_type, b })),
	           ENT_E_STATE_TERMINAL);
	world_close();
}

/* Days of coverage begin and end where the contract is that it is of. */
APP_TEST(operation_dates_coverage_in_the_zone_of_its_contract)
{
	static const char lines[] =
		"{\"account_id\":$1,\"name\":\"Care\",\"starts_on\":\"2025-01-01\",\"ends_on\":"
		"\"2025-12-31\",\"currency\":\"EUR\",\"time_zone\":\"Pacific/Auckland\","
		"\"lines\":[{\"name\":\"A\",\"coverage\":[{\"product_id\":$2,\"ends_on\":"
		"\"2025-11-30\"}]},{\"name\":\"B\",\"starts_on\":\"2025-10-01\",\"coverage\":[{"
		"\"product_id\":$2,\"starts_on\":\"2025-10-15\"}]}]}";
	static const char ends[] = "SELECT ends_at FROM contract_coverage WHERE "
				   "contract_line_id = $1";
	static const char starts[] = "SELECT starts_at FROM contract_coverage WHERE "
				     "contract_line_id = $1";
	world_open("2025-07-01T12:00:00Z");
	ent_id account = world_account("Acme");
	ent_id product = world_create(&ent_product_type, "{\"name\":\"Desk\"}", NULL);
	ent_id target = make_in(account); /* UTC */
	ent_id source =
		world_create(&ent_contract_type, lines,
	                     REFS({ &ent_account_type, account }, { &ent_product_type, product }));
	struct ent_contract_line a = operate_line(source, 0);
	struct ent_contract_line b = operate_line(source, 1);
	CHECK_INT(count(starts, b.id), world_instant("2025-10-14T11:00:00Z").us);
	operate("merge", target, "{\"contracts\":[$1],\"effective_on\":\"2025-07-15\"}",
	        REFS({ &ent_contract_type, source }));
	CHECK_INT(count(ends, a.id), world_instant("2025-07-14T12:00:00Z").us);
	ent_id next = { count("SELECT id FROM contract_line WHERE split_from_id = $1", a.id) };
	CHECK_INT(count(ends, next), world_instant("2025-12-01").us);
	CHECK_INT(count("SELECT contract_id FROM contract_line WHERE id = $1", b.id), target.value);
	CHECK_INT(count(starts, b.id), world_instant("2025-10-15").us);
	world_close();
}

APP_TEST(operation_splits_a_contract)
{
	world_open("2025-07-01T12:00:00Z");
	ent_id id = make_care();
	ent_id right = { count("SELECT id FROM entitlement WHERE contract_id = $1", id) };
	struct ent_contract_plan plan = operate("split", id, "{\"lines\":[$1]}", LINE(id, 0));
	CHECK_INT(plan.price_delta.micro, 0);
	ent_id made = { count("SELECT contract_id FROM entitlement WHERE id = $1", right) };
	CHECK(!ent_id_eq(made, id));
	CHECK_TEXT(state(made), "active");
	CHECK_TEXT(last_day(operate_contract(made).starts_on), "2025-07-01");
	CHECK_INT(operate_contract(made).line_count, 2);
	world_close();
}

APP_TEST(operation_co_terminates_lines)
{
	world_open("2025-07-01T12:00:00Z");
	ent_id id = make_care();
	operate("co_terminate", id, "{\"ends_on\":\"2026-03-31\"}", NULL);
	CHECK_TEXT(last_day(operate_contract(id).ends_on), "2026-03-31");
	CHECK_TEXT(last_day(operate_line(id, 1).ends_on), "2026-03-31");
	operate("co_terminate", id, "{\"ends_on\":\"2025-09-30\",\"lines\":[$1]}", LINE(id, 0));
	CHECK(operate_line(id, 0).ends_early);
	CHECK_TEXT(last_day(operate_line(id, 1).ends_on), "2025-09-30");
	CHECK_TEXT(last_day(operate_line(id, 2).ends_on), "2026-03-31");
	world_close();
}

APP_TEST(operation_transfers_and_clones)
{
	world_open("2025-07-01T12:00:00Z");
	ent_id id = make_care();
	ent_id other = world_account("Beta");
	operate("transfer", id, "{\"account_id\":$1}", REFS({ &ent_account_type, other }));
	ent_id made = { count("SELECT id FROM contract WHERE account_id = $1", other) };
	CHECK_TEXT(state(made), "active");
	CHECK_TEXT(state(id), "cancelled");
	CHECK_INT(count("SELECT count(*) FROM entitlement WHERE account_id = $1", other), 1);
	CHECK_CODE(operate_refused("transfer", made, "{\"account_id\":$1}",
	                           REFS({ &ent_account_type, other })),
	           ENT_E_INVALID);
	operate("clone", made, "{\"starts_on\":\"2026-01-01\",\"name\":\"Again\"}", NULL);
	ent_id again = { count("SELECT to_contract_id FROM contract_link WHERE kind = 'cloned' AND "
		               "from_line_id IS NULL AND from_contract_id = $1",
		               made) };
	CHECK_TEXT(state(again), "draft");
	CHECK_INT(operate_contract(again).line_count, 3);
	world_close();
}

static void until(const char *instant)
{
	struct ent_agenda_report report = { .handled = 0 };
	world_at(instant);
	OK(ent_agenda_run(world.app, ENT_INSTANT_NONE, &report, &world.error));
	CHECK_TEXT(report.failed == 0 ? "" : report.error.detail, "");
}

/* What is to be cancelled in October is, wherever it is by then. */
APP_TEST(operation_keeps_cancellations_that_lie_ahead)
{
	static const char october[] = "{\"effective_on\":\"2025-10-01\"}";
	world_open("2025-07-01T12:00:00Z");
	ent_id whole = make_care();
	operate("cancel", whole, october, NULL);
	ent_id beta = world_account("Beta");
	operate("transfer", whole, "{\"account_id\":$1}", REFS({ &ent_account_type, beta }));
	ent_id part = make_care();
	ent_id line = operate_line(part, 0).id;
	operate("cancel", part, "{\"effective_on\":\"2025-10-01\",\"lines\":[$1]}",
	        REFS({ &ent_contract_line_type, line }));
	CHECK_CODE(operate_refused("cancel", part,
	                           "{\"effective_on\":\"2025-11-01\",\"lines\":[$1]}",
	                           REFS({ &ent_contract_line_type, line })),
	           ENT_E_ALREADY_CANCELLED);
	operate("downsell", part,
	        "{\"effective_on\":\"2025-08-01\",\"lines\":[{\"line_id\":$1,\"quantity\":\"4\"}]}",
	        REFS({ &ent_contract_line_type, line }));
	CHECK_CODE(operate_refused("upsell", part,
	                           "{\"effective_on\":\"2025-10-01\",\"lines\":[{\"line_id\":$1,"
	                           "\"quantity\":\"400\"}]}",
	                           REFS({ &ent_contract_line_type, line })),
	           ENT_E_DATE_OUTSIDE_PARENT);
	CHECK_INT(world_findings(), 0);
	ent_id made = { count("SELECT id FROM contract WHERE account_id = $1", beta) };
	until("2025-09-30T12:00:00Z");
	CHECK_TEXT(state(made), "active");
	CHECK_TEXT(ent_contract_state_names.text[operate_line(part, 3).state], "active");
	until("2025-10-01T12:00:00Z");
	CHECK_TEXT(state(made), "cancelled");
	CHECK_TEXT(state(part), "active");
	CHECK_TEXT(ent_contract_state_names.text[operate_line(part, 3).state], "cancelled");
	CHECK_INT(count("SELECT count(*) FROM entitlement WHERE account_id = $1 AND "
	                "cancelled_at IS NULL",
	                beta),
	          0);
	ent_id target = make_care();
	ent_id source = make_in((ent_id){ operate_contract(target).account_id.value });
	operate("cancel", source, "{\"effective_on\":\"2025-12-01\"}", NULL);
	CHECK_CODE(operate_refused("merge", target, "{\"contracts\":[$1]}",
	                           REFS({ &ent_contract_type, source })),
	           ENT_E_STATE);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(operation_renewal_can_be_undone)
{
	world_open("2025-11-01T12:00:00Z");
	ent_id id = make_care();
	const char *before = operate_dump();
	struct ent_contract_plan plan =
		operate("renew", id, "{\"starts_on\":\"2025-12-01\"}", NULL);
	world_do(&ent_contract_operation_type, "undo", plan.operation_id, "{}");
	SAME_TABLES(operate_dump(), before);
	world_close();
}

/* ---- more rows than go into a statement ---- */

enum { LINES = 130 };

static ent_id make_large(ent_id account, const char *name)
{
	ent_id product = world_create(&ent_product_type, "{\"name\":\"Printer\"}", NULL);
	struct ent_text text = ent_text_begin(&world.arena);
	ent_text_addf(&text,
	              "{\"account_id\":$1,\"name\":\"%s\",\"starts_on\":\"2025-01-01\","
	              "\"ends_on\":\"2025-12-31\",\"currency\":\"EUR\",\"lines\":[",
	              name);
	for (int i = 0; i < LINES; i++) {
		ent_text_addf(&text,
		              "%s{\"name\":\"%s%d\",\"list_price\":{\"amount\":\"%d\","
		              "\"currency\":\"EUR\"},\"characteristics\":[{\"name\":"
		              "\"size\",\"value\":\"%d\"}],\"coverage\":[{"
		              "\"product_id\":$2}]%s}",
		              i > 0 ? "," : "", name, i, i + 1, i % 10,
		              i % 50 == 0 ? ",\"lines\":[{\"name\":\"part\"}]" : "");
	}
	ent_text_add(&text, ENT_STR("]}"));
	return world_create(&ent_contract_type, ent_text_end(&text).ptr,
	                    REFS({ &ent_account_type, account }, { &ent_product_type, product }));
}

/* How many rows of this kind hang on the lines of a contract. */
static int64_t below_lines(const char *table, ent_id contract)
{
	return count(ent_text_format(&world.arena,
	                             "SELECT count(*) FROM %s t JOIN contract_line l ON l.id = "
	                             "t.contract_line_id WHERE l.contract_id = $1",
	                             table)
	                     .ptr,
	             contract);
}

APP_TEST(operation_writes_many_rows_as_it_writes_few)
{
	world_open("2025-05-01T12:00:00Z");
	ent_id account = world_account("Acme");
	ent_id first = make_large(account, "a");
	ent_id second = make_large(account, "b");
	int64_t events = count("SELECT count(*) FROM event", ENT_ID_NONE);
	operate("renew", first, "{}", NULL);
	ent_id next = successor(first);
	CHECK_INT(operate_contract(next).line_count, LINES + 3);
	CHECK_INT(operate_contract(next).tcv.micro, operate_contract(first).tcv.micro);
	CHECK_INT(below_lines("contract_characteristic", next), LINES);
	CHECK_INT(below_lines("contract_coverage", next), LINES);
	CHECK_INT(count("SELECT count(*) FROM contract_link WHERE to_contract_id = $1", next),
	          LINES + 4);
	/* the old one is as it was but for its version: an event for each row that is new, and one
	 * for the operation */
	CHECK_INT(count("SELECT count(*) FROM event", ENT_ID_NONE) - events,
	          1 + (LINES + 3) + LINES + 1);
	operate("merge", first, "{\"contracts\":[$1]}", REFS({ &ent_contract_type, second }));
	CHECK_TEXT(state(second), "cancelled");
	operate("co_terminate", first, "{\"ends_on\":\"2025-10-31\"}", NULL);
	CHECK_INT(count("SELECT count(*) FROM contract_line WHERE contract_id = $1", first),
	          2 * (LINES + 3));
	CHECK_INT(world_findings(), 0);
	world_at("2025-11-02T12:00:00Z");
	CHECK_TEXT(state(first), "expired");
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* With a query for each record and its rows, the memory of a task did not do for this. */
APP_TEST(operation_large_renewal_can_be_undone)
{
	enum { MANY = 2500 };
	struct ent_contract_plan plan;
	world_open("2025-11-01T12:00:00Z");
	ent_id account = world_account("Acme");
	struct ent_text text = ent_text_begin(&world.arena);
	ent_text_add(&text, ENT_STR("{\"account_id\":$1,\"name\":\"Care\",\"starts_on\":"
	                            "\"2025-01-01\",\"ends_on\":\"2025-12-31\",\"lines\":["));
	for (int i = 0; i < MANY; i++) {
		ent_text_add(&text,
		             i == 0 ? ENT_STR("{\"name\":\"L\"}") : ENT_STR(",{\"name\":\"L\"}"));
	}
	ent_text_add(&text, ENT_STR("]}"));
	ent_id id = world_create(&ent_contract_type, ent_text_end(&text).ptr,
	                         REFS({ &ent_account_type, account }));
	OK(operate_try("renew", id, "{\"starts_on\":\"2025-12-01\"}", NULL, false, &plan));
	CHECK_INT(count("SELECT count(*) FROM contract_line WHERE contract_id <> $1", id), MANY);
	world_do(&ent_contract_operation_type, "undo", plan.operation_id, "{}");
	CHECK_INT(count("SELECT count(*) FROM contract_line WHERE contract_id <> $1", id), 0);
	CHECK_INT(count("SELECT count(*) FROM contract_line WHERE contract_id = $1 AND "
	                "ends_on = 20453",
	                id),
	          MANY);
	world_close();
}
