#include "app/desk.h"

struct ent_case desk_case(struct desk *desk, ent_id entitlement)
{
	struct ent_case c;
	ent_type_clear(&ent_case_type, &c);
	c.account_id = desk->account;
	c.title = ENT_STR("It does not print");
	c.entitlement_id = entitlement;
	return c;
}

struct working {
	struct desk *desk;
	const char *action;
	const void *input;
	struct ent_case *c;
};

static void keep(char *room, size_t size, ent_str text)
{
	snprintf(room, size, "%.*s", (int)text.len, text.ptr == NULL ? "" : text.ptr);
}

/* Take over what has become of it, but the texts, which do not outlive the call; the
 * channel is a literal of the test. */
static void take(struct working *w, const struct ent_case *now)
{
	struct ent_case *c = w->c;
	ent_str title = c->title;
	ent_str channel = c->channel;
	keep(w->desk->rule, sizeof(w->desk->rule), now->coverage_rule);
	keep(w->desk->number, sizeof(w->desk->number), now->number);
	*c = *now;
	for (size_t i = 0; i < ent_case_type.count; i++) {
		enum ent_kind kind = ent_case_type.fields[i].kind;
		if (kind == ENT_K_TEXT || kind == ENT_K_MAP) {
			ent_field_clear(&ent_case_type.fields[i], c);
		}
	}
	c->title = title;
	c->channel = channel;
}

static enum ent_code open_case(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct working *w = arg;
	struct ent_case now = *w->c;
	struct ent_set given = { { UINT64_MAX, UINT64_MAX } };
	enum ent_code code = ent_record_create(call, &ent_case_type, &now, &given, error);
	if (code == ENT_OK) {
		take(w, &now);
	}
	return code;
}

enum ent_code desk_open_case(struct desk *desk, struct ent_case *c)
{
	struct working w = { .desk = desk, .c = c };
	return desk_run(desk, ENT_WRITE, open_case, &w);
}

static enum ent_code put(void *arg, struct ent_arena *arena, void *object, struct ent_set *given,
                         struct ent_error *error)
{
	(void)arena;
	(void)given;
	(void)error;
	const struct ent_case *from = arg;
	struct ent_case *c = object;
	c->title = from->title;
	c->status = from->status;
	c->priority = from->priority;
	c->contact_id = from->contact_id;
	c->product_id = from->product_id;
	c->asset_id = from->asset_id;
	c->channel = from->channel;
	c->entitlement_id = from->entitlement_id;
	c->parent_id = from->parent_id;
	return ENT_OK;
}

static enum ent_code patch_case(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct working *w = arg;
	struct ent_case now;
	enum ent_code code = ent_record_update(call, &ent_case_type, w->c->id, w->c->version, put,
	                                       w->c, &now, error);
	if (code == ENT_OK) {
		take(w, &now);
	}
	return code;
}

enum ent_code desk_patch(struct desk *desk, struct ent_case *c)
{
	struct working w = { .desk = desk, .c = c };
	return desk_run(desk, ENT_WRITE, patch_case, &w);
}

static enum ent_code act(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct working *w = arg;
	const struct ent_action_row *row = ent_action_of(&ent_case_type, ent_str_of(w->action));
	struct ent_case *now = ENT_NEW(call->arena, struct ent_case, 1);
	enum ent_code code = row->act(call, w->c->id, w->c->version, w->input, now, error);
	if (code == ENT_OK) {
		take(w, now);
	}
	return code;
}

enum ent_code desk_act(struct desk *desk, const char *action, struct ent_case *c,
                       const void *input)
{
	struct working w = { desk, action, input, c };
	return desk_run(desk, ENT_WRITE, act, &w);
}

static enum ent_code delete_case(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct working *w = arg;
	return ent_record_delete(call, &ent_case_type, w->c->id, w->c->version, error);
}

enum ent_code desk_delete(struct desk *desk, struct ent_case *c)
{
	struct working w = { .desk = desk, .c = c };
	return desk_run(desk, ENT_WRITE, delete_case, &w);
}

static enum ent_code read_case(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct working *w = arg;
	struct ent_case now;
	enum ent_code code = ent_record_get(call, &ent_case_type, w->c->id, &now, error);
	if (code == ENT_OK) {
		take(w, &now);
	}
	return code;
}

void desk_read(struct desk *desk, struct ent_case *c)
{
	struct working w = { .desk = desk, .c = c };
	CHECK_INT(desk_run(desk, ENT_READ, read_case, &w), ENT_OK);
}

enum ent_code desk_do(struct desk *desk, const char *action, struct ent_case *c)
{
	struct ent_input_reason input = { ENT_STR("because") };
	return desk_act(desk, action, c, &input);
}

enum ent_code desk_resolve(struct desk *desk, struct ent_case *c, int64_t minutes)
{
	struct ent_input_resolve input = { .resolution = ENT_STR("done"),
		                           .billable_minutes = ENT_COUNT_NONE };
	if (minutes >= 0) {
		input.billable_minutes.n = minutes;
	}
	return desk_act(desk, "resolve", c, &input);
}

enum ent_code desk_link(struct desk *desk, struct ent_case *c, ent_id entitlement)
{
	struct ent_input_link input = { .entitlement_id = entitlement };
	return desk_act(desk, "link", c, &input);
}

enum ent_code desk_override(struct desk *desk, struct ent_case *c, bool on)
{
	struct ent_input_override input = { .override_terms = on, .reason = ENT_STR("our fault") };
	return desk_act(desk, "override_terms", c, &input);
}

enum ent_code desk_merge(struct desk *desk, struct ent_case *c, const ent_id *ids, size_t count)
{
	struct ent_input_merge input = { .cases = { ids, count } };
	return desk_act(desk, "merge", c, &input);
}

ent_id desk_activity(struct desk *desk, const struct ent_case *c, enum ent_activity_state state,
                     int64_t minutes, int64_t billable)
{
	struct ent_case_activity activity;
	ent_type_clear(&ent_case_activity_type, &activity);
	activity.case_id = c->id;
	activity.subject = ENT_STR("Work");
	activity.state = state;
	activity.minutes = minutes < 0 ? ENT_COUNT_NONE : (ent_count){ minutes };
	activity.billable_minutes = billable < 0 ? ENT_COUNT_NONE : (ent_count){ billable };
	CHECK_INT(desk_make(desk, &ent_case_activity_type, &activity), ENT_OK);
	return activity.id;
}
