/* How a target comes about, for events and time lines. */
#include "json/sla.h"

static void write_instant(struct ent_text *out, const char *name, ent_instant at)
{
	char room[ENT_INSTANT_ROOM];
	ent_json_comma(out);
	ent_json_name(out, name);
	bool is_some = !ent_instant_is_none(at) && at.us != INT64_MAX; /* else null */
	ent_json_string(out, (ent_str){ is_some ? room : NULL,
	                                is_some ? ent_instant_format(at, room) : 0 });
}

/* ---- for people ---- */

/* "Mon 2026-11-23 10:00" on the clock of the zone; seconds where there are any. */
static void print_time(struct ent_text *out, const struct ent_zone *zone, ent_instant at)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	char date[11];
	ent_date day = ent_zone_date(zone, at);
	int second = (int)(ent_zone_local(zone, at) - day.day * INT64_C(86400));
	ent_date_format(day, date);
	ent_text_addf(out, "%s %s %02d:%02d", days[ent_date_weekday(day)], date, second / 3600,
	              second % 3600 / 60);
	if (second % 60 != 0) {
		ent_text_addf(out, ":%02d", second % 60);
	}
}

struct part {
	int64_t n;
	const char *unit;
};

static void print_parts(struct ent_text *out, const struct part *parts, size_t count)
{
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].n != 0) {
			ent_text_addf(out, "%s%lld %s", any ? " " : "", (long long)parts[i].n,
			              parts[i].unit);
			any = true;
		}
	}
	if (!any) {
		ent_text_add(out, ENT_STR("0 min"));
	}
}

/* "5 h 30 min"; a fraction of a second is left out. */
static void print_us(struct ent_text *out, int64_t us)
{
	int64_t s = (us < 0 ? -us : us) / ENT_SECOND_US;
	const struct part parts[] = { { s / 3600, "h" },
		                      { s % 3600 / 60, "min" },
		                      { s % 60, "s" } };
	print_parts(out, parts, ENT_COUNT(parts));
}

/* Inside a JSON string: nothing else in it needs to be escaped. */
static void print_name(struct ent_text *out, ent_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (c == '"' || c == '\\') {
			ent_text_char(out, '\\');
		}
		ent_text_char(out, (unsigned char)c < ' ' ? ' ' : c);
	}
}

static void print_allowed(struct ent_text *out, const struct ent_sla_sum *sum)
{
	static const char *const kinds[] = { " business time", "", "" };
	ent_duration d = sum->allowed;
	bool many = sum->unit == ENT_TARGET_BUSINESS_DAYS;
	const struct part parts[] = {
		{ d.months, d.months == 1 ? "month" : "months" },
		{ d.days, many ? (d.days == 1 ? "business day" : "business days")
		               : (d.days == 1 ? "day" : "days") },
		{ d.seconds / 3600, "h" },
		{ d.seconds % 3600 / 60, "min" },
		{ d.seconds % 60, "s" },
	};
	print_parts(out, parts, ENT_COUNT(parts));
	if (sum->clock.hours != NULL && sum->unit != ENT_TARGET_CALENDAR) {
		ent_text_add(out, ent_str_of(kinds[sum->unit]));
		if (sum->clock.name.len > 0) {
			ent_text_add(out, ENT_STR(" ("));
			print_name(out, sum->clock.name);
			ent_text_char(out, ')');
		}
	}
}

/* "Mon 2026-11-23 10:00 + 8 h business time (Berlin) + 5 h paused = Tue 2026-11-24 15:00" */
static void explain(const struct ent_sla_sum *sum, struct ent_text *out)
{
	if (ent_instant_is_none(sum->moved)) {
		print_time(out, sum->clock.zone, sum->start);
		ent_text_add(out, ENT_STR(" + "));
		print_allowed(out, sum);
	} else {
		print_time(out, sum->clock.zone, sum->moved);
		ent_text_add(out, ENT_STR(" (set by hand)"));
	}
	if (sum->paused_us > 0) {
		ent_text_add(out, ENT_STR(" + "));
		print_us(out, sum->paused_us);
		ent_text_add(out, ENT_STR(" paused"));
	}
	if (ent_instant_is_none(sum->target)) {
		ent_text_add(out, ENT_STR("; paused with "));
		print_us(out, sum->remaining_us);
		ent_text_add(out, sum->remaining_us < 0 ? ENT_STR(" overdue") : ENT_STR(" left"));
	} else if (sum->target.us == INT64_MAX) {
		ent_text_add(out, ENT_STR(" = never: the calendar does not open so often"));
	} else {
		ent_text_add(out, ENT_STR(" = "));
		print_time(out, sum->clock.zone, sum->target);
	}
}

/* ---- for machines ---- */

static void write_clock(struct ent_text *out, const struct ent_sla_clock *clock)
{
	char id[ENT_ID_ROOM];
	if (ent_id_is_none(clock->calendar_id)) {
		return;
	}
	ent_text_add(out, ENT_STR(",\"calendar_id\":"));
	ent_json_string(out, (ent_str){ id, ent_id_format(clock->calendar_id, "cal", id) });
	ent_text_add(out, ENT_STR(",\"calendar\":"));
	ent_json_string(out, clock->name);
	ent_text_addf(out, ",\"revision\":%lld", (long long)clock->revision);
}

void ent_sla_sum_write(const struct ent_sla_sum *sum, struct ent_text *out)
{
	char room[ENT_DURATION_ROOM];
	ent_text_char(out, '{');
	write_instant(out, "start", sum->start);
	ent_text_add(out, ENT_STR(",\"allowed\":"));
	ent_json_string(out, (ent_str){ room, ent_duration_format(sum->allowed, room) });
	ent_text_add(out, ENT_STR(",\"unit\":"));
	ent_json_string(out, ent_str_of(ent_target_unit_names.text[sum->unit]));
	ent_text_addf(out, ",\"paused_seconds\":%lld", (long long)(sum->paused_us / ENT_SECOND_US));
	write_clock(out, &sum->clock);
	if (ent_instant_is_none(sum->target)) {
		ent_text_addf(out, ",\"remaining_seconds\":%lld",
		              (long long)(sum->remaining_us / ENT_SECOND_US));
	} else {
		write_instant(out, "target_at", sum->target);
	}
	ent_text_add(out, ENT_STR(",\"text\":\""));
	explain(sum, out);
	ent_text_add(out, ENT_STR("\"}"));
}
