/* life_test.c - deadlines, limits and clients that misbehave. */
#include "http/client.h"
#include "http/inner.h"
#include "test.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

/* Each byte comes well within the deadline; all together do not. */
static void check_drip(const char *first, const char *drops, bool has_answer)
{
	struct ent_http_config config = { .head_timeout_ms = 150, .body_timeout_ms = 150 };
	struct ent_http_server *server = serve(config);
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ent_str_of(first));
	for (size_t i = 0; i < strlen(drops) && stats_of(server).timeouts == 0; i++) {
		client_send(&client, (ent_str){ drops + i, 1 });
		sleep_ms(20);
	}
	if (has_answer) {
		CHECK_INT(client_status(&client), 204);
	}
	CHECK_INT(client_status(&client), 408);
	CHECK(client_ended(&client));
	CHECK_INT((long long)stats_of(server).timeouts, 1);
	client_close(&client);
	serve_end(server);
}

#define SLOW \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

TEST(http_life_slow_head)
{
	check_drip("GET / HTTP/1.1\r\nHost: a\r\nX: ", SLOW SLOW, false);
}

TEST(http_life_slow_body)
{
	check_drip("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n", SLOW SLOW, false);
}

TEST(http_life_slow_chunk)
{
	check_drip("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n",
	           SLOW SLOW, false);
}

/* The second head of a connection has its own deadline. */
TEST(http_life_slow_second_head)
{
	check_drip(GET("/204") "GET / HTTP/1.1\r\nHost: a\r\nX: ", SLOW SLOW, true);
}

/* What came in time is not too late because the loop was. */
TEST(http_life_slow_handler_costs_others_nothing)
{
	struct ent_http_server *server = serve((struct ent_http_config){ .head_timeout_ms = 1000 });
	struct client client = client_open(ent_http_port(server));
	struct client slow = client_open(ent_http_port(server));
	client_send(&client, ENT_STR("GET /hello HTTP/1.1\r\n"));
	while (stats_of(server).bytes_in == 0) {
		sleep_ms(1);
	}
	client_send(&slow, ENT_STR(GET("/sleep")));
	while (stats_of(server).requests == 0) {
		sleep_ms(1);
	}
	client_send(&client, ENT_STR("Host: a\r\n\r\n"));
	CHECK_INT(client_status(&client), 200);
	CHECK_INT(client_status(&slow), 200);
	client_close(&client);
	client_close(&slow);
	serve_end(server);
}

TEST(http_life_idle)
{
	struct ent_http_server *server = serve((struct ent_http_config){ .idle_timeout_ms = 100 });
	struct client fresh = client_open(ent_http_port(server));
	struct client used = client_open(ent_http_port(server));
	client_send(&used, ENT_STR(GET("/hello")));
	CHECK_INT(client_status(&used), 200);
	CHECK(client_ended(&fresh));
	CHECK(client_ended(&used));
	CHECK_INT((long long)stats_of(server).timeouts, 0);
	client_close(&fresh);
	client_close(&used);
	serve_end(server);
}

TEST(http_life_reader_that_does_not_read)
{
	struct ent_http_server *server = serve((struct ent_http_config){ .write_timeout_ms = 200 });
	struct client client = client_open(ent_http_port(server));
	serve_big_bytes = 32 << 20;
	client_send(&client, ENT_STR(GET("/big")));
	wait_open(server, 1);
	for (int i = 0; i < 1000 && stats_of(server).timeouts == 0; i++) {
		sleep_ms(10);
	}
	CHECK_INT((long long)stats_of(server).timeouts, 1);
	wait_open(server, 0);
	client_close(&client);
	serve_end(server);
}

/* Slow, but it goes on: longer than the timeout altogether. It begins fast, for
 * the kernel loses packets while it still makes the windows wide. */
TEST(http_life_reader_that_is_slow)
{
	enum { FAST = 16 << 20, SIZE = 48 << 20, PIECE = 512 << 10 };
	struct ent_http_server *server =
		serve((struct ent_http_config){ .write_timeout_ms = 1000 });
	struct client client = client_open(ent_http_port(server));
	char *piece = malloc(PIECE);
	size_t got = 0;
	serve_big_bytes = SIZE;
	client_send(&client, ENT_STR("GET /big HTTP/1.0\r\n\r\n"));
	for (ssize_t n = 1; n > 0;) {
		n = recv(client.fd, piece, PIECE, 0);
		got += n > 0 ? (size_t)n : 0;
		sleep_ms(got < FAST ? 0 : 30);
	}
	CHECK(got > SIZE);
	CHECK_INT((long long)stats_of(server).timeouts, 0);
	free(piece);
	client_close(&client);
	serve_end(server);
}

