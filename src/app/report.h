/* report.h - what the records say as a whole: docs/reports.md.
 *
 * A report is a line in report.def, a described row (core/report/X.def) and a function. It sees
 * what its caller may read and no more: every statement has the caller's row scope. Tables are read
 * page by page in memory that is used again, so that a report over everything needs little.
 */
#ifndef ENT_APP_REPORT_H
#define ENT_APP_REPORT_H

#include "app/app.h"
#include "core/report.h"

struct ent_reporting;

struct ent_report {
	const char *name;
	const char *takes; /* members of struct ent_input_report, parted by blanks */
	const char *summary;
	const char *permission;
	const struct ent_type *row;
	enum ent_code (*run)(struct ent_reporting *r, struct ent_error *error);
};

/* All of them. */
const struct ent_report *ent_reports(size_t *count);
/* NULL: there is none of that name. */
const struct ent_report *ent_report_named(ent_str name);
/* Does it take this parameter? */
bool ent_report_takes(const struct ent_report *report, const char *name);

struct ent_report_answer {
	const struct ent_report *report;
	struct ent_input_report asked; /* with what was left out filled in */
	struct ent_list rows;          /* of report->row */
	bool has_more;                 /* than `limit` rows */
};

/* Nothing asked for yet, with the period that the report has by itself. */
struct ent_input_report ent_report_input(const struct ent_report *report);

/* Read a parameter into *input; notes what is wrong, also if the report
 * does not take it. */
void ent_report_set(const struct ent_report *report, ent_str name, ent_str value,
                    struct ent_input_report *input, struct ent_arena *arena,
                    struct ent_error *error);

/* FORBIDDEN; BAD_PARAMETER with every parameter that is wrong; NOT_FOUND (the account). */
ENT_CHECK enum ent_code ent_report_run(struct ent_call *call, const struct ent_report *report,
                                       const struct ent_input_report *input,
                                       struct ent_report_answer *out, struct ent_error *error);

/* {"object":"report",…} and a table with a header. */
ent_str ent_report_json(const struct ent_report_answer *answer, struct ent_arena *arena);
ent_str ent_report_csv(const struct ent_report_answer *answer, struct ent_arena *arena);

#endif
