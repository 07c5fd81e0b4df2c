/* Renewals: servicenow 3.13, 4.5 to 4.8, 8.3, 8.4. */
#include "core/price_contract.h"

#include "holding.h"

static enum ent_code renew(struct deal *deal, const struct ent_input_contract_renew *input)
{
	struct ent_plan_renewal renewal = { .from = &deal->holding, .input = input };
	return ent_plan_renew(&deal->plan, &renewal, &deal->error);
}

static struct ent_input_contract_renew plain(void)
{
	struct ent_input_contract_renew input;
	ent_type_clear(&ent_input_contract_renew_type, &input);
	return input;
}

/* ---- from when to when ---- */

static const struct {
	const char *name, *starts_on, *ends_on, *today;
	const char *from, *to, *term; /* the input */
	bool back_date;
	const char *first, *last, *old_last, *told; /* the result; told: faults or warnings */
} terms[] = {
	{ "standard", "2025-01-01", "2025-12-31", "2025-11-01", NULL, NULL, NULL, false,
	  "2026-01-01", "2026-12-31", "2025-12-31", "" },
	{ "legacy: ends in June", "2024-07-01", "2025-06-30", "2025-06-01", NULL, NULL, NULL, false,
	  "2025-07-01", "2026-06-30", "2025-06-30", "" },
	{ "leap year", "2024-02-29", "2025-02-27", "2025-02-01", NULL, NULL, NULL, false,
	  "2025-02-28", "2026-02-27", "2025-02-27", "" },
	{ "back to the leap day", "2024-02-29", "2028-02-28", "2028-02-01", NULL, NULL, NULL, false,
	  "2028-02-29", "2032-02-28", "2028-02-28", "" },
	{ "month from the 31st", "2025-01-31", "2025-02-27", "2025-02-01", NULL, NULL, NULL, false,
	  "2025-02-28", "2025-03-30", "2025-02-27", "" },
	{ "by days", "2025-01-01", "2025-01-10", "2025-01-05", NULL, NULL, NULL, false,
	  "2025-01-11", "2025-01-20", "2025-01-10", "" },
	{ "another term", "2025-01-01", "2025-12-31", "2025-11-01", NULL, NULL, "P3Y", false,
	  "2026-01-01", "2028-12-31", "2025-12-31", "" },
	{ "on the last day", "2025-01-01", "2025-12-31", "2025-12-31", NULL, NULL, NULL, false,
	  "2026-01-01", "2026-12-31", "2025-12-31", "" },
	{ "early", "2025-01-01", "2025-12-31", "2025-05-01", "2025-07-01", NULL, NULL, false,
	  "2025-07-01", "2026-06-30", "2025-06-30", "" },
	{ "early, from today", "2025-01-01", "2025-12-31", "2025-05-01", "2025-05-01", NULL, NULL,
	  false, "2025-05-01", "2026-04-30", "2025-04-30", "" },
	{ "late", "2025-01-01", "2025-12-31", "2026-02-10", NULL, NULL, NULL, false, "2026-02-10",
	  "2027-02-09", "2025-12-31", "gap" },
	{ "late, from a day", "2025-01-01", "2025-12-31", "2026-02-10", "2026-03-01", NULL, NULL,
	  false, "2026-03-01", "2027-02-28", "2025-12-31", "gap" },
	{ "late, back-dated", "2025-01-01", "2025-12-31", "2026-02-10", NULL, NULL, NULL, true,
	  "2026-01-01", "2026-12-31", "2025-12-31", "" },
	{ "short term", "2025-01-01", "2025-12-31", "2025-11-01", NULL, "2026-03-31", NULL, false,
	  "2026-01-01", "2026-03-31", "2025-12-31", "" },
	{ "early, on its first day", "2025-01-01", "2025-12-31", "2024-12-31", NULL, NULL, NULL,
	  false, NULL, NULL, NULL, "cannot_renew" },
	{ "early, not behind the first day", "2025-01-01", "2025-12-31", "2025-01-01", "2025-01-01",
	  NULL, NULL, false, NULL, NULL, NULL, "renew_early_date /starts_on" },
	{ "early, in the past", "2025-01-01", "2025-12-31", "2025-07-02", "2025-07-01", NULL, NULL,
	  false, NULL, NULL, NULL, "renew_early_date /starts_on" },
	{ "ends before it begins", "2025-01-01", "2025-12-31", "2025-11-01", NULL, "2025-12-31",
	  NULL, false, NULL, NULL, NULL, "date_order /ends_on" },
	{ "two ends", "2025-01-01", "2025-12-31", "2025-11-01", NULL, "2026-12-31", "P1Y", false,
	  NULL, NULL, NULL, "invalid /term" },
	{ "two starts", "2025-01-01", "2025-12-31", "2025-11-01", "2026-01-01", NULL, NULL, true,
	  NULL, NULL, NULL, "invalid /back_date" },
	{ "evergreen", "2025-01-01", NULL, "2025-11-01", NULL, NULL, NULL, false, NULL, NULL, NULL,
	  "renew_no_end" },
};

