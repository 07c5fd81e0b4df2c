#include "core/webhook.h"

#include "core/type.h"

enum { URL_MAX = 2000, WAIT_MAX_S = 30 * 24 * 3600, ASKED_MAX_S = 24 * 3600 };

/* ---- event words ---- */

static bool is_verb(ent_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!(s.ptr[i] >= 'a' && s.ptr[i] <= 'z') && s.ptr[i] != '_') {
			return false;
		}
	}
	return s.len > 0 && s.len <= 40;
}

bool ent_event_word_is_known(ent_str word)
{
	struct ent_cut cut = ent_str_cut(word, '.');
	if (ent_str_is(word, "*")) {
		return true;
	}
	return cut.found && ent_type_named(cut.head) != NULL &&
	       (ent_str_is(cut.tail, "*") || is_verb(cut.tail));
}

bool ent_event_is_wanted(struct ent_words words, ent_str type)
{
	ent_str subject = ent_str_cut(type, '.').head;
	bool of_sending =
		ent_str_is(subject, "delivery") || ent_str_is(subject, "webhook_endpoint");
	for (size_t i = 0; i < words.count; i++) {
		struct ent_cut want = ent_str_cut(words.items[i], '.');
		if (ent_str_eq(words.items[i], type) ||
		    (ent_str_is(words.items[i], "*") && !of_sending) ||
		    (ent_str_eq(want.head, subject) && ent_str_is(want.tail, "*"))) {
			return true;
		}
	}
	return false;
}

/* ---- addresses ---- */

/* The front of `s` up to the first of these characters. */
static ent_str until(ent_str s, const char *ends)
{
	size_t n = 0;
	while (n < s.len && strchr(ends, s.ptr[n]) == NULL) {
		n++;
	}
	return (ent_str){ s.ptr, n };
}

/* "host", "host:port", "[::1]:port" */
static bool is_place(ent_str place)
{
	ent_str host = place;
	ent_str port = { "", 0 };
	if (place.len > 0 && place.ptr[0] == '[') {
		host = until(place, "]");
		if (host.len == place.len || host.len < 3) {
			return false;
		}
		port = (ent_str){ place.ptr + host.len + 1, place.len - host.len - 1 };
		if (port.len > 0 && port.ptr[0] != ':') {
			return false;
		}
	} else {
		host = until(place, ":");
		port = (ent_str){ place.ptr + host.len, place.len - host.len };
	}
	if (host.len == 0) {
		return false;
	}
	int64_t number = 1;
	return port.len == 0 || (ent_str_int((ent_str){ port.ptr + 1, port.len - 1 }, &number) &&
	                         number > 0 && number < 65536);
}

const char *ent_callback_url_fault(ent_str url)
{
	bool secure = ent_str_begins(url, ENT_STR("https://"));
	if (!secure && !ent_str_begins(url, ENT_STR("http://"))) {
		return "give an address that begins with https:// or http://";
	}
	if (url.len > URL_MAX) {
		return "give an address of at most 2,000 characters";
	}
	for (size_t i = 0; i < url.len; i++) {
		char c = url.ptr[i];
		if (c <= ' ' || c > '~' || memchr("\"<>\\^`{|}", c, 9) != NULL) {
			return "give a URL: printable ASCII without blanks, all else as %XX";
		}
	}
	size_t scheme = secure ? 8 : 7;
	ent_str rest = { url.ptr + scheme, url.len - scheme };
	ent_str place = until(rest, "/?#");
	if (until(place, "@").len < place.len) {
		return "give no user and password: requests are signed instead";
	}
	if (until(rest, "#").len < rest.len) {
		return "give no fragment (#): it is never sent";
	}
	return is_place(place) ? NULL : "give a host, and a port of 1 to 65535 if need be";
}

/* ---- trying again ---- */

const struct ent_retries ent_retries_standard = {
	.seconds = { 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400 },
	.count = 9,
};

bool ent_retries_parse(ent_str text, struct ent_retries *out)
{
	int64_t last = 0;
	out->count = 0;
	struct ent_cut cut = { .tail = text, .found = true };
	while (cut.found) {
		cut = ent_str_cut(cut.tail, ',');
		int64_t seconds;
		if (out->count == ENT_RETRIES_MAX || !ent_str_int(cut.head, &seconds) ||
		    seconds < last || seconds > WAIT_MAX_S) {
			return false;
		}
		out->seconds[out->count++] = last = seconds;
	}
	return true;
}

int64_t ent_retry_wait_us(const struct ent_retries *retries, int64_t attempts, int64_t asked_s,
                          uint32_t chance)
{
	if (attempts < 1 || (size_t)attempts > retries->count) {
		return -1;
	}
	int64_t wait = retries->seconds[attempts - 1];
	int64_t asked = asked_s > ASKED_MAX_S ? ASKED_MAX_S : asked_s;
	wait = asked > wait ? asked : wait;
	return wait * ENT_SECOND_US + wait * (ENT_SECOND_US / 10) / 1024 * (chance % 1024);
}
