#include "app/list.h"

#include "app/inner.h"
#include "base/text.h"

static enum ent_code count_all(struct ent_call *call, const struct ent_type *type,
                               const struct ent_query *query, ent_str pattern, int64_t *out,
                               struct ent_error *error)
{
	struct ent_listing b = { .call = call, .type = type };
	b.args = ENT_NEW(call->arena, struct ent_value, ENT_LIST_ARGS_MAX);
	b.sql = ent_text_begin(call->arena);
	ent_text_addf(&b.sql, "SELECT COUNT(*) FROM \"%s\" t", type->name);
	ent_list_where(&b, query, pattern);
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db, ent_text_end(&b.sql), b.args, b.count,
	                                call->arena, &rows, error);
	if (code == ENT_OK) {
		*out = rows.first->cell[0].number;
	}
	return code;
}

/* The columns, then the sort keys, so that a cursor can be made of the last row. */
static ent_str select_page(struct ent_listing *b, const struct ent_query *query, ent_str pattern,
                           const struct ent_value *keys)
{
	b->sql = ent_text_begin(b->call->arena);
	ent_list_add(b, "SELECT ");
	ent_row_columns(b->type, "t.", &b->sql);
	for (size_t i = 0; i < query->sort_count; i++) {
		ent_list_add(b, ", ");
		ent_list_sort_key(b, query->sort[i].field);
	}
	ent_text_addf(&b->sql, " FROM \"%s\" t", b->type->name);
	ent_list_where(b, query, pattern);
	if (keys != NULL) {
		ent_list_beyond(b, query, keys);
	}
	ent_list_order_by(b, query);
	ent_text_addf(&b->sql, " LIMIT %lld", (long long)query->limit + 1);
	return ent_text_end(&b->sql);
}

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
	ent_str pattern = query.search.len > 0 ? ent_list_like(query.search, "%", "%", call->arena)
	                                       : (ent_str){ NULL, 0 };
	struct ent_listing b = { .call = call, .type = type };
	b.args = ENT_NEW(call->arena, struct ent_value, ENT_LIST_ARGS_MAX);
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