TEST(plan_renew_finds_the_days)
{
	for (size_t i = 0; i < ENT_COUNT(terms); i++) {
		struct deal deal;
		struct ent_input_contract_renew input = plain();
		ROW(terms[i].name);
		deal_open(&deal, terms[i].starts_on, terms[i].ends_on, 4);
		deal_line(&deal, ENT_ID_NONE, "a", 1, 10, NULL, NULL);
		deal_today(&deal, ENT_OPERATION_RENEW, terms[i].today);
		input.starts_on = day(terms[i].from);
		input.ends_on = day(terms[i].to);
		input.back_date = terms[i].back_date;
		CHECK(terms[i].term == NULL ||
		      ent_duration_parse(ent_str_of(terms[i].term), &input.term));
		bool made = renew(&deal, &input) == ENT_OK;
		CHECK_TEXT(made ? deal_warnings(&deal) : deal_faults(&deal), terms[i].told);
		if (!made || terms[i].first == NULL) {
			CHECK(!made && terms[i].first == NULL);
			continue;
		}
		const struct ent_contract *fresh =
			deal_row(&deal, &ent_contract_type, true, 0)->after;
		const struct ent_contract *old = ent_plan_after(&deal.plan, &deal.contract);
		const struct ent_contract_line *line = deal_made_line(&deal, 0);
		CHECK_TEXT(date_text(fresh->starts_on), terms[i].first);
		CHECK_TEXT(date_text(fresh->ends_on), terms[i].last);
		CHECK_TEXT(date_text(line->starts_on), terms[i].first);
		CHECK_TEXT(date_text(line->ends_on), terms[i].last);
		CHECK_TEXT(date_text(old->ends_on), terms[i].old_last);
		CHECK(!old->ends_early);
		CHECK_INT(fresh->stage, ENT_STAGE_LIVE);
	}
}

/* ---- the chain of servicenow 3.13 ---- */

TEST(plan_renew_chains)
{
	struct deal deal[3];
	struct ent_input_contract_renew input = plain();
	deal_open(&deal[0], "2025-01-31", "2026-01-30", 4);
	deal_line(&deal[0], ENT_ID_NONE, "a", 1, 10, NULL, NULL);
	ent_id root = deal[0].contract.id;
	for (size_t i = 0; i < 2; i++) {
		deal_today(&deal[i], ENT_OPERATION_RENEW, i == 0 ? "2025-12-01" : "2026-12-01");
		CHECK_INT(renew(&deal[i], &input), ENT_OK);
		deal_apply(&deal[i],
		           deal_row(&deal[i], &ent_contract_type, true, 0)->source.value ==
		                           deal[i].contract.id.value
		                   ? (ent_id){ -1 }
		                   : ENT_ID_NONE,
		           &deal[i + 1]);
		CHECK(ent_id_eq(deal[i + 1].contract.renewed_from_id, deal[i].contract.id));
		CHECK(ent_id_eq(deal[i + 1].contract.renewal_root_id, root));
		CHECK(ent_id_eq(deal[i + 1].holding.lines[0].renewed_from_id,
		                deal[i].holding.lines[0].id));
		CHECK(ent_id_eq(deal[i + 1].holding.lines[0].renewal_root_id,
		                deal[0].holding.lines[0].id));
		CHECK_INT(deal[i].plan.link_count, 2);
		CHECK_INT(deal[i].plan.links[0].kind, ENT_LINK_RENEWED);
	}
}

