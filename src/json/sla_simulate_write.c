#include "json/sla_script.h"

static void write_text(struct ent_text *out, const char *name, ent_str text)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_json_string(out, text);
}

static void write_time(struct ent_text *out, const char *name, ent_instant at)
{
	char room[ENT_INSTANT_ROOM];
	bool is_some = !ent_instant_is_none(at) && at.us != INT64_MAX;
	write_text(out, name, is_some ? (ent_str){ room, ent_instant_format(at, room) } : NO_TEXT);
}

/* Of names parted by blanks. */
static struct ent_set fields_of(const struct ent_type *type, ent_str names)
{
	struct ent_set set = { { 0 } };
	while (names.len > 0) {
		struct ent_cut cut = ent_str_cut(names, ' ');
		const struct ent_field *field = ent_type_field(type, cut.head);
		assert(field != NULL);
		ent_set_add(&set, ent_type_at(type, field));
		names = cut.tail;
	}
	return set;
}

/* ---- steps ---- */

static void write_step(struct ent_text *out, const struct ent_sla_step *step)
{
	ent_json_comma(out);
	ent_text_char(out, '{');
	write_time(out, "at", step->at);
	write_text(out, "what", ent_str_of(ent_sla_step_verb(step->kind)));
	if (step->action != NULL) {
		write_text(out, "action", step->action->name);
	}
	write_time(out, "target_at", step->sum.target);
	if (step->cause != NULL) {
		write_text(out, "cause", ent_str_of(step->cause));
	}
	if (step->kind == ENT_STEP_COMPLETED) {
		ent_text_add(out, step->is_late ? ENT_STR(",\"late\":true")
		                                : ENT_STR(",\"late\":false"));
	}
	ent_json_comma(out);
	ent_json_name(out, "sum");
	ent_sla_sum_write(&step->sum, out);
	ent_text_char(out, '}');
}

static void write_timeline(struct ent_text *out, const struct ent_sim *sim, size_t at)
{
	ent_json_comma(out);
	ent_text_add(out, ENT_STR("\"timeline\":["));
	for (const struct ent_sla_step *s = sim->run.first_step; s != NULL; s = s->next) {
		if (s->milestone == at) {
			write_step(out, s);
		}
	}
	ent_text_char(out, ']');
}

/* ---- milestones ---- */

#define MILESTONE_FIELDS                                                                        \
	"name kind state occurrence started_at target_at completed_at paused_at ended_at "      \
	"cause allowed unit calendar_revision held moved_target_at warn_at late "               \
	"elapsed_seconds paused_seconds actual_seconds remaining_seconds elapsed_wall_seconds " \
	"paused_wall_seconds remaining_wall_seconds"

static void write_milestones(struct ent_text *out, const struct ent_sim *sim,
                             const struct ent_sla_clock *clocks)
{
	struct ent_set only = fields_of(&ent_milestone_type, ENT_STR(MILESTONE_FIELDS));
	ent_text_add(out, ENT_STR("{\"milestones\":["));
	for (size_t i = 0; i < sim->run.count; i++) {
		ent_json_comma(out);
		ent_text_char(out, '{');
		ent_json_members(&ent_milestone_type, sim->run.milestones[i], &only, out);
		write_text(out, "calendar", clocks[i].name);
		write_timeline(out, sim, i);
		ent_text_char(out, '}');
	}
	ent_text_char(out, ']');
}

/* ---- actions ---- */

/* As it was given: of the border's form only texts need quotes. */
static void write_value(struct ent_text *out, struct ent_value value)
{
	static const char *const flags[] = { "false", "true" };
	ent_text_add(out, ENT_STR(",\"value\":"));
	if (value.kind == ENT_K_INT) {
		ent_text_int(out, value.number);
	} else if (value.kind == ENT_K_BOOL) {
		ent_text_add(out, ent_str_of(flags[value.number != 0]));
	} else {
		ent_json_string(out, value.text); /* null is no text */
	}
}

