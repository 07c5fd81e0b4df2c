#include "core/field.h"

#include "base/text.h"

#include <string.h>

bool ent_field_nullable(const struct ent_field *field)
{
	switch (field->kind) {
	case ENT_K_BOOL:
	case ENT_K_INT:
	case ENT_K_ENUM:
	case ENT_K_IDS:
	case ENT_K_WORDS:
	case ENT_K_MAP:
	case ENT_K_CHILDREN:
		return false;
	default:
		return field->rule == ENT_R_OPTIONAL || field->rule == ENT_R_ONCE ||
		       field->rule == ENT_R_SERVER || field->rule == ENT_R_DERIVED ||
		       field->rule == ENT_R_HIDDEN || field->rule == ENT_R_WRITE;
	}
}

bool ent_field_is_column(const struct ent_field *field)
{
	return field->kind != ENT_K_CHILDREN && field->rule != ENT_R_DERIVED &&
	       field->rule != ENT_R_WRITE;
}

bool ent_field_is_shown(const struct ent_field *field)
{
	return field->rule != ENT_R_HIDDEN && field->rule != ENT_R_WRITE;
}

bool ent_field_is_read(const struct ent_field *field)
{
	return field->rule == ENT_R_FIXED || field->rule == ENT_R_ONCE ||
	       field->rule == ENT_R_REQUIRED || field->rule == ENT_R_OPTIONAL ||
	       field->rule == ENT_R_WRITE;
}

const struct ent_field *ent_type_field(const struct ent_type *type, ent_str name)
{
	for (size_t i = 0; i < type->count; i++) {
		if (ent_str_is(name, type->fields[i].name)) {
			return &type->fields[i];
		}
	}
	return NULL;
}

const struct ent_field *ent_type_member(const struct ent_type *type, size_t offset)
{
	for (size_t i = 0; i < type->count; i++) {
		if (type->fields[i].offset == offset) {
			return &type->fields[i];
		}
	}
	assert(false);
	return NULL;
}

size_t ent_type_at(const struct ent_type *type, const struct ent_field *field)
{
	assert(field >= type->fields && field < type->fields + type->count);
	return (size_t)(field - type->fields);
}

bool ent_names_find(const struct ent_names *names, ent_str text, unsigned *out)
{
	for (size_t i = 0; i < names->count; i++) {
		if (ent_str_is(text, names->text[i])) {
			*out = (unsigned)i;
			return true;
		}
	}
	return false;
}

/* ---- nothing ------------------------------------------------------------- */

void ent_field_clear(const struct ent_field *field, void *object)
{
	void *p = ent_field_at(field, object);
	switch (field->kind) {
	case ENT_K_DATE:
		*(ent_date *)p = ENT_DATE_NONE;
		break;
	case ENT_K_INSTANT:
		*(ent_instant *)p = ENT_INSTANT_NONE;
		break;
	case ENT_K_DURATION:
		*(ent_duration *)p = ENT_DURATION_NONE;
		break;
	case ENT_K_DECIMAL:
		*(ent_decimal *)p = ENT_DECIMAL_NONE;
		break;
	case ENT_K_COUNT:
		*(ent_count *)p = ENT_COUNT_NONE;
		break;
	case ENT_K_MONEY:
		*(ent_money *)p = ENT_MONEY_NONE;
		break;
	case ENT_K_TEXT:
		*(ent_str *)p = (ent_str){ NULL, 0 };
		break;
	case ENT_K_ID:
		*(ent_id *)p = ENT_ID_NONE;
		break;
	case ENT_K_JSON:
		*(struct ent_json *)p = (struct ent_json){ { NULL, 0 } };
		break;
	case ENT_K_IDS:
		*(struct ent_ids *)p = (struct ent_ids){ NULL, 0 };
		break;
	case ENT_K_WORDS:
		*(struct ent_words *)p = (struct ent_words){ NULL, 0 };
		break;
	case ENT_K_MAP:
		*(struct ent_map *)p = (struct ent_map){ NULL, 0 };
		break;
	case ENT_K_CHILDREN:
		*(struct ent_children *)p = (struct ent_children){ NULL, 0 };
		break;
	case ENT_K_BOOL:
		*(bool *)p = false;
		break;
	case ENT_K_INT:
		*(int64_t *)p = 0;
		break;
	case ENT_K_ENUM:
		*(unsigned *)p = 0;
		break;
	case ENT_K_NULL:
		assert(false);
		break;
	}
}

