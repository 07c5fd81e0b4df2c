#include "api/route.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static struct ent_route routes[ENT_ROUTE_MAX];
static size_t route_count;

/* Texts of the table, which lives as long as the process. */
static char texts[ENT_ROUTE_MAX * 128];
static size_t texts_used;

static const char *keep(const char *format, const char *a, const char *b, const char *c)
{
	char *text = texts + texts_used;
	size_t room = sizeof(texts) - texts_used;
	int len = snprintf(text, room, format, a, b, c);
	assert(len >= 0 && (size_t)len < room);
	texts_used += (size_t)len + 1;
	return text;
}

static struct ent_route *add(struct ent_route route)
{
	assert(route_count < ENT_ROUTE_MAX);
	routes[route_count] = route;
	return &routes[route_count++];
}

static void add_plain(const struct ent_type *type, enum ent_route_kind kind, const char *method,
                      const char *tail, const char *verb, const char *permission,
                      enum ent_access access, ent_handler *handle, const char *summary)
{
	bool many = kind == ENT_ROUTE_LIST;
	add((struct ent_route){
		.method = method,
		.path = keep("/v1/%s%s%s", type->plural, tail, ""),
		.kind = kind,
		.access = access,
		.type = type,
		.permission = keep("%s.%s%s", type->name, permission, ""),
		.operation = keep("%s_%s%s", verb, many ? type->plural : type->name, ""),
		.summary = keep(summary, many ? type->plural : type->name, "", ""),
		.handle = handle,
	});
}

static void add_entity(const struct ent_entity *entity)
{
	const struct ent_type *type = entity->type;
	add_plain(type, ENT_ROUTE_LIST, "GET", "", "list", "read", ENT_READ, ent_handle_list,
	          "List %s%s%s");
	add_plain(type, ENT_ROUTE_GET, "GET", "/{id}", "get", "read", ENT_READ, ent_handle_get,
	          "Read one %s%s%s");
	if (entity->creatable) {
		add_plain(type, ENT_ROUTE_CREATE, "POST", "", "create", "create", ENT_WRITE,
		          ent_handle_create, "Create a new %s%s%s");
		add_plain(type, ENT_ROUTE_UPSERT, "PUT", "/by-external/{system}/{external_id}",
		          "upsert", "update", ENT_WRITE, ent_handle_upsert,
		          "Create or change the %s%s%s with this external id");
	}
	if (entity->updatable) {
		add_plain(type, ENT_ROUTE_UPDATE, "PATCH", "/{id}", "update", "update", ENT_WRITE,
		          ent_handle_update, "Change fields of one %s%s%s (merge patch)");
	}
	if (entity->deletable) {
		add_plain(type, ENT_ROUTE_DELETE, "DELETE", "/{id}", "delete", "delete", ENT_WRITE,
		          ent_handle_delete, "Delete one %s%s%s");
	}
}

/* What an action would do: the same, but that nothing is written. */
static void add_preview(const struct ent_action_row *action)
{
	add((struct ent_route){
		.method = "POST",
		.path = keep("/v1/%s/{id}/%s/preview%s", action->type->plural, action->name, ""),
		.kind = ENT_ROUTE_ACTION,
		.access = ENT_READ,
		.type = action->type,
		.action = action,
		.permission = action->permission,
		.operation = keep("preview_%s_%s%s", action->name, action->type->name, ""),
		.summary = keep("Say what would change, and write nothing: %s%s%s",
	                        action->summary, "", ""),
		.handle = ent_handle_action,
	});
}

static void add_actions(void)
{
	size_t count;
	const struct ent_action_row *actions = ent_actions(&count);
	for (size_t i = 0; i < count; i++) {
		add((struct ent_route){
			.method = "POST",
			.path = keep("/v1/%s/{id}/%s%s", actions[i].type->plural, actions[i].name,
		                     ""),
			.kind = ENT_ROUTE_ACTION,
			.access = ENT_WRITE,
			.type = actions[i].type,
			.action = &actions[i],
			.permission = actions[i].permission,
			.operation = keep("%s_%s%s", actions[i].name, actions[i].type->name, ""),
			.summary = actions[i].summary,
			.handle = ent_handle_action,
		});
		if (actions[i].has_preview) {
			add_preview(&actions[i]);
		}
	}
}

