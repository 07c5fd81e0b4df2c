/* due.h - what time alone does to an entitlement: crossings of state, amendments. */
#ifndef ENT_APP_DUE_H
#define ENT_APP_DUE_H

#include "app/ledger.h"

struct ent_due {
	const char *verb; /* of the event: "activated", "amended" */
	ent_str before, after;
	struct ent_entitlement_revision *revision; /* its row is written too */
	struct ent_due *next;
};

/* Bring *held->now from the last instant that was written to call->now, in memory. */
ENT_CHECK enum ent_code ent_due_pass(struct ent_call *call, struct ent_held *held,
                                     const struct ent_list *revisions, struct ent_error *error);

/* Write what was found. */
ENT_CHECK enum ent_code ent_due_write(struct ent_call *call, const struct ent_held *held,
                                      struct ent_error *error);

/* The word for coming into `state`: "activated", "resumed", "expired" … */
const char *ent_due_verb(enum ent_entitlement_state from, enum ent_entitlement_state to);

/* {"state":"active","at":"…"}; without instant only the state. */
ent_str ent_due_state(struct ent_arena *arena, enum ent_entitlement_state state, ent_instant at);

/* ---- amend.c ------------------------------------------------------------------------ */

struct ent_amendment {
	ent_str changes; /* a merge patch */
	ent_instant at;  /* not before the last posting */
	/* filled in: */
	ent_str before, after; /* the fields that it changes */
};

/* Change *e and its ledger; on failure it is as it was. */
ENT_CHECK enum ent_code ent_amend_apply(struct ent_call *call, struct ent_terms *terms,
                                        struct ent_amendment *amendment,
                                        struct ent_error *error);

#endif
