/* Operations on thousands of random contracts: what holds whatever is asked. A failure tells the
 * seed of its contract: to see that one alone, begin with it. */
#include "core/contract_check.h"
#include "core/plan_amend.h"

#include "holding.h"

enum { CONTRACTS = 3000, ROOM = 60, ASSETS = 3, DAYS = 1300 };

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

static ent_date begin_of_time(void)
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
	int64_t asset = 900 + some(0, ASSETS - 1);
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
	line->ramp_percent.micro = some(0, 12) * ENT_MICRO;
	if (length > 3 && one_in(3)) {
		struct ent_ramp_segment *rows = ENT_NEW(&deal->arena, struct ent_ramp_segment, 2);
		line->ramp = ENT_RAMP_CUSTOM;
		for (int i = 0; i < 2; i++) {
			ent_type_clear(&ent_ramp_segment_type, &rows[i]);
			rows[i].percent.micro = i * 10 * ENT_MICRO;
		}
		rows[0].starts_on = line->starts_on;
		rows[0].ends_on.day = line->starts_on.day + (int32_t)some(0, length - 2);
		rows[1].starts_on.day = rows[0].ends_on.day + 1;
		rows[1].ends_on = line->ends_on;
		line->ramp_segments = (struct ent_children){ rows, 2 };
	}
}

static void add_line(struct deal *deal, ent_id parent, struct ent_days outer, int depth)
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
	if (depth == 0 && one_in(5)) {
		add_ramp(deal, line);
	}
	if (one_in(3)) {
		add_right(deal, line->id, days);
	}
	if (one_in(2)) {
		add_cover(deal, line->id, ENT_ID_NONE, days);
	}
	ent_id id = line->id;
	for (int64_t i = depth < 2 && one_in(2) ? some(1, 2) : 0; i > 0; i--) {
		add_line(deal, id, days, depth + 1);
	}
}

static void fill(struct deal *deal, struct ent_days days)
{
	deal->contract.starts_on = days.first;
	deal->contract.ends_on = days.last;
	deal->contract.starts_at.us = days.first.day * ENT_DAY_US;
	deal->contract.ends_at.us = (days.last.day + INT64_C(1)) * ENT_DAY_US;
	for (int64_t i = some(2, 4); i > 0; i--) {
		add_line(deal, ENT_ID_NONE, days, 0);
	}
	if (one_in(2)) {
		add_cover(deal, ENT_ID_NONE, ENT_ID_NONE, days);
	}
	if (one_in(2)) {
		add_right(deal, ENT_ID_NONE, days);
	}
}

/* Two contracts, the second one for merges, and a day in the time of the first. */
struct random_deal {
	struct deal deal, other;
	struct ent_holding holdings[2];
	ent_instant now;
	ent_date from;
};

static void make_deals(struct random_deal *r, uint64_t seed)
{
	static char row[40];
	state = seed;
	snprintf(row, sizeof(row), "seed %llu", (unsigned long long)seed);
	ROW(row);
	struct ent_days days = { { begin_of_time().day + (int32_t)some(0, 200) },
		                 { begin_of_time().day + (int32_t)some(300, 1100) } };
	deal_open(&r->deal, "2024-01-01", "2024-12-31", ROOM);
	fill(&r->deal, days);
	deal_open_in(&r->other, r->deal.arena, "2024-01-01", "2024-12-31", ROOM);
	r->other.next_id = 5000;
	r->other.contract.id.value = ++r->other.next_id;
	fill(&r->other, (struct ent_days){ days.first, { days.last.day - (int32_t)some(0, 30) } });
	r->deal.arena = r->other.arena;
	r->deal.holding.contract = &r->deal.contract;
	r->other.holding.contract = &r->other.contract;
	r->from.day = days.first.day + (int32_t)some(1, days.last.day - days.first.day - 40);
	r->now = (ent_instant){ r->from.day * ENT_DAY_US };
	r->holdings[0] = r->deal.holding;
	r->holdings[1] = r->other.holding;
}

/* ---- operations ------------------------------------------------------------------------- */

