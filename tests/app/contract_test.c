#include "app/agenda.h"
#include "app/world.h"

static const struct ent_type *const CONTRACT = &ent_contract_type;
static const struct ent_type *const LINE = &ent_contract_line_type;

static void run(const char *now)
{
	struct ent_agenda_report report = { .handled = 0 };
	world_at(now);
	OK(ent_agenda_run(world.app, ENT_INSTANT_NONE, &report, &world.error));
	CHECK_INT((long long)report.failed, 0);
}

static const char *state_of(ent_id id)
{
	struct ent_contract contract;
	world_get(CONTRACT, id, &contract);
	return ent_contract_state_names.text[contract.state];
}

static const char *line_state_of(ent_id id)
{
	struct ent_contract_line line;
	world_get(LINE, id, &line);
	return ent_contract_state_names.text[line.state];
}

/* A contract with this after account and name; its n-th line. */
static ent_id make(ent_id account, const char *fields)
{
	char json[2000];
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"C\",%s}", fields);
	return world_create(CONTRACT, json, REFS({ &ent_account_type, account }));
}

static ent_id line_of(ent_id contract, int n)
{
	char sql[160];
	snprintf(sql, sizeof(sql),
	         "SELECT id FROM contract_line WHERE contract_id = $1 ORDER BY id LIMIT 1 "
	         "OFFSET %d", n);
	return (ent_id){ world_number(sql, contract) };
}

static const char year[] = "\"starts_on\":\"2025-07-01\",\"ends_on\":\"2026-06-30\"";

/* ---- life ---- */

