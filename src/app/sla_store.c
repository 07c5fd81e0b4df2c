/* Write what the engine made of the clocks of a case. */
#include "app/sla.h"

#include "app/agenda.h"
#include "app/pile.h"
#include "base/text.h"
#include "json/sla.h"

static enum ent_code insert(struct ent_sla_work *work, struct ent_milestone *m,
                            struct ent_error *error)
{
	m->account_id = work->c->account_id;
	m->case_id = work->c->id;
	m->version = 1;
	m->created_at = work->call->now;
	m->updated_at = work->call->now;
	return ent_pile_insert(work->call, &ent_milestone_type, m, error);
}

static enum ent_code update(struct ent_sla_work *work, const struct ent_milestone *before,
                            struct ent_milestone *m, struct ent_error *error)
{
	struct ent_set set = ent_row_diff(&ent_milestone_type, before, m, *work->call->arena);
	if (ent_set_is_empty(&set)) {
		return ENT_OK;
	}
	m->version++;
	m->updated_at = work->call->now;
	ent_set_add(&set, ENT_AT_VERSION);
	ent_set_add(&set, ENT_AT_UPDATED_AT);
	return ent_pile_update(work->call, &ent_milestone_type, m, &set, error);
}

static void add_instant(struct ent_text *text, const char *name, ent_instant at)
{
	char room[ENT_INSTANT_ROOM];
	if (ent_instant_is_none(at)) {
		ent_text_addf(text, "\"%s\":null", name);
	} else {
		ent_instant_format(at, room);
		ent_text_addf(text, "\"%s\":\"%s\"", name, room);
	}
}

static ent_str before_of(struct ent_sla_work *work, const struct ent_sla_step *step)
{
	struct ent_text text = ent_text_begin(work->call->arena);
	ent_text_char(&text, '{');
	add_instant(&text, "target_at", step->target_before);
	ent_text_char(&text, '}');
	return ent_text_end(&text);
}

/* What a time line shows of a step. */
static ent_str after_of(struct ent_sla_work *work, const struct ent_sla_step *step)
{
	const struct ent_milestone *m = work->run.milestones[step->milestone];
	char id[ENT_ID_ROOM];
	struct ent_text text = ent_text_begin(work->call->arena);
	ent_id_format(work->c->id, ent_case_type.prefix, id);
	ent_text_addf(&text, "{\"case_id\":\"%s\",\"name\":", id);
	ent_json_string(&text, m->name);
	ent_text_char(&text, ',');
	add_instant(&text, "at", step->at);
	if (step->cause != NULL) {
		ent_text_addf(&text, ",\"cause\":\"%s\"", step->cause);
	}
	if (step->kind == ENT_STEP_COMPLETED) {
		ent_text_addf(&text, ",\"late\":%s", step->is_late ? "true" : "false");
	}
	if (step->action != NULL) {
		ent_text_addf(&text, ",\"action\":");
		ent_json_string(&text, step->action->name);
		ent_text_addf(&text, ",\"do\":\"%s\"", ent_sla_do_names.text[step->action->what]);
	}
	ent_text_addf(&text, ",\"sum\":");
	ent_sla_sum_write(&step->sum, &text);
	ent_text_char(&text, '}');
	return ent_text_end(&text);
}

static enum ent_code tell(struct ent_sla_work *work, const struct ent_sla_step *step,
                          struct ent_error *error)
{
	const struct ent_milestone *m = work->run.milestones[step->milestone];
	struct ent_occurrence what = {
		.account = work->c->account_id,
		.subject = &ent_milestone_type,
		.id = m->id,
		.case_id = work->c->id,
		.verb = ent_sla_step_verb(step->kind),
		.before = before_of(work, step),
		.after = after_of(work, step),
	};
	enum ent_code code = ent_event_tell(work->call, &what, error);
	if (code == ENT_OK && step->kind == ENT_STEP_ACTION) {
		code = ent_sla_act(work, step, error);
	}
	return code;
}

enum ent_code ent_sla_work_end(struct ent_sla_work *work, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	if (work->is_idle || !work->is_loaded) {
		return ENT_OK;
	}
	for (size_t i = 0; i < work->run.count && code == ENT_OK; i++) {
		struct ent_milestone *m = work->run.milestones[i];
		bool is_touched = work->run.touched != NULL && work->run.touched[i];
		if (i < work->stored_count && !is_touched) {
			continue;
		}
		code = i < work->stored_count ? update(work, &work->stored[i], m, error)
		                              : insert(work, m, error);
	}
	for (const struct ent_sla_step *step = work->run.first_step; step != NULL && code == ENT_OK;
	     step = step->next) {
		code = tell(work, step, error);
	}
	ent_agenda_set(work->call, ENT_AGENDA_CASE, work->c->account_id, work->c->id, work->due,
	               ent_sla_due(&work->run));
	return code;
}
