/* date.add_term and date.term_between: months, days and seconds on the wall clock.
 *
 *     {"op":"date.add_term","start":"2026-01-31","term":"P1M"}          {"time":"2026-02-28"}
 *     {"op":"date.add_term","start":"2026-01-31","term":"P1M","times":2} {"time":"2026-03-31"}
 *     {"op":"date.term_between","from":"2026-01-31","to":"2026-04-02"}  {"term":"P2M2D"}
 *
 * A date, or a date and a time of day; what stands behind it (Z, +01:00) is kept. What else
 * is given is not looked at, unless it seems to be one of these misspelt. */
#include "cli/eval.h"

#include "core/calendar.h"
#include "core/date_term.h"

struct moment {
	int64_t local; /* microseconds */
	bool is_date;
	ent_str suffix; /* "", "Z", "+01:00" */
};

/* Where the offset begins, or the end. */
static size_t wall_length(ent_str text)
{
	size_t len = text.len < 10 ? text.len : 10;
	while (len < text.len && text.ptr[len] != 'Z' && text.ptr[len] != 'z' &&
	       text.ptr[len] != '+' && text.ptr[len] != '-') {
		len++;
	}
	return len;
}

/* What was given, for people. */
static ent_str shown(const struct ent_node *node)
{
	return node == NULL ? (ent_str){ NULL, 0 } : node->text;
}

static void read_moment(const struct ent_node *input, const char *name, struct moment *out,
                        const struct ent_arena *arena, struct ent_error *error)
{
	const struct ent_node *node = ent_json_member(input, name);
	struct ent_arena scratch = *arena;
	const char *pointer = ent_text_format(&scratch, "/%s", name).ptr;
	*out = (struct moment){ .is_date = true };
	if (node == NULL || node->kind != ENT_JSON_STRING) {
		ent_note(error, node == NULL ? ENT_E_REQUIRED : ENT_E_TYPE, pointer,
		         shown(node), "give a date such as 2026-01-31");
		return;
	}
	size_t len = wall_length(node->text);
	ent_instant instant;
	enum ent_when_form form;
	out->suffix = (ent_str){ node->text.ptr + len, node->text.len - len };
	out->is_date = len == 10 && out->suffix.len == 0;
	if ((out->suffix.len > 0 && !ent_instant_parse(node->text, &instant)) ||
	    !ent_when_parse((ent_str){ node->text.ptr, len }, &ent_zone_utc, &instant, &form)) {
		ent_note(error, ENT_E_FORMAT, pointer, node->text,
		         "give a date such as 2026-01-31, or one with a time of day");
		return;
	}
	out->local = instant.us;
}

enum ent_code ent_eval_date_add_term(const struct ent_node *input, struct ent_arena *arena,
                                     ent_str *result, struct ent_error *error)
{
	struct moment start;
	struct ent_term term;
	int64_t times = 1;
	int64_t local;
	const struct ent_node *text = ent_json_member(input, "term");
	const struct ent_node *count = ent_json_member(input, "times");
	ent_json_only(input, "start term times", NULL, error);
	read_moment(input, "start", &start, arena, error);
	if (text == NULL || text->kind != ENT_JSON_STRING || !ent_term_parse(text->text, &term)) {
		ent_note(error, text == NULL ? ENT_E_REQUIRED : ENT_E_FORMAT, "/term", shown(text),
		         "give whole parts in order, e.g. P1Y2M10D, PT36H or -P1M");
	}
	if (count != NULL && (!ent_json_int(count, &times) || times < -100000 || times > 100000)) {
		ent_note(error, ENT_E_RANGE, "/times", count->text,
		         "give a whole number of at most 100000");
	}
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	if (start.is_date && term.duration.seconds != 0) {
		return ent_refuse(error, ENT_E_INVALID, "/term", text->text,
		                  "a date has no time of day: leave out hours, minutes, seconds");
	}
	if (!ent_term_add(start.local, term, (int32_t)times, &local)) {
		return ent_refuse(error, ENT_E_RANGE, "/term", text->text,
		                  "stay within the years 1 to 9999");
	}
	char room[ENT_WHEN_ROOM];
	size_t len = ent_when_format((ent_instant){ local }, &ent_zone_utc, ENT_WHEN_WALL, room);
	*result = ent_text_format(arena, "{\"time\":\"%.*s%.*s\"}", start.is_date ? 10 : (int)len,
	                          room, (int)start.suffix.len, start.suffix.ptr);
	return ENT_OK;
}

enum ent_code ent_eval_date_term_between(const struct ent_node *input, struct ent_arena *arena,
                                         ent_str *result, struct ent_error *error)
{
	struct moment from, to;
	ent_json_only(input, "from to", NULL, error);
	read_moment(input, "from", &from, arena, error);
	read_moment(input, "to", &to, arena, error);
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	if (from.is_date != to.is_date || !ent_str_eq(from.suffix, to.suffix)) {
		return ent_refuse(error, ENT_E_INVALID, "/to", (ent_str){ NULL, 0 },
		                  "give both in the same form, with the same offset");
	}
	struct ent_text out = ent_text_begin(arena);
	ent_text_add(&out, ENT_STR("{\"term\":\""));
	ent_term_print(ent_term_between(from.local, to.local), &out);
	ent_text_add(&out, ENT_STR("\"}"));
	*result = ent_text_end(&out);
	return ENT_OK;
}
