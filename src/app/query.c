/* Filters and sorts from their texts. */
#include "app/list.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	enum ent_filter_op op;
	bool many;
} ops[] = {
	{ "", ENT_OP_EQ, false },
	{ "ne", ENT_OP_NE, false },
	{ "gt", ENT_OP_GT, false },
	{ "gte", ENT_OP_GTE, false },
	{ "lt", ENT_OP_LT, false },
	{ "lte", ENT_OP_LTE, false },
	{ "in", ENT_OP_IN, true },
	{ "not_in", ENT_OP_NOT_IN, true },
	{ "contains", ENT_OP_CONTAINS, false },
	{ "starts_with", ENT_OP_STARTS_WITH, false },
	{ "null", ENT_OP_NULL, false },
};

enum {
	SORTED_TEXT_MAX = 1000, /* characters: a cursor has to fit a request line */
	FILTERS_MAX = 20,
	VALUES_MAX = 200,      /* of one filter */
	ALL_VALUES_MAX = 1000, /* of all: with what sorting needs, within ENT_LIST_ARGS_MAX */
};

/* Texts for a person's list of what can be given. */
static void bad_filter(struct ent_error *error, ent_str name, ent_str value, const char *remedy)
{
	char pointer[96];
	snprintf(pointer, sizeof(pointer), "/%.*s", (int)(name.len < 90 ? name.len : 90), name.ptr);
	ent_note(error, ENT_E_BAD_FILTER, pointer, value, "%s", remedy);
}

const struct ent_derived *ent_derived_of(const struct ent_type *type, const struct ent_field *field)
{
	const struct ent_entity *entity = ent_entity_of(type);
	if (entity == NULL || entity->derived == NULL) {
		return NULL;
	}
	for (const struct ent_derived *d = entity->derived; d->field != NULL; d++) {
		if (ent_str_is(ent_str_of(d->field), field->name)) {
			return d;
		}
	}
	return NULL;
}

bool ent_field_is_filterable(const struct ent_type *type, const struct ent_field *field)
{
	switch (field->kind) {
	case ENT_K_MAP:
	case ENT_K_JSON:
	case ENT_K_CHILDREN:
	case ENT_K_DURATION:
	case ENT_K_NULL:
		return false;
	default:
		break;
	}
	if (field->rule == ENT_R_HIDDEN || field->rule == ENT_R_WRITE) {
		return false;
	}
	return field->rule != ENT_R_DERIVED || ent_derived_of(type, field) != NULL;
}

bool ent_field_is_sortable(const struct ent_type *type, const struct ent_field *field)
{
	bool is_long = field->kind == ENT_K_TEXT && field->limit > SORTED_TEXT_MAX;
	return ent_field_is_filterable(type, field) && field->kind != ENT_K_IDS &&
	       field->kind != ENT_K_WORDS && field->kind != ENT_K_MONEY && !is_long;
}

/* One value in the column's form; else false, and why not. */
static bool to_column(const struct ent_field *field, ent_str text, struct ent_arena *arena,
                      struct ent_value *out, ent_str *remedy)
{
	struct ent_value value = { .kind = ENT_K_TEXT, .text = text };
	ent_decimal amount;
	ent_id id;
	switch (field->kind) {
	case ENT_K_BOOL:
		value.kind = ENT_K_BOOL;
		value.number = ent_str_is(text, "true");
		*remedy = ENT_STR("give true or false");
		if (value.number == 0 && !ent_str_is(text, "false")) {
			return false;
		}
		break;
	case ENT_K_INT:
	case ENT_K_COUNT:
		value.kind = ENT_K_INT;
		*remedy = ENT_STR("give a whole number");
		if (!ent_str_int(text, &value.number)) {
			return false;
		}
		break;
	case ENT_K_MONEY:
		*remedy = ENT_STR("give an amount like 12.50, without its currency");
		if (!ent_decimal_parse(text, &amount)) {
			return false;
		}
		*out = (struct ent_value){ .kind = ENT_K_INT, .number = amount.micro };
		return true;
	case ENT_K_IDS:
		if (!ent_id_parse(text, field->target->prefix, &id)) {
			*remedy = ent_text_format(arena, "give an identifier like %s_0123456789abc",
			                          field->target->prefix);
			return false;
		}
		*out = ent_arg_text(ent_text_format(arena, "%lld", (long long)id.value));
		return true;
	case ENT_K_WORDS:
		*out = value;
		return true;
	default:
		break;
	}
	/* A field of its own in a small object: the border's checks, the column's form. */
	struct ent_field alone = *field;
	alone.offset = 0;
	alone.limit = 0;
	alone.rule = ENT_R_OPTIONAL;
	_Alignas(16) char object[64] = { 0 };
	struct ent_error why;
	ent_error_clear(&why);
	if (!ent_field_set(&alone, object, value, &why)) {
		*remedy = ent_text_copy(arena, ent_str_of(why.issues[0].remedy));
		return false;
	}
	*out = ent_field_to_column(&alone, object, arena);
	return true;
}

