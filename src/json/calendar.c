#include "json/calendar.h"

#include <string.h>

struct reader {
	struct ent_arena *arena;
	struct ent_error *error;
};

#define NO_TEXT ((ent_str){ NULL, 0 })

static const char *below(struct reader *r, const char *path, ent_str name)
{
	return ent_text_format(r->arena, "%s/%.*s", path, (int)name.len, name.ptr).ptr;
}

static const char *item_of(struct reader *r, const char *path, size_t at)
{
	return ent_text_format(r->arena, "%s/%zu", path, at).ptr;
}

static bool is_given(const struct ent_node *node)
{
	return node != NULL && node->kind != ENT_JSON_NULL;
}

/* Is it of that kind? Notes if not. */
static bool expect(struct reader *r, const struct ent_node *node, enum ent_json_kind kind,
                   const char *path, const char *remedy)
{
	if (node->kind != kind) {
		ent_note(r->error, ENT_E_TYPE, path, NO_TEXT, "%s", remedy);
		return false;
	}
	return true;
}

static bool within(struct reader *r, size_t count, size_t most, const char *path)
{
	if (count > most) {
		ent_note(r->error, ENT_E_LIMIT, path, NO_TEXT, "give at most %zu", most);
		return false;
	}
	return true;
}

/* ---- hours ---- */

static bool read_opening(struct reader *r, const struct ent_node *node, const char *path,
                         struct ent_opening *out)
{
	const struct ent_node *from = node->first;
	int32_t begin, end;
	if (node->kind != ENT_JSON_ARRAY || node->count != 2 || from->kind != ENT_JSON_STRING ||
	    from->next->kind != ENT_JSON_STRING) {
		ent_note(r->error, ENT_E_TYPE, path, NO_TEXT,
		         "give two times of day, [\"09:00\",\"17:00\"]");
		return false;
	}
	if (!ent_clock_parse(from->text, &begin) || !ent_clock_parse(from->next->text, &end) ||
	    !ent_opening_make(begin, end, out)) {
		ent_note(r->error, ENT_E_FORMAT, path, from->text,
		         "write times such as 09:00, 17:30 or 24:00; 24:00 only ends hours");
		return false;
	}
	return true;
}

/* [["09:00","12:00"],["13:00","17:00"]]; null and [] are closed. */
static struct ent_openings read_openings(struct reader *r, const struct ent_node *node,
                                         const char *path)
{
	struct ent_openings none = { NULL, 0 };
	if (node->kind == ENT_JSON_NULL ||
	    !expect(r, node, ENT_JSON_ARRAY, path, "give an array of [from, to]") ||
	    !within(r, node->count, ENT_OPENINGS_MAX, path)) {
		return none;
	}
	struct ent_opening *items = ENT_NEW(r->arena, struct ent_opening, node->count);
	size_t count = 0;
	size_t index = 0;
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		struct ent_opening opening;
		if (read_opening(r, n, item_of(r, path, index++), &opening)) {
			size_t at = count++;
			while (at > 0 && items[at - 1].from > opening.from) {
				items[at] = items[at - 1];
				at--;
			}
			items[at] = opening;
		}
	}
	return (struct ent_openings){ items, count };
}

static void read_week(struct reader *r, const struct ent_node *node, const char *path,
                      struct ent_week *out)
{
	if (node->kind == ENT_JSON_STRING) {
		struct ent_error error = { 0 };
		if (ent_week_parse(node->text, r->arena, out, &error) != ENT_OK) {
			ent_note(r->error, error.code, path, node->text, "%s",
			         error.issues[0].remedy);
		}
		return;
	}
	if (!expect(r, node, ENT_JSON_OBJECT, path, "give hours by weekday")) {
		return;
	}
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		int day = ent_weekday_parse(n->name);
		if (day < 0) {
			ent_note(r->error, ENT_E_UNKNOWN_FIELD, below(r, path, n->name), NO_TEXT,
			         "days are mon, tue, wed, thu, fri, sat, sun");
			continue;
		}
		out->days[day] = read_openings(r, n, below(r, path, n->name));
	}
}

/* ---- hours of dates ---- */

/* {"2026-12-24":[["09:00","12:00"]]} in addition to what *out has; it has room for them. */
static void read_dates(struct reader *r, const struct ent_node *node, const char *path,
                       struct ent_dated *items, struct ent_dates *out)
{
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		const char *place = below(r, path, n->name);
		struct ent_dated dated;
		if (!ent_date_parse(n->name, &dated.date)) {
			ent_note(r->error, ENT_E_FORMAT, place, n->name,
			         "name dates such as 2026-12-24");
			continue;
		}
		dated.hours = read_openings(r, n, place);
		size_t at = out->count;
		while (at > 0 && items[at - 1].date.day > dated.date.day) {
			at--;
		}
		if (at > 0 && items[at - 1].date.day == dated.date.day) {
			ent_note(r->error, ENT_E_DUPLICATE, place, n->name,
			         "give the hours of a date once");
			continue;
		}
		memmove(&items[at + 1], &items[at], (out->count - at) * sizeof(*items));
		items[at] = dated;
		out->count++;
	}
	out->items = items;
}

