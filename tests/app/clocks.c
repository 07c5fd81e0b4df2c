#include "app/clocks.h"

#include "app/agenda.h"

#include <stdio.h>

ent_id clock_policy_of(const char *name, const char *rules, const char *more)
{
	char json[8000];
	snprintf(json, sizeof(json), "{\"name\":\"%s\"}", name);
	ent_id policy = world_create(&ent_sla_policy_type, json, NULL);
	snprintf(json, sizeof(json), "{\"sla_policy_id\":$1,%s\"rules\":%s}", more, rules);
	ent_id version = world_create(&ent_sla_policy_version_type, json,
	                              REFS({ &ent_sla_policy_type, policy }));
	world_do(&ent_sla_policy_version_type, "activate", version, "{}");
	world_do(&ent_sla_policy_version_type, "set_default", version, "{}");
	return policy;
}

ent_id clock_policy(const char *name, const char *rules)
{
	return clock_policy_of(name, rules, "");
}

ent_id clock_version(ent_id policy, const char *rules)
{
	char json[8000];
	snprintf(json, sizeof(json), "{\"sla_policy_id\":$1,\"rules\":%s}", rules);
	ent_id version = world_create(&ent_sla_policy_version_type, json,
	                              REFS({ &ent_sla_policy_type, policy }));
	world_do(&ent_sla_policy_version_type, "activate", version, "{}");
	return version;
}

ent_id clock_case(ent_id account, ent_id entitlement, ent_id policy)
{
	struct world_ref refs[4] = { { &ent_account_type, account } };
	char right[60] = "";
	char level[60] = "";
	char json[300];
	size_t n = 1;
	if (!ent_id_is_none(entitlement)) {
		refs[n++] = (struct world_ref){ &ent_entitlement_type, entitlement };
		snprintf(right, sizeof(right), ",\"entitlement_id\":$%zu", n);
	}
	if (!ent_id_is_none(policy)) {
		refs[n++] = (struct world_ref){ &ent_sla_policy_type, policy };
		snprintf(level, sizeof(level), ",\"sla_policy_id\":$%zu", n);
	}
	snprintf(json, sizeof(json), "{\"account_id\":$1,\"title\":\"It does not print\"%s%s}",
	         right, level);
	return world_create(&ent_case_type, json, refs);
}

ent_id clock_entitlement(ent_id account, ent_id policy)
{
	ent_id id = world_create(
		&ent_entitlement_type,
		"{\"account_id\":$1,\"name\":\"Support\","
		"\"sla_policy_id\":$2}",
		REFS({ &ent_account_type, account }, { &ent_sla_policy_type, policy }));
	world_do(&ent_entitlement_type, "activate", id, "{}");
	return id;
}

void clock_comment(ent_id c, const char *json)
{
	world_create(&ent_case_comment_type, json, REFS({ &ent_case_type, c }));
}

struct search {
	ent_id case_id;
	const char *name;
	struct ent_milestone found;
	int64_t count;
};

static enum ent_code look(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct search *search = arg;
	struct ent_list list;
	enum ent_code code = ent_row_select(
		call->db, &ent_milestone_type, ENT_STR("WHERE t.case_id = $1 ORDER BY t.id"),
		ENT_ARGS(ent_arg_id(search->case_id)), call->arena, &list, error);
	if (code == ENT_OK) {
		code = ent_entity_of(&ent_milestone_type)->decorate(call, &list, error);
	}
	const struct ent_milestone *items = list.items;
	search->count = 0;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		search->count++;
		if (search->name != NULL && ent_str_is(items[i].name, search->name)) {
			search->found = items[i];
		}
	}
	return code;
}

struct ent_milestone clock_milestone(ent_id c, const char *name)
{
	struct search search = { .case_id = c, .name = name };
	OK(world_run(ENT_READ, look, &search));
	CHECK(!ent_id_is_none(search.found.id));
	return search.found;
}

ent_id clock_id(ent_id c, const char *name)
{
	return clock_milestone(c, name).id;
}

const char *clock_state(ent_id c, const char *name)
{
	return ent_milestone_state_names.text[clock_milestone(c, name).state];
}

const char *clock_target(ent_id c, const char *name)
{
	static char room[ENT_INSTANT_ROOM];
	struct ent_milestone m = clock_milestone(c, name);
	room[0] = '\0';
	if (!ent_instant_is_none(m.target_at)) {
		ent_instant_format(m.target_at, room);
	}
	return room;
}

const char *clock_status(ent_id c)
{
	return ent_sla_status_names.text[world_case(c).sla_status];
}

int64_t clock_count(ent_id c)
{
	struct search search = { .case_id = c };
	OK(world_run(ENT_READ, look, &search));
	return search.count;
}

void clock_run(const char *until)
{
	struct ent_agenda_report report = { .handled = 0 };
	OK(ent_agenda_run_until(world.app, world_instant(until), &report, &world.error));
	CHECK_INT(report.failed, 0);
}
