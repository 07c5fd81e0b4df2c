/* One event: its time, its recurrences, its exceptions. */
#include "ical/ical_inner.h"

#include <string.h>

enum {
	MOVED_MAX = 2000, /* RDATE and EXDATE of one event */
	RECURS_SINCE = 1900,
	/* For a date that never comes libical searches to the end of its years, which takes up to
	 * a third of a second. */
	BARREN_MAX = 5
};

#define DAY ((int64_t)ENT_DAY_S)

struct event {
	struct ent_ical_reader *reader;
	icalcomponent *component;
	const char *uid; /* or NULL */
	ent_str name;
	int64_t start, length; /* seconds on the wanted wall clock */
	bool is_date;
	int64_t *excluded; /* starts; of dates midnight */
	size_t excluded_count;
};

static int64_t floor_day(int64_t local)
{
	return local / DAY - (local % DAY < 0);
}

/* ---- time ---- */

static bool seconds_of(struct icaltimetype t, int64_t *out)
{
	bool real = t.year >= ENT_YEAR_MIN + 1 && t.year < ENT_YEAR_MAX && t.month >= 1 &&
	            t.month <= 12 && t.day >= 1 && t.day <= ent_month_days(t.year, t.month) &&
	            t.hour >= 0 && t.hour < 24 && t.minute >= 0 && t.minute < 60 && t.second >= 0 &&
	            t.second <= 60;
	if (real) {
		*out = ent_date_make(t.year, t.month, t.day).day * DAY;
		*out += t.is_date ? 0 : t.hour * 3600 + t.minute * 60 + t.second;
	}
	return real;
}

/* From the wall clock of `property`'s zone to the wanted one. */
static bool to_wanted(const struct ent_ical_reader *reader, icalproperty *property,
                      struct icaltimetype t, int64_t *local)
{
	const struct ent_zone *wanted = reader->question->zone;
	icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
	if (icaltime_is_utc(t)) {
		*local = ent_zone_local(wanted, (ent_instant){ *local * ENT_SECOND_US });
		return true;
	}
	const char *name = parameter == NULL ? NULL : icalparameter_get_tzid(parameter);
	if (name == NULL || t.is_date) {
		return true; /* floating */
	}
	icaltimezone *own = icalcomponent_get_timezone(reader->calendar, name);
	if (own != NULL) {
		int is_daylight = 0;
		int64_t utc = *local - icaltimezone_get_utc_offset(own, &t, &is_daylight);
		*local = ent_zone_local(wanted, (ent_instant){ utc * ENT_SECOND_US });
		return true;
	}
	const struct ent_zone *zone;
	if (!reader->question->find_zone(ent_str_of(name), &zone)) {
		return false;
	}
	if (zone != wanted) {
		ent_instant at = ent_zone_instant(zone, *local, ENT_PICK_FIRST, NULL);
		*local = ent_zone_local(wanted, at);
	}
	return true;
}

static struct icaltimetype time_of(icalproperty *property)
{
	struct icaldatetimeperiodtype value =
		icalvalue_get_datetimeperiod(icalproperty_get_value(property));
	return icalperiodtype_is_null_period(value.period) ? value.time : value.period.start;
}

bool ent_ical_local(const struct ent_ical_reader *reader, icalproperty *property, int64_t *out,
                    bool *is_date)
{
	struct icaltimetype t = time_of(property);
	*is_date = t.is_date != 0;
	return seconds_of(t, out) && to_wanted(reader, property, t, out);
}

/* ---- holidays ---- */

/* A place for one more; NULL: there are too many. */
static struct ent_holiday *place(struct event *e)
{
	struct ent_ical *out = e->reader->out;
	return out->holiday_count < ENT_HOLIDAYS_MAX ? &out->holidays[out->holiday_count++] : NULL;
}

static bool add_once(struct event *e, int64_t start)
{
	int64_t end = start + e->length;
	int64_t first = floor_day(start);
	int64_t last = floor_day(end - 1);
	struct ent_holiday *holiday = place(e);
	if (holiday == NULL) {
		return false;
	}
	*holiday = (struct ent_holiday){ .from = (int32_t)(start - first * DAY),
		                         .to = (int32_t)(end - last * DAY),
		                         .name = e->name };
	holiday->first = (struct ent_day_rule){ .form = ENT_DAY_ONCE, .date = { (int32_t)first } };
	holiday->last = (struct ent_day_rule){ .form = ENT_DAY_ONCE, .date = { (int32_t)last } };
	return true;
}

