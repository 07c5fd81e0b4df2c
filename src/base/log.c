#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096, BUFFER_BYTES = 65536 };

static _Atomic int least = ENT_LOG_INFO;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char buffer[BUFFER_BYTES];
static size_t buffered;

struct line {
	char bytes[LINE_MAX_BYTES];
	size_t len;
};

/* What does not fit is left out; room for the end is kept. */
static void put(struct line *line, const char *text, size_t len)
{
	if (len <= sizeof(line->bytes) - 8 - line->len) {
		memcpy(line->bytes + line->len, text, len);
		line->len += len;
	}
}

static void put_string(struct line *line, ent_str s)
{
	put(line, "\"", 1);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		char escaped[8];
		if (c == '"' || c == '\\') {
			put(line, (char[]){ '\\', (char)c }, 2);
		} else if (c < 0x20 || c == 0x7f) {
			put(line, escaped,
			    (size_t)snprintf(escaped, sizeof(escaped), "\\u%04x", c));
		} else {
			put(line, (const char *)&s.ptr[i], 1);
		}
	}
	put(line, "\"", 1);
}

static void put_time(struct line *line)
{
	struct timespec now;
	struct tm utc;
	char text[48];
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	size_t len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	len += (size_t)snprintf(text + len, sizeof(text) - len, ".%03ldZ", now.tv_nsec / 1000000);
	put_string(line, (ent_str){ text, len });
}

static void make(struct line *line, enum ent_log_level level, const char *msg,
                 const struct ent_log_field *fields, size_t count)
{
	static const char *const levels[] = { "debug", "info", "warn", "error" };
	line->len = 0;
	put(line, "{\"time\":", 8);
	put_time(line);
	put(line, ",\"level\":", 9);
	put_string(line, ent_str_of(levels[level]));
	put(line, ",\"msg\":", 7);
	put_string(line, ent_str_of(msg));
	for (size_t i = 0; i < count; i++) {
		put(line, ",", 1);
		put_string(line, ent_str_of(fields[i].name));
		put(line, ":", 1);
		char digits[24];
		if (fields[i].is_number) {
			put(line, digits,
			    (size_t)snprintf(digits, sizeof(digits), "%lld",
			                     (long long)fields[i].number));
		} else {
			put_string(line, fields[i].text);
		}
	}
	memcpy(line->bytes + line->len, "}\n", 2);
	line->len += 2;
}

/* A log that cannot be written has nobody left to tell. */
static void write_all(const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDERR_FILENO, bytes, len);
		if (n <= 0) {
			return;
		}
		bytes += n;
		len -= (size_t)n;
	}
}

static void flush_locked(void)
{
	write_all(buffer, buffered);
	buffered = 0;
}

void ent_log_set_level(enum ent_log_level level)
{
	atomic_store(&least, level);
}

void ent_log(enum ent_log_level level, const char *msg, const struct ent_log_field *fields,
             size_t count)
{
	ent_log_later(level, msg, fields, count);
	ent_log_flush();
}

void ent_log_later(enum ent_log_level level, const char *msg, const struct ent_log_field *fields,
                   size_t count)
{
	if ((int)level < atomic_load(&least)) {
		return;
	}
	struct line line;
	make(&line, level, msg, fields, count);
	pthread_mutex_lock(&lock);
	if (line.len > sizeof(buffer) - buffered) {
		flush_locked();
	}
	memcpy(buffer + buffered, line.bytes, line.len);
	buffered += line.len;
	pthread_mutex_unlock(&lock);
}

void ent_log_flush(void)
{
	pthread_mutex_lock(&lock);
	flush_locked();
	pthread_mutex_unlock(&lock);
}
