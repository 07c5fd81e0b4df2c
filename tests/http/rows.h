/* rows.h - raw requests and how they must be answered. parse_test.c feeds them to
 * the parser, wire_test.c to a server; both whole and byte by byte. */
#ifndef ENT_TESTS_HTTP_ROWS_H
#define ENT_TESTS_HTTP_ROWS_H

#include "base/str.h"

/* status 200: a request that is complete. 0: more bytes are needed. */
struct raw_row {
	const char *name;
	ent_str bytes;
	int status;
	const char *body;
};

#define BYTES(literal)                          \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}
#define H "Host: a\r\n"
#define G "GET / HTTP/1.1\r\nHost: a\r\n"
#define P "POST / HTTP/1.1\r\nHost: a\r\n"
#define C P "Transfer-Encoding: chunked\r\n\r\n"

static const struct raw_row raw_rows[] = {
	/* sound */
	{ "plain", BYTES(G "\r\n"), 200, "" },
	{ "1.0 without host", BYTES("GET / HTTP/1.0\r\n\r\n"), 200, "" },
	{ "1.0 with host", BYTES("GET / HTTP/1.0\r\n" H "\r\n"), 200, "" },
	{ "empty line before", BYTES("\r\n" G "\r\n"), 200, "" },
	{ "body", BYTES(P "Content-Length: 5\r\n\r\nhello"), 200, "hello" },
	{ "body of nothing", BYTES(P "Content-Length: 0\r\n\r\n"), 200, "" },
	{ "length with zeros", BYTES(P "Content-Length: 0005\r\n\r\nhello"), 200, "hello" },
	{ "GET with body", BYTES(G "Content-Length: 2\r\n\r\nab"), 200, "ab" },
	{ "options star", BYTES("OPTIONS * HTTP/1.1\r\n" H "\r\n"), 200, "" },
	{ "no blank behind colon", BYTES("GET / HTTP/1.1\r\nHost:a\r\n\r\n"), 200, "" },
	{ "blanks around value", BYTES("GET / HTTP/1.1\r\nHost: \t a \t \r\n\r\n"), 200, "" },
	{ "empty value", BYTES(G "X-Empty:\r\nX-Blank: \r\n\r\n"), 200, "" },
	{ "tab in value", BYTES(G "X: a\tb\r\n\r\n"), 200, "" },
	{ "utf-8 in value", BYTES(G "X: \xc3\xa9\r\n\r\n"), 200, "" },
	{ "ipv6 host", BYTES("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"), 200, "" },
	{ "upgrade is ignored", BYTES(G "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n"), 200, "" },
	{ "odd names", BYTES(G "!#$%&'*+-.^_`|~: x\r\n\r\n"), 200, "" },
	{ "percent and query", BYTES("GET /a%20b?x=1&y=%2F HTTP/1.1\r\n" H "\r\n"), 200, "" },

	{ "chunks", BYTES(C "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), 200, "abcde" },
	{ "chunks in hex", BYTES(C "A\r\n0123456789\r\n0b\r\n0123456789a\r\n0\r\n\r\n"), 200,
	  "01234567890123456789a" },
	{ "no chunks", BYTES(C "0\r\n\r\n"), 200, "" },
	{ "chunk extension", BYTES(C "1;a=b;c=\"d\"\r\nx\r\n0;e\r\n\r\n"), 200, "x" },
	{ "trailers", BYTES(C "1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n"), 200, "x" },
	{ "chunked in capitals", BYTES(P "transfer-encoding: CHUNKED\r\n\r\n0\r\n\r\n"), 200, "" },
	{ "CRLF in a chunk", BYTES(C "4\r\n\r\n\r\n\r\n0\r\n\r\n"), 200, "\r\n\r\n" },

	/* framing */
	{ "length and encoding",
	  BYTES(P "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400, NULL },
	{ "encoding and length",
	  BYTES(P "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"), 400, NULL },
	{ "two lengths", BYTES(P "Content-Length: 5\r\nContent-Length: 6\r\n\r\n"), 400, NULL },
	{ "same length twice", BYTES(P "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"), 400,
	  NULL },
	{ "list of lengths", BYTES(P "Content-Length: 5, 5\r\n\r\nhello"), 400, NULL },
	{ "empty length", BYTES(P "Content-Length:\r\n\r\n"), 400, NULL },
	{ "length with plus", BYTES(P "Content-Length: +5\r\n\r\nhello"), 400, NULL },
	{ "negative length", BYTES(P "Content-Length: -5\r\n\r\nhello"), 400, NULL },
	{ "length in hex", BYTES(P "Content-Length: 0x5\r\n\r\nhello"), 400, NULL },
	{ "length with a fraction", BYTES(P "Content-Length: 5.0\r\n\r\nhello"), 400, NULL },
	{ "length with a blank", BYTES(P "Content-Length: 1 0\r\n\r\nhello"), 400, NULL },
	{ "length beyond 64 bits", BYTES(P "Content-Length: 18446744073709551621\r\n\r\nhello"),
	  400, NULL },
	{ "encoding twice",
	  BYTES(P "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400,
	  NULL },
	{ "gzip, chunked", BYTES(P "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 400,
	  NULL },
	{ "chunked, chunked", BYTES(P "Transfer-Encoding: chunked, chunked\r\n\r\n"), 400, NULL },
	{ "chunked, identity", BYTES(P "Transfer-Encoding: chunked, identity\r\n\r\n"), 400, NULL },
	{ "identity", BYTES(P "Transfer-Encoding: identity\r\n\r\n"), 400, NULL },
	{ "xchunked", BYTES(P "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 400, NULL },
	{ "quoted chunked", BYTES(P "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"), 400, NULL },
	{ "chunked with form feed",
	  BYTES(P "Transfer-Encoding: \x0c"
	          "chunked\r\n\r\n"),
	  400, NULL },
	{ "empty encoding", BYTES(P "Transfer-Encoding:\r\n\r\n"), 400, NULL },
	{ "encoding in 1.0",
	  BYTES("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400, NULL },
	{ "blank before colon", BYTES(P "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"), 400,
	  NULL },
	{ "tab before colon", BYTES(G "X\t: y\r\n\r\n"), 400, NULL },
	{ "blank in name", BYTES(G "X Y: z\r\n\r\n"), 400, NULL },
	{ "no colon", BYTES(G "nonsense\r\n\r\n"), 400, NULL },
	{ "no name", BYTES(G ": x\r\n\r\n"), 400, NULL },
	{ "name with a slash", BYTES(G "a/b: x\r\n\r\n"), 400, NULL },
	{ "name with utf-8", BYTES(G "\xc3\xa9: x\r\n\r\n"), 400, NULL },
	{ "folded line", BYTES(G "X: a\r\n b\r\n\r\n"), 400, NULL },
	{ "folded line with tab", BYTES(G "X: a\r\n\tb\r\n\r\n"), 400, NULL },
	{ "folded first line", BYTES("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), 400, NULL },
	{ "folded encoding", BYTES(P "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"), 400,
	  NULL },
	{ "blank line of blanks", BYTES(G " \r\n\r\n"), 400, NULL },
	{ "bare LF everywhere", BYTES("GET / HTTP/1.1\nHost: a\n\n"), 400, NULL },
	{ "bare LF in request line", BYTES("GET / HTTP/1.1\nHost: a\r\n\r\n"), 400, NULL },
	{ "bare LF in header", BYTES(G "X: y\nZ: w\r\n\r\n"), 400, NULL },
	{ "bare LF at the end", BYTES(G "\n"), 400, NULL },
	{ "bare LF before", BYTES("\n" G "\r\n"), 400, NULL },
	{ "CR LF LF", BYTES(G "X: y\r\n\n"), 400, NULL },
	{ "bare CR in value", BYTES(G "X: a\rb\r\n\r\n"), 400, NULL },
	{ "bare CR hides a header", BYTES(G "X: a\rTransfer-Encoding: chunked\r\n\r\n"), 400,
	  NULL },
	{ "CR CR LF", BYTES(G "X: a\r\r\n\r\n"), 400, NULL },
	{ "two empty lines before", BYTES("\r\n\r\n" G "\r\n"), 400, NULL },
	{ "NUL in value", BYTES(G "X: a\0b\r\n\r\n"), 400, NULL },
	{ "NUL in name", BYTES(G "X\0: b\r\n\r\n"), 400, NULL },
	{ "escape in value", BYTES(G "X: a\x1b[0m\r\n\r\n"), 400, NULL },
	{ "DEL in value", BYTES(G "X: a\x7f\r\n\r\n"), 400, NULL },
	{ "vertical tab in value", BYTES(G "X: a\x0b\r\n\r\n"), 400, NULL },

	/* Host */
	{ "no host", BYTES("GET / HTTP/1.1\r\n\r\n"), 400, NULL },
	{ "two hosts", BYTES("GET / HTTP/1.1\r\n" H "Host: b\r\n\r\n"), 400, NULL },
	{ "same host twice", BYTES("GET / HTTP/1.1\r\n" H H "\r\n"), 400, NULL },
	{ "two hosts in 1.0", BYTES("GET / HTTP/1.0\r\n" H H "\r\n"), 400, NULL },
	{ "empty host", BYTES("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400, NULL },
	{ "list of hosts", BYTES("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"), 400, NULL },
	{ "host with user", BYTES("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"), 400, NULL },
	{ "host with path", BYTES("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400, NULL },

	/* the request line */
	{ "lower case method", BYTES("get / HTTP/1.1\r\n" H "\r\n"), 501, NULL },
	{ "unknown method", BYTES("BREW / HTTP/1.1\r\n" H "\r\n"), 501, NULL },
	{ "connect", BYTES("CONNECT a:80 HTTP/1.1\r\n" H "\r\n"), 501, NULL },
	{ "trace", BYTES("TRACE / HTTP/1.1\r\n" H "\r\n"), 501, NULL },
	{ "method not a token", BYTES("G(T / HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "no method", BYTES(" / HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "two blanks", BYTES("GET  / HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "two blanks behind", BYTES("GET /  HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "tab", BYTES("GET\t/\tHTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "blank at the end", BYTES("GET / HTTP/1.1 \r\n" H "\r\n"), 400, NULL },
	{ "no version", BYTES("GET /\r\n" H "\r\n"), 400, NULL },
	{ "no target", BYTES("GET HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "version in lower case", BYTES("GET / http/1.1\r\n" H "\r\n"), 400, NULL },
	{ "version 1.10", BYTES("GET / HTTP/1.10\r\n" H "\r\n"), 400, NULL },
	{ "version 1", BYTES("GET / HTTP/1\r\n" H "\r\n"), 400, NULL },
	{ "version 2.0", BYTES("GET / HTTP/2.0\r\n" H "\r\n"), 505, NULL },
	{ "version 1.2", BYTES("GET / HTTP/1.2\r\n" H "\r\n"), 505, NULL },
	{ "version 0.9", BYTES("GET / HTTP/0.9\r\n" H "\r\n"), 505, NULL },
	{ "HTTP/2 preface", BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505, NULL },
	{ "absolute form", BYTES("GET http://a/ HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "relative target", BYTES("GET a HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "star with GET", BYTES("GET * HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "fragment", BYTES("GET /a#b HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "raw utf-8 in target", BYTES("GET /\xc3\xa9 HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "NUL in target", BYTES("GET /a\0b HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "DEL in target", BYTES("GET /\x7f HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "bare CR in target", BYTES("GET /a\rb HTTP/1.1\r\n" H "\r\n"), 400, NULL },
	{ "another protocol", BYTES("\x16\x03\x01\x02\r\n"), 400, NULL },

	/* chunks */
	{ "no size", BYTES(C "\r\nabc\r\n"), 400, NULL },
	{ "size not hex", BYTES(C "g\r\nabc\r\n"), 400, NULL },
	{ "negative size", BYTES(C "-1\r\nabc\r\n"), 400, NULL },
	{ "size 0x", BYTES(C "0x3\r\nabc\r\n"), 400, NULL },
	{ "blank before size", BYTES(C " 3\r\nabc\r\n"), 400, NULL },
	{ "blank behind size", BYTES(C "3 \r\nabc\r\n"), 400, NULL },
	{ "size of nine digits", BYTES(C "000000003\r\nabc\r\n"), 400, NULL },
	{ "size of 64 bits", BYTES(C "ffffffffffffffff\r\nabc\r\n"), 400, NULL },
	{ "size and bare LF", BYTES(C "3\nabc\r\n0\r\n\r\n"), 400, NULL },
	{ "size and bare CR", BYTES(C "3\rabc\r\n0\r\n\r\n"), 400, NULL },
	{ "chunk and bare LF", BYTES(C "3\r\nabc\n0\r\n\r\n"), 400, NULL },
	{ "chunk too long", BYTES(C "3\r\nabcd\r\n0\r\n\r\n"), 400, NULL },
	{ "chunk too short", BYTES(C "3\r\nab\r\n0\r\n\r\n"), 400, NULL },
	{ "last chunk and bare LF", BYTES(C "0\r\n\n"), 400, NULL },
	{ "bare LF in extension", BYTES(C "1;a\nx\r\n0\r\n\r\n"), 400, NULL },
	{ "NUL in extension", BYTES(C "1;\0\r\nx\r\n0\r\n\r\n"), 400, NULL },
	{ "folded trailer", BYTES(C "0\r\nA: b\r\n c\r\n\r\n"), 400, NULL },
	{ "trailer without colon", BYTES(C "0\r\nA\r\n\r\n"), 400, NULL },
	{ "trailer without name", BYTES(C "0\r\n: x\r\n\r\n"), 400, NULL },
	{ "trailer with bare LF", BYTES(C "0\r\nA: b\n\r\n"), 400, NULL },
	{ "smuggled request behind 0", BYTES(C "0\r\nGET / HTTP/1.1\r\n\r\n"), 400, NULL },

	/* expectations */
	{ "unknown expectation", BYTES(P "Expect: cake\r\nContent-Length: 1\r\n\r\nx"), 417, NULL },
	{ "expectation in 1.0", BYTES("GET / HTTP/1.0\r\nExpect: cake\r\n\r\n"), 200, "" },
};

#undef BYTES
#undef H
#undef G
#undef P
#undef C

#endif
