#include "app/endpoint.h"

#include "app/action.h"
#include "app/delivery.h"
#include "app/entity.h"
#include "app/inner.h"
#include "app/outbox.h"
#include "base/text.h"
#include "core/webhook.h"

#include <sodium.h>

enum { SECRET_BYTES = 32, HINT_CHARACTERS = 10, KEEP_HOURS = 24 };

/* ---- secrets ---- */

/* "whsec_" and the base64 of random bytes, as Standard Webhooks writes them. */
static ent_str make_secret(struct ent_arena *arena)
{
	uint8_t bytes[SECRET_BYTES];
	char text[sodium_base64_ENCODED_LEN(SECRET_BYTES, sodium_base64_VARIANT_ORIGINAL)];
	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2base64(text, sizeof(text), bytes, sizeof(bytes), sodium_base64_VARIANT_ORIGINAL);
	sodium_memzero(bytes, sizeof(bytes));
	return ent_text_format(arena, "whsec_%s", text);
}

static void give_secret(struct ent_call *call, struct ent_webhook_endpoint *endpoint)
{
	endpoint->signing_secret = make_secret(call->arena);
	endpoint->hint = ent_text_copy(call->arena,
	                               (ent_str){ endpoint->signing_secret.ptr, HINT_CHARACTERS });
}

/* ---- as an entity ---- */

/* Who sees some accounts only has no business with an endpoint that is told of others. */
static enum ent_code reach(struct ent_call *call, const struct ent_webhook_endpoint *endpoint,
                           struct ent_error *error)
{
	bool sees = call->who->accounts.count == 0;
	enum ent_code code = ENT_OK;
	if (!sees && !ent_id_is_none(endpoint->account_id)) {
		code = ent_call_sees(call, endpoint->account_id, &sees, error);
	}
	if (code == ENT_OK && !sees) {
		return ent_refuse(error, ENT_E_FORBIDDEN, "/account_id", (ent_str){ NULL, 0 },
		                  "you see some accounts only: name one of them");
	}
	return code;
}

ENT_HOOK_CHECK(ent_endpoint_judge)
{
	(void)given;
	const struct ent_webhook_endpoint *endpoint = object;
	enum ent_code code = before == NULL ? ENT_OK : reach(call, before, error);
	if (code == ENT_OK) {
		code = reach(call, endpoint, error);
	}
	const char *fault = ent_callback_url_fault(endpoint->url);
	if (endpoint->url.len > 0 && fault != NULL) {
		ent_note(error, ENT_E_FORMAT, "/url", endpoint->url, "%s", fault);
	}
	for (size_t i = 0; i < endpoint->event_types.count; i++) {
		if (!ent_event_word_is_known(endpoint->event_types.items[i])) {
			ent_note(error, ENT_E_UNKNOWN_VALUE,
			         ent_text_format(call->arena, "/event_types/%zu", i).ptr,
			         endpoint->event_types.items[i],
			         "give types of events such as case.resolved, case.* or *");
		}
	}
	return code;
}

ENT_HOOK_CREATE(ent_endpoint_create)
{
	struct ent_webhook_endpoint *endpoint = object;
	give_secret(call, endpoint);
	enum ent_code code =
		ent_record_insert(call, &ent_webhook_endpoint_type, endpoint, "created", error);
	endpoint->secret = endpoint->signing_secret; /* shown once, after the event was written */
	return code;
}

static enum ent_code close_waiting(struct ent_call *call, ent_id endpoint,
                                   enum ent_delivery_state state, const char *why,
                                   struct ent_error *error)
{
	return ent_db_exec(
		call->db,
		ENT_STR("UPDATE delivery SET state = $1, last_error = $2, next_attempt_at = NULL "
	                "WHERE endpoint_id = $3 AND state IN ('pending', 'failed')"),
		ENT_ARGS(ent_arg_text(ent_str_of(ent_delivery_state_names.text[state])),
	                 ent_arg_text(ent_str_of(why)), ent_arg_id(endpoint)),
		ENT_ANY_ROWS, call->arena, error);
}

static enum ent_code save(struct ent_call *call, const struct ent_webhook_endpoint *before,
                          struct ent_webhook_endpoint *endpoint, const char *verb,
                          struct ent_error *error)
{
	enum ent_code code =
		ent_record_save(call, &ent_webhook_endpoint_type, before, endpoint, verb, error);
	if (code == ENT_OK && endpoint->disabled && !before->disabled) {
		code = close_waiting(call, endpoint->id, ENT_DELIVERY_DEAD,
		                     "the endpoint is disabled", error);
	}
	return code;
}

ENT_HOOK_UPDATE(ent_endpoint_update)
{
	struct ent_webhook_endpoint *endpoint = object;
	const struct ent_webhook_endpoint *old = before;
	if (old->disabled && !endpoint->disabled) {
		endpoint->disabled_reason = (ent_str){ NULL, 0 };
		endpoint->failing_since = ENT_INSTANT_NONE;
	}
	return save(call, old, endpoint, "updated", error);
}

ENT_HOOK_REMOVE(ent_endpoint_remove)
{
	const struct ent_webhook_endpoint *endpoint = object;
	enum ent_code code = reach(call, endpoint, error);
	if (code == ENT_OK) {
		code = close_waiting(call, endpoint->id, ENT_DELIVERY_CANCELLED,
		                     "the endpoint was deleted", error);
	}
	return code == ENT_OK ? ent_record_remove(call, &ent_webhook_endpoint_type, object, error)
	                      : code;
}

