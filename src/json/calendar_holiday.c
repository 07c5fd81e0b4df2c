/* Closed dates, in every notation. */
#include "json/calendar_inner.h"

#include <string.h>

static bool refuse_holiday(struct ent_calendar_reader *r, const char *path, ent_str value)
{
	ent_note(r->error, ENT_E_FORMAT, path, value,
	         "write e.g. 2026-12-25, *-12-25, easter-2, *-11-thu4, *-05-mon-1");
	return false;
}

static bool in_order(struct ent_calendar_reader *r, const char *path, const struct ent_holiday *h)
{
	bool once = h->first.form == ENT_DAY_ONCE;
	if (once != (h->last.form == ENT_DAY_ONCE)) {
		ent_note(r->error, ENT_E_INVALID, path, NO_TEXT,
		         "give both dates with a year or both without");
		return false;
	}
	int64_t first = once ? h->first.date.day : 0;
	int64_t last = once ? h->last.date.day : 0;
	bool one_day = memcmp(&h->first, &h->last, sizeof(h->first)) == 0;
	if (last < first || ((once ? last == first : one_day) && h->to <= h->from)) {
		ent_note(r->error, ENT_E_RANGE, path, NO_TEXT, "end it behind its beginning");
		return false;
	}
	return true;
}

/* {"date":"*-12-24","days":3,"from":"12:00","to":"24:00"} */
static bool read_dated_holiday(struct ent_calendar_reader *r, const struct ent_node *node,
                               const char *path, struct ent_holiday *out)
{
	const struct ent_node *days = ent_json_member(node, "days");
	ent_str date, from, to;
	int64_t count = 1;
	bool texts = ent_calendar_text(node, "date", &date) &&
	             ent_calendar_text(node, "from", &from) && ent_calendar_text(node, "to", &to);
	if (!texts || !ent_day_rule_parse(date, &out->first)) {
		return refuse_holiday(r, path, date);
	}
	if ((from.ptr != NULL && !ent_clock_parse(from, &out->from)) ||
	    (to.ptr != NULL && !ent_clock_parse(to, &out->to))) {
		ent_note(r->error, ENT_E_FORMAT, path, from.ptr != NULL ? from : to,
		         "write times of day such as 12:00");
		return false;
	}
	if (is_given(days) &&
	    (!ent_json_int(days, &count) || count < 1 || count > ENT_HOLIDAY_DAYS_MAX)) {
		ent_note(r->error, ENT_E_RANGE, path, NO_TEXT, "give 1 to %d days",
		         ENT_HOLIDAY_DAYS_MAX);
		return false;
	}
	if (!ent_day_rule_later(&out->first, (int32_t)count - 1, &out->last)) {
		ent_note(r->error, ENT_E_RANGE, path, NO_TEXT, "end it in the year 9999");
		return false;
	}
	return in_order(r, path, out);
}

/* A date, or a date and a time of day: "2025-12-24T12:00". *seconds stays if there is none. */
static bool parse_border(const struct ent_node *node, bool yearly, struct ent_day_rule *rule,
                         int32_t *seconds)
{
	if (node == NULL || node->kind != ENT_JSON_STRING) {
		return false;
	}
	struct ent_cut cut = ent_str_cut(node->text, 'T');
	if (!cut.found) {
		cut = ent_str_cut(node->text, ' ');
	}
	if (!ent_day_rule_parse(cut.head, rule) ||
	    (cut.found && !ent_clock_parse(cut.tail, seconds))) {
		return false;
	}
	if (yearly && rule->form == ENT_DAY_ONCE) {
		struct ent_civil civil = ent_date_civil(rule->date);
		*rule = (struct ent_day_rule){ .form = ENT_DAY_YEARLY,
			                       .date = ENT_DATE_NONE,
			                       .month = civil.month,
			                       .day = civil.day };
	}
	return true;
}

/* {"from":"2025-12-24T12:00","to":"2025-12-26","yearly":false} or [from, to]. */
static bool read_range(struct ent_calendar_reader *r, const struct ent_node *node, const char *path,
                       struct ent_holiday *out)
{
	bool is_pair = node->kind == ENT_JSON_ARRAY && node->count == 2;
	if (!is_pair && !ent_calendar_expect(r, node, ENT_JSON_OBJECT, path, "give from and to")) {
		return false;
	}
	const struct ent_node *from = is_pair ? node->first : ent_json_member(node, "from");
	const struct ent_node *to = is_pair ? node->first->next : ent_json_member(node, "to");
	const struct ent_node *yearly = ent_json_member(node, "yearly");
	bool every = yearly != NULL && yearly->kind == ENT_JSON_TRUE;
	*out = (struct ent_holiday){ .from = 0, .to = ENT_DAY_S };
	if (!parse_border(from, every, &out->first, &out->from) ||
	    !parse_border(to, every, &out->last, &out->to)) {
		ent_note(r->error, ENT_E_FORMAT, path, NO_TEXT,
		         "give from and to, e.g. 2025-12-24T12:00 and 2025-12-26");
		return false;
	}
	return in_order(r, path, out);
}

