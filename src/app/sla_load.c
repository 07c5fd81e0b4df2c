/* Load the clocks of a case, and what its rules look at. */
#include "app/hours.h"
#include "app/sla.h"
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

/* Does the case still refer to what its links in the batch were read from? A rule may have given
 * it another entitlement since; none gives it another account. */
static bool batch_has_links(const struct ent_sla_work *work)
{
	return work->batch != NULL &&
	       ent_id_eq(work->before->entitlement_id, work->c->entitlement_id);
}

static enum ent_code load_links(struct ent_sla_work *work, struct ent_error *error)
{
	const struct ent_sla_links *known =
		batch_has_links(work) ? ent_sla_batch_links(work->batch, work->c->id) : NULL;
	if (known != NULL) {
		work->links = *known;
		return ENT_OK;
	}
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		work->call->db,
		ENT_STR("SELECT " ENT_SLA_LINKS " FROM account a LEFT JOIN entitlement e "
	                "ON e.id = $1 WHERE a.id = $2"),
		ENT_ARGS(ent_arg_id(work->c->entitlement_id), ent_arg_id(work->c->account_id)),
		work->call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		work->links = ent_sla_links_of(rows.first->cell);
	}
	return code;
}

static enum ent_code load_object(struct ent_sla_work *work, enum ent_sla_root root, ent_id id,
                                 struct ent_error *error)
{
	const struct ent_type *type = ent_sla_scope.roots[root].type;
	if (ent_id_is_none(id)) {
		return ENT_OK;
	}
	const void *known =
		work->batch == NULL ? NULL : ent_sla_batch_object(work->batch, root, id);
	if (known != NULL) {
		work->run.objects[root] = known;
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

enum ent_code ent_sla_work_load_for(struct ent_sla_work *work,
                                    const struct ent_sla_version *version,
                                    struct ent_error *error)
{
	return load_objects(work, ent_sla_roots_of(version), error);
}

enum ent_code ent_sla_work_load_all(struct ent_sla_work *work, struct ent_error *error)
{
	if (work->has_all) {
		return ENT_OK;
	}
	work->has_all = true;
	return load_objects(work, (1u << ENT_SLA_ROOTS) - 1, error);
}

static enum ent_code find_milestones(struct ent_sla_work *work, struct ent_list *out,
                                     struct ent_error *error)
{
	if (work->batch != NULL && ent_sla_batch_links(work->batch, work->c->id) != NULL) {
		*out = ent_sla_batch_milestones(work->batch, work->c->id);
		return ENT_OK;
	}
	return ent_row_select(
		work->call->db, &ent_milestone_type,
		ENT_STR("WHERE t.account_id = $1 AND t.case_id = $2 ORDER BY t.id"),
		ENT_ARGS(ent_arg_id(work->c->account_id), ent_arg_id(work->c->id)),
		work->call->arena, out, error);
}

/* The engine works on the milestones, `stored` keeps them as they were. */
static enum ent_code load_milestones(struct ent_sla_work *work, struct ent_error *error)
{
	struct ent_arena *arena = work->call->arena;
	struct ent_list list;
	enum ent_code code = find_milestones(work, &list, error);
	if (code != ENT_OK) {
		return code;
	}
	work->stored = list.items;
	work->stored_count = list.count;
	work->run.count = list.count;
	work->run.milestones = ENT_NEW(arena, struct ent_milestone *, list.count + 1);
	for (size_t i = 0; i < list.count; i++) {
		work->run.milestones[i] = ENT_NEW(arena, struct ent_milestone, 1);
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

/* As much of it as everybody's rules look at. */
static const struct ent_account *account_of(const struct ent_sla_work *work)
{
	struct ent_account *account = ENT_NEW(work->call->arena, struct ent_account, 1);
	ent_type_clear(&ent_account_type, account);
	account->id = work->c->account_id;
	account->tier = work->links.tier;
	return account;
}

enum ent_code ent_sla_work_look_around(struct ent_sla_work *work, struct ent_error *error)
{
	const struct ent_settings *settings;
	for (size_t root = 0; root < ENT_SLA_ROOTS; root++) {
		work->run.objects[root] = NULL;
	}
	work->run.objects[ENT_SLA_CASE] = work->c;
	work->product = work->c->product_id;
	work->calendar = work->c->calendar_id;
	work->has_all = false;
	enum ent_code code = ent_call_settings(work->call, &settings, error);
	if (code == ENT_OK) {
		code = load_links(work, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	work->run.objects[ENT_SLA_ACCOUNT] = account_of(work);
	const ent_id chain[] = { work->c->calendar_id, work->links.entitlement_calendar,
		                 work->links.account_calendar, settings->calendar_id };
	work->run.calendar_id = first_of(chain, ENT_COUNT(chain));
	work->run.pause_statuses = settings->pause_statuses;
	return ent_sla_work_load_for(work, work->run.version, error);
}

static void know_last_change(struct ent_sla_work *work)
{
	if (work->before != NULL) {
		work->judged_at = work->before->updated_at;
	}
	for (size_t i = 0; i < work->stored_count; i++) {
		if (work->stored[i].updated_at.us > work->judged_at.us) {
			work->judged_at = work->stored[i].updated_at;
		}
	}
}

enum ent_code ent_sla_work_load(struct ent_sla_work *work, struct ent_error *error)
{
	struct ent_call *call = work->call;
	enum ent_code code = ENT_OK;
	if (work->is_loaded) {
		return ENT_OK;
	}
	work->run = (struct ent_sla_run){ .find_clock = find_clock,
		                          .clock_arg = call,
		                          .make_id = make_id,
		                          .id_arg = call,
		                          .arena = call->arena,
		                          .pauses = work->c->sla_pauses };
	work->unseen = &work->run.first_step;
	work->judged_at = ENT_INSTANT_NONE;
	if (work->before != NULL) {
		code = load_milestones(work, error);
	}
	if (work->due.us == 0) {
		work->due = ent_sla_due(&work->run);
	}
	ent_id version = work->c->sla_policy_version_id;
	if (code == ENT_OK && !ent_id_is_none(version)) {
		code = ent_call_sla_version(call, version, &work->run.version, error);
	}
	if (code == ENT_OK) {
		know_last_change(work);
		code = ent_sla_work_look_around(work, error);
	}
	work->is_loaded = code == ENT_OK;
	return code;
}
