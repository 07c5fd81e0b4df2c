/* Stored contracts and lines, priced. */
#include "core/price_contract.h"

#include "test.h"

static ent_money euro(int64_t units)
{
	return (ent_money){ units * ENT_MICRO, "EUR" };
}

/* A contract of two years at 10 % off; a line of 100 with a ramp, and a child that ends early. */
TEST(price_of_stored_lines)
{
	struct ent_arena arena = test_arena();
	struct ent_contract contract;
	struct ent_contract_line stored[2];
	struct ent_ramp_segment steps[2];
	struct ent_price_adjustment markdown;
	struct ent_price_line lines[2];
	struct ent_price_result results[2];
	struct ent_price_totals totals;
	struct ent_error error;
	ent_error_clear(&error);
	ent_type_clear(&ent_contract_type, &contract);
	contract.currency = ENT_STR("EUR");
	contract.starts_on = ent_date_make(2025, 1, 1);
	contract.ends_on = ent_date_make(2026, 12, 31);
	contract.proration = ENT_PRORATION_THIRTY_360;
	contract.discount_percent.micro = 10 * ENT_MICRO;
	for (size_t i = 0; i < 2; i++) {
		ent_type_clear(&ent_contract_line_type, &stored[i]);
		ent_type_clear(&ent_ramp_segment_type, &steps[i]);
	}
	ent_type_clear(&ent_price_adjustment_type, &markdown);
	steps[0].starts_on = contract.starts_on;
	steps[1].starts_on = ent_date_make(2026, 1, 1);
	steps[1].unit_price = euro(130);
	steps[1].quantity.micro = 3 * ENT_MICRO;
	stored[0].list_price = euro(100);
	stored[0].quantity.micro = 2 * ENT_MICRO;
	stored[0].ramp = ENT_RAMP_CUSTOM;
	stored[0].ramp_segments = (struct ent_children){ steps, 2 };
	markdown.value.micro = 20 * ENT_MICRO;
	stored[1].list_price = euro(1200);
	stored[1].period = ENT_PERIOD_YEARLY;
	stored[1].per_parent = true;
	stored[1].quantity.micro = ENT_MICRO;
	stored[1].ends_on = ent_date_make(2025, 1, 15);
	stored[1].proration = ENT_LINE_PRORATION_ACTUAL_DAYS;
	stored[1].adjustments = (struct ent_children){ &markdown, 1 };
	lines[0] = ent_price_line_of(&contract, NULL, &stored[0], &arena);
	lines[1] = ent_price_line_of(&contract, &lines[0], &stored[1], &arena);
	lines[1].parent.n = 0;
	struct ent_price_rules rules = ent_price_rules_of(&contract, ent_date_make(2025, 6, 1));
	struct ent_pricing pricing = { &rules, &arena, NULL };
	CHECK_INT(ent_price_tree(lines, 2, &pricing, results, &totals, &error), ENT_OK);
	CHECK_INT(results[0].mrr.micro, 180 * ENT_MICRO);               /* 2 at 90 */
	CHECK_INT(results[0].net.micro, (2160 + 36 * 130) * ENT_MICRO); /* then 3 at 130 */
	CHECK_INT(results[1].unit_price.micro, 960 * ENT_MICRO);        /* by hand: spared */
	CHECK_INT(results[1].net.micro, 77419355);                      /* 160 × 15/31 */
	CHECK_INT(totals.mrr.micro, 180 * ENT_MICRO);                   /* the child has ended */
	CHECK_INT(totals.tcv.micro, INT64_C(6917420000));
	contract.currency = (ent_str){ NULL, 0 };
	rules = ent_price_rules_of(&contract, ENT_DATE_NONE);
	CHECK_INT(ent_price_digits(&rules), 2);
}
