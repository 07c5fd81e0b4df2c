/* plan_price.c - what the contracts of a plan cost before and after it: what reading them says. */
#include "core/plan.h"

#include "core/contract_price.h"
#include "core/price_amount.h"

#include <string.h>

struct pricing {
	const struct ent_plan *plan;
	const struct ent_holding *holdings;
	size_t count;
	struct ent_plan_prices *out;
	bool is_after;
};

/* A line of a contract as it is priced. */
struct priced {
	const struct ent_contract_line *line;
	size_t row; /* in the plan; SIZE_MAX: none */
};

struct priced_list {
	struct priced *items;
	size_t count;
};

/* ---- lines in the order of their identifiers -------------------------------------------- */

/* Lines that are made come last, in their order. */
static ent_id rank(ent_id id)
{
	return ent_plan_is_new(id) ? (ent_id){ INT64_MAX / 2 - id.value } : id;
}

static void sort(struct priced *items, struct priced *room, size_t count)
{
	if (count < 2) {
		return;
	}
	size_t half = count / 2;
	size_t i = 0, k = half, n = 0;
	sort(items, room, half);
	sort(items + half, room, count - half);
	while (i < half || k < count) {
		bool left = k == count || (i < half && rank(items[i].line->id).value <
		                                               rank(items[k].line->id).value);
		room[n++] = left ? items[i++] : items[k++];
	}
	memcpy(items, room, count * sizeof(*items));
}

static void add(struct priced_list *list, const struct ent_contract *contract,
                const struct ent_contract_line *line, size_t row)
{
	if (ent_id_eq(line->contract_id, contract->id)) {
		list->items[list->count++] = (struct priced){ line, row };
	}
}

static struct priced_list lines_of(const struct pricing *p, const struct ent_contract *contract)
{
	const struct ent_plan *plan = p->plan;
	size_t room = plan->count;
	for (size_t i = 0; i < p->count; i++) {
		room += p->holdings[i].line_count;
	}
	struct priced_list list = { ENT_NEW(plan->arena, struct priced, room), 0 };
	for (size_t i = 0; i < p->count; i++) {
		for (size_t k = 0; k < p->holdings[i].line_count; k++) {
			const struct ent_contract_line *line = &p->holdings[i].lines[k];
			add(&list, contract, p->is_after ? ent_plan_after(plan, line) : line,
			    ent_plan_row_of(plan, line));
		}
	}
	for (size_t i = 0; p->is_after && i < plan->count; i++) {
		const struct ent_plan_row *row = &plan->rows[i];
		if (row->before == NULL && row->type == &ent_contract_line_type) {
			add(&list, contract, row->after, i);
		}
	}
	sort(list.items, ENT_NEW(plan->arena, struct priced, list.count), list.count);
	return list;
}

static struct ent_ids rank_all(struct ent_ids ids, struct ent_arena *arena)
{
	ent_id *items = ENT_NEW(arena, ent_id, ids.count);
	for (size_t i = 0; i < ids.count; i++) {
		items[i] = rank(ids.items[i]);
	}
	return (struct ent_ids){ items, ids.count };
}

static struct ent_contract_line *as_array(const struct pricing *p, const struct priced_list *list)
{
	struct ent_contract_line *lines =
		ENT_NEW(p->plan->arena, struct ent_contract_line, list->count);
	for (size_t i = 0; i < list->count; i++) {
		lines[i] = *list->items[i].line;
		lines[i].id = rank(lines[i].id);
		lines[i].parent_id = rank(lines[i].parent_id);
		lines[i].root_id = rank(lines[i].root_id);
		lines[i].split_from_id = rank(lines[i].split_from_id);
		lines[i].derived_from = rank_all(lines[i].derived_from, p->plan->arena);
	}
	return lines;
}

/* ---- contracts -------------------------------------------------------------------------- */

static enum ent_code price_contract(const struct pricing *p, const struct ent_contract *contract,
                                    size_t row, struct ent_error *error)
{
	struct priced_list list = lines_of(p, contract);
	struct ent_contract_price price;
	ent_decimal *prices = p->is_after ? p->out->after : p->out->before;
	ent_decimal *sum = p->is_after ? &p->out->total_after : &p->out->total_before;
	struct ent_contract_pricing pricing = {
		.contract = contract,
		.lines = as_array(p, &list),
		.count = list.count,
		.zone = p->plan->zone,
		.on = ent_contract_price_day(contract, p->plan->today),
		.arena = p->plan->arena,
	};
	enum ent_code code = ent_contract_price(&pricing, &price, error);
	if (code != ENT_OK || contract->currency.len == 0) {
		return code;
	}
	for (size_t i = 0; i < list.count; i++) {
		if (list.items[i].row != SIZE_MAX) {
			prices[list.items[i].row] = price.lines[i].result.net;
		}
	}
	if (row != SIZE_MAX) {
		prices[row] = price.totals.tcv;
	}
	p->out->currency = contract->currency;
	return ent_amount_add(*sum, price.totals.tcv, sum)
	               ? ENT_OK
	               : ent_refuse(error, ENT_E_RANGE, "", (ent_str){ NULL, 0 },
	                            "the price is too large");
}

static enum ent_code price_all(const struct pricing *p, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < p->count && code == ENT_OK; i++) {
		const struct ent_contract *contract = p->holdings[i].contract;
		code = price_contract(p, p->is_after ? ent_plan_after(p->plan, contract) : contract,
		                      ent_plan_row_of(p->plan, contract), error);
	}
	for (size_t i = 0; p->is_after && i < p->plan->count && code == ENT_OK; i++) {
		const struct ent_plan_row *row = &p->plan->rows[i];
		if (row->before == NULL && row->type == &ent_contract_type) {
			code = price_contract(p, row->after, i, error);
		}
	}
	return code;
}

enum ent_code ent_plan_price(const struct ent_plan *plan, const struct ent_holding *holdings,
                             size_t count, struct ent_plan_prices *out, struct ent_error *error)
{
	struct pricing p = { .plan = plan, .holdings = holdings, .count = count, .out = out };
	*out = (struct ent_plan_prices){
		.before = ENT_NEW(plan->arena, ent_decimal, plan->count),
		.after = ENT_NEW(plan->arena, ent_decimal, plan->count),
	};
	for (size_t i = 0; i < plan->count; i++) {
		out->before[i] = ENT_DECIMAL_NONE;
		out->after[i] = ENT_DECIMAL_NONE;
	}
	enum ent_code code = price_all(&p, error);
	p.is_after = true;
	return code == ENT_OK ? price_all(&p, error) : code;
}
