/* Operations on random contracts: previewed as applied, undone to what was, inside their dates;
 * and whichever call of the store fails, nothing is left. */
#include "app/contract.h"
#include "app/operate.h"
#include "base/text.h"
#include "core/contract_check.h"
#include "fault.h"
#include "pattern.h"
#include "json/json.h"

/* ---- random contracts ---- */

static uint64_t seed = 41;

static int64_t some(int64_t least, int64_t most)
{
	return pattern_int(&seed, least, most);
}

static void add_days(struct ent_text *text, ent_date first, ent_date last)
{
	char a[11], b[11];
	ent_date_format(first, a);
	ent_date_format(last, b);
	ent_text_addf(text, ",\"starts_on\":\"%s\",\"ends_on\":\"%s\"", a, b);
}

/* A tree of lines, each inside of the one above it. */
static void add_line(struct ent_text *text, ent_date first, ent_date last, int depth)
{
	int32_t length = last.day - first.day;
	ent_date from = { first.day + (int32_t)(some(0, 2) == 0 ? some(0, length / 2) : 0) };
	ent_date to = { last.day - (int32_t)(some(0, 2) == 0 ? some(0, length / 3) : 0) };
	ent_text_addf(text,
	              "{\"name\":\"L\",\"quantity\":\"%d\",\"unit_price\":{\"amount\":"
	              "\"%d.%d\",\"currency\":\"EUR\"}",
	              (int)some(1, 200), (int)some(0, 90), (int)some(0, 9));
	add_days(text, from, to);
	if (some(0, 3) == 0) {
		ent_text_add(text, ENT_STR(",\"entitlements\":[{\"name\":\"E\",\"unit\":\"cases\","
		                           "\"total\":5}]"));
	}
	if (some(0, 5) == 0) {
		ent_text_add(text, ENT_STR(",\"pricing_method\":\"one_time\""));
	} else if (depth > 0 && some(0, 3) == 0) {
		ent_text_add(text, ENT_STR(",\"per_parent\":true"));
	}
	if (depth < 2 && some(0, 1) == 0) {
		ent_text_add(text, ENT_STR(",\"lines\":["));
		add_line(text, from, to, depth + 1);
		if (some(0, 1) == 0) {
			ent_text_char(text, ',');
			add_line(text, from, to, depth + 1);
		}
		ent_text_char(text, ']');
	}
	ent_text_char(text, '}');
}

static ent_id random_contract(ent_id account)
{
	struct ent_text text = ent_text_begin(&world.arena);
	ent_date first = { world_date("2025-01-01").day + (int32_t)some(0, 200) };
	ent_date last = { first.day + (int32_t)some(60, 700) };
	ent_text_add(&text, ENT_STR("{\"account_id\":$1,\"name\":\"C\",\"currency\":\"EUR\""));
	add_days(&text, first, last);
	ent_text_add(&text, ENT_STR(",\"lines\":["));
	for (int64_t i = some(1, 3); i > 0; i--) {
		add_line(&text, first, last, 0);
		ent_text_add(&text, i > 1 ? ENT_STR(",") : ENT_STR("]}"));
	}
	return world_create(&ent_contract_type, ent_text_end(&text).ptr,
	                    REFS({ &ent_account_type, account }));
}

/* ---- random operations ---- */

static const char *const names[] = { "upsell", "downsell", "swap",   "amend",
	                             "cancel", "shorten",  "extend", "suspend" };

