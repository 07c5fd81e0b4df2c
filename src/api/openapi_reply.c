/* What operations take and give. */
#include "api/openapi.h"

#include <stdio.h>
#include <string.h>

static const struct ent_openapi_other others[] = {
	{ "check_coverage", "CoverageQuestion", 200, "Coverage", false, false },
	{ "check_coverage_batch", "CoverageBatch", 200, "CoverageBatchResult", false, false },
	{ "get_settings", NULL, 200, "Settings", true, false },
	{ "update_settings", "SettingsPatch", 200, "Settings", true, false },
	{ "calculate_calendar", "CalendarQuestion", 200, "CalendarAnswer", false, false },
	{ "import_holiday_set", "HolidayImport", 200, "HolidayReport", true, false },
	{ "run_import", "ImportTable", 200, "ImportReport", false, false },
	{ "list_import_rows", NULL, 200, "ImportRows", false, false },
	{ "get_holiday_set_ics", NULL, 200, "Ics", false, false },
	{ "get_calendar_ics", NULL, 200, "Ics", false, false },
	{ "simulate_sla", "SlaScript", 200, "SlaTimeLine", false, false },
	{ "check_expression", "ExpressionText", 200, "ExpressionCheck", false, false },
	{ "get_case_timeline", NULL, 200, "CaseTimeLine", false, false },
	{ "update_self", "SelfInput", 200, "User", true, true },
	{ "sign_in", "SignIn", 201, "NewSession", false, true },
	{ "get_session", NULL, 200, "Session", false, false },
	{ "sign_out", NULL, 204, NULL, false, true },
	{ "get_meta", NULL, 200, "Meta", false, false },
	{ "move_clock", "ClockMove", 200, "Clock", false, false },
	{ "stream_events", NULL, 200, "Stream", false, false },
	{ "get_health", NULL, 200, "Health", false, false },
	{ "get_ready", NULL, 200, "Readiness", false, false },
	{ "get_metrics", NULL, 200, "Metrics", false, false },
	{ "get_openapi", NULL, 200, "OpenApi", false, false },
	{ "get_contract_price", NULL, 200, "ContractPrice", false, false },
#define ENT_REPORT(name, takes, summary) { "report_" #name, NULL, 200, "Report", false, false },
#include "app/report.def"
};

const struct ent_openapi_other *ent_openapi_other(const struct ent_route *route)
{
	for (size_t i = 0; i < ENT_COUNT(others); i++) {
		if (strcmp(others[i].operation, route->operation) == 0) {
			return &others[i];
		}
	}
	assert(route->kind != ENT_ROUTE_OTHER); /* it needs a row above */
	return NULL;
}

bool ent_openapi_takes_body(const struct ent_route *route)
{
	switch (route->kind) {
	case ENT_ROUTE_CREATE:
	case ENT_ROUTE_UPDATE:
	case ENT_ROUTE_UPSERT:
	case ENT_ROUTE_ACTION:
		return true;
	case ENT_ROUTE_LIST:
	case ENT_ROUTE_GET:
	case ENT_ROUTE_DELETE:
		return false;
	case ENT_ROUTE_OTHER:
		break;
	}
	return ent_openapi_other(route)->body != NULL;
}

bool ent_openapi_takes_version(const struct ent_route *route)
{
	if (route->kind == ENT_ROUTE_OTHER) {
		return route->access == ENT_WRITE && ent_openapi_other(route)->versioned;
	}
	return route->kind != ENT_ROUTE_CREATE && route->access == ENT_WRITE &&
	       ent_type_is_record(route->type);
}

bool ent_openapi_gives_version(const struct ent_route *route)
{
	if (route->kind == ENT_ROUTE_OTHER) {
		return ent_openapi_other(route)->versioned;
	}
	bool acts = route->kind == ENT_ROUTE_ACTION;
	return route->kind != ENT_ROUTE_LIST && route->kind != ENT_ROUTE_DELETE &&
	       ent_type_is_record(acts ? route->action->result : route->type);
}

/* ---- bodies ------------------------------------------------------------------------------ */

static bool is_optional(const struct ent_route *route)
{
	if (route->kind != ENT_ROUTE_ACTION) {
		return false;
	}
	const struct ent_type *input = route->action->input;
	for (size_t i = 0; i < input->count; i++) {
		enum ent_rule rule = input->fields[i].rule;
		if (rule == ENT_R_REQUIRED || rule == ENT_R_FIXED) {
			return false;
		}
	}
	return true;
}

static void add_ref(struct ent_doc *doc, const char *name, const char *tail)
{
	ent_doc_add(doc, "{'$ref':'#/components/schemas/%s%s'}", name, tail);
}

