/* Schemas of the described types: what is shown, created, patched, listed. */
#include "api/openapi.h"

#include <stdio.h>
#include <string.h>

enum { LIST_MAX = 1000, WORD_MAX = 120, PAIR_NAME_MAX = 40, PAIR_VALUE_MAX = 500 };

struct ent_pascal ent_pascal(const struct ent_type *type)
{
	struct ent_pascal out;
	bool input = strncmp(type->name, "input_", 6) == 0;
	bool capital = true;
	size_t n = 0;
	for (const char *p = type->name + (input ? 6 : 0); *p != '\0'; p++) {
		assert(n + 8 < sizeof(out.text));
		if (*p != '_') {
			out.text[n++] = capital ? (char)(*p - 'a' + 'A') : *p;
		}
		capital = *p == '_';
	}
	memcpy(out.text + n, input ? "Input" : "", input ? 6 : 1);
	return out;
}

/* As it stands inside of another record, where it has no "object". */
static struct ent_pascal nested_name(const struct ent_type *child, enum ent_use use)
{
	struct ent_pascal name = ent_pascal(child);
	const char *tail = use == ENT_USE_CREATE         ? "Create"
	                   : use == ENT_USE_PATCH        ? "Patch"
	                   : ent_entity_of(child) != NULL ? "Row"
	                                                  : "";
	size_t len = strlen(name.text);
	snprintf(name.text + len, sizeof(name.text) - len, "%s", tail);
	return name;
}

/* ---- values ---------------------------------------------------------------------------- */

static void add_type(struct ent_doc *doc, const char *type, bool nullable)
{
	ent_doc_add(doc, nullable ? "'type':['%s','null']" : "'type':'%s'", type);
}

void ent_openapi_id(struct ent_doc *doc, const struct ent_type *target, bool nullable)
{
	add_type(doc, "string", nullable);
	ent_doc_add(doc, "'pattern':'^%s_[0-9a-hjkmnp-tv-z]{%d}$'", target->prefix, ENT_ID_DIGITS);
}

void ent_openapi_enum(struct ent_doc *doc, const struct ent_names *names, bool nullable)
{
	add_type(doc, "string", nullable);
	ent_doc_add(doc, "'enum':[");
	for (size_t i = 0; i < names->count; i++) {
		ent_doc_add(doc, "'%s'", names->text[i]);
	}
	ent_doc_json(doc, nullable ? "null]" : "]");
}

static void add_text(struct ent_doc *doc, const struct ent_field *field, enum ent_use use,
                     bool nullable)
{
	add_type(doc, "string", nullable);
	if (use != ENT_USE_REPLY &&
	    (field->rule == ENT_R_REQUIRED || field->rule == ENT_R_FIXED)) {
		ent_doc_add(doc, "'minLength':1");
	}
	if (field->limit > 0) {
		ent_doc_add(doc, "'maxLength':%lld", (long long)field->limit);
	}
	if (field->rule == ENT_R_WRITE) {
		ent_doc_add(doc, "'writeOnly':true");
	}
	if (use != ENT_USE_REPLY && strcmp(field->name, "email") == 0) {
		ent_doc_add(doc, "'format':'email'");
	}
	if (use != ENT_USE_REPLY && strcmp(field->name, "time_zone") == 0) {
		ent_doc_add(doc, "'examples':['Europe/Berlin']");
	}
}

/* What is computed may lie outside of what can be given: a balance may be overdrawn. */
static void add_integer(struct ent_doc *doc, const struct ent_field *field, bool nullable)
{
	int64_t least, most;
	add_type(doc, "integer", nullable);
	ent_doc_add(doc, "'format':'int64'");
	if (ent_field_is_read(field)) {
		ent_field_bounds(field, &least, &most);
		ent_doc_add(doc, "'minimum':%lld,'maximum':%lld", (long long)least,
		            (long long)most);
	}
}

static void add_map(struct ent_doc *doc, const struct ent_field *field, enum ent_use use,
                    bool nullable)
{
	bool patch = use == ENT_USE_PATCH; /* null takes a pair out */
	long long limit = (long long)field->limit * (patch ? 2 : 1);
	add_type(doc, "object", nullable);
	ent_doc_add(doc, "'maxProperties':%lld,'propertyNames':{'minLength':1,'maxLength':%d}",
	            limit, PAIR_NAME_MAX);
	ent_doc_add(doc, "'additionalProperties':{");
	add_type(doc, "string", patch);
	ent_doc_add(doc, "'maxLength':%d}", PAIR_VALUE_MAX);
}

