/* Open cases that have to be looked at again because something around them has changed. */
#include "app/clocks.h"
#include "app/inner.h"
#include "app/sla_cache.h"
#include "app/sla_version.h"

#define POLICY (&ent_sla_policy_type)
#define VERSION (&ent_sla_policy_version_type)

static const char plain[] = "[{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT8H\"}]";
static const char fast[] = "[{\"name\":\"Solve\",\"kind\":\"resolution\",\"target\":\"PT2H\"}]";

static enum ent_sla_source source_of(ent_id c)
{
	return world_case(c).sla_source;
}

static int64_t woken(void)
{
	return world_number("SELECT COUNT(*) FROM due WHERE subject = 'case' AND at <= $1",
	                    (ent_id){ ent_app_now(world.app).us });
}

/* ---- the organisation's service level ------------------------------------------------------- */

APP_TEST(sla_wake_default_reaches_open_cases)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id named = world_account("Named");
	ent_id other = world_account("Other");
	ent_id gold = clock_policy("Gold", plain);
	ent_id silver = clock_policy("Silver", fast);
	OK(world_try_update(&ent_account_type, named, "{\"sla_policy_id\":$1}",
	                    REFS({ POLICY, silver })));
	ent_id own = clock_case(named, ENT_ID_NONE, ENT_ID_NONE);
	ent_id manual = clock_case(other, ENT_ID_NONE, silver);
	ent_id none = clock_case(other, ENT_ID_NONE, ENT_ID_NONE);
	clock_run("2025-06-10T08:00:01Z");
	CHECK_INT(source_of(none), ENT_SLA_FROM_NONE);

	world_do(POLICY, "set_default", gold, "{}");
	CHECK_INT(woken(), 1);
	clock_run("2025-06-10T08:00:02Z");
	CHECK_INT(source_of(none), ENT_SLA_FROM_DEFAULT);
	CHECK_TEXT(clock_target(none, "Solve"), "2025-06-10T16:00:00Z");
	world_do(POLICY, "set_default", silver, "{}");
	clock_run("2025-06-10T08:00:03Z");
	CHECK_TEXT(clock_target(none, "Solve"), "2025-06-10T10:00:00Z");
	world_do(POLICY, "clear_default", silver, "{}");
	clock_run("2025-06-10T08:00:04Z");
	CHECK_INT(source_of(none), ENT_SLA_FROM_NONE);
	CHECK_TEXT(clock_state(none, "Solve"), "cancelled");
	CHECK_INT(source_of(own), ENT_SLA_FROM_ACCOUNT);
	CHECK_INT(source_of(manual), ENT_SLA_FROM_MANUAL);
	CHECK_INT(clock_count(own), 1);
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* A policy without a version in force is passed over; what follows one keeps its version. */
APP_TEST(sla_wake_version_in_force_reaches_open_cases)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	ent_id gold = clock_policy("Gold", plain);
	ent_id later = world_create(POLICY, "{\"name\":\"Later\"}", NULL);
	world_do(POLICY, "set_default", gold, "{}");
	OK(world_try_update(&ent_account_type, account, "{\"sla_policy_id\":$1}",
	                    REFS({ POLICY, later })));
	ent_id c = clock_case(account, ENT_ID_NONE, ENT_ID_NONE);
	CHECK_INT(source_of(c), ENT_SLA_FROM_DEFAULT);

	ent_id first = clock_version(later, fast);
	world_do(VERSION, "set_default", first, "{}");
	CHECK_INT(woken(), 1);
	clock_run("2025-06-10T08:00:01Z");
	CHECK_INT(source_of(c), ENT_SLA_FROM_ACCOUNT);
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-10T10:00:00Z");
	world_do(VERSION, "set_default", clock_version(later, plain), "{}");
	CHECK_INT(woken(), 0);
	CHECK(ent_id_eq(world_case(c).sla_policy_version_id, first));
	world_close();
}

/* ---- entitlements --------------------------------------------------------------------------- */

APP_TEST(sla_wake_entitlement_reaches_its_cases)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	ent_id gold = clock_policy(
		"Gold",
		"[{\"name\":\"Solve\",\"target\":\"PT8H\",\"criteria\":"
		"\"entitlement.cancelled_at is null and entitlement.type != \\\"web\\\"\"}]");
	ent_id entitlement = clock_entitlement(account, gold);
	ent_id c = clock_case(account, entitlement, ENT_ID_NONE);
	CHECK_INT(woken(), 0); /* charging it changes nothing that a rule could name */
	CHECK_TEXT(clock_state(c, "Solve"), "running");

	OK(world_try_update(&ent_entitlement_type, entitlement, "{\"type\":\"web\"}", NULL));
	clock_run("2025-06-10T08:00:01Z");
	CHECK_TEXT(clock_state(c, "Solve"), "withdrawn");
	OK(world_try_update(&ent_entitlement_type, entitlement, "{\"type\":\"phone\"}", NULL));
	clock_run("2025-06-10T08:00:02Z");
	CHECK_TEXT(clock_state(c, "Solve"), "running");
	world_do(&ent_entitlement_type, "cancel", entitlement, "{}");
	clock_run("2025-06-10T08:00:03Z");
	CHECK_TEXT(clock_state(c, "Solve"), "withdrawn");
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* Also when time brings it. */
APP_TEST(sla_wake_entitlement_with_another_service_level)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("Acme");
	ent_id gold = clock_policy("Gold", "[{\"name\":\"Solve\",\"target\":\"PT48H\"}]");
	ent_id silver = clock_policy("Silver", "[{\"name\":\"Solve\",\"target\":\"PT30H\"}]");
	ent_id entitlement = clock_entitlement(account, gold);
	ent_id c = clock_case(account, entitlement, ENT_ID_NONE);
	OK(world_try(&ent_entitlement_type, "amend", entitlement,
	             "{\"changes\":{\"sla_policy_id\":$1},\"effective_on\":\"2025-06-11\"}",
	             REFS({ POLICY, silver })));
	clock_run("2025-06-10T23:59:59Z");
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-12T08:00:00Z");
	clock_run("2025-06-11T00:00:00Z");
	CHECK_TEXT(clock_target(c, "Solve"), "2025-06-11T14:00:00Z");
	CHECK_INT(source_of(c), ENT_SLA_FROM_ENTITLEMENT);
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* ---- policies in memory --------------------------------------------------------------------- */

static bool is_warm(void)
{
	const struct ent_sla_policies *kept = ent_sla_cache_get_policies(ent_app_sla(world.app));
	if (kept != NULL) {
		ent_sla_cache_release_policies(kept);
	}
	return kept != NULL;
}

/* On PostgreSQL a process keeps nothing in its first seconds, and writes put them there, too. */
APP_TEST(sla_wake_policies_are_warm)
{
	world_open("2025-06-10T08:00:00Z");
	if (helper_dialect == ENT_POSTGRES) {
		OK(ent_sla_warm(world.app, &world.error));
		world_close();
		return;
	}
	ent_id gold = clock_policy("Gold", plain);
	CHECK(!is_warm());
	OK(ent_sla_warm(world.app, &world.error));
	CHECK(is_warm());
	OK(ent_sla_warm(world.app, &world.error));
	world_do(POLICY, "set_default", gold, "{}"); /* forgets them */
	CHECK(!is_warm());
	OK(ent_sla_warm(world.app, &world.error));
	const struct ent_sla_policies *kept = ent_sla_cache_get_policies(ent_app_sla(world.app));
	CHECK(ent_id_eq(kept->organisation.policy_id, gold));
	ent_sla_cache_release_policies(kept);
	world_close();
}