static void add_body_schema(struct ent_doc *doc, const struct ent_route *route)
{
	if (route->kind == ENT_ROUTE_OTHER) {
		add_ref(doc, ent_openapi_other(route)->body, "");
		return;
	}
	if (route->kind == ENT_ROUTE_ACTION) {
		add_ref(doc, ent_pascal(route->action->input).text, "");
		return;
	}
	struct ent_pascal name = ent_pascal(route->type);
	if (route->kind == ENT_ROUTE_UPSERT) {
		ent_doc_add(doc, "{'anyOf':[");
		add_ref(doc, name.text, "Create");
		add_ref(doc, name.text, "Patch");
		ent_doc_add(doc, "]}");
		return;
	}
	add_ref(doc, name.text, route->kind == ENT_ROUTE_CREATE ? "Create" : "Patch");
}

static void add_media(struct ent_doc *doc, const struct ent_route *route, const char *media)
{
	const char *example = ent_openapi_example(route->operation, false);
	ent_doc_add(doc, "'%s':{'schema':", media);
	add_body_schema(doc, route);
	if (example != NULL) {
		ent_doc_add(doc, "'example':");
		ent_doc_json(doc, example);
	}
	ent_doc_add(doc, "}");
}

void ent_openapi_body(struct ent_doc *doc, const struct ent_route *route)
{
	if (!ent_openapi_takes_body(route)) {
		return;
	}
	ent_doc_add(doc, "'requestBody':{'required':%s", is_optional(route) ? "false" : "true");
	if (route->kind == ENT_ROUTE_UPSERT) {
		ent_doc_add(doc, "'description':'What a new record needs, or a merge patch where "
		                 "there is one; the path says external_system and external_id'");
	}
	ent_doc_add(doc, "'content':{");
	if (strcmp(route->method, "PATCH") == 0) {
		add_media(doc, route, "application/merge-patch+json");
	}
	add_media(doc, route, "application/json");
	const struct ent_text_body *text = ent_text_body_of(route);
	if (text != NULL) {
		ent_doc_add(doc, "'%s':{'schema':{'type':'string',"
		                 "'description':'The file as it is; all else as left out, or as "
		                 "the parameters say'}}",
		            text->media);
	}
	ent_doc_add(doc, "}}");
}

/* ---- success ------------------------------------------------------------------------------- */

static void add_header(struct ent_doc *doc, const char *name, const char *component)
{
	ent_doc_add(doc, "'%s':{'$ref':'#/components/headers/%s'}", name, component);
}

static void add_headers(struct ent_doc *doc, const struct ent_route *route, int status)
{
	bool record = route->kind != ENT_ROUTE_OTHER;
	ent_doc_add(doc, "'headers':{");
	add_header(doc, "X-Request-Id", "RequestId");
	if (ent_openapi_gives_version(route)) {
		add_header(doc, "ETag", "ETag");
	}
	if ((status == 201 && record) || status == 202) {
		add_header(doc, "Location", "Location");
	}
	if (!record && ent_openapi_other(route)->cookie) {
		add_header(doc, "Set-Cookie", "SetCookie");
	}
	if (route->access == ENT_WRITE && !(route->flags & ENT_ROUTE_PUBLIC)) {
		add_header(doc, "Idempotent-Replayed", "IdempotentReplayed");
	}
	add_header(doc, "RateLimit", "RateLimit");
	add_header(doc, "RateLimit-Policy", "RateLimitPolicy");
	ent_doc_add(doc, "}");
}

/* What comes back: the name of its schema, "" for nothing. */
static struct ent_pascal reply_of(const struct ent_route *route)
{
	struct ent_pascal name = { "" };
	if (route->kind == ENT_ROUTE_OTHER) {
		const char *reply = ent_openapi_other(route)->reply;
		const struct ent_report *report = ent_route_report(route);
		if (report != NULL) {
			return ent_pascal(report->row);
		}
		snprintf(name.text, sizeof(name.text), "%s", reply == NULL ? "" : reply);
	} else if (route->kind != ENT_ROUTE_DELETE) {
		name = ent_pascal(route->kind == ENT_ROUTE_ACTION ? route->action->result
		                                                  : route->type);
		size_t len = strlen(name.text);
		snprintf(name.text + len, sizeof(name.text) - len, "%s",
		         route->kind == ENT_ROUTE_LIST ? "List" : "");
	}
	return name;
}

/* The kind of text of a reply that is not JSON; NULL: it is. */
static const char *text_of(const char *reply)
{
	static const struct {
		const char *reply;
		const char *text;
	} table[] = {
		{ "Metrics", "plain" },
		{ "Ics", "calendar" },
		{ "Stream", "event-stream" },
	};
	for (size_t i = 0; i < ENT_COUNT(table); i++) {
		if (strcmp(table[i].reply, reply) == 0) {
			return table[i].text;
		}
	}
	return NULL;
}

