/* stop_test.c - several loops and threads, and the end of them. */
#include "http/client.h"
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

struct stopper {
	struct ent_http_server *server;
	int grace_ms;
	int cut;
};

static void *stop(void *arg)
{
	struct stopper *stopper = arg;
	stopper->cut = ent_http_stop(stopper->server, stopper->grace_ms);
	return NULL;
}

TEST(http_stop_replies_from_threads)
{
	enum { CLIENTS = 6 };
	struct ent_http_server *server = serve((struct ent_http_config){ .loops = 3 });
	struct load loads[CLIENTS];
	pthread_t threads[CLIENTS];
	for (int i = 0; i < CLIENTS; i++) {
		loads[i] = (struct load){ .client = client_open(ent_http_port(server)),
			                  .path = i % 2 == 0 ? "/later" : "/echo",
			                  .count = 400 };
		pthread_create(&threads[i], NULL, load_run, &loads[i]);
	}
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(threads[i], NULL);
		CHECK_INT(loads[i].answered, 400);
		CHECK_INT(loads[i].wrong, 0);
	}
	serve_end(server);
}

/* Whatever was asked before the stop is answered whole; nobody is cut. */
TEST(http_stop_drains_under_load)
{
	enum { CLIENTS = 6 };
	for (int round = 0; round < 5; round++) {
		struct ent_http_server *server = serve((struct ent_http_config){ .loops = 2 });
		struct load loads[CLIENTS];
		pthread_t threads[CLIENTS];
		for (int i = 0; i < CLIENTS; i++) {
			loads[i] = (struct load){ .client = client_open(ent_http_port(server)),
				                  .path = i % 2 == 0 ? "/later" : "/echo",
				                  .count = 1000000 };
			pthread_create(&threads[i], NULL, load_run, &loads[i]);
		}
		while (stats_of(server).requests < 200) {
			sleep_ms(1);
		}
		CHECK_INT(ent_http_stop(server, 5000), 0);
		int answered = 0;
		for (int i = 0; i < CLIENTS; i++) {
			pthread_join(threads[i], NULL);
			CHECK_INT(loads[i].wrong, 0);
			answered += loads[i].answered;
		}
		CHECK_INT((long long)stats_of(server).requests, answered);
		CHECK_INT((long long)stats_of(server).replies, answered);
		serve_end(server);
	}
}

TEST(http_stop_waits_for_pending)
{
	enum { COUNT = 3 };
	struct ent_http_server *server = serve((struct ent_http_config){ .loops = 2 });
	struct stopper stopper = { server, 10000, -1 };
	struct client clients[COUNT];
	struct client idle = client_open(ent_http_port(server));
	pthread_t thread;
	for (int i = 0; i < COUNT; i++) {
		clients[i] = client_open(ent_http_port(server));
		client_send(&clients[i], ENT_STR(GET("/hold")));
	}
	serve_wait_held(COUNT);
	pthread_create(&thread, NULL, stop, &stopper);
	CHECK(client_ended(&idle)); /* so the stop has begun */
	serve_release();
	for (int i = 0; i < COUNT; i++) {
		struct answer answer = client_answer(&clients[i], false);
		CHECK_INT(answer.status, 200);
		CHECK_TEXT(answer.body, "held");
		CHECK(client_ended(&clients[i]));
		answer_free(&answer);
		client_close(&clients[i]);
	}
	pthread_join(thread, NULL);
	CHECK_INT(stopper.cut, 0);
	client_close(&idle);
	serve_end(server);
}

/* The replies come when neither loop nor server are there any more. */
TEST(http_stop_cuts_and_late_replies_do_no_harm)
{
	enum { COUNT = 3 };
	for (int grace_ms = 0; grace_ms <= 50; grace_ms += 50) {
		struct ent_http_server *server = serve((struct ent_http_config){ .loops = 2 });
		struct client clients[COUNT];
		for (int i = 0; i < COUNT; i++) {
			clients[i] = client_open(ent_http_port(server));
			client_send(&clients[i], ENT_STR(GET("/hold")));
		}
		serve_wait_held(COUNT);
		CHECK_INT(ent_http_stop(server, grace_ms), COUNT);
		for (int i = 0; i < COUNT; i++) {
			CHECK(client_ended(&clients[i]));
			client_close(&clients[i]);
		}
		serve_end(server);
		serve_release();
	}
}

TEST(http_stop_from_two_threads)
{
	struct ent_http_server *server = serve((struct ent_http_config){ .loops = 2 });
	struct client client = client_open(ent_http_port(server));
	struct stopper stoppers[2] = { { server, 60, -1 }, { server, 60, -1 } };
	pthread_t threads[2];
	client_send(&client, ENT_STR(GET("/hold")));
	serve_wait_held(1);
	for (int i = 0; i < 2; i++) {
		pthread_create(&threads[i], NULL, stop, &stoppers[i]);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		CHECK_INT(stoppers[i].cut, 1);
	}
	CHECK_INT(ent_http_stop(server, 1000), 1);
	serve_release();
	client_close(&client);
	serve_end(server);
}

/* A request that is half there when the stop begins is still answered. */
TEST(http_stop_lets_a_request_end)
{
	struct ent_http_server *server = serve((struct ent_http_config){ 0 });
	struct stopper stopper = { server, 10000, -1 };
	struct client idle = client_open(ent_http_port(server));
	struct client client = client_open(ent_http_port(server));
	pthread_t thread;
	client_send(&client,
	            ENT_STR("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\no"));
	while (stats_of(server).bytes_in == 0) {
		sleep_ms(1);
	}
	pthread_create(&thread, NULL, stop, &stopper);
	CHECK(client_ended(&idle));
	client_send(&client, ENT_STR("k"));
	struct answer answer = client_answer(&client, false);
	CHECK_INT(answer.status, 200);
	CHECK_TEXT(answer.body, "ok");
	CHECK(answer_has(&answer, "\r\nConnection: close\r\n"));
	answer_free(&answer);
	client_close(&client);
	client_close(&idle);
	pthread_join(thread, NULL);
	CHECK_INT(stopper.cut, 0);
	serve_end(server);
}

static _Atomic int begun;
static _Atomic int ended;
static char loop_data[] = "data of the loop";

static void *loop_begin(void *context)
{
	(void)context;
	begun++;
	return loop_data;
}

static void loop_end(void *context, void *data)
{
	(void)context;
	CHECK(data == loop_data);
	ended++;
}

TEST(http_stop_loop_begin_and_end)
{
	struct ent_http_config config = { .loops = 3,
		                          .loop_begin = loop_begin,
		                          .loop_end = loop_end };
	struct ent_http_server *server = serve(config);
	struct client client = client_open(ent_http_port(server));
	client_send(&client, ENT_STR(GET("/data")));
	struct answer answer = client_answer(&client, false);
	CHECK_TEXT(answer.body, loop_data);
	answer_free(&answer);
	client_close(&client);
	serve_end(server);
	CHECK_INT(begun, 3);
	CHECK_INT(ended, 3);
}
