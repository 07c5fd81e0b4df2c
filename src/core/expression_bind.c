/* Tests: do operator, field and value go together? */
#include "core/expression_inner.h"

/* ---- kinds in words ---- */

/* What a field holds and is compared with. */
static ent_str kind_text(struct ent_compiling *c, const struct ent_operand *operand)
{
	const struct ent_field *field = operand->field;
	switch (operand->kind) {
	case ENT_K_BOOL:
		return ENT_STR("true or false");
	case ENT_K_INT:
	case ENT_K_COUNT:
		return ENT_STR("a whole number");
	case ENT_K_DECIMAL:
		return ENT_STR("a number");
	case ENT_K_ID:
	case ENT_K_IDS:
		return ent_text_format(c->arena, "an identifier in quotes: \"%s_...\"",
		                       field->target->prefix);
	case ENT_K_DATE:
		return ENT_STR("a date in quotes: \"2026-01-31\"");
	case ENT_K_INSTANT:
		return ENT_STR("a time in quotes: \"2026-01-31T09:30:00Z\"");
	case ENT_K_DURATION:
		return ENT_STR("a duration in quotes: \"PT4H\"");
	case ENT_K_MONEY:
		return ENT_STR("an amount in quotes: \"12.50 EUR\"");
	case ENT_K_ENUM:
		break;
	default:
		return ENT_STR("a text in quotes");
	}
	struct ent_text out = ent_text_begin(c->arena);
	for (size_t i = 0; i < field->names->count; i++) {
		ent_text_addf(&out, "%s\"%s\"", i > 0 ? ", " : "", field->names->text[i]);
	}
	return ent_text_end(&out);
}

static struct ent_test *refuse(struct ent_compiling *c, const struct ent_side *side,
                               enum ent_code code, const char *reason)
{
	ent_fault_at(c, code, side->at, side->length,
	             ent_text_format(c->arena, reason,
	                             side->is_field ? side->operand.field->name : "this"));
	return NULL;
}

/* ---- literals ---- */

static bool parse_money(ent_str text, struct ent_slot *out, struct ent_arena *arena)
{
	ent_decimal amount;
	if (text.len < 5 || text.ptr[text.len - 4] != ' ') {
		return false;
	}
	ent_str code = { text.ptr + text.len - 3, 3 };
	if (ent_currency_digits(code) < 0 ||
	    !ent_decimal_parse((ent_str){ text.ptr, text.len - 4 }, &amount)) {
		return false;
	}
	out->number = amount.micro;
	out->text = ent_text_copy(arena, code);
	return true;
}

static bool parse_quoted(struct ent_compiling *c, const struct ent_operand *operand, ent_str text,
                         struct ent_slot *out)
{
	ent_id id;
	ent_date date;
	ent_instant instant;
	unsigned at;
	bool is_good = false;
	switch (operand->kind) {
	case ENT_K_ID:
	case ENT_K_IDS:
		is_good = ent_id_parse(text, operand->field->target->prefix, &id);
		out->number = is_good ? id.value : 0;
		return is_good;
	case ENT_K_DATE:
		is_good = ent_date_parse(text, &date);
		out->number = is_good ? date.day : 0;
		return is_good;
	case ENT_K_INSTANT:
		is_good = ent_instant_parse(text, &instant);
		out->number = is_good ? instant.us : 0;
		return is_good;
	case ENT_K_DURATION:
		return ent_duration_parse(text, &out->duration);
	case ENT_K_MONEY:
		return parse_money(text, out, c->arena);
	case ENT_K_ENUM:
		is_good = ent_names_find(operand->field->names, text, &at);
		out->number = !is_good ? 0 : operand->ranks != NULL ? operand->ranks[at] : at;
		return is_good;
	default:
		out->text = text;
		return text.len > 0;
	}
}

