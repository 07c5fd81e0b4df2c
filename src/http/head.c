/* head.c - the request line and the headers, once they are complete. */
#include "http/parse.h"

#include <llhttp.h>

#include <string.h>
#include <strings.h>

/* The lower case of the characters that tokens are made of; 0 for all others. */
static const char token_chars[257] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				     "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				     "\0!\0#$%&'\0\0*+\0-.\0"
				     "0123456789\0\0\0\0\0\0"
				     "\0abcdefghijklmno"
				     "pqrstuvwxyz\0\0\0^_"
				     "`abcdefghijklmno"
				     "pqrstuvwxyz\0|\0~\0";

bool ent_http_is_token_char(unsigned char c)
{
	return token_chars[c] != 0;
}

static bool is_token(ent_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!ent_http_is_token_char((unsigned char)s.ptr[i])) {
			return false;
		}
	}
	return s.len > 0;
}

static bool is_known_method(ent_str method)
{
	static const char *const known[] = { "GET",    "POST", "PUT",    "PATCH",
		                             "DELETE", "HEAD", "OPTIONS" };
	for (size_t i = 0; i < ENT_COUNT(known); i++) {
		if (ent_str_is(method, known[i])) {
			return true;
		}
	}
	return false;
}

/* Origin form only, or "*" with OPTIONS; visible ASCII without a fragment. */
static bool is_target(ent_str target, ent_str method)
{
	for (size_t i = 0; i < target.len; i++) {
		unsigned char c = (unsigned char)target.ptr[i];
		if (c <= 0x20 || c >= 0x7f || c == '#') {
			return false;
		}
	}
	return ent_str_begins(target, ENT_STR("/")) ||
	       (ent_str_is(target, "*") && ent_str_is(method, "OPTIONS"));
}

int ent_http_check_request_line(ent_str line, const char **detail)
{
	struct ent_cut first = ent_str_cut(line, ' ');
	struct ent_cut second = ent_str_cut(first.tail, ' ');
	ent_str method = first.head;
	ent_str target = second.head;
	ent_str version = second.tail;
	*detail = "request line not valid";
	if (!first.found || !second.found || !is_token(method) || target.len == 0) {
		return 400;
	}
	if (version.len != 8 || memcmp(version.ptr, "HTTP/", 5) != 0 || version.ptr[6] != '.' ||
	    version.ptr[5] < '0' || version.ptr[5] > '9' || version.ptr[7] < '0' ||
	    version.ptr[7] > '9') {
		return 400;
	}
	if (!ent_str_is(version, "HTTP/1.1") && !ent_str_is(version, "HTTP/1.0")) {
		*detail = "HTTP version not supported";
		return 505;
	}
	if (!is_known_method(method)) {
		*detail = "method not implemented";
		return 501;
	}
	if (target.len > ENT_HTTP_TARGET_MAX) {
		*detail = "request target too long";
		return 414;
	}
	if (!is_target(target, method)) {
		*detail = "request target not valid";
		return 400;
	}
	return 0;
}

/* llhttp reports a text in one or more adjoining pieces. */
static void extend(ent_str *view, const char *at, size_t size)
{
	if (view->ptr == NULL) {
		view->ptr = at;
	}
	view->len = (size_t)(at - view->ptr) + size;
}

static int on_method(llhttp_t *llhttp, const char *at, size_t size)
{
	struct ent_http_exchange *exchange = llhttp->data;
	extend(&exchange->method, at, size);
	return 0;
}

static int on_url(llhttp_t *llhttp, const char *at, size_t size)
{
	struct ent_http_exchange *exchange = llhttp->data;
	extend(&exchange->target, at, size);
	return 0;
}

static int on_name(llhttp_t *llhttp, const char *at, size_t size)
{
	struct ent_http_exchange *exchange = llhttp->data;
	if (exchange->header_count == ENT_HTTP_HEADER_MAX) {
		return -1; /* the scan counted fewer lines: they disagree */
	}
	extend(&exchange->headers[exchange->header_count].name, at, size);
	return 0;
}

static int on_value(llhttp_t *llhttp, const char *at, size_t size)
{
	struct ent_http_exchange *exchange = llhttp->data;
	if (exchange->header_count == ENT_HTTP_HEADER_MAX) {
		return -1;
	}
	extend(&exchange->headers[exchange->header_count].value, at, size);
	return 0;
}

static int on_value_complete(llhttp_t *llhttp)
{
	struct ent_http_exchange *exchange = llhttp->data;
	exchange->header_count++;
	if (exchange->header_count < ENT_HTTP_HEADER_MAX) {
		exchange->headers[exchange->header_count] = (struct ent_http_header){ 0 };
	}
	return 0;
}

static int on_head(llhttp_t *llhttp)
{
	(void)llhttp;
	return HPE_PAUSED; /* bodies are not its business */
}

static const llhttp_settings_t settings = {
	.on_method = on_method,
	.on_url = on_url,
	.on_header_field = on_name,
	.on_header_value = on_value,
	.on_header_value_complete = on_value_complete,
	.on_headers_complete = on_head,
};

static bool bad(struct ent_http_parser *parser, int status, const char *detail)
{
	parser->status = status;
	parser->detail = detail;
	return false;
}

/* RFC 3986 host and port, roughly; what could fool a router is out. */
static bool is_host(ent_str host)
{
	for (size_t i = 0; i < host.len; i++) {
		unsigned char c = (unsigned char)host.ptr[i];
		unsigned char lower = c | 0x20;
		if (!(c >= '0' && c <= '9') && !(lower >= 'a' && lower <= 'z') &&
		    (c == '\0' || strchr("-._~%!$&'()*+;=:[]", c) == NULL)) {
			return false;
		}
	}
	return host.len > 0;
}

