/* Prices on random input beside exact fractions, and what must hold of all of them. */
#include "core/price_renew.h"

#include "test.h"

enum { LINES = 100000 };

static uint64_t state = 20261122;

static int64_t below(int64_t most)
{
	return (int64_t)test_random(&state, (uint64_t)most);
}

static ent_date some_date(void)
{
	return (ent_date){ ent_date_make(2023, 1, 1).day + (int32_t)below(3000) };
}

/* ---- the naive way: day by day -------------------------------------------------- */

/* Months from `anchor` to `until`, walked a month or a year at a time. */
static struct ent_fraction walked(ent_date anchor, ent_date until, enum ent_proration method)
{
	int step = method == ENT_PRORATION_DAILY_ANNUAL ? 12 : 1;
	int steps = 0;
	while (ent_date_add_months(anchor, (steps + 1) * step).day <= until.day) {
		steps++;
	}
	int32_t days = 0;
	ent_date begun = ent_date_add_months(anchor, steps * step);
	ent_date next = ent_date_add_months(anchor, (steps + 1) * step);
	if (method != ENT_PRORATION_THIRTY_360) {
		return ent_fraction_of(
			((int64_t)steps * (next.day - begun.day) + (until.day - begun.day)) * step,
			next.day - begun.day);
	}
	int32_t first = ent_date_civil(anchor).day;
	int32_t at = first > 30 ? 30 : first; /* a bank's days that have been counted to */
	for (ent_date day = begun; day.day < until.day; day.day++) {
		int32_t behind = ent_date_civil((ent_date){ day.day + 1 }).day;
		behind = behind > 30 ? 30 : behind;
		behind += ent_date_civil((ent_date){ day.day + 1 }).month !=
		                          ent_date_civil(begun).month
		                  ? 30
		                  : 0;
		days = behind > at ? behind - at : 0;
	}
	return ent_fraction_of((int64_t)steps * 30 + days, 30);
}

/* Is `got` the amount next to num / den? Halves away from zero. */
static bool is_rounded(ent_decimal got, ent_wide num, ent_wide den)
{
	ent_wide gap = 2 * (num - got.micro * den);
	ent_wide size = gap < 0 ? -gap : gap;
	bool away = num < 0 ? gap > 0 : gap < 0;
	return size < den || (size == den && away);
}

static void check_months(ent_date anchor, ent_date until, enum ent_proration method)
{
	struct ent_fraction got = ent_price_months(anchor, until, method);
	struct ent_fraction want = walked(anchor, until, method);
	if (got.num * want.den != want.num * got.den) {
		char a[11], b[11];
		ent_date_format(anchor, a);
		ent_date_format(until, b);
		printf("# %s to %s by method %d: %lld/%lld, not %lld/%lld\n", a, b, (int)method,
		       (long long)got.num, (long long)got.den, (long long)want.num,
		       (long long)want.den);
		CHECK(false);
	}
}

TEST(price_months_beside_walking)
{
	for (int i = 0; i < 100000; i++) {
		ent_date anchor = some_date();
		ent_date until = { anchor.day + (int32_t)below(1500) };
		check_months(anchor, until, (enum ent_proration)(i % 3));
	}
}

/* ---- lines -------------------------------------------------------------------- */

static struct ent_price_line some_line(void)
{
	struct ent_price_line line = ent_price_line_empty();
	line.list_price.micro = below(INT64_C(2000000000000)) - INT64_C(100000000000);
	line.quantity.micro = below(2) ? ENT_MICRO * below(1000) : below(1000000000);
	line.period = (enum ent_price_period)below(6);
	line.period_months.n = 1 + below(60);
	line.proration = (enum ent_proration)below(3);
	line.starts_on = some_date();
	line.ends_on.day = line.starts_on.day + (int32_t)below(2000);
	return line;
}

TEST(price_lines_beside_fractions)
{
	struct ent_price_rules rules = ent_price_rules_empty();
	for (int i = 0; i < LINES; i++) {
		struct ent_arena arena = test_arena();
		struct ent_pricing pricing = { &rules, &arena, NULL };
		struct ent_price_line line = some_line();
		struct ent_price_result got;
		struct ent_error error;
		ent_error_clear(&error);
		CHECK_INT(ent_price_own(&line, line.quantity, &pricing, &got, &error), ENT_OK);
		static const int months[] = { 1, 0, 3, 6, 12 };
		int64_t own = line.period == ENT_PERIOD_MONTHS ? line.period_months.n
		                                               : months[line.period];
		ent_date until = { line.ends_on.day + 1 };
		struct ent_fraction m = walked(line.starts_on, until, line.proration);
		ent_wide num = (ent_wide)line.list_price.micro * line.quantity.micro;
		ent_wide den = ENT_MICRO;
		if (own == 0) {
			CHECK(is_rounded(got.mrr, num * 52, den * 12));
			CHECK(is_rounded(got.net, num * (until.day - line.starts_on.day), den * 7));
		} else {
			CHECK(is_rounded(got.mrr, num, den * own));
			CHECK(is_rounded(got.arr, num * 12, den * own));
			CHECK(is_rounded(got.net, num * m.num, den * own * m.den));
		}
	}
}

