#include "app/record.h"

#include "app/inner.h"
#include "base/text.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* ---- reading a query ---- */

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

enum { FILTERS_MAX = 20, VALUES_MAX = 200 };

/* Texts for a person's list of what can be given. */
static void bad_filter(struct ent_error *error, ent_str name, ent_str value, const char *remedy)
{
	char pointer[96];
	snprintf(pointer, sizeof(pointer), "/%.*s", (int)(name.len < 90 ? name.len : 90), name.ptr);
	ent_note(error, ENT_E_BAD_FILTER, pointer, value, "%s", remedy);
}

static const struct ent_derived *derived_of(const struct ent_type *type,
                                            const struct ent_field *field)
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
	return field->rule != ENT_R_DERIVED || derived_of(type, field) != NULL;
}

bool ent_field_is_sortable(const struct ent_type *type, const struct ent_field *field)
{
	return ent_field_is_filterable(type, field) && field->kind != ENT_K_IDS &&
	       field->kind != ENT_K_WORDS && field->kind != ENT_K_MONEY;
}

/* One value in the column's form; false if it does not fit the field. */
static bool to_column(const struct ent_field *field, ent_str text, struct ent_arena *arena,
                      struct ent_value *out)
{
	struct ent_value value = { .kind = ENT_K_TEXT, .text = text };
	switch (field->kind) {
	case ENT_K_BOOL:
		value.kind = ENT_K_BOOL;
		value.number = ent_str_is(text, "true");
		if (value.number == 0 && !ent_str_is(text, "false")) {
			return false;
		}
		break;
	case ENT_K_INT:
	case ENT_K_COUNT:
		value.kind = ENT_K_INT;
		if (!ent_str_int(text, &value.number)) {
			return false;
		}
		break;
	case ENT_K_MONEY: {
		ent_decimal amount;
		*out = (struct ent_value){ .kind = ENT_K_INT };
		bool good = ent_decimal_parse(text, &amount);
		out->number = amount.micro;
		return good;
	}
	case ENT_K_IDS: {
		ent_id id;
		if (!ent_id_parse(text, field->target->prefix, &id)) {
			return false;
		}
		*out = ent_arg_text(ent_text_format(arena, "%lld", (long long)id.value));
		return true;
	}
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
	struct ent_error ignored;
	ent_error_clear(&ignored);
	if (!ent_field_set(&alone, object, value, &ignored)) {
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

static bool read_values(struct ent_filter *filter, ent_str text, bool many, struct ent_arena *arena)
{
	struct ent_value *values = ENT_NEW(arena, struct ent_value, VALUES_MAX);
	filter->values = values;
	do {
		struct ent_cut cut =
			many ? ent_str_cut(text, ',') : (struct ent_cut){ text, text, false };
		if (filter->count == VALUES_MAX ||
		    !to_column(filter->field, cut.head, arena, &values[filter->count])) {
			return false;
		}
		filter->count++;
		text = cut.tail;
		many = many && cut.found;
	} while (many);
	return true;
}

void ent_query_filter(struct ent_query *query, const struct ent_type *type, ent_str name,
                      ent_str op, ent_str value, struct ent_arena *arena, struct ent_error *error)
{
	const struct ent_field *field = ent_type_field(type, name);
	if (field == NULL || !ent_field_is_filterable(type, field)) {
		bad_filter(error, name, value, "there is no such field to filter by");
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
	for (const struct ent_filter *f = query->filters; f != NULL; f = f->next) {
		filters++;
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
	} else if (!read_values(filter, value, ops[at].many, arena)) {
		bad_filter(error, name, value, "the value does not fit the field");
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
			ent_note(error, ENT_E_BAD_PARAMETER, "/sort", name,
			         "there is no such field to sort by");
		} else if (query->sort_count == ENT_SORT_MAX) {
			ent_note(error, ENT_E_BAD_PARAMETER, "/sort", name,
			         "sort by at most %d fields", ENT_SORT_MAX);
			return;
		} else {
			query->sort[query->sort_count++] = (struct ent_sort){ field, descending };
		}
	}
}

/* ---- SQL ---- */

enum { ARGS_MAX = 1200 };

struct building {
	struct ent_call *call;
	const struct ent_type *type;
	struct ent_text sql;
	struct ent_value *args; /* ARGS_MAX, allocated before the text begins */
	size_t count;
};

static void bind(struct building *b, struct ent_value value)
{
	assert(b->count < ARGS_MAX);
	b->args[b->count++] = value;
	ent_text_addf(&b->sql, "$%zu", b->count);
}

/* The field as an expression: its column, or the SQL that derives it. */
static void expression(struct building *b, const struct ent_field *field)
{
	const struct ent_derived *derived = derived_of(b->type, field);
	if (field->rule != ENT_R_DERIVED || derived == NULL) {
		ent_text_addf(&b->sql, "t.%s", field->name);
		return;
	}
	for (const char *p = derived->sql; *p != '\0';) {
		if (strncmp(p, "$now", 4) == 0) {
			bind(b, ent_arg_int(b->call->now.us));
			p += 4;
		} else {
			ent_text_char(&b->sql, *p++);
		}
	}
}

static void add(struct building *b, const char *text)
{
	ent_text_add(&b->sql, ent_str_of(text));
}

/* A pattern for LIKE … ESCAPE '!', with its wildcards taken literally. */
static ent_str like(ent_str text, const char *before, const char *after, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	ent_text_add(&out, ent_str_of(before));
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '%' || text.ptr[i] == '_' || text.ptr[i] == '!') {
			ent_text_char(&out, '!');
		}
		ent_text_char(&out, text.ptr[i]);
	}
	ent_text_add(&out, ent_str_of(after));
	return ent_text_end(&out);
}

static void list_condition(struct building *b, const struct ent_filter *filter)
{
	/* blank-parted words: ' a b ' LIKE '% a %' */
	add(b, "' ' || ");
	expression(b, filter->field);
	add(b, " || ' ' LIKE ");
	bind(b, filter->values[0]);
	add(b, " ESCAPE '!'");
}

static void condition(struct building *b, const struct ent_filter *filter)
{
	static const char *const signs[] = {
		[ENT_OP_EQ] = " = ",   [ENT_OP_NE] = " <> ", [ENT_OP_GT] = " > ",
		[ENT_OP_GTE] = " >= ", [ENT_OP_LT] = " < ",  [ENT_OP_LTE] = " <= "
	};
	enum ent_kind kind = filter->field->kind;
	add(b, " AND (");
	if (filter->op == ENT_OP_NULL) {
		expression(b, filter->field);
		add(b, filter->count ? " IS NULL" : " IS NOT NULL");
	} else if (kind == ENT_K_IDS || kind == ENT_K_WORDS) {
		list_condition(b, filter);
	} else if (filter->op == ENT_OP_CONTAINS || filter->op == ENT_OP_STARTS_WITH) {
		add(b, "LOWER(");
		expression(b, filter->field);
		add(b, ") LIKE LOWER(");
		bind(b, filter->values[0]);
		add(b, ") ESCAPE '!'");
	} else if (filter->op == ENT_OP_IN || filter->op == ENT_OP_NOT_IN) {
		expression(b, filter->field);
		add(b, filter->op == ENT_OP_IN ? " IN (" : " NOT IN (");
		for (size_t i = 0; i < filter->count; i++) {
			add(b, i > 0 ? ", " : "");
			bind(b, filter->values[i]);
		}
		add(b, ")");
	} else {
		expression(b, filter->field);
		add(b, signs[filter->op]);
		bind(b, filter->values[0]);
	}
	add(b, ")");
}

/* Values of LIKE conditions become patterns before the SQL text begins. */
static void make_patterns(struct ent_filter *filters, struct ent_arena *arena)
{
	for (struct ent_filter *f = filters; f != NULL; f = f->next) {
		bool list = f->field->kind == ENT_K_IDS || f->field->kind == ENT_K_WORDS;
		if (f->op != ENT_OP_CONTAINS && f->op != ENT_OP_STARTS_WITH && !list) {
			continue;
		}
		struct ent_value *value = ENT_NEW(arena, struct ent_value, 1);
		*value = f->values[0];
		value->text = like(value->text,
		                   list                       ? "% "
		                   : f->op == ENT_OP_CONTAINS ? "%"
		                                              : "",
		                   list ? " %" : "%", arena);
		f->values = value;
	}
}

static void scope(struct building *b)
{
	const struct ent_principal *who = b->call->who;
	bool account = b->type == &ent_account_type;
	if (b->type == &ent_case_comment_type && who->role == ENT_ROLE_CUSTOMER) {
		add(b, " AND NOT t.internal");
	}
	if (who->accounts.count == 0 || (!b->type->owned && !account)) {
		return;
	}
	ent_text_addf(&b->sql, " AND t.%s IN (", account ? "id" : "account_id");
	if (who->account_trees) {
		add(b, "WITH RECURSIVE down(id) AS (SELECT id FROM account WHERE id IN (");
	}
	for (size_t i = 0; i < who->accounts.count; i++) {
		ent_text_addf(&b->sql, "%s%lld", i > 0 ? ", " : "",
		              (long long)who->accounts.items[i].value);
	}
	if (who->account_trees) {
		add(b, ") UNION SELECT a.id FROM account a JOIN down ON a.parent_id = down.id) "
		       "SELECT id FROM down");
	}
	add(b, ")");
}

/* q: every field that is searched, without regard to case. */
static void search(struct building *b, ent_str pattern)
{
	ent_str fields = ent_str_of(b->type->search);
	const char *joint = " AND (";
	while (fields.len > 0) {
		struct ent_cut cut = ent_str_cut(fields, ' ');
		ent_text_addf(&b->sql, "%sLOWER(t.%.*s) LIKE LOWER(", joint, (int)cut.head.len,
		              cut.head.ptr);
		bind(b, ent_arg_text(pattern));
		add(b, ") ESCAPE '!'");
		joint = " OR ";
		fields = cut.tail;
	}
	add(b, ")");
}

/* ---- keyset ---- */

/* A sort key that is never null: nulls come last going up. */
static void sort_key(struct building *b, const struct ent_field *field)
{
	bool nullable = ent_field_nullable(field);
	bool text = field->kind == ENT_K_TEXT || field->kind == ENT_K_ENUM;
	if (nullable) {
		add(b, "COALESCE(");
	}
	expression(b, field);
	if (nullable) {
		add(b, text ? ", '\xf4\x8f\xbf\xbf')" : ", 9223372036854775807)");
	}
	if (text) {
		add(b, " COLLATE \"C\"");
	}
}

/* (a, b, id) beyond the cursor's: a > $1 OR (a = $1 AND (b > $2 OR (b = $2 AND id > $3))) */
static void beyond(struct building *b, const struct ent_query *query, const struct ent_value *keys)
{
	add(b, " AND (");
	for (size_t i = 0; i < query->sort_count; i++) {
		sort_key(b, query->sort[i].field);
		add(b, query->sort[i].descending ? " < " : " > ");
		bind(b, keys[i]);
		add(b, " OR (");
		sort_key(b, query->sort[i].field);
		add(b, " = ");
		bind(b, keys[i]);
		add(b, " AND (");
	}
	bool descending = query->sort_count == 0 || query->sort[query->sort_count - 1].descending;
	add(b, descending ? "t.id < " : "t.id > ");
	bind(b, keys[query->sort_count]);
	for (size_t i = 0; i < query->sort_count; i++) {
		add(b, "))");
	}
	add(b, ")");
}

static void order_by(struct building *b, const struct ent_query *query)
{
	add(b, " ORDER BY ");
	for (size_t i = 0; i < query->sort_count; i++) {
		sort_key(b, query->sort[i].field);
		add(b, query->sort[i].descending ? " DESC, " : ", ");
	}
	bool descending = query->sort_count == 0 || query->sort[query->sort_count - 1].descending;
	add(b, descending ? "t.id DESC" : "t.id");
}

/* ---- cursors: the keys of the last row and a mark of the query, in base64 ------------------ */

static uint32_t mark_of(const struct ent_type *type, const struct ent_query *query)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	for (const char *p = type->name; *p != '\0'; p++) {
		hash = (hash ^ (uint8_t)*p) * 16777619u;
	}
	for (size_t i = 0; i < query->sort_count; i++) {
		hash = (hash ^ (uint32_t)ent_type_at(type, query->sort[i].field)) * 16777619u;
		hash = (hash ^ query->sort[i].descending) * 16777619u;
	}
	for (const struct ent_filter *f = query->filters; f != NULL; f = f->next) {
		hash = (hash ^ (uint32_t)ent_type_at(type, f->field)) * 16777619u;
		hash = (hash ^ (uint32_t)f->op) * 16777619u;
		for (size_t i = 0; i < f->count && f->values != NULL; i++) {
			hash = (hash ^ (uint32_t)f->values[i].number) * 16777619u;
			for (size_t k = 0; k < f->values[i].text.len; k++) {
				hash = (hash ^ (uint8_t)f->values[i].text.ptr[k]) * 16777619u;
			}
		}
	}
	for (size_t k = 0; k < query->search.len; k++) {
		hash = (hash ^ (uint8_t)query->search.ptr[k]) * 16777619u;
	}
	return hash;
}

