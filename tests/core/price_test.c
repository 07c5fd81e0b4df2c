/* Prices: the worked examples of servicenow 4 that are tables of numbers. */
#include "core/price_renew.h"

#include "base/text.h"
#include "test.h"

static ent_decimal decimal(const char *text)
{
	ent_decimal d = ENT_DECIMAL_NONE;
	CHECK(text == NULL || ent_decimal_parse(ent_str_of(text), &d));
	return d;
}

static ent_date date(const char *text)
{
	ent_date d = ENT_DATE_NONE;
	CHECK(text == NULL || ent_date_parse(ent_str_of(text), &d));
	return d;
}

static void check_decimal(ent_decimal got, const char *want)
{
	char shown[ENT_DECIMAL_ROOM];
	ent_decimal_format(got, shown);
	CHECK_TEXT(shown, want);
}

static struct ent_pricing pricing_in(struct ent_arena *arena, struct ent_price_rules *rules)
{
	*rules = ent_price_rules_empty();
	return (struct ent_pricing){ rules, arena, NULL };
}

/* ---- own prices and roll-up ------------------------------------------------ */

TEST(price_own_by_period)
{
	static const struct {
		const char *name;
		enum ent_price_period period;
		int months;
		const char *price, *quantity, *mrr, *arr, *net; /* of 24 months */
	} rows[] = {
		{ "monthly", ENT_PERIOD_MONTHLY, 0, "10", "100", "1000", "12000", "24000" },
		{ "an annual price stays exact", ENT_PERIOD_YEARLY, 0, "250", "1", "20.833333",
		  "250", "500" },
		{ "quarterly", ENT_PERIOD_QUARTERLY, 0, "100", "1", "33.333333", "400", "800" },
		{ "half-yearly", ENT_PERIOD_HALF_YEARLY, 0, "100", "1", "16.666667", "200", "400" },
		{ "every 18 months", ENT_PERIOD_MONTHS, 18, "90", "2", "10", "120", "240" },
		{ "weekly, 52 a year", ENT_PERIOD_WEEKLY, 0, "12", "1", "52", "624", "1248" },
		{ "part of one", ENT_PERIOD_MONTHLY, 0, "0.01", "0.5", "0.005", "0.06", "0.12" },
		{ "free", ENT_PERIOD_MONTHLY, 0, "0", "7", "0", "0", "0" },
		{ "credit", ENT_PERIOD_MONTHLY, 0, "-1", "7", "-7", "-84", "-168" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_price_rules rules;
		struct ent_pricing pricing = pricing_in(&arena, &rules);
		struct ent_price_line line = ent_price_line_empty();
		struct ent_price_result got;
		struct ent_error error;
		ent_error_clear(&error);
		ROW(rows[i].name);
		line.period = rows[i].period;
		line.period_months.n = rows[i].months;
		line.list_price = decimal(rows[i].price);
		line.term = decimal("24");
		CHECK_INT(ent_price_own(&line, decimal(rows[i].quantity), &pricing, &got, &error),
		          ENT_OK);
		check_decimal(got.mrr, rows[i].mrr);
		check_decimal(got.arr, rows[i].arr);
		check_decimal(got.net, rows[i].net);
		check_decimal(got.one_time, "0");
	}
	ROW(NULL);
}

/* Example A: a term of 24 months, a tree of four lines. */
TEST(price_example_a)
{
	static const struct {
		const char *name, *price, *quantity;
		int parent;
		enum ent_pricing_method method;
		enum ent_price_period period;
		const char *one_time, *mrr, *arr, *total_one_time, *total_mrr, *total_arr, *total;
	} rows[] = {
		{ "R", "100", "2", -1, ENT_PRICING_RECURRING, ENT_PERIOD_MONTHLY, "0", "200",
		  "2400", "500", "550", "6600", "13700" },
		{ "A", "1200", "3", 0, ENT_PRICING_RECURRING, ENT_PERIOD_YEARLY, "0", "300", "3600",
		  "0", "350", "4200", "8400" },
		{ "A1", "10", "5", 1, ENT_PRICING_RECURRING, ENT_PERIOD_MONTHLY, "0", "50", "600",
		  "0", "50", "600", "1200" },
		{ "B", "500", "1", 0, ENT_PRICING_ONE_TIME, ENT_PERIOD_MONTHLY, "500", "0", "0",
		  "500", "0", "0", "500" },
	};
	struct ent_arena arena = test_arena();
	struct ent_price_rules rules;
	struct ent_pricing pricing = pricing_in(&arena, &rules);
	struct ent_price_line lines[ENT_COUNT(rows)];
	struct ent_price_result got[ENT_COUNT(rows)];
	struct ent_price_totals totals;
	struct ent_error error;
	ent_error_clear(&error);
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		lines[i] = ent_price_line_empty();
		lines[i].parent.n = rows[i].parent < 0 ? INT64_MIN : rows[i].parent;
		lines[i].list_price = decimal(rows[i].price);
		lines[i].quantity = decimal(rows[i].quantity);
		lines[i].pricing_method = rows[i].method;
		lines[i].period = rows[i].period;
		lines[i].term = decimal("24");
	}
	CHECK_INT(ent_price_tree(lines, ENT_COUNT(rows), &pricing, got, &totals, &error), ENT_OK);
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].name);
		check_decimal(got[i].one_time, rows[i].one_time);
		check_decimal(got[i].mrr, rows[i].mrr);
		check_decimal(got[i].arr, rows[i].arr);
		check_decimal(got[i].total_one_time, rows[i].total_one_time);
		check_decimal(got[i].total_mrr, rows[i].total_mrr);
		check_decimal(got[i].total_arr, rows[i].total_arr);
		check_decimal(got[i].total_net, rows[i].total);
	}
	ROW(NULL);
	check_decimal(totals.acv, "7100");
	check_decimal(totals.tcv, "13700");
	lines[1].parent.n = 2;
	CHECK_INT(ent_price_tree(lines, ENT_COUNT(rows), &pricing, got, &totals, &error),
	          ENT_E_CYCLE);
	CHECK_TEXT(error.issues[0].pointer, "/lines/1/parent");
}

