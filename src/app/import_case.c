/* Cases are history: covered by what covered them, as open or closed as they are, and not
 * charged again. */
#include "app/action.h"
#include "app/case.h"
#include "app/entity.h"
#include "app/import_inner.h"
#include "app/inner.h"
#include "app/reference.h"

static ent_instant slot_instant(struct ent_import_work *work, enum ent_import_slot slot,
                                const char *pointer, ent_instant otherwise, struct ent_error *error)
{
	ent_instant out = otherwise;
	ent_str text = work->slots[slot];
	if (text.len > 0 && !ent_import_instant(text, work->reader->options->date_order, &out)) {
		ent_note(error, ENT_E_FORMAT, pointer, text,
		         "give a time like 2026-02-28T09:30:00Z");
	}
	return out;
}

/* ---- what covers it ---------------------------------------------------------------------- */

static enum ent_code find_entitlement(struct ent_import_work *work, ent_id *out,
                                      struct ent_error *error)
{
	ent_str text = work->slots[ENT_SLOT_ENTITLEMENT];
	*out = ENT_ID_NONE;
	return text.len == 0 ? ENT_OK
	                     : ent_import_refer(work, &ent_entitlement_type, text, "/#ENTITLEMENT",
	                                        out, error);
}

/* One of its account, or of one above that. */
static enum ent_code judge_entitlement(struct ent_import_work *work, const struct ent_case *c,
                                       struct ent_error *error)
{
	struct ent_call *call = work->call;
	struct ent_rows rows;
	struct ent_ids path = { NULL, 0 };
	if (ent_id_is_none(c->entitlement_id)) {
		return ENT_OK;
	}
	enum ent_code code =
		ent_db_run(call->db, ENT_STR("SELECT account_id FROM entitlement WHERE id = $1"),
	                   ENT_ARGS(ent_arg_id(c->entitlement_id)), call->arena, &rows, error);
	if (code != ENT_OK || rows.count == 0 ||
	    rows.first->cell[0].number == c->account_id.value) {
		return code;
	}
	code = ent_account_path(call, c->account_id, &path, error);
	if (code == ENT_OK && !ent_ids_has(path, (ent_id){ rows.first->cell[0].number })) {
		ent_note(error, ENT_E_WRONG_ACCOUNT, "/#ENTITLEMENT",
		         work->slots[ENT_SLOT_ENTITLEMENT], "name one of the same account");
	}
	return code;
}

/* ---- create ------------------------------------------------------------------------------ */

static void read_past(struct ent_import_work *work, struct ent_case *c, struct ent_error *error)
{
	c->state = (enum ent_case_state)ent_import_state(work, &ent_case_state_names, ENT_CASE_OPEN,
	                                                 error);
	ent_instant now = work->call->now;
	bool overridden = false;
	ent_str text = work->slots[ENT_SLOT_OVERRIDE_TERMS];
	if (c->state == ENT_CASE_RESOLVED) {
		c->resolved_at =
			slot_instant(work, ENT_SLOT_RESOLVED_AT, "/#RESOLVED_AT", now, error);
		(void)ent_field_set(ENT_FIELD_OF(case, resolution), c,
		                    ent_value_text(work->slots[ENT_SLOT_RESOLUTION]), error);
		c->billable_minutes = ent_import_count(work, ENT_SLOT_BILLABLE_MINUTES, error);
		if (!ent_count_is_none(c->billable_minutes) && c->billable_minutes.n < 0) {
			ent_note(error, ENT_E_RANGE, "/#BILLABLE_MINUTES",
			         work->slots[ENT_SLOT_BILLABLE_MINUTES], "cannot be negative");
		}
	} else if (c->state == ENT_CASE_CANCELLED) {
		c->cancelled_at =
			slot_instant(work, ENT_SLOT_CANCELLED_AT, "/#CANCELLED_AT", now, error);
	}
	if (text.len > 0 && !ent_import_bool(text, &overridden)) {
		ent_note(error, ENT_E_FORMAT, "/#OVERRIDE_TERMS", text, "give true or false");
	}
	c->override_terms = overridden;
	ent_count reopened = ent_import_count(work, ENT_SLOT_REOPEN_COUNT, error);
	c->reopen_count = ent_count_is_none(reopened) || reopened.n < 0 ? 0 : reopened.n;
}

/* A part whose whole is closed is nothing new here, but one of a part is. */
static enum ent_code judge_parent(struct ent_import_work *work, const struct ent_case *c,
                                  struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(work->call->db, ENT_STR("SELECT parent_id FROM \"case\" WHERE id = $1"),
	                   ENT_ARGS(ent_arg_id(c->parent_id)), work->call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0 && rows.first->cell[0].kind != ENT_K_NULL) {
		ent_note(error, ENT_E_CASE_DEPTH, "/parent_id", (ent_str){ NULL, 0 },
		         "that case is part of another one; name that");
	}
	return code;
}

