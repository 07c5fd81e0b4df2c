/* plan_cover.h - coverage rows that a plan makes, found by what they cover and for whom. */
#ifndef ENT_CORE_PLAN_COVER_H
#define ENT_CORE_PLAN_COVER_H

#include "core/plan.h"

struct ent_plan_covers {
	struct ent_contract_coverage **slots; /* open addressing; at most half full */
	size_t room;
};

/* Room for `most` rows, which the plan goes on to hold. */
struct ent_plan_covers ent_plan_covers_of(struct ent_arena *arena, size_t most);

/* One for the same owner and the same asset or product; NULL: there is none. */
struct ent_contract_coverage *ent_plan_covers_find(const struct ent_plan_covers *covers,
                                                   const struct ent_contract_coverage *row);

/* What it covers and for whom stays as it is. */
void ent_plan_covers_add(struct ent_plan_covers *covers, struct ent_contract_coverage *row);

#endif