static bool is_within(const struct event *e, int64_t start)
{
	const struct ent_ical_question *q = e->reader->question;
	return start + e->length > q->from.day * DAY && start < q->until.day * DAY;
}

static bool is_excluded(const struct event *e, int64_t start)
{
	for (size_t i = 0; i < e->excluded_count; i++) {
		if (e->excluded[i] == start) {
			return true;
		}
	}
	for (const struct ent_ical_override *o = e->reader->overrides; o != NULL; o = o->next) {
		if (e->uid != NULL && o->start == start && strcmp(e->uid, o->uid) == 0) {
			return true;
		}
	}
	return false;
}

/* ---- rules that stay rules ---- */

static bool is_unset(const short *list)
{
	return list[0] == ICAL_RECURRENCE_ARRAY_MAX;
}

static bool has_one(const short *list)
{
	return !is_unset(list) && list[1] == ICAL_RECURRENCE_ARRAY_MAX;
}

static bool is_plain(const struct icalrecurrencetype *r)
{
	return r->freq == ICAL_YEARLY_RECURRENCE && r->interval <= 1 && r->count == 0 &&
	       icaltime_is_null_time(r->until) && is_unset(r->by_second) &&
	       is_unset(r->by_minute) && is_unset(r->by_hour) && is_unset(r->by_year_day) &&
	       is_unset(r->by_week_no) && is_unset(r->by_set_pos) && r->rscale == NULL;
}

/* "*-12-25" or "*-11-thu4" of a plain rule; false if it is neither. */
static bool as_rule(const struct icalrecurrencetype *r, const struct icaltimetype *start,
                    struct ent_day_rule *out)
{
	bool month = has_one(r->by_month) && r->by_month[0] >= 1 && r->by_month[0] <= 12;
	*out = (struct ent_day_rule){ .date = ENT_DATE_NONE,
		                      .month = month ? r->by_month[0] : start->month };
	if (!is_unset(r->by_month) && !month) {
		return false;
	}
	if (is_unset(r->by_day)) {
		bool day = has_one(r->by_month_day) && r->by_month_day[0] >= 1;
		out->form = ENT_DAY_YEARLY;
		out->day = day ? r->by_month_day[0] : start->day;
		return (day || is_unset(r->by_month_day)) &&
		       out->day <= ent_month_days(2000, out->month);
	}
	int nth = icalrecurrencetype_day_position(r->by_day[0]);
	out->form = ENT_DAY_WEEKDAY;
	out->nth = nth;
	out->weekday = ((int)icalrecurrencetype_day_day_of_week(r->by_day[0]) + 5) % 7;
	return has_one(r->by_day) && month && is_unset(r->by_month_day) && nth != 0 && nth >= -5 &&
	       nth <= 5;
}

/* The rule's own words, where we have written them. *out is NULL for what is told already. */
static bool keep_own(struct event *e)
{
	struct ent_day_rule first, last;
	const char *texts[3] = { NULL, NULL, NULL };
	static const char *const names[] = { "X-ENTITLED-RULE", "X-ENTITLED-LAST",
		                             "X-ENTITLED-PART" };
	icalproperty *p = icalcomponent_get_first_property(e->component, ICAL_X_PROPERTY);
	for (; p != NULL; p = icalcomponent_get_next_property(e->component, ICAL_X_PROPERTY)) {
		for (size_t i = 0; i < 3; i++) {
			if (strcmp(icalproperty_get_x_name(p), names[i]) == 0) {
				texts[i] = icalproperty_get_x(p);
			}
		}
	}
	if (texts[0] == NULL || texts[1] == NULL || texts[2] == NULL ||
	    !ent_day_rule_parse(ent_str_of(texts[0]), &first) ||
	    !ent_day_rule_parse(ent_str_of(texts[1]), &last) || first.form == ENT_DAY_ONCE ||
	    last.form == ENT_DAY_ONCE) {
		return false;
	}
	struct ent_holiday *holiday = strcmp(texts[2], "0") == 0 ? place(e) : NULL;
	if (holiday != NULL) {
		int64_t end = e->start + e->length;
		*holiday = (struct ent_holiday){
			.first = first,
			.last = last,
			.from = (int32_t)(e->start - floor_day(e->start) * DAY),
			.to = (int32_t)(end - floor_day(end - 1) * DAY),
			.name = e->name,
		};
	}
	return true;
}

