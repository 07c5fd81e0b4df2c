/* Reports on allowances, and on assets and cases that nothing covers. */
#include "app/coverage.h"
#include "app/entity.h"
#include "app/ledger.h"
#include "app/report_inner.h"
#include "base/text.h"

/* ---- usage ------------------------------------------------------------------------------ */

/* Entitlements that count, as they are on the day; `visit` gets those that are live. */
struct using
{
	void (*visit)(struct ent_reporting * r, void *arg, const struct ent_entitlement *e);
	void *arg;
};

/* Balances are kept as of their last posting, and brought forward; back they go by the ledger. */
static enum ent_code rewind_page(struct ent_reporting *r, struct ent_call *call,
                                 struct ent_list *page, struct ent_error *error)
{
	struct ent_entitlement *items = page->items;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < page->count && code == ENT_OK; i++) {
		const struct ent_zone *zone;
		code = ent_ledger_zone(call, &items[i], &zone, error);
		if (code == ENT_OK) {
			code = ent_ledger_rewind(call, &items[i], zone, r->at, error);
		}
	}
	return code;
}

static enum ent_code use_page(struct ent_reporting *r, void *arg, struct ent_call *call,
                              struct ent_list *page, struct ent_error *error)
{
	const struct using *using = arg;
	const struct ent_entitlement *items = page->items;
	bool is_past = r->at.us < r->call->now.us;
	call->now = r->at;
	enum ent_code code = ent_record_children(call, &ent_entitlement_type, page, error);
	if (code == ENT_OK && is_past) {
		code = rewind_page(r, call, page, error);
	}
	if (code == ENT_OK) {
		code = ent_entitlement_decorate(call, page, error);
	}
	for (size_t i = 0; i < page->count && code == ENT_OK; i++) {
		bool is_live = items[i].state == ENT_ENTITLEMENT_ACTIVE ||
		               items[i].state == ENT_ENTITLEMENT_SUSPENDED;
		if (is_live && items[i].created_at.us <= r->at.us) {
			using->visit(r, using->arg, &items[i]);
		}
	}
	return code;
}

/* Of a past day as its end left it. */
static enum ent_code walk_usage(struct ent_reporting *r, const struct using *using,
                                struct ent_error *error)
{
	if (r->at.us < r->call->now.us) {
		ent_date next = { r->asked->as_of.day + 1 };
		r->at.us = ent_report_begin(r, next).us - 1;
	}
	return ent_report_pages(r, &ent_entitlement_type,
	                        " AND t.stage = 'live' AND t.unit <> 'none'", use_page,
	                        (void *)(uintptr_t) using, error);
}

static void add_usage(struct ent_reporting *r, void *arg, const struct ent_entitlement *e)
{
	struct ent_report_usage *row = ent_report_row(r);
	(void)arg;
	if (row == NULL) {
		return;
	}
	row->entitlement_id = e->id;
	row->account_id = e->account_id;
	row->state = e->state;
	row->unit = e->unit;
	row->granted = e->unlimited ? ENT_COUNT_NONE : e->granted;
	row->used = e->consumed;
	row->reserved = e->reserved;
	row->available = e->available;
	row->resets_on = e->resets_on;
	row->used_percent = ent_count_is_none(row->granted)
	                            ? ENT_DECIMAL_NONE
	                            : ent_percent_of(e->consumed.n, e->granted.n);
}

enum ent_code ent_report_run_usage(struct ent_reporting *r, struct ent_error *error)
{
	struct using using = { add_usage, NULL };
	enum ent_code code = walk_usage(r, &using, error);
	if (code == ENT_OK) {
		code = ent_report_name(r, "entitlement_id", "entitlement", "number", "number",
		                       error);
	}
	if (code == ENT_OK) {
		code = ent_report_name(r, "entitlement_id", "entitlement", "name", "name", error);
	}
	return code == ENT_OK
	               ? ent_report_name(r, "account_id", "account", "name", "account", error)
	               : code;
}

/* Rows are found by account and unit among those that there are; entitlements of an account come
 * near each other, so the search begins with the last. */
static void add_account_usage(struct ent_reporting *r, void *arg, const struct ent_entitlement *e)
{
	struct ent_report_usage_accounts *rows = r->rows.items;
	struct ent_report_usage_accounts *row = NULL;
	(void)arg;
	if (e->unlimited || ent_count_is_none(e->granted) || ent_count_is_none(e->consumed)) {
		return;
	}
	for (size_t i = r->rows.count; i > 0 && row == NULL; i--) {
		bool is_it = ent_id_eq(rows[i - 1].account_id, e->account_id) &&
		             rows[i - 1].unit == e->unit;
		row = is_it ? &rows[i - 1] : NULL;
	}
	row = row == NULL ? ent_report_row(r) : row;
	if (row == NULL) {
		return;
	}
	row->account_id = e->account_id;
	row->unit = e->unit;
	row->entitlements++;
	row->exhausted += !ent_count_is_none(e->available) && e->available.n <= 0;
	row->granted += e->granted.n;
	row->used += e->consumed.n;
	row->used_percent = ent_percent_of(row->used, row->granted);
}

enum ent_code ent_report_run_usage_accounts(struct ent_reporting *r, struct ent_error *error)
{
	struct using using = { add_account_usage, NULL };
	enum ent_code code = walk_usage(r, &using, error);
	return code == ENT_OK
	               ? ent_report_name(r, "account_id", "account", "name", "account", error)
	               : code;
}

