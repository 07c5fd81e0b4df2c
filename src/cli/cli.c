#include "cli/cli.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	int (*run)(int argc, char **argv);
} commands[] = {
#define ENT_COMMAND(name, arguments, summary) { #name, arguments, summary, ent_cli_##name },
#include "cli/command.def"
};

/* ---- the whole program ---- */

static void print_usage(FILE *out)
{
	fputs("entitled " ENT_VERSION " - customer contracts and support entitlements\n\n"
	      "usage: entitled COMMAND [options]\n\ncommands:\n",
	      out);
	for (size_t i = 0; i < ENT_COUNT(commands); i++) {
		fprintf(out, "  %-10s %-20s %s\n", commands[i].name, commands[i].arguments,
		        commands[i].summary);
	}
	fputs("\n`entitled COMMAND --help` tells its options.\n", out);
}

static int unknown_command(const char *name)
{
	const char *nearest = NULL;
	size_t best = ENT_EDITS_NEAR + 1;
	for (size_t i = 0; i < ENT_COUNT(commands); i++) {
		size_t d = ent_str_edits(ent_str_of(name), ent_str_of(commands[i].name));
		if (d < best) {
			best = d;
			nearest = commands[i].name;
		}
	}
	fprintf(stderr, "entitled: there is no command \"%s\"", name);
	fprintf(stderr, nearest != NULL ? "; did you mean \"%s\"?\n" : "; see `entitled help`\n",
	        nearest);
	return 2;
}

int ent_cli_main(int argc, char **argv)
{
	if (argc < 2) {
		print_usage(stderr);
		return 2;
	}
	const char *name = argv[1];
	bool wants_help =
		strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0;
	if (wants_help && argc < 3) {
		print_usage(stdout);
		return 0;
	}
	if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
		puts("entitled " ENT_VERSION);
		return 0;
	}
	char help[] = "--help";
	char *helped[] = { argv[0], help, NULL };
	for (size_t i = 0; i < ENT_COUNT(commands); i++) {
		if (strcmp(wants_help ? argv[2] : name, commands[i].name) == 0) {
			return wants_help ? commands[i].run(2, helped)
			                  : commands[i].run(argc - 1, argv + 1);
		}
	}
	return unknown_command(wants_help ? argv[2] : name);
}

/* ---- options ---- */

static void print_help(const char *command, const char *arguments, const char *summary,
                       const struct ent_option *options)
{
	printf("%s\n\nusage: entitled %s%s%s [options]\n\n", summary, command,
	       arguments[0] == '\0' ? "" : " ", arguments);
	for (const struct ent_option *o = options; o->name != NULL; o++) {
		char left[64];
		snprintf(left, sizeof(left), "%s%s%s", o->name, o->value == NULL ? "" : " ",
		         o->value == NULL ? "" : o->value);
		printf("  %-26s %s\n", left, o->meaning);
	}
	printf("  %-26s %s\n", "--help", "This text");
}

static int unknown_option(const char *command, const struct ent_option *options, const char *given)
{
	const char *nearest = NULL;
	size_t best = ENT_EDITS_NEAR + 2; /* the two dashes are right in any case */
	size_t to_help = ent_str_edits(ent_str_of(given), ENT_STR("--help"));
	if (to_help < best) {
		best = to_help;
		nearest = "--help";
	}
	for (const struct ent_option *o = options; o->name != NULL; o++) {
		size_t d = ent_str_edits(ent_str_of(given), ent_str_of(o->name));
		if (d < best) {
			best = d;
			nearest = o->name;
		}
	}
	fprintf(stderr, "entitled %s: there is no option %s", command, given);
	if (nearest != NULL) {
		fprintf(stderr, "; did you mean %s?\n", nearest);
	} else {
		fprintf(stderr, "; see `entitled %s --help`\n", command);
	}
	return 2;
}

static int take(const char *command, const struct ent_option *option, const char *value)
{
	if (option->kind == ENT_OPTION_FLAG && value != NULL) {
		fprintf(stderr, "entitled %s: %s takes no value\n", command, option->name);
		return 2;
	}
	if (option->kind == ENT_OPTION_FLAG) {
		*(bool *)option->target = true;
		return 0;
	}
	if (value == NULL) {
		fprintf(stderr, "entitled %s: %s needs a value: %s\n", command, option->name,
		        option->value);
		return 2;
	}
	if (option->kind == ENT_OPTION_TEXT) {
		*(const char **)option->target = value;
		return 0;
	}
	if (option->kind == ENT_OPTION_INT) {
		if (!ent_str_int(ent_str_of(value), option->target) ||
		    *(int64_t *)option->target < 0) {
			fprintf(stderr, "entitled %s: %s %s: give a whole number\n", command,
			        option->name, value);
			return 2;
		}
		return 0;
	}
	struct ent_option_list *list = option->target;
	if (list->count == ENT_OPTION_LIST_MAX) {
		fprintf(stderr, "entitled %s: %s is given too often\n", command, option->name);
		return 2;
	}
	list->items[list->count++] = value;
	return 0;
}

