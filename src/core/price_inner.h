/* price_inner.h - what the files of the arithmetic of prices share. */
#ifndef ENT_CORE_PRICE_INNER_H
#define ENT_CORE_PRICE_INNER_H

#include "core/price_renew.h"

/* Add a step, whose factor ent_price_factor() made. Both do nothing if steps is NULL. */
void ent_price_explain(struct ent_price_steps *steps, struct ent_price_step step);
ent_str ent_price_factor(const struct ent_price_steps *steps, const char *before,
                         ent_decimal decimal, const char *after);
/* The same of a fraction: "× 2 10/31". */
ent_str ent_price_factor_of(const struct ent_price_steps *steps, const char *before,
                            struct ent_fraction f);
ent_str ent_price_mixed(struct ent_fraction f, const char *before, struct ent_arena *arena);

/* RANGE: a result is no amount. */
enum ent_code ent_price_overflow(struct ent_error *error, const char *pointer);
/* RANGE: a value is not of 0 to `most`. NONE is in every range. Notes it. */
bool ent_price_in_range(ent_decimal value, int64_t most, const char *pointer,
                        struct ent_error *error);

/* REQUIRED: months of a period that is in months. Notes it under "/period_months". */
void ent_price_check_rate(enum ent_price_period period, ent_count months, struct ent_error *error);

struct ent_price_rate ent_price_line_rate(const struct ent_price_line *line);
/* The day that its periods are counted from; none where it has no first day. */
ent_date ent_price_line_anchor(const struct ent_price_line *line);

/* The price of one of the line for `quantity`, after `raises` raises of its ramp. */
ENT_CHECK enum ent_code ent_price_unit(const struct ent_price_line *line, ent_decimal quantity,
                                       int32_t raises, const struct ent_pricing *pricing,
                                       ent_decimal *out, struct ent_error *error);

/* What it makes of `quantity` at `unit`: what is paid a month, a year, in `periods`. */
struct ent_price_sums {
	ent_decimal mrr, arr, net;
};
ENT_CHECK enum ent_code ent_price_sum(const struct ent_price_line *line, ent_decimal unit,
                                      ent_decimal quantity, struct ent_fraction periods,
                                      const struct ent_pricing *pricing, struct ent_price_sums *out,
                                      struct ent_error *error);

/* ent_price_ramp() of a line that was checked, for another quantity. */
ENT_CHECK enum ent_code ent_price_steps_of(const struct ent_price_line *line, ent_decimal quantity,
                                           const struct ent_pricing *pricing,
                                           struct ent_children *segments, struct ent_error *error);

/* Is what is needed of the line there and in its range? ent_noted() is the caller's. */
void ent_price_check(const struct ent_price_line *line, struct ent_error *error);

/* ent_price_own() under rules that were checked. */
ENT_CHECK enum ent_code ent_price_own_line(const struct ent_price_line *line, ent_decimal quantity,
                                       const struct ent_pricing *pricing,
                                       struct ent_price_result *out, struct ent_error *error);

#endif
