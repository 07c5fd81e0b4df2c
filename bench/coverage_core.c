/* coverage_core.c - how long the decision itself takes: an account with three
 * entitlements, with grants, lists and channels.
 *
 *     cc -O2 -std=c17 -D_GNU_SOURCE -Isrc bench/coverage_core.c src/core/?*.c src/base/?*.c
 */
#include "core/coverage.h"
#include "core/life.h"

#include <stdio.h>
#include <time.h>

enum { ROUNDS = 5000000 };

static struct ent_coverage_item items[3];
static struct ent_right rights[3];

static void make(const struct ent_entitlement_grant *grants,
                 struct ent_entitlement_channel *channels, const ent_id *products,
                 struct ent_arena *arena)
{
	for (int i = 0; i < 3; i++) {
		struct ent_entitlement *e = &items[i].entitlement;
		ent_type_clear(&ent_entitlement_type, e);
		e->id = (ent_id){ i + 1 };
		e->stage = ENT_STAGE_LIVE;
		e->starts_on = ent_date_make(2026, 1, 1);
		e->ends_on = ent_date_make(2026, 12, 31);
		ent_life_dates(e, &ent_zone_utc);
		e->unit = ENT_UNIT_CASES;
		e->total = (ent_count){ 100 };
		e->restricted = true;
		e->ledger_granted = 100;
		e->ledger_ends_at = ENT_INSTANT_END;
		e->channels = (struct ent_children){ channels, 2 };
		items[i].zone = &ent_zone_utc;
		items[i].contract.from = ENT_INSTANT_NONE;
		items[i].contract.until = ENT_INSTANT_NONE;
	}
	items[0].entitlement.grants =
		(struct ent_children){ (void *)(uintptr_t)grants, 3 };
	items[1].entitlement.products = (struct ent_ids){ products, 3 };
	items[1].entitlement.contacts = (struct ent_ids){ products, 2 };
	items[2].entitlement.priority = 5;
	for (int i = 0; i < 3; i++) {
		ent_right_of(&items[i], arena, &rights[i]);
	}
}

int main(void)
{
	static const ent_id products[] = { { 11 }, { 12 }, { 13 } };
	static struct ent_entitlement_grant grants[3];
	static struct ent_entitlement_channel channels[2];
	struct ent_coverage_candidate room[3];
	struct ent_coverage_answer answer = { .candidates = room };
	struct ent_coverage_set set = { .account_id = { 1 }, .rights = rights, .count = 3 };
	const struct ent_coverage_set *sets[] = { &set };
	struct ent_coverage_ask ask = {
		.at = { ent_date_make(2026, 6, 1).day * ENT_DAY_US }, .units = 1,
		.contact_id = { 12 }, .channel = ENT_STR("phone"),
		.products = { products + 1, 2 },
	};
	struct timespec begin, end;
	uint64_t sum = 0;
	channels[0].channel = ENT_STR("email");
	channels[1].channel = ENT_STR("phone");
	channels[0].total = channels[1].total = (ent_count){ 50 };
	for (int i = 0; i < 3; i++) {
		grants[i].product_id = products[i];
		grants[i].contact_id = products[i];
	}
	static char memory[4096];
	struct ent_budget budget = { .high = memory, .fail_at = -1 };
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	make(grants, channels, products, &arena);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (int i = 0; i < ROUNDS; i++) {
		ask.at.us += 1;
		ent_coverage_check(sets, 1, &ask, NULL, 0, &answer);
		sum += answer.chosen != NULL;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	double ns = (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
	printf("coverage check, 3 entitlements: %.0f ns (%llu covered, %s)\n", ns / ROUNDS,
	       (unsigned long long)sum, ent_choice_text(answer.rule));
	return 0;
}
