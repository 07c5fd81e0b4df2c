#include "app/pile.h"

#include "store/many.h"

#include <string.h>

struct ent_pile_entry {
	const struct ent_type *type;
	const void *object;
	struct ent_set set; /* empty: it is inserted */
	bool is_written;
	struct ent_pile_entry *next;
};

static enum ent_code add(struct ent_call *call, const struct ent_type *type, const void *object,
                         struct ent_set set)
{
	struct ent_pile *pile = call->pile;
	struct ent_pile_entry *entry = ENT_NEW(call->arena, struct ent_pile_entry, 1);
	*entry = (struct ent_pile_entry){ .type = type, .object = object, .set = set };
	*(pile->count == 0 ? &pile->first : pile->last) = entry;
	pile->last = &entry->next;
	pile->count++;
	return ENT_OK;
}

enum ent_code ent_pile_insert(struct ent_call *call, const struct ent_type *type,
                              const void *object, struct ent_error *error)
{
	return call->pile != NULL ? add(call, type, object, (struct ent_set){ { 0 } })
	                          : ent_row_insert(call->db, type, object, call->arena, error);
}

enum ent_code ent_pile_update(struct ent_call *call, const struct ent_type *type,
                              const void *object, const struct ent_set *set,
                              struct ent_error *error)
{
	if (ent_set_is_empty(set)) {
		return ENT_OK;
	}
	return call->pile != NULL ? add(call, type, object, *set)
	                          : ent_row_update(call->db, type, object, set, call->arena, error);
}

enum ent_code ent_pile_record(struct ent_call *call, const struct ent_type *type,
                              const void *object, const struct ent_set *set,
                              struct ent_error *error)
{
	struct ent_pile *pile = call->pile;
	if (pile != NULL && !pile->has_records) {
		call->pile = NULL;
	}
	enum ent_code code = set == NULL ? ent_pile_insert(call, type, object, error)
	                                 : ent_pile_update(call, type, object, set, error);
	call->pile = pile;
	return code;
}

/* ---- writing -------------------------------------------------------------------------------- */

static bool is_like(const struct ent_pile_entry *a, const struct ent_pile_entry *b)
{
	return a->type == b->type && memcmp(&a->set, &b->set, sizeof(a->set)) == 0;
}

/* All that are like `first`, in their order. */
static enum ent_code write_like(struct ent_call *call, struct ent_pile_entry *first, size_t most,
                                struct ent_error *error)
{
	struct ent_arena scratch = *call->arena;
	const void **objects = ENT_NEW(&scratch, const void *, most);
	size_t n = 0;
	for (struct ent_pile_entry *e = first; e != NULL; e = e->next) {
		if (!e->is_written && is_like(e, first)) {
			e->is_written = true;
			objects[n++] = e->object;
		}
	}
	return ent_set_is_empty(&first->set)
	               ? ent_row_insert_many(call->db, first->type, objects, n, &scratch, error)
	               : ent_row_update_many(call->db, first->type, objects, n, &first->set,
	                                     &scratch, error);
}

enum ent_code ent_pile_write(struct ent_call *call, struct ent_error *error)
{
	struct ent_pile *pile = call->pile;
	enum ent_code code = ENT_OK;
	call->pile = NULL;
	for (struct ent_pile_entry *e = pile->first; e != NULL && code == ENT_OK; e = e->next) {
		if (!e->is_written) {
			code = write_like(call, e, pile->count, error);
		}
	}
	return code;
}
