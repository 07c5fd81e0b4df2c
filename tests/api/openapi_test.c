/* The description holds together: it is JSON, has every route once, and all it refers to. */
#include "api/api.h"
#include "api/openapi.h"
#include "test.h"

#define SNAPSHOT ENT_SOURCE_DIR "/docs/openapi.json"

enum { ROOM_BYTES = 64 << 20, SNAPSHOT_BYTES = 4 << 20 };

static struct ent_budget budget;
static struct ent_arena whole;

/* More than test_arena() has. Each test takes all of it anew. */
static struct ent_arena room(void)
{
	if (whole.next == NULL && !ent_arena_reserve(ROOM_BYTES, &budget, &whole)) {
		abort();
	}
	return whole;
}

static const struct ent_node *parse(ent_str text, struct ent_arena *arena)
{
	const struct ent_node *node = NULL;
	struct ent_error error;
	ent_error_clear(&error);
	enum ent_code code = ent_json_parse(text, arena, &node, &error);
	CHECK_TEXT(code == ENT_OK ? "" : error.detail, "");
	return node;
}

static const struct ent_node *document(struct ent_arena *arena)
{
	ent_str text = ent_openapi_write(arena);
	return parse(text, arena);
}

/* By a path of names: "components/schemas/Case". */
static const struct ent_node *at(const struct ent_node *node, const char *path)
{
	ent_str rest = ent_str_of(path);
	while (rest.len > 0 && node != NULL) {
		char name[100];
		struct ent_cut cut = ent_str_cut(rest, '/');
		snprintf(name, sizeof(name), "%.*s", (int)cut.head.len, cut.head.ptr);
		node = ent_json_member(node, name);
		rest = cut.tail;
	}
	return node;
}

static const struct ent_node *operation_of(const struct ent_node *all,
                                           const struct ent_route *route)
{
	char method[8] = "";
	for (size_t i = 0; route->method[i] != '\0'; i++) {
		method[i] = (char)(route->method[i] | 0x20);
	}
	const struct ent_node *paths = ent_json_member(all, "paths");
	return ent_json_member(ent_json_member(paths, route->path), method);
}

/* ---- routes ---------------------------------------------------------------------------- */

TEST(openapi_has_every_route)
{
	struct ent_arena arena = room();
	const struct ent_node *all = document(&arena);
	size_t count;
	const struct ent_route *routes = ent_routes(&count);
	size_t operations = 0;
	for (size_t i = 0; i < count; i++) {
		ROW(routes[i].operation);
		const struct ent_node *operation = operation_of(all, &routes[i]);
		const struct ent_node *id = ent_json_member(operation, "operationId");
		CHECK(id != NULL && ent_str_is(id->text, routes[i].operation));
		CHECK(ent_json_member(operation, "responses") != NULL);
		for (size_t k = 0; k < i; k++) {
			CHECK(strcmp(routes[k].operation, routes[i].operation) != 0);
		}
	}
	const struct ent_node *paths = ent_json_member(all, "paths");
	for (const struct ent_node *path = paths->first; path != NULL; path = path->next) {
		operations += path->count - (ent_json_member(path, "parameters") != NULL);
	}
	ROW("");
	CHECK_INT(operations, count);
}

TEST(openapi_says_who_may)
{
	struct ent_arena arena = room();
	const struct ent_node *all = document(&arena);
	size_t count;
	const struct ent_route *routes = ent_routes(&count);
	for (size_t i = 0; i < count; i++) {
		ROW(routes[i].operation);
		const struct ent_node *operation = operation_of(all, &routes[i]);
		const struct ent_node *permission = ent_json_member(operation, "x-permission");
		const struct ent_node *security = ent_json_member(operation, "security");
		CHECK((permission != NULL) == (routes[i].permission != NULL));
		bool public = security != NULL && security->count == 0;
		CHECK(public == ((routes[i].flags & ENT_ROUTE_PUBLIC) != 0));
		CHECK(public || at(operation, "responses/401") != NULL);
		CHECK(permission == NULL || at(operation, "responses/403") != NULL);
	}
}

/* ---- references -------------------------------------------------------------------------- */

