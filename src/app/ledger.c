#include "app/ledger.h"

#include "app/due.h"
#include "app/entitlement.h"
#include "app/inner.h"
#include "app/record.h"
#include "base/text.h"
#include "core/life.h"
#include "json/json.h"
#include "store/zoneinfo.h"

#include <string.h>

/* ---- loading --------------------------------------------------------------------------- */

static struct ent_children copy_rows(struct ent_children rows, size_t size, struct ent_arena *arena)
{
	if (rows.count == 0) {
		return (struct ent_children){ NULL, 0 };
	}
	void *items = ent_arena_alloc(arena, rows.count, size, 16);
	return (struct ent_children){ memcpy(items, rows.items, rows.count * size), rows.count };
}

struct ent_entitlement *ent_ledger_snapshot(const struct ent_entitlement *e,
                                            struct ent_arena *arena)
{
	struct ent_entitlement *copy = ENT_NEW(arena, struct ent_entitlement, 1);
	*copy = *e;
	copy->grants = copy_rows(e->grants, sizeof(struct ent_entitlement_grant), arena);
	copy->channels = copy_rows(e->channels, sizeof(struct ent_entitlement_channel), arena);
	copy->suspensions =
		copy_rows(e->suspensions, sizeof(struct ent_entitlement_suspension), arena);
	copy->lots = copy_rows(e->lots, sizeof(struct ent_term_lot), arena);
	return copy;
}

enum ent_code ent_ledger_zone(struct ent_call *call, const struct ent_entitlement *e,
                              const struct ent_zone **out, struct ent_error *error)
{
	if (e->time_zone.len > 0) {
		return ent_zoneinfo_find(e->time_zone, out, error);
	}
	return ent_call_zone(call, e->time_zone, e->account_id, out, error);
}

static enum ent_code load_rows(struct ent_call *call, const struct ent_entitlement *e,
                               const struct ent_type *child, enum ent_extra extra,
                               struct ent_children *out, struct ent_error *error)
{
	*out = (struct ent_children){ NULL, 0 };
	if ((e->extra_rows & extra) == 0) {
		return ENT_OK;
	}
	struct ent_list rows;
	enum ent_code code = ent_row_select(
		call->db, child,
		ENT_STR("WHERE account_id = $1 AND entitlement_id = $2 ORDER BY id"),
		ENT_ARGS(ent_arg_id(e->account_id), ent_arg_id(e->id)), call->arena, &rows, error);
	if (code == ENT_OK) {
		*out = (struct ent_children){ rows.items, rows.count };
	}
	return code;
}

static bool is_amended(const struct ent_entitlement *e, ent_instant now)
{
	return !ent_instant_is_none(e->amends_at) && e->amends_at.us <= now.us;
}

/* The rows that it says it has, so that most are never looked for; grants matter to
 * amendments only. */
static enum ent_code load_children(struct ent_call *call, struct ent_entitlement *e,
                                   struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	if (is_amended(e, call->now)) {
		code = load_rows(call, e, &ent_entitlement_grant_type, ENT_EXTRA_GRANTS, &e->grants,
		                 error);
	}
	if (code == ENT_OK) {
		code = load_rows(call, e, &ent_entitlement_channel_type, ENT_EXTRA_CHANNELS,
		                 &e->channels, error);
	}
	if (code == ENT_OK) {
		code = load_rows(call, e, &ent_entitlement_suspension_type, ENT_EXTRA_SUSPENSIONS,
		                 &e->suspensions, error);
	}
	if (code == ENT_OK) {
		code = load_rows(call, e, &ent_term_lot_type, ENT_EXTRA_LOTS, &e->lots, error);
	}
	return code;
}

enum ent_code ent_ledger_rewind(struct ent_call *call, struct ent_entitlement *e,
                                const struct ent_zone *zone, ent_instant at,
                                struct ent_error *error)
{
	struct ent_list postings;
	enum ent_code code = ent_row_select(
		call->db, &ent_term_posting_type,
		ENT_STR("WHERE t.account_id = $1 AND t.entitlement_id = $2 AND t.created_at <= $3 "
	                "ORDER BY t.id"),
		ENT_ARGS(ent_arg_id(e->account_id), ent_arg_id(e->id), ent_arg_instant(at)),
		call->arena, &postings, error);
	if (code == ENT_OK) {
		ent_terms_replay(e, zone, postings.items, postings.count);
	}
	return code;
}

static bool is_locked(const struct ent_call *call, ent_id account)
{
	const struct ent_head *head = call->heads;
	while (head != NULL && !ent_id_eq(head->account_id, account)) {
		head = head->next;
	}
	return head != NULL;
}

/* What was read before the lock was held is read again. */
static enum ent_code load_locked(struct ent_call *call, ent_id id, struct ent_entitlement *e,
                                 struct ent_error *error)
{
	enum ent_code code = ent_row_get(call->db, &ent_entitlement_type, ENT_ID_NONE, id,
	                                 call->arena, e, error);
	if (code != ENT_OK || is_locked(call, e->account_id)) {
		return code;
	}
	code = ent_call_lock(call, e->account_id, error);
	if (code == ENT_OK) {
		code = ent_row_get(call->db, &ent_entitlement_type, e->account_id, id, call->arena,
		                   e, error);
	}
	return code;
}

