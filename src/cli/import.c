/* entitled import: read records from tables of text. */
#include "cli/cli.h"

#include "app/import.h"
#include "app/import_process.h"
#include "cli/import_ical.h"
#include "cli/progress.h"
#include "cli/results.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TABLES_MAX = 32, FILES_MAX = 512, SHOWN_DEFAULT = 100, METADATA = ENT_FROM_COUNT };
#define FILE_BYTES_MAX (INT64_C(1) << 30)

struct import {
	struct ent_import_options options;
	bool is_metadata; /* XML instead of tables */
	struct ent_import_file files[FILES_MAX];
	size_t count;
	const char *folder; /* of the result files; NULL: none */
	struct ent_results results;
	int64_t shown, shown_max;
	bool cannot_write;
	struct ent_progress progress;
};

/* ---- files ------------------------------------------------------------------------------- */

static bool map_file(const char *name, ent_str *out)
{
	struct stat info;
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) != 0) {
		perror(name);
		return false;
	}
	if (!S_ISREG(info.st_mode) || info.st_size > FILE_BYTES_MAX) {
		fprintf(stderr, "entitled import: %s: give a file of at most 1 GiB\n", name);
		close(fd);
		return false;
	}
	*out = ENT_STR("");
	if (info.st_size > 0) {
		void *text = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (text == MAP_FAILED) {
			perror(name);
			close(fd);
			return false;
		}
		*out = (ent_str){ text, (size_t)info.st_size };
	}
	close(fd);
	return true;
}

static void unmap_all(const struct import *import)
{
	for (size_t i = 0; i < import->count; i++) {
		if (import->files[i].text.len > 0) {
			munmap((void *)(uintptr_t)import->files[i].text.ptr,
			       import->files[i].text.len);
		}
	}
}

/* ---- what is told ------------------------------------------------------------------------ */

static void show_message(struct import *import, const struct ent_import_row *row)
{
	if (import->shown++ >= import->shown_max) {
		return;
	}
	ent_progress_end(&import->progress);
	printf("%s:%lld: ", row->file->name, (long long)row->line);
	if (row->column.len > 0) {
		printf("%.*s: ", (int)row->column.len, row->column.ptr);
	}
	if (row->value.len > 0) {
		printf("\"%.*s\": ", (int)row->value.len, row->value.ptr);
	}
	printf("%.*s\n", (int)row->message.len, row->message.ptr);
}

static void take_row(void *arg, const struct ent_import_row *row)
{
	struct import *import = arg;
	if (row->status == ENT_IMPORT_FAILED || row->message.len > 0) {
		show_message(import, row);
	}
	if (import->folder != NULL && !import->cannot_write && row->status != ENT_IMPORT_BLANK) {
		import->cannot_write = !ent_results_add(&import->results, row);
	}
}

static void take_again(void *arg)
{
	struct import *import = arg;
	import->shown = 0;
	puts("begins again: another program was writing");
	ent_results_rewind(&import->results);
}

static void tell_ignored(void *arg, const struct ent_import_file *file, ent_str column)
{
	(void)arg;
	fprintf(stderr, "%s: the column %.*s is not used\n", file->name, (int)column.len,
	        column.ptr);
}

static void show_progress(void *arg, int64_t done, int64_t all)
{
	struct import *import = arg;
	ent_progress_show(&import->progress, done, all);
}

/* 0, or 1 if a row failed. */
static int print_summary(const struct import *import)
{
	int64_t failed = 0;
	if (import->shown > import->shown_max) {
		printf("... and %lld more\n", (long long)(import->shown - import->shown_max));
	}
	for (size_t i = 0; i < import->count; i++) {
		const struct ent_import_file *file = &import->files[i];
		if (file->recognised == NULL) {
			continue; /* it did not come to that */
		}
		printf("%s (%s):", file->name, file->recognised);
		for (int k = 0; k < ENT_IMPORT_STATUS_COUNT; k++) {
			printf("%s %lld %s", k > 0 ? "," : "", (long long)file->counts[k],
			       ent_import_status_text((enum ent_import_status)k));
		}
		putchar('\n');
		failed += file->counts[ENT_IMPORT_FAILED];
	}
	if (import->options.dry_run) {
		puts("dry run: nothing was written");
	}
	return failed > 0;
}

/* ---- options ----------------------------------------------------------------------------- */

static bool read_choice(const char *option, const char *given, const char *const *names,
                        size_t count, unsigned *out)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], given) == 0) {
			*out = (unsigned)i;
			return true;
		}
	}
	fprintf(stderr, "entitled import: %s %s: give", option, given);
	for (size_t i = 0; i < count; i++) {
		fprintf(stderr, " %s", names[i]);
	}
	fputc('\n', stderr);
	return false;
}

static bool read_choices(struct import *import, const char *from, const char *order,
                         const char *delimiter)
{
	const char *sources[ENT_FROM_COUNT + 1];
	static const char *const orders[] = { "iso", "mdy", "dmy", "ymd" };
	static const char *const delimiters[] = { ",", ";", "tab", "|" };
	unsigned source, date, character;
	for (unsigned i = 0; i < ENT_FROM_COUNT; i++) {
		sources[i] = ent_import_from_text((enum ent_import_from)i);
	}
	sources[METADATA] = "salesforce-metadata";
	if (!read_choice("--from", from, sources, ENT_COUNT(sources), &source) ||
	    !read_choice("--date-order", order, orders, ENT_COUNT(orders), &date)) {
		return false;
	}
	import->is_metadata = source == METADATA;
	import->options.from =
		source == METADATA ? ENT_FROM_SALESFORCE : (enum ent_import_from)source;
	import->options.date_order = (enum ent_date_order)date;
	if (delimiter != NULL) {
		if (!read_choice("--delimiter", delimiter, delimiters, ENT_COUNT(delimiters),
		                 &character)) {
			return false;
		}
		import->options.separator = ",;\t|"[character];
	}
	return true;
}

