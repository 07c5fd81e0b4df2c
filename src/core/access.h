/* access.h - who may do what: one table, one pure function.
 *
 * A permission is a word like "case.create". A role has some of them; a key has
 * those of its role that its scopes name. Rows are narrowed by account besides:
 * what lies outside does not exist (404).
 */
#ifndef ENT_CORE_ACCESS_H
#define ENT_CORE_ACCESS_H

#include "core/type.h"

enum { ENT_PERMISSION_MAX = 192 };

/* A set of permissions, by their number in access.def. */
struct ent_permissions {
	uint64_t bits[ENT_PERMISSION_MAX / 64];
};

enum ent_who {
	ENT_WHO_NOBODY,
	ENT_WHO_USER,
	ENT_WHO_KEY,
	ENT_WHO_SYSTEM /* the command line and the scheduler */
};

/* Somebody who asks for something. */
struct ent_principal {
	enum ent_who who;
	enum ent_role role;
	ent_id id;         /* of the user or key */
	ent_str name;      /* for people */
	ent_str actor;     /* for events and postings: "usr_…", "key_…", "system" */
	ent_id contact_id; /* role customer: who they are */
	struct ent_permissions permissions;
	struct ent_ids accounts; /* sees only these; empty: all */
	bool account_trees;      /* and the accounts below them */
};

extern const struct ent_principal ent_principal_system;

size_t ent_permission_count(void);
const char *ent_permission_name(size_t permission);
/* Its number; asserts that the table has it: for permissions named in the code. */
size_t ent_permission(const char *name);

struct ent_permissions ent_role_permissions(enum ent_role role);
/* Whom the role is for, for people. */
const char *ent_role_meaning(enum ent_role role);
bool ent_role_may(enum ent_role role, size_t permission);

/* Those of `role` that a scope names: "*", "case.*", "*.read", "case.create". */
struct ent_permissions ent_scope_permissions(enum ent_role role, struct ent_words scopes);

/* Does this scope name any permission at all? For checking input. */
bool ent_scope_is_known(ent_str scope);

bool ent_may(const struct ent_principal *who, size_t permission);

#endif
