#include "app/ledger.h"
#include "app/world.h"
#include "core/life.h"

static const struct ent_type *const ENTITLEMENT = &ent_entitlement_type;

/* A draft of this account. */
static ent_id draft(ent_id account, const char *fields)
{
	char json[1000];
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"Support\"%s%s}",
	         fields[0] == '\0' ? "" : ",", fields);
	return world_create(ENTITLEMENT, json, REFS({ &ent_account_type, account }));
}

static ent_id active(ent_id account, const char *fields)
{
	ent_id id = draft(account, fields);
	world_do(ENTITLEMENT, "activate", id, "{}");
	return id;
}

APP_TEST(entitlement_is_created_with_defaults)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_create(&ent_account_type,
	                              "{\"name\":\"A\",\"time_zone\":\"Europe/Berlin\"}", NULL);
	ent_id id = draft(account, "\"starts_on\":\"2025-07-01\",\"ends_on\":\"2026-06-30\","
	                           "\"unit\":\"cases\",\"total\":10");
	struct ent_entitlement e = world_entitlement(id);
	CHECK_TEXT(e.number.ptr, "ENT-000001");
	CHECK_TEXT(e.time_zone.ptr, "Europe/Berlin");
	CHECK(e.starts_at.us == world_instant("2025-06-30T22:00:00Z").us);
	CHECK(e.ends_at.us == world_instant("2026-06-30T22:00:00Z").us);
	CHECK_TEXT(world_state(id), "draft");
	CHECK_INT(e.available.n, 10);
	world_close();
}

/* dynamics 4.10 */
APP_TEST(entitlement_state_follows_from_dates_when_activated)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id waiting = active(account, "\"starts_on\":\"2025-07-01\",\"ends_on\":\"2026-06-30\"");
	ent_id now = active(account, "\"starts_on\":\"2025-06-01\",\"ends_on\":\"2025-06-30\"");
	ent_id over = active(account, "\"starts_on\":\"2025-05-01\",\"ends_on\":\"2025-05-31\"");
	CHECK_TEXT(world_state(waiting), "waiting");
	CHECK_TEXT(world_state(now), "active");
	CHECK_TEXT(world_state(over), "expired");
	CHECK_TEXT(world_events(ENTITLEMENT, waiting), "created scheduled");
	CHECK_TEXT(world_events(ENTITLEMENT, now), "created activated");
	CHECK_TEXT(world_events(ENTITLEMENT, over), "created expired");
	CHECK_CODE(world_try(ENTITLEMENT, "deactivate", over, "{}", NULL), ENT_E_CANNOT_DEACTIVATE);
	world_close();
}

/* dynamics 4.4 */
APP_TEST(entitlement_default_is_lost_on_deactivation_and_kept_by_amend)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id id = active(account, "\"unit\":\"cases\",\"total\":10");
	world_do(ENTITLEMENT, "set_default", id, "{}");
	CHECK(world_entitlement(id).is_default);
	world_do(ENTITLEMENT, "consume", id, "{\"units\":1}");
	CHECK_INT(world_available(id), 9);
	world_do(ENTITLEMENT, "amend", id, "{\"changes\":{\"total\":15}}");
	CHECK_INT(world_available(id), 14);
	CHECK(world_entitlement(id).is_default);
	CHECK_INT(world_entitlement(id).revision, 1);
	world_do(ENTITLEMENT, "deactivate", id, "{}");
	CHECK(!world_entitlement(id).is_default);
	OK(world_try_update(ENTITLEMENT, id, "{\"total\":20}", NULL));
	CHECK_INT(world_available(id), 19);
	world_do(ENTITLEMENT, "activate", id, "{}");
	CHECK_INT(world_available(id), 19);
	CHECK(!world_entitlement(id).is_default);
	CHECK_TEXT(world_events(&ent_account_type, account), "created default_set default_cleared");
	CHECK_TEXT(world_events(ENTITLEMENT, id),
	           "created activated consumed amended deactivated updated activated");
	world_close();
}

APP_TEST(entitlement_default_is_one_of_an_account)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id a = active(account, "");
	ent_id b = active(account, "");
	ent_id c = draft(account, "");
	world_do(ENTITLEMENT, "set_default", a, "{}");
	world_do(ENTITLEMENT, "set_default", b, "{}");
	CHECK(!world_entitlement(a).is_default);
	CHECK(world_entitlement(b).is_default);
	CHECK_CODE(world_try(ENTITLEMENT, "set_default", c, "{}", NULL), ENT_E_CANNOT_BE_DEFAULT);
	world_do(ENTITLEMENT, "clear_default", b, "{}");
	CHECK(!world_entitlement(b).is_default);
	world_do(ENTITLEMENT, "set_default", a, "{}");
	world_do(ENTITLEMENT, "cancel", a, "{}");
	CHECK_INT(world_number("SELECT COUNT(*) FROM account WHERE id = $1 "
	                       "AND default_entitlement_id IS NULL", account), 1);
	world_close();
}

