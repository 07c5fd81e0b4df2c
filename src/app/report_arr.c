/* How the value of a year moved, by chains of lines that follow from each other. */
#include "app/report_inner.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { POINTS_MAX = 4000000 }; /* chains × days that are kept at once */

/* A chain of more than one line. */
struct chain {
	ent_date since; /* the first day it brought something; none: never */
	int32_t currency;
};

struct moving {
	struct ent_chains chains;
	struct chain *items;          /* by the index of its top */
	struct ent_arr_point *points; /* of each chain, on each day */
	ent_date *days;               /* before the first period, and the last of each */
	size_t day_count;
	struct ent_report_currencies currencies;
	struct ent_arr_moved *sums; /* of each currency, in each period */
};

/* ---- chains ----------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static enum ent_code load_edges(struct ent_reporting *r, struct ent_rows *out,
                                struct ent_error *error)
{
	struct ent_text sql = ent_text_begin(r->call->arena);
	static const char *const columns[] = { "renewed_from_id", "split_from_id" };
	for (size_t i = 0; i < ENT_COUNT(columns); i++) {
		ent_text_addf(&sql, "SELECT t.%s, t.id FROM contract_line t WHERE t.%s IS NOT NULL",
		              columns[i], columns[i]);
		ent_report_scope(r, "t.account_id", &sql);
		ent_text_add(&sql, ENT_STR(" UNION ALL "));
	}
	ent_text_add(&sql, ENT_STR("SELECT t.from_line_id, t.to_line_id FROM contract_link t WHERE "
	                           "t.kind <> 'cloned' AND t.from_line_id IS NOT NULL AND "
	                           "t.to_line_id IS NOT NULL"));
	ent_report_scope(r, "t.account_id", &sql);
	return ent_db_run(r->call->db, ent_text_end(&sql), NULL, 0, r->call->arena, out, error);
}

static enum ent_code find_chains(struct ent_reporting *r, struct moving *m, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = load_edges(r, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_chain_edge *edges = ENT_NEW(r->call->arena, struct ent_chain_edge, rows.count);
	int64_t *ids = ENT_NEW(r->call->arena, int64_t, 2 * rows.count);
	size_t n = 0;
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next, n++) {
		edges[n] = (struct ent_chain_edge){ row->cell[0].number, row->cell[1].number };
		ids[2 * n] = edges[n].from;
		ids[2 * n + 1] = edges[n].to;
	}
	size_t count = 0;
	if (n > 0) {
		qsort(ids, 2 * n, sizeof(*ids), by_number);
	}
	for (size_t i = 0; i < 2 * n; i++) {
		if (count == 0 || ids[count - 1] != ids[i]) {
			ids[count++] = ids[i];
		}
	}
	ent_chains_join(ids, count, edges, n, r->call->arena, &m->chains);
	if (count * m->day_count > POINTS_MAX) {
		return ent_refuse(error, ENT_E_BAD_PARAMETER, "/by", (ent_str){ NULL, 0 },
		                  "%zu lines follow each other: ask for fewer periods, or for "
		                  "one account",
		                  count);
	}
	m->items = ENT_NEW(r->call->arena, struct chain, count);
	m->points = ENT_NEW(r->call->arena, struct ent_arr_point, count * m->day_count);
	for (size_t i = 0; i < count; i++) {
		m->items[i] = (struct chain){ ENT_DATE_NONE, -1 };
	}
	return ENT_OK;
}

/* ---- lines ------------------------------------------------------------------------------ */

/* Add what a line is on each day to the points of its chain. */
static void add_points(const struct moving *m, const struct ent_line_price *line,
                       struct ent_arr_point *points)
{
	bool is_split = !ent_id_is_none(line->line->split_from_id);
	bool was_there = false;
	for (size_t k = 0; k < m->day_count; k++) {
		const struct ent_price_run *run = ent_line_price_on(line, m->days[k]);
		if (run != NULL) {
			points[k].arr += run->arr.micro;
			points[k].quantity += run->quantity.micro;
			points[k].is_changed |= is_split && !was_there && k > 0;
		}
		was_there = run != NULL;
	}
}

