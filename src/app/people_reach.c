/* Nobody hands out, or takes over, what they do not have themselves. */
#include "app/inner.h"
#include "app/people.h"
#include "app/record.h"

/* What somebody may do, and with whose records. */
struct reach {
	struct ent_permissions permissions;
	const char *pointer; /* of the field that gives them */
	struct ent_ids accounts;
	bool account_trees;
};

static void check_permissions(const struct ent_call *call, const struct reach *reach,
                              struct ent_error *error)
{
	for (size_t i = 0; i < ent_permission_count(); i++) {
		bool has = (reach->permissions.bits[i / 64] >> i % 64 & 1) != 0;
		if (has && !ent_may(call->who, i)) {
			ent_note(error, ENT_E_FORBIDDEN, reach->pointer,
			         ent_str_of(ent_permission_name(i)),
			         "you cannot give, or change who has, what you do not have");
			return;
		}
	}
}

static enum ent_code check_accounts(struct ent_call *call, const struct reach *reach,
                                    struct ent_error *error)
{
	const struct ent_principal *who = call->who;
	if (who->accounts.count == 0) {
		return ENT_OK;
	}
	bool all = reach->accounts.count == 0 || (reach->account_trees && !who->account_trees);
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < reach->accounts.count && code == ENT_OK && !all; i++) {
		bool sees;
		code = ent_call_sees(call, reach->accounts.items[i], &sees, error);
		all = code == ENT_OK && !sees;
	}
	if (code == ENT_OK && all) {
		ent_note(error, ENT_E_FORBIDDEN, "/accounts", (ent_str){ NULL, 0 },
		         "name accounts that you see yourself");
	}
	return code;
}

/* Once is enough: as it was, then as it is to be. */
static enum ent_code check(struct ent_call *call, const struct reach *was, const struct reach *is,
                           struct ent_error *error)
{
	const struct reach *const both[] = { was, is };
	size_t known = error->issue_count;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < ENT_COUNT(both) && code == ENT_OK; i++) {
		if (both[i] != NULL && error->issue_count == known) {
			check_permissions(call, both[i], error);
			code = check_accounts(call, both[i], error);
		}
	}
	return code;
}

/* A customer's account is that of the contact, whom the check of references has seen. */
static struct reach reach_of_user(const struct ent_call *call, const struct ent_user *user)
{
	bool customer = user->role == ENT_ROLE_CUSTOMER;
	return (struct reach){
		.permissions = ent_role_permissions(user->role),
		.pointer = "/role",
		.accounts = customer ? call->who->accounts : user->accounts,
		.account_trees = !customer && user->account_trees,
	};
}

enum ent_code ent_user_check_reach(struct ent_call *call, const struct ent_user *before,
                                   const struct ent_user *user, struct ent_error *error)
{
	struct reach is = reach_of_user(call, user);
	struct reach was = before == NULL ? is : reach_of_user(call, before);
	return check(call, before == NULL ? NULL : &was, &is, error);
}

static struct reach reach_of_key(const struct ent_api_key *key)
{
	return (struct reach){
		.permissions = ent_scope_permissions(key->role, key->scopes),
		.pointer = "/scopes",
		.accounts = key->accounts,
		.account_trees = key->account_trees,
	};
}

enum ent_code ent_key_check_reach(struct ent_call *call, const struct ent_api_key *before,
                                  const struct ent_api_key *key, struct ent_error *error)
{
	struct reach is = reach_of_key(key);
	struct reach was = before == NULL ? is : reach_of_key(before);
	return check(call, before == NULL ? NULL : &was, &is, error);
}
