/* How milestones and cases stand at this moment. */
#include "app/entity.h"
#include "app/sla.h"

/* The same as ent_milestone_state_at(). */
#define MILESTONE_STATE                                                          \
	"(CASE WHEN t.stage = 'open' THEN"                                       \
	" CASE WHEN t.target_at < $now THEN 'violated' ELSE 'running' END"       \
	" WHEN t.stage = 'completed' THEN"                                       \
	" CASE WHEN t.target_at < t.completed_at THEN 'met_late' ELSE 'met' END" \
	" ELSE t.stage END)"

const struct ent_derived ent_milestone_derived[] = {
	{ "state", MILESTONE_STATE },
	{ "late", "(" MILESTONE_STATE " IN ('violated', 'met_late'))" },
	{ NULL, NULL },
};

const struct ent_implied ent_milestone_implied[] = {
	{ "state", "running violated", "t.stage = 'open'" },
	{ NULL, NULL, NULL },
};

/* The same as ent_sla_status_at(). */
const struct ent_derived ent_case_derived[] = {
	{ "sla_status", "(CASE WHEN t.sla_stage <> 'open' THEN t.sla_stage"
	                " WHEN t.next_due_at < $now THEN 'violated'"
	                " WHEN t.next_warn_at <= $now THEN 'warning'"
	                " ELSE 'on_track' END)" },
	{ NULL, NULL },
};

const struct ent_kept ent_case_kept = { "state", "state", NULL, "created_at" };

ENT_HOOK_DECORATE(ent_milestone_decorate)
{
	struct ent_milestone *items = objects->items;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < objects->count && code == ENT_OK; i++) {
		struct ent_sla_clock clock;
		code = ent_sla_clock_of(call, items[i].calendar_id, items[i].calendar_revision,
		                        &clock, error);
		if (code == ENT_OK) {
			ent_milestone_derive(&items[i], &clock, call->now, *call->arena);
		}
	}
	return code;
}

ENT_HOOK_DECORATE(ent_case_decorate)
{
	struct ent_case *items = objects->items;
	(void)error;
	for (size_t i = 0; i < objects->count; i++) {
		items[i].sla_status = ent_sla_status_at(&items[i], call->now);
	}
	return ENT_OK;
}
