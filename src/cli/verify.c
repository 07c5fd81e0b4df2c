#include "cli/cli.h"

#include "app/verify.h"

#include <stdio.h>

static void print_finding(void *arg, const struct ent_finding *finding)
{
	(void)arg;
	char account[ENT_ID_ROOM] = "organisation";
	if (!ent_id_is_none(finding->account_id)) {
		ent_id_format(finding->account_id, "acc", account);
	}
	printf("%s %s %s: %s\n", finding->kind, account, finding->subject, finding->detail);
}

int ent_cli_verify(int argc, char **argv)
{
	const char *database = NULL;
	const struct ent_option options[] = {
		ENT_OPTION_DB(database),
		{ NULL, NULL, ENT_OPTION_FLAG, NULL, NULL },
	};
	int rest;
	int status = ent_options_read(
		"verify", "",
		"Prove that balances equal postings, that dates agree with their zones, and\n"
		"that the chain of events is whole; prints each finding\n"
		"(exit status 1: there are some, 2: it could not be told)",
		options, argc, argv, &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	struct ent_app *app = ent_cli_open(ent_cli_database(database), false);
	if (app == NULL) {
		return 2;
	}
	struct ent_error error;
	struct ent_verify_result report;
	enum ent_code code = ent_verify(app, print_finding, NULL, &report, &error);
	status = code != ENT_OK ? 2 : report.findings > 0;
	if (code != ENT_OK) {
		ent_cli_fail(&error);
	} else {
		printf("%lld accounts, %lld entitlements, %lld postings, %lld cases, %lld events: "
		       "%lld "
		       "findings\n",
		       (long long)report.accounts, (long long)report.entitlements,
		       (long long)report.postings, (long long)report.cases,
		       (long long)report.events, (long long)report.findings);
	}
	ent_app_close(app);
	return status;
}
