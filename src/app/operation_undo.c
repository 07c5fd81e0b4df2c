/* operation_undo.c - take back an operation that has not taken effect yet.
 *
 * What it made is removed and what it changed is as before, if nothing of it was changed since:
 * each record still has the version that the operation left.
 */
#include "app/action.h"
#include "app/agenda.h"
#include "app/ledger.h"
#include "app/operation_inner.h"
#include "base/text.h"
#include "core/life.h"
#include "json/json.h"

/* A record of the operation. */
struct undone {
	const struct ent_type *type;
	ent_id id;
	int64_t version;
	const struct ent_node *was; /* NULL: it was made */
	void *now;
};

struct undo {
	struct ent_call *call;
	struct ent_contract_operation *operation;
	const struct ent_zone *zone; /* of the contract's days */
	struct undone *items;
	size_t count;
};

/* What is referred to comes last. */
static const struct ent_type *const order[] = {
	&ent_contract_coverage_type,
	&ent_entitlement_type,
	&ent_contract_line_type,
	&ent_contract_type,
};

/* ---- reading what was kept -------------------------------------------------------------- */

static void read_one(const struct ent_node *node, struct undone *out)
{
	out->type = ent_type_named(ent_json_member(node, "type")->text);
	out->was = ent_json_member(node, "was");
	bool good = ent_id_parse(ent_json_member(node, "id")->text, out->type->prefix, &out->id) &&
	            ent_json_int(ent_json_member(node, "version"), &out->version);
	assert(good);
}

static struct ent_record *find(const struct ent_list *list, const struct ent_type *type, ent_id id)
{
	size_t low = 0;
	size_t high = list->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct ent_record *record = (void *)((char *)list->items + middle * type->size);
		if (ent_id_eq(record->id, id)) {
			return record;
		}
		if (record->id.value < id.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return NULL;
}

/* Where the caller does not see it, or it is another version, something happened to it. */
static enum ent_code take(struct undo *u, struct undone *item, const struct ent_list *list,
                          struct ent_error *error)
{
	struct ent_record *record = find(list, item->type, item->id);
	bool same = record != NULL && record->version == item->version;
	enum ent_code code =
		same ? ent_call_sees(u->call, record->account_id, &same, error) : ENT_OK;
	if (code == ENT_OK && !same) {
		char text[ENT_ID_ROOM];
		ent_id_format(item->id, item->type->prefix, text);
		return ent_fail(error, ENT_E_CHANGED_SINCE, "the %s %s was changed since",
		                item->type->name, text);
	}
	item->now = record;
	return code;
}

static enum ent_code load_some(struct undo *u, struct undone *const *items, size_t count,
                               struct ent_error *error)
{
	const struct ent_type *type = items[0]->type;
	struct ent_arena *arena = u->call->arena;
	struct ent_value *args = ENT_NEW(arena, struct ent_value, ENT_IDS_ROOM);
	ent_id *ids = ENT_NEW(arena, ent_id, count);
	struct ent_text tail = ent_text_begin(arena);
	struct ent_list list;
	for (size_t i = 0; i < count; i++) {
		ids[i] = items[i]->id;
	}
	ent_text_add(&tail, ENT_STR("WHERE t.id IN ("));
	size_t n = ent_args_ids(&tail, args, 0, (struct ent_ids){ ids, count });
	ent_text_add(&tail, ENT_STR(") ORDER BY t.id"));
	enum ent_code code = ent_row_select(u->call->db, type, ent_text_end(&tail), args, n, arena,
	                                    &list, error);
	if (code == ENT_OK) {
		code = ent_record_children(u->call, type, &list, error);
	}
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		code = take(u, items[i], &list, error);
	}
	return code;
}

/* As many at once as a statement takes: operations may be about tens of thousands. */
static enum ent_code load_type(struct undo *u, const struct ent_type *type, struct ent_error *error)
{
	struct undone *some[ENT_IDS_ROOM];
	size_t count = 0;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < u->count && code == ENT_OK; i++) {
		if (u->items[i].type == type) {
			some[count++] = &u->items[i];
		}
		if (count == ENT_IDS_ROOM) {
			code = load_some(u, some, count, error);
			count = 0;
		}
	}
	return code == ENT_OK && count > 0 ? load_some(u, some, count, error) : code;
}