static const struct ent_option *find(const struct ent_option *options, const char *text, size_t len)
{
	for (const struct ent_option *o = options; o->name != NULL; o++) {
		if (strlen(o->name) == len && strncmp(o->name, text, len) == 0) {
			return o;
		}
	}
	return NULL;
}

int ent_options_read(const char *command, const char *arguments, const char *summary,
                     const struct ent_option *options, int argc, char **argv, int *rest)
{
	*rest = 0;
	bool only_rest = false;
	for (int i = 1; i < argc; i++) {
		if (only_rest || argv[i][0] != '-' || argv[i][1] == '\0') {
			argv[(*rest)++] = argv[i];
			continue;
		}
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			print_help(command, arguments, summary, options);
			*rest = -1;
			return 0;
		}
		if (strcmp(argv[i], "--") == 0) {
			only_rest = true;
			continue;
		}
		const char *equals = strchr(argv[i], '=');
		size_t len = equals == NULL ? strlen(argv[i]) : (size_t)(equals - argv[i]);
		const struct ent_option *option = find(options, argv[i], len);
		if (option == NULL) {
			return unknown_option(command, options, argv[i]);
		}
		bool next = equals == NULL && option->kind != ENT_OPTION_FLAG && i + 1 < argc;
		int status = take(command, option,
		                  next             ? argv[i + 1]
		                  : equals == NULL ? NULL
		                                   : equals + 1);
		if (status != 0) {
			return status;
		}
		i += next;
	}
	if (arguments[0] == '\0' && *rest > 0) {
		fprintf(stderr,
		        "entitled %s: %s: it takes options only; see `entitled %s --help`\n",
		        command, argv[0], command);
		return 2;
	}
	return 0;
}

/* ---- the database ---- */

const char *ent_cli_database(const char *option)
{
	const char *environment = getenv("ENTITLED_DB");
	return option != NULL ? option : environment != NULL ? environment : "entitled.db";
}

int ent_cli_fail(const struct ent_error *error)
{
	fprintf(stderr, "entitled: %s\n", error->detail);
	/* of one fault the detail has said all, but for the value */
	bool said = error->issue_count == 1 && error->issues[0].value[0] == '\0';
	for (size_t i = 0; !said && i < error->issue_count && i < ENT_ISSUE_MAX; i++) {
		const struct ent_issue *issue = &error->issues[i];
		fprintf(stderr, "  %s%s%s%s: %s\n", issue->pointer,
		        issue->value[0] != '\0' ? " (" : "", issue->value,
		        issue->value[0] != '\0' ? ")" : "", issue->remedy);
	}
	return 1;
}

struct ent_app *ent_cli_open(const char *database, bool create)
{
	struct ent_app_config config = {
		.database = database,
		.create = create,
		.clock = ENT_INSTANT_NONE,
	};
	struct ent_app *app = NULL;
	struct ent_error error;
	struct ent_migration_report report;
	if (ent_app_open(&config, &app, &error) != ENT_OK) {
		ent_cli_fail(&error);
		return NULL;
	}
	enum ent_code code = create ? ent_store_migrate(ent_app_store(app), &report, &error)
	                            : ent_store_migrate_check(ent_app_store(app), &report, &error);
	if (code != ENT_OK) {
		ent_cli_fail(&error);
		ent_app_close(app);
		return NULL;
	}
	return app;
}

bool ent_cli_room(struct ent_arena *out)
{
	enum { ROOM = 16 << 20 };
	static struct ent_budget budget;
	if (!ent_arena_reserve(ROOM, &budget, out)) {
		fprintf(stderr, "entitled: no memory\n");
		return false;
	}
	return true;
}

struct ent_call ent_cli_call(struct ent_app *app)
{
	return (struct ent_call){
		.app = app,
		.now = ent_app_now(app),
		.who = &ent_principal_system,
		.origin = ENT_STR("cli"),
	};
}
