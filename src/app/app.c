#include "app/app.h"

#include "app/agenda_inner.h"
#include "app/cache.h"
#include "app/contract.h"
#include "app/feed.h"
#include "app/hours_cache.h"
#include "app/inner.h"
#include "app/sla_cache.h"
#include "store/many.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOURS_BYTES ((size_t)64 << 20)

/* Who is told that there are events. */
struct bell {
	pthread_mutex_t lock;
	void (*wake)(void *arg);
	void *arg;
	_Atomic bool is_heard;
};

struct ent_app {
	struct ent_store *store;
	struct ent_cache *cache;
	struct ent_hours_cache *hours;
	struct ent_sla_cache *sla;
	struct ent_agenda *agenda;
	struct ent_wanted *wanted;
	struct bell bell;
	bool is_virtual;          /* the clock is moved by hand */
	_Atomic int64_t clock_us; /* the last instant told; of a virtual clock: now */
	_Atomic int64_t last_id;
	int64_t node;
};

/* ---- life ---- */

void ent_app_forget(struct ent_app *app, int64_t id)
{
	ent_cache_forget(app->cache, id);
	if (id == 0 || id == ENT_CACHE_PEOPLE) {
		ent_wanted_forget(app->wanted, ent_cache_epoch(app->cache));
	}
	ent_hours_cache_settle(app->hours, id);
	ent_sla_cache_forget(app->sla, id, ent_cache_epoch(app->cache));
}

void ent_app_ring(struct ent_app *app)
{
	struct bell *bell = &app->bell;
	if (!bell->is_heard) {
		return;
	}
	pthread_mutex_lock(&bell->lock);
	if (bell->wake != NULL) {
		bell->wake(bell->arg);
	}
	pthread_mutex_unlock(&bell->lock);
}

void ent_app_on_event(struct ent_app *app, void (*wake)(void *arg), void *arg)
{
	pthread_mutex_lock(&app->bell.lock);
	app->bell.wake = wake;
	app->bell.arg = arg;
	app->bell.is_heard = wake != NULL;
	pthread_mutex_unlock(&app->bell.lock);
}

static void changed(void *arg, int64_t id)
{
	struct ent_app *app = arg;
	ent_app_forget(app, id);
	ent_app_ring(app);
}

enum ent_code ent_app_open(const struct ent_app_config *config, struct ent_app **out,
                           struct ent_error *error)
{
	if (sodium_init() < 0) {
		return ent_fail(error, ENT_E_SYSTEM, "libsodium could not start");
	}
	struct ent_app *app = calloc(1, sizeof(*app));
	if (app == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory to start");
	}
	app->agenda = ent_agenda_open();
	if (app->agenda == NULL) {
		free(app);
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the scheduler");
	}
	pthread_mutex_init(&app->bell.lock, NULL);
	app->is_virtual = !ent_instant_is_none(config->clock);
	atomic_init(&app->clock_us, app->is_virtual ? config->clock.us : 0);
	atomic_init(&app->last_id, 0);
	struct ent_store_config store = {
		.url = config->database,
		/* who moves the clock waits in one while another works */
		.workers = app->is_virtual && config->workers == 1 ? 2 : config->workers,
		.create = config->create,
	};
	enum ent_code code = ent_store_open(&store, &app->store, error);
	if (code != ENT_OK) {
		ent_agenda_close(app->agenda);
		free(app);
		return code;
	}
	app->node = ent_store_node(app->store);
	app->cache = ent_cache_open(config->cache_bytes);
	app->wanted = ent_wanted_open();
	app->hours = ent_hours_cache_open(config->cache_bytes < 0 ? 0 : HOURS_BYTES);
	app->sla = ent_sla_cache_open();
	if (app->cache == NULL || app->wanted == NULL || app->hours == NULL || app->sla == NULL) {
		ent_app_close(app);
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the cache");
	}
	ent_store_listen(app->store, changed, app);
	*out = app;
	return ENT_OK;
}

void ent_app_close(struct ent_app *app)
{
	if (app == NULL) {
		return;
	}
	ent_store_close(app->store);
	ent_cache_close(app->cache);
	ent_hours_cache_close(app->hours);
	ent_sla_cache_close(app->sla);
	ent_agenda_close(app->agenda);
	ent_wanted_close(app->wanted);
	pthread_mutex_destroy(&app->bell.lock);
	free(app);
}

struct ent_store *ent_app_store(struct ent_app *app)
{
	return app->store;
}

struct ent_cache *ent_app_cache(struct ent_app *app)
{
	return app->cache;
}

struct ent_sla_cache *ent_app_sla(struct ent_app *app)
{
	return app->sla;
}

