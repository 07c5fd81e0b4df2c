/* chance.h - random contracts, and operations on them, for tests of what holds of all plans. */
#ifndef ENT_TESTS_CORE_CHANCE_H
#define ENT_TESTS_CORE_CHANCE_H

#include "holding.h"

enum { CHANCE_ROOM = 60, CHANCE_ASSETS = 3 };

/* All days are in some thousand from here on. */
ent_date chance_begin(void);

/* Two contracts, the second one for merges, and a day in the time of the first. */
struct chance {
	struct deal deal, other;
	struct ent_holding holdings[2];
	size_t count; /* of the contracts that the operation is about */
	ent_date from;
};

/* The contracts of this seed, which failures show. */
void chance_deal(struct chance *r, uint64_t seed);

/* What an operation does to the days that are covered, from its day on. */
enum chance_days { CHANCE_SAME, CHANCE_MORE, CHANCE_LESS, CHANCE_MOVED };

/* What it leaves as it is, besides what lines cost on the days that they keep: what all the
 * contracts cost on each day, or what one of a line costs that goes on as another. */
enum chance_keeps { CHANCE_KEEPS_NONE, CHANCE_KEEPS_ONE, CHANCE_KEEPS_ALL };

struct chance_operation {
	const char *name;
	enum ent_contract_operation_kind kind;
	enum ent_code (*plan)(struct chance *r, struct ent_error *error);
	enum chance_days days;
	enum chance_keeps keeps;
};
extern const struct chance_operation chance_operations[];
extern const size_t chance_operation_count;

/* Plan it on the contracts of this seed; false: it is refused there. */
bool chance_plan(struct chance *r, const struct chance_operation *operation, uint64_t seed);

#endif
