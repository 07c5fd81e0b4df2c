#include "base/text.h"
#include "core/record.h"

#include <string.h>

static struct ent_words copy_words(struct ent_words from, struct ent_arena *arena)
{
	ent_str *items = ENT_NEW(arena, ent_str, from.count);
	for (size_t i = 0; i < from.count; i++) {
		items[i] = ent_text_copy(arena, from.items[i]);
	}
	return (struct ent_words){ items, from.count };
}

static struct ent_map copy_map(struct ent_map from, struct ent_arena *arena)
{
	struct ent_pair *pairs = ENT_NEW(arena, struct ent_pair, from.count);
	for (size_t i = 0; i < from.count; i++) {
		pairs[i].name = ent_text_copy(arena, from.pairs[i].name);
		pairs[i].value = ent_text_copy(arena, from.pairs[i].value);
	}
	return (struct ent_map){ pairs, from.count };
}

static void copy_field(const struct ent_field *field, void *object, struct ent_arena *arena)
{
	void *p = ent_field_at(field, object);
	switch (field->kind) {
	case ENT_K_TEXT:
	case ENT_K_JSON: /* one text, like TEXT */
		*(ent_str *)p = ent_text_copy(arena, *(ent_str *)p);
		break;
	case ENT_K_IDS: {
		struct ent_ids *ids = p;
		ent_id *items = ENT_NEW(arena, ent_id, ids->count);
		for (size_t i = 0; i < ids->count; i++) {
			items[i] = ids->items[i];
		}
		ids->items = items;
		break;
	}
	case ENT_K_WORDS:
		*(struct ent_words *)p = copy_words(*(struct ent_words *)p, arena);
		break;
	case ENT_K_MAP:
		*(struct ent_map *)p = copy_map(*(struct ent_map *)p, arena);
		break;
	case ENT_K_CHILDREN: {
		struct ent_children *children = p;
		size_t size = field->child->size;
		char *items = ent_arena_alloc(arena, children->count, size, 16);
		for (size_t i = 0; i < children->count; i++) {
			ent_type_copy(field->child, (char *)children->items + i * size,
			              items + i * size, arena);
		}
		children->items = items;
		break;
	}
	default:
		break; /* by value */
	}
}

void ent_field_copy(const struct ent_field *field, const void *from, void *to)
{
	static const size_t sizes[ENT_K_CHILDREN + 1] = {
		[ENT_K_BOOL] = sizeof(bool),
		[ENT_K_INT] = sizeof(int64_t),
		[ENT_K_TEXT] = sizeof(ent_str),
		[ENT_K_ID] = sizeof(ent_id),
		[ENT_K_DATE] = sizeof(ent_date),
		[ENT_K_INSTANT] = sizeof(ent_instant),
		[ENT_K_DURATION] = sizeof(ent_duration),
		[ENT_K_DECIMAL] = sizeof(ent_decimal),
		[ENT_K_MONEY] = sizeof(ent_money),
		[ENT_K_ENUM] = sizeof(unsigned),
		[ENT_K_IDS] = sizeof(struct ent_ids),
		[ENT_K_WORDS] = sizeof(struct ent_words),
		[ENT_K_COUNT] = sizeof(ent_count),
		[ENT_K_JSON] = sizeof(struct ent_json),
		[ENT_K_MAP] = sizeof(struct ent_map),
		[ENT_K_CHILDREN] = sizeof(struct ent_children),
	};
	memcpy(ent_field_at(field, to), ent_field_at(field, from), sizes[field->kind]);
}

void ent_type_copy(const struct ent_type *type, const void *from, void *to, struct ent_arena *arena)
{
	memcpy(to, from, type->size);
	for (size_t i = 0; i < type->count; i++) {
		copy_field(&type->fields[i], to, arena);
	}
}

/* ---- what two types have in common ---- */

static bool is_common(const struct ent_field *from, const struct ent_field *to, size_t size)
{
	bool is_kept = to != NULL && (to->rule == ENT_R_OPTIONAL || to->rule == ENT_R_REQUIRED);
	return is_kept && size > 0 && to->kind == from->kind && to->target == from->target;
}

void ent_type_fill(const struct ent_type *from_type, const void *from,
                   const struct ent_type *to_type, void *to, const struct ent_set *given)
{
	static const size_t sizes[ENT_K_CHILDREN + 1] = {
		[ENT_K_BOOL] = sizeof(bool),
		[ENT_K_INT] = sizeof(int64_t),
		[ENT_K_TEXT] = sizeof(ent_str),
		[ENT_K_DURATION] = sizeof(ent_duration),
		[ENT_K_DECIMAL] = sizeof(ent_decimal),
		[ENT_K_COUNT] = sizeof(ent_count),
		[ENT_K_MONEY] = sizeof(ent_money),
		[ENT_K_ENUM] = sizeof(unsigned),
		[ENT_K_IDS] = sizeof(struct ent_ids),
	};
	for (size_t i = ENT_AT_METADATA + 1; i < from_type->count; i++) {
		const struct ent_field *field = &from_type->fields[i];
		const struct ent_field *same = ent_type_field(to_type, ent_str_of(field->name));
		size_t size = sizes[field->kind];
		if (is_common(field, same, size) &&
		    !ent_set_has(given, ent_type_at(to_type, same))) {
			memcpy(ent_field_at(same, to), ent_field_at(field, from), size);
		}
	}
}
