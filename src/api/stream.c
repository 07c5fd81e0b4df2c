#include "api/stream_inner.h"

#include "api/inner.h"
#include "base/log.h"
#include "base/text.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	DEEP_MS = 1000, /* looks for what came late, and whether everybody may still read */
	SPACE_MS = 20   /* between two looks: what comes together is told together */
};

struct ent_streams {
	struct ent_app *app;
	size_t max;
	struct ent_feed *feed;
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t lock; /* over what follows; taken before those of the HTTP border */
	pthread_cond_t wake;
	struct ent_stream *first; /* only the thread takes some out */
	bool is_woken;
	bool is_stopping;
	_Atomic uint64_t open, total, cut, told, resets;
};

/* ---- waking ---- */

static void wake(void *arg)
{
	struct ent_streams *streams = arg;
	pthread_mutex_lock(&streams->lock);
	if (streams->first != NULL) {
		streams->is_woken = true;
		pthread_cond_signal(&streams->wake);
	}
	pthread_mutex_unlock(&streams->lock);
}

static void gone(void *arg)
{
	struct ent_stream *stream = arg;
	stream->is_gone = true; /* the thread sees to it within a second */
}

static struct timespec in_ms(int64_t ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return until;
}

/* Until something happened or a second is over; false when it is time to end. */
static bool rest(struct ent_streams *streams)
{
	struct timespec until = in_ms(DEEP_MS);
	int timed_out = 0;
	pthread_mutex_lock(&streams->lock);
	while (!streams->is_stopping && !streams->is_woken && timed_out == 0) {
		timed_out = pthread_cond_timedwait(&streams->wake, &streams->lock, &until);
	}
	streams->is_woken = false;
	bool go_on = !streams->is_stopping;
	pthread_mutex_unlock(&streams->lock);
	return go_on;
}

/* ---- telling ---- */

static struct ent_stream *first_of(struct ent_streams *streams)
{
	pthread_mutex_lock(&streams->lock);
	struct ent_stream *first = streams->first;
	pthread_mutex_unlock(&streams->lock);
	return first;
}

static void speak(struct ent_streams *streams, struct ent_stream *stream,
                  const struct ent_telling *telling, int64_t now_us)
{
	enum ent_http_sent sent = ent_http_stream_send(stream->http, telling->text);
	stream->is_begun = true;
	stream->is_over = telling->is_over || sent != ENT_HTTP_SENT;
	if (telling->text.len > 0) {
		stream->spoken_us = now_us;
	}
	if (sent == ENT_HTTP_FULL) {
		streams->cut++;
		stream->is_gone = true; /* what waits is not sent any more */
	}
	streams->told += telling->told;
	streams->resets += telling->is_reset;
}

struct looking {
	struct ent_streams *streams;
	bool is_deep;
};

/* Everything is read before anything is said, as it is run again if it loses a race. */
static enum ent_code look(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct looking *looking = arg;
	struct ent_streams *streams = looking->streams;
	struct ent_stream *first = first_of(streams);
	int64_t now_us = ent_monotonic_us();
	struct ent_feed_look found;
	size_t count = 0;
	for (struct ent_stream *s = first; s != NULL; s = s->next) {
		count++;
	}
	struct ent_telling *tellings = ENT_NEW(call->arena, struct ent_telling, count + 1);
	enum ent_code code = ent_feed_read(streams->feed, call, looking->is_deep, &found, error);
	size_t i = 0;
	for (struct ent_stream *s = first; s != NULL && code == ENT_OK; s = s->next, i++) {
		if (!s->is_gone) {
			code = ent_stream_tell(call, s, &found, now_us, &tellings[i], error);
		}
	}
	if (code == ENT_OK) {
		code = ent_feed_saw(streams->feed, &found, error);
	}
	i = 0;
	for (struct ent_stream *s = first; s != NULL && code == ENT_OK; s = s->next, i++) {
		if (!s->is_gone) {
			speak(streams, s, &tellings[i], now_us);
		}
	}
	return code;
}

