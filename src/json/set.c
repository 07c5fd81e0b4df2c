/* One described value in. */
#include "json/inner.h"

#include <string.h>

enum { LIST_MAX = 1000, WORD_MAX_CHARACTERS = 120, JSON_MAX = 1 << 20 };

static bool bad(const struct ent_reading *reading, enum ent_code code,
                const struct ent_pointer *pointer, const struct ent_node *node, const char *remedy)
{
	ent_note(reading->error, code, pointer->text, ent_json_shown(node), "%s", remedy);
	return false;
}

/* ---- money --------------------------------------------------------------- */

static bool set_amount(ent_money *money, const struct ent_node *node,
                       const struct ent_pointer *pointer, const struct ent_reading *reading)
{
	ent_decimal amount;
	const char *remedy = "give a decimal number like \"12.50\"";
	if (node->kind != ENT_JSON_STRING && node->kind != ENT_JSON_NUMBER) {
		return bad(reading, ENT_E_TYPE, pointer, node, remedy);
	}
	if (!ent_decimal_parse(node->text, &amount)) {
		return bad(reading, ENT_E_FORMAT, pointer, node, remedy);
	}
	money->micro = amount.micro;
	return true;
}

static bool set_currency(ent_money *money, const struct ent_node *node,
                         const struct ent_pointer *pointer, const struct ent_reading *reading)
{
	if (node->kind != ENT_JSON_STRING) {
		return bad(reading, ENT_E_TYPE, pointer, node, "give a currency like EUR");
	}
	if (node->text.len != 3 || ent_currency_digits(node->text) < 0) {
		return bad(reading, ENT_E_UNKNOWN_VALUE, pointer, node,
		           "give a currency of ISO 4217 like EUR");
	}
	memcpy(money->currency, node->text.ptr, 3);
	money->currency[3] = '\0';
	return true;
}

static bool set_money_member(const struct ent_field *field, ent_money *money, bool has[static 2],
                             const struct ent_node *member, const struct ent_reading *reading)
{
	struct ent_pointer pointer = ent_pointer_of(field->name);
	ent_pointer_add(&pointer, member->name);
	bool is_amount = ent_str_is(member->name, "amount");
	if (!is_amount && !ent_str_is(member->name, "currency")) {
		return bad(reading, ENT_E_UNKNOWN_FIELD, &pointer, member, "remove it");
	}
	has[is_amount ? 0 : 1] = true;
	if (member->kind == ENT_JSON_NULL) {
		return bad(reading, ENT_E_REQUIRED, &pointer, member, "must not be null");
	}
	return is_amount ? set_amount(money, member, &pointer, reading)
	                 : set_currency(money, member, &pointer, reading);
}

/* A merge patch too: an update may give the amount and keep the currency. */
bool ent_json_set_money(const struct ent_field *field, ent_money *money,
                        const struct ent_node *node, const struct ent_reading *reading)
{
	static const char *const names[] = { "amount", "currency" };
	struct ent_pointer pointer = ent_pointer_of(field->name);
	if (node->kind != ENT_JSON_OBJECT) {
		return bad(reading, ENT_E_TYPE, &pointer, node,
		           "give an object like {\"amount\": \"12.50\", \"currency\": \"EUR\"}");
	}
	bool keeps = reading->use == ENT_JSON_UPDATE && money->currency[0] != '\0';
	ent_money value = keeps ? *money : ENT_MONEY_NONE;
	bool has[2] = { keeps, keeps };
	bool good = true;
	for (const struct ent_node *member = node->first; member != NULL; member = member->next) {
		good = set_money_member(field, &value, has, member, reading) && good;
	}
	for (size_t i = 0; i < 2; i++) {
		if (!has[i]) {
			struct ent_pointer missing = pointer;
			ent_pointer_add(&missing, ent_str_of(names[i]));
			ent_note(reading->error, ENT_E_REQUIRED, missing.text, (ent_str){ NULL, 0 },
			         "must be given");
			good = false;
		}
	}
	if (good) {
		*money = value;
	}
	return good;
}

