#include "app/world.h"

static const struct ent_type *const ENTITLEMENT = &ent_entitlement_type;

static ent_id active(void)
{
	ent_id account = world_account("A");
	ent_id id =
		world_create(ENTITLEMENT,
	                     "{\"account_id\":$1,\"name\":\"Gold\",\"starts_on\":\"2025-01-01\","
	                     "\"ends_on\":\"2025-12-31\",\"unit\":\"cases\",\"total\":10}",
	                     REFS({ &ent_account_type, account }));
	world_do(ENTITLEMENT, "activate", id, "{}");
	return id;
}

static ent_id number(const char *sql, ent_id entitlement)
{
	return (ent_id){ world_number(sql, entitlement) };
}

APP_TEST(withdraw_takes_back_a_scheduled_cancellation)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id id = active();
	CHECK_CODE(world_try(ENTITLEMENT, "withdraw", id, "{}", NULL), ENT_E_STATE);
	world_do(ENTITLEMENT, "cancel", id, "{\"at\":\"2025-07-01T00:00:00Z\"}");
	world_do(ENTITLEMENT, "withdraw", id, "{\"reason\":\"stays after all\"}");
	world_at("2025-07-02");
	CHECK_TEXT(world_state(id), "active");
	CHECK_TEXT(world_events(ENTITLEMENT, id),
	           "created activated cancellation_scheduled cancellation_withdrawn");
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(withdraw_takes_back_a_suspension_that_has_not_begun)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id id = active();
	world_do(ENTITLEMENT, "suspend", id,
	         "{\"starts_at\":\"2025-07-01T00:00:00Z\",\"ends_at\":\"2025-07-11T00:00:00Z\","
	         "\"extend_term\":true}");
	CHECK_INT(world_entitlement(id).ends_on.day, world_date("2026-01-10").day);
	ent_id row = number("SELECT id FROM entitlement_suspension WHERE entitlement_id = $1", id);
	OK(world_try(ENTITLEMENT, "withdraw", id, "{\"suspension_id\":$1}",
	             REFS({ &ent_entitlement_suspension_type, row })));
	CHECK_INT(world_entitlement(id).ends_on.day, world_date("2025-12-31").day);
	world_at("2025-07-02");
	CHECK_TEXT(world_state(id), "active");
	CHECK_CODE(world_try(ENTITLEMENT, "withdraw", id, "{\"suspension_id\":$1}",
	                     REFS({ &ent_entitlement_suspension_type, row })),
	           ENT_E_NO_SUCH_RECORD);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(withdraw_takes_back_one_amendment_and_leaves_the_other)
{
	world_open("2025-06-10T08:00:00Z");
	ent_id id = active();
	world_do(ENTITLEMENT, "amend", id,
	         "{\"changes\":{\"total\":15},\"effective_on\":\"2025-07-01\"}");
	ent_id first = number("SELECT id FROM entitlement_revision WHERE entitlement_id = $1", id);
	world_do(ENTITLEMENT, "amend", id,
	         "{\"changes\":{\"name\":\"Platinum\"},\"effective_on\":\"2025-08-01\"}");
	OK(world_try(ENTITLEMENT, "withdraw", id, "{\"revision_id\":$1}",
	             REFS({ &ent_entitlement_revision_type, first })));
	CHECK_CODE(world_try(ENTITLEMENT, "withdraw", id, "{\"revision_id\":$1}",
	                     REFS({ &ent_entitlement_revision_type, first })),
	           ENT_E_NO_SUCH_RECORD);
	world_at("2025-08-02");
	CHECK_INT(world_available(id), 10);
	CHECK_TEXT(world_entitlement(id).name.ptr, "Platinum");
	CHECK_INT(world_findings(), 0);
	world_close();
}
