#include "core/expression_inner.h"

/* The grammar, by recursive descent: `or` of `and` of `not` of tests. */

static struct ent_branch *parse_or(struct ent_compiling *c);

static bool count_node(struct ent_compiling *c)
{
	if (++c->nodes > ENT_EXPRESSION_NODES) {
		ent_fault_grammar(c, ENT_E_LIMIT,
		                  "use at most 200 tests, and, or and not together");
	}
	return !c->is_lost;
}

static bool take(struct ent_compiling *c, const char *text)
{
	if (c->is_lost || !ent_token_is(&c->now, text)) {
		return false;
	}
	ent_scan(c);
	return true;
}

/* ---- tests ---- */

static bool is_literal(const struct ent_token *token)
{
	return token->form == ENT_TOKEN_TEXT || token->form == ENT_TOKEN_NUMBER ||
	       ent_token_is(token, "null") || ent_token_is(token, "true") ||
	       ent_token_is(token, "false");
}

static void parse_side(struct ent_compiling *c, struct ent_side *side)
{
	*side = (struct ent_side){ .at = c->now.at, .length = c->now.length };
	if (is_literal(&c->now)) {
		side->literal = c->now;
		ent_scan(c);
	} else if (c->now.form == ENT_TOKEN_WORD && !ent_token_is_reserved(c->now.text)) {
		side->is_field = true;
		ent_bind_name(c, side);
	} else if (c->now.form == ENT_TOKEN_END) {
		ent_fault_grammar(c, ENT_E_SYNTAX, "a field or a value is missing here");
	} else {
		ent_fault_grammar(c, ENT_E_SYNTAX, "give a field or a value here");
	}
}

/* What stands behind `in`: (…, …). */
static struct ent_test *parse_in(struct ent_compiling *c, bool negated, struct ent_side *left)
{
	struct ent_side sides[ENT_EXPRESSION_LIST];
	size_t count = 0;
	if (!take(c, "(")) {
		ent_fault_grammar(c, ENT_E_SYNTAX, "give a list of values: (\"a\", \"b\")");
		return NULL;
	}
	do {
		if (count == ENT_EXPRESSION_LIST) {
			ent_fault_grammar(c, ENT_E_LIMIT, "give at most 100 values");
			return NULL;
		}
		if (!is_literal(&c->now)) {
			ent_fault_grammar(c, ENT_E_SYNTAX, "give a value here, texts in quotes");
			return NULL;
		}
		parse_side(c, &sides[count++]);
	} while (take(c, ","));
	if (!take(c, ")")) {
		ent_fault_grammar(c, ENT_E_SYNTAX, "close the list with ) or go on with a comma");
		return NULL;
	}
	return ent_bind_test(c, ENT_TEST_IN, negated, left, sides, count);
}

static const struct {
	const char *text;
	enum ent_test_op op;
	bool negated;
} operators[] = {
	{ "=", ENT_TEST_EQUAL, false },   { "==", ENT_TEST_EQUAL, false },
	{ "!=", ENT_TEST_EQUAL, true },   { "<>", ENT_TEST_EQUAL, true },
	{ "<", ENT_TEST_LESS, false },    { "<=", ENT_TEST_AT_MOST, false },
	{ ">", ENT_TEST_GREATER, false }, { ">=", ENT_TEST_AT_LEAST, false },
};

static const struct {
	const char *text;
	enum ent_test_op op;
} words[] = {
	{ "in", ENT_TEST_IN },
	{ "contains", ENT_TEST_CONTAINS },
	{ "starts_with", ENT_TEST_STARTS },
	{ "ends_with", ENT_TEST_ENDS },
};

static bool is_ended(const struct ent_token *token)
{
	return token->form == ENT_TOKEN_END || ent_token_is(token, ")") ||
	       ent_token_is(token, "and") || ent_token_is(token, "or");
}

/* Can it stand alone? */
static bool is_boolean(const struct ent_side *side)
{
	if (side->is_field) {
		return !side->is_bad && side->operand.kind == ENT_K_BOOL;
	}
	return ent_token_is(&side->literal, "true") || ent_token_is(&side->literal, "false");
}