static bool keep_rule(struct event *e, const struct icalrecurrencetype *r,
                      const struct icaltimetype *start)
{
	struct ent_day_rule rule, last;
	int64_t from = e->start - floor_day(e->start) * DAY;
	int64_t days = floor_day(e->start + e->length - 1) - floor_day(e->start);
	if (!is_plain(r) || days >= ENT_HOLIDAY_DAYS_MAX || !as_rule(r, start, &rule) ||
	    !ent_day_rule_later(&rule, (int32_t)days, &last)) {
		return false;
	}
	struct ent_holiday *holiday = place(e);
	if (holiday != NULL) {
		int64_t to = e->start + e->length - (floor_day(e->start) + days) * DAY;
		*holiday = (struct ent_holiday){ .first = rule,
			                         .last = last,
			                         .from = (int32_t)from,
			                         .to = (int32_t)to,
			                         .name = e->name };
	}
	return true;
}

/* ---- rules that are listed ---- */

/* NULL, or why not all of it could be. */
static const char *list_rule(struct event *e, struct icalrecurrencetype rule, icalproperty *dtstart)
{
	struct icaltimetype start = time_of(dtstart);
	int64_t until = INT64_MAX;
	const char *reason = NULL;
	if (!icaltime_is_null_time(rule.until) && seconds_of(rule.until, &until)) {
		if (icaltime_is_utc(rule.until)) {
			until = ent_zone_local(e->reader->question->zone,
			                       (ent_instant){ until * ENT_SECOND_US });
		}
		until += rule.until.is_date ? DAY - 1 : 0;
	}
	struct ent_civil end = ent_date_civil(e->reader->question->until);
	rule.until = icaltime_null_date();
	rule.until.year = end.year;
	rule.until.month = end.month;
	rule.until.day = end.day;
	start.zone = NULL;
	if (start.year < RECURS_SINCE) {
		return "it recurs since before 1900";
	}
	if (e->reader->barren >= BARREN_MAX) {
		return "too many recurrences are without a date";
	}
	icalrecur_iterator *iterator = icalrecur_iterator_new(rule, start);
	if (iterator == NULL) {
		return "its RRULE is none";
	}
	for (bool is_first = true;; is_first = false) {
		struct icaltimetype next = icalrecur_iterator_next(iterator);
		int64_t local;
		e->reader->barren += is_first && icaltime_is_null_time(next);
		if (icaltime_is_null_time(next) || !seconds_of(next, &local) ||
		    !to_wanted(e->reader, dtstart, next, &local) || local > until ||
		    local >= e->reader->question->until.day * DAY) {
			break;
		}
		if (e->reader->steps++ >= ENT_ICAL_STEPS_MAX) {
			reason = "it recurs too often";
			break;
		}
		if (is_within(e, local) && !is_excluded(e, local) && !add_once(e, local)) {
			reason = "there are too many holidays";
			break;
		}
	}
	icalrecur_iterator_free(iterator);
	return reason;
}

static void read_excluded(struct event *e)
{
	int given = icalcomponent_count_properties(e->component, ICAL_EXDATE_PROPERTY);
	size_t most = given < MOVED_MAX ? (size_t)given : MOVED_MAX;
	e->excluded = ENT_NEW(e->reader->arena, int64_t, most);
	icalproperty *p = icalcomponent_get_first_property(e->component, ICAL_EXDATE_PROPERTY);
	for (; p != NULL; p = icalcomponent_get_next_property(e->component, ICAL_EXDATE_PROPERTY)) {
		int64_t start;
		bool is_date;
		if (e->excluded_count < most && ent_ical_local(e->reader, p, &start, &is_date)) {
			/* a date excludes what begins on it */
			start += is_date && !e->is_date ? e->start - floor_day(e->start) * DAY : 0;
			e->excluded[e->excluded_count++] = start;
		}
	}
}

static const char *add_dates(struct event *e)
{
	size_t count = 0;
	icalproperty *p = icalcomponent_get_first_property(e->component, ICAL_RDATE_PROPERTY);
	for (; p != NULL; p = icalcomponent_get_next_property(e->component, ICAL_RDATE_PROPERTY)) {
		int64_t start;
		bool is_date;
		if (count++ >= MOVED_MAX) {
			return "it has too many RDATEs";
		}
		if (!ent_ical_local(e->reader, p, &start, &is_date)) {
			return "an RDATE is none";
		}
		if (is_within(e, start) && !is_excluded(e, start) && !add_once(e, start)) {
			return "there are too many holidays";
		}
	}
	return NULL;
}