void ent_type_clear(const struct ent_type *type, void *object)
{
	memset(object, 0, type->size);
	for (size_t i = 0; i < type->count; i++) {
		ent_field_clear(&type->fields[i], object);
	}
}

bool ent_field_is_none(const struct ent_field *field, const void *object)
{
	const void *p = ent_field_at(field, object);
	switch (field->kind) {
	case ENT_K_DATE:
		return ent_date_is_none(*(const ent_date *)p);
	case ENT_K_INSTANT:
		return ent_instant_is_none(*(const ent_instant *)p);
	case ENT_K_DURATION:
		return ent_duration_is_none(*(const ent_duration *)p);
	case ENT_K_DECIMAL:
		return ((const ent_decimal *)p)->micro == ENT_DECIMAL_NONE.micro;
	case ENT_K_COUNT:
		return ent_count_is_none(*(const ent_count *)p);
	case ENT_K_MONEY:
		return ((const ent_money *)p)->currency[0] == '\0';
	case ENT_K_TEXT:
		return ((const ent_str *)p)->ptr == NULL;
	case ENT_K_JSON:
		return ((const struct ent_json *)p)->text.ptr == NULL;
	case ENT_K_ID:
		return ent_id_is_none(*(const ent_id *)p);
	default:
		return false;
	}
}

/* ---- columns ------------------------------------------------------------- */

static ent_str ids_text(struct ent_ids ids, struct ent_arena *arena)
{
	struct ent_text text = ent_text_begin(arena);
	for (size_t i = 0; i < ids.count; i++) {
		if (i > 0) {
			ent_text_char(&text, ' ');
		}
		ent_text_int(&text, ids.items[i].value);
	}
	return ent_text_end(&text);
}

static ent_str words_text(struct ent_words words, struct ent_arena *arena)
{
	struct ent_text text = ent_text_begin(arena);
	for (size_t i = 0; i < words.count; i++) {
		if (i > 0) {
			ent_text_char(&text, ' ');
		}
		ent_text_add(&text, words.items[i]);
	}
	return ent_text_end(&text);
}

struct ent_value ent_field_to_column(const struct ent_field *field, const void *object,
                                     struct ent_arena *arena)
{
	const void *p = ent_field_at(field, object);
	if (ent_field_is_none(field, object)) {
		return ent_value_null();
	}
	switch (field->kind) {
	case ENT_K_BOOL:
		return ent_value_bool(*(const bool *)p);
	case ENT_K_INT:
		return ent_value_int(*(const int64_t *)p);
	case ENT_K_COUNT:
		return ent_value_int(((const ent_count *)p)->n);
	case ENT_K_TEXT:
		return ent_value_text(*(const ent_str *)p);
	case ENT_K_JSON:
		return ent_value_text(((const struct ent_json *)p)->text);
	case ENT_K_ID:
		return ent_value_int(((const ent_id *)p)->value);
	case ENT_K_DATE:
		return ent_value_int(((const ent_date *)p)->day);
	case ENT_K_INSTANT:
		return ent_value_int(((const ent_instant *)p)->us);
	case ENT_K_DURATION: {
		char room[ENT_DURATION_ROOM];
		size_t len = ent_duration_format(*(const ent_duration *)p, room);
		return ent_value_text(ent_text_copy(arena, (ent_str){ room, len }));
	}
	case ENT_K_DECIMAL:
		return ent_value_int(((const ent_decimal *)p)->micro);
	case ENT_K_MONEY:
		return ent_value_int(((const ent_money *)p)->micro);
	case ENT_K_ENUM:
		return ent_value_text(ent_str_of(field->names->text[*(const unsigned *)p]));
	case ENT_K_IDS:
		return ent_value_text(ids_text(*(const struct ent_ids *)p, arena));
	case ENT_K_WORDS:
		return ent_value_text(words_text(*(const struct ent_words *)p, arena));
	case ENT_K_NULL:
	case ENT_K_MAP:
	case ENT_K_CHILDREN:
		break;
	}
	assert(false);
	return ent_value_null();
}