static bool is_equal_no_case(ent_str value, ent_str want)
{
	return value.len == want.len && strncasecmp(value.ptr, want.ptr, want.len) == 0;
}

static bool take_length(struct ent_http_parser *parser, ent_str value)
{
	size_t size = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] < '0' || value.ptr[i] > '9' || size > SIZE_MAX / 16) {
			return bad(parser, 400, "Content-Length not valid");
		}
		size = size * 10 + (size_t)(value.ptr[i] - '0');
	}
	parser->body_size = size;
	return value.len > 0 || bad(parser, 400, "Content-Length not valid");
}

/* llhttp's loose build lets blanks and empty names pass. */
static bool make_lower(const struct ent_http_header *header, char *head)
{
	char *name = head + (header->name.ptr - head);
	for (size_t i = 0; i < header->name.len; i++) {
		name[i] = token_chars[(unsigned char)name[i]];
		if (name[i] == 0) {
			return false;
		}
	}
	return header->name.len > 0;
}

/* The value without blanks around it; the empty text too points into the head. */
static ent_str trim(const struct ent_http_header *header)
{
	ent_str value = header->value;
	if (value.ptr == NULL) {
		return (ent_str){ header->name.ptr + header->name.len, 0 };
	}
	while (value.len > 0 && (value.ptr[0] == ' ' || value.ptr[0] == '\t')) {
		value.ptr++;
		value.len--;
	}
	while (value.len > 0 &&
	       (value.ptr[value.len - 1] == ' ' || value.ptr[value.len - 1] == '\t')) {
		value.len--;
	}
	return value;
}

/* How often each header that matters for framing was given. */
struct seen {
	int host;
	int length;
	int encoding;
};

static bool take_header(struct ent_http_parser *parser, struct seen *seen,
                        const struct ent_http_header *header)
{
	ent_str value = header->value;
	switch (header->name.len) {
	case 4:
		if (ent_str_is(header->name, "host")) {
			seen->host++;
			return is_host(value) || bad(parser, 400, "Host not valid");
		}
		break;
	case 6:
		if (ent_str_is(header->name, "expect") && !parser->is_1_0) {
			parser->expects_continue = true;
			return is_equal_no_case(value, ENT_STR("100-continue")) ||
			       bad(parser, 417, "expectation not known");
		}
		break;
	case 14:
		if (ent_str_is(header->name, "content-length")) {
			seen->length++;
			return take_length(parser, value);
		}
		break;
	case 17:
		if (ent_str_is(header->name, "transfer-encoding")) {
			seen->encoding++;
			return is_equal_no_case(value, ENT_STR("chunked")) ||
			       bad(parser, 400, "Transfer-Encoding other than chunked");
		}
		break;
	}
	return true;
}

static bool check_framing(struct ent_http_parser *parser, const struct seen *seen)
{
	if (seen->length > 1) {
		return bad(parser, 400, "more than one Content-Length");
	}
	if (seen->encoding > 1) {
		return bad(parser, 400, "more than one Transfer-Encoding");
	}
	if (seen->encoding > 0 && seen->length > 0) {
		return bad(parser, 400, "Content-Length with Transfer-Encoding");
	}
	if (seen->encoding > 0 && parser->is_1_0) {
		return bad(parser, 400, "Transfer-Encoding in HTTP/1.0");
	}
	if (seen->host > 1 || (seen->host == 0 && !parser->is_1_0)) {
		return bad(parser, 400, seen->host == 0 ? "no Host" : "more than one Host");
	}
	parser->chunked = seen->encoding > 0;
	return true;
}

static bool take_headers(struct ent_http_parser *parser, char *head,
                         struct ent_http_exchange *exchange)
{
	struct seen seen = { 0 };
	for (size_t i = 0; i < exchange->header_count; i++) {
		struct ent_http_header *header = &exchange->headers[i];
		if (header->name.ptr == NULL || !make_lower(header, head)) {
			return bad(parser, 400, "header name not valid");
		}
		header->value = trim(header);
		if (!take_header(parser, &seen, header)) {
			return false;
		}
	}
	return check_framing(parser, &seen);
}

bool ent_http_parse_head(struct ent_http_parser *parser, char *head, size_t size,
                         struct ent_http_exchange *exchange)
{
	exchange->method = exchange->target = exchange->body = (ent_str){ NULL, 0 };
	exchange->headers[0] = (struct ent_http_header){ 0 };
	exchange->header_count = 0;

	llhttp_t llhttp;
	llhttp_init(&llhttp, HTTP_REQUEST, &settings);
	llhttp.data = exchange;
	llhttp_errno_t result = llhttp_execute(&llhttp, head, size);
	if (result != HPE_PAUSED || exchange->method.ptr == NULL || exchange->target.ptr == NULL ||
	    exchange->header_count != parser->lines - 1) {
		return bad(parser, 400, "header not valid");
	}
	struct ent_cut cut = ent_str_cut(exchange->target, '?');
	exchange->path = cut.head;
	exchange->query = cut.tail;
	parser->is_1_0 = llhttp.http_minor == 0;
	parser->keep_alive = llhttp_should_keep_alive(&llhttp) != 0;
	parser->is_head = ent_str_is(exchange->method, "HEAD");
	return take_headers(parser, head, exchange);
}