static bool parse_literal(struct ent_compiling *c, const struct ent_operand *operand,
                          const struct ent_token *token, struct ent_slot *out)
{
	ent_decimal decimal;
	switch (operand->kind) {
	case ENT_K_BOOL:
		out->number = ent_token_is(token, "true");
		return out->number || ent_token_is(token, "false");
	case ENT_K_INT:
	case ENT_K_COUNT:
		return token->form == ENT_TOKEN_NUMBER && ent_str_int(token->text, &out->number);
	case ENT_K_DECIMAL:
		if (token->form != ENT_TOKEN_NUMBER || !ent_decimal_parse(token->text, &decimal)) {
			return false;
		}
		out->number = decimal.micro;
		return true;
	default:
		return token->form == ENT_TOKEN_TEXT && parse_quoted(c, operand, token->text, out);
	}
}

/* The value in the one way it is printed. */
static ent_str canonical(const struct ent_operand *operand, const struct ent_literal *literal,
                         const struct ent_token *token, struct ent_arena *arena)
{
	char room[64];
	size_t len = 0;
	switch (operand->kind) {
	case ENT_K_BOOL:
		return literal->value.number ? ENT_STR("true") : ENT_STR("false");
	case ENT_K_INT:
	case ENT_K_COUNT:
		return ent_text_copy(arena, token->text);
	case ENT_K_DECIMAL:
	case ENT_K_MONEY:
		len = ent_decimal_format((ent_decimal){ literal->value.number }, room);
		break;
	case ENT_K_INSTANT:
		len = ent_instant_format((ent_instant){ literal->value.number }, room);
		break;
	case ENT_K_DURATION:
		len = ent_duration_format(literal->value.duration, room);
		break;
	default:
		break;
	}
	struct ent_text out = ent_text_begin(arena);
	if (operand->kind == ENT_K_DECIMAL) {
		ent_text_add(&out, (ent_str){ room, len });
	} else if (operand->kind == ENT_K_MONEY) {
		ent_text_addf(&out, "\"%s %s\"", room, literal->value.text.ptr);
	} else {
		ent_quote(&out, len > 0 ? (ent_str){ room, len } : token->text);
	}
	return ent_text_end(&out);
}

static void fault_literal(struct ent_compiling *c, const struct ent_operand *operand,
                          const struct ent_side *side)
{
	const char *name = operand->field->name;
	bool is_text = side->literal.form == ENT_TOKEN_TEXT;
	bool is_formed = operand->sort != ENT_SORT_TEXT && operand->sort != ENT_SORT_WORDS &&
	                 operand->kind != ENT_K_BOOL && operand->kind != ENT_K_INT &&
	                 operand->kind != ENT_K_COUNT && operand->kind != ENT_K_DECIMAL;
	enum ent_code code = ENT_E_TYPE;
	if (is_text && operand->kind == ENT_K_ENUM) {
		code = ENT_E_UNKNOWN_VALUE;
	} else if (is_text && is_formed) {
		code = ENT_E_FORMAT;
	}
	ent_str kind = kind_text(c, operand);
	ent_str reason = ent_text_format(c->arena, "%s is compared with %s", name, kind.ptr);
	if (ent_token_is(&side->literal, "null")) {
		reason = ent_text_format(c->arena, "ask for null by %s is null", name);
	} else if (is_text && side->literal.text.len == 0 && !is_formed) {
		reason = ent_text_format(c->arena, "the text is empty: ask by %s is null", name);
	}
	ent_fault_at(c, code, side->at, side->length, reason);
}

bool ent_bind_literal(struct ent_compiling *c, const struct ent_operand *operand,
                      const struct ent_side *side, struct ent_literal *out)
{
	*out = (struct ent_literal){ .links = NULL };
	if (side->is_bad) {
		return false;
	}
	if (!parse_literal(c, operand, &side->literal, &out->value)) {
		fault_literal(c, operand, side);
		return false;
	}
	out->shown = canonical(operand, out, &side->literal, c->arena);
	return true;
}

