/* Tests against objects. Nothing here allocates or fails. */
#include "core/expression_inner.h"

/* ---- reading a field ---- */

static bool load_number(const struct ent_operand *operand, const void *p, int64_t *out)
{
	switch (operand->kind) {
	case ENT_K_BOOL:
		*out = *(const bool *)p;
		return true;
	case ENT_K_INT:
		*out = *(const int64_t *)p;
		return true;
	case ENT_K_COUNT:
		*out = ((const ent_count *)p)->n;
		return !ent_count_is_none(*(const ent_count *)p);
	case ENT_K_DECIMAL:
		*out = ((const ent_decimal *)p)->micro;
		return *out != ENT_DECIMAL_NONE.micro;
	case ENT_K_ID:
		*out = ((const ent_id *)p)->value;
		return *out != 0;
	case ENT_K_DATE:
		*out = ((const ent_date *)p)->day;
		return !ent_date_is_none(*(const ent_date *)p);
	case ENT_K_INSTANT: /* "never" is null at the border, too */
		*out = ((const ent_instant *)p)->us;
		return *out != ENT_INSTANT_NONE.us && *out != ENT_INSTANT_END.us;
	case ENT_K_ENUM:
		*out = *(const unsigned *)p;
		if (operand->ranks != NULL) {
			*out = operand->ranks[*out];
		}
		return true;
	default:
		assert(false);
		return false;
	}
}

static ent_str load_text(const struct ent_operand *operand, const void *p)
{
	if (operand->kind == ENT_K_TEXT) {
		return *(const ent_str *)p;
	}
	const struct ent_map *map = p;
	for (size_t i = 0; i < map->count; i++) {
		if (ent_str_eq(map->pairs[i].name, operand->key)) {
			return map->pairs[i].value;
		}
	}
	return (ent_str){ NULL, 0 };
}

bool ent_operand_load(const struct ent_operand *operand, const void *const *objects,
                      struct ent_slot *out)
{
	const char *object = objects[operand->root];
	if (object == NULL) {
		return false;
	}
	const void *p = object + operand->offset;
	switch (operand->sort) {
	case ENT_SORT_NUMBER:
		return load_number(operand, p, &out->number);
	case ENT_SORT_TEXT:
		out->text = load_text(operand, p);
		return out->text.len > 0;
	case ENT_SORT_MONEY:
		out->number = ((const ent_money *)p)->micro;
		out->text = (ent_str){ ((const ent_money *)p)->currency, 3 };
		return ((const ent_money *)p)->currency[0] != '\0';
	case ENT_SORT_DURATION:
		out->duration = *(const ent_duration *)p;
		return !ent_duration_is_none(out->duration);
	case ENT_SORT_IDS:
		out->list = p;
		return ((const struct ent_ids *)p)->count > 0;
	case ENT_SORT_WORDS:
		out->list = p;
		return ((const struct ent_words *)p)->count > 0;
	default:
		assert(false);
		return false;
	}
}

/* ---- comparing ---- */

/* Days that `months` calendar months can have: a month is no fixed number of them. */
static void month_days(int64_t months, int64_t *least, int64_t *most)
{
	static const int16_t few[12] = { 0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334 };
	static const int16_t many[12] = { 0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337 };
	*least = months / 12 * 365 + few[months % 12];
	*most = months / 12 * 366 + many[months % 12];
}

/* Is `a` shorter than `b` on every calendar? */
static bool is_shorter(ent_duration a, ent_duration b)
{
	int64_t least, most, ignored;
	int64_t common = a.months < b.months ? a.months : b.months;
	month_days(a.months - common, &ignored, &most);
	month_days(b.months - common, &least, &ignored);
	return (most + a.days) * 86400 + a.seconds < (least + b.days) * 86400 + b.seconds;
}

static bool is_equal(enum ent_test_sort sort, const struct ent_slot *a, const struct ent_slot *b)
{
	switch (sort) {
	case ENT_SORT_NUMBER:
		return a->number == b->number;
	case ENT_SORT_TEXT:
		return ent_str_eq(a->text, b->text);
	case ENT_SORT_MONEY:
		return a->number == b->number && ent_str_eq(a->text, b->text);
	case ENT_SORT_DURATION:
		return a->duration.months == b->duration.months &&
		       a->duration.days * INT64_C(86400) + a->duration.seconds ==
		               b->duration.days * INT64_C(86400) + b->duration.seconds;
	default:
		assert(false);
		return false;
	}
}

