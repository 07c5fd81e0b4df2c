/* loop.c - one thread: its listener, its clock, its mail from other threads. */
#include "http/inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	ACCEPT_MAX = 64, /* in one go, so that those who are in get their turn */
	TICK_MS = 250,
	TICK_MIN_MS = 5,
	TICK_DRAIN_MS = 20
};

static void on_tick(uv_timer_t *timer);

static _Thread_local struct ent_http_loop *here;

struct ent_http_loop *ent_http_loop_here(void)
{
	return here;
}

void ent_http_loop_remove(struct ent_http_connection *connection)
{
	if (connection->place == ENT_HTTP_PLACES) {
		return;
	}
	struct ent_http_list *list = &connection->loop->places[connection->place];
	if (connection->previous != NULL) {
		connection->previous->next = connection->next;
	} else {
		list->first = connection->next;
	}
	if (connection->next != NULL) {
		connection->next->previous = connection->previous;
	} else {
		list->last = connection->previous;
	}
}

/* All of one place have the same time, so the newest is always the last. */
void ent_http_loop_place(struct ent_http_connection *connection, enum ent_http_place place)
{
	struct ent_http_loop *loop = connection->loop;
	struct ent_http_list *list = &loop->places[place];
	ent_http_loop_remove(connection);
	connection->place = place;
	connection->deadline = uv_now(&loop->uv) + loop->server->timeouts[place];
	connection->next = NULL;
	connection->previous = list->last;
	if (list->last != NULL) {
		list->last->next = connection;
	} else {
		list->first = connection;
	}
	list->last = connection;
}

/* The address as text; IPv4 that came through an IPv6 socket as IPv4. */
static void name_peer(const struct sockaddr_storage *address, char *out, size_t size)
{
	static const char mapped[] = "::ffff:";
	out[0] = '\0';
	if (address->ss_family == AF_INET) {
		uv_ip4_name((const struct sockaddr_in *)address, out, size);
	} else if (address->ss_family == AF_INET6) {
		uv_ip6_name((const struct sockaddr_in6 *)address, out, size);
		if (strncmp(out, mapped, sizeof(mapped) - 1) == 0 && strchr(out, '.') != NULL) {
			memmove(out, out + sizeof(mapped) - 1, strlen(out) - sizeof(mapped) + 2);
		}
	}
}

/* False when nobody waits, or nobody can be let in now. */
static bool accept_one(struct ent_http_loop *loop)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);
	int fd = accept4(loop->listen_fd, (struct sockaddr *)&address, &size,
	                 SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0) {
		char peer[48];
		name_peer(&address, peer, sizeof(peer));
		ent_http_connection_open(loop, fd, peer);
		return true;
	}
	if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
		uv_poll_stop(&loop->listener); /* else it would report without end */
		loop->accept_paused = true;
		return false;
	}
	return errno == EINTR || errno == ECONNABORTED;
}

static void on_acceptable(uv_poll_t *listener, int status, int events)
{
	(void)status;
	(void)events;
	int left = ACCEPT_MAX;
	while (left > 0 && accept_one(listener->data)) {
		left--;
	}
}

static void on_listener_closed(uv_handle_t *handle)
{
	struct ent_http_loop *loop = handle->data;
	close(loop->listen_fd);
}

static void cut_rest(struct ent_http_loop *loop)
{
	for (int place = 0; place < ENT_HTTP_CLOSING; place++) {
		while (loop->places[place].first != NULL) {
			loop->cut += place != ENT_HTTP_IDLE && place != ENT_HTTP_LINGERING;
			ent_http_connection_close(loop->places[place].first);
		}
	}
}

static void close_idle(struct ent_http_loop *loop)
{
	struct ent_http_connection *next;
	for (struct ent_http_connection *c = loop->places[ENT_HTTP_IDLE].first; c != NULL;
	     c = next) {
		int fd;
		char byte;
		next = c->next;
		/* a request that has arrived but was not read yet is answered */
		if (uv_fileno((uv_handle_t *)&c->tcp, &fd) != 0 ||
		    recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0) {
			ent_http_connection_close(c);
		}
	}
}

static void begin_drain(struct ent_http_loop *loop)
{
	loop->draining = true;
	uv_update_time(&loop->uv);
	loop->cut_at = uv_now(&loop->uv) + (uint64_t)loop->server->grace_ms;
	uv_timer_start(&loop->timer, on_tick, TICK_DRAIN_MS, TICK_DRAIN_MS);
	while (accept_one(loop)) {
	}
	uv_close((uv_handle_t *)&loop->listener, on_listener_closed);
	close_idle(loop);
	ent_http_stream_drain(loop);
	if (loop->server->grace_ms == 0) {
		cut_rest(loop);
	}
	ent_http_loop_drained(loop);
}

static struct ent_http_work *take_replied(struct ent_http_loop *loop)
{
	struct ent_http_work *newest = loop->replied;
	struct ent_http_work *oldest = NULL;
	loop->replied = NULL;
	while (newest != NULL) {
		struct ent_http_work *next = newest->next;
		newest->next = oldest;
		oldest = newest;
		newest = next;
	}
	return oldest;
}

static void deliver(struct ent_http_loop *loop, struct ent_http_work *work)
{
	while (work != NULL) {
		struct ent_http_work *next = work->next;
		if (ent_http_stream_deliver(work)) {
			work = next;
			continue;
		}
		work->pending = false;
		loop->pending--;
		if (work->connection == NULL) {
			ent_http_work_give(work);
		} else if (work->connection->place != ENT_HTTP_CLOSING) {
			ent_http_connection_replied(work->connection);
		}
		work = next;
	}
}