/* ---- lists --------------------------------------------------------------- */

bool ent_json_is_list(const struct ent_field *field, const struct ent_node *node,
                      const struct ent_reading *reading)
{
	struct ent_pointer pointer = ent_pointer_of(field->name);
	if (node->kind != ENT_JSON_ARRAY) {
		return bad(reading, ENT_E_TYPE, &pointer, node, "give a list");
	}
	size_t limit = field->limit > 0 ? (size_t)field->limit : LIST_MAX;
	if (node->count > limit) {
		ent_note(reading->error, ENT_E_LIMIT, pointer.text, (ent_str){ NULL, 0 },
		         "give at most %zu", limit);
		return false;
	}
	return true;
}

static bool set_id(const struct ent_field *field, struct ent_ids before, ent_id *out,
                   const struct ent_node *node, const struct ent_reading *reading)
{
	const char *prefix = field->target->prefix;
	struct ent_pointer pointer = ent_pointer_of(field->name);
	ent_pointer_add_index(&pointer, before.count);
	if (node->kind != ENT_JSON_STRING) {
		return bad(reading, ENT_E_TYPE, &pointer, node, "give a text");
	}
	if (!ent_id_parse(node->text, prefix, out)) {
		ent_note(reading->error, ENT_E_FORMAT, pointer.text, node->text,
		         "give an identifier like %s_0123456789abc", prefix);
		return false;
	}
	if (ent_ids_has(before, *out)) {
		return bad(reading, ENT_E_DUPLICATE, &pointer, node, "give it once");
	}
	return true;
}

bool ent_json_set_ids(const struct ent_field *field, struct ent_ids *ids,
                      const struct ent_node *node, const struct ent_reading *reading)
{
	if (!ent_json_is_list(field, node, reading)) {
		return false;
	}
	ent_id *items = ENT_NEW(reading->arena, ent_id, node->count);
	size_t count = 0;
	bool good = true;
	for (const struct ent_node *item = node->first; item != NULL; item = item->next) {
		struct ent_ids before = { items, count };
		good = set_id(field, before, &items[count], item, reading) && good;
		count++;
	}
	if (good) {
		*ids = (struct ent_ids){ items, count };
	}
	return good;
}

static bool is_word(ent_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 0x7f) {
			return false;
		}
	}
	return s.len > 0 && ent_str_characters(s) <= WORD_MAX_CHARACTERS;
}

bool ent_json_set_words(const struct ent_field *field, struct ent_words *words,
                        const struct ent_node *node, const struct ent_reading *reading)
{
	if (!ent_json_is_list(field, node, reading)) {
		return false;
	}
	ent_str *items = ENT_NEW(reading->arena, ent_str, node->count);
	size_t count = 0;
	bool good = true;
	for (const struct ent_node *item = node->first; item != NULL; item = item->next) {
		struct ent_pointer pointer = ent_pointer_of(field->name);
		ent_pointer_add_index(&pointer, count);
		if (item->kind != ENT_JSON_STRING) {
			good = bad(reading, ENT_E_TYPE, &pointer, item, "give a text");
		} else if (!is_word(item->text)) {
			good = bad(reading, ENT_E_FORMAT, &pointer, item,
			           "give a word of 1 to 120 characters without blanks");
		}
		items[count++] = item->text;
	}
	if (good) {
		*words = (struct ent_words){ items, count };
	}
	return good;
}

/* ---- any kind ------------------------------------------------------------ */

/* An update is a patch of what is there. What is stored is JSON; if not, it is nothing. */
static const struct ent_node *merged(const struct ent_json *json, const struct ent_node *patch,
                                     struct ent_arena *arena)
{
	const struct ent_node *present = NULL;
	struct ent_error ignored;
	ent_error_clear(&ignored);
	if (json->text.ptr != NULL &&
	    ent_json_parse(json->text, arena, &present, &ignored) != ENT_OK) {
		present = NULL;
	}
	return ent_json_merge(present, patch, arena);
}

