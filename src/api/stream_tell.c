/* What is said on a stream: server-sent events as the HTML standard has them. */
#include "api/stream_inner.h"

#include "app/people.h"
#include "base/text.h"
#include "core/webhook.h"

enum {
	TOLD_MAX = 250,    /* events at once; more is a reset */
	MISSED_MAX = 5000, /* events of everybody that are looked through after a break */
};

#define BEAT_US (15 * ENT_SECOND_US)

/* ---- who ---- */

/* The one who began the stream, as a request would find them now. *out false: they may not go
 * on. */
static enum ent_code identify(struct ent_call *call, const struct ent_stream *stream,
                              struct ent_principal *who, bool *out, struct ent_error *error)
{
	bool looked_up;
	ent_str token = ent_str_of(stream->token);
	enum ent_code code = stream->is_session
	                             ? ent_people_by_session(call, token, who, error)
	                             : ent_people_by_key(call, token, who, &looked_up, error);
	*out = code == ENT_OK;
	if (code == ENT_E_UNAUTHENTICATED) {
		ent_error_clear(error);
		code = ENT_OK;
	}
	return code;
}

/* ---- what ---- */

static bool has_word(struct ent_words words, ent_str word)
{
	for (size_t i = 0; i < words.count; i++) {
		if (ent_str_eq(words.items[i], word)) {
			return true;
		}
	}
	return false;
}

static bool is_asked(const struct ent_stream *stream, const struct ent_news *news)
{
	struct ent_words types = stream->types.words;
	struct ent_words subjects = stream->subjects.words;
	if (types.count > 0 && !ent_event_is_wanted(types, news->type)) {
		return false;
	}
	if (subjects.count == 0 || has_word(subjects, news->subject_id)) {
		return true;
	}
	char account[ENT_ID_ROOM];
	size_t len = ent_id_format(news->account_id, ent_account_type.prefix, account);
	return !ent_id_is_none(news->account_id) && has_word(subjects, (ent_str){ account, len });
}

/* Those of `look` that are asked for and may be read. */
static enum ent_code choose(struct ent_call *call, const struct ent_stream *stream,
                            const struct ent_feed_look *look, struct ent_feed_look *out,
                            struct ent_error *error)
{
	struct ent_news *items = ENT_NEW(call->arena, struct ent_news, look->count + 1);
	enum ent_code code = ENT_OK;
	*out = (struct ent_feed_look){ .items = items, .is_too_much = look->is_too_much };
	for (size_t i = 0; i < look->count && code == ENT_OK; i++) {
		bool sees = is_asked(stream, &look->items[i]);
		if (sees) {
			code = ent_feed_sees(call, &look->items[i], &sees, error);
		}
		if (sees) {
			items[out->count++] = look->items[i];
		}
	}
	out->is_too_much = out->is_too_much || out->count > TOLD_MAX;
	return code;
}

/* ---- as text ---- */

static void add_id(struct ent_text *out, ent_id id)
{
	char text[ENT_ID_ROOM];
	size_t len = ent_id_format(id, ent_event_type.prefix, text);
	ent_text_addf(out, "id: %.*s\n", (int)len, text);
}

static void add_news(struct ent_text *out, const struct ent_news *news)
{
	char id[ENT_ID_ROOM];
	char account[ENT_ID_ROOM] = "";
	char at[ENT_INSTANT_ROOM];
	ent_id_format(news->id, ent_event_type.prefix, id);
	ent_instant_format(news->at, at);
	add_id(out, news->id);
	ent_text_addf(out, "data: {\"id\":\"%s\",\"type\":", id);
	ent_json_string(out, news->type);
	ent_text_add(out, ENT_STR(",\"subject_type\":"));
	ent_json_string(out, news->subject_type);
	ent_text_add(out, ENT_STR(",\"subject_id\":"));
	ent_json_string(out, news->subject_id);
	if (!ent_id_is_none(news->account_id)) {
		ent_id_format(news->account_id, ent_account_type.prefix, account);
	}
	ent_text_addf(out, account[0] == '\0' ? ",\"account_id\":null%s" : ",\"account_id\":\"%s\"",
	              account);
	ent_text_addf(out, ",\"seq\":%lld,\"at\":\"%s\"}\n\n", (long long)news->seq, at);
}

/* The state of the stream itself; an id, so that a break can be mended from there on. */
static void add_state(struct ent_text *out, const char *name, ent_id last, const char *data)
{
	ent_text_addf(out, "event: %s\n", name);
	add_id(out, last);
	ent_text_addf(out, "data: %s\n\n", data);
}

static void add_chosen(struct ent_text *out, const struct ent_feed_look *chosen, ent_id last,
                       struct ent_telling *telling)
{
	telling->is_reset = chosen->is_too_much;
	if (chosen->is_too_much) {
		add_state(out, "reset", last, "{}");
		return;
	}
	for (size_t i = 0; i < chosen->count; i++) {
		add_news(out, &chosen->items[i]);
	}
	telling->told = chosen->count;
}

static enum ent_code begin(struct ent_call *call, const struct ent_stream *stream, ent_id last,
                           struct ent_telling *out, struct ent_error *error)
{
	struct ent_feed_look missed = { .count = 0 };
	struct ent_feed_look chosen;
	enum ent_code code = ENT_OK;
	if (!ent_id_is_none(stream->after)) {
		code = ent_feed_since(call, stream->after, MISSED_MAX, &missed, error);
	}
	if (code == ENT_OK) {
		code = choose(call, stream, &missed, &chosen, error);
	}
	if (code == ENT_OK) {
		struct ent_text text = ent_text_begin(call->arena);
		ent_text_add(&text, ENT_STR("retry: 2000\n"));
		add_state(&text, "ready", ent_id_is_none(stream->after) ? last : stream->after,
		          "{}");
		add_chosen(&text, &chosen, last, out);
		out->text = ent_text_end(&text);
	}
	return code;
}

static enum ent_code go_on(struct ent_call *call, const struct ent_stream *stream,
                           const struct ent_feed_look *look, int64_t now_us,
                           struct ent_telling *out, struct ent_error *error)
{
	struct ent_feed_look chosen;
	enum ent_code code = choose(call, stream, look, &chosen, error);
	if (code == ENT_OK) {
		struct ent_text text = ent_text_begin(call->arena);
		add_chosen(&text, &chosen, look->last, out);
		if (now_us - stream->spoken_us >= BEAT_US) {
			ent_text_add(&text, ENT_STR(":\n")); /* without data nobody is told */
			add_id(&text, look->last);
			ent_text_char(&text, '\n');
		}
		out->text = ent_text_end(&text);
	}
	return code;
}

enum ent_code ent_stream_tell(struct ent_call *call, const struct ent_stream *stream,
                              const struct ent_feed_look *look, int64_t now_us,
                              struct ent_telling *out, struct ent_error *error)
{
	struct ent_principal who = { .who = ENT_WHO_NOBODY, .actor = ENT_STR("nobody") };
	struct ent_call own = ent_call_within(call, call->arena);
	bool may;
	*out = (struct ent_telling){ .told = 0 };
	own.who = &who;
	enum ent_code code = identify(&own, stream, &who, &may, error);
	if (code != ENT_OK) {
		return code;
	}
	if (!may) {
		out->is_over = true;
		out->text = ENT_STR("event: end\ndata: {\"reason\":\"signed_out\"}\n\n");
		return ENT_OK;
	}
	return stream->is_begun ? go_on(&own, stream, look, now_us, out, error)
	                        : begin(&own, stream, look->last, out, error);
}
