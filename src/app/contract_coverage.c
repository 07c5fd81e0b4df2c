/* contract_coverage.c - what contracts, lines and entitlements cover, with days of its own. */
#include "app/contract_nest.h"
#include "app/entity.h"
#include "app/inner.h"
#include "app/renewal.h"
#include "base/text.h"

#include <stdlib.h>

static const ent_str no_value = { NULL, 0 };

/* ---- owners ----------------------------------------------------------------------------- */

/* Whose coverage it is, and what that says. */
struct owner {
	const struct ent_type *type;
	ent_id id, account;
	struct ent_days days;
	struct ent_contract contract; /* of a contract or a line */
	struct ent_contract_line line, root;
	struct ent_entitlement entitlement;
};

static size_t owner_count(const struct ent_contract_coverage *row)
{
	return (size_t)!ent_id_is_none(row->contract_id) +
	       (size_t)!ent_id_is_none(row->contract_line_id) +
	       (size_t)!ent_id_is_none(row->entitlement_id);
}

static const char *pointer_of(const struct ent_contract_coverage *row)
{
	if (!ent_id_is_none(row->contract_id)) {
		return "/contract_id";
	}
	return ent_id_is_none(row->contract_line_id) ? "/entitlement_id" : "/contract_line_id";
}

static enum ent_code load(struct ent_call *call, const struct ent_type *type, ent_id id, void *out,
                          struct owner *owner, struct ent_error *error)
{
	enum ent_code code = ent_record_load(call, type, id, out, error);
	owner->type = type;
	owner->id = id;
	return code;
}

static enum ent_code load_line(struct ent_call *call, ent_id id, struct owner *owner,
                               struct ent_error *error)
{
	enum ent_code code = load(call, &ent_contract_line_type, id, &owner->line, owner, error);
	owner->root = owner->line;
	if (code == ENT_OK && !ent_id_eq(owner->line.root_id, id)) {
		code = ent_record_load(call, &ent_contract_line_type, owner->line.root_id,
		                       &owner->root, error);
	}
	if (code == ENT_OK) {
		code = ent_record_load(call, &ent_contract_type, owner->line.contract_id,
		                       &owner->contract, error);
	}
	owner->account = owner->line.account_id;
	owner->days = (struct ent_days){ owner->line.starts_on, owner->line.ends_on };
	return code;
}

static enum ent_code load_owner(struct ent_call *call, const struct ent_contract_coverage *row,
                                struct owner *owner, struct ent_error *error)
{
	enum ent_code code;
	if (!ent_id_is_none(row->contract_line_id)) {
		return load_line(call, row->contract_line_id, owner, error);
	}
	if (!ent_id_is_none(row->contract_id)) {
		code = load(call, &ent_contract_type, row->contract_id, &owner->contract, owner,
		            error);
		owner->account = owner->contract.account_id;
		owner->days =
			(struct ent_days){ owner->contract.starts_on, owner->contract.ends_on };
		return code;
	}
	code = load(call, &ent_entitlement_type, row->entitlement_id, &owner->entitlement, owner,
	            error);
	owner->account = owner->entitlement.account_id;
	owner->days = (struct ent_days){ owner->entitlement.starts_on, owner->entitlement.ends_on };
	return code;
}

static bool is_closed(const struct ent_call *call, const struct owner *owner)
{
	if (call->is_history) {
		return false;
	}
	if (owner->type == &ent_entitlement_type) {
		enum ent_entitlement_state state = ent_life_state(&owner->entitlement, call->now);
		return state == ENT_ENTITLEMENT_EXPIRED || state == ENT_ENTITLEMENT_CANCELLED;
	}
	bool is_line = owner->type == &ent_contract_line_type;
	enum ent_contract_state state =
		ent_contract_line_state(call, &owner->contract, is_line ? &owner->root : NULL,
	                                is_line ? &owner->line : NULL);
	return ent_contract_may(state, ENT_CONTRACT_DO_COVER) != ENT_OK;
}

static enum ent_code owner_zone(struct ent_call *call, const struct owner *owner,
                                const struct ent_zone **out, struct ent_error *error)
{
	return owner->type == &ent_entitlement_type
	               ? ent_call_zone(call, owner->entitlement.time_zone, owner->account, out,
	                               error)
	               : ent_contract_zone(call, &owner->contract, out, error);
}

