/* plan_price.c - what the contracts of a plan cost before and after it. */
#include "core/plan.h"

#include "core/price_amount.h"
#include "core/price_contract.h"

/* A line to be priced, before or after. */
struct priced {
	const struct ent_contract_line *line;
	size_t row;  /* in the plan; SIZE_MAX: none */
	bool endless; /* before the plan it had no end, so neither has it after */
};

/* Lines of all contracts, those of one together only by their contract_id. */
struct pricing {
	const struct ent_plan *plan;
	struct priced *items;
	size_t count;
	struct ent_arena *arena;
	struct ent_plan_prices *out;
	bool is_after;
};

/* ---- days ------------------------------------------------------------------------------- */

static ent_date sooner(ent_date a, ent_date b)
{
	if (ent_date_is_none(a) || ent_date_is_none(b)) {
		return ent_date_is_none(a) ? b : a;
	}
	return a.day < b.day ? a : b;
}

/* The last day that is paid. */
static ent_date last_paid(const struct ent_plan *plan, ent_date ends_on, ent_instant cancelled_at)
{
	if (ent_instant_is_none(cancelled_at)) {
		return ends_on;
	}
	return sooner(ends_on, (ent_date){ ent_zone_date(plan->zone, cancelled_at).day - 1 });
}

/* ---- one contract ----------------------------------------------------------------------- */

/* Places of lines in the tree that is priced, by the lines' ids. */
struct places {
	ent_id *ids;
	size_t *at;
	size_t room; /* a power of two, at least twice the lines */
};

static size_t *place_of(const struct places *places, ent_id id)
{
	uint64_t hash = (uint64_t)id.value * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 32) & (places->room - 1);
	while (!ent_id_is_none(places->ids[at]) && !ent_id_eq(places->ids[at], id)) {
		at = (at + 1) & (places->room - 1);
	}
	places->ids[at] = id;
	return &places->at[at];
}

static struct places make_places(struct ent_arena *arena, size_t count)
{
	struct places places = { .room = 4 };
	while (places.room < 2 * count) {
		places.room *= 2;
	}
	places.ids = ENT_NEW(arena, ent_id, places.room);
	places.at = ENT_NEW(arena, size_t, places.room);
	return places;
}

static struct ent_price_line line_of(const struct pricing *p, const struct ent_contract *contract,
                                     const struct ent_price_line *above,
                                     const struct priced *item)
{
	const struct ent_contract_line *line = item->line;
	struct ent_price_line out = ent_price_line_of(contract, above, line, p->arena);
	ent_date outer = above != NULL ? above->ends_on
	                               : last_paid(p->plan, contract->ends_on,
	                                           contract->cancelled_at);
	out.ends_on = sooner(last_paid(p->plan, out.ends_on, line->cancelled_at), outer);
	if (!ent_date_is_none(out.ends_on) && out.ends_on.day < out.starts_on.day) {
		out.quantity = (ent_decimal){ 0 };
		out.ends_on = ENT_DATE_NONE;
		out.ramp = ENT_RAMP_NONE;
		out.ramp_segments = (struct ent_children){ NULL, 0 };
	} else if (item->endless) {
		out.ends_on = ENT_DATE_NONE;
	}
	return out;
}

static size_t count_lines(const struct pricing *p, const struct ent_contract *contract)
{
	size_t count = 0;
	for (size_t i = 0; i < p->count; i++) {
		count += ent_id_eq(p->items[i].line->contract_id, contract->id);
	}
	return count;
}

/* Lines of this contract, each behind the one it is part of. */
static void lay_out(const struct pricing *p, const struct ent_contract *contract, size_t count,
                    struct ent_price_line *lines, const struct priced **of)
{
	struct places places = make_places(p->arena, count);
	size_t n = 0;
	for (size_t i = 0; i < p->count; i++) {
		const struct ent_contract_line *line = p->items[i].line;
		if (!ent_id_eq(line->contract_id, contract->id)) {
			continue;
		}
		bool has_parent = !ent_id_is_none(line->parent_id);
		size_t parent = has_parent ? *place_of(&places, line->parent_id) : 0;
		assert(!has_parent || parent > 0);
		lines[n] = line_of(p, contract, has_parent ? &lines[parent - 1] : NULL,
		                   &p->items[i]);
		lines[n].parent = has_parent ? (ent_count){ (int64_t)parent - 1 } : ENT_COUNT_NONE;
		of[n++] = &p->items[i];
		*place_of(&places, line->id) = n;
	}
}