static bool op_fits(enum ent_filter_op op, const struct ent_field *field)
{
	bool text = field->kind == ENT_K_TEXT;
	bool list = field->kind == ENT_K_IDS || field->kind == ENT_K_WORDS;
	switch (op) {
	case ENT_OP_CONTAINS:
		return text || list;
	case ENT_OP_STARTS_WITH:
		return text;
	case ENT_OP_GT:
	case ENT_OP_GTE:
	case ENT_OP_LT:
	case ENT_OP_LTE:
		return !list && field->kind != ENT_K_BOOL && field->kind != ENT_K_ENUM;
	case ENT_OP_NULL:
		return ent_field_nullable(field);
	default:
		return !list;
	}
}

/* Notes the value that does not fit. */
static void read_values(struct ent_filter *filter, ent_str text, bool many, struct ent_arena *arena,
                        struct ent_error *error)
{
	struct ent_value *values = ENT_NEW(arena, struct ent_value, VALUES_MAX);
	ent_str name = ent_str_of(filter->field->name);
	filter->values = values;
	do {
		struct ent_cut cut =
			many ? ent_str_cut(text, ',') : (struct ent_cut){ text, text, false };
		ent_str remedy = ENT_STR("");
		if (filter->count == VALUES_MAX) {
			bad_filter(error, name, cut.head, "give at most 200 values");
			return;
		}
		if (!to_column(filter->field, cut.head, arena, &values[filter->count], &remedy)) {
			bad_filter(error, name, cut.head, remedy.ptr);
			return;
		}
		filter->count++;
		text = cut.tail;
		many = many && cut.found;
	} while (many);
}

/* Is it shown, but no column: worked out when it is read? */
static bool is_worked_out(const struct ent_type *type, ent_str name)
{
	const struct ent_field *field = ent_type_field(type, name);
	return field != NULL && field->rule == ENT_R_DERIVED;
}

static void note_unknown(const struct ent_type *type, ent_str name, ent_str value,
                         struct ent_error *error)
{
	const char *nearest = NULL;
	size_t least = ENT_EDITS_NEAR + 1;
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		size_t edits = ent_str_edits(name, ent_str_of(field->name));
		if (edits < least && edits < name.len && ent_field_is_filterable(type, field)) {
			nearest = field->name;
			least = edits;
		}
	}
	char remedy[128] = "there is no such field to filter by";
	if (is_worked_out(type, name)) {
		snprintf(remedy, sizeof(remedy),
		         "it is worked out when it is read: it cannot be filtered by");
	} else if (nearest != NULL) {
		snprintf(remedy, sizeof(remedy),
		         "there is no such field to filter by; did you mean %s?", nearest);
	}
	bad_filter(error, name, value, remedy);
}

void ent_query_filter(struct ent_query *query, const struct ent_type *type, ent_str name,
                      ent_str op, ent_str value, struct ent_arena *arena, struct ent_error *error)
{
	const struct ent_field *field = ent_type_field(type, name);
	if (field == NULL || !ent_field_is_filterable(type, field)) {
		note_unknown(type, name, value, error);
		return;
	}
	size_t at = 0;
	while (at < ENT_COUNT(ops) && !ent_str_is(op, ops[at].name) &&
	       !(at == 0 && ent_str_is(op, "eq"))) {
		at++;
	}
	if (at == ENT_COUNT(ops) || !op_fits(ops[at].op, field)) {
		bad_filter(error, name, op,
		           "use eq ne gt gte lt lte in not_in contains starts_with null, as fits "
		           "the field");
		return;
	}
	size_t filters = 0;
	size_t values = 0;
	for (const struct ent_filter *f = query->filters; f != NULL; f = f->next) {
		filters++;
		values += f->count;
	}
	struct ent_filter *filter = ENT_NEW(arena, struct ent_filter, 1);
	filter->field = field;
	filter->op = ops[at].op;
	bool truth = ent_str_is(value, "true");
	if (filters == FILTERS_MAX) {
		bad_filter(error, name, value, "give at most 20 filters");
	} else if (filter->op == ENT_OP_NULL && !truth && !ent_str_is(value, "false")) {
		bad_filter(error, name, value, "give true or false");
	} else if (filter->op == ENT_OP_NULL) {
		filter->count = truth;
	} else {
		read_values(filter, value, ops[at].many, arena, error);
	}
	if (values + filter->count > ALL_VALUES_MAX) {
		bad_filter(error, name, value, "give at most 1000 values in all filters");
	}
	filter->next = query->filters;
	query->filters = filter;
}

void ent_query_sort(struct ent_query *query, const struct ent_type *type, ent_str text,
                    struct ent_error *error)
{
	while (text.len > 0) {
		struct ent_cut cut = ent_str_cut(text, ',');
		text = cut.tail;
		bool descending = cut.head.len > 0 && cut.head.ptr[0] == '-';
		ent_str name =
			descending ? (ent_str){ cut.head.ptr + 1, cut.head.len - 1 } : cut.head;
		const struct ent_field *field = ent_type_field(type, name);
		if (field == NULL || !ent_field_is_sortable(type, field)) {
			const char *why = is_worked_out(type, name)
			                          ? "it is worked out when it is read: it "
			                            "cannot be sorted by"
			                          : "there is no such field to sort by";
			ent_note(error, ENT_E_BAD_PARAMETER, "/sort", name, "%s", why);
		} else if (query->sort_count == ENT_SORT_MAX) {
			ent_note(error, ENT_E_BAD_PARAMETER, "/sort", name,
			         "sort by at most %d fields", ENT_SORT_MAX);
			return;
		} else {
			query->sort[query->sort_count++] = (struct ent_sort){ field, descending };
		}
	}
}
