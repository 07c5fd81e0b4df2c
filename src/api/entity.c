/* What all entities have in common at the border. */
#include "api/inner.h"

#include "base/text.h"

#include <stdio.h>

enum ent_code ent_request_id(const struct ent_request *request, ent_id *out,
                             struct ent_error *error)
{
	const struct ent_type *type = request->match.route->type;
	if (ent_id_parse(request->match.id, type->prefix, out)) {
		return ENT_OK;
	}
	return ent_fail(error, ENT_E_NOT_FOUND,
	                "%.*s is no identifier of this type, such as %s_0123456789abc",
	                (int)(request->match.id.len < 60 ? request->match.id.len : 60),
	                request->match.id.ptr, type->prefix);
}

static void *make_object(struct ent_call *call, const struct ent_type *type)
{
	void *object = ent_arena_alloc(call->arena, 1, type->size, 16);
	ent_type_clear(type, object);
	return object;
}

/* One record as the reply, with its version as ETag. */
static enum ent_code reply_record(struct ent_request *request, struct ent_call *call, int status,
                                  const struct ent_type *type, void *object,
                                  struct ent_error *error)
{
	struct ent_list one = { object, 1 };
	ent_str text;
	enum ent_code code = ent_request_write(request, call, type, &one, &text, error);
	if (code != ENT_OK) {
		return code;
	}
	ent_reply_json(request, status, text);
	if (ent_type_is_record(type)) {
		request->reply.version = ((const struct ent_record *)object)->version;
	}
	if (status == 201) {
		char id[ENT_ID_ROOM];
		ent_id_format(*(const ent_id *)object, type->prefix, id);
		ent_reply_header(request, "location",
		                 ent_text_format(call->arena, "/v1/%s/%s", type->plural, id));
	}
	return ENT_OK;
}

