/* price_renew.h - prices that follow from other prices: renewed, blended, derived, compared.
 *
 * servicenow 4.5 and 4.7 to 4.10; docs/prices.md. Pure, amounts as in price.h. Pointers of errors
 * are those of the inputs' .def. A result that is no amount is RANGE.
 */
#ifndef ENT_CORE_PRICE_RENEW_H
#define ENT_CORE_PRICE_RENEW_H

#include "core/price.h"

struct ent_price_renewal {
#include "core/entity/as_member.h"
#include "core/price/renewal.def"
};

struct ent_price_renewed {
#include "core/entity/as_member.h"
#include "core/price/renewed.def"
};

struct ent_price_item {
#include "core/entity/as_member.h"
#include "core/price/item.def"
};

struct ent_price_items {
#include "core/entity/as_member.h"
#include "core/price/items.def"
};

struct ent_price_blend {
#include "core/entity/as_member.h"
#include "core/price/blend.def"
};

struct ent_price_source {
#include "core/entity/as_member.h"
#include "core/price/source.def"
};

struct ent_price_derived {
#include "core/entity/as_member.h"
#include "core/price/derived.def"
};

struct ent_price_span {
#include "core/entity/as_member.h"
#include "core/price/span.def"
};

struct ent_price_delta {
#include "core/entity/as_member.h"
#include "core/price/delta.def"
};

extern const struct ent_type ent_price_renewal_type;
extern const struct ent_type ent_price_renewed_type;
extern const struct ent_type ent_price_item_type;
extern const struct ent_type ent_price_items_type;
extern const struct ent_type ent_price_blend_type;
extern const struct ent_type ent_price_source_type;
extern const struct ent_type ent_price_derived_type;
extern const struct ent_type ent_price_span_type;
extern const struct ent_type ent_price_delta_type;

/* The price of one on renewal. On list_price: that, without uplift. On contracted_price: it and
 * its uplift, once or as many times as the term has years, begun ones counted, never compounded.
 * Of a ramp, in place of unit_price: the last step's price and uplift for the years of that step,
 * the first step's and uplift for the years of the whole, or the greater of the two.
 * REQUIRED (list_price, unit_price, …), RANGE. */
ENT_CHECK enum ent_code ent_price_renew(const struct ent_price_renewal *renewal,
                                        const struct ent_pricing *pricing,
                                        struct ent_price_renewed *out, struct ent_error *error);

/* The price of one of lines that become one: the mean, by quantity. "/items/3/quantity".
 * REQUIRED where there is no quantity at all. */
ENT_CHECK enum ent_code ent_price_blend(const struct ent_price_item *items, size_t count,
                                        const struct ent_pricing *pricing,
                                        struct ent_price_blend *out, struct ent_error *error);

/* The derived price of each span in which the same sources are in force, in order, in the
 * pricing's arena: struct ent_price_span. Days on which none is are left out. */
ENT_CHECK enum ent_code ent_price_derive(const struct ent_price_derived *derived,
                                         const struct ent_pricing *pricing,
                                         struct ent_children *spans, struct ent_error *error);

/* After, less before; unit_price is left none. False where a difference is no amount. */
ENT_CHECK bool ent_price_compare(const struct ent_price_totals *before,
                                 const struct ent_price_totals *after, struct ent_price_delta *out);

#endif