static size_t check_references(const struct ent_node *all, const struct ent_node *node)
{
	size_t seen = 0;
	for (const struct ent_node *one = node->first; one != NULL; one = one->next) {
		if (ent_str_is(one->name, "$ref") && one->kind == ENT_JSON_STRING) {
			char path[200];
			snprintf(path, sizeof(path), "%.*s", (int)one->text.len, one->text.ptr);
			ROW(path);
			CHECK(strncmp(path, "#/", 2) == 0 && at(all, path + 2) != NULL);
			seen++;
		} else if (one->kind == ENT_JSON_OBJECT || one->kind == ENT_JSON_ARRAY) {
			seen += check_references(all, one);
		}
	}
	return seen;
}

TEST(openapi_refers_to_what_is_there)
{
	struct ent_arena arena = room();
	const struct ent_node *all = document(&arena);
	CHECK(check_references(all, all) > 1000);
	ROW("");
}

/* Within one operation and its path: a client keeps them in one object. */
static void check_names(const struct ent_node *all, const struct ent_node *list)
{
	ent_str names[100];
	size_t count = 0;
	for (const struct ent_node *one = list->first; one != NULL; one = one->next) {
		const struct ent_node *ref = ent_json_member(one, "$ref");
		char path[200];
		snprintf(path, sizeof(path), "%.*s", ref == NULL ? 0 : (int)ref->text.len,
		         ref == NULL ? "" : ref->text.ptr);
		const struct ent_node *name =
			ent_json_member(ref == NULL ? one : at(all, path + 2), "name");
		CHECK(name != NULL && count < ENT_COUNT(names));
		if (name == NULL || count == ENT_COUNT(names)) {
			return;
		}
		for (size_t i = 0; i < count; i++) {
			CHECK(!ent_str_eq(names[i], name->text));
		}
		names[count++] = name->text;
	}
}

TEST(openapi_names_parameters_once)
{
	struct ent_arena arena = room();
	const struct ent_node *all = document(&arena);
	size_t count;
	const struct ent_route *routes = ent_routes(&count);
	for (size_t i = 0; i < count; i++) {
		ROW(routes[i].operation);
		const struct ent_node *list =
			ent_json_member(operation_of(all, &routes[i]), "parameters");
		CHECK(list != NULL);
		if (list != NULL) {
			check_names(all, list);
		}
	}
}

/* ---- schemas -------------------------------------------------------------------------------- */

static const struct ent_node *property(const struct ent_node *all, const struct ent_type *type,
                                       const char *tail, const char *name)
{
	char path[200];
	snprintf(path, sizeof(path), "components/schemas/%s%s/properties/%s", ent_pascal(type).text,
	         tail, name);
	return at(all, path);
}

TEST(openapi_shows_and_takes_what_the_tables_say)
{
	struct ent_arena arena = room();
	const struct ent_node *all = document(&arena);
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		const struct ent_entity *entity = ent_entity_of(types[i]);
		for (size_t k = 0; k < types[i]->count && entity != NULL; k++) {
			const struct ent_field *field = &types[i]->fields[k];
			const char *name = field->name;
			bool shown = ent_field_is_shown(field);
			bool read = ent_field_is_read(field);
			char row[100];
			snprintf(row, sizeof(row), "%s.%s", types[i]->name, name);
			ROW(row);
			CHECK((property(all, types[i], "", name) != NULL) == shown);
			CHECK((property(all, types[i], "Create", name) != NULL) ==
			      (entity->creatable && read));
			CHECK((property(all, types[i], "Patch", name) != NULL) ==
			      (entity->updatable && (shown || read)));
		}
	}
	ROW("");
}