/* ---- who takes part ---- */

TEST(plan_renew_leaves_out_what_takes_no_part)
{
	struct deal deal;
	struct ent_input_contract_renew input = plain();
	deal_open(&deal, "2025-01-01", "2025-12-31", 20);
	struct ent_contract_line *kept = deal_line(&deal, ENT_ID_NONE, "a", 2, 10, NULL, NULL);
	deal_line(&deal, kept->id, "a1", 1, 5, "2025-03-01", NULL);
	deal_line(&deal, kept->id, "a2", 1, 5, NULL, "2025-03-01"); /* over */
	struct ent_contract_line *not = deal_line(&deal, ENT_ID_NONE, "b", 1, 10, NULL, NULL);
	not ->renewable = false;
	deal_line(&deal, not ->id, "b1", 1, 10, NULL, NULL);
	deal_line(&deal, ENT_ID_NONE, "c", 1, 10, NULL, NULL)->cancelled_at = instant("2025-02-01");
	deal_line(&deal, ENT_ID_NONE, "d", 1, 10, NULL, "2025-12-01")->ends_early = true;
	deal_line(&deal, ENT_ID_NONE, "e", 1, 10, NULL, "2025-12-15"); /* not over yet */
	ent_id gone = deal_right(&deal, ENT_ID_NONE, 5)->id;
	deal.holding.entitlements[0].stage = ENT_STAGE_CANCELLED;
	struct ent_entitlement *right = deal_right(&deal, kept->id, 10);
	right->ledger_consumed = 7;
	deal_right(&deal, not ->id, 3);
	deal_cover(&deal, kept->id, ENT_ID_NONE, 900);
	deal_cover(&deal, ENT_ID_NONE, ENT_ID_NONE, 901)->ends_on = day("2025-06-30"); /* over */
	deal_cover(&deal, ENT_ID_NONE, right->id, 902);
	deal_cover(&deal, ENT_ID_NONE, gone, 903);
	deal_today(&deal, ENT_OPERATION_RENEW, "2025-12-10");
	CHECK_INT(renew(&deal, &input), ENT_OK);
	CHECK_TEXT(deal_warnings(&deal), "not_renewed");
	CHECK_INT(deal_rows(&deal, &ent_contract_line_type, true), 3);
	CHECK_TEXT(deal_made_line(&deal, 0)->name.ptr, "a");
	CHECK_TEXT(deal_made_line(&deal, 1)->name.ptr, "a1");
	CHECK_TEXT(date_text(deal_made_line(&deal, 1)->starts_on), "2026-01-01");
	CHECK_TEXT(deal_made_line(&deal, 2)->name.ptr, "e");
	CHECK(ent_id_eq(deal_made_line(&deal, 1)->parent_id, deal_made_line(&deal, 0)->id));
	CHECK_INT(deal_row(&deal, &ent_contract_line_type, true, 0)->line_type,
	          ENT_LINE_TYPE_RENEW);
	const struct ent_plan_row *row = deal_row(&deal, &ent_contract_line_type, false, 0);
	CHECK(row->before == not );
	CHECK_INT(row->line_action, ENT_LINE_ACTION_DISCONNECT);
	CHECK_INT(deal_rows(&deal, &ent_entitlement_type, true), 1);
	const struct ent_entitlement *fresh =
		deal_row(&deal, &ent_entitlement_type, true, 0)->after;
	CHECK(ent_id_eq(fresh->contract_line_id, deal_made_line(&deal, 0)->id));
	CHECK(ent_id_eq(fresh->renewed_from_id, right->id));
	CHECK_INT(fresh->ledger_consumed, 0);
	CHECK_TEXT(date_text(fresh->starts_on), "2026-01-01");
	CHECK_INT(deal_rows(&deal, &ent_contract_coverage_type, true), 2);
}

