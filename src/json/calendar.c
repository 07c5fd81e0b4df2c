#include "json/calendar_inner.h"

#include <string.h>

enum { NAME_CHARACTERS = 120 };

bool ent_calendar_expect(struct ent_calendar_reader *r, const struct ent_node *node,
                         enum ent_json_kind kind, const char *path, const char *remedy)
{
	if (node->kind != kind) {
		ent_note(r->error, ENT_E_TYPE, path, NO_TEXT, "%s", remedy);
		return false;
	}
	return true;
}

bool ent_calendar_within(struct ent_calendar_reader *r, size_t count, size_t most, const char *path)
{
	if (count > most) {
		ent_note(r->error, ENT_E_LIMIT, path, NO_TEXT, "give at most %zu", most);
		return false;
	}
	return true;
}

bool ent_calendar_text(const struct ent_node *object, const char *name, ent_str *out)
{
	const struct ent_node *node = ent_json_member(object, name);
	*out = NO_TEXT;
	if (!is_given(node)) {
		return true;
	}
	*out = node->text;
	return node->kind == ENT_JSON_STRING;
}

bool ent_calendar_name(struct ent_calendar_reader *r, const struct ent_node *object,
                       const char *member, const char *path, ent_str *out)
{
	bool good = ent_calendar_text(object, member, out) &&
	            ent_str_characters(*out) <= NAME_CHARACTERS;
	if (!good) {
		ent_note(r->error, ENT_E_LIMIT, ent_calendar_below(r, path, ent_str_of(member)),
		         NO_TEXT, "give a text of at most %d characters", NAME_CHARACTERS);
	}
	return good;
}

const char *ent_calendar_below(struct ent_calendar_reader *r, const char *path, ent_str name)
{
	struct ent_text out = ent_text_begin(r->arena);
	ent_text_add(&out, ent_str_of(path));
	ent_text_char(&out, '/');
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (c == '~' || c == '/') {
			ent_text_add(&out, c == '~' ? ENT_STR("~0") : ENT_STR("~1"));
		} else {
			ent_text_char(&out, c);
		}
	}
	return ent_text_end(&out).ptr;
}

/* ---- hours ---- */