static void forget(struct ent_stream *stream)
{
	ent_http_stream_end(stream->http, stream->is_gone);
	sodium_memzero(stream->token, sizeof(stream->token));
	stream->streams->open--;
	free(stream);
}

/* End those that are over, or all. */
static void sweep(struct ent_streams *streams, bool all)
{
	struct ent_stream *over = NULL;
	pthread_mutex_lock(&streams->lock);
	for (struct ent_stream **at = &streams->first; *at != NULL;) {
		struct ent_stream *stream = *at;
		if (all || stream->is_over || stream->is_gone) {
			*at = stream->next;
			stream->next = over;
			over = stream;
		} else {
			at = &stream->next;
		}
	}
	pthread_mutex_unlock(&streams->lock);
	while (over != NULL) {
		struct ent_stream *next = over->next;
		forget(over);
		over = next;
	}
}

static void look_once(struct ent_streams *streams, bool is_deep)
{
	static const struct ent_principal nobody = { .who = ENT_WHO_NOBODY,
		                                     .actor = { "nobody", 6 } };
	struct looking looking = { streams, is_deep };
	struct ent_error error;
	struct ent_call model = {
		.now = ent_app_now(streams->app),
		.who = &nobody,
		.origin = ENT_STR("stream"),
	};
	ent_error_clear(&error);
	if (ent_app_run(streams->app, ENT_READ, &model, look, &looking, &error) != ENT_OK) {
		ent_log(ENT_LOG_WARN, "streams wait, as the store could not be read",
		        ENT_LOG_FIELDS(ent_log_text("detail", ent_str_of(error.detail))));
	}
	sweep(streams, false);
}

static void say_goodbye(struct ent_streams *streams)
{
	for (struct ent_stream *s = first_of(streams); s != NULL; s = s->next) {
		(void)ent_http_stream_send(
			s->http, ENT_STR("event: end\ndata: {\"reason\":\"stopping\"}\n\n"));
	}
	sweep(streams, true);
}

static void *loop(void *arg)
{
	struct ent_streams *streams = arg;
	int64_t deep_at = 0;
	while (rest(streams)) {
		if (first_of(streams) == NULL) {
			ent_feed_restart(streams->feed);
			continue;
		}
		int64_t now_us = ent_monotonic_us();
		bool is_deep = now_us >= deep_at;
		deep_at = is_deep ? now_us + DEEP_MS * 1000 : deep_at;
		look_once(streams, is_deep);
		struct timespec space = { 0, SPACE_MS * 1000000 };
		nanosleep(&space, NULL);
	}
	say_goodbye(streams);
	return NULL;
}

/* ---- life ---- */

