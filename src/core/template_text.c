#include "core/template_text.h"

/* "{{ thing.field.key }}" */
struct place {
	ent_str whole;
	const struct ent_template_thing *thing;
	const struct ent_field *field;
	ent_str key; /* of a map */
	const char *fault;
};

/* ---- finding places ---- */

/* Where "{{" is at or after `from`; text.len if nowhere. */
static size_t find(ent_str text, size_t from, char c)
{
	for (size_t i = from; i + 1 < text.len; i++) {
		if (text.ptr[i] == c && text.ptr[i + 1] == c) {
			return i;
		}
	}
	return text.len;
}

static bool can_be_shown(const struct ent_field *field)
{
	return ent_field_is_shown(field) && field->kind != ENT_K_CHILDREN &&
	       field->kind != ENT_K_JSON;
}

static void name_field(struct place *place, ent_str name, ent_str key)
{
	const struct ent_field *field = ent_type_field(place->thing->type, name);
	bool is_map = field != NULL && field->kind == ENT_K_MAP;
	place->key = key;
	if (field == NULL || !can_be_shown(field)) {
		place->fault = "there is no such field";
	} else if (is_map && key.len == 0) {
		place->fault = "name one of its texts, as in case.metadata.region";
	} else if (!is_map && key.ptr != NULL) {
		place->fault = "this field has no parts";
	} else {
		place->field = field;
	}
}

static struct place read_place(ent_str whole, const struct ent_template_thing *things, size_t count)
{
	struct place place = { .whole = whole };
	ent_str inner = ent_str_trim((ent_str){ whole.ptr + 2, whole.len - 4 });
	struct ent_cut first = ent_str_cut(inner, '.');
	struct ent_cut second = ent_str_cut(first.tail, '.');
	for (size_t i = 0; i < count && place.thing == NULL; i++) {
		if (ent_str_is(first.head, things[i].name)) {
			place.thing = &things[i];
		}
	}
	if (place.thing == NULL) {
		place.fault = "there is no such record here";
	} else if (!first.found) {
		place.fault = "name a field, as in case.number";
	} else {
		name_field(&place, second.head, second.found ? second.tail : (ent_str){ NULL, 0 });
	}
	return place;
}

/* The next place at or after *at, which is moved behind it; `before` is the text up to it.
 * False at the end, or where one is not closed (place->whole is then not empty). */
static bool next_place(ent_str text, size_t *at, ent_str *before, struct place *place,
                       const struct ent_template_thing *things, size_t count)
{
	size_t begin = find(text, *at, '{');
	size_t end = begin == text.len ? text.len : find(text, begin + 2, '}');
	*before = (ent_str){ text.ptr + *at, begin - *at };
	*place = (struct place){ .whole = { text.ptr + begin, text.len - begin } };
	if (end == text.len) {
		return false;
	}
	*at = end + 2;
	*place = read_place((ent_str){ text.ptr + begin, end + 2 - begin }, things, count);
	return true;
}

/* ---- checking ---- */

static void note(struct ent_error *error, const char *pointer, ent_str text,
                 const struct place *place, const char *fault)
{
	ent_str before = { text.ptr, (size_t)(place->whole.ptr - text.ptr) };
	ent_str shown = place->whole;
	shown.len = shown.len > 80 ? 80 : shown.len;
	while (shown.len > 0 && !ent_str_is_text(shown)) {
		shown.len--;
	}
	ent_note(error, ENT_E_FORMAT, pointer, shown, "character %zu: %s",
	         ent_str_characters(before) + 1, fault);
}

void ent_template_text_check(ent_str text, const struct ent_template_thing *things, size_t count,
                             const char *pointer, struct ent_error *error)
{
	struct place place;
	ent_str before;
	size_t at = 0;
	size_t places = 0;
	while (next_place(text, &at, &before, &place, things, count)) {
		if (++places > ENT_TEMPLATE_PLACES_MAX) {
			note(error, pointer, text, &place, "there are more than 200 places");
			return;
		}
		if (place.fault != NULL) {
			note(error, pointer, text, &place, place.fault);
		}
	}
	if (place.whole.len > 0) {
		note(error, pointer, text, &place, "close it with }}");
	}
}

/* ---- filling ---- */

struct filling {
	struct ent_text out;
	size_t left;
	bool lines;
	const struct ent_zone *zone;
};

static void put(struct filling *f, ent_str text)
{
	size_t len = text.len;
	if (len > f->left) {
		len = f->left;
		while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80) {
			len--;
		}
		f->left = len; /* and nothing after it */
	}
	ent_text_add(&f->out, (ent_str){ text.ptr, len });
	f->left -= len;
}

/* Bytes of a value: no controls. */
static void put_value(struct filling *f, ent_str text)
{
	size_t begin = 0;
	for (size_t i = 0; i <= text.len; i++) {
		unsigned char c = i < text.len ? (unsigned char)text.ptr[i] : 0;
		bool is_kept = c >= ' ' && c != 0x7f;
		if (is_kept || (c == '\n' && f->lines && i < text.len)) {
			continue;
		}
		put(f, (ent_str){ text.ptr + begin, i - begin });
		if (i < text.len) {
			put(f, ENT_STR(" "));
		}
		begin = i + 1;
	}
}