static bool read_opening(struct ent_calendar_reader *r, const struct ent_node *node,
                         const char *path, struct ent_opening *out)
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
static struct ent_openings read_openings(struct ent_calendar_reader *r, const struct ent_node *node,
                                         const char *path)
{
	struct ent_openings none = { NULL, 0 };
	if (node->kind == ENT_JSON_NULL ||
	    !ent_calendar_expect(r, node, ENT_JSON_ARRAY, path, "give an array of [from, to]") ||
	    !ent_calendar_within(r, node->count, ENT_OPENINGS_MAX, path)) {
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

static void read_week(struct ent_calendar_reader *r, const struct ent_node *node, const char *path,
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
	if (!ent_calendar_expect(r, node, ENT_JSON_OBJECT, path, "give hours by weekday")) {
		return;
	}
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		int day = ent_weekday_parse(n->name);
		if (day < 0) {
			ent_note(r->error, ENT_E_UNKNOWN_FIELD,
			         ent_calendar_below(r, path, n->name), NO_TEXT,
			         "days are mon, tue, wed, thu, fri, sat, sun");
			continue;
		}
		out->days[day] = read_openings(r, n, ent_calendar_below(r, path, n->name));
	}
}

/* ---- hours of dates ---- */

/* {"2026-12-24":[["09:00","12:00"]]} in addition to what *out has; it has room for them. */
static void read_dates(struct ent_calendar_reader *r, const struct ent_node *node, const char *path,
                       struct ent_dated *items, struct ent_dates *out)
{
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		const char *place = ent_calendar_below(r, path, n->name);
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
static struct ent_dates read_dated(struct ent_calendar_reader *r, const struct ent_node *object,
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
		const char *place = ent_calendar_below(r, path, nodes[i]->name);
		if (!ent_calendar_expect(r, nodes[i], ENT_JSON_OBJECT, place,
		                         "give hours by date") ||
		    !ent_calendar_within(r, count + nodes[i]->count, ENT_EXCEPTIONS_MAX, place)) {
			return dates;
		}
		count += nodes[i]->count;
	}
	struct ent_dated *items = ENT_NEW(r->arena, struct ent_dated, count);
	for (size_t i = 0; i < 2; i++) {
		if (nodes[i] != NULL) {
			read_dates(r, nodes[i], ent_calendar_below(r, path, nodes[i]->name), items,
			           &dates);
		}
	}
	return dates;
}

/* ---- the whole ---- */

enum where { CALENDAR = 1, VERSION = 2, BOTH = 3 };

static void check_names(struct ent_calendar_reader *r, const struct ent_node *object,
                        const char *path, enum where where)
{
	static const struct {
		const char *name;
		enum where where;
	} known[] = {
		{ "timezone", CALENDAR },
		{ "time_zone", CALENDAR },
		{ "versions", CALENDAR },
		{ "effective_from", VERSION },
		{ "week", BOTH },
		{ "holidays", BOTH },
		{ "holiday_ranges", BOTH },
		{ "closed_periods_local", BOTH },
		{ "exceptions", BOTH },
		{ "overrides", BOTH },
		{ "breaks", BOTH },
		{ "name", BOTH },
		{ "description", CALENDAR },
		{ "note", CALENDAR },
		{ "holiday_rule", CALENDAR }, /* of vectors: what their dates were made from */
	};
	for (const struct ent_node *n = object->first; n != NULL; n = n->next) {
		bool found = false;
		for (size_t i = 0; i < ENT_COUNT(known); i++) {
			found = found || (ent_str_is(n->name, known[i].name) &&
			                  (known[i].where & where) != 0);
		}
		if (!found) {
			ent_note(r->error, ENT_E_UNKNOWN_FIELD,
			         ent_calendar_below(r, path, n->name), NO_TEXT,
			         "a calendar has timezone, week, holidays, exceptions, breaks, …");
		}
	}
}

static void read_version(struct ent_calendar_reader *r, const struct ent_node *node,
                         const char *path, struct ent_calendar_version *out)
{
	const struct ent_node *week = ent_json_member(node, "week");
	*out = (struct ent_calendar_version){ .effective_from = ENT_DATE_NONE };
	if (is_given(week)) {
		read_week(r, week, ent_calendar_below(r, path, ENT_STR("week")), &out->week);
	}
	out->exceptions = read_dated(r, node, path, "exceptions", "overrides");
	out->breaks = read_dated(r, node, path, "breaks", "");
	ent_calendar_read_closed(r, node, path, out);
}

static void read_later(struct ent_calendar_reader *r, const struct ent_node *list, const char *path,
                       struct ent_calendar_version *items, size_t *count)
{
	size_t index = 0;
	for (const struct ent_node *n = list->first; n != NULL; n = n->next) {
		const char *place = item_of(r, path, index++);
		struct ent_calendar_version *v = &items[*count];
		ent_str from;
		if (!ent_calendar_expect(r, n, ENT_JSON_OBJECT, place, "give an object")) {
			continue;
		}
		check_names(r, n, place, VERSION);
		read_version(r, n, place, v);
		(void)ent_calendar_name(r, n, "name", place, &v->name);
		if (!ent_calendar_text(n, "effective_from", &from) || from.ptr == NULL ||
		    !ent_date_parse(from, &v->effective_from)) {
			ent_note(r->error, ENT_E_REQUIRED,
			         ent_calendar_below(r, place, ENT_STR("effective_from")), from,
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
                       struct ent_timetable *out, struct ent_error *error)
{
	struct ent_calendar_reader reader = { arena, error };
	struct ent_calendar_reader *r = &reader;
	*out = (struct ent_timetable){ .time_zone = ENT_STR("UTC"), .zone = &ent_zone_utc };
	if (!ent_calendar_expect(r, node, ENT_JSON_OBJECT, prefix,
	                         "give a calendar as an object")) {
		return;
	}
	check_names(r, node, prefix, CALENDAR);
	const struct ent_node *zone = ent_json_member(node, "timezone");
	const struct ent_node *later = ent_json_member(node, "versions");
	zone = is_given(zone) ? zone : ent_json_member(node, "time_zone");
	if (is_given(zone) &&
	    ent_calendar_expect(r, zone, ENT_JSON_STRING, ent_calendar_below(r, prefix, zone->name),
	                        "give an IANA zone such as Europe/Berlin")) {
		out->time_zone = zone->text;
	}
	const char *place = ent_calendar_below(r, prefix, ENT_STR("versions"));
	if (!is_given(later) ||
	    !ent_calendar_expect(r, later, ENT_JSON_ARRAY, place, "give an array") ||
	    !ent_calendar_within(r, later->count, ENT_CALENDAR_VERSIONS_MAX - 1, place)) {
		later = NULL;
	}
	size_t more = later == NULL ? 0 : later->count;
	struct ent_calendar_version *items = ENT_NEW(arena, struct ent_calendar_version, more + 1);
	read_version(r, node, prefix, &items[0]);
	out->version_count = 1;
	if (later != NULL) {
		read_later(r, later, place, items, &out->version_count);
	}
	out->versions = items;
}
