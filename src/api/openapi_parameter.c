/* Parameters: of paths, of headers, and the filters of lists. */
#include "api/openapi.h"

#include <string.h>

/* ---- operators ------------------------------------------------------------------------- */

static const char *const op_names[] = {
	[ENT_OP_EQ] = "eq",         [ENT_OP_NE] = "ne",
	[ENT_OP_GT] = "gt",         [ENT_OP_GTE] = "gte",
	[ENT_OP_LT] = "lt",         [ENT_OP_LTE] = "lte",
	[ENT_OP_IN] = "in",         [ENT_OP_NOT_IN] = "not_in",
	[ENT_OP_CONTAINS] = "contains", [ENT_OP_STARTS_WITH] = "starts_with",
	[ENT_OP_NULL] = "null",
};

const char *ent_filter_op_name(unsigned op)
{
	return op < ENT_COUNT(op_names) ? op_names[op] : NULL;
}

static bool is_list(const struct ent_field *field)
{
	return field->kind == ENT_K_IDS || field->kind == ENT_K_WORDS;
}

bool ent_filter_op_fits(enum ent_filter_op op, const struct ent_field *field)
{
	bool text = field->kind == ENT_K_TEXT;
	if (op == ENT_OP_NULL) {
		return ent_field_nullable(field);
	}
	if (op == ENT_OP_CONTAINS) {
		return text || is_list(field);
	}
	if (op == ENT_OP_STARTS_WITH) {
		return text;
	}
	if (op == ENT_OP_GT || op == ENT_OP_GTE || op == ENT_OP_LT || op == ENT_OP_LTE) {
		return !is_list(field) && field->kind != ENT_K_BOOL && field->kind != ENT_K_ENUM;
	}
	return !is_list(field);
}

/* ---- filters as schemas ------------------------------------------------------------------ */

/* Kinds that are asked about in the same way share a schema of operators. */
enum class { TEXT, NUMBER, BOOLEAN, DATE, INSTANT, DECIMAL, WORD, IDENTIFIER, LIST, CLASS_COUNT };

static const struct {
	const char *name;
	const char *value; /* the schema of one value */
} classes[CLASS_COUNT] = {
	[TEXT] = { "Text", "'type':'string'" },
	[NUMBER] = { "Integer", "'type':'integer','format':'int64'" },
	[BOOLEAN] = { "Boolean", "'type':'boolean'" },
	[DATE] = { "Date", "'type':'string','format':'date'" },
	[INSTANT] = { "Instant", "'type':'string','format':'date-time'" },
	[DECIMAL] = { "Decimal", "'$ref':'#/components/schemas/Decimal'" },
	[WORD] = { "Enum", "'type':'string'" },
	[IDENTIFIER] = { "Id", "'type':'string'" },
	[LIST] = { "List", "'type':'string'" },
};

static enum class class_of(const struct ent_field *field)
{
	switch (field->kind) {
	case ENT_K_BOOL:
		return BOOLEAN;
	case ENT_K_INT:
	case ENT_K_COUNT:
		return NUMBER;
	case ENT_K_TEXT:
		return TEXT;
	case ENT_K_ID:
		return IDENTIFIER;
	case ENT_K_DATE:
		return DATE;
	case ENT_K_INSTANT:
		return INSTANT;
	case ENT_K_DECIMAL:
	case ENT_K_MONEY:
		return DECIMAL;
	case ENT_K_ENUM:
		return WORD;
	default:
		assert(is_list(field));
		return LIST;
	}
}

/* A field that is asked about so; NULL if none is. */
static const struct ent_field *example_of(enum class class, bool nullable)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		bool listed = ent_entity_of(types[i]) != NULL && types[i]->plural != NULL;
		for (size_t k = 0; k < types[i]->count && listed; k++) {
			const struct ent_field *field = &types[i]->fields[k];
			if (ent_field_is_filterable(types[i], field) && class_of(field) == class &&
			    ent_field_nullable(field) == nullable) {
				return field;
			}
		}
	}
	return NULL;
}

