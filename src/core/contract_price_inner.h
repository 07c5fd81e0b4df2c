/* contract_price_inner.h - what the files of contract_price.h share. */
#ifndef ENT_CORE_CONTRACT_PRICE_INNER_H
#define ENT_CORE_CONTRACT_PRICE_INNER_H

#include "core/contract_price.h"
#include "core/price_inner.h"

struct ent_contract_work {
	const struct ent_contract_pricing *in;
	struct ent_contract_price *out;
	struct ent_price_rules rules;
	ent_decimal *quantities; /* with those above, where they count */
	struct ent_error *error;
};

static inline struct ent_pricing ent_contract_work_pricing(const struct ent_contract_work *w,
                                                           struct ent_line_price *price)
{
	return (struct ent_pricing){ &w->rules, w->in->arena,
		                     w->in->explain ? &price->steps : NULL };
}

/* What `run` costs from one day to another, counted from the line's first. */
ENT_CHECK bool ent_price_run_net(const struct ent_line_price *price,
                                 const struct ent_price_run *run, ent_date from, ent_date until,
                                 ent_decimal *out);

/* The price of a line that is a share of others, whose own prices are known. */
ENT_CHECK enum ent_code ent_contract_derive(const struct ent_contract_work *w, size_t at);

/* The sums by what lines are. */
ENT_CHECK bool ent_contract_price_kinds(const struct ent_contract_work *w);

#endif
