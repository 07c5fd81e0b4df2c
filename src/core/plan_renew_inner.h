/* plan_renew_inner.h - what the files of renewals share. */
#ifndef ENT_CORE_PLAN_RENEW_INNER_H
#define ENT_CORE_PLAN_RENEW_INNER_H

#include "core/plan_contract.h"
#include "core/plan_tree.h"

struct renewed_days {
	struct ent_days days;
	ent_date anchor;
	int64_t gap; /* days between the old end and the new first day; negative: early */
	bool is_early;
};

struct renewing {
	struct ent_plan *plan;
	const struct ent_plan_renewal *asked;
	const struct ent_contract *old;
	bool in_place; /* lines of it; else it is renewed as a whole */
	struct ent_error *error;
	struct ent_plan_tree tree; /* chosen: takes part */
	struct renewed_days whole;
	struct renewed_days *days;        /* of each line */
	struct ent_contract_line **there; /* in the draft that it is renewed into, or NULL */
	bool *renewed;                    /* lines that another line of the contract renews */
	size_t disconnected, retired;
	size_t one_time;
	size_t *first;  /* of each line, the one that stands for it: itself, unless consolidated */
	size_t *next;   /* the next one that the same line stands for; their number: none */
	size_t members; /* the most that one line stands for */
};

/* What is over before today, or before its end where that has passed, is not renewed. */
ent_date ent_renewing_bound(const struct renewing *r, ent_date last);

/* Lines that the draft has already; those that take no part any more are cancelled in it. */
void ent_renewing_find_there(struct renewing *r);

/* Of an entitlement or a coverage row: what it is under. */
struct renewed_owner {
	ent_id contract, line;
	ent_id id;
};

/* The days of what is made for it; NULL: nothing is, or it is there in the draft. *old_last is
 * when the owner ends. */
const struct renewed_days *ent_renewing_days_of(const struct renewing *r,
                                                const struct renewed_owner *owner,
                                                ent_date *old_last);
bool ent_renewing_is_over(const struct renewing *r, ent_date last, ent_date owner_last);
/* The line that takes the place of this one in what is made; none: none does. */
ent_id ent_renewing_made_for(const struct renewing *r, ent_id line);

/* Coverage of what is made; `rights` are the entitlements made of the old ones, in their order. */
void ent_renewing_cover(struct renewing *r, const struct ent_contract *contract,
                        const ent_id *rights);

/* The draft's header and lines as a new renewal would make them, but for what is kept. */
const struct ent_contract *ent_renewing_follow_header(struct renewing *r);
ENT_CHECK enum ent_code ent_renewing_follow_line(struct renewing *r, size_t line);
void ent_renewing_follow_derived(struct renewing *r);
/* The entitlement of the draft that renews this one, likewise; none: there is none. If the old one
 * is gone or takes no part any more, it is cancelled. */
ent_id ent_renewing_follow_right(struct renewing *r, const struct ent_entitlement *old,
                                 const struct ent_contract *contract, bool gone);
/* Somebody gave the draft days of its own. */
bool ent_renewing_keeps_days(const struct renewing *r);

/* All is judged: make the rows. */
ENT_CHECK enum ent_code ent_renewing_make(struct renewing *r);

/* The price of one and the quantity of a line that was made for it and those like it. */
ENT_CHECK enum ent_code ent_renewing_price(struct renewing *r, size_t line,
                                           struct ent_contract_line *made);

#endif
