#include "api/inner.h"

#include "app/people.h"
#include "base/text.h"

#include <sodium.h>
#include <string.h>

/* Who asks for what with which key: the scope of a key. */
static ent_str key_hash(const struct ent_request *request, struct ent_arena *arena)
{
	ent_str scope =
		ent_text_format(arena, "%lld %.*s %.*s %.*s", (long long)request->who.id.value,
	                        (int)request->exchange->method.len, request->exchange->method.ptr,
	                        (int)request->exchange->path.len, request->exchange->path.ptr,
	                        (int)request->idempotency_key.len, request->idempotency_key.ptr);
	return ent_token_hash_hex(scope, arena);
}

/* The whole of what was asked: the same key with another request is a mistake. */
static ent_str fingerprint(const struct ent_request *request, struct ent_arena *arena)
{
	struct ent_text text = ent_text_begin(arena);
	ent_text_add(&text, request->exchange->method);
	ent_text_char(&text, ' ');
	ent_text_add(&text, request->exchange->target);
	ent_text_char(&text, '\n');
	ent_text_add(&text, request->exchange->body);
	return ent_token_hash_hex(ent_text_end(&text), arena);
}

uint64_t ent_idempotency_hash(const struct ent_request *request)
{
	uint64_t hash;
	crypto_generichash_state state;
	uint8_t bytes[32];
	crypto_generichash_init(&state, NULL, 0, sizeof(bytes));
	const ent_str parts[] = { request->exchange->method, request->exchange->path,
		                  request->idempotency_key,
		                  ent_http_header_get(request->exchange, "authorization"),
		                  request->session };
	for (size_t i = 0; i < ENT_COUNT(parts); i++) {
		crypto_generichash_update(&state, (const unsigned char *)&parts[i].len,
		                          sizeof(size_t));
		if (parts[i].len > 0) {
			crypto_generichash_update(&state, (const unsigned char *)parts[i].ptr,
			                          parts[i].len);
		}
	}
	crypto_generichash_final(&state, bytes, sizeof(bytes));
	memcpy(&hash, bytes, sizeof(hash));
	return hash;
}

/* Headers are kept as "name: value" lines; of ours only ETag and Location matter. */
static void restore_headers(struct ent_request *request, ent_str lines)
{
	while (lines.len > 0) {
		struct ent_cut line = ent_str_cut(lines, '\n');
		struct ent_cut parts = ent_str_cut(line.head, ' ');
		if (parts.found && ent_str_is(parts.head, "version")) {
			int64_t version;
			if (ent_str_int(parts.tail, &version)) {
				request->reply.version = version;
			}
		} else if (parts.found && ent_str_is(parts.head, "location")) {
			ent_reply_header(request, "location", parts.tail);
		}
		lines = line.tail;
	}
}

enum ent_code ent_idempotency_find(struct ent_request *request, struct ent_call *call,
                                   struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db,
	                                ENT_STR("SELECT fingerprint, status, headers, body FROM "
	                                        "idempotency WHERE key_hash = $1"),
	                                ENT_ARGS(ent_arg_text(key_hash(request, call->arena))),
	                                call->arena, &rows, error);
	if (code != ENT_OK || rows.count == 0) {
		return code;
	}
	const struct ent_value *cell = rows.first->cell;
	if (!ent_str_eq(cell[0].text, fingerprint(request, call->arena))) {
		return ent_fail(error, ENT_E_IDEMPOTENCY_MISMATCH,
		                "send a new Idempotency-Key with a new request");
	}
	request->is_replay = true;
	request->reply.status = (int)cell[1].number;
	request->reply.type = "application/json";
	request->reply.body = cell[3].text;
	restore_headers(request, cell[2].text);
	return ENT_OK;
}

/* A new key is shown once and kept nowhere: the reply to be replayed is without it. */
static ent_str without_secret(ent_str body, struct ent_arena *arena)
{
	ent_str name = ENT_STR("\"secret\":\"");
	struct ent_text out = ent_text_begin(arena);
	while (body.len > 0) {
		if (!ent_str_begins(body, name)) {
			ent_text_char(&out, body.ptr[0]);
			body = (ent_str){ body.ptr + 1, body.len - 1 };
			continue;
		}
		ent_text_add(&out, ENT_STR("\"secret\":null"));
		body = (ent_str){ body.ptr + name.len, body.len - name.len };
		body = ent_str_cut(body, '"').tail;
	}
	return ent_text_end(&out);
}

enum ent_code ent_idempotency_keep(struct ent_request *request, struct ent_call *call,
                                   struct ent_error *error)
{
	ent_str hash = key_hash(request, call->arena);
	ent_str print = fingerprint(request, call->arena);
	struct ent_text headers = ent_text_begin(call->arena);
	if (request->reply.version > 0) {
		ent_text_addf(&headers, "version %lld\n", (long long)request->reply.version);
	}
	for (size_t i = 0; i < request->reply.header_count; i++) {
		if (ent_str_is(request->reply.headers[i].name, "location")) {
			ent_text_add(&headers, ENT_STR("location "));
			ent_text_add(&headers, request->reply.headers[i].value);
			ent_text_char(&headers, '\n');
		}
	}
	ent_str lines = ent_text_end(&headers);
	ent_str body = request->reply.body.ptr == NULL ? ENT_STR("") : request->reply.body;
	if (request->match.route->type == &ent_api_key_type) {
		body = without_secret(body, call->arena);
	}
	return ent_db_exec(call->db,
	                   ENT_STR("INSERT INTO idempotency (key_hash, fingerprint, status, "
	                           "headers, body, created_at) "
	                           "VALUES ($1, $2, $3, $4, $5, $6)"),
	                   ENT_ARGS(ent_arg_text(hash), ent_arg_text(print),
	                            ent_arg_int(request->reply.status), ent_arg_text(lines),
	                            ent_arg_text(body), ent_arg_int(call->now.us)),
	                   1, call->arena, error);
}
