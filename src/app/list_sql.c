/* A list as SQL: scope, filters, search, sort keys. */
#include "app/list.h"

#include "app/import_job.h"
#include "base/text.h"
#include "store/many.h"

#include <string.h>

static void bind(struct ent_listing *b, struct ent_value value)
{
	assert(b->count < ENT_LIST_ARGS_MAX);
	b->args[b->count++] = value;
	ent_text_addf(&b->sql, "$%zu", b->count);
}

/* The organisation's own events are of account 0, which is shown as null. */
static bool is_zero_for_none(const struct ent_listing *b, const struct ent_field *field)
{
	return b->type == &ent_event_type && field->target == &ent_account_type;
}

static bool is_kept(const struct ent_kept *kept, const struct ent_field *field)
{
	return kept != NULL && strcmp(field->name, kept->field) == 0;
}

const struct ent_kept *ent_list_kept(const struct ent_type *type, const struct ent_query *query)
{
	const struct ent_entity *entity = ent_entity_of(type);
	const struct ent_kept *kept = entity != NULL ? entity->kept : NULL;
	if (kept == NULL) {
		return NULL;
	}
	const char *first = query->sort_count > 0 ? query->sort[0].field->name : "";
	bool asked = kept->sort != NULL && strcmp(first, kept->sort) == 0;
	for (const struct ent_filter *f = query->filters; f != NULL; f = f->next) {
		asked = asked || (kept->until != NULL && is_kept(kept, f->field));
	}
	for (size_t i = 0; i < query->sort_count; i++) {
		asked = asked || (kept->until != NULL && is_kept(kept, query->sort[i].field));
	}
	return asked ? kept : NULL;
}

bool ent_list_has_word(const struct ent_kept *kept, const struct ent_query *query, ent_str word)
{
	bool has = true;
	for (const struct ent_filter *f = query->filters; f != NULL; f = f->next) {
		bool found = false;
		if (!is_kept(kept, f->field)) {
			continue;
		}
		for (size_t i = 0; i < f->count; i++) {
			found = found || ent_str_eq(f->values[i].text, word);
		}
		has = has && found == (f->op == ENT_OP_EQ || f->op == ENT_OP_IN);
	}
	return has;
}