static size_t count_words(ent_str text)
{
	size_t n = text.len > 0;
	for (size_t i = 0; i < text.len; i++) {
		n += text.ptr[i] == ' ';
	}
	return n;
}

static bool read_ids(ent_str text, struct ent_arena *arena, struct ent_ids *out)
{
	size_t count = count_words(text);
	ent_id *items = ENT_NEW(arena, ent_id, count);
	for (size_t i = 0; i < count; i++) {
		struct ent_cut cut = ent_str_cut(text, ' ');
		if (!ent_str_int(cut.head, &items[i].value)) {
			return false;
		}
		text = cut.tail;
	}
	*out = (struct ent_ids){ items, count };
	return true;
}

static void read_words(ent_str text, struct ent_arena *arena, struct ent_words *out)
{
	size_t count = count_words(text);
	ent_str *items = ENT_NEW(arena, ent_str, count);
	for (size_t i = 0; i < count; i++) {
		struct ent_cut cut = ent_str_cut(text, ' ');
		items[i] = cut.head;
		text = cut.tail;
	}
	*out = (struct ent_words){ items, count };
}

static bool from_number(const struct ent_field *field, void *p, int64_t number)
{
	switch (field->kind) {
	case ENT_K_BOOL:
		*(bool *)p = number != 0;
		return number == 0 || number == 1;
	case ENT_K_INT:
		*(int64_t *)p = number;
		return true;
	case ENT_K_COUNT:
		((ent_count *)p)->n = number;
		return true;
	case ENT_K_ID:
		((ent_id *)p)->value = number;
		return number > 0;
	case ENT_K_DATE:
		((ent_date *)p)->day = (int32_t)number;
		return number == (int32_t)number;
	case ENT_K_INSTANT:
		((ent_instant *)p)->us = number;
		return true;
	case ENT_K_DECIMAL:
		((ent_decimal *)p)->micro = number;
		return true;
	case ENT_K_MONEY:
		((ent_money *)p)->micro = number;
		return true;
	default:
		return false;
	}
}

static bool from_text(const struct ent_field *field, void *p, ent_str text, struct ent_arena *arena)
{
	switch (field->kind) {
	case ENT_K_TEXT:
		*(ent_str *)p = text;
		return true;
	case ENT_K_JSON:
		((struct ent_json *)p)->text = text;
		return true;
	case ENT_K_DURATION:
		return ent_duration_parse(text, p);
	case ENT_K_ENUM:
		return ent_names_find(field->names, text, p);
	case ENT_K_IDS:
		return read_ids(text, arena, p);
	case ENT_K_WORDS:
		read_words(text, arena, p);
		return true;
	default:
		return false;
	}
}

enum ent_code ent_field_from_column(const struct ent_field *field, void *object,
                                    struct ent_value value, struct ent_arena *arena,
                                    struct ent_error *error)
{
	void *p = ent_field_at(field, object);
	bool good = false;
	switch (value.kind) {
	case ENT_K_NULL:
		ent_field_clear(field, object);
		return ENT_OK;
	case ENT_K_BOOL:
	case ENT_K_INT:
		good = from_number(field, p, value.number);
		break;
	case ENT_K_TEXT:
		good = from_text(field, p, value.text, arena);
		break;
	default:
		break;
	}
	return good ? ENT_OK
	            : ent_fail(error, ENT_E_STORAGE, "column %s holds what cannot be", field->name);
}
