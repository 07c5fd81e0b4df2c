#include "app/demo.h"
#include "app/tables.h"

static struct ent_demo_report report;

static enum ent_code fill(uint64_t seed, int64_t accounts, bool add)
{
	struct ent_call model = { .now = ent_app_now(world.app),
		                  .who = &ent_principal_system,
		                  .origin = ENT_STR("test") };
	struct ent_demo_options options = {
		.seed = seed, .today = world_date("2026-07-01"), .accounts = accounts, .add = add
	};
	ent_error_clear(&world.error);
	return ent_demo_fill(world.app, &model, &options, &report, &world.error);
}

static int64_t count(const char *sql)
{
	return world_number(sql, ENT_ID_NONE);
}

/* Of each state some; what depends on the clock, at the end of the demo's last day. */
static void check_clocks(void)
{
#define NOW "1782864000000000" /* 2026-07-01 */
	static const char *const states[] = {
		("stage = 'open' AND target_at > " NOW " AND warn_at > " NOW),
		("stage = 'open' AND target_at > " NOW " AND warn_at <= " NOW),
		("stage = 'open' AND target_at < " NOW),
		"stage = 'paused'",
		"stage = 'completed' AND completed_at <= target_at",
		"stage = 'completed' AND completed_at > target_at",
		"stage = 'cancelled'",
	};
	char sql[200];
	for (size_t i = 0; i < ENT_COUNT(states); i++) {
		snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM milestone WHERE %s", states[i]);
		CHECK(count(sql) > 0);
	}
#undef NOW
	CHECK(count("SELECT COUNT(*) FROM case_activity WHERE subject = 'Answer soon'") > 0);
	CHECK(count("SELECT COUNT(*) FROM event WHERE type = 'milestone.action'") > 0);
}

/* Contracts in each state, with what led there. */
static void check_contracts(void)
{
	static const struct {
		int least;
		const char *table, *which;
	} some[] = {
		{ 1, "contract", "stage = 'draft' AND keep_draft" },
		{ 1, "contract", "approval = 'in_review'" },
		{ 1, "contract", "approval = 'rejected'" },
		{ 1, "contract", "approval = 'approved' AND stage = 'live'" },
		{ 1, "contract", "cancelled_at IS NOT NULL" },
		{ 1, "contract", "ends_early" },
		{ 1, "contract", "ends_on IS NULL" },
		{ 1, "contract_suspension", "ends_at IS NULL" },
		{ 1, "contract_suspension", "ends_at IS NOT NULL" },
		{ 1, "line_suspension", "id > 0" },
		{ 1, "contract_line", "ramp = 'yearly'" },
		{ 1, "contract_line", "derived_percent IS NOT NULL" },
		{ 1, "contract_line", "root_id <> id AND parent_id <> root_id" },
		{ 1, "contract_line", "cancelled_at IS NOT NULL" },
		{ 1, "contract_line", "ramp = 'custom'" },
		{ 1, "contract_operation", "kind = 'extend'" },
		{ 1, "contract_operation", "kind = 'upsell' AND state = 'scheduled'" },
		{ 2, "contract_operation", "kind = 'upsell' AND state = 'applied'" },
		{ 1, "contract_operation", "kind = 'downsell'" },
		{ 1, "contract_operation", "kind = 'swap'" },
		{ 1, "contract_operation", "kind = 'merge'" },
		{ 1, "contract_operation", "kind = 'split'" },
		{ 1, "contract_operation", "kind = 'transfer'" },
		{ 1, "contract_operation", "kind = 'co_terminate'" },
		{ 12, "contract_operation", "kind = 'renew' AND actor <> 'system'" },
		{ 3, "contract_operation", "kind = 'renew' AND actor = 'system'" },
		{ 1, "contract", "renewal_key IS NOT NULL AND stage = 'draft'" },
		{ 1, "contract", "name = 'Tool crib' AND renewed_from_id IS NOT NULL" },
		{ 2, "contract", "name = 'Hotel network' AND renewal_root_id IS NOT NULL" },
		{ 3, "delivery", "state = 'dead'" },
		{ 3, "delivery", "state = 'pending'" },
		{ 3, "sla_policy_version", "state = 'active' AND number IN (1, 2)" },
		{ 1, "entitlement", "contract_line_id IS NOT NULL" },
		{ 1, "contract_coverage", "id > 0" },
	};
	for (size_t i = 0; i < ENT_COUNT(some); i++) {
		char sql[200];
		snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM %s WHERE %s", some[i].table,
		         some[i].which);
		ROW(some[i].which);
		CHECK(count(sql) >= some[i].least);
	}
	ROW("");
}

