#include "api/request.h"

#include "base/text.h"
#include "json/json.h"

void ent_reply_header(struct ent_request *request, const char *name, ent_str value)
{
	struct ent_reply *reply = &request->reply;
	assert(reply->header_count < ENT_REPLY_HEADER_MAX);
	reply->headers[reply->header_count++] = (struct ent_http_header){ ent_str_of(name), value };
}

void ent_reply_json(struct ent_request *request, int status, ent_str body)
{
	request->reply.status = status;
	request->reply.type = "application/json";
	request->reply.body = body;
}

static void member(struct ent_text *out, const char *name, ent_str value)
{
	ent_text_char(out, ',');
	ent_json_name(out, name);
	ent_json_string(out, value);
}

ent_str ent_problem_write(int status, const struct ent_error *error, const char *request_id,
                          struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	const char *code = ent_code_name(error->code);
	ent_text_addf(&out, "{\"type\":\"/reference/errors#%s\"", code);
	member(&out, "title", ent_str_of(ent_code_title(error->code)));
	ent_text_addf(&out, ",\"status\":%d", status);
	member(&out, "detail", ent_str_of(error->detail));
	member(&out, "code", ent_str_of(code));
	if (request_id != NULL) {
		member(&out, "request_id", ent_str_of(request_id));
	}
	if (error->issue_count > 0) {
		ent_text_add(&out, ENT_STR(",\"errors\":"));
		ent_json_issues(error, "#", &out);
	}
	ent_text_char(&out, '}');
	return ent_text_end(&out);
}

/* A loop has no arena at hand when it refuses bytes: a small one on the stack. */
size_t ent_api_problem(int status, const char *detail, char *out, size_t size)
{
	bool too_large = status == 413 || status == 414 || status == 431;
	enum ent_code code = too_large       ? ENT_E_TOO_LARGE
	                     : status == 501 ? ENT_E_METHOD_NOT_ALLOWED
	                     : status == 503 ? ENT_E_OVERLOADED
	                     : status >= 500 ? ENT_E_SYSTEM
	                                     : ENT_E_SYNTAX;
	struct ent_error error;
	ent_fail(&error, code, "%s", detail);
	char memory[1024];
	struct ent_budget budget = { .high = memory, .fail_at = -1 };
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	ent_str body = ent_problem_write(status, &error, NULL, &arena);
	if (body.len > size) {
		return 0;
	}
	for (size_t i = 0; i < body.len; i++) {
		out[i] = body.ptr[i];
	}
	return body.len;
}
