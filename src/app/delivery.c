/* Taking what is due. */
#include "app/delivery_inner.h"

#include "app/inner.h"
#include "app/outbox.h"
#include "app/record.h"
#include "base/text.h"
#include "store/many.h"

#include <string.h>

enum { NO_SERVER_WAIT_S = 60, TURN_WAIT_S = 1, TURN_WAIT_MAX_S = 300, SEARCHED = 128 };

struct candidate {
	struct ent_delivery row;
	ent_instant turn_at; /* when the one before it is due; none: it is the first */
};

struct search {
	struct ent_call *call;
	struct ent_claim *claim;
	struct candidate *items;
	size_t count;
	struct ent_list endpoints;
	size_t changed;            /* candidates that need not be looked at again now */
	size_t taken_of[SEARCHED]; /* by the first candidate with the same endpoint */
};

/* ---- looking ---- */

static size_t busy_with(const struct ent_claim *claim, ent_id endpoint)
{
	for (size_t i = 0; i < claim->busy_count; i++) {
		if (ent_id_eq(claim->busy[i].endpoint_id, endpoint)) {
			return claim->busy[i].count;
		}
	}
	return 0;
}

/* The endpoints that have as much as they may; the mail server is 0. One that is nobody's,
 * so that there is one. */
static struct ent_ids saturated(const struct ent_claim *claim, struct ent_arena *arena)
{
	ent_id *ids = ENT_NEW(arena, ent_id, claim->busy_count + 1);
	size_t count = 0;
	ids[count++] = (ent_id){ -1 };
	for (size_t i = 0; i < claim->busy_count; i++) {
		if (claim->busy[i].count >= claim->max_at_once) {
			ids[count++] = claim->busy[i].endpoint_id;
		}
	}
	return (struct ent_ids){ ids, count };
}

/* Those that may have more, and for which something waits. */
static enum ent_code find_free(struct search *s, struct ent_ids full, struct ent_ids *out,
                               struct ent_error *error)
{
	struct ent_arena *arena = s->call->arena;
	struct ent_value *args = ENT_NEW(arena, struct ent_value, ENT_IDS_ROOM);
	struct ent_text sql = ent_text_begin(arena);
	struct ent_rows rows;
	ent_text_add(&sql, ENT_STR("SELECT w.id FROM webhook_endpoint w WHERE EXISTS (SELECT 1 "
	                           "FROM delivery d WHERE d.endpoint_id = w.id AND d.state IN "
	                           "('pending', 'failed')) AND w.id NOT IN ("));
	size_t n = ent_args_ids(&sql, args, 0, full);
	ent_text_char(&sql, ')');
	enum ent_code code =
		ent_db_run(s->call->db, ent_text_end(&sql), args, n, arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	ent_id *ids = ENT_NEW(arena, ent_id, rows.count + 1);
	size_t count = 0;
	ids[count++] = (ent_id){ -1 };
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next) {
		ids[count++] = (ent_id){ row->cell[0].number };
	}
	*out = (struct ent_ids){ ids, count };
	return ENT_OK;
}

/* By time as long as nobody has too much. Then the oldest may be thousands for one that has:
 * so by endpoint, and `+ 0` keeps databases from going by time all the same. */
