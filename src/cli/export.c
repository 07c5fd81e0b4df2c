/* entitled export: write records as tables or JSON lines. */
#include "cli/cli.h"

#include "app/export.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool write_file(void *arg, ent_str text)
{
	return fwrite(text.ptr, 1, text.len, arg) == text.len;
}

static bool read_format(const char *format, const char *as, struct ent_export_options *options)
{
	bool salesforce = as != NULL && strcmp(as, "salesforce") == 0;
	if (as != NULL && !salesforce) {
		fprintf(stderr, "entitled export: --as %s: give salesforce\n", as);
		return false;
	}
	if (strcmp(format, "csv") != 0 && (strcmp(format, "jsonl") != 0 || salesforce)) {
		fprintf(stderr, "entitled export: --format %s: give csv%s\n", format,
		        salesforce ? "" : " or jsonl");
		return false;
	}
	options->format = salesforce                   ? ENT_EXPORT_SALESFORCE
	                  : strcmp(format, "csv") == 0 ? ENT_EXPORT_CSV
	                                               : ENT_EXPORT_JSONL;
	return true;
}

static int run(const char *database, struct ent_export_options *options, const char *file)
{
	struct ent_app *app = ent_cli_open(ent_cli_database(database), false);
	if (app == NULL) {
		return 1;
	}
	FILE *out = file == NULL ? stdout : fopen(file, "we");
	struct ent_call model = ent_cli_call(app);
	struct ent_error error;
	int64_t rows;
	int status = 1;
	if (out == NULL) {
		perror(file);
	} else {
		options->write = write_file;
		options->arg = out;
		bool good = ent_export_run(app, &model, options, &rows, &error) == ENT_OK;
		bool closed = file == NULL ? fflush(out) == 0 : fclose(out) == 0;
		status = good && closed ? 0
		         : good         ? (perror(file == NULL ? "output" : file), 1)
		                        : ent_cli_fail(&error);
	}
	if (status == 0 && file != NULL) {
		fprintf(stderr, "%lld rows in %s\n", (long long)rows, file);
	}
	ent_app_close(app);
	return status;
}

int ent_cli_export(int argc, char **argv)
{
	const char *database = NULL, *format = "csv", *as = NULL, *file = NULL;
	struct ent_option_list filters = { .count = 0 };
	struct ent_export_options export = { .entity = NULL };
	const struct ent_option options[] = {
		ENT_OPTION_DB(database),
		{ "--format", "csv|jsonl", ENT_OPTION_TEXT, &format,
		  "Default csv, as import reads it" },
		{ "--as", "salesforce", ENT_OPTION_TEXT, &as, "With Salesforce's columns" },
		{ "--filter", "FIELD=VALUE", ENT_OPTION_LIST, &filters,
		  "Also FIELD[gte]=VALUE, as the API has it; may be repeated" },
		{ "--out", "FILE", ENT_OPTION_TEXT, &file, "Default: standard output" },
		{ "--guard", NULL, ENT_OPTION_FLAG, &export.guard,
		  "Put ' before what a spreadsheet would take for a formula" },
		{ "--bom", NULL, ENT_OPTION_FLAG, &export.bom,
		  "Begin with a byte order mark, for Excel" },
		{ NULL, NULL, ENT_OPTION_FLAG, NULL, NULL },
	};
	int rest;
	int status = ent_options_read("export", "ENTITY", "Write records as CSV or JSON lines",
	                              options, argc, argv, &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	if (rest != 1) {
		fprintf(stderr, "entitled export: say what: " ENT_EXPORT_TABLES "\n");
		return 2;
	}
	export.entity = argv[0];
	export.filters = filters.items;
	export.filter_count = filters.count;
	return read_format(format, as, &export) ? run(database, &export, file) : 2;
}
