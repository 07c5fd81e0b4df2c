/* Described structs in. */
#include "json/inner.h"

#include <string.h>

/* ---- unknown members ----------------------------------------------------- */

static bool may_be_given(const struct ent_field *field, enum ent_json_use use)
{
	if (use == ENT_JSON_ANY) {
		return field->rule != ENT_R_WRITE;
	}
	bool fixed = field->rule == ENT_R_FIXED || field->rule == ENT_R_ONCE;
	return ent_field_is_read(field) && !(fixed && use == ENT_JSON_UPDATE);
}

static const char *nearest(const struct ent_type *type, ent_str name, enum ent_json_use use)
{
	const char *best = NULL;
	size_t least = ENT_EDITS_NEAR + 1;
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		ent_str known = ent_str_of(field->name);
		if (!may_be_given(field, use) || field->rule == ENT_R_HIDDEN) {
			continue;
		}
		size_t edits = ent_str_edits(name, known);
		if (edits < least && edits < name.len && edits < known.len) {
			best = field->name;
			least = edits;
		} else if (best == NULL && name.len >= 3 && known.len >= 3 &&
		           (ent_str_begins(known, name) || ent_str_begins(name, known))) {
			best = field->name; /* until a nearer one is found */
		}
	}
	return best;
}

static void note_unknown(const struct ent_type *type, const struct ent_node *member,
                         enum ent_json_use use, struct ent_error *error)
{
	struct ent_pointer pointer = ent_pointer_of("");
	ent_pointer_add(&pointer, member->name);
	const char *near = nearest(type, member->name, use);
	if (near == NULL) {
		ent_note(error, ENT_E_UNKNOWN_FIELD, pointer.text, (ent_str){ NULL, 0 },
		         "remove it");
	} else {
		ent_note(error, ENT_E_UNKNOWN_FIELD, pointer.text, (ent_str){ NULL, 0 },
		         "did you mean \"%s\"?", near);
	}
}

/* ---- members that may not be given --------------------------------------- */

/* Does `node` say what *object holds? Compared as we write it, since one value
 * has several notations. */
static bool is_same(const struct ent_type *type, const struct ent_field *field, const void *object,
                    const struct ent_node *node, struct ent_arena scratch)
{
	void *copy = ent_arena_alloc(&scratch, 1, type->size, _Alignof(max_align_t));
	memcpy(copy, object, type->size);
	struct ent_error ignored;
	ent_error_clear(&ignored);
	if (!ent_json_set(field, copy, node, ENT_JSON_ANY, &scratch, &ignored)) {
		return false;
	}
	struct ent_text held = ent_text_begin(&scratch);
	ent_json_value(field, object, &held);
	ent_str a = ent_text_end(&held);
	struct ent_text said = ent_text_begin(&scratch);
	ent_json_value(field, copy, &said);
	return ent_str_eq(a, ent_text_end(&said));
}

static void refuse(const struct ent_type *type, const struct ent_field *field, const void *object,
                   const struct ent_node *node, const struct ent_reading *reading)
{
	bool unchanged = false;
	if (field->rule != ENT_R_WRITE) {
		unchanged = reading->use == ENT_JSON_CREATE
		                    ? node->kind == ENT_JSON_NULL
		                    : is_same(type, field, object, node, *reading->arena);
	}
	if (unchanged) {
		return;
	}
	struct ent_pointer pointer = ent_pointer_of(field->name);
	bool fixed = field->rule == ENT_R_FIXED || field->rule == ENT_R_ONCE;
	ent_str shown = field->rule == ENT_R_WRITE ? (ent_str){ NULL, 0 } : ent_json_shown(node);
	ent_note(reading->error, fixed ? ENT_E_FIXED : ENT_E_READ_ONLY, pointer.text, shown, "%s",
	         fixed ? "cannot be changed, leave it out" : "is set by the server, leave it out");
}

/* ---- objects ------------------------------------------------------------- */

/* Mostly they come in the order in which we write them: look from `from` on. */
static const struct ent_field *find(const struct ent_type *type, ent_str name, size_t from)
{
	for (size_t i = 0; i < type->count; i++) {
		size_t at = from + i < type->count ? from + i : from + i - type->count;
		const struct ent_field *field = &type->fields[at];
		bool likely = name.len > 0 && field->name[0] == name.ptr[0];
		if (likely && ent_str_is(name, field->name)) {
			return field;
		}
	}
	return NULL;
}

static void read_members(const struct ent_type *type, const struct ent_node *node, void *object,
                         struct ent_set *given, const struct ent_reading *reading)
{
	size_t next = 0;
	for (const struct ent_node *member = node->first; member != NULL; member = member->next) {
		const struct ent_field *field = find(type, member->name, next);
		bool hidden = field != NULL && field->rule == ENT_R_HIDDEN;
		if (field == NULL || (hidden && reading->use != ENT_JSON_ANY)) {
			bool kind = ent_str_is(member->name, "object") &&
			            member->kind == ENT_JSON_STRING &&
			            ent_str_is(member->text, type->name);
			if (!kind) {
				note_unknown(type, member, reading->use, reading->error);
			}
			continue;
		}
		next = ent_type_at(type, field) + 1;
		if (may_be_given(field, reading->use)) {
			ent_json_set(field, object, member, reading->use, reading->arena,
			             reading->error);
			ent_set_add(given, next - 1);
		} else {
			refuse(type, field, object, member, reading);
		}
	}
}

