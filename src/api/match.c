/* If-Match: which versions of a record a change may be made to (RFC 9110 13.1.1). */
#include "api/inner.h"

#include "app/record.h"
#include "base/text.h"

/* Skip what parts the members of a list; was there a comma? */
static bool skip_commas(ent_str *rest)
{
	bool found = false;
	while (rest->len > 0 &&
	       (*rest->ptr == ',' || *rest->ptr == ' ' || *rest->ptr == '\t')) {
		found = found || *rest->ptr == ',';
		*rest = (ent_str){ rest->ptr + 1, rest->len - 1 };
	}
	return found;
}

/* The entity-tag that *rest begins with, with its quotes; no text if there is none. */
static ent_str take_tag(ent_str *rest)
{
	size_t start = ent_str_begins(*rest, ENT_STR("W/")) ? 3 : 1;
	if (rest->len <= start || rest->ptr[start - 1] != '"') {
		return (ent_str){ NULL, 0 };
	}
	const char *end = memchr(rest->ptr + start, '"', rest->len - start);
	if (end == NULL) {
		return (ent_str){ NULL, 0 };
	}
	ent_str tag = { rest->ptr, (size_t)(end - rest->ptr) + 1 };
	*rest = (ent_str){ end + 1, rest->len - tag.len };
	return tag;
}

/* "v17" is all that can match: what is weak or of somebody else matches nothing. */
static bool read_tag(ent_str tag, int64_t *version)
{
	return tag.len >= 4 && ent_str_begins(tag, ENT_STR("\"v")) &&
	       ent_str_int((ent_str){ tag.ptr + 2, tag.len - 3 }, version) && *version >= 1;
}

bool ent_etags_read(ent_str list, int64_t *versions, size_t *count)
{
	ent_str rest = list;
	*count = 0;
	skip_commas(&rest);
	while (rest.len > 0) {
		ent_str tag = take_tag(&rest);
		if (tag.ptr == NULL || (!skip_commas(&rest) && rest.len > 0)) {
			return false;
		}
		*count += read_tag(tag, &versions[*count]) ? 1 : 0;
	}
	return true;
}

/* All If-Match lines as one, which is what several mean (RFC 9110 5.3); no text: there is none. */
static ent_str all_lines(const struct ent_request *request, struct ent_arena *arena)
{
	const struct ent_http_exchange *exchange = request->exchange;
	struct ent_text out = ent_text_begin(arena);
	size_t count = 0;
	for (size_t i = 0; i < exchange->header_count; i++) {
		if (ent_str_is(exchange->headers[i].name, "if-match")) {
			ent_text_add(&out, count++ > 0 ? ENT_STR(",") : ENT_STR(""));
			ent_text_add(&out, exchange->headers[i].value);
		}
	}
	return count > 0 ? ent_text_end(&out) : (ent_str){ NULL, 0 };
}

enum ent_code ent_request_version(struct ent_request *request, struct ent_call *call, int64_t *out,
                                  struct ent_error *error)
{
	ent_str match = all_lines(request, call->arena);
	*out = ENT_VERSION_ANY;
	if (match.ptr == NULL) {
		const struct ent_settings *settings;
		enum ent_code code = ent_call_settings(call, &settings, error);
		if (code == ENT_OK && settings->require_if_match) {
			code = ent_fail(error, ENT_E_PRECONDITION_REQUIRED,
			                "send If-Match with the ETag of what you read");
		}
		return code;
	}
	if (ent_str_is(ent_str_trim(match), "*")) {
		return ENT_OK;
	}
	int64_t *versions = ENT_NEW(call->arena, int64_t, match.len / 4 + 1);
	size_t count;
	if (!ent_etags_read(match, versions, &count) || count == 0) {
		return ent_fail(error, ENT_E_PRECONDITION_FAILED,
		                ent_str_begins(match, ENT_STR("W/"))
		                        ? "a weak ETag never matches: send it without W/"
		                        : "If-Match is no ETag of this record");
	}
	*out = count == 1 ? versions[0] : ENT_VERSION_LISTED;
	call->versions = (struct ent_versions){ versions, count };
	return ENT_OK;
}

enum ent_code ent_request_match_none(const struct ent_request *request, struct ent_error *error)
{
	ent_str match = ent_http_header_get(request->exchange, "if-match");
	return match.ptr == NULL ? ENT_OK
	                         : ent_fail(error, ENT_E_PRECONDITION_FAILED,
	                                    "there is no record yet that If-Match could match");
}