/* The field as an expression: its column, or the SQL that derives it. */
static void expression(struct ent_listing *b, const struct ent_field *field)
{
	const struct ent_derived *derived = ent_derived_of(b->type, field);
	if (is_kept(b->kept, field)) {
		ent_text_addf(&b->sql, "t.%s", b->kept->column);
		return;
	}
	if (field->rule != ENT_R_DERIVED || derived == NULL) {
		ent_text_addf(&b->sql, is_zero_for_none(b, field) ? "NULLIF(t.%s, 0)" : "t.%s",
		              field->name);
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

void ent_list_add(struct ent_listing *b, const char *text)
{
	ent_text_add(&b->sql, ent_str_of(text));
}

/* A pattern for LIKE … ESCAPE '!', with its wildcards taken literally. */
ent_str ent_list_like(ent_str text, const char *before, const char *after, struct ent_arena *arena)
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

static void list_condition(struct ent_listing *b, const struct ent_filter *filter)
{
	/* blank-parted words: ' a b ' LIKE '% a %' */
	ent_list_add(b, "' ' || ");
	expression(b, filter->field);
	ent_list_add(b, " || ' ' LIKE ");
	bind(b, filter->values[0]);
	ent_list_add(b, " ESCAPE '!'");
}

/* One word as it is: there are few, and a plan that is kept is right only for its own. */
static void word(struct ent_listing *b, ent_str text)
{
	ent_text_addf(&b->sql, " = '%.*s'", (int)text.len, text.ptr);
}

static bool has_word(const char *words, ent_str text)
{
	struct ent_cut cut = { .tail = ent_str_of(words) };
	do {
		cut = ent_str_cut(cut.tail, ' ');
	} while (!ent_str_eq(cut.head, text) && cut.found);
	return ent_str_eq(cut.head, text);
}

static void implied_condition(struct ent_listing *b, const struct ent_filter *filter)
{
	const struct ent_entity *entity = ent_entity_of(b->type);
	const struct ent_implied *implied = entity != NULL ? entity->implied : NULL;
	if (filter->op != ENT_OP_EQ && filter->op != ENT_OP_IN) {
		return;
	}
	for (; implied != NULL && implied->field != NULL; implied++) {
		bool holds = strcmp(implied->field, filter->field->name) == 0;
		for (size_t i = 0; i < filter->count; i++) {
			holds = holds && has_word(implied->words, filter->values[i].text);
		}
		ent_text_addf(&b->sql, "%s%s", holds ? " AND " : "", holds ? implied->sql : "");
	}
}

static const char *const signs[] = {
	[ENT_OP_EQ] = " = ",   [ENT_OP_NE] = " <> ", [ENT_OP_GT] = " > ",
	[ENT_OP_GTE] = " >= ", [ENT_OP_LT] = " < ",  [ENT_OP_LTE] = " <= "
};

static void condition(struct ent_listing *b, const struct ent_filter *filter)
{
	enum ent_kind kind = filter->field->kind;
	bool is_word = kind == ENT_K_ENUM && ent_field_is_column(filter->field);
	ent_list_add(b, " AND (");
	ent_list_add(b, b->is_narrow && is_word ? ent_sql_unindexed(b->call->db) : "");
	if (filter->op == ENT_OP_EQ && is_zero_for_none(b, filter->field)) {
		ent_text_addf(&b->sql, "t.%s = ", filter->field->name); /* as the index has it */
		bind(b, filter->values[0]);
	} else if (filter->op == ENT_OP_NULL) {
		expression(b, filter->field);
		ent_list_add(b, filter->count ? " IS NULL" : " IS NOT NULL");
	} else if (kind == ENT_K_IDS || kind == ENT_K_WORDS) {
		list_condition(b, filter);
	} else if (filter->op == ENT_OP_CONTAINS || filter->op == ENT_OP_STARTS_WITH) {
		ent_list_add(b, "LOWER(");
		expression(b, filter->field);
		ent_list_add(b, ") LIKE LOWER(");
		bind(b, filter->values[0]);
		ent_list_add(b, ") ESCAPE '!'");
	} else if (filter->op == ENT_OP_IN || filter->op == ENT_OP_NOT_IN) {
		expression(b, filter->field);
		ent_list_add(b, filter->op == ENT_OP_IN ? " IN (" : " NOT IN (");
		for (size_t i = 0; i < filter->count; i++) {
			ent_list_add(b, i > 0 ? ", " : "");
			bind(b, filter->values[i]);
		}
		ent_list_add(b, ")");
	} else if (filter->op == ENT_OP_EQ && is_word) {
		expression(b, filter->field);
		word(b, filter->values[0].text);
	} else {
		expression(b, filter->field);
		ent_list_add(b, signs[filter->op]);
		bind(b, filter->values[0]);
	}
	ent_list_add(b, ")");
	implied_condition(b, filter);
}

/* Values of LIKE conditions become patterns before the SQL text begins. */
void ent_list_patterns(struct ent_filter *filters, struct ent_arena *arena)
{
	for (struct ent_filter *f = filters; f != NULL; f = f->next) {
		bool list = f->field->kind == ENT_K_IDS || f->field->kind == ENT_K_WORDS;
		if (f->op != ENT_OP_CONTAINS && f->op != ENT_OP_STARTS_WITH && !list) {
			continue;
		}
		struct ent_value *value = ENT_NEW(arena, struct ent_value, 1);
		*value = f->values[0];
		value->text = ent_list_like(value->text,
		                            list                       ? "% "
		                            : f->op == ENT_OP_CONTAINS ? "%"
		                                                       : "",
		                            list ? " %" : "%", arena);
		f->values = value;
	}
}

void ent_list_scope(const struct ent_principal *who, const char *column, struct ent_text *sql)
{
	if (who->accounts.count == 0) {
		return;
	}
	ent_text_addf(sql, " AND %s IN (", column);
	if (who->account_trees) {
		ent_text_add(sql, ENT_STR("WITH RECURSIVE down(id) AS (SELECT id FROM account "
		                          "WHERE id IN ("));
	}
	for (size_t i = 0; i < who->accounts.count; i++) {
		ent_text_addf(sql, "%s%lld", i > 0 ? ", " : "",
		              (long long)who->accounts.items[i].value);
	}
	if (who->account_trees) {
		ent_text_add(sql, ENT_STR(") UNION SELECT a.id FROM account a JOIN down ON "
		                          "a.parent_id = down.id) SELECT id FROM down"));
	}
	ent_text_char(sql, ')');
}

static void scope(struct ent_listing *b)
{
	const struct ent_principal *who = b->call->who;
	bool account = b->type == &ent_account_type;
	if (b->type == &ent_case_comment_type && who->role == ENT_ROLE_CUSTOMER) {
		ent_list_add(b, " AND NOT t.internal");
	}
	if (b->type == &ent_view_type && who->who != ENT_WHO_SYSTEM) {
		ent_text_addf(&b->sql, " AND (t.shared OR t.user_id = %lld)",
		              who->who == ENT_WHO_USER ? (long long)who->id.value : 0LL);
	}
	if (b->type == &ent_import_job_type) {
		ent_import_job_scope(who, &b->sql);
	}
	if (b->type->owned || account) {
		ent_list_scope(who, account ? "t.id" : "t.account_id", &b->sql);
	}
}

/* q: every field that is searched, without regard to case. */
static void search(struct ent_listing *b, ent_str pattern)
{
	ent_str fields = ent_str_of(b->type->search);
	const char *joint = " AND (";
	while (fields.len > 0) {
		struct ent_cut cut = ent_str_cut(fields, ' ');
		ent_text_addf(&b->sql, "%sLOWER(t.%.*s) LIKE LOWER(", joint, (int)cut.head.len,
		              cut.head.ptr);
		bind(b, ent_arg_text(pattern));
		ent_list_add(b, ") ESCAPE '!'");
		joint = " OR ";
		fields = cut.tail;
	}
	ent_list_add(b, ")");
}

/* ---- keyset ---- */

/* A sort key that is never null: nulls come last going up. */
void ent_list_sort_key(struct ent_listing *b, const struct ent_field *field)
{
	bool nullable = ent_field_nullable(field);
	bool text = field->kind == ENT_K_TEXT || field->kind == ENT_K_ENUM;
	if (nullable) {
		ent_list_add(b, "COALESCE(");
	}
	expression(b, field);
	if (nullable) {
		ent_list_add(b, text ? ", '\xf4\x8f\xbf\xbf')" : ", 9223372036854775807)");
	}
	if (text) {
		ent_list_add(b, ent_sql_bytewise(b->call->db));
	}
}

/* The key of the i-th sort, or of the id. Where a word is kept the first key is written as only the
 * indexes of that word have it: PostgreSQL takes the records of a word to be spread evenly, and
 * would walk through the last days, or the ids, of all of them. */
static void order_key(struct ent_listing *b, const struct ent_query *query, size_t i)
{
	bool is_id = i == query->sort_count;
	if (is_id) {
		ent_list_add(b, "t.id");
	} else {
		ent_list_sort_key(b, query->sort[i].field);
	}
	if (i == 0 && b->kept != NULL && b->kept->until != NULL &&
	    (is_id || query->sort[i].field->kind == ENT_K_DATE)) {
		ent_list_add(b, " + 0");
	}
}

/* Is it a bound of what the list is sorted by, which is never null in the key of an index? */
static bool is_bound(const struct ent_query *query, const struct ent_filter *filter)
{
	bool is_range = filter->op == ENT_OP_GT || filter->op == ENT_OP_GTE ||
	                filter->op == ENT_OP_LT || filter->op == ENT_OP_LTE;
	return is_range && query->sort_count > 0 && query->sort[0].field == filter->field &&
	       filter->field->kind != ENT_K_TEXT;
}

static void key_bound(struct ent_listing *b, const struct ent_query *query,
                      const struct ent_filter *filter)
{
	ent_list_add(b, " AND ");
	order_key(b, query, 0);
	ent_list_add(b, signs[filter->op]);
	bind(b, filter->values[0]);
}

/* A bound by the key of the index. Days of what has a word that is kept are all indexed so, and are
 * not bound by the column, too: PostgreSQL would take one bound for two, and so few rows that it
 * sorts them. */
static void bounded(struct ent_listing *b, const struct ent_query *query,
                    const struct ent_filter *filter)
{
	const struct ent_entity *entity = ent_entity_of(b->type);
	bool is_day = filter->field->kind == ENT_K_DATE && entity != NULL && entity->kept != NULL;
	bool is_nullable = ent_field_nullable(filter->field);
	if (!is_day) {
		condition(b, filter);
	} else if (is_nullable && (filter->op == ENT_OP_GT || filter->op == ENT_OP_GTE)) {
		ent_text_addf(&b->sql, " AND t.%s IS NOT NULL", filter->field->name);
	}
	if (is_day || is_nullable) {
		key_bound(b, query, filter);
	}
}

/* (a, b, id) beyond the cursor's: a > $1 OR (a = $1 AND (b > $2 OR (b = $2 AND id > $3))) */
void ent_list_beyond(struct ent_listing *b, const struct ent_query *query,
                     const struct ent_value *keys)
{
	if (query->sort_count > 0) { /* follows from the rest; an index begins here by it */
		ent_list_add(b, " AND ");
		order_key(b, query, 0);
		ent_list_add(b, query->sort[0].descending ? " <= " : " >= ");
		bind(b, keys[0]);
	}
	ent_list_add(b, " AND (");
	for (size_t i = 0; i < query->sort_count; i++) {
		order_key(b, query, i);
		ent_list_add(b, query->sort[i].descending ? " < " : " > ");
		bind(b, keys[i]);
		ent_list_add(b, " OR (");
		order_key(b, query, i);
		ent_list_add(b, " = ");
		bind(b, keys[i]);
		ent_list_add(b, " AND (");
	}
	bool descending = query->sort_count == 0 || query->sort[query->sort_count - 1].descending;
	order_key(b, query, query->sort_count);
	ent_list_add(b, descending ? " < " : " > ");
	bind(b, keys[query->sort_count]);
	for (size_t i = 0; i < query->sort_count; i++) {
		ent_list_add(b, "))");
	}
	ent_list_add(b, ")");
}

void ent_list_order_by(struct ent_listing *b, const struct ent_query *query)
{
	ent_list_add(b, " ORDER BY ");
	for (size_t i = 0; i < query->sort_count; i++) {
		order_key(b, query, i);
		ent_list_add(b, query->sort[i].descending ? " DESC, " : ", ");
	}
	bool descending = query->sort_count == 0 || query->sort[query->sort_count - 1].descending;
	order_key(b, query, query->sort_count);
	ent_list_add(b, descending ? " DESC" : "");
}

static bool is_narrow(const struct ent_listing *b, const struct ent_query *query)
{
	bool narrow = b->type->owned && b->call->who->accounts.count > 0;
	for (const struct ent_filter *f = query->filters; f != NULL; f = f->next) {
		bool is_equal = f->op == ENT_OP_EQ || f->op == ENT_OP_IN;
		narrow = narrow ||
		         (is_equal && (f->field->kind == ENT_K_ID || f->field->kind == ENT_K_TEXT));
	}
	return narrow;
}

static void kept_condition(struct ent_listing *b)
{
	if (b->kept != NULL) {
		const char *until = b->kept->until;
		ent_list_add(b, " AND ");
		ent_list_add(b, b->is_narrow ? ent_sql_unindexed(b->call->db) : "");
		ent_text_addf(&b->sql, "t.%s", b->kept->column);
		word(b, b->word);
		if (until != NULL) {
			ent_text_addf(&b->sql, " AND (t.%s IS NULL OR t.%s > ", until, until);
			bind(b, ent_arg_instant(b->call->now));
			ent_list_add(b, ")");
		}
	} else if (b->overdue != NULL) {
		ent_list_add(b, " AND t.account_id = o.owner AND t.id = o.record");
	}
}

void ent_list_from(struct ent_listing *b)
{
	ent_list_add(b, " FROM ");
	if (b->overdue != NULL) { /* they are few: SQLite takes them first in a CROSS JOIN */
		ent_text_addf(&b->sql,
		              "(SELECT d.account_id AS owner, d.id AS record FROM \"%s\" d "
		              "WHERE d.%s <= ",
		              b->type->name, b->overdue->until);
		bind(b, ent_arg_instant(b->call->now));
		ent_list_add(b, ") o CROSS JOIN ");
	}
	ent_text_addf(&b->sql, "\"%s\" t", b->type->name);
}

void ent_list_where(struct ent_listing *b, const struct ent_query *query, ent_str pattern)
{
	ent_list_add(b, " WHERE TRUE");
	scope(b);
	b->is_narrow = is_narrow(b, query);
	kept_condition(b);
	for (const struct ent_filter *f = query->filters; f != NULL; f = f->next) {
		if (is_bound(query, f)) {
			bounded(b, query, f);
		} else if (!is_kept(b->kept, f->field)) {
			condition(b, f);
		}
	}
	if (pattern.len > 0) {
		search(b, pattern);
	}
}
