/* Whichever call of the store or allocation fails in an operation, nothing of it is left, and the
 * same request passes afterwards. */
#include "app/contract.h"
#include "app/operate.h"
#include "base/text.h"
#include "fault.h"
#include "json/json.h"

/* ---- what is operated on ---- */

/* Lines 0 and 2 are alike, each with one below it; 4 has a ramp. */
static const char care[] =
	"{\"account_id\":$1,\"name\":\"C\",\"starts_on\":\"2025-01-01\",\"ends_on\":\"2025-12-31\","
	"\"currency\":\"EUR\",\"coverage\":[{\"product_id\":$2}],\"lines\":["
	"{\"name\":\"L\",\"quantity\":\"9\",\"unit_price\":{\"amount\":\"1\",\"currency\":\"EUR\"},"
	"\"coverage\":[{\"product_id\":$2}],\"lines\":[{\"name\":\"K\"}],"
	"\"entitlements\":[{\"name\":\"E\",\"unit\":\"cases\",\"total\":3}]},"
	"{\"name\":\"L\",\"quantity\":\"4\",\"unit_price\":{\"amount\":\"2\",\"currency\":\"EUR\"},"
	"\"lines\":[{\"name\":\"K\"}]},"
	"{\"name\":\"R\",\"unit_price\":{\"amount\":\"5\",\"currency\":\"EUR\"},\"ramp\":"
	"\"quarterly\",\"ramp_percent\":\"10\"}]}";

/* $1 is the first line, $2 another contract, $3 another account, $4 a product. `first` is done
 * before, and is what is taken back where the operation is undo. */
static const struct fault_case {
	const char *name, *operation, *json;
	const char *first, *first_json;
} cases[] = {
	{ "suspend lines", "suspend", "{\"lines\":[$1]}", NULL, NULL },
	{ "suspend all", "suspend",
	  "{\"starts_at\":\"2025-06-01T00:00:00Z\",\"ends_at\":\"2025-06-09T00:00:00Z\","
	  "\"extend_term\":true}",
	  NULL, NULL },
	{ "resume", "resume", "{}", "suspend", "{}" },
	{ "cancel", "cancel", "{\"effective_on\":\"2025-09-01\"}", NULL, NULL },
	{ "extend", "extend", "{\"term\":\"P3M\"}", NULL, NULL },
	{ "extend a line", "extend",
	  "{\"lines\":[$1],\"ends_on\":\"2026-03-31\",\"extend_contract\":true}", NULL, NULL },
	{ "shorten", "shorten", "{\"ends_on\":\"2025-10-31\"}", NULL, NULL },
	{ "upsell", "upsell",
	  "{\"effective_on\":\"2025-07-01\",\"lines\":[{\"line_id\":$1,\"quantity\":\"20\"}]}",
	  NULL, NULL },
	{ "downsell", "downsell",
	  "{\"effective_on\":\"2025-07-01\",\"lines\":[{\"line_id\":$1,\"quantity\":\"4\"}]}", NULL,
	  NULL },
	{ "swap", "swap",
	  "{\"lines\":[{\"line_id\":$1,\"product_id\":$4,\"quantity\":\"5\",\"unit_price\":"
	  "{\"amount\":\"3\",\"currency\":\"EUR\"}}]}",
	  NULL, NULL },
	{ "amend", "amend",
	  "{\"lines\":[{\"line_id\":$1,\"quantity\":\"7\",\"characteristics\":[{\"name\":\"size\","
	  "\"value\":\"L\"}]}]}",
	  NULL, NULL },
	{ "add lines", "add_lines",
	  "{\"lines\":[{\"name\":\"N\",\"lines\":[{\"name\":\"O\"}],\"coverage\":[{\"product_id\":"
	  "$4}],\"entitlements\":[{\"name\":\"F\",\"unit\":\"cases\",\"total\":2}]}]}",
	  NULL, NULL },
	{ "renew", "renew", "{}", NULL, NULL },
	{ "renew early", "renew", "{\"starts_on\":\"2025-08-01\"}", NULL, NULL },
	{ "renew consolidated", "renew", "{\"consolidate\":true}", NULL, NULL },
	{ "renew a line", "renew", "{\"lines\":[$1]}", NULL, NULL },
	{ "merge", "merge", "{\"contracts\":[$2]}", NULL, NULL },
	{ "merge grouped", "merge", "{\"contracts\":[$2],\"group_lines\":true}", NULL, NULL },
	{ "split", "split", "{\"lines\":[$1]}", NULL, NULL },
	{ "co-terminate", "co_terminate", "{\"ends_on\":\"2025-10-31\"}", NULL, NULL },
	{ "transfer", "transfer", "{\"account_id\":$3}", NULL, NULL },
	{ "clone", "clone", "{\"starts_on\":\"2026-01-01\"}", NULL, NULL },
	{ "undo a renewal", "undo", "{}", "renew", "{\"starts_on\":\"2025-08-01\"}" },
	{ "undo a downsell", "undo", "{}", "downsell",
	  "{\"effective_on\":\"2025-07-01\",\"lines\":[{\"line_id\":$1,\"quantity\":\"4\"}]}" },
	{ "undo a cancellation", "undo", "{}", "cancel", "{\"effective_on\":\"2025-09-01\"}" },
};

