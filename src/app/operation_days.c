/* operation_days.c - the days of what a plan writes become instants, each in its own zone. */
#include "app/operation_inner.h"
#include "core/plan_tree.h"

static bool is_contract(const struct ent_plan_row *row)
{
	return row->type == &ent_contract_type;
}

const struct ent_contract *ent_operation_contract(const struct ent_operation_writer *w, ent_id id,
                                                  size_t *place)
{
	const struct ent_plan *plan = &w->op->plan;
	for (size_t i = 0; i < w->op->count; i++) {
		const struct ent_contract *contract = w->op->holdings[i].contract;
		if (ent_id_eq(contract->id, id)) {
			*place = ent_plan_row_of(plan, contract);
			return ent_plan_after(plan, contract);
		}
	}
	for (size_t i = 0; i < plan->count; i++) {
		const struct ent_contract *contract = plan->rows[i].after;
		if (is_contract(&plan->rows[i]) && ent_id_eq(contract->id, id)) {
			*place = i;
			return contract;
		}
	}
	assert(false);
	return NULL;
}

/* Which contract a row is in, remembered from row to row: most follow upon others of the same. */
struct within {
	ent_id id;
	const struct ent_contract *contract;
	const struct ent_zone *zone;
	size_t place;
};

static enum ent_code step_into(struct ent_operation_writer *w, struct within *in, ent_id contract,
                               struct ent_error *error)
{
	if (in->contract != NULL && ent_id_eq(in->id, contract)) {
		return ENT_OK;
	}
	in->id = contract;
	in->contract = ent_operation_contract(w, contract, &in->place);
	return ent_contract_zone(w->call, in->contract, &in->zone, error);
}

/* ---- what coverage is of ---- */

