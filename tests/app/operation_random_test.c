/* Every operation on random contracts: previewed as applied, priced as read afterwards, undone to
 * what was, inside of their dates. A failure tells the seed of its contract. */
#include "app/contract.h"
#include "app/contract_total.h"
#include "app/operate.h"
#include "base/text.h"
#include "core/contract_check.h"
#include "pattern.h"
#include "json/json.h"

/* ---- random contracts ---- */

static uint64_t seed;
static ent_id account, other, product;

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
	              "{\"name\":\"L\",\"quantity\":\"%d\",\"%s\":{\"amount\":"
	              "\"%d.%d\",\"currency\":\"EUR\"}",
	              (int)some(1, 200), some(0, 2) == 0 ? "list_price" : "unit_price",
	              (int)some(0, 90), (int)some(0, 9));
	add_days(text, from, to);
	if (some(0, 3) == 0) {
		ent_text_add(text, ENT_STR(",\"entitlements\":[{\"name\":\"E\",\"unit\":\"cases\","
		                           "\"total\":5}]"));
	}
	if (some(0, 2) == 0) {
		ent_text_add(text, ENT_STR(",\"coverage\":[{\"product_id\":$2}]"));
	}
	if (depth == 0 && some(0, 4) == 0) {
		ent_text_add(text, ENT_STR(",\"ramp\":\"quarterly\",\"ramp_percent\":\"7\""));
	} else if (some(0, 5) == 0) {
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

static ent_id random_contract(void)
{
	struct ent_text text = ent_text_begin(&world.arena);
	ent_date first = { world_date("2025-01-01").day + (int32_t)some(0, 200) };
	ent_date last = { first.day + (int32_t)some(60, 700) };
	ent_text_add(&text, ENT_STR("{\"account_id\":$1,\"name\":\"C\",\"currency\":\"EUR\""));
	add_days(&text, first, last);
	ent_text_add(&text, some(0, 2) > 0 ? ENT_STR("")
	                                   : ENT_STR(",\"discount_percent\":\"10\","
	                                             "\"discount_mode\":\"override\""));
	ent_text_add(&text, ENT_STR(",\"lines\":["));
	for (int64_t i = some(1, 3); i > 0; i--) {
		add_line(&text, first, last, 0);
		ent_text_add(&text, i > 1 ? ENT_STR(",") : ENT_STR(""));
	}
	if (some(0, 1) == 0) { /* a share of those beside it */
		ent_text_add(&text, ENT_STR(",{\"name\":\"S\",\"derived_percent\":\"12.5\"}"));
	}
	ent_text_add(&text, ENT_STR("]}"));
	return world_create(&ent_contract_type, ent_text_end(&text).ptr,
	                    REFS({ &ent_account_type, account }, { &ent_product_type, product }));
}

/* ---- random operations ---- */

static const char *const names[] = { "upsell",       "downsell", "swap",    "amend",     "cancel",
	                             "shorten",      "extend",   "suspend", "add_lines", "renew",
	                             "co_terminate", "split",    "merge",   "transfer",  "clone" };

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
	case 8:
		snprintf(out, room,
		         "{\"lines\":[{\"name\":\"N\",\"unit_price\":{\"amount\":\"%d.5\","
		         "\"currency\":\"EUR\"},\"lines\":[{\"name\":\"O\"}]}]}",
		         (int)some(0, 50));
		break;
	case 9:
		snprintf(out, room, some(0, 2) == 0 ? "{\"lines\":[$1]}" : "{\"consolidate\":%s}",
		         some(0, 1) == 0 ? "true" : "false");
		break;
	case 10:
		snprintf(out, room, "{\"ends_on\":\"%s\"}", day);
		break;
	case 11:
		snprintf(out, room, "{\"lines\":[$1]}");
		break;
	case 12:
		snprintf(out, room, "{\"contracts\":[$3],\"group_lines\":%s}",
		         some(0, 1) == 0 ? "true" : "false");
		break;
	case 13:
		snprintf(out, room, "{\"account_id\":$4}");
		break;
	case 14:
		snprintf(out, room, "{\"starts_on\":\"%s\"}", day);
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
		/* what goes before it has begun is cancelled where it stands */
		if (ent_instant_is_none(line->cancelled_at)) {
			ent_contract_line_check(line, parent, &tree.contract, error);
		}
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

/* ---- prices: what the preview said is what reading the contracts says ---- */

struct reading {
	const struct ent_contract_plan *plan;
	ent_id contracts[4]; /* that it was about; those that it made are found in it */
	size_t count;
	int64_t tcv;
	const struct ent_node *changes, *made;
};

/* "new:1" or an identifier. */
static ent_id named_id(const struct reading *r, const struct ent_node *node, const char *prefix)
{
	ent_id id = ENT_ID_NONE;
	ent_str text = ent_json_member(node, "id")->text;
	for (const struct ent_node *n = r->made->first; n != NULL; n = n->next) {
		if (ent_str_eq(ent_json_member(n, "new")->text, text)) {
			text = ent_json_member(n, "id")->text;
			break;
		}
	}
	CHECK(ent_id_parse(text, prefix, &id));
	return id;
}

/* Shown to the cent. */
static void check_net(const struct reading *r, const struct ent_line_price *line)
{
	for (const struct ent_node *n = r->changes->first; n != NULL; n = n->next) {
		const struct ent_node *price = ent_json_member(n, "price_after");
		ent_decimal shown = { 0 };
		if (ent_str_is(ent_json_member(n, "type")->text, "contract_line") &&
		    price->kind == ENT_JSON_OBJECT &&
		    ent_id_eq(named_id(r, n, "ctl"), line->line->id)) {
			CHECK(ent_decimal_parse(ent_json_member(price, "amount")->text, &shown));
			int64_t off = shown.micro - line->result.net.micro;
			CHECK(off <= ENT_MICRO / 200 && -off <= ENT_MICRO / 200);
		}
	}
}

static enum ent_code read_price(struct ent_call *call, struct reading *r, ent_id id,
                                struct ent_error *error)
{
	struct ent_contract_tree tree;
	struct ent_contract_price price;
	enum ent_code code = ent_contract_tree_load(call, id, true, &tree, error);
	if (code == ENT_OK) {
		code = ent_contract_price_tree(call, &tree, ENT_DATE_NONE, false, &price, error);
	}
	for (size_t i = 0; code == ENT_OK && i < price.count; i++) {
		check_net(r, &price.lines[i]);
	}
	r->tcv += code == ENT_OK ? price.totals.tcv.micro : 0;
	return code;
}

static enum ent_code read_prices(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct reading *r = arg;
	enum ent_code code = ent_json_parse(r->plan->changes.text, call->arena, &r->changes, error);
	if (code == ENT_OK) {
		code = ent_json_parse(r->plan->made.text, call->arena, &r->made, error);
	}
	for (const struct ent_node *n = r->made->first; code == ENT_OK && n != NULL; n = n->next) {
		if (ent_str_is(ent_json_member(n, "type")->text, "contract")) {
			CHECK(ent_id_parse(ent_json_member(n, "id")->text, "ctr",
			                   &r->contracts[r->count++]));
		}
	}
	for (size_t i = 0; i < r->count && code == ENT_OK; i++) {
		code = read_price(call, r, r->contracts[i], error);
	}
	return code;
}

/* The contract that was made, or none. */
static ent_id check_prices(const struct ent_contract_plan *plan, ent_id id, ent_id second)
{
	struct reading r = { .plan = plan, .contracts = { id, second }, .count = 1 };
	r.count += plan->kind == ENT_OPERATION_MERGE;
	size_t known = r.count;
	OK(world_run(ENT_READ, read_prices, &r));
	CHECK_INT(plan->price_after.micro, r.tcv);
	return r.count > known ? r.contracts[known] : ENT_ID_NONE;
}

/* ---- money of days that have passed ---- */

enum { DAYS_APART = 13, SAMPLES = 60 };

struct past {
	ent_id contracts[3];
	size_t count;
	int64_t arr[SAMPLES]; /* of all of them, every 13 days from the first one on */
};

static ent_date sample_day(size_t at)
{
	return (ent_date){ world_date("2025-01-01").day + (int32_t)at * DAYS_APART };
}

static enum ent_code read_past(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct past *past = arg;
	enum ent_code code = ENT_OK;
	memset(past->arr, 0, sizeof(past->arr));
	for (size_t c = 0; c < past->count && code == ENT_OK; c++) {
		struct ent_contract_tree tree;
		struct ent_contract_price price = { .count = 0 };
		code = ent_contract_tree_load(call, past->contracts[c], true, &tree, error);
		if (code == ENT_OK) {
			code = ent_contract_price_tree(call, &tree, ENT_DATE_NONE, false, &price,
			                               error);
		}
		for (size_t i = 0; i < price.count * SAMPLES; i++) {
			const struct ent_price_run *run = ent_line_price_on(
				&price.lines[i / SAMPLES], sample_day(i % SAMPLES));
			past->arr[i % SAMPLES] += run == NULL ? 0 : run->arr.micro;
		}
	}
	return code;
}

static struct past past_of(ent_id id, ent_id second, ent_id made)
{
	struct past past = { .contracts = { id }, .count = 1 };
	if (!ent_id_eq(id, second)) {
		past.contracts[past.count++] = second;
	}
	if (!ent_id_is_none(made)) {
		past.contracts[past.count++] = made;
	}
	OK(world_run(ENT_READ, read_past, &past));
	return past;
}

/* Nothing has passed in a draft, nor is a clone about what there was. */
static bool has_past(const struct ent_contract_plan *plan, ent_id id, ent_id second)
{
	return plan->kind != ENT_OPERATION_CLONE && operate_contract(id).stage != ENT_STAGE_DRAFT &&
	       operate_contract(second).stage != ENT_STAGE_DRAFT;
}

/* No operation changes what a day before it cost. */
static void check_past(const struct ent_contract_plan *plan, const struct past *was,
                       const struct past *is)
{
	for (size_t i = 0; i < SAMPLES && sample_day(i).day < plan->effective_on.day; i++) {
		if (was->arr[i] != is->arr[i]) {
			printf("# day %zu of %d\n", i * DAYS_APART,
			       plan->effective_on.day - sample_day(0).day);
			CHECK_INT(is->arr[i], was->arr[i]);
			return;
		}
	}
}

/* ---- lives ---- */

struct life {
	ent_id ids[40];
	size_t count;
};

/* One random operation; true: it was done. Undone again where it can be. */
static bool try_one(struct life *life)
{
	char input[400];
	struct ent_contract_plan shown;
	ent_id id = life->ids[some(0, (int64_t)life->count - 1)];
	ent_id second = life->ids[some(0, (int64_t)life->count - 1)];
	int64_t count =
		world_number("SELECT COUNT(*) FROM contract_line WHERE contract_id = $1", id);
	if (count == 0) {
		return false;
	}
	struct ent_contract_line line = operate_line(id, (int)some(0, count - 1));
	size_t operation = (size_t)some(0, (int64_t)ENT_COUNT(names) - 1);
	const struct world_ref *refs =
		REFS({ &ent_contract_line_type, line.id }, { &ent_product_type, product },
	             { &ent_contract_type, second }, { &ent_account_type, other });
	some_input(operation, &line, input, sizeof(input));
	enum ent_code code = operate_try(names[operation], id, input, refs, true, &shown);
	if (code != ENT_OK) {
		CHECK(code != ENT_E_STORAGE && code != ENT_E_CONFLICT && code != ENT_E_SYNTAX);
		CHECK_CODE(operate_refused(names[operation], id, input, refs), code);
		return false;
	}
	const char *before = operate_dump();
	struct past was = past_of(id, second, ENT_ID_NONE);
	bool passed = has_past(&shown, id, second);
	struct ent_contract_plan plan = operate(names[operation], id, input, refs);
	ent_id made = check_prices(&plan, id, second);
	struct past is = past_of(id, second, made);
	if (passed) {
		check_past(&plan, &was, &is);
	}
	OK(world_run(ENT_READ, judge, &id));
	if (!ent_id_is_none(made)) {
		OK(world_run(ENT_READ, judge, &made));
	}
	if (is_later(plan.operation_id) && some(0, 2) > 0) {
		world_do(&ent_contract_operation_type, "undo", plan.operation_id, "{}");
		SAME_TABLES(operate_dump(), before);
	} else if (!ent_id_is_none(made) && life->count < ENT_COUNT(life->ids)) {
		life->ids[life->count++] = made;
	}
	return true;
}

static void begin(void)
{
	world_open("2025-05-01T12:00:00Z");
	product = world_create(&ent_product_type, "{\"name\":\"Y\"}", NULL);
	other = world_account("B");
}

/* With ENT_LONG many contracts, of which some share a database, as all of it is dumped for each
 * step. */
APP_TEST(operation_random_lives_of_contracts)
{
	enum { TOGETHER = 12 };
	bool all = getenv("ENT_LONG") != NULL;
	const int steps = all ? 40 : 16;
	uint64_t contracts = all ? 300 : helper_dialect == ENT_POSTGRES ? 4 : 12; /* slower there */
	size_t done = 0;
	begin();
	for (uint64_t n = 0; n < contracts; n++) {
		char row[20];
		if (n > 0 && n % TOGETHER == 0) {
			CHECK_INT(world_findings(), 0);
			world_close();
			CHECK(helper_use_migrated(helper_dialect));
			begin();
		}
		snprintf(row, sizeof(row), "seed %d", (int)n);
		ROW(row);
		seed = n;
		account = world_account("A");
		if (all) {
			printf("# seed %d, %zu operations before it\n", (int)n, done);
		}
		struct life life = { .ids = { random_contract(), random_contract() }, .count = 2 };
		for (int i = 0; i < steps; i++) {
			struct ent_arena mark = world.arena; /* tables are dumped into it */
			done += try_one(&life);
			world.arena = mark;
		}
	}
	ROW("");
	CHECK(done > contracts * (uint64_t)steps / 6);
	CHECK_INT(world_findings(), 0);
	world_close();
}