static void add_list(struct ent_doc *doc, const struct ent_field *field, enum ent_use use,
                     bool nullable)
{
	add_type(doc, "array", nullable);
	ent_doc_add(doc, "'maxItems':%lld",
	            (long long)(field->limit > 0 ? field->limit : LIST_MAX));
	ent_doc_add(doc, "'items':{");
	if (field->kind == ENT_K_IDS) {
		ent_openapi_id(doc, field->target, false);
	} else if (field->kind == ENT_K_WORDS) {
		ent_doc_add(doc, "'type':'string','minLength':1,'maxLength':%d,'pattern':'^[^ ]+$'",
		            WORD_MAX);
	} else {
		enum ent_use nested = ent_field_is_read(field) ? use : ENT_USE_REPLY;
		ent_doc_add(doc, "'$ref':'#/components/schemas/%s'",
		            nested_name(field->child, nested).text);
	}
	ent_doc_json(doc, field->kind == ENT_K_IDS ? "},'uniqueItems':true" : "}");
}

static void add_money(struct ent_doc *doc, enum ent_use use, bool nullable)
{
	const char *name = use == ENT_USE_PATCH ? "MoneyPatch" : "Money";
	ent_doc_add(doc,
	            nullable ? "'anyOf':[{'$ref':'#/components/schemas/%s'},{'type':'null'}]"
	                     : "'$ref':'#/components/schemas/%s'",
	            name);
}

static void add_value(struct ent_doc *doc, const struct ent_field *field, enum ent_use use,
                      bool nullable)
{
	switch (field->kind) {
	case ENT_K_BOOL:
		add_type(doc, "boolean", nullable);
		return;
	case ENT_K_INT:
	case ENT_K_COUNT:
		add_integer(doc, field, nullable);
		return;
	case ENT_K_TEXT:
		add_text(doc, field, use, nullable);
		return;
	case ENT_K_ID:
		ent_openapi_id(doc, field->target, nullable);
		return;
	case ENT_K_DATE:
	case ENT_K_INSTANT:
	case ENT_K_DURATION:
		add_type(doc, "string", nullable);
		ent_doc_add(doc, "'format':'%s'",
		            field->kind == ENT_K_DATE      ? "date"
		            : field->kind == ENT_K_INSTANT ? "date-time"
		                                           : "duration");
		return;
	case ENT_K_DECIMAL:
		ent_doc_add(doc, nullable ? "'anyOf':[{'$ref':'#/components/schemas/Decimal'},"
		                            "{'type':'null'}]"
		                          : "'$ref':'#/components/schemas/Decimal'");
		return;
	case ENT_K_MONEY:
		add_money(doc, use, nullable);
		return;
	case ENT_K_ENUM:
		ent_openapi_enum(doc, field->names, nullable);
		return;
	case ENT_K_JSON:
		if (field->shape != NULL) {
			ent_openapi_shape(doc, field->shape, use == ENT_USE_PATCH, nullable);
			return;
		}
		add_type(doc, "object", nullable);
		ent_doc_add(doc, "'additionalProperties':true");
		return;
	case ENT_K_MAP:
		add_map(doc, field, use, nullable);
		return;
	case ENT_K_IDS:
	case ENT_K_WORDS:
	case ENT_K_CHILDREN:
		add_list(doc, field, use, nullable);
		return;
	case ENT_K_NULL:
		break;
	}
	assert(false);
}

/* ---- objects ------------------------------------------------------------------------------- */

static bool is_required(const struct ent_field *field)
{
	return field->rule == ENT_R_FIXED || field->rule == ENT_R_REQUIRED;
}

/* A request may say null for what has a default. */
static bool is_nullable(const struct ent_field *field, enum ent_use use)
{
	bool optional = field->rule == ENT_R_OPTIONAL || field->rule == ENT_R_ONCE;
	return ent_field_nullable(field) || (use != ENT_USE_REPLY && optional);
}

/* May only be sent back as it is. */
static bool is_read_only(const struct ent_field *field, enum ent_use use)
{
	return use == ENT_USE_PATCH &&
	       (!ent_field_is_read(field) || field->rule == ENT_R_FIXED ||
	        field->rule == ENT_R_ONCE);
}

static void add_property(struct ent_doc *doc, const struct ent_field *field, enum ent_use use)
{
	bool read_only = is_read_only(field, use);
	enum ent_use as = read_only ? ENT_USE_REPLY : use;
	ent_doc_add(doc, "'%s':{", field->name);
	add_value(doc, field, as, is_nullable(field, as));
	ent_doc_text(doc, "description", field->meaning);
	ent_doc_json(doc, read_only ? "'readOnly':true}" : "}");
}

