/* entitled demo: fill the database with a believable organisation. */
#include "cli/cli.h"

#include "app/demo.h"
#include "cli/progress.h"

#include <stdio.h>
#include <time.h>

static bool read_today(const char *text, ent_date *out)
{
	if (text == NULL) {
		out->day = (int32_t)(time(NULL) / (24 * 60 * 60));
		return true;
	}
	if (ent_date_parse(ent_str_of(text), out)) {
		return true;
	}
	fprintf(stderr, "entitled demo: --today %s: give a date like 2026-07-01\n", text);
	return false;
}

static void print_report(const struct ent_demo_options *options,
                         const struct ent_demo_report *report)
{
	size_t count;
	const struct ent_demo_user *users = ent_demo_users(&count);
	printf("%lld accounts, %lld contacts, %lld products, %lld assets, %lld entitlements, "
	       "%lld cases\n",
	       (long long)report->accounts, (long long)report->contacts,
	       (long long)report->products, (long long)report->assets,
	       (long long)report->entitlements, (long long)report->cases);
	if (report->users == 0 || options->accounts > 0) {
		return;
	}
	printf("\nsign in with the password \"%s\" as\n", ENT_DEMO_PASSWORD);
	for (size_t i = 0; i < count; i++) {
		printf("  %-26s %-14s %s\n", users[i].email, ent_role_names.text[users[i].role],
		       users[i].name);
	}
}

/* A clock of the story's own, so that everything is made at the time it tells; a database
 * that has records already keeps the system's, so that identifiers stay unique. */
static struct ent_app *open_app(const char *database, const struct ent_demo_options *options)
{
	struct ent_app *app = ent_cli_open(database, true);
	if (app == NULL || options->add) {
		return app;
	}
	ent_app_close(app); /* it was migrated */
	struct ent_app_config config = { .database = database,
		                         .clock = ent_demo_begins(options->today) };
	struct ent_error error;
	if (ent_app_open(&config, &app, &error) != ENT_OK) {
		ent_cli_fail(&error);
		return NULL;
	}
	return app;
}

int ent_cli_demo(int argc, char **argv)
{
	const char *database = NULL;
	const char *today = NULL;
	int64_t seed = 1;
	struct ent_demo_options demo = { .accounts = 0 };
	const struct ent_option options[] = {
		ENT_OPTION_DB(database),
		{ "--seed", "N", ENT_OPTION_INT, &seed, "Another organisation; default 1" },
		{ "--today", "DATE", ENT_OPTION_TEXT, &today,
		  "Its year ends the day before; default: today" },
		{ "--accounts", "N", ENT_OPTION_INT, &demo.accounts,
		  "This many accounts in bulk instead, with about 3 entitlements and 5 contacts "
		  "each" },
		{ "--add", NULL, ENT_OPTION_FLAG, &demo.add,
		  "Though there are accounts already; makes no users" },
		{ NULL, NULL, ENT_OPTION_FLAG, NULL, NULL },
	};
	int rest;
	int status =
		ent_options_read("demo", "", "Fill the database with a believable organisation",
	                         options, argc, argv, &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	if (!read_today(today, &demo.today)) {
		return 2;
	}
	struct ent_progress progress = { .what = "demo" };
	demo.seed = (uint64_t)seed;
	demo.progress = ent_progress_show;
	demo.arg = &progress;
	struct ent_app *app = open_app(ent_cli_database(database), &demo);
	if (app == NULL) {
		return 1;
	}
	struct ent_call model = ent_cli_call(app);
	struct ent_demo_report report;
	struct ent_error error;
	enum ent_code code = ent_demo_fill(app, &model, &demo, &report, &error);
	ent_progress_end(&progress);
	if (code == ENT_OK) {
		print_report(&demo, &report);
	} else {
		status = ent_cli_fail(&error);
		if (code == ENT_E_STATE) {
			fprintf(stderr, "entitled: say --add to fill it all the same\n");
		}
	}
	ent_app_close(app);
	return status;
}