TEST(openapi_has_constraints)
{
	static const struct {
		const char *schema, *path, *want;
	} rows[] = {
		{ "Case", "properties/id/pattern", "^cas_[0-9a-hjkmnp-tv-z]{13}$" },
		{ "Case", "properties/object/const", "case" },
		{ "Case", "properties/resolved_at/format", "date-time" },
		{ "CaseCreate", "properties/title/maxLength", "300" },
		{ "CaseCreate", "properties/title/minLength", "1" },
		{ "EntitlementCreate", "properties/grants/items/$ref",
		  "#/components/schemas/EntitlementGrantCreate" },
		{ "CasePatch", "properties/number/readOnly", "true" },
		{ "CasePatch", "properties/account_id/readOnly", "true" },
		{ "CasePatch", "additionalProperties", "false" },
		{ "UserCreate", "properties/password/writeOnly", "true" },
		{ "EntitlementCreate", "properties/total/maximum", "1000000000" },
		{ "Entitlement", "properties/lots/items/$ref",
		  "#/components/schemas/TermLotRow" },
		{ "AdjustInput", "properties/units/minimum", "-1000000000000" },
		{ "TextFilterOrNull", "properties/null/type", "boolean" },
	};
	struct ent_arena arena = room();
	const struct ent_node *all = document(&arena);
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char path[200];
		snprintf(path, sizeof(path), "components/schemas/%s/%s", rows[i].schema,
		         rows[i].path);
		ROW(path);
		const struct ent_node *node = at(all, path);
		CHECK(node != NULL);
		if (node != NULL) {
			struct ent_text text = ent_text_begin(&arena);
			ent_json_node(&text, node);
			ent_str got = ent_text_end(&text);
			char want[100];
			snprintf(want, sizeof(want),
			         node->kind == ENT_JSON_STRING ? "\"%s\"" : "%s", rows[i].want);
			CHECK_TEXT(got.ptr, want);
		}
	}
	ROW("");
}

/* ---- filters ------------------------------------------------------------------------------- */

/* A value that fits the field. */
static const char *value_for(const struct ent_field *field, enum ent_filter_op op,
                             char id[static 40])
{
	snprintf(id, 40, "%s_0123456789abc",
	         field->target == NULL ? "" : field->target->prefix);
	switch (op == ENT_OP_NULL ? ENT_K_BOOL : field->kind) {
	case ENT_K_BOOL:
		return "true";
	case ENT_K_ID:
	case ENT_K_IDS:
		return id;
	case ENT_K_DATE:
		return "2026-01-31";
	case ENT_K_INSTANT:
		return "2026-01-31T09:30:00Z";
	case ENT_K_ENUM:
		return field->names->text[0];
	default:
		return "1";
	}
}

TEST(openapi_tells_the_filters_that_lists_understand)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < types[i]->count; k++) {
			const struct ent_field *field = &types[i]->fields[k];
			for (unsigned op = 0; ent_filter_op_name(op) != NULL; op++) {
				struct ent_arena arena = room();
				struct ent_query query = { .limit = 1 };
				struct ent_error error;
				char id[40];
				char row[100];
				if (!ent_field_is_filterable(types[i], field)) {
					continue;
				}
				snprintf(row, sizeof(row), "%s.%s[%s]", types[i]->name, field->name,
				         ent_filter_op_name(op));
				ROW(row);
				ent_str value = ent_str_of(value_for(field, op, id));
				ent_error_clear(&error);
				ent_query_filter(&query, types[i], ent_str_of(field->name),
				                 ent_str_of(ent_filter_op_name(op)), value,
				                 &arena, &error);
				CHECK_INT(error.issue_count == 0, ent_filter_op_fits(op, field));
			}
		}
	}
	ROW("");
}

/* ---- the snapshot -------------------------------------------------------------------------- */

static ent_str read_snapshot(struct ent_arena *arena)
{
	char *bytes = ent_arena_bytes(arena, SNAPSHOT_BYTES);
	FILE *file = fopen(SNAPSHOT, "rb");
	CHECK(file != NULL);
	size_t len = file == NULL ? 0 : fread(bytes, 1, SNAPSHOT_BYTES, file);
	if (file != NULL) {
		fclose(file);
	}
	CHECK(len > 0 && bytes[len - 1] == '\n'); /* which the command puts behind it */
	return (ent_str){ bytes, len > 0 ? len - 1 : 0 };
}

