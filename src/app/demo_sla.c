/* The demo's service levels: what everybody gets, and what the better offers promise. */
#include "app/action.h"
#include "app/demo_inner.h"

#define PRIORITIES(critical, high)                                           \
	"\"targets\":[{\"priority\":[\"critical\"],\"target\":\"" critical   \
	"\"},{\"priority\":[\"high\"],\"target\":\"" high "\"}]"
/* Not for those that are new: a case with an open task cannot be closed. */
#define WARNING                                                                     \
	"\"reopen\":\"keep\",\"actions\":[{\"name\":\"Warning\",\"at\":\"75%\"," \
	"\"condition\":\"status = \\\"in_progress\\\"\",\"do\":\"task\","          \
	"\"subject\":\"Answer soon\",\"due_in\":\"PT1H\"}]"
#define ESCALATION(from, to)                                                       \
	"\"actions\":[{\"name\":\"Escalation\",\"at\":\"PT0S\",\"condition\":"     \
	"\"priority = \\\"" from "\\\"\",\"do\":\"set\",\"field\":\"priority\"," \
	"\"value\":\"" to "\"}]"

enum { NEXT_DAYS = 75 }; /* so long ago the next versions came into force */

static const struct {
	const char *name, *description;
	size_t calendar; /* its row in demo_calendar.c */
	const char *rules, *next, *notes; /* what later came into force; NULL: nothing */
} policies[ENT_DEMO_SLA_POLICIES] = {
	[ENT_DEMO_SLA_STANDARD] = {
		"Standard support", "An answer within a working day, a solution within a week", 0,
		"[{\"name\":\"First answer\",\"kind\":\"first_response\",\"target\":\"PT8H\","
		PRIORITIES("PT2H", "PT4H") "," WARNING "},"
		"{\"name\":\"Solution\",\"kind\":\"resolution\",\"unit\":\"business_days\","
		"\"day_mode\":\"end_of_day\","
		"\"target\":\"P5D\",\"warn_percent\":50," PRIORITIES("P2D", "P3D") ","
		ESCALATION("normal", "high") "}]",
		"[{\"name\":\"First answer\",\"kind\":\"first_response\",\"target\":\"PT6H\","
		PRIORITIES("PT1H", "PT3H") "," WARNING "},"
		"{\"name\":\"Next answer\",\"kind\":\"next_response\",\"recurrence\":"
		"\"independent\",\"start\":\"criteria\",\"criteria\":\"awaiting_response\","
		"\"target\":\"PT10H\"},"
		"{\"name\":\"Solution\",\"kind\":\"resolution\",\"unit\":\"business_days\","
		"\"day_mode\":\"end_of_day\","
		"\"target\":\"P4D\",\"warn_percent\":40," PRIORITIES("P1D", "P2D") ","
		ESCALATION("normal", "high") "}]",
		"Answers to questions are promised, too, and solutions a day sooner",
	},
	[ENT_DEMO_SLA_PREMIUM] = {
		"Premium support", "Answers by day and by night", 3,
		"[{\"name\":\"First answer\",\"kind\":\"first_response\",\"target\":\"PT4H\","
		PRIORITIES("PT30M", "PT1H") "," WARNING "},"
		"{\"name\":\"Next answer\",\"kind\":\"next_response\",\"recurrence\":"
		"\"independent\",\"start\":\"criteria\",\"criteria\":\"awaiting_response\","
		"\"target\":\"PT8H\"},"
		"{\"name\":\"Solution\",\"kind\":\"resolution\",\"unit\":\"calendar\","
		"\"target\":\"P7D\",\"warn_percent\":50," PRIORITIES("P1D", "P3D") ","
		ESCALATION("high", "critical") "}]",
		NULL, NULL,
	},
};

static enum ent_code act(struct ent_call *call, const struct ent_type *type, const char *action,
                         ent_id id, void *out, struct ent_error *error)
{
	const struct ent_input_reason none = { .reason = { NULL, 0 } };
	return ent_action_of(type, ent_str_of(action))->act(call, id, 0, &none, out, error);
}

static enum ent_code make_version(struct ent_demo *demo, struct ent_call *call, size_t n,
                                  bool is_next, struct ent_error *error)
{
	ent_str pauses[] = { ENT_STR("waiting_for_customer"), ENT_STR("on_hold") };
	struct ent_sla_policy_version v;
	ent_id id;
	ent_type_clear(&ent_sla_policy_version_type, &v);
	v.sla_policy_id = demo->sla_policies[n];
	v.calendar_id = demo->calendars[policies[n].calendar];
	v.pause_statuses = (struct ent_words){ pauses, ENT_COUNT(pauses) };
	v.rules.text = ent_str_of(is_next ? policies[n].next : policies[n].rules);
	if (is_next) {
		v.notes = ent_str_of(policies[n].notes);
	}
	enum ent_code code = ent_demo_create(call, &ent_sla_policy_version_type, &v, &id, error);
	if (code == ENT_OK) {
		code = act(call, &ent_sla_policy_version_type, "activate", id, &v, error);
	}
	return code == ENT_OK && is_next
	               ? act(call, &ent_sla_policy_version_type, "set_default", id, &v, error)
	               : code;
}

static enum ent_code make_next(struct ent_demo *demo, struct ent_call *call,
                               const struct ent_demo_step *step, struct ent_error *error)
{
	return make_version(demo, call, step->n, true, error);
}

/* With its first version, which by that is its default one. */
static enum ent_code make_policy(struct ent_demo *demo, struct ent_call *call,
                                 const struct ent_demo_step *step, struct ent_error *error)
{
	ent_id *id = &demo->sla_policies[step->n];
	struct ent_sla_policy policy;
	ent_type_clear(&ent_sla_policy_type, &policy);
	policy.name = ent_str_of(policies[step->n].name);
	policy.description = ent_str_of(policies[step->n].description);
	enum ent_code code = ent_demo_create(call, &ent_sla_policy_type, &policy, id, error);
	if (code == ENT_OK) {
		code = make_version(demo, call, step->n, false, error);
	}
	if (code == ENT_OK && step->n == ENT_DEMO_SLA_STANDARD) {
		code = act(call, &ent_sla_policy_type, "set_default", *id, &policy, error);
	}
	return code;
}

void ent_demo_plan_sla(struct ent_demo *demo)
{
	ent_instant first = ent_demo_at(demo, -ENT_DEMO_PAST_DAYS, 0);
	for (size_t i = 0; i < ENT_COUNT(policies); i++) {
		ent_demo_plan(demo, first, make_policy, i, 0);
		if (policies[i].next != NULL) {
			ent_demo_plan(demo, ent_demo_at(demo, -NEXT_DAYS, 420), make_next, i, 0);
		}
	}
}
