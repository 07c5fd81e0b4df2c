/* sla_simulate.h - what would happen to a case: policy, calendars, case and events in, every
 * milestone's time line out (docs/clocks.md). The engine is that of core/sla.h, and there is no
 * database. */
#ifndef ENT_JSON_SLA_SIMULATE_H
#define ENT_JSON_SLA_SIMULATE_H

#include "json/sla.h"

/* What the caller knows beside what the input brings along. */
struct ent_sla_world {
	void *arg;
	/* Any code but ENT_OK: there is no such zone. */
	enum ent_code (*find_zone)(void *arg, ent_str name, const struct ent_zone **out,
	                           struct ent_error *error);
	/* The rules that "policy_id" or "version_id" name (the other is none). NULL: there are no
	 * stored ones. */
	enum ent_code (*find_version)(void *arg, ent_id policy, ent_id version,
	                              struct ent_arena *arena, struct ent_sla_version *out,
	                              struct ent_error *error);
	/* Clocks of stored calendars. NULL: there are none. */
	ent_sla_find_clock *find_clock;
};

/* What is wrong with the input is noted with its pointer. Errors of the world pass. */
ENT_CHECK enum ent_code ent_sla_simulate(const struct ent_node *input,
                                         const struct ent_sla_world *world,
                                         struct ent_arena *arena, ent_str *result,
                                         struct ent_error *error);

#endif
