/* JSON merge patch, RFC 7396. */
#include "json/inner.h"

/* The member of this name among `count` sorted ones, or NULL. */
static const struct ent_node *find(const ent_node_ptr *sorted, size_t count, ent_str name)
{
	size_t low = 0;
	size_t high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ent_str_order(sorted[middle]->name, name) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < count && ent_str_eq(sorted[low]->name, name) ? sorted[low] : NULL;
}

/* Put `value` behind the last member, under `name`. */
static void append(struct ent_node *object, struct ent_node **last, const struct ent_node *value,
                   ent_str name, struct ent_arena *arena)
{
	struct ent_node *copy = ENT_NEW(arena, struct ent_node, 1);
	*copy = *value;
	copy->name = name;
	copy->next = NULL;
	if (*last == NULL) {
		object->first = copy;
	} else {
		(*last)->next = copy;
	}
	*last = copy;
	object->count++;
}

const struct ent_node *ent_json_merge(const struct ent_node *target, const struct ent_node *patch,
                                      struct ent_arena *arena)
{
	static const struct ent_node nothing = { .kind = ENT_JSON_OBJECT };
	if (patch->kind != ENT_JSON_OBJECT) {
		return patch;
	}
	if (target == NULL || target->kind != ENT_JSON_OBJECT) {
		target = &nothing;
	}
	struct ent_node *out = ENT_NEW(arena, struct ent_node, 1);
	struct ent_node *last = NULL;
	const ent_node_ptr *patches = ent_json_sorted(patch, arena);
	const ent_node_ptr *present = ent_json_sorted(target, arena);
	out->kind = ENT_JSON_OBJECT;
	for (const struct ent_node *t = target->first; t != NULL; t = t->next) {
		const struct ent_node *p = find(patches, patch->count, t->name);
		if (p == NULL) {
			append(out, &last, t, t->name, arena);
		} else if (p->kind != ENT_JSON_NULL) {
			append(out, &last, ent_json_merge(t, p, arena), t->name, arena);
		}
	}
	for (const struct ent_node *p = patch->first; p != NULL; p = p->next) {
		if (p->kind != ENT_JSON_NULL && find(present, target->count, p->name) == NULL) {
			append(out, &last, ent_json_merge(NULL, p, arena), p->name, arena);
		}
	}
	return out;
}
