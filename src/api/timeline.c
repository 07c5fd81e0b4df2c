/* What happened to the clocks of a case, milestone by milestone. */
#include "api/inner.h"

#include "app/entity.h"
#include "base/text.h"

/* ---- one step ---- */

static void add_member(struct ent_text *out, const char *name, ent_str value)
{
	ent_text_addf(out, ",\"%s\":", name);
	if (value.len > 0) {
		ent_json_string(out, value);
	} else {
		ent_text_add(out, ENT_STR("null"));
	}
}

static void add_json(struct ent_text *out, const char *name, ent_str json)
{
	ent_text_addf(out, ",\"%s\":", name);
	ent_text_add(out, json.len > 0 ? json : ENT_STR("null"));
}

/* Customers see when things happened, not who did them and why. */
static void add_step(const struct ent_event *event, bool is_staff, struct ent_text *out)
{
	char at[ENT_INSTANT_ROOM];
	ent_instant_format(event->created_at, at);
	ent_text_add(out, ENT_STR("{\"step\":"));
	ent_json_string(out, ent_str_cut(event->type, '.').tail);
	ent_text_addf(out, ",\"recorded_at\":\"%s\"", at);
	add_member(out, "actor", is_staff ? event->actor : ENT_STR(""));
	add_member(out, "reason", is_staff ? event->reason : ENT_STR(""));
	add_json(out, "before", event->before.text);
	add_json(out, "after", event->after.text);
	ent_text_char(out, '}');
}

static enum ent_code load_steps(struct ent_call *call, const struct ent_milestone *m,
                                struct ent_list *out, struct ent_error *error)
{
	char id[ENT_ID_ROOM];
	ent_str subject = { id, ent_id_format(m->id, ent_milestone_type.prefix, id) };
	return ent_row_select(
		call->db, &ent_event_type,
		ENT_STR("WHERE t.account_id = $1 AND t.subject_id = $2 ORDER BY t.seq"),
		ENT_ARGS(ent_arg_id(m->account_id), ent_arg_text(subject)), call->arena, out,
		error);
}

static void add_steps(const struct ent_list *list, bool is_staff, struct ent_text *out)
{
	const struct ent_event *events = list->items;
	bool first = true;
	for (size_t i = 0; i < list->count; i++) {
		if (is_staff || !ent_str_is(events[i].type, "milestone.action")) {
			ent_text_add(out, first ? ENT_STR("") : ENT_STR(","));
			add_step(&events[i], is_staff, out);
			first = false;
		}
	}
}

/* ---- all of them ---- */

static enum ent_code load(struct ent_call *call, const struct ent_case *c, struct ent_list *out,
                          struct ent_error *error)
{
	enum ent_code code = ent_row_select(
		call->db, &ent_milestone_type,
		ENT_STR("WHERE t.account_id = $1 AND t.case_id = $2 ORDER BY t.id"),
		ENT_ARGS(ent_arg_id(c->account_id), ent_arg_id(c->id)), call->arena, out, error);
	return code == ENT_OK ? ent_entity_of(&ent_milestone_type)->decorate(call, out, error)
	                      : code;
}

/* Its members, without the brace that opens them. */
static ent_str members_of(const struct ent_call *call, const struct ent_milestone *m)
{
	struct ent_text text = ent_text_begin(call->arena);
	ent_json_write(&ent_milestone_type, m, NULL, &text);
	ent_str json = ent_text_end(&text);
	return (ent_str){ json.ptr + 1, json.len - 1 };
}

static ent_str write(const struct ent_call *call, const struct ent_list *milestones,
                     const struct ent_list *steps)
{
	ent_str *members = ENT_NEW(call->arena, ent_str, milestones->count + 1);
	for (size_t i = 0; i < milestones->count; i++) {
		members[i] = members_of(call, (const struct ent_milestone *)milestones->items + i);
	}
	struct ent_text text = ent_text_begin(call->arena);
	bool is_staff = call->who->role != ENT_ROLE_CUSTOMER;
	ent_text_add(&text, ENT_STR("{\"object\":\"timeline\",\"milestones\":["));
	for (size_t i = 0; i < milestones->count; i++) {
		ent_text_addf(&text, "%s{\"milestone\":{\"object\":\"milestone\",",
		              i > 0 ? "," : "");
		ent_text_add(&text, members[i]);
		ent_text_add(&text, ENT_STR(",\"steps\":["));
		add_steps(&steps[i], is_staff, &text);
		ent_text_add(&text, ENT_STR("]}"));
	}
	ent_text_add(&text, ENT_STR("]}"));
	return ent_text_end(&text);
}

enum ent_code ent_handle_get_case_timeline(struct ent_request *request, struct ent_call *call,
                                           struct ent_error *error)
{
	struct ent_case c;
	struct ent_list list;
	ent_id id;
	enum ent_code code = ent_request_query(request, call, error);
	if (code == ENT_OK) {
		code = ent_request_id(request, &id, error);
	}
	if (code == ENT_OK) {
		code = ent_record_load(call, &ent_case_type, id, &c, error);
	}
	if (code == ENT_OK) {
		code = load(call, &c, &list, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_milestone *items = list.items;
	struct ent_list *steps = ENT_NEW(call->arena, struct ent_list, list.count + 1);
	for (size_t i = 0; i < list.count && code == ENT_OK; i++) {
		code = load_steps(call, &items[i], &steps[i], error);
	}
	if (code == ENT_OK) {
		ent_reply_json(request, 200, write(call, &list, steps));
	}
	return code;
}
