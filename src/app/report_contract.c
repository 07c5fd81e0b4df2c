/* Reports on contracts: which end, in which state they are, what the coming months bring. */
#include "app/entity.h"
#include "app/report_inner.h"
#include "base/text.h"

#include <string.h>

/* ---- all contracts ---------------------------------------------------------------------- */

enum { GROUP_LINES = 20000 };

struct walking {
	ent_report_contract *visit;
	void *arg;
};

/* Some contracts of a page, with few enough lines to be in memory at once. */
static enum ent_code walk_group(struct ent_reporting *r, const struct walking *walking,
                                const struct ent_call *call, const struct ent_contract *items,
                                size_t count, struct ent_error *error)
{
	struct ent_arena scratch = *call->arena;
	struct ent_call own = ent_call_within(call, &scratch);
	ent_id *ids = ENT_NEW(&scratch, ent_id, count);
	struct ent_list lines;
	for (size_t i = 0; i < count; i++) {
		ids[i] = items[i].id;
	}
	enum ent_code code = ent_contract_price_lines(&own, (struct ent_ids){ ids, count },
	                                              (struct ent_ids){ NULL, 0 }, &lines, error);
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		struct ent_arena inner = scratch;
		struct ent_call one = ent_call_within(&own, &inner);
		struct ent_list some = ent_contract_price_lines_of(&lines, items[i].id);
		struct ent_contract_price price;
		bool known;
		code = ent_contract_price_known(&one, &items[i], &some, r->asked->as_of, &price,
		                                &known, error);
		if (code == ENT_OK && (known || r->wants_states)) {
			code = walking->visit(r, walking->arg, &items[i], known ? &price : NULL,
			                      error);
		}
		ent_call_end(&one);
	}
	ent_call_end(&own);
	return code;
}

static enum ent_code walk_page(struct ent_reporting *r, void *arg, struct ent_call *call,
                               struct ent_list *page, struct ent_error *error)
{
	const struct ent_contract *items = page->items;
	enum ent_code code = ENT_OK;
	if (r->wants_states) {
		call->now = r->at;
		call->fields = ENT_STR("state");
		code = ent_record_children(call, &ent_contract_type, page, error);
		if (code == ENT_OK) {
			code = ent_contract_decorate(call, page, error);
		}
	}
	for (size_t first = 0; first < page->count && code == ENT_OK;) {
		int64_t lines = items[first].line_count;
		size_t n = 1;
		while (first + n < page->count &&
		       lines + items[first + n].line_count <= GROUP_LINES) {
			lines += items[first + n].line_count;
			n++;
		}
		code = walk_group(r, arg, call, items + first, n, error);
		first += n;
	}
	return code;
}

enum ent_code ent_report_walk(struct ent_reporting *r, const char *where,
                              ent_report_contract *visit, void *arg, struct ent_error *error)
{
	struct walking walking = { visit, arg };
	return ent_report_pages(r, &ent_contract_type, where, walk_page, &walking, error);
}

int64_t ent_report_arr(const struct ent_contract_price *price, ent_date on)
{
	int64_t arr = 0;
	for (size_t i = 0; i < price->count; i++) {
		const struct ent_price_run *run = ent_line_price_on(&price->lines[i], on);
		arr += run != NULL ? run->arr.micro : 0;
	}
	return arr;
}

/* ---- expiring --------------------------------------------------------------------------- */

/* The window that a contract ends in; -1: none. */
static int64_t window_of(const struct ent_reporting *r, ent_date until)
{
	int64_t days = (int64_t)until.day - 1 - r->asked->as_of.day;
	if (ent_date_is_none(until) || days < 0) {
		return -1;
	}
	for (size_t i = 0; i < r->window_count; i++) {
		if (days <= r->windows[i]) {
			return (int64_t)i;
		}
	}
	return -1;
}

