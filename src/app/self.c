/* What people change of themselves, without the permission to change users. */
#include "app/self.h"

#include "app/entity.h"
#include "app/people.h"
#include "app/reference.h"

static enum ent_code check(struct ent_call *call, const struct ent_user *before,
                           struct ent_user *user, const struct ent_set *given,
                           struct ent_error *error)
{
	if (user->name.len == 0) {
		ent_note(error, ENT_E_REQUIRED, "/name", user->name, "give a name");
	}
	enum ent_code code = ent_reference_check(call, &ent_user_type, before, user, error);
	if (code == ENT_OK) {
		code = ent_user_judge(call, before, user, given, error);
	}
	return code == ENT_OK ? ent_noted(error) : code;
}

/* Take over what was given: the input's fields are named as the user's. */
static void take(const struct ent_input_self *input, const struct ent_set *given,
                 struct ent_user *user)
{
	const struct ent_type *type = &ent_input_self_type;
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *from = &type->fields[i];
		const struct ent_field *to = ent_type_field(&ent_user_type, ent_str_of(from->name));
		if (!ent_set_has(given, i) || to == NULL) {
			continue;
		}
		if (from->kind == ENT_K_TEXT) {
			*(ent_str *)ent_field_at(to, user) = *(ent_str *)ent_field_at(from, input);
		} else {
			assert(from->kind == ENT_K_ENUM);
			*(unsigned *)ent_field_at(to, user) =
				*(unsigned *)ent_field_at(from, input);
		}
	}
}

enum ent_code ent_self_update(struct ent_call *call, int64_t version,
                              const struct ent_input_self *input, const struct ent_set *given,
                              struct ent_user *out, struct ent_error *error)
{
	struct ent_set none = { { 0 } };
	enum ent_code code =
		ent_record_hold(call, &ent_user_type, call->who->id, version, out, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_user *before = ent_record_copy(call->arena, &ent_user_type, out);
	take(input, given, out);
	code = check(call, before, out, &none, error);
	return code == ENT_OK ? ent_user_update(call, before, out, error) : code;
}
