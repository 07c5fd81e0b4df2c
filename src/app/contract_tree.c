/* contract_tree.c - a contract with its lines, and what follows from their facts. */
#include "app/agenda.h"
#include "app/contract.h"
#include "app/reminder.h"
#include "app/renewal.h"
#include "app/entitlement_act.h"
#include "base/text.h"

/* ---- loading ---- */

struct ent_contract_line *ent_contract_tree_line(const struct ent_contract_tree *tree, ent_id id)
{
	size_t low = 0;
	size_t high = tree->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (tree->lines[middle].id.value < id.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < tree->count && ent_id_eq(tree->lines[low].id, id) ? &tree->lines[low] : NULL;
}

/* Rows come ordered by line: hand each line its own. */
static void hand_out(const struct ent_contract_tree *tree, const struct ent_field *field,
                     const struct ent_list *rows)
{
	const struct ent_type *child = field->child;
	const struct ent_field *parent = ent_type_field(child, ENT_STR("contract_line_id"));
	char *items = rows->items;
	for (size_t i = 0; i < rows->count;) {
		char *first = items + i * child->size;
		ent_id id = *(const ent_id *)ent_field_at(parent, first);
		size_t n = 1;
		while (i + n < rows->count &&
		       ent_id_eq(id,
		                 *(const ent_id *)ent_field_at(parent, first + n * child->size))) {
			n++;
		}
		struct ent_contract_line *line = ent_contract_tree_line(tree, id);
		if (line != NULL) {
			*(struct ent_children *)ent_field_at(field, line) =
				(struct ent_children){ first, n };
		}
		i += n;
	}
}

static enum ent_code load_rows(struct ent_call *call, const struct ent_contract_tree *tree,
                               bool all, struct ent_error *error)
{
	const struct ent_type *type = &ent_contract_line_type;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < type->count && code == ENT_OK; i++) {
		const struct ent_field *field = &type->fields[i];
		bool wanted = field->kind == ENT_K_CHILDREN &&
		              (all || field->child == &ent_line_suspension_type);
		if (!wanted) {
			continue;
		}
		struct ent_list rows;
		code = ent_row_select(
			call->db, field->child,
			ENT_STR("WHERE t.account_id = $1 AND t.contract_line_id IN "
		                "(SELECT l.id FROM contract_line l WHERE l.account_id = $1 "
		                "AND l.contract_id = $2) ORDER BY t.contract_line_id, t.id"),
			ENT_ARGS(ent_arg_id(tree->contract.account_id),
		                 ent_arg_id(tree->contract.id)),
			call->arena, &rows, error);
		if (code == ENT_OK) {
			hand_out(tree, field, &rows);
		}
	}
	return code;
}

enum ent_code ent_contract_tree_load(struct ent_call *call, ent_id contract, bool rows,
                                     struct ent_contract_tree *out, struct ent_error *error)
{
	struct ent_list lines = { NULL, 0 };
	enum ent_code code =
		ent_record_load(call, &ent_contract_type, contract, &out->contract, error);
	if (code == ENT_OK) {
		code = ent_row_select(
			call->db, &ent_contract_line_type,
			ENT_STR("WHERE t.account_id = $1 AND t.contract_id = $2 ORDER BY t.id"),
			ENT_ARGS(ent_arg_id(out->contract.account_id), ent_arg_id(contract)),
			call->arena, &lines, error);
	}
	out->lines = lines.items;
	out->count = lines.count;
	bool suspended = (out->contract.extra_rows & ENT_CONTRACT_LINE_SUSPENSIONS) != 0;
	if (code == ENT_OK && lines.count > 0 && (rows || suspended)) {
		code = load_rows(call, out, rows, error);
	}
	return code;
}

/* ---- days ---- */

enum ent_code ent_contract_zone(struct ent_call *call, const struct ent_contract *contract,
                                const struct ent_zone **out, struct ent_error *error)
{
	return ent_call_zone(call, contract->time_zone, contract->account_id, out, error);
}

/* ---- states ---- */

enum ent_contract_state ent_contract_own_state(const struct ent_call *call,
                                               const struct ent_contract *contract)
{
	return ent_contract_line_state(call, contract, NULL, NULL);
}

enum ent_contract_state ent_contract_line_state(const struct ent_call *call,
                                                const struct ent_contract *contract,
                                                const struct ent_contract_line *root,
                                                const struct ent_contract_line *line)
{
	struct ent_arena scratch = *call->arena;
	struct ent_contract_nodes nodes;
	return ent_contract_state_in(
		ent_contract_chain_of(&nodes, contract, root, line, &scratch), call->now);
}

enum ent_code ent_contract_allow(enum ent_contract_state state, enum ent_contract_action action,
                                 struct ent_error *error)
{
	enum ent_code code = ent_contract_may(state, action);
	return code == ENT_OK ? ENT_OK
	                      : ent_fail(error, code, "cannot %s: it is %s",
	                                 ent_contract_action_text(action),
	                                 ent_contract_state_names.text[state]);
}

