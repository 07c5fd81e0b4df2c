/* plan_ramp.h - prices that go in steps, through what divides them.
 *
 * A ramp that is divided keeps its steps with their prices: reckoned anew from the days that are
 * left, they would be others. So does each line below it, which had the raises of the ramp in
 * its own days: it has steps of its own from then on.
 */
#ifndef ENT_CORE_PLAN_RAMP_H
#define ENT_CORE_PLAN_RAMP_H

#include "core/plan.h"
#include "core/price_contract.h"

/* The line whose ramp its price goes by: itself, one above it, or NULL. */
const struct ent_contract_line *ent_plan_ramp_of(const struct ent_holding *holding,
                                                 const struct ent_contract_line *line);

/* What its price follows from, with the raises of a ramp above it. */
struct ent_price_line ent_plan_given(const struct ent_holding *holding,
                                     const struct ent_contract_line *line, struct ent_arena *arena);

/* `after` goes on with `line` from that day on: with the steps that are left, if its ramp began
 * before. */
void ent_plan_go_on_in_steps(const struct ent_holding *holding,
                             const struct ent_contract_line *line, ent_date from,
                             struct ent_contract_line *after, struct ent_arena *arena);

/* Give steps of their own to the lines of a holding that the plan gave other days, or the ramp
 * that they go by. Notes RAMP_SEGMENTS where they cannot be told. */
void ent_plan_keep_steps(struct ent_plan *plan, const struct ent_holding *holding,
                         struct ent_error *error);

#endif
