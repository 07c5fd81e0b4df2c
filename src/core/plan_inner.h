/* plan_inner.h - what the planners of operations share. */
#ifndef ENT_CORE_PLAN_INNER_H
#define ENT_CORE_PLAN_INNER_H

#include "base/text.h"
#include "core/plan.h"

/* The lines that an operation names. */
struct ent_plan_scope {
	bool whole;     /* none was named: the contract; false, too, where it is refused */
	bool *named;    /* by the place of the line */
	size_t *places; /* of those named, without repeating one */
	const char **pointers;
	size_t count;
};

enum ent_plan_named { ENT_PLAN_ROOTS, ENT_PLAN_ANY_LINE };

/* Find them, each of which must let `action` be done. Notes NO_SUCH_RECORD, NOT_ROOT and what the
 * state refuses. */
void ent_plan_scope(const struct ent_plan *plan, const struct ent_holding *holding,
                    struct ent_ids lines, enum ent_plan_named named,
                    enum ent_contract_action action, struct ent_plan_scope *out,
                    struct ent_error *error);

/* Note RETROACTIVE for a day that has passed, unless the plan may name one. */
void ent_plan_check_day(const struct ent_plan *plan, ent_date day, const char *pointer,
                        struct ent_error *error);

/* New last days. What ended with a line or contract that gets longer ends with it further on;
 * what would reach beyond one that gets shorter is cut. */
struct ent_plan_ends {
	bool moves_contract;
	ent_date contract;
	bool keeps_rest; /* of the contract nothing follows but what is under the lines that move */
	bool *moves; /* by the place of the line */
	ent_date *to;
	const char *pointer; /* of the day in the input */
};
struct ent_plan_ends ent_plan_ends_begin(const struct ent_plan *plan,
                                         const struct ent_holding *holding, const char *pointer);
/* Plan them, with coverage and entitlements. Notes CHILD_DATES_ORPHANED for what begins behind the
 * new end, DATE_OUTSIDE_PARENT, RAMP_EXTEND_FORBIDDEN. */
void ent_plan_ends_move(struct ent_plan *plan, const struct ent_holding *holding,
                        const struct ent_plan_ends *ends, struct ent_error *error);

/* Give a line another last day. Coverage and entitlements are left alone, steps of prices to
 * ent_plan_ends_move(). */
void ent_plan_end_line(struct ent_plan *plan, const struct ent_holding *holding,
                       const struct ent_contract_line *line, ent_date last);

/* Is it cancelled by the time that the day begins? */
bool ent_plan_is_cancelled(const struct ent_plan *plan, ent_instant cancelled_at, ent_date by);

/* A line that goes on with another one that had begun: what is paid once was paid with that. */
void ent_plan_spare_what_was_paid(struct ent_contract_line *made);

/* Cancel an entitlement at that instant, unless it ends before. */
void ent_plan_cancel_right(struct ent_plan *plan, const struct ent_entitlement *e, ent_instant at);

#endif
