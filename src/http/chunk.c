/* chunk.c - the chunked transfer coding, strictly: CRLF only, one to eight hex
 * digits, no blanks around them. Extensions and trailers are checked, bounded
 * and thrown away. (llhttp 8 in Debian's build lets several of these pass.) */
#include "http/parse.h"

#include <string.h>

enum {
	SIZE,
	EXTENSION,
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	TRAILER_BEGIN, /* of a trailer line, or of the last, empty one */
	TRAILER_NAME,
	TRAILER_VALUE,
	TRAILER_LF,
	LAST_LF,
	DONE,
	BAD
};

static int bad(struct ent_http_chunks *chunks, int status, const char *detail)
{
	chunks->status = status;
	chunks->detail = detail;
	return BAD;
}

static int hex(unsigned char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int in_size(struct ent_http_chunks *chunks, unsigned char c)
{
	int digit = hex(c);
	if (digit >= 0 && chunks->digits < 8) {
		chunks->left = chunks->left * 16 + (unsigned)digit;
		chunks->digits++;
		return SIZE;
	}
	if (chunks->digits > 0 && c == '\r') {
		return SIZE_LF;
	}
	if (chunks->digits > 0 && c == ';') {
		return EXTENSION;
	}
	return bad(chunks, 400, "chunk size not valid");
}

static int after_size(struct ent_http_chunks *chunks)
{
	chunks->digits = 0;
	if (chunks->left == 0) {
		return TRAILER_BEGIN;
	}
	if (chunks->left > chunks->body_max - chunks->size) {
		return bad(chunks, 413, "request body too large");
	}
	return DATA;
}

/* A byte of an extension or a trailer's value. */
static int in_text(struct ent_http_chunks *chunks, unsigned char c, int same, int after)
{
	if (c == '\r') {
		return after;
	}
	if ((c < 0x20 && c != '\t') || c == 0x7f) {
		return bad(chunks, 400, "control byte in a chunk extension or trailer");
	}
	return same;
}

static int in_trailer_name(struct ent_http_chunks *chunks, unsigned char c)
{
	if (ent_http_is_token_char(c)) {
		return TRAILER_NAME;
	}
	if (c == ':' && chunks->state == TRAILER_NAME) {
		return TRAILER_VALUE;
	}
	return bad(chunks, 400, "trailer not valid");
}

/* The state behind one byte that is not of a chunk's data. */
static int next(struct ent_http_chunks *chunks, unsigned char c)
{
	switch (chunks->state) {
	case SIZE:
		return in_size(chunks, c);
	case EXTENSION:
		chunks->extra++;
		return in_text(chunks, c, EXTENSION, SIZE_LF);
	case SIZE_LF:
		return c == '\n' ? after_size(chunks) : bad(chunks, 400, "chunk size not valid");
	case DATA_CR:
		return c == '\r' ? DATA_LF : bad(chunks, 400, "chunk longer than its size");
	case DATA_LF:
		return c == '\n' ? SIZE : bad(chunks, 400, "chunk longer than its size");
	case TRAILER_BEGIN:
		if (c == '\r') {
			return LAST_LF;
		}
		chunks->extra++;
		return in_trailer_name(chunks, c);
	case TRAILER_NAME:
		chunks->extra++;
		return in_trailer_name(chunks, c);
	case TRAILER_VALUE:
		chunks->extra++;
		return in_text(chunks, c, TRAILER_VALUE, TRAILER_LF);
	case TRAILER_LF:
		return c == '\n' ? TRAILER_BEGIN : bad(chunks, 400, "trailer not valid");
	case LAST_LF:
		return c == '\n' ? DONE : bad(chunks, 400, "trailer not valid");
	}
	return BAD;
}

enum ent_http_chunk_result ent_http_chunks_decode(struct ent_http_chunks *chunks, char *bytes,
                                                  size_t size, size_t *read, size_t *write)
{
	assert(*write <= *read);
	while (*read < size && chunks->state != DONE && chunks->state != BAD) {
		if (chunks->state == DATA) {
			size_t have = size - *read;
			size_t take = have < chunks->left ? have : (size_t)chunks->left;
			memmove(bytes + *write, bytes + *read, take);
			*write += take;
			*read += take;
			chunks->size += take;
			chunks->left -= take;
			chunks->state = chunks->left == 0 ? DATA_CR : DATA;
			continue;
		}
		chunks->state = next(chunks, (unsigned char)bytes[*read]);
		*read += 1;
		if (chunks->extra > chunks->extra_max) {
			chunks->state = bad(chunks, 431, "chunk extensions or trailers too large");
		}
	}
	if (chunks->state == BAD) {
		return ENT_HTTP_CHUNK_BAD;
	}
	return chunks->state == DONE ? ENT_HTTP_CHUNK_DONE : ENT_HTTP_CHUNK_MORE;
}
