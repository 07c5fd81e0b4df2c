#include "app/agenda_inner.h"

#include "app/inner.h"
#include "store/many.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
#define ENT_AGENDA(NAME, name, handler) [ENT_AGENDA_##NAME] = #name,
#include "app/agenda.def"
};

const char ent_agenda_names[] = "(''"
#define ENT_AGENDA(NAME, name, handler) ", '" #name "'"
#include "app/agenda.def"
				")";

static ent_agenda_handler *const handlers[] = {
#define ENT_AGENDA(NAME, name, handler) [ENT_AGENDA_##NAME] = handler,
#include "app/agenda.def"
};

const int64_t ent_agenda_lag_bounds[ENT_AGENDA_LAGS] = {
	1000,   2500,    5000,    10000,   25000,    50000,    100000,    250000,
	500000, 1000000, 2500000, 5000000, 10000000, 60000000, 600000000, 3600000000,
};

/* ---- life --------------------------------------------------------------------------------- */

struct ent_agenda *ent_agenda_open(void)
{
	struct ent_agenda *agenda = calloc(1, sizeof(*agenda));
	if (agenda == NULL) {
		return NULL;
	}
	for (size_t i = 0; i < ENT_AGENDA_SUBJECTS; i++) {
		atomic_init(&agenda->handlers[i], handlers[i]);
	}
	atomic_init(&agenda->sleeps_until, INT64_MIN);
	pthread_mutex_init(&agenda->run_until, NULL);
	pthread_mutex_init(&agenda->waking, NULL);
	return agenda;
}

void ent_agenda_close(struct ent_agenda *agenda)
{
	if (agenda != NULL) {
		pthread_mutex_destroy(&agenda->run_until);
		pthread_mutex_destroy(&agenda->waking);
		free(agenda);
	}
}

const char *ent_agenda_name(enum ent_agenda_subject subject)
{
	return names[subject];
}

void ent_agenda_replace(struct ent_app *app, enum ent_agenda_subject subject,
                        ent_agenda_handler *handler)
{
	atomic_store(&ent_app_agenda(app)->handlers[subject],
	             handler != NULL ? handler : handlers[subject]);
}

/* ---- setting ------------------------------------------------------------------------------ */

static struct ent_agenda_entry *find(const struct ent_call *call, enum ent_agenda_subject subject,
                                     ent_id id)
{
	struct ent_agenda_entry *entry = call->agenda;
	while (entry != NULL && !(ent_id_eq(entry->id, id) && entry->subject == subject)) {
		entry = entry->next;
	}
	return entry;
}

const struct ent_agenda_entry *ent_agenda_find(const struct ent_call *call,
                                               enum ent_agenda_subject subject, ent_id id)
{
	return find(call, subject, id);
}

void ent_agenda_set(struct ent_call *call, enum ent_agenda_subject subject, ent_id account,
                    ent_id id, ent_instant was, ent_instant at)
{
	assert(ent_call_head(call, account) != NULL);
	struct ent_agenda_entry *entry = find(call, subject, id);
	if (entry == NULL) {
		entry = ENT_NEW(call->arena, struct ent_agenda_entry, 1);
		*entry = (struct ent_agenda_entry){ subject, account, id, was, at, call->agenda };
		call->agenda = entry;
	}
	entry->at = at;
}

/* ---- writing ------------------------------------------------------------------------------ */

static const struct ent_many upsert = {
	.before = "INSERT INTO due (account_id, subject, subject_id, at) VALUES ",
	.row = "($, $, $, $)",
	.between = ", ",
	.after = " ON CONFLICT (account_id, subject, subject_id) DO UPDATE SET "
		 "at = excluded.at, attempts = 0, retry_at = NULL, last_error = NULL",
};

static const struct ent_many removal = {
	.before = "DELETE FROM due WHERE ",
	.row = "(account_id = $ AND subject = $ AND subject_id = $)",
	.between = " OR ",
	.after = "",
};

