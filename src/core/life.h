/* life.h - the life of an entitlement: its state at an instant, what may be done.
 *
 * domain.md 4; dynamics 2.1, 3.1, 3.2; servicenow 2.3, 3.10 to 3.12. Only draft, live
 * and cancelled are stored (stage); the rest follows from dates at the moment of reading.
 * A live entitlement's state in the past follows from its dates, too, and not from when
 * somebody pressed "activate".
 *
 * All functions are pure. The actions change the struct and leave it as it was when
 * they fail; the ledger of terms is moved by terms.h, the account's default by its
 * use case (deactivate, cancel and expiry drop it).
 */
#ifndef ENT_CORE_LIFE_H
#define ENT_CORE_LIFE_H

#include "core/type.h"
#include "core/zone.h"

enum ent_action {
#define ENT_ACTION(constant, text, ...) ENT_ACTION_##constant,
#include "core/life.def"
	ENT_ACTION_COUNT
};
const char *ent_action_text(enum ent_action action); /* "set_default" */

/* ---- state ------------------------------------------------------------------ */

/* The first instant of starts_on and the first after ends_on; none where they are. Call
 * it whenever one of the dates or the zone changes. */
void ent_life_dates(struct ent_entitlement *e, const struct ent_zone *zone);

/* What the state follows from, beside the suspensions. */
struct ent_life {
	ent_instant starts_at, ends_at, cancelled_at;
	enum ent_entitlement_stage stage;
};
struct ent_life ent_life_of(const struct ent_entitlement *e);

/* Ends while suspended: expired. Suspended before its first day: waiting. Cancelled
 * after its last day: expired. */
enum ent_entitlement_state ent_life_state(const struct ent_entitlement *e, ent_instant at);
enum ent_entitlement_state ent_life_state_in(const struct ent_life *life,
                                             struct ent_children suspensions, ent_instant at);

/* The next instant after `after` at which the state changes; ENT_INSTANT_END: never. */
ent_instant ent_life_next(const struct ent_entitlement *e, ent_instant after);

enum ent_boundary_kind {
	ENT_BOUNDARY_ACTIVATED, ENT_BOUNDARY_EXPIRED, ENT_BOUNDARY_SUSPENDED,
	ENT_BOUNDARY_RESUMED, ENT_BOUNDARY_CANCELLED
};

struct ent_boundary {
	ent_instant at;
	enum ent_boundary_kind kind;
};

enum { ENT_BOUNDARY_MAX = 2 * 100 + 3 }; /* what one entitlement can have */

/* The changes of state that time alone brings in (from, to], in order, each of them
 * after activated_at (activation writes its own event). Returns their number; fills
 * in at most `room`. */
size_t ent_life_boundaries(const struct ent_entitlement *e, ent_instant from, ent_instant to,
                           struct ent_boundary *out, size_t room);

/* ---- what may be done --------------------------------------------------------- */

/* ENT_OK or the code of life.def. */
enum ent_code ent_life_may(enum ent_entitlement_state state, enum ent_action action);

/* The same as a failure that says the state. */
ENT_CHECK enum ent_code ent_life_check(const struct ent_entitlement *e, enum ent_action action,
                                       ent_instant at, struct ent_error *error);

/* May this field be edited directly in this state? ENT_OK, EDIT_LOCKED, CHANNEL_LOCKED
 * (for "channels"). Everything may in a draft. */
enum ent_code ent_life_may_edit(enum ent_entitlement_state state, ent_str field);

/* ---- the actions; `at` is now -------------------------------------------------- */

/* Live from now on; what that means follows from the dates: an end in the past makes it
 * expired at once, which is legal. Then: ent_terms_open().
 * CANNOT_ACTIVATE, ALREADY_ACTIVE */
ENT_CHECK enum ent_code ent_life_activate(struct ent_entitlement *e, ent_instant at,
                                          struct ent_error *error);

/* A draft again; balance, suspensions and a scheduled cancellation stay.
 * ALREADY_DRAFT, CANNOT_DEACTIVATE */
ENT_CHECK enum ent_code ent_life_deactivate(struct ent_entitlement *e, ent_instant at,
                                            struct ent_error *error);

struct ent_suspend {
	ent_id id;         /* of the new row */
	ent_instant from;  /* none: now; may lie in the past or the future */
	ent_instant until; /* none: until resumed */
	ent_str reason;
	bool extend_term;  /* move ends_on by the days suspended: now if `until` is given,
	                    * else when it is resumed */
};

/* Add a suspension; the longer list is allocated in `arena`. Days are counted on the
 * calendar of `zone`.
 * CANNOT_SUSPEND; SUSPEND_RANGE (until <= from, or from is before the first day),
 * SUSPEND_OVERLAP, SUSPEND_AFTER_END (or after the cancellation), LIMIT (100) */
ENT_CHECK enum ent_code ent_life_suspend(struct ent_entitlement *e, const struct ent_zone *zone,
                                         ent_instant at, const struct ent_suspend *suspend,
                                         struct ent_arena *arena, struct ent_error *error);

/* End the suspension of now at `when` (none: now). `extend_term` as it was given to
 * suspend: an end that was moved for a planned end is moved back by the days not needed.
 * CANNOT_RESUME; SUSPEND_RANGE (`when` is not behind its start, or behind its planned end) */
ENT_CHECK enum ent_code ent_life_resume(struct ent_entitlement *e, const struct ent_zone *zone,
                                        ent_instant at, ent_instant when, bool extend_term,
                                        struct ent_error *error);

/* Cancel at `when` (none: now). In the future it is only scheduled: it stays as it is
 * until then. Permanent once it has happened. Doing it again moves the schedule.
 * CANNOT_CANCEL, ALREADY_CANCELLED; RANGE (not before the end) */
ENT_CHECK enum ent_code ent_life_cancel(struct ent_entitlement *e, ent_instant at,
                                        ent_instant when, struct ent_error *error);

/* Take back a suspension that has not begun (and the days by which it was to extend the
 * term), or with no id the scheduled cancellation.
 * STATE, NOT_FOUND */
ENT_CHECK enum ent_code ent_life_withdraw(struct ent_entitlement *e, const struct ent_zone *zone,
                                          ent_instant at, ent_id id, struct ent_error *error);

enum ent_renew_start {
	ENT_RENEW_AFTER_END, /* the day after the old end; the day of a cancellation */
	ENT_RENEW_TODAY
};

struct ent_renew {
	ent_id id;                  /* of the new one */
	enum ent_renew_start start;
	bool early;                 /* also while it is active or suspended */
};

/* A new draft in *fresh: dynamics 4.9. As long as the old one: by months when its term
 * is whole months by anniversary, else by days; without end if its length is not known.
 * All is copied but balance, number, external id, source, suspensions, lots; the rows
 * (in `arena`) have no id yet.
 * CANNOT_RENEW (also: early, and has no end to begin after), RANGE (beyond the year 9999) */
ENT_CHECK enum ent_code ent_life_renew(const struct ent_entitlement *old,
                                       const struct ent_zone *zone, ent_instant at,
                                       const struct ent_renew *renew, struct ent_arena *arena,
                                       struct ent_entitlement *fresh, struct ent_error *error);

#endif
