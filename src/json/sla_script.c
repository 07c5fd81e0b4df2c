/* Reads what is to be simulated. */
#include "json/sla_script.h"

#include <string.h>

enum { EVENTS_MAX = 2000, NAME_CHARACTERS = 120 };

/* ---- values ---- */

static struct ent_sim *sim_of(struct ent_sla_reader *r)
{
	return (struct ent_sim *)r; /* the reader is its first member */
}

static void read_node(struct ent_sla_reader *r, const struct ent_sla_member *member,
                      const struct ent_node *node, const char *place, void *out)
{
	(void)member;
	if (node->kind != ENT_JSON_OBJECT) {
		ent_note(r->error, ENT_E_TYPE, place, ent_json_shown(node), "give an object");
		return;
	}
	*(const struct ent_node **)out = node;
}

static void read_time(struct ent_sla_reader *r, const struct ent_sla_member *member,
                      const struct ent_node *node, const char *place, void *out)
{
	(void)member;
	enum ent_when_form form;
	if (node->kind != ENT_JSON_STRING ||
	    !ent_when_parse(node->text, sim_of(r)->zone, out, &form)) {
		ent_note(r->error, ENT_E_FORMAT, place, ent_json_shown(node),
		         "give a time such as 2026-01-31T09:30:00Z or 2026-01-31T09:30:00");
	}
}

static const char *const comment_texts[] = { "none", "customer", "support" };
static const struct ent_names comments = { comment_texts, ENT_COUNT(comment_texts) };

/* ---- records ---- */

void ent_sim_patch(struct ent_sim *sim, enum ent_sla_root root, const struct ent_node *node,
                   const char *place, void *object)
{
	struct ent_set given;
	const struct ent_type *type = ent_sla_scope.roots[root].type;
	const struct ent_field *calendar = ent_type_field(type, ENT_STR("calendar_id"));
	const char *prefix = calendar == NULL ? "cal" : calendar->target->prefix;
	ent_json_read_into(type, ent_sim_with_ids(sim, node, place, prefix), ENT_JSON_ANY, place,
	                   sim->reader.arena, object, &given, sim->reader.error);
}

static void read_objects(struct ent_sim *sim, const struct ent_node *input)
{
	for (size_t i = 0; i < ENT_SLA_ROOTS; i++) {
		const struct ent_expression_root *root = &ent_sla_scope.roots[i];
		const struct ent_node *node = ent_json_member(input, root->name);
		if (node == NULL || node->kind == ENT_JSON_NULL) {
			continue;
		}
		const char *place = ent_sla_below(&sim->reader, "", root->name);
		sim->objects[i] = ent_arena_alloc(sim->reader.arena, 1, root->type->size, 16);
		ent_type_clear(root->type, sim->objects[i]);
		ent_sim_patch(sim, (enum ent_sla_root)i, node, place, sim->objects[i]);
	}
	sim->c = sim->objects[ENT_SLA_CASE];
}

/* The customer has just spoken, unless something else is said. */
static void complete_case(struct ent_sim *sim, const struct ent_node *input)
{
	const struct ent_node *node = ent_json_member(input, "case");
	struct ent_case *c = sim->c;
	if (c == NULL || ent_instant_is_none(c->created_at)) {
		ent_note(sim->reader.error, ENT_E_REQUIRED,
		         c == NULL ? "/case" : "/case/created_at", NO_TEXT,
		         "say when the case was opened: {\"created_at\": …}");
		return;
	}
	if (ent_json_member(node, "awaiting_response") == NULL) {
		c->awaiting_response = true;
	}
	if (c->awaiting_response && ent_instant_is_none(c->last_customer_at)) {
		c->last_customer_at = c->created_at;
	}
}

/* ---- events ---- */

#define NAMED(name_, read_, ...)                             \
	{                                                    \
		.name = #name_, .read = (read_), __VA_ARGS__ \
	}
#define AT(member_) .offset = offsetof(struct ent_sim_event, member_)

static const struct ent_sla_member target_members[] = {
	NAMED(milestone, ent_sla_text, .offset = offsetof(struct ent_sim_move, milestone),
	      .limit = NAME_CHARACTERS),
	NAMED(target_at, read_time, .offset = offsetof(struct ent_sim_move, at)),
};

static const struct ent_sla_member start_members[] = {
	NAMED(milestone, ent_sla_text, .offset = offsetof(struct ent_sim_move, milestone),
	      .limit = NAME_CHARACTERS),
	NAMED(started_at, read_time, .offset = offsetof(struct ent_sim_move, at)),
};

static void read_move(struct ent_sla_reader *r, const struct ent_sla_member *member,
                      const struct ent_node *node, const char *place, void *out)
{
	if (ent_sla_object(r, node, place, member->more, 2, out) != 3) {
		ent_note(r->error, ENT_E_REQUIRED, place, NO_TEXT,
		         "name the milestone and give the time");
	}
}

