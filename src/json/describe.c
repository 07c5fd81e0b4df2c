/* Described structs out. */
#include "json/inner.h"

#include <string.h>

/* Text that holds nothing to escape. */
static void quoted(struct ent_text *out, ent_str s)
{
	char *p = ent_arena_bytes(out->arena, s.len + 2);
	p[0] = '"';
	memcpy(p + 1, s.ptr, s.len);
	p[s.len + 1] = '"';
}

/* With at least the digits that the currency has: 12.5 EUR is "12.50". */
static ent_str amount(ent_money money, char room[static 2 * ENT_DECIMAL_ROOM])
{
	size_t len = ent_decimal_format((ent_decimal){ money.micro }, room);
	int digits = ent_currency_digits((ent_str){ money.currency, 3 });
	const char *point = memchr(room, '.', len);
	int written = point == NULL ? 0 : (int)(room + len - point) - 1;
	if (point == NULL && digits > 0) {
		room[len++] = '.';
	}
	for (; written < digits; written++) {
		room[len++] = '0';
	}
	return (ent_str){ room, len };
}

void ent_json_money(struct ent_text *out, ent_money money)
{
	char room[2 * ENT_DECIMAL_ROOM];
	if (money.currency[0] == '\0') {
		ent_text_add(out, ENT_STR("null"));
		return;
	}
	ent_text_add(out, ENT_STR("{\"amount\":"));
	quoted(out, amount(money, room));
	ent_text_add(out, ENT_STR(",\"currency\":"));
	quoted(out, ent_str_of(money.currency));
	ent_text_char(out, '}');
}

static void add_ids(struct ent_text *out, const char *prefix, struct ent_ids ids)
{
	ent_text_char(out, '[');
	for (size_t i = 0; i < ids.count; i++) {
		char room[ENT_ID_ROOM];
		if (i > 0) {
			ent_text_char(out, ',');
		}
		quoted(out, (ent_str){ room, ent_id_format(ids.items[i], prefix, room) });
	}
	ent_text_char(out, ']');
}

static void add_words(struct ent_text *out, struct ent_words words)
{
	ent_text_char(out, '[');
	for (size_t i = 0; i < words.count; i++) {
		if (i > 0) {
			ent_text_char(out, ',');
		}
		ent_json_string(out, words.items[i]);
	}
	ent_text_char(out, ']');
}

static void add_children(struct ent_text *out, const struct ent_type *child,
                         struct ent_children children)
{
	ent_text_char(out, '[');
	for (size_t i = 0; i < children.count; i++) {
		if (i > 0) {
			ent_text_char(out, ',');
		}
		ent_json_write(child, (const char *)children.items + i * child->size, NULL, out);
	}
	ent_text_char(out, ']');
}

static void add_single(struct ent_text *out, const struct ent_field *field, const void *object)
{
	char room[64];
	struct ent_value value = ent_field_get(field, object, room);
	switch (value.kind) {
	case ENT_K_NULL:
		ent_text_add(out, ENT_STR("null"));
		return;
	case ENT_K_BOOL:
		ent_text_add(out, value.number != 0 ? ENT_STR("true") : ENT_STR("false"));
		return;
	case ENT_K_INT:
		ent_text_int(out, value.number);
		return;
	default:
		if (field->kind == ENT_K_TEXT) {
			ent_json_string(out, value.text);
		} else {
			quoted(out, value.text);
		}
	}
}

void ent_json_value(const struct ent_field *field, const void *object, struct ent_text *out)
{
	const void *p = ent_field_at(field, object);
	switch (field->kind) {
	case ENT_K_MONEY:
		ent_json_money(out, *(const ent_money *)p);
		return;
	case ENT_K_IDS:
		add_ids(out, field->target->prefix, *(const struct ent_ids *)p);
		return;
	case ENT_K_WORDS:
		add_words(out, *(const struct ent_words *)p);
		return;
	case ENT_K_MAP:
		ent_json_map(out, *(const struct ent_map *)p);
		return;
	case ENT_K_CHILDREN:
		add_children(out, field->child, *(const struct ent_children *)p);
		return;
	case ENT_K_JSON:
		if (ent_field_is_none(field, object)) {
			ent_text_add(out, ENT_STR("null"));
		} else {
			ent_text_add(out, ((const struct ent_json *)p)->text);
		}
		return;
	default:
		add_single(out, field, object);
	}
}

size_t ent_json_members(const struct ent_type *type, const void *object,
                        const struct ent_set *only, struct ent_text *out)
{
	size_t count = 0;
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (!ent_field_is_shown(field) || (only != NULL && !ent_set_has(only, i))) {
			continue;
		}
		if (count++ > 0) {
			ent_text_char(out, ',');
		}
		ent_json_name(out, field->name);
		ent_json_value(field, object, out);
	}
	return count;
}

void ent_json_write(const struct ent_type *type, const void *object, const struct ent_set *only,
                    struct ent_text *out)
{
	ent_text_char(out, '{');
	ent_json_members(type, object, only, out);
	ent_text_char(out, '}');
}
