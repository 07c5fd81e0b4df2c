/* Cursors: the keys of the last row and a mark of the query, in base64. */
#include "app/list.h"

#include "base/text.h"

#include <sodium.h>
#include <stdio.h>

uint32_t ent_list_mark(const struct ent_type *type, const struct ent_query *query)
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
ent_str ent_cursor_make(const struct ent_value *keys, size_t count, uint32_t mark,
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

bool ent_cursor_read(ent_str cursor, uint32_t mark, struct ent_value *keys, size_t count,
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
