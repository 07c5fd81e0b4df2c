/* What operations share: parameters, headers, problems, ways to authenticate; examples. */
#include "api/openapi.h"

#include <string.h>

static const char parameters[] =
	"'Limit':{'name':'limit','in':'query','description':'Records of a page',"
	"'schema':{'type':'integer','minimum':1,'maximum':200,'default':50}},"
	"'Cursor':{'name':'cursor','in':'query','description':'next_cursor of the page before, "
	"with the same filters and sort','schema':{'type':'string'}},"
	"'Total':{'name':'total','in':'query','description':'Count all pages',"
	"'schema':{'type':'boolean'}},"
	"'IfMatch':{'name':'If-Match','in':'header','description':'ETag of what was read, or "
	"several, or *: refuses to overwrite the change of someone else',"
	"'schema':{'type':'string'}},"
	"'IfNoneMatch':{'name':'If-None-Match','in':'header','description':'ETag of what is known "
	"already','schema':{'type':'string'}},"
	"'IdempotencyKey':{'name':'Idempotency-Key','in':'header','description':'The same request "
	"with the same key has its effect once and gets the first reply again',"
	"'schema':{'type':'string','minLength':1,'maxLength':255}},"
	"'Reason':{'name':'X-Reason','in':'header','description':'Why: kept with the event. At "
	"most 1000 characters of UTF-8, percent-encoded','schema':{'type':'string',"
	"'maxLength':3000}},"
	"'RequestId':{'name':'X-Request-Id','in':'header','description':'Names the request in logs "
	"and events; one is made where it is left out',"
	"'schema':{'type':'string','pattern':'^[0-9A-Za-z._-]{1,39}$'}}";

static const char headers[] =
	"'headers':{'RequestId':{'required':true,'description':'As it was sent, or made',"
	"'schema':{'type':'string'}},"
	"'ProblemRequestId':{'description':'Missing only where the bytes were no request',"
	"'schema':{'type':'string'}},"
	"'ETag':{'required':true,'description':'The version of the record',"
	"'schema':{'type':'string','examples':['\\u0022v17\\u0022']}},"
	"'Location':{'required':true,'description':'The path of what was made',"
	"'schema':{'type':'string','format':'uri-reference'}},"
	"'SetCookie':{'description':'entitled_session','schema':{'type':'string'}},"
	"'IdempotentReplayed':{'description':'true: the reply to an earlier request with this key',"
	"'schema':{'type':'string','const':'true'}},"
	"'RateLimit':{'description':'Requests that are left (r) and seconds until all are back "
	"(t)','schema':{'type':'string'}},"
	"'RateLimitPolicy':{'description':'Requests (q) in a window of seconds (w)',"
	"'schema':{'type':'string'}},"
	"'RetryAfter':{'description':'Seconds','schema':{'type':'integer','minimum':0}},"
	"'WwwAuthenticate':{'schema':{'type':'string'}},"
	"'AcceptPost':{'description':'To POST and PUT','schema':{'type':'string'}},"
	"'AcceptPatch':{'description':'To PATCH','schema':{'type':'string'}}}";

static const char security[] =
	"'securitySchemes':{'bearer':{'type':'http','scheme':'bearer','bearerFormat':'ek_…',"
	"'description':'A key'},"
	"'cookie':{'type':'apiKey','in':'cookie','name':'entitled_session','description':'Set by "
	"signing in; behind TLS it is called __Host-entitled_session'},"
	"'csrf':{'type':'apiKey','in':'header','name':'X-CSRF-Token','description':'The token that "
	"the session was given'}}";

/* ---- problems ---------------------------------------------------------------------------- */

static const struct {
	int status;
	const char *description;
	const char *headers; /* more of them, as a fragment */
} problems[] = {
	{ 400, "The request is malformed, or a parameter is not understood", "" },
	{ 401, "Nobody has signed in, or the key is not valid",
	  "'WWW-Authenticate':{'$ref':'#/components/headers/WwwAuthenticate'}" },
	{ 403, "Not permitted, or the CSRF token is missing", "" },
	{ 404, "There is no such record, or it is out of sight", "" },
	{ 406, "No acceptable form of reply", "" },
	{ 409, "Not in this state, or in conflict with other data or another request", "" },
	{ 412, "Changed by someone else: not the version in If-Match", "" },
	{ 413, "The body is too large", "" },
	{ 415, "The body is of no media type that is taken here",
	  "'Accept-Post':{'$ref':'#/components/headers/AcceptPost'},"
	  "'Accept-Patch':{'$ref':'#/components/headers/AcceptPatch'}" },
	{ 422, "Values are not valid; errors has them all", "" },
	{ 428, "The settings demand If-Match", "" },
	{ 429, "Too many requests",
	  "'Retry-After':{'$ref':'#/components/headers/RetryAfter'},"
	  "'RateLimit':{'$ref':'#/components/headers/RateLimit'},"
	  "'RateLimit-Policy':{'$ref':'#/components/headers/RateLimitPolicy'}" },
	{ 500, "A failure of the server", "" },
	{ 503, "Busy, starting or stopping: try again",
	  "'Retry-After':{'$ref':'#/components/headers/RetryAfter'}" },
};

