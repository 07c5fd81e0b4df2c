/* Business time asked and answered as JSON (docs/calendars.md). */
#include "json/calculate.h"

#include <string.h>

enum { PERIODS_MAX = 10000 };
#define SECONDS_MAX INT64_C(1000000000000)

struct ask {
	const struct ent_node *input;
	const struct ent_timetable *calendar;
	const struct ent_hours *hours; /* NULL: made for the time that is asked */
	struct ent_arena *arena;
	struct ent_error *error;
	enum ent_when_form form;
	bool has_form;
};

static const char *pointer_to(struct ask *ask, const char *name)
{
	return ent_text_format(ask->arena, "/%s", name).ptr;
}

static ent_instant read_time(struct ask *ask, const char *name)
{
	const struct ent_node *node = ent_json_member(ask->input, name);
	ent_instant instant = { 0 };
	enum ent_when_form form;
	if (node == NULL || node->kind != ENT_JSON_STRING) {
		ent_note(ask->error, ENT_E_REQUIRED, pointer_to(ask, name), (ent_str){ NULL, 0 },
		         "give a time such as 2026-01-31T09:30:00Z or 2026-01-31T09:30:00");
	} else if (!ent_when_parse(node->text, ask->calendar->zone, &instant, &form)) {
		ent_note(ask->error, ENT_E_FORMAT, pointer_to(ask, name), node->text,
		         "give a time such as 2026-01-31T09:30:00Z or 2026-01-31T09:30:00");
	} else if (!ask->has_form) {
		ask->form = form;
		ask->has_form = true;
	}
	return instant;
}

static int64_t read_number(struct ask *ask, const char *name, int64_t most)
{
	const struct ent_node *node = ent_json_member(ask->input, name);
	int64_t number = 0;
	if (node == NULL) {
		ent_note(ask->error, ENT_E_REQUIRED, pointer_to(ask, name), (ent_str){ NULL, 0 },
		         "give a whole number");
	} else if (node->kind != ENT_JSON_NUMBER) {
		ent_note(ask->error, ENT_E_TYPE, pointer_to(ask, name), node->text,
		         "give a whole number, without quotes");
	} else if (!ent_json_int(node, &number) || number > most || number < -most) {
		ent_note(ask->error, ENT_E_RANGE, pointer_to(ask, name), node->text,
		         "give a whole number of at most %lld", (long long)most);
		number = 0;
	}
	return number;
}

static bool read_flag(struct ask *ask, const char *name)
{
	const struct ent_node *node = ent_json_member(ask->input, name);
	if (node != NULL && node->kind != ENT_JSON_TRUE && node->kind != ENT_JSON_FALSE) {
		ent_note(ask->error, ENT_E_TYPE, pointer_to(ask, name), (ent_str){ NULL, 0 },
		         "give true or false");
	}
	return node != NULL && node->kind == ENT_JSON_TRUE;
}

/* Tables for the year of `at` and the next one: the rest is made when it is needed. */
static const struct ent_hours *compile(struct ask *ask, ent_instant at)
{
	if (ask->hours != NULL) {
		return ask->hours;
	}
	int32_t year = ent_date_civil(ent_zone_date(ask->calendar->zone, at)).year;
	year = year < ENT_YEAR_MIN ? ENT_YEAR_MIN : year;
	year = year > ENT_YEAR_MAX ? ENT_YEAR_MAX : year;
	return ent_hours_compile(ask->calendar, year, year < ENT_YEAR_MAX ? year + 1 : year,
	                         ask->arena);
}

/* ---- answers ---- */

static bool can_be_written(ent_instant at)
{
	return at.us >= (ent_date_make(ENT_YEAR_MIN, 1, 1).day + 1) * ENT_DAY_US &&
	       at.us < (ent_date_make(ENT_YEAR_MAX, 12, 31).day) * ENT_DAY_US;
}

static ent_str time_text(const struct ask *ask, ent_instant at)
{
	char room[ENT_WHEN_ROOM];
	size_t len = ent_when_format(at, ask->calendar->zone, ask->form, room);
	return ent_text_copy(ask->arena, (ent_str){ room, len });
}

static enum ent_code answer_time(const struct ask *ask, ent_instant at, ent_str *result)
{
	if (!can_be_written(at)) {
		*result = ENT_STR("{\"time\":null,\"never\":true}");
		return ENT_OK;
	}
	*result = ent_text_format(ask->arena, "{\"time\":\"%s\"}", time_text(ask, at).ptr);
	return ENT_OK;
}

/* ---- operations ---- */