TEST(http_life_client_gone_while_pending)
{
	enum { COUNT = 40 };
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client clients[COUNT];
	for (int i = 0; i < COUNT; i++) {
		clients[i] = client_open(ent_http_port(server));
		client_send(&clients[i], ENT_STR(GET("/hold")));
	}
	serve_wait_held(COUNT);
	for (int i = 0; i < COUNT; i++) {
		client_reset(&clients[i]);
	}
	wait_open(server, 0);
	serve_release();
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ENT_STR(GET("/hello")));
	CHECK_INT(client_status(&client), 200);
	client_close(&client);
	serve_end(server);
}

/* What a client sends ahead of a pending reply is kept, within bounds. */
TEST(http_life_sends_ahead_while_pending)
{
	static char ahead[1 << 16];
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client client = client_open(ent_http_port(server));
	memset(ahead, 'x', sizeof(ahead));
	client_send(&client, ENT_STR(GET("/hold") GET("/hello")));
	serve_wait_held(1);
	for (int i = 0; i < 64; i++) {
		(void)send(client.fd, ahead, sizeof(ahead), MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	sleep_ms(20);
	CHECK(stats_of(server).bytes_in < 20000);
	serve_release();
	CHECK_INT(client_status(&client), 200);
	CHECK_INT(client_status(&client), 200);
	CHECK_INT(client_status(&client), 414); /* 64 KiB without a line's end */
	client_close(&client);
	serve_end(server);
}

TEST(http_life_connections_max)
{
	enum { MAX = 4 };
	struct ent_http_server *server = serve((struct ent_http_config){ .connections_max = MAX });
	struct client clients[MAX];
	for (int i = 0; i < MAX; i++) {
		clients[i] = client_open(ent_http_port(server));
		client_send(&clients[i], ENT_STR(GET("/hello")));
		CHECK_INT(client_status(&clients[i]), 200);
	}
	for (int i = 0; i < 5; i++) {
		struct client refused = client_open(ent_http_port(server));
		client_send(&refused, ENT_STR(GET("/hello")));
		CHECK_INT(client_status(&refused), 503);
		CHECK(client_ended(&refused));
		client_close(&refused);
	}
	CHECK_INT((long long)stats_of(server).connections_refused, 5);
	client_close(&clients[0]);
	wait_open(server, MAX - 1);
	clients[0] = client_open(ent_http_port(server));
	client_send(&clients[0], ENT_STR(GET("/hello")));
	CHECK_INT(client_status(&clients[0]), 200);
	for (int i = 0; i < MAX; i++) {
		client_close(&clients[i]);
	}
	serve_end(server);
}

TEST(http_life_buffers_are_bounded_together)
{
	struct ent_http_server *server =
		serve((struct ent_http_config){ .buffer_bytes_max = 10000 });
	char *body = calloc(1, 100000);
	for (int i = 0; i < 3; i++) {
		struct client client = client_open(ent_http_port(server));
		client_send(
			&client,
			ENT_STR("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6000\r\n\r\n"));
		client_send(&client, (ent_str){ body, 6000 });
		CHECK_INT(client_status(&client), 200);
		client_send(&client, ENT_STR("POST /echo HTTP/1.1\r\nHost: a\r\n"
		                             "Content-Length: 100000\r\n\r\n"));
		client_send(&client, (ent_str){ body, 100000 });
		CHECK_INT(client_status(&client), 503);
		client_close(&client);
	}
	free(body);
	serve_end(server);
}

enum { LARGE = 400000 };

static struct client begin_large(const struct ent_http_server *server, const char *body,
                                 size_t sent)
{
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ENT_STR("POST /echo HTTP/1.1\r\nHost: a\r\n"
	                             "Content-Length: 400000\r\n\r\n"));
	client_send(&client, (ent_str){ body, sent });
	return client;
}

/* A few large bodies are received beside all others, and no more of them at once. */
TEST(http_life_large_bodies_are_few)
{
	struct ent_http_server *server = serve((struct ent_http_config){
		.body_bytes_max = 10000,
		.large_path = "/echo",
		.large_bytes_max = LARGE,
		.buffer_bytes_max = 300000,
	});
	char *body = calloc(1, LARGE);
	for (int round = 0; round < 3; round++) {
		struct client first = begin_large(server, body, LARGE - 1);
		struct client second = begin_large(server, body, LARGE - 1);
		sleep_ms(50);
		struct client third = begin_large(server, body, LARGE);
		CHECK_INT(client_status(&third), 503);
		client_close(&third);
		client_send(&first, (ent_str){ body, 1 });
		CHECK_INT(client_status(&first), 200);
		client_close(&second); /* one that goes away in the middle leaves its place, too */
		client_close(&first);
		sleep_ms(50);
	}
	free(body);
	serve_end(server);
}

/* A large body that comes at some pace has time, one that drips has not. */
TEST(http_life_large_bodies_have_time)
{
	struct ent_http_server *server = serve((struct ent_http_config){
		.body_timeout_ms = 300,
		.large_path = "/echo",
		.large_bytes_max = LARGE,
	});
	char *body = calloc(1, LARGE);
	struct client client = begin_large(server, body, 0);
	for (int i = 0; i < 10; i++) { /* one of them a deadline is enough */
		client_send(&client, (ent_str){ body, LARGE / 10 });
		sleep_ms(60);
	}
	CHECK_INT(client_status(&client), 200);
	client_close(&client);
	client = begin_large(server, body, 50000);
	for (int i = 0; i < 100 && stats_of(server).timeouts == 0; i++) {
		client_send(&client, (ent_str){ body, 10 });
		sleep_ms(20);
	}
	CHECK_INT(client_status(&client), 408);
	client_close(&client);
	free(body);
	serve_end(server);
}

/* Out of descriptors: those who wait are let in once others have left. */
TEST(http_life_out_of_descriptors)
{
	enum { COUNT = 6, ROOM = 3 };
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client warm = client_open(ent_http_port(server));
	struct client clients[COUNT];
	struct rlimit before, low;
	client_send(&warm, ENT_STR(GET("/hello")));
	CHECK_INT(client_status(&warm), 200);
	for (int i = 0; i < COUNT; i++) {
		clients[i] = client_socket();
	}
	int lowest = dup(0);
	close(lowest);
	CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
	low = before;
	low.rlim_cur = (rlim_t)lowest + ROOM;
	CHECK(setrlimit(RLIMIT_NOFILE, &low) == 0);
	for (int i = 0; i < COUNT; i++) {
		client_connect(&clients[i], ent_http_port(server));
		client_send(&clients[i], ENT_STR(GET("/hello")));
	}
	for (int i = 0; i < COUNT; i++) {
		CHECK_INT(client_status(&clients[i]), 200);
		client_reset(&clients[i]);
	}
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
	client_close(&warm);
	serve_end(server);
}

TEST(http_life_ten_thousand_idle)
{
	struct ent_http_server *server = serve((struct ent_http_config){ .loops = 2 });
	struct rlimit limit;
	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0); /* raised by the server */
	int count = limit.rlim_cur > 20400 ? 10000 : (int)(limit.rlim_cur - 400) / 2;
	if (count < 9000) {
		printf("# only %d connections: RLIMIT_NOFILE\n", count);
	}
	CHECK(sizeof(struct ent_http_connection) < 1024); /* all that an idle one holds */
	struct client *clients = calloc((size_t)count, sizeof(*clients));
	for (int i = 0; i < count; i++) {
		clients[i] = client_open(ent_http_port(server));
		client_send(&clients[i], ENT_STR(GET("/hello")));
	}
	for (int i = 0; i < count; i++) {
		CHECK_INT(client_status(&clients[i]), 200);
		free(clients[i].bytes);
		clients[i] = (struct client){ .fd = clients[i].fd };
	}
	wait_open(server, (uint64_t)count);
	for (int i = 0; i < count; i += 499) {
		client_send(&clients[i], ENT_STR(GET("/later")));
		CHECK_INT(client_status(&clients[i]), 200);
	}
	for (int i = 0; i < count; i++) {
		client_reset(&clients[i]);
	}
	wait_open(server, 0);
	free(clients);
	serve_end(server);
}