static void add_op(struct ent_doc *doc, enum ent_filter_op op, const char *value)
{
	ent_doc_add(doc, "'%s':{", ent_filter_op_name(op));
	if (op == ENT_OP_NULL) {
		ent_doc_add(doc, "'type':'boolean'}");
	} else if (op == ENT_OP_IN || op == ENT_OP_NOT_IN) {
		ent_doc_add(doc, "'type':'string','description':'Values parted by commas'}");
	} else {
		ent_doc_json(doc, value);
		ent_doc_add(doc, "}");
	}
}

static void add_filter(struct ent_doc *doc, enum class class, const struct ent_field *field)
{
	ent_doc_add(doc, "'%sFilter%s':{'type':'object','properties':{", classes[class].name,
	            ent_field_nullable(field) ? "OrNull" : "");
	for (unsigned op = 0; ent_filter_op_name(op) != NULL; op++) {
		if (ent_filter_op_fits((enum ent_filter_op)op, field)) {
			add_op(doc, (enum ent_filter_op)op, classes[class].value);
		}
	}
	ent_doc_add(doc, "},'additionalProperties':false}");
}

void ent_openapi_filters(struct ent_doc *doc)
{
	for (unsigned class = 0; class < CLASS_COUNT; class++) {
		for (int nullable = 0; nullable < 2; nullable++) {
			enum class asked = (enum class)class;
			const struct ent_field *field = example_of(asked, nullable != 0);
			if (field != NULL) {
				add_filter(doc, asked, field);
			}
		}
	}
}

static void add_filter_ref(struct ent_doc *doc, const struct ent_field *field)
{
	ent_doc_add(doc, "{'$ref':'#/components/schemas/%sFilter%s'}",
	            classes[class_of(field)].name, ent_field_nullable(field) ? "OrNull" : "");
}

/* ---- lists --------------------------------------------------------------------------------- */

/* One parameter stands for name=… and for every name[op]=…. */
static void add_filter_parameter(struct ent_doc *doc, const struct ent_field *field)
{
	ent_doc_add(doc, "{'name':'%s','in':'query','style':'deepObject','explode':true",
	            field->name);
	ent_doc_text(doc, "description", field->meaning);
	ent_doc_add(doc, "'schema':");
	if (class_of(field) == LIST) {
		add_filter_ref(doc, field);
	} else {
		ent_doc_add(doc, "{'anyOf':[{");
		if (field->kind == ENT_K_ID) {
			ent_openapi_id(doc, field->target, false);
		} else if (field->kind == ENT_K_ENUM) {
			ent_openapi_enum(doc, field->names, false);
		} else {
			ent_doc_json(doc, classes[class_of(field)].value);
		}
		ent_doc_add(doc, "}");
		add_filter_ref(doc, field);
		ent_doc_add(doc, "]}");
	}
	ent_doc_add(doc, "}");
}

/* "total" asks for the number of records; a field of that name is asked about with total[op]. */
static void add_total(struct ent_doc *doc, const struct ent_field *field)
{
	if (field == NULL) {
		ent_doc_add(doc, "{'$ref':'#/components/parameters/Total'}");
		return;
	}
	ent_doc_add(doc, "{'name':'total','in':'query','style':'deepObject','explode':true,"
	                 "'description':'true: count all pages. The field total is filtered by "
	                 "total[eq], total[gte] …','schema':{'anyOf':[{'type':'boolean'}");
	add_filter_ref(doc, field);
	ent_doc_add(doc, "]}}");
}