static enum ent_code price_contract(const struct pricing *p, const struct ent_contract *contract,
                                    size_t row, struct ent_error *error)
{
	size_t n = count_lines(p, contract);
	struct ent_price_line *lines = ENT_NEW(p->arena, struct ent_price_line, n);
	const struct priced **of = ENT_NEW(p->arena, const struct priced *, n);
	struct ent_price_result *results = ENT_NEW(p->arena, struct ent_price_result, n);
	struct ent_price_rules rules = ent_price_rules_of(contract, ENT_DATE_NONE);
	struct ent_pricing pricing = { .rules = &rules, .arena = p->arena };
	struct ent_price_totals totals;
	ent_decimal *prices = p->is_after ? p->out->after : p->out->before;
	ent_decimal *sum = p->is_after ? &p->out->total_after : &p->out->total_before;
	lay_out(p, contract, n, lines, of);
	enum ent_code code = ent_price_tree(lines, n, &pricing, results, &totals, error);
	if (code != ENT_OK || contract->currency.len == 0) {
		return code;
	}
	for (size_t i = 0; i < n; i++) {
		if (of[i]->row != SIZE_MAX) {
			prices[of[i]->row] = results[i].net;
		}
	}
	if (row != SIZE_MAX) {
		prices[row] = totals.tcv;
	}
	p->out->currency = contract->currency;
	return ent_amount_add(*sum, totals.tcv, sum)
	               ? ENT_OK
	               : ent_refuse(error, ENT_E_RANGE, "", (ent_str){ NULL, 0 },
	                            "the price is too large");
}

/* ---- all of them ------------------------------------------------------------------------ */

/* What time would not end: it stays priced so, as else an end would raise the price. */
static bool is_endless(const struct ent_plan *plan, const struct ent_contract *contract,
                       const struct ent_contract_line *line)
{
	ent_date ends_on = ent_date_is_none(line->ends_on) ? contract->ends_on : line->ends_on;
	return ent_date_is_none(last_paid(plan, ends_on, line->cancelled_at)) &&
	       ent_date_is_none(last_paid(plan, contract->ends_on, contract->cancelled_at));
}

static void gather_held(struct pricing *p, const struct ent_holding *holding)
{
	for (size_t i = 0; i < holding->line_count; i++) {
		const struct ent_contract_line *line = &holding->lines[i];
		p->items[p->count++] = (struct priced){
			.line = p->is_after ? ent_plan_after(p->plan, line) : line,
			.row = ent_plan_row_of(p->plan, line),
			.endless = is_endless(p->plan, holding->contract, line),
		};
	}
}

static void gather_made(struct pricing *p)
{
	for (size_t i = 0; i < p->plan->count; i++) {
		const struct ent_plan_row *row = &p->plan->rows[i];
		if (row->before == NULL && row->type == &ent_contract_line_type) {
			p->items[p->count++] = (struct priced){ .line = row->after, .row = i };
		}
	}
}

static enum ent_code price_made(const struct pricing *p, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < p->plan->count && code == ENT_OK; i++) {
		const struct ent_plan_row *row = &p->plan->rows[i];
		if (row->before == NULL && row->type == &ent_contract_type) {
			code = price_contract(p, row->after, i, error);
		}
	}
	return code;
}

static enum ent_code price_all(struct pricing *p, const struct ent_holding *holdings, size_t count,
                               struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	p->count = 0;
	for (size_t i = 0; i < count; i++) {
		gather_held(p, &holdings[i]);
	}
	if (p->is_after) {
		gather_made(p);
		code = price_made(p, error);
	}
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		const struct ent_contract *contract = holdings[i].contract;
		size_t row = ent_plan_row_of(p->plan, contract);
		code = price_contract(p, p->is_after ? ent_plan_after(p->plan, contract) : contract,
		                      row, error);
	}
	return code;
}

enum ent_code ent_plan_price(const struct ent_plan *plan, const struct ent_holding *holdings,
                             size_t count, struct ent_plan_prices *out, struct ent_error *error)
{
	struct pricing p = { .plan = plan, .arena = plan->arena, .out = out };
	size_t room = plan->count;
	*out = (struct ent_plan_prices){
		.before = ENT_NEW(plan->arena, ent_decimal, plan->count),
		.after = ENT_NEW(plan->arena, ent_decimal, plan->count),
	};
	for (size_t i = 0; i < plan->count; i++) {
		out->before[i] = ENT_DECIMAL_NONE;
		out->after[i] = ENT_DECIMAL_NONE;
	}
	for (size_t i = 0; i < count; i++) {
		room += holdings[i].line_count;
	}
	p.items = ENT_NEW(plan->arena, struct priced, room);
	enum ent_code code = price_all(&p, holdings, count, error);
	p.is_after = true;
	return code == ENT_OK ? price_all(&p, holdings, count, error) : code;
}
