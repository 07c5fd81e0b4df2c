#include "expression_thing.h"

#define ENT_SELF thing_type

static const struct ent_field fields[] = {
	ENT_FIELD_ROW(struct thing, thing, id, KEY, 0, SIDE, "")
	ENT_FIELD_ROW(struct thing, thing, flag, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, number, OPTIONAL, -1, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, amount, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, word, OPTIONAL, 40, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, day, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, at, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, span, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, rate, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, price, OPTIONAL, 0, LIST, "")
	ENT_ENUM_ROW(struct thing, case_priority, priority, OPTIONAL, LIST, "")
	ENT_ENUM_ROW(struct thing, case_state, state, OPTIONAL, LIST, "")
	ENT_REF_ROW(struct thing, product, product, OPTIONAL, LIST, "")
	ENT_REFS_ROW(struct thing, product, products, OPTIONAL, 10, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, scopes, OPTIONAL, 10, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, metadata, OPTIONAL, 10, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, raw, OPTIONAL, 0, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, secret, HIDDEN, 0, NONE, "")
	ENT_FIELD_ROW(struct thing, thing, computed, DERIVED, 0, LIST, "")
	ENT_FIELD_ROW(struct thing, thing, in, OPTIONAL, 0, LIST, "")
};

const struct ent_type thing_type = { .name = "thing",
	                             .prefix = "thg",
	                             .fields = fields,
	                             .count = ENT_COUNT(fields),
	                             .size = sizeof(struct thing) };

/* All of them; only DERIVED ones are looked for. */
static const struct ent_set all = { { ~UINT64_C(0), ~UINT64_C(0) } };

static const struct ent_expression_root roots[] = {
	{ "thing", &thing_type, NULL },
	{ "other", &thing_type, &all },
	{ "account", &ent_account_type, NULL },
};

const struct ent_expression_scope thing_scope = { roots, ENT_COUNT(roots) };
