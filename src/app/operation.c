/* operation.c - the frame of all operations on contracts. */
#include "app/operation.h"

#include "app/operation_inner.h"
#include "base/text.h"
#include "json/json.h"

/* ---- loading ---------------------------------------------------------------------------- */

static enum ent_code load_rights(struct ent_call *call, const struct ent_contract *contract,
                                 struct ent_holding *out, struct ent_error *error)
{
	struct ent_list list;
	int64_t extra = 0;
	enum ent_code code = ent_row_select(
		call->db, &ent_entitlement_type,
		ENT_STR("WHERE t.account_id = $1 AND t.contract_id = $2 ORDER BY t.id"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id)), call->arena,
		&list, error);
	out->entitlements = list.items;
	out->entitlement_count = code == ENT_OK ? list.count : 0;
	for (size_t i = 0; i < out->entitlement_count; i++) {
		extra |= out->entitlements[i].extra_rows;
	}
	return code == ENT_OK && extra != 0
	               ? ent_record_children(call, &ent_entitlement_type, &list, error)
	               : code;
}

static enum ent_code load_coverage(struct ent_call *call, const struct ent_contract *contract,
                                   struct ent_holding *out, struct ent_error *error)
{
	struct ent_list list;
	enum ent_code code = ent_row_select(
		call->db, &ent_contract_coverage_type,
		ENT_STR("WHERE t.account_id = $1 AND (t.contract_id = $2 OR t.contract_line_id IN "
	                "(SELECT l.id FROM contract_line l WHERE l.account_id = $1 AND "
	                "l.contract_id = $2) OR t.entitlement_id IN (SELECT e.id FROM entitlement "
	                "e WHERE e.account_id = $1 AND e.contract_id = $2)) ORDER BY t.id"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id)), call->arena,
		&list, error);
	out->coverage = list.items;
	out->coverage_count = code == ENT_OK ? list.count : 0;
	return code;
}

static enum ent_code take_lock(struct ent_call *call, ent_id id, int64_t version,
                               struct ent_error *error)
{
	struct ent_contract contract;
	enum ent_code code =
		call->preview
			? ent_record_load(call, &ent_contract_type, id, &contract, error)
			: ent_record_hold(call, &ent_contract_type, id, version, &contract, error);
	return code == ENT_OK && call->preview
	               ? ent_record_expect(call, version, contract.version, error)
	               : code;
}

