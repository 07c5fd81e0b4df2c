/* sla.h - the clocks of cases: load them, let the engine judge (core/sla.h), store.
 *
 * Whoever changes a case calls ent_sla_work_begin() when the case is as it shall be, saves the
 * case, and calls ent_sla_work_end(): ent_case_save() does all three. What time brings comes
 * through ent_sla_agenda(), which does the same with the steps that are due.
 *
 * sla_load.c loads, sla_batch.c for many cases at once; sla_work.c judges; sla_store.c writes
 * milestones and events; sla_action.c does what rules say; sla_agenda.c is called by the
 * scheduler; milestone.c has the actions of people.
 */
#ifndef ENT_APP_SLA_H
#define ENT_APP_SLA_H

#include "app/record.h"
#include "core/sla.h"

/* What account and entitlement of a case say. */
struct ent_sla_links {
	ent_id account_policy, account_calendar;
	ent_id entitlement_policy, entitlement_calendar;
	ent_str tier; /* of the account */
};

/* The clocks of one case, from loading to storing. Zeroed but for what begins it. */
struct ent_sla_work {
	struct ent_call *call;
	const struct ent_case *before; /* as it is stored; NULL: it is new */
	struct ent_case *c;            /* as it will be: its fields of service level are set here */
	struct ent_sla_run run;
	struct ent_milestone *stored;  /* the milestones as they were loaded, in the same order */
	size_t stored_count;
	ent_instant due; /* of its row in `due`; loading sets it, unless it is known to differ */
	bool is_idle;                  /* it has no service level and never had */
	bool is_loaded;
	bool has_all;                  /* everything that texts may name */
	unsigned rounds;               /* in which actions changed the case: a guard */
	struct ent_sla_step **unseen;  /* the first step whose action has not been looked at */
	ent_instant judged_at;         /* nothing is judged as of an earlier instant */
	ent_id product, calendar;      /* of the case when what it refers to was loaded */
	struct ent_sla_links links;
	const struct ent_sla_batch *batch; /* loaded with others: look there first; or NULL */
};

enum {
	ENT_SLA_ROUNDS_MAX = 10,  /* of actions and rules at one instant */
	ENT_SLA_CHANGES_MAX = 500 /* of all that one call catches up with */
};

/* Columns that say so, of account a and entitlement e, and what is read from them. */
#define ENT_SLA_LINKS "a.sla_policy_id, a.calendar_id, a.tier, e.sla_policy_id, e.calendar_id"
enum { ENT_SLA_LINK_COUNT = 5 };
struct ent_sla_links ent_sla_links_of(const struct ent_value *cell);

/* What the clocks of many cases need, loaded with a few queries: sla_batch.c. */
struct ent_sla_batch {
	struct ent_list cases;            /* struct ent_case, by id */
	const struct ent_sla_links *links; /* of each of them */
	struct ent_list milestones;       /* by case, oldest first */
	struct ent_list objects[ENT_SLA_ROOTS]; /* of those that rules of theirs look at, by id */
};

/* At most ENT_IDS_ROOM. */
ENT_CHECK enum ent_code ent_sla_batch_load(struct ent_call *call, struct ent_ids ids,
                                           struct ent_sla_batch *out, struct ent_error *error);

/* NULL: it is gone. To be changed by the caller alone. */
struct ent_case *ent_sla_batch_case(const struct ent_sla_batch *batch, ent_id id);
const struct ent_sla_links *ent_sla_batch_links(const struct ent_sla_batch *batch, ent_id case_id);
struct ent_list ent_sla_batch_milestones(const struct ent_sla_batch *batch, ent_id case_id);
const void *ent_sla_batch_object(const struct ent_sla_batch *batch, enum ent_sla_root root,
                                 ent_id id); /* NULL: it is not there */

/* Which records do its expressions look at? Bits of enum ent_sla_root. */
unsigned ent_sla_roots_of(const struct ent_sla_version *version);

/* Choose the service level of work->c, keep its milestones right, run those actions that change
 * the case, and set the fields of the case that say how it stands. A new case needs its id. */
ENT_CHECK enum ent_code ent_sla_work_begin(struct ent_sla_work *work, struct ent_error *error);

/* Once the case is stored: milestones, their events, the other actions, the agenda. */
ENT_CHECK enum ent_code ent_sla_work_end(struct ent_sla_work *work, struct ent_error *error);

/* Load milestones, rules and what they look at; ent_sla_work_begin() does it. For what is done to
 * milestones by hand, before ent_sla_work_judge(). */
ENT_CHECK enum ent_code ent_sla_work_load(struct ent_sla_work *work, struct ent_error *error);

/* What the case refers to: again whenever that has changed. */
ENT_CHECK enum ent_code ent_sla_work_look_around(struct ent_sla_work *work,
                                                 struct ent_error *error);

/* Everything that has fallen due by now, in its order; after each action that changed the case,
 * the rules as of that instant. */
ENT_CHECK enum ent_code ent_sla_work_pass(struct ent_sla_work *work, struct ent_error *error);

/* Load what the rules of this version look at. */
ENT_CHECK enum ent_code ent_sla_work_load_for(struct ent_sla_work *work,
                                              const struct ent_sla_version *version,
                                              struct ent_error *error);

/* Load what rules may look at but these do not: for texts. */
ENT_CHECK enum ent_code ent_sla_work_load_all(struct ent_sla_work *work, struct ent_error *error);

/* The engine's turn, after something changed: evaluates, and runs actions that change the case,
 * until neither changes anything. */
ENT_CHECK enum ent_code ent_sla_work_judge(struct ent_sla_work *work, struct ent_error *error);

/* Something that clocks may depend on has changed: open cases are looked at again as soon as
 * the scheduler gets to them. For changes that may concern many cases: `column` is of "case":
 * account_id, entitlement_id, contact_id, product_id, asset_id. */
ENT_CHECK enum ent_code ent_sla_wake(struct ent_call *call, const char *column, ent_id id,
                                     struct ent_error *error);

/* These fields of a record have changed: ent_sla_wake(), if clocks may depend on them. */
ENT_CHECK enum ent_code ent_sla_saved(struct ent_call *call, const struct ent_type *type, ent_id id,
                                      const struct ent_set *changed, struct ent_error *error);

/* The clock of a milestone. */
ENT_CHECK enum ent_code ent_sla_clock_of(struct ent_call *call, ent_id calendar, int64_t revision,
                                         struct ent_sla_clock *out, struct ent_error *error);

/* ---- what rules say is done: sla_action.c ------------------------------------------------ */

/* SET and ASSIGN, on work->c; others: nothing. Says in *changed whether it did. */
ENT_CHECK enum ent_code ent_sla_change(struct ent_sla_work *work, const struct ent_sla_step *step,
                                       bool *changed, struct ent_error *error);
/* The others: e-mail, webhook, task, another case. */
ENT_CHECK enum ent_code ent_sla_act(struct ent_sla_work *work, const struct ent_sla_step *step,
                                    struct ent_error *error);

/* ---- what people say: case_voice.c --------------------------------------------------------- */

/* Somebody spoke on the case: the customer, or the support desk to the customer. Sets
 * awaiting_response and the instants with it, and lets the clocks know. */
ENT_CHECK enum ent_code ent_case_spoken(struct ent_call *call, ent_id account, ent_id case_id,
                                        bool by_customer, struct ent_error *error);

#endif
