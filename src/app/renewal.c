#include "app/renewal.h"

#include "app/agenda.h"
#include "base/text.h"

/* ---- when ---- */

static bool renews(const struct ent_contract *contract)
{
	return contract->auto_renew && contract->stage == ENT_STAGE_LIVE && !contract->ends_early &&
	       ent_instant_is_none(contract->cancelled_at) && !ent_date_is_none(contract->ends_on);
}

/* It ends before its term does, so that nothing follows it by itself. */
static bool is_broken_off(const struct ent_contract *contract)
{
	return contract->auto_renew &&
	       (contract->stage == ENT_STAGE_CANCELLED || contract->ends_early ||
	        !ent_instant_is_none(contract->cancelled_at));
}

static enum ent_code find_instant(struct ent_call *call, const struct ent_contract *contract,
                                  ent_instant *out, struct ent_error *error)
{
	const struct ent_zone *zone;
	*out = ENT_INSTANT_NONE;
	if (!renews(contract)) {
		return ENT_OK;
	}
	*out = contract->starts_at;
	if (ent_count_is_none(contract->renew_days_before)) {
		return ENT_OK;
	}
	enum ent_code code = ent_contract_zone(call, contract, &zone, error);
	if (code == ENT_OK) {
		int64_t day = contract->ends_on.day - contract->renew_days_before.n;
		bool early = day < contract->starts_on.day;
		*out = early ? contract->starts_at
		             : ent_zone_day_begins(zone, (ent_date){ (int32_t)day });
	}
	return code;
}

static enum ent_code set(struct ent_call *call, struct ent_contract *contract, ent_instant at,
                         struct ent_error *error)
{
	ent_agenda_set(call, ENT_AGENDA_RENEWAL, contract->account_id, contract->id,
	               contract->renews_at, at);
	contract->renews_at = at;
	return ent_db_exec(
		call->db,
		ENT_STR("UPDATE contract SET renews_at = $1 WHERE account_id = $2 AND id = $3"),
		ENT_ARGS(ent_instant_is_none(at) ? ent_value_null() : ent_arg_int(at.us),
	                 ent_arg_id(contract->account_id), ent_arg_id(contract->id)),
		ENT_ANY_ROWS, call->arena, error);
}

static enum ent_code has_successor(struct ent_call *call, const struct ent_contract *contract,
                                   bool *out, struct ent_error *error)
{
	struct ent_rows rows;
	ent_id root = ent_id_is_none(contract->renewal_root_id) ? contract->id
	                                                        : contract->renewal_root_id;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT id FROM contract WHERE account_id = $1 AND renewal_root_id = $2 "
	                "AND renewed_from_id = $3 LIMIT 1"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(root),
	                 ent_arg_id(contract->id)),
		call->arena, &rows, error);
	*out = code == ENT_OK && rows.count > 0;
	return code;
}

enum ent_code ent_renewal_expect(struct ent_call *call, struct ent_contract *contract,
                                 struct ent_error *error)
{
	ent_instant at;
	enum ent_code code = find_instant(call, contract, &at, error);
	bool none = ent_instant_is_none(at);
	bool is_due = !none && at.us <= call->now.us;
	if (code == ENT_OK && !is_due && (!none || is_broken_off(contract))) {
		code = has_successor(call, contract, &is_due, error); /* which follows at once */
	}
	if (code != ENT_OK || (none && !is_due && ent_instant_is_none(contract->renews_at))) {
		return code;
	}
	return set(call, contract, is_due ? call->now : at, error);
}

enum ent_code ent_renewal_expect_of(struct ent_call *call, ent_id contract, struct ent_error *error)
{
	struct ent_contract stored;
	if (ent_id_is_none(contract)) {
		return ENT_OK;
	}
	enum ent_code code = ent_record_load(call, &ent_contract_type, contract, &stored, error);
	return code == ENT_OK ? ent_renewal_expect(call, &stored, error) : code;
}

/* ---- what was made of it ---- */

struct successor {
	bool is_made; /* for this term, by this or otherwise, also if it was declined */
	ent_id draft; /* made by this, and nobody has confirmed it yet */
};

static ent_str key_of(struct ent_call *call, const struct ent_contract *contract)
{
	return ent_text_format(call->arena, "%lld:%d", (long long)contract->id.value,
	                       (int)contract->ends_on.day);
}

static enum ent_code find_successor(struct ent_call *call, const struct ent_contract *contract,
                                    struct successor *out, struct ent_error *error)
{
	ent_str key = key_of(call, contract);
	struct ent_rows rows;
	*out = (struct successor){ .draft = ENT_ID_NONE };
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT id, stage, cancelled_at IS NOT NULL, renewal_key FROM contract "
	                "WHERE account_id = $1 AND renewed_from_id = $2"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id)), call->arena,
		&rows, error);
	for (const struct ent_row *row = code == ENT_OK ? rows.first : NULL; row != NULL;
	     row = row->next) {
		bool cancelled =
			row->cell[2].number != 0 || ent_str_is(row->cell[1].text, "cancelled");
		bool is_draft = !cancelled && ent_str_is(row->cell[1].text, "draft");
		out->is_made = out->is_made || !cancelled || ent_str_eq(row->cell[3].text, key);
		if (is_draft && row->cell[3].kind == ENT_K_TEXT) {
			out->draft = (ent_id){ row->cell[0].number };
		}
	}
	return code;
}

static enum ent_code handle(struct ent_call *call, struct ent_contract *contract, ent_instant was,
                            struct ent_error *error)
{
	struct successor successor = { .draft = ENT_ID_NONE };
	ent_instant at;
	contract->renews_at = was;
	enum ent_code code = find_instant(call, contract, &at, error);
	bool renews = code == ENT_OK && !ent_instant_is_none(at);
	bool off = is_broken_off(contract);
	if (code == ENT_OK && (renews || off)) {
		code = find_successor(call, contract, &successor, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	if (off && !ent_id_is_none(successor.draft)) {
		code = ent_renewal_withdraw(call, contract, successor.draft, error);
	} else if (!ent_id_is_none(successor.draft)) {
		code = ent_renewal_update(call, contract, key_of(call, contract), successor.draft,
		                          error);
	} else if (renews && !successor.is_made && at.us > call->now.us) {
		return set(call, contract, at, error);
	} else if (renews && !successor.is_made) {
		code = ent_renewal_make(call, contract, key_of(call, contract), error);
	}
	return code == ENT_OK ? set(call, contract, ENT_INSTANT_NONE, error) : code;
}

enum ent_code ent_contract_visit_all(struct ent_call *call, const struct ent_agenda_item *items,
                                     size_t count, ent_contract_visit *visit,
                                     struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		struct ent_contract contract;
		struct ent_error missing;
		ent_error_clear(&missing);
		code = ent_record_load(call, &ent_contract_type, items[i].id, &contract, &missing);
		if (code == ENT_E_NOT_FOUND) {
			code = ENT_OK; /* deleted */
		} else if (code == ENT_OK) {
			code = visit(call, &contract, items[i].at, error);
		} else {
			*error = missing;
		}
	}
	return code;
}

enum ent_code ent_renewal_handle(struct ent_call *call, const struct ent_agenda_item *items,
                                 size_t count, struct ent_error *error)
{
	return ent_contract_visit_all(call, items, count, handle, error);
}