/* One or two members with the same meaning. */
static struct ent_dates read_dated(struct reader *r, const struct ent_node *object,
                                   const char *path, const char *name, const char *other)
{
	const struct ent_node *nodes[2] = { ent_json_member(object, name),
		                            ent_json_member(object, other) };
	struct ent_dates dates = { NULL, 0 };
	size_t count = 0;
	for (size_t i = 0; i < 2; i++) {
		if (!is_given(nodes[i])) {
			nodes[i] = NULL;
			continue;
		}
		const char *place = below(r, path, nodes[i]->name);
		if (!expect(r, nodes[i], ENT_JSON_OBJECT, place, "give hours by date") ||
		    !within(r, count + nodes[i]->count, ENT_EXCEPTIONS_MAX, place)) {
			return dates;
		}
		count += nodes[i]->count;
	}
	struct ent_dated *items = ENT_NEW(r->arena, struct ent_dated, count);
	for (size_t i = 0; i < 2; i++) {
		if (nodes[i] != NULL) {
			read_dates(r, nodes[i], below(r, path, nodes[i]->name), items, &dates);
		}
	}
	return dates;
}

/* ---- holidays ---- */

static bool text_of(const struct ent_node *object, const char *name, ent_str *out)
{
	const struct ent_node *node = ent_json_member(object, name);
	*out = NO_TEXT;
	if (!is_given(node)) {
		return true;
	}
	*out = node->text;
	return node->kind == ENT_JSON_STRING;
}

static bool refuse_holiday(struct reader *r, const char *path, ent_str value)
{
	ent_note(r->error, ENT_E_FORMAT, path, value,
	         "write e.g. 2026-12-25, *-12-25, easter-2, *-11-thu4, *-05-mon-1");
	return false;
}

static bool in_order(struct reader *r, const char *path, const struct ent_holiday *h)
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
static bool read_holiday_object(struct reader *r, const struct ent_node *node, const char *path,
                                struct ent_holiday *out)
{
	const struct ent_node *days = ent_json_member(node, "days");
	ent_str date, from, to;
	int64_t count = 1;
	bool texts = text_of(node, "date", &date) && text_of(node, "from", &from) &&
	             text_of(node, "to", &to);
	if (!texts || !ent_day_rule_parse(date, &out->first)) {
		return refuse_holiday(r, path, date);
	}
	if ((from.ptr != NULL && !ent_clock_parse(from, &out->from)) ||
	    (to.ptr != NULL && !ent_clock_parse(to, &out->to))) {
		ent_note(r->error, ENT_E_FORMAT, path, from.ptr != NULL ? from : to,
		         "write times of day such as 12:00");
		return false;
	}
	if (is_given(days) && (!ent_json_int(days, &count) || count < 1 || count > 366)) {
		ent_note(r->error, ENT_E_RANGE, path, NO_TEXT, "give 1 to 366 days");
		return false;
	}
	out->last = out->first;
	int32_t more = (int32_t)count - 1;
	switch (out->first.form) {
	case ENT_DAY_ONCE:
		out->last.date.day += more;
		break;
	case ENT_DAY_YEARLY: {
		/* Of a year with 29 February, so that "*-02-28" for 2 days ends on it. */
		ent_date last = ent_date_make(2000, out->first.month, out->first.day);
		struct ent_civil civil = ent_date_civil((ent_date){ last.day + more });
		out->last.month = civil.month;
		out->last.day = civil.day;
		break;
	}
	case ENT_DAY_WEEKDAY:
	case ENT_DAY_EASTER:
		out->last.offset += more;
		break;
	}
	return in_order(r, path, out);
}