/* Steps tile the term, their months add up to it, and without a raise so do their prices. */
TEST(price_ramps_tile_the_term)
{
	struct ent_price_rules rules = ent_price_rules_empty();
	for (int i = 0; i < 10000; i++) {
		struct ent_arena arena = test_arena();
		struct ent_pricing pricing = { &rules, &arena, NULL };
		struct ent_price_line line = some_line();
		struct ent_price_result level;
		struct ent_children segments;
		struct ent_error error;
		ent_error_clear(&error);
		CHECK_INT(ent_price_own(&line, line.quantity, &pricing, &level, &error), ENT_OK);
		line.ramp = i % 2 ? ENT_RAMP_YEARLY : ENT_RAMP_QUARTERLY;
		CHECK_INT(ent_price_ramp(&line, &pricing, &segments, &error), ENT_OK);
		const struct ent_price_segment *s = segments.items;
		int64_t net = 0;
		for (size_t k = 0; k < segments.count; k++) {
			ent_date from =
				k == 0 ? line.starts_on : (ent_date){ s[k - 1].ends_on.day + 1 };
			CHECK_INT(s[k].starts_on.day, from.day);
			CHECK(s[k].ends_on.day >= s[k].starts_on.day);
			net += s[k].net.micro;
		}
		CHECK_INT(s[segments.count - 1].ends_on.day, line.ends_on.day);
		int64_t off = net - level.net.micro;
		CHECK(off <= (int64_t)segments.count && -off <= (int64_t)segments.count);
	}
}

/* ---- what holds of all -------------------------------------------------------- */

TEST(price_credit_is_price_less_charge)
{
	for (int i = 0; i < LINES / 4; i++) {
		struct ent_arena arena = test_arena();
		struct ent_price_prorated got;
		struct ent_error error;
		struct ent_price_proration p;
		int digits = (int)below(4);
		ent_error_clear(&error);
		ent_type_clear(&ent_price_proration_type, &p);
		p.amount.micro = below(INT64_C(1000000000000));
		p.period = (enum ent_price_period)below(5);
		p.method = (enum ent_proration)below(3);
		p.from = some_date();
		p.to.day = p.from.day + (int32_t)below(800);
		p.used_to.day = p.from.day - 1 + (int32_t)below(p.to.day - p.from.day + 2);
		CHECK_INT(ent_price_prorate(&p, digits, ENT_ROUND_HALF_AWAY, &arena, &got, &error),
		          ENT_OK);
		CHECK_INT(got.charge.micro + got.credit.micro, got.price.micro);
		CHECK(got.charge.micro >= 0 && got.credit.micro >= 0);
	}
}

/* Renewed by months or by years, a term comes back to its first day. */
TEST(price_renewals_do_not_drift)
{
	for (int i = 0; i < 3000; i++) {
		ent_date anchor = some_date();
		ent_date from, until, next, behind;
		int32_t n = (int32_t)below(120);
		CHECK(ent_price_term_nth(anchor, 1, n, &from, &until));
		CHECK(ent_price_term_nth(anchor, 1, n + 1, &next, &behind));
		CHECK_INT(next.day, until.day);
		struct ent_civil c = ent_date_civil(from);
		int32_t last = ent_month_days(c.year, c.month);
		int32_t day = ent_date_civil(anchor).day;
		CHECK_INT(c.day, day < last ? day : last);
		CHECK(ent_price_term_nth(anchor, 1, 12 * n + 11, &from, &until));
		CHECK(ent_price_term_nth(anchor, 12, n, &next, &behind));
		CHECK_INT(behind.day, until.day);
		CHECK_INT((long long)ent_price_months(anchor, until, ENT_PRORATION_ACTUAL_DAYS).num,
		          12 * (n + INT64_C(1)));
	}
	ent_date from, until;
	CHECK(!ent_price_term_nth(ent_date_make(2025, 1, 31), 12, 9000, &from, &until));
	CHECK(!ent_price_term_nth(ent_date_make(2025, 1, 31), 12, INT32_MAX, &from, &until));
}

/* Whatever the numbers, a result or RANGE; the sanitizers see the rest. */
TEST(price_overflow_is_an_error)
{
	static const int64_t edges[] = { 0,
		                         1,
		                         -1,
		                         ENT_MICRO,
		                         ENT_AMOUNT_MAX,
		                         -ENT_AMOUNT_MAX,
		                         ENT_PERCENT,
		                         INT64_C(4000000000000000000) };
	struct ent_price_rules rules = ent_price_rules_empty();
	int refused = 0;
	for (int i = 0; i < 10000; i++) {
		struct ent_arena arena = test_arena();
		struct ent_pricing pricing = { &rules, &arena, NULL };
		struct ent_price_line line = some_line();
		struct ent_price_adjustment a = { .type = (enum ent_adjustment_type)below(5) };
		struct ent_price_item item[2];
		struct ent_price_blend blend;
		struct ent_price_result got;
		struct ent_error error;
		ent_error_clear(&error);
		a.value.micro = edges[below(8)];
		line.list_price.micro = edges[below(8)];
		line.quantity.micro = edges[below(8)];
		line.adjustments = (struct ent_children){ &a, 1 };
		line.ramp = (enum ent_ramp_kind)below(3);
		line.ramp_percent.micro = below(2000) * ENT_MICRO;
		enum ent_code code = ent_price_own(&line, line.quantity, &pricing, &got, &error);
		CHECK(code == ENT_OK || code == ENT_E_RANGE || code == ENT_E_INVALID);
		refused += code != ENT_OK;
		for (int k = 0; k < 2; k++) {
			item[k].quantity.micro = edges[below(8)];
			item[k].unit_price.micro = edges[below(8)];
			item[k].uplift_percent.micro = edges[below(8)];
		}
		ent_error_clear(&error);
		code = ent_price_blend(item, 2, &pricing, &blend, &error);
		CHECK(code == ENT_OK || code == ENT_E_RANGE || code == ENT_E_REQUIRED);
	}
	CHECK(refused > 500);
}
