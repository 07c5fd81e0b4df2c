#include "store/store.h"

void ent_rows_begin(struct ent_rows *rows)
{
	*rows = (struct ent_rows){ .last = &rows->first };
}

struct ent_row *ent_rows_add(struct ent_rows *rows, struct ent_arena *arena)
{
	size_t size = sizeof(struct ent_row) + rows->columns * sizeof(struct ent_value);
	struct ent_row *row = ent_arena_alloc(arena, 1, size, _Alignof(struct ent_row));
	*rows->last = row;
	rows->last = &row->next;
	rows->count++;
	return row;
}

enum ent_code ent_db_run(struct ent_db *db, ent_str sql, const struct ent_value *args, size_t count,
                         struct ent_arena *arena, struct ent_rows *rows, struct ent_error *error)
{
	return db->ops->run(db, sql, args, count, arena, rows, error);
}

enum ent_code ent_db_exec(struct ent_db *db, ent_str sql, const struct ent_value *args,
                          size_t count, int64_t expect, struct ent_arena *arena,
                          struct ent_error *error)
{
	return db->ops->exec(db, sql, args, count, expect, arena, error);
}

enum ent_code ent_db_notify(struct ent_db *db, int64_t id, struct ent_arena *arena,
                            struct ent_error *error)
{
	(void)arena;
	assert(db->depth > 0);
	return db->ops->notify(db, id, error);
}

void ent_db_unwind(struct ent_db *db, int depth)
{
	do {
		db->ops->rollback(db);
	} while (db->depth > depth);
}

struct ent_value ent_arg_int(int64_t number)
{
	return (struct ent_value){ .kind = ENT_K_INT, .number = number };
}

struct ent_value ent_arg_bool(bool truth)
{
	return (struct ent_value){ .kind = ENT_K_BOOL, .number = truth };
}

struct ent_value ent_arg_text(ent_str text)
{
	return (struct ent_value){ .kind = text.ptr == NULL ? ENT_K_NULL : ENT_K_TEXT,
		                   .text = text };
}

struct ent_value ent_arg_id(ent_id id)
{
	return (struct ent_value){ .kind = ent_id_is_none(id) ? ENT_K_NULL : ENT_K_INT,
		                   .number = id.value };
}

struct ent_value ent_arg_instant(ent_instant instant)
{
	return (struct ent_value){ .kind = ent_instant_is_none(instant) ? ENT_K_NULL : ENT_K_INT,
		                   .number = instant.us };
}

size_t ent_args_ids(struct ent_text *sql, struct ent_value *args, size_t n, struct ent_ids ids)
{
	size_t places = 1;
	assert(ids.count > 0);
	while (places < ids.count) {
		places *= 2;
	}
	bool is_bound = places <= ENT_IDS_ROOM;
	places = is_bound ? places : ids.count;
	for (size_t i = 0; i < places; i++) {
		ent_id id = ids.items[i < ids.count ? i : ids.count - 1];
		ent_text_add(sql, i > 0 ? ENT_STR(", ") : ENT_STR(""));
		if (is_bound) {
			args[n++] = ent_arg_int(id.value);
			ent_text_char(sql, '$');
		}
		ent_text_int(sql, is_bound ? (int64_t)n : id.value);
	}
	return n;
}
