/* log.h - JSON lines on standard error, one event a line.
 *
 * Lines are whole: each is one write(), or part of one. Any thread.
 */
#ifndef ENT_BASE_LOG_H
#define ENT_BASE_LOG_H

#include "base/str.h"

enum ent_log_level { ENT_LOG_DEBUG, ENT_LOG_INFO, ENT_LOG_WARN, ENT_LOG_ERROR };

struct ent_log_field {
	const char *name;
	bool is_number;
	int64_t number;
	ent_str text;
};

static inline struct ent_log_field ent_log_int(const char *name, int64_t number)
{
	return (struct ent_log_field){ name, true, number, { NULL, 0 } };
}

static inline struct ent_log_field ent_log_text(const char *name, ent_str text)
{
	return (struct ent_log_field){ name, false, 0, text };
}

/* Less than this is not written. INFO at the start. */
void ent_log_set_level(enum ent_log_level level);

/* {"time":"…","level":"info","msg":"…",<fields>}. Written at once. */
void ent_log(enum ent_log_level level, const char *msg, const struct ent_log_field *fields,
             size_t count);
/* The same, but kept in a buffer until ent_log_flush() or until it is full: for lines that
 * come by the thousand. */
void ent_log_later(enum ent_log_level level, const char *msg, const struct ent_log_field *fields,
                   size_t count);
void ent_log_flush(void);

#define ENT_LOG_FIELDS(...) \
	((const struct ent_log_field[]){ __VA_ARGS__ }), \
	(sizeof((const struct ent_log_field[]){ __VA_ARGS__ }) / sizeof(struct ent_log_field))

#endif
