/* What the rules of a service level refer to. */
#include "app/reference.h"
#include "app/sla_policy.h"
#include "base/text.h"
#include "core/sla_rule.h"

struct gathering {
	struct ent_arena *arena;
	struct ent_reference *first;
	struct ent_reference **last;
};

static void want(struct gathering *all, const struct ent_type *target, ent_id id, const char *place,
                 const char *name)
{
	if (ent_id_is_none(id)) {
		return;
	}
	struct ent_reference *r = ENT_NEW(all->arena, struct ent_reference, 1);
	*r = (struct ent_reference){ .target = target, .id = id };
	r->pointer = ent_text_format(all->arena, "%s/%s", place, name).ptr;
	*all->last = r;
	all->last = &r->next;
}

static void gather_action(struct gathering *all, const struct ent_sla_action *action,
                          const char *place)
{
	want(all, &ent_webhook_endpoint_type, action->endpoint_id, place, "endpoint_id");
	want(all, &ent_team_type, action->team_id, place, "team_id");
	want(all, &ent_user_type, action->assignee_id, place, "assignee_id");
	bool names = action->field != NULL && action->field->kind == ENT_K_ID &&
	             action->value.kind == ENT_K_TEXT;
	ent_id id = ENT_ID_NONE;
	if (names && ent_id_parse(action->value.text, action->field->target->prefix, &id)) {
		want(all, action->field->target, id, place, "value");
	}
}

enum ent_code ent_sla_rules_check(struct ent_call *call, const struct ent_sla_version *version,
                                  struct ent_error *error)
{
	struct gathering all = { .arena = call->arena };
	all.last = &all.first;
	for (size_t i = 0; i < version->rule_count; i++) {
		const struct ent_milestone_rule *rule = &version->rules[i];
		const char *place = ent_text_format(call->arena, "/rules/%zu", i).ptr;
		want(&all, &ent_calendar_type, rule->calendar_id, place, "calendar_id");
		for (size_t k = 0; k < rule->action_count; k++) {
			gather_action(&all, &rule->actions[k],
			              ent_text_format(call->arena, "%s/actions/%zu", place, k).ptr);
		}
	}
	return ent_reference_check_list(call, &ent_sla_policy_version_type, all.first, error);
}
