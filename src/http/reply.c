#include "http/reply.h"

#include "http/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

bool ent_http_buffer_room(struct ent_http_buffer *buffer, size_t more)
{
	if (buffer->capacity - buffer->size >= more) {
		return true;
	}
	if (more > SIZE_MAX / 4 || buffer->size > SIZE_MAX / 4) {
		return false;
	}
	size_t capacity = buffer->capacity < 4096 ? 4096 : buffer->capacity;
	while (capacity < buffer->size + more) {
		capacity *= 2;
	}
	char *at = realloc(buffer->at, capacity);
	if (at == NULL) {
		return false;
	}
	buffer->at = at;
	buffer->capacity = capacity;
	return true;
}

void ent_http_buffer_free(struct ent_http_buffer *buffer)
{
	free(buffer->at);
	*buffer = (struct ent_http_buffer){ 0 };
}

static const struct {
	int status;
	const char *text;
} reasons[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 206, "Partial Content" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 422, "Unprocessable Content" },
	{ 428, "Precondition Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

/* A status without a line here is sent without words, which is permitted. */
static ent_str reason_of(int status)
{
	for (size_t i = 0; i < ENT_COUNT(reasons); i++) {
		if (reasons[i].status == status) {
			return ent_str_of(reasons[i].text);
		}
	}
	return ENT_STR("");
}

/* The value of Date, made once a second on each thread. */
static ent_str date(void)
{
	static _Thread_local time_t made;
	static _Thread_local char text[40];
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = time(NULL);
	if (now != made) {
		struct tm tm;
		gmtime_r(&now, &tm);
		snprintf(text, sizeof(text), "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
		         days + (size_t)tm.tm_wday * 3, tm.tm_mday, months + (size_t)tm.tm_mon * 3,
		         tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
		made = now;
	}
	return ent_str_of(text);
}

static bool is_ours(ent_str name)
{
	switch (name.len) {
	case 4:
		return strncasecmp(name.ptr, "date", 4) == 0;
	case 10:
		return strncasecmp(name.ptr, "connection", 10) == 0;
	case 14:
		return strncasecmp(name.ptr, "content-length", 14) == 0;
	case 17:
		return strncasecmp(name.ptr, "transfer-encoding", 17) == 0;
	default:
		return false;
	}
}

/* No byte below 0x20 but TAB, and no DEL: eight at once, as these are headers of every
 * reply. A byte with its high bit set is good; the borrow of one that is bad can only make
 * those above it look bad, too, and then each is looked at. */
static bool is_plain_word(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t high = ones << 7;
	uint64_t x;
	memcpy(&x, p, 8);
	uint64_t del = x ^ ones * 0x7f;
	return (((x - ones * 0x20) & ~x) & high) == 0 && (((del - ones) & ~del) & high) == 0;
}

static bool is_value(ent_str value)
{
	size_t i = 0;
	while (value.len - i >= 8 && is_plain_word(value.ptr + i)) {
		i += 8;
	}
	for (; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f) {
			return false;
		}
	}
	return true;
}

bool ent_http_reply_is_sound(const struct ent_http_reply *reply)
{
	for (size_t i = 0; i < reply->header_count; i++) {
		const struct ent_http_header *header = &reply->headers[i];
		assert(!is_ours(header->name));
		for (size_t k = 0; k < header->name.len; k++) {
			if (!ent_http_is_token_char((unsigned char)header->name.ptr[k])) {
				return false;
			}
		}
		if (header->name.len == 0 || !is_value(header->value)) {
			return false;
		}
	}
	return true;
}

static void add(struct ent_http_buffer *out, ent_str s)
{
	assert(out->capacity - out->size >= s.len);
	if (s.len > 0) {
		memcpy(out->at + out->size, s.ptr, s.len);
		out->size += s.len;
	}
}

static void add_number(struct ent_http_buffer *out, size_t number)
{
	char digits[24];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	add(out, (ent_str){ digits + at, sizeof(digits) - at });
}

bool ent_http_format(const struct ent_http_reply *reply, struct ent_http_form form,
                     struct ent_http_buffer *out)
{
	assert(reply->status >= 200 && reply->status <= 999);
	bool is_bare = reply->status == 204 || reply->status == 304;
	bool has_body = !is_bare && !form.is_head;
	size_t room = 256 + (has_body ? reply->body.len : 0);
	for (size_t i = 0; i < reply->header_count; i++) {
		room += reply->headers[i].name.len + reply->headers[i].value.len + 4;
	}
	if (!ent_http_buffer_room(out, room)) {
		return false;
	}
	add(out, ENT_STR("HTTP/1.1 "));
	add_number(out, (size_t)reply->status);
	add(out, ENT_STR(" "));
	add(out, reason_of(reply->status));
	add(out, ENT_STR("\r\nDate: "));
	add(out, date());
	for (size_t i = 0; i < reply->header_count; i++) {
		add(out, ENT_STR("\r\n"));
		add(out, reply->headers[i].name);
		add(out, ENT_STR(": "));
		add(out, reply->headers[i].value);
	}
	if (form.is_stream && !form.is_1_0) {
		add(out, ENT_STR("\r\nTransfer-Encoding: chunked"));
	} else if (!form.is_stream && !is_bare) {
		add(out, ENT_STR("\r\nContent-Length: "));
		add_number(out, reply->body.len);
	}
	if (!form.keep_alive) {
		add(out, ENT_STR("\r\nConnection: close"));
	} else if (form.is_1_0) {
		add(out, ENT_STR("\r\nConnection: keep-alive"));
	}
	add(out, ENT_STR("\r\n\r\n"));
	if (has_body && !form.is_stream) {
		add(out, reply->body);
	}
	return true;
}