APP_TEST(contract_boundaries_are_told_once_with_those_of_its_lines)
{
	char json[400];
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	snprintf(json, sizeof(json),
	         "%s,\"lines\":[{\"name\":\"L\"},{\"name\":\"M\",\"ends_on\":\"2025-12-31\"}]",
	         year);
	ent_id id = make(account, json);
	CHECK_TEXT(state_of(id), "draft");
	CHECK_CODE(world_try_update(CONTRACT, id, "{\"time_zone\":\"Asia/Tokyo\"}", NULL),
	           ENT_E_EDIT_LOCKED);
	run("2025-06-30T23:59:59Z");
	CHECK_TEXT(world_events(CONTRACT, id), "created scheduled");
	run("2025-07-01T00:00:00Z");
	CHECK_TEXT(state_of(id), "active");
	CHECK_TEXT(world_events(CONTRACT, id), "created scheduled activated");
	CHECK_TEXT(world_events(LINE, line_of(id, 0)), "created activated");
	run("2027-01-01"); /* long downtime: all in order */
	run("2027-01-02");
	CHECK_TEXT(world_events(CONTRACT, id), "created scheduled activated expired");
	CHECK_TEXT(world_events(LINE, line_of(id, 0)), "created activated expired");
	CHECK_TEXT(world_events(LINE, line_of(id, 1)), "created activated expired");
	CHECK_TEXT(line_state_of(line_of(id, 1)), "expired");
	CHECK_INT(world_number("SELECT COUNT(*) FROM due WHERE subject_id = $1", id), 0);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(contract_ends_early_is_cancelled_and_lines_stay_what_they_were)
{
	char json[300];
	world_open("2025-08-10T08:00:00Z");
	ent_id account = world_account("A");
	snprintf(json, sizeof(json), "%s,\"lines\":[{\"name\":\"L\"}]", year);
	ent_id id = make(account, json);
	ent_id line = line_of(id, 0);
	CHECK_CODE(world_try_update(CONTRACT, id, "{\"ends_on\":\"2025-12-31\"}", NULL),
	           ENT_E_CHILD_DATES_ORPHANED);
	CHECK_CODE(world_try_update(LINE, line, "{\"ends_on\":\"2025-08-10\"}", NULL),
	           ENT_E_END_NOT_FUTURE);
	OK(world_try_update(LINE, line, "{\"ends_on\":\"2025-12-31\"}", NULL));
	OK(world_try_update(CONTRACT, id, "{\"ends_on\":\"2026-01-31\"}", NULL));
	CHECK_CODE(world_try_update(CONTRACT, id, "{\"starts_on\":\"2025-06-01\"}", NULL),
	           ENT_E_START_LOCKED);
	CHECK_CODE(world_try_update(LINE, line, "{\"quantity\":\"2\"}", NULL),
	           ENT_E_EDIT_LOCKED);
	CHECK_CODE(world_try_delete(LINE, line), ENT_E_DELETE_LOCKED);
	world_at("2026-01-15");
	CHECK_TEXT(line_state_of(line), "cancelled");
	CHECK_TEXT(state_of(id), "active");
	world_at("2026-02-01");
	CHECK_TEXT(state_of(id), "cancelled");
	CHECK_TEXT(line_state_of(line), "cancelled");
	CHECK_CODE(world_try_update(CONTRACT, id, "{\"name\":\"D\"}", NULL),
	           ENT_E_STATE_TERMINAL);
	OK(world_try_update(CONTRACT, id, "{\"metadata\":{\"a\":\"b\"}}", NULL));
	CHECK_CODE(world_try(CONTRACT, "lines", id, "{\"lines\":[{\"name\":\"N\"}]}", NULL),
	           ENT_E_STATE_TERMINAL);
	world_close();
}

APP_TEST(contract_header_is_partly_suspended_in_memory_and_in_sql)
{
	char json[300];
	world_open("2025-08-10T08:00:00Z");
	ent_id account = world_account("A");
	snprintf(json, sizeof(json),
	         "%s,\"lines\":[{\"name\":\"L\",\"lines\":[{\"name\":\"K\"}]},{\"name\":\"M\"}]",
	         year);
	ent_id id = make(account, json);
	ent_id line = line_of(id, 0);
	world_sql("INSERT INTO line_suspension (id, account_id, contract_line_id, starts_at, "
	          "extend_term) SELECT 1, account_id, id, 5, FALSE FROM contract_line "
	          "WHERE id = $1",
	          line);
	world_sql("UPDATE contract_line SET extra_rows = 1 WHERE id = $1", line);
	world_sql("UPDATE contract SET extra_rows = 4 WHERE id = $1", id);
	CHECK_TEXT(state_of(id), "partly_suspended");
	CHECK_TEXT(line_state_of(line), "suspended");
	CHECK_TEXT(line_state_of(line_of(id, 1)), "suspended");
	CHECK_TEXT(line_state_of(line_of(id, 2)), "active");
	world_close();
}

/* ---- approval ---- */

APP_TEST(contract_is_approved_before_it_is_in_force)
{
	char json[600];
	world_open("2025-08-10T08:00:00Z");
	ent_id account = world_account("A");
	OK(world_try_update(&ent_account_type, account, "{\"approve_contracts\":true}", NULL));
	snprintf(json, sizeof(json),
	         "%s,\"lines\":[{\"name\":\"L\",\"entitlements\":[{\"name\":\"E\"}]}]", year);
	ent_id id = make(account, json);
	ent_id right = { world_number("SELECT id FROM entitlement WHERE contract_id = $1", id) };
	CHECK_TEXT(state_of(id), "draft");
	CHECK_TEXT(line_state_of(line_of(id, 0)), "draft");
	CHECK_TEXT(world_state(right), "draft");
	CHECK_CODE(world_try(CONTRACT, "activate", id, "{}", NULL), ENT_E_NOT_APPROVED);
	CHECK_CODE(world_try(CONTRACT, "approve", id, "{}", NULL), ENT_E_STATE);
	world_do(CONTRACT, "submit", id, "{}");
	CHECK_CODE(world_try_update(CONTRACT, id, "{\"name\":\"D\"}", NULL), ENT_E_EDIT_LOCKED);
	world_do(CONTRACT, "recall", id, "{}");
	world_do(CONTRACT, "submit", id, "{}");
	CHECK_CODE(world_try(CONTRACT, "reject", id, "{}", NULL), ENT_E_REQUIRED);
	world_do(CONTRACT, "reject", id, "{\"reason\":\"too cheap\"}");
	OK(world_try_update(CONTRACT, id, "{\"name\":\"D\"}", NULL));
	world_do(CONTRACT, "submit", id, "{}");
	world_do(CONTRACT, "approve", id, "{}");
	CHECK_TEXT(state_of(id), "active");
	CHECK_TEXT(line_state_of(line_of(id, 0)), "active");
	CHECK_TEXT(world_state(right), "active");
	CHECK_TEXT(world_events(CONTRACT, id),
	           "created submitted recalled submitted rejected updated submitted approved");
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* ---- structure ---- */

APP_TEST(contract_deletes_what_nothing_refers_to)
{
	char json[600];
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	snprintf(json, sizeof(json),
	         "%s,\"keep_draft\":true,\"lines\":[{\"name\":\"L\",\"lines\":[{\"name\":\"K\","
	         "\"adjustments\":[{\"value\":\"5\"}]}]}],\"entitlements\":[{\"name\":\"E\"}]",
	         year);
	ent_id id = make(account, json);
	ent_id right = { world_number("SELECT id FROM entitlement WHERE contract_id = $1", id) };
	CHECK_CODE(world_try_delete(LINE, line_of(id, 0)), ENT_E_IN_USE);
	CHECK_CODE(world_try_delete(CONTRACT, id), ENT_E_IN_USE);
	OK(world_try_delete(&ent_entitlement_type, right));
	OK(world_try_delete(LINE, line_of(id, 1)));
	OK(world_try_delete(CONTRACT, id));
	CHECK_INT(world_number("SELECT COUNT(*) FROM contract_line WHERE contract_id = $1", id),
	          0);
	CHECK_INT(world_number("SELECT COUNT(*) FROM price_adjustment WHERE id <> $1", id), 0);
	world_close();
}

APP_TEST(contract_is_copied_from_its_template)
{
	struct ent_contract contract;
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id template = world_create(&ent_contract_template_type,
	                               "{\"name\":\"Care\",\"term\":\"P3Y\",\"currency\":\"EUR\","
	                               "\"auto_renew\":true,\"notice_days\":90,"
	                               "\"clauses\":[{\"title\":\"One\"},{\"title\":\"Two\"}]}",
	                               NULL);
	ent_id id = world_create(CONTRACT,
	                         "{\"account_id\":$1,\"template_id\":$2,\"name\":\"C\","
	                         "\"starts_on\":\"2025-07-01\",\"notice_days\":30}",
	                         REFS({ &ent_account_type, account },
	                              { &ent_contract_template_type, template }));
	world_get(CONTRACT, id, &contract);
	CHECK_INT(contract.ends_on.day, world_date("2028-06-30").day);
	CHECK_INT(contract.notice_days.n, 30);
	CHECK(contract.auto_renew);
	CHECK_INT((long long)contract.clauses.count, 2);
	OK(world_try_update(CONTRACT, id, "{\"term\":\"P1Y\"}", NULL));
	world_get(CONTRACT, id, &contract);
	CHECK_INT(contract.ends_on.day, world_date("2026-06-30").day);
	world_close();
}
