#include "core/expression.h"

#include "expression_thing.h"
#include "test.h"

/* Random expressions, written down in any of the ways they may be written, judged twice: by
 * the compiled form, and here, by walking the tree over texts and numbers as the border shows
 * them. */

enum { ROUNDS = 4000 };

enum form { TEST_FORM, AND_FORM, OR_FORM, NOT_FORM };

struct part {
	enum form form;
	size_t left, right; /* numbers of parts */
	size_t field;
	bool of_other;
	const char *op;
	const char *literal; /* as a text of the border; NULL: null */
};

struct tree {
	struct part parts[64];
	size_t count;
};

/* Few values a field, so that they meet: texts of the border. */
static const struct {
	const char *field;
	bool is_ordered, is_text, is_quoted;
	const char *values[4];
} kinds[] = {
	{ "flag", false, false, false, { "true", "false", "true", "false" } },
	{ "number", true, false, false, { "-3", "0", "7", "12" } },
	{ "amount", true, false, false, { "0", "7", "12", "100" } },
	{ "word", true, true, true, { "Gold", "gold", "g", "marigolds" } },
	{ "day", true, false, true, { "2025-12-31", "2026-01-01", "2026-01-02", "2024-02-29" } },
	{ "at",
	  true,
	  false,
	  true,
	  { "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-02T00:00:00Z",
	    "2025-01-01T00:00:00Z" } },
	{ "priority", true, false, true, { "low", "normal", "high", "critical" } },
	{ "state", false, false, true, { "open", "resolved", "cancelled", "open" } },
	{ "product",
	  false,
	  false,
	  true,
	  { "prd_0000000000001", "prd_0000000000002", "prd_0000000000003", "prd_0000000000004" } },
	{ "in", true, true, true, { "a b", "B", "\xc3\xa9", "a" } },
};

static const char *const operators[] = { "=",        "!=",          "is null",  "is not null", "in",
	                                 "not in",   "<",           "<=",       ">",           ">=",
	                                 "contains", "starts_with", "ends_with" };

static size_t pick(uint64_t *state, size_t below)
{
	return (size_t)test_random(state, below);
}

static size_t grow(struct tree *tree, uint64_t *state, int depth)
{
	size_t at = tree->count++;
	struct part *part = &tree->parts[at];
	*part = (struct part){ .form = TEST_FORM };
	size_t form = depth == 0 ? 0 : pick(state, 5);
	if (form >= 2) {
		part->form = form == 2 ? NOT_FORM : form == 3 ? AND_FORM : OR_FORM;
		size_t left = grow(tree, state, depth - 1);
		size_t right = part->form == NOT_FORM ? left : grow(tree, state, depth - 1);
		tree->parts[at].left = left;
		tree->parts[at].right = right;
		return at;
	}
	part->field = pick(state, ENT_COUNT(kinds));
	part->of_other = pick(state, 3) == 0;
	part->literal = kinds[part->field].values[pick(state, 4)];
	bool is_text = kinds[part->field].is_text;
	size_t most = is_text ? ENT_COUNT(operators) : kinds[part->field].is_ordered ? 10 : 6;
	part->op = operators[pick(state, most)];
	return at;
}

/* ---- written ---- */

static void write_literal(const struct part *part, struct ent_text *out, uint64_t *state)
{
	const char *quote = !kinds[part->field].is_quoted ? "" : pick(state, 2) ? "'" : "\"";
	ent_text_addf(out, "%s%s%s", quote, part->literal, quote);
}

static void write_part(const struct tree *tree, size_t at, struct ent_text *out, uint64_t *state)
{
	const struct part *part = &tree->parts[at];
	ent_text_char(out, '(');
	if (part->form == NOT_FORM) {
		ent_text_add(out, pick(state, 2) ? ENT_STR("not ") : ENT_STR("NOT\n"));
		write_part(tree, part->left, out, state);
	} else if (part->form != TEST_FORM) {
		write_part(tree, part->left, out, state);
		ent_text_add(out, part->form == AND_FORM ? ENT_STR("and") : ENT_STR(" Or\t"));
		write_part(tree, part->right, out, state);
	} else {
		const char *name = kinds[part->field].field;
		bool is_bare = strcmp(name, "in") != 0 && pick(state, 2);
		const char *root = part->of_other ? "other." : is_bare ? "" : "thing.";
		ent_text_addf(out, "%s%s %s ", root, name, part->op);
		bool is_list =
			strstr(part->op, "in") == part->op || strcmp(part->op, "not in") == 0;
		if (is_list) {
			ent_text_char(out, '(');
			write_literal(part, out, state);
			ent_text_char(out, ')');
		} else if (strstr(part->op, "null") == NULL) {
			write_literal(part, out, state);
		}
	}
	ent_text_char(out, ')');
}

