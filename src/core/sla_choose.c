#include "core/sla.h"

struct ent_sla_choice ent_sla_choose(bool enabled, struct ent_sla_candidate manual,
                                     struct ent_sla_candidate entitlement,
                                     struct ent_sla_candidate account,
                                     struct ent_sla_candidate organisation)
{
	const struct {
		enum ent_sla_source source;
		struct ent_sla_candidate of;
	} order[] = {
		{ ENT_SLA_FROM_MANUAL, manual },
		{ ENT_SLA_FROM_ENTITLEMENT, entitlement },
		{ ENT_SLA_FROM_ACCOUNT, account },
		{ ENT_SLA_FROM_DEFAULT, organisation },
	};
	struct ent_sla_choice choice = { .source = ENT_SLA_FROM_NONE };
	if (!enabled) {
		choice.source = ENT_SLA_FROM_DISABLED;
		return choice;
	}
	for (size_t i = 0; i < ENT_COUNT(order); i++) {
		if (!ent_id_is_none(order[i].of.policy_id) &&
		    !ent_id_is_none(order[i].of.version_id)) {
			choice.source = order[i].source;
			choice.policy_id = order[i].of.policy_id;
			choice.version_id = order[i].of.version_id;
			break;
		}
	}
	return choice;
}