/* What follows one operand: `is null`, `in (…)`, `= …`, or nothing. */
static struct ent_test *parse_rest(struct ent_compiling *c, struct ent_side *left)
{
	struct ent_side right;
	if (take(c, "is")) {
		bool negated = take(c, "not");
		if (!take(c, "null")) {
			ent_fault_grammar(c, ENT_E_SYNTAX,
			                  "write is null or is not null; a value is compared by =");
		}
		return ent_bind_test(c, ENT_TEST_NULL, negated, left, NULL, 0);
	}
	for (size_t i = 0; i < ENT_COUNT(operators); i++) {
		if (take(c, operators[i].text)) {
			parse_side(c, &right);
			return ent_bind_test(c, operators[i].op, operators[i].negated, left, &right,
			                     1);
		}
	}
	bool negated = take(c, "not");
	for (size_t i = 0; i < ENT_COUNT(words); i++) {
		if (!take(c, words[i].text)) {
			continue;
		}
		if (words[i].op == ENT_TEST_IN) {
			return parse_in(c, negated, left);
		}
		parse_side(c, &right);
		return ent_bind_test(c, words[i].op, negated, left, &right, 1);
	}
	if (negated) {
		ent_fault_grammar(c, ENT_E_SYNTAX,
		                  "behind not write in, contains, starts_with or ends_with");
	}
	if (!is_boolean(left) && !is_ended(&c->now)) {
		ent_fault_grammar(c, ENT_E_SYNTAX,
		                  "write an operator here: =, !=, <, in, contains, is null");
	}
	return ent_bind_test(c, ENT_TEST_YES, false, left, NULL, 0);
}

static struct ent_branch *parse_test(struct ent_compiling *c)
{
	struct ent_side left;
	if (!count_node(c)) {
		return NULL;
	}
	parse_side(c, &left);
	struct ent_test *test = c->is_lost ? NULL : parse_rest(c, &left);
	if (test == NULL) {
		return NULL;
	}
	struct ent_branch *branch = ENT_NEW(c->arena, struct ent_branch, 1);
	branch->test = test;
	c->tests++;
	return branch;
}

/* ---- not, and, or ---- */

/* A parenthesis or what follows `not`. */
static struct ent_branch *parse_inner(struct ent_compiling *c,
                                      struct ent_branch *(*parse)(struct ent_compiling *c))
{
	if (++c->depth > ENT_EXPRESSION_DEPTH) {
		ent_fault_grammar(c, ENT_E_LIMIT, "nest parentheses and not at most 20 deep");
		return NULL;
	}
	struct ent_branch *branch = parse(c);
	c->depth--;
	return branch;
}

static struct ent_branch *parse_not(struct ent_compiling *c)
{
	if (take(c, "(")) {
		struct ent_branch *branch = parse_inner(c, parse_or);
		if (!take(c, ")")) {
			ent_fault_grammar(c, ENT_E_SYNTAX,
			                  "write and, or, or close the parenthesis with )");
		}
		return branch;
	}
	if (!take(c, "not")) {
		return parse_test(c);
	}
	if (!count_node(c)) {
		return NULL;
	}
	struct ent_branch *child = parse_inner(c, parse_not);
	if (child == NULL || child->form == ENT_BRANCH_NOT) {
		return child == NULL ? NULL : child->children; /* not not x is x */
	}
	struct ent_branch *branch = ENT_NEW(c->arena, struct ent_branch, 1);
	branch->form = ENT_BRANCH_NOT;
	branch->children = child;
	return branch;
}

/* One level of `word`. What is nested in it by the same word becomes part of it. */
static struct ent_branch *parse_level(struct ent_compiling *c, const char *word,
                                      enum ent_branch_form form,
                                      struct ent_branch *(*parse)(struct ent_compiling *c))
{
	struct ent_branch *parent = ENT_NEW(c->arena, struct ent_branch, 1);
	struct ent_branch **link = &parent->children;
	bool is_whole = true;
	parent->form = form;
	do {
		struct ent_branch *child = parse(c);
		is_whole = is_whole && child != NULL;
		if (child != NULL) {
			*link = child->form == form ? child->children : child;
		}
		while (*link != NULL) {
			link = &(*link)->next;
		}
	} while (take(c, word) && count_node(c));
	if (!is_whole) {
		return NULL;
	}
	return parent->children->next == NULL ? parent->children : parent;
}

static struct ent_branch *parse_and(struct ent_compiling *c)
{
	return parse_level(c, "and", ENT_BRANCH_AND, parse_not);
}

static struct ent_branch *parse_or(struct ent_compiling *c)
{
	return parse_level(c, "or", ENT_BRANCH_OR, parse_and);
}

