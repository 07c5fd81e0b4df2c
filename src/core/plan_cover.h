/* plan_cover.h - coverage rows that a plan makes: found by what they cover and for whom, and as
 * times that neither meet nor reach beyond the days that they come from.
 */
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

/* ---- times ------------------------------------------------------------------------------ */

/* Rows to be made. Those of the same owner and target whose days meet or follow each other become
 * one, and days that a row covers which stays are left out. */
struct ent_plan_times {
	struct ent_plan_covers made, kept; /* the first of those that are alike */
	struct ent_plan_time *rows;
	size_t count, room;
	struct ent_arena *arena;
};

struct ent_plan_times ent_plan_times_of(struct ent_arena *arena, size_t most);

/* A row of the owner that stays, as it will be. Before any row is added. */
void ent_plan_times_keep(struct ent_plan_times *times, const struct ent_contract_coverage *row);

/* At most so many as there is room for, with those that are kept. */
void ent_plan_times_add(struct ent_plan_times *times, const struct ent_contract_coverage *row);

/* Make the rows in the plan, in the order in which they were added. */
void ent_plan_times_make(const struct ent_plan_times *times, struct ent_plan *plan);

#endif