/* For every end of a part of `want`: how long a beginning of it is repeated there. */
static const uint16_t *make_links(ent_str want, struct ent_arena *arena)
{
	uint16_t *links = ENT_NEW(arena, uint16_t, want.len);
	size_t matched = 0;
	for (size_t i = 1; i < want.len; i++) {
		while (matched > 0 && ent_fold(want.ptr[i]) != ent_fold(want.ptr[matched])) {
			matched = links[matched - 1];
		}
		matched += ent_fold(want.ptr[i]) == ent_fold(want.ptr[matched]);
		links[i] = (uint16_t)matched;
	}
	return links;
}

/* ---- tests ---- */

static struct ent_test *new_test(struct ent_compiling *c, enum ent_test_op op, bool negated,
                                 const struct ent_side *left)
{
	struct ent_test *test = ENT_NEW(c->arena, struct ent_test, 1);
	test->op = op;
	test->negated = negated;
	test->left = left->operand;
	return test;
}

static struct ent_test *add_literals(struct ent_compiling *c, struct ent_test *test,
                                     const struct ent_side *rights, size_t count)
{
	struct ent_literal *literals = ENT_NEW(c->arena, struct ent_literal, count);
	bool are_good = true;
	for (size_t i = 0; i < count; i++) {
		are_good = ent_bind_literal(c, &test->left, &rights[i], &literals[i]) && are_good;
	}
	if (are_good && test->op == ENT_TEST_CONTAINS) {
		literals[0].links = make_links(literals[0].value.text, c->arena);
	}
	test->literals = literals;
	test->count = count;
	return are_good ? test : NULL;
}

static bool is_list(const struct ent_operand *operand)
{
	return operand->sort == ENT_SORT_IDS || operand->sort == ENT_SORT_WORDS;
}

static bool has_order(const struct ent_operand *operand)
{
	return operand->kind != ENT_K_BOOL && operand->kind != ENT_K_ID &&
	       (operand->kind != ENT_K_ENUM || operand->ranks != NULL);
}

static bool are_alike(const struct ent_operand *a, const struct ent_operand *b)
{
	bool is_whole = a->kind == ENT_K_INT || a->kind == ENT_K_COUNT;
	if (a->sort != ENT_SORT_NUMBER || b->sort != ENT_SORT_NUMBER) {
		return a->sort == b->sort;
	}
	if (is_whole) {
		return b->kind == ENT_K_INT || b->kind == ENT_K_COUNT;
	}
	return a->kind == b->kind && a->field->names == b->field->names &&
	       (a->kind != ENT_K_ID || a->field->target == b->field->target);
}

/* The field alone: it must be true or false. */
static struct ent_test *bind_alone(struct ent_compiling *c, const struct ent_side *left)
{
	if (left->is_field && left->operand.kind == ENT_K_BOOL) {
		return new_test(c, ENT_TEST_YES, false, left);
	}
	bool is_false = !left->is_field && ent_token_is(&left->literal, "false");
	if (is_false || (!left->is_field && ent_token_is(&left->literal, "true"))) {
		return new_test(c, ENT_TEST_TRUE, is_false, left);
	}
	return refuse(c, left, ENT_E_TYPE,
	              left->is_field ? "compare %s with something: only true or false stand alone"
	                             : "compare %s with a field");
}

static struct ent_test *bind_part(struct ent_compiling *c, enum ent_test_op op, bool negated,
                                  const struct ent_side *left, const struct ent_side *right)
{
	if (op == ENT_TEST_CONTAINS && is_list(&left->operand)) {
		struct ent_test *test = new_test(c, ENT_TEST_HAS, negated, left);
		if (!right->is_field) {
			return add_literals(c, test, right, 1);
		}
		const struct ent_operand *item = &right->operand;
		bool is_id = item->kind == ENT_K_ID &&
		             item->field->target == left->operand.field->target;
		if (left->operand.sort == ENT_SORT_IDS ? !is_id : item->sort != ENT_SORT_TEXT) {
			return refuse(c, right, ENT_E_TYPE, "%s cannot be in that list");
		}
		test->is_between_fields = true;
		test->right = *item;
		return test;
	}
	if (left->operand.sort != ENT_SORT_TEXT) {
		return refuse(c, left, ENT_E_TYPE,
		              op == ENT_TEST_CONTAINS ? "%s is neither text nor a list"
		                                      : "%s is not text");
	}
	if (right->is_field) {
		return refuse(c, right, ENT_E_TYPE, "give a text in quotes instead of %s");
	}
	return add_literals(c, new_test(c, op, negated, left), right, 1);
}

