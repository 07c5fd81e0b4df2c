/* contract_nest_inner.h - what contract_nest.c reads and contract_nest_insert.c inserts. */
#ifndef ENT_APP_CONTRACT_NEST_INNER_H
#define ENT_APP_CONTRACT_NEST_INNER_H

#include "app/contract_nest.h"

struct nested_line {
	struct ent_contract_line line;
	const struct ent_contract_line *root; /* maybe itself */
	const char *pointer;
	struct nested_line *next;
};

struct nested_cover {
	struct ent_contract_coverage row;
	struct ent_days owner;
	const char *pointer;
	struct nested_cover *next;
};

struct nested_right {
	struct ent_entitlement entitlement;
	const char *pointer;
	struct nested_right *next;
};

/* Lists in the order of the input. */
struct ent_nest {
	struct nested_line *lines, **last_line;
	struct nested_cover *covers, **last_cover;
	struct nested_right *rights, **last_right;
	size_t line_count, cover_count, right_count;
	bool covers_contract;
	bool is_reading;
};

#endif
