/* boundary.c - what time alone brings to entitlements, written once each, also after downtime.
 *
 * Nothing depends on it being in time: states and balances are computed when they are read.
 * It writes the events (activated, expired, suspended, resumed, cancelled), applies
 * scheduled amendments, settles ended periods, and takes the default flag from what has
 * ended. Everything follows from what is stored: each entitlement has the instant until
 * which it was looked at (seen_at) and that of the next change (due_at, also in `due`).
 */
#include "app/agenda.h"
#include "app/ledger.h"
#include "app/record.h"
#include "base/text.h"

static enum ent_code load(struct ent_call *call, const struct ent_agenda_item *items, size_t count,
                          struct ent_list *out, struct ent_error *error)
{
	ent_id *ids = ENT_NEW(call->arena, ent_id, count);
	struct ent_value *args = ENT_NEW(call->arena, struct ent_value, ENT_IDS_ROOM);
	struct ent_text tail = ent_text_begin(call->arena);
	for (size_t i = 0; i < count; i++) {
		ids[i] = items[i].id;
	}
	ent_text_add(&tail, ENT_STR("WHERE t.id IN ("));
	size_t n = ent_args_ids(&tail, args, 0, (struct ent_ids){ ids, count });
	ent_text_char(&tail, ')');
	return ent_row_select(call->db, &ent_entitlement_type, ent_text_end(&tail), args, n,
	                      call->arena, out, error);
}

static bool has_rows(const struct ent_entitlement *e, ent_instant now)
{
	bool amended = !ent_instant_is_none(e->amends_at) && e->amends_at.us <= now.us;
	return amended || (e->extra_rows & ~(ENT_EXTRA_GRANTS | ENT_EXTRA_COVERAGE)) != 0;
}

/* Those that have rows that matter come first, as only they are asked for them. */
static enum ent_code load_rows(struct ent_call *call, struct ent_list *list,
                               struct ent_error *error)
{
	struct ent_entitlement *items = list->items;
	size_t first = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (has_rows(&items[i], call->now)) {
			struct ent_entitlement e = items[i];
			items[i] = items[first];
			items[first++] = e;
		}
	}
	struct ent_list some = { items, first };
	return ent_record_children(call, &ent_entitlement_type, &some, error);
}

static struct ent_entitlement *find(const struct ent_list *list, ent_id id)
{
	struct ent_entitlement *items = list->items;
	for (size_t i = 0; i < list->count; i++) {
		if (ent_id_eq(items[i].id, id)) {
			return &items[i];
		}
	}
	return NULL;
}

static enum ent_code pass(struct ent_call *call, struct ent_entitlement *e,
                          const struct ent_list *revisions, struct ent_error *error)
{
	struct ent_held held;
	enum ent_code code = ent_ledger_begin(call, e, revisions, &held, error);
	return code == ENT_OK ? ent_ledger_save(call, &held, NULL, error) : code;
}

enum ent_code ent_boundary_handle(struct ent_call *call, const struct ent_agenda_item *items,
                                  size_t count, struct ent_error *error)
{
	struct ent_list list;
	struct ent_list revisions;
	enum ent_code code = load(call, items, count, &list, error);
	if (code == ENT_OK) {
		code = load_rows(call, &list, error);
	}
	if (code == ENT_OK) {
		code = ent_ledger_revisions(call, &list, &revisions, error);
	}
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		struct ent_entitlement *e = find(&list, items[i].id);
		if (e == NULL) {
			continue; /* deleted */
		}
		if (!ent_instant_is_none(e->due_at) && e->due_at.us <= call->now.us) {
			code = pass(call, e, &revisions, error);
		} else {
			ent_agenda_set(call, ENT_AGENDA_ENTITLEMENT, e->account_id, e->id,
			               items[i].at, e->due_at);
		}
	}
	return code;
}
