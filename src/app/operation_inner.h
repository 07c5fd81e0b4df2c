/* operation_inner.h - what the files of operations share. */
#ifndef ENT_APP_OPERATION_INNER_H
#define ENT_APP_OPERATION_INNER_H

#include "app/operation.h"

/* Which fields of each row differ, by its place; of one that is made those that are filled in. */
struct ent_set *ent_operation_diffs(const struct ent_plan *plan);

/* {"changes": [...]}, before anything is written: the same text in preview and answer. */
ent_str ent_operation_changes(const struct ent_plan *plan, const struct ent_set *diffs,
                              const struct ent_plan_prices *prices);
ent_str ent_operation_warnings(const struct ent_plan *plan);

/* In the currency of the contract; none where it has none. */
ent_money ent_operation_money(const struct ent_plan_prices *prices, ent_decimal amount);

/* Once it is written: what was made, with the words for it in the changes; what undo needs. */
ent_str ent_operation_made(const struct ent_plan *plan);
ent_str ent_operation_restore(const struct ent_plan *plan, const struct ent_set *diffs);

/* What an operation wrote, for its undo and its answer. */
struct ent_operation_written {
	ent_str made;             /* [{"new","type","id","number"}, …] */
	ent_str restore;          /* what undo needs */
	int64_t version;          /* of the contract that was operated on */
	ent_instant effective_at; /* given: when it takes effect */
};

/* An operation that is being written. */
struct ent_operation_writer {
	struct ent_operating *op;
	struct ent_call *call;
	const struct ent_set *diffs;
	struct ent_plan_row **made; /* by the number of the record; [0] is not used */
	ent_id *ids;                /* the identifiers that they have now, rising */
	ent_id operation;
};

/* The contract as it will be, with its place among the rows (SIZE_MAX: it does not change). */
const struct ent_contract *ent_operation_contract(const struct ent_operation_writer *w, ent_id id,
                                                  size_t *place);

/* Instants of days, each in the zone of its own contract or entitlement, and numbers. */
ENT_CHECK enum ent_code ent_operation_settle(struct ent_operation_writer *w,
                                             struct ent_error *error);

/* Coverage that is as it was, but of a line that went over to a contract of another zone. */
ENT_CHECK enum ent_code ent_operation_date_again(struct ent_operation_writer *w,
                                                 struct ent_error *error);

/* Once the rows are written: versions, counts of lines, what time brings next. */
ENT_CHECK enum ent_code ent_operation_finish(struct ent_operation_writer *w,
                                             struct ent_operation_written *out,
                                             struct ent_error *error);

/* Write all rows and links of the plan with their events; `id` is the operation's. */
ENT_CHECK enum ent_code ent_operation_write(struct ent_operating *op, const struct ent_set *diffs,
                                            ent_id id, struct ent_operation_written *out,
                                            struct ent_error *error);

/* The event of an operation, without what the events of the records say. */
ENT_CHECK enum ent_code ent_operation_tell(struct ent_call *call,
                                           const struct ent_contract_operation *kept,
                                           const char *verb, struct ent_error *error);

/* Time brings the next event of the contract, at once where something has begun or ended now. */
ENT_CHECK enum ent_code ent_operation_expect(struct ent_call *call,
                                             const struct ent_contract_tree *tree,
                                             struct ent_error *error);

#endif
