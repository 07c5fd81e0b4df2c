/* sample.h - a described type with every kind and every rule. */
#ifndef ENT_TESTS_JSON_SAMPLE_H
#define ENT_TESTS_JSON_SAMPLE_H

#include "core/type.h"
#include "json/json.h"
#include "test.h"

struct part {
	ent_id id;
	ent_str name;
	ent_count total;
	int64_t used;
	ent_count left;
};

struct sample {
	ent_id id;
	int64_t version;
	ent_id account_id;
	ent_str origin;
	ent_str title;
	bool flag;
	int64_t size;
	int64_t balance;
	ent_count quantity;
	ent_date starts_on;
	ent_instant due_at;
	ent_duration term;
	ent_decimal rate;
	ent_money price;
	enum ent_term_unit unit;
	ent_id product_id;
	struct ent_ids products;
	struct ent_words scopes;
	struct ent_map metadata;
	struct ent_children parts;
	struct ent_json changes;
	ent_str secret;
	ent_str secret_hash;
	ent_count remaining;
};

extern const struct ent_type part_type;
extern const struct ent_type sample_type;

/* Read `text` into *object. The result, in arena: the fields given as JSON, or what
 * was noted, "code pointer [value] remedy" each in a line. */
const char *sample_read(const char *text, enum ent_json_use use, struct sample *object,
                        struct ent_arena *arena);

/* The same into an object that holds nothing. */
const char *sample_read_new(const char *text, enum ent_json_use use, struct ent_arena *arena);

#endif