/* ---- judged naively ---- */

static int64_t number_of(const char *text)
{
	int64_t number = 0;
	CHECK(ent_str_int(ent_str_of(text), &number));
	return number;
}

/* -1, 0, 1 of two texts of the border, of one field. */
static int order_of(const char *field, const char *a, const char *b)
{
	static const char *const words[] = { "low", "normal", "high", "critical" };
	if (strcmp(field, "number") == 0 || strcmp(field, "amount") == 0) {
		return number_of(a) < number_of(b) ? -1 : number_of(a) > number_of(b);
	}
	if (strcmp(field, "priority") == 0) {
		int x = 0;
		int y = 0;
		for (int i = 0; i < 4; i++) {
			x = strcmp(words[i], a) == 0 ? i : x;
			y = strcmp(words[i], b) == 0 ? i : y;
		}
		return x - y;
	}
	return strcmp(a, b); /* dates, times and texts */
}

static void lower(const char *from, char out[64])
{
	size_t i = 0;
	for (; from[i] != '\0'; i++) {
		out[i] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] + 32 : from[i]);
	}
	out[i] = '\0';
}

static bool has_part(const char *op, const char *held, const char *literal)
{
	char text[64];
	char part[64];
	lower(held, text);
	lower(literal, part);
	if (strcmp(op, "contains") == 0) {
		return strstr(text, part) != NULL;
	}
	if (strcmp(op, "starts_with") == 0) {
		return strncmp(text, part, strlen(part)) == 0;
	}
	return strlen(text) >= strlen(part) &&
	       strcmp(text + strlen(text) - strlen(part), part) == 0;
}

static bool judge_test(const struct part *part, const struct thing *t)
{
	const char *name = kinds[part->field].field;
	const struct ent_field *field = ent_type_field(&thing_type, ent_str_of(name));
	char room[64] = "";
	char held[64];
	struct ent_value value = t == NULL ? ent_value_null() : ent_field_get(field, t, room);
	if (strstr(part->op, "null") != NULL) {
		return (value.kind == ENT_K_NULL) == (strcmp(part->op, "is null") == 0);
	}
	bool is_negative = strcmp(part->op, "!=") == 0 || strcmp(part->op, "not in") == 0;
	if (value.kind == ENT_K_NULL) {
		return is_negative;
	}
	if (value.kind == ENT_K_BOOL) {
		snprintf(held, sizeof(held), "%s", value.number ? "true" : "false");
	} else if (value.kind == ENT_K_INT) {
		snprintf(held, sizeof(held), "%lld", (long long)value.number);
	} else {
		snprintf(held, sizeof(held), "%.*s", (int)value.text.len, value.text.ptr);
	}
	int order = order_of(name, held, part->literal);
	switch (part->op[0]) {
	case '<':
		return part->op[1] == '=' ? order <= 0 : order < 0;
	case '>':
		return part->op[1] == '=' ? order >= 0 : order > 0;
	case 'c':
	case 's':
	case 'e':
		return has_part(part->op, held, part->literal);
	default:
		return (order == 0) != is_negative;
	}
}

static bool judge(const struct tree *tree, size_t at, const void *const *objects)
{
	const struct part *part = &tree->parts[at];
	switch (part->form) {
	case NOT_FORM:
		return !judge(tree, part->left, objects);
	case AND_FORM:
		return judge(tree, part->left, objects) && judge(tree, part->right, objects);
	case OR_FORM:
		return judge(tree, part->left, objects) || judge(tree, part->right, objects);
	default:
		return judge_test(part, objects[part->of_other]);
	}
}

/* ---- objects ---- */

