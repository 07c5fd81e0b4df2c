/* agenda_run.c - claiming what is due, and having it done.
 *
 * A batch is claimed and handled in one transaction, so nothing has to be leased or given
 * back: a process that dies has done all of it or nothing. What is claimed are the locks of
 * accounts, passing over those that somebody holds; as use cases also take that lock before
 * they touch `due`, nobody waits for each other crosswise.
 */
#include "app/agenda_inner.h"
#include "app/inner.h"
#include "app/pile.h"
#include "base/text.h"
#include "store/many.h"

#include <stdlib.h>
#include <time.h>

enum { RETRY_FIRST_S = 1, RETRY_MOST_S = 3600, PATIENCE_S = 2, OLDEST = 4096 };

struct round {
	const struct ent_agenda_item *only; /* NULL: a batch of the oldest */
	struct ent_agenda_item items[ENT_AGENDA_BATCH];
	size_t count;
};

struct running {
	struct ent_app *app;
	ent_instant now; /* none: the clock's */
	struct ent_agenda_report *out;
};

static struct ent_call model_of(const struct running *run)
{
	return (struct ent_call){
		.now = ent_instant_is_none(run->now) ? ent_app_now(run->app) : run->now,
		.who = &ent_principal_system,
		.origin = ENT_STR("scheduler"),
	};
}

static bool is_luck(enum ent_code code)
{
	return code == ENT_E_BUSY || code == ENT_E_OVERLOADED || code == ENT_E_UNAVAILABLE;
}

/* ---- claiming ----------------------------------------------------------------------------- */

static enum ent_agenda_subject subject_of(ent_str name)
{
	unsigned subject = 0;
	while (!ent_str_is(name, ent_agenda_name((enum ent_agenda_subject)subject))) {
		subject++;
		assert(subject < ENT_AGENDA_SUBJECTS); /* the query asks for ours only */
	}
	return (enum ent_agenda_subject)subject;
}

static void keep_rows(struct ent_call *call, const struct ent_rows *rows, struct round *round)
{
	for (const struct ent_row *row = rows->first; row != NULL; row = row->next) {
		const struct ent_value *cell = row->cell;
		round->items[round->count++] = (struct ent_agenda_item){
			.account = { cell[0].number },
			.subject = subject_of(cell[1].text),
			.id = { cell[2].number },
			.at = { cell[3].number },
			.attempts = cell[4].number,
		};
		struct ent_head head = {
			.account_id = { cell[0].number },
			.version = cell[5].number,
			.seq = cell[6].number,
			.hash = cell[7].text,
		};
		ent_call_adopt(call, &head);
	}
}

static enum ent_code claim(struct ent_call *call, struct round *round, struct ent_error *error)
{
	static const char *const tables[] = { "h", "d" };
	struct ent_value args[5];
	struct ent_text sql = ent_text_begin(call->arena);
	size_t n = 0;
	ent_text_add(&sql, ENT_STR("SELECT d.account_id, d.subject, d.subject_id, d.at, "
	                           "d.attempts, h.version, h.seq, h.hash FROM due d "
	                           "JOIN account_head h ON h.account_id = d.account_id WHERE "));
	if (round->only != NULL) {
		ent_text_add(&sql, ENT_STR("d.account_id = $1 AND d.subject = $2 AND "
		                           "d.subject_id = $3 AND d.at <= $4 AND "
		                           "COALESCE(d.retry_at, d.at) <= $5"));
		args[n++] = ent_arg_int(round->only->account.value);
		args[n++] = ent_arg_text(ent_str_of(ent_agenda_name(round->only->subject)));
		args[n++] = ent_arg_int(round->only->id.value);
		args[n++] = ent_arg_instant(call->now);
		args[n++] = ent_arg_instant(call->now);
	} else {
		ent_text_addf(&sql,
		              "d.at <= (SELECT MAX(at) FROM (SELECT at FROM due WHERE at <= $1 "
		              "AND retry_at IS NULL ORDER BY at, account_id LIMIT $2) o) AND "
		              "d.retry_at IS NULL AND d.subject IN %s "
		              "ORDER BY d.at, d.account_id LIMIT $3",
		              ent_agenda_names);
		args[n++] = ent_arg_instant(call->now);
		args[n++] = ent_arg_int(OLDEST); /* else all would be sorted for each batch */
		args[n++] = ent_arg_int(ENT_AGENDA_BATCH);
	}
	ent_sql_claim(&sql, call->db, tables, ENT_COUNT(tables));
	struct ent_rows rows;
	round->count = 0;
	enum ent_code code =
		ent_db_run(call->db, ent_text_end(&sql), args, n, call->arena, &rows, error);
	if (code == ENT_OK) {
		keep_rows(call, &rows, round);
	}
	return code;
}

