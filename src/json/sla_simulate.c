#include "json/sla_simulate.h"

#include "json/sla_script.h"

#include <string.h>

enum { ROUNDS_MAX = 50, STEPS_MAX = 20000, AFTER_DAYS = 400 };

static ent_id next_id(void *arg)
{
	struct ent_sim *sim = arg;
	return (ent_id){ ++sim->last_id };
}

static enum ent_code evaluate(struct ent_sim *sim)
{
	sim->run.calendar_id = ent_sim_calendar_of_case(sim);
	enum ent_code code = ent_sla_evaluate(&sim->run, sim->now, sim->reader.error);
	ent_sla_summarise(&sim->run, sim->c);
	return code;
}

/* ---- actions ---- */

/* What an action does to the case itself. Returns whether it did. */
static bool apply(struct ent_sim *sim, const struct ent_sla_action *action)
{
	struct ent_error ignored;
	ent_error_clear(&ignored);
	if (action->what == ENT_SLA_SET) {
		return ent_field_set(action->field, sim->c, action->value, &ignored);
	}
	if (action->what != ENT_SLA_ASSIGN) {
		return false;
	}
	if (!ent_id_is_none(action->team_id)) {
		sim->c->team_id = action->team_id;
	}
	if (!ent_id_is_none(action->assignee_id)) {
		sim->c->assignee_id = action->assignee_id;
	}
	return true;
}

/* Do the actions of the steps that are new, follow the rules again, until nothing is new. */
static enum ent_code react(struct ent_sim *sim)
{
	enum ent_code code = ENT_OK;
	bool changed = true;
	for (int round = 0; changed && code == ENT_OK; round++) {
		changed = false;
		if (round == ROUNDS_MAX || sim->steps > STEPS_MAX) {
			return ent_fail(sim->reader.error, ENT_E_LIMIT,
			                "actions set each other off without end");
		}
		while (*sim->unseen != NULL) {
			struct ent_sla_step *step = *sim->unseen;
			sim->unseen = &step->next;
			sim->steps++;
			changed = (step->action != NULL && apply(sim, step->action)) || changed;
		}
		if (changed) {
			code = evaluate(sim);
		}
	}
	return code;
}

/* What time brings until then. */
static enum ent_code pass_time(struct ent_sim *sim, ent_instant until)
{
	const struct ent_sla_step *step;
	enum ent_code code;
	do {
		code = ent_sla_next(&sim->run, until, &step, sim->reader.error);
		if (code == ENT_OK && step != NULL) {
			sim->now = step->at.us > sim->now.us ? step->at : sim->now;
			code = react(sim);
		}
	} while (code == ENT_OK && step != NULL);
	return code;
}

/* ---- events ---- */

/* The newest of that name, an open one first. */
static enum ent_code find(struct ent_sim *sim, ent_str name, size_t *out)
{
	size_t found = sim->run.count;
	for (size_t i = 0; i < sim->run.count; i++) {
		found = ent_str_eq(sim->run.milestones[i]->name, name) ? i : found;
	}
	if (found == sim->run.count) {
		return ent_fail(sim->reader.error, ENT_E_NO_SUCH_RECORD,
		                "the case has no milestone %.*s then", (int)name.len, name.ptr);
	}
	*out = found;
	return ENT_OK;
}

