#include "chance.h"

#include "core/plan_amend.h"

static uint64_t state;

static int64_t some(int64_t least, int64_t most)
{
	return least + (int64_t)test_random(&state, (uint64_t)(most - least + 1));
}

static bool one_in(int64_t n)
{
	return some(1, n) == 1;
}

/* ---- random contracts ------------------------------------------------------------------- */

ent_date chance_begin(void)
{
	return ent_date_make(2024, 1, 1);
}

/* Some days inside of others, mostly all of them. */
static struct ent_days some_days(struct ent_days outer)
{
	int32_t length = outer.last.day - outer.first.day;
	struct ent_days days = outer;
	days.first.day += one_in(3) ? (int32_t)some(0, length / 2) : 0;
	days.last.day -= one_in(3) ? (int32_t)some(0, length / 3) : 0;
	return days;
}

/* Of one asset maybe two times with days between them. */
static void add_cover(struct deal *deal, ent_id line, ent_id right, struct ent_days owner)
{
	int64_t asset = 900 + some(0, CHANCE_ASSETS - 1);
	struct ent_contract_coverage *row = deal_cover(deal, line, right, asset);
	int32_t length = owner.last.day - owner.first.day;
	row->starts_on = one_in(2) ? ENT_DATE_NONE : owner.first;
	if (length > 40 && one_in(2)) {
		row->ends_on.day = owner.first.day + (int32_t)some(0, length / 2);
		struct ent_contract_coverage *next = deal_cover(deal, line, right, asset);
		next->starts_on.day = row->ends_on.day + (int32_t)some(2, length / 3);
	}
}

static void add_right(struct deal *deal, ent_id line, struct ent_days owner)
{
	struct ent_entitlement *e = deal_right(deal, line, 10);
	struct ent_days days = some_days(owner);
	e->starts_on = days.first;
	e->ends_on = days.last;
	e->unit = one_in(2) ? ENT_UNIT_NONE : ENT_UNIT_CASES;
	if (one_in(3)) {
		add_cover(deal, ENT_ID_NONE, e->id, days);
	}
}

static void add_ramp(struct deal *deal, struct ent_contract_line *line)
{
	int32_t length = line->ends_on.day - line->starts_on.day;
	line->ramp = one_in(2) ? ENT_RAMP_YEARLY : ENT_RAMP_QUARTERLY;
	line->ramp_increase = one_in(2) ? ENT_RAMP_SIMPLE : ENT_RAMP_COMPOUND;
	line->ramp_percent.micro = some(0, 12) * ENT_MICRO;
	if (length > 3 && one_in(3)) {
		struct ent_ramp_segment *rows = ENT_NEW(&deal->arena, struct ent_ramp_segment, 2);
		line->ramp = ENT_RAMP_CUSTOM;
		for (int i = 0; i < 2; i++) {
			ent_type_clear(&ent_ramp_segment_type, &rows[i]);
			rows[i].percent.micro = (i * 10 + some(0, 3)) * ENT_MICRO;
			rows[i].quantity.micro =
				one_in(2) ? some(1, 9) * ENT_MICRO : rows[i].quantity.micro;
		}
		rows[0].starts_on = line->starts_on;
		rows[0].ends_on.day = line->starts_on.day + (int32_t)some(0, length - 2);
		rows[1].starts_on.day = rows[0].ends_on.day + 1;
		rows[1].ends_on = line->ends_on;
		line->ramp_segments = (struct ent_children){ rows, 2 };
	}
}

static void add_adjustment(struct deal *deal, struct ent_contract_line *line)
{
	struct ent_price_adjustment *row = ENT_NEW(&deal->arena, struct ent_price_adjustment, 1);
	ent_type_clear(&ent_price_adjustment_type, row);
	row->type = one_in(2) ? ENT_ADJUST_MARKUP_AMOUNT : ENT_ADJUST_MARKDOWN_PERCENT;
	row->value.micro = some(1, 20) * ENT_MICRO / 2;
	line->adjustments = (struct ent_children){ row, 1 };
}

