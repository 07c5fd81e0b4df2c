/* Schemas that no table of fields describes: problems, coverage, sessions, the metadata. */
#include "api/openapi.h"

#include "core/access.h"
#include "core/coverage.h"
#include "json/calculate.h"

static void add_strings_begin(struct ent_doc *doc, const char *name)
{
	ent_doc_add(doc, "'%s':{'type':'string','enum':[", name);
}

static void add_vocabulary(struct ent_doc *doc)
{
	add_strings_begin(doc, "ErrorCode");
	for (unsigned code = ENT_OK + 1; code < ENT_CODE_COUNT; code++) {
		ent_doc_add(doc, "'%s'", ent_code_name((enum ent_code)code));
	}
	ent_doc_add(doc, "]}");
	add_strings_begin(doc, "Permission");
	for (size_t i = 0; i < ent_permission_count(); i++) {
		ent_doc_add(doc, "'%s'", ent_permission_name(i));
	}
	ent_doc_add(doc, "]}");
	add_strings_begin(doc, "CoverageReason");
	for (unsigned i = 0; i < ENT_REASON_COUNT; i++) {
		ent_doc_add(doc, "'%s'", ent_reason_text((enum ent_reason)i));
	}
	ent_doc_add(doc, "],'description':'Why an entitlement does not cover what is asked'}");
	add_strings_begin(doc, "CoverageChoice");
	for (unsigned i = 0; i < ENT_CHOICE_COUNT; i++) {
		ent_doc_add(doc, "'%s'", ent_choice_text((enum ent_choice)i));
	}
	ent_doc_add(doc, "],'description':'What decides between entitlements that all cover it'}");
}

static const char values[] =
	"'Decimal':{'type':'string','pattern':'^-?(0|[1-9][0-9]*)([.][0-9]{1,6})?$',"
	"'description':'An exact number','examples':['12.50']},"
	"'Money':{'type':'object','properties':{'amount':{'$ref':'#/components/schemas/Decimal'},"
	"'currency':{'$ref':'#/components/schemas/Currency'}},'required':['amount','currency'],"
	"'additionalProperties':false},"
	"'MoneyPatch':{'type':'object','description':'A merge patch: may keep one of them where "
	"there is an amount already',"
	"'properties':{'amount':{'$ref':'#/components/schemas/Decimal'},"
	"'currency':{'$ref':'#/components/schemas/Currency'}},'additionalProperties':false},"
	"'Currency':{'type':'string','minLength':3,'maxLength':3,'pattern':'^[A-Z]{3}$',"
	"'description':'ISO 4217','examples':['EUR']}";

static const char problem[] =
	"'Problem':{'type':'object','description':'RFC 9457','properties':{"
	"'type':{'type':'string','format':'uri-reference','description':'Where the code is "
	"explained'},'title':{'type':'string'},'status':{'type':'integer','minimum':400,"
	"'maximum':599},'detail':{'type':'string','description':'One line for a person'},"
	"'code':{'$ref':'#/components/schemas/ErrorCode'},"
	"'request_id':{'type':'string'},"
	"'errors':{'type':'array','description':'Every bad value',"
	"'items':{'$ref':'#/components/schemas/ProblemIssue'}}},"
	"'required':['type','title','status','detail','code'],'additionalProperties':false},"
	"'ProblemIssue':{'type':'object','properties':{"
	"'pointer':{'type':'string','description':'RFC 6901: #/grants/0/product_id',"
	"'pattern':'^#(/.*)?$'},'code':{'$ref':'#/components/schemas/ErrorCode'},"
	"'value':{'type':'string','description':'What was given, as far as it fits'},"
	"'detail':{'type':'string','description':'What to do'}},"
	"'required':['pointer','code','detail'],'additionalProperties':false}";

/* ---- coverage ---------------------------------------------------------------------------- */

static void add_id(struct ent_doc *doc, const char *name, const struct ent_type *target,
                   bool nullable)
{
	ent_doc_add(doc, "'%s':{", name);
	ent_openapi_id(doc, target, nullable);
	ent_doc_add(doc, "}");
}

