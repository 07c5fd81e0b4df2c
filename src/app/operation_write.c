/* operation_write.c - a plan becomes rows: identifiers, numbers, instants, events. */
#include "app/entitlement.h"
#include "app/entitlement_act.h"
#include "app/operation_inner.h"
#include "app/pile.h"
#include "base/text.h"
#include "core/life.h"
#include "json/json.h"

static bool is_line(const struct ent_plan_row *row)
{
	return row->type == &ent_contract_line_type;
}

/* ---- identifiers ------------------------------------------------------------------------ */

static void name_all(struct ent_operation_writer *w)
{
	struct ent_plan *plan = &w->op->plan;
	w->made = ENT_NEW(plan->arena, struct ent_plan_row *, (size_t)plan->made + 1);
	w->ids = ENT_NEW(plan->arena, ent_id, (size_t)plan->made + 1);
	for (size_t i = 0; i < plan->count; i++) {
		struct ent_plan_row *row = &plan->rows[i];
		if (row->before == NULL) {
			struct ent_record *record = row->after;
			w->made[-record->id.value] = row;
			w->ids[-record->id.value] = ent_app_id(w->call->app);
		}
	}
}

static ent_id real(const struct ent_operation_writer *w, ent_id id)
{
	return ent_plan_is_new(id) ? w->ids[-id.value] : id;
}

static void resolve_field(const struct ent_operation_writer *w, const struct ent_field *field,
                          void *object)
{
	if (field->kind == ENT_K_ID) {
		ent_id *id = ent_field_at(field, object);
		*id = real(w, *id);
		return;
	}
	struct ent_ids *ids = ent_field_at(field, object);
	ent_id *items = ENT_NEW(w->call->arena, ent_id, ids->count);
	for (size_t i = 0; i < ids->count; i++) {
		items[i] = real(w, ids->items[i]);
	}
	ids->items = items;
}

static void resolve_all(const struct ent_operation_writer *w)
{
	struct ent_plan *plan = &w->op->plan;
	for (size_t i = 0; i < plan->count; i++) {
		const struct ent_type *type = plan->rows[i].type;
		for (size_t k = 0; k < type->count; k++) {
			enum ent_kind kind = type->fields[k].kind;
			if (kind == ENT_K_ID || kind == ENT_K_IDS) {
				resolve_field(w, &type->fields[k], plan->rows[i].after);
			}
		}
	}
	for (size_t i = 0; i < plan->link_count; i++) {
		struct ent_plan_link *link = &plan->links[i];
		link->from_contract = real(w, link->from_contract);
		link->from_line = real(w, link->from_line);
		link->to_contract = real(w, link->to_contract);
		link->to_line = real(w, link->to_line);
	}
}

/* That a table has rows of what was made is known in it. */
static void mark_made(const struct ent_operation_writer *w, ent_id owner, bool is_right)
{
	if (!ent_plan_is_new(owner)) {
		return;
	}
	void *after = w->made[-owner.value]->after;
	if (is_right) {
		((struct ent_entitlement *)after)->extra_rows |= ENT_EXTRA_COVERAGE;
	} else if (is_line(w->made[-owner.value])) {
		((struct ent_contract_line *)after)->extra_rows |= ENT_CONTRACT_COVERAGE;
	} else {
		((struct ent_contract *)after)->extra_rows |= ENT_CONTRACT_COVERAGE;
	}
}

static enum ent_code mark(struct ent_operation_writer *w, const struct ent_contract_coverage *row,
                          struct ent_error *error)
{
	bool is_right = !ent_id_is_none(row->entitlement_id);
	bool is_line_row = !ent_id_is_none(row->contract_line_id);
	ent_id owner = is_right      ? row->entitlement_id
	               : is_line_row ? row->contract_line_id
	                             : row->contract_id;
	const struct ent_type *type = is_right      ? &ent_entitlement_type
	                              : is_line_row ? &ent_contract_line_type
	                                            : &ent_contract_type;
	if (ent_plan_is_new(owner)) {
		mark_made(w, owner, is_right);
		return ENT_OK;
	}
	return ent_contract_mark(w->call, type, row->account_id, owner,
	                         is_right ? (int64_t)ENT_EXTRA_COVERAGE : ENT_CONTRACT_COVERAGE,
	                         error);
}

