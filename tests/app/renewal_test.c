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

/* ---- a draft follows what it renews ---- */

static ent_id quote(void)
{
	ent_id id = make(care);
	CHECK_CODE(world_try_update(&ent_contract_type, id,
	                            "{\"renewal_proposal\":\"quote\",\"renew_days_before\":null}",
	                            NULL),
	           ENT_OK);
	until("2025-02-01T12:00:00Z");
	return id;
}

static void patch(const struct ent_type *type, ent_id id, const char *json)
{
	CHECK_CODE(world_try_update(type, id, json, NULL), ENT_OK);
}

static int64_t rows_of(ent_id contract)
{
	return count("SELECT count(*) FROM contract_coverage WHERE contract_id = $1 OR "
	             "contract_line_id IN (SELECT id FROM contract_line WHERE contract_id = $1)",
	             contract);
}

APP_TEST(renewal_draft_follows_edits_of_lines_and_header)
{
	world_open("2025-01-31T12:00:00Z");
	ent_id id = quote();
	ent_id draft = successor(id);
	patch(&ent_contract_line_type, operate_line(id, 0).id,
	      "{\"name\":\"Phone desk\",\"uplift_percent\":\"10\"}");
	patch(&ent_contract_type, id,
	      "{\"payment_terms\":\"net 60\",\"clauses\":[{\"title\":\"Notice\",\"body\":\"b\"}]}");
	until("2025-02-02T12:00:00Z");
	CHECK_TEXT(operate_line(draft, 0).name.ptr, "Phone desk");
	CHECK_INT(operate_line(draft, 0).unit_price.micro, 11000000);
	CHECK_TEXT(operate_contract(draft).payment_terms.ptr, "net 60");
	CHECK_INT(operate_contract(draft).clauses.count, 1);
	CHECK_INT(operate_contract(draft).line_count, 2);
	int64_t version = operate_contract(draft).version;
	patch(&ent_contract_type, id, "{\"renewal_stage\":\"proposed\"}"); /* talks are its own */
	until("2025-02-03T12:00:00Z");
	CHECK_INT(operate_contract(draft).renewal_stage, ENT_RENEWAL_NONE);
	CHECK_INT(operate_contract(draft).version, version);
	patch(&ent_contract_line_type, operate_line(id, 1).id, "{\"renewable\":false}");
	until("2025-02-04T12:00:00Z");
	CHECK(!ent_instant_is_none(operate_line(draft, 1).cancelled_at));
	CHECK_INT(successors(id), 1);
	world_close();
}

/* What somebody agreed on about the draft stays, all else follows. */
APP_TEST(renewal_draft_keeps_what_was_changed_in_it)
{
	world_open("2025-01-31T12:00:00Z");
	ent_id id = quote();
	ent_id draft = successor(id);
	patch(&ent_contract_line_type, operate_line(draft, 0).id,
	      "{\"unit_price\":{\"amount\":\"9.5\",\"currency\":\"EUR\"}}");
	patch(&ent_contract_type, draft, "{\"name\":\"Offer\"}");
	patch(&ent_contract_line_type, operate_line(id, 0).id,
	      "{\"description\":\"day and night\",\"uplift_percent\":\"10\"}");
	patch(&ent_contract_type, id, "{\"name\":\"Care 2025\",\"reference\":\"PO 7\"}");
	until("2025-02-02T12:00:00Z");
	CHECK_INT(operate_line(draft, 0).unit_price.micro, 9500000);
	CHECK_TEXT(operate_line(draft, 0).description.ptr, "day and night");
	CHECK_TEXT(operate_contract(draft).name.ptr, "Offer");
	CHECK_TEXT(operate_contract(draft).reference.ptr, "PO 7");
	world_close();
}

