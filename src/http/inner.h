/* inner.h - what server.c, loop.c and connection.c share.
 *
 * A connection that waits is a handle and its place in a list. From the first
 * byte of a request to the last of its reply it holds a `work`: the buffers and
 * the exchange. The work outlives the connection when the client goes away while
 * its exchange is pending.
 * A stream's work is with whoever sends until ent_http_stream_end().
 *
 * Everything belongs to one loop's thread, except: between handle() and
 * ent_http_reply() the exchange and work->out belong to whoever will reply; and
 * loop->replied, ->closed and ->orphans, and a
 * work's `stream`, are under loop->mutex.
 */
#ifndef ENT_HTTP_INNER_H
#define ENT_HTTP_INNER_H

#include "http/http.h"
#include "http/parse.h"
#include "http/reply.h"

#include <uv.h>

#include <stdatomic.h>

enum {
	ENT_HTTP_BUFFER_BYTES = 4096,       /* a work's buffers to begin with */
	ENT_HTTP_KEEP_BYTES = 16384,        /* larger buffers are not kept for the next */
	ENT_HTTP_KEEP_COUNT = 512,          /* idle works and connections kept by a loop */
	ENT_HTTP_LINGER_MS = 1000,          /* how long what a refused client sends is read */
	ENT_HTTP_LINGER_BYTES = 8 << 20,    /* and how much of it: more than a body may have */
	ENT_HTTP_REFUSED_MAX = 256,         /* refused connections a loop lingers on */
	ENT_HTTP_LARGE_COUNT = 2,           /* large bodies that are received at once */
	ENT_HTTP_LARGE_PACE = 64 << 10      /* bytes a second, for more time */
};

/* Where a connection is; each has its list, in the order of deadlines. */
enum ent_http_place {
	ENT_HTTP_IDLE,
	ENT_HTTP_IN_HEAD,
	ENT_HTTP_IN_BODY,
	ENT_HTTP_PENDING, /* with handle(); no deadline */
	ENT_HTTP_WRITING,
	ENT_HTTP_STREAMING, /* more may be sent at any time; no deadline */
	ENT_HTTP_LINGERING,
	ENT_HTTP_CLOSING,
	ENT_HTTP_PLACES
};

/* What other threads have to do with a reply without an end. */
struct ent_http_flow {
	struct ent_http_buffer more; /* waits until what is in work->out has gone */
	void (*on_gone)(void *arg);
	void *arg;
	bool listed; /* in loop->replied */
	bool gone;   /* nobody receives any more */
	bool ends;   /* ent_http_stream_end() was called: the work is the loop's */
	bool cut;
};

struct ent_http_work {
	struct ent_http_exchange exchange; /* first: ent_http_reply() is given its address */
	struct ent_http_loop *loop;
	struct ent_http_connection *connection; /* NULL when the client has gone */
	struct ent_http_work *next;
	struct ent_http_parser parser;
	struct ent_http_buffer in;
	struct ent_http_buffer out;
	struct ent_http_flow flow;
	uv_write_t write;
	bool awaited;   /* a reply is due; belongs to who will reply */
	bool pending;   /* the same, as the loop sees it */
	bool answered;  /* out holds the reply */
	bool continued; /* 100 was sent */
	bool closes;    /* the connection ends with this reply */
	bool is_stream; /* it is one without an end */
	bool is_last;   /* the end of a stream is in out */
	bool is_large;  /* one of the few whose input is not counted in loop->buffered */
	char peer[48];
};

struct ent_http_connection {
	uv_tcp_t tcp;
	struct ent_http_loop *loop;
	struct ent_http_work *work;
	struct ent_http_connection *next;
	struct ent_http_connection *previous;
	uint64_t deadline; /* uv_now() */
	size_t left;       /* lingering: bytes still read; writing: not yet taken at the start;
	                    * a large body: that had come at the start */
	enum ent_http_place place;
	bool reading;
	bool ended;   /* the client will send nothing more */
	bool refused; /* one too many */
	char peer[48];
};

struct ent_http_list {
	struct ent_http_connection *first;
	struct ent_http_connection *last;
};

/* Written by the loop's thread only. */
struct ent_http_counters {
	_Atomic uint64_t accepted, open, refused, requests, replies, bytes_in, bytes_out, timeouts,
		bad_requests;
};

