/* sla_script.h - a simulation as it was read. For json/sla_*.c only. */
#ifndef ENT_JSON_SLA_SCRIPT_H
#define ENT_JSON_SLA_SCRIPT_H

#include "json/sla_inner.h"
#include "json/sla_simulate.h"

/* A calendar that the input brings along. Its identifier is its place, from 1. */
struct ent_sim_calendar {
	ent_str name;
	const struct ent_sla_clock *revisions; /* 1, 2 ... */
	size_t count;
};

/* What is asked to be done with a milestone of that name. */
struct ent_sim_move {
	ent_str milestone;
	ent_instant at;
};

struct ent_sim_event {
	const char *place;
	ent_instant at;
	const struct ent_node *set, *account, *entitlement; /* patches */
	const struct ent_node *calendar;                    /* new hours by name */
	const struct ent_node *version;                     /* to switch to */
	unsigned comment;                                   /* 0: none, or enum ent_sim_comment */
	bool resolve, cancel, reopen, recalculate, evaluate, fire, other_policy;
	ent_str complete, hold, release, reopen_milestone, cancel_milestone;
	ent_instant completed_at;
	struct ent_sim_move target, start;
};

enum ent_sim_comment { ENT_SIM_CUSTOMER = 1, ENT_SIM_SUPPORT };

struct ent_sim {
	struct ent_sla_reader reader; /* first: readers of members find the rest by it */
	const struct ent_sla_world *world;
	const struct ent_zone *zone; /* of the organisation */
	struct ent_words pause_statuses;
	ent_id calendar_id;
	struct ent_sim_calendar *calendars;
	size_t calendar_count;
	void *objects[ENT_SLA_ROOTS];
	struct ent_case *c;
	struct ent_sla_version version;
	struct ent_sim_event *events;
	size_t event_count;
	ent_instant until; /* none: until nothing is due any more */
	/* while it runs */
	struct ent_sla_run run;
	ent_instant now;
	int64_t last_id;
	size_t steps;
	struct ent_sla_step *const *unseen; /* where the next new step will be */
};

/* Read all of it; notes what is wrong. */
void ent_sim_read(struct ent_sim *sim, const struct ent_node *input);

/* No name and "floating" are UTC. Notes an unknown one. */
bool ent_sim_find_zone(struct ent_sim *sim, ent_str name, const char *place,
                       const struct ent_zone **out);
void ent_sim_read_calendars(struct ent_sim *sim, const struct ent_node *node);

/* "calendar": "name" becomes "calendar_id": its identifier with that prefix, in the
 * object and its rules. */
const struct ent_node *ent_sim_with_ids(struct ent_sim *sim, const struct ent_node *object,
                                        const char *place, const char *prefix);

/* Apply a patch to one of the objects. */
void ent_sim_patch(struct ent_sim *sim, enum ent_sla_root root, const struct ent_node *node,
                   const char *place, void *object);

/* New hours for calendars that exist. */
void ent_sim_new_hours(struct ent_sim *sim, const struct ent_node *node, const char *place);

enum ent_code ent_sim_find_clock(void *arg, ent_id calendar, int64_t revision,
                                 struct ent_sla_clock *out, struct ent_error *error);

/* The case's calendar, or the next thing's that names one. */
ent_id ent_sim_calendar_of_case(const struct ent_sim *sim);

ent_str ent_sim_write(struct ent_sim *sim);

#endif
