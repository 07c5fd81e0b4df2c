/* sla_version.h - service levels as the clocks need them: compiled, and mostly from memory.
 *
 * A version that a case has used is frozen, so its rules are kept for as long as there is
 * room. One that no case has used yet is read and compiled anew for each call.
 */
#ifndef ENT_APP_SLA_VERSION_H
#define ENT_APP_SLA_VERSION_H

#include "app/app.h"
#include "core/sla.h"

/* The rules of a version; *out lives until ent_call_end(). NOT_FOUND, STORAGE; BUSY where the
 * call has no database and it is not in memory. */
ENT_CHECK enum ent_code ent_call_sla_version(struct ent_call *call, ent_id id,
                                             const struct ent_sla_version **out,
                                             struct ent_error *error);

/* A policy and its default version, if that is active. No such policy (or none): both none. */
ENT_CHECK enum ent_code ent_call_sla_policy(struct ent_call *call, ent_id policy,
                                            struct ent_sla_candidate *out, struct ent_error *error);

/* The same of the organisation's default policy; it may have none. */
ENT_CHECK enum ent_code ent_call_sla_default(struct ent_call *call, struct ent_sla_candidate *out,
                                             struct ent_error *error);

/* Is there any policy at all? Where there is none, nothing about clocks needs to be asked. */
ENT_CHECK enum ent_code ent_call_sla_in_use(struct ent_call *call, bool *out,
                                            struct ent_error *error);

/* A case begins to follow this version: freezes it, with an event, where it is not, and takes
 * the organisation's lock for that. Before ent_call_sla_version(), so that nobody changes the
 * rules between. STATE if it is not active, NOT_FOUND. */
ENT_CHECK enum ent_code ent_sla_version_use(struct ent_call *call, ent_id id,
                                            struct ent_error *error);

/* Put the policies into the cache, unless they are there: writes on SQLite may not, and would ask
 * for them each time. From a thread that can wait. */
ENT_CHECK enum ent_code ent_sla_warm(struct ent_app *app, struct ent_error *error);

#endif