static enum ent_code read_all(struct undo *u, struct ent_error *error)
{
	const struct ent_node *root;
	enum ent_code code =
		ent_json_parse(u->operation->restore.text, u->call->arena, &root, error);
	if (code != ENT_OK) {
		return code;
	}
	u->items = ENT_NEW(u->call->arena, struct undone, root->count);
	for (const struct ent_node *n = root->first; n != NULL; n = n->next) {
		read_one(n, &u->items[u->count++]);
	}
	for (size_t k = 0; k < ENT_COUNT(order) && code == ENT_OK; k++) {
		code = load_type(u, order[k], error);
	}
	return code;
}

/* ---- putting back ----------------------------------------------------------------------- */

/* Rows that are read know their identifier; what they belong to is where they are. */
static void own_rows(const struct ent_field *field, const struct ent_children *rows,
                     const struct ent_record *owner, const struct ent_type *type)
{
	for (size_t i = 0; i < rows->count; i++) {
		char *item = (char *)rows->items + i * field->child->size;
		for (size_t k = 0; k < field->child->count; k++) {
			const struct ent_field *f = &field->child->fields[k];
			if (f->kind != ENT_K_ID || f->rule != ENT_R_HIDDEN) {
				continue;
			}
			if (f->target == type) {
				*(ent_id *)ent_field_at(f, item) = owner->id;
			} else if (f->target == &ent_account_type) {
				*(ent_id *)ent_field_at(f, item) = owner->account_id;
			}
		}
	}
}

static enum ent_code put_back(struct undo *u, const struct undone *item, void *object,
                              struct ent_error *error)
{
	struct ent_set given;
	enum ent_code code = ent_json_read(item->type, item->was, ENT_JSON_ANY, u->call->arena,
	                                   object, &given, error);
	for (size_t i = 0; code == ENT_OK && i < item->type->count; i++) {
		const struct ent_field *field = &item->type->fields[i];
		if (ent_set_has(&given, i) && field->kind == ENT_K_CHILDREN) {
			own_rows(field, ent_field_at(field, object), object, item->type);
		}
	}
	return code;
}

/* Nothing of what has ended is put back. */
static enum ent_code look_at_contract(struct undo *u, struct ent_error *error)
{
	struct ent_contract contract;
	enum ent_code code = ent_record_load(u->call, &ent_contract_type, u->operation->contract_id,
	                                     &contract, error);
	if (code == ENT_OK) {
		code = ent_contract_allow(ent_contract_own_state(u->call, &contract),
		                          ENT_CONTRACT_DO_UNDO, error);
	}
	return code == ENT_OK ? ent_contract_zone(u->call, &contract, &u->zone, error) : code;
}

static enum ent_code restore_entitlement(struct undo *u, const struct undone *item,
                                         struct ent_error *error)
{
	struct ent_held held;
	struct ent_list revisions = { NULL, 0 };
	struct ent_list one = { item->now, 1 };
	enum ent_code code = ent_ledger_revisions(u->call, &one, &revisions, error);
	if (code == ENT_OK) {
		code = ent_ledger_begin(u->call, item->now, &revisions, &held, error);
	}
	if (code == ENT_OK) {
		code = put_back(u, item, held.now, error);
	}
	if (code == ENT_OK) {
		ent_life_dates(held.now, held.zone);
		ent_record_touch(u->call, item->type, held.now);
		code = ent_ledger_save(u->call, &held, "restored", error);
	}
	return code;
}

static enum ent_code restore(struct undo *u, const struct undone *item, struct ent_error *error)
{
	if (item->type == &ent_entitlement_type) {
		return restore_entitlement(u, item, error);
	}
	void *before = ent_record_copy(u->call->arena, item->type, item->now);
	enum ent_code code = put_back(u, item, item->now, error);
	if (code != ENT_OK) {
		return code;
	}
	if (item->type == &ent_contract_type) {
		ent_contract_dates(item->now, u->zone);
	} else if (item->type == &ent_contract_line_type) {
		ent_contract_line_dates(item->now, u->zone);
	} else {
		ent_contract_coverage_dates(item->now, u->zone);
	}
	return ent_record_save(u->call, item->type, before, item->now, "restored", error);
}

static enum ent_code restore_all(struct undo *u, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < u->count && code == ENT_OK; i++) {
		if (u->items[i].was != NULL) {
			code = restore(u, &u->items[i], error);
		}
	}
	return code;
}

/* ---- removing --------------------------------------------------------------------------- */

static enum ent_code remove_links(struct undo *u, struct ent_error *error)
{
	return ent_db_exec(
		u->call->db, ENT_STR("DELETE FROM contract_link WHERE operation_id = $1"),
		ENT_ARGS(ent_arg_id(u->operation->id)), ENT_ANY_ROWS, u->call->arena, error);
}

