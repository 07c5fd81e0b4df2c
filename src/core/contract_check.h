/* contract_check.h - the rules that contracts and what is in them are held to: servicenow 1.3,
 * 2.1, 3.7. Pure; every fault is noted with its pointer.
 */
#ifndef ENT_CORE_CONTRACT_CHECK_H
#define ENT_CORE_CONTRACT_CHECK_H

#include "core/contract_life.h"

/* First and last day; none: open. */
struct ent_days {
	ent_date first, last;
};

/* Does `inner` stay inside `outer`? */
bool ent_days_within(struct ent_days inner, struct ent_days outer);
bool ent_days_meet(struct ent_days a, struct ent_days b);

/* Note DATE_ORDER, and DATE_OUTSIDE_PARENT where `days` reach beyond `outer`, which is what
 * `what` names for people. */
void ent_days_check(struct ent_days days, struct ent_days outer, const char *what,
                    struct ent_error *error);

/* A whole contract, as it would be saved. */
void ent_contract_check(const struct ent_contract *contract, struct ent_error *error);

/* A whole line in `contract`, below `parent` (NULL: none). */
void ent_contract_line_check(const struct ent_contract_line *line,
                             const struct ent_contract_line *parent,
                             const struct ent_contract *contract, struct ent_error *error);

/* A coverage row whose owner has these days. */
void ent_contract_coverage_check(const struct ent_contract_coverage *row, struct ent_days owner,
                                 struct ent_error *error);

/* Fields in `changed` that `state` does not let be edited directly; a last day that is not
 * ahead of `today`. */
void ent_contract_check_edit(const struct ent_type *type, enum ent_contract_state state,
                             const struct ent_set *changed, struct ent_error *error);
void ent_contract_check_end(enum ent_contract_state state, ent_date before, ent_date after,
                            ent_date today, struct ent_error *error);

/* The last day of a term that begins on `first`: the day before its anniversary. */
ent_date ent_contract_last_day(ent_date first, ent_duration term);
/* The term from one day to the other, both in it: whole months by anniversary, then days. None
 * without end. */
ent_duration ent_contract_term(ent_date first, ent_date last);

#endif
