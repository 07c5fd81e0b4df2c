/* agenda_inner.h - what agenda.c and agenda_run.c share with app.c. */
#ifndef ENT_APP_AGENDA_INNER_H
#define ENT_APP_AGENDA_INNER_H

#include "app/agenda.h"

#include <pthread.h>
#include <stdatomic.h>

/* "('entitlement', …)": rows of subjects that only a newer server knows are left to it. */
extern const char ent_agenda_names[];

struct ent_agenda {
	_Atomic(ent_agenda_handler *) handlers[ENT_AGENDA_SUBJECTS];
	pthread_mutex_t run_until; /* who moves the virtual clock */
	pthread_mutex_t waking;
	void (*wake)(void *arg);
	void *wake_arg;
	_Atomic int64_t sleeps_until;
	_Atomic uint64_t handled[ENT_AGENDA_SUBJECTS];
	_Atomic uint64_t failed[ENT_AGENDA_SUBJECTS];
	_Atomic uint64_t batches;
	_Atomic uint64_t lags[ENT_AGENDA_LAGS + 1];
	_Atomic uint64_t lag_us;
};

/* NULL: no memory. */
struct ent_agenda *ent_agenda_open(void);
void ent_agenda_close(struct ent_agenda *agenda);
struct ent_agenda *ent_app_agenda(struct ent_app *app);

/* Something that a call set, and that ent_agenda_write() has not written yet. */
struct ent_agenda_entry {
	enum ent_agenda_subject subject;
	ent_id account, id;
	ent_instant was, at;
	struct ent_agenda_entry *next;
};

/* What this call set for the record; NULL: nothing. */
const struct ent_agenda_entry *ent_agenda_find(const struct ent_call *call,
                                               enum ent_agenda_subject subject, ent_id id);

/* Write what was set. For ent_call_finish(). */
ENT_CHECK enum ent_code ent_agenda_write(struct ent_call *call, struct ent_error *error);

/* The earliest instant that this call set; ENT_INSTANT_END: none. */
ent_instant ent_agenda_earliest(const struct ent_call *call);

/* Something that is due at `at` was committed. */
void ent_agenda_told(struct ent_app *app, ent_instant at);

#endif