static bool read_holiday(struct reader *r, const struct ent_node *node, const char *path,
                         struct ent_holiday *out)
{
	*out = (struct ent_holiday){ .from = 0, .to = ENT_DAY_S };
	if (node->kind == ENT_JSON_OBJECT) {
		return read_holiday_object(r, node, path, out);
	}
	if (!expect(r, node, ENT_JSON_STRING, path, "give a date or an object with one")) {
		return false;
	}
	if (!ent_day_rule_parse(node->text, &out->first)) {
		return refuse_holiday(r, path, node->text);
	}
	out->last = out->first;
	return true;
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
static bool read_range(struct reader *r, const struct ent_node *node, const char *path,
                       struct ent_holiday *out)
{
	bool is_pair = node->kind == ENT_JSON_ARRAY && node->count == 2;
	if (!is_pair && !expect(r, node, ENT_JSON_OBJECT, path, "give from and to")) {
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

static void read_holidays(struct reader *r, const struct ent_node *object, const char *path,
                          struct ent_calendar_version *out)
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
		const char *place = below(r, path, ent_str_of(names[i]));
		if (!is_given(list) || !expect(r, list, ENT_JSON_ARRAY, place, "give an array") ||
		    !within(r, out->holiday_count + list->count, ENT_HOLIDAYS_MAX, place)) {
			continue;
		}
		size_t index = 0;
		for (const struct ent_node *n = list->first; n != NULL; n = n->next) {
			const char *at = item_of(r, place, index++);
			struct ent_holiday *next = &items[out->holiday_count];
			out->holiday_count += i == 0 ? read_holiday(r, n, at, next)
			                             : read_range(r, n, at, next);
		}
	}
}

/* ---- the whole ---- */

enum where { CALENDAR = 1, VERSION = 2, BOTH = 3, IGNORED = 4 };

static void check_names(struct reader *r, const struct ent_node *object, const char *path,
                        enum where where)
{
	static const struct {
		const char *name;
		enum where where;
	} known[] = {
		{ "timezone", CALENDAR },     { "time_zone", CALENDAR },
		{ "versions", CALENDAR },     { "effective_from", VERSION },
		{ "week", BOTH },             { "holidays", BOTH },
		{ "holiday_ranges", BOTH },   { "closed_periods_local", BOTH },
		{ "exceptions", BOTH },       { "overrides", BOTH },
		{ "breaks", BOTH },           { "name", IGNORED },
		{ "description", IGNORED },   { "note", IGNORED },
		{ "holiday_rule", IGNORED }, /* of vectors: what their dates were made from */
	};
	for (const struct ent_node *n = object->first; n != NULL; n = n->next) {
		bool found = false;
		for (size_t i = 0; i < ENT_COUNT(known); i++) {
			found = found || (ent_str_is(n->name, known[i].name) &&
			                  (known[i].where & (where | IGNORED)) != 0);
		}
		if (!found) {
			ent_note(r->error, ENT_E_UNKNOWN_FIELD, below(r, path, n->name), NO_TEXT,
			         "a calendar has timezone, week, holidays, exceptions, breaks, …");
		}
	}
}

static void read_version(struct reader *r, const struct ent_node *node, const char *path,
                         struct ent_calendar_version *out)
{
	const struct ent_node *week = ent_json_member(node, "week");
	*out = (struct ent_calendar_version){ .effective_from = ENT_DATE_NONE };
	if (is_given(week)) {
		read_week(r, week, below(r, path, ENT_STR("week")), &out->week);
	}
	out->exceptions = read_dated(r, node, path, "exceptions", "overrides");
	out->breaks = read_dated(r, node, path, "breaks", "");
	read_holidays(r, node, path, out);
}

static void read_later(struct reader *r, const struct ent_node *list, const char *path,
                       struct ent_calendar_version *items, size_t *count)
{
	size_t index = 0;
	for (const struct ent_node *n = list->first; n != NULL; n = n->next) {
		const char *place = item_of(r, path, index++);
		struct ent_calendar_version *v = &items[*count];
		ent_str from;
		if (!expect(r, n, ENT_JSON_OBJECT, place, "give an object")) {
			continue;
		}
		check_names(r, n, place, VERSION);
		read_version(r, n, place, v);
		if (!text_of(n, "effective_from", &from) || from.ptr == NULL ||
		    !ent_date_parse(from, &v->effective_from)) {
			ent_note(r->error, ENT_E_REQUIRED,
			         below(r, place, ENT_STR("effective_from")), from,
			         "say from when it holds, e.g. 2027-01-01");
			continue;
		}
		if (*count > 1 && v->effective_from.day <= items[*count - 1].effective_from.day) {
			ent_note(r->error, ENT_E_INVALID, place, from, "order versions by date");
			continue;
		}
		(*count)++;
	}
}

void ent_calendar_read(const struct ent_node *node, const char *prefix, struct ent_arena *arena,
                       struct ent_calendar *out, struct ent_error *error)
{
	struct reader reader = { arena, error };
	struct reader *r = &reader;
	*out = (struct ent_calendar){ .time_zone = ENT_STR("UTC"), .zone = &ent_zone_utc };
	if (!expect(r, node, ENT_JSON_OBJECT, prefix, "give a calendar as an object")) {
		return;
	}
	check_names(r, node, prefix, CALENDAR);
	const struct ent_node *zone = ent_json_member(node, "timezone");
	const struct ent_node *later = ent_json_member(node, "versions");
	zone = is_given(zone) ? zone : ent_json_member(node, "time_zone");
	if (is_given(zone) && expect(r, zone, ENT_JSON_STRING, below(r, prefix, zone->name),
	                             "give an IANA zone such as Europe/Berlin")) {
		out->time_zone = zone->text;
	}
	const char *place = below(r, prefix, ENT_STR("versions"));
	if (!is_given(later) || !expect(r, later, ENT_JSON_ARRAY, place, "give an array") ||
	    !within(r, later->count, ENT_CALENDAR_VERSIONS_MAX - 1, place)) {
		later = NULL;
	}
	size_t more = later == NULL ? 0 : later->count;
	struct ent_calendar_version *items =
		ENT_NEW(arena, struct ent_calendar_version, more + 1);
	read_version(r, node, prefix, &items[0]);
	out->version_count = 1;
	if (later != NULL) {
		read_later(r, later, place, items, &out->version_count);
	}
	out->versions = items;
}
