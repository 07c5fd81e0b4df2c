/* plan_lines.c - upsell, downsell, swap and amend: the matrix of servicenow 3.7. */
#include "core/plan_amend.h"
#include "core/plan_split.h"

#include <string.h>

/* One line of the input, found. */
struct item {
	size_t at;
	const struct ent_contract_line *line;
	ent_date from;
	const char *pointer; /* "/lines/3" */
};

static bool is_none(ent_decimal value)
{
	return value.micro == ENT_DECIMAL_NONE.micro;
}

static bool has_price(ent_money money)
{
	return money.currency[0] != '\0';
}

static const char *member(const struct ent_plan_split *s, const struct item *item, const char *name)
{
	return ent_text_format(s->plan->arena, "%s/%s", item->pointer, name).ptr;
}

static void note(const struct ent_plan_split *s, const struct item *item, enum ent_code code,
                 const char *name, const char *text)
{
	ent_note(s->error, code, member(s, item, name), item->line->number, "%s", text);
}

/* The same of a number that was given. */
static void note_number(const struct ent_plan_split *s, const struct item *item, const char *name,
                        ent_decimal value, const char *text)
{
	char room[ENT_DECIMAL_ROOM];
	ent_str given = { room, ent_decimal_format(value, room) };
	ent_note(s->error, ENT_E_RANGE, member(s, item, name), given, "%s", text);
}

static void note_missing(const struct ent_plan_split *s, const struct item *item, const char *name,
                         const char *text)
{
	ent_note(s->error, ENT_E_REQUIRED, member(s, item, name), ENT_STR(""), "%s", text);
}

/* ---- finding ---------------------------------------------------------------------------- */

/* A line goes on with what is below it, so only one of them can be named. */
static bool is_tangled(struct ent_plan_split *s, size_t at)
{
	const struct ent_holding *holding = s->holding;
	bool tangled = s->holds[at];
	for (size_t up = ent_holding_at(holding, holding->lines[at].parent_id);
	     up < holding->line_count; up = ent_holding_at(holding, holding->lines[up].parent_id)) {
		tangled = tangled || s->named[up];
		s->holds[up] = true;
	}
	return tangled;
}

static bool find(struct ent_plan_split *s, size_t i, ent_id id, struct item *out)
{
	char room[ENT_ID_ROOM];
	*out = (struct item){
		.at = ent_holding_at(s->holding, id),
		.pointer = ent_text_format(s->plan->arena, "/lines/%zu", i).ptr,
	};
	bool is_there = out->at < s->holding->line_count;
	if (!is_there || s->named[out->at]) {
		ent_str value = { room, ent_id_format(id, ent_contract_line_type.prefix, room) };
		ent_note(s->error, is_there ? ENT_E_DUPLICATE : ENT_E_NO_SUCH_RECORD,
		         member(s, out, "line_id"), value, "%s",
		         is_there ? "name each line once" : "the contract has no such line");
		return false;
	}
	s->named[out->at] = true;
	out->line = &s->holding->lines[out->at];
	if (is_tangled(s, out->at)) {
		ent_note(s->error, ENT_E_INVALID, member(s, out, "line_id"), out->line->number,
		         "a line above or below it is named, too: do one after the other");
		return false;
	}
	return true;
}

/* Today, or its first day where that is later; inside of it, and not in the past. */
static bool check_day(struct ent_plan_split *s, struct item *item, ent_date asked,
                      const char *pointer)
{
	struct ent_plan *plan = s->plan;
	int32_t first = item->line->starts_on.day;
	int32_t from = ent_date_is_none(asked) ? (first > plan->today.day ? first : plan->today.day)
	                                       : asked.day;
	ent_date last = item->line->ends_on;
	item->from = (ent_date){ from };
	ent_plan_check_day(plan, item->from, pointer, s->error);
	if (ent_date_is_none(plan->effective_on) || from < plan->effective_on.day) {
		plan->effective_on = item->from;
	}
	bool is_in = from >= first && (ent_date_is_none(last) || from <= last.day) &&
	             !ent_plan_is_cancelled(plan, item->line->cancelled_at, item->from);
	if (!is_in) {
		ent_note(s->error, ENT_E_DATE_OUTSIDE_PARENT, pointer, item->line->number,
		         "give a day of the line");
	}
	return is_in;
}

