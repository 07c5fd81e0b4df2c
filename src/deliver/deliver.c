#include "deliver/deliver.h"

#include "base/log.h"
#include "deliver/transfer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	AT_ONCE = 64,
	AT_ONCE_EACH = 4,     /* to one endpoint, or the mail server */
	LOOK_EVERY_MS = 1000, /* for what other servers wrote and what falls due */
	PAUSE_MS = 1000,      /* after a failure of the database */
	STOP_MS = 2000,
	LEASE_MORE_MS = 30000,
	TIMEOUT_MS = 20000,
	ROOM_BYTES = 1 << 30
};

struct ent_deliver {
	struct ent_deliver_config config;
	CURLM *multi;
	pthread_t thread;
	_Atomic bool is_stopping;
	_Atomic bool is_woken;
	struct ent_budget budget;
	struct ent_arena arena;
	struct ent_transfer *running; /* in no order */
	size_t running_count;
	struct ent_transfer *ended[AT_ONCE]; /* to be written down */
	size_t ended_count;
	int64_t look_at_ms;
};

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void complain(const char *what, const struct ent_error *error)
{
	ent_log(ENT_LOG_ERROR, what,
	        ENT_LOG_FIELDS(ent_log_text("detail", ent_str_of(error->detail))));
	ent_log_flush();
}

/* ---- beginning ---- */

static void end(struct ent_deliver *d, struct ent_transfer *t)
{
	for (struct ent_transfer **at = &d->running; *at != NULL; at = &(*at)->next) {
		if (*at == t) {
			*at = t->next;
			d->running_count--;
			break;
		}
	}
	curl_multi_remove_handle(d->multi, t->easy);
	d->ended[d->ended_count++] = t;
}

static size_t count_busy(const struct ent_deliver *d, struct ent_busy busy[static AT_ONCE])
{
	size_t count = 0;
	for (const struct ent_transfer *t = d->running; t != NULL; t = t->next) {
		size_t at = 0;
		while (at < count && !ent_id_eq(busy[at].endpoint_id, t->outcome.endpoint_id)) {
			at++;
		}
		if (at == count) {
			busy[count++] = (struct ent_busy){ t->outcome.endpoint_id, 0 };
		}
		busy[at].count++;
	}
	return count;
}

static void begin(struct ent_deliver *d, const struct ent_job *job)
{
	ent_instant now = ent_app_now(d->config.app);
	struct ent_transfer *t = ent_transfer_open(&d->config, job, now, d->arena);
	if (t == NULL) {
		return; /* no memory: it is due again when its lease ends */
	}
	if (curl_multi_add_handle(d->multi, t->easy) != CURLM_OK) {
		ent_transfer_close(t);
		return;
	}
	t->next = d->running;
	d->running = t;
	d->running_count++;
}

struct beginning {
	struct ent_deliver *d;
	const struct ent_claim *claim;
};

static void begin_all(void *arg)
{
	struct beginning *b = arg;
	for (size_t i = 0; i < b->claim->count; i++) {
		begin(b->d, &b->claim->jobs[i]);
	}
}

static void look(struct ent_deliver *d)
{
	struct ent_busy busy[AT_ONCE];
	struct ent_error error;
	int64_t timeout = d->config.timeout_ms > 0 ? d->config.timeout_ms : TIMEOUT_MS;
	struct ent_arena room = d->arena;
	struct ent_claim claim = {
		.lease_us = (timeout + LEASE_MORE_MS) * 1000,
		.max = AT_ONCE - d->running_count,
		.max_at_once = AT_ONCE_EACH,
		.busy = busy,
		.busy_count = count_busy(d, busy),
		.has_mail_server = d->config.smtp_url != NULL,
		.arena = &room,
	};
	ent_error_clear(&error);
	atomic_store(&d->is_woken, false);
	if (ent_delivery_claim(d->config.app, &claim, &error) != ENT_OK) {
		complain("deliveries could not be taken", &error);
		d->look_at_ms = now_ms() + PAUSE_MS;
		return;
	}
	struct ent_arena whole = d->arena;
	d->arena = room; /* behind the jobs */
	struct beginning b = { d, &claim };
	if (!ent_guard(&d->budget, begin_all, &b)) {
		ent_error_clear(&error);
		(void)ent_fail(&error, ENT_E_OUT_OF_MEMORY, "a message is too large");
		complain("deliveries could not be begun", &error);
	}
	d->arena = whole;
	d->look_at_ms = now_ms() + (claim.is_more ? 0 : LOOK_EVERY_MS);
}

/* ---- ending ---- */