void ent_openapi_fields(struct ent_doc *doc, const struct ent_type *type, enum ent_use use)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		bool shown = ent_field_is_shown(field);
		bool read = ent_field_is_read(field);
		if (use == ENT_USE_REPLY ? shown : use == ENT_USE_CREATE ? read : shown || read) {
			add_property(doc, field, use);
		}
	}
}

static void add_required(struct ent_doc *doc, const struct ent_type *type)
{
	bool any = false;
	for (size_t i = 0; i < type->count; i++) {
		if (is_required(&type->fields[i])) {
			ent_doc_add(doc, any ? "'%s'" : "'required':['%s'", type->fields[i].name);
			any = true;
		}
	}
	ent_doc_json(doc, any ? "]" : "");
}

bool ent_openapi_is_expandable(const struct ent_field *field)
{
	size_t len = strlen(field->name);
	return field->kind == ENT_K_ID && field->rule != ENT_R_KEY && ent_field_is_shown(field) &&
	       len > 3 && strcmp(field->name + len - 3, "_id") == 0 &&
	       ent_entity_of(field->target) != NULL;
}

/* The records that `expand` puts beside their identifiers. */
static void add_expansions(struct ent_doc *doc, const struct ent_type *type)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (ent_openapi_is_expandable(field)) {
			ent_doc_add(doc,
			            "'%.*s':{'anyOf':[{'$ref':'#/components/schemas/%s'},"
			            "{'type':'null'}],'description':'%s expanded; only where "
			            "expand asks for it'}",
			            (int)strlen(field->name) - 3, field->name,
			            ent_pascal(field->target).text, field->name);
		}
	}
}

static void add_reply(struct ent_doc *doc, const struct ent_type *type)
{
	ent_doc_add(doc, "'%s':{'type':'object'", ent_pascal(type).text);
	ent_doc_text(doc, "description", type->meaning);
	ent_doc_add(doc, "'properties':{'object':{'type':'string','const':'%s'}", type->name);
	ent_openapi_fields(doc, type, ENT_USE_REPLY);
	add_expansions(doc, type);
	if (type->plural != NULL) {
		ent_doc_add(doc, "'actions':{'type':'array','description':'What may be done with "
		                 "it now; only where actions asks for it','items':"
		                 "{'$ref':'#/components/schemas/ActionFlag'}}");
	}
	ent_doc_add(doc, "},'required':['object','id'],'additionalProperties':false}");
}

static void add_request(struct ent_doc *doc, const struct ent_type *type, enum ent_use use)
{
	bool create = use == ENT_USE_CREATE;
	ent_doc_add(doc, "'%s%s':{'type':'object'", ent_pascal(type).text,
	            create ? "Create" : "Patch");
	ent_doc_json(doc, create ? "'description':'What is left out has its default'"
	                         : "'description':'A merge patch: what is left out stays, null "
	                           "removes. Fields that are readOnly may be sent back unchanged'");
	ent_doc_add(doc, "'properties':{");
	if (ent_entity_of(type) != NULL) {
		ent_doc_add(doc, "'object':{'type':'string','const':'%s','description':'May be "
		                 "sent back; says nothing'}", type->name);
	}
	ent_openapi_fields(doc, type, use);
	ent_doc_add(doc, "}");
	if (create) {
		add_required(doc, type);
	}
	ent_doc_add(doc, "'additionalProperties':false}");
}

static void add_page(struct ent_doc *doc, const struct ent_type *type)
{
	struct ent_pascal pascal = ent_pascal(type);
	const char *name = pascal.text;
	ent_doc_add(doc, "'%sList':{'type':'object','description':'A page','properties':{"
	                 "'object':{'type':'string','const':'list'},"
	                 "'url':{'type':'string','const':'/v1/%s'},"
	                 "'data':{'type':'array','items':{'$ref':'#/components/schemas/%s'},"
	                 "'maxItems':%d}", name, type->plural, name, ENT_LIMIT_MAX);
	ent_doc_json(doc, "'has_more':{'type':'boolean'},"
	                  "'next_cursor':{'type':['string','null'],'description':'Give it as "
	                  "cursor for the next page; null on the last'},"
	                  "'total':{'type':'integer','format':'int64','minimum':0,'description':"
	                  "'How many there are on all pages; only where total asks for it'}},"
	                  "'required':['object','url','data','has_more','next_cursor'],"
	                  "'additionalProperties':false}");
}

/* ---- all of them -------------------------------------------------------------------------- */

