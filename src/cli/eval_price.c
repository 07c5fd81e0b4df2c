/* Prices (docs/prices.md), given inline:
 *
 *     {"op":"price.prorate","amount":"310","from":"2025-01-01","to":"2025-03-10"}
 *         {"price":"720","charge":"720","credit":"0","months":"2.32","periods":"2 10/31"}
 *
 * The members of an input are those of src/core/price/ (X.def), among them the rules
 * (rules.def) that all operations take, and "explain": true, which adds the steps. */
#include "cli/eval.h"

#include "core/price_renew.h"

struct asked {
	struct ent_arena *arena;
	struct ent_error *error;
	struct ent_price_rules rules;
	struct ent_price_steps steps;
	struct ent_pricing pricing;
};

/* ---- in ---- */

/* The members of `input` that are, or are not, of this type, as an object of their own. */
static const struct ent_node *members(const struct ent_node *input, const struct ent_type *type,
                                      bool inside, struct ent_arena *arena)
{
	static const char *const ours[] = { "id", "op", "explain" };
	struct ent_node *object = ENT_NEW(arena, struct ent_node, 1);
	const struct ent_node **end = &object->first;
	object->kind = ENT_JSON_OBJECT;
	for (const struct ent_node *member = input->first; member != NULL; member = member->next) {
		bool is_ours = false;
		for (size_t i = 0; i < ENT_COUNT(ours); i++) {
			is_ours = is_ours || ent_str_is(member->name, ours[i]);
		}
		if (is_ours || (ent_type_field(type, member->name) != NULL) != inside) {
			continue;
		}
		struct ent_node *copy = ENT_NEW(arena, struct ent_node, 1);
		*copy = *member;
		copy->next = NULL;
		*end = copy;
		end = &copy->next;
		object->count++;
	}
	return object;
}

/* Begin, with what the operations have in common. Returns the other members. */
static const struct ent_node *begin(const struct ent_node *input, struct ent_arena *arena,
                                    struct asked *asked, struct ent_error *error)
{
	const struct ent_node *explain = ent_json_member(input, "explain");
	struct ent_set given;
	bool explained = explain != NULL && explain->kind == ENT_JSON_TRUE;
	*asked = (struct asked){ .arena = arena, .error = error, .steps = { .arena = arena } };
	asked->rules = ent_price_rules_empty();
	asked->pricing.rules = &asked->rules;
	asked->pricing.arena = arena;
	asked->pricing.steps = explained ? &asked->steps : NULL;
	if (explain != NULL && !explained && explain->kind != ENT_JSON_FALSE) {
		ent_note(error, ENT_E_TYPE, "/explain", (ent_str){ NULL, 0 }, "give true or false");
	}
	ent_json_read_into(&ent_price_rules_type,
	                   members(input, &ent_price_rules_type, true, arena), ENT_JSON_CREATE, "",
	                   arena, &asked->rules, &given, error);
	ent_price_check_rules(&asked->rules, error);
	return members(input, &ent_price_rules_type, false, arena);
}

static void read_object(const struct ent_node *node, const struct ent_type *type,
                        const char *prefix, struct asked *asked, void *object)
{
	struct ent_set given;
	ent_type_clear(type, object);
	ent_json_read_into(type, node, ENT_JSON_CREATE, prefix, asked->arena, object, &given,
	                   asked->error);
}

/* All of an operation's input: `object` is of `type`. */
static enum ent_code read_all(const struct ent_node *input, struct ent_arena *arena,
                              const struct ent_type *type, struct asked *asked, void *object,
                              struct ent_error *error)
{
	const struct ent_node *rest = begin(input, arena, asked, error);
	read_object(rest, type, "", asked, object);
	return ent_noted(error);
}

/* ---- out ---- */

static void write_list(struct ent_text *out, const char *name, const struct ent_type *type,
                       const void *items, size_t count)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_text_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0) {
			ent_text_char(out, ',');
		}
		ent_json_write(type, (const char *)items + i * type->size, NULL, out);
	}
	ent_text_char(out, ']');
}

static struct ent_text begin_result(const struct asked *asked)
{
	struct ent_text out = ent_text_begin(asked->arena);
	ent_text_char(&out, '{');
	return out;
}

static ent_str end_result(struct ent_text *out, const struct asked *asked)
{
	if (asked->pricing.steps != NULL) {
		write_list(out, "steps", &ent_price_step_type, asked->steps.items,
		           asked->steps.count);
	}
	ent_text_char(out, '}');
	return ent_text_end(out);
}

static ent_str object_result(const struct asked *asked, const struct ent_type *type,
                             const void *object)
{
	struct ent_text out = begin_result(asked);
	ent_json_members(type, object, NULL, &out);
	return end_result(&out, asked);
}

