/* Schemas of JSON fields (ENT_JSON in a .def), by the name of their shape. */
#include "api/openapi.h"

#include <string.h>

#define DATE "'type':'string','format':'date','examples':['2026-12-31']"

#define MEMBERS                                                                      \
	"'week':{'$ref':'#/components/schemas/CalendarWeek'},"                       \
	"'holidays':{'$ref':'#/components/schemas/CalendarHolidays'},"               \
	"'exceptions':{'$ref':'#/components/schemas/CalendarDates'},"                \
	"'breaks':{'$ref':'#/components/schemas/CalendarDates'}"

#define DAYS(schema)                                                                 \
	"'mon':" schema ",'tue':" schema ",'wed':" schema ",'thu':" schema           \
	",'fri':" schema ",'sat':" schema ",'sun':" schema

#define HOURS         "{'$ref':'#/components/schemas/CalendarHours'}"
#define HOURS_OR_NULL "{'anyOf':[{'$ref':'#/components/schemas/CalendarHours'},{'type':'null'}]}"

#define WORDS       "'anyOf':[{'type':'string'},{'type':'array','items':{'type':'string'}}]"
#define EXPRESSION  "{'type':['string','null'],'minLength':1,'maxLength':2000}"
#define DURATION    "{'type':['string','null'],'format':'duration'}"
#define ID(prefix)  "{'type':['string','null'],'pattern':'^" prefix "_[0-9a-hjkmnp-tv-z]{13}$'}"
#define NULLABLE(words) "{'enum':[" words ",null]}"
#define STATUSES    "{'type':['array','null'],'maxItems':50,'items':{'type':'string'}}"
#define SHORT(most) "{'type':['string','null'],'minLength':1,'maxLength':" most "}"

#define MONEY                                                                              \
	"{'type':['object','null'],'properties':{'amount':{'type':'string'},"              \
	"'currency':{'type':'string'}},'required':['amount','currency'],"                  \
	"'additionalProperties':false}"

