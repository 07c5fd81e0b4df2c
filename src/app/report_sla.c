/* Reports on targets of milestones. */
#include "app/report_inner.h"
#include "base/text.h"

/* Milestones that were due between from and to, their end counted; times from the organisation's
 * days. $1: as_of. */
static void add_where(const struct ent_reporting *r, struct ent_text *sql)
{
	ent_date behind = { r->asked->to.day + 1 };
	ent_text_addf(sql,
	              " FROM milestone t WHERE t.target_at >= %lld AND t.target_at < %lld AND "
	              "t.stage NOT IN ('cancelled', 'withdrawn') AND t.started_at <= $1",
	              (long long)ent_report_begin(r, r->asked->from).us,
	              (long long)ent_report_begin(r, behind).us);
	ent_report_scope(r, "t.account_id", sql);
}

/* Of a milestone on the day: done, in time, missed. */
#define DONE "(t.completed_at IS NOT NULL AND t.completed_at <= $1)"
#define MISSED "(CASE WHEN " DONE " THEN t.completed_at > t.target_at ELSE t.target_at <= $1 END)"
#define COUNT(condition) "SUM(CASE WHEN " condition " THEN 1 ELSE 0 END)"

/* What happened until the end of as_of counts. */
static ent_instant until(const struct ent_reporting *r)
{
	ent_instant end = ent_report_begin(r, (ent_date){ r->asked->as_of.day + 1 });
	return (ent_instant){ end.us < r->call->now.us ? end.us : r->call->now.us };
}

enum ent_code ent_report_run_sla_compliance(struct ent_reporting *r, struct ent_error *error)
{
	struct ent_text sql = ent_text_begin(r->call->arena);
	struct ent_rows rows;
	ent_text_add(
		&sql,
		ENT_STR("SELECT t.kind, t.name, " COUNT(DONE " AND NOT " MISSED) ", " COUNT(
			DONE
			" AND " MISSED) ", " COUNT("NOT " DONE
	                                           " AND " MISSED) ", " COUNT("NOT " DONE
	                                                                      " AND NOT " MISSED)));
	add_where(r, &sql);
	ent_text_add(&sql, ENT_STR(" GROUP BY t.kind, t.name ORDER BY t.kind, t.name"));
	enum ent_code code =
		ent_db_run(r->call->db, ent_text_end(&sql), ENT_ARGS(ent_arg_instant(until(r))),
	                   r->call->arena, &rows, error);
	for (const struct ent_row *from = rows.first; code == ENT_OK && from != NULL;
	     from = from->next) {
		struct ent_report_sla_compliance *row = ent_report_row(r);
		unsigned kind = 0;
		if (row == NULL) {
			return ENT_OK;
		}
		if (ent_names_find(&ent_milestone_kind_names, from->cell[0].text, &kind)) {
			row->kind = (enum ent_milestone_kind)kind;
		}
		row->name = from->cell[1].text;
		row->met = from->cell[2].number;
		row->late = from->cell[3].number;
		row->overdue = from->cell[4].number;
		row->open = from->cell[5].number;
		row->compliance = ent_percent_of(row->met, row->met + row->late + row->overdue);
	}
	return code;
}

/* Every zone's days begin at a quarter of an hour. */
#define QUARTER_US "900000000"

static void add_bucket(struct ent_reporting *r, const struct ent_row *row)
{
	struct ent_report_sla_breaches *rows = r->rows.items;
	ent_instant at = { row->cell[0].number * INT64_C(900000000) };
	unsigned kind = 0;
	int64_t period = ent_period_of(r->periods, r->period_count, ent_zone_date(r->zone, at));
	if (period < 0 || (size_t)period >= r->rows.count ||
	    !ent_names_find(&ent_milestone_kind_names, row->cell[1].text, &kind)) {
		return;
	}
	struct ent_report_sla_breaches *to = &rows[period];
	int64_t missed = row->cell[3].number;
	to->due += row->cell[2].number;
	to->breaches += missed;
	switch ((enum ent_milestone_kind)kind) {
	case ENT_MILESTONE_FIRST_RESPONSE:
		to->first_response += missed;
		break;
	case ENT_MILESTONE_NEXT_RESPONSE:
		to->next_response += missed;
		break;
	case ENT_MILESTONE_RESOLUTION:
		to->resolution += missed;
		break;
	case ENT_MILESTONE_CUSTOM:
		to->custom += missed;
		break;
	}
}

enum ent_code ent_report_run_sla_breaches(struct ent_reporting *r, struct ent_error *error)
{
	struct ent_text sql = ent_text_begin(r->call->arena);
	struct ent_rows rows;
	for (size_t k = 0; k < r->period_count; k++) {
		struct ent_report_sla_breaches *row = ent_report_row(r);
		if (row == NULL) {
			break;
		}
		row->from = r->periods[k].first;
		row->to = r->periods[k].last;
	}
	ent_text_add(&sql, ENT_STR("SELECT t.target_at / " QUARTER_US
	                           ", t.kind, COUNT(*), " COUNT(MISSED)));
	add_where(r, &sql);
	ent_text_add(&sql, ENT_STR(" GROUP BY t.target_at / " QUARTER_US ", t.kind"));
	enum ent_code code =
		ent_db_run(r->call->db, ent_text_end(&sql), ENT_ARGS(ent_arg_instant(until(r))),
	                   r->call->arena, &rows, error);
	for (const struct ent_row *row = rows.first; code == ENT_OK && row != NULL;
	     row = row->next) {
		add_bucket(r, row);
	}
	return code;
}
