/* What rules say is done when something happens to a milestone. */
#include "app/sla.h"

#include "app/case.h"
#include "app/outbox.h"
#include "base/text.h"
#include "core/date_term.h"
#include "json/json.h"
#include "json/sla.h"

/* ---- on the case itself: the engine has judged the condition when it was due ---- */

static bool set_field(struct ent_sla_work *work, const struct ent_sla_action *action)
{
	struct ent_case was = *work->c;
	struct ent_error unused;
	ent_error_clear(&unused);
	if (!ent_field_set(action->field, work->c, action->value, &unused)) {
		return false; /* it was checked when the version was saved */
	}
	struct ent_set set = ent_row_diff(&ent_case_type, &was, work->c, *work->call->arena);
	return !ent_set_is_empty(&set);
}

static bool assign(struct ent_sla_work *work, const struct ent_sla_action *action)
{
	struct ent_case *c = work->c;
	bool changed = false;
	if (!ent_id_is_none(action->team_id) && !ent_id_eq(c->team_id, action->team_id)) {
		c->team_id = action->team_id;
		changed = true;
	}
	if (!ent_id_is_none(action->assignee_id) &&
	    !ent_id_eq(c->assignee_id, action->assignee_id)) {
		c->assignee_id = action->assignee_id;
		changed = true;
	}
	return changed;
}

enum ent_code ent_sla_change(struct ent_sla_work *work, const struct ent_sla_step *step,
                             bool *changed, struct ent_error *error)
{
	(void)error;
	const struct ent_sla_action *action = step->action;
	*changed = false;
	if (action->what == ENT_SLA_SET) {
		*changed = set_field(work, action);
	} else if (action->what == ENT_SLA_ASSIGN) {
		*changed = assign(work, action);
	}
	return ENT_OK;
}

/* ---- texts ---- */

enum { ONE_LINE = 300, MANY_LINES = 20000 };

