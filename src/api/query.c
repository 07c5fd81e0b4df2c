#include "api/inner.h"

#include "base/text.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	char lower = (char)(c | 0x20);
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool ent_url_decode(ent_str text, bool plus, struct ent_arena *arena, ent_str *out)
{
	struct ent_text plain = ent_text_begin(arena);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '%') {
			if (text.len - i < 3 || hex(text.ptr[i + 1]) < 0 ||
			    hex(text.ptr[i + 2]) < 0) {
				return false;
			}
			c = (char)(hex(text.ptr[i + 1]) * 16 + hex(text.ptr[i + 2]));
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		ent_text_char(&plain, c);
	}
	*out = ent_text_end(&plain);
	return ent_str_is_text(*out);
}

/* ---- the query string ---- */

enum { PARAMETERS_MAX = 60 };

static void bad(struct ent_error *error, struct ent_arena *arena, ent_str name, ent_str value,
                const char *remedy)
{
	ent_str pointer = ent_text_format(arena, "/%.*s", (int)name.len, name.ptr);
	ent_note(error, ENT_E_BAD_PARAMETER, pointer.ptr, value, "%s", remedy);
}

static void read_limit(struct ent_request *request, ent_str value, struct ent_arena *arena,
                       struct ent_error *error)
{
	int64_t limit;
	if (!ent_str_int(value, &limit) || limit < 1 || limit > ENT_LIMIT_MAX) {
		bad(error, arena, ENT_STR("limit"), value, "give 1 to 200");
		return;
	}
	request->query.limit = limit;
}

/* Every name in a comma-separated list must be a field that is shown (fields), or a reference
 * without its _id (expand). */
static void check_names(const struct ent_type *type, ent_str list, bool references,
                        struct ent_arena *arena, struct ent_error *error)
{
	ent_str parameter = references ? ENT_STR("expand") : ENT_STR("fields");
	size_t count = 0;
	while (list.len > 0) {
		struct ent_cut cut = ent_str_cut(list, ',');
		list = cut.tail;
		ent_str name = references ? ent_text_format(arena, "%.*s_id", (int)cut.head.len,
		                                            cut.head.ptr)
		                          : cut.head;
		const struct ent_field *field = ent_type_field(type, name);
		bool good = field != NULL && ent_field_is_shown(field);
		if (good && references) {
			good = field->kind == ENT_K_ID && ent_entity_of(field->target) != NULL;
		}
		if (!good || ++count > 20) {
			bad(error, arena, parameter, cut.head,
			    references ? "name references without _id, such as account; at most 20"
			               : "name fields of this type; at most 20");
		}
	}
}

/* "name" or "name[op]". */
static void read_filter(struct ent_request *request, ent_str name, ent_str value,
                        struct ent_arena *arena, struct ent_error *error)
{
	struct ent_cut cut = ent_str_cut(name, '[');
	ent_str op = ENT_STR("");
	if (cut.found) {
		if (cut.tail.len == 0 || cut.tail.ptr[cut.tail.len - 1] != ']') {
			bad(error, arena, name, value,
			    "write filters as field=value or field[op]=value");
			return;
		}
		op = (ent_str){ cut.tail.ptr, cut.tail.len - 1 };
	}
	ent_query_filter(&request->query, request->match.route->type, cut.head, op, value, arena,
	                 error);
}

