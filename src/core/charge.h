/* charge.h - what an event in a case's life does to the terms of its entitlement.
 *
 * dynamics 3.5 and 4.5 to 4.8. The table is charge.def. A change of entitlement is
 * UNLINKED on the old one and LINKED on the new; a change of channel is both on the same.
 */
#ifndef ENT_CORE_CHARGE_H
#define ENT_CORE_CHARGE_H

#include "core/terms.h"

enum ent_charge_event {
	ENT_CHARGE_OPENED, ENT_CHARGE_LINKED, ENT_CHARGE_UNLINKED, ENT_CHARGE_RESOLVED,
	ENT_CHARGE_REOPENED, ENT_CHARGE_CANCELLED, ENT_CHARGE_REACTIVATED,
	ENT_CHARGE_MERGED_AWAY, ENT_CHARGE_DELETED, ENT_CHARGE_OVERRIDE_ON,
	ENT_CHARGE_OVERRIDE_OFF, ENT_CHARGE_EVENT_COUNT
};

enum ent_charge_effect {
	ENT_EFFECT_NOTHING,
	ENT_EFFECT_CONSUME, /* refused if a restricted balance does not hold it */
	ENT_EFFECT_RESERVE, /* the same */
	ENT_EFFECT_RELEASE,
	ENT_EFFECT_REFUND,
	ENT_EFFECT_CONVERT, /* release, and consume what it really took; never refused */
	ENT_EFFECT_RETURN   /* refund, and reserve again as far as it goes; never refused */
};

enum ent_charge_effect ent_charge_effect(enum ent_charge_event event, enum ent_case_state was,
                                         enum ent_charge_on charge_on);

/* How much: 1, but of minutes the billable ones when the case is resolved (1 is set aside
 * until then); 0 for unit none. */
int64_t ent_charge_units(const struct ent_entitlement *e, enum ent_charge_effect effect,
                         ent_count billable_minutes);

struct ent_charge {
	enum ent_charge_event event;
	enum ent_case_state was;    /* before the event */
	bool overridden;            /* the case's override_terms, before the event */
	ent_id case_id;
	ent_str channel;            /* of the case, now */
	ent_count billable_minutes; /* at RESOLVED, and of a resolved case */
	ent_str reason;
	const struct ent_term_posting *postings; /* all of this case on this entitlement, */
	size_t count;                            /* oldest first */
};

/* What the case holds after it: its units_charged and units_reserved. */
struct ent_charged {
	int64_t charged;
	int64_t reserved;
};

/* Do what the table says on the ledger that `terms` has begun.
 * TERMS_EXHAUSTED, CHANNEL_TERMS_EXHAUSTED; MINUTES_REQUIRED (minutes, resolved, none given) */
ENT_CHECK enum ent_code ent_charge_apply(struct ent_terms *terms, const struct ent_charge *charge,
                                         struct ent_charged *out, struct ent_error *error);

#endif
