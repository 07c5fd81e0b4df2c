#include "api/inner.h"

#include "app/people.h"
#include "base/log.h"
#include "base/text.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum {
	LOOP_ARENA_BYTES = 64 << 20,
	LOOP_KEEP_BYTES = 1 << 20,
	GZIP_FROM_BYTES = 1400, /* smaller fits one packet anyway */
};

/* What each HTTP loop owns. */
struct loop {
	struct ent_budget budget;
	struct ent_arena arena;
	struct ent_db *db; /* for reading; NULL: everything that is not in memory is a task */
};

/* ---- life ---------------------------------------------------------------------------------- */

enum ent_code ent_api_open(const struct ent_api_config *config, struct ent_api **out,
                           struct ent_error *error)
{
	size_t count;
	ent_routes(&count);
	struct ent_api *api = calloc(1, sizeof(*api));
	if (api == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the API");
	}
	api->app = config->app;
	api->config = *config;
	/* request ids go on from the time of the start, so that no restart repeats one */
	atomic_init(&api->last_request, (uint64_t)ent_app_now(config->app).us << 8);
	api->metrics = ent_metrics_open();
	api->limiter = ent_limiter_open();
	api->running = ent_running_open();
	if (api->metrics == NULL || api->limiter == NULL || api->running == NULL) {
		ent_api_close(api);
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the API");
	}
	enum ent_code code = ent_api_load_pages(config->web, error);
	if (code != ENT_OK) {
		ent_api_close(api);
		return code;
	}
	*out = api;
	return ENT_OK;
}

void ent_api_close(struct ent_api *api)
{
	if (api == NULL) {
		return;
	}
	ent_metrics_close(api->metrics);
	ent_limiter_close(api->limiter);
	ent_running_close(api->running);
	free(api);
}

void ent_api_attach(struct ent_api *api, const struct ent_http_server *server)
{
	api->server = server;
}

void ent_api_set_ready(struct ent_api *api, bool ready)
{
	atomic_store(&api->is_ready, ready);
}

void *ent_api_loop_begin(void *context)
{
	struct ent_api *api = context;
	struct loop *loop = calloc(1, sizeof(*loop));
	if (loop == NULL || !ent_arena_reserve(LOOP_ARENA_BYTES, &loop->budget, &loop->arena)) {
		free(loop);
		return NULL;
	}
	struct ent_store *store = ent_app_store(api->app);
	if (ent_store_dialect(store) == ENT_SQLITE) {
		struct ent_error error;
		if (ent_store_reader(store, &loop->arena, &loop->db, &error) != ENT_OK) {
			ent_log(ENT_LOG_WARN, "no reader for a loop",
			        ENT_LOG_FIELDS(ent_log_text("detail", ent_str_of(error.detail))));
			loop->db = NULL;
		}
	}
	return loop;
}

void ent_api_loop_end(void *context, void *loop_data)
{
	(void)context;
	struct loop *loop = loop_data;
	if (loop != NULL && loop->db != NULL) {
		loop->db->ops->close(loop->db);
	}
	/* The arena stays: a task may still be on its way, and the process ends anyway. */
}

/* ---- replying -------------------------------------------------------------------------------- */

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
	bool traced = trace.len >= 55;
	ent_log_later(request->reply.status >= 500 ? ENT_LOG_ERROR : ENT_LOG_INFO, "request",
	              ENT_LOG_FIELDS(
			      ent_log_text("method", exchange->method),
			      ent_log_text("path", exchange->path),
			      ent_log_int("status", request->reply.status), ent_log_int("us", us),
			      ent_log_int("bytes", (int64_t)request->reply.body.len),
			      ent_log_text("request_id", ent_str_of(request->id)),
			      ent_log_text("actor", request->who.actor),
			      ent_log_text("peer", exchange->peer),
			      ent_log_text("trace_id", traced ? (ent_str){ trace.ptr + 3, 32 }
	                                                      : ENT_STR(""))));
}