/* ---- many rows -------------------------------------------------------------------------- */

static int64_t owner_id(const struct ent_contract_coverage *row)
{
	return row->contract_id.value + row->contract_line_id.value + row->entitlement_id.value;
}

static int64_t target_id(const struct ent_contract_coverage *row)
{
	return row->asset_id.value + row->product_id.value;
}

static int order(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_owner_and_target(const void *a, const void *b)
{
	const struct ent_contract_coverage *x = ((const struct ent_covering *)a)->row;
	const struct ent_contract_coverage *y = ((const struct ent_covering *)b)->row;
	int by = order(owner_id(x), owner_id(y));
	by = by != 0 ? by : order(target_id(x), target_id(y));
	by = by != 0 ? by : order(x->starts_on.day, y->starts_on.day);
	return by != 0 ? by : order(x->id.value, y->id.value);
}

static void note_overlap(const struct ent_covering *row, struct ent_arena *arena,
                         struct ent_error *error)
{
	ent_note(error, ENT_E_COVERAGE_OVERLAP,
	         ent_text_format(arena, "%s/%s", row->pointer,
	                         ent_id_is_none(row->row->asset_id) ? "product_id" : "asset_id")
	                 .ptr,
	         no_value, "another row covers it on some of these days");
}

static struct ent_days days_of(const struct ent_contract_coverage *row)
{
	return (struct ent_days){ row->starts_on, row->ends_on };
}

/* Rows of one owner and target follow each other in order of their first day: each is held
 * against the one before that reaches farthest. */
static void check_overlaps(const struct ent_covering *rows, size_t count, struct ent_arena *arena,
                           struct ent_error *error)
{
	struct ent_covering *sorted = ENT_NEW(arena, struct ent_covering, count);
	for (size_t i = 0; i < count; i++) {
		sorted[i] = rows[i];
	}
	if (count > 1) {
		qsort(sorted, count, sizeof(*sorted), by_owner_and_target);
	}
	for (size_t i = 1, far = 0; i < count; i++) {
		const struct ent_contract_coverage *a = sorted[far].row;
		const struct ent_contract_coverage *b = sorted[i].row;
		if (owner_id(a) != owner_id(b) || target_id(a) != target_id(b) ||
		    target_id(a) == 0) {
			far = i;
			continue;
		}
		if (ent_days_meet(days_of(a), days_of(b))) {
			note_overlap(&sorted[i], arena, error);
		}
		bool open = ent_date_is_none(a->ends_on);
		bool farther = ent_date_is_none(b->ends_on) || b->ends_on.day > a->ends_on.day;
		far = !open && farther ? i : far;
	}
}

/* Assets of other accounts: one of the two accounts must be above the other. */
static enum ent_code check_family(struct ent_call *call, ent_id account, ent_id other,
                                  const struct ent_covering *row, struct ent_error *error)
{
	struct ent_ids path;
	enum ent_code code = ent_account_path(call, other, &path, error);
	if (code == ENT_OK && ent_ids_has(path, account)) {
		return ENT_OK;
	}
	if (code == ENT_OK) {
		code = ent_account_path(call, account, &path, error);
	}
	if (code == ENT_OK && !ent_ids_has(path, other)) {
		ent_note(error, ENT_E_WRONG_ACCOUNT,
		         ent_text_format(call->arena, "%s/asset_id", row->pointer).ptr, no_value,
		         "name an asset of the account, or of one above or below it");
	}
	return code;
}

static enum ent_code check_assets(struct ent_call *call, ent_id account,
                                  const struct ent_covering *rows, size_t count,
                                  struct ent_error *error)
{
	struct ent_rows found;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		if (ent_id_is_none(rows[i].row->asset_id)) {
			continue;
		}
		code = ent_db_run(call->db, ENT_STR("SELECT account_id FROM asset WHERE id = $1"),
		                  ENT_ARGS(ent_arg_id(rows[i].row->asset_id)), call->arena, &found,
		                  error);
		ent_id other = { code == ENT_OK && found.count > 0 ? found.first->cell[0].number
			                                           : account.value };
		if (code == ENT_OK && !ent_id_eq(other, account)) {
			code = check_family(call, account, other, &rows[i], error);
		}
	}
	return code;
}

