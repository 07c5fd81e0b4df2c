/* What people do to a milestone. Each ends with following the rules. */
#include "core/sla_inner.h"

static enum ent_code refuse_state(struct ent_sla_pass *pass, size_t at, const char *verb)
{
	const struct ent_milestone *m = pass->run->milestones[at];
	const char *stage = ent_milestone_stage_names.text[m->stage];
	return ent_fail(pass->error, ENT_E_STATE, "cannot %s: the milestone is %s", verb, stage);
}

static enum ent_code refuse_time(struct ent_sla_pass *pass, const char *pointer, ent_instant at,
                                 const char *remedy)
{
	char room[ENT_INSTANT_ROOM];
	bool shown = at.us > 0 && at.us < INT64_C(250000000000000000);
	size_t len = shown ? ent_instant_format(at, room) : 0;
	return ent_refuse(pass->error, ENT_E_RANGE, pointer, (ent_str){ room, len }, "%s", remedy);
}

static bool is_open_at(const struct ent_sla_run *run, size_t at)
{
	return at < run->count && ent_milestone_is_open(run->milestones[at]);
}

enum ent_code ent_sla_complete(struct ent_sla_run *run, size_t at, ent_instant when,
                               ent_instant now, struct ent_error *error)
{
	struct ent_sla_pass pass = ent_sla_begin(run, now, error);
	if (!is_open_at(run, at)) {
		return refuse_state(&pass, at, "complete");
	}
	ent_instant start = run->milestones[at]->started_at;
	if (when.us > now.us) {
		return refuse_time(&pass, "/completed_at", when, "give a time that has passed");
	}
	if (when.us < start.us && when.us < now.us) {
		return refuse_time(&pass, "/completed_at", when,
		                   "give a time that is not before its start");
	}
	enum ent_code code = ent_sla_end_at(&pass, at, ENT_MILESTONE_COMPLETED, when, NULL);
	return code == ENT_OK ? ent_sla_follow(&pass) : code;
}

enum ent_code ent_sla_cancel(struct ent_sla_run *run, size_t at, const char *cause, ent_instant now,
                             struct ent_error *error)
{
	struct ent_sla_pass pass = ent_sla_begin(run, now, error);
	if (!is_open_at(run, at)) {
		return refuse_state(&pass, at, "cancel");
	}
	enum ent_code code = ent_sla_end_at(&pass, at, ENT_MILESTONE_CANCELLED, now, cause);
	return code == ENT_OK ? ent_sla_follow(&pass) : code;
}

/* Would the rules end it again at once? Says what must be changed instead. */
static enum ent_code check_reopen(struct ent_sla_pass *pass, size_t at)
{
	const struct ent_milestone *m = pass->run->milestones[at];
	const struct ent_milestone_rule *rule = ent_sla_rule_of(pass->run->version, m);
	ent_instant when;
	if (m->stage != ENT_MILESTONE_COMPLETED) {
		return refuse_state(pass, at, "reopen");
	}
	if (rule == NULL || ent_sla_newest(pass->run, rule) != m) {
		return ent_fail(
			pass->error, ENT_E_STATE,
			"cannot reopen: a later milestone or another policy took its place");
	}
	if (pass->exit != NULL) {
		return ent_fail(pass->error, ENT_E_STATE, "cannot reopen: reopen the case first");
	}
	if (ent_sla_is_done(pass, rule, m->started_at, &when)) {
		return ent_fail(pass->error, ENT_E_STATE,
		                "cannot reopen: what its rule asks for has been done");
	}
	if (!ent_sla_applies(pass, rule)) {
		return ent_fail(pass->error, ENT_E_STATE,
		                "cannot reopen: its rule does not apply to the case any more");
	}
	return ENT_OK;
}

enum ent_code ent_sla_reopen(struct ent_sla_run *run, size_t at, ent_instant now,
                             struct ent_error *error)
{
	struct ent_sla_pass pass = ent_sla_begin(run, now, error);
	struct ent_sla_count count;
	enum ent_code code = check_reopen(&pass, at);
	if (code == ENT_OK) {
		code = ent_sla_load(&pass, at, &count);
	}
	if (code != ENT_OK) {
		return code;
	}
	ent_sla_continue(&pass, &count);
	return ent_sla_follow(&pass);
}