APP_TEST(renewal_draft_follows_coverage)
{
	world_open("2025-01-31T12:00:00Z");
	ent_id id = quote();
	ent_id draft = successor(id);
	ent_id product = world_create(&ent_product_type, "{\"name\":\"Desk\"}", NULL);
	ent_id other = world_create(&ent_product_type, "{\"name\":\"Lamp\"}", NULL);
	ent_id row = world_create(&ent_contract_coverage_type,
	                          "{\"contract_line_id\":$1,\"product_id\":$2}",
	                          REFS({ &ent_contract_line_type, operate_line(id, 0).id },
	                               { &ent_product_type, product }));
	until("2025-02-02T12:00:00Z");
	CHECK_INT(rows_of(draft), 1);
	patch(&ent_contract_coverage_type, row, "{\"ends_on\":\"2025-02-01\"}"); /* it is over */
	until("2025-02-02T13:00:00Z");
	CHECK_INT(rows_of(draft), 0);
	patch(&ent_contract_coverage_type, row, "{\"ends_on\":null}");
	until("2025-02-02T14:00:00Z");
	CHECK_INT(rows_of(draft), 1);
	(void)world_create(&ent_contract_coverage_type, "{\"contract_id\":$1,\"product_id\":$2}",
	                   REFS({ &ent_contract_type, draft }, { &ent_product_type, other }));
	CHECK_CODE(world_try_delete(&ent_contract_coverage_type, row), ENT_OK);
	until("2025-02-03T12:00:00Z");
	CHECK_INT(rows_of(draft), 1); /* the one that was made in it */
	CHECK_INT(count("SELECT count(*) FROM contract_coverage WHERE contract_id = $1", draft), 1);
	world_close();
}

static ent_id right_of(ent_id contract)
{
	return (ent_id){ count("SELECT id FROM entitlement WHERE contract_id = $1 AND "
		               "stage <> 'cancelled'",
		               contract) };
}

static bool is_named(ent_id contract, const char *name)
{
	char sql[120];
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM entitlement WHERE id = $1 AND name = '%s'",
	         name);
	return count(sql, right_of(contract)) == 1;
}

APP_TEST(renewal_draft_follows_entitlements)
{
	world_open("2025-01-31T12:00:00Z");
	ent_id id = quote();
	ent_id draft = successor(id);
	ent_id right = right_of(id);
	ent_id product = world_create(&ent_product_type, "{\"name\":\"Desk\"}", NULL);
	patch(&ent_entitlement_type, right, "{\"name\":\"Phone desk\",\"priority\":5}");
	until("2025-02-01T12:00:00Z"); /* at once: no time goes by */
	CHECK(is_named(draft, "Phone desk"));
	patch(&ent_entitlement_type, right_of(draft), "{\"name\":\"As agreed\"}");
	patch(&ent_entitlement_type, right, "{\"name\":\"Desk\",\"priority\":7}");
	until("2025-02-02T12:00:00Z");
	CHECK(is_named(draft, "As agreed"));
	CHECK_INT(count("SELECT priority FROM entitlement WHERE id = $1", right_of(draft)), 7);
	world_do(&ent_entitlement_type, "deactivate", right, "{}");
	until("2025-02-02T13:00:00Z");
	CHECK_INT(right_of(draft).value, -1);
	CHECK_CODE(world_try_update(&ent_entitlement_type, right,
	                            "{\"total\":20,\"grants\":[{\"product_id\":$1}],\"channels\":["
	                            "{\"channel\":\"phone\",\"total\":4}]}",
	                            REFS({ &ent_product_type, product })),
	           ENT_OK);
	world_do(&ent_entitlement_type, "activate", right, "{}");
	until("2025-02-02T14:00:00Z");
	CHECK(is_named(draft, "As agreed"));
	CHECK_INT(count("SELECT total FROM entitlement WHERE id = $1", right_of(draft)), 20);
	CHECK_INT(count("SELECT count(*) FROM entitlement_grant WHERE entitlement_id = $1",
	                right_of(draft)),
	          1);
	CHECK_INT(count("SELECT total FROM entitlement_channel WHERE entitlement_id = $1",
	                right_of(draft)),
	          4);
	CHECK_INT(world_findings(), 0);
	world_close();
}

static const char *approval_of(ent_id contract)
{
	return ent_approval_state_names.text[operate_contract(contract).approval];
}

