/* contract_across.c - the operations that make or change more than one contract. */
#include "app/action.h"
#include "app/inner.h"
#include "app/operation.h"
#include "app/reference.h"
#include "base/text.h"
#include "core/plan_contract.h"
#include "core/plan_tree.h"

#define ACT(name)                                                                            \
	enum ent_code ent_contract_##name(struct ent_call *call, ent_id id, int64_t version, \
	                                  const void *input, void *out, struct ent_error *error)

#define ASKED(name, KIND, lines_)                                                \
	{                                                                        \
		.kind = ENT_OPERATION_##KIND, .action = ENT_CONTRACT_DO_##KIND,  \
		.input_type = &ent_input_contract_##name##_type, .input = input, \
		.reason = given->reason, .lines = lines_,                        \
	}

static const struct ent_ids no_lines = { NULL, 0 };

/* ---- what planners have to know --------------------------------------------------------- */

static enum ent_code load_products(struct ent_operating *op, struct ent_plan_renewal *renewal,
                                   struct ent_error *error)
{
	const struct ent_contract *contract = op->holdings[0].contract;
	struct ent_list list;
	enum ent_code code = ent_row_select(
		op->call->db, &ent_product_type,
		ENT_STR("WHERE t.id IN (SELECT l.product_id FROM contract_line l WHERE "
	                "l.account_id = $1 AND l.contract_id = $2) ORDER BY t.id"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id)),
		op->call->arena, &list, error);
	if (code == ENT_OK) {
		renewal->products = list.items;
		renewal->product_count = list.count;
	}
	return code;
}

/* A contract that renews it and was not cancelled. */
static enum ent_code find_successor(struct ent_operating *op, ent_id *out, struct ent_error *error)
{
	const struct ent_contract *contract = op->holdings[0].contract;
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		op->call->db,
		ENT_STR("SELECT id FROM contract WHERE account_id = $1 AND renewed_from_id = $2 "
	                "AND "
	                "stage <> $3 AND cancelled_at IS NULL ORDER BY id LIMIT 1"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id),
	                 ent_value_text(ent_str_of(
				 ent_entitlement_stage_names.text[ENT_STAGE_CANCELLED]))),
		op->call->arena, &rows, error);
	*out = code == ENT_OK && rows.count > 0 ? (ent_id){ rows.first->cell[0].number }
	                                        : ENT_ID_NONE;
	return code;
}

static enum ent_code is_foreign(struct ent_call *call, ent_id account, ent_id asset, bool *out,
                                struct ent_error *error)
{
	struct ent_rows rows;
	struct ent_ids path;
	*out = false;
	enum ent_code code =
		ent_db_run(call->db, ENT_STR("SELECT account_id FROM asset WHERE id = $1"),
	                   ENT_ARGS(ent_arg_id(asset)), call->arena, &rows, error);
	if (code != ENT_OK || rows.count == 0) {
		return code;
	}
	ent_id owner = { rows.first->cell[0].number };
	code = ent_account_path(call, owner, &path, error);
	bool below = code == ENT_OK && ent_ids_has(path, account);
	if (code == ENT_OK && !below) {
		code = ent_account_path(call, account, &path, error);
		*out = code == ENT_OK && !ent_ids_has(path, owner);
	}
	return code;
}

/* The assets in a holding that another account may not have covered. */
static enum ent_code find_foreign(struct ent_operating *op, ent_id account, struct ent_ids *out,
                                  struct ent_error *error)
{
	const struct ent_holding *h = &op->holdings[0];
	size_t room = h->line_count + h->coverage_count + h->entitlement_count;
	ent_id *assets = ENT_NEW(op->call->arena, ent_id, room);
	ent_id *foreign = ENT_NEW(op->call->arena, ent_id, room);
	size_t n = 0, count = 0;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < h->line_count; i++) {
		assets[n++] = h->lines[i].asset_id;
	}
	for (size_t i = 0; i < h->coverage_count; i++) {
		assets[n++] = h->coverage[i].asset_id;
	}
	for (size_t i = 0; i < h->entitlement_count; i++) {
		assets[n++] = h->entitlements[i].asset_id;
	}
	for (size_t i = 0; i < n && code == ENT_OK; i++) {
		struct ent_ids known = { foreign, count };
		bool strange = false;
		if (!ent_id_is_none(assets[i]) && !ent_ids_has(known, assets[i])) {
			code = is_foreign(op->call, account, assets[i], &strange, error);
		}
		foreign[count] = assets[i];
		count += strange;
	}
	*out = (struct ent_ids){ foreign, count };
	return code;
}