static bool check_members(struct ent_calendar_reader *r, const struct ent_node *node,
                          const char *path)
{
	static const char *const known[] = { "date",   "days", "from",       "to",
		                             "yearly", "name", "external_id" };
	bool good = true;
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		bool found = false;
		for (size_t i = 0; i < ENT_COUNT(known); i++) {
			found = found || ent_str_is(n->name, known[i]);
		}
		if (!found) {
			ent_note(r->error, ENT_E_UNKNOWN_FIELD,
			         ent_calendar_below(r, path, n->name), NO_TEXT,
			         "a holiday has date, days, from, to, yearly, name, external_id");
			good = false;
		}
	}
	return good;
}

/* "easter", or an object with a date, or one from here to there. */
static bool read_holiday(struct ent_calendar_reader *r, const struct ent_node *node,
                         const char *path, struct ent_holiday *out)
{
	*out = (struct ent_holiday){ .from = 0, .to = ENT_DAY_S };
	if (node->kind == ENT_JSON_OBJECT) {
		bool is_dated = is_given(ent_json_member(node, "date"));
		return check_members(r, node, path) &&
		       (is_dated ? read_dated_holiday(r, node, path, out)
		                 : read_range(r, node, path, out)) &&
		       ent_calendar_name(r, node, "name", path, &out->name) &&
		       ent_calendar_name(r, node, "external_id", path, &out->external_id);
	}
	if (!ent_calendar_expect(r, node, ENT_JSON_STRING, path,
	                         "give a date or an object with one")) {
		return false;
	}
	if (!ent_day_rule_parse(node->text, &out->first)) {
		return refuse_holiday(r, path, node->text);
	}
	out->last = out->first;
	return true;
}

/* As many as there is room for, behind those that *out has. */
static void read_list(struct ent_calendar_reader *r, const struct ent_node *list, const char *path,
                      bool are_ranges, struct ent_holiday *items, size_t *count)
{
	size_t index = 0;
	for (const struct ent_node *n = list->first; n != NULL; n = n->next) {
		const char *at = item_of(r, path, index++);
		bool good = are_ranges ? read_range(r, n, at, &items[*count])
		                       : read_holiday(r, n, at, &items[*count]);
		*count += good;
	}
}

void ent_holidays_read(const struct ent_node *list, const char *prefix, struct ent_arena *arena,
                       struct ent_calendar_version *out, struct ent_error *error)
{
	struct ent_calendar_reader reader = { arena, error };
	if (!ent_calendar_expect(&reader, list, ENT_JSON_ARRAY, prefix, "give an array") ||
	    !ent_calendar_within(&reader, list->count, ENT_HOLIDAYS_MAX, prefix)) {
		return;
	}
	struct ent_holiday *items = ENT_NEW(arena, struct ent_holiday, list->count);
	read_list(&reader, list, prefix, false, items, &out->holiday_count);
	out->holidays = items;
}

void ent_calendar_read_closed(struct ent_calendar_reader *r, const struct ent_node *object,
                              const char *path, struct ent_calendar_version *out)
{
	static const char *const names[] = { "holidays", "holiday_ranges", "closed_periods_local" };
	size_t most = 0;
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		const struct ent_node *list = ent_json_member(object, names[i]);
		most += list == NULL ? 0 : list->count;
	}
	most = most < ENT_HOLIDAYS_MAX ? most : ENT_HOLIDAYS_MAX;
	struct ent_holiday *items = ENT_NEW(r->arena, struct ent_holiday, most);
	out->holidays = items;
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		const struct ent_node *list = ent_json_member(object, names[i]);
		const char *place = ent_calendar_below(r, path, ent_str_of(names[i]));
		if (!is_given(list) ||
		    !ent_calendar_expect(r, list, ENT_JSON_ARRAY, place, "give an array") ||
		    !ent_calendar_within(r, out->holiday_count + list->count, ENT_HOLIDAYS_MAX,
		                         place)) {
			continue;
		}
		read_list(r, list, place, i > 0, items, &out->holiday_count);
	}
}
