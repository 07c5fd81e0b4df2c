/* http.h - the border: bytes in, requests out; replies in, bytes out.
 *
 * HTTP/1.1 on libuv loops (one a thread, SO_REUSEPORT) and llhttp. It knows
 * nothing of us: it calls one function for each complete request, and the reply
 * may come at once or later from any thread. TLS, HTTP/2 and 3 are a proxy's job.
 *
 * Strict framing: Content-Length with Transfer-Encoding, two Content-Lengths,
 * bare LF, folded headers, control bytes, a missing or second Host are refused
 * with 400 and the connection is closed. Heads and bodies have deadlines as a
 * whole (not per read), so that a dripping client is cut off. A large body has as much again as
 * often as it brings 64 KiB a second.
 */
#ifndef ENT_HTTP_HTTP_H
#define ENT_HTTP_HTTP_H

#include "base/error.h"
#include "base/str.h"

struct ent_http_header {
	ent_str name; /* lower case */
	ent_str value;
};

enum { ENT_HTTP_HEADER_MAX = 64 };

/* One request and its pending reply. Views stay valid until ent_http_reply(). */
struct ent_http_exchange {
	ent_str method; /* "GET" */
	ent_str target; /* as sent: "/v1/cases?limit=2" */
	ent_str path;   /* before the '?' */
	ent_str query;  /* behind it, still encoded; "" without */
	struct ent_http_header headers[ENT_HTTP_HEADER_MAX];
	size_t header_count;
	ent_str body;
	ent_str peer;        /* "127.0.0.1": the address the connection came from */
	int64_t received_us; /* CLOCK_MONOTONIC, when the head was complete */
	void *loop_data;     /* what config.loop_begin() returned for this loop's thread */
};

/* The value of a header by its lower-case name; no text if absent. */
ent_str ent_http_header_get(const struct ent_http_exchange *exchange, const char *name);

struct ent_http_reply {
	int status;
	struct ent_http_header *headers; /* Content-Length, Date and Connection are added */
	size_t header_count;
	ent_str body; /* not sent, but counted, in answer to HEAD */
};

/* Answer an exchange, once, from any thread. Everything is copied before it
 * returns. After it the exchange must not be touched. It has no deadline: whoever
 * holds it answers, also when the client has gone or the server was stopped and
 * freed. A name or value that would break the reply's head makes it a bare 500. */
void ent_http_reply(struct ent_http_exchange *exchange, const struct ent_http_reply *reply);

/* ---- replies without an end, such as server-sent events ---- */

struct ent_http_stream;

enum { ENT_HTTP_STREAM_BYTES = 256 << 10 }; /* that wait for a client, at most */

/* Begin the reply of an exchange instead of ent_http_reply(), from any thread: head and body
 * go at once, what is sent later follows, and the connection ends with it. `gone` is called
 * when the client is no longer there, on a loop's thread and under a lock: it must only note
 * it. The
 * stream is the caller's until ent_http_stream_end(), which is due in every case. */
struct ent_http_stream *ent_http_stream(struct ent_http_exchange *exchange,
                                        const struct ent_http_reply *reply,
                                        void (*gone)(void *arg), void *arg);

enum ent_http_sent { ENT_HTTP_SENT, ENT_HTTP_GONE, ENT_HTTP_FULL /* the client is too slow */ };

/* Send more; from any thread, one at a time. Copied. Nothing is sent if not all of it is. */
enum ent_http_sent ent_http_stream_send(struct ent_http_stream *stream, ent_str text);

/* No more is coming: what waits is still sent, unless `cut`. Any thread but from `gone`. */
void ent_http_stream_end(struct ent_http_stream *stream, bool cut);

struct ent_http_config {
	const char *address;     /* "127.0.0.1" or "::" */
	int port;                /* 0: any; ent_http_port() tells */
	int loops;               /* threads; 0: one a core */
	size_t head_bytes_max;   /* 16 KiB; more is 431 */
	size_t body_bytes_max;   /* 1 MiB; more is 413 */
	const char *large_path;  /* whose bodies may be larger, and take longer; NULL: none */
	size_t large_bytes_max;  /* those; at most 2 are received at once: 503 */
	size_t buffer_bytes_max; /* 256 MiB; of other requests being received, together; 503 */
	int connections_max;     /* over all loops, within RLIMIT_NOFILE; one more: 503 */
	int head_timeout_ms;     /* from the first byte of a head to its end; 408 */
	int body_timeout_ms;     /* from the end of the head to the end of the body; 408 */
	int idle_timeout_ms;     /* keep-alive without a byte */
	int write_timeout_ms;    /* a reply that its client does not take */
	void (*handle)(struct ent_http_exchange *exchange, void *context);
	void *context;
	void *(*loop_begin)(void *context); /* on each loop's thread, may be NULL */
	void (*loop_end)(void *context, void *loop_data);
	/* The body for an error found at the border, such as 400 or 431 (a problem
	 * document); writes at most `size` bytes and returns their number. NULL: no body. */
	size_t (*problem)(int status, const char *detail, char *out, size_t size);
	const char *problem_type; /* its media type */
};

struct ent_http_server;

/* Bind and start the loops; zeros in *config become defaults. Its texts must outlive
 * the server. Raises RLIMIT_NOFILE to what is permitted.
 * INVALID the address or port; SYSTEM, OUT_OF_MEMORY with the reason. */
ENT_CHECK enum ent_code ent_http_start(const struct ent_http_config *config,
                                       struct ent_http_server **out, struct ent_error *error);

int ent_http_port(const struct ent_http_server *server);

/* Stop listening, answer what has been received, close idle connections, wait
 * for the rest up to `grace_ms`, then cut. Returns the number cut. Idempotent
 * and safe from any thread but the loops' own; ent_http_free() follows. */
int ent_http_stop(struct ent_http_server *server, int grace_ms);
void ent_http_free(struct ent_http_server *server);

/* Counters since the start, for /metrics; racy reads are fine. */
struct ent_http_stats {
	uint64_t connections_accepted, connections_open, connections_refused;
	uint64_t requests, replies, bytes_in, bytes_out, timeouts, bad_requests;
};
void ent_http_stats(const struct ent_http_server *server, struct ent_http_stats *out);

#endif
