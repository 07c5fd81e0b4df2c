/* What time brought to contracts and entitlements, each week of the demo: begun, ended, renewed by
 * itself, reminded of, at the instants at which a server would have done it. Cases come last, when
 * the story is told: an open task of a warning would keep people from closing them. */
#include "app/agenda.h"
#include "app/demo_inner.h"
#include "base/text.h"

static ent_agenda_handler *const handlers[] = {
	[ENT_AGENDA_ENTITLEMENT] = ent_boundary_handle,
	[ENT_AGENDA_CONTRACT] = ent_contract_handle,
	[ENT_AGENDA_RENEWAL] = ent_renewal_handle,
	[ENT_AGENDA_REMINDER] = ent_reminder_handle,
};

static enum ent_code bring(struct ent_call *call, const struct ent_row *row,
                           struct ent_error *error)
{
	struct ent_agenda_item item = {
		.account = { row->cell[1].number },
		.id = { row->cell[2].number },
		.at = { row->cell[3].number },
	};
	while (!ent_str_is(row->cell[0].text, ent_agenda_name(item.subject))) {
		item.subject++;
	}
	call->now = item.at;
	enum ent_code code = ent_call_lock(call, item.account, error);
	return code == ENT_OK ? handlers[item.subject](call, &item, 1, error) : code;
}

enum ent_code ent_demo_pass_week(struct ent_demo *demo, struct ent_call *call,
                                 const struct ent_demo_step *step, struct ent_error *error)
{
	(void)step;
	struct ent_rows rows;
	call->who = &ent_principal_system;
	call->origin = ENT_STR("scheduler");
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT subject, account_id, subject_id, at FROM due WHERE at <= $1 AND "
	                "subject <> 'case' ORDER BY at, account_id, subject, subject_id"),
		ENT_ARGS(ent_arg_instant(call->now)), call->arena, &rows, error);
	const struct ent_row *row = code == ENT_OK ? rows.first : NULL;
	for (; row != NULL && code == ENT_OK; row = row->next) {
		code = bring(call, row, error);
	}
	call->origin = demo->model.origin;
	return code;
}

void ent_demo_plan_weeks(struct ent_demo *demo)
{
	for (int32_t day = -ENT_DEMO_PAST_DAYS; day < 0; day += 7) {
		ent_demo_plan(demo, ent_demo_at(demo, day, 10), ent_demo_pass_week, 0, 0);
	}
}