/* A value of the table in each field, or none. */
static void fill(struct thing *t, uint64_t *state)
{
	struct ent_error error = { 0 };
	ent_type_clear(&thing_type, t);
	for (size_t i = 0; i < ENT_COUNT(kinds); i++) {
		const char *text = kinds[i].values[pick(state, 4)];
		const struct ent_field *field =
			ent_type_field(&thing_type, ent_str_of(kinds[i].field));
		struct ent_value value = ent_value_text(ent_str_of(text));
		if (field->kind == ENT_K_BOOL) {
			value = ent_value_bool(strcmp(text, "true") == 0);
		} else if (field->kind == ENT_K_INT || field->kind == ENT_K_COUNT) {
			value = ent_value_int(number_of(text));
		}
		if (pick(state, 4) != 0) {
			CHECK(ent_field_set(field, t, value, &error));
		}
	}
}

static const struct ent_expression *compile(ent_str text, struct ent_arena *arena)
{
	const struct ent_expression *e = NULL;
	struct ent_error error = { 0 };
	CHECK_INT(ent_expression_compile(text, &thing_scope, arena, &e, &error), ENT_OK);
	return e;
}

/* What it does not read does not matter. */
static void check_reads(const struct ent_expression *e, const void *const *objects, bool result,
                        uint64_t *state)
{
	struct thing copies[2];
	const void *others[3] = { &copies[0], &copies[1], NULL };
	for (size_t root = 0; root < 2; root++) {
		fill(&copies[root], state);
		for (size_t i = 0; i < thing_type.count && objects[root] != NULL; i++) {
			const struct ent_field *field = &thing_type.fields[i];
			size_t size = thing_type.size - field->offset;
			if (i + 1 < thing_type.count) {
				size = thing_type.fields[i + 1].offset - field->offset;
			}
			if (ent_set_has(ent_expression_reads(e, root), i)) {
				memcpy(ent_field_at(field, &copies[root]),
				       ent_field_at(field, objects[root]), size);
			}
		}
		others[root] = objects[root] == NULL ? NULL : &copies[root];
	}
	CHECK(ent_expression_eval(e, others) == result);
}

/* Each part that is explained, compiled alone, comes to the same. */
static void check_steps(const struct ent_expression *e, const void *const *objects, bool result,
                        struct ent_arena arena)
{
	size_t count;
	const struct ent_expression_step *steps =
		ent_expression_explain(e, objects, &arena, &count);
	CHECK(steps[0].result == result);
	for (size_t i = 0; i < count; i++) {
		const struct ent_expression *part = compile(steps[i].text, &arena);
		CHECK(part != NULL && ent_expression_eval(part, objects) == steps[i].result);
	}
}

static ent_str print(const struct ent_expression *e, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	ent_expression_print(e, &out);
	return ent_text_end(&out);
}

TEST(expression_agrees_with_a_naive_judge)
{
	uint64_t state = 11;
	int yes = 0;
	for (int i = 0; i < ROUNDS && test_failures == 0; i++) {
		struct ent_arena arena = test_arena();
		struct tree tree = { .count = 0 };
		struct thing things[2];
		grow(&tree, &state, 4);
		struct ent_text out = ent_text_begin(&arena);
		write_part(&tree, 0, &out, &state);
		ent_str text = ent_text_end(&out);
		ROW(text.ptr);
		const struct ent_expression *e = compile(text, &arena);
		ent_str canonical = print(e, &arena);
		const struct ent_expression *again = compile(canonical, &arena);
		CHECK_TEXT(print(again, &arena).ptr, canonical.ptr);
		for (int k = 0; k < 5; k++) {
			fill(&things[0], &state);
			fill(&things[1], &state);
			const void *objects[3] = { &things[0], pick(&state, 4) ? &things[1] : NULL,
				                   NULL };
			bool want = judge(&tree, 0, objects);
			yes += want;
			CHECK(ent_expression_eval(e, objects) == want);
			CHECK(ent_expression_eval(again, objects) == want);
			check_reads(e, objects, want, &state);
			check_steps(e, objects, want, arena);
		}
	}
	ROW(NULL);
	CHECK(yes > ROUNDS && yes < 4 * ROUNDS);
}