static void add_question(struct ent_doc *doc)
{
	ent_doc_add(doc, "'CoverageQuestion':{'type':'object','description':'The account may be "
	                 "left out where a contact or an asset tells it','properties':{");
	add_id(doc, "account_id", &ent_account_type, true);
	add_id(doc, "contact_id", &ent_contact_type, true);
	add_id(doc, "product_id", &ent_product_type, true);
	add_id(doc, "asset_id", &ent_asset_type, true);
	add_id(doc, "entitlement_id", &ent_entitlement_type, true);
	ent_doc_json(doc, "'contract_id':{'type':['string','null'],"
	                  "'pattern':'^ctr_[0-9a-hjkmnp-tv-z]{13}$'},"
	                  "'channel':{'type':['string','null'],'maxLength':40},"
	                  "'at':{'type':['string','null'],'format':'date-time',"
	                  "'description':'When; left out: now'},"
	                  "'units':{'type':['integer','null'],'format':'int64','minimum':0,"
	                  "'maximum':1000000000,'description':'What it would cost, 1 where it is "
	                  "left out; 0: only whether it is covered'}},"
	                  "'additionalProperties':false}");
}

static void add_candidate(struct ent_doc *doc)
{
	static const char *const balances[] = { "remaining", "available", "channel_remaining",
		                                "channel_available" };
	ent_doc_add(doc, "'CoverageCandidate':{'type':'object','properties':{");
	add_id(doc, "entitlement_id", &ent_entitlement_type, false);
	add_id(doc, "account_id", &ent_account_type, false);
	ent_doc_add(doc, "'name':{'type':'string'},'number':{'type':['string','null']},'state':{");
	ent_openapi_enum(doc, &ent_entitlement_state_names, false);
	ent_doc_json(doc, "},'eligible':{'type':'boolean'},'inherited':{'type':'boolean',"
	                  "'description':'Of an account above'},"
	                  "'contact_not_verified':{'type':'boolean'},"
	                  "'matches':{'type':'array','items':"
	                  "{'$ref':'#/components/schemas/CoverageChoice'}}");
	for (size_t i = 0; i < ENT_COUNT(balances); i++) {
		ent_doc_add(doc, "'%s':{'type':['integer','null'],'format':'int64',"
		                 "'description':'null: no bound'}", balances[i]);
	}
	ent_doc_json(doc, "'reasons':{'type':'array','description':'Why it is not eligible',"
	                  "'items':{'type':'object','properties':{"
	                  "'code':{'$ref':'#/components/schemas/CoverageReason'},"
	                  "'detail':{'type':'string'}},'required':['code','detail'],"
	                  "'additionalProperties':false}}},"
	                  "'required':['entitlement_id','account_id','name','number','state',"
	                  "'eligible','inherited','contact_not_verified','matches','remaining',"
	                  "'available','channel_remaining','channel_available','reasons'],"
	                  "'additionalProperties':false}");
}

static void add_coverage(struct ent_doc *doc)
{
	add_question(doc);
	add_candidate(doc);
	ent_doc_add(doc, "'Coverage':{'type':'object','properties':{"
	                 "'object':{'type':'string','const':'coverage'},"
	                 "'covered':{'type':'boolean'}");
	add_id(doc, "entitlement_id", &ent_entitlement_type, true);
	ent_doc_add(doc, "'rule':{'anyOf':[{'$ref':'#/components/schemas/CoverageChoice'},"
	                 "{'type':'null'}],'description':'What decided'},"
	                 "'at':{'type':'string','format':'date-time'}");
	add_id(doc, "account_id", &ent_account_type, false);
	ent_doc_json(doc, "'contact_not_verified':{'type':'boolean','description':'Contacts are "
	                  "named and the question names none'},"
	                  "'candidates':{'type':'array','description':'Every entitlement that was "
	                  "looked at: those that cover it first, best first',"
	                  "'items':{'$ref':'#/components/schemas/CoverageCandidate'}}},"
	                  "'required':['object','covered','entitlement_id','rule','at',"
	                  "'account_id','contact_not_verified','candidates'],"
	                  "'additionalProperties':false},"
	                  "'CoverageBatch':{'type':'object','properties':{'checks':{'type':'array',"
	                  "'maxItems':10000,"
	                  "'items':{'$ref':'#/components/schemas/CoverageQuestion'}}},"
	                  "'required':['checks'],'additionalProperties':false},"
	                  "'CoverageBatchResult':{'type':'object','properties':{"
	                  "'object':{'type':'string','const':'list'},"
	                  "'data':{'type':'array','description':'In the order of the checks',"
	                  "'maxItems':10000,'items':{'type':'object','description':'Either of "
	                  "them','properties':{'result':{'$ref':'#/components/schemas/Coverage'},"
	                  "'error':{'$ref':'#/components/schemas/Problem'}},"
	                  "'minProperties':1,'maxProperties':1,'additionalProperties':false}}},"
	                  "'required':['object','data'],'additionalProperties':false}");
}

