/* wire_test.c - requests and replies over real sockets. */
#include "http/client.h"
#include "http/rows.h"
#include "test.h"

#include <sys/socket.h>
#include <unistd.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static void check_answer(struct client *client, int status, const char *body)
{
	struct answer answer = client_answer(client, false);
	CHECK_INT(answer.status, status);
	CHECK_TEXT(answer.body != NULL ? answer.body : "(none)", body);
	answer_free(&answer);
}

/* The handler of serve() knows none of the rows' paths, so 404 is a success. */
static void check_row(int port, const struct raw_row *row, void (*send)(struct client *, ent_str))
{
	struct client client = client_open(port);
	send(&client, row->bytes);
	struct answer answer = client_answer(&client, false);
	CHECK_INT(answer.status, row->status == 200 ? 404 : row->status);
	if (row->status != 200) {
		CHECK(answer_has(&answer, "\r\nConnection: close\r\n"));
		CHECK(answer_has(&answer, "\r\nContent-Type: application/problem+json\r\n"));
		CHECK(client_ended(&client));
	}
	answer_free(&answer);
	client_close(&client);
}

TEST(http_wire_rows)
{
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	for (size_t i = 0; i < ENT_COUNT(raw_rows); i++) {
		ROW(raw_rows[i].name);
		check_row(ent_http_port(server), &raw_rows[i], client_send);
		check_row(ent_http_port(server), &raw_rows[i], client_drip);
	}
	CHECK(stats_of(server).bad_requests > 100);
	serve_end(server);
}

TEST(http_wire_inline_and_later)
{
	static const char *const requests[] = {
		"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
		"POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
		("POST /later HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
		 "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"),
	};
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client client = client_open(ent_http_port(server));
	for (int i = 0; i < 300; i++) {
		client_send(&client, ent_str_of(requests[i % 3]));
		check_answer(&client, 200, "abc");
	}
	client_close(&client);
	CHECK_INT((long long)stats_of(server).requests, 300);
	CHECK_INT((long long)stats_of(server).replies, 300);
	CHECK_INT((long long)stats_of(server).connections_accepted, 1);
	serve_end(server);
}

TEST(http_wire_request_parts)
{
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ENT_STR(GET("/peer")));
	check_answer(&client, 200, "127.0.0.1");
	client_send(&client, ENT_STR(GET("/query?a=b%20c")));
	check_answer(&client, 200, "a=b%20c");
	client_close(&client);
	serve_end(server);
}

TEST(http_wire_peer_through_ipv6_socket)
{
	struct ent_http_server *server = serve((struct ent_http_config){ .address = "::" });
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ENT_STR(GET("/peer")));
	check_answer(&client, 200, "127.0.0.1");
	client_close(&client);
	serve_end(server);
}

/* Many requests in one piece, answered in order, inline and later mixed. */
TEST(http_wire_pipelining)
{
	enum { COUNT = 1000 };
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client client = client_open(ent_http_port(server));
	static char bytes[COUNT * 128];
	char want[16];
	size_t size = 0;
	for (int i = 0; i < COUNT; i++) {
		int len = snprintf(want, sizeof(want), "%d", i);
		size += (size_t)snprintf(
			bytes + size, sizeof(bytes) - size,
			"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s",
			i % 3 == 0 ? "/later" : "/echo", len, want);
	}
	client_send(&client, (ent_str){ bytes, size });
	for (int i = 0; i < COUNT; i++) {
		snprintf(want, sizeof(want), "%d", i);
		check_answer(&client, 200, want);
	}
	client_close(&client);
	serve_end(server);
}

/* A bad request behind good ones does not take their answers with it. */
TEST(http_wire_pipelined_error_comes_last)
{
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ENT_STR(GET("/hello") GET("/later") "BAD\r\n\r\n" GET("/hello")));
	check_answer(&client, 200, "hello");
	check_answer(&client, 200, "");
	CHECK_INT(client_status(&client), 400);
	CHECK(client_ended(&client));
	client_close(&client);
	serve_end(server);
}

TEST(http_wire_persistence)
{
	static const struct {
		const char *name;
		const char *bytes;
		const char *has;
		bool ends;
	} rows[] = {
		{ "1.1", "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "\r\nContent-Length: 5\r\n",
		  false },
		{ "1.1 close", "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
		  "\r\nConnection: close\r\n", true },
		{ "1.0", "GET /hello HTTP/1.0\r\n\r\n", "\r\nConnection: close\r\n", true },
		{ "1.0 keep", "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		  "\r\nConnection: keep-alive\r\n", false },
		{ "later, close", "GET /later HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
		  "\r\nConnection: close\r\n", true },
	};
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].name);
		struct client client = client_open(ent_http_port(server));
		client_send(&client, ent_str_of(rows[i].bytes));
		struct answer answer = client_answer(&client, false);
		CHECK_INT(answer.status, 200);
		CHECK(answer_has(&answer, rows[i].has));
		CHECK(answer_has(&answer, "\r\nDate: "));
		if (rows[i].ends) {
			CHECK(client_ended(&client));
		} else {
			client_send(&client, ENT_STR(GET("/hello")));
			CHECK_INT(client_status(&client), 200);
		}
		answer_free(&answer);
		client_close(&client);
	}
	serve_end(server);
}