/* Nobody approves what is not any more what was submitted. */
APP_TEST(renewal_draft_in_review_is_recalled_when_it_changes)
{
	world_open("2025-01-31T12:00:00Z");
	ent_id id = quote();
	ent_id draft = successor(id);
	world_do(&ent_contract_type, "submit", draft, "{}");
	patch(&ent_contract_type, id, "{\"renewal_stage\":\"proposed\"}"); /* of no effect on it */
	until("2025-02-02T12:00:00Z");
	CHECK_TEXT(approval_of(draft), "in_review");
	patch(&ent_contract_line_type, operate_line(id, 0).id, "{\"name\":\"Phone desk\"}");
	until("2025-02-02T13:00:00Z");
	CHECK_TEXT(approval_of(draft), "draft");
	CHECK_TEXT(operate_line(draft, 0).name.ptr, "Phone desk");
	CHECK(strstr(world_events(&ent_contract_type, draft), "submitted recalled") != NULL);
	world_do(&ent_contract_type, "submit", draft, "{}");
	operate("cancel", id, "{}", NULL);
	until("2025-02-02T14:00:00Z");
	CHECK_INT(operate_contract(draft).stage, ENT_STAGE_CANCELLED);
	CHECK_TEXT(approval_of(draft), "draft");
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* Its first day is the one after the last of what it renews. */
APP_TEST(renewal_draft_follows_the_end)
{
	world_open("2025-01-31T12:00:00Z");
	ent_id id = quote();
	ent_id draft = successor(id);
	operate("extend", id, "{\"ends_on\":\"2025-03-15\"}", NULL);
	until("2025-02-02T12:00:00Z");
	CHECK_TEXT(first_day(draft), "2025-03-16");
	CHECK_INT(operate_line(draft, 0).starts_on.day, operate_contract(draft).starts_on.day);
	CHECK_INT(count("SELECT starts_on FROM entitlement WHERE contract_id = $1", draft),
	          operate_contract(draft).starts_on.day);
	patch(&ent_contract_type, id, "{\"renew_days_before\":20}");
	until("2025-03-14T12:00:00Z");
	CHECK_INT(successors(id), 1);
	world_do(&ent_contract_type, "activate", draft, "{}");
	until("2025-03-20T12:00:00Z");
	CHECK_INT(successors(id), 1);
	world_close();
}

/* Nothing follows a contract that is broken off; taken back, its renewal is prepared again. */
APP_TEST(renewal_draft_goes_with_what_it_renews)
{
	world_open("2025-01-31T12:00:00Z");
	ent_id id = quote();
	ent_id draft = successor(id);
	struct ent_contract_plan plan =
		operate("cancel", id, "{\"effective_on\":\"2025-02-20\"}", NULL);
	until("2025-02-02T12:00:00Z");
	CHECK(!ent_instant_is_none(operate_contract(draft).cancelled_at) ||
	      operate_contract(draft).stage == ENT_STAGE_CANCELLED);
	world_do(&ent_contract_operation_type, "undo", plan.operation_id, "{}");
	until("2025-02-03T12:00:00Z");
	CHECK_INT(successors(id), 2);
	until("2025-02-04T12:00:00Z");
	CHECK_INT(successors(id), 2);
	world_close();
}

/* A contract that is renewed does not reach into the one that follows. */
APP_TEST(renewal_in_force_bounds_the_end)
{
	world_open("2025-01-31T12:00:00Z");
	ent_id id = make(care);
	until("2025-02-18T12:00:00Z");
	CHECK_TEXT(first_day(successor(id)), "2025-02-28");
	CHECK_CODE(operate_refused("extend", id, "{\"ends_on\":\"2025-02-28\"}", NULL),
	           ENT_E_RENEW_ALREADY);
	CHECK_CODE(operate_refused("extend", id, "{\"term\":\"P1M\"}", NULL),
	           ENT_E_RENEW_ALREADY);
	CHECK_CODE(world_try_update(&ent_contract_type, id, "{\"ends_on\":\"2025-03-31\"}", NULL),
	           ENT_E_RENEW_ALREADY);
	operate("cancel", successor(id), "{}", NULL);
	operate("extend", id, "{\"ends_on\":\"2025-02-28\"}", NULL);
	world_close();
}

/* ---- reminders ---- */

static int64_t mails(ent_id contract)
{
	(void)contract;
	return count("SELECT count(*) FROM delivery WHERE kind = 'email' AND $1 = $1", contract);
}

static int reminded(ent_id contract)
{
	int times = 0;
	for (const char *p = world_events(&ent_contract_type, contract);
	     (p = strstr(p, "reminded")) != NULL; p++) {
		times++;
	}
	return times;
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

/* Nobody is told of the end of what goes on in another contract or was ended on purpose. */
APP_TEST(reminder_of_the_end_ends_with_the_renewal)
{
	static const char text[] =
		"{\"account_id\":$1,\"name\":\"Care\",\"starts_on\":\"2025-01-01\",\"ends_on\":"
		"\"2025-12-31\",\"currency\":\"EUR\",\"notice_days\":10,\"reminders\":[{\"kind\":"
		"\"expiry\",\"days\":30,\"recipients\":[\"a@example.com\"]},{\"kind\":\"expiry\","
		"\"days\":7,\"recipients\":[\"a@example.com\"]},{\"kind\":\"notice\",\"days\":14,"
		"\"recipients\":[\"a@example.com\"]}],\"lines\":[{\"name\":\"A\"}]}";
	world_open("2025-01-01T12:00:00Z");
	const struct world_ref acme[] = { { &ent_account_type, world_account("Acme") } };
	ent_id renewed = world_create(&ent_contract_type, text, acme);
	ent_id proposed = world_create(&ent_contract_type, text, acme);
	ent_id cancelled = world_create(&ent_contract_type, text, acme);
	ent_id merged = world_create(&ent_contract_type, text, acme);
	ent_id target = world_create(&ent_contract_type, text, acme);
	world_at("2025-11-01T12:00:00Z");
	operate("renew", renewed, "{}", NULL);
	operate("renew", proposed, "{\"keep_draft\":true}", NULL);
	operate("cancel", cancelled, "{\"effective_on\":\"2025-12-20\"}", NULL);
	operate("merge", target, "{\"contracts\":[$1],\"effective_on\":\"2025-12-28\"}",
	        REFS({ &ent_contract_type, merged }));
	until("2025-12-03T12:00:00Z");
	CHECK_INT(reminded(renewed), 0);
	CHECK_INT(reminded(proposed), 1);
	CHECK_INT(reminded(cancelled), 0);
	CHECK_INT(reminded(merged), 0);
	CHECK_INT(reminded(target), 1);
	operate("cancel", successor(renewed), "{}", NULL);
	until("2025-12-26T12:00:00Z");
	CHECK_INT(reminded(renewed), 1); /* it ends after all */
	world_close();
}

/* The second and the third year of a ramp; not the first, which is no step. */
APP_TEST(reminder_of_each_step_of_a_ramp)
{
	world_open("2025-01-01T12:00:00Z");
	ent_id id = make("{\"account_id\":$1,\"name\":\"Care\",\"starts_on\":\"2025-01-01\","
	                 "\"term\":\"P3Y\",\"currency\":\"EUR\",\"reminders\":[{\"kind\":"
	                 "\"ramp_step\",\"days\":30,\"recipients\":[\"a@example.com\"]}],"
	                 "\"lines\":[{\"name\":\"Rooms\",\"ramp\":\"yearly\",\"ramp_percent\":"
	                 "\"10\",\"unit_price\":{\"amount\":\"3\",\"currency\":\"EUR\"}},{"
	                 "\"name\":\"Flat\",\"unit_price\":{\"amount\":\"3\",\"currency\":"
	                 "\"EUR\"}}]}");
	until("2025-12-01T12:00:00Z");
	CHECK_INT(reminded(id), 0);
	until("2025-12-02T12:00:00Z");
	CHECK_INT(reminded(id), 1);
	CHECK_INT(count("SELECT count(*) FROM delivery WHERE mail_subject LIKE '%another price "
	                "from 2026-01-01%' AND $1 = $1",
	                id),
	          1);
	until("2026-12-01T12:00:00Z");
	CHECK_INT(reminded(id), 1);
	operate("cancel", id, "{\"lines\":[$1],\"effective_on\":\"2026-12-15\"}",
	        REFS({ &ent_contract_line_type, operate_line(id, 0).id }));
	until("2026-12-02T12:00:00Z");
	CHECK_INT(reminded(id), 1); /* that line has no further step */
	world_close();
}
