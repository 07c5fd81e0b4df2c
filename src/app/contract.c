/* contract.c - contracts: created, changed, deleted, read. */
#include "app/contract.h"

#include "app/agenda.h"
#include "app/contract_nest.h"
#include "app/entity.h"
#include "app/reminder.h"
#include "base/text.h"

/* ---- what was given --------------------------------------------------------------------- */

static bool is_given(const struct ent_set *given, const struct ent_field *field)
{
	return ent_set_has(given, ent_type_at(&ent_contract_type, field));
}

#define IS_GIVEN(given, member) is_given(given, ENT_FIELD_OF(contract, member))

static void copy_clauses(const struct ent_contract_template *t, struct ent_contract *contract,
                         struct ent_arena *arena)
{
	const struct ent_template_clause *from = t->clauses.items;
	struct ent_contract_clause *to =
		ENT_NEW(arena, struct ent_contract_clause, t->clauses.count);
	for (size_t i = 0; i < t->clauses.count; i++) {
		ent_type_clear(&ent_contract_clause_type, &to[i]);
		to[i].sequence = from[i].sequence;
		to[i].title = from[i].title;
		to[i].body = from[i].body;
	}
	contract->clauses = (struct ent_children){ to, t->clauses.count };
}

static enum ent_code fill_from_template(struct ent_call *call, struct ent_contract *contract,
                                        const struct ent_set *given, struct ent_error *error)
{
	struct ent_contract_template t;
	struct ent_error missing;
	ent_error_clear(&missing);
	if (ent_id_is_none(contract->template_id)) {
		return ENT_OK;
	}
	enum ent_code code = ent_record_load(call, &ent_contract_template_type,
	                                     contract->template_id, &t, &missing);
	if (code == ENT_E_NOT_FOUND) {
		return ENT_OK; /* noted with the references */
	}
	if (code != ENT_OK) {
		*error = missing;
		return code;
	}
	if (t.inactive) {
		ent_note(error, ENT_E_INVALID, "/template_id", t.name, "the template is inactive");
	}
	struct ent_set kept = *given;
	if (IS_GIVEN(given, ends_on)) {
		ent_set_add(&kept, ent_type_at(&ent_contract_type, ENT_FIELD_OF(contract, term)));
	}
	ent_type_fill(&ent_contract_template_type, &t, &ent_contract_type, contract, &kept);
	contract->approver_id =
		ent_id_is_none(contract->approver_id) ? t.approver_id : contract->approver_id;
	if (!IS_GIVEN(given, clauses)) {
		copy_clauses(&t, contract, call->arena);
	}
	return ENT_OK;
}

/* The contract itself, its template, the account or the organisation asks for it. */
static enum ent_code settle_approval(struct ent_call *call, struct ent_contract *contract,
                                     struct ent_error *error)
{
	const struct ent_settings *settings;
	struct ent_rows rows;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code == ENT_OK) {
		code = ent_db_run(
			call->db, ENT_STR("SELECT approve_contracts FROM account WHERE id = $1"),
			ENT_ARGS(ent_arg_id(contract->account_id)), call->arena, &rows, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	bool account = rows.count > 0 && rows.first->cell[0].number != 0;
	contract->approval_required =
		contract->approval_required || settings->approve_contracts || account;
	contract->approval =
		contract->approval_required ? ENT_APPROVAL_DRAFT : ENT_APPROVAL_NOT_REQUIRED;
	return ENT_OK;
}

static bool same_term(ent_duration a, ent_duration b)
{
	return a.months == b.months && a.days == b.days && a.seconds == b.seconds;
}

/* First day and term give the last day; first and last day give the term. */
static void settle_term(const struct ent_contract *before, struct ent_contract *contract,
                        const struct ent_set *given, struct ent_error *error)
{
	bool has_term = !ent_duration_is_none(contract->term) && contract->term.seconds == 0;
	bool term_told = before == NULL ? has_term
	                                : has_term && IS_GIVEN(given, term) &&
	                                          !same_term(before->term, contract->term);
	bool end_told = before == NULL ? IS_GIVEN(given, ends_on)
	                               : before->ends_on.day != contract->ends_on.day;
	if (term_told && !ent_date_is_none(contract->starts_on)) {
		ent_date last = ent_contract_last_day(contract->starts_on, contract->term);
		if (end_told && last.day != contract->ends_on.day) {
			ent_note(error, ENT_E_RANGE, "/term", (ent_str){ NULL, 0 },
			         "does not lead to ends_on: give one of them");
		}
		contract->ends_on = last;
	}
	contract->term = ent_contract_term(contract->starts_on, contract->ends_on);
}

/* Rows without a place come behind those before them. */
static void order_clauses(struct ent_contract *contract)
{
	struct ent_contract_clause *rows = contract->clauses.items;
	int64_t last = 0;
	for (size_t i = 0; i < contract->clauses.count; i++) {
		if (ent_count_is_none(rows[i].sequence)) {
			rows[i].sequence = (ent_count){ last + 1 };
		}
		last = rows[i].sequence.n;
	}
}

/* ---- changes ---------------------------------------------------------------------------- */

/* What reaches beyond the new days: a line, a coverage row or an entitlement. */
static enum ent_code check_orphans(struct ent_call *call, const struct ent_contract *contract,
                                   struct ent_error *error)
{
#define BEYOND                                                         \
	"account_id = $1 AND contract_id = $2 AND (starts_on < $3 OR " \
	"starts_on > $4 OR ends_on > $4"
	bool open = ent_date_is_none(contract->ends_on);
	int64_t last = open ? INT32_MAX : contract->ends_on.day;
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT name FROM contract_line WHERE " BEYOND
	                " OR (ends_on IS NULL AND $5)) AND parent_id IS NULL UNION ALL "
	                "SELECT name FROM entitlement WHERE " BEYOND
	                " OR (ends_on IS NULL AND $5)) UNION ALL "
	                "SELECT 'coverage' FROM contract_coverage WHERE " BEYOND ") LIMIT 1"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id),
	                 ent_arg_int(contract->starts_on.day), ent_arg_int(last),
	                 ent_value_bool(!open)),
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

