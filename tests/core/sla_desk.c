#include "core/sla_desk.h"

#include "base/text.h"
#include "core/zone_file.h"

static ent_id next_id(void *arg)
{
	struct desk *desk = arg;
	return (ent_id){ ++desk->last_id };
}

static enum ent_code find_clock(void *arg, ent_id calendar, int64_t revision,
                                struct ent_sla_clock *out, struct ent_error *error)
{
	struct desk *desk = arg;
	(void)revision;
	if (desk->fail_clock_at > 0 && --desk->fail_clock_at == 0) {
		return ent_fail(error, ENT_E_STORAGE, "no clock");
	}
	if (ent_id_is_none(calendar)) {
		*out = (struct ent_sla_clock){ .zone = &ent_zone_utc };
	} else {
		*out = desk->clocks[calendar.value - 1];
	}
	return ENT_OK;
}

void desk_open(struct desk *desk, const char *opened)
{
	*desk = (struct desk){ .arena = test_arena() };
	ent_type_clear(&ent_case_type, &desk->c);
	ent_type_clear(&ent_account_type, &desk->account);
	desk->c.id = (ent_id){ 7 };
	desk->c.account_id = (ent_id){ 8 };
	desk->c.created_at = instant_of(opened);
	desk->version.id = (ent_id){ 9 };
	desk->version.rules = desk->rules;
	desk->run.version = &desk->version;
	desk->run.objects[ENT_SLA_CASE] = &desk->c;
	desk->run.objects[ENT_SLA_ACCOUNT] = &desk->account;
	desk->run.find_clock = find_clock;
	desk->run.clock_arg = desk;
	desk->run.make_id = next_id;
	desk->run.id_arg = desk;
	desk->run.arena = &desk->arena;
}

void desk_hours(struct desk *desk, int number, const char *zone, const char *week)
{
	char bytes[ZONE_FILE_ROOM];
	struct ent_sla_clock *clock = &desk->clocks[number - 1];
	struct ent_timetable *calendar = ENT_NEW(&desk->arena, struct ent_timetable, 1);
	struct ent_calendar_version *version =
		ENT_NEW(&desk->arena, struct ent_calendar_version, 1);
	ent_str file = read_zone_file(zone, bytes);
	CHECK_INT(
		ent_zone_parse(file, ent_str_of(zone), &desk->arena, &calendar->zone, &desk->error),
		ENT_OK);
	CHECK_INT(ent_week_parse(ent_str_of(week), &desk->arena, &version->week, &desk->error),
	          ENT_OK);
	calendar->versions = version;
	calendar->version_count = 1;
	clock->calendar_id = (ent_id){ number };
	clock->revision++;
	clock->zone = calendar->zone;
	clock->hours = ent_hours_compile(calendar, 2024, 2026, &desk->arena);
}

struct ent_milestone_rule *desk_rule(struct desk *desk, const char *name,
                                     enum ent_milestone_kind kind, int64_t minutes)
{
	struct ent_milestone_rule *rule = &desk->rules[desk->version.rule_count++];
	rule->name = ent_str_of(name);
	rule->kind = kind;
	rule->is_pausable = true;
	rule->allowed = (ent_duration){ 0, 0, minutes * 60 };
	rule->warn_percent = 75;
	return rule;
}

const struct ent_expression *desk_criteria(struct desk *desk, const char *text)
{
	const struct ent_expression *e = NULL;
	CHECK_INT(ent_expression_compile(ent_str_of(text), &ent_sla_scope, &desk->arena, &e,
	                                 &desk->error),
	          ENT_OK);
	return e;
}

void desk_at(struct desk *desk, const char *when)
{
	ent_instant now = instant_of(when);
	const struct ent_sla_step *step;
	do {
		CHECK_INT(
			ent_sla_next(&desk->run, (ent_instant){ now.us - 1 }, &step, &desk->error),
			ENT_OK);
	} while (step != NULL);
	CHECK_INT(ent_sla_evaluate(&desk->run, now, &desk->error), ENT_OK);
}

void desk_status(struct desk *desk, const char *when, const char *status)
{
	desk_at(desk, when);
	desk->c.status = ent_str_of(status);
	desk_at(desk, when);
}

struct ent_milestone *desk_newest(struct desk *desk, const char *name)
{
	struct ent_milestone *newest = NULL;
	for (size_t i = 0; i < desk->run.count; i++) {
		if (ent_str_is(desk->run.milestones[i]->name, name)) {
			newest = desk->run.milestones[i];
		}
	}
	return newest;
}

const char *desk_target(struct desk *desk, const char *name)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	const struct ent_milestone *m = desk_newest(desk, name);
	struct ent_text out = ent_text_begin(&desk->arena);
	if (m == NULL || ent_instant_is_none(m->target_at)) {
		return m == NULL ? "no milestone" : "none";
	}
	const struct ent_zone *zone = ent_id_is_none(m->calendar_id)
	                                      ? &ent_zone_utc
	                                      : desk->clocks[m->calendar_id.value - 1].zone;
	int64_t local = ent_zone_local(zone, m->target_at);
	ent_text_addf(&out, "%s %02d:%02d",
	              days[ent_date_weekday(ent_zone_date(zone, m->target_at))],
	              (int)(local % 86400 / 3600), (int)(local % 3600 / 60));
	return ent_text_end(&out).ptr;
}

const char *desk_steps(struct desk *desk)
{
	struct ent_text out = ent_text_begin(&desk->arena);
	for (const struct ent_sla_step *s = desk->run.first_step; s != NULL; s = s->next) {
		ent_text_addf(&out, "%s%s", s == desk->run.first_step ? "" : " ",
		              s->action != NULL ? s->action->name.ptr : ent_sla_step_verb(s->kind));
	}
	desk->run.first_step = NULL;
	desk->run.last_step = NULL;
	return ent_text_end(&out).ptr;
}
