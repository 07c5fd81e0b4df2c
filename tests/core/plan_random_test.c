/* Plans of random contracts: what holds of all of them. */
#include "core/contract_check.h"

#include "holding.h"

enum { CONTRACTS = 2000 };

/* What the numbers of a contract begin with, in front of its failures. */
static void row(int i, uint64_t seed)
{
	static char text[60];
	snprintf(text, sizeof(text), "contract %d, seed %llu", i, (unsigned long long)seed);
	ROW(text);
}

static int64_t below(uint64_t *seed, int64_t n)
{
	return (int64_t)test_random(seed, (uint64_t)n);
}

/* Renewed n times it begins on the n-th anniversary of its first day, whatever that is. */
TEST(plan_random_renewals_never_drift)
{
	uint64_t seed = 41;
	struct ent_input_contract_renew input;
	ent_type_clear(&ent_input_contract_renew_type, &input);
	for (int i = 0; i < CONTRACTS; i++) {
		struct deal deal;
		row(i, seed);
		deal_open(&deal, "2025-01-01", "2025-12-31", 2);
		ent_date anchor = { day("2020-01-01").day + (int32_t)below(&seed, 3000) };
		int32_t months = (int32_t[]){ 1, 2, 3, 6, 12, 13, 24, 36 }[below(&seed, 8)];
		int32_t terms = 2 + (int32_t)below(&seed, 20);
		deal.contract.starts_on = anchor;
		deal.contract.ends_on.day = ent_date_add_months(anchor, months).day - 1;
		deal_line(&deal, ENT_ID_NONE, "a", 1, 10, NULL, NULL);
		for (int32_t n = 1; n < terms; n++) {
			struct ent_plan_renewal renewal = { .from = &deal.holding,
				                            .input = &input };
			struct deal next;
			ent_error_clear(&deal.error);
			ent_plan_begin(&deal.plan, &deal.arena, ENT_OPERATION_RENEW,
			               (ent_instant){ deal.contract.ends_on.day * ENT_DAY_US },
			               &ent_zone_utc);
			CHECK_INT(ent_plan_renew(&deal.plan, &renewal, &deal.error), ENT_OK);
			deal_apply(&deal, (ent_id){ -1 }, &next);
			CHECK_INT(next.contract.starts_on.day,
			          ent_date_add_months(anchor, n * months).day);
			CHECK_INT(next.contract.ends_on.day,
			          ent_date_add_months(anchor, (n + 1) * months).day - 1);
			CHECK_INT(next.contract.starts_on.day, deal.contract.ends_on.day + 1);
			deal = next;
			deal.holding.contract = &deal.contract;
			deal.arena = test_arena();
			deal.holding.line_count = 0;
			deal.holding.lines = ENT_NEW(&deal.arena, struct ent_contract_line, 2);
			deal_line(&deal, ENT_ID_NONE, "a", 1, 10, NULL, NULL);
		}
	}
}

/* ---- merges ---- */

/* Lines, entitlements and coverage, some over, some ahead. */
static void fill(struct deal *deal, uint64_t *seed)
{
	static const char *const first[] = { NULL, "2025-03-01", "2025-09-01" };
	static const char *const last[] = { NULL, "2025-05-31", "2025-10-31" };
	for (int i = 0; i < 6; i++) {
		const char *begins = first[below(seed, 3)];
		const char *ends = begins != NULL && begins[6] == '9' ? NULL : last[below(seed, 3)];
		struct ent_contract_line *line =
			deal_line(deal, ENT_ID_NONE, i % 2 == 0 ? "a" : "b", 1 + below(seed, 9),
		                  below(seed, 50), begins, ends);
		if (below(seed, 2) == 0) {
			deal_line(deal, line->id, "child", 1, 3, begins, ends);
		}
		struct ent_entitlement *e = deal_right(deal, line->id, 10);
		e->starts_on = line->starts_on;
		e->ends_on = line->ends_on;
		deal_cover(deal, line->id, ENT_ID_NONE, 900 + i);
	}
}

/* The line that an id of before stands for afterwards, with the days that it has. */
static const struct ent_contract_line *line_after(const struct deal *deal, ent_id id)
{
	for (size_t i = 0; i < deal->plan.count; i++) {
		const struct ent_contract_line *line = deal->plan.rows[i].after;
		if (deal->plan.rows[i].type == &ent_contract_line_type && ent_id_eq(line->id, id)) {
			return line;
		}
	}
	return NULL;
}

TEST(plan_random_merges_lose_nothing)
{
	uint64_t seed = 43;
	ent_date from = day("2025-07-01");
	for (int i = 0; i < CONTRACTS; i++) {
		struct deal deal;
		struct deal source;
		struct ent_input_contract_merge input;
		row(i, seed);
		deal_open(&deal, "2025-01-01", "2025-12-31", 20);
		fill(&deal, &seed);
		deal_open_in(&source, deal.arena, "2025-01-01", "2025-12-31", 20);
		source.next_id = 5000;
		source.contract.id.value = ++source.next_id;
		fill(&source, &seed);
		deal.arena = source.arena;
		ent_type_clear(&ent_input_contract_merge_type, &input);
		input.group_lines = below(&seed, 2) == 0;
		deal_today(&deal, ENT_OPERATION_MERGE, "2025-07-01");
		CHECK_INT(ent_plan_merge(&deal.plan, &deal.holding, &source.holding, 1, &input,
		                         &deal.error),
		          ENT_OK);
		for (size_t k = 0; k < source.holding.entitlement_count; k++) {
			const struct ent_entitlement *old = &source.holding.entitlements[k];
			const struct ent_entitlement *e = ent_plan_after(&deal.plan, old);
			bool over = old->ends_on.day < from.day;
			CHECK(ent_id_eq(e->contract_id,
			                over ? source.contract.id : deal.contract.id));
			CHECK_INT(e->ends_on.day, old->ends_on.day);
			if (!over) {
				const struct ent_contract_line *line =
					line_after(&deal, e->contract_line_id);
				CHECK(line != NULL && line->ends_on.day == e->ends_on.day);
				CHECK(line != NULL &&
				      ent_id_eq(line->contract_id, deal.contract.id));
			}
		}
		CHECK_INT(deal_rows(&deal, &ent_entitlement_type, true), 0);
		for (size_t k = 0; k < deal.plan.count; k++) {
			const struct ent_contract_line *line = deal.plan.rows[k].after;
			if (deal.plan.rows[k].type == &ent_contract_line_type) {
				CHECK(line->starts_on.day <= line->ends_on.day);
				CHECK(line->ends_on.day <= deal.contract.ends_on.day);
			}
		}
	}
}