static ent_decimal sum_of(ent_decimal sum, ent_decimal more)
{
	ent_decimal all = ENT_DECIMAL_NONE; /* null: beyond what can be written */
	return !ent_decimal_is_none(sum) && ent_amount_add(sum, more, &all) ? all
	                                                                    : ENT_DECIMAL_NONE;
}

static void write_sum(struct ent_text *out, const char *name, ent_decimal sum)
{
	char room[ENT_DECIMAL_ROOM];
	ent_json_comma(out);
	ent_json_name(out, name);
	if (ent_decimal_is_none(sum)) {
		ent_text_add(out, ENT_STR("null"));
		return;
	}
	size_t len = ent_decimal_format(sum, room);
	ent_json_string(out, (ent_str){ room, len });
}

/* ---- the operations ---- */

enum ent_code ent_eval_price_line(const struct ent_node *input, struct ent_arena *arena,
                                  ent_str *result, struct ent_error *error)
{
	struct asked asked;
	struct ent_price_line line;
	struct ent_price_result price;
	enum ent_code code = read_all(input, arena, &ent_price_line_type, &asked, &line, error);
	if (code == ENT_OK) {
		code = ent_price_own(&line, ent_decimal_or(line.quantity, ENT_MICRO),
		                     &asked.pricing, &price, error);
	}
	if (code == ENT_OK) {
		*result = object_result(&asked, &ent_price_result_type, &price);
	}
	return code;
}

static enum ent_code add_up(const struct ent_price_tree *tree, const struct asked *asked,
                            struct ent_price_result **results, struct ent_price_totals *totals)
{
	*results = ENT_NEW(asked->arena, struct ent_price_result, tree->lines.count + 1);
	return ent_price_tree(tree->lines.items, tree->lines.count, &asked->pricing, *results,
	                      totals, asked->error);
}

enum ent_code ent_eval_price_rollup(const struct ent_node *input, struct ent_arena *arena,
                                    ent_str *result, struct ent_error *error)
{
	struct asked asked;
	struct ent_price_tree tree;
	struct ent_price_result *results;
	struct ent_price_totals totals;
	enum ent_code code = read_all(input, arena, &ent_price_tree_type, &asked, &tree, error);
	if (code == ENT_OK) {
		code = add_up(&tree, &asked, &results, &totals);
	}
	if (code != ENT_OK) {
		return code;
	}
	struct ent_text out = begin_result(&asked);
	ent_json_members(&ent_price_totals_type, &totals, NULL, &out);
	write_list(&out, "lines", &ent_price_result_type, results, tree.lines.count);
	*result = end_result(&out, &asked);
	return ENT_OK;
}

