/* sla_inner.h - what the files that read service levels share. For json/sla*.c only. */
#ifndef ENT_JSON_SLA_INNER_H
#define ENT_JSON_SLA_INNER_H

#include "json/inner.h"
#include "json/sla.h"

#define NO_TEXT ((ent_str){ NULL, 0 })

struct ent_sla_reader {
	struct ent_arena *arena;
	struct ent_error *error;
};

struct ent_sla_member;

/* Read one value into *out; `place` is its pointer. Notes what is wrong. */
typedef void ent_sla_read(struct ent_sla_reader *r, const struct ent_sla_member *member,
                          const struct ent_node *node, const char *place, void *out);

/* A member of an object: where it goes, and what its reader must know besides. */
struct ent_sla_member {
	const char *name;
	ent_sla_read *read;
	size_t offset;
	int64_t limit;
	const void *more;
};

/* Read an object by its members into *out. A member that is null counts as left out, one that
 * is not in the table is refused. Returns which were given, as bits by their place there. */
uint64_t ent_sla_object(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                        const struct ent_sla_member *members, size_t count, void *out);

ent_sla_read ent_sla_text; /* .limit characters; not empty; copied */
ent_sla_read ent_sla_word; /* of .more, a struct ent_names, into an enumeration */
ent_sla_read ent_sla_bool;
ent_sla_read ent_sla_number; /* 1 to .limit, into an int32_t */
ent_sla_read ent_sla_duration;
ent_sla_read ent_sla_id;         /* with the prefix .more */
ent_sla_read ent_sla_statuses;   /* words of a case's status, at most .limit */
ent_sla_read ent_sla_texts;      /* any texts, at most .limit; one may stand without brackets */
ent_sla_read ent_sla_expression; /* into a const struct ent_expression * */

const char *ent_sla_below(struct ent_sla_reader *r, const char *place, const char *name);
const char *ent_sla_item(struct ent_sla_reader *r, const char *place, size_t at);

/* Is it an array of at most `most`? Notes if not. */
bool ent_sla_is_array(struct ent_sla_reader *r, const struct ent_node *node, size_t most,
                      const char *place, const char *remedy);

/* May this unit count such a duration? Notes if not; `room` is where the value stands. */
bool ent_sla_fits_unit(struct ent_sla_reader *r, enum ent_target_unit unit, ent_duration duration,
                       const char *place);

/* Actions of a rule that is read otherwise; names are unique and there for all. */
void ent_sla_actions(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                     struct ent_milestone_rule *rule);

/* Milestone rules into *out. */
void ent_sla_rules(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                   struct ent_sla_version *out);

#endif