/* ---- the whole table of states and actions, through the use cases --------------------------- */

/* One in each state, at 2025-06-10. */
static ent_id in_state(ent_id account, enum ent_entitlement_state state)
{
	switch (state) {
	case ENT_ENTITLEMENT_DRAFT:
		return draft(account, "\"unit\":\"cases\",\"total\":5");
	case ENT_ENTITLEMENT_WAITING:
		return active(account,
		              "\"starts_on\":\"2025-07-01\",\"unit\":\"cases\",\"total\":5");
	case ENT_ENTITLEMENT_EXPIRED:
		return active(account, "\"starts_on\":\"2025-05-01\",\"ends_on\":\"2025-05-31\","
		                       "\"unit\":\"cases\",\"total\":5");
	default:
		break;
	}
	ent_id id = active(account, "\"ends_on\":\"2025-12-31\",\"unit\":\"cases\",\"total\":5");
	if (state == ENT_ENTITLEMENT_SUSPENDED) {
		world_do(ENTITLEMENT, "suspend", id, "{\"ends_at\":\"2025-07-01T00:00:00Z\"}");
	} else if (state == ENT_ENTITLEMENT_CANCELLED) {
		world_do(ENTITLEMENT, "cancel", id, "{}");
	}
	return id;
}

static const struct {
	const char *action, *input;
	enum ent_action rule; /* of life.def */
} actions[] = {
	{ "activate", "{}", ENT_ACTION_ACTIVATE },
	{ "deactivate", "{}", ENT_ACTION_DEACTIVATE },
	{ "suspend", "{\"starts_at\":\"2025-07-02T00:00:00Z\"}", ENT_ACTION_SUSPEND },
	{ "resume", "{}", ENT_ACTION_RESUME },
	{ "cancel", "{}", ENT_ACTION_CANCEL },
	{ "renew", "{\"start_rule\":\"today\"}", ENT_ACTION_RENEW },
	{ "renew", "{\"start_rule\":\"today\",\"early\":true}", ENT_ACTION_RENEW_EARLY },
	{ "amend", "{\"changes\":{\"total\":6}}", ENT_ACTION_AMEND },
	{ "top_up", "{\"units\":1}", ENT_ACTION_TOP_UP },
	{ "set_default", "{}", ENT_ACTION_SET_DEFAULT },
};

APP_TEST(entitlement_actions_are_refused_as_the_table_says)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	for (unsigned s = 0; s < ent_entitlement_state_names.count; s++) {
		for (size_t i = 0; i < ENT_COUNT(actions); i++) {
			char row[80];
			ent_id id = in_state(account, s);
			snprintf(row, sizeof(row), "%s %s", ent_entitlement_state_names.text[s],
			         actions[i].action);
			ROW(row);
			CHECK_TEXT(world_state(id), ent_entitlement_state_names.text[s]);
			CHECK_CODE(world_try(ENTITLEMENT, actions[i].action, id,
			                     actions[i].input, NULL),
			           ent_life_may(s, actions[i].rule));
		}
		ent_id id = in_state(account, s);
		CHECK_CODE(world_try_update(ENTITLEMENT, id, "{\"total\":9}", NULL),
		           ent_life_may(s, ENT_ACTION_EDIT));
		CHECK_CODE(world_try_update(ENTITLEMENT, id,
		                            "{\"channels\":[{\"channel\":\"phone\"}]}", NULL),
		           ent_life_may(s, ENT_ACTION_EDIT_CHANNELS));
		OK(world_try_update(ENTITLEMENT, id, "{\"metadata\":{\"a\":\"b\"}}", NULL));
		CHECK_CODE(world_try_delete(ENTITLEMENT, id), ent_life_may(s, ENT_ACTION_DELETE));
	}
	world_close();
}

APP_TEST(entitlement_edits_name_every_locked_field)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id id = active(account, "\"unit\":\"cases\",\"total\":5");
	CHECK_CODE(world_try_update(ENTITLEMENT, id,
	                            "{\"total\":9,\"restricted\":true,\"name\":\"N\","
	                            "\"channels\":[{\"channel\":\"web\"}]}", NULL),
	           ENT_E_INVALID);
	CHECK_INT((long long)world.error.issue_count, 3);
	CHECK_TEXT(world.error.issues[0].pointer, "/total");
	CHECK_CODE(world.error.issues[0].code, ENT_E_EDIT_LOCKED);
	CHECK_CODE(world.error.issues[2].code, ENT_E_CHANNEL_LOCKED);
	OK(world_try_update(ENTITLEMENT, id, "{\"name\":\"N\",\"priority\":3}", NULL));
	world_close();
}