static enum ent_code move(struct ask *ask, int sign, ent_str *result)
{
	ent_instant start = read_time(ask, "start");
	int64_t us = sign * read_number(ask, "seconds", SECONDS_MAX) * ENT_SECOND_US;
	enum ent_code code = ent_noted(ask->error);
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_hours *hours = compile(ask, start);
	bool back = us < 0 || (us == 0 && sign < 0);
	return answer_time(ask,
	                   back ? ent_hours_subtract(hours, start, -us, *ask->arena)
	                        : ent_hours_add(hours, start, us, *ask->arena),
	                   result);
}

static enum ent_code do_add(struct ask *ask, ent_str *result)
{
	return move(ask, 1, result);
}

static enum ent_code do_subtract(struct ask *ask, ent_str *result)
{
	return move(ask, -1, result);
}

static enum ent_code do_between(struct ask *ask, ent_str *result)
{
	ent_instant from = read_time(ask, "from");
	ent_instant to = read_time(ask, "to");
	bool absolute = read_flag(ask, "absolute");
	enum ent_code code = ent_noted(ask->error);
	if (code != ENT_OK) {
		return code;
	}
	if (absolute && to.us < from.us) {
		ent_instant first = to;
		to = from;
		from = first;
	}
	int64_t us = ent_hours_between(compile(ask, from), from, to, *ask->arena);
	char room[ENT_DECIMAL_ROOM];
	ent_decimal_format((ent_decimal){ us }, room);
	*result = ent_text_format(ask->arena, "{\"seconds\":%s}", room);
	return ENT_OK;
}

static enum ent_code do_is_open(struct ask *ask, ent_str *result)
{
	ent_instant at = read_time(ask, "at");
	enum ent_code code = ent_noted(ask->error);
	if (code == ENT_OK) {
		bool open = ent_hours_is_open(compile(ask, at), at, *ask->arena);
		*result = open ? ENT_STR("{\"open\":true}") : ENT_STR("{\"open\":false}");
	}
	return code;
}

static enum ent_code do_next_open(struct ask *ask, ent_str *result)
{
	ent_instant at = read_time(ask, "at");
	enum ent_code code = ent_noted(ask->error);
	return code != ENT_OK
	               ? code
	               : answer_time(ask, ent_hours_next_open(compile(ask, at), at, *ask->arena),
	                             result);
}

static enum ent_code do_next_close(struct ask *ask, ent_str *result)
{
	ent_instant at = read_time(ask, "at");
	enum ent_code code = ent_noted(ask->error);
	return code != ENT_OK
	               ? code
	               : answer_time(ask, ent_hours_next_close(compile(ask, at), at, *ask->arena),
	                             result);
}

static enum ent_day_mode read_mode(struct ask *ask)
{
	static const char *const names[] = { "keep_clock_time", "into_hours", "end_of_day" };
	const struct ent_node *node = ent_json_member(ask->input, "mode");
	for (size_t i = 0; node != NULL && i < ENT_COUNT(names); i++) {
		if (node->kind == ENT_JSON_STRING && ent_str_is(node->text, names[i])) {
			return (enum ent_day_mode)i;
		}
	}
	if (node != NULL && node->kind != ENT_JSON_NULL) {
		ent_note(ask->error, ENT_E_UNKNOWN_VALUE, "/mode", node->text,
		         "give keep_clock_time, into_hours or end_of_day");
	}
	return ENT_DAY_KEEP_CLOCK;
}

static enum ent_code do_add_days(struct ask *ask, ent_str *result)
{
	ent_instant start = read_time(ask, "start");
	int64_t days = read_number(ask, "days", 4000000);
	enum ent_day_mode mode = read_mode(ask);
	enum ent_code code = ent_noted(ask->error);
	if (code != ENT_OK) {
		return code;
	}
	return answer_time(
		ask,
		ent_hours_add_days(compile(ask, start), start, (int32_t)days, mode, *ask->arena),
		result);
}

static enum ent_code do_days_between(struct ask *ask, ent_str *result)
{
	ent_instant start = read_time(ask, "from");
	ent_date from = ent_zone_date(ask->calendar->zone, start);
	ent_date until = ent_zone_date(ask->calendar->zone, read_time(ask, "to"));
	until.day += read_flag(ask, "inclusive");
	enum ent_code code = ent_noted(ask->error);
	if (code == ENT_OK) {
		int64_t days =
			ent_hours_days_between(compile(ask, start), from, until, *ask->arena);
		*result = ent_text_format(ask->arena, "{\"days\":%lld}", (long long)days);
	}
	return code;
}

/* Where the last period before `at` ends, or `at` in the middle of it. */
static ent_instant last_close(const struct ent_hours *hours, ent_instant at,
                              struct ent_arena scratch)
{
	ent_instant before = { at.us - 1 };
	return ent_hours_is_open(hours, before, scratch)
	               ? at
	               : ent_hours_subtract(hours, before, 0, scratch);
}