static enum ent_code by_hand(struct ent_sim *sim, const struct ent_sim_event *event)
{
	struct ent_sla_run *run = &sim->run;
	struct ent_error *error = sim->reader.error;
	enum { COMPLETE, HOLD, RELEASE, REOPEN, CANCEL, TARGET, START, VERBS };
	const ent_str names[VERBS] = { event->complete,         event->hold,
		                       event->release,          event->reopen_milestone,
		                       event->cancel_milestone, event->target.milestone,
		                       event->start.milestone };
	ent_instant when =
		ent_instant_is_none(event->completed_at) ? sim->now : event->completed_at;
	enum ent_code code = ENT_OK;
	for (int verb = 0; verb < VERBS && code == ENT_OK; verb++) {
		size_t at = 0;
		if (names[verb].len == 0) {
			continue;
		}
		code = find(sim, names[verb], &at);
		if (code != ENT_OK) {
			return code;
		}
		switch (verb) {
		case COMPLETE:
			code = ent_sla_complete(run, at, when, sim->now, error);
			break;
		case HOLD:
		case RELEASE:
			code = ent_sla_hold(run, at, verb == HOLD, sim->now, error);
			break;
		case REOPEN:
			code = ent_sla_reopen(run, at, sim->now, error);
			break;
		case CANCEL:
			code = ent_sla_cancel(run, at, "by_hand", sim->now, error);
			break;
		case TARGET:
			code = ent_sla_move_target(run, at, event->target.at, sim->now, error);
			break;
		default:
			code = ent_sla_move_start(run, at, event->start.at, sim->now, error);
			break;
		}
	}
	return code;
}

static void say(struct ent_sim *sim, unsigned comment)
{
	struct ent_case *c = sim->c;
	if (comment == ENT_SIM_SUPPORT) {
		c->awaiting_response = false;
		c->last_response_at = sim->now;
		if (ent_instant_is_none(c->first_responded_at)) {
			c->first_responded_at = sim->now;
		}
	} else if (comment == ENT_SIM_CUSTOMER && !c->awaiting_response) {
		c->awaiting_response = true;
		c->last_customer_at = sim->now;
	}
}

static enum ent_code end_case(struct ent_sim *sim, const struct ent_sim_event *event)
{
	struct ent_case *c = sim->c;
	if (!event->resolve && !event->cancel) {
		return ENT_OK;
	}
	if (c->state != ENT_CASE_OPEN) {
		return ent_fail(sim->reader.error, ENT_E_STATE, "the case is not open then");
	}
	c->state = event->resolve ? ENT_CASE_RESOLVED : ENT_CASE_CANCELLED;
	*(event->resolve ? &c->resolved_at : &c->cancelled_at) = sim->now;
	return ENT_OK;
}

static enum ent_code open_again(struct ent_sim *sim)
{
	struct ent_case *c = sim->c;
	if (c->state == ENT_CASE_OPEN) {
		return ent_fail(sim->reader.error, ENT_E_STATE, "the case is open then");
	}
	c->state = ENT_CASE_OPEN;
	c->resolved_at = ENT_INSTANT_NONE;
	c->cancelled_at = ENT_INSTANT_NONE;
	c->reopen_count++;
	return ent_sla_case_reopened(&sim->run, sim->now, sim->reader.error);
}

static enum ent_code switch_version(struct ent_sim *sim, const struct ent_sim_event *event)
{
	struct ent_sla_reader *r = &sim->reader;
	struct ent_sla_version *version = ENT_NEW(r->arena, struct ent_sla_version, 1);
	const char *place = ent_sla_below(r, event->place, "switch");
	ent_sla_version_read(ent_sim_with_ids(sim, event->version, place, "cal"), place, r->arena,
	                     version, r->error);
	version->id.value = sim->run.version->id.value + 1;
	version->sla_policy_id = sim->run.version->sla_policy_id;
	version->sla_policy_id.value += event->other_policy;
	return ent_sla_switch(&sim->run, version, event->fire, sim->now, r->error);
}

static void change(struct ent_sim *sim, const struct ent_sim_event *event)
{
	struct ent_sla_reader *r = &sim->reader;
	if (event->calendar != NULL) {
		ent_sim_new_hours(sim, event->calendar, ent_sla_below(r, event->place, "calendar"));
	}
	if (event->account != NULL) {
		ent_sim_patch(sim, ENT_SLA_ACCOUNT, event->account,
		              ent_sla_below(r, event->place, "account"),
		              sim->objects[ENT_SLA_ACCOUNT]);
	}
	if (event->entitlement != NULL) {
		ent_sim_patch(sim, ENT_SLA_ENTITLEMENT, event->entitlement,
		              ent_sla_below(r, event->place, "entitlement"),
		              sim->objects[ENT_SLA_ENTITLEMENT]);
	}
	if (event->set != NULL) {
		ent_sim_patch(sim, ENT_SLA_CASE, event->set, ent_sla_below(r, event->place, "set"),
		              sim->c);
	}
	say(sim, event->comment);
}