/* ---- terms ------------------------------------------------------------------ */

TEST(price_months_between_dates)
{
	static const struct {
		const char *from, *to; /* inclusive */
		enum ent_proration method;
		int num, den;
		const char *shown;
	} rows[] = {
		{ "2025-01-01", "2025-03-10", ENT_PRORATION_ACTUAL_DAYS, 72, 31, "2.32" },
		{ "2025-01-31", "2025-02-28", ENT_PRORATION_ACTUAL_DAYS, 32, 31, "1.03" },
		{ "2025-01-15", "2026-02-28", ENT_PRORATION_ACTUAL_DAYS, 27, 2, "13.5" },
		{ "2024-02-29", "2025-02-28", ENT_PRORATION_ACTUAL_DAYS, 349, 29, "12.03" },
		{ "2025-01-31", "2025-03-30", ENT_PRORATION_ACTUAL_DAYS, 2, 1, "2" },
		{ "2025-04-15", "2025-12-31", ENT_PRORATION_ACTUAL_DAYS, 265, 31, "8.55" },
		{ "2025-01-31", "2025-02-27", ENT_PRORATION_ACTUAL_DAYS, 1, 1, "1" },
		{ "2025-01-01", "2025-01-01", ENT_PRORATION_ACTUAL_DAYS, 1, 31, "0.03" },
		{ "2025-10-01", "2025-10-14", ENT_PRORATION_ACTUAL_DAYS, 14, 31, "0.45" },
		{ "2025-01-01", "2026-01-10", ENT_PRORATION_DAILY_ANNUAL, 900, 73, "12.33" },
		{ "2024-01-01", "2024-12-31", ENT_PRORATION_DAILY_ANNUAL, 12, 1, "12" },
		{ "2023-03-01", "2024-02-29", ENT_PRORATION_DAILY_ANNUAL, 12, 1, "12" },
		{ "2024-01-01", "2024-01-01", ENT_PRORATION_DAILY_ANNUAL, 2, 61, "0.03" },
		{ "2025-10-01", "2025-10-14", ENT_PRORATION_THIRTY_360, 7, 15, "0.47" },
		{ "2025-10-15", "2025-12-31", ENT_PRORATION_THIRTY_360, 38, 15, "2.53" },
		{ "2025-01-01", "2025-01-31", ENT_PRORATION_THIRTY_360, 1, 1, "1" },
		{ "2025-01-31", "2025-02-27", ENT_PRORATION_THIRTY_360, 1, 1, "1" },
		{ "2024-02-28", "2025-02-27", ENT_PRORATION_THIRTY_360, 12, 1, "12" },
		{ "2025-02-01", "2025-02-28", ENT_PRORATION_THIRTY_360, 1, 1, "1" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].to);
		ent_date from = date(rows[i].from);
		ent_date until = { date(rows[i].to).day + 1 };
		struct ent_fraction got = ent_price_months(from, until, rows[i].method);
		CHECK_INT((long long)got.num, rows[i].num);
		CHECK_INT((long long)got.den, rows[i].den);
		check_decimal(ent_price_term_shown(got), rows[i].shown);
	}
	ROW(NULL);
}

