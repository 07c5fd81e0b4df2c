#include "app/clocks.h"
#include "app/verify.h"

struct found {
	char kinds[400];
};

static void note(void *arg, const struct ent_finding *finding)
{
	struct found *found = arg;
	size_t len = strlen(found->kinds);
	snprintf(found->kinds + len, sizeof(found->kinds) - len, "%s%s", len > 0 ? " " : "",
	         finding->kind);
}

static const char *verify(void)
{
	static struct found found;
	struct ent_verify_result result;
	found = (struct found){ "" };
	ent_error_clear(&world.error);
	OK(ent_verify(world.app, note, &found, &result, &world.error));
	CHECK(result.accounts > 0 && result.events > 0);
	return found.kinds;
}

static ent_id account;
static ent_id entitlement;

static void make(void)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	entitlement =
		world_create(&ent_entitlement_type,
	                     "{\"account_id\":$1,\"name\":\"E\",\"unit\":\"cases\",\"total\":10,"
	                     "\"starts_on\":\"2025-01-01\",\"ends_on\":\"2025-12-31\","
	                     "\"channels\":[{\"channel\":\"phone\",\"total\":5}]}",
	                     REFS({ &ent_account_type, account }));
	world_do(&ent_entitlement_type, "activate", entitlement, "{}");
	world_do(&ent_entitlement_type, "top_up", entitlement,
	         "{\"units\":4,\"ends_on\":\"2025-07-31\"}");
	world_do(&ent_entitlement_type, "consume", entitlement,
	         "{\"units\":2,\"channel\":\"phone\"}");
}

APP_TEST(verify_finds_nothing_in_what_is_right)
{
	make();
	CHECK_TEXT(verify(), "");
	world_close();
}

APP_TEST(verify_finds_planted_damage_of_each_kind)
{
	static const struct {
		const char *name, *sql, *kinds;
	} rows[] = {
		{ "balance", "UPDATE entitlement SET ledger_consumed = 9 WHERE id = $1",
		  "balance" },
		{ "reserved", "UPDATE entitlement SET ledger_reserved = 1 WHERE id = $1",
		  "balance" },
		{ "channel",
		  "UPDATE entitlement_channel SET consumed = 0 WHERE entitlement_id = $1",
		  "channel" },
		{ "lot", "UPDATE term_lot SET consumed = 0 WHERE entitlement_id = $1", "lot" },
		{ "posting",
		  "DELETE FROM term_posting WHERE entitlement_id = $1 AND kind = 'consume'",
		  "balance channel lot" },
		{ "dates", "UPDATE entitlement SET ends_at = ends_at + 1 WHERE id = $1", "dates" },
		{ "state", "UPDATE entitlement SET kept_state = 'suspended' WHERE id = $1",
		  "state" },
		{ "zone", "UPDATE entitlement SET time_zone = 'No/Where' WHERE id = $1", "dates" },
		{ "event content",
		  "UPDATE event SET reason = 'x' WHERE seq = 2 AND account_id = "
		  "(SELECT account_id FROM entitlement WHERE id = $1)",
		  "event" },
		{ "event gone",
		  "DELETE FROM event WHERE seq = 2 AND account_id = "
		  "(SELECT account_id FROM entitlement WHERE id = $1)",
		  "event event" },
		{ "last event gone",
		  "DELETE FROM event WHERE account_id = "
		  "(SELECT account_id FROM entitlement WHERE id = $1) AND seq = "
		  "(SELECT h.seq FROM account_head h WHERE h.account_id = "
		  "event.account_id)",
		  "event" },
		{ "head",
		  "UPDATE account_head SET hash = 'x' WHERE account_id = "
		  "(SELECT account_id FROM entitlement WHERE id = $1)",
		  "event" },
		{ "default",
		  "UPDATE account SET default_entitlement_id = 1 WHERE id = "
		  "(SELECT account_id FROM entitlement WHERE id = $1)",
		  "default" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].name);
		CHECK(helper_use_migrated(helper_dialect));
		make();
		world_sql(rows[i].sql, entitlement);
		CHECK_TEXT(verify(), rows[i].kinds);
		world_close();
	}
}

APP_TEST(verify_compares_states_that_lists_go_by)
{
	make();
	ent_id id = world_create(&ent_contract_type,
	                         "{\"account_id\":$1,\"name\":\"C\",\"starts_on\":\"2025-01-01\"}",
	                         REFS({ &ent_account_type, account }));
	CHECK_TEXT(verify(), "");
	world_sql("UPDATE contract SET kept_state = 'suspended' WHERE id = $1", id);
	CHECK_TEXT(verify(), "state");
	world_close();
}

APP_TEST(verify_compares_cases_with_their_postings)
{
	make();
	ent_id id = world_create(
		&ent_case_type,
		"{\"account_id\":$1,\"title\":\"C\",\"entitlement_id\":$2,"
		"\"channel\":\"phone\"}",
		REFS({ &ent_account_type, account }, { &ent_entitlement_type, entitlement }));
	CHECK_INT(world_case(id).units_charged, 1);
	CHECK_TEXT(verify(), "");
	world_sql("UPDATE \"case\" SET units_charged = 2 WHERE id = $1", id);
	CHECK_TEXT(verify(), "case");
	world_close();
}

APP_TEST(verify_compares_clocks_with_what_is_due)
{
	static const struct {
		const char *name, *sql, *kinds;
	} rows[] = {
		{ "nothing", "UPDATE \"case\" SET version = version WHERE id = $1", "" },
		{ "next_due_at", "UPDATE \"case\" SET next_due_at = 1 WHERE id = $1", "clock" },
		{ "stage", "UPDATE \"case\" SET sla_stage = 'met' WHERE id = $1", "clock" },
		{ "no row", "DELETE FROM due WHERE subject_id = $1", "due" },
		{ "late row", "UPDATE due SET at = at + 1 WHERE subject_id = $1", "due" },
		{ "early row", "UPDATE due SET at = at - 1 WHERE subject_id = $1", "due" },
		{ "woken", "UPDATE due SET at = 1 WHERE subject_id = $1", "" },
		{ "orphan", "UPDATE due SET subject_id = 1 WHERE subject_id = $1", "due due" },
		{ "due_at", "UPDATE milestone SET due_at = NULL WHERE case_id = $1", "due" },
		{ "milestone", "UPDATE milestone SET target_at = target_at + 1 WHERE case_id = $1",
		  "clock" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].name);
		CHECK(helper_use_migrated(helper_dialect));
		make();
		ent_id policy = clock_policy(
			"Gold",
			"[{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT8H\"}]");
		ent_id c = clock_case(account, ENT_ID_NONE, policy);
		world_sql(rows[i].sql, c);
		CHECK_TEXT(verify(), rows[i].kinds);
		world_close();
	}
}
