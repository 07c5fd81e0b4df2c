#include "app/calendar.h"

#include "app/entity.h"
#include "app/hours_cache.h"
#include "app/inner.h"
#include "base/text.h"
#include "store/row.h"
#include "store/zoneinfo.h"
#include "json/calendar.h"

#include <string.h>

enum { OPENS_WITHIN_YEARS = 5 };

/* ---- fields to hours and back ---- */

static enum ent_code add_part(struct ent_call *call, const char *name, struct ent_json json,
                              struct ent_node *object, struct ent_node *room,
                              struct ent_error *error)
{
	const struct ent_node *part = NULL;
	if (json.text.ptr == NULL) {
		return ENT_OK;
	}
	enum ent_code code = ent_json_parse(json.text, call->arena, &part, error);
	if (code != ENT_OK) {
		return ent_fail(error, ENT_E_STORAGE, "%s of a calendar is no JSON", name);
	}
	*room = *part;
	room->name = ent_str_of(name);
	room->next = object->first;
	object->first = room;
	object->count++;
	return ENT_OK;
}

enum ent_code ent_calendar_compose(struct ent_call *call, const struct ent_calendar *c,
                                   struct ent_timetable *out, struct ent_error *error)
{
	const struct {
		const char *name;
		struct ent_json json;
	} parts[] = {
		{ "versions", c->versions },
		{ "breaks", c->breaks },
		{ "exceptions", c->exceptions },
		{ "holidays", c->holidays },
		{ "week", c->week },
	};
	struct ent_node *nodes = ENT_NEW(call->arena, struct ent_node, ENT_COUNT(parts) + 2);
	struct ent_node *object = &nodes[0];
	nodes[1] = (struct ent_node){ .kind = ENT_JSON_STRING,
		                      .text = c->time_zone,
		                      .name = ENT_STR("time_zone") };
	*object = (struct ent_node){ .kind = ENT_JSON_OBJECT, .count = 1, .first = &nodes[1] };
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < ENT_COUNT(parts) && code == ENT_OK; i++) {
		code = add_part(call, parts[i].name, parts[i].json, object, &nodes[i + 2], error);
	}
	if (code == ENT_OK) {
		ent_calendar_read(object, "", call->arena, out, error);
	}
	return code;
}

/* The fields in the one notation that they are kept and shown in. */
static void normalise(struct ent_call *call, const struct ent_timetable *whole,
                      struct ent_calendar *c)
{
	const struct ent_calendar_version *first = &whole->versions[0];
	struct ent_text out = ent_text_begin(call->arena);
	ent_calendar_write_week(&first->week, &out);
	c->week.text = ent_text_end(&out);
	out = ent_text_begin(call->arena);
	ent_holidays_write(first->holidays, first->holiday_count, &out);
	c->holidays.text = ent_text_end(&out);
	out = ent_text_begin(call->arena);
	ent_calendar_write_dates(&first->exceptions, &out);
	c->exceptions.text = ent_text_end(&out);
	out = ent_text_begin(call->arena);
	ent_calendar_write_dates(&first->breaks, &out);
	c->breaks.text = ent_text_end(&out);
	out = ent_text_begin(call->arena);
	ent_calendar_write_later(whole, &out);
	c->versions.text = ent_text_end(&out);
}

/* ---- with the holidays of its sets ---- */

static enum ent_code read_sets(struct ent_call *call, struct ent_ids ids,
                               struct ent_calendar_version *all, size_t *count,
                               struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < ids.count && code == ENT_OK; i++) {
		struct ent_holiday_set set;
		const struct ent_node *list = NULL;
		ent_type_clear(&ent_holiday_set_type, &set);
		code = ent_row_get(call->db, &ent_holiday_set_type, ENT_ID_NONE, ids.items[i],
		                   call->arena, &set, error);
		if (code != ENT_OK || set.holidays.text.ptr == NULL) {
			continue;
		}
		code = ent_json_parse(set.holidays.text, call->arena, &list, error);
		if (code == ENT_OK) {
			all[i] = (struct ent_calendar_version){ .holiday_count = 0 };
			ent_holidays_read(list, "", call->arena, &all[i], error);
			*count += all[i].holiday_count;
			code = ent_noted(error);
		}
	}
	return code;
}

