/* Reports on what became of contracts that ended, and how the value of a year moved. */
#include "app/report_inner.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- which follows which ---------------------------------------------------------------- */

static int by_from(const void *a, const void *b)
{
	const struct ent_follow *x = a;
	const struct ent_follow *y = b;
	if (x->from != y->from) {
		return x->from < y->from ? -1 : 1;
	}
	return (x->starts_on.day > y->starts_on.day) - (x->starts_on.day < y->starts_on.day);
}

enum ent_code ent_report_follows(struct ent_reporting *r, struct ent_follows *out,
                                 struct ent_error *error)
{
	struct ent_text sql = ent_text_begin(r->call->arena);
	struct ent_rows rows;
	ent_text_add(&sql, ENT_STR("SELECT t.renewed_from_id, t.id, t.starts_on FROM contract t "
	                           "WHERE t.renewed_from_id IS NOT NULL" ENT_REPORT_BEGUN));
	ent_report_scope(r, "t.account_id", &sql);
	ent_text_add(&sql, ENT_STR(" UNION SELECT k.from_contract_id, t.id, t.starts_on FROM "
	                           "contract_link k JOIN contract t ON t.id = k.to_contract_id "
	                           "WHERE k.kind IN ('renewed', 'consolidated', 'transferred') AND "
	                           "k.from_contract_id IS NOT NULL AND k.from_contract_id <> "
	                           "k.to_contract_id" ENT_REPORT_BEGUN));
	ent_report_scope(r, "t.account_id", &sql);
	enum ent_code code =
		ent_db_run(r->call->db, ent_text_end(&sql), NULL, 0, r->call->arena, &rows, error);
	*out = (struct ent_follows){ NULL, 0 };
	if (code != ENT_OK) {
		return code;
	}
	out->items = ENT_NEW(r->call->arena, struct ent_follow, rows.count);
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next) {
		out->items[out->count++] = (struct ent_follow){
			.from = row->cell[0].number,
			.to = row->cell[1].number,
			.starts_on = { (int32_t)row->cell[2].number },
		};
	}
	if (out->count > 0) {
		qsort(out->items, out->count, sizeof(*out->items), by_from);
	}
	return ENT_OK;
}

