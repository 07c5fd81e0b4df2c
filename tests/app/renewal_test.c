/* Contracts that are renewed by themselves, and their reminders. */
#include "app/agenda.h"
#include "app/operate.h"

static const char care[] =
	"{\"account_id\":$1,\"name\":\"Care\",\"starts_on\":\"2025-01-31\",\"term\":\"P1M\","
	"\"currency\":\"EUR\",\"auto_renew\":true,\"renew_days_before\":10,"
	"\"renewal_basis\":\"contracted_price\",\"lines\":["
	"{\"name\":\"A\",\"unit_price\":{\"amount\":\"10\",\"currency\":\"EUR\"},"
	"\"entitlements\":[{\"name\":\"Phone\",\"unit\":\"cases\",\"total\":10}]},"
	"{\"name\":\"B\",\"unit_price\":{\"amount\":\"20\",\"currency\":\"EUR\"}}]}";

static ent_id make(const char *json)
{
	return world_create(&ent_contract_type, json,
	                    REFS({ &ent_account_type, world_account("Acme") }));
}

static int64_t count(const char *sql, ent_id id)
{
	return world_number(sql, id);
}

static int64_t successors(ent_id contract)
{
	return count("SELECT count(*) FROM contract WHERE renewed_from_id = $1", contract);
}

static ent_id successor(ent_id contract)
{
	return (ent_id){ count("SELECT id FROM contract WHERE renewed_from_id = $1", contract) };
}

static void until(const char *instant)
{
	struct ent_agenda_report report = { .handled = 0 };
	struct ent_error error;
	world_at(instant);
	ent_error_clear(&error);
	CHECK_INT(ent_agenda_run(world.app, ENT_INSTANT_NONE, &report, &error), ENT_OK);
	CHECK_TEXT(report.failed == 0 ? "" : report.error.detail, "");
}

static const char *first_day(ent_id contract)
{
	static char text[11];
	ent_date_format(operate_contract(contract).starts_on, text);
	return text;
}

APP_TEST(renewal_runs_by_itself_once_a_term)
{
	world_open("2025-01-31T12:00:00Z");
	ent_id id = make(care); /* to 27 February */
	until("2025-02-16T12:00:00Z");
	CHECK_INT(successors(id), 0);
	until("2025-02-17T12:00:00Z");
	CHECK_INT(successors(id), 1);
	ent_id next = successor(id);
	CHECK_TEXT(first_day(next), "2025-02-28");
	CHECK_INT(operate_contract(next).stage, ENT_STAGE_LIVE);
	until("2025-02-18T12:00:00Z");
	CHECK_INT(successors(id), 1);
	until("2025-03-25T12:00:00Z"); /* to 30 March, from 20 March on */
	CHECK_TEXT(first_day(successor(next)), "2025-03-31");
	CHECK_INT(count("SELECT count(*) FROM contract WHERE renewal_root_id = $1", id), 2);
	world_close();
}

/* After downtime nothing is missing and nothing is there twice. */
APP_TEST(renewal_catches_up_after_downtime)
{
	world_open("2025-01-31T12:00:00Z");
	ent_id id = make(care);
	world_at("2025-06-10T12:00:00Z");
	for (int i = 0; i < 8; i++) {
		until("2025-06-10T12:00:00Z");
	}
	CHECK_INT(count("SELECT count(*) FROM contract WHERE renewal_root_id = $1", id), 4);
	CHECK_INT(count("SELECT count(DISTINCT starts_on) FROM contract WHERE renewal_root_id = $1",
	                id),
	          4);
	world_close();
}

APP_TEST(renewal_of_a_quote_is_a_draft_that_keeps_step)
{
	world_open("2025-01-31T12:00:00Z");
	ent_id id = make(care);
	CHECK_CODE(world_try_update(&ent_contract_type, id,
	                            "{\"renewal_proposal\":\"quote\",\"renew_days_before\":null}",
	                            NULL),
	           ENT_OK);
	until("2025-02-01T12:00:00Z");
	ent_id draft = successor(id);
	CHECK_INT(operate_contract(draft).stage, ENT_STAGE_DRAFT);
	CHECK_INT(operate_contract(draft).line_count, 2);
	world_do(&ent_contract_type, "lines", id, "{\"lines\":[{\"name\":\"C\"}]}");
	operate("cancel", id, "{\"lines\":[$1]}",
	        REFS({ &ent_contract_line_type, operate_line(id, 0).id }));
	until("2025-02-02T12:00:00Z");
	CHECK_INT(successors(id), 1);
	CHECK_INT(count("SELECT count(*) FROM contract_line WHERE contract_id = $1 AND "
	                "cancelled_at IS NULL",
	                draft),
	          2);
	CHECK_INT(count("SELECT count(*) FROM contract_line WHERE contract_id = $1 AND name = 'C'",
	                draft),
	          1);
	world_do(&ent_contract_type, "activate", draft, "{}");
	until("2025-02-28T12:00:00Z");
	CHECK_INT(successors(id), 1);
	world_close();
}