static const struct {
	const char *what, *faults;
} refusals[] = {
	{ "draft", "cannot_renew" },
	{ "cancelled", "cannot_renew" },
	{ "early", "cannot_renew" },
	{ "twice", "renew_already" },
	{ "nothing", "renew_nothing" },
	{ "child", "not_root "
	           "/lines/0" },
	{ "strange", "no_such_record /lines/0 | "
	             "duplicate /lines/2" },
	{ "line", "cannot_renew /lines/0" },
	{ "line_twice", "renew_already /lines/0" },
	{ "retired", "renew_retired" },
};

TEST(plan_renew_refuses)
{
	for (size_t i = 0; i < ENT_COUNT(refusals); i++) {
		struct deal deal;
		struct ent_input_contract_renew input = plain();
		struct ent_product product;
		ROW(refusals[i].what);
		deal_open(&deal, "2025-01-01", "2025-12-31", 20);
		struct ent_contract_line *line =
			deal_line(&deal, ENT_ID_NONE, "a", 2, 10, NULL, NULL);
		struct ent_contract_line *child =
			deal_line(&deal, line->id, "b", 2, 10, NULL, NULL);
		ent_id named[3] = { { 7 }, line->id, line->id };
		struct ent_plan_renewal renewal = { .from = &deal.holding, .input = &input };
		ent_str what = ent_str_of(refusals[i].what);
		if (ent_str_is(what, "draft")) {
			deal.contract.stage = ENT_STAGE_DRAFT;
		} else if (ent_str_is(what, "cancelled")) {
			deal.contract.cancelled_at = instant("2025-12-01");
		} else if (ent_str_is(what, "early")) {
			deal.contract.ends_early = true;
		} else if (ent_str_is(what, "twice")) {
			renewal.successor = (ent_id){ 4711 };
		} else if (ent_str_is(what, "nothing")) {
			line->renewable = false;
		} else if (ent_str_is(what, "child")) {
			input.lines = (struct ent_ids){ &child->id, 1 };
		} else if (ent_str_is(what, "strange")) {
			input.lines = (struct ent_ids){ named, 3 };
		} else if (ent_str_is(what, "line")) {
			line->renewable = false;
			input.lines = (struct ent_ids){ &line->id, 1 };
		} else if (ent_str_is(what, "line_twice")) {
			deal_line(&deal, ENT_ID_NONE, "c", 1, 1, NULL, NULL)->renewed_from_id =
				line->id;
			input.lines = (struct ent_ids){ &line->id, 1 };
		} else {
			ent_type_clear(&ent_product_type, &product);
			product.id = (ent_id){ 50 };
			product.inactive = true;
			line->product_id = product.id;
			renewal.products = &product;
			renewal.product_count = 1;
		}
		deal_today(&deal, ENT_OPERATION_RENEW, "2025-11-01");
		CHECK(ent_plan_renew(&deal.plan, &renewal, &deal.error) != ENT_OK);
		CHECK_TEXT(deal_faults(&deal), refusals[i].faults);
	}
}

TEST(plan_renew_looks_at_the_end_of_products)
{
	struct deal deal;
	struct ent_input_contract_renew input = plain();
	struct ent_product products[2];
	struct ent_plan_renewal renewal = {
		.from = &deal.holding, .input = &input, .products = products, .product_count = 2
	};
	deal_open(&deal, "2025-01-01", "2025-12-31", 20);
	for (size_t i = 0; i < 2; i++) {
		ent_type_clear(&ent_product_type, &products[i]);
		products[i].id.value = 50 + (int64_t)i;
		products[i].ends_on = day(i == 0 ? "2026-06-30" : "2025-12-31");
		struct ent_contract_line *line =
			deal_line(&deal, ENT_ID_NONE, i == 0 ? "a" : "b", 2, 10, NULL, NULL);
		line->product_id = products[i].id;
		deal_line(&deal, line->id, "below", 1, 10, NULL, NULL);
	}
	input.skip_retired = true;
	deal_today(&deal, ENT_OPERATION_RENEW, "2025-11-01");
	CHECK_INT(ent_plan_renew(&deal.plan, &renewal, &deal.error), ENT_OK);
	CHECK_TEXT(deal_warnings(&deal), "end_of_life retired");
	CHECK_INT(deal_rows(&deal, &ent_contract_line_type, true), 2);
}

