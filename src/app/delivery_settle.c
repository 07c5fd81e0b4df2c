/* What became of what was taken; replaying, cancelling, sweeping. */
#include "app/action.h"
#include "app/delivery_inner.h"
#include "app/endpoint.h"
#include "app/inner.h"
#include "base/text.h"
#include "json/json.h"

#include <stdatomic.h>
#include <string.h>

/* ---- one outcome ---- */

enum ent_code ent_delivery_call_next(struct ent_call *call, ent_str queue, struct ent_error *error)
{
	return ent_db_exec(
		call->db,
		ENT_STR("UPDATE delivery SET next_attempt_at = $1 WHERE next_attempt_at > $1 AND "
	                "id = (SELECT e.id FROM delivery e WHERE e.queue = $2 AND e.state IN "
	                "('pending', 'failed') ORDER BY e.seq, e.id LIMIT 1) "
	                "AND last_attempt_at IS NULL"),
		ENT_ARGS(ent_arg_instant(call->now), ent_arg_text(queue)), ENT_ANY_ROWS,
		call->arena, error);
}

static enum ent_code note_health(struct ent_call *call, const struct ent_outcome *outcome,
                                 struct ent_error *error)
{
	bool failed = outcome->sent != ENT_SENT_OK;
	if (ent_id_is_none(outcome->endpoint_id) || failed == outcome->is_failing) {
		return ENT_OK;
	}
	return ent_db_exec(call->db,
	                   failed ? ENT_STR("UPDATE webhook_endpoint SET failing_since = $1 "
	                                    "WHERE id = $2 AND failing_since IS NULL")
	                          : ENT_STR("UPDATE webhook_endpoint SET failing_since = $1 "
	                                    "WHERE id = $2"),
	                   ENT_ARGS(ent_arg_instant(failed ? call->now : ENT_INSTANT_NONE),
	                            ent_arg_id(outcome->endpoint_id)),
	                   ENT_ANY_ROWS, call->arena, error);
}

static struct ent_value status_of(const struct ent_outcome *outcome)
{
	return outcome->status > 0 ? ent_arg_int(outcome->status) : ent_value_null();
}

static struct ent_value text_of(const char *text)
{
	return text[0] == '\0' ? ent_value_null() : ent_arg_text(ent_str_of(text));
}

static enum ent_code arrived(struct ent_call *call, const struct ent_outcome *outcome,
                             struct ent_error *error)
{
	enum ent_code code = ent_db_exec(
		call->db,
		ENT_STR("UPDATE delivery SET state = 'delivered', delivered_at = $1, "
	                "next_attempt_at = NULL, last_status = $2, last_error = NULL, response = "
	                "$3 "
	                "WHERE account_id = $4 AND id = $5 AND state IN ('pending', 'failed')"),
		ENT_ARGS(ent_arg_instant(call->now), status_of(outcome), text_of(outcome->response),
	                 ent_arg_int(outcome->account_id.value), ent_arg_id(outcome->id)),
		ENT_ANY_ROWS, call->arena, error);
	return code == ENT_OK ? ent_delivery_call_next(call, ent_str_of(outcome->queue), error)
	                      : code;
}

/* Not if somebody else has taken it over since. */
static enum ent_code failed(struct ent_call *call, const struct ent_outcome *outcome,
                            int64_t wait_us, struct ent_error *error)
{
	return ent_db_exec(
		call->db,
		ENT_STR("UPDATE delivery SET state = 'failed', next_attempt_at = $1, "
	                "last_status = $2, last_error = $3, response = $4 WHERE account_id = $5 "
	                "AND id = $6 AND attempts = $7 AND state IN ('pending', 'failed')"),
		ENT_ARGS(ent_arg_int(call->now.us + wait_us), status_of(outcome),
	                 text_of(outcome->reason), text_of(outcome->response),
	                 ent_arg_int(outcome->account_id.value), ent_arg_id(outcome->id),
	                 ent_arg_int(outcome->attempts)),
		ENT_ANY_ROWS, call->arena, error);
}

static enum ent_code settle_one(struct ent_call *call, struct ent_settling *s, size_t at,
                                struct ent_error *error)
{
	const struct ent_outcome *outcome = &s->outcomes[at];
	enum ent_code code = note_health(call, outcome, error);
	if (code == ENT_OK && outcome->sent == ENT_SENT_OK) {
		return arrived(call, outcome, error);
	}
	int64_t wait = outcome->sent == ENT_SENT_FAILED
	                       ? ent_retry_wait_us(s->retries, outcome->attempts, outcome->asked_s,
	                                           outcome->chance)
	                       : -1;
	s->ends[at] = wait < 0;
	return code != ENT_OK || wait < 0 ? code : failed(call, outcome, wait, error);
}

enum ent_code ent_delivery_settle_work(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct ent_settling *s = arg;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < s->count && code == ENT_OK; i++) {
		code = settle_one(call, s, i, error);
	}
	return code;
}

/* ---- giving up ---- */

static ent_str told(struct ent_call *call, const struct ent_delivery *row)
{
	struct ent_set set = { { 0 } };
	static const char *const names[] = { "endpoint_id", "recipient", "event_type",
		                             "subject_id",  "attempts",  "last_status",
		                             "last_error",  "message_id" };
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		const struct ent_field *field =
			ent_type_field(&ent_delivery_type, ent_str_of(names[i]));
		ent_set_add(&set, ent_type_at(&ent_delivery_type, field));
	}
	struct ent_text text = ent_text_begin(call->arena);
	ent_json_write(&ent_delivery_type, row, &set, &text);
	return ent_text_end(&text);
}