static enum ent_code judge(struct ent_import_work *work, struct ent_case *c,
                           struct ent_error *error)
{
	struct ent_call *call = work->call;
	ent_id parent = c->parent_id;
	enum ent_code code = ent_reference_check(call, &ent_case_type, NULL, c, error);
	c->parent_id = ENT_ID_NONE;
	if (code == ENT_OK) {
		code = ent_case_judge(call, NULL, c, &work->given, error);
	}
	c->parent_id = parent;
	if (code == ENT_OK) {
		code = judge_parent(work, c, error);
	}
	return code == ENT_OK ? judge_entitlement(work, c, error) : code;
}

enum ent_code ent_import_create_case(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_call *call = work->call;
	struct ent_case *c = work->object;
	bool sees = false;
	int64_t number;
	read_past(work, c, error);
	enum ent_code code = find_entitlement(work, &c->entitlement_id, error);
	if (code == ENT_OK) {
		code = ent_call_may(call, "case.create", error);
	}
	if (code == ENT_OK) {
		code = ent_call_sees(call, c->account_id, &sees, error);
	}
	if (code == ENT_OK && !sees) {
		ent_note(error, ENT_E_NO_SUCH_RECORD, "/account_id", (ent_str){ NULL, 0 },
		         "there is no such account");
	}
	if (code == ENT_OK) {
		c->id = ent_app_id(call->app);
		code = judge(work, c, error);
	}
	if (code == ENT_OK) {
		code = ent_noted(error);
	}
	if (code == ENT_OK) {
		code = ent_store_number(ent_app_store(call->app), "case", &number, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	c->number = ent_text_format(call->arena, "CAS-%06lld", (long long)number);
	if (!ent_id_is_none(c->entitlement_id)) {
		c->coverage = ENT_COVERAGE_COVERED;
		c->coverage_rule = ent_str_of(ent_choice_text(ENT_CHOICE_NAMED));
	}
	return ent_record_insert(call, &ent_case_type, c, "imported", error);
}

/* ---- change ------------------------------------------------------------------------------ */

static enum ent_code reach(struct ent_import_work *work, const struct ent_case *present,
                           enum ent_case_state wanted, struct ent_error *error)
{
	static const char *const names[3][3] = {
		[ENT_CASE_OPEN] = { NULL, "resolve", "cancel" },
		[ENT_CASE_RESOLVED] = { "reopen", NULL, NULL },
		[ENT_CASE_CANCELLED] = { "reactivate", NULL, NULL },
	};
	const char *name = names[present->state][wanted];
	if (name == NULL) {
		return ent_refuse(error, ENT_E_STATE, "/#STATE", work->slots[ENT_SLOT_STATE],
		                  "the case is %s here", ent_case_state_names.text[present->state]);
	}
	const struct ent_input_reason reason = { .reason = ENT_STR("import") };
	const struct ent_input_resolve resolve = {
		.resolution = work->slots[ENT_SLOT_RESOLUTION],
		.reason = ENT_STR("import"),
		.billable_minutes = ent_import_count(work, ENT_SLOT_BILLABLE_MINUTES, error),
	};
	struct ent_case out;
	bool resolves = wanted == ENT_CASE_RESOLVED;
	return ent_action_of(&ent_case_type, ent_str_of(name))
	        ->act(work->call, present->id, 0, resolves ? (const void *)&resolve : &reason, &out,
	              error);
}

enum ent_code ent_import_change_case(struct ent_import_work *work, const struct ent_case *present,
                                     bool *changed, struct ent_error *error)
{
	struct ent_input_link link = { .reason = ENT_STR("import") };
	struct ent_case out;
	enum ent_code code = find_entitlement(work, &link.entitlement_id, error);
	unsigned wanted = ent_import_state(work, &ent_case_state_names, present->state, error);
	if (code == ENT_OK) {
		code = ent_noted(error);
	}
	bool another = !ent_id_is_none(link.entitlement_id) &&
	               !ent_id_eq(link.entitlement_id, present->entitlement_id);
	if (code == ENT_OK && another) {
		code = ent_action_of(&ent_case_type, ENT_STR("link"))
		               ->act(work->call, present->id, 0, &link, &out, error);
		*changed = true;
	}
	if (code == ENT_OK && wanted != present->state) {
		code = reach(work, present, (enum ent_case_state)wanted, error);
		*changed = true;
	}
	return code;
}