static const char *some_input(size_t operation, const struct ent_contract_line *line, char *out,
                              size_t room)
{
	static const char quantities[] =
		"{\"effective_on\":\"%s\",\"lines\":[{\"line_id\":$1,\"quantity\":\"%d\"}]}";
	char day[11], later[24];
	int32_t from = line->starts_on.day + (int32_t)some(0, 300);
	int quantity = (int)(line->quantity.micro / ENT_MICRO);
	ent_date_format((ent_date){ from }, day);
	snprintf(later, sizeof(later), "%sT00:00:00Z", day);
	switch (operation) {
	case 0:
		snprintf(out, room, quantities, day, quantity + (int)some(1, 50));
		break;
	case 1:
		snprintf(out, room, quantities, day, (int)some(0, quantity - 1));
		break;
	case 2:
		snprintf(out, room,
		         "{\"effective_on\":\"%s\",\"lines\":[{\"line_id\":$1,\"product_id\":$2,"
		         "\"quantity\":\"%d\",\"unit_price\":{\"amount\":\"7\",\"currency\":"
		         "\"EUR\"}}]}",
		         day, (int)some(1, quantity));
		break;
	case 3:
		snprintf(out, room,
		         "{\"effective_on\":\"%s\",\"lines\":[{\"line_id\":$1,\"name\":\"N\","
		         "\"quantity\":\"%d\"}]}",
		         day, (int)some(1, 99));
		break;
	case 4:
		snprintf(out, room, "{\"lines\":[$1],\"effective_on\":\"%s\"}", day);
		break;
	case 5:
	case 6:
		snprintf(out, room, "{%s\"ends_on\":\"%s\"}",
		         some(0, 1) == 0 ? "\"lines\":[$1]," : "", day);
		break;
	default:
		snprintf(out, room,
		         "{%s\"starts_at\":\"%s\",\"extend_term\":%s,\"ends_at\":"
		         "\"2027-06-01T00:00:00Z\"}",
		         some(0, 1) == 0 ? "\"lines\":[$1]," : "", later,
		         some(0, 1) == 0 ? "true" : "false");
	}
	return out;
}

/* ---- what holds always ---- */

static enum ent_code judge(struct ent_call *call, void *arg, struct ent_error *error)
{
	const ent_id *id = arg;
	struct ent_contract_tree tree;
	enum ent_code code = ent_contract_tree_load(call, *id, true, &tree, error);
	for (size_t i = 0; code == ENT_OK && i < tree.count; i++) {
		const struct ent_contract_line *line = &tree.lines[i];
		const struct ent_contract_line *parent =
			ent_contract_tree_line(&tree, line->parent_id);
		CHECK(ent_id_is_none(line->parent_id) || (parent != NULL && parent < line));
		ent_contract_line_check(line, parent, &tree.contract, error);
		/* time looks at it no later than it changes */
		ent_instant next = ent_contract_next_line(
			call, &tree.contract, ent_contract_tree_line(&tree, line->root_id), line);
		CHECK(next.us == ENT_INSTANT_END.us || tree.contract.due_at.us <= next.us);
	}
	return code == ENT_OK ? ent_noted(error) : code;
}

static bool is_later(ent_id operation)
{
	struct ent_contract_operation kept;
	world_get(&ent_contract_operation_type, operation, &kept);
	return kept.state == ENT_OPERATION_SCHEDULED;
}

/* One random operation; true: it was done. Undone again where it can be. */
static bool try_one(ent_id id, ent_id product)
{
	char input[400];
	struct ent_contract_plan shown;
	int64_t count =
		world_number("SELECT COUNT(*) FROM contract_line WHERE contract_id = $1", id);
	struct ent_contract_line line = operate_line(id, (int)some(0, count - 1));
	size_t operation = (size_t)some(0, (int64_t)ENT_COUNT(names) - 1);
	const struct world_ref *refs =
		REFS({ &ent_contract_line_type, line.id }, { &ent_product_type, product });
	some_input(operation, &line, input, sizeof(input));
	enum ent_code code = operate_try(names[operation], id, input, refs, true, &shown);
	if (code != ENT_OK) {
		CHECK(code != ENT_E_STORAGE && code != ENT_E_CONFLICT && code != ENT_E_SYNTAX);
		CHECK_CODE(operate_refused(names[operation], id, input, refs), code);
		return false;
	}
	const char *before = operate_dump();
	struct ent_contract_plan plan = operate(names[operation], id, input, refs);
	CHECK_INT(operate_contract(id).tcv.micro, plan.price_after.micro);
	OK(world_run(ENT_READ, judge, &id));
	if (is_later(plan.operation_id) && some(0, 2) > 0) {
		world_do(&ent_contract_operation_type, "undo", plan.operation_id, "{}");
		SAME_TABLES(operate_dump(), before);
	}
	return true;
}

