#include "app/action.h"
#include "app/case.h"
#include "base/text.h"

/* ---- activities ------------------------------------------------------------------------- */

static enum ent_code load_work(struct ent_call *call, const struct ent_case *c,
                               struct ent_list *out, struct ent_error *error)
{
	return ent_row_select(call->db, &ent_case_activity_type,
	                      ENT_STR("WHERE t.account_id = $1 AND t.case_id = $2 ORDER BY t.id"),
	                      ENT_ARGS(ent_arg_id(c->account_id), ent_arg_id(c->id)), call->arena,
	                      out, error);
}

static enum ent_code must_be_finished(const struct ent_case *c, const struct ent_list *work,
                                      struct ent_error *error)
{
	const struct ent_case_activity *items = work->items;
	size_t open = 0;
	for (size_t i = 0; i < work->count; i++) {
		open += items[i].state == ENT_ACTIVITY_OPEN;
	}
	return open == 0 ? ENT_OK
	                 : ent_fail(error, ENT_E_OPEN_ACTIVITIES,
	                            "%.*s has %zu open activities; finish or cancel them",
	                            (int)c->number.len, c->number.ptr, open);
}

static bool is_to_be_billed(const struct ent_case_activity *activity)
{
	return activity->state == ENT_ACTIVITY_DONE && !activity->billed;
}

/* Minutes of the finished activities that no resolution has billed; none if none tells. */
static ent_count minutes_of(const struct ent_list *work)
{
	const struct ent_case_activity *items = work->items;
	ent_count sum = ENT_COUNT_NONE;
	for (size_t i = 0; i < work->count; i++) {
		bool told = !ent_count_is_none(items[i].billable_minutes);
		ent_count minutes = told ? items[i].billable_minutes : items[i].minutes;
		if (is_to_be_billed(&items[i]) && !ent_count_is_none(minutes)) {
			sum.n = (ent_count_is_none(sum) ? 0 : sum.n) + minutes.n;
		}
	}
	return sum;
}

static enum ent_code mark_billed(struct ent_call *call, const struct ent_list *work,
                                 struct ent_error *error)
{
	struct ent_case_activity *items = work->items;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < work->count && code == ENT_OK; i++) {
		if (is_to_be_billed(&items[i])) {
			struct ent_case_activity before = items[i];
			items[i].billed = true;
			code = ent_record_save(call, &ent_case_activity_type, &before, &items[i],
			                       "billed", error);
		}
	}
	return code;
}

/* ---- resolve, cancel --------------------------------------------------------------------- */

/* A way to close a case, and its open children in the same way. */
struct closing {
	struct ent_charging charging;
	enum ent_code (*close)(struct closing *closing, struct ent_case *c, ent_count minutes,
	                       struct ent_error *error);
	const char *verb;
	ent_str resolution;
};

static enum ent_code resolve(struct closing *closing, struct ent_case *c, ent_count minutes,
                             struct ent_error *error)
{
	struct ent_call *call = closing->charging.call;
	struct ent_list work;
	enum ent_code code = load_work(call, c, &work, error);
	if (code == ENT_OK) {
		code = must_be_finished(c, &work, error);
	}
	if (code == ENT_OK) {
		c->billable_minutes = ent_count_is_none(minutes) ? minutes_of(&work) : minutes;
		code = ent_charging_apply(&closing->charging, c, ENT_CHARGE_RESOLVED, error);
	}
	if (code == ENT_OK) {
		code = mark_billed(call, &work, error);
	}
	c->state = ENT_CASE_RESOLVED;
	c->resolution = closing->resolution;
	c->resolved_at = call->now;
	return code;
}

static enum ent_code cancel(struct closing *closing, struct ent_case *c, ent_count minutes,
                            struct ent_error *error)
{
	(void)minutes;
	struct ent_list work;
	enum ent_code code = load_work(closing->charging.call, c, &work, error);
	if (code == ENT_OK) {
		code = must_be_finished(c, &work, error);
	}
	if (code == ENT_OK) {
		code = ent_charging_apply(&closing->charging, c, ENT_CHARGE_CANCELLED, error);
	}
	c->state = ENT_CASE_CANCELLED;
	c->cancelled_at = closing->charging.call->now;
	return code;
}

static enum ent_code close_children(struct closing *closing, const struct ent_case *parent,
                                    struct ent_error *error)
{
	struct ent_call *call = closing->charging.call;
	const struct ent_settings *settings;
	struct ent_list list;
	ent_str open = ent_text_format(call->arena, "AND t.parent_id = %lld AND t.state = 'open'",
	                               (long long)parent->id.value);
	enum ent_code code = ent_case_select(call, parent->account_id, open, &list, error);
	if (code == ENT_OK && list.count > 0) {
		code = ent_call_settings(call, &settings, error);
		if (code == ENT_OK && !settings->close_children) {
			code = ent_fail(error, ENT_E_OPEN_CHILDREN,
			                "%.*s has %zu open child cases; close them first",
			                (int)parent->number.len, parent->number.ptr, list.count);
		}
	}
	struct ent_case *children = list.items;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		struct ent_case before = children[i];
		code = closing->close(closing, &children[i], ENT_COUNT_NONE, error);
		if (code == ENT_OK) {
			code = ent_case_save(call, &before, &children[i], closing->verb, error);
		}
	}
	return code;
}

