/* Cases that others wrote (tests/data/calendar_*.txt), asked through `entitled eval`. A group
 * is a calendar and questions: `operation arguments = answer`, # begins a comment. */
#include "cli/eval.h"
#include "core/date_term.h"
#include "test.h"

enum { FILE_ROOM = 1 << 17, PART_MAX = 8 };

/* ---- lines ---- */

/* Cut the next piece off *text: up to `separator`, trimmed. */
static ent_str take(ent_str *text, char separator)
{
	struct ent_cut cut = ent_str_cut(*text, separator);
	*text = ent_str_trim(cut.tail);
	return ent_str_trim(cut.head);
}

static void add_pairs(struct ent_text *out, ent_str spans)
{
	const char *comma = "";
	ent_text_char(out, '[');
	while (spans.len > 0 && !ent_str_is(spans, "closed")) {
		ent_str span = take(&spans, ',');
		ent_str from = take(&span, '-');
		ent_text_addf(out, "%s[\"%.*s\",\"%.*s\"]", comma, (int)from.len, from.ptr,
		              (int)span.len, span.ptr);
		comma = ",";
	}
	ent_text_char(out, ']');
}

/* What a line adds to the member of its name. */
static void add_line(struct ent_text *out, const char *name, ent_str rest)
{
	if (strcmp(name, "holiday") == 0) {
		ent_text_addf(out, "\"%.*s\"", (int)rest.len, rest.ptr);
	} else if (strcmp(name, "range") == 0) {
		ent_str from = take(&rest, ' ');
		ent_str to = take(&rest, ' ');
		ent_text_addf(out, "{\"from\":\"%.*s\",\"to\":\"%.*s\",\"yearly\":%s}",
		              (int)from.len, from.ptr, (int)to.len, to.ptr,
		              rest.len > 0 ? "true" : "false");
	} else {
		ent_str date = take(&rest, ' ');
		ent_text_addf(out, "\"%.*s\":", (int)date.len, date.ptr);
		add_pairs(out, rest);
	}
}

/* One member from all lines of the group that begin with `word`. */
static void add_member(struct ent_text *out, ent_str group, const char *word, const char *name,
                       const char *brackets)
{
	const char *comma = "";
	ent_text_addf(out, ",\"%s\":%c", name, brackets[0]);
	while (group.len > 0) {
		ent_str line = take(&group, '\n');
		ent_str first = take(&line, ' ');
		if (ent_str_is(first, word)) {
			ent_text_addf(out, "%s", comma);
			add_line(out, word, line);
			comma = ",";
		}
	}
	ent_text_char(out, brackets[1]);
}

static ent_str value_of(ent_str group, const char *word)
{
	while (group.len > 0) {
		ent_str line = take(&group, '\n');
		if (ent_str_is(take(&line, ' '), word)) {
			return line;
		}
	}
	return (ent_str){ NULL, 0 };
}

static ent_str calendar_of(ent_str group, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	ent_str zone = value_of(group, "zone");
	ent_str week = value_of(group, "week");
	ent_text_addf(&out, "{\"timezone\":\"%.*s\",\"week\":\"%.*s\"", (int)zone.len, zone.ptr,
	              (int)week.len, week.ptr);
	add_member(&out, group, "holiday", "holidays", "[]");
	add_member(&out, group, "range", "holiday_ranges", "[]");
	add_member(&out, group, "exception", "exceptions", "{}");
	add_member(&out, group, "break", "breaks", "{}");
	ent_text_char(&out, '}');
	return ent_text_end(&out);
}

/* ---- questions ---- */

