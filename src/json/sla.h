/* sla.h - SLA policies as JSON, the way people edit them (docs/sla.md). */
#ifndef ENT_JSON_SLA_H
#define ENT_JSON_SLA_H

#include "core/sla.h"
#include "json/json.h"

/* Read the rules of a version: an array of milestone rules. What is wrong is noted under
 * `prefix` ("/rules"), with the place in expressions and templates. Everything, texts too, is
 * copied into `arena`. Ids are only parsed: the caller checks that there are such records. */
void ent_sla_rules_read(const struct ent_node *node, const char *prefix, struct ent_arena *arena,
                        struct ent_sla_version *out, struct ent_error *error);

/* A whole version inline: {"calendar_id", "pause_statuses", "pause_criteria", "exit_criteria",
 * "rules"}, for simulations. */
void ent_sla_version_read(const struct ent_node *node, const char *prefix,
                          struct ent_arena *arena, struct ent_sla_version *out,
                          struct ent_error *error);

/* The columns of a version that is to be saved; *out is what they mean. Returns
 * ent_noted(error), or SYNTAX. */
ENT_CHECK enum ent_code ent_sla_version_check(const struct ent_sla_policy_version *row,
                                              struct ent_arena *arena,
                                              struct ent_sla_version *out,
                                              struct ent_error *error);

/* From the columns of a stored version, whose rules were checked when it was saved. STORAGE. */
ENT_CHECK enum ent_code ent_sla_version_load(const struct ent_sla_policy_version *row,
                                             struct ent_arena *arena, struct ent_sla_version *out,
                                             struct ent_error *error);

/* A sum as JSON, for events and time lines: {"start", "allowed", "unit", "paused_seconds",
 * "calendar_id", "calendar", "revision", "target_at" or "remaining_seconds", "text"}, where
 * text says it for people. */
void ent_sla_sum_write(const struct ent_sla_sum *sum, struct ent_text *out);

#endif
