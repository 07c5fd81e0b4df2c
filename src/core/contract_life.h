/* contract_life.h - the life of contracts and their lines: states at an instant, what may be done.
 *
 * domain.md 7; servicenow 2.1, 2.2, 8.1. Stored is the stage (draft, live, cancelled) of the
 * contract, and of each node, the contract or a line, its first and last day, its cancellation
 * and its suspensions. The state follows from them when it is read: a live contract before its
 * first day is a draft, too, and becomes active by itself.
 *
 * States go down and never up: a line is in force only while every node above it is. What has
 * ended first says how: a line that was cancelled stays cancelled when its contract expires.
 * The header alone is honest about its lines: with some of them suspended it is
 * partly_suspended, with all of them suspended.
 *
 * All functions are pure.
 */
#ifndef ENT_CORE_CONTRACT_LIFE_H
#define ENT_CORE_CONTRACT_LIFE_H

#include "core/type.h"
#include "core/zone.h"

enum ent_contract_action {
#define ENT_CONTRACT_ACTION(constant, text, on, ...) ENT_CONTRACT_DO_##constant,
#include "core/contract_life.def"
	ENT_CONTRACT_ACTIONS
};
const char *ent_contract_action_text(enum ent_contract_action action); /* "add_lines" */

/* [from, until); until none: without end. */
struct ent_span {
	ent_instant from, until;
};
struct ent_spans {
	const struct ent_span *items;
	size_t count;
};

/* What the state of one node follows from. */
struct ent_contract_life {
	enum ent_entitlement_stage stage; /* of lines always live */
	bool ends_early;                  /* after its end it is cancelled, not expired */
	ent_instant starts_at, ends_at, cancelled_at;
	struct ent_spans spans;
};

/* With its suspensions, in `arena`. */
struct ent_contract_life ent_contract_life_of(const struct ent_contract *contract,
                                              struct ent_arena *arena);
struct ent_contract_life ent_contract_line_life_of(const struct ent_contract_line *line,
                                                   struct ent_arena *arena);

/* A node and all above it: nodes[0] is the contract, the last one the node itself. */
struct ent_contract_chain {
	const struct ent_contract_life *const *nodes;
	size_t count;
};

/* Room for the chain below. */
struct ent_contract_nodes {
	struct ent_contract_life life[3];
	const struct ent_contract_life *nodes[3];
};
/* Of a line; `root` and `line` NULL: of the contract. What is between a line and its root is inside
 * the root by its days, and only roots and the contract are suspended or cancelled: they and the
 * line itself say all. */
struct ent_contract_chain ent_contract_chain_of(struct ent_contract_nodes *nodes,
                                                const struct ent_contract *contract,
                                                const struct ent_contract_line *root,
                                                const struct ent_contract_line *line,
                                                struct ent_arena *arena);

/* The instants of the days; call it whenever a day or the zone changes. */
void ent_contract_dates(struct ent_contract *contract, const struct ent_zone *zone);
void ent_contract_line_dates(struct ent_contract_line *line, const struct ent_zone *zone);
void ent_contract_coverage_dates(struct ent_contract_coverage *row, const struct ent_zone *zone);

/* Never partly_suspended. */
enum ent_contract_state ent_contract_state_in(struct ent_contract_chain chain, ent_instant at);

/* The header's, with what its root lines say. */
enum ent_contract_state ent_contract_header_state(const struct ent_contract_life *header,
                                                  const struct ent_contract_life *const *roots,
                                                  size_t root_count, ent_instant at);

/* Neither draft nor ended: active or suspended in some way. */
bool ent_contract_is_live(enum ent_contract_state state);
bool ent_contract_is_terminal(enum ent_contract_state state);

/* A change of state that time alone brings. */
struct ent_contract_boundary {
	ent_instant at;
	enum ent_contract_state from, to;
};

/* The first after `after`; false: there is none. */
bool ent_contract_next(struct ent_contract_chain chain, ent_instant after,
                       struct ent_contract_boundary *out);

/* "activated", "resumed", "suspended", "expired", "cancelled" */
const char *ent_contract_verb(const struct ent_contract_boundary *boundary);

/* When the node is in force: in [from, until) but for the gaps. Never: from is INSTANT_END. */
struct ent_contract_force {
	ent_instant from, until; /* none: no bound */
	struct ent_spans gaps;
};
struct ent_contract_force ent_contract_force_of(struct ent_contract_chain chain,
                                                struct ent_arena *arena);

/* ENT_OK or the code of contract_life.def. */
enum ent_code ent_contract_may(enum ent_contract_state state, enum ent_contract_action action);
/* Does it concern the header, a line? */
bool ent_contract_action_is_of(enum ent_contract_action action, bool is_line);

/* May this field be edited directly in this state? ENT_OK, START_LOCKED, EDIT_LOCKED,
 * STATE_TERMINAL. Everything may in a draft. */
enum ent_code ent_contract_may_edit(const struct ent_type *type, enum ent_contract_state state,
                                    ent_str field);

#endif
