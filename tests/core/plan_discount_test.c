/* What is contracted under a discount of the contract: renewed, put together or moved, a line costs
 * what it did, whichever way its price is said. */
#include "core/plan_amend.h"

#include "chance.h"

enum by { BY_LIST, BY_RULE, BY_HAND, BY_UNIT, BY_UNIT_AND_LIST, BY_COUNT };
static const char *const by_names[] = { "list", "rule", "hand", "unit", "unit and list" };

enum steps { NO_STEPS, YEARLY, CUSTOM, BELOW, STEPS_COUNT };
static const char *const step_names[] = { "no steps", "yearly", "custom", "below a ramp" };

static struct ent_children adjusted(struct deal *deal, enum ent_adjustment_source source)
{
	struct ent_price_adjustment *row = ENT_NEW(&deal->arena, struct ent_price_adjustment, 1);
	ent_type_clear(&ent_price_adjustment_type, row);
	row->value.micro = 20 * ENT_MICRO;
	row->source = source;
	return (struct ent_children){ row, 1 };
}

static void say_price(struct deal *deal, struct ent_contract_line *line, enum by by)
{
	if (by != BY_UNIT) {
		line->list_price = (ent_money){ 100 * ENT_MICRO, "EUR" };
	}
	if (by == BY_UNIT || by == BY_UNIT_AND_LIST) {
		line->unit_price = (ent_money){ 70 * ENT_MICRO, "EUR" };
	}
	if (by == BY_RULE || by == BY_HAND) {
		line->adjustments = adjusted(deal, by == BY_RULE ? ENT_ADJUSTED_AUTOMATIC
		                                                 : ENT_ADJUSTED_MANUAL);
	}
}

/* Half a year at its own price, then at 77, in the last year 10 % more. */
static void add_steps(struct deal *deal, struct ent_contract_line *line)
{
	static const char *const begin[] = { "2025-01-01", "2025-07-01", "2027-01-01" };
	struct ent_ramp_segment *rows = ENT_NEW(&deal->arena, struct ent_ramp_segment, 3);
	for (int i = 0; i < 3; i++) {
		ent_type_clear(&ent_ramp_segment_type, &rows[i]);
		rows[i].starts_on = day(begin[i]);
	}
	rows[1].unit_price = (ent_money){ 77 * ENT_MICRO, "EUR" };
	rows[2].percent.micro = 10 * ENT_MICRO;
	line->ramp = ENT_RAMP_CUSTOM;
	line->ramp_segments = (struct ent_children){ rows, 3 };
}

/* The contract of three years, and the line that is looked at. */
static struct ent_contract_line *open_one(struct deal *deal, enum ent_discount_mode mode,
                                          enum by by, enum steps steps)
{
	ent_id above = ENT_ID_NONE;
	deal_open(deal, "2025-01-01", "2027-12-31", 20);
	deal->contract.discount_percent.micro = 15 * ENT_MICRO;
	deal->contract.discount_mode = mode;
	deal_line(deal, ENT_ID_NONE, "rest", 1, 1, NULL, NULL);
	if (steps == BELOW) {
		struct ent_contract_line *ramp =
			deal_line(deal, ENT_ID_NONE, "ramp", 1, 50, NULL, NULL);
		ramp->ramp = ENT_RAMP_YEARLY;
		ramp->ramp_percent.micro = 10 * ENT_MICRO;
		above = ramp->id;
	}
	struct ent_contract_line *line = deal_line(deal, above, "a", 3, -1, NULL, NULL);
	say_price(deal, line, by);
	if (steps == CUSTOM) {
		add_steps(deal, line);
	} else if (steps == YEARLY) {
		line->ramp = ENT_RAMP_YEARLY;
		line->ramp_percent.micro = 10 * ENT_MICRO;
	}
	return line;
}

/* The price of one of "a" in that contract on a day; -1: it costs nothing then. */
static int64_t price_on(struct deal *deal, const char *on)
{
	struct ent_contract_price price;
	deal_price(deal, day(on), &price);
	for (size_t i = 0; i < price.count; i++) {
		const struct ent_price_run *run = ent_line_price_on(&price.lines[i], day(on));
		if (run != NULL && ent_str_is(price.lines[i].line->name, "a")) {
			return run->unit_price.micro;
		}
	}
	return -1;
}

/* It goes to another account in the course of the second year, so that a ramp is divided. */
static void cut(struct deal *deal)
{
	struct ent_input_contract_transfer input;
	struct deal next;
	ent_type_clear(&ent_input_contract_transfer_type, &input);
	input.account_id.value = 3 - deal->contract.account_id.value;
	deal_today(deal, ENT_OPERATION_TRANSFER, "2026-10-01");
	CHECK_INT(ent_plan_transfer(&deal->plan, &deal->holding, &input,
	                            (struct ent_ids){ NULL, 0 }, &deal->error),
	          ENT_OK);
	deal_apply(deal, (ent_id){ -1 }, &next);
	*deal = next;
	deal->holding.contract = &deal->contract;
}

