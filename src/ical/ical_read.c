#include "ical/ical_inner.h"

#include <string.h>

enum { DEPTH_MAX = 8, ZONE_PARTS_MAX = 2000, NAME_CHARACTERS = 120 };

/* ---- before libical sees it ---- */

/* Lines put together again, as libical would, into a text that ends with NUL. */
static char *unfold(ent_str text, struct ent_arena *arena)
{
	char *out = ent_arena_bytes(arena, text.len + 2);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\0' || (c == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n')) {
			continue;
		}
		bool ends = c == '\n' || c == '\r';
		if (ends && i + 1 < text.len &&
		    (text.ptr[i + 1] == ' ' || text.ptr[i + 1] == '\t')) {
			i++;
			continue;
		}
		out[len++] = ends ? '\n' : c;
	}
	out[len] = '\0';
	return out;
}

static bool begins(const char *line, const char *word)
{
	size_t i = 0;
	while (word[i] != '\0' && (line[i] | 0x20) == word[i]) {
		i++;
	}
	return word[i] == '\0' && (line[i] == ':' || line[i] == ';' || line[i] == ' ');
}

/* libical frees what is nested by calling itself: depth and number are bounded first. */
static enum ent_code check_nesting(const char *text, struct ent_error *error)
{
	int depth = 0;
	size_t events = 0;
	for (const char *line = text; line != NULL && *line != '\0';) {
		line += strspn(line, " \t");
		if (begins(line, "begin")) {
			depth++;
			events++;
		} else if (begins(line, "end")) {
			depth--;
		}
		if (depth < 0) { /* libical would say so on standard error, each time */
			return ent_fail(error, ENT_E_SYNTAX, "an END is without its BEGIN");
		}
		if (depth > DEPTH_MAX) {
			return ent_fail(error, ENT_E_SYNTAX, "components are nested too deeply");
		}
		line = strchr(line, '\n');
		line = line == NULL ? NULL : line + 1;
	}
	return events <= 4 * ENT_ICAL_EVENTS_MAX
	               ? ENT_OK
	               : ent_fail(error, ENT_E_LIMIT, "give at most %d events",
	                          ENT_ICAL_EVENTS_MAX);
}

/* ---- what is not trusted ---- */

/* Changes of the clock once a year or so; others would be expanded for ever. */
static bool is_sane(icalcomponent *zone)
{
	size_t parts = 0;
	icalcomponent *c = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT);
	for (; c != NULL; c = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT)) {
		icalproperty *p = icalcomponent_get_first_property(c, ICAL_ANY_PROPERTY);
		for (; p != NULL; p = icalcomponent_get_next_property(c, ICAL_ANY_PROPERTY)) {
			bool rule = icalproperty_isa(p) == ICAL_RRULE_PROPERTY;
			if (++parts > ZONE_PARTS_MAX ||
			    (rule && icalproperty_get_rrule(p).freq != ICAL_YEARLY_RECURRENCE)) {
				return false;
			}
		}
	}
	return true;
}

static void drop_wild_zones(icalcomponent *calendar)
{
	icalcomponent *zone = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);
	while (zone != NULL) {
		icalcomponent *next = NULL;
		if (!is_sane(zone)) {
			icalcomponent_remove_component(calendar, zone);
			icalcomponent_free(zone);
			next = icalcomponent_get_first_component(calendar,
			                                         ICAL_VTIMEZONE_COMPONENT);
		} else {
			next = icalcomponent_get_next_component(calendar, ICAL_VTIMEZONE_COMPONENT);
		}
		zone = next;
	}
}

/* ---- reading ---- */

ent_str ent_ical_cut(const char *text)
{
	ent_str whole = ent_str_trim(ent_str_of(text == NULL ? "" : text));
	size_t characters = 0;
	for (size_t i = 0; i < whole.len; i++) {
		characters += ((unsigned char)whole.ptr[i] & 0xC0) != 0x80;
		if (characters > NAME_CHARACTERS) {
			return (ent_str){ whole.ptr, i };
		}
	}
	return whole;
}

void ent_ical_skip(struct ent_ical_reader *reader, icalcomponent *event, const char *reason)
{
	struct ent_ical *out = reader->out;
	const char *summary = icalcomponent_get_summary(event);
	if (out->skipped_count < ENT_ICAL_SKIPPED_MAX) {
		ent_str name = ent_ical_cut(summary);
		out->skipped[out->skipped_count] = (struct ent_ical_skipped){
			.name = name.len > 0 ? ent_text_copy(reader->arena, name)
			                     : (ent_str){ NULL, 0 },
			.reason = reason,
		};
	}
	out->skipped_count++;
}