/* An account that is given must be there; its lock, unless nothing is written. */
static enum ent_code enter_account(struct ent_operating *op, ent_id account,
                                   struct ent_ids *foreign, struct ent_error *error)
{
	struct ent_account loaded;
	struct ent_error missing;
	ent_error_clear(&missing);
	*foreign = (struct ent_ids){ NULL, 0 };
	if (ent_id_is_none(account) || ent_id_eq(account, op->holdings[0].contract->account_id)) {
		return ENT_OK;
	}
	enum ent_code code =
		ent_record_load(op->call, &ent_account_type, account, &loaded, &missing);
	if (code == ENT_E_NOT_FOUND) {
		return ent_refuse(error, ENT_E_NO_SUCH_RECORD, "/account_id", (ent_str){ NULL, 0 },
		                  "there is no such account");
	}
	if (code != ENT_OK) {
		*error = missing;
		return code;
	}
	if (!op->call->preview) {
		code = ent_call_lock(op->call, account, error);
	}
	return code == ENT_OK ? find_foreign(op, account, foreign, error) : code;
}

/* ---- operations ------------------------------------------------------------------------- */

static enum ent_code finish(struct ent_operating *op, enum ent_code code, void *out,
                            struct ent_error *error)
{
	return code == ENT_OK ? ent_operation_end(op, out, error) : code;
}

enum ent_code ent_operation_renew(struct ent_operating *op,
                                  const struct ent_input_contract_renew *input, ent_str key,
                                  struct ent_error *error)
{
	struct ent_plan_renewal renewal = { .from = &op->holdings[0], .input = input, .key = key };
	enum ent_code code = load_products(op, &renewal, error);
	if (code == ENT_OK) {
		code = find_successor(op, &renewal.successor, error);
	}
	if (code == ENT_OK) {
		ent_error_clear(error);
		code = ent_plan_renew(&op->plan, &renewal, error);
	}
	return code;
}

ACT(renew)
{
	const struct ent_input_contract_renew *given = input;
	const struct ent_operation_asked asked = ASKED(renew, RENEW, given->lines);
	struct ent_operating *op = ENT_NEW(call->arena, struct ent_operating, 1);
	enum ent_code code = ent_operation_begin(call, &asked, id, version, op, error);
	if (code == ENT_OK) {
		code = ent_operation_renew(op, given, (ent_str){ NULL, 0 }, error);
	}
	return finish(op, code, out, error);
}

/* Faults of what was named are told with its place. */
static enum ent_code hold_sources(struct ent_operating *op, struct ent_ids contracts,
                                  struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < contracts.count && code == ENT_OK; i++) {
		struct ent_error missing;
		ent_error_clear(&missing);
		code = ent_operation_hold(op, contracts.items[i], &missing);
		if (code == ENT_E_NOT_FOUND) {
			struct ent_arena scratch = *op->call->arena;
			return ent_refuse(error, ENT_E_NO_SUCH_RECORD,
			                  ent_plan_pointer(&scratch, "contracts", i).ptr,
			                  (ent_str){ NULL, 0 }, "there is no such contract");
		}
		if (code != ENT_OK) {
			*error = missing;
		}
	}
	return code;
}

/* The contract of a row of versions as it is; NULL: it is none of those named. */
static const struct ent_contract *named(const struct ent_operating *op, struct ent_ids contracts,
                                        ent_id id)
{
	size_t k = 0;
	while (k < contracts.count && !ent_id_eq(contracts.items[k], id)) {
		k++;
	}
	return k < contracts.count ? op->holdings[1 + k].contract : NULL;
}

static const char *version_pointer(struct ent_arena *arena, size_t at, const char *member)
{
	return ent_text_format(arena, "/versions/%zu/%s", at, member).ptr;
}

