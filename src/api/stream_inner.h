/* stream_inner.h - what stream.c and stream_tell.c share. */
#ifndef ENT_API_STREAM_INNER_H
#define ENT_API_STREAM_INNER_H

#include "api/stream.h"
#include "app/feed.h"

#include <stdatomic.h>

/* Words in memory of their own. */
struct ent_stream_filter {
	char bytes[ENT_STREAM_FILTER_BYTES];
	ent_str items[ENT_STREAM_WORDS_MAX];
	struct ent_words words;
};

struct ent_stream {
	struct ent_stream *next;
	struct ent_streams *streams;
	struct ent_http_stream *http;
	ent_id who;
	bool is_session; /* the token is that of a session, not a key */
	char token[ENT_STREAM_TOKEN_MAX];
	struct ent_stream_filter types;
	struct ent_stream_filter subjects;
	ent_id after;
	_Atomic bool is_gone; /* the client is */
	/* the teller's: */
	bool is_begun;
	bool is_over;
	int64_t spoken_us; /* monotonic */
};

/* What a look has to say to one of them; in the arena of its call. */
struct ent_telling {
	ent_str text;
	size_t told;
	bool is_over;
	bool is_reset;
};

/* Say to a stream what is new, or how it ends. STORAGE, BUSY. */
ENT_CHECK enum ent_code ent_stream_tell(struct ent_call *call, const struct ent_stream *stream,
                                        const struct ent_feed_look *look, int64_t now_us,
                                        struct ent_telling *out, struct ent_error *error);

#endif
