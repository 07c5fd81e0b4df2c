/* report_inner.h - what the files of reports share. */
#ifndef ENT_APP_REPORT_INNER_H
#define ENT_APP_REPORT_INNER_H

#include "app/contract_total.h"
#include "app/report.h"
#include "core/arr.h"

enum { ENT_REPORT_ROWS = 1000, ENT_REPORT_WINDOWS_MAX = 12, ENT_REPORT_CURRENCIES = 200 };

struct ent_reporting {
	struct ent_call *call; /* its arena holds what stays; pages have copies of it */
	const struct ent_report *report;
	struct ent_input_report *asked;
	const struct ent_zone *zone; /* the organisation's */
	ent_instant at;              /* as_of: now, or the first moment of that day */
	struct ent_list rows;        /* room for asked->limit */
	bool has_more;
	bool wants_states; /* visit all contracts, with their states at `at`, prices or NULL */
	struct ent_period *periods; /* where it takes from, to, by */
	size_t period_count;
	int64_t windows[ENT_REPORT_WINDOWS_MAX];
	size_t window_count;
};

#define ENT_REPORT(name, takes, summary) \
	enum ent_code ent_report_run_##name(struct ent_reporting *r, struct ent_error *error);
#include "app/report.def"

/* The next row, cleared; NULL: there are as many as were asked for. */
void *ent_report_row(struct ent_reporting *r);

/* " AND <column> IN (…)" for the caller's row scope and account_id. */
void ent_report_scope(const struct ent_reporting *r, const char *column, struct ent_text *sql);

/* Fill `text_field` of the rows with `column` of the records of `table` that `id_field` names. */
ENT_CHECK enum ent_code ent_report_name(struct ent_reporting *r, const char *id_field,
                                        const char *table, const char *column,
                                        const char *text_field, struct ent_error *error);

/* The instants of a day in the organisation's zone: its begin. */
ent_instant ent_report_begin(const struct ent_reporting *r, ent_date day);

/* Every contract that meets `where` (" AND …" on t), by id, with its lines and prices (mrr and arr
 * on as_of), all in memory that is used again: nothing may be allocated in r->call->arena
 * meanwhile. Contracts that have no prices are passed over. */
typedef enum ent_code ent_report_contract(struct ent_reporting *r, void *arg,
                                          const struct ent_contract *contract,
                                          const struct ent_contract_price *price,
                                          struct ent_error *error);
ENT_CHECK enum ent_code ent_report_walk(struct ent_reporting *r, const char *where,
                                        ent_report_contract *visit, void *arg,
                                        struct ent_error *error);

#define ENT_REPORT_BEGUN " AND t.activated_at IS NOT NULL" /* it was put into force */
/* That, and its end is between these days as far as SQL can tell: a zone's day around. */
ent_str ent_report_ending(const struct ent_reporting *r, ent_date first, ent_date last);

/* Which contract in force follows which, by renewal or merge. */
struct ent_follow {
	int64_t from, to;
	ent_date starts_on; /* of `to` */
};
struct ent_follows {
	struct ent_follow *items; /* by from and starts_on */
	size_t count;
};
ENT_CHECK enum ent_code ent_report_follows(struct ent_reporting *r, struct ent_follows *out,
                                           struct ent_error *error);
/* The first that follows it; NULL: none does. */
struct ent_follow *ent_report_follower(const struct ent_follows *follows, ent_id contract);

/* number, name and account of rows that have contract_id and account_id. */
ENT_CHECK enum ent_code ent_report_name_contracts(struct ent_reporting *r, struct ent_error *error);

/* What all lines bring on a day, unrounded. */
int64_t ent_report_arr(const struct ent_contract_price *price, ent_date on);

/* Sums by currency: which of `count` sums it is; a new one at the end. -1: too many. */
struct ent_report_currencies {
	char codes[ENT_REPORT_CURRENCIES][4];
	size_t count;
};
int64_t ent_report_currency(struct ent_report_currencies *all, ent_str code);
ent_money ent_report_money(int64_t micro, const char *code);
/* To the digits of its currency. */
ent_money ent_report_rounded(int64_t micro, const char *code);

/* BAD_PARAMETER: sums are no amounts. */
enum ent_code ent_report_too_great(struct ent_error *error);

/* SELECT over a table by id, page by page: `visit` sees each row. */
typedef enum ent_code ent_report_record(struct ent_reporting *r, void *arg, struct ent_call *call,
                                        struct ent_list *page, struct ent_error *error);
ENT_CHECK enum ent_code ent_report_pages(struct ent_reporting *r, const struct ent_type *type,
                                         const char *where, ent_report_record *visit, void *arg,
                                         struct ent_error *error);

#endif
