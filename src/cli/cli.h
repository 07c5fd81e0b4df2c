/* cli.h - the command line.
 *
 * A command is a line in command.def and a function that gets its arguments parsed by its
 * own table of options. It works on the database directly, as "system".
 * Exit status: 0 done, 1 failed or answered no, 2 wrong usage.
 */
#ifndef ENT_CLI_CLI_H
#define ENT_CLI_CLI_H

#include "app/app.h"

/* Run the command that argv names. */
int ent_cli_main(int argc, char **argv);

#define ENT_COMMAND(name, arguments, summary) int ent_cli_##name(int argc, char **argv);
#include "cli/command.def"

/* ---- options ------------------------------------------------------------------------------ */

enum ent_option_kind {
	ENT_OPTION_FLAG,  /* bool * */
	ENT_OPTION_TEXT,  /* const char ** */
	ENT_OPTION_INT,   /* int64_t *, not negative */
	ENT_OPTION_LIST   /* struct ent_option_list *: may be given several times */
};

struct ent_option {
	const char *name;  /* "--db" */
	const char *value; /* "URL"; NULL for a flag */
	enum ent_option_kind kind;
	void *target;
	const char *meaning;
};

enum { ENT_OPTION_LIST_MAX = 64 };
struct ent_option_list {
	const char *items[ENT_OPTION_LIST_MAX];
	size_t count;
};

/* Read argv[1…]: options anywhere, the rest is moved to the front of argv and counted in
 * *rest. On a mistake prints what is wrong and the nearest option, and returns 2; after
 * --help prints the help and returns 0 with *rest = -1. 0: go on. The table ends with a
 * NULL name. */
ENT_CHECK int ent_options_read(const char *command, const char *arguments, const char *summary,
                               const struct ent_option *options, int argc, char **argv, int *rest);

/* For every command that opens the database: `--db URL`, else $ENTITLED_DB, else
 * "entitled.db". */
const char *ent_cli_database(const char *option);
#define ENT_OPTION_DB(variable) \
	{ "--db", "URL", ENT_OPTION_TEXT, &(variable),  \
	  "PostgreSQL URL or SQLite file; default $ENTITLED_DB, else entitled.db" }

/* Open it and require that it is migrated (`create`: make and migrate it). Prints what is
 * wrong and returns NULL. */
struct ent_app *ent_cli_open(const char *database, bool create);

/* The call that commands make: as system, origin "cli". */
struct ent_call ent_cli_call(struct ent_app *app);

/* Room for the JSON of all options: as long as a command line can be, each byte escaped.
 * False, and says so, if there is no memory. */
ENT_CHECK bool ent_cli_room(struct ent_arena *out);

/* "entitled: <detail>" and each issue on standard error; returns 1. */
int ent_cli_fail(const struct ent_error *error);

#endif