struct ent_agenda *ent_app_agenda(struct ent_app *app)
{
	return app->agenda;
}

bool ent_app_is_virtual(const struct ent_app *app)
{
	return app->is_virtual;
}

struct ent_wanted *ent_app_wanted(struct ent_app *app)
{
	return app->wanted;
}

struct ent_hours_cache *ent_app_hours(struct ent_app *app)
{
	return app->hours;
}

bool ent_app_may_cache(struct ent_app *app)
{
	return ent_store_listening(app->store);
}

/* ---- time and identifiers ---- */

/* The greater of `value` and what was told before, which it becomes. */
static int64_t not_back(_Atomic int64_t *last, int64_t value)
{
	int64_t seen = atomic_load_explicit(last, memory_order_relaxed);
	while (value > seen) {
		if (atomic_compare_exchange_weak_explicit(last, &seen, value, memory_order_relaxed,
		                                          memory_order_relaxed)) {
			return value;
		}
	}
	return seen;
}

ent_instant ent_app_now(struct ent_app *app)
{
	if (app->is_virtual) {
		return (ent_instant){ atomic_load(&app->clock_us) };
	}
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	int64_t us = (int64_t)now.tv_sec * ENT_SECOND_US + now.tv_nsec / 1000;
	return (ent_instant){ not_back(&app->clock_us, us) };
}

void ent_app_advance(struct ent_app *app, ent_instant to)
{
	assert(app->is_virtual);
	not_back(&app->clock_us, to.us);
	ent_agenda_told(app, ENT_INSTANT_NONE);
}

ent_id ent_app_id(struct ent_app *app)
{
	enum { SEQUENCE_BITS = 12, NODE_BITS = 10 };
	int64_t ms = ent_app_now(app).us / 1000 - ENT_ID_EPOCH_MS;
	int64_t first = (ms > 0 ? ms : 0) << (SEQUENCE_BITS + NODE_BITS) | app->node
	                                                                           << SEQUENCE_BITS;
	int64_t last = atomic_load(&app->last_id);
	int64_t next;
	do {
		next = first;
		if (next <= last) {
			next = last + 1;
			if ((next & ((1 << SEQUENCE_BITS) - 1)) == 0) {
				/* the millisecond is used up: borrow from the next one */
				next += (INT64_C(1) << (SEQUENCE_BITS + NODE_BITS)) -
				        (INT64_C(1) << SEQUENCE_BITS);
			}
		}
	} while (!atomic_compare_exchange_weak(&app->last_id, &last, next));
	return (ent_id){ next };
}

uint64_t ent_app_epoch(struct ent_app *app, enum ent_access access)
{
	bool shares_commit = access == ENT_WRITE && ent_store_dialect(app->store) == ENT_SQLITE;
	return shares_commit ? 0 : ent_cache_epoch(app->cache);
}

bool ent_call_may_keep(const struct ent_call *call)
{
	return call->epoch != 0 && call->touched == NULL && ent_app_may_cache(call->app);
}

/* ---- one call ---- */

void ent_call_touch(struct ent_call *call, ent_id id)
{
	for (const struct ent_touched *t = call->touched; t != NULL; t = t->next) {
		if (t->id == id.value) {
			return;
		}
	}
	struct ent_touched *t = ENT_NEW(call->arena, struct ent_touched, 1);
	t->id = id.value;
	t->next = call->touched;
	call->touched = t;
}

enum ent_code ent_call_may(const struct ent_call *call, const char *permission,
                           struct ent_error *error)
{
	if (call->who->who == ENT_WHO_NOBODY) {
		return ent_fail(error, ENT_E_UNAUTHENTICATED, "sign in or send a key");
	}
	if (!ent_may(call->who, ent_permission(permission))) {
		return ent_fail(error, ENT_E_FORBIDDEN, "this needs the permission %s", permission);
	}
	return ENT_OK;
}

enum ent_code ent_call_sees(struct ent_call *call, ent_id account, bool *out,
                            struct ent_error *error)
{
	const struct ent_principal *who = call->who;
	*out = who->accounts.count == 0 || ent_ids_has(who->accounts, account);
	if (*out || !who->account_trees) {
		return ENT_OK;
	}
	struct ent_ids path;
	enum ent_code code = ent_account_path(call, account, &path, error);
	if (code == ENT_E_NOT_FOUND) {
		return ENT_OK;
	}
	for (size_t i = 0; code == ENT_OK && i < path.count && !*out; i++) {
		*out = ent_ids_has(who->accounts, path.items[i]);
	}
	return code;
}

