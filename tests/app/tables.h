/* tables.h - imports of the tests, and what became of them. */
#ifndef ENT_TESTS_APP_TABLES_H
#define ENT_TESTS_APP_TABLES_H

#include "app/dataloader.h"
#include "app/import.h"
#include "app/world.h"

/* What was told of rows that failed, or are not quite what they were:
 * "table:line|column|value|message". */
struct tables_told {
	int64_t rows;
	char first[256];
	char all[4096];
	size_t len;
};
extern struct tables_told tables_told;

struct ent_import_options tables_options(enum ent_import_from from);
enum ent_code tables_import(const struct ent_import_options *options, struct ent_import_file *files,
                            size_t count);

/* One native table; that it can be read is checked. */
struct ent_import_file tables_native(const char *object, const char *text);
/* All of them at once; each row of each becomes `wanted`, and there is one at least. */
void tables_all(enum ent_import_from from, const char *const *names, const ent_str *text,
                size_t count, enum ent_import_status wanted);
void tables_check(const struct ent_import_file *file, int64_t created, int64_t updated,
                  int64_t unchanged, int64_t failed);

/* Everything that is stored, as a number that any change changes. */
int64_t tables_sum(void);
/* `entitled verify` finds nothing. */
void tables_books(void);
/* The record with this external id. */
ent_id tables_id(const char *table_name, const char *id);

#endif
