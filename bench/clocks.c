#include "clocks.h"

#include "app/action.h"
#include "base/text.h"

#include <string.h>

enum { PIECE = 10000 };

struct making {
	const struct clocks *clocks;
	ent_id account, case_id;
	ent_id last;        /* of the milestones of that case, or greater */
	ent_instant target; /* of the first milestone of the case that is copied */
	size_t first, end;
	int64_t base_us; /* when the first milestone of case 0 falls due, or would */
};

/* ---- the first of each, by the use cases --------------------------------------------------- */

static const char rules[] =
	"[{\"name\":\"First answer\",\"kind\":\"first_response\",\"target\":\"PT1H\","
	"\"warn_percent\":100},"
	"{\"name\":\"Update\",\"target\":\"PT120H\",\"criteria\":\"priority != 'low'\"},"
	"{\"name\":\"Workaround\",\"target\":\"PT240H\"},"
	"{\"name\":\"Fix\",\"kind\":\"resolution\",\"target\":\"PT360H\"},"
	"{\"name\":\"Report\",\"target\":\"PT480H\"}]";

static enum ent_code act(struct ent_call *call, const struct ent_type *type, const char *name,
                         ent_id id, struct ent_error *error)
{
	const struct ent_action_row *action = ent_action_of(type, ent_str_of(name));
	void *input = ent_arena_alloc(call->arena, 1, action->input->size, 16);
	void *out = ent_arena_alloc(call->arena, 1, action->result->size, 16);
	ent_type_clear(action->input, input);
	return action->act(call, id, 0, input, out, error);
}

static enum ent_code make_policy(struct ent_call *call, struct ent_error *error)
{
	struct ent_set given = { { 0 } };
	struct ent_sla_policy policy;
	struct ent_sla_policy_version version;
	ent_type_clear(&ent_sla_policy_type, &policy);
	ent_type_clear(&ent_sla_policy_version_type, &version);
	policy.name = ENT_STR("Gold");
	enum ent_code code = ent_record_create(call, &ent_sla_policy_type, &policy, &given, error);
	version.sla_policy_id = policy.id;
	version.rules.text = ent_str_of(rules);
	if (code == ENT_OK) {
		code = ent_record_create(call, &ent_sla_policy_version_type, &version, &given,
		                         error);
	}
	if (code == ENT_OK) {
		code = act(call, &ent_sla_policy_version_type, "activate", version.id, error);
	}
	if (code == ENT_OK) {
		code = act(call, &ent_sla_policy_version_type, "set_default", version.id, error);
	}
	return code == ENT_OK ? act(call, &ent_sla_policy_type, "set_default", policy.id, error)
	                      : code;
}

/* When time brings the first thing to the case that was made. */
static enum ent_code first_due(struct ent_call *call, struct making *making,
                               struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT MIN(due_at) FROM milestone WHERE account_id = $1 AND case_id = $2 "
	                "AND stage = 'open'"),
		ENT_ARGS(ent_arg_id(making->account), ent_arg_id(making->case_id)), call->arena,
		&rows, error);
	if (code == ENT_OK) {
		making->target.us = rows.first->cell[0].number;
	}
	return code;
}

static enum ent_code make_first(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct making *making = arg;
	struct ent_set given = { { 0 } };
	struct ent_account account;
	struct ent_case c;
	ent_type_clear(&ent_account_type, &account);
	ent_type_clear(&ent_case_type, &c);
	account.name = ENT_STR("Acme");
	enum ent_code code = making->clocks->are_bare ? ENT_OK : make_policy(call, error);
	if (code == ENT_OK) {
		code = ent_record_create(call, &ent_account_type, &account, &given, error);
	}
	c.account_id = account.id;
	c.title = ENT_STR("It does not print");
	if (code == ENT_OK) {
		code = ent_record_create(call, &ent_case_type, &c, &given, error);
	}
	making->account = account.id;
	making->case_id = c.id;
	making->last = ent_app_id(call->app);
	making->target = call->now;
	return code == ENT_OK && !making->clocks->are_bare ? first_due(call, making, error) : code;
}

/* ---- and copies of them -------------------------------------------------------------------- */

/* INSERT INTO t (columns) SELECT columns FROM t, n WHERE …; `i` counts the copies. Instants of what
 * belongs to a case move with it. */
