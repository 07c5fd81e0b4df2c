#include "app/holiday_import.h"

#include "app/calendar.h"
#include "app/record.h"
#include "base/text.h"
#include "store/zoneinfo.h"
#include "json/calendar.h"

enum { YEARS_LISTED = 10 };

static bool find_zone(ent_str name, const struct ent_zone **out)
{
	struct ent_error ignored;
	return ent_zoneinfo_find(name, out, &ignored) == ENT_OK;
}

static int32_t year_of(const struct ent_call *call)
{
	return ent_date_civil(ent_zone_date(&ent_zone_utc, call->now)).year;
}

/* The holidays that are kept of a set. */
static enum ent_code read_kept(struct ent_call *call, const struct ent_holiday_set *set,
                               struct ent_calendar_version *out, struct ent_error *error)
{
	const struct ent_node *list = NULL;
	*out = (struct ent_calendar_version){ .holiday_count = 0 };
	if (set->holidays.text.ptr == NULL) {
		return ENT_OK;
	}
	enum ent_code code = ent_json_parse(set->holidays.text, call->arena, &list, error);
	if (code == ENT_OK) {
		ent_holidays_read(list, "/holidays", call->arena, out, error);
		code = ent_noted(error);
	}
	return code;
}

/* ---- in ---- */

struct importing {
	struct ent_call *call;
	const struct ent_holiday_import *import;
	struct ent_holiday_report *report;
};

static bool has(const struct ent_holiday *items, size_t count, const struct ent_holiday *wanted)
{
	size_t i = 0;
	while (i < count && ent_holiday_order(&items[i], wanted) != 0) {
		i++;
	}
	return i < count;
}

static enum ent_code add(void *arg, struct ent_arena *arena, void *object, struct ent_set *given,
                         struct ent_error *error)
{
	struct importing *importing = arg;
	struct ent_holiday_report *report = importing->report;
	struct ent_holiday_set *set = object;
	struct ent_calendar_version kept;
	enum ent_code code = read_kept(importing->call, set, &kept, error);
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_ical *ical = &report->ical;
	struct ent_holiday *all =
		ENT_NEW(arena, struct ent_holiday, kept.holiday_count + ical->holiday_count);
	size_t count = 0;
	for (size_t i = 0; i < kept.holiday_count && !importing->import->replace; i++) {
		all[count++] = kept.holidays[i];
	}
	report->added = 0;
	for (size_t i = 0; i < ical->holiday_count; i++) {
		const struct ent_holiday *holiday = &ical->holidays[i];
		report->added += !has(kept.holidays, kept.holiday_count, holiday);
		if (!has(all, count, holiday)) {
			all[count++] = *holiday;
		}
	}
	struct ent_text out = ent_text_begin(arena);
	ent_holidays_write(all, count, &out);
	set->holidays.text = ent_text_end(&out);
	ent_set_add(given, ent_type_at(&ent_holiday_set_type, ENT_FIELD_OF(holiday_set, holidays)));
	return ENT_OK;
}

static enum ent_code read_ics(struct ent_call *call, const struct ent_holiday_import *import,
                              struct ent_ical *out, struct ent_error *error)
{
	int32_t year = year_of(call);
	struct ent_ical_question question = {
		.text = import->ics,
		.from = ent_date_make(year - 1, 1, 1),
		.until = ent_date_make(year + YEARS_LISTED, 1, 1),
		.find_zone = find_zone,
	};
	if (import->time_zone.len > 0 && !find_zone(import->time_zone, &question.zone)) {
		return ent_refuse(error, ENT_E_UNKNOWN_VALUE, "/time_zone", import->time_zone,
		                  "give an IANA zone such as Europe/Berlin");
	}
	enum ent_code code = ENT_OK;
	if (import->time_zone.len == 0) {
		code = ent_call_zone(call, (ent_str){ NULL, 0 }, ENT_ID_NONE, &question.zone,
		                     error);
	}
	return code == ENT_OK ? ent_ical_read(&question, call->arena, out, error) : code;
}

enum ent_code ent_holiday_set_import(struct ent_call *call, ent_id id, int64_t version,
                                     const struct ent_holiday_import *import,
                                     struct ent_holiday_report *out, struct ent_error *error)
{
	struct importing importing = { call, import, out };
	struct ent_holiday_set set;
	struct ent_set given = { { 0 } };
	ent_type_clear(&ent_holiday_set_type, &set);
	enum ent_code code = ent_call_may(call, "holiday_set.update", error);
	if (code == ENT_OK) {
		code = read_ics(call, import, &out->ical, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	if (import->dry_run) {
		code = ent_record_get(call, &ent_holiday_set_type, id, &set, error);
		if (code == ENT_OK) {
			code = add(&importing, call->arena, &set, &given, error);
		}
	} else {
		code = ent_record_update(call, &ent_holiday_set_type, id, version, add, &importing,
		                         &set, error);
	}
	out->list = set.holidays.text;
	out->version = set.version;
	return code;
}

/* ---- out ---- */

static ent_str write_ics(struct ent_call *call, ent_str name,
                         const struct ent_calendar_version *version)
{
	struct ent_text out = ent_text_begin(call->arena);
	int32_t year = year_of(call);
	ent_ical_write(name, version->holidays, version->holiday_count, call->now, year - 1,
	               year + YEARS_LISTED - 1, &out);
	return ent_text_end(&out);
}

enum ent_code ent_holiday_set_ics(struct ent_call *call, ent_id id, ent_str *out,
                                  struct ent_error *error)
{
	struct ent_holiday_set set;
	struct ent_calendar_version kept;
	enum ent_code code = ent_record_get(call, &ent_holiday_set_type, id, &set, error);
	if (code == ENT_OK) {
		code = read_kept(call, &set, &kept, error);
	}
	if (code == ENT_OK) {
		*out = write_ics(call, set.name, &kept);
	}
	return code;
}

enum ent_code ent_calendar_ics(struct ent_call *call, ent_id id, ent_str *out,
                               struct ent_error *error)
{
	struct ent_calendar c;
	struct ent_timetable whole;
	enum ent_code code = ent_record_get(call, &ent_calendar_type, id, &c, error);
	if (code == ENT_OK) {
		code = ent_calendar_expand(call, &c, &whole, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	ent_date today = ent_zone_date(whole.zone, call->now);
	size_t at = 0;
	while (at + 1 < whole.version_count &&
	       whole.versions[at + 1].effective_from.day <= today.day) {
		at++;
	}
	*out = write_ics(call, c.name, &whole.versions[at]);
	return ENT_OK;
}
