#include "app/world.h"

static const struct ent_type *const ENTITLEMENT = &ent_entitlement_type;

static ent_id account;

static ent_id live(const char *fields)
{
	char json[700];
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"E\",%s}", fields);
	ent_id id = world_create(ENTITLEMENT, json, REFS({ &ent_account_type, account }));
	world_do(ENTITLEMENT, "activate", id, "{}");
	return id;
}

/* ---- figures ------------------------------------------------------------------------------ */

APP_TEST(ledger_uses_lots_first_and_never_more_than_there_is)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"visits\",\"total\":3,\"restricted\":true");
	world_do(ENTITLEMENT, "top_up", id, "{\"units\":2,\"ends_on\":\"2025-06-30\"}");
	world_do(ENTITLEMENT, "top_up", id, "{\"units\":1}");
	CHECK_INT(world_available(id), 6);
	world_do(ENTITLEMENT, "consume", id, "{\"units\":1}");
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":6}", NULL),
	           ENT_E_TERMS_EXHAUSTED);
	CHECK_CODE(world_try(ENTITLEMENT, "adjust", id, "{\"units\":-6,\"reason\":\"x\"}", NULL),
	           ENT_E_TERMS_EXHAUSTED);
	CHECK_CODE(world_try(ENTITLEMENT, "adjust", id, "{\"units\":0,\"reason\":\"x\"}", NULL),
	           ENT_E_RANGE);
	world_do(ENTITLEMENT, "adjust", id, "{\"units\":-1,\"reason\":\"x\"}");
	world_at("2025-06-30T23:59:59Z");
	CHECK_INT(world_available(id), 4);
	world_at("2025-07-01T00:00:00Z"); /* the earlier lot had one left */
	CHECK_INT(world_available(id), 3);
	world_do(ENTITLEMENT, "consume", id, "{\"units\":3}");
	CHECK_INT(world_available(id), 0);
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created activated topped_up topped_up consumed "
	                                          "adjusted consumed exhausted");
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":1}", NULL),
	           ENT_E_TERMS_EXHAUSTED);
	CHECK_CODE(world_try(ENTITLEMENT, "top_up", id,
	                     "{\"units\":1,\"ends_on\":\"2025-06-30\"}", NULL), ENT_E_RANGE);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(ledger_notes_who_posted_and_why)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"cases\",\"total\":3");
	world.idempotency_key = "key-1";
	world_do(ENTITLEMENT, "consume", id, "{\"units\":1,\"reason\":\"visit\"}");
	CHECK_INT(
		world_number("SELECT COUNT(*) FROM term_posting WHERE entitlement_id = $1 AND "
	                     "actor = 'system' AND reason = 'visit' AND idempotency_key = 'key-1'",
	                     id),
		1);
	CHECK_INT(world_number("SELECT COUNT(*) FROM event WHERE type = 'entitlement.consumed' AND "
	                       "reason = 'visit' AND after LIKE '{\"units\":1,%\"available\":2}'",
	                       id), 1);
	CHECK_INT(world_number("SELECT version FROM entitlement WHERE id = $1", id), 3);
	world_close();
}

APP_TEST(ledger_use_without_case_is_bound_by_state_and_channel)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"cases\",\"total\":9,\"other_channels\":\"deny\",\"channels\":"
	                 "[{\"channel\":\"phone\",\"total\":2},{\"channel\":\"web\",\"total\":0}]");
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":1,\"channel\":\"web\"}", NULL),
	           ENT_E_NOT_COVERED);
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":1,\"channel\":\"fax\"}", NULL),
	           ENT_E_NOT_COVERED);
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":0}", NULL), ENT_E_RANGE);
	world_do(ENTITLEMENT, "consume", id, "{\"units\":1,\"channel\":\"phone\"}");
	world_do(ENTITLEMENT, "suspend", id, "{}");
	CHECK_CODE(world_try(ENTITLEMENT, "consume", id, "{\"units\":1}", NULL), ENT_E_STATE);
	world_close();
}

