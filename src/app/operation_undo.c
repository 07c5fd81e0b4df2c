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
	const struct ent_node *was; /* NULL: it was made */
	void *now;
};

struct undo {
	struct ent_call *call;
	struct ent_contract_operation *operation;
	struct undone *items;
	size_t count;
};

/* ---- reading what was kept -------------------------------------------------------------- */

static enum ent_code read_one(struct undo *u, const struct ent_node *node, struct undone *out,
                              struct ent_error *error)
{
	int64_t version = 0;
	ent_id id;
	out->type = ent_type_named(ent_json_member(node, "type")->text);
	out->was = ent_json_member(node, "was");
	out->now = ent_arena_alloc(u->call->arena, 1, out->type->size, 16);
	bool good = ent_id_parse(ent_json_member(node, "id")->text, out->type->prefix, &id) &&
	            ent_json_int(ent_json_member(node, "version"), &version);
	assert(good);
	enum ent_code code = ent_record_load(u->call, out->type, id, out->now, error);
	if (code == ENT_OK && ((const struct ent_record *)out->now)->version != version) {
		code = ENT_E_NOT_FOUND;
	}
	if (code == ENT_E_NOT_FOUND) {
		ent_str text = ent_json_member(node, "id")->text;
		return ent_fail(error, ENT_E_CHANGED_SINCE, "the %s %.*s was changed since",
		                out->type->name, (int)text.len, text.ptr);
	}
	return code;
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
	for (const struct ent_node *n = root->first; n != NULL && code == ENT_OK; n = n->next) {
		code = read_one(u, n, &u->items[u->count++], error);
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

static enum ent_code zone_of(struct undo *u, const struct ent_zone **out, struct ent_error *error)
{
	struct ent_contract contract;
	enum ent_code code = ent_record_load(u->call, &ent_contract_type, u->operation->contract_id,
	                                     &contract, error);
	return code == ENT_OK ? ent_contract_zone(u->call, &contract, out, error) : code;
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
	const struct ent_zone *zone;
	if (item->type == &ent_entitlement_type) {
		return restore_entitlement(u, item, error);
	}
	void *before = ent_record_copy(u->call->arena, item->type, item->now);
	enum ent_code code = put_back(u, item, item->now, error);
	if (code == ENT_OK) {
		code = zone_of(u, &zone, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	if (item->type == &ent_contract_type) {
		ent_contract_dates(item->now, zone);
	} else if (item->type == &ent_contract_line_type) {
		ent_contract_line_dates(item->now, zone);
	} else {
		ent_contract_coverage_dates(item->now, zone);
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

/* In the reverse order: coverage and entitlements before lines, those before contracts. */
static enum ent_code remove_all(struct undo *u, struct ent_error *error)
{
	static const struct ent_type *const order[] = {
		&ent_contract_coverage_type,
		&ent_entitlement_type,
		&ent_contract_line_type,
		&ent_contract_type,
	};
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
