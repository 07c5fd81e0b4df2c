/* plan_move.h - lines that go from one contract to another from a day on, with what is theirs.
 *
 * A line that has begun ends on the day before, and one like it begins in the other contract. One
 * that has not begun goes over as it is. Entitlements go over whole, with their balance and
 * their history; days of coverage that are left go with them.
 */
#ifndef ENT_CORE_PLAN_MOVE_H
#define ENT_CORE_PLAN_MOVE_H

#include "core/plan_across.h"
#include "core/plan_cover.h"

struct ent_plan_move {
	struct ent_plan_tree tree; /* chosen: what goes; made: what it becomes */
	const struct ent_contract *target;
	ent_date from;
	enum ent_contract_link_kind kind;
	bool wholly; /* what the contract itself has goes, too */
	bool anew;   /* to another account: nothing goes over as it is */
	/* Of each line the place of the line that is made for it elsewhere, as one of those alike:
	 * its own or NULL, it has one of its own. NULL: none are alike. */
	struct ent_contract_line ***instead;
	struct ent_plan_times *times; /* coverage that other moves go on with; NULL: none do */
	struct ent_ids foreign; /* assets that the target may not have covered, by id */
	struct ent_plan_dropped dropped;
};

/* Lines that are not over by `from`. False for what was not chosen. */
bool ent_plan_moves(const struct ent_plan_move *move, size_t line);

/* Make the rows of it. Notes BALANCE_LATER: an entitlement with a balance cannot go over later. */
void ent_plan_move(struct ent_plan_move *move, struct ent_error *error);

/* A contract that goes: it ends on the day before `from`, or is cancelled if it has not begun. */
void ent_plan_end_contract(const struct ent_plan *plan, const struct ent_contract *old,
                           struct ent_contract *after, ent_date from);

/* A day to begin on: none given, today. Notes RETROACTIVE at "/effective_on" where it has passed
 * and the caller may not say so. */
ent_date ent_plan_from(const struct ent_plan *plan, ent_date given, struct ent_error *error);

#endif