/* ---- sessions, system -------------------------------------------------------------------- */

static void add_sessions(struct ent_doc *doc)
{
	ent_doc_json(doc, "'SignIn':{'type':'object','properties':{"
	                  "'email':{'type':'string','format':'email','minLength':1,"
	                  "'maxLength':254},'password':{'type':'string','format':'password',"
	                  "'writeOnly':true,'minLength':1,'maxLength':254}},"
	                  "'required':['email','password'],"
	                  "'additionalProperties':false},"
	                  "'NewSession':{'type':'object','properties':{"
	                  "'object':{'type':'string','const':'session'},"
	                  "'csrf_token':{'type':'string','description':'For X-CSRF-Token'},"
	                  "'expires_at':{'type':'string','format':'date-time'},"
	                  "'user':{'$ref':'#/components/schemas/User'}},"
	                  "'required':['object','csrf_token','expires_at','user'],"
	                  "'additionalProperties':false},"
	                  "'Session':{'type':'object','properties':{"
	                  "'object':{'type':'string','const':'session'},"
	                  "'who':{'type':'string','enum':['user','key']}");
	ent_doc_add(doc, "'id':{'type':'string','pattern':'^(%s|%s)_[0-9a-hjkmnp-tv-z]{%d}$'},"
	                 "'name':{'type':'string'},'role':{", ent_user_type.prefix,
	            ent_api_key_type.prefix, ENT_ID_DIGITS);
	ent_openapi_enum(doc, &ent_role_names, false);
	ent_doc_add(doc, "},'permissions':{'type':'array',"
	                 "'items':{'$ref':'#/components/schemas/Permission'}},"
	                 "'accounts':{'type':'array','description':'Sees only these; empty: all',"
	                 "'items':{");
	ent_openapi_id(doc, &ent_account_type, false);
	ent_doc_json(doc, "}},'account_trees':{'type':'boolean','description':'And those below "
	                  "them'},'csrf_token':{'type':['string','null'],'description':'null with "
	                  "a key'},'contact_id':{");
	ent_openapi_id(doc, &ent_contact_type, true);
	ent_doc_json(doc, "},'time_zone':{'type':'string','description':'Of the person, else of "
	                  "the organisation'},'language':{'type':['string','null']},"
	                  "'theme':{'type':'string','enum':['system','light','dark']},"
	                  "'density':{'type':'string','enum':['calm','compact']},"
	                  "'organisation':{'type':'string','description':'Its name'},"
	                  "'channels':{'type':'array','description':'Known ones; empty: any word',"
	                  "'items':{'type':'string'}}},'required':['object','who','id','name',"
	                  "'role','permissions','accounts','account_trees','csrf_token',"
	                  "'contact_id','time_zone','language','theme','density',"
	                  "'organisation','channels'],"
	                  "'additionalProperties':false}");
}

