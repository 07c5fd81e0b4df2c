/* Load the clocks of a case and let the engine judge them. */
#include "app/sla.h"

#include "app/hours.h"
#include "app/sla_version.h"

/* ---- clocks -------------------------------------------------------------------------------- */

enum ent_code ent_sla_clock_of(struct ent_call *call, ent_id calendar, int64_t revision,
                               struct ent_sla_clock *out, struct ent_error *error)
{
	struct ent_call_hours hours;
	enum ent_code code = ent_call_hours(call, calendar, revision, &hours, error);
	if (code == ENT_OK) {
		*out = (struct ent_sla_clock){
			.calendar_id = hours.calendar_id,
			.revision = hours.revision,
			.hours = ent_id_is_none(calendar) ? NULL : hours.hours,
			.zone = hours.zone,
			.name = hours.name,
		};
	}
	return code;
}

static enum ent_code find_clock(void *arg, ent_id calendar, int64_t revision,
                                struct ent_sla_clock *out, struct ent_error *error)
{
	return ent_sla_clock_of(arg, calendar, revision, out, error);
}

static ent_id make_id(void *arg)
{
	return ent_app_id(((struct ent_call *)arg)->app);
}

/* ---- loading -------------------------------------------------------------------------------- */

static ent_id id_of(struct ent_value cell)
{
	return cell.kind == ENT_K_NULL ? ENT_ID_NONE : (ent_id){ cell.number };
}

static enum ent_code load_links(struct ent_sla_work *work, struct ent_account *account,
                                struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		work->call->db,
		ENT_STR("SELECT a.sla_policy_id, a.calendar_id, a.tier, e.sla_policy_id, "
	                "e.calendar_id FROM account a LEFT JOIN entitlement e ON e.id = $1 "
	                "WHERE a.id = $2"),
		ENT_ARGS(ent_arg_id(work->c->entitlement_id), ent_arg_id(work->c->account_id)),
		work->call->arena, &rows, error);
	if (code != ENT_OK || rows.count == 0) {
		return code;
	}
	const struct ent_value *cell = rows.first->cell;
	work->links = (struct ent_sla_links){ id_of(cell[0]), id_of(cell[1]), id_of(cell[3]),
		                              id_of(cell[4]) };
	ent_type_clear(&ent_account_type, account);
	account->id = work->c->account_id;
	account->tier = cell[2].text;
	return ENT_OK;
}

static unsigned roots_of_one(const struct ent_expression *e)
{
	unsigned roots = 0;
	for (size_t root = 0; e != NULL && root < ENT_SLA_ROOTS; root++) {
		if (!ent_set_is_empty(ent_expression_reads(e, root))) {
			roots |= 1u << root;
		}
	}
	return roots;
}

/* Which records do its expressions look at? */
static unsigned roots_of(const struct ent_sla_version *version)
{
	if (version == NULL) {
		return 0;
	}
	unsigned roots = roots_of_one(version->pause) | roots_of_one(version->exit);
	for (size_t i = 0; i < version->rule_count; i++) {
		const struct ent_milestone_rule *rule = &version->rules[i];
		roots |= roots_of_one(rule->criteria) | roots_of_one(rule->completion) |
		         roots_of_one(rule->pause);
		for (size_t k = 0; k < rule->action_count; k++) {
			roots |= roots_of_one(rule->actions[k].condition);
		}
	}
	return roots;
}

static enum ent_code load_object(struct ent_sla_work *work, enum ent_sla_root root, ent_id id,
                                 struct ent_error *error)
{
	const struct ent_type *type = ent_sla_scope.roots[root].type;
	if (ent_id_is_none(id)) {
		return ENT_OK;
	}
	void *object = ent_arena_alloc(work->call->arena, 1, type->size, 16);
	enum ent_code code = ent_row_get(work->call->db, type, ENT_ID_NONE, id, work->call->arena,
	                                 object, error);
	if (code == ENT_E_NOT_FOUND) {
		ent_error_clear(error);
		return ENT_OK;
	}
	if (code == ENT_OK) {
		work->run.objects[root] = object;
	}
	return code;
}

static enum ent_code load_objects(struct ent_sla_work *work, unsigned roots,
                                  struct ent_error *error)
{
	const struct ent_case *c = work->c;
	const ent_id ids[ENT_SLA_ROOTS] = {
		[ENT_SLA_ACCOUNT] = c->account_id,         [ENT_SLA_CONTACT] = c->contact_id,
		[ENT_SLA_PRODUCT] = c->product_id,         [ENT_SLA_ASSET] = c->asset_id,
		[ENT_SLA_ENTITLEMENT] = c->entitlement_id,
	};
	enum ent_code code = ENT_OK;
	for (size_t root = ENT_SLA_ACCOUNT; root < ENT_SLA_ROOTS && code == ENT_OK; root++) {
		if ((roots >> root & 1) != 0) {
			code = load_object(work, (enum ent_sla_root)root, ids[root], error);
		}
	}
	return code;
}