static struct ent_contract_line *some_root(struct random_deal *r)
{
	struct ent_holding *h = &r->holdings[0];
	for (;;) {
		struct ent_contract_line *line = &h->lines[some(0, (int64_t)h->line_count - 1)];
		if (ent_id_is_none(line->parent_id)) {
			return line;
		}
	}
}

static enum ent_code split(struct random_deal *r, struct ent_error *error)
{
	struct ent_input_contract_split input;
	ent_id id = some_root(r)->id;
	ent_type_clear(&ent_input_contract_split_type, &input);
	input.lines = (struct ent_ids){ &id, 1 };
	return ent_plan_split(&r->deal.plan, &r->holdings[0], &input, error);
}

static enum ent_code merge_in(struct random_deal *r, bool group, struct ent_error *error)
{
	struct ent_input_contract_merge input;
	ent_type_clear(&ent_input_contract_merge_type, &input);
	input.group_lines = group;
	return ent_plan_merge(&r->deal.plan, &r->holdings[0], &r->holdings[1], 1, &input, error);
}

static enum ent_code merge(struct random_deal *r, struct ent_error *error)
{
	return merge_in(r, false, error);
}

static enum ent_code group(struct random_deal *r, struct ent_error *error)
{
	return merge_in(r, true, error);
}

static enum ent_code transfer(struct random_deal *r, struct ent_error *error)
{
	struct ent_input_contract_transfer input;
	ent_type_clear(&ent_input_contract_transfer_type, &input);
	input.account_id = (ent_id){ 2 };
	return ent_plan_transfer(&r->deal.plan, &r->holdings[0], &input,
	                         (struct ent_ids){ NULL, 0 }, error);
}

static enum ent_code quantity(struct random_deal *r, int64_t by, struct ent_error *error)
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

static enum ent_code upsell(struct random_deal *r, struct ent_error *error)
{
	return quantity(r, 3, error);
}

static enum ent_code downsell(struct random_deal *r, struct ent_error *error)
{
	return quantity(r, -1, error);
}

static enum ent_code swap(struct random_deal *r, struct ent_error *error)
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

static enum ent_code amend(struct random_deal *r, struct ent_error *error)
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

static enum ent_code renew(struct random_deal *r, struct ent_error *error)
{
	struct ent_input_contract_renew input;
	struct ent_plan_renewal renewal = { .from = &r->holdings[0], .input = &input };
	ent_type_clear(&ent_input_contract_renew_type, &input);
	input.consolidate = one_in(2);
	return ent_plan_renew(&r->deal.plan, &renewal, error);
}

static enum ent_code co_terminate(struct random_deal *r, struct ent_error *error)
{
	struct ent_input_contract_co_terminate input;
	ent_type_clear(&ent_input_contract_co_terminate_type, &input);
	input.ends_on.day = r->from.day + (int32_t)some(1, 400);
	return ent_plan_co_terminate(&r->deal.plan, &r->holdings[0], &input, error);
}

static enum ent_code extend(struct random_deal *r, struct ent_error *error)
{
	struct ent_input_contract_extend input;
	ent_type_clear(&ent_input_contract_extend_type, &input);
	input.ends_on.day = r->deal.contract.ends_on.day + (int32_t)some(1, 100);
	ent_plan_extend(&r->deal.plan, &r->holdings[0], &input, error);
	return ent_noted(error);
}

static enum ent_code shorten(struct random_deal *r, struct ent_error *error)
{
	struct ent_input_contract_shorten input;
	ent_type_clear(&ent_input_contract_shorten_type, &input);
	input.ends_on.day = r->deal.contract.ends_on.day - (int32_t)some(1, 30);
	ent_plan_shorten(&r->deal.plan, &r->holdings[0], &input, error);
	return ent_noted(error);
}

static enum ent_code cancel(struct random_deal *r, struct ent_error *error)
{
	struct ent_input_contract_cancel input;
	ent_id id = some_root(r)->id;
	ent_type_clear(&ent_input_contract_cancel_type, &input);
	input.lines = (struct ent_ids){ &id, one_in(2) };
	ent_plan_cancel(&r->deal.plan, &r->holdings[0], &input, error);
	return ent_noted(error);
}