void ent_call_end(struct ent_call *call)
{
	if (call->kept_settings != NULL) {
		ent_cache_release_settings(call->kept_settings);
		call->kept_settings = call->settings = NULL;
	}
	ent_call_release_hours(call);
	while (call->set_count > 0) {
		ent_cache_release_set(call->app->cache, call->sets[--call->set_count]);
	}
	ent_sla_call_end(call);
}

/* ---- heads ---- */

static struct ent_head *find_head(const struct ent_call *call, ent_id account)
{
	for (struct ent_head *head = call->heads; head != NULL; head = head->next) {
		if (ent_id_eq(head->account_id, account)) {
			return head;
		}
	}
	return NULL;
}

struct ent_head *ent_call_head(const struct ent_call *call, ent_id account)
{
	struct ent_head *head = find_head(call, account);
	assert(head != NULL); /* ent_call_lock() comes first */
	return head;
}

static struct ent_head *add_head(struct ent_call *call, ent_id account)
{
	struct ent_head *head = ENT_NEW(call->arena, struct ent_head, 1);
	head->account_id = account;
	head->version = 1;
	head->hash = ENT_STR("");
	head->next = call->heads;
	call->heads = head;
	return head;
}

enum ent_code ent_call_lock_known(struct ent_call *call, ent_id account, bool *out,
                                  struct ent_error *error)
{
	*out = find_head(call, account) != NULL;
	if (*out) {
		return ENT_OK;
	}
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("UPDATE account_head SET version = version + 1 WHERE account_id = $1 "
	                "RETURNING version, seq, hash"),
		ENT_ARGS(ent_arg_int(account.value)), call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		const struct ent_row *row = rows.first;
		struct ent_head *head = add_head(call, account);
		head->version = row->cell[0].number;
		head->seq = row->cell[1].number;
		head->hash = row->cell[2].text;
		*out = true;
	}
	return code;
}

enum ent_code ent_call_lock(struct ent_call *call, ent_id account, struct ent_error *error)
{
	bool known;
	enum ent_code code = ent_call_lock_known(call, account, &known, error);
	if (code != ENT_OK || known) {
		return code;
	}
	add_head(call, account);
	return ent_db_exec(call->db,
	                   ENT_STR("INSERT INTO account_head (account_id, version, seq, hash) "
	                           "VALUES ($1, 1, 0, '')"),
	                   ENT_ARGS(ent_arg_int(account.value)), 1, call->arena, error);
}

void ent_call_adopt(struct ent_call *call, const struct ent_head *row)
{
	if (find_head(call, row->account_id) == NULL) {
		struct ent_head *head = add_head(call, row->account_id);
		head->version = row->version + 1;
		head->seq = row->seq;
		head->hash = row->hash;
	}
}

static enum ent_code write_heads(struct ent_call *call, struct ent_error *error)
{
	static const struct ent_many upsert = {
		.before = "INSERT INTO account_head (account_id, version, seq, hash) VALUES ",
		.row = "($, $, $, $)",
		.between = ", ",
		.after = " ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, "
			 "seq = excluded.seq, hash = excluded.hash",
	};
	size_t rows = 0;
	for (const struct ent_head *head = call->heads; head != NULL; head = head->next) {
		rows += head->is_changed;
	}
	if (rows == 0) {
		return ENT_OK;
	}
	struct ent_value *args = ENT_NEW(call->arena, struct ent_value, 4 * rows);
	size_t n = 0;
	for (struct ent_head *head = call->heads; head != NULL; head = head->next) {
		if (head->is_changed) {
			args[n++] = ent_arg_int(head->account_id.value);
			args[n++] = ent_arg_int(head->version);
			args[n++] = ent_arg_int(head->seq);
			args[n++] = ent_arg_text(head->hash);
			head->is_changed = false;
		}
	}
	return ent_db_exec_many(call->db, &upsert, args, rows, call->arena, error);
}

enum ent_code ent_call_finish(struct ent_call *call, struct ent_error *error)
{
	enum ent_code code = ent_contract_keep(call, error);
	if (code == ENT_OK) {
		code = write_heads(call, error);
	}
	if (code == ENT_OK) {
		code = ent_agenda_write(call, error);
	}
	for (const struct ent_touched *t = call->touched; t != NULL && code == ENT_OK;
	     t = t->next) {
		code = ent_db_notify(call->db, t->id, call->arena, error);
	}
	return code;
}

void ent_call_committed(struct ent_call *call)
{
	for (const struct ent_touched *t = call->touched; t != NULL; t = t->next) {
		ent_app_forget(call->app, t->id);
	}
	ent_agenda_told(call->app, ent_agenda_earliest(call));
	if (call->has_outbox) {
		ent_wanted_tell(call->app->wanted);
	}
	if (call->has_events) {
		ent_app_ring(call->app);
	}
}
