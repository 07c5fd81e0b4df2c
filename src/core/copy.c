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

void ent_type_copy(const struct ent_type *type, const void *from, void *to, struct ent_arena *arena)
{
	memcpy(to, from, type->size);
	for (size_t i = 0; i < type->count; i++) {
		copy_field(&type->fields[i], to, arena);
	}
}