static void add_sort(struct ent_doc *doc, const struct ent_type *type)
{
	ent_doc_add(doc, "{'name':'sort','in':'query','style':'form','explode':false,"
	                 "'description':'Fields to sort by, those with - downwards; newest first "
	                 "where it is left out','schema':{'type':'array','maxItems':%d,'items':"
	                 "{'type':'string','enum':[", ENT_SORT_MAX);
	for (size_t i = 0; i < type->count; i++) {
		if (ent_field_is_sortable(type, &type->fields[i])) {
			ent_doc_add(doc, "'%s','-%s'", type->fields[i].name, type->fields[i].name);
		}
	}
	ent_doc_add(doc, "]}}}");
}

static void add_filters(struct ent_doc *doc, const struct ent_type *type)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (ent_field_is_filterable(type, field) && strcmp(field->name, "total") != 0) {
			add_filter_parameter(doc, field);
		}
	}
}

static void add_list_parameters(struct ent_doc *doc, const struct ent_type *type)
{
	const struct ent_field *total = ent_type_field(type, ENT_STR("total"));
	bool filterable = total != NULL && ent_field_is_filterable(type, total);
	ent_doc_add(doc, "{'$ref':'#/components/parameters/Limit'},"
	                 "{'$ref':'#/components/parameters/Cursor'}");
	add_sort(doc, type);
	if (type->search[0] != '\0') {
		ent_doc_add(doc, "{'name':'q','in':'query','schema':{'type':'string',"
		                 "'maxLength':200}");
		ent_doc_add(doc, "'description':'Looks for this text, without regard to case, in: "
		                 "%s'}",
		            type->search);
	}
	add_total(doc, filterable ? total : NULL);
	add_filters(doc, type);
}

/* ---- what is shown --------------------------------------------------------------------------- */

static bool has_expansions(const struct ent_type *type)
{
	for (size_t i = 0; i < type->count; i++) {
		if (ent_openapi_is_expandable(&type->fields[i])) {
			return true;
		}
	}
	return false;
}

static void add_expand(struct ent_doc *doc, const struct ent_type *type)
{
	ent_doc_add(doc, "'%sExpand':{'name':'expand','in':'query','style':'form','explode':false,"
	                 "'description':'References whose records are put beside their "
	                 "identifiers','schema':{'type':'array','maxItems':20,"
	                 "'items':{'type':'string','enum':[",
	            ent_pascal(type).text);
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (ent_openapi_is_expandable(field)) {
			ent_doc_add(doc, "'%.*s'", (int)strlen(field->name) - 3, field->name);
		}
	}
	ent_doc_add(doc, "]}}}");
}

static void add_fields(struct ent_doc *doc, const struct ent_type *type)
{
	ent_doc_add(doc, "'%sFields':{'name':'fields','in':'query','style':'form','explode':false,"
	                 "'description':'Fields to show; all where it is left out, the identifier "
	                 "always','schema':{'type':'array','maxItems':20,'items':"
	                 "{'type':'string','enum':[", ent_pascal(type).text);
	for (size_t i = 0; i < type->count; i++) {
		if (ent_field_is_shown(&type->fields[i])) {
			ent_doc_add(doc, "'%s'", type->fields[i].name);
		}
	}
	ent_doc_add(doc, "]}}}");
}

void ent_openapi_shown(struct ent_doc *doc)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		if (ent_entity_of(types[i]) == NULL || types[i]->plural == NULL) {
			continue;
		}
		if (has_expansions(types[i])) {
			add_expand(doc, types[i]);
		}
		add_fields(doc, types[i]);
	}
}

static void add_shared(struct ent_doc *doc, const char *name)
{
	ent_doc_add(doc, "{'$ref':'#/components/parameters/%s'}", name);
}

static void add_last_event(struct ent_doc *doc, const char *name, const char *in,
                           const char *description)
{
	ent_doc_add(doc, "{'name':'%s','in':'%s','description':'%s','schema':{", name, in,
	            description);
	ent_openapi_id(doc, &ent_event_type, false);
	ent_doc_add(doc, "}}");
}