static enum ent_code fill_in(struct ent_sla_work *work, const struct ent_sla_step *step,
                             ent_str text, size_t max, ent_str *out, struct ent_error *error)
{
	struct ent_milestone m = *work->run.milestones[step->milestone];
	struct ent_case c = *work->c;
	struct ent_template_thing things[ENT_SLA_THINGS];
	const struct ent_zone *zone;
	enum ent_code code = ent_sla_work_load_all(work, error);
	if (code == ENT_OK) {
		code = ent_call_zone(work->call, (ent_str){ NULL, 0 }, c.account_id, &zone, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	ent_milestone_derive(&m, &step->sum.clock, step->at, *work->call->arena);
	c.sla_status = ent_sla_status_at(&c, step->at);
	for (size_t i = 0; i < ENT_SLA_THINGS; i++) {
		things[i] = ent_sla_things[i];
		things[i].object = i < ENT_CASE_ROOTS ? work->run.objects[i] : &m;
	}
	things[ENT_ROOT_CASE].object = &c;
	*out = ent_template_text_fill(text, things, ENT_SLA_THINGS, zone, max > ONE_LINE, max,
	                              work->call->arena);
	return ENT_OK;
}

/* ---- e-mail and webhooks ---- */

static struct ent_matter matter_of(const struct ent_sla_work *work, const struct ent_sla_step *step)
{
	return (struct ent_matter){
		.account_id = work->c->account_id,
		.subject_type = &ent_case_type,
		.subject_id = work->c->id,
		.event_type = ent_text_format(work->call->arena, "milestone.%.*s",
		                              (int)step->action->name.len, step->action->name.ptr),
	};
}

/* One address by query; what has none adds none. */
static enum ent_code add_address(struct ent_sla_work *work, const char *sql, ent_id id,
                                 struct ent_mail *mail, struct ent_error *error)
{
	struct ent_rows rows;
	if (ent_id_is_none(id)) {
		return ENT_OK;
	}
	enum ent_code code = ent_db_run(work->call->db, ent_str_of(sql), ENT_ARGS(ent_arg_id(id)),
	                                work->call->arena, &rows, error);
	ent_str *to = (ent_str *)(uintptr_t)mail->to;
	for (const struct ent_row *row = code == ENT_OK ? rows.first : NULL;
	     row != NULL && mail->to_count < ENT_MAIL_TO_MAX; row = row->next) {
		if (row->cell[0].kind == ENT_K_TEXT && row->cell[0].text.len > 0) {
			to[mail->to_count++] = row->cell[0].text;
		}
	}
	return code;
}

static enum ent_code add_recipient(struct ent_sla_work *work, ent_str word, struct ent_mail *mail,
                                   struct ent_error *error)
{
	const struct ent_case *c = work->c;
	const struct {
		const char *word;
		const char *sql;
		ent_id id;
	} known[] = {
		{ "assignee", "SELECT email FROM \"user\" WHERE id = $1", c->assignee_id },
		{ "team", "SELECT email FROM team WHERE id = $1", c->team_id },
		{ "contact", "SELECT email FROM contact WHERE id = $1", c->contact_id },
		{ "account", "SELECT email FROM account WHERE id = $1", c->account_id },
	};
	for (size_t i = 0; i < ENT_COUNT(known); i++) {
		if (ent_str_is(word, known[i].word)) {
			return add_address(work, known[i].sql, known[i].id, mail, error);
		}
	}
	ent_str *to = (ent_str *)(uintptr_t)mail->to;
	if (mail->to_count < ENT_MAIL_TO_MAX) {
		to[mail->to_count++] = word;
	}
	return ENT_OK;
}

static enum ent_code send_mail(struct ent_sla_work *work, const struct ent_sla_step *step,
                               struct ent_error *error)
{
	const struct ent_sla_action *action = step->action;
	struct ent_mail mail = {
		.matter = matter_of(work, step),
		.to = ENT_NEW(work->call->arena, ent_str, ENT_MAIL_TO_MAX),
	};
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < action->to.count && code == ENT_OK; i++) {
		code = add_recipient(work, action->to.items[i], &mail, error);
	}
	if (code == ENT_OK) {
		code = fill_in(work, step, action->subject, ONE_LINE, &mail.subject, error);
	}
	if (code == ENT_OK) {
		code = fill_in(work, step, action->body, MANY_LINES, &mail.body, error);
	}
	return code == ENT_OK ? ent_outbox_mail(work->call, &mail, error) : code;
}

static enum ent_code send_webhook(struct ent_sla_work *work, const struct ent_sla_step *step,
                                  struct ent_error *error)
{
	const struct ent_milestone *m = work->run.milestones[step->milestone];
	struct ent_matter matter = matter_of(work, step);
	struct ent_text text = ent_text_begin(work->call->arena);
	ent_text_addf(&text, "{\"case\":");
	ent_json_write(&ent_case_type, work->c, NULL, &text);
	ent_text_addf(&text, ",\"milestone\":");
	ent_json_write(&ent_milestone_type, m, NULL, &text);
	ent_text_addf(&text, ",\"action\":");
	ent_json_string(&text, step->action->name);
	ent_text_addf(&text, ",\"sum\":");
	ent_sla_sum_write(&step->sum, &text);
	ent_text_char(&text, '}');
	return ent_outbox_webhook(work->call, step->action->endpoint_id, &matter,
	                          ent_text_end(&text), error);
}

/* ---- records of their own ---- */

static enum ent_code add_task(struct ent_sla_work *work, const struct ent_sla_step *step,
                              struct ent_error *error)
{
	const struct ent_sla_action *action = step->action;
	struct ent_case_activity task;
	ent_type_clear(&ent_case_activity_type, &task);
	task.account_id = work->c->account_id;
	task.case_id = work->c->id;
	task.kind = ENT_ACTIVITY_TASK;
	task.user_id =
		ent_id_is_none(action->assignee_id) ? work->c->assignee_id : action->assignee_id;
	if (!ent_duration_is_none(action->due_in)) {
		struct ent_term term = { false, action->due_in };
		ent_instant now = work->call->now;
		int64_t due;
		if (ent_term_add(now.us, term, 1, &due)) {
			task.due_at = (ent_instant){ due };
		}
	}
	enum ent_code code = fill_in(work, step, action->subject, ONE_LINE, &task.subject, error);
	if (code == ENT_OK) {
		code = fill_in(work, step, action->body, MANY_LINES, &task.body, error);
	}
	return code == ENT_OK ? ent_record_insert(work->call, &ent_case_activity_type, &task,
	                                          "created", error)
	                      : code;
}

/* A case beside this one, without entitlement: nobody is charged for what we let slip. One that
 * a rule has opened opens no further ones, or they would go on for ever. */
static enum ent_code open_case(struct ent_sla_work *work, const struct ent_sla_step *step,
                               struct ent_error *error)
{
	struct ent_call *call = work->call;
	struct ent_case c;
	if (!ent_id_is_none(work->c->opened_by_id)) {
		return ENT_OK;
	}
	ent_type_clear(&ent_case_type, &c);
	c.account_id = work->c->account_id;
	c.contact_id = work->c->contact_id;
	c.product_id = work->c->product_id;
	c.asset_id = work->c->asset_id;
	c.team_id = step->action->team_id;
	c.assignee_id = step->action->assignee_id;
	if (work->c->state == ENT_CASE_OPEN) { /* what is closed gets no new parts */
		c.parent_id =
			ent_id_is_none(work->c->parent_id) ? work->c->id : work->c->parent_id;
	}
	c.opened_by_id = work->run.milestones[step->milestone]->id;
	c.priority = work->c->priority;
	unsigned priority;
	if (ent_names_find(&ent_case_priority_names, step->action->priority, &priority)) {
		c.priority = (enum ent_case_priority)priority;
	}
	enum ent_code code = fill_in(work, step, step->action->subject, ONE_LINE, &c.title, error);
	if (code == ENT_OK) {
		code = fill_in(work, step, step->action->body, MANY_LINES, &c.description, error);
	}
	if (code == ENT_OK) {
		code = ent_case_open(call, &c, error);
	}
	return code;
}

enum ent_code ent_sla_act(struct ent_sla_work *work, const struct ent_sla_step *step,
                          struct ent_error *error)
{
	switch (step->action->what) {
	case ENT_SLA_EMAIL:
		return send_mail(work, step, error);
	case ENT_SLA_WEBHOOK:
		return send_webhook(work, step, error);
	case ENT_SLA_TASK:
		return add_task(work, step, error);
	case ENT_SLA_OPEN_CASE:
		return open_case(work, step, error);
	case ENT_SLA_SET:
	case ENT_SLA_ASSIGN:
		break; /* done: ent_sla_change() */
	}
	return ENT_OK;
}
