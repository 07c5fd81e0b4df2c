/* plan_group.h - which lines are alike, so that one can take the place of many.
 *
 * servicenow 3.15, 8.4. Trees are alike if their lines are of the same product, asset, place and
 * price period with the same characteristics, and the trees below them are alike in any order.
 * Lines without product are told by their name. A derived price makes a line unlike any other.
 */
#ifndef ENT_CORE_PLAN_GROUP_H
#define ENT_CORE_PLAN_GROUP_H

#include "core/type.h"

struct ent_group_node {
	const struct ent_contract_line *line;
	size_t above;  /* its place in the same list, before it; SIZE_MAX: at the top */
	bool joins;    /* of lines at the top: may be put together with others */
	ent_date last; /* lines with different last days are unlike; none: it does not matter */
};

/* For each node the first of those that are like it, maybe itself; O(n log n). */
size_t *ent_plan_group(const struct ent_group_node *nodes, size_t count, struct ent_arena *arena);

#endif