APP_TEST(demo_is_believable)
{
	world_open("2025-05-01T00:00:00Z");
	OK(fill(1, 0, false));
	CHECK_INT(report.accounts, 40);
	CHECK_INT(count("SELECT COUNT(*) FROM account"), 40);
	CHECK_INT(count("SELECT COUNT(*) FROM entitlement"), report.entitlements);
	CHECK_INT(count("SELECT COUNT(*) FROM \"case\""), report.cases);
	CHECK(report.cases >= 400);
	CHECK_INT(count("SELECT COUNT(DISTINCT role) FROM \"user\""), 8);
	CHECK(count("SELECT COUNT(*) FROM \"case\" WHERE state = 'open'") > 20);
	CHECK(count("SELECT COUNT(*) FROM \"case\" WHERE state = 'cancelled'") > 5);
	CHECK(count("SELECT COUNT(*) FROM \"case\" WHERE coverage = 'uncovered'") > 5);
	CHECK(count("SELECT COUNT(*) FROM entitlement WHERE stage = 'draft'") > 0);
	CHECK(count("SELECT COUNT(*) FROM entitlement_suspension") > 0);
	CHECK(count("SELECT COUNT(*) FROM term_lot") > 0);
	CHECK(count("SELECT COUNT(*) FROM case_comment") > 100);
	CHECK_INT(count("SELECT COUNT(*) FROM delivery WHERE state = 'pending' AND endpoint_id IN "
	                "(SELECT id FROM webhook_endpoint WHERE disabled)"),
	          0);
	check_clocks();
	check_contracts();
	tables_books();
	CHECK_CODE(fill(1, 0, false), ENT_E_STATE);
	world_close();
}

/* Every event of every account has the same hash: it is the same to the last byte. */
/* What its events add up to. */
static int64_t demo_hash(uint64_t seed)
{
	CHECK(helper_use_migrated(helper_dialect));
	world_open("2025-05-27T00:00:00Z");
	OK(fill(seed, 0, false));
	int64_t hash = count("SELECT SUM(id % 1000003) + SUM(seq) FROM event");
	hash = hash * 31 + count("SELECT SUM(LENGTH(after)) FROM event");
	world_close();
	return hash;
}

APP_TEST(demo_is_the_same_for_the_same_seed)
{
	static int64_t before; /* of the other database, if there is one: the same there */
	int64_t seven = demo_hash(7);
	CHECK(before == 0 || before == seven);
	before = seven;
	if (helper_dialect == ENT_SQLITE) {
		CHECK_INT(demo_hash(7), seven);
		CHECK(demo_hash(8) != seven);
	}
}

APP_TEST(demo_in_bulk)
{
	world_open("2026-07-01T00:00:00Z");
	OK(fill(3, 230, false));
	CHECK_INT(count("SELECT COUNT(*) FROM account"), 230);
	CHECK_INT(count("SELECT COUNT(*) FROM contact"), 5 * 230);
	CHECK_INT(count("SELECT COUNT(*) FROM entitlement"), report.entitlements);
	CHECK(report.entitlements > 600 && report.entitlements < 780);
	OK(fill(4, 10, true));
	OK(fill(5, 0, true));
	CHECK_INT(count("SELECT COUNT(*) FROM account"), 280);
	tables_books();
	world_close();
}
