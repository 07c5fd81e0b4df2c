/* server.c - start, stop and count the loops. */
#include "http/inner.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	BACKLOG = 4096,
	LOOPS_MAX = 256,
	SPARE_DESCRIPTORS = 128 /* for all that is not a connection */
};

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static enum ent_code system_failure(struct ent_error *error, const char *what, int number)
{
	return ent_fail(error, ENT_E_SYSTEM, "could not %s: %s", what, strerror(number));
}

static enum ent_code read_address(const struct ent_http_config *config, union address *out,
                                  struct ent_error *error)
{
	*out = (union address){ 0 };
	if (config->port < 0 || config->port > 65535) {
		return ent_fail(error, ENT_E_INVALID, "port %d is not within 0 to 65535",
		                config->port);
	}
	if (uv_ip4_addr(config->address, config->port, &out->v4) != 0 &&
	    uv_ip6_addr(config->address, config->port, &out->v6) != 0) {
		return ent_fail(error, ENT_E_INVALID, "\"%s\" is not an IPv4 or IPv6 address",
		                config->address);
	}
	return ENT_OK;
}

static bool set_option(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

/* A bound socket. Its connections inherit TCP_NODELAY. */
static enum ent_code bind_one(const union address *address, bool is_shared, int *out,
                              struct ent_error *error)
{
	bool is_v6 = address->any.sa_family == AF_INET6;
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		return system_failure(error, "make a socket", errno);
	}
	if (!set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) ||
	    !set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1) ||
	    (is_shared && !set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1)) ||
	    (is_v6 && !set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0)) ||
	    bind(fd, &address->any, is_v6 ? sizeof(address->v6) : sizeof(address->v4)) != 0) {
		int number = errno;
		close(fd);
		return system_failure(error, "bind the address", number);
	}
	*out = fd;
	return ENT_OK;
}

static enum ent_code find_port(int fd, union address *address, int *port, struct ent_error *error)
{
	socklen_t size = sizeof(*address);
	if (getsockname(fd, &address->any, &size) != 0) {
		return system_failure(error, "learn the port", errno);
	}
	bool is_v6 = address->any.sa_family == AF_INET6;
	*port = ntohs(is_v6 ? address->v6.sin6_port : address->v4.sin_port);
	return ENT_OK;
}

/* Sockets that share a port would let a second server steal from a first one, so
 * the port is taken alone before it is taken together. */