static const struct ent_sla_member event_members[] = {
	NAMED(at, read_time, AT(at)),
	NAMED(set, read_node, AT(set)),
	NAMED(account, read_node, AT(account)),
	NAMED(entitlement, read_node, AT(entitlement)),
	NAMED(comment, ent_sla_word, AT(comment), .more = &comments),
	NAMED(resolve, ent_sla_bool, AT(resolve)),
	NAMED(cancel, ent_sla_bool, AT(cancel)),
	NAMED(reopen, ent_sla_bool, AT(reopen)),
	NAMED(complete, ent_sla_text, AT(complete), .limit = NAME_CHARACTERS),
	NAMED(completed_at, read_time, AT(completed_at)),
	NAMED(hold, ent_sla_text, AT(hold), .limit = NAME_CHARACTERS),
	NAMED(release, ent_sla_text, AT(release), .limit = NAME_CHARACTERS),
	NAMED(reopen_milestone, ent_sla_text, AT(reopen_milestone), .limit = NAME_CHARACTERS),
	NAMED(cancel_milestone, ent_sla_text, AT(cancel_milestone), .limit = NAME_CHARACTERS),
	NAMED(move_target, read_move, AT(target), .more = target_members),
	NAMED(move_start, read_move, AT(start), .more = start_members),
	NAMED(calendar, read_node, AT(calendar)),
	NAMED(recalculate, ent_sla_bool, AT(recalculate)),
	NAMED(evaluate, ent_sla_bool, AT(evaluate)),
	NAMED(switch, read_node, AT(version)),
	NAMED(fire, ent_sla_bool, AT(fire)),
	NAMED(other_policy, ent_sla_bool, AT(other_policy)),
};

/* Patches are read twice: here, so that all faults are told at once, and when they are made. */
static void check_patches(struct ent_sim *sim, const struct ent_sim_event *event)
{
	const struct {
		const struct ent_node *node;
		enum ent_sla_root root;
		const char *name;
	} patches[] = { { event->set, ENT_SLA_CASE, "set" },
		        { event->account, ENT_SLA_ACCOUNT, "account" },
		        { event->entitlement, ENT_SLA_ENTITLEMENT, "entitlement" } };
	for (size_t i = 0; i < ENT_COUNT(patches); i++) {
		const char *place = ent_sla_below(&sim->reader, event->place, patches[i].name);
		void *object = sim->objects[patches[i].root];
		if (patches[i].node == NULL) {
			continue;
		}
		if (object == NULL) {
			ent_note(sim->reader.error, ENT_E_NO_SUCH_RECORD, place, NO_TEXT,
			         "give the record beside the case first");
			continue;
		}
		size_t size = ent_sla_scope.roots[patches[i].root].type->size;
		void *copy = ent_arena_alloc(sim->reader.arena, 1, size, 16);
		memcpy(copy, object, size);
		ent_sim_patch(sim, patches[i].root, patches[i].node, place, copy);
	}
}

static void check_versions(struct ent_sim *sim, const struct ent_sim_event *event)
{
	struct ent_sla_version ignored;
	if (event->version != NULL) {
		const char *place = ent_sla_below(&sim->reader, event->place, "switch");
		ent_sla_version_read(ent_sim_with_ids(sim, event->version, place, "cal"), place,
		                     sim->reader.arena, &ignored, sim->reader.error);
	}
}

static void read_event(struct ent_sim *sim, const struct ent_node *node, size_t at)
{
	struct ent_sim_event *event = &sim->events[at];
	*event = (struct ent_sim_event){ .at = ENT_INSTANT_NONE, .completed_at = ENT_INSTANT_NONE };
	event->place = ent_sla_item(&sim->reader, "/events", at);
	uint64_t given = ent_sla_object(&sim->reader, node, event->place, event_members,
	                                ENT_COUNT(event_members), event);
	ent_instant before = at == 0 ? ENT_INSTANT_NONE : event[-1].at;
	if ((given & 1) == 0) {
		ent_note(sim->reader.error, ENT_E_REQUIRED,
		         ent_sla_below(&sim->reader, event->place, "at"), NO_TEXT,
		         "say when it happens");
	} else if (!ent_instant_is_none(event->at) &&
	           (event->at.us < before.us ||
	            (sim->c != NULL && event->at.us < sim->c->created_at.us))) {
		ent_note(sim->reader.error, ENT_E_RANGE,
		         ent_sla_below(&sim->reader, event->place, "at"), NO_TEXT,
		         "put events in the order of their times, behind the case's opening");
	}
	check_patches(sim, event);
	check_versions(sim, event);
}

static void read_events(struct ent_sim *sim, const struct ent_node *node)
{
	if (node == NULL || node->kind == ENT_JSON_NULL ||
	    !ent_sla_is_array(&sim->reader, node, EVENTS_MAX, "/events", "give an array")) {
		return;
	}
	sim->events = ENT_NEW(sim->reader.arena, struct ent_sim_event, node->count);
	sim->event_count = node->count;
	size_t at = 0;
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		read_event(sim, n, at++);
	}
}

/* ---- the whole ---- */

struct organisation {
	ent_str time_zone, calendar;
	ent_id calendar_id;
	struct ent_words pause_statuses;
};