static void write_words(struct ent_text *out, const char *name, struct ent_words words)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_text_char(out, '[');
	for (size_t i = 0; i < words.count; i++) {
		ent_json_comma(out);
		ent_json_string(out, words.items[i]);
	}
	ent_text_char(out, ']');
}

static void write_id(struct ent_text *out, const char *name, const char *prefix, ent_id id)
{
	char room[ENT_ID_ROOM];
	if (!ent_id_is_none(id)) {
		write_text(out, name, (ent_str){ room, ent_id_format(id, prefix, room) });
	}
}

static void write_details(struct ent_text *out, const struct ent_sla_action *action)
{
	switch (action->what) {
	case ENT_SLA_EMAIL:
		write_words(out, "to", action->to);
		break;
	case ENT_SLA_WEBHOOK:
		write_id(out, "endpoint_id", "whe", action->endpoint_id);
		break;
	case ENT_SLA_SET:
		write_text(out, "field", ent_str_of(action->field->name));
		write_value(out, action->value);
		break;
	case ENT_SLA_ASSIGN:
		write_id(out, "team_id", "tem", action->team_id);
		write_id(out, "assignee_id", "usr", action->assignee_id);
		break;
	case ENT_SLA_OPEN_CASE:
		write_text(out, "priority", action->priority);
		break;
	case ENT_SLA_TASK:
		break;
	}
	if (action->subject.len > 0) {
		write_text(out, "subject", action->subject);
	}
}

static void write_actions(struct ent_text *out, const struct ent_sim *sim)
{
	static const char *const does[] = {
		"email", "webhook", "set", "assign", "task", "open_case"
	};
	ent_text_add(out, ENT_STR(",\"actions\":["));
	for (const struct ent_sla_step *s = sim->run.first_step; s != NULL; s = s->next) {
		if (s->action == NULL) {
			continue;
		}
		const struct ent_milestone *m = sim->run.milestones[s->milestone];
		ent_json_comma(out);
		ent_text_char(out, '{');
		write_time(out, "at", s->at);
		write_text(out, "milestone", m->name);
		ent_text_addf(out, ",\"occurrence\":%lld", (long long)m->occurrence);
		write_text(out, "action", s->action->name);
		write_text(out, "do", ent_str_of(does[s->action->what]));
		write_details(out, s->action);
		ent_text_char(out, '}');
	}
	ent_text_char(out, ']');
}

/* ---- the whole ---- */

#define CASE_FIELDS                                                                           \
	"state status priority team_id assignee_id sla_status next_due_at awaiting_response " \
	"first_responded_at last_customer_at last_response_at resolved_at cancelled_at "      \
	"reopen_count"

static struct ent_sla_clock *derive(struct ent_sim *sim)
{
	struct ent_error ignored;
	ent_error_clear(&ignored);
	struct ent_arena *arena = sim->reader.arena;
	struct ent_sla_clock *clocks = ENT_NEW(arena, struct ent_sla_clock, sim->run.count);
	for (size_t i = 0; i < sim->run.count; i++) {
		struct ent_milestone *m = sim->run.milestones[i];
		clocks[i].zone = sim->zone;
		(void)!ent_sim_find_clock(sim, m->calendar_id, m->calendar_revision, &clocks[i],
		                          &ignored); /* it was found before */
		ent_milestone_derive(m, &clocks[i], sim->now, *arena);
	}
	ent_sla_summarise(&sim->run, sim->c);
	sim->c->sla_status = ent_sla_status_at(sim->c, sim->now);
	return clocks;
}

ent_str ent_sim_write(struct ent_sim *sim)
{
	const struct ent_sla_clock *clocks = derive(sim);
	struct ent_set only = fields_of(&ent_case_type, ENT_STR(CASE_FIELDS));
	struct ent_text out = ent_text_begin(sim->reader.arena);
	write_milestones(&out, sim, clocks);
	write_actions(&out, sim);
	ent_text_add(&out, ENT_STR(",\"case\":{"));
	ent_json_members(&ent_case_type, sim->c, &only, &out);
	ent_text_add(&out, ENT_STR("}"));
	write_time(&out, "until", sim->now);
	ent_text_char(&out, '}');
	return ent_text_end(&out);
}