static enum ent_code listen_all(struct ent_http_server *server, struct ent_error *error)
{
	union address address;
	int alone = -1;
	enum ent_code code = read_address(&server->config, &address, error);
	if (code == ENT_OK) {
		code = bind_one(&address, false, &alone, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	bool is_shared = server->loop_count > 1;
	code = find_port(alone, &address, &server->port, error);
	if (code != ENT_OK || is_shared) {
		close(alone);
	} else {
		server->loops[0].listen_fd = alone;
	}
	for (int i = 0; i < server->loop_count && code == ENT_OK; i++) {
		struct ent_http_loop *loop = &server->loops[i];
		if (is_shared) {
			code = bind_one(&address, true, &loop->listen_fd, error);
		}
		if (code == ENT_OK && listen(loop->listen_fd, BACKLOG) != 0) {
			code = system_failure(error, "listen", errno);
		}
	}
	return code;
}

static void fill(struct ent_http_server *server, const struct ent_http_config *given)
{
	struct ent_http_config *config = &server->config;
	*config = *given;
	config->head_bytes_max = given->head_bytes_max > 0 ? given->head_bytes_max : 16384;
	config->body_bytes_max = given->body_bytes_max > 0 ? given->body_bytes_max : 1 << 20;
	config->buffer_bytes_max =
		given->buffer_bytes_max > 0 ? given->buffer_bytes_max : 256 << 20;
	config->connections_max = given->connections_max > 0 ? given->connections_max : 20000;
	config->head_timeout_ms = given->head_timeout_ms > 0 ? given->head_timeout_ms : 10000;
	config->body_timeout_ms = given->body_timeout_ms > 0 ? given->body_timeout_ms : 30000;
	config->idle_timeout_ms = given->idle_timeout_ms > 0 ? given->idle_timeout_ms : 75000;
	config->write_timeout_ms = given->write_timeout_ms > 0 ? given->write_timeout_ms : 30000;
	server->timeouts[ENT_HTTP_IDLE] = (uint64_t)config->idle_timeout_ms;
	server->timeouts[ENT_HTTP_IN_HEAD] = (uint64_t)config->head_timeout_ms;
	server->timeouts[ENT_HTTP_IN_BODY] = (uint64_t)config->body_timeout_ms;
	server->timeouts[ENT_HTTP_WRITING] = (uint64_t)config->write_timeout_ms;
	server->timeouts[ENT_HTTP_LINGERING] = ENT_HTTP_LINGER_MS;
	server->limits.head_bytes = config->head_bytes_max;
	server->limits.body_bytes = config->body_bytes_max;
	server->limits.large_path = ent_str_of(config->large_path);
	server->limits.large_bytes = config->large_bytes_max;
	server->buffered_max = config->buffer_bytes_max / (size_t)server->loop_count;
}

/* As many descriptors as the system permits; connections within them. */
static void raise_descriptors(struct ent_http_config *config)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
		return;
	}
	if (limit.rlim_cur < limit.rlim_max) {
		rlim_t before = limit.rlim_cur;
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
			limit.rlim_cur = before;
		}
	}
	rlim_t room = limit.rlim_cur > 2 * SPARE_DESCRIPTORS ? limit.rlim_cur - SPARE_DESCRIPTORS
	                                                     : limit.rlim_cur / 2;
	if ((rlim_t)config->connections_max > room) {
		config->connections_max = (int)room;
	}
}

/* Signals are for the program's other threads; a broken pipe is an error code here. */
static int start_thread(struct ent_http_loop *loop)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = uv_thread_create(&loop->thread, ent_http_loop_run, loop);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}

static struct ent_http_server *new_server(int loop_count)
{
	struct ent_http_server *server = calloc(1, sizeof(*server));
	if (server == NULL) {
		return NULL;
	}
	server->loops = calloc((size_t)loop_count, sizeof(*server->loops));
	if (server->loops == NULL || uv_mutex_init(&server->mutex) != 0) {
		free(server->loops);
		free(server);
		return NULL;
	}
	if (uv_cond_init(&server->stopped) != 0) {
		uv_mutex_destroy(&server->mutex);
		free(server->loops);
		free(server);
		return NULL;
	}
	server->loop_count = loop_count;
	server->references = 1;
	for (int i = 0; i < loop_count; i++) {
		server->loops[i].server = server;
		server->loops[i].listen_fd = -1;
	}
	return server;
}

static void free_server(struct ent_http_server *server)
{
	uv_cond_destroy(&server->stopped);
	uv_mutex_destroy(&server->mutex);
	free(server->loops);
	free(server);
}

static enum ent_code init_loops(struct ent_http_server *server, int *done, struct ent_error *error)
{
	for (*done = 0; *done < server->loop_count; *done += 1) {
		int code = ent_http_loop_init(&server->loops[*done]);
		if (code != 0) {
			return ent_fail(error, ENT_E_SYSTEM, "could not make a loop: %s",
			                uv_strerror(code));
		}
	}
	return ENT_OK;
}

/* Undo a start of which `inited` loops had been made, none of them running. */
static void abandon(struct ent_http_server *server, int inited)
{
	for (int i = 0; i < inited; i++) {
		ent_http_loop_abandon(&server->loops[i]);
	}
	for (int i = 0; i < server->loop_count; i++) {
		if (server->loops[i].listen_fd >= 0) {
			close(server->loops[i].listen_fd);
		}
	}
	free_server(server);
}

