/* Schemas of what reports and prices of contracts answer. */
#include "api/openapi.h"

#include "core/price.h"

/* What a report answers; its rows. */
static void add_reports(struct ent_doc *doc)
{
	size_t count;
	const struct ent_report *reports = ent_reports(&count);
	for (size_t i = 0; i < count; i++) {
		const struct ent_type *row = reports[i].row;
		bool spans = ent_report_takes(&reports[i], "from");
		ent_doc_add(doc, "'%s':{'type':'object','properties':{",
		            ent_pascal(row).text);
		ent_doc_add(doc, "'object':{'const':'report'},'report':{'const':'%s'},"
		                 "'as_of':{'type':'string','format':'date'}",
		            reports[i].name);
		if (spans) {
			ent_doc_add(doc, "'from':{'type':'string','format':'date'},"
			                 "'to':{'type':'string','format':'date'}");
		}
		ent_doc_add(doc, "'rows':{'type':'array','items':{'type':'object','properties':{");
		ent_openapi_fields(doc, row, ENT_USE_REPLY);
		ent_doc_add(doc, "},'additionalProperties':false}},'has_more':{'type':'boolean',"
		                 "'description':'There were more rows than were asked for'}},"
		                 "'required':['object','report','as_of','rows','has_more'],"
		                 "'additionalProperties':false}");
	}
}

/* The prices of a contract: what the core says of them. */
static void add_contract_price(struct ent_doc *doc)
{
	ent_doc_add(doc, "'ContractPrice':{'type':'object','properties':{"
	                 "'object':{'const':'contract_price'},'contract_id':{");
	ent_openapi_id(doc, &ent_contract_type, false);
	ent_doc_add(doc, "},'currency':{'type':['string','null']},"
	                 "'on':{'type':'string','format':'date'}");
	ent_openapi_fields(doc, &ent_price_totals_type, ENT_USE_REPLY);
	ent_doc_add(doc, "'lines':{'type':'array','items':{'type':'object','properties':{"
	                 "'line_id':{");
	ent_openapi_id(doc, &ent_contract_line_type, false);
	ent_doc_add(doc, "},'number':{'type':['string','null']},'name':{'type':'string'}");
	ent_openapi_fields(doc, &ent_price_result_type, ENT_USE_REPLY);
	ent_doc_add(doc, "'runs':{'type':'array','description':'Times in which nothing of the "
	                 "recurring price changes','items':{'type':'object','properties':{"
	                 "'from':{'type':'string','format':'date'},"
	                 "'to':{'type':['string','null'],'format':'date'},"
	                 "'quantity':{'type':'string'},'unit_price':{'type':'string'},"
	                 "'mrr':{'type':'string'},'arr':{'type':'string'}},"
	                 "'additionalProperties':false}},"
	                 "'steps':{'type':'array','items':{'type':'object','properties':{");
	ent_openapi_fields(doc, &ent_price_step_type, ENT_USE_REPLY);
	ent_doc_add(doc, "},'additionalProperties':false}}},'additionalProperties':false}}},"
	                 "'additionalProperties':false}");
}

void ent_openapi_reports(struct ent_doc *doc)
{
	add_reports(doc);
	add_contract_price(doc);
}
