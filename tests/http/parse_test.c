#include "http/parse.h"

#include "http/rows.h"
#include "test.h"

static const struct ent_http_limits limits = { .head_bytes = 16384, .body_bytes = 1 << 20 };

struct fed {
	enum ent_http_phase phase;
	int status;
	struct ent_http_exchange exchange;
	struct ent_http_parser parser;
	size_t left; /* bytes behind the request */
};

/* Feed `bytes` in two parts, or byte by byte (step 1). */
static void feed(ent_str bytes, size_t first, size_t step, const struct ent_http_limits *max,
                 char *memory, struct fed *out)
{
	size_t at = 0;
	size_t size = 0;
	memset(out, 0, sizeof(*out));
	ent_http_parser_init(&out->parser);
	while (at < bytes.len) {
		size_t take = at == 0 && first > 0 ? first : step;
		take = take < bytes.len - at ? take : bytes.len - at;
		memcpy(memory + size, bytes.ptr + at, take);
		size += take;
		at += take;
		out->phase = ent_http_parse(&out->parser, max, memory, &size, &out->exchange);
		if (out->phase == ENT_HTTP_DONE || out->phase == ENT_HTTP_BAD) {
			break;
		}
	}
	out->status = out->phase == ENT_HTTP_BAD    ? out->parser.status
	              : out->phase == ENT_HTTP_DONE ? 200
	                                            : 0;
	out->left = out->phase == ENT_HTTP_DONE ? size - out->parser.end + bytes.len - at : 0;
}

static int status_of(ent_str bytes, const struct ent_http_limits *max)
{
	char *memory = malloc(bytes.len + 1);
	struct fed whole, dripped;
	feed(bytes, 0, bytes.len, max, memory, &whole);
	feed(bytes, 0, 1, max, memory, &dripped);
	CHECK_INT(dripped.status, whole.status);
	free(memory);
	return whole.status;
}

static void check_row(const struct raw_row *row, size_t first, size_t step)
{
	char memory[1024];
	struct fed fed;
	feed(row->bytes, first, step, &limits, memory, &fed);
	CHECK_INT(fed.status, row->status);
	if (row->body != NULL && fed.status == 200) {
		CHECK(ent_str_is(fed.exchange.body, row->body));
		CHECK_INT((long long)fed.left, 0);
	}
}

TEST(http_parse_rows_in_every_two_parts)
{
	for (size_t i = 0; i < ENT_COUNT(raw_rows); i++) {
		const struct raw_row *row = &raw_rows[i];
		ROW(row->name);
		for (size_t first = 1; first <= row->bytes.len; first++) {
			check_row(row, first, row->bytes.len);
		}
		check_row(row, 0, 1);
	}
}

/* Nothing short of a whole request may be taken for one. */
TEST(http_parse_prefixes_want_more)
{
	for (size_t i = 0; i < ENT_COUNT(raw_rows); i++) {
		const struct raw_row *row = &raw_rows[i];
		ROW(row->name);
		for (size_t len = 1; row->status == 200 && len < row->bytes.len; len++) {
			CHECK_INT(status_of((ent_str){ row->bytes.ptr, len }, &limits), 0);
		}
	}
}

TEST(http_parse_takes_a_request_apart)
{
	char memory[1024];
	struct fed fed;
	ent_str bytes = ENT_STR("PATCH /v1/cases?limit=2&q=a?b HTTP/1.1\r\nHOST: example.com\r\n"
	                        "X-Two:  b c \r\nx-empty:\r\nX-Two: d\r\nContent-Length: 3\r\n"
	                        "\r\nabcGET");
	feed(bytes, 0, bytes.len, &limits, memory, &fed);
	CHECK_INT(fed.status, 200);
	const struct ent_http_exchange *got = &fed.exchange;
	CHECK(ent_str_is(got->method, "PATCH"));
	CHECK(ent_str_is(got->target, "/v1/cases?limit=2&q=a?b"));
	CHECK(ent_str_is(got->path, "/v1/cases"));
	CHECK(ent_str_is(got->query, "limit=2&q=a?b"));
	CHECK(ent_str_is(got->body, "abc"));
	CHECK_INT((long long)fed.left, 3);
	CHECK_INT((long long)got->header_count, 5);
	CHECK(ent_str_is(ent_http_header_get(got, "host"), "example.com"));
	CHECK(ent_str_is(ent_http_header_get(got, "x-two"), "b c"));
	CHECK(ent_str_is(ent_http_header_get(got, "x-empty"), ""));
	CHECK(ent_str_is(got->headers[3].value, "d"));
	CHECK(ent_http_header_get(got, "x-none").ptr == NULL);
}

