/* Lines as a tree: one pass down for quantities, one up for totals. */
#include "core/price_inner.h"

#include "base/text.h"

static bool add_to(struct ent_price_result *to, const struct ent_price_result *from)
{
	return ent_amount_add(to->total_one_time, from->total_one_time, &to->total_one_time) &&
	       ent_amount_add(to->total_mrr, from->total_mrr, &to->total_mrr) &&
	       ent_amount_add(to->total_arr, from->total_arr, &to->total_arr) &&
	       ent_amount_add(to->total_net, from->total_net, &to->total_net);
}

/* The quantity of a line whose parent's is known. */
static enum ent_code quantity_of(const struct ent_price_line *line, size_t at,
                                 const struct ent_price_result *results, ent_decimal *out,
                                 struct ent_error *error)
{
	*out = ent_decimal_or(line->quantity, ENT_MICRO);
	if (ent_count_is_none(line->parent)) {
		return ENT_OK;
	}
	if (line->parent.n < 0 || (uint64_t)line->parent.n >= at) {
		return ent_refuse(error, ENT_E_CYCLE, "/parent", (ent_str){ NULL, 0 },
		                  "a line stands behind the one it is part of");
	}
	if (line->per_parent && !ent_amount_scale(*out, results[line->parent.n].quantity.micro,
	                                          ENT_MICRO, ENT_ROUND_HALF_AWAY, out)) {
		return ent_price_overflow(error, "/quantity");
	}
	return ENT_OK;
}

static enum ent_code go_down(const struct ent_price_line *lines, size_t count,
                             const struct ent_pricing *pricing, struct ent_price_result *results,
                             struct ent_error *error)
{
	for (size_t i = 0; i < count; i++) {
		struct ent_arena scratch = *pricing->arena;
		struct ent_pricing one = *pricing;
		ent_decimal quantity;
		one.arena = pricing->steps == NULL ? &scratch : pricing->arena;
		enum ent_code code = quantity_of(&lines[i], i, results, &quantity, error);
		if (code == ENT_OK) {
			code = ent_price_own_line(&lines[i], quantity, &one, &results[i], error);
		}
		if (code != ENT_OK) {
			scratch = *pricing->arena;
			ent_error_nest(error, 0, ent_text_format(&scratch, "/lines/%zu", i).ptr);
			return code;
		}
	}
	return ENT_OK;
}

static enum ent_code go_up(const struct ent_price_line *lines, size_t count,
                           struct ent_price_result *results, struct ent_price_result *root,
                           struct ent_error *error)
{
	for (size_t i = count; i > 0; i--) {
		ent_count parent = lines[i - 1].parent;
		struct ent_price_result *to = ent_count_is_none(parent) ? root : &results[parent.n];
		if (!add_to(to, &results[i - 1])) {
			return ent_price_overflow(error, "/lines");
		}
	}
	return ENT_OK;
}

enum ent_code ent_price_tree(const struct ent_price_line *lines, size_t count,
                             const struct ent_pricing *pricing, struct ent_price_result *results,
                             struct ent_price_totals *totals, struct ent_error *error)
{
	const struct ent_price_rules *rules = pricing->rules;
	enum ent_price_rounding rounding = rules->rounding;
	int digits = ent_price_digits(rules);
	struct ent_price_result root = { .quantity = { 0 } };
	ent_price_check_rules(rules, error);
	enum ent_code code = ent_noted(error);
	if (code == ENT_OK) {
		code = go_down(lines, count, pricing, results, error);
	}
	if (code == ENT_OK) {
		code = go_up(lines, count, results, &root, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	bool fits = ent_amount_round(root.total_one_time, digits, rounding, &totals->one_time) &&
	            ent_amount_round(root.total_mrr, digits, rounding, &totals->mrr) &&
	            ent_amount_round(root.total_arr, digits, rounding, &totals->arr) &&
	            ent_amount_round(root.total_net, digits, rounding, &totals->tcv) &&
	            ent_amount_add(totals->one_time, totals->arr, &totals->acv);
	return fits ? ENT_OK : ent_price_overflow(error, "/lines");
}
