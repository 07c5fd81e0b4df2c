#include "core/coverage_place.h"

enum { DEEPEST = 32 }; /* of lines: what is deeper goes in circles */

/* ---- nodes ---- */

static const struct ent_contract *contract_of(const struct ent_coverage_around *a, ent_id id)
{
	for (size_t i = 0; i < a->contract_count; i++) {
		if (ent_id_eq(a->contracts[i].id, id)) {
			return &a->contracts[i];
		}
	}
	return NULL;
}

static const struct ent_contract_line *line_of(const struct ent_coverage_around *a, ent_id id)
{
	size_t low = 0;
	size_t high = a->line_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (a->lines[middle].id.value < id.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < a->line_count && ent_id_eq(a->lines[low].id, id) ? &a->lines[low] : NULL;
}

/* ---- coverage rows ---- */

ent_id ent_coverage_row_owner(const struct ent_contract_coverage *row)
{
	if (!ent_id_is_none(row->entitlement_id)) {
		return row->entitlement_id;
	}
	return ent_id_is_none(row->contract_line_id) ? row->contract_id : row->contract_line_id;
}

void ent_coverage_around_rows(struct ent_coverage_around *around)
{
	const struct ent_contract_coverage *rows = around->rows;
	around->covers = ENT_NEW(around->arena, struct ent_cover, around->row_count);
	for (size_t i = 0; i < around->row_count; i++) {
		around->covers[i] = (struct ent_cover){ rows[i].asset_id, rows[i].product_id,
			                                rows[i].starts_at, rows[i].ends_at };
	}
}

/* The rows of this owner. */
static struct ent_covers covers_of(const struct ent_coverage_around *a, ent_id owner, bool are_own)
{
	const struct ent_contract_coverage *rows = a->rows;
	size_t low = 0;
	size_t high = a->row_count;
	size_t count = 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ent_coverage_row_owner(&rows[middle]).value < owner.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	while (low + count < a->row_count &&
	       ent_id_eq(ent_coverage_row_owner(&rows[low + count]), owner)) {
		count++;
	}
	return (struct ent_covers){ count == 0 ? NULL : a->covers + low, count, are_own };
}

/* Its own, or those of the nearest node above it that has some. */
static struct ent_covers nearest(const struct ent_coverage_around *a,
                                 const struct ent_entitlement *e)
{
	struct ent_covers covers = covers_of(a, e->id, true);
	ent_id id = e->contract_line_id;
	for (int depth = 0; covers.count == 0 && !ent_id_is_none(id); depth++) {
		const struct ent_contract_line *line = line_of(a, id);
		covers = covers_of(a, id, false);
		id = line == NULL || depth > DEEPEST ? ENT_ID_NONE : line->parent_id;
	}
	if (covers.count == 0 && !ent_id_is_none(e->contract_id)) {
		covers = covers_of(a, e->contract_id, false);
	}
	return covers;
}

/* ---- entitlements ---- */

static struct ent_contract_force force_of(const struct ent_coverage_around *a,
                                          const struct ent_contract *contract,
                                          const struct ent_contract_line *line)
{
	const struct ent_contract_line *root = line == NULL ? NULL : line_of(a, line->root_id);
	struct ent_contract_nodes nodes;
	return ent_contract_force_of(ent_contract_chain_of(&nodes, contract, root, line, a->arena),
	                             a->arena);
}

/* An operation that ends a line and goes on with another moves what is under it: until then the
 * first one is in force for it. One that only sells more ends nothing. */
static struct ent_contract_force with_before(const struct ent_coverage_around *a,
                                             const struct ent_contract *contract,
                                             const struct ent_contract_line *line)
{
	struct ent_contract_force force = force_of(a, contract, line);
	while (line != NULL && !ent_id_is_none(line->split_from_id)) {
		const struct ent_contract_line *before = line_of(a, line->split_from_id);
		if (before == NULL || before->ends_at.us != line->starts_at.us) {
			break;
		}
		struct ent_contract_force first = force_of(a, contract, before);
		if (first.until.us != force.from.us) {
			break;
		}
		size_t count = first.gaps.count + force.gaps.count;
		struct ent_span *gaps = ENT_NEW(a->arena, struct ent_span, count);
		for (size_t i = 0; i < count; i++) {
			gaps[i] = i < first.gaps.count ? first.gaps.items[i]
			                               : force.gaps.items[i - first.gaps.count];
		}
		force.from = first.from;
		force.gaps = (struct ent_spans){ gaps, count };
		line = before;
	}
	return force;
}

void ent_coverage_place(const struct ent_coverage_around *a, struct ent_coverage_item *item)
{
	const struct ent_entitlement *e = &item->entitlement;
	item->covers = nearest(a, e);
	const struct ent_contract *contract = contract_of(a, e->contract_id);
	if (contract == NULL) {
		return;
	}
	const struct ent_contract_line *line = line_of(a, e->contract_line_id);
	struct ent_contract_force force = with_before(a, contract, line);
	item->contract = (struct ent_coverage_contract){
		.contract_id = e->contract_id,
		.line_id = e->contract_line_id,
		.from = force.from,
		.until = force.until,
		.gaps = force.gaps,
	};
}
