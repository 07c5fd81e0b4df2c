/* contract_due.c - what time alone brings to contracts and their lines, told once each.
 *
 * States are computed when they are read and wait for nobody; this writes the events. One row of
 * `due` for a contract and all its lines: seen_at says until when events are written, due_at
 * when the next boundary of any of them is at the earliest. What comes of a contract comes of
 * its lines, too, so a cascade is told for each of them.
 */
#include "app/agenda.h"
#include "app/contract.h"
#include "base/text.h"

struct crossing {
	struct ent_contract_boundary boundary;
	const struct ent_type *type;
	ent_id id;
};

struct pass {
	struct ent_call *call;
	const struct ent_contract_tree *tree;
	struct crossing *items;
	size_t count, room;
	ent_instant next;
};

static void add(struct pass *pass, const struct crossing *crossing)
{
	if (pass->count == pass->room) {
		size_t room = pass->room == 0 ? 64 : 2 * pass->room;
		struct crossing *items = ENT_NEW(pass->call->arena, struct crossing, room);
		for (size_t i = 0; i < pass->count; i++) {
			items[i] = pass->items[i];
		}
		pass->items = items;
		pass->room = room;
	}
	pass->items[pass->count++] = *crossing;
}

/* The boundaries of one node in (seen_at, now], and when the next one is. */
static void look(struct pass *pass, const struct ent_contract_line *root,
                 const struct ent_contract_line *line)
{
	const struct ent_contract *contract = &pass->tree->contract;
	struct ent_call then = *pass->call;
	struct crossing crossing = { .type = line != NULL ? &ent_contract_line_type
		                                          : &ent_contract_type,
		                     .id = line != NULL ? line->id : contract->id };
	then.now = contract->seen_at;
	while (ent_contract_next_boundary(&then, contract, root, line, &crossing.boundary)) {
		if (crossing.boundary.at.us > pass->call->now.us) {
			bool sooner = crossing.boundary.at.us < pass->next.us;
			pass->next = sooner ? crossing.boundary.at : pass->next;
			return;
		}
		add(pass, &crossing);
		then.now = crossing.boundary.at;
	}
}

static int compare(const struct crossing *a, const struct crossing *b)
{
	if (a->boundary.at.us != b->boundary.at.us) {
		return a->boundary.at.us < b->boundary.at.us ? -1 : 1;
	}
	bool a_line = a->type == &ent_contract_line_type;
	bool b_line = b->type == &ent_contract_line_type;
	return a_line != b_line ? a_line - b_line : 0;
}

/* In order of time; the contract before its lines, those in their order. Stable. */
static void sort(struct crossing *items, struct crossing *room, size_t count)
{
	if (count < 2) {
		return;
	}
	size_t half = count / 2;
	size_t i = 0, k = half, n = 0;
	sort(items, room, half);
	sort(items + half, room, count - half);
	while (i < half || k < count) {
		bool left = k == count || (i < half && compare(&items[i], &items[k]) <= 0);
		room[n++] = left ? items[i++] : items[k++];
	}
	for (n = 0; n < count; n++) {
		items[n] = room[n];
	}
}

static ent_str state_text(struct ent_arena *arena, enum ent_contract_state state, ent_instant at)
{
	char text[ENT_INSTANT_ROOM];
	ent_instant_format(at, text);
	return ent_text_format(arena, "{\"state\":\"%s\",\"at\":\"%s\"}",
	                       ent_contract_state_names.text[state], text);
}

static enum ent_code tell(struct pass *pass, struct ent_error *error)
{
	struct ent_call *call = pass->call;
	enum ent_code code = ENT_OK;
	sort(pass->items, ENT_NEW(call->arena, struct crossing, pass->count), pass->count);
	for (size_t i = 0; i < pass->count && code == ENT_OK; i++) {
		const struct crossing *c = &pass->items[i];
		ent_str before = ent_text_format(call->arena, "{\"state\":\"%s\"}",
		                                 ent_contract_state_names.text[c->boundary.from]);
		code = ent_event_append(call, pass->tree->contract.account_id, c->type, c->id,
		                        ent_contract_verb(&c->boundary), before,
		                        state_text(call->arena, c->boundary.to, c->boundary.at),
		                        error);
	}
	return code;
}

