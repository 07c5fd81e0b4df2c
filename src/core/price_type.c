#include "core/price_renew.h"

#define ENT_PRICE(name_)                                         \
	const struct ent_type ent_price_##name_##_type = {       \
		.name = "price_" #name_,                         \
		.fields = name_##_fields,                        \
		.count = ENT_COUNT(name_##_fields),              \
		.size = sizeof(struct ent_price_##name_),        \
		.label = "name",                                 \
		.search = "",                                    \
		.meaning = "A part of the arithmetic of prices", \
	};

#define ENT_STRUCT struct ent_price_tier
#define ENT_SELF ent_price_tier_type
static const struct ent_field tier_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/tier.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(tier)

#define ENT_STRUCT struct ent_price_segment
#define ENT_SELF ent_price_segment_type
static const struct ent_field segment_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/segment.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(segment)

#define ENT_STRUCT struct ent_price_line
#define ENT_SELF ent_price_line_type
static const struct ent_field line_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/line.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(line)

#define ENT_STRUCT struct ent_price_result
#define ENT_SELF ent_price_result_type
static const struct ent_field result_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/result.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(result)

#define ENT_STRUCT struct ent_price_totals
#define ENT_SELF ent_price_totals_type
static const struct ent_field totals_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/totals.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(totals)

#define ENT_STRUCT struct ent_price_rules
#define ENT_SELF ent_price_rules_type
static const struct ent_field rules_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/rules.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(rules)

#define ENT_STRUCT struct ent_price_step
#define ENT_SELF ent_price_step_type
static const struct ent_field step_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/step.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(step)

#define ENT_STRUCT struct ent_price_renewal
#define ENT_SELF ent_price_renewal_type
static const struct ent_field renewal_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/renewal.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(renewal)

#define ENT_STRUCT struct ent_price_renewed
#define ENT_SELF ent_price_renewed_type
static const struct ent_field renewed_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/renewed.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(renewed)

#define ENT_STRUCT struct ent_price_item
#define ENT_SELF ent_price_item_type
static const struct ent_field item_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/item.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(item)

#define ENT_STRUCT struct ent_price_blend
#define ENT_SELF ent_price_blend_type
static const struct ent_field blend_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/blend.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(blend)

#define ENT_STRUCT struct ent_price_source
#define ENT_SELF ent_price_source_type
static const struct ent_field source_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/source.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(source)

#define ENT_STRUCT struct ent_price_derived
#define ENT_SELF ent_price_derived_type
static const struct ent_field derived_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/derived.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(derived)

#define ENT_STRUCT struct ent_price_span
#define ENT_SELF ent_price_span_type
static const struct ent_field span_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/span.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(span)

#define ENT_STRUCT struct ent_price_delta
#define ENT_SELF ent_price_delta_type
static const struct ent_field delta_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/delta.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(delta)

#define ENT_STRUCT struct ent_price_tree
#define ENT_SELF ent_price_tree_type
static const struct ent_field tree_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/tree.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(tree)

#define ENT_STRUCT struct ent_price_items
#define ENT_SELF ent_price_items_type
static const struct ent_field items_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/items.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(items)

#define ENT_STRUCT struct ent_price_proration
#define ENT_SELF ent_price_proration_type
static const struct ent_field proration_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/proration.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(proration)

#define ENT_STRUCT struct ent_price_prorated
#define ENT_SELF ent_price_prorated_type
static const struct ent_field prorated_fields[] = {
#include "core/entity/as_row.h"
#include "core/price/prorated.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_PRICE(prorated)
