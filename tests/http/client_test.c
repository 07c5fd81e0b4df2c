/* client_test.c - what client.h declares; the tests are in the other files. */
#include "http/client.h"

#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000, HELD_MAX = 4096 };

size_t serve_big_bytes = 4 << 20;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct ent_http_exchange *queue[HELD_MAX];
static int queue_count;
static struct ent_http_exchange *held[HELD_MAX];
static int held_count;
static bool worker_ends;
static pthread_t worker;

void sleep_ms(int ms)
{
	struct timespec time = { ms / 1000, (long)(ms % 1000) * 1000000 };
	nanosleep(&time, NULL);
}

struct client client_socket(void)
{
	struct client client = { .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	int one = 1;
	if (client.fd < 0) {
		printf("# no socket: %s\n", strerror(errno));
		abort();
	}
	setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return client;
}

void client_connect(struct client *client, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(client->fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		printf("# could not connect: %s\n", strerror(errno));
		abort();
	}
}

struct client client_open(int port)
{
	struct client client = client_socket();
	client_connect(&client, port);
	return client;
}

void client_close(struct client *client)
{
	close(client->fd);
	free(client->bytes);
}

void client_reset(struct client *client)
{
	struct linger none = { .l_onoff = 1, .l_linger = 0 };
	setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	client_close(client);
}

void client_send(struct client *client, ent_str bytes)
{
	while (bytes.len > 0) {
		ssize_t sent = send(client->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
		if (sent <= 0) {
			return; /* refused before its end: the answer will tell */
		}
		bytes.ptr += sent;
		bytes.len -= (size_t)sent;
	}
}

void client_drip(struct client *client, ent_str bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		client_send(client, (ent_str){ bytes.ptr + i, 1 });
	}
}

/* 1: bytes came; 0: the end; -1: nothing in time. */
static int receive(struct client *client)
{
	struct pollfd poll_fd = { .fd = client->fd, .events = POLLIN };
	if (client->capacity - client->size < 65536) {
		client->capacity = client->capacity * 2 + 65536;
		client->bytes = realloc(client->bytes, client->capacity);
	}
	if (poll(&poll_fd, 1, PATIENCE_MS) <= 0) {
		return -1;
	}
	ssize_t got = recv(client->fd, client->bytes + client->size,
	                   client->capacity - client->size - 1, 0);
	if (got <= 0) {
		return 0;
	}
	client->size += (size_t)got;
	client->bytes[client->size] = '\0';
	return 1;
}

static size_t length_of(const char *head)
{
	const char *at = strstr(head, "\r\nContent-Length: ");
	return at != NULL ? strtoul(at + 18, NULL, 10) : 0;
}

struct answer client_answer(struct client *client, bool is_head)
{
	struct answer answer = { 0 };
	char *end = NULL;
	while (client->size == 0 || (end = strstr(client->bytes, "\r\n\r\n")) == NULL) {
		int got = receive(client);
		if (got <= 0) {
			answer.status = got;
			return answer;
		}
	}
	size_t head = (size_t)(end + 4 - client->bytes);
	if (head >= sizeof(answer.head)) {
		abort();
	}
	memcpy(answer.head, client->bytes, head);
	answer.status = (int)strtol(answer.head + 9, NULL, 10);
	bool is_bare = is_head || answer.status == 304;
	answer.body_size = is_bare ? 0 : length_of(answer.head);
	while (client->size < head + answer.body_size) {
		if (receive(client) <= 0) {
			answer.status = -2; /* cut short */
			return answer;
		}
	}
	answer.body = calloc(1, answer.body_size + 1);
	memcpy(answer.body, client->bytes + head, answer.body_size);
	client->size -= head + answer.body_size;
	memmove(client->bytes, client->bytes + head + answer.body_size, client->size + 1);
	return answer;
}

int client_status(struct client *client)
{
	int status;
	do {
		struct answer answer = client_answer(client, false);
		status = answer.status;
		answer_free(&answer);
	} while (status >= 100 && status < 200);
	return status;
}

bool client_ended(struct client *client)
{
	return client->size == 0 && receive(client) == 0;
}

void answer_free(struct answer *answer)
{
	free(answer->body);
}

bool answer_has(const struct answer *answer, const char *part)
{
	return strstr(answer->head, part) != NULL;
}

void *load_run(void *arg)
{
	struct load *load = arg;
	struct client *client = &load->client;
	for (int i = 0; i < load->count; i++) {
		char request[128];
		char body[16];
		int len = snprintf(body, sizeof(body), "%d", i);
		snprintf(request, sizeof(request),
		         "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", load->path,
		         len, body);
		client_send(client, ent_str_of(request));
		struct answer answer = client_answer(client, false);
		bool is_right = answer.status == 200 && strcmp(answer.body, body) == 0;
		bool is_end = answer.status == 0 && client->size == 0;
		answer_free(&answer);
		load->answered += is_right;
		load->wrong += !is_right && !is_end;
		if (!is_right) {
			break;
		}
	}
	client_reset(client);
	return NULL;
}

void wait_open(const struct ent_http_server *server, uint64_t count)
{
	for (int i = 0; i < 1000 && stats_of(server).connections_open != count; i++) {
		sleep_ms(10);
	}
	CHECK_INT((long long)stats_of(server).connections_open, (long long)count);
}

static void reply_with(struct ent_http_exchange *exchange, int status, ent_str body)
{
	struct ent_http_reply reply = { .status = status, .body = body };
	ent_http_reply(exchange, &reply);
}

static void *work(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	while (!worker_ends || queue_count > 0) {
		if (queue_count == 0) {
			pthread_cond_wait(&changed, &lock);
			continue;
		}
		struct ent_http_exchange *exchange = queue[--queue_count];
		pthread_mutex_unlock(&lock);
		reply_with(exchange, 200, exchange->body);
		pthread_mutex_lock(&lock);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void push(struct ent_http_exchange **list, int *count, struct ent_http_exchange *exchange)
{
	pthread_mutex_lock(&lock);
	if (*count == HELD_MAX) {
		abort();
	}
	list[(*count)++] = exchange;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

void serve_wait_held(int count)
{
	pthread_mutex_lock(&lock);
	while (held_count < count) {
		pthread_cond_wait(&changed, &lock);
	}
	pthread_mutex_unlock(&lock);
}

void serve_release(void)
{
	for (;;) {
		pthread_mutex_lock(&lock);
		struct ent_http_exchange *exchange = held_count > 0 ? held[--held_count] : NULL;
		pthread_mutex_unlock(&lock);
		if (exchange == NULL) {
			return;
		}
		CHECK(ent_str_is(exchange->path, "/hold")); /* its views are still there */
		reply_with(exchange, 200, ENT_STR("held"));
	}
}

static void reply_big(struct ent_http_exchange *exchange)
{
	char *body = malloc(serve_big_bytes);
	memset(body, 'x', serve_big_bytes);
	reply_with(exchange, 200, (ent_str){ body, serve_big_bytes });
	free(body);
}

static void reply_injected(struct ent_http_exchange *exchange)
{
	struct ent_http_header header = { ENT_STR("Location"), ENT_STR("/a\r\nSet-Cookie: b=c") };
	struct ent_http_reply reply = { .status = 302, .headers = &header, .header_count = 1 };
	ent_http_reply(exchange, &reply);
}

static void handle(struct ent_http_exchange *exchange, void *context)
{
	(void)context;
	if (ent_str_is(exchange->path, "/hello")) {
		reply_with(exchange, 200, ENT_STR("hello"));
	} else if (ent_str_is(exchange->path, "/echo")) {
		reply_with(exchange, 200, exchange->body);
	} else if (ent_str_is(exchange->path, "/later")) {
		push(queue, &queue_count, exchange);
	} else if (ent_str_is(exchange->path, "/hold")) {
		push(held, &held_count, exchange);
	} else if (ent_str_is(exchange->path, "/big")) {
		reply_big(exchange);
	} else if (ent_str_is(exchange->path, "/peer")) {
		reply_with(exchange, 200, exchange->peer);
	} else if (ent_str_is(exchange->path, "/query")) {
		reply_with(exchange, 200, exchange->query);
	} else if (ent_str_is(exchange->path, "/sleep")) {
		sleep_ms(1300);
		reply_with(exchange, 200, ENT_STR(""));
	} else if (ent_str_is(exchange->path, "/204")) {
		reply_with(exchange, 204, ENT_STR(""));
	} else if (ent_str_is(exchange->path, "/304")) {
		reply_with(exchange, 304, ENT_STR(""));
	} else if (ent_str_is(exchange->path, "/inject")) {
		reply_injected(exchange);
	} else if (ent_str_is(exchange->path, "/data")) {
		reply_with(exchange, 200, ent_str_of(exchange->loop_data));
	} else {
		reply_with(exchange, 404, ENT_STR("nothing"));
	}
}

static size_t problem(int status, const char *detail, char *out, size_t size)
{
	int len = snprintf(out, size, "{\"status\":%d,\"detail\":\"%s\"}", status, detail);
	return (size_t)len;
}

struct ent_http_server *serve(struct ent_http_config config)
{
	static struct ent_error error;
	struct ent_http_server *server = NULL;
	if (config.address == NULL) {
		config.address = "127.0.0.1";
	}
	if (config.loops == 0) {
		config.loops = 1;
	}
	config.handle = handle;
	config.problem = problem;
	config.problem_type = "application/problem+json";
	if (ent_http_start(&config, &server, &error) != ENT_OK) {
		printf("# %s\n", error.detail);
		abort();
	}
	worker_ends = false;
	pthread_create(&worker, NULL, work, NULL);
	return server;
}

void serve_end(struct ent_http_server *server)
{
	pthread_mutex_lock(&lock);
	worker_ends = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	pthread_join(worker, NULL);
	ent_http_free(server);
}

struct ent_http_stats stats_of(const struct ent_http_server *server)
{
	struct ent_http_stats stats;
	ent_http_stats(server, &stats);
	return stats;
}
