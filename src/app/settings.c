#include "app/settings.h"

#include "app/agenda.h"
#include "app/reminder.h"
#include "app/entity.h"
#include "app/inner.h"
#include "store/zoneinfo.h"

const ent_id ent_settings_id = { 1 };

enum ent_code ent_call_settings(struct ent_call *call, const struct ent_settings **out,
                                struct ent_error *error)
{
	struct ent_cache *cache = ent_app_cache(call->app);
	*out = call->settings;
	if (*out != NULL) {
		return ENT_OK;
	}
	if (ent_app_may_cache(call->app)) {
		call->kept_settings = call->settings = *out = ent_cache_get_settings(cache);
	}
	if (*out != NULL) {
		return ENT_OK;
	}
	struct ent_settings *settings = ENT_NEW(call->arena, struct ent_settings, 1);
	*out = settings;
	if (call->db == NULL) {
		return ent_fail(error, ENT_E_BUSY, "not in memory");
	}
	enum ent_code code = ent_row_get(call->db, &ent_settings_type, ENT_ID_NONE, ent_settings_id,
	                                 call->arena, settings, error);
	if (code == ENT_OK) {
		call->settings = settings;
	}
	if (code == ENT_OK && ent_call_may_keep(call)) {
		ent_cache_put_settings(cache, call->epoch, settings);
	}
	return code;
}

enum ent_code ent_call_zone(struct ent_call *call, ent_str name, ent_id account,
                            const struct ent_zone **out, struct ent_error *error)
{
	if (name.len == 0 && !ent_id_is_none(account)) {
		struct ent_rows rows;
		enum ent_code code =
			ent_db_run(call->db, ENT_STR("SELECT time_zone FROM account WHERE id = $1"),
		                   ENT_ARGS(ent_arg_id(account)), call->arena, &rows, error);
		if (code != ENT_OK) {
			return code;
		}
		if (rows.count > 0 && rows.first->cell[0].kind == ENT_K_TEXT) {
			name = rows.first->cell[0].text;
		}
	}
	if (name.len == 0) {
		const struct ent_settings *settings;
		enum ent_code code = ent_call_settings(call, &settings, error);
		if (code != ENT_OK) {
			return code;
		}
		name = settings->time_zone;
	}
	return ent_zoneinfo_find(name, out, error);
}

static void check_order(struct ent_words order, struct ent_error *error)
{
	for (size_t i = 0; i < order.count; i++) {
		enum ent_choice choice;
		if (!ent_choice_parse(order.items[i], &choice)) {
			ent_note(error, ENT_E_UNKNOWN_VALUE, "/coverage_order", order.items[i],
			         "give rules of choice such as named, asset, product, default");
		}
	}
}

ENT_HOOK_CHECK(ent_settings_judge)
{
	(void)given;
	struct ent_settings *settings = object;
	const struct ent_settings *old = before;
	ent_reminder_check_settings(settings, *call->arena, error);
	settings->reminder_count = (int64_t)settings->reminders.count;
	check_order(settings->coverage_order, error);
	if (settings->session_hours == 0) {
		ent_note(error, ENT_E_RANGE, "/session_hours", ENT_STR("0"), "give 1 to 720");
	}
	/* fewer would lock out whoever set it */
	if (settings->requests_per_minute > 0 && settings->requests_per_minute < 10) {
		ent_note(error, ENT_E_RANGE, "/requests_per_minute", (ent_str){ NULL, 0 },
		         "give at least 10, or 0 for no limit");
	}
	const struct ent_zone *zone;
	struct ent_error ignored;
	if (ent_zoneinfo_find(settings->time_zone, &zone, &ignored) != ENT_OK) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/time_zone", settings->time_zone,
		         "give an IANA zone such as Europe/Berlin");
	}
	if (settings->reminder_count + (old == NULL ? 0 : old->reminder_count) == 0) {
		return ENT_OK;
	}
	return ent_agenda_wake(call, ENT_AGENDA_REMINDER,
	                       ENT_STR("SELECT account_id, id FROM contract WHERE stage = $3"),
	                       (struct ent_value[]){ ent_value_text(ENT_STR("live")) }, 1, error);
}
