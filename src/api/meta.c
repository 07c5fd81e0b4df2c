/* All types with their fields and actions, for user interfaces. */
#include "api/api.h"
#include "api/openapi.h"

#include "core/access.h"
#include "core/coverage.h"

#include <string.h>

static const char *const kinds[] = {
	[ENT_K_BOOL] = "bool",       [ENT_K_INT] = "int",
	[ENT_K_TEXT] = "text",       [ENT_K_ID] = "id",
	[ENT_K_DATE] = "date",       [ENT_K_INSTANT] = "instant",
	[ENT_K_DURATION] = "duration", [ENT_K_DECIMAL] = "decimal",
	[ENT_K_MONEY] = "money",     [ENT_K_ENUM] = "enum",
	[ENT_K_IDS] = "ids",         [ENT_K_WORDS] = "words",
	[ENT_K_COUNT] = "count",     [ENT_K_JSON] = "json",
	[ENT_K_MAP] = "map",         [ENT_K_CHILDREN] = "children",
};

static const char *const rules[] = {
	[ENT_R_KEY] = "key",           [ENT_R_SERVER] = "server",
	[ENT_R_FIXED] = "fixed",       [ENT_R_ONCE] = "once",
	[ENT_R_REQUIRED] = "required", [ENT_R_OPTIONAL] = "optional",
	[ENT_R_DERIVED] = "derived",   [ENT_R_WRITE] = "write",
};

static const char *const shows[] = {
	[ENT_SHOW_LIST] = "list",
	[ENT_SHOW_FORM] = "form",
	[ENT_SHOW_SIDE] = "side",
	[ENT_SHOW_NONE] = "none",
};

/* ---- labels -------------------------------------------------------------------------------- */

static bool is_abbreviation(const char *word, size_t len)
{
	static const char *const all[] = { "id",  "kb",  "api", "sla", "url",
		                           "arr", "mrr", "acv", "tcv" };
	for (size_t i = 0; i < ENT_COUNT(all); i++) {
		if (len == strlen(all[i]) && memcmp(word, all[i], len) == 0) {
			return true;
		}
	}
	return false;
}

/* "starts_on" as "Starts on", "kb_access" as "KB access", a reference "account_id" as
 * "Account". */
static void add_label(struct ent_doc *doc, const char *name, bool reference)
{
	char label[64];
	size_t len = strlen(name);
	assert(len < sizeof(label));
	if (reference && len > 3 && strcmp(name + len - 3, "_id") == 0) {
		len -= 3;
	}
	for (size_t start = 0; start < len;) {
		size_t end = start + strcspn(name + start, "_");
		end = end < len ? end : len;
		bool loud = is_abbreviation(name + start, end - start);
		for (size_t i = start; i < end; i++) {
			bool capital = loud || i == 0;
			label[i] = capital ? (char)(name[i] - 'a' + 'A') : name[i];
		}
		label[end] = ' ';
		start = end + 1;
	}
	label[len] = '\0';
	ent_doc_text(doc, "label", label);
}

/* ---- fields -------------------------------------------------------------------------------- */

static void add_bool(struct ent_doc *doc, const char *name, bool truth)
{
	ent_doc_add(doc, "'%s':%s", name, truth ? "true" : "false");
}

static void add_ops(struct ent_doc *doc, const struct ent_field *field, bool filterable)
{
	ent_doc_add(doc, "'ops':[");
	for (unsigned op = 0; filterable && ent_filter_op_name(op) != NULL; op++) {
		if (ent_filter_op_fits((enum ent_filter_op)op, field)) {
			ent_doc_add(doc, "'%s'", ent_filter_op_name(op));
		}
	}
	ent_doc_add(doc, "]");
}

static void add_fields(struct ent_doc *doc, const char *name, const struct ent_type *type);

static void add_field(struct ent_doc *doc, const struct ent_type *type,
                      const struct ent_field *field)
{
	bool listed = ent_entity_of(type) != NULL && type->plural != NULL;
	bool filterable = listed && ent_field_is_filterable(type, field);
	bool reference = (field->kind == ENT_K_ID || field->kind == ENT_K_IDS) &&
	                 field->rule != ENT_R_KEY;
	ent_doc_add(doc, "{'name':'%s'", field->name);
	add_label(doc, field->name, reference);
	ent_doc_add(doc, "'kind':'%s','rule':'%s','show':'%s','limit':%lld,'values':[",
	            kinds[field->kind], rules[field->rule], shows[field->show],
	            (long long)field->limit);
	for (size_t i = 0; field->names != NULL && i < field->names->count; i++) {
		ent_doc_add(doc, "'%s'", field->names->text[i]);
	}
	ent_doc_add(doc, "]");
	ent_doc_text(doc, "target", reference ? field->target->name : NULL);
	ent_doc_text(doc, "target_plural", reference ? field->target->plural : NULL);
	if (field->child != NULL) {
		add_fields(doc, "child", field->child);
	} else {
		ent_doc_text(doc, "child", NULL);
	}
	add_bool(doc, "nullable", ent_field_nullable(field));
	add_bool(doc, "filterable", filterable);
	add_bool(doc, "sortable", listed && ent_field_is_sortable(type, field));
	add_ops(doc, field, filterable);
	ent_doc_text(doc, "meaning", field->meaning);
	ent_doc_add(doc, "}");
}

/* All that is shown or can be given. Children have no children. */
static void add_fields(struct ent_doc *doc, const char *name, const struct ent_type *type)
{
	ent_doc_add(doc, "'%s':[", name);
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (ent_field_is_shown(field) || ent_field_is_read(field)) {
			add_field(doc, type, field);
		}
	}
	ent_doc_add(doc, "]");
}

