/* Prices of whole contracts on random trees: beside ent_price_tree(), and what must hold. */
#include "core/contract_price.h"

#include "test.h"

enum { LINES = 40, TREES = 3000 };

static uint64_t state = 20261123;

static int64_t below(int64_t most)
{
	return (int64_t)test_random(&state, (uint64_t)most);
}

static ent_money some_price(void)
{
	return (ent_money){ (1 + below(500)) * ENT_MICRO / (1 + below(3)), "EUR" };
}

struct tree {
	struct ent_contract contract;
	struct ent_contract_line lines[LINES];
	size_t count;
};

static ent_date day_within(ent_date first, ent_date last)
{
	return (ent_date){ first.day + (int32_t)below(last.day - first.day + 1) };
}

/* Lines inside the one above; `plain`: as ent_price_tree() takes them. */
static void fill_line(struct tree *t, size_t at, bool plain)
{
	struct ent_contract_line *line = &t->lines[at];
	const struct ent_contract_line *above = NULL;
	ent_type_clear(&ent_contract_line_type, line);
	line->id.value = (int64_t)at + 1;
	if (at > 0 && below(3) > 0) {
		above = &t->lines[below((int64_t)at)];
		line->parent_id = above->id;
	}
	line->root_id = above != NULL ? above->root_id : line->id;
	line->starts_on = above != NULL ? above->starts_on : t->contract.starts_on;
	line->ends_on = above != NULL ? above->ends_on : t->contract.ends_on;
	if (below(2) == 0) {
		line->starts_on = day_within(line->starts_on, line->ends_on);
		line->ends_on = day_within(line->starts_on, line->ends_on);
	}
	line->quantity.micro = (1 + below(9)) * ENT_MICRO;
	line->list_price = some_price();
	line->pricing_method = below(5) == 0 ? ENT_PRICING_ONE_TIME : ENT_PRICING_RECURRING;
	line->period = (enum ent_price_period)below(ENT_PERIOD_YEARLY + 1);
	line->per_parent = above != NULL && above->ramp == ENT_RAMP_NONE && below(3) == 0;
	bool ramps = plain ? false : above == NULL && below(4) == 0;
	if (ramps && line->pricing_method == ENT_PRICING_RECURRING) {
		line->ramp = below(2) == 0 ? ENT_RAMP_YEARLY : ENT_RAMP_QUARTERLY;
		line->ramp_percent.micro = below(20) * ENT_MICRO;
	}
	if (!plain && at > 0 && below(6) == 0) {
		line->split_from_id = t->lines[below((int64_t)at)].id;
	}
	if (!plain && below(8) == 0) {
		line->line_type = ENT_LINE_TYPE_CANCEL;
		line->ends_early = true;
	}
	if (!plain && below(10) == 0) {
		line->derived_percent.micro = (1 + below(30)) * ENT_MICRO;
	}
	if (!plain && below(8) == 0) {
		line->cancelled_at.us =
			day_within(line->starts_on, line->ends_on).day * ENT_DAY_US + below(2);
	}
}

static void fill(struct tree *t, bool plain)
{
	ent_type_clear(&ent_contract_type, &t->contract);
	t->contract.currency = ENT_STR("EUR");
	t->contract.starts_on = ent_date_make(2024, 1 + (int)below(12), 1 + (int)below(28));
	t->contract.ends_on.day = t->contract.starts_on.day + 30 + (int32_t)below(1500);
	t->contract.discount_percent.micro = below(3) * 5 * ENT_MICRO;
	t->count = 1 + (size_t)below(LINES);
	for (size_t i = 0; i < t->count; i++) {
		fill_line(t, i, plain);
	}
}

static struct ent_contract_pricing pricing_of(struct tree *t, struct ent_arena *arena)
{
	return (struct ent_contract_pricing){
		.contract = &t->contract,
		.lines = t->lines,
		.count = t->count,
		.zone = &ent_zone_utc,
		.on = day_within(t->contract.starts_on, t->contract.ends_on),
		.arena = arena,
	};
}

