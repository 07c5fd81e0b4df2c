/* Holidays that calendars share. */
#include "app/calendar.h"
#include "app/entity.h"
#include "base/text.h"
#include "json/calendar.h"

ENT_HOOK_CHECK(ent_holiday_set_judge)
{
	(void)before;
	(void)given;
	struct ent_holiday_set *set = object;
	struct ent_calendar_version all = { .holiday_count = 0 };
	const struct ent_node *list = NULL;
	size_t issues = error->issue_count;
	enum ent_code code = ent_check_unique(call, &ent_holiday_set_type, set->id, "name",
	                                      set->name, error);
	if (code == ENT_OK && set->holidays.text.ptr != NULL) {
		code = ent_json_parse(set->holidays.text, call->arena, &list, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	if (list != NULL) {
		ent_holidays_read(list, "/holidays", call->arena, &all, error);
	}
	if (error->issue_count == issues) {
		struct ent_text out = ent_text_begin(call->arena);
		ent_holidays_write(all.holidays, all.holiday_count, &out);
		set->holidays.text = ent_text_end(&out);
	}
	return ENT_OK;
}

ENT_HOOK_UPDATE(ent_holiday_set_update)
{
	const struct ent_holiday_set *set = object;
	enum ent_code code =
		ent_record_save(call, &ent_holiday_set_type, before, object, "updated", error);
	return code == ENT_OK ? ent_calendar_follow(call, set->id, error) : code;
}