/* Nothing was used of it, or it would have changed since: what it was granted goes with it. */
static enum ent_code remove_grants(struct undo *u, const struct undone *item,
                                   struct ent_error *error)
{
	const struct ent_entitlement *e = item->now;
	if (item->type != &ent_entitlement_type) {
		return ENT_OK;
	}
	ent_agenda_set(u->call, ENT_AGENDA_ENTITLEMENT, e->account_id, e->id, e->due_at,
	               ENT_INSTANT_NONE);
	return ent_db_exec(u->call->db,
	                   ENT_STR("DELETE FROM term_posting WHERE account_id = $1 AND "
	                           "entitlement_id = $2"),
	                   ENT_ARGS(ent_arg_id(e->account_id), ent_arg_id(e->id)), ENT_ANY_ROWS,
	                   u->call->arena, error);
}

static enum ent_code remove_all(struct undo *u, struct ent_error *error)
{
	enum ent_code code = remove_links(u, error);
	for (size_t k = 0; k < ENT_COUNT(order); k++) {
		for (size_t i = u->count; i > 0 && code == ENT_OK; i--) {
			const struct undone *item = &u->items[i - 1];
			if (item->was != NULL || item->type != order[k]) {
				continue;
			}
			code = remove_grants(u, item, error);
			if (code == ENT_OK) {
				code = ent_record_remove(u->call, item->type, item->now, error);
			}
		}
	}
	return code;
}

/* ---- the action ------------------------------------------------------------------------- */

static enum ent_code check(const struct undo *u, struct ent_error *error)
{
	const struct ent_contract_operation *o = u->operation;
	if (o->state == ENT_OPERATION_UNDONE) {
		return ent_fail(error, ENT_E_STATE, "cannot undo: it is undone already");
	}
	if (o->state != ENT_OPERATION_SCHEDULED || o->effective_at.us <= u->call->now.us) {
		return ent_fail(error, ENT_E_STATE,
		                "cannot undo: it has taken effect; do the opposite");
	}
	return o->restore.text.len > 0
	               ? ENT_OK
	               : ent_fail(error, ENT_E_STATE, "cannot undo: nothing is kept of it");
}

static enum ent_code raise_contract(struct undo *u, struct ent_error *error)
{
	struct ent_contract_tree tree;
	enum ent_code code = ent_db_exec(
		u->call->db,
		ENT_STR("UPDATE contract SET version = version + 1, updated_at = $1 "
	                "WHERE account_id = $2 AND id = $3"),
		ENT_ARGS(ent_arg_instant(u->call->now), ent_arg_id(u->operation->account_id),
	                 ent_arg_id(u->operation->contract_id)),
		1, u->call->arena, error);
	if (code == ENT_OK) {
		code = ent_contract_tree_load(u->call, u->operation->contract_id, false, &tree,
		                              error);
	}
	return code == ENT_OK ? ent_operation_expect(u->call, &tree, error) : code;
}

static enum ent_code finish(struct undo *u, struct ent_error *error)
{
	struct ent_call *call = u->call;
	struct ent_contract_operation *o = u->operation;
	const struct ent_contract_operation *before =
		ent_record_copy(call->arena, &ent_contract_operation_type, o);
	o->state = ENT_OPERATION_UNDONE;
	o->undone_at = call->now;
	o->restore = (struct ent_json){ (ent_str){ NULL, 0 } };
	return ent_record_save(call, &ent_contract_operation_type, before, o, "undone", error);
}

enum ent_code ent_contract_operation_undo(struct ent_call *call, ent_id id, int64_t version,
                                          const void *input, void *out, struct ent_error *error)
{
	(void)input; /* its reason is with the call */
	struct undo u = { .call = call, .operation = out };
	enum ent_code code = ent_call_may(call, "contract.undo", error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, &ent_contract_operation_type, id, version, out, error);
	}
	if (code == ENT_OK) {
		code = check(&u, error);
	}
	if (code == ENT_OK) {
		code = look_at_contract(&u, error);
	}
	if (code == ENT_OK) {
		code = read_all(&u, error);
	}
	if (code == ENT_OK) {
		code = restore_all(&u, error);
	}
	if (code == ENT_OK) {
		code = remove_all(&u, error);
	}
	if (code == ENT_OK) {
		code = raise_contract(&u, error);
	}
	return code == ENT_OK ? finish(&u, error) : code;
}