static enum ent_code mark_all(struct ent_operation_writer *w, struct ent_error *error)
{
	const struct ent_plan *plan = &w->op->plan;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < plan->count && code == ENT_OK; i++) {
		const struct ent_plan_row *row = &plan->rows[i];
		if (row->before == NULL && row->type == &ent_contract_coverage_type) {
			code = mark(w, row->after, error);
		}
	}
	return code;
}

/* ---- rows ------------------------------------------------------------------------------- */

static enum ent_code write_plain(struct ent_operation_writer *w, struct ent_plan_row *row,
                                 struct ent_error *error)
{
	return row->before == NULL
	               ? ent_record_insert(w->call, row->type, row->after, "created", error)
	               : ent_record_save(w->call, row->type, row->before, row->after, "updated",
	                                 error);
}

static enum ent_code make_entitlement(struct ent_operation_writer *w, struct ent_entitlement *e,
                                      struct ent_error *error)
{
	size_t place;
	const struct ent_contract *contract = ent_operation_contract(w, e->contract_id, &place);
	enum ent_code code = ent_entitlement_number(w->call, &e->number, error);
	if (code == ENT_OK) {
		code = ent_entitlement_tidy(w->call, NULL, e, error);
	}
	if (code == ENT_OK) {
		code = ent_record_insert(w->call, &ent_entitlement_type, e, "created", error);
	}
	return code == ENT_OK && contract->stage == ENT_STAGE_LIVE
	               ? ent_act_begin(w->call, e, error)
	               : code;
}