/* What an operation does to the days that are covered, from its day on. */
enum { SAME, MORE, LESS, MOVED };

static const struct {
	const char *name;
	enum ent_contract_operation_kind kind;
	enum ent_code (*plan)(struct random_deal *r, struct ent_error *error);
	int days;
} operations[] = {
	{ "split", ENT_OPERATION_SPLIT, split, SAME },
	{ "merge", ENT_OPERATION_MERGE, merge, SAME },
	{ "merge grouped", ENT_OPERATION_MERGE, group, SAME },
	{ "transfer", ENT_OPERATION_TRANSFER, transfer, SAME },
	{ "upsell", ENT_OPERATION_UPSELL, upsell, SAME },
	{ "downsell", ENT_OPERATION_DOWNSELL, downsell, SAME },
	{ "swap", ENT_OPERATION_SWAP, swap, SAME },
	{ "amend", ENT_OPERATION_AMEND, amend, SAME },
	{ "renew", ENT_OPERATION_RENEW, renew, MORE },
	{ "extend", ENT_OPERATION_EXTEND, extend, MORE },
	{ "co-terminate", ENT_OPERATION_CO_TERMINATE, co_terminate, MOVED },
	{ "shorten", ENT_OPERATION_SHORTEN, shorten, LESS },
	{ "cancel", ENT_OPERATION_CANCEL, cancel, LESS },
};

/* ---- what there is, before and after ---------------------------------------------------- */

struct picture {
	const void *contracts[8], *lines[4 * ROOM], *rights[4 * ROOM], *covers[6 * ROOM];
	size_t contract_count, line_count, right_count, cover_count;
};

static void add_all(const struct ent_plan *plan, bool after, const void *items, size_t count,
                    size_t size, const void **out, size_t *n)
{
	for (size_t i = 0; i < count; i++) {
		const void *item = (const char *)items + i * size;
		out[(*n)++] = after ? ent_plan_after(plan, item) : item;
	}
}

static void add_made(const struct ent_plan *plan, const struct ent_type *type, const void **out,
                     size_t *n)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->rows[i].type == type && plan->rows[i].before == NULL) {
			out[(*n)++] = plan->rows[i].after;
		}
	}
}

static struct picture picture_of(const struct random_deal *r, size_t holdings, bool after)
{
	struct picture p = { .contract_count = 0 };
	const struct ent_plan *plan = &r->deal.plan;
	for (size_t i = 0; i < holdings; i++) {
		const struct ent_holding *h = &r->holdings[i];
		add_all(plan, after, h->contract, 1, sizeof(*h->contract), p.contracts,
		        &p.contract_count);
		add_all(plan, after, h->lines, h->line_count, sizeof(*h->lines), p.lines,
		        &p.line_count);
		add_all(plan, after, h->entitlements, h->entitlement_count,
		        sizeof(*h->entitlements), p.rights, &p.right_count);
		add_all(plan, after, h->coverage, h->coverage_count, sizeof(*h->coverage), p.covers,
		        &p.cover_count);
	}
	if (after) {
		add_made(plan, &ent_contract_type, p.contracts, &p.contract_count);
		add_made(plan, &ent_contract_line_type, p.lines, &p.line_count);
		add_made(plan, &ent_entitlement_type, p.rights, &p.right_count);
		add_made(plan, &ent_contract_coverage_type, p.covers, &p.cover_count);
	}
	return p;
}

static const void *find(const void *const *items, size_t count, ent_id id)
{
	for (size_t i = 0; i < count; i++) {
		if (ent_id_eq(*(const ent_id *)items[i], id)) {
			return items[i];
		}
	}
	return NULL;
}

static const struct ent_contract *contract_in(const struct picture *p, ent_id id)
{
	return find(p->contracts, p->contract_count, id);
}

static const struct ent_contract_line *line_in(const struct picture *p, ent_id id)
{
	return find(p->lines, p->line_count, id);
}

/* ---- days ------------------------------------------------------------------------------- */