/* ---- reminders ---- */

static int64_t mails(ent_id contract)
{
	(void)contract;
	return count("SELECT count(*) FROM delivery WHERE kind = 'email' AND $1 = $1", contract);
}

APP_TEST(reminder_is_sent_once_each)
{
	world_open("2025-01-01T12:00:00Z");
	ent_id account = world_create(&ent_account_type,
	                              "{\"name\":\"Acme\",\"email\":\"acme@example.com\"}", NULL);
	ent_id id = world_create(
		&ent_contract_type,
		"{\"account_id\":$1,\"name\":\"Care\",\"starts_on\":\"2025-01-01\",\"ends_on\":"
		"\"2025-12-31\",\"notice_days\":30,\"reminders\":[{\"kind\":\"expiry\",\"days\":90,"
		"\"recipients\":[\"account\",\"ops@example.com\"]},{\"kind\":\"expiry\",\"days\":"
	        "30,"
		"\"recipients\":[\"account\"]},{\"kind\":\"notice\",\"days\":10},"
		"{\"kind\":\"low_balance\",\"percent\":80,\"recipients\":[\"account\"]}],"
		"\"entitlements\":[{\"name\":\"Phone\",\"unit\":\"cases\",\"total\":10}]}",
		REFS({ &ent_account_type, account }));
	ent_id right = { count("SELECT id FROM entitlement WHERE contract_id = $1", id) };
	until("2025-10-01T12:00:00Z");
	CHECK_INT(mails(id), 0);
	until("2025-10-03T12:00:00Z");
	CHECK_INT(mails(id), 2);
	until("2025-10-04T12:00:00Z");
	CHECK_INT(mails(id), 2);
	world_do(&ent_entitlement_type, "consume", right, "{\"units\":7}");
	until("2025-10-05T12:00:00Z");
	CHECK_INT(mails(id), 2);
	world_do(&ent_entitlement_type, "consume", right, "{\"units\":1}");
	until("2025-10-06T12:00:00Z");
	CHECK_INT(mails(id), 3);
	until("2025-12-20T12:00:00Z"); /* 30 days before the end; the day of notice has passed */
	CHECK_INT(mails(id), 4);
	until("2026-02-01T12:00:00Z");
	CHECK_INT(mails(id), 4);
	world_close();
}

APP_TEST(reminder_of_the_settings_tells_the_nearest)
{
	world_open("2025-12-20T12:00:00Z");
	ent_id settings = { 1 };
	CHECK_CODE(
		world_try_update(&ent_settings_type, settings,
	                         "{\"reminders\":[{\"kind\":\"expiry\",\"days\":90,\"recipients\":["
	                         "\"a@example.com\"]},{\"kind\":\"expiry\",\"days\":30,"
	                         "\"recipients\":[\"b@example.com\"]}]}",
	                         NULL),
		ENT_OK);
	ent_id id = make("{\"account_id\":$1,\"name\":\"Care\",\"starts_on\":\"2025-01-01\","
	                 "\"ends_on\":\"2025-12-31\"}");
	until("2025-12-20T13:00:00Z");
	CHECK_INT(mails(id), 1);
	CHECK_INT(count("SELECT count(*) FROM delivery WHERE recipient = 'b@example.com' AND "
	                "$1 = $1",
	                id),
	          1);
	CHECK_CODE(world_try_update(&ent_settings_type, settings,
	                            "{\"reminders\":[{\"kind\":\"expiry\"}]}", NULL),
	           ENT_E_REQUIRED);
	CHECK_CODE(world_try_update(&ent_settings_type, settings,
	                            "{\"reminders\":[{\"kind\":\"expiry\",\"days\":1,"
	                            "\"recipients\":[\"somebody\"]}]}",
	                            NULL),
	           ENT_E_UNKNOWN_VALUE);
	world_close();
}