struct scene {
	ent_id accounts[2], product;
	struct ent_db *inner;
};

static struct scene open_scene(void)
{
	world_open("2025-05-01T12:00:00Z");
	return (struct scene){
		.product = world_create(&ent_product_type, "{\"name\":\"P\"}", NULL),
		.inner = helper_connect(ent_app_store(world.app)),
	};
}

static void close_scene(struct scene *scene)
{
	scene->inner->ops->close(scene->inner);
	CHECK_INT(world_findings(), 0);
	world_close();
}

static ent_id make(struct scene *scene)
{
	return world_create(&ent_contract_type, care,
	                    REFS({ &ent_account_type, scene->accounts[0] },
	                         { &ent_product_type, scene->product }));
}

/* ---- an attempt ---- */

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
	void *input = ent_arena_alloc(call->arena, 1, type->size, 16);
	void *out = ent_arena_alloc(call->arena, 1, attempt->action->result->size, 16);
	ent_type_clear(type, input);
	enum ent_code code = ent_json_parse(attempt->json, call->arena, &node, error);
	if (code == ENT_OK) {
		code = ent_json_read(type, node, ENT_JSON_CREATE, call->arena, input, &given,
		                     error);
	}
	if (code == ENT_OK) {
		code = attempt->action->act(call, attempt->id, 0, input, out, error);
	}
	return code == ENT_OK ? ent_call_finish(call, error) : code;
}

static void body(void *arg)
{
	struct attempt *attempt = arg;
	world_run_on(&attempt->fault.db, attempt->arena, act, attempt, &attempt->code);
}

/* Numbers can be reserved on the writer's thread only: before each attempt there are some. */
static void have_numbers(void)
{
	world_sql("UPDATE account SET name = name WHERE id = $1", ENT_ID_NONE);
}

/* The n-th of the calls, or of the allocations, fails. */
static bool run_once(struct attempt *attempt, bool is_call, int64_t n)
{
	have_numbers();
	attempt->arena = test_arena();
	attempt->fault.fail_at = is_call ? n : -1;
	test_budget.fail_at = is_call ? -1 : n;
	bool ok = ent_guard(&test_budget, body, attempt);
	test_budget.fail_at = -1;
	ent_db_unwind(&attempt->fault.db, 0);
	return ok;
}

static struct attempt attempt_of(struct scene *scene, const struct fault_case *c)
{
	scene->accounts[0] = world_account("A");
	scene->accounts[1] = world_account("B");
	struct attempt attempt = { .fault = fault_around(scene->inner), .id = make(scene) };
	ent_id second = make(scene);
	const struct world_ref *refs =
		REFS({ &ent_contract_line_type, operate_line(attempt.id, 0).id },
	             { &ent_contract_type, second }, { &ent_account_type, scene->accounts[1] },
	             { &ent_product_type, scene->product });
	struct ent_contract_plan plan;
	if (c->first != NULL) {
		plan = operate(c->first, attempt.id, c->first_json, refs);
	}
	bool is_undo = strcmp(c->operation, "undo") == 0;
	attempt.id = is_undo ? plan.operation_id : attempt.id;
	attempt.action = ent_action_of(is_undo ? &ent_contract_operation_type : &ent_contract_type,
	                               ent_str_of(c->operation));
	attempt.json = operate_fill(c->json, refs);
	return attempt;
}

/* Every `step`-th fault, until none is met: at which place that was. */
static int64_t fail_each(struct scene *scene, const struct fault_case *c, bool is_call,
                         int64_t step)
{
	struct attempt attempt = attempt_of(scene, c);
	const char *before = operate_dump_whole(scene->accounts);
	struct ent_arena rewind = world.arena;
	int64_t n = 0;
	bool is_hit = true;
	for (; is_hit; n += step) {
		bool ok = run_once(&attempt, is_call, n);
		is_hit = is_call ? ok && attempt.code == ENT_E_STORAGE : !ok;
		if (is_hit) {
			SAME_TABLES(operate_dump_whole(scene->accounts), before);
			world.arena = rewind;
		}
	}
	world_check_ok(attempt.code, c->name, 0);
	CHECK(strcmp(operate_dump_whole(scene->accounts), before) != 0);
	return n;
}

APP_TEST(operation_fault_each_call_leaves_no_trace)
{
	struct scene scene = open_scene();
	for (size_t i = 0; i < ENT_COUNT(cases); i++) {
		ROW(cases[i].name);
		int64_t step = helper_dialect == ENT_SQLITE ? 1 : 7;
		CHECK(fail_each(&scene, &cases[i], true, step) > 20);
	}
	close_scene(&scene);
}

APP_TEST(operation_fault_failed_allocations_leave_no_trace)
{
	int64_t step = helper_dialect == ENT_SQLITE ? 97 : 499;
	struct scene scene = open_scene();
	for (size_t i = 0; i < ENT_COUNT(cases); i++) {
		ROW(cases[i].name);
		CHECK(fail_each(&scene, &cases[i], false, step) >= step);
	}
	close_scene(&scene);
}