/* Lay what the plan changes over the entitlement as it is with what is due. */
static enum ent_code change_entitlement(struct ent_operation_writer *w,
                                        const struct ent_plan_row *row, const struct ent_set *diff,
                                        struct ent_error *error)
{
	struct ent_held held;
	struct ent_list revisions = { NULL, 0 };
	struct ent_entitlement *e = ent_record_copy(w->call->arena, row->type, row->before);
	struct ent_list one = { e, 1 };
	enum ent_code code = ent_ledger_revisions(w->call, &one, &revisions, error);
	if (code == ENT_OK) {
		code = ent_ledger_begin(w->call, e, &revisions, &held, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	for (size_t i = 0; i < row->type->count; i++) {
		if (ent_set_has(diff, i)) {
			ent_field_copy(&row->type->fields[i], row->after, held.now);
		}
	}
	if (held.now->stage == ENT_STAGE_DRAFT) { /* what it grants may be other rows */
		code = ent_entitlement_tidy(w->call, row->before, held.now, error);
	}
	if (code == ENT_OK) {
		code = ent_ledger_zone(w->call, held.now, &held.zone, error);
	}
	if (code == ENT_OK) {
		ent_life_dates(held.now, held.zone);
		code = ent_ledger_save(w->call, &held, "updated", error);
	}
	if (code == ENT_OK) {
		ent_record_touch(w->call, row->type, held.now);
		((struct ent_entitlement *)row->after)->version = held.now->version;
	}
	return code;
}

static enum ent_code write_row(struct ent_operation_writer *w, size_t i, struct ent_error *error)
{
	struct ent_plan_row *row = &w->op->plan.rows[i];
	if (ent_set_is_empty(&w->diffs[i])) {
		return ENT_OK;
	}
	if (row->type != &ent_entitlement_type) {
		return write_plain(w, row, error);
	}
	return row->before == NULL ? make_entitlement(w, row->after, error)
	                           : change_entitlement(w, row, &w->diffs[i], error);
}

/* Those that are made before those that change, as what changes may refer to them. */
static enum ent_code write_rows(struct ent_operation_writer *w, const struct ent_type *type,
                                struct ent_error *error)
{
	const struct ent_plan *plan = &w->op->plan;
	enum ent_code code = ENT_OK;
	for (int makes = 1; makes >= 0; makes--) {
		for (size_t i = 0; i < plan->count && code == ENT_OK; i++) {
			const struct ent_plan_row *row = &plan->rows[i];
			if (row->type == type && (row->before == NULL) == (makes == 1)) {
				code = write_row(w, i, error);
			}
		}
	}
	return code;
}

static enum ent_code write_links(struct ent_operation_writer *w, struct ent_error *error)
{
	const struct ent_plan *plan = &w->op->plan;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < plan->link_count && code == ENT_OK; i++) {
		const struct ent_plan_link *from = &plan->links[i];
		size_t place;
		struct ent_contract_link *link =
			ENT_NEW(w->call->arena, struct ent_contract_link, 1);
		ent_type_clear(&ent_contract_link_type, link);
		link->id = ent_app_id(w->call->app);
		link->account_id = ent_operation_contract(w, from->to_contract, &place)->account_id;
		link->created_at = w->call->now;
		link->kind = from->kind;
		link->from_contract_id = from->from_contract;
		link->from_line_id = from->from_line;
		link->to_contract_id = from->to_contract;
		link->to_line_id = from->to_line;
		link->quantity = from->quantity;
		link->operation_id = w->operation;
		code = ent_pile_insert(w->call, &ent_contract_link_type, link, error);
	}
	return code;
}

/* Contracts and lines, of which there are many. */
static enum ent_code write_trees(struct ent_operation_writer *w, struct ent_error *error)
{
	enum ent_code code = write_rows(w, &ent_contract_type, error);
	return code == ENT_OK ? write_rows(w, &ent_contract_line_type, error) : code;
}

static enum ent_code write_around(struct ent_operation_writer *w, struct ent_error *error)
{
	enum ent_code code = write_rows(w, &ent_contract_coverage_type, error);
	return code == ENT_OK ? write_links(w, error) : code;
}

/* With few statements. */
static enum ent_code in_pile(struct ent_operation_writer *w,
                             enum ent_code (*write)(struct ent_operation_writer *,
                                                    struct ent_error *),
                             struct ent_error *error)
{
	struct ent_pile *outer = w->call->pile;
	struct ent_pile pile = { .has_records = true };
	w->call->pile = &pile;
	enum ent_code code = write(w, error);
	if (code == ENT_OK) {
		code = ent_pile_write(w->call, error);
	}
	w->call->pile = outer;
	return code;
}

/* What is referred to before what refers to it. */
static enum ent_code write_all(struct ent_operation_writer *w, struct ent_error *error)
{
	enum ent_code code = in_pile(w, write_trees, error);
	if (code == ENT_OK) {
		code = write_rows(w, &ent_entitlement_type, error);
	}
	return code == ENT_OK ? in_pile(w, write_around, error) : code;
}

/* ---- all of it -------------------------------------------------------------------------- */

enum ent_code ent_operation_write(struct ent_operating *op, const struct ent_set *diffs, ent_id id,
                                  struct ent_operation_written *out, struct ent_error *error)
{
	struct ent_operation_writer w = {
		.op = op, .call = op->call, .diffs = diffs, .operation = id
	};
	name_all(&w);
	enum ent_code code = mark_all(&w, error);
	if (code == ENT_OK) {
		resolve_all(&w);
		code = ent_operation_settle(&w, error);
	}
	if (code == ENT_OK) {
		code = write_all(&w, error);
	}
	if (code == ENT_OK) {
		code = ent_operation_date_again(&w, error);
	}
	if (code == ENT_OK) {
		code = ent_operation_finish(&w, out, error);
	}
	if (code == ENT_OK) {
		out->made = ent_operation_made(&op->plan);
		out->restore = ent_operation_restore(&op->plan, diffs);
	}
	return code;
}