static enum ent_code happen(struct ent_sim *sim, const struct ent_sim_event *event)
{
	change(sim, event);
	enum ent_code code = ent_noted(sim->reader.error);
	if (code == ENT_OK) {
		code = end_case(sim, event);
	}
	if (code == ENT_OK && event->reopen) {
		code = open_again(sim);
	}
	if (code == ENT_OK) {
		code = by_hand(sim, event);
	}
	if (code == ENT_OK && event->recalculate) {
		code = ent_sla_recalculate(&sim->run, sim->now, sim->reader.error);
	}
	if (code == ENT_OK && event->version != NULL) {
		code = switch_version(sim, event);
	}
	return code == ENT_OK ? evaluate(sim) : code;
}

/* An error of the engine, at the event that it comes from. */
static enum ent_code at_event(struct ent_sim *sim, enum ent_code code,
                              const struct ent_sim_event *event)
{
	struct ent_error *error = sim->reader.error;
	if (error->issue_count > 0) {
		bool own = error->issues[0].pointer[1] == 'e' && error->issues[0].pointer[2] == 'v';
		if (!own) {
			ent_error_nest(error, 0, event->place);
		}
		return code;
	}
	char detail[sizeof(error->detail)];
	memcpy(detail, error->detail, sizeof(detail));
	ent_error_clear(error);
	return ent_refuse(error, code, event->place, NO_TEXT, "%s", detail);
}

static enum ent_code run_events(struct ent_sim *sim)
{
	for (size_t i = 0; i < sim->event_count; i++) {
		const struct ent_sim_event *event = &sim->events[i];
		enum ent_code code = pass_time(sim, event->at);
		sim->now = event->at;
		if (code == ENT_OK) {
			code = happen(sim, event);
		}
		if (code == ENT_OK) {
			code = react(sim);
		}
		if (code != ENT_OK) {
			return at_event(sim, code, event);
		}
	}
	return ENT_OK;
}

static void begin(struct ent_sim *sim)
{
	struct ent_sla_run *run = &sim->run;
	run->version = &sim->version;
	for (size_t i = 0; i < ENT_SLA_ROOTS; i++) {
		run->objects[i] = sim->objects[i];
	}
	run->pause_statuses = sim->pause_statuses;
	run->find_clock = ent_sim_find_clock;
	run->clock_arg = sim;
	run->make_id = next_id;
	run->id_arg = sim;
	run->arena = sim->reader.arena;
	sim->unseen = &run->first_step;
	sim->now = sim->c->created_at;
}

static enum ent_code run_all(struct ent_sim *sim)
{
	begin(sim);
	enum ent_code code = evaluate(sim);
	if (code == ENT_OK) {
		code = react(sim);
	}
	if (code == ENT_OK) {
		code = run_events(sim);
	}
	ent_instant until = sim->until;
	if (ent_instant_is_none(until)) {
		until.us = sim->now.us + AFTER_DAYS * ENT_DAY_US;
	}
	if (code == ENT_OK) {
		code = pass_time(sim, until);
	}
	if (!ent_instant_is_none(sim->until) && until.us > sim->now.us) {
		sim->now = until;
	}
	return code;
}

enum ent_code ent_sla_simulate(const struct ent_node *input, const struct ent_sla_world *world,
                               struct ent_arena *arena, ent_str *result, struct ent_error *error)
{
	struct ent_sim *sim = ENT_NEW(arena, struct ent_sim, 1);
	sim->reader = (struct ent_sla_reader){ arena, error };
	sim->world = world;
	ent_sim_read(sim, input);
	enum ent_code code = ent_noted(error);
	if (code == ENT_OK) {
		code = run_all(sim);
	}
	if (code == ENT_OK) {
		*result = ent_sim_write(sim);
	}
	return code;
}
