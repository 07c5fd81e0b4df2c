/* parse.h - from bytes to a request, without a socket.
 *
 * llhttp takes a head apart; what it is lenient about (bare LF, folded lines,
 * several Hosts, chunks) is checked here. A head is parsed when it is complete and
 * its lines are checked one by one as they end, so an answer never depends on
 * how the bytes were cut into pieces.
 */
#ifndef ENT_HTTP_PARSE_H
#define ENT_HTTP_PARSE_H

#include "http/http.h"

enum { ENT_HTTP_TARGET_MAX = 8192 };

struct ent_http_limits {
	size_t head_bytes;
	size_t body_bytes;
	ent_str large_path; /* its bodies may have: */
	size_t large_bytes;
};

enum ent_http_phase {
	ENT_HTTP_HEAD, /* the head is not complete */
	ENT_HTTP_BODY, /* the head is, the body is not */
	ENT_HTTP_DONE,
	ENT_HTTP_BAD, /* `status` and `detail` tell why; the connection is of no more use */
};

/* Takes a chunked body apart; see chunk.c. */
struct ent_http_chunks {
	int state;
	int digits;    /* of the size being read */
	uint64_t left; /* of the chunk being read */
	size_t extra;  /* bytes of extensions and trailers */
	size_t extra_max;
	size_t body_max;
	size_t size; /* of the body so far */
	int status;  /* when bad */
	const char *detail;
};

struct ent_http_parser {
	enum ent_http_phase phase;
	size_t scanned; /* bytes of the head that were searched for a line's end */
	size_t start;   /* where the request line begins: an empty line may precede it */
	size_t line;    /* where the line begins that is not complete */
	size_t lines;
	size_t head_end;
	size_t body_size; /* announced, or decoded so far */
	size_t end;       /* when done: what follows is the next request's */
	bool chunked;
	bool may_be_large; /* its path is the large one */
	struct ent_http_chunks chunks;
	bool keep_alive;
	bool is_1_0;
	bool is_head; /* method HEAD */
	bool expects_continue;
	int status;
	const char *detail;
};

void ent_http_parser_init(struct ent_http_parser *parser);

/* Go on with bytes[0..*size), which is all that came since the request began.
 * A chunked body is decoded in place, which makes *size smaller. Views in
 * *exchange point into `bytes`; call ent_http_rebase() when they move. */
enum ent_http_phase ent_http_parse(struct ent_http_parser *parser,
                                   const struct ent_http_limits *limits, char *bytes, size_t *size,
                                   struct ent_http_exchange *exchange);

void ent_http_rebase(struct ent_http_exchange *exchange, const char *from, const char *to);

/* parse.c and head.c: take a head apart whose lines are known to be sound.
 * False: parser->status and detail are set. */
ENT_CHECK bool ent_http_parse_head(struct ent_http_parser *parser, char *head, size_t size,
                                   struct ent_http_exchange *exchange);

/* The request line, without its CRLF. 0, or the status to answer. */
int ent_http_check_request_line(ent_str line, const char **detail);

enum ent_http_chunk_result { ENT_HTTP_CHUNK_MORE, ENT_HTTP_CHUNK_DONE, ENT_HTTP_CHUNK_BAD };

/* Decode bytes[*read..size) to bytes[*write..]; moves both on. */
enum ent_http_chunk_result ent_http_chunks_decode(struct ent_http_chunks *chunks, char *bytes,
                                                  size_t size, size_t *read, size_t *write);

bool ent_http_is_token_char(unsigned char c);

#endif