/* Put the sets' holidays behind those of each version. Notes a LIMIT. */
static enum ent_code expand(struct ent_call *call, struct ent_ids sets, struct ent_timetable *whole,
                            struct ent_error *error)
{
	struct ent_calendar_version *lists =
		ENT_NEW(call->arena, struct ent_calendar_version, sets.count);
	size_t more = 0;
	enum ent_code code = read_sets(call, sets, lists, &more, error);
	if (code != ENT_OK || more == 0) {
		return code;
	}
	struct ent_calendar_version *versions =
		ENT_NEW(call->arena, struct ent_calendar_version, whole->version_count);
	for (size_t i = 0; i < whole->version_count; i++) {
		versions[i] = whole->versions[i];
		size_t own = versions[i].holiday_count;
		if (own + more > ENT_HOLIDAYS_MAX) {
			ent_note(error, ENT_E_LIMIT, "/holiday_sets", (ent_str){ NULL, 0 },
			         "give at most %d holidays, those of sets included",
			         ENT_HOLIDAYS_MAX);
			return ENT_OK;
		}
		struct ent_holiday *items = ENT_NEW(call->arena, struct ent_holiday, own + more);
		for (size_t k = 0; k < own; k++) {
			items[k] = versions[i].holidays[k];
		}
		size_t at = own;
		for (size_t k = 0; k < sets.count; k++) {
			for (size_t n = 0; n < lists[k].holiday_count; n++) {
				items[at++] = lists[k].holidays[n];
			}
		}
		versions[i].holidays = items;
		versions[i].holiday_count = at;
	}
	whole->versions = versions;
	return ENT_OK;
}

static void must_open(const struct ent_call *call, const struct ent_timetable *whole,
                      const char *pointer, struct ent_error *error)
{
	struct ent_arena scratch = *call->arena;
	int32_t year = ent_date_civil(ent_zone_date(whole->zone, call->now)).year;
	const struct ent_hours *hours = ent_hours_compile(whole, year, year + 1, &scratch);
	ent_instant opens = ent_hours_next_open(hours, call->now, scratch);
	if (opens.us >= call->now.us + OPENS_WITHIN_YEARS * 366 * ENT_DAY_US) {
		ent_note(error, ENT_E_NEVER_OPENS, pointer, (ent_str){ NULL, 0 },
		         "give hours: it does not open in the next %d years", OPENS_WITHIN_YEARS);
	}
}

enum ent_code ent_calendar_expand(struct ent_call *call, const struct ent_calendar *c,
                                  struct ent_timetable *out, struct ent_error *error)
{
	enum ent_code code = ent_calendar_compose(call, c, out, error);
	if (code == ENT_OK) {
		code = ent_zoneinfo_find(c->time_zone, &out->zone, error);
	}
	return code == ENT_OK ? expand(call, c->holiday_sets, out, error) : code;
}

/* The timetable of a calendar whose fields are good, under what may still be wrong. */
static enum ent_code complete(struct ent_call *call, const struct ent_calendar *c,
                              const char *pointer, struct ent_timetable *out,
                              struct ent_error *error)
{
	enum ent_code code = ent_calendar_expand(call, c, out, error);
	if (code == ENT_OK && error->issue_count == 0) {
		must_open(call, out, pointer, error);
	}
	return code == ENT_OK ? ent_noted(error) : code;
}

/* ---- revisions ---- */

static enum ent_code keep_revision(struct ent_call *call, const struct ent_calendar *c,
                                   ent_str definition, struct ent_error *error)
{
	struct ent_calendar_revision revision = {
		.id = ent_app_id(call->app),
		.calendar_id = c->id,
		.revision = c->revision,
		.created_at = call->now,
		.name = c->name,
		.time_zone = c->time_zone,
		.definition = { definition },
	};
	ent_hours_cache_await(ent_app_hours(call->app), revision.id);
	ent_call_touch(call, revision.id); /* which settles it after the commit */
	return ent_row_insert(call->db, &ent_calendar_revision_type, &revision, call->arena, error);
}

static enum ent_code define(struct ent_call *call, const struct ent_calendar *c,
                            const char *pointer, ent_str *out, struct ent_error *error)
{
	struct ent_timetable whole;
	enum ent_code code = complete(call, c, pointer, &whole, error);
	if (code == ENT_OK) {
		*out = ent_calendar_canonical(&whole, call->arena);
	}
	return code;
}