/* Keys are parted by U+0001, which no stored text has to contain. */
static ent_str make_cursor(const struct ent_value *keys, size_t count, uint32_t mark,
                           struct ent_arena *arena)
{
	struct ent_text plain = ent_text_begin(arena);
	ent_text_addf(&plain, "%08x", mark);
	for (size_t i = 0; i < count; i++) {
		ent_text_char(&plain, 1);
		if (keys[i].kind == ENT_K_TEXT) {
			ent_text_char(&plain, 't');
			ent_text_add(&plain, keys[i].text);
		} else {
			ent_text_addf(&plain, "%c%lld", keys[i].kind == ENT_K_BOOL ? 'b' : 'i',
			              (long long)keys[i].number);
		}
	}
	ent_str text = ent_text_end(&plain);
	size_t room = sodium_base64_ENCODED_LEN(text.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *out = ent_arena_bytes(arena, room);
	sodium_bin2base64(out, room, (const unsigned char *)text.ptr, text.len,
	                  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return ent_str_of(out);
}

static bool read_cursor(ent_str cursor, uint32_t mark, struct ent_value *keys, size_t count,
                        struct ent_arena *arena)
{
	char *plain = ent_arena_bytes(arena, cursor.len + 1);
	size_t len;
	if (sodium_base642bin((unsigned char *)plain, cursor.len + 1, cursor.ptr, cursor.len, NULL,
	                      &len, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
		return false;
	}
	char wanted[9];
	snprintf(wanted, sizeof(wanted), "%08x", mark);
	struct ent_cut cut = ent_str_cut((ent_str){ plain, len }, 1);
	if (!ent_str_is(cut.head, wanted)) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		cut = ent_str_cut(cut.tail, 1);
		ent_str rest = { cut.head.ptr + 1, cut.head.len > 0 ? cut.head.len - 1 : 0 };
		char kind = cut.head.len > 0 ? cut.head.ptr[0] : '\0';
		if (kind == 't' && ent_str_is_text(rest)) {
			keys[i] = ent_arg_text(rest);
		} else if ((kind == 'i' || kind == 'b') && ent_str_int(rest, &keys[i].number)) {
			keys[i].kind = kind == 'i' ? ENT_K_INT : ENT_K_BOOL;
		} else {
			return false;
		}
	}
	return cut.tail.len == 0;
}

/* ---- listing ---- */

static void where(struct building *b, const struct ent_query *query, ent_str pattern)
{
	add(b, " WHERE TRUE");
	scope(b);
	for (const struct ent_filter *f = query->filters; f != NULL; f = f->next) {
		condition(b, f);
	}
	if (pattern.len > 0) {
		search(b, pattern);
	}
}

static enum ent_code count_all(struct ent_call *call, const struct ent_type *type,
                               const struct ent_query *query, ent_str pattern, int64_t *out,
                               struct ent_error *error)
{
	struct building b = { .call = call, .type = type };
	b.args = ENT_NEW(call->arena, struct ent_value, ARGS_MAX);
	b.sql = ent_text_begin(call->arena);
	ent_text_addf(&b.sql, "SELECT COUNT(*) FROM \"%s\" t", type->name);
	where(&b, query, pattern);
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db, ent_text_end(&b.sql), b.args, b.count,
	                                call->arena, &rows, error);
	if (code == ENT_OK) {
		*out = rows.first->cell[0].number;
	}
	return code;
}

/* The columns, then the sort keys, so that a cursor can be made of the last row. */
static ent_str select_page(struct building *b, const struct ent_query *query, ent_str pattern,
                           const struct ent_value *keys)
{
	b->sql = ent_text_begin(b->call->arena);
	add(b, "SELECT ");
	ent_row_columns(b->type, "t.", &b->sql);
	for (size_t i = 0; i < query->sort_count; i++) {
		add(b, ", ");
		sort_key(b, query->sort[i].field);
	}
	ent_text_addf(&b->sql, " FROM \"%s\" t", b->type->name);
	where(b, query, pattern);
	if (keys != NULL) {
		beyond(b, query, keys);
	}
	order_by(b, query);
	ent_text_addf(&b->sql, " LIMIT %lld", (long long)query->limit + 1);
	return ent_text_end(&b->sql);
}

static enum ent_code read_page(struct building *b, const struct ent_query *query, uint32_t mark,
                               const struct ent_rows *rows, struct ent_page *out,
                               struct ent_error *error)
{
	const struct ent_type *type = b->type;
	size_t wanted = rows->count > (size_t)query->limit ? (size_t)query->limit : rows->count;
	out->has_more = rows->count > wanted;
	out->list.items = ent_arena_alloc(b->call->arena, wanted, type->size, 16);
	const struct ent_row *row = rows->first;
	const struct ent_row *last = NULL;
	enum ent_code code = ENT_OK;
	for (; out->list.count < wanted && code == ENT_OK; row = row->next, out->list.count++) {
		void *object = (char *)out->list.items + out->list.count * type->size;
		ent_type_clear(type, object);
		code = ent_row_read(type, row, 0, b->call->arena, object, error);
		last = row;
	}
	if (code == ENT_OK && out->has_more) {
		struct ent_value keys[ENT_SORT_MAX + 1];
		for (size_t i = 0; i < query->sort_count; i++) {
			keys[i] = last->cell[rows->columns - query->sort_count + i];
		}
		keys[query->sort_count] = ent_arg_id(
			*(ent_id *)((char *)out->list.items + (wanted - 1) * type->size));
		out->next_cursor = make_cursor(keys, query->sort_count + 1, mark, b->call->arena);
	}
	return code;
}

enum ent_code ent_record_list(struct ent_call *call, const struct ent_type *type,
                              const struct ent_query *asked, struct ent_page *out,
                              struct ent_error *error)
{
	struct ent_query query = *asked;
	*out = (struct ent_page){ .total = -1 };
	enum ent_code code =
		ent_call_may(call, ent_text_format(call->arena, "%s.read", type->name).ptr, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_value keys[ENT_SORT_MAX + 1];
	uint32_t mark = mark_of(type, &query);
	bool from_cursor = query.cursor.len > 0;
	if (from_cursor &&
	    !read_cursor(query.cursor, mark, keys, query.sort_count + 1, call->arena)) {
		return ent_refuse(
			error, ENT_E_BAD_CURSOR, "/cursor", query.cursor,
			"send next_cursor of the page before with the same filters and sort");
	}
	make_patterns(query.filters, call->arena);
	ent_str pattern = query.search.len > 0 ? like(query.search, "%", "%", call->arena)
	                                       : (ent_str){ NULL, 0 };
	struct building b = { .call = call, .type = type };
	b.args = ENT_NEW(call->arena, struct ent_value, ARGS_MAX);
	ent_str sql = select_page(&b, &query, pattern, from_cursor ? keys : NULL);
	struct ent_rows rows;
	code = ent_db_run(call->db, sql, b.args, b.count, call->arena, &rows, error);
	if (code == ENT_OK) {
		code = read_page(&b, &query, mark, &rows, out, error);
	}
	if (code == ENT_OK && query.wants_total) {
		code = count_all(call, type, &query, pattern, &out->total, error);
	}
	if (code == ENT_OK) {
		code = ent_record_children(call, type, &out->list, error);
	}
	const struct ent_entity *entity = ent_entity_of(type);
	if (code == ENT_OK && entity != NULL && entity->decorate != NULL) {
		code = entity->decorate(call, &out->list, error);
	}
	return code;
}

enum ent_code ent_record_by_ids(struct ent_call *call, const struct ent_type *type,
                                struct ent_ids ids, struct ent_list *out, struct ent_error *error)
{
	*out = (struct ent_list){ NULL, 0 };
	struct ent_query query = { .limit = (int64_t)ids.count };
	struct ent_value *values = ENT_NEW(call->arena, struct ent_value, ids.count);
	for (size_t i = 0; i < ids.count; i++) {
		values[i] = ent_arg_id(ids.items[i]);
	}
	struct ent_filter filter = { .field = &type->fields[ENT_AT_ID],
		                     .op = ENT_OP_IN,
		                     .values = values,
		                     .count = ids.count };
	query.filters = &filter;
	struct ent_page page;
	enum ent_code code =
		ids.count == 0 ? ENT_OK : ent_record_list(call, type, &query, &page, error);
	if (code == ENT_OK && ids.count > 0) {
		*out = page.list;
	}
	return code;
}