static enum ent_code check_currency(struct ent_call *call, const struct ent_contract *before,
                                    const struct ent_contract *contract, struct ent_error *error)
{
	struct ent_rows rows;
	if (ent_str_eq(before->currency, contract->currency) || contract->line_count == 0) {
		return ENT_OK;
	}
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT id FROM contract_line WHERE account_id = $1 AND contract_id = $2 "
	                "AND (unit_price IS NOT NULL OR list_price IS NOT NULL) LIMIT 1"),
		ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id)), call->arena,
		&rows, error);
	if (code == ENT_OK && rows.count > 0) {
		ent_note(error, ENT_E_CURRENCY_MISMATCH, "/currency", contract->currency,
		         "lines have prices in another one");
	}
	return code;
}

enum ent_code ent_contract_check_follower(struct ent_call *call, const struct ent_contract *before,
                                          const struct ent_contract *after, const char *pointer,
                                          struct ent_error *error)
{
	bool open = ent_date_is_none(after->ends_on);
	char day[11];
	struct ent_rows rows;
	if (ent_date_is_none(before->ends_on) ||
	    (!open && after->ends_on.day <= before->ends_on.day)) {
		return ENT_OK;
	}
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT number, starts_on FROM contract WHERE account_id = $1 AND "
	                "renewed_from_id = $2 AND starts_on <= $3 AND stage <> 'cancelled' AND "
	                "cancelled_at IS NULL AND NOT (stage = 'draft' AND renewal_key IS NOT "
	                "NULL) ORDER BY starts_on LIMIT 1"),
		ENT_ARGS(ent_arg_id(before->account_id), ent_arg_id(before->id),
	                 ent_arg_int(open ? INT32_MAX : after->ends_on.day)),
		call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		ent_str number = rows.first->cell[0].text;
		ent_date_format((ent_date){ (int32_t)rows.first->cell[1].number }, day);
		ent_note(error, ENT_E_RENEW_ALREADY, pointer, number,
		         "%.*s renews it from %s: end it before that, or cancel what renews it",
		         (int)number.len, number.ptr, day);
	}
	return code;
}

