/* The question asked most: POST /v1/coverage/check. */
#include "app/coverage.h"

#include "api/coverage.h"
#include "api/inner.h"
#include "base/text.h"

enum { CHECKS_MAX = 10000 };

/* ---- reading ---- */

static const struct {
	const char *name;
	const char *prefix;
	size_t offset;
} ids[] = {
	{ "account_id", "acc", offsetof(struct ent_coverage_question, account_id) },
	{ "contact_id", "con", offsetof(struct ent_coverage_question, contact_id) },
	{ "product_id", "prd", offsetof(struct ent_coverage_question, product_id) },
	{ "asset_id", "ast", offsetof(struct ent_coverage_question, asset_id) },
	{ "entitlement_id", "ent", offsetof(struct ent_coverage_question, entitlement_id) },
	{ "contract_id", "ctr", offsetof(struct ent_coverage_question, contract_id) },
};

static bool read_id(const struct ent_node *node, struct ent_coverage_question *out,
                    const char *pointer, struct ent_error *error)
{
	for (size_t i = 0; i < ENT_COUNT(ids); i++) {
		if (!ent_str_is(node->name, ids[i].name)) {
			continue;
		}
		ent_id *id = (ent_id *)((char *)out + ids[i].offset);
		if (node->kind != ENT_JSON_NULL && (node->kind != ENT_JSON_STRING ||
		                                    !ent_id_parse(node->text, ids[i].prefix, id))) {
			ent_note(error, ENT_E_FORMAT, pointer, node->text,
			         "give an identifier that begins with %s_", ids[i].prefix);
		}
		return true;
	}
	return false;
}

static void read_member(const struct ent_node *node, struct ent_coverage_question *out,
                        const char *pointer, struct ent_error *error)
{
	bool null = node->kind == ENT_JSON_NULL;
	if (read_id(node, out, pointer, error)) {
		return;
	}
	if (ent_str_is(node->name, "channel")) {
		if (!null && (node->kind != ENT_JSON_STRING || node->text.len > 40)) {
			ent_note(error, ENT_E_FORMAT, pointer, node->text,
			         "give a channel such as \"phone\"");
		}
		out->channel = null ? (ent_str){ NULL, 0 } : node->text;
	} else if (ent_str_is(node->name, "at")) {
		if (!null &&
		    (node->kind != ENT_JSON_STRING || !ent_instant_parse(node->text, &out->at))) {
			ent_note(error, ENT_E_FORMAT, pointer, node->text,
			         "give a time like 2026-01-31T09:30:00Z");
		}
	} else if (ent_str_is(node->name, "units")) {
		if (!null && (!ent_json_int(node, &out->units) || out->units < 0 ||
		              out->units > 1000000000)) {
			ent_note(error, ENT_E_RANGE, pointer, node->text, "give 0 to 1000000000");
		}
	} else {
		ent_note(error, ENT_E_UNKNOWN_FIELD, pointer, (ent_str){ NULL, 0 }, "remove it");
	}
}

enum ent_code ent_coverage_read(const struct ent_node *node, struct ent_arena *arena,
                                struct ent_coverage_question *out, struct ent_error *error)
{
	*out = (struct ent_coverage_question){ .at = ENT_INSTANT_NONE, .units = 1 };
	if (node == NULL || node->kind != ENT_JSON_OBJECT) {
		return ent_refuse(error, ENT_E_TYPE, "", (ent_str){ NULL, 0 },
		                  "send a JSON object");
	}
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		struct ent_arena scratch = *arena;
		ent_str pointer = ent_text_format(
			&scratch, "/%.*s", (int)(n->name.len < 90 ? n->name.len : 90), n->name.ptr);
		read_member(n, out, pointer.ptr, error);
	}
	return ent_noted(error);
}

/* ---- writing ---- */

static void add_id(struct ent_text *out, const char *name, ent_id id, const char *prefix)
{
	char text[ENT_ID_ROOM];
	size_t len = ent_id_is_none(id) ? 0 : ent_id_format(id, prefix, text);
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_json_string(out, len == 0 ? (ent_str){ NULL, 0 } : (ent_str){ text, len });
}

static void add_text(struct ent_text *out, const char *name, ent_str text)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_json_string(out, text);
}

static void add_bool(struct ent_text *out, const char *name, bool truth)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_text_add(out, truth ? ENT_STR("true") : ENT_STR("false"));
}