/* Is the type part of a record, in a field that is shown there (or may be given then)? */
static bool is_child(const struct ent_type *child, enum ent_use use)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < types[i]->count; k++) {
			const struct ent_field *field = &types[i]->fields[k];
			const struct ent_entity *entity = ent_entity_of(types[i]);
			if (field->child == child && entity != NULL &&
			    (use == ENT_USE_REPLY ? ent_field_is_shown(field)
			                          : ent_field_is_read(field)) &&
			    (use != ENT_USE_CREATE || entity->creatable)) {
				return true;
			}
		}
	}
	return false;
}

static void add_child(struct ent_doc *doc, const struct ent_type *type)
{
	if (is_child(type, ENT_USE_REPLY)) {
		ent_doc_add(doc, "'%s':{'type':'object'", nested_name(type, ENT_USE_REPLY).text);
		ent_doc_text(doc, "description", type->meaning);
		ent_doc_add(doc, "'properties':{");
		ent_openapi_fields(doc, type, ENT_USE_REPLY);
		ent_doc_add(doc, "},'required':['id'],'additionalProperties':false}");
	}
	if (is_child(type, ENT_USE_CREATE)) {
		add_request(doc, type, ENT_USE_CREATE);
	}
	if (is_child(type, ENT_USE_PATCH)) {
		add_request(doc, type, ENT_USE_PATCH);
	}
}

static void add_input(struct ent_doc *doc, const struct ent_type *input)
{
	ent_doc_add(doc, "'%s':{'type':'object','properties':{", ent_pascal(input).text);
	ent_openapi_fields(doc, input, ENT_USE_CREATE);
	ent_doc_add(doc, "}");
	add_required(doc, input);
	ent_doc_add(doc, "'additionalProperties':false}");
}

/* Has an action before the n-th one such a list, too? */
static bool is_known(const struct ent_action_row *actions, size_t n, const struct ent_type *child)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < actions[i].input->count; k++) {
			if (actions[i].input->fields[k].child == child) {
				return true;
			}
		}
	}
	return false;
}

/* What lists of an input hold that is no part of a record. */
static void add_input_children(struct ent_doc *doc, const struct ent_action_row *actions, size_t n)
{
	const struct ent_type *input = actions[n].input;
	for (size_t i = 0; i < input->count; i++) {
		const struct ent_type *child = input->fields[i].child;
		if (child == NULL || is_child(child, ENT_USE_CREATE) ||
		    is_known(actions, n, child)) {
			continue;
		}
		ent_doc_add(doc, "'%s':{'type':'object','properties':{",
		            nested_name(child, ENT_USE_CREATE).text);
		ent_openapi_fields(doc, child, ENT_USE_CREATE);
		ent_doc_add(doc, "}");
		add_required(doc, child);
		ent_doc_add(doc, "'additionalProperties':false}");
	}
}

static void add_inputs(struct ent_doc *doc)
{
	add_input(doc, &ent_input_self_type);
	size_t count;
	const struct ent_action_row *actions = ent_actions(&count);
	for (size_t i = 0; i < count; i++) {
		size_t first = 0;
		while (actions[first].input != actions[i].input) {
			first++;
		}
		if (first == i) {
			add_input(doc, actions[i].input);
			add_input_children(doc, actions, i);
		}
	}
}

/* What actions answer that is no record of its own. */
static void add_answers(struct ent_doc *doc)
{
	size_t count;
	const struct ent_action_row *actions = ent_actions(&count);
	for (size_t i = 0; i < count; i++) {
		const struct ent_type *result = actions[i].result;
		size_t first = 0;
		while (actions[first].result != result) {
			first++;
		}
		if (first < i || ent_entity_of(result) != NULL) {
			continue;
		}
		ent_doc_add(doc, "'%s':{'type':'object'", ent_pascal(result).text);
		ent_doc_text(doc, "description", result->meaning);
		ent_doc_add(doc, "'properties':{'object':{'type':'string','const':'%s'}",
		            result->name);
		ent_openapi_fields(doc, result, ENT_USE_REPLY);
		ent_doc_add(doc, "},'required':['object'],'additionalProperties':false}");
	}
}

void ent_openapi_schemas(struct ent_doc *doc)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		const struct ent_entity *entity = ent_entity_of(types[i]);
		add_child(doc, types[i]);
		if (entity == NULL) {
			continue;
		}
		add_reply(doc, types[i]);
		if (entity->creatable) {
			add_request(doc, types[i], ENT_USE_CREATE);
		}
		if (entity->updatable) {
			add_request(doc, types[i], ENT_USE_PATCH);
		}
		if (types[i]->plural != NULL) {
			add_page(doc, types[i]);
		}
	}
	add_inputs(doc);
	add_answers(doc);
	ent_openapi_reports(doc);
	ent_openapi_shapes(doc);
}