static void find_overrides(struct ent_ical_reader *reader)
{
	icalcomponent *c =
		icalcomponent_get_first_component(reader->calendar, ICAL_VEVENT_COMPONENT);
	for (; c != NULL;
	     c = icalcomponent_get_next_component(reader->calendar, ICAL_VEVENT_COMPONENT)) {
		icalproperty *p = icalcomponent_get_first_property(c, ICAL_RECURRENCEID_PROPERTY);
		const char *uid = icalcomponent_get_uid(c);
		int64_t start;
		bool is_date;
		if (p != NULL && uid != NULL && ent_ical_local(reader, p, &start, &is_date)) {
			struct ent_ical_override *o =
				ENT_NEW(reader->arena, struct ent_ical_override, 1);
			*o = (struct ent_ical_override){ uid, start, reader->overrides };
			reader->overrides = o;
		}
	}
}

struct work {
	struct ent_ical_reader reader;
	icalcomponent *root;
};

static void read_calendar(struct ent_ical_reader *reader, icalcomponent *calendar)
{
	reader->calendar = calendar;
	reader->overrides = NULL;
	drop_wild_zones(calendar);
	find_overrides(reader);
	/* The list first: reading an event may move libical's own place in it. */
	size_t count = (size_t)icalcomponent_count_components(calendar, ICAL_VEVENT_COMPONENT);
	icalcomponent **events = ENT_NEW(reader->arena, icalcomponent *, count);
	size_t n = 0;
	icalcomponent *c = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
	for (; c != NULL && n < count;
	     c = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
		events[n++] = c;
	}
	for (size_t i = 0; i < n; i++) {
		if (reader->out->event_count++ >= ENT_ICAL_EVENTS_MAX) {
			ent_ical_skip(reader, events[i], "there are too many events");
			continue;
		}
		ent_ical_event(reader, events[i]);
	}
}

static void read_all(void *arg)
{
	struct work *work = arg;
	if (icalcomponent_isa(work->root) == ICAL_VCALENDAR_COMPONENT) {
		read_calendar(&work->reader, work->root);
		return;
	}
	icalcomponent *c = icalcomponent_get_first_component(work->root, ICAL_VCALENDAR_COMPONENT);
	for (; c != NULL;
	     c = icalcomponent_get_next_component(work->root, ICAL_VCALENDAR_COMPONENT)) {
		read_calendar(&work->reader, c);
	}
}

enum ent_code ent_ical_read(const struct ent_ical_question *question, struct ent_arena *arena,
                            struct ent_ical *out, struct ent_error *error)
{
	if (question->text.len > ENT_ICAL_BYTES_MAX) {
		return ent_fail(error, ENT_E_TOO_LARGE, "give at most %d bytes of iCalendar",
		                ENT_ICAL_BYTES_MAX);
	}
	char *text = unfold(question->text, arena);
	enum ent_code code = check_nesting(text, error);
	if (code != ENT_OK) {
		return code;
	}
	*out = (struct ent_ical){
		.holidays = ENT_NEW(arena, struct ent_holiday, ENT_HOLIDAYS_MAX),
		.skipped = ENT_NEW(arena, struct ent_ical_skipped, ENT_ICAL_SKIPPED_MAX),
	};
	icalerror_set_errors_are_fatal(0);
	struct work work = { .reader = { .question = question, .arena = arena, .out = out },
		             .root = icalparser_parse_string(text) };
	icalcomponent_kind kind =
		work.root == NULL ? ICAL_NO_COMPONENT : icalcomponent_isa(work.root);
	bool whole = true;
	if (kind == ICAL_VCALENDAR_COMPONENT || kind == ICAL_XROOT_COMPONENT) {
		/* What libical holds is given back, also if our memory is used up. */
		whole = ent_guard(arena->budget, read_all, &work);
	} else {
		code = ent_fail(error, ENT_E_SYNTAX,
		                "this is no iCalendar: give BEGIN:VCALENDAR …");
	}
	if (work.root != NULL) {
		icalcomponent_free(work.root);
	}
	return whole ? code : ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the events");
}
