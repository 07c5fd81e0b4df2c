#include "core/field.h"

#include <string.h>

static struct ent_value made(const char *room, size_t len)
{
	return ent_value_text((ent_str){ room, len });
}

struct ent_value ent_field_get(const struct ent_field *field, const void *object,
                               char room[static 64])
{
	const void *p = ent_field_at(field, object);
	if (ent_field_is_none(field, object)) {
		return ent_value_null();
	}
	switch (field->kind) {
	case ENT_K_ENUM:
		return ent_value_text(ent_str_of(field->names->text[*(const unsigned *)p]));
	case ENT_K_TEXT:
		return ent_value_text(*(const ent_str *)p);
	case ENT_K_COUNT:
		return ent_value_int(((const ent_count *)p)->n);
	case ENT_K_INT:
		return ent_value_int(*(const int64_t *)p);
	case ENT_K_BOOL:
		return ent_value_bool(*(const bool *)p);
	case ENT_K_ID: {
		const char *prefix = field->target->prefix;
		return made(room, ent_id_format(*(const ent_id *)p, prefix, room));
	}
	case ENT_K_DATE:
		ent_date_format(*(const ent_date *)p, room);
		return made(room, 10);
	case ENT_K_INSTANT:
		if (((const ent_instant *)p)->us == ENT_INSTANT_END.us) {
			return ent_value_null(); /* never, which has no notation */
		}
		return made(room, ent_instant_format(*(const ent_instant *)p, room));
	case ENT_K_DURATION:
		return made(room, ent_duration_format(*(const ent_duration *)p, room));
	case ENT_K_DECIMAL:
		return made(room, ent_decimal_format(*(const ent_decimal *)p, room));
	default:
		assert(false);
		return ent_value_null();
	}
}

static void pointer_of(const struct ent_field *field, char out[static 96])
{
	size_t len = strlen(field->name);
	out[0] = '/';
	memcpy(out + 1, field->name, len + 1);
}

/* What a value looks like to a person, for an issue; a secret is not shown. */
static ent_str shown(const struct ent_field *field, struct ent_value value, char digits[static 24])
{
	if (field->rule == ENT_R_WRITE) {
		return (ent_str){ NULL, 0 };
	}
	if (value.kind == ENT_K_BOOL) {
		return value.number ? ENT_STR("true") : ENT_STR("false");
	}
	if (value.kind == ENT_K_NULL) {
		return ENT_STR("null");
	}
	if (value.kind != ENT_K_INT) {
		return value.text;
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
	ent_note(error, code, pointer, shown(field, value, digits), "%s", remedy);
	return false;
}

static bool set_null(const struct ent_field *field, void *object, struct ent_error *error)
{
	bool has_default = field->rule == ENT_R_OPTIONAL || field->rule == ENT_R_ONCE;
	if (!has_default && !ent_field_nullable(field)) {
		return bad(field, ENT_E_REQUIRED, ent_value_null(), "must not be null", error);
	}
	ent_field_clear(field, object); /* merge patch: null removes, back to the default */
	return true;
}

static bool set_text(const struct ent_field *field, ent_str *p, struct ent_value value,
                     struct ent_error *error)
{
	if (value.text.len == 0) {
		if (field->rule == ENT_R_REQUIRED || field->rule == ENT_R_FIXED) {
			return bad(field, ENT_E_REQUIRED, value, "must not be empty", error);
		}
		*p = (ent_str){ NULL, 0 }; /* "" and null are the same to every database */
		return true;
	}
	if (field->limit > 0 && ent_str_characters(value.text) > (size_t)field->limit) {
		char pointer[96];
		char digits[24];
		pointer_of(field, pointer);
		ent_note(error, ENT_E_LIMIT, pointer, shown(field, value, digits),
		         "give at most %lld characters", (long long)field->limit);
		return false;
	}
	*p = value.text;
	return true;
}

void ent_field_bounds(const struct ent_field *field, int64_t *least, int64_t *most)
{
	*most = field->limit > 0 ? field->limit : INT64_C(1000000000000);
	*least = field->limit < 0 ? -INT64_C(1000000000000) : 0;
}

static bool set_number(const struct ent_field *field, int64_t *p, struct ent_value value,
                       struct ent_error *error)
{
	int64_t least, most;
	ent_field_bounds(field, &least, &most);
	if (value.number < least || value.number > most) {
		char pointer[96];
		char digits[24];
		pointer_of(field, pointer);
		ent_note(error, ENT_E_RANGE, pointer, shown(field, value, digits),
		         "give %lld to %lld", (long long)least, (long long)most);
		return false;
	}
	*p = value.number;
	return true;
}

static bool set_enum(const struct ent_field *field, unsigned *p, struct ent_value value,
                     struct ent_error *error)
{
	if (ent_names_find(field->names, value.text, p)) {
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
	ent_note(error, ENT_E_FORMAT, pointer, value.text,
	         "give an identifier like %s_0123456789abc", prefix);
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
		       bad(field, ENT_E_FORMAT, value, "give a time like 2026-01-31T09:30:00Z",
		           error);
	case ENT_K_DURATION:
		return ent_duration_parse(value.text, p) ||
		       bad(field, ENT_E_FORMAT, value, "give a duration like P1Y or PT4H", error);
	case ENT_K_DECIMAL:
		return ent_decimal_parse(value.text, p) ||
		       bad(field, ENT_E_FORMAT, value,
		           "give a decimal number in quotes like \"12.5\"", error);
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
