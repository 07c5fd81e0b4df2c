/* contract_line.c - lines of contracts: created, changed, deleted. */
#include "app/contract.h"
#include "app/contract_nest.h"
#include "app/entity.h"
#include "base/text.h"

/* ---- defaults --------------------------------------------------------------------------- */

static bool is_given(const struct ent_set *given, const struct ent_field *field)
{
	return ent_set_has(given, ent_type_at(&ent_contract_line_type, field));
}

#define IS_GIVEN(given, member) is_given(given, ENT_FIELD_OF(contract_line, member))

/* Adjustments without a place come behind those before them. */
static void order_adjustments(struct ent_contract_line *line)
{
	struct ent_price_adjustment *rows = line->adjustments.items;
	int64_t last = 0;
	for (size_t i = 0; i < line->adjustments.count; i++) {
		if (ent_count_is_none(rows[i].sequence)) {
			rows[i].sequence = (ent_count){ last + 1 };
		}
		last = rows[i].sequence.n;
	}
}

static bool has_none(ent_decimal value)
{
	return value.micro == ENT_DECIMAL_NONE.micro;
}

void ent_contract_line_settle(struct ent_contract_line *line, const struct ent_set *given,
                              const struct ent_contract_line *parent,
                              const struct ent_contract *contract)
{
	if (ent_date_is_none(line->starts_on)) {
		line->starts_on = parent != NULL ? parent->starts_on : contract->starts_on;
	}
	if (ent_date_is_none(line->ends_on)) {
		line->ends_on = parent != NULL ? parent->ends_on : contract->ends_on;
	}
	if (has_none(line->quantity)) {
		line->quantity = (ent_decimal){ ENT_MICRO };
	}
	line->renewable = line->renewable || !IS_GIVEN(given, renewable);
	line->count_quantity = line->count_quantity || !IS_GIVEN(given, count_quantity);
	order_adjustments(line);
}

/* ---- where it is ------------------------------------------------------------------------ */

/* The contract and the lines that a line is in. */
struct around {
	struct ent_contract contract;
	struct ent_contract_line parent, root;
	bool has_parent;
};

static enum ent_code missing(const char *pointer, ent_id id, const struct ent_type *type,
                             struct ent_error *error)
{
	char text[ENT_ID_ROOM];
	ent_str value = { text, ent_id_format(id, type->prefix, text) };
	return ent_refuse(error, ENT_E_NO_SUCH_RECORD, pointer, value, "there is no such %s",
	                  type->name);
}

static enum ent_code load_named(struct ent_call *call, const struct ent_type *type, ent_id id,
                                const char *pointer, void *out, struct ent_error *error)
{
	struct ent_error absent;
	ent_error_clear(&absent);
	enum ent_code code = ent_record_load(call, type, id, out, &absent);
	if (code == ENT_E_NOT_FOUND) {
		return missing(pointer, id, type, error);
	}
	if (code != ENT_OK) {
		*error = absent;
	}
	return code;
}

static enum ent_code load_around(struct ent_call *call, const struct ent_contract_line *line,
                                 struct around *out, struct ent_error *error)
{
	enum ent_code code = load_named(call, &ent_contract_type, line->contract_id, "/contract_id",
	                                &out->contract, error);
	out->has_parent = !ent_id_is_none(line->parent_id);
	if (code == ENT_OK && out->has_parent) {
		code = load_named(call, &ent_contract_line_type, line->parent_id, "/parent_id",
		                  &out->parent, error);
	}
	if (code == ENT_OK && out->has_parent &&
	    !ent_id_eq(out->parent.contract_id, line->contract_id)) {
		return ent_refuse(error, ENT_E_INVALID, "/parent_id", (ent_str){ NULL, 0 },
		                  "name a line of the same contract");
	}
	ent_id root = out->has_parent ? out->parent.root_id : line->root_id;
	bool is_root = ent_id_eq(root, line->id);
	out->root = is_root ? *line : out->parent;
	if (code == ENT_OK && !is_root && out->has_parent && !ent_id_eq(root, out->parent.id)) {
		code = load_named(call, &ent_contract_line_type, root, "/parent_id", &out->root,
		                  error);
	}
	return code;
}

/* ---- hooks ------------------------------------------------------------------------------ */

