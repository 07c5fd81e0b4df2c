/* What people do with deliveries: replay, cancel, count, forget. */
#include "app/action.h"
#include "app/delivery.h"
#include "app/settings.h"
#include "base/text.h"

enum { REPLAY_MAX = 10000, SWEEP_MAX = 5000, COUNT_MAX = 100000 };

/* ---- replay and cancel ---- */

static enum ent_code hold(struct ent_call *call, const char *permission, ent_id id,
                          struct ent_delivery *out, struct ent_error *error)
{
	enum ent_code code = ent_call_may(call, permission, error);
	if (code == ENT_OK) {
		code = ent_record_load(call, &ent_delivery_type, id, out, error);
	}
	return code == ENT_OK ? ent_call_lock(call, out->account_id, error) : code;
}

static enum ent_code change(struct ent_call *call, struct ent_delivery *row, const char *verb,
                            struct ent_error *error)
{
	enum ent_code code = ent_db_exec(
		call->db,
		ENT_STR("UPDATE delivery SET state = $1, attempts = $2, next_attempt_at = $3 "
	                "WHERE account_id = $4 AND id = $5"),
		ENT_ARGS(ent_arg_text(ent_str_of(ent_delivery_state_names.text[row->state])),
	                 ent_arg_int(row->attempts), ent_arg_instant(row->next_attempt_at),
	                 ent_arg_int(row->account_id.value), ent_arg_id(row->id)),
		1, call->arena, error);
	return code == ENT_OK
	               ? ent_event_append(call, row->account_id, &ent_delivery_type, row->id, verb,
	                                  (ent_str){ NULL, 0 }, (ent_str){ NULL, 0 }, error)
	               : code;
}

static enum ent_code check_endpoint(struct ent_call *call, const struct ent_delivery *row,
                                    struct ent_error *error)
{
	struct ent_webhook_endpoint endpoint;
	if (row->kind != ENT_DELIVERY_WEBHOOK) {
		return ENT_OK;
	}
	enum ent_code code = ent_row_get(call->db, &ent_webhook_endpoint_type, ENT_ID_NONE,
	                                 row->endpoint_id, call->arena, &endpoint, error);
	if (code == ENT_E_NOT_FOUND) {
		return ent_fail(error, ENT_E_STATE, "the endpoint was deleted");
	}
	if (code == ENT_OK && endpoint.disabled) {
		return ent_fail(error, ENT_E_STATE, "the endpoint is disabled: enable it first");
	}
	return code;
}

enum ent_code ent_delivery_replay(struct ent_call *call, ent_id id, int64_t version,
                                  const void *input, void *out, struct ent_error *error)
{
	(void)version;
	(void)input;
	struct ent_delivery *row = out;
	enum ent_code code = hold(call, "delivery.replay", id, row, error);
	if (code == ENT_OK && row->state != ENT_DELIVERY_DEAD) {
		return ent_fail(error, ENT_E_STATE, "it is %s: only what is dead is replayed",
		                ent_delivery_state_names.text[row->state]);
	}
	if (code == ENT_OK) {
		code = check_endpoint(call, row, error);
	}
	row->state = ENT_DELIVERY_PENDING;
	row->attempts = 0;
	row->next_attempt_at = call->now;
	return code == ENT_OK ? change(call, row, "replayed", error) : code;
}

enum ent_code ent_delivery_cancel(struct ent_call *call, ent_id id, int64_t version,
                                  const void *input, void *out, struct ent_error *error)
{
	(void)version;
	(void)input;
	struct ent_delivery *row = out;
	enum ent_code code = hold(call, "delivery.cancel", id, row, error);
	if (code == ENT_OK && row->state == ENT_DELIVERY_CANCELLED) {
		return ENT_OK;
	}
	if (code == ENT_OK && row->state == ENT_DELIVERY_DELIVERED) {
		return ent_fail(error, ENT_E_STATE, "it was delivered");
	}
	row->state = ENT_DELIVERY_CANCELLED;
	row->next_attempt_at = ENT_INSTANT_NONE;
	if (code == ENT_OK) {
		code = change(call, row, "cancelled", error);
	}
	return code == ENT_OK ? ent_delivery_call_next(call, row->queue, error) : code;
}