struct ent_follow *ent_report_follower(const struct ent_follows *follows, ent_id contract)
{
	size_t low = 0;
	size_t high = follows->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (follows->items[middle].from < contract.value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	bool found = low < follows->count && follows->items[low].from == contract.value;
	return found ? &follows->items[low] : NULL;
}

/* ---- renewal rate ----------------------------------------------------------------------- */

/* What a contract brought and what follows it; by its id once all were visited. */
struct ended {
	ent_id id;
	int64_t period;
	int32_t currency;
	ent_date until;
	int64_t arr;
};

/* A contract that follows others: what it brings, and what those brought. */
struct follower {
	int64_t id, arr, from_arr;
};

struct renewing {
	struct ent_follows follows;
	struct follower *followers; /* by id */
	size_t follower_count;
	struct ent_report_currencies currencies;
	struct ended *ended;
	size_t ended_count, ended_room;
};

static int by_id(const void *a, const void *b)
{
	const struct follower *x = a;
	const struct follower *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static void find_followers(struct ent_reporting *r, struct renewing *all)
{
	size_t count = 0;
	all->followers = ENT_NEW(r->call->arena, struct follower, all->follows.count);
	for (size_t i = 0; i < all->follows.count; i++) {
		all->followers[i].id = all->follows.items[i].to;
	}
	if (all->follows.count > 0) {
		qsort(all->followers, all->follows.count, sizeof(*all->followers), by_id);
	}
	for (size_t i = 0; i < all->follows.count; i++) {
		if (count == 0 || all->followers[count - 1].id != all->followers[i].id) {
			all->followers[count++] = all->followers[i];
		}
	}
	all->follower_count = count;
}

static struct follower *follower_of(const struct renewing *all, int64_t id)
{
	struct follower wanted = { id, 0, 0 };
	return all->follower_count == 0 ? NULL
	                                : bsearch(&wanted, all->followers, all->follower_count,
	                                          sizeof(*all->followers), by_id);
}

/* Every one is visited: a follower's first day, and the last day of those before. */
static enum ent_code visit_renewal(struct ent_reporting *r, void *arg,
                                   const struct ent_contract *contract,
                                   const struct ent_contract_price *price, struct ent_error *error)
{
	struct renewing *all = arg;
	struct follower *own = follower_of(all, contract->id.value);
	bool has_ended =
		!ent_date_is_none(price->until) && contract->starts_on.day < price->until.day;
	if (own != NULL) {
		own->arr = ent_report_arr(price, contract->starts_on);
	}
	if (!has_ended) {
		return ENT_OK;
	}
	ent_date last = { price->until.day - 1 };
	int64_t arr = ent_report_arr(price, last);
	struct ent_follow *next = ent_report_follower(&all->follows, contract->id);
	for (; next != NULL && next < all->follows.items + all->follows.count &&
	       next->from == contract->id.value;
	     next++) {
		follower_of(all, next->to)->from_arr += arr;
	}
	int64_t period = ent_period_of(r->periods, r->period_count, last);
	int64_t currency = ent_report_currency(&all->currencies, contract->currency);
	if (period < 0 || currency < 0) {
		return ENT_OK;
	}
	if (all->ended_count == all->ended_room) {
		return ent_fail(error, ENT_E_BUSY, "contracts were added meanwhile");
	}
	all->ended[all->ended_count++] =
		(struct ended){ contract->id, period, (int32_t)currency, price->until, arr };
	return ENT_OK;
}

struct rate_sums {
	int64_t due, renewed, late, due_arr, renewed_arr, kept_arr;
};

/* What follows a contract until as_of: its share of what those that follow bring. */
static bool add_ended(const struct ent_reporting *r, const struct renewing *all,
                      const struct ended *ended, struct rate_sums *sums)
{
	const struct ent_follow *next = ent_report_follower(&all->follows, ended->id);
	const struct ent_follow *end = all->follows.items + all->follows.count;
	int64_t renewed = 0;
	bool is_renewed = false;
	bool is_late = true;
	for (; next != NULL && next < end && next->from == ended->id.value; next++) {
		const struct follower *follower = follower_of(all, next->to);
		ent_decimal share = { follower->arr };
		if (next->starts_on.day > r->asked->as_of.day) {
			continue;
		}
		if (follower->from_arr > 0 &&
		    !ent_amount_scale(share, ended->arr, follower->from_arr, ENT_ROUND_HALF_AWAY,
		                      &share)) {
			return false;
		}
		renewed += share.micro;
		is_renewed = true;
		is_late = is_late && next->starts_on.day > ended->until.day;
	}
	sums->due++;
	sums->due_arr += ended->arr;
	sums->renewed += is_renewed;
	sums->late += is_renewed && is_late;
	sums->renewed_arr += renewed;
	sums->kept_arr += renewed < ended->arr ? renewed : ended->arr;
	return true;
}

static enum ent_code count_contracts(struct ent_reporting *r, size_t *out, struct ent_error *error)
{
	struct ent_text sql = ent_text_begin(r->call->arena);
	struct ent_rows rows;
	ent_text_add(&sql, ENT_STR("SELECT COUNT(*) FROM contract t WHERE TRUE" ENT_REPORT_BEGUN));
	ent_report_scope(r, "t.account_id", &sql);
	enum ent_code code =
		ent_db_run(r->call->db, ent_text_end(&sql), NULL, 0, r->call->arena, &rows, error);
	*out = code == ENT_OK ? (size_t)rows.first->cell[0].number : 0;
	return code;
}

static void write_rates(struct ent_reporting *r, const struct renewing *all,
                        const struct rate_sums *sums)
{
	for (size_t i = 0; i < all->currencies.count; i++) {
		const char *currency = all->currencies.codes[i];
		for (size_t k = 0; k < r->period_count; k++) {
			const struct rate_sums *s = &sums[i * r->period_count + k];
			struct ent_report_renewal_rate *row = ent_report_row(r);
			if (row == NULL) {
				return;
			}
			row->from = r->periods[k].first;
			row->to = r->periods[k].last;
			row->due = s->due;
			row->renewed = s->renewed;
			row->late = s->late;
			row->rate = ent_percent_of(s->renewed, s->due);
			row->due_arr = ent_report_rounded(s->due_arr, currency);
			row->renewed_arr = ent_report_rounded(s->renewed_arr, currency);
			row->kept_arr = ent_report_rounded(s->kept_arr, currency);
			row->gross_retention = ent_percent_of(s->kept_arr, s->due_arr);
			row->net_retention = ent_percent_of(s->renewed_arr, s->due_arr);
		}
	}
}

static enum ent_code visit_all(struct ent_reporting *r, struct renewing *all,
                               struct ent_error *error)
{
	enum ent_code code = ent_report_follows(r, &all->follows, error);
	if (code == ENT_OK) {
		find_followers(r, all);
		code = count_contracts(r, &all->ended_room, error);
	}
	if (code == ENT_OK) {
		all->ended = ENT_NEW(r->call->arena, struct ended, all->ended_room);
		code = ent_report_walk(r, ENT_REPORT_BEGUN, visit_renewal, all, error);
	}
	return code;
}

enum ent_code ent_report_run_renewal_rate(struct ent_reporting *r, struct ent_error *error)
{
	struct renewing *all = ENT_NEW(r->call->arena, struct renewing, 1);
	enum ent_code code = visit_all(r, all, error);
	if (code != ENT_OK) {
		return code;
	}
	struct rate_sums *sums =
		ENT_NEW(r->call->arena, struct rate_sums, all->currencies.count * r->period_count);
	for (size_t i = 0; i < all->ended_count; i++) {
		size_t at = (size_t)all->ended[i].currency * r->period_count +
		            (size_t)all->ended[i].period;
		if (!add_ended(r, all, &all->ended[i], &sums[at])) {
			return ent_report_too_great(error);
		}
	}
	write_rates(r, all, sums);
	return ENT_OK;
}

/* ---- gaps ------------------------------------------------------------------------------- */

static enum ent_code add_gap(struct ent_reporting *r, void *arg,
                             const struct ent_contract *contract,
                             const struct ent_contract_price *price, struct ent_error *error)
{
	const struct ent_follows *follows = arg;
	const struct ent_follow *next = ent_report_follower(follows, contract->id);
	ent_date as_of = r->asked->as_of;
	ent_date last = ent_date_is_none(price->until) ? as_of : (ent_date){ price->until.day - 1 };
	(void)error;
	if (contract->starts_on.day > last.day || last.day >= as_of.day ||
	    ent_period_of(r->periods, r->period_count, last) < 0) {
		return ENT_OK;
	}
	next = next != NULL && next->starts_on.day <= as_of.day ? next : NULL;
	int64_t gap = (next != NULL ? next->starts_on.day : as_of.day + 1) - price->until.day;
	struct ent_report_gap_days *row = gap > 0 ? ent_report_row(r) : NULL;
	if (row == NULL) {
		return ENT_OK;
	}
	char code[4] = "";
	memcpy(code, contract->currency.ptr, 3);
	row->contract_id = contract->id;
	row->account_id = contract->account_id;
	row->ended_on = last;
	row->renewed_by_id.value = next != NULL ? next->to : 0;
	row->renewed_on = next != NULL ? next->starts_on : ENT_DATE_NONE;
	row->gap_days = gap;
	row->arr = ent_report_rounded(ent_report_arr(price, last), code);
	return ENT_OK;
}

enum ent_code ent_report_run_gap_days(struct ent_reporting *r, struct ent_error *error)
{
	struct ent_follows follows;
	enum ent_code code = ent_report_follows(r, &follows, error);
	if (code == ENT_OK) {
		ent_str where = ent_report_ending(r, r->asked->from, r->asked->to);
		code = ent_report_walk(r, where.ptr, add_gap, &follows, error);
	}
	return code == ENT_OK ? ent_report_name_contracts(r, error) : code;
}