TEST(http_wire_bodiless_replies)
{
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ENT_STR("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
	struct answer answer = client_answer(&client, true);
	CHECK_INT(answer.status, 200);
	CHECK(answer_has(&answer, "\r\nContent-Length: 5\r\n"));
	answer_free(&answer);
	client_send(&client, ENT_STR(GET("/204") GET("/304")));
	answer = client_answer(&client, false);
	CHECK_INT(answer.status, 204);
	CHECK(!answer_has(&answer, "Content-Length"));
	answer_free(&answer);
	answer = client_answer(&client, false);
	CHECK_INT(answer.status, 304);
	answer_free(&answer);
	client_send(&client, ENT_STR(GET("/hello"))); /* nothing stray is in between */
	check_answer(&client, 200, "hello");
	client_close(&client);
	serve_end(server);
}

TEST(http_wire_headers_cannot_be_injected)
{
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ENT_STR(GET("/inject")));
	struct answer answer = client_answer(&client, false);
	CHECK_INT(answer.status, 500);
	CHECK(!answer_has(&answer, "Set-Cookie"));
	answer_free(&answer);
	client_close(&client);
	serve_end(server);
}

TEST(http_wire_continue)
{
	static const char head[] = "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
				   "Content-Length: 2\r\n\r\n";
	struct ent_http_server *server = serve((struct ent_http_config){ .body_bytes_max = 10 });
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ent_str_of(head));
	check_answer(&client, 100, "");
	client_send(&client, ENT_STR("ok"));
	check_answer(&client, 200, "ok");
	ROW("too large: no 100");
	client_send(&client, ENT_STR("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
	                             "Content-Length: 11\r\n\r\n"));
	struct answer answer = client_answer(&client, false);
	CHECK_INT(answer.status, 413);
	answer_free(&answer);
	client_close(&client);
	serve_end(server);
}

TEST(http_wire_large_bodies_both_ways)
{
	enum { SIZE = 900000 };
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client client = client_open(ent_http_port(server));
	char *body = malloc(SIZE);
	char head[128];
	uint64_t seed = 7;
	for (int i = 0; i < SIZE; i++) {
		body[i] = (char)('a' + test_random(&seed, 26));
	}
	for (int i = 0; i < 4; i++) {
		snprintf(head, sizeof(head),
		         "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
		         i % 2 == 0 ? "/echo" : "/later", SIZE);
		client_send(&client, ent_str_of(head));
		client_send(&client, (ent_str){ body, SIZE });
		struct answer answer = client_answer(&client, false);
		CHECK_INT(answer.status, 200);
		CHECK_INT((long long)answer.body_size, SIZE);
		CHECK(answer.body != NULL && memcmp(answer.body, body, SIZE) == 0);
		answer_free(&answer);
	}
	free(body);
	client_close(&client);
	serve_end(server);
}

/* What waits behind a reply that the client takes slowly is answered after it. */
TEST(http_wire_pipelined_behind_a_large_reply)
{
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client client = client_open(ent_http_port(server));
	serve_big_bytes = 16 << 20;
	client_send(&client, ENT_STR(GET("/big") GET("/hello") GET("/later") GET("/big")));
	for (int i = 0; i < 4; i++) {
		struct answer answer = client_answer(&client, false);
		CHECK_INT(answer.status, 200);
		CHECK_INT((long long)answer.body_size, i % 3 == 0 ? 16 << 20 : i == 1 ? 5 : 0);
		answer_free(&answer);
	}
	client_close(&client);
	serve_end(server);
}

/* The client sees the refusal although it goes on sending what nobody wants. */
TEST(http_wire_refusal_is_seen_while_sending)
{
	enum { SIZE = 200000 };
	struct ent_http_server *server = serve((struct ent_http_config){ .body_bytes_max = 1000 });
	char *body = calloc(1, SIZE);
	for (int i = 0; i < 20; i++) {
		struct client client = client_open(ent_http_port(server));
		client_send(&client, ENT_STR("POST /echo HTTP/1.1\r\nHost: a\r\n"
		                             "Content-Length: 200000\r\n\r\n"));
		client_send(&client, (ent_str){ body, SIZE });
		CHECK_INT(client_status(&client), 413);
		CHECK(client_ended(&client));
		client_close(&client);
	}
	free(body);
	serve_end(server);
}

/* A client that shuts its sending side down still gets its answers. */
TEST(http_wire_half_closed_client)
{
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ENT_STR(GET("/later") GET("/hello")));
	shutdown(client.fd, SHUT_WR);
	check_answer(&client, 200, "");
	check_answer(&client, 200, "hello");
	CHECK(client_ended(&client));
	client_close(&client);
	serve_end(server);
}

static void never(struct ent_http_exchange *exchange, void *context)
{
	(void)exchange;
	(void)context;
}

TEST(http_wire_port_is_not_shared)
{
	static struct ent_error error;
	for (int loops = 1; loops <= 2; loops++) {
		struct ent_http_server *first = serve((struct ent_http_config){ .loops = loops });
		struct ent_http_server *second = NULL;
		struct ent_http_config config = { .address = "127.0.0.1",
			                          .port = ent_http_port(first),
			                          .loops = loops,
			                          .handle = never };
		CHECK_INT(ent_http_start(&config, &second, &error), ENT_E_SYSTEM);
		CHECK_TEXT(error.detail, "could not bind the address: Address already in use");
		serve_end(first);
	}
}

TEST(http_wire_start_refuses_bad_addresses)
{
	static struct ent_error error;
	static const struct {
		const char *address;
		int port;
	} rows[] = { { "localhost", 0 }, { "", 0 }, { "127.0.0.1", 65536 }, { "127.0.0.1", -1 } };
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_http_server *server = NULL;
		struct ent_http_config config = { .address = rows[i].address,
			                          .port = rows[i].port,
			                          .handle = never };
		CHECK_INT(ent_http_start(&config, &server, &error), ENT_E_INVALID);
	}
}