static enum ent_code list_periods(struct ask *ask, ent_instant at, int64_t count, ent_str *result)
{
	const struct ent_hours *hours = compile(ask, at);
	bool back = count < 0;
	ent_str *parts = ENT_NEW(ask->arena, ent_str, 2 * (back ? -count : count));
	size_t n = 0;
	for (int64_t i = back ? -count : count; i > 0; i--) {
		struct ent_arena scratch = *ask->arena;
		ent_instant open = back ? ent_hours_last_open(hours, at, scratch)
		                        : ent_hours_next_open(hours, at, scratch);
		ent_instant close = back ? last_close(hours, at, scratch)
		                         : ent_hours_next_close(hours, at, scratch);
		if (!can_be_written(open) || !can_be_written(close)) {
			break;
		}
		parts[n++] = time_text(ask, open);
		parts[n++] = time_text(ask, close);
		at = back ? open : close;
	}
	struct ent_text out = ent_text_begin(ask->arena);
	ent_text_add(&out, ENT_STR("{\"periods\":["));
	for (size_t i = 0; i < n; i += 2) {
		ent_text_addf(&out, "%s{\"from\":\"%s\",\"to\":\"%s\"}", i == 0 ? "" : ",",
		              parts[i].ptr, parts[i + 1].ptr);
	}
	ent_text_add(&out, ENT_STR("]}"));
	*result = ent_text_end(&out);
	return ENT_OK;
}

static enum ent_code do_periods(struct ask *ask, ent_str *result)
{
	ent_instant at = read_time(ask, "at");
	int64_t count = read_number(ask, "count", PERIODS_MAX);
	enum ent_code code = ent_noted(ask->error);
	return code != ENT_OK ? code : list_periods(ask, at, count, result);
}

static enum ent_code do_explain(struct ask *ask, ent_str *result)
{
	ent_instant at = read_time(ask, "at");
	enum ent_code code = ent_noted(ask->error);
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_hours *hours = compile(ask, at);
	ent_date date = ent_zone_date(ask->calendar->zone, at);
	static const char *const words[] = { "false", "true" };
	*result = ent_text_format(
		ask->arena, "{\"open\":%s,\"holiday\":%s,\"break\":%s,\"business_day\":%s}",
		words[ent_hours_is_open(hours, at, *ask->arena)],
		words[ent_calendar_is_holiday(ask->calendar, at, *ask->arena)],
		words[ent_calendar_is_break(ask->calendar, at, *ask->arena)],
		words[ent_hours_days_between(hours, date, (ent_date){ date.day + 1 }, *ask->arena) >
	              0]);
	return ENT_OK;
}

static enum ent_code do_week(struct ask *ask, ent_str *result)
{
	enum ent_code code = ent_noted(ask->error);
	if (code == ENT_OK) {
		struct ent_text out = ent_text_begin(ask->arena);
		ent_text_add(&out, ENT_STR("{\"week\":\""));
		ent_week_print(&ask->calendar->versions[0].week, &out);
		ent_text_add(&out, ENT_STR("\"}"));
		*result = ent_text_end(&out);
	}
	return code;
}

/* ---- all of them ---- */

static const struct {
	const char *name;
	enum ent_code (*run)(struct ask *ask, ent_str *result);
	const char *members; /* that it takes */
} ops[] = {
	{ "add", do_add, "start seconds" },
	{ "subtract", do_subtract, "start seconds" },
	{ "between", do_between, "from to absolute" },
	{ "is_open", do_is_open, "at" },
	{ "next_open", do_next_open, "at" },
	{ "next_close", do_next_close, "at" },
	{ "add_days", do_add_days, "start days mode" },
	{ "days_between", do_days_between, "from to inclusive" },
	{ "periods", do_periods, "at count" },
	{ "explain", do_explain, "at" },
	{ "week", do_week, "" },
};

const char *ent_calculation_name(size_t at)
{
	return at < ENT_COUNT(ops) ? ops[at].name : NULL;
}

enum ent_code ent_calculate(const struct ent_calculation *calculation, ent_str op,
                            struct ent_arena *arena, ent_str *result, struct ent_error *error)
{
	struct ask ask = { .input = calculation->input,
		           .calendar = calculation->calendar,
		           .hours = calculation->hours,
		           .arena = arena,
		           .error = error };
	for (size_t i = 0; i < ENT_COUNT(ops); i++) {
		if (ent_str_is(op, ops[i].name)) {
			ent_json_only(ask.input, ops[i].members, calculation->others, error);
			return ops[i].run(&ask, result);
		}
	}
	ent_note(error, ENT_E_UNKNOWN_VALUE, "/op", op,
	         "give add, subtract, between, is_open, next_open, next_close, add_days, "
	         "days_between, periods, explain or week");
	return ent_noted(error);
}