enum ent_code ent_handle_list(struct ent_request *request, struct ent_call *call,
                              struct ent_error *error)
{
	const struct ent_type *type = request->match.route->type;
	struct ent_page page;
	enum ent_code code = ent_request_query(request, call, error);
	request->query.patience_ms = ENT_PATIENCE_MS;
	if (code == ENT_OK) {
		code = ent_record_list(call, type, &request->query, &page, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	ent_str *texts = ENT_NEW(call->arena, ent_str, page.list.count);
	code = ent_request_write(request, call, type, &page.list, texts, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_text out = ent_text_begin(call->arena);
	ent_text_addf(&out, "{\"object\":\"list\",\"url\":\"/v1/%s\",\"data\":[", type->plural);
	for (size_t i = 0; i < page.list.count; i++) {
		ent_text_add(&out, i > 0 ? ENT_STR(",") : ENT_STR(""));
		ent_text_add(&out, texts[i]);
	}
	ent_text_addf(&out, "],\"has_more\":%s,\"next_cursor\":", page.has_more ? "true" : "false");
	ent_json_string(&out, page.next_cursor);
	if (page.total >= 0) {
		ent_text_addf(&out, ",\"total\":%lld", (long long)page.total);
	}
	ent_text_char(&out, '}');
	ent_reply_json(request, 200, ent_text_end(&out));
	return ENT_OK;
}

enum ent_code ent_handle_get(struct ent_request *request, struct ent_call *call,
                             struct ent_error *error)
{
	const struct ent_type *type = request->match.route->type;
	void *object = make_object(call, type);
	ent_id id;
	enum ent_code code = ent_request_query(request, call, error);
	if (code == ENT_OK) {
		code = ent_request_id(request, &id, error);
	}
	if (code == ENT_OK) {
		code = ent_record_get(call, type, id, object, error);
	}
	return code == ENT_OK ? reply_record(request, call, 200, type, object, error) : code;
}

/* ---- create ---- */

static enum ent_code create(struct ent_request *request, struct ent_call *call,
                            const struct ent_node *body, void *object, struct ent_error *error)
{
	const struct ent_type *type = request->match.route->type;
	struct ent_set given;
	enum ent_code code =
		ent_json_read(type, body, ENT_JSON_CREATE, call->arena, object, &given, error);
	return code == ENT_OK ? ent_record_create(call, type, object, &given, error)
	                      : ent_record_faults(call, type, NULL, object, &given, error);
}

enum ent_code ent_handle_create(struct ent_request *request, struct ent_call *call,
                                struct ent_error *error)
{
	const struct ent_type *type = request->match.route->type;
	void *object = make_object(call, type);
	enum ent_code code = ent_request_query(request, call, error);
	if (code == ENT_OK) {
		code = create(request, call, ent_request_body(request), object, error);
	}
	return code == ENT_OK ? reply_record(request, call, 201, type, object, error) : code;
}

/* ---- update ---- */

struct patching {
	const struct ent_type *type;
	const struct ent_node *body;
};

static enum ent_code patch(void *arg, struct ent_arena *arena, void *object, struct ent_set *given,
                           struct ent_error *error)
{
	const struct patching *patching = arg;
	return ent_json_read(patching->type, patching->body, ENT_JSON_UPDATE, arena, object, given,
	                     error);
}

static enum ent_code update(struct ent_request *request, struct ent_call *call,
                            const struct ent_type *type, ent_id id, const struct ent_node *body,
                            struct ent_error *error)
{
	void *object = make_object(call, type);
	struct patching patching = { type, body };
	int64_t version;
	enum ent_code code = ent_request_version(request, call, &version, error);
	if (code == ENT_OK) {
		code = ent_record_update(call, type, id, version, patch, &patching, object, error);
	}
	return code == ENT_OK ? reply_record(request, call, 200, type, object, error) : code;
}

static enum ent_code require_body(const struct ent_request *request, struct ent_error *error)
{
	return request->body != NULL
	               ? ENT_OK
	               : ent_fail(error, ENT_E_SYNTAX, "send a JSON object as the body");
}

enum ent_code ent_handle_update(struct ent_request *request, struct ent_call *call,
                                struct ent_error *error)
{
	ent_id id;
	enum ent_code code = ent_request_query(request, call, error);
	if (code == ENT_OK) {
		code = ent_request_id(request, &id, error);
	}
	if (code == ENT_OK) {
		code = require_body(request, error);
	}
	return code == ENT_OK
	               ? update(request, call, request->match.route->type, id, request->body, error)
	               : code;
}

enum ent_code ent_handle_delete(struct ent_request *request, struct ent_call *call,
                                struct ent_error *error)
{
	ent_id id;
	int64_t version;
	enum ent_code code = ent_request_id(request, &id, error);
	if (code == ENT_OK) {
		code = ent_request_version(request, call, &version, error);
	}
	if (code == ENT_OK) {
		code = ent_record_delete(call, request->match.route->type, id, version, error);
	}
	request->reply.status = 204;
	return code;
}

/* ---- upsert ---- */

/* A body that says otherwise than the path was meant for another record. */
static enum ent_code check_path(const struct ent_node *body, ent_str system, ent_str external_id,
                                struct ent_error *error)
{
	const struct {
		const char *name, *pointer;
		ent_str said;
	} rows[] = {
		{ "external_system", "/external_system", system },
		{ "external_id", "/external_id", external_id },
	};
	ent_error_clear(error);
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		const struct ent_node *node = ent_json_member(body, rows[i].name);
		if (node != NULL && node->kind != ENT_JSON_NULL &&
		    !ent_str_eq(node->text, rows[i].said)) {
			ent_note(error, ENT_E_INVALID, rows[i].pointer, node->text,
			         "the path says another: leave it out");
		}
	}
	return ent_noted(error);
}

/* The body without what the path says already, plus that. */
static const struct ent_node *with_external(const struct ent_node *body, ent_str system,
                                            ent_str external_id, struct ent_arena *arena)
{
	struct ent_node *nodes = ENT_NEW(arena, struct ent_node, body->count + 3);
	struct ent_node *object = &nodes[0];
	nodes[1] = (struct ent_node){ .kind = ENT_JSON_STRING,
		                      .text = system,
		                      .name = ENT_STR("external_system"),
		                      .next = &nodes[2] };
	nodes[2] = (struct ent_node){ .kind = ENT_JSON_STRING,
		                      .text = external_id,
		                      .name = ENT_STR("external_id") };
	struct ent_node *last = &nodes[2];
	size_t count = 2;
	for (const struct ent_node *n = body->first; n != NULL; n = n->next) {
		if (ent_str_is(n->name, "external_system") || ent_str_is(n->name, "external_id")) {
			continue;
		}
		struct ent_node *copy = &nodes[++count];
		*copy = *n;
		copy->next = NULL;
		last->next = copy;
		last = copy;
	}
	*object = (struct ent_node){ .kind = ENT_JSON_OBJECT, .count = count, .first = &nodes[1] };
	return object;
}

/* Create the record. One that a rival has made since we looked is found by the second try. */
static enum ent_code create_external(struct ent_request *request, struct ent_call *call,
                                     const struct ent_node *body, ent_str system,
                                     ent_str external_id, struct ent_error *error)
{
	const struct ent_type *type = request->match.route->type;
	void *object = make_object(call, type);
	enum ent_code code = create(request, call, body, object, error);
	if (code == ENT_E_DUPLICATE && error->issue_count > 0) {
		ent_id id = ENT_ID_NONE;
		struct ent_error ignored;
		ent_error_clear(&ignored);
		if (ent_record_external(call, type, system, external_id, &id, &ignored) == ENT_OK &&
		    !ent_id_is_none(id)) {
			return ent_fail(error, ENT_E_BUSY, "it was being created");
		}
	}
	return code == ENT_OK ? reply_record(request, call, 201, type, object, error) : code;
}

enum ent_code ent_handle_upsert(struct ent_request *request, struct ent_call *call,
                                struct ent_error *error)
{
	const struct ent_type *type = request->match.route->type;
	ent_str system, external_id;
	enum ent_code code = ent_request_query(request, call, error);
	if (code == ENT_OK) {
		code = require_body(request, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	if (!ent_url_decode(request->match.system, false, call->arena, &system) ||
	    !ent_url_decode(request->match.external_id, false, call->arena, &external_id)) {
		return ent_fail(error, ENT_E_BAD_PARAMETER,
		                "the path is not percent-encoded UTF-8");
	}
	code = check_path(request->body, system, external_id, error);
	if (code != ENT_OK) {
		return code;
	}
	if (request->body->kind != ENT_JSON_OBJECT) {
		return ent_refuse(error, ENT_E_TYPE, "", (ent_str){ NULL, 0 },
		                  "send a JSON object");
	}
	const struct ent_node *body =
		with_external(request->body, system, external_id, call->arena);
	ent_id id;
	code = ent_record_external(call, type, system, external_id, &id, error);
	if (code != ENT_OK) {
		return code;
	}
	if (!ent_id_is_none(id)) {
		return update(request, call, type, id, body, error);
	}
	code = ent_request_match_none(request, error);
	return code == ENT_OK
	               ? create_external(request, call, body, system, external_id, error)
	               : code;
}

/* ---- actions ---- */

/* What needs records that it is done to is not done to none of them, nor to all. Adds to what
 * could not be read. */
static enum ent_code check_lists(const struct ent_type *type, const void *input,
                                 struct ent_error *error)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		const void *at = (const char *)input + field->offset;
		const struct ent_ids *ids = field->kind == ENT_K_IDS ? at : NULL;
		const struct ent_children *rows = field->kind == ENT_K_CHILDREN ? at : NULL;
		bool is_empty = (ids != NULL && ids->count == 0) ||
		                (rows != NULL && rows->count == 0);
		if (field->rule == ENT_R_REQUIRED && is_empty &&
		    !ent_error_is_in(error, field->name)) {
			char pointer[64];
			snprintf(pointer, sizeof(pointer), "/%s", field->name);
			ent_note(error, ENT_E_REQUIRED, pointer, (ent_str){ NULL, 0 },
			         "give at least one");
		}
	}
	return ent_noted(error);
}

enum ent_code ent_handle_action(struct ent_request *request, struct ent_call *call,
                                struct ent_error *error)
{
	const struct ent_action_row *action = request->match.route->action;
	void *input = make_object(call, action->input);
	void *object = make_object(call, action->result);
	struct ent_set given;
	ent_id id;
	int64_t version = 0;
	enum ent_code code = ent_request_query(request, call, error);
	if (code == ENT_OK) {
		code = ent_request_id(request, &id, error);
	}
	if (code == ENT_OK) {
		code = ent_request_version(request, call, &version, error);
	}
	if (code == ENT_OK) {
		code = ent_request_read(request, call, action->input, ENT_JSON_CREATE, input,
		                        &given, error);
		code = code == ENT_OK || error->issue_count > 0
		               ? check_lists(action->input, input, error)
		               : code;
	}
	const struct ent_field *reason = ent_type_field(action->input, ENT_STR("reason"));
	if (code == ENT_OK && reason != NULL && ((ent_str *)ent_field_at(reason, input))->len > 0) {
		call->reason = *(ent_str *)ent_field_at(reason, input);
	}
	call->preview = request->match.route->access == ENT_READ;
	if (code == ENT_OK) {
		code = action->act(call, id, version, input, object, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	bool is_new = ent_type_is_record(action->result) && !ent_id_eq(*(ent_id *)object, id);
	return reply_record(request, call, is_new ? 201 : 200, action->result, object, error);
}
