/* stream.h - GET /v1/events/stream: who watches, and the thread that tells them.
 *
 * One thread looks for new events (app/feed.h) when it hears of a commit, and once a second.
 * In one reading transaction it identifies everybody who watches anew, as a request would be,
 * chooses what each of them may read and has asked for, and hands the text to the HTTP border,
 * which keeps a bounded amount for slow clients.
 */
#ifndef ENT_API_STREAM_H
#define ENT_API_STREAM_H

#include "api/request.h"

enum {
	ENT_STREAM_TOKEN_MAX = 128,
	ENT_STREAM_FILTER_BYTES = 512, /* of all words of a filter together */
	ENT_STREAM_WORDS_MAX = 20,
	ENT_STREAMS_EACH = 16,         /* of one principal */
	ENT_STREAMS_MAX = 1000         /* of all, unless it is set */
};

/* What was asked for, as read from the request; the words are in its arena. */
struct ent_stream_wish {
	struct ent_words types;    /* "case.*"; none: all */
	struct ent_words subjects; /* ids of records, or of accounts for all that is theirs */
	ent_id after;              /* Last-Event-ID; none: from now on */
};

struct ent_streams;

/* No thread is started before the first stream. NULL: no memory. */
struct ent_streams *ent_streams_open(struct ent_app *app, size_t max);
/* Tell everybody that it ends, and end. Idempotent; ent_streams_close() follows. */
void ent_streams_stop(struct ent_streams *streams);
void ent_streams_close(struct ent_streams *streams);

/* May this one begin a stream now? Fails as ent_streams_begin(). */
ENT_CHECK enum ent_code ent_streams_admit(struct ent_streams *streams, ent_id who,
                                          struct ent_error *error);
/* Begin a stream for the one who asks: answers the exchange, or fails with RATE_LIMITED (too
 * many of theirs), OVERLOADED (too many), UNAVAILABLE (stopping). */
ENT_CHECK enum ent_code ent_streams_begin(struct ent_streams *streams,
                                          const struct ent_request *request,
                                          const struct ent_http_reply *reply,
                                          struct ent_error *error);

struct ent_stream_stats {
	uint64_t open, total, cut, told, resets;
};
void ent_streams_stats(struct ent_streams *streams, struct ent_stream_stats *out);

#endif