APP_TEST(entitlement_input_is_judged)
{
	static const struct {
		const char *name, *fields;
		enum ent_code code;
		const char *pointer;
	} rows[] = {
		{ "zone", "\"time_zone\":\"No/Where\"", ENT_E_UNKNOWN_VALUE, "/time_zone" },
		{ "dates", "\"starts_on\":\"2025-02-02\",\"ends_on\":\"2025-02-01\"",
		  ENT_E_START_AFTER_END, NULL },
		{ "total", "\"unit\":\"cases\"", ENT_E_TOTAL_REQUIRED, "/total" },
		{ "channel", "\"unit\":\"cases\",\"total\":5,"
		             "\"channels\":[{\"channel\":\"phone\",\"total\":6}]",
		  ENT_E_CHANNEL_ABOVE_TOTAL, "/channels/0/total" },
		{ "minutes", "\"unit\":\"minutes\",\"total\":5,\"charge_on\":\"creation\"",
		  ENT_E_HOURS_ON_CREATION, NULL },
	};
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char json[400];
		ent_id id;
		ROW(rows[i].name);
		snprintf(json, sizeof(json), "{\"account_id\":$1,\"name\":\"E\",%s}",
		         rows[i].fields);
		CHECK_CODE(world_try_create(ENTITLEMENT, json, REFS({ &ent_account_type, account }),
		                            &id), rows[i].code);
		if (rows[i].pointer != NULL) {
			CHECK_TEXT(world.error.issues[0].pointer, rows[i].pointer);
		}
	}
	world_close();
}

/* ---- SQL and the pure function say the same -------------------------------------------------- */

struct compared {
	int64_t id;
	int64_t differ;
};

static enum ent_code compare(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct compared *compared = arg;
	struct ent_page page;
	compared->differ = 0;
	for (unsigned s = 0; s < ent_entitlement_state_names.count; s++) {
		struct ent_query query = { .limit = ENT_LIMIT_MAX };
		ent_query_filter(&query, ENTITLEMENT, ENT_STR("state"), ENT_STR(""),
		                 ent_str_of(ent_entitlement_state_names.text[s]), call->arena,
		                 error);
		enum ent_code code = ent_record_list(call, ENTITLEMENT, &query, &page, error);
		if (code != ENT_OK) {
			return code;
		}
		const struct ent_entitlement *items = page.list.items;
		for (size_t i = 0; i < page.list.count; i++) {
			compared->differ += items[i].state != s;
		}
		compared->id += (int64_t)page.list.count;
	}
	struct ent_query query = { .limit = ENT_LIMIT_MAX };
	ent_query_filter(&query, ENTITLEMENT, ENT_STR("is_default"), ENT_STR(""), ENT_STR("true"),
	                 call->arena, error);
	ent_query_sort(&query, ENTITLEMENT, ENT_STR("state,-is_default"), error);
	enum ent_code code = ent_record_list(call, ENTITLEMENT, &query, &page, error);
	const struct ent_entitlement *items = page.list.items;
	for (size_t i = 0; code == ENT_OK && i < page.list.count; i++) {
		compared->differ += !items[i].is_default;
	}
	return code;
}

struct random_rows {
	ent_id account;
	uint64_t state;
};

static ent_instant some_instant(uint64_t *state)
{
	if (test_random(state, 4) == 0) {
		return ENT_INSTANT_NONE;
	}
	return (ent_instant){ world_instant("2025-06-01").us +
		              (int64_t)test_random(state, 12) * ENT_DAY_US };
}