static void add_number(struct ent_text *out, const char *name, bool bounded, int64_t number)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	if (bounded) {
		ent_text_int(out, number);
	} else {
		ent_text_add(out, ENT_STR("null"));
	}
}

static void add_reasons(struct ent_text *out, uint32_t reasons)
{
	ent_text_add(out, ENT_STR(",\"reasons\":["));
	for (unsigned i = 0; i < ENT_REASON_COUNT; i++) {
		if ((reasons & UINT32_C(1) << i) != 0) {
			ent_json_comma(out);
			ent_text_char(out, '{');
			add_text(out, "code", ent_str_of(ent_reason_text((enum ent_reason)i)));
			add_text(out, "detail", ent_str_of(ent_reason_meaning((enum ent_reason)i)));
			ent_text_char(out, '}');
		}
	}
	ent_text_char(out, ']');
}

static void add_matches(struct ent_text *out, uint32_t matches)
{
	ent_text_add(out, ENT_STR(",\"matches\":["));
	for (unsigned i = 0; i < ENT_CHOICE_COUNT; i++) {
		if ((matches & UINT32_C(1) << i) != 0) {
			ent_json_comma(out);
			ent_json_string(out, ent_str_of(ent_choice_text((enum ent_choice)i)));
		}
	}
	ent_text_char(out, ']');
}

static void add_candidate(struct ent_text *out, const struct ent_coverage_candidate *c)
{
	const struct ent_entitlement *e = &c->item->entitlement;
	ent_json_comma(out);
	ent_text_char(out, '{');
	add_id(out, "entitlement_id", e->id, "ent");
	add_id(out, "account_id", e->account_id, "acc");
	add_text(out, "name", e->name);
	add_text(out, "number", e->number);
	add_text(out, "state", ent_str_of(ent_entitlement_state_names.text[c->state]));
	add_bool(out, "eligible", c->reasons == 0);
	add_bool(out, "inherited", c->inherited);
	add_bool(out, "contact_not_verified", c->contact_not_verified);
	add_matches(out, c->matches);
	add_number(out, "remaining", c->bounded, c->remaining);
	add_number(out, "available", c->bounded, c->available);
	add_number(out, "channel_remaining", c->channel_bounded, c->channel_remaining);
	add_number(out, "channel_available", c->channel_bounded, c->channel_available);
	add_reasons(out, c->reasons);
	ent_text_char(out, '}');
}

void ent_coverage_write(const struct ent_coverage_answer *answer, ent_id account, ent_instant at,
                        struct ent_text *out)
{
	const struct ent_coverage_candidate *chosen = answer->chosen;
	char time[ENT_INSTANT_ROOM];
	ent_text_add(out, ENT_STR("{\"object\":\"coverage\""));
	add_bool(out, "covered", chosen != NULL);
	add_id(out, "entitlement_id", chosen == NULL ? ENT_ID_NONE : chosen->item->entitlement.id,
	       "ent");
	add_text(out, "rule",
	         chosen == NULL ? (ent_str){ NULL, 0 } : ent_str_of(ent_choice_text(answer->rule)));
	add_text(out, "at", (ent_str){ time, ent_instant_format(at, time) });
	add_id(out, "account_id", account, "acc");
	add_bool(out, "contact_not_verified", chosen != NULL && chosen->contact_not_verified);
	ent_text_add(out, ENT_STR(",\"candidates\":["));
	for (size_t i = 0; i < answer->count; i++) {
		add_candidate(out, &answer->candidates[i]);
	}
	ent_text_add(out, ENT_STR("]}"));
}

/* ---- handlers ----------------------------------------------------------------------------------
 */

static enum ent_code check_one(struct ent_call *call, const struct ent_node *node, ent_str *out,
                               struct ent_error *error)
{
	struct ent_coverage_question question;
	struct ent_coverage_answer answer;
	enum ent_code code = ent_coverage_read(node, call->arena, &question, error);
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
	struct ent_call own = *call;
	struct ent_arena room = *scratch;
	own.arena = &room;
	own.set_count = 0;
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
	struct ent_arena scratch = { ent_arena_bytes(call->arena, SCRATCH_BYTES), NULL,
		                     call->arena->budget };
	scratch.end = scratch.next + SCRATCH_BYTES;
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