static const struct {
	const char *word;
	const char *op;
	const char *first, *second; /* names of the arguments; a number has no letter in front */
	bool is_number;             /* the second one */
	const char *more;           /* of the input */
	const char *member;         /* of the result */
	bool is_text;
} questions[] = {
	{ "add", "calendar.add", "start", "seconds", true, "", "time", true },
	{ "subtract", "calendar.subtract", "start", "seconds", true, "", "time", true },
	{ "between", "calendar.between", "from", "to", false, "", "seconds", false },
	{ "absolute", "calendar.between", "from", "to", false, ",\"absolute\":true", "seconds",
	  false },
	{ "is_open", "calendar.is_open", "at", NULL, false, "", "open", false },
	{ "next_open", "calendar.next_open", "at", NULL, false, "", "time", true },
	{ "next_close", "calendar.next_close", "at", NULL, false, "", "time", true },
	{ "keep_clock_time", "calendar.add_days", "start", "days", true,
	  ",\"mode\":\"keep_clock_time\"", "time", true },
	{ "into_hours", "calendar.add_days", "start", "days", true, ",\"mode\":\"into_hours\"",
	  "time", true },
	{ "end_of_day", "calendar.add_days", "start", "days", true, ",\"mode\":\"end_of_day\"",
	  "time", true },
	{ "days_between", "calendar.days_between", "from", "to", false, "", "days", false },
	{ "days_inclusive", "calendar.days_between", "from", "to", false, ",\"inclusive\":true",
	  "days", false },
	{ "business_day", "calendar.explain", "at", NULL, false, "", "business_day", false },
	{ "holiday_at", "calendar.explain", "at", NULL, false, "", "holiday", false },
	{ "break_at", "calendar.explain", "at", NULL, false, "", "break", false },
	{ "periods", "calendar.periods", "at", "count", true, "", "periods", false },
	{ "add_term", "date.add_term", "start", "term", false, "", "time", true },
};

static ent_str ask_of(size_t q, ent_str calendar, ent_str first, ent_str second,
                      struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	const char *quote = questions[q].is_number ? "" : "\"";
	ent_text_addf(&out, "{\"op\":\"%s\",\"%s\":\"%.*s\"%s", questions[q].op,
	              questions[q].first, (int)first.len, first.ptr, questions[q].more);
	if (questions[q].second != NULL) {
		ent_text_addf(&out, ",\"%s\":%s%.*s%s", questions[q].second, quote,
		              (int)second.len, second.ptr, quote);
	}
	ent_text_addf(&out, ",\"calendar\":%.*s}", (int)calendar.len, calendar.ptr);
	return ent_text_end(&out);
}

/* The answer as the file writes it. */
static ent_str want_of(size_t q, ent_str answer, struct ent_arena *arena)
{
	const char *comma = "";
	if (ent_str_is(answer, "error")) {
		return ENT_STR("\"ok\":false");
	}
	if (ent_str_is(answer, "never")) {
		return ENT_STR("{\"time\":null,\"never\":true}");
	}
	struct ent_text out = ent_text_begin(arena);
	ent_text_addf(&out, "\"%s\":", questions[q].member);
	if (!ent_str_is(ent_str_of(questions[q].member), "periods")) {
		const char *quote = questions[q].is_text ? "\"" : "";
		ent_text_addf(&out, "%s%.*s%s", quote, (int)answer.len, answer.ptr, quote);
		return ent_text_end(&out);
	}
	ent_text_char(&out, '[');
	while (answer.len > 0) {
		ent_str to = take(&answer, ' ');
		ent_str from = take(&to, '/');
		ent_text_addf(&out, "%s{\"from\":\"%.*s\",\"to\":\"%.*s\"}", comma, (int)from.len,
		              from.ptr, (int)to.len, to.ptr);
		comma = ",";
	}
	ent_text_char(&out, ']');
	return ent_text_end(&out);
}

/* "parse P1Y2W = 12 14 0": months, days, seconds. */
static void check_parse(ent_str text, ent_str answer)
{
	struct ent_term term = { 0 };
	char got[80];
	CHECK(ent_term_parse(text, &term));
	int sign = term.is_negative ? -1 : 1;
	snprintf(got, sizeof(got), "%d %d %lld", sign * term.duration.months,
	         sign * term.duration.days, sign * (long long)term.duration.seconds);
	CHECK(ent_str_is(answer, got));
}

/* "instant 2014-03-09T02:30:00 = 2014-03-09T10:30:00Z": both are the same time. */
static ent_str instant_ask(ent_str calendar, ent_str first, ent_str second,
                           struct ent_arena *arena)
{
	return ent_text_format(arena,
	                       "{\"op\":\"calendar.between\",\"from\":\"2000-01-01T00:00:00Z\","
	                       "\"to\":\"%.*s\",\"calendar\":%.*s,\"id\":\"%.*s\"}",
	                       (int)first.len, first.ptr, (int)calendar.len, calendar.ptr,
	                       (int)second.len, second.ptr);
}