enum ent_code ent_sla_work_load_all(struct ent_sla_work *work, struct ent_error *error)
{
	if (work->has_all) {
		return ENT_OK;
	}
	work->has_all = true;
	return load_objects(work, (1u << ENT_SLA_ROOTS) - 1, error);
}

/* The engine works on the milestones, `stored` keeps them as they were. */
static enum ent_code load_milestones(struct ent_sla_work *work, struct ent_error *error)
{
	struct ent_call *call = work->call;
	struct ent_list list;
	enum ent_code code =
		ent_row_select(call->db, &ent_milestone_type,
	                       ENT_STR("WHERE t.account_id = $1 AND t.case_id = $2 ORDER BY t.id"),
	                       ENT_ARGS(ent_arg_id(work->c->account_id), ent_arg_id(work->c->id)),
	                       call->arena, &list, error);
	if (code != ENT_OK) {
		return code;
	}
	work->stored = list.items;
	work->stored_count = list.count;
	work->run.count = list.count;
	work->run.milestones = ENT_NEW(call->arena, struct ent_milestone *, list.count + 1);
	for (size_t i = 0; i < list.count; i++) {
		work->run.milestones[i] = ENT_NEW(call->arena, struct ent_milestone, 1);
		*work->run.milestones[i] = work->stored[i];
	}
	return ENT_OK;
}

static ent_id first_of(const ent_id *ids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!ent_id_is_none(ids[i])) {
			return ids[i];
		}
	}
	return ENT_ID_NONE;
}

static void set_calendar(struct ent_sla_work *work, const struct ent_settings *settings)
{
	const ent_id chain[] = { work->c->calendar_id, work->links.entitlement_calendar,
		                 work->links.account_calendar, settings->calendar_id };
	work->run.calendar_id = first_of(chain, ENT_COUNT(chain));
	work->run.pause_statuses = settings->pause_statuses;
}

enum ent_code ent_sla_work_load(struct ent_sla_work *work, struct ent_error *error)
{
	struct ent_call *call = work->call;
	const struct ent_settings *settings;
	struct ent_account *account = ENT_NEW(call->arena, struct ent_account, 1);
	if (work->is_loaded) {
		return ENT_OK;
	}
	work->run = (struct ent_sla_run){ .find_clock = find_clock,
		                          .clock_arg = call,
		                          .make_id = make_id,
		                          .id_arg = call,
		                          .arena = call->arena,
		                          .pauses = work->c->sla_pauses };
	work->run.objects[ENT_SLA_CASE] = work->c;
	work->run.objects[ENT_SLA_ACCOUNT] = account;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code == ENT_OK) {
		code = load_links(work, account, error);
	}
	if (code == ENT_OK) {
		set_calendar(work, settings);
	}
	if (code == ENT_OK && work->before != NULL) {
		code = load_milestones(work, error);
	}
	ent_id version = work->c->sla_policy_version_id;
	if (code == ENT_OK && !ent_id_is_none(version)) {
		code = ent_call_sla_version(call, version, &work->run.version, error);
	}
	if (code == ENT_OK) {
		code = load_objects(work, roots_of(work->run.version), error);
	}
	work->is_loaded = code == ENT_OK;
	return code;
}

/* ---- which service level ---- */

/* Was it said by hand, now or before? */
static bool is_manual(const struct ent_sla_work *work, const struct ent_settings *settings)
{
	const struct ent_case *before = work->before;
	const struct ent_case *c = work->c;
	if (ent_id_is_none(c->sla_policy_id)) {
		return false;
	}
	if (before == NULL || !ent_id_eq(before->sla_policy_id, c->sla_policy_id)) {
		return true;
	}
	bool moved = !ent_id_eq(before->entitlement_id, c->entitlement_id);
	return before->sla_source == ENT_SLA_FROM_MANUAL && !(moved && settings->sla_after_manual);
}

static enum ent_code choose(struct ent_sla_work *work, const struct ent_settings *settings,
                            struct ent_sla_choice *out, struct ent_error *error)
{
	struct ent_call *call = work->call;
	struct ent_sla_candidate none = { ENT_ID_NONE, ENT_ID_NONE };
	struct ent_sla_candidate manual = none;
	struct ent_sla_candidate entitlement = none;
	struct ent_sla_candidate account = none;
	struct ent_sla_candidate organisation = none;
	enum ent_code code = ENT_OK;
	if (is_manual(work, settings)) {
		code = ent_call_sla_policy(call, work->c->sla_policy_id, &manual, error);
	}
	if (code == ENT_OK) {
		code = ent_call_sla_policy(call, work->links.entitlement_policy, &entitlement,
		                           error);
	}
	if (code == ENT_OK) {
		code = ent_call_sla_policy(call, work->links.account_policy, &account, error);
	}
	if (code == ENT_OK) {
		code = ent_call_sla_default(call, &organisation, error);
	}
	*out = ent_sla_choose(settings->sla_enabled, manual, entitlement, account, organisation);
	return code;
}