static enum ent_code load(struct ent_call *call, ent_id id, int64_t version,
                          bool reviewed, struct ent_holding *out, struct ent_error *error)
{
	struct ent_contract_tree *tree = ENT_NEW(call->arena, struct ent_contract_tree, 1);
	enum ent_code code = take_lock(call, id, version, error);
	if (code == ENT_OK) {
		code = ent_contract_tree_load(call, id, true, tree, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	if (tree->contract.approval == ENT_APPROVAL_IN_REVIEW && !reviewed) {
		return ent_fail(error, ENT_E_EDIT_LOCKED, "it is in review: recall it first");
	}
	*out = (struct ent_holding){ .contract = &tree->contract,
		                     .lines = tree->lines,
		                     .line_count = tree->count };
	code = load_rights(call, out->contract, out, error);
	return code == ENT_OK ? load_coverage(call, out->contract, out, error) : code;
}

enum ent_code ent_operation_hold(struct ent_operating *op, ent_id id, struct ent_error *error)
{
	if (op->count == ENT_OPERATION_CONTRACTS_MAX) {
		return ent_fail(error, ENT_E_LIMIT, "at most %d contracts in one operation",
		                ENT_OPERATION_CONTRACTS_MAX);
	}
	enum ent_code code = load(op->call, id, 0, false, &op->holdings[op->count], error);
	op->count += code == ENT_OK;
	return code;
}

enum ent_code ent_operation_begin(struct ent_call *call, const struct ent_operation_asked *asked,
                                  ent_id id, int64_t version, struct ent_operating *op,
                                  struct ent_error *error)
{
	const struct ent_zone *zone;
	struct ent_error refusal;
	ent_str permission = ent_text_format(call->arena, "contract.%s",
	                                     ent_contract_action_text(asked->action));
	*op = (struct ent_operating){ .call = call, .asked = *asked };
	enum ent_code code = ent_call_may(call, permission.ptr, error);
	if (code == ENT_OK) {
		code = load(call, id, version, asked->reviewed, &op->holdings[0], error);
	}
	if (code == ENT_OK) {
		code = ent_contract_zone(call, op->holdings[0].contract, &zone, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	if (asked->reason.len > 0) {
		call->reason = asked->reason;
	}
	op->count = 1;
	ent_error_clear(&refusal);
	ent_plan_begin(&op->plan, call->arena, asked->kind, call->now, zone);
	op->plan.may_backdate = ent_call_may(call, "contract.backdate", &refusal) == ENT_OK;
	return ENT_OK;
}

/* ---- settling --------------------------------------------------------------------------- */

/* What was decided about a draft was about the old one. */
static void withdraw_approval(struct ent_operating *op)
{
	const struct ent_contract *contract = op->holdings[0].contract;
	bool decided = contract->approval == ENT_APPROVAL_APPROVED ||
	               contract->approval == ENT_APPROVAL_REJECTED;
	if (contract->stage == ENT_STAGE_DRAFT && decided) {
		struct ent_plan_row *row = ent_plan_change(&op->plan, &ent_contract_type, contract);
		((struct ent_contract *)row->after)->approval = ENT_APPROVAL_DRAFT;
	}
}

static void settle(struct ent_operating *op)
{
	struct ent_plan *plan = &op->plan;
	if (ent_date_is_none(plan->effective_on)) {
		plan->effective_on = plan->today;
	}
	if (ent_instant_is_none(plan->effective_at)) {
		plan->effective_at = plan->effective_on.day == plan->today.day
		                             ? plan->now
		                             : ent_zone_day_begins(plan->zone, plan->effective_on);
	}
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->rows[i].type == &ent_contract_line_type) {
			struct ent_contract_line *line = plan->rows[i].after;
			line->line_type = plan->rows[i].line_type;
			line->line_action = plan->rows[i].line_action;
		}
	}
}

/* ---- products --------------------------------------------------------------------------- */

/* The line, if the plan makes it, gives it another product or a later end. */
static const struct ent_contract_line *reaching(const struct ent_plan_row *row)
{
	const struct ent_contract_line *before = row->before;
	const struct ent_contract_line *after = row->after;
	if (row->type != &ent_contract_line_type || ent_id_is_none(after->product_id)) {
		return NULL;
	}
	bool is_longer =
		before == NULL || !ent_id_eq(before->product_id, after->product_id) ||
		ent_date_is_none(after->ends_on) ||
		(!ent_date_is_none(before->ends_on) && after->ends_on.day > before->ends_on.day);
	return is_longer ? after : NULL;
}

static void warn_of(struct ent_plan *plan, const struct ent_contract_line *line,
                    const struct ent_product *product)
{
	char day[11];
	bool lasts =
		ent_date_is_none(product->ends_on) ||
		(!ent_date_is_none(line->ends_on) && line->ends_on.day <= product->ends_on.day);
	if (lasts || !ent_id_eq(product->id, line->product_id)) {
		return;
	}
	ent_date_format(product->ends_on, day);
	ent_plan_warn(plan, "end_of_life", (ent_str){ NULL, 0 },
	              ent_text_format(plan->arena,
	                              "\"%.*s\" lasts longer than its product %.*s, "
	                              "whose life ends on %s",
	                              (int)line->name.len, line->name.ptr, (int)product->name.len,
	                              product->name.ptr, day));
}

/* servicenow 3.16: whoever sells beyond the life of a product hears of it. */
static enum ent_code check_life(struct ent_operating *op, struct ent_error *error)
{
	struct ent_plan *plan = &op->plan;
	ent_id *ids = ENT_NEW(plan->arena, ent_id, plan->count);
	struct ent_ids some = { ids, 0 };
	struct ent_list products = { NULL, 0 };
	for (size_t i = 0; i < plan->count; i++) {
		const struct ent_contract_line *line = reaching(&plan->rows[i]);
		if (line != NULL && !ent_ids_has(some, line->product_id)) {
			ids[some.count++] = line->product_id;
		}
	}
	enum ent_code code = some.count == 0 ? ENT_OK
	                                     : ent_record_by_ids(op->call, &ent_product_type, some,
	                                                         &products, error);
	const struct ent_product *items = products.items;
	for (size_t i = 0; code == ENT_OK && i < plan->count; i++) {
		const struct ent_contract_line *line = reaching(&plan->rows[i]);
		for (size_t k = 0; line != NULL && k < products.count; k++) {
			warn_of(plan, line, &items[k]);
		}
	}
	return code;
}

/* ---- what follows ----------------------------------------------------------------------- */

/* servicenow 3.9: a contract does not reach into the one that renews it. */
static enum ent_code check_followers(struct ent_operating *op, struct ent_error *error)
{
	const struct ent_plan *plan = &op->plan;
	const char *pointer = ent_type_field(op->asked.input_type, ENT_STR("ends_on")) != NULL
	                              ? "/ends_on"
	                              : "";
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < plan->count && code == ENT_OK; i++) {
		const struct ent_plan_row *row = &plan->rows[i];
		if (row->type == &ent_contract_type && row->before != NULL) {
			code = ent_contract_check_follower(op->call, row->before, row->after,
			                                   pointer, error);
		}
	}
	return code == ENT_OK ? ent_noted(error) : code;
}

/* ---- the end ---------------------------------------------------------------------------- */

/* Of the contracts that are held besides the one it is done to. */
static ent_str versions_of(const struct ent_operating *op)
{
	struct ent_text text = ent_text_begin(op->call->arena);
	char room[ENT_ID_ROOM];
	ent_text_char(&text, '[');
	for (size_t i = 1; i < op->count; i++) {
		const struct ent_contract *contract = op->holdings[i].contract;
		size_t len = ent_id_format(contract->id, ent_contract_type.prefix, room);
		ent_text_addf(&text, "%s{\"contract_id\":\"%.*s\",\"version\":%lld}",
		              i > 1 ? "," : "", (int)len, room, (long long)contract->version);
	}
	ent_text_char(&text, ']');
	return ent_text_end(&text);
}

static void show(const struct ent_operating *op, const struct ent_set *diffs,
                 const struct ent_plan_prices *prices, struct ent_contract_plan *out)
{
	const struct ent_plan *plan = &op->plan;
	ent_decimal delta = { prices->total_after.micro - prices->total_before.micro };
	ent_type_clear(&ent_contract_plan_type, out);
	out->kind = plan->kind;
	out->contract_id = op->holdings[0].contract->id;
	out->contract_version = op->holdings[0].contract->version;
	out->versions = (struct ent_json){ versions_of(op) };
	out->effective_on = plan->effective_on;
	out->changes = (struct ent_json){ ent_operation_changes(plan, diffs, prices) };
	out->warnings = (struct ent_json){ ent_operation_warnings(plan) };
	out->price_before = ent_operation_money(prices, prices->total_before);
	out->price_after = ent_operation_money(prices, prices->total_after);
	out->price_delta = ent_operation_money(prices, delta);
}

static ent_str input_of(const struct ent_operating *op)
{
	struct ent_text text = ent_text_begin(op->call->arena);
	ent_json_write(op->asked.input_type, op->asked.input, NULL, &text);
	return ent_text_end(&text);
}

static enum ent_code keep(struct ent_operating *op, ent_id id, struct ent_contract_plan *shown,
                          const struct ent_operation_written *written, struct ent_error *error)
{
	struct ent_call *call = op->call;
	struct ent_contract_operation *kept =
		ENT_NEW(call->arena, struct ent_contract_operation, 1);
	bool is_later = op->plan.effective_at.us > call->now.us;
	ent_type_clear(&ent_contract_operation_type, kept);
	kept->id = id;
	kept->version = 1;
	kept->created_at = call->now;
	kept->updated_at = call->now;
	kept->account_id = op->holdings[0].contract->account_id;
	kept->contract_id = shown->contract_id;
	kept->kind = shown->kind;
	kept->state = is_later ? ENT_OPERATION_SCHEDULED : ENT_OPERATION_APPLIED;
	kept->effective_on = shown->effective_on;
	kept->effective_at = op->plan.effective_at;
	kept->lines = op->asked.lines;
	kept->input = (struct ent_json){ input_of(op) };
	kept->changes = shown->changes;
	kept->made = (struct ent_json){ written->made };
	kept->restore = (struct ent_json){ written->restore };
	kept->price_delta = shown->price_delta;
	kept->actor = call->who->actor;
	kept->reason = call->reason;
	kept->applied_at = is_later ? ENT_INSTANT_NONE : call->now;
	enum ent_code code =
		ent_row_insert(call->db, &ent_contract_operation_type, kept, call->arena, error);
	if (code != ENT_OK) {
		return code;
	}
	return ent_operation_tell(call, kept, is_later ? "scheduled" : "applied", error);
}

enum ent_code ent_operation_tell(struct ent_call *call, const struct ent_contract_operation *kept,
                                 const char *verb, struct ent_error *error)
{
	struct ent_contract_operation *told =
		ent_record_copy(call->arena, &ent_contract_operation_type, kept);
	struct ent_text text = ent_text_begin(call->arena);
	/* the events of the records say what changed */
	told->changes = (struct ent_json){ (ent_str){ NULL, 0 } };
	told->made = told->changes;
	told->input = told->changes;
	ent_json_write(&ent_contract_operation_type, told, NULL, &text);
	return ent_event_append(call, kept->account_id, &ent_contract_operation_type, kept->id,
	                        verb, (ent_str){ NULL, 0 }, ent_text_end(&text), error);
}

enum ent_code ent_operation_end(struct ent_operating *op, struct ent_contract_plan *out,
                                struct ent_error *error)
{
	struct ent_plan_prices prices;
	struct ent_operation_written written = { .version = 0 };
	enum ent_code code = ent_noted(error);
	if (code != ENT_OK) {
		return code;
	}
	withdraw_approval(op);
	settle(op);
	struct ent_set *diffs = ent_operation_diffs(&op->plan);
	code = check_life(op, error);
	if (code == ENT_OK) {
		code = check_followers(op, error);
	}
	if (code == ENT_OK) {
		code = ent_plan_price(&op->plan, op->holdings, op->count, &prices, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	show(op, diffs, &prices, out);
	if (op->call->preview) {
		return ENT_OK;
	}
	ent_id id = ent_app_id(op->call->app);
	written.effective_at = op->plan.effective_at;
	code = ent_operation_write(op, diffs, id, &written, error);
	if (code == ENT_OK) {
		code = keep(op, id, out, &written, error);
	}
	out->operation_id = id;
	out->contract_version = written.version;
	out->made = (struct ent_json){ written.made };
	return code;
}