/* They are what somebody saw; those that are not are all told. */
static enum ent_code check_versions(const struct ent_operating *op,
                                    const struct ent_input_contract_merge *given,
                                    struct ent_error *error)
{
	const struct ent_input_contract_version *seen = given->versions.items;
	struct ent_arena *arena = op->call->arena;
	struct ent_text changed = ent_text_begin(arena);
	size_t first = SIZE_MAX;
	for (size_t i = 0; i < given->versions.count; i++) {
		const struct ent_contract *now = named(op, given->contracts, seen[i].contract_id);
		if (now == NULL) {
			(void)ent_text_end(&changed);
			return ent_refuse(error, ENT_E_INVALID,
			                  version_pointer(arena, i, "contract_id"),
			                  (ent_str){ NULL, 0 }, "name one of contracts");
		}
		if (now->version != seen[i].version.n) {
			ent_text_addf(&changed, "%s%.*s is at version %lld, not %lld",
			              first == SIZE_MAX ? "" : "; ", (int)now->number.len,
			              now->number.ptr, (long long)now->version,
			              (long long)seen[i].version.n);
			first = first == SIZE_MAX ? i : first;
		}
	}
	const char *text = ent_text_end(&changed).ptr;
	return first == SIZE_MAX ? ENT_OK
	                         : ent_refuse(error, ENT_E_PRECONDITION_FAILED,
	                                      version_pointer(arena, first, "version"),
	                                      (ent_str){ NULL, 0 }, "%s", text);
}

ACT(merge)
{
	const struct ent_input_contract_merge *given = input;
	const struct ent_operation_asked asked = ASKED(merge, MERGE, no_lines);
	struct ent_operating *op = ENT_NEW(call->arena, struct ent_operating, 1);
	enum ent_code code = ent_operation_begin(call, &asked, id, version, op, error);
	if (code == ENT_OK) {
		code = hold_sources(op, given->contracts, error);
	}
	if (code == ENT_OK) {
		code = check_versions(op, given, error);
	}
	if (code == ENT_OK) {
		ent_error_clear(error);
		code = ent_plan_merge(&op->plan, &op->holdings[0], &op->holdings[1], op->count - 1,
		                      given, error);
	}
	return finish(op, code, out, error);
}

ACT(split)
{
	const struct ent_input_contract_split *given = input;
	const struct ent_operation_asked asked = ASKED(split, SPLIT, given->lines);
	struct ent_operating *op = ENT_NEW(call->arena, struct ent_operating, 1);
	enum ent_code code = ent_operation_begin(call, &asked, id, version, op, error);
	if (code == ENT_OK) {
		ent_error_clear(error);
		code = ent_plan_split(&op->plan, &op->holdings[0], given, error);
	}
	return finish(op, code, out, error);
}

ACT(co_terminate)
{
	const struct ent_input_contract_co_terminate *given = input;
	const struct ent_operation_asked asked = ASKED(co_terminate, CO_TERMINATE, given->lines);
	struct ent_operating *op = ENT_NEW(call->arena, struct ent_operating, 1);
	enum ent_code code = ent_operation_begin(call, &asked, id, version, op, error);
	if (code == ENT_OK) {
		ent_error_clear(error);
		code = ent_plan_co_terminate(&op->plan, &op->holdings[0], given, error);
	}
	return finish(op, code, out, error);
}

ACT(transfer)
{
	const struct ent_input_contract_transfer *given = input;
	const struct ent_operation_asked asked = ASKED(transfer, TRANSFER, no_lines);
	struct ent_operating *op = ENT_NEW(call->arena, struct ent_operating, 1);
	struct ent_ids foreign;
	enum ent_code code = ent_operation_begin(call, &asked, id, version, op, error);
	if (code == ENT_OK) {
		code = enter_account(op, given->account_id, &foreign, error);
	}
	if (code == ENT_OK) {
		ent_error_clear(error);
		code = ent_plan_transfer(&op->plan, &op->holdings[0], given, foreign, error);
	}
	return finish(op, code, out, error);
}

ACT(clone)
{
	const struct ent_input_contract_clone *given = input;
	const struct ent_operation_asked asked = ASKED(clone, CLONE, no_lines);
	struct ent_operating *op = ENT_NEW(call->arena, struct ent_operating, 1);
	struct ent_ids foreign;
	enum ent_code code = ent_operation_begin(call, &asked, id, version, op, error);
	if (code == ENT_OK) {
		code = enter_account(op, given->account_id, &foreign, error);
	}
	if (code == ENT_OK) {
		ent_error_clear(error);
		code = ent_plan_clone(&op->plan, &op->holdings[0], given, foreign, error);
	}
	return finish(op, code, out, error);
}
