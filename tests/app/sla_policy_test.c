#include "app/sla_version.h"
#include "app/world.h"
#include "core/sla.h"

#include <time.h>

static const struct ent_type *const POLICY = &ent_sla_policy_type;
static const struct ent_type *const VERSION = &ent_sla_policy_version_type;

static ent_id make_policy(const char *name)
{
	char json[100];
	snprintf(json, sizeof(json), "{\"name\":\"%s\"}", name);
	return world_create(POLICY, json, NULL);
}

static ent_id make_version(ent_id policy)
{
	return world_create(VERSION,
	                    "{\"sla_policy_id\":$1,\"rules\":[{\"name\":\"answer\","
	                    "\"target\":\"PT4H\"}]}",
	                    REFS({ POLICY, policy }));
}

struct asked {
	ent_id version, policy;
	int64_t seconds; /* that its first rule allows */
	struct ent_sla_candidate candidate, organisation;
};

static enum ent_code use_it(struct ent_call *call, void *arg, struct ent_error *error)
{
	return ent_sla_version_use(call, ((struct asked *)arg)->version, error);
}

static enum ent_code ask(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct asked *asked = arg;
	const struct ent_sla_version *version;
	const struct ent_sla_version *again;
	enum ent_code code = ent_call_sla_version(call, asked->version, &version, error);
	if (code == ENT_OK) {
		asked->seconds = version->rules[0].allowed.seconds;
		code = ent_call_sla_version(call, asked->version, &again, error);
	}
	if (code == ENT_OK) {
		CHECK(again == version);
		code = ent_call_sla_policy(call, asked->policy, &asked->candidate, error);
	}
	return code == ENT_OK ? ent_call_sla_default(call, &asked->organisation, error) : code;
}

/* From memory alone. */
static enum ent_code ask_memory(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct ent_db *db = call->db;
	call->db = NULL;
	enum ent_code code = ask(call, arg, error);
	call->db = db;
	return code;
}

/* On PostgreSQL what was announced arrives when it arrives, and what is put before is forgotten. */
static void check_in_memory(struct asked *asked)
{
	enum ent_code code = ENT_E_BUSY;
	for (int i = 0; i < 500 && code != ENT_OK; i++) {
		struct timespec wait = { 0, 10 * 1000 * 1000 };
		nanosleep(&wait, NULL);
		OK(world_run(ENT_READ, ask, asked));
		code = world_run(ENT_READ, ask_memory, asked);
	}
	OK(code);
}

static struct asked asked_of(ent_id policy, ent_id version)
{
	struct asked asked = { .policy = policy, .version = version };
	OK(world_run(ENT_READ, ask, &asked));
	return asked;
}

/* What actions of a version name stays while it is there. */
APP_TEST(sla_version_keeps_whom_its_rules_name)
{
	world_open("2026-03-02T08:00:00Z");
	ent_id policy = make_policy("Gold");
	ent_id team = world_create(&ent_team_type, "{\"name\":\"Level 2\"}", NULL);
	ent_id other = world_create(&ent_team_type, "{\"name\":\"Level 3\"}", NULL);
	ent_id user = world_create(
		&ent_user_type, "{\"name\":\"Ann\",\"email\":\"a@b.example\",\"role\":\"agent\"}",
		NULL);
	ent_id endpoint =
		world_create(&ent_webhook_endpoint_type,
	                     "{\"name\":\"CRM\",\"url\":\"https://crm.example/in\"}", NULL);
	ent_id version = world_create(
		VERSION,
		"{\"sla_policy_id\":$1,\"rules\":[{\"name\":\"answer\",\"target\":\"PT4H\","
		"\"actions\":[{\"at\":\"P0D\",\"do\":\"assign\",\"team_id\":$2,"
		"\"assignee_id\":$3},{\"at\":\"PT1H\",\"do\":\"webhook\",\"endpoint_id\":$4}]}]}",
		REFS({ POLICY, policy }, { &ent_team_type, team }, { &ent_user_type, user },
	             { &ent_webhook_endpoint_type, endpoint }));
	CHECK_CODE(world_try_delete(&ent_team_type, team), ENT_E_IN_USE);
	CHECK_CODE(world_try_delete(&ent_user_type, user), ENT_E_IN_USE);
	CHECK_CODE(world_try_delete(&ent_webhook_endpoint_type, endpoint), ENT_E_IN_USE);
	CHECK(strstr(world.error.detail, "sla_policy_version slv_") != NULL);
	OK(world_try_delete(&ent_team_type, other));
	OK(world_try_delete(VERSION, version));
	OK(world_try_delete(&ent_team_type, team));
	OK(world_try_delete(&ent_user_type, user));
	OK(world_try_delete(&ent_webhook_endpoint_type, endpoint));
	world_close();
}

