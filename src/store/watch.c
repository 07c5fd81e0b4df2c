/* watch.c - PostgreSQL: hears what other processes announce, and keeps our lease alive.
 *
 * What was read is trusted (ent_store_listening) only while this process is sure to hear
 * of every change: the listening connection is up, others have had two refreshes to see
 * our row of `node`, and the row is not about to expire.
 */
#include "store/postgres.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { RETRY_MS = 500 };

struct ent_watch {
	struct ent_store *store;
	pthread_t thread;
	int wake; /* eventfd */
	PGconn *conn;
	int64_t retry_at;
	_Atomic bool is_stopping;
	_Atomic bool is_trusted;
};

static void listen_now(struct ent_watch *watch)
{
	struct ent_error error;
	watch->conn = ent_pg_connect(watch->store->url, &error);
	if (watch->conn == NULL) {
		return;
	}
	PGresult *result = PQexec(watch->conn, "LISTEN entitled");
	if (PQresultStatus(result) != PGRES_COMMAND_OK) {
		PQfinish(watch->conn);
		watch->conn = NULL;
	}
	PQclear(result);
}

/* "<id> <token of the process>" */
static void hear(struct ent_watch *watch, const char *payload)
{
	struct ent_cut cut = ent_str_cut(ent_str_of(payload), ' ');
	int64_t id;
	if (ent_str_is(cut.tail, watch->store->token)) {
		return; /* our own */
	}
	ent_store_tell(watch->store, ent_str_int(cut.head, &id) ? id : 0);
}

static void hear_all(struct ent_watch *watch)
{
	bool good = PQconsumeInput(watch->conn) == 1;
	for (PGnotify *n; (n = PQnotifies(watch->conn)) != NULL;) {
		hear(watch, n->extra);
		PQfreemem(n);
	}
	if (!good || PQstatus(watch->conn) != CONNECTION_OK) {
		PQfinish(watch->conn);
		watch->conn = NULL;
	}
}

static bool may_trust(const struct ent_watch *watch)
{
	const struct ent_store *store = watch->store;
	int64_t refresh_us = (int64_t)store->refresh_ms * 1000;
	int64_t now = ent_now_us();
	return watch->conn != NULL && store->node >= 0 &&
	       now >= store->lease_began + 2 * refresh_us && now < store->lease_ends - refresh_us;
}

static void decide_trust(struct ent_watch *watch)
{
	bool trusted = may_trust(watch);
	if (trusted == watch->is_trusted) {
		return;
	}
	if (!trusted) {
		watch->is_trusted = false;
	}
	ent_store_tell(watch->store, 0);
	watch->is_trusted = trusted;
}

static int wait_ms(const struct ent_watch *watch)
{
	int wait = watch->store->refresh_ms / 2;
	int renew = ent_node_wait_ms(watch->store);
	if (renew >= 0 && renew < wait) {
		wait = renew;
	}
	if (!watch->is_trusted && wait > watch->store->refresh_ms / 8) {
		wait = watch->store->refresh_ms / 8;
	}
	return wait > 0 ? wait : 1;
}

static void *watch_loop(void *arg)
{
	struct ent_watch *watch = arg;
	while (!watch->is_stopping) {
		if (watch->conn == NULL && ent_now_us() >= watch->retry_at) {
			listen_now(watch);
			watch->retry_at = ent_now_us() + RETRY_MS * 1000;
		}
		struct pollfd fds[2] = {
			{ .fd = watch->wake, .events = POLLIN },
			{ .fd = watch->conn != NULL ? PQsocket(watch->conn) : -1,
			  .events = POLLIN },
		};
		if (poll(fds, 2, wait_ms(watch)) > 0 && fds[1].revents != 0) {
			hear_all(watch);
		}
		ent_node_renew(watch->store);
		decide_trust(watch);
	}
	return NULL;
}

enum ent_code ent_watch_start(struct ent_store *store, struct ent_error *error)
{
	struct ent_watch *watch = calloc(1, sizeof(*watch));
	if (watch == NULL) {
		return ent_fail(error, ENT_E_SYSTEM, "no memory for a thread");
	}
	watch->store = store;
	watch->wake = eventfd(0, EFD_CLOEXEC);
	if (watch->wake < 0 || pthread_create(&watch->thread, NULL, watch_loop, watch) != 0) {
		if (watch->wake >= 0) {
			close(watch->wake);
		}
		free(watch);
		return ent_fail(error, ENT_E_SYSTEM, "could not start a thread");
	}
	store->watch = watch;
	return ENT_OK;
}

void ent_watch_stop(struct ent_store *store)
{
	struct ent_watch *watch = store->watch;
	if (watch == NULL) {
		return;
	}
	uint64_t one = 1;
	watch->is_stopping = true;
	ssize_t wrote = write(watch->wake, &one, sizeof(one));
	assert(wrote == (ssize_t)sizeof(one));
	pthread_join(watch->thread, NULL);
	PQfinish(watch->conn);
	close(watch->wake);
	free(watch);
	store->watch = NULL;
}

bool ent_watch_listening(const struct ent_store *store)
{
	const struct ent_watch *watch = store->watch;
	return watch != NULL && watch->is_trusted && ent_now_us() < store->lease_ends;
}
