/* dataloader.h - an export of Salesforce's Data Loader as it comes in practice: upper-case
 * headers, identifiers of 15 and 18 characters, quoted texts with line breaks, several
 * spellings of dates, blank rows, and rows that are wrong. The same every time.
 */
#ifndef ENT_TESTS_APP_DATALOADER_H
#define ENT_TESTS_APP_DATALOADER_H

#include "app/import.h"

enum { DATALOADER_TABLES = 8 };

struct dataloader {
	struct ent_import_file files[DATALOADER_TABLES]; /* in the order in which they are given */
	int64_t good[DATALOADER_TABLES];                 /* what must become of them */
	int64_t wrong[DATALOADER_TABLES];
	int64_t blank[DATALOADER_TABLES];
	int64_t rows;
};

/* About 1,700 rows; texts in `arena`. */
void dataloader_make(struct dataloader *out, struct ent_arena *arena);

#endif
