/* results.h - the files that tell what became of the rows of an import: NAME.success.csv with
 * ID and STATUS before the original columns, NAME.error.csv with ERROR behind them. */
#ifndef ENT_CLI_RESULTS_H
#define ENT_CLI_RESULTS_H

#include "app/import.h"

#include <stdio.h>

struct ent_results {
	const char *folder;
	const struct ent_import_file *file; /* that the two below belong to */
	FILE *success, *error;
	bool failed;
	struct ent_budget budget;
	struct ent_arena whole; /* room for a row */
};

/* Each file's are opened with its first row; the files come one after the other. */
ENT_CHECK bool ent_results_add(struct ent_results *results, const struct ent_import_row *row);
/* Everything comes once more. */
void ent_results_rewind(struct ent_results *results);
/* Was all of it written? */
bool ent_results_close(struct ent_results *results);

#endif
