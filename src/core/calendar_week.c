#include "core/calendar.h"

#include <string.h>

/* ---- reading ---- */

static enum ent_code refuse(struct ent_error *error, ent_str text, const char *remedy)
{
	return ent_refuse(error, ENT_E_FORMAT, "", text, "%s", remedy);
}

/* "mon-wed,fri": a bit a day. 0 if it is none of that. */
static unsigned parse_days(ent_str text)
{
	unsigned days = 0;
	for (struct ent_cut list = { .tail = text, .found = true }; list.found;) {
		list = ent_str_cut(list.tail, ',');
		struct ent_cut range = ent_str_cut(list.head, '-');
		int first = ent_weekday_parse(range.head);
		int last = range.found ? ent_weekday_parse(range.tail) : first;
		if (first < 0 || last < 0) {
			return 0;
		}
		for (int day = first;; day = (day + 1) % 7) {
			days |= 1U << day;
			if (day == last) {
				break;
			}
		}
	}
	return days;
}

/* "09:00-12:00,13:00-17:30", blanks behind commas. */
static bool parse_hours(ent_str text, struct ent_opening *items, size_t *count)
{
	*count = 0;
	for (struct ent_cut list = { .tail = text, .found = true }; list.found;) {
		list = ent_str_cut(list.tail, ',');
		struct ent_cut range = ent_str_cut(ent_str_trim(list.head), '-');
		int32_t from, to;
		if (*count == ENT_OPENINGS_MAX || !range.found ||
		    !ent_clock_parse(range.head, &from) || !ent_clock_parse(range.tail, &to) ||
		    !ent_opening_make(from, to, &items[*count])) {
			return false;
		}
		(*count)++;
	}
	return true;
}

static void add_hours(struct ent_openings *day, const struct ent_opening *items, size_t count,
                      struct ent_opening *room)
{
	if (day->count > 0) {
		memcpy(room, day->items, day->count * sizeof(*room));
	}
	for (size_t i = 0; i < count; i++) {
		size_t at = day->count++;
		while (at > 0 && (room[at - 1].from > items[i].from ||
		                  (room[at - 1].from == items[i].from &&
		                   room[at - 1].to > items[i].to))) {
			room[at] = room[at - 1];
			at--;
		}
		room[at] = items[i];
	}
	day->items = room;
}

enum ent_code ent_week_parse(ent_str text, struct ent_arena *arena, struct ent_week *out,
                             struct ent_error *error)
{
	struct ent_week week = { 0 };
	text = ent_str_trim(text);
	if (text.len == 0) {
		return refuse(error, text, "write e.g. mon-fri 09:00-17:30, or closed");
	}
	struct ent_cut list = { .tail = text, .found = !ent_str_is(text, "closed") };
	while (list.found) {
		list = ent_str_cut(list.tail, ';');
		ent_str item = ent_str_trim(list.head);
		struct ent_cut parts = ent_str_cut(item, ' ');
		struct ent_opening items[ENT_OPENINGS_MAX];
		size_t count;
		unsigned days = parse_days(parts.head);
		if (days == 0) {
			return refuse(error, item, "begin with days such as mon-fri or mon,wed");
		}
		if (!parse_hours(ent_str_trim(parts.tail), items, &count)) {
			return refuse(error, item, "write hours such as 09:00-12:00,13:00-17:30");
		}
		for (int day = 0; day < 7; day++) {
			if ((days >> day & 1) == 0) {
				continue;
			}
			if (week.days[day].count + count > ENT_OPENINGS_MAX) {
				return ent_refuse(error, ENT_E_LIMIT, "", item,
				                  "give a day at most %d spans", ENT_OPENINGS_MAX);
			}
			add_hours(&week.days[day], items, count,
			          ENT_NEW(arena, struct ent_opening,
			                  week.days[day].count + count));
		}
	}
	*out = week;
	return ENT_OK;
}

/* ---- writing ---- */

static bool same(const struct ent_openings *a, const struct ent_openings *b)
{
	return a->count == b->count &&
	       (a->count == 0 || memcmp(a->items, b->items, a->count * sizeof(*a->items)) == 0);
}

void ent_week_print(const struct ent_week *week, struct ent_text *out)
{
	bool first = true;
	for (int day = 0; day < 7; day++) {
		const struct ent_openings *hours = &week->days[day];
		int last = day;
		if (hours->count == 0) {
			continue;
		}
		while (last < 6 && same(hours, &week->days[last + 1])) {
			last++;
		}
		ent_text_addf(out, "%s%s", first ? "" : "; ", ent_weekday_name(day));
		if (last > day) {
			ent_text_addf(out, "-%s", ent_weekday_name(last));
		}
		for (size_t i = 0; i < hours->count; i++) {
			int32_t to = hours->items[i].to;
			ent_text_char(out, i == 0 ? ' ' : ',');
			ent_clock_print(out, hours->items[i].from);
			ent_text_char(out, '-');
			ent_clock_print(out, to > ENT_DAY_S ? to - ENT_DAY_S : to);
		}
		first = false;
		day = last;
	}
	if (first) {
		ent_text_add(out, ENT_STR("closed"));
	}
}
