/* Whatever is done to a contract, a line or an entitlement in whatever state: what
 * contract_life.def and life.def say, from one table. */
#include "app/contract.h"
#include "app/operate.h"
#include "core/life.h"

static ent_id account, other, product, second;

/* ---- states ----------------------------------------------------------------------------- */

#define YEAR_2025 "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2025-12-31\""
#define AUTUMN "\"starts_on\":\"2025-09-01\",\"ends_on\":\"2025-11-30\""
#define UNTIL_AUGUST "\"ends_at\":\"2025-08-01T00:00:00Z\""

/* How a contract comes into a state, and its first line, on 2025-03-01. */
static const struct way {
	const char *name;
	enum ent_contract_state header, line;
	const char *days, *line_days;
	const char *operation, *input;
} ways[] = {
	{ "kept draft", ENT_CONTRACT_DRAFT, ENT_CONTRACT_DRAFT, YEAR_2025 ",\"keep_draft\":true",
	  "", NULL, NULL },
	{ "ahead", ENT_CONTRACT_DRAFT, ENT_CONTRACT_DRAFT,
	  "\"starts_on\":\"2025-06-01\",\"ends_on\":\"2025-12-31\"", "", NULL, NULL },
	{ "active", ENT_CONTRACT_ACTIVE, ENT_CONTRACT_ACTIVE, YEAR_2025, "", NULL, NULL },
	{ "suspended", ENT_CONTRACT_SUSPENDED, ENT_CONTRACT_SUSPENDED, YEAR_2025, "", "suspend",
	  "{" UNTIL_AUGUST "}" },
	{ "partly suspended", ENT_CONTRACT_PARTLY_SUSPENDED, ENT_CONTRACT_SUSPENDED, YEAR_2025, "",
	  "suspend", "{\"lines\":[$1]," UNTIL_AUGUST "}" },
	{ "expired", ENT_CONTRACT_EXPIRED, ENT_CONTRACT_EXPIRED,
	  "\"starts_on\":\"2024-01-01\",\"ends_on\":\"2024-12-31\"", "", NULL, NULL },
	{ "cancelled", ENT_CONTRACT_CANCELLED, ENT_CONTRACT_CANCELLED, YEAR_2025, "", "cancel",
	  "{}" },
	{ "line ahead", ENT_CONTRACT_ACTIVE, ENT_CONTRACT_DRAFT, YEAR_2025,
	  ",\"starts_on\":\"2025-06-01\"", NULL, NULL },
	{ "line expired", ENT_CONTRACT_ACTIVE, ENT_CONTRACT_EXPIRED, YEAR_2025,
	  ",\"ends_on\":\"2025-02-15\"", NULL, NULL },
	{ "line cancelled", ENT_CONTRACT_ACTIVE, ENT_CONTRACT_CANCELLED, YEAR_2025, "", "cancel",
	  "{\"lines\":[$1]}" },
};

/* $1 the first line, $2 a product, $3 the contract, $4 another one, $5 another account, $6 an
 * entitlement, $7 the account. */
static const struct world_ref *refs_of(ent_id id, ent_id right)
{
	static struct world_ref refs[8];
	refs[0] = (struct world_ref){ &ent_contract_line_type, operate_line(id, 0).id };
	refs[1] = (struct world_ref){ &ent_product_type, product };
	refs[2] = (struct world_ref){ &ent_contract_type, id };
	refs[3] = (struct world_ref){ &ent_contract_type, second };
	refs[4] = (struct world_ref){ &ent_account_type, other };
	refs[5] = (struct world_ref){ &ent_entitlement_type, right };
	refs[6] = (struct world_ref){ &ent_account_type, account };
	return refs;
}

static ent_id previewed[ENT_COUNT(ways)];

static void open_world(void)
{
	world_open("2025-03-01T12:00:00Z");
	account = world_account("A");
	other = world_account("B");
	product = world_create(&ent_product_type, "{\"name\":\"P\"}", NULL);
	second =
		world_create(&ent_contract_type, "{\"account_id\":$1,\"name\":\"S\"," YEAR_2025 "}",
	                     REFS({ &ent_account_type, account }));
	for (size_t i = 0; i < ENT_COUNT(ways); i++) {
		previewed[i] = ENT_ID_NONE;
	}
}

