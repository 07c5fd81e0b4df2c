/* Expressions as text, and why one is true or false. */
#include "core/expression_inner.h"

void ent_quote(struct ent_text *out, ent_str text)
{
	ent_text_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '"' || c == '\\' || c == '\n' || c == '\t') {
			ent_text_char(out, '\\');
			c = c == '\n' ? 'n' : c == '\t' ? 't' : c;
		}
		ent_text_char(out, c);
	}
	ent_text_char(out, '"');
}

static bool is_word(ent_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
		if (!is_letter && (i == 0 || c < '0' || c > '9')) {
			return false;
		}
	}
	return text.len > 0;
}

void ent_operand_print(const struct ent_expression_scope *scope, const struct ent_operand *operand,
                       struct ent_text *out)
{
	ent_str name = ent_str_of(operand->field->name);
	if (operand->root > 0 || ent_token_is_reserved(name)) {
		ent_text_add(out, ent_str_of(scope->roots[operand->root].name));
		ent_text_char(out, '.');
	}
	ent_text_add(out, name);
	if (operand->kind != ENT_K_MAP) {
		return;
	}
	if (is_word(operand->key)) {
		ent_text_char(out, '.');
		ent_text_add(out, operand->key);
	} else {
		ent_text_char(out, '[');
		ent_quote(out, operand->key);
		ent_text_char(out, ']');
	}
}

/* ---- the expression ---- */

static const char *const signs[][2] = {
	[ENT_TEST_TRUE] = { "true", "false" },
	[ENT_TEST_YES] = { "", " != true" },
	[ENT_TEST_NULL] = { " is null", " is not null" },
	[ENT_TEST_EQUAL] = { " = ", " != " },
	[ENT_TEST_LESS] = { " < ", "" },
	[ENT_TEST_AT_MOST] = { " <= ", "" },
	[ENT_TEST_GREATER] = { " > ", "" },
	[ENT_TEST_AT_LEAST] = { " >= ", "" },
	[ENT_TEST_IN] = { " in (", " not in (" },
	[ENT_TEST_HAS] = { " contains ", " not contains " },
	[ENT_TEST_CONTAINS] = { " contains ", " not contains " },
	[ENT_TEST_STARTS] = { " starts_with ", " not starts_with " },
	[ENT_TEST_ENDS] = { " ends_with ", " not ends_with " },
};

static void print_test(const struct ent_expression *e, const struct ent_test *test,
                       struct ent_text *out)
{
	if (test->op != ENT_TEST_TRUE) {
		ent_operand_print(&e->scope, &test->left, out);
	}
	ent_text_add(out, ent_str_of(signs[test->op][test->negated]));
	if (test->is_between_fields) {
		ent_operand_print(&e->scope, &test->right, out);
	}
	for (size_t i = 0; i < test->count; i++) {
		ent_text_add(out, i > 0 ? ENT_STR(", ") : ENT_STR(""));
		ent_text_add(out, test->literals[i].shown);
	}
	if (test->op == ENT_TEST_IN) {
		ent_text_char(out, ')');
	}
}

/* Parentheses wherever two of and, or, not meet, so that nobody has to know which binds more. */
static bool needs_parentheses(const struct ent_branch *child, const struct ent_branch *parent)
{
	if (child->form == ENT_BRANCH_TEST) {
		bool is_word = child->test->op == ENT_TEST_TRUE ||
		               (child->test->op == ENT_TEST_YES && !child->test->negated);
		return parent->form == ENT_BRANCH_NOT && !is_word;
	}
	return child->form != ENT_BRANCH_NOT;
}

static void print_branch(const struct ent_expression *e, const struct ent_branch *branch,
                         struct ent_text *out)
{
	if (branch->form == ENT_BRANCH_TEST) {
		print_test(e, branch->test, out);
		return;
	}
	ent_text_add(out, branch->form == ENT_BRANCH_NOT ? ENT_STR("not ") : ENT_STR(""));
	for (const struct ent_branch *child = branch->children; child != NULL;
	     child = child->next) {
		bool is_wrapped = needs_parentheses(child, branch);
		ent_text_add(out, is_wrapped ? ENT_STR("(") : ENT_STR(""));
		print_branch(e, child, out);
		ent_text_add(out, is_wrapped ? ENT_STR(")") : ENT_STR(""));
		if (child->next != NULL) {
			ent_text_add(out, branch->form == ENT_BRANCH_AND ? ENT_STR(" and ")
			                                                 : ENT_STR(" or "));
		}
	}
}

void ent_expression_print(const struct ent_expression *e, struct ent_text *out)
{
	print_branch(e, e->whole, out);
}

/* ---- why ---- */

struct explaining {
	const struct ent_expression *e;
	const void *const *objects;
	struct ent_arena *arena;
	struct ent_expression_step *steps;
	size_t count;
};