static void renewed(struct deal *deal, const char *today, bool consolidate, struct deal *next)
{
	struct ent_input_contract_renew input;
	struct ent_plan_renewal renewal = { .from = &deal->holding, .input = &input };
	ent_type_clear(&ent_input_contract_renew_type, &input);
	input.consolidate = consolidate;
	deal_today(deal, ENT_OPERATION_RENEW, today);
	CHECK_INT(ent_plan_renew(&deal->plan, &renewal, &deal->error), ENT_OK);
	deal_apply(deal, (ent_id){ -1 }, next);
	next->holding.contract = &next->contract;
}

typedef void every_kind(enum ent_discount_mode mode, enum by by, enum steps steps, bool is_cut);

static void each(every_kind *check)
{
	static char row[80];
	for (int i = 0; i < 2 * BY_COUNT * STEPS_COUNT * 2; i++) {
		enum ent_discount_mode mode = (enum ent_discount_mode)(i % 2);
		enum by by = (enum by)(i / 2 % BY_COUNT);
		enum steps steps = (enum steps)(i / 2 / BY_COUNT % STEPS_COUNT);
		bool is_cut = i / 2 / BY_COUNT / STEPS_COUNT == 1;
		snprintf(row, sizeof(row), "%s, %s, %s%s", mode == 0 ? "retain" : "override",
		         by_names[by], step_names[steps], is_cut ? ", cut" : "");
		ROW(row);
		check(mode, by, steps, is_cut);
	}
}

/* Renewed for a tenth more, twice. */
static void renew_twice(enum ent_discount_mode mode, enum by by, enum steps steps, bool is_cut)
{
	struct deal deal, next, last;
	open_one(&deal, mode, by, steps);
	deal.contract.uplift_percent.micro = 10 * ENT_MICRO;
	if (is_cut) {
		cut(&deal);
	}
	int64_t was = price_on(&deal, "2027-12-31");
	renewed(&deal, "2027-12-01", false, &next);
	CHECK_INT(price_on(&next, "2028-06-01"), was * 11 / 10);
	renewed(&next, date_text(next.contract.ends_on), false, &last);
	CHECK_INT(price_on(&last, date_text(last.contract.ends_on)), was * 121 / 100);
}

TEST(plan_discount_is_counted_once_by_renewals)
{
	each(renew_twice);
}

/* With another one, of which each is agreed on at 50: the mean of what they cost. */
static void put_together(enum ent_discount_mode mode, enum by by, enum steps steps, bool is_cut)
{
	struct deal deal, next;
	open_one(&deal, mode, by, steps);
	if (is_cut) {
		cut(&deal);
	}
	int64_t was = price_on(&deal, "2027-12-31");
	if (steps != BELOW) {
		deal_line(&deal, ENT_ID_NONE, "a", 3, 50, NULL, NULL);
		int64_t other = (mode == ENT_DISCOUNT_OVERRIDE ? 42 : 50) * ENT_MICRO;
		other += mode == ENT_DISCOUNT_OVERRIDE ? ENT_MICRO / 2 : 0;
		renewed(&deal, "2027-12-01", true, &next);
		CHECK_INT(price_on(&next, "2028-06-01"), (was + other) / 2);
	}
}

TEST(plan_discount_is_counted_once_by_consolidation)
{
	each(put_together);
}

/* The same with a line of another contract, by a merger. */
static void merge(enum ent_discount_mode mode, enum by by, enum steps steps, bool is_cut)
{
	struct ent_input_contract_merge input;
	struct deal deal, other, next;
	if (steps != NO_STEPS || is_cut) { /* those are not put together */
		return;
	}
	open_one(&deal, mode, by, steps);
	deal_open_in(&other, deal.arena, "2025-01-01", "2027-12-31", 20);
	other.next_id = 5000;
	other.contract.id.value = ++other.next_id;
	other.contract.discount_percent = deal.contract.discount_percent;
	other.contract.discount_mode = mode;
	deal_line(&other, ENT_ID_NONE, "a", 3, 50, NULL, NULL);
	deal.arena = other.arena;
	other.holding.contract = &other.contract;
	int64_t both = price_on(&deal, "2027-12-31") + price_on(&other, "2027-12-31");
	ent_type_clear(&ent_input_contract_merge_type, &input);
	input.group_lines = true;
	deal_today(&deal, ENT_OPERATION_MERGE, "2026-10-01");
	CHECK_INT(ent_plan_merge(&deal.plan, &deal.holding, &other.holding, 1, &input, &deal.error),
	          ENT_OK);
	deal_apply(&deal, deal.contract.id, &next);
	next.holding.contract = &next.contract;
	CHECK_INT(price_on(&next, "2027-12-31"), both / 2);
}

