/* The question asked most: POST /v1/coverage/check. coverage_write.c writes the answer. */
#include "app/coverage.h"

#include "api/coverage.h"
#include "api/inner.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { CHECKS_MAX = 10000 };

/* ---- reading ---- */

static const struct {
	ent_str name;
	const char *prefix;
	size_t offset;
} ids[] = {
	{ { "account_id", 10 }, "acc", offsetof(struct ent_coverage_question, account_id) },
	{ { "contact_id", 10 }, "con", offsetof(struct ent_coverage_question, contact_id) },
	{ { "product_id", 10 }, "prd", offsetof(struct ent_coverage_question, product_id) },
	{ { "asset_id", 8 }, "ast", offsetof(struct ent_coverage_question, asset_id) },
	{ { "entitlement_id", 14 }, "ent", offsetof(struct ent_coverage_question, entitlement_id) },
	{ { "contract_id", 11 }, "ctr", offsetof(struct ent_coverage_question, contract_id) },
};

/* Notes what is wrong with a member, under its name. */
static void note(struct ent_error *error, enum ent_code code, const struct ent_node *node,
                 const char *remedy)
{
	char pointer[96];
	snprintf(pointer, sizeof(pointer), "/%.*s",
	         (int)(node->name.len < 90 ? node->name.len : 90), node->name.ptr);
	ent_note(error, code, pointer,
	         code == ENT_E_UNKNOWN_FIELD ? (ent_str){ NULL, 0 } : node->text, "%s", remedy);
}

static bool read_id(const struct ent_node *node, struct ent_coverage_question *out,
                    struct ent_error *error)
{
	for (size_t i = 0; i < ENT_COUNT(ids); i++) {
		if (!ent_str_eq(node->name, ids[i].name)) {
			continue;
		}
		ent_id *id = (ent_id *)((char *)out + ids[i].offset);
		if (node->kind != ENT_JSON_NULL && (node->kind != ENT_JSON_STRING ||
		                                    !ent_id_parse(node->text, ids[i].prefix, id))) {
			char remedy[48];
			snprintf(remedy, sizeof(remedy), "give an identifier that begins with %s_",
			         ids[i].prefix);
			note(error, ENT_E_FORMAT, node, remedy);
		}
		return true;
	}
	return false;
}

static void read_member(const struct ent_node *node, struct ent_coverage_question *out,
                        struct ent_error *error)
{
	bool null = node->kind == ENT_JSON_NULL;
	if (read_id(node, out, error)) {
		return;
	}
	if (ent_str_is(node->name, "channel")) {
		if (!null && (node->kind != ENT_JSON_STRING || node->text.len > 40)) {
			note(error, ENT_E_FORMAT, node, "give a channel such as \"phone\"");
		}
		out->channel = null ? (ent_str){ NULL, 0 } : node->text;
	} else if (ent_str_is(node->name, "at")) {
		if (!null &&
		    (node->kind != ENT_JSON_STRING || !ent_instant_parse(node->text, &out->at))) {
			note(error, ENT_E_FORMAT, node, "give a time like 2026-01-31T09:30:00Z");
		}
	} else if (ent_str_is(node->name, "units")) {
		if (!null && (!ent_json_int(node, &out->units) || out->units < 0 ||
		              out->units > 1000000000)) {
			note(error, ENT_E_RANGE, node, "give 0 to 1000000000");
		}
	} else {
		note(error, ENT_E_UNKNOWN_FIELD, node, "remove it");
	}
}

enum ent_code ent_coverage_read(const struct ent_node *node, struct ent_coverage_question *out,
                                struct ent_error *error)
{
	*out = (struct ent_coverage_question){ .at = ENT_INSTANT_NONE, .units = 1 };
	if (node == NULL || node->kind != ENT_JSON_OBJECT) {
		return ent_refuse(error, ENT_E_TYPE, "", (ent_str){ NULL, 0 },
		                  "send a JSON object");
	}
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		read_member(n, out, error);
	}
	return ent_noted(error);
}

/* ---- handlers ---- */

