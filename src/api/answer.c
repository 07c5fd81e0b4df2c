/* Everything between the head of a request and its reply. */
#include "api/inner.h"

#include "app/people.h"
#include "base/text.h"

#include <string.h>

/* ---- who and how often ---- */

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
		request->bearer = token;
		return ent_people_by_key(call, token, &request->who, &request->is_first_use, error);
	}
	request->session =
		cookie_of(exchange, request->api->config.secure_cookie ? "__Host-entitled_session"
	                                                               : "entitled_session");
	if (request->session.len == 0) {
		return ENT_OK;
	}
	bool is_public = request->match.route->flags & ENT_ROUTE_PUBLIC;
	enum ent_code code = ent_people_by_session(call, request->session, &request->who, error);
	if (code == ENT_E_UNAUTHENTICATED && is_public) {
		request->session =
			(ent_str){ NULL, 0 }; /* an old cookie must not hinder signing in */
		ent_error_clear(error);
		return ENT_OK;
	}
	if (code == ENT_OK && is_unsafe(exchange) && !is_public &&
	    !ent_people_csrf_fits(request->session,
	                          ent_http_header_get(exchange, "x-csrf-token"))) {
		return ent_fail(error, ENT_E_CSRF,
		                "send the X-CSRF-Token that the session was given");
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
	                              settings->requests_per_minute, ent_monotonic_us(), &remaining,
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

/* ---- the body ---- */

static bool is_json(ent_str type)
{
	ent_str plain = ent_str_trim(ent_str_cut(type, ';').head);
	return ent_str_is(plain, "application/json") ||
	       ent_str_is(plain, "application/merge-patch+json");
}

const struct ent_text_body *ent_text_body_of(const struct ent_route *route)
{
	static const struct ent_text_body bodies[] = {
		{ ENT_ROUTE_CALENDAR, "text/calendar", "ics" },
		{ ENT_ROUTE_TABLE, "text/csv", "text" },
	};
	for (size_t i = 0; route != NULL && i < ENT_COUNT(bodies); i++) {
		if ((route->flags & bodies[i].flag) != 0) {
			return &bodies[i];
		}
	}
	return NULL;
}

bool ent_request_is_text(const struct ent_request *request)
{
	const struct ent_text_body *text = ent_text_body_of(request->match.route);
	ent_str type = ent_http_header_get(request->exchange, "content-type");
	return text != NULL &&
	       ent_str_is(ent_str_trim(ent_str_cut(type, ';').head), text->media);
}

/* The file as it is, for those who have one: {"ics": …}. */
static const struct ent_node *wrap_text(ent_str text, const char *name, struct ent_arena *arena)
{
	struct ent_node *member = ENT_NEW(arena, struct ent_node, 1);
	struct ent_node *body = ENT_NEW(arena, struct ent_node, 1);
	*member = (struct ent_node){ .kind = ENT_JSON_STRING,
		                     .text = text,
		                     .name = ent_str_of(name) };
	*body = (struct ent_node){ .kind = ENT_JSON_OBJECT, .count = 1, .first = member };
	return body;
}

static enum ent_code parse_body(struct ent_request *request, struct ent_call *call,
                                struct ent_error *error)
{
	const struct ent_http_exchange *exchange = request->exchange;
	if (exchange->body.len == 0 || !is_unsafe(exchange)) {
		return ENT_OK;
	}
	ent_str coding = ent_http_header_get(exchange, "content-encoding");
	if (coding.len > 0 && !ent_str_is(coding, "identity")) {
		return ent_fail(error, ENT_E_MEDIA_TYPE, "send it without Content-Encoding");
	}
	if (ent_request_is_text(request)) {
		const char *name = ent_text_body_of(request->match.route)->member;
		request->body = wrap_text(exchange->body, name, call->arena);
		return ent_str_is_text(exchange->body)
		               ? ENT_OK
		               : ent_fail(error, ENT_E_SYNTAX, "the file is no UTF-8");
	}
	if (!is_json(ent_http_header_get(exchange, "content-type"))) {
		return ent_fail(error, ENT_E_MEDIA_TYPE, "send Content-Type: application/json");
	}
	if (exchange->body.len > ENT_API_BODY_MAX) { /* where a text may be larger */
		return ent_fail(error, ENT_E_TOO_LARGE, "send a table of this size as text/csv");
	}
	return ent_json_parse(exchange->body, call->arena, &request->body, error);
}

static enum ent_code check_accept(const struct ent_request *request, struct ent_error *error)
{
	ent_str accept = ent_http_header_get(request->exchange, "accept");
	bool good = accept.len == 0 || ent_str_contains(accept, ENT_STR("*/*")) ||
	            ent_str_contains(accept, ENT_STR("application/")) ||
	            ent_str_contains(accept, ENT_STR("text/"));
	return good ? ENT_OK
	            : ent_fail(error, ENT_E_NOT_ACCEPTABLE, "application/json is all there is");
}

/* A password is hashed before the transaction: it takes as long as a hundred others. */
static enum ent_code hash_password(struct ent_request *request, struct ent_call *call,
                                   struct ent_error *error)
{
	if (request->match.route->type != &ent_user_type || request->hashed[0] != '\0') {
		call->password_hash =
			ent_str_of(request->hashed[0] == '\0' ? NULL : request->hashed);
		return ENT_OK;
	}
	const struct ent_node *password = ent_json_member(request->body, "password");
	if (password == NULL || password->kind != ENT_JSON_STRING || password->text.len > 1024) {
		return ENT_OK;
	}
	enum ent_code code =
		ent_people_hash(password->text, call->arena, &call->password_hash, error);
	if (code == ENT_OK && call->password_hash.len < sizeof(request->hashed)) {
		memcpy(request->hashed, call->password_hash.ptr, call->password_hash.len);
		request->hashed[call->password_hash.len] = '\0';
	}
	return code;
}

/* ---- answering ---- */

enum ent_code ent_request_answer(struct ent_request *request, struct ent_call *call,
                                 struct ent_error *error)
{
	const struct ent_route *route = request->match.route;
	request->reply = (struct ent_reply){ .status = 500 };
	request->is_replay = false;
	request->body = NULL;
	request->wish = NULL;
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
		call->password_hash =
			ent_str_of(request->hashed[0] == '\0' ? NULL : request->hashed);
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
