#include "api/api.h"
#include "api/openapi.h"

#include <string.h>

/* ---- operations ------------------------------------------------------------------------ */

/* What paths that are none of an entity belong to: the word behind /v1/. */
static const struct {
	const char *tag;
	const char *path;
	const char *description;
} tags[] = {
	{ "coverage", "/v1/coverage/", "Is this customer covered, and why" },
	{ "settings", "/v1/settings", "How this organisation works" },
	{ "session", "/v1/session", "Signing in and out" },
	{ "system", "/", "Health, metrics, descriptions" },
};

static const char *tag_of(const struct ent_route *route)
{
	if (route->type != NULL) {
		return route->type->plural;
	}
	size_t i = 0;
	while (strncmp(route->path, tags[i].path, strlen(tags[i].path)) != 0) {
		i++;
	}
	return tags[i].tag;
}

static void add_tags(struct ent_doc *doc)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	ent_doc_add(doc, "'tags':[");
	for (size_t i = 0; i < ENT_COUNT(tags); i++) {
		ent_doc_add(doc, "{'name':'%s','description':'%s'}", tags[i].tag,
		            tags[i].description);
	}
	for (size_t i = 0; i < count; i++) {
		if (types[i]->plural != NULL && ent_entity_of(types[i]) != NULL) {
			ent_doc_add(doc, "{'name':'%s'", types[i]->plural);
			ent_doc_text(doc, "description", types[i]->meaning);
			ent_doc_add(doc, "}");
		}
	}
	ent_doc_add(doc, "]");
}

/* A cookie comes with a token on methods that change something. */
static void add_security(struct ent_doc *doc, const struct ent_route *route)
{
	if (route->flags & ENT_ROUTE_PUBLIC) {
		ent_doc_add(doc, "'security':[]");
	} else if (strcmp(route->method, "GET") != 0) {
		ent_doc_add(doc, "'security':[{'bearer':[]},{'cookie':[],'csrf':[]}]");
	}
}

static void add_operation(struct ent_doc *doc, const struct ent_route *route)
{
	char method[8] = "";
	for (size_t i = 0; route->method[i] != '\0'; i++) {
		method[i] = (char)(route->method[i] | 0x20);
	}
	ent_doc_add(doc, "'%s':{'operationId':'%s','tags':['%s']", method, route->operation,
	            tag_of(route));
	ent_doc_text(doc, "summary", route->summary);
	if (route->permission != NULL) {
		ent_doc_add(doc, "'description':'Needs the permission %s.'", route->permission);
		ent_doc_add(doc, "'x-permission':'%s'", route->permission);
	}
	add_security(doc, route);
	ent_openapi_parameters(doc, route);
	ent_openapi_body(doc, route);
	ent_openapi_responses(doc, route);
	ent_doc_add(doc, "}");
}

/* One entry for all methods of a path. */
static void add_paths(struct ent_doc *doc)
{
	size_t count;
	const struct ent_route *routes = ent_routes(&count);
	ent_doc_add(doc, "'paths':{");
	for (size_t i = 0; i < count; i++) {
		size_t first = 0;
		while (strcmp(routes[first].path, routes[i].path) != 0) {
			first++;
		}
		if (first < i) {
			continue;
		}
		ent_doc_add(doc, "'%s':{", routes[i].path);
		ent_openapi_path_parameters(doc, &routes[i]);
		for (size_t k = i; k < count; k++) {
			if (strcmp(routes[k].path, routes[i].path) == 0) {
				add_operation(doc, &routes[k]);
			}
		}
		ent_doc_add(doc, "}");
	}
	ent_doc_add(doc, "}");
}

/* ---- the document -------------------------------------------------------------------------- */

static const char introduction[] =
	"Contracts, entitlements and the cases that they cover.\n\n"
	"**Who.** Send `Authorization: Bearer ek_…` with a key, or sign in at `/v1/session`, which "
	"sets a cookie; with the cookie, requests that change something need `X-CSRF-Token` "
	"too.\n\n**Errors** are `application/problem+json` (RFC 9457) with a stable `code`, and a "
	"JSON pointer for every bad value.\n\n"
	"**Lists** come in pages: send `next_cursor` as `cursor` for the next one. Filter by "
	"`field=value` or `field[op]=value` (`ne gt gte lt lte in not_in contains starts_with "
	"null`, as fits the field), at most 20 filters. `expand` puts records beside their "
	"identifiers, `fields` shows only some fields.\n\n"
	"**Changes** are merge patches (RFC 7396). What was read can be sent back: fields that "
	"only the server sets are ignored while they are unchanged. `If-Match` with the `ETag` of "
	"what was read refuses to overwrite the change of someone else.\n\n"
	"**Repeating** a request with the same `Idempotency-Key` gives the first reply again and "
	"does nothing twice.\n\n**Values.** Instants are RFC 3339 and come in UTC; days are "
	"`YYYY-MM-DD` and last days "
	"are inclusive; decimal numbers are texts, so that they stay exact. `HEAD` works wherever "
	"`GET` does; `OPTIONS` answers 204 with `Allow`.";

static void add_info(struct ent_doc *doc)
{
	ent_doc_add(doc, "'openapi':'3.1.0','info':{'title':'entitled','version':'%s'",
	            ENT_VERSION);
	ent_doc_text(doc, "description", introduction);
	ent_doc_add(doc, "'license':{'name':'Apache License 2.0','identifier':'Apache-2.0'}},"
	                 "'servers':[{'url':'/'}],'security':[{'bearer':[]},{'cookie':[]}]");
}

ent_str ent_openapi_write(struct ent_arena *arena)
{
	size_t count;
	ent_routes(&count);
	struct ent_doc doc = ent_doc_begin(arena, false);
	ent_doc_add(&doc, "{");
	add_info(&doc);
	add_tags(&doc);
	add_paths(&doc);
	ent_doc_add(&doc, "'components':{'schemas':{");
	ent_openapi_schemas(&doc);
	ent_openapi_filters(&doc);
	ent_openapi_other_schemas(&doc);
	ent_doc_add(&doc, "}");
	ent_openapi_shared(&doc);
	ent_doc_add(&doc, "}}");
	return ent_doc_end(&doc);
}