APP_TEST(sla_version_is_frozen_once_used)
{
	world_open("2026-03-02T08:00:00Z");
	ent_id policy = make_policy("Gold");
	struct asked asked = { .policy = policy, .version = make_version(policy) };
	CHECK_CODE(world_run(ENT_WRITE, use_it, &asked), ENT_E_STATE); /* a draft */
	OK(world_try_update(VERSION, asked.version,
	                    "{\"rules\":[{\"name\":\"answer\",\"target\":\"PT3H\"}]}", NULL));
	CHECK_INT(asked_of(policy, asked.version).seconds, 3 * 3600);
	world_do(VERSION, "activate", asked.version, "{}");
	OK(world_try_update(VERSION, asked.version,
	                    "{\"rules\":[{\"name\":\"answer\",\"target\":\"PT2H\"}]}", NULL));
	CHECK_INT(asked_of(policy, asked.version).seconds, 2 * 3600);
	OK(world_run(ENT_WRITE, use_it, &asked));
	OK(world_run(ENT_WRITE, use_it, &asked));
	CHECK_TEXT(world_events(VERSION, asked.version), "created updated activated updated used");
	CHECK_CODE(world_try_update(VERSION, asked.version, "{\"rules\":[]}", NULL),
	           ENT_E_SLA_VERSION_IN_USE);
	CHECK_TEXT(world.error.issues[0].pointer, "/rules");
	CHECK_CODE(world_try_update(VERSION, asked.version, "{\"pause_statuses\":[\"on_hold\"]}",
	                            NULL),
	           ENT_E_SLA_VERSION_IN_USE);
	OK(world_try_update(VERSION, asked.version, "{\"notes\":\"as agreed\"}", NULL));
	CHECK_CODE(world_try_delete(VERSION, asked.version), ENT_E_SLA_VERSION_IN_USE);
	CHECK_CODE(world_try_delete(POLICY, policy), ENT_E_SLA_VERSION_IN_USE);
	world_do(VERSION, "deactivate", asked.version, "{}");
	CHECK_INT(asked_of(policy, asked.version).seconds, 2 * 3600);
	CHECK_INT(world_findings(), 0);
	world_close();
}

APP_TEST(sla_versions_are_answered_from_memory)
{
	world_open("2026-03-02T08:00:00Z");
	ent_id policy = make_policy("Gold");
	struct asked asked = { .policy = policy, .version = make_version(policy) };
	world_do(VERSION, "activate", asked.version, "{}");
	CHECK_CODE(world_run(ENT_READ, ask_memory, &asked), ENT_E_BUSY); /* not used yet */
	OK(world_run(ENT_WRITE, use_it, &asked));
	world_at("2026-03-02T08:01:00Z");
	CHECK_INT(asked_of(policy, asked.version).candidate.version_id.value, asked.version.value);
	check_in_memory(&asked);
	CHECK_INT(asked.seconds, 4 * 3600);
	CHECK(ent_id_is_none(asked.organisation.policy_id));
	/* a change of policies is seen by the next one */
	world_do(POLICY, "set_default", policy, "{}");
	CHECK_INT(asked_of(policy, asked.version).organisation.policy_id.value, policy.value);
	check_in_memory(&asked);
	world_do(VERSION, "deactivate", asked.version, "{}");
	struct asked after = asked_of(policy, asked.version);
	CHECK_INT(after.candidate.policy_id.value, policy.value);
	CHECK(ent_id_is_none(after.candidate.version_id));
	CHECK(ent_id_is_none(after.organisation.version_id));
	after = (struct asked){ .policy = { 5 }, .version = asked.version };
	OK(world_run(ENT_READ, ask, &after));
	CHECK(ent_id_is_none(after.candidate.policy_id));
	world_close();
}