struct ent_streams *ent_streams_open(struct ent_app *app, size_t max)
{
	struct ent_streams *streams = calloc(1, sizeof(*streams));
	pthread_condattr_t attributes;
	if (streams == NULL) {
		return NULL;
	}
	streams->feed = ent_feed_open();
	if (streams->feed == NULL) {
		free(streams);
		return NULL;
	}
	streams->app = app;
	streams->max = max > 0 ? max : ENT_STREAMS_MAX;
	pthread_mutex_init(&streams->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&streams->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	ent_app_on_event(app, wake, streams);
	return streams;
}

void ent_streams_stop(struct ent_streams *streams)
{
	pthread_mutex_lock(&streams->lock);
	bool has_thread = streams->has_thread && !streams->is_stopping;
	streams->is_stopping = true;
	pthread_cond_signal(&streams->wake);
	pthread_mutex_unlock(&streams->lock);
	if (has_thread) {
		pthread_join(streams->thread, NULL);
	}
}

void ent_streams_close(struct ent_streams *streams)
{
	if (streams == NULL) {
		return;
	}
	ent_streams_stop(streams);
	ent_app_on_event(streams->app, NULL, NULL);
	ent_feed_close(streams->feed);
	pthread_cond_destroy(&streams->wake);
	pthread_mutex_destroy(&streams->lock);
	free(streams);
}

/* ---- beginning ---- */

static void keep_words(struct ent_words from, struct ent_stream_filter *to)
{
	size_t used = 0;
	to->words = (struct ent_words){ to->items, from.count };
	for (size_t i = 0; i < from.count; i++) {
		assert(used + from.items[i].len <= sizeof(to->bytes));
		memcpy(to->bytes + used, from.items[i].ptr, from.items[i].len);
		to->items[i] = (ent_str){ to->bytes + used, from.items[i].len };
		used += from.items[i].len;
	}
}

static struct ent_stream *make(struct ent_streams *streams, const struct ent_request *request)
{
	struct ent_stream *stream = calloc(1, sizeof(*stream));
	const struct ent_stream_wish *wish = request->wish;
	bool is_session = request->session.len > 0;
	ent_str token = is_session ? request->session : request->bearer;
	assert(token.len < sizeof(stream->token)); /* as it was found */
	if (stream == NULL) {
		return NULL;
	}
	stream->streams = streams;
	stream->who = request->who.id;
	stream->is_session = is_session;
	memcpy(stream->token, token.ptr, token.len);
	stream->after = wish->after;
	keep_words(wish->types, &stream->types);
	keep_words(wish->subjects, &stream->subjects);
	return stream;
}

/* Under the lock: is there room for one more of theirs? */
static enum ent_code admit(const struct ent_streams *streams, ent_id who, struct ent_error *error)
{
	size_t all = 0;
	size_t theirs = 0;
	for (const struct ent_stream *s = streams->first; s != NULL; s = s->next) {
		all += !s->is_gone;
		theirs += !s->is_gone && ent_id_eq(s->who, who);
	}
	if (streams->is_stopping) {
		return ent_fail(error, ENT_E_UNAVAILABLE, "the server is stopping");
	}
	if (theirs >= ENT_STREAMS_EACH) {
		return ent_fail(error, ENT_E_RATE_LIMITED, "at most %d streams at once",
		                ENT_STREAMS_EACH);
	}
	return all < streams->max
	               ? ENT_OK
	               : ent_fail(error, ENT_E_OVERLOADED,
	                          "%zu streams are open, which is all there may be", all);
}

enum ent_code ent_streams_admit(struct ent_streams *streams, ent_id who, struct ent_error *error)
{
	pthread_mutex_lock(&streams->lock);
	enum ent_code code = admit(streams, who, error);
	pthread_mutex_unlock(&streams->lock);
	return code;
}

/* Under the lock. */
static enum ent_code ensure_thread(struct ent_streams *streams, struct ent_error *error)
{
	if (!streams->has_thread && pthread_create(&streams->thread, NULL, loop, streams) != 0) {
		return ent_fail(error, ENT_E_OVERLOADED, "no thread for streams");
	}
	streams->has_thread = true;
	return ENT_OK;
}

enum ent_code ent_streams_begin(struct ent_streams *streams, const struct ent_request *request,
                                const struct ent_http_reply *reply, struct ent_error *error)
{
	struct ent_stream *stream = make(streams, request);
	if (stream == NULL) {
		return ent_fail(error, ENT_E_OVERLOADED, "no memory for a stream");
	}
	pthread_mutex_lock(&streams->lock);
	enum ent_code code = admit(streams, stream->who, error);
	if (code == ENT_OK) {
		code = ensure_thread(streams, error);
	}
	if (code == ENT_OK) {
		stream->http = ent_http_stream(request->exchange, reply, gone, stream);
		stream->next = streams->first;
		streams->first = stream;
		streams->open++;
		streams->total++;
	}
	pthread_mutex_unlock(&streams->lock);
	if (code != ENT_OK) {
		free(stream);
		return code;
	}
	wake(streams);
	return ENT_OK;
}

void ent_streams_stats(struct ent_streams *streams, struct ent_stream_stats *out)
{
	*out = (struct ent_stream_stats){ streams->open, streams->total, streams->cut,
		                          streams->told, streams->resets };
}