/* How a chain moved from day to day. */
static bool move(const struct moving *m, const struct ent_arr_point *points, ent_date since,
                 int32_t currency)
{
	struct ent_arr_moved *sums = &m->sums[(size_t)currency * (m->day_count - 1)];
	for (size_t k = 1; k < m->day_count; k++) {
		bool has_been = since.day <= m->days[k - 1].day;
		if (!ent_arr_move(&points[k - 1], &points[k], has_been, &sums[k - 1])) {
			return false;
		}
	}
	return true;
}

static ent_date begin_of(const struct ent_line_price *line)
{
	for (size_t i = 0; i < line->run_count; i++) {
		if (line->runs[i].arr.micro != 0) {
			return line->runs[i].from;
		}
	}
	return ENT_DATE_NONE;
}

static enum ent_code add_contract(struct ent_reporting *r, void *arg,
                                  const struct ent_contract *contract,
                                  const struct ent_contract_price *price, struct ent_error *error)
{
	struct moving *m = arg;
	int32_t currency = (int32_t)ent_report_currency(&m->currencies, contract->currency);
	struct ent_arr_point alone[ENT_PERIODS_MAX + 1];
	(void)r;
	for (size_t i = 0; i < price->count && currency >= 0; i++) {
		const struct ent_line_price *line = &price->lines[i];
		int64_t at = ent_chain_of(&m->chains, line->line->id);
		ent_date since = begin_of(line);
		if (ent_date_is_none(since)) {
			continue;
		}
		if (at >= 0) {
			struct chain *chain = &m->items[at];
			bool is_first =
				ent_date_is_none(chain->since) || since.day < chain->since.day;
			chain->since = is_first ? since : chain->since;
			chain->currency = currency;
			add_points(m, line, &m->points[(size_t)at * m->day_count]);
			continue;
		}
		memset(alone, 0, m->day_count * sizeof(alone[0]));
		add_points(m, line, alone);
		if (!move(m, alone, since, currency)) {
			return ent_report_too_great(error);
		}
	}
	return ENT_OK;
}

/* ---- all -------------------------------------------------------------------------------- */

static void write_rows(struct ent_reporting *r, const struct moving *m)
{
	for (size_t i = 0; i < m->currencies.count; i++) {
		const char *currency = m->currencies.codes[i];
		for (size_t k = 0; k < r->period_count; k++) {
			const struct ent_arr_moved *s = &m->sums[i * r->period_count + k];
			struct ent_report_arr_movement *row = ent_report_row(r);
			if (row == NULL) {
				return;
			}
			row->from = r->periods[k].first;
			row->to = r->periods[k].last;
			row->opening = ent_report_money(s->opening, currency);
			row->new = ent_report_money(s->new, currency);
			row->won_back = ent_report_money(s->won_back, currency);
			row->upsell = ent_report_money(s->upsell, currency);
			row->uplift = ent_report_money(s->uplift, currency);
			row->downsell = ent_report_money(s->downsell, currency);
			row->churn = ent_report_money(s->churn, currency);
			row->closing = ent_report_money(s->closing, currency);
		}
	}
}

enum ent_code ent_report_run_arr_movement(struct ent_reporting *r, struct ent_error *error)
{
	struct moving *m = ENT_NEW(r->call->arena, struct moving, 1);
	m->day_count = r->period_count + 1;
	m->days = ENT_NEW(r->call->arena, ent_date, m->day_count);
	m->days[0].day = r->periods[0].first.day - 1;
	for (size_t k = 0; k < r->period_count; k++) {
		m->days[k + 1] = r->periods[k].last;
	}
	m->sums = ENT_NEW(r->call->arena, struct ent_arr_moved,
	                  ENT_REPORT_CURRENCIES * r->period_count);
	enum ent_code code = find_chains(r, m, error);
	if (code == ENT_OK) {
		code = ent_report_walk(r, ENT_REPORT_BEGUN, add_contract, m, error);
	}
	for (size_t i = 0; i < m->chains.count && code == ENT_OK; i++) {
		const struct chain *chain = &m->items[i];
		if (chain->currency >= 0 &&
		    !move(m, &m->points[i * m->day_count], chain->since, chain->currency)) {
			code = ent_report_too_great(error);
		}
	}
	if (code == ENT_OK) {
		write_rows(r, m);
	}
	return code;
}
