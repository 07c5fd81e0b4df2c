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

/* ---- nothing ------------------------------------------------------------- */

static void set_none(const struct ent_field *field, void *object)
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
		set_none(&type->fields[i], object);
	}
}

static bool is_none(const struct ent_field *field, const void *p)
{
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

static struct ent_value null_value(void)
{
	return (struct ent_value){ .kind = ENT_K_NULL };
}

static struct ent_value text_value(ent_str text)
{
	return (struct ent_value){ .kind = text.ptr == NULL ? ENT_K_NULL : ENT_K_TEXT, .text = text };
}

static struct ent_value int_value(int64_t number)
{
	return (struct ent_value){ .kind = ENT_K_INT, .number = number };
}

static const char *enum_text(const struct ent_field *field, const void *p)
{
	unsigned at = *(const unsigned *)p;
	assert(at < field->names->count);
	return field->names->text[at];
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
	if (is_none(field, p)) {
		return null_value();
	}
	switch (field->kind) {
	case ENT_K_BOOL:
		return (struct ent_value){ .kind = ENT_K_BOOL, .number = *(const bool *)p };
	case ENT_K_INT:
		return int_value(*(const int64_t *)p);
	case ENT_K_COUNT:
		return int_value(((const ent_count *)p)->n);
	case ENT_K_TEXT:
		return text_value(*(const ent_str *)p);
	case ENT_K_JSON:
		return text_value(((const struct ent_json *)p)->text);
	case ENT_K_ID:
		return int_value(((const ent_id *)p)->value);
	case ENT_K_DATE:
		return int_value(((const ent_date *)p)->day);
	case ENT_K_INSTANT:
		return int_value(((const ent_instant *)p)->us);
	case ENT_K_DURATION: {
		char room[ENT_DURATION_ROOM];
		size_t len = ent_duration_format(*(const ent_duration *)p, room);
		return text_value(ent_text_copy(arena, (ent_str){ room, len }));
	}
	case ENT_K_DECIMAL:
		return int_value(((const ent_decimal *)p)->micro);
	case ENT_K_MONEY:
		return int_value(((const ent_money *)p)->micro);
	case ENT_K_ENUM:
		return text_value(ent_str_of(enum_text(field, p)));
	case ENT_K_IDS:
		return text_value(ids_text(*(const struct ent_ids *)p, arena));
	case ENT_K_WORDS:
		return text_value(words_text(*(const struct ent_words *)p, arena));
	case ENT_K_NULL:
	case ENT_K_MAP:
	case ENT_K_CHILDREN:
		break;
	}
	assert(false);
	return null_value();
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

static bool read_enum(const struct ent_field *field, ent_str text, unsigned *out)
{
	for (size_t i = 0; i < field->names->count; i++) {
		if (ent_str_is(text, field->names->text[i])) {
			*out = (unsigned)i;
			return true;
		}
	}
	return false;
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
		return read_enum(field, text, p);
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
		set_none(field, object);
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

/* ---- the border ---------------------------------------------------------- */

struct ent_value ent_field_get(const struct ent_field *field, const void *object,
                               char room[static 64])
{
	const void *p = ent_field_at(field, object);
	if (is_none(field, p)) {
		return null_value();
	}
	switch (field->kind) {
	case ENT_K_BOOL:
		return (struct ent_value){ .kind = ENT_K_BOOL, .number = *(const bool *)p };
	case ENT_K_INT:
		return int_value(*(const int64_t *)p);
	case ENT_K_COUNT:
		return int_value(((const ent_count *)p)->n);
	case ENT_K_TEXT:
		return text_value(*(const ent_str *)p);
	case ENT_K_ENUM:
		return text_value(ent_str_of(enum_text(field, p)));
	case ENT_K_ID: {
		const char *prefix = field->target->prefix;
		return text_value((ent_str){ room, ent_id_format(*(const ent_id *)p, prefix, room) });
	}
	case ENT_K_DATE:
		ent_date_format(*(const ent_date *)p, room);
		return text_value((ent_str){ room, 10 });
	case ENT_K_INSTANT:
		return text_value((ent_str){ room, ent_instant_format(*(const ent_instant *)p, room) });
	case ENT_K_DURATION:
		return text_value((ent_str){ room, ent_duration_format(*(const ent_duration *)p, room) });
	case ENT_K_DECIMAL:
		return text_value((ent_str){ room, ent_decimal_format(*(const ent_decimal *)p, room) });
	default:
		assert(false);
		return null_value();
	}
}

static void pointer_of(const struct ent_field *field, char out[static 96])
{
	size_t len = strlen(field->name);
	out[0] = '/';
	memcpy(out + 1, field->name, len + 1);
}

/* What a value looks like to a person, for an issue. */
static ent_str shown(struct ent_value value, char digits[static 24])
{
	if (value.kind == ENT_K_TEXT) {
		return value.text;
	}
	if (value.kind == ENT_K_BOOL) {
		return value.number ? ENT_STR("true") : ENT_STR("false");
	}
	if (value.kind == ENT_K_NULL) {
		return ENT_STR("null");
	}
	size_t n = 24;
	uint64_t rest = value.number < 0 ? 0 - (uint64_t)value.number : (uint64_t)value.number;
	do {
		digits[--n] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value.number < 0) {
		digits[--n] = '-';
	}
	return (ent_str){ digits + n, 24 - n };
}

static bool bad(const struct ent_field *field, enum ent_code code, struct ent_value value,
                const char *remedy, struct ent_error *error)
{
	char pointer[96];
	char digits[24];
	pointer_of(field, pointer);
	ent_note(error, code, pointer, shown(value, digits), "%s", remedy);
	return false;
}

static bool set_null(const struct ent_field *field, void *object, struct ent_error *error)
{
	if (!ent_field_nullable(field) && field->rule != ENT_R_OPTIONAL && field->rule != ENT_R_ONCE) {
		return bad(field, ENT_E_REQUIRED, null_value(), "must not be null", error);
	}
	set_none(field, object); /* merge patch: null removes, back to the default */
	return true;
}

static bool set_text(const struct ent_field *field, ent_str *p, struct ent_value value,
                     struct ent_error *error)
{
	char pointer[96];
	pointer_of(field, pointer);
	if (value.text.len == 0) {
		if (field->rule == ENT_R_REQUIRED || field->rule == ENT_R_FIXED) {
			return bad(field, ENT_E_REQUIRED, value, "must not be empty", error);
		}
		*p = (ent_str){ NULL, 0 }; /* "" and null are the same to every database */
		return true;
	}
	if (field->limit > 0 && ent_str_characters(value.text) > (size_t)field->limit) {
		ent_note(error, ENT_E_LIMIT, pointer, value.text, "give at most %lld characters",
		         (long long)field->limit);
		return false;
	}
	*p = value.text;
	return true;
}

static bool set_number(const struct ent_field *field, int64_t *p, struct ent_value value,
                       struct ent_error *error)
{
	int64_t most = field->limit > 0 ? field->limit : INT64_C(1000000000000);
	int64_t least = field->limit < 0 ? -INT64_C(1000000000000) : 0;
	if (value.number < least || value.number > most) {
		char pointer[96];
		char digits[24];
		pointer_of(field, pointer);
		ent_note(error, ENT_E_RANGE, pointer, shown(value, digits), "give %lld to %lld",
		         (long long)least, (long long)most);
		return false;
	}
	*p = value.number;
	return true;
}

static bool set_enum(const struct ent_field *field, unsigned *p, struct ent_value value,
                     struct ent_error *error)
{
	if (read_enum(field, value.text, p)) {
		return true;
	}
	char list[128] = "give one of";
	size_t len = strlen(list);
	for (size_t i = 0; i < field->names->count; i++) {
		size_t more = strlen(field->names->text[i]);
		if (len + more + 2 < sizeof(list)) {
			list[len++] = ' ';
			memcpy(list + len, field->names->text[i], more + 1);
			len += more;
		}
	}
	return bad(field, ENT_E_UNKNOWN_VALUE, value, list, error);
}

static bool set_id(const struct ent_field *field, ent_id *p, struct ent_value value,
                   struct ent_error *error)
{
	const char *prefix = field->target->prefix;
	if (ent_id_parse(value.text, prefix, p)) {
		return true;
	}
	char pointer[96];
	pointer_of(field, pointer);
	ent_note(error, ENT_E_FORMAT, pointer, value.text, "give an identifier like %s_0123456789abc",
	         prefix);
	return false;
}

/* Kinds that are text at the border. */
static bool set_from_text(const struct ent_field *field, void *p, struct ent_value value,
                          struct ent_error *error)
{
	switch (field->kind) {
	case ENT_K_TEXT:
		return set_text(field, p, value, error);
	case ENT_K_ENUM:
		return set_enum(field, p, value, error);
	case ENT_K_ID:
		return set_id(field, p, value, error);
	case ENT_K_DATE:
		return ent_date_parse(value.text, p) ||
		       bad(field, ENT_E_FORMAT, value, "give a date like 2026-01-31", error);
	case ENT_K_INSTANT:
		return ent_instant_parse(value.text, p) ||
		       bad(field, ENT_E_FORMAT, value, "give a time like 2026-01-31T09:30:00Z", error);
	case ENT_K_DURATION:
		return ent_duration_parse(value.text, p) ||
		       bad(field, ENT_E_FORMAT, value, "give a duration like P1Y or PT4H", error);
	case ENT_K_DECIMAL:
		return ent_decimal_parse(value.text, p) ||
		       bad(field, ENT_E_FORMAT, value, "give a decimal number in quotes like \"12.5\"",
		           error);
	default:
		assert(false);
		return false;
	}
}

bool ent_field_set(const struct ent_field *field, void *object, struct ent_value value,
                   struct ent_error *error)
{
	void *p = ent_field_at(field, object);
	if (value.kind == ENT_K_NULL) {
		return set_null(field, object, error);
	}
	switch (field->kind) {
	case ENT_K_BOOL:
		if (value.kind != ENT_K_BOOL) {
			return bad(field, ENT_E_TYPE, value, "give true or false", error);
		}
		*(bool *)p = value.number != 0;
		return true;
	case ENT_K_INT:
	case ENT_K_COUNT:
		if (value.kind != ENT_K_INT) {
			return bad(field, ENT_E_TYPE, value, "give a whole number", error);
		}
		return set_number(field, p, value, error);
	default:
		if (value.kind != ENT_K_TEXT) {
			return bad(field, ENT_E_TYPE, value, "give a text", error);
		}
		return set_from_text(field, p, value, error);
	}
}