enum ent_code ent_ledger_revisions(struct ent_call *call, const struct ent_list *list,
                                   struct ent_list *out, struct ent_error *error)
{
	const struct ent_entitlement *items = list->items;
	size_t count = 0;
	*out = (struct ent_list){ NULL, 0 };
	for (size_t i = 0; i < list->count; i++) {
		count += is_amended(&items[i], call->now);
	}
	if (count == 0) {
		return ENT_OK;
	}
	struct ent_text tail = ent_text_begin(call->arena);
	ent_text_addf(&tail, "WHERE t.state = 'scheduled' AND (FALSE");
	for (size_t i = 0; i < list->count; i++) {
		if (is_amended(&items[i], call->now)) {
			ent_text_addf(
				&tail, " OR (t.account_id = %lld AND t.entitlement_id = %lld)",
				(long long)items[i].account_id.value, (long long)items[i].id.value);
		}
	}
	ent_text_addf(&tail, ") ORDER BY t.effective_at, t.id");
	return ent_row_select(call->db, &ent_entitlement_revision_type, ent_text_end(&tail), NULL,
	                      0, call->arena, out, error);
}

enum ent_code ent_ledger_begin(struct ent_call *call, struct ent_entitlement *e,
                               const struct ent_list *revisions, struct ent_held *out,
                               struct ent_error *error)
{
	*out = (struct ent_held){ .now = e };
	out->last_due = &out->due;
	enum ent_code code = ent_ledger_zone(call, e, &out->zone, error);
	if (code != ENT_OK) {
		return code;
	}
	out->before = ent_ledger_snapshot(e, call->arena);
	out->base = out->before;
	code = ent_due_pass(call, out, revisions, error);
	if (code == ENT_OK && out->due != NULL) {
		out->base = ent_ledger_snapshot(e, call->arena);
	}
	if (code == ENT_OK) {
		ent_terms_begin(&out->terms, e, out->zone, call->now, call->arena);
	}
	return code;
}

enum ent_code ent_ledger_hold(struct ent_call *call, ent_id entitlement, struct ent_held *out,
                              struct ent_error *error)
{
	struct ent_entitlement *e = ENT_NEW(call->arena, struct ent_entitlement, 1);
	struct ent_list revisions = { NULL, 0 };
	enum ent_code code = load_locked(call, entitlement, e, error);
	if (code == ENT_OK) {
		code = load_children(call, e, error);
	}
	if (code == ENT_OK) {
		struct ent_list one = { e, 1 };
		code = ent_ledger_revisions(call, &one, &revisions, error);
	}
	if (code == ENT_OK) {
		code = ent_ledger_begin(call, e, &revisions, out, error);
	}
	return code;
}

enum ent_code ent_ledger_case_postings(struct ent_call *call, const struct ent_entitlement *e,
                                       ent_id case_id, struct ent_list *out,
                                       struct ent_error *error)
{
	return ent_row_select(
		call->db, &ent_term_posting_type,
		ENT_STR("WHERE account_id = $1 AND case_id = $2 AND entitlement_id = $3 "
	                "ORDER BY id"),
		ENT_ARGS(ent_arg_id(e->account_id), ent_arg_id(case_id), ent_arg_id(e->id)),
		call->arena, out, error);
}

enum ent_code ent_ledger_replay(struct ent_call *call, struct ent_entitlement *e,
                                const struct ent_zone *zone, struct ent_error *error)
{
	struct ent_list postings;
	enum ent_code code =
		ent_row_select(call->db, &ent_term_posting_type,
	                       ENT_STR("WHERE account_id = $1 AND entitlement_id = $2 ORDER BY id"),
	                       ENT_ARGS(ent_arg_id(e->account_id), ent_arg_id(e->id)), call->arena,
	                       &postings, error);
	if (code == ENT_OK) {
		ent_terms_replay(e, zone, postings.items, postings.count);
	}
	return code;
}

ent_instant ent_ledger_due(const struct ent_entitlement *e, ent_instant now)
{
	enum ent_entitlement_state state = ent_life_state(e, now);
	bool live = state == ENT_ENTITLEMENT_WAITING || state == ENT_ENTITLEMENT_ACTIVE ||
	            state == ENT_ENTITLEMENT_SUSPENDED;
	if (!live) {
		return ENT_INSTANT_NONE;
	}
	int64_t due = ent_life_next(e, now).us;
	if (!ent_instant_is_none(e->amends_at) && e->amends_at.us < due) {
		due = e->amends_at.us;
	}
	int64_t ledger = ent_instant_is_none(e->ledger_ends_at) ? INT64_MAX : e->ledger_ends_at.us;
	if (ledger <= now.us) {
		ledger = now.us + ENT_DAY_US; /* reservations keep a lot that is due: look again */
	}
	due = ledger < due ? ledger : due;
	return due == INT64_MAX ? ENT_INSTANT_NONE : (ent_instant){ due };
}
