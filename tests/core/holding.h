/* holding.h - what the tests of plans share: holdings made in a few words. */
#ifndef ENT_TESTS_CORE_HOLDING_H
#define ENT_TESTS_CORE_HOLDING_H

#include "core/contract_price.h"
#include "core/plan_contract.h"

#include "rules.h"

struct deal {
	struct ent_arena arena;
	struct ent_error error;
	struct ent_plan plan;
	struct ent_contract contract;
	struct ent_holding holding;
	int64_t next_id;
};

/* A live contract in EUR with room for so many of each. The first id of what is in it. */
void deal_open_in(struct deal *deal, struct ent_arena arena, const char *starts_on,
                  const char *ends_on, size_t room);
void deal_open(struct deal *deal, const char *starts_on, const char *ends_on, size_t room);
/* The plan of today, empty. */
void deal_today(struct deal *deal, enum ent_contract_operation_kind kind, const char *today);

/* A line of so many at this price a month, below `parent` (none: at the top), on the contract's
 * days where there are none. */
struct ent_contract_line *deal_line(struct deal *deal, ent_id parent, const char *name,
                                    int64_t quantity, int64_t price, const char *starts_on,
                                    const char *ends_on);
struct ent_entitlement *deal_right(struct deal *deal, ent_id line, int64_t total);
struct ent_contract_coverage *deal_cover(struct deal *deal, ent_id line, ent_id right,
                                         int64_t asset);

/* What the plan makes or changes of this type, in order; NULL: no more. */
const struct ent_plan_row *deal_row(const struct deal *deal, const struct ent_type *type, bool made,
                                    size_t n);
size_t deal_rows(const struct deal *deal, const struct ent_type *type, bool made);
struct ent_contract_line *deal_made_line(const struct deal *deal, size_t n);

/* "renew_already /lines/0 | …", in the order noted. */
const char *deal_faults(const struct deal *deal);
const char *deal_warnings(const struct deal *deal);

/* The holding as it is once the plan is written: records of `contract` only, ids given. */
void deal_apply(struct deal *deal, ent_id contract, struct deal *after);

/* What the holding costs, as of a day; its memory is the deal's. */
void deal_price(struct deal *deal, ent_date on, struct ent_contract_price *out);

#endif