static enum ent_code search_sql(struct search *s, struct ent_value *args, size_t *n, ent_str *out,
                                struct ent_error *error)
{
	struct ent_ids full = saturated(s->claim, s->call->arena);
	struct ent_ids idle = full;
	enum ent_code code = full.count > 1 ? find_free(s, full, &idle, error) : ENT_OK;
	if (code != ENT_OK) {
		return code;
	}
	struct ent_text sql = ent_text_begin(s->call->arena);
	const char *by_time = full.count > 1 ? "d.next_attempt_at + 0" : "d.next_attempt_at";
	ent_text_add(&sql, ENT_STR("SELECT "));
	ent_row_columns(&ent_delivery_type, "d.", &sql);
	ent_text_addf(&sql,
	              ", (SELECT e.next_attempt_at FROM delivery e WHERE e.queue = d.queue "
	              "AND e.state IN ('pending', 'failed') AND (e.seq < d.seq OR "
	              "(e.seq = d.seq AND e.id < d.id)) ORDER BY e.seq, e.id LIMIT 1) "
	              "FROM delivery d WHERE d.state IN ('pending', 'failed') AND %s <= $1",
	              by_time);
	args[0] = ent_arg_instant(s->call->now);
	*n = 1;
	if (full.count > 1) {
		ent_text_add(&sql, ENT_STR(" AND (d.endpoint_id IN ("));
		*n = ent_args_ids(&sql, args, 1, idle);
		ent_text_addf(&sql, ")%s)",
		              ent_ids_has(full, ENT_ID_NONE) ? "" : " OR d.endpoint_id IS NULL");
	}
	ent_text_addf(&sql, " ORDER BY %s LIMIT %d", by_time, SEARCHED);
	ent_sql_claim(&sql, s->call->db, (const char *const[]){ "d" }, 1);
	*out = ent_text_end(&sql);
	return ENT_OK;
}