enum ent_code ent_eval_price_prorate(const struct ent_node *input, struct ent_arena *arena,
                                     ent_str *result, struct ent_error *error)
{
	struct asked asked;
	struct ent_price_proration given;
	struct ent_price_prorated price;
	enum ent_code code =
		read_all(input, arena, &ent_price_proration_type, &asked, &given, error);
	if (code == ENT_OK) {
		code = ent_price_prorate(&given, ent_price_digits(&asked.rules),
		                         asked.rules.rounding, arena, &price, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	if (asked.pricing.steps != NULL) {
		asked.steps.items = ENT_NEW(arena, struct ent_price_step, 1);
		asked.steps.count = 1;
		asked.steps.items[0] = (struct ent_price_step){
			ENT_STR("term"),
			(ent_str){ NULL, 0 },
			given.amount,
			price.price,
			ent_text_format(arena, "× %s", price.periods.ptr),
		};
	}
	*result = object_result(&asked, &ent_price_prorated_type, &price);
	return ENT_OK;
}

enum ent_code ent_eval_price_ramp(const struct ent_node *input, struct ent_arena *arena,
                                  ent_str *result, struct ent_error *error)
{
	struct asked asked;
	struct ent_price_line line;
	struct ent_children segments;
	ent_decimal net = { 0 };
	enum ent_code code = read_all(input, arena, &ent_price_line_type, &asked, &line, error);
	if (code == ENT_OK) {
		code = ent_price_ramp(&line, &asked.pricing, &segments, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_price_segment *items = segments.items;
	for (size_t i = 0; i < segments.count; i++) {
		net = sum_of(net, items[i].net);
	}
	struct ent_text out = begin_result(&asked);
	write_sum(&out, "net", net);
	write_list(&out, "segments", &ent_price_segment_type, items, segments.count);
	*result = end_result(&out, &asked);
	return ENT_OK;
}

enum ent_code ent_eval_price_renewal(const struct ent_node *input, struct ent_arena *arena,
                                     ent_str *result, struct ent_error *error)
{
	struct asked asked;
	struct ent_price_renewal renewal;
	struct ent_price_renewed renewed;
	enum ent_code code =
		read_all(input, arena, &ent_price_renewal_type, &asked, &renewal, error);
	if (code == ENT_OK) {
		code = ent_price_renew(&renewal, &asked.pricing, &renewed, error);
	}
	if (code == ENT_OK) {
		*result = object_result(&asked, &ent_price_renewed_type, &renewed);
	}
	return code;
}

enum ent_code ent_eval_price_blend(const struct ent_node *input, struct ent_arena *arena,
                                   ent_str *result, struct ent_error *error)
{
	struct asked asked;
	struct ent_price_items items;
	struct ent_price_blend blend;
	enum ent_code code = read_all(input, arena, &ent_price_items_type, &asked, &items, error);
	if (code == ENT_OK) {
		code = ent_price_blend(items.items.items, items.items.count, &asked.pricing, &blend,
		                       error);
	}
	if (code == ENT_OK) {
		*result = object_result(&asked, &ent_price_blend_type, &blend);
	}
	return code;
}

enum ent_code ent_eval_price_derived(const struct ent_node *input, struct ent_arena *arena,
                                     ent_str *result, struct ent_error *error)
{
	struct asked asked;
	struct ent_price_derived derived;
	struct ent_children spans;
	ent_decimal price = { 0 };
	enum ent_code code =
		read_all(input, arena, &ent_price_derived_type, &asked, &derived, error);
	if (code == ENT_OK) {
		code = ent_price_derive(&derived, &asked.pricing, &spans, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_price_span *items = spans.items;
	for (size_t i = 0; i < spans.count; i++) {
		price = sum_of(price, items[i].price);
	}
	struct ent_text out = begin_result(&asked);
	write_sum(&out, "price", price);
	write_list(&out, "spans", &ent_price_span_type, items, spans.count);
	*result = end_result(&out, &asked);
	return ENT_OK;
}

/* ---- before and after ---- */

static const char *const sides[] = { "original", "current" };

static void read_sides(const struct ent_node *rest, struct asked *asked,
                       struct ent_price_tree trees[static 2])
{
	static const char *const pointers[] = { "/original", "/current" };
	for (size_t i = 0; i < ENT_COUNT(sides); i++) {
		const struct ent_node *side = ent_json_member(rest, sides[i]);
		if (side == NULL) {
			ent_note(asked->error, ENT_E_REQUIRED, pointers[i], (ent_str){ NULL, 0 },
			         "give an object with lines");
		} else {
			read_object(side, &ent_price_tree_type, pointers[i], asked, &trees[i]);
		}
	}
	for (const struct ent_node *member = rest->first; member != NULL; member = member->next) {
		if (!ent_str_is(member->name, sides[0]) && !ent_str_is(member->name, sides[1])) {
			struct ent_arena scratch = *asked->arena;
			ent_str pointer = ent_text_format(&scratch, "/%.*s", (int)member->name.len,
			                                  member->name.ptr);
			ent_note(asked->error, ENT_E_UNKNOWN_FIELD, pointer.ptr,
			         (ent_str){ NULL, 0 }, "remove it");
		}
	}
}

enum ent_code ent_eval_price_delta(const struct ent_node *input, struct ent_arena *arena,
                                   ent_str *result, struct ent_error *error)
{
	struct asked asked;
	struct ent_price_tree trees[2];
	struct ent_price_result *results[2];
	struct ent_price_totals totals[2];
	struct ent_price_delta delta;
	read_sides(begin(input, arena, &asked, error), &asked, trees);
	enum ent_code code = ent_noted(error);
	for (size_t i = 0; code == ENT_OK && i < ENT_COUNT(sides); i++) {
		code = add_up(&trees[i], &asked, &results[i], &totals[i]);
		if (code != ENT_OK) {
			struct ent_arena scratch = *arena;
			ent_error_nest(error, 0, ent_text_format(&scratch, "/%s", sides[i]).ptr);
		}
	}
	if (code != ENT_OK) {
		return code;
	}
	if (!ent_price_compare(&totals[0], &totals[1], &delta)) {
		return ent_refuse(error, ENT_E_RANGE, "/current", (ent_str){ NULL, 0 },
		                  "the difference is beyond 9000000000000");
	}
	if (trees[0].lines.count == 1 && trees[1].lines.count == 1) {
		ent_decimal before = { -results[0][0].unit_price.micro };
		delta.unit_price = sum_of(results[1][0].unit_price, before);
	}
	struct ent_text out = begin_result(&asked);
	ent_json_members(&ent_price_delta_type, &delta, NULL, &out);
	for (size_t i = 0; i < ENT_COUNT(sides); i++) {
		ent_json_comma(&out);
		ent_json_name(&out, sides[i]);
		ent_json_write(&ent_price_totals_type, &totals[i], NULL, &out);
	}
	*result = end_result(&out, &asked);
	return ENT_OK;
}
