#include "core/contract_price_inner.h"

#include "base/text.h"

/* ---- days ---- */

/* The earlier of two days; none is later than all. */
static ent_date earlier(ent_date a, ent_date b)
{
	if (ent_date_is_none(a) || ent_date_is_none(b)) {
		return ent_date_is_none(a) ? b : a;
	}
	return a.day < b.day ? a : b;
}

static ent_date behind(ent_date last)
{
	return ent_date_is_none(last) ? last : (ent_date){ last.day + 1 };
}

/* The first day that is not charged, after a cancellation in its course: a day begun counts. */
static ent_date cancelled_from(ent_instant at, const struct ent_zone *zone)
{
	if (ent_instant_is_none(at)) {
		return ENT_DATE_NONE;
	}
	ent_date day = ent_zone_date(zone, at);
	return ent_zone_day_begins(zone, day).us == at.us ? day : behind(day);
}

ent_date ent_price_horizon(ent_date from)
{
	return ent_date_add_months(from, 480);
}

ent_date ent_contract_price_day(const struct ent_contract *contract, ent_date today)
{
	if (today.day < contract->starts_on.day) {
		return contract->starts_on;
	}
	return earlier(today, contract->ends_on);
}

/* ---- the tree ---- */

int64_t ent_contract_line_index(const struct ent_contract_pricing *in, ent_id id)
{
	size_t low = 0;
	size_t high = in->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (in->lines[middle].id.value < id.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	bool found = low < in->count && ent_id_eq(in->lines[low].id, id);
	return found ? (int64_t)low : ENT_NO_PARENT;
}

static bool place(const struct ent_contract_work *w, size_t at)
{
	const struct ent_contract *contract = w->in->contract;
	const struct ent_contract_line *line = &w->in->lines[at];
	struct ent_line_price *price = &w->out->lines[at];
	int64_t parent = ent_contract_line_index(w->in, line->parent_id);
	bool is_below = parent >= 0 && (size_t)parent < at;
	const struct ent_line_price *above = is_below ? &w->out->lines[parent] : NULL;
	*price = (struct ent_line_price){ .line = line,
		                          .parent = is_below ? parent : ENT_NO_PARENT };
	price->root = is_below ? above->root : (int64_t)at;
	price->steps.arena = w->in->arena;
	price->given =
		ent_price_line_of(contract, is_below ? &above->given : NULL, line, w->in->arena);
	price->until = earlier(behind(price->given.ends_on),
	                       cancelled_from(line->cancelled_at, w->in->zone));
	price->until = earlier(price->until, is_below ? above->until : w->out->until);
	w->quantities[at] = ent_decimal_or(line->quantity, ENT_MICRO);
	return !is_below || !line->per_parent ||
	       ent_amount_scale(w->quantities[at], w->quantities[parent].micro, ENT_MICRO,
	                        ENT_ROUND_HALF_AWAY, &w->quantities[at]);
}

/* ---- own prices ---- */

bool ent_price_run_net(const struct ent_line_price *price, const struct ent_price_run *run,
                       ent_date from, ent_date until, ent_decimal *out)
{
	struct ent_fraction net = ent_price_periods(ent_price_line_rate(&price->given),
	                                            ent_price_line_anchor(&price->given), from,
	                                            until, price->given.proration);
	ent_fraction_times(&net, run->quantity.micro, ENT_MICRO);
	ent_fraction_reduce(&net);
	ent_fraction_times(&net, run->unit_price.micro, 1);
	return ent_fraction_round(&net, ENT_AMOUNT_DIGITS, ENT_ROUND_HALF_AWAY, out);
}

/* Its runs as its dates say; those of a ramp are its steps. */
static enum ent_code find_runs(const struct ent_contract_work *w, size_t at)
{
	struct ent_line_price *price = &w->out->lines[at];
	struct ent_price_line line = price->given;
	struct ent_pricing pricing = { &w->rules, w->in->arena, NULL };
	struct ent_children steps;
	line.quantity = w->quantities[at];
	if (line.ramp == ENT_RAMP_NONE) {
		price->runs = ENT_NEW(w->in->arena, struct ent_price_run, 1);
		price->run_count = 1;
		price->runs[0] = (struct ent_price_run){
			line.starts_on,           behind(line.ends_on), price->result.quantity,
			price->result.unit_price, price->result.mrr,    price->result.arr,
		};
		return ENT_OK;
	}
	enum ent_code code = ent_price_ramp(&line, &pricing, &steps, w->error);
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_price_segment *from = steps.items;
	price->run_count = steps.count;
	price->runs = ENT_NEW(w->in->arena, struct ent_price_run, steps.count);
	for (size_t i = 0; i < steps.count; i++) {
		struct ent_price_sums sums;
		price->runs[i] = (struct ent_price_run){ from[i].starts_on, behind(from[i].ends_on),
			                                 from[i].quantity,  from[i].unit_price,
			                                 from[i].mrr,       { 0 } };
		code = ent_price_sum(&line, from[i].unit_price, from[i].quantity,
		                     ent_fraction_of(0, 1), &pricing, &sums, w->error);
		if (code != ENT_OK) {
			return code;
		}
		price->runs[i].arr = sums.arr;
	}
	return ENT_OK;
}

/* End the runs where the line ends, and reckon its net price anew from what is left. */
static bool cut(struct ent_line_price *price, bool has_end)
{
	struct ent_price_result *result = &price->result;
	size_t kept = 0;
	result->net = (ent_decimal){ 0 };
	while (kept < price->run_count && price->runs[kept].from.day < price->until.day) {
		struct ent_price_run *run = &price->runs[kept++];
		ent_decimal net;
		run->until = earlier(run->until, price->until);
		if (has_end && (!ent_price_run_net(price, run, run->from, run->until, &net) ||
		                !ent_amount_add(result->net, net, &result->net))) {
			return false;
		}
	}
	price->run_count = kept;
	if (price->given.pricing_method == ENT_PRICING_ONE_TIME) {
		bool begins = price->given.starts_on.day < price->until.day;
		result->one_time = begins ? result->one_time : (ent_decimal){ 0 };
		result->net = result->one_time;
	}
	return true;
}

const struct ent_price_run *ent_line_price_on(const struct ent_line_price *price, ent_date on)
{
	size_t low = 0;
	size_t high = price->run_count;
	while (low < high) { /* the last one that has begun */
		size_t middle = low + (high - low) / 2;
		if (price->runs[middle].from.day <= on.day) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	const struct ent_price_run *run = low > 0 ? &price->runs[low - 1] : NULL;
	bool is_over = run != NULL && !ent_date_is_none(run->until) && on.day >= run->until.day;
	return is_over ? NULL : run;
}

/* What is shown of a line is its run on the day, or the nearest one; only lines in force count. */
static void take_day(struct ent_line_price *price, ent_date on)
{
	struct ent_price_result *result = &price->result;
	const struct ent_price_run *now = ent_line_price_on(price, on);
	const struct ent_price_run *shown = now;
	if (shown == NULL && price->run_count > 0) {
		bool is_before = on.day < price->runs[0].from.day;
		shown = &price->runs[is_before ? 0 : price->run_count - 1];
	}
	if (shown != NULL) {
		result->quantity = shown->quantity;
		result->unit_price = shown->unit_price;
	}
	result->mrr = shown != NULL ? shown->mrr : (ent_decimal){ 0 };
	result->arr = shown != NULL ? shown->arr : (ent_decimal){ 0 };
	result->total_one_time = result->one_time;
	result->total_mrr = now != NULL ? now->mrr : (ent_decimal){ 0 };
	result->total_arr = now != NULL ? now->arr : (ent_decimal){ 0 };
	result->total_net = result->net;
}

static enum ent_code price_one(const struct ent_contract_work *w, size_t at)
{
	struct ent_line_price *price = &w->out->lines[at];
	struct ent_pricing pricing = ent_contract_work_pricing(w, price);
	ent_date until = behind(price->given.ends_on);
	bool has_end = !ent_date_is_none(until);
	bool is_ramp = price->given.ramp != ENT_RAMP_NONE;
	if (!has_end && is_ramp) {
		price->given.ends_on.day = ent_price_horizon(price->given.starts_on).day - 1;
	}
	enum ent_code code =
		ent_price_own(&price->given, w->quantities[at], &pricing, &price->result, w->error);
	if (code == ENT_OK && price->given.pricing_method == ENT_PRICING_RECURRING) {
		code = find_runs(w, at);
	}
	if (!has_end && is_ramp) {
		price->given.ends_on = ENT_DATE_NONE;
		if (price->run_count > 0) {
			price->runs[price->run_count - 1].until = ENT_DATE_NONE;
		}
		price->result.net = (ent_decimal){ 0 };
	}
	bool is_cut = !ent_date_is_none(price->until) && (!has_end || price->until.day < until.day);
	if (code == ENT_OK && is_cut && !cut(price, true)) {
		code = ent_price_overflow(w->error, "/quantity");
	}
	return code;
}

/* ---- all of it ---- */

static bool add_up(struct ent_price_result *to, const struct ent_price_result *from)
{
	return ent_amount_add(to->total_one_time, from->total_one_time, &to->total_one_time) &&
	       ent_amount_add(to->total_mrr, from->total_mrr, &to->total_mrr) &&
	       ent_amount_add(to->total_arr, from->total_arr, &to->total_arr) &&
	       ent_amount_add(to->total_net, from->total_net, &to->total_net);
}

static bool sum_up(const struct ent_contract_work *w)
{
	struct ent_contract_price *out = w->out;
	struct ent_price_result sum = { .quantity = { 0 } };
	struct ent_price_totals *totals = &out->totals;
	int digits = ent_price_digits(&w->rules);
	for (size_t i = out->count; i > 0; i--) {
		const struct ent_line_price *price = &out->lines[i - 1];
		struct ent_price_result *to =
			price->parent < 0 ? &sum : &out->lines[price->parent].result;
		if (!add_up(to, &price->result)) {
			return false;
		}
	}
	return ent_amount_round(sum.total_one_time, digits, w->rules.rounding, &totals->one_time) &&
	       ent_amount_round(sum.total_mrr, digits, w->rules.rounding, &totals->mrr) &&
	       ent_amount_round(sum.total_arr, digits, w->rules.rounding, &totals->arr) &&
	       ent_amount_round(sum.total_net, digits, w->rules.rounding, &totals->tcv) &&
	       ent_amount_add(totals->one_time, totals->arr, &totals->acv);
}

static enum ent_code price_lines(const struct ent_contract_work *w, bool derived)
{
	for (size_t i = 0; i < w->in->count; i++) {
		if (!ent_decimal_is_none(w->in->lines[i].derived_percent) != derived) {
			continue;
		}
		size_t first = w->error->issue_count;
		enum ent_code code = derived ? ent_contract_derive(w, i) : price_one(w, i);
		if (code != ENT_OK) {
			struct ent_arena scratch = *w->in->arena;
			ent_error_nest(w->error, first,
			               ent_text_format(&scratch, "/lines/%zu", i).ptr);
			return code;
		}
		take_day(&w->out->lines[i], w->in->on);
	}
	return ENT_OK;
}

enum ent_code ent_contract_price(const struct ent_contract_pricing *pricing,
                                 struct ent_contract_price *out, struct ent_error *error)
{
	struct ent_contract_work w = { pricing, out,
		                       ent_price_rules_of(pricing->contract, pricing->on),
		                       ENT_NEW(pricing->arena, ent_decimal, pricing->count),
		                       error };
	*out = (struct ent_contract_price){
		.lines = ENT_NEW(pricing->arena, struct ent_line_price, pricing->count),
		.count = pricing->count,
		.until = earlier(behind(pricing->contract->ends_on),
		                 cancelled_from(pricing->contract->cancelled_at, pricing->zone)),
	};
	for (size_t i = 0; i < pricing->count; i++) {
		if (!place(&w, i)) {
			return ent_price_overflow(error, "/lines");
		}
	}
	enum ent_code code = price_lines(&w, false);
	if (code == ENT_OK) {
		code = price_lines(&w, true);
	}
	if (code == ENT_OK && (!sum_up(&w) || !ent_contract_price_kinds(&w))) {
		code = ent_price_overflow(error, "/lines");
	}
	return code;
}
