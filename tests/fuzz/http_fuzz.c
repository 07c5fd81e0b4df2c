/* fuzz: http - any bytes as a request: the verdict does not depend on how they were
 * cut into pieces, and every view lies within them. The first byte picks the cut. */
#include "http/parse.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct verdict {
	enum ent_http_phase phase;
	int status;
	size_t body;
	size_t headers;
};

static void check_view(ent_str view, const char *bytes, size_t size)
{
	assert(view.len == 0 || (view.ptr >= bytes && view.ptr + view.len <= bytes + size));
}

/* Feed `size` bytes in pieces of at most `piece`. */
static struct verdict parse(const uint8_t *data, size_t size, size_t piece)
{
	static const struct ent_http_limits limits = { .head_bytes = 4096,
		                                       .body_bytes = 16384 };
	struct ent_http_parser parser;
	struct ent_http_exchange exchange;
	memset(&exchange, 0, sizeof(exchange));
	ent_http_parser_init(&parser);
	char *bytes = malloc(size + 1);
	assert(bytes != NULL);
	size_t have = 0;
	enum ent_http_phase phase = ENT_HTTP_HEAD;
	for (size_t at = 0; at < size && phase < ENT_HTTP_DONE;) {
		size_t some = size - at < piece ? size - at : piece;
		memcpy(bytes + have, data + at, some);
		have += some;
		at += some;
		phase = ent_http_parse(&parser, &limits, bytes, &have, &exchange);
	}
	struct verdict verdict = { phase, parser.status, 0, 0 };
	if (phase == ENT_HTTP_DONE) {
		check_view(exchange.path, bytes, have);
		check_view(exchange.query, bytes, have);
		check_view(exchange.body, bytes, have);
		for (size_t i = 0; i < exchange.header_count; i++) {
			check_view(exchange.headers[i].name, bytes, have);
			check_view(exchange.headers[i].value, bytes, have);
		}
		verdict.body = exchange.body.len;
		verdict.headers = exchange.header_count;
	}
	free(bytes);
	return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	struct verdict whole = parse(data + 1, size - 1, size);
	struct verdict cut = parse(data + 1, size - 1, 1 + data[0] % 7);
	assert(whole.phase == cut.phase && whole.status == cut.status);
	assert(whole.body == cut.body && whole.headers == cut.headers);
	return 0;
}