/* False too of what has no order: amounts of two currencies, a month and 30 days. */
static bool is_less(enum ent_test_sort sort, const struct ent_slot *a, const struct ent_slot *b)
{
	switch (sort) {
	case ENT_SORT_NUMBER:
		return a->number < b->number;
	case ENT_SORT_TEXT:
		return ent_str_order(a->text, b->text) < 0;
	case ENT_SORT_MONEY:
		return a->number < b->number && ent_str_eq(a->text, b->text);
	case ENT_SORT_DURATION:
		return is_shorter(a->duration, b->duration);
	default:
		assert(false);
		return false;
	}
}

static bool compare(enum ent_test_op op, enum ent_test_sort sort, const struct ent_slot *a,
                    const struct ent_slot *b)
{
	switch (op) {
	case ENT_TEST_EQUAL:
		return is_equal(sort, a, b);
	case ENT_TEST_LESS:
		return is_less(sort, a, b);
	case ENT_TEST_AT_MOST:
		return is_less(sort, a, b) || is_equal(sort, a, b);
	case ENT_TEST_GREATER:
		return is_less(sort, b, a);
	default:
		assert(op == ENT_TEST_AT_LEAST);
		return is_less(sort, b, a) || is_equal(sort, a, b);
	}
}

/* ---- parts of texts ---- */

static bool is_same_folded(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (ent_fold(a[i]) != ent_fold(b[i])) {
			return false;
		}
	}
	return true;
}

/* By Knuth, Morris and Pratt, so that no text makes it slow. */
static bool contains(ent_str text, const struct ent_literal *part)
{
	const ent_str want = part->value.text;
	size_t matched = 0;
	for (size_t i = 0; i < text.len; i++) {
		while (matched > 0 && ent_fold(text.ptr[i]) != ent_fold(want.ptr[matched])) {
			matched = part->links[matched - 1];
		}
		matched += ent_fold(text.ptr[i]) == ent_fold(want.ptr[matched]);
		if (matched == want.len) {
			return true;
		}
	}
	return false;
}

static bool has_part(const struct ent_test *test, ent_str text)
{
	const ent_str part = test->literals[0].value.text;
	if (test->op == ENT_TEST_CONTAINS) {
		return contains(text, &test->literals[0]);
	}
	size_t skip = test->op == ENT_TEST_ENDS ? text.len - part.len : 0;
	return text.len >= part.len && is_same_folded(text.ptr + skip, part.ptr, part.len);
}

/* ---- tests ---- */

static bool list_has(const struct ent_test *test, const struct ent_slot *left,
                     const void *const *objects)
{
	struct ent_slot item;
	if (!test->is_between_fields) {
		item = test->literals[0].value;
	} else if (!ent_operand_load(&test->right, objects, &item)) {
		return false;
	}
	if (test->left.sort == ENT_SORT_IDS) {
		return ent_ids_has(*(const struct ent_ids *)left->list, (ent_id){ item.number });
	}
	return ent_words_has(*(const struct ent_words *)left->list, item.text);
}

static bool is_one_of(const struct ent_test *test, const struct ent_slot *left)
{
	for (size_t i = 0; i < test->count; i++) {
		if (is_equal(test->left.sort, left, &test->literals[i].value)) {
			return true;
		}
	}
	return false;
}

static bool between_fields(const struct ent_test *test, bool has_left, const struct ent_slot *left,
                           const void *const *objects)
{
	struct ent_slot right;
	bool has_right = ent_operand_load(&test->right, objects, &right);
	if (!has_left || !has_right) {
		return test->op == ENT_TEST_EQUAL && !has_left && !has_right;
	}
	return compare(test->op, test->left.sort, left, &right);
}

static bool run(const struct ent_test *test, const void *const *objects)
{
	struct ent_slot left;
	if (test->op == ENT_TEST_TRUE) {
		return true;
	}
	bool has_left = ent_operand_load(&test->left, objects, &left);
	if (test->op == ENT_TEST_NULL) {
		return !has_left;
	}
	if (test->is_between_fields && test->op != ENT_TEST_HAS) {
		return between_fields(test, has_left, &left, objects);
	}
	if (!has_left) {
		return false;
	}
	switch (test->op) {
	case ENT_TEST_YES:
		return left.number != 0;
	case ENT_TEST_IN:
		return is_one_of(test, &left);
	case ENT_TEST_HAS:
		return list_has(test, &left, objects);
	case ENT_TEST_CONTAINS:
	case ENT_TEST_STARTS:
	case ENT_TEST_ENDS:
		return has_part(test, left.text);
	default:
		return compare(test->op, test->left.sort, &left, &test->literals[0].value);
	}
}

bool ent_test_run(const struct ent_test *test, const void *const *objects)
{
	return run(test, objects) != test->negated;
}
