/* clocks.h - what tests of the clocks of cases share, on top of world.h. */
#ifndef ENT_TESTS_APP_CLOCKS_H
#define ENT_TESTS_APP_CLOCKS_H

#include "app/world.h"

/* A policy whose version 1 has these rules (JSON) and is what cases get. */
ent_id clock_policy(const char *name, const char *rules);
/* The same with further members of the version, e.g. "\"pause_statuses\":[\"on_hold\"],". */
ent_id clock_policy_of(const char *name, const char *rules, const char *more);
/* A further version of it, active but not its default. */
ent_id clock_version(ent_id policy, const char *rules);

ent_id clock_case(ent_id account, ent_id entitlement, ent_id policy);
ent_id clock_entitlement(ent_id account, ent_id policy); /* active, dates only */
void clock_comment(ent_id c, const char *json);          /* "$1" is the case */

/* The newest milestone of a case with this name; CHECKs that there is one. */
struct ent_milestone clock_milestone(ent_id c, const char *name);
ent_id clock_id(ent_id c, const char *name);
const char *clock_state(ent_id c, const char *name);
const char *clock_target(ent_id c, const char *name); /* "" while there is none */
const char *clock_status(ent_id c);
int64_t clock_count(ent_id c);

/* Let the scheduler handle everything until then, each at its instant. */
void clock_run(const char *until);

#endif