TEST(plan_discount_is_counted_once_by_mergers)
{
	each(merge);
}

/* On a list price, less the discount, whatever was agreed on before. */
static void by_list_price(enum ent_discount_mode mode, enum by by, enum steps steps, bool is_cut)
{
	struct deal deal, next;
	open_one(&deal, mode, by, steps);
	deal.contract.renewal_basis = ENT_BASIS_LIST_PRICE;
	if (is_cut) {
		cut(&deal);
	}
	renewed(&deal, "2027-12-01", false, &next);
	if (by != BY_UNIT) {
		CHECK_INT(price_on(&next, "2028-06-01"), 85 * ENT_MICRO);
	}
}

TEST(plan_discount_is_for_list_prices_of_renewals)
{
	each(by_list_price);
}

/* Moved, it costs what it did. */
static void move(enum ent_discount_mode mode, enum by by, enum steps steps, bool is_cut)
{
	static const char *const days[] = { "2026-10-01", "2027-01-01", "2027-12-31" };
	struct deal deal;
	int64_t was[ENT_COUNT(days)];
	open_one(&deal, mode, by, steps);
	if (is_cut) {
		cut(&deal);
	}
	for (size_t i = 0; i < ENT_COUNT(days); i++) {
		was[i] = price_on(&deal, days[i]);
	}
	cut(&deal);
	for (size_t i = 0; i < ENT_COUNT(days); i++) {
		CHECK_INT(price_on(&deal, days[i]), was[i]);
	}
}

TEST(plan_discount_is_counted_once_by_transfers)
{
	each(move);
}

/* ---- random contracts, of which something was done before ---- */

/* What was planned is done, and time has gone by until the last day. */
static bool grow_old(struct chance *r, struct deal *out)
{
	deal_apply(&r->deal, r->deal.contract.id, out);
	out->holding.contract = &out->contract;
	out->holding.coverage_count = out->holding.entitlement_count = 0;
	for (size_t i = 0; i < out->holding.line_count; i++) {
		struct ent_contract_line *line = &out->holding.lines[i];
		line->starts_at.us = line->starts_on.day * ENT_DAY_US;
		line->ends_at.us = (line->ends_on.day + INT64_C(1)) * ENT_DAY_US;
	}
	out->contract.ends_at.us = (out->contract.ends_on.day + INT64_C(1)) * ENT_DAY_US;
	deal_today(out, ENT_OPERATION_RENEW, date_text(out->contract.ends_on));
	return out->contract.stage == ENT_STAGE_LIVE;
}

/* How many lines cost what those that they renew did on their last day. */
static int check_renewed(struct deal *old, struct deal *fresh)
{
	struct ent_contract_price was, is;
	int count = 0;
	old->arena = fresh->arena; /* which has what is in the other one, too */
	deal_price(old, old->contract.starts_on, &was);
	fresh->arena = old->arena;
	deal_price(fresh, fresh->contract.starts_on, &is);
	for (size_t i = 0; i < is.count; i++) {
		const struct ent_line_price *line = &is.lines[i];
		for (size_t k = 0; k < was.count; k++) {
			const struct ent_contract_line *before = was.lines[k].line;
			if (!ent_id_eq(before->id, line->line->renewed_from_id) ||
			    was.lines[k].run_count == 0) {
				continue;
			}
			const struct ent_price_run *x =
				ent_line_price_on(&was.lines[k], before->ends_on);
			const struct ent_price_run *y =
				ent_line_price_on(line, line->line->starts_on);
			CHECK(x != NULL && y != NULL);
			CHECK_INT(y->unit_price.micro, x->unit_price.micro);
			count++;
		}
	}
	return count;
}

TEST(plan_discount_random_renewals_cost_what_was_contracted)
{
	int count = 0;
	for (uint64_t seed = 1; seed < 2000; seed++) {
		const struct chance_operation *operation =
			&chance_operations[seed % chance_operation_count];
		struct ent_input_contract_renew input;
		struct chance r;
		struct deal old, fresh;
		if (!chance_plan(&r, operation, seed) || !grow_old(&r, &old)) {
			continue;
		}
		struct ent_plan_renewal renewal = { .from = &old.holding, .input = &input };
		ent_type_clear(&ent_input_contract_renew_type, &input);
		if (ent_plan_renew(&old.plan, &renewal, &old.error) == ENT_OK) {
			deal_apply(&old, (ent_id){ -1 }, &fresh);
			fresh.holding.contract = &fresh.contract;
			count += check_renewed(&old, &fresh);
		}
	}
	CHECK(count > 1000);
}
