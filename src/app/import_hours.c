/* Business hours of Salesforce: calendars. One span a weekday; 00:00 to 00:00 is the whole day,
 * none is closed. */
#include "app/import_inner.h"
#include "json/calendar.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "09:00:00.000Z", "17:30", "5:30 PM": a time of day of the calendar's zone, whatever the Z. */
static bool read_clock(ent_str text, int32_t *out)
{
	char room[16];
	size_t len = 0;
	while (len < text.len && (text.ptr[len] == ':' || is_digit(text.ptr[len]))) {
		len++;
	}
	bool short_hour = len > 1 && text.ptr[1] == ':';
	if (len == 0 || len + short_hour >= sizeof(room)) {
		return false;
	}
	room[0] = '0';
	memcpy(room + short_hour, text.ptr, len);
	ent_str tail = ent_str_trim((ent_str){ text.ptr + len, text.len - len });
	bool pm = ent_import_same_word(tail, ENT_STR("PM"));
	bool twelve = pm || ent_import_same_word(tail, ENT_STR("AM"));
	if (!ent_clock_parse((ent_str){ room, len + short_hour }, out)) {
		return false;
	}
	if (twelve) {
		bool good = *out >= 3600 && *out < 13 * 3600;
		*out = *out % (ENT_DAY_S / 2) + (pm ? ENT_DAY_S / 2 : 0);
		return good;
	}
	size_t i = tail.len > 0 && tail.ptr[0] == '.';
	while (i > 0 && i < tail.len && is_digit(tail.ptr[i])) {
		i++;
	}
	return i == tail.len || (i + 1 == tail.len && tail.ptr[i] == 'Z');
}

static bool read_day(struct ent_import_work *work, int day, struct ent_opening *out,
                     struct ent_error *error)
{
	static const char *const pointers[] = {
		"/#MON_START", "/#MON_END",   "/#TUE_START", "/#TUE_END",   "/#WED_START",
		"/#WED_END",   "/#THU_START", "/#THU_END",   "/#FRI_START", "/#FRI_END",
		"/#SAT_START", "/#SAT_END",   "/#SUN_START", "/#SUN_END",
	};
	int32_t times[2] = { 0, 0 };
	size_t given = 0;
	bool good = true;
	for (size_t i = 0; i < 2; i++) {
		ent_str text = work->slots[ENT_SLOT_MON_START + 2 * (size_t)day + i];
		given += text.len > 0;
		if (text.len > 0 && !read_clock(text, &times[i])) {
			ent_note(error, ENT_E_FORMAT, pointers[2 * day + (int)i], text,
			         "give a time of day such as 09:00");
			good = false;
		}
	}
	if (given == 1) {
		ent_note(error, ENT_E_REQUIRED, pointers[2 * day], (ent_str){ NULL, 0 },
		         "give when the day begins and when it ends, or neither");
	}
	if (given == 2 && good && !ent_opening_make(times[0], times[1], out)) {
		ent_note(error, ENT_E_RANGE, pointers[2 * day], (ent_str){ NULL, 0 },
		         "give times of day from 00:00 to 24:00");
		good = false;
	}
	return given == 2 && good;
}

enum ent_code ent_import_finish_hours(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_calendar *calendar = work->object;
	struct ent_opening openings[7];
	struct ent_week week = { 0 };
	size_t open = 0;
	for (int day = 0; day < 7; day++) {
		if (read_day(work, day, &openings[day], error)) {
			week.days[day] = (struct ent_openings){ &openings[day], 1 };
			open++;
		}
	}
	if (open > 0) {
		struct ent_text text = ent_text_begin(work->call->arena);
		ent_calendar_write_week(&week, &text);
		calendar->week.text = ent_text_end(&text);
		ent_import_give(work, ENT_FIELD_OF(calendar, week));
	}
	return ENT_OK;
}