static struct ent_days both(struct ent_days a, struct ent_days b)
{
	if (ent_date_is_none(a.first) ||
	    (!ent_date_is_none(b.first) && b.first.day > a.first.day)) {
		a.first = b.first;
	}
	if (ent_date_is_none(a.last) || (!ent_date_is_none(b.last) && b.last.day < a.last.day)) {
		a.last = b.last;
	}
	return a;
}

static struct ent_days until(struct ent_days days, ent_instant cancelled)
{
	if (!ent_instant_is_none(cancelled)) {
		int32_t last = (int32_t)(cancelled.us / ENT_DAY_US) - 1;
		days.last.day = last < days.last.day ? last : days.last.day;
	}
	return days;
}

static struct ent_days contract_days(const struct ent_contract *c)
{
	struct ent_days never = { { 1 }, { 0 } };
	struct ent_days days = { c->starts_on, c->ends_on };
	bool dead = c->stage == ENT_STAGE_CANCELLED && ent_instant_is_none(c->cancelled_at);
	return dead ? never : until(days, c->cancelled_at);
}

static struct ent_days line_days(const struct picture *p, const struct ent_contract_line *line)
{
	struct ent_days days = { line->starts_on, line->ends_on };
	const struct ent_contract_line *above = line_in(p, line->parent_id);
	return both(until(days, line->cancelled_at),
	            above != NULL ? line_days(p, above)
	                          : contract_days(contract_in(p, line->contract_id)));
}

/* An entitlement that moved entitles by the line before until that ends. */
static struct ent_days owner_days(const struct picture *p, ent_id line_id, ent_id contract)
{
	const struct ent_contract_line *line = line_in(p, line_id);
	if (line == NULL) {
		return contract_days(contract_in(p, contract));
	}
	struct ent_days days = line_days(p, line);
	const struct ent_contract_line *before = line_in(p, line->split_from_id);
	if (before != NULL && line_days(p, before).first.day < days.first.day) {
		days.first = line_days(p, before).first;
	}
	return days;
}

static struct ent_days cover_days(const struct picture *p, const struct ent_contract_coverage *row)
{
	struct ent_days days = { row->starts_on, row->ends_on };
	const struct ent_entitlement *e = find(p->rights, p->right_count, row->entitlement_id);
	if (e != NULL) {
		struct ent_days own = { e->starts_on, e->ends_on };
		own = until(own, e->cancelled_at);
		return both(both(days, own), owner_days(p, e->contract_line_id, e->contract_id));
	}
	const struct ent_contract_line *line = line_in(p, row->contract_line_id);
	return both(days, line != NULL ? line_days(p, line)
	                               : contract_days(contract_in(p, row->contract_id)));
}

/* Which assets are covered on which days, by what kind of owner. */
typedef bool covered[3 * ASSETS][DAYS];

static void cover_all(const struct picture *p, covered out)
{
	memset(out, 0, sizeof(covered));
	for (size_t i = 0; i < p->cover_count; i++) {
		const struct ent_contract_coverage *row = p->covers[i];
		struct ent_days days = cover_days(p, row);
		int64_t kind = !ent_id_is_none(row->contract_id)        ? 0
		               : !ent_id_is_none(row->contract_line_id) ? 1
		                                                        : 2;
		int32_t first = days.first.day - begin_of_time().day;
		int32_t last = days.last.day - begin_of_time().day;
		for (int32_t d = first; d <= last && d < DAYS; d++) {
			out[kind * ASSETS + row->asset_id.value - 900][d] = true;
		}
	}
}

static void check_covered(const struct random_deal *r, covered before, covered after, int days)
{
	int32_t from = r->from.day - begin_of_time().day;
	for (int k = 0; k < 3 * ASSETS; k++) {
		for (int32_t d = 0; d < DAYS; d++) {
			bool lost = before[k][d] && !after[k][d];
			bool won = !before[k][d] && after[k][d];
			bool may_lose = d >= from && (days == LESS || days == MOVED);
			bool may_win = d >= from && (days == MORE || days == MOVED);
			if ((lost && !may_lose) || (won && !may_win)) {
				printf("# asset %d of owner %d is %s covered on day %d of %d\n",
				       k % ASSETS, k / ASSETS, lost ? "no longer" : "newly", d,
				       from);
				CHECK(false);
				return;
			}
		}
	}
}

