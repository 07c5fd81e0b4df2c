/* agenda.h - what time brings, exactly once each, also after downtime and with several servers.
 *
 * Table `due` has at most one row for a record: the next instant at which something is due for
 * it. What that is, the record's own stored facts say. A handler therefore never acts because
 * a timer fired: under the lock of the account it looks at the record, does everything that is
 * due up to call->now in its order, and sets the next instant, all in one transaction. Who
 * comes second, or again after a crash, finds nothing to do.
 *
 * To have something fall due: a line in agenda.def, a handler, and ent_agenda_set() wherever
 * the record is saved. Nothing has to be cleaned up: what sets no next instant is removed.
 */
#ifndef ENT_APP_AGENDA_H
#define ENT_APP_AGENDA_H

#include "app/app.h"

enum ent_agenda_subject {
#define ENT_AGENDA(NAME, name, handler) ENT_AGENDA_##NAME,
#include "app/agenda.def"
	ENT_AGENDA_SUBJECTS
};

struct ent_agenda_item {
	enum ent_agenda_subject subject;
	ent_id account;
	ent_id id;
	ent_instant at;   /* when it fell due; not after call->now */
	int64_t attempts; /* that failed so far */
};

enum { ENT_AGENDA_BATCH = 256 };

/* Do what is due for these records, at most ENT_AGENDA_BATCH, ordered by account and instant.
 * Their accounts are locked; take no lock of another one. For each record that has a next
 * instant, call ent_agenda_set(call, …, item->at, next) with next after call->now: that is
 * also the answer for a record for which nothing is due after all. The others lose their row,
 * as one that no longer exists should.
 * If it fails, everything is rolled back and each item is tried in a transaction of its own;
 * one that fails there is tried again later and later, and holds up no other. */
typedef enum ent_code ent_agenda_handler(struct ent_call *call, const struct ent_agenda_item *items,
                                         size_t count, struct ent_error *error);

#define ENT_AGENDA(NAME, name, handler) ent_agenda_handler handler;
#include "app/agenda.def"

/* From now on `at` is when this record is due next; none: never. `was` is what was set before
 * (none: nothing): if it is the same, nothing is written. The account must be locked. Written
 * by ent_call_finish(), in the same transaction; the last word counts. */
void ent_agenda_set(struct ent_call *call, enum ent_agenda_subject subject, ent_id account,
                    ent_id id, ent_instant was, ent_instant at);

/* The same for many records at once, none of which has to be locked: all are looked at as soon as
 * may be. `select` gives account_id and id of each; its arguments begin with $3. */
ENT_CHECK enum ent_code ent_agenda_wake(struct ent_call *call, enum ent_agenda_subject subject,
                                        ent_str select, const struct ent_value *args, size_t count,
                                        struct ent_error *error);

/* "entitlement" */
const char *ent_agenda_name(enum ent_agenda_subject subject);

/* ---- running what is due ------------------------------------------------------------------ */

struct ent_agenda_report {
	size_t handled;
	size_t failed;          /* tried again later, see retry_at */
	size_t instants;        /* at which something was due: ent_agenda_run_until() */
	bool is_held_up;        /* something is still due, but others are at it: look again soon */
	struct ent_error error; /* why the first of them failed */
};

/* Handle all that is due at `now`, oldest first; none: the clock's now, again for each batch.
 * Any number of threads and servers may do so at the same time: they share the work. *out
 * is added to. Fails only if the database does. From a thread that can wait. */
ENT_CHECK enum ent_code ent_agenda_run(struct ent_app *app, ent_instant now,
                                       struct ent_agenda_report *out, struct ent_error *error);

/* When there will be something to do; ENT_INSTANT_END: never, as things are. */
ENT_CHECK enum ent_code ent_agenda_next(struct ent_app *app, ent_instant *out,
                                        struct ent_error *error);

/* Move the virtual clock to `until`, from one instant at which something is due to the next,
 * and handle each exactly then. STATE: somebody else is at it. */
ENT_CHECK enum ent_code ent_agenda_run_until(struct ent_app *app, ent_instant until,
                                             struct ent_agenda_report *out,
                                             struct ent_error *error);

/* ---- for who looks after it ---------------------------------------------------------------- */

/* Upper bounds of the histogram of lags, in microseconds. */
enum { ENT_AGENDA_LAGS = 16 };
extern const int64_t ent_agenda_lag_bounds[ENT_AGENDA_LAGS];

struct ent_agenda_stats { /* of this process, since it began */
	uint64_t handled[ENT_AGENDA_SUBJECTS];
	uint64_t failed[ENT_AGENDA_SUBJECTS];
	uint64_t batches;
	uint64_t lags[ENT_AGENDA_LAGS + 1]; /* from falling due to the commit; the last: beyond */
	uint64_t lag_us;                    /* their sum */
};
void ent_agenda_stats(struct ent_app *app, struct ent_agenda_stats *out);

struct ent_agenda_backlog {
	int64_t overdue; /* due, but not handled; counted up to 100,000 */
	int64_t failing; /* of them: failed, and waiting to be tried again */
	ent_instant oldest; /* when the oldest of them fell due; none: there is none */
};
ENT_CHECK enum ent_code ent_agenda_backlog(struct ent_call *call, struct ent_agenda_backlog *out,
                                           struct ent_error *error);

/* `wake` is called from any thread when something was committed that is due before the instant
 * last given to ent_agenda_sleep(), and when a virtual clock was moved. NULL: no longer. */
void ent_agenda_on_wake(struct ent_app *app, void (*wake)(void *arg), void *arg);
void ent_agenda_sleep(struct ent_app *app, ent_instant until);

/* Tests put a handler of their own in the place of a subject's; NULL: its own again. */
void ent_agenda_replace(struct ent_app *app, enum ent_agenda_subject subject,
                        ent_agenda_handler *handler);

#endif