static bool check_line(struct ent_plan_split *s, const struct item *item, bool roots)
{
	bool may = ent_plan_allow(s->plan, s->holding, item->line, ENT_CONTRACT_DO_AMEND,
	                          member(s, item, "line_id"), s->error);
	if (roots && !ent_id_is_none(item->line->parent_id)) {
		note(s, item, ENT_E_NOT_ROOT, "line_id",
		     "name the line at the top of its tree, or amend this one");
		may = false;
	}
	if (item->line->ramp != ENT_RAMP_NONE) {
		note(s, item, ENT_E_RAMP_QTY_LOCKED, "line_id",
		     "its quantities and prices are those of its steps: change ramp_segments");
		may = false;
	}
	return may;
}

static void check_price(const struct ent_plan_split *s, const struct item *item, ent_money price)
{
	if (has_price(price) && !ent_str_is(s->holding->contract->currency, price.currency)) {
		note(s, item, ENT_E_CURRENCY_MISMATCH, "unit_price",
		     "give it in the currency of the contract");
	}
	if (has_price(price) && price.micro < 0) {
		note_number(s, item, "unit_price", (ent_decimal){ price.micro }, "give 0 or more");
	}
}

/* What is paid once is not divided by days; nor is what changes on its first day. */
static bool is_in_place(const struct item *item)
{
	return item->line->starts_on.day == item->from.day ||
	       item->line->pricing_method == ENT_PRICING_ONE_TIME;
}

static struct ent_contract_line *in_place(struct ent_plan_split *s, const struct item *item,
                                          ent_decimal quantity)
{
	struct ent_contract_line *after =
		ent_plan_change(s->plan, &ent_contract_line_type, item->line)->after;
	ent_plan_say(s->plan, item->line, ENT_LINE_TYPE_AMEND, ENT_LINE_ACTION_CHANGE);
	if (quantity.micro != item->line->quantity.micro) {
		after->quantity = quantity;
		ent_plan_keep_counted(s, item->at, item->from);
	}
	return after;
}

/* A price that is agreed now takes the place of the steps that it had from before. */
static void agree(struct ent_contract_line *line, ent_money price)
{
	line->unit_price = price;
	line->ramp = ENT_RAMP_NONE;
	line->ramp_segments = (struct ent_children){ NULL, 0 };
}

/* ---- more and fewer --------------------------------------------------------------------- */

static void sell_more(struct ent_plan_split *s, const struct item *item, ent_decimal quantity,
                      ent_money price)
{
	ent_decimal more = { quantity.micro - item->line->quantity.micro };
	ent_plan_say(s->plan, item->line, ENT_LINE_TYPE_NO_CHANGE, ENT_LINE_ACTION_NO_CHANGE);
	struct ent_contract_line *made = ent_plan_add_beside(s, item->at, item->from, more, true);
	if (has_price(price)) {
		agree(made, price);
	}
}

static void sell_less(struct ent_plan_split *s, const struct item *item, ent_decimal quantity)
{
	if (quantity.micro == 0) {
		ent_plan_end_tree(s, item->at, item->from);
	} else if (is_in_place(item)) {
		(void)in_place(s, item, quantity);
	} else {
		ent_plan_replace(s, item->at, item->from, quantity);
	}
}

void ent_plan_upsell(struct ent_plan *plan, const struct ent_holding *holding,
                     const struct ent_input_contract_upsell *input, struct ent_error *error)
{
	const struct ent_input_line_quantity *lines = input->lines.items;
	struct ent_plan_split s = ent_plan_split_begin(plan, holding, error);
	for (size_t i = 0; i < input->lines.count; i++) {
		struct item item;
		if (!find(&s, i, lines[i].line_id, &item) || !check_line(&s, &item, true) ||
		    !check_day(&s, &item, input->effective_on, "/effective_on")) {
			continue;
		}
		check_price(&s, &item, lines[i].unit_price);
		if (lines[i].quantity.micro <= item.line->quantity.micro) {
			note_number(&s, &item, "quantity", lines[i].quantity,
			            "give more than there are; fewer are a downsell");
		} else {
			sell_more(&s, &item, lines[i].quantity, lines[i].unit_price);
		}
	}
	ent_plan_split_end(&s);
}

