/* entitled report: what the API answers at /v1/reports/NAME. */
#include "cli/cli.h"

#include "app/report.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = { "as_of",   "from",       "to",    "by",    "months",
	                             "windows", "account_id", "limit", "format" };
enum { NAMES = sizeof(names) / sizeof(names[0]), FORMAT = NAMES - 1 };

struct reporting {
	const struct ent_report *report;
	const char *values[NAMES];
};

static enum ent_code print_report(struct ent_call *call, void *arg, struct ent_error *error)
{
	const struct reporting *reporting = arg;
	struct ent_input_report input = ent_report_input(reporting->report);
	struct ent_report_answer answer;
	ent_error_clear(error);
	for (size_t i = 0; i < NAMES; i++) {
		if (reporting->values[i] != NULL) {
			ent_report_set(reporting->report, ent_str_of(names[i]),
			               ent_str_of(reporting->values[i]), &input, call->arena,
			               error);
		}
	}
	enum ent_code code = ent_noted(error);
	if (code == ENT_OK) {
		code = ent_report_run(call, reporting->report, &input, &answer, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	bool is_csv = answer.asked.format == ENT_REPORT_CSV;
	ent_str text = is_csv ? ent_report_csv(&answer, call->arena)
	                      : ent_report_json(&answer, call->arena);
	if (answer.has_more) {
		fprintf(stderr, "entitled report: there are more rows: give --limit\n");
	}
	bool good = fwrite(text.ptr, 1, text.len, stdout) == text.len &&
	            (is_csv || putchar('\n') != EOF) && fflush(stdout) == 0;
	return good ? ENT_OK : ent_fail(error, ENT_E_SYSTEM, "the output could not be written");
}

static int no_such(const char *name)
{
	size_t count;
	const struct ent_report *reports = ent_reports(&count);
	fprintf(stderr, "entitled report: %s%ssay which:\n", name != NULL ? name : "",
	        name != NULL ? ": there is none; " : "");
	for (size_t i = 0; i < count; i++) {
		fprintf(stderr, "  %-18s %s\n", reports[i].name, reports[i].summary);
	}
	return 2;
}

int ent_cli_report(int argc, char **argv)
{
	const char *database = NULL;
	bool is_csv = false;
	struct reporting reporting = { .report = NULL };
	const char **values = reporting.values;
	const struct ent_option options[] = {
		ENT_OPTION_DB(database),
		{ "--as-of", "DATE", ENT_OPTION_TEXT, &values[0], "The day it is about" },
		{ "--from", "DATE", ENT_OPTION_TEXT, &values[1], "First day" },
		{ "--to", "DATE", ENT_OPTION_TEXT, &values[2], "Last day" },
		{ "--by", "PERIOD", ENT_OPTION_TEXT, &values[3], "week, month, quarter or year" },
		{ "--months", "N", ENT_OPTION_TEXT, &values[4], "How many months; default 12" },
		{ "--windows", "DAYS", ENT_OPTION_TEXT, &values[5], "Default 30,60,90" },
		{ "--account", "ID", ENT_OPTION_TEXT, &values[6],
		  "Only this account and those below" },
		{ "--limit", "N", ENT_OPTION_TEXT, &values[7], "Rows at most; default 1000" },
		{ "--csv", NULL, ENT_OPTION_FLAG, &is_csv, "As a table; default JSON" },
		{ NULL, NULL, ENT_OPTION_FLAG, NULL, NULL },
	};
	int rest;
	int status = ent_options_read("report", "NAME", "Print a report as JSON or as a table",
	                              options, argc, argv, &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	const char *name = rest == 1 ? argv[0] : NULL;
	reporting.report = name != NULL ? ent_report_named(ent_str_of(name)) : NULL;
	if (reporting.report == NULL) {
		return no_such(name);
	}
	values[FORMAT] = is_csv ? "csv" : NULL;
	struct ent_app *app = ent_cli_open(ent_cli_database(database), false);
	if (app == NULL) {
		return 1;
	}
	struct ent_call model = ent_cli_call(app);
	struct ent_error error;
	bool good = ent_app_run(app, ENT_READ, &model, print_report, &reporting, &error) == ENT_OK;
	status = good ? 0 : ent_cli_fail(&error);
	ent_app_close(app);
	return status;
}
