/* import_ical.h - holidays of an iCalendar file, for `entitled import`. */
#ifndef ENT_CLI_IMPORT_ICAL_H
#define ENT_CLI_IMPORT_ICAL_H

#include "cli/cli.h"

/* Add them to the holiday set of that name or identifier, which is made if there is none, and
 * print what became of them; times are on the organisation's wall clock. The exit status. */
int ent_cli_import_ical(const char *database, const char *set, ent_str text, bool dry_run);

#endif