enum ent_code ent_delivery_replay_all(struct ent_call *call, ent_id endpoint,
                                      struct ent_error *error)
{
	return ent_db_exec(
		call->db,
		ent_text_format(call->arena,
	                        "UPDATE delivery SET state = 'pending', attempts = 0, "
	                        "next_attempt_at = $1 WHERE id IN (SELECT d.id FROM delivery d "
	                        "WHERE d.endpoint_id = $2 AND d.state = 'dead' "
	                        "ORDER BY d.id LIMIT %d)",
	                        REPLAY_MAX),
		ENT_ARGS(ent_arg_instant(call->now), ent_arg_id(endpoint)), ENT_ANY_ROWS,
		call->arena, error);
}

enum ent_code ent_delivery_replay_dead(struct ent_call *call, int64_t *out, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("UPDATE delivery SET state = 'pending', attempts = 0, next_attempt_at = $1 "
	                "WHERE state = 'dead' AND (kind = 'email' OR endpoint_id IN "
	                "(SELECT e.id FROM webhook_endpoint e WHERE e.disabled = $2))"),
		ENT_ARGS(ent_arg_instant(call->now), ent_arg_bool(false)), call->arena, &rows,
		error);
	*out = code == ENT_OK ? (int64_t)rows.changed : 0;
	return code;
}

/* ---- forgetting and counting ---- */

enum ent_code ent_delivery_sweep(struct ent_call *call, struct ent_error *error)
{
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code != ENT_OK || settings->delivery_days == 0) {
		return code;
	}
	return ent_db_exec(
		call->db,
		ent_text_format(call->arena,
	                        "DELETE FROM delivery WHERE id IN (SELECT d.id FROM delivery d "
	                        "WHERE d.delivered_at IS NOT NULL AND d.delivered_at <= $1 "
	                        "ORDER BY d.delivered_at LIMIT %d)",
	                        SWEEP_MAX),
		ENT_ARGS(ent_arg_int(call->now.us - settings->delivery_days * ENT_DAY_US)),
		ENT_ANY_ROWS, call->arena, error);
}

static enum ent_code count(struct ent_call *call, const char *where, int64_t *out,
                           struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ent_text_format(call->arena,
	                        "SELECT COUNT(*) FROM (SELECT 1 FROM delivery d WHERE %s "
	                        "LIMIT %d) AS n",
	                        where, COUNT_MAX),
		NULL, 0, call->arena, &rows, error);
	*out = code == ENT_OK ? rows.first->cell[0].number : 0;
	return code;
}

enum ent_code ent_delivery_backlog(struct ent_call *call, struct ent_delivery_backlog *out,
                                   struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = count(call, "d.state IN ('pending', 'failed') AND kind = 'webhook'",
	                           &out->waiting[ENT_DELIVERY_WEBHOOK], error);
	if (code == ENT_OK) {
		code = count(call, "d.state IN ('pending', 'failed') AND kind = 'email'",
		             &out->waiting[ENT_DELIVERY_EMAIL], error);
	}
	if (code == ENT_OK) {
		code = count(call, "d.state = 'dead'", &out->dead, error);
	}
	if (code == ENT_OK) {
		code = ent_db_run(call->db,
		                  ENT_STR("SELECT MIN(d.next_attempt_at) FROM delivery d WHERE "
		                          "d.state IN ('pending', 'failed')"),
		                  NULL, 0, call->arena, &rows, error);
	}
	out->lag_us = 0;
	if (code == ENT_OK && rows.first->cell[0].kind != ENT_K_NULL) {
		int64_t lag = call->now.us - rows.first->cell[0].number;
		out->lag_us = lag > 0 ? lag : 0;
	}
	return code;
}