enum ent_code ent_contract_coverage_judge_many(struct ent_call *call, ent_id account,
                                               const struct ent_covering *rows, size_t count,
                                               const struct ent_zone *zone, struct ent_error *error)
{
	for (size_t i = 0; i < count; i++) {
		size_t first = error->issue_count;
		ent_contract_coverage_check(rows[i].row, rows[i].owner, error);
		ent_error_nest(error, first, rows[i].pointer);
		if (zone != NULL) {
			ent_contract_coverage_dates(rows[i].row, zone);
		}
	}
	check_overlaps(rows, count, call->arena, error);
	return check_assets(call, account, rows, count, error);
}

/* ---- hooks ------------------------------------------------------------------------------ */

static enum ent_code no_owner(const struct ent_contract_coverage *row, struct ent_error *error)
{
	return ent_refuse(error, ENT_E_NO_SUCH_RECORD, pointer_of(row), no_value,
	                  "there is no such record");
}

ENT_HOOK_CREATE(ent_contract_coverage_prepare)
{
	struct ent_contract_coverage *row = object;
	struct owner owner;
	struct ent_error missing;
	ent_error_clear(&missing);
	if (owner_count(row) != 1) {
		return ent_refuse(error, ENT_E_COVERAGE_OWNER,
		                  owner_count(row) == 0 ? "/contract_id" : pointer_of(row),
		                  no_value, "name a contract, a line or an entitlement");
	}
	enum ent_code code = load_owner(call, row, &owner, &missing);
	if (code == ENT_E_NOT_FOUND) {
		return no_owner(row, error);
	}
	if (code != ENT_OK) {
		*error = missing;
		return code;
	}
	row->account_id = owner.account;
	return ENT_OK;
}

/* Does another row of the owner cover the same on some of these days? */
static enum ent_code check_others(struct ent_call *call, const struct ent_contract_coverage *row,
                                  struct ent_error *error)
{
	const char *column = pointer_of(row) + 1;
	struct ent_rows rows;
	bool is_asset = !ent_id_is_none(row->asset_id);
	int64_t first = ent_date_is_none(row->starts_on) ? INT32_MIN : row->starts_on.day;
	int64_t last = ent_date_is_none(row->ends_on) ? INT32_MAX : row->ends_on.day;
	enum ent_code code = ent_db_run(
		call->db,
		ent_text_format(call->arena,
	                        "SELECT id FROM contract_coverage WHERE account_id = $1 AND "
	                        "%s = $2 AND %s = $3 AND id <> $4 AND "
	                        "(starts_on IS NULL OR starts_on <= $5) AND "
	                        "(ends_on IS NULL OR ends_on >= $6) LIMIT 1",
	                        column, is_asset ? "asset_id" : "product_id"),
		ENT_ARGS(ent_arg_id(row->account_id), ent_arg_int(owner_id(row)),
	                 ent_arg_int(target_id(row)), ent_arg_id(row->id), ent_arg_int(last),
	                 ent_arg_int(first)),
		call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		struct ent_covering one = { .row = NULL, .pointer = "" };
		struct ent_contract_coverage copy = *row;
		one.row = &copy;
		note_overlap(&one, call->arena, error);
	}
	return code;
}

ENT_HOOK_CHECK(ent_contract_coverage_judge)
{
	(void)before;
	(void)given;
	struct ent_contract_coverage *row = object;
	struct owner owner;
	const struct ent_zone *zone;
	enum ent_code code = load_owner(call, row, &owner, error);
	if (code == ENT_OK && is_closed(call, &owner)) {
		return ent_fail(error, ENT_E_COVERAGE_OWNER_CLOSED, "its owner has ended");
	}
	if (code == ENT_OK) {
		code = owner_zone(call, &owner, &zone, error);
	}
	if (code == ENT_OK) {
		struct ent_covering one = { row, owner.days, "" };
		code = ent_contract_coverage_judge_many(call, row->account_id, &one, 1, zone,
		                                        error);
	}
	return code == ENT_OK ? check_others(call, row, error) : code;
}

/* A renewal that is prepared follows. */
static enum ent_code expect(struct ent_call *call, struct owner *owner, struct ent_error *error)
{
	return owner->type == &ent_entitlement_type
	               ? ent_renewal_expect_of(call, owner->entitlement.contract_id, error)
	               : ent_renewal_expect(call, &owner->contract, error);
}