/* A policy that the case follows already keeps its version, whichever is the default by now. */
static enum ent_code follow(struct ent_sla_work *work, const struct ent_sla_choice *choice,
                            struct ent_error *error)
{
	struct ent_case *c = work->c;
	const struct ent_sla_version *version = NULL;
	bool same = work->run.version != NULL &&
	            ent_id_eq(work->run.version->sla_policy_id, choice->policy_id);
	enum ent_code code = ENT_OK;
	c->sla_source = choice->source;
	c->sla_policy_id = choice->policy_id;
	if (same) {
		return ENT_OK;
	}
	if (!ent_id_is_none(choice->version_id)) {
		code = ent_sla_version_use(work->call, choice->version_id, error);
	}
	if (code == ENT_OK && !ent_id_is_none(choice->version_id)) {
		code = ent_call_sla_version(work->call, choice->version_id, &version, error);
	}
	if (code == ENT_OK) {
		code = load_objects(work, roots_of(version), error);
	}
	if (code == ENT_OK && (version != NULL || work->run.version != NULL)) {
		code = ent_sla_switch(&work->run, version, true, work->call->now, error);
	}
	c->sla_policy_version_id = choice->version_id;
	return code;
}

/* ---- judging ---- */

/* Actions that change the case, among the steps from `from` on. */
static enum ent_code change(struct ent_sla_work *work, const struct ent_sla_step *from,
                            bool *changed, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (const struct ent_sla_step *step = from; step != NULL && code == ENT_OK;
	     step = step->next) {
		bool did = false;
		if (step->kind == ENT_STEP_ACTION) {
			code = ent_sla_change(work, step, &did, error);
		}
		*changed = *changed || did;
	}
	return code;
}

/* Where the steps that come next will be hooked on. */
static struct ent_sla_step **tail(struct ent_sla_work *work)
{
	return work->run.last_step == NULL ? &work->run.first_step : work->run.last_step;
}

enum ent_code ent_sla_work_judge(struct ent_sla_work *work, struct ent_error *error)
{
	bool changed = true;
	enum ent_code code = ENT_OK;
	while (changed && code == ENT_OK) {
		struct ent_sla_step **from = tail(work);
		changed = false;
		code = ent_sla_evaluate(&work->run, work->call->now, error);
		if (code == ENT_OK) {
			code = change(work, *from, &changed, error);
		}
		if (changed && ++work->rounds >= ENT_SLA_ROUNDS_MAX) {
			break; /* the actions chase each other: what they did stays, and ends here
			        */
		}
	}
	return code;
}

enum ent_code ent_sla_work_pass(struct ent_sla_work *work, struct ent_error *error)
{
	const struct ent_sla_step *step = NULL;
	enum ent_code code = ENT_OK;
	do {
		bool changed = false;
		code = ent_sla_next(&work->run, work->call->now, &step, error);
		if (code == ENT_OK && step != NULL && step->kind == ENT_STEP_ACTION) {
			code = ent_sla_change(work, step, &changed, error);
		}
		if (code == ENT_OK && changed && work->rounds < ENT_SLA_ROUNDS_MAX) {
			work->rounds++;
			code = ent_sla_work_judge(work, error);
		}
	} while (code == ENT_OK && step != NULL);
	return code;
}

static bool was_reopened(const struct ent_sla_work *work)
{
	return work->before != NULL && work->before->state != ENT_CASE_OPEN &&
	       work->c->state == ENT_CASE_OPEN;
}

static enum ent_code judge_change(struct ent_sla_work *work, const struct ent_settings *settings,
                                  struct ent_error *error)
{
	struct ent_sla_choice choice;
	enum ent_code code = ent_sla_work_pass(work, error); /* what was due before the change */
	if (code == ENT_OK && work->c->state == ENT_CASE_OPEN) {
		code = choose(work, settings, &choice, error);
		if (code == ENT_OK) {
			code = follow(work, &choice, error);
		}
	}
	if (code == ENT_OK && was_reopened(work) && work->run.version != NULL) {
		struct ent_sla_step **from = tail(work);
		bool changed = false;
		code = ent_sla_case_reopened(&work->run, work->call->now, error);
		if (code == ENT_OK) {
			code = change(work, *from, &changed, error);
		}
	}
	return code == ENT_OK && work->run.version != NULL ? ent_sla_work_judge(work, error) : code;
}

enum ent_code ent_sla_work_begin(struct ent_sla_work *work, struct ent_error *error)
{
	const struct ent_settings *settings;
	bool in_use = false;
	bool is_clocked = !ent_id_is_none(work->c->sla_policy_version_id);
	enum ent_code code = ent_call_settings(work->call, &settings, error);
	if (code == ENT_OK && !settings->sla_enabled) {
		work->is_idle = true;
		if (work->before == NULL) {
			work->c->sla_source = ENT_SLA_FROM_DISABLED;
		}
		return ENT_OK;
	}
	if (code == ENT_OK && !is_clocked) {
		code = ent_call_sla_in_use(work->call, &in_use, error);
		work->is_idle = !in_use;
	}
	if (code != ENT_OK || work->is_idle) {
		return code;
	}
	code = ent_sla_work_load(work, error);
	if (code == ENT_OK) {
		code = judge_change(work, settings, error);
	}
	if (code == ENT_OK) {
		ent_sla_summarise(&work->run, work->c);
	}
	return code;
}