static const char system_schemas[] =
	"'ActionFlag':{'type':'object','properties':{"
	"'name':{'type':'string','description':'update, delete, or an action of the type'},"
	"'allowed':{'type':'boolean','description':'As far as permissions and states tell'},"
	"'code':{'anyOf':[{'$ref':'#/components/schemas/ErrorCode'},{'type':'null'}]},"
	"'reason':{'type':['string','null'],'description':'Why not'}},"
	"'required':['name','allowed','code','reason'],'additionalProperties':false},"
	"'Health':{'type':'object','properties':{'status':{'type':'string','const':'ok'}},"
	"'required':['status'],'additionalProperties':false},"
	"'Readiness':{'type':'object','properties':{'status':{'type':'string','const':'ready'},"
	"'migration':{'type':'integer','description':'The last one that was applied'}},"
	"'required':['status','migration'],'additionalProperties':false},"
	"'ClockMove':{'type':'object','properties':{'to':{'type':'string','format':'date-time',"
	"'description':'Not before its time now'}},'required':['to'],"
	"'additionalProperties':false},"
	"'Clock':{'type':'object','properties':{'object':{'type':'string','const':'clock'},"
	"'now':{'type':'string','format':'date-time'},"
	"'instants':{'type':'integer','format':'int64','description':'At which something was due'},"
	"'handled':{'type':'integer','format':'int64'},"
	"'failed':{'type':'integer','format':'int64','description':'Tried again later'}},"
	"'required':['object','now','instants','handled','failed'],'additionalProperties':false},"
	"'OpenApi':{'type':'object','description':'OpenAPI 3.1','additionalProperties':true}";

/* ---- the metadata: what meta.c writes -------------------------------------------------------- */

static const char meta[] =
	"'Meta':{'type':'object','properties':{'object':{'type':'string','const':'meta'},"
	"'version':{'type':'string'},"
	"'types':{'type':'array','items':{'$ref':'#/components/schemas/MetaType'}},"
	"'reasons':{'type':'array','items':{'$ref':'#/components/schemas/MetaWord'}},"
	"'choices':{'type':'array','items':{'$ref':'#/components/schemas/MetaWord'}},"
	"'errors':{'type':'array','items':{'type':'object','properties':{"
	"'code':{'$ref':'#/components/schemas/ErrorCode'},'status':{'type':'integer'},"
	"'title':{'type':'string'}},'required':['code','status','title'],"
	"'additionalProperties':false}},"
	"'permissions':{'type':'array','items':{'$ref':'#/components/schemas/Permission'}},"
	"'roles':{'type':'array','items':{'$ref':'#/components/schemas/MetaRole'}}},"
	"'required':['object','version','types','reasons','choices','errors','permissions',"
	"'roles'],'additionalProperties':false},"
	"'MetaRole':{'type':'object','properties':{'code':{'type':'string'},"
	"'detail':{'type':'string','description':'Whom it is for'},"
	"'permissions':{'type':'array','items':{'$ref':'#/components/schemas/Permission'}}},"
	"'required':['code','detail','permissions'],'additionalProperties':false},"
	"'MetaWord':{'type':'object','properties':{'code':{'type':'string'},"
	"'detail':{'type':'string'}},'required':['code','detail'],'additionalProperties':false},"
	"'MetaType':{'type':'object','properties':{'name':{'type':'string'},"
	"'plural':{'type':['string','null'],'description':'Its path is /v1/ and this'},"
	"'label_field':{'type':'string'},'search':{'type':'array','items':{'type':'string'}},"
	"'meaning':{'type':'string'},'creatable':{'type':'boolean'},'updatable':{'type':'boolean'},"
	"'deletable':{'type':'boolean'},'owned':{'type':'boolean'},"
	"'permissions':{'type':'object','properties':{"
	"'read':{'type':['string','null']},'create':{'type':['string','null']},"
	"'update':{'type':['string','null']},'delete':{'type':['string','null']}},"
	"'required':['read','create','update','delete'],'additionalProperties':false},"
	"'fields':{'type':'array','items':{'$ref':'#/components/schemas/MetaField'}},"
	"'actions':{'type':'array','items':{'type':'object','properties':{'name':{'type':'string'},"
	"'label':{'type':'string'},'permission':{'$ref':'#/components/schemas/Permission'},"
	"'summary':{'type':'string'},"
	"'fields':{'type':'array','items':{'$ref':'#/components/schemas/MetaField'}}},"
	"'required':['name','label','permission','summary','fields'],"
	"'additionalProperties':false}}},"
	"'required':['name','plural','label_field','search','meaning','creatable','updatable',"
	"'deletable','owned','permissions','fields','actions'],'additionalProperties':false},"
	"'MetaField':{'type':'object','properties':{'name':{'type':'string'},"
	"'label':{'type':'string'},"
	"'kind':{'type':'string','enum':['bool','int','text','id','date','instant','duration',"
	"'decimal','money','enum','ids','words','count','json','map','children']},"
	"'rule':{'type':'string','enum':['key','server','fixed','once','required','optional',"
	"'derived','write']},'show':{'type':'string','enum':['list','form','side','none']},"
	"'limit':{'type':'integer','format':'int64','description':'Characters of a text, greatest "
	"number, length of a list; 0: that of the kind; -1: any sign'},"
	"'values':{'type':'array','items':{'type':'string'},'description':'Of an enum'},"
	"'target':{'type':['string','null'],'description':'The type that it refers to'},"
	"'target_plural':{'type':['string','null']},"
	"'child':{'type':['array','null'],'description':'The fields of its rows',"
	"'items':{'$ref':'#/components/schemas/MetaField'}},"
	"'nullable':{'type':'boolean'},'filterable':{'type':'boolean'},"
	"'sortable':{'type':'boolean'},"
	"'ops':{'type':'array','items':{'type':'string'},'description':'Of filters'},"
	"'meaning':{'type':'string'}},"
	"'required':['name','label','kind','rule','show','limit','values','target','target_plural',"
	"'child','nullable','filterable','sortable','ops','meaning'],'additionalProperties':false}";