static ent_id in_way(const struct way *way)
{
	char json[400];
	snprintf(json, sizeof(json),
	         "{\"account_id\":$1,\"name\":\"C\",%s,\"lines\":[{\"name\":\"L\",\"quantity\":"
	         "\"10\"%s},{\"name\":\"M\"}]}",
	         way->days, way->line_days);
	ent_id id = world_create(&ent_contract_type, json, REFS({ &ent_account_type, account }));
	if (way->operation != NULL) {
		operate(way->operation, id, way->input, refs_of(id, ENT_ID_NONE));
	}
	CHECK_INT(operate_contract(id).state, way->header);
	CHECK_INT(operate_line(id, 0).state, way->line);
	return id;
}

/* ---- the table -------------------------------------------------------------------------- */

enum how { PREVIEW, ACTION, PATCH, DELETE, MAKE };

#define NO_RULE (-1)

/* What is done to a header, to a line, to an entitlement; NULL: it is not done to that. */
static const struct act {
	enum how how;
	const char *name; /* of the action, or of the type that is made */
	int rule;         /* of contract_life.def */
	const char *on_header, *on_line;
	int right_rule; /* of life.def */
	const char *on_right;
	bool kept_only; /* in a draft by date there is nothing to approve or activate */
	bool submitted; /* of a draft that was submitted */
} acts[] = {
	{ ACTION, "submit", ENT_CONTRACT_DO_SUBMIT, "{}", NULL, NO_RULE, NULL, true, false },
	{ ACTION, "recall", ENT_CONTRACT_DO_RECALL, "{}", NULL, NO_RULE, NULL, true, true },
	{ ACTION, "approve", ENT_CONTRACT_DO_APPROVE, "{}", NULL, NO_RULE, NULL, true, true },
	{ ACTION, "reject", ENT_CONTRACT_DO_REJECT, "{\"reason\":\"no\"}", NULL, NO_RULE, NULL,
	  true, true },
	{ ACTION, "activate", ENT_CONTRACT_DO_ACTIVATE, "{}", NULL, ENT_ACTION_ACTIVATE, "{}", true,
	  false },
	{ ACTION, "deactivate", NO_RULE, NULL, NULL, ENT_ACTION_DEACTIVATE, "{}", false, false },
	{ PATCH, "edit", ENT_CONTRACT_DO_EDIT, "{\"discount_percent\":\"5\"}",
	  "{\"quantity\":\"7\"}", ENT_ACTION_EDIT, "{\"total\":9}", false, false },
	{ DELETE, "delete", ENT_CONTRACT_DO_DELETE, "", "", ENT_ACTION_DELETE, "", false, false },
	{ MAKE, "contract_line", ENT_CONTRACT_DO_ADD_LINES, "{\"contract_id\":$3,\"name\":\"N\"}",
	  "{\"contract_id\":$3,\"parent_id\":$1,\"name\":\"N\"}", NO_RULE, NULL, false, false },
	{ MAKE, "contract_coverage", ENT_CONTRACT_DO_COVER,
	  "{\"contract_id\":$3,\"product_id\":$2}", "{\"contract_line_id\":$1,\"product_id\":$2}",
	  NO_RULE, NULL, false, false },
	{ MAKE, "entitlement", ENT_CONTRACT_DO_ENTITLE,
	  ("{\"account_id\":$7,\"contract_id\":$3,\"name\":\"E\"," AUTUMN "}"),
	  ("{\"account_id\":$7,\"contract_id\":$3,\"contract_line_id\":$1,\"name\":\"E\"," AUTUMN
	   "}"),
	  NO_RULE, NULL, false, false },
	{ PREVIEW, "add_lines", ENT_CONTRACT_DO_ADD_LINES, "{\"lines\":[{\"name\":\"N\"}]}", NULL,
	  NO_RULE, NULL, false, false },
	{ PREVIEW, "amend", ENT_CONTRACT_DO_AMEND, NULL,
	  "{\"lines\":[{\"line_id\":$1,\"name\":\"N\"}]}", NO_RULE, NULL, false, false },
	{ PREVIEW, "upsell", ENT_CONTRACT_DO_AMEND, NULL,
	  "{\"lines\":[{\"line_id\":$1,\"quantity\":\"20\"}]}", NO_RULE, NULL, false, false },
	{ PREVIEW, "downsell", ENT_CONTRACT_DO_AMEND, NULL,
	  "{\"lines\":[{\"line_id\":$1,\"quantity\":\"5\"}]}", NO_RULE, NULL, false, false },
	{ PREVIEW, "swap", ENT_CONTRACT_DO_AMEND, NULL,
	  "{\"lines\":[{\"line_id\":$1,\"product_id\":$2}]}", NO_RULE, NULL, false, false },
	{ PREVIEW, "suspend", ENT_CONTRACT_DO_SUSPEND,
	  "{\"starts_at\":\"2025-09-01T00:00:00Z\",\"ends_at\":\"2025-09-02T00:00:00Z\"}",
	  "{\"lines\":[$1],\"starts_at\":\"2025-09-01T00:00:00Z\"}", NO_RULE, NULL, false, false },
	{ PREVIEW, "resume", ENT_CONTRACT_DO_RESUME, "{}", "{\"lines\":[$1]}", NO_RULE, NULL, false,
	  false },
	{ PREVIEW, "cancel", ENT_CONTRACT_DO_CANCEL, "{}", "{\"lines\":[$1]}", NO_RULE, NULL, false,
	  false },
	{ PREVIEW, "extend", ENT_CONTRACT_DO_EXTEND, "{\"term\":\"P1M\"}",
	  "{\"lines\":[$1],\"term\":\"P1M\",\"extend_contract\":true}", NO_RULE, NULL, false,
	  false },
	{ PREVIEW, "shorten", ENT_CONTRACT_DO_SHORTEN, "{\"ends_on\":\"2025-10-31\"}",
	  "{\"lines\":[$1],\"ends_on\":\"2025-10-31\"}", NO_RULE, NULL, false, false },
	{ PREVIEW, "renew", ENT_CONTRACT_DO_RENEW, "{}", "{\"lines\":[$1]}", NO_RULE, NULL, false,
	  false },
	{ PREVIEW, "merge", ENT_CONTRACT_DO_MERGE,
	  "{\"contracts\":[$4],\"effective_on\":\"2025-06-01\"}", NULL, NO_RULE, NULL, false,
	  false },
	{ PREVIEW, "split", ENT_CONTRACT_DO_SPLIT, NULL, "{\"lines\":[$1]}", NO_RULE, NULL, false,
	  false },
	{ PREVIEW, "co_terminate", ENT_CONTRACT_DO_CO_TERMINATE, "{\"ends_on\":\"2025-11-30\"}",
	  "{\"lines\":[$1],\"ends_on\":\"2025-11-30\"}", NO_RULE, NULL, false, false },
	{ PREVIEW, "transfer", ENT_CONTRACT_DO_TRANSFER, "{\"account_id\":$5}", NULL, NO_RULE, NULL,
	  false, false },
	{ PREVIEW, "clone", ENT_CONTRACT_DO_CLONE, "{}", NULL, NO_RULE, NULL, false, false },
	{ ACTION, "suspend", NO_RULE, NULL, NULL, ENT_ACTION_SUSPEND,
	  "{\"starts_at\":\"2025-09-01T00:00:00Z\"}", false, false },
	{ ACTION, "resume", NO_RULE, NULL, NULL, ENT_ACTION_RESUME, "{}", false, false },
	{ ACTION, "cancel", NO_RULE, NULL, NULL, ENT_ACTION_CANCEL, "{}", false, false },
	{ ACTION, "renew", NO_RULE, NULL, NULL, ENT_ACTION_RENEW, "{\"start_rule\":\"today\"}",
	  false, false },
	{ ACTION, "renew", NO_RULE, NULL, NULL, ENT_ACTION_RENEW_EARLY,
	  "{\"start_rule\":\"today\",\"early\":true}", false, false },
	{ ACTION, "amend", NO_RULE, NULL, NULL, ENT_ACTION_AMEND, "{\"changes\":{\"total\":6}}",
	  false, false },
	{ ACTION, "top_up", NO_RULE, NULL, NULL, ENT_ACTION_TOP_UP, "{\"units\":1}", false, false },
	{ ACTION, "set_default", NO_RULE, NULL, NULL, ENT_ACTION_SET_DEFAULT, "{}", false, false },
};