static struct ent_branch *parse_whole(struct ent_compiling *c)
{
	if (!ent_str_is_text(c->text)) {
		c->text.len = 0;
		ent_fault_grammar(c, ENT_E_SYNTAX, "this is not UTF-8 text");
	} else if (ent_str_characters(c->text) > ENT_EXPRESSION_CHARACTERS) {
		ent_fault_grammar(c, ENT_E_LIMIT, "use at most 2000 characters");
	}
	ent_scan(c);
	if (c->now.form == ENT_TOKEN_END) {
		ent_fault_grammar(c, ENT_E_REQUIRED, "the expression is empty");
	}
	struct ent_branch *whole = c->is_lost ? NULL : parse_or(c);
	if (c->now.form != ENT_TOKEN_END) {
		ent_fault_grammar(c, ENT_E_SYNTAX,
		                  ent_token_is(&c->now, ")")
		                          ? "no parenthesis is open here"
		                          : "write and, or, or end the expression here");
	}
	return c->faults->count > 0 ? NULL : whole;
}

/* ---- the tree as a chain of tests ---- */

/* Number the tests in the order of the text. */
static void lay_out(struct ent_branch *branch, struct ent_test *tests, struct ent_expression *e)
{
	branch->first = e->test_count;
	e->branch_count++;
	if (branch->form == ENT_BRANCH_TEST) {
		tests[e->test_count] = *branch->test;
		branch->test = &tests[e->test_count++];
	}
	for (struct ent_branch *child = branch->children; child != NULL; child = child->next) {
		lay_out(child, tests, e);
	}
}

/* Where each test goes on: the next one that can still change the result. */
static void connect(const struct ent_branch *branch, uint16_t yes, uint16_t no)
{
	if (branch->form == ENT_BRANCH_TEST) {
		branch->test->yes = yes;
		branch->test->no = no;
		return;
	}
	for (const struct ent_branch *child = branch->children; child != NULL;
	     child = child->next) {
		uint16_t next = child->next == NULL ? 0 : (uint16_t)child->next->first;
		if (branch->form == ENT_BRANCH_NOT) {
			connect(child, no, yes);
		} else if (child->next == NULL) {
			connect(child, yes, no);
		} else if (branch->form == ENT_BRANCH_AND) {
			connect(child, next, no);
		} else {
			connect(child, yes, next);
		}
	}
}

bool ent_expression_check(ent_str text, const struct ent_expression_scope *scope,
                          struct ent_arena *arena, const struct ent_expression **out,
                          struct ent_expression_faults *faults)
{
	assert(scope->count > 0 && scope->count <= ENT_EXPRESSION_ROOTS);
	struct ent_compiling c = { .text = text,
		                   .scope = scope,
		                   .arena = arena,
		                   .faults = faults,
		                   .reads = ENT_NEW(arena, struct ent_set, scope->count) };
	faults->count = 0;
	*out = NULL;
	struct ent_branch *whole = parse_whole(&c);
	if (whole == NULL) {
		assert(faults->count > 0);
		return false;
	}
	struct ent_expression *e = ENT_NEW(arena, struct ent_expression, 1);
	struct ent_test *tests = ENT_NEW(arena, struct ent_test, c.tests);
	*e = (struct ent_expression){
		.scope = *scope, .tests = tests, .whole = whole, .reads = c.reads
	};
	lay_out(whole, tests, e);
	connect(whole, ENT_GOAL_TRUE, ENT_GOAL_FALSE);
	*out = e;
	return true;
}

enum ent_code ent_expression_compile(ent_str text, const struct ent_expression_scope *scope,
                                     struct ent_arena *arena, const struct ent_expression **out,
                                     struct ent_error *error)
{
	struct ent_expression_faults faults;
	bool is_good = ent_expression_check(text, scope, arena, out, &faults);
	for (size_t i = 0; i < faults.count; i++) {
		const struct ent_expression_fault *f = &faults.items[i];
		const char *reason = f->reason.ptr;
		if (f->line == 1) {
			ent_note(error, f->code, "", f->found, "at %zu: %s", f->column, reason);
		} else {
			ent_note(error, f->code, "", f->found, "at line %zu, %zu: %s", f->line,
			         f->column, reason);
		}
	}
	return is_good ? ENT_OK : ent_noted(error);
}

const struct ent_set *ent_expression_reads(const struct ent_expression *e, size_t root)
{
	assert(root < e->scope.count);
	return &e->reads[root];
}

bool ent_expression_eval(const struct ent_expression *e, const void *const *objects)
{
	size_t at = 0;
	do {
		const struct ent_test *test = &e->tests[at];
		at = ent_test_run(test, objects) ? test->yes : test->no;
	} while (at < ENT_GOAL_FALSE);
	return at == ENT_GOAL_TRUE;
}