static enum ent_code close_case(struct closing *closing, struct ent_case *c, ent_count minutes,
                                struct ent_error *error)
{
	struct ent_case before = *c;
	enum ent_code code = ent_case_must_be_open(c, closing->verb, error);
	if (code == ENT_OK) {
		code = close_children(closing, c, error);
	}
	if (code == ENT_OK) {
		code = closing->close(closing, c, minutes, error);
	}
	if (code == ENT_OK) {
		code = ent_case_store(&closing->charging, &before, c, closing->verb, error);
	}
	return code;
}

enum ent_code ent_case_resolve(struct ent_call *call, ent_id id, int64_t version, const void *input,
                               void *out, struct ent_error *error)
{
	const struct ent_input_resolve *asked = input;
	struct closing closing = { .charging = { .call = call }, .close = resolve,
		                   .verb = "resolved", .resolution = asked->resolution };
	enum ent_code code = ent_case_hold(call, "case.resolve", id, version, asked->reason, out,
	                                   error);
	if (code == ENT_OK) {
		code = close_case(&closing, out, asked->billable_minutes, error);
	}
	return code;
}

enum ent_code ent_case_cancel(struct ent_call *call, ent_id id, int64_t version, const void *input,
                              void *out, struct ent_error *error)
{
	const struct ent_input_reason *asked = input;
	struct closing closing = { .charging = { .call = call }, .close = cancel,
		                   .verb = "cancelled" };
	enum ent_code code = ent_case_hold(call, "case.cancel", id, version, asked->reason, out,
	                                   error);
	if (code == ENT_OK) {
		code = close_case(&closing, out, ENT_COUNT_NONE, error);
	}
	return code;
}

/* ---- open again ---------------------------------------------------------------------------- */

static enum ent_code must_be(const struct ent_case *c, enum ent_case_state state,
                             const char *what, struct ent_error *error)
{
	if (!ent_id_is_none(c->merged_into_id)) {
		return ent_fail(error, ENT_E_STATE,
		                "%.*s was merged into another one and cannot be %s",
		                (int)c->number.len, c->number.ptr, what);
	}
	if (c->state != state) {
		return ent_fail(error, ENT_E_STATE, "%.*s is %s, so it cannot be %s",
		                (int)c->number.len, c->number.ptr,
		                ent_case_state_names.text[c->state], what);
	}
	return ENT_OK;
}

/* What it took is given back, and set aside again as far as it goes. The activities that
 * the resolution has counted stay billed. */
enum ent_code ent_case_reopen(struct ent_call *call, ent_id id, int64_t version, const void *input,
                              void *out, struct ent_error *error)
{
	const struct ent_input_reason *asked = input;
	struct ent_charging charging = { .call = call };
	struct ent_case *c = out;
	enum ent_code code = ent_case_hold(call, "case.reopen", id, version, asked->reason, c,
	                                   error);
	struct ent_case before = *c;
	if (code == ENT_OK) {
		code = must_be(c, ENT_CASE_RESOLVED, "reopened", error);
	}
	if (code == ENT_OK) {
		code = ent_charging_apply(&charging, c, ENT_CHARGE_REOPENED, error);
	}
	if (code == ENT_OK) {
		c->state = ENT_CASE_OPEN;
		c->resolution = (ent_str){ NULL, 0 };
		c->billable_minutes = ENT_COUNT_NONE;
		c->resolved_at = ENT_INSTANT_NONE;
		c->reopen_count++;
		code = ent_case_store(&charging, &before, c, "reopened", error);
	}
	return code;
}

enum ent_code ent_case_reactivate(struct ent_call *call, ent_id id, int64_t version,
                                  const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_reason *asked = input;
	struct ent_charging charging = { .call = call };
	struct ent_case *c = out;
	enum ent_code code = ent_case_hold(call, "case.reopen", id, version, asked->reason, c,
	                                   error);
	struct ent_case before = *c;
	if (code == ENT_OK) {
		code = must_be(c, ENT_CASE_CANCELLED, "reactivated", error);
	}
	if (code == ENT_OK) {
		code = ent_charging_apply(&charging, c, ENT_CHARGE_REACTIVATED, error);
	}
	if (code == ENT_OK) {
		c->state = ENT_CASE_OPEN;
		c->cancelled_at = ENT_INSTANT_NONE;
		code = ent_case_store(&charging, &before, c, "reactivated", error);
	}
	return code;
}
