/* What is paid once is amended in place. Lines below it that are for each one of it cost on the
 * days that have passed what they did. */
#include "core/plan_amend.h"

#include "base/text.h"
#include "holding.h"

/* Ten of "once", and below it for each of them: two "seat" with three "box" each, one "past" until
 * March, one "later" from September, one "paid" once with four "year" each; and one "alone". */
static struct ent_contract_line *open_tree(struct deal *deal)
{
	deal_open(deal, "2025-01-01", "2025-12-31", 30);
	struct ent_contract_line *once = deal_line(deal, ENT_ID_NONE, "once", 10, 100, NULL, NULL);
	struct ent_contract_line *seat = deal_line(deal, once->id, "seat", 2, 5, NULL, NULL);
	struct ent_contract_line *box = deal_line(deal, seat->id, "box", 3, 1, NULL, NULL);
	struct ent_contract_line *past =
		deal_line(deal, once->id, "past", 1, 7, NULL, "2025-03-31");
	struct ent_contract_line *later =
		deal_line(deal, once->id, "later", 1, 9, "2025-09-01", NULL);
	struct ent_contract_line *paid = deal_line(deal, once->id, "paid", 1, 50, NULL, NULL);
	struct ent_contract_line *year = deal_line(deal, paid->id, "year", 4, 2, NULL, NULL);
	deal_line(deal, once->id, "alone", 8, 3, NULL, NULL);
	once->pricing_method = ENT_PRICING_ONE_TIME;
	paid->pricing_method = ENT_PRICING_ONE_TIME;
	seat->per_parent = box->per_parent = past->per_parent = true;
	later->per_parent = paid->per_parent = year->per_parent = true;
	return once;
}

/* "seat 20 box 60 …": how many of each are paid for on a day, in the order of their names. */
static const char *counts_on(struct deal *deal, const char *on)
{
	static const char *const names[] = { "seat", "box", "past", "later", "year", "alone" };
	struct ent_contract_price price;
	deal_price(deal, day(on), &price);
	struct ent_text text = ent_text_begin(&deal->arena);
	for (size_t n = 0; n < ENT_COUNT(names); n++) {
		for (size_t i = 0; i < price.count; i++) {
			const struct ent_line_price *line = &price.lines[i];
			const struct ent_price_run *run = ent_line_price_on(line, day(on));
			if (run != NULL && ent_str_is(line->line->name, names[n])) {
				ent_text_addf(&text, "%s %lld ", names[n],
				              (long long)(run->quantity.micro / ENT_MICRO));
			}
		}
	}
	return ent_text_end(&text).ptr;
}

static void downsell(struct deal *deal, ent_id line)
{
	struct ent_input_contract_downsell input;
	struct ent_input_line_quantity row;
	ent_type_clear(&ent_input_contract_downsell_type, &input);
	ent_type_clear(&ent_input_line_quantity_type, &row);
	row.line_id = line;
	row.quantity.micro = 6 * ENT_MICRO;
	input.lines = (struct ent_children){ &row, 1 };
	ent_plan_downsell(&deal->plan, &deal->holding, &input, &deal->error);
}

/* To twelve, for another price. */
static void amend(struct deal *deal, ent_id line)
{
	struct ent_input_contract_amend input;
	struct ent_input_line_amend row;
	ent_type_clear(&ent_input_contract_amend_type, &input);
	ent_type_clear(&ent_input_line_amend_type, &row);
	row.line_id = line;
	row.quantity.micro = 12 * ENT_MICRO;
	row.unit_price = (ent_money){ 80 * ENT_MICRO, "EUR" };
	input.lines = (struct ent_children){ &row, 1 };
	ent_plan_amend(&deal->plan, &deal->holding, &input, &deal->error);
}

static void swap(struct deal *deal, ent_id line, int64_t gone, int64_t come)
{
	struct ent_input_contract_swap input;
	struct ent_input_line_swap row;
	ent_type_clear(&ent_input_contract_swap_type, &input);
	ent_type_clear(&ent_input_line_swap_type, &row);
	row.line_id = line;
	row.product_id = (ent_id){ 77 };
	row.quantity.micro = gone * ENT_MICRO;
	row.new_quantity.micro = come * ENT_MICRO;
	row.unit_price = (ent_money){ ENT_MICRO, "EUR" };
	input.lines = (struct ent_children){ &row, 1 };
	ent_plan_swap(&deal->plan, &deal->holding, &input, &deal->error);
}

static void swap_some(struct deal *deal, ent_id line)
{
	swap(deal, line, 4, 1);
}

static void swap_all(struct deal *deal, ent_id line)
{
	swap(deal, line, 10, 3);
}

static void swap_for_as_many(struct deal *deal, ent_id line)
{
	swap(deal, line, 10, 10);
}

TEST(plan_counted_keeps_what_has_passed)
{
	static const struct {
		const char *name;
		void (*plan)(struct deal *deal, ent_id line);
		const char *in_july, *in_october;
	} rows[] = {
		{ "downsell", downsell, "seat 12 box 36 year 24 alone 8 ",
		  "seat 12 box 36 later 6 year 24 alone 8 " },
		{ "amend", amend, "seat 24 box 72 year 48 alone 8 ",
		  "seat 24 box 72 later 12 year 48 alone 8 " },
		{ "swap some", swap_some, "seat 12 box 36 year 24 alone 8 ",
		  "seat 12 box 36 later 6 year 24 alone 8 " },
		{ "swap all", swap_all, "seat 6 box 18 year 12 alone 8 ",
		  "seat 6 box 18 later 3 year 12 alone 8 " },
		{ "swap for as many", swap_for_as_many, "seat 20 box 60 year 40 alone 8 ",
		  "seat 20 box 60 later 10 year 40 alone 8 " },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct deal deal, after;
		ROW(rows[i].name);
		ent_id once = open_tree(&deal)->id;
		deal_today(&deal, ENT_OPERATION_AMEND, "2025-07-01");
		rows[i].plan(&deal, once);
		CHECK_TEXT(deal_faults(&deal), "");
		deal_apply(&deal, deal.contract.id, &after);
		after.holding.contract = &after.contract;
		CHECK_TEXT(counts_on(&after, "2025-02-01"),
		           "seat 20 box 60 past 10 year 40 alone 8 ");
		CHECK_TEXT(counts_on(&after, "2025-06-30"), "seat 20 box 60 year 40 alone 8 ");
		CHECK_TEXT(counts_on(&after, "2025-07-01"), rows[i].in_july);
		CHECK_TEXT(counts_on(&after, "2025-10-01"), rows[i].in_october);
		CHECK_INT(deal_rows(&deal, &ent_contract_line_type, true), i == 4   ? 0
		                                                           : i == 2 ? 4
		                                                                    : 3);
	}
}

/* On its first day nothing has passed: all of it is another one. */
TEST(plan_counted_has_nothing_to_keep_on_the_first_day)
{
	struct deal deal, after;
	ent_id once = open_tree(&deal)->id;
	deal_today(&deal, ENT_OPERATION_DOWNSELL, "2025-01-01");
	downsell(&deal, once);
	CHECK_TEXT(deal_faults(&deal), "");
	deal_apply(&deal, deal.contract.id, &after);
	after.holding.contract = &after.contract;
	CHECK_TEXT(counts_on(&after, "2025-02-01"), "seat 12 box 36 past 6 year 24 alone 8 ");
	CHECK_INT(deal_rows(&deal, &ent_contract_line_type, true), 0);
}