ent_str ent_report_ending(const struct ent_reporting *r, ent_date first, ent_date last)
{
	ent_instant from = ent_report_begin(r, (ent_date){ first.day - 1 });
	ent_instant to = ent_report_begin(r, (ent_date){ last.day + 3 });
	return ent_text_format(
		r->call->arena,
		ENT_REPORT_BEGUN
		" AND ((t.ends_at > %lld AND t.ends_at < %lld) OR (t.cancelled_at > %lld AND "
		"t.cancelled_at < %lld))",
		(long long)from.us, (long long)to.us, (long long)from.us, (long long)to.us);
}

static ent_str ending_soon(const struct ent_reporting *r)
{
	int64_t most = r->windows[r->window_count - 1];
	return ent_report_ending(r, r->asked->as_of,
	                         (ent_date){ r->asked->as_of.day + (int32_t)most });
}

static enum ent_code add_expiring(struct ent_reporting *r, void *arg,
                                  const struct ent_contract *contract,
                                  const struct ent_contract_price *price, struct ent_error *error)
{
	int64_t window = window_of(r, price->until);
	bool is_asked = window >= 0 && contract->starts_on.day < price->until.day;
	struct ent_report_expiring *row = is_asked ? ent_report_row(r) : NULL;
	(void)arg, (void)error;
	if (row == NULL) {
		return ENT_OK;
	}
	row->contract_id = contract->id;
	row->account_id = contract->account_id;
	row->ends_on.day = price->until.day - 1;
	row->days_left = row->ends_on.day - r->asked->as_of.day;
	row->window = r->windows[window];
	row->auto_renew = contract->auto_renew;
	if (!ent_count_is_none(contract->notice_days)) {
		row->notice_on.day = row->ends_on.day - (int32_t)contract->notice_days.n;
	}
	char code[4] = "";
	memcpy(code, contract->currency.ptr, 3);
	row->arr = ent_report_rounded(ent_report_arr(price, row->ends_on), code);
	row->tcv = ent_report_money(price->totals.tcv.micro, code);
	return ENT_OK;
}

static void take_followers(struct ent_reporting *r, const struct ent_follows *follows)
{
	struct ent_report_expiring *rows = r->rows.items;
	for (size_t i = 0; i < r->rows.count; i++) {
		const struct ent_follow *next = ent_report_follower(follows, rows[i].contract_id);
		rows[i].renewed_by_id.value = next != NULL ? next->to : 0;
	}
}

enum ent_code ent_report_name_contracts(struct ent_reporting *r, struct ent_error *error)
{
	enum ent_code code =
		ent_report_name(r, "contract_id", "contract", "number", "number", error);
	if (code == ENT_OK) {
		code = ent_report_name(r, "contract_id", "contract", "name", "name", error);
	}
	return code == ENT_OK
	               ? ent_report_name(r, "account_id", "account", "name", "account", error)
	               : code;
}

enum ent_code ent_report_run_expiring(struct ent_reporting *r, struct ent_error *error)
{
	struct ent_follows follows;
	enum ent_code code = ent_report_follows(r, &follows, error);
	if (code == ENT_OK) {
		code = ent_report_walk(r, ending_soon(r).ptr, add_expiring, NULL, error);
	}
	if (code == ENT_OK) {
		take_followers(r, &follows);
		code = ent_report_name_contracts(r, error);
	}
	return code;
}

/* ---- windows ---------------------------------------------------------------------------- */

struct window_sums {
	struct ent_follows follows;
	struct ent_report_currencies currencies;
	struct ent_report_expiring_windows *rows; /* for each currency, each window */
	int64_t (*arr)[ENT_REPORT_WINDOWS_MAX];
};

static enum ent_code add_to_window(struct ent_reporting *r, void *arg,
                                   const struct ent_contract *contract,
                                   const struct ent_contract_price *price, struct ent_error *error)
{
	struct window_sums *sums = arg;
	int64_t window = window_of(r, price->until);
	int64_t currency = ent_report_currency(&sums->currencies, contract->currency);
	(void)error;
	if (window < 0 || currency < 0 || contract->starts_on.day >= price->until.day) {
		return ENT_OK;
	}
	struct ent_report_expiring_windows *row =
		&sums->rows[currency * ENT_REPORT_WINDOWS_MAX + window];
	row->contracts++;
	row->auto_renewed += contract->auto_renew;
	row->renewed += ent_report_follower(&sums->follows, contract->id) != NULL;
	sums->arr[currency][window] += ent_report_arr(price, (ent_date){ price->until.day - 1 });
	row->tcv.micro += price->totals.tcv.micro;
	return ENT_OK;
}