static void on_async(uv_async_t *async)
{
	struct ent_http_loop *loop = async->data;
	uv_mutex_lock(&loop->mutex);
	struct ent_http_work *work = take_replied(loop);
	uv_mutex_unlock(&loop->mutex);
	deliver(loop, work);
	if (loop->server->stopping && !loop->draining) {
		begin_drain(loop);
	} else {
		ent_http_loop_drained(loop);
	}
}

void ent_http_loop_drained(struct ent_http_loop *loop)
{
	bool is_late = uv_now(&loop->uv) >= loop->cut_at;
	if (!loop->draining || loop->ending || loop->connections > 0 ||
	    (loop->pending > 0 && !is_late)) {
		return;
	}
	loop->ending = true;
	uv_mutex_lock(&loop->mutex);
	loop->closed = true;
	deliver(loop, take_replied(loop)); /* without connections: gives their memory back */
	loop->orphans = loop->pending;
	if (loop->orphans > 0) {
		atomic_fetch_add(&loop->server->references, 1);
	}
	uv_mutex_unlock(&loop->mutex);
	uv_close((uv_handle_t *)&loop->timer, NULL);
	uv_close((uv_handle_t *)&loop->async, NULL);
}

static void expire(struct ent_http_loop *loop, uint64_t now)
{
	for (int place = 0; place < ENT_HTTP_PLACES; place++) {
		if (place == ENT_HTTP_PENDING || place == ENT_HTTP_STREAMING ||
		    place == ENT_HTTP_CLOSING) {
			continue;
		}
		struct ent_http_list *list = &loop->places[place];
		while (list->first != NULL && list->first->deadline <= now) {
			ent_http_connection_expire(list->first);
		}
	}
}

static void on_tick(uv_timer_t *timer)
{
	struct ent_http_loop *loop = timer->data;
	uint64_t now = uv_now(&loop->uv);
	/* A handler held the loop up: what came meanwhile is to be read first. */
	bool is_late = now - loop->ticked > 2 * uv_timer_get_repeat(timer);
	if (!is_late || loop->was_late) {
		expire(loop, now);
	}
	loop->was_late = is_late && !loop->was_late;
	loop->ticked = now;
	if (loop->accept_paused && !loop->draining) {
		loop->accept_paused = false;
		uv_poll_start(&loop->listener, UV_READABLE, on_acceptable);
	}
	if (loop->draining && now >= loop->cut_at) {
		cut_rest(loop);
		ent_http_loop_drained(loop);
	}
}

static uint64_t tick_of(const struct ent_http_server *server)
{
	uint64_t tick = TICK_MS;
	for (int place = 0; place < ENT_HTTP_PLACES; place++) {
		uint64_t quarter = server->timeouts[place] / 4;
		if (server->timeouts[place] > 0 && quarter < tick) {
			tick = quarter > TICK_MIN_MS ? quarter : TICK_MIN_MS;
		}
	}
	return tick;
}

static void close_handle(uv_handle_t *handle, void *arg)
{
	(void)arg;
	uv_close(handle, NULL);
}

void ent_http_loop_abandon(struct ent_http_loop *loop)
{
	uv_walk(&loop->uv, close_handle, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	int code = uv_loop_close(&loop->uv);
	assert(code == 0);
	(void)code;
	uv_mutex_destroy(&loop->mutex);
}

static int init_handles(struct ent_http_loop *loop)
{
	uint64_t tick = tick_of(loop->server);
	loop->async.data = loop->timer.data = loop->listener.data = loop;
	int code = uv_async_init(&loop->uv, &loop->async, on_async);
	if (code == 0) {
		code = uv_timer_init(&loop->uv, &loop->timer);
	}
	if (code == 0) {
		code = uv_timer_start(&loop->timer, on_tick, tick, tick);
	}
	if (code == 0) {
		code = uv_poll_init(&loop->uv, &loop->listener, loop->listen_fd);
	}
	if (code == 0) {
		code = uv_poll_start(&loop->listener, UV_READABLE, on_acceptable);
	}
	return code;
}

int ent_http_loop_init(struct ent_http_loop *loop)
{
	int code = uv_mutex_init(&loop->mutex);
	if (code != 0) {
		return code;
	}
	code = uv_loop_init(&loop->uv);
	if (code != 0) {
		uv_mutex_destroy(&loop->mutex);
		return code;
	}
	code = init_handles(loop);
	if (code != 0) {
		ent_http_loop_abandon(loop);
	}
	return code;
}

void ent_http_loop_run(void *arg)
{
	struct ent_http_loop *loop = arg;
	const struct ent_http_config *config = &loop->server->config;
	here = loop;
	loop->data = config->loop_begin != NULL ? config->loop_begin(config->context) : NULL;
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	if (config->loop_end != NULL) {
		config->loop_end(config->context, loop->data);
	}
	here = NULL;
	int code = uv_loop_close(&loop->uv);
	assert(code == 0);
	(void)code;
	while (loop->free_works != NULL) {
		struct ent_http_work *work = loop->free_works;
		loop->free_works = work->next;
		ent_http_work_free(work);
	}
	while (loop->free_connections != NULL) {
		struct ent_http_connection *connection = loop->free_connections;
		loop->free_connections = connection->next;
		free(connection);
	}
}
