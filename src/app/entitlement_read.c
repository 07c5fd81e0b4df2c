#include "app/due.h"
#include "app/entity.h"
#include "app/inner.h"
#include "base/text.h"
#include "core/life.h"

/* The same as ent_life_state(). */
#define STATE                                                                     \
	"(CASE WHEN t.stage = 'draft' THEN 'draft'"                               \
	" WHEN t.stage = 'cancelled' AND t.cancelled_at IS NULL THEN 'cancelled'" \
	" WHEN t.cancelled_at <= $now"                                            \
	" AND (t.ends_at IS NULL OR t.cancelled_at < t.ends_at) THEN 'cancelled'" \
	" WHEN t.ends_at <= $now THEN 'expired'"                                  \
	" WHEN t.starts_at > $now THEN 'waiting'"                                 \
	" WHEN EXISTS (SELECT 1 FROM entitlement_suspension s"                    \
	" WHERE s.account_id = t.account_id AND s.entitlement_id = t.id"          \
	" AND s.starts_at <= $now AND (s.ends_at IS NULL OR s.ends_at > $now))"   \
	" THEN 'suspended' ELSE 'active' END)"

const struct ent_derived ent_entitlement_derived[] = {
	{ "state", STATE },
	{ "is_default", "(EXISTS (SELECT 1 FROM account a"
	                " WHERE a.id = t.account_id AND a.default_entitlement_id = t.id)"
	                " AND " STATE " IN ('waiting', 'active', 'suspended'))" },
	{ NULL, NULL },
};

/* due_at is never later than the next change of state: ent_ledger_due(). */
const struct ent_kept ent_entitlement_kept = { "state", "kept_state", "due_at", NULL };

/* Which of these are their accounts' default? One query. */
static enum ent_code find_defaults(struct ent_call *call, const struct ent_list *objects,
                                   struct ent_rows *out, struct ent_error *error)
{
	const struct ent_entitlement *items = objects->items;
	struct ent_value *args = ENT_NEW(call->arena, struct ent_value, ENT_IDS_ROOM);
	ent_id *accounts = ENT_NEW(call->arena, ent_id, objects->count);
	size_t count = 0;
	for (size_t i = 0; i < objects->count; i++) {
		if (i == 0 || !ent_id_eq(items[i].account_id, items[i - 1].account_id)) {
			accounts[count++] = items[i].account_id;
		}
	}
	struct ent_text sql = ent_text_begin(call->arena);
	ent_text_add(&sql, ENT_STR("SELECT default_entitlement_id FROM account "
	                           "WHERE default_entitlement_id IS NOT NULL AND id IN ("));
	size_t n = ent_args_ids(&sql, args, 0, (struct ent_ids){ accounts, count });
	ent_text_char(&sql, ')');
	return ent_db_run(call->db, ent_text_end(&sql), args, n, call->arena, out, error);
}

static bool is_live(enum ent_entitlement_state state)
{
	return state == ENT_ENTITLEMENT_WAITING || state == ENT_ENTITLEMENT_ACTIVE ||
	       state == ENT_ENTITLEMENT_SUSPENDED;
}

static bool is_among(const struct ent_rows *rows, ent_id id)
{
	const struct ent_row *row = rows->first;
	while (row != NULL && row->cell[0].number != id.value) {
		row = row->next;
	}
	return row != NULL;
}

/* Lay due amendments over it, in memory. */
static enum ent_code overlay(struct ent_call *call, struct ent_entitlement *e,
                             const struct ent_list *revisions, const struct ent_zone **zone,
                             struct ent_error *error)
{
	enum ent_code code = ent_ledger_zone(call, e, zone, error);
	if (code == ENT_OK && !ent_instant_is_none(e->amends_at) &&
	    e->amends_at.us <= call->now.us) {
		struct ent_held held = { .now = e, .zone = *zone };
		held.last_due = &held.due;
		code = ent_due_pass(call, &held, revisions, error);
		*zone = held.zone;
	}
	return code;
}

enum ent_code ent_amendment_overlay(struct ent_call *call, struct ent_entitlement *e,
                                    ent_instant at, struct ent_error *error)
{
	struct ent_call then = ent_call_within(call, call->arena);
	struct ent_list revisions;
	const struct ent_zone *zone;
	then.now = at;
	*e = *ent_ledger_snapshot(e, call->arena); /* rows may be shared with others */
	struct ent_list one = { e, 1 };
	enum ent_code code = ent_ledger_revisions(&then, &one, &revisions, error);
	if (code == ENT_OK) {
		code = overlay(&then, e, &revisions, &zone, error);
	}
	ent_call_end(&then);
	return code;
}

static enum ent_code show(struct ent_call *call, struct ent_entitlement *e,
                          const struct ent_list *revisions, struct ent_error *error)
{
	const struct ent_zone *zone;
	enum ent_code code = overlay(call, e, revisions, &zone, error);
	if (code == ENT_OK) {
		ent_terms_derive(e, zone, call->now);
		e->state = ent_life_state(e, call->now);
	}
	return code;
}

ENT_HOOK_DECORATE(ent_entitlement_decorate)
{
	struct ent_entitlement *items = objects->items;
	struct ent_rows defaults;
	struct ent_list revisions;
	if (objects->count == 0) {
		return ENT_OK;
	}
	enum ent_code code = find_defaults(call, objects, &defaults, error);
	if (code == ENT_OK) {
		code = ent_ledger_revisions(call, objects, &revisions, error);
	}
	for (size_t i = 0; i < objects->count && code == ENT_OK; i++) {
		code = show(call, &items[i], &revisions, error);
		items[i].is_default = is_live(items[i].state) && is_among(&defaults, items[i].id);
	}
	return code;
}