static const struct {
	const char *name;
	const char *schema;
	const char *patch; /* of a merge patch, where it differs: null takes a member out */
} shapes[] = {
	{ "CalendarHours",
	  "'type':'array','maxItems':48,'description':'[from, to) on the wall clock; a closing not "
	  "behind its opening is on the next date','items':{'type':'array','minItems':2,"
	  "'maxItems':2,'items':{'type':'string',"
	  "'pattern':'^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$'}},'examples':[[['09:00','17:00']]]",
	  NULL },
	{ "CalendarWeek",
	  "'anyOf':[{'type':'object','properties':{" DAYS(HOURS) "},'additionalProperties':false},"
	  "{'type':'string','description':'In short: mon-thu 09:00-17:30; fri 09:00-15:00. Shown "
	  "as an object'}],'examples':[{'mon':[['09:00','12:00']]}]",
	  "'anyOf':[{'type':'object','properties':{" DAYS(HOURS_OR_NULL)
	  "},'additionalProperties':false},{'type':'string'}],"
	  "'examples':[{'sat':[['10:00','14:00']]}]" },
	{ "CalendarDates",
	  "'type':'object','maxProperties':5000,'propertyNames':{'format':'date'},"
	  "'additionalProperties':" HOURS ",'examples':[{'2026-12-31':[['09:00','12:00']]}]",
	  "'type':'object','maxProperties':10000,'propertyNames':{'format':'date'},"
	  "'additionalProperties':" HOURS_OR_NULL ",'examples':[{'2026-12-31':[]}]" },
	{ "CalendarHoliday",
	  "'description':'2026-12-25, *-12-25, *-11-thu4, *-05-mon-1, easter-2; as an object with "
	  "days, times of day, a name; or from one date to another','anyOf':["
	  "{'type':'string','minLength':6,'maxLength':20},"
	  "{'type':'object','properties':{'date':{'type':'string'},"
	  "'days':{'type':['integer','null'],'minimum':1,'maximum':366},"
	  "'from':{'type':['string','null']},'to':{'type':['string','null']},"
	  "'yearly':{'type':'boolean'},'name':{'type':['string','null'],'maxLength':120},"
	  "'external_id':{'type':['string','null'],'maxLength':120}},"
	  "'additionalProperties':false}],'examples':['*-12-25']",
	  NULL },
	{ "CalendarHolidays",
	  "'type':'array','maxItems':2000,'items':{'$ref':'#/components/schemas/CalendarHoliday'}",
	  NULL },
	{ "CalendarVersions",
	  "'type':'array','maxItems':99,'items':{'type':'object','properties':{'effective_from':{"
	  DATE "},'name':{'type':['string','null'],'maxLength':120}," MEMBERS
	  "},'required':['effective_from'],'additionalProperties':false},"
	  "'examples':[[{'effective_from':'2027-01-01','week':{'mon':[['08:00','12:00']]}}]]",
	  NULL },
	{ "ContractLines",
	  "'type':'array','maxItems':20000,'description':'Without contract_id and parent_id',"
	  "'items':{'$ref':'#/components/schemas/ContractLineCreate'}",
	  NULL },
	{ "ContractCoverages",
	  "'type':'array','maxItems':20000,'description':'Without an owner',"
	  "'items':{'$ref':'#/components/schemas/ContractCoverageCreate'}",
	  NULL },
	{ "ContractEntitlements",
	  "'type':'array','maxItems':20000,'items':"
	  "{'$ref':'#/components/schemas/NestedEntitlement'}",
	  NULL },
	{ "NestedEntitlement",
	  "'type':'object','description':'As an entitlement is created, without account_id, "
	  "contract_id and contract_line_id; activated at once where the contract is live',"
	  "'required':['name'],'properties':{'name':{'type':'string'},"
	  "'coverage':{'$ref':'#/components/schemas/ContractCoverages'}},"
	  "'additionalProperties':true,'examples':[{'name':'Phone support'}]",
	  NULL },
	{ "ContractChanges",
	  "'type':'array','items':{'type':'object','properties':{"
	  "'type':{'enum':['contract','contract_line','contract_coverage','entitlement']},"
	  "'id':{'type':'string','description':'new:1, new:2 … of records that are made'},"
	  "'number':{'type':['string','null']},'name':{'type':['string','null']},"
	  "'action':{'enum':['add','change']},'line_type':" NULLABLE(
		  "'new','renew','upsell','amend','cancel','no_change'") ",'line_action':" NULLABLE(
		  "'add','change','disconnect','no_change'") ","
	  "'source':{'type':['string','null'],'description':'What it is copied from'},"
	  "'fields':{'type':'object','additionalProperties':{'type':'object','properties':{"
	  "'from':{},'to':{}},'required':['from','to'],'additionalProperties':false}},"
	  "'price_before':" MONEY ",'price_after':" MONEY "},"
	  "'required':['type','id','number','name','action','line_type','line_action',"
	  "'source','fields','price_before','price_after'],"
	  "'additionalProperties':false},'examples':[[]]",
	  NULL },
	{ "ContractMade",
	  "'type':'array','items':{'type':'object','properties':{'type':{'type':'string'},"
	  "'id':{'type':'string'},'version':{'type':'integer'},'new':{'type':'string'},"
	  "'number':{'type':['string','null']}},'required':['type','id','version','new','number'],"
	  "'additionalProperties':false},'examples':[[]]",
	  NULL },
	{ "ContractVersions",
	  "'type':'array','items':{'type':'object','properties':{'contract_id':{'type':'string'},"
	  "'version':{'type':'integer','format':'int64'}},'required':['contract_id','version'],"
	  "'additionalProperties':false},'examples':[[]]",
	  NULL },
	{ "ContractWarnings",
	  "'type':'array','items':{'type':'object','properties':{'code':{'type':'string'},"
	  "'pointer':{'type':['string','null']},'text':{'type':'string'}},"
	  "'required':['code','pointer','text'],'additionalProperties':false},'examples':[[]]",
	  NULL },
	{ "SlaTarget",
	  "'type':'object','properties':{'priority':{" WORDS "},'tier':{" WORDS "},'target':{"
	  "'type':'string','format':'duration'}},'required':['target'],"
	  "'additionalProperties':false,'examples':[{'priority':['high'],'target':'PT2H'}]",
	  NULL },
	{ "SlaAction",
	  "'type':'object','properties':{'name':" SHORT("120") ",'on':" NULLABLE(
		  "'started','paused','resumed','completed','met','met_late','cancelled',"
		  "'reopened'") ",'at':{'type':['string','null'],'description':'-PT30M (before the "
	  "target), PT1H (behind it), PT0S or 75%'},'condition':" EXPRESSION
	  ",'do':{'enum':['email','webhook','set','assign','task','open_case']},'to':{" WORDS
	  "},'subject':" SHORT("300") ",'body':" SHORT("20000") ",'endpoint_id':" ID("whe")
	  ",'field':{'type':['string','null']},"
	  "'value':{'type':['string','number','boolean','null']}"
	  ",'team_id':" ID("tem") ",'assignee_id':" ID("usr") ",'due_in':" DURATION
	  ",'priority':" NULLABLE("'low','normal','high','critical'") "},'required':['do'],"
	  "'additionalProperties':false,'examples':[{'at':'75%','do':'task','subject':'Hurry'}]",
	  NULL },
	{ "SlaRule",
	  "'type':'object','properties':{'name':{'type':'string','minLength':1,'maxLength':120},"
	  "'kind':" NULLABLE("'custom','first_response','next_response','resolution'")
	  ",'recurrence':" NULLABLE("'none','independent','sequential'")
	  ",'start':" NULLABLE("'case_opened','field','criteria'")
	  ",'start_field':{'type':['string','null']},'criteria':" EXPRESSION
	  ",'completion_criteria':" EXPRESSION ",'pause_criteria':" EXPRESSION
	  ",'pause_statuses':" STATUSES ",'pausable':{'type':['boolean','null']},'target':" DURATION
	  ",'unit':" NULLABLE("'business','calendar','business_days'")
	  ",'day_mode':" NULLABLE("'keep_clock_time','into_hours','end_of_day'")
	  ",'targets':{'type':['array','null'],'maxItems':100,"
	  "'items':{'$ref':'#/components/schemas/SlaTarget'}},'calendar_id':" ID("cal")
	  ",'warn_percent':{'type':['integer','null'],'minimum':1,'maximum':100}"
	  ",'reopen':" NULLABLE("'continue','restart','new','keep'")
	  ",'actions':{'type':['array','null'],'maxItems':60,"
	  "'items':{'$ref':'#/components/schemas/SlaAction'}}},'required':['name'],"
	  "'additionalProperties':false,'examples':[{'name':'Answer','target':'PT4H'}]",
	  NULL },
	{ "SlaRules",
	  "'type':'array','maxItems':100,'items':{'$ref':'#/components/schemas/SlaRule'},"
	  "'description':'See docs/sla.md','examples':[[{'name':'Answer','target':'PT4H'}]]",
	  NULL },
	{ "SlaJobRows",
	  "'type':'array','maxItems':500,'items':{'oneOf':[{'type':'object','properties':{"
	  "'case_id':{'type':'string'},'name':{'type':'string'},'stage':{'type':'string'},"
	  "'target_before':{'type':['string','null']},'target_at':{'type':['string','null']}},"
	  "'required':['case_id','name','stage','target_before','target_at'],"
	  "'additionalProperties':false},{'type':'object','properties':{"
	  "'case_id':{'type':'string'},'error':{'type':'string'}},"
	  "'required':['case_id','error'],'additionalProperties':false}]},'examples':[[]]",
	  NULL },
	{ "ImportHeaders",
	  "'type':'array','maxItems':500,'items':{'type':'string'},'examples':[[]]",
	  NULL },
	{ "Timetable",
	  "'type':'object','properties':{'time_zone':{'type':'string'}," MEMBERS
	  ",'versions':{'$ref':'#/components/schemas/CalendarVersions'}},'required':['time_zone',"
	  "'week'],'additionalProperties':false",
	  NULL },
};

static void add(struct ent_doc *doc, size_t at, bool patch)
{
	ent_doc_add(doc, "'%s%s':{", shapes[at].name, patch ? "Patch" : "");
	ent_doc_json(doc, patch ? shapes[at].patch : shapes[at].schema);
	ent_doc_add(doc, "}");
}

void ent_openapi_shapes(struct ent_doc *doc)
{
	for (size_t i = 0; i < ENT_COUNT(shapes); i++) {
		add(doc, i, false);
		if (shapes[i].patch != NULL) {
			add(doc, i, true);
		}
	}
}

void ent_openapi_shape(struct ent_doc *doc, const char *shape, bool patch, bool nullable)
{
	size_t at = 0;
	while (at < ENT_COUNT(shapes) && strcmp(shapes[at].name, shape) != 0) {
		at++;
	}
	assert(at < ENT_COUNT(shapes)); /* it needs a row above */
	const char *tail = patch && shapes[at].patch != NULL ? "Patch" : "";
	ent_doc_add(doc, nullable ? "'anyOf':[{'$ref':'#/components/schemas/%s%s'},{'type':'null'}]"
	                          : "'$ref':'#/components/schemas/%s%s'",
	            shape, tail);
}