/* What an entitlement under a line leaves to the line. */
static bool follows_line(int rule)
{
	return rule == ENT_ACTION_SUSPEND || rule == ENT_ACTION_RESUME ||
	       rule == ENT_ACTION_CANCEL || rule == ENT_ACTION_AMEND || rule == ENT_ACTION_RENEW ||
	       rule == ENT_ACTION_RENEW_EARLY;
}

/* ---- a cell ----------------------------------------------------------------------------- */

static enum ent_code do_to(const struct act *act, const struct ent_type *type, ent_id id,
                           const char *json, const struct world_ref *refs)
{
	struct ent_contract_plan plan;
	ent_id made;
	switch (act->how) {
	case PREVIEW:
		return operate_try(act->name, refs[2].id, json, refs, true, &plan);
	case ACTION:
		return world_try(type, act->name, id, json, refs);
	case PATCH:
		return world_try_update(type, id, json, refs);
	case DELETE:
		return world_try_delete(type, id);
	case MAKE:
		break;
	}
	return world_try_create(ent_type_named(ent_str_of(act->name)), json, refs, &made);
}

/* Where more than the state is wrong, all of it is told at once. */
static enum ent_code main_code(enum ent_code got, enum ent_code want)
{
	bool told = got == want;
	for (size_t i = 0; got == ENT_E_INVALID && i < world.error.issue_count; i++) {
		told = told || world.error.issues[i].code == want;
	}
	return told ? want : got;
}