/* ---- one transaction ---------------------------------------------------------------------- */

static int compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_subject_and_account(const void *a, const void *b)
{
	const struct ent_agenda_item *x = a;
	const struct ent_agenda_item *y = b;
	int order = compare(x->subject, y->subject);
	order = order != 0 ? order : compare(x->account.value, y->account.value);
	order = order != 0 ? order : compare(x->at.us, y->at.us);
	return order != 0 ? order : compare(x->id.value, y->id.value);
}

/* What the handler set for the item, or that nothing is due any more. */
static enum ent_code settle(struct ent_call *call, const struct ent_agenda_item *item,
                            struct ent_error *error)
{
	const struct ent_agenda_entry *entry = ent_agenda_find(call, item->subject, item->id);
	if (entry == NULL) {
		ent_agenda_set(call, item->subject, item->account, item->id, item->at,
		               ENT_INSTANT_NONE);
		return ENT_OK;
	}
	if (!ent_instant_is_none(entry->at) && entry->at.us <= call->now.us) {
		return ent_fail(error, ENT_E_SYSTEM, "what was due of a %s is due still",
		                ent_agenda_name(item->subject));
	}
	return ENT_OK;
}

static enum ent_code handle(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct round *round = arg;
	struct ent_agenda *agenda = ent_app_agenda(call->app);
	struct ent_pile pile = { .count = 0 };
	enum ent_code code = claim(call, round, error);
	call->pile = &pile;
	qsort(round->items, round->count, sizeof(round->items[0]), by_subject_and_account);
	for (size_t i = 0, end; i < round->count && code == ENT_OK; i = end) {
		enum ent_agenda_subject subject = round->items[i].subject;
		for (end = i; end < round->count && round->items[end].subject == subject;) {
			end++;
		}
		ent_agenda_handler *handler = atomic_load(&agenda->handlers[subject]);
		code = handler(call, &round->items[i], end - i, error);
	}
	if (code == ENT_OK) {
		code = ent_pile_write(call, error);
	}
	call->pile = NULL;
	for (size_t i = 0; i < round->count && code == ENT_OK; i++) {
		code = settle(call, &round->items[i], error);
	}
	return code;
}

static void count_handled(const struct running *run, const struct round *round)
{
	struct ent_agenda *agenda = ent_app_agenda(run->app);
	ent_instant now = ent_instant_is_none(run->now) ? ent_app_now(run->app) : run->now;
	for (size_t i = 0; i < round->count; i++) {
		int64_t lag = now.us - round->items[i].at.us;
		lag = lag > 0 ? lag : 0;
		size_t bucket = 0;
		while (bucket < ENT_AGENDA_LAGS && lag > ent_agenda_lag_bounds[bucket]) {
			bucket++;
		}
		atomic_fetch_add(&agenda->lags[bucket], 1);
		atomic_fetch_add(&agenda->lag_us, (uint64_t)lag);
		atomic_fetch_add(&agenda->handled[round->items[i].subject], 1);
	}
	atomic_fetch_add(&agenda->batches, round->count > 0);
	run->out->handled += round->count;
}

/* ---- failures ----------------------------------------------------------------------------- */

struct failure {
	const struct ent_agenda_item *item;
	const struct ent_error *error;
};

/* 1, 2, 4 … seconds, up to an hour. */
static int64_t delay_us(int64_t attempts)
{
	int64_t seconds = attempts < 12 ? (int64_t)RETRY_FIRST_S << attempts : RETRY_MOST_S;
	return (seconds < RETRY_MOST_S ? seconds : RETRY_MOST_S) * ENT_SECOND_US;
}

/* Not if it was set anew or tried by somebody else meanwhile. */
static enum ent_code put_off(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct failure *failure = arg;
	const struct ent_agenda_item *item = failure->item;
	ent_instant retry = { call->now.us + delay_us(item->attempts) };
	ent_str reason = ent_text_format(call->arena, "%s: %s", ent_code_name(failure->error->code),
	                                 failure->error->detail);
	return ent_db_exec(
		call->db,
		ENT_STR("UPDATE due SET attempts = attempts + 1, retry_at = $1, last_error = $2 "
	                "WHERE account_id = $3 AND subject = $4 AND subject_id = $5 AND at = $6 "
	                "AND attempts = $7"),
		ENT_ARGS(ent_arg_instant(retry), ent_arg_text(reason),
	                 ent_arg_int(item->account.value),
	                 ent_arg_text(ent_str_of(ent_agenda_name(item->subject))),
	                 ent_arg_int(item->id.value), ent_arg_instant(item->at),
	                 ent_arg_int(item->attempts)),
		ENT_ANY_ROWS, call->arena, error);
}