enum ent_code ent_report_run_expiring_windows(struct ent_reporting *r, struct ent_error *error)
{
	struct window_sums *sums = ENT_NEW(r->call->arena, struct window_sums, 1);
	sums->rows = ENT_NEW(r->call->arena, struct ent_report_expiring_windows,
	                     ENT_REPORT_CURRENCIES * ENT_REPORT_WINDOWS_MAX);
	sums->arr = ent_arena_alloc(r->call->arena, ENT_REPORT_CURRENCIES, sizeof(*sums->arr), 8);
	enum ent_code code = ent_report_follows(r, &sums->follows, error);
	if (code == ENT_OK) {
		code = ent_report_walk(r, ending_soon(r).ptr, add_to_window, sums, error);
	}
	for (size_t i = 0; i < sums->currencies.count && code == ENT_OK; i++) {
		const char *currency = sums->currencies.codes[i];
		for (size_t k = 0; k < r->window_count; k++) {
			struct ent_report_expiring_windows *row = ent_report_row(r);
			if (row == NULL) {
				return ENT_OK;
			}
			*row = sums->rows[i * ENT_REPORT_WINDOWS_MAX + k];
			row->window = r->windows[k];
			row->from.day =
				r->asked->as_of.day + (k > 0 ? (int32_t)r->windows[k - 1] + 1 : 0);
			row->to.day = r->asked->as_of.day + (int32_t)r->windows[k];
			row->arr = ent_report_rounded(sums->arr[i][k], currency);
			row->tcv = ent_report_money(row->tcv.micro, currency);
		}
	}
	return code;
}

/* ---- states ----------------------------------------------------------------------------- */

enum { STATES = ENT_CONTRACT_CANCELLED + 1 };

struct state_sums {
	struct ent_report_currencies currencies;
	struct {
		int64_t contracts, arr, tcv;
	} sums[ENT_REPORT_CURRENCIES + 1][STATES]; /* the last: without prices */
};

static enum ent_code add_state(struct ent_reporting *r, void *arg,
                               const struct ent_contract *contract,
                               const struct ent_contract_price *price, struct ent_error *error)
{
	struct state_sums *all = arg;
	int64_t currency = ENT_REPORT_CURRENCIES;
	(void)error;
	if (price != NULL) {
		int64_t found = ent_report_currency(&all->currencies, contract->currency);
		currency = found < 0 ? currency : found;
	}
	bool is_live = ent_contract_is_live(contract->state);
	all->sums[currency][contract->state].contracts++;
	if (price != NULL) {
		all->sums[currency][contract->state].arr +=
			is_live ? ent_report_arr(price, r->asked->as_of) : 0;
		all->sums[currency][contract->state].tcv += price->totals.tcv.micro;
	}
	return ENT_OK;
}

enum ent_code ent_report_run_states(struct ent_reporting *r, struct ent_error *error)
{
	struct state_sums *all = ENT_NEW(r->call->arena, struct state_sums, 1);
	r->wants_states = true;
	enum ent_code code = ent_report_walk(r, "", add_state, all, error);
	for (size_t i = 0; i <= ENT_REPORT_CURRENCIES && code == ENT_OK; i++) {
		const char *currency = i < all->currencies.count ? all->currencies.codes[i] : "";
		for (unsigned k = 0; k < STATES; k++) {
			struct ent_report_states *row =
				all->sums[i][k].contracts > 0 ? ent_report_row(r) : NULL;
			if (row == NULL) {
				continue;
			}
			row->state = (enum ent_contract_state)k;
			row->contracts = all->sums[i][k].contracts;
			if (currency[0] != '\0') {
				row->arr = ent_report_rounded(all->sums[i][k].arr, currency);
				row->tcv = ent_report_money(all->sums[i][k].tcv, currency);
			}
		}
	}
	return code;
}

