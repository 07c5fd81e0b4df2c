/* How a target comes about, for events and time lines. */
#include "json/sla.h"

static void write_instant(struct ent_text *out, const char *name, ent_instant at)
{
	char room[ENT_INSTANT_ROOM];
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_json_string(out, (ent_str){ room, ent_instant_format(at, room) });
}

/* Microseconds as a duration for people: PT1H30M; a fraction of a second is left out. */
static ent_str time_of(int64_t us, char room[static ENT_DURATION_ROOM])
{
	ent_duration duration = { 0, 0, (us < 0 ? -us : us) / ENT_SECOND_US };
	return (ent_str){ room, ent_duration_format(duration, room) };
}

/* "2026-03-06T16:00:00Z + PT4H + PT30M paused = 2026-03-09T12:30:00Z, business time" */
static void explain(const struct ent_sla_sum *sum, struct ent_text *out)
{
	char start[ENT_INSTANT_ROOM], target[ENT_INSTANT_ROOM];
	char allowed[ENT_DURATION_ROOM], time[ENT_DURATION_ROOM];
	bool is_paused = ent_instant_is_none(sum->target);
	ent_instant_format(sum->start, start);
	ent_duration_format(sum->allowed, allowed);
	ent_text_addf(out, "%s + %s", start, allowed);
	if (sum->paused_us > 0) {
		ent_text_addf(out, " + %s paused", time_of(sum->paused_us, time).ptr);
	}
	if (is_paused) {
		ent_text_addf(out, "; paused with %s %s", time_of(sum->remaining_us, time).ptr,
		              sum->remaining_us < 0 ? "overdue" : "left");
	} else {
		ent_instant_format(sum->target, target);
		ent_text_addf(out, " = %s", target);
	}
	static const char *const all[] = { "every hour counts", "calendar time",
		                           "every day counts" };
	static const char *const some[] = { "business time", "calendar time", "business days" };
	ent_text_addf(out, ", %s", (sum->clock.hours == NULL ? all : some)[sum->unit]);
}

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
	explain(sum, out); /* nothing in it needs to be escaped */
	ent_text_add(out, ENT_STR("\"}"));
}
