/* Nodes: members, numbers, names given twice, pointers. */
#include "json/inner.h"

#include <string.h>

const struct ent_node *ent_json_member(const struct ent_node *object, const char *name)
{
	if (object == NULL || object->kind != ENT_JSON_OBJECT) {
		return NULL;
	}
	const struct ent_node *member = object->first;
	while (member != NULL && !ent_str_is(member->name, name)) {
		member = member->next;
	}
	return member;
}

bool ent_json_int(const struct ent_node *node, int64_t *out)
{
	if (node == NULL || node->kind != ENT_JSON_NUMBER) {
		return false;
	}
	ent_str text = ent_str_is(node->text, "-0") ? ENT_STR("0") : node->text;
	return ent_str_int(text, out);
}

ent_str ent_json_shown(const struct ent_node *node)
{
	switch (node->kind) {
	case ENT_JSON_NULL:
		return ENT_STR("null");
	case ENT_JSON_FALSE:
		return ENT_STR("false");
	case ENT_JSON_TRUE:
		return ENT_STR("true");
	case ENT_JSON_ARRAY:
		return ENT_STR("[...]");
	case ENT_JSON_OBJECT:
		return ENT_STR("{...}");
	case ENT_JSON_NUMBER:
	case ENT_JSON_STRING:
		break;
	}
	return node->text;
}

/* ---- names given twice --------------------------------------------------- */

/* Few members: names that share no bit of a word with an earlier one are not compared. */
static const struct ent_node *twice_of_few(const struct ent_node *object)
{
	uint64_t seen = 0;
	for (const struct ent_node *a = object->first; a != NULL; a = a->next) {
		size_t len = a->name.len;
		uint64_t mix = len * 7;
		if (len > 0) {
			mix += (unsigned char)a->name.ptr[0] * 31u +
			       (unsigned char)a->name.ptr[len / 2] * 5u +
			       (unsigned char)a->name.ptr[len - 1];
		}
		uint64_t bit = UINT64_C(1) << (mix & 63);
		if ((seen & bit) != 0) {
			for (const struct ent_node *b = object->first; b != a; b = b->next) {
				if (ent_str_eq(a->name, b->name)) {
					return a;
				}
			}
		}
		seen |= bit;
	}
	return NULL;
}

/* Merge the sorted runs of `width` in `from` into runs of twice that in `to`. */
static void join_runs(const ent_node_ptr *from, ent_node_ptr *to, size_t count, size_t width)
{
	for (size_t low = 0; low < count; low += 2 * width) {
		size_t middle = low + width < count ? low + width : count;
		size_t high = low + 2 * width < count ? low + 2 * width : count;
		size_t a = low;
		size_t b = middle;
		for (size_t i = low; i < high; i++) {
			bool left = a < middle;
			if (left && b < high) {
				left = ent_str_order(from[a]->name, from[b]->name) <= 0;
			}
			to[i] = left ? from[a++] : from[b++];
		}
	}
}

const ent_node_ptr *ent_json_sorted(const struct ent_node *object, struct ent_arena *arena)
{
	ent_node_ptr *sorted = ENT_NEW(arena, ent_node_ptr, object->count);
	ent_node_ptr *other = ENT_NEW(arena, ent_node_ptr, object->count);
	size_t count = 0;
	for (const struct ent_node *node = object->first; node != NULL; node = node->next) {
		sorted[count++] = node;
	}
	for (size_t width = 1; width < count; width *= 2) {
		join_runs(sorted, other, count, width);
		ent_node_ptr *swap = sorted;
		sorted = other;
		other = swap;
	}
	return sorted;
}

/* Many members: sorted, since nobody can choose names that make a sort slow. */
static const struct ent_node *twice_of_many(const struct ent_node *object,
                                             struct ent_arena *scratch)
{
	const ent_node_ptr *sorted = ent_json_sorted(object, scratch);
	for (size_t i = 1; i < object->count; i++) {
		if (ent_str_eq(sorted[i - 1]->name, sorted[i]->name)) {
			return sorted[i];
		}
	}
	return NULL;
}

const struct ent_node *ent_json_twice(const struct ent_node *object, struct ent_arena scratch)
{
	return object->count <= 64 ? twice_of_few(object) : twice_of_many(object, &scratch);
}

/* ---- pointers ------------------------------------------------------------ */

static void add_char(struct ent_pointer *pointer, char c)
{
	if (pointer->len + 1 < sizeof(pointer->text)) {
		pointer->text[pointer->len++] = c;
		pointer->text[pointer->len] = '\0';
	}
}

struct ent_pointer ent_pointer_of(const char *name)
{
	struct ent_pointer pointer = { .len = 0 };
	if (name[0] != '\0') {
		ent_pointer_add(&pointer, ent_str_of(name));
	}
	return pointer;
}

void ent_pointer_add(struct ent_pointer *pointer, ent_str name)
{
	add_char(pointer, '/');
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (c == '~' || c == '/') {
			add_char(pointer, '~');
			add_char(pointer, c == '~' ? '0' : '1');
		} else {
			add_char(pointer, c);
		}
	}
}

void ent_pointer_add_index(struct ent_pointer *pointer, size_t index)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + index % 10);
		index /= 10;
	} while (index > 0);
	ent_pointer_add(pointer, (ent_str){ digits + at, sizeof(digits) - at });
}

/* Is it one of these, which blanks part, or (is_near) one of them misspelt? */
static bool is_among(ent_str name, const char *words, bool is_near)
{
	ent_str rest = ent_str_of(words);
	while (rest.len > 0) {
		struct ent_cut cut = ent_str_cut(rest, ' ');
		if (ent_str_eq(name, cut.head)) {
			return !is_near;
		}
		if (is_near && cut.head.len > 3 && name.len > 0 && name.ptr[0] == cut.head.ptr[0] &&
		    ent_str_edits(name, cut.head) <= ENT_EDITS_NEAR) {
			return true;
		}
		rest = cut.tail;
	}
	return false;
}

void ent_json_only(const struct ent_node *object, const char *members, const char *others,
                   struct ent_error *error)
{
	for (const struct ent_node *n = object->first; n != NULL; n = n->next) {
		bool is_known = is_among(n->name, members, false) ||
		                (others == NULL ? !is_among(n->name, members, true)
		                                : is_among(n->name, others, false));
		if (!is_known) {
			struct ent_pointer pointer = ent_pointer_of("");
			ent_pointer_add(&pointer, n->name);
			ent_note(error, ENT_E_UNKNOWN_FIELD, pointer.text, (ent_str){ NULL, 0 },
			         members[0] == '\0' ? "remove it" : "it takes %s", members);
		}
	}
}