static struct ent_test *bind_fields(struct ent_compiling *c, struct ent_test *test,
                                    const struct ent_side *right)
{
	if (!are_alike(&test->left, &right->operand)) {
		ent_str kind = kind_text(c, &test->left);
		ent_fault_at(c, ENT_E_TYPE, right->at, right->length,
		             ent_text_format(c->arena, "%s is compared with %s, not with %s",
		                             test->left.field->name, kind.ptr,
		                             right->operand.field->name));
		return NULL;
	}
	test->is_between_fields = true;
	test->right = right->operand;
	return test;
}

static struct ent_test *bind_comparison(struct ent_compiling *c, enum ent_test_op op, bool negated,
                                        const struct ent_side *left, const struct ent_side *right)
{
	const struct ent_operand *operand = &left->operand;
	if (is_list(operand)) {
		return refuse(c, left, ENT_E_TYPE, "%s is a list: use contains or is null");
	}
	if (op != ENT_TEST_EQUAL && !has_order(operand)) {
		return refuse(c, left, ENT_E_TYPE, "%s has no order: use =, != or in");
	}
	if (right->is_field) {
		return bind_fields(c, new_test(c, op, negated, left), right);
	}
	const struct ent_token *literal = &right->literal;
	bool is_empty = operand->sort == ENT_SORT_TEXT && literal->form == ENT_TOKEN_TEXT &&
	                literal->text.len == 0;
	if (op == ENT_TEST_EQUAL && (is_empty || ent_token_is(literal, "null"))) {
		return new_test(c, ENT_TEST_NULL, negated, left);
	}
	if (operand->kind == ENT_K_BOOL && ent_token_is(literal, "true")) {
		return new_test(c, ENT_TEST_YES, negated, left);
	}
	return add_literals(c, new_test(c, op, negated, left), right, 1);
}

static enum ent_test_op mirrored(enum ent_test_op op)
{
	switch (op) {
	case ENT_TEST_LESS:
		return ENT_TEST_GREATER;
	case ENT_TEST_AT_MOST:
		return ENT_TEST_AT_LEAST;
	case ENT_TEST_GREATER:
		return ENT_TEST_LESS;
	case ENT_TEST_AT_LEAST:
		return ENT_TEST_AT_MOST;
	default:
		return op;
	}
}

struct ent_test *ent_bind_test(struct ent_compiling *c, enum ent_test_op op, bool negated,
                               struct ent_side *left, struct ent_side *rights, size_t count)
{
	if (c->is_lost || left->is_bad || (count == 1 && rights[0].is_bad)) {
		return NULL;
	}
	if (op == ENT_TEST_YES) {
		return bind_alone(c, left);
	}
	bool is_comparison = op >= ENT_TEST_EQUAL && op <= ENT_TEST_AT_LEAST;
	if (!left->is_field && is_comparison && rights[0].is_field) {
		return bind_comparison(c, mirrored(op), negated, &rights[0], left);
	}
	if (!left->is_field) {
		return refuse(c, left, ENT_E_TYPE, "%s is a value: name a field here");
	}
	if (op == ENT_TEST_NULL) {
		return new_test(c, op, negated, left);
	}
	if (is_comparison) {
		return bind_comparison(c, op, negated, left, &rights[0]);
	}
	if (op != ENT_TEST_IN) {
		return bind_part(c, op, negated, left, &rights[0]);
	}
	if (is_list(&left->operand)) {
		return refuse(c, left, ENT_E_TYPE, "%s is a list: use contains");
	}
	return add_literals(c, new_test(c, op, negated, left), rights, count);
}