struct ent_http_loop {
	struct ent_http_server *server;
	uv_loop_t uv;
	uv_thread_t thread;
	uv_poll_t listener;
	uv_timer_t timer;
	uv_async_t async;
	int listen_fd;
	void *data; /* of config.loop_begin() */
	struct ent_http_list places[ENT_HTTP_PLACES];
	struct ent_http_work *free_works;
	struct ent_http_connection *free_connections;
	size_t free_work_count;
	size_t free_connection_count;
	size_t connections; /* with a handle, refused ones too */
	size_t refused;
	size_t pending;
	size_t buffered;               /* bytes of input buffers above their first size */
	struct ent_http_work *current; /* being handled right now */
	uint64_t cut_at;               /* uv_now() when draining ends */
	int cut;
	uint64_t ticked;    /* uv_now() of the last tick */
	bool was_late;      /* that one came late */
	bool accept_paused; /* out of descriptors; the next tick tries again */
	bool draining;
	bool ending;
	struct ent_http_counters counters;
	char discard[65536]; /* what lingering clients send */

	uv_mutex_t mutex;
	struct ent_http_work *replied; /* from other threads, newest first */
	size_t orphans;                /* exchanges not answered when the loop ended */
	bool closed;
};

enum ent_http_life { ENT_HTTP_RUNNING, ENT_HTTP_STOPPING, ENT_HTTP_STOPPED };

struct ent_http_server {
	struct ent_http_config config; /* with its defaults filled in */
	struct ent_http_limits limits;
	uint64_t timeouts[ENT_HTTP_PLACES];
	int port;
	int loop_count;
	size_t buffered_max; /* a loop */
	_Atomic int large;   /* bodies that are received, of all loops */
	_Atomic int connections;
	_Atomic int references; /* the owner, and each loop with orphans */
	_Atomic bool stopping;
	int grace_ms;
	uv_mutex_t mutex; /* over life and cut */
	uv_cond_t stopped;
	enum ent_http_life life;
	int cut;
	struct ent_http_loop *loops;
};

static inline void ent_http_count(_Atomic uint64_t *counter, uint64_t more)
{
	uint64_t old = atomic_load_explicit(counter, memory_order_relaxed);
	atomic_store_explicit(counter, old + more, memory_order_relaxed);
}

/* work.c */
struct ent_http_work *ent_http_work_take(struct ent_http_loop *loop);
void ent_http_work_give(struct ent_http_work *work);
void ent_http_work_free(struct ent_http_work *work);
/* May its body take longer? It is a large one that has come on since it had *before bytes. */
bool ent_http_work_is_paced(const struct ent_http_work *work, size_t *before);
ENT_CHECK bool ent_http_work_room(struct ent_http_work *work); /* for at least one byte */
void ent_http_work_answer(struct ent_http_work *work, const struct ent_http_reply *reply);

void ent_http_work_bury(struct ent_http_work *work); /* under loop->mutex, which it unlocks */
size_t ent_http_untaken(const uv_tcp_t *tcp);        /* bytes that the client did not take */

/* stream.c */
ENT_CHECK bool ent_http_stream_deliver(struct ent_http_work *work); /* false: it is none */
void ent_http_stream_flush(struct ent_http_connection *connection);
void ent_http_stream_left(struct ent_http_work *work); /* its connection is no more */
void ent_http_stream_drain(struct ent_http_loop *loop);

/* connection.c */
void ent_http_connection_open(struct ent_http_loop *loop, int fd, const char *peer);
void ent_http_connection_close(struct ent_http_connection *connection);
void ent_http_connection_expire(struct ent_http_connection *connection);
ENT_CHECK bool ent_http_connection_send(struct ent_http_connection *connection);
void ent_http_connection_linger(struct ent_http_connection *connection);
void ent_http_connection_reset(struct ent_http_connection *connection);
void ent_http_connection_replied(struct ent_http_connection *connection);

/* loop.c */
ENT_CHECK int ent_http_loop_init(struct ent_http_loop *loop); /* 0 or a UV_E code */
void ent_http_loop_run(void *loop);
struct ent_http_loop *ent_http_loop_here(void);         /* whose thread this is, or NULL */
void ent_http_loop_abandon(struct ent_http_loop *loop); /* instead of running it */
void ent_http_loop_drained(struct ent_http_loop *loop); /* end it if nothing is left */
void ent_http_loop_place(struct ent_http_connection *connection, enum ent_http_place place);
void ent_http_loop_remove(struct ent_http_connection *connection);

/* server.c */
void ent_http_server_release(struct ent_http_server *server);

#endif