static void read_parameter(struct ent_request *request, ent_str name, ent_str value,
                           struct ent_arena *arena, struct ent_error *error)
{
	const struct ent_type *type = request->match.route->type;
	bool list = request->match.route->kind == ENT_ROUTE_LIST;
	if (ent_str_is(name, "expand") || ent_str_is(name, "expand[]")) {
		check_names(type, value, true, arena, error);
		request->expand =
			request->expand.len == 0
				? value
				: ent_text_format(arena, "%.*s,%.*s", (int)request->expand.len,
		                                  request->expand.ptr, (int)value.len, value.ptr);
	} else if (ent_str_is(name, "fields")) {
		check_names(type, value, false, arena, error);
		request->fields = value;
		if (request->match.route->access == ENT_READ) {
			request->call.fields = value;
		}
	} else if (ent_str_is(name, "actions") && request->match.route->kind == ENT_ROUTE_GET) {
		request->wants_actions = ent_str_is(value, "true");
		if (!request->wants_actions && !ent_str_is(value, "false")) {
			bad(error, arena, name, value, "give true or false");
		}
	} else if (!list) {
		bad(error, arena, name, value, "there is no such parameter here");
	} else if (ent_str_is(name, "limit")) {
		read_limit(request, value, arena, error);
	} else if (ent_str_is(name, "cursor")) {
		request->query.cursor = value;
	} else if (ent_str_is(name, "sort")) {
		ent_query_sort(&request->query, type, value, error);
	} else if (ent_str_is(name, "q") && type->search[0] != '\0') {
		request->query.search = value;
		if (ent_str_characters(value) > 200) {
			bad(error, arena, name, value, "give at most 200 characters");
		}
	} else if (ent_str_is(name, "total")) {
		request->query.wants_total = ent_str_is(value, "true");
		if (!request->query.wants_total && !ent_str_is(value, "false")) {
			bad(error, arena, name, value, "give true or false");
		}
	} else {
		read_filter(request, name, value, arena, error);
	}
}

enum ent_code ent_request_each_parameter(const struct ent_request *request,
                                         struct ent_arena *arena, ent_request_parameter *visit,
                                         void *arg, struct ent_error *error)
{
	ent_str rest = request->exchange->query;
	for (size_t n = 0; rest.len > 0; n++) {
		struct ent_cut cut = ent_str_cut(rest, '&');
		struct ent_cut pair = ent_str_cut(cut.head, '=');
		rest = cut.tail;
		ent_str name, value;
		if (n == PARAMETERS_MAX) {
			return ent_fail(error, ENT_E_BAD_PARAMETER, "give at most %d parameters",
			                PARAMETERS_MAX);
		}
		if (!ent_url_decode(pair.head, true, arena, &name) ||
		    !ent_url_decode(pair.tail, true, arena, &value)) {
			return ent_fail(error, ENT_E_BAD_PARAMETER,
			                "the query is not percent-encoded UTF-8");
		}
		if (cut.head.len > 0) {
			visit(arg, name, value, arena, error);
		}
	}
	return ent_query_noted(error);
}

enum ent_code ent_query_noted(struct ent_error *error)
{
	if (ent_noted(error) == ENT_OK) {
		return ENT_OK;
	}
	error->code = error->code == ENT_E_INVALID ? ENT_E_BAD_PARAMETER : error->code;
	return error->code;
}

static void read_one(void *arg, ent_str name, ent_str value, struct ent_arena *arena,
                     struct ent_error *error)
{
	read_parameter(arg, name, value, arena, error);
}

enum ent_code ent_request_query(struct ent_request *request, struct ent_call *call,
                                struct ent_error *error)
{
	request->query = (struct ent_query){ .limit = ENT_LIMIT_DEFAULT };
	request->expand = ENT_STR("");
	request->fields = ENT_STR("");
	request->wants_actions = false;
	return ent_request_each_parameter(request, call->arena, read_one, request, error);
}

/* ---- bodies ---- */

const struct ent_node *ent_request_body(const struct ent_request *request)
{
	static const struct ent_node empty = { .kind = ENT_JSON_OBJECT };
	return request->body == NULL ? &empty : request->body;
}

enum ent_code ent_request_read(struct ent_request *request, struct ent_call *call,
                               const struct ent_type *type, enum ent_json_use use, void *object,
                               struct ent_set *given, struct ent_error *error)
{
	return ent_json_read(type, ent_request_body(request), use, call->arena, object, given,
	                     error);
}