/* The type of "/v1/<plural>/{id}/…"; NULL of other paths. */
static const struct ent_type *type_of(const char *path)
{
	const char *hole = strstr(path, "/{id}/");
	return hole == NULL ? NULL
	                    : ent_type_plural((ent_str){ path + 4, (size_t)(hole - path) - 4 });
}

static void make(void)
{
#define ENT_ROUTE(method_, path_, access_, flags_, permission_, operation_, summary_) \
	add((struct ent_route){ .method = method_,                                    \
	                        .path = path_,                                        \
	                        .kind = ENT_ROUTE_OTHER,                              \
	                        .access = ENT_##access_,                              \
	                        .flags = (flags_),                                    \
	                        .type = type_of(path_),                               \
	                        .permission = permission_,                            \
	                        .operation = #operation_,                             \
	                        .summary = summary_,                                  \
	                        .handle = ent_handle_##operation_ });
#include "api/route.def"
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		const struct ent_entity *entity = ent_entity_of(types[i]);
		if (entity != NULL && types[i]->plural != NULL) {
			add_entity(entity);
		}
	}
	add_actions();
}

const struct ent_route *ent_routes(size_t *count)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make);
	*count = route_count;
	return routes;
}

const struct ent_report *ent_route_report(const struct ent_route *route)
{
	static const char prefix[] = "/v1/reports/";
	bool is_one = strncmp(route->path, prefix, sizeof(prefix) - 1) == 0;
	return is_one ? ent_report_named(ent_str_of(route->path + sizeof(prefix) - 1)) : NULL;
}

/* ---- finding ---- */

/* Does the path fit the pattern? Takes what stands for {…}. */
static bool fits(const char *pattern, ent_str path, struct ent_route_match *match)
{
	ent_str *holes[] = { &match->id, &match->external_id };
	const char *p = pattern;
	size_t i = 0;
	while (*p != '\0') {
		if (*p != '{') {
			if (i == path.len || path.ptr[i] != *p) {
				return false;
			}
			p++;
			i++;
			continue;
		}
		bool system = strncmp(p, "{system}", 8) == 0;
		size_t start = i;
		while (i < path.len && path.ptr[i] != '/') {
			i++;
		}
		if (i == start) {
			return false;
		}
		ent_str *to = system ? &match->system : holes[strncmp(p, "{external_id}", 13) == 0];
		*to = (ent_str){ path.ptr + start, i - start };
		p = strchr(p, '}') + 1;
	}
	return i == path.len;
}

/* In the order in which Allow tells them. */
static const char *const methods[] = { "GET",  "HEAD",  "POST",   "PUT",
	                               "PATCH", "DELETE", "OPTIONS" };

static unsigned bit_of(const char *method)
{
	unsigned i = 0;
	while (strcmp(methods[i], method) != 0) {
		i++;
		assert(i < ENT_COUNT(methods));
	}
	return 1U << i;
}

/* The methods as Allow has them: HEAD works wherever GET does, OPTIONS everywhere. */
static const char *write_allow(unsigned bits)
{
	static _Thread_local char text[64];
	size_t len = 0;
	bits |= (bits & bit_of("GET")) != 0 ? bit_of("HEAD") : 0;
	bits |= bit_of("OPTIONS");
	for (size_t i = 0; i < ENT_COUNT(methods); i++) {
		if ((bits & 1U << i) != 0) {
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
			                        len > 0 ? ", " : "", methods[i]);
			assert(len < sizeof(text));
		}
	}
	return text;
}

struct ent_route_match ent_route_find(ent_str method, ent_str path)
{
	size_t count;
	const struct ent_route *all = ent_routes(&count);
	ent_str wanted = ent_str_is(method, "HEAD") ? ENT_STR("GET") : method;
	bool of_all = ent_str_is(method, "OPTIONS") && ent_str_is(path, "*"); /* RFC 9110 7.1 */
	struct ent_route_match match = { .route = NULL };
	unsigned bits = 0;
	for (size_t i = 0; i < count; i++) {
		struct ent_route_match found = { .route = &all[i] };
		if (!of_all && !fits(all[i].path, path, &found)) {
			continue;
		}
		if (ent_str_is(wanted, all[i].method)) {
			return found;
		}
		match.known = true;
		bits |= bit_of(all[i].method);
	}
	match.allow = match.known ? write_allow(bits) : "";
	return match;
}
