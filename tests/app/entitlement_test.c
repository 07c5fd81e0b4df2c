#include "app/world.h"

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