/* ---- assets ----------------------------------------------------------------------------- */

/* What the best candidate lacks. */
static uint32_t reasons_of(const struct ent_coverage_answer *answer)
{
	uint32_t best = 0;
	for (size_t i = 0; i < answer->count; i++) {
		uint32_t reasons = answer->candidates[i].reasons;
		bool is_nearer =
			best == 0 || __builtin_popcount(reasons) < __builtin_popcount(best);
		best = reasons != 0 && is_nearer ? reasons : best;
	}
	return best;
}

static enum ent_code judge_assets(struct ent_reporting *r, void *arg, struct ent_call *call,
                                  struct ent_list *page, struct ent_error *error)
{
	const struct ent_asset *items = page->items;
	uint32_t *reasons = arg;
	enum ent_code code = ENT_OK;
	for (size_t i = 0; i < page->count && code == ENT_OK; i++) {
		struct ent_arena scratch = *call->arena;
		struct ent_call own = ent_call_within(call, &scratch);
		struct ent_coverage_question question = { .account_id = items[i].account_id,
			                                  .asset_id = items[i].id,
			                                  .at = r->at };
		struct ent_coverage_answer answer;
		code = ent_coverage_decide(&own, &question, ENT_COVERAGE_CACHED, &answer, error);
		bool is_open = code == ENT_OK && answer.chosen == NULL;
		uint32_t why = is_open ? reasons_of(&answer) : 0;
		ent_call_end(&own);
		struct ent_report_uncovered_assets *row = is_open ? ent_report_row(r) : NULL;
		if (row != NULL) {
			reasons[r->rows.count - 1] = why;
			row->asset_id = items[i].id;
			row->product_id = items[i].product_id;
			row->account_id = items[i].account_id;
		}
	}
	return code;
}

static ent_str reason_words(uint32_t reasons, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	bool any = false;
	for (unsigned k = 0; k < ENT_REASON_COUNT; k++) {
		if ((reasons >> k & 1) != 0) {
			ent_text_addf(&out, "%s%s", any ? " " : "",
			              ent_reason_text((enum ent_reason)k));
			any = true;
		}
	}
	return any ? ent_text_end(&out) : (ent_str){ NULL, 0 };
}

enum ent_code ent_report_run_uncovered_assets(struct ent_reporting *r, struct ent_error *error)
{
	uint32_t *reasons = ENT_NEW(r->call->arena, uint32_t, (size_t)r->asked->limit.n);
	struct ent_text where = ent_text_begin(r->call->arena);
	ent_text_addf(&where,
	              " AND t.status = 'in_use' AND (t.ends_on IS NULL OR t.ends_on >= %d) AND "
	              "(t.installed_on IS NULL OR t.installed_on <= %d)",
	              r->asked->as_of.day, r->asked->as_of.day);
	enum ent_code code = ent_report_pages(r, &ent_asset_type, ent_text_end(&where).ptr,
	                                      judge_assets, reasons, error);
	static const char *const names[][4] = {
		{ "asset_id", "asset", "name", "name" },
		{ "asset_id", "asset", "serial_number", "serial_number" },
		{ "account_id", "account", "name", "account" },
	};
	for (size_t i = 0; i < ENT_COUNT(names) && code == ENT_OK; i++) {
		code = ent_report_name(r, names[i][0], names[i][1], names[i][2], names[i][3],
		                       error);
	}
	struct ent_report_uncovered_assets *rows = r->rows.items;
	for (size_t i = 0; i < r->rows.count && code == ENT_OK; i++) {
		rows[i].reasons = reason_words(reasons[i], r->call->arena);
	}
	return code;
}

/* ---- cases ------------------------------------------------------------------------------ */

static enum ent_code add_cases(struct ent_reporting *r, void *arg, struct ent_call *call,
                               struct ent_list *page, struct ent_error *error)
{
	const struct ent_case *items = page->items;
	(void)arg, (void)call, (void)error;
	for (size_t i = 0; i < page->count; i++) {
		struct ent_report_uncovered_cases *row = ent_report_row(r);
		if (row == NULL) {
			return ENT_OK;
		}
		row->case_id = items[i].id;
		row->account_id = items[i].account_id;
		row->state = items[i].state;
		row->priority = items[i].priority;
		row->opened_at = items[i].created_at;
	}
	return ENT_OK;
}

enum ent_code ent_report_run_uncovered_cases(struct ent_reporting *r, struct ent_error *error)
{
	struct ent_text where = ent_text_begin(r->call->arena);
	ent_date behind = { r->asked->to.day + 1 };
	ent_text_addf(&where,
	              " AND t.coverage = 'uncovered' AND t.state <> 'cancelled' AND "
	              "t.created_at >= %lld AND t.created_at < %lld",
	              (long long)ent_report_begin(r, r->asked->from).us,
	              (long long)ent_report_begin(r, behind).us);
	enum ent_code code = ent_report_pages(r, &ent_case_type, ent_text_end(&where).ptr,
	                                      add_cases, NULL, error);
	static const char *const names[][4] = {
		{ "case_id", "case", "number", "number" },
		{ "case_id", "case", "title", "title" },
		{ "account_id", "account", "name", "account" },
	};
	for (size_t i = 0; i < ENT_COUNT(names) && code == ENT_OK; i++) {
		code = ent_report_name(r, names[i][0], names[i][1], names[i][2], names[i][3],
		                       error);
	}
	return code;
}
