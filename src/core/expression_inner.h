/* expression_inner.h - between the files of expression*.c only. */
#ifndef ENT_CORE_EXPRESSION_INNER_H
#define ENT_CORE_EXPRESSION_INNER_H

#include "core/expression.h"

/* ---- text to tokens ---- */

enum ent_token_form {
	ENT_TOKEN_END,
	ENT_TOKEN_WORD,
	ENT_TOKEN_TEXT,
	ENT_TOKEN_NUMBER,
	ENT_TOKEN_MARK
};

struct ent_token {
	enum ent_token_form form;
	size_t at, length; /* where it stands, quotes included */
	ent_str text;      /* what it says; a TEXT without quotes and escapes */
};

/* ---- the compiled form ---- */

enum ent_test_op {
	ENT_TEST_TRUE, /* always */
	ENT_TEST_YES,  /* the field is true */
	ENT_TEST_NULL,
	ENT_TEST_EQUAL,
	ENT_TEST_LESS,
	ENT_TEST_AT_MOST,
	ENT_TEST_GREATER,
	ENT_TEST_AT_LEAST,
	ENT_TEST_IN,
	ENT_TEST_HAS, /* a list contains */
	ENT_TEST_CONTAINS,
	ENT_TEST_STARTS,
	ENT_TEST_ENDS
};

/* What a value is while it is compared. */
enum ent_test_sort {
	ENT_SORT_NUMBER, /* BOOL, INT, COUNT, DECIMAL, ID, DATE, INSTANT, ENUM */
	ENT_SORT_TEXT,
	ENT_SORT_MONEY,
	ENT_SORT_DURATION,
	ENT_SORT_IDS,
	ENT_SORT_WORDS,
	ENT_SORT_NONE /* cannot be read */
};

struct ent_operand {
	size_t root;
	const struct ent_field *field;
	size_t offset; /* of the field */
	enum ent_kind kind;
	enum ent_test_sort sort;
	const uint8_t *ranks; /* of an ordered ENUM */
	ent_str key;          /* of a MAP */
};

struct ent_slot {
	int64_t number;
	ent_str text; /* of MONEY the currency */
	ent_duration duration;
	const void *list;
};

struct ent_literal {
	struct ent_slot value;
	ent_str shown;         /* as it is written, quotes included */
	const uint16_t *links; /* of CONTAINS: Knuth, Morris and Pratt's table */
};

/* A test goes on at `yes` or at `no`: the number of a test, or an end. */
enum { ENT_GOAL_FALSE = UINT16_MAX - 1, ENT_GOAL_TRUE = UINT16_MAX };

struct ent_test {
	enum ent_test_op op;
	bool negated; /* !=, not in, is not null, not contains … */
	bool is_between_fields;
	uint16_t yes, no;
	struct ent_operand left;
	struct ent_operand right;
	const struct ent_literal *literals;
	size_t count;
};

enum ent_branch_form { ENT_BRANCH_TEST, ENT_BRANCH_AND, ENT_BRANCH_OR, ENT_BRANCH_NOT };

struct ent_branch {
	enum ent_branch_form form;
	size_t first;                /* the number of its first test */
	struct ent_test *test;       /* TEST */
	struct ent_branch *children; /* the others */
	struct ent_branch *next;
};

struct ent_expression {
	struct ent_expression_scope scope;
	const struct ent_test *tests; /* in the order of the text */
	size_t test_count;
	size_t branch_count;
	const struct ent_branch *whole;
	const struct ent_set *reads;
};

/* ---- compiling ---- */

struct ent_compiling {
	ent_str text;
	size_t next; /* where the next token is looked for */
	struct ent_token now;
	const struct ent_expression_scope *scope;
	struct ent_arena *arena;
	struct ent_expression_faults *faults;
	struct ent_set *reads;
	size_t nodes, depth, tests;
	bool is_lost; /* a fault of grammar: nothing more is read */
};

/* What stands at one side of a comparison. */
struct ent_side {
	bool is_field, is_bad;
	struct ent_operand operand;
	struct ent_token literal; /* null, true and false are WORDs */
	size_t at, length;
};

/* Read the next token into c->now. */
void ent_scan(struct ent_compiling *c);
bool ent_token_is(const struct ent_token *token,
                  const char *text); /* a MARK, or a WORD in any case */
char ent_fold(char c);               /* A-Z to a-z */
bool ent_token_is_reserved(ent_str word);

void ent_fault_at(struct ent_compiling *c, enum ent_code code, size_t at, size_t length,
                  ent_str reason);
/* The same and stop. */
void ent_fault_grammar(struct ent_compiling *c, enum ent_code code, const char *reason);

/* Read a name at c->now and find its field; what is wrong with it is noted. */
void ent_bind_name(struct ent_compiling *c, struct ent_side *side);
/* Make a test of what was read; NULL after a fault. */
struct ent_test *ent_bind_test(struct ent_compiling *c, enum ent_test_op op, bool negated,
                               struct ent_side *left, struct ent_side *rights, size_t count);
/* The literal as a value of the field; false and noted if it is none. */
bool ent_bind_literal(struct ent_compiling *c, const struct ent_operand *operand,
                      const struct ent_side *side, struct ent_literal *out);

/* ---- evaluating ---- */

/* False if there is none. */
bool ent_operand_load(const struct ent_operand *operand, const void *const *objects,
                      struct ent_slot *out);
bool ent_test_run(const struct ent_test *test, const void *const *objects);

/* ---- printing ---- */

/* "account.tier" */
void ent_operand_print(const struct ent_expression_scope *scope, const struct ent_operand *operand,
                       struct ent_text *out);
void ent_quote(struct ent_text *out, ent_str text);

#endif
