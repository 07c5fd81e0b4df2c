/* Every operation in every state of a contract and of a line, against contract_life.def. */
#include "app/contract.h"
#include "app/operate.h"

static ent_id account, product;

/* How a contract of one line comes into a state, on 2025-03-01. */
static const struct {
	enum ent_contract_state state;
	const char *days, *operation, *input;
} ways[] = {
	{ ENT_CONTRACT_DRAFT, "\"starts_on\":\"2025-06-01\",\"ends_on\":\"2025-12-31\"", NULL,
	  NULL },
	{ ENT_CONTRACT_ACTIVE, "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2025-12-31\"", NULL,
	  NULL },
	{ ENT_CONTRACT_SUSPENDED, "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2025-12-31\"",
	  "suspend", "{\"ends_at\":\"2025-08-01T00:00:00Z\"}" },
	{ ENT_CONTRACT_EXPIRED, "\"starts_on\":\"2024-01-01\",\"ends_on\":\"2024-12-31\"", NULL,
	  NULL },
	{ ENT_CONTRACT_CANCELLED, "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2025-12-31\"",
	  "cancel", "{}" },
	{ ENT_CONTRACT_PARTLY_SUSPENDED, "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2025-12-31\"",
	  "suspend", "{\"lines\":[$1],\"ends_at\":\"2025-08-01T00:00:00Z\"}" },
};

/* $1 is the line, $2 a product; `on_header` NULL: of lines only. */
static const struct {
	const char *name;
	enum ent_contract_action action;
	const char *on_header, *on_line;
} operations[] = {
	{ "suspend", ENT_CONTRACT_DO_SUSPEND,
	  "{\"starts_at\":\"2025-09-01T00:00:00Z\",\"ends_at\":\"2025-09-02T00:00:00Z\"}",
	  "{\"lines\":[$1],\"starts_at\":\"2025-09-01T00:00:00Z\"}" },
	{ "resume", ENT_CONTRACT_DO_RESUME, "{}", NULL },
	{ "cancel", ENT_CONTRACT_DO_CANCEL, "{}", "{\"lines\":[$1]}" },
	{ "extend", ENT_CONTRACT_DO_EXTEND, "{\"term\":\"P1M\"}",
	  "{\"lines\":[$1],\"term\":\"P1M\",\"extend_contract\":true}" },
	{ "shorten", ENT_CONTRACT_DO_SHORTEN, "{\"ends_on\":\"2025-10-31\"}",
	  "{\"lines\":[$1],\"ends_on\":\"2025-10-31\"}" },
	{ "add_lines", ENT_CONTRACT_DO_ADD_LINES, "{\"lines\":[{\"name\":\"N\"}]}", NULL },
	{ "upsell", ENT_CONTRACT_DO_AMEND, NULL,
	  "{\"lines\":[{\"line_id\":$1,\"quantity\":\"20\"}]}" },
	{ "downsell", ENT_CONTRACT_DO_AMEND, NULL,
	  "{\"lines\":[{\"line_id\":$1,\"quantity\":\"5\"}]}" },
	{ "swap", ENT_CONTRACT_DO_AMEND, NULL, "{\"lines\":[{\"line_id\":$1,\"product_id\":$2}]}" },
	{ "amend", ENT_CONTRACT_DO_AMEND, NULL, "{\"lines\":[{\"line_id\":$1,\"name\":\"N\"}]}" },
};

static const struct world_ref *refs_of(ent_id id)
{
	static struct world_ref refs[3];
	refs[0] = (struct world_ref){ &ent_contract_line_type, operate_line(id, 0).id };
	refs[1] = (struct world_ref){ &ent_product_type, product };
	refs[2] = (struct world_ref){ NULL, ENT_ID_NONE };
	return refs;
}

static ent_id in_state(size_t way)
{
	char json[400];
	snprintf(json, sizeof(json),
	         "{\"account_id\":$1,\"name\":\"C\",%s,\"lines\":[{\"name\":\"L\",\"quantity\":"
	         "\"10\"},{\"name\":\"M\"}]}",
	         ways[way].days);
	ent_id id = world_create(&ent_contract_type, json, REFS({ &ent_account_type, account }));
	if (ways[way].operation != NULL) {
		operate(ways[way].operation, id, ways[way].input, refs_of(id));
	}
	CHECK_INT(operate_contract(id).state, ways[way].state);
	return id;
}

static void check(ent_id id, size_t operation, const char *input, enum ent_contract_state state)
{
	struct ent_contract_plan plan;
	enum ent_code want = ent_contract_may(state, operations[operation].action);
	enum ent_code got =
		operate_try(operations[operation].name, id, input, refs_of(id), true, &plan);
	if (got != want) {
		printf("# %s of what is %s\n", operations[operation].name,
		       ent_contract_state_names.text[state]);
	}
	CHECK_CODE(got, want);
}

APP_TEST(operation_in_each_state_of_contract_and_line)
{
	world_open("2025-03-01T12:00:00Z");
	account = world_account("A");
	product = world_create(&ent_product_type, "{\"name\":\"P\"}", NULL);
	for (size_t w = 0; w < ENT_COUNT(ways); w++) {
		ent_id id = in_state(w);
		for (size_t o = 0; o < ENT_COUNT(operations); o++) {
			if (operations[o].on_header != NULL) {
				check(id, o, operations[o].on_header, ways[w].state);
			}
			if (operations[o].on_line != NULL) {
				check(id, o, operations[o].on_line, operate_line(id, 0).state);
			}
		}
	}
	world_close();
}