/* ---- calendars --------------------------------------------------------------------------- */

static const char question[] =
	"'start':{'$ref':'#/components/schemas/CalendarTime'},"
	"'from':{'$ref':'#/components/schemas/CalendarTime'},"
	"'to':{'$ref':'#/components/schemas/CalendarTime'},"
	"'at':{'$ref':'#/components/schemas/CalendarTime'},"
	"'seconds':{'type':'integer','format':'int64'},"
	"'days':{'type':'integer','minimum':-4000000,'maximum':4000000},"
	"'count':{'type':'integer','minimum':-10000,'maximum':10000},"
	"'mode':{'type':['string','null'],'enum':['keep_clock_time','into_hours','end_of_day',"
	"null]},"
	"'absolute':{'type':'boolean'},'inclusive':{'type':'boolean'}},'required':['op'],"
	"'additionalProperties':false},"
	"'CalendarTime':{'type':'string','description':'RFC 3339; without an offset on the wall "
	"clock of the calendar','examples':['2026-03-27T16:00:00']},"
	"'CalendarAnswer':{'type':'object','properties':{"
	"'time':{'type':['string','null'],'description':'In the form of the first time asked'},"
	"'never':{'type':'boolean'},'seconds':{'type':'number'},"
	"'days':{'type':'integer','format':'int64'},'open':{'type':'boolean'},"
	"'holiday':{'type':'boolean'},'break':{'type':'boolean'},'business_day':{'type':'boolean'},"
	"'week':{'type':'string'},'periods':{'type':'array','items':{'type':'object',"
	"'properties':{'from':{'type':'string'},'to':{'type':'string'}},"
	"'required':['from','to'],'additionalProperties':false}}},'additionalProperties':false},"
	"'HolidayImport':{'type':'object','properties':{'ics':{'type':'string','minLength':1,"
	"'description':'The text of an iCalendar file (RFC 5545), at most 1 MiB'},"
	"'time_zone':{'type':['string','null'],'description':'On whose wall clock the holidays are "
	"kept; left out: the zone of the organisation','examples':['Europe/Berlin']},"
	"'replace':{'type':['boolean','null'],'description':'Instead of what the set has'},"
	"'dry_run':{'type':['boolean','null'],'description':'Tell only'}},'required':['ics'],"
	"'additionalProperties':false},"
	"'HolidayReport':{'type':'object','properties':{'event_count':{'type':'integer'},"
	"'added_count':{'type':'integer'},'skipped_count':{'type':'integer'},"
	"'dry_run':{'type':'boolean'},'skipped':{'type':'array','description':'The first 50',"
	"'items':{'type':'object','properties':{'name':{'type':['string','null']},"
	"'reason':{'type':'string'}},'required':['name','reason'],'additionalProperties':false}},"
	"'holidays':{'$ref':'#/components/schemas/CalendarHolidays'}},"
	"'required':['event_count','added_count','skipped_count','dry_run','skipped','holidays'],"
	"'additionalProperties':false}";

