/* client.h - a blocking client and a small server for the tests of http. */
#ifndef ENT_TESTS_HTTP_CLIENT_H
#define ENT_TESTS_HTTP_CLIENT_H

#include "http/http.h"

struct client {
	int fd;
	char *bytes; /* received and not yet taken */
	size_t size;
	size_t capacity;
};

/* One reply. `head` has its headers, `body` is NUL-terminated. */
struct answer {
	int status; /* 0: the connection ended before one; -1: none came within 10 s */
	char head[1024];
	char *body;
	size_t body_size;
};

struct client client_open(int port);
struct client client_socket(void); /* not connected yet */
void client_connect(struct client *client, int port);
void client_close(struct client *client);
void client_reset(struct client *client); /* close rudely; leaves no TIME_WAIT */
void client_send(struct client *client, ent_str bytes);
void client_drip(struct client *client, ent_str bytes); /* each byte a packet */
struct answer client_answer(struct client *client, bool is_head);
int client_status(struct client *client); /* of the next answer but 1xx */
bool client_ended(struct client *client); /* nothing follows but the end */
void answer_free(struct answer *answer);
bool answer_has(const struct answer *answer, const char *part);

/* A server whose handler answers
 *   /hello     "hello" at once          /echo   the body at once
 *   /later     the body, from another thread
 *   /hold      "held", when serve_release() is called
 *   /big       serve_big_bytes of 'x'   /peer, /query, /method: those
 *   /204 /304  without a body           /inject  a header with a line break
 *   /sleep     after 1300 ms, which holds its loop up
 * and anything else with 404. Zero fields of `config` are filled in. */
struct ent_http_server *serve(struct ent_http_config config);
void serve_end(struct ent_http_server *server);
void serve_wait_held(int count); /* until so many are held */
void serve_release(void);
extern size_t serve_big_bytes;

/* A client in its own thread: `count` requests for `path` with a body, each
 * answered by that body, or the connection ends. Counts what was wrong. */
struct load {
	struct client client; /* connected before the thread starts */
	const char *path;
	int count;
	int answered;
	int wrong;
};
void *load_run(void *load);

void wait_open(const struct ent_http_server *server, uint64_t count); /* at most 10 s */
struct ent_http_stats stats_of(const struct ent_http_server *server);
void sleep_ms(int ms);

#endif