/* Raise the revision if the hours are not those of the last one, and save. */
static enum ent_code revise(struct ent_call *call, const struct ent_calendar *before,
                            struct ent_calendar *c, const char *pointer, const char *verb,
                            struct ent_error *error)
{
	struct ent_rows rows;
	ent_str definition = { NULL, 0 };
	enum ent_code code = define(call, c, pointer, &definition, error);
	if (code == ENT_OK) {
		code = ent_db_run(call->db,
		                  ENT_STR("SELECT definition FROM calendar_revision "
		                          "WHERE calendar_id = $1 AND revision = $2"),
		                  ENT_ARGS(ent_arg_id(c->id), ent_arg_int(before->revision)),
		                  call->arena, &rows, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	bool same = rows.count > 0 && ent_str_eq(rows.first->cell[0].text, definition);
	c->revision = before->revision + !same;
	code = ent_record_save(call, &ent_calendar_type, before, c, verb, error);
	return code == ENT_OK && !same ? keep_revision(call, c, definition, error) : code;
}

enum ent_code ent_calendar_follow(struct ent_call *call, ent_id holiday_set,
                                  struct ent_error *error)
{
	struct ent_list list;
	ent_str wanted = ent_text_format(call->arena, "%% %lld %%", (long long)holiday_set.value);
	enum ent_code code =
		ent_row_select(call->db, &ent_calendar_type,
	                       ENT_STR("WHERE ' ' || t.holiday_sets || ' ' LIKE $1 ORDER BY t.id"),
	                       ENT_ARGS(ent_arg_text(wanted)), call->arena, &list, error);
	struct ent_calendar *calendars = list.items;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		struct ent_calendar before = calendars[i];
		code = revise(call, &before, &calendars[i], "/holidays", "revised", error);
		if (code != ENT_OK && error->issue_count > 0) {
			code = ent_fail(error, code, "calendar %.*s: %s", (int)before.name.len,
			                before.name.ptr, error->issues[0].remedy);
		}
	}
	return code;
}

/* ---- the entity ---- */

ENT_HOOK_CREATE(ent_calendar_prepare)
{
	(void)object;
	return ent_call_lock(call, ENT_ID_NONE, error); /* names and sets stay as they are read */
}

ENT_HOOK_CHECK(ent_calendar_judge)
{
	(void)before;
	(void)given;
	struct ent_calendar *c = object;
	struct ent_timetable whole;
	ent_check_zone(c->time_zone, "/time_zone", error);
	enum ent_code code =
		ent_check_unique(call, &ent_calendar_type, c->id, "name", c->name, error);
	if (code == ENT_OK) {
		code = ent_calendar_compose(call, c, &whole, error);
	}
	if (code == ENT_OK && error->issue_count == 0) {
		normalise(call, &whole, c);
		code = complete(call, c, "/week", &whole, error);
	}
	return code;
}

ENT_HOOK_CREATE(ent_calendar_create)
{
	struct ent_calendar *c = object;
	ent_str definition = { NULL, 0 };
	c->revision = 1;
	enum ent_code code = define(call, c, "/week", &definition, error);
	if (code == ENT_OK) {
		code = ent_record_insert(call, &ent_calendar_type, c, "created", error);
	}
	return code == ENT_OK ? keep_revision(call, c, definition, error) : code;
}

ENT_HOOK_UPDATE(ent_calendar_update)
{
	return revise(call, before, object, "/week", "updated", error);
}

ENT_HOOK_REMOVE(ent_calendar_remove)
{
	const struct ent_calendar *c = object;
	enum ent_code code = ent_db_exec(
		call->db, ENT_STR("DELETE FROM calendar_revision WHERE calendar_id = $1"),
		ENT_ARGS(ent_arg_id(c->id)), ENT_ANY_ROWS, call->arena, error);
	return code == ENT_OK ? ent_record_remove(call, &ent_calendar_type, c, error) : code;
}

ENT_HOOK_DECORATE(ent_calendar_decorate)
{
	struct ent_calendar *calendars = objects->items;
	for (size_t i = 0; i < objects->count; i++) {
		struct ent_timetable whole;
		struct ent_calendar week_only = { .time_zone = calendars[i].time_zone,
			                          .week = calendars[i].week };
		enum ent_code code = ent_calendar_compose(call, &week_only, &whole, error);
		if (code != ENT_OK) {
			return code;
		}
		struct ent_text out = ent_text_begin(call->arena);
		ent_week_print(&whole.versions[0].week, &out);
		calendars[i].week_text = ent_text_end(&out);
	}
	return ENT_OK;
}