static void add_calculation(struct ent_doc *doc)
{
	ent_doc_add(doc, "'CalendarQuestion':{'type':'object','description':'Which members an "
	                 "operation takes: see the manual','properties':{"
	                 "'op':{'type':'string','enum':[");
	for (size_t i = 0; ent_calculation_name(i) != NULL; i++) {
		ent_doc_add(doc, "'%s'", ent_calculation_name(i));
	}
	ent_doc_json(doc, "]},'revision':{'type':['integer','null'],'minimum':1,"
	                  "'maximum':2147483647,'description':'Of the calendar; left out: the "
	                  "present one'}");
	ent_doc_json(doc, question);
}

/* The members are told in docs/clocks.md; they are checked one by one all the same. */
static const char simulation[] =
	"'SlaScript':{'type':'object','description':'Rules, a case and what happens to it: see "
	"the manual','properties':{'version':{'type':'object'},"
	"'policy_id':{'type':['string','null']},'version_id':{'type':['string','null']},"
	"'calendars':{'type':'object'},'organisation':{'type':'object'},"
	"'case':{'type':'object'},'account':{'type':'object'},'contact':{'type':'object'},"
	"'product':{'type':'object'},'asset':{'type':'object'},'entitlement':{'type':'object'},"
	"'events':{'type':'array','maxItems':2000,'items':{'type':'object'}},"
	"'until':{'type':['string','null']}},'required':['case'],'additionalProperties':false},"
	"'SlaTimeLine':{'type':'object','properties':{"
	"'milestones':{'type':'array','items':{'type':'object','properties':{"
	"'name':{'type':'string'},'timeline':{'type':'array','items':{'type':'object'}}},"
	"'required':['name','timeline']}},"
	"'actions':{'type':'array','items':{'type':'object'}},'case':{'type':'object'},"
	"'until':{'type':['string','null'],'format':'date-time'}},"
	"'required':['milestones','actions','case','until'],'additionalProperties':false},"
	"'CaseTimeLine':{'type':'object','properties':{'object':{'const':'timeline'},"
	"'milestones':{'type':'array','items':{'type':'object','properties':{"
	"'milestone':{'$ref':'#/components/schemas/Milestone'},"
	"'steps':{'type':'array','items':{'type':'object','properties':{"
	"'step':{'type':'string','description':'started, warned, violated, completed …'},"
	"'recorded_at':{'type':'string','format':'date-time'},"
	"'actor':{'type':['string','null']},'reason':{'type':['string','null']},"
	"'before':{'type':['object','null']},'after':{'type':['object','null'],"
	"'description':'at: when it happened; sum: how its target comes about'}},"
	"'required':['step','recorded_at','actor','reason','before','after'],"
	"'additionalProperties':false}}},"
	"'required':['milestone','steps'],'additionalProperties':false}}},"
	"'required':['object','milestones'],'additionalProperties':false}";

static const char expressions[] =
	"'ExpressionText':{'type':'object','properties':{'expression':{'type':'string',"
	"'examples':['not (awaiting_response)']}},'required':['expression'],"
	"'additionalProperties':false},"
	"'ExpressionCheck':{'type':'object','properties':{'valid':{'type':'boolean'},"
	"'expression':{'type':'string','description':'In canonical form; only if it is valid'},"
	"'reads':{'type':'object','description':'The fields that it reads, by record',"
	"'additionalProperties':{'type':'array','items':{'type':'string'}}},"
	"'faults':{'type':'array','description':'All that is wrong; only if it is not valid',"
	"'items':{'type':'object','properties':{'code':{'type':'string'},"
	"'at':{'type':'integer','description':'Bytes before it'},"
	"'length':{'type':'integer','description':'In bytes'},'line':{'type':'integer'},"
	"'column':{'type':'integer','description':'In characters, from 1'},"
	"'found':{'type':'string'},'reason':{'type':'string'}},"
	"'required':['code','at','length','line','column','found','reason'],"
	"'additionalProperties':false}}},'required':['valid'],'additionalProperties':false}";

