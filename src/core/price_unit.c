/* The price of one: from the list price to what was agreed. */
#include "core/price_inner.h"

#include "base/text.h"

/* What the price of one is made with. */
struct unit {
	const struct ent_price_line *line;
	const struct ent_pricing *pricing;
	struct ent_error *error;
	ent_decimal price; /* the running price */
};

/* ---- adjustments --------------------------------------------------------- */

static const struct {
	const char *sign, *unit;
	bool is_percent;
	int direction;
} kinds[] = {
	[ENT_ADJUST_MARKDOWN_PERCENT] = { "- ", " %", true, -1 },
	[ENT_ADJUST_MARKDOWN_AMOUNT] = { "- ", "", false, -1 },
	[ENT_ADJUST_MARKUP_PERCENT] = { "+ ", " %", true, 1 },
	[ENT_ADJUST_MARKUP_AMOUNT] = { "+ ", "", false, 1 },
	[ENT_ADJUST_OVERRIDE] = { "= ", "", false, 0 },
};

static bool adjusted(ent_decimal price, enum ent_adjustment_type type, ent_decimal value,
                     enum ent_price_rounding rounding, ent_decimal *out)
{
	if (type == ENT_ADJUST_OVERRIDE) {
		*out = value;
		return true;
	}
	ent_decimal change = { kinds[type].direction * value.micro };
	if (kinds[type].is_percent) {
		return ent_amount_scale(price, ENT_PERCENT + change.micro, ENT_PERCENT, rounding,
		                        out);
	}
	return ent_amount_add(price, change, out);
}

/* One step of the running price; `list` and `at` are for the pointer of an error. */
static enum ent_code adjust(struct unit *unit, const struct ent_price_adjustment *a,
                            const char *what, const char *list, size_t at)
{
	struct ent_arena scratch = *unit->pricing->arena;
	bool markdown = a->type == ENT_ADJUST_MARKDOWN_PERCENT;
	enum ent_price_rounding rounding = unit->pricing->rules->rounding;
	ent_decimal before = unit->price;
	size_t first = unit->error->issue_count;
	if (ent_decimal_is_none(a->value)) {
		ent_note(unit->error, ENT_E_REQUIRED, "/value", (ent_str){ NULL, 0 },
		         "must be given");
	} else if (ent_price_in_range(a->value, markdown ? ENT_PERCENT : ENT_AMOUNT_MAX, "/value",
	                              unit->error)) {
		bool fits = adjusted(before, a->type, a->value, rounding, &unit->price);
		if (!fits) {
			ent_note(unit->error, ENT_E_RANGE, "/value", (ent_str){ NULL, 0 },
			         "what comes of it is beyond 9000000000000");
		} else if (before.micro >= 0 && unit->price.micro < 0) {
			ent_note(unit->error, ENT_E_RANGE, "/value", (ent_str){ NULL, 0 },
			         "the price would be below 0");
		}
	}
	if (unit->error->issue_count > first) {
		ent_str pointer = ent_text_format(&scratch, "/%s/%zu", list, at);
		ent_error_nest(unit->error, first, pointer.ptr);
		return ent_noted(unit->error);
	}
	struct ent_price_steps *steps = unit->pricing->steps;
	ent_price_explain(steps, (struct ent_price_step){
					 ent_str_of(what),
					 a->name,
					 before,
					 unit->price,
					 ent_price_factor(steps, kinds[a->type].sign, a->value,
	                                                  kinds[a->type].unit),
				 });
	return ENT_OK;
}

static int64_t place_of(const struct ent_price_adjustment *a)
{
	return ent_count_is_none(a->sequence) ? INT64_MAX : a->sequence.n;
}

/* The one behind `last` (NULL: the first) by sequence, those without one last; NULL at the end. */
static const struct ent_price_adjustment *next_of(struct ent_children list,
                                                  const struct ent_price_adjustment *last)
{
	const struct ent_price_adjustment *items = list.items;
	const struct ent_price_adjustment *best = NULL;
	for (size_t i = 0; i < list.count; i++) {
		const struct ent_price_adjustment *a = &items[i];
		int64_t place = place_of(a);
		bool behind = last == NULL || place > place_of(last) ||
		              (place == place_of(last) && a > last);
		if (behind && (best == NULL || place < place_of(best))) {
			best = a;
		}
	}
	return best;
}

static enum ent_code adjust_all(struct unit *unit, struct ent_children list, const char *what,
                                const char *name, bool skip_manual)
{
	const struct ent_price_adjustment *items = list.items;
	const struct ent_price_adjustment *a = NULL;
	while ((a = next_of(list, a)) != NULL) {
		if (skip_manual && a->source == ENT_ADJUSTED_MANUAL) {
			continue;
		}
		enum ent_code code = adjust(unit, a, what, name, (size_t)(a - items));
		if (code != ENT_OK) {
			return code;
		}
	}
	return ENT_OK;
}

