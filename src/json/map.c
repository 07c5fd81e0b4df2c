/* Maps: as members that are read, and as columns. */
#include "json/inner.h"

#include <string.h>

enum { PAIRS_MAX = 50, NAME_MAX_CHARACTERS = 40, VALUE_MAX_CHARACTERS = 500 };

static struct ent_pair *find(struct ent_pair *pairs, size_t count, ent_str name)
{
	for (size_t i = 0; i < count; i++) {
		if (ent_str_eq(pairs[i].name, name)) {
			return &pairs[i];
		}
	}
	return NULL;
}

static bool check_pair(const struct ent_field *field, const struct ent_node *pair,
                       struct ent_error *error)
{
	struct ent_pointer pointer = ent_pointer_of(field->name);
	ent_pointer_add(&pointer, pair->name);
	if (pair->name.len == 0 || ent_str_characters(pair->name) > NAME_MAX_CHARACTERS) {
		ent_note(error, ENT_E_LIMIT, pointer.text, pair->name,
		         "give a name of 1 to %d characters", NAME_MAX_CHARACTERS);
		return false;
	}
	if (pair->kind != ENT_JSON_STRING) {
		ent_note(error, ENT_E_TYPE, pointer.text, ent_json_shown(pair),
		         "give a text, or null to remove it");
		return false;
	}
	if (ent_str_characters(pair->text) > VALUE_MAX_CHARACTERS) {
		ent_note(error, ENT_E_LIMIT, pointer.text, pair->text,
		         "give at most %d characters", VALUE_MAX_CHARACTERS);
		return false;
	}
	return true;
}

/* Merge patch: put, replace or take out one pair. */
static void merge_pair(struct ent_pair *pairs, size_t *count, const struct ent_node *patch)
{
	struct ent_pair *present = find(pairs, *count, patch->name);
	if (patch->kind != ENT_JSON_NULL) {
		if (present == NULL) {
			present = &pairs[(*count)++];
		}
		*present = (struct ent_pair){ patch->name, patch->text };
	} else if (present != NULL) {
		size_t after = (size_t)(pairs + *count - (present + 1));
		memmove(present, present + 1, after * sizeof(*pairs));
		(*count)--;
	}
}

bool ent_json_set_map(const struct ent_field *field, struct ent_map *map,
                      const struct ent_node *node, const struct ent_reading *reading)
{
	struct ent_pointer pointer = ent_pointer_of(field->name);
	if (node->kind != ENT_JSON_OBJECT) {
		ent_note(reading->error, ENT_E_TYPE, pointer.text, ent_json_shown(node),
		         "give an object of texts");
		return false;
	}
	size_t limit = field->limit > 0 ? (size_t)field->limit : PAIRS_MAX;
	size_t count = reading->use == ENT_JSON_UPDATE ? map->count : 0;
	bool good = node->count <= 2 * limit; /* which may take out as many as it puts in */
	struct ent_pair *pairs = NULL;
	if (good) {
		pairs = ENT_NEW(reading->arena, struct ent_pair, count + node->count);
		if (count > 0) {
			memcpy(pairs, map->pairs, count * sizeof(*pairs));
		}
		for (const struct ent_node *pair = node->first; pair != NULL; pair = pair->next) {
			if (pair->kind == ENT_JSON_NULL ||
			    check_pair(field, pair, reading->error)) {
				merge_pair(pairs, &count, pair);
			} else {
				good = false;
			}
		}
	}
	if (node->count > 2 * limit || count > limit) {
		ent_note(reading->error, ENT_E_LIMIT, pointer.text, (ent_str){ NULL, 0 },
		         "give at most %zu pairs", limit);
		good = false;
	}
	if (good) {
		*map = (struct ent_map){ pairs, count };
	}
	return good;
}

/* ---- out, and columns ------------------------------------------------------------- */

void ent_json_map(struct ent_text *out, struct ent_map map)
{
	ent_text_char(out, '{');
	for (size_t i = 0; i < map.count; i++) {
		if (i > 0) {
			ent_text_char(out, ',');
		}
		ent_json_string(out, map.pairs[i].name);
		ent_text_char(out, ':');
		ent_json_string(out, map.pairs[i].value);
	}
	ent_text_char(out, '}');
}

ent_str ent_json_from_map(struct ent_map map, struct ent_arena *arena)
{
	struct ent_text text = ent_text_begin(arena);
	ent_json_map(&text, map);
	return ent_text_end(&text);
}

bool ent_json_to_map(ent_str text, struct ent_arena *arena, struct ent_map *out)
{
	const struct ent_node *node;
	struct ent_error error;
	ent_error_clear(&error);
	if (ent_str_is(text, "{}")) { /* nearly always */
		*out = (struct ent_map){ NULL, 0 };
		return true;
	}
	if (ent_json_parse(text, arena, &node, &error) != ENT_OK ||
	    node->kind != ENT_JSON_OBJECT) {
		return false;
	}
	struct ent_pair *pairs = ENT_NEW(arena, struct ent_pair, node->count);
	size_t count = 0;
	for (const struct ent_node *pair = node->first; pair != NULL; pair = pair->next) {
		if (pair->kind != ENT_JSON_STRING) {
			return false;
		}
		pairs[count++] = (struct ent_pair){ pair->name, pair->text };
	}
	*out = (struct ent_map){ pairs, count };
	return true;
}
