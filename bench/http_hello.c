/* http_hello.c - the smallest program on src/http, to measure it against others:
 *
 *     http_hello PORT LOOPS [later]
 *
 * answers everything with 316 bytes; with "later" from another thread. */
#include "http/http.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char body[316];
static struct ent_http_exchange *queue[65536];
static size_t queued;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t some = PTHREAD_COND_INITIALIZER;

static void reply(struct ent_http_exchange *exchange)
{
	struct ent_http_header type = { ENT_STR("Content-Type"), ENT_STR("application/json") };
	struct ent_http_reply reply = {
		.status = 200, .headers = &type, .header_count = 1, .body = { body, sizeof(body) }
	};
	ent_http_reply(exchange, &reply);
}

static void handle(struct ent_http_exchange *exchange, void *context)
{
	if (context == NULL) {
		reply(exchange);
		return;
	}
	pthread_mutex_lock(&lock);
	assert(queued < ENT_COUNT(queue));
	queue[queued++] = exchange;
	pthread_cond_signal(&some);
	pthread_mutex_unlock(&lock);
}

static void *work(void *arg)
{
	(void)arg;
	static struct ent_http_exchange *batch[ENT_COUNT(queue)];
	for (;;) {
		pthread_mutex_lock(&lock);
		while (queued == 0) {
			pthread_cond_wait(&some, &lock);
		}
		size_t count = queued;
		memcpy(batch, queue, count * sizeof(*batch));
		queued = 0;
		pthread_mutex_unlock(&lock);
		for (size_t i = 0; i < count; i++) {
			reply(batch[i]);
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static struct ent_error error;
	struct ent_http_server *server;
	pthread_t thread;
	sigset_t ends;
	int got;
	if (argc < 3) {
		fprintf(stderr, "usage: http_hello PORT LOOPS [later]\n");
		return 2;
	}
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	memset(body, 'x', sizeof(body));
	struct ent_http_config config = { .address = "127.0.0.1",
		                          .port = atoi(argv[1]),
		                          .loops = atoi(argv[2]),
		                          .handle = handle,
		                          .context = argc > 3 ? argv[3] : NULL };
	if (ent_http_start(&config, &server, &error) != ENT_OK) {
		fprintf(stderr, "%s\n", error.detail);
		return 1;
	}
	if (argc > 3) {
		pthread_create(&thread, NULL, work, NULL);
	}
	sigwait(&ends, &got);
	int cut = ent_http_stop(server, 2000);
	ent_http_free(server);
	printf("cut %d\n", cut);
	return 0;
}