static void count_in(const struct ent_rows *rows, struct ent_webhook_endpoint *endpoint)
{
	endpoint->waiting = 0;
	endpoint->dead = 0;
	for (const struct ent_row *row = rows->first; row != NULL; row = row->next) {
		if (row->cell[0].number != endpoint->id.value) {
			continue;
		}
		bool is_dead = ent_str_is(row->cell[1].text, "dead");
		*(is_dead ? &endpoint->dead : &endpoint->waiting) += row->cell[2].number;
	}
}

ENT_HOOK_DECORATE(ent_endpoint_decorate)
{
	struct ent_webhook_endpoint *endpoints = objects->items;
	if (objects->count == 0) {
		return ENT_OK;
	}
	ent_id *ids = ENT_NEW(call->arena, ent_id, objects->count);
	struct ent_value *args = ENT_NEW(call->arena, struct ent_value, ENT_IDS_ROOM);
	for (size_t i = 0; i < objects->count; i++) {
		ids[i] = endpoints[i].id;
	}
	struct ent_text sql = ent_text_begin(call->arena);
	ent_text_add(&sql, ENT_STR("SELECT endpoint_id, state, COUNT(*) FROM delivery "
	                           "WHERE state IN ('pending', 'failed', 'dead') "
	                           "AND endpoint_id IN ("));
	size_t n = ent_args_ids(&sql, args, 0, (struct ent_ids){ ids, objects->count });
	ent_text_add(&sql, ENT_STR(") GROUP BY endpoint_id, state"));
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(call->db, ent_text_end(&sql), args, n, call->arena, &rows, error);
	for (size_t i = 0; i < objects->count && code == ENT_OK; i++) {
		count_in(&rows, &endpoints[i]);
	}
	return code;
}

/* ---- actions ---- */

static enum ent_code hold(struct ent_call *call, const char *permission, ent_id id, int64_t version,
                          struct ent_webhook_endpoint *out, struct ent_error *error)
{
	enum ent_code code = ent_call_may(call, permission, error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, &ent_webhook_endpoint_type, id, version, out, error);
	}
	return code == ENT_OK ? reach(call, out, error) : code;
}

enum ent_code ent_webhook_endpoint_rotate_secret(struct ent_call *call, ent_id id, int64_t version,
                                                 const void *input, void *out,
                                                 struct ent_error *error)
{
	const struct ent_input_rotate *rotate = input;
	struct ent_webhook_endpoint *endpoint = out;
	enum ent_code code = hold(call, "webhook_endpoint.update", id, version, endpoint, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_webhook_endpoint *before =
		ent_record_copy(call->arena, &ent_webhook_endpoint_type, endpoint);
	int64_t hours =
		ent_count_is_none(rotate->keep_old_hours) ? KEEP_HOURS : rotate->keep_old_hours.n;
	endpoint->previous_secret = hours > 0 ? before->signing_secret : (ent_str){ NULL, 0 };
	endpoint->previous_secret_until = ENT_INSTANT_NONE;
	if (hours > 0) {
		endpoint->previous_secret_until.us = call->now.us + hours * ENT_HOUR_US;
	}
	give_secret(call, endpoint);
	code = save(call, before, endpoint, "secret_rotated", error);
	if (code == ENT_OK) {
		code = ent_record_decorate(call, &ent_webhook_endpoint_type, endpoint, error);
	}
	endpoint->secret = endpoint->signing_secret;
	return code;
}

enum ent_code ent_webhook_endpoint_test(struct ent_call *call, ent_id id, int64_t version,
                                        const void *input, void *out, struct ent_error *error)
{
	(void)input;
	struct ent_webhook_endpoint endpoint;
	enum ent_code code = hold(call, "webhook_endpoint.update", id, version, &endpoint, error);
	if (code == ENT_OK && endpoint.disabled) {
		return ent_fail(error, ENT_E_STATE, "the endpoint is disabled: enable it first");
	}
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_matter matter = {
		.account_id = ENT_ID_NONE,
		.subject_type = &ent_webhook_endpoint_type,
		.subject_id = id,
		.event_type = ENT_STR("webhook_endpoint.tested"),
	};
	return ent_outbox_webhook_row(call, id, &matter, ENT_STR("{\"test\":true}"), out, error);
}

enum ent_code ent_webhook_endpoint_replay(struct ent_call *call, ent_id id, int64_t version,
                                          const void *input, void *out, struct ent_error *error)
{
	(void)input;
	struct ent_webhook_endpoint *endpoint = out;
	enum ent_code code = hold(call, "delivery.replay", id, version, endpoint, error);
	if (code == ENT_OK && endpoint->disabled) {
		return ent_fail(error, ENT_E_STATE, "the endpoint is disabled: enable it first");
	}
	if (code == ENT_OK) {
		code = ent_delivery_replay_all(call, id, error);
	}
	return code == ENT_OK
	               ? ent_record_decorate(call, &ent_webhook_endpoint_type, endpoint, error)
	               : code;
}

enum ent_code ent_endpoint_disable(struct ent_call *call, ent_id id, ent_str reason,
                                   struct ent_error *error)
{
	struct ent_webhook_endpoint endpoint;
	enum ent_code code =
		ent_record_hold(call, &ent_webhook_endpoint_type, id, 0, &endpoint, error);
	if (code == ENT_E_NOT_FOUND || (code == ENT_OK && endpoint.disabled)) {
		ent_error_clear(error);
		return ENT_OK;
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_webhook_endpoint *before =
		ent_record_copy(call->arena, &ent_webhook_endpoint_type, &endpoint);
	endpoint.disabled = true;
	endpoint.disabled_reason = reason;
	return save(call, before, &endpoint, "disabled", error);
}