/* ---- prices: servicenow 4.5, 4.7, 4.8 ---- */

static const struct {
	const char *name;
	enum ent_renewal_basis basis;
	int64_t list, uplift, line_uplift;
	enum ent_uplift_per per;
	const char *term;
	int64_t micro;
} prices[] = {
	{ "E: contracted, 10 % up", ENT_BASIS_CONTRACTED_PRICE, 125, 10, -1, ENT_UPLIFT_PER_TERM,
	  NULL, 110000000 },
	{ "E: list price", ENT_BASIS_LIST_PRICE, 125, 10, -1, ENT_UPLIFT_PER_TERM, NULL,
	  125000000 },
	{ "the line's own", ENT_BASIS_CONTRACTED_PRICE, 125, 10, 3, ENT_UPLIFT_PER_TERM, NULL,
	  103000000 },
	{ "F: per term", ENT_BASIS_CONTRACTED_PRICE, 125, 5, -1, ENT_UPLIFT_PER_TERM, "P36M",
	  105000000 },
	{ "F: per year", ENT_BASIS_CONTRACTED_PRICE, 125, 5, -1, ENT_UPLIFT_PER_YEAR, "P36M",
	  115000000 },
	{ "no uplift", ENT_BASIS_CONTRACTED_PRICE, 125, 0, -1, ENT_UPLIFT_PER_YEAR, "P36M",
	  100000000 },
	{ "no list price", ENT_BASIS_LIST_PRICE, -1, 10, -1, ENT_UPLIFT_PER_TERM, NULL, 100000000 },
};

TEST(plan_renew_prices)
{
	for (size_t i = 0; i < ENT_COUNT(prices); i++) {
		struct deal deal;
		struct ent_input_contract_renew input = plain();
		ROW(prices[i].name);
		deal_open(&deal, "2025-01-01", "2025-12-31", 20);
		struct ent_contract_line *line =
			deal_line(&deal, ENT_ID_NONE, "a", 2, 100, NULL, NULL);
		deal.contract.renewal_basis = prices[i].basis;
		deal.contract.uplift_percent.micro = prices[i].uplift * ENT_MICRO;
		deal.contract.uplift_per = prices[i].per;
		if (prices[i].line_uplift >= 0) {
			line->uplift_percent.micro = prices[i].line_uplift * ENT_MICRO;
		}
		if (prices[i].list >= 0) {
			line->list_price = (ent_money){ prices[i].list * ENT_MICRO, "EUR" };
		}
		CHECK(prices[i].term == NULL ||
		      ent_duration_parse(ent_str_of(prices[i].term), &input.term));
		deal_today(&deal, ENT_OPERATION_RENEW, "2025-11-01");
		CHECK_INT(renew(&deal, &input), ENT_OK);
		CHECK_INT(deal_made_line(&deal, 0)->unit_price.micro, prices[i].micro);
		CHECK_TEXT(deal_made_line(&deal, 0)->unit_price.currency, "EUR");
	}
}

/* The discount of the contract spares what was adjusted by hand, and still does. */
TEST(plan_renew_keeps_what_the_discount_spares)
{
	struct deal deal;
	struct ent_input_contract_renew input = plain();
	struct ent_price_adjustment row;
	for (int mode = 0; mode < 2; mode++) {
		deal_open(&deal, "2025-01-01", "2025-12-31", 20);
		struct ent_contract_line *line =
			deal_line(&deal, ENT_ID_NONE, "a", 1, -1, NULL, NULL);
		ent_type_clear(&ent_price_adjustment_type, &row);
		row.value.micro = 20 * ENT_MICRO;
		line->list_price = (ent_money){ 100 * ENT_MICRO, "EUR" };
		line->adjustments = (struct ent_children){ &row, 1 };
		deal.contract.discount_percent.micro = 10 * ENT_MICRO;
		deal.contract.discount_mode = (enum ent_discount_mode)mode;
		deal.contract.uplift_percent.micro = 10 * ENT_MICRO;
		deal_today(&deal, ENT_OPERATION_RENEW, "2025-11-01");
		CHECK_INT(renew(&deal, &input), ENT_OK);
		struct ent_contract_line *made = deal_made_line(&deal, 0);
		struct ent_price_rules rules = ent_price_rules_of(&deal.contract, ENT_DATE_NONE);
		struct ent_pricing pricing = { &rules, &deal.arena, NULL };
		struct ent_price_line priced =
			ent_price_line_of(&deal.contract, NULL, made, &deal.arena);
		struct ent_price_result own;
		CHECK_INT(ent_price_own(&priced, made->quantity, &pricing, &own, &deal.error),
		          ENT_OK);
		CHECK_INT(own.unit_price.micro, (mode == 0 ? 88 : 99) * ENT_MICRO);
	}
}