static enum ent_code look(struct search *s, struct ent_error *error)
{
	struct ent_arena *arena = s->call->arena;
	struct ent_value *args = ENT_NEW(arena, struct ent_value, 1 + ENT_IDS_ROOM);
	struct ent_rows rows;
	size_t n;
	ent_str sql;
	enum ent_code code = search_sql(s, args, &n, &sql, error);
	if (code == ENT_OK) {
		code = ent_db_run(s->call->db, sql, args, n, arena, &rows, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	s->items = ENT_NEW(arena, struct candidate, rows.count);
	for (const struct ent_row *row = rows.first; row != NULL && code == ENT_OK;
	     row = row->next) {
		struct candidate *item = &s->items[s->count++];
		ent_type_clear(&ent_delivery_type, &item->row);
		code = ent_row_read(&ent_delivery_type, row, 0, arena, &item->row, error);
		const struct ent_value *turn = &row->cell[rows.columns - 1];
		item->turn_at =
			turn->kind == ENT_K_NULL ? ENT_INSTANT_NONE : (ent_instant){ turn->number };
	}
	return code;
}

static enum ent_code load_endpoints(struct search *s, struct ent_error *error)
{
	struct ent_arena *arena = s->call->arena;
	ent_id *ids = ENT_NEW(arena, ent_id, s->count + 1);
	struct ent_value *args = ENT_NEW(arena, struct ent_value, ENT_IDS_ROOM);
	size_t count = 0;
	for (size_t i = 0; i < s->count; i++) {
		ent_id id = s->items[i].row.endpoint_id;
		if (!ent_id_is_none(id) && !ent_ids_has((struct ent_ids){ ids, count }, id)) {
			ids[count++] = id;
		}
	}
	if (count == 0) {
		return ENT_OK;
	}
	struct ent_text tail = ent_text_begin(arena);
	ent_text_add(&tail, ENT_STR("WHERE t.id IN ("));
	size_t n = ent_args_ids(&tail, args, 0, (struct ent_ids){ ids, count });
	ent_text_char(&tail, ')');
	return ent_row_select(s->call->db, &ent_webhook_endpoint_type, ent_text_end(&tail), args, n,
	                      arena, &s->endpoints, error);
}

static const struct ent_webhook_endpoint *endpoint_of(const struct search *s, ent_id id)
{
	const struct ent_webhook_endpoint *list = s->endpoints.items;
	for (size_t i = 0; i < s->endpoints.count; i++) {
		if (ent_id_eq(list[i].id, id)) {
			return &list[i];
		}
	}
	return NULL;
}

/* ---- deciding ---- */

static enum ent_code put_off(struct search *s, const struct ent_delivery *row, int64_t until_us,
                             const char *why, struct ent_error *error)
{
	s->changed++;
	return ent_db_exec(
		s->call->db,
		ENT_STR("UPDATE delivery SET next_attempt_at = $1, last_error = COALESCE($2, "
	                "last_error) WHERE account_id = $3 AND id = $4"),
		ENT_ARGS(ent_arg_int(until_us), ent_arg_text(ent_str_of(why)),
	                 ent_arg_int(row->account_id.value), ent_arg_id(row->id)),
		1, s->call->arena, error);
}

/* Until the one before it is tried, since it cannot go earlier; it is called when that one is
 * through. Not for long, since a call may be missed while two servers do this at once. */
static enum ent_code wait_turn(struct search *s, const struct candidate *item,
                               struct ent_error *error)
{
	int64_t least = s->call->now.us + TURN_WAIT_S * ENT_SECOND_US;
	int64_t most = s->call->now.us + TURN_WAIT_MAX_S * ENT_SECOND_US;
	int64_t until = item->turn_at.us < least ? least : item->turn_at.us;
	return put_off(s, &item->row, until > most ? most : until, NULL, error);
}

/* It was switched off or deleted while the event was written. */
static enum ent_code give_up(struct search *s, const struct ent_delivery *row,
                             const struct ent_webhook_endpoint *endpoint, struct ent_error *error)
{
	bool is_gone = endpoint == NULL;
	s->changed++;
	return ent_db_exec(
		s->call->db,
		ENT_STR("UPDATE delivery SET state = $1, last_error = $2, next_attempt_at = NULL "
	                "WHERE account_id = $3 AND id = $4"),
		ENT_ARGS(ent_arg_text(is_gone ? ENT_STR("cancelled") : ENT_STR("dead")),
	                 ent_arg_text(is_gone ? ENT_STR("the endpoint was deleted")
	                                      : ENT_STR("the endpoint is disabled")),
	                 ent_arg_int(row->account_id.value), ent_arg_id(row->id)),
		1, s->call->arena, error);
}

/* May one more go to this endpoint? Counts it if so. */
static bool take_place(struct search *s, size_t at)
{
	ent_id id = s->items[at].row.endpoint_id;
	size_t first = 0;
	while (!ent_id_eq(s->items[first].row.endpoint_id, id)) {
		first++;
	}
	if (s->claim->count == s->claim->max ||
	    busy_with(s->claim, id) + s->taken_of[first] >= s->claim->max_at_once) {
		return false;
	}
	s->taken_of[first]++;
	s->changed++;
	return true;
}

static void take(struct search *s, const struct ent_delivery *row,
                 const struct ent_webhook_endpoint *endpoint)
{
	struct ent_claim *claim = s->claim;
	struct ent_arena *arena = claim->arena;
	struct ent_job *job = &claim->jobs[claim->count++];
	*job = (struct ent_job){
		.id = row->id,
		.account_id = row->account_id,
		.endpoint_id = row->endpoint_id,
		.kind = row->kind,
		.attempts = row->attempts + 1,
		.created_at = row->created_at,
		.message_id = ent_text_copy(arena, row->message_id),
		.body = ent_text_copy(arena, row->body),
		.recipient = ent_text_copy(arena, row->recipient),
		.mail_subject = ent_text_copy(arena, row->mail_subject),
		.queue = ent_text_copy(arena, row->queue),
	};
	if (endpoint != NULL) {
		job->url = ent_text_copy(arena, endpoint->url);
		job->secret = ent_text_copy(arena, endpoint->signing_secret);
		job->is_failing = !ent_instant_is_none(endpoint->failing_since);
		if (endpoint->previous_secret_until.us > s->call->now.us) {
			job->previous_secret = ent_text_copy(arena, endpoint->previous_secret);
		}
	}
}

static enum ent_code decide(struct search *s, size_t at, struct ent_error *error)
{
	const struct candidate *item = &s->items[at];
	const struct ent_delivery *row = &item->row;
	const struct ent_webhook_endpoint *endpoint = NULL;
	if (row->kind == ENT_DELIVERY_WEBHOOK) {
		endpoint = endpoint_of(s, row->endpoint_id);
		if (endpoint == NULL || endpoint->disabled) {
			return give_up(s, row, endpoint, error);
		}
	} else if (!s->claim->has_mail_server) {
		return put_off(s, row, s->call->now.us + NO_SERVER_WAIT_S * ENT_SECOND_US,
		               "no mail server is configured (serve --smtp-url)", error);
	}
	if (!ent_instant_is_none(item->turn_at)) {
		return wait_turn(s, item, error);
	}
	if (take_place(s, at)) {
		take(s, row, endpoint);
	}
	return ENT_OK;
}

static enum ent_code mark_taken(struct search *s, struct ent_error *error)
{
	const struct ent_claim *claim = s->claim;
	struct ent_arena *arena = s->call->arena;
	if (claim->count == 0) {
		return ENT_OK;
	}
	struct ent_value *args = ENT_NEW(arena, struct ent_value, 2 + ENT_IDS_ROOM);
	ent_id *ids = ENT_NEW(arena, ent_id, claim->count);
	for (size_t i = 0; i < claim->count; i++) {
		ids[i] = claim->jobs[i].id;
	}
	args[0] = ent_arg_instant(s->call->now);
	args[1] = ent_arg_int(s->call->now.us + claim->lease_us);
	struct ent_text sql = ent_text_begin(arena);
	ent_text_add(&sql, ENT_STR("UPDATE delivery SET attempts = attempts + 1, "
	                           "last_attempt_at = $1, next_attempt_at = $2 WHERE id IN ("));
	size_t n = ent_args_ids(&sql, args, 2, (struct ent_ids){ ids, claim->count });
	ent_text_char(&sql, ')');
	return ent_db_exec(s->call->db, ent_text_end(&sql), args, n, (int64_t)claim->count, arena,
	                   error);
}

enum ent_code ent_delivery_claim_work(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct ent_claiming *claiming = arg;
	struct ent_claim *claim = claiming->claim;
	struct search s = { .call = call, .claim = claim };
	*claim->arena = claiming->empty;
	claim->jobs = ENT_NEW(claim->arena, struct ent_job, claim->max);
	claim->count = 0;
	enum ent_code code = look(&s, error);
	if (code == ENT_OK) {
		code = load_endpoints(&s, error);
	}
	for (size_t i = 0; i < s.count && code == ENT_OK; i++) {
		code = decide(&s, i, error);
	}
	claim->is_more = s.count == SEARCHED && s.changed > 0;
	return code == ENT_OK ? mark_taken(&s, error) : code;
}

/* ---- is there anything? ---- */

static enum ent_code peek(struct ent_call *call, void *arg, struct ent_error *error)
{
	bool *is_due = arg;
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(call->db,
	                   ENT_STR("SELECT 1 FROM delivery d WHERE d.state IN "
	                           "('pending', 'failed') AND d.next_attempt_at <= $1 "
	                           "LIMIT 1"),
	                   ENT_ARGS(ent_arg_instant(call->now)), call->arena, &rows, error);
	*is_due = code == ENT_OK && rows.count > 0;
	return code == ENT_OK ? ent_outbox_warm(call, error) : code;
}

enum ent_code ent_delivery_claim(struct ent_app *app, struct ent_claim *claim,
                                 struct ent_error *error)
{
	struct ent_claiming claiming = { claim, *claim->arena };
	struct ent_call model = {
		.now = ent_app_now(app),
		.who = &ent_principal_system,
		.origin = ENT_STR("delivery"),
	};
	bool is_due;
	assert(claim->max <= ENT_CLAIM_MAX);
	claim->count = 0;
	claim->is_more = false;
	enum ent_code code = ent_app_run(app, ENT_READ, &model, peek, &is_due, error);
	return code == ENT_OK && is_due ? ent_app_run(app, ENT_WRITE, &model,
	                                              ent_delivery_claim_work, &claiming, error)
	                                : code;
}