/* `may_step`: nothing above has a ramp. */
static void add_line(struct deal *deal, ent_id parent, struct ent_days outer, int depth,
                     bool may_step)
{
	static const char *const names[] = { "a", "b", "c" };
	struct ent_contract_line *line =
		deal_line(deal, parent, names[some(0, 2)], some(1, 9), some(0, 90), NULL, NULL);
	struct ent_days days = some_days(outer);
	line->starts_on = days.first;
	line->ends_on = days.last;
	line->starts_at.us = days.first.day * ENT_DAY_US;
	line->ends_at.us = (days.last.day + INT64_C(1)) * ENT_DAY_US;
	line->unit_price.micro += some(0, 99) * ENT_MICRO / 100;
	line->period = (enum ent_price_period)(one_in(3) ? some(0, 4) : 0);
	line->proration = (enum ent_line_proration)some(0, 3);
	line->per_parent = depth > 0 && one_in(4);
	if (one_in(3)) { /* then the discount of the contract is for it */
		line->list_price = line->unit_price;
		line->unit_price = ENT_MONEY_NONE;
	}
	if (one_in(4)) {
		add_adjustment(deal, line);
	}
	if (one_in(6)) {
		line->pricing_method = ENT_PRICING_ONE_TIME;
	} else if (may_step && one_in(4)) {
		add_ramp(deal, line);
		may_step = false;
	}
	if (one_in(3)) {
		add_right(deal, line->id, days);
	}
	if (one_in(2)) {
		add_cover(deal, line->id, ENT_ID_NONE, days);
	}
	if (one_in(depth == 0 ? 5 : 12)) { /* below another one only on its first day */
		int32_t from = days.first.day;
		from += depth == 0 ? (int32_t)some(0, days.last.day - from) : 0;
		line->cancelled_at.us = from * ENT_DAY_US;
	}
	ent_id id = line->id;
	for (int64_t i = depth < 2 && one_in(2) ? some(1, 2) : 0; i > 0; i--) {
		add_line(deal, id, days, depth + 1, may_step);
	}
}

static void fill(struct deal *deal, struct ent_days days)
{
	deal->contract.starts_on = days.first;
	deal->contract.ends_on = days.last;
	deal->contract.starts_at.us = days.first.day * ENT_DAY_US;
	deal->contract.ends_at.us = (days.last.day + INT64_C(1)) * ENT_DAY_US;
	for (int64_t i = some(2, 4); i > 0; i--) {
		add_line(deal, ENT_ID_NONE, days, 0, true);
	}
	if (one_in(2)) {
		add_cover(deal, ENT_ID_NONE, ENT_ID_NONE, days);
	}
	if (one_in(2)) {
		add_right(deal, ENT_ID_NONE, days);
	}
}

void chance_deal(struct chance *r, uint64_t seed)
{
	static char row[40];
	state = seed;
	snprintf(row, sizeof(row), "seed %llu", (unsigned long long)seed);
	ROW(row);
	struct ent_days days = { { chance_begin().day + (int32_t)some(0, 200) },
		                 { chance_begin().day + (int32_t)some(300, 1100) } };
	deal_open(&r->deal, "2024-01-01", "2024-12-31", CHANCE_ROOM);
	fill(&r->deal, days);
	deal_open_in(&r->other, r->deal.arena, "2024-01-01", "2024-12-31", CHANCE_ROOM);
	r->other.next_id = 5000;
	if (one_in(3)) {
		r->deal.contract.discount_percent.micro = 10 * ENT_MICRO;
		r->other.contract.discount_percent.micro = 10 * ENT_MICRO;
		r->deal.contract.discount_mode = (enum ent_discount_mode)some(0, 1);
		r->other.contract.discount_mode = r->deal.contract.discount_mode;
	}
	r->other.contract.id.value = ++r->other.next_id;
	fill(&r->other, (struct ent_days){ days.first, { days.last.day - (int32_t)some(0, 30) } });
	r->deal.arena = r->other.arena;
	r->deal.holding.contract = &r->deal.contract;
	r->other.holding.contract = &r->other.contract;
	r->from.day = days.first.day + (int32_t)some(1, days.last.day - days.first.day - 40);
	if (one_in(6)) {
		int32_t rest = days.last.day - r->from.day;
		r->deal.contract.cancelled_at.us = (r->from.day + some(1, rest)) * ENT_DAY_US;
	}
	if (one_in(6)) {
		r->other.contract.cancelled_at.us = (r->from.day + some(1, 9)) * ENT_DAY_US;
	}
	r->holdings[0] = r->deal.holding;
	r->holdings[1] = r->other.holding;
}

/* ---- operations ------------------------------------------------------------------------- */

static struct ent_contract_line *some_root(struct chance *r)
{
	struct ent_holding *h = &r->holdings[0];
	for (;;) {
		struct ent_contract_line *line = &h->lines[some(0, (int64_t)h->line_count - 1)];
		if (ent_id_is_none(line->parent_id)) {
			return line;
		}
	}
}

static enum ent_code split(struct chance *r, struct ent_error *error)
{
	struct ent_input_contract_split input;
	ent_id id = some_root(r)->id;
	ent_type_clear(&ent_input_contract_split_type, &input);
	input.lines = (struct ent_ids){ &id, 1 };
	return ent_plan_split(&r->deal.plan, &r->holdings[0], &input, error);
}