void ent_plan_downsell(struct ent_plan *plan, const struct ent_holding *holding,
                       const struct ent_input_contract_downsell *input, struct ent_error *error)
{
	const struct ent_input_line_quantity *lines = input->lines.items;
	struct ent_plan_split s = ent_plan_split_begin(plan, holding, error);
	for (size_t i = 0; i < input->lines.count; i++) {
		struct item item;
		if (!find(&s, i, lines[i].line_id, &item) || !check_line(&s, &item, true) ||
		    !check_day(&s, &item, input->effective_on, "/effective_on")) {
			continue;
		}
		if (has_price(lines[i].unit_price)) {
			note(&s, &item, ENT_E_INVALID, "unit_price",
			     "nothing is added: amend the line to change its price");
		}
		if (lines[i].quantity.micro < 0 ||
		    lines[i].quantity.micro >= item.line->quantity.micro) {
			note_number(&s, &item, "quantity", lines[i].quantity,
			            "give 0 or more, and fewer than there are; more are an upsell");
		} else {
			sell_less(&s, &item, lines[i].quantity);
		}
	}
	ent_plan_split_end(&s);
}

/* ---- another product -------------------------------------------------------------------- */

static void become(struct ent_contract_line *line, const struct ent_input_line_swap *to,
                   ent_decimal quantity)
{
	line->product_id = to->product_id;
	line->asset_id = ENT_ID_NONE;
	line->quantity = quantity;
	line->characteristics = (struct ent_children){ NULL, 0 };
	if (to->name.len > 0) {
		line->name = to->name;
	}
	if (has_price(to->unit_price)) {
		line->unit_price = to->unit_price;
		line->list_price = (ent_money){ .micro = 0 };
		line->adjustments = (struct ent_children){ NULL, 0 };
	}
}

static bool check_swap(const struct ent_plan_split *s, const struct item *item,
                       const struct ent_input_line_swap *to)
{
	size_t before = s->error->issue_count;
	ent_decimal all = item->line->quantity;
	if (!is_none(to->quantity) && (to->quantity.micro <= 0 || to->quantity.micro > all.micro)) {
		note_number(s, item, "quantity", to->quantity,
		            "give more than 0, at most what there is");
	}
	if (!is_none(to->new_quantity) && to->new_quantity.micro <= 0) {
		note_number(s, item, "new_quantity", to->new_quantity, "give more than 0");
	}
	if (ent_id_eq(to->product_id, item->line->product_id)) {
		note(s, item, ENT_E_INVALID, "product_id", "it is that product already");
	}
	bool is_priced = has_price(item->line->unit_price) || has_price(item->line->list_price);
	if (is_priced && !has_price(to->unit_price)) {
		note_missing(s, item, "unit_price", "say what one of the new product costs");
	}
	check_price(s, item, to->unit_price);
	return s->error->issue_count == before;
}

static void swap_one(struct ent_plan_split *s, const struct item *item,
                     const struct ent_input_line_swap *to)
{
	ent_decimal all = item->line->quantity;
	ent_decimal gone = is_none(to->quantity) ? all : to->quantity;
	ent_decimal come = is_none(to->new_quantity) ? gone : to->new_quantity;
	ent_decimal rest = { all.micro - gone.micro };
	if (rest.micro == 0) {
		become(is_in_place(item) ? in_place(s, item, come)
		                         : ent_plan_replace(s, item->at, item->from, all),
		       to, come);
		return;
	}
	struct ent_contract_line *made;
	if (is_in_place(item)) {
		(void)in_place(s, item, rest);
	} else {
		ent_plan_replace(s, item->at, item->from, rest);
	}
	made = ent_plan_add_beside(s, item->at, item->from, come, false);
	become(made, to, come);
}

void ent_plan_swap(struct ent_plan *plan, const struct ent_holding *holding,
                   const struct ent_input_contract_swap *input, struct ent_error *error)
{
	const struct ent_input_line_swap *lines = input->lines.items;
	struct ent_plan_split s = ent_plan_split_begin(plan, holding, error);
	for (size_t i = 0; i < input->lines.count; i++) {
		struct item item;
		if (find(&s, i, lines[i].line_id, &item) && check_line(&s, &item, true) &&
		    check_day(&s, &item, input->effective_on, "/effective_on") &&
		    check_swap(&s, &item, &lines[i])) {
			swap_one(&s, &item, &lines[i]);
		}
	}
	ent_plan_split_end(&s);
}

