/* Coverage rows of a plan are found as a search through all of them finds them. */
#include "core/plan_cover.h"

#include "test.h"

static int64_t some_id(uint64_t *seed)
{
	return (int64_t)test_random(seed, 4); /* 0: none */
}

static bool is_like(const struct ent_contract_coverage *a, const struct ent_contract_coverage *b)
{
	return a->contract_id.value == b->contract_id.value &&
	       a->contract_line_id.value == b->contract_line_id.value &&
	       a->entitlement_id.value == b->entitlement_id.value &&
	       a->asset_id.value == b->asset_id.value && a->product_id.value == b->product_id.value;
}

TEST(plan_cover_finds_what_a_search_finds)
{
	enum { ROWS = 1500 };
	uint64_t seed = 7;
	struct ent_arena arena = test_arena();
	struct ent_plan_covers covers = ent_plan_covers_of(&arena, ROWS);
	struct ent_contract_coverage *rows = ENT_NEW(&arena, struct ent_contract_coverage, ROWS);
	size_t found = 0;
	for (size_t i = 0; i < ROWS; i++) {
		struct ent_contract_coverage *row = &rows[i];
		ent_type_clear(&ent_contract_coverage_type, row);
		row->contract_id.value = some_id(&seed);
		row->contract_line_id.value = -some_id(&seed);
		row->entitlement_id.value = some_id(&seed);
		row->asset_id.value = some_id(&seed);
		row->product_id.value = some_id(&seed);
		const struct ent_contract_coverage *first = NULL;
		for (size_t k = 0; k < i && first == NULL; k++) {
			first = is_like(&rows[k], row) ? &rows[k] : NULL;
		}
		CHECK(ent_plan_covers_find(&covers, row) == first);
		found += first != NULL;
		ent_plan_covers_add(&covers, row);
	}
	CHECK(found > ROWS / 4);
}