ENT_HOOK_CREATE(ent_contract_line_prepare)
{
	struct ent_contract_line *line = object;
	struct ent_contract contract;
	struct ent_contract_line parent;
	enum ent_code code = ENT_OK;
	if (ent_id_is_none(line->contract_id) && !ent_id_is_none(line->parent_id)) {
		code = load_named(call, &ent_contract_line_type, line->parent_id, "/parent_id",
		                  &parent, error);
		line->contract_id = code == ENT_OK ? parent.contract_id : ENT_ID_NONE;
	}
	if (code == ENT_OK && ent_id_is_none(line->contract_id)) {
		return ent_refuse(error, ENT_E_REQUIRED, "/contract_id", (ent_str){ NULL, 0 },
		                  "must be given");
	}
	if (code == ENT_OK) {
		code = load_named(call, &ent_contract_type, line->contract_id, "/contract_id",
		                  &contract, error);
	}
	if (code == ENT_OK) {
		line->account_id = contract.account_id;
	}
	return code;
}

/* Lines below, coverage or entitlements that reach beyond the new days. An entitlement may have
 * begun under the line that this one goes on for, so the first day counts only where it moves. */
static enum ent_code check_orphans(struct ent_call *call, const struct ent_contract_line *before,
                                   const struct ent_contract_line *line,
                                   struct ent_error *error)
{
#define BEYOND "(starts_on < $3 AND $4) OR starts_on > $5 OR ends_on > $5"
	bool open = ent_date_is_none(line->ends_on);
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT name FROM contract_line WHERE account_id = $1 AND parent_id = $2 "
	                "AND (" BEYOND " OR (ends_on IS NULL AND $6)) UNION ALL "
	                "SELECT name FROM entitlement WHERE account_id = $1 AND "
	                "contract_line_id = $2 AND (" BEYOND " OR (ends_on IS NULL AND $6)) "
	                "UNION ALL SELECT 'coverage' FROM contract_coverage WHERE "
	                "account_id = $1 AND contract_line_id = $2 AND (" BEYOND ") LIMIT 1"),
		ENT_ARGS(ent_arg_id(line->account_id), ent_arg_id(line->id),
	                 ent_arg_int(line->starts_on.day),
	                 ent_value_bool(before->starts_on.day != line->starts_on.day),
	                 ent_arg_int(open ? INT32_MAX : line->ends_on.day), ent_value_bool(!open)),
		call->arena, &rows, error);
#undef BEYOND
	if (code == ENT_OK && rows.count > 0) {
		ent_str name = rows.first->cell[0].text;
		ent_note(error, ENT_E_CHILD_DATES_ORPHANED, "/ends_on", name,
		         "\"%.*s\" would reach beyond it", (int)(name.len < 60 ? name.len : 60),
		         name.ptr);
	}
	return code;
}

static enum ent_code judge_change(struct ent_call *call, const struct around *around,
                                  const struct ent_contract_line *before,
                                  struct ent_contract_line *line, const struct ent_zone *zone,
                                  struct ent_error *error)
{
	enum ent_contract_state state =
		ent_contract_line_state(call, &around->contract, &around->root, before);
	struct ent_set changed =
		ent_record_diff(&ent_contract_line_type, before, line, *call->arena);
	bool moved = before->starts_on.day != line->starts_on.day ||
	             before->ends_on.day != line->ends_on.day;
	if (line->lines.text.len + line->coverage.text.len + line->entitlements.text.len > 0) {
		ent_note(error, ENT_E_READ_ONLY, "", (ent_str){ NULL, 0 },
		         "make what is inside of it by itself");
	}
	ent_contract_check_edit(&ent_contract_line_type, state, &changed, error);
	ent_contract_check_end(state, before->ends_on, line->ends_on,
	                       ent_zone_date(zone, call->now), error);
	if (moved && ent_contract_is_live(state)) {
		line->ends_early = !ent_date_is_none(line->ends_on) &&
		                   (ent_date_is_none(before->ends_on) ||
		                    line->ends_on.day < before->ends_on.day);
	}
	return moved ? check_orphans(call, before, line, error) : ENT_OK;
}

