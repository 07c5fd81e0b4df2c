/* action.h - what can be done to a record besides changing its fields.
 *
 * Each is a use case: it asks for its permission, takes the lock, judges, saves, and
 * leaves the record as it is then (decorated) in *out. `version` 0: whatever is there. */
#ifndef ENT_APP_ACTION_H
#define ENT_APP_ACTION_H

#include "app/record.h"
#include "core/input.h"

typedef enum ent_code ent_act(struct ent_call *call, ent_id id, int64_t version,
                              const void *input, void *out, struct ent_error *error);

#define ENT_ACTION(type, name, input, permission, result, summary) ent_act ent_##type##_##name;
#include "app/action.def"

struct ent_action_row {
	const struct ent_type *type;
	const char *name;
	const struct ent_type *input;
	const char *permission;
	const struct ent_type *result;
	const char *summary;
	ent_act *act;
	bool has_preview; /* it heeds call->preview */
};

const struct ent_action_row *ent_actions(size_t *count);

/* NULL if the type has no such action. */
const struct ent_action_row *ent_action_of(const struct ent_type *type, ent_str name);

#endif