/* ---- what time brings ---- */

ent_instant ent_contract_next_own(const struct ent_call *call, const struct ent_contract *contract)
{
	return ent_contract_next_line(call, contract, NULL, NULL);
}

ent_instant ent_contract_next_line(const struct ent_call *call, const struct ent_contract *contract,
                                   const struct ent_contract_line *root,
                                   const struct ent_contract_line *line)
{
	struct ent_contract_boundary boundary;
	return ent_contract_next_boundary(call, contract, root, line, &boundary) ? boundary.at
	                                                                         : ENT_INSTANT_END;
}

bool ent_contract_next_boundary(const struct ent_call *call, const struct ent_contract *contract,
                                const struct ent_contract_line *root,
                                const struct ent_contract_line *line,
                                struct ent_contract_boundary *out)
{
	struct ent_arena scratch = *call->arena;
	struct ent_contract_nodes nodes;
	return ent_contract_next(ent_contract_chain_of(&nodes, contract, root, line, &scratch),
	                         call->now, out);
}

enum ent_code ent_contract_expect(struct ent_call *call, struct ent_contract *contract,
                                  ent_instant at, struct ent_error *error)
{
	bool sooner = !ent_instant_is_none(at) && at.us != INT64_MAX &&
	              (ent_instant_is_none(contract->due_at) || at.us < contract->due_at.us);
	enum ent_code code = ent_renewal_expect(call, contract, error);
	if (code == ENT_OK) {
		code = ent_reminder_expect(call, contract, error);
	}
	if (code != ENT_OK || !sooner) {
		return code;
	}
	ent_agenda_set(call, ENT_AGENDA_CONTRACT, contract->account_id, contract->id,
	               contract->due_at, at);
	contract->due_at = at;
	return ent_db_exec(call->db,
	                   ENT_STR("UPDATE contract SET due_at = $1 WHERE account_id = $2 "
	                           "AND id = $3"),
	                   ENT_ARGS(ent_arg_int(at.us), ent_arg_id(contract->account_id),
	                            ent_arg_id(contract->id)),
	                   ENT_ANY_ROWS, call->arena, error);
}

/* ---- coming into force ---- */

enum ent_code ent_contract_begin_entitlements(struct ent_call *call,
                                              const struct ent_contract *contract,
                                              struct ent_error *error)
{
	struct ent_list drafts;
	enum ent_code code = ent_row_select(
		call->db, &ent_entitlement_type,
		ENT_STR("WHERE t.account_id = $1 AND t.contract_id = $2 AND t.stage = 'draft' "
	                "ORDER BY t.id"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id)), call->arena,
		&drafts, error);
	if (code == ENT_OK && drafts.count > 0) {
		code = ent_record_children(call, &ent_entitlement_type, &drafts, error);
	}
	struct ent_entitlement *items = drafts.items;
	for (size_t i = 0; code == ENT_OK && i < drafts.count; i++) {
		code = ent_act_begin(call, &items[i], error);
	}
	return code;
}

enum ent_code ent_contract_begin(struct ent_call *call, struct ent_contract *contract,
                                 struct ent_error *error)
{
	contract->stage = ENT_STAGE_LIVE;
	contract->keep_draft = false;
	contract->activated_at = call->now;
	contract->seen_at = call->now;
	return ent_contract_expect(call, contract, ent_contract_next_own(call, contract), error);
}

const char *ent_contract_begun(const struct ent_call *call, const struct ent_contract *contract)
{
	enum ent_contract_state state = ent_contract_own_state(call, contract);
	if (ent_contract_is_terminal(state)) {
		return "expired";
	}
	return state == ENT_CONTRACT_DRAFT ? "scheduled" : "activated";
}

ent_str ent_contract_line_number(struct ent_call *call, const struct ent_contract *contract,
                                 int64_t n)
{
	return ent_text_format(call->arena, "%.*s-%lld", (int)contract->number.len,
	                       contract->number.ptr, (long long)n);
}

enum ent_code ent_contract_count_lines(struct ent_call *call, const struct ent_contract *contract,
                                       struct ent_error *error)
{
	return ent_db_exec(call->db,
	                   ENT_STR("UPDATE contract SET line_count = $1 WHERE account_id = $2 "
	                           "AND id = $3"),
	                   ENT_ARGS(ent_arg_int(contract->line_count),
	                            ent_arg_id(contract->account_id), ent_arg_id(contract->id)),
	                   ENT_ANY_ROWS, call->arena, error);
}

enum ent_code ent_contract_mark(struct ent_call *call, const struct ent_type *type, ent_id account,
                                ent_id id, int64_t bits, struct ent_error *error)
{
	return ent_db_exec(call->db,
	                   ent_text_format(call->arena,
	                                   "UPDATE %s SET extra_rows = extra_rows | %lld "
	                                   "WHERE account_id = $1 AND id = $2",
	                                   type->name, (long long)bits),
	                   ENT_ARGS(ent_arg_id(account), ent_arg_id(id)), ENT_ANY_ROWS, call->arena,
	                   error);
}
