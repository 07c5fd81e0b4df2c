#include "http/parse.h"

#include <string.h>

void ent_http_parser_init(struct ent_http_parser *parser)
{
	*parser = (struct ent_http_parser){ .phase = ENT_HTTP_HEAD };
}

static enum ent_http_phase bad(struct ent_http_parser *parser, int status, const char *detail)
{
	parser->phase = ENT_HTTP_BAD;
	parser->status = status;
	parser->detail = detail;
	return ENT_HTTP_BAD;
}

/* One line of the head has ended; `size` is without its CRLF. The empty line
 * that ends the head sets head_end. */
static bool take_line(struct ent_http_parser *parser, const char *line, size_t size, size_t next)
{
	if (memchr(line, '\r', size) != NULL) {
		bad(parser, 400, "carriage return without line feed");
		return false;
	}
	if (parser->lines == 0) {
		if (size == 0 && parser->start == 0) {
			parser->start = next; /* RFC 9112 2.2: one empty line is ignored */
			parser->line = next;
			return true;
		}
		int status = ent_http_check_request_line((ent_str){ line, size }, &parser->detail);
		if (status != 0) {
			bad(parser, status, parser->detail);
			return false;
		}
	} else if (size == 0) {
		parser->head_end = next;
		return true;
	} else if (line[0] == ' ' || line[0] == '\t') {
		bad(parser, 400, "folded header line");
		return false;
	} else if (parser->lines > ENT_HTTP_HEADER_MAX) {
		bad(parser, 431, "too many headers");
		return false;
	}
	parser->lines++;
	parser->line = next;
	return true;
}

/* Look at the lines that have ended. True once the head is complete. */
static bool scan_head(struct ent_http_parser *parser, size_t max, const char *bytes, size_t size)
{
	size_t limit = size < max ? size : max;
	while (parser->head_end == 0) {
		const char *from = bytes + parser->scanned;
		const char *lf = memchr(from, '\n', limit - parser->scanned);
		if (lf == NULL) {
			parser->scanned = limit;
			if (limit == max) {
				bad(parser, parser->lines == 0 ? 414 : 431,
				    "request head too large");
			}
			return false;
		}
		size_t at = (size_t)(lf - bytes);
		if (at == parser->line || lf[-1] != '\r') {
			bad(parser, 400, "line feed without carriage return");
			return false;
		}
		parser->scanned = at + 1;
		if (!take_line(parser, bytes + parser->line, at - 1 - parser->line, at + 1)) {
			return false;
		}
	}
	return true;
}

static enum ent_http_phase begin_body(struct ent_http_parser *parser,
                                      const struct ent_http_limits *limits, ent_str path)
{
	parser->may_be_large = limits->large_path.len > 0 && ent_str_eq(path, limits->large_path);
	size_t most = parser->may_be_large ? limits->large_bytes : limits->body_bytes;
	if (parser->body_size > most) {
		return bad(parser, 413, "request body too large");
	}
	parser->chunks =
		(struct ent_http_chunks){ .extra_max = limits->head_bytes, .body_max = most };
	parser->scanned = parser->head_end;
	return parser->phase = ENT_HTTP_BODY;
}

static enum ent_http_phase parse_body(struct ent_http_parser *parser, char *bytes, size_t *size,
                                      struct ent_http_exchange *exchange)
{
	if (parser->chunked) {
		size_t write = parser->head_end + parser->body_size;
		enum ent_http_chunk_result result = ent_http_chunks_decode(
			&parser->chunks, bytes, *size, &parser->scanned, &write);
		parser->body_size = write - parser->head_end;
		if (result == ENT_HTTP_CHUNK_BAD) {
			return bad(parser, parser->chunks.status, parser->chunks.detail);
		}
		if (result == ENT_HTTP_CHUNK_MORE) {
			*size = parser->scanned = write;
			return ENT_HTTP_BODY;
		}
		parser->end = parser->scanned;
	} else {
		if (*size - parser->head_end < parser->body_size) {
			return ENT_HTTP_BODY;
		}
		parser->end = parser->head_end + parser->body_size;
	}
	exchange->body = (ent_str){ bytes + parser->head_end, parser->body_size };
	return parser->phase = ENT_HTTP_DONE;
}

enum ent_http_phase ent_http_parse(struct ent_http_parser *parser,
                                   const struct ent_http_limits *limits, char *bytes, size_t *size,
                                   struct ent_http_exchange *exchange)
{
	if (parser->phase == ENT_HTTP_HEAD) {
		if (!scan_head(parser, limits->head_bytes, bytes, *size)) {
			return parser->phase;
		}
		char *head = bytes + parser->start;
		if (!ent_http_parse_head(parser, head, parser->head_end - parser->start,
		                         exchange)) {
			return bad(parser, parser->status, parser->detail);
		}
		if (begin_body(parser, limits, exchange->path) == ENT_HTTP_BAD) {
			return ENT_HTTP_BAD;
		}
	}
	return parser->phase == ENT_HTTP_BODY ? parse_body(parser, bytes, size, exchange)
	                                      : parser->phase;
}

static void move(ent_str *view, const char *from, const char *to)
{
	if (view->ptr != NULL) {
		view->ptr = to + (view->ptr - from);
	}
}

void ent_http_rebase(struct ent_http_exchange *exchange, const char *from, const char *to)
{
	move(&exchange->method, from, to);
	move(&exchange->target, from, to);
	move(&exchange->path, from, to);
	move(&exchange->query, from, to);
	for (size_t i = 0; i < exchange->header_count; i++) {
		move(&exchange->headers[i].name, from, to);
		move(&exchange->headers[i].value, from, to);
	}
}
