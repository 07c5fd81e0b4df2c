/* Operations on random contracts: previewed as applied, undone to what was, inside their dates. */
#include "app/contract.h"
#include "app/operate.h"
#include "base/text.h"
#include "core/contract_check.h"
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
