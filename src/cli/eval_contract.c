#include "cli/eval_contract.h"

#include "store/zoneinfo.h"

#include <stdlib.h>

struct reading {
	struct ent_arena *arena;
	struct ent_error *error;
	struct ent_contract *contracts;
	const struct ent_zone **zones; /* of the contracts */
	struct ent_contract_line *lines;
	struct ent_contract_coverage *rows;
	size_t contract_count, line_count, row_count;
};

static size_t count_of(const struct ent_node *list)
{
	return list == NULL ? 0 : list->count;
}

static void read_object(const struct reading *r, const struct ent_type *type, const char *name,
                        size_t at, const struct ent_node *node, void *out, struct ent_set *given)
{
	ent_str pointer = ent_text_format(r->arena, "/%s/%zu", name, at);
	ent_type_clear(type, out);
	ent_json_read_into(type, node, ENT_JSON_ANY, pointer.ptr, r->arena, out, given, r->error);
}

/* ---- contracts and lines ---- */

/* As with entitlements: draft and cancelled are taken from state, the others follow from days. */
static void settle_stage(struct ent_contract *contract, const struct ent_set *given)
{
	const struct ent_type *type = &ent_contract_type;
	bool has_state = ent_set_has(given, ent_type_at(type, ENT_FIELD_OF(contract, state)));
	if (ent_set_has(given, ent_type_at(type, ENT_FIELD_OF(contract, stage)))) {
		return;
	}
	contract->stage = !has_state                                  ? ENT_STAGE_LIVE
	                  : contract->state == ENT_CONTRACT_DRAFT     ? ENT_STAGE_DRAFT
	                  : contract->state == ENT_CONTRACT_CANCELLED ? ENT_STAGE_CANCELLED
	                                                              : ENT_STAGE_LIVE;
}

static void read_contracts(struct reading *r, const struct ent_node *list)
{
	r->contracts = ENT_NEW(r->arena, struct ent_contract, count_of(list));
	r->zones = ENT_NEW(r->arena, const struct ent_zone *, count_of(list));
	for (const struct ent_node *n = list == NULL ? NULL : list->first; n != NULL; n = n->next) {
		size_t at = r->contract_count++;
		struct ent_contract *contract = &r->contracts[at];
		struct ent_set given;
		struct ent_error ignored;
		read_object(r, &ent_contract_type, "contracts", at, n, contract, &given);
		r->zones[at] = &ent_zone_utc;
		if (contract->time_zone.len > 0 &&
		    ent_zoneinfo_find(contract->time_zone, &r->zones[at], &ignored) != ENT_OK) {
			ent_note(r->error, ENT_E_UNKNOWN_VALUE,
			         ent_text_format(r->arena, "/contracts/%zu/time_zone", at).ptr,
			         contract->time_zone, "give an IANA zone such as Europe/Berlin");
		}
		settle_stage(contract, &given);
		ent_contract_dates(contract, r->zones[at]);
	}
}

static const struct ent_zone *zone_of(const struct reading *r, ent_id contract)
{
	for (size_t i = 0; i < r->contract_count; i++) {
		if (ent_id_eq(r->contracts[i].id, contract)) {
			return r->zones[i];
		}
	}
	return &ent_zone_utc;
}

static struct ent_contract_line *line_of(const struct reading *r, ent_id id)
{
	for (size_t i = 0; i < r->line_count && !ent_id_is_none(id); i++) {
		if (ent_id_eq(r->lines[i].id, id)) {
			return &r->lines[i];
		}
	}
	return NULL;
}

static int by_id(const void *a, const void *b)
{
	const struct ent_contract_line *x = a;
	const struct ent_contract_line *y = b;
	return (x->id.value > y->id.value) - (x->id.value < y->id.value);
}

static void read_lines(struct reading *r, const struct ent_node *list)
{
	r->lines = ENT_NEW(r->arena, struct ent_contract_line, count_of(list));
	for (const struct ent_node *n = list == NULL ? NULL : list->first; n != NULL; n = n->next) {
		struct ent_contract_line *line = &r->lines[r->line_count];
		struct ent_set given;
		read_object(r, &ent_contract_line_type, "contract_lines", r->line_count++, n, line,
		            &given);
		ent_contract_line_dates(line, zone_of(r, line->contract_id));
	}
	for (size_t i = 0; i < r->line_count; i++) {
		const struct ent_contract_line *top = &r->lines[i];
		const struct ent_contract_line *up = line_of(r, top->parent_id);
		for (size_t depth = 0; up != NULL && depth < r->line_count; depth++) {
			top = up;
			up = line_of(r, top->parent_id);
		}
		r->lines[i].root_id = top->id;
	}
	qsort(r->lines, r->line_count, sizeof(r->lines[0]), by_id);
}

/* ---- coverage rows ---- */

static int by_owner(const void *a, const void *b)
{
	int64_t x = ent_coverage_row_owner(a).value;
	int64_t y = ent_coverage_row_owner(b).value;
	return (x > y) - (x < y);
}

/* The zone of its days is that of its contract, its line's, or its entitlement. */
static const struct ent_zone *zone_of_row(const struct reading *r,
                                          const struct ent_contract_coverage *row,
                                          const struct ent_coverage_item *items, size_t count)
{
	const struct ent_contract_line *line = line_of(r, row->contract_line_id);
	for (size_t i = 0; i < count && !ent_id_is_none(row->entitlement_id); i++) {
		if (ent_id_eq(items[i].entitlement.id, row->entitlement_id)) {
			return items[i].zone;
		}
	}
	return zone_of(r, line != NULL ? line->contract_id : row->contract_id);
}

static void read_rows(struct reading *r, const struct ent_node *list,
                      const struct ent_coverage_item *items, size_t count)
{
	r->rows = ENT_NEW(r->arena, struct ent_contract_coverage, count_of(list));
	for (const struct ent_node *n = list == NULL ? NULL : list->first; n != NULL; n = n->next) {
		struct ent_contract_coverage *row = &r->rows[r->row_count];
		struct ent_set given;
		read_object(r, &ent_contract_coverage_type, "contract_coverages", r->row_count++, n,
		            row, &given);
		ent_contract_coverage_dates(row, zone_of_row(r, row, items, count));
	}
	qsort(r->rows, r->row_count, sizeof(r->rows[0]), by_owner);
}

void ent_eval_place(const struct ent_eval_contracts *given, struct ent_coverage_item *items,
                    size_t count, struct ent_arena *arena, struct ent_error *error)
{
	struct reading r = { .arena = arena, .error = error };
	read_contracts(&r, given->contracts);
	read_lines(&r, given->lines);
	read_rows(&r, given->coverages, items, count);
	struct ent_coverage_around around = {
		.contracts = r.contracts,
		.contract_count = r.contract_count,
		.lines = r.lines,
		.line_count = r.line_count,
		.rows = r.rows,
		.row_count = r.row_count,
		.arena = arena,
	};
	ent_coverage_around_rows(&around);
	for (size_t i = 0; i < count; i++) {
		struct ent_entitlement *e = &items[i].entitlement;
		const struct ent_contract_line *line = line_of(&r, e->contract_line_id);
		if (ent_id_is_none(e->contract_id) && line != NULL) {
			e->contract_id = line->contract_id;
		}
		ent_coverage_place(&around, &items[i]);
	}
}