/* All threads or none. */
static enum ent_code start_threads(struct ent_http_server *server, struct ent_error *error)
{
	int code = 0;
	int started = 0;
	while (started < server->loop_count && code == 0) {
		code = start_thread(&server->loops[started]);
		started += code == 0;
	}
	if (code == 0) {
		return ENT_OK;
	}
	int all = server->loop_count;
	for (int i = started; i < all; i++) {
		ent_http_loop_abandon(&server->loops[i]);
		close(server->loops[i].listen_fd);
	}
	server->loop_count = started;
	ent_http_free(server);
	return ent_fail(error, ENT_E_SYSTEM, "could not start a thread: %s", uv_strerror(code));
}

enum ent_code ent_http_start(const struct ent_http_config *config, struct ent_http_server **out,
                             struct ent_error *error)
{
	assert(config->handle != NULL);
	assert(config->address != NULL);
	int loops = config->loops > 0 ? config->loops : (int)uv_available_parallelism();
	int inited = 0;
	struct ent_http_server *server = new_server(loops < LOOPS_MAX ? loops : LOOPS_MAX);
	if (server == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for %d loops", loops);
	}
	fill(server, config);
	raise_descriptors(&server->config);
	enum ent_code code = listen_all(server, error);
	if (code == ENT_OK) {
		code = init_loops(server, &inited, error);
	}
	if (code != ENT_OK) {
		abandon(server, inited);
		return code;
	}
	code = start_threads(server, error);
	if (code == ENT_OK) {
		*out = server;
	}
	return code;
}

int ent_http_port(const struct ent_http_server *server)
{
	return server->port;
}

static int stop_loops(struct ent_http_server *server)
{
	int cut = 0;
	atomic_store(&server->stopping, true);
	for (int i = 0; i < server->loop_count; i++) {
		struct ent_http_loop *loop = &server->loops[i];
		uv_mutex_lock(&loop->mutex);
		if (!loop->closed) { /* a reply may have woken it first */
			uv_async_send(&loop->async);
		}
		uv_mutex_unlock(&loop->mutex);
	}
	for (int i = 0; i < server->loop_count; i++) {
		uv_thread_join(&server->loops[i].thread);
		cut += server->loops[i].cut;
	}
	return cut;
}

int ent_http_stop(struct ent_http_server *server, int grace_ms)
{
	assert(ent_http_loop_here() == NULL); /* a loop cannot wait for itself */
	uv_mutex_lock(&server->mutex);
	if (server->life == ENT_HTTP_RUNNING) {
		server->life = ENT_HTTP_STOPPING;
		server->grace_ms = grace_ms > 0 ? grace_ms : 0;
		uv_mutex_unlock(&server->mutex);
		int cut = stop_loops(server);
		uv_mutex_lock(&server->mutex);
		server->cut = cut;
		server->life = ENT_HTTP_STOPPED;
		uv_cond_broadcast(&server->stopped);
	}
	while (server->life != ENT_HTTP_STOPPED) {
		uv_cond_wait(&server->stopped, &server->mutex);
	}
	int cut = server->cut;
	uv_mutex_unlock(&server->mutex);
	return cut;
}

void ent_http_server_release(struct ent_http_server *server)
{
	if (atomic_fetch_sub(&server->references, 1) != 1) {
		return;
	}
	for (int i = 0; i < server->loop_count; i++) {
		uv_mutex_destroy(&server->loops[i].mutex);
	}
	free_server(server);
}

void ent_http_free(struct ent_http_server *server)
{
	if (server != NULL) {
		(void)ent_http_stop(server, 0);
		ent_http_server_release(server);
	}
}

void ent_http_stats(const struct ent_http_server *server, struct ent_http_stats *out)
{
	*out = (struct ent_http_stats){ 0 };
	for (int i = 0; i < server->loop_count; i++) {
		const struct ent_http_counters *from = &server->loops[i].counters;
		out->connections_accepted += from->accepted;
		out->connections_open += from->open;
		out->connections_refused += from->refused;
		out->requests += from->requests;
		out->replies += from->replies;
		out->bytes_in += from->bytes_in;
		out->bytes_out += from->bytes_out;
		out->timeouts += from->timeouts;
		out->bad_requests += from->bad_requests;
	}
}