/* What does not follow from the state alone. */
static const struct {
	const char *act, *way;
	bool is_line;
	enum ent_code want;
} exceptions[] = {
	{ "resume", "suspended", true, ENT_E_CANNOT_RESUME }, /* the contract is, not the line */
	{ "renew", "expired", true, ENT_E_CANNOT_RENEW },     /* inside of what is over */
	{ "merge", "kept draft", false, ENT_E_STATE },        /* the other one is in force */
};

static enum ent_code wanted(const struct way *way, const struct act *act, bool is_line)
{
	for (size_t i = 0; i < ENT_COUNT(exceptions); i++) {
		if (strcmp(exceptions[i].act, act->name) == 0 &&
		    strcmp(exceptions[i].way, way->name) == 0 && exceptions[i].is_line == is_line) {
			return exceptions[i].want;
		}
	}
	return ent_contract_may(is_line ? way->line : way->header,
	                        (enum ent_contract_action)act->rule);
}

/* A preview leaves it as it is: one does for all of them. */
static ent_id contract_for(const struct way *way, const struct act *act)
{
	ent_id *id = &previewed[way - ways];
	if (act->how != PREVIEW) {
		return in_way(way);
	}
	if (ent_id_is_none(*id)) {
		*id = in_way(way);
	}
	return *id;
}

static void check(const struct way *way, const struct act *act, bool is_line)
{
	const char *json = is_line ? act->on_line : act->on_header;
	char row[80];
	if (json == NULL || act->rule == NO_RULE ||
	    (act->kept_only && strcmp(way->name, "ahead") == 0)) {
		return;
	}
	snprintf(row, sizeof(row), "%s of %s, %s", act->name, is_line ? "a line" : "a header",
	         way->name);
	ROW(row);
	ent_id id = contract_for(way, act);
	const struct world_ref *refs = refs_of(id, ENT_ID_NONE);
	if (act->submitted && way->header == ENT_CONTRACT_DRAFT) {
		world_do(&ent_contract_type, "submit", id, "{}");
	}
	enum ent_code want = wanted(way, act, is_line);
	CHECK(ent_contract_action_is_of((enum ent_contract_action)act->rule, is_line));
	enum ent_code got = do_to(act, is_line ? &ent_contract_line_type : &ent_contract_type,
	                          is_line ? refs[0].id : id, json, refs);
	CHECK_CODE(main_code(got, want), want);
}

APP_TEST(operation_in_each_state_of_contract_and_line)
{
	bool seen[ENT_CONTRACT_ACTIONS] = { false };
	open_world();
	for (size_t a = 0; a < ENT_COUNT(acts); a++) {
		for (size_t w = 0; w < ENT_COUNT(ways); w++) {
			check(&ways[w], &acts[a], false);
			check(&ways[w], &acts[a], true);
		}
		if (acts[a].rule != NO_RULE) {
			seen[acts[a].rule] = true;
		}
	}
	seen[ENT_CONTRACT_DO_UNDO] = true; /* below */
	for (size_t i = 0; i < ENT_CONTRACT_ACTIONS; i++) {
		ROW(ent_contract_action_text((enum ent_contract_action)i));
		CHECK(seen[i]);
	}
	world_close();
}