/* What a stream is asked for: stream_open.c. */
static void add_stream(struct ent_doc *doc)
{
	ent_doc_json(doc, "{'name':'types','in':'query','style':'form','explode':false,"
	                  "'description':'Only these: case.opened, case.*','schema':{"
	                  "'type':'array','minItems':1,'maxItems':20,"
	                  "'items':{'type':'string'}}},"
	                  "{'name':'subjects','in':'query','style':'form','explode':false,"
	                  "'description':'Only of these records, by their ids; an account stands "
	                  "for all that is its own','schema':{'type':'array','minItems':1,"
	                  "'maxItems':20,'items':{'type':'string',"
	                  "'pattern':'^[a-z]{2,6}_[0-9a-hjkmnp-tv-z]{13}$'}}}");
	add_last_event(doc, "last_event_id", "query", "As Last-Event-ID, for who cannot send that");
	add_last_event(doc, "Last-Event-ID", "header", "Go on behind this one");
}

/* ---- reports ------------------------------------------------------------------------------- */

static void add_value(struct ent_doc *doc, const struct ent_field *field)
{
	if (field->kind == ENT_K_ID) {
		ent_openapi_id(doc, field->target, false);
	} else if (field->kind == ENT_K_ENUM) {
		ent_openapi_enum(doc, field->names, false);
	} else if (field->kind == ENT_K_COUNT) {
		ent_doc_add(doc, "'type':'integer','minimum':1,'maximum':%lld",
		            (long long)field->limit);
	} else {
		ent_doc_json(doc, classes[class_of(field)].value);
	}
}

static void add_report_parameters(struct ent_doc *doc, const struct ent_report *report)
{
	const struct ent_type *type = &ent_input_report_type;
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (!ent_report_takes(report, field->name)) {
			continue;
		}
		ent_doc_add(doc, "{'name':'%s','in':'query'", field->name);
		ent_doc_text(doc, "description", field->meaning);
		ent_doc_add(doc, "'schema':{");
		add_value(doc, field);
		ent_doc_add(doc, "}}");
	}
}

static const char price_parameters[] =
	"{'name':'on','in':'query','description':'The day of mrr and arr; left out: today, or the "
	"nearest day of its term','schema':{'type':'string','format':'date'}},"
	"{'name':'explain','in':'query','description':'With the steps of each price','schema':{"
	"'type':'boolean'}}";

/* A table that comes as text/csv is told of by these. */
static const char import_parameters[] =
	"{'name':'from','in':'query','schema':{'type':'string','enum':['csv','salesforce',"
	"'dynamics','servicenow']}},"
	"{'name':'object','in':'query','schema':{'type':'string'}},"
	"{'name':'name','in':'query','schema':{'type':'string'}},"
	"{'name':'columns','in':'query','style':'deepObject','explode':true,'description':"
	"'columns[HEADER]=COLUMN','schema':{'type':'object','additionalProperties':{"
	"'type':'string'}}},"
	"{'name':'system','in':'query','schema':{'type':'string'}},"
	"{'name':'currency','in':'query','schema':{'type':'string'}},"
	"{'name':'time_zone','in':'query','schema':{'type':'string'}},"
	"{'name':'date_order','in':'query','schema':{'type':'string','enum':['iso','mdy','dmy',"
	"'ymd']}},"
	"{'name':'delimiter','in':'query','schema':{'type':'string'}},"
	"{'name':'nulls','in':'query','schema':{'type':'boolean'}},"
	"{'name':'dry_run','in':'query','schema':{'type':'boolean'}}";

static const char import_row_parameters[] =
	"{'name':'status','in':'query','style':'form','explode':false,'description':'Only rows "
	"that became so','schema':{'type':'array','items':{'type':'string','enum':['created',"
	"'updated','unchanged','failed']}}},"
	"{'name':'noted','in':'query','description':'Only rows that came in, but not quite as "
	"they are in the file','schema':{'type':'boolean'}},"
	"{'name':'cursor','in':'query','description':'next_cursor, or the last line that was "
	"told: go on behind it','schema':{'type':'string','pattern':'^[0-9]{1,18}$'}},"
	"{'name':'limit','in':'query','description':'At most 200 as JSON and 50000 as text, which "
	"is what is told unless fewer are asked for','schema':{'type':'integer','minimum':1,"
	"'maximum':50000}},"
	"{'name':'format','in':'query','description':'csv: the same as a table; file: the rows "
	"that failed as they stand in the file, with one more column, ERROR','schema':{"
	"'type':'string',"
	"'enum':['json','csv','file']}}";

