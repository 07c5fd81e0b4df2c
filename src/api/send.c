/* A reply on its way out: headers, 304, gzip, the log. */
#include "api/inner.h"

#include "api/stream.h"
#include "base/log.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum { GZIP_FROM_BYTES = 1400 }; /* smaller fits one packet anyway */

int64_t ent_monotonic_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * ENT_SECOND_US + now.tv_nsec / 1000;
}

static bool accepts_gzip(const struct ent_http_exchange *exchange)
{
	ent_str accept = ent_http_header_get(exchange, "accept-encoding");
	return ent_str_contains(accept, ENT_STR("gzip")) &&
	       !ent_str_contains(accept, ENT_STR("gzip;q=0"));
}

/* The body deflated into the arena; no text if that is not worth it. */
static ent_str gzip(ent_str body, struct ent_arena *arena)
{
	z_stream z;
	memset(&z, 0, sizeof(z));
	if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		return (ent_str){ NULL, 0 };
	}
	size_t room = deflateBound(&z, (uLong)body.len);
	if (room > (size_t)(arena->end - arena->next)) {
		deflateEnd(&z);
		return (ent_str){ NULL, 0 };
	}
	char *out = ent_arena_bytes(arena, room);
	z.next_in = (Bytef *)(uintptr_t)body.ptr;
	z.avail_in = (uInt)body.len;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)room;
	bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
	size_t len = room - z.avail_out;
	deflateEnd(&z);
	return done && len < body.len ? (ent_str){ out, len } : (ent_str){ NULL, 0 };
}

static void log_request(const struct ent_request *request, int64_t us)
{
	const struct ent_http_exchange *exchange = request->exchange;
	ent_str trace = ent_http_header_get(exchange, "traceparent");
	bool traced = trace.len >= 55; /* 00-<32 digits>-… */
	const struct ent_log_field fields[] = {
		ent_log_text("method", exchange->method),
		ent_log_text("path", exchange->path),
		ent_log_int("status", request->reply.status),
		ent_log_int("us", us),
		ent_log_int("bytes", (int64_t)request->reply.body.len),
		ent_log_text("request_id", ent_str_of(request->id)),
		ent_log_text("actor", request->who.actor),
		ent_log_text("peer", exchange->peer),
		ent_log_text("trace_id", traced ? (ent_str){ trace.ptr + 3, 32 } : trace),
	};
	ent_log_later(request->reply.status >= 500 ? ENT_LOG_ERROR : ENT_LOG_INFO, "request",
	              fields, ENT_COUNT(fields) - !traced);
}

static void add_common_headers(struct ent_request *request, char etag[static 32])
{
	struct ent_reply *reply = &request->reply;
	ent_reply_header(request, "x-request-id", ent_str_of(request->id));
	if (reply->body.len > 0 && reply->type != NULL) {
		ent_reply_header(request, "content-type", ent_str_of(reply->type));
	}
	if (reply->version > 0) {
		snprintf(etag, 32, "\"v%lld\"", (long long)reply->version);
		ent_reply_header(request, "etag", ent_str_of(etag));
	}
	if (request->is_replay) {
		ent_reply_header(request, "idempotent-replayed", ENT_STR("true"));
	}
	if (reply->status == 503) {
		ent_reply_header(request, "retry-after", ENT_STR("1"));
	}
	ent_reply_header(request, "cache-control", ENT_STR("no-store"));
	ent_reply_header(request, "x-content-type-options", ENT_STR("nosniff"));
}

/* Nothing changed since the version that the client has: 304. */
static bool is_known(const struct ent_request *request, const char *etag)
{
	ent_str known = ent_http_header_get(request->exchange, "if-none-match");
	bool reads = ent_str_is(request->exchange->method, "GET") ||
	             ent_str_is(request->exchange->method, "HEAD");
	bool is_whole = request->reply.version > 0 && !request->wants_actions;
	return reads && is_whole && request->reply.status == 200 &&
	       (ent_str_is(known, "*") || ent_str_contains(known, ent_str_of(etag)));
}

