/* plan_amend.h - planners of the operations inside one contract: servicenow 3.7 to 3.12.
 *
 * Each lists what changes (plan.h) and notes every fault with its pointer into the input; what was
 * planned of a faulty input is of no use. None looks at anything but its arguments.
 */
#ifndef ENT_CORE_PLAN_AMEND_H
#define ENT_CORE_PLAN_AMEND_H

#include "core/input_contract.h"
#include "core/plan.h"

/* CANNOT_SUSPEND, SUSPEND_RANGE, SUSPEND_OVERLAP, SUSPEND_AFTER_END, RETROACTIVE, NOT_ROOT */
void ent_plan_suspend(struct ent_plan *plan, const struct ent_holding *holding,
                      const struct ent_input_contract_suspend *input, struct ent_error *error);
/* CANNOT_RESUME, SUSPEND_RANGE, RETROACTIVE, NOT_ROOT */
void ent_plan_resume(struct ent_plan *plan, const struct ent_holding *holding,
                     const struct ent_input_contract_resume *input, struct ent_error *error);
/* Entitlements under what is cancelled are cancelled with it. ALREADY_CANCELLED, STATE_TERMINAL,
 * DATE_OUTSIDE_PARENT (not on a day of it), RETROACTIVE, NOT_ROOT */
void ent_plan_cancel(struct ent_plan *plan, const struct ent_holding *holding,
                     const struct ent_input_contract_cancel *input, struct ent_error *error);
/* As ent_plan_ends_move() (plan_inner.h), and RANGE, where the day is no later (earlier) one. */
void ent_plan_extend(struct ent_plan *plan, const struct ent_holding *holding,
                     const struct ent_input_contract_extend *input, struct ent_error *error);
void ent_plan_shorten(struct ent_plan *plan, const struct ent_holding *holding,
                      const struct ent_input_contract_shorten *input, struct ent_error *error);

/* More or fewer of lines at the top, from a day on: RANGE, RAMP_QTY_LOCKED, NOT_ROOT, CANNOT_AMEND,
 * DATE_OUTSIDE_PARENT (not a day of the line), RETROACTIVE. More is a line beside the one that
 * there is; fewer end it and go on as another; none end it. */
void ent_plan_upsell(struct ent_plan *plan, const struct ent_holding *holding,
                     const struct ent_input_contract_upsell *input, struct ent_error *error);
void ent_plan_downsell(struct ent_plan *plan, const struct ent_holding *holding,
                       const struct ent_input_contract_downsell *input, struct ent_error *error);
/* Some or all become another product; faults as above. */
void ent_plan_swap(struct ent_plan *plan, const struct ent_holding *holding,
                   const struct ent_input_contract_swap *input, struct ent_error *error);
/* Any of it, line by line, also of lines below others. */
void ent_plan_amend(struct ent_plan *plan, const struct ent_holding *holding,
                    const struct ent_input_contract_amend *input, struct ent_error *error);

#endif
