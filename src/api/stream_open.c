/* The request that begins a stream. */
#include "api/inner.h"
#include "api/stream.h"

#include "base/text.h"
#include "core/webhook.h"

static void bad(struct ent_error *error, const char *pointer, ent_str value, const char *remedy)
{
	ent_note(error, ENT_E_BAD_PARAMETER, pointer, value, "%s", remedy);
}

static bool is_type_word(ent_str word)
{
	return ent_event_word_is_known(word);
}

/* An identifier of any type: "cas_0sa58zm5r0000". */
static bool is_subject(ent_str word)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	ent_id id;
	for (size_t i = 0; i < count; i++) {
		if (types[i]->prefix != NULL && ent_id_parse(word, types[i]->prefix, &id)) {
			return true;
		}
	}
	return false;
}

/* "a,b" with bounds, each a word that `is_good`. */
static void read_words(struct ent_call *call, const char *pointer, ent_str value,
                       bool (*is_good)(ent_str), const char *remedy, struct ent_words *out,
                       struct ent_error *error)
{
	ent_str *items = ENT_NEW(call->arena, ent_str, ENT_STREAM_WORDS_MAX);
	*out = (struct ent_words){ items, 0 };
	if (value.len > ENT_STREAM_FILTER_BYTES) {
		bad(error, pointer, value, "give at most 512 characters");
		return;
	}
	for (bool more = true; more;) {
		struct ent_cut cut = ent_str_cut(value, ',');
		if (!is_good(cut.head) || out->count == ENT_STREAM_WORDS_MAX) {
			bad(error, pointer, cut.head, remedy);
			return;
		}
		items[out->count++] = cut.head;
		value = cut.tail;
		more = cut.found;
	}
}

static void read_after(ent_str value, const char *pointer, ent_id *out, struct ent_error *error)
{
	if (!ent_id_parse(value, ent_event_type.prefix, out)) {
		bad(error, pointer, value, "give the id of an event of the stream");
	}
}

static void read_one(struct ent_call *call, ent_str name, ent_str value,
                     struct ent_stream_wish *wish, struct ent_error *error)
{
	if (ent_str_is(name, "types")) {
		read_words(call, "/types", value, is_type_word,
		           "name at most 20 types of events, such as case.* or case.opened",
		           &wish->types, error);
	} else if (ent_str_is(name, "subjects")) {
		read_words(call, "/subjects", value, is_subject,
		           "name at most 20 records by their ids", &wish->subjects, error);
	} else if (ent_str_is(name, "last_event_id")) {
		read_after(value, "/last_event_id", &wish->after, error);
	} else {
		bad(error, ent_text_format(call->arena, "/%.*s", (int)name.len, name.ptr).ptr,
		    value, "there is no such parameter here");
	}
}

static enum ent_code read_query(struct ent_request *request, struct ent_call *call,
                                struct ent_stream_wish *wish, struct ent_error *error)
{
	ent_str rest = request->exchange->query;
	while (rest.len > 0) {
		struct ent_cut cut = ent_str_cut(rest, '&');
		struct ent_cut pair = ent_str_cut(cut.head, '=');
		ent_str name, value;
		rest = cut.tail;
		if (!ent_url_decode(pair.head, true, call->arena, &name) ||
		    !ent_url_decode(pair.tail, true, call->arena, &value)) {
			return ent_fail(error, ENT_E_BAD_PARAMETER,
			                "the query is not percent-encoded UTF-8");
		}
		if (cut.head.len > 0) {
			read_one(call, name, value, wish, error);
		}
	}
	return ent_query_noted(error);
}

enum ent_code ent_handle_stream_events(struct ent_request *request, struct ent_call *call,
                                       struct ent_error *error)
{
	struct ent_stream_wish *wish = ENT_NEW(call->arena, struct ent_stream_wish, 1);
	wish->after = ENT_ID_NONE;
	enum ent_code code = read_query(request, call, wish, error);
	ent_str last = ent_http_header_get(request->exchange, "last-event-id");
	if (code == ENT_OK && last.len > 0) { /* newer than what the address says */
		read_after(last, "/last_event_id", &wish->after, error);
		code = ent_query_noted(error);
	}
	if (code == ENT_OK) {
		code = ent_streams_admit(request->api->streams, request->who.id, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	request->reply.status = 200;
	request->reply.type = "text/event-stream";
	if (!ent_str_is(request->exchange->method, "HEAD")) {
		request->wish = wish;
	}
	return ENT_OK;
}
