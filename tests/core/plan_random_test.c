/* Plans of random contracts: what holds of all of them. */
#include "core/contract_check.h"

#include "holding.h"

enum { CONTRACTS = 2000 };

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
