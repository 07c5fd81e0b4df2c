/* expression_thing.h - a record with a field of every kind, for tests of expressions. */
#ifndef ENT_TESTS_CORE_EXPRESSION_THING_H
#define ENT_TESTS_CORE_EXPRESSION_THING_H

#include "core/expression.h"
#include "core/type.h"

struct thing {
	ent_id id;
	bool flag;
	int64_t number;
	ent_count amount;
	ent_str word;
	ent_date day;
	ent_instant at;
	ent_duration span;
	ent_decimal rate;
	ent_money price;
	unsigned priority;
	unsigned state;
	ent_id product;
	struct ent_ids products;
	struct ent_words scopes;
	struct ent_map metadata;
	struct ent_json raw;
	ent_str secret;
	int64_t computed;
	ent_str in; /* a reserved word */
};

extern const struct ent_type thing_type;

/* Roots "thing", "other" (with the computed field), "account". */
extern const struct ent_expression_scope thing_scope;

#endif
