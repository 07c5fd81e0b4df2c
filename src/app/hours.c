#include "app/hours.h"

#include "app/hours_cache.h"
#include "app/inner.h"
#include "base/text.h"
#include "store/zoneinfo.h"
#include "json/json.h"

/* What a call holds until its end. */
struct ent_hours_hold {
	struct ent_kept_hours *kept;
	struct ent_hours_hold *next;
};

void ent_call_release_hours(struct ent_call *call)
{
	for (; call->hours != NULL; call->hours = call->hours->next) {
		ent_hours_release(call->hours->kept);
	}
}

static enum ent_code no_such(ent_id calendar, int64_t revision, struct ent_error *error)
{
	char text[ENT_ID_ROOM];
	ent_id_format(calendar, ent_calendar_type.prefix, text);
	return revision == 0 ? ent_fail(error, ENT_E_NOT_FOUND, "there is no calendar %s", text)
	                     : ent_fail(error, ENT_E_NOT_FOUND,
	                                "there is no revision %lld of calendar %s",
	                                (long long)revision, text);
}

/* ---- which revision ---- */

static bool has_touched(const struct ent_call *call, ent_id id)
{
	const struct ent_touched *t = call->touched;
	while (t != NULL && t->id != id.value) {
		t = t->next;
	}
	return t != NULL;
}

/* As it is now; as this call has left it, if it has changed it. */
static enum ent_code present(struct ent_call *call, ent_id calendar, int64_t *out,
                             struct ent_error *error)
{
	struct ent_cache *cache = ent_app_cache(call->app);
	struct ent_link link;
	if (ent_app_may_cache(call->app) && !has_touched(call, calendar) &&
	    ent_cache_get_link(cache, calendar, &link) && link.kind == ENT_LINK_CALENDAR) {
		*out = link.revision;
		return ENT_OK;
	}
	if (call->db == NULL) {
		return ent_fail(error, ENT_E_BUSY, "not in memory");
	}
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(call->db, ENT_STR("SELECT revision FROM calendar WHERE id = $1"),
	                   ENT_ARGS(ent_arg_id(calendar)), call->arena, &rows, error);
	if (code == ENT_OK && rows.count == 0) {
		return no_such(calendar, 0, error);
	}
	if (code == ENT_OK) {
		*out = rows.first->cell[0].number;
		link = (struct ent_link){ .id = calendar,
			                  .kind = ENT_LINK_CALENDAR,
			                  .revision = *out };
		if (ent_call_may_keep(call)) {
			ent_cache_put_link(cache, call->epoch, &link);
		}
	}
	return code;
}

/* ---- its hours ---- */

static enum ent_code out_of_memory(struct ent_error *error)
{
	return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for the hours of a calendar");
}

/* Keep it until the end of the call, which is from now on a user of it. */
static void hold(struct ent_call *call, struct ent_hours_hold *room, struct ent_kept_hours *kept,
                 struct ent_call_hours *out)
{
	*room = (struct ent_hours_hold){ kept, call->hours };
	call->hours = room;
	*out = *ent_kept_hours_of(kept);
}

static enum ent_code load(struct ent_call *call, const struct ent_hours_key *key,
                          struct ent_hours_source *source, ent_id *row, struct ent_error *error)
{
	struct ent_rows rows;
	if (call->db == NULL) {
		return ent_fail(error, ENT_E_BUSY, "not in memory");
	}
	enum ent_code code =
		ent_db_run(call->db,
	                   ENT_STR("SELECT id, name, time_zone, definition FROM calendar_revision "
	                           "WHERE calendar_id = $1 AND revision = $2"),
	                   ENT_ARGS(ent_arg_id(key->calendar), ent_arg_int(key->revision)),
	                   call->arena, &rows, error);
	if (code == ENT_OK && rows.count == 0) {
		code = no_such(key->calendar, key->revision, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_value *cell = rows.first->cell;
	row->value = cell[0].number;
	source->name = cell[1].text;
	source->time_zone = cell[2].text;
	code = ent_zoneinfo_find(source->time_zone, &source->zone, error);
	return code == ENT_OK
	               ? ent_json_parse(cell[3].text, call->arena, &source->definition, error)
	               : code;
}

/* Always open, in the organisation's zone. */
static enum ent_code open_always(struct ent_call *call, struct ent_hours_source *source,
                                 struct ent_error *error)
{
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code == ENT_OK) {
		source->time_zone = settings->time_zone;
		source->name = (ent_str){ NULL, 0 };
		code = ent_zoneinfo_find(settings->time_zone, &source->zone, error);
	}
	return code;
}

static bool find_held(const struct ent_call *call, const struct ent_hours_key *key,
                      struct ent_call_hours *out)
{
	for (const struct ent_hours_hold *h = call->hours; h != NULL; h = h->next) {
		if (ent_kept_hours_fit(h->kept, key)) {
			*out = *ent_kept_hours_of(h->kept);
			return true;
		}
	}
	return false;
}

static enum ent_code find(struct ent_call *call, struct ent_hours_key *key,
                          struct ent_call_hours *out, struct ent_error *error)
{
	struct ent_hours_cache *cache = ent_app_hours(call->app);
	struct ent_hours_source source = { .definition = NULL };
	ent_id row = ENT_ID_NONE;
	if (ent_id_is_none(key->calendar)) {
		enum ent_code code = open_always(call, &source, error);
		if (code != ENT_OK) {
			return code;
		}
		key->zone = source.zone;
	}
	if (find_held(call, key, out)) {
		return ENT_OK;
	}
	/* Room first: nothing may use up the arena while something is held by nobody. */
	struct ent_hours_hold *room = ENT_NEW(call->arena, struct ent_hours_hold, 1);
	struct ent_kept_hours *kept = ent_hours_cache_get(cache, key);
	if (kept == NULL && !ent_id_is_none(key->calendar)) {
		enum ent_code code = load(call, key, &source, &row, error);
		if (code != ENT_OK) {
			return code;
		}
	}
	if (kept == NULL) {
		kept = ent_hours_make(key, &source);
		if (kept == NULL) {
			return out_of_memory(error);
		}
		ent_hours_cache_put(cache, kept, row);
	}
	hold(call, room, kept, out);
	return ENT_OK;
}

enum ent_code ent_call_hours(struct ent_call *call, ent_id calendar, int64_t revision,
                             struct ent_call_hours *out, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	if (ent_id_is_none(calendar)) {
		revision = 0;
	} else if (revision == 0) {
		code = present(call, calendar, &revision, error);
	}
	struct ent_hours_key key = {
		.calendar = calendar,
		.revision = revision,
		.year = ent_date_civil((ent_date){ (int32_t)(call->now.us / ENT_DAY_US) }).year,
	};
	return code == ENT_OK ? find(call, &key, out, error) : code;
}