static bool is_of(const struct ent_agenda_entry *entry, bool removed)
{
	return entry->was.us != entry->at.us && ent_instant_is_none(entry->at) == removed;
}

static enum ent_code write_some(struct ent_call *call, bool removed, struct ent_error *error)
{
	size_t rows = 0;
	for (const struct ent_agenda_entry *e = call->agenda; e != NULL; e = e->next) {
		rows += is_of(e, removed);
	}
	struct ent_value *args = ENT_NEW(call->arena, struct ent_value, 4 * rows + 1);
	size_t n = 0;
	for (const struct ent_agenda_entry *e = call->agenda; e != NULL; e = e->next) {
		if (is_of(e, removed)) {
			args[n++] = ent_arg_int(e->account.value);
			args[n++] = ent_arg_text(ent_str_of(names[e->subject]));
			args[n++] = ent_arg_int(e->id.value);
			args[n++] = ent_arg_instant(e->at);
			n -= removed;
		}
	}
	return ent_db_exec_many(call->db, removed ? &removal : &upsert, args, rows, call->arena,
	                        error);
}

enum ent_code ent_agenda_write(struct ent_call *call, struct ent_error *error)
{
	if (call->agenda == NULL) {
		return ENT_OK;
	}
	enum ent_code code = write_some(call, false, error);
	return code == ENT_OK ? write_some(call, true, error) : code;
}

enum ent_code ent_agenda_wake(struct ent_call *call, enum ent_agenda_subject subject,
                              ent_str select, const struct ent_value *args, size_t count,
                              struct ent_error *error)
{
	struct ent_value all[8];
	assert(count + 2 <= ENT_COUNT(all));
	all[0] = ent_arg_text(ent_str_of(names[subject]));
	all[1] = ent_arg_instant(call->now);
	for (size_t i = 0; i < count; i++) {
		all[i + 2] = args[i];
	}
	struct ent_text sql = ent_text_begin(call->arena);
	ent_text_addf(&sql,
	              "INSERT INTO due (account_id, subject, subject_id, at) SELECT x.account_id, "
	              "CAST($1 AS TEXT), x.id, CAST($2 AS BIGINT) FROM (%.*s) x WHERE TRUE "
	              "ON CONFLICT (account_id, subject, subject_id) DO UPDATE SET "
	              "at = CASE WHEN excluded.at < due.at THEN excluded.at ELSE due.at END, "
	              "attempts = 0, retry_at = NULL, last_error = NULL",
	              (int)select.len, select.ptr);
	call->is_woken = true;
	return ent_db_exec(call->db, ent_text_end(&sql), all, count + 2, ENT_ANY_ROWS, call->arena,
	                   error);
}

ent_instant ent_agenda_earliest(const struct ent_call *call)
{
	ent_instant first = call->is_woken ? call->now : ENT_INSTANT_END;
	for (const struct ent_agenda_entry *e = call->agenda; e != NULL; e = e->next) {
		if (is_of(e, false) && e->at.us < first.us) {
			first = e->at;
		}
	}
	return first;
}

/* ---- waking ------------------------------------------------------------------------------- */

void ent_agenda_told(struct ent_app *app, ent_instant at)
{
	struct ent_agenda *agenda = ent_app_agenda(app);
	if (at.us >= atomic_load(&agenda->sleeps_until)) {
		return;
	}
	pthread_mutex_lock(&agenda->waking);
	if (agenda->wake != NULL) {
		agenda->wake(agenda->wake_arg);
	}
	pthread_mutex_unlock(&agenda->waking);
}

void ent_agenda_on_wake(struct ent_app *app, void (*wake)(void *arg), void *arg)
{
	struct ent_agenda *agenda = ent_app_agenda(app);
	pthread_mutex_lock(&agenda->waking);
	agenda->wake = wake;
	agenda->wake_arg = arg;
	pthread_mutex_unlock(&agenda->waking);
}

void ent_agenda_sleep(struct ent_app *app, ent_instant until)
{
	atomic_store(&ent_app_agenda(app)->sleeps_until, until.us);
}