static int64_t monotonic_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * ENT_SECOND_US + now.tv_nsec / 1000;
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
	return reads && request->reply.version > 0 && request->reply.status == 200 &&
	       (ent_str_is(known, "*") || ent_str_contains(known, ent_str_of(etag)));
}

static void send_reply(struct ent_request *request, struct ent_arena *arena)
{
	char etag[32] = "";
	struct ent_reply *reply = &request->reply;
	struct ent_http_exchange *exchange = request->exchange;
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
	int64_t us = monotonic_us() - exchange->received_us;
	ent_metrics_count(request->api->metrics, request->match.route, reply->status, us);
	if (request->api->config.log_requests) {
		log_request(request, us);
	}
	struct ent_http_reply http = { reply->status, reply->headers, reply->header_count,
		                       reply->body };
	ent_http_reply(exchange, &http);
}

static void header_for_status(struct ent_request *request, int status)
{
	if (status == 401) {
		ent_reply_header(request, "www-authenticate", ENT_STR("Bearer realm=\"entitled\""));
	} else if (status == 405) {
		ent_reply_header(request, "allow", ent_str_of(request->match.allow));
	} else if (status == 415) {
		bool patch = ent_str_is(request->exchange->method, "PATCH");
		ent_reply_header(request, patch ? "accept-patch" : "accept-post",
		                 patch ? ENT_STR("application/merge-patch+json, application/json")
		                       : ENT_STR("application/json"));
	}
}

/* Turn an error into a reply. Headers that were set for success are dropped, but not what
 * tells about the limit. */
static void reply_problem(struct ent_request *request, const struct ent_error *error,
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
	*reply = (struct ent_reply){ .status = status, .header_count = kept,
		                     .type = "application/problem+json" };
	memcpy(reply->headers, request->reply.headers, sizeof(reply->headers));
	if (error->code == ENT_E_LOGIN_THROTTLED) {
		ent_reply_header(request, "retry-after", ENT_STR("900"));
	}
	header_for_status(request, status);
	reply->body = ent_problem_write(status, error, request->id, arena);
}

/* ---- who and how often -------------------------------------------------------------------------- */

static ent_str cookie_of(const struct ent_http_exchange *exchange, const char *name)
{
	ent_str rest = ent_http_header_get(exchange, "cookie");
	while (rest.len > 0) {
		struct ent_cut cut = ent_str_cut(rest, ';');
		struct ent_cut pair = ent_str_cut(ent_str_trim(cut.head), '=');
		if (pair.found && ent_str_is(pair.head, name)) {
			return pair.tail;
		}
		rest = cut.tail;
	}
	return (ent_str){ NULL, 0 };
}

static bool is_unsafe(const struct ent_http_exchange *exchange)
{
	return !ent_str_is(exchange->method, "GET") && !ent_str_is(exchange->method, "HEAD");
}

static enum ent_code identify(struct ent_request *request, struct ent_call *call,
                              struct ent_error *error)
{
	const struct ent_http_exchange *exchange = request->exchange;
	ent_str authorization = ent_http_header_get(exchange, "authorization");
	request->who = (struct ent_principal){ .who = ENT_WHO_NOBODY, .actor = ENT_STR("nobody") };
	call->who = &request->who;
	if (authorization.len > 7 && (ent_str_begins(authorization, ENT_STR("Bearer ")) ||
	                              ent_str_begins(authorization, ENT_STR("bearer ")))) {
		ent_str token = { authorization.ptr + 7, authorization.len - 7 };
		return ent_people_by_key(call, token, &request->who, error);
	}
	request->session = cookie_of(exchange, request->api->config.secure_cookie
	                                               ? "__Host-entitled_session"
	                                               : "entitled_session");
	if (request->session.len == 0) {
		return ENT_OK;
	}
	bool is_public = request->match.route->flags & ENT_ROUTE_PUBLIC;
	enum ent_code code = ent_people_by_session(call, request->session, &request->who, error);
	if (code == ENT_E_UNAUTHENTICATED && is_public) {
		request->session = (ent_str){ NULL, 0 }; /* an old cookie must not hinder signing in */
		ent_error_clear(error);
		return ENT_OK;
	}
	if (code == ENT_OK && is_unsafe(exchange) && !is_public &&
	    !ent_people_csrf_fits(request->session, ent_http_header_get(exchange, "x-csrf-token"))) {
		return ent_fail(error, ENT_E_CSRF, "send the X-CSRF-Token that the session was given");
	}
	return code;
}

