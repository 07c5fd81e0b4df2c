#include "core/sla.h"

/* src/app/sla_show.c says the same in SQL. */

enum ent_milestone_state ent_milestone_state_at(const struct ent_milestone *milestone,
                                                ent_instant now)
{
	bool has_target = !ent_instant_is_none(milestone->target_at);
	switch (milestone->stage) {
	case ENT_MILESTONE_OPEN:
		return has_target && milestone->target_at.us < now.us ? ENT_STATE_VIOLATED
		                                                      : ENT_STATE_RUNNING;
	case ENT_MILESTONE_PAUSED:
		return ENT_STATE_PAUSED;
	case ENT_MILESTONE_COMPLETED:
		return has_target && milestone->target_at.us < milestone->completed_at.us
		               ? ENT_STATE_MET_LATE
		               : ENT_STATE_MET;
	case ENT_MILESTONE_CANCELLED:
		return ENT_STATE_CANCELLED;
	case ENT_MILESTONE_WITHDRAWN:
		break;
	}
	return ENT_STATE_WITHDRAWN;
}

enum ent_sla_status ent_sla_status_at(const struct ent_case *c, ent_instant now)
{
	switch (c->sla_stage) {
	case ENT_SLA_STAGE_NONE:
		return ENT_SLA_NONE;
	case ENT_SLA_STAGE_PAUSED:
		return ENT_SLA_PAUSED;
	case ENT_SLA_STAGE_MET:
		return ENT_SLA_MET;
	case ENT_SLA_STAGE_MET_LATE:
		return ENT_SLA_MET_LATE;
	case ENT_SLA_STAGE_OPEN:
		break;
	}
	if (!ent_instant_is_none(c->next_due_at) && c->next_due_at.us < now.us) {
		return ENT_SLA_VIOLATED;
	}
	bool warned = !ent_instant_is_none(c->next_warn_at) && c->next_warn_at.us <= now.us;
	return warned ? ENT_SLA_WARNING : ENT_SLA_ON_TRACK;
}