/* ---- types --------------------------------------------------------------------------------- */

static void add_permission(struct ent_doc *doc, const struct ent_type *type, const char *verb,
                           bool possible)
{
	ent_doc_add(doc, possible ? "'%s':'%s.%s'" : "'%s':null", verb, type->name, verb);
}

static void add_search(struct ent_doc *doc, const struct ent_type *type)
{
	ent_str rest = ent_str_of(type->search);
	ent_doc_add(doc, "'search':[");
	while (rest.len > 0) {
		struct ent_cut cut = ent_str_cut(rest, ' ');
		ent_doc_add(doc, "'%.*s'", (int)cut.head.len, cut.head.ptr);
		rest = cut.tail;
	}
	ent_doc_add(doc, "]");
}

static void add_actions(struct ent_doc *doc, const struct ent_type *type)
{
	size_t count;
	const struct ent_action_row *actions = ent_actions(&count);
	ent_doc_add(doc, "'actions':[");
	for (size_t i = 0; i < count; i++) {
		if (actions[i].type != type) {
			continue;
		}
		ent_doc_add(doc, "{'name':'%s'", actions[i].name);
		add_label(doc, actions[i].name, false);
		ent_doc_add(doc, "'permission':'%s'", actions[i].permission);
		ent_doc_text(doc, "summary", actions[i].summary);
		add_fields(doc, "fields", actions[i].input);
		ent_doc_add(doc, "}");
	}
	ent_doc_add(doc, "]");
}

static void add_type(struct ent_doc *doc, const struct ent_entity *entity)
{
	const struct ent_type *type = entity->type;
	ent_doc_add(doc, "{'name':'%s'", type->name);
	ent_doc_text(doc, "plural", type->plural);
	ent_doc_add(doc, "'label_field':'%s'", type->label);
	add_search(doc, type);
	ent_doc_text(doc, "meaning", type->meaning);
	add_bool(doc, "creatable", entity->creatable);
	add_bool(doc, "updatable", entity->updatable);
	add_bool(doc, "deletable", entity->deletable);
	add_bool(doc, "owned", type->owned);
	ent_doc_add(doc, "'permissions':{");
	add_permission(doc, type, "read", true);
	add_permission(doc, type, "create", entity->creatable);
	add_permission(doc, type, "update", entity->updatable);
	add_permission(doc, type, "delete", entity->deletable);
	ent_doc_add(doc, "}");
	add_fields(doc, "fields", type);
	add_actions(doc, type);
	ent_doc_add(doc, "}");
}

/* ---- words --------------------------------------------------------------------------------- */

static void add_word(struct ent_doc *doc, const char *code, const char *detail)
{
	ent_doc_add(doc, "{'code':'%s'", code);
	ent_doc_text(doc, "detail", detail);
	ent_doc_add(doc, "}");
}

static void add_words(struct ent_doc *doc)
{
	ent_doc_add(doc, "'reasons':[");
	for (unsigned i = 0; i < ENT_REASON_COUNT; i++) {
		enum ent_reason reason = (enum ent_reason)i;
		add_word(doc, ent_reason_text(reason), ent_reason_meaning(reason));
	}
	ent_doc_add(doc, "],'choices':[");
	for (unsigned i = 0; i < ENT_CHOICE_COUNT; i++) {
		enum ent_choice choice = (enum ent_choice)i;
		add_word(doc, ent_choice_text(choice), ent_choice_meaning(choice));
	}
	ent_doc_add(doc, "],'errors':[");
	for (unsigned i = ENT_OK + 1; i < ENT_CODE_COUNT; i++) {
		enum ent_code code = (enum ent_code)i;
		ent_doc_add(doc, "{'code':'%s','status':%d", ent_code_name(code),
		            ent_code_http(code));
		ent_doc_text(doc, "title", ent_code_title(code));
		ent_doc_add(doc, "}");
	}
	ent_doc_add(doc, "],'permissions':[");
	for (size_t i = 0; i < ent_permission_count(); i++) {
		ent_doc_add(doc, "'%s'", ent_permission_name(i));
	}
	ent_doc_add(doc, "]");
}

/* What each role may do. */
static void add_roles(struct ent_doc *doc)
{
	ent_doc_add(doc, ",'roles':[");
	for (unsigned i = 0; i < ent_role_names.count; i++) {
		enum ent_role role = (enum ent_role)i;
		ent_doc_add(doc, "{'code':'%s'", ent_role_names.text[i]);
		ent_doc_text(doc, "detail", ent_role_meaning(role));
		ent_doc_add(doc, "'permissions':[");
		for (size_t k = 0; k < ent_permission_count(); k++) {
			if (ent_role_may(role, k)) {
				ent_doc_add(doc, "'%s'", ent_permission_name(k));
			}
		}
		ent_doc_add(doc, "]}");
	}
	ent_doc_add(doc, "]");
}

ent_str ent_meta_write(struct ent_arena *arena)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	struct ent_doc doc = ent_doc_begin(arena, true);
	ent_doc_add(&doc, "{'object':'meta','version':'%s','types':[", ENT_VERSION);
	for (size_t i = 0; i < count; i++) {
		const struct ent_entity *entity = ent_entity_of(types[i]);
		if (entity != NULL) {
			add_type(&doc, entity);
		}
	}
	ent_doc_add(&doc, "]");
	add_words(&doc);
	add_roles(&doc);
	ent_doc_add(&doc, "}");
	return ent_doc_end(&doc);
}
