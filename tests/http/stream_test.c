/* stream_test.c - replies without an end, over real sockets. */
#include "http/client.h"
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#define GET "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"

static struct ent_http_stream *_Atomic streams[8];
static atomic_int opened;
static atomic_int gone_count;

static void gone(void *arg)
{
	(void)arg;
	atomic_fetch_add(&gone_count, 1);
}

static void begin(struct ent_http_exchange *exchange, void *context)
{
	(void)context;
	struct ent_http_header type = { ENT_STR("Content-Type"), ENT_STR("text/event-stream") };
	struct ent_http_reply reply = {
		.status = 200, .headers = &type, .header_count = 1, .body = ENT_STR("first")
	};
	int at = atomic_fetch_add(&opened, 1);
	streams[at] = ent_http_stream(exchange, &reply, gone, NULL);
}

static struct ent_http_server *start(void)
{
	struct ent_http_config config = { .address = "127.0.0.1", .loops = 2, .handle = begin };
	struct ent_http_server *server = NULL;
	struct ent_error error;
	opened = 0;
	gone_count = 0;
	CHECK_INT(ent_http_start(&config, &server, &error), ENT_OK);
	return server;
}

/* A client whose stream is the newest. */
static struct client open_stream(const struct ent_http_server *server, const char *request)
{
	int before = opened;
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ent_str_of(request));
	for (int i = 0; i < 1000 && opened == before; i++) {
		sleep_ms(2);
	}
	CHECK_INT(opened, before + 1);
	return client;
}

/* Everything until the end of the connection. */
static size_t drink(struct client *client, char *out, size_t size)
{
	size_t all = 0;
	ssize_t got;
	while (all + 1 < size && (got = recv(client->fd, out + all, size - 1 - all, 0)) > 0) {
		all += (size_t)got;
	}
	out[all] = '\0';
	return all;
}

static void wait_gone(int count)
{
	for (int i = 0; i < 1000 && gone_count < count; i++) {
		sleep_ms(5);
	}
	CHECK_INT(gone_count, count);
}

TEST(http_stream_sends_chunks_from_any_thread)
{
	char text[1024];
	struct ent_http_server *server = start();
	struct client client = open_stream(server, GET);
	CHECK_INT(ent_http_stream_send(streams[0], ENT_STR("second")), ENT_HTTP_SENT);
	sleep_ms(20);
	CHECK_INT(ent_http_stream_send(streams[0], ENT_STR("")), ENT_HTTP_SENT);
	CHECK_INT(ent_http_stream_send(streams[0], ENT_STR("third")), ENT_HTTP_SENT);
	ent_http_stream_end(streams[0], false);
	drink(&client, text, sizeof(text));
	CHECK(strstr(text, "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n") != NULL);
	CHECK(strstr(text, "Content-Length") == NULL);
	CHECK_TEXT(strstr(text, "\r\n\r\n") + 4,
	           "5\r\nfirst\r\n6\r\nsecond\r\n5\r\nthird\r\n0\r\n\r\n");
	CHECK_INT((long long)stats_of(server).replies, 1);
	CHECK_INT(gone_count, 0);
	client_close(&client);
	ent_http_free(server);
}

TEST(http_stream_without_chunks_for_1_0)
{
	char text[1024];
	struct ent_http_server *server = start();
	struct client client = open_stream(server, "GET /stream HTTP/1.0\r\nHost: a\r\n\r\n");
	CHECK_INT(ent_http_stream_send(streams[0], ENT_STR("second")), ENT_HTTP_SENT);
	ent_http_stream_end(streams[0], false);
	drink(&client, text, sizeof(text));
	CHECK(strstr(text, "Transfer-Encoding") == NULL);
	CHECK_TEXT(strstr(text, "\r\n\r\n") + 4, "firstsecond");
	client_close(&client);
	ent_http_free(server);
}

TEST(http_stream_tells_when_its_client_goes)
{
	struct ent_http_server *server = start();
	struct client left = open_stream(server, GET);
	struct client rude = open_stream(server, GET);
	struct client stays = open_stream(server, GET);
	sleep_ms(30);
	client_close(&left);
	client_reset(&rude);
	wait_gone(2);
	CHECK_INT(ent_http_stream_send(streams[0], ENT_STR("late")), ENT_HTTP_GONE);
	CHECK_INT(ent_http_stream_send(streams[2], ENT_STR("here")), ENT_HTTP_SENT);
	for (int i = 0; i < 3; i++) {
		ent_http_stream_end(streams[i], false);
	}
	client_close(&stays);
	wait_open(server, 0);
	ent_http_free(server);
}