/* A change of the API is to be seen in review: entitled describe openapi >docs/openapi.json */
TEST(openapi_is_the_snapshot)
{
	struct ent_arena arena = room();
	ent_str kept = read_snapshot(&arena);
	ent_str made = ent_openapi_write(&arena);
	size_t same = 0;
	long long line = 1;
	while (same < kept.len && same < made.len && kept.ptr[same] == made.ptr[same]) {
		line += made.ptr[same++] == '\n';
	}
	CHECK_INT(same == kept.len && same == made.len ? 0 : line, 0);
}

TEST(openapi_is_the_same_each_time)
{
	struct ent_arena arena = room();
	ent_str first = ent_openapi_write(&arena);
	ent_str second = ent_openapi_write(&arena);
	CHECK(ent_str_eq(first, second));
}

/* ---- metadata -------------------------------------------------------------------------- */

/* The member of a list whose `name` is this. */
static const struct ent_node *named(const struct ent_node *list, const char *name)
{
	for (const struct ent_node *n = list == NULL ? NULL : list->first; n != NULL; n = n->next) {
		const struct ent_node *own = ent_json_member(n, "name");
		if (own != NULL && ent_str_is(own->text, name)) {
			return n;
		}
	}
	return NULL;
}

TEST(meta_describes_every_type)
{
	struct ent_arena arena = room();
	ent_str text = ent_meta_write(&arena);
	const struct ent_node *list = ent_json_member(parse(text, &arena), "types");
	size_t count;
	size_t known = 0;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		if (ent_entity_of(types[i]) != NULL) {
			ROW(types[i]->name);
			CHECK(named(list, types[i]->name) != NULL);
			known++;
		}
	}
	ROW("");
	CHECK_INT(list == NULL ? 0 : list->count, known);
}

TEST(meta_describes_fields)
{
	static const struct {
		const char *type, *field, *member, *want;
	} rows[] = {
		{ "entitlement", "starts_on", "label", "\"Starts on\"" },
		{ "entitlement", "kb_access", "label", "\"KB access\"" },
		{ "entitlement", "external_id", "label", "\"External ID\"" },
		{ "entitlement", "account_id", "label", "\"Account\"" },
		{ "entitlement", "id", "label", "\"ID\"" },
		{ "entitlement", "id", "target", "null" },
		{ "entitlement", "reset", "values",
		  "[\"none\",\"monthly\",\"quarterly\",\"yearly\"]" },
		{ "entitlement", "account_id", "target", "\"account\"" },
		{ "entitlement", "account_id", "target_plural", "\"accounts\"" },
		{ "entitlement", "account_id", "rule", "\"fixed\"" },
		{ "entitlement", "products", "kind", "\"ids\"" },
		{ "entitlement", "products", "ops", "[\"contains\"]" },
		{ "entitlement", "reset", "child", "null" },
		{ "entitlement", "name", "show", "\"list\"" },
		{ "entitlement", "name", "limit", "200" },
		{ "entitlement", "name", "nullable", "false" },
		{ "entitlement", "total", "nullable", "true" },
		{ "user", "role", "values",
		  "[\"viewer\",\"agent\",\"sales_agent\",\"order_agent\",\"manager\",\"admin\","
		  "\"integration\",\"customer\"]" },
		{ "entitlement", "state", "filterable", "true" },
		{ "entitlement", "remaining", "filterable", "false" },
		{ "user", "password", "rule", "\"write\"" },
		{ "settings", "channels", "filterable", "false" },
	};
	struct ent_arena arena = room();
	ent_str text = ent_meta_write(&arena);
	const struct ent_node *list = ent_json_member(parse(text, &arena), "types");
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		char row[100];
		snprintf(row, sizeof(row), "%s.%s %s", rows[i].type, rows[i].field, rows[i].member);
		ROW(row);
		const struct ent_node *type = named(list, rows[i].type);
		const struct ent_node *fields = ent_json_member(type, "fields");
		const struct ent_node *node =
			ent_json_member(named(fields, rows[i].field), rows[i].member);
		CHECK(node != NULL);
		if (node != NULL) {
			struct ent_text out = ent_text_begin(&arena);
			ent_json_node(&out, node);
			CHECK_TEXT(ent_text_end(&out).ptr, rows[i].want);
		}
		CHECK(named(fields, "stage") == NULL); /* hidden */
	}
}