static enum ent_code check_one(struct ent_call *call, const struct ent_node *node, ent_str *out,
                               struct ent_error *error)
{
	struct ent_coverage_question question;
	struct ent_coverage_answer answer;
	enum ent_code code = ent_coverage_read(node, &question, error);
	if (code == ENT_OK) {
		code = ent_coverage_decide(call, &question, ENT_COVERAGE_CACHED, &answer, error);
	}
	if (code == ENT_OK) {
		ent_instant at = ent_instant_is_none(question.at) ? call->now : question.at;
		struct ent_text text = ent_text_begin(call->arena);
		ent_coverage_write(&answer, answer.account_id, at, &text);
		*out = ent_text_end(&text);
	}
	return code;
}

enum ent_code ent_handle_check_coverage(struct ent_request *request, struct ent_call *call,
                                        struct ent_error *error)
{
	ent_str text;
	enum ent_code code = check_one(call, request->body, &text, error);
	if (code == ENT_OK) {
		ent_reply_json(request, 200, text);
	}
	return code;
}

/* One result of a batch, without what it needed on the way: only its text is kept. */
static enum ent_code check_of_batch(struct ent_call *call, const struct ent_node *node,
                                    struct ent_arena *scratch, ent_str *out,
                                    struct ent_error *error)
{
	struct ent_arena room = *scratch;
	struct ent_call own = ent_call_within(call, &room);
	ent_error_clear(error);
	enum ent_code code = check_one(&own, node, out, error);
	ent_call_end(&own);
	if (code == ENT_E_BUSY || code == ENT_E_STORAGE) {
		return code;
	}
	struct ent_text text = ent_text_begin(call->arena);
	if (code == ENT_OK) {
		ent_text_add(&text, ENT_STR("{\"result\":"));
		ent_text_add(&text, *out);
	} else {
		ent_text_add(&text, ENT_STR("{\"error\":"));
		ent_text_add(&text, ent_problem_write(ent_code_http(code), error, NULL, &room));
	}
	ent_text_char(&text, '}');
	*out = ent_text_end(&text);
	return ENT_OK;
}

enum ent_code ent_handle_check_coverage_batch(struct ent_request *request, struct ent_call *call,
                                              struct ent_error *error)
{
	enum { SCRATCH_BYTES = 8 << 20 };
	const struct ent_node *checks = ent_json_member(request->body, "checks");
	if (checks == NULL || checks->kind != ENT_JSON_ARRAY || request->body->count != 1) {
		return ent_refuse(error, ENT_E_TYPE, "/checks", (ent_str){ NULL, 0 },
		                  "send {\"checks\": [ … ]}");
	}
	if (checks->count > CHECKS_MAX) {
		return ent_refuse(error, ENT_E_LIMIT, "/checks", (ent_str){ NULL, 0 },
		                  "give at most %d checks", CHECKS_MAX);
	}
	char *memory = ent_arena_bytes(call->arena, SCRATCH_BYTES);
	/* a span of its own, so a budget of its own; running out leads to the same place */
	struct ent_budget budget = { .escape = call->arena->budget->escape, .high = memory,
		                     .fail_at = -1 };
	struct ent_arena scratch = { memory, memory + SCRATCH_BYTES, &budget };
	ent_str *texts = ENT_NEW(call->arena, ent_str, checks->count);
	size_t n = 0;
	enum ent_code code = ENT_OK;
	for (const struct ent_node *node = checks->first; node != NULL && code == ENT_OK;
	     node = node->next) {
		code = check_of_batch(call, node, &scratch, &texts[n++], error);
	}
	if (code != ENT_OK) {
		return code;
	}
	ent_error_clear(error);
	struct ent_text out = ent_text_begin(call->arena);
	ent_text_add(&out, ENT_STR("{\"object\":\"list\",\"data\":["));
	for (size_t i = 0; i < n; i++) {
		ent_text_add(&out, i > 0 ? ENT_STR(",") : ENT_STR(""));
		ent_text_add(&out, texts[i]);
	}
	ent_text_add(&out, ENT_STR("]}"));
	ent_reply_json(request, 200, ent_text_end(&out));
	return ENT_OK;
}