static enum ent_code merge_in(struct chance *r, bool group, struct ent_error *error)
{
	struct ent_input_contract_merge input;
	ent_type_clear(&ent_input_contract_merge_type, &input);
	input.group_lines = group;
	return ent_plan_merge(&r->deal.plan, &r->holdings[0], &r->holdings[1], 1, &input, error);
}

static enum ent_code merge(struct chance *r, struct ent_error *error)
{
	return merge_in(r, false, error);
}

static enum ent_code group(struct chance *r, struct ent_error *error)
{
	return merge_in(r, true, error);
}

static enum ent_code transfer(struct chance *r, struct ent_error *error)
{
	struct ent_input_contract_transfer input;
	ent_type_clear(&ent_input_contract_transfer_type, &input);
	input.account_id = (ent_id){ 2 };
	return ent_plan_transfer(&r->deal.plan, &r->holdings[0], &input,
	                         (struct ent_ids){ NULL, 0 }, error);
}

static enum ent_code quantity(struct chance *r, int64_t by, struct ent_error *error)
{
	const struct ent_contract_line *line = some_root(r);
	struct ent_input_line_quantity row;
	ent_type_clear(&ent_input_line_quantity_type, &row);
	row.line_id = line->id;
	row.quantity.micro = line->quantity.micro + by * ENT_MICRO / 2;
	struct ent_children rows = { &row, 1 };
	if (by > 0) {
		struct ent_input_contract_upsell input;
		ent_type_clear(&ent_input_contract_upsell_type, &input);
		input.lines = rows;
		ent_plan_upsell(&r->deal.plan, &r->holdings[0], &input, error);
	} else {
		struct ent_input_contract_downsell input;
		ent_type_clear(&ent_input_contract_downsell_type, &input);
		input.lines = rows;
		ent_plan_downsell(&r->deal.plan, &r->holdings[0], &input, error);
	}
	return ent_noted(error);
}

static enum ent_code upsell(struct chance *r, struct ent_error *error)
{
	return quantity(r, 3, error);
}

static enum ent_code downsell(struct chance *r, struct ent_error *error)
{
	return quantity(r, -1, error);
}

static enum ent_code swap(struct chance *r, struct ent_error *error)
{
	struct ent_input_contract_swap input;
	struct ent_input_line_swap row;
	ent_type_clear(&ent_input_contract_swap_type, &input);
	ent_type_clear(&ent_input_line_swap_type, &row);
	row.line_id = some_root(r)->id;
	row.product_id = (ent_id){ 77 };
	row.unit_price = (ent_money){ 3 * ENT_MICRO, "EUR" };
	if (one_in(2)) {
		row.quantity.micro = ENT_MICRO / 2;
	}
	input.lines = (struct ent_children){ &row, 1 };
	ent_plan_swap(&r->deal.plan, &r->holdings[0], &input, error);
	return ent_noted(error);
}

static enum ent_code amend(struct chance *r, struct ent_error *error)
{
	struct ent_input_contract_amend input;
	struct ent_input_line_amend row;
	ent_type_clear(&ent_input_contract_amend_type, &input);
	ent_type_clear(&ent_input_line_amend_type, &row);
	row.line_id = some_root(r)->id;
	row.quantity.micro = some(1, 20) * ENT_MICRO;
	row.unit_price = (ent_money){ some(1, 99) * ENT_MICRO, "EUR" };
	input.lines = (struct ent_children){ &row, 1 };
	ent_plan_amend(&r->deal.plan, &r->holdings[0], &input, error);
	return ent_noted(error);
}

/* Half of any line goes; the rest goes on as another, with what is below it. */
static enum ent_code halve(struct chance *r, struct ent_error *error)
{
	const struct ent_holding *h = &r->holdings[0];
	const struct ent_contract_line *line = &h->lines[some(0, (int64_t)h->line_count - 1)];
	struct ent_input_contract_amend input;
	struct ent_input_line_amend row;
	ent_type_clear(&ent_input_contract_amend_type, &input);
	ent_type_clear(&ent_input_line_amend_type, &row);
	row.line_id = line->id;
	row.quantity.micro = line->quantity.micro / 2;
	input.lines = (struct ent_children){ &row, 1 };
	ent_plan_amend(&r->deal.plan, h, &input, error);
	return ent_noted(error);
}

static enum ent_code renew(struct chance *r, struct ent_error *error)
{
	struct ent_input_contract_renew input;
	struct ent_plan_renewal renewal = { .from = &r->holdings[0], .input = &input };
	ent_type_clear(&ent_input_contract_renew_type, &input);
	input.consolidate = one_in(2);
	return ent_plan_renew(&r->deal.plan, &renewal, error);
}

static enum ent_code co_terminate(struct chance *r, struct ent_error *error)
{
	struct ent_input_contract_co_terminate input;
	ent_type_clear(&ent_input_contract_co_terminate_type, &input);
	input.ends_on.day = r->from.day + (int32_t)some(1, 400);
	return ent_plan_co_terminate(&r->deal.plan, &r->holdings[0], &input, error);
}