static enum ent_code apply_tier(struct unit *unit, ent_decimal quantity)
{
	const struct ent_price_tier *tiers = unit->line->tiers.items;
	for (size_t i = 0; i < unit->line->tiers.count; i++) {
		const struct ent_price_tier *tier = &tiers[i];
		bool above = !ent_decimal_is_none(tier->to) && quantity.micro > tier->to.micro;
		if (above || quantity.micro < ent_decimal_or(tier->from, 0).micro) {
			continue;
		}
		struct ent_price_adjustment adjustment = {
			.name = tier->name,
			.type = tier->type,
			.value = tier->value,
		};
		return adjust(unit, &adjustment, "tier", "tiers", i);
	}
	return ENT_OK;
}

/* ---- the ramp's raises, the contract's discount --------------------------- */

static bool raise_once(struct unit *unit, ent_decimal percent, int32_t times)
{
	ent_decimal before = unit->price;
	struct ent_price_steps *steps = unit->pricing->steps;
	if (!ent_amount_scale(before, ENT_PERCENT + times * percent.micro, ENT_PERCENT,
	                      unit->pricing->rules->rounding, &unit->price)) {
		return false;
	}
	ent_decimal all = { times * percent.micro };
	ent_price_explain(steps, (struct ent_price_step){
					 ENT_STR("ramp"),
					 unit->line->name,
					 before,
					 unit->price,
					 ent_price_factor(steps, "+ ", all, " %"),
				 });
	return true;
}

/* A year's price is last year's, raised and rounded; or the first one's, raised so many times. */
static enum ent_code raise_all(struct unit *unit, int32_t raises)
{
	ent_decimal percent = ent_decimal_or(unit->line->ramp_percent, 0);
	bool compound = unit->line->ramp_increase == ENT_RAMP_COMPOUND;
	bool fits = true;
	if (percent.micro == 0 || raises == 0) {
		return ENT_OK;
	}
	for (int32_t i = 0; compound && fits && i < raises; i++) {
		fits = raise_once(unit, percent, 1);
	}
	fits = fits && (compound || raise_once(unit, percent, raises));
	return fits ? ENT_OK : ent_price_overflow(unit->error, "/ramp_percent");
}

static bool has_manual(const struct ent_price_line *line)
{
	const struct ent_price_adjustment *items = line->adjustments.items;
	for (size_t i = 0; i < line->adjustments.count; i++) {
		if (items[i].source == ENT_ADJUSTED_MANUAL) {
			return true;
		}
	}
	return !ent_decimal_is_none(line->unit_price);
}

static enum ent_code discount(struct unit *unit)
{
	struct ent_price_adjustment markdown = {
		.type = ENT_ADJUST_MARKDOWN_PERCENT,
		.value = unit->pricing->rules->discount_percent,
	};
	return adjust(unit, &markdown, "discount", "discount_percent", 0);
}

static void begin(struct unit *unit, const char *what, ent_decimal price)
{
	unit->price = ent_decimal_or(price, 0);
	ent_price_explain(unit->pricing->steps, (struct ent_price_step){
							ent_str_of(what),
							unit->line->name,
							ENT_DECIMAL_NONE,
							unit->price,
							(ent_str){ NULL, 0 },
						});
}

enum ent_code ent_price_unit(const struct ent_price_line *line, ent_decimal quantity,
                             int32_t raises, const struct ent_pricing *pricing, ent_decimal *out,
                             struct ent_error *error)
{
	const struct ent_price_rules *rules = pricing->rules;
	struct unit unit = { line, pricing, error, { 0 } };
	bool discounted = ent_decimal_or(rules->discount_percent, 0).micro != 0;
	bool override = discounted && rules->discount_mode == ENT_DISCOUNT_OVERRIDE;
	bool agreed = !ent_decimal_is_none(line->unit_price) &&
	              !(override && !ent_decimal_is_none(line->list_price));
	enum ent_code code = ENT_OK;
	if (agreed) {
		begin(&unit, "unit_price", line->unit_price);
		code = raise_all(&unit, raises);
	} else {
		begin(&unit, "list_price", line->list_price);
		code = adjust_all(&unit, line->attributes, "attribute", "attributes", false);
		code = code != ENT_OK ? code : raise_all(&unit, raises);
		code = code != ENT_OK ? code : apply_tier(&unit, quantity);
		code = code != ENT_OK ? code
		                      : adjust_all(&unit, line->adjustments, "adjustment",
		                                   "adjustments", override);
	}
	if (code == ENT_OK && discounted && (override || !has_manual(line))) {
		code = discount(&unit);
	}
	*out = unit.price;
	return code;
}