static void note_missing(const struct ent_type *type, const struct ent_set *given,
                         struct ent_error *error)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		bool required = field->rule == ENT_R_FIXED || field->rule == ENT_R_REQUIRED;
		if (required && !ent_set_has(given, i)) {
			struct ent_pointer pointer = ent_pointer_of(field->name);
			ent_note(error, ENT_E_REQUIRED, pointer.text, (ent_str){ NULL, 0 },
			         "must be given");
		}
	}
}

void ent_json_read_into(const struct ent_type *type, const struct ent_node *node,
                        enum ent_json_use use, const char *prefix, struct ent_arena *arena,
                        void *object, struct ent_set *given, struct ent_error *error)
{
	struct ent_reading reading = { use, arena, error };
	size_t first = error->issue_count;
	*given = (struct ent_set){ { 0 } };
	if (node->kind != ENT_JSON_OBJECT) {
		ent_note(error, ENT_E_TYPE, "", ent_json_shown(node), "give an object");
	} else {
		read_members(type, node, object, given, &reading);
		if (use == ENT_JSON_CREATE) {
			note_missing(type, given, error);
		}
	}
	ent_error_nest(error, first, prefix);
}

enum ent_code ent_json_read(const struct ent_type *type, const struct ent_node *node,
                            enum ent_json_use use, struct ent_arena *arena, void *object,
                            struct ent_set *given, struct ent_error *error)
{
	ent_error_clear(error);
	ent_json_read_into(type, node, use, "", arena, object, given, error);
	return ent_noted(error);
}

/* ---- children ------------------------------------------------------------ */

struct children {
	const struct ent_field *field;
	const struct ent_field *key;
	struct ent_children present;
	bool *used; /* which of those have been named */
};

static const struct ent_field *key_of(const struct ent_type *type)
{
	for (size_t i = 0; i < type->count; i++) {
		if (type->fields[i].rule == ENT_R_KEY) {
			return &type->fields[i];
		}
	}
	return NULL;
}

static void *present_at(const struct children *all, size_t at)
{
	return (char *)all->present.items + at * all->field->child->size;
}

/* Where the present child with this identifier is, likeliest at `guess`; their count if nowhere. */
static size_t find_child(const struct children *all, ent_id id, size_t guess)
{
	size_t count = all->present.count;
	for (size_t i = 0; i < count; i++) {
		size_t at = (guess + i) % count;
		const ent_id *other = ent_field_at(all->key, present_at(all, at));
		if (ent_id_eq(*other, id)) {
			return at;
		}
	}
	return count;
}

/* Begin *item as the present child that `id` names. Notes below the child's own pointer. */
static bool begin_child(const struct children *all, const struct ent_node *id, size_t guess,
                        void *item, struct ent_error *error)
{
	struct ent_value value = { .kind = ENT_K_JSON, .text = ent_json_shown(id) };
	if (id->kind == ENT_JSON_STRING) {
		value.kind = ENT_K_TEXT;
	}
	if (!ent_field_set(all->key, item, value, error)) {
		return false;
	}
	struct ent_pointer pointer = ent_pointer_of(all->key->name);
	const ent_id *named = ent_field_at(all->key, item);
	size_t at = find_child(all, *named, guess);
	if (at == all->present.count) {
		ent_note(error, ENT_E_NO_SUCH_RECORD, pointer.text, value.text,
		         "name a present one, or leave it out to add one");
		return false;
	}
	if (all->used[at]) {
		ent_note(error, ENT_E_DUPLICATE, pointer.text, value.text, "give it once");
		return false;
	}
	all->used[at] = true;
	memcpy(item, present_at(all, at), all->field->child->size);
	return true;
}

static void read_child(const struct children *all, const struct ent_node *node, size_t index,
                       void *item, const struct ent_reading *reading)
{
	const struct ent_type *child = all->field->child;
	struct ent_pointer pointer = ent_pointer_of(all->field->name);
	ent_pointer_add_index(&pointer, index);
	enum ent_json_use use = reading->use;
	ent_type_clear(child, item);
	if (use == ENT_JSON_UPDATE) {
		const struct ent_node *id = ent_json_member(node, all->key->name);
		if (id == NULL || id->kind == ENT_JSON_NULL) {
			use = ENT_JSON_CREATE; /* a new one */
		} else {
			size_t first = reading->error->issue_count;
			bool good = begin_child(all, id, index, item, reading->error);
			ent_error_nest(reading->error, first, pointer.text);
			if (!good) {
				return;
			}
		}
	}
	struct ent_set given;
	ent_json_read_into(child, node, use, pointer.text, reading->arena, item, &given,
	                   reading->error);
}

bool ent_json_set_children(const struct ent_field *field, struct ent_children *children,
                           const struct ent_node *node, const struct ent_reading *reading)
{
	if (!ent_json_is_list(field, node, reading)) {
		return false;
	}
	struct children all = { field, key_of(field->child), *children, NULL };
	assert(all.key != NULL || reading->use != ENT_JSON_UPDATE);
	all.used = ENT_NEW(reading->arena, bool, children->count);
	char *items = ent_arena_alloc(reading->arena, node->count, field->child->size,
	                              _Alignof(max_align_t));
	size_t before = reading->error->issue_count;
	size_t index = 0;
	for (const struct ent_node *item = node->first; item != NULL; item = item->next) {
		read_child(&all, item, index, items + index * field->child->size, reading);
		index++;
	}
	if (reading->error->issue_count > before) {
		return false;
	}
	*children = (struct ent_children){ items, node->count };
	return true;
}