static enum ent_code judge_change(struct ent_call *call, const struct ent_contract *before,
                                  struct ent_contract *contract, const struct ent_zone *zone,
                                  struct ent_error *error)
{
	enum ent_contract_state state = ent_contract_own_state(call, before);
	struct ent_set changed =
		ent_record_diff(&ent_contract_type, before, contract, *call->arena);
	bool moved = before->starts_on.day != contract->starts_on.day ||
	             before->ends_on.day != contract->ends_on.day;
	if (before->approval == ENT_APPROVAL_IN_REVIEW && !ent_set_is_empty(&changed)) {
		ent_note(error, ENT_E_EDIT_LOCKED, "", (ent_str){ NULL, 0 },
		         "it is in review: recall it first");
	}
	bool has_days = contract->line_count > 0 ||
	                (contract->extra_rows & ENT_CONTRACT_COVERAGE) != 0;
	if (has_days && !ent_str_eq(before->time_zone, contract->time_zone)) {
		ent_note(error, ENT_E_EDIT_LOCKED, "/time_zone", contract->time_zone,
		         "the days of its lines and coverage are in it");
	}
	ent_contract_check_edit(&ent_contract_type, state, &changed, error);
	ent_contract_check_end(state, before->ends_on, contract->ends_on,
	                       ent_zone_date(zone, call->now), error);
	if (moved && ent_contract_is_live(state)) {
		bool open = ent_date_is_none(contract->ends_on);
		contract->ends_early = !open && (ent_date_is_none(before->ends_on) ||
		                                 contract->ends_on.day < before->ends_on.day);
	}
	enum ent_code code = moved ? check_orphans(call, contract, error) : ENT_OK;
	if (code == ENT_OK) {
		code = ent_contract_check_follower(call, before, contract, "/ends_on", error);
	}
	return code == ENT_OK ? check_currency(call, before, contract, error) : code;
}

/* ---- hooks ------------------------------------------------------------------------------ */

static void refuse_nested(const struct ent_contract *contract, struct ent_error *error)
{
	static const char remedy[] = "make them by themselves, or with POST .../lines";
	if (contract->lines.text.len > 0) {
		ent_note(error, ENT_E_READ_ONLY, "/lines", (ent_str){ NULL, 0 }, "%s", remedy);
	}
	if (contract->coverage.text.len > 0) {
		ent_note(error, ENT_E_READ_ONLY, "/coverage", (ent_str){ NULL, 0 }, "%s", remedy);
	}
	if (contract->entitlements.text.len > 0) {
		ent_note(error, ENT_E_READ_ONLY, "/entitlements", (ent_str){ NULL, 0 }, "%s",
		         remedy);
	}
}

ENT_HOOK_CHECK(ent_contract_judge)
{
	struct ent_contract *contract = object;
	const struct ent_zone *zone = NULL;
	enum ent_code code = ENT_OK;
	if (before == NULL) {
		contract->stage = ENT_STAGE_DRAFT;
		code = fill_from_template(call, contract, given, error);
		if (code == ENT_OK) {
			code = settle_approval(call, contract, error);
		}
	}
	if (code == ENT_OK) {
		code = ent_settle_zone(call, &contract->time_zone, contract->account_id, &zone,
		                       error);
	}
	if (code != ENT_OK) {
		return code;
	}
	settle_term(before, contract, given, error);
	order_clauses(contract);
	ent_contract_check(contract, error);
	ent_reminder_check_contract(contract, *call->arena, error);
	contract->reminder_count = (int64_t)contract->reminders.count;
	if (zone != NULL) {
		ent_contract_dates(contract, zone);
	}
	if (before == NULL) {
		return ent_nest_read(call, contract, NULL, NULL, ENT_DATE_NONE, zone, error);
	}
	refuse_nested(contract, error);
	return zone == NULL ? ENT_OK : judge_change(call, before, contract, zone, error);
}

enum ent_code ent_contract_number(struct ent_call *call, ent_str *out, struct ent_error *error)
{
	int64_t number;
	enum ent_code code = ent_store_number(ent_app_store(call->app), "contract", &number, error);
	if (code == ENT_OK) {
		*out = ent_text_format(call->arena, "CTR-%06lld", (long long)number);
	}
	return code;
}

ENT_HOOK_CREATE(ent_contract_create)
{
	struct ent_contract *contract = object;
	bool begins = !contract->approval_required && !contract->keep_draft;
	enum ent_code code = ent_contract_number(call, &contract->number, error);
	if (code == ENT_OK) {
		contract->stage = begins ? ENT_STAGE_LIVE : ENT_STAGE_DRAFT;
		contract->line_count = (int64_t)ent_nest_lines(call);
		code = ent_record_insert(call, &ent_contract_type, contract, "created", error);
	}
	if (code == ENT_OK) {
		code = ent_nest_insert(call, contract, error);
	}
	if (code == ENT_OK && begins) {
		struct ent_contract *stored =
			ent_record_copy(call->arena, &ent_contract_type, contract);
		stored->stage = ENT_STAGE_DRAFT;
		code = ent_contract_begin(call, contract, error);
		if (code == ENT_OK) {
			code = ent_record_save(call, &ent_contract_type, stored, contract,
			                       ent_contract_begun(call, contract), error);
		}
	}
	return code;
}

