/* Whole contracts are made whole or not at all, whichever call fails. */
#include "app/world.h"
#include "base/text.h"
#include "fault.h"
#include "json/json.h"

struct attempt {
	struct fault_db fault;
	struct ent_arena arena;
	ent_id account;
	enum ent_code code;
	int64_t mark; /* of all that there is, before */
};

static int64_t mark(void)
{
	return world_number("SELECT (SELECT COUNT(*) FROM contract) * 100000000 + "
	                    "(SELECT COUNT(*) FROM contract_line) * 1000000 + "
	                    "(SELECT COUNT(*) FROM entitlement) * 100000 + "
	                    "(SELECT COUNT(*) FROM contract_coverage) * 10000 + "
	                    "(SELECT COUNT(*) FROM event) * 100 + (SELECT COUNT(*) FROM due) + "
	                    "(SELECT SUM(version) FROM account_head)",
	                    ENT_ID_NONE);
}

static const char whole[] =
	"{\"account_id\":\"%s\",\"name\":\"C\",\"starts_on\":\"2025-01-01\","
	"\"ends_on\":\"2025-12-31\",\"clauses\":[{\"title\":\"T\"}],\"lines\":["
	"{\"name\":\"L\",\"adjustments\":[{\"value\":\"5\"}],\"lines\":[{\"name\":\"K\"}],"
	"\"entitlements\":[{\"name\":\"E\",\"unit\":\"cases\",\"total\":3}]}]}";

static enum ent_code create(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct attempt *attempt = arg;
	char account[ENT_ID_ROOM];
	const struct ent_node *node;
	struct ent_set given = { { 0 } };
	struct ent_contract *contract = ENT_NEW(call->arena, struct ent_contract, 1);
	ent_type_clear(&ent_contract_type, contract);
	ent_id_format(attempt->account, "acc", account);
	enum ent_code code = ent_json_parse(ent_text_format(call->arena, whole, account),
	                                    call->arena, &node, error);
	if (code == ENT_OK) {
		code = ent_json_read(&ent_contract_type, node, ENT_JSON_CREATE, call->arena,
		                     contract, &given, error);
	}
	if (code == ENT_OK) {
		code = ent_record_create(call, &ent_contract_type, contract, &given, error);
	}
	return code == ENT_OK ? ent_call_finish(call, error) : code;
}

static void body(void *arg)
{
	struct attempt *attempt = arg;
	world_run_on(&attempt->fault.db, attempt->arena, create, attempt, &attempt->code);
}

APP_TEST(contract_faults_leave_no_trace)
{
	world_open("2025-06-10T08:00:00Z");
	struct attempt attempt = { .account = world_account("A") };
	/* a block of numbers can be had on the writer's thread only */
	(void)world_create(&ent_contract_type,
	                   "{\"account_id\":$1,\"name\":\"C\",\"starts_on\":\"2025-01-01\","
	                   "\"entitlements\":[{\"name\":\"E\"}]}",
	                   REFS({ &ent_account_type, attempt.account }));
	struct ent_db *inner = helper_connect(ent_app_store(world.app));
	attempt.fault = fault_around(inner);
	attempt.mark = mark();
	for (int64_t calls = 0; attempt.code != ENT_OK || calls == 0; calls++) {
		attempt.arena = test_arena();
		attempt.fault.fail_at = calls;
		CHECK(ent_guard(&test_budget, body, &attempt));
		ent_db_unwind(&attempt.fault.db, 0);
		if (attempt.code != ENT_OK) {
			CHECK_CODE(attempt.code, ENT_E_STORAGE);
			CHECK(mark() == attempt.mark);
		}
	}
	CHECK(mark() != attempt.mark);
	inner->ops->close(inner);
	CHECK_INT(world_findings(), 0);
	world_close();
}
