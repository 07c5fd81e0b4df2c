/* The answer that is written most: each candidate in one piece of room, names, commas and
 * words as the literals that they are. */
#include "api/coverage.h"
#include "base/text.h"
#include "json/json.h"

#include <string.h>

/* ---- words: what is always the same is put together at compile time ---- */

#define WORD(literal) { literal, sizeof(literal) - 1 }

/* Nothing in them needs escaping: the words of our own are plain. */
static const ent_str reasons[ENT_REASON_COUNT] = {
#define ENT_REASON(constant, text, meaning) \
	WORD("{\"code\":\"" text "\",\"detail\":\"" meaning "\"}"),
#include "core/reason.def"
};

static const ent_str choices[ENT_CHOICE_COUNT] = {
#define ENT_CHOICE(constant, text, meaning) WORD("\"" text "\""),
#include "core/choice.def"
};

enum {
	FIXED_ROOM = 512, /* of one candidate: names, words, identifiers, numbers */
	WORDS_ROOM = ENT_CHOICE_COUNT * 32 + ENT_REASON_COUNT * 160
};

#define PUT(p, literal) put(p, "" literal, sizeof(literal) - 1)

/* Inline, so that the length of a literal is a constant. */
static inline char *put(char *p, const char *text, size_t len)
{
	memcpy(p, text, len);
	return p + len;
}

static char *put_id(char *p, ent_id id, const char *prefix)
{
	if (ent_id_is_none(id)) {
		return PUT(p, "null");
	}
	*p++ = '"';
	p += ent_id_format(id, prefix, p);
	*p++ = '"';
	return p;
}

static inline char *put_bool(char *p, bool truth)
{
	return truth ? PUT(p, "true") : PUT(p, "false");
}

static char *put_number(char *p, bool bounded, int64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	if (!bounded) {
		return PUT(p, "null");
	}
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0) {
		*p++ = '-';
	}
	return put(p, digits + at, sizeof(digits) - at);
}

#define ENT_REASON(constant, text, meaning)                       \
	_Static_assert(sizeof(text meaning) + 30 <= 160, "no room"); \
	_Static_assert(sizeof(text) <= 30, "no room");
#include "core/reason.def"

/* The words of the bits that are set, with commas. */
static char *put_words(char *p, const ent_str *words, uint32_t bits)
{
	for (const char *first = p; bits != 0; bits &= bits - 1) {
		ent_str word = words[__builtin_ctz(bits)];
		if (p != first) {
			*p++ = ',';
		}
		p = put(p, word.ptr, word.len);
	}
	return p;
}

/* ---- the answer ---- */

static void add_candidate(struct ent_text *out, const struct ent_coverage_candidate *c)
{
	const struct ent_right *e = c->right;
	size_t texts = ENT_JSON_STRING_ROOM(e->name) + ENT_JSON_STRING_ROOM(e->number);
	char *p = ent_text_room(out, FIXED_ROOM + WORDS_ROOM + texts);
	p = PUT(p, "{\"entitlement_id\":");
	p = put_id(p, e->id, "ent");
	p = PUT(p, ",\"account_id\":");
	p = put_id(p, e->account_id, "acc");
	p = PUT(p, ",\"name\":");
	p = ent_json_put_string(p, e->name);
	p = PUT(p, ",\"number\":");
	p = ent_json_put_string(p, e->number);
	p = PUT(p, ",\"state\":\"");
	ent_str state = ent_str_of(ent_entitlement_state_names.text[c->state]);
	p = put(p, state.ptr, state.len);
	p = PUT(p, "\",\"eligible\":");
	p = put_bool(p, c->reasons == 0);
	p = PUT(p, ",\"inherited\":");
	p = put_bool(p, c->inherited);
	p = PUT(p, ",\"contact_not_verified\":");
	p = put_bool(p, c->contact_not_verified);
	p = PUT(p, ",\"matches\":[");
	p = put_words(p, choices, c->matches);
	p = PUT(p, "],\"remaining\":");
	p = put_number(p, c->bounded, c->remaining);
	p = PUT(p, ",\"available\":");
	p = put_number(p, c->bounded, c->available);
	p = PUT(p, ",\"channel_remaining\":");
	p = put_number(p, c->channel_bounded, c->channel_remaining);
	p = PUT(p, ",\"channel_available\":");
	p = put_number(p, c->channel_bounded, c->channel_available);
	p = PUT(p, ",\"reasons\":[");
	p = put_words(p, reasons, c->reasons);
	p = PUT(p, "]}");
	ent_text_used(out, p);
}

void ent_coverage_write(const struct ent_coverage_answer *answer, ent_id account, ent_instant at,
                        struct ent_text *out)
{
	const struct ent_coverage_candidate *chosen = answer->chosen;
	char *p = ent_text_room(out, FIXED_ROOM);
	p = PUT(p, "{\"object\":\"coverage\",\"covered\":");
	p = put_bool(p, chosen != NULL);
	p = PUT(p, ",\"entitlement_id\":");
	p = put_id(p, chosen == NULL ? ENT_ID_NONE : chosen->right->id, "ent");
	p = PUT(p, ",\"rule\":");
	if (chosen == NULL) {
		p = PUT(p, "null");
	} else {
		p = put(p, choices[answer->rule].ptr, choices[answer->rule].len);
	}
	p = PUT(p, ",\"at\":\"");
	p += ent_instant_format(at, p);
	p = PUT(p, "\",\"account_id\":");
	p = put_id(p, account, "acc");
	p = PUT(p, ",\"contact_not_verified\":");
	p = put_bool(p, chosen != NULL && chosen->contact_not_verified);
	p = PUT(p, ",\"candidates\":[");
	ent_text_used(out, p);
	for (size_t i = 0; i < answer->count; i++) {
		if (i > 0) {
			ent_text_char(out, ',');
		}
		add_candidate(out, &answer->candidates[i]);
	}
	ent_text_add(out, ENT_STR("]}"));
}
