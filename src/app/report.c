#include "app/inner.h"
#include "app/list.h"
#include "app/report_inner.h"
#include "base/text.h"

#include <string.h>

static const struct ent_report reports[] = {
#define ENT_REPORT(name_, takes_, summary_)  \
	{ .name = #name_,                    \
	  .takes = takes_,                   \
	  .summary = summary_,               \
	  .permission = "report." #name_,    \
	  .row = &ent_report_##name_##_type, \
	  .run = ent_report_run_##name_ },
#include "app/report.def"
};

const struct ent_report *ent_reports(size_t *count)
{
	*count = ENT_COUNT(reports);
	return reports;
}

const struct ent_report *ent_report_named(ent_str name)
{
	for (size_t i = 0; i < ENT_COUNT(reports); i++) {
		if (ent_str_is(name, reports[i].name)) {
			return &reports[i];
		}
	}
	return NULL;
}

bool ent_report_takes(const struct ent_report *report, const char *name)
{
	ent_str rest = ent_str_of(report->takes);
	while (rest.len > 0) {
		struct ent_cut cut = ent_str_cut(rest, ' ');
		rest = cut.tail;
		if (ent_str_is(cut.head, name)) {
			return true;
		}
	}
	return strcmp(name, "limit") == 0 || strcmp(name, "format") == 0;
}

/* ---- what is asked ---------------------------------------------------------------------- */

static void bad(const char *name, ent_str value, const char *remedy, struct ent_arena *arena,
                struct ent_error *error)
{
	ent_note(error, ENT_E_BAD_PARAMETER, ent_text_format(arena, "/%s", name).ptr, value, "%s",
	         remedy);
}

struct ent_input_report ent_report_input(const struct ent_report *report)
{
	struct ent_input_report input;
	ent_type_clear(&ent_input_report_type, &input);
	if (strcmp(report->name, "sla_breaches") == 0) {
		input.by = ENT_BY_WEEK;
	}
	return input;
}

void ent_report_set(const struct ent_report *report, ent_str name, ent_str value,
                    struct ent_input_report *input, struct ent_arena *arena,
                    struct ent_error *error)
{
	const struct ent_field *field = ent_type_field(&ent_input_report_type, name);
	struct ent_value given = ent_value_text(value);
	if (field == NULL || !ent_report_takes(report, field->name)) {
		bad(ent_text_format(arena, "%.*s", (int)name.len, name.ptr).ptr, value,
		    "this report takes no such parameter", arena, error);
		return;
	}
	if (field->kind == ENT_K_COUNT && ent_str_int(value, &given.number)) {
		given.kind = ENT_K_INT;
	}
	ent_field_set(field, input, given, error);
}

static bool read_windows(struct ent_reporting *r)
{
	ent_str rest = r->asked->windows;
	int64_t before = 0;
	while (rest.len > 0) {
		struct ent_cut cut = ent_str_cut(rest, ',');
		int64_t days;
		rest = cut.tail;
		if (r->window_count == ENT_REPORT_WINDOWS_MAX || !ent_str_int(cut.head, &days) ||
		    days <= before || days > 36500) {
			return false;
		}
		r->windows[r->window_count++] = days;
		before = days;
	}
	return r->window_count > 0;
}

static ent_date default_from(const struct ent_report *report, ent_date to)
{
	bool by_week = strcmp(report->name, "sla_breaches") == 0;
	struct ent_civil civil = ent_date_civil(to);
	return by_week ? (ent_date){ to.day - 12 * 7 + 1 }
	               : ent_date_add_months(ent_date_make(civil.year, civil.month, 1), -11);
}

/* Fill in what was left out, and judge all of it. */
static void settle(struct ent_reporting *r, ent_date today, struct ent_error *error)
{
	struct ent_input_report *asked = r->asked;
	struct ent_arena *arena = r->call->arena;
	ent_str none = { NULL, 0 };
	if (ent_date_is_none(asked->as_of)) {
		asked->as_of = today;
	}
	if (ent_count_is_none(asked->limit)) {
		asked->limit.n = ENT_REPORT_ROWS;
	} else if (asked->limit.n == 0) {
		bad("limit", none, "give 1 to 10000", arena, error);
	}
	if (ent_count_is_none(asked->months)) {
		asked->months.n = 12;
	}
	if (asked->windows.len == 0) {
		asked->windows = ENT_STR("30,60,90");
	}
	if (!read_windows(r)) {
		bad("windows", asked->windows, "give up to 12 numbers of days, rising: 30,60,90",
		    arena, error);
	}
	if (!ent_report_takes(r->report, "from")) {
		return;
	}
	asked->to = ent_date_is_none(asked->to) ? asked->as_of : asked->to;
	asked->from =
		ent_date_is_none(asked->from) ? default_from(r->report, asked->to) : asked->from;
	if (asked->to.day < asked->from.day) {
		bad("to", none, "give a day that is not before from", arena, error);
		return;
	}
	r->periods = ENT_NEW(arena, struct ent_period, ENT_PERIODS_MAX);
	if (!ent_report_takes(r->report, "by")) {
		r->periods[0] = (struct ent_period){ asked->from, asked->to };
		r->period_count = 1;
		return;
	}
	r->period_count = ent_periods(asked->from, asked->to, asked->by, r->periods);
	if (r->period_count == 0) {
		bad("by", none, "give longer periods or fewer days: at most 400 periods", arena,
		    error);
	}
}

static enum ent_code check_account(struct ent_call *call, ent_id account, struct ent_error *error)
{
	struct ent_account found;
	if (ent_id_is_none(account)) {
		return ENT_OK;
	}
	enum ent_code code = ent_record_load(call, &ent_account_type, account, &found, error);
	return code != ENT_E_NOT_FOUND
	               ? code
	               : ent_refuse(error, ENT_E_BAD_PARAMETER, "/account_id", (ent_str){ NULL, 0 },
	                            "there is no such account");
}

/* What a report may need to know of the caller and the day. */
static enum ent_code begin(struct ent_reporting *r, struct ent_error *error)
{
	struct ent_call *call = r->call;
	enum ent_code code = ent_call_may(call, r->report->permission, error);
	if (code == ENT_OK) {
		code = ent_call_zone(call, ENT_STR(""), (ent_id){ 0 }, &r->zone, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	ent_date today = ent_zone_date(r->zone, call->now);
	settle(r, today, error);
	if (ent_noted(error) != ENT_OK) {
		return error->code = ENT_E_BAD_PARAMETER;
	}
	bool is_now = r->asked->as_of.day == today.day;
	r->at = is_now ? call->now : ent_report_begin(r, r->asked->as_of);
	r->rows.items =
		ent_arena_alloc(call->arena, (size_t)r->asked->limit.n, r->report->row->size, 16);
	return check_account(call, r->asked->account_id, error);
}

enum ent_code ent_report_run(struct ent_call *call, const struct ent_report *report,
                             const struct ent_input_report *input, struct ent_report_answer *out,
                             struct ent_error *error)
{
	struct ent_reporting *r = ENT_NEW(call->arena, struct ent_reporting, 1);
	r->call = call;
	r->report = report;
	r->asked = &out->asked;
	out->report = report;
	out->asked = *input;
	enum ent_code code = begin(r, error);
	if (code == ENT_OK) {
		code = report->run(r, error);
	}
	out->rows = r->rows;
	out->has_more = r->has_more;
	return code;
}

/* ---- for reports ------------------------------------------------------------------------ */

void *ent_report_row(struct ent_reporting *r)
{
	const struct ent_type *type = r->report->row;
	if (r->rows.count == (size_t)r->asked->limit.n) {
		r->has_more = true;
		return NULL;
	}
	void *row = (char *)r->rows.items + r->rows.count++ * type->size;
	ent_type_clear(type, row);
	return row;
}

ent_instant ent_report_begin(const struct ent_reporting *r, ent_date day)
{
	return ent_zone_day_begins(r->zone, day);
}

void ent_report_scope(const struct ent_reporting *r, const char *column, struct ent_text *sql)
{
	ent_list_scope(r->call->who, column, sql);
	if (!ent_id_is_none(r->asked->account_id)) {
		struct ent_principal one = { .accounts = { &r->asked->account_id, 1 },
			                     .account_trees = true };
		ent_list_scope(&one, column, sql);
	}
}

static enum ent_code name_some(struct ent_reporting *r, struct ent_ids ids, const char *table,
                               const char *column, struct ent_rows *out, struct ent_error *error)
{
	struct ent_value *args = ENT_NEW(r->call->arena, struct ent_value, ENT_IDS_ROOM);
	struct ent_text sql = ent_text_begin(r->call->arena);
	ent_text_addf(&sql, "SELECT id, %s FROM \"%s\" WHERE id IN (", column, table);
	size_t n = ent_args_ids(&sql, args, 0, ids);
	ent_text_char(&sql, ')');
	return ent_db_run(r->call->db, ent_text_end(&sql), args, n, r->call->arena, out, error);
}

static void take_names(struct ent_reporting *r, const struct ent_field *id,
                       const struct ent_field *text, size_t first, size_t count,
                       const struct ent_rows *names)
{
	for (size_t i = first; i < first + count; i++) {
		char *row = (char *)r->rows.items + i * r->report->row->size;
		int64_t wanted = ((const ent_id *)ent_field_at(id, row))->value;
		const struct ent_row *name = names->first;
		while (name != NULL && name->cell[0].number != wanted) {
			name = name->next;
		}
		if (name != NULL) {
			*(ent_str *)ent_field_at(text, row) = name->cell[1].text;
		}
	}
}

enum ent_code ent_report_name(struct ent_reporting *r, const char *id_field, const char *table,
                              const char *column, const char *text_field, struct ent_error *error)
{
	const struct ent_type *type = r->report->row;
	const struct ent_field *id = ent_type_field(type, ent_str_of(id_field));
	const struct ent_field *text = ent_type_field(type, ent_str_of(text_field));
	ent_id ids[ENT_IDS_ROOM];
	enum ent_code code = ENT_OK;
	for (size_t first = 0; first < r->rows.count && code == ENT_OK;) {
		size_t n =
			r->rows.count - first < ENT_IDS_ROOM ? r->rows.count - first : ENT_IDS_ROOM;
		struct ent_rows names;
		for (size_t i = 0; i < n; i++) {
			const char *row = (const char *)r->rows.items + (first + i) * type->size;
			ids[i] = *(const ent_id *)ent_field_at(id, row);
		}
		code = name_some(r, (struct ent_ids){ ids, n }, table, column, &names, error);
		if (code == ENT_OK) {
			take_names(r, id, text, first, n, &names);
		}
		first += n;
	}
	return code;
}

int64_t ent_report_currency(struct ent_report_currencies *all, ent_str code)
{
	for (size_t i = 0; i < all->count; i++) {
		if (ent_str_is(code, all->codes[i])) {
			return (int64_t)i;
		}
	}
	if (all->count == ENT_REPORT_CURRENCIES || code.len != 3) {
		return -1;
	}
	memcpy(all->codes[all->count], code.ptr, code.len);
	return (int64_t)all->count++;
}

ent_money ent_report_money(int64_t micro, const char *code)
{
	ent_money money = { micro, "" };
	memcpy(money.currency, code, sizeof(money.currency));
	return money;
}

ent_money ent_report_rounded(int64_t micro, const char *code)
{
	ent_decimal amount = { micro };
	int digits = ent_currency_digits(ent_str_of(code));
	if (digits >= 0 && !ent_amount_round(amount, digits, ENT_ROUND_HALF_AWAY, &amount)) {
		amount.micro = micro;
	}
	return ent_report_money(amount.micro, code);
}

enum ent_code ent_report_too_great(struct ent_error *error)
{
	return ent_refuse(error, ENT_E_BAD_PARAMETER, "/account_id", (ent_str){ NULL, 0 },
	                  "the amounts are too great to be added: ask for one account");
}

/* ---- pages ------------------------------------------------------------------------------ */

enum { PAGE = 200 };

enum ent_code ent_report_pages(struct ent_reporting *r, const struct ent_type *type,
                               const char *where, ent_report_record *visit, void *arg,
                               struct ent_error *error)
{
	struct ent_text tail = ent_text_begin(r->call->arena);
	ent_id last = { 0 };
	bool is_account = type == &ent_account_type;
	ent_text_addf(&tail, "WHERE t.id > $1%s", where);
	ent_report_scope(r, is_account ? "t.id" : "t.account_id", &tail);
	ent_text_addf(&tail, " ORDER BY t.id LIMIT %d", PAGE);
	ent_str sql = ent_text_end(&tail);
	struct ent_list page = { NULL, PAGE };
	while (page.count == PAGE) {
		struct ent_arena scratch = *r->call->arena;
		struct ent_call own = ent_call_within(r->call, &scratch);
		enum ent_code code =
			ent_row_select(own.db, type, sql, ENT_ARGS(ent_arg_int(last.value)),
		                       &scratch, &page, error);
		if (code == ENT_OK && page.count > 0) {
			last = *(const ent_id *)(const void *)((const char *)page.items +
			                                       (page.count - 1) * type->size);
			code = visit(r, arg, &own, &page, error);
		}
		ent_call_end(&own);
		if (code != ENT_OK) {
			return code;
		}
	}
	return ENT_OK;
}
