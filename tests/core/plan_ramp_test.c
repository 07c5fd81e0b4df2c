/* Ramps that operations divide, and lines below them that have other days. */
#include "core/contract_check.h"
#include "core/plan_amend.h"

#include "base/text.h"
#include "holding.h"

/* 100 a month and 10 % more each year; below it 10 a month, half a year later, until half a year
 * before. So that goes to 11 on 1 July 2026, the ramp to 110 and 121 on New Year's Days. */
struct ramped {
	struct deal deal;
	struct ent_contract_line *ramp, *below;
};

static void open_ramp(struct ramped *r, const char *today, enum ent_contract_operation_kind kind,
                      const char *ends_on)
{
	deal_open(&r->deal, "2025-01-01", "2027-12-31", 20);
	r->deal.contract.ends_on = ends_on == NULL ? ENT_DATE_NONE : day(ends_on);
	r->ramp = deal_line(&r->deal, ENT_ID_NONE, "ramp", 1, 100, NULL, NULL);
	r->ramp->ramp = ENT_RAMP_YEARLY;
	r->ramp->ramp_percent.micro = 10 * ENT_MICRO;
	r->ramp->ends_on = r->deal.contract.ends_on;
	r->below = deal_line(&r->deal, r->ramp->id, "below", 2, 10, "2025-07-01", "2027-06-30");
	deal_today(&r->deal, kind, today);
}

/* "2025-07-01 10 | 2026-07-01 11 - 2026-09-30" */
static const char *steps_text(struct ramped *r, const struct ent_contract_line *line)
{
	struct ent_text text = ent_text_begin(&r->deal.arena);
	const struct ent_ramp_segment *rows = line->ramp_segments.items;
	char shown[ENT_DECIMAL_ROOM];
	for (size_t i = 0; i < line->ramp_segments.count; i++) {
		ent_decimal price = { rows[i].unit_price.micro };
		shown[ent_decimal_format(price, shown)] = '\0';
		ent_text_addf(&text, "%s%s %s", i == 0 ? "" : " | ", date_text(rows[i].starts_on),
		              shown);
		CHECK(ent_decimal_is_none(rows[i].quantity));
	}
	size_t last = line->ramp_segments.count;
	bool open = last > 0 && ent_date_is_none(rows[last - 1].ends_on);
	ent_text_addf(&text, " - %s",
	              last == 0 ? ""
	              : open    ? "open"
	                        : date_text(rows[last - 1].ends_on));
	return ent_text_end(&text).ptr;
}

static const char *steps_after(struct ramped *r, const struct ent_contract_line *line)
{
	return steps_text(r, ent_plan_after(&r->deal.plan, line));
}

TEST(plan_ramp_keeps_the_steps_of_lines_below)
{
	struct ramped r;
	open_ramp(&r, "2026-10-01", ENT_OPERATION_SPLIT, "2027-12-31");
	struct ent_input_contract_split input;
	deal_line(&r.deal, ENT_ID_NONE, "rest", 1, 1, NULL, NULL);
	ent_type_clear(&ent_input_contract_split_type, &input);
	input.lines = (struct ent_ids){ &r.ramp->id, 1 };
	CHECK_INT(ent_plan_split(&r.deal.plan, &r.deal.holding, &input, &r.deal.error), ENT_OK);
	CHECK_TEXT(steps_after(&r, r.ramp), "2025-01-01 100 | 2026-01-01 110 - 2026-09-30");
	CHECK_TEXT(steps_after(&r, r.below), "2025-07-01 10 | 2026-07-01 11 - 2026-09-30");
	CHECK_TEXT(steps_text(&r, deal_made_line(&r.deal, 0)),
	           "2026-10-01 110 | 2027-01-01 121 - 2027-12-31");
	CHECK_TEXT(steps_text(&r, deal_made_line(&r.deal, 1)), "2026-10-01 11 - 2027-06-30");
}

/* Only the ramp gets shorter; what is below it has the days it had, and another ramp above. */
TEST(plan_ramp_keeps_the_steps_of_lines_that_are_not_cut)
{
	struct ramped r;
	open_ramp(&r, "2026-10-01", ENT_OPERATION_SHORTEN, "2027-12-31");
	struct ent_input_contract_shorten input;
	ent_type_clear(&ent_input_contract_shorten_type, &input);
	input.ends_on = day("2027-09-30");
	ent_plan_shorten(&r.deal.plan, &r.deal.holding, &input, &r.deal.error);
	CHECK_TEXT(deal_faults(&r.deal), "");
	CHECK_TEXT(steps_after(&r, r.ramp),
	           "2025-01-01 100 | 2026-01-01 110 | 2027-01-01 121 - 2027-09-30");
	CHECK_TEXT(steps_after(&r, r.below), "2025-07-01 10 | 2026-07-01 11 - 2027-06-30");
}

