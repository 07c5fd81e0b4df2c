#include "http/static.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* The API reference is made by a library that writes styles into the page. */
#define POLICY(style)                                                                              \
	"default-src 'self'; style-src 'self'" style "; img-src 'self' data:; object-src 'none'; " \
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

static const char *policy_of(const struct ent_static_file *file)
{
	bool is_reference = ent_str_begins(file->path, ENT_STR("/reference/"));
	return is_reference ? POLICY(" 'unsafe-inline'") : POLICY("");
}

static void add(struct ent_static_room *room, struct ent_http_reply *reply, const char *name,
                const char *value)
{
	assert(reply->header_count < ENT_STATIC_HEADERS);
	room->headers[reply->header_count++] =
		(struct ent_http_header){ ent_str_of(name), ent_str_of(value) };
}

/* "gzip", and not "gzip;q=0", among the codings of an Accept-Encoding. */
static bool accepts_gzip(ent_str codings)
{
	while (codings.len > 0) {
		struct ent_cut part = ent_str_cut(codings, ',');
		struct ent_cut coding = ent_str_cut(part.head, ';');
		if (ent_str_is(ent_str_trim(coding.head), "gzip")) {
			ent_str weight = ent_str_trim(coding.tail);
			bool none = ent_str_begins(weight, ENT_STR("q=0.0"));
			return !none && !ent_str_is(weight, "q=0");
		}
		codings = part.tail;
	}
	return false;
}

/* The path with "index.html" behind its last slash, or with "/index.html". */
static const struct ent_static_file *index_of(const struct ent_static *pages, ent_str path,
                                              const char *rest)
{
	char name[ENT_STATIC_LOCATION_MAX];
	if (path.len + strlen(rest) >= sizeof(name)) {
		return NULL;
	}
	snprintf(name, sizeof(name), "%.*s%s", (int)path.len, path.ptr, rest);
	return ent_static_find(pages, ent_str_of(name));
}

static void send_file(const struct ent_static_file *file, const struct ent_http_exchange *exchange,
                      struct ent_static_room *room, struct ent_http_reply *reply)
{
	bool zip = file->gzip.ptr != NULL &&
	           accepts_gzip(ent_http_header_get(exchange, "accept-encoding"));
	const char *etag = zip ? file->etag_gzip : file->etag;
	ent_str known = ent_http_header_get(exchange, "if-none-match");
	bool is_immutable = ent_str_begins(file->path, ENT_STR("/assets/"));
	reply->status = ent_str_contains(known, ent_str_of(etag)) ? 304 : 200;
	add(room, reply, "etag", etag);
	add(room, reply, "vary", "accept-encoding");
	add(room, reply, "cache-control",
	    is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
	if (reply->status == 200) {
		reply->body = zip ? file->gzip : file->body;
		add(room, reply, "content-type", file->type);
		add(room, reply, "content-security-policy", policy_of(file));
		add(room, reply, "x-content-type-options", "nosniff");
		add(room, reply, "referrer-policy", "no-referrer");
		add(room, reply, "cross-origin-opener-policy", "same-origin");
		if (zip) {
			add(room, reply, "content-encoding", "gzip");
		}
	}
}

/* The workspace's own addresses, such as /cases/cas_…, are all its one page: what a browser
 * navigates to and nothing else is. Addresses of files and of the API are none of them. */
static bool is_view(const struct ent_http_exchange *exchange)
{
	ent_str path = exchange->path;
	return ent_str_contains(ent_http_header_get(exchange, "accept"), ENT_STR("text/html")) &&
	       !ent_str_begins(path, ENT_STR("/v1/")) &&
	       !ent_str_begins(path, ENT_STR("/reference/")) &&
	       !ent_str_contains(path, ENT_STR(".")) && !ent_str_contains(path, ENT_STR("//"));
}

bool ent_static_answer(const struct ent_static *pages, const struct ent_http_exchange *exchange,
                       struct ent_static_room *room, struct ent_http_reply *reply)
{
	ent_str path = exchange->path;
	if (path.len == 0 ||
	    (!ent_str_is(exchange->method, "GET") && !ent_str_is(exchange->method, "HEAD"))) {
		return false;
	}
	*reply = (struct ent_http_reply){ .headers = room->headers, .body = ENT_STR("") };
	const struct ent_static_file *file = path.ptr[path.len - 1] == '/'
	                                             ? index_of(pages, path, "index.html")
	                                             : ent_static_find(pages, path);
	if (file != NULL) {
		send_file(file, exchange, room, reply);
		return true;
	}
	if (path.ptr[path.len - 1] != '/' && index_of(pages, path, "/index.html") != NULL) {
		reply->status = 308;
		snprintf(room->location, sizeof(room->location), "%.*s/", (int)path.len, path.ptr);
		add(room, reply, "location", room->location);
		return true;
	}
	file = is_view(exchange) ? ent_static_find(pages, ENT_STR("/index.html")) : NULL;
	if (file != NULL) {
		send_file(file, exchange, room, reply);
		return true;
	}
	return false;
}
