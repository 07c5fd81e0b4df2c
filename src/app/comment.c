/* What hangs on a case: comments and activities. */
#include "app/entity.h"
#include "app/sla.h"

/* ---- the case ------------------------------------------------------------------------------ */

static enum ent_code no_case(ent_id id, struct ent_error *error)
{
	char text[ENT_ID_ROOM];
	ent_str value = { text, ent_id_format(id, "cas", text) };
	return ent_refuse(error, ENT_E_NO_SUCH_RECORD, "/case_id", value, "there is no such case");
}

/* The account is the case's, which the caller must see. */
static enum ent_code take_account(struct ent_call *call, ent_id case_id, ent_id *account,
                                  struct ent_error *error)
{
	struct ent_rows rows;
	bool sees = false;
	enum ent_code code = ent_db_run(call->db,
	                                ENT_STR("SELECT account_id FROM \"case\" WHERE id = $1"),
	                                ENT_ARGS(ent_arg_id(case_id)), call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		account->value = rows.first->cell[0].number;
		code = ent_call_sees(call, *account, &sees, error);
	}
	return code == ENT_OK && !sees ? no_case(case_id, error) : code;
}

ENT_HOOK_CREATE(ent_comment_prepare)
{
	struct ent_case_comment *comment = object;
	return take_account(call, comment->case_id, &comment->account_id, error);
}

ENT_HOOK_CREATE(ent_activity_prepare)
{
	struct ent_case_activity *activity = object;
	return take_account(call, activity->case_id, &activity->account_id, error);
}

/* A case that was merged goes on elsewhere; one that is closed has no open work. */
static enum ent_code judge_case(struct ent_call *call, ent_id account, ent_id case_id,
                                bool open_work, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT state, merged_into_id FROM \"case\" "
	                "WHERE account_id = $1 AND id = $2"),
		ENT_ARGS(ent_arg_id(account), ent_arg_id(case_id)), call->arena, &rows, error);
	if (code != ENT_OK || rows.count == 0) {
		return code;
	}
	const struct ent_value *cell = rows.first->cell;
	char text[ENT_ID_ROOM];
	if (cell[1].kind != ENT_K_NULL) {
		ent_id target = { cell[1].number };
		ent_str id = { text, ent_id_format(target, "cas", text) };
		ent_note(error, ENT_E_STATE, "/case_id", id,
		         "the case was merged into %.*s; name that", (int)id.len, id.ptr);
	} else if (open_work && !ent_str_is(cell[0].text, "open")) {
		ent_note(error, ENT_E_STATE, "/state", cell[0].text,
		         "the case is closed; open it again, or add work that is done");
	}
	return ENT_OK;
}

/* ---- comments ------------------------------------------------------------------------------- */

ENT_HOOK_CHECK(ent_comment_judge)
{
	(void)given;
	struct ent_case_comment *comment = object;
	if (before != NULL) {
		return ENT_OK;
	}
	if (call->who->role == ENT_ROLE_CUSTOMER) {
		comment->from_customer = true;
	}
	if (comment->internal && comment->from_customer &&
	    call->who->role != ENT_ROLE_CUSTOMER) {
		ent_note(error, ENT_E_INVALID, "/internal", ENT_STR("true"),
		         "what the customer said is not internal; leave one of the two out");
	}
	comment->author = call->who->name.len > 0 ? call->who->name : call->who->actor;
	if (call->who->role == ENT_ROLE_CUSTOMER && comment->internal) {
		ent_note(error, ENT_E_FORBIDDEN, "/internal", ENT_STR("true"),
		         "only staff write internal comments; leave it out");
	}
	return judge_case(call, comment->account_id, comment->case_id, false, error);
}

/* A word of the customer starts the wait for an answer, one of the desk ends it. */
ENT_HOOK_CREATE(ent_comment_create)
{
	const struct ent_case_comment *comment = object;
	enum ent_code code = ent_record_insert(call, &ent_case_comment_type, object, "created",
	                                       error);
	if (code == ENT_OK && !comment->internal) {
		code = ent_case_spoken(call, comment->account_id, comment->case_id,
		                       comment->from_customer, error);
	}
	return code;
}

/* ---- activities ------------------------------------------------------------------------------ */

/* What a resolution has counted stays as it was counted. */
static void judge_billed(const struct ent_case_activity *before,
                         const struct ent_case_activity *activity, struct ent_error *error)
{
	const struct {
		bool changed;
		const char *pointer;
	} fields[] = {
		{ before->state != activity->state, "/state" },
		{ before->minutes.n != activity->minutes.n, "/minutes" },
		{ before->billable_minutes.n != activity->billable_minutes.n, "/billable_minutes" },
	};
	for (size_t i = 0; i < ENT_COUNT(fields); i++) {
		if (fields[i].changed) {
			ent_note(error, ENT_E_STATE, fields[i].pointer, (ent_str){ NULL, 0 },
			         "a resolution has billed it; add another activity");
		}
	}
}

ENT_HOOK_CHECK(ent_activity_judge)
{
	(void)given;
	const struct ent_case_activity *old = before;
	struct ent_case_activity *activity = object;
	bool open = activity->state == ENT_ACTIVITY_OPEN;
	if (old == NULL && call->who->who == ENT_WHO_USER && ent_id_is_none(activity->user_id)) {
		activity->user_id = call->who->id;
	}
	if (old != NULL && old->billed) {
		judge_billed(old, activity, error);
	}
	if (old != NULL && (!open || old->state == ENT_ACTIVITY_OPEN)) {
		return ENT_OK;
	}
	return judge_case(call, activity->account_id, activity->case_id, open, error);
}

static bool is_answer(const struct ent_case_activity *activity)
{
	return activity->answers_customer && activity->state == ENT_ACTIVITY_DONE;
}

ENT_HOOK_CREATE(ent_activity_create)
{
	const struct ent_case_activity *activity = object;
	enum ent_code code = ent_record_insert(call, &ent_case_activity_type, object, "created",
	                                       error);
	if (code == ENT_OK && is_answer(activity)) {
		code = ent_case_spoken(call, activity->account_id, activity->case_id, false, error);
	}
	return code;
}

ENT_HOOK_UPDATE(ent_activity_update)
{
	const struct ent_case_activity *activity = object;
	enum ent_code code = ent_record_save(call, &ent_case_activity_type, before, object,
	                                     "updated", error);
	if (code == ENT_OK && is_answer(activity) && !is_answer(before)) {
		code = ent_case_spoken(call, activity->account_id, activity->case_id, false, error);
	}
	return code;
}