/* Example I: 220 in the last year of three that began at 240. */
TEST(plan_renew_makes_a_price_of_a_ramp)
{
	static const struct {
		enum ent_ramp_renewal from;
		int64_t micro;
	} rows[] = { { ENT_RAMP_RENEWAL_LAST, 242000000 },
		     { ENT_RAMP_RENEWAL_FIRST, 312000000 },
		     { ENT_RAMP_RENEWAL_GREATER, 312000000 } };
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct deal deal;
		struct ent_input_contract_renew input = plain();
		struct ent_ramp_segment steps[3];
		deal_open(&deal, "2023-01-01", "2025-12-31", 20);
		struct ent_contract_line *line =
			deal_line(&deal, ENT_ID_NONE, "a", 1, 240, NULL, NULL);
		for (size_t k = 0; k < 3; k++) {
			static const int64_t units[] = { 240, 230, 220 };
			ent_type_clear(&ent_ramp_segment_type, &steps[k]);
			steps[k].starts_on = ent_date_make(2023 + (int32_t)k, 1, 1);
			steps[k].ends_on = ent_date_make(2023 + (int32_t)k, 12, 31);
			steps[k].unit_price = (ent_money){ units[k] * ENT_MICRO, "EUR" };
			steps[k].quantity.micro = ((int64_t)k + 1) * ENT_MICRO;
		}
		line->ramp = ENT_RAMP_CUSTOM;
		line->ramp_segments = (struct ent_children){ steps, 3 };
		deal.contract.uplift_percent.micro = 10 * ENT_MICRO;
		deal.contract.uplift_per = ENT_UPLIFT_PER_YEAR;
		input.ramp_renewal = rows[i].from;
		input.starts_on = day("2025-07-01");
		deal_today(&deal, ENT_OPERATION_RENEW, "2025-06-01");
		CHECK_INT(renew(&deal, &input), ENT_OK);
		const struct ent_contract_line *made = deal_made_line(&deal, 0);
		CHECK_INT(made->unit_price.micro, rows[i].micro);
		CHECK_INT(made->quantity.micro, 3 * ENT_MICRO);
		CHECK_INT(made->ramp, ENT_RAMP_NONE);
		const struct ent_contract_line *old = ent_plan_after(&deal.plan, line);
		const struct ent_ramp_segment *last = old->ramp_segments.items;
		CHECK_TEXT(date_text(old->ends_on), "2025-06-30");
		CHECK_INT(old->ramp_segments.count, 3);
		CHECK_TEXT(date_text(last[2].ends_on), "2025-06-30");
		CHECK_INT(last[2].unit_price.micro, 220 * ENT_MICRO);
	}
}