/* What the plan makes, by the identifier that it has now; NULL: it does not. */
static const struct ent_plan_row *made_row(const struct ent_operation_writer *w, ent_id id)
{
	size_t low = 1;
	size_t high = (size_t)w->op->plan.made + 1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (w->ids[middle].value < id.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	bool found = low <= (size_t)w->op->plan.made && ent_id_eq(w->ids[low], id);
	return found ? w->made[low] : NULL;
}

/* The contract that this line will be in. */
static ent_id contract_of_line(const struct ent_operation_writer *w, ent_id id)
{
	const struct ent_plan_row *made = made_row(w, id);
	for (size_t i = 0; made == NULL && i < w->op->count; i++) {
		const struct ent_holding *h = &w->op->holdings[i];
		size_t at = ent_holding_at(h, id);
		if (at < h->line_count) {
			const struct ent_contract_line *line =
				ent_plan_after(&w->op->plan, &h->lines[at]);
			return line->contract_id;
		}
	}
	return made == NULL ? w->op->holdings[0].contract->id
	                    : ((const struct ent_contract_line *)made->after)->contract_id;
}

static const struct ent_entitlement *entitlement_of(const struct ent_operation_writer *w, ent_id id)
{
	const struct ent_plan_row *made = made_row(w, id);
	for (size_t i = 0; made == NULL && i < w->op->count; i++) {
		const struct ent_holding *h = &w->op->holdings[i];
		size_t at = ent_plan_right_at(h, id);
		if (at != ENT_TREE_NONE) {
			return ent_plan_after(&w->op->plan, &h->entitlements[at]);
		}
	}
	assert(made != NULL);
	return made->after;
}

/* As contract_coverage.c dates rows of their own. */
static enum ent_code date_cover(struct ent_operation_writer *w, struct within *in,
                                struct ent_contract_coverage *row, struct ent_error *error)
{
	const struct ent_zone *zone = NULL;
	enum ent_code code;
	if (!ent_id_is_none(row->entitlement_id)) {
		const struct ent_entitlement *e = entitlement_of(w, row->entitlement_id);
		code = ent_call_zone(w->call, e->time_zone, e->account_id, &zone, error);
	} else {
		ent_id contract = ent_id_is_none(row->contract_line_id)
		                          ? row->contract_id
		                          : contract_of_line(w, row->contract_line_id);
		code = step_into(w, in, contract, error);
		zone = in->zone;
	}
	if (code == ENT_OK) {
		ent_contract_coverage_dates(row, zone);
	}
	return code;
}

/* ---- all rows ---- */

static void settle_line(const struct ent_operation_writer *w, struct ent_plan_row *row,
                        const struct within *in)
{
	struct ent_contract_line *line = row->after;
	ent_contract_line_dates(line, in->zone);
	bool joins = row->before == NULL ||
	             !ent_id_eq(((const struct ent_contract_line *)row->before)->contract_id,
	                        line->contract_id);
	if (joins) {
		struct ent_contract *contract = (struct ent_contract *)(uintptr_t)in->contract;
		line->number = ent_contract_line_number(w->call, contract, ++contract->line_count);
	}
}

/* What has begun by now is told of by who looks after what falls due. */
static void begin_made(const struct ent_operation_writer *w, struct ent_contract *contract)
{
	ent_instant now = w->call->now;
	bool begun = contract->starts_at.us <= now.us;
	contract->activated_at = now;
	contract->seen_at = begun ? (ent_instant){ contract->starts_at.us - 1 } : now;
}

static enum ent_code settle(struct ent_operation_writer *w, struct ent_plan_row *row,
                            struct within *in, struct ent_error *error)
{
	if (row->type == &ent_contract_coverage_type) {
		return date_cover(w, in, row->after, error);
	}
	if (row->type == &ent_entitlement_type) {
		return ENT_OK; /* dated with its balance */
	}
	ent_id id = is_contract(row) ? ((const struct ent_contract *)row->after)->id
	                             : ((const struct ent_contract_line *)row->after)->contract_id;
	enum ent_code code = step_into(w, in, id, error);
	if (code != ENT_OK) {
		return code;
	}
	if (is_contract(row)) {
		struct ent_contract *contract = row->after;
		ent_contract_dates(contract, in->zone);
		if (row->before == NULL && contract->stage == ENT_STAGE_LIVE) {
			begin_made(w, contract);
		}
		return row->before == NULL ? ent_contract_number(w->call, &contract->number, error)
		                           : ENT_OK;
	}
	settle_line(w, row, in);
	return ENT_OK;
}

enum ent_code ent_operation_settle(struct ent_operation_writer *w, struct ent_error *error)
{
	struct ent_plan *plan = &w->op->plan;
	struct within in = { .contract = NULL };
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < plan->count && code == ENT_OK; i++) {
		code = settle(w, &plan->rows[i], &in, error);
	}
	return code;
}

/* ---- what went over as it was ---- */

static enum ent_code date_row(struct ent_operation_writer *w, struct within *in,
                              const struct ent_contract_coverage *row, struct ent_error *error)
{
	struct ent_contract_coverage after = *row;
	enum ent_code code = date_cover(w, in, &after, error);
	bool same = after.starts_at.us == row->starts_at.us && after.ends_at.us == row->ends_at.us;
	if (code != ENT_OK || same) {
		return code;
	}
	return ent_db_exec(w->call->db,
	                   ENT_STR("UPDATE contract_coverage SET starts_at = $1, ends_at = $2 "
	                           "WHERE account_id = $3 AND id = $4"),
	                   ENT_ARGS(ent_arg_instant(after.starts_at),
	                            ent_arg_instant(after.ends_at), ent_arg_id(row->account_id),
	                            ent_arg_id(row->id)),
	                   1, w->call->arena, error);
}

enum ent_code ent_operation_date_again(struct ent_operation_writer *w, struct ent_error *error)
{
	struct within in = { .contract = NULL };
	enum ent_code code = ENT_OK;
	for (size_t i = 1; i < w->op->count; i++) {
		const struct ent_holding *h = &w->op->holdings[i];
		for (size_t k = 0; k < h->coverage_count && code == ENT_OK; k++) {
			const struct ent_contract_coverage *row = &h->coverage[k];
			bool is_plain = ent_plan_row_of(&w->op->plan, row) == SIZE_MAX &&
			                !ent_id_is_none(row->contract_line_id);
			code = is_plain ? date_row(w, &in, row, error) : ENT_OK;
		}
	}
	return code;
}
