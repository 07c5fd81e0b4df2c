/* operation_finish.c - what the contracts of an operation are once their rows are written: their
 * versions, and when time brings the next event. */
#include "app/operation_inner.h"

#include <stdlib.h>

/* Whoever holds the version from before hears of it, also where the header itself is as it was. */
static enum ent_code raise_version(struct ent_operation_writer *w, struct ent_contract *contract,
                                   struct ent_error *error)
{
	struct ent_set set = { { 0 } };
	contract->version++;
	contract->updated_at = w->call->now;
	ent_set_add(&set, ENT_AT_VERSION);
	ent_set_add(&set, ENT_AT_UPDATED_AT);
	ent_record_touch(w->call, &ent_contract_type, contract);
	return ent_row_update(w->call->db, &ent_contract_type, contract, &set, w->call->arena,
	                      error);
}

enum ent_code ent_operation_expect(struct ent_call *call, const struct ent_contract_tree *tree,
                                   struct ent_error *error)
{
	struct ent_contract *contract = (struct ent_contract *)(uintptr_t)&tree->contract;
	struct ent_call then = *call;
	if (contract->stage == ENT_STAGE_DRAFT) {
		return ENT_OK;
	}
	if (!ent_instant_is_none(contract->seen_at)) {
		then.now = contract->seen_at;
	}
	ent_instant next = ent_contract_next_own(&then, contract);
	for (size_t i = 0; i < tree->count; i++) {
		const struct ent_contract_line *line = &tree->lines[i];
		ent_instant at = ent_contract_next_line(
			&then, contract, ent_contract_tree_line(tree, line->root_id), line);
		next = at.us < next.us ? at : next;
	}
	next = next.us < call->now.us ? call->now : next;
	return ent_contract_expect(call, contract, next, error);
}

static size_t take(const struct ent_contract_line *line, ent_id contract,
                   struct ent_contract_line *out, size_t at)
{
	if (!ent_id_eq(line->contract_id, contract)) {
		return 0;
	}
	if (out != NULL) {
		out[at] = *line;
	}
	return 1;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = ((const struct ent_contract_line *)a)->id.value;
	int64_t y = ((const struct ent_contract_line *)b)->id.value;
	return x < y ? -1 : x > y;
}

/* The lines that are in the contract after the plan; *out NULL: only how many. */
static size_t lines_in(const struct ent_operation_writer *w, ent_id id,
                       struct ent_contract_line *out)
{
	const struct ent_plan *plan = &w->op->plan;
	size_t count = 0;
	for (size_t i = 0; i < w->op->count; i++) {
		const struct ent_holding *holding = &w->op->holdings[i];
		for (size_t k = 0; k < holding->line_count; k++) {
			count += take(ent_plan_after(plan, &holding->lines[k]), id, out, count);
		}
	}
	for (size_t i = 0; i < plan->count; i++) {
		const struct ent_plan_row *row = &plan->rows[i];
		if (row->type == &ent_contract_line_type && row->before == NULL) {
			count += take(row->after, id, out, count);
		}
	}
	return count;
}

/* The contract as it is stored now, with its lines, without reading it. */
static void read_tree(const struct ent_operation_writer *w, ent_id id,
                      struct ent_contract_tree *tree)
{
	size_t place;
	tree->contract = *ent_operation_contract(w, id, &place);
	tree->count = lines_in(w, id, NULL);
	tree->lines = ENT_NEW(w->call->arena, struct ent_contract_line, tree->count);
	(void)lines_in(w, id, tree->lines);
	qsort(tree->lines, tree->count, sizeof(*tree->lines), by_id);
}

static enum ent_code after_all(struct ent_operation_writer *w, ent_id id, ent_instant effective_at,
                               struct ent_error *error)
{
	struct ent_contract_tree tree;
	read_tree(w, id, &tree);
	enum ent_code code = ent_operation_expect(w->call, &tree, error);
	if (code == ENT_OK && effective_at.us > w->call->now.us) {
		code = ent_contract_expect(w->call, &tree.contract, effective_at, error);
	}
	return code;
}

enum ent_code ent_operation_finish(struct ent_operation_writer *w,
                                   struct ent_operation_written *out, struct ent_error *error)
{
	struct ent_operating *op = w->op;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < op->count && code == ENT_OK; i++) {
		struct ent_contract *contract = (struct ent_contract *)(uintptr_t)ent_plan_after(
			&op->plan, op->holdings[i].contract);
		size_t place = ent_plan_row_of(&op->plan, op->holdings[i].contract);
		if (place == SIZE_MAX || ent_set_is_empty(&w->diffs[place])) {
			code = raise_version(w, contract, error);
		}
		if (code == ENT_OK) {
			code = ent_contract_count_lines(w->call, contract, error);
		}
		if (code == ENT_OK) {
			code = after_all(w, contract->id, out->effective_at, error);
		}
		out->version = i == 0 ? contract->version : out->version;
	}
	for (size_t i = 0; i < op->plan.count && code == ENT_OK; i++) {
		const struct ent_plan_row *row = &op->plan.rows[i];
		if (row->type == &ent_contract_type && row->before == NULL) {
			code = after_all(w, ((const struct ent_record *)row->after)->id,
			                 out->effective_at, error);
		}
	}
	return code;
}