static void gather(struct ent_deliver *d)
{
	int left;
	const CURLMsg *message = curl_multi_info_read(d->multi, &left);
	while (message != NULL) {
		struct ent_transfer *t = NULL;
		CURLcode result = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		ent_transfer_judge(t, result);
		end(d, t);
		message = curl_multi_info_read(d->multi, &left);
	}
}

/* What cannot be written down now is tried again; it must not be forgotten. */
static void settle(struct ent_deliver *d)
{
	static const char what[] = "the end of deliveries could not be written";
	struct ent_error error;
	struct ent_outcome *outcomes = calloc(AT_ONCE, sizeof(*outcomes));
	if (d->ended_count == 0 || outcomes == NULL) {
		free(outcomes);
		return;
	}
	for (size_t i = 0; i < d->ended_count; i++) {
		outcomes[i] = d->ended[i]->outcome;
	}
	ent_error_clear(&error);
	enum ent_code code = ent_delivery_settle(d->config.app, &d->config.retries, outcomes,
	                                         d->ended_count, &error);
	free(outcomes);
	if (code != ENT_OK) {
		complain(what, &error);
		d->look_at_ms = now_ms() + PAUSE_MS;
		return;
	}
	for (size_t i = 0; i < d->ended_count; i++) {
		ent_transfer_close(d->ended[i]);
	}
	d->ended_count = 0;
	d->look_at_ms = now_ms(); /* another one's turn may have come */
}

static void cut_all(struct ent_deliver *d)
{
	while (d->running != NULL) {
		struct ent_transfer *t = d->running;
		ent_transfer_cut(t, "the server was stopped meanwhile");
		end(d, t);
	}
	settle(d);
	for (size_t i = 0; i < d->ended_count; i++) {
		ent_transfer_close(d->ended[i]);
	}
	d->ended_count = 0;
}

/* ---- the thread ---- */

static void wait(struct ent_deliver *d)
{
	bool can_look = d->running_count < AT_ONCE && d->ended_count == 0;
	int64_t ms = can_look ? d->look_at_ms - now_ms() : PAUSE_MS;
	if (ms > 0 && !(can_look && atomic_load(&d->is_woken))) {
		curl_multi_poll(d->multi, NULL, 0, (int)ms, NULL);
	}
}

static void turn(struct ent_deliver *d, bool may_look)
{
	int left;
	bool is_time = now_ms() >= d->look_at_ms || atomic_load(&d->is_woken);
	if (may_look && is_time && d->ended_count == 0 && d->running_count < AT_ONCE) {
		look(d);
	}
	curl_multi_perform(d->multi, &left);
	gather(d);
	settle(d);
}

static void *loop(void *arg)
{
	struct ent_deliver *d = arg;
	while (!atomic_load(&d->is_stopping)) {
		turn(d, true);
		wait(d);
	}
	int64_t until = now_ms() + STOP_MS;
	while (d->running_count > 0 && now_ms() < until) {
		turn(d, false);
		curl_multi_poll(d->multi, NULL, 0, 50, NULL);
	}
	cut_all(d);
	return NULL;
}

static void wake(void *arg)
{
	struct ent_deliver *d = arg;
	if (!atomic_exchange(&d->is_woken, true)) {
		curl_multi_wakeup(d->multi);
	}
}

static void dispose(struct ent_deliver *d)
{
	if (d->multi != NULL) {
		curl_multi_cleanup(d->multi);
	}
	if (d->arena.next != NULL) {
		ent_arena_release(&d->arena);
	}
	free(d);
}

enum ent_code ent_deliver_start(const struct ent_deliver_config *config, struct ent_deliver **out,
                                struct ent_error *error)
{
	struct ent_deliver *d = calloc(1, sizeof(*d));
	if (d == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(d);
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory to send messages");
	}
	d->config = *config;
	d->multi = curl_multi_init();
	if (d->multi == NULL || !ent_arena_reserve(ROOM_BYTES, &d->budget, &d->arena)) {
		dispose(d);
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory to send messages");
	}
	if (pthread_create(&d->thread, NULL, loop, d) != 0) {
		dispose(d);
		return ent_fail(error, ENT_E_SYSTEM, "no thread to send messages");
	}
	ent_app_on_outbox(config->app, wake, d);
	*out = d;
	return ENT_OK;
}

void ent_deliver_stop(struct ent_deliver *d)
{
	ent_app_on_outbox(d->config.app, NULL, NULL);
	atomic_store(&d->is_stopping, true);
	curl_multi_wakeup(d->multi);
	pthread_join(d->thread, NULL);
	dispose(d);
}