/* dynamics 4.6, and what becomes of a row that goes and comes back */
APP_TEST(ledger_keeps_channel_rows_through_amendments)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id =
		live("\"unit\":\"cases\",\"total\":100,\"restricted\":true,\"channels\":"
	             "[{\"channel\":\"phone\",\"total\":80},{\"channel\":\"email\",\"total\":80}]");
	world_do(ENTITLEMENT, "consume", id, "{\"units\":25,\"channel\":\"email\"}");
	CHECK_CODE(world_try(ENTITLEMENT, "amend", id, "{\"changes\":{\"total\":70}}", NULL),
	           ENT_E_INVALID); /* one issue for each channel */
	CHECK_CODE(world.error.issues[0].code, ENT_E_TOTAL_BELOW_CHANNEL);
	CHECK_TEXT(world.error.issues[0].pointer, "/changes/total");
	CHECK_CODE(world_try(ENTITLEMENT, "amend", id,
	                     "{\"changes\":{\"channels\":[{\"channel\":\"phone\",\"total\":120}]}}",
	                     NULL),
	           ENT_E_CHANNEL_ABOVE_TOTAL);
	world_do(ENTITLEMENT, "amend", id,
	         "{\"changes\":{\"channels\":[{\"channel\":\"email\",\"total\":30}]}}");
	struct ent_entitlement e = world_entitlement(id);
	CHECK_INT((long long)e.channels.count, 1);
	CHECK_INT(((struct ent_entitlement_channel *)e.channels.items)->available.n, 5);
	CHECK_INT(world_findings(), 0);
	world_do(ENTITLEMENT, "amend", id, "{\"changes\":{\"channels\":[]}}");
	world_do(ENTITLEMENT, "amend", id,
	         "{\"changes\":{\"channels\":[{\"channel\":\"email\",\"total\":40}]}}");
	e = world_entitlement(id);
	CHECK_INT(((struct ent_entitlement_channel *)e.channels.items)->available.n, 15);
	CHECK_INT(e.revision, 3);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(ledger_channel_with_reservations_keeps_its_row)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id =
		live("\"unit\":\"cases\",\"total\":10,\"charge_on\":\"resolution\",\"channels\":"
	             "[{\"channel\":\"phone\",\"total\":8}]");
	world_create(&ent_case_type, "{\"account_id\":$1,\"title\":\"C\",\"channel\":\"phone\","
	                             "\"entitlement_id\":$2}",
	             REFS({ &ent_account_type, account }, { ENTITLEMENT, id }));
	CHECK_INT(world_entitlement(id).reserved.n, 1);
	CHECK_CODE(world_try(ENTITLEMENT, "amend", id, "{\"changes\":{\"channels\":[]}}", NULL),
	           ENT_E_IN_USE);
	world_close();
}

APP_TEST(ledger_amendments_are_judged)
{
	static const struct {
		const char *input;
		enum ent_code code;
	} rows[] = {
		{ "{\"changes\":{}}", ENT_E_TYPE },
		{ "{\"changes\":[1]}", ENT_E_TYPE },
		{ "{\"changes\":{\"nam\":\"x\"}}", ENT_E_UNKNOWN_FIELD },
		{ "{\"changes\":{\"total\":1}}", ENT_E_TOTAL_BELOW_USED },
		{ "{\"changes\":{\"unit\":\"visits\"}}", ENT_E_INVALID },
		{ "{\"changes\":{\"account_id\":null}}", ENT_E_FIXED },
		{ "{\"changes\":{\"stage\":\"draft\"}}", ENT_E_UNKNOWN_FIELD },
		{ "{\"changes\":{\"time_zone\":\"No/Where\"}}", ENT_E_UNKNOWN_VALUE },
		{ "{\"changes\":{\"total\":4},\"effective_on\":\"2025-06-09\"}", ENT_E_RANGE },
		{ "{\"changes\":{\"total\":1},\"effective_on\":\"2025-07-09\"}",
		  ENT_E_TOTAL_BELOW_USED },
		{ "{\"changes\":{\"total\":4},\"effective_on\":\"2026-01-01\"}",
		  ENT_E_CANNOT_AMEND },
	};
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"unit\":\"cases\",\"total\":5,\"ends_on\":\"2025-12-31\"");
	world_do(ENTITLEMENT, "consume", id, "{\"units\":3}");
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].input);
		CHECK_CODE(world_try(ENTITLEMENT, "amend", id, rows[i].input, NULL), rows[i].code);
	}
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created activated consumed");
	for (int i = 0; i < 20; i++) {
		world_do(ENTITLEMENT, "amend", id,
		         "{\"changes\":{\"total\":9},\"effective_on\":\"2025-08-01\"}");
	}
	CHECK_CODE(world_try(ENTITLEMENT, "amend", id,
	                     "{\"changes\":{\"total\":9},\"effective_on\":\"2025-08-01\"}", NULL),
	           ENT_E_LIMIT);
	world_close();
}

