/* The demo's own people: settings, teams, users. */
#include "app/demo_inner.h"
#include "app/settings.h"
#include "base/text.h"

static const struct ent_demo_user users[] = {
	{ "admin@example.com", "Robin Aster", ENT_ROLE_ADMIN },
	{ "manager@example.com", "Claire Fontaine", ENT_ROLE_MANAGER },
	{ "agent@example.com", "Dana Whitlock", ENT_ROLE_AGENT },
	{ "agent2@example.com", "Oskar Lindgren", ENT_ROLE_AGENT },
	{ "agent3@example.com", "Ruth Mwangi", ENT_ROLE_AGENT },
	{ "sales@example.com", "Theo Marchetti", ENT_ROLE_SALES_AGENT },
	{ "orders@example.com", "Ines Barros", ENT_ROLE_ORDER_AGENT },
	{ "viewer@example.com", "Pat Nguyen", ENT_ROLE_VIEWER },
	{ "integration@example.com", "Warehouse system", ENT_ROLE_INTEGRATION },
	{ "customer@example.com", "Marcie Holloway", ENT_ROLE_CUSTOMER },
};

static const struct {
	const char *name, *description;
} teams[ENT_DEMO_TEAMS] = {
	{ "First line", "Takes every case first" },
	{ "Printing", "Printers of all kinds" },
	{ "Displays and network", "What has a plug and no paper" },
	{ "Field service", "Visits and installations" },
};

const struct ent_demo_user *ent_demo_users(size_t *count)
{
	*count = ENT_COUNT(users);
	return users;
}

static enum ent_code make_team(struct ent_demo *demo, struct ent_call *call,
                               const struct ent_demo_step *step, struct ent_error *error)
{
	struct ent_team team;
	ent_type_clear(&ent_team_type, &team);
	team.name = ent_str_of(teams[step->n].name);
	team.description = ent_str_of(teams[step->n].description);
	return ent_demo_create(call, &ent_team_type, &team, &demo->teams[step->n], error);
}

/* Staff; the customer is made when there is the contact. */
static enum ent_code make_user(struct ent_demo *demo, struct ent_call *call,
                               const struct ent_demo_step *step, struct ent_error *error)
{
	size_t n = step->n;
	struct ent_user user;
	ent_type_clear(&ent_user_type, &user);
	user.email = ent_str_of(users[n].email);
	user.name = ent_str_of(users[n].name);
	user.role = users[n].role;
	user.password = ENT_STR(ENT_DEMO_PASSWORD);
	ent_id *of_teams = ENT_NEW(call->arena, ent_id, 2);
	of_teams[0] = demo->teams[0];
	of_teams[1] = demo->teams[1 + n % (ENT_DEMO_TEAMS - 1)];
	if (user.role == ENT_ROLE_AGENT) {
		user.teams = (struct ent_ids){ of_teams, 2 };
	}
	if (user.role == ENT_ROLE_CUSTOMER) {
		ent_id *account = ENT_NEW(call->arena, ent_id, 1);
		*account = demo->accounts[0];
		user.accounts = (struct ent_ids){ account, 1 };
		user.contact_id = demo->contacts[0].id;
	}
	call->password_hash = demo->password_hash;
	enum ent_code code = ent_demo_create(call, &ent_user_type, &user, &demo->users[n], error);
	size_t len = ent_id_format(demo->users[n], "usr", demo->actors[n]);
	demo->who[n] = (struct ent_principal){
		.who = ENT_WHO_USER,
		.role = user.role,
		.id = demo->users[n],
		.name = user.name,
		.actor = { demo->actors[n], len },
		.permissions = ent_role_permissions(user.role),
	};
	return code;
}

static enum ent_code settle(void *arg, struct ent_arena *arena, void *object, struct ent_set *given,
                            struct ent_error *error)
{
	static const ent_str channels[] = {
		{ "phone", 5 }, { "email", 5 }, { "web", 3 }, { "chat", 4 }, { "onsite", 6 }
	};
	(void)arg;
	(void)arena;
	(void)given;
	(void)error;
	struct ent_settings *settings = object;
	settings->organisation = ENT_STR("Brightline Devices");
	settings->time_zone = ENT_STR("Europe/Berlin");
	settings->channels = (struct ent_words){ channels, ENT_COUNT(channels) };
	return ENT_OK;
}

static enum ent_code make_settings(struct ent_demo *demo, struct ent_call *call,
                                   const struct ent_demo_step *step, struct ent_error *error)
{
	(void)demo;
	(void)step;
	struct ent_settings settings;
	return ent_record_update(call, &ent_settings_type, ent_settings_id, 0, settle, NULL,
	                         &settings, error);
}

void ent_demo_plan_people(struct ent_demo *demo)
{
	ent_instant first = ent_demo_at(demo, -ENT_DEMO_PAST_DAYS, 0);
	ent_demo_plan(demo, first, make_settings, 0, 0);
	for (size_t i = 0; i < ENT_COUNT(teams); i++) {
		ent_demo_plan(demo, first, make_team, i, 0);
	}
	for (size_t i = 0; i < ENT_COUNT(users); i++) {
		bool customer = users[i].role == ENT_ROLE_CUSTOMER;
		ent_demo_plan(demo, ent_demo_at(demo, -ENT_DEMO_PAST_DAYS, customer ? 600 : 0),
		              make_user, i, 0);
	}
}