/* ---- amend ------------------------------------------------------------------------------ */

static bool is_another(const struct ent_input_line_amend *to)
{
	return !ent_id_is_none(to->product_id) || to->name.len > 0 || has_price(to->unit_price) ||
	       to->characteristics.count > 0;
}

static void configure(struct ent_contract_line *line, const struct ent_input_line_amend *to)
{
	if (!ent_id_is_none(to->product_id)) {
		line->product_id = to->product_id;
		line->asset_id = ENT_ID_NONE;
	}
	if (to->name.len > 0) {
		line->name = to->name;
	}
	if (has_price(to->unit_price)) {
		agree(line, to->unit_price);
	}
	if (to->characteristics.count > 0) {
		line->characteristics = to->characteristics;
	}
}

static void move_last_day(struct ent_plan_split *s, const struct item *item,
                          const struct ent_input_line_amend *to, bool alone)
{
	bool sooner =
		ent_date_is_none(item->line->ends_on) || to->ends_on.day < item->line->ends_on.day;
	if (!alone) {
		note(s, item, ENT_E_INVALID, "ends_on",
		     "give it alone: the other changes make another line");
		return;
	}
	ent_date from = { sooner ? to->ends_on.day + 1 : s->plan->today.day };
	ent_plan_check_day(s->plan, from, member(s, item, "ends_on"), s->error);
	if (ent_date_is_none(s->plan->effective_on) || from.day < s->plan->effective_on.day) {
		s->plan->effective_on = from;
	}
	s->ends.moves[item->at] = true;
	s->ends.to[item->at] = to->ends_on;
}

static void amend_one(struct ent_plan_split *s, const struct item *item,
                      const struct ent_input_line_amend *to)
{
	ent_decimal was = item->line->quantity;
	ent_decimal quantity = is_none(to->quantity) ? was : to->quantity;
	check_price(s, item, to->unit_price);
	if (quantity.micro < 0) {
		note_number(s, item, "quantity", quantity, "give 0 or more");
	} else if (!is_another(to) && quantity.micro == was.micro) {
		note_missing(s, item, "quantity", "say what of the line changes");
	} else if (quantity.micro == 0 || (!is_another(to) && quantity.micro < was.micro)) {
		sell_less(s, item, quantity);
	} else if (!is_another(to)) {
		sell_more(s, item, quantity, to->unit_price);
	} else if (is_in_place(item)) {
		configure(in_place(s, item, quantity), to);
	} else {
		configure(ent_plan_replace(s, item->at, item->from, quantity), to);
	}
}

void ent_plan_amend(struct ent_plan *plan, const struct ent_holding *holding,
                    const struct ent_input_contract_amend *input, struct ent_error *error)
{
	const struct ent_input_line_amend *lines = input->lines.items;
	struct ent_plan_split s = ent_plan_split_begin(plan, holding, error);
	s.ends.pointer = "/lines";
	for (size_t i = 0; i < input->lines.count; i++) {
		const struct ent_input_line_amend *to = &lines[i];
		struct item item;
		bool alone = !is_another(to) && is_none(to->quantity);
		if (!find(&s, i, to->line_id, &item)) {
			continue;
		}
		if (!ent_date_is_none(to->ends_on)) {
			if (ent_plan_allow(plan, holding, item.line, ENT_CONTRACT_DO_EXTEND,
			                   member(&s, &item, "line_id"), error)) {
				move_last_day(&s, &item, to, alone);
			}
			continue;
		}
		bool has_own = !ent_date_is_none(to->effective_on);
		const char *pointer = has_own ? member(&s, &item, "effective_on") : "/effective_on";
		if (check_line(&s, &item, false) &&
		    check_day(&s, &item, has_own ? to->effective_on : input->effective_on,
		              pointer)) {
			amend_one(&s, &item, to);
		}
	}
	ent_plan_split_end(&s);
}