ENT_HOOK_UPDATE(ent_contract_update)
{
	struct ent_contract *contract = object;
	const struct ent_contract *old = before;
	bool edited = old->approval == ENT_APPROVAL_APPROVED && old->stage == ENT_STAGE_DRAFT;
	if (edited || old->approval == ENT_APPROVAL_REJECTED) {
		contract->approval =
			ENT_APPROVAL_DRAFT; /* what was decided was about the old one */
	}
	enum ent_code code =
		ent_record_save(call, &ent_contract_type, old, contract, "updated", error);
	if (code == ENT_OK && contract->stage == ENT_STAGE_LIVE) {
		code = ent_contract_expect(call, contract, ent_contract_next_own(call, contract),
		                           error);
	}
	return code;
}

/* ---- delete ----------------------------------------------------------------------------- */

enum ent_code ent_contract_unused(struct ent_call *call, bool is_line, ent_id account, ent_id id,
                                  struct ent_error *error)
{
	static const char contract[] =
		"SELECT 'entitlements' FROM entitlement WHERE account_id = $1 AND contract_id = $2 "
		"UNION ALL SELECT 'operations' FROM contract_operation WHERE account_id = $1 AND "
		"contract_id = $2 UNION ALL SELECT 'history' FROM contract_link WHERE "
		"from_contract_id = $2 OR to_contract_id = $2 LIMIT 1";
	static const char line[] =
		"SELECT 'entitlements' FROM entitlement WHERE account_id = $1 AND "
		"contract_line_id = $2 UNION ALL SELECT 'lines' FROM contract_line WHERE "
		"account_id = $1 AND parent_id = $2 UNION ALL SELECT 'history' FROM contract_link "
		"WHERE from_line_id = $2 OR to_line_id = $2 LIMIT 1";
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db, ent_str_of(is_line ? line : contract),
	                                ENT_ARGS(ent_arg_id(account), ent_arg_id(id)), call->arena,
	                                &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		return ent_fail(error, ENT_E_IN_USE, "%s refer to it",
		                rows.first->cell[0].text.ptr);
	}
	return code;
}

ENT_HOOK_REMOVE(ent_contract_remove)
{
	static const char *const lines[] = {
		("DELETE FROM contract_coverage WHERE account_id = $1 AND (contract_id = $2 OR "
		 "contract_line_id IN (SELECT id FROM contract_line WHERE account_id = $1 AND "
		 "contract_id = $2))"),
		("UPDATE contract_line SET parent_id = NULL WHERE account_id = $1 AND "
		 "contract_id = $2"),
		"DELETE FROM contract_line WHERE account_id = $1 AND contract_id = $2",
	};
	const struct ent_contract *contract = object;
	enum ent_code code = ent_contract_allow(ent_contract_own_state(call, contract),
	                                        ENT_CONTRACT_DO_DELETE, error);
	if (code == ENT_OK) {
		code = ent_contract_unused(call, false, contract->account_id, contract->id, error);
	}
	for (size_t i = 0; i < ENT_COUNT(lines) && code == ENT_OK; i++) {
		code = ent_db_exec(
			call->db, ent_str_of(lines[i]),
			ENT_ARGS(ent_arg_id(contract->account_id), ent_arg_id(contract->id)),
			ENT_ANY_ROWS, call->arena, error);
	}
	return code == ENT_OK ? ent_record_remove(call, &ent_contract_type, contract, error) : code;
}

/* ---- templates -------------------------------------------------------------------------- */

ENT_HOOK_CHECK(ent_contract_template_judge)
{
	(void)given;
	(void)before;
	struct ent_contract_template *t = object;
	if (t->currency.len > 0 && ent_currency_digits(t->currency) < 0) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/currency", t->currency,
		         "give a currency of ISO 4217, e.g. EUR");
	}
	if (!ent_duration_is_none(t->term) && t->term.seconds != 0) {
		ent_note(error, ENT_E_FORMAT, "/term", (ent_str){ NULL, 0 },
		         "give years, months and days");
	}
	return ent_check_unique(call, &ent_contract_template_type, t->id, "name", t->name, error);
}
