#include "app/action.h"

static const struct ent_action_row actions[] = {
#define ENT_ACTION(type_, name_, input_, permission_, result_, summary_) \
	ENT_ROW(type_, name_, input_, permission_, result_, summary_, false)
#define ENT_OPERATION(type_, name_, input_, permission_, result_, summary_) \
	ENT_ROW(type_, name_, input_, permission_, result_, summary_, true)
#define ENT_ROW(type_, name_, input_, permission_, result_, summary_, has_preview_) \
	{ .type = &ent_##type_##_type,                                   \
	  .name = #name_,                                                \
	  .input = &ent_input_##input_##_type,                           \
	  .permission = permission_,                                     \
	  .result = &ent_##result_##_type,                               \
	  .summary = summary_,                                           \
	  .act = ent_##type_##_##name_,                                  \
	  .has_preview = has_preview_ },
#include "app/action.def"
};

const struct ent_action_row *ent_actions(size_t *count)
{
	*count = ENT_COUNT(actions);
	return actions;
}

const struct ent_action_row *ent_action_of(const struct ent_type *type, ent_str name)
{
	for (size_t i = 0; i < ENT_COUNT(actions); i++) {
		if (actions[i].type == type && ent_str_is(name, actions[i].name)) {
			return &actions[i];
		}
	}
	return NULL;
}
