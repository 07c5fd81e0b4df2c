#include "core/plan_group.h"

#include "base/hash.h"

#include <string.h>

/* Nodes in the order of what they are below, their likeness and their place, so that those below
 * one node stand together. */
struct grouping {
	const struct ent_group_node *nodes;
	size_t count;
	uint64_t *hash; /* of each node and all below it */
	size_t *order;
	size_t *begin, *end; /* in `order`: those below each node */
	size_t *first;
};

/* ---- likeness of one line ---- */

static uint64_t of_number(uint64_t hash, int64_t number)
{
	ent_str bytes = { (const char *)&number, sizeof(number) };
	return ent_hash(bytes, hash);
}

static uint64_t of_text(uint64_t hash, ent_str text)
{
	return text.len == 0 ? of_number(hash, 0) : ent_hash(text, hash);
}

static ent_decimal each(const struct ent_contract_line *line)
{
	return line->per_parent ? line->quantity : ENT_DECIMAL_NONE;
}

static ent_str told_by(const struct ent_contract_line *line)
{
	return ent_id_is_none(line->product_id) ? line->name : (ent_str){ NULL, 0 };
}

static uint64_t hash_line(const struct ent_group_node *node)
{
	const struct ent_contract_line *line = node->line;
	const struct ent_contract_characteristic *rows = line->characteristics.items;
	uint64_t sum = 0;
	for (size_t i = 0; i < line->characteristics.count; i++) {
		sum += of_text(of_text(7, rows[i].name), rows[i].value);
	}
	uint64_t hash = of_number(sum, line->product_id.value);
	hash = of_text(hash, told_by(line));
	hash = of_number(hash, line->asset_id.value);
	hash = of_text(hash, line->location);
	hash = of_text(hash, line->unit_of_measure);
	hash = of_number(hash, (int64_t)line->pricing_method * 100 + (int64_t)line->period);
	hash = of_number(hash, line->period_months.n);
	hash = of_number(hash, each(line).micro);
	return of_number(hash, node->last.day);
}

static bool same_characteristics(struct ent_children a, struct ent_children b)
{
	const struct ent_contract_characteristic *x = a.items;
	const struct ent_contract_characteristic *y = b.items;
	bool same = a.count == b.count;
	for (size_t i = 0; same && i < a.count; i++) {
		size_t k = 0;
		while (k < b.count &&
		       !(ent_str_eq(x[i].name, y[k].name) && ent_str_eq(x[i].value, y[k].value))) {
			k++;
		}
		same = k < b.count;
	}
	return same;
}

static bool is_derived(const struct ent_contract_line *line)
{
	return line->derived_percent.micro != ENT_DECIMAL_NONE.micro;
}

static bool same_line(const struct ent_group_node *x, const struct ent_group_node *y)
{
	const struct ent_contract_line *a = x->line;
	const struct ent_contract_line *b = y->line;
	return !is_derived(a) && !is_derived(b) && ent_id_eq(a->product_id, b->product_id) &&
	       ent_str_eq(told_by(a), told_by(b)) && ent_id_eq(a->asset_id, b->asset_id) &&
	       ent_str_eq(a->location, b->location) &&
	       ent_str_eq(a->unit_of_measure, b->unit_of_measure) &&
	       a->pricing_method == b->pricing_method && a->period == b->period &&
	       a->period_months.n == b->period_months.n && each(a).micro == each(b).micro &&
	       x->last.day == y->last.day &&
	       same_characteristics(a->characteristics, b->characteristics);
}

/* ---- order ---- */

static bool comes_before(const struct grouping *g, size_t a, size_t b)
{
	if (g->nodes[a].above != g->nodes[b].above) {
		return g->nodes[a].above < g->nodes[b].above;
	}
	return g->hash[a] != g->hash[b] ? g->hash[a] < g->hash[b] : a < b;
}

static void sort(const struct grouping *g, size_t *items, size_t *room, size_t count)
{
	if (count < 2) {
		return;
	}
	size_t half = count / 2;
	size_t i = 0, k = half, n = 0;
	sort(g, items, room, half);
	sort(g, items + half, room, count - half);
	while (i < half || k < count) {
		bool left = k == count || (i < half && !comes_before(g, items[k], items[i]));
		room[n++] = left ? items[i++] : items[k++];
	}
	memcpy(items, room, count * sizeof(*items));
}

static void put_in_order(struct grouping *g, struct ent_arena scratch)
{
	for (size_t i = 0; i < g->count; i++) {
		g->order[i] = i;
		g->hash[i] = hash_line(&g->nodes[i]);
	}
	for (size_t i = g->count; i-- > 0;) {
		size_t above = g->nodes[i].above;
		if (above != SIZE_MAX) {
			g->hash[above] += of_number(11, (int64_t)g->hash[i]);
		}
	}
	sort(g, g->order, ENT_NEW(&scratch, size_t, g->count), g->count);
	for (size_t i = 0; i < g->count; i++) {
		size_t above = g->nodes[g->order[i]].above;
		bool begins = i == 0 || g->nodes[g->order[i - 1]].above != above;
		if (above != SIZE_MAX) {
			g->begin[above] = begins ? i : g->begin[above];
			g->end[above] = i + 1;
		}
	}
}

/* ---- trees ---- */

static bool same_tree(const struct grouping *g, size_t a, size_t b)
{
	size_t count = g->end[a] - g->begin[a];
	bool same = count == g->end[b] - g->begin[b] && same_line(&g->nodes[a], &g->nodes[b]);
	for (size_t i = 0; same && i < count; i++) {
		same = same_tree(g, g->order[g->begin[a] + i], g->order[g->begin[b] + i]);
	}
	return same;
}

static void join(struct grouping *g, size_t first, size_t other)
{
	g->first[other] = first;
	for (size_t i = 0; i < g->end[first] - g->begin[first]; i++) {
		join(g, g->order[g->begin[first] + i], g->order[g->begin[other] + i]);
	}
}

/* Those at the top stand together at the end, and those alike next to each other. */
static void join_all(struct grouping *g)
{
	size_t run = 0; /* where those with the same hash begin */
	for (size_t i = 0; i < g->count; i++) {
		size_t node = g->order[i];
		if (g->nodes[node].above != SIZE_MAX) {
			run = i + 1;
			continue;
		}
		run = g->hash[g->order[run]] == g->hash[node] ? run : i;
		bool found = !g->nodes[node].joins;
		for (size_t k = run; k < i && !found; k++) {
			size_t first = g->order[k];
			found = g->nodes[first].joins && g->first[first] == first &&
			        same_tree(g, first, node);
			if (found) {
				join(g, first, node);
			}
		}
	}
}

size_t *ent_plan_group(const struct ent_group_node *nodes, size_t count, struct ent_arena *arena)
{
	size_t *first = ENT_NEW(arena, size_t, count);
	struct ent_arena scratch = *arena;
	struct grouping g = {
		.nodes = nodes,
		.count = count,
		.hash = ENT_NEW(&scratch, uint64_t, count),
		.order = ENT_NEW(&scratch, size_t, count),
		.begin = ENT_NEW(&scratch, size_t, count),
		.end = ENT_NEW(&scratch, size_t, count),
		.first = first,
	};
	for (size_t i = 0; i < count; i++) {
		first[i] = i;
	}
	put_in_order(&g, scratch);
	join_all(&g);
	return first;
}