static enum ent_code judge_new(struct ent_call *call, const struct around *around,
                               struct ent_contract_line *line, const struct ent_zone *zone,
                               struct ent_error *error)
{
	enum ent_contract_state state = ent_contract_line_state(
		call, &around->contract, around->has_parent ? &around->root : NULL,
		around->has_parent ? &around->parent : NULL);
	bool in_review = around->contract.approval == ENT_APPROVAL_IN_REVIEW;
	enum ent_code code = ENT_OK;
	if (!call->is_history) {
		code = ent_contract_allow(state, ENT_CONTRACT_DO_ADD_LINES, error);
	}
	if (code == ENT_OK && !call->is_history && in_review) {
		return ent_fail(error, ENT_E_EDIT_LOCKED, "it is in review: recall it first");
	}
	line->root_id = around->has_parent ? around->root.id : line->id;
	return code == ENT_OK
	               ? ent_nest_read(call, &around->contract, line,
	                               around->has_parent ? &around->root : line,
	                               ENT_DATE_NONE, zone, error)
	               : code;
}

ENT_HOOK_CHECK(ent_contract_line_judge)
{
	struct ent_contract_line *line = object;
	struct around around;
	const struct ent_zone *zone;
	if (before == NULL) {
		line->root_id = ent_id_is_none(line->parent_id) ? line->id : ENT_ID_NONE;
	}
	enum ent_code code = load_around(call, before != NULL ? before : line, &around, error);
	if (code == ENT_OK) {
		code = ent_contract_zone(call, &around.contract, &zone, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_contract_line *parent = around.has_parent ? &around.parent : NULL;
	if (before == NULL) {
		ent_contract_line_settle(line, given, parent, &around.contract);
	} else {
		order_adjustments(line);
	}
	ent_contract_line_check(line, parent, &around.contract, error);
	ent_contract_line_dates(line, zone);
	return before == NULL ? judge_new(call, &around, line, zone, error)
	                      : judge_change(call, &around, before, line, zone, error);
}

ENT_HOOK_CREATE(ent_contract_line_create)
{
	struct ent_contract_line *line = object;
	struct around around;
	enum ent_code code = load_around(call, line, &around, error);
	struct ent_contract *contract = &around.contract;
	if (code == ENT_OK) {
		contract->line_count += 1 + (int64_t)ent_nest_lines(call);
		line->number = ent_contract_line_number(
			call, contract, contract->line_count - (int64_t)ent_nest_lines(call));
		code = ent_record_insert(call, &ent_contract_line_type, line, "created", error);
	}
	if (code == ENT_OK) {
		code = ent_contract_count_lines(call, contract, error);
	}
	if (code == ENT_OK) {
		const struct ent_contract_line *root = around.has_parent ? &around.root : line;
		code = ent_contract_expect(
			call, contract, ent_contract_next_line(call, contract, root, line), error);
	}
	return code == ENT_OK ? ent_nest_insert(call, contract, error) : code;
}

ENT_HOOK_UPDATE(ent_contract_line_update)
{
	struct ent_contract_line *line = object;
	struct around around;
	enum ent_code code =
		ent_record_save(call, &ent_contract_line_type, before, line, "updated", error);
	if (code == ENT_OK) {
		code = load_around(call, line, &around, error);
	}
	if (code == ENT_OK) {
		code = ent_contract_expect(
			call, &around.contract,
			ent_contract_next_line(call, &around.contract, &around.root, line), error);
	}
	return code;
}

ENT_HOOK_REMOVE(ent_contract_line_remove)
{
	const struct ent_contract_line *line = object;
	struct around around;
	enum ent_code code = load_around(call, line, &around, error);
	if (code == ENT_OK) {
		code = ent_contract_allow(
			ent_contract_line_state(call, &around.contract, &around.root, line),
			ENT_CONTRACT_DO_DELETE, error);
	}
	if (code == ENT_OK) {
		code = ent_contract_unused(call, true, line->account_id, line->id, error);
	}
	if (code == ENT_OK) {
		code = ent_db_exec(call->db,
		                   ENT_STR("DELETE FROM contract_coverage WHERE account_id = $1 "
		                           "AND contract_line_id = $2"),
		                   ENT_ARGS(ent_arg_id(line->account_id), ent_arg_id(line->id)),
		                   ENT_ANY_ROWS, call->arena, error);
	}
	return code == ENT_OK ? ent_record_remove(call, &ent_contract_line_type, line, error)
	                      : code;
}