static bool set_json(const struct ent_field *field, struct ent_json *json,
                     const struct ent_node *node, const struct ent_reading *reading)
{
	bool patches = reading->use == ENT_JSON_UPDATE && node->kind == ENT_JSON_OBJECT;
	struct ent_pointer pointer = ent_pointer_of(field->name);
	if (reading->use != ENT_JSON_ANY && !ent_field_is_read(field)) {
		return bad(reading, ENT_E_READ_ONLY, &pointer, node, "leave it out");
	}
	const struct ent_node *whole = patches ? merged(json, node, reading->arena) : node;
	struct ent_text text = ent_text_begin(reading->arena);
	ent_json_node(&text, whole);
	ent_str written = ent_text_end(&text);
	size_t limit = field->limit > 0 ? (size_t)field->limit : JSON_MAX;
	if (written.len > limit) {
		ent_note(reading->error, ENT_E_LIMIT, pointer.text, (ent_str){ NULL, 0 },
		         "give at most %zu bytes of JSON", limit);
		return false;
	}
	json->text = written;
	return true;
}

/* A number that no int64_t holds is out of range, not of the wrong type. */
static bool is_huge(const struct ent_node *node)
{
	int64_t number;
	return node->kind == ENT_JSON_NUMBER && !ent_json_int(node, &number) &&
	       memchr(node->text.ptr, '.', node->text.len) == NULL &&
	       memchr(node->text.ptr, 'e', node->text.len) == NULL &&
	       memchr(node->text.ptr, 'E', node->text.len) == NULL;
}

static bool set_single(const struct ent_field *field, void *object, const struct ent_node *node,
                       const struct ent_reading *reading)
{
	bool is_count = field->kind == ENT_K_INT || field->kind == ENT_K_COUNT;
	struct ent_value value = { .kind = ENT_K_JSON, .text = ent_json_shown(node) };
	if (is_count && is_huge(node)) {
		int64_t least, most;
		ent_field_bounds(field, &least, &most);
		struct ent_pointer pointer = ent_pointer_of(field->name);
		ent_note(reading->error, ENT_E_RANGE, pointer.text, node->text,
		         "give %lld to %lld", (long long)least, (long long)most);
		return false;
	}
	if (node->kind == ENT_JSON_NULL) {
		value = ent_value_null();
	} else if (node->kind == ENT_JSON_STRING ||
	           (node->kind == ENT_JSON_NUMBER && field->kind == ENT_K_DECIMAL)) {
		value = ent_value_text(node->text);
	} else if (node->kind == ENT_JSON_TRUE || node->kind == ENT_JSON_FALSE) {
		value = ent_value_bool(node->kind == ENT_JSON_TRUE);
	} else if (is_count && ent_json_int(node, &value.number)) {
		value.kind = ENT_K_INT;
	}
	return ent_field_set(field, object, value, reading->error);
}

bool ent_json_set(const struct ent_field *field, void *object, const struct ent_node *node,
                  enum ent_json_use use, struct ent_arena *arena, struct ent_error *error)
{
	struct ent_reading reading = { use, arena, error };
	void *p = ent_field_at(field, object);
	if (node->kind == ENT_JSON_NULL) {
		if (use != ENT_JSON_ANY) {
			return ent_field_set(field, object, ent_value_null(), error);
		}
		ent_field_clear(field, object); /* nothing is required */
		return true;
	}
	switch (field->kind) {
	case ENT_K_MONEY:
		return ent_json_set_money(field, p, node, &reading);
	case ENT_K_IDS:
		return ent_json_set_ids(field, p, node, &reading);
	case ENT_K_WORDS:
		return ent_json_set_words(field, p, node, &reading);
	case ENT_K_MAP:
		return ent_json_set_map(field, p, node, &reading);
	case ENT_K_CHILDREN:
		return ent_json_set_children(field, p, node, &reading);
	case ENT_K_JSON:
		return set_json(field, p, node, &reading);
	default:
		return set_single(field, object, node, &reading);
	}
}