APP_TEST(operation_random_lives_of_contracts)
{
	enum { CONTRACTS = 12, STEPS = 14 };
	size_t done = 0;
	world_open("2025-05-01T12:00:00Z");
	ent_id account = world_account("A");
	ent_id product = world_create(&ent_product_type, "{\"name\":\"Y\"}", NULL);
	for (int n = 0; n < CONTRACTS; n++) {
		ent_id id = random_contract(account);
		for (int i = 0; i < STEPS; i++) {
			done += try_one(id, product);
		}
	}
	CHECK(done > CONTRACTS * STEPS / 6);
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* ---- faults ---- */

struct attempt {
	struct fault_db fault;
	struct ent_arena arena;
	const struct ent_action_row *action;
	ent_id id;
	ent_str json;
	enum ent_code code;
};

static enum ent_code act(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct attempt *attempt = arg;
	const struct ent_type *type = attempt->action->input;
	const struct ent_node *node;
	struct ent_set given;
	struct ent_contract_plan plan;
	void *input = ent_arena_alloc(call->arena, 1, type->size, 16);
	ent_type_clear(type, input);
	enum ent_code code = ent_json_parse(attempt->json, call->arena, &node, error);
	if (code == ENT_OK) {
		code = ent_json_read(type, node, ENT_JSON_CREATE, call->arena, input, &given,
		                     error);
	}
	if (code == ENT_OK) {
		code = attempt->action->act(call, attempt->id, 0, input, &plan, error);
	}
	return code == ENT_OK ? ent_call_finish(call, error) : code;
}

static void body(void *arg)
{
	struct attempt *attempt = arg;
	world_run_on(&attempt->fault.db, attempt->arena, act, attempt, &attempt->code);
}

static void fail_each_call(struct ent_db *inner, ent_id id, const char *name, const char *json)
{
	char line[ENT_ID_ROOM];
	struct attempt attempt = { .fault = fault_around(inner),
		                   .id = id,
		                   .action = ent_action_of(&ent_contract_type, ent_str_of(name)) };
	ent_id_format(operate_line(id, 0).id, "ctl", line);
	attempt.json = ent_text_format(&world.arena, json, line);
	const char *before = operate_dump();
	int64_t events = world_number("SELECT COUNT(*) FROM event", ENT_ID_NONE);
	for (int64_t calls = 0; attempt.code != ENT_OK || calls == 0; calls++) {
		attempt.arena = test_arena();
		attempt.fault.fail_at = calls;
		CHECK(ent_guard(&test_budget, body, &attempt));
		ent_db_unwind(&attempt.fault.db, 0);
		if (attempt.code != ENT_OK) {
			CHECK_CODE(attempt.code, ENT_E_STORAGE);
			SAME_TABLES(operate_dump(), before);
			CHECK_INT(world_number("SELECT COUNT(*) FROM event", ENT_ID_NONE), events);
		}
	}
	CHECK(strcmp(operate_dump(), before) != 0);
}

APP_TEST(operation_faults_leave_no_trace)
{
	world_open("2025-05-01T12:00:00Z");
	ent_id account = world_account("A");
	ent_id id = world_create(
		&ent_contract_type,
		"{\"account_id\":$1,\"name\":\"C\",\"starts_on\":\"2025-01-01\",\"ends_on\":"
		"\"2025-12-31\",\"currency\":\"EUR\",\"lines\":[{\"name\":\"L\",\"quantity\":\"9\","
		"\"unit_price\":{\"amount\":\"1\",\"currency\":\"EUR\"},\"lines\":[{\"name\":\"K\"}"
	        "],"
		"\"entitlements\":[{\"name\":\"E\",\"unit\":\"cases\",\"total\":3}]}]}",
		REFS({ &ent_account_type, account }));
	struct ent_db *inner = helper_connect(ent_app_store(world.app));
	fail_each_call(inner, id, "suspend", "{\"lines\":[\"%s\"]}");
	fail_each_call(inner, id, "resume", "{}");
	fail_each_call(inner, id, "downsell",
	               "{\"effective_on\":\"2025-07-01\",\"lines\":[{\"line_id\":\"%s\","
	               "\"quantity\":\"4\"}]}");
	fail_each_call(inner, id, "renew", "{}");
	fail_each_call(inner, id, "cancel", "{\"effective_on\":\"2025-09-01\"}");
	inner->ops->close(inner);
	CHECK_INT(world_findings(), 0);
	world_close();
}
