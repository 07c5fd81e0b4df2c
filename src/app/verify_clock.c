/* What is due, and what cases say of their clocks. */
#include "app/verify_inner.h"

#include "base/text.h"
#include "core/sla.h"

enum { CASES = 200 };

/* ---- cases and their milestones -------------------------------------------------------------- */

static void compare(struct ent_verifying *v, const struct ent_case *c, const char *what,
                    int64_t stored, int64_t counted)
{
	if (stored != counted) {
		ent_verify_note(v, "clock", ent_case_type.prefix, c->id,
		                "%s is %lld, its milestones say %lld", what, (long long)stored,
		                (long long)counted);
	}
}

static void check_case(struct ent_verifying *v, const struct ent_case *c,
                       struct ent_milestone **milestones, size_t count)
{
	struct ent_sla_run run = { .milestones = milestones,
		                   .count = count,
		                   .pauses = c->sla_pauses };
	struct ent_case fresh = *c;
	ent_sla_summarise(&run, &fresh);
	compare(v, c, "next_due_at", c->next_due_at.us, fresh.next_due_at.us);
	compare(v, c, "next_warn_at", c->next_warn_at.us, fresh.next_warn_at.us);
	compare(v, c, "sla_stage", c->sla_stage, fresh.sla_stage);
}

static enum ent_code load(struct ent_call *call, const struct ent_verifying *v,
                          struct ent_list *cases, struct ent_list *milestones,
                          struct ent_error *error)
{
	enum ent_code code = ent_row_select(
		call->db, &ent_case_type,
		ENT_STR("WHERE t.account_id = $1 AND t.id > $2 ORDER BY t.id LIMIT $3"),
		ENT_ARGS(ent_arg_id(v->account), ent_arg_int(v->after.value), ent_arg_int(CASES)),
		call->arena, cases, error);
	*milestones = (struct ent_list){ .items = NULL };
	if (code != ENT_OK || cases->count == 0) {
		return code;
	}
	const struct ent_case *items = cases->items;
	return ent_row_select(
		call->db, &ent_milestone_type,
		ENT_STR("WHERE t.account_id = $1 AND t.case_id > $2 AND t.case_id <= $3 "
	                "ORDER BY t.case_id, t.id"),
		ENT_ARGS(ent_arg_id(v->account), ent_arg_int(v->after.value),
	                 ent_arg_id(items[cases->count - 1].id)),
		call->arena, milestones, error);
}

enum ent_code ent_verify_clocks(struct ent_call *call, struct ent_verifying *v,
                                struct ent_error *error)
{
	struct ent_list cases;
	struct ent_list list;
	enum ent_code code = load(call, v, &cases, &list, error);
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_case *items = cases.items;
	struct ent_milestone *all = list.items;
	struct ent_milestone **pointers =
		ENT_NEW(call->arena, struct ent_milestone *, list.count + 1);
	size_t at = 0;
	for (size_t i = 0; i < cases.count; i++) {
		size_t count = 0;
		while (at < list.count && ent_id_eq(all[at].case_id, items[i].id)) {
			pointers[count++] = &all[at++];
		}
		check_case(v, &items[i], pointers, count);
		v->next.after = items[i].id;
	}
	v->next.is_done = cases.count < CASES;
	return ENT_OK;
}

/* ---- the table `due` ----------------------------------------------------------------------------
 */

/* `select` gives id and instant of each record. A row that is earlier than that, and not in the
 * future, is there to have the record looked at again. */
static enum ent_code check_rows(struct ent_call *call, struct ent_verifying *v,
                                const struct ent_type *type, const char *select,
                                struct ent_error *error)
{
	struct ent_rows rows;
	ent_str sql = ent_text_format(
		call->arena,
		"SELECT COALESCE(r.id, d.subject_id), CASE WHEN r.id IS NULL THEN 1 ELSE 0 END "
		"FROM (%s) r FULL JOIN "
		"(SELECT subject_id, at FROM due WHERE account_id = $1 AND subject = '%s') d "
		"ON d.subject_id = r.id WHERE r.id IS NULL OR (r.at IS NOT NULL AND "
		"(d.at IS NULL OR d.at > r.at)) OR (d.at > $2 AND (r.at IS NULL OR d.at < r.at)) "
		"ORDER BY 1 LIMIT $3",
		select, type->name);
	enum ent_code code = ent_db_run(call->db, sql,
	                                ENT_ARGS(ent_arg_id(v->account), ent_arg_instant(call->now),
	                                         ent_arg_int(ENT_VERIFY_FINDINGS)),
	                                call->arena, &rows, error);
	for (const struct ent_row *row = code == ENT_OK ? rows.first : NULL; row != NULL;
	     row = row->next) {
		ent_verify_note(v, "due", type->prefix, (ent_id){ row->cell[0].number },
		                row->cell[1].number != 0
		                        ? "something is due of it, but it is not there"
		                        : "what is due next is not due then, or not at all");
	}
	return code;
}

/* While service levels are switched off nothing is due of cases. */
enum ent_code ent_verify_due(struct ent_call *call, struct ent_verifying *v,
                             struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = check_rows(
		call, v, &ent_entitlement_type,
		"SELECT id, due_at AS at FROM entitlement WHERE account_id = $1", error);
	if (code == ENT_OK) {
		code = ent_db_run(call->db,
		                  ENT_STR("SELECT 1 FROM settings WHERE sla_enabled = FALSE"), NULL,
		                  0, call->arena, &rows, error);
	}
	if (code == ENT_OK && rows.count == 0) {
		code = check_rows(
			call, v, &ent_case_type,
			"SELECT c.id, MIN(m.due_at) AS at FROM \"case\" c LEFT JOIN milestone m "
			"ON m.account_id = c.account_id AND m.case_id = c.id AND m.stage = 'open' "
			"WHERE c.account_id = $1 GROUP BY c.id",
			error);
	}
	return code;
}