static enum ent_code limit_rate(struct ent_request *request, struct ent_call *call,
                                struct ent_error *error)
{
	if (request->who.who == ENT_WHO_NOBODY) {
		return ENT_OK;
	}
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code != ENT_OK || settings->requests_per_minute == 0) {
		return code;
	}
	int64_t remaining, reset_s;
	bool taken = ent_limiter_take(request->api->limiter, request->who.id.value,
	                              settings->requests_per_minute, monotonic_us(), &remaining,
	                              &reset_s);
	ent_reply_header(request, "ratelimit-policy",
	                 ent_text_format(call->arena, "\"default\";q=%lld;w=60",
	                                 (long long)settings->requests_per_minute));
	ent_reply_header(request, "ratelimit",
	                 ent_text_format(call->arena, "\"default\";r=%lld;t=%lld",
	                                 (long long)remaining, (long long)reset_s));
	if (taken) {
		return ENT_OK;
	}
	ent_reply_header(request, "retry-after",
	                 ent_text_format(call->arena, "%lld", (long long)reset_s));
	return ent_fail(error, ENT_E_RATE_LIMITED, "at most %lld requests a minute",
	                (long long)settings->requests_per_minute);
}

static enum ent_code authorise(struct ent_request *request, struct ent_call *call,
                               struct ent_error *error)
{
	const struct ent_route *route = request->match.route;
	if (request->who.who == ENT_WHO_NOBODY && !(route->flags & ENT_ROUTE_PUBLIC)) {
		return ent_fail(error, ENT_E_UNAUTHENTICATED,
		                "send Authorization: Bearer with a key, or sign in");
	}
	return route->permission == NULL ? ENT_OK : ent_call_may(call, route->permission, error);
}

/* ---- the body --------------------------------------------------------------------------------------- */

static bool is_json(ent_str type)
{
	ent_str plain = ent_str_trim(ent_str_cut(type, ';').head);
	return ent_str_is(plain, "application/json") ||
	       ent_str_is(plain, "application/merge-patch+json");
}

static enum ent_code parse_body(struct ent_request *request, struct ent_call *call,
                                struct ent_error *error)
{
	const struct ent_http_exchange *exchange = request->exchange;
	if (exchange->body.len == 0 || !is_unsafe(exchange)) {
		return ENT_OK;
	}
	if (!is_json(ent_http_header_get(exchange, "content-type"))) {
		return ent_fail(error, ENT_E_MEDIA_TYPE, "send Content-Type: application/json");
	}
	return ent_json_parse(exchange->body, call->arena, &request->body, error);
}

static enum ent_code check_accept(const struct ent_request *request, struct ent_error *error)
{
	ent_str accept = ent_http_header_get(request->exchange, "accept");
	bool good = accept.len == 0 || ent_str_contains(accept, ENT_STR("*/*")) ||
	            ent_str_contains(accept, ENT_STR("application/")) ||
	            ent_str_contains(accept, ENT_STR("text/"));
	return good ? ENT_OK : ent_fail(error, ENT_E_NOT_ACCEPTABLE, "application/json is all there is");
}