static enum ent_code extend(struct chance *r, struct ent_error *error)
{
	struct ent_input_contract_extend input;
	ent_type_clear(&ent_input_contract_extend_type, &input);
	input.ends_on.day = r->deal.contract.ends_on.day + (int32_t)some(1, 100);
	ent_plan_extend(&r->deal.plan, &r->holdings[0], &input, error);
	return ent_noted(error);
}

static enum ent_code end_line(struct chance *r, struct ent_error *error)
{
	const struct ent_holding *h = &r->holdings[0];
	const struct ent_contract_line *line = &h->lines[some(0, (int64_t)h->line_count - 1)];
	struct ent_input_contract_shorten input;
	ent_type_clear(&ent_input_contract_shorten_type, &input);
	input.lines = (struct ent_ids){ &line->id, 1 };
	input.ends_on.day = line->ends_on.day - (int32_t)some(1, 200);
	ent_plan_shorten(&r->deal.plan, h, &input, error);
	return ent_noted(error);
}

static enum ent_code shorten(struct chance *r, struct ent_error *error)
{
	struct ent_input_contract_shorten input;
	ent_type_clear(&ent_input_contract_shorten_type, &input);
	input.ends_on.day = r->deal.contract.ends_on.day - (int32_t)some(1, 30);
	ent_plan_shorten(&r->deal.plan, &r->holdings[0], &input, error);
	return ent_noted(error);
}

static enum ent_code cancel(struct chance *r, struct ent_error *error)
{
	struct ent_input_contract_cancel input;
	ent_id id = some_root(r)->id;
	ent_type_clear(&ent_input_contract_cancel_type, &input);
	input.lines = (struct ent_ids){ &id, one_in(2) };
	ent_plan_cancel(&r->deal.plan, &r->holdings[0], &input, error);
	return ent_noted(error);
}

const struct chance_operation chance_operations[] = {
	{ "split", ENT_OPERATION_SPLIT, split, CHANCE_SAME, CHANCE_KEEPS_ALL },
	{ "merge", ENT_OPERATION_MERGE, merge, CHANCE_SAME, CHANCE_KEEPS_ALL },
	{ "merge grouped", ENT_OPERATION_MERGE, group, CHANCE_SAME, CHANCE_KEEPS_NONE },
	{ "transfer", ENT_OPERATION_TRANSFER, transfer, CHANCE_SAME, CHANCE_KEEPS_ALL },
	{ "upsell", ENT_OPERATION_UPSELL, upsell, CHANCE_SAME, CHANCE_KEEPS_ONE },
	{ "downsell", ENT_OPERATION_DOWNSELL, downsell, CHANCE_SAME, CHANCE_KEEPS_ONE },
	{ "halve", ENT_OPERATION_AMEND, halve, CHANCE_SAME, CHANCE_KEEPS_ONE },
	{ "swap", ENT_OPERATION_SWAP, swap, CHANCE_SAME, CHANCE_KEEPS_NONE },
	{ "amend", ENT_OPERATION_AMEND, amend, CHANCE_SAME, CHANCE_KEEPS_NONE },
	{ "renew", ENT_OPERATION_RENEW, renew, CHANCE_MORE, CHANCE_KEEPS_NONE },
	{ "extend", ENT_OPERATION_EXTEND, extend, CHANCE_MORE, CHANCE_KEEPS_NONE },
	{ "co-terminate", ENT_OPERATION_CO_TERMINATE, co_terminate, CHANCE_MOVED,
	  CHANCE_KEEPS_NONE },
	{ "shorten", ENT_OPERATION_SHORTEN, shorten, CHANCE_LESS, CHANCE_KEEPS_NONE },
	{ "end line", ENT_OPERATION_SHORTEN, end_line, CHANCE_LESS, CHANCE_KEEPS_NONE },
	{ "cancel", ENT_OPERATION_CANCEL, cancel, CHANCE_LESS, CHANCE_KEEPS_NONE },
};
const size_t chance_operation_count = ENT_COUNT(chance_operations);

bool chance_plan(struct chance *r, const struct chance_operation *operation, uint64_t seed)
{
	chance_deal(r, seed);
	ent_error_clear(&r->deal.error);
	ent_plan_begin(&r->deal.plan, &r->deal.arena, operation->kind,
	               (ent_instant){ r->from.day * ENT_DAY_US }, &ent_zone_utc);
	r->count = operation->kind == ENT_OPERATION_MERGE ? 2 : 1;
	return operation->plan(r, &r->deal.error) == ENT_OK && ent_noted(&r->deal.error) == ENT_OK;
}