static void check_instant(ent_str calendar, ent_str first, ent_str want, struct ent_arena arena)
{
	struct ent_text one;
	struct ent_text two;
	ent_str id = ENT_STR("x");
	ent_eval_line(instant_ask(calendar, first, id, &arena), &arena, &one);
	ent_str got = ent_text_end(&one);
	ent_eval_line(instant_ask(calendar, want, id, &arena), &arena, &two);
	CHECK_TEXT(got.ptr, ent_text_end(&two).ptr);
	CHECK(ent_str_contains(got, ENT_STR("\"ok\":true")));
}

/* Was it a question? */
static bool check_line(ent_str line, ent_str calendar, struct ent_arena arena)
{
	ent_str answer = line;
	ent_str question = take(&answer, '=');
	answer = take(&answer, '#');
	ent_str word = take(&question, ' ');
	ent_str first = take(&question, ' ');
	if (answer.len == 0) {
		return false;
	}
	if (ent_str_is(word, "parse")) {
		check_parse(first, answer);
		return true;
	}
	if (ent_str_is(word, "instant")) {
		check_instant(calendar, first, answer, arena);
		return true;
	}
	size_t q = 0;
	while (q < ENT_COUNT(questions) && !ent_str_is(word, questions[q].word)) {
		q++;
	}
	CHECK(q < ENT_COUNT(questions));
	if (q < ENT_COUNT(questions)) {
		struct ent_text out;
		ent_str want = want_of(q, answer, &arena);
		ent_eval_line(ask_of(q, calendar, first, question, &arena), &arena, &out);
		ent_str got = ent_text_end(&out);
		if (!ent_str_contains(got, want)) {
			CHECK_TEXT(got.ptr, want.ptr);
		}
	}
	return true;
}

static int check_group(ent_str group, struct ent_arena arena)
{
	ent_str calendar = calendar_of(group, &arena);
	int count = 0;
	while (group.len > 0) {
		ent_str line = take(&group, '\n');
		char row[120];
		snprintf(row, sizeof(row), "%.*s", (int)line.len, line.ptr);
		ROW(row);
		if (line.len > 0 && line.ptr[0] != '#') {
			count += check_line(line, calendar, arena);
		}
		ROW(NULL);
	}
	return count;
}

/* Groups are separated by blank lines. Returns how many questions there were. */
static int check_file(const char *name)
{
	static char text[FILE_ROOM];
	char path[300];
	struct ent_budget budget;
	struct ent_arena arena;
	snprintf(path, sizeof(path), "%s/tests/data/calendar_%s.txt", ENT_SOURCE_DIR, name);
	FILE *file = fopen(path, "rb");
	CHECK(file != NULL);
	bool reserved = ent_arena_reserve((size_t)1 << 28, &budget, &arena);
	CHECK(reserved);
	if (file == NULL || !reserved) {
		return 0;
	}
	size_t len = fread(text, 1, sizeof(text) - 1, file);
	CHECK(len < sizeof(text) - 1);
	fclose(file);
	text[len] = '\0';
	int count = 0;
	for (char *group = text; group != NULL;) {
		char *end = strstr(group, "\n\n");
		size_t size = end == NULL ? strlen(group) : (size_t)(end - group);
		count += check_group(ent_str_trim((ent_str){ group, size }), arena);
		group = end == NULL ? NULL : end + 2;
	}
	ent_arena_release(&arena);
	return count;
}

TEST(calendar_data_zendesk_biz)
{
	CHECK_INT(check_file("zendesk_biz"), 104);
}

TEST(calendar_data_znuny_otrs)
{
	CHECK_INT(check_file("znuny_otrs"), 54);
}

TEST(calendar_data_glpi)
{
	CHECK_INT(check_file("glpi_calendar"), 31);
}

TEST(calendar_data_rickar_cal)
{
	CHECK_INT(check_file("rickar_cal"), 59);
}

TEST(calendar_data_chatwoot)
{
	CHECK_INT(check_file("chatwoot"), 11);
}

TEST(calendar_data_servicenow_docs)
{
	CHECK_INT(check_file("servicenow_docs"), 18);
}

TEST(calendar_data_isodate)
{
	CHECK_INT(check_file("isodate"), 43);
}

TEST(calendar_data_bc_period_end)
{
	CHECK_INT(check_file("bc_period_end"), 14);
}

TEST(calendar_data_tables)
{
	CHECK(check_file("tables") > 130);
}

TEST(calendar_data_dst_nights)
{
	CHECK(check_file("dst_nights") > 400);
}