static void put_digits(char *out, int64_t number, int digits)
{
	for (int i = digits - 1; i >= 0; i--) {
		out[i] = (char)('0' + number % 10);
		number /= 10;
	}
}

/* "2026-03-01 09:30 +01:00"; UTC where the year would not fit. */
static void put_instant(struct filling *f, ent_instant at)
{
	char text[] = "YYYY-MM-DD HH:MM +HH:MM";
	char date[11];
	int64_t local = ent_zone_local(f->zone, at);
	int64_t day = local / 86400 - (local % 86400 < 0);
	int64_t second = local - day * 86400;
	int32_t offset = ent_zone_offset(f->zone, at);
	int32_t size = offset < 0 ? -offset : offset;
	ent_date_format((ent_date){ (int32_t)day }, date);
	memcpy(text, date, 10);
	put_digits(text + 11, second / 3600, 2);
	put_digits(text + 14, second / 60 % 60, 2);
	text[17] = offset < 0 ? '-' : '+';
	put_digits(text + 18, size / 3600, 2);
	put_digits(text + 21, size / 60 % 60, 2);
	put(f, (ent_str){ text, sizeof(text) - 1 });
}

static void put_words(struct filling *f, struct ent_words words)
{
	for (size_t i = 0; i < words.count; i++) {
		put(f, i > 0 ? ENT_STR(", ") : ENT_STR(""));
		put_value(f, words.items[i]);
	}
}

static void put_ids(struct filling *f, struct ent_ids ids, const char *prefix)
{
	for (size_t i = 0; i < ids.count; i++) {
		char room[ENT_ID_ROOM];
		put(f, i > 0 ? ENT_STR(", ") : ENT_STR(""));
		put(f, (ent_str){ room, ent_id_format(ids.items[i], prefix, room) });
	}
}

static void put_map(struct filling *f, struct ent_map map, ent_str key)
{
	for (size_t i = 0; i < map.count; i++) {
		if (ent_str_eq(map.pairs[i].name, key)) {
			put_value(f, map.pairs[i].value);
		}
	}
}

static void put_money(struct filling *f, ent_money money)
{
	char room[ENT_DECIMAL_ROOM];
	if (money.currency[0] != '\0') {
		put(f, (ent_str){ room, ent_decimal_format((ent_decimal){ money.micro }, room) });
		put(f, ENT_STR(" "));
		put(f, (ent_str){ money.currency, 3 });
	}
}

static void put_number(struct filling *f, int64_t number)
{
	char room[24];
	size_t at = sizeof(room);
	uint64_t size = number < 0 ? -(uint64_t)number : (uint64_t)number;
	do {
		room[--at] = (char)('0' + size % 10);
		size /= 10;
	} while (size > 0);
	if (number < 0) {
		room[--at] = '-';
	}
	put(f, (ent_str){ room + at, sizeof(room) - at });
}

static void put_plain(struct filling *f, const struct ent_field *field, const void *object)
{
	char room[64];
	struct ent_value value = ent_field_get(field, object, room);
	if (value.kind == ENT_K_BOOL) {
		put(f, value.number ? ENT_STR("yes") : ENT_STR("no"));
	} else if (value.kind == ENT_K_INT) {
		put_number(f, value.number);
	} else if (value.kind != ENT_K_NULL) {
		put_value(f, value.text);
	}
}

static void put_place(struct filling *f, const struct place *place)
{
	const struct ent_field *field = place->field;
	const void *object = place->thing->object;
	if (object == NULL) {
		return;
	}
	const void *at = ent_field_at(field, object);
	switch (field->kind) {
	case ENT_K_INSTANT: {
		ent_instant instant = *(const ent_instant *)at;
		if (!ent_instant_is_none(instant) && instant.us != ENT_INSTANT_END.us) {
			put_instant(f, instant);
		}
		break;
	}
	case ENT_K_WORDS:
		put_words(f, *(const struct ent_words *)at);
		break;
	case ENT_K_IDS:
		put_ids(f, *(const struct ent_ids *)at, field->target->prefix);
		break;
	case ENT_K_MAP:
		put_map(f, *(const struct ent_map *)at, place->key);
		break;
	case ENT_K_MONEY:
		put_money(f, *(const ent_money *)at);
		break;
	default:
		put_plain(f, field, object);
	}
}

ent_str ent_template_text_fill(ent_str text, const struct ent_template_thing *things, size_t count,
                               const struct ent_zone *zone, bool lines, size_t max,
                               struct ent_arena *arena)
{
	struct filling f = { ent_text_begin(arena), max, lines, zone };
	struct place place;
	ent_str before;
	size_t at = 0;
	while (next_place(text, &at, &before, &place, things, count)) {
		put(&f, before);
		if (place.fault == NULL) {
			put_place(&f, &place);
		} else {
			put(&f, place.whole);
		}
	}
	put(&f, before);
	put(&f, place.whole);
	return ent_text_end(&f.out);
}
