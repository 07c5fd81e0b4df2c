/* route.h - every path that the program answers, in one table.
 *
 * Made at start from the entities (record.h), the actions (action.def) and the few
 * others (route.def). Dispatch, OpenAPI and metrics read it.
 */
#ifndef ENT_API_ROUTE_H
#define ENT_API_ROUTE_H

#include "app/action.h"
#include "app/report.h"

struct ent_request;

/* Fills in request->reply, or fails. */
typedef enum ent_code ent_handler(struct ent_request *request, struct ent_call *call,
                                  struct ent_error *error);

enum ent_route_kind {
	ENT_ROUTE_LIST,
	ENT_ROUTE_CREATE,
	ENT_ROUTE_GET,
	ENT_ROUTE_UPDATE,
	ENT_ROUTE_DELETE,
	ENT_ROUTE_UPSERT,
	ENT_ROUTE_ACTION,
	ENT_ROUTE_OTHER
};

enum ent_route_flag {
	ENT_ROUTE_PUBLIC = 1, /* nobody may ask, too */
	ENT_ROUTE_INLINE = 2, /* quick: tried on the loop's own thread first */
	ENT_ROUTE_TWICE = 4,  /* its handler runs reading first, then writing: see enum ent_phase */
	ENT_ROUTE_CALENDAR = 8, /* the body may be text/calendar, which is {"ics": …} */
	ENT_ROUTE_TABLE = 16    /* the body may be text/csv, which is {"text": …} */
};

struct ent_route {
	const char *method;
	const char *path; /* "/v1/cases/{id}" */
	enum ent_route_kind kind;
	enum ent_access access;
	unsigned flags;
	const struct ent_type *type;         /* of the record; NULL where there is none */
	const struct ent_action_row *action; /* ACTION */
	const char *permission;              /* NULL: none */
	const char *operation;               /* operationId: "list_cases" */
	const char *summary;
	ent_handler *handle;
};

enum { ENT_ROUTE_MAX = 320 };

/* A body that may come as a text instead of JSON, and the member that it is then; NULL: none. */
struct ent_text_body {
	unsigned flag;
	const char *media;
	const char *member;
};
const struct ent_text_body *ent_text_body_of(const struct ent_route *route);

/* All of them, made once; any thread may read. */
const struct ent_route *ent_routes(size_t *count);

/* What a path holds besides its route. */
struct ent_route_match {
	const struct ent_route *route; /* NULL: see `known` */
	bool known;                    /* the path exists, with other methods: 405 */
	const char *allow;             /* those, for Allow; until the next ent_route_find() */
	ent_str id;
	ent_str system, external_id; /* still percent-encoded */
};

/* The report that a route asks for; NULL: none. */
const struct ent_report *ent_route_report(const struct ent_route *route);

struct ent_route_match ent_route_find(ent_str method, ent_str path);

#define ENT_ROUTE(method, path, access, flags, permission, operation, summary) \
	ent_handler ent_handle_##operation;
#include "api/route.def"

ent_handler ent_handle_list, ent_handle_create, ent_handle_get, ent_handle_update;
ent_handler ent_handle_delete, ent_handle_upsert, ent_handle_action;

#endif
