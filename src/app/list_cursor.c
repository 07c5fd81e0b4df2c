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

static bool is_text(const struct ent_field *field)
{
	return field->kind == ENT_K_TEXT || field->kind == ENT_K_ENUM;
}

/* A text is t, its length, a colon and itself; anything else is i, its number and a colon. */
ent_str ent_cursor_make(const struct ent_value *keys, size_t count, uint32_t mark,
                        struct ent_arena *arena)
{
	struct ent_text plain = ent_text_begin(arena);
	ent_text_addf(&plain, "%08x", mark);
	for (size_t i = 0; i < count; i++) {
		if (keys[i].kind == ENT_K_TEXT) {
			ent_text_addf(&plain, "t%zu:", keys[i].text.len);
			ent_text_add(&plain, keys[i].text);
		} else {
			ent_text_addf(&plain, "i%lld:", (long long)keys[i].number);
		}
	}
	ent_str text = ent_text_end(&plain);
	size_t room = sodium_base64_ENCODED_LEN(text.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *out = ent_arena_bytes(arena, room);
	sodium_bin2base64(out, room, (const unsigned char *)text.ptr, text.len,
	                  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return ent_str_of(out);
}

/* One key from *rest on, of the kind that `field` (none: the id) is compared as. */
static bool read_key(ent_str *rest, const struct ent_field *field, struct ent_value *key)
{
	bool text = field != NULL && is_text(field);
	struct ent_cut cut = ent_str_cut(*rest, ':');
	if (!cut.found || cut.head.len < 2 || cut.head.ptr[0] != (text ? 't' : 'i')) {
		return false;
	}
	*key = ent_arg_int(0);
	if (!ent_str_int((ent_str){ cut.head.ptr + 1, cut.head.len - 1 }, &key->number)) {
		return false;
	}
	*rest = cut.tail;
	if (!text) {
		key->kind = field != NULL && field->kind == ENT_K_BOOL ? ENT_K_BOOL : ENT_K_INT;
		return true;
	}
	size_t len = (size_t)key->number;
	if (key->number < 0 || len > rest->len) {
		return false;
	}
	*key = ent_arg_text((ent_str){ rest->ptr, len });
	*rest = (ent_str){ rest->ptr + len, rest->len - len };
	return ent_str_is_text(key->text);
}

bool ent_cursor_read(const struct ent_query *query, uint32_t mark, struct ent_value *keys,
                     struct ent_arena *arena)
{
	ent_str cursor = query->cursor;
	char *plain = ent_arena_bytes(arena, cursor.len + 1);
	size_t len;
	if (sodium_base642bin((unsigned char *)plain, cursor.len + 1, cursor.ptr, cursor.len, NULL,
	                      &len, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
		return false;
	}
	char wanted[9];
	snprintf(wanted, sizeof(wanted), "%08x", mark);
	ent_str rest = { plain, len };
	if (!ent_str_begins(rest, ent_str_of(wanted))) {
		return false;
	}
	rest = (ent_str){ plain + 8, len - 8 };
	for (size_t i = 0; i <= query->sort_count; i++) {
		const struct ent_field *field =
			i < query->sort_count ? query->sort[i].field : NULL;
		if (!read_key(&rest, field, &keys[i])) {
			return false;
		}
	}
	return rest.len == 0;
}