static void print_list(const struct ent_operand *operand, const void *list, struct ent_text *out)
{
	enum { MOST = 5 };
	const struct ent_ids *ids = list;
	const struct ent_words *words = list;
	bool is_ids = operand->sort == ENT_SORT_IDS;
	size_t count = is_ids ? ids->count : words->count;
	ent_text_char(out, '(');
	for (size_t i = 0; i < count && i < MOST; i++) {
		char room[ENT_ID_ROOM];
		ent_str item = is_ids ? (ent_str){ room, 0 } : words->items[i];
		if (is_ids) {
			item.len =
				ent_id_format(ids->items[i], operand->field->target->prefix, room);
		}
		ent_text_add(out, i > 0 ? ENT_STR(", ") : ENT_STR(""));
		ent_quote(out, item);
	}
	if (count > MOST) {
		ent_text_addf(out, " and %zu more", count - MOST);
	}
	ent_text_char(out, ')');
}

/* The beginning of a long text. */
static void quote_start(struct ent_text *out, ent_str text)
{
	enum { MOST = 80 };
	size_t len = text.len < MOST ? text.len : MOST;
	while (len < text.len && (text.ptr[len] & 0xc0) == 0x80) {
		len--; /* not within a character */
	}
	ent_quote(out, (ent_str){ text.ptr, len });
	ent_text_add(out, len < text.len ? ENT_STR("...") : ENT_STR(""));
}

static void print_held(const struct ent_operand *operand, const void *const *objects,
                       struct ent_text *out)
{
	struct ent_slot slot;
	char room[64];
	if (!ent_operand_load(operand, objects, &slot)) {
		ent_text_add(out, ENT_STR("null"));
	} else if (operand->sort == ENT_SORT_IDS || operand->sort == ENT_SORT_WORDS) {
		print_list(operand, slot.list, out);
	} else if (operand->sort == ENT_SORT_TEXT) {
		quote_start(out, slot.text);
	} else if (operand->sort == ENT_SORT_MONEY) {
		ent_decimal_format((ent_decimal){ slot.number }, room);
		ent_text_addf(out, "\"%s %.3s\"", room, slot.text.ptr);
	} else {
		struct ent_value value =
			ent_field_get(operand->field, objects[operand->root], room);
		if (value.kind == ENT_K_BOOL) {
			ent_text_add(out, value.number ? ENT_STR("true") : ENT_STR("false"));
		} else if (value.kind == ENT_K_INT) {
			ent_text_int(out, value.number);
		} else if (operand->kind == ENT_K_DECIMAL) {
			ent_text_add(out, value.text);
		} else {
			ent_quote(out, value.text);
		}
	}
}

static ent_str held_text(const struct explaining *x, const struct ent_test *test)
{
	if (test->op == ENT_TEST_TRUE) {
		return (ent_str){ NULL, 0 };
	}
	struct ent_text out = ent_text_begin(x->arena);
	ent_operand_print(&x->e->scope, &test->left, &out);
	ent_text_add(&out, ENT_STR(" is "));
	print_held(&test->left, x->objects, &out);
	if (test->is_between_fields) {
		ent_text_add(&out, ENT_STR(", "));
		ent_operand_print(&x->e->scope, &test->right, &out);
		ent_text_add(&out, ENT_STR(" is "));
		print_held(&test->right, x->objects, &out);
	}
	return ent_text_end(&out);
}

static bool explain_branch(struct explaining *x, const struct ent_branch *branch, size_t depth)
{
	struct ent_expression_step *step = &x->steps[x->count++];
	struct ent_text out = ent_text_begin(x->arena);
	print_branch(x->e, branch, &out);
	step->text = ent_text_end(&out);
	step->depth = depth;
	if (branch->form == ENT_BRANCH_TEST) {
		step->fields = held_text(x, branch->test);
		step->result = ent_test_run(branch->test, x->objects);
		return step->result;
	}
	step->result = branch->form == ENT_BRANCH_AND;
	for (const struct ent_branch *child = branch->children; child != NULL;
	     child = child->next) {
		bool result = explain_branch(x, child, depth + 1);
		if (branch->form == ENT_BRANCH_NOT) {
			step->result = !result;
		} else if (result == (branch->form == ENT_BRANCH_OR)) {
			step->result = result;
		}
	}
	return step->result;
}

const struct ent_expression_step *ent_expression_explain(const struct ent_expression *e,
                                                         const void *const *objects,
                                                         struct ent_arena *arena, size_t *count)
{
	struct explaining x = { .e = e, .objects = objects, .arena = arena };
	x.steps = ENT_NEW(arena, struct ent_expression_step, e->branch_count);
	explain_branch(&x, e->whole, 0);
	*count = x.count;
	return x.steps;
}

ent_str ent_expression_explain_text(const struct ent_expression *e, const void *const *objects,
                                    struct ent_arena *arena)
{
	size_t count;
	const struct ent_expression_step *steps = ent_expression_explain(e, objects, arena, &count);
	struct ent_text out = ent_text_begin(arena);
	for (size_t i = 0; i < count; i++) {
		ent_text_addf(&out, "%*s%s: ", (int)(2 * steps[i].depth), "",
		              steps[i].result ? "true" : "false");
		ent_text_add(&out, steps[i].text);
		if (steps[i].fields.ptr != NULL) {
			ent_text_addf(&out, " (%s)", steps[i].fields.ptr);
		}
		ent_text_char(&out, '\n');
	}
	return ent_text_end(&out);
}
