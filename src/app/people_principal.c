/* What somebody may do, from their user or key. */
#include "app/people.h"

static ent_str actor_of(ent_id id, const char *prefix, struct ent_arena *arena)
{
	char text[ENT_ID_ROOM];
	size_t len = ent_id_format(id, prefix, text);
	return ent_text_copy(arena, (ent_str){ text, len });
}

static enum ent_code unknown(struct ent_error *error)
{
	return ent_fail(error, ENT_E_UNAUTHENTICATED, "the key or session is not valid");
}

bool ent_key_is_valid(const struct ent_api_key *key, ent_instant now)
{
	bool expired = !ent_instant_is_none(key->expires_at) && key->expires_at.us <= now.us;
	return ent_instant_is_none(key->revoked_at) && !expired;
}

struct ent_principal ent_principal_of_key(const struct ent_api_key *key, struct ent_arena *arena)
{
	return (struct ent_principal){
		.who = ENT_WHO_KEY,
		.role = key->role,
		.id = key->id,
		.name = key->name,
		.actor = actor_of(key->id, "key", arena),
		.permissions = ent_scope_permissions(key->role, key->scopes),
		.accounts = key->accounts,
		.account_trees = key->account_trees,
	};
}

/* A customer sees the account of their contact and nothing else. */
static enum ent_code bind_customer(struct ent_call *call, const struct ent_user *user,
                                   struct ent_principal *out, struct ent_error *error)
{
	struct ent_contact contact;
	if (ent_id_is_none(user->contact_id)) {
		return unknown(error);
	}
	enum ent_code code = ent_row_get(call->db, &ent_contact_type, ENT_ID_NONE, user->contact_id,
	                                 call->arena, &contact, error);
	if (code != ENT_OK) {
		return code == ENT_E_NOT_FOUND ? unknown(error) : code;
	}
	ent_id *account = ENT_NEW(call->arena, ent_id, 1);
	*account = contact.account_id;
	out->accounts = (struct ent_ids){ account, 1 };
	return ENT_OK;
}

enum ent_code ent_principal_of_user(struct ent_call *call, const struct ent_user *user,
                                    struct ent_principal *out, struct ent_error *error)
{
	*out = (struct ent_principal){
		.who = ENT_WHO_USER,
		.role = user->role,
		.id = user->id,
		.name = user->name,
		.actor = actor_of(user->id, "usr", call->arena),
		.contact_id = user->contact_id,
		.permissions = ent_role_permissions(user->role),
		.accounts = user->accounts,
		.account_trees = user->account_trees,
	};
	return user->role == ENT_ROLE_CUSTOMER ? bind_customer(call, user, out, error) : ENT_OK;
}

enum ent_code ent_people_again(struct ent_call *call, ent_id user_id, ent_id key_id,
                               struct ent_principal *out, struct ent_error *error)
{
	struct ent_api_key key;
	struct ent_user user;
	bool is_user = !ent_id_is_none(user_id);
	enum ent_code code = is_user ? ent_row_get(call->db, &ent_user_type, ENT_ID_NONE, user_id,
	                                           call->arena, &user, error)
	                             : ent_row_get(call->db, &ent_api_key_type, ENT_ID_NONE, key_id,
	                                           call->arena, &key, error);
	bool is_valid =
		code == ENT_OK && (is_user ? !user.disabled : ent_key_is_valid(&key, call->now));
	if (code == ENT_E_NOT_FOUND || (code == ENT_OK && !is_valid)) {
		return ent_fail(error, ENT_E_UNAUTHENTICATED,
		                "who asked for it may not come in any more");
	}
	if (code != ENT_OK || is_user) {
		return code == ENT_OK ? ent_principal_of_user(call, &user, out, error) : code;
	}
	*out = ent_principal_of_key(&key, call->arena);
	return ENT_OK;
}