/* In a transaction of its own. Fails only if it cannot even be put off. */
static enum ent_code try_one(const struct running *run, const struct ent_agenda_item *item,
                             struct ent_error *error)
{
	struct round round = { .only = item };
	struct ent_error reason;
	struct ent_call model = model_of(run);
	ent_error_clear(&reason);
	enum ent_code code = ent_app_run(run->app, ENT_WRITE, &model, handle, &round, &reason);
	if (code == ENT_OK) {
		count_handled(run, &round);
		run->out->is_held_up |= round.count == 0;
		return ENT_OK;
	}
	if (is_luck(code)) {
		run->out->is_held_up = true;
		return ENT_OK;
	}
	if (run->out->failed++ == 0) {
		run->out->error = reason;
	}
	atomic_fetch_add(&ent_app_agenda(run->app)->failed[item->subject], 1);
	struct failure failure = { item, &reason };
	return ent_app_run(run->app, ENT_WRITE, &model, put_off, &failure, error);
}

static enum ent_code find_failed(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct round *round = arg;
	struct ent_rows rows;
	round->count = 0;
	enum ent_code code =
		ent_db_run(call->db,
	                   ent_text_format(call->arena,
	                                   "SELECT account_id, subject, subject_id, at, attempts "
	                                   "FROM due WHERE retry_at <= $1 AND subject IN %s "
	                                   "ORDER BY retry_at LIMIT $2",
	                                   ent_agenda_names),
	                   ENT_ARGS(ent_arg_instant(call->now), ent_arg_int(ENT_AGENDA_BATCH)),
	                   call->arena, &rows, error);
	for (const struct ent_row *row = rows.first; code == ENT_OK && row != NULL;
	     row = row->next) {
		round->items[round->count++] = (struct ent_agenda_item){
			.account = { row->cell[0].number },
			.subject = subject_of(row->cell[1].text),
			.id = { row->cell[2].number },
			.at = { row->cell[3].number },
			.attempts = row->cell[4].number,
		};
	}
	return code;
}

/* What failed before goes alone, so that it holds up nothing. */
static enum ent_code run_failed(const struct running *run, struct ent_error *error)
{
	struct round round = { .count = 0 };
	struct ent_call model = model_of(run);
	enum ent_code code = ent_app_run(run->app, ENT_READ, &model, find_failed, &round, error);
	for (size_t i = 0; i < round.count && code == ENT_OK; i++) {
		code = try_one(run, &round.items[i], error);
	}
	return code;
}

/* ---- all of it ---------------------------------------------------------------------------- */

static enum ent_code run_batch(const struct running *run, size_t *count, struct ent_error *error)
{
	struct round round = { .count = 0 };
	struct ent_call model = model_of(run);
	enum ent_code code = ent_app_run(run->app, ENT_WRITE, &model, handle, &round, error);
	*count = round.count;
	if (code == ENT_OK) {
		count_handled(run, &round);
		return ENT_OK;
	}
	if (round.count == 0) {
		return code; /* nothing could be claimed */
	}
	code = ENT_OK;
	for (size_t i = 0; i < round.count && code == ENT_OK; i++) {
		code = try_one(run, &round.items[i], error);
	}
	return code;
}

enum ent_code ent_agenda_run(struct ent_app *app, ent_instant now, struct ent_agenda_report *out,
                             struct ent_error *error)
{
	struct running run = { app, now, out };
	enum ent_code code;
	size_t count;
	out->is_held_up = false;
	do {
		code = run_batch(&run, &count, error);
	} while (code == ENT_OK && count > 0 && !out->is_held_up);
	return code == ENT_OK ? run_failed(&run, error) : code;
}

enum ent_code ent_agenda_run_until(struct ent_app *app, ent_instant until,
                                   struct ent_agenda_report *out, struct ent_error *error)
{
	struct ent_agenda *agenda = ent_app_agenda(app);
	enum ent_code code = ENT_OK;
	bool is_there = false;
	assert(ent_app_is_virtual(app));
	struct timespec patience;
	clock_gettime(CLOCK_REALTIME, &patience);
	patience.tv_sec += PATIENCE_S;
	if (pthread_mutex_timedlock(&agenda->run_until, &patience) != 0) {
		return ent_fail(error, ENT_E_STATE, "somebody else is moving the clock");
	}
	while (code == ENT_OK && !is_there) {
		ent_instant next;
		code = ent_agenda_next(app, &next, error);
		is_there = code == ENT_OK && next.us > until.us;
		if (code == ENT_OK) {
			ent_app_advance(app, is_there ? until : next);
		}
		if (code == ENT_OK && !is_there) {
			size_t before = out->handled + out->failed;
			code = ent_agenda_run(app, ENT_INSTANT_NONE, out, error);
			out->instants += out->handled + out->failed > before;
		}
	}
	pthread_mutex_unlock(&agenda->run_until);
	return code;
}
