/* plan.h - what an operation on contracts will do, before it is done.
 *
 * A planner is pure: it takes contracts as they are (struct ent_holding), what is asked and today,
 * and lists each record that changes, as it is and as it will be. A preview shows the plan; to
 * apply it is to write it (app/operation.h). So the two cannot differ.
 *
 * Records that the plan makes have the ids -1, -2 … until they are written; whatever refers to
 * them names those. Days are planned; instants of days follow when the plan is written.
 */
#ifndef ENT_CORE_PLAN_H
#define ENT_CORE_PLAN_H

#include "core/price.h"
#include "core/type.h"

/* A contract with all that is in it. Lines: parents before children; with all their rows. */
struct ent_holding {
	struct ent_contract *contract;
	struct ent_contract_line *lines;
	size_t line_count;
	struct ent_contract_coverage *coverage; /* of the contract, its lines and entitlements */
	size_t coverage_count;
	struct ent_entitlement *entitlements; /* under the contract and under its lines */
	size_t entitlement_count;
};

struct ent_plan_row {
	const struct ent_type *type; /* contract, contract_line, contract_coverage, entitlement */
	const void *before;          /* in the holding; NULL: the plan makes it */
	void *after;                 /* a copy in the plan's arena */
	ent_id source;               /* of one made: what it is copied from, or none */
	enum ent_line_type line_type;     /* of lines: servicenow 3.7 */
	enum ent_line_action line_action;
};

/* From what to what; lines none: the contracts as a whole. */
struct ent_plan_link {
	enum ent_contract_link_kind kind;
	ent_id from_contract, from_line, to_contract, to_line;
	ent_decimal quantity;
};

/* What somebody should know, and may go on. `pointer` into the input. */
struct ent_plan_warning {
	const char *code; /* of its own words: "gap", "end_of_life", "renewal_open" … */
	ent_str pointer, text;
};

struct ent_plan {
	struct ent_arena *arena;
	enum ent_contract_operation_kind kind;
	ent_date today;
	ent_date effective_on;
	struct ent_plan_row *rows; /* in the order in which they are written */
	size_t count, room;
	struct ent_plan_link *links;
	size_t link_count, link_room;
	struct ent_plan_warning *warnings;
	size_t warning_count, warning_room;
	int64_t made; /* how many records it makes */
};

void ent_plan_begin(struct ent_plan *plan, struct ent_arena *arena,
                    enum ent_contract_operation_kind kind, ent_date today, ent_date effective_on);

/* The row of a record of a holding, made with a copy on first use: change `after`. NULL: beyond
 * what a plan may hold, which ent_plan_check() tells. Found in constant time. */
struct ent_plan_row *ent_plan_change(struct ent_plan *plan, const struct ent_type *type,
                                     const void *record);

/* One that the plan makes: a copy of `like` (NULL: empty) with an id of the plan, no version and
 * no external id. `after` is set; the caller sets what it belongs to. */
struct ent_plan_row *ent_plan_make(struct ent_plan *plan, const struct ent_type *type,
                                   const void *like);

void ent_plan_link(struct ent_plan *plan, const struct ent_plan_link *link);
void ent_plan_warn(struct ent_plan *plan, const char *code, ent_str pointer, ent_str text);

/* Is it an id of a record that a plan makes? */
static inline bool ent_plan_is_new(ent_id id)
{
	return id.value < 0;
}

#endif
