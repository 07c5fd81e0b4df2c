/* plan_scope.c - which lines an operation is about, and whether its day may be named. */
#include "core/plan_inner.h"

static void note_line(const char *pointer, enum ent_code code, ent_id id, const char *text,
                      struct ent_error *error)
{
	char room[ENT_ID_ROOM];
	ent_str value = { room, ent_id_format(id, ent_contract_line_type.prefix, room) };
	ent_note(error, code, pointer, value, "%s", text);
}

static bool fits(const struct ent_plan *plan, const struct ent_holding *holding, size_t at,
                 enum ent_plan_named named, enum ent_contract_action action, const char *pointer,
                 struct ent_error *error)
{
	const struct ent_contract_line *line = &holding->lines[at];
	if (named == ENT_PLAN_ROOTS && !ent_id_is_none(line->parent_id)) {
		note_line(pointer, ENT_E_NOT_ROOT, line->id, "name the line at the top of its tree",
		          error);
		return false;
	}
	return ent_plan_allow(plan, holding, line, action, pointer, error);
}

void ent_plan_scope(const struct ent_plan *plan, const struct ent_holding *holding,
                    struct ent_ids lines, enum ent_plan_named named,
                    enum ent_contract_action action, struct ent_plan_scope *out,
                    struct ent_error *error)
{
	*out = (struct ent_plan_scope){
		.whole = lines.count == 0,
		.named = ENT_NEW(plan->arena, bool, holding->line_count),
		.places = ENT_NEW(plan->arena, size_t, lines.count),
		.pointers = ENT_NEW(plan->arena, const char *, lines.count),
	};
	if (out->whole) { /* once refused, nothing more is to be said about it */
		out->whole = ent_plan_allow(plan, holding, NULL, action, "", error);
	}
	for (size_t i = 0; i < lines.count; i++) {
		const char *pointer = ent_text_format(plan->arena, "/lines/%zu", i).ptr;
		size_t at = ent_holding_at(holding, lines.items[i]);
		if (at == holding->line_count) {
			note_line(pointer, ENT_E_NO_SUCH_RECORD, lines.items[i],
			          "the contract has no such line", error);
		} else if (!out->named[at] &&
		           fits(plan, holding, at, named, action, pointer, error)) {
			out->named[at] = true;
			out->places[out->count] = at;
			out->pointers[out->count++] = pointer;
		}
	}
}

void ent_plan_check_day(const struct ent_plan *plan, ent_date day, const char *pointer,
                        struct ent_error *error)
{
	char room[11];
	if (!ent_date_is_none(day) && day.day < plan->today.day && !plan->may_backdate) {
		ent_date_format(day, room);
		ent_note(error, ENT_E_RETROACTIVE, pointer, ent_str_of(room),
		         "give today or a later day, or ask somebody with contract.backdate");
	}
}