/* A password is hashed before the transaction: it takes as long as a hundred others. */
static enum ent_code hash_password(struct ent_request *request, struct ent_call *call,
                                   struct ent_error *error)
{
	if (request->match.route->type != &ent_user_type || request->hashed[0] != '\0') {
		call->password_hash = ent_str_of(request->hashed[0] == '\0' ? NULL : request->hashed);
		return ENT_OK;
	}
	const struct ent_node *password = ent_json_member(request->body, "password");
	if (password == NULL || password->kind != ENT_JSON_STRING || password->text.len > 1024) {
		return ENT_OK;
	}
	enum ent_code code = ent_people_hash(password->text, call->arena, &call->password_hash, error);
	if (code == ENT_OK && call->password_hash.len < sizeof(request->hashed)) {
		memcpy(request->hashed, call->password_hash.ptr, call->password_hash.len);
		request->hashed[call->password_hash.len] = '\0';
	}
	return code;
}

/* ---- answering ----------------------------------------------------------------------------------------- */

/* Everything between the head and the reply, in one transaction or on the loop. */
static enum ent_code answer(struct ent_request *request, struct ent_call *call,
                            struct ent_error *error)
{
	const struct ent_route *route = request->match.route;
	request->reply = (struct ent_reply){ .status = 500 };
	request->is_replay = false;
	request->body = NULL;
	enum ent_code code = identify(request, call, error);
	if (code == ENT_OK) {
		code = authorise(request, call, error);
	}
	if (code == ENT_OK && !request->is_counted) {
		code = limit_rate(request, call, error);
		request->is_counted = code != ENT_E_BUSY;
	}
	if (code == ENT_OK) {
		code = check_accept(request, error);
	}
	if (code == ENT_OK) {
		code = parse_body(request, call, error);
	}
	bool keyed = request->idempotency_key.len > 0 && route->access == ENT_WRITE &&
	             request->phase == ENT_PHASE_WRITE && !(route->flags & ENT_ROUTE_PUBLIC);
	if (code == ENT_OK && keyed) {
		code = ent_idempotency_find(request, call, error);
	}
	if (code == ENT_OK && !request->is_replay) {
		code = request->phase == ENT_PHASE_PREPARE ? hash_password(request, call, error)
		                                           : ENT_OK;
		call->password_hash = ent_str_of(request->hashed[0] == '\0' ? NULL : request->hashed);
	}
	if (code == ENT_OK && !request->is_replay &&
	    (request->phase == ENT_PHASE_WRITE || (route->flags & ENT_ROUTE_TWICE))) {
		code = route->handle(request, call, error);
	}
	if (code == ENT_OK && request->phase == ENT_PHASE_WRITE && keyed && !request->is_replay &&
	    request->reply.status < 400) {
		code = ent_idempotency_keep(request, call, error);
	}
	return code;
}

/* ---- as a task -------------------------------------------------------------------------------------------- */

static ent_str decoded_reason(const struct ent_http_exchange *exchange, struct ent_arena *arena)
{
	ent_str reason = ent_http_header_get(exchange, "x-reason");
	ent_str out;
	if (reason.len == 0 || reason.len > 3000 || !ent_url_decode(reason, false, arena, &out)) {
		return (ent_str){ NULL, 0 };
	}
	return out;
}

static void begin_call(struct ent_request *request, struct ent_db *db, struct ent_arena *arena,
                       bool may_cache)
{
	struct ent_api *api = request->api;
	request->call = (struct ent_call){
		.app = api->app,
		.db = db,
		.arena = arena,
		.now = ent_app_now(api->app),
		.who = &request->who,
		.request_id = ent_str_of(request->id),
		.origin = request->exchange->peer,
		.reason = decoded_reason(request->exchange, arena),
		.idempotency_key = request->idempotency_key,
		.epoch = may_cache ? ent_app_epoch(api->app) : 0,
	};
}