static enum ent_code insert_random(struct ent_call *call, void *arg, struct ent_error *error)
{
	enum { COUNT = 190 };
	struct random_rows *random = arg;
	enum ent_code code = ENT_OK;
	for (int i = 0; i < COUNT && code == ENT_OK; i++) {
		struct ent_entitlement e;
		struct ent_entitlement_suspension rows[2];
		ent_type_clear(ENTITLEMENT, &e);
		e.account_id = random->account;
		e.name = ENT_STR("E");
		e.stage = (unsigned)test_random(&random->state, 3);
		e.starts_at = some_instant(&random->state);
		e.ends_at = some_instant(&random->state);
		e.cancelled_at = some_instant(&random->state);
		for (size_t k = 0; k < 2; k++) {
			ent_type_clear(&ent_entitlement_suspension_type, &rows[k]);
			rows[k].starts_at = some_instant(&random->state);
			rows[k].ends_at = some_instant(&random->state);
			if (ent_instant_is_none(rows[k].starts_at)) {
				rows[k].starts_at = world_instant("2025-06-03");
			}
		}
		e.suspensions = (struct ent_children){ rows, test_random(&random->state, 3) };
		e.extra_rows = e.suspensions.count > 0 ? ENT_EXTRA_SUSPENSIONS : 0;
		e.due_at = ent_ledger_due(&e, call->now);
		code = ent_record_insert(call, ENTITLEMENT, &e, "created", error);
	}
	return code;
}

APP_TEST(entitlement_state_in_sql_is_that_of_the_rules)
{
	world_open("2025-05-30T00:00:00Z");
	struct random_rows random = { world_account("A"), 42 };
	OK(world_run(ENT_WRITE, insert_random, &random));
	world_sql(
		"UPDATE account SET default_entitlement_id = (SELECT MIN(e.id) FROM entitlement e "
		"WHERE e.stage = 'live' AND e.account_id = account.id) WHERE id = $1",
		random.account);
	for (int day = 1; day <= 13; day++) {
		char now[32];
		struct compared compared = { 0 };
		snprintf(now, sizeof(now), "2025-06-%02dT00:00:00Z", day);
		ROW(now);
		world_at(now);
		OK(world_run(ENT_READ, compare, &compared));
		CHECK_INT(compared.differ, 0);
		CHECK_INT(compared.id, 190);
	}
	world_close();
}

/* ---- renewal, suspension --------------------------------------------------------------------- */

APP_TEST(entitlement_renewal_goes_on_where_the_old_one_ends)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id old = active(account, "\"starts_on\":\"2024-07-01\",\"ends_on\":\"2025-06-30\","
	                             "\"unit\":\"cases\",\"total\":5,\"products\":[],"
	                             "\"channels\":[{\"channel\":\"phone\",\"total\":2}]");
	world_do(ENTITLEMENT, "consume", old, "{\"units\":2,\"channel\":\"phone\"}");
	world_do(ENTITLEMENT, "renew", old, "{\"early\":true,\"activate\":true}");
	ent_id id = { world_number("SELECT id FROM entitlement WHERE renewed_from_id = $1", old) };
	struct ent_entitlement e = world_entitlement(id);
	CHECK(e.starts_on.day == world_date("2025-07-01").day);
	CHECK(e.ends_on.day == world_date("2026-06-30").day);
	CHECK_TEXT(world_state(id), "waiting");
	CHECK_INT(e.available.n, 5);
	CHECK_INT(((struct ent_entitlement_channel *)e.channels.items)->available.n, 2);
	CHECK(ent_id_eq(e.renewal_root_id, old));
	CHECK_TEXT(world_events(ENTITLEMENT, old), "created activated consumed renewed");
	CHECK_TEXT(world_events(ENTITLEMENT, id), "created scheduled");
	CHECK_INT(world_findings(), 0);
	world_do(ENTITLEMENT, "renew", old, "{\"early\":true,\"starts_on\":\"2025-08-15\"}");
	id.value = world_number("SELECT MAX(id) FROM entitlement WHERE renewed_from_id = $1", old);
	e = world_entitlement(id);
	CHECK(e.starts_on.day == world_date("2025-08-15").day);
	CHECK(e.ends_on.day == world_date("2026-08-14").day);
	CHECK_INT(world_findings(), 0); /* lists find the draft as one */
	CHECK_CODE(world_try_delete(ENTITLEMENT, old), ENT_E_DELETE_LOCKED);
	world_at("2025-07-01");
	CHECK_CODE(world_try_delete(ENTITLEMENT, old), ENT_E_IN_USE);
	world_close();
}

APP_TEST(entitlement_suspension_extends_the_term)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id account = world_account("A");
	ent_id id = active(account, "\"ends_on\":\"2025-06-30\"");
	world_do(ENTITLEMENT, "suspend", id, "{\"extend_term\":true}");
	CHECK_TEXT(world_state(id), "suspended");
	world_at("2025-06-15T08:00:00Z");
	world_do(ENTITLEMENT, "resume", id, "{}");
	CHECK(world_entitlement(id).ends_on.day == world_date("2025-07-05").day);
	world_at("2025-07-05T12:00:00Z");
	CHECK_TEXT(world_state(id), "active");
	world_at("2025-07-06");
	CHECK_TEXT(world_state(id), "expired");
	world_close();
}
