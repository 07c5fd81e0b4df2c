/* plan_tree.h - what planners share: what belongs to what in a holding, copies of it, days cut.
 *
 * A tree is made for one holding and one plan. A planner chooses lines, makes or moves them
 * (made[]), and lets entitlements and coverage follow. Everything is linear in what the holding
 * has.
 */
#ifndef ENT_CORE_PLAN_TREE_H
#define ENT_CORE_PLAN_TREE_H

#include "core/contract_check.h"
#include "core/plan.h"

#define ENT_TREE_NONE SIZE_MAX

struct ent_plan_tree {
	struct ent_plan *plan;
	const struct ent_holding *from;
	size_t *above;                   /* the line that each is part of, or ENT_TREE_NONE */
	size_t *root;                    /* the one at the top of its tree */
	bool *chosen;                    /* what it is about */
	struct ent_contract_line **made; /* of each line what the plan makes of it, or NULL */
};

/* NONE: no such line, or none given. */
size_t ent_plan_tree_find(const struct ent_plan_tree *tree, ent_id line);

/* The place of an entitlement in a holding, which are there by id; or NONE. */
size_t ent_plan_right_at(const struct ent_holding *from, ent_id right);

struct ent_plan_tree ent_plan_tree_of(struct ent_plan *plan, const struct ent_holding *from);

/* Choose these lines and all below them; none given: all. Notes NO_SUCH_RECORD, NOT_ROOT,
 * DUPLICATE at "/lines/3". */
void ent_plan_tree_choose(struct ent_plan_tree *tree, struct ent_ids lines,
                          struct ent_error *error);

/* First and last day, those of what it is in where it has none. */
struct ent_days ent_plan_line_days(const struct ent_plan_tree *tree, size_t line);
struct ent_days ent_plan_coverage_days(const struct ent_plan_tree *tree,
                                       const struct ent_contract_coverage *row);

/* A contract that the plan makes like another one: a draft without history and lines. */
struct ent_contract *ent_plan_copy_contract(struct ent_plan *plan, const struct ent_contract *like);

/* A line like this one in `contract`, below what was made of the line above it, at the top if
 * nothing was; found in made[] from now on. Without history; days and prices as they are. */
struct ent_contract_line *ent_plan_copy_line(struct ent_plan_tree *tree, size_t line,
                                             const struct ent_contract *contract,
                                             enum ent_line_type type);

/* Lines that prices of what was made are derived from: those made of them, if any. */
void ent_plan_derive_from_made(struct ent_plan_tree *tree);

/* A right like this one, without balance and history, under what the plan made. A draft. */
struct ent_entitlement *ent_plan_copy_right(struct ent_plan *plan,
                                            const struct ent_entitlement *like, ent_id contract,
                                            ent_id line);

/* End it on `last`, if it goes on for longer; steps of prices are left to ent_plan_keep_steps().
 * What begins behind that is cancelled. */
void ent_plan_cut_line(struct ent_plan_tree *tree, size_t line, ent_date last);
void ent_plan_cut_right(struct ent_plan *plan, const struct ent_entitlement *right, ent_date last);
/* Rows with a last day of their own: the others end with what they are of. */
void ent_plan_cut_coverage(struct ent_plan *plan, const struct ent_contract_coverage *row,
                           ent_date last);

/* "/lines/3" in `arena`. */
ent_str ent_plan_pointer(struct ent_arena *arena, const char *list, size_t at);

#endif