static bool map_all(struct import *import, int rest, char **argv, const char *object)
{
	int most = object != NULL ? 1 : import->is_metadata ? FILES_MAX : TABLES_MAX;
	if (rest == 0 || rest > most) {
		fprintf(stderr, "entitled import: give 1 to %d files\n", most);
		return false;
	}
	if (import->is_metadata && (object != NULL || import->folder != NULL)) {
		fputs("entitled import: --object and --results are for tables\n", stderr);
		return false;
	}
	for (int i = 0; i < rest; i++) {
		import->files[i] = (struct ent_import_file){ .name = argv[i], .object = object };
		if (!map_file(argv[i], &import->files[i].text)) {
			return false;
		}
		import->count++;
	}
	return true;
}

static int run(struct import *import, const char *database)
{
	struct ent_app *app = ent_cli_open(ent_cli_database(database), false);
	if (app == NULL) {
		return 1;
	}
	struct ent_call model = ent_cli_call(app);
	struct ent_error error;
	ent_error_clear(&error);
	import->options.row = take_row;
	import->options.again = take_again;
	import->options.ignored = tell_ignored;
	import->options.progress = show_progress;
	import->options.arg = import;
	import->progress.what = import->options.dry_run ? "dry run" : "import";
	enum ent_code code = (import->is_metadata ? ent_process_import : ent_import_run)(
		app, &model, &import->options, import->files, import->count, &error);
	ent_progress_end(&import->progress);
	bool written = ent_results_close(&import->results) && !import->cannot_write;
	int status = print_summary(import);
	if (code != ENT_OK) {
		status = ent_cli_fail(&error);
	}
	if (!written) {
		fprintf(stderr, "entitled import: the result files could not be written to %s\n",
		        import->folder);
		status = 1;
	}
	ent_app_close(app);
	return status;
}

int ent_cli_import(int argc, char **argv)
{
	static struct import import;
	const char *database = NULL, *from = "csv", *object = NULL, *system = NULL;
	const char *order = "iso", *delimiter = NULL, *holiday_set = NULL;
	const char *currency = NULL, *time_zone = NULL;
	import = (struct import){ .shown_max = SHOWN_DEFAULT };
	const struct ent_option options[] = {
		ENT_OPTION_DB(database),
		{ "--from", "SYSTEM", ENT_OPTION_TEXT, &from,
		  "csv, salesforce, dynamics, servicenow: whose columns they are; "
		  "salesforce-metadata: XML of processes and milestone types" },
		{ "--object", "NAME", ENT_OPTION_TEXT, &object,
		  "What the file holds; else its name or header tells" },
		{ "--system", "NAME", ENT_OPTION_TEXT, &system,
		  "external_system of the records; default as --from" },
		{ "--currency", "EUR", ENT_OPTION_TEXT, &currency,
		  "Of amounts that come without one" },
		{ "--time-zone", "ZONE", ENT_OPTION_TEXT, &time_zone,
		  "Days written as instants are days of this zone" },
		{ "--dry-run", NULL, ENT_OPTION_FLAG, &import.options.dry_run,
		  "Do it all, tell what happens, and undo it" },
		{ "--results", "DIR", ENT_OPTION_TEXT, &import.folder,
		  "Write NAME.success.csv and NAME.error.csv there" },
		{ "--date-order", "mdy|dmy|ymd", ENT_OPTION_TEXT, &order,
		  "Of dates such as 2/29/2024; without it only 2024-02-29 is read" },
		{ "--delimiter", "CHAR", ENT_OPTION_TEXT, &delimiter,
		  "; or , or | or tab; else found out" },
		{ "--nulls", NULL, ENT_OPTION_FLAG, &import.options.nulls,
		  "Empty cells clear what they are about" },
		{ "--holiday-set", "NAME", ENT_OPTION_TEXT, &holiday_set,
		  "FILE is iCalendar: add its holidays to this set" },
		{ "--errors", "N", ENT_OPTION_INT, &import.shown_max,
		  "Print at most N; default 100" },
		{ NULL, NULL, ENT_OPTION_FLAG, NULL, NULL },
	};
	int rest;
	int status = ent_options_read("import", "FILE...", "Read records from CSV files", options,
	                              argc, argv, &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	import.options.system = ent_str_of(system);
	import.options.currency = ent_str_of(currency);
	import.options.time_zone = ent_str_of(time_zone);
	import.results.folder = import.folder;
	status = 2;
	if (import.folder != NULL && access(import.folder, W_OK | X_OK) != 0) {
		perror(import.folder);
	} else if (holiday_set != NULL && rest != 1) {
		fputs("entitled import: give one file with --holiday-set\n", stderr);
	} else if (holiday_set != NULL && map_all(&import, rest, argv, object)) {
		status = ent_cli_import_ical(database, holiday_set, import.files[0].text,
		                             import.options.dry_run);
	} else if (holiday_set == NULL && read_choices(&import, from, order, delimiter) &&
	           map_all(&import, rest, argv, object)) {
		status = run(&import, database);
	}
	unmap_all(&import);
	return status;
}