static void note(struct ent_request *request)
{
	int64_t us = ent_monotonic_us() - request->exchange->received_us;
	ent_metrics_count(request->api->metrics, request->match.route, request->reply.status, us);
	if (request->api->config.log_requests) {
		log_request(request, us);
	}
}

/* A reply without an end. False if there may not be another one: the reply says so. */
static bool send_stream(struct ent_request *request, struct ent_arena *arena)
{
	struct ent_reply *reply = &request->reply;
	struct ent_error error;
	ent_error_clear(&error);
	size_t own = reply->header_count;
	ent_reply_header(request, "content-type", ent_str_of(reply->type));
	ent_reply_header(request, "cache-control", ENT_STR("no-store"));
	ent_reply_header(request, "x-content-type-options", ENT_STR("nosniff"));
	ent_reply_header(request, "x-accel-buffering", ENT_STR("no")); /* by a proxy */
	ent_reply_header(request, "x-request-id", ent_str_of(request->id));
	struct ent_http_reply http = { reply->status, reply->headers, reply->header_count,
		                       reply->body };
	note(request); /* before the exchange is gone */
	if (ent_streams_begin(request->api->streams, request, &http, &error) == ENT_OK) {
		return true;
	}
	reply->header_count = own;
	ent_request_problem(request, &error, arena);
	return false;
}

void ent_request_send(struct ent_request *request, struct ent_arena *arena)
{
	char etag[32] = "";
	struct ent_reply *reply = &request->reply;
	struct ent_http_exchange *exchange = request->exchange;
	if (request->wish != NULL && reply->status == 200 && send_stream(request, arena)) {
		return;
	}
	add_common_headers(request, etag);
	if (is_known(request, etag)) {
		reply->status = 304;
		reply->body = (ent_str){ NULL, 0 };
	}
	if (reply->body.len >= GZIP_FROM_BYTES && accepts_gzip(exchange)) {
		ent_str packed = gzip(reply->body, arena);
		if (packed.ptr != NULL) {
			reply->body = packed;
			ent_reply_header(request, "content-encoding", ENT_STR("gzip"));
		}
		ent_reply_header(request, "vary", ENT_STR("accept-encoding"));
	}
	note(request);
	struct ent_http_reply http = { reply->status, reply->headers, reply->header_count,
		                       reply->body };
	ent_http_reply(exchange, &http);
}

static void header_for_status(struct ent_request *request, int status, struct ent_arena *arena)
{
	if (status == 401) {
		ent_reply_header(request, "www-authenticate", ENT_STR("Bearer realm=\"entitled\""));
	} else if (status == 405) {
		ent_reply_header(request, "allow", ent_str_of(request->match.allow));
	} else if (status == 415) {
		const struct ent_route *route = request->match.route;
		bool patch = ent_str_is(request->exchange->method, "PATCH");
		const struct ent_text_body *text = ent_text_body_of(route);
		ent_reply_header(
			request, patch ? "accept-patch" : "accept-post",
			patch ? ENT_STR("application/merge-patch+json, application/json")
			: text != NULL
				? ent_text_format(arena, "application/json, %s", text->media)
				: ENT_STR("application/json"));
	}
}

/* Turn an error into a reply. Headers that were set for success are dropped, but not what
 * tells about the limit. */
void ent_request_problem(struct ent_request *request, const struct ent_error *error,
                         struct ent_arena *arena)
{
	int status = ent_code_http(error->code);
	struct ent_reply *reply = &request->reply;
	size_t kept = 0;
	for (size_t i = 0; i < reply->header_count; i++) {
		if (ent_str_begins(reply->headers[i].name, ENT_STR("ratelimit")) ||
		    ent_str_is(reply->headers[i].name, "retry-after")) {
			reply->headers[kept++] = reply->headers[i];
		}
	}
	reply->status = status;
	reply->header_count = kept;
	reply->type = "application/problem+json";
	reply->version = 0;
	if (error->code == ENT_E_LOGIN_THROTTLED) {
		ent_reply_header(request, "retry-after", ENT_STR("900"));
	}
	header_for_status(request, status, arena);
	reply->body = ent_problem_write(status, error, request->id, arena);
}