static enum ent_code write_end(struct ent_call *call, const struct ent_outcome *outcome,
                               bool *is_dead, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("UPDATE delivery SET state = 'dead', next_attempt_at = NULL, "
	                "last_status = $1, last_error = $2, response = $3 WHERE account_id = $4 "
	                "AND id = $5 AND attempts = $6 AND state IN ('pending', 'failed') "
	                "RETURNING id"),
		ENT_ARGS(status_of(outcome), text_of(outcome->reason), text_of(outcome->response),
	                 ent_arg_int(outcome->account_id.value), ent_arg_id(outcome->id),
	                 ent_arg_int(outcome->attempts)),
		call->arena, &rows, error);
	*is_dead = code == ENT_OK && rows.count > 0;
	return code;
}

/* Dead, with an event; but none about what tells of the sending itself, or it would never
 * end. */
enum ent_code ent_delivery_end_work(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct ent_ending *ending = arg;
	const struct ent_outcome *outcome = ending->outcome;
	struct ent_delivery row;
	enum ent_code code = ent_call_lock(call, outcome->account_id, error);
	if (code == ENT_OK) {
		code = write_end(call, outcome, &ending->is_dead, error);
	}
	if (code != ENT_OK || !ending->is_dead) {
		return code;
	}
	code = ent_row_get(call->db, &ent_delivery_type, ENT_ID_NONE, outcome->id, call->arena,
	                   &row, error);
	if (code == ENT_OK && !ent_str_begins(row.event_type, ENT_STR("delivery."))) {
		code = ent_event_append(call, row.account_id, &ent_delivery_type, row.id, "died",
		                        (ent_str){ NULL, 0 }, told(call, &row), error);
	}
	return code == ENT_OK ? ent_delivery_call_next(call, ent_str_of(outcome->queue), error)
	                      : code;
}

/* ---- switching an endpoint off ---- */

struct switching {
	ent_id endpoint_id;
	bool is_gone; /* 410 */
};

static enum ent_code switch_off(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct switching *s = arg;
	if (s->is_gone) {
		return ent_endpoint_disable(call, s->endpoint_id, ENT_STR("it answered 410 Gone"),
		                            error);
	}
	const struct ent_settings *settings;
	struct ent_rows rows;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code != ENT_OK || settings->endpoint_failure_days == 0) {
		return code;
	}
	int64_t before = call->now.us - settings->endpoint_failure_days * ENT_DAY_US;
	code = ent_db_run(
		call->db,
		ENT_STR("SELECT id FROM webhook_endpoint WHERE id = $1 AND failing_since <= $2"),
		ENT_ARGS(ent_arg_id(s->endpoint_id), ent_arg_int(before)), call->arena, &rows,
		error);
	if (code != ENT_OK || rows.count == 0) {
		return code;
	}
	return ent_endpoint_disable(call, s->endpoint_id,
	                            ent_text_format(call->arena,
	                                            "it failed for %lld days without an answer "
	                                            "that was right",
	                                            (long long)settings->endpoint_failure_days),
	                            error);
}

static enum ent_code look_after_endpoint(struct ent_app *app, const struct ent_call *model,
                                         const struct ent_outcome *outcome, struct ent_error *error)
{
	bool is_gone = outcome->sent == ENT_SENT_GONE;
	struct switching s = { outcome->endpoint_id, is_gone };
	bool may_be_over = is_gone || (outcome->sent == ENT_SENT_FAILED && outcome->is_failing);
	return may_be_over && !ent_id_is_none(s.endpoint_id)
	               ? ent_app_run(app, ENT_WRITE, model, switch_off, &s, error)
	               : ENT_OK;
}

enum ent_code ent_delivery_settle(struct ent_app *app, const struct ent_retries *retries,
                                  const struct ent_outcome *outcomes, size_t count,
                                  struct ent_error *error)
{
	struct ent_delivery_counters *counters = ent_wanted_counters(ent_app_wanted(app));
	struct ent_settling s = { .retries = retries, .outcomes = outcomes, .count = count };
	struct ent_call model = {
		.now = ent_app_now(app),
		.who = &ent_principal_system,
		.origin = ENT_STR("delivery"),
	};
	assert(count <= ENT_CLAIM_MAX);
	enum ent_code code =
		ent_app_run(app, ENT_WRITE, &model, ent_delivery_settle_work, &s, error);
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		bool ok = outcomes[i].sent == ENT_SENT_OK;
		struct ent_ending ending = { &outcomes[i], false };
		atomic_fetch_add(ok ? &counters->delivered : &counters->failed, 1);
		if (s.ends[i]) {
			code = ent_app_run(app, ENT_WRITE, &model, ent_delivery_end_work, &ending,
			                   error);
		}
		if (ending.is_dead) {
			atomic_fetch_add(&counters->dead, 1);
		}
		if (code == ENT_OK) {
			code = look_after_endpoint(app, &model, &outcomes[i], error);
		}
	}
	return code;
}

void ent_app_on_outbox(struct ent_app *app, void (*wake)(void *arg), void *arg)
{
	ent_wanted_on_commit(ent_app_wanted(app), wake, arg);
}

struct ent_delivery_counts ent_delivery_counts(struct ent_app *app)
{
	struct ent_delivery_counters *counters = ent_wanted_counters(ent_app_wanted(app));
	return (struct ent_delivery_counts){ atomic_load(&counters->delivered),
		                             atomic_load(&counters->failed),
		                             atomic_load(&counters->dead) };
}