static enum ent_code work(struct ent_task *task, struct ent_db *db, struct ent_arena *arena,
                          struct ent_error *error)
{
	struct ent_request *request = (struct ent_request *)task;
	begin_call(request, db, arena, task->access == ENT_READ);
	enum ent_code code = answer(request, &request->call, error);
	if (code == ENT_OK && task->access == ENT_WRITE) {
		code = ent_call_finish(&request->call, error);
	}
	return code;
}

/* What pointed into the arena of a run that did not end, or never began. */
static void forget_arena(struct ent_request *request)
{
	request->who = (struct ent_principal){ .actor = ENT_STR("nobody") };
	request->reply = (struct ent_reply){ .status = 503 };
}

static void done(struct ent_task *task, enum ent_code code, struct ent_arena *arena,
                 struct ent_error *error)
{
	struct ent_request *request = (struct ent_request *)task;
	ent_call_end(&request->call);
	if (code == ENT_E_OUT_OF_MEMORY || code == ENT_E_OVERLOADED) {
		forget_arena(request);
	}
	if (code == ENT_OK && task->access == ENT_WRITE) {
		ent_call_committed(&request->call);
	}
	if (code == ENT_OK && request->phase == ENT_PHASE_PREPARE) {
		request->phase = ENT_PHASE_WRITE;
		task->access = ENT_WRITE;
		ent_store_submit(ent_app_store(request->api->app), task);
		return;
	}
	if (code != ENT_OK) {
		reply_problem(request, error, arena);
	}
	send_reply(request, arena);
	if (request->running_hash != 0) {
		ent_running_leave(request->api->running, request->running_hash);
	}
	free(request);
}

/* Requests that need slow work before their transaction go through two tasks. */
static bool needs_preparing(const struct ent_request *request)
{
	const struct ent_route *route = request->match.route;
	return (route->flags & ENT_ROUTE_TWICE) != 0 ||
	       (route->type == &ent_user_type && route->access == ENT_WRITE &&
	        request->exchange->body.len > 0);
}

static void submit(struct ent_request *request)
{
	const struct ent_route *route = request->match.route;
	request->task = (struct ent_task){ .access = route->access, .work = work, .done = done };
	request->phase = ENT_PHASE_WRITE;
	if (needs_preparing(request)) {
		request->phase = ENT_PHASE_PREPARE;
		request->task.access = ENT_READ;
	}
	ent_store_submit(ent_app_store(request->api->app), &request->task);
}

/* ---- on the loop --------------------------------------------------------------------------------------------- */

struct quick {
	struct ent_request *request;
	struct ent_arena arena;
	struct ent_db *db;
	enum ent_code code;
};

static void try_inline(void *arg)
{
	struct quick *quick = arg;
	struct ent_request *request = quick->request;
	struct ent_error *error = &request->error;
	ent_error_clear(error);
	begin_call(request, quick->db, &quick->arena, quick->db != NULL);
	request->phase = ENT_PHASE_WRITE;
	quick->code = answer(request, &request->call, error);
	ent_call_end(&request->call);
	if (quick->code == ENT_OK) {
		send_reply(request, &quick->arena);
	} else if (quick->code != ENT_E_BUSY) {
		reply_problem(request, error, &quick->arena);
		send_reply(request, &quick->arena);
	}
}

/* True if the request was answered. */
static bool answer_inline(struct ent_request *request, struct loop *loop)
{
	if (loop == NULL) {
		return false;
	}
	struct quick quick = { .request = request, .arena = loop->arena, .db = loop->db,
		               .code = ENT_E_BUSY };
	if (loop->db != NULL &&
	    loop->db->ops->begin(loop->db, ENT_READ, &request->error) != ENT_OK) {
		return false;
	}
	bool whole = ent_guard(&loop->budget, try_inline, &quick);
	if (!whole) {
		ent_call_end(&request->call);
		forget_arena(request);
	}
	if (loop->db != NULL) {
		loop->db->ops->rollback(loop->db);
	}
	ent_arena_trim(&loop->arena, LOOP_KEEP_BYTES);
	return whole && quick.code != ENT_E_BUSY;
}