/* A hold that makes no difference to the clock now is told all the same, with its reason. */
static enum ent_code tell_hold(struct ent_sla_pass *pass, size_t at)
{
	const struct ent_milestone *m = pass->run->milestones[at];
	const struct ent_milestone_rule *rule = ent_sla_rule_of(pass->run->version, m);
	struct ent_sla_count count;
	if (ent_sla_wants_pause(pass, rule, m->held) != (m->stage == ENT_MILESTONE_PAUSED)) {
		return ENT_OK; /* it is paused or resumed, which is told */
	}
	enum ent_code code = ent_sla_load(pass, at, &count);
	if (code == ENT_OK) {
		ent_sla_step_add(pass, &count, m->held ? ENT_STEP_HELD : ENT_STEP_RELEASED, NULL);
	}
	return code;
}

enum ent_code ent_sla_hold(struct ent_sla_run *run, size_t at, bool hold, ent_instant now,
                           struct ent_error *error)
{
	struct ent_sla_pass pass = ent_sla_begin(run, now, error);
	const char *verb = hold ? "hold" : "release";
	if (!is_open_at(run, at)) {
		return refuse_state(&pass, at, verb);
	}
	struct ent_milestone *m = run->milestones[at];
	const struct ent_milestone_rule *rule = ent_sla_rule_of(run->version, m);
	if (rule == NULL || !rule->is_pausable) {
		return ent_fail(error, ENT_E_STATE, "cannot %s: its rule does not let it pause",
		                verb);
	}
	if (m->held == hold) {
		return ent_fail(error, ENT_E_STATE, "cannot %s: it is %s already", verb,
		                hold ? "held" : "released");
	}
	m->held = hold;
	ent_sla_touch(run, at);
	enum ent_code code = tell_hold(&pass, at);
	return code == ENT_OK ? ent_sla_follow(&pass) : code;
}

enum ent_code ent_sla_move_target(struct ent_sla_run *run, size_t at, ent_instant target,
                                  ent_instant now, struct ent_error *error)
{
	struct ent_sla_pass pass = ent_sla_begin(run, now, error);
	struct ent_sla_count count;
	if (!is_open_at(run, at)) {
		return refuse_state(&pass, at, "move the target");
	}
	struct ent_milestone *m = run->milestones[at];
	if (target.us <= m->started_at.us) {
		return refuse_time(&pass, "/target_at", target, "give a time after its start");
	}
	enum ent_code code = ent_sla_load(&pass, at, &count);
	if (code != ENT_OK) {
		return code;
	}
	m->moved_target_at = target;
	m->moved_at = now;
	ent_sla_settle(&pass, &count);
	ent_sla_step_add(&pass, &count, ENT_STEP_TARGET_MOVED, NULL);
	return ent_sla_follow(&pass);
}

enum ent_code ent_sla_move_start(struct ent_sla_run *run, size_t at, ent_instant start,
                                 ent_instant now, struct ent_error *error)
{
	struct ent_sla_pass pass = ent_sla_begin(run, now, error);
	struct ent_sla_count count;
	if (!is_open_at(run, at)) {
		return refuse_state(&pass, at, "move the start");
	}
	struct ent_milestone *m = run->milestones[at];
	if (!ent_instant_is_none(m->moved_target_at) && start.us >= m->moved_target_at.us) {
		return refuse_time(&pass, "/started_at", start,
		                   "give a time before the target that was set by hand");
	}
	enum ent_code code = ent_sla_load(&pass, at, &count);
	if (code != ENT_OK) {
		return code;
	}
	ent_sla_set_start(&pass, &count, start);
	m->fired |= ENT_FIRED_STARTED;
	ent_sla_settle(&pass, &count);
	if (m->stage == ENT_MILESTONE_OPEN && m->target_at.us < now.us) {
		ent_sla_skip(&pass, &count, false);
	}
	ent_sla_step_add(&pass, &count, ENT_STEP_START_MOVED, NULL);
	return ent_sla_follow(&pass);
}
