/* pattern.h - objects of described types filled with every sort of value.
 *
 * All values are what the border would accept, so that they can be sent back.
 */
#ifndef ENT_TESTS_PATTERN_H
#define ENT_TESTS_PATTERN_H

#include "base/text.h"
#include "core/type.h"
#include "test.h"

static inline ent_str pattern_text(uint64_t *state, size_t limit, struct ent_arena *arena)
{
	static const char *const parts[] = { "a", "Z", " ", "\"", "\\", "/", "\n", "\t", "\x01",
		                             "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "0" };
	size_t most = limit == 0 || limit > 60 ? 60 : limit;
	size_t characters = 1 + (size_t)test_random(state, most);
	struct ent_text text = ent_text_begin(arena);
	for (size_t i = 0; i < characters; i++) {
		ent_text_add(&text, ent_str_of(parts[test_random(state, ENT_COUNT(parts))]));
	}
	return ent_text_end(&text);
}

static inline int64_t pattern_int(uint64_t *state, int64_t least, int64_t most)
{
	uint64_t low = test_random(state, UINT64_C(1) << 31);
	uint64_t wide = test_random(state, UINT64_C(1) << 31) << 31 | low;
	return least + (int64_t)(wide % ((uint64_t)(most - least) + 1));
}

static inline ent_id pattern_id(uint64_t *state)
{
	return (ent_id){ pattern_int(state, 1, INT64_MAX - 1) };
}

static inline ent_money pattern_money(uint64_t *state)
{
	static const char currencies[][4] = { "EUR", "JPY", "KWD" };
	ent_money money = { pattern_int(state, -9000000000, 9000000000), "" };
	memcpy(money.currency, currencies[test_random(state, ENT_COUNT(currencies))], 4);
	return money;
}

static inline struct ent_ids pattern_ids(uint64_t *state, struct ent_arena *arena)
{
	size_t count = (size_t)test_random(state, 4);
	ent_id *items = ENT_NEW(arena, ent_id, count);
	for (size_t i = 0; i < count; i++) {
		items[i] = pattern_id(state);
	}
	return (struct ent_ids){ items, count };
}

static inline struct ent_words pattern_words(uint64_t *state, struct ent_arena *arena)
{
	static const char *const words[] = { "case.read", "*", "\xc3\xa9t\xc3\xa9", "\"", "a\\b" };
	size_t count = (size_t)test_random(state, 4);
	ent_str *items = ENT_NEW(arena, ent_str, count);
	for (size_t i = 0; i < count; i++) {
		items[i] = ent_str_of(words[test_random(state, ENT_COUNT(words))]);
	}
	return (struct ent_words){ items, count };
}

static inline struct ent_map pattern_map(uint64_t *state, struct ent_arena *arena, size_t limit)
{
	static const char *const names[] = { "a", "b/c", "d~e", "\"", "\xe2\x82\xac" };
	size_t most = limit > 0 && limit < ENT_COUNT(names) ? limit : ENT_COUNT(names);
	size_t count = (size_t)test_random(state, most + 1);
	struct ent_pair *pairs = ENT_NEW(arena, struct ent_pair, count);
	for (size_t i = 0; i < count; i++) {
		pairs[i].name = ent_str_of(names[i]);
		pairs[i].value = pattern_text(state, 0, arena);
	}
	return (struct ent_map){ pairs, count };
}

static inline void pattern_fill(const struct ent_type *type, void *object, uint64_t *state,
                                struct ent_arena *arena);

static inline struct ent_children pattern_children(const struct ent_type *child, uint64_t *state,
                                                   struct ent_arena *arena)
{
	size_t count = (size_t)test_random(state, 4);
	char *items = ent_arena_alloc(arena, count, child->size, _Alignof(max_align_t));
	for (size_t i = 0; i < count; i++) {
		pattern_fill(child, items + i * child->size, state, arena);
	}
	return (struct ent_children){ items, count };
}

static inline void pattern_list(const struct ent_field *field, void *p, uint64_t *state,
                                struct ent_arena *arena)
{
	switch (field->kind) {
	case ENT_K_IDS:
		*(struct ent_ids *)p = pattern_ids(state, arena);
		break;
	case ENT_K_WORDS:
		*(struct ent_words *)p = pattern_words(state, arena);
		break;
	case ENT_K_MAP:
		*(struct ent_map *)p = pattern_map(state, arena, (size_t)field->limit);
		break;
	case ENT_K_CHILDREN:
		*(struct ent_children *)p = pattern_children(field->child, state, arena);
		break;
	default:
		CHECK(false);
	}
}

static inline void pattern_field(const struct ent_field *field, void *p, uint64_t *state,
                                 struct ent_arena *arena)
{
	int64_t least, most;
	ent_field_bounds(field, &least, &most);
	switch (field->kind) {
	case ENT_K_BOOL:
		*(bool *)p = test_random(state, 2) != 0;
		break;
	case ENT_K_INT:
		*(int64_t *)p = pattern_int(state, least, most);
		break;
	case ENT_K_COUNT:
		((ent_count *)p)->n = pattern_int(state, least, most);
		break;
	case ENT_K_TEXT:
		*(ent_str *)p = pattern_text(state, (size_t)field->limit, arena);
		break;
	case ENT_K_ID:
		*(ent_id *)p = pattern_id(state);
		break;
	case ENT_K_DATE:
		((ent_date *)p)->day = (int32_t)pattern_int(state, -719162, 2932896);
		break;
	case ENT_K_INSTANT:
		((ent_instant *)p)->us = pattern_int(state, -62135596800, 253402300799) *
		                         ENT_SECOND_US + pattern_int(state, 0, 999999);
		break;
	case ENT_K_DURATION:
		*(ent_duration *)p = (ent_duration){ (int32_t)pattern_int(state, 0, 1200),
			                             (int32_t)pattern_int(state, 0, 1000),
			                             pattern_int(state, 0, 100000) };
		break;
	case ENT_K_DECIMAL:
		((ent_decimal *)p)->micro =
			pattern_int(state, -4000000000000 * ENT_MICRO, 4000000000000 * ENT_MICRO);
		break;
	case ENT_K_MONEY:
		*(ent_money *)p = pattern_money(state);
		break;
	case ENT_K_ENUM:
		*(unsigned *)p = (unsigned)test_random(state, field->names->count);
		break;
	case ENT_K_JSON:
		((struct ent_json *)p)->text = ENT_STR("{\"a\":[1,2.50,\"x\",null],\"b\":{}}");
		break;
	default:
		pattern_list(field, p, state, arena);
	}
}

static inline void pattern_fill(const struct ent_type *type, void *object, uint64_t *state,
                                struct ent_arena *arena)
{
	ent_type_clear(type, object);
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (!ent_field_nullable(field) || test_random(state, 6) != 0) {
			pattern_field(field, ent_field_at(field, object), state, arena);
		}
	}
}

#endif