/* What is only scheduled, of a contract that then comes into the state. */
APP_TEST(operation_undo_in_each_state)
{
	open_world();
	for (size_t w = 2; w < ENT_COUNT(ways); w++) {
		struct way active = ways[2];
		if (ways[w].header == ENT_CONTRACT_EXPIRED || ways[w].line_days[0] != '\0') {
			continue; /* then everything has taken effect */
		}
		ROW(ways[w].name);
		ent_id id = in_way(&active);
		const struct world_ref *refs = refs_of(id, ENT_ID_NONE);
		struct world_ref line[] = { { &ent_contract_line_type, operate_line(id, 1).id },
			                      { NULL, ENT_ID_NONE } };
		struct ent_contract_plan plan = operate(
			"cancel", id, "{\"lines\":[$1],\"effective_on\":\"2025-09-01\"}", line);
		if (ways[w].operation != NULL) {
			operate(ways[w].operation, id, ways[w].input, refs);
		}
		CHECK_CODE(world_try(&ent_contract_operation_type, "undo", plan.operation_id, "{}",
		                     NULL),
		           ent_contract_may(ways[w].header, ENT_CONTRACT_DO_UNDO));
	}
	world_close();
}

/* ---- entitlements ----------------------------------------------------------------------- */

#define ALL_YEAR "," YEAR_2025

static ent_id right_in(enum ent_entitlement_state state, bool under_line)
{
	static const char *const days[] = {
		[ENT_ENTITLEMENT_DRAFT] = ALL_YEAR,
		[ENT_ENTITLEMENT_WAITING] =
			",\"starts_on\":\"2025-07-01\",\"ends_on\":\"2025-12-31\"",
		[ENT_ENTITLEMENT_ACTIVE] = ALL_YEAR,
		[ENT_ENTITLEMENT_SUSPENDED] = ALL_YEAR,
		[ENT_ENTITLEMENT_EXPIRED] =
			",\"starts_on\":\"2025-01-05\",\"ends_on\":\"2025-01-31\"",
		[ENT_ENTITLEMENT_CANCELLED] = ALL_YEAR,
	};
	char json[300];
	const struct world_ref *refs = refs_of(in_way(&ways[2]), ENT_ID_NONE);
	snprintf(json, sizeof(json),
	         "{\"name\":\"E\",\"unit\":\"cases\",\"total\":5,\"account_id\":$7%s%s}",
	         under_line ? ",\"contract_id\":$3,\"contract_line_id\":$1" : "", days[state]);
	ent_id id = world_create(&ent_entitlement_type, json, refs);
	if (state != ENT_ENTITLEMENT_DRAFT) {
		world_do(&ent_entitlement_type, "activate", id, "{}");
	}
	if (state == ENT_ENTITLEMENT_SUSPENDED) { /* as the system, as an import does it */
		world_do(&ent_entitlement_type, "suspend", id, "{" UNTIL_AUGUST "}");
	} else if (state == ENT_ENTITLEMENT_CANCELLED) {
		world_do(&ent_entitlement_type, "cancel", id, "{}");
	}
	CHECK_TEXT(world_state(id), ent_entitlement_state_names.text[state]);
	return id;
}

static void check_right(const struct act *act, enum ent_entitlement_state state, bool under_line,
                        const struct ent_principal *who)
{
	char row[80];
	snprintf(row, sizeof(row), "%s of %s%s", act->name, ent_entitlement_state_names.text[state],
	         under_line ? ", under a line" : "");
	ROW(row);
	ent_id id = right_in(state, under_line);
	enum ent_code want = under_line && follows_line(act->right_rule)
	                             ? ENT_E_ENTITLEMENT_UNDER_LINE
	                             : ent_life_may(state, (enum ent_action)act->right_rule);
	world.who = who;
	CHECK_CODE(do_to(act, &ent_entitlement_type, id, act->on_right,
	                 REFS({ &ent_entitlement_type, id })),
	           want);
	world.who = &ent_principal_system;
}

APP_TEST(operation_in_each_state_of_entitlement)
{
	const struct ent_principal admin = { .who = ENT_WHO_USER,
		                             .role = ENT_ROLE_ADMIN,
		                             .permissions = ent_role_permissions(ENT_ROLE_ADMIN) };
	open_world();
	for (size_t a = 0; a < ENT_COUNT(acts); a++) {
		for (unsigned s = 0;
		     acts[a].on_right != NULL && s < ent_entitlement_state_names.count; s++) {
			check_right(&acts[a], s, false, &admin);
			check_right(&acts[a], s, true, &admin);
		}
	}
	world_close();
}
