#include "app/import_support_week.h"

#include "base/hash.h"
#include "json/calendar.h"

#include <stdio.h>

enum { HOURS = 24, HOUR_S = 3600 };

bool ent_support_week(ent_str text, struct ent_arena *arena, struct ent_week *out)
{
	if (text.len != ENT_SUPPORT_HOURS) {
		return false;
	}
	for (int day = 0; day < 7; day++) {
		struct ent_opening *items = ENT_NEW(arena, struct ent_opening, HOURS);
		size_t count = 0;
		bool was_open = false;
		for (int hour = 0; hour < HOURS; hour++) {
			char c = text.ptr[HOURS * day + hour];
			if (c != '+' && c != '-') {
				return false;
			}
			if (c == '+' && !was_open) {
				items[count++].from = hour * HOUR_S;
			}
			if (c == '+') {
				items[count - 1].to = (hour + 1) * HOUR_S;
			}
			was_open = c == '+';
		}
		out->days[day] = (struct ent_openings){ items, count };
	}
	return true;
}

/* ---- the calendar ------------------------------------------------------------------------ */

static bool never_opens(const struct ent_week *week)
{
	size_t count = 0;
	for (int day = 0; day < 7; day++) {
		count += week->days[day].count;
	}
	return count == 0;
}

/* The zone of its hours: the import's, or the organisation's. */
static enum ent_code zone_of(struct ent_import_work *work, ent_str *out, struct ent_error *error)
{
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(work->call, &settings, error);
	if (code == ENT_OK) {
		ent_str told = work->reader->options->time_zone;
		*out = told.len > 0 ? told : settings->time_zone;
	}
	return code;
}

static enum ent_code is_taken(struct ent_import_work *work, ent_str name, bool *out,
                              struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(work->call->db, ENT_STR("SELECT id FROM calendar WHERE name = $1"),
	                   ENT_ARGS(ent_arg_text(name)), work->call->arena, &rows, error);
	*out = code == ENT_OK && rows.count > 0;
	return code;
}

/* "Support mon-fri 08:00-17:00 (Europe/Berlin)"; with its key where that is another's, or long. */
static enum ent_code name_of(struct ent_import_work *work, const struct ent_week *week,
                             ent_str zone, ent_str key, ent_str *out, struct ent_error *error)
{
	struct ent_arena *arena = work->call->arena;
	struct ent_text hours = ent_text_begin(arena);
	bool taken = false;
	ent_week_print(week, &hours);
	ent_str text = ent_text_end(&hours);
	*out = ent_text_format(arena, "Support %.*s (%.*s)", (int)text.len, text.ptr, (int)zone.len,
	                       zone.ptr);
	enum ent_code code = is_taken(work, *out, &taken, error);
	if (taken || (int64_t)out->len > ENT_FIELD_OF(calendar, name)->limit) {
		*out = ent_text_format(arena, "Support hours %.*s", (int)key.len, key.ptr);
	}
	return code;
}

static enum ent_code make(struct ent_import_work *work, const struct ent_week *week, ent_str zone,
                          ent_str key, ent_id *out, struct ent_error *error)
{
	struct ent_arena *arena = work->call->arena;
	struct ent_calendar *calendar = ENT_NEW(arena, struct ent_calendar, 1);
	struct ent_text text = ent_text_begin(arena);
	struct ent_set given = { { 0 } };
	ent_calendar_write_week(week, &text);
	ent_type_clear(&ent_calendar_type, calendar);
	calendar->week.text = ent_text_end(&text);
	calendar->time_zone = zone;
	calendar->external_system = work->system;
	calendar->external_id = key;
	enum ent_code code = name_of(work, week, zone, key, &calendar->name, error);
	static const char *const names[] = { "name", "week", "time_zone", "external_system",
		                             "external_id" };
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		const struct ent_field *field =
			ent_type_field(&ent_calendar_type, ent_str_of(names[i]));
		ent_set_add(&given, ent_type_at(&ent_calendar_type, field));
	}
	if (code == ENT_OK) {
		code = ent_record_create(work->call, &ent_calendar_type, calendar, &given, error);
		*out = calendar->id;
	}
	return code;
}

enum ent_code ent_import_support_calendar(struct ent_import_work *work, ent_str text, ent_id *out,
                                          struct ent_error *error)
{
	struct ent_arena *arena = work->call->arena;
	struct ent_week week;
	ent_str zone;
	*out = ENT_ID_NONE;
	if (text.len == 0) {
		return ENT_OK;
	}
	if (!ent_support_week(text, arena, &week)) {
		ent_note(error, ENT_E_FORMAT, "/#WEEK", text,
		         "give 168 characters, + or -, one for each hour from Monday 00:00 on");
		return ENT_OK;
	}
	if (never_opens(&week)) {
		ent_import_remark(work, "its support calendar never opens, so it has none");
		return ENT_OK;
	}
	enum ent_code code = zone_of(work, &zone, error);
	if (code != ENT_OK) {
		return code;
	}
	uint64_t hash = ent_hash(text, ent_hash(zone, 168));
	ent_str key =
		ent_text_format(arena, "effectivitycalendar-%016llx", (unsigned long long)hash);
	code = ent_record_external(work->call, &ent_calendar_type, work->system, key, out, error);
	return code == ENT_OK && ent_id_is_none(*out) ? make(work, &week, zone, key, out, error)
	                                              : code;
}
