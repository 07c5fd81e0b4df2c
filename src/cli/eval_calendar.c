/* Business time with the calendar inline (docs/calendars.md):
 *
 *     {"op":"calendar.add","calendar":{"timezone":"Europe/Berlin","week":"mon-fri 09:00-17:30"},
 *      "start":"2026-03-27T16:00:00","seconds":14400}     {"time":"2026-03-30T11:30:00"} */
#include "cli/eval.h"

#include "store/zoneinfo.h"
#include "json/calculate.h"
#include "json/calendar.h"

/* Without a calendar every second counts. */
static void open_always(struct ent_timetable *out, struct ent_arena *arena)
{
	static const struct ent_opening day = { 0, ENT_DAY_S };
	struct ent_calendar_version *version = ENT_NEW(arena, struct ent_calendar_version, 1);
	for (size_t i = 0; i < 7; i++) {
		version->week.days[i] = (struct ent_openings){ &day, 1 };
	}
	*out = (struct ent_timetable){ ENT_STR("UTC"), &ent_zone_utc, version, 1 };
}

static void read_calendar(const struct ent_node *node, struct ent_arena *arena,
                          struct ent_timetable *out, struct ent_error *error)
{
	struct ent_error ignored;
	if (node == NULL) {
		ent_note(error, ENT_E_REQUIRED, "/calendar", (ent_str){ NULL, 0 },
		         "give a calendar, or null for one that is always open");
	}
	if (node == NULL || node->kind == ENT_JSON_NULL) {
		open_always(out, arena);
		return;
	}
	ent_calendar_read(node, "/calendar", arena, out, error);
	if (!ent_str_is(out->time_zone, "floating") &&
	    ent_zoneinfo_find(out->time_zone, &out->zone, &ignored) != ENT_OK) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/calendar/timezone", out->time_zone,
		         "give an IANA zone such as Europe/Berlin");
	}
}

static enum ent_code calculate(const char *op, const struct ent_node *input,
                               struct ent_arena *arena, ent_str *result, struct ent_error *error)
{
	struct ent_timetable calendar;
	read_calendar(ent_json_member(input, "calendar"), arena, &calendar, error);
	struct ent_calculation calculation = { .input = input, .calendar = &calendar };
	return ent_calculate(&calculation, ent_str_of(op), arena, result, error);
}

#define CALCULATE(name)                                                                  \
	enum ent_code ent_eval_calendar_##name(const struct ent_node *input,             \
	                                       struct ent_arena *arena, ent_str *result, \
	                                       struct ent_error *error)                  \
	{                                                                                \
		return calculate(#name, input, arena, result, error);                    \
	}
CALCULATE(add)
CALCULATE(subtract)
CALCULATE(between)
CALCULATE(is_open)
CALCULATE(next_open)
CALCULATE(next_close)
CALCULATE(add_days)
CALCULATE(days_between)
CALCULATE(periods)
CALCULATE(explain)
CALCULATE(week)