static void make_request_id(struct ent_request *request)
{
	ent_str given = ent_http_header_get(request->exchange, "x-request-id");
	bool good = given.len > 0 && given.len < sizeof(request->id);
	for (size_t i = 0; i < given.len && good; i++) {
		char c = given.ptr[i];
		good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		       c == '-' || c == '_' || c == '.';
	}
	if (good) {
		memcpy(request->id, given.ptr, given.len);
		request->id[given.len] = '\0';
		return;
	}
	/* unique: the process's clock at its start, then a counter */
	uint64_t n = atomic_fetch_add(&request->api->last_request, 1);
	snprintf(request->id, sizeof(request->id), "req_%016llx", (unsigned long long)n);
}

static enum ent_code check_key(struct ent_request *request, struct ent_error *error)
{
	ent_str key = ent_http_header_get(request->exchange, "idempotency-key");
	if (key.len >= 2 && key.ptr[0] == '"' && key.ptr[key.len - 1] == '"') {
		key = (ent_str){ key.ptr + 1, key.len - 2 };
	}
	if (key.ptr != NULL && (key.len == 0 || key.len > 255 || !ent_str_is_text(key))) {
		return ent_fail(error, ENT_E_IDEMPOTENCY_KEY, "give a key of 1 to 255 characters");
	}
	request->idempotency_key = key;
	bool counts = key.len > 0 && request->match.route->access == ENT_WRITE;
	if (counts) {
		request->running_hash = ent_idempotency_hash(request) | 1;
		if (!ent_running_enter(request->api->running, request->running_hash)) {
			request->running_hash = 0;
			return ent_fail(error, ENT_E_IDEMPOTENCY_IN_PROGRESS,
			                "wait for the first request with this key");
		}
	}
	return ENT_OK;
}

/* A refusal before anything was looked up; never needs more than a little room. */
static void refuse(struct ent_request *request, struct loop *loop)
{
	char memory[4096];
	struct ent_budget budget = { .high = memory, .fail_at = -1 };
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	(void)loop;
	reply_problem(request, &request->error, &arena);
	send_reply(request, &arena);
}

static enum ent_code find_route(struct ent_request *request, struct ent_error *error)
{
	const struct ent_http_exchange *exchange = request->exchange;
	request->match = ent_route_find(exchange->method, exchange->path);
	if (request->match.route != NULL) {
		return ENT_OK;
	}
	if (request->match.known) {
		return ent_fail(error, ENT_E_METHOD_NOT_ALLOWED, "use one of %s", request->match.allow);
	}
	return ent_fail(error, ENT_E_NOT_FOUND, "there is no such path; see /openapi.json");
}

void ent_api_handle(struct ent_http_exchange *exchange, void *context)
{
	struct ent_api *api = context;
	struct loop *loop = exchange->loop_data;
	struct ent_request request;
	memset(&request, 0, offsetof(struct ent_request, error));
	request.api = api;
	request.exchange = exchange;
	ent_error_clear(&request.error);
	make_request_id(&request);
	if (find_route(&request, &request.error) != ENT_OK) {
		if (request.error.code != ENT_E_NOT_FOUND || !ent_api_serve_file(&request)) {
			refuse(&request, loop);
		}
		return;
	}
	if (check_key(&request, &request.error) != ENT_OK) {
		refuse(&request, loop);
		return;
	}
	if (request.match.route->flags & ENT_ROUTE_INLINE && answer_inline(&request, loop)) {
		return;
	}
	struct ent_request *task = malloc(sizeof(*task));
	if (task == NULL) {
		ent_fail(&request.error, ENT_E_OVERLOADED, "no memory for another request");
		refuse(&request, loop);
		return;
	}
	memcpy(task, &request, offsetof(struct ent_request, error));
	submit(task);
}