static const char imports[] =
	"'ImportTable':{'type':'object','properties':{"
	"'from':{'type':'string','enum':['csv','salesforce','dynamics','servicenow'],"
	"'description':'Whose columns they are; csv unless given'},"
	"'object':{'type':'string','description':'What the table holds; else its name or columns "
	"tell','examples':['ContractLineItem']},"
	"'name':{'type':'string','description':'Name of its file'},"
	"'text':{'type':'string','minLength':1,'description':'The table, its columns named in the "
	"first row; at most 500 rows below it'},"
	"'columns':{'type':'object','additionalProperties':{'type':'string'},"
	"'description':'Headers that are to be read as other columns; an empty text: to be passed "
	"over'},"
	"'system':{'type':'string','maxLength':40,'description':'external_system of rows that do "
	"not say; the name of from unless given'},"
	"'currency':{'type':'string','description':'Of amounts that come without one'},"
	"'time_zone':{'type':'string','description':'Days that are written as instants are days of "
	"it'},"
	"'date_order':{'type':'string','enum':['iso','mdy','dmy','ymd']},"
	"'delimiter':{'type':'string','enum':[',',';','\\t','|'],'description':'Found out unless "
	"given'},"
	"'nulls':{'type':'boolean','description':'Empty cells clear what they are about'},"
	"'dry_run':{'type':'boolean','description':'Do it all, tell what happens, undo it'},"
	"'background':{'type':'boolean','description':'Take it in, and import it in the "
	"background; a text/csv body always is'}},"
	"'required':['text'],'additionalProperties':false},"
	"'ImportReport':{'type':'object','properties':{"
	"'object':{'type':'string','description':'What the table was taken for'},"
	"'dry_run':{'type':'boolean'},"
	"'counts':{'type':'object','properties':{'created':{'type':'integer'},"
	"'updated':{'type':'integer'},'unchanged':{'type':'integer'},'failed':{'type':'integer'},"
	"'blank':{'type':'integer'}},'required':['created','updated','unchanged','failed','blank'],"
	"'additionalProperties':false},"
	"'ignored':{'type':'array','items':{'type':'string'},'description':'Columns that are not "
	"known'},"
	"'rows':{'type':'array','items':{'$ref':'#/components/schemas/ImportRow'}}},"
	"'required':['object','dry_run','counts','ignored','rows'],'additionalProperties':false},"
	"'ImportRow':{'type':'object','properties':{"
	"'line':{'type':'integer'},'status':{'type':'string',"
	"'enum':['created','updated','unchanged','failed','blank']},"
	"'id':{'type':['string','null']},'column':{'type':['string','null']},"
	"'value':{'type':['string','null']},"
	"'message':{'type':['string','null'],'description':'What is wrong; of a row that came in: "
	"what it is not quite'}},'required':['line','status','id','column','value','message'],"
	"'additionalProperties':false},"
	"'ImportRows':{'type':'object','properties':{'object':{'type':'string','const':'list'},"
	"'data':{'type':'array','items':{'$ref':'#/components/schemas/ImportRow'}},"
	"'has_more':{'type':'boolean'},'next_cursor':{'type':['string','null']}},"
	"'required':['object','data','has_more','next_cursor'],'additionalProperties':false}";

void ent_openapi_other_schemas(struct ent_doc *doc)
{
	ent_doc_json(doc, values);
	ent_doc_json(doc, problem);
	add_vocabulary(doc);
	add_coverage(doc);
	add_sessions(doc);
	add_calculation(doc);
	ent_doc_json(doc, imports);
	ent_doc_json(doc, simulation);
	ent_doc_json(doc, expressions);
	ent_doc_json(doc, system_schemas);
	ent_doc_json(doc, meta);
}
