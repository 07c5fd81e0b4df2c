/* contract.h - what the use cases of contracts share, and what operations are written with.
 *
 * A contract is changed under the lock of its account, like all that an account owns. Whoever
 * saves a contract or lines of one calls ent_contract_expect() with what was saved: that is what
 * makes time bring the next event.
 */
#ifndef ENT_APP_CONTRACT_H
#define ENT_APP_CONTRACT_H

#include "app/record.h"
#include "core/contract_check.h"
#include "core/contract_life.h"
#include "core/life.h"

/* A contract with all its lines, parents before their children, and with all their rows. */
struct ent_contract_tree {
	struct ent_contract contract;
	struct ent_contract_line *lines;
	size_t count;
};

/* Load it with the locks that the call has. With `rows`: adjustments, segments and
 * characteristics, too; suspensions are there in every case. NOT_FOUND. */
ENT_CHECK enum ent_code ent_contract_tree_load(struct ent_call *call, ent_id contract, bool rows,
                                               struct ent_contract_tree *out,
                                               struct ent_error *error);

/* The line with this id; NULL: there is none. */
struct ent_contract_line *ent_contract_tree_line(const struct ent_contract_tree *tree, ent_id id);

/* The zone of its days. */
ENT_CHECK enum ent_code ent_contract_zone(struct ent_call *call,
                                          const struct ent_contract *contract,
                                          const struct ent_zone **out, struct ent_error *error);

/* Its state now, by its own facts (never partly_suspended); a line's with what is above it. */
enum ent_contract_state ent_contract_own_state(const struct ent_call *call,
                                               const struct ent_contract *contract);
enum ent_contract_state ent_contract_line_state(const struct ent_call *call,
                                                const struct ent_contract *contract,
                                                const struct ent_contract_line *root,
                                                const struct ent_contract_line *line);

/* As a failure that says the state: ENT_OK or the code of contract_life.def. */
ENT_CHECK enum ent_code ent_contract_allow(enum ent_contract_state state,
                                           enum ent_contract_action action,
                                           struct ent_error *error);

/* FORBIDDEN unless the caller is the one who is named to approve it, or nobody is. */
ENT_CHECK enum ent_code ent_contract_check_approver(const struct ent_call *call,
                                                    const struct ent_contract *contract,
                                                    struct ent_error *error);

/* Note RENEW_ALREADY at `pointer` if its last day was moved into a contract that renews it; a draft
 * that was made by itself moves with it. */
ENT_CHECK enum ent_code ent_contract_check_follower(struct ent_call *call,
                                                    const struct ent_contract *before,
                                                    const struct ent_contract *after,
                                                    const char *pointer, struct ent_error *error);

/* Something of this contract changes at `at` (none, END: never) by time alone. */
ENT_CHECK enum ent_code ent_contract_expect(struct ent_call *call, struct ent_contract *contract,
                                            ent_instant at, struct ent_error *error);
/* When the contract's own state next changes after now; a line's. END: never. */
ent_instant ent_contract_next_own(const struct ent_call *call, const struct ent_contract *contract);
ent_instant ent_contract_next_line(const struct ent_call *call, const struct ent_contract *contract,
                                   const struct ent_contract_line *root,
                                   const struct ent_contract_line *line);

/* The first boundary after call->now. */
bool ent_contract_next_boundary(const struct ent_call *call, const struct ent_contract *contract,
                                const struct ent_contract_line *root,
                                const struct ent_contract_line *line,
                                struct ent_contract_boundary *out);

/* Put a draft into force now, in memory; the caller saves it. */
ENT_CHECK enum ent_code ent_contract_begin(struct ent_call *call, struct ent_contract *contract,
                                           struct ent_error *error);
/* The word for what it came into: "activated", "scheduled", "expired". */
const char *ent_contract_begun(const struct ent_call *call, const struct ent_contract *contract);
/* The entitlements under it that are drafts. */
ENT_CHECK enum ent_code ent_contract_begin_entitlements(struct ent_call *call,
                                                        const struct ent_contract *contract,
                                                        struct ent_error *error);

/* The next number of a contract. */
ENT_CHECK enum ent_code ent_contract_number(struct ent_call *call, ent_str *out,
                                            struct ent_error *error);
/* "<number>-<n>" for the n-th line that the contract ever had; line_count counts them. */
ent_str ent_contract_line_number(struct ent_call *call, const struct ent_contract *contract,
                                 int64_t n);
/* Store line_count, which is no change of the contract that makes a version. */
ENT_CHECK enum ent_code ent_contract_count_lines(struct ent_call *call,
                                                 const struct ent_contract *contract,
                                                 struct ent_error *error);

/* A contract or a line was written, or time went on for it: at the end of the call its state is
 * stored for lists to go by (contract.kept_state). */
void ent_contract_changed(struct ent_call *call, const struct ent_type *type, const void *object);
ENT_CHECK enum ent_code ent_contract_keep(struct ent_call *call, struct ent_error *error);
/* The ids of an account's contracts ($2) with another state at $1 than is stored. */
extern const char ent_contract_kept_wrong[];

/* Remember that a table has rows of this contract, line or entitlement: bits of extra_rows. */
ENT_CHECK enum ent_code ent_contract_mark(struct ent_call *call, const struct ent_type *type,
                                          ent_id account, ent_id id, int64_t bits,
                                          struct ent_error *error);

/* ---- what contract_nest.c shares with the hooks --------------------------------------- */

/* Defaults of a line that is created in `contract`, below `parent` (NULL: none): quantity one,
 * the days of what it is in, places of its rows. */
void ent_contract_line_settle(struct ent_contract_line *line, const struct ent_set *given,
                              const struct ent_contract_line *parent,
                              const struct ent_contract *contract);

/* The days of an entitlement under a contract are inside of what it is under. Notes. */
void ent_contract_entitlement_check(const struct ent_entitlement *e, struct ent_days outer,
                                    struct ent_error *error);

/* A coverage row and its place in the input. */
struct ent_covering {
	struct ent_contract_coverage *row;
	struct ent_days owner;
	const char *pointer;
};
/* Judge rows of one contract: targets, days, overlaps, whose assets. Fills in instants in
 * `zone`. */
ENT_CHECK enum ent_code ent_contract_coverage_judge_many(struct ent_call *call, ent_id account,
                                                         const struct ent_covering *rows,
                                                         size_t count, const struct ent_zone *zone,
                                                         struct ent_error *error);

/* IN_USE if entitlements, operations, lines or history refer to the contract or line. */
ENT_CHECK enum ent_code ent_contract_unused(struct ent_call *call, bool is_line, ent_id account,
                                            ent_id id, struct ent_error *error);

/* An entitlement names a contract or a line: fill in the one from the other, judge its
 * state when it is new, and the days when they are. Notes. */
ENT_CHECK enum ent_code ent_contract_entitle(struct ent_call *call,
                                             const struct ent_entitlement *before,
                                             struct ent_entitlement *e, struct ent_error *error);

#endif
