/* plan_holding.c - what a planner asks about a contract and its lines. */
#include "core/plan.h"

size_t ent_holding_at(const struct ent_holding *holding, ent_id line)
{
	size_t low = 0;
	size_t high = holding->line_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (holding->lines[middle].id.value < line.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	bool is_it = low < holding->line_count && ent_id_eq(holding->lines[low].id, line);
	return is_it ? low : holding->line_count;
}

struct ent_contract_line *ent_holding_root(const struct ent_holding *holding,
                                           const struct ent_contract_line *line)
{
	size_t at = ent_holding_at(holding, line->root_id);
	assert(at < holding->line_count);
	return &holding->lines[at];
}

/* ---- states ----------------------------------------------------------------------------- */

static enum ent_contract_state header_state(const struct ent_holding *holding, ent_instant at,
                                            struct ent_arena *scratch)
{
	struct ent_contract_life header = ent_contract_life_of(holding->contract, scratch);
	struct ent_contract_life *lives =
		ENT_NEW(scratch, struct ent_contract_life, holding->line_count);
	const struct ent_contract_life **roots =
		ENT_NEW(scratch, const struct ent_contract_life *, holding->line_count);
	size_t count = 0;
	for (size_t i = 0; i < holding->line_count; i++) {
		if (ent_id_is_none(holding->lines[i].parent_id)) {
			lives[count] = ent_contract_line_life_of(&holding->lines[i], scratch);
			roots[count] = &lives[count];
			count++;
		}
	}
	return ent_contract_header_state(&header, roots, count, at);
}

enum ent_contract_state ent_holding_state(const struct ent_holding *holding,
                                          const struct ent_contract_line *line, ent_instant at,
                                          struct ent_arena scratch)
{
	if (line == NULL) {
		return header_state(holding, at, &scratch);
	}
	const struct ent_contract_line *root = ent_holding_root(holding, line);
	struct ent_contract_life lives[] = {
		ent_contract_life_of(holding->contract, &scratch),
		ent_contract_line_life_of(root, &scratch),
		ent_contract_line_life_of(line, &scratch),
	};
	const struct ent_contract_life *nodes[] = { &lives[0], &lives[1], &lives[2] };
	return ent_contract_state_in((struct ent_contract_chain){ nodes, root == line ? 2 : 3 },
	                             at);
}

bool ent_plan_allow(const struct ent_plan *plan, const struct ent_holding *holding,
                    const struct ent_contract_line *line, enum ent_contract_action action,
                    const char *pointer, struct ent_error *error)
{
	enum ent_contract_state state = ent_holding_state(holding, line, plan->now, *plan->arena);
	enum ent_code code = ent_contract_may(state, action);
	if (code != ENT_OK) {
		ent_note(error, code, pointer, (ent_str){ NULL, 0 }, "cannot %s: it is %s",
		         ent_contract_action_text(action), ent_contract_state_names.text[state]);
	}
	return code == ENT_OK;
}