TEST(http_parse_no_query_is_empty_text)
{
	char memory[256];
	struct fed fed;
	feed(ENT_STR("GET /a HTTP/1.1\r\nHost: a\r\n\r\n"), 0, 1, &limits, memory, &fed);
	CHECK(ent_str_is(fed.exchange.path, "/a"));
	CHECK(ent_str_is(fed.exchange.query, ""));
}

TEST(http_parse_persistence)
{
	static const struct {
		const char *name;
		const char *head;
		bool keep_alive;
	} rows[] = {
		{ "1.1", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true },
		{ "1.1 close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false },
		{ "1.1 Close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n", false },
		{ "1.1 list", "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n", false },
		{ "1.1 twice",
		  "GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n",
		  false },
		{ "1.1 both", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, keep-alive\r\n\r\n",
		  false },
		{ "1.0", "GET / HTTP/1.0\r\n\r\n", false },
		{ "1.0 keep", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true },
		{ "1.0 close", "GET / HTTP/1.0\r\nConnection: close\r\n\r\n", false },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char memory[256];
		struct fed fed;
		ROW(rows[i].name);
		feed(ent_str_of(rows[i].head), 0, 1, &limits, memory, &fed);
		CHECK_INT(fed.status, 200);
		CHECK_INT(fed.parser.keep_alive, rows[i].keep_alive);
	}
}

/* A request of which one part is blown up to `size` bytes. */
static ent_str blown(const char *before, char filler, size_t size, const char *after, char *memory)
{
	size_t head = strlen(before);
	size_t tail = strlen(after);
	memcpy(memory, before, head);
	memset(memory + head, filler, size);
	memcpy(memory + head + size, after, tail);
	return (ent_str){ memory, head + size + tail };
}

TEST(http_parse_limits)
{
	static const char rest[] = " HTTP/1.1\r\nHost: a\r\n\r\n";
	static const char value[] = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
	static const char chunk[] =
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
	static char memory[70000];
	char text[256];
	size_t fixed = sizeof(value) - 1 + 4;
	ROW("target");
	CHECK_INT(status_of(blown("GET /", 'a', 8191, rest, memory), &limits), 200);
	CHECK_INT(status_of(blown("GET /", 'a', 8192, rest, memory), &limits), 414);
	CHECK_INT(status_of(blown("GET /", 'a', 60000, rest, memory), &limits), 414);
	ROW("head");
	CHECK_INT(status_of(blown(value, 'a', 16384 - fixed, "\r\n\r\n", memory), &limits), 200);
	CHECK_INT(status_of(blown(value, 'a', 16385 - fixed, "\r\n\r\n", memory), &limits), 431);
	CHECK_INT(status_of(blown(value, 'a', 60000, "\r\n\r\n", memory), &limits), 431);
	ROW("chunk extension");
	snprintf(text, sizeof(text), "%s1;", chunk);
	CHECK_INT(status_of(blown(text, 'a', 16000, "\r\nx\r\n0\r\n\r\n", memory), &limits), 200);
	CHECK_INT(status_of(blown(text, 'a', 17000, "\r\nx\r\n0\r\n\r\n", memory), &limits), 431);
	ROW("trailer");
	snprintf(text, sizeof(text), "%s0\r\nA: ", chunk);
	CHECK_INT(status_of(blown(text, 'a', 16000, "\r\n\r\n", memory), &limits), 200);
	CHECK_INT(status_of(blown(text, 'a', 17000, "\r\n\r\n", memory), &limits), 431);
}

TEST(http_parse_body_limits)
{
	static const struct ent_http_limits small = { .head_bytes = 16384, .body_bytes = 8 };
	static const struct {
		const char *name;
		const char *rest;
		int status;
	} rows[] = {
		{ "length at the limit", "Content-Length: 8\r\n\r\n12345678", 200 },
		{ "length beyond", "Content-Length: 9\r\n\r\n", 413 },
		{ "length far beyond", "Content-Length: 999999999999\r\n\r\n", 413 },
		{ "chunk at the limit",
		  "Transfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n0\r\n\r\n", 200 },
		{ "chunk beyond", "Transfer-Encoding: chunked\r\n\r\n9\r\n", 413 },
		{ "chunk far beyond", "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n", 413 },
		{ "chunks beyond", "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n4\r\n", 413 },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char text[512];
		ROW(rows[i].name);
		snprintf(text, sizeof(text), "POST / HTTP/1.1\r\nHost: a\r\n%s", rows[i].rest);
		CHECK_INT(status_of(ent_str_of(text), &small), rows[i].status);
	}
}

TEST(http_parse_larger_bodies_of_one_path)
{
	static const struct ent_http_limits two = { .head_bytes = 16384,
		                                    .body_bytes = 8,
		                                    .large_path = { "/table", 6 },
		                                    .large_bytes = 12 };
	static const struct {
		const char *target, *rest;
		int status;
	} rows[] = {
		{ "/table", "Content-Length: 12\r\n\r\n123456789012", 200 },
		{ "/table?a=/b", "Content-Length: 12\r\n\r\n123456789012", 200 },
		{ "/table", "Content-Length: 13\r\n\r\n", 413 },
		{ "/table", "Transfer-Encoding: chunked\r\n\r\nc\r\n123456789012\r\n0\r\n\r\n",
		  200 },
		{ "/table", "Transfer-Encoding: chunked\r\n\r\nd\r\n", 413 },
		{ "/table/", "Content-Length: 12\r\n\r\n", 413 },
		{ "/tables", "Content-Length: 12\r\n\r\n", 413 },
		{ "/?/table", "Content-Length: 12\r\n\r\n", 413 },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char text[512];
		ROW(rows[i].target);
		snprintf(text, sizeof(text), "POST %s HTTP/1.1\r\nHost: a\r\n%s", rows[i].target,
		         rows[i].rest);
		CHECK_INT(status_of(ent_str_of(text), &two), rows[i].status);
	}
}

TEST(http_parse_header_count)
{
	char text[4096];
	for (int count = 63; count <= 66; count++) {
		int len = snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: a\r\n");
		for (int i = 1; i < count; i++) {
			len += snprintf(text + len, sizeof(text) - (size_t)len, "X%d: y\r\n", i);
		}
		snprintf(text + len, sizeof(text) - (size_t)len, "\r\n");
		CHECK_INT(status_of(ent_str_of(text), &limits), count <= 64 ? 200 : 431);
	}
}

TEST(http_parse_rebase_moves_every_view)
{
	static const char text[] =
		"POST /p?q HTTP/1.1\r\nHost: a\r\nX:\r\nContent-Length: 2\r\n\r\n";
	char first[256];
	char second[256];
	struct ent_http_exchange exchange = { 0 };
	struct ent_http_parser parser;
	size_t size = sizeof(text) - 1;
	memcpy(first, text, size);
	ent_http_parser_init(&parser);
	CHECK_INT(ent_http_parse(&parser, &limits, first, &size, &exchange), ENT_HTTP_BODY);
	memcpy(second, first, size);
	ent_http_rebase(&exchange, first, second);
	memset(first, 'x', sizeof(first));
	memcpy(second + size, "ok", 2);
	size += 2;
	CHECK_INT(ent_http_parse(&parser, &limits, second, &size, &exchange), ENT_HTTP_DONE);
	CHECK(ent_str_is(exchange.method, "POST"));
	CHECK(ent_str_is(exchange.path, "/p"));
	CHECK(ent_str_is(exchange.query, "q"));
	CHECK(ent_str_is(ent_http_header_get(&exchange, "host"), "a"));
	CHECK(ent_str_is(ent_http_header_get(&exchange, "x"), ""));
	CHECK(ent_str_is(exchange.body, "ok"));
}
