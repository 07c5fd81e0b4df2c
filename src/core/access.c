#include "core/access.h"

static const struct {
	const char *name;
	size_t len;        /* of the name: looked up in every request */
	const char *roles; /* one letter a role, in the order of enum ent_role */
} table[] = {
#define ENT_MAY(name, roles) { name, sizeof(name) - 1, roles },
#include "core/access.def"
};

_Static_assert(ENT_COUNT(table) <= ENT_PERMISSION_MAX, "too many permissions");

const struct ent_principal ent_principal_system = {
	.who = ENT_WHO_SYSTEM,
	.role = ENT_ROLE_ADMIN,
	.name = { "system", 6 },
	.actor = { "system", 6 },
};

size_t ent_permission_count(void)
{
	return ENT_COUNT(table);
}

const char *ent_permission_name(size_t permission)
{
	assert(permission < ENT_COUNT(table));
	return table[permission].name;
}

size_t ent_permission(const char *name)
{
	ent_str wanted = ent_str_of(name);
	for (size_t i = 0; i < ENT_COUNT(table); i++) {
		if (ent_str_eq(wanted, (ent_str){ table[i].name, table[i].len })) {
			return i;
		}
	}
	assert(false); /* a permission that access.def does not have */
	return ENT_COUNT(table);
}

static void add(struct ent_permissions *set, size_t permission)
{
	set->bits[permission / 64] |= UINT64_C(1) << permission % 64;
}

struct ent_permissions ent_role_permissions(enum ent_role role)
{
	struct ent_permissions set = { { 0 } };
	for (size_t i = 0; i < ENT_COUNT(table); i++) {
		if (ent_role_may(role, i)) {
			add(&set, i);
		}
	}
	return set;
}

const char *ent_role_meaning(enum ent_role role)
{
	static const char *const meanings[] = {
		[ENT_ROLE_VIEWER] = "Anybody who looks: reads",
		[ENT_ROLE_AGENT] = "Support: checks coverage, opens and works cases",
		[ENT_ROLE_SALES_AGENT] = "Sales: keeps customers, opens cases",
		[ENT_ROLE_ORDER_AGENT] = "Order desk: changes what is in force",
		[ENT_ROLE_MANAGER] = "Customer service manager: templates, exceptions, deleting",
		[ENT_ROLE_ADMIN] = "Whoever runs it: users, keys, teams, settings",
		[ENT_ROLE_INTEGRATION] = "Programs: what the scopes of the key name",
		[ENT_ROLE_CUSTOMER] = "A contact who signs in: their own account, opens cases",
	};
	assert(role < ENT_COUNT(meanings));
	return meanings[role];
}

bool ent_role_may(enum ent_role role, size_t permission)
{
	assert(permission < ENT_COUNT(table));
	return table[permission].roles[role] != '-';
}

/* "*" in either half stands for any word. */
static bool names(ent_str scope, ent_str permission)
{
	if (ent_str_is(scope, "*")) {
		return true;
	}
	struct ent_cut want = ent_str_cut(scope, '.');
	struct ent_cut have = ent_str_cut(permission, '.');
	return want.found && (ent_str_is(want.head, "*") || ent_str_eq(want.head, have.head)) &&
	       (ent_str_is(want.tail, "*") || ent_str_eq(want.tail, have.tail));
}

struct ent_permissions ent_scope_permissions(enum ent_role role, struct ent_words scopes)
{
	struct ent_permissions set = { { 0 } };
	for (size_t i = 0; i < ENT_COUNT(table); i++) {
		for (size_t k = 0; k < scopes.count && table[i].roles[role] != '-'; k++) {
			if (names(scopes.items[k], ent_str_of(table[i].name))) {
				add(&set, i);
			}
		}
	}
	return set;
}

bool ent_scope_is_known(ent_str scope)
{
	for (size_t i = 0; i < ENT_COUNT(table); i++) {
		if (names(scope, ent_str_of(table[i].name))) {
			return true;
		}
	}
	return false;
}

bool ent_may(const struct ent_principal *who, size_t permission)
{
	assert(permission < ENT_COUNT(table));
	if (who->who == ENT_WHO_SYSTEM) {
		return true;
	}
	return who->who != ENT_WHO_NOBODY &&
	       (who->permissions.bits[permission / 64] >> permission % 64 & 1) != 0;
}