/* ---- parents and children --------------------------------------------------------------- */

static void check_inside(const struct picture *p, struct ent_error *error)
{
	for (size_t i = 0; i < p->line_count; i++) {
		const struct ent_contract_line *line = p->lines[i];
		const struct ent_contract_line *above = line_in(p, line->parent_id);
		const struct ent_contract *contract = contract_in(p, line->contract_id);
		CHECK(contract != NULL);
		CHECK(ent_id_is_none(line->parent_id) || above != NULL);
		CHECK(above == NULL || ent_id_eq(above->contract_id, line->contract_id));
		/* what has not begun and goes is cancelled where it stands */
		if (contract != NULL && ent_instant_is_none(line->cancelled_at)) {
			ent_contract_line_check(line, above, contract, error);
		}
	}
	CHECK_INT(ent_noted(error), ENT_OK);
	for (size_t i = 0; error->issue_count > 0 && i < 3 && i < error->issue_count; i++) {
		printf("# %s %s %s\n", error->issues[i].pointer,
		       ent_code_name(error->issues[i].code), error->issues[i].remedy);
	}
}

/* ---- all of it -------------------------------------------------------------------------- */

static bool plan_one(struct random_deal *r, size_t o, uint64_t seed)
{
	make_deals(r, seed);
	ent_error_clear(&r->deal.error);
	ent_plan_begin(&r->deal.plan, &r->deal.arena, operations[o].kind, r->now, &ent_zone_utc);
	enum ent_code code = operations[o].plan(r, &r->deal.error);
	return code == ENT_OK && ent_noted(&r->deal.error) == ENT_OK;
}

static size_t holdings_of(size_t o)
{
	return operations[o].kind == ENT_OPERATION_MERGE ? 2 : 1;
}

/* Run `check` for each operation on contracts of its own. */
static void run_all(void (*check)(struct random_deal *r, size_t o))
{
	for (size_t o = 0; o < ENT_COUNT(operations); o++) {
		size_t done = 0;
		int before = test_failures;
		for (uint64_t i = 0; i < CONTRACTS / 3 && test_failures == before; i++) {
			struct random_deal r;
			if (plan_one(&r, o, 1000 * o + i)) {
				check(&r, o);
				done++;
			}
		}
		if (test_failures > before || done < CONTRACTS / 20) {
			printf("# %s: %zu were done\n", operations[o].name, done);
		}
		CHECK(done >= CONTRACTS / 20);
	}
}

static void covers_its_days(struct random_deal *r, size_t o)
{
	static covered before, after;
	struct picture was = picture_of(r, holdings_of(o), false);
	struct picture is = picture_of(r, holdings_of(o), true);
	cover_all(&was, before);
	cover_all(&is, after);
	check_covered(r, before, after, operations[o].days);
}

TEST(plan_property_coverage_keeps_its_days)
{
	run_all(covers_its_days);
}

/* Nothing is covered twice by one owner: what the border refuses with COVERAGE_OVERLAP. */
static void check_overlaps(const struct picture *p)
{
	for (size_t i = 0; i < p->cover_count; i++) {
		const struct ent_contract_coverage *a = p->covers[i];
		for (size_t k = 0; k < i; k++) {
			const struct ent_contract_coverage *b = p->covers[k];
			bool same = ent_id_eq(a->contract_id, b->contract_id) &&
			            ent_id_eq(a->contract_line_id, b->contract_line_id) &&
			            ent_id_eq(a->entitlement_id, b->entitlement_id) &&
			            ent_id_eq(a->asset_id, b->asset_id);
			CHECK(!same ||
			      !ent_days_meet((struct ent_days){ a->starts_on, a->ends_on },
			                     (struct ent_days){ b->starts_on, b->ends_on }));
		}
	}
}

static void stays_inside(struct random_deal *r, size_t o)
{
	struct picture is = picture_of(r, holdings_of(o), true);
	check_inside(&is, &r->deal.error);
	check_overlaps(&is);
}

TEST(plan_property_children_stay_inside_and_ramps_tile)
{
	run_all(stays_inside);
}