static enum ent_code copy(struct ent_call *call, const struct making *making,
                          const struct ent_type *type, const char *id, const char *number,
                          const char *where, struct ent_error *error)
{
	struct ent_text sql = ent_text_begin(call->arena);
	int64_t shift = making->base_us - making->target.us;
	ent_text_addf(&sql,
	              "WITH RECURSIVE n(i) AS (SELECT %zu UNION ALL SELECT i + 1 FROM n "
	              "WHERE i + 1 < %zu) INSERT INTO \"%s\" (",
	              making->first, making->end, type->name);
	ent_row_columns(type, "", &sql);
	ent_text_add(&sql, ENT_STR(") SELECT "));
	const char *comma = "";
	for (size_t k = 0; k < type->count; k++) {
		const char *name = type->fields[k].name;
		if (!ent_field_is_column(&type->fields[k])) {
			continue;
		}
		ent_text_add(&sql, ent_str_of(comma));
		comma = ", ";
		if (strcmp(name, "id") == 0) {
			ent_text_add(&sql, ent_str_of(id));
		} else if (strcmp(name, "account_id") == 0) {
			ent_text_addf(&sql, "t.account_id + 1 + n.i %% %d", CLOCK_ACCOUNTS);
		} else if (strcmp(name, "case_id") == 0) {
			ent_text_add(&sql, ENT_STR("t.case_id + 1 + n.i"));
		} else if (strcmp(name, "number") == 0) {
			ent_text_add(&sql, ent_str_of(number));
		} else if (type->fields[k].kind == ENT_K_INSTANT) {
			ent_text_addf(&sql, "t.%s + (%lld + CAST(n.i AS BIGINT) * %lld)", name, (long long)shift,
			              (long long)making->clocks->step_us);
		} else {
			ent_text_addf(&sql, "t.%s", name);
		}
	}
	ent_text_addf(&sql, " FROM n CROSS JOIN \"%s\" t WHERE %s", type->name, where);
	return ent_db_exec(call->db, ent_text_end(&sql), NULL, 0, ENT_ANY_ROWS, call->arena, error);
}

static enum ent_code copy_accounts(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct making *making = arg;
	making->first = 0;
	making->end = CLOCK_ACCOUNTS;
	ent_str where =
		ent_text_format(call->arena, "t.id = %lld", (long long)making->account.value);
	enum ent_code code =
		copy(call, making, &ent_account_type, "t.id + 1 + n.i", "NULL", where.ptr, error);
	ent_str heads = ent_text_format(
		call->arena,
		"INSERT INTO account_head (account_id, version, seq, hash) SELECT a.id, h.version, "
		"h.seq, h.hash FROM account_head h CROSS JOIN account a "
		"WHERE h.account_id = %lld AND a.id > h.account_id",
		(long long)making->account.value);
	return code == ENT_OK
	               ? ent_db_exec(call->db, heads, NULL, 0, ENT_ANY_ROWS, call->arena, error)
	               : code;
}

static enum ent_code copy_cases(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct making *making = arg;
	long long id = (long long)making->case_id.value;
	ent_str of_case = ent_text_format(call->arena, "t.id = %lld", id);
	ent_str in_case = ent_text_format(call->arena, "t.account_id = %lld AND t.case_id = %lld",
	                                  (long long)making->account.value, id);
	ent_str milestone = ent_text_format(
		call->arena,
		"%lld + 1 + n.i * %d + (SELECT COUNT(*) FROM milestone m WHERE m.account_id = "
		"%lld AND m.case_id = %lld AND m.id < t.id)",
		(long long)making->last.value, CLOCK_RULES, (long long)making->account.value, id);
	ent_str due = ent_text_format(
		call->arena,
		"INSERT INTO due (account_id, subject, subject_id, at) SELECT account_id, 'case', "
		"case_id, MIN(due_at) FROM milestone WHERE case_id > %lld AND case_id <= %lld "
		"AND stage = 'open' AND due_at IS NOT NULL GROUP BY account_id, case_id",
		id + (long long)making->first, id + (long long)making->end);
	enum ent_code code = copy(call, making, &ent_case_type, "t.id + 1 + n.i",
	                          "'B-' || CAST(n.i AS TEXT)", of_case.ptr, error);
	if (code == ENT_OK) {
		code = copy(call, making, &ent_milestone_type, milestone.ptr, "NULL", in_case.ptr,
		            error);
	}
	return code == ENT_OK
	               ? ent_db_exec(call->db, due, NULL, 0, ENT_ANY_ROWS, call->arena, error)
	               : code;
}

static enum ent_code make_cases(struct ent_app *app, const struct ent_call *model,
                                struct making *making, size_t first, size_t end,
                                struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (size_t i = first; i < end && code == ENT_OK; i += PIECE) {
		making->first = i;
		making->end = i + PIECE < end ? i + PIECE : end;
		code = ent_app_run(app, ENT_WRITE, model, copy_cases, making, error);
	}
	return code;
}

enum ent_code clocks_make(struct ent_app *app, struct clocks *clocks, struct ent_error *error)
{
	struct making making = { .clocks = clocks };
	struct ent_call model = { .now = ent_app_now(app),
		                  .who = &ent_principal_system,
		                  .origin = ENT_STR("bench") };
	size_t later = clocks->cases - clocks->due;
	enum ent_code code = ent_app_run(app, ENT_WRITE, &model, make_first, &making, error);
	if (code == ENT_OK) {
		code = ent_app_run(app, ENT_WRITE, &model, copy_accounts, &making, error);
	}
	int64_t began = ent_app_now(app).us;
	making.base_us = began + 365 * INT64_C(86400) * ENT_SECOND_US;
	if (code == ENT_OK) {
		code = make_cases(app, &model, &making, 0, later, error);
	}
	int64_t now = ent_app_now(app).us;
	int64_t guess = later == 0 ? 0 : 2 * (now - began) / (int64_t)later * (int64_t)clocks->due;
	clocks->from = (ent_instant){ now + guess + clocks->lead_us };
	making.base_us = clocks->from.us - (int64_t)later * clocks->step_us;
	return code == ENT_OK ? make_cases(app, &model, &making, later, clocks->cases, error)
	                      : code;
}