static const char *recur(struct event *e, icalproperty *rrule, icalproperty *dtstart)
{
	struct icalrecurrencetype rule = icalproperty_get_rrule(rrule);
	struct icaltimetype start = time_of(dtstart);
	bool is_whole = e->excluded_count == 0 &&
	                icalcomponent_count_properties(e->component, ICAL_RRULE_PROPERTY) == 1 &&
	                icalcomponent_get_first_property(e->component, ICAL_RDATE_PROPERTY) == NULL;
	if (rule.freq < ICAL_DAILY_RECURRENCE || rule.freq > ICAL_YEARLY_RECURRENCE) {
		return "it recurs within a day";
	}
	for (const struct ent_ical_override *o = e->reader->overrides; o != NULL; o = o->next) {
		is_whole = is_whole && (e->uid == NULL || strcmp(e->uid, o->uid) != 0);
	}
	if (is_whole && keep_rule(e, &rule, &start)) {
		return NULL;
	}
	return list_rule(e, rule, dtstart);
}

/* ---- the event ---- */

/* NULL, or why it cannot be. */
static const char *read_span(struct event *e, icalproperty *dtstart)
{
	bool is_date;
	icalproperty *end = icalcomponent_get_first_property(e->component, ICAL_DTEND_PROPERTY);
	icalproperty *length =
		icalcomponent_get_first_property(e->component, ICAL_DURATION_PROPERTY);
	if (!ent_ical_local(e->reader, dtstart, &e->start, &e->is_date)) {
		return "its DTSTART is none, or of an unknown zone";
	}
	e->length = e->is_date ? DAY : 0;
	if (end != NULL) {
		int64_t until;
		if (!ent_ical_local(e->reader, end, &until, &is_date)) {
			return "its DTEND is none, or of an unknown zone";
		}
		e->length = until - e->start;
	} else if (length != NULL) {
		e->length = icaldurationtype_as_int(icalproperty_get_duration(length));
	}
	if (e->is_date && e->length == 0) {
		e->length = DAY; /* as some write one day */
	}
	return e->length <= 0           ? "it does not last"
	       : e->length > 3660 * DAY ? "it lasts for more than ten years"
	                                : NULL;
}

static void name_it(struct event *e)
{
	const char *summary = icalcomponent_get_summary(e->component);
	icalproperty *p = icalcomponent_get_first_property(e->component, ICAL_X_PROPERTY);
	for (; p != NULL; p = icalcomponent_get_next_property(e->component, ICAL_X_PROPERTY)) {
		if (strcmp(icalproperty_get_x_name(p), "X-ENTITLED-UNNAMED") == 0) {
			return;
		}
	}
	ent_str name = ent_ical_cut(summary);
	if (name.len > 0) {
		e->name = ent_text_copy(e->reader->arena, name);
	}
}

void ent_ical_event(struct ent_ical_reader *reader, icalcomponent *component)
{
	struct event room;
	struct event *e = &room;
	icalproperty *dtstart = icalcomponent_get_first_property(component, ICAL_DTSTART_PROPERTY);
	*e = (struct event){ .reader = reader,
		             .component = component,
		             .uid = icalcomponent_get_uid(component) };
	const char *reason = NULL;
	if (icalcomponent_get_status(component) == ICAL_STATUS_CANCELLED) {
		reason = "it was cancelled";
	} else if (dtstart == NULL) {
		reason = "it has no DTSTART";
	} else {
		reason = read_span(e, dtstart);
	}
	if (reason == NULL) {
		name_it(e);
		read_excluded(e);
		icalproperty *rrule =
			icalcomponent_get_first_property(component, ICAL_RRULE_PROPERTY);
		bool instance = icalcomponent_get_first_property(
					component, ICAL_RECURRENCEID_PROPERTY) != NULL;
		if (instance || rrule == NULL) {
			bool skip = !instance && is_excluded(e, e->start);
			if (!keep_own(e) && !skip && !add_once(e, e->start)) {
				reason = "there are too many holidays";
			}
		} else {
			reason = recur(e, rrule, dtstart);
		}
	}
	if (reason == NULL) {
		reason = add_dates(e);
	}
	if (reason != NULL) {
		ent_ical_skip(reader, component, reason);
	}
}
