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

#include "core/contract_life.h"
#include "core/price.h"
#include "core/zone.h"

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
	const void *before;          /* in a holding; NULL: the plan makes it */
	void *after;                 /* a copy in the plan's arena */
	ent_id source;               /* of one made: what it is copied from, or none */
	/* Of lines; ent_plan_change() leaves them what they were, ent_plan_make() new and add.
	 * Written into the line. */
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
	ent_instant now;
	const struct ent_zone *zone; /* of the contract that is operated on */
	ent_date today;              /* there */
	ent_date effective_on;       /* planners may set it; none: today */
	ent_instant effective_at;    /* likewise; none: when that day begins, or now */
	struct ent_plan_row *rows; /* in the order in which they are written */
	size_t count, room;
	struct ent_plan_link *links;
	size_t link_count, link_room;
	struct ent_plan_warning *warnings;
	size_t warning_count, warning_room;
	bool may_backdate; /* days that have passed may be named */
	int64_t made;      /* how many records it makes */
	struct ent_plan_slot *slots; /* rows by their `before` */
	size_t slot_room;
};

void ent_plan_begin(struct ent_plan *plan, struct ent_arena *arena,
                    enum ent_contract_operation_kind kind, ent_instant now,
                    const struct ent_zone *zone);

/* The row of a record of a holding, made with a copy on first use: change `after`. Found in
 * constant time. Good until the next row is added. One that does not differ in the end is not
 * shown and not written. Rows of children are shared with `before`: copy what you change. */
struct ent_plan_row *ent_plan_change(struct ent_plan *plan, const struct ent_type *type,
                                     const void *record);

/* One that the plan makes: a copy of `like` (NULL: empty) with an id of the plan. What the server
 * sets (version, number, stage, suspensions, cancellation, balances …) and external ids are
 * empty, but for account_id and root_id; rows of children have no ids. The
 * caller sets what it belongs to. Good until the next row is added. */
struct ent_plan_row *ent_plan_make(struct ent_plan *plan, const struct ent_type *type,
                                   const void *like);

void ent_plan_link(struct ent_plan *plan, const struct ent_plan_link *link);
void ent_plan_warn(struct ent_plan *plan, const char *code, ent_str pointer, ent_str text);

/* The place of the row that changes a record of a holding; SIZE_MAX: there is none. */
size_t ent_plan_row_of(const struct ent_plan *plan, const void *record);

/* The record as it is after the plan: the copy, or the record itself. */
const void *ent_plan_after(const struct ent_plan *plan, const void *record);

/* ---- what is in a holding ----------------------------------------------------------------- */

/* Its place among the lines; their count: it is none of them. */
size_t ent_holding_at(const struct ent_holding *holding, ent_id line);

/* The line at the top of its tree, maybe itself. */
struct ent_contract_line *ent_holding_root(const struct ent_holding *holding,
                                           const struct ent_contract_line *line);

/* The state of a line, or of the contract (line NULL), as everybody reads it. */
enum ent_contract_state ent_holding_state(const struct ent_holding *holding,
                                          const struct ent_contract_line *line, ent_instant at,
                                          struct ent_arena scratch);

/* Note under `pointer` that this cannot be done with the line, or with the contract (line NULL), in
 * its state. Returns whether it can. */
bool ent_plan_allow(const struct ent_plan *plan, const struct ent_holding *holding,
                    const struct ent_contract_line *line, enum ent_contract_action action,
                    const char *pointer, struct ent_error *error);

/* ---- prices ------------------------------------------------------------------------------- */

/* What a plan does to prices, reckoned as whoever reads the contracts reckons them
 * (contract_price.h): of rows by their place in the plan (net prices of lines, without those below;
 * tcv of contracts), and of all contracts that it knows. */
struct ent_plan_prices {
	ent_decimal *before, *after; /* none: no price */
	ent_decimal total_before, total_after;
	ent_str currency; /* empty: none of the contracts has one */
};
ENT_CHECK enum ent_code ent_plan_price(const struct ent_plan *plan,
                                       const struct ent_holding *holdings, size_t count,
                                       struct ent_plan_prices *out, struct ent_error *error);

/* Is it an id of a record that a plan makes? */
static inline bool ent_plan_is_new(ent_id id)
{
	return id.value < 0;
}

#endif