/* What waits for a slow client is bounded, here and in the system; then it is cut. */
TEST(http_stream_cuts_who_is_slow)
{
	static char block[1000];
	struct ent_http_server *server = start();
	struct client client = client_socket();
	int small = 4096;
	setsockopt(client.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	client_connect(&client, ent_http_port(server));
	client_send(&client, ENT_STR(GET));
	while (opened == 0) {
		sleep_ms(2);
	}
	memset(block, 'x', sizeof(block));
	enum ent_http_sent sent = ENT_HTTP_SENT;
	size_t bytes = 0;
	for (int pauses = 0; pauses < 3; pauses += sent != ENT_HTTP_SENT) {
		sent = ent_http_stream_send(streams[0], (ent_str){ block, sizeof(block) });
		bytes += sent == ENT_HTTP_SENT ? sizeof(block) : 0;
		if (sent == ENT_HTTP_FULL) {
			sleep_ms(20); /* what it can take it has taken then */
		}
	}
	CHECK_INT(sent, ENT_HTTP_FULL);
	CHECK(bytes < (2 << 20));
	ent_http_stream_end(streams[0], true);
	wait_open(server, 0);
	CHECK_INT(gone_count, 0); /* it was not the client */
	client_close(&client);
	ent_http_free(server);
}

static void *stop(void *arg)
{
	CHECK_INT(ent_http_stop(arg, 5000), 0);
	return NULL;
}

/* A stop ends them whole, also if whoever sends does not yet know. */
TEST(http_stream_ends_when_the_server_stops)
{
	char text[1024];
	pthread_t thread;
	struct ent_http_server *server = start();
	struct client client = open_stream(server, GET);
	sleep_ms(30);
	pthread_create(&thread, NULL, stop, server);
	wait_gone(1);
	CHECK_INT(ent_http_stream_send(streams[0], ENT_STR("late")), ENT_HTTP_GONE);
	ent_http_stream_end(streams[0], false);
	drink(&client, text, sizeof(text));
	CHECK(strstr(text, "first\r\n0\r\n\r\n") != NULL);
	client_close(&client);
	pthread_join(thread, NULL);
	ent_http_free(server);
}

TEST(http_stream_may_be_ended_after_its_server)
{
	struct ent_http_server *server = start();
	struct client client = open_stream(server, GET);
	sleep_ms(30);
	(void)ent_http_stop(server, 0);
	CHECK_INT(ent_http_stream_send(streams[0], ENT_STR("late")), ENT_HTTP_GONE);
	ent_http_free(server);
	ent_http_stream_end(streams[0], false);
	client_close(&client);
}

static void *pour(void *arg)
{
	struct ent_http_stream *stream = arg;
	char text[32];
	for (int i = 0; i < 2000; i++) {
		int len = snprintf(text, sizeof(text), "<%d>", i);
		while (ent_http_stream_send(stream, (ent_str){ text, (size_t)len }) ==
		       ENT_HTTP_FULL) {
			sleep_ms(1);
		}
	}
	ent_http_stream_end(stream, false);
	return NULL;
}

TEST(http_stream_keeps_order_under_load)
{
	static char text[1 << 20];
	enum { COUNT = 4 };
	struct ent_http_server *server = start();
	struct client clients[COUNT];
	pthread_t threads[COUNT];
	for (int i = 0; i < COUNT; i++) {
		clients[i] = open_stream(server, GET);
		pthread_create(&threads[i], NULL, pour, streams[i]);
	}
	for (int i = 0; i < COUNT; i++) {
		drink(&clients[i], text, sizeof(text));
		const char *at = text;
		for (int k = 0; k < 2000 && at != NULL; k++) {
			char part[32];
			snprintf(part, sizeof(part), "<%d>", k);
			at = strstr(at, part);
		}
		CHECK(at != NULL);
		client_close(&clients[i]);
		pthread_join(threads[i], NULL);
	}
	ent_http_free(server);
}