ENT_HOOK_CREATE(ent_contract_coverage_create)
{
	const struct ent_contract_coverage *row = object;
	struct owner owner;
	enum ent_code code = load_owner(call, row, &owner, error);
	bool is_right = code == ENT_OK && owner.type == &ent_entitlement_type;
	if (code == ENT_OK) {
		code = ent_contract_mark(call, owner.type, owner.account, owner.id,
		                         is_right ? ENT_EXTRA_COVERAGE : ENT_CONTRACT_COVERAGE,
		                         error);
	}
	if (code == ENT_OK) {
		code = ent_record_insert(call, &ent_contract_coverage_type, object, "created",
		                         error);
	}
	return code == ENT_OK ? expect(call, &owner, error) : code;
}

ENT_HOOK_UPDATE(ent_contract_coverage_update)
{
	struct owner owner;
	enum ent_code code =
		load_owner(call, (const struct ent_contract_coverage *)object, &owner, error);
	if (code == ENT_OK) {
		code = ent_record_save(call, &ent_contract_coverage_type, before, object, "updated",
		                       error);
	}
	return code == ENT_OK ? expect(call, &owner, error) : code;
}

ENT_HOOK_REMOVE(ent_contract_coverage_remove)
{
	const struct ent_contract_coverage *row = object;
	struct owner owner;
	enum ent_code code = load_owner(call, row, &owner, error);
	if (code == ENT_OK && is_closed(call, &owner)) {
		return ent_fail(error, ENT_E_COVERAGE_OWNER_CLOSED, "its owner has ended");
	}
	if (code == ENT_OK) {
		code = ent_record_remove(call, &ent_contract_coverage_type, object, error);
	}
	return code == ENT_OK ? expect(call, &owner, error) : code;
}

/* ---- entitlements under contracts ------------------------------------------------------- */

void ent_contract_entitlement_check(const struct ent_entitlement *e, struct ent_days outer,
                                    struct ent_error *error)
{
	struct ent_days days = { e->starts_on, e->ends_on };
	if (ent_date_is_none(days.first) || ent_date_is_none(days.last) ||
	    days.first.day <= days.last.day) { /* else it was noted as start_after_end */
		ent_days_check(days, outer, "what it is under", error);
	}
}

enum ent_code ent_contract_entitle(struct ent_call *call, const struct ent_entitlement *before,
                                   struct ent_entitlement *e, struct ent_error *error)
{
	struct owner owner = { .type = NULL };
	struct ent_contract_coverage named = { .contract_id = e->contract_id,
		                               .contract_line_id = e->contract_line_id };
	struct ent_error missing;
	ent_error_clear(&missing);
	bool same = before != NULL && before->starts_on.day == e->starts_on.day &&
	            before->ends_on.day == e->ends_on.day;
	if (owner_count(&named) == 0 || same || ent_nest_is_reading(call)) {
		return ENT_OK; /* of its own, as it was, or judged where it is nested */
	}
	enum ent_code code = load_owner(call, &named, &owner, &missing);
	if (code == ENT_E_NOT_FOUND) {
		return ENT_OK; /* noted with the references */
	}
	if (code != ENT_OK) {
		*error = missing;
		return code;
	}
	bool is_line = owner.type == &ent_contract_line_type;
	ent_id contract = is_line ? owner.line.contract_id : owner.contract.id;
	if (!ent_id_is_none(e->contract_id) && !ent_id_eq(e->contract_id, contract)) {
		ent_note(error, ENT_E_INVALID, "/contract_line_id", no_value,
		         "name a line of this contract");
	}
	e->contract_id = contract;
	enum ent_contract_state state = ent_contract_line_state(
		call, &owner.contract, is_line ? &owner.root : NULL, is_line ? &owner.line : NULL);
	if (before == NULL && !call->is_history &&
	    ent_contract_may(state, ENT_CONTRACT_DO_ENTITLE) != ENT_OK) {
		ent_note(error, ENT_E_STATE_TERMINAL,
		         is_line ? "/contract_line_id" : "/contract_id", no_value, "it is %s",
		         ent_contract_state_names.text[state]);
	}
	if (before != NULL && before->starts_on.day == e->starts_on.day) {
		owner.days.first = ENT_DATE_NONE; /* it may have begun under the line before */
	}
	ent_contract_entitlement_check(e, owner.days, error);
	return ENT_OK;
}