/* Example J, and what is not alike. */
TEST(plan_renew_consolidates)
{
	struct deal deal;
	struct ent_input_contract_renew input = plain();
	static const int64_t rows[][3] = { { 100, 10, 5 }, { 50, 12, 10 }, { 50, 8, 0 } };
	deal_open(&deal, "2025-01-01", "2025-12-31", 20);
	for (size_t i = 0; i < 3; i++) {
		struct ent_contract_line *line =
			deal_line(&deal, ENT_ID_NONE, "seat", rows[i][0], rows[i][1], NULL, NULL);
		line->uplift_percent.micro = rows[i][2] * ENT_MICRO;
		deal_line(&deal, line->id, "x", 1, 2, NULL, NULL);
		deal_line(&deal, line->id, "y", 2, 3, NULL, NULL);
		deal_right(&deal, line->id, 10);
		deal_cover(&deal, line->id, ENT_ID_NONE, i < 2 ? 900 : 901);
	}
	deal_line(&deal, ENT_ID_NONE, "seat", 1, 10, NULL, NULL); /* nothing below it */
	deal_line(&deal, ENT_ID_NONE, "chair", 1, 10, NULL, NULL);
	struct ent_contract_line *uncounted =
		deal_line(&deal, ENT_ID_NONE, "chair", 5, 99, NULL, NULL);
	uncounted->count_quantity = false;
	input.consolidate = true;
	deal_today(&deal, ENT_OPERATION_RENEW, "2025-11-01");
	CHECK_INT(renew(&deal, &input), ENT_OK);
	CHECK_INT(deal_rows(&deal, &ent_contract_line_type, true), 5);
	const struct ent_contract_line *seat = deal_made_line(&deal, 0);
	CHECK_INT(seat->quantity.micro, 200 * ENT_MICRO);
	CHECK_INT(seat->unit_price.micro, 10550000);
	CHECK_TEXT(deal_made_line(&deal, 1)->name.ptr, "x");
	CHECK_INT(deal_made_line(&deal, 1)->quantity.micro, 3 * ENT_MICRO);
	CHECK_INT(deal_made_line(&deal, 2)->quantity.micro, 6 * ENT_MICRO);
	CHECK_INT(deal_made_line(&deal, 3)->quantity.micro, 1 * ENT_MICRO);
	CHECK_INT(deal_made_line(&deal, 4)->quantity.micro, 1 * ENT_MICRO);
	CHECK_INT(deal_made_line(&deal, 4)->unit_price.micro, 10 * ENT_MICRO);
	CHECK_INT(deal_rows(&deal, &ent_entitlement_type, true), 3);
	CHECK_INT(deal_rows(&deal, &ent_contract_coverage_type, true), 2);
	size_t consolidated = 0;
	for (size_t i = 0; i < deal.plan.link_count; i++) {
		consolidated += deal.plan.links[i].kind == ENT_LINK_CONSOLIDATED;
	}
	CHECK_INT(consolidated, 7);
}

/* ---- lines in place ---- */

TEST(plan_renew_lines_in_place)
{
	struct deal deal;
	struct ent_input_contract_renew input = plain();
	deal_open(&deal, "2025-01-01", "2025-12-31", 20);
	struct ent_contract_line *a = deal_line(&deal, ENT_ID_NONE, "a", 1, 10, NULL, "2025-06-30");
	deal_line(&deal, a->id, "a1", 1, 10, NULL, "2025-06-30");
	struct ent_contract_line *b = deal_line(&deal, ENT_ID_NONE, "b", 1, 10, NULL, NULL);
	deal_line(&deal, ENT_ID_NONE, "c", 1, 10, NULL, NULL);
	deal_right(&deal, b->id, 10);
	ent_id named[] = { b->id, a->id };
	input.lines = (struct ent_ids){ named, 2 };
	deal_today(&deal, ENT_OPERATION_RENEW, "2025-07-10");
	CHECK_INT(renew(&deal, &input), ENT_OK);
	CHECK_TEXT(deal_warnings(&deal), "gap contract_extended");
	CHECK_INT(deal_rows(&deal, &ent_contract_type, true), 0);
	CHECK_INT(deal_rows(&deal, &ent_contract_line_type, true), 3);
	CHECK_TEXT(date_text(deal_made_line(&deal, 0)->starts_on), "2025-07-10");
	CHECK_TEXT(date_text(deal_made_line(&deal, 0)->ends_on), "2026-01-09");
	CHECK_TEXT(date_text(deal_made_line(&deal, 2)->ends_on), "2026-12-31");
	const struct ent_contract *after = ent_plan_after(&deal.plan, &deal.contract);
	CHECK_TEXT(date_text(after->ends_on), "2026-12-31");
	CHECK_INT(deal_rows(&deal, &ent_entitlement_type, true), 1);
}