TEST(plan_ramp_is_kept_by_lines_that_go_on_as_others)
{
	for (int priced = 0; priced < 2; priced++) {
		struct ramped r;
		open_ramp(&r, "2026-10-01", ENT_OPERATION_AMEND, "2027-12-31");
		struct ent_input_contract_amend input;
		struct ent_input_line_amend row;
		ent_type_clear(&ent_input_contract_amend_type, &input);
		ent_type_clear(&ent_input_line_amend_type, &row);
		row.line_id = r.below->id;
		row.quantity.micro = ENT_MICRO;
		if (priced == 1) {
			row.unit_price = (ent_money){ 12 * ENT_MICRO, "EUR" };
		}
		input.lines = (struct ent_children){ &row, 1 };
		ent_plan_amend(&r.deal.plan, &r.deal.holding, &input, &r.deal.error);
		CHECK_TEXT(deal_faults(&r.deal), "");
		CHECK_TEXT(steps_after(&r, r.below), "2025-07-01 10 | 2026-07-01 11 - 2026-09-30");
		CHECK_INT(deal_made_line(&r.deal, 0)->quantity.micro, ENT_MICRO);
		CHECK_TEXT(steps_text(&r, deal_made_line(&r.deal, 0)),
		           priced == 1 ? " - " : "2026-10-01 11 - 2027-06-30");
		CHECK_INT(ent_plan_row_of(&r.deal.plan, r.ramp), SIZE_MAX);
	}
}

TEST(plan_ramp_below_another_is_not_made_longer)
{
	struct ramped r;
	open_ramp(&r, "2026-10-01", ENT_OPERATION_EXTEND, "2027-12-31");
	struct ent_input_contract_extend input;
	ent_type_clear(&ent_input_contract_extend_type, &input);
	input.lines = (struct ent_ids){ &r.below->id, 1 };
	input.ends_on = day("2027-12-31");
	ent_plan_extend(&r.deal.plan, &r.deal.holding, &input, &r.deal.error);
	CHECK_TEXT(deal_faults(&r.deal), "ramp_extend_forbidden /ends_on");
}

TEST(plan_ramp_without_end_is_divided)
{
	struct ramped r;
	open_ramp(&r, "2026-10-01", ENT_OPERATION_SPLIT, NULL);
	struct ent_input_contract_split input;
	deal_line(&r.deal, ENT_ID_NONE, "rest", 1, 1, NULL, "2027-12-31");
	ent_type_clear(&ent_input_contract_split_type, &input);
	input.lines = (struct ent_ids){ &r.ramp->id, 1 };
	CHECK_INT(ent_plan_split(&r.deal.plan, &r.deal.holding, &input, &r.deal.error), ENT_OK);
	CHECK_TEXT(steps_after(&r, r.ramp), "2025-01-01 100 | 2026-01-01 110 - 2026-09-30");
	const struct ent_contract_line *made = deal_made_line(&r.deal, 0);
	const struct ent_ramp_segment *rows = made->ramp_segments.items;
	CHECK_INT(made->ramp_segments.count, 39); /* of the forty years that are reckoned */
	CHECK_INT(rows[1].unit_price.micro, 121 * ENT_MICRO);
	CHECK(ent_date_is_none(rows[38].ends_on));
}

/* As the ramp itself: from its last step. */
TEST(plan_ramp_below_another_is_renewed_from_its_last_step)
{
	struct ramped r;
	open_ramp(&r, "2027-10-01", ENT_OPERATION_RENEW, "2027-12-31");
	struct ent_input_contract_renew input;
	struct ent_plan_renewal renewal = { .from = &r.deal.holding, .input = &input };
	ent_type_clear(&ent_input_contract_renew_type, &input);
	r.below->ends_on = day("2027-12-31");
	r.below->per_parent = true;
	CHECK_INT(ent_plan_renew(&r.deal.plan, &renewal, &r.deal.error), ENT_OK);
	CHECK_INT(deal_made_line(&r.deal, 0)->unit_price.micro, 121 * ENT_MICRO);
	CHECK_INT(deal_made_line(&r.deal, 1)->unit_price.micro, 11 * ENT_MICRO);
	CHECK_INT(deal_made_line(&r.deal, 1)->quantity.micro, 2 * ENT_MICRO);
}

/* Steps of their own below a ramp know what they cost: then they owe it nothing. */
TEST(plan_ramp_below_another_stands_by_itself)
{
	static const struct {
		enum ent_ramp_kind ramp;
		int priced; /* of two steps */
		const char *faults;
	} rows[] = {
		{ ENT_RAMP_CUSTOM, 2, "" },
		{ ENT_RAMP_CUSTOM, 1, "ramp_parent_conflict /ramp" },
		{ ENT_RAMP_CUSTOM, 0, "ramp_parent_conflict /ramp" },
		{ ENT_RAMP_YEARLY, 0, "ramp_parent_conflict /ramp" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ramped r;
		open_ramp(&r, "2026-10-01", ENT_OPERATION_AMEND, "2027-12-31");
		struct ent_ramp_segment steps[2];
		for (int k = 0; k < 2; k++) {
			ent_type_clear(&ent_ramp_segment_type, &steps[k]);
			if (k < rows[i].priced) {
				steps[k].unit_price = (ent_money){ ENT_MICRO, "EUR" };
			}
		}
		steps[0].starts_on = r.below->starts_on;
		steps[0].ends_on = day("2026-07-31");
		steps[1].starts_on = day("2026-08-01");
		r.below->ramp = rows[i].ramp;
		r.below->ramp_segments =
			(struct ent_children){ steps, rows[i].ramp == ENT_RAMP_CUSTOM ? 2 : 0 };
		ent_contract_line_check(r.below, r.ramp, &r.deal.contract, &r.deal.error);
		CHECK_TEXT(deal_faults(&r.deal), rows[i].faults);
	}
}