APP_TEST(ledger_amended_end_in_the_past_of_today_expires)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id id = live("\"ends_on\":\"2025-12-31\"");
	world_do(ENTITLEMENT, "set_default", id, "{}");
	world_do(ENTITLEMENT, "amend", id, "{\"changes\":{\"ends_on\":\"2025-06-09\"}}");
	CHECK_TEXT(world_state(id), "expired");
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created activated amended expired");
	CHECK_TEXT(world_events(&ent_account_type, account), "created default_set default_cleared");
	world_close();
}

/* ---- cases on an entitlement ----------------------------------------------------------------- */

static enum ent_code open_case(ent_id contact, ent_id product, ent_id entitlement)
{
	ent_id id;
	char json[300];
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"title\":\"C\"%s%s%s}",
	         ent_id_is_none(entitlement) ? "" : ",\"entitlement_id\":$2",
	         ent_id_is_none(contact) ? "" : ",\"contact_id\":$3",
	         ent_id_is_none(product) ? "" : ",\"product_id\":$4");
	return world_try_create(&ent_case_type, json,
	                        REFS({ &ent_account_type, account }, { ENTITLEMENT, entitlement },
	                             { &ent_contact_type, contact },
	                             { &ent_product_type, product }),
	                        &id);
}

/* dynamics 4.1 */
APP_TEST(ledger_tv_warranty)
{
	world_open("2025-07-01T08:00:00Z");
	account = world_account("A");
	ent_id tv = world_create(&ent_product_type, "{\"name\":\"TV-55\"}", NULL);
	ent_id bar = world_create(&ent_product_type, "{\"name\":\"SOUNDBAR\"}", NULL);
	ent_id id = world_create(
		ENTITLEMENT,
		"{\"account_id\":$1,\"name\":\"Warranty\",\"starts_on\":\"2025-07-01\","
		"\"ends_on\":\"2026-06-30\",\"unit\":\"cases\",\"total\":9999,"
		"\"products\":[$2]}",
		REFS({ &ent_account_type, account }, { &ent_product_type, tv }));
	world_do(ENTITLEMENT, "activate", id, "{}");
	for (int i = 0; i < 3; i++) {
		OK(open_case(ENT_ID_NONE, tv, id));
	}
	CHECK_INT(world_available(id), 9996);
	CHECK_CODE(open_case(ENT_ID_NONE, bar, id), ENT_E_NOT_COVERED);
	OK(open_case(ENT_ID_NONE, ENT_ID_NONE, id));
	world_at("2026-07-01T08:00:00Z");
	CHECK_CODE(open_case(ENT_ID_NONE, tv, id), ENT_E_NOT_COVERED);
	CHECK_INT(world_available(id), 9995);
	CHECK_INT(world_findings(), 0);
	world_close();
}

/* dynamics 4.2 as grants: one entitlement, two rows */
APP_TEST(ledger_marcie_and_jackson)
{
	world_open("2025-06-10T08:00:00Z");
	account = world_account("A");
	ent_id people[3], products[3];
	static const char *const names[] = { "Marcie", "Jackson", "Dana" };
	for (size_t i = 0; i < 3; i++) {
		char json[100];
		snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"%s\"}", names[i]);
		people[i] =
			world_create(&ent_contact_type, json, REFS({ &ent_account_type, account }));
		snprintf(json, sizeof(json), "{\"name\":\"product %zu\"}", i);
		products[i] = world_create(&ent_product_type, json, NULL);
	}
	ent_id id = world_create(
		ENTITLEMENT,
		"{\"account_id\":$1,\"name\":\"E\",\"unit\":\"cases\",\"total\":50,"
		"\"grants\":[{\"contact_id\":$2,\"product_id\":$3},"
		"{\"contact_id\":$4,\"product_id\":$5}]}",
		REFS({ &ent_account_type, account }, { &ent_contact_type, people[0] },
	             { &ent_product_type, products[0] }, { &ent_contact_type, people[1] },
	             { &ent_product_type, products[1] }));
	world_do(ENTITLEMENT, "activate", id, "{}");
	for (size_t p = 0; p < 3; p++) {
		for (size_t q = 0; q < 3; q++) {
			ROW(names[p]);
			bool fits = p == q && p < 2;
			CHECK_INT(open_case(people[p], products[q], id) == ENT_OK, fits);
		}
	}
	CHECK_INT(world_available(id), 48);
	world_close();
}