TEST(contract_price_of_plain_trees_is_that_of_price_tree)
{
	static struct tree t;
	static struct ent_price_line given[LINES];
	static struct ent_price_result results[LINES];
	struct ent_error error;
	ent_error_clear(&error);
	for (int n = 0; n < TREES; n++) {
		struct ent_arena arena = test_arena();
		struct ent_price_totals totals;
		struct ent_contract_price price;
		fill(&t, true);
		struct ent_contract_pricing pricing = pricing_of(&t, &arena);
		struct ent_price_rules rules = ent_price_rules_of(&t.contract, pricing.on);
		struct ent_pricing plain = { &rules, &arena, NULL };
		for (size_t i = 0; i < t.count; i++) {
			int64_t parent = ent_contract_line_index(&pricing, t.lines[i].parent_id);
			given[i] =
				ent_price_line_of(&t.contract, parent < 0 ? NULL : &given[parent],
			                          &t.lines[i], &arena);
			given[i].parent = parent < 0 ? ENT_COUNT_NONE : (ent_count){ parent };
		}
		CHECK_INT(ent_price_tree(given, t.count, &plain, results, &totals, &error), ENT_OK);
		CHECK_INT(ent_contract_price(&pricing, &price, &error), ENT_OK);
		CHECK(memcmp(&totals, &price.totals, sizeof(totals)) == 0);
		for (size_t i = 0; i < t.count; i++) {
			const struct ent_price_result *r = &price.lines[i].result;
			CHECK_INT(r->total_net.micro, results[i].total_net.micro);
			CHECK_INT(r->total_arr.micro, results[i].total_arr.micro);
			CHECK_INT(r->total_one_time.micro, results[i].total_one_time.micro);
			CHECK_INT(r->quantity.micro, results[i].quantity.micro);
		}
	}
}

/* Runs tile the time in force; mrr and arr of a day are those of its runs; what is new, renewed
 * and changed is all there is. */
static void check_runs(const struct tree *t, const struct ent_contract_price *price, ent_date on)
{
	int64_t arr = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct ent_line_price *line = &price->lines[i];
		for (size_t k = 0; k < line->run_count; k++) {
			CHECK(line->runs[k].from.day < line->runs[k].until.day);
			CHECK(line->runs[k].from.day >= line->given.starts_on.day);
			CHECK(line->runs[k].until.day <= line->until.day);
			CHECK(k == 0 || line->runs[k].from.day >= line->runs[k - 1].until.day);
			bool now = line->runs[k].from.day <= on.day &&
			           on.day < line->runs[k].until.day;
			arr += now ? line->runs[k].arr.micro : 0;
		}
	}
	ent_decimal sum = { 0 };
	CHECK(ent_amount_round((ent_decimal){ arr }, 2, ENT_ROUND_HALF_AWAY, &sum));
	CHECK_INT(price->totals.arr.micro, sum.micro);
	int64_t parts = price->net_new.micro + price->renewal.micro + price->upsell.micro -
	                price->downsell.micro;
	int64_t gap = parts - price->totals.tcv.micro;
	CHECK(gap >= -2 * ENT_MICRO / 100 && gap <= 2 * ENT_MICRO / 100); /* four roundings */
}

TEST(contract_price_runs_and_kinds_agree_with_totals)
{
	static struct tree t;
	struct ent_error error;
	ent_error_clear(&error);
	for (int n = 0; n < TREES; n++) {
		struct ent_arena arena = test_arena();
		struct ent_contract_price price;
		fill(&t, false);
		struct ent_contract_pricing pricing = pricing_of(&t, &arena);
		CHECK_INT(ent_contract_price(&pricing, &price, &error), ENT_OK);
		check_runs(&t, &price, pricing.on);
	}
}
