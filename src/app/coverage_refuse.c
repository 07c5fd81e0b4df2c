/* Why an entitlement is refused, and the trees of accounts. */
#include "app/coverage.h"

#include "app/inner.h"

#include <stdio.h>

/* ---- refusals ---- */

enum ent_code ent_coverage_refuse(const struct ent_coverage_candidate *candidate,
                                  const char *pointer, struct ent_error *error)
{
	enum ent_code code = ENT_E_NOT_COVERED;
	if (candidate->reasons == UINT32_C(1) << ENT_REASON_TERMS_EXHAUSTED) {
		code = ENT_E_TERMS_EXHAUSTED;
	} else if (candidate->reasons == UINT32_C(1) << ENT_REASON_CHANNEL_TERMS_EXHAUSTED) {
		code = ENT_E_CHANNEL_TERMS_EXHAUSTED;
	}
	char text[ENT_ID_ROOM];
	ent_str id = { text, ent_id_format(candidate->right->id, "ent", text) };
	ent_error_clear(error);
	char list[160] = "";
	size_t len = 0;
	for (unsigned i = 0; i < ENT_REASON_COUNT; i++) {
		if ((candidate->reasons & UINT32_C(1) << i) == 0) {
			continue;
		}
		const char *name = ent_reason_text((enum ent_reason)i);
		ent_note(error, code, pointer, id, "%s: %s", name,
		         ent_reason_meaning((enum ent_reason)i));
		len += (size_t)snprintf(list + len, len < sizeof(list) ? sizeof(list) - len : 0,
		                        "%s%s", len > 0 ? ", " : "", name);
		len = len < sizeof(list) ? len : sizeof(list) - 1;
	}
	size_t issues = error->issue_count;
	ent_fail(error, code, "%s does not cover this: %s", text, list);
	error->issue_count = issues;
	return code;
}

/* ---- trees of accounts ---- */

enum ent_code ent_account_path(struct ent_call *call, ent_id account, struct ent_ids *out,
                               struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("WITH RECURSIVE up(id, parent_id, depth) AS ("
	                "SELECT id, parent_id, CAST(0 AS BIGINT) FROM account WHERE id = $1 "
	                "UNION ALL SELECT a.id, a.parent_id, up.depth + 1 FROM account a "
	                "JOIN up ON a.id = up.parent_id WHERE up.depth < 31) "
	                "SELECT id FROM up ORDER BY depth"),
		ENT_ARGS(ent_arg_id(account)), call->arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	if (rows.count == 0) {
		return ent_fail(error, ENT_E_NOT_FOUND, "there is no such account");
	}
	ent_id *items = ENT_NEW(call->arena, ent_id, rows.count);
	size_t n = 0;
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next) {
		items[n++].value = row->cell[0].number;
	}
	*out = (struct ent_ids){ items, n };
	return ENT_OK;
}
