#include "app/list.h"

#include "app/inner.h"
#include "base/text.h"
#include "store/many.h"

/* ---- parts ---- */

/* What is asked, the same in all parts of a statement. */
struct asked {
	const struct ent_query *query;
	ent_str pattern;
	const struct ent_value *keys; /* of a cursor, or NULL */
};

/* One part: the columns, then the sort keys, so that a cursor can be made of the last row; or how
 * many there are. */
static void add_part(struct ent_listing *b, const struct asked *asked, bool counts)
{
	const struct ent_query *query = asked->query;
	ent_list_add(b, "SELECT ");
	if (counts) {
		ent_list_add(b, "COUNT(*)");
	} else {
		ent_row_columns(b->type, "t.", &b->sql);
	}
	for (size_t i = 0; i < query->sort_count && !counts; i++) {
		ent_list_add(b, ", ");
		ent_list_sort_key(b, query->sort[i].field);
		ent_text_addf(&b->sql, " AS key%zu", i);
	}
	ent_list_from(b);
	ent_list_where(b, query, asked->pattern);
	if (counts) {
		return;
	}
	if (asked->keys != NULL) {
		ent_list_beyond(b, query, asked->keys);
	}
	ent_list_order_by(b, query);
	ent_text_addf(&b->sql, " LIMIT %lld", (long long)query->limit + 1);
}

/* Where a field is kept: a part for each word that it may have, so that each is a walk along an
 * index, and one for records whose word may be another by now, by the SQL of the field. `between`
 * stands before each but the first. */
static void add_parts(struct ent_listing *b, const struct asked *asked, bool counts,
                      const char *const around[3])
{
	const struct ent_kept *kept = ent_list_kept(b->type, asked->query);
	const struct ent_names *names = ent_type_field(b->type, ent_str_of(kept->field))->names;
	size_t parts = 0;
	for (size_t i = 0; i < names->count; i++) {
		ent_str word = ent_str_of(names->text[i]);
		if (ent_list_has_word(kept, asked->query, word)) {
			b->kept = kept;
			b->word = word;
			ent_list_add(b, parts++ > 0 ? around[2] : "");
			ent_list_add(b, around[0]);
			add_part(b, asked, counts);
			ent_list_add(b, around[1]);
		}
	}
	b->kept = NULL;
	b->word = (ent_str){ NULL, 0 };
	b->overdue = kept->until != NULL ? kept : NULL;
	if (parts == 0 || b->overdue != NULL) {
		ent_list_add(b, parts > 0 ? around[2] : "");
		ent_list_add(b, around[0]);
		add_part(b, asked, counts);
		ent_list_add(b, around[1]);
	}
}

static enum ent_code count_all(struct ent_listing *b, const struct asked *asked, int64_t *out,
                               struct ent_error *error)
{
	static const char *const around[] = { "(", ")", " + " };
	struct ent_rows rows;
	b->sql = ent_text_begin(b->call->arena);
	if (ent_list_kept(b->type, asked->query) == NULL) {
		add_part(b, asked, true);
	} else {
		ent_list_add(b, "SELECT ");
		add_parts(b, asked, true, around);
	}
	enum ent_code code = ent_db_run(b->call->db, ent_text_end(&b->sql), b->args, b->count,
	                                b->call->arena, &rows, error);
	if (code == ENT_OK) {
		*out = rows.first->cell[0].number;
	}
	return code;
}

static ent_str select_page(struct ent_listing *b, const struct asked *asked)
{
	static const char *const around[] = { "SELECT * FROM (", ") AS part", " UNION ALL " };
	const struct ent_query *query = asked->query;
	b->sql = ent_text_begin(b->call->arena);
	if (ent_list_kept(b->type, query) == NULL) {
		add_part(b, asked, false);
		return ent_text_end(&b->sql);
	}
	ent_list_add(b, "SELECT * FROM (");
	add_parts(b, asked, false, around);
	ent_list_add(b, ") AS parts ORDER BY ");
	bool descending = query->sort_count == 0;
	for (size_t i = 0; i < query->sort_count; i++) {
		descending = query->sort[i].descending;
		ent_text_addf(&b->sql, "key%zu%s, ", i, descending ? " DESC" : "");
	}
	ent_text_addf(&b->sql, "id%s LIMIT %lld", descending ? " DESC" : "",
	              (long long)query->limit + 1);
	return ent_text_end(&b->sql);
}

/* ---- pages ---- */

static enum ent_code read_page(struct ent_listing *b, const struct ent_query *query, uint32_t mark,
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
		out->next_cursor =
			ent_cursor_make(keys, query->sort_count + 1, mark, b->call->arena);
	}
	return code;
}

static struct ent_listing listing_of(struct ent_call *call, const struct ent_type *type)
{
	struct ent_listing b = { .call = call, .type = type };
	b.args = ENT_NEW(call->arena, struct ent_value, ENT_LIST_ARGS_MAX);
	return b;
}

static ent_str pattern_of(struct ent_call *call, const struct ent_query *query)
{
	return query->search.len > 0 ? ent_list_like(query->search, "%", "%", call->arena)
	                             : (ent_str){ NULL, 0 };
}

ent_str ent_list_sql(struct ent_call *call, const struct ent_type *type,
                     const struct ent_query *query, const struct ent_value **args, size_t *count)
{
	ent_list_patterns(query->filters, call->arena);
	const struct asked asked = { query, pattern_of(call, query), NULL };
	struct ent_listing b = listing_of(call, type);
	ent_str sql = select_page(&b, &asked);
	*args = b.args;
	*count = b.count;
	return sql;
}

static enum ent_code wait_for(struct ent_call *call, int64_t ms, struct ent_error *error)
{
	return ms > 0 ? ent_db_patience(call->db, ms, call->arena, error) : ENT_OK;
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
	uint32_t mark = ent_list_mark(type, &query);
	bool from_cursor = query.cursor.len > 0;
	if (from_cursor && !ent_cursor_read(&query, mark, keys, call->arena)) {
		return ent_refuse(
			error, ENT_E_BAD_CURSOR, "/cursor", query.cursor,
			"send next_cursor of the page before with the same filters and sort");
	}
	ent_list_patterns(query.filters, call->arena);
	const struct asked all = { &query, pattern_of(call, &query), from_cursor ? keys : NULL };
	struct ent_listing b = listing_of(call, type);
	ent_str sql = select_page(&b, &all);
	struct ent_rows rows;
	code = wait_for(call, query.patience_ms, error);
	if (code == ENT_OK) {
		code = ent_db_run(call->db, sql, b.args, b.count, call->arena, &rows, error);
	}
	if (code == ENT_OK) {
		code = read_page(&b, &query, mark, &rows, out, error);
	}
	if (code == ENT_OK && query.wants_total) {
		b = listing_of(call, type);
		code = count_all(&b, &all, &out->total, error);
	}
	if (code == ENT_OK && query.patience_ms > 0) {
		code = ent_db_patience(call->db, 0, call->arena, error);
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
