/* sla_policy.h - what service levels and their versions do to each other. */
#ifndef ENT_APP_SLA_POLICY_H
#define ENT_APP_SLA_POLICY_H

#include "app/record.h"
#include "core/sla_rule.h"

struct ent_sla_held_policy {
	struct ent_sla_policy now;
	const struct ent_sla_policy *before;
};

/* Load a policy to change it: takes the organisation's lock. */
ENT_CHECK enum ent_code ent_sla_policy_hold(struct ent_call *call, ent_id id,
                                            struct ent_sla_held_policy *out,
                                            struct ent_error *error);
ENT_CHECK enum ent_code ent_sla_policy_save(struct ent_call *call,
                                            struct ent_sla_held_policy *policy, const char *verb,
                                            struct ent_error *error);

/* Is there everything that the rules of a version name? Notes NO_SUCH_RECORD in their place. */
ENT_CHECK enum ent_code ent_sla_rules_check(struct ent_call *call,
                                            const struct ent_sla_version *version,
                                            struct ent_error *error);

#endif
