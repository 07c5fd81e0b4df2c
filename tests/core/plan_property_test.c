/* Operations on thousands of random contracts: what holds whatever is asked. A failure tells the
 * seed of its contract (chance.h), to see it alone. */
#include "chance.h"
#include "core/contract_check.h"
#include "core/contract_price.h"

#include <stdlib.h>

enum { CONTRACTS = 400, DAYS = 1300 };

/* ---- what there is, before and after ---------------------------------------------------- */

struct picture {
	const void *contracts[8], *lines[4 * CHANCE_ROOM], *rights[4 * CHANCE_ROOM],
		*covers[6 * CHANCE_ROOM];
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

static struct picture picture_of(const struct chance *r, bool after)
{
	struct picture p = { .contract_count = 0 };
	const struct ent_plan *plan = &r->deal.plan;
	for (size_t i = 0; i < r->count; i++) {
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
typedef bool covered[3 * CHANCE_ASSETS][DAYS];

static void cover_all(const struct picture *p, covered out)
{
	memset(out, 0, sizeof(covered));
	for (size_t i = 0; i < p->cover_count; i++) {
		const struct ent_contract_coverage *row = p->covers[i];
		struct ent_days days = cover_days(p, row);
		int64_t kind = !ent_id_is_none(row->contract_id)        ? 0
		               : !ent_id_is_none(row->contract_line_id) ? 1
		                                                        : 2;
		int32_t first = days.first.day - chance_begin().day;
		int32_t last = days.last.day - chance_begin().day;
		for (int32_t d = first; d <= last && d < DAYS; d++) {
			out[kind * CHANCE_ASSETS + row->asset_id.value - 900][d] = true;
		}
	}
}

static void check_covered(const struct chance *r, covered before, covered after,
                          enum chance_days days)
{
	int32_t from = r->from.day - chance_begin().day;
	for (int k = 0; k < 3 * CHANCE_ASSETS; k++) {
		for (int32_t d = 0; d < DAYS; d++) {
			bool lost = before[k][d] && !after[k][d];
			bool won = !before[k][d] && after[k][d];
			bool may_lose = d >= from && (days == CHANCE_LESS || days == CHANCE_MOVED);
			bool may_win = d >= from && (days == CHANCE_MORE || days == CHANCE_MOVED);
			if ((lost && !may_lose) || (won && !may_win)) {
				printf("# asset %d of owner %d is %s covered on day %d of %d\n",
				       k % CHANCE_ASSETS, k / CHANCE_ASSETS,
				       lost ? "no longer" : "newly", d, from);
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

/* Run `check` for each operation on contracts of its own. */
static void run_all(void (*check)(struct chance *r, const struct chance_operation *operation))
{
	for (size_t o = 0; o < chance_operation_count; o++) {
		size_t done = 0;
		int before = test_failures;
		for (uint64_t i = 0; i < CONTRACTS && test_failures == before; i++) {
			struct chance r;
			if (chance_plan(&r, &chance_operations[o], CONTRACTS * o + i)) {
				check(&r, &chance_operations[o]);
				done++;
			}
		}
		CHECK(test_failures > before || done > CONTRACTS / 8);
		if (test_failures > before) {
			printf("# %s, when %zu had been done\n", chance_operations[o].name, done);
		}
	}
	ROW("");
}

static void covers_its_days(struct chance *r, const struct chance_operation *operation)
{
	static covered before, after;
	struct picture was = picture_of(r, false);
	struct picture is = picture_of(r, true);
	cover_all(&was, before);
	cover_all(&is, after);
	check_covered(r, before, after, operation->days);
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

static void stays_inside(struct chance *r, const struct chance_operation *operation)
{
	struct picture is = picture_of(r, true);
	(void)operation;
	check_inside(&is, &r->deal.error);
	check_overlaps(&is);
}

TEST(plan_property_children_stay_inside_and_ramps_tile)
{
	run_all(stays_inside);
}

/* ---- prices ------------------------------------------------------------------------------ */

/* Each contract shows its total to the cent: so many of them, so many halves of a cent. */
static void costs_the_same(struct chance *r, const struct chance_operation *operation)
{
	struct ent_plan_prices prices;
	struct picture is = picture_of(r, true);
	CHECK_INT(ent_plan_price(&r->deal.plan, r->holdings, r->count, &prices, &r->deal.error),
	          ENT_OK);
	int64_t delta = prices.total_after.micro - prices.total_before.micro;
	int64_t cents = (int64_t)(is.contract_count + r->count) * ENT_MICRO / 200;
	CHECK(operation->keeps != CHANCE_KEEPS_ALL || (delta <= cents && -delta <= cents));
}

TEST(plan_property_parts_cost_what_the_whole_did)
{
	run_all(costs_the_same);
}

/* The lines of some contracts with their prices. */
struct priced {
	struct ent_contract_line lines[4 * CHANCE_ROOM];
	struct ent_contract_price prices[8];
	size_t count;
};

static int64_t rank(ent_id id)
{
	return ent_plan_is_new(id) ? INT64_MAX / 2 - id.value : id.value;
}

static int by_rank(const void *a, const void *b)
{
	int64_t x = rank(((const struct ent_contract_line *)a)->id);
	int64_t y = rank(((const struct ent_contract_line *)b)->id);
	return x < y ? -1 : x > y;
}

static ent_id ranked(ent_id id)
{
	return (ent_id){ rank(id) };
}

static void price_all(struct chance *r, const struct picture *p, struct priced *out)
{
	size_t n = 0;
	out->count = p->contract_count;
	for (size_t c = 0; c < p->contract_count; c++) {
		const struct ent_contract *contract = p->contracts[c];
		struct ent_contract_line *lines = &out->lines[n];
		size_t count = 0;
		for (size_t i = 0; i < p->line_count; i++) {
			const struct ent_contract_line *line = p->lines[i];
			if (ent_id_eq(line->contract_id, contract->id)) {
				lines[count++] = *line;
			}
		}
		qsort(lines, count, sizeof(*lines), by_rank);
		for (size_t i = 0; i < count; i++) {
			lines[i].id = ranked(lines[i].id);
			lines[i].parent_id = ranked(lines[i].parent_id);
			lines[i].split_from_id = ranked(lines[i].split_from_id);
		}
		struct ent_contract_pricing pricing = {
			.contract = contract,
			.lines = lines,
			.count = count,
			.zone = &ent_zone_utc,
			.on = contract->starts_on,
			.arena = &r->deal.arena,
		};
		CHECK_INT(ent_contract_price(&pricing, &out->prices[c], &r->deal.error), ENT_OK);
		n += count;
	}
}

static const struct ent_line_price *price_of(const struct priced *p, ent_id line)
{
	for (size_t c = 0; c < p->count; c++) {
		for (size_t i = 0; i < p->prices[c].count; i++) {
			if (ent_id_eq(p->prices[c].lines[i].line->id, line)) {
				return &p->prices[c].lines[i];
			}
		}
	}
	return NULL;
}

static void tell_day(const char *what, ent_id line, int32_t day, const struct chance *r)
{
	printf("# %s of line %lld is another on day %d of %d\n", what, (long long)line.value,
	       day - chance_begin().day, r->from.day - chance_begin().day);
	CHECK(false);
}

/* What a line costs on a day that it keeps; from the day of a change on it may be changed in place.
 * What goes on with a line costs one what that did. */
static bool check_days(const struct chance *r, const struct chance_operation *operation,
                       const struct priced *was, const struct ent_line_price *is)
{
	bool made = price_of(was, is->line->id) == NULL;
	const struct ent_line_price *old =
		price_of(was, made ? is->line->split_from_id : is->line->id);
	bool in_place = operation->kind == ENT_OPERATION_AMEND ||
	                operation->kind == ENT_OPERATION_SWAP ||
	                operation->kind == ENT_OPERATION_DOWNSELL;
	if (old == NULL || (made && operation->keeps == CHANCE_KEEPS_NONE)) {
		return true;
	}
	for (int32_t d = chance_begin().day; d < chance_begin().day + DAYS; d++) {
		const struct ent_price_run *x = ent_line_price_on(old, (ent_date){ d });
		const struct ent_price_run *y = ent_line_price_on(is, (ent_date){ d });
		if (x == NULL || y == NULL || (!made && in_place && d >= r->from.day)) {
			continue;
		}
		bool may_differ = made && operation->keeps == CHANCE_KEEPS_ONE;
		bool same = x->unit_price.micro == y->unit_price.micro &&
		            (may_differ || x->quantity.micro == y->quantity.micro);
		if (!same) {
			tell_day(made ? "what is split" : "the price", is->line->id, d, r);
			return false;
		}
	}
	return true;
}

static int64_t sum_on(const struct priced *p, int32_t day)
{
	int64_t sum = 0;
	for (size_t c = 0; c < p->count; c++) {
		for (size_t i = 0; i < p->prices[c].count; i++) {
			const struct ent_price_run *run =
				ent_line_price_on(&p->prices[c].lines[i], (ent_date){ day });
			sum += run == NULL ? 0 : run->arr.micro;
		}
	}
	return sum;
}

static void costs_each_day_the_same(struct chance *r, const struct chance_operation *operation)
{
	static struct priced was, is;
	struct picture before = picture_of(r, false);
	struct picture after = picture_of(r, true);
	price_all(r, &before, &was);
	price_all(r, &after, &is);
	for (size_t c = 0; c < is.count; c++) {
		for (size_t i = 0; i < is.prices[c].count; i++) {
			if (!check_days(r, operation, &was, &is.prices[c].lines[i])) {
				return;
			}
		}
	}
	for (int32_t d = 0; operation->keeps == CHANCE_KEEPS_ALL && d < DAYS; d++) {
		int32_t day = chance_begin().day + d;
		if (sum_on(&was, day) != sum_on(&is, day)) {
			tell_day("the sum", ENT_ID_NONE, day, r);
			return;
		}
	}
}

TEST(plan_property_days_that_are_kept_cost_what_they_did)
{
	run_all(costs_each_day_the_same);
}