/* Examples B and C. */
TEST(price_examples_b_and_c)
{
	static const struct {
		const char *price, *to, *want;
		enum ent_price_period period;
		enum ent_proration method;
	} rows[] = {
		{ "310", "2025-03-10", "720", ENT_PERIOD_MONTHLY, ENT_PRORATION_ACTUAL_DAYS },
		{ "3650", "2026-01-10", "3750", ENT_PERIOD_YEARLY, ENT_PRORATION_DAILY_ANNUAL },
		{ "70", "2025-01-10", "100", ENT_PERIOD_WEEKLY, ENT_PRORATION_THIRTY_360 },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_price_rules rules;
		struct ent_pricing pricing = pricing_in(&arena, &rules);
		struct ent_price_line line = ent_price_line_empty();
		struct ent_price_result got;
		struct ent_error error;
		ent_error_clear(&error);
		ROW(rows[i].to);
		line.list_price = decimal(rows[i].price);
		line.period = rows[i].period;
		line.proration = rows[i].method;
		line.starts_on = date("2025-01-01");
		line.ends_on = date(rows[i].to);
		CHECK_INT(ent_price_own(&line, decimal("1"), &pricing, &got, &error), ENT_OK);
		check_decimal(got.net, rows[i].want);
	}
	ROW(NULL);
}

TEST(price_term_end_is_the_inverse)
{
	static const enum ent_proration method = ENT_PRORATION_ACTUAL_DAYS;
	ent_date first = date("2023-12-20");
	for (int32_t s = 0; s < 90; s++) {
		ent_date start = { first.day + s };
		for (int32_t days = 1; days < 900; days++) {
			ent_date until = { start.day + days };
			ent_date got = ENT_DATE_NONE;
			ent_decimal term =
				ent_price_term_shown(ent_price_months(start, until, method));
			CHECK(ent_price_term_end(start, term, &got));
			if (got.day != until.day) {
				CHECK_INT(got.day, until.day);
				return;
			}
		}
	}
}

/* ---- splits ------------------------------------------------------------------ */

TEST(price_split_adds_up)
{
	uint64_t state = 4;
	for (int i = 0; i < 20000; i++) {
		struct ent_arena arena = test_arena();
		ent_decimal weights[9];
		ent_decimal parts[9];
		size_t count = 1 + test_random(&state, 9);
		int digits = (int)test_random(&state, 4);
		int64_t unit = digits == 0   ? 1000000
		               : digits == 1 ? 100000
		               : digits == 2 ? 10000
		                             : 1000;
		int64_t whole = ((int64_t)test_random(&state, 2000000) - 1000000) * unit;
		for (size_t k = 0; k < count; k++) {
			weights[k].micro = (int64_t)test_random(&state, 4) *
			                   (int64_t)test_random(&state, 1000000000);
		}
		CHECK(ent_amount_split((ent_decimal){ whole }, digits, weights, count, arena,
		                       parts));
		int64_t sum = 0;
		for (size_t k = 0; k < count; k++) {
			CHECK(parts[k].micro % unit == 0);
			sum += parts[k].micro;
		}
		CHECK_INT(sum, whole);
	}
	ent_decimal third[3] = { { 1 }, { 1 }, { 1 } };
	ent_decimal parts[3];
	CHECK(ent_amount_split(decimal("100"), 2, third, 3, test_arena(), parts));
	check_decimal(parts[0], "33.34");
	check_decimal(parts[1], "33.33");
	check_decimal(parts[2], "33.33");
	third[1].micro = -1;
	CHECK(!ent_amount_split(decimal("100"), 2, third, 3, test_arena(), parts));
	CHECK(!ent_amount_split(decimal("0.001"), 2, third, 3, test_arena(), parts));
}

/* dynamics 4.13: 1200 less 10 % is 1080, of 10 cases 108 each. */
TEST(price_of_a_case)
{
	ent_decimal net, rate;
	CHECK(ent_amount_scale(decimal("1200"), 90, 100, ENT_ROUND_HALF_AWAY, &net));
	CHECK(ent_amount_scale(net, 1, 10, ENT_ROUND_HALF_AWAY, &rate));
	check_decimal(net, "1080");
	check_decimal(rate, "108");
}