/* ---- the coming months ------------------------------------------------------------------ */

struct month_sums {
	int64_t mrr, arr, steps, change, ending, lost;
};

struct forecast {
	struct ent_report_currencies currencies;
	struct ent_period months[120];
	size_t count;
	struct month_sums (*sums)[120];
};

static void add_runs(const struct forecast *f, const struct ent_line_price *line,
                     struct month_sums *sums)
{
	for (size_t k = 0; k < f->count; k++) {
		const struct ent_price_run *run = ent_line_price_on(line, f->months[k].last);
		sums[k].mrr += run != NULL ? run->mrr.micro : 0;
		sums[k].arr += run != NULL ? run->arr.micro : 0;
	}
	for (size_t i = 0; i < line->run_count; i++) {
		const struct ent_price_run *run = &line->runs[i];
		bool goes_on =
			i + 1 < line->run_count && line->runs[i + 1].from.day == run->until.day;
		int64_t month = ent_date_is_none(run->until)
		                        ? -1
		                        : ent_period_of(f->months, f->count, run->until);
		if (goes_on && month >= 0) {
			sums[month].steps++;
			sums[month].change += line->runs[i + 1].mrr.micro - run->mrr.micro;
		}
	}
	bool has_end = !ent_date_is_none(line->until) && line->run_count > 0;
	int64_t month =
		has_end ? ent_period_of(f->months, f->count, (ent_date){ line->until.day - 1 })
			: -1;
	if (month >= 0) {
		sums[month].ending++;
		sums[month].lost += line->runs[line->run_count - 1].mrr.micro;
	}
}

static enum ent_code add_forecast(struct ent_reporting *r, void *arg,
                                  const struct ent_contract *contract,
                                  const struct ent_contract_price *price, struct ent_error *error)
{
	struct forecast *f = arg;
	int64_t currency = ent_report_currency(&f->currencies, contract->currency);
	(void)r, (void)error;
	for (size_t i = 0; i < price->count && currency >= 0; i++) {
		add_runs(f, &price->lines[i], f->sums[currency]);
	}
	return ENT_OK;
}

enum ent_code ent_report_run_ramp_forecast(struct ent_reporting *r, struct ent_error *error)
{
	struct forecast *f = ENT_NEW(r->call->arena, struct forecast, 1);
	struct ent_civil civil = ent_date_civil(r->asked->as_of);
	ent_date from = ent_date_make(civil.year, civil.month, 1);
	f->count = (size_t)r->asked->months.n;
	f->sums = ent_arena_alloc(r->call->arena, ENT_REPORT_CURRENCIES, sizeof(*f->sums), 8);
	for (size_t k = 0; k < f->count; k++) {
		f->months[k].first = ent_date_add_months(from, (int32_t)k);
		f->months[k].last.day = ent_date_add_months(from, (int32_t)k + 1).day - 1;
	}
	enum ent_code code = ent_report_walk(r, ENT_REPORT_BEGUN, add_forecast, f, error);
	for (size_t i = 0; i < f->currencies.count && code == ENT_OK; i++) {
		const char *currency = f->currencies.codes[i];
		for (size_t k = 0; k < f->count; k++) {
			const struct month_sums *sums = &f->sums[i][k];
			struct ent_report_ramp_forecast *row = ent_report_row(r);
			if (row == NULL) {
				return ENT_OK;
			}
			row->from = f->months[k].first;
			row->to = f->months[k].last;
			row->mrr = ent_report_rounded(sums->mrr, currency);
			row->arr = ent_report_rounded(sums->arr, currency);
			row->steps = sums->steps;
			row->change = ent_report_rounded(sums->change, currency);
			row->ending = sums->ending;
			row->lost = ent_report_rounded(sums->lost, currency);
		}
	}
	return code;
}