/* Operations that were only scheduled take effect. */
static enum ent_code apply_operations(struct ent_call *call, const struct ent_contract *contract,
                                      struct ent_error *error)
{
	struct ent_list list;
	enum ent_code code = ent_row_select(
		call->db, &ent_contract_operation_type,
		ENT_STR("WHERE t.account_id = $1 AND t.contract_id = $2 AND t.state = 'scheduled' "
	                "AND t.effective_at <= $3 ORDER BY t.id"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id),
	                 ent_arg_instant(call->now)),
		call->arena, &list, error);
	struct ent_contract_operation *items = list.items;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		struct ent_contract_operation *before =
			ent_record_copy(call->arena, &ent_contract_operation_type, &items[i]);
		items[i].state = ENT_OPERATION_APPLIED;
		items[i].applied_at = items[i].effective_at;
		code = ent_record_save(call, &ent_contract_operation_type, before, &items[i],
		                       "applied", error);
	}
	return code;
}

/* When the next one does. */
static enum ent_code next_operation(struct pass *pass, const struct ent_contract *contract,
                                    struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		pass->call->db,
		ENT_STR("SELECT MIN(effective_at) FROM contract_operation WHERE account_id = $1 "
	                "AND contract_id = $2 AND state = 'scheduled'"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id)),
		pass->call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0 && rows.first->cell[0].kind == ENT_K_INT &&
	    rows.first->cell[0].number < pass->next.us) {
		pass->next.us = rows.first->cell[0].number;
	}
	return code;
}

static enum ent_code run(struct ent_call *call, struct ent_contract_tree *tree, ent_instant was,
                         struct ent_error *error)
{
	struct ent_contract *contract = &tree->contract;
	struct pass pass = { .call = call, .tree = tree, .next = ENT_INSTANT_END };
	look(&pass, NULL, NULL);
	for (size_t i = 0; i < tree->count; i++) {
		const struct ent_contract_line *line = &tree->lines[i];
		look(&pass, ent_contract_tree_line(tree, line->root_id), line);
	}
	enum ent_code code = tell(&pass, error);
	if (code == ENT_OK) {
		code = apply_operations(call, contract, error);
	}
	if (code == ENT_OK) {
		code = next_operation(&pass, contract, error);
	}
	bool never = pass.next.us == INT64_MAX;
	contract->due_at = never ? ENT_INSTANT_NONE : pass.next;
	contract->seen_at = call->now;
	ent_contract_changed(call, &ent_contract_type, contract);
	ent_agenda_set(call, ENT_AGENDA_CONTRACT, contract->account_id, contract->id, was,
	               contract->due_at);
	return code == ENT_OK
	               ? ent_db_exec(call->db,
	                             ENT_STR("UPDATE contract SET due_at = $1, seen_at = $2 "
	                                     "WHERE account_id = $3 AND id = $4"),
	                             ENT_ARGS(never ? ent_value_null() : ent_arg_int(pass.next.us),
	                                      ent_arg_int(call->now.us),
	                                      ent_arg_id(contract->account_id),
	                                      ent_arg_id(contract->id)),
	                             ENT_ANY_ROWS, call->arena, error)
	               : code;
}

enum ent_code ent_contract_handle(struct ent_call *call, const struct ent_agenda_item *items,
                                  size_t count, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		struct ent_contract_tree tree;
		struct ent_error missing;
		ent_error_clear(&missing);
		code = ent_contract_tree_load(call, items[i].id, false, &tree, &missing);
		if (code == ENT_E_NOT_FOUND) {
			code = ENT_OK; /* deleted */
			continue;
		}
		if (code != ENT_OK) {
			*error = missing;
		} else if (tree.contract.stage != ENT_STAGE_DRAFT) {
			code = run(call, &tree, items[i].at, error);
		}
	}
	return code;
}