static void add_success(struct ent_doc *doc, const struct ent_route *route, int status,
                        const char *description)
{
	struct ent_pascal reply = reply_of(route);
	ent_doc_add(doc, "'%d':{'description':'%s'", status, description);
	add_headers(doc, route, status);
	const char *text = text_of(reply.text);
	if (text != NULL) {
		ent_doc_add(doc, "'content':{'text/%s':{'schema':{'type':'string'}}}", text);
	} else if (reply.text[0] != '\0') {
		const char *example = ent_openapi_example(route->operation, true);
		ent_doc_add(doc, "'content':{'application/json':{'schema':");
		add_ref(doc, reply.text, "");
		if (example != NULL) {
			ent_doc_add(doc, "'example':");
			ent_doc_json(doc, example);
		}
		ent_doc_add(doc, "}");
		if (ent_route_report(route) != NULL || strcmp(reply.text, "ImportRows") == 0) {
			ent_doc_add(doc, "'text/csv':{'schema':{'type':'string'}}");
		}
		ent_doc_add(doc, "}");
	}
	ent_doc_add(doc, "}");
}

/* `renew` makes a record, and so does what returns one of another type; all other actions
 * change theirs. */
static bool makes_record(const struct ent_route *route)
{
	return route->kind == ENT_ROUTE_CREATE ||
	       (route->kind == ENT_ROUTE_ACTION &&
	        ent_type_is_record(route->action->result) &&
	        (route->action->result != route->action->type ||
	         strcmp(route->action->name, "renew") == 0));
}

/* What is imported in the background is taken in first. */
static void add_job(struct ent_doc *doc, const struct ent_route *route)
{
	ent_doc_add(doc, "'202':{'description':'Taken in: its rows are imported in the "
	                 "background'");
	add_headers(doc, route, 202);
	ent_doc_add(doc, "'content':{'application/json':{'schema':");
	add_ref(doc, ent_pascal(&ent_import_job_type).text, "");
	ent_doc_add(doc, "}}}");
}

static void add_successes(struct ent_doc *doc, const struct ent_route *route)
{
	if (route->kind == ENT_ROUTE_OTHER) {
		int status = ent_openapi_other(route)->status;
		const char *what = status == 204 ? "Done" : status == 201 ? "Made" : "The answer";
		add_success(doc, route, status, what);
		if (strcmp(route->operation, "run_import") == 0) {
			add_job(doc, route);
		}
	} else if (route->kind == ENT_ROUTE_DELETE) {
		add_success(doc, route, 204, "Deleted");
	} else if (makes_record(route)) {
		add_success(doc, route, 201, "The record that was made");
	} else {
		add_success(doc, route, 200,
		            route->kind == ENT_ROUTE_LIST ? "A page" : "The record");
	}
	if (route->kind == ENT_ROUTE_UPSERT) {
		add_success(doc, route, 201, "The record that was made");
	}
	if (ent_openapi_gives_version(route) && route->access == ENT_READ) {
		ent_doc_add(doc, "'304':{'description':'Not changed since the version in "
		                 "If-None-Match'");
		add_headers(doc, route, 304);
		ent_doc_add(doc, "}");
	}
}

/* ---- refusal ------------------------------------------------------------------------------- */

/* Can this route be refused with that status? 401 on public ones: a key is looked at wherever
 * it is sent. */
static bool may_refuse(const struct ent_route *route, int status)
{
	bool public = (route->flags & ENT_ROUTE_PUBLIC) != 0;
	bool unsafe = strcmp(route->method, "GET") != 0;
	switch (status) {
	case 403:
		return !public && (unsafe || route->permission != NULL);
	case 404:
		return strchr(route->path, '{') != NULL;
	case 409:
		return route->access == ENT_WRITE || route->kind == ENT_ROUTE_ACTION ||
		       strcmp(route->operation, "move_clock") == 0;
	case 412: /* an If-Match is looked at wherever something is done to a record */
		return ent_openapi_takes_version(route) || route->kind == ENT_ROUTE_ACTION;
	case 428:
		return ent_openapi_takes_version(route);
	case 413:
	case 415:
		return ent_openapi_takes_body(route);
	case 422:
		return route->access == ENT_WRITE || ent_openapi_takes_body(route) ||
		       strcmp(route->operation, "get_contract_price") == 0;
	default:
		return true;
	}
}

void ent_openapi_responses(struct ent_doc *doc, const struct ent_route *route)
{
	static const int refusals[] = { 400, 401, 403, 404, 406, 409, 412,
		                        413, 415, 422, 428, 429, 500, 503 };
	ent_doc_add(doc, "'responses':{");
	add_successes(doc, route);
	for (size_t i = 0; i < ENT_COUNT(refusals); i++) {
		if (may_refuse(route, refusals[i])) {
			ent_doc_add(doc, "'%d':{'$ref':'#/components/responses/Problem%d'}",
			            refusals[i], refusals[i]);
		}
	}
	ent_doc_add(doc, "}");
}