static const struct ent_sla_member organisation_members[] = {
	NAMED(time_zone, ent_sla_text, .offset = offsetof(struct organisation, time_zone),
	      .limit = NAME_CHARACTERS),
	NAMED(calendar_id, ent_sla_id, .offset = offsetof(struct organisation, calendar_id),
	      .more = "cal"),
	NAMED(pause_statuses, ent_sla_statuses,
	      .offset = offsetof(struct organisation, pause_statuses), .limit = 50),
};

struct whole {
	const struct ent_node *organisation, *calendars;
	const struct ent_node *version, *policy;
	ent_id policy_id, version_id;
	ent_instant until;
};

static void read_later(struct ent_sla_reader *r, const struct ent_sla_member *member,
                       const struct ent_node *node, const char *place, void *out)
{
	(void)r; /* once the rest is known */
	(void)member;
	(void)node;
	(void)place;
	(void)out;
}

#define WHOLE(member_) .offset = offsetof(struct whole, member_)

static const struct ent_sla_member whole_members[] = {
	NAMED(organisation, read_node, WHOLE(organisation)),
	NAMED(calendars, read_node, WHOLE(calendars)),
	NAMED(version, read_node, WHOLE(version)),
	NAMED(policy, read_node, WHOLE(policy)),
	NAMED(policy_id, ent_sla_id, WHOLE(policy_id), .more = "sla"),
	NAMED(version_id, ent_sla_id, WHOLE(version_id), .more = "slv"),
	NAMED(until, read_later, WHOLE(until)),
	NAMED(case, read_later, .offset = 0),
	NAMED(account, read_later, .offset = 0),
	NAMED(contact, read_later, .offset = 0),
	NAMED(product, read_later, .offset = 0),
	NAMED(asset, read_later, .offset = 0),
	NAMED(entitlement, read_later, .offset = 0),
	NAMED(events, read_later, .offset = 0),
	NAMED(op, read_later, .offset = 0), /* of eval */
	NAMED(id, read_later, .offset = 0),
};

static void read_organisation(struct ent_sim *sim, const struct ent_node *node)
{
	struct organisation organisation = { .time_zone = NO_TEXT };
	if (node == NULL) {
		return;
	}
	ent_sla_object(&sim->reader, ent_sim_with_ids(sim, node, "/organisation", "cal"),
	               "/organisation", organisation_members, ENT_COUNT(organisation_members),
	               &organisation);
	sim->calendar_id = organisation.calendar_id;
	sim->pause_statuses = organisation.pause_statuses;
}

/* Before anything with a wall clock in it is read. */
static void read_zone(struct ent_sim *sim, const struct ent_node *organisation)
{
	const struct ent_node *node = ent_json_member(organisation, "time_zone");
	if (node != NULL && node->kind == ENT_JSON_STRING) {
		(void)ent_sim_find_zone(sim, node->text, "/organisation/time_zone", &sim->zone);
	}
}

static void read_version(struct ent_sim *sim, const struct whole *whole)
{
	const struct ent_node *node = whole->version == NULL ? whole->policy : whole->version;
	const char *place = whole->version == NULL ? "/policy" : "/version";
	bool named = !ent_id_is_none(whole->policy_id) || !ent_id_is_none(whole->version_id);
	struct ent_error *error = sim->reader.error;
	struct ent_error ignored;
	ent_error_clear(&ignored);
	if ((whole->version != NULL) + (whole->policy != NULL) + !ent_id_is_none(whole->policy_id) +
	            !ent_id_is_none(whole->version_id) !=
	    1) {
		ent_note(error, ENT_E_REQUIRED, "/version", NO_TEXT,
		         "give one of version (the rules inline), policy_id, version_id");
	} else if (!named) {
		ent_sla_version_read(ent_sim_with_ids(sim, node, place, "cal"), place,
		                     sim->reader.arena, &sim->version, error);
	} else if (sim->world->find_version == NULL ||
	           sim->world->find_version(sim->world->arg, whole->policy_id, whole->version_id,
	                                    sim->reader.arena, &sim->version, &ignored) != ENT_OK) {
		ent_note(error, ENT_E_NO_SUCH_RECORD,
		         ent_id_is_none(whole->policy_id) ? "/version_id" : "/policy_id", NO_TEXT,
		         "name one that has active rules, or give the rules inline as version");
	}
}

void ent_sim_read(struct ent_sim *sim, const struct ent_node *input)
{
	struct whole whole = { .until = ENT_INSTANT_NONE };
	sim->zone = &ent_zone_utc;
	sim->until = ENT_INSTANT_NONE;
	ent_sla_object(&sim->reader, input, "", whole_members, ENT_COUNT(whole_members), &whole);
	read_zone(sim, whole.organisation);
	const struct ent_node *until = ent_json_member(input, "until");
	if (until != NULL && until->kind != ENT_JSON_NULL) {
		read_time(&sim->reader, NULL, until, "/until", &sim->until);
	}
	ent_sim_read_calendars(sim, whole.calendars);
	read_organisation(sim, whole.organisation);
	read_objects(sim, input);
	complete_case(sim, input);
	read_version(sim, &whole);
	read_events(sim, ent_json_member(input, "events"));
}