static const char invalid[] =
	"{'type':'/reference/errors#unknown_value','title':'not one of the known values',"
	"'status':422,'detail':'give one of normal low high critical','code':'unknown_value',"
	"'request_id':'req_000195a1f0c2e4b7','errors':[{'pointer':'#/priority',"
	"'code':'unknown_value','value':'urgent',"
	"'detail':'give one of normal low high critical'}]}";

static void add_problems(struct ent_doc *doc)
{
	ent_doc_add(doc, "'responses':{");
	for (size_t i = 0; i < ENT_COUNT(problems); i++) {
		ent_doc_add(doc, "'Problem%d':{'description':'%s','headers':{"
		                 "'X-Request-Id':{'$ref':'#/components/headers/ProblemRequestId'}",
		            problems[i].status, problems[i].description);
		ent_doc_json(doc, problems[i].headers);
		ent_doc_add(doc, "},'content':{'application/problem+json':{"
		                 "'schema':{'$ref':'#/components/schemas/Problem'}");
		if (problems[i].status == 422) {
			ent_doc_add(doc, "'example':");
			ent_doc_json(doc, invalid);
		}
		ent_doc_add(doc, "}}}");
	}
	ent_doc_add(doc, "}");
}

void ent_openapi_shared(struct ent_doc *doc)
{
	ent_doc_add(doc, "'parameters':{");
	ent_doc_json(doc, parameters);
	ent_openapi_shown(doc);
	ent_doc_add(doc, "}");
	ent_doc_json(doc, headers);
	add_problems(doc);
	ent_doc_json(doc, security);
}

/* ---- examples: the main job ---------------------------------------------------------------- */

static const struct {
	const char *operation;
	const char *body;
	const char *reply;
} examples[] = {
	{ "check_coverage",
	  "{'account_id':'acc_01h2xcejqtf2n','product_id':'prd_01h2xcejqtf3p','channel':'phone'}",
	  "{'object':'coverage','covered':true,'entitlement_id':'ent_01h2xcejqtf4q',"
	  "'rule':'product','at':'2026-03-02T09:30:00Z','account_id':'acc_01h2xcejqtf2n',"
	  "'contact_not_verified':false,'candidates':["
	  "{'entitlement_id':'ent_01h2xcejqtf4q','account_id':'acc_01h2xcejqtf2n',"
	  "'name':'Gold support','number':'ENT-000101','state':'active','eligible':true,"
	  "'inherited':false,'contact_not_verified':false,'matches':['product'],"
	  "'remaining':7,'available':6,'channel_remaining':null,'channel_available':null,"
	  "'reasons':[]},{'entitlement_id':'ent_01h2xcejqtf5r','account_id':'acc_01h2xcejqtf2n',"
	  "'name':'Warranty','number':'ENT-000087','state':'expired','eligible':false,"
	  "'inherited':false,'contact_not_verified':false,'matches':[],"
	  "'remaining':null,'available':null,'channel_remaining':null,'channel_available':null,"
	  "'reasons':[{'code':'not_active',"
	  "'detail':'It is not active at that time; see its state'}]}]}" },
	{ "create_case",
	  "{'account_id':'acc_01h2xcejqtf2n','title':'Prints stripes','priority':'high',"
	  "'product_id':'prd_01h2xcejqtf3p','channel':'phone'}",
	  "{'object':'case','id':'cas_01h2xcejqtf6s','version':1,"
	  "'created_at':'2026-03-02T09:30:00Z','updated_at':'2026-03-02T09:30:00Z',"
	  "'external_system':null,'external_id':null,'metadata':{},"
	  "'account_id':'acc_01h2xcejqtf2n','number':'CAS-002041','title':'Prints stripes',"
	  "'description':null,'state':'open','status':null,'priority':'high','contact_id':null,"
	  "'product_id':'prd_01h2xcejqtf3p','asset_id':null,'channel':'phone',"
	  "'entitlement_id':'ent_01h2xcejqtf4q','coverage':'covered','coverage_rule':'product',"
	  "'contact_not_verified':false,'override_terms':false,'units_charged':1,"
	  "'units_reserved':0,'parent_id':null,'merged_into_id':null,'team_id':null,"
	  "'assignee_id':null,'resolution':null,'billable_minutes':null,'resolved_at':null,"
	  "'cancelled_at':null,'reopen_count':0}" },
};

const char *ent_openapi_example(const char *operation, bool reply)
{
	for (size_t i = 0; i < ENT_COUNT(examples); i++) {
		if (strcmp(examples[i].operation, operation) == 0) {
			return reply ? examples[i].reply : examples[i].body;
		}
	}
	return NULL;
}
