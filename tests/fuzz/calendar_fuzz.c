/* fuzz: json - any bytes as a calendar and as the texts in one: a week, a rule for dates, a term,
 * a time. What is accepted is written and read back the same, and its arithmetic agrees. */
#include "core/date_term.h"
#include "json/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[1 << 23];
static struct ent_budget budget = { .fail_at = -1 };

static void check_week(ent_str text, struct ent_arena arena)
{
	struct ent_week week;
	struct ent_week again;
	struct ent_error error = { 0 };
	if (ent_week_parse(text, &arena, &week, &error) != ENT_OK) {
		assert(error.issue_count == 1);
		return;
	}
	struct ent_text one = ent_text_begin(&arena);
	ent_week_print(&week, &one);
	ent_str printed = ent_text_end(&one);
	enum ent_code code = ent_week_parse(printed, &arena, &again, &error);
	assert(code == ENT_OK);
	struct ent_text two = ent_text_begin(&arena);
	ent_week_print(&again, &two);
	assert(ent_str_eq(printed, ent_text_end(&two)));
}

static void check_texts(ent_str text, struct ent_arena arena)
{
	struct ent_day_rule rule;
	char room[ENT_DAY_RULE_ROOM];
	struct ent_term term;
	ent_instant at;
	enum ent_when_form form;
	if (ent_day_rule_parse(text, &rule)) {
		size_t len = ent_day_rule_format(&rule, room);
		assert(ent_str_eq(text, (ent_str){ room, len }));
	}
	if (ent_term_parse(text, &term)) {
		struct ent_term again;
		struct ent_text out = ent_text_begin(&arena);
		ent_term_print(term, &out);
		assert(ent_term_parse(ent_text_end(&out), &again));
		assert(again.is_negative == term.is_negative);
		assert(again.duration.months == term.duration.months);
	}
	if (ent_when_parse(text, &ent_zone_utc, &at, &form)) {
		char when[ENT_WHEN_ROOM];
		ent_instant again;
		size_t len = ent_when_format(at, &ent_zone_utc, form, when);
		assert(ent_when_parse((ent_str){ when, len }, &ent_zone_utc, &again, &form));
		assert(again.us == at.us);
	}
}

static void check_arithmetic(const struct ent_timetable *calendar, struct ent_arena arena)
{
	const struct ent_hours *hours = ent_hours_compile(calendar, 2025, 2025, &arena);
	ent_instant from = { ent_date_make(2025, 1, 1).day * ENT_DAY_US };
	ent_instant middle = { ent_date_make(2025, 7, 10).day * ENT_DAY_US + ENT_HOUR_US };
	ent_instant to = { ent_date_make(2026, 4, 1).day * ENT_DAY_US };
	int64_t all = ent_hours_between(hours, from, to, arena);
	int64_t first = ent_hours_between(hours, from, middle, arena);
	assert(all == first + ent_hours_between(hours, middle, to, arena));
	if (first > 0 && first < all) {
		ent_instant half = ent_hours_add(hours, from, first, arena);
		assert(half.us <= middle.us && half.us > from.us);
		assert(ent_hours_between(hours, from, half, arena) == first);
		ent_instant end = ent_hours_add(hours, half, all - first, arena);
		assert(end.us == ent_hours_add(hours, from, all, arena).us && end.us <= to.us);
		ent_instant begin = ent_hours_subtract(hours, end, all, arena);
		assert(ent_hours_is_open(hours, begin, arena) && begin.us >= from.us);
		assert(ent_hours_between(hours, begin, end, arena) == all);
	}
}

static void check_calendar(ent_str text, struct ent_arena arena)
{
	const struct ent_node *node;
	struct ent_timetable calendar;
	struct ent_error error = { 0 };
	if (ent_json_parse(text, &arena, &node, &error) != ENT_OK) {
		return;
	}
	ent_calendar_read(node, "", &arena, &calendar, &error);
	if (error.issue_count == 0) {
		check_arithmetic(&calendar, arena);
	}
}

static void run(void *arg)
{
	const ent_str *text = arg;
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	check_week(*text, arena);
	check_texts(*text, arena);
	check_calendar(*text, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ent_str text = { (const char *)data, size };
	budget.high = memory;
	bool fits = ent_guard(&budget, run, &text);
	(void)fits;
	return 0;
}