static void add_own_parameters(struct ent_doc *doc, const char *operation)
{
	const struct {
		const char *operation, *parameters;
	} table[] = {
		{ "get_contract_price", price_parameters },
		{ "run_import", import_parameters },
		{ "list_import_rows", import_row_parameters },
	};
	for (size_t i = 0; i < ENT_COUNT(table); i++) {
		if (strcmp(table[i].operation, operation) == 0) {
			ent_doc_json(doc, table[i].parameters);
		}
	}
}

void ent_openapi_parameters(struct ent_doc *doc, const struct ent_route *route)
{
	bool write = route->access == ENT_WRITE;
	ent_doc_add(doc, "'parameters':[");
	if (route->kind == ENT_ROUTE_LIST) {
		add_list_parameters(doc, route->type);
	}
	if (ent_route_report(route) != NULL) {
		add_report_parameters(doc, ent_route_report(route));
	}
	add_own_parameters(doc, route->operation);
	if (route->type != NULL && route->kind != ENT_ROUTE_DELETE &&
	    route->kind != ENT_ROUTE_OTHER) {
		struct ent_pascal pascal = ent_pascal(route->type);
		if (has_expansions(route->type)) {
			ent_doc_add(doc, "{'$ref':'#/components/parameters/%sExpand'}",
			            pascal.text);
		}
		ent_doc_add(doc, "{'$ref':'#/components/parameters/%sFields'}", pascal.text);
	}
	if (route->kind == ENT_ROUTE_GET) {
		ent_doc_add(doc, "{'name':'actions','in':'query','description':'Tell what may be "
		                 "done with it now, and why not the rest','schema':"
		                 "{'type':'boolean'}}");
	}
	if (strcmp(route->operation, "stream_events") == 0) {
		add_stream(doc);
	}
	if (ent_openapi_takes_version(route)) {
		add_shared(doc, "IfMatch");
	}
	if (ent_openapi_gives_version(route) && !write) {
		add_shared(doc, "IfNoneMatch");
	}
	if (write && !(route->flags & ENT_ROUTE_PUBLIC)) {
		add_shared(doc, "IdempotencyKey");
		add_shared(doc, "Reason");
	}
	add_shared(doc, "RequestId");
	ent_doc_add(doc, "]");
}

void ent_openapi_path_parameters(struct ent_doc *doc, const struct ent_route *route)
{
	static const char *const external[] = { "external_system", "external_id" };
	if (strchr(route->path, '{') == NULL) {
		return;
	}
	ent_doc_add(doc, "'parameters':[");
	if (route->kind != ENT_ROUTE_UPSERT) {
		ent_doc_add(doc, "{'name':'id','in':'path','required':true,'schema':{");
		ent_openapi_id(doc, route->type, false);
		ent_doc_add(doc, "}}");
	}
	for (size_t i = 0; i < ENT_COUNT(external) && route->kind == ENT_ROUTE_UPSERT; i++) {
		ent_str name = ent_str_of(external[i]);
		const struct ent_field *field = ent_type_field(route->type, name);
		ent_doc_add(doc, "{'name':'%s','in':'path','required':true",
		            i == 0 ? "system" : "external_id");
		ent_doc_text(doc, "description", field->meaning);
		ent_doc_add(doc, "'schema':{'type':'string','minLength':1,'maxLength':%lld}}",
		            (long long)field->limit);
	}
	ent_doc_add(doc, "]");
}
